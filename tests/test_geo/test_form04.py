"""Form 04 on clusters: periods, and sums that are whole or blank."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.form04 import change, form04, period_of
from geo.snapshot import with_facts
from tests.clusters import AS_OF, known_clusters

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.snapshot import Province


@pytest.fixture(scope="module")
def small(loaded: Callable[[str], Province]) -> Province:
    return loaded("tuyen-quang")


@pytest.fixture(scope="module")
def known(small: Province) -> Province:
    return known_clusters(small)


@given(st.dates(dt.date(2024, 10, 1), dt.date(2060, 1, 1)))
def test_a_period_ends_on_the_newest_cut_off(as_of: dt.date) -> None:
    period = period_of(as_of)
    assert (period.cut_off.month, period.cut_off.day) in {(6, 14), (12, 14)}
    assert period.cut_off <= as_of < period.cut_off + dt.timedelta(days=184)
    assert period.first == dt.date(period.cut_off.year - 1, 12, 15)
    assert period.half == (period.cut_off.month == 6)
    before = period_of(period.cut_off - dt.timedelta(days=1))
    assert before.cut_off < period.cut_off
    assert before.half != period.half


def test_cut_offs_are_those_of_the_rule(small: Province) -> None:
    rule = small.facts.legal_rules.loc["CCN-REPORT-CUTOFF"]
    assert "14/6" in rule["rule_vi"]
    assert "14/12" in rule["rule_vi"]
    assert "17, 18, 19" in small.facts.legal_rules.loc["CCN-REPORT-FILL"]["rule_vi"]


def test_cells_are_filled_where_every_cluster_is_known(known: Province) -> None:
    form = form04(known, AS_OF)
    assert [item.value for item in form.now.items] == [100.0, 65.0, 65.0]
    assert [item.value for item in form.before.items] == [None, None, None]
    assert [change(*pair) for pair in zip(form.now.items, form.before.items, strict=True)] == [
        None,
        None,
        None,
    ]
    assert all(item.known == item.of == 3 for item in form.now.items)
    assert form.now.items[0].newest == "2026-05-31"


def test_one_unknown_cluster_leaves_the_cells_blank(known: Province) -> None:
    table = known.facts.observations
    gone = str(form04(known, AS_OF).now.clusters[0])
    fewer = table[~((table["area_id"] == gone) & (table["metric"] == "leased_ha"))]
    facts = dataclasses.replace(known.facts, observations=fewer.reset_index(drop=True))
    form = form04(with_facts(known, facts), AS_OF)
    land, leased, rate = form.now.items
    assert land.value == 100.0
    assert leased.value is None
    assert leased.known_part == 45.0
    assert leased.missing == (gone,)
    assert rate.value is None
    assert rate.known_part == pytest.approx(75.0)


def test_clusters_that_the_tables_lack_leave_the_cells_blank(
    loaded: Callable[[str], Province],
) -> None:
    form = form04(loaded("nghe-an"), AS_OF)
    assert all(item.value is None for item in form.now.items)
    assert form.now.items[0].of == len(form.now.clusters) + 11
