"""Measure plots as tiles: made, and seen in a headless Chromium; print the figures as JSON.

    python -m tests.benchmarks.measure_tiles [--count 1000000] [--archives 130] [--no-view]

`made` is a process of its own that writes the archives, as the application starts one: wall and
processor seconds, peak memory, the largest tile of all zooms.

`cold` is an application that was just started: seconds from the address to its first map, and
until all archives are there; `made_up_s` of both are not its own, but what making up the plots
takes here.

`views` are first views: from the address, in a browser window that is open and has nothing of the
application yet, on a server that runs and has the province and its archives. Each is seconds of
the clock, processor seconds of server and browser together, and processor seconds of whatever else
the machine does (this script and Playwright among it): where the last are many, the first say
little. `province`: until its map is painted; `park`: until the first of its plots are;
`park_whole`: until those of the whole view are; `tiles`: from the painted map of the park to the
first of its plots. `zoom_11` is a step of the zoom, the last one out to where plots begin, until
all tiles of the view are there.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect, sync_playwright

from geo.plot_tiles import ENDING, read_archive
from geo.snapshot import load_province
from layers.plot_tiles.view import FROM
from tests.e2e._acting import MAP, WAIT_MS
from tests.e2e.conftest import CHROMIUM, FLAGS, ROOT, serve
from tests.e2e.parcel_server import placed
from tests.test_geo.parcels import parcels, with_parcels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

AREA = "na-kcn-vsip-1"
PATIENCE_MS = 900_000
# Processor seconds of half a second in which next to nothing goes on, and how long that is waited
# for: other work may go on and on.
REST_S = 0.1
REST_WAIT_S = 120.0
# What the scale says at zoom 11.
FARTHEST = "5 km"
RUNS = 5
Clock = tuple[float, float, float]
# Playwright's own questions are a second apart after a while.
ASKED = """() => {
  const map = document.querySelector('%s')?.contentDocument?.querySelector("#map_div");
  return Boolean(map) && (%s)(map);
}"""
PAINTED = "map => ![undefined, 'base'].includes(map.dataset.drawn)"
READY = "map => Number(map.dataset.plots) > 0"
SEEN = """map => {
  const small = new OffscreenCanvas(16, 16).getContext("2d", { willReadFrequently: true });
  const empty = (map.empty ||= new WeakSet()); // looked at once: looking takes time too
  return [...map.querySelectorAll("canvas.leaflet-tile-loaded")].some((tile) => {
    if (!tile.width || empty.has(tile)) return false;
    small.clearRect(0, 0, 16, 16);
    small.drawImage(tile, 0, 0, 16, 16);
    const { data } = small.getImageData(0, 0, 16, 16);
    return data.some((value, i) => i % 4 === 3 && value > 0) || !empty.add(tile);
  });
}"""
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
    """Open a window, and wait until the machine is at rest: making it isn't the page's doing."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(PATIENCE_MS)
    end = time.monotonic() + REST_WAIT_S
    before, now = -1.0, busy_seconds()
    while now - before > REST_S and time.monotonic() < end:
        page.wait_for_timeout(500)
        before, now = now, busy_seconds()
    return page


def closed(page: Page) -> None:
    page.close()
    time.sleep(1.0)  # its processes end, and what they used isn't counted any more


def until(page: Page, question: str, *, timeout_ms: float = WAIT_MS) -> None:
    """Wait until a question about the map is answered by yes; the page itself asks it."""
    page.wait_for_function(ASKED % (MAP, question), polling=20, timeout=timeout_ms)


def measure_views(count: int) -> dict[str, Any]:
    """Look at a province of so many plots once it is warm."""
    expect.set_options(timeout=PATIENCE_MS)
    with tempfile.TemporaryDirectory() as cache:
        arguments = ("-m", "tests.e2e.parcel_server", str(count), "all")
        running = contextmanager(serve)(*arguments, cache=Path(cache))
        with running as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = opened(browser)
            began = time.perf_counter()
            page.goto(address)
            until(page, PAINTED, timeout_ms=PATIENCE_MS)
            cold = time.perf_counter() - began
            until(page, READY, timeout_ms=PATIENCE_MS)
            # It says so while more are being made.
            page.wait_for_timeout(3000)
            expect(page.get_by_role("progressbar")).to_have_count(0)
            made = time.perf_counter() - began
            closed(page)
            found: dict[str, list[Clock]] = {
                name: [] for name in ("province", "park", "park_whole", "tiles", "zoom_11")
            }
            for _ in range(RUNS):
                page = opened(browser)
                with clock(found["province"]):
                    page.goto(address)
                    until(page, PAINTED)
                closed(page)
                page = opened(browser)
                with clock(found["park_whole"]):
                    with clock(found["park"]):
                        page.goto(f"{address}/?area={AREA}")
                        until(page, PAINTED)
                        with clock(found["tiles"]):
                            until(page, SEEN)
                    until(page, LOADED)
                zoom_out(page, found["zoom_11"])
                closed(page)
            browser.close()
    return {
        "cold": {
            "first_start_s": round(cold, 1),
            "all_archives_s": round(made, 1),
            "made_up_s": round(made_up(count), 1),
        },
        "views": found,
    }


def made_up(count: int) -> float:
    """Seconds that the plots themselves take, which no application would have to make up."""
    province = load_province("nghe-an")
    began = time.perf_counter()
    with_parcels(province.facts, count, placed(province))
    return time.perf_counter() - began


@contextmanager
def clock(found: list[Clock]) -> Iterator[None]:
    """Add wall seconds, processor seconds of server and browser together, and of all else."""
    began, used, busy = time.perf_counter(), cpu_seconds(), busy_seconds()
    yield
    own, all_ = cpu_seconds() - used, busy_seconds() - busy
    found.append((round(time.perf_counter() - began, 2), round(own, 2), round(all_ - own, 2)))


def busy_seconds() -> float:
    """Seconds that all processors were busy, whatever with (Linux)."""
    user, nice, system, _, _, interrupts, soft, stolen = map(
        int, Path("/proc/stat").read_text().split()[1:9]
    )
    return (user + nice + system + interrupts + soft + stolen) / os.sysconf("SC_CLK_TCK")


def cpu_seconds() -> float:
    """Seconds that the processes begun here have used, those that have ended left out (Linux)."""
    used, parents = {}, {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            cells = file.read_text().rpartition(")")[2].split()
            number = int(file.parent.name)
            parents[number] = int(cells[1])
            used[number] = (int(cells[11]) + int(cells[12])) / os.sysconf("SC_CLK_TCK")
    return sum(seconds for number, seconds in used.items() if _is_ours(number, parents))


def _is_ours(number: int, parents: dict[int, int]) -> bool:
    while number in parents:
        number = parents[number]
        if number == os.getpid():
            return True
    return False


def zoom_out(page: Page, found: list[Clock]) -> None:
    """Step out to the zoom where plots begin, and clock the last step until all tiles are there."""
    frame = page.frame_locator(MAP)
    scale = frame.locator(".leaflet-control-scale-line")
    for _ in range(20):
        before = scale.inner_text()
        taken: list[Clock] = []
        with clock(taken):
            frame.locator(".leaflet-control-zoom-out").click()
            page.wait_for_timeout(300)  # of its animation
            until(page, LOADED)
            until(page, SEEN)
        if scale.inner_text() == FARTHEST != before:
            found.extend(taken)
            return
    msg = f"the scale never said {FARTHEST}"
    raise ValueError(msg)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--archives", type=int, default=130)
    parser.add_argument("--no-view", action="store_true")
    options = parser.parse_args()
    found = {"from_zoom": FROM, "made": measure_making(options.count, options.archives)}
    if not options.no_view:
        found |= measure_views(options.count)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
