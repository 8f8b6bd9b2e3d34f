"""Plots measured by their corners, in memory and as they stand in a file, against GEOS."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box

from data.wkb_column import WkbColumn
from geo._outlines import Outlines, geos_outlines, outlines, packed_outlines
from geo._rings import measure_packed_rings, measure_rings

STAR = [(np.sin(turn * 0.8 * np.pi), np.cos(turn * 0.8 * np.pi)) for turn in range(5)]
DENTED = [(0, 0), (10, 0), (10, 10), (5, 6), (0, 10)]
HOOK = [(0, 0), (10, 0), (10, 10), (9, 10), (9, 1), (1, 1), (1, 9), (0, 9)]
NEEDLE = [(0, 0), (1e6, 1e-7), (1e6, 2e-7), (0, 1e-7)]


def column(shapes: Any, **options: Any) -> WkbColumn:  # noqa: ANN401 (whatever a file holds)
    return packed(shapely.to_wkb(np.array(shapes, dtype=object), **options))


def packed(values: Any) -> WkbColumn:  # noqa: ANN401
    return WkbColumn(pa.chunked_array([pa.array(list(values), type=pa.binary())]))


def assert_measured(shapes: Any, **options: Any) -> None:  # noqa: ANN401
    """Compare with GEOS, in memory and in a file."""
    expected = geos_outlines(shapes)
    assert_same(outlines(shapes), expected)
    assert_same(packed_outlines(column(shapes, **options))[0], expected)


def assert_same(found: Outlines, expected: Outlines) -> None:
    np.testing.assert_array_equal(found.area, expected.area)
    np.testing.assert_array_equal(found.bounds, expected.bounds)
    assert found.odd.tolist() == expected.odd.tolist()
    assert found.problem.tolist() == expected.problem.tolist()
    assert found.reason.tolist() == expected.reason.tolist()
    places = np.flatnonzero(~np.isnan(expected.area))
    assert shapely.equals_exact(found.drawn(places), expected.shapes[places]).all()


@settings(max_examples=40)
@given(
    st.integers(3, 8),
    st.sampled_from([4, 1000, 10**12]),
    st.sampled_from([0.0, 2.1e6, 1e-9]),
    st.integers(0, 10**6),
)
def test_rings_of_any_form_are_found_sound_only_if_they_are(
    corners: int, steps: int, origin: float, seed: int
) -> None:
    """Few steps make doubled corners, straight angles and edges that only touch common."""
    numbers = np.random.default_rng(seed).integers(0, steps + 1, (150, corners, 2))
    shapes = np.asarray(shapely.polygons(numbers / steps * 30 + origin))
    sure, bounds, area = measure_rings(shapes)
    assert shapely.is_valid(shapes[sure]).all()
    np.testing.assert_array_equal(area[sure], shapely.area(shapes[sure]))
    np.testing.assert_array_equal(bounds.T[sure], shapely.bounds(shapes[sure]))
    convex = shapely.area(shapely.convex_hull(shapes)) == shapely.area(shapes)
    if steps > 4 and origin == 0:
        assert sure[convex & shapely.is_valid(shapes)].all()
    assert_measured(shapes)


@pytest.mark.parametrize(
    ("corners", "certain"),
    [(DENTED, True), (DENTED[::-1], True), (STAR, False), (HOOK, False), (NEEDLE, True)],
)
def test_a_ring_is_certain_if_all_of_it_is_seen_from_amid_its_corners(
    corners: list[tuple[float, float]],
    certain: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    shapes = np.array([Polygon(corners)] * 60)
    for sure, *_ in (measure_rings(shapes), measure_packed_rings(column(shapes))):
        assert (sure == certain).all()
    assert_measured(shapes)


def test_what_is_no_plain_ring_is_taken_as_geometry() -> None:
    square, bow = box(0, 0, 10, 10), Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])
    with np.errstate(invalid="ignore"):
        lost = [Polygon([(0, 0), (9, 0), (bad, 9), (0, 9)]) for bad in (np.nan, np.inf)]
    shapes = [
        square, None, bow, Polygon(), Point(1, 1), MultiPolygon([square, box(20, 0, 30, 10)]),
        square - box(2, 2, 4, 4), shapely.force_3d(square), Polygon([(0, 0), (1, 1), (2, 2)]),
        *lost,
    ] * 60  # fmt: skip
    drawn = np.array(shapes, dtype=object)
    for options in ({}, {"byte_order": 0}, {"flavor": "iso"}):
        assert_measured(drawn, **options)
    # A part of a table shares its buffers.
    values = pa.chunked_array([pa.array(shapely.to_wkb(drawn).tolist(), type=pa.binary())])
    part = packed_outlines(WkbColumn(values.slice(7, 300)))[0]
    assert_same(part, geos_outlines(drawn[7:307]))


@pytest.mark.parametrize("corners", [3, 4, 5])
def test_corners_in_one_line_but_for_rounding_are_not_taken_for_a_ring(corners: int) -> None:
    """Of a few such rings in a thousand determinants in floats get the sides wrong."""
    rng = np.random.default_rng(corners)
    along, way = rng.uniform(0, 1, (20_000, corners, 1)), rng.uniform(-1, 1, (20_000, 1, 2))
    shapes = np.asarray(shapely.polygons(along * way))
    sure, *_ = measure_rings(shapes)
    assert shapely.is_valid(shapes[sure]).all()


def test_bytes_that_are_no_geometry_are_missing_plots() -> None:
    whole = shapely.to_wkb(box(0, 0, 10, 10))
    given = [
        whole, b"", b"x", whole[:-1], whole + b"more",
        whole[:-16] + np.array([7.0, 1.0]).tobytes(),  # not closed
        whole[:1] + b"\x11" + whole[2:],  # of another kind that looks the same
        whole[:5] + b"\x02" + whole[6:],  # of two rings of which one isn't there
    ]  # fmt: skip
    shapes, _ = packed_outlines(packed(given * 60))
    problems = dict(zip(shapes.odd.tolist(), shapes.problem.tolist(), strict=True))
    for place, data in enumerate(given):
        expected = shapely.from_wkb(data, on_invalid="ignore")
        assert problems.get(place) == (None if expected is not None else "missing")


def test_only_plots_near_by_are_kept() -> None:
    shapes = np.array([box(x, 0, x + 10, 10) for x in range(0, 2000, 10)] + [None, Polygon()])
    kept, rows = packed_outlines(column(shapes), (95.0, -5.0, 195.0, 5.0))
    assert rows.tolist() == [*range(9, 20), 200, 201]
    assert kept.problem.tolist() == ["missing", "empty"]
    assert_same(kept, geos_outlines(shapes[rows]))
