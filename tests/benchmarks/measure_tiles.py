"""Measure plots as tiles: made, and seen in a headless Chromium; print the figures as JSON.

    python -m tests.benchmarks.measure_tiles [--count 1000000] [--archives 130] [--no-view]

`made` is a process of its own that writes the archives, as the application starts one: wall and
processor seconds, peak memory, the largest tile of all zooms. `views` are seconds in an
application whose province is loaded and whose archives are there: `province_s` from the address to
the painted map, `plots_s` from the address of a park to its plots on the screen, `zoom_11_s` from
the last step of the zoom to all tiles of the view at the zoom where plots begin.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from geo.plot_tiles import ENDING, read_archive
from layers.plot_tiles.view import FROM
from tests.e2e.conftest import CHROMIUM, FLAGS, ROOT, serve
from tests.e2e.test_map import MAP, drawn
from tests.test_geo.parcels import parcels

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

AREA = "na-kcn-vsip-1"
PATIENCE_MS = 900_000
SEEN = """map => [...map.querySelectorAll("canvas.leaflet-tile")].some((tile) => {
  const { data } = tile.getContext("2d").getImageData(0, 0, tile.width || 1, tile.height || 1);
  return data.some((value, i) => i % 4 === 3 && value > 0);
})"""
LOADED = """map => {
  const tiles = [...map.querySelectorAll("canvas.leaflet-tile")];
  return tiles.length > 0 && tiles.every((tile) => tile.classList.contains("leaflet-tile-loaded"));
}"""


def measure_making(count: int, archives: int) -> dict[str, Any]:
    """Write archives in a process of its own."""
    with tempfile.TemporaryDirectory() as own:
        source, folder = Path(own) / "source", Path(own) / "tiles"
        source.mkdir()
        folder.mkdir()
        for at in range(archives):
            lon, lat = 104.5 + 0.1 * (at % 12), 18.7 + 0.1 * (at // 12)
            frame = parcels(count // archives, lon=lon, lat=lat, seed=at)
            frame["area_ha"] = 0.1
            frame.to_parquet(source / f"{at:06}-{at}.parquet")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "geo.plot_tiles", source, folder], cwd=ROOT, check=True
        )
        wall = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        made = {path: read_archive(path) for path in folder.glob(f"*{ENDING}")}
        largest: dict[int, int] = {}
        for archive in made.values():
            for zoom, size in archive.largest.items():
                largest[zoom] = max(size, largest.get(zoom, 0))
        return {
            "plots": count,
            "archives": len(made),
            "wall_s": round(wall, 1),
            "cpu_s": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
            "peak_mb": after.ru_maxrss // 1024,
            "all_mb": round(sum(path.stat().st_size for path in made) / 1e6, 1),
            "largest_tile_kb": {zoom: round(size / 1e3, 1) for zoom, size in largest.items()},
        }


def opened(browser: Browser) -> Page:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(PATIENCE_MS)
    return page


def until(page: Page, question: str) -> None:
    chart = page.frame_locator(MAP).locator("#map_div")
    while not chart.evaluate(question):
        page.wait_for_timeout(20)


def measure_views(count: int) -> dict[str, Any]:
    """Look at a province of so many plots once it is warm."""
    with tempfile.TemporaryDirectory() as cache:
        arguments = ("-m", "tests.e2e.parcel_server", str(count), "all")
        running = contextmanager(serve)(*arguments, cache=Path(cache))
        with running as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = opened(browser)
            began = time.perf_counter()
            page.goto(address)
            drawn(page)
            cold = time.perf_counter() - began
            ready = '#map_div[data-plots]:not([data-plots="0"])'
            page.frame_locator(MAP).locator(ready).wait_for()
            made = time.perf_counter() - began
            page.close()
            found: dict[str, list[float]] = {"province_s": [], "plots_s": [], "zoom_11_s": []}
            for _ in range(3):
                page = opened(browser)
                began = time.perf_counter()
                page.goto(address)
                drawn(page)
                found["province_s"].append(time.perf_counter() - began)
                page.close()
                page = opened(browser)
                began = time.perf_counter()
                page.goto(f"{address}/?area={AREA}")
                page.frame_locator(MAP).locator(ready).wait_for()
                until(page, SEEN)
                found["plots_s"].append(time.perf_counter() - began)
                found["zoom_11_s"].append(zoomed_out(page))
                page.close()
            browser.close()
    return {
        "first_start_s": round(cold, 1),
        "tiles_offered_s": round(made, 1),
        **{name: [round(value, 2) for value in values] for name, values in found.items()},
    }


def zoomed_out(page: Page) -> float:
    """Step out to the zoom where plots begin, and wait for all its tiles."""
    frame = page.frame_locator(MAP)
    began = time.perf_counter()
    for _ in range(20):
        scale = frame.locator(".leaflet-control-scale-line").inner_text()
        if scale in {"5 km", "10 km"}:
            break
        began = time.perf_counter()
        frame.locator(".leaflet-control-zoom-out").click()
        page.wait_for_timeout(400)
    until(page, LOADED)
    until(page, SEEN)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--archives", type=int, default=130)
    parser.add_argument("--no-view", action="store_true")
    options = parser.parse_args()
    found = {"from_zoom": FROM, "made": measure_making(options.count, options.archives)}
    if not options.no_view:
        found["views"] = measure_views(options.count)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
