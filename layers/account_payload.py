"""What the map is given anew on a change: colours and texts of the zones, symbols, the selection.

Plain values for `layers/web/atlas.js`, nothing of it HTML; what doesn't change with date, filters
or selection is in :mod:`layers.payload`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.plot_layer import register_of
from layers import style
from layers._records import records, status_of
from layers.account import available_text, coverage_text, rate_text, zone_marks
from layers.numbers import hectares, known, rate
from layers.payload import shape_payload
from layers.words import GROUP, KIND, POSITION, STATUS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from shapely.geometry.base import BaseGeometry

    from geo.snapshot import Snapshot
    from layers.words import Words

_FOCUS_DEG: Final = 0.06
# How close a selection is looked at: where only a point is known, and where its land is drawn.
_CLOSE: Final = 12
_CLOSEST: Final = 15
_SAME_PLACE_DECIMALS: Final = 2
_SHIFT_PX: Final = 11


def account_payload(
    snapshot: Snapshot,
    w: Words,
    *,
    places: Mapping[str, tuple[float, float]],
    shown: Collection[str],
    chosen: tuple[str, str],
    tiles: bool,
    outline: BaseGeometry | None = None,
    plots: dict[str, Any] | None = None,
    plot_tiles: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Give what changes: colours and texts of the zones, symbols, what is selected.

    Parameters
    ----------
    places
        Where the label of each base zone stands (latitude, longitude).
    shown
        Ids of the areas that pass the filters.
    chosen
        ("zone", key), ("area", id), ("unit", key) or ("", "").
    tiles
        Ask for base tiles, the only thing that needs internet.
    outline
        Of the unit that is selected, EPSG:4326.
    plots
        From :func:`layers.plot_map.plots_payload`.
    plot_tiles
        From :func:`layers.plot_tiles.view.payload`.
    """
    marks = zone_marks(snapshot.zones)
    zones = {
        key: _zone(row, marks[key], places.get(key), w)
        for key, row in records(snapshot.zones).items()
    }
    land = _drawn_land(snapshot, chosen[1])
    payload: dict[str, Any] = {
        "zones": zones,
        "areas": _areas(snapshot, shown, w),
        "chosen": {
            "kind": chosen[0],
            "id": chosen[1],
            "bounds": _bounds(snapshot, chosen, outline, land),
            "zoom": _CLOSEST if len(land) else _CLOSE,
            "shape": None if outline is None else shape_payload(outline),
        },
        "plots": plots,
        "plot_tiles": plot_tiles,
        "tiles": {
            "url": "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
            "attribution": "© OpenStreetMap",
        }
        if tiles
        else None,
    }
    return payload


def _zone(
    row: dict[str, Any],
    mark: str,
    place: tuple[float, float] | None,
    w: Words,
) -> dict[str, Any]:
    rate_words = rate_text(row, w)
    available, _ = available_text(row, w)
    base = row["group"] == "base_partition"
    head = f"{w('Fill rate')}: {rate_words.headline}"
    tip = [
        f"{mark}. {w.pick(row['name_vi'], row['name_en'])}",
        head + (f" ({rate_words.remark})" if rate_words.remark else ""),
        w("Available: {area} ha", area=available) if any(map(str.isdigit, available)) else "",
        coverage_text(row, w),
    ]
    if not base:
        tip.insert(1, w(GROUP[row["group"]]))
    return {
        "sign": dict(style.zone_sign(row)) if base else None,
        "tip": [line for line in tip if line],
        "label": {"place": place, "texts": [mark, rate_words.headline]} if place else None,
    }


def _areas(snapshot: Snapshot, shown: Collection[str], w: Words) -> list[dict[str, Any]]:
    areas = snapshot.areas
    placed = areas[areas["position"] != "unknown"]
    # An economic zone that a resolution names is drawn by its outline instead.
    outlined = set(snapshot.zones["area_id"])
    placed = placed[[key in shown and key not in outlined for key in placed.index]]
    points = shapely.get_coordinates(np.asarray(placed.geometry)).round(5)
    places = pd.DataFrame(points, index=placed.index, columns=["lon", "lat"])
    at = {
        str(key): [lat, lon] for key, (lon, lat) in zip(placed.index, points.tolist(), strict=True)
    }
    shifts = _shifts(places)
    # The largest first, so that small symbols lie on top of large ones.
    order = placed["total_area_ha"].fillna(0.0).sort_values(ascending=False, kind="stable").index
    return [
        {
            "id": key,
            "layer": "industrial_cluster"
            if area["kind"] == "industrial_cluster"
            else "industrial_park",
            "place": at[key],
            "ha": _drawn_ha(area),
            "sign": dict(style.area_sign(area["kind"], status_of(area))),
            "shift": shifts[key],
            "tip": _area_tip(area, w),
        }
        for key, area in records(placed.loc[order]).items()
    ]


def _drawn_ha(area: dict[str, Any]) -> float:
    """Land that a symbol stands for; a zone drawn as a symbol keeps the least size."""
    return 0.0 if area["kind"] == "economic_zone" else float(area["total_area_ha"])


def _area_tip(area: dict[str, Any], w: Words) -> list[str]:
    tip = [
        w.pick(area["name_vi"], area["name_en"]),
        f"{w.of(KIND, area['kind'])}, {w.of(STATUS, status_of(area))}",
    ]
    if known(area["total_area_ha"]):
        tip.append(w("total area {area} ha", area=hectares(area["total_area_ha"], w.lang)))
    if known(area["fill_rate_pct"]):
        tip.append(f"{w('fill rate')} {rate(area['fill_rate_pct'], w.lang)}")
    if area["position"] != "surveyed":
        tip.append(w("Position {how}", how=w.of(POSITION, area["position"])))
    return tip


def _shifts(places: pd.DataFrame) -> dict[str, list[int]]:
    """Set symbols that share a place side by side, in pixels, so that each can be clicked."""
    shifts: dict[str, list[int]] = {}
    rounded = places.round(_SAME_PLACE_DECIMALS)
    for _, group in places.groupby([rounded["lat"], rounded["lon"]], sort=False):
        count = len(group)
        reach = 0.0 if count == 1 else max(_SHIFT_PX, count * _SHIFT_PX / math.pi)
        for i, key in enumerate(sorted(group.index)):
            angle = 2 * math.pi * i / count
            shifts[str(key)] = [round(reach * math.cos(angle)), round(reach * math.sin(angle))]
    return shifts


def _drawn_land(snapshot: Snapshot, area_id: str) -> gpd.GeoSeries:
    """Give the outline of an area and its plots, where they are known."""
    outlines = snapshot.footprints
    known_ones = [
        outlines.geometry[outlines.index == area_id],
        register_of(snapshot).shapes_of(area_id),
    ]
    return gpd.GeoSeries(pd.concat(known_ones))


def _bounds(
    snapshot: Snapshot,
    chosen: tuple[str, str],
    outline: BaseGeometry | None,
    land: gpd.GeoSeries,
) -> list[list[float]] | None:
    kind, key = chosen
    if outline is not None:
        west, south, east, north = outline.bounds
        return [[south, west], [north, east]]
    if kind == "zone" and key in snapshot.zones.index:
        west, south, east, north = snapshot.zones.geometry[key].bounds
        return [[south, west], [north, east]]
    if kind == "area" and key in snapshot.areas.index:
        point = snapshot.areas.geometry[key]
        if point is None or point.is_empty:
            return None
        west, south, east, north = (
            land.total_bounds if len(land) else point.buffer(_FOCUS_DEG).bounds
        )
        return [[south, west], [north, east]]
    return None
