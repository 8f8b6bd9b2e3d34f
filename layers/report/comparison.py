"""A comparison of two to five places in the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layers.comparison.words import (
    SECTION,
    about_text,
    boundary_notes,
    cautions_text,
    dates_text,
    marks,
    pick,
    reading_notes,
    row_name,
    write,
)
from layers.numbers import day, known
from layers.report.charts import LandBar, RateBar, land_text

if TYPE_CHECKING:
    from geo.comparison import Cell, Comparison, Row
    from layers.report.citations import Citations
    from layers.words import Words


def comparison_part(comparison: Comparison, citations: Citations, w: Words) -> dict[str, Any]:
    """Give the rows of a comparison by section, and how they are to be read."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for row in comparison.rows:
        caution = cautions_text(row, w)
        sections.setdefault(row.section, []).append(
            {
                "name": row_name(row, comparison.kind, w) + (f" ({caution})" if caution else ""),
                "cells": [
                    _cell(row, cell, place.id, citations, w)
                    for place, cell in zip(comparison.places, row.cells, strict=True)
                ],
            },
        )
    names = [f"{pick(place.name, w)} ({about_text(place, w)})" for place in comparison.places]
    return {
        "lead": [
            w(
                "Compared as of {date}: {names}.",
                date=day(comparison.as_of),
                names="; ".join(names),
            ),
        ],
        "notes": [*reading_notes(comparison, w), *boundary_notes(comparison, w)],
        "sections": [{"name": w(SECTION[key]), "rows": found} for key, found in sections.items()],
    }


def _cell(row: Row, cell: Cell, place: str, citations: Citations, w: Words) -> str:
    written = write(row, cell, w)
    name = f" {pick(cell.name, w)}" if cell.name else ""
    about = (
        written.remark,
        dates_text(row, cell, w),
        marks(row, place, w),
        citations.cite(cell.sources),
    )
    told = ", ".join(part for part in about if part)
    return f"{written.text}{name}" + (f" ({told})" if told else "")


def rate_bars(comparison: Comparison, w: Words) -> list[RateBar]:
    """Give the fill rates of the places to draw; none where no place has one."""
    row = next((one for one in comparison.rows if one.key == "fill_rate_pct"), None)
    if row is None:
        return []
    return [
        RateBar(
            pick(place.name, w),
            write(row, cell, w).text,
            *_range(cell),
            cell.value if isinstance(cell.value, float) else None,
        )
        for place, cell in zip(comparison.places, row.cells, strict=True)
    ]


def _range(cell: Cell) -> tuple[float | None, float | None]:
    if cell.low is not None and cell.high is not None:
        return cell.low, cell.high
    value = cell.value if isinstance(cell.value, float) and known(cell.value) else None
    return value, value


def land_bars(comparison: Comparison, w: Words) -> list[LandBar]:
    """Give leased and available land of the places to draw."""
    cells = {row.key: row.cells for row in comparison.rows}
    if "leased_ha" not in cells or "available_ha" not in cells:
        return []
    pairs = zip(comparison.places, cells["leased_ha"], cells["available_ha"], strict=True)
    return [
        LandBar(
            pick(place.name, w),
            land_text(_number(leased), _number(available), w),
            _number(leased),
            _number(available),
            None,
        )
        for place, leased, available in pairs
    ]


def _number(cell: Cell) -> float | None:
    return cell.value if isinstance(cell.value, float) else None
