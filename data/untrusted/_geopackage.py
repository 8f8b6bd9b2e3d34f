"""Layers of a GeoPackage (OGC 12-128r19), read from its tables; nothing that it defines runs.

The copy is opened read-only and unchangeable, without trust in its schema, by SQLite itself:
views, triggers, virtual tables and functions of the file are never carried out.
"""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING

from data._message import Message, joined
from data.untrusted._sheets import Notes, Raw, as_text, quoted, refuse
from data.untrusted._wkb import shape_of
from data.untrusted.limits import COLUMNS, SHEETS

if TYPE_CHECKING:
    from data.untrusted._sheets import Job

_ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
_LARGEST_VALUE = 100_000_000  # bytes
# The triggers that QGIS and GDAL put into every file.
_USUAL = re.compile(r"(?:rtree|gpkg|trigger_(?:insert|delete)_feature_count)_")
_NUMBERS = ("fid", "ogc_fid")  # columns that only number the rows
_ENVELOPES = (0, 32, 48, 48, 64)  # bytes by the code in the flags
_HEAD = 8  # bytes before the envelope
_EXTENDED = 0b100000
_SOUND = Message("a sound GeoPackage")


def read(job: Job) -> list[Raw]:
    """Read the feature and attribute tables that the file lists."""
    try:
        with sqlite3.connect(f"{job.file.as_uri()}?mode=ro&immutable=1", uri=True) as database:
            return _layers(database, job)
    except (sqlite3.Error, OverflowError) as error:
        refuse(job, Message("a broken database ({error})", error=quoted(str(error))), _SOUND)


def _layers(database: sqlite3.Connection, job: Job) -> list[Raw]:
    database.text_factory = _decoded
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST_VALUE)
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA query_only = ON")
    database.set_authorizer(_authorized)
    notes = Notes(job.name)
    tables = _tables(database, notes)
    if missing := {"gpkg_contents", "gpkg_spatial_ref_sys"} - tables:
        refuse(job, Message("a database without {missing}", missing=min(missing)), _SOUND)
    listed = database.execute("SELECT table_name, data_type FROM gpkg_contents").fetchall()
    if len(listed) > SHEETS:
        refuse(
            job,
            Message("{count} layers", count=len(listed)),
            Message("at most {most}", most=SHEETS),
        )
    layers = []
    for name, kind in listed:
        if kind not in ("features", "attributes"):
            expected = Message("features or attributes; it was left out")
            notes.add(
                None, str(name), Message("a layer of {kind}", kind=quoted(str(kind))), expected
            )
        elif name not in tables:
            found = Message("the layer {name} without a table of its own", name=quoted(str(name)))
            notes.add(None, "", found, Message("a plain table; it was left out"))
        else:
            layers.append(_layer(database, name, kind == "features", job))
    if not layers:
        told = notes.findings()
        found = joined("; ", [finding.found for finding in told]) or Message("nothing")
        refuse(
            job, Message("no readable layer: {found}", found=found), Message("a layer of features")
        )
    layers[0].notes.places = {**notes.places, **layers[0].notes.places}
    return layers


def _authorized(action: int, first: str | None, _: object, __: object, view: str | None) -> int:
    """Let SQLite read columns of plain tables and list them, nothing else."""
    if view is None and (
        action in _ALLOWED or (action == sqlite3.SQLITE_PRAGMA and first == "table_xinfo")
    ):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _tables(database: sqlite3.Connection, notes: Notes) -> set[str]:
    """List plain tables; tell of what else the file defines."""
    tables = set()
    for kind, name, sql in database.execute("SELECT type, name, sql FROM sqlite_master"):
        shown = quoted(str(name))
        if kind == "table" and not str(sql or "").upper().lstrip().startswith("CREATE VIRTUAL"):
            tables.add(str(name))
        elif kind == "view":
            notes.add(
                None,
                "",
                Message("the view {shown}", shown=shown),
                Message("plain tables; it was left out"),
            )
        elif kind == "trigger" and not _USUAL.match(str(name)):
            notes.add(
                None,
                "",
                Message("the trigger {shown}", shown=shown),
                Message("plain tables; it was not carried out"),
            )
    return tables


def _layer(database: sqlite3.Connection, name: str, has_shapes: bool, job: Job) -> Raw:  # noqa: FBT001
    notes = Notes(job.name)
    columns = []
    for _, column, _, _, _, _, hidden in database.execute(f"PRAGMA table_xinfo({_quote(name)})"):
        if hidden:
            notes.add(
                None,
                str(column),
                Message("a computed column"),
                Message("stored values; it was left out"),
            )
        else:
            columns.append(str(column))
    if len(columns) > COLUMNS:
        refuse(
            job,
            Message("{count} columns", count=len(columns)),
            Message("at most {most}", most=COLUMNS),
        )
    geometry, system = _geometry_column(database, name) if has_shapes else (None, None)
    if has_shapes and geometry not in columns:
        refuse(
            job,
            Message("the layer {name} without its column of geometries", name=quoted(name)),
            _SOUND,
        )
    header = [column for column in columns if column.lower() not in (*_NUMBERS, geometry)]
    header = [column for column in header if column != geometry]
    wanted = ", ".join(map(_quote, [*header, *([geometry] if geometry else [])])) or "NULL"
    raw = Raw(name, header, [], [], notes, [] if geometry else None, system)
    # The names stand in the file's own schema, and SQLite may only read plain tables.
    for row, record in enumerate(database.execute(f"SELECT {wanted} FROM {_quote(name)}"), start=1):  # noqa: S608
        if row > job.limits.features:
            refuse(
                job,
                Message("more than {most} rows", most=job.limits.features),
                Message("fewer; divide the file"),
            )
        raw.rows.append(row)
        values = list(record)
        if raw.shapes is not None:
            raw.shapes.append(shape_of(_wkb(values.pop()), raw, row))
        raw.cells.append([_text(v, h, row, notes) for h, v in zip(header, values, strict=False)])
    return raw


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _decoded(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")  # perhaps TCVN3 or VNI


def _text(value: object, column: str, row: int, notes: Notes) -> str:
    if isinstance(value, bytes):
        notes.add(
            row, column, Message("binary content"), Message("text or a number; it was left out")
        )
        return ""
    return as_text(value)


def _geometry_column(database: sqlite3.Connection, table: str) -> tuple[str | None, str | None]:
    """Name the column of geometries and the coordinate system of a layer."""
    found = database.execute(
        "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?", (table,)
    ).fetchone()
    if not found:
        return None, None
    system = database.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys "
        "WHERE srs_id = ?",
        (found[1],),
    ).fetchone()
    if not system or found[1] in (0, -1):
        return str(found[0]), None
    organization, code, definition = map(str, system)
    known = organization.upper() == "EPSG" and code.isdecimal()
    return str(found[0]), f"EPSG:{code}" if known else definition


def _wkb(blob: object) -> object:
    """Give the WKB of a geometry without the head and envelope before it."""
    if isinstance(blob, bytes) and len(blob) > _HEAD and blob.startswith(b"GP"):
        envelope = blob[3] >> 1 & 0b111
        if envelope < len(_ENVELOPES) and not blob[3] & _EXTENDED:
            return blob[_HEAD + _ENVELOPES[envelope] :]
    return blob and b""
