"""The account of a layer of plots on a cluster: every worker reads, splits and sums up parts.

Workers are given paths, never plots: the files lie where all of them can read. The zones are
part of the work that the scheduler keeps, so that whatever a lost worker held is made again.

A row group, or a file a commune, is a task of `distributed` as it stands. Frames of dask-geopandas
would add nothing: they are for joining and shuffling partitions, and here each is by itself.
Packages: requirements-dask.txt.
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import geopandas as gpd

from data.plot_files import CHUNK_ROWS, plot_parts, read_chunks
from geo.overlay import index_zones
from geo.plot_account import Account, Sums, gathered, merged, sums

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from data._plot_filter import Term
    from data.plot_files import Bounds, PlotLayer, PlotPart
    from geo.overlay import ZoneIndex

RETRIES = 3


def account_on_cluster(
    plots: PlotLayer,
    zones: gpd.GeoDataFrame,
    crs: str,
    *,
    by: Sequence[str] = (),
    weight: str | None = None,
    terms: tuple[Term, ...] = (),
    bounds: Bounds | None = None,
    address: str | None = None,
    workers: int = 2,
    rows: int = CHUNK_ROWS,
    problems: Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> Account:
    """Account for plots by zone on a cluster of Dask.

    Parameters
    ----------
    plots
        From :func:`data.plot_files.open_plots`; a row group or so many rows are a task.
    zones, crs
        As in :func:`geo.overlay.index_zones`; made ready once in each worker.
    by, weight, problems, progress
        As in :func:`geo.plot_account.account`, the result too.
    terms, bounds, rows
        As in :func:`data.plot_files.read_chunks`.
    address
        Of the scheduler, such as "tcp://10.0.0.5:8786"; a cluster of this machine's own, of
        `workers` processes, where None.

    Raises
    ------
    ValueError, DataError, ConservationError
        As :func:`geo.plot_account.account` and :func:`data.plot_files.read_chunks` do.
    """
    from distributed import Client, LocalCluster  # noqa: PLC0415 (an extra)

    parts = plot_parts(plots)
    packed = BytesIO()
    zones.to_parquet(packed)
    with ExitStack() as stack:
        if address is None:
            cluster = LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=workers, threads_per_worker=1, dashboard_address=None
            )
            address = stack.enter_context(cluster).scheduler_address
        client = stack.enter_context(Client(address))  # type: ignore[no-untyped-call]
        shared = client.submit(bytes, packed.getvalue())
        futures = [
            client.submit(
                _part, plots, part, shared, crs, tuple(by), weight, terms, bounds, rows,
                pure=False, retries=RETRIES,
            )
            for part in parts
        ]  # fmt: skip

        def finished() -> Iterator[Sums]:
            while futures:
                done: Sums = futures.pop(0).result()
                if progress:
                    progress(parts[len(parts) - len(futures) - 1].rows)
                yield done

        index = index_zones(zones, crs)
        return gathered(finished(), index, by=by, weight=weight, problems=problems)


@lru_cache(maxsize=2)
def _index(packed: bytes, crs: str) -> ZoneIndex:
    zones: Any = gpd.read_parquet(BytesIO(packed))  # type: ignore[arg-type]
    return index_zones(zones, crs)


def _part(  # noqa: PLR0917 (called by the scheduler)
    plots: PlotLayer,
    part: PlotPart,
    packed: bytes,
    crs: str,
    by: tuple[str, ...],
    weight: str | None,
    terms: tuple[Term, ...],
    bounds: Bounds | None,
    rows: int,
) -> Sums:
    index = _index(packed, crs)
    columns = [*by, *([weight] if weight else [])]
    chunks = read_chunks(
        plots, columns=columns, terms=terms, bounds=bounds, parts=[part], rows=rows
    )
    found = [sums(chunk, index, by=by, weight=weight) for chunk in chunks]
    nothing: Any = gpd.GeoDataFrame({name: [] for name in columns}, geometry=[], crs=plots.crs)
    return merged(found or [sums(nothing, index, by=by, weight=weight)])
