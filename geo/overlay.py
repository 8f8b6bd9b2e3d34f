"""Areas of plots in zones: exact, whatever the order, the chunks and the number of threads.

Every plot is split by every zone that it touches, and what is in no zone of a group is
"outside". Most plots are far from any zone line: a grid over the zones tells so from their
bounds, and which zone they are in. The others are cut, not by a whole zone but by the piece of
it that is near them. Nothing is approximated: a plot that isn't cut is in the zone with all of
its area, and one that is cut has the area of the intersection, both in float64.

Measured in the projected system of the plots: the zones are few and are brought to it.
"""

from __future__ import annotations

import math
import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo._outlines import Outlines, least_land, outlines
from geo._pieces import MULTIPOLYGON, POLYGON, cut
from geo._zone_grid import ZoneGrid, zone_grid

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    import geopandas as gpd

    from geo._pieces import Shapes
    from geo._zone_grid import Floats, Integers

    # Positions of plots and of zones, and the area in m2 of the one in the other.
    Piecewise = tuple[Integers, Integers, Floats]

OUTSIDE = "outside"
# Plots of more vertices are cut up as well, or each of many pieces would go through all of them.
PLOT_VERTICES = 2_000
# Plots that are worked on at a time: their arrays stay in the processor's cache.
BLOCK_PLOTS = 50_000


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
    shapes
        The zones in that system, and behind them the unions.
    """

    crs: CRS
    keys: tuple[Hashable, ...]
    groups: tuple[str, ...]
    rests: dict[str, tuple[int, ...]]
    shapes: Shapes
    grid: ZoneGrid
    pieces: Shapes
    piece_zone: Integers
    tree: shapely.STRtree
    spare: deque[Shapes]


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
        "not_a_polygon", "not_finite", "no_area", "too_large": not in `parts`; "repaired":
        invalid, made valid and split), `reason`.
    area_m2 : Series
        Area of each plot that is split, repaired ones as repaired.
    """

    parts: pd.DataFrame
    problems: pd.DataFrame
    area_m2: pd.Series


class SplitBlock(NamedTuple):
    """Parts of plots in plain arrays, by plot and in the order of the zones.

    Attributes
    ----------
    plot
        Its position.
    zone
        Position of the zone, of what is outside those after the zones, one a group.
    land
        m2.
    """

    plot: Integers
    zone: Integers
    land: Floats


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
    shapes = drawn
    if zones.crs != target:
        shapes = np.asarray(zones.geometry.to_crs(target).array, dtype=object)
        # Rounding in another system can make lines cross that only touched.
        crossed = ~shapely.is_valid(shapes)
        shapes[crossed] = shapely.make_valid(
            shapes[crossed], method="structure", keep_collapsed=False
        )
    groups = tuple(str(group) for group in zones.get("group", pd.Series("zones", zones.index)))
    with ThreadPoolExecutor(1) as pool:  # each takes about as long
        cutting = pool.submit(cut, shapes)
        rests, unions = _rests(shapes, groups)
        pieces, owners = cutting.result()
    everything = np.concatenate([shapes, unions])
    if len(unions):
        more, of = cut(unions)
        pieces, owners = np.concatenate([pieces, more]), np.concatenate([owners, of + len(shapes)])
    tree = shapely.STRtree(pieces)
    tree.query(pieces[0])  # builds it, which two threads can't do at once
    shapely.prepare(pieces)
    return ZoneIndex(
        crs=target,
        keys=tuple(zones.index),
        groups=groups,
        rests=rests,
        shapes=everything,
        grid=zone_grid(list(everything)),
        pieces=pieces,
        piece_zone=owners,
        tree=tree,
        spare=deque([pieces]),
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
    rows = min(BLOCK_PLOTS, math.ceil(len(shapes) / workers) or 1)
    firsts = range(0, len(shapes) or 1, rows)

    def work(first: int) -> tuple[int, Outlines, SplitBlock]:
        some = outlines(shapes[first : first + rows])
        return first, some, split_block(some, index)

    with ThreadPoolExecutor(workers) as pool:
        return _labelled(list(pool.map(work, firsts)), plots.index, index)


def split_block(plots: Outlines, index: ZoneIndex) -> SplitBlock:
    """Split some plots, as :func:`split` does, to plain arrays.

    Parameters
    ----------
    plots
        In the system of the index.
    index
        From :func:`index_zones`; may be used by several threads at once.
    """
    west, south, east, north = plots.bounds
    clear, plot, zone = index.grid.look_up(west, south, east, north)
    far = (plot, zone, plots.area[plot])
    near = _near(plots, np.flatnonzero(~clear & ~np.isnan(plots.area)), index)
    least = least_land(plots.bounds)
    return SplitBlock(*_with_rests([far, near], plots.area, least, index))


def _rests(shapes: Shapes, groups: Sequence[str]) -> tuple[dict[str, tuple[int, ...]], Shapes]:
    """Give what "outside" of each group is the rest of, and the unions of those that overlap."""
    rests: dict[str, tuple[int, ...]] = {}
    unions: list[Any] = []
    for group in dict.fromkeys(groups):
        members = tuple(place for place, other in enumerate(groups) if other == group)
        if not shapely.coverage_is_valid(shapes[list(members)]):
            unions.append(shapely.union_all(shapes[list(members)]))
            members = (len(shapes) + len(unions) - 1,)
        rests[group] = members
    return rests, np.array(unions, dtype=object)


def _whole(shape: Any) -> bool:  # noqa: ANN401 (whatever a column of geometry holds)
    return (
        shapely.get_type_id(shape) in {POLYGON, MULTIPOLYGON}
        and not shapely.is_empty(shape)
        and bool(shapely.is_valid(shape))
    )


def _bits(shapes: Shapes) -> tuple[Shapes, Integers]:
    """Cut plots of many vertices in bits, and give the place of each bit's plot."""
    many = shapely.get_num_coordinates(shapes) > PLOT_VERTICES
    places = np.arange(len(shapes))
    if not many.any():
        return shapes, places
    bits, owner = cut(shapes[many])
    return (
        np.concatenate([shapes[~many], bits]),
        np.concatenate([places[~many], places[many][owner]]),
    )


def _near(plots: Outlines, near: Integers, index: ZoneIndex) -> Piecewise:
    """Cut plots that may touch a zone line by the pieces by them."""
    bits, owner = _bits(plots.drawn(near))
    bit, piece = index.tree.query(bits)
    drawn, land = bits[bit], np.zeros(len(bit))
    with _prepared(index) as pieces:
        around = pieces[piece]
        within = shapely.covers(around, drawn)
        land[within] = shapely.area(drawn[within])
        rest = np.flatnonzero(~within)
        rest = rest[shapely.intersects(around[rest], drawn[rest])]
        land[rest] = shapely.area(shapely.intersection(around[rest], drawn[rest]))
    return _summed(near[owner[bit]], index.piece_zone[piece], land)


@contextmanager
def _prepared(index: ZoneIndex) -> Iterator[Shapes]:
    """Lend prepared pieces, which two threads must not use at once, or make a copy."""
    try:
        pieces = index.spare.pop()
    except IndexError:
        pieces = shapely.from_wkb(shapely.to_wkb(index.pieces))
        shapely.prepare(pieces)
    yield pieces
    index.spare.append(pieces)


def _with_rests(
    found: Sequence[Piecewise], area: Floats, least: Floats, index: ZoneIndex
) -> Piecewise:
    """Add what is outside of each group; all by plot and in the order of zones.

    Less than rounding can make is no part: a plot that only touches a zone isn't in it.
    """
    zones = len(index.keys)
    places = zones + len(index.rests)
    rests: list[Piecewise] = []
    for number, rest in enumerate(index.rests.values()):
        counted = np.isin(np.arange(places + zones), rest)
        outside = area.copy()
        for plot, zone, land in found:
            inside = counted[zone]
            outside -= np.bincount(plot[inside], land[inside], minlength=len(area))
        over = np.flatnonzero(outside > least)
        rests.append((over, np.full(len(over), zones + number), outside[over]))
    # The unions of overlapping zones have done their part: their places are those of the rests.
    plot, zone, land = _joined([*map(_in_zones(zones, least), found), *rests])
    order = np.argsort(plot * places + zone, kind="stable")
    return plot[order], zone[order], land[order]


def _in_zones(zones: int, least: Floats) -> Callable[[Piecewise], Piecewise]:
    def chosen(part: Piecewise) -> Piecewise:
        plot, zone, land = part
        kept = (zone < zones) & (land > least[plot])
        return plot[kept], zone[kept], land[kept]

    return chosen


def _joined(parts: Sequence[Piecewise]) -> Piecewise:
    plot, zone, land = (np.concatenate(field) for field in zip(*parts, strict=True))
    return plot, zone, land


def _summed(plot: Integers, zone: Integers, land: Floats) -> Piecewise:
    """Add up by plot and zone, smallest first, so that the order of pieces doesn't matter."""
    order = np.lexsort((land, zone, plot))
    plot, zone, land = plot[order], zone[order], land[order]
    first = np.flatnonzero((np.diff(plot, prepend=-1) != 0) | (np.diff(zone, prepend=-1) != 0))
    return plot[first], zone[first], np.add.reduceat(land, first) if len(first) else land


def _labelled(
    blocks: Sequence[tuple[int, Outlines, SplitBlock]], labels: pd.Index[Any], index: ZoneIndex
) -> Split:
    groups = list(index.rests)
    group = [*(groups.index(group) for group in index.groups), *range(len(groups))]
    key = [*range(len(index.keys)), *([len(index.keys)] * len(groups))]
    zone = np.concatenate([parts.zone for _, _, parts in blocks])
    parts = pd.DataFrame(
        {
            "plot": labels.take(np.concatenate([parts.plot + first for first, _, parts in blocks])),
            "group": pd.Categorical.from_codes(np.array(group)[zone], pd.Index(groups)),
            "zone": pd.Categorical.from_codes(
                np.array(key)[zone], pd.Index([*index.keys, OUTSIDE], dtype=object)
            ),
            "area_m2": np.concatenate([parts.land for _, _, parts in blocks]),
        },
        copy=False,
    )
    problems = pd.DataFrame(
        {
            "plot": labels.take(np.concatenate([plots.odd + first for first, plots, _ in blocks])),
            "problem": np.concatenate([plots.problem for _, plots, _ in blocks]),
            "reason": np.concatenate([plots.reason for _, plots, _ in blocks]),
        }
    )
    area = np.concatenate([plots.area for _, plots, _ in blocks])
    measured = pd.Series(area, index=labels, name="area_m2").dropna()
    return Split(parts=parts, problems=problems, area_m2=measured)
