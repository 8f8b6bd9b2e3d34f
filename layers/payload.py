"""What the map is given once: plain values for `layers/web/atlas.js`, nothing of it HTML.

They don't change with date, filters or selection and are sent once per province and language;
what a change of those repaints is in :mod:`layers.account_payload`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import shapely

from layers import style
from layers.plot_map import legend_rows
from layers.safe_html import text
from layers.words import LINK_STATUS, NODE

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from data.boundaries import BoundarySource
    from data.facts import Facts
    from data.resolutions import Resolution
    from layers.words import Words

# Drawing only; figures are never computed on simplified geometry. About 250 m.
SIMPLIFY_DEG: Final = 0.0025
# Islets smaller than what is simplified away aren't drawn: Quảng Ninh has thousands of them.
ISLET_DEG2: Final = SIMPLIFY_DEG**2 / 2
DECIMALS: Final = 4
# The map never reaches this meridian, so the East Sea with Hoàng Sa (from 111.2° E) and
# Trường Sa (from 111.5° E) is never in view: what isn't shown can't be shown wrongly.
EAST_LIMIT: Final = 110.0
_NODE_MARGIN_DEG: Final = 0.2
LAYERS: Final = (
    "zones",
    "labels",
    "industrial_park",
    "industrial_cluster",
    "economic_zone",
    "overlay",
    "roads",
    "nodes",
)
OFF_AT_START: Final = frozenset({"overlay"})


def base_payload(
    resolution: Resolution,
    boundary: BoundarySource,
    outlines: gpd.GeoDataFrame,
    facts: Facts,
    w: Words,
) -> dict[str, Any]:
    """Give what is drawn once: outlines, roads, nodes, legend, words of the controls.

    Parameters
    ----------
    outlines
        From :func:`drawn_outlines`.
    """
    west, south, east, north = (float(value) for value in outlines.total_bounds)
    own = len(facts.plots) + len(facts.outlines) > 0
    # Long and narrow provinces too may stand beside the legend.
    reach = 2.0 * max(east - west, north - south)
    return {
        "zones": _features(outlines),
        "outlines": style.OUTLINES,
        "border": style.BORDER,
        "roads": _roads(facts, resolution, w),
        "nodes": _nodes(facts, (west, south, east, north), w),
        "bounds": [[south, west], [north, east]],
        "max_bounds": [
            [south - reach, west - reach],
            [north + reach, min(east + reach, EAST_LIMIT)],
        ],
        "layers": [
            {"key": key, "name": name, "on": key not in OFF_AT_START}
            for key, name in zip(LAYERS, _layer_names(w), strict=True)
        ]
        + ([{"key": "plots", "name": w("Plots, surveyed outlines"), "on": True}] if own else []),
        "legend": _legend(w, plots=len(facts.plots) > 0),
        "attribution": str(text(boundary.attribution)),
        "words": {
            "home": w("Whole province"),
            "layers": w("Layers"),
            "zoom": [w("Zoom in"), w("Zoom out")],
        },
    }


def drawn_outlines(communes: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Simplify the outlines of the zones for drawing, keeping every shared border shared.

    Parameters
    ----------
    communes
        2025 communes of the province, indexed by code.
    zones
        `Snapshot.zones`, with the codes of each zone in `communes`.

    Returns
    -------
    GeoDataFrame
        On the index of `zones`, columns `group` and `geometry`.
    """
    simple = communes.geometry.simplify_coverage(SIMPLIFY_DEG)
    merged = [
        _without_islets(shapely.union_all(np.asarray(simple.loc[list(codes)])))
        for codes in zones["communes"]
    ]
    return gpd.GeoDataFrame(zones[["group"]], geometry=merged, crs=zones.crs)


def _without_islets(shape: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(shape)
    sizes = shapely.area(parts)
    return shapely.MultiPolygon(list(parts[sizes >= min(ISLET_DEG2, sizes.max(initial=0.0))]))


def label_places(outlines: gpd.GeoDataFrame) -> dict[str, tuple[float, float]]:
    """Find the middle of the widest part of each base zone, as (latitude, longitude)."""
    base = outlines[outlines["group"] == "base_partition"]
    circles = shapely.maximum_inscribed_circle(np.asarray(base.geometry), tolerance=0.01)
    centres = shapely.get_coordinates(shapely.get_point(circles, 0)).round(DECIMALS).tolist()
    return {str(key): (lat, lon) for key, (lon, lat) in zip(base.index, centres, strict=True)}


def shape_payload(outline: BaseGeometry) -> Any:  # noqa: ANN401
    """Give an outline as GeoJSON has it, in as many digits as are drawn."""
    return _rounded(shapely.geometry.mapping(shapely.set_precision(outline, 10**-DECIMALS)))


def _features(outlines: gpd.GeoDataFrame) -> dict[str, Any]:
    shapes = shapely.set_precision(outlines.geometry.to_numpy(), 10**-DECIMALS)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": str(key),
                "properties": {"group": group},
                "geometry": _rounded(shapely.geometry.mapping(shape)),
            }
            for key, group, shape in zip(outlines.index, outlines["group"], shapes, strict=True)
        ],
    }


def _rounded(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_rounded(item) for item in value]
    return value


def _layer_names(w: Words) -> tuple[str, ...]:
    return (
        w("Zones by fill rate"),
        w("Names of zones"),
        w("Industrial parks"),
        w("Industrial clusters"),
        w("Economic zones"),
        w("Corridors and linked areas"),
        w("Roads (sketch)"),
        w("Ports, airports, stations, gates"),
    )


def _legend(w: Words, *, plots: bool) -> dict[str, Any]:
    def symbol(kind: str, status: str) -> dict[str, Any]:
        return dict(style.area_sign(kind, status))

    ramp = [style.known_sign(20.0 * i, partly=False) for i in range(len(style.RAMP))]
    economic = style.OUTLINES["economic_zone"]
    rows: list[dict[str, Any]] = [
        {"sign": dict(style.unknown_sign()), "text": w("no data"), "wide": False},
        {"sign": dict(style.empty_sign()), "text": w("no areas in operation"), "wide": False},
        {
            "sign": dict(style.known_sign(50.0, partly=True)),
            "text": w("less than half known, or a range over 50 points"),
            "wide": True,
        },
        {
            "sign": dict(style.range_sign(90.0, 100.0)),
            "text": w("only reported, not from land figures"),
            "wide": True,
        },
        {
            "sign": dict(style.range_sign(30.0, 90.0)),
            "text": w("reported range: ground lowest, stripes highest"),
            "wide": True,
        },
        {"sign": symbol("industrial_park", "operating"), "text": w("park"), "wide": False},
        {"sign": symbol("industrial_cluster", "operating"), "text": w("cluster"), "wide": False},
        {
            "sign": symbol("industrial_park", "under_construction"),
            "text": w("under construction"),
            "wide": False,
        },
        {
            "sign": symbol("industrial_park", "established"),
            "text": w("established, not built"),
            "wide": False,
        },
        {"sign": symbol("industrial_park", "planned"), "text": w("planned"), "wide": False},
        {"sign": symbol("industrial_park", "unknown"), "text": w("status unknown"), "wide": False},
        {
            "sign": {"line": economic["color"], "dash": economic["dashArray"]},
            "text": w("economic zone: communes that contain it"),
            "wide": True,
        },
        *(legend_rows(w) if plots else []),
    ]
    return {
        "title": w("Legend"),
        "heading": w("Fill rate"),
        "ramp": ramp,
        "ticks": style.TICKS,
        "rows": rows,
        "note": w("Symbols are sized by total area; they are not boundaries."),
    }


def _roads(facts: Facts, resolution: Resolution, w: Words) -> list[dict[str, Any]]:
    own = {re.sub(r"^(Tỉnh|Thành phố)\s+", "", name) for name in resolution.legacy_provinces}
    roads = facts.roads[facts.roads["province_legacy"].isin(own)]
    points = facts.road_waypoints.sort_values(["road_id", "seq"]).dropna(subset=["lat", "lon"])
    lines: dict[str, list[list[float]]] = {}
    for road_id, *place in zip(*(points[name] for name in ("road_id", "lat", "lon")), strict=True):
        lines.setdefault(road_id, []).append([round(degrees, DECIMALS) for degrees in place])
    drawn = []
    for road_id, road in roads.iterrows():
        line = lines.get(str(road_id), [])
        if len(line) < 2:  # noqa: PLR2004
            continue
        shield = shield_text(road["road_name_vi"], road["class"], w)
        drawn.append(
            {
                "class": road["class"],
                "line": line,
                "style": style.road_style(road["class"], road["status"]),
                "shield": shield,
            },
        )
    return drawn


def shield_text(name: str, road_class: str, w: Words) -> str:
    """Give the number or short name of a road that its shield shows.

    Examples
    --------
    >>> from layers.words import words
    >>> shield_text("Quốc lộ 46B (Rộ - Dùng - Đô Lương)", "national_road", words("vi"))
    'QL46B'
    >>> shield_text("Quốc lộ 1 (QL1A) qua Nghệ An", "national_road", words("vi"))
    'QL1A'
    """
    if road_class == "ho_chi_minh_road":
        return w("Hồ Chí Minh road")
    if road_class == "coastal_road":
        return w("Coastal road")
    if found := re.search(r"\(QL(\d+\w?)\)", name) or re.match(r"Quốc lộ (\d+\w?)\b", name):
        return f"QL{found.group(1)}"
    if found := re.match(r"Đường (\w+)", name):
        return found.group(1)
    return w("Expressway") if road_class == "expressway" else ""


def _nodes(
    facts: Facts,
    bounds: tuple[float, float, float, float],
    w: Words,
) -> list[dict[str, Any]]:
    west, south, east, north = bounds
    nodes = facts.nodes
    near = nodes["lat"].between(south - _NODE_MARGIN_DEG, north + _NODE_MARGIN_DEG) & nodes[
        "lon"
    ].between(west - _NODE_MARGIN_DEG, east + _NODE_MARGIN_DEG)
    return [
        {
            "type": node["type"],
            "planned": node["status"] != "in_use",
            "place": [round(node["lat"], DECIMALS), round(node["lon"], DECIMALS)],
            "tip": [
                w.pick(node["name_vi"], node["name_en"]),
                f"{w.of(NODE, node['type'])}, {w.of(LINK_STATUS, node['status'])}",
            ],
        }
        for _, node in nodes[near].iterrows()
    ]
