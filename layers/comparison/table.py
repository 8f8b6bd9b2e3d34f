"""Places side by side on the screen: a table whose every figure opens its date, basis and source.

A row in which the places differ has a sign and a word besides its colour; what is unknown has
its own hatched grey and says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.comparison import words as said
from layers.numbers import day
from layers.safe_html import Html, element, join, link
from layers.sources import note_inline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from geo.comparison import Cell, Comparison, Row
    from layers.words import Words

_SIGNS = {True: "≠", False: "=", None: "?"}
_CLASSES = {True: "differs", False: "same", None: "open"}


def comparison_html(comparison: Comparison, w: Words, *, only_differences: bool = False) -> Html:
    """Write a comparison as a table, its first column staying in sight.

    Parameters
    ----------
    only_differences
        Leave out rows in which the places are the same; those that can't be told stay.
    """
    shown = [row for row in comparison.rows if not (only_differences and row.differs is False)]
    bodies = []
    for section, text in said.SECTION.items():
        of_section = [row for row in shown if row.section == section]
        if of_section:
            head = element(
                "tr",
                element("th", element("span", w(text)), colspan=len(comparison.places) + 1),
                class_="section",
            )
            lines = [_row(row, comparison, w) for row in of_section]
            bodies.append(element("tbody", head, *lines, data_section=section))
    notes = [*said.reading_notes(comparison, w), *said.boundary_notes(comparison, w)]
    return element(
        "div",
        element(
            "div",
            element(
                "table",
                element("caption", w("Figures known by {date}", date=day(comparison.as_of))),
                element("thead", head_row(comparison, w)),
                *bodies,
            ),
            class_="scroll",
            tabindex="0",
            role="region",
            aria_label=w("Comparison"),
        ),
        element("ul", *[element("li", note) for note in notes]),
        class_="atlas-compare",
    )


def head_row(comparison: Comparison, w: Words) -> Html:
    """Write the head of the table: name, kind and province of each place."""
    return element(
        "tr",
        element("th", w("Places"), scope="col"),
        *[
            element(
                "th",
                said.pick(place.name, w),
                element("small", said.capital(said.about_text(place, w))),
                scope="col",
                data_place=place.id,
            )
            for place in comparison.places
        ],
    )


def row_head(row: Row, comparison: Comparison, w: Words) -> Html:
    """Write the head of a row: its name, whether the places differ, what to mind."""
    cautions = said.cautions_text(row, w)
    return element(
        "th",
        said.row_name(row, comparison.kind, w),
        element(
            "small",
            element("i", _SIGNS[row.differs], aria_hidden="true"),
            f" {said.differs_text(row, w)}",
            class_="verdict",
        ),
        element("small", f"⚠ {cautions}", class_="caution") if cautions else "",
        scope="row",
    )


def row_class(row: Row) -> str:
    """Give the class of a row by whether the places differ."""
    return _CLASSES[row.differs]


def _row(row: Row, comparison: Comparison, w: Words) -> Html:
    cells = [
        _cell(row, cell, place.id, comparison, w)
        for place, cell in zip(comparison.places, row.cells, strict=True)
    ]
    return element(
        "tr",
        row_head(row, comparison, w),
        *cells,
        class_=row_class(row),
        data_row=row.key,
    )


def cell_class(row: Row, cell: Cell) -> str:
    """Give the class of a cell: its form, and that nothing is known."""
    return row.form if cell.known else f"{row.form} none"


def value_html(row: Row, cell: Cell, written: said.Written) -> Html:
    """Write a value; several texts as a list."""
    if len(written.items) > 1 and row.form == "texts":
        return element("ul", *[element("li", item) for item in written.items])
    strong = cell.known and row.form in {"number", "code", "date"}
    return element("b" if strong else "span", written.text)


def _cell(row: Row, cell: Cell, place: str, comparison: Comparison, w: Words) -> Html:
    written, mark = said.write(row, cell, w), said.marks(row, place, w)
    pedigree = _pedigree(row, cell, comparison, w)
    date = said.dates_text(row, cell, w)
    shown = join(
        [
            value_html(row, cell, written),
            element("small", written.remark) if written.remark else "",
            element("small", said.pick(cell.name, w), class_="name") if cell.name else "",
            element("small", date, class_="date") if date else "",
            element("small", mark, class_="mark") if mark else "",
        ],
    )
    if not pedigree:
        return element("td", shown, class_=cell_class(row, cell))
    hover = [f"{label}: {text}" for label, text in _plain_pedigree(row, cell, comparison, w)]
    body = join(
        [join([element("dt", label), element("dd", value)]) for label, value in pedigree],
    )
    return element(
        "td",
        element("details", element("summary", shown, title="; ".join(hover)), element("dl", body)),
        class_=cell_class(row, cell),
    )


def _plain_pedigree(
    row: Row, cell: Cell, comparison: Comparison, w: Words
) -> list[tuple[str, str]]:
    """Give what a figure rests on in plain text, for a hover: date, basis, sources, citation."""
    named = [said.source_text(comparison.sources.get(key, {}), w) or key for key in cell.sources]
    parts = [
        (w("As of"), said.dates_text(row, cell, w)),
        (w("Basis"), said.basis_text(cell, w)),
        (w("Source"), " | ".join(named)),
        (w("Citation"), said.citations_text(cell, w)),
    ]
    return [(label, text) for label, text in parts if text]


def _pedigree(
    row: Row, cell: Cell, comparison: Comparison, w: Words
) -> list[tuple[str, Html | str]]:
    parts: list[tuple[str, Html | str]] = [
        (w("As of"), said.dates_text(row, cell, w)),
        (w("Basis"), said.basis_text(cell, w)),
        (w("Source"), sources_of_cell(cell.sources, comparison.sources, w)),
        (w("Citation"), said.citations_text(cell, w)),
        (w("note"), note_inline(cell.note, w) if cell.note else ""),
    ]
    return [(label, value) for label, value in parts if value]


def sources_of_cell(ids: Sequence[str], sources: Mapping[str, Mapping[str, Any]], w: Words) -> Html:
    """Link sources by title, with publisher and date."""
    return join(
        [
            element(
                "div",
                link(str(source.get("url") or ""), source.get("title") or key),
                element("small", about) if about else "",
            )
            for key in ids
            for source in [sources.get(key, {})]
            for about in [said.source_text(source, w) if source else ""]
        ],
    )
