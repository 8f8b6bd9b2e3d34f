import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.verdicts import Formula, Truth, all_of, any_of, evaluate, judge, names, satisfies

OPERATORS = st.sampled_from([">=", ">", "<=", "<"])
NAMES = "abcd"
FORMULAS: st.SearchStrategy[Formula] = st.recursive(
    st.sampled_from(NAMES),
    lambda inner: st.tuples(st.sampled_from(["and", "or"]), inner, inner),
    max_leaves=6,
)


@given(
    ends=st.lists(st.integers(0, 100), min_size=2, max_size=2).map(sorted),
    operator=OPERATORS,
    threshold=st.integers(0, 100),
)
def test_unknown_exactly_when_a_value_lies_on_each_side(
    ends: list[int], operator: str, threshold: int
) -> None:
    low, high = ends
    # Ends and everything between; halves, so that something lies between whole numbers.
    between = [low + step / 2 for step in range(2 * (high - low) + 1)]
    sides = {satisfies(value, operator, threshold) for value in between}
    expected = sides.pop() if len(sides) == 1 else None
    assert judge(low, high, operator, threshold) is expected


@pytest.mark.parametrize(
    ("low", "high", "operator", "verdict"),
    [
        (None, None, ">", None),
        (71.0, None, ">", True),
        (69.0, None, ">", None),
        (None, 60.0, ">", False),
        (71.0, None, "<=", False),
        (70.0, 70.0, ">", False),
        (70.0, 70.0, ">=", True),
    ],
)
def test_missing_bounds_leave_that_side_open(
    low: float | None, high: float | None, operator: str, *, verdict: Truth
) -> None:
    assert judge(low, high, operator, 70.0) is verdict


def test_binary_noise_decides_nothing() -> None:
    assert not satisfies(0.1 + 0.2, ">", 0.3)
    assert satisfies((1 - 0.9) * 1000, ">=", 100)


@pytest.mark.parametrize("operator", ["=", "between", ""])
def test_other_operators_are_refused(operator: str) -> None:
    with pytest.raises(ValueError, match="operator"):
        satisfies(1.0, operator, 1.0)


@pytest.mark.parametrize(("join", "plain"), [(all_of, all), (any_of, any)])
@pytest.mark.parametrize(
    "truths",
    [list(item) for n in (0, 1, 2, 3) for item in itertools.product((True, False, None), repeat=n)],
)
def test_joins_agree_with_every_completion(
    join: Callable[[list[Truth]], Truth], plain: Callable[[list[bool]], bool], truths: list[Truth]
) -> None:
    choices = [(True, False) if truth is None else (truth,) for truth in truths]
    found = {plain(list(completion)) for completion in itertools.product(*choices)}
    assert join(truths) is (found.pop() if len(found) == 1 else None)


@given(formula=FORMULAS, truths=st.dictionaries(st.sampled_from(NAMES), st.booleans()))
def test_a_known_verdict_holds_in_every_completion(
    formula: Formula, truths: dict[str, Truth]
) -> None:
    verdict = evaluate(formula, truths)
    unknown = sorted(set(names(formula)) - set(truths))
    completions = [
        evaluate(formula, {**truths, **dict(zip(unknown, values, strict=True))})
        for values in itertools.product((True, False), repeat=len(unknown))
    ]
    assert None not in completions
    if verdict is not None:
        assert set(completions) == {verdict}
    # Where no unknown stands twice, unknown means that both outcomes are possible.
    elif len(set(names(formula))) == len(names(formula)):
        assert set(completions) == {True, False}
