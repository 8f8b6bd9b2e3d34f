"""The ground in the frame of a map sheet: zones, roads, areas and their labels, in VN-2000."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import shapely
from matplotlib.patches import PathPatch
from pyproj import Transformer

from geo.crs import WGS84
from layers import style
from layers.map_files.canvas import INK, printable, write
from layers.map_files.signs import (
    dashes,
    draw_node,
    draw_symbol,
    fill_patch,
    outline_path,
    spread,
)
from layers.payload import EAST_LIMIT

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    Points = NDArray[np.float64]

WIDE, HIGH = 297.0, 210.0  # A4 across, millimetres
FRAME: Final = (8.0, 21.0, 203.0, 191.0)  # left, bottom, right, top of the map
_ROOM: Final = 0.045
_PIXEL_MM: Final = 0.2
_GROWTH: Final = 0.27  # as on the screen, of the root of the hectares, in pixels
_REACH_MM: Final = 7.0
_LEADER_MM: Final = 1.6
_LATITUDES: Final = (8.0, 24.0)  # of Viet Nam


class View(NamedTuple):
    """What part of the ground the frame shows: lower left corner in metres, metres a millimetre."""

    west: float
    south: float
    scale: float
    to_plane: Transformer

    def at(self, lonlat: Any) -> Points:  # noqa: ANN401
        """Place points (longitude, latitude) on the sheet, in millimetres."""
        lon, lat = np.asarray(lonlat, dtype=float).reshape(-1, 2).T
        east, north = self.to_plane.transform(lon, lat)
        return self.on_sheet(np.column_stack([east, north]))

    def on_sheet(self, metres: Points) -> Points:
        """Place points in metres on the sheet, in millimetres."""
        left, bottom, _, _ = FRAME
        return (metres - (self.west, self.south)) / self.scale + (left, bottom)


def view_of(plane: gpd.GeoDataFrame, crs: str) -> View:
    """Fit outlines in the system `crs` into the frame."""
    west, south, east, north = (float(value) for value in plane.total_bounds)
    left, bottom, right, top = FRAME
    wide, high = right - left, top - bottom
    scale = (1.0 + 2.0 * _ROOM) * max((east - west) / wide, (north - south) / high)
    to_plane = Transformer.from_crs(WGS84, crs, always_xy=True)
    middle = (west + east) / 2.0
    # A narrow province moves to the right of the sheet rather than showing more of the sea.
    limit = min(float(to_plane.transform(EAST_LIMIT, lat)[0]) for lat in _LATITUDES)
    first = min(middle - wide * scale / 2.0, limit - wide * scale)
    return View(first, (south + north) / 2.0 - high * scale / 2.0, scale, to_plane)


def draw_ground(
    figure: Figure,
    plane: gpd.GeoDataFrame,
    view: View,
    *,
    base: dict[str, Any],
    account: dict[str, Any],
    marks: dict[str, str],
) -> None:
    """Draw what is in the frame of a sheet.

    Parameters
    ----------
    plane
        Outlines of the zones in the system of the view.
    base, account
        From :func:`layers.map_files.content.map_content`.
    marks
        By key: the short sign of each zone.
    """
    axes = _ground_axes(figure)
    _draw_zones(axes, plane, account, view)
    _draw_roads(axes, base, view)
    _draw_areas(axes, base, account, view)
    _draw_labels(axes, plane, account, marks, view)


def _ground_axes(figure: Figure) -> Axes:
    left, bottom, right, top = FRAME
    axes = figure.add_axes(
        (left / WIDE, bottom / HIGH, (right - left) / WIDE, (top - bottom) / HIGH),
    )
    axes.set(xlim=(left, right), ylim=(bottom, top))
    axes.set_facecolor("#eef1f4")
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color("#55616d")
        spine.set_linewidth(0.8)
    return axes


def _draw_zones(
    axes: Axes,
    plane: gpd.GeoDataFrame,
    account: dict[str, Any],
    view: View,
) -> None:
    for key, group, shape in zip(plane.index, plane["group"], plane.geometry, strict=True):
        path = outline_path(shapely.transform(shape, view.on_sheet))
        if path is None:
            continue
        if group == "base_partition":
            sign = account["zones"][str(key)]["sign"]
            axes.add_patch(fill_patch(path, sign, edgecolor="none", linewidth=0.0, zorder=1))
            axes.add_patch(
                PathPatch(path, fill=False, edgecolor=INK, linewidth=0.7, zorder=2),
            )
        elif group == "economic_zone":
            line = style.OUTLINES["economic_zone"]
            axes.add_patch(
                PathPatch(
                    path,
                    fill=False,
                    edgecolor=str(line["color"]),
                    linewidth=1.3,
                    linestyle=dashes(line["dashArray"]),
                    zorder=3,
                ),
            )


def _draw_roads(axes: Axes, base: dict[str, Any], view: View) -> None:
    left, bottom, right, top = FRAME
    inside = shapely.box(left + 4.0, bottom + 3.0, right - 4.0, top - 3.0)
    named: list[Points] = []
    for road in base["roads"]:
        points = view.at([(lon, lat) for lat, lon in road["line"]])
        line = road["style"]
        axes.plot(
            *points.T,
            color=str(line["color"]),
            linewidth=0.45 * float(line["weight"]),
            linestyle=dashes(line.get("dashArray")),
            zorder=3,
            solid_capstyle="round",
        )
        if not road["shield"]:
            continue
        for share in (0.5, 0.35, 0.65, 0.2, 0.8):
            place = points[round(share * (len(points) - 1))]
            clear = all(np.hypot(*(place - other)) > 11.0 for other in named)  # noqa: PLR2004
            if clear and inside.contains(shapely.Point(place)):
                named.append(place)
                box = {"boxstyle": "round,pad=0.18", "fc": "white", "ec": "#6b7480", "lw": 0.4}
                write(
                    axes,
                    float(place[0]),
                    float(place[1]),
                    road["shield"],
                    size=4.8,
                    ha="center",
                    va="center",
                    bbox=box,
                    zorder=4,
                    color="#3c4650",
                )
                break


def _draw_areas(
    axes: Axes,
    base: dict[str, Any],
    account: dict[str, Any],
    view: View,
) -> None:
    left, bottom, right, top = FRAME
    for node in base["nodes"]:
        lat, lon = node["place"]
        [[x, y]] = view.at([(lon, lat)])
        if left + 2.0 < x < right - 2.0 and bottom + 2.0 < y < top - 2.0:
            draw_node(axes, node["type"], x, y, planned=node["planned"], radius=1.7)
    areas = account["areas"]
    if not areas:
        return
    homes = view.at([(area["place"][1], area["place"][0]) for area in areas])
    radii = [_radius(area) for area in areas]
    for area, home, (x, y), radius in zip(
        areas,
        homes,
        spread(homes, radii, _REACH_MM),
        radii,
        strict=True,
    ):
        if math.hypot(x - home[0], y - home[1]) > _LEADER_MM:
            axes.plot([home[0], x], [home[1], y], color=area["sign"]["edge"], lw=0.5, zorder=5)
        draw_symbol(axes, area["sign"], x, y, radius)


def _radius(area: dict[str, Any]) -> float:
    hectares = area["ha"] if math.isfinite(area["ha"]) else 0.0
    pixels = max(area["sign"]["least"], _GROWTH * math.sqrt(max(hectares, 0.0)))
    return float(_PIXEL_MM * pixels)


def _draw_labels(
    axes: Axes,
    plane: gpd.GeoDataFrame,
    account: dict[str, Any],
    marks: dict[str, str],
    view: View,
) -> None:
    box = {"boxstyle": "round,pad=0.25", "fc": (1.0, 1.0, 1.0, 0.8), "ec": "none"}
    for zone in account["zones"].values():
        if zone["label"] is None:
            continue
        lat, lon = zone["label"]["place"]
        [[x, y]] = view.at([(lon, lat)])
        mark, rate = (printable(text) for text in zone["label"]["texts"])
        write(
            axes,
            x,
            y,
            f"{mark}: {rate}",
            size=8.5,
            bold=True,
            ha="center",
            va="center",
            zorder=8,
            bbox=box,
        )
    economic = plane[plane["group"] == "economic_zone"]
    for key, shape in economic.geometry.items():
        largest = max(shapely.get_parts(shape), key=shapely.area)
        corners = view.on_sheet(shapely.get_coordinates(largest))
        x, y = corners[np.argmax(corners[:, 1])]
        write(
            axes,
            x,
            y + 1.0,
            marks[str(key)],
            size=7.0,
            bold=True,
            color=style.ECONOMIC_ZONE,
            ha="center",
            zorder=8,
            bbox=box,
        )
