"""What the command on plots shows on its way, warns of and writes."""

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import typer
from pyproj import CRS

from data._plot_bounds import plot_bounds
from data.plot_files import PlotLayer
from geo.commands._options import put
from geo.export import to_csv, to_json, whole_file
from geo.plot_account import Account
from geo.plot_systems import STRETCH, stretch_within

Form = Literal["json", "csv", "parquet"]


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


def warn_of_far_plots(layer: PlotLayer, measured: CRS) -> None:
    """Warn where land outside the zones may lie where areas aren't true."""
    bounds = plot_bounds(layer)
    largest = 0.0 if bounds is None else stretch_within(measured, bounds, layer.crs)
    if not largest < STRETCH:
        by = f"by up to {largest:.2%}" if math.isfinite(largest) else "beyond measure"
        typer.echo(
            f"warning: plots reach to where {measured.to_string()} stretches areas {by}; "
            "those in the zones are true, not all outside (--no-outside leaves them out)",
            err=True,
        )


def tell(result: Account) -> None:
    """Say which plots aren't sound, and how many lack a weight."""
    for problem, count in result.problems.items():
        typer.echo(f"{count} plots {problem}", err=True)
    for row in result.first_problems.itertuples():
        typer.echo(f"  {row.file} {row.plot}: {row.problem} {row.reason}".rstrip(), err=True)
    if result.unweighted:
        typer.echo(f"{result.unweighted} plots without weight", err=True)


def write(
    rows: pd.DataFrame,
    result: Account,
    basis: dict[str, Any],
    form: Form,
    output: Path | None,
) -> None:
    """Write rows; each carries what it rests on where the form has no place for it once."""
    short: dict[str, Any] = {
        name: basis[name] for name in ("province", "boundary_source") if name in basis
    }
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
    document = {
        **basis,
        "plots": result.plots,
        "area_ha": result.area_ha,
        "plots_without_weight": result.unweighted,
        "problems": result.problems.to_dict(),
        "rows": records,
    }
    put(to_json(document), output)
