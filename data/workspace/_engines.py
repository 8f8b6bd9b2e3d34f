"""Opening and making workspaces: a GeoPackage file, or a schema in PostGIS.

A file keeps SQLite's rollback journal and not a write-ahead log: the workspace is one file that
people copy, mail and keep on network drives; a write-ahead log leaves the newest changes in a
second file and doesn't work over a network. Writing is rare and short, so that readers wait.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import tempfile
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateIndex, CreateTable

from data._message import Message
from data.schemas import GEO_TABLES
from data.workspace import _sql
from data.workspace._errors import Trouble, WorkspaceError, told

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import URL

WAIT_S = 10.0  # for another window or program that is writing
SCHEMA = "industrial_land"
SERVERS = ("postgresql", "postgres")
_APPLICATION_ID = 0x47504B47  # "GPKG"
_GEOPACKAGE_VERSION = 10300
_MAGIC = b"SQLite format 3\x00"
_EXTRAS = ("geoalchemy2", "psycopg")

# The tables that every GeoPackage has (OGC 12-128r18, annex C), with the reference systems
# that it must know.
_GEOPACKAGE = """
CREATE TABLE gpkg_spatial_ref_sys (
    srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
    table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
    description TEXT DEFAULT '',
    last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
    CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
    srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
    CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
    CONSTRAINT uk_gc_table_name UNIQUE (table_name),
    CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
    CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
INSERT INTO gpkg_spatial_ref_sys VALUES
    ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', NULL),
    ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', NULL),
    ('WGS 84 geodetic', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",'
     || 'SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
     || 'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
     || 'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
     || 'AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]',
     'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');
"""


def is_server(where: str) -> bool:
    """Tell whether a workspace lives on a server: a URL, and no path."""
    return where.partition(":")[0].partition("+")[0] in SERVERS and "://" in where


def now() -> str:
    """Give the time as it is kept: ISO 8601, UTC, to the second."""
    return dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def shown_url(where: str) -> str:
    """Give a URL as it may be shown: without password and options."""
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        return "postgresql://…"
    if "@" in (url.host or ""):  # the end of a password with another
        return "postgresql://…"
    return url.set(password=None, query={}).render_as_string()


# --- a file -----------------------------------------------------------------------------------


def file_engine(path: Path, *, create: bool) -> Engine:
    """Open a workspace file; make it where it isn't there and `create` says so.

    Raises
    ------
    WorkspaceError
        It is none, damaged, of a newer version, or can't be opened.
    """
    where = str(path)
    if create and not path.exists():
        _make_file(path)
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        found = Message(error.strerror or "it can't be opened")
        raise WorkspaceError(Trouble.ABSENT, where, found, Message("a workspace file")) from None
    if not head.startswith(_MAGIC) or int.from_bytes(head[68:72], "big") != _APPLICATION_ID:
        raise WorkspaceError(
            Trouble.NOT_ONE, where, Message("this is no GeoPackage"), Message("a workspace file")
        )
    engine = _engine_of(path)
    with told(where), engine.connect() as connection, connection.begin():
        _check_file(connection, where)
    return engine


def _engine_of(path: Path) -> Engine:
    address = path.resolve().as_uri() + "?mode=rw"  # never makes a file

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, timeout=WAIT_S, isolation_level=None)

    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=NullPool)
    event.listen(engine, "connect", _settings)
    event.listen(engine, "begin", _begin)
    return engine


def _settings(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = EXTRA")  # durable once committed
    connection.execute("PRAGMA trusted_schema = OFF")  # the file may come from anyone
    connection.execute("PRAGMA cell_size_check = ON")


def _begin(connection: Connection) -> None:
    """Begin as the work needs it: who will write takes the lock first, so that none is lost."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _check_file(connection: Connection, where: str) -> None:
    sound = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if sound != "ok":
        raise WorkspaceError(
            Trouble.CORRUPT,
            where,
            Message("a damaged file: {sound}", sound=sound),
            Message("a sound copy"),
        )
    _check_tables(connection, where)
    strange = connection.exec_driver_sql(
        "SELECT type || ' ' || name FROM sqlite_master WHERE type IN ('trigger', 'view') "
        "ORDER BY name",
    ).scalar()
    if strange:
        expected = Message("a workspace file without triggers and views")
        raise WorkspaceError(
            Trouble.NOT_ONE, where, Message("the {strange}", strange=strange), expected
        )


def _check_tables(connection: Connection, where: str) -> None:
    columns = _columns(connection)
    if _sql.workspace.name not in columns:
        found = Message("tables, but none of a workspace")
        raise WorkspaceError(
            Trouble.NOT_ONE, where, found, Message("a workspace of this application")
        )
    version = connection.execute(select(_sql.workspace.c.format)).scalar()
    if not isinstance(version, int) or version > _sql.FORMAT:
        expected = Message(
            "format {format}; a newer version of the application reads it", format=_sql.FORMAT
        )
        raise WorkspaceError(
            Trouble.NEWER, where, Message("format {version}", version=version), expected
        )
    for table in _sql.metadata.sorted_tables:
        for column in sorted(set(table.columns.keys()) - columns.get(table.name, set())):
            found = Message("no column {column} in {name}", column=column, name=table.name)
            raise WorkspaceError(
                Trouble.CORRUPT, where, found, Message("a workspace of this application")
            )


def _columns(connection: Connection) -> dict[str, set[str]]:
    """Names of the columns by table, as the database has them."""
    if connection.dialect.name == "postgresql":
        query = text(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = :schema",
        )
        found = connection.execute(query, {"schema": SCHEMA})
    else:
        query = text(
            "SELECT tables.name, columns.name FROM sqlite_master AS tables "
            "JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'",
        )
        found = connection.execute(query)
    columns: dict[str, set[str]] = {}
    for table, column in found:
        columns.setdefault(table, set()).add(column)
    return columns


def _make_file(path: Path) -> None:
    """Make an empty workspace beside its place, then put it there, unless another was faster."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        found = Message("the folder can't be written: {error}", error=Message(error.strerror or ""))
        raise WorkspaceError(
            Trouble.REFUSED, str(path), found, Message("a folder for the file")
        ) from None
    os.close(handle)
    neighbour = Path(name)
    try:
        with told(str(path)):
            _fill(neighbour)
        _put(neighbour, path)
    finally:
        neighbour.unlink(missing_ok=True)


def _put(neighbour: Path, path: Path) -> None:
    try:
        os.link(neighbour, path)
    except FileExistsError:
        return
    except OSError:  # a drive without links
        if not path.exists():
            neighbour.rename(path)


def _fill(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        file.execute(f"PRAGMA user_version = {_GEOPACKAGE_VERSION}")
        file.executescript(_GEOPACKAGE)
    engine = _engine_of(path)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        _fill_tables(connection)
        for table in _sql.metadata.sorted_tables:
            shapes = table.name in GEO_TABLES
            connection.exec_driver_sql(
                "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
                "VALUES (?, ?, ?, ?)",
                (table.name, "features" if shapes else "attributes", table.name)
                + ((_sql.SRID,) if shapes else (None,)),
            )
            if shapes:
                connection.exec_driver_sql(
                    "INSERT INTO gpkg_geometry_columns VALUES (?, 'geometry', 'GEOMETRY', ?, 0, 0)",
                    (table.name, _sql.SRID),
                )


def _fill_tables(connection: Connection) -> None:
    # One by one and not `create_all`, in which GeoAlchemy2 would change the shared tables.
    for table in _sql.metadata.sorted_tables:
        connection.execute(CreateTable(table))
        for index in table.indexes:
            connection.execute(CreateIndex(index))
    connection.execute(
        _sql.workspace.insert(),
        {"id": 1, "format": _sql.FORMAT, "made_at": now()},
    )


# --- a server ---------------------------------------------------------------------------------


def server_engine(where: str, *, create: bool) -> Engine:
    """Open the workspace of a PostGIS database; make it where there is none.

    Raises
    ------
    WorkspaceError
        Packages are missing, the server can't be reached or refuses, or there is no workspace.
    """
    shown = shown_url(where)
    missing = [name for name in _EXTRAS if find_spec(name) is None]
    if missing:
        found = Message("the packages {names} are missing", names=", ".join(missing))
        expected = Message("them: pip install -r requirements-postgis.txt")
        raise WorkspaceError(Trouble.PACKAGES, shown, found, expected)
    engine = create_engine(
        _address(where, shown),
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": int(WAIT_S)},
    ).execution_options(schema_translate_map={None: SCHEMA}, isolation_level="REPEATABLE READ")
    try:
        with told(shown), engine.connect() as connection, connection.begin():
            # Two that make it at once would trip over each other.
            key = {"name": SCHEMA}
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), key)
            if create and _sql.workspace.name not in _columns(connection):
                _make_schema(connection, shown)
            _check_tables(connection, shown)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _address(where: str, shown: str) -> URL:
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        found = Message("an address that can't be read")
        expected = Message("{address}", address="postgresql://user:password@host:5432/database")
        raise WorkspaceError(Trouble.ABSENT, shown, found, expected) from None
    return url.set(drivername="postgresql+psycopg")


def _make_schema(connection: Connection, where: str) -> None:
    if not connection.scalar(text("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")):
        try:
            connection.execute(text("CREATE EXTENSION postgis"))
        except DBAPIError:
            found = Message("a database without PostGIS, which this user or server can't add")
            expected = Message("its administrator to run: CREATE EXTENSION postgis")
            raise WorkspaceError(Trouble.PACKAGES, where, found, expected) from None
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    _fill_tables(connection)
    for table in GEO_TABLES:
        connection.execute(
            text(f"CREATE INDEX {table}_geometry ON {SCHEMA}.{table} USING gist (geometry)"),
        )


def lock(connection: Connection) -> None:
    """Let one writer in at a time; readers go on. SQLite has locked when it began."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = {int(WAIT_S * 1000)}"))
        connection.execute(text(f"LOCK TABLE {SCHEMA}.workspace IN EXCLUSIVE MODE"))


def reader_options(engine: Engine) -> dict[str, Any]:
    """Give the options of a connection that only reads."""
    return {"postgresql_readonly": True} if engine.dialect.name == "postgresql" else {}
