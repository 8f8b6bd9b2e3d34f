"""Plots of parks and the leases on them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from data.dates import last_day
from data.importing import space
from data.importing.context import Checked, Draft, duplicates, future, match_areas, missing
from data.importing.fields import needed
from data.importing.shapes import names_below, place
from data.importing.systems import WGS84
from data.importing.tables import column, number, records, shaped
from data.importing.units import known_places
from data.schemas import OWN_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapely.geometry.base import BaseGeometry

    from data.importing.context import Context
    from data.importing.findings import ImportFinding
    from data.importing.shapes import Placed
    from data.importing.values import Rows


def check_plots(rows: Rows, context: Context) -> tuple[Checked, Placed]:
    """Check plots against themselves, their parks and the known plots."""
    rows = names_below(rows)
    matched, findings = match_areas(rows, context)
    placed = place(matched, context.code, known=known_places(matched.cells, context))
    findings = [f for f in findings if _stands(f, placed)] + list(placed.findings)
    matched = placed.rows
    shapes = placed.shapes
    if shapes is not None:
        metres, found = space.mended(matched, shapes.to_crs(context.crs))
        findings += found
        shapes = metres.to_crs(WGS84)
        findings += _in_space(matched, metres, shapes, context)
    findings += _without_land(matched, shapes, placed)
    findings += missing(matched, needed("plots"))
    findings += future(matched, ("as_of", "leased_on"), context)
    findings += duplicates(matched, ["area_id", "plot_id", "as_of"], shapes)
    findings += _replaced(matched, context)
    return Checked(matched, shapes, (*rows.findings, *findings)), placed


def _stands(finding: ImportFinding, placed: Placed) -> bool:
    """Whether a finding on a row of a corner table isn't said already for its parcel."""
    return not finding.row or int(finding.row) not in placed.owner


def _outlines(context: Context, crs: str) -> dict[str, BaseGeometry]:
    """Newest outline of each area that has one."""
    known = context.facts.outlines
    if known.empty:
        return {}
    ordered = known.assign(
        _day=[last_day(text) or pd.Timestamp.min.date() for text in known["as_of"]]
    ).sort_values("_day")
    newest = gpd.GeoDataFrame(ordered.drop_duplicates("area_id", keep="last")).to_crs(crs)
    return dict(zip(newest["area_id"], newest.geometry, strict=True))


def _in_space(
    rows: Rows,
    metres: gpd.GeoSeries,
    shapes: gpd.GeoSeries,
    context: Context,
) -> list[ImportFinding]:
    ids = column(rows.cells, "area_id")
    stated = number(rows.cells, "area_ha")
    findings = space.wrong_areas(rows, metres, stated, field="area_ha", crs=context.crs)
    labels = {row: f"{cells['plot_id']} ({row})" for row, cells in records(rows.cells)}
    mine = set(zip(ids, column(rows.cells, "plot_id"), strict=True))
    known = context.facts.plots
    others = known[known["area_id"].isin(set(ids)) & known.geometry.notna()].to_crs(context.crs)
    kept = [
        (f"{plot} ({area})", shape)
        for plot, area, shape in zip(
            others["plot_id"], others["area_id"], others.geometry.to_numpy(), strict=True
        )
        if (area, plot) not in mine
    ]
    findings += space.overlaps(rows, metres, labels, kept)
    findings += space.out_of_area(rows, metres, ids, _outlines(context, context.crs))
    findings += space.out_of_province(rows, shapes, context.code, context.crs)
    return findings


def _without_land(
    rows: Rows,
    shapes: gpd.GeoSeries | None,
    placed: Placed,
) -> list[ImportFinding]:
    """Find plots without an outline; the stated area does, none of both doesn't."""
    if any(finding.code in ("I501", "I502") for finding in placed.findings):
        return []
    refused = {
        finding.row
        for finding in (*placed.findings, *rows.findings)
        if finding.severity == "error" and "geometry" in finding.fields
    }
    findings = []
    drawn = set() if shapes is None else {row for row, _ in shaped(shapes)}
    for row, cells in records(rows.cells):
        if row in drawn or str(row) in refused:
            continue
        if cells.get("area_ha"):
            findings.append(rows.at(row, "I516", "geometry"))
        else:
            findings.append(rows.at(row, "I108", "area_ha", "geometry", needed="area_ha"))
    return findings


def _replaced(rows: Rows, context: Context) -> list[ImportFinding]:
    known = context.facts.plots
    keys = set(zip(known["area_id"], known["plot_id"], known["as_of"], strict=True))
    cells = rows.cells
    mine = zip(cells.index, cells["area_id"], cells["plot_id"], column(cells, "as_of"), strict=True)
    return [
        rows.at(row, "I405", "plot_id", found=str(key[1]), known=f"{key[1]} ({key[0]})")
        for row, *key in mine
        if tuple(key) in keys
    ]


def plot_drafts(checked: Checked, context: Context) -> Iterator[Draft]:
    """Yield the rows that plots would write."""
    drawn = {} if checked.shapes is None else dict(shaped(checked.shapes))
    for row, cells in records(checked.cells):
        if not (cells["area_id"] and cells["plot_id"] and cells.get("use")):
            continue
        notes = [
            cells.get("note", ""),
            f"Bên thuê: {cells['tenant']}" if cells.get("tenant") else "",
        ]
        own = {
            "plot_id": cells["plot_id"],
            "area_id": cells["area_id"],
            "use": cells["use"],
            "status": cells.get("plot_status", ""),
            "source_id": context.source_id,
            "note": "; ".join(filter(None, notes)),
        }
        same = {
            name: cells.get(name, "") for name in ("area_ha", "tenant_trade", "leased_on", "as_of")
        }
        shape = drawn.get(row)
        if shape is not None or same["area_ha"]:
            yield Draft("plots", row, own | same, shape)


def check_leases(rows: Rows, context: Context) -> tuple[Checked, None]:
    """Check leases against themselves and the known areas; plots are held against by merging."""
    matched, findings = match_areas(rows, context)
    cells = matched.cells
    ids = column(cells, "lease_id")
    made = [text or _lease_id(one) for text, (_, one) in zip(ids, records(cells), strict=True)]
    cells = cells.assign(lease_id=pd.Series(made, index=cells.index, dtype=object))
    matched = replace(matched, cells=cells)
    findings += missing(matched, needed("leases"))
    findings += future(matched, ("signed_on",), context)
    signed, ends = column(cells, "signed_on"), column(cells, "ends_on")
    for row in cells.index:
        first, last = last_day(signed[row]), last_day(ends[row])
        if first and last and last < first:
            found = matched.printed(row, "ends_on")
            findings.append(
                matched.at(row, "I205", "ends_on", "signed_on", found=found, start=signed[row])
            )
    findings += duplicates(matched, ["area_id", "lease_id"])
    known = context.facts.leases
    keys = set(zip(known["area_id"], known["lease_id"], strict=True))
    for row, area, lease in zip(cells.index, cells["area_id"], cells["lease_id"], strict=True):
        if (area, lease) in keys:
            findings.append(matched.at(row, "I405", "lease_id", found=lease, known=lease))
    return Checked(matched, None, (*rows.findings, *findings)), None


def _lease_id(cells: dict[str, str]) -> str:
    """Id of a lease without a number of its own, the same whenever it is imported."""
    said = "|".join(
        cells.get(name, "") for name in ("area_id", "plot_id", "tenant", "signed_on", "area_ha")
    )
    return f"hd-{hashlib.sha256(said.encode()).hexdigest()[:10]}"


def lease_drafts(checked: Checked, context: Context) -> Iterator[Draft]:
    """Yield the rows that leases would write; a contract without a status is one on leased land."""
    for row, cells in records(checked.cells):
        if cells["area_id"] and cells["lease_id"] and cells.get("tenant"):
            own = {name: cells.get(name, "") for name in OWN_TABLES["leases"].columns}
            own |= {
                "status": cells.get("lease_status") or "leased",
                "source_id": context.source_id,
            }
            yield Draft("leases", row, own)
