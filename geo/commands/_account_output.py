"""What the command on plots shows on its way, warns of and writes."""

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import typer
from pyproj import CRS

from data._replace import whole_file
from data.plot_files import Bounds
from geo.commands._options import put
from geo.export import to_csv, to_json
from geo.plot_account import Account
from geo.plot_systems import STRETCH, stretch_within

Form = Literal["json", "csv", "parquet"]
PROBLEMS = {
    "missing": "without geometry, left out",
    "empty": "with an empty geometry, left out",
    "not_a_polygon": "with a geometry that is no polygon, left out",
    "not_finite": "with coordinates that are no finite numbers, left out",
    "no_area": "without area, left out",
    "too_large": "too large to be a plot, left out",
    "repaired": "with an invalid outline, repaired",
}
# What each row carries where a file has no place for it once.
CARRIED = ("province", "boundary_source", "zones_file", "plots_layer", "where", "crs")


@contextmanager
def progress_shown(rows: int | None) -> Iterator[Callable[[int], None]]:
    """Show how many of the plots are done, on a terminal; rows are None where nobody knows."""
    from rich.console import Console  # noqa: PLC0415 (slow to load, and only this needs it)
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TimeElapsedColumn,
    )

    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as shown:
        task = shown.add_task("plots", total=rows)
        yield lambda read: shown.advance(task, read)


def warn_of_far_plots(
    bounds: Bounds | None, crs: CRS, measured: CRS, *, silent: Sequence[str] = ()
) -> None:
    """Warn where land outside the zones may lie where areas aren't true.

    Parameters
    ----------
    bounds, crs
        Of the plots, in their own system; None where there are none, or nobody knows.
    silent
        Files that don't tell theirs.
    """
    if silent:
        more = f" and {len(silent) - 1} more" if silent[1:] else ""
        typer.echo(
            f"warning: {silent[0]}{more} don't say how far their plots reach: areas outside the "
            "zones may be stretched (--no-outside leaves them out)",
            err=True,
        )
    largest = 0.0 if bounds is None else stretch_within(measured, bounds, crs)
    if not largest < STRETCH:
        by = f"by up to {largest:.2%}" if math.isfinite(largest) else "beyond measure"
        typer.echo(
            f"warning: plots reach to where {measured.to_string()} stretches areas {by}; "
            "those in the zones are true, not all outside (--no-outside leaves them out)",
            err=True,
        )


def tell(result: Account, *, outside: bool) -> None:
    """Say which plots aren't sound, and how many lack a weight."""
    if not outside and (len(result.problems) or result.unweighted):
        typer.echo("of the plots that were read, in the zones or not:", err=True)
    for problem, count in result.problems.items():
        typer.echo(f"{_plots(int(count))} {PROBLEMS[str(problem)]}", err=True)
    for row in result.first_problems.to_dict("records"):
        reason = f" ({row['reason']})" if row["reason"] else ""
        said = f"  {row['file']} {row['plot']}: {PROBLEMS[row['problem']]}{reason}"
        typer.echo(said, err=True)
    if result.unweighted:
        typer.echo(f"{_plots(result.unweighted)} without weight", err=True)


def _plots(count: int) -> str:
    return f"{count} plot" if count == 1 else f"{count} plots"


def write(
    rows: pd.DataFrame,
    result: Account,
    basis: dict[str, Any],
    form: Form,
    output: Path | None,
    *,
    outside: bool,
) -> None:
    """Write rows; each carries what it rests on where the form has no place for it once.

    Without what is outside there are no totals of the plots: they would be those of what lies
    around the zones too, as far as an engine reads.
    """
    carried = [name for name in CARRIED if basis.get(name) is not None]
    short = {name if name not in rows else f"account_{name}": basis[name] for name in carried}
    if form == "parquet" and output is not None:
        with whole_file(output) as neighbour:
            rows.assign(**short).to_parquet(neighbour, index=False)
        return
    table = rows.astype(object).where(rows.notna(), None)
    records = [dict(zip(table.columns, row, strict=True)) for row in table.to_numpy().tolist()]
    if form == "csv":
        columns = [*table.columns, *short]
        put(to_csv([{**record, **short} for record in records], columns=columns), output)
        return
    totals = {
        "plots": result.plots,
        "area_ha": result.area_ha,
        "plots_without_weight": result.unweighted,
        "problems": result.problems.to_dict(),
    }
    put(to_json({**basis, **(totals if outside else {}), "rows": records}), output)
