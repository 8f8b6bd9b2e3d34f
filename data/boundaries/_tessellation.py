"""Cells around the points of old communes, shaped by their bounding boxes.

A place belongs to the old commune with the least
(|dx / half width|⁴ + |dy / half height|⁴)^(1/4) / exp(weight), where dx and dy are taken from
the middle of the commune's bounding box. The old communes of one 2025 commune share one weight;
the weights are those with which the cells meet the official areas of the 2025 communes. With
square boxes of one size and no weights this is nearly a Voronoi diagram.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import KDTree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

NEAREST = 16  # sites that compete for a place; further ones never won in a trial with 24
POWER = 4  # between an ellipse (2) and a box
MIDDLE = 0.85  # site = 0.85 middle of the box + 0.15 point, where the box can be trusted
BOX_TO_CELL = (0.35, 8.0)  # trusted range of box area / Voronoi cell area; the median is 1.6
TYPICAL_BOX = 1.9  # box area / cell area, assumed where a box can't be trusted
STEP = 0.4  # of the logarithm of the area ratio; areas grow about as exp(2 weight)
WEIGHT_LIMIT = 0.7
ROUNDS = 20


def centres_and_halves(
    points: Floats, boxes: Floats, places: Floats, place_area: float
) -> tuple[Floats, Floats]:
    """Centre and half width and height of every site.

    A box is trusted if it holds the point, belongs to one site only and has a plausible size:
    a geocoder that doesn't know a commune returns the box of its district or of a house.

    Parameters
    ----------
    points
        Shape (n, 2), metres.
    boxes
        West, south, east, north; shape (n, 4), metres; NaN where unknown.
    places
        The places to be shared out, shape (m, 2), metres.
    place_area
        Area that one place stands for, m².

    Returns
    -------
    centres, halves
        Each of shape (n, 2), metres.
    """
    cell = np.bincount(KDTree(points).query(places)[1], minlength=len(points)) * place_area
    cell = np.maximum(cell, place_area)
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    halves = (boxes[:, 2:] - boxes[:, :2]) / 2
    ratio = 4 * halves.prod(axis=1) / cell
    trusted = (
        (ratio > BOX_TO_CELL[0])
        & (ratio < BOX_TO_CELL[1])
        & (np.abs(points - middles) <= halves).all(axis=1)
        & ~pd.DataFrame(boxes.round()).duplicated(keep=False).to_numpy()
    )
    square = np.sqrt(cell * TYPICAL_BOX) / 2
    return (
        np.where(trusted[:, None], MIDDLE * middles + (1 - MIDDLE) * points, points),
        np.where(trusted[:, None], halves, square[:, None]),
    )


def share_out(
    places: Floats,
    centres: Floats,
    halves: Floats,
    group: Ints,
    *,
    targets: Floats,
    counts: NDArray[np.bool_],
    place_area: float,
    rounds: int = ROUNDS,
) -> tuple[Ints, Floats]:
    """Give every place to a group of sites so that the groups meet their areas.

    Parameters
    ----------
    places
        Shape (m, 2), metres.
    centres, halves
        Of the sites, each of shape (n, 2), metres.
    group
        Group of each site, 0 to k - 1.
    targets
        Area of each group, m²; NaN leaves its weight at 0. Shape (k,).
    counts
        Places that count towards the areas (those on land). Shape (m,).
    place_area
        Area that one place stands for, m².
    rounds
        How often the weights are corrected; 0 leaves them all at 0.

    Returns
    -------
    owner : array, shape (m,)
        Group of each place.
    weights : array, shape (k,)
    """
    _, near = KDTree(centres).query(places, k=NEAREST)
    cost = np.zeros(near.shape, dtype=np.float32)
    for axis in (0, 1):
        offset = (places[:, axis, None] - centres[near, axis]) / halves[near, axis]
        cost += (offset**POWER).astype(np.float32)
    cost = np.log(np.maximum(cost, 1e-12)) / POWER
    rival = group[near].astype(np.int32)
    row = np.arange(len(places))
    weights = np.zeros(len(targets))
    for turn in range(rounds + 1):
        owner = rival[row, (cost - weights.astype(np.float32)[rival]).argmin(axis=1)]
        if turn == rounds:
            break
        area = np.bincount(owner[counts], minlength=len(targets)) * place_area
        change = STEP * np.log(targets / np.maximum(area, place_area))
        weights += np.nan_to_num(np.clip(change, -0.2, 0.2))
        weights = np.clip(weights, -WEIGHT_LIMIT, WEIGHT_LIMIT)
    return owner.astype(np.int64), weights


def outline(
    columns: Ints, rows: Ints, owner: Ints, spacing: float, lands: Sequence[BaseGeometry]
) -> dict[int, BaseGeometry]:
    """Polygons of the owners of grid squares, as a coverage.

    A piece that is cut off from the largest piece of its owner on the same island or mainland
    goes to the neighbour with which it shares the longest border.

    Parameters
    ----------
    columns, rows, owner
        Of each square; not negative.
    spacing
        Side of a square, metres.
    lands
        The islands and the mainland, metres, with the lower left corner of square (0, 0) as
        their origin.

    Returns
    -------
    dict
        Polygon of each owner; the lower left corner of square (0, 0) is the origin.
    """
    width, height = columns.max() + 1, rows.max() + 1
    grid = np.full((height + 2, width + 2), -1, dtype=np.int64)
    grid[rows + 1, columns + 1] = owner
    y, x = np.nonzero(grid[:, 1:] != grid[:, :-1])
    upright = np.stack([np.column_stack([x, y - 1]), np.column_stack([x, y])], axis=1)
    y, x = np.nonzero(grid[1:] != grid[:-1])
    level = np.stack([np.column_stack([x - 1, y]), np.column_stack([x, y])], axis=1)
    borders = shapely.linestrings(np.concatenate([upright, level]) * spacing)
    faces = shapely.get_parts(shapely.polygonize(np.asarray(borders)))
    inside = shapely.point_on_surface(faces)
    # A point on the surface may lie on a grid line between two squares of the same owner.
    at = np.floor(shapely.get_coordinates(inside) / spacing).astype(int) + 1
    owners = grid[at[:, 1], at[:, 0]]
    faces, owners = faces[owners >= 0], owners[owners >= 0]
    owners = _without_exclaves(faces, owners, _largest_overlap(faces, lands))
    return {int(one): shapely.coverage_union_all(faces[owners == one]) for one in np.unique(owners)}


def _largest_overlap(faces: NDArray[np.object_], lands: Sequence[BaseGeometry]) -> Ints:
    """Find the land on which most of each face lies, -1 where there is none."""
    parts = np.array(lands, dtype=object)
    shapely.prepare(parts)
    land, face = shapely.STRtree(faces).query(parts, predicate="intersects")
    area = shapely.area(shapely.intersection(faces[face], parts[land]))
    order = np.argsort(area, kind="stable")
    found = np.full(len(faces), -1)
    found[face[order]] = land[order]  # of repeated faces the last, the largest, stays
    return found


def _without_exclaves(faces: NDArray[np.object_], owners: Ints, land: Ints) -> Ints:
    area = shapely.area(faces)
    largest = pd.Series(area).groupby([owners, land]).transform("max").to_numpy()
    settled = area >= largest
    owners = owners.copy()
    one, other = shapely.STRtree(faces).query(faces, predicate="touches")
    border = shapely.length(shapely.intersection(faces[one], faces[other]))
    pairs = pd.DataFrame({"one": one, "other": other, "border": border})
    pairs = pairs[pairs["border"] > 0]
    while True:
        ready = pairs[~settled[pairs["one"]] & settled[pairs["other"]]]
        if ready.empty:
            return owners
        ready = ready.assign(owner=owners[ready["other"]])
        total = ready.groupby(["one", "owner"])["border"].sum().reset_index()
        best = total.sort_values(["one", "border", "owner"]).drop_duplicates("one", keep="last")
        owners[best["one"]] = best["owner"]
        settled[best["one"]] = True
