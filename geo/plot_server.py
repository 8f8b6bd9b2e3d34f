"""The account of a table of plots in PostGIS, worked out by the server: only sums come back.

The zones are sent into a temporary table and subdivided there. Each plot is checked, repaired
where it is invalid, and covered or cut by the pieces by it, as :func:`geo.overlay.split` does;
sums are taken apart as :mod:`geo.tally` does, so that they don't depend on the server's plan.
All of it is one transaction that is rolled back: nothing is left behind, and the user needs no
right but to read the table and to make temporary ones. Only where plots are to be transformed
must the server know the system to measure in: many lack VN-2000's zones, and what to do then is
said. Packages: requirements-postgis.txt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from data._errors import DataError, Finding
from data._plot_filter import check_columns, parse_filter, sql
from geo._pieces import PIECE_VERTICES
from geo.overlay import ROUNDING_ULPS
from geo.plot_account import PLACE, PROBLEM_COLUMNS, Account, Sums, gathered
from geo.tally import COARSE, COARSE_BITS, COUNT, FINE, FINE_BITS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from psycopg import Connection

    from geo.overlay import ZoneIndex

_TYPES = {
    "smallint": pa.int64(), "integer": pa.int64(), "bigint": pa.int64(),
    "real": pa.float64(), "double precision": pa.float64(), "numeric": pa.float64(),
    "text": pa.string(), "character varying": pa.string(), "character": pa.string(),
    "date": pa.date32(), "boolean": pa.bool_(),
}  # fmt: skip


class PlotTable:
    """A table of plots on a server, opened by :func:`open_table`; close its connection after."""

    def __init__(
        self, connection: Connection[Any], name: str, geometry: str, crs: CRS, types: dict[str, Any]
    ) -> None:
        self.connection = connection
        self.name = name
        self.geometry = geometry
        self.crs = crs
        self.types = types


def open_table(url: str, table: str) -> PlotTable:
    """Connect and find the table.

    Parameters
    ----------
    url
        postgresql://user:password@host:5432/database
    table
        Its name, with its schema before a dot if it isn't `public`.

    Raises
    ------
    DataError
        There is no such table with one geometry column in a known system.
    psycopg.Error
        The server can't be reached or refuses.
    """
    import psycopg  # noqa: PLC0415 (an extra)

    schema, _, name = table.rpartition(".")
    schema = schema or "public"
    connection = psycopg.connect(url, connect_timeout=10)
    try:
        found = connection.execute(
            "SELECT f_geometry_column, srid, auth_name, auth_srid, srtext FROM geometry_columns "
            "LEFT JOIN spatial_ref_sys USING (srid) "
            "WHERE f_table_schema = %s AND f_table_name = %s",
            (schema, name),
        ).fetchall()
        columns = connection.execute(
            "SELECT column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = %s AND table_name = %s",
            (schema, name),
        ).fetchall()
    except BaseException:
        connection.close()
        raise
    crs = _system(*found[0][1:]) if len(found) == 1 else None
    if crs is None:
        connection.close()
        here = "; ".join(f"{column} in system {srid}" for column, srid, *_ in found) or "none"
        expected = "a table with one geometry column in a known system"
        raise DataError([Finding(table, "", "geometry", here, expected)])
    geometry = found[0][0]
    types = {column: _TYPES.get(kind, pa.null()) for column, kind in columns if column != geometry}
    return PlotTable(connection, f"{_quoted(schema)}.{_quoted(name)}", geometry, crs, types)


def _system(srid: int, authority: str | None, code: int | None, text: str | None) -> CRS | None:
    """Give what a server means by a number, which without a row of its own is EPSG's."""
    try:
        if authority == "EPSG" or (text is None and srid):
            return CRS.from_epsg(code or srid)
        return CRS.from_user_input(text) if text else None
    except CRSError:
        return None


def account_on_server(
    plots: PlotTable,
    index: ZoneIndex,
    *,
    by: Sequence[str] = (),
    weight: str | None = None,
    where: str | None = None,
    label: str | None = None,
    problems: Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> Account:
    """Account for the plots of a table by zone.

    Parameters
    ----------
    plots
        From :func:`open_table`.
    index
        Plots in another system are transformed by the server.
    where
        As in :func:`data._plot_filter.parse_filter`.
    label
        Column that names plots in the list of problems; their place on disk where None.
    by, weight, problems, progress
        As in :func:`geo.plot_account.account`, the result too.

    Raises
    ------
    DataError, ValueError, ConservationError
        As the functions named do; the server doesn't know the system to measure in.
    psycopg.Error
        The server refuses.
    """
    needed = [*by, *([weight] if weight else []), *([label] if label else [])]
    check_columns(needed, plots.types, file=plots.name)
    terms = parse_filter(where, plots.types, file=plots.name) if where else ()
    connection = plots.connection
    try:
        if plots.crs != index.crs:
            _check_system(connection, _number(index.crs), index.crs)
        connection.execute("SET LOCAL jit = off")  # takes longer than it saves
        _send(connection, index)
        statements = _Statements(plots, index, by, weight, label, sql(terms))
        connection.execute(statements.split)
        connection.execute(statements.parts)
        found = _fetched(connection, statements, by)
    finally:
        connection.rollback()
    if progress:
        progress(int(found.whole[COUNT].sum()))
    return gathered([found], index, by=by, weight=weight, problems=problems)


def _number(crs: CRS) -> int:
    srid = crs.to_epsg()
    if srid is None:
        msg = f"a server transforms to systems with an EPSG code only, found {crs.to_string()}"
        raise ValueError(msg)
    return int(srid)


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _check_system(connection: Connection[Any], srid: int, crs: CRS) -> None:
    """See that the server can transform to a system, for the time of the transaction if need be.

    Naming systems in the call instead needs no row, but takes the server 20 ms a plot.
    """
    known = "SELECT FROM spatial_ref_sys WHERE srid = %s"
    if connection.execute(known, (srid,)).fetchall():
        return
    text = crs.to_wkt("WKT1_GDAL").replace("'", "''")
    row = (
        "INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext) "  # noqa: S608
        f"VALUES ({srid}, 'EPSG', {srid}, '{text}')"
    )
    allowed = "SELECT has_table_privilege('spatial_ref_sys', 'INSERT')"
    if not connection.execute(allowed).fetchall()[0][0]:
        expected = f"a row that the server's administrator adds once: {row};"
        found = f"no {crs.to_string()}, and no right to add it"
        raise DataError([Finding("spatial_ref_sys", "", "srid", found, expected)])
    connection.execute(row.encode())


def _send(connection: Connection[Any], index: ZoneIndex) -> None:
    connection.execute("CREATE TEMP TABLE account_whole (zone int, geom geometry) ON COMMIT DROP")
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY account_whole (zone, geom) FROM STDIN") as copy,
    ):
        for zone, shape in enumerate(shapely.to_wkb(index.shapes, hex=True)):
            copy.write_row((zone, shape))
    connection.execute(
        "CREATE TEMP TABLE account_piece ON COMMIT DROP AS "  # noqa: S608
        f"SELECT zone, ST_Subdivide(geom, {PIECE_VERTICES}) AS geom FROM account_whole"
    )
    connection.execute("CREATE INDEX ON account_piece USING gist (geom)")
    connection.execute("ANALYZE account_piece")
    connection.execute("CREATE TEMP TABLE account_rest (grp int, zone int) ON COMMIT DROP")
    connection.execute("CREATE TEMP TABLE account_zone (grp int, zone int) ON COMMIT DROP")
    groups = list(index.rests)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO account_rest VALUES (%s, %s)",
            [(n, zone) for n, group in enumerate(groups) for zone in index.rests[group]],
        )
        cursor.executemany(
            "INSERT INTO account_zone VALUES (%s, %s)",
            [(groups.index(group), zone) for zone, group in enumerate(index.groups)],
        )


def _taken_apart(value: str) -> str:
    whole = f"floor({value} * {2**COARSE_BITS}.0::float8)"
    fine = f"round(({value} * {2**COARSE_BITS}.0::float8 - {whole}) * {2**FINE_BITS}.0::float8)"
    return f"coalesce(sum({whole}::int8), 0), coalesce(sum({fine}::int8), 0)"


class _Statements:
    def __init__(  # noqa: PLR0917
        self,
        plots: PlotTable,
        index: ZoneIndex,
        by: Sequence[str],
        weight: str | None,
        label: str | None,
        where: str,
    ) -> None:
        raw = f"plots.{_quoted(plots.geometry)}"
        if plots.crs != index.crs:
            raw = f"ST_Transform({raw}, {_number(index.crs)})"
        columns = "".join(f", by{n}" for n in range(len(by)))
        given = "".join(f", plots.{_quoted(name)}::text AS by{n}" for n, name in enumerate(by))
        quantity = f"plots.{_quoted(weight)}::float8" if weight else "NULL::float8"
        named = f"plots.{_quoted(label)}::text" if label else "plots.ctid::text"
        finite = " AND ".join(
            f"abs(ST_{side}(raw)) < 'Infinity'" for side in ("XMin", "XMax", "YMin", "YMax")
        )
        largest = ", ".join(f"abs(ST_{side}(geom))" for side in ("XMin", "XMax", "YMin", "YMax"))
        last_place = f"power(2.0::float8, floor(ln(greatest({largest}, 1)) / ln(2.0::float8)) - 52)"
        # OFFSET 0 keeps the planner from working things out twice. In the order of geometry (a
        # Hilbert curve) plots by the same piece follow each other, and it stays prepared.
        self.split = f"""
            CREATE TEMP TABLE account_plot ON COMMIT DROP AS
            SELECT plot, label{columns}, weight, problem, reason, area, least, zones, lands FROM (
                SELECT *, ST_Area(geom) AS area,
                    (ST_XMax(geom) - ST_XMin(geom) + ST_YMax(geom) - ST_YMin(geom))
                    * {ROUNDING_ULPS} * {last_place} AS least
                FROM (
                    SELECT *, CASE problem
                        WHEN '' THEN raw
                        WHEN 'repaired' THEN made END AS geom,
                        CASE WHEN problem IN ('repaired', 'no_area') THEN ST_IsValidReason(raw)
                            ELSE '' END AS reason
                    FROM (
                        SELECT *, CASE WHEN wrong = 'repaired' AND ST_IsEmpty(made)
                            THEN 'no_area' ELSE wrong END AS problem
                        FROM (
                            SELECT *, CASE wrong WHEN 'repaired' THEN ST_CollectionExtract(
                                ST_MakeValid(raw, 'method=structure keepcollapsed=false'), 3)
                                END AS made
                            FROM (
                                SELECT *, CASE
                                    WHEN raw IS NULL THEN 'missing'
                                    WHEN ST_IsEmpty(raw) THEN 'empty'
                                    WHEN GeometryType(raw) NOT IN ('POLYGON', 'MULTIPOLYGON')
                                        THEN 'not_a_polygon'
                                    WHEN NOT ({finite}) THEN 'not_finite'
                                    WHEN ST_IsValid(raw) THEN ''
                                    WHEN ST_AsText(raw) ~* 'nan|inf' THEN 'not_finite'
                                    ELSE 'repaired' END AS wrong
                                FROM (
                                    SELECT row_number() OVER () AS plot,
                                        {named} AS label{given}, {quantity} AS weight,
                                        ST_SetSRID(ST_Force2D({raw}), 0) AS raw
                                    FROM {plots.name} AS plots {"WHERE " + where if where else ""}
                                    ORDER BY raw) AS given
                                OFFSET 0) AS checked
                            OFFSET 0) AS mended
                        OFFSET 0) AS told
                    OFFSET 0) AS sound
                OFFSET 0) AS measured
            LEFT JOIN LATERAL (
                SELECT array_agg(zone) AS zones, array_agg(land) AS lands FROM (
                    SELECT zone, sum(CASE
                        WHEN ST_Covers(piece.geom, measured.geom) THEN measured.area
                        WHEN ST_Intersects(piece.geom, measured.geom)
                            THEN ST_Area(ST_Intersection(piece.geom, measured.geom))
                        ELSE 0 END) AS land
                    FROM account_piece AS piece
                    WHERE piece.geom && measured.geom
                    GROUP BY zone) AS cut
                WHERE land > least) AS near ON true"""  # noqa: S608
        zones = len(index.keys)
        self.parts = f"""
            CREATE TEMP TABLE account_part ON COMMIT DROP AS
            SELECT *,
                row_number() OVER (PARTITION BY plot, grp ORDER BY land DESC, zone) = 1 AS most
            FROM (
                SELECT plot{columns}, weight, area, grp, zone, land
                FROM account_plot, unnest(zones, lands) AS u (zone, land)
                JOIN account_zone USING (zone)
                UNION ALL
                SELECT plot{columns}, weight, area, grp, {zones} + grp, outside
                FROM account_plot,
                    (SELECT DISTINCT grp FROM account_zone) AS groups,
                    LATERAL (
                        SELECT area - coalesce(sum(u.land), 0) AS outside
                        FROM unnest(zones, lands) AS u (zone, land)
                        JOIN account_rest AS rest
                        ON rest.zone = u.zone AND rest.grp = groups.grp) AS rest
                WHERE outside > least
            ) AS part"""  # noqa: S608
        apart = [n for n, rest in enumerate(index.rests.values()) if max(rest) < zones]
        self.land = f"""
            SELECT zone{columns}, {_taken_apart("land")}, count(*), count(*) FILTER (WHERE most),
                {_taken_apart("land * weight / area")}, count(weight)
            FROM account_part GROUP BY zone{columns}"""  # noqa: S608
        self.whole = f"""
            SELECT -1{columns}, {_taken_apart("area")}, count(*),
                count(*) FILTER (WHERE weight IS NULL)
            FROM account_plot WHERE area IS NOT NULL
            GROUP BY 1{columns}"""  # noqa: S608
        self.problems = "SELECT label, problem, reason FROM account_plot WHERE problem <> ''"
        self.wrong = """
            SELECT min(weight) FROM account_plot
            WHERE weight < 0 OR weight IN ('NaN', 'Infinity')"""
        self.difference = f"""
            SELECT coalesce(sum(abs(made - area)), 0) FROM (
                SELECT sum(land) AS made, min(area) AS area FROM account_part
                WHERE grp = ANY (ARRAY[{", ".join(map(str, apart))}]::int[])
                GROUP BY plot, grp) AS plot"""  # noqa: S608
        self.file = plots.name.replace('"', "")
        self.weight = weight


def _fetched(connection: Connection[Any], statements: _Statements, by: Sequence[str]) -> Sums:
    def rows(statement: str) -> list[tuple[Any, ...]]:
        return connection.execute(statement).fetchall()

    if statements.weight and (wrong := rows(statements.wrong)[0][0]) is not None:
        msg = f"expected {statements.weight} from 0 on, found {wrong}"
        raise ValueError(msg)
    keys = 1 + len(by)
    land, whole = rows(statements.land), rows(statements.whole)

    def tallied(found: list[tuple[Any, ...]], first: int, count: int) -> pd.DataFrame:
        named = pd.MultiIndex.from_tuples([row[:keys] for row in found], names=[PLACE, *by])
        if not by:
            named = pd.Index([row[0] for row in found], name=PLACE)
        numbers = [[int(row[first]), int(row[first + 1]), int(row[count])] for row in found]
        return pd.DataFrame(numbers, columns=[COARSE, FINE, COUNT], index=named, dtype="int64")

    problems = pd.DataFrame(rows(statements.problems), columns=PROBLEM_COLUMNS[1:])
    return Sums(
        land=tallied(land, keys, keys + 2),
        most=tallied([row for row in land if row[keys + 3]], keys, keys + 3),
        weighted=tallied([row for row in land if row[keys + 6]], keys + 4, keys + 6),
        whole=tallied(whole, keys, keys + 2),
        difference_m2=float(rows(statements.difference)[0][0]),
        unweighted=sum(int(row[keys + 3]) for row in whole) if statements.weight else 0,
        problems=problems.assign(file=statements.file)[PROBLEM_COLUMNS],
    )
