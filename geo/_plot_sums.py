"""What the plots of an area add up to on a date, on the basis in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from geo._plot_states import STATUSES, UNKNOWN
from geo.plots import COUNTED_USES, first_and_last, land_sums

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
    row = states.row
    counted = plots.counted[row]
    added = land_sums(plots.land[row], states.land, counted, basis)
    dated = row[plots.dated[row]]
    oldest, newest = (
        plots.as_of.names[plots.as_of.codes[dated[at]]] if len(dated) else ""
        for at in first_and_last(plots.day[dated])
    )
    _, last = first_and_last(plots.day[row])
    return Sums(
        basis,
        added.leasable_ha,
        added.leased_ha,
        float(added.by_status[STATUSES.index(UNKNOWN)]),
        added.plots_ha,
        added.plots_without_area,
        oldest,
        newest,
        plots.source.names[plots.source.codes[row[last] if len(row) else 0]],
    )
