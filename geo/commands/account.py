"""Commands on the account of the land: ``zones``, ``areas``."""

from typing import Annotated

import typer

from data.vocabulary import ZoneGroup
from geo.commands._options import (
    AsOfOption,
    BoundariesOption,
    FormatOption,
    LangOption,
    OutputOption,
    ProvinceOption,
    head,
    json_head,
    load,
    put,
)
from geo.derivation import derivations
from geo.export import to_csv, to_json, today
from geo.history import timeline
from geo.outlook import outlook_record
from geo.records import area_records, plain, sources_of, total_record, zone_records
from geo.snapshot import snapshot


def zones(
    *,
    province: ProvinceOption,
    as_of: AsOfOption = None,
    boundaries: BoundariesOption = None,
    group: Annotated[
        ZoneGroup | None,
        typer.Option("--group", help="Only the zones of this group."),
    ] = None,
    outlook: Annotated[
        bool,
        typer.Option("--outlook", help="Add absorption and years of supply (JSON, GeoJSON)."),
    ] = False,
    lang: LangOption = "vi",
    output_format: FormatOption = "table",
    output: OutputOption = None,
) -> None:
    """Zones with their account: fill rate, available land, coverage, bounds."""
    if outlook and output_format not in {"json", "geojson"}:
        message = "goes with --format json or geojson"
        raise typer.BadParameter(message, param_hint="--outlook")
    loaded = load(province, boundaries)
    state = snapshot(loaded, as_of.date() if as_of else today())
    ahead = outlook_record(timeline(loaded), state.as_of) if outlook else None
    if output_format == "geojson":
        from layers.exchange.geojson import collection  # noqa: PLC0415
        from layers.exchange.write import make_bundle  # noqa: PLC0415

        bundle = make_bundle(loaded, state, keys=("zones",), lang=lang)
        put(to_json(collection(bundle.layers[0], bundle, group=group, outlook=ahead)), output)
        return
    records, total = zone_records(state, group=group), total_record(state)
    if output_format == "json":
        more = {} if ahead is None else {"outlook": ahead}
        put(
            to_json({**json_head(state, lang), "zones": records, "province_total": total, **more}),
            output,
        )
    elif output_format == "csv":
        put(to_csv([{**head(state), **record} for record in (*records, total)]), output)
    else:
        from layers.text_table import zones_text  # noqa: PLC0415

        put(zones_text(state, group=group, lang=lang), output)


def areas(
    *,
    province: ProvinceOption,
    as_of: AsOfOption = None,
    boundaries: BoundariesOption = None,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain", help="Add how each figure came about (table, JSON; GeoJSON always has it)."
        ),
    ] = False,
    lang: LangOption = "vi",
    output_format: FormatOption = "table",
    output: OutputOption = None,
) -> None:
    """Parks, clusters and economic zones with their figures, each with date, basis, source."""
    if explain and output_format == "csv":
        message = "goes with --format table, json or geojson"
        raise typer.BadParameter(message, param_hint="--explain")
    loaded = load(province, boundaries)
    state = snapshot(loaded, as_of.date() if as_of else today())
    if output_format == "geojson":
        from layers.exchange.geojson import collection  # noqa: PLC0415
        from layers.exchange.write import make_bundle  # noqa: PLC0415

        bundle = make_bundle(loaded, state, keys=("areas",), lang=lang)
        put(to_json(collection(bundle.layers[0], bundle)), output)
        return
    records = area_records(state)
    if explain and output_format == "json":
        provenance = plain(derivations(state))
        records = [record | {"provenance": provenance[record["id"]]} for record in records]
    if output_format == "json":
        cited = {
            source
            for record in records
            for figure in (*record["figures"].values(), *record["conflicts"])
            if figure
            for source in figure["source"].split(";")
        }
        put(
            to_json(
                {**json_head(state, lang), "areas": records, "sources": sources_of(state, cited)}
            ),
            output,
        )
    elif output_format == "csv":
        put(to_csv([{**head(state), **record} for record in records]), output)
    else:
        from layers.text_table import areas_text  # noqa: PLC0415

        put(areas_text(state, lang=lang, explain=explain), output)
