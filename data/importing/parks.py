"""Registers of parks, clusters and economic zones: areas, their dated figures, their outlines."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from data.dates import last_day
from data.importing import space
from data.importing.cells import as_text, sure_trade
from data.importing.context import Checked, Draft, duplicates, future, match_areas, missing
from data.importing.fields import needed
from data.importing.figures import (
    SAME,
    WITH_BASIS,
    dated,
    known_figures,
    known_values,
    observations,
)
from data.importing.names import parted
from data.importing.shapes import place
from data.importing.systems import WGS84
from data.importing.tables import column, number, records, shaped
from data.importing.units import fill_units, known_places
from data.units.spelling import plain
from data.vocabulary import BASES, METRICS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

    from data.importing.context import Context
    from data.importing.findings import ImportFinding
    from data.importing.shapes import Placed
    from data.importing.values import Rows

_PARTS = ("industrial_land_ha", "leased_ha", "cleared_ha", "infrastructure_ha")
_RATE_OFF = 0.5  # percentage points between a stated rate and that of the same row
_FULL = 100.0
_SLACK = 1.0005  # rounding of printed hectares
_ENGLISH = {
    "economic_zone": "Economic Zone",
    "industrial_park": "Industrial Park",
    "industrial_cluster": "Industrial Cluster",
    "high_tech_park": "High-Tech Park",
}


def check(rows: Rows, context: Context) -> tuple[Checked, Placed]:
    """Check a register against itself and what is known."""
    matched, findings = match_areas(rows, context, may_be_new=True)
    matched, found = _with_units(matched, context)
    findings += found
    matched, found = _fractions(matched)
    findings += found
    placed = place(matched, context.code, known=known_places(matched.cells, context))
    findings += placed.findings
    shapes, found = _outlines(placed, context)
    findings += found
    findings += missing(matched, needed("parks"))
    findings += future(matched, ("as_of", "status_as_of"), context)
    findings += _ranges(matched)
    findings += duplicates(matched, ["area_id", "as_of", "scope", "nature"], shapes)
    findings += _undated(matched)
    checked = Checked(matched, shapes, (*rows.findings, *findings))
    more = (*known_figures(checked, context), *_untold(checked, context))
    return replace(checked, findings=(*checked.findings, *more)), placed


def _untold(checked: Checked, context: Context) -> Iterator[ImportFinding]:
    """Say of rows on known areas that they hold nothing to take."""
    rows = checked.rows
    if rows.layer:
        return
    drawn = {} if checked.shapes is None else dict(shaped(checked.shapes))
    metrics = [metric for metric in METRICS if metric in checked.cells]
    for row, cells in records(checked.cells):
        empty = not any(rows.printed(row, metric).strip() for metric in metrics)
        known = bool(cells["area_id"]) and not cells["new"] and drawn.get(row) is None
        if known and empty and not _area_cells(cells, context, exported=False):
            yield rows.at(row, "I209", *metrics, found=cells["area"])


def _with_units(rows: Rows, context: Context) -> tuple[Rows, list[ImportFinding]]:
    findings: list[ImportFinding] = []
    if rows.layer:  # it names units as the facts do
        cells = rows.cells.assign(communes_2025=column(rows.cells, "communes"))
    else:
        cells, findings = fill_units(rows, context)
    tags = {}
    for row, text in column(cells, "industries").items():
        found = []
        for part in filter(None, (piece.strip() for piece in re.split(r"[;,+]", text))):
            tag, near = sure_trade(part)
            found.append(tag)
            if not tag:
                findings.append(rows.at(row, "I107", "industries", found=part, choices=near))
        tags[row] = ";".join(dict.fromkeys(filter(None, found)))
    within = {}
    for row, text in column(cells, "within").items():
        match = context.names.match(text, "economic_zone") if text else None
        within[row] = match.area_id if match else ""
        if match and not match.area_id:
            listed = ", ".join(context.names.shown(one) for one, _ in match.candidates)
            findings.append(rows.at(row, "I305", "within", found=text, candidates=listed))
    cells = cells.assign(
        industries=pd.Series(tags, dtype=object), within=pd.Series(within, dtype=object)
    )
    return replace(rows, cells=cells), findings


def _fractions(rows: Rows) -> tuple[Rows, list[ImportFinding]]:
    """Tell fractions from percentages where a whole column of rates is at most 1.

    Workbooks hold 85 % as 0.85. The land of the same rows decides; without it nobody can.
    """
    mapped = rows.mapping.columns.get(rows.headers.get("fill_rate_pct", ""))
    rates = number(rows.cells, "fill_rate_pct").dropna()
    small = rates[rates > 0]
    if mapped is None or mapped.unit == "fraction" or small.empty or (small > 1).any():
        return rows, []
    if rows.layer:
        return rows, []
    if mapped.unit == "pct" and rows.sheet.format.casefold() != "xlsx":
        return rows, []
    land = number(rows.cells, "leased_ha") / number(rows.cells, "industrial_land_ha")
    both = pd.DataFrame({"rate": small, "land": land}).dropna()
    fraction = (both["rate"] - both["land"]).abs() <= _RATE_OFF / _FULL
    percent = (both["rate"] - both["land"] * _FULL).abs() <= _RATE_OFF
    if len(both) and fraction.all() and not percent.all():
        texts = rates.map(lambda rate: as_text(round(rate * _FULL, 10)))
        column_texts = column(rows.cells, "fill_rate_pct").copy()
        column_texts.loc[texts.index] = texts
        cells = rows.cells.assign(fill_rate_pct=column_texts)
        header = rows.headers.get("fill_rate_pct", "")
        return replace(rows, cells=cells), [rows.at("", "I111", "fill_rate_pct", found=header)]
    if len(both) and percent.all() and not fraction.all():
        return rows, []
    return rows, [
        rows.at(
            row,
            "I110",
            "fill_rate_pct",
            found=as_text(rate),
            percent=float(rate),
            fraction=round(float(rate) * _FULL, 6),
        )
        for row, rate in small.items()
    ]


def _ranges(rows: Rows) -> list[ImportFinding]:
    """Leased <= leasable <= total, and a rate that follows from them."""
    cells = rows.cells
    findings = []
    land = {name: number(cells, name) for name in (*_PARTS, "total_area_ha", "fill_rate_pct")}
    leased, leasable = land["leased_ha"], land["industrial_land_ha"]
    total, rate = land["total_area_ha"], land["fill_rate_pct"]
    if rows.layer:
        # Figures of an export have dates of their own, and those of one row need not belong
        # together.
        return []
    for row in cells.index:
        if leased[row] > leasable[row] * _SLACK:
            found, limit = rows.printed(row, "leased_ha"), float(leasable[row])
            findings.append(
                rows.at(row, "I202", "leased_ha", "industrial_land_ha", found=found, limit=limit)
            )
        for part in _PARTS:
            if land[part][row] > total[row] * _SLACK:
                found, limit = rows.printed(row, part), float(total[row])
                findings.append(
                    rows.at(row, "I203", part, "total_area_ha", found=found, limit=limit)
                )
        computed = leased[row] / leasable[row] * _FULL if leasable[row] else float("nan")
        if abs(rate[row] - computed) > _RATE_OFF:
            found = rows.printed(row, "fill_rate_pct")
            findings.append(
                rows.at(row, "I204", "fill_rate_pct", found=found, rate=round(float(computed), 2))
            )
    return findings


def _undated(rows: Rows) -> list[ImportFinding]:
    """Say once for the sheet that figures have no date, and that no basis is stated."""
    cells = rows.cells
    if rows.layer:  # each figure has its own date and basis beside it
        return []
    metrics = [
        metric
        for metric in METRICS
        if metric in cells and not dated(rows, metric) and f"{metric}_as_of" not in cells
    ]
    findings = []
    undated = (column(cells, "as_of") == "") & (cells[metrics] != "").any(axis=1)
    if metrics and undated.any():
        listed = ", ".join(str(row) for row in cells.index[undated][:20])
        findings.append(rows.at("", "I206", "as_of", found=listed))
    stated = [name for name in WITH_BASIS if name in cells and f"{name}_basis" not in cells]
    if stated and ((column(cells, "basis") == "") & (cells[stated] != "").any(axis=1)).any():
        findings.append(rows.at("", "I207", "basis", choices=", ".join(BASES)))
    return findings


def _outlines(placed: Placed, context: Context) -> tuple[gpd.GeoSeries | None, list[ImportFinding]]:
    """Polygons of a register are outlines of its areas; points are left to `lat` and `lon`."""
    rows, shapes = placed.rows, placed.shapes
    if shapes is None or not shapes.geom_type.isin(["Polygon", "MultiPolygon"]).any():
        return (None if rows.sheet.geometry is not None else shapes), []
    metres, findings = space.mended(rows, shapes.to_crs(context.crs))
    stated = number(rows.cells, "total_area_ha")
    findings += space.wrong_areas(rows, metres, stated, field="total_area_ha", crs=context.crs)
    back = metres.to_crs(WGS84)
    findings += space.out_of_province(rows, back, context.code, context.crs)
    return back, findings


def drafts(checked: Checked, context: Context) -> Iterator[Draft]:
    """Yield the rows that a register would write."""
    known = known_values(context)
    for row, _, cells in observations(checked, context):
        if as_text(float(cells["value"])) not in known.get(tuple(cells[n] for n in SAME), {}):
            yield Draft("observations", row, cells)
    drawn = {} if checked.shapes is None else dict(shaped(checked.shapes))
    for row, cells in records(checked.cells):
        if not cells["area_id"]:
            continue
        filled = _area_cells(cells, context, exported=bool(checked.rows.layer))
        if filled:
            yield Draft("areas", row, {"id": cells["area_id"]} | filled)
        shape = drawn.get(row)
        if shape is not None and shape.geom_type in ("Polygon", "MultiPolygon"):
            outline = {
                "area_id": cells["area_id"],
                "as_of": cells.get("as_of", ""),
                "source_id": context.source_id,
            }
            yield Draft("outlines", row, outline, shape)


_FLAGS = {"true": "yes", "false": "no"}  # as JSON has them
_DESCRIBED = (
    "developer",
    "established_year",
    "wastewater",
    "wastewater_m3_day",
    "industries",
    "within",
    "legacy_district",
    "legacy_communes",
    "communes_2025",
    "name_en",
    "counted",
    "part_of",
)


def _is_later(one: str, other: str) -> bool:
    """Whether a partial date is later than another; an undated one is never."""
    first, second = last_day(one), last_day(other)
    return first is not None and (second is None or first > second)


def _area_cells(cells: dict[str, str], context: Context, *, exported: bool) -> dict[str, str]:
    """Fields of an area that a row tells; all that are needed where the area is new."""
    filled = {name: cells[name] for name in _DESCRIBED if cells.get(name)}
    if filled.get("counted") in _FLAGS:
        filled["counted"] = _FLAGS[filled["counted"]]
    if cells.get("area_status"):
        filled["status"] = cells["area_status"]
        filled["status_as_of"] = cells.get("status_as_of") or cells.get("as_of", "")
    if cells.get("decision"):
        parts = [part.strip() for part in cells["decision"].split(";")]
        filled["decision"] = ";".join(dict.fromkeys(part for part in parts if part))
    if cells.get("lat") and cells.get("lon"):
        filled |= {"lat": cells["lat"], "lon": cells["lon"]}
    if cells.get("new"):
        core = plain(parted(cells["area"])[1]).title()
        english = f"{core} {_ENGLISH[cells['area_kind']]}"
        return {
            "province_code": context.code,
            "kind": cells["area_kind"],
            "name_vi": cells["area"],
            "name_en": english,
            "counted": "yes",
            "source_ids": context.source_id,
        } | filled
    known = context.facts.areas.loc[cells["area_id"]]
    if exported and not _is_later(filled.get("status_as_of", ""), str(known["status_as_of"])):
        # An export for an earlier day has the status of that day.
        filled.pop("status", None)
        filled.pop("status_as_of", None)
    filled = {name: text for name, text in filled.items() if text != _as_cell(known.get(name))}
    if set(filled) <= {"status_as_of"}:
        return {}
    sources = (*known["source_ids"], context.source_id)
    return filled | {"source_ids": ";".join(dict.fromkeys(sources))}


def _as_cell(value: Any) -> str:  # noqa: ANN401 (a cell of any type)
    if isinstance(value, bool | np.bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ";".join(value)
    if isinstance(value, str):
        return value
    return "" if pd.isna(value) else as_text(float(value))
