"""A comparison as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from layers.comparison.words import (
    SECTION,
    cautions_text,
    dates_text,
    differs_text,
    marks,
    pick,
    reading_notes,
    row_name,
    source_text,
    write,
)
from layers.numbers import day
from layers.text_table import as_text
from layers.words import words

if TYPE_CHECKING:
    from geo.comparison import Cell, Comparison, Row
    from layers.words import Lang, Words


def comparison_text(comparison: Comparison, *, lang: Lang) -> str:
    """Write a comparison: a line a row, a column a place, the notes and sources below."""
    w = words(lang)
    table = Table(
        title=w("Figures as of {date}", date=day(comparison.as_of)),
        title_justify="left",
        box=None,
    )
    table.add_column("")
    for place in comparison.places:
        table.add_column(Text(pick(place.name, w)))
    table.add_column("")
    section = ""
    for row in comparison.rows:
        if row.section != section:
            section = row.section
            table.add_row(f"-- {w(SECTION[section])}")
        table.add_row(
            row_name(row, comparison.kind, w),
            *[
                Text(_cell(row, cell, place.id, w))
                for place, cell in zip(comparison.places, row.cells, strict=True)
            ],
            ", ".join(part for part in (differs_text(row, w), cautions_text(row, w)) if part),
        )
    lines = [*reading_notes(comparison, w), f"{w('Sources')}:"]
    lines += [
        f"{key}: {source.get('title') or ''} ({source_text(source, w)})"
        for key, source in comparison.sources.items()
    ]
    return as_text(table, *lines)


def _cell(row: Row, cell: Cell, place: str, w: Words) -> str:
    written = write(row, cell, w)
    remarks = [written.remark, dates_text(row, cell, w), ", ".join(cell.sources)]
    if row.section in {"status", "policy"}:
        remarks = [written.remark]
    about = ", ".join(part for part in (*remarks, marks(row, place, w)) if part)
    name = f" {pick(cell.name, w)}" if cell.name else ""
    return f"{written.text}{name}" + (f" ({about})" if about else "")
