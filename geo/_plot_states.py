"""Plots of a register on a date, in arrays: quick enough for every date on which it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.vocabulary import PLOT_STATUSES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# Areas of a plan and of its survey differ by less (the tolerance of the import's report too).
STATED_AGREES: Final = 0.002
UNKNOWN: Final = "unknown"
STATUSES: Final = (*PLOT_STATUSES, UNKNOWN)
# Statuses that a lease gives, in the order in which leases take the land of their plot.
LET: Final = ("leased", "approved")
_AVAILABLE, _UNKNOWN = STATUSES.index("available"), STATUSES.index(UNKNOWN)
_LET: Final = [STATUSES.index(status) for status in LET]
_PLOT: Final = ["area_id", "plot_id"]


class PlotArrays(NamedTuple):
    """Rows of plots by plot and day, and leases by plot; made once for all dates.

    `row` are positions of the rows in the frame; `first_row` where each plot's rows begin; `let_on`
    the number of a lease's plot, -1 where there is no such plot.
    """

    row: Integers
    first_row: Integers
    day: Integers
    land: Floats
    own: Integers
    let_on: Integers
    let_as: Integers
    let_ha: Floats
    begins: Integers
    ends: Integers


class PlotStates(NamedTuple):
    """Plots on a date, each with the position of its row in the frame.

    `plot` is the number that `let_on` has; `land` has a column for each of `STATUSES`; `status`
    is a number of them; `by_lease` tells whether a lease says it.
    """

    row: Integers
    plot: Integers
    land: Floats
    status: Integers
    by_lease: Flags


def each(texts: pd.Series, number_of: Callable[[str], int]) -> Integers:
    """Give a number for each text, asked for once for those that are alike.

    Examples
    --------
    >>> import pandas as pd
    >>> each(pd.Series(["a", "bcd", "a"]), len).tolist()
    [1, 3, 1]
    """
    codes, names = pd.factorize(texts, use_na_sentinel=False)
    return np.array([number_of(str(name)) for name in names], dtype="int64")[codes]


def arrays(plots: pd.DataFrame, leases: pd.DataFrame) -> PlotArrays:
    """Make plots and leases of :class:`geo.plots.Register` ready for any date."""
    number, let_on, count = _numbers(plots, leases)
    day = plots["day"].to_numpy(dtype="int64")
    row = np.lexsort((day, number))  # stable
    codes = {status: code for code, status in enumerate(STATUSES)}
    own = each(plots["status"], lambda text: codes[text or UNKNOWN])
    return PlotArrays(
        row=row,
        first_row=np.searchsorted(number[row], np.arange(count)),
        day=day[row],
        land=plots["area_ha"].to_numpy(dtype="float64")[row],
        own=own[row],
        let_on=let_on,
        let_as=each(leases["status"], codes.__getitem__),
        let_ha=leases["area_ha"].to_numpy(dtype="float64"),
        begins=leases["first"].to_numpy(dtype="int64"),
        ends=leases["last"].to_numpy(dtype="int64"),
    )


def _numbers(plots: pd.DataFrame, leases: pd.DataFrame) -> tuple[Integers, Integers, int]:
    """Give the number of the plot of each row, and of each lease or -1, and how many there are."""
    cells = [
        pd.factorize(pd.concat([plots[name], leases[name]], ignore_index=True)) for name in _PLOT
    ]
    (areas, _), (ids, names) = cells
    keys = areas * len(names) + ids
    number, known = pd.factorize(keys[: len(plots)])
    return number, pd.Index(known).get_indexer(keys[len(plots) :]).astype("int64"), len(known)


def states_on(kept: PlotArrays, as_of: dt.date) -> PlotStates:
    """States of the plots that are known on a date, as :func:`geo.plots.plots_on` says."""
    today = as_of.toordinal()
    if not len(kept.row):
        nothing = np.zeros(0, dtype="int64")
        land = np.zeros((0, len(STATUSES)))
        return PlotStates(nothing, nothing, land, nothing, np.zeros(0, dtype="bool"))
    newest = np.maximum.reduceat(
        np.where(kept.day <= today, np.arange(len(kept.day)), -1), kept.first_row
    )
    known = newest >= 0
    rows = newest[known]
    begun = (kept.begins <= today) & (kept.let_on >= 0)
    ended = np.full(len(newest), -1)
    np.maximum.at(ended, kept.let_on[begun], kept.ends[begun])
    ended = ended[known]
    land, own = kept.land[rows], kept.own[rows]
    lapsed = (kept.day[rows] <= ended) & (ended < today) & np.isin(own, _LET)
    own = np.where(lapsed, _AVAILABLE, own)
    parts = np.zeros((len(rows), len(STATUSES)))
    left, status, let = land, own.copy(), np.zeros((len(rows), len(STATUSES)), dtype="bool")
    now = begun & (kept.ends >= today)
    for code in _LET:
        mine = now & (kept.let_as == code)
        # A lease without an area, or of all but a rounding, is of all the land that is left.
        wanted = np.where(np.isnan(kept.let_ha[mine]), np.inf, kept.let_ha[mine])
        share = np.bincount(kept.let_on[mine], wanted, len(newest))[known]
        let[:, code] = np.bincount(kept.let_on[mine], minlength=len(newest))[known] > 0
        taken = np.where(share < left * (1.0 - STATED_AGREES), share, left)
        parts[:, code] = np.where(let[:, code], taken, 0.0)
        left = left - parts[:, code]
    parts[np.arange(len(rows)), own] += left
    parts[np.isnan(land)] = np.nan
    sized = land > 0
    status[sized] = np.argmax(parts[sized], axis=1)
    for code in reversed(_LET):
        status[~sized & let[:, code]] = code
    by_lease = let[np.arange(len(rows)), status]
    row, plot = kept.row[rows], np.flatnonzero(known)
    order = np.argsort(row, kind="stable")
    return PlotStates(row[order], plot[order], parts[order], status[order], by_lease[order])


def says(states: PlotStates) -> Any:  # noqa: ANN401 (an array of texts)
    """Who says the status of each plot: "lease", "plot" or "" where nobody does."""
    who = np.select([states.by_lease, states.status == _UNKNOWN], [0, 2], 1)
    return pd.array(["lease", "plot", ""], dtype="str").take(who)
