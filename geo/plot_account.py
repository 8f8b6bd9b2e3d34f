"""The land account of a layer of plots, of any size: hectares by zone and by what plots say.

The layer comes in chunks. Each is split by :func:`geo.overlay.split` and summed up exactly
(:mod:`geo.tally`); the sums of chunks are added. Neither the size of the chunks nor their order,
nor the threads or machines that they are worked on, changes a digit.
"""

from __future__ import annotations

import csv
import os
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data._errors import DataError, Finding
from data.plot_files import CHUNK_ROWS, PlotChunk
from geo._outlines import outlines, packed_outlines
from geo.crs import M2_PER_HA
from geo.export import whole_file
from geo.overlay import OUTSIDE, split_block
from geo.tally import LARGEST, tally_numbered, together, totals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    import geopandas as gpd
    from pyproj import CRS

    from geo._outlines import Outlines
    from geo._zone_grid import Floats, Integers
    from geo.overlay import SplitBlock, ZoneIndex

SHOWN = 20
MERGED = 100  # sums of so many chunks are kept before they are added up
# Rounding of coordinates stays far below; more is an error of ours.
TOLERANCE, TOLERANCE_M2 = 1e-9, 1e-6  # of all land, and for each plot
PROBLEM_COLUMNS = ["file", "plot", "problem", "reason"]
PLACE = "place"
# Weights are kept in this unit: sums of prices in dong, which are far larger than areas, fit.
WEIGHT_UNIT = 2.0**16
LARGEST_WEIGHT = LARGEST * WEIGHT_UNIT
WEIGHT_EXPECTED = "a number from 0 to 2^56 (7.2e16)"
# Whole numbers below have no other form; a database writes larger ones with an exponent.
WHOLE = 1e15
OWN_COLUMNS = ("group", "zone", "zone_name", "area_ha", "plots", "plots_most", "weighted")


class ConservationError(ArithmeticError):
    """The parts of the plots and what is outside don't make the plots."""


@dataclass(frozen=True)
class Sums:
    """What is kept of a chunk: exact sums, to be added to those of others.

    Attributes
    ----------
    land
        Tally of square metres by `place` (of the zone; after all zones outside of each group)
        and the columns asked for (:func:`numbered`); its count is that of plots.
    most
        Tally by the same whose count is that of plots with most of their land there.
    weighted
        Tally of the weights by the same, in `WEIGHT_UNIT`; empty where none were asked for.
    whole
        Tally of the plots' own square metres by the columns, under one `place`.
    difference_m2
        By how much the parts of each plot miss it, added up.
    unweighted
        How many plots lack a weight.
    problems
        Columns `file`, `plot`, `problem`, `reason`.
    """

    land: pd.DataFrame
    most: pd.DataFrame
    weighted: pd.DataFrame
    whole: pd.DataFrame
    difference_m2: float
    unweighted: int
    problems: pd.DataFrame


@dataclass(frozen=True)
class Account:
    """Account of a layer of plots.

    Attributes
    ----------
    rows : DataFrame
        One row for each zone, and "outside" of each group, and each combination of the columns
        that occurs there: `group`, `zone`, the columns, `area_ha`, `plots` (that have land
        there), `plots_most` (with most of their land there; on equal parts the earlier zone)
        and, where there is a weight, `weighted`: the weight of each plot spread evenly over its
        land. Land that zones share counts in each.
    plots, area_ha
        All plots that were split, and their own area.
    unweighted
        How many of them lack a weight.
    problems : Series
        Number of plots by problem.
    first_problems : DataFrame
        The first of them by file and plot: `file`, `plot`, `problem`, `reason`.
    difference_m2
        By how much the parts of each plot with what is outside miss it, added up; of the groups
        whose zones don't overlap.
    """

    rows: pd.DataFrame
    plots: int
    area_ha: float
    unweighted: int
    problems: pd.Series
    first_problems: pd.DataFrame
    difference_m2: float


def sums(
    plots: PlotChunk | gpd.GeoDataFrame,
    index: ZoneIndex,
    *,
    by: Sequence[str] = (),
    weight: str | None = None,
) -> Sums:
    """Split one chunk and sum up.

    Parameters
    ----------
    plots
        Geometries, and the columns `by` and `weight`; best as the file has them. In another
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
    weights = _weights(values, weight, file)
    kept = np.flatnonzero(~np.isnan(measured.area))

    def added(place: Integers, plot: Integers, values: Floats) -> pd.DataFrame:
        numbers = place * len(names) + kinds[plot]
        return _named(tally_numbered(numbers, values, groups=len(group) * len(names)), names)

    most = _most(parts, group[parts.zone], measured.area, index)
    spread = (weights / np.where(measured.area > 0, measured.area, 1))[parts.plot] * parts.land
    weighed = np.flatnonzero(~np.isnan(spread))
    whole = added(np.zeros(len(kept), dtype=np.int64), kept, measured.area[kept])
    return Sums(
        land=added(parts.zone, parts.plot, parts.land),
        most=added(parts.zone[most], parts.plot[most], np.zeros(len(most))),
        weighted=added(parts.zone[weighed], parts.plot[weighed], spread[weighed] / WEIGHT_UNIT),
        whole=whole,
        difference_m2=_difference(parts, group[parts.zone], measured.area, index),
        unweighted=int(np.isnan(weights[kept]).sum()) if weight else 0,
        problems=pd.DataFrame(
            {
                "file": file,
                "plot": values.index[measured.odd],
                "problem": measured.problem,
                "reason": measured.reason,
            },
            columns=PROBLEM_COLUMNS,
        ),
    )


def _measured(plots: PlotChunk | gpd.GeoDataFrame, system: CRS) -> tuple[Outlines, pd.DataFrame]:
    """Measure plots, and give the columns that they have."""
    if isinstance(plots, PlotChunk):
        if plots.crs == system:
            measured, rows = packed_outlines(plots.column(), plots.bounds)
            return measured, plots.values(rows)
        plots = plots.frame()
    drawn = plots.geometry if plots.crs == system else plots.geometry.to_crs(system)
    return outlines(np.asarray(drawn.array, dtype=object)), plots


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


def _named(sums: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """Put the place, and the values of the columns, in the stead of numbers of both."""
    place, kind = np.divmod(sums.index.to_numpy(), max(len(names), 1))
    if names.columns.empty:
        return sums.set_axis(pd.Index(place, name=PLACE))
    values = names.iloc[kind].reset_index(drop=True)
    values.insert(0, PLACE, place)
    return sums.set_axis(pd.MultiIndex.from_frame(values))


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


def _weights(plots: pd.DataFrame, weight: str | None, file: str) -> Floats:
    if weight is None:
        return np.full(len(plots), np.nan)
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


def account(
    chunks: Iterable[PlotChunk | gpd.GeoDataFrame],
    index: ZoneIndex,
    *,
    by: Sequence[str] = (),
    weight: str | None = None,
    workers: int | None = None,
    problems: Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> Account:
    """Account for plots by zone.

    Parameters
    ----------
    chunks
        From :func:`data.plot_files.read_chunks`, or frames. At most one more than there are
        workers is in memory.
    index
        From :func:`geo.overlay.index_zones`.
    by, weight
        As in :func:`sums`.
    workers
        Chunks to work on at once, in threads; as many as the machine has cores where None.
    problems
        CSV file to write with every plot that isn't split as it is.
    progress
        Is told how many rows have been read since it was last.

    Raises
    ------
    ValueError, DataError
        As in :func:`sums`.
    ConservationError
        The parts and what is outside don't make the plots.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> from geo.overlay import index_zones
    >>> zones = gpd.GeoDataFrame(geometry=[box(0, 0, 100, 100)], index=["a"], crs="EPSG:9208")
    >>> plots = gpd.GeoDataFrame(
    ...     {"use": ["SKK", "SKN"]}, geometry=[box(0, 0, 50, 50), box(90, 0, 110, 50)], crs=9208
    ... )
    >>> account([plots], index_zones(zones, "EPSG:9208"), by=["use"]).rows
       group     zone  use  area_ha  plots  plots_most
    0  zones        a  SKK     0.25      1           1
    1  zones        a  SKN     0.05      1           1
    2  zones  outside  SKN     0.05      1           0
    """

    def work(chunk: PlotChunk | gpd.GeoDataFrame) -> tuple[Sums, int]:
        read = chunk.read if isinstance(chunk, PlotChunk) else len(chunk)
        return sums(chunk, index, by=by, weight=weight), read

    def finished() -> Iterator[Sums]:
        count = workers or os.cpu_count() or 1
        waiting: deque[Future[tuple[Sums, int]]] = deque()
        with ThreadPoolExecutor(count) as pool:
            try:
                for chunk in _divided(chunks):
                    waiting.append(pool.submit(work, chunk))
                    del chunk
                    if len(waiting) > count:
                        done, read = waiting.popleft().result()
                        if progress:
                            progress(read)
                        yield done
                while waiting:
                    done, read = waiting.popleft().result()
                    if progress:
                        progress(read)
                    yield done
            finally:
                for future in waiting:
                    future.cancel()

    return gathered(finished(), index, by=by, weight=weight, problems=problems)


def _divided(
    chunks: Iterable[PlotChunk | gpd.GeoDataFrame],
) -> Iterator[PlotChunk | gpd.GeoDataFrame]:
    for chunk in chunks:
        if isinstance(chunk, PlotChunk):
            yield chunk
        else:
            for first in range(0, len(chunk), CHUNK_ROWS):
                yield chunk.iloc[first : first + CHUNK_ROWS]


def gathered(
    found: Iterable[Sums],
    index: ZoneIndex,
    *,
    by: Sequence[str],
    weight: str | None,
    problems: Path | None = None,
) -> Account:
    """Add up the sums of chunks to the account, in any order.

    Raises
    ------
    ConservationError
        The parts and what is outside don't make the plots.
    """
    kept: list[Sums] = []
    counts: Counter[str] = Counter()
    first = pd.DataFrame(columns=PROBLEM_COLUMNS)
    with ExitStack() as stack:
        writer = None
        if problems is not None:
            file = stack.enter_context(
                stack.enter_context(whole_file(problems)).open("w", newline="", encoding="utf-8")
            )
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(PROBLEM_COLUMNS)
        for part in found:
            counts.update(part.problems["problem"])
            if len(part.problems):
                if writer is not None:
                    writer.writerows(part.problems.to_numpy().tolist())
                first = pd.concat([first, part.problems]) if len(first) else part.problems
                first = first.sort_values(["file", "plot"], kind="stable").head(SHOWN)
            kept.append(replace(part, problems=part.problems.iloc[:0]))
            if len(kept) > MERGED:
                kept = [merged(kept)]
    whole = merged(kept) if kept else None
    return _account(whole, index, by=by, weight=weight, counts=counts, first=first)


def merged(parts: Sequence[Sums]) -> Sums:
    """Add sums of chunks up to those of all; the order doesn't matter."""
    return Sums(
        land=together(part.land for part in parts),
        most=together(part.most for part in parts),
        weighted=together(part.weighted for part in parts),
        whole=together(part.whole for part in parts),
        difference_m2=sum(part.difference_m2 for part in parts),
        unweighted=sum(part.unweighted for part in parts),
        problems=pd.concat([part.problems for part in parts]),
    )


def _account(
    whole: Sums | None,
    index: ZoneIndex,
    *,
    by: Sequence[str],
    weight: str | None,
    counts: Counter[str],
    first: pd.DataFrame,
) -> Account:
    names = [
        "group",
        "zone",
        *numbered(by),
        "area_ha",
        "plots",
        "plots_most",
        *(["weighted"] if weight else []),
    ]
    called = dict(zip(numbered(by), by, strict=True))
    problems = pd.Series(dict(sorted(counts.items())), name="plots", dtype="int64")
    problems.index.name = "problem"
    if whole is None:
        return Account(
            pd.DataFrame(columns=names).rename(columns=called), 0, 0.0, 0, problems, first, 0.0
        )
    groups = list(index.rests)
    places = [*zip(index.groups, index.keys, strict=True), *((group, OUTSIDE) for group in groups)]
    land = whole.land
    rows = pd.DataFrame({"area_ha": totals(land) / M2_PER_HA, "plots": land["count"]})
    rows["plots_most"] = whole.most["count"].reindex(rows.index, fill_value=0)
    if weight:
        rows["weighted"] = (totals(whole.weighted) * WEIGHT_UNIT).reindex(rows.index)
    rows = rows.reset_index()
    place = rows[PLACE].to_numpy()
    rows["group"] = [places[number][0] for number in place]
    rows["zone"] = [places[number][1] for number in place]
    # Groups in their order, outside after the zones of its group.
    order = pd.DataFrame({"group": [groups.index(group) for group in rows["group"]], PLACE: place})
    rows = rows.iloc[order.sort_values(["group", PLACE], kind="stable").index]
    count = int(whole.whole["count"].sum())
    area = float(totals(together([whole.whole.groupby(PLACE).sum()])).sum())
    if whole.difference_m2 > TOLERANCE * area * len(groups) + TOLERANCE_M2 * count:
        msg = (
            f"the parts of the plots and what is outside miss the plots by "
            f"{whole.difference_m2 / M2_PER_HA:.9g} of {area / M2_PER_HA:.9g} ha"
        )
        raise ConservationError(msg)
    return Account(
        rows=rows[names].rename(columns=called).reset_index(drop=True),
        plots=count,
        area_ha=area / M2_PER_HA,
        unweighted=whole.unweighted,
        problems=problems,
        first_problems=first.reset_index(drop=True),
        difference_m2=whole.difference_m2,
    )
