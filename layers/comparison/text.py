"""A comparison as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from layers.comparison import words as said
from layers.numbers import day
from layers.text_table import as_text
from layers.words import words

if TYPE_CHECKING:
    from data._message import Lang
    from geo.comparison import Cell, Comparison, Row
    from layers.words import Words


def comparison_text(comparison: Comparison, *, lang: Lang) -> str:
    """Write a comparison: a line a row, a column a place, the notes and sources below."""
    w = words(lang)
    table = Table(
        title=w("Figures known by {date}", date=day(comparison.as_of)),
        title_justify="left",
        box=None,
    )
    table.add_column("")
    for place in comparison.places:
        table.add_column(Text(said.pick(place.name, w)))
    table.add_column("")
    section = ""
    for row in comparison.rows:
        if row.section != section:
            section = row.section
            table.add_row(f"-- {w(said.SECTION[section])}")
        table.add_row(
            said.row_name(row, comparison.kind, w),
            *[
                Text(_cell(row, cell, place.id, w))
                for place, cell in zip(comparison.places, row.cells, strict=True)
            ],
            ", ".join(filter(None, (said.differs_text(row, w), said.cautions_text(row, w)))),
        )
    lines = [*said.reading_notes(comparison, w), f"{w('Sources')}:"]
    lines += [
        f"{key}: {source.get('title') or ''} ({said.source_text(source, w)})"
        for key, source in comparison.sources.items()
    ]
    return as_text(table, *lines)


def _cell(row: Row, cell: Cell, place: str, w: Words) -> str:
    written = said.write(row, cell, w)
    remarks = [written.remark, said.dates_text(row, cell, w), ", ".join(cell.sources)]
    if row.section in {"status", "policy"}:
        remarks = [written.remark]
    about = ", ".join(part for part in (*remarks, said.marks(row, place, w)) if part)
    name = f" {said.pick(cell.name, w)}" if cell.name else ""
    return f"{written.text}{name}" + (f" ({about})" if about else "")
