import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.dates import last_day
from data.resolutions import provinces
from geo.account import ACCOUNT_FIELDS, Assumptions, Part, account
from geo.membership import NO_ZONE
from geo.occupancy import Occupancy
from geo.records import rate_sources, zone_sources
from geo.snapshot import Province, Snapshot, snapshot
from tests.test_geo.builders import figure, pair, state

Snapshots = Callable[[str, str], Snapshot]
DAY = dt.date(2026, 6, 30)
LAND = ("total_area_ha", "leasable_ha", "leased_ha", "available_ha", "pipeline_ha")


def part(
    share: float = 1.0,
    *,
    assumed: bool = False,
    counts: bool = True,
    **known: Any,  # noqa: ANN401
) -> Part:
    return Part(state(**known), share, assumed=assumed, counts_here=counts)


def reported(pct: float, as_of: str) -> Occupancy:
    return Occupancy(rate=figure("fill_rate_pct", pct, as_of, unit="%"))


# Nghệ An by hand, 30/06/2026. Numbers in brackets are lines of data/facts/observations.csv.


def test_na_a_by_hand(on: Snapshots) -> None:
    zone = on("nghe-an", "2026-06-30").zones.loc["na-a"]
    # Present, counted here: VSIP 2, WHA 1, Nam Cấm, Hoàng Mai I, Đông Hồi, Bắc Vinh; clusters
    # Hưng Lộc, Nghi Phú, Đông Vĩnh, Tháp - Hồng - Kỷ, Diễn Hồng. VSIP 1 has 1 of 4 communes
    # here and is counted in na-b.
    assert zone["areas_count"] == 11
    assert zone["areas_by_kind"] == {"industrial_cluster": 5, "industrial_park": 6}
    # VSIP 1 367.6/4 (16), VSIP 2 500 (73), WHA 1 498 (92), Nam Cấm 371.06 (121), Hoàng Mai I
    # 264.77 (131), Đông Hồi 457.07 (156), Bắc Vinh 60.16 (161), Diễn Hồng 10 (182)
    total = 91.9 + 500 + 498 + 371.06 + 264.77 + 457.07 + 60.16 + 10
    assert zone["total_area_ha"] == pytest.approx(total)
    # VSIP 1 286.63/4 (20), VSIP 2 81.69 (78) / 21.5 % (80), Hoàng Mai I 180.95 (133)
    leasable = 71.6575 + 379.953488 + 180.95
    assert zone["leasable_ha"] == pytest.approx(leasable, abs=1e-6)
    # VSIP 1 262.07/4 (26), VSIP 2 81.69 (78), Hoàng Mai I 86 % (137) of 180.95 ha
    leased = 65.5175 + 81.69 + 155.617
    assert zone["leased_ha"] == pytest.approx(leased)
    assert zone["available_ha"] == pytest.approx(leasable - leased, abs=1e-6)
    assert zone["fill_rate_pct"] == pytest.approx(47.8728, abs=1e-4)  # 302.8245 / 632.560988
    assert zone["fill_rate_bases"] == ["kcn_2022", "reported"]
    assert zone["coverage_count_pct"] == pytest.approx(2 / 11 * 100)
    assert zone["areas_without_total"] == 4
    # Leasable, from 60 % of the total to 80 %: WHA 1 298.8-398.4, Nam Cấm 222.636-296.848,
    # Đông Hồi 274.242-365.656, Bắc Vinh 36.096-48.128 (its 100 % is of 2013, over 5 years),
    # Diễn Hồng 6-8, four clusters of 5 to 75 ha 3-60 each. VSIP 1 from none to all of 286.63.
    unknown = 398.4 + 296.848 + 365.656 + 48.128 + 8 + 4 * 60
    known = 379.953488 + 180.95
    # Lowest: all unknown land is there and empty, VSIP 1 (91.4 %) is elsewhere.
    assert zone["fill_rate_min_pct"] == pytest.approx(
        (81.69 + 155.617) / (known + unknown) * 100, abs=1e-4
    )
    # Highest: all of it is there and full, VSIP 1 too.
    assert zone["fill_rate_max_pct"] == pytest.approx(
        (81.69 + 155.617 + 262.07 + unknown) / (known + 286.63 + unknown) * 100, abs=1e-4
    )
    free = known - 81.69 - 155.617
    assert zone["available_min_ha"] == pytest.approx(free, abs=1e-5)
    assert zone["available_max_ha"] == pytest.approx(free + 24.56 + unknown, abs=1e-5)
    # WHA 2 183.37 (114), Thọ Lộc B 180 (126), Hoàng Mai II 334.79 (149), Cửa Lò 50 (172),
    # Đô Lăng II 75 (185), Đồng Thái 39.5 (184), Quỳnh Mỹ 68 (186), Tân Thắng 435 (400)
    assert zone["pipeline_ha"] == pytest.approx(1365.66)


def test_coverage_of_land_says_nothing_of_land_that_is_unknown(on: Snapshots) -> None:
    # (91.9 + 500 + 264.77) of 2252.96 ha, and four clusters of 5 to 75 ha that nobody measured.
    zone = on("nghe-an", "2026-06-30").zones.loc["na-a"]
    assert zone["coverage_land_pct"] <= 856.67 / 2252.96 * 100 + 1e-9


def test_na_c_has_reported_rates_alone(on: Snapshots) -> None:
    zone = on("nghe-an", "2026-06-30").zones.loc["na-c"]
    # Thung Khuộc, Châu Quang and thị trấn Anh Sơn: 100 %, undated (178, 179, 181), no areas.
    assert zone["areas_by_kind"] == {"industrial_cluster": 3}
    for field in ("total_area_ha", "leasable_ha", "leased_ha", "available_ha", "fill_rate_pct"):
        assert pd.isna(zone[field]), field
    assert pd.isna(zone["coverage_land_pct"])
    assert zone["coverage_count_pct"] == 0
    assert zone["fill_rate_bases"] == []
    assert (zone["fill_rate_min_pct"], zone["fill_rate_max_pct"]) == (0, 100)
    assert (zone["reported_min_pct"], zone["reported_max_pct"]) == (100, 100)
    assert (zone["available_min_ha"], zone["available_max_ha"]) == (0, 180)  # 3 x 75 ha x 80 %
    (rates,) = (item for item in zone["reasons"] if item["code"] == "reported_rates")
    assert {
        "count": 3,
        "undated": 3,
        "without_total": 3,
        "min_pct": 100,
        "max_pct": 100,
    }.items() <= (rates.items())
    # Tri Lễ 106.95 (168), Nghĩa Đàn 245.68 (164: planned goes before the 200 proposed later),
    # Tân Kỳ 700 (170), Sông Dinh 300 (171)
    assert zone["pipeline_ha"] == pytest.approx(1352.63)
    assert zone["pipeline_without_total"] == 2
    dates = zone["pipeline_oldest_as_of"], zone["pipeline_newest_as_of"]
    assert dates == ("2013-12", "2021-07")
    assert (zone["oldest_as_of"], zone["newest_as_of"]) == ("", "")


def test_the_sources_of_a_zone_are_those_of_its_total_and_of_its_pipeline_too(
    on: Snapshots,
) -> None:
    state = on("nghe-an", "2026-06-30")
    assert rate_sources(state)["na-c"] == ["nac-s01"]
    assert {"nac-s01", "na-s42", "na-s45", "na-s49"} <= set(zone_sources(state)["na-c"])
    for key, ids in zone_sources(state).items():
        figures = [
            figure
            for area_id, zones in state.areas["zones"].items()
            if any(zone["zone_key"] == key for zone in zones)
            and (one := state.states[str(area_id)]).supply in {"present", "pipeline"}
            and (figure := one.total if one.supply == "present" else one.pipeline_total)
        ]
        assert {source for figure in figures for source in figure.sources} <= set(ids), key


def test_na_d_has_nothing(on: Snapshots) -> None:
    zone = on("nghe-an", "2026-06-30").zones.loc["na-d"]
    assert zone["areas_count"] == 0
    for field in ("leasable_ha", "leased_ha", "available_ha", "fill_rate_pct"):
        assert pd.isna(zone[field])
    assert zone[["fill_rate_min_pct", "fill_rate_max_pct", "coverage_count_pct"]].isna().all()
    assert [item["code"] for item in zone["reasons"]] == ["no_areas"]


def test_the_province_by_hand(on: Snapshots) -> None:
    total = on("nghe-an", "2026-06-30").total
    # na-a as above with all of VSIP 1; na-b: VSIP 1 and thị trấn Đô Lương; na-c: 3
    assert total["areas_count"] == 16
    assert total["total_area_ha"] == pytest.approx(2252.96 + 0.75 * 367.6)
    assert total["leasable_ha"] == pytest.approx(286.63 + 379.953488 + 180.95, abs=1e-6)
    assert total["leased_ha"] == pytest.approx(262.07 + 81.69 + 155.617)
    assert total["fill_rate_pct"] == pytest.approx(58.9212, abs=1e-4)
    # na-a and na-c as above; na-b: VSIP 3 181.12 (88), VSIP 4 800 (90), Lạc Sơn 56.48 (398)
    assert total["pipeline_ha"] == pytest.approx(1365.66 + 1352.63 + 181.12 + 800 + 56.48)


def test_the_economic_zone_is_accounted_by_itself(on: Snapshots) -> None:
    zone = on("nghe-an", "2026-06-30").zones.loc["na-kkt-dong-nam"]
    # within: VSIP 1 and 2, WHA 1, Nam Cấm, Hoàng Mai I, Đông Hồi; its stated area (6)
    assert zone["areas_count"] == 6
    assert zone["zone_area_ha"] == 20776.47
    assert zone["leased_ha"] == pytest.approx(499.377)
    assert "assumed_share" not in {item["code"] for item in zone["reasons"]}


# What must hold in every province.

DATES = ("2026-06-30", "2023-12-31", "2015-06-30")


@pytest.mark.parametrize("key", provinces())
@pytest.mark.parametrize("day", DATES)
def test_base_zones_and_outside_make_the_province(
    key: str, day: str, on: Snapshots, loaded: Callable[[str], Province]
) -> None:
    state_, province = on(key, day), loaded(key)
    base = state_.zones[state_.zones["group"] == "base_partition"]
    shares = province.shares
    inside = (
        shares[(shares["group"] == "base_partition") & ~shares["zone_key"].isin(NO_ZONE)]
        .groupby("area_id")["share"]
        .sum()
        .reindex(state_.areas.index, fill_value=0.0)
    )
    areas = state_.areas
    present = areas["supply"] == "present"
    outside = {
        "total_area_ha": (areas["total_area_ha"] * (1 - inside))[present].sum(),
        "leasable_ha": (areas["leasable_ha"] * (1 - inside))[present & areas["paired"]].sum(),
        "leased_ha": (areas["leased_ha"] * (1 - inside))[present & areas["paired"]].sum(),
        "pipeline_ha": (areas["total_area_ha"] * (1 - inside))[areas["supply"] == "pipeline"].sum(),
    }
    for field, rest in outside.items():
        assert base[field].sum() + rest == pytest.approx(
            np.nan_to_num(state_.total[field]), abs=1e-6
        ), field
    without = present & (inside == 0)
    assert base["areas_count"].sum() + without.sum() == state_.total["areas_count"]
    assert base["zone_area_ha"].sum() == pytest.approx(state_.total["zone_area_ha"])


@pytest.mark.parametrize("key", provinces())
@pytest.mark.parametrize("day", DATES)
def test_economic_zones_and_parts_are_never_added(key: str, day: str, on: Snapshots) -> None:
    found = on(key, day)
    areas = found.areas
    never = areas[(areas["kind"] == "economic_zone") | ~areas["counted"]]
    assert len(never)
    assert set(never["supply"]) == {"none"}
    present = areas[areas["supply"] == "present"]
    assert found.total["areas_count"] == len(present)
    # A planned area isn't land that is there.
    figures = found.figures
    measured = figures[
        (figures["metric"] == "total_area_ha")
        & (figures["nature"] == "measured")
        & figures["area_id"].isin(present.index)
    ]
    assert np.nan_to_num(found.total["total_area_ha"]) == pytest.approx(measured["value"].sum())
    assert present["total_area_ha"].sum() == pytest.approx(measured["value"].sum())
    assert "economic_zone" not in found.total["areas_by_kind"]
    # No whole is in the account together with a part of it.
    supplied = areas[areas["supply"] != "none"]
    assert not set(supplied["part_of"]) & set(supplied.index)


def test_a_plan_is_no_total_of_a_park_with_tenants(on: Snapshots) -> None:
    # Long Bình An had tenants in 2011 and a plan of 200 ha, and nobody had measured it.
    found = on("tuyen-quang", "2015-06-30")
    park = found.areas.loc["tq-kcn-long-binh-an"]
    assert park["supply"] == "present"
    assert pd.isna(park["total_area_ha"])
    assert found.states["tq-kcn-long-binh-an"].figures["total_area_ha"].nature == "planned"
    assert found.areas.loc["tq-kcn-son-nam", "total_area_ha"] == 150


def test_wha_1_and_nam_cam_are_there_once(on: Snapshots) -> None:
    areas = on("nghe-an", "2026-06-30").areas
    for whole, expected in (("na-kcn-wha-1", 498.0), ("na-kcn-nam-cam", 371.06)):
        parts = areas[areas["part_of"] == whole]
        assert len(parts) >= 2
        assert not parts["counted"].any()
        assert areas.loc[whole, "total_area_ha"] == expected
        assert parts["total_area_ha"].sum() == pytest.approx(expected)


@pytest.mark.parametrize("key", provinces())
@pytest.mark.parametrize("day", DATES)
def test_nothing_is_dated_after_the_day_nor_more_exactly_than_its_source(
    key: str, day: str, on: Snapshots
) -> None:
    shot = on(key, day)
    printed = {one.as_of for some in shot.observations.values() for one in some}
    reported = [reason for zone in shot.zones["reasons"] for reason in zone if "oldest" in reason]
    for reason in reported:
        assert {reason["oldest"], reason["newest"]} <= printed | {""}
    recorded = shot.areas["status_as_of"].map(last_day).dropna()
    assert (recorded <= shot.as_of).all()


@pytest.mark.parametrize("key", provinces())
@pytest.mark.parametrize("day", DATES)
def test_unknown_is_never_zero(key: str, day: str, on: Snapshots) -> None:
    zones = on(key, day).zones
    pairs = zones["areas_with_figures"]
    nothing = zones[zones["fill_rate_pct"].isna()]
    assert nothing[["leasable_ha", "leased_ha", "available_ha"]].isna().all(axis=None)
    assert (pairs[nothing.index] == 0).all()
    # Land of areas of which none has a known size isn't 0.
    unmeasured = (zones["areas_without_total"] == zones["areas_count"]) & (zones["areas_count"] > 0)
    land = zones.loc[unmeasured, "total_area_ha"].dropna()
    assert (land > 0).all()


@pytest.mark.parametrize("key", provinces())
@pytest.mark.parametrize("day", DATES)
def test_a_zone_says_what_it_knows_or_why_not(key: str, day: str, on: Snapshots) -> None:
    """None is plain grey where anything is reported."""
    for zone, row in on(key, day).zones.iterrows():
        codes = {item["code"] for item in row["reasons"]}
        shown = row[["fill_rate_pct", "fill_rate_min_pct", "reported_min_pct"]].notna().any()
        assert shown or codes, zone
        if "reported_rates" in codes and math.isnan(row["fill_rate_pct"]):
            assert not math.isnan(row["reported_min_pct"]), zone
        for low, high in (
            ("fill_rate_min_pct", "fill_rate_max_pct"),
            ("reported_min_pct", "reported_max_pct"),
        ):
            if not math.isnan(row[low]):
                assert -1e-9 <= row[low] <= row[high] + 1e-9 <= 100 + 1e-6
        if not math.isnan(row["available_min_ha"]):
            assert -1e-9 <= row["available_min_ha"] <= row["available_max_ha"] + 1e-9


def test_order_of_areas_changes_nothing(on: Snapshots, loaded: Callable[[str], Province]) -> None:
    province = loaded("nghe-an")
    other = replace(
        province,
        areas=province.areas.iloc[::-1],
        shares=province.shares.sample(frac=1, random_state=3),
    )
    one, two = on("nghe-an", "2026-06-30"), snapshot(other, DAY)
    fields = [field for field in one.zones if field not in {"geometry", "reasons", "areas_by_kind"}]
    pd.testing.assert_frame_equal(
        pd.DataFrame(one.zones[fields]), pd.DataFrame(two.zones[fields]), rtol=1e-12
    )
    assert list(one.zones["areas_by_kind"]) == list(two.zones["areas_by_kind"])
    for field in LAND:
        assert one.total[field] == pytest.approx(two.total[field])


# Zones that were made up.


def test_no_areas_is_no_figure() -> None:
    found = account([], DAY)
    assert found["areas_count"] == 0
    for field in ("leasable_ha", "leased_ha", "available_ha", "fill_rate_pct"):
        assert found[field] is None
    assert set(ACCOUNT_FIELDS) <= set(found)


def test_there_is_no_mean_of_percentages() -> None:
    found = account([part(occupancy=pair(90, 100)), part(occupancy=pair(0, 900))], DAY)
    assert found["fill_rate_pct"] == pytest.approx(9)
    assert (found["fill_rate_min_pct"], found["fill_rate_max_pct"]) == pytest.approx((9, 9))


def test_dates_span_both_figures_of_the_pairs() -> None:
    one, two = pair(80, 100, "2025-06"), pair(10, 20, "2024")
    older = replace(one, leasable=figure("leasable_ha", 100, "2024-09"))
    newer = replace(two, leasable=figure("leasable_ha", 20, "2025-07"))
    alone = Occupancy(leased=figure("leased_ha", 5, "2010"))
    found = account([part(occupancy=item) for item in (older, newer, alone)], DAY)
    assert (found["oldest_as_of"], found["newest_as_of"]) == ("2024-09", "2025-07")
    found = account([part(occupancy=older)], DAY)
    assert (found["oldest_as_of"], found["newest_as_of"]) == ("2024-09", "2025-06")
    assert account([part(occupancy=alone)], DAY)["newest_as_of"] == ""


def test_land_is_split_and_areas_count_once() -> None:
    found = account(
        [
            part(0.25, assumed=True, counts=False, total=200, occupancy=pair(80, 100)),
            part(total=50, occupancy=pair(10, 40)),
        ],
        DAY,
    )
    assert (found["areas_count"], found["total_area_ha"]) == (1, 100)
    assert (found["areas_with_figures"], found["shares_with_figures"]) == (1, 1)
    assert (found["leasable_ha"], found["leased_ha"]) == (65, 30)
    # The first may be elsewhere (10 / 40) or all here (90 / 140).
    assert found["fill_rate_min_pct"] == pytest.approx(25)
    assert found["fill_rate_max_pct"] == pytest.approx(90 / 140 * 100)
    surveyed = account([part(0.25, total=200, occupancy=pair(80, 100))], DAY)
    bounds = surveyed["fill_rate_min_pct"], surveyed["fill_rate_max_pct"]
    assert bounds == pytest.approx((80, 80))


def test_a_park_of_unknown_size_leaves_no_bounds() -> None:
    found = account([part(occupancy=pair(50, 100)), part(area_id="lost")], DAY)
    assert found["fill_rate_pct"] == 50
    assert found["fill_rate_min_pct"] is found["fill_rate_max_pct"] is None
    assert found["available_min_ha"] is found["available_max_ha"] is None
    assert {"code": "park_without_total", "areas": ["lost"]} in found["reasons"]
    cluster = account([part(occupancy=pair(50, 100)), part(kind="industrial_cluster")], DAY)
    # A cluster of at most 75 ha has at most 60 ha to lease: 50 / 160 to 110 / 160.
    assert cluster["fill_rate_min_pct"] == pytest.approx(31.25)
    assert cluster["fill_rate_max_pct"] == pytest.approx(68.75)


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [("2021-06-30", (40, 40)), ("2021-06-29", (0, 100)), ("2021", (40, 40)), ("", (0, 100))],
)
def test_a_reported_rate_holds_for_five_years(as_of: str, expected: tuple[int, int]) -> None:
    found = account([part(total=100, occupancy=reported(40, as_of))], DAY)
    bounds = found["fill_rate_min_pct"], found["fill_rate_max_pct"]
    assert bounds == pytest.approx(expected)
    # It fixes the rate and not the land: 60 to 80 ha, of which 60 % are free.
    if expected == (40, 40):
        assert found["available_min_ha"] == pytest.approx(36)
        assert found["available_max_ha"] == pytest.approx(48)
    assert found["reported_min_pct"] == pytest.approx(40)
    assert found["fill_rate_pct"] is None


def test_the_interval_of_reported_rates_is_only_where_no_pair_is() -> None:
    both = [part(total=100, occupancy=reported(40, "2010")), part(occupancy=pair(1, 2), total=3)]
    assert account(both, DAY)["reported_min_pct"] is None
    # 20 % and 80 % of equal land, 60 to 80 ha each: 8 + 48 of 68 more or less
    found = account([part(total=100, occupancy=reported(pct, "")) for pct in (20, 80)], DAY)
    assert found["reported_min_pct"] == pytest.approx((0.2 * 80 + 0.8 * 60) / 140 * 100)
    assert found["reported_max_pct"] == pytest.approx((0.2 * 60 + 0.8 * 80) / 140 * 100)


def test_reported_rates_show_beside_a_park_of_unknown_size() -> None:
    cluster = part(kind="industrial_cluster", total=50, occupancy=reported(80, "2024"))
    found = account([cluster, part(area_id="lost")], DAY)
    assert found["fill_rate_min_pct"] is found["available_max_ha"] is None
    assert (found["reported_min_pct"], found["reported_max_pct"]) == pytest.approx((80, 80))
    assert {"code": "park_without_total", "areas": ["lost"]} in found["reasons"]
    # Its own rate is an end of the interval, however small or large it is.
    rated = part(area_id="lost", occupancy=reported(30, ""))
    found = account([cluster, rated], DAY)
    assert (found["reported_min_pct"], found["reported_max_pct"]) == pytest.approx((30, 80))
    found = account([rated], DAY)
    assert (found["reported_min_pct"], found["reported_max_pct"]) == (30, 30)
    assert account([part(area_id="lost")], DAY)["reported_min_pct"] is None


def test_ht_bac_shows_its_clusters_without_gia_lach(on: Snapshots) -> None:
    zone = on("ha-tinh", "2026-06-30").zones.loc["ht-bac"]
    assert pd.isna(zone["fill_rate_min_pct"])
    assert 0 <= zone["reported_min_pct"] <= zone["reported_max_pct"] < 100
    lost = {"code": "park_without_total", "areas": ["ht-kcn-gia-lach"]}
    assert lost in zone["reasons"]


def test_land_of_some_parts_is_not_taken_for_the_whole() -> None:
    least = figure("leasable_ha", 30, how="lower_bound", qualifier=">")
    found = account([part(total=100, occupancy=Occupancy(leasable=least))], DAY)
    assert found["leasable_ha"] is None
    assert found["available_max_ha"] == pytest.approx(80)


def test_a_total_of_some_parts_leaves_room_for_more() -> None:
    # 60 of at least 100 ha: nobody knows how large the park is.
    whole = part()
    least = figure("total_area_ha", 100, how="lower_bound", qualifier=">")
    known = whole._replace(state=replace(whole.state, total=least, pipeline_total=least))
    found = account([known], DAY)
    assert found["available_max_ha"] is None
    assert found["fill_rate_max_pct"] is None


def test_pipeline_and_unknown_status_are_no_supply() -> None:
    parts = [
        part(total=100, supply="pipeline", occupancy=pair(10, 50)),
        part(total=100, supply="none", occupancy=pair(10, 50)),
    ]
    found = account(parts, DAY)
    assert (found["areas_count"], found["pipeline_ha"]) == (0, 100)
    assert found["leasable_ha"] is None
    assert account([part(supply="pipeline")], DAY)["pipeline_ha"] is None


def test_assumptions_can_be_changed() -> None:
    assume = Assumptions(least_leasable_share=0.5, most_leasable_share=0.5, rate_years=1)
    found = account([part(total=100, occupancy=reported(40, "2024"))], DAY, assume)
    assert (found["available_min_ha"], found["available_max_ha"]) == (0, 50)


RATES = st.one_of(
    st.none(),
    st.tuples(st.integers(0, 100).map(float), st.sampled_from(["2010", "2024", "2025-12", ""])),
)


@st.composite
def zone_parts(draw: st.DrawFn) -> Part:
    assumed = draw(st.booleans())
    share = draw(st.sampled_from([0.25, 0.5, 0.75])) if assumed else 1.0
    leasable = float(draw(st.integers(1, 400)))
    paired = draw(st.booleans())
    rate = draw(RATES)
    if paired:
        occupancy = pair(leasable * draw(st.integers(0, 100)) / 100, leasable)
    else:
        occupancy = reported(*rate) if rate else Occupancy()
    kind = draw(st.sampled_from(["industrial_park", "industrial_cluster"]))
    need = kind == "industrial_park" and not paired
    total = float(draw(st.integers(1, 500))) if need or draw(st.booleans()) else None
    return part(share, assumed=assumed, kind=kind, total=total, occupancy=occupancy)


def _complete(parts: Sequence[Part], data: st.DataObject) -> tuple[float, float]:
    """Leased and leasable land of a zone as it may really be, by design §3."""
    leased = leasable = 0.0
    for item in parts:
        occupancy, total = item.state.occupancy, item.state.total
        if occupancy.leasable is not None:
            land = occupancy.leasable.value
        else:
            size = total.value if total else data.draw(st.floats(5, 75))
            land = size * data.draw(st.floats(0.6, 0.8))
        rate = occupancy.rate
        known = rate is not None and (occupancy.paired or rate.as_of in {"2024", "2025-12"})
        full = rate.value / 100 if known and rate else data.draw(st.floats(0, 1))
        share = data.draw(st.floats(0, 1)) if item.assumed else item.share
        leased += share * land * full
        leasable += share * land
    return leased, leasable


@given(st.lists(zone_parts(), min_size=1, max_size=6), st.data())
def test_bounds_hold_the_true_rate_of_any_zone(parts: list[Part], data: st.DataObject) -> None:
    leased, leasable = _complete(parts, data)
    found = account(parts, DAY)
    free = leasable - leased
    assert found["available_min_ha"] - 1e-6 <= free <= found["available_max_ha"] + 1e-6
    if leasable > 1e-6:
        truth = leased / leasable * 100
        assert found["fill_rate_min_pct"] - 1e-6 <= truth <= found["fill_rate_max_pct"] + 1e-6


@given(st.lists(zone_parts(), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_order_of_parts_changes_nothing(parts: list[Part], random: object) -> None:
    other = list(parts)
    random.shuffle(other)  # type: ignore[attr-defined]
    one, two = account(parts, DAY), account(other, DAY)
    for field in set(one) - {"reasons"}:
        if isinstance(one[field], float):
            assert one[field] == pytest.approx(two[field], rel=1e-12), field
        else:
            assert one[field] == two[field], field
