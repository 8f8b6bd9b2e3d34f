"""The land account of a layer of plots, of any size: hectares by zone and by what plots say.

The layer comes in chunks. Each is split as by :func:`geo.overlay.split` and summed up exactly
(:mod:`geo.chunk_sums`); the sums of chunks are added. Neither the size of the chunks nor their
order, nor the threads or machines that they are worked on, changes a digit.
"""

from __future__ import annotations

import csv
import os
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from data._replace import whole_file
from data.plot_files import CHUNK_ROWS, PlotChunk
from geo.chunk_sums import (
    LAND,
    PLACE,
    PROBLEM_COLUMNS,
    WEIGHT_UNIT,
    WEIGHTED,
    FrameRows,
    merged,
    numbered,
    sums,
)
from geo.crs import M2_PER_HA
from geo.overlay import OUTSIDE
from geo.tally import totals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    import geopandas as gpd

    from geo.chunk_sums import Sums
    from geo.overlay import ZoneIndex

SHOWN = 20
MERGED = 100  # sums of so many chunks are kept before they are added up
# Rounding of coordinates stays far below; more is an error of ours.
TOLERANCE, TOLERANCE_M2 = 1e-9, 1e-6  # of all land, and for each plot


class ConservationError(ArithmeticError):
    """The parts of the plots and what is outside don't make the plots."""


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

    def work(chunk: PlotChunk | FrameRows) -> tuple[Sums, int]:
        read = chunk.read if isinstance(chunk, PlotChunk) else len(chunk.table)
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
) -> Iterator[PlotChunk | FrameRows]:
    for chunk in chunks:
        if isinstance(chunk, PlotChunk):
            yield chunk
            continue
        shapes, table = FrameRows.of(chunk)
        for first in range(0, len(chunk), CHUNK_ROWS):
            some = slice(first, first + CHUNK_ROWS)
            yield FrameRows(shapes[some], table.iloc[some])


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
            if part.problems is not None:
                counts.update(part.problems["problem"])
                if writer is not None:
                    writer.writerows(part.problems.to_numpy().tolist())
                first = pd.concat([first, part.problems]) if len(first) else part.problems
                first = first.sort_values(["file", "plot"], kind="stable").head(SHOWN)
            kept.append(replace(part, problems=None))
            if len(kept) > MERGED:
                kept = [merged(kept)]
    whole = merged(kept) if kept else None
    return _account(whole, index, by=by, weight=weight, counts=counts, first=first)


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
    own = whole.table[whole.everywhere].groupby(PLACE).sum()
    area = float(totals(own, LAND).sum())
    rows = whole.table[~whole.everywhere]
    rows = rows.assign(
        area_ha=totals(rows, LAND) / M2_PER_HA,
        plots_most=rows["most"],
        weighted=(totals(rows, WEIGHTED) * WEIGHT_UNIT).where(rows["weights"] > 0),
    ).reset_index()
    place = rows[PLACE].to_numpy()
    rows["group"] = [places[number][0] for number in place]
    rows["zone"] = [places[number][1] for number in place]
    # Groups in their order, outside after the zones of its group.
    order = pd.DataFrame({"group": [groups.index(group) for group in rows["group"]], PLACE: place})
    rows = rows.iloc[order.sort_values(["group", PLACE], kind="stable").index]
    if whole.difference_m2 > TOLERANCE * area * len(groups) + TOLERANCE_M2 * whole.plots:
        msg = (
            f"the parts of the plots and what is outside miss the plots by "
            f"{whole.difference_m2 / M2_PER_HA:.9g} of {area / M2_PER_HA:.9g} ha"
        )
        raise ConservationError(msg)
    return Account(
        rows=rows[names].rename(columns=called).reset_index(drop=True),
        plots=whole.plots,
        area_ha=area / M2_PER_HA,
        unweighted=whole.plots - int(own["weights"].sum()) if weight else 0,
        problems=problems,
        first_problems=first.reset_index(drop=True),
        difference_m2=whole.difference_m2,
    )
