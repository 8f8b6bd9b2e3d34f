"""The ways to account for plots by zone that are measured beside each other.

Each is a function that reads plots and zones and gives what is measured: a function without
arguments that gives the hectares of each zone, and those outside where it accounts for them. So
the clock runs on the account alone. Those that work from a file or in a database say so.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import geopandas as gpd
import shapely

from data.plot_files import open_plots
from geo.overlay import OUTSIDE, index_zones, split
from geo.plot_account import Account, account
from geo.plot_cluster import NO_PAGE, account_on_cluster
from geo.plot_server import account_on_server, open_table
from tests.benchmarks import databases
from tests.benchmarks.generated_plots import CRS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geo.overlay import ZoneIndex

Hectares: TypeAlias = dict[str, float]


@dataclass(frozen=True)
class Task:
    """What to account for.

    Attributes
    ----------
    plots, zones
        GeoParquet in `CRS`; zones by `zone_key`.
    boundaries
        Source of the boundaries, for the command line.
    database
        URL of a database for these plots alone; None: there is no server.
    stack
        Is closed after the measurement.
    """

    plots: Path
    zones: Path
    boundaries: str = "bundled"
    database: str | None = None
    stack: ExitStack = field(default_factory=ExitStack)


def difference(found: Hectares, ours: Hectares) -> float:
    """Give the largest difference relative to a zone, and to all land for what is outside."""
    apart = [abs(found.get(key, 0.0) / ours[key] - 1) for key in ours if key != OUTSIDE]
    if OUTSIDE in found:
        outside = found[OUTSIDE] - ours.get(OUTSIDE, 0.0)
        apart.append(abs(outside) / sum(ours.values()))
    return max(apart)


def _summed(found: Account) -> Hectares:
    rows = found.rows
    return {str(key): float(area) for key, area in zip(rows["zone"], rows["area_ha"], strict=True)}


def _ours(
    task: Task, *, threads: int | None = None, index: ZoneIndex | None = None
) -> Callable[[], Hectares]:
    plots, zones = gpd.read_parquet(task.plots), gpd.read_parquet(task.zones)
    return lambda: _summed(account([plots], index or index_zones(zones, CRS), workers=threads))


def ours(task: Task) -> Callable[[], Hectares]:
    return _ours(task)


def ours_one_thread(task: Task) -> Callable[[], Hectares]:
    return _ours(task, threads=1)


def ours_zones_ready(task: Task) -> Callable[[], Hectares]:
    return _ours(task, index=index_zones(gpd.read_parquet(task.zones), CRS))


def ours_parts(task: Task) -> Callable[[], Hectares]:
    plots, zones = gpd.read_parquet(task.plots).geometry, gpd.read_parquet(task.zones)

    def run() -> Hectares:
        parts = split(plots, index_zones(zones, CRS)).parts
        sums = parts.groupby("zone", observed=True)["area_m2"].sum() / 1e4
        return {str(key): float(area) for key, area in sums.items()}

    return run


def ours_command(task: Task) -> Callable[[], Hectares]:
    arguments = [
        *("account", "--plots", str(task.plots), "--province", "nghe-an"),
        *("--group", "base_partition", "--boundaries", task.boundaries, "--format", "json"),
    ]

    def run() -> Hectares:
        done = subprocess.run(
            [sys.executable, "-m", "geo", *arguments], check=True, capture_output=True
        )
        rows = json.loads(done.stdout)["rows"]
        return {row["zone"]: row["area_ha"] for row in rows}

    return run


def ours_dask(task: Task) -> Callable[[], Hectares]:
    from distributed import LocalCluster  # noqa: PLC0415 (an extra)

    made = LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, **NO_PAGE
    )
    cluster = task.stack.enter_context(made)
    plots, zones = open_plots(task.plots), gpd.read_parquet(task.zones)
    return lambda: _summed(account_on_cluster(plots, zones, CRS, address=cluster.scheduler_address))


def ours_postgis(task: Task) -> Callable[[], Hectares]:
    databases.postgis_tables(task)
    zones = gpd.read_parquet(task.zones)

    def run() -> Hectares:
        table = open_table(databases.url(task), "plots")
        try:
            return _summed(account_on_server(table, index_zones(zones, CRS)))
        finally:
            table.connection.close()

    return run


def prepared_covers(task: Task) -> Callable[[], Hectares]:
    plots = gpd.read_parquet(task.plots).geometry.to_numpy()
    zones = gpd.read_parquet(task.zones).geometry

    def run() -> Hectares:
        tree, found = shapely.STRtree(plots), Hectares()
        for key, zone in zones.items():
            shapely.prepare(zone)
            near = tree.query(zone, predicate="intersects")
            within = shapely.covers(zone, plots[near])
            cut = shapely.intersection(zone, plots[near[~within]])
            square_metres = shapely.area(plots[near[within]]).sum() + shapely.area(cut).sum()
            found[str(key)] = float(square_metres) / 1e4
            shapely.destroy_prepared(zone)
        return found

    return run


def geopandas_overlay(task: Task) -> Callable[[], Hectares]:
    plots, zones = gpd.read_parquet(task.plots), gpd.read_parquet(task.zones).reset_index()

    def run() -> Hectares:
        parts = gpd.overlay(plots, zones, keep_geom_type=True)
        sums = parts.area.groupby(parts["zone_key"]).sum() / 1e4
        return {str(key): float(area) for key, area in sums.items()}

    return run


@dataclass(frozen=True)
class Contender:
    """How a contender is called in tables, and what is said of it.

    Attributes
    ----------
    natural
        It works on whole zones and so takes longest: not measured at every count.
    processes
        It works in processes of its own beside the one that measures.
    package
        What it needs installed, beyond requirements.txt.
    """

    name: str
    prepare: Callable[[Task], Callable[[], Hectares]]
    natural: bool = False
    processes: bool = False
    package: str = "geopandas"


# Form, and whether it is the whole account, of each.
_FORMS: dict[str, tuple[databases.Form, bool, str]] = {
    "natural": ("natural", False, "natural query"),
    "pieces": ("pieces", True, "tuned, whole account: pieces of zones"),
    "grid": ("grid", True, "tuned, whole account: our grid as a query"),
    "pieces_sums": ("pieces", False, "tuned, sums only, zones ready: pieces of zones"),
    "grid_sums": ("grid", False, "tuned, sums only, zones ready: our grid as a query"),
}
CONTENDERS = {
    "ours": Contender("ours", ours),
    "ours_one_thread": Contender("ours, one thread", ours_one_thread),
    "ours_zones_ready": Contender("ours, zones made ready before", ours_zones_ready),
    "ours_parts": Contender("ours, as a table of plot by zone", ours_parts),
    "ours_command": Contender(
        "ours, whole command from GeoParquet", ours_command, processes=True
    ),
    "ours_dask": Contender(
        "ours, Dask with two workers, from GeoParquet", ours_dask,
        processes=True, package="distributed",
    ),
    "ours_postgis": Contender(
        "ours, in PostGIS", ours_postgis, processes=True, package="psycopg"
    ),
    "prepared_covers": Contender("shapely, prepared covers", prepared_covers),
    "geopandas_overlay": Contender("geopandas.overlay", geopandas_overlay, natural=True),
    **{
        f"{key}_{way}": Contender(
            f"{name}, {word}", partial(engine, form=form, whole=whole),
            natural=form == "natural", processes=key == "postgis", package=package,
        )
        for key, name, engine, package in (
            ("duckdb", "DuckDB", databases.duckdb, "duckdb_extension_spatial"),
            ("sedonadb", "SedonaDB", databases.sedonadb, "sedonadb"),
            ("postgis", "PostGIS", databases.postgis, "psycopg"),
        )
        for way, (form, whole, word) in _FORMS.items()
        if (key, form) != ("postgis", "grid")
    },
}  # fmt: skip
