"""What the commands share: their options, loading, and writing of the result."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from data._errors import DataError, UnknownNameError
from data._message import Lang
from data._passwords import without_passwords
from geo.export import today, write_whole
from geo.snapshot import Province, Snapshot, load_province, snapshot

Format = Literal["table", "json", "csv", "geojson"]
PlainFormat = Literal["table", "json", "csv"]
ProvinceOption = Annotated[
    str,
    typer.Option("--province", help="Key of the province, such as nghe-an."),
]
AsOfOption = Annotated[
    dt.datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="Date of the figures; today if not given."),
]
BoundariesOption = Annotated[
    str | None,
    typer.Option(
        "--boundaries",
        help="bundled, official or a file with the communes; official if they are here.",
    ),
]
LangOption = Annotated[Lang, typer.Option("--lang", help="Language of names and headings.")]
FormatOption = Annotated[Format, typer.Option("--format", help="Form of the result.")]
PlainFormatOption = Annotated[PlainFormat, typer.Option("--format", help="Form of the result.")]
OutputOption = Annotated[
    Path | None,
    typer.Option("-o", "--output", help="File to write; the screen if not given.", dir_okay=False),
]


def load(province: str, boundaries: str | None) -> Province:
    """Load a province, or leave with exit code 1 and what is wrong."""
    try:
        return load_province(province, boundaries=boundaries)
    except (DataError, UnknownNameError) as error:
        typer.echo(without_passwords(str(error.args[0])), err=True)
        raise typer.Exit(1) from error


def take_snapshot(province: str, as_of: dt.datetime | None, boundaries: str | None) -> Snapshot:
    """Take the state of a province on a date, today if not given."""
    return snapshot(load(province, boundaries), as_of.date() if as_of else today())


def put(text: str, output: Path | None) -> None:
    """Write a result to a file, or to the screen."""
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        write_whole(output, text)
    except OSError as error:
        typer.echo(f"{output} can't be written: {error.strerror}", err=True)
        raise typer.Exit(1) from error


def head(state: Snapshot) -> dict[str, Any]:
    """Give the fields that every result begins with."""
    return {
        "province": state.resolution.province,
        "as_of": state.as_of.isoformat(),
        "boundary_source": state.boundary_source.key,
    }


def json_head(state: Snapshot, lang: Lang) -> dict[str, Any]:
    """Give the fields that every JSON document begins with."""
    accuracy = getattr(state.boundary_source, f"accuracy_{lang}")
    return {**head(state), "boundary_accuracy": accuracy}
