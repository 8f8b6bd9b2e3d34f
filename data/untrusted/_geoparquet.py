"""Rows of GeoParquet (1.x), checked by its footer before anything is unpacked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from data._message import Message
from data.untrusted._sheets import Notes, Raw, as_text, quoted, refuse
from data.untrusted._systems import WGS84
from data.untrusted._wkb import shape_of
from data.untrusted.limits import COLUMNS

if TYPE_CHECKING:
    from data.untrusted._sheets import Job

_BROKEN = (KeyError, TypeError, ValueError, AttributeError, OSError, pa.ArrowException)
_SOUND = Message("a sound GeoParquet file")
_INDEX = "__index_level_"


def read(job: Job) -> list[Raw]:
    """Read the main geometry and the columns of plain values."""
    try:
        file = pq.ParquetFile(job.file, memory_map=False)
        schema, metadata = file.schema_arrow, file.metadata
        _check(metadata, job)
        primary, column = _geo(schema, job)
        return [_layer(file, primary, column, job)]
    except _BROKEN as error:
        refuse(
            job,
            Message("no GeoParquet: broken Parquet ({name})", name=type(error).__name__),
            _SOUND,
        )


def _check(metadata: Any, job: Job) -> None:  # noqa: ANN401
    limits = job.limits
    if metadata.num_rows > limits.features:
        refuse(
            job,
            Message("{count} rows", count=metadata.num_rows),
            Message("at most {most}; divide the file", most=limits.features),
        )
    if metadata.num_columns > COLUMNS:
        refuse(
            job,
            Message("{count} columns", count=metadata.num_columns),
            Message("at most {most}", most=COLUMNS),
        )
    groups = range(metadata.num_row_groups)
    unpacked = sum(metadata.row_group(group).total_byte_size for group in groups)
    if unpacked > limits.unpacked_bytes:
        refuse(
            job,
            Message("{count} bytes unpacked", count=unpacked),
            Message("at most {most}", most=limits.unpacked_bytes),
        )


def _geo(schema: pa.Schema, job: Job) -> tuple[str, dict[str, Any]]:
    """Give name and description of the main geometry."""
    expected = Message("Parquet with the description of its geometry (GeoParquet)")
    described = (schema.metadata or {}).get(b"geo")
    if described is None:
        refuse(job, Message("no GeoParquet: Parquet without geo metadata"), expected)
    try:
        geo = json.loads(described)
        primary = geo["primary_column"]
        column = geo["columns"][primary]
        encoding = column["encoding"]
        kind = schema.field(primary).type
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        refuse(
            job,
            Message("no GeoParquet: broken geo metadata ({name})", name=type(error).__name__),
            expected,
        )
    if encoding != "WKB" or not (pa.types.is_binary(kind) or pa.types.is_large_binary(kind)):
        refuse(
            job,
            Message("geometries encoded as {encoding}", encoding=quoted(str(encoding))),
            "WKB",
            column=primary,
        )
    return primary, column


def _layer(file: pq.ParquetFile, primary: str, column: dict[str, Any], job: Job) -> Raw:
    notes = Notes(job.name)
    kept = []
    for field in file.schema_arrow:
        if field.name == primary or field.name.startswith(_INDEX):
            continue
        if _plain(field.type):
            kept.append(field.name)
        else:
            expected = Message("text, numbers or dates; it was left out")
            notes.add(
                None,
                field.name,
                Message("values of type {type}", type=str(field.type)[:40]),
                expected,
            )
    table = file.read(columns=[*kept, primary], use_threads=False)
    columns = [_texts(table.column(name)) for name in kept]
    rows = list(range(1, table.num_rows + 1))
    raw = Raw("", kept, rows, [], notes, [], _crs(column))
    blobs = table.column(primary).to_pylist()
    raw.shapes = [shape_of(blob, raw, row) for row, blob in zip(rows, blobs, strict=True)]
    raw.cells = [list(cells) for cells in zip(*columns, strict=True)] or [[] for _ in rows]
    return raw


def _plain(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    tests = ("string", "large_string", "integer", "floating", "boolean", "decimal", "date")
    return any(getattr(pa.types, f"is_{test}")(kind) for test in (*tests, "timestamp", "time"))


def _texts(column: pa.ChunkedArray) -> list[str]:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_timestamp(column.type):  # Python has no nanoseconds
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return [as_text(value) for value in column.to_pylist()]


def _crs(column: dict[str, Any]) -> str | None:
    """Give the system: WGS 84 where the file is silent, unknown where it says null."""
    stated = column.get("crs", WGS84)
    return json.dumps(stated) if isinstance(stated, dict) else stated
