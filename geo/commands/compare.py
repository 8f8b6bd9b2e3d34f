"""The command that puts places side by side: ``compare``."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

import typer

from data._errors import DataError
from data._replace import whole_file
from data.facts import load_facts
from data.resolutions import load_resolution, provinces
from geo.commands._options import (
    AsOfOption,
    BoundariesOption,
    LangOption,
    OutputOption,
    load,
    put,
)
from geo.comparison import (
    Comparison,
    ComparisonError,
    check_ids,
    compare,
    comparison_record,
    flat_records,
    homes,
    places_of,
)
from geo.export import to_csv, to_json, today
from geo.snapshot import snapshot

Form = Literal["table", "json", "csv", "xlsx", "html"]


def compare_places(
    ids: Annotated[
        list[str],
        typer.Argument(help="Two to five ids of parks and clusters, or keys of zones."),
    ],
    *,
    as_of: AsOfOption = None,
    boundaries: BoundariesOption = None,
    lang: LangOption = "vi",
    output_format: Annotated[Form, typer.Option("--format", help="Form of the result.")] = "table",
    output: OutputOption = None,
) -> None:
    """Two to five parks or zones side by side, of any provinces."""
    if output_format == "xlsx" and output is None:
        message = "a workbook is written to a file: give one with -o"
        raise typer.BadParameter(message, param_hint="--format")
    found = compared(ids, as_of.date() if as_of else today(), boundaries)
    if output_format == "json":
        put(to_json(comparison_record(found)), output)
    elif output_format == "csv":
        put(to_csv(flat_records(found)), output)
    elif output_format == "html":
        from layers.comparison.print_page import print_html  # noqa: PLC0415
        from layers.words import words  # noqa: PLC0415

        put(print_html(found, words(lang)), output)
    elif output_format == "xlsx":
        from layers.comparison.workbook import comparison_xlsx  # noqa: PLC0415
        from layers.words import words  # noqa: PLC0415

        _put_bytes(comparison_xlsx(found, words(lang)), output)
    else:
        from layers.comparison.text import comparison_text  # noqa: PLC0415

        put(comparison_text(found, lang=lang), output)


def compared(ids: list[str], day: dt.date, boundaries: str | None) -> Comparison:
    """Compare places on a date, or leave with exit code 1 and what is wrong."""
    try:
        check_ids(ids)
        where = homes(ids, places_of(load_facts(), map(load_resolution, provinces())))
        here = dict.fromkeys(where.values())
        return compare(ids, [snapshot(load(key, boundaries), day) for key in here])
    except (ComparisonError, DataError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def _put_bytes(content: bytes, output: Path | None) -> None:
    """Write a file that isn't text, whole or not at all, as :func:`put` of `_options` does."""
    if output is None:
        return
    try:
        with whole_file(output) as neighbour:
            neighbour.write_bytes(content)
    except OSError as error:
        typer.echo(f"{output} can't be written: {error.strerror}", err=True)
        raise typer.Exit(1) from error
