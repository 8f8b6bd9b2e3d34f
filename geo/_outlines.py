"""Plots checked, repaired where they can be, and measured, before they are split."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from data.plot_files import apart
from geo._pieces import MULTIPOLYGON, POLYGON
from geo._rings import measure_packed_rings, measure_rings
from geo.tally import LARGEST

if TYPE_CHECKING:
    from data.plot_files import Bounds
    from data.wkb_column import WkbColumn
    from geo._pieces import Shapes
    from geo._zone_grid import Flags, Floats, Integers

# Corners of a cut are known to this many units in the last place of the coordinates.
ROUNDING_ULPS = 8
# So many times the land that rounding can make is the least that can be shared out: in VN-2000
# plots some two micrometres wide.
THIN = 1024.0
THIN_REASON = "thinner than its corners are exact"
LARGE_REASON = "larger than 2^40 square metres"


class Outlines(NamedTuple):
    """Plots ready to be split; each is its position.

    Attributes
    ----------
    shapes
        Sound ones; None where a plot is left out, or is in `column` still.
    bounds
        (4, n): west, south, east, north; 0 where a plot is left out.
    area
        NaN where a plot is left out.
    odd, problem, reason
        Plots that aren't as they should be, and what is wrong with them.
    column, rows
        Where the shapes of plots are that haven't been needed so far.
    """

    shapes: Shapes
    bounds: Floats
    area: Floats
    odd: Integers
    problem: Shapes
    reason: Shapes
    column: WkbColumn | None = None
    rows: Integers | None = None

    def drawn(self, places: Integers) -> Shapes:
        """Give the geometry of some that aren't left out."""
        shapes = self.shapes[places]
        if self.column is not None and self.rows is not None:
            waiting = shapely.is_missing(shapes)
            shapes[waiting] = self.column.shapes(self.rows[places[waiting]])
        return shapes


def least_land(bounds: Floats) -> Floats:
    """Give the m2 that rounding of the corners can make in (4, n) bounds, or take away."""
    west, south, east, north = bounds
    with np.errstate(all="ignore"):  # what isn't finite is for others to find
        last_place = np.spacing(np.maximum(np.abs(bounds).max(axis=0), 1.0))
        least: Floats = (east - west + north - south) * last_place * ROUNDING_ULPS
    return least


def _can_be_shared(bounds: Floats, area: Floats) -> Flags:
    return (area > THIN * least_land(bounds)) & (area <= LARGEST)


def outlines(shapes: Shapes) -> Outlines:
    """Check and measure geometry."""
    sure, bounds, area = measure_rings(shapes)
    rest = np.flatnonzero(~(sure & _can_be_shared(bounds, area)))
    if len(rest) == len(shapes):
        return geos_outlines(shapes)
    other = geos_outlines(shapes[rest])
    bounds[:, rest], area[rest] = other.bounds, other.area
    if len(other.odd):
        shapes = shapes.copy()
        shapes[rest] = other.shapes
    return Outlines(shapes, bounds, area, rest[other.odd], other.problem, other.reason)


@np.errstate(over="ignore")  # what is too large is said to be
def geos_outlines(shapes: Shapes) -> Outlines:
    """Check and measure geometry, all of it by GEOS: what :func:`outlines` must agree with."""
    kind = shapely.get_type_id(shapes)
    bounds, area = shapely.bounds(shapes).T.copy(), shapely.area(shapes)
    sound = (kind == POLYGON) | (kind == MULTIPOLYGON)
    sound &= np.isfinite(bounds).all(axis=0)
    sound &= shapely.is_valid(shapes)
    sound &= _can_be_shared(bounds, area)
    odd = np.flatnonzero(~sound)
    if not len(odd):
        nothing = np.empty(0, dtype=object)
        return Outlines(shapes, bounds, area, odd, nothing, nothing)
    shapes = shapes.copy()
    shapes[odd], problem, reason = _repaired(shapes[odd])
    bounds[:, odd] = np.nan_to_num(shapely.bounds(shapes[odd]).T)
    area[odd] = shapely.area(shapes[odd])
    return Outlines(shapes, bounds, area, odd, problem, reason)


def packed_outlines(column: WkbColumn, near: Bounds | None = None) -> tuple[Outlines, Integers]:
    """Check and measure what is in a file; most of it isn't made geometry.

    Parameters
    ----------
    column
        Of n shapes.
    near
        Only those whose bounds meet these, and those without bounds.

    Returns
    -------
    tuple
        The outlines, and the row of each.
    """
    sure, bounds, area = measure_packed_rings(column)
    sure &= _can_be_shared(bounds, area)
    rest = np.flatnonzero(~sure)
    shapes = np.full(len(sure), None, dtype=object)
    shapes[rest] = column.shapes(rest)
    rows = np.arange(len(sure))
    if near is not None:
        bounds[:, rest] = shapely.bounds(shapes[rest]).T
        rows = np.flatnonzero(~apart(bounds, near))
        shapes, bounds, area, sure = shapes[rows], bounds[:, rows], area[rows], sure[rows]
        rest = np.flatnonzero(~sure)
    other = geos_outlines(shapes[rest])
    shapes[rest], bounds[:, rest], area[rest] = other.shapes, other.bounds, other.area
    odd = rest[other.odd]
    return Outlines(shapes, bounds, area, odd, other.problem, other.reason, column, rows), rows


def _repaired(shapes: Shapes) -> tuple[Shapes, Shapes, Shapes]:
    """Say what is wrong with plots; those that can be are made valid, the others are left out."""
    kind = shapely.get_type_id(shapes)
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    finite = np.ones(len(shapes), dtype=np.bool_)
    finite[owner[~np.isfinite(coordinates).all(axis=1)]] = False
    problem = np.select(
        [kind < 0, shapely.is_empty(shapes), (kind != POLYGON) & (kind != MULTIPOLYGON), ~finite],
        ["missing", "empty", "not_a_polygon", "not_finite"],
        default="repaired",
    ).astype(object)
    invalid = problem == "repaired"
    reason = np.full(len(shapes), "", dtype=object)
    reason[invalid] = shapely.is_valid_reason(shapes[invalid])
    made = np.full(len(shapes), None, dtype=object)
    made[invalid] = shapely.make_valid(shapes[invalid], method="structure", keep_collapsed=False)
    flat = invalid & shapely.is_empty(made)  # such as a plot whose corners are on one line
    made[flat], problem[flat] = None, "no_area"
    bounds, area = shapely.bounds(made).T, shapely.area(made)
    large = area > LARGEST
    thin = ~large & (area <= THIN * least_land(bounds))
    for some, name, words in ((large, "too_large", LARGE_REASON), (thin, "no_area", THIN_REASON)):
        made[some], problem[some], reason[some] = None, name, words
    return made, problem, reason
