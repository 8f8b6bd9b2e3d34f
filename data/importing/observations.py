"""Dated figures of areas, one a row: which area, what, how much, when."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as Exact
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from data.importing.cells import as_text
from data.importing.context import Checked, Draft, duplicates, future, match_areas, missing
from data.importing.fields import needed
from data.importing.figures import (
    OBSERVED,
    SAME,
    credited,
    known_source,
    known_values,
    observation_cells,
    unknown_sources,
)
from data.importing.tables import column, records
from data.importing.values import EXTENTS, RANGES
from data.units.spelling import plain
from data.vocabulary import METRICS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.importing.context import Context
    from data.importing.findings import ImportFinding
    from data.importing.values import Rows

# How units of values are written: the metric's unit, and the factor to it.
_UNITS: dict[str, tuple[str, str]] = {
    "ha": ("ha", "1"),
    "hecta": ("ha", "1"),
    "m2": ("ha", "0.0001"),
    "m²": ("ha", "0.0001"),
    "km2": ("ha", "100"),
    "km²": ("ha", "100"),
    "%": ("%", "1"),
    "phan tram": ("%", "1"),
    "du an": ("count", "1"),
    "doanh nghiep": ("count", "1"),
    "projects": ("count", "1"),
    "count": ("count", "1"),
    "number": ("count", "1"),
    "so luong": ("count", "1"),
    "nguoi": ("people", "1"),
    "lao dong": ("people", "1"),
    "people": ("people", "1"),
    "ty dong": ("bn_vnd", "1"),
    "trieu dong": ("bn_vnd", "0.001"),
    "bn_vnd": ("bn_vnd", "1"),
    "trieu usd": ("m_usd", "1"),
    "m_usd": ("m_usd", "1"),
    "usd/m2": ("usd_per_m2", "1"),
    "usd/m²": ("usd_per_m2", "1"),
    "usd_per_m2": ("usd_per_m2", "1"),
}


@cache
def _units() -> dict[str, tuple[str, str]]:
    return {plain(written): meant for written, meant in _UNITS.items()}


def check(rows: Rows, context: Context) -> tuple[Checked, None]:
    """Check figures against themselves and what is known."""
    matched, findings = match_areas(rows, context)
    how = column(matched.cells, "how")
    worked_out = [int(row) for row in how.index[~how.isin(OBSERVED)]]
    findings += [matched.at(row, "I010", "how", found=how[row]) for row in worked_out]
    unread = [one for one in rows.findings if not one.row or int(one.row) not in worked_out]
    rows = replace(rows, findings=tuple(unread))
    matched = replace(matched, cells=matched.cells.drop(index=worked_out))
    values = {}
    for row, cells in records(matched.cells):
        value, found = _value(matched, row, cells)
        values[row] = value
        findings += found
    matched = replace(matched, cells=matched.cells.assign(value=pd.Series(values, dtype=object)))
    findings += missing(matched, [name for name in needed("observations") if name != "value"])
    findings += [
        finding
        for finding in missing(matched, ["value"])
        if not any(f.row == finding.row and "value" in f.fields for f in findings)
    ]
    findings += future(matched, ("as_of",), context)
    findings += duplicates(
        matched, ["metric", "area_id", "as_of", "basis", "scope", "nature", "qualifier", "source"]
    )
    if not rows.layer and (column(matched.cells, "as_of") == "").any():
        undated = matched.cells.index[column(matched.cells, "as_of") == ""]
        listed = ", ".join(str(row) for row in undated[:20])
        findings.append(matched.at("", "I206", "as_of", found=listed))
    checked = Checked(matched, None, (*rows.findings, *findings))
    return replace(checked, findings=(*checked.findings, *_held_against(checked, context))), None


def _value(rows: Rows, row: int, cells: dict[str, str]) -> tuple[str, list[ImportFinding]]:
    """Value of a row in the unit of its metric."""
    metric, value, unit = (cells.get(name, "") for name in ("metric", "value", "value_unit"))
    if not (metric and value):
        return value, []
    exact = Exact(value)
    if unit:
        target, factor = _units().get(plain(unit), ("", ""))
        if target != METRICS[metric]:
            return "", [
                rows.at(row, "I304", "value", "value_unit", found=unit, unit=METRICS[metric])
            ]
        exact *= Exact(factor)
    high = {"%": RANGES["percent"][1], "ha": RANGES["area"][1]}.get(METRICS[metric], 1e12)
    if not 0 <= exact <= high or (metric in EXTENTS and exact == 0):
        return "", [rows.at(row, "I109", "value", found=value, low=0.0, high=high)]
    return as_text(exact), []


def _rows(checked: Checked, context: Context) -> Iterator[tuple[int, dict[str, str]]]:
    known = known_values(context)
    for row, one in records(checked.cells):
        if one["area_id"] and one.get("metric") and one.get("value"):
            told = {
                "note": one.get("note", ""),
                "source_id": known_source(one.get("source", ""), context),
            }
            cells = observation_cells(one, context, one["metric"], one["value"], **told)
            yield row, credited(cells, known, context)


def _held_against(checked: Checked, context: Context) -> Iterator[ImportFinding]:
    known = known_values(context)
    if checked.rows.layer:
        cited = [("source", text) for text in column(checked.cells, "source")]
        yield from unknown_sources(checked, cited, context)
    for row, one in _rows(checked, context):
        others = known.get(tuple(one[name] for name in SAME), {})
        if one["value"] in others:
            by = ", ".join(others[one["value"]])
            yield checked.rows.at(row, "I403", "value", found=one["value"], source=by)
        elif others and one["as_of"]:
            value, sources = next(iter(others.items()))
            by = ", ".join(sources)
            yield checked.rows.at(row, "I404", "value", found=one["value"], known=value, source=by)


def drafts(checked: Checked, context: Context) -> Iterator[Draft]:
    """Yield the observations that the rows would write."""
    known = known_values(context)
    for row, cells in _rows(checked, context):
        if cells["value"] not in known.get(tuple(cells[name] for name in SAME), {}):
            yield Draft("observations", row, cells)
