"""Measure what a change of one lease costs, and print the figures as JSON.

    python -m tests.benchmarks.measure_change [--parks 12] [--plots 100] [--times 10]

A workspace in a file holds plots with polygons of parks of Nghệ An, and a lease on every other
one. Then one lease after the other is changed, each a revision of its own, and the account of
the province is worked out again: `read` is the new revision and what it comes to with the others,
`province` the observations that follow from it, `account` the zones and areas.
`afresh` is the same from all revisions and tables. `scenario` is a lease that is assumed, and
`difference` what that changes in all fields, targets and conditions. Milliseconds of processor
time (user and system): the median and the worst.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely

from data._cells import with_shapes
from data.facts import load_facts
from data.scenarios import AssumeLease, Scenario
from data.workspace.change import Change
from data.workspace.merge import Laid, laid, merged
from data.workspace.sources import as_table
from data.workspace.store import open_workspace
from geo.differences import difference
from geo.scenarios import run
from geo.snapshot import load_province, snapshot, with_facts

if TYPE_CHECKING:
    from collections.abc import Callable

    from data.workspace.store import Workspace
    from geo.snapshot import Province, Snapshot

DAY = dt.date(2026, 11, 1)
EAST, NORTH = 560_000.0, 2_070_000.0
SIDE, STEP, ROW = 100.0, 120.0, 10


def source(number: int) -> dict[str, str]:
    """Give a source, as each import brings one."""
    return {"id": f"ws-{number}", "title": f"register {number}", "date": "2026-09-30"}


def lease(area_id: str, number: int, hectares: float, of: int) -> dict[str, str]:
    """Give a lease of one plot."""
    return {
        "lease_id": f"{number}",
        "area_id": area_id,
        "plot_id": f"CN-{number}",
        "status": "leased",
        "area_ha": f"{hectares:.2f}",
        "signed_on": f"{2020 + number % 6}-{1 + number % 12:02d}-{1 + number * 7 % 28:02d}",
        "source_id": f"ws-{of}",
    }


def fill(workspace: Workspace, parks: list[str], plots: int) -> None:
    """Keep a register of plots, and one of leases."""
    shapes, rows, leases = [], [], []
    for east, area_id in enumerate(parks):
        for number in range(plots):
            x = EAST + east * 3000.0 + number % ROW * STEP
            y = NORTH + number // ROW * STEP
            shapes.append(shapely.box(x, y, x + SIDE, y + SIDE))
            rows.append(
                {
                    "plot_id": f"CN-{number}",
                    "area_id": area_id,
                    "use": "SKK",
                    "status": "available",
                    "as_of": "2019-12-31",
                    "source_id": "ws-1",
                }
            )
            if number % 2:
                leases.append(lease(area_id, number, 1.0, 2))
    placed = gpd.GeoSeries(shapes, crs="EPSG:9208").to_crs("EPSG:4326")
    tables: dict[str, Any] = {"plots": with_shapes(as_table("plots", rows), list(placed))}
    workspace.add(
        Change(sources=as_table("sources", [source(1)]), **tables), kind="plots", title="plots"
    )
    keep_leases(workspace, leases, 2)


def keep_leases(workspace: Workspace, leases: list[dict[str, str]], number: int) -> None:
    """Keep leases as a revision."""
    change = Change(
        sources=as_table("sources", [source(number)]), leases=as_table("leases", leases)
    )
    workspace.add(change, kind="leases", title=f"leases {number}")


def _afresh(bundled: Province, workspace: Workspace) -> Snapshot:
    return snapshot(with_facts(bundled, merged(bundled.facts, workspace)), DAY)


def measure(parks: int, plots: int, times: int) -> dict[str, list[float]]:
    """Measure each step, some times over."""
    found: dict[str, list[float]] = {}

    def timed(name: str, step: Callable[[], Any]) -> Any:  # noqa: ANN401
        began = time.process_time()
        result = step()
        found.setdefault(name, []).append(1000.0 * (time.process_time() - began))
        return result

    facts = load_facts()
    province: Province = load_province("nghe-an", facts=facts, boundaries="bundled")
    areas = province.areas
    counted = areas.index[areas["counted"] & (areas["kind"] == "industrial_park")]
    chosen = [str(key) for key in counted[:parks]]
    with (
        tempfile.TemporaryDirectory() as folder,
        open_workspace(Path(folder) / "workspace.gpkg") as workspace,
    ):
        fill(workspace, chosen, plots)
        before: Laid = laid(facts, workspace)
        bundled, province = province, with_facts(province, before.facts)
        for turn in range(times):
            change = lease(chosen[turn % len(chosen)], 1, 0.05 * (turn + 1), turn + 3)
            keep_leases(workspace, [change], turn + 3)

            timed("stamp", workspace.stamp)
            before = timed("read", partial(laid, facts, workspace, before=before))
            province = timed("province", partial(with_facts, province, before.facts))
            timed("account", partial(snapshot, province, DAY))
            timed("afresh", partial(_afresh, bundled, workspace))
        present = snapshot(province, DAY)
        for turn in range(times):
            edit = AssumeLease(area_id=chosen[0], hectares=1.0 + turn)
            scenario = Scenario(
                id="lease", name="lease", province="nghe-an", as_of=DAY, edits=(edit,)
            )
            after = timed("scenario", partial(run, province, scenario, DAY))
            timed("difference", partial(difference, present, after))
    together = [found["stamp"], found["read"], found["province"], found["account"]]
    return {"change_of_one_lease": [sum(each) for each in zip(*together, strict=True)], **found}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure a change of one lease.")
    parser.add_argument("--parks", type=int, default=12)
    parser.add_argument("--plots", type=int, default=100, help="of each park")
    parser.add_argument("--times", type=int, default=10)
    asked = parser.parse_args()
    found = measure(asked.parks, asked.plots, asked.times)
    result = {
        "machine": f"{os.cpu_count()} processors, Python {platform.python_version()}",
        "parks": asked.parks,
        "plots": asked.parks * asked.plots,
        "cpu_ms": {
            name: {"median": round(statistics.median(each), 1), "worst": round(max(each), 1)}
            for name, each in found.items()
        },
    }
    sys.stdout.write(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
