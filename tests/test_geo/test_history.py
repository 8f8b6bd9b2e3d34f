"""History says on each date what the snapshot of that date says, and nothing from later."""

import dataclasses
import datetime as dt
import itertools
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from data.resolutions import provinces
from geo.history import (
    LAND_METRICS,
    MOST_DATES,
    Timeline,
    area_points,
    area_series,
    change_dates,
    timeline,
    zone_history,
)
from geo.snapshot import PROVINCE_TOTAL, Province, snapshot
from tests.test_geo.times import times_of

TODAY = dt.date(2026, 11, 21)
VSIP = "na-kcn-vsip-1"
FIELDS = ("fill_rate_pct", "fill_rate_min_pct", "fill_rate_max_pct", "leased_ha", "leasable_ha")


@pytest.fixture(scope="module")
def nghe_an(loaded: Callable[[str], Province]) -> Timeline:
    return times_of(loaded, "nghe-an")


@pytest.mark.parametrize("province", provinces())
@pytest.mark.parametrize("as_of", ["2012-05-01", "2023-03-01", "2025-07-31", "2026-11-21"])
def test_zones_equal_the_snapshot(
    loaded: Callable[[str], Province], province: str, as_of: str
) -> None:
    day = dt.date.fromisoformat(as_of)
    state = snapshot(loaded(province), day)
    history = zone_history(times_of(loaded, province), until=day)
    last = history[history["date"] == pd.Timestamp(day)].set_index("zone_key")
    for field in (*FIELDS, "total_area_ha", "pipeline_ha", "coverage_land_pct"):
        ours = last.loc[state.zones.index, field].to_numpy(dtype=float)
        np.testing.assert_allclose(ours, state.zones[field].to_numpy(dtype=float), rtol=1e-12)
        total = np.array([last.loc[PROVINCE_TOTAL, field], state.total[field]], dtype=float)
        np.testing.assert_allclose(total[0], total[1], rtol=1e-12)


def test_whole_history_is_fast(loaded: Callable[[str], Province]) -> None:
    started = time.process_time()
    history = zone_history(timeline(loaded("nghe-an")), until=TODAY)
    assert time.process_time() - started < 5.0  # about 1 s
    assert set(history["zone_key"]) == {*loaded("nghe-an").zones.index, PROVINCE_TOTAL}


def test_figures_hold_between_the_dates(nghe_an: Timeline) -> None:
    """No day between two dates of a series says anything else than the first of them."""
    province = nghe_an.province
    key = "na-kkt-dong-nam"
    history = zone_history(nghe_an, until=TODAY, zones=[key]).set_index("date")
    days = [day for day in history.index if day.year >= 2023]
    for day, following in itertools.pairwise(days):
        eve = following - pd.Timedelta(days=1)
        if eve <= day:
            continue
        state = snapshot(province, eve.date())
        np.testing.assert_allclose(
            float(history["leased_ha"][day]), float(state.zones["leased_ha"][key])
        )


def test_nothing_from_later(loaded: Callable[[str], Province]) -> None:
    """The history to a date is the same where all later observations are gone."""
    province, until = loaded("nghe-an"), dt.date(2024, 6, 30)
    cut = dataclasses.replace(
        province,
        observations={
            area: tuple(item for item in items if item.until is None or item.until <= until)
            for area, items in province.observations.items()
        },
    )
    # Undated figures speak only where no dated one exists at any date: leave out what differs.
    same = [
        area
        for area, items in province.observations.items()
        if area in province.areas.index
        and all(
            any(other.until <= until for other in items if other.metric == one and other.until)
            or not any(other.until for other in items if other.metric == one)
            for one in LAND_METRICS
        )
    ]
    one, other = timeline(province), timeline(cut)
    assert VSIP in same
    for area in same:
        pd.testing.assert_frame_equal(
            area_series(one, area, until=until), area_series(other, area, until=until)
        )


def test_vsip_1_by_hand(nghe_an: Timeline) -> None:
    series = area_series(nghe_an, VSIP, until=TODAY).set_index("as_of")
    assert list(series.index) == [
        "2022-07",
        "2022-08",
        "2023-02-20",
        "2023-11",
        "2025-05",
        "2025-07",
        "2025-09",
        "2026-01-06",
    ]
    rates = series["fill_rate_pct"].round(1)
    assert list(rates) == [53.0, 55.6, 87.2, 94.9, 97.0, 91.3, 91.4, 91.4]
    assert list(series.index[series["basis_changed"]]) == ["2025-05", "2025-07"]
    assert series["basis"]["2025-09"] == "kcn_2022"
    assert series["rests_on"]["2025-09"] == (20, 25)
    points = area_points(nghe_an.province, VSIP)
    assert list(points["metric"].value_counts()[["fill_rate_pct", "leased_ha", "leasable_ha"]]) == [
        11,
        6,
        3,
    ]
    assert points["date"].is_monotonic_increasing
    assert points.loc[points["as_of"] == "2025-09", "exactness"].eq("month").all()


def test_undated_figures_hold_always(nghe_an: Timeline) -> None:
    series = area_series(nghe_an, "na-ccn-hung-loc", until=TODAY)
    assert series["date"].isna().all()
    assert list(series["fill_rate_pct"]) == [100.0]
    assert area_points(nghe_an.province, "na-ccn-hung-loc")["exactness"].tolist() == ["none"]


def test_an_area_without_figures_has_no_history(nghe_an: Timeline) -> None:
    assert area_series(nghe_an, "na-kcn-dong-hoi", until=TODAY).empty
    assert area_points(nghe_an.province, "na-kcn-dong-hoi").empty


def test_dates_are_limited(nghe_an: Timeline) -> None:
    every = list(nghe_an.states)
    assert len(change_dates(nghe_an, every, until=TODAY, most=1000)) > 20
    few = change_dates(nghe_an, every, until=TODAY, most=20)
    assert len(few) <= 20
    assert few == sorted(set(few))
    history = zone_history(nghe_an, until=TODAY)
    assert (history[~history["year_end"]].groupby("zone_key").size() <= MOST_DATES + 1).all()
    assert history.groupby("zone_key")["date"].apply(lambda dates: dates.is_unique).all()


def test_unknown_is_not_zero(nghe_an: Timeline) -> None:
    history = zone_history(nghe_an, until=TODAY, zones=["na-d"])
    assert history["leased_ha"].isna().all()
    assert history["fill_rate_pct"].isna().all()


def test_changes_name_their_areas(nghe_an: Timeline) -> None:
    history = zone_history(nghe_an, until=TODAY, zones=[PROVINCE_TOTAL]).set_index("date")
    assert VSIP in history["changed"][pd.Timestamp(2025, 7, 31)]
    with pytest.raises(KeyError):
        zone_history(nghe_an, until=TODAY, zones=["no-such-zone"])
