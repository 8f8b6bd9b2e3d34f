"""What commands have in common: no source is replaced, no work is lost, no password is shown."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from data._passwords import is_address, without_passwords
from data._replace import is_special, replaces

PROGRAM = Path(__file__).resolve().parents[1]
# Its folders whose files no result replaces: tables, texts and templates are read from there.
OF_THE_PROGRAM = ("data", "docs", "geo", "layers", "locale", "pages", "scripts", "tests")
OUTPUTS = ("output", "problems", "report", "save_mapping")
# Options that name a file or something else, which files of one's own are told apart from.
NAMES = ("plots", "boundaries", "workspace")


class Commands(TyperGroup):
    """Commands that show no password, whatever is wrong with how they were called."""

    def make_context(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        """Read the options before the command's name."""
        with _hushed():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 (typer keeps their classes to itself)
        """Read the command's name and options, and run it."""
        with _hushed():
            return super().invoke(ctx)


class Command(TyperCommand):
    """A command that begins no work whose result couldn't be written, or would replace a source."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401
        """Check where files are to be written, and run."""
        self._check(ctx)
        return super().invoke(ctx)

    def _check(self, ctx: Any) -> None:  # noqa: ANN401
        spoken = {
            param.name: max(param.opts, key=len)
            if param.param_type_name == "option"
            else param.opts[0].upper()
            for param in self.params
        }
        for name, value in ctx.params.items():
            if (isinstance(value, Path) or name == "boundaries") and is_address(str(value or "")):
                message = "expected a file, found an address"
                raise typer.BadParameter(message, param_hint=spoken[name])
        outputs = [name for name in OUTPUTS if isinstance(ctx.params.get(name), Path)]
        sources = dict(_sources(ctx.params)) if outputs else {}
        for place, name in enumerate(outputs):
            output: Path = ctx.params[name]
            if _of_the_program(output):
                message = f"{output} is a file of this program: name another file"
                raise typer.BadParameter(message, param_hint=spoken[name])
            for other, source in sources.items():
                if replaces(output, source):
                    within = f"lies in {source}, which" if source.is_dir() else "is what"
                    message = f"{output} {within} {spoken[other]} names: name another file"
                    raise typer.BadParameter(message, param_hint=spoken[name])
            for other in outputs[:place]:
                if replaces(output, ctx.params[other]):
                    message = f"{output} is also {spoken[other]}: name another file"
                    raise typer.BadParameter(message, param_hint=spoken[name])
            _check_writable(output)


def _of_the_program(output: Path) -> bool:
    place = output.resolve()
    return place.is_file() and any(PROGRAM / name in place.parents for name in OF_THE_PROGRAM)


def complain(message: str) -> None:
    """Say what is wrong, on stderr and without passwords."""
    typer.echo(without_passwords(message), err=True)


def _sources(params: dict[str, Any]) -> Iterator[tuple[str, Path]]:
    """Files and folders that a command reads; of a workspace, one that it is yet to make too."""
    for name, value in params.items():
        if name == "workspace":
            from data.workspace.store import default_workspace  # noqa: PLC0415 (loads SQLAlchemy)

            place = default_workspace() if value is None else str(value)
            if not is_address(place):
                yield name, Path(place).expanduser()
        elif name not in OUTPUTS and isinstance(value, Path):
            yield name, value
        elif name in NAMES and value is not None and Path(value).exists():
            yield name, Path(value)


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep passwords out of messages on wrong options, and out of the last lines of tracebacks."""
    try:
        yield
    except Exception as error:
        each: BaseException | None = error
        seen: list[BaseException] = []
        while each is not None and each not in seen:
            seen.append(each)
            _hush(each)
            each = each.__cause__ or each.__context__
        raise


def _hush(error: BaseException) -> None:
    error.args = tuple(
        without_passwords(one) if isinstance(one, str) else one for one in error.args
    )
    for name in ("message", "filename"):
        text = getattr(error, name, None)
        if isinstance(text, str):
            setattr(error, name, without_passwords(text))


def _check_writable(output: Path) -> None:
    """Leave with exit code 1 where a file can't be written, before the work on it begins."""
    folder = output.resolve().parent
    wrong = 0
    if not folder.is_dir():
        wrong = errno.ENOTDIR if folder.exists() else errno.ENOENT
    elif not (os.access(folder, os.W_OK) or is_special(output)):
        wrong = errno.EACCES
    if wrong:
        complain(f"{output} can't be written: {os.strerror(wrong)}")
        raise typer.Exit(1)
