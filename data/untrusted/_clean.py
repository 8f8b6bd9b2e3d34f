"""Cells and shapes of a sheet made harmless; what can't be is refused with its row and field."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from data._message import Message, joined
from data.untrusted._sheets import Raw, by_column, quoted, refuse
from data.untrusted.legacy_text import converted, recognised, to_unicode
from data.untrusted.limits import COLUMNS, TEXT, VERTICES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from data.untrusted._sheets import Job

# Controls but tab and line feed; marks that turn the direction of text; halves of characters.
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
    r"\ufffe\uffff\ud800-\udfff]"
)
_BREAKS = re.compile(r"\r\n?|\x85|\u2028|\u2029")
_FORMULA = re.compile(r"\s*(?:[=@]|[+-](?![\d.,\s]*\d[\d.,\s]*%?$)\S)")
_HEADING = 200  # characters of a heading
_FARTHEST = 1e8  # metres; no system has coordinates beyond
_COLLECTION = 7  # type of GEOS
_SHOWN = 20  # broken geometries that are told with their place


def clean(raw: Raw, job: Job) -> dict[str, list[str]]:
    """Give the columns of a sheet with harmless cells.

    Line ends become line feeds, letters their composed form (NFC); text in TCVN3, VNI or
    misread UTF-8 becomes Unicode; control characters go, with a finding.

    Raises
    ------
    DataError
        A cell is longer than a spreadsheet could hold, or there are too many rows or columns.
    """
    if len(raw.rows) > job.limits.features:
        refuse(
            job,
            Message("more than {most} rows", most=job.limits.features),
            Message("fewer; divide the file"),
        )
    if len(raw.header) > COLUMNS:
        refuse(
            job,
            Message("{count} columns", count=len(raw.header)),
            Message("at most {most}", most=COLUMNS),
        )
    columns = by_column(raw.header, raw.cells)
    _convert(raw, columns)
    table: dict[str, list[str]] = {}
    for number, (printed, column) in enumerate(zip(raw.header, columns, strict=True), start=1):
        name = _heading(printed, raw, job)
        if not name and not any(column):
            continue
        if not name:
            name = Message("column {place}", place=number)
            expected = Message("a heading for each column")
            raw.notes.add(
                raw.header_row or None, name, Message("values under no heading"), expected
            )
        table[_once(name, table, raw)] = _cleaned(name, column, raw, job)
    return table


def _heading(printed: str, raw: Raw, job: Job) -> str:
    name = " ".join(_CONTROLS.sub("", unicodedata.normalize("NFC", printed)).split())
    if len(name) > _HEADING:
        found = Message("a heading of {count} characters", count=len(name))
        refuse(job, found, Message("at most {most}", most=_HEADING), row=raw.header_row or "")
    return name


def _once(first: str, table: dict[str, list[str]], raw: Raw) -> str:
    name, again = first, 2
    while name in table:
        name, again = f"{first} ({again})", again + 1
    if name != first:
        expected = Message("each once; read as {name}", name=name)
        raw.notes.add(
            raw.header_row or None, first, Message("the heading of two columns"), expected
        )
    return name


def _cleaned(name: str, column: list[str], raw: Raw, job: Job) -> list[str]:
    longest = max(map(len, column), default=0)
    if longest > TEXT:
        row = next(r for r, text in zip(raw.rows, column, strict=True) if len(text) > TEXT)
        expected = Message("at most {text}, as a spreadsheet holds", text=TEXT)
        refuse(
            job,
            Message("a text of {count} characters", count=longest),
            expected,
            row=row,
            column=name,
        )
    whole = "\x00".join(column)  # one look at all cells; most columns need no second
    if not whole.isascii():
        column = [unicodedata.normalize("NFC", text).strip() for text in column]
    if _BREAKS.search(whole):
        column = [_BREAKS.sub("\n", text) for text in column]
    if _CONTROLS.search(whole.replace("\x00", "")) or whole.count("\x00") >= max(len(column), 1):
        for row, text in zip(raw.rows, column, strict=True):
            if _CONTROLS.search(text):
                raw.notes.add(
                    row, name, Message("control characters"), Message("text; they were taken out")
                )
        column = [_CONTROLS.sub("", text).strip() for text in column]
    if any(sign in whole for sign in "=+-@"):
        for row, text in zip(raw.rows, column, strict=True):
            if _FORMULA.match(text):
                expected = Message("text or a number; kept as text and never computed")
                raw.notes.add(
                    row, name, Message("text like a formula, {text}", text=quoted(text)), expected
                )
    return column


def _convert(raw: Raw, columns: list[list[str]]) -> None:
    """Turn text in TCVN3, VNI or misread UTF-8 into Unicode, in place."""
    coding = recognised([raw.header, *columns])
    if coding is None:
        return
    for texts in (raw.header, *columns):
        # Where a column is sure, all of it; else what becomes Vietnamese by it.
        turn = to_unicode if recognised([texts]) == coding else converted
        texts[:] = [text if text.isascii() else turn(text, coding) for text in texts]
    raw.encoding = coding
    raw.notes.add(
        None, "", Message("text in {coding}", coding=coding), Message("Unicode; it was converted")
    )


def clean_shapes(raw: Raw, job: Job) -> list[bytes | None]:
    """Check the geometries of a layer and give them as flat WKB, None where there is none.

    Nested collections and coordinates that are no numbers are taken out, with a finding.

    Raises
    ------
    DataError
        Coordinates lie beyond any system; a geometry has too many vertices.
    """
    import numpy as np  # noqa: PLC0415 (not for tables)
    import shapely  # noqa: PLC0415

    shapes: Any = np.array(raw.shapes, dtype=object)
    rows = np.asarray(raw.rows, dtype=np.int64)
    places = np.flatnonzero(shapely.get_type_id(shapes) == _COLLECTION)
    parts, owner = shapely.get_parts(shapes[places], return_index=True)
    nested = np.zeros(len(shapes), dtype=bool)
    nested[places[owner[shapely.get_type_id(parts) == _COLLECTION]]] = True
    found = Message("a collection within a collection")
    _lose(raw, shapes, rows, nested, found=found, expected=Message("points, lines or polygons"))
    shapes = shapely.force_2d(shapes)
    many = shapely.get_num_coordinates(shapes) > VERTICES
    _refuse_first(
        job,
        rows,
        many,
        Message("more than {most} vertices", most=VERTICES),
        Message("fewer"),
    )
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    unreal = np.zeros(len(shapes), dtype=bool)
    unreal[owner[~np.isfinite(coordinates).all(axis=1)]] = True
    far = np.zeros(len(shapes), dtype=bool)
    far[owner[(np.abs(coordinates) > _FARTHEST).any(axis=1)]] = True
    found = Message("coordinates that are no numbers")
    _lose(raw, shapes, rows, unreal, found=found, expected=Message("finite coordinates"))
    _refuse_first(
        job,
        rows,
        far & ~unreal,
        Message("coordinates beyond any system"),
        Message("metres or degrees"),
    )
    nothing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    for row in rows[nothing].tolist():
        if row not in raw.told:
            raw.broken(row, Message("no geometry"), Message("one"))
    shapes[nothing] = None
    _note_broken(raw, shapes, rows)
    return shapely.to_wkb(shapes).tolist()  # type: ignore[no-any-return]


def _lose(
    raw: Raw,
    shapes: NDArray[np.object_],
    rows: NDArray[np.int64],
    bad: NDArray[np.bool_],
    *,
    found: str,
    expected: str,
) -> None:
    for row in rows[bad].tolist():
        raw.broken(row, found, expected)
    shapes[bad] = None


def _refuse_first(
    job: Job,
    rows: NDArray[np.int64],
    bad: NDArray[np.bool_],
    found: str,
    expected: str,
) -> None:
    if bad.any():
        refuse(job, found, expected, row=int(rows[bad][0]), column="geometry")


def _note_broken(raw: Raw, shapes: NDArray[np.object_], rows: NDArray[np.int64]) -> None:
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    invalid = ~shapely.is_missing(shapes) & ~shapely.is_valid(shapes)
    for row, shape in zip(rows[invalid][:_SHOWN].tolist(), shapes[invalid], strict=False):
        reason = str(shapely.is_valid_reason(shape)).split("[")[0]
        raw.notes.add(
            row,
            "geometry",
            Message("an invalid shape ({reason})", reason=Message(reason)),
            Message("a valid one; kept as it is"),
        )
    for row in rows[invalid][_SHOWN:].tolist():
        raw.notes.add(
            row, "geometry", Message("an invalid shape"), Message("a valid one; kept as it is")
        )
    kinds = set(np.unique(shapely.get_type_id(shapes[~shapely.is_missing(shapes)])).tolist())
    words = {
        Message("points"): {0, 4},
        Message("lines"): {1, 2, 5},
        Message("polygons"): {3, 6},
        Message("collections"): {7},
    }
    present = [word for word, types in words.items() if kinds & types]
    if len(present) > 1:
        found = Message("{names} in one layer", names=joined(", ", present))
        raw.notes.add(None, "geometry", found, Message("one kind; kept as they are"))
