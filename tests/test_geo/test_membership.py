import math
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.facts import Facts, load_facts
from data.resolutions import Resolution, load_resolution, provinces
from geo.membership import (
    NO_ZONE,
    OUTSIDE,
    UNKNOWN,
    allocate,
    named_communes,
    shares_by_polygon,
    shares_by_units,
)
from geo.zones import compile_zones
from tests.test_geo.builders import boxes

CODES = st.sampled_from("abcdefgh")
COMMUNES = st.lists(st.lists(CODES, min_size=1, max_size=3, unique=True), min_size=1, max_size=9)
PARTITION = st.dictionaries(CODES, st.sampled_from(["one", "two", "three"]).map(lambda key: [key]))


@given(COMMUNES, PARTITION)
def test_shares_of_a_partition_and_outside_sum_to_one(
    communes: list[list[str]], zone_of: dict[str, list[str]]
) -> None:
    shares = shares_by_units(communes, zone_of)
    assert abs(math.fsum(shares.values()) - 1.0) < 1e-12
    assert all(0 < share <= 1 + 1e-12 for share in shares.values())
    named = {code for codes in communes for code in codes}
    assert set(shares) == {zone_of.get(code, [OUTSIDE])[0] for code in named}


@given(COMMUNES, PARTITION, st.randoms(use_true_random=False))
def test_order_of_communes_doesnt_matter(
    communes: list[list[str]], zone_of: dict[str, list[str]], random: object
) -> None:
    other = [sorted(codes, reverse=True) for codes in communes]
    random.shuffle(other)  # type: ignore[attr-defined]
    one, two = shares_by_units(communes, zone_of), shares_by_units(other, zone_of)
    assert set(one) == set(two)
    assert all(abs(one[zone] - two[zone]) < 1e-12 for zone in one)


@given(COMMUNES, PARTITION, st.integers(1, 4))
def test_communes_that_nobody_finds_keep_their_equal_share(
    communes: list[list[str]], zone_of: dict[str, list[str]], lost: int
) -> None:
    shares = shares_by_units([*communes, *[()] * lost], zone_of)
    each = len(communes) + lost
    assert shares.pop(UNKNOWN) == pytest.approx(lost / each)
    for zone, share in shares_by_units(communes, zone_of).items():
        assert shares[zone] == pytest.approx(share * len(communes) / each)


@given(COMMUNES, PARTITION)
def test_an_area_wholly_in_one_zone_has_a_share_of_exactly_one(
    communes: list[list[str]], zone_of: dict[str, list[str]]
) -> None:
    zones = {zone_of.get(code, [OUTSIDE])[0] for codes in communes for code in codes}
    if len(zones) == 1:
        assert shares_by_units(communes, zone_of) == {zones.pop(): 1.0}


def test_zones_that_overlap_are_each_accounted_by_themselves() -> None:
    zone_of = {"a": ["one", "two"], "b": ["two"]}
    shares = shares_by_units([("a",), ("b",), ("c",), ("d",)], zone_of)
    assert shares == {"one": 0.25, "two": 0.5, OUTSIDE: 0.5}


def test_a_divided_commune_goes_in_equal_parts() -> None:
    shares = shares_by_units([("a", "b"), ("a",)], {"a": ["one"], "b": ["two"]})
    assert shares == {"one": 0.75, "two": 0.25}


# Surveyed polygons.

CRS = "EPSG:9208"
EAST, NORTH = 500_000.0, 2_100_000.0


def square(east: float, north: float, side: float) -> shapely.Polygon:
    """Square in metres from the corner of the grid of zones."""
    return shapely.box(EAST + east, NORTH + north, EAST + east + side, NORTH + north + side)


@pytest.fixture(scope="module")
def grid() -> gpd.GeoSeries:
    """Nine zones of 1 km2 with shared borders."""
    return gpd.GeoSeries(
        {f"z{x}{y}": square(x * 1000, y * 1000, 1000) for x in range(3) for y in range(3)},
        crs=CRS,
    )


def test_a_polygon_is_conserved(grid: gpd.GeoSeries) -> None:
    random = np.random.default_rng(7)
    plots = gpd.GeoSeries(
        {
            f"p{number}": shapely.Point(
                EAST + random.uniform(-500, 3500), NORTH + random.uniform(-500, 3500)
            ).buffer(random.uniform(20, 900), quad_segs=3)
            for number in range(60)
        },
        crs=CRS,
    )
    shares = shares_by_polygon(plots, grid, CRS)
    assert set(shares["zone_key"]) > {OUTSIDE, "z11"}
    hectares = shares["area_id"].map(plots.area) * shares["share"] / 10_000
    wholes = hectares.groupby(shares["area_id"]).sum()
    assert (wholes - plots.area.loc[wholes.index] / 10_000).abs().max() < 1e-6
    # Each share is that of its own zone.
    inside = shares[shares["zone_key"] != OUTSIDE]
    own = np.asarray(plots.loc[inside["area_id"]], dtype=object)
    parts = shapely.area(
        shapely.intersection(own, np.asarray(grid.loc[inside["zone_key"]], dtype=object))
    )
    assert np.allclose(inside["share"], parts / shapely.area(own))


def test_polygons_inside_on_the_border_across_and_outside(grid: gpd.GeoSeries) -> None:
    plots = gpd.GeoSeries(
        {
            "inside": square(100, 100, 200),
            "touches": square(800, 0, 200),  # its side lies on the border to z10
            "across": square(900, 100, 200),
            "corner": square(900, 900, 200),
            "half_out": square(-100, 100, 200),
            "outside": square(5000, 5000, 100),
        },
        crs=CRS,
    )
    shares = shares_by_polygon(plots, grid, CRS)
    found = {
        area: {
            zone: round(share, 9)
            for zone, share in zip(rows["zone_key"], rows["share"], strict=True)
            if share > 1e-9
        }
        for area, rows in shares.groupby("area_id")
    }
    assert found == {
        "inside": {"z00": 1.0},
        "touches": {"z00": 1.0},
        "across": {"z00": 0.5, "z10": 0.5},
        "corner": {"z00": 0.25, "z01": 0.25, "z10": 0.25, "z11": 0.25},
        "half_out": {"z00": 0.5, OUTSIDE: 0.5},
        "outside": {OUTSIDE: 1.0},
    }


def test_systems_of_plots_and_zones_may_differ(grid: gpd.GeoSeries) -> None:
    plots = gpd.GeoSeries({"across": square(900, 100, 200)}, crs=CRS).to_crs(4326)
    shares = shares_by_polygon(plots, grid.to_crs(4326), CRS)
    assert shares.set_index("zone_key")["share"].to_dict() == pytest.approx(
        {"z00": 0.5, "z10": 0.5}, abs=1e-6
    )


# The real areas, by their named units. Outlines don't matter here.


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load_facts()


def of_province(facts: Facts, province: Resolution) -> pd.DataFrame:
    return facts.areas[facts.areas["province_code"] == province.code]


@pytest.fixture(scope="module")
def nghe_an(facts: Facts) -> pd.DataFrame:
    province = load_resolution("nghe-an")
    zones = compile_zones(province, boxes(province.code))
    return allocate(of_province(facts, province), zones, province)


def split(shares: pd.DataFrame, area: str, group: str = "base_partition") -> dict[str, float]:
    rows = shares[(shares["area_id"] == area) & (shares["group"] == group)]
    return dict(zip(rows["zone_key"], rows["share"], strict=True))


@pytest.mark.parametrize("key", provinces())
def test_base_shares_of_every_area_sum_to_one(key: str, facts: Facts) -> None:
    province = load_resolution(key)
    areas = of_province(facts, province)
    shares = allocate(areas, compile_zones(province, boxes(province.code)), province)
    base = shares[shares["group"] == "base_partition"]
    sums = base.groupby("area_id")["share"].sum()
    assert (sums - 1.0).abs().max() < 1e-12
    # Whole provinces are covered, so nothing that has a unit is outside; one is not found.
    lost = base[base["zone_key"].isin(NO_ZONE)]
    assert set(zip(lost["area_id"], lost["zone_key"], strict=True)) <= {
        ("na-kkt-thanh-thuy", UNKNOWN)
    }
    assert OUTSIDE not in set(base["zone_key"])
    named = areas[
        (areas[["legacy_communes", "communes_2025", "legacy_district"]].map(len) > 0).any(
            axis="columns"
        )
    ]
    assert set(base["area_id"]) == set(named.index)
    assert (base["assumed"] == (base["share"] < 1)).all()


def test_vsip_1_is_split_by_its_four_communes(nghe_an: pd.DataFrame) -> None:
    # Hưng Tây, Hưng Đạo and thị trấn Hưng Nguyên were in Huyện Hưng Nguyên (na-b), Hưng Chính
    # in Thành phố Vinh (na-a).
    assert split(nghe_an, "na-kcn-vsip-1") == {"na-a": 0.25, "na-b": 0.75}
    rows = nghe_an[nghe_an["area_id"] == "na-kcn-vsip-1"]
    assert rows.loc[rows["group"] == "base_partition", "assumed"].all()
    assert not rows.loc[rows["group"] == "economic_zone", "assumed"].any()


@pytest.mark.parametrize(
    ("area", "zone"),
    [
        ("na-kcn-wha-1", "na-a"),  # four communes of Nghi Lộc, two communes of 2025
        ("na-kcn-vsip-3", "na-b"),
        ("na-kcn-vsip-4", "na-b"),  # 2025 communes alone, formed from Nam Đàn
        ("na-kcn-tri-le", "na-c"),
        ("na-kcn-song-dinh", "na-c"),  # district alone
        ("na-kcn-cua-lo", "na-a"),  # a district merged in 2024
    ],
)
def test_an_area_in_one_zone_is_there_for_sure(nghe_an: pd.DataFrame, area: str, zone: str) -> None:
    rows = nghe_an[(nghe_an["area_id"] == area) & (nghe_an["group"] == "base_partition")]
    assert rows[["zone_key", "share", "assumed"]].to_numpy().tolist() == [[zone, 1.0, False]]


def test_members_of_an_economic_zone_are_named_not_located(nghe_an: pd.DataFrame) -> None:
    members = nghe_an[nghe_an["zone_key"] == "na-kkt-dong-nam"]
    assert set(members["share"]) == {1.0}
    assert "na-kcn-vsip-1" in set(members["area_id"])
    # VSIP 3 lies in a commune of the zone, but no source says that it is inside.
    assert "na-kcn-vsip-3" not in set(members["area_id"])
    assert split(nghe_an, "na-kcn-vsip-3", "economic_zone") == {OUTSIDE: 1.0}


@cache
def nghe_an_itself() -> Resolution:
    return load_resolution("nghe-an")


def units(**named: tuple[str, ...]) -> tuple[str, int]:
    level, communes = named_communes(
        **({"legacy_communes": (), "communes_2025": (), "legacy_district": ()} | named),
        province=nghe_an_itself(),
    )
    return level, len(communes)


def test_old_communes_go_before_new_ones_and_these_before_districts() -> None:
    old, new, district = ("Xã Nghi Long", "Xã Nghi Xá"), ("Xã Trung Lộc",), ("Huyện Nghi Lộc",)
    assert units(legacy_communes=old, communes_2025=new, legacy_district=district) == (
        "legacy",
        2,
    )
    assert units(communes_2025=new, legacy_district=district) == ("2025", 1)
    assert units(legacy_district=("Thị xã Hoàng Mai",)) == ("district", 10)
    assert units() == ("none", 0)


def test_xa_vo_liet_is_in_no_zone(nghe_an: pd.DataFrame) -> None:
    # One of four communes of the planned border gate zone; the crosswalk doesn't have it.
    rows = nghe_an[
        (nghe_an["area_id"] == "na-kkt-thanh-thuy") & (nghe_an["group"] == "base_partition")
    ]
    assert split(nghe_an, "na-kkt-thanh-thuy") == {"na-c": 0.75, UNKNOWN: 0.25}
    assert rows["assumed"].all()


def test_units_that_nobody_knows_name_nothing() -> None:
    assert units(legacy_communes=("Xã Không Có",), communes_2025=("Xã Trung Lộc",)) == ("2025", 1)
    assert units(legacy_district=("Huyện Không Có",)) == ("none", 0)
    # Beside others that are found it keeps its place.
    assert units(legacy_communes=("Xã Không Có", "Xã Nghi Long", "Xã Nghi Xá")) == ("legacy", 3)
    assert units(communes_2025=("Xã Trung Lộc", "Xã Không Có", "Xã Không Có")) == ("2025", 2)
    # A name that several districts have, without a district, names none of them.
    assert units(legacy_communes=("Xã Hưng Đạo", "Xã Hưng Đạo"))[1] == 1
