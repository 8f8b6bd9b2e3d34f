"""The command on one site: ``check-site``."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from data._errors import UnknownNameError
from data.boundaries.outlines import load_outlines
from geo.commands._options import (
    AsOfOption,
    BoundariesOption,
    LangOption,
    OutputOption,
    ProvinceOption,
    json_head,
    put,
    take_snapshot,
)
from geo.export import to_json


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
    from layers.sites.text import site_error_text, siting_json, siting_text  # noqa: PLC0415

    site = _site(lon, lat, area, polygon)
    state = take_snapshot(province, as_of, boundaries)
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
        put(to_json(json_head(state, lang) | siting_json(found, lang=lang)), output)
    else:
        put(siting_text(found, lang=lang), output)
