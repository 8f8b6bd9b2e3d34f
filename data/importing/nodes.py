"""Ports, stations, gates and the like, with their points."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from data.importing import space
from data.importing.cells import as_text
from data.importing.context import Checked, Draft, duplicates, missing
from data.importing.fields import needed
from data.importing.names import slug
from data.importing.shapes import place
from data.importing.tables import records, shaped
from data.units.gazetteer import legacy_communes
from data.units.spelling import plain, unit_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapely.geometry.base import BaseGeometry

    from data.importing.context import Context
    from data.importing.findings import ImportFinding
    from data.importing.shapes import Placed
    from data.importing.values import Rows

_DIGITS = 7  # about a centimetre


def check(rows: Rows, context: Context) -> tuple[Checked, Placed]:
    """Check nodes against themselves and the known ones."""
    known = context.facts.nodes
    findings: list[ImportFinding] = []
    ids: dict[int, str] = {}
    titles = dict(zip(known.index, known["name_vi"], strict=True))
    by_name = {
        (plain(name), kind): node
        for node, name, kind in zip(known.index, known["name_vi"], known["type"], strict=True)
    }
    for row, cells in records(rows.cells):
        name, kind = cells.get("node_name", ""), cells.get("node_type", "")
        own = cells.get("node_id", "")
        # An id of our own begins with the province's letters, as those of areas do.
        new = f"{context.prefix}-own-{slug(name)}" if name else ""
        ids[row] = own if own in known.index else by_name.get((plain(name), kind), new)
        if ids[row] in known.index:
            shown = f"{titles[ids[row]]} ({ids[row]})"
            findings.append(rows.at(row, "I405", "node_name", found=name, known=shown))
    rows = replace(rows, cells=rows.cells.assign(node_id=pd.Series(ids, dtype=object)))
    placed = place(rows, context.code)
    findings += placed.findings
    shapes = placed.shapes
    if shapes is not None:
        kept: dict[int, BaseGeometry | None] = dict.fromkeys(map(int, shapes.index))
        for row, shape in shaped(shapes):
            if shape.geom_type == "Point":
                kept[row] = shape
            else:
                found = shape.geom_type
                findings.append(rows.at(row, "I505", "geometry", found=found, needed="Point"))
        shapes = gpd.GeoSeries(
            np.array([*kept.values(), None], dtype=object)[:-1], index=shapes.index, crs=shapes.crs
        )
        findings += space.out_of_province(rows, shapes, context.code, context.crs)
    findings += missing(rows, needed("nodes"))
    findings += duplicates(rows, ["node_id"], shapes)
    return Checked(rows, shapes, (*rows.findings, *findings)), placed


def drafts(checked: Checked, context: Context) -> Iterator[Draft]:
    """Yield the nodes that the rows would write."""
    known = context.facts.nodes
    points = {} if checked.shapes is None else dict(shaped(checked.shapes))
    listed = dict(zip(known.index, known["source_ids"], strict=True))
    for row, one in records(checked.cells):
        if not (one.get("node_name") and one.get("node_type")):
            continue
        shape = points.get(row)
        filled = {"node_id": one["node_id"], "type": one["node_type"]}
        filled |= {"capacity_note": one.get("capacity_note", "")}
        if one.get("node_status"):
            filled["status"] = one["node_status"]
        if one.get("name_en"):
            filled["name_en"] = one["name_en"]
        if shape is not None:
            filled |= {
                "lat": as_text(round(shape.centroid.y, _DIGITS)),
                "lon": as_text(round(shape.centroid.x, _DIGITS)),
                "method": "source",
            }
        sources: tuple[str, ...] = (context.source_id,)
        if one["node_id"] in listed:
            sources = (*listed[one["node_id"]], *sources)
        else:
            new = {
                "name_vi": one["node_name"],
                "name_en": plain(one["node_name"]).title(),
                "status": "in_use",
                "province_legacy": _old_province(shape, context),
            }
            filled = new | filled
        yield Draft("nodes", row, filled | {"source_ids": ";".join(dict.fromkeys(sources))})


def _old_province(shape: BaseGeometry | None, context: Context) -> str:
    """Name of the province of before July 2025 whose communes are nearest to a point."""
    names = context.resolution.legacy_provinces
    if shape is not None and len(names) > 1:
        old = legacy_communes()
        old = old[old["province"].isin(names)].dropna(subset=["lat", "lon"])
        away = np.hypot(
            old["lon"].to_numpy() - shape.centroid.x, old["lat"].to_numpy() - shape.centroid.y
        )
        names = (str(old["province"].iloc[int(away.argmin())]),)
    words = names[0].split()
    return " ".join(words[unit_word(plain(names[0]).split())[1] :])
