"""The page docs/benchmarks.md, from what `tests.benchmarks.measure_account` measured.

python -m tests.benchmarks.account_page FIGURES.json docs/benchmarks.md
"""

from __future__ import annotations

import json
import math
import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tests.benchmarks import account_chart
from tests.benchmarks.contenders import CONTENDERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Row = dict[str, Any]
HEADLINE = 1_000_000
LARGE = 100_000
KINDS = {
    "small": (
        "Small plots",
        "Turned, uneven quadrangles of some 30 m a side, 99 of 100 with their centre in a zone.",
    ),
    "real": (
        "Real outlines",
        """\
Cells around random points with borders bent at 15 places, cut at the communes' own outlines, so \
that plots tile the land and lie on zone lines vertex by vertex.""",
    ),
}
DATABASES = {"DuckDB": "duckdb", "SedonaDB": "sedonadb", "PostGIS": "postgis"}
HOW = """\
- One process a contender. The clock starts when plots and zones are loaded: for Python as shapely
  geometries, for databases as tables of their own geometry, in PostGIS with an index on the plots.
  It stops when the hectares of each zone are there. *Whole command* and *Dask* read the GeoParquet
  file inside the clock; the command starts Python too, Dask's two workers are running before.
- The account is: hectares of each zone and outside of them, from the zones as they come and from
  plots of which nobody knows whether they are valid. *Ours* makes the zones ready (pieces and
  grid) inside the clock, checks every plot, accounts for what is outside plot by plot and proves
  that the parts make the whole.
- Contenders have all cores. Each is run until ten seconds are over, five times at most, and the
  median is shown.
- *One thread* is one for the plots. Two can't share all of the work: corners of shapely's polygons
  are read by one at a time (Python's lock), some 0.1 s a million. Where little else is to be done,
  as for small plots, that shows; real outlines are mostly the work of GEOS.
- *Natural* is the plain query: join on intersection with whole zones, cut, sum up. *Tuned* is the
  best that was found, in two ways. *Whole account* makes and sends its pieces or squares inside
  the clock (squares by our own grid, which is quick), and asks for the land outside and for the
  number of invalid plots too, as sums; it would have to repair them, and there are none here.
  *Sums only, zones ready* gets pieces and squares for nothing and leaves the rest out: set it
  beside *ours, zones made ready before*, which still checks and accounts for everything. What
  else was tried is in `tests/benchmarks/databases.py`.
- Peak memory is that of the process while the clock runs, its plots included; *before* is what it
  had when the clock started. For several processes and for PostGIS (with its 1 GB of buffers as
  far as used) it is the sum, asked 20 times a second.
- Difference: the largest difference from ours, relative to the zone's hectares, of the land outside
  to all land.
- The load is the system's average over the minute before, so it holds the contender before too.
- `>` was stopped then. A blank was not measured: natural queries run on the fewest plots and
  on a million only. No figure is extrapolated.

## Limits

- One machine, one run. Plots are made up: real parcels are less evenly spread, so that more or
  fewer of them lie on zone lines, on which the price depends most.
- The squares of the grid queries have the size that suits small plots; large plots pass them by.
- Every program is as its package is installed, in memory, PostgreSQL with 1 GB of buffers. Other
  people may write better queries; those here are all in `tests/benchmarks/databases.py`.
- Dask runs on the same cores as all others: it shows what a cluster costs, not what it gains."""


class Aim(NamedTuple):
    """What was asked for, what was measured, and whether that is enough."""

    asked: str
    measured: str
    met: bool | None


def page(results: Row, *, chart: str | None) -> str:
    """Write the page.

    Parameters
    ----------
    results
        As :mod:`tests.benchmarks.measure_account` saves them.
    chart
        File name of the picture; None: without.
    """
    rows: list[Row] = results["measured"]
    beside = [row for row in rows if row["subject"] == "beside"]
    machine = results["machine"]
    versions = ", ".join(f"{name} {found}" for name, found in machine["versions"].items())
    zones, vertices = beside[0]["zones"], beside[0]["vertices"]
    head = f"""\
# Benchmarks

Written by `make bench` (`tests/benchmarks/measure_account.py`): the account of plots by zone \
beside other programs, on the same plots in one run of {results["minutes"]:.0f} minutes.

- **Machine:** {machine["cpu"]}, {machine["cores"]} cores, {machine["memory_gb"]:.0f} GB, \
{machine["system"]}; load before {results["load"]:.2f}
- **Date:** {results["date"]}
- **Zones:** the {zones} base zones of Nghệ An, {_number(vertices)} vertices, from \
{results["boundaries"]}
- **Versions:** {versions}"""
    ready = results["made_ready"]
    made = f"""\
The tuned queries of the verdicts give the same account as ours. Those that only sum up zones, by \
pieces or squares that are there before the clock starts, are shown beside them: they leave out \
what an account can't do without, and the squares are this program's own method. Making zones \
ready takes us {ready["ours"]:.2f} s; for the queries {ready["pieces"]:.2f} s to make the pieces \
and {ready["grid"]:.2f} s the squares, without sending them."""
    text = [head, "## What the figures say", _aims_text(aims(rows)), made]
    if chart:
        text.append(f"![Seconds against plots, one line a contender]({chart})")
    for kind, (title, words) in KINDS.items():
        if here := [row for row in beside if row["kind"] == kind]:
            text += [f"## {title}", words, _table(here)]
    if growth := _growth_text(rows):
        text += ["## Growth", growth]
    text += ["## How it was measured", HOW, "## Every measurement", _all(rows)]
    return "\n\n".join(text) + "\n"


def write(results: Row, path: Path) -> None:
    """Write the page and its chart beside it."""
    chart = path.with_suffix(".svg")
    account_chart.draw(results, chart)
    path.write_text(page(results, chart=chart.name), encoding="utf-8")


def _number(value: float) -> str:
    return f"{value:,.0f}"


def _seconds(row: Row | None) -> float | None:
    return statistics.median(row["seconds"]) if row and row["seconds"] else None


def _shown(row: Row | None) -> str:
    if row is None:
        return ""
    took = _seconds(row)
    if took is not None:
        return f"{took:.2f}" if took < 100 else f"{took:.0f}"
    return f"> {row['stopped']:.0f}" if row["stopped"] else "failed"


def _times(row: Row | None, ours: Row | None) -> str:
    base = _seconds(ours)
    if row is None or base is None:
        return ""
    took = _seconds(row)
    if took is not None:
        return f"{took / base:.2g}" if took < 100 * base else f"{took / base:.0f}"
    return f"> {row['stopped'] / base:.0f}" if row["stopped"] else ""


def _gb(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _lines(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    ruler = [":--", *["--:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ruler, *rows))


def _table(rows: list[Row]) -> str:
    """Seconds by contender and count; the rest of the largest count that all quick ones have."""
    counts = sorted({row["count"] for row in rows})
    main = HEADLINE if HEADLINE in counts else counts[-1]
    found = {(row["contender"], row["count"]): row for row in rows}
    ours = found.get(("ours", main))
    head = [
        "seconds",
        *(f"{_number(count)} plots" for count in counts),
        f"times ours at {_number(main)}",
        "GB before",
        "peak GB",
        "difference",
    ]
    lines = []
    for key in dict.fromkeys(row["contender"] for row in rows):
        row = found.get((key, main))
        known = [found[key, count]["difference"] for count in counts if (key, count) in found]
        apart = [value for value in known if value is not None]
        lines.append(
            [
                CONTENDERS[key].name,
                *(_shown(found.get((key, count))) for count in counts),
                _times(row, ours),
                _gb(row["before_gb"] if row else None),
                _gb(row["peak_gb"] if row else None),
                f"{max(apart):.0e}" if apart else "",
            ]
        )
    problems = [
        f"- {CONTENDERS[row['contender']].name}, {_number(row['count'])}: {row['problem']}"
        for row in rows
        if row["problem"]
    ]
    notes = f"Memory at {_number(main)} plots; the difference is the largest at any count."
    return "\n\n".join(filter(None, [_lines(head, lines), notes, "\n".join(problems)]))


def exponent(rows: Sequence[Row], size: str) -> float | None:
    """Give the power of a size with which seconds grow: least squares on logarithms."""
    points = [(row[size], took) for row in rows if (took := _seconds(row)) is not None]
    if len({place for place, _ in points}) < 2:
        return None
    x, y = np.log(np.array(points, dtype=np.float64)).T
    return float(np.polyfit(x, y, 1)[0])


def _curves(rows: list[Row]) -> dict[str, tuple[list[Row], str]]:
    mine = [row for row in rows if row["contender"] == "ours"]
    plots = [row for row in mine if row["subject"] == "beside" and row["kind"] == "small"]
    return {
        "plots": (plots, "count"),
        "vertices of 4 zones": ([row for row in mine if row["subject"] == "vertices"], "vertices"),
        "zones": ([row for row in mine if row["subject"] == "zones"], "zones"),
    }


def _growth_text(rows: list[Row]) -> str:
    parts = []
    for name, (points, size) in _curves(rows).items():
        power = exponent(points, size)
        if power is None:
            continue
        points.sort(key=lambda row: row[size])
        under = "" if size == "count" else f" under {_number(points[0]['count'])} small plots"
        text = f"With the number of {name}{under}: exponent **{power:.2f}**"
        large = [row for row in points if row["count"] >= LARGE]
        if size == "count" and (upper := exponent(large, size)) is not None:
            text += (
                f" ({upper:.2f} from {_number(LARGE)} on, where making the zones ready weighs less)"
            )
        head = [name, *(_number(row[size]) for row in points)]
        lines = [["seconds, ours", *(_shown(row) for row in points)]]
        if size == "zones":
            lines.append(["vertices", *(_number(row["vertices"]) for row in points)])
        parts.append(f"{text}.\n\n{_lines(head, lines)}")
    if parts:
        words = (
            "Exponents by least squares on logarithms; 1 is linear. Zones of fewer vertices are "
            "the official ones simplified along common borders, those of more have points set on "
            "their lines; zones in number are the base zones, the communes, and rectangles."
        )
        parts.insert(0, words)
    return "\n\n".join(parts)


def aims(rows: list[Row]) -> list[Aim]:
    """Set what was measured beside what was asked for."""
    main = {
        row["contender"]: row
        for row in rows
        if (row["subject"], row["kind"], row["count"]) == ("beside", "small", HEADLINE)
    }
    ours = _seconds(main.get("ours"))
    found = [
        _below("1,000,000 plots in under 2.0 s", ours, 2.0, "s"),
        _faster("geopandas.overlay", main.get("geopandas_overlay"), ours, 100),
        _faster("DuckDB's natural query", main.get("duckdb_natural"), ours, 20),
        _faster("SedonaDB's natural query", main.get("sedonadb_natural"), ours, 20),
    ]
    found += [_twice(name, key, main) for name, key in DATABASES.items()]
    apart = [row["difference"] for row in rows if row["difference"] is not None]
    power = _growth_with_plots(rows)
    command = _seconds(main.get("ours_command"))
    return [
        *found,
        _below("largest relative difference under 1e-6", max(apart, default=None), 1e-6, ""),
        _below("peak memory under 1.5 GB", main.get("ours", {}).get("peak_gb"), 1.5, "GB"),
        _below("growth with plots: exponent at most 1.05", power, 1.05, ""),
        _below("from GeoParquet, the whole command, in under 6 s", command, 6.0, "s"),
        _two_threads(rows),
    ]


def _twice(name: str, key: str, main: dict[str, Row]) -> Aim:
    """Set ours beside the best tuned query for the whole account, and for sums only."""
    asked = f"at least twice as fast as the best tuned query for {name}"
    ours = _seconds(main.get("ours"))
    timed = _timed(main, (f"{key}_pieces", f"{key}_grid"))
    if not timed or ours is None:
        return Aim(asked, "", None)
    took = min(timed.values())
    told = f"{_listed(timed)}: {took / ours:.1f} times"
    ready = _seconds(main.get("ours_zones_ready"))
    sums = _timed(main, (f"{key}_pieces_sums", f"{key}_grid_sums"))
    if sums and ready is not None:
        told += f" (sums only, zones ready on both sides: {_listed(sums)}, ours {ready:.2f} s)"
    return Aim(asked, told, took / ours >= 2)


def _two_threads(rows: list[Row]) -> Aim:
    """Set two threads beside one, at the most plots of each kind."""
    asked = "two threads at least 1.6 times as fast as one"
    times = {}
    for kind, (title, _) in KINDS.items():
        taken = {
            (row["contender"], row["count"]): _seconds(row)
            for row in rows
            if (row["subject"], row["kind"]) == ("beside", kind)
        }
        counts = [count for name, count in taken if name == "ours_one_thread"]
        most = HEADLINE if HEADLINE in counts else max(counts, default=0)
        one, ours = taken.get(("ours_one_thread", most)), taken.get(("ours", most))
        if one and ours:
            times[f"{title.lower()} ({_number(most)})"] = one / ours
    told = ", ".join(f"{name} {value:.2f} times" for name, value in times.items())
    return Aim(asked, told, min(times.values()) >= 1.6 if times else None)


def _timed(main: dict[str, Row], keys: Sequence[str]) -> dict[str, float]:
    return {key: took for key in keys if (took := _seconds(main.get(key))) is not None}


def _listed(timed: dict[str, float]) -> str:
    return ", ".join(
        f"{CONTENDERS[key].name.rpartition(': ')[2]} {took:.2f} s" for key, took in timed.items()
    )


def _growth_with_plots(rows: list[Row]) -> float | None:
    """Give the worse of the exponents of all counts and of the large ones, over 100 times."""
    points, size = _curves(rows)["plots"]
    counts = [row[size] for row in points]
    if not counts or max(counts) < 100 * min(counts):
        return None
    large = [row for row in points if row[size] >= LARGE]
    powers = [exponent(some, size) for some in (points, large)]
    return max(power for power in powers if power is not None)


def _below(asked: str, value: float | None, most: float, unit: str) -> Aim:
    if value is None:
        return Aim(asked, "", None)
    return Aim(asked, f"{value:.3g} {unit}".strip(), value <= most)


def _faster(name: str, row: Row | None, ours: float | None, least: float) -> Aim:
    asked = f"over {least:.0f} times as fast as {name}"
    took = _seconds(row)
    if row is None or ours is None or not (took or row["stopped"]):
        return Aim(asked, "", None)
    if took is not None:
        return Aim(asked, f"{took / ours:.0f} times ({took:.0f} s)", took / ours > least)
    times = row["stopped"] / ours
    told = f"over {math.floor(times)} times (stopped at {row['stopped']:.0f} s)"
    return Aim(asked, told, True if times > least else None)


def _aims_text(found: list[Aim]) -> str:
    words = {True: "met", False: "**not met**", None: "not measured"}
    head = ["asked, for a million small plots by the base zones", "", "measured"]
    ruler = [":--"] * 3
    rows = [[aim.asked, words[aim.met], aim.measured] for aim in found]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ruler, *rows))


def _all(rows: list[Row]) -> str:
    head = [
        "contender", "plots", "zones", "vertices", "seconds of each run", "processor s",
        "GB before", "peak GB", "load before", "difference",
    ]  # fmt: skip
    lines = []
    for row in rows:
        runs = ", ".join(f"{took:.3f}" for took in row["seconds"])
        lines.append(
            [
                CONTENDERS[row["contender"]].name,
                f"{_number(row['count'])} {row['kind']}",
                str(row["zones"]),
                _number(row["vertices"]),
                runs or _shown(row),
                "" if row["processor"] is None else f"{row['processor']:.2f}",
                _gb(row["before_gb"]),
                _gb(row["peak_gb"]),
                f"{row['load']:.1f}",
                "" if row["difference"] is None else f"{row['difference']:.0e}",
            ]
        )
    return _lines(head, lines)


if __name__ == "__main__":
    write(json.loads(Path(sys.argv[1]).read_text("utf-8")), Path(sys.argv[2]))
