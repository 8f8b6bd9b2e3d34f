"""What the plots of an area add up to on a date, on the basis in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from geo._plot_states import STATUSES, UNKNOWN
from geo.plots import COUNTED_USES, LEASED_STATUSES

if TYPE_CHECKING:
    from collections.abc import Collection

    from geo._plot_states import Flags, Floats, Integers, PlotStates


class Texts(NamedTuple):
    """A column of texts: which of a few each row has."""

    codes: Integers
    names: list[str]

    @classmethod
    def of(cls, column: pd.Series) -> Texts:
        codes, names = pd.factorize(column, use_na_sentinel=False)
        return cls(codes, [str(name) for name in names])

    def among(self, names: Collection[str]) -> Flags:
        return np.array([name in names for name in self.names], dtype="bool")[self.codes]


class PlotRows(NamedTuple):
    """Rows of an area's plots, as figures are made of them.

    Attributes
    ----------
    counted
        Whether the basis in force counts their use.
    dated
        Whether they have a date of their own.
    """

    area_id: str
    day: Integers
    land: Floats
    differs_pct: Floats
    counted: Flags
    dated: Flags
    stated_only: Flags
    as_of: Texts
    source: Texts


def plot_rows(plots: pd.DataFrame, basis: str) -> PlotRows:
    """Make the plots of an area, from :func:`geo.plots.register`, ready to be added up."""
    as_of = Texts.of(plots["as_of"])
    return PlotRows(
        area_id=str(plots["area_id"].iloc[0]) if len(plots) else "",
        day=plots["day"].to_numpy(dtype="int64"),
        land=plots["area_ha"].to_numpy(dtype="float64"),
        differs_pct=plots["differs_pct"].to_numpy(dtype="float64"),
        counted=Texts.of(plots["use"]).among(COUNTED_USES[basis]),
        dated=~as_of.among({""}),
        stated_only=Texts.of(plots["area_from"]).among({"stated"}),
        as_of=as_of,
        source=Texts.of(plots["source_id"]),
    )


class Sums(NamedTuple):
    """What plots of an area add up to, on the basis in force, as :func:`geo.plots.add_up`."""

    basis: str
    leasable_ha: float
    leased_ha: float
    unknown_ha: float
    plots_ha: float
    plots_without_area: int
    oldest_as_of: str
    newest_as_of: str
    source: str


def sums(plots: PlotRows, states: PlotStates, basis: str) -> Sums:
    """Add up the plots that are known on a date."""
    row, land = states.row, plots.land[states.row]
    counted = plots.counted[row]
    sized = counted & ~np.isnan(land)
    by_status = dict(zip(STATUSES, states.land[sized].sum(axis=0), strict=True))
    dated = row[plots.dated[row]]
    oldest, newest = (
        plots.as_of.names[plots.as_of.codes[at]] if len(dated) else ""
        for at in (_oldest(plots.day, dated), _newest(plots.day, dated))
    )
    return Sums(
        basis,
        float(land[sized].sum()),
        float(sum(by_status[status] for status in LEASED_STATUSES[basis])),
        float(by_status[UNKNOWN]),
        float(np.nansum(land)),
        int(counted.sum() - sized.sum()),
        oldest,
        newest,
        plots.source.names[plots.source.codes[_newest(plots.day, row)]],
    )


def _oldest(days: Integers, rows_: Integers) -> int:
    """Give the first of the rows with the earliest day."""
    return int(rows_[np.argmin(days[rows_])]) if len(rows_) else 0


def _newest(days: Integers, rows_: Integers) -> int:
    """Give the last of the rows with the latest day."""
    return int(rows_[len(rows_) - 1 - np.argmax(days[rows_][::-1])]) if len(rows_) else 0
