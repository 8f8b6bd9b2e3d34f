"""The account of a layer of plots: against plain intersections, in any order, and conserved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box

from data._errors import DataError
from geo.chunk_sums import sums
from geo.overlay import OUTSIDE, ZoneIndex, index_zones
from geo.plot_account import ConservationError, account, gathered
from tests.test_geo.land import CRS, layer_of_plots, zones_of_two_groups

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def zones() -> gpd.GeoDataFrame:
    return zones_of_two_groups()


@pytest.fixture(scope="module")
def index(zones: gpd.GeoDataFrame) -> ZoneIndex:
    return index_zones(zones, CRS)


@pytest.fixture(scope="module")
def plots() -> gpd.GeoDataFrame:
    return layer_of_plots(3_000)


def test_agrees_with_plain_intersections(
    plots: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, index: ZoneIndex
) -> None:
    found = account([plots], index, by=["use"], weight="jobs").rows
    for group, members in zones.groupby("group"):
        union = shapely.union_all(members.geometry)
        lands = {str(key): shape for key, shape in members.geometry.items()}
        parts = {key: plots.intersection(shape).area for key, shape in lands.items()}
        parts[OUTSIDE] = plots.difference(union).area
        for zone, land in parts.items():
            for use, own in plots.groupby("use", dropna=False):
                area, share = land[own.index], land[own.index] / own.area
                same_use = found["use"].isna() if pd.isna(use) else found["use"] == use
                row = found[(found["group"] == group) & (found["zone"] == zone) & same_use]
                if area.sum() < 1e-6:
                    assert row.empty
                    continue
                only = row.iloc[0]
                assert only["area_ha"] == pytest.approx(area.sum() / 1e4, rel=1e-9)
                assert only["plots"] == (area > 1e-6).sum()
                assert only["weighted"] == pytest.approx((share * own["jobs"]).sum(), rel=1e-9)


def test_every_plot_has_most_of_its_land_somewhere(
    plots: gpd.GeoDataFrame, index: ZoneIndex
) -> None:
    result = account([plots], index, by=["use", "jobs"])
    assert result.rows.groupby("group")["plots_most"].sum().tolist() == [len(plots)] * 2
    assert result.plots == len(plots)
    assert result.area_ha == pytest.approx(plots.area.sum() / 1e4, rel=1e-12)
    base = result.rows[result.rows["group"] == "p"]
    assert base["area_ha"].sum() == pytest.approx(result.area_ha, rel=1e-12)


def test_the_zone_with_most_of_a_plot_has_it_and_the_earlier_of_equal_ones(
    index: ZoneIndex,
) -> None:
    # z0 and z1 meet at 2000.
    land = gpd.GeoDataFrame(
        geometry=[box(1990, 0, 2010, 10), box(1990, 0, 2011, 10), box(1980, 0, 2010, 10)],
        crs=CRS,
    ).translate(500_000, 2_100_000)
    rows = account([gpd.GeoDataFrame(geometry=land)], index).rows
    assert rows[rows["group"] == "p"].set_index("zone")["plots_most"].to_dict() == {
        "z0": 2,
        "z1": 1,
    }


@settings(max_examples=8)
@given(st.randoms(use_true_random=False), st.integers(1, 3), st.integers(60, 400))
def test_order_chunks_and_workers_do_not_change_a_digit(
    random: object, workers: int, size: int
) -> None:
    land = layer_of_plots(600)
    index = index_zones(zones_of_two_groups(), CRS)
    whole = account([land], index, by=["use"], weight="price", workers=1)
    order = np.random.default_rng(random.randrange(10**6)).permutation(len(land))  # type: ignore[attr-defined]
    mixed = land.iloc[order]
    chunks = [mixed.iloc[first : first + size] for first in range(0, len(land), size)]
    again = account(chunks, index, by=["use"], weight="price", workers=workers)
    pd.testing.assert_frame_equal(whole.rows, again.rows, check_exact=True)
    assert (whole.plots, whole.area_ha, whole.unweighted) == (
        again.plots,
        again.area_ha,
        again.unweighted,
    )


def test_what_is_wrong_is_counted_shown_and_listed(tmp_path: Path, index: ZoneIndex) -> None:
    bow = shapely.transform(
        Polygon([(0, 0), (100, 100), (100, 0), (0, 100)]),
        lambda c: c + np.array([500_000, 2_100_000]),
    )
    shapes: list[Any] = [
        box(500_000, 2_100_000, 500_010, 2_100_010),
        None,
        Polygon(),
        Point(1, 1),
        bow,
    ]
    land = gpd.GeoDataFrame(
        {"jobs": [1.0, 2.0, 3.0, 4.0, None] * 30}, geometry=shapes * 30, crs=CRS
    )
    file = tmp_path / "problems.csv"
    told: list[int] = []
    result = account(
        [land.iloc[:70], land.iloc[70:]],
        index,
        weight="jobs",
        problems=file,
        progress=told.append,
    )
    assert result.problems.to_dict() == {
        "empty": 30,
        "missing": 30,
        "not_a_polygon": 30,
        "repaired": 30,
    }
    assert sum(told) == 150
    assert (result.plots, result.unweighted) == (60, 30)
    assert result.first_problems["plot"].tolist() == [n for n in range(25) if n % 5][:20]
    listed = pd.read_csv(file)
    assert len(listed) == 120
    assert "Self-intersection" in str(listed.loc[listed["problem"] == "repaired", "reason"].iloc[0])
    assert result.rows["weighted"].sum() == 60  # each in both groups


def test_plots_of_another_system_are_reprojected(plots: gpd.GeoDataFrame, index: ZoneIndex) -> None:
    there = account([plots.to_crs(4326)], index).rows
    here = account([plots], index).rows
    np.testing.assert_allclose(there["area_ha"], here["area_ha"], rtol=1e-6)


def test_a_layer_without_plots_is_an_account_without_rows(
    plots: gpd.GeoDataFrame, index: ZoneIndex
) -> None:
    for chunks in ([], [plots.iloc[:0]]):
        result = account(chunks, index, by=["use"], weight="jobs")
        assert result.rows.empty
        assert list(result.rows.columns) == [
            "group", "zone", "use", "area_ha", "plots", "plots_most", "weighted",
        ]  # fmt: skip
        assert (result.plots, result.area_ha) == (0, 0.0)


def test_lost_land_is_an_error_that_says_how_much(
    plots: gpd.GeoDataFrame, index: ZoneIndex
) -> None:
    found = sums(plots, index)
    with pytest.raises(ConservationError, match=r"miss the plots by 0\.5 of \d+\.\d+ ha"):
        gathered([replace(found, difference_m2=5_000.0)], index, by=[], weight=None)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([5.0, -1.0], "row 1, field jobs: found -1; expected a number from 0"),
        (["many", "few"], "field jobs: found str; expected numbers"),
        ([np.inf, 1.0], "row 0, field jobs: found inf"),
        ([1e17, 1.0], "row 0, field jobs: found 1e[+]17"),
    ],
)
def test_weights_that_cannot_be_spread_are_refused(
    index: ZoneIndex, values: list[object], words: str
) -> None:
    land = gpd.GeoDataFrame({"jobs": values}, geometry=[box(0, 0, 1, 1)] * 2, crs=CRS)
    with pytest.raises(DataError, match=words):
        account([land], index, weight="jobs")


def test_columns_that_are_not_there_are_named(plots: gpd.GeoDataFrame, index: ZoneIndex) -> None:
    with pytest.raises(ValueError, match=r"\['tenant'\].*'jobs'"):
        account([plots], index, by=["tenant"])


def test_plots_in_several_parts_count_once(index: ZoneIndex) -> None:
    parts = MultiPolygon([box(0, 0, 10, 10), box(50, 0, 60, 10), box(3000, 0, 3010, 10)])
    land = gpd.GeoDataFrame(geometry=[parts], crs=CRS).translate(500_000, 2_100_000)
    rows = account([gpd.GeoDataFrame(geometry=land)], index).rows
    own = rows[rows["group"] == "p"].set_index("zone")
    assert own["area_ha"].to_dict() == pytest.approx({"z0": 0.02, "z1": 0.01})
    assert own["plots"].tolist() == [1, 1]


def test_a_value_is_the_same_whatever_type_a_chunk_has_of_it(index: ZoneIndex) -> None:
    """As files give whole numbers as floats where one is missing."""
    shape = box(500_000, 2_100_000, 500_010, 2_100_010)
    columns: list[list[object]] = [[1, 0], [1.0, -0.0], [1.0, None], ["1", "0"]]
    chunks = [
        gpd.GeoDataFrame({"code": values}, geometry=[shape] * 2, crs=CRS) for values in columns
    ]
    found = account(chunks, index, by=["code"]).rows
    counts = found[found["group"] == "p"].set_index("code")["plots"]
    assert counts.loc[["1", "0"]].to_dict() == {"1": 4, "0": 3}
    assert counts[counts.index.isna()].tolist() == [1]


@pytest.mark.parametrize("name", ["place", "count", "coarse", "by0", "area", "plot"])
def test_columns_of_any_name_can_be_accounted_by(
    name: str, plots: gpd.GeoDataFrame, index: ZoneIndex
) -> None:
    usual = account([plots], index, by=["use"], weight="jobs").rows
    found = account([plots.rename(columns={"use": name})], index, by=[name], weight="jobs").rows
    pd.testing.assert_frame_equal(found.rename(columns={name: "use"}), usual)


@pytest.mark.parametrize(
    ("by", "words"),
    [(["zone"], "itself: zone"), (["use", "area_ha"], "area_ha"), (["use", "use"], "once: use")],
)
def test_columns_that_the_account_has_itself_are_refused(
    by: list[str], words: str, plots: gpd.GeoDataFrame, index: ZoneIndex
) -> None:
    with pytest.raises(ValueError, match=words):
        account([plots.assign(zone="x", area_ha=1)], index, by=by)


@pytest.mark.parametrize("copies", [1, 60])
def test_plots_too_thin_or_too_large_are_named_and_nothing_else_is_lost(
    index: ZoneIndex, copies: int
) -> None:
    x, y = 500_000.0, 2_100_000.0
    shapes = [
        box(x, y, x + 10, y + 10),
        box(x, y, x + 3000, y + 1e-9),
        box(x, y, x + 1000, y + 1e-7),
        box(x, y, x + 2e6, y + 2e6),
        box(-1e300, -1e300, 1e300, 1e300),
        Polygon([(x, y), (x + 10, y + 10), (x + 10, y), (x, y + 10.0)]),
        box(x, y, x + 100, y + 1e-4),
    ]
    land = gpd.GeoDataFrame(geometry=shapes * copies, crs=CRS).assign(jobs=7.0)
    found = account([land], index, weight="jobs")
    assert found.problems.to_dict() == {
        "no_area": 2 * copies, "too_large": 2 * copies, "repaired": copies,
    }  # fmt: skip
    assert found.plots == 3 * copies
    base = found.rows[found.rows["group"] == "p"]
    assert base["weighted"].sum() == pytest.approx(21 * copies)
    assert base["plots_most"].sum() == 3 * copies


def test_prices_in_dong_add_up(index: ZoneIndex) -> None:
    shape = box(500_000, 2_100_000, 500_010, 2_100_010)
    land = gpd.GeoDataFrame(geometry=[shape] * 3_000, crs=CRS).assign(price=5e12)
    rows = account([land], index, weight="price").rows
    assert rows["weighted"].tolist() == [1.5e16] * 2
