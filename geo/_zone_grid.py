"""A grid over zones that tells, from the bounds of a plot alone, whether a zone line is near.

A cell is marked where any line of any zone touches it. Marks are summed over both axes, so the
number of marked cells under a box is four look-ups, whatever the size of the box. A box without
marks lies wholly in or wholly out of each zone, as any of its cells does; only plots over a
mark need geometry.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

Floats: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]

# Finer grids find fewer plots near a line and cost more themselves. For ten thousand plots fewer
# would do, for some millions more would be slightly better.
CELLS = 300_000
# A line is taken to touch the cells within this part of a cell's side, which is more than
# rounding can move it.
MARGIN = 1e-6


@dataclass(frozen=True)
class ZoneGrid:
    """Cells over the zones, with a ring of empty ones around them.

    Attributes
    ----------
    west, south, side
        Corner and side of the square cells, in units of the zones' system.
    marks
        Number of marked cells below and left of each corner; (rows + 1, columns + 1).
    kinds
        For each cell the number of the set of zones that its centre is in; (rows, columns).
    members, begins
        Zones of all sets, and where each set begins and the last one ends.
    """

    west: float
    south: float
    side: float
    marks: npt.NDArray[np.int32]
    kinds: npt.NDArray[np.int32]
    members: Integers
    begins: Integers

    def columns(self, x: Floats) -> Integers:
        """Column of each abscissa; the first or last one beyond the grid."""
        return _clipped((x - self.west) / self.side, self.kinds.shape[1])

    def rows(self, y: Floats) -> Integers:
        """Row of each ordinate; the first or last one beyond the grid."""
        return _clipped((y - self.south) / self.side, self.kinds.shape[0])

    def look_up(
        self, west: Floats, south: Floats, east: Floats, north: Floats
    ) -> tuple[Flags, Integers, Integers]:
        """Tell which boxes are clear of lines, and which zones they are in if they are.

        Parameters
        ----------
        west, south, east, north
            (n,) each: sides of the boxes; finite.

        Returns
        -------
        tuple
            (n,) whether no line is in the box; of the boxes that are clear their positions and
            the zones that they are in, one pair a zone.
        """
        left, right = self.columns(west), self.columns(east) + 1
        bottom, top = self.rows(south), self.rows(north) + 1
        across = self.marks.shape[1]
        lower, upper = bottom * across, top * across
        marked = self.marks.take(upper + right)  # of a flat array, which is quicker
        marked -= self.marks.take(lower + right)
        marked -= self.marks.take(upper + left)
        marked += self.marks.take(lower + left)
        clear = marked == 0
        kind = self.kinds.take(bottom * self.kinds.shape[1] + left)
        box, number = _runs(np.diff(self.begins)[kind] * clear)
        return clear, box, self.members[self.begins[kind[box]] + number]


def zone_grid(zones: Sequence[BaseGeometry], *, cells: int = CELLS) -> ZoneGrid:
    """Lay a grid over zones.

    Parameters
    ----------
    zones
        Valid polygons, not all empty; they may overlap.
    cells
        About how many cells.
    """
    west, south, east, north = shapely.total_bounds(zones)
    width, height = east - west, north - south
    side = max(
        math.sqrt(width * height / cells),
        max(width, height) / cells,  # or a long and narrow zone would have far more of them
        math.ulp(max(abs(west), abs(south), abs(east), abs(north))) * 2**20,
    )
    shape = (math.ceil(height / side) + 2, math.ceil(width / side) + 2)
    marked = np.zeros(shape, dtype=np.bool_)
    kinds = np.zeros(shape, dtype=np.int32)
    sets: list[tuple[int, ...]] = [()]
    for number, zone in enumerate(zones):
        # In units of cells, with the ring around them.
        starts, ends = ((ends - (west, south)) / side + 1 for ends in _segments(zone))
        if not len(starts):
            continue
        _mark(marked, starts, ends)
        _enter(kinds, sets, number, starts, ends)
    marks = np.zeros((shape[0] + 1, shape[1] + 1), dtype=np.int32)
    np.cumsum(np.cumsum(marked, axis=0, dtype=np.int32), axis=1, out=marks[1:, 1:])
    members = np.array([zone for members in sets for zone in members], dtype=np.int64)
    begins = np.cumsum([0, *map(len, sets)])
    return ZoneGrid(float(west - side), float(south - side), side, marks, kinds, members, begins)


def _enter(
    kinds: npt.NDArray[np.int32],
    sets: list[tuple[int, ...]],
    zone: int,
    starts: Floats,
    ends: Floats,
) -> None:
    """Add a zone to the sets of the cells whose centre is in it."""
    corner = np.floor(starts.min(axis=0)).astype(np.int64)
    size = np.floor(starts.max(axis=0)).astype(np.int64) - corner + 2
    inside = np.zeros((size[1], size[0]), dtype=np.bool_)
    _fill(inside, starts - corner, ends - corner)
    window = kinds[corner[1] : corner[1] + size[1], corner[0] : corner[0] + size[0]]
    inside = inside[: window.shape[0], : window.shape[1]]
    renamed = np.arange(len(sets), dtype=np.int32)
    for kind in np.flatnonzero(np.bincount(window[inside])):
        renamed[kind] = len(sets)
        sets.append((*sets[kind], zone))
    window[inside] = renamed[window[inside]]


def _clipped(cells: Floats, count: int) -> Integers:
    return np.clip(cells, 0, count - 1).astype(np.int64)


def _segments(zone: BaseGeometry) -> tuple[Floats, Floats]:
    """Give both ends of every segment of the lines around a zone."""
    coordinates, line = shapely.get_coordinates(
        shapely.get_parts(shapely.boundary(zone)), return_index=True
    )
    together = line[1:] == line[:-1]
    return coordinates[:-1][together], coordinates[1:][together]


def _runs(counts: Integers) -> tuple[Integers, Integers]:
    """Repeat each position `counts` times, and number the repetitions from 0."""
    owner = np.repeat(np.arange(len(counts)), counts)
    return owner, np.arange(len(owner)) - (np.cumsum(counts) - counts)[owner]


def _mark(marked: Flags, starts: Floats, ends: Floats) -> None:
    """Mark the cells that segments touch; both ends are in units of cells."""
    # Pieces of half a cell at most are in no more than two columns and two rows.
    counts = np.maximum(np.ceil(np.abs(ends - starts).max(axis=1) * 2), 1).astype(np.int64)
    owner, number = _runs(counts)
    step = ((ends - starts) / counts[:, np.newaxis])[owner]
    begin = starts[owner] + step * number[:, np.newaxis]
    low = np.floor(np.minimum(begin, begin + step) - MARGIN).astype(np.int64)
    high = np.floor(np.maximum(begin, begin + step) + MARGIN).astype(np.int64)
    for x, y in ((low, low), (low, high), (high, low), (high, high)):
        marked[y[:, 1], x[:, 0]] = True


def _fill(inside: Flags, starts: Floats, ends: Floats) -> None:
    """Tell which cell centres lie inside, by the parity of the lines left of them."""
    # Rows of centres that a segment crosses, each end counted once.
    first = np.ceil(np.minimum(starts[:, 1], ends[:, 1]) - 0.5).astype(np.int64)
    beyond = np.ceil(np.maximum(starts[:, 1], ends[:, 1]) - 0.5).astype(np.int64)
    owner, number = _runs(beyond - first)
    row = first[owner] + number
    start, end = starts[owner], ends[owner]
    slope = (end[:, 0] - start[:, 0]) / (end[:, 1] - start[:, 1])
    x = start[:, 0] + (row + 0.5 - start[:, 1]) * slope
    crossings = np.zeros(inside.shape, dtype=np.uint8)
    np.bitwise_xor.at(crossings, (row, np.ceil(x - 0.5).astype(np.int64)), 1)
    inside[:] = np.bitwise_xor.accumulate(crossings, axis=1)
