"""Polygons with a name: outlines of parks and clusters, or the communes of a province.

What they are is told by their names: outlines where most of them name known areas, communes
where they name or number communes of the province. Communes must be all of them, for a base
partition with holes would give zones of the wrong size.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data._errors import DataError
from data.boundaries import _topology
from data.boundaries.matching import match_communes
from data.importing import space
from data.importing.context import Checked, Draft, duplicates, match_areas
from data.importing.shapes import names_below, place
from data.importing.systems import WGS84
from data.importing.tables import column, number, records
from data.importing.units import known_places
from data.units.gazetteer import communes_2025
from data.units.locate import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.importing.context import Context
    from data.importing.findings import ImportFinding
    from data.importing.shapes import Placed
    from data.importing.values import Rows

_MOST = 0.5


def check(rows: Rows, context: Context) -> tuple[Checked, Placed]:
    """Check outlines of areas, or the communes of the province."""
    rows = names_below(rows)
    named = rows
    if "area" not in rows.cells and "commune" in rows.cells:
        named = replace(rows, cells=rows.cells.assign(area=rows.cells["commune"]))
    matched, about_areas = match_areas(named, context)
    names = column(matched.cells, "area")
    areas = (column(matched.cells, "area_id")[names != ""] != "").mean() if len(names) else 0.0
    communes = _commune_share(rows, context)
    if not max(areas, communes) >= _MOST:
        placed = place(matched, context.code)
        finding = matched.at("", "I517", found=", ".join(dict.fromkeys(names))[:80])
        return Checked(placed.rows, None, (*rows.findings, *placed.findings, finding)), placed
    if communes > areas:
        return _communes(rows, context)
    placed = place(matched, context.code, known=known_places(matched.cells, context))
    findings = [f for f in about_areas if not f.row or int(f.row) not in placed.owner]
    findings += placed.findings
    shapes = placed.shapes
    if shapes is not None:
        metres, found = space.mended(placed.rows, shapes.to_crs(context.crs))
        findings += found
        stated = number(placed.rows.cells, "area_ha")
        findings += space.wrong_areas(placed.rows, metres, stated, field="area_ha", crs=context.crs)
        shapes = metres.to_crs(WGS84)
        findings += space.out_of_province(placed.rows, shapes, context.code, context.crs)
    findings += duplicates(placed.rows, ["area_id", "as_of"], shapes)
    known = context.facts.outlines
    keys = set(zip(known["area_id"], known["as_of"], strict=True))
    for row, cells in records(placed.rows.cells):
        if (cells["area_id"], cells.get("as_of", "")) in keys:
            name, shown = cells["area"], cells["area_id"]
            findings.append(placed.rows.at(row, "I405", "area", found=name, known=shown))
    return Checked(placed.rows, shapes, (*rows.findings, *findings)), placed


def _commune_share(rows: Rows, context: Context) -> float:
    """Share of the rows that name or number a commune of the province."""
    codes = set(communes_2025().query("province_code == @context.code").index)
    numbered = column(rows.cells, "commune_code").map(lambda code: code.zfill(5) in codes)
    texts = column(rows.cells, "commune")
    texts = texts.where(texts != "", column(rows.cells, "area"))
    named = texts.map(
        lambda text: (
            bool(text)
            and any(u.level == "commune" for u in locate(text, province_code=context.code).units)
        )
    )
    return float((numbered | named).mean()) if len(rows.cells) else 0.0


def _communes(rows: Rows, context: Context) -> tuple[Checked, Placed]:
    """Communes of the province, as a coverage without overlaps."""
    placed = place(rows, context.code)
    findings: list[ImportFinding] = list(placed.findings)
    cells, shapes = placed.rows.cells.assign(code=""), placed.shapes
    table = cells[[name for name in ("commune_code", "commune", "area") if name in cells]]
    try:
        match = match_communes(table, context.code, file=rows.sheet.name)
    except DataError as error:
        findings += [
            rows.at("", "I518", found=one.found, expected=one.expected) for one in error.findings
        ]
        return Checked(placed.rows, None, (*rows.findings, *findings)), placed
    cells["code"] = [code or "" for code in match.codes]
    if shapes is not None:
        metres, found = space.mended(placed.rows, shapes.to_crs(context.crs))
        findings += found
        shapes = metres.to_crs(WGS84)
    checked_rows = replace(placed.rows, cells=cells)
    return Checked(checked_rows, shapes, (*rows.findings, *findings)), placed


def drafts(checked: Checked, context: Context) -> Iterator[Draft]:
    """Yield the outlines or communes that the rows would write."""
    if checked.shapes is None:
        return
    if "code" in checked.cells:
        yield from _commune_drafts(checked, context)
        return
    for row, cells in records(checked.cells):
        shape = checked.shapes[row]
        if cells.get("area_id") and shape is not None:
            own = {
                "area_id": cells["area_id"],
                "as_of": cells.get("as_of", ""),
                "source_id": context.source_id,
                "note": cells.get("note", ""),
            }
            yield Draft("outlines", row, own, shape)


def _commune_drafts(checked: Checked, context: Context) -> Iterator[Draft]:
    """Clean the coverage, join the parts of a commune and give it its 2025 name."""
    assert checked.shapes is not None  # noqa: S101 (the caller looked)
    codes = column(checked.cells, "code")
    held = (codes != "") & checked.shapes.notna().to_numpy()
    drawn = checked.shapes[held]
    labelled = gpd.GeoSeries(
        list(drawn.array),
        index=pd.Index([f"{codes[row]}, row {row}" for row in drawn.index]),
        crs=WGS84,
    )
    try:
        cleaned, _ = _topology.clean(labelled, file=checked.rows.sheet.name)
    except DataError:
        return
    parts = np.asarray(cleaned.to_numpy(), dtype=object)
    owner = codes[drawn.index].to_numpy()
    names = communes_2025()["name"]
    for code in sorted(set(owner)):
        mine = parts[owner == code]
        shape = mine[0] if len(mine) == 1 else shapely.union_all(mine)
        cells = {"code": code, "name": names[code], "source_id": context.source_id}
        yield Draft("communes", int(drawn.index[owner == code][0]), cells, shape)
