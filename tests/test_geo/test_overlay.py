"""Plots split by zones, against plain intersections and on what goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity
from shapely.geometry import MultiPolygon, Point, Polygon, box

from geo import _pieces
from geo._pieces import CLIPPED, MULTIPOLYGON, PIECE_VERTICES, POLYGON, cut
from geo.overlay import OUTSIDE, Split, index_zones, split
from geo.snapshot import load_province
from geo.tally import tally, together, totals

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

CRS = "EPSG:9208"
EAST, NORTH = 500_000.0, 2_100_000.0

# Each example lays a grid over its zones.
fewer = settings(max_examples=40)

# Coordinates on a grid of 100 m make touching edges and shared corners common.
steps = st.integers(0, 40)
polygons = st.one_of(
    st.builds(
        lambda x, y, w, h: box(x * 100, y * 100, (x + w) * 100, (y + h) * 100),
        steps,
        steps,
        st.integers(1, 15),
        st.integers(1, 15),
    ),
    st.builds(
        lambda x, y, r, turn: affinity.rotate(Point(x * 100, y * 100).buffer(r * 37.3, 3), turn),
        steps,
        steps,
        st.integers(1, 20),
        st.floats(0, 90),
    ),
    st.builds(  # with a hole
        lambda x, y, r: (
            Point(x * 100, y * 100).buffer(r * 50, 5)
            - box(x * 100, y * 100, x * 100 + r * 20, y * 100 + 20)
        ),
        steps,
        steps,
        st.integers(2, 10),
    ),
    st.builds(  # a sliver
        lambda x, y, w: box(x * 100, y * 100, (x + w) * 100, y * 100 + 0.01),
        steps,
        steps,
        st.integers(1, 20),
    ),
    st.builds(  # in two parts
        lambda x, y: MultiPolygon([box(x, y, x + 90, y + 90), box(x + 1000, y, x + 1500, y + 30)]),
        st.integers(0, 4000),
        st.integers(0, 4000),
    ),
)


def placed(shapes: list[Any]) -> list[Any]:
    return [affinity.translate(shape, EAST, NORTH) for shape in shapes]


def series(shapes: list[Polygon]) -> gpd.GeoSeries:
    return gpd.GeoSeries(placed(shapes), crs=CRS)


def frame(shapes: list[Any], groups: list[str]) -> gpd.GeoDataFrame:
    keys = [f"z{place}" for place in range(len(shapes))]
    return gpd.GeoDataFrame({"group": groups}, geometry=placed(shapes), index=keys, crs=CRS)


def expected(plots: gpd.GeoSeries, zones: gpd.GeoDataFrame) -> dict[Any, float]:
    found: dict[Any, float] = {}
    lands = list(zip(zones.index, zones["group"], zones.geometry, strict=True))
    for plot, shape in plots.items():
        for key, group, zone in lands:
            found[plot, group, key] = shape.intersection(zone).area
        for group in set(zones["group"]):
            union = shapely.union_all([zone for _, other, zone in lands if other == group])
            found[plot, group, OUTSIDE] = shape.difference(union).area
    return found


def areas(result: Split) -> dict[Any, float]:
    rows = result.parts[["plot", "group", "zone", "area_m2"]].itertuples(index=False)
    return {(plot, group, zone): float(area) for plot, group, zone, area in rows}


@fewer
@given(
    st.lists(polygons, min_size=1, max_size=12),
    st.lists(st.tuples(polygons, st.sampled_from("pq")), min_size=1, max_size=5),
    st.integers(1, 3),
)
def test_agrees_with_plain_intersections(
    plots: list[Polygon], zones: list[tuple[Polygon, str]], threads: int
) -> None:
    land, areal = series(plots), frame([z for z, _ in zones], [g for _, g in zones])
    result = split(land, index_zones(areal, CRS), threads=threads)
    assert result.problems.empty
    found, true = areas(result), expected(land, areal)
    for key in true.keys() | found.keys():
        # Coordinates of two million metres are known to 2e-10 m.
        assert found.get(key, 0.0) == pytest.approx(true[key], rel=1e-9, abs=1e-4)


@fewer
@given(st.lists(polygons, min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_neither_order_nor_threads_nor_chunks_matter(plots: list[Polygon], random: Random) -> None:
    land = series(plots)
    index = index_zones(frame([box(0, 0, 2000, 4000), box(2000, 0, 4000, 4000)], ["p", "p"]), CRS)
    whole = split(land, index, threads=1)
    order = random.sample(range(len(plots)), len(plots))
    shuffled = split(gpd.GeoSeries(land.iloc[order]), index, threads=2)
    assert areas(whole) == areas(shuffled)
    halves = [split(gpd.GeoSeries(land.iloc[start::2]), index) for start in (0, 1)]
    assert areas(whole) == {key: area for half in halves for key, area in areas(half).items()}


@fewer
@given(st.lists(polygons, min_size=1, max_size=12), st.lists(polygons, min_size=1, max_size=4))
def test_land_is_neither_made_nor_lost(plots: list[Polygon], zones: list[Polygon]) -> None:
    """In a group without overlaps the parts of a plot, with what is outside, are the plot."""
    apart: list[Any] = []
    for zone in zones:
        rest = zone.difference(shapely.union_all(apart)) if apart else zone
        rest = shapely.MultiPolygon(
            [p for p in shapely.get_parts(rest) if p.geom_type == "Polygon"]
        )
        if rest.area > 0:
            apart.append(rest)
    result = split(series(plots), index_zones(frame(apart, ["p"] * len(apart)), CRS))
    sums = result.parts.groupby("plot")["area_m2"].sum()
    np.testing.assert_allclose(sums, result.area_m2, rtol=1e-9, atol=1e-4)


def test_every_plot_of_a_real_province_is_accounted_for() -> None:
    zones = load_province("nghe-an", boundaries="bundled").zones
    rng = np.random.default_rng(7)
    west, south, east, north = zones.to_crs(CRS).total_bounds
    x, y = rng.uniform(west, east, 20_000), rng.uniform(south, north, 20_000)
    size = rng.lognormal(4, 1, 20_000)
    land = gpd.GeoSeries(shapely.box(x, y, x + size, y + size), crs=CRS)
    result = split(land, index_zones(zones[["group", "geometry"]], CRS))
    base = result.parts[result.parts["group"] == "base_partition"]
    np.testing.assert_allclose(base.groupby("plot")["area_m2"].sum(), land.area, rtol=1e-9)
    near = zones.to_crs(CRS).geometry
    some = rng.choice(20_000, 400, replace=False)
    for key in zones.index:
        true = gpd.GeoSeries(land.iloc[some]).intersection(near.loc[key]).area
        found = result.parts[result.parts["zone"] == key].set_index("plot")["area_m2"]
        np.testing.assert_allclose(found.reindex(some).fillna(0), true, rtol=1e-9, atol=1e-4)


def test_what_cannot_be_split_is_named() -> None:
    bow = Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    flat = Polygon([(0, 0), (1, 1), (2, 2)])
    with np.errstate(invalid="ignore"):
        lost = [Polygon([(0, 0), (9, 0), (bad, 9), (0, 9)]) for bad in (np.nan, np.inf)]
    shapes: list[Any] = [box(0, 0, 10, 10), None, Polygon(), Point(1, 1), bow, flat, *lost]
    land = gpd.GeoSeries(
        shapes,
        index=["sound", "none", "empty", "point", "bow", "flat", "nan", "inf"],
        crs=CRS,
    )
    zones = gpd.GeoDataFrame(geometry=[box(-5, -5, 50, 500)], index=["z"], crs=CRS)
    result = split(land, index_zones(zones, CRS))
    assert result.problems.set_index("plot")["problem"].to_dict() == {
        "none": "missing",
        "empty": "empty",
        "point": "not_a_polygon",
        "bow": "repaired",
        "flat": "no_area",
        "nan": "not_finite",
        "inf": "not_finite",
    }
    reasons = result.problems.set_index("plot")["reason"]
    assert "Self-intersection" in reasons["bow"]
    assert areas(result)["bow", "zones", "z"] == pytest.approx(2500)
    assert result.area_m2.to_dict() == {"sound": 100.0, "bow": pytest.approx(5000)}


@pytest.mark.parametrize(
    ("zones", "crs", "words"),
    [
        (gpd.GeoDataFrame(geometry=[], crs=CRS), CRS, "coordinate reference system"),
        (gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)]), CRS, "coordinate reference system"),
        (gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)], crs=CRS), "EPSG:4326", "metres"),
        (gpd.GeoDataFrame(geometry=[Point(0, 0)], index=["k"], crs=CRS), CRS, "'k'"),
        (gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)] * 2, index=["k"] * 2, crs=CRS), CRS, "differ"),
    ],
)
def test_zones_that_cannot_be_used_are_refused(
    zones: gpd.GeoDataFrame, crs: str, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        index_zones(zones, crs)


def test_plots_of_another_system_are_refused() -> None:
    index = index_zones(frame([box(0, 0, 1, 1)], ["p"]), CRS)
    with pytest.raises(ValueError, match="expected plots in EPSG:9208, found EPSG:4326"):
        split(gpd.GeoSeries([box(0, 0, 1, 1)], crs="EPSG:4326"), index)


def test_what_only_touches_a_zone_is_not_in_it() -> None:
    """Corners of the cut are rounded; that makes no land."""
    turned = affinity.rotate(box(0, 0, 1000, 1000), 33.3, origin=(0, 0))
    beside = affinity.rotate(box(1000, 100, 1030, 130), 33.3, origin=(0, 0))
    inside = affinity.rotate(box(970, 100, 1000, 130), 33.3, origin=(0, 0))
    result = split(series([beside, inside]), index_zones(frame([turned], ["p"]), CRS))
    assert result.parts[["plot", "zone"]].to_numpy().tolist() == [[0, OUTSIDE], [1, "z0"]]


@pytest.mark.parametrize("side", [0.001, 300_000.0])
def test_zones_far_smaller_and_larger_than_plots(side: float) -> None:
    """Two zones at the ends of the province, and a plot over all with many corners."""
    zones = frame([box(0, 0, side, side), box(400_000, 0, 400_000 + side, 0.01)], ["p", "p"])
    plot = Point(200_000, 0).buffer(400_000, quad_segs=2_000)
    land = series([plot, box(0, 0, 30, 40)])
    found = areas(split(land, index_zones(zones, CRS)))
    for key, true in expected(land, zones).items():
        assert found.get(key, 0.0) == pytest.approx(true, rel=1e-9, abs=1e-4)


@pytest.mark.parametrize("allowed", [CLIPPED, -1.0])
@pytest.mark.parametrize("seed", range(4))
def test_pieces_make_the_polygon_that_they_are_of(
    seed: int, allowed: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clipped, or intersected where clipping goes wrong, which leaves lines where edges touch."""
    monkeypatch.setattr(_pieces, "CLIPPED", allowed)
    x, y = np.random.default_rng(seed).integers(0, 64, (2, 900))
    many = shapely.union_all(shapely.box(x, y, x + 1, y + 1))
    pieces, owners = cut(np.array([box(0, 0, 1, 1), many], dtype=object))
    assert (shapely.get_num_coordinates(pieces) <= PIECE_VERTICES).all()
    assert np.isin(shapely.get_type_id(pieces), [POLYGON, MULTIPOLYGON]).all()
    assert np.bincount(owners, shapely.area(pieces)) == pytest.approx([1, many.area])
    assert shapely.union_all(pieces[owners == 1]).equals(many)


def test_a_grid_has_no_more_cells_than_it_should() -> None:
    needle = box(0, 0, 500_000, 1e-6)
    grid = index_zones(frame([needle], ["p"]), CRS).grid
    assert grid.kinds.size < 4_000_000


def summed(values: Iterable[float]) -> pd.DataFrame:
    land = np.array([*values])
    coarse, fine = tally(np.zeros(len(land), dtype=np.int64), land, count=1)
    table = {"land_coarse": coarse, "land_fine": fine, "plots": len(land)}
    return pd.DataFrame(table, index=pd.Index(["a"], name="zone"))


@given(st.lists(st.floats(0.01, 1e9), min_size=1, max_size=60))
def test_sums_are_the_exact_ones_rounded_once(values: list[float]) -> None:
    exact = sum(int(np.ldexp(value, 52)) for value in values)
    whole = summed(values)
    assert totals(whole, "land")["a"] == pytest.approx(exact / 2**52, rel=1e-15)
    halves = together([summed(values[1::2]), summed(values[::2])])
    pd.testing.assert_frame_equal(halves, whole)


@pytest.mark.parametrize("value", [float("nan"), -1.0, 2.0**41])
def test_values_that_cannot_be_added_exactly_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match=r"from 0 to 2\^40"):
        summed([1.0, value])


def test_sums_too_large_to_be_exact_are_refused() -> None:
    once = summed([2.0**40] * 3)
    assert totals(once, "land")["a"] == 3 * 2.0**40
    with pytest.raises(ValueError, match="larger unit"):
        together([once, once])
