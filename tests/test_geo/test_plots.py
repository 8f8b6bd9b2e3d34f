"""Plots and leases: their land by status, and what it makes of an area's figures."""

import datetime as dt
import math
from collections.abc import Callable, Sequence
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.facts import Facts, load_facts
from data.vocabulary import LEASE_STATUSES, PLOT_STATUSES, PLOT_USES
from geo._registers import with_registers
from geo.derivation import derivation
from geo.eco_parks import eco_shares
from geo.figures import read_observations
from geo.history import timeline
from geo.occupancy import occupancy
from geo.plot_layer import plot_figures, province_plots
from geo.plots import STATUS_FIELDS, add_up, in_force, measure, plots_on, register
from geo.snapshot import Province, Snapshot, snapshot, with_facts
from tests.test_geo.plots import CRS, SOURCE, leases, plots, with_own

Rows = Sequence[dict[str, Any]]
VSIP, DAY = "na-kcn-vsip-1", dt.date(2026, 6, 30)
PARK = {VSIP: "industrial_park"}
NOTHING = pd.DataFrame({"date": []})

# VSIP Nghệ An 1 as na-s01 has it: 262.07 of 286.63 ha, in a park of 367.6 ha.
WHOLE = (
    {"land": 229.49, "status": "leased"},
    {"land": 21.14, "status": "available"},
    {"land": 32.58, "use": "service", "status": "leased"},
    {"land": 3.42, "use": "service", "status": "not_cleared"},
    {"land": 40.0, "use": "green"},
    {"land": 30.97, "use": "traffic"},
    {"land": 10.0, "use": "technical"},
)


load_facts_once = cache(load_facts)


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load_facts_once()


@pytest.fixture
def take(loaded: Callable[[str], Province], facts: Facts) -> Callable[..., Snapshot]:
    def of(*, on: dt.date = DAY, **tables: Any) -> Snapshot:  # noqa: ANN401
        return snapshot(with_facts(loaded("nghe-an"), with_own(facts, **tables)), on)

    return of


def on_day(rows: Any, lets: Any = None, day: dt.date = DAY) -> Any:  # noqa: ANN401
    return plots_on(register(rows, leases() if lets is None else lets, NOTHING, CRS), day)


def figures(state: Snapshot, area_id: str = VSIP) -> dict[str, Any]:
    return dict(state.states[area_id].figures)


some_plots = st.lists(
    st.fixed_dictionaries(
        {
            "land": st.one_of(st.none(), st.floats(0.1, 50.0)),
            "area_ha": st.one_of(st.just(""), st.integers(1, 50).map(str)),
            "use": st.sampled_from(PLOT_USES),
            "status": st.sampled_from(["", *PLOT_STATUSES]),
        },
    ),
    min_size=1,
    max_size=8,
)
some_leases = st.lists(
    st.fixed_dictionaries(
        {
            "plot_id": st.sampled_from(["", "P0", "P1", "P2", "P9"]),
            "area_ha": st.one_of(st.just(""), st.integers(1, 60).map(str)),
            "status": st.sampled_from(LEASE_STATUSES),
            "signed_on": st.sampled_from(["", "2020", "2025-06", "2026-06-30", "2026-07-01"]),
            "ends_on": st.sampled_from(["", "2024-12-31", "2026-06-29", "2070"]),
        },
    ),
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(some_plots, some_leases)
def test_land_by_status_is_all_the_land(rows: Rows, lets: Rows) -> None:
    found = on_day(plots(*rows), leases(*lets))
    land = found["area_ha"]
    parts = found[list(STATUS_FIELDS)]
    assert np.allclose(parts.sum(axis=1, skipna=False)[land.notna()], land.dropna(), atol=1e-9)
    assert parts[land.isna()].isna().all(axis=None)
    assert (parts.fillna(0.0) >= -1e-12).all(axis=None)
    for row in add_up(found, PARK).to_dict("records"):
        by_status = [row[f"{field.removesuffix('_ha')}_land_ha"] for field in STATUS_FIELDS]
        if not math.isnan(row["leasable_ha"]):
            assert math.isclose(math.fsum(by_status), row["leasable_ha"], abs_tol=1e-9)
            assert row["leased_ha"] <= row["leasable_ha"] + 1e-9


@settings(max_examples=25, deadline=None)
@given(some_plots, some_leases, st.randoms())
def test_the_order_of_rows_does_not_matter(rows: Rows, lets: Rows, random: Random) -> None:
    one, two = plots(*rows), leases(*lets)
    rows_2, lets_2 = (each.sample(frac=1, random_state=random.randrange(99)) for each in (one, two))
    pd.testing.assert_frame_equal(
        add_up(on_day(one, two), PARK), add_up(on_day(rows_2, lets_2), PARK), rtol=1e-12
    )


@settings(max_examples=25, deadline=None)
@given(some_plots, some_leases)
def test_figures_on_each_date_are_the_sums_of_that_date(rows: Rows, lets: Rows) -> None:
    facts = with_own(load_facts_once(), plots=plots(*rows), leases=leases(*lets))
    found = with_registers({}, facts, facts.areas.loc[[VSIP]], CRS).get(VSIP, ())
    kept = register(facts.plots, facts.leases, facts.sources, CRS)
    for item in found:
        assert item.until is not None
        if item.how == "from_plots":
            sums = add_up(plots_on(kept, item.until), PARK).iloc[0]
            field = "leased_ha" if item.metric == "leased_ha" else "leasable_ha"
            assert item.value == pytest.approx(sums[field], abs=1e-9)
            assert item.scope == "phase"
        else:
            now = in_force(kept.leases, item.until)
            let = now.loc[now["status"] == "leased", "area_ha"].sum()
            assert item.value == pytest.approx(let)


def test_measured_land_goes_before_stated_and_is_compared_with_it() -> None:
    found = measure(plots({"land": 10.0, "area_ha": 10.05}, {"area_ha": 4}, {"land": 2.0}, {}), CRS)
    assert found["area_ha"].round(6).tolist()[:3] == [10.0, 4.0, 2.0]
    assert math.isnan(found["area_ha"].iloc[3])
    assert found["area_from"].tolist() == ["measured", "stated", "measured", ""]
    assert found["differs_pct"].iloc[0] == pytest.approx(0.5)


def test_figures_by_basis_by_hand() -> None:
    found = add_up(on_day(plots(*WHOLE)), PARK).set_index("basis")
    assert list(found.index) == ["kcn_2022", "kcn_2018"]
    now, old = found.loc["kcn_2022"], found.loc["kcn_2018"]
    assert now["leasable_ha"] == pytest.approx(286.63)
    assert now["leased_ha"] == pytest.approx(262.07)
    assert now["not_cleared_land_ha"] == pytest.approx(3.42)
    assert old["leasable_ha"] == pytest.approx(250.63)
    assert old["fill_rate_pct"] == pytest.approx(229.49 / 250.63 * 100)
    assert now["plots_ha"] == pytest.approx(367.6)


def test_approved_land_counts_in_a_cluster_and_not_in_a_park() -> None:
    rows = plots({"land": 6.0, "status": "approved", "use": "SKN"}, {"land": 4.0, "use": "SKN"})
    found = on_day(rows)
    assert add_up(found, {VSIP: "industrial_cluster"})["leased_ha"].tolist() == [pytest.approx(6)]
    assert set(add_up(found, PARK)["leased_ha"]) == {0.0}
    assert add_up(found, {VSIP: "economic_zone"}).empty


def test_plots_make_the_figures_of_a_park(take: Callable[..., Snapshot]) -> None:
    state = take(plots=plots(*WHOLE))
    found = figures(state)
    rate = found["fill_rate_pct"]
    assert rate.value == pytest.approx(262.07 / 286.63 * 100)
    assert (rate.how, rate.basis, rate.as_of) == ("computed", "kcn_2022", "2026-03-01")
    assert found["leased_ha"].how == found["leasable_ha"].how == "from_plots"
    assert found["leased_ha"].sources == (SOURCE,)
    assert "7 plots of 367.60 ha; 100.0 % of the total area" in found["leased_ha"].note
    tree = derivation(state.states[VSIP], state.observations, DAY)["leased_ha"]
    assert [(leaf["how"], leaf["source"]) for leaf in tree["rests_on"]] == [("from_plots", SOURCE)]
    assert {leaf["value"] for leaf in tree["set_aside"]} >= {261.74, 237.94}


def test_plots_known_later_say_nothing_yet(
    take: Callable[..., Snapshot], on: Callable[[str, str], Snapshot]
) -> None:
    before = dt.date(2026, 2, 28)
    state = take(plots=plots(*WHOLE), on=before)
    assert figures(state) == figures(on("nghe-an", before.isoformat()))


def test_a_part_of_the_plots_claims_no_whole(
    take: Callable[..., Snapshot], on: Callable[[str, str], Snapshot]
) -> None:
    rows = plots({"land": 100.0, "status": "leased"}, {"land": 50.0, "status": "available"})
    state = take(plots=rows)
    base = figures(on("nghe-an", DAY.isoformat()))
    assert figures(state)["fill_rate_pct"] == base["fill_rate_pct"]
    tree = derivation(state.states[VSIP], state.observations, DAY)["leased_ha"]
    aside = next(leaf for leaf in tree["set_aside"] if leaf["how"] == "from_plots")
    assert (aside["why"], aside["value"]) == ("phase", pytest.approx(100.0))
    assert "40.8 % of the total area of 367.60 ha" in aside["note"]
    covered = plot_figures(state).iloc[0]
    assert not covered["whole"]
    assert covered["of_leasable_pct"] == pytest.approx(150 / 286.63 * 100)


def test_a_part_of_the_plots_is_a_lower_bound_where_nothing_else_is_known(
    take: Callable[..., Snapshot],
) -> None:
    rows = plots({"land": 60.0, "status": "leased"}, {"land": 5.0}, area_id="na-kcn-vsip-3")
    state = take(plots=rows).states["na-kcn-vsip-3"]
    leased, leasable = state.occupancy.leased, state.occupancy.leasable
    assert leased is not None
    assert leasable is not None
    assert (leased.how, leased.qualifier) == ("lower_bound", ">")
    assert leasable.value == pytest.approx(65.0)
    assert not state.occupancy.paired


def test_plots_of_all_leasable_land_are_whole_without_roads(
    take: Callable[..., Snapshot],
) -> None:
    assert plot_figures(take(plots=plots(*WHOLE[:4]))).iloc[0]["whole"]


def test_what_differs_from_plots_stays_a_conflict(take: Callable[..., Snapshot]) -> None:
    other = ({"land": 220.0, "status": "leased"}, {"land": 30.63, "status": "available"})
    state = take(plots=plots(*other, *WHOLE[2:], as_of="2026-01-06"))
    items = [item.observation for item in state.states[VSIP].conflicts]
    leased = {item.how: item.value for item in items if item.metric == "leased_ha"}
    chosen = figures(state)["leased_ha"]
    assert {chosen.how, *leased} == {"observed", "from_plots"}
    assert sorted([chosen.value, *leased.values()]) == pytest.approx([252.58, 262.07])


def test_a_rate_over_12_months_newer_goes_before_plots(facts: Facts) -> None:
    own = with_own(facts, plots=plots(*WHOLE, as_of="2024-03-01"))
    stated = read_observations(facts.observations, facts.sources)
    rates = tuple(
        item for item in stated[VSIP] if item.metric in {"fill_rate_pct", "total_area_ha"}
    )
    found = with_registers({VSIP: rates}, own, facts.areas.loc[[VSIP]], CRS)[VSIP]
    assert occupancy(found, dt.date(2025, 2, 28)).paired
    late = occupancy(found, dt.date(2025, 5, 31))
    assert not late.paired
    assert late.rate is not None
    assert late.rate.value == 97


def test_a_lease_sets_the_status_of_its_plot_while_it_is_in_force() -> None:
    rows = plots({"land": 10.0, "status": "available"}, as_of="2025-01-01")
    let = leases({"plot_id": "P0", "signed_on": "2026-01-10", "ends_on": "2026-12-31"})
    for day, status, said in (
        ("2026-01-09", "available", "plot"),
        ("2026-01-10", "leased", "lease"),
        ("2026-12-31", "leased", "lease"),
        ("2027-01-01", "available", "plot"),
    ):
        plot = on_day(rows, let, dt.date.fromisoformat(day)).iloc[0]
        assert (plot["status"], plot["status_from"]) == (status, said), day


def test_a_lease_of_a_part_leaves_the_rest_as_it_was() -> None:
    rows = plots({"land": 10.0, "status": "reserved"})
    plot = on_day(rows, leases({"plot_id": "P0", "area_ha": 3, "signed_on": "2026-01-01"})).iloc[0]
    assert (plot["leased_ha"], plot["reserved_ha"]) == (3.0, pytest.approx(7.0))
    assert plot["status"] == "reserved"


def test_land_whose_lease_ended_is_free_unless_a_later_row_says_otherwise() -> None:
    let = leases({"plot_id": "P0", "signed_on": "2020-01-01", "ends_on": "2025-12-31"})
    old = plots({"land": 10.0, "status": "leased"}, as_of="2024-01-01")
    new = plots({"land": 10.0, "status": "leased"}, as_of="2026-02-01")
    assert on_day(old, let).iloc[0]["status"] == "available"
    assert on_day(new, let).iloc[0]["status"] == "leased"


def test_a_newer_row_is_a_newer_state_of_the_same_plot() -> None:
    rows = pd.concat(
        [
            plots({"land": 10.0, "status": "available"}, as_of="2024"),
            plots({"land": 12.0, "status": "leased"}, as_of="2026-05"),
        ],
    )
    early, late = (on_day(rows, day=dt.date(2026, month, 31)) for month in (3, 5))
    assert early["area_ha"].round(6).tolist() == [10.0]
    assert late[["area_ha", "leased_ha"]].round(6).to_numpy().tolist() == [[12.0, 12.0]]


def test_leases_without_plots_give_leased_land_by_date(take: Callable[..., Snapshot]) -> None:
    let = leases(
        {"area_ha": 200, "signed_on": "2026-02"},
        {"area_ha": 70, "signed_on": "2026-03-15", "ends_on": "2026-05-31"},
    )
    for day, expected in ((dt.date(2026, 2, 28), 200), (dt.date(2026, 3, 15), 270), (DAY, 200)):
        found = figures(take(leases=let, on=day))["leased_ha"]
        assert (found.value, found.how, found.basis) == (expected, "from_leases", "kcn_2022"), day
    rate = figures(take(leases=let))["fill_rate_pct"]
    assert rate.value == pytest.approx(200 / 286.63 * 100)


def test_figures_over_time_follow_the_register(
    loaded: Callable[[str], Province], facts: Facts
) -> None:
    let = leases(
        {"plot_id": "P1", "signed_on": "2026-05-05", "area_ha": 10},
        {"plot_id": "P1", "signed_on": "2026-06-05", "area_ha": 5, "ends_on": "2026-06-20"},
    )
    own = with_own(facts, plots=plots(*WHOLE), leases=let)
    province = with_facts(loaded("nghe-an"), own)
    times = timeline(province)
    for text, leased in (
        ("2026-05-04", 262.07),
        ("2026-05-05", 272.07),
        ("2026-06-05", 277.07),
        ("2026-06-21", 272.07),
    ):
        day = dt.date.fromisoformat(text)
        state = snapshot(province, day).states[VSIP]
        assert state.figures["leased_ha"].value == pytest.approx(leased), text
        assert times.state(VSIP, day).occupancy == state.occupancy


def test_land_of_unknown_status_makes_leased_land_a_least_value(
    take: Callable[..., Snapshot],
) -> None:
    rows = (*WHOLE[:3], {**WHOLE[3], "status": ""}, *WHOLE[4:])
    found = figures(take(plots=plots(*rows)))
    assert (found["leased_ha"].qualifier, found["fill_rate_pct"].qualifier) == (">", ">")
    assert found["leased_ha"].value == pytest.approx(262.07)


@pytest.mark.parametrize(
    ("rows", "verdict", "share"),
    [
        (WHOLE, "not_met", 80.97 / 367.6 * 100),
        ((*WHOLE[:2], *WHOLE[4:], {"land": 35.0, "use": "social"}), "met", 115.97 / 367.6 * 100),
        (WHOLE[4:], "cannot_tell", 80.97 / 367.6 * 100),
    ],
)
def test_shared_land_against_the_indicator(
    take: Callable[..., Snapshot], rows: Rows, verdict: str, share: float
) -> None:
    found = eco_shares(take(plots=plots(*rows))).iloc[0]
    assert found["verdict"] == verdict
    assert found["share_pct"] == pytest.approx(share)
    assert found["min_pct"] <= found["share_pct"] <= found["max_pct"] + 1e-9
    assert (found["threshold_pct"], found["standing"]) == (25.0, "indicator")
    assert found["document"] == "Nghị định 35/2022/NĐ-CP"


@pytest.mark.parametrize(
    ("rows", "low", "high", "verdict"),
    [
        # Of 367.6 ha 200 are plots, 50 of them green: the rest may be shared land or not.
        (({"land": 150.0}, {"land": 50.0, "use": "green"}), 50, 50 + 167.6, "cannot_tell"),
        # More plots than the area has: they are the whole, and nothing is left.
        (({"land": 300.0}, {"land": 120.0, "use": "green"}), 120, 120, "met"),
        # A plot of unknown size finds no room there, so that sizes are wrong.
        (
            ({"land": 300.0}, {"land": 120.0, "use": "green"}, {"land": None}),
            120,
            120,
            "cannot_tell",
        ),
    ],
)
def test_land_that_no_plot_covers_may_be_shared_or_not(
    take: Callable[..., Snapshot], rows: Rows, low: float, high: float, verdict: str
) -> None:
    whole = max(367.6, sum(row["land"] or 0.0 for row in rows))
    table = pd.DataFrame(
        [{"area_id": VSIP, "use": "SKK", "area_ha": row["land"]} | row for row in rows]
    )
    found = eco_shares(take(), table).iloc[0]
    assert found["verdict"] == verdict
    assert (found["min_pct"], found["max_pct"]) == pytest.approx(
        (low / whole * 100.0, high / whole * 100.0)
    )


def test_plots_of_which_only_the_area_is_known_stay(take: Callable[..., Snapshot]) -> None:
    state = take(plots=plots(*WHOLE, {"area_ha": 3.5, "use": "green"}))
    found = province_plots(state)
    assert found.geometry.isna().tolist() == [False] * 7 + [True]
    assert found["area_ha"].sum() == pytest.approx(371.1)
    assert province_plots(state, area_id="na-kcn-vsip-2").empty
