"""A comparison as a workbook: one sheet of the comparison, one of its sources and boundaries.

Numbers are numbers with a format, dates and bases stand in columns of their own, and unknown is
an empty number with the reason beside it.
"""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any, Final

from layers.comparison import words as said
from layers.numbers import day
from layers.sources import source_date
from layers.spreadsheet import neutral, open_workbook
from layers.words import mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.comparison import Cell, Comparison, Place, Row
    from layers.words import Words

_FORMATS: Final = {
    "ha": "#,##0.00",
    "%": "0.00",
    "km": "#,##0.0",
    "count": "#,##0",
    "people": "#,##0",
    "year": "0",
}
_ANY: Final = "#,##0.00"
_HEAD_ROWS: Final = 3
_LINE_PT: Final = 15
_HIGHEST_PT: Final = 409  # what a spreadsheet allows
_LABELS: Final = (
    (mark("Section"), 30),
    (mark("Row"), 30),
    (mark("Unit"), 9),
    (mark("Differs"), 13),
    (mark("To mind"), 22),
)
# What each place has, with the width of its column.
_COLUMNS: Final = (
    (mark("Value"), 32),
    (mark("From"), 10),
    (mark("To"), 10),
    (mark("As of"), 18),
    (mark("Basis"), 24),
    (mark("Remark"), 32),
    (mark("Source or citation"), 26),
)
_SOURCES: Final = (
    (mark("Id"), 14),
    (mark("Title"), 60),
    (mark("Publisher"), 32),
    (mark("Date"), 13),
    (mark("Address"), 60),
)


def comparison_xlsx(comparison: Comparison, w: Words) -> bytes:
    """Write a comparison as an XLSX file."""
    buffer = io.BytesIO()
    with open_workbook(buffer) as book:
        formats = _Formats(book)
        _comparison_sheet(book.add_worksheet(w("Comparison")), comparison, formats, w)
        _source_sheet(book.add_worksheet(w("Sources")), comparison, formats, w)
    return buffer.getvalue()


class _Formats:
    """Cell formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 (XlsxWriter has no types)
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **properties: Any) -> Any:  # noqa: ANN401
        """Give the format with these properties of XlsxWriter."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(
                {"valign": "top", "text_wrap": True, **properties},
            )
        return self._made[key]


def _text(sheet: Any, row: int, column: int, text: str, style: Any) -> None:  # noqa: ANN401
    if text:
        sheet.write_string(row, column, neutral(text), style)
    else:
        sheet.write_blank(row, column, None, style)


def _comparison_sheet(sheet: Any, comparison: Comparison, formats: _Formats, w: Words) -> None:  # noqa: ANN401
    head = formats(bold=True, bg_color="#E6EDF3", border=1)
    names = ", ".join(said.pick(place.name, w) for place in comparison.places)
    title = f"{w('Comparison of places for industry')}: {names}"
    _text(sheet, 0, 0, title, formats(bold=True, font_size=13, text_wrap=False))
    as_of = w("Figures known by {date}", date=day(comparison.as_of))
    _text(sheet, 1, 0, as_of, formats(text_wrap=False))
    _headings(sheet, _HEAD_ROWS, 0, _LABELS, head, w)
    for number, place in enumerate(comparison.places):
        first = len(_LABELS) + number * len(_COLUMNS)
        about = said.capital(said.about_text(place, w))
        label = neutral(f"{said.pick(place.name, w)} ({about})")
        sheet.merge_range(
            _HEAD_ROWS - 1, first, _HEAD_ROWS - 1, first + len(_COLUMNS) - 1, label, head
        )
        _headings(sheet, _HEAD_ROWS, first, _COLUMNS, head, w)
    sheet.freeze_panes(_HEAD_ROWS + 1, 2)
    for line, row in enumerate(comparison.rows, _HEAD_ROWS + 1):
        _row(sheet, line, row, comparison, formats, w)
    last = len(_LABELS) + len(comparison.places) * len(_COLUMNS) - 1
    sheet.autofilter(_HEAD_ROWS, 0, _HEAD_ROWS + len(comparison.rows), last)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3; about a sheet for each place
    sheet.fit_to_pages(len(comparison.places), 0)
    sheet.repeat_rows(_HEAD_ROWS - 1, _HEAD_ROWS)
    sheet.repeat_columns(1)


def _headings(  # noqa: PLR0917 (a place on a sheet)
    sheet: Any,  # noqa: ANN401
    row: int,
    first: int,
    headings: Sequence[tuple[str, int]],
    style: Any,  # noqa: ANN401
    w: Words,
) -> None:
    for column, (text, width) in enumerate(headings, first):
        _text(sheet, row, column, w(text), style)
        sheet.set_column(column, column, width)


def _row(  # noqa: PLR0917 (a place on a sheet)
    sheet: Any,  # noqa: ANN401
    line: int,
    row: Row,
    comparison: Comparison,
    formats: _Formats,
    w: Words,
) -> None:
    labels = (
        w(said.SECTION[row.section]),
        said.row_name(row, comparison.kind, w),
        said.unit_name(row.unit, w),
        said.differs_text(row, w),
        said.cautions_text(row, w),
    )
    colour = {"bg_color": "#FFF7F0"} if row.differs else {}
    for column, text in enumerate(labels):
        _text(sheet, line, column, text, formats(bold=column == 1, **colour))
    lines = [_lines(text, width) for text, (_, width) in zip(labels, _LABELS, strict=True)]
    for number, (place, cell) in enumerate(zip(comparison.places, row.cells, strict=True)):
        first = len(_LABELS) + number * len(_COLUMNS)
        lines.append(_cell(sheet, line, first, row, cell, place, formats, w))
    # Not all programs find the height of a wrapped row by themselves.
    sheet.set_row(line, min(max(lines) * _LINE_PT, _HIGHEST_PT))


def _lines(text: str, width: int) -> int:
    """Count the lines of a text in a column of so many characters, rather too many."""
    room = 0.95 * width
    return sum(max(math.ceil(len(part) / room), 1) for part in text.split("\n"))


def _cell(  # noqa: PLR0917 (a place on a sheet)
    sheet: Any,  # noqa: ANN401
    line: int,
    first: int,
    row: Row,
    cell: Cell,
    place: Place,
    formats: _Formats,
    w: Words,
) -> int:
    """Write the columns of one place; gives how many lines the highest takes."""
    written = said.write(row, cell, w)
    grey = {} if cell.known else {"bg_color": "#DFE3E7", "italic": True, "pattern": 1}
    number = formats(num_format=_FORMATS.get(row.unit, _ANY), bold=True, align="left")
    text = ""
    if isinstance(cell.value, float):
        sheet.write_number(line, first, cell.value, number)
    else:
        # An interval without a value stands in the two columns beside it.
        between = "\n" if row.form == "texts" else "; "
        text = "" if row.form == "number" and cell.known else between.join(written.items)
        _text(sheet, line, first, text, formats(**grey))
    for column, end in ((first + 1, cell.low), (first + 2, cell.high)):
        if end is not None:
            sheet.write_number(line, column, end, number)
    remark = "; ".join(
        part
        for part in (
            {"~": "≈", ">": ">", "<": "<"}.get(cell.qualifier, ""),
            written.remark,
            said.pick(cell.name, w) if cell.name else "",
            said.marks(row, place.id, w),
            cell.note,
        )
        if part
    )
    texts = (
        said.dates_text(row, cell, w),
        said.basis_text(cell, w),
        remark,
        "; ".join((*cell.sources, said.citations_text(cell, w))).strip("; "),
    )
    for column, beside in enumerate(texts, first + 3):
        if beside:
            _text(sheet, line, column, beside, formats())
    widths = [width for _, width in (_COLUMNS[0], *_COLUMNS[3:])]
    return max(_lines(one, width) for one, width in zip((text, *texts), widths, strict=True))


def _source_sheet(sheet: Any, comparison: Comparison, formats: _Formats, w: Words) -> None:  # noqa: ANN401
    head, plain = formats(bold=True, bg_color="#E6EDF3", border=1), formats()
    _headings(sheet, 0, 0, _SOURCES, head, w)
    sheet.freeze_panes(1, 1)
    line = 0
    for line, (key, source) in enumerate(comparison.sources.items(), 1):
        date = source_date(str(source.get("date") or ""))
        fields = (key, source.get("title"), source.get("publisher"), date, source.get("url"))
        for column, text in enumerate(fields):
            _text(sheet, line, column, str(text or ""), plain)
    notes = [*said.reading_notes(comparison, w), *said.boundary_notes(comparison, w)]
    _text(sheet, line + 2, 0, w("Boundaries and notes"), formats(bold=True, text_wrap=False))
    for number, note in enumerate(notes, line + 3):
        _text(sheet, number, 1, note, plain)
