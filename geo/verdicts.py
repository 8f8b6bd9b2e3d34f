"""Three-valued verdicts: true, false, and None where unknown data decide (Kleene's strong logic).

A measured value with bounds satisfies a threshold when every value between its bounds does, and
fails when none does; otherwise a completion of the unknowns lies on each side, and the verdict
is None.
"""

from __future__ import annotations

import math
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Truth = bool | None
Formula = str | tuple["str | Formula", ...]

AND, OR = "and", "or"
# Far below what any source measures; keeps the noise of binary fractions out of verdicts.
_DECIMALS: Final = 9
_COMPARISONS: Final[dict[str, Callable[[float, float], bool]]] = {
    ">=": ge,
    ">": gt,
    "<=": le,
    "<": lt,
}


def satisfies(value: float, operator: str, threshold: float) -> bool:
    """Whether one value satisfies a threshold.

    Raises
    ------
    ValueError
        The operator isn't one of >=, >, <=, <.

    Examples
    --------
    >>> satisfies(0.1 + 0.2, ">", 0.3), satisfies(70.1, ">", 70)
    (False, True)
    """
    if operator not in _COMPARISONS:
        msg = f"operator {operator!r}; there are {', '.join(_COMPARISONS)}"
        raise ValueError(msg)
    return _COMPARISONS[operator](round(value, _DECIMALS), round(threshold, _DECIMALS))


def judge(low: float | None, high: float | None, operator: str, threshold: float) -> Truth:
    """Whether a value known to lie between bounds satisfies a threshold.

    Parameters
    ----------
    low, high
        Lowest and highest possible value; None for no bound.

    Examples
    --------
    >>> judge(72, 90, ">", 70), judge(40, 65, ">", 70), judge(40, 90, ">", 70)
    (True, False, None)
    >>> judge(40, None, ">", 70) is None
    True
    """
    ends = {
        satisfies(-math.inf if low is None else low, operator, threshold),
        satisfies(math.inf if high is None else high, operator, threshold),
    }
    return ends.pop() if len(ends) == 1 else None


def all_of(truths: Iterable[Truth]) -> Truth:
    """Conjunction: false when one is false, else unknown when one is unknown.

    Examples
    --------
    >>> all_of([True, None]) is None, all_of([None, False]), all_of([])
    (True, False, True)
    """
    found = set(truths)
    if False in found:
        return False
    return None if None in found else True


def any_of(truths: Iterable[Truth]) -> Truth:
    """Disjunction: true when one is true, else unknown when one is unknown.

    Examples
    --------
    >>> any_of([True, None]), any_of([None, False]) is None, any_of([])
    (True, True, False)
    """
    found = set(truths)
    if True in found:
        return True
    return None if None in found else False


def evaluate(formula: Formula, truths: Mapping[str, Truth]) -> Truth:
    """Truth of a formula of names; a name without a truth is unknown.

    Parameters
    ----------
    formula
        A name, or a tuple of "and" or "or" and formulas.

    Examples
    --------
    >>> evaluate(("or", "rate", ("and", "land", "demand")), {"rate": False, "land": False})
    False
    """
    if isinstance(formula, str):
        return truths.get(formula)
    head, *parts = formula
    join = {AND: all_of, OR: any_of}[str(head)]
    return join(evaluate(part, truths) for part in parts)


def names(formula: Formula) -> tuple[str, ...]:
    """Names in a formula, in order.

    Examples
    --------
    >>> names(("or", "rate", ("and", "land", "demand")))
    ('rate', 'land', 'demand')
    """
    if isinstance(formula, str):
        return (formula,)
    return tuple(name for part in formula[1:] for name in names(part))
