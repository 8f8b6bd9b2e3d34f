import datetime as dt

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.figures import (
    Observation,
    from_parts,
    make_the_whole,
    observed,
    rate_agrees,
    read_observations,
    resolve,
    resolve_metric,
    select,
)
from tests.test_geo.builders import figure, last_day, obs, observations, rate, renumbered

TOTAL = "total_area_ha"
DAYS = st.dates(dt.date(2021, 6, 1), dt.date(2026, 12, 31))


def value_on(items: list[Observation], day: str) -> float | None:
    found, _ = resolve_metric(items, TOTAL, dt.date.fromisoformat(day))
    return None if found is None else found.value


@given(observations(TOTAL, "cleared_ha"), DAYS)
def test_the_newest_of_the_whole_that_was_measured_speaks(
    items: list[Observation], as_of: dt.date
) -> None:
    ours = [
        item
        for item in items
        if (item.metric, item.scope, item.nature) == (TOTAL, "whole", "measured")
    ]
    dated = [(day, item) for item in ours if (day := last_day(item.as_of)) is not None]
    found, conflicts = resolve_metric(items, TOTAL, as_of)
    if dated:
        newest = max((day for day, _ in dated if day <= as_of), default=None)
        tied = [item for day, item in dated if day == newest]
    else:
        tied = ours
    if not tied:
        assert found is None
        return
    assert found is not None
    (row,) = found.rests_on
    chosen = next(item for item in items if item.row == row)
    assert chosen in tied
    assert len(chosen.as_of) == max(len(item.as_of) for item in tied)
    assert (found.value, found.as_of, found.sources) == (
        chosen.value,
        chosen.as_of,
        (chosen.source,),
    )
    # Whatever else is said of that day and differs is kept as a conflict, nothing more.
    assert {item.observation.row for item in conflicts} == {
        item.row for item in tied if item.value != chosen.value
    }


@given(observations(TOTAL), DAYS, st.randoms(use_true_random=False))
def test_order_of_rows_doesnt_matter(
    items: list[Observation], as_of: dt.date, random: object
) -> None:
    other = list(items)
    random.shuffle(other)  # type: ignore[attr-defined]
    one, conflicts = resolve_metric(items, TOTAL, as_of)
    two, same = resolve_metric(renumbered(other), TOTAL, as_of)
    assert (one is None) == (two is None)
    if one is not None and two is not None:
        assert (one.value, one.sources) == (two.value, two.sources)
    assert {item.observation.source for item in conflicts} == {
        item.observation.source for item in same
    }


@given(observations(TOTAL), observations(TOTAL), DAYS)
def test_an_older_observation_changes_nothing(
    items: list[Observation], more: list[Observation], as_of: dt.date
) -> None:
    found, conflicts = resolve_metric(items, TOTAL, as_of)
    assume(found is not None)
    assert found is not None
    assume(found.until is not None)
    assert found.until is not None
    older = [item for item in more if item.until is None or item.until < found.until]
    assert resolve_metric([*older, *items], TOTAL, as_of) == (found, conflicts)


@given(observations(TOTAL), DAYS)
def test_what_is_known_later_changes_nothing_before(
    items: list[Observation], as_of: dt.date
) -> None:
    later = obs(TOTAL, 9999, (as_of + dt.timedelta(days=1)).isoformat(), row=99, source="later")
    assume(any(item.until and item.until <= as_of for item in select(items, TOTAL, as_of)))
    assert resolve_metric([later, *items], TOTAL, as_of) == resolve_metric(items, TOTAL, as_of)


@pytest.mark.parametrize(
    ("as_of", "first"),
    [
        ("2024", "2024-12-31"),
        ("2024-02", "2024-02-29"),
        ("2023-02", "2023-02-28"),
        ("2024-02-01", "2024-02-01"),
    ],
)
def test_a_partial_date_means_its_last_day(as_of: str, first: str) -> None:
    before = (dt.date.fromisoformat(first) - dt.timedelta(days=1)).isoformat()
    assert value_on([obs(TOTAL, 7, as_of)], first) == 7
    assert value_on([obs(TOTAL, 7, as_of)], before) is None


def test_undated_only_where_no_dated_one_exists() -> None:
    undated, dated = obs(TOTAL, 5), obs(TOTAL, 6, "2024", row=3)
    assert value_on([undated], "2020-01-01") == 5
    assert value_on([undated, dated], "2025-01-01") == 6
    # A dated one exists, though it is known only later.
    assert value_on([undated, dated], "2020-01-01") is None
    # One of another metric, of a phase or of a plan isn't a dated one of this figure.
    for other in (
        obs("cleared_ha", 1, "2024"),
        obs(TOTAL, 1, "2024", scope="phase"),
        obs(TOTAL, 1, "2024", nature="planned"),
    ):
        assert value_on([undated, other], "2025-01-01") == 5


def test_undated_figures_say_so() -> None:
    found, _ = resolve_metric([obs(TOTAL, 5)], TOTAL, dt.date(2026, 1, 1))
    assert found is not None
    assert (found.as_of, found.until) == ("", None)


def test_the_more_exact_date_goes_first_on_one_day() -> None:
    year, month, day = (
        obs(TOTAL, value, text, row=value, source_date=dt.date(2030 - value, 1, 1))
        for value, text in ((1, "2024"), (2, "2024-12"), (3, "2024-12-31"))
    )
    for rows in ([year, month, day], [day, month, year]):
        chosen, conflicts = resolve(rows)
        assert chosen == day
        assert {(item.observation.value, item.rule) for item in conflicts} == {
            (1.0, "less_exact_date"),
            (2.0, "less_exact_date"),
        }
    assert resolve([year, month])[0] == month


def test_then_the_later_source_goes_first() -> None:
    early = rate(91.4, "2025-09", row=3, source="a", source_date=dt.date(2025, 9, 1))
    late = rate(95, "2025-09", row=4, source="b", source_date=dt.date(2025, 10, 1))
    for rows in ([early, late], [late, early]):
        chosen, conflicts = resolve(rows)
        assert chosen == late
        assert [(item.observation, item.rule) for item in conflicts] == [(early, "earlier_source")]
    unknown = rate(80, "2025-09", row=5, source="c")
    assert resolve([unknown, early])[0] == early


def test_two_that_say_the_same_are_no_conflict() -> None:
    rows = [obs(TOTAL, 5, "2024", row=2), obs(TOTAL, 5, "2024", row=3, source="s2")]
    assert resolve(rows)[1] == ()


def test_planned_and_proposed_speak_only_where_asked_in_that_order() -> None:
    items = [
        obs(TOTAL, 3, "2025", nature="proposed"),
        obs(TOTAL, 2, "2020", nature="planned", row=3),
    ]
    day = dt.date(2026, 1, 1)
    assert resolve_metric(items, TOTAL, day) == (None, ())
    natures = ("measured", "planned", "proposed")
    found, _ = resolve_metric(items, TOTAL, day, natures=natures)
    assert found is not None
    assert (found.value, found.nature) == (2, "planned")
    found, _ = resolve_metric([*items, obs(TOTAL, 1, "2010", row=4)], TOTAL, day, natures=natures)
    assert found is not None
    assert (found.value, found.nature) == (1, "measured")


@pytest.mark.parametrize(
    ("printed", "qualifier", "expected", "agrees"),
    [
        (91.43, "=", 91.4314, True),  # 262.07 / 286.63
        (91.4, "=", 91.4314, True),
        (91.3, "=", 91.4314, False),
        (91, "=", 91.4314, True),
        (92, "=", 91.4314, True),  # rounded up
        (95, "~", 91.4314, False),
    ],
)
def test_a_printed_rate_agrees_to_its_last_digit(
    printed: float, qualifier: str, expected: float, *, agrees: bool
) -> None:
    assert rate_agrees(rate(printed, "2025", qualifier=qualifier), expected) is agrees


def test_sum_of_parts_or_lower_bound() -> None:
    one = figure(TOTAL, 30, "2025", rests_on=(4,), basis="")
    two = figure(TOTAL, 12, "2023-05", rests_on=(5,), basis="", sources=("s2", "s1"))
    whole = from_parts({"a": one, "b": two}, TOTAL, all_listed=True)
    assert whole is not None
    assert (whole.value, whole.qualifier, whole.how) == (42, "=", "sum_of_parts")
    assert (whole.as_of, whole.sources, whole.rests_on) == ("2023-05", ("s1", "s2"), (4, 5))
    least = from_parts({"a": one, "b": None}, TOTAL, all_listed=True)
    assert least is not None
    assert (least.value, least.qualifier, least.how) == (30, ">", "lower_bound")
    phase = from_parts({"a": one, "b": two}, TOTAL, all_listed=False)
    assert phase is not None
    assert (phase.value, phase.qualifier, phase.how) == (42, ">", "lower_bound")
    assert from_parts({"a": None}, TOTAL, all_listed=True) is None
    assert from_parts({}, TOTAL, all_listed=True) is None


@pytest.mark.parametrize(
    ("whole", "parts", "expected"),
    [
        (None, [30, 12], True),
        (42, [30, 12], True),
        (42.4, [30, 12], True),  # within 1 %
        (42.5, [30, 12], False),
        (41.5, [30, 12], False),
        (100, [30, None], True),  # nobody can tell
        (None, [30], False),
        (30, [30], False),
        (None, [], False),
    ],
)
def test_parts_make_the_whole_where_their_totals_do(
    whole: float | None,
    parts: list[float | None],
    expected: bool,  # noqa: FBT001
) -> None:
    totals = {
        str(place): None if value is None else figure(TOTAL, value)
        for place, value in enumerate(parts)
    }
    assert make_the_whole(None if whole is None else figure(TOTAL, whole), totals) is expected


@pytest.mark.parametrize(
    ("qualifiers", "expected"),
    [("==", "="), ("=>", ">"), (">>", ">"), ("=<", "<"), ("~=", "~"), ("<>", "~")],
)
def test_a_sum_is_as_sure_as_its_parts(qualifiers: str, expected: str) -> None:
    parts = {str(place): figure(TOTAL, 10, qualifier=sign) for place, sign in enumerate(qualifiers)}
    whole = from_parts(parts, TOTAL, all_listed=True)
    assert whole is not None
    assert whole.qualifier == expected


def test_a_sum_that_holds_a_plan_is_a_plan() -> None:
    built, planned = figure(TOTAL, 10, "2020"), figure(TOTAL, 10, "2024", nature="planned")
    whole = from_parts({"a": built, "b": planned}, TOTAL, all_listed=True)
    assert whole is not None
    assert whole.nature == "planned"


def test_leasable_land_has_its_public_name() -> None:
    found = observed(obs("industrial_land_ha", 5, "2024", note="printed"), note="ours")
    assert (found.metric, found.unit, found.note) == ("leasable_ha", "ha", "printed; ours")


def test_rows_are_read_with_their_dates_and_those_of_their_sources() -> None:
    row = {
        "area_id": "x",
        "metric": TOTAL,
        "value": 5.0,
        "as_of": "2024-02",
        "qualifier": "=",
        "basis": "",
        "scope": "whole",
        "nature": "measured",
        "source_id": "s1",
        "note": "",
        "row": 7,
    }
    sources = pd.DataFrame({"date": ["2024-05", ""]}, index=["s1", "s2"])
    table = pd.DataFrame([row, row | {"area_id": "y", "source_id": "s2", "as_of": ""}])
    read = read_observations(table, sources)
    assert list(read) == ["x", "y"]
    (one,), (two,) = read["x"], read["y"]
    assert (one.until, one.source_date, one.row) == (
        dt.date(2024, 2, 29),
        dt.date(2024, 5, 31),
        7,
    )
    assert (two.until, two.source_date) == (None, None)
