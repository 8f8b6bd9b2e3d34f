"""Measure the account of plots by zone beside other programs, on the same plots in one run.

    python -m tests.benchmarks.measure_account [--quick] [--counts 10000,1000000] [--real 10000]
        [--only ours,duckdb_grid] [--limit 180] [--growth 200000] [--save FILE]
        [--write docs/benchmarks.md]

Every contender has a process of its own (:mod:`tests.benchmarks.contenders`); its clock starts
when plots and zones are loaded. It is stopped at the limit. `--save` keeps the figures, from
which `python -m tests.benchmarks.account_page FILE docs/benchmarks.md` writes the page again.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import multiprocessing
import os
import platform
import signal
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pyproj
import shapely

from geo.overlay import index_zones
from geo.snapshot import load_province
from tests import postgis
from tests.benchmarks import account_page
from tests.benchmarks._processes import memory, parent, peak_memory, processor_seconds
from tests.benchmarks.contenders import CONTENDERS, Task, difference
from tests.benchmarks.databases import DUCKDB_VERTICES, MARGIN_M, MARGINS
from tests.benchmarks.generated_plots import CRS, KINDS, grid_of_zones, with_vertices
from tests.benchmarks.prepared_zones import clear_cells, pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection

    import geopandas as gpd

PROVINCE, GROUP = "nghe-an", "base_partition"
REPEATS, ENOUGH_S = 5, 10.0  # measured again until so much time is over
LOADING_S = 900.0
HEADLINE = 1_000_000
VERTICES = (1_000, 10_000, 100_000, 500_000)
GRID_ZONES = 1_000
ROW_GROUP = 50_000
SERVER = ("shared_buffers=1GB", "work_mem=256MB", "max_parallel_workers_per_gather=2")
LIBRARIES = (
    "geopandas", "shapely", "numpy", "pandas", "pyarrow", "duckdb", "duckdb-extension-spatial",
    "sedonadb", "dask", "distributed", "psycopg",
)  # fmt: skip


@dataclass
class Measurement:
    """One contender on one set of plots.

    Attributes
    ----------
    seconds
        Of each run; empty where it failed or was stopped.
    stopped
        The limit in seconds at which it was.
    difference
        From ours; see :func:`tests.benchmarks.contenders.difference`.
    """

    subject: str
    kind: str
    count: int
    contender: str
    load: float
    seconds: list[float] = field(default_factory=list)
    processor: float | None = None
    before_gb: float | None = None
    peak_gb: float | None = None
    hectares: dict[str, float] = field(default_factory=dict)
    difference: float | None = None
    stopped: float | None = None
    problem: str = ""
    zones: int = 0
    vertices: int = 0


def _work(name: str, arguments: dict[str, Any], server: int | None, out: Connection) -> None:
    """Measure in this process and send each run."""
    os.setsid()  # so that all that it starts can be stopped with it
    contender = CONTENDERS[name]
    roots = [os.getpid(), *([server] if server and "postgis" in name else [])]
    try:
        with ExitStack() as stack:
            run = contender.prepare(Task(**arguments, stack=stack))
            out.send("ready")
            spent = 0.0
            for _ in range(REPEATS):
                before, processor = memory(roots), processor_seconds(roots)
                with peak_memory(roots, alone=not contender.processes) as peak:
                    began = time.perf_counter()
                    hectares = run()
                    took = time.perf_counter() - began
                used = processor_seconds(roots) - processor
                out.send((took, used, before / 1e9, peak[0] / 1e9, hectares))
                spent += took
                if spent > ENOUGH_S:
                    break
    except Exception as error:  # noqa: BLE001 (one that fails is a row that says so)
        out.send(f"{type(error).__name__}: {str(error).splitlines()[0]}")
    out.close()


def measure(
    found: Measurement, arguments: dict[str, Any], *, server: int | None, limit: float
) -> Measurement:
    """Run one contender in a process of its own, until it is done or the limit is over."""
    spawned = multiprocessing.get_context("spawn")
    receive, send = spawned.Pipe(duplex=False)
    process = spawned.Process(target=_work, args=(found.contender, arguments, server, send))
    process.start()
    send.close()  # or the end of one that dies would never be seen
    wait = LOADING_S
    try:
        while receive.poll(wait):
            told = receive.recv()
            if told == "ready":
                wait = limit
            elif isinstance(told, str):
                found.problem = told
            else:
                took, used, before, peak, found.hectares = told
                found.seconds.append(took)
                found.processor = min(used, found.processor or used)
                found.before_gb = max(before, found.before_gb or 0)
                found.peak_gb = max(peak, found.peak_gb or 0)
        if wait == limit and not found.seconds:
            found.stopped = limit
        else:
            found.problem = found.problem or "not ready in time"
    except EOFError:
        if not found.seconds:
            found.problem = found.problem or "the process died"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid or 0, signal.SIGKILL)
        process.join()
    return found


def machine() -> dict[str, Any]:
    """Name the machine and what is installed on it."""
    cpu = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    found = {"Python": platform.python_version(), "GEOS": shapely.geos_version_string}
    for name in LIBRARIES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_gb": round(pages * size / 1e9, 1),
        "system": platform.freedesktop_os_release().get("PRETTY_NAME", platform.system()),
        "versions": {**found, "PROJ": pyproj.proj_version_str},
    }


def made_ready(zones: gpd.GeoDataFrame) -> dict[str, float]:
    """Give the seconds that it takes to make zones ready, for us and for tuned queries."""
    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: index_zones(zones, CRS),
        "pieces": lambda: pieces(zones, DUCKDB_VERTICES),
        "grid": lambda: clear_cells(zones, margin=MARGIN_M, margins=MARGINS),
    }
    found = {}
    for name, way in ways.items():
        runs = []
        for _ in range(REPEATS):
            began = time.perf_counter()
            way()
            runs.append(time.perf_counter() - began)
        found[name] = statistics.median(runs)
    return found


class Run:
    """Data sets in a folder, a server, and what was measured."""

    def __init__(self, folder: Path, stack: ExitStack, given: argparse.Namespace) -> None:
        self.folder, self.given = folder, given
        self.began, self.load = time.time(), os.getloadavg()[0]
        province = load_province(PROVINCE)
        self.boundaries = province.boundary_source.key
        self.source = f"{province.boundary_source.name_en} ({self.boundaries})"
        areal = province.zones[province.zones["group"] == GROUP][["geometry"]].to_crs(CRS)
        self.zones = areal.rename_axis("zone_key")
        self.communes = province.communes[["geometry"]].to_crs(CRS).rename_axis("zone_key")
        self.measured: list[Measurement] = []
        self.made_ready = made_ready(self.zones)
        self.server: postgis.Server | None = None
        self.postmaster: int | None = None
        self.versions: dict[str, str] = {}
        programs = postgis.programs()
        if programs and any("postgis" in name for name in given.only):
            self.server = stack.enter_context(postgis.running(programs, settings=SERVER))
            with psycopg.connect(self.server.url("template_postgis")) as connection:
                self.postmaster = parent(connection.info.backend_pid)
                text = "SELECT version(), postgis_lib_version()"
                told = connection.execute(text.encode()).fetchall()[0]
                self.versions = {"PostgreSQL": told[0].split()[1], "PostGIS": told[1]}

    def plots(self, kind: str, count: int) -> Path:
        path = self.folder / f"{kind}-{count}.parquet"
        if not path.exists():
            made = KINDS[kind](count, self.zones, self.communes)
            made.to_parquet(path, row_group_size=ROW_GROUP, write_covering_bbox=True)
        return path

    def take(
        self, names: Sequence[str], kind: str, count: int, zones: gpd.GeoDataFrame, subject: str
    ) -> None:
        plots = self.plots(kind, count)
        outlines = self.folder / f"zones-{len(self.measured)}.parquet"
        zones.to_parquet(outlines)
        database = self.server.new_database() if self.server and subject == "beside" else None
        arguments = {
            "plots": plots,
            "zones": outlines,
            "boundaries": self.boundaries,
            "database": database,
        }
        for name in names:
            found = Measurement(subject, kind, count, name, os.getloadavg()[0])
            found.zones = len(zones)
            found.vertices = int(shapely.get_num_coordinates(zones.geometry.to_numpy()).sum())
            limit = self.given.limit
            measure(found, arguments, server=self.postmaster, limit=limit)
            self.measured.append(found)
            told = f"{statistics.median(found.seconds):.2f} s" if found.seconds else ""
            told = told or found.problem or f"> {limit:.0f} s"
            sys.stderr.write(f"{subject} {kind} {count} {name}: {told}\n")
            if found.stopped and database and self.server:
                self.server.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND datname IS NOT NULL"
                )
            self.results()
        if database and self.server:
            self.server.execute(f'DROP DATABASE "{database.rpartition("/")[2]}" WITH (FORCE)')

    def results(self) -> dict[str, Any]:
        """Give what there is so far, and keep it where asked to."""
        _compared(self.measured)
        named = machine()
        named["versions"].update(self.versions)
        found = {
            "date": dt.datetime.now(dt.UTC).date().isoformat(),
            "minutes": round((time.time() - self.began) / 60, 1),
            "machine": named,
            "load": self.load,
            "boundaries": self.source,
            "limit": self.given.limit,
            "made_ready": self.made_ready,
            "measured": [asdict(one) for one in self.measured],
        }
        if self.given.save:
            self.given.save.write_text(json.dumps(found, indent=1), encoding="utf-8")
        return found


def _compared(measured: list[Measurement]) -> None:
    """Set all hectares beside ours of the same plots."""
    true = {
        (one.kind, one.count): one.hectares
        for one in measured
        if one.contender == "ours" and one.subject == "beside"
    }
    for one in measured:
        ours = true.get((one.kind, one.count), {})
        if one.subject == "beside" and one.hectares and ours:
            one.difference = difference(one.hectares, ours)


def _sizes(run: Run) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Zones of other numbers and of other detail."""
    for count in VERTICES:
        yield "vertices", with_vertices(run.zones, count)
    yield "vertices", run.zones
    yield "zones", run.zones
    yield "zones", run.communes
    yield "zones", grid_of_zones(GRID_ZONES, run.zones)


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--counts", default="10000,100000,1000000,2000000", help="small plots")
    parser.add_argument("--real", default="10000,100000", help="plots of real outlines; 0: none")
    parser.add_argument("--only", default=",".join(CONTENDERS), help="contenders")
    parser.add_argument("--limit", type=float, default=180, help="seconds for each")
    parser.add_argument(
        "--growth", type=int, default=200_000, help="plots to vary zones under; 0: none"
    )
    parser.add_argument("--quick", action="store_true", help="few plots: does everything work?")
    parser.add_argument("--save", type=Path, help="file for the figures (JSON)")
    parser.add_argument("--write", type=Path, help="page to write")
    given = parser.parse_args()
    if given.quick:
        given.counts, given.real, given.growth, given.limit = "1000,4000", "1000", 4000, 60
    given.counts, given.real = (
        [int(count) for count in text.split(",") if count.strip("0")]
        for text in (given.counts, given.real)
    )
    given.only = given.only.split(",")
    if unknown := set(given.only) - set(CONTENDERS):
        parser.error(f"unknown: {unknown}; there are: {', '.join(CONTENDERS)}")
    return given


def main() -> None:
    """Measure, and write where asked to."""
    given = _chosen()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        run = Run(folder, stack, given)
        for kind, counts in (("small", given.counts), ("real", given.real)):
            for count in counts:
                whole = count in {min(counts), HEADLINE}
                names = [name for name in given.only if whole or not CONTENDERS[name].natural]
                run.take(names, kind, count, run.zones, "beside")
        if given.growth:
            for subject, zones in _sizes(run):
                run.take(["ours"], "small", given.growth, zones, subject)
    results = run.results()
    if given.write:
        account_page.write(results, given.write)
    else:
        sys.stdout.write(account_page.page(results, chart=None))


if __name__ == "__main__":
    main()
