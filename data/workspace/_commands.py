"""Commands ``python -m data workspace list|undo|redo|copy|new``."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from data._command import complain
from data._errors import DataError
from data._passwords import is_address
from data.facts import load_facts
from data.workspace.copying import copy_workspace
from data.workspace.store import default_workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.workspace.change import Revision

app = typer.Typer(
    help="What users brought in: see it, undo it, take it back, copy it.",
    no_args_is_help=True,
)

WorkspaceOption = Annotated[
    str | None,
    typer.Option(
        "--workspace",
        help="File (.gpkg) or URL (postgresql://...). If not given: INDUSTRIAL_LAND_WORKSPACE, "
        "else the one in the user's data folder.",
    ),
]


@contextmanager
def _told() -> Iterator[None]:
    """Turn what can go wrong into a message and exit code 1."""
    try:
        yield
    except DataError as error:
        complain(str(error))
    else:
        return
    raise typer.Exit(1)


@app.command("list")
def list_command(
    *,
    workspace: WorkspaceOption = None,
    output_format: Annotated[
        Literal["table", "json"],
        typer.Option("--format", help="Form of the result."),
    ] = "table",
) -> None:
    """List the revisions, those that were undone too, and the scenarios and mappings."""
    if workspace is None and (none := _not_begun()):
        if output_format == "json":
            lists: dict[str, list[str]] = {"revisions": [], "scenarios": [], "mappings": []}
            nothing = {"workspace": none, "stamp": None, **lists}
            typer.echo(json.dumps(nothing, ensure_ascii=False, indent=2))
        else:
            typer.echo(f"{none}\nnothing has been brought in yet")
        return
    with _told(), open_workspace(workspace, create=False) as kept:
        revisions, scenarios, mappings = kept.revisions(), kept.scenarios(), kept.mappings()
        stamp = kept.stamp()
    if output_format == "json":
        record = {
            "workspace": kept.where,
            "stamp": stamp,
            "revisions": [vars(item) for item in revisions],
            "scenarios": list(scenarios),
            "mappings": list(mappings),
        }
        typer.echo(json.dumps(record, ensure_ascii=False, indent=2))
        return
    typer.echo(kept.where)
    for item in revisions:
        typer.echo(_line(item))
    typer.echo(f"revisions: {len(revisions)}")
    for title, names in (("scenarios", scenarios), ("mappings", mappings)):
        if names:
            typer.echo(f"{title}: {', '.join(names)}")


def _not_begun() -> str:
    """Give the file that the default workspace is to be where it isn't there yet, else ""."""
    place = default_workspace()
    path = Path(place).expanduser()
    return "" if is_address(place) or path.exists() else str(path)


def _line(item: Revision) -> str:
    state = "on" if item.active else "undone"
    parts = (f"{item.id:>4}", f"{state:<6}", item.made_at, f"{item.kind:<12}", item.title)
    return "  ".join(part for part in (*parts, item.file, item.who) if part)


@app.command()
def undo(
    *,
    revision: Annotated[int, typer.Argument(help="Number of the revision.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Switch a revision off; its rows stay, and `redo` brings them back."""
    with _told(), open_workspace(workspace, create=False) as kept:
        item = kept.undo(revision, facts=load_facts())
    typer.echo(_line(item))


@app.command()
def redo(
    *,
    revision: Annotated[int, typer.Argument(help="Number of the revision.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Switch a revision on again."""
    with _told(), open_workspace(workspace, create=False) as kept:
        item = kept.redo(revision, facts=load_facts())
    typer.echo(_line(item))


@app.command("copy")
def copy_command(
    *,
    source: Annotated[str, typer.Argument(help="File or URL.")],
    target: Annotated[str, typer.Argument(help="File or URL, empty or not there yet.")],
) -> None:
    """Copy a workspace whole: file to server, server to file, file to file."""
    with _told(), open_workspace(source, create=False) as kept, open_workspace(target) as copy:
        copy_workspace(kept, copy)
        count = len(copy.revisions())
    typer.echo(f"{copy.where}: revisions copied: {count}")


@app.command()
def new(
    *,
    workspace: Annotated[
        str | None,
        typer.Argument(help="File (.gpkg) or URL; the default one if not given."),
    ] = None,
) -> None:
    """Make an empty workspace; one that is there stays as it is."""
    with _told(), open_workspace(workspace) as kept:
        count = len(kept.revisions())
    typer.echo(f"{kept.where}: revisions: {count}")
