"""A comparison as one page of HTML that stands alone and prints on A4 across.

The head of the table comes again on each sheet, sources are numbered and listed at the end, and
the page says how accurate the boundaries are, that distances are straight lines, and when it
was made.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo.export import GENERATOR, today
from layers.comparison.table import cell_class, head_row, row_class, row_head, value_html
from layers.comparison.words import (
    SECTION,
    basis_text,
    boundary_notes,
    citations_text,
    dates_text,
    marks,
    pick,
    reading_notes,
    source_text,
    write,
)
from layers.numbers import day
from layers.safe_html import Html, element, join, link
from layers.sources import note_inline

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from geo.comparison import Cell, Comparison, Place, Row
    from layers.words import Words

_STYLE: Final = Path(__file__).resolve().parents[1] / "web" / "comparison_print.css"


def print_html(comparison: Comparison, w: Words, *, made: dt.date | None = None) -> str:
    """Write a comparison as a whole document.

    Parameters
    ----------
    made
        Date on which it is made; today in Viet Nam where None.
    """
    numbers = {key: number for number, key in enumerate(comparison.sources, 1)}
    title = w("Comparison of places for industry")
    names = ", ".join(pick(place.name, w) for place in comparison.places)
    dates = w(
        "Figures known by {date}; made on {made}",
        date=day(comparison.as_of),
        made=day(made or today()),
    )
    # Texts of ours, no data: the style sheet and the words "page" and "of" in its margins.
    style = _STYLE.read_text(encoding="utf-8").replace("%PAGE%", w("Page"))
    head = join(
        [
            Html('<meta charset="utf-8">'),
            Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
            element("title", f"{title}: {names}"),
            Html(f"<style>{style}</style>"),
        ],
    )
    body = join(
        [
            element("h1", title),
            element("p", dates, class_="dates"),
            element("ul", *[element("li", note) for note in reading_notes(comparison, w)]),
            _table(comparison, numbers, w),
            element("h2", w("Boundaries")),
            *[element("p", note) for note in boundary_notes(comparison, w)],
            element("h2", w("Sources")),
            _sources(comparison, w),
            element("p", f"{w('Industrial Land Atlas')} ({GENERATOR})", class_="dates"),
        ],
    )
    document = element("html", element("head", head), element("body", body), lang=w.lang)
    return f"<!DOCTYPE html>\n{document}\n"


def _table(comparison: Comparison, numbers: Mapping[str, int], w: Words) -> Html:
    count = len(comparison.places)
    bodies = []
    for section, text in SECTION.items():
        found = [row for row in comparison.rows if row.section == section]
        lines = [
            element(
                "tr",
                row_head(row, comparison, w),
                *[
                    _cell(row, cell, place, numbers, w)
                    for place, cell in zip(comparison.places, row.cells, strict=True)
                ],
                class_=row_class(row),
            )
            for row in found
        ]
        if lines:
            head = element("tr", element("th", w(text), colspan=count + 1), class_="section")
            bodies.append(element("tbody", head, *lines))
    return element(
        "table",
        element("thead", head_row(comparison, w)),
        *bodies,
        class_=f"places-{count}",
    )


def _cell(row: Row, cell: Cell, place: Place, numbers: Mapping[str, int], w: Words) -> Html:
    written = write(row, cell, w)
    cited = " ".join(f"[{numbers[key]}]" for key in cell.sources if key in numbers)
    about = [
        written.remark,
        pick(cell.name, w) if cell.name else "",
        dates_text(row, cell, w),
        basis_text(cell, w, short=True) if row.section != "distance" else "",
        marks(row, place.id, w),
    ]
    lines: list[object] = [" · ".join(part for part in about if part), citations_text(cell, w)]
    if cell.note and row.section in {"land", "business"}:
        lines.append(note_inline(cell.note, w))
    return element(
        "td",
        value_html(row, cell, written),
        element("sup", cited) if cited else "",
        *[element("small", line) for line in lines if line],
        class_=cell_class(row, cell),
    )


def _sources(comparison: Comparison, w: Words) -> Html:
    return element(
        "ol",
        *[
            element(
                "li",
                link(str(source.get("url") or ""), source.get("title") or key),
                element("small", f" {source_text(source, w)}"),
                element("small", f" {source['url']}", class_="url") if source.get("url") else "",
            )
            for key, source in comparison.sources.items()
        ],
        class_="sources",
    )
