"""The account in DuckDB, SedonaDB and PostGIS: the plain query, and the best that was found.

*natural* joins plots with whole zones and cuts every pair. *pieces* joins bounds of plots with
bounds of small pieces of the zones and cuts only what a piece doesn't cover. *grid* does to the
same end what this program does: plots in squares that are clear of zone lines are only added up
(:class:`tests.benchmarks.prepared_zones.Cells`), the others go to the pieces. Plots and zones
are tables with the database's own geometry before the clock starts, and PostGIS has its index on
the plots.

Of the last two there are two ways. For *sums* of the zones alone pieces and squares are tables
too before the clock starts. The *whole* account is what ours is: from the zones as they come, so
that pieces and squares are made and sent inside the clock, with the land outside of the zones and
the number of invalid plots, which are looked for in one more query, so that the sums needn't be.

Tried and slower: pieces of 32 to 1,000 vertices other than those here; `ST_Intersects` on pieces
where a join on bounds exists; cutting without covering first; covering in a join of its own;
squares of 200 to 800 m; an anti-join in the place of the outer one; SedonaDB with GEOS in the
place of tg; in PostGIS the grid (five times slower), `LATERAL` and pieces as the outer side. In
DuckDB a condition on bounds beside the equal squares makes a nested loop of the join, minutes
long: it is in the squares' own column here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import pandas as pd
import shapely

from geo.overlay import OUTSIDE
from tests.benchmarks.generated_plots import CRS
from tests.benchmarks.prepared_zones import Cells, clear_cells, pieces

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.benchmarks.contenders import Hectares, Task

Form = Literal["natural", "pieces", "grid"]

MARGIN_M, MARGINS = 100.0, 4
# Best of 32, 64, 128, 256, 1,000.
DUCKDB_VERTICES, SEDONADB_VERTICES, POSTGIS_VERTICES = 64, 128, 256
SRID = int(CRS.removeprefix("EPSG:"))

NATURAL = """
    SELECT z.zone_key, sum(ST_Area(ST_Intersection(p.geom, z.geom))) / 10000 AS ha
    FROM plots p JOIN zones z ON ST_Intersects(p.geom, z.geom) GROUP BY z.zone_key"""
_LAND = """CASE WHEN ST_Covers(z.geom, p.geom) THEN ST_Area(p.geom)
        ELSE ST_Area(ST_Intersection(p.geom, z.geom)) END"""
_PIECES = """
    SELECT z.zone_key, sum({land}) / 10000 AS ha
    FROM plots p JOIN pieces z ON {near} GROUP BY z.zone_key"""
_GRID = """
    WITH p AS (
        SELECT geom, CASE WHEN ST_XMax(geom) - ST_XMin(geom) <= {margin}
            AND ST_YMax(geom) - ST_YMin(geom) <= {margin}
            THEN CAST(floor((ST_XMin(geom) - {west}) / {side}) AS int) END AS x,
            CAST(floor((ST_YMin(geom) - {south}) / {side}) AS int) AS y
        FROM plots),
    placed AS {kept} (
        SELECT p.geom, cells.zone_key FROM p
        LEFT JOIN cells ON p.x = cells.x AND p.y = cells.y),
    parts AS (
        SELECT zone_key, sum(ST_Area(geom)) AS land
        FROM placed WHERE zone_key IS NOT NULL GROUP BY zone_key
        UNION ALL
        SELECT z.zone_key, sum({land}) AS land
        FROM (SELECT geom FROM placed WHERE zone_key IS NULL) p JOIN pieces z ON {near}
        GROUP BY z.zone_key)
    SELECT zone_key, sum(land) / 10000 AS ha FROM parts GROUP BY zone_key"""


def query(form: Form, *, near: str, kept: str = "", cells: Cells | None = None) -> str:
    """Write the query.

    Parameters
    ----------
    near
        Condition that pairs a plot `p.geom` with a piece `z.geom` by it.
    kept
        What has the database keep the plots with their squares.
    cells
        For the grid.
    """
    if form == "natural":
        return NATURAL
    if form == "pieces":
        return _PIECES.format(land=_LAND, near=near)
    assert cells is not None
    place = {"west": cells.west, "south": cells.south, "side": cells.side, "margin": cells.margin}
    return _GRID.format(land=_LAND, near=near, kept=kept, **place)


CHECKED = """
    SELECT sum(ST_Area(geom)) / 10000 AS ha,
        sum(CASE WHEN ST_IsValid(geom) THEN 0 ELSE 1 END) AS invalid
    FROM plots"""


def _wkb(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    table = pd.DataFrame({"wkb": shapely.to_wkb(frame.geometry.to_numpy())})
    return table.assign(zone_key=frame.index.astype(str)) if frame.index.name else table


def _account(
    ready: Callable[[], str], ask: Callable[[str], list[tuple[Any, Any]]], *, whole: bool
) -> Callable[[], Hectares]:
    """Give what is measured.

    Parameters
    ----------
    ready
        Makes the zones ready, and gives the query.
    ask
        Asks the database.
    """
    if not whole:
        text = ready()
        return lambda: dict(ask(text))

    def run() -> Hectares:
        found = dict(ask(ready()))
        ((land, invalid),) = ask(CHECKED)
        if invalid:
            message = f"expected plots that needn't be repaired, found {invalid}"
            raise ValueError(message)
        return {**found, OUTSIDE: land - sum(found.values())}

    return run


def _tables(
    zones: gpd.GeoDataFrame, form: Form, vertices: int
) -> tuple[dict[str, pd.DataFrame], Cells | None]:
    """Make the tables that a form needs beside the plots."""
    if form == "natural":
        return {"zones": _wkb(zones)}, None
    tables = {"pieces": pieces(zones, vertices)}
    if form == "pieces":
        return tables, None
    cells = clear_cells(zones, margin=MARGIN_M, margins=MARGINS)
    return tables | {"cells": cells.table}, cells


def duckdb(task: Task, form: Form, *, whole: bool = False) -> Callable[[], Hectares]:
    import duckdb as engine  # noqa: PLC0415 (of the benchmark alone)
    import duckdb_extension_spatial as carried  # noqa: PLC0415

    database = task.stack.enter_context(engine.connect())
    (extension,) = Path(carried.__file__).parent.rglob("spatial.duckdb_extension")
    database.load_extension(str(extension))
    zones = gpd.read_parquet(task.zones)

    def put(tables: dict[str, pd.DataFrame]) -> None:
        for name, table in tables.items():
            database.register("given", table)
            columns = "* EXCLUDE (wkb), ST_GeomFromWKB(wkb) AS geom" if "wkb" in table else "*"
            database.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT {columns} FROM given")  # noqa: S608
            database.unregister("given")

    def ready() -> str:
        tables, cells = _tables(zones, form, DUCKDB_VERTICES)
        put(tables)
        near = "ST_Intersects_Extent(z.geom, p.geom)"
        return query(form, near=near, kept="MATERIALIZED", cells=cells)

    put({"plots": _wkb(gpd.read_parquet(task.plots))})
    return _account(ready, lambda text: database.execute(text).fetchall(), whole=whole)


def sedonadb(task: Task, form: Form, *, whole: bool = False) -> Callable[[], Hectares]:
    import sedona.db  # noqa: PLC0415 (of the benchmark alone)

    database = sedona.db.connect()
    zones = gpd.read_parquet(task.zones)

    def put(tables: dict[str, pd.DataFrame]) -> None:
        for name, table in tables.items():
            given = database.create_data_frame(table)
            if "wkb" in table:
                given.to_view("given", overwrite=True)
                columns = "zone_key, " if "zone_key" in table else ""
                given = database.sql(f"SELECT {columns}ST_GeomFromWKB(wkb) AS geom FROM given")  # noqa: S608
            given.to_memtable().to_view(name, overwrite=True)

    def ready() -> str:
        tables, cells = _tables(zones, form, SEDONADB_VERTICES)
        put(tables)
        return query(form, near="ST_Intersects(z.geom, p.geom)", cells=cells)

    def ask(text: str) -> list[tuple[Any, Any]]:
        rows = database.sql(text).to_pandas()
        return list(rows.itertuples(index=False, name=None))

    put({"plots": _wkb(gpd.read_parquet(task.plots))})
    return _account(ready, ask, whole=whole)


def url(task: Task) -> str:
    """Give the URL of the server's database, which must be there."""
    if task.database is None:
        message = "PostgreSQL with PostGIS isn't here"
        raise LookupError(message)
    return task.database


def postgis_tables(task: Task) -> None:
    """Load plots and zones into the database, once for all that use it."""
    import psycopg  # noqa: PLC0415 (an extra)

    with psycopg.connect(url(task), autocommit=True) as database:
        if database.execute("SELECT to_regclass('zones')").fetchall() != [(None,)]:
            return
        for name, path in (("plots", task.plots), ("zones", task.zones)):
            frame = gpd.read_parquet(path)
            shapes = shapely.to_wkb(
                shapely.set_srid(frame.geometry.to_numpy(), SRID), hex=True, include_srid=True
            )
            keys = frame.index.astype(str) if frame.index.name else [None] * len(frame)
            database.execute(
                f"CREATE TABLE {name} (zone_key text, geom geometry(Geometry, {SRID}))".encode()
            )
            with database.cursor().copy(f"COPY {name} FROM STDIN".encode()) as copy:
                for row in zip(keys, shapes, strict=True):
                    copy.write_row(row)
            database.execute(f"CREATE INDEX ON {name} USING gist (geom)".encode())
            database.execute(f"VACUUM ANALYZE {name}".encode())


def postgis(task: Task, form: Form, *, whole: bool = False) -> Callable[[], Hectares]:
    import psycopg  # noqa: PLC0415 (an extra)

    postgis_tables(task)
    database: Any = task.stack.enter_context(psycopg.connect(url(task), autocommit=True))
    # Every core, whatever the planner thinks of its price.
    for setting in ("parallel_setup_cost", "parallel_tuple_cost", "min_parallel_table_scan_size"):
        database.execute(f"SET {setting} = 0")
    database.execute("SET jit = off")

    def ready() -> str:
        if form == "pieces":
            # Not temporary ones, which parallel workers can't read.
            database.execute("DROP TABLE IF EXISTS pieces")
            database.execute(
                "CREATE UNLOGGED TABLE pieces AS "  # noqa: S608
                f"SELECT zone_key, ST_Subdivide(geom, {POSTGIS_VERTICES}) AS geom FROM zones"
            )
            database.execute("CREATE INDEX ON pieces USING gist (geom)")
            database.execute("ANALYZE pieces")
        return query(form, near="z.geom && p.geom")

    return _account(ready, lambda text: database.execute(text).fetchall(), whole=whole)
