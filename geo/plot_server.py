"""The account of a table of plots in PostGIS, worked out by the server: only sums come back.

The pieces of the zones and the grid over them are sent along. The server checks each plot,
repairs it where it is invalid, and does with it as :func:`geo.overlay.split` does: what is clear
of zone lines is only added up, the rest is cut by the pieces by it. Sums are taken apart as
:mod:`geo.tally` does, so that they don't depend on the server's plan. Several connections share
the table's pages between them (:mod:`geo._server_parts`). Their transactions are rolled back:
nothing is left behind, and the user needs no right but to read the table and to make temporary
ones. Only where plots are to be transformed must the server know the system to measure in: many
lack VN-2000's zones, and what to do then is said. Packages: requirements-postgis.txt.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from data._errors import DataError, Finding
from data._plot_filter import check_columns, parse_filter, sql
from geo._server_parts import connect, parts_of, processes, work_off
from geo._server_sql import Statements, quoted, statements
from geo.chunk_sums import (
    ALL_LAND,
    PLACE,
    PROBLEM_COLUMNS,
    SUMMED,
    WEIGHT_EXPECTED,
    Sums,
    as_text,
    check_names,
    numbered,
)
from geo.plot_account import Account, gathered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt
    from psycopg import Connection

    from data.plot_files import Bounds
    from geo._server_parts import Part
    from geo.overlay import ZoneIndex

_TYPES = {
    "smallint": pa.int64(), "integer": pa.int64(), "bigint": pa.int64(),
    "real": pa.float64(), "double precision": pa.float64(), "numeric": pa.float64(),
    "text": pa.string(), "character varying": pa.string(), "character": pa.string(),
    "date": pa.date32(), "boolean": pa.bool_(),
    # A server keeps no time zone of its own with a moment.
    "timestamp without time zone": pa.timestamp("us"),
    "timestamp with time zone": pa.timestamp("us", "UTC"),
}  # fmt: skip


class PlotTable:
    """A table of plots on a server, opened by :func:`open_table`; close its connection after."""

    def __init__(  # noqa: PLR0917
        self,
        connection: Connection[Any],
        url: str,
        name: str,
        geometry: str,
        crs: CRS,
        types: dict[str, Any],
    ) -> None:
        self.connection = connection
        self.url = url
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
    schema, _, name = table.rpartition(".")
    schema = schema or "public"
    connection = connect(url)
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
    name = f"{quoted(schema)}.{quoted(name)}"
    return PlotTable(connection, url, name, geometry, crs, types)


def _system(srid: int, authority: str | None, code: int | None, text: str | None) -> CRS | None:
    """Give what a server means by a number, which without a row of its own is EPSG's."""
    try:
        if authority == "EPSG" or (text is None and srid):
            return CRS.from_epsg(code or srid)
        return CRS.from_user_input(text) if text else None
    except CRSError:
        return None


def table_bounds(plots: PlotTable) -> Bounds | None:
    """Give the bounds of a table in its own system; None where it has no plots.

    Every plot's box is read, of which a server's estimate may leave some out.
    """
    sides = ", ".join(f"ST_{side}(whole)" for side in ("XMin", "YMin", "XMax", "YMax"))
    statement = (
        f"SELECT {sides} FROM (SELECT ST_Extent({quoted(plots.geometry)}) AS whole "  # noqa: S608
        f"FROM {plots.name}) AS extent"
    )
    west, south, east, north = plots.connection.execute(statement.encode()).fetchall()[0]
    return None if west is None else (west, south, east, north)


def account_on_server(
    plots: PlotTable,
    index: ZoneIndex,
    *,
    by: Sequence[str] = (),
    weight: str | None = None,
    where: str | None = None,
    label: str | None = None,
    workers: int | None = None,
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
        Column that names plots in the list of problems; where None their place on disk (of a
        partition, in that), and in a view nothing.
    workers
        Connections to work with at most; as many processes as the server gives a single query
        where None. The result doesn't depend on it.
    by, weight, problems, progress
        As in :func:`geo.plot_account.account`, the result too.

    Raises
    ------
    DataError, ValueError, ConservationError
        As the functions named do; the server doesn't know the system to measure in.
    psycopg.Error
        The server refuses.
    """
    check_names(by, weight)
    needed = [*by, *([weight] if weight else []), *([label] if label else [])]
    check_columns(needed, plots.types, file=plots.name)
    terms = parse_filter(where, plots.types, file=plots.name) if where else ()
    connection = plots.connection
    connection.rollback()
    try:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        shape = f"plots.{quoted(plots.geometry)}"
        if plots.crs != index.crs:
            srid = _number(index.crs)
            shape = f"ST_Transform({shape}, {srid})"
            if _add_system(connection, srid, index.crs):
                workers = 1  # for nobody else sees it
        parts = parts_of(connection, plots.name)
        texts = [_text(plots, name) for name in by]
        named = f"plots.{quoted(label)}" if label else _place(plots)
        sent = statements(
            plots.name, shape, index, texts, weight, named, sql(terms), whole=parts == [()]
        )
        found = work_off(
            connection,
            plots.url,
            parts,
            workers or processes(connection),
            ready=lambda one: _send(one, sent, index),
            work=partial(
                _sums,
                sent=sent,
                places=_places(index),
                plots=plots,
                by=by,
                weight=weight,
            ),
            told=lambda sums: progress(sums.plots) if progress else None,
        )
    finally:
        connection.rollback()
    return gathered(found, index, by=by, weight=weight, problems=problems)


def _place(plots: PlotTable) -> str:
    """Give what says where on disk a plot is, which in a view nothing does."""
    kind = "SELECT relkind = 'v' FROM pg_class WHERE oid = %s::regclass"
    view = plots.connection.execute(kind, (plots.name,)).fetchall()[0][0]
    return "''::text" if view else "plots.ctid"


def _text(plots: PlotTable, name: str) -> str:
    """Give what says a column as text; of floats zero has no sign, as in `as_text`."""
    column = f"plots.{quoted(name)}"
    return f"({column} + 0)::text" if plots.types[name] == pa.float64() else f"{column}::text"


def _number(crs: CRS) -> int:
    srid = crs.to_epsg()
    if srid is None:
        msg = f"a server transforms to systems with an EPSG code only, found {crs.to_string()}"
        raise ValueError(msg)
    return int(srid)


def _add_system(connection: Connection[Any], srid: int, crs: CRS) -> bool:
    """Add a system for the time of the transaction if the server can't transform to it.

    Naming systems in the call instead needs no row, but takes the server 20 ms a plot.
    """
    known = "SELECT FROM spatial_ref_sys WHERE srid = %s"
    if connection.execute(known, (srid,)).fetchall():
        return False
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
    return True


def _array(numbers: npt.NDArray[np.int32]) -> str:
    """Write an array as text, which a server reads quickly."""
    return f"{{{','.join(map(str, numbers.ravel().tolist()))}}}"


def _places(index: ZoneIndex) -> list[list[tuple[int, bool]]]:
    """Give for each kind of cell the places that land there is in.

    With each whether it comes first in its group: of a plot all of whose land is in several
    zones, most is in the first.
    """
    zones, grid = len(index.keys), index.grid
    places: list[list[tuple[int, bool]]] = []
    for begin, end in pairwise(grid.begins.tolist()):
        members = grid.members[begin:end].tolist()
        places.append([])
        for number, group in enumerate(index.rests):
            own = [zone for zone in members if zone < zones and index.groups[zone] == group]
            own = own or [zones + number]  # outside
            places[-1] += [(place, place == own[0]) for place in own]
    return places


def _send(connection: Connection[Any], sent: Statements, index: ZoneIndex) -> None:
    """Make a transaction ready."""
    connection.execute("SET LOCAL jit = off")  # takes longer than it saves
    connection.execute("SET LOCAL client_min_messages = warning")  # or it tells what isn't valid
    connection.execute(sent.tables)
    groups = list(index.rests)
    members = [(groups.index(group), zone) for zone, group in enumerate(index.groups)]
    rests = [(n, zone) for n, rest in enumerate(index.rests.values()) for zone in rest]
    pieces = zip(index.piece_zone.tolist(), shapely.to_wkb(index.pieces, hex=True), strict=True)
    with connection.cursor() as cursor:
        for table, rows in (("piece", pieces), ("zone", members), ("rest", rests)):
            with cursor.copy(f"COPY account_{table} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
    grid = _array(index.grid.marks), _array(index.grid.kinds)
    connection.execute("INSERT INTO account_grid VALUES (%s, %s)", grid)
    connection.execute("CREATE INDEX ON account_piece USING gist (geom)")
    connection.execute("ANALYZE account_piece")


def _sums(
    connection: Connection[Any],
    part: Part,
    *,
    sent: Statements,
    places: Sequence[Sequence[tuple[int, bool]]],
    plots: PlotTable,
    by: Sequence[str],
    weight: str | None,
) -> Sums:
    """Split the plots of a part, and sum up."""
    from psycopg import RawCursor  # noqa: PLC0415 (an extra)

    def rows(statement: str) -> list[tuple[Any, ...]]:
        return connection.execute(statement).fetchall()

    name = plots.name.replace('"', "")
    clear = RawCursor(connection).execute(sent.clear, part).fetchall()
    connection.execute(sent.cut)
    connection.execute(sent.parts)
    wrong = [row[-1] for row in (*clear, *rows(sent.wrong)) if row[-1] is not None]
    if weight and wrong:
        raise DataError([Finding(name, "", weight, as_text(min(wrong)), WEIGHT_EXPECTED)])
    found = [*rows(sent.land), *rows(sent.whole)]
    for kind, *row in clear:
        *key, coarse, fine, count, weighted, weighted_fine, weights, _ = row
        last = (weighted, weighted_fine, weights)
        found.append((ALL_LAND, *key, coarse, fine, count, 0, *last))
        found += [
            (place, *key, coarse, fine, count, first * count, *last)
            for place, first in places[kind]
        ]
    problems = pd.DataFrame([(name, *row) for row in rows(sent.problems)], columns=PROBLEM_COLUMNS)
    missed = float(rows(sent.difference)[0][0])
    connection.execute(sent.done)
    names = [PLACE, *numbered(by)]
    table = pd.DataFrame(found, columns=[*names, *SUMMED])
    return Sums(
        table=table.astype(dict.fromkeys(SUMMED, "int64")).set_index(names),
        difference_m2=missed,
        problems=problems if len(problems) else None,
    )
