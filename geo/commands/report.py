"""The commands that write files for an office: ``report``, ``map`` and ``form04``."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

from data._errors import DataError
from data._message import Lang
from data._replace import whole_file
from data.scenarios import load_scenario
from geo.commands._options import AsOfOption, BoundariesOption, LangOption, ProvinceOption, load
from geo.commands.compare import compared
from geo.export import today
from geo.scenarios import run
from geo.snapshot import snapshot

MapForm = Literal["png", "pdf", "html"]
FileOption = Annotated[Path, typer.Option("-o", "--output", help="File to write.", dir_okay=False)]


def report(
    *,
    output: FileOption,
    province: Annotated[
        str | None,
        typer.Option("--province", help="Key of the province, such as nghe-an."),
    ] = None,
    zone: Annotated[str | None, typer.Option("--zone", help="Key of a zone of it.")] = None,
    scenario: Annotated[
        Path | None,
        typer.Option("--scenario", help="A scenario of it, JSON.", dir_okay=False),
    ] = None,
    places: Annotated[
        list[str] | None,
        typer.Option("--compare", help="Two to five parks or zones to compare: ID ID ..."),
    ] = None,
    more: Annotated[list[str] | None, typer.Argument(metavar="", hidden=True)] = None,
    as_of: AsOfOption = None,
    boundaries: BoundariesOption = None,
    lang: LangOption = "vi",
) -> None:
    """Write a report in Word: of a province, a zone, a scenario or a comparison."""
    from layers.report.write import (  # noqa: PLC0415
        province_report,
        scenario_report,
        zone_report,
    )

    asked = [one for one in (zone, scenario, places) if one]
    if len(asked) > 1 or (province is None) != bool(places) or (more and not places):
        message = "--province, with --zone or --scenario or neither; or --compare alone"
        raise typer.BadParameter(message)
    day = as_of.date() if as_of else None
    if places:
        _put(
            lambda: _comparison([*places, *(more or ())], day or today(), boundaries, lang), output
        )
        return
    loaded = load(str(province), boundaries)
    if scenario is not None:
        try:
            assumed = load_scenario(scenario)
            day = day or assumed.as_of
            base, other = snapshot(loaded, day), run(loaded, assumed, day)
        except DataError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from error
        _put(lambda: scenario_report(loaded, assumed, base, other, lang=lang), output)
        return
    state = snapshot(loaded, day or today())
    if zone is None:
        _put(lambda: province_report(loaded, state, lang=lang), output)
        return
    if zone not in state.zones.index:
        known = ", ".join(str(key) for key in state.zones.index)
        typer.echo(f"no zone {zone!r} in {province}; there are {known}", err=True)
        raise typer.Exit(1)
    _put(lambda: zone_report(loaded, state, zone, lang=lang), output)


def draw_map(
    *,
    province: ProvinceOption,
    output: FileOption,
    output_format: Annotated[MapForm, typer.Option("--format", help="Form of the map.")] = "png",
    as_of: AsOfOption = None,
    boundaries: BoundariesOption = None,
    lang: LangOption = "vi",
) -> None:
    """Write the map of a province: a picture, a page, or one HTML file that needs no internet."""
    loaded = load(province, boundaries)
    state = snapshot(loaded, as_of.date() if as_of else today())

    def make() -> bytes:
        if output_format == "html":
            from layers.map_files.page import map_html  # noqa: PLC0415

            return map_html(loaded, state, lang=lang).encode()
        from layers.map_files.sheet import map_pdf, map_png  # noqa: PLC0415

        return (map_pdf if output_format == "pdf" else map_png)(loaded, state, lang=lang)

    _put(make, output)


def form(
    *,
    province: ProvinceOption,
    output: FileOption,
    as_of: AsOfOption = None,
    boundaries: BoundariesOption = None,
    lang: LangOption = "vi",
) -> None:
    """Fill Form 04 of Thông tư 14/2024/TT-BCT on clusters, at the newest cut-off, as XLSX."""
    from layers.form04 import form04_xlsx  # noqa: PLC0415

    loaded = load(province, boundaries)
    day = as_of.date() if as_of else today()
    _put(lambda: form04_xlsx(loaded, day, lang=lang), output)


def _comparison(ids: list[str], day: dt.date, boundaries: str | None, lang: Lang) -> bytes:
    from layers.report.write import comparison_report  # noqa: PLC0415

    return comparison_report(compared(ids, day, boundaries), lang=lang)


def _put(make: Callable[[], bytes], output: Path) -> None:
    """Write a file that is whole or not there."""
    try:
        with whole_file(output) as neighbour:
            neighbour.write_bytes(make())
    except OSError as error:
        typer.echo(f"{output} can't be written: {error.strerror}", err=True)
        raise typer.Exit(1) from error
