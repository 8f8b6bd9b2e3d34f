"""Sums that don't depend on the order, the chunks or the machines that they are made on.

Sums of floats do, in their last digits. Here every value is taken apart into two whole numbers,
of which any sum is exact; what is below 2^-52 m² of a value is lost, which is under the last
digit of any area over 1 m².
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

FINE_BITS = 32
COARSE_BITS = 20
# 2^40 m² is three times the country; sums of 2^43 and of 2^31 rows stay within 64 bits.
LARGEST = 2.0**40
LARGEST_SUM = 2.0**62
COARSE, FINE, COUNT = "coarse", "fine", "count"


def tally(table: pd.DataFrame, *, by: Sequence[str], value: str) -> pd.DataFrame:
    """Add up a column by others, exactly.

    Parameters
    ----------
    table
        Long table; rows without a value are refused, those without a group are a group.
    by
        Columns to group by.
    value
        Column of numbers, all from 0 to 2^40.

    Returns
    -------
    DataFrame
        Indexed by `by`, sorted: `coarse` (units of 2^-20), `fine` (units of 2^-52), int64, and
        `count` of rows. Add several of them up with :func:`together`.

    Raises
    ------
    ValueError
        A value is missing, negative or too large, or a sum is.
    """
    coarse, fine = _taken_apart(table[value].to_numpy(dtype=np.float64), value)
    parts = table[list(by)].copy()
    parts[COARSE], parts[FINE], parts[COUNT] = coarse, fine, 1
    return _added(parts, list(by))


def tally_numbered(
    numbers: npt.NDArray[np.int64], values: npt.NDArray[np.float64], *, groups: int
) -> pd.DataFrame:
    """Add up as :func:`tally` does, by numbers from 0 to below `groups`; quicker.

    Raises
    ------
    ValueError
        As :func:`tally`.

    Examples
    --------
    >>> tally_numbered(np.array([2, 0, 2]), np.array([1.0, 0.5, 2.0]), groups=4)
        coarse  fine  count
    0   524288     0      1
    2  3145728     0      2
    """
    coarse, fine = _taken_apart(values, "values")
    added = np.zeros((2, groups), dtype=np.int64)
    np.add.at(added[0], numbers, coarse)
    np.add.at(added[1], numbers, fine)
    _check(coarse)
    counts = np.bincount(numbers, minlength=groups)
    there = np.flatnonzero(counts)
    sums = _carried(*added[:, there])
    return pd.DataFrame(
        dict(zip((COARSE, FINE, COUNT), (*sums, counts[there]), strict=True)), index=there
    )


def _taken_apart(
    values: npt.NDArray[np.float64], name: str
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    if not ((values >= 0) & (values <= LARGEST)).all():
        msg = f"expected {name} from 0 to 2^40, found others"
        raise ValueError(msg)
    coarse = np.floor(np.ldexp(values, COARSE_BITS))
    fine = np.rint(np.ldexp(values - np.ldexp(coarse, -COARSE_BITS), COARSE_BITS + FINE_BITS))
    return coarse.astype(np.int64), fine.astype(np.int64)


def together(tallies: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Add tallies of parts up to that of the whole; the order doesn't matter.

    Raises
    ------
    ValueError
        A sum is beyond 2^42, more than can be kept exactly.
    """
    parts = list(tallies)
    by = list(parts[0].index.names)
    return _added(pd.concat([part.reset_index() for part in parts]), [str(name) for name in by])


def totals(sums: pd.DataFrame) -> pd.Series:
    """Give the sums as float64, each the nearest to the exact one.

    Examples
    --------
    >>> table = pd.DataFrame({"zone": ["a", "a", "b"], "area": [1000.1, 2000.2, 0.5]})
    >>> totals(tally(table, by=["zone"], value="area")).to_dict()
    {'a': 3000.3, 'b': 0.5}
    """
    whole = [
        # Python's whole numbers have no largest one, and their division rounds once.
        ((int(coarse) << FINE_BITS) + int(fine)) / (1 << (COARSE_BITS + FINE_BITS))
        for coarse, fine in zip(sums[COARSE], sums[FINE], strict=True)
    ]
    return pd.Series(whole, index=sums.index, dtype="float64")


def _added(parts: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    _check(parts[COARSE].to_numpy())
    added = parts.groupby(by, observed=True, dropna=False, sort=True)[[COARSE, FINE, COUNT]].sum()
    coarse, fine = _carried(added[COARSE].to_numpy(), added[FINE].to_numpy())
    return added.assign(**{COARSE: coarse, FINE: fine})


def _check(coarse: npt.NDArray[np.int64]) -> None:
    if coarse.sum(dtype=np.float64) > LARGEST_SUM:
        msg = "sums beyond 2^42 can't be kept exactly; use a larger unit"
        raise ValueError(msg)


def _carried(
    coarse: npt.NDArray[np.int64], fine: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Carry over from fine to coarse, so that any number of tallies can be added."""
    over, left = np.divmod(fine, 1 << FINE_BITS)
    return coarse + over, left
