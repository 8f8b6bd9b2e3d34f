"""Plain outlines measured as they stand in a file, without being made into geometry.

Most plots are one ring of few corners. Whether such a ring is sound can mostly be told from its
corners alone: where every edge, seen from a point amid them, turns the same way, and all of them
together turn once, no two edges meet but neighbours at their corner. The turn of an edge is the
sign of a determinant, which is certain where it is larger than its rounding (Shewchuk, Adaptive
Precision Floating-Point Arithmetic, 1997, ccwerrboundA). What isn't certain is left to GEOS.

Areas are added up as GEOS does, in the same order, so that they agree to the last digit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from data.wkb_column import WkbColumn
    from geo._zone_grid import Flags, Floats, Integers

# Byte order, type, number of rings and number of points before the corners of a polygon.
HEAD_BYTES, POINT_BYTES = 13, 16
LITTLE_ENDIAN, POLYGON = 1, 3
# Rings with as many corners are worked on together; fewer aren't worth it.
LEAST_ROWS = 50
ROUNDING = (3 + 16 * 2.0**-53) * 2.0**-53
UNDERFLOW = 1e-300


def measure_rings(column: WkbColumn) -> tuple[Flags, Floats, Floats]:
    """Measure the polygons that are certain to be sound.

    Returns
    -------
    tuple
        (n,) whether it is one; (4, n) west, south, east, north and (n,) area of those, NaN of
        the others.
    """
    sure = np.zeros(len(column.begins), dtype=np.bool_)
    bounds = np.full((4, len(sure)), np.nan)
    area = np.full(len(sure), np.nan)
    rows, points = _plain(column)
    for count in np.flatnonzero(np.bincount(points) >= LEAST_ROWS):
        chosen = rows[points == count]
        corners = column.numbers(chosen, HEAD_BYTES, 2 * int(count))
        x, y = corners[::2], corners[1::2]
        with np.errstate(all="ignore"):  # what isn't finite isn't certain
            sound = _turns_once(x, y)
            area[chosen] = _area(x, y)
        sure[chosen] = sound
        bounds[:, chosen] = [
            np.minimum.reduce(x), np.minimum.reduce(y), np.maximum.reduce(x), np.maximum.reduce(y),
        ]  # fmt: skip
    bounds[:, ~sure] = np.nan
    area[~sure] = np.nan
    return sure, bounds, area


def _plain(column: WkbColumn) -> tuple[Integers, Integers]:
    """Give the rows that are polygons of one ring in two dimensions, and their points."""
    rows = np.flatnonzero(column.sizes > HEAD_BYTES)
    order, kind = column.bytes(rows, 0), column.whole_numbers(rows, 1)
    rings, points = column.whole_numbers(rows, 5), column.whole_numbers(rows, 9)
    plain = (order == LITTLE_ENDIAN) & (kind == POLYGON) & (rings == 1)
    plain &= column.sizes[rows] == HEAD_BYTES + POINT_BYTES * points
    return rows[plain], points[plain]


def _turns_once(x: Floats, y: Floats) -> Flags:
    """Tell whether closed rings surely turn once, and always the same way, about a point.

    Parameters
    ----------
    x, y
        (points, rings)
    """
    corners = len(x) - 1
    # Any point will do; for a ring without dents this one is inside.
    middle_x, middle_y = x[:-1].sum(axis=0) / corners, y[:-1].sum(axis=0) / corners
    right, up = x - middle_x, y - middle_y
    one, other = right[:-1] * up[1:], right[1:] * up[:-1]
    turn = one - other
    doubt = (np.abs(one) + np.abs(other)) * ROUNDING + UNDERFLOW
    same = (turn > doubt).all(axis=0) | (turn < -doubt).all(axis=0)
    below = y < middle_y
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
