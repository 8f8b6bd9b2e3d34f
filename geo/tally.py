"""Sums that don't depend on the order, the chunks or the machines that they are made on.

Sums of floats do, in their last digits. Here every value is taken apart into two whole numbers,
of which any sum is exact; what is below 2^-52 m² of a value is lost, which is under the last
digit of any area over 1 m². A table keeps such a sum in two columns, `_coarse` (units of 2^-20)
and `_fine` (units of 2^-52), both int64.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

FINE_BITS = 32
COARSE_BITS = 20
# 2^40 m² is three times the country; sums of 2^43 and of 2^31 rows stay within 64 bits.
LARGEST = 2.0**40
LARGEST_SUM = 2.0**62
COARSE, FINE = "_coarse", "_fine"


def tally(
    groups: npt.NDArray[np.int64], values: npt.NDArray[np.float64], *, count: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Add values up by group, exactly.

    Parameters
    ----------
    groups
        (n,) from 0 to below `count`.
    values
        (n,) from 0 to 2^40.

    Returns
    -------
    tuple
        (count,) each: coarse and fine.

    Raises
    ------
    ValueError
        A value is missing, negative or too large, or all of them are together.

    Examples
    --------
    >>> coarse, fine = tally(np.array([2, 0, 2]), np.array([1.0, 0.5, 2.0]), count=3)
    >>> coarse.tolist(), fine.tolist()
    ([524288, 0, 3145728], [0, 0, 0])
    """
    if not ((values >= 0) & (values <= LARGEST)).all():
        msg = "expected values from 0 to 2^40, found others"
        raise ValueError(msg)
    scaled = np.ldexp(values, COARSE_BITS)
    whole = np.floor(scaled)
    scaled -= whole
    rest = np.rint(np.ldexp(scaled, FINE_BITS))
    _check(whole)
    coarse, fine = np.zeros((2, count), dtype=np.int64)
    np.add.at(coarse, groups, whole.astype(np.int64))
    np.add.at(fine, groups, rest.astype(np.int64))
    return _carried(coarse, fine)


def together(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Add tables of sums up by their index; the order doesn't matter.

    Parameters
    ----------
    tables
        Of whole numbers, with the same columns and names of the index. A missing label is one
        of its own.

    Raises
    ------
    ValueError
        A sum is beyond 2^42, more than can be kept exactly.
    """
    by = list(tables[0].index.names)
    rows = pd.concat(tables).reset_index()
    names = [str(name) for name in rows if str(name).endswith(COARSE)]
    pairs = [(name, name.removesuffix(COARSE) + FINE) for name in names]
    for coarse, _ in pairs:
        _check(rows[coarse].to_numpy())
    added = rows.groupby(by, observed=True, dropna=False, sort=True).sum()
    for coarse, fine in pairs:
        added[coarse], added[fine] = _carried(added[coarse].to_numpy(), added[fine].to_numpy())
    return added


def totals(table: pd.DataFrame, name: str) -> pd.Series:
    """Give sums as float64, each the nearest to the exact one.

    Parameters
    ----------
    name
        Of the columns, without `_coarse` and `_fine`.

    Examples
    --------
    >>> coarse, fine = tally(np.array([0, 0, 1]), np.array([1000.1, 2000.2, 0.5]), count=2)
    >>> totals(pd.DataFrame({"land_coarse": coarse, "land_fine": fine}), "land").tolist()
    [3000.3, 0.5]
    """
    whole = [
        # Python's whole numbers have no largest one, and their division rounds once.
        ((int(coarse) << FINE_BITS) + int(fine)) / (1 << (COARSE_BITS + FINE_BITS))
        for coarse, fine in zip(table[name + COARSE], table[name + FINE], strict=True)
    ]
    return pd.Series(whole, index=table.index, dtype="float64", name=name)


def _check(coarse: npt.NDArray[np.int64] | npt.NDArray[np.float64]) -> None:
    if coarse.sum(dtype=np.float64) > LARGEST_SUM:
        msg = "sums beyond 2^42 can't be kept exactly; use a larger unit"
        raise ValueError(msg)


def _carried(
    coarse: npt.NDArray[np.int64], fine: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Carry over from fine to coarse, so that any number of tables can be added."""
    over, left = np.divmod(fine, 1 << FINE_BITS)
    return coarse + over, left
