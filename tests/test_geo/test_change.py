"""A change of rate splits into its causes without rest, the same both ways."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.change import Holding, _effects, explain_change
from geo.history import Timeline, timeline
from geo.snapshot import PROVINCE_TOTAL, Province
from tests.test_geo.times import times_of

VSIP = "na-kcn-vsip-1"


def main_causes(changes: pd.DataFrame) -> list[str]:
    """Causes that surely drove a change, the strongest first: their effect has its sign always."""
    total = changes.loc[changes["cause"] == "total", "effect_pct"].iloc[0]
    if np.isnan(total) or total == 0:
        return []
    parts = changes[~changes["cause"].isin(["total", "basis"])].groupby("cause", sort=False)
    ends = parts[["effect_min_pct", "effect_max_pct"]].sum()
    sure = ends[(ends * total > 0).all(axis=1)].abs().min(axis=1)
    return [str(cause) for cause in sure.sort_values(ascending=False, kind="stable").index]


@pytest.fixture(scope="module")
def nghe_an(loaded: Callable[[str], Province]) -> Timeline:
    return times_of(loaded, "nghe-an")


def test_vsip_1_fell_by_its_base(nghe_an: Timeline) -> None:
    """From 97 % (May 2025, basis not stated) to 91.4 %: the base grew, no land was given back."""
    changes = explain_change(nghe_an, VSIP, dt.date(2025, 6, 1), dt.date(2025, 10, 1))
    rows = changes.set_index("cause")
    assert rows["before"]["total"] == 97.0
    assert rows["after"]["total"] == pytest.approx(91.43, abs=0.01)
    assert main_causes(changes) == ["leasable"]
    # 237.94 ha (2023-11) to 261.74 ha (2025-07) were leased in May 2025.
    assert rows["reason"]["leased"] == "leased_bracketed"
    assert 0 < rows["effect_min_pct"]["leased"] < rows["effect_max_pct"]["leased"]
    assert rows["effect_min_pct"]["leasable"] < rows["effect_max_pct"]["leasable"] < -5
    assert np.isnan(rows["effect_pct"]["basis"])


def test_vsip_1_since_2023(nghe_an: Timeline) -> None:
    changes = explain_change(nghe_an, VSIP, dt.date(2023, 12, 1), dt.date(2025, 10, 1))
    rows = changes.set_index("cause")
    assert main_causes(changes) == ["leasable"]
    assert [rows[side]["leased"] for side in ("before", "after")] == [237.94, 262.07]
    assert [rows[side]["leasable"] for side in ("before", "after")] == [250.63, 286.63]
    # 24.13 ha x (1/250.63 + 1/286.63) / 2 and the rest of 94.94 -> 91.43 %.
    assert rows["effect_pct"]["leased"] == pytest.approx(9.023, abs=1e-3)
    assert rows["effect_pct"]["leasable"] == pytest.approx(-12.528, abs=1e-3)
    assert rows["basis_before"]["basis"] == "kcn_2018"
    assert rows["basis_after"]["basis"] == "kcn_2022"


def test_the_province_fell_by_a_new_park(nghe_an: Timeline) -> None:
    changes = explain_change(nghe_an, PROVINCE_TOTAL, dt.date(2025, 10, 1), dt.date(2026, 11, 21))
    entered = changes[changes["cause"] == "entered"]
    assert entered["area_id"].tolist() == ["na-kcn-vsip-2"]
    assert main_causes(changes)[0] == "entered"
    parts = changes[changes["cause"] != "total"]["effect_pct"].sum()
    assert parts == pytest.approx(changes["effect_pct"].iloc[0])


def test_nothing_changed(nghe_an: Timeline) -> None:
    changes = explain_change(nghe_an, VSIP, dt.date(2026, 3, 1), dt.date(2026, 4, 1))
    assert changes["cause"].tolist() == ["total"]
    assert changes["effect_pct"].tolist() == [0.0]
    assert main_causes(changes) == []


def test_unknown_land(nghe_an: Timeline) -> None:
    """Nam Cấm has one rate and no land: nothing can be told."""
    changes = explain_change(nghe_an, "na-kcn-nam-cam", dt.date(2012, 1, 1), dt.date(2026, 1, 1))
    assert changes["cause"].tolist() == ["total"]
    assert np.isnan(changes["effect_pct"]).all()
    assert main_causes(changes) == []


def test_dates_in_order(nghe_an: Timeline) -> None:
    with pytest.raises(ValueError, match="is after"):
        explain_change(nghe_an, VSIP, dt.date(2026, 1, 1), dt.date(2025, 1, 1))
    with pytest.raises(KeyError):
        explain_change(nghe_an, "nowhere", dt.date(2025, 1, 1), dt.date(2026, 1, 1))


def test_nothing_from_later(nghe_an: Timeline) -> None:
    """The bracket of leased land doesn't look beyond the second date."""
    province, after = nghe_an.province, dt.date(2025, 8, 1)
    cut = dataclasses.replace(
        province,
        observations={
            area: tuple(item for item in items if item.until and item.until <= after)
            for area, items in province.observations.items()
        },
    )
    one = explain_change(nghe_an, VSIP, dt.date(2025, 6, 1), after)
    assert one.equals(explain_change(timeline(cut), VSIP, dt.date(2025, 6, 1), after))


def holding(leased: float, leasable: float, basis: str) -> Holding:
    return Holding(leased, leased, leasable, leased / leasable * 100.0, basis)


LANDS = st.builds(
    lambda leasable, share, basis: holding(leasable * share, leasable, basis),
    st.floats(5, 500),
    st.floats(0, 1),
    st.sampled_from(["kcn_2018", "kcn_2022", "reported"]),
)
SIDES = st.dictionaries(st.sampled_from("abcde"), LANDS, min_size=1)


def rate(side: dict[str, Holding]) -> float:
    return (
        sum(each.leased_min for each in side.values())
        / sum(each.leasable or 0.0 for each in side.values())
        * 100.0
    )


@settings(deadline=None)
@given(old=SIDES, new=SIDES)
def test_effects_sum_to_the_change(old: dict[str, Holding], new: dict[str, Holding]) -> None:
    forth, back = _effects(old, new), _effects(new, old)
    total = sum(row[5] for row in forth if row[0] != "basis")
    assert total == pytest.approx(rate(new) - rate(old), abs=1e-6)
    assert sum(row[5] for row in back if row[0] != "basis") == pytest.approx(-total, abs=1e-6)
