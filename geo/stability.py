"""Ranks that hold: how often a place keeps its rank when the weights vary.

Each draw multiplies every weight by a factor, drawn evenly and by itself between 1 - spread and
1 + spread, and scales the weights to sum to 100 again. The draws are seeded: the same request
gives the same answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.suitability import DECIMALS

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo.suitability import Values

    Floats = NDArray[np.float64]

SPREAD = 0.2
DRAWS = 1_000
SEED = 0
FIRST = 3
_WEIGHTS = 100.0


def draw_weights(
    weights: ArrayLike, *, spread: float = SPREAD, draws: int = DRAWS, seed: int = SEED
) -> Floats:
    """Weights around given ones.

    Parameters
    ----------
    weights
        Shape (m,), above zero in sum.
    spread
        Relative: 0.2 is plus or minus 20 % of each weight.

    Returns
    -------
    array
        Shape (draws, m); each row sums to 100.

    Raises
    ------
    ValueError
        The spread isn't from 0 to 1.
    """
    if not 0 <= spread <= 1:
        msg = f"a spread from 0 to 1, found {spread}"
        raise ValueError(msg)
    middle = np.asarray(weights, dtype=np.float64)
    factors = np.random.default_rng(seed).uniform(1 - spread, 1 + spread, (draws, len(middle)))
    varied = middle * factors
    scaled: Floats = varied / varied.sum(axis=1, keepdims=True) * _WEIGHTS
    return scaled


def ranks(
    middle: ArrayLike, low: ArrayLike, ids: ArrayLike, behind: ArrayLike | None = None
) -> NDArray[np.int64]:
    """Rank places: by the middle of their scores, then the higher low end, then the id.

    Parameters
    ----------
    middle, low
        Scores, shape (n,) or (draws, n).
    ids
        Shape (n,), all different.
    behind
        Places that come after all others whatever their scores, shape (n,); none where None.

    Returns
    -------
    array
        From 1, shape of `middle`.

    Examples
    --------
    >>> ranks([50, 70, 50], [40, 10, 45], ["a", "b", "c"]).tolist()
    [3, 1, 2]
    """
    by_middle = np.round(np.asarray(middle, dtype=np.float64), DECIMALS)
    by_low = np.round(np.asarray(low, dtype=np.float64), DECIMALS)
    names = np.argsort(np.argsort(np.asarray(ids, dtype=np.str_)))
    last = np.zeros(len(names), dtype=bool) if behind is None else np.asarray(behind, dtype=bool)
    keys = (names, -by_low, -by_middle, last)
    order = np.lexsort([np.broadcast_to(key, by_middle.shape) for key in keys], axis=-1)
    places = np.broadcast_to(np.arange(1, order.shape[-1] + 1), order.shape)
    found = np.empty(order.shape, dtype=np.int64)
    np.put_along_axis(found, order, places, axis=-1)
    return found


def stability(
    found: Values,
    weights: ArrayLike,
    behind: ArrayLike | None = None,
    *,
    spread: float = SPREAD,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """How ranks hold when weights vary; unknown values stay in the middle of their interval.

    Parameters
    ----------
    found
        From :func:`geo.suitability.values`.
    weights
        Shape (m,), summing to 100.
    behind
        Of :func:`ranks`.
    spread, draws, seed
        Of :func:`draw_weights`.

    Returns
    -------
    DataFrame
        On the index of `found`, shares of draws from 0 to 1: `holds_rank` (the rank of the
        given weights), `in_first` (among the first three) and `first`; `rank_best_drawn`,
        `rank_worst_drawn`.
    """
    varied = draw_weights(weights, spread=spread, draws=draws, seed=seed)
    middle, low = found.middle.to_numpy(dtype=float), found.low.to_numpy(dtype=float)
    ids = found.middle.index.to_numpy().astype(str)
    given = np.asarray(weights, dtype=np.float64)
    own = ranks(middle @ given, low @ given, ids, behind)
    drawn = ranks(varied @ middle.T, varied @ low.T, ids, behind)
    return pd.DataFrame(
        {
            "holds_rank": (drawn == own).mean(axis=0),
            "in_first": (drawn <= FIRST).mean(axis=0),
            "first": (drawn == 1).mean(axis=0),
            "rank_best_drawn": drawn.min(axis=0),
            "rank_worst_drawn": drawn.max(axis=0),
        },
        index=found.middle.index,
    )
