"""Command that serves the layers as OGC API - Features."""

import datetime as dt
from email.utils import parseaddr
from importlib.util import find_spec
from typing import Annotated

import typer

from data._errors import DataError, UnknownNameError
from data.facts import load_facts
from data.resolutions import provinces
from geo.commands._options import AsOfOption, BoundariesOption
from geo.export import today
from geo.snapshot import load_province, snapshot

ALL = "all"
_NEEDED = ("pygeoapi", "waitress")


def serve(
    *,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any free one.")] = 5000,
    host: Annotated[
        str,
        typer.Option("--host", help="Address to listen on; 0.0.0.0 lets other machines in."),
    ] = "127.0.0.1",
    province: Annotated[
        str,
        typer.Option("--province", help="Key of the province, such as nghe-an, or all."),
    ] = "nghe-an",
    workspace: Annotated[
        str | None,
        typer.Option(
            "--workspace",
            help="Serve what users brought in, too: file (.gpkg) or URL (postgresql://...).",
        ),
    ] = None,
    contact: Annotated[
        str,
        typer.Option("--contact", help='Who runs the server: "Name <address@example.vn>".'),
    ] = "",
    as_of: AsOfOption = None,
    boundaries: BoundariesOption = None,
) -> None:
    """Serve the layers to QGIS and other programs as OGC API - Features, until stopped."""
    if missing := [name for name in _NEEDED if find_spec(name) is None]:
        typer.echo(
            f"The server needs {' and '.join(missing)}: pip install -r requirements-server.txt",
            err=True,
        )
        raise typer.Exit(1)
    # Only here, so that other commands start sooner and don't need them.
    from layers.ogc.collections import Collection, collections_of  # noqa: PLC0415
    from layers.ogc.config import Contact  # noqa: PLC0415
    from layers.ogc.running import listen, run  # noqa: PLC0415

    try:
        bound = listen(host, port)
    except OSError as error:
        typer.echo(f"{host}:{port} can't be listened on: {error.strerror or error}", err=True)
        raise typer.Exit(1) from error

    def day() -> dt.date:
        return as_of.date() if as_of else today()

    with bound:
        try:
            kept = None
            if workspace is not None:
                from data.workspace.merge import merged  # noqa: PLC0415 (loads SQLAlchemy)
                from data.workspace.store import open_workspace  # noqa: PLC0415

                kept = open_workspace(workspace, create=False)

            def stamp() -> str:
                return f"{day()} {'' if kept is None else kept.stamp()}"

            def load() -> tuple[Collection, ...]:
                facts = load_facts() if kept is None else merged(load_facts(), kept)
                keys = provinces() if province == ALL else (province,)
                loaded = [load_province(key, facts=facts, boundaries=boundaries) for key in keys]
                return collections_of((one, snapshot(one, day())) for one in loaded)

            run(bound, load, stamp, contact=Contact(*parseaddr(contact)), told=typer.echo)
        except (DataError, UnknownNameError) as error:
            typer.echo(error.args[0], err=True)
            raise typer.Exit(1) from error
