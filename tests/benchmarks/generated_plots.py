"""Seeded plots and zones to measure on: the same count gives the same land on every machine."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats: TypeAlias = npt.NDArray[np.float64]
    Shapes: TypeAlias = npt.NDArray[np.object_]

CRS = "EPSG:9208"
SEED = 1
# Each border of a real outline has so many halvings, each off by so much of its length.
HALVINGS, ROUGHNESS = 4, 0.12
LEAST_M2 = 1.0
SEARCHES = 12


def small_plots(count: int, zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Make turned, uneven quadrangles of some 30 m with centres in the zones, but for one in 100.

    Parameters
    ----------
    count
        How many.
    zones
        In `CRS`.
    """
    rng = np.random.default_rng(SEED)
    west, south, east, north = zones.total_bounds
    land = zones.union_all()
    shapely.prepare(land)
    found = np.empty((2, 0))
    while found.shape[1] < count:
        x, y = rng.uniform(west, east, count), rng.uniform(south, north, count)
        kept = shapely.contains_xy(land, x, y) | (rng.random(count) < 0.01)
        found = np.concatenate([found, [x[kept], y[kept]]], axis=1)
    x, y = found[:, :count]
    width, height = rng.lognormal(np.log(30), 0.6, (2, count))
    turn = rng.uniform(0, np.pi, count)
    corners = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
    corners = corners + rng.uniform(-0.1, 0.1, (count, 4, 2))
    across, along = corners[..., 0] * width[:, None], corners[..., 1] * height[:, None]
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    ring = np.stack(
        [x[:, None] + across * cos - along * sin, y[:, None] + across * sin + along * cos], axis=-1
    )
    return gpd.GeoDataFrame(geometry=shapely.polygons(ring), crs=CRS)


def real_outlines(count: int, communes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Tile the communes with plots of rough outline, cut at the communes' own borders.

    Cells around random points whose borders are bent at 15 places each, the same for both
    neighbours. Where a commune ends, which is where zones end too, the plot has its outline,
    vertex by vertex.

    Parameters
    ----------
    count
        How many; pieces beyond it are left out at random.
    communes
        In `CRS`.
    """
    rng = np.random.default_rng(SEED)
    shapes = np.asarray(communes.geometry.array, dtype=object)
    land = shapely.union_all(shapes)
    shapely.prepare(land)
    west, south, east, north = shapely.bounds(land)
    points = np.empty((0, 2))
    while len(points) < count:
        tried = rng.uniform((west, south), (east, north), (count, 2))
        points = np.concatenate([points, tried[shapely.contains_xy(land, *tried.T)]])
    cells = shapely.get_parts(
        shapely.voronoi_polygons(
            shapely.multipoints(points[:count]), extend_to=shapely.box(west, south, east, north)
        )
    )
    cells = _bent(cells, rng)
    tree = shapely.STRtree(cells)
    shapely.prepare(shapes)
    touched = _pairs(tree.query(shapes, predicate="intersects"), len(cells))
    within = _pairs(tree.query(shapes, predicate="covers"), len(cells))
    commune, cell = np.divmod(np.setdiff1d(touched, within, assume_unique=True), len(cells))
    with ThreadPoolExecutor() as pool:  # shapely lets go of the interpreter
        cut = shapely.get_parts(
            np.concatenate(
                list(
                    pool.map(
                        lambda part: shapely.intersection(cells[cell[part]], shapes[commune[part]]),
                        np.array_split(np.arange(len(cell)), 64),
                    )
                )
            )
        )
    cut = cut[(shapely.get_type_id(cut) == shapely.GeometryType.POLYGON)]
    made = np.concatenate([cells[within % len(cells)], cut[shapely.area(cut) > LEAST_M2]])
    return gpd.GeoDataFrame(geometry=rng.permutation(made)[:count], crs=CRS)


def _pairs(found: npt.NDArray[np.int64], cells: int) -> npt.NDArray[np.int64]:
    """Number pairs of commune and cell, sorted."""
    return np.sort(found[0] * cells + found[1])


def _bent(cells: Shapes, rng: np.random.Generator) -> Shapes:
    """Bend the borders of cells, those between two the same way for both."""
    corners, cell = shapely.get_coordinates(cells, return_index=True)
    together = cell[1:] == cell[:-1]
    begin, end, owner = corners[:-1][together], corners[1:][together], cell[1:][together]
    turned = (begin[:, 0] > end[:, 0]) | ((begin[:, 0] == end[:, 0]) & (begin[:, 1] > end[:, 1]))
    ordered = np.where(
        turned[:, None], np.concatenate([end, begin], 1), np.concatenate([begin, end], 1)
    )
    edges, edge = np.unique(ordered, axis=0, return_inverse=True)
    lines = np.stack([edges[:, :2], edges[:, 2:]], axis=1)
    for _ in range(HALVINGS):
        step = np.diff(lines, axis=1)
        off = rng.uniform(-ROUGHNESS, ROUGHNESS, step.shape[:2])[..., None]
        middle = lines[:, :-1] + step / 2 + off * np.stack([-step[..., 1], step[..., 0]], axis=-1)
        both = np.empty((len(lines), 2 * lines.shape[1] - 1, 2))
        both[:, ::2], both[:, 1::2] = lines, middle
        lines = both
    bent = np.where(turned[:, None, None], lines[edge, ::-1], lines[edge])[:, :-1]
    rings = shapely.linearrings(
        bent.reshape(-1, 2), indices=np.repeat(owner, bent.shape[1]).astype(np.int64)
    )
    made = np.asarray(shapely.polygons(rings))
    return made[shapely.is_valid(made)]  # a border may cross another where a cell is narrow


def with_vertices(zones: gpd.GeoDataFrame, count: int) -> gpd.GeoDataFrame:
    """Simplify zones along their common borders, or set points on their lines, to so many.

    The count is met as nearly as a tolerance or a distance of points allows.
    """
    shapes = np.asarray(zones.geometry.array, dtype=object)
    fewer = shapely.get_num_coordinates(shapes).sum() > count

    def made(size: float) -> Shapes:
        if fewer:
            return shapely.coverage_simplify(shapes, size)
        # Rounded, or points set from the two ends of a common border would differ.
        return shapely.transform(shapely.segmentize(shapes, size), lambda ends: ends.round(2))

    low, high = 0.0, 14.0  # powers of 2, in metres
    for _ in range(SEARCHES):
        middle = (low + high) / 2
        many = shapely.get_num_coordinates(made(2**middle)).sum() > count
        low, high = (middle, high) if many else (low, middle)
    return gpd.GeoDataFrame(geometry=made(2**high), index=zones.index, crs=zones.crs)


def grid_of_zones(count: int, zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Lay about so many equal rectangles over the bounds of the zones."""
    west, south, east, north = zones.total_bounds
    columns = round(math.sqrt(count * (east - west) / (north - south)))
    rows = round(count / columns)
    x, y = np.linspace(west, east, columns + 1), np.linspace(south, north, rows + 1)
    west_x, south_y = np.meshgrid(x[:-1], y[:-1])
    east_x, north_y = np.meshgrid(x[1:], y[1:])
    boxes = np.asarray(shapely.box(west_x, south_y, east_x, north_y))
    names = pd.Index([f"cell-{number}" for number in range(boxes.size)], name="zone_key")
    return gpd.GeoDataFrame(geometry=boxes.ravel(), index=names, crs=zones.crs)


KINDS: dict[str, Callable[[int, gpd.GeoDataFrame, gpd.GeoDataFrame], gpd.GeoDataFrame]] = {
    "small": lambda count, zones, _: small_plots(count, zones),
    "real": lambda count, _, communes: real_outlines(count, communes),
}
