"""The chart of docs/benchmarks.md: seconds against plots, one line a contender."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any

from tests.benchmarks.contenders import CONTENDERS

if TYPE_CHECKING:
    from pathlib import Path

# Okabe and Ito's colours, told apart by the colour-blind too.
STYLES = {
    "ours": ("#0072B2", "-", 2.5),
    "ours_one_thread": ("#0072B2", ":", 1.2),
    "ours_command": ("#0072B2", "--", 1.2),
    "ours_postgis": ("#56B4E9", "-", 1.2),
    "prepared_covers": ("#009E73", "-", 1.2),
    "geopandas_overlay": ("#000000", "-", 1.2),
    "duckdb_natural": ("#D55E00", "-", 1.2),
    "duckdb_pieces": ("#D55E00", "--", 1.2),
    "duckdb_grid": ("#D55E00", "-.", 1.2),
    "duckdb_grid_sums": ("#D55E00", ":", 1.2),
    "sedonadb_natural": ("#CC79A7", "-", 1.2),
    "sedonadb_pieces": ("#CC79A7", "--", 1.2),
    "sedonadb_grid": ("#CC79A7", "-.", 1.2),
    "sedonadb_grid_sums": ("#CC79A7", ":", 1.2),
    "postgis_natural": ("#E69F00", "-", 1.2),
    "postgis_pieces": ("#E69F00", "--", 1.2),
}

BESIDE = 1.13


def draw(results: dict[str, Any], path: Path) -> None:
    """Draw the small plots' seconds as SVG; arrows point up from where the limit was hit."""
    import matplotlib as mpl  # noqa: PLC0415 (of the benchmark alone)
    from matplotlib.figure import Figure  # noqa: PLC0415

    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "chart", "font.size": 9})
    figure = Figure(figsize=(8.5, 4.8), layout="constrained")
    axes = figure.add_subplot()
    beside = 0
    for key, (colour, line, width) in STYLES.items():
        rows = sorted(
            (
                row
                for row in results["measured"]
                if (row["subject"], row["kind"], row["contender"]) == ("beside", "small", key)
            ),
            key=lambda row: row["count"],
        )
        done = [(row["count"], statistics.median(row["seconds"])) for row in rows if row["seconds"]]
        stopped = [(row["count"], row["stopped"]) for row in rows if row["stopped"]]
        if done:
            axes.plot(
                *zip(*done, strict=True), line, color=colour, linewidth=width, marker="o",
                markersize=3.5, label=CONTENDERS[key].name,
            )  # fmt: skip
        if stopped:
            beside += 1  # or they would hide each other
            axes.plot(
                [count * BESIDE**beside for count, _ in stopped],
                [limit for _, limit in stopped],
                color=colour, marker="^", markersize=7, ls="",
                label=None if done else CONTENDERS[key].name,
            )  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="plots", ylabel="seconds")
    axes.set_title(
        f"Plots by {_zones(results)} zones; ▲ stopped at {results['limit']:.0f} s", fontsize=10
    )
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside right center", frameon=False)
    figure.savefig(path, metadata={"Date": None})


def _zones(results: dict[str, Any]) -> int:
    found: int = results["measured"][0]["zones"]
    return found
