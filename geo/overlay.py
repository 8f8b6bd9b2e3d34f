"""Areas of plots in zones: exact, whatever the order, the chunks and the number of threads.

Every plot is split by every zone that it touches, and what is in no zone of a group is
"outside". Most plots are far from any zone line: a grid over the zones tells so from their
bounds, and which zone they are in. The others are cut, not by a whole zone but by the piece of
it that is near them. Nothing is approximated: a plot that isn't cut is in the zone with all of
its area, and one that is cut has the area of the intersection, both in float64.

Measured in the projected system of the plots: the zones are few and are brought to it.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo._zone_grid import ZoneGrid, zone_grid

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    import geopandas as gpd
    import numpy.typing as npt

    from geo._zone_grid import Floats, Integers

    Shapes = npt.NDArray[np.object_]
    # Positions of plots and of zones, and the area in m2 of the one in the other.
    Piecewise = tuple[Integers, Integers, Floats]

OUTSIDE = "outside"
POLYGON, MULTIPOLYGON = 3, 6
# Zones are cut into pieces of about this many vertices; a plot is cut by pieces only.
PIECE_VERTICES = 200
# Plots of more are cut up as well, or each of many pieces would go through all of them.
PLOT_VERTICES = 2_000
SMALLEST_PIECE_M = 1e-3
# Corners of a cut are known to this many units in the last place of the coordinates.
ROUNDING_ULPS = 8


@dataclass(frozen=True)
class ZoneIndex:
    """Zones made ready for any number of plots; from :func:`index_zones`.

    Attributes
    ----------
    crs
        Projected system in metres.
    keys, groups
        Of each zone, in their order.
    rests
        For each group the positions that "outside" is the rest of: its zones, or, where they
        overlap, the union of them, which stands behind the zones.
    """

    crs: CRS
    keys: tuple[Hashable, ...]
    groups: tuple[str, ...]
    rests: dict[str, tuple[int, ...]]
    grid: ZoneGrid
    pieces: Shapes
    piece_zone: Integers
    tree: shapely.STRtree


@dataclass(frozen=True)
class Split:
    """Areas of plots in zones.

    Attributes
    ----------
    parts : DataFrame
        One row for each zone that a plot has land in: `plot` (label of the plot), `group`,
        `zone` (key, or "outside" for what is in no zone of the group), `area_m2`; by plot and
        in the order of the zones.
    problems : DataFrame
        Plots that aren't split as they are: `plot`, `problem` ("missing", "empty",
        "not_a_polygon", "not_finite": without area and not in `parts`; "repaired": invalid,
        made valid and split), `reason`.
    area_m2 : Series
        Area of each plot that is split, repaired ones as repaired.
    """

    parts: pd.DataFrame
    problems: pd.DataFrame
    area_m2: pd.Series


def index_zones(zones: gpd.GeoDataFrame, crs: str | CRS) -> ZoneIndex:
    """Make zones ready to split plots by.

    Parameters
    ----------
    zones
        Polygons in any system, indexed by key; a column `group` where there are several groups.
        Zones may overlap, within a group too.
    crs
        Projected system in metres in which the plots are measured.

    Raises
    ------
    ValueError
        There are no zones, one is empty, invalid or no polygon, keys come twice, or the system
        isn't a projected one in metres.
    """
    target = CRS.from_user_input(crs)
    if not target.is_projected or {axis.unit_name for axis in target.axis_info} != {"metre"}:
        msg = f"areas need a projected system in metres, found {target.to_string()}"
        raise ValueError(msg)
    if zones.crs is None or zones.empty:
        msg = "expected zones with a coordinate reference system"
        raise ValueError(msg)
    if not zones.index.is_unique or OUTSIDE in zones.index:
        msg = f"expected keys of zones that differ, none of them {OUTSIDE!r}"
        raise ValueError(msg)
    drawn = np.asarray(zones.geometry.array, dtype=object)
    if wrong := [key for key, shape in zip(zones.index, drawn, strict=True) if not _whole(shape)]:
        msg = f"expected zones that are valid polygons, found otherwise: {wrong}"
        raise ValueError(msg)
    shapes = np.asarray(zones.geometry.to_crs(target).array, dtype=object)
    # Rounding in another system can make lines cross that only touched.
    crossed = ~shapely.is_valid(shapes)
    shapes[crossed] = shapely.make_valid(shapes[crossed], method="structure", keep_collapsed=False)
    groups = tuple(str(group) for group in zones.get("group", pd.Series("zones", zones.index)))
    rests: dict[str, tuple[int, ...]] = {}
    unions: list[Any] = []
    for group in dict.fromkeys(groups):
        members = tuple(place for place, other in enumerate(groups) if other == group)
        if shapely.coverage_is_valid(shapes[list(members)]):
            rests[group] = members
        else:
            rests[group] = (len(shapes) + len(unions),)
            unions.append(shapely.union_all(shapes[list(members)]))
    everything = np.array([*shapes, *unions], dtype=object)
    pieces, owners = _cut(everything)
    tree = shapely.STRtree(pieces)
    tree.query(pieces[0])  # builds it, which two threads can't do at once
    return ZoneIndex(
        crs=target,
        keys=tuple(zones.index),
        groups=groups,
        rests=rests,
        grid=zone_grid(list(everything)),
        pieces=pieces,
        piece_zone=owners,
        tree=tree,
    )


def split(plots: gpd.GeoSeries, index: ZoneIndex, *, threads: int | None = None) -> Split:
    """Split plots by zones.

    Parameters
    ----------
    plots
        Geometries in the system of the index, labels that differ.
    index
        From :func:`index_zones`.
    threads
        As many as the machine has cores where None. The result doesn't depend on it.

    Raises
    ------
    ValueError
        The plots are in another system, or a label comes twice.
    """
    if plots.crs is None or CRS.from_user_input(plots.crs) != index.crs:
        msg = f"expected plots in {index.crs.to_string()}, found {plots.crs}"
        raise ValueError(msg)
    if not plots.index.is_unique:
        msg = f"expected one plot a label, found more: {plots.index[plots.index.duplicated()][0]}"
        raise ValueError(msg)
    shapes = np.asarray(plots.array, dtype=object)
    workers = threads or os.cpu_count() or 1
    chunks = np.array_split(np.arange(len(shapes)), workers)
    with ThreadPoolExecutor(workers) as pool:
        problems = pd.concat(list(pool.map(lambda part: _problems(shapes[part], part), chunks)))
        repaired = problems.loc[problems["problem"] == "repaired", "plot"].to_numpy()
        if len(repaired):
            shapes = shapes.copy()
            shapes[repaired] = shapely.make_valid(
                shapes[repaired], method="structure", keep_collapsed=False
            )
        left_out = problems.loc[problems["problem"] != "repaired", "plot"].to_numpy()
        kept = np.setdiff1d(np.arange(len(shapes)), left_out, assume_unique=True)
        chunks = np.array_split(kept, workers)
        measured, far, near = zip(
            *pool.map(lambda part: _far(shapes, part, index), chunks), strict=True
        )
        sizes = np.full((2, len(shapes)), np.nan)
        sizes[:, kept] = np.concatenate(measured, axis=1)
        bits, owner = _bits(shapes, np.concatenate(near))
        cut = [
            (owner[bit], zone, land)
            for bit, zone, land in pool.map(
                lambda pairs: _near(bits, pairs, index), _pairs(bits, index, workers)
            )
        ]
    parts = _with_rests(far, cut, sizes, kept, index)
    problems["plot"] = plots.index[problems["plot"]]
    parts["plot"] = plots.index[parts["plot"]]
    return Split(
        parts=parts,
        problems=problems.reset_index(drop=True),
        area_m2=pd.Series(sizes[0, kept], index=plots.index[kept], name="area_m2"),
    )


def _whole(shape: Any) -> bool:  # noqa: ANN401 (whatever a column of geometry holds)
    return (
        shapely.get_type_id(shape) in {POLYGON, MULTIPOLYGON}
        and not shapely.is_empty(shape)
        and bool(shapely.is_valid(shape))
    )


def _cut(zones: Shapes) -> tuple[Shapes, Integers]:
    """Halve zones until every piece has few vertices."""
    pieces: list[Any] = []
    owners: list[int] = []
    waiting = [(shape, zone) for zone, shape in enumerate(zones)]
    while waiting:
        shape, zone = waiting.pop()
        if shapely.is_empty(shape):
            continue
        west, south, east, north = shapely.bounds(shape)
        small = max(east - west, north - south) < SMALLEST_PIECE_M
        if small or shapely.get_num_coordinates(shape) <= PIECE_VERTICES:
            pieces.append(shape)
            owners.append(zone)
            continue
        x, y = (west + east) / 2, (south + north) / 2
        halves = (
            [(west, south, x, north), (x, south, east, north)]
            if east - west > north - south
            else [(west, south, east, y), (west, y, east, north)]
        )
        waiting += [(part, zone) for part in _clipped(shape, halves)]
    return np.array(pieces, dtype=object), np.array(owners, dtype=np.int64)


def _clipped(shape: Any, boxes: Sequence[tuple[float, float, float, float]]) -> list[Any]:  # noqa: ANN401
    """Cut a polygon along boxes that cover it."""
    parts = [_polygons(shapely.clip_by_rect(shape, *corners)) for corners in boxes]
    whole = shapely.area(shape)
    # Clipping is quick and promises nothing.
    if not shapely.is_valid(parts).all() or abs(shapely.area(parts).sum() - whole) > whole * 1e-9:
        parts = [_polygons(shapely.intersection(shape, shapely.box(*box))) for box in boxes]
    return parts


def _polygons(shape: Any) -> Any:  # noqa: ANN401
    """Leave out points and lines where a cut only touched."""
    if shapely.get_type_id(shape) in {POLYGON, MULTIPOLYGON}:
        return shape
    parts = shapely.get_parts(shape)
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == POLYGON])


def _problems(shapes: Shapes, places: Integers) -> pd.DataFrame:
    kind = shapely.get_type_id(shapes)
    empty = shapely.is_empty(shapes)
    missing = kind < 0
    polygon = (kind == POLYGON) | (kind == MULTIPOLYGON)
    finite = np.isfinite(shapely.bounds(shapes)).all(axis=1)
    valid = shapely.is_valid(shapes)
    problem = np.select(
        [missing, empty, ~polygon, ~finite, ~valid],
        ["missing", "empty", "not_a_polygon", "not_finite", "repaired"],
        default="",
    )
    found = np.flatnonzero(problem != "")
    reasons = [
        shapely.is_valid_reason(shapes[place]) if problem[place] == "repaired" else ""
        for place in found
    ]
    return pd.DataFrame({"plot": places[found], "problem": problem[found], "reason": reasons})


def _far(shapes: Shapes, places: Integers, index: ZoneIndex) -> tuple[Floats, Piecewise, Integers]:
    """Measure plots, and give the zones of those that are clear of zone lines.

    Returns
    -------
    tuple
        (2, n) area and the least area that a part of the plot is known to have; zones of the
        clear plots; places of the others.
    """
    chosen = shapes[places]
    area, bounds = shapely.area(chosen), shapely.bounds(chosen)
    clear, number, zone = index.grid.look_up(bounds)
    around = bounds[:, 2] - bounds[:, 0] + bounds[:, 3] - bounds[:, 1]
    least = around * np.spacing(np.abs(bounds).max(axis=1, initial=0)) * ROUNDING_ULPS
    return np.array([area, least]), (places[number], zone, area[number]), places[~clear]


def _bits(shapes: Shapes, near: Integers) -> tuple[Shapes, Integers]:
    """Give the plots to cut, those of many vertices in bits, and the place of each bit's plot."""
    many = shapely.get_num_coordinates(shapes[near]) > PLOT_VERTICES
    if not many.any():
        return shapes[near], near
    bits, owner = _cut(shapes[near[many]])
    return (
        np.concatenate([shapes[near[~many]], bits]),
        np.concatenate([near[~many], near[many][owner]]),
    )


def _pairs(bits: Shapes, index: ZoneIndex, workers: int) -> list[tuple[Integers, Integers]]:
    """Pair bits with the pieces of zones by them; no piece is in two of the lists."""
    bit, piece = index.tree.query(bits)
    if not len(piece):
        return []
    order = np.argsort(piece, kind="stable")
    bit, piece = bit[order], piece[order]
    steps = np.searchsorted(piece, piece[np.arange(1, workers) * len(piece) // workers])
    return list(zip(np.split(bit, steps), np.split(piece, steps), strict=True))


def _near(bits: Shapes, pairs: tuple[Integers, Integers], index: ZoneIndex) -> Piecewise:
    """Cut plots that may touch a zone line by the pieces by them."""
    bit, piece = pairs
    used, place = np.unique(piece, return_inverse=True)
    # Prepared geometry must not be shared by threads: these are copies.
    pieces = shapely.from_wkb(shapely.to_wkb(index.pieces[used]))
    shapely.prepare(pieces)
    around, plots = pieces[place], bits[bit]
    land = np.zeros(len(bit))
    within = shapely.covers(around, plots)
    land[within] = shapely.area(plots[within])
    rest = np.flatnonzero(~within)
    rest = rest[shapely.intersects(around[rest], plots[rest])]
    land[rest] = shapely.area(shapely.intersection(around[rest], plots[rest]))
    return bit, index.piece_zone[piece], land


def _with_rests(
    far: Sequence[Piecewise],
    near: Sequence[Piecewise],
    sizes: Floats,
    kept: Integers,
    index: ZoneIndex,
) -> pd.DataFrame:
    """Add up the pieces of plots that were cut, and what is outside of each group.

    Less than rounding can make is no part: a plot that only touches a zone isn't in it.
    """
    area, least = sizes
    found = [_joined(far), *([_summed(near)] if near else [])]
    zones = len(index.keys)
    rests: list[Piecewise] = []
    for number, rest in enumerate(index.rests.values()):
        covered = np.zeros(len(area))
        for plot, zone, land in found:
            counted = np.isin(zone, rest)
            covered += np.bincount(plot[counted], land[counted], minlength=len(area))
        outside = area - covered
        over = kept[outside[kept] > least[kept]]
        rests.append((over, np.full(len(over), zones + number), outside[over]))
    # The unions of overlapping zones have done their part: their places are those of the rests.
    plot, zone, land = _joined([*map(_in_zones(zones, least), found), *rests])
    order = np.argsort(plot * (zones + len(index.rests)) + zone, kind="stable")
    groups = list(index.rests)
    group = [*(groups.index(group) for group in index.groups), *range(len(groups))]
    key = [*range(zones), *([zones] * len(groups))]
    labels: pd.Index[Any] = pd.Index([*index.keys, OUTSIDE], dtype=object)
    return pd.DataFrame(
        {
            "plot": plot[order],
            "group": pd.Categorical.from_codes(
                np.array(group, dtype=np.int64)[zone[order]], pd.Index(groups)
            ),
            "zone": pd.Categorical.from_codes(np.array(key, dtype=np.int64)[zone[order]], labels),
            "area_m2": land[order],
        }
    )


def _in_zones(zones: int, least: Floats) -> Callable[[Piecewise], Piecewise]:
    def chosen(part: Piecewise) -> Piecewise:
        plot, zone, land = part
        kept = (zone < zones) & (land > least[plot])
        return plot[kept], zone[kept], land[kept]

    return chosen


def _joined(parts: Sequence[Piecewise]) -> Piecewise:
    plot, zone, land = (np.concatenate(field) for field in zip(*parts, strict=True))
    return plot, zone, land


def _summed(parts: Sequence[Piecewise]) -> Piecewise:
    """Add up by plot and zone, smallest first, so that the order of pieces doesn't matter."""
    plot, zone, land = _joined(parts)
    order = np.lexsort((land, zone, plot))
    plot, zone, land = plot[order], zone[order], land[order]
    first = np.flatnonzero((np.diff(plot, prepend=-1) != 0) | (np.diff(zone, prepend=-1) != 0))
    return plot[first], zone[first], np.add.reduceat(land, first)
