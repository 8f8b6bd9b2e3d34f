"""Plots checked, repaired where they can be, and measured, before they are split."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from data.plot_files import apart
from geo._pieces import MULTIPOLYGON, POLYGON
from geo._rings import measure_packed_rings, measure_rings

if TYPE_CHECKING:
    from data.plot_files import Bounds
    from data.wkb_column import WkbColumn
    from geo._pieces import Shapes
    from geo._zone_grid import Floats, Integers


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


def outlines(shapes: Shapes) -> Outlines:
    """Check and measure geometry."""
    sure, bounds, area = measure_rings(shapes)
    rest = np.flatnonzero(~sure)
    if len(rest) == len(shapes):
        return geos_outlines(shapes)
    other = geos_outlines(shapes[rest])
    bounds[:, rest], area[rest] = other.bounds, other.area
    if len(other.odd):
        shapes = shapes.copy()
        shapes[rest] = other.shapes
    return Outlines(shapes, bounds, area, rest[other.odd], other.problem, other.reason)


def geos_outlines(shapes: Shapes) -> Outlines:
    """Check and measure geometry, all of it by GEOS: what :func:`outlines` must agree with."""
    kind = shapely.get_type_id(shapes)
    bounds = shapely.bounds(shapes).T.copy()
    sound = (kind == POLYGON) | (kind == MULTIPOLYGON)
    sound &= np.isfinite(bounds).all(axis=0)
    sound &= shapely.is_valid(shapes)
    odd = np.flatnonzero(~sound)
    if not len(odd):
        nothing = np.empty(0, dtype=object)
        return Outlines(shapes, bounds, shapely.area(shapes), odd, nothing, nothing)
    shapes = shapes.copy()
    shapes[odd], problem, reason = _repaired(shapes[odd])
    bounds[:, odd] = np.nan_to_num(shapely.bounds(shapes[odd]).T)
    area = shapely.area(shapes)
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
    return made, problem, reason
