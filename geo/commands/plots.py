"""The command on layers of plots: ``account``."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import geopandas as gpd
import typer
from pyproj import CRS

from data._errors import DataError
from data._message import Lang
from data._passwords import is_address, without_passwords
from data._plot_bounds import plot_bounds
from data.plot_files import PlotLayer, open_plots, read_chunks
from data.vocabulary import ZoneGroup
from geo.commands._account_output import Form, progress_shown, tell, warn_of_far_plots, write
from geo.commands._options import BoundariesOption, LangOption, load
from geo.commands._zone_files import KEYS, read_zones
from geo.overlay import OUTSIDE, index_zones
from geo.plot_account import Account, ConservationError
from geo.plot_account import account as account_for
from geo.plot_systems import (
    measuring_system,
    search_bounds,
    stretch,
)

if TYPE_CHECKING:
    from geo.plot_server import PlotTable

Engine = Literal["local", "dask", "postgis"]
PACKAGES = {"dask": ("distributed",), "postgis": ("psycopg",)}
UNITS = {"k": 10**3, "m": 10**6, "g": 10**9}
# What the program and the zones take, and what a plot does from the file to its sums: measured.
PROGRAM_BYTES, PLOT_BYTES, TIMES_SIZE = 370_000_000, 1_000, 8
LEAST_ROWS, MOST_ROWS = 500, 50_000


def account(
    *,
    plots: Annotated[
        str,
        typer.Option(
            help="GeoParquet, GeoPackage or FlatGeobuf, a folder of one of them, "
            "or for postgis the URL of a database."
        ),
    ],
    table: Annotated[
        str | None,
        typer.Option(help="Layer of a GeoPackage with several; for postgis the table."),
    ] = None,
    where: Annotated[
        str | None, typer.Option(help="Only these plots: column op value, several joined by and.")
    ] = None,
    zones: Annotated[Path | None, typer.Option(help="File with zones, polygons.")] = None,
    zone_key: Annotated[
        str | None, typer.Option(help=f"Its column that names a zone; else {', '.join(KEYS)}.")
    ] = None,
    province: Annotated[
        str | None,
        typer.Option(
            help="Key of the province whose zones these are, or its system to measure in."
        ),
    ] = None,
    group: Annotated[
        ZoneGroup | None, typer.Option(help="Only the province's zones of this group.")
    ] = None,
    boundaries: BoundariesOption = None,
    crs: Annotated[str | None, typer.Option(help="System to measure in, as EPSG:9208.")] = None,
    by: Annotated[str, typer.Option(help="Columns to account by, with commas between.")] = "",
    weight: Annotated[
        str | None, typer.Option(help="Column of a quantity that is spread over the land.")
    ] = None,
    outside: Annotated[
        bool,
        typer.Option(help="Account for land in no zone; else only plots by the zones are read."),
    ] = True,
    engine: Annotated[Engine, typer.Option(help="Where the work is done.")] = "local",
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Threads; for dask processes, for postgis connections."),
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(help="Address of dask's scheduler, as tcp://10.0.0.5:8786.")
    ] = None,
    max_memory: Annotated[str, typer.Option(help="What each process may take, as 500MB.")] = "1GB",
    problems: Annotated[
        Path | None,
        typer.Option(
            help="CSV file to write with all plots read that aren't sound.", dir_okay=False
        ),
    ] = None,
    label: Annotated[
        str | None,
        typer.Option(help="Column that names them there; for postgis, as files have row numbers."),
    ] = None,
    lang: LangOption = "vi",
    output_format: Annotated[Form, typer.Option("--format", help="Form of the result.")] = "json",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="File to write; else the screen.", dir_okay=False),
    ] = None,
) -> None:
    """Account for plots by zone, exactly: hectares, numbers of plots, what they weigh."""
    if zones is None and province is None:
        message = "one of them is needed"
        raise typer.BadParameter(message, param_hint="--zones, --province")
    if output_format == "parquet" and output is None:
        message = "goes with --output"
        raise typer.BadParameter(message, param_hint="--format parquet")
    _check_together(
        ("--group", group, zones is None, "the zones of a province, not with --zones"),
        ("--zone-key", zone_key, zones is not None, "--zones"),
        ("--boundaries", boundaries, province is not None, "--province"),
        ("--cluster", cluster, engine == "dask", "--engine dask"),
        ("--label", label, engine == "postgis", "--engine postgis"),
        ("--workers", workers, cluster is None, "processes of its own, not with --cluster"),
    )
    if engine == "postgis":
        _check_address(plots, table)
    elif is_address(plots) or "password=" in plots:
        message = "a database needs --engine postgis and --table; else expected a file or folder"
        raise typer.BadParameter(message, param_hint="--plots")
    names = [name.strip() for name in by.split(",") if name.strip()]
    areal, system, basis = _zones(zones, zone_key, province, group, boundaries, lang=lang)
    common: dict[str, Any] = {"by": names, "weight": weight, "problems": problems}
    with _told():
        if lacking := [name for name in PACKAGES.get(engine, ()) if find_spec(name) is None]:
            message = f"{', '.join(lacking)} missing: pip install -r requirements-{engine}.txt"
            raise ValueError(message)
        if engine == "postgis":
            common |= {"where": where, "workers": workers, "label": label}
            result, measured = _on_server(
                plots, str(table), areal, crs, system, common, outside=outside
            )
            named = str(table)
        else:
            layer = _opened(plots, table)
            measured = measuring_system(layer.crs, areal, chosen=crs, fallback=system)
            if outside:
                reach, silent = plot_bounds(layer)
                warn_of_far_plots(reach, layer.crs, measured, silent=silent)
            count = workers or os.cpu_count() or 1
            common |= {
                "terms": layer.terms(where),
                "bounds": None if outside else search_bounds(areal, layer.crs),
                "rows": chunk_rows(layer, _bytes(max_memory), count if engine == "local" else 1),
                "workers": count,
            }
            if engine == "dask":
                result = _on_cluster(layer, areal, measured, cluster, common)
            else:
                result = _in_threads(layer, areal, measured, **common)
            named = "/".join([Path(plots).name, *([table] if table else [])])
        rows = result.rows[result.rows["zone"] != OUTSIDE] if not outside else result.rows.copy()
        tell(result, outside=outside)
        if "name" in areal:
            spoken = rows["zone"].astype(object).map(areal["name"])
            rows.insert(list(rows.columns).index("zone") + 1, "zone_name", spoken)
        basis |= {
            "plots_layer": named,
            "where": where,
            "crs": measured.to_string(),
            "zones_stretched_at_most": round(stretch(measured, areal), 6),
        }
        write(rows, result, basis, output_format, output, outside=outside)


def _check_together(*given: tuple[str, object, bool, str]) -> None:
    """Refuse options that wouldn't do anything."""
    for name, value, fits, partner in given:
        if value is not None and not fits:
            message = f"goes with {partner}"
            raise typer.BadParameter(message, param_hint=name)


@contextmanager
def _told() -> Iterator[None]:
    """Say what is wrong and leave with exit code 1."""
    wrong: tuple[type[Exception], ...] = (DataError, ConservationError, ValueError, OSError)
    if find_spec("psycopg"):
        import psycopg  # noqa: PLC0415 (an extra)

        wrong = (*wrong, psycopg.Error)
    try:
        yield
    except wrong as error:
        message = str(error)
        if isinstance(error, OSError) and error.filename is not None:
            missing = isinstance(error, FileNotFoundError)
            message = f"{error.filename}: {'no such file' if missing else error.strerror}"
        typer.echo(without_passwords(message), err=True)
        raise typer.Exit(1) from error


def _bytes(text: str) -> int:
    found = re.fullmatch(r"(?i)\s*(\d+(?:\.\d+)?)\s*([kmg]?)i?b?\s*", text)
    if found is None:
        message = f"expected a size such as 500MB or 1.5GB, found {text!r}"
        raise typer.BadParameter(message, param_hint="--max-memory")
    return int(float(found[1]) * UNITS.get(found[2].lower(), 1))


def chunk_rows(layer: PlotLayer, memory: int, workers: int) -> int:
    """Give the number of plots a chunk that keeps within the memory.

    Raises
    ------
    ValueError
        It is too little for the program itself.
    """
    # One chunk for each worker, one that is being read and one that waits.
    each = (memory - PROGRAM_BYTES) / (workers + 2)
    rows = int(each / (PLOT_BYTES + TIMES_SIZE * layer.bytes / max(layer.rows, 1)))
    if rows < min(LEAST_ROWS, layer.rows):
        msg = f"--max-memory {memory / 1e6:.0f} MB is too little for {workers} workers"
        raise ValueError(msg)
    return min(max(rows, 1), MOST_ROWS)


def _zones(
    file: Path | None,
    key: str | None,
    province: str | None,
    group: str | None,
    boundaries: str | None,
    *,
    lang: Lang,
) -> tuple[gpd.GeoDataFrame, str | None, dict[str, Any]]:
    """Give the zones, the system that a province is measured in, and whose outlines they are."""
    loaded = None if province is None else load(province, boundaries)
    system = None if loaded is None else loaded.resolution.crs
    if file is None and loaded is not None:
        frame = loaded.zones if group is None else loaded.zones[loaded.zones["group"] == group]
        if frame.empty:
            typer.echo(f"{province} has no zones of group {group}", err=True)
            raise typer.Exit(1)
        source = loaded.boundary_source
        basis = {
            "province": province,
            "boundary_source": source.key,
            "boundary_accuracy": getattr(source, f"accuracy_{lang}"),
        }
        named = frame[["group", f"name_{lang}", "geometry"]].rename(
            columns={f"name_{lang}": "name"}
        )
        return gpd.GeoDataFrame(named), system, basis
    assert file is not None  # noqa: S101 (one of the two is there)
    with _told():
        return read_zones(file, key), system, {"zones_file": file.name}


def _check_address(url: str, table: str | None) -> None:
    """Refuse what isn't the address of a database, in words that don't quote it."""
    if find_spec("psycopg"):
        from psycopg import ProgrammingError  # noqa: PLC0415 (an extra)
        from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

        start, _, rest = url.partition("://")
        # Else a part of the password would be taken for the host, and shown when it isn't found.
        split = bool(rest) and "=" not in start and "@" in re.sub(r"^[^/?@]*@", "", rest)
        try:
            conninfo_to_dict(url)
        except ProgrammingError:
            split = True
        if split:
            message = (
                "expected postgresql://user:password@host:5432/database, "
                "in the password %40 for @, %2F for /, %3F for ?, %25 for %"
            )
            raise typer.BadParameter(message, param_hint="--plots")
    if table is None:
        message = "goes with --engine postgis"
        raise typer.BadParameter(message, param_hint="--table")


def _opened(plots: str, table: str | None) -> PlotLayer:
    layer = open_plots(Path(plots), layer=table)
    if table is not None and layer.layer is None:
        message = f"--table: {layer.format} has no layers, found {table!r}"
        raise ValueError(message)
    return layer


def _in_threads(
    layer: PlotLayer,
    areal: gpd.GeoDataFrame,
    measured: CRS,
    *,
    by: list[str],
    weight: str | None,
    workers: int,
    problems: Path | None,
    **reading: Any,  # noqa: ANN401 (as `read_chunks` has them)
) -> Account:
    columns = [*by, *([weight] if weight else [])]
    with progress_shown(layer.rows) as progress:
        return account_for(
            read_chunks(layer, columns=columns, **reading),
            index_zones(areal, measured),
            by=by, weight=weight, workers=workers, problems=problems, progress=progress,
        )  # fmt: skip


def _on_cluster(
    layer: PlotLayer,
    areal: gpd.GeoDataFrame,
    measured: CRS,
    address: str | None,
    options: dict[str, Any],
) -> Account:
    from geo.plot_cluster import account_on_cluster  # noqa: PLC0415

    with progress_shown(layer.rows) as progress:
        return account_on_cluster(
            layer, areal, measured.to_wkt(), address=address, progress=progress, **options
        )


def _on_server(  # noqa: PLR0917
    url: str,
    table: str,
    areal: gpd.GeoDataFrame,
    crs: str | None,
    system: str | None,
    options: dict[str, Any],
    *,
    outside: bool,
) -> tuple[Account, CRS]:
    from geo.plot_server import account_on_server, open_table, table_bounds  # noqa: PLC0415

    plots = open_table(url, table)
    try:
        measured = measuring_system(plots.crs, areal, chosen=crs, fallback=system)
        if outside:
            warn_of_far_plots(table_bounds(plots), plots.crs, measured)
        index = index_zones(areal, measured)
        with progress_shown(None if options["where"] else _estimated(plots)) as progress:
            return account_on_server(plots, index, progress=progress, **options), measured
    finally:
        plots.connection.close()


def _estimated(plots: "PlotTable") -> int | None:
    """Give about how many plots a table has; None where the server hasn't counted."""
    statement = "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass"
    count = int(plots.connection.execute(statement, (plots.name,)).fetchall()[0][0])
    return count if count > 0 else None
