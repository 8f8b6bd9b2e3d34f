"""Communes, roads and nodes as layers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import shapely

from geo.crs import area_ha
from layers.exchange.fields import layer_fields
from layers.exchange.layer import make_layer

if TYPE_CHECKING:
    from data._message import Lang
    from geo.snapshot import Province, Snapshot
    from layers.exchange.layer import Layer

NODE_MARGIN_DEG: Final = 0.3


def _legacy(province: Province) -> set[str]:
    """Name the former provinces without the word for province."""
    names = province.resolution.legacy_provinces
    return {re.sub(r"^(Tỉnh|Thành phố)\s+", "", name) for name in names}


def communes_layer(province: Province, state: Snapshot, lang: Lang) -> Layer:
    """Communes since July 2025 with the zones that hold them."""
    zones_of: dict[str, list[str]] = {}
    for key, codes in state.zones["communes"].items():
        for code in codes:
            zones_of.setdefault(code, []).append(str(key))
    groups = state.zones["group"]
    measured = area_ha(province.communes.geometry, province.resolution.crs)
    records = []
    for code, commune in province.communes.iterrows():
        keys = zones_of.get(str(code), [])
        base = [key for key in keys if groups[key] == "base_partition"]
        records.append(
            {
                "code": code,
                "name": commune["name"],
                "province_code": commune["province_code"],
                "zone_key": base[0] if base else None,
                "zone_keys": keys,
                "area_official_ha": commune["area_km2_official"] * 100.0,
                "outline_ha": measured[str(code)],
                "boundary_source": getattr(state.boundary_source, f"name_{lang}"),
            },
        )
    return make_layer(layer_fields()["communes"], records, province.communes.geometry)


def roads_layer(province: Province, state: Snapshot, lang: Lang) -> Layer:
    """Roads as lines through the points they pass; None where fewer than two are known."""
    facts = state.facts
    lines = {
        str(road): points[["lon", "lat"]].dropna().to_numpy()
        for road, points in facts.road_waypoints.groupby("road_id", sort=False)
    }
    roads = facts.roads[facts.roads["province_legacy"].isin(_legacy(province))]
    records, shapes = [], []
    for road_id, road in roads.iterrows():
        line = lines.get(str(road_id), ())
        shapes.append(shapely.LineString(line) if len(line) > 1 else None)
        records.append(
            {
                "road_id": road_id,
                "name": road[f"road_name_{lang}"] or road["road_name_vi"],
                "name_vi": road["road_name_vi"],
                "name_en": road["road_name_en"],
                "class": road["class"],
                "status": road["status"],
                "status_as_of": road["as_of"],
                "province_legacy": road["province_legacy"],
                "note": road["note"],
                "sources": list(road["source_ids"]),
            },
        )
    return make_layer(layer_fields()["roads"], records, shapes)


def nodes_layer(province: Province, state: Snapshot, lang: Lang) -> Layer:
    """Nodes of the province, placed or not, and those up to 0.3 degrees around it."""
    nodes = state.facts.nodes
    west, south, east, north = province.communes.total_bounds
    near = nodes["lat"].between(south - NODE_MARGIN_DEG, north + NODE_MARGIN_DEG) & nodes[
        "lon"
    ].between(west - NODE_MARGIN_DEG, east + NODE_MARGIN_DEG)
    own = nodes["province_legacy"].isin(_legacy(province))
    names = ("name_vi", "name_en", "type", "status", "method", "province_legacy", "capacity_note")
    records, shapes = [], []
    for node_id, node in nodes[near | own].iterrows():
        placed = node[["lat", "lon"]].notna().all()
        shapes.append(shapely.Point(node["lon"], node["lat"]) if placed else None)
        records.append(
            {
                "node_id": node_id,
                "name": node[f"name_{lang}"] or node["name_vi"],
                **{name: node[name] for name in names},
                "sources": list(node["source_ids"]),
            },
        )
    return make_layer(layer_fields()["nodes"], records, shapes)
