"""Plain outlines checked and measured by their corners, many of them at a time.

Most plots are one ring of few corners. Whether such a ring is sound can mostly be told from its
corners alone: where every edge, seen from a point amid them, turns the same way, and all of them
together turn once, no two edges meet but neighbours at their corner. The turn of an edge is the
sign of a determinant, which is certain where it is larger than its rounding (Shewchuk, Adaptive
Precision Floating-Point Arithmetic, 1997, ccwerrboundA). What isn't certain is left to GEOS.

Areas are added up as GEOS does, in the same order, so that they agree to the last digit.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable

    from data.wkb_column import WkbColumn
    from geo._pieces import Shapes
    from geo._zone_grid import Flags, Floats, Integers

    # Abscissas and ordinates of so many rings from one on; (points, rings) each.
    Corners = Callable[[int, int], tuple[Floats, Floats]]

# Byte order, type, number of rings and number of points before the corners of a polygon.
HEAD_BYTES, POINT_BYTES = 13, 16
LITTLE_ENDIAN, POLYGON = 1, 3
# Rings of as many points are worked on together: fewer aren't worth it, the arrays of more don't
# stay in the processor's cache.
LEAST_ROWS, MOST_ROWS = 50, 5_000
ROUNDING = (3 + 16 * 2.0**-53) * 2.0**-53
UNDERFLOW = 1e-300
# GEOS takes no longer for rings of more.
MOST_POINTS = 16


def measure_rings(shapes: Shapes) -> tuple[Flags, Floats, Floats]:
    """Measure the polygons that are certain to be sound.

    Returns
    -------
    tuple
        (n,) whether it is one; (4, n) west, south, east, north and (n,) area of those, NaN of
        the others.
    """
    points = shapely.get_num_coordinates(shapes).astype(np.int64)
    few = (points > 0) & (points <= MOST_POINTS) & (shapely.get_type_id(shapes) == POLYGON)
    rows = np.flatnonzero(few)
    rows, points = _by_points(rows, points[rows])
    # Holes come after the ring. One that begins elsewhere leaves the whole open, and one that
    # begins where the ring does makes an edge that doesn't turn: neither is certain.
    coordinates = shapely.get_coordinates(shapes[rows])
    begins = np.cumsum(points) - points

    def corners(first: int, beyond: int) -> tuple[Floats, Floats]:
        count, begin = points[first], begins[first]
        found = coordinates[begin : begin + (beyond - first) * count].reshape(-1, count, 2)
        x, y = found.transpose(2, 1, 0).copy()
        return x, y

    return _measured(len(shapes), rows, points, corners)


def measure_packed_rings(column: WkbColumn) -> tuple[Flags, Floats, Floats]:
    """Measure polygons as they stand in a file, as :func:`measure_rings` does."""
    rows, points = _by_points(*_plain(column))

    def corners(first: int, beyond: int) -> tuple[Floats, Floats]:
        found = column.numbers(rows[first:beyond], HEAD_BYTES, 2 * points[first])
        return found[::2], found[1::2]

    return _measured(len(column.begins), rows, points, corners)


def _by_points(rows: Integers, points: Integers) -> tuple[Integers, Integers]:
    """Order rows by the number of points."""
    order = np.argsort(points, kind="stable")
    return rows[order], points[order]


def _measured(
    count: int, rows: Integers, points: Integers, corners: Corners
) -> tuple[Flags, Floats, Floats]:
    """Measure rows that are ordered by the number of points."""
    sure = np.zeros(count, dtype=np.bool_)
    bounds = np.full((4, count), np.nan)
    area = np.full(count, np.nan)
    ends = np.flatnonzero(np.diff(points, append=-1)) + 1
    for begin, end in pairwise([0, *ends.tolist()]):
        if end - begin < LEAST_ROWS:
            continue
        for first in range(begin, end, MOST_ROWS):
            beyond = min(first + MOST_ROWS, end)
            some = rows[first:beyond]
            x, y = corners(first, beyond)
            with np.errstate(all="ignore"):  # what isn't finite isn't certain
                around = np.stack([x.min(axis=0), y.min(axis=0), x.max(axis=0), y.max(axis=0)])
                sound = _turns_once(x, y, around)
                sure[some] = sound
                bounds[:, some] = np.where(sound, around, np.nan)
                area[some] = np.where(sound, _area(x, y), np.nan)
    return sure, bounds, area


def _plain(column: WkbColumn) -> tuple[Integers, Integers]:
    """Give the rows that are polygons of one ring in two dimensions, and their points."""
    rows = np.flatnonzero(column.sizes > HEAD_BYTES)
    order, kind = column.bytes(rows, 0), column.whole_numbers(rows, 1)
    rings, points = column.whole_numbers(rows, 5), column.whole_numbers(rows, 9)
    plain = (order == LITTLE_ENDIAN) & (kind == POLYGON) & (rings == 1)
    plain &= column.sizes[rows] == HEAD_BYTES + POINT_BYTES * points
    return rows[plain], points[plain]


def _turns_once(x: Floats, y: Floats, bounds: Floats) -> Flags:
    """Tell whether closed rings surely turn once, and always the same way, about a point.

    Parameters
    ----------
    x, y
        (points, rings)
    bounds
        (4, rings)
    """
    corners = len(x) - 1
    # Any point will do; for a ring without dents this one is inside.
    middle_x, middle_y = x[:-1].sum(axis=0) / corners, y[:-1].sum(axis=0) / corners
    right, up = x - middle_x, y - middle_y
    turn = right[:-1] * up[1:]
    turn -= right[1:] * up[:-1]
    # Both products are no larger than this one, whose own rounding the factor is for.
    west, south, east, north = bounds
    farthest = np.maximum(east - middle_x, middle_x - west)
    farthest *= np.maximum(north - middle_y, middle_y - south)
    doubt = farthest * (2.001 * ROUNDING) + UNDERFLOW
    same = (turn.min(axis=0) > doubt) | (turn.max(axis=0) < -doubt)
    below = up < 0
    rounds = (below[:-1] & ~below[1:]).sum(axis=0)
    closed = (x[0] == x[-1]) & (y[0] == y[-1])
    once: Flags = same & closed & (rounds == 1)
    return once


def _area(x: Floats, y: Floats) -> Floats:
    """Give the areas as `geos::algorithm::Area::ofRing` works them out."""
    twice = np.zeros(x.shape[1])
    for place in range(1, len(x) - 1):
        twice += (x[place] - x[0]) * (y[place - 1] - y[place + 1])
    return np.abs(twice / 2)
