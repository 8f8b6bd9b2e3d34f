"""Tables of a workspace, the same in a GeoPackage and in PostGIS."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import shapely
from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator, UserDefinedType

from data.schemas import GEO_TABLES
from data.workspace.change import CHANGE_TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine

FORMAT = 1  # of the tables; a workspace with a higher number is of a newer version
SRID = 4326
_SRID_FLAG = 0x20000000
# "GP", version 0, little-endian without envelope (OGC 12-128r19, 2.1.3).
_BLOB_HEAD = b"GP\x00\x01" + struct.pack("<i", SRID)
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)


class _GeoPackageBlob(UserDefinedType[bytes]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:  # noqa: ANN401
        return "GEOMETRY"


class Shape(TypeDecorator[bytes]):
    """Geometry in WGS 84 degrees as little-endian WKB: a GeoPackage blob, or PostGIS's own."""

    impl = _GeoPackageBlob
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(_GeoPackageBlob())
        from geoalchemy2 import Geometry  # noqa: PLC0415 (only PostGIS needs it)

        return dialect.type_descriptor(Geometry("GEOMETRY", srid=SRID, spatial_index=False))

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> Any:  # noqa: ANN401
        if value is None:
            return None
        if dialect.name == "sqlite":
            return _BLOB_HEAD + value
        from geoalchemy2 import WKBElement  # noqa: PLC0415

        # Plain WKB would be sent as text with fewer digits; extended WKB goes as it is.
        (kind,) = struct.unpack_from("<I", value, 1)
        extended = value[:1] + struct.pack("<II", kind | _SRID_FLAG, SRID) + value[5:]
        return WKBElement(extended, extended=True)

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:  # noqa: ANN401
        if value is None:
            return None
        if dialect.name == "sqlite":
            envelope = (value[3] >> 1) & 0b111
            return bytes(value[8 + _ENVELOPE_BYTES[envelope] :])
        return bytes(shapely.to_wkb(shapely.from_wkb(bytes(value.data)), byte_order=1))


metadata = MetaData()

workspace = Table(
    "workspace",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("format", Integer, nullable=False),
    Column("made_at", Text, nullable=False),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("made_at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("base", Integer, ForeignKey("revisions.id")),
    Column("active", Boolean, nullable=False),
    Column("digest", Text, nullable=False),
)

# Every undo and redo that there was; rows are only ever added.
switches = Table(
    "switches",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, ForeignKey("revisions.id"), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("who", Text, nullable=False),
)

# Scenarios and mappings: JSON by name.
kept = Table(
    "kept",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("who", Text, nullable=False),
    UniqueConstraint("kind", "name"),
)

# Rows of the revisions, in the order of `fid`; `line` is the row in the user's file.
content = {
    name: Table(
        name,
        metadata,
        Column("fid", Integer, primary_key=True, autoincrement=False),
        Column("revision", Integer, ForeignKey("revisions.id"), nullable=False, index=True),
        Column("line", Integer, nullable=False),
        *(Column(column, Text, nullable=False) for column in CHANGE_TABLES[name].columns),
        *([Column("geometry", Shape)] if name in GEO_TABLES else []),
    )
    for name in CHANGE_TABLES
}
