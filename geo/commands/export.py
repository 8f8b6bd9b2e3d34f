"""Commands that write files: one layer or all in a format, and the data package."""

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from data._errors import DataError
from data._replace import is_special
from geo.commands._options import AsOfOption, BoundariesOption, LangOption, ProvinceOption, load
from geo.export import today
from geo.snapshot import Province, Snapshot, snapshot

if TYPE_CHECKING:
    from layers.exchange.bundle import OnStep

LayerName = Literal["zones", "areas", "communes", "roads", "nodes", "outlines", "plots", "all"]
FormName = Literal["geojson", "gpkg", "shp", "kml", "fgb", "parquet", "csv", "xlsx"]
FileOption = Annotated[Path, typer.Option("-o", "--output", dir_okay=False, help="File to write.")]


@contextmanager
def _progress() -> Iterator["OnStep"]:
    """Show progress on stderr when that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda what, done, total: None  # noqa: ARG005
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("")

        def on_step(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        yield on_step


def _states(
    province: str, as_of: dt.datetime | None, boundaries: str | None
) -> tuple[Province, Snapshot]:
    loaded = load(province, boundaries)
    return loaded, snapshot(loaded, as_of.date() if as_of else today())


def _write(action: Callable[[], None], output: Path) -> None:
    """Write, or leave with exit code 1 and what is wrong."""
    try:
        action()
    except OSError as error:
        typer.echo(f"{output} can't be written: {error.strerror}", err=True)
        raise typer.Exit(1) from error


def _assumed(
    province: Province, file: Path, as_of: dt.date, lang: Literal["vi", "en"]
) -> tuple[Province, Snapshot, tuple[str, str]]:
    """Give the province in a scenario on a day, and what a file of it must say."""
    # Only here, so that other commands start sooner.
    from data.scenarios import load_scenario  # noqa: PLC0415
    from geo.scenarios import run  # noqa: PLC0415
    from geo.snapshot import with_facts  # noqa: PLC0415
    from layers.exchange.about import scenario_texts  # noqa: PLC0415

    try:
        assumed = load_scenario(file)
        state = run(province, assumed, as_of)
    except DataError as error:
        typer.echo(error.args[0], err=True)
        raise typer.Exit(1) from error
    return with_facts(province, state.facts), state, scenario_texts(province, assumed, lang)


def export(
    *,
    province: ProvinceOption,
    layer: Annotated[LayerName, typer.Option("--layer", help="What to export.")],
    output: FileOption,
    as_of: AsOfOption = None,
    boundaries: BoundariesOption = None,
    crs: Annotated[
        str,
        typer.Option("--crs", help="wgs84, vn2000 (the province's zone) or EPSG:n."),
    ] = "wgs84",
    scenario: Annotated[
        Path | None,
        typer.Option(
            "--scenario", help="A scenario, JSON: export what it assumes.", dir_okay=False
        ),
    ] = None,
    numbers: Annotated[
        Literal["vi", "international"] | None,
        typer.Option("--numbers", help="Numbers in CSV; those of the language if not given."),
    ] = None,
    lang: LangOption = "vi",
    output_format: Annotated[FormName, typer.Option("--format", help="Format.")] = "geojson",
) -> None:
    """Write a layer, or all, as a file for a planning system or an office."""
    from layers.exchange.tables import LAYERS  # noqa: PLC0415
    from layers.exchange.write import (  # noqa: PLC0415
        FORMATS,
        crs_of,
        make_bundle,
        suffix_of,
        write_bundle,
    )

    keys = LAYERS if layer == "all" else (layer,)
    suffix = suffix_of(output_format, keys)
    if suffix == ".zip" and output.suffix.lower() != ".zip" and not is_special(output):
        message = f"{output.name}: this is a zip of several files; give it a name that ends in .zip"
        raise typer.BadParameter(message, param_hint="--output")
    loaded, state = _states(province, as_of, boundaries)
    try:
        system = crs_of(crs, state.resolution.crs)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--crs") from error
    if FORMATS[output_format].wgs84_only and system != crs_of("wgs84", ""):
        message = f"{FORMATS[output_format].name} has coordinates in WGS 84 only"
        raise typer.BadParameter(message, param_hint="--crs")
    subject = remark = ""
    if scenario is not None:
        loaded, state, (subject, remark) = _assumed(loaded, scenario, state.as_of, lang)
    with _progress() as on_step:
        bundle = make_bundle(
            loaded,
            state,
            keys=keys,
            crs=crs,
            lang=lang,
            numbers=numbers,
            subject=subject,
            remark=remark,
            on_step=on_step,
        )
        _write(lambda: write_bundle(bundle, output, output_format), output)


def package(
    *,
    province: ProvinceOption,
    output: FileOption,
    as_of: AsOfOption = None,
    boundaries: BoundariesOption = None,
) -> None:
    """Write all layers with dictionary, schemas, sources, licences and checksums as a zip."""
    from layers.exchange.package import write_package  # noqa: PLC0415

    loaded, state = _states(province, as_of, boundaries)
    with _progress() as on_step:
        _write(lambda: write_package(loaded, state, output, on_step=on_step), output)
