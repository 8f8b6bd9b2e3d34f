"""Command line: ``python -m geo zones|areas|targets|conditions|check-site|export``.

Exit codes: 0 done; 1 the data or the request is wrong (message on stderr); 2 usage.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from data._errors import DataError, UnknownNameError
from data.outlines import load_outlines
from data.vocabulary import ClusterTerritory, ZoneGroup  # noqa: TC001 (typer reads them)
from geo.conditions import condition_records
from geo.conditions import conditions as test_conditions
from geo.derivation import derivations
from geo.export import areas_geojson, to_csv, to_json, today, write_whole, zones_geojson
from geo.history import timeline
from geo.outlook import outlook_record
from geo.records import area_records, plain, sources_of, total_record, zone_records
from geo.snapshot import Province, Snapshot, load_province, snapshot
from geo.targets import target_records
from geo.targets import targets as judge_targets

app = typer.Typer(
    help="Industrial land by zone: fill rate, available land, and where the figures come from.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

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


def _load(province: str, boundaries: str | None) -> Province:
    try:
        return load_province(province, boundaries=boundaries)
    except (DataError, UnknownNameError) as error:
        typer.echo(error.args[0], err=True)
        raise typer.Exit(1) from error


def _snapshot(province: str, as_of: dt.datetime | None, boundaries: str | None) -> Snapshot:
    return snapshot(_load(province, boundaries), as_of.date() if as_of else today())


def _put(text: str, output: Path | None) -> None:
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        write_whole(output, text)
    except OSError as error:
        typer.echo(f"{output} can't be written: {error.strerror}", err=True)
        raise typer.Exit(1) from error


def _head(state: Snapshot) -> dict[str, Any]:
    return {
        "province": state.resolution.province,
        "as_of": state.as_of.isoformat(),
        "boundary_source": state.boundary_source.key,
    }


def _json_head(state: Snapshot, lang: Lang) -> dict[str, Any]:
    accuracy = getattr(state.boundary_source, f"accuracy_{lang}")
    return {**_head(state), "boundary_accuracy": accuracy}


@app.command()
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
    loaded = _load(province, boundaries)
    state = snapshot(loaded, as_of.date() if as_of else today())
    ahead = outlook_record(timeline(loaded), state.as_of) if outlook else None
    if output_format == "geojson":
        _put(to_json(zones_geojson(state, lang=lang, group=group, outlook=ahead)), output)
        return
    records, total = zone_records(state, group=group), total_record(state)
    if output_format == "json":
        head = _json_head(state, lang)
        more = {} if ahead is None else {"outlook": ahead}
        _put(to_json({**head, "zones": records, "province_total": total, **more}), output)
    elif output_format == "csv":
        _put(to_csv([{**_head(state), **record} for record in (*records, total)]), output)
    else:
        from layers.text_table import zones_text  # noqa: PLC0415

        _put(zones_text(state, group=group, lang=lang), output)


@app.command()
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
    state = _snapshot(province, as_of, boundaries)
    if output_format == "geojson":
        _put(to_json(areas_geojson(state, lang=lang)), output)
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
        _put(
            to_json(
                {**_json_head(state, lang), "areas": records, "sources": sources_of(state, cited)}
            ),
            output,
        )
    elif output_format == "csv":
        _put(to_csv([{**_head(state), **record} for record in records]), output)
    else:
        from layers.text_table import areas_text  # noqa: PLC0415

        _put(areas_text(state, lang=lang, explain=explain), output)


@app.command()
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
    state = _snapshot(province, as_of, boundaries)
    found = judge_targets(state)
    if output_format == "json":
        _put(to_json({**_json_head(state, lang), "targets": target_records(found)}), output)
    elif output_format == "csv":
        _put(to_csv([{**_head(state), **record} for record in target_records(found)]), output)
    else:
        from layers.verdicts import targets_text  # noqa: PLC0415

        _put(targets_text(state, found, lang=lang), output)


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


@app.command()
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
    state = _snapshot(province, as_of, boundaries)
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
        _put(
            to_json({**_json_head(state, lang), **asked, "conditions": condition_records(found)}),
            output,
        )
    elif output_format == "csv":
        _put(to_csv([{**_head(state), **record} for record in condition_records(found)]), output)
    else:
        from layers.verdicts import conditions_text  # noqa: PLC0415

        _put(conditions_text(state, found, lang=lang), output)


def _site(
    lon: float | None, lat: float | None, area: str | None, polygon: Path | None
) -> str | dict[str, Any]:
    """Read the one site that is given."""
    given = [(lon, lat) != (None, None), area is not None, polygon is not None]
    if sum(given) != 1 or (lon is None) != (lat is None):
        message = "one of --lon with --lat, --area, --polygon"
        raise typer.BadParameter(message)
    if polygon is None:
        return area or {"type": "Point", "coordinates": [lon, lat]}
    try:
        document = json.loads(polygon.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        typer.echo(f"{polygon} can't be read as GeoJSON: {error}", err=True)
        raise typer.Exit(1) from error
    return document if isinstance(document, dict) else {}


@app.command("check-site")
def check(
    *,
    province: ProvinceOption,
    lon: Annotated[float | None, typer.Option("--lon", help="Longitude, WGS 84 degrees.")] = None,
    lat: Annotated[float | None, typer.Option("--lat", help="Latitude, WGS 84 degrees.")] = None,
    area: Annotated[str | None, typer.Option("--area", help="Id of an area instead.")] = None,
    polygon: Annotated[
        Path | None,
        typer.Option("--polygon", help="GeoJSON file of a polygon instead.", dir_okay=False),
    ] = None,
    industry: Annotated[
        str | None,
        typer.Option("--industry", help="Trade: tag, name in either language, or VSIC code."),
    ] = None,
    raw_material_area: Annotated[
        bool,
        typer.Option("--raw-material-area", help="Tied to a concentrated raw-material area."),
    ] = False,
    as_of: AsOfOption = None,
    boundaries: BoundariesOption = None,
    lang: LangOption = "vi",
    output_format: Annotated[
        Literal["table", "json"], typer.Option("--format", help="Form of the result.")
    ] = "table",
    output: OutputOption = None,
) -> None:
    """May this trade go here: zone, parks around, rules with citation, verdict."""
    # Only here, so that other commands start sooner.
    from data.trades import pick_trade  # noqa: PLC0415
    from geo.siting import SiteError, check_site, lay_ground  # noqa: PLC0415
    from layers.siting_text import site_error_text, siting_json, siting_text  # noqa: PLC0415

    site = _site(lon, lat, area, polygon)
    state = _snapshot(province, as_of, boundaries)
    try:
        trade = pick_trade(industry).tag if industry else None
        communes = load_outlines(state.resolution.code, boundaries).communes
        found = check_site(
            lay_ground(state, communes=communes),
            site,
            trade=trade,
            raw_material_area=raw_material_area,
        )
    except SiteError as error:
        typer.echo(f"{site_error_text(error, lang=lang)} [{error}]", err=True)
        raise typer.Exit(1) from error
    except UnknownNameError as error:
        typer.echo(error.args[0], err=True)
        raise typer.Exit(1) from error
    if output_format == "json":
        _put(to_json(_json_head(state, lang) | siting_json(found, lang=lang)), output)
    else:
        _put(siting_text(found, lang=lang), output)


@app.command()
def export(
    *,
    province: ProvinceOption,
    layer: Annotated[Literal["zones", "areas"], typer.Option("--layer", help="What to export.")],
    output: Annotated[Path, typer.Option("-o", "--output", dir_okay=False, help="File to write.")],
    as_of: AsOfOption = None,
    boundaries: BoundariesOption = None,
    lang: LangOption = "vi",
    output_format: Annotated[Literal["geojson"], typer.Option("--format")] = "geojson",
) -> None:
    """Write a layer as a file for a planning system."""
    del output_format  # the one there is
    state = _snapshot(province, as_of, boundaries)
    document = (
        zones_geojson(state, lang=lang) if layer == "zones" else areas_geojson(state, lang=lang)
    )
    _put(to_json(document), output)


if __name__ == "__main__":
    app(prog_name="python -m geo")
