import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.facts import load_facts
from geo.figures import Observation, read_observations
from geo.occupancy import Occupancy, occupancy, whole_from_parts
from tests.test_geo.builders import (
    leasable,
    leased,
    observations,
    pair,
    rate,
    renumbered,
)

METRICS = ("industrial_land_ha", "leased_ha", "fill_rate_pct")
DAYS = st.dates(dt.date(2021, 6, 1), dt.date(2026, 12, 31))


def on(day: str, *items: Observation) -> Occupancy:
    return occupancy(items, dt.date.fromisoformat(day))


def numbers(found: Occupancy) -> tuple[float | None, ...]:
    figures = (found.leased, found.leasable, found.available, found.rate)
    return tuple(None if item is None else round(item.value, 4) for item in figures)


# The pair: leased, leasable, available, rate.


def test_leased_and_leasable_of_one_source_make_the_rate() -> None:
    found = on(
        "2026-06-30",
        leasable(286.63, "2025-09", "kcn_2022"),
        leased(262.07, "2026-01-06", "kcn_2022", source="s2"),
    )
    # 262.07 / 286.63 = 0.914314...; 286.63 - 262.07 = 24.56
    assert numbers(found) == (262.07, 286.63, 24.56, 91.4315)
    assert found.paired
    assert found.rate is not None
    assert found.available is not None
    assert (found.rate.basis, found.rate.as_of, found.rate.how) == (
        "kcn_2022",
        "2026-01-06",
        "computed",
    )
    assert set(found.rate.sources) == set(found.available.sources) == {"s1", "s2"}
    assert set(found.rate.rests_on) == {11, 12}


def test_leasable_is_the_nearest_of_the_basis_not_after_the_date() -> None:
    items = (
        leased(50, "2023-09", "kcn_2018"),
        leasable(100, "2023-01", "kcn_2018"),
        leasable(80, "2023-10", "kcn_2018", row=21),
    )
    assert numbers(on("2024-01-01", *items))[1] == 80
    assert numbers(on("2023-10-30", *items))[1] == 100  # October means its last day


@pytest.mark.parametrize(
    ("as_of", "is_pair"),
    [
        ("2022-06-30", True),  # 12 months before
        ("2022-06-29", False),
        ("2024-06-30", True),  # 12 months after
        ("2024-07-01", False),
        ("2022", True),
        ("2021", False),
    ],
)
def test_at_most_twelve_months_apart(as_of: str, *, is_pair: bool) -> None:
    found = on("2026-01-01", leased(50, "2023-06-30"), leasable(100, as_of))
    assert found.paired is is_pair
    assert numbers(found) == ((50, 100, 50, 50) if is_pair else (50, 100, None, None))


@pytest.mark.parametrize(
    ("leased_basis", "leasable_basis", "expected"),
    [
        ("kcn_2022", "kcn_2022", "kcn_2022"),
        ("kcn_2018", "kcn_2018", "kcn_2018"),
        ("kcn_2022", "kcn_2018", None),
        ("kcn_2018", "ccn_2024", None),
        ("kcn_2022", "reported", "reported"),
        ("reported", "kcn_2022", "reported"),
        ("reported", "reported", "reported"),
    ],
)
def test_a_pair_has_one_basis_and_reported_goes_with_any(
    leased_basis: str, leasable_basis: str, expected: str | None
) -> None:
    found = on(
        "2024-01-01",
        leased(50, "2023", leased_basis),
        leasable(100, "2023", leasable_basis),
    )
    assert found.paired is (expected is not None)
    if expected is None:
        assert found.rate is None
        assert found.available is None
    else:
        assert found.rate is not None
        assert found.available is not None
        assert found.rate.basis == found.available.basis == expected


def test_the_same_basis_goes_before_a_nearer_reported_one() -> None:
    found = on(
        "2024-01-01",
        leased(50, "2023-06", "kcn_2022"),
        leasable(100, "2022-12", "kcn_2022"),
        leasable(70, "2023-06", "reported", row=21),
    )
    assert numbers(found)[1] == 100
    assert found.rate is not None
    assert found.rate.basis == "kcn_2022"


def test_the_newest_leased_land_starts_the_pair_even_with_less_to_go_with() -> None:
    found = on(
        "2026-01-01",
        leased(50, "2023-06"),
        leasable(100, "2023-06"),
        leased(60, "2025-06", row=22),
    )
    assert not found.paired
    assert numbers(found) == (60, 100, None, None)


def test_a_rate_near_leased_land_gives_the_leasable_land() -> None:
    found = on("2026-06-30", leased(81.69, "2026-01-06"), rate(21.5, "2026-01-06"))
    # 81.69 / 0.215 = 379.9535; 379.9535 - 81.69 = 298.2635
    assert numbers(found) == (81.69, 379.9535, 298.2635, 21.5)
    assert found.leasable is not None
    assert (found.leasable.how, found.leasable.basis) == ("derived", "reported")
    assert set(found.leasable.rests_on) == {12, 13}


@pytest.mark.parametrize("basis", ["kcn_2018", "ccn_2024"])
def test_a_rate_of_another_basis_gives_no_leasable_land(basis: str) -> None:
    found = on("2026-06-30", leased(80, "2026-01", "kcn_2022"), rate(20, "2026-01", basis))
    assert not found.paired
    assert found.leasable is None


def test_a_rate_of_nothing_gives_no_leasable_land() -> None:
    assert on("2026-06-30", leased(80, "2026-01"), rate(0, "2026-01")).leasable is None


def test_without_leased_land_a_rate_gives_it() -> None:
    found = on("2025-01-01", leasable(180.95, "2024"), rate(86, "2024", qualifier=">"))
    # 180.95 * 0.86 = 155.617
    assert numbers(found) == (155.617, 180.95, 25.333, 86)
    assert found.leased is not None
    assert (found.leased.how, found.leased.qualifier) == ("derived", ">")
    assert not on("2026-06-30", leasable(180.95, "2023-11"), rate(86, "2024")).paired


def test_computed_goes_before_reported_within_twelve_months() -> None:
    items = (leased(50, "2023-06-30"), leasable(100, "2023-06-30"))
    found = on("2026-01-01", *items, rate(60, "2024-06-30"))
    assert numbers(found) == (50, 100, 50, 50)
    assert [(item.observation.value, item.rule) for item in found.conflicts] == [
        (60, "not_leased_over_leasable"),
    ]


def test_of_rates_of_one_day_the_one_that_is_leased_over_leasable_goes_first() -> None:
    day = "2025-09"
    right, late = rate(91.4, day, row=3), rate(95, day, row=4, source_date=dt.date(2026, 1, 1))
    found = on("2026-01-01", leased(262.07, day), leasable(286.63, day), right, late)
    assert numbers(found)[3] == 91.4315
    assert [(item.observation, item.rule) for item in found.conflicts] == [
        (late, "not_leased_over_leasable"),
    ]


def test_a_rate_more_than_twelve_months_newer_makes_the_pair_history() -> None:
    items = (leased(50, "2023-06-30"), leasable(100, "2023-06-30"), rate(60, "2024-07-01"))
    found = on("2026-01-01", *items)
    assert found.rate is not None
    assert (found.rate.value, found.rate.as_of, found.paired) == (60, "2024-07-01", False)
    assert found.available is None
    assert numbers(on("2024-06-30", *items)) == (50, 100, 50, 50)  # the rate isn't known yet
    # Leasable land near the new rate makes a new pair: 60 % of 120 ha.
    found = on("2026-01-01", *items, leasable(120, "2024-12", row=21))
    assert numbers(found) == (72, 120, 48, 60)


def test_over_a_hundred_percent_is_a_finding_and_no_value() -> None:
    found = on("2024-01-01", leased(110, "2023"), leasable(100, "2023"))
    assert not found.paired
    assert found.rate is None
    assert found.available is None
    assert "over_leasable" in {item.rule for item in found.conflicts}


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (rate(80, "2023-06-30"), (80, 100, 20, 80)),
        (rate(80, "2024-06-30"), (80, 100, 20, 80)),
        (rate(80, "2022-06-30"), (80, 100, 20, 80)),
        (rate(80, "2022-06-29"), (110, 100, None, None)),  # says nothing of that time
        (rate(105, "2023-06-30"), (110, 100, None, None)),
        (rate(80, "2023-06-30", "kcn_2018"), (110, 100, None, 80)),  # of other land
    ],
)
def test_over_a_hundred_percent_the_rate_of_that_time_speaks(
    printed: Observation, expected: tuple[float | None, ...]
) -> None:
    day, basis = "2023-06-30", "kcn_2022" if printed.basis == "kcn_2018" else "reported"
    found = on("2026-01-01", leased(110, day, basis), leasable(100, day, basis), printed)
    assert numbers(found) == expected
    assert found.paired is (expected[2] is not None)
    assert "over_leasable" in {
        item.rule for item in found.conflicts if item.observation.metric == "leased_ha"
    }


@pytest.mark.parametrize("others", [(), (leasable(100, "2023"),), (leased(90, "2023"),)])
def test_a_rate_over_a_hundred_percent_is_a_finding_and_no_value(
    others: tuple[Observation, ...],
) -> None:
    found = on("2024-01-01", rate(105, "2023"), *others)
    assert found.rate is None
    assert not found.paired
    assert [item.observation.value for item in found.conflicts] == [105]


def test_undated_figures_go_together_within_one_source() -> None:
    assert on("2024-01-01", leased(50), leasable(100)).paired
    assert not on("2024-01-01", leased(50), leasable(100, source="s2")).paired
    assert not on("2024-01-01", leased(50, "2023"), leasable(100)).paired


def test_nothing_known_is_nothing_said() -> None:
    assert on("2024-01-01") == Occupancy()
    assert on("2024-01-01", leased(5, "2024-01-02")) == Occupancy()


@pytest.mark.parametrize(
    ("of_leased", "of_leasable", "of_rate", "of_available"),
    [
        ("=", "=", "=", "="),
        (">", "=", ">", "<"),  # more is leased: fuller, less left
        ("<", "=", "<", ">"),
        ("=", ">", "<", ">"),  # more land: emptier, more left
        ("=", "<", ">", "<"),
        (">", ">", "~", "~"),
        (">", "<", ">", "<"),
        ("~", "=", "~", "~"),
        ("=", "~", "~", "~"),
    ],
)
def test_over_and_under_point_the_right_way(
    of_leased: str, of_leasable: str, of_rate: str, of_available: str
) -> None:
    found = on(
        "2024-01-01",
        leased(50, "2023", qualifier=of_leased),
        leasable(100, "2023", qualifier=of_leasable),
    )
    assert found.rate is not None
    assert found.available is not None
    assert (found.rate.qualifier, found.available.qualifier) == (of_rate, of_available)


def test_land_derived_from_a_rate_points_the_other_way() -> None:
    found = on("2024-01-01", leased(50, "2023"), rate(50, "2023", qualifier=">"))
    assert found.leasable is not None
    assert found.available is not None
    assert (found.leasable.qualifier, found.available.qualifier) == ("<", "<")
    found = on("2024-01-01", leasable(100, "2023"), rate(50, "2023", qualifier="<"))
    assert found.leased is not None
    assert found.available is not None
    assert (found.leased.qualifier, found.available.qualifier) == ("<", ">")


# What holds whatever the observations.


def _used(found: Occupancy) -> set[int]:
    return {
        row
        for item in (found.leased, found.leasable, found.available, found.rate)
        if item is not None
        for row in item.rests_on
    }


@given(observations(*METRICS), DAYS)
def test_a_pair_agrees_with_itself_and_with_the_design(
    items: list[Observation], as_of: dt.date
) -> None:
    found = occupancy(items, as_of)
    by_row = {item.row: item for item in items}
    for row in _used(found):
        item = by_row[row]
        assert (item.scope, item.nature) == ("whole", "measured")
        assert item.until is None or item.until <= as_of
    if found.rate is not None:
        assert 0 <= found.rate.value <= 100
    assert found.paired is (found.available is not None)
    if not found.paired:
        return
    assert found.leased is not None
    assert found.leasable is not None
    assert found.available is not None
    assert found.rate is not None
    assert found.leased.value <= found.leasable.value * (1 + 1e-12)
    assert found.available.value == found.leasable.value - found.leased.value
    assert math.isclose(
        found.rate.value,
        found.leased.value / found.leasable.value * 100 if found.leasable.value else 0,
        rel_tol=1e-9,
        abs_tol=1e-9,
    )
    rests = [by_row[row] for row in _used(found)]
    bases = {item.basis for item in rests}
    assert len(bases - {"reported"}) <= 1
    expected = bases.pop() if len(bases) == 1 else "reported"
    assert found.rate.basis == found.available.basis == expected
    days = [item.until for item in rests]
    if None in days:
        assert set(days) == {None}
        assert len({item.source for item in rests}) == 1
    else:
        early, late = min(filter(None, days)), max(filter(None, days))
        # 29 February has no brother: a year later is the 28th.
        year_on = early.replace(year=early.year + 1, day=min(early.day, 28))
        assert late <= year_on + dt.timedelta(days=0 if early.day <= 28 else early.day - 28)


@given(observations(*METRICS), DAYS)
def test_leased_land_of_a_pair_is_the_newest_unless_a_rate_made_it_history(
    items: list[Observation], as_of: dt.date
) -> None:
    found = occupancy(items, as_of)
    speaking = [
        item
        for item in items
        if (item.scope, item.nature) == ("whole", "measured") and item.until is not None
    ]
    land = [item for item in speaking if item.metric == "leased_ha" and item.until]
    known = [item.until for item in land if item.until and item.until <= as_of]
    if not known:
        return
    newest = max(known)
    rates = [
        item.until
        for item in speaking
        if item.metric == "fill_rate_pct"
        and item.value <= 100
        and item.until
        and item.until <= as_of
    ]
    over = any(
        (item.observation.metric, item.rule) == ("leased_ha", "over_leasable")
        for item in found.conflicts
    )
    if max(rates, default=newest) <= newest + dt.timedelta(days=365) and not over:
        assert found.leased is not None
        assert found.leased.until == newest
        assert found.leased.how == "observed"


@given(observations(*METRICS), DAYS, st.randoms(use_true_random=False))
def test_order_of_rows_doesnt_matter(
    items: list[Observation], as_of: dt.date, random: object
) -> None:
    other = list(items)
    random.shuffle(other)  # type: ignore[attr-defined]
    one, two = occupancy(items, as_of), occupancy(renumbered(other), as_of)
    assert numbers(one) == numbers(two)
    assert one.paired == two.paired
    for mine, theirs in zip(
        (one.leased, one.leasable, one.available, one.rate),
        (two.leased, two.leasable, two.available, two.rate),
        strict=True,
    ):
        if mine is not None and theirs is not None:
            assert (mine.basis, mine.qualifier, mine.as_of, set(mine.sources)) == (
                theirs.basis,
                theirs.qualifier,
                theirs.as_of,
                set(theirs.sources),
            )


@given(observations(*METRICS), DAYS)
def test_phases_plans_and_the_future_are_not_heard(
    items: list[Observation], as_of: dt.date
) -> None:
    heard = [
        item
        for item in items
        if item.scope == "whole"
        and item.nature == "measured"
        and (item.until is None or item.until <= as_of)
    ]
    later = {item.metric for item in items if item.until and item.until > as_of}
    if not any(item.until is None and item.metric in later for item in heard):
        assert occupancy(heard, as_of) == occupancy(items, as_of)


# A whole from its parts.


def test_a_whole_is_the_sum_of_its_parts_where_all_are_paired() -> None:
    found = whole_from_parts(
        Occupancy(),
        {"a": pair(30, 100, "2024-06-30"), "b": pair(50, 60, "2025-06-30")},
        all_listed=True,
    )
    # (30 + 50) / (100 + 60) = 50 %
    assert numbers(found) == (80, 160, 80, 50)
    assert found.paired
    assert found.leased is not None
    assert (found.leased.how, found.leased.as_of) == ("sum_of_parts", "2024-06-30")


def test_some_parts_are_a_lower_bound_and_no_pair() -> None:
    found = whole_from_parts(Occupancy(), {"a": pair(30, 100), "b": Occupancy()}, all_listed=True)
    assert not found.paired
    assert found.rate is None
    assert found.available is None
    assert numbers(found)[:2] == (30, 100)
    assert found.leased is not None
    assert found.leasable is not None
    assert (found.leased.how, found.leased.qualifier) == ("lower_bound", ">")
    assert (found.leasable.how, found.leasable.qualifier) == ("lower_bound", ">")


def test_a_figure_that_every_part_has_is_their_sum() -> None:
    only_land = Occupancy(leasable=pair(1, 60).leasable)
    found = whole_from_parts(Occupancy(), {"a": pair(30, 100), "b": only_land}, all_listed=True)
    assert not found.paired
    assert found.leasable is not None
    assert found.leased is not None
    assert (found.leasable.value, found.leasable.how, found.leasable.qualifier) == (
        160,
        "sum_of_parts",
        "=",
    )
    assert found.leased.how == "lower_bound"


def test_a_phase_that_is_not_listed_leaves_a_lower_bound_and_no_pair() -> None:
    found = whole_from_parts(Occupancy(), {"a": pair(30, 100), "b": pair(10, 60)}, all_listed=False)
    assert not found.paired
    assert found.rate is None
    assert numbers(found)[:2] == (40, 160)
    assert found.leased is not None
    assert found.leasable is not None
    assert found.leased.how == found.leasable.how == "lower_bound"


def test_what_the_whole_has_itself_stays() -> None:
    own = pair(10, 20)
    assert whole_from_parts(own, {"a": pair(1, 100)}, all_listed=True) == own
    newer = Occupancy(rate=pair(9, 10, "2025-07-01").rate)
    assert whole_from_parts(newer, {"a": pair(30, 100, "2024-06-30")}, all_listed=True) == newer
    older = Occupancy(rate=pair(9, 10, "2025-06-30").rate)
    assert (
        numbers(whole_from_parts(older, {"a": pair(30, 100, "2024-06-30")}, all_listed=True))[3]
        == 30
    )
    assert whole_from_parts(Occupancy(), {}, all_listed=True) == Occupancy()


# The real tables, by hand (rows of data/facts/observations.csv).


@pytest.fixture(scope="module")
def real() -> dict[str, tuple[Observation, ...]]:
    facts = load_facts()
    return read_observations(facts.observations, facts.sources)


def test_vsip_1_now(real: dict[str, tuple[Observation, ...]]) -> None:
    found = on("2026-06-30", *real["na-kcn-vsip-1"])
    assert numbers(found) == (262.07, 286.63, 24.56, 91.4315)  # rows 26 and 20
    assert found.rate is not None
    assert found.leased is not None
    assert found.leasable is not None
    assert (found.rate.basis, found.rate.how) == ("kcn_2022", "computed")
    assert (found.leased.as_of, found.leased.sources) == ("2026-01-06", ("na-s03",))
    assert (found.leasable.as_of, found.leasable.sources) == ("2025-09", ("na-s01",))


def test_vsip_1_before_its_land_use_plan_changed(
    real: dict[str, tuple[Observation, ...]],
) -> None:
    found = on("2023-12-31", *real["na-kcn-vsip-1"])
    # Rows 23 and 19: 237.94 / 250.63 = 94.9368 %
    assert numbers(found) == (237.94, 250.63, 12.69, 94.9368)
    assert found.rate is not None
    assert found.rate.basis == "kcn_2018"


def test_vsip_1_in_a_month_when_leasable_land_must_be_derived(
    real: dict[str, tuple[Observation, ...]],
) -> None:
    # Rows 24 and 33: 261.74 ha are 91.3 % of 286.6813 ha; row 20 (286.63 ha) comes in September,
    # and the 250.63 ha of row 19 are of another basis.
    found = on("2025-07-31", *real["na-kcn-vsip-1"])
    assert numbers(found) == (261.74, 286.6813, 24.9413, 91.3)


def test_vsip_1_conflicts_are_kept(real: dict[str, tuple[Observation, ...]]) -> None:
    found = on("2025-09-30", *real["na-kcn-vsip-1"])
    assert numbers(found) == (262.07, 286.63, 24.56, 91.4315)
    # "About 95 %" (row 35) isn't 91.43 %; 91.4 % (row 34) is.
    assert {item.observation.row for item in found.conflicts} == {35}


def test_vsip_2_leasable_land_is_derived(real: dict[str, tuple[Observation, ...]]) -> None:
    found = on("2026-06-30", *real["na-kcn-vsip-2"])
    assert numbers(found) == (81.69, 379.9535, 298.2635, 21.5)  # rows 78 and 80
    assert found.leasable is not None
    assert found.leasable.how == "derived"
    # On 31/12/2025 rows 77 and 79: 80.66 / 0.2204 = 365.971
    assert numbers(on("2025-12-31", *real["na-kcn-vsip-2"]))[:2] == (80.66, 365.971)


def test_long_binh_an_is_the_rate_of_2024_not_the_pair_of_2011(
    real: dict[str, tuple[Observation, ...]],
) -> None:
    found = on("2026-06-30", *real["tq-kcn-long-binh-an"])
    assert not found.paired
    assert found.available is None
    assert found.rate is not None
    assert (found.rate.value, found.rate.as_of, found.rate.how) == (96.45, "2024", "observed")
    then = on("2015-06-30", *real["tq-kcn-long-binh-an"])
    assert numbers(then) == (35, 70, 35, 50)  # rows 356 and 355
    assert {item.observation.row for item in then.conflicts} == {357}  # 45 % isn't 50 %


def test_hoang_mai_1_rests_on_the_newer_rate(real: dict[str, tuple[Observation, ...]]) -> None:
    # Row 137 (over 86 %, 2024) is 18 months newer than row 134 (146.62 ha, June 2023);
    # of row 133 (180.95 ha, 2024) it makes 155.617 ha.
    found = on("2026-06-30", *real["na-kcn-hoang-mai-1"])
    assert numbers(found) == (155.617, 180.95, 25.333, 86)
    assert found.available is not None
    assert found.available.qualifier == "<"
    # A year before: rows 134 and 132, 146.62 / 174.02 = 84.2547 %
    assert numbers(on("2024-06-30", *real["na-kcn-hoang-mai-1"])) == (
        146.62,
        174.02,
        27.4,
        84.2547,
    )


def test_song_khoai(real: dict[str, tuple[Observation, ...]]) -> None:
    # Rows 285 (132.5 ha, 12/2023) and 282 (470 ha, 03/2023); row 421 (07/2025) is too far.
    assert numbers(on("2026-06-30", *real["qn-kcn-song-khoai"])) == (132.5, 470, 337.5, 28.1915)
