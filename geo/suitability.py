"""Suitability of places: fixed value functions, weights, and scores as intervals.

A value function gives 0 to 1 from bounds that stand in the criteria and never from the other
places, so that a place that is added or taken away changes no score (methods that normalise by
the data reverse ranks then: Belton and Gear 1983). A score is the weighted sum of values
(Keeney and Raiffa 1976, additive value function), 0 to 100. What isn't known makes an interval:
the score of every completion lies in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from data.criteria import Criterion
    from geo.candidates import Candidate

    Floats = NDArray[np.float64]

# Scores that differ by less are equal: the noise of binary fractions decides no rank.
DECIMALS = 9


class Values(NamedTuple):
    """Values of places (rows) by criteria (columns, the measures), each from 0 to 1.

    `known` is NaN where only an interval is known; `middle` is then the middle of it, and the
    known value elsewhere.
    """

    known: pd.DataFrame
    low: pd.DataFrame
    middle: pd.DataFrame
    high: pd.DataFrame


def value(measured: ArrayLike, criterion: Criterion) -> Floats:
    """Value of a measure: 0 to 1, NaN where it is NaN.

    Parameters
    ----------
    measured
        Any shape, in the unit of the measure; infinite ones have the value of the far end.
    criterion
        positive: 0 up to `min`, 1 from `max` on, straight between; inverse: the other way
        round; ideal: 1 at the ideal value, falling straight to 0 at `min` and at `max`.

    Examples
    --------
    >>> from data.criteria import Criterion
    >>> near = Criterion(
    ...     measure="km_to_seaport", weight=100, direction="inverse", min=5, max=105
    ... )
    >>> value([0, 5, 30, 105, 200], near).tolist()
    [1.0, 1.0, 0.75, 0.0, 0.0]
    """
    x = np.clip(np.asarray(measured, dtype=np.float64), criterion.min, criterion.max)
    if criterion.ideal is None:
        rising: Floats = (x - criterion.min) / (criterion.max - criterion.min)
        return rising if criterion.direction == "positive" else 1.0 - rising
    up = (x - criterion.min) / (criterion.ideal - criterion.min)
    down = (criterion.max - x) / (criterion.max - criterion.ideal)
    peak: Floats = np.minimum(up, down)
    return peak


def value_bounds(low: ArrayLike, high: ArrayLike, criterion: Criterion) -> tuple[Floats, Floats]:
    """Least and highest value of a measure that lies between two bounds.

    Value functions rise, fall, or rise to the ideal value and fall: the extremes are at the
    bounds, and the highest is 1 where the ideal value lies between them.

    Examples
    --------
    >>> from data.criteria import Criterion
    >>> fit = Criterion(
    ...     measure="fill_rate_pct", weight=100, direction="ideal", ideal=50, min=0, max=100
    ... )
    >>> [float(end) for end in value_bounds(40, 80, fit)]
    [0.4, 1.0]
    """
    least, most = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    at_low, at_high = value(least, criterion), value(most, criterion)
    top = np.maximum(at_low, at_high)
    if criterion.ideal is not None:
        top = np.where((least <= criterion.ideal) & (criterion.ideal <= most), 1.0, top)
    return np.minimum(at_low, at_high), top


def values(places: Sequence[Candidate], criteria: Sequence[Criterion]) -> Values:
    """Values of places by criteria.

    Parameters
    ----------
    places
        From :func:`geo.candidates.candidates`.
    criteria
        Those that are enabled; ids of places and measures become index and columns.
    """
    index = pd.Index([place.area_id for place in places], name="area_id", dtype=object)
    known, low, high = {}, {}, {}
    for criterion in criteria:
        cells = [place.measured[criterion.measure] for place in places]
        given = [np.nan if cell.value is None else cell.value for cell in cells]
        known[criterion.measure] = value(given, criterion)
        low[criterion.measure], high[criterion.measure] = value_bounds(
            [cell.low for cell in cells], [cell.high for cell in cells], criterion
        )
    sure, least, most = (pd.DataFrame(cells, index=index) for cells in (known, low, high))
    return Values(sure, least, sure.where(sure.notna(), (least + most) / 2), most)


def weighted(cells: pd.DataFrame, weights: ArrayLike) -> pd.Series:
    """Weighted sum of each row, row by row, so that no other row touches its last bits."""
    products = cells.to_numpy(dtype=np.float64) * np.asarray(weights, dtype=np.float64)
    return pd.Series(products.sum(axis=1), index=cells.index).round(DECIMALS)


def scores(found: Values, weights: ArrayLike) -> pd.DataFrame:
    """Scores of places.

    Parameters
    ----------
    found
        From :func:`values`, n places by m criteria.
    weights
        Shape (m,), summing to 100.

    Returns
    -------
    DataFrame
        On the index of `found`: `score` (NaN where a measure isn't known), `score_low` and
        `score_high` (what any completion of the unknowns, and any true distance within the
        tolerance of positions, allows), `score_middle` (with unknown values in the middle of
        their interval) and `complete`; 0 to 100.
    """
    return pd.DataFrame(
        {
            "score": weighted(found.known, weights),
            "score_low": weighted(found.low, weights),
            "score_high": weighted(found.high, weights),
            "score_middle": weighted(found.middle, weights),
            "complete": found.known.notna().all(axis=1),
        },
        index=found.known.index,
    )
