"""Measure the map page in a headless Chromium and print the figures as JSON.

    python -m tests.benchmarks.measure_page [--province nghe-an] [--boundaries official]

Official boundaries are those of the cache folder; INDUSTRIAL_LAND_CACHE names another one.
`start_s` is the time from the start of the server process to the painted map, for two starts
one after the other; `date_s` the time from the user's key to the end of the run, with the map
repainted, `filter_s` from the click to the repainted map; `payload_bytes` all that the page sent
over its WebSocket up to the painted map, `map_bytes` the largest message of it, which is the map.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from data.resolutions import provinces
from tests.e2e._acting import MAP
from tests.e2e.conftest import CHROMIUM, FLAGS, ROOT, free_port, wait_for
from tests.e2e.test_map import drawn

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DATES = ("31122023", "30062024", "31122024", "30062025", "30062026")


def measure_start(
    browser: Browser,
    query: str,
) -> tuple[dict[str, Any], Page, subprocess.Popen[bytes]]:
    """Start the server and wait for the painted map."""
    port = free_port()
    began = time.perf_counter()
    server = subprocess.Popen(
        [
            sys.executable,
            *("-m", "streamlit", "run", "app.py"),
            "--server.headless=true",
            f"--server.port={port}",
        ],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for(f"http://localhost:{port}/_stcore/health", server)
    ready = time.perf_counter()
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(60_000)
    sizes: list[int] = []
    page.on(
        "websocket",
        lambda opened: opened.on("framereceived", lambda frame: sizes.append(len(frame))),
    )
    page.goto(f"http://localhost:{port}/?{query}")
    page.locator(MAP).first.wait_for()
    drawn(page)
    figures = {
        "server_s": round(ready - began, 2),
        "start_s": round(time.perf_counter() - began, 2),
        "payload_bytes": sum(sizes),
        "map_bytes": max(sizes),
    }
    return figures, page, server


def measure_dates(page: Page) -> list[float]:
    """Type dates that weren't shown before."""
    times = []
    for text in DATES:
        page.get_by_test_id("stDateInput").locator("[role=spinbutton]").first.click()
        page.keyboard.type(text)
        began = time.perf_counter()
        page.keyboard.press("Escape")
        # The link is written at the end of a run; not every date changes what is drawn.
        page.wait_for_url(f"**as_of={text[4:]}-{text[2:4]}-{text[:2]}**")
        drawn(page)
        times.append(round(time.perf_counter() - began, 2))
    return times


def measure_filters(page: Page) -> list[float]:
    """Choose kinds one after the other."""
    page.get_by_test_id("stExpandSidebarButton").click()
    box = page.get_by_test_id("stSidebar").get_by_test_id("stMultiSelect").first.locator("input")
    times = []
    for kind in ("Cụm công nghiệp", "Khu công nghiệp", "Khu kinh tế"):
        stamp = drawn(page)
        box.click()
        option = page.get_by_role("option", name=kind).first
        page.get_by_role("option").first.wait_for()
        if not option.count():  # the province has none of that kind
            page.keyboard.press("Escape")
            continue
        began = time.perf_counter()
        option.click()
        drawn(page, unlike=stamp)
        times.append(round(time.perf_counter() - began, 2))
    return times


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure the map page.")
    parser.add_argument("--province", default="nghe-an", choices=provinces())
    parser.add_argument("--boundaries", default="bundled", choices=["bundled", "official"])
    asked = parser.parse_args()
    query = f"province={asked.province}&boundaries={asked.boundaries}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        starts = []
        for turn in range(2):
            figures, page, server = measure_start(browser, query)
            starts.append(figures)
            try:
                if turn:
                    dates, filters = measure_dates(page), measure_filters(page)
            finally:
                page.close()
                server.terminate()
                server.wait()
        browser.close()
    result = {
        "cpus": os.cpu_count(),
        "province": asked.province,
        "boundaries": asked.boundaries,
        "first_start": starts[0],
        "second_start": starts[1],
        "date_s": {"median": statistics.median(dates), "worst": max(dates), "all": dates},
        "filter_s": {"median": statistics.median(filters), "worst": max(filters), "all": filters},
    }
    sys.stdout.write(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
