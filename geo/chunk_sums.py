"""Exact sums of some plots by zone and by what plots say, to be added to those of others."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
import pandas as pd

from data._errors import DataError, Finding
from data.plot_files import PlotChunk
from geo._outlines import outlines, packed_outlines
from geo.overlay import split_block
from geo.tally import COARSE, FINE, LARGEST, tally, together

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from geopandas.array import GeometryArray
    from pyproj import CRS

    from geo._outlines import Outlines
    from geo._zone_grid import Flags, Floats, Integers
    from geo.overlay import SplitBlock, ZoneIndex

PROBLEM_COLUMNS = ["file", "plot", "problem", "reason"]
PLACE = "place"
# The place of plots as a whole, wherever they are.
ALL_LAND = -1
LAND, WEIGHTED = "land", "weighted"
# Weights are kept in this unit: sums of prices in dong, which are far larger than areas, fit.
WEIGHT_UNIT = 2.0**16
LARGEST_WEIGHT = LARGEST * WEIGHT_UNIT
WEIGHT_EXPECTED = "a number from 0 to 2^56 (7.2e16)"
# Whole numbers below have no other form; a database writes larger ones with an exponent.
WHOLE = 1e15
OWN_COLUMNS = ("group", "zone", "zone_name", "area_ha", "plots", "plots_most", "weighted")
# In the order in which a server gives them.
SUMMED = (
    LAND + COARSE,
    LAND + FINE,
    "plots",
    "most",
    WEIGHTED + COARSE,
    WEIGHTED + FINE,
    "weights",
)


class FrameRows(NamedTuple):
    """Rows of a GeoDataFrame, slices of which take longer to make than a slice does."""

    shapes: GeometryArray
    table: pd.DataFrame

    @classmethod
    def of(cls, frame: gpd.GeoDataFrame) -> FrameRows:
        """Take all rows of a frame."""
        return cls(cast("GeometryArray", frame.geometry.array), pd.DataFrame(frame))


@dataclass(frozen=True)
class Sums:
    """What is kept of some plots.

    Attributes
    ----------
    table
        Indexed by `place` (of the zone; after all zones outside of each group; `ALL_LAND` of
        each plot as a whole) and the columns asked for (:func:`numbered`). Whole numbers:
        square metres of `land` and weights in `WEIGHT_UNIT` as :mod:`geo.tally` keeps them, the
        number of `plots`, of those with `most` of their land there and of those with a weight.
    difference_m2
        By how much the parts of each plot miss it, added up.
    problems
        Columns `file`, `plot`, `problem`, `reason`; None where no plot has one.
    """

    table: pd.DataFrame
    difference_m2: float
    problems: pd.DataFrame | None

    @property
    def plots(self) -> int:
        """How many plots were split."""
        return int(self.table.loc[self.everywhere, "plots"].sum())

    @property
    def everywhere(self) -> Flags:
        """Rows of the table on plots as a whole."""
        found: Flags = self.table.index.get_level_values(PLACE).to_numpy() == ALL_LAND
        return found


def sums(
    plots: PlotChunk | FrameRows | gpd.GeoDataFrame,
    index: ZoneIndex,
    *,
    by: Sequence[str] = (),
    weight: str | None = None,
) -> Sums:
    """Split plots by zones, and sum up what has to be kept of them.

    Parameters
    ----------
    plots
        Polygons, and the columns `by` and `weight`; best as the file has them. In another
        system than that of the index they are reprojected.
    index
        From :func:`geo.overlay.index_zones`.
    by
        Columns to account by, taken as text (:func:`as_text`); a missing value is a group of its
        own.
    weight
        Column of a quantity, from 0 to 2^56.

    Raises
    ------
    ValueError
        A column isn't there, comes twice, or is called as one of the account.
    DataError
        A weight is no number, negative or too large.
    """
    check_names(by, weight)
    file = plots.file if isinstance(plots, PlotChunk) else ""
    measured, values = _measured(plots, index.crs)
    if missing := [name for name in (*by, *([weight] if weight else [])) if name not in values]:
        msg = f"expected columns {missing}, found {sorted(map(str, values.columns))}"
        raise ValueError(msg)
    parts = split_block(measured, index)
    kinds, names = _kinds(values, by)
    group = _groups(index)
    # After the parts of plots come all plots as a whole, in the rows of the table before others.
    whole = np.flatnonzero(~np.isnan(measured.area))
    plot = np.concatenate([parts.plot, whole])
    land = np.concatenate([parts.land, measured.area[whole]])
    row = kinds[plot]
    row[: len(parts.plot)] += (parts.zone + 1) * len(names)
    count = (1 + len(group)) * len(names)
    table = dict.fromkeys(SUMMED, np.zeros(count, dtype=np.int64))
    table[LAND + COARSE], table[LAND + FINE] = tally(row, land, count=count)
    table["plots"] = np.bincount(row, minlength=count)
    most = _most(parts, group[parts.zone], measured.area, index)
    table["most"] = np.bincount(row[most], minlength=count)
    if weight:
        spread = _weights(values, weight, file)[plot] / measured.area[plot] * land
        weighed = np.flatnonzero(~np.isnan(spread))
        table[WEIGHTED + COARSE], table[WEIGHTED + FINE] = tally(
            row[weighed], spread[weighed] / WEIGHT_UNIT, count=count
        )
        table["weights"] = np.bincount(row[weighed], minlength=count)
    there = np.flatnonzero(table["plots"])
    place, kind = np.divmod(there, max(len(names), 1))
    return Sums(
        table=pd.DataFrame(
            {name: column[there] for name, column in table.items()},
            index=_labels(place + ALL_LAND, names.iloc[kind]),
        ),
        difference_m2=_difference(parts, group[parts.zone], measured.area, index),
        problems=_problems(measured, values.index, file),
    )


def merged(parts: Sequence[Sums]) -> Sums:
    """Add sums up; the order doesn't matter."""
    problems = [part.problems for part in parts if part.problems is not None]
    return Sums(
        table=together([part.table for part in parts]),
        difference_m2=sum(part.difference_m2 for part in parts),
        problems=pd.concat(problems) if problems else None,
    )


def check_names(by: Sequence[str], weight: str | None) -> None:
    """See that columns can be accounted by.

    Raises
    ------
    ValueError
        One comes twice, or is called as one of the account.
    """
    names = [*by, *([weight] if weight else [])]
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        msg = f"expected columns that differ, found more than once: {', '.join(twice)}"
        raise ValueError(msg)
    if taken := [name for name in by if name in OWN_COLUMNS]:
        msg = (
            f"can't account by columns that the account has itself: {', '.join(taken)}; "
            "call them otherwise in the file"
        )
        raise ValueError(msg)


def numbered(by: Sequence[str]) -> list[str]:
    """Give what columns are called in sums, where no name of a file can be in the way."""
    return [f"by{number}" for number in range(len(by))]


def as_text(value: object) -> str:
    """Write a value as a database does, whatever the type that a file or a library gave it.

    Examples
    --------
    >>> [as_text(value) for value in (1, 1.0, -0.0, 0.5, True, "Đất")]
    ['1', '1', '0', '0.5', 'true', 'Đất']
    """
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating) and value.is_integer() and -WHOLE < value < WHOLE:
        return str(int(value))
    return str(value)


def _measured(
    plots: PlotChunk | FrameRows | gpd.GeoDataFrame, system: CRS
) -> tuple[Outlines, pd.DataFrame]:
    """Measure plots, and give the columns that they have."""
    if isinstance(plots, PlotChunk):
        if plots.crs == system:
            measured, rows = packed_outlines(plots.column(), plots.bounds)
            return measured, plots.values(rows)
        plots = plots.frame()
    if not isinstance(plots, FrameRows):
        plots = FrameRows.of(plots)
    drawn = plots.shapes if plots.shapes.crs == system else plots.shapes.to_crs(system)
    return outlines(np.asarray(drawn, dtype=object)), plots.table


def _kinds(plots: pd.DataFrame, by: Sequence[str]) -> tuple[Integers, pd.DataFrame]:
    """Give each plot the number of its combination of values, and the values of each as text."""
    kinds = np.zeros(len(plots), dtype=np.int64)
    if not by:
        return kinds, pd.DataFrame(index=range(min(len(plots), 1)))
    for name in by:
        codes, values = pd.factorize(plots[name])
        kinds = pd.factorize(kinds * (len(values) + 1) + codes)[0]
    first = np.zeros(int(kinds.max(initial=0)) + 1 if len(plots) else 0, dtype=np.int64)
    first[kinds[::-1]] = np.arange(len(plots))[::-1]
    rows = plots[list(by)].iloc[first]
    texts = {
        column: rows[name].map(as_text, na_action="ignore")
        for column, name in zip(numbered(by), by, strict=True)
    }
    return kinds, pd.DataFrame(texts, index=rows.index).astype("str")


def _labels(place: Integers, names: pd.DataFrame) -> pd.Index[Any]:
    if names.columns.empty:
        return pd.Index(place, name=PLACE)
    values = [names[name] for name in names]
    return pd.MultiIndex.from_arrays([place, *values], names=[PLACE, *names])


def _groups(index: ZoneIndex) -> Integers:
    """Give the group of each zone, and after them of what is outside of each."""
    groups = list(index.rests)
    return np.array([*map(groups.index, index.groups), *range(len(groups))], dtype=np.int64)


def _most(parts: SplitBlock, group: Integers, area: Floats, index: ZoneIndex) -> Integers:
    """Positions of the largest part of each plot in each group, the earlier of equal ones."""
    groups = len(index.rests)
    owner = parts.plot * groups + group
    largest = np.full(len(area) * groups, -1.0)
    np.maximum.at(largest, owner, parts.land)
    place = np.flatnonzero(parts.land == largest[owner])
    chosen = np.full(len(largest), -1)
    chosen[owner[place][::-1]] = place[::-1]  # the last one written is the first
    return chosen[chosen >= 0]


def _problems(measured: Outlines, labels: pd.Index[Any], file: str) -> pd.DataFrame | None:
    if not len(measured.odd):
        return None
    columns = (file, labels[measured.odd], measured.problem, measured.reason)
    return pd.DataFrame(dict(zip(PROBLEM_COLUMNS, columns, strict=True)))


def _weights(plots: pd.DataFrame, weight: str, file: str) -> Floats:
    try:
        weights = plots[weight].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        found = str(plots[weight].dtype)
        raise DataError([Finding(file, "", weight, found, "numbers")]) from None
    wrong = np.flatnonzero((weights < 0) | (weights > LARGEST_WEIGHT))
    if len(wrong):
        row, found = str(plots.index[wrong[0]]), as_text(weights[wrong[0]])
        raise DataError([Finding(file, row, weight, found, WEIGHT_EXPECTED)])
    return weights


def _difference(parts: SplitBlock, group: Integers, area: Floats, index: ZoneIndex) -> float:
    missed = 0.0
    for number, rest in enumerate(index.rests.values()):
        if max(rest) < len(index.keys):  # its zones don't overlap
            own = group == number
            made = np.bincount(parts.plot[own], parts.land[own], minlength=len(area))
            missed += float(np.nansum(np.abs(made - area)))
    return missed
