"""What is missing most comes first, and knowing it never widens a bound."""

import datetime as dt
import math
from collections.abc import Callable

import pytest

from data.resolutions import provinces
from geo.history import Timeline
from geo.quality import missing_most
from geo.snapshot import Province
from tests.test_geo.times import times_of

TODAY = dt.date(2026, 11, 21)


@pytest.fixture(scope="module")
def nghe_an(loaded: Callable[[str], Province]) -> Timeline:
    return times_of(loaded, "nghe-an")


def test_nghe_an(nghe_an: Timeline) -> None:
    rows = missing_most(nghe_an, TODAY)
    assert rows["area_id"].tolist()[:4] == [
        "na-kcn-wha-1",
        "na-kcn-dong-hoi",
        "na-kcn-nam-cam",
        "na-kcn-bac-vinh",
    ]
    first = rows.iloc[0]
    assert first["missing"] == ("leasable", "leased", "rate")
    assert first["land_ha"] == 498.0
    assert "WHA" in first["developer"]
    # Unknown: 0.6 to 0.8 of 498 ha, 0 to 100 %; known in the middle: none of that.
    assert first["available_shrink_ha"] == pytest.approx(0.8 * 498.0)
    assert first["shrink_pct"] > rows["shrink_pct"][3] > 0
    assert rows.set_index("area_id")["missing"]["na-kcn-nam-cam"] == (
        "leasable",
        "leased",
        "recent",
    )
    assert rows.set_index("area_id")["missing"]["na-ccn-hung-loc"] == (
        "total",
        "leasable",
        "leased",
        "date",
    )
    assert rows.set_index("area_id")["land_assumed"]["na-ccn-hung-loc"]
    assert "na-kcn-vsip-1" not in set(rows["area_id"])


def test_an_old_pair_is_missing_too(nghe_an: Timeline) -> None:
    rows = missing_most(nghe_an, TODAY, stale_years=1).set_index("area_id")
    assert rows["missing"]["na-kcn-hoang-mai-1"] == ("recent",)
    assert rows["shrink_pct"]["na-kcn-hoang-mai-1"] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("province", provinces())
@pytest.mark.parametrize("as_of", ["2016-01-01", "2024-06-30", "2026-11-21"])
def test_knowing_never_widens(loaded: Callable[[str], Province], province: str, as_of: str) -> None:
    rows = missing_most(times_of(loaded, province), dt.date.fromisoformat(as_of))
    for field in ("shrink_pct", "available_shrink_ha", "total_shrink_pct"):
        assert all(value >= -1e-9 or math.isnan(value) for value in rows[field])
    known = rows[~rows["blocks_bounds"]]
    assert known["land_ha"].dropna().is_monotonic_decreasing
    assert rows["blocks_bounds"].is_monotonic_decreasing
    assert rows.loc[rows["blocks_bounds"], "shrink_pct"].isna().all()
