"""Command line of the data: ``python -m data COMMAND``.

Exit codes: 0 done; 1 the data or the request is wrong (message on stderr); 2 usage.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Annotated, Literal

import typer

from data import criteria
from data._command import Command, Commands, complain
from data._errors import DataError, UnknownNameError
from data.boundaries import _commands as _boundary_commands
from data.facts import load_facts
from data.importing._commands import import_file
from data.new_province import write_province
from data.quality import SEVERITIES, as_records, check_quality
from data.resolutions import RESOLUTIONS, load_resolution, provinces, write_schema
from data.units._locate_text import located_record, located_text
from data.units.locate import locate
from data.workspace import _commands as _workspace_commands

app = typer.Typer(
    cls=Commands,
    help="What is known: check it, look units up, bring boundaries in.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


app.add_typer(_boundary_commands.app, name="boundaries")
app.add_typer(_workspace_commands.app, name="workspace")
app.command("import", cls=Command)(import_file)


@app.callback()
def main() -> None:
    """Keep commands by name even while there is only one."""


@app.command()
def schema() -> None:
    """Write the JSON Schemas of resolution and criteria files anew from the models."""
    write_schema()
    typer.echo(f"{RESOLUTIONS / 'schema.json'} is written")
    criteria.write_schema()
    typer.echo(f"{criteria.SCHEMA} is written")


@app.command()
def check(
    *,
    province: Annotated[
        str | None,
        typer.Option("--province", help="Key of a province, such as nghe-an; all if not given."),
    ] = None,
    output_format: Annotated[
        Literal["table", "json"],
        typer.Option("--format", help="Form of the result."),
    ] = "table",
    lang: Annotated[
        Literal["vi", "en"],
        typer.Option("--lang", help="Language of the messages."),
    ] = "vi",
) -> None:
    """List what is wrong, contradicted, old or missing in the fact tables; exit 1 on errors."""
    today = dt.datetime.now(tz=dt.timezone(dt.timedelta(hours=7), "ICT")).date()
    keys = {load_resolution(key).code: key for key in provinces()}
    if province is not None and province not in keys.values():
        complain(f"no province {province!r} (provinces: {', '.join(provinces())})")
        raise typer.Exit(1)
    try:
        findings = check_quality(load_facts(), today=today)
    except DataError as error:
        complain(str(error))
        raise typer.Exit(1) from error
    found = [
        item for item in findings if province is None or keys.get(item.province_code) == province
    ]
    counts = {rank: sum(item.severity == rank for item in found) for rank in SEVERITIES}
    if output_format == "json":
        records = [
            {"province": keys.get(str(record["province_code"])), **record}
            for record in as_records(found)
        ]
        head = {"as_of": today.isoformat(), "province": province, "counts": counts}
        typer.echo(json.dumps({**head, "findings": records}, ensure_ascii=False, indent=2))
    else:
        for item in found:
            place = item.area_id or keys.get(item.province_code, item.province_code)
            lines = ",".join(map(str, item.rows)) or "-"
            words = item.message_vi if lang == "vi" else item.message_en
            typer.echo(f"{item.severity:<8}{item.code}  {place:<28} {lines:<12} {words}")
        typer.echo("  ".join(f"{rank}: {count}" for rank, count in counts.items()))
    if counts["error"]:
        raise typer.Exit(1)


@app.command("locate")
def locate_command(
    *,
    query: Annotated[
        str,
        typer.Argument(help="Name with what it lies in, or code: 'Xã Nghi Long, Nghi Lộc'."),
    ],
    system: Annotated[
        Literal["legacy", "2025"] | None,
        typer.Option("--system", help="Only units before July 2025, or since."),
    ] = None,
    output_format: Annotated[
        Literal["table", "json"],
        typer.Option("--format", help="Form of the result."),
    ] = "table",
    lang: Annotated[Literal["vi", "en"], typer.Option("--lang", help="Language of the words.")] = (
        "vi"
    ),
) -> None:
    """Find a province, district or commune of old or new, and what it became or was before.

    Exit 1 where several units fit (all are listed) or none does (those spelt alike are).
    """
    located = locate(query, system=system)
    if output_format == "json":
        typer.echo(json.dumps(located_record(located), ensure_ascii=False, indent=2))
    else:
        typer.echo(located_text(located, lang), nl=False)
    if located.unit is None:
        raise typer.Exit(1)


@app.command("new-province")
def new_province_command(
    *,
    code: Annotated[
        str,
        typer.Argument(help="Code or key of a province since July 2025: 38 or thanh-hoa."),
    ],
    crs: Annotated[
        str | None,
        typer.Option(
            "--crs",
            help="VN-2000 zone, EPSG:NNNN; if not given, the one in the EPSG register for the "
            "province of before July 2025 with this name.",
        ),
    ] = None,
) -> None:
    """Begin a province: write a resolution file and empty fact tables, which load as they are."""
    try:
        files = write_province(code, crs=crs)
    except (DataError, UnknownNameError, OSError) as error:
        complain(str(error))
        raise typer.Exit(1) from error
    for file in files:
        typer.echo(f"{file} is written")
    typer.echo('What to do next: data/README.md, "Adding a province"')


if __name__ == "__main__":
    app(prog_name="python -m data")
