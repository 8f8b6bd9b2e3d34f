"""The command that tries out what would change: ``scenario``."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from data._errors import DataError
from data.scenarios import load_scenario
from geo.commands._options import (
    AsOfOption,
    BoundariesOption,
    LangOption,
    OutputOption,
    ProvinceOption,
    json_head,
    load,
    put,
)
from geo.differences import difference, difference_records
from geo.export import to_json
from geo.scenarios import run, scenario_geojson
from geo.snapshot import snapshot

Form = Literal["table", "json", "geojson"]


def scenario(
    *,
    province: ProvinceOption,
    file: Annotated[Path, typer.Option("--file", help="The scenario, JSON.", dir_okay=False)],
    against: Annotated[
        Path | None,
        typer.Option("--against", help="A scenario to start from; the present if not given."),
    ] = None,
    as_of: AsOfOption = None,
    boundaries: BoundariesOption = None,
    lang: LangOption = "vi",
    output_format: Annotated[Form, typer.Option("--format", help="Form of the result.")] = "table",
    output: OutputOption = None,
) -> None:
    """Show what a scenario changes: zones, areas, targets and conditions of the law."""
    loaded = load(province, boundaries)
    try:
        assumed = load_scenario(file)
        start = None if against is None else load_scenario(against)
        day = as_of.date() if as_of else assumed.as_of
        other = run(loaded, assumed, day)
        base = snapshot(loaded, day) if start is None else run(loaded, start, day)
    except DataError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if output_format == "geojson":
        put(to_json(scenario_geojson(assumed, base, other, lang=lang)), output)
        return
    found = difference(base, other)
    if output_format == "json":
        changed = found[found["changed"]]
        record = {
            **json_head(other, lang),
            "assumed": True,
            "scenario": assumed.model_dump(mode="json"),
            "against": None if start is None else start.model_dump(mode="json"),
            "difference": difference_records(changed),
        }
        put(to_json(record), output)
        return
    from layers.scenarios.text import difference_text  # noqa: PLC0415

    title = assumed.name if start is None else f"{assumed.name} / {start.name}"
    put(difference_text(base, found, title, lang=lang), output)
