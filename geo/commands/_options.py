"""What the commands share: their options, loading, and writing of the result."""

import datetime as dt
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperCommand

from data._errors import DataError, UnknownNameError
from data._passwords import is_address, without_passwords
from data._replace import replaces
from geo.export import today, write_whole
from geo.snapshot import Province, Snapshot, load_province, snapshot

Format = Literal["table", "json", "csv", "geojson"]
PlainFormat = Literal["table", "json", "csv"]
Lang = Literal["vi", "en"]
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

OUTPUTS = ("output", "problems")
# Options that name a file or something else, which files of one's own are told apart from.
NAMES = ("plots", "boundaries", "workspace")


class Command(TyperCommand):
    """A command that begins no work whose result couldn't be written, or would replace a source."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401
        """Read the options; a password among them isn't shown."""
        with _hushed():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 (typer keeps their classes to itself)
        """Check where files are to be written, and run."""
        with _hushed():
            self._check(ctx)
            return super().invoke(ctx)

    def _check(self, ctx: Any) -> None:  # noqa: ANN401
        spoken = {param.name: max(param.opts, key=len) for param in self.params}
        outputs = [name for name in OUTPUTS if isinstance(ctx.params.get(name), Path)]
        sources = {
            name: Path(value)
            for name, value in ctx.params.items()
            if name not in OUTPUTS
            and (isinstance(value, Path) or (name in NAMES and value is not None))
        }
        for name, value in ctx.params.items():
            if (isinstance(value, Path) or name == "boundaries") and is_address(str(value or "")):
                message = "expected a file, found an address"
                raise typer.BadParameter(message, param_hint=spoken[name])
        for place, name in enumerate(outputs):
            output: Path = ctx.params[name]
            for other, source in sources.items():
                if replaces(output, source):
                    within = f"lies in {source}, which" if source.is_dir() else "is what"
                    message = f"{output} {within} {spoken[other]} reads: name another file"
                    raise typer.BadParameter(message, param_hint=spoken[name])
            for other in outputs[:place]:
                if output.resolve() == ctx.params[other].resolve():
                    message = f"{output} is also {spoken[other]}: name another file"
                    raise typer.BadParameter(message, param_hint=spoken[name])
            _check_writable(output)


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep passwords out of what is said about wrong options."""
    try:
        yield
    except Exception as error:
        message = getattr(error, "message", None)
        if isinstance(message, str):
            error.message = without_passwords(message)  # type: ignore[attr-defined]
        raise


def _check_writable(output: Path) -> None:
    """Leave with exit code 1 where a file can't be written, before the work on it begins."""
    folder = output.resolve().parent
    wrong = 0
    if not folder.is_dir():
        wrong = errno.ENOTDIR if folder.exists() else errno.ENOENT
    elif not (os.access(folder, os.W_OK) or (output.exists() and not output.is_file())):
        wrong = errno.EACCES
    if wrong:
        typer.echo(f"{output} can't be written: {os.strerror(wrong)}", err=True)
        raise typer.Exit(1)


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
