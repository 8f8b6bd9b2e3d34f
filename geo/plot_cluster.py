"""The account of a layer of plots on a cluster: every worker reads, splits and sums up parts.

Workers are given paths, never plots: the files lie where all of them can read. What is common to
all tasks, the zones among it, is sent once a worker; the scheduler keeps it, so that whatever a
lost worker held is made again. A task carries its own files and rows, nothing else.

Row groups, or files a commune, are tasks of `distributed` as they stand, small ones together.
Frames of dask-geopandas would add nothing: they are for joining and shuffling partitions, and
here each is by itself. Packages: requirements-dask.txt.
"""

from __future__ import annotations

import hashlib
import pickle
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd

from data._errors import DataError, Finding
from data.plot_files import CHUNK_ROWS, plot_parts, read_chunks
from geo.chunk_sums import Sums, merged, sums
from geo.overlay import index_zones
from geo.plot_account import Account, gathered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from data._plot_filter import Term
    from data.plot_files import Bounds, PlotLayer, PlotPart
    from geo.overlay import ZoneIndex

RETRIES = 3
# A scheduler serves its state to browsers, by default on a port of which a machine has one.
NO_PAGE = {"dashboard_address": "127.0.0.1:0", "scheduler_kwargs": {"dashboard": False}}
# A task costs the scheduler some milliseconds, whatever it does: it should do more than that.
TASK_ROWS = 50_000


@dataclass(frozen=True)
class _Work:
    """What is common to all tasks."""

    plots: PlotLayer
    zones: bytes
    crs: str
    by: tuple[str, ...]
    weight: str | None
    terms: tuple[Term, ...]
    bounds: Bounds | None
    rows: int


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
        From :func:`data.plot_files.open_plots`.
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
        As :func:`geo.plot_account.account` and :func:`data.plot_files.read_chunks` do. A machine
        of the cluster can't import this program, or has another version of it.
    """
    from distributed import Client, LocalCluster  # noqa: PLC0415 (an extra)

    tasks = batches(plot_parts(plots), TASK_ROWS)
    packed = BytesIO()
    zones.to_parquet(packed)
    work = _Work(
        # A part has its own path: with all of them in every task, work would grow by the square.
        plots=replace(plots, paths=plots.paths[:1]),
        zones=packed.getvalue(),
        crs=crs,
        by=tuple(by),
        weight=weight,
        terms=terms,
        bounds=bounds,
        rows=rows,
    )
    with ExitStack() as stack:
        if address is None:
            cluster = LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=workers, threads_per_worker=1, **NO_PAGE
            )
            client = Client(stack.enter_context(cluster))  # type: ignore[no-untyped-call]
        else:
            client = Client(address)  # type: ignore[no-untyped-call]
        stack.enter_context(client)
        if address is not None:
            _check_code(client)
        shared = client.submit(bytes, pickle.dumps(work))
        futures = client.map(_task, tasks, work=shared, pure=False, retries=RETRIES)

        def finished() -> Iterator[Sums]:
            for task in tasks:
                done = futures.pop(0).result()
                if isinstance(done, Exception):
                    raise done
                if isinstance(done, tuple):
                    raise DataError(done)
                if progress:
                    progress(sum(part.rows for part in task))
                yield done

        index = index_zones(zones, crs)
        return gathered(finished(), index, by=by, weight=weight, problems=problems)


def batches(parts: Iterable[PlotPart], rows: int) -> list[list[PlotPart]]:
    """Put parts together, in their order, until there are so many rows.

    Examples
    --------
    >>> from data.plot_files import PlotPart
    >>> parts = [PlotPart(Path(name), 0, 0, 20_000) for name in "abcde"]
    >>> [[str(part.path) for part in batch] for batch in batches(parts, 50_000)]
    [['a', 'b', 'c'], ['d', 'e']]
    """
    found: list[list[PlotPart]] = []
    full = rows
    for part in parts:
        if full >= rows:
            found.append([])
            full = 0
        found[-1].append(part)
        full += part.rows
    return found


def _check_code(client: Any) -> None:  # noqa: ANN401 (distributed has no types)
    """Refuse a cluster with a machine that hasn't this program, or has another version of it."""

    def asked(call: Callable[..., Any], *given: Any) -> dict[str, Any]:  # noqa: ANN401
        found: dict[str, Any] = client.run(call, *given, on_error="return")
        try:
            found["the scheduler"] = client.run_on_scheduler(call, *given)
        except Exception as error:  # noqa: BLE001 (whatever it is there)
            found["the scheduler"] = error
        return found

    # Asked for by a function of Python's own, which every machine has.
    specs = asked(find_spec, __name__)
    if lacking := [place for place, spec in specs.items() if getattr(spec, "name", "") != __name__]:
        msg = (
            f"{', '.join(lacking)}: can't import {__name__}; start the scheduler and the workers "
            "with PYTHONPATH set to the folder of this program (docs/account-at-scale.md)"
        )
        raise ValueError(msg)
    own = code_digest()
    if other := [place for place, digest in asked(code_digest).items() if digest != own]:
        msg = (
            f"{', '.join(other)}: expected the version of this program that is here, found another"
        )
        raise ValueError(msg)


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Give the SHA-256 of the code that works an account out, of `data` and `geo`."""
    root = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for folder in ("data", "geo"):
        for path in sorted((root / folder).rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=2)
def _ready(packed: bytes) -> tuple[_Work, ZoneIndex]:
    work: _Work = pickle.loads(packed)  # noqa: S301 (from this program, as the call itself is)
    zones: Any = gpd.read_parquet(BytesIO(work.zones))  # type: ignore[arg-type]
    return work, index_zones(zones, work.crs)


def _task(parts: list[PlotPart], work: bytes) -> Sums | ValueError | tuple[Finding, ...]:
    """Sum parts up, or say what is wrong with them.

    What the files hold won't be better on another worker: only what is raised is tried again.
    """
    given, index = _ready(work)
    columns = [*given.by, *([given.weight] if given.weight else [])]
    chunks = read_chunks(
        given.plots,
        columns=columns,
        terms=given.terms,
        bounds=given.bounds,
        parts=parts,
        rows=given.rows,
    )
    try:
        found = [sums(chunk, index, by=given.by, weight=given.weight) for chunk in chunks]
    except DataError as error:
        return error.findings
    except ValueError as error:
        return error
    crs = given.plots.crs
    nothing: Any = gpd.GeoDataFrame({name: [] for name in columns}, geometry=[], crs=crs)
    return merged(found or [sums(nothing, index, by=given.by, weight=given.weight)])
