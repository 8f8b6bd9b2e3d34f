"""Measure what the extrapolation of docs/account-at-scale.md is made of, in processor seconds.

    python -m tests.benchmarks.measure_national [--communes 24] [--files 500,2000]

Communes are made: 14,884 parcels of four corners with shared edges, one property, one GeoParquet
file each, spread over the base zones of Nghệ An. Processor seconds are those of the command and
of all that it starts, so that they depend little on what else the machine does.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from data.plot_files import open_plots, read_chunks
from geo.overlay import index_zones
from geo.plot_account import account
from geo.snapshot import load_province

CRS, PROVINCE, GROUP = "EPSG:9208", "nghe-an", "base_partition"
SIDE, SIDE_M, SEED = 122, 30.0, 1
COMMUNES = 3_359


def commune(place: shapely.Point, seed: int) -> gpd.GeoDataFrame:
    """Make parcels in rows, whose corners are moved the same way for all that share them."""
    rng = np.random.default_rng(seed)
    across, along = np.meshgrid(np.arange(SIDE + 1.0), np.arange(SIDE + 1.0))
    x, y = np.stack([across, along]) + rng.uniform(-0.3, 0.3, (2, SIDE + 1, SIDE + 1))
    x, y = place.x + SIDE_M * x, place.y + SIDE_M * y
    corners = [(0, 0), (0, 1), (1, 1), (1, 0)]
    rings = np.stack(
        [
            np.stack([x[i : SIDE + i, j : SIDE + j], y[i : SIDE + i, j : SIDE + j]], axis=-1)
            for i, j in corners
        ],
        axis=2,
    ).reshape(-1, 4, 2)
    use = rng.choice(np.array(["ONT", "CLN", "LUC", "SKK"], dtype=object), len(rings))
    return gpd.GeoDataFrame({"use": use}, geometry=shapely.polygons(rings), crs=CRS)


def made(count: int, folder: Path, zones: gpd.GeoDataFrame) -> list[Path]:
    """Write communes at random places in the zones."""
    rng = np.random.default_rng(SEED)
    west, south, east, north = zones.total_bounds
    land = zones.union_all()
    shapely.prepare(land)
    folder.mkdir()
    paths: list[Path] = []
    while len(paths) < count:
        place = shapely.Point(rng.uniform(west, east), rng.uniform(south, north))
        if shapely.contains(land, place):
            paths.append(folder / f"{len(paths):05}.parquet")
            commune(place, len(paths)).to_parquet(
                paths[-1], row_group_size=50_000, write_covering_bbox=True
            )
    return paths


def one_commune(paths: list[Path], zones: gpd.GeoDataFrame) -> float:
    """Give the median of reading, splitting and summing up a file, in this process."""
    index = index_zones(zones, CRS)
    found = []
    for path in paths:
        before = time.process_time()
        account(read_chunks(open_plots(path), columns=["use"]), index, by=["use"], workers=1)
        found.append(time.process_time() - before)
    return statistics.median(found)


def command(plots: Path, *words: str) -> float:
    """Give the processor seconds of the command and of all that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    given = ["--plots", str(plots), "--province", PROVINCE, "--group", GROUP, "--by", "use"]
    subprocess.run(
        [sys.executable, "-m", "geo", "account", *given, *words],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def copies(paths: list[Path], count: int, folder: Path) -> Path:
    """Lay as many files in a folder, the same ones again and again."""
    folder.mkdir()
    for number in range(count):
        shutil.copy(paths[number % len(paths)], folder / f"{number:05}.parquet")
    return folder


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--communes", type=int, default=24)
    parser.add_argument("--files", default="100,400", help="two numbers of files on the cluster")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    few, many = map(int, given.files.split(","))
    loaded = load_province(PROVINCE)
    zones = loaded.zones[loaded.zones["group"] == GROUP][["geometry"]].to_crs(CRS)
    dask = ("--engine", "dask", "--workers", str(given.workers))
    rows: list[tuple[str, float]] = []

    def take(what: str, seconds: float) -> float:
        rows.append((what, seconds))
        sys.stderr.write(f"{what}: {seconds:.3f} (load {os.getloadavg()[0]:.1f})\n")
        return seconds

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = made(given.communes, folder / "communes", zones)
        plots = given.communes * SIDE**2
        take(f"one commune of {SIDE**2:,} parcels (median)", one_commune(paths, zones))
        take(f"{given.communes} communes, {plots:,} parcels, threads", command(paths[0].parent))
        take(f"the same, dask with {given.workers} workers", command(paths[0].parent, *dask))
        seconds = [
            take(
                f"{count} files of a commune, dask",
                command(copies(paths, count, folder / f"{count}"), *dask),
            )
            for count in (few, many)
        ]
        each = take("each further file", (seconds[1] - seconds[0]) / (many - few))
        start = take("start of command and workers", seconds[0] - few * each)
        take(f"extrapolated: {COMMUNES:,} files of a commune", start + COMMUNES * each)
    sys.stdout.write("| what | processor seconds |\n|---|---|\n")
    sys.stdout.writelines(f"| {what} | {seconds:.3g} |\n" for what, seconds in rows)


if __name__ == "__main__":
    main()
