"""Measure the account of plots by zone beside other programs, on the same plots in one run.

    python -m tests.benchmarks.measure_account [--plots 10000,1000000] [--only ours,duckdb]
        [--write docs/benchmarks.md]

Seeded plots (turned, uneven rectangles of 30 m) over the four base zones of Nghệ An, from
official boundaries where they are (INDUSTRIAL_LAND_CACHE names their folder). Each contender has
a process of its own; its time is that of the account, with the plots and zones read before, and
for `*_file` that from the file. Memory is the peak of the process. `agreement` is the largest
relative difference of a zone's hectares from ours. PostGIS is a server of its own here, whose
memory is not that of the process, so none is given.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.plot_files import open_plots, read_chunks
from geo.overlay import index_zones, split
from geo.plot_account import account
from geo.snapshot import load_province
from tests import postgis

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

CRS = "EPSG:9208"
SEED = 1
Measured = tuple[float, dict["Hashable", float]]


def make_plots(count: int, zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Make plots whose centres are in the zones, but for one in a hundred."""
    rng = np.random.default_rng(SEED)
    west, south, east, north = zones.total_bounds
    land = zones.union_all()
    shapely.prepare(land)
    found = np.empty((2, 0))
    while found.shape[1] < count:
        x, y = rng.uniform(west, east, count), rng.uniform(south, north, count)
        kept = shapely.contains_xy(land, x, y) | (rng.random(count) < 0.01)
        found = np.concatenate([found, [x[kept], y[kept]]], axis=1)
    x, y = found[:, :count]
    width, height = rng.lognormal(np.log(30), 0.6, (2, count))
    turn = rng.uniform(0, np.pi, count)
    corners = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
    corners = corners + rng.uniform(-0.1, 0.1, (count, 4, 2))
    across, along = corners[..., 0] * width[:, None], corners[..., 1] * height[:, None]
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    ring = np.stack(
        [x[:, None] + across * cos - along * sin, y[:, None] + across * sin + along * cos], axis=-1
    )
    return gpd.GeoDataFrame(geometry=shapely.polygons(ring), crs=CRS)


def ours(plots: Path, zones: Path, threads: int = 0) -> Measured:
    """Measure the account itself, with its index."""
    land, areal = gpd.read_parquet(plots).geometry, gpd.read_parquet(zones)
    began = time.perf_counter()
    parts = split(land, index_zones(areal, CRS), threads=threads or None).parts
    hectares = parts.groupby("zone", observed=True)["area_m2"].sum() / 1e4
    return time.perf_counter() - began, hectares.drop("outside", errors="ignore").to_dict()


def ours_one_thread(plots: Path, zones: Path) -> Measured:
    """Measure the account on one thread."""
    return ours(plots, zones, 1)


def ours_file(plots: Path, zones: Path) -> Measured:
    """Measure from the file, in chunks, with the columns of the account."""
    areal = gpd.read_parquet(zones)
    began = time.perf_counter()
    rows = account(read_chunks(open_plots(plots)), index_zones(areal, CRS)).rows
    took = time.perf_counter() - began
    return took, rows[rows["zone"] != "outside"].set_index("zone")["area_ha"].to_dict()


def geopandas_overlay(plots: Path, zones: Path) -> Measured:
    """Measure `geopandas.overlay`."""
    land, areal = gpd.read_parquet(plots), gpd.read_parquet(zones).reset_index()
    began = time.perf_counter()
    parts = gpd.overlay(land, areal, keep_geom_type=True)
    hectares = parts.area.groupby(parts["zone_key"]).sum() / 1e4
    return time.perf_counter() - began, hectares.to_dict()


def prepared_covers(plots: Path, zones: Path) -> Measured:
    """Measure whole zones, prepared, covering first and cutting the rest."""
    land, areal = gpd.read_parquet(plots).geometry.to_numpy(), gpd.read_parquet(zones).geometry
    began = time.perf_counter()
    tree, found = shapely.STRtree(land), dict["Hashable", float]()
    for key, zone in areal.items():
        shapely.prepare(zone)
        near = tree.query(zone, predicate="intersects")
        within = shapely.covers(zone, land[near])
        cut = shapely.intersection(zone, land[near[~within]])
        found[str(key)] = float(shapely.area(land[near[within]]).sum() + shapely.area(cut).sum())
    return time.perf_counter() - began, {key: land / 1e4 for key, land in found.items()}


NATURAL = """
    SELECT z.zone_key, sum(ST_Area(ST_Intersection(p.geom, z.geom))) / 10000 AS ha
    FROM plots p JOIN zones z ON ST_Intersects(p.geom, z.geom) GROUP BY z.zone_key"""
# Pieces of zones in the place of zones; what is covered isn't cut.
TUNED = """
    SELECT z.zone_key, sum(CASE WHEN ST_Covers(z.geom, p.geom) THEN ST_Area(p.geom)
        ELSE ST_Area(ST_Intersection(p.geom, z.geom)) END) / 10000 AS ha
    FROM plots p JOIN pieces z ON ST_Intersects(z.geom, p.geom) GROUP BY z.zone_key"""


def _pieces(zones: Path) -> pd.DataFrame:
    areal = gpd.read_parquet(zones)
    index = index_zones(areal, CRS)
    keys = [str(index.keys[zone]) for zone in index.piece_zone]
    return pd.DataFrame({"zone_key": keys, "wkb": shapely.to_wkb(index.pieces)})


def _wkb(path: Path) -> pd.DataFrame:
    frame = gpd.read_parquet(path)
    table = pd.DataFrame({"wkb": frame.to_wkb()["geometry"].to_numpy()})
    return table.assign(zone_key=frame.index.astype(str)) if frame.index.name else table


def _duckdb(plots: Path, zones: Path, query: str) -> Measured:
    import duckdb  # noqa: PLC0415 (of the benchmark alone)
    import duckdb_extension_spatial as carried  # noqa: PLC0415

    database = duckdb.connect()
    (extension,) = Path(carried.__file__).parent.rglob("spatial.duckdb_extension")
    database.load_extension(str(extension))
    for name, table in (("plots", _wkb(plots)), ("zones", _wkb(zones)), ("pieces", _pieces(zones))):
        database.register("given", table)
        database.execute(
            f"CREATE TABLE {name} AS SELECT * EXCLUDE (wkb), ST_GeomFromWKB(wkb) AS geom FROM given"  # noqa: S608
        )
        database.unregister("given")
    began = time.perf_counter()
    rows = database.execute(query).fetchall()
    return time.perf_counter() - began, dict(rows)


def duckdb(plots: Path, zones: Path) -> Measured:
    """Measure DuckDB's natural query."""
    return _duckdb(plots, zones, NATURAL)


def duckdb_tuned(plots: Path, zones: Path) -> Measured:
    """Measure DuckDB on pieces of zones."""
    return _duckdb(plots, zones, TUNED)


def _sedona(plots: Path, zones: Path, query: str) -> Measured:
    import sedona.db  # noqa: PLC0415 (of the benchmark alone)

    database = sedona.db.connect()
    for name, table in (("plots", _wkb(plots)), ("zones", _wkb(zones)), ("pieces", _pieces(zones))):
        database.create_data_frame(table).to_view(f"{name}_given")
        columns = "zone_key, " if "zone_key" in table else ""
        made = database.sql(f"SELECT {columns}ST_GeomFromWKB(wkb) AS geom FROM {name}_given")  # noqa: S608
        made.to_memtable().to_view(name)
    began = time.perf_counter()
    rows = database.sql(query).to_pandas()
    return time.perf_counter() - began, dict(zip(rows["zone_key"], rows["ha"], strict=True))


def sedonadb(plots: Path, zones: Path) -> Measured:
    """Measure SedonaDB's natural query."""
    return _sedona(plots, zones, NATURAL)


def sedonadb_tuned(plots: Path, zones: Path) -> Measured:
    """Measure SedonaDB on pieces of zones."""
    return _sedona(plots, zones, TUNED)


def _postgis(plots: Path, zones: Path, query: str) -> Measured:
    import psycopg  # noqa: PLC0415 (an extra)

    programs = postgis.programs()
    if programs is None:
        message = "PostgreSQL with PostGIS isn't here"
        raise LookupError(message)
    with postgis.running(programs) as server, psycopg.connect(server.new_database()) as database:
        for name, table in (
            ("plots", _wkb(plots)),
            ("zones", _wkb(zones)),
            ("pieces", _pieces(zones)),
        ):
            keys = table["zone_key"] if "zone_key" in table else [""] * len(table)
            database.execute(f"CREATE TABLE {name} (zone_key text, geom geometry)")
            with database.cursor().copy(f"COPY {name} FROM STDIN") as copy:
                for key, shape in zip(keys, table["wkb"], strict=True):
                    copy.write_row((key, shape.hex()))
            database.execute(f"CREATE INDEX ON {name} USING gist (geom)")
            database.execute(f"ANALYZE {name}")
        began = time.perf_counter()
        rows = database.execute(query.encode()).fetchall()
        return time.perf_counter() - began, dict(rows)


def postgis_natural(plots: Path, zones: Path) -> Measured:
    """Measure PostGIS's natural query."""
    return _postgis(plots, zones, NATURAL)


def postgis_tuned(plots: Path, zones: Path) -> Measured:
    """Measure PostGIS on pieces of zones."""
    return _postgis(plots, zones, TUNED)


CONTENDERS: dict[str, Callable[[Path, Path], Measured]] = {
    made.__name__: made
    for made in (
        ours, ours_one_thread, ours_file, prepared_covers, geopandas_overlay, duckdb,
        duckdb_tuned, sedonadb, sedonadb_tuned, postgis_natural, postgis_tuned,
    )
}  # fmt: skip


def _run(name: str, plots: Path, zones: Path, out: Any) -> None:  # noqa: ANN401 (a pipe)
    try:
        took, hectares = CONTENDERS[name](plots, zones)
        out.send((took, hectares, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, ""))
    except Exception as error:  # noqa: BLE001 (one that fails is a row that says so)
        out.send((float("nan"), {}, float("nan"), f"{type(error).__name__}: {error}"))


def measure(name: str, plots: Path, zones: Path) -> tuple[float, dict[Hashable, float], float, str]:
    """Run one contender in a process of its own."""
    spawned = multiprocessing.get_context("spawn")
    receive, send = spawned.Pipe(duplex=False)
    process = spawned.Process(target=_run, args=(name, plots, zones, send))
    process.start()
    send.close()  # or the end of one that dies would never be seen
    found: tuple[float, dict[Hashable, float], float, str]
    try:
        found = receive.recv()
    except EOFError:
        found = (float("nan"), {}, float("nan"), "the process died")
    process.join()
    return found


def machine() -> str:
    """Name the machine."""
    cpu = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return f"{cpu}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def main() -> None:
    """Measure, print, and write the table where asked to."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--plots", default="10000,100000,1000000")
    parser.add_argument("--only", default=",".join(CONTENDERS))
    parser.add_argument("--slow", type=int, default=1_000_000, help="most plots of geopandas")
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    province = load_province("nghe-an")
    areal = province.zones[province.zones["group"] == "base_partition"][["geometry"]].to_crs(CRS)
    vertices = int(shapely.get_num_coordinates(areal.geometry.to_numpy()).sum())
    lines = [
        f"Machine: {machine()}; load before {os.getloadavg()[0]:.1f}.",
        f"Boundaries: {province.boundary_source.key}, {len(areal)} zones, {vertices} vertices.",
        "",
        "| plots | contender | seconds | times ours | peak GB | agreement |",
        "|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        zones = Path(folder, "zones.parquet")
        areal.to_parquet(zones)
        for count in map(int, given.plots.split(",")):
            plots = Path(folder, f"{count}.parquet")
            make_plots(count, areal).to_parquet(plots)
            base, true, *_ = measure("ours", plots, zones)
            for name in given.only.split(","):
                if name == "geopandas_overlay" and count > given.slow:
                    continue
                took, found, memory, wrong = measure(name, plots, zones)
                apart = max((abs(found.get(k, 0) / v - 1) for k, v in true.items()), default=0)
                shown = "-" if name.startswith("postgis") else f"{memory:.2f}"
                lines.append(
                    f"| {count} | {name} | {took:.2f} | {took / base:.1f} | {shown} "
                    f"| {wrong or f'{apart:.1e}'} |"
                )
                sys.stderr.write(lines[-1] + "\n")
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if given.write:
        head = (
            "# Benchmarks\n\nWritten by `make bench` (`tests/benchmarks/measure_account.py`).\n\n"
        )
        given.write.write_text(head + text, encoding="utf-8")


if __name__ == "__main__":
    main()
