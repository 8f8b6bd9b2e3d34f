"""Straight-line distances, with pyproj's and geopy's geodesics as oracles."""

import itertools
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from data.facts import load_facts
from geo.distances import distance_table, distances_from, nearest, to_line, to_points
from geo.snapshot import load_province

GEOD = Geod(ellps="WGS84")
FACTS = load_facts()
NODES = FACTS.nodes.dropna(subset=["lon", "lat"])
place = st.tuples(st.floats(103.5, 108.5), st.floats(17.9, 23.4))


def dense(point: tuple[float, float], vertices: np.ndarray) -> float:
    """Least distance to places every few metres of the geodesics between the vertices, km."""
    best = np.inf
    for start, end in itertools.pairwise(vertices):
        length = GEOD.inv(*start, *end)[2]
        count = max(2, int(length / 20))
        line = np.array([start, *GEOD.npts(start[0], start[1], end[0], end[1], count), end])
        metres = GEOD.inv(np.full(len(line), point[0]), np.full(len(line), point[1]), *line.T)[2]
        best = min(best, metres.min())
    return float(best / 1000)


@given(place, place)
def test_geodesic_is_that_of_pyproj_and_symmetric(
    one: tuple[float, float], two: tuple[float, float]
) -> None:
    there, back = to_points([one], [two])[0, 0], to_points([two], [one])[0, 0]
    assert there == pytest.approx(GEOD.inv(*one, *two)[2] / 1000, abs=1e-9)
    assert there == pytest.approx(back, abs=1e-9)


@given(place, place, place)
def test_triangle(
    one: tuple[float, float], two: tuple[float, float], three: tuple[float, float]
) -> None:
    matrix = to_points([one, two, three], [one, two, three])
    assert matrix[0, 2] <= matrix[0, 1] + matrix[1, 2] + 1e-9


near = st.tuples(st.floats(-0.2, 0.2), st.floats(-0.2, 0.2))


@given(place, place, st.lists(near, min_size=2, max_size=3))
def test_line_agrees_with_a_dense_one(
    point: tuple[float, float], toward: tuple[float, float], line: list[tuple[float, float]]
) -> None:
    # Segments of up to 50 km within about 100 km of the point.
    middle = np.array(point) + np.clip(np.array(toward) - point, -0.5, 0.5)
    vertices = middle + np.array(line)
    # The dense line has a place every 20 m.
    assert to_line([point], vertices)[0] == pytest.approx(dense(point, vertices), abs=0.012)


@given(st.floats(0, 360), st.floats(1, 50), st.floats(0, 360), st.floats(1, 99))
def test_distance_to_a_segment_is_good_to_metres(
    heading: float, length: float, side: float, away: float
) -> None:
    start = (105.4, 18.9)
    end = GEOD.fwd(*start, heading, length * 1000)[:2]
    point = GEOD.fwd(*start, side, away * 1000)[:2]
    # Golden-section search along the geodesic.
    low, high = 0.0, length * 1000
    azimuth = GEOD.inv(*start, *end)[0]

    def metres(along: float) -> float:
        at = GEOD.fwd(*start, azimuth, along)[:2]
        return float(GEOD.inv(*point, *at)[2])

    for _ in range(60):
        third = (high - low) / 3
        if metres(low + third) < metres(high - third):
            high -= third
        else:
            low += third
    assert to_line([point], [start, end])[0] * 1000 == pytest.approx(metres(low), abs=2.0)


def test_a_line_is_never_farther_than_its_ends() -> None:
    ends = np.array([(105.0, 18.5), (105.3, 18.9), (105.9, 18.7)])
    points = np.array([(105.1, 18.8), (105.6, 18.6), (104.2, 18.4)])
    assert (to_line(points, ends) <= to_points(points, ends).min(axis=1) + 1e-9).all()
    assert to_line(ends, ends) == pytest.approx(0, abs=1e-9)
    assert to_line(points, ends) == pytest.approx(to_line(points, ends[::-1]), abs=1e-9)
    assert to_line(points, ends[:1]) == pytest.approx(to_points(points, ends[:1])[:, 0])


def test_geopy_agrees() -> None:
    geopy = pytest.importorskip("geopy.distance")
    for node in NODES.itertuples():
        expected = geopy.geodesic((18.8, 105.66), (node.lat, node.lon)).km
        found = to_points([(105.66, 18.8)], np.array([[node.lon, node.lat]], float))[0, 0]
        assert found == pytest.approx(expected, abs=1e-6)


def test_table_of_a_province() -> None:
    province = load_province("nghe-an")
    table = distance_table(province.areas, FACTS)
    placed = province.areas.geometry.notna().sum()
    assert len(table) == placed * table["target_id"].nunique()
    assert set(table["basis"]) == {"straight_line"}
    assert table[["distance_km", "tolerance_km"]].notna().all().all()
    assert not table[table["target_id"] == "ps-500-quynh-luu"].size  # has no position

    best = nearest(table)
    assert (best["status"] == "in_use").all()
    assert not best.duplicated(["area_id", "target_type"]).any()
    used = table[table["status"] == "in_use"]
    least = used.groupby(["area_id", "target_type"])["distance_km"].min()
    found = best.set_index(["area_id", "target_type"])["distance_km"].sort_index()
    pd.testing.assert_series_equal(found, least.sort_index())


def test_order_of_areas_changes_nothing() -> None:
    areas = load_province("nghe-an").areas
    one = distance_table(areas, FACTS).set_index(["area_id", "target_id"]).sort_index()
    two = distance_table(areas.iloc[::-1], FACTS).set_index(["area_id", "target_id"]).sort_index()
    pd.testing.assert_frame_equal(one, two)


def test_any_point() -> None:
    table = distances_from(105.671, 18.7376, FACTS).set_index("target_id")
    assert table.loc["ap-vii", "distance_km"] == pytest.approx(0, abs=1e-6)
    assert table.loc["ap-vii", "tolerance_km"] == pytest.approx(2.0, abs=0.01)


def test_all_areas_by_all_nodes_takes_milliseconds() -> None:
    points = np.tile([(105.66, 18.80)], (142, 1))
    started = time.process_time()
    to_points(points, NODES[["lon", "lat"]])
    assert time.process_time() - started < 0.1
