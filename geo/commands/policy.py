"""Commands on what documents and the law ask for: ``targets``, ``conditions``."""

from typing import Annotated

import typer

from data._errors import UnknownNameError
from data.vocabulary import ClusterTerritory
from geo.commands._options import (
    AsOfOption,
    BoundariesOption,
    LangOption,
    OutputOption,
    PlainFormatOption,
    ProvinceOption,
    head,
    json_head,
    put,
    take_snapshot,
)
from geo.conditions import condition_records
from geo.conditions import conditions as test_conditions
from geo.export import to_csv, to_json
from geo.targets import target_records
from geo.targets import targets as judge_targets


def targets(
    *,
    province: ProvinceOption,
    as_of: AsOfOption = None,
    boundaries: BoundariesOption = None,
    lang: LangOption = "vi",
    output_format: PlainFormatOption = "table",
    output: OutputOption = None,
) -> None:
    """Targets of the documents: what is measured of them, and whether they are met."""
    state = take_snapshot(province, as_of, boundaries)
    found = judge_targets(state)
    if output_format == "json":
        put(to_json({**json_head(state, lang), "targets": target_records(found)}), output)
    elif output_format == "csv":
        put(to_csv([{**head(state), **record} for record in target_records(found)]), output)
    else:
        from layers.policy.verdicts import targets_text  # noqa: PLC0415

        put(targets_text(state, found, lang=lang), output)


def _thresholds(given: list[str]) -> dict[str, float]:
    """Read RULE=NUMBER."""
    found = {}
    for text in given:
        rule, _, value = text.partition("=")
        try:
            found[rule] = float(value)
        except ValueError:
            message = f"{text!r} isn't RULE=NUMBER"
            raise typer.BadParameter(message, param_hint="--threshold") from None
    return found


def conditions(
    *,
    province: ProvinceOption,
    area: Annotated[str | None, typer.Option("--area", help="Id of the area to test.")] = None,
    place: Annotated[
        str | None,
        typer.Option("--place", help="Commune or old district; the province if not given."),
    ] = None,
    territory: Annotated[
        ClusterTerritory | None,
        typer.Option("--territory", help="Whose clusters are averaged; else as the province sets."),
    ] = None,
    change: Annotated[
        float | None,
        typer.Option("--change", help="Hectares by which the area is to grow or shrink."),
    ] = None,
    threshold: Annotated[
        list[str] | None,
        typer.Option("--threshold", help="RULE=NUMBER: another threshold for an indicator."),
    ] = None,
    as_of: AsOfOption = None,
    boundaries: BoundariesOption = None,
    lang: LangOption = "vi",
    output_format: PlainFormatOption = "table",
    output: OutputOption = None,
) -> None:
    """Conditions of the law, tested on an area or a territory."""
    chosen = _thresholds(threshold or [])
    state = take_snapshot(province, as_of, boundaries)
    try:
        found = test_conditions(
            state,
            area_id=area,
            place=place,
            territory=territory,
            change_ha=change,
            thresholds=chosen,
        )
    except (UnknownNameError, ValueError) as error:
        typer.echo(error.args[0], err=True)
        raise typer.Exit(1) from error
    if output_format == "json":
        asked = {"area": area, "place": place, "change_ha": change}
        put(
            to_json({**json_head(state, lang), **asked, "conditions": condition_records(found)}),
            output,
        )
    elif output_format == "csv":
        put(to_csv([{**head(state), **record} for record in condition_records(found)]), output)
    else:
        from layers.policy.verdicts import conditions_text  # noqa: PLC0415

        put(conditions_text(state, found, lang=lang), output)
