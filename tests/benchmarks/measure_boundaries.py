"""Measure official boundaries: times of compiling, and the bundled ones set beside them.

Run from the project root; prints JSON:
``python -m tests.benchmarks.measure_boundaries [FOLDER]``, FOLDER being a copy of the boundary
repository (../shared/reference/official_boundaries if not given). Times are seconds on the
clock, with those of the processor, which tell more on a busy machine.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from data.boundaries import official
from data.boundaries.local_copy import import_copy
from data.boundaries.outlines import load_outlines
from data.resolutions import load_resolution, provinces
from geo.zones import compile_zones

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from data.resolutions import Resolution

REFERENCE = Path("../shared/reference/official_boundaries")
REPEATS = 3
SAMPLE_M = 50.0


def timed(function: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """Call a function and give its seconds by the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    result = function()
    return result, {
        "clock": round(time.perf_counter() - clock, 3),
        "processor": round(time.process_time() - processor, 3),
    }


def best(function: Callable[[], Any]) -> dict[str, float]:
    """Give the best of some calls."""
    runs = [timed(function)[1] for _ in range(REPEATS)]
    return min(runs, key=lambda run: run["clock"])


def zones_of(resolution: Resolution, source: str) -> gpd.GeoDataFrame:
    """Compile the zones of a province from a boundary source."""
    return compile_zones(resolution, load_outlines(resolution.code, source).communes)


def compared(resolution: Resolution) -> list[dict[str, Any]]:
    """Set the base zones by bundled boundaries beside those by official ones."""
    ours, theirs = (
        zones_of(resolution, source).query("group == 'base_partition'").to_crs(resolution.crs)
        for source in ("bundled", "official")
    )
    table = []
    for key in theirs.index:
        one, other = ours.geometry[key], theirs.geometry[key]
        both = shapely.intersection(one, other).area
        table.append(
            {
                "province": resolution.province,
                "zone": key,
                "communes": len(theirs["communes"][key]),
                "bundled_ha": round(one.area / 1e4),
                "official_ha": round(other.area / 1e4),
                "iou": round(both / (one.area + other.area - both), 3),
            }
        )
    return table


def commune_differences(resolution: Resolution) -> dict[str, Any]:
    """Set the bundled communes beside the official ones.

    Shared over joint area of a commune (IoU); area of the bundled outline over the
    gazetteer's, less 1; distance of points on bundled borders, a point every 50 m, from the
    nearest official border (coast and frontier count too, so the median flatters).
    """
    ours, theirs = (
        load_outlines(resolution.code, source).communes.to_crs(resolution.crs).sort_index()
        for source in ("bundled", "official")
    )
    both = ours.intersection(theirs.geometry).area
    overlap = both / (ours.area + theirs.area - both)
    area = (ours.area / 1e6 / ours["area_km2_official"] - 1).abs()
    borders = shapely.segmentize(shapely.union_all(ours.boundary.to_numpy()), SAMPLE_M)
    tree = shapely.STRtree(shapely.get_parts(theirs.boundary.to_numpy()))
    _, metres = tree.query_nearest(
        shapely.points(shapely.get_coordinates(borders)),
        return_distance=True,
        all_matches=False,
    )
    return {
        "province": resolution.province,
        "commune_iou": {
            "median": round(overlap.median(), 2),
            "lower_quarter": round(overlap.quantile(0.25), 2),
            "least": round(overlap.min(), 2),
        },
        "area_off": {
            "median": round(area.median(), 3),
            "upper_tenth": round(area.quantile(0.9), 2),
        },
        "border_off_m": {
            "median": round(float(np.median(metres))),
            "upper_tenth": round(float(np.quantile(metres, 0.9))),
        },
    }


def measure(copy: Path) -> dict[str, Any]:
    """Measure every province that is described."""
    times: dict[str, Any] = {}
    table: list[dict[str, Any]] = []
    communes_table: list[dict[str, Any]] = []
    zones_of(load_resolution("nghe-an"), "bundled")  # reads the gazetteer, once for all
    for key in provinces():
        resolution = load_resolution(key)
        _, imported = timed(partial(import_copy, copy, provinces=[key]))
        zones, first = timed(partial(zones_of, resolution, "official"))
        communes = load_outlines(resolution.code, "official").communes
        union = shapely.union_all(communes.to_crs(resolution.crs).geometry.to_numpy()).area / 1e4
        base = zones[zones["group"] == "base_partition"]
        quality = official.quality(resolution.code)
        times[key] = {
            "check_clean_compile": imported,
            "zones_first": first,
            "zones_afterwards": best(partial(zones_of, resolution, "official")),
            "communes": len(communes),
            "points": int(shapely.get_num_coordinates(communes.geometry.to_numpy()).sum()),
            "zones_less_union": float(base["geometry_area_ha"].sum() / union - 1),
            "outline_difference": quality["outline_difference"]["area"],
        }
        table += compared(resolution)
        communes_table.append(commune_differences(resolution))
    together = sum(
        part[step]["clock"]
        for part in times.values()
        for step in ("check_clean_compile", "zones_first")
    )
    return {
        "machine": {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)},
        "times": times,
        "all_provinces_clock": round(together, 3),
        "base_zones": table,
        "communes": communes_table,
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as cache:
        os.environ[official.CACHE_VARIABLE] = cache
        found = measure(Path(sys.argv[1]) if len(sys.argv) > 1 else REFERENCE)
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
