"""Commands ``python -m data boundaries fetch|import|status|check``."""

from __future__ import annotations

import zipfile
from contextlib import contextmanager
from pathlib import Path  # noqa: TC003 (typer reads it at run time)
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from data._command import complain
from data._errors import DataError, UnknownNameError
from data.boundaries import official
from data.boundaries.download import BASE_URL, fetch
from data.boundaries.local_copy import import_copy
from data.boundaries.own import read_own

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

app = typer.Typer(
    help="Official outlines of the 2025 communes: fetch them, read a copy, see what is there.",
    no_args_is_help=True,
)
ALL = "all"
ProvincesOption = Annotated[
    list[str],
    typer.Option("--province", help="Key such as nghe-an, or all; may be given several times."),
]


@contextmanager
def _told() -> Iterator[None]:
    """Turn what can go wrong into a message and exit code 1."""
    try:
        yield
    except (DataError, UnknownNameError) as error:
        complain(str(error.args[0]))
    except OSError as error:
        place = error.filename or official.cache_folder()
        complain(f"{place}: {error.strerror or error}")
    except zipfile.LargeZipFile as error:
        complain(str(error))
    else:
        return
    raise typer.Exit(1)


def _chosen(provinces: list[str]) -> list[str]:
    return sorted(official.repository()) if ALL in provinces else provinces


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


@app.command("fetch")
def fetch_command(
    *,
    provinces: ProvincesOption,
    base_url: Annotated[
        str,
        typer.Option("--base-url", help="Address below which the repository's files are."),
    ] = BASE_URL,
) -> None:
    """Download the communes of provinces, check every file, and make them usable.

    May be interrupted: what has come and is right isn't fetched again.
    """
    with _told():
        wanted = [official.province_files(name) for name in _chosen(provinces)]
        with _progress() as bar:
            for files in wanted:
                task = bar.add_task(files.key, total=len(files.sums))

                def show(done: int, of: int, task: Any = task) -> None:  # noqa: ANN401
                    bar.update(task, completed=done, total=of)

                fetch(files, base_url=base_url, progress=show)
                bar.update(task, completed=len(files.sums))
        for files in wanted:
            typer.echo(_line(official.status(files.key)))


@app.command("import")
def import_command(
    *,
    place: Annotated[
        Path,
        typer.Argument(
            help="Folder or zip file with the repository's json/geojson/...", exists=True
        ),
    ],
    provinces: Annotated[
        list[str] | None,
        typer.Option("--province", help="Only this province; all that are there if not given."),
    ] = None,
) -> None:
    """Read a copy of the repository that is already here; every file is checked."""
    with _told():
        import_copy(
            place,
            provinces=[] if not provinces or ALL in provinces else provinces,
            done=lambda key: typer.echo(_line(official.status(key))),
        )


@app.command("status")
def status_command(
    *,
    provinces: ProvincesOption = [ALL],  # noqa: B006 (typer reads it, nothing changes it)
) -> None:
    """Show which official boundaries are here, and how good they are."""
    with _told():
        found = [official.status(name) for name in _chosen(provinces)]
        table = Table(title=f"Official boundaries, {official.COMMIT}, in {official.folder()}")
        columns = ("province", "state", "files", "communes", "repaired", "to province outline")
        for column in columns:
            table.add_column(column, overflow="fold")
        for status in found:
            table.add_row(
                f"{status.code} {status.key}",
                status.state,
                f"{status.files}/{status.of}",
                *_words(status.quality),
            )
        Console(width=None if Console().is_terminal else 140).print(table)


@app.command("check")
def check_command(
    *,
    file: Annotated[Path, typer.Argument(help="Own file with the communes.", exists=True)],
    province: Annotated[str, typer.Option("--province", help="Key such as nghe-an.")],
) -> None:
    """Show how an own file fits a province: which rows match, what is missing or repaired."""
    with _told():
        own = read_own(file, official.province_files(province).code)
        match, repairs = own.match, own.repairs
        for words, found in (
            ("communes", [str(len(own.communes))]),
            ("communes of", [{"2025": "2025", "legacy": "before July 2025"}[match.system]]),
            ("coordinate system", [own.crs]),
            ("rows matched by code", [str(match.by_code)]),
            ("rows matched by name", [str(match.by_name)]),
            ("not matched", match.unmatched),
            ("code and name contradict; the code was taken", match.contrary),
            ("divided in 2025, put whole into one commune", match.divided),
            ("invalid polygons repaired", repairs.invalid),
            ("overlaps parted", [f"{a} and {b}: {m2:,.0f} m²" for a, b, m2 in repairs.overlaps]),
            ("slivers closed", [str(repairs.gaps_closed)]),
            ("holes left", [str(repairs.gaps_left)]),
        ):
            typer.echo(f"{words}: {'; '.join(found) or 'none'}")


def _line(status: official.Status) -> str:
    communes, repaired, outline = _words(status.quality)
    return (
        f"{status.key}: {status.state}, {communes} communes; {repaired}; "
        f"to the repository's province outline: {outline}"
    )


def _words(quality: Mapping[str, Any]) -> tuple[str, str, str]:
    """Communes, repairs and difference to the province's own outline, in words."""
    if not quality:
        return "-", "-", "-"
    repairs, outline = quality["repairs"], quality["outline_difference"]
    shared = sum(area for *_, area in repairs["overlaps"])
    done = [
        f"invalid: {len(repairs['invalid'])}" if repairs["invalid"] else "",
        f"overlaps: {len(repairs['overlaps'])} ({shared:,.0f} m²)" if repairs["overlaps"] else "",
        f"slivers closed: {repairs['gaps_closed']} ({repairs['gaps_closed_m2']:,.0f} m²)"
        if repairs["gaps_closed"]
        else "",
        f"holes left: {repairs['gaps_left']}" if repairs["gaps_left"] else "",
        *(f"code {given} is {own} by its name" for given, own in quality["by_name"]),
    ]
    difference = f"area {outline['area']:+.2%}, in only one of them {outline['symmetric']:.2%}"
    return str(quality["communes"]), ", ".join(filter(None, done)) or "nothing", difference
