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
    pieces: list[Any] = []
    owners: list[int] = []
    waiting = [(shapes[place], place) for place in chosen]
    while waiting:
        shape, place = waiting.pop()
        if shapely.is_empty(shape):
            continue
        west, south, east, north = shapely.bounds(shape).tolist()
        small = max(east - west, north - south) < SMALLEST_PIECE_M
        if small or shapely.get_num_coordinates(shape) <= PIECE_VERTICES:
            pieces.append(shape)
            owners.append(place)
            continue
        x, y = (west + east) / 2, (south + north) / 2
        halves = (
            [(west, south, x, north), (x, south, east, north)]
            if east - west > north - south
            else [(west, south, east, y), (west, y, east, north)]
        )
        waiting += [(_polygons(clip(shape, *half)), place) for half in halves]
    return np.array(pieces, dtype=object), np.array(owners, dtype=np.int64)


def _polygons(shape: Any) -> Any:  # noqa: ANN401
    """Leave out points and lines where a cut only touched."""
    if shapely.get_type_id(shape) in {POLYGON, MULTIPOLYGON}:
        return shape
    parts = shapely.get_parts(shape)
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == POLYGON])
