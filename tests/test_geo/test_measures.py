import datetime as dt
import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.resolutions import Period
from geo.account import Assumptions, Part
from geo.figures import Figure
from geo.measures import available, fill_rate, may_be_new, own_rate, total_area, wastewater_share
from geo.occupancy import Occupancy
from geo.states import AreaState
from geo.verdicts import judge
from tests.test_geo.builders import figure, pair, state

DAY = dt.date(2026, 6, 30)
ASSUME = Assumptions()
SHARES = (ASSUME.least_leasable_share, ASSUME.most_leasable_share)
SIZES = (ASSUME.least_cluster_ha, ASSUME.most_cluster_ha)


def whole(area: AreaState) -> Part:
    return Part(area, 1.0, assumed=False, counts_here=True)


def reported(pct: float) -> Occupancy:
    return Occupancy(rate=figure("fill_rate_pct", pct, "2026-01-01", unit="%"))


def corners(area: AreaState) -> list[tuple[float, float]]:
    """Extreme (leasable, leased) of a cluster, from design §3 and not from the code."""
    if area.occupancy.paired:
        assert area.occupancy.leasable is not None
        assert area.occupancy.leased is not None
        return [(area.occupancy.leasable.value, area.occupancy.leased.value)]
    if area.total is not None:
        lands = [area.total.value * share for share in SHARES]
    else:
        lands = [size * share for size, share in zip(SIZES, SHARES, strict=True)]
    rates = [area.occupancy.rate.value / 100] if area.occupancy.rate else [0.0, 1.0]
    return [(land, land * rate) for land in lands for rate in rates]


OCCUPANCIES = st.one_of(
    st.just(Occupancy()),
    st.builds(reported, st.integers(0, 100).map(float)),
    st.builds(
        lambda total, pct: pair(total * pct / 100, total), st.integers(1, 60), st.integers(0, 100)
    ),
)
CLUSTERS = st.lists(
    st.builds(
        state,
        total=st.one_of(st.none(), st.integers(5, 75).map(float)),
        occupancy=OCCUPANCIES,
        kind=st.just("industrial_cluster"),
    ),
    min_size=1,
    max_size=4,
)


@given(clusters=CLUSTERS, missing=st.integers(0, 2), threshold=st.integers(1, 99))
def test_fill_rate_cannot_be_told_exactly_when_completions_differ(
    clusters: list[AreaState], missing: int, threshold: int
) -> None:
    lacking = [{"code": "list_lacks_areas", "kind": "industrial_cluster", "missing": missing}]
    measure = fill_rate([whole(one) for one in clusters], DAY, lacking=lacking)
    unlisted = [state(kind="industrial_cluster")] * missing
    rates = [
        sum(leased for _, leased in choice) / sum(land for land, _ in choice) * 100
        for choice in itertools.product(*(corners(one) for one in [*clusters, *unlisted]))
    ]
    assert measure.low == pytest.approx(min(rates))
    assert measure.high == pytest.approx(max(rates))
    assert measure.of == len(clusters) + missing
    sides = {round(rate, 9) > threshold for rate in rates}
    expected = sides.pop() if len(sides) == 1 else None
    assert judge(measure.low, measure.high, ">", threshold) is expected


@given(clusters=CLUSTERS)
def test_available_land_has_the_bounds_of_every_completion(clusters: list[AreaState]) -> None:
    measure = available([whole(one) for one in clusters], DAY)
    free = [
        sum(land - leased for land, leased in choice)
        for choice in itertools.product(*(corners(one) for one in clusters))
    ]
    assert measure.low == measure.listed_low == pytest.approx(min(free), abs=1e-9)
    assert measure.high == measure.listed_high == pytest.approx(max(free), abs=1e-9)


@given(
    clusters=st.one_of(st.just([]), CLUSTERS),
    missing=st.integers(0, 2),
    most_pct=st.integers(1, 99),
    most_ha=st.integers(1, 200),
)
def test_those_that_may_lie_anywhere_enter_as_none_to_all_of_them(
    clusters: list[AreaState], missing: int, most_pct: int, most_ha: int
) -> None:
    lacking = [{"code": "list_lacks_areas", "kind": "industrial_cluster", "missing": missing}]
    parts = [whole(one) for one in clusters]
    rate = fill_rate(parts, DAY, lacking=lacking, anywhere=True)
    land = available(parts, DAY, lacking=lacking, anywhere=True)
    unlisted = state(kind="industrial_cluster")
    choices = [
        choice
        for here in range(missing + 1)
        for choice in itertools.product(*(corners(one) for one in [*clusters, *[unlisted] * here]))
    ]
    free = [sum(land - leased for land, leased in choice) for choice in choices]
    rates = [
        sum(leased for _, leased in choice) / sum(land for land, _ in choice) * 100
        for choice in choices
        if choice
    ]
    assert (land.low, land.high) == pytest.approx((min(free), max(free)), abs=1e-9)
    alone = fill_rate(parts, DAY)
    assert (rate.listed_low, rate.listed_high) == (alone.low, alone.high)
    assert rate.of == land.of == len(clusters)
    sides = {round(one, 9) <= most_ha for one in free}
    expected = sides.pop() if len(sides) == 1 else None
    assert judge(land.low, land.high, "<=", most_ha) is expected
    if not rates:
        assert (rate.low, rate.high) == (None, None)
        return
    assert (rate.low, rate.high) == pytest.approx((min(rates), max(rates)))
    sides = {round(one, 9) > most_pct for one in rates}
    expected = sides.pop() if len(sides) == 1 else None
    assert judge(rate.low, rate.high, ">", most_pct) is expected


@given(
    clusters=CLUSTERS,
    size=st.floats(0.01, 1e6),
    pct=st.one_of(st.none(), st.integers(0, 100)),
    actual=st.floats(0, 1),
)
def test_a_park_of_unknown_size_never_leaves_the_bounds(
    clusters: list[AreaState], size: float, pct: int | None, actual: float
) -> None:
    park = state(occupancy=Occupancy() if pct is None else reported(pct))
    measure = fill_rate([whole(one) for one in [*clusters, park]], DAY)
    rate = actual if pct is None else pct / 100
    for choice in itertools.product(*(corners(one) for one in clusters)):
        land = size + sum(land for land, _ in choice)
        filled = (size * rate + sum(leased for _, leased in choice)) / land * 100
        assert measure.low is not None
        assert measure.high is not None
        assert measure.low - 1e-6 <= filled <= measure.high + 1e-6
    assert "park_without_total" in {reason["code"] for reason in measure.reasons}
    assert measure.listed_low is None


def test_available_land_beside_a_park_of_unknown_size_has_no_upper_bound() -> None:
    known, park = state(occupancy=pair(80, 100)), state("y")
    measure = available([whole(known), whole(park)], DAY)
    assert measure.low == pytest.approx(20)
    assert measure.high is None
    assert available([], DAY).value == available([], DAY).high == 0.0


STATES = ("yes", "no", "under_construction", "")


@given(
    sure=st.lists(st.sampled_from(STATES), max_size=4),
    maybe=st.lists(st.sampled_from(STATES), max_size=3),
    missing=st.integers(0, 2),
    threshold=st.sampled_from([70.0, 100.0]),
)
def test_wastewater_cannot_be_told_exactly_when_completions_differ(
    sure: list[str], maybe: list[str], missing: int, threshold: float
) -> None:
    treated = dict(enumerate([*sure, *maybe]))
    by_id = {str(key): value for key, value in treated.items()}
    ids = list(by_id)
    lacking = [{"code": "list_lacks_areas", "missing": missing}]
    measure = wastewater_share(ids[: len(sure)], ids[len(sure) :], by_id, lacking=lacking)
    shares = set()
    for inside in itertools.product((True, False), repeat=len(maybe)):
        meant = [*sure, *([""] * missing), *itertools.compress(maybe, inside)]
        choices = [(1, 0) if one == "" else ((1,) if one == "yes" else (0,)) for one in meant]
        shares |= {sum(one) / len(meant) * 100 for one in itertools.product(*choices) if meant}
    assert measure.low == (pytest.approx(min(shares)) if shares else None)
    assert measure.high == (pytest.approx(max(shares)) if shares else None)
    if shares:
        sides = {round(share, 9) >= threshold for share in shares}
        expected = sides.pop() if len(sides) == 1 else None
        assert judge(measure.low, measure.high, ">=", threshold) is expected


@pytest.mark.parametrize(
    ("status", "since", "possible"),
    [
        ("operating", "", True),
        ("operating", "2020-12", False),
        ("operating", "2021", True),
        ("established", "2026-01", True),
        ("planned", "2025-12-31", False),
        ("planned", "2025-11", True),
        ("planned", "", True),
        ("planned", "2027", True),  # not known on the date
        ("removed", "2024", False),
        ("", "", True),
        ("", "2013", True),
    ],
)
def test_which_areas_without_a_year_may_be_new(status: str, since: str, *, possible: bool) -> None:
    assert may_be_new(status, since, Period(first=2021, last=2025), DAY) is possible


def _figure(value: float, **other: str) -> Figure:
    return figure("total_area_ha", value, **other)


@pytest.mark.parametrize(
    ("qualifier", "low", "high"),
    [("=", 42.0, 42.0), ("~", 42.0, 42.0), (">", 42.0, None), ("<", 0.0, 42.0)],
)
def test_a_qualifier_bounds_an_area(qualifier: str, low: float, high: float | None) -> None:
    measure = total_area(replace(state(), total=_figure(42.0, qualifier=qualifier)))
    assert (measure.value, measure.low, measure.high) == (42.0, low, high)


def test_a_planned_area_says_so_and_an_unknown_one_has_no_bounds() -> None:
    planned = replace(state(), pipeline_total=_figure(75.0, nature="planned"))
    assert [reason["code"] for reason in total_area(planned).reasons] == ["planned_figure"]
    unknown = total_area(state(kind="industrial_cluster"))
    assert (unknown.value, unknown.low, unknown.high, unknown.known) == (None, None, None, 0)


def test_the_rate_of_one_area_needs_no_size_and_no_supply() -> None:
    measure = own_rate(state(occupancy=reported(85.0), supply="pipeline"), DAY)
    assert (measure.low, measure.high) == (85.0, 85.0)
