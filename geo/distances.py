"""Straight-line distances from areas or any points to nodes and roads.

Distances run along the WGS 84 ellipsoid. To a road they end at the nearest place of its line:
all ends of segments are projected azimuthally and equidistantly around the point, which keeps
every distance from it true, and the nearest place is sought on the straight segments of that
plane. A segment that is geodesic on the ellipsoid bends a little there; for segments of up to
50 km within 100 km of the point the distance is off by less than 2 m (tested against a dense
line). What the position of an area, a node or a road adds is in `tolerance_km`, from
:mod:`geo.tolerances`, and is far more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.crs import GEOD, WGS84
from geo.tolerances import NODE_M, ROAD_M, position_tolerance

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import ArrayLike, NDArray

    from data.facts import Facts

    Floats = NDArray[np.float64]

STRAIGHT_LINE = "straight_line"
COLUMNS = (
    "area_id",
    "target",
    "target_type",
    "target_id",
    "distance_km",
    "tolerance_km",
    "status",
    "method",
    "position",
    "basis",
)
_KM = 1_000.0


def _azimuthal(points: Floats, vertices: Floats) -> tuple[Floats, Floats]:
    """Place each vertex (m, 2) on the plane around each point (n, 2): metres, shape (n, m)."""
    shape = (len(points), len(vertices))
    lon, lat = (np.broadcast_to(points[:, [axis]], shape).ravel() for axis in (0, 1))
    to_lon, to_lat = (np.broadcast_to(vertices[:, axis], shape).ravel() for axis in (0, 1))
    azimuth, _, distance = GEOD.inv(lon, lat, to_lon, to_lat)
    angle = np.radians(np.asarray(azimuth)).reshape(shape)
    metres = np.asarray(distance).reshape(shape)
    return metres * np.sin(angle), metres * np.cos(angle)


def _pairs(points: ArrayLike) -> Floats:
    return np.asarray(points, dtype=np.float64).reshape(-1, 2)


def to_points(points: ArrayLike, targets: ArrayLike) -> Floats:
    """Distance of each point to each target along the ellipsoid.

    Parameters
    ----------
    points, targets
        Longitude and latitude, WGS 84 degrees, shapes (n, 2) and (m, 2).

    Returns
    -------
    array
        Kilometres, shape (n, m); NaN where a coordinate is.

    Examples
    --------
    >>> to_points([(105.66, 18.80)], [(105.711, 18.826), (105.66, 18.80)]).round(2).tolist()
    [[6.1, 0.0]]
    """
    x, y = _azimuthal(_pairs(points), _pairs(targets))
    return np.hypot(x, y) / _KM


def to_line(points: ArrayLike, vertices: ArrayLike) -> Floats:
    """Distance of each point to the nearest place of a line.

    Parameters
    ----------
    points
        Longitude and latitude, WGS 84 degrees, shape (n, 2).
    vertices
        Of the line, in order, shape (m, 2) with m of at least 1.

    Returns
    -------
    array
        Kilometres, shape (n,); NaN where a coordinate is.

    Examples
    --------
    >>> to_line([(105.5, 19.0)], [(105.0, 18.5), (105.0, 19.5)]).round(2).tolist()
    [52.64]
    """
    x, y = _azimuthal(_pairs(points), _pairs(vertices))
    return _nearest_on_segments(x, y) / _KM


def _nearest_on_segments(x: Floats, y: Floats) -> Floats:
    """Distance of the origin from the line through each row of places."""
    if x.shape[1] == 1:
        return np.hypot(x[:, 0], y[:, 0])
    dx, dy = np.diff(x, axis=1), np.diff(y, axis=1)
    square = dx**2 + dy**2
    along = -(x[:, :-1] * dx + y[:, :-1] * dy)
    part = np.clip(np.divide(along, square, out=np.zeros_like(along), where=square > 0), 0.0, 1.0)
    # A missing coordinate of the point makes all of its row missing.
    distance: Floats = np.hypot(x[:, :-1] + part * dx, y[:, :-1] + part * dy).min(axis=1)
    return distance


def distance_table(areas: gpd.GeoDataFrame, facts: Facts) -> pd.DataFrame:
    """Distances of all areas to all nodes and roads; independent of the date.

    Parameters
    ----------
    areas
        EPSG:4326, indexed by id, `position` and Point (or None) as in `Province.areas`.
    facts
        Nodes, roads and their waypoints.

    Returns
    -------
    DataFrame
        One row an area and target: `area_id`, `target` ("node" or "road"), `target_type`
        ("seaport", "expressway"...), `target_id`, `distance_km`, `tolerance_km` (root of the
        sum of squares of both positions' tolerances), `status` of the target, `method` (how the
        target is placed), `position` (class of the area), `basis` ("straight_line"). Areas and
        nodes without position are left out.
    """
    placed = areas[areas.geometry.notna()]
    centres = placed.geometry.representative_point()
    points = np.column_stack([centres.x, centres.y])
    off = np.array([position_tolerance(position) for position in placed["position"]])
    nodes, roads = facts.nodes[facts.nodes[["lon", "lat"]].notna().all(axis=1)], facts.roads
    lines = {
        str(road): part[["lon", "lat"]].dropna().to_numpy()
        for road, part in facts.road_waypoints.groupby("road_id", sort=False)
    }
    roads = roads.loc[[road for road in roads.index if len(lines.get(str(road), ()))]]
    targets = pd.DataFrame(
        {
            "target": ["node"] * len(nodes) + ["road"] * len(roads),
            "target_type": [*nodes["type"], *roads["class"]],
            "target_id": [*nodes.index, *roads.index],
            "status": [*nodes["status"], *roads["status"]],
            "method": [*nodes["method"], *(["waypoints"] * len(roads))],
            "off": [*nodes["method"].map(NODE_M), *([ROAD_M] * len(roads))],
        },
    )
    metres = np.column_stack(
        [
            to_points(points, nodes[["lon", "lat"]]),
            *(to_line(points, lines[str(road)]) for road in roads.index),
        ],
    )
    count = len(targets)
    table = pd.concat([targets] * len(placed), ignore_index=True)
    table["area_id"] = np.repeat(placed.index.to_numpy(), count)
    table["position"] = np.repeat(placed["position"].to_numpy(), count)
    table["distance_km"] = metres.ravel()
    table["tolerance_km"] = np.hypot(np.repeat(off, count), table["off"]) / _KM
    table["basis"] = STRAIGHT_LINE
    return table[list(COLUMNS)]


def nearest(
    table: pd.DataFrame,
    *,
    statuses: Collection[str] = ("in_use",),
) -> pd.DataFrame:
    """Nearest target of each type for each area.

    Parameters
    ----------
    table
        From :func:`distance_table`.
    statuses
        Of the targets that count: by default those in use, not planned or being built.

    Returns
    -------
    DataFrame
        The rows of `table` with the least distance for each area and type (the earlier id on
        equal ones), in the order of areas and types of `table`.
    """
    counted = table[table["status"].isin(list(statuses))]
    order = counted.sort_values(["distance_km", "target_id"], kind="stable")
    best = order.drop_duplicates(["area_id", "target_type"])
    return best.sort_index().reset_index(drop=True)


def distances_from(
    lon: float,
    lat: float,
    facts: Facts,
    *,
    position: str = "surveyed",
) -> pd.DataFrame:
    """Distances of any point to all nodes and roads: :func:`distance_table` with id "point"."""
    frame = gpd.GeoDataFrame(
        {"position": [position]},
        index=pd.Index(["point"]),
        geometry=gpd.points_from_xy([lon], [lat]),
        crs=WGS84,
    )
    return distance_table(frame, facts)
