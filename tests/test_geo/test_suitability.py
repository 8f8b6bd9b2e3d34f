"""Value functions, scores, stability and ranks: properties, an oracle, and cases by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymcdm.methods import WSM
from pymcdm.normalizations import minmax_normalization

from data.criteria import Criterion, preset
from geo.ranking import possible_ranks
from geo.stability import draw_weights, ranks, stability
from geo.suitability import Values, scores, value, value_bounds

MEASURES = ("available_ha", "km_to_seaport", "fill_rate_pct")


def criterion(direction: str = "positive", weight: float = 100.0, at: int = 0) -> Criterion:
    record = {
        "measure": MEASURES[at],
        "weight": weight,
        "direction": direction,
        "ideal": 30.0 if direction == "ideal" else None,
        "min": 10.0,
        "max": 110.0,
    }
    return Criterion.model_validate(record)


DIRECTIONS = st.sampled_from(["positive", "inverse", "ideal"])
NUMBERS = st.floats(-1e6, 1e6)
SHARES = st.floats(0, 1)


@st.composite
def tables(draw: st.DrawFn, columns: int = 3) -> Values:
    """Values of 1 to 8 places, as intervals, some of them known."""
    count = draw(st.integers(1, 8))
    index = pd.Index([f"p{number}" for number in range(count)], name="area_id", dtype=object)
    cells = [sorted(draw(st.tuples(SHARES, SHARES))) for _ in range(count) for _ in range(columns)]
    sure = [draw(st.booleans()) for _ in cells]
    shape = (count, columns)
    low = np.array([ends[0] for ends in cells]).reshape(shape)
    high = np.array([ends[1] for ends in cells]).reshape(shape)
    known = np.where(np.array(sure).reshape(shape), (low + high) / 2, np.nan)
    frames = [
        pd.DataFrame(part, index=index, columns=list(MEASURES[:columns]))
        for part in (known, low, (low + high) / 2, high)
    ]
    return Values(*frames)


@st.composite
def weightings(draw: st.DrawFn, count: int = 3) -> np.ndarray:
    parts = np.array(draw(st.lists(st.floats(0.1, 100), min_size=count, max_size=count)))
    weights: np.ndarray = parts / parts.sum() * 100
    return weights


@given(NUMBERS, DIRECTIONS)
def test_values_lie_between_0_and_1(measured: float, direction: str) -> None:
    assert 0 <= float(value(measured, criterion(direction))) <= 1


@given(NUMBERS, NUMBERS)
def test_values_follow_the_direction(one: float, other: float) -> None:
    low, high = sorted((one, other))
    more, less = criterion("positive"), criterion("inverse")
    assert value(low, more) <= value(high, more)
    assert value(low, less) >= value(high, less)
    fit, ideal = criterion("ideal"), 30.0
    if abs(low - ideal) <= abs(high - ideal) and (low - ideal) * (high - ideal) >= 0:
        assert value(low, fit) >= value(high, fit)


@pytest.mark.parametrize(
    ("direction", "measured", "expected"),
    [
        ("positive", 35, 0.25),
        ("inverse", 35, 0.75),
        ("positive", 5, 0.0),
        ("inverse", math.inf, 0.0),
        ("positive", math.inf, 1.0),
        ("ideal", 30, 1.0),
        ("ideal", 20, 0.5),
        ("ideal", 70, 0.5),
        ("ideal", 200, 0.0),
    ],
)
def test_values_by_hand(direction: str, measured: float, expected: float) -> None:
    assert float(value(measured, criterion(direction))) == pytest.approx(expected)


@given(st.tuples(NUMBERS, NUMBERS).map(sorted), SHARES, DIRECTIONS)
def test_the_value_of_any_completion_lies_in_the_interval(
    ends: list[float], share: float, direction: str
) -> None:
    low, high = value_bounds(ends[0], ends[1], criterion(direction))
    between = min(max(ends[0] + share * (ends[1] - ends[0]), ends[0]), ends[1])
    assert low - 1e-12 <= value(between, criterion(direction)) <= high + 1e-12


def test_the_bounds_are_reached() -> None:
    low, high = value_bounds([0, 20, 40], [25, 50, 200], criterion("ideal"))
    assert low.tolist() == pytest.approx([0.0, 0.5, 0.0])
    assert high.tolist() == pytest.approx([0.75, 1.0, 0.875])


@settings(max_examples=40)
@given(tables(), weightings(), st.data())
def test_the_score_of_any_completion_lies_in_the_interval(
    found: Values, weights: np.ndarray, data: st.DataObject
) -> None:
    scored = scores(found, weights)
    assert ((scored["score_low"] >= 0) & (scored["score_high"] <= 100)).all()
    shares = [data.draw(SHARES) for _ in range(found.low.size)]
    part = np.array(shares).reshape(found.low.shape)
    completed = found.low + part * (found.high - found.low)
    score = (completed * weights).sum(axis=1)
    assert (scored["score_low"] <= score + 1e-8).all()
    assert (score <= scored["score_high"] + 1e-8).all()
    assert (scored["score"].isna() == ~scored["complete"]).all()
    assert (
        scored["score_middle"]
        .between(scored["score_low"] - 1e-8, scored["score_high"] + 1e-8)
        .all()
    )


@settings(max_examples=40)
@given(tables(), weightings(), st.randoms(use_true_random=False))
def test_other_rows_and_their_order_change_nothing(
    found: Values, weights: np.ndarray, random: object
) -> None:
    names = list(found.low.index)
    random.shuffle(names)  # type: ignore[attr-defined]
    some = names[: max(1, len(names) // 2)]
    whole = scores(found, weights)
    part = scores(Values(*(frame.loc[some] for frame in found)), weights)
    pd.testing.assert_frame_equal(part, whole.loc[some])


@settings(max_examples=40)
@given(
    st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=10),
    weightings(),
    st.tuples(*[st.sampled_from(["positive", "inverse"])] * 3),
)
def test_pymcdm_agrees_on_complete_data(
    rows: list[tuple[float, ...]], weights: np.ndarray, directions: tuple[str, ...]
) -> None:
    """Its minmax takes the extremes of the data, so two more rows hold the fixed bounds."""
    asked = [criterion(one, at=at) for at, one in enumerate(directions)]
    matrix = np.clip(np.array(rows), 10.0, 110.0)
    bounded = np.vstack([matrix, np.full(3, 10.0), np.full(3, 110.0)])
    types = np.array([1 if one == "positive" else -1 for one in directions])
    expected = WSM(minmax_normalization)(bounded, weights / 100, types, validation=False)[:-2]
    known = pd.DataFrame({one.measure: value(matrix[:, at], one) for at, one in enumerate(asked)})
    ours = scores(Values(known, known, known, known), weights)
    np.testing.assert_allclose(ours["score"], expected * 100, atol=1e-7)
    np.testing.assert_allclose(ours["score_low"], ours["score_high"])


@settings(max_examples=40)
@given(weightings(), st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_drawn_weights_sum_to_100_and_keep_within_the_spread(
    weights: np.ndarray, spread: float, seed: int
) -> None:
    drawn = draw_weights(weights, spread=spread, draws=20, seed=seed)
    np.testing.assert_allclose(drawn.sum(axis=1), 100)
    # After scaling each ratio of two weights is off by at most (1 + s) / (1 - s).
    if spread < 0.99:
        factors = drawn / weights
        most = factors.max(axis=1) / factors.min(axis=1)
        assert (most <= (1 + spread) / (1 - spread) * (1 + 1e-9)).all()


def test_a_spread_over_1_is_refused() -> None:
    with pytest.raises(ValueError, match=r"found 1\.5"):
        draw_weights([50, 50], spread=1.5)


def _two(one: tuple[float, float], other: tuple[float, float]) -> Values:
    cells = pd.DataFrame([one, other], index=["a", "b"], columns=list(MEASURES[:2]))
    return Values(cells, cells, cells, cells)


def test_stability_by_hand() -> None:
    """Place a has all of the first criterion and b all of the second: the weights decide.

    At 52 to 48 a leads. It leads as long as 52 f > 48 g, f and g even in 0.8 to 1.2. The part of
    that square where 52 f < 48 g is, with g from 52/48 * 0.8 = 0.8667 to 1.2,
    the triangle of base 1.2 - 0.8667 and height (48/52 * 1.2 - 0.8) = 0.3077 over 0.16.
    """
    found = stability(_two((1, 0), (0, 1)), [52, 48], draws=200_000, seed=1)
    loses = 0.5 * (1.2 - 52 / 48 * 0.8) * (48 / 52 * 1.2 - 0.8) / 0.4**2
    assert found.loc["a", "holds_rank"] == pytest.approx(1 - loses, abs=0.005)
    assert found.loc["b", "first"] == pytest.approx(loses, abs=0.005)
    assert found["rank_worst_drawn"].tolist() == [2, 2]


def test_a_place_that_is_better_in_all_holds_its_rank() -> None:
    found = stability(_two((0.9, 0.8), (0.5, 0.1)), [50, 50], spread=1, draws=100)
    assert found["holds_rank"].tolist() == [1.0, 1.0]
    assert found["in_first"].tolist() == [1.0, 1.0]


def test_stability_is_reproducible() -> None:
    places = _two((1, 0), (0, 1))
    once, again = (stability(places, [52, 48], seed=7) for _ in range(2))
    pd.testing.assert_frame_equal(once, again)
    assert not once.equals(stability(places, [52, 48], seed=8))


def test_unverified_places_stay_behind_in_every_draw() -> None:
    found = stability(_two((1, 1), (0, 0)), [50, 50], [True, False], draws=10)
    assert found["rank_best_drawn"].tolist() == [2, 1]


def test_ranks_by_hand() -> None:
    middle, low = [70, 70, 70, 90], [10, 20, 20, 0]
    assert ranks(middle, low, ["d", "c", "b", "a"]).tolist() == [4, 3, 2, 1]
    assert ranks(middle, low, ["d", "c", "b", "a"], [0, 0, 0, 1]).tolist() == [3, 2, 1, 4]


@settings(max_examples=40)
@given(tables(), weightings(), st.data())
def test_a_rank_lies_among_the_possible_ones(
    found: Values, weights: np.ndarray, data: st.DataObject
) -> None:
    """Whatever the unknowns turn out to be, with unverified places kept or dropped."""
    count = len(found.low)
    behind = np.array([data.draw(st.booleans()) for _ in range(count)])
    scored = scores(found, weights)
    best, worst = possible_ranks(scored["score_low"], scored["score_high"], behind)
    ids = found.low.index.to_numpy().astype(str)
    own = ranks(scored["score_middle"], scored["score_low"], ids, behind)
    assert ((best <= own) & (own <= worst)).all()
    part = np.array([data.draw(SHARES) for _ in range(found.low.size)]).reshape(found.low.shape)
    truth = ((found.low + part * (found.high - found.low)) * weights).sum(axis=1).round(9)
    dropped = behind & np.array([data.draw(st.booleans()) for _ in range(count)])
    kept = ~dropped
    became = ranks(truth[kept], truth[kept], ids[kept])
    # A score is rounded to 9 decimals: ranks at the very ends may turn by that.
    nudge = 1e-7
    best, worst = possible_ranks(scored["score_low"] - nudge, scored["score_high"] + nudge, behind)
    assert ((best[kept] <= became) & (became <= worst[kept])).all()


def test_presets_value_a_port_next_door_fully() -> None:
    [port] = [one for one in preset("heavy-industry").criteria if one.measure == "km_to_seaport"]
    assert value([0, 30, 60], port).tolist() == pytest.approx([1, 0.5, 0])
