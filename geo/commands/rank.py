"""The command on where a project fits: ``rank``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

import typer

from data._errors import DataError, UnknownNameError
from data._message import Lang
from data.criteria import TARGETS, CriteriaSet, Place, changed, load_criteria, preset, preset_for
from data.resolutions import provinces
from data.vocabulary import Status
from geo.commands._options import AsOfOption, BoundariesOption, LangOption, OutputOption, load, put
from geo.export import to_csv, to_json, today
from geo.snapshot import Snapshot, snapshot

if TYPE_CHECKING:
    from geo.ranking import Ranking

ALL = "all"
File = Literal["gpkg", "shp", "kml", "fgb", "parquet", "xlsx"]
RankingFormat = Literal[
    "table", "json", "csv", "geojson", "gpkg", "shp", "kml", "fgb", "parquet", "xlsx"
]
FILES: dict[str, File] = {form: form for form in get_args(File)}
# Shorter words for what may be near.
NEAR = {
    "port": "seaport",
    "station": "railway_station",
    "gate": "border_gate",
    "interchange": "expressway_interchange",
    "substation": "power_substation_220_500",
    "road": "national_road",
}


def _near(text: str) -> tuple[str, float]:
    """Read "port=60"."""
    name, _, km = text.partition("=")
    target = NEAR.get(name.strip(), name.strip())
    try:
        most = float(km)
    except ValueError:
        most = 0.0
    if target not in TARGETS or not most > 0:
        message = f"{text!r}: TYPE=KM with one of {', '.join((*NEAR, *TARGETS))}"
        raise typer.BadParameter(message)
    return target, most


def _anchor(text: str) -> str | dict[str, float]:
    """Read the id of an area, or "105.66,18.80"."""
    if "," not in text:
        return text
    try:
        lon, lat = (float(part) for part in text.split(","))
        # A place that can't be one is a ValidationError, which is a ValueError too.
        return Place(lon=lon, lat=lat).model_dump()
    except ValueError as error:
        message = f"{text!r}: the id of an area, or LON,LAT in or near Viet Nam, longitude first"
        raise typer.BadParameter(message) from error


def _criteria(
    industry: str | None, preset_key: str | None, file: Path | None, fields: dict[str, Any]
) -> CriteriaSet:
    """Put the criteria together: a file, a preset or the one proposed for the trade; options."""
    # Only here, so that other commands start sooner.
    from data.trades import pick_trade  # noqa: PLC0415

    trade = pick_trade(industry).tag if industry else None
    if file is not None:
        base = load_criteria(file)
    else:
        base = preset(preset_key) if preset_key else preset_for(trade)
    near = fields.pop("max_km")
    asked = {name: value for name, value in fields.items() if value}
    if near:
        asked["max_km"] = dict(base.limits.max_km) | near
    if trade is not None:
        asked["trade"] = trade
    return changed(base, **asked)


def _text(found: "Ranking", states: list[Snapshot], form: RankingFormat, lang: Lang) -> str:
    """Give a ranking as text of one of the forms."""
    from layers.sites.ranking_table import ranking_text  # noqa: PLC0415
    from layers.sites.ranking_text import (  # noqa: PLC0415
        ranking_geojson_in_words,
        ranking_json,
        ranking_rows,
    )

    if form == "json":
        return to_json(ranking_json(found, states, lang=lang))
    if form == "geojson":
        return to_json(ranking_geojson_in_words(found, states, lang=lang))
    if form == "csv":
        return to_csv(ranking_rows(found, lang=lang))
    return ranking_text(found, states, lang=lang)


def rank(
    *,
    province: Annotated[
        str, typer.Option("--province", help="Key of the province, such as nghe-an, or all.")
    ],
    industry: Annotated[
        str | None,
        typer.Option("--industry", help="Trade: tag, name in either language, or VSIC code."),
    ] = None,
    min_area_ha: Annotated[
        float | None, typer.Option("--min-area-ha", help="Land available at least, ha.", min=0.01)
    ] = None,
    near: Annotated[
        list[str] | None,
        typer.Option("--near", help="TYPE=KM, such as port=60; may stand several times."),
    ] = None,
    status: Annotated[
        list[str] | None,
        typer.Option("--status", help="Status allowed; may stand several times."),
    ] = None,
    wastewater: Annotated[
        bool, typer.Option("--wastewater", help="A central wastewater plant that works.")
    ] = False,
    economic_zone: Annotated[
        bool, typer.Option("--economic-zone", help="Inside an established economic zone.")
    ] = False,
    encouraged: Annotated[
        bool, typer.Option("--encouraged", help="The documents want the trade there.")
    ] = False,
    max_rent: Annotated[
        float | None, typer.Option("--max-rent", help="Land rent at most, USD/m2.", min=0.01)
    ] = None,
    anchor: Annotated[
        str | None,
        typer.Option("--anchor", help="Id of an area, or LON,LAT, to be near to."),
    ] = None,
    preset_key: Annotated[
        str | None,
        typer.Option("--preset", help="Criteria to start from; by the trade if not given."),
    ] = None,
    criteria: Annotated[
        Path | None,
        typer.Option("--criteria", help="YAML file of criteria, in the form of a preset."),
    ] = None,
    as_of: AsOfOption = None,
    boundaries: BoundariesOption = None,
    lang: LangOption = "vi",
    output_format: Annotated[
        RankingFormat, typer.Option("--format", help="Form of the result; files need -o.")
    ] = "table",
    crs: Annotated[str, typer.Option("--crs", help="In files: wgs84, vn2000 or EPSG:n.")] = "wgs84",
    output: OutputOption = None,
) -> None:
    """Where does a project fit: limits with reasons, scores as ranges, ranks and how they hold."""
    # Only here, so that other commands start sooner.
    from geo.ranking import rank_provinces  # noqa: PLC0415

    if preset_key is not None and criteria is not None:
        message = "--preset or --criteria, not both"
        raise typer.BadParameter(message)
    if output_format in FILES and (output is None or province == ALL):
        message = f"{output_format} needs -o FILE and one province"
        raise typer.BadParameter(message, param_hint="--format")
    if unknown := [one for one in status or () if one not in get_args(Status)]:
        message = f"{unknown[0]!r}: one of {', '.join(get_args(Status))}"
        raise typer.BadParameter(message)
    fields = {
        "min_available_ha": min_area_ha,
        "max_km": dict(map(_near, near or ())),
        "statuses": status,
        "wastewater": wastewater,
        "in_economic_zone": economic_zone,
        "encouraged": encouraged,
        "max_rent_usd_m2": max_rent,
        "anchor": _anchor(anchor) if anchor else None,
    }
    try:
        asked = _criteria(industry, preset_key, criteria, fields)
        if asked.anchor is None and any(one.measure == "km_to_anchor" for one in asked.enabled):
            message = "these criteria need --anchor: the id of an area, or LON,LAT"
            raise typer.BadParameter(message)
        keys = provinces() if province == ALL else (province,)
        loaded = [load(key, boundaries) for key in keys]
        states = [snapshot(one, as_of.date() if as_of else today()) for one in loaded]
        found = rank_provinces(states, asked)
    except (DataError, UnknownNameError) as error:
        typer.echo(error.args[0], err=True)
        raise typer.Exit(1) from error
    if output_format in FILES and output is not None:
        from layers.exchange.rankings import ranking_bundle  # noqa: PLC0415
        from layers.exchange.write import write_bundle  # noqa: PLC0415

        try:
            bundle = ranking_bundle(found, loaded[0], states[0], crs=crs, lang=lang)
            write_bundle(bundle, output, FILES[output_format])
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--crs") from error
        except OSError as error:
            typer.echo(f"{output} can't be written: {error.strerror}", err=True)
            raise typer.Exit(1) from error
    else:
        put(_text(found, states, output_format, lang), output)
