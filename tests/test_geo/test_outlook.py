"""Absorption is silent with few points, never negative, and doesn't look ahead."""

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import asdict, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.absorption import OutlookAssumptions, absorption
from geo.figures import Observation
from geo.history import Timeline, timeline
from geo.outlook import area_outlook, pipeline, zone_outlook
from geo.snapshot import PROVINCE_TOTAL, Province
from tests.test_geo.builders import leased, obs, observations
from tests.test_geo.times import times_of

TODAY = dt.date(2026, 11, 21)
LOOSE = OutlookAssumptions(minimum_months=1)


@pytest.fixture(scope="module")
def nghe_an(loaded: Callable[[str], Province]) -> Timeline:
    return times_of(loaded, "nghe-an")


def codes(reasons: object) -> list[str]:
    return [reason["code"] for reason in reasons]  # type: ignore[attr-defined]


def test_by_hand() -> None:
    """10 ha a year, then 20, then 15 over both: the median, and the ends with three points."""
    found = absorption(
        [
            leased(10, "2023-01-01"),
            leased(20, "2024-01-01"),
            leased(40, "2025-01-01"),
        ],
        TODAY,
    )
    assert found.points == 3
    assert found.low == pytest.approx(10, rel=5e-3)
    assert found.median == pytest.approx(15, rel=5e-3)
    assert found.high == pytest.approx(20, rel=5e-3)


def test_one_wrong_figure_moves_the_median_little() -> None:
    dates = [f"202{year}-0{month}-01" for year in (2, 3, 4) for month in (1, 7)]
    right = [leased(10 * at, day, row=at) for at, day in enumerate(dates, start=1)]
    wrong = [*right[:3], leased(400, dates[3], row=9), *right[4:]]
    one, other = absorption(right, TODAY), absorption(wrong, TODAY)
    assert other.median == pytest.approx(one.median, rel=0.05)


@pytest.mark.parametrize(
    ("items", "code"),
    [
        ([], "too_few_points"),
        ([leased(10, "2023"), leased(20, "2024")], "too_few_points"),
        # Two of one basis and one of another are no three.
        (
            [leased(10, "2023"), leased(20, "2024"), leased(30, "2025", "kcn_2022")],
            "too_few_points",
        ),
        # Two sources of one day are one point; undated ones are none.
        (
            [leased(10, "2023"), leased(20, "2024"), leased(21, "2024", row=5), leased(30, "")],
            "too_few_points",
        ),
        # Older than the window.
        (
            [leased(10, "2012"), leased(20, "2013"), leased(30, "2025")],
            "too_few_points",
        ),
        (
            [leased(10, "2025-09-01"), leased(20, "2025-11-01"), leased(30, "2026-01-01")],
            "too_short",
        ),
    ],
)
def test_silent(items: list[Observation], code: str) -> None:
    found = absorption(items, TODAY)
    assert not found.known
    assert codes(found.reasons) == [code]


def test_a_year_apart_and_five_years_old_are_enough() -> None:
    """Ends of months and years, as sources date most figures, fall on the limits themselves."""
    year = absorption([leased(10, "2024"), leased(20, "2025-06"), leased(30, "2025")], TODAY)
    assert (year.points, year.first_as_of, year.last_as_of) == (3, "2024", "2025")
    assert year.median == pytest.approx(20, rel=1e-2)
    five = [leased(10, "2021-06"), leased(20, "2023-06"), leased(30, "2026-06")]
    assert absorption(five, dt.date(2026, 6, 30)).points == 3
    assert codes(absorption(five, dt.date(2026, 7, 1)).reasons) == ["too_few_points"]


def test_figures_of_a_month_are_exact_and_those_of_a_year_are_not() -> None:
    months = [leased(10, "2023-06"), leased(20, "2024-06"), leased(30, "2025-06")]
    assert codes(absorption(months, TODAY).reasons) == []
    years = [leased(10, "2023"), leased(20, "2024-06", qualifier="~"), leased(30, "2025-06")]
    assert absorption(years, TODAY).reasons == ({"code": "inexact_points", "count": 2},)


def test_land_given_back_is_said() -> None:
    found = absorption([leased(30, "2022"), leased(20, "2023"), leased(10, "2024")], TODAY)
    assert (found.low, found.median, found.high) == (0, 0, 0)
    assert found.reasons[0]["code"] == "leased_fell"
    assert found.reasons[0]["slope_ha_year"] == pytest.approx(-10, rel=1e-2)


@settings(deadline=None)
@given(items=observations("leased_ha"), seed=st.randoms(use_true_random=False))
def test_order_future_and_sign(items: list[Observation], seed: object) -> None:
    as_of = dt.date(2024, 6, 30)
    found = absorption(items, as_of, LOOSE)
    shuffled = list(items)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    assert repr(absorption(shuffled, as_of, LOOSE)) == repr(found)
    past = [item for item in items if item.until is not None and item.until <= as_of]
    if past:
        assert repr(absorption(past, as_of, LOOSE)) == repr(found)
    if found.known:
        assert 0 <= found.low <= found.median <= found.high
        assert found.points >= 3
    else:
        assert found.reasons


@pytest.mark.parametrize(
    "wrong",
    [
        {"minimum_points": 2},
        {"window_years": 0},
        {"minimum_months": 0},
        {"pipeline_share": 1.5},
    ],
)
def test_assumptions_are_checked(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="expected"):
        OutlookAssumptions(**wrong)


def test_assumptions_can_be_exported() -> None:
    assert asdict(OutlookAssumptions()) == {
        "minimum_points": 3,
        "minimum_months": 12,
        "window_years": 5,
        "pipeline_share": 0.0,
    }


def test_nghe_an_areas(nghe_an: Timeline) -> None:
    rows = area_outlook(nghe_an, TODAY).set_index("area_id")
    vsip = rows.loc["na-kcn-vsip-1"].to_dict()
    assert vsip["points"] == 6
    assert vsip["available_ha"] == pytest.approx(24.56)
    # Slopes: 0.0, 0.76, 1.98 (2025-26), 10.9, 73.5, 175.8 (2022-23) ha a year.
    assert vsip["absorption_ha_year"] == pytest.approx(6.44, abs=0.01)
    assert vsip["absorption_min_ha_year"] == pytest.approx(1.06, abs=0.01)
    assert vsip["absorption_max_ha_year"] == pytest.approx(57.8, abs=0.1)
    assert vsip["years_of_supply_min"] == pytest.approx(24.56 / 57.82, abs=0.01)
    assert "bases_differ" in codes(vsip["reasons"])
    # Three figures within 98 days.
    assert math.isnan(rows["absorption_ha_year"]["na-kcn-vsip-2"])
    assert codes(rows["reasons"]["na-kcn-vsip-2"]) == ["too_short"]
    assert codes(rows["reasons"]["na-kcn-dong-hoi"]) == ["too_few_points", "no_pair"]


def test_nghe_an_zones(nghe_an: Timeline) -> None:
    rows = zone_outlook(nghe_an, TODAY).set_index("zone_key")
    total = rows.loc[PROVINCE_TOTAL].to_dict()
    assert total["areas_used"] == 1
    assert total["available_used_ha"] == pytest.approx(24.56)
    assert total["available_ha"] == pytest.approx(348.16, abs=0.01)
    assert total["pipeline_leasable_max_ha"] == 0.0
    assert codes(total["reasons"]) == ["part_of_areas"]
    assert total["years_of_supply_min"] < total["years_of_supply"] < total["years_of_supply_max"]
    assert codes(rows["reasons"]["na-d"]) == ["no_absorption"]
    more = zone_outlook(nghe_an, TODAY, options=OutlookAssumptions(pipeline_share=0.5))
    coming = more.set_index("zone_key").loc[PROVINCE_TOTAL].to_dict()
    assert coming["pipeline_leasable_min_ha"] == pytest.approx(total["pipeline_ha"] * 0.5 * 0.6)
    assert coming["years_with_pipeline_min"] > total["years_of_supply_min"]


def test_half_of_an_area_has_half_of_its_land_and_pace(nghe_an: Timeline) -> None:
    parts = nghe_an.parts[PROVINCE_TOTAL]
    whole = next(part for part in parts if part.state.area_id == "na-kcn-vsip-1")
    zones = {"whole": (whole,), "half": (whole._replace(share=0.5),)}
    rows = zone_outlook(replace(nghe_an, parts=zones), TODAY).set_index("zone_key")
    one, half = rows.loc["whole"].to_dict(), rows.loc["half"].to_dict()
    ends = ("absorption_ha_year", "absorption_min_ha_year", "absorption_max_ha_year")
    for field in ("available_ha", "available_used_ha", *ends):
        assert half[field] == pytest.approx(one[field] / 2), field
    for field in ("years_of_supply", "years_of_supply_min", "years_of_supply_max"):
        assert half[field] == pytest.approx(one[field]), field


def test_the_pipeline_makes_the_range_of_years_wider(nghe_an: Timeline) -> None:
    """The least land at the fastest pace, the most at the slowest."""
    options = OutlookAssumptions(pipeline_share=0.5)
    total = zone_outlook(nghe_an, TODAY, options=options).set_index("zone_key").loc[PROVINCE_TOTAL]
    land, coming = total["available_used_ha"], 0.5 * total["pipeline_ha"]
    fastest, slowest = total["absorption_max_ha_year"], total["absorption_min_ha_year"]
    assert total["years_with_pipeline_min"] == pytest.approx((land + 0.6 * coming) / fastest)
    assert total["years_with_pipeline_max"] == pytest.approx((land + 0.8 * coming) / slowest)


def test_pipeline(nghe_an: Timeline, loaded: Callable[[str], Province]) -> None:
    rows = pipeline(nghe_an, TODAY).set_index("area_id")
    assert rows["change"]["na-kcn-vsip-3"] == "new"
    assert rows["land_ha"]["na-kcn-vsip-3"] == 181.12
    assert rows["as_of"]["na-kcn-vsip-3"] == "2026-01"
    assert math.isnan(rows["land_ha"]["na-kcn-phu-quy"])
    account = zone_outlook(nghe_an, TODAY).set_index("zone_key")["pipeline_ha"][PROVINCE_TOTAL]
    assert rows.loc[rows["change"] == "new", "land_ha"].sum() == pytest.approx(account)
    # The plan of 2030 for Cổng Khánh 1: 75 ha instead of 45.
    plans = pipeline(times_of(loaded, "ha-tinh"), TODAY)
    plan = plans[(plans["area_id"] == "ht-ccn-cong-khanh-1") & (plans["change"] == "extension")]
    assert plan[["land_ha", "expected", "source_dated"]].to_numpy().tolist() == [
        [30.0, "2030", False]
    ]


@pytest.mark.parametrize(
    ("as_of", "published", "day", "told"),
    [
        ("2030", dt.date(2024, 6, 30), "2024-07-01", True),
        ("2030", dt.date(2024, 6, 30), "2024-06-29", False),  # not published yet
        ("2022", dt.date(2022, 6, 30), "2024-07-01", True),
        ("2020", dt.date(2020, 6, 30), "2024-07-01", False),  # older than what was measured
    ],
)
def test_a_plan_is_an_extension_once_it_is_known_and_while_it_is_newer(
    loaded: Callable[[str], Province], as_of: str, published: dt.date, day: str, *, told: bool
) -> None:
    """Cổng Khánh 1 was measured in July 2021, with 45 ha."""
    area, province = "ht-ccn-cong-khanh-1", loaded("ha-tinh")
    measured = [item for item in province.observations[area] if item.nature == "measured"]
    more = {"nature": "planned", "source_date": published, "row": 999}
    plan = obs("total_area_ha", 75, as_of, area_id=area, basis="", **more)
    given = replace(province, observations={**province.observations, area: (*measured, plan)})
    rows = pipeline(timeline(given), dt.date.fromisoformat(day))
    found = rows[(rows["area_id"] == area) & (rows["change"] == "extension")]
    assert found["land_ha"].tolist() == ([30.0] if told else [])
    assert found["expected"].tolist() == (["2030" if as_of == "2030" else ""] if told else [])
    assert found["source_dated"].all()
