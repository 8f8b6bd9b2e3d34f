"""Polygons of many vertices cut into pieces of few, which are quick to compare with a plot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo._zone_grid import Integers

Shapes: TypeAlias = npt.NDArray[np.object_]

POLYGON, MULTIPOLYGON = 3, 6
PIECE_VERTICES = 200
SMALLEST_PIECE_M = 1e-3
# Part of its area by which the pieces of a polygon may miss it.
CLIPPED = 1e-11


def cut(shapes: Shapes) -> tuple[Shapes, Integers]:
    """Halve polygons until every piece has few vertices.

    Returns
    -------
    tuple
        (n,) pieces and the position of the polygon that each is of; a polygon's pieces make it.
    """
    pieces, owners = _halved(shapes, np.arange(len(shapes)), shapely.clip_by_rect)
    # Clipping is quick and promises nothing.
    whole = shapely.area(shapes)
    made = np.bincount(owners, shapely.area(pieces), minlength=len(shapes))
    wrong = np.abs(made - whole) > whole * CLIPPED
    wrong[owners[~shapely.is_valid(pieces)]] = True
    if not wrong.any():
        return pieces, owners
    again, of = _halved(shapes, np.flatnonzero(wrong), _cut_out)
    kept = ~wrong[owners]
    return np.concatenate([pieces[kept], again]), np.concatenate([owners[kept], of])


def _cut_out(shape: Any, west: float, south: float, east: float, north: float) -> Any:  # noqa: ANN401 (shapes)
    return shapely.intersection(shape, shapely.box(west, south, east, north))


def _halved(shapes: Shapes, chosen: Integers, clip: Callable[..., Any]) -> tuple[Shapes, Integers]:
    pieces: list[Shapes] = [np.empty(0, dtype=object)]
    owners: list[Integers] = [np.empty(0, dtype=np.int64)]
    waiting, owner = shapes[chosen], chosen
    while len(waiting):
        there = ~shapely.is_empty(waiting)
        waiting, owner = waiting[there], owner[there]
        bounds = shapely.bounds(waiting)
        sides = bounds[:, 2:] - bounds[:, :2]
        done = sides.max(axis=1) < SMALLEST_PIECE_M
        done |= shapely.get_num_coordinates(waiting) <= PIECE_VERTICES
        pieces.append(waiting[done])
        owners.append(owner[done])
        waiting, owner, bounds, sides = waiting[~done], owner[~done], bounds[~done], sides[~done]
        # Across the longer side.
        along = np.argmax(sides, axis=1)
        rows = np.arange(len(along))
        middle = (bounds[rows, along] + bounds[rows, along + 2]) / 2
        halves = np.stack([bounds, bounds])
        halves[0, rows, along + 2] = halves[1, rows, along] = middle
        cut_up = [
            clip(shape, *half)
            for own in halves.tolist()
            for shape, half in zip(waiting, own, strict=True)
        ]
        waiting, owner = _polygons(np.array(cut_up, dtype=object)), np.tile(owner, 2)
    return np.concatenate(pieces), np.concatenate(owners)


def _polygons(shapes: Shapes) -> Shapes:
    """Leave out points and lines where a cut only touched."""
    mixed = ~np.isin(shapely.get_type_id(shapes), [POLYGON, MULTIPOLYGON])
    parts, of = shapely.get_parts(shapes[mixed], return_index=True)
    plain = shapely.get_type_id(parts) == POLYGON
    shapes[mixed] = [
        shapely.multipolygons(parts[plain & (of == number)]) for number in range(mixed.sum())
    ]
    return shapes
