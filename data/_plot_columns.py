"""Columns of files that are one layer, with types that all of their values can have."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from data._errors import Finding
from data._message import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Columns(NamedTuple):
    """Columns that can be read, with their types, and why others can't."""

    types: dict[str, pa.DataType]
    lacking: dict[str, Finding]


def columns_of(file: str, fields: Iterable[pa.Field]) -> Columns:
    """Give the columns of one file; one that is there twice can't be read."""
    named = list(fields)
    lacking = {
        name: Finding(
            file, "", name, Message("{count} columns of that name", count=count), Message("one")
        )
        for name, count in Counter(field.name for field in named).items()
        if count > 1
    }
    return Columns({one.name: one.type for one in named if one.name not in lacking}, lacking)


def columns_together(files: Sequence[tuple[str, Columns]]) -> Columns:
    """Give the columns that all files have, with a type for the values of all.

    A column without any value goes with every type, whole numbers with decimal ones, and text
    with text however it is kept. For another the first file is told that contradicts those
    before it.

    Examples
    --------
    >>> one = columns_of("1.parquet", [pa.field("use", pa.string()), pa.field("jobs", pa.int32())])
    >>> other = columns_of("2.parquet", [pa.field("use", pa.null()), pa.field("jobs", pa.bool_())])
    >>> types, lacking = columns_together([("1.parquet", one), ("2.parquet", other)])
    >>> types
    {'use': DataType(string)}
    >>> print(lacking["jobs"])
    2.parquet, field jobs: found bool; expected int32, as in 1.parquet
    """
    found = Columns({}, {})
    for name in dict.fromkeys(name for _, one in files for part in one for name in part):
        typed = _together(name, files)
        if isinstance(typed, Finding):
            found.lacking[name] = typed
        else:
            found.types[name] = typed
    return found


def _together(name: str, files: Sequence[tuple[str, Columns]]) -> pa.DataType | Finding:
    has = next(file for file, one in files if name in one.types or name in one.lacking)
    common = pa.null()
    for file, (types, lacking) in files:
        if name in lacking:
            return lacking[name]
        if name not in types:
            expected = Message("one, as in {file}", file=has)
            return Finding(file, "", name, Message("no such column"), expected)
        if types[name] == common:
            continue
        both = _common(common, types[name])
        if both is None:
            expected = Message("{kind}, as in {file}", kind=str(common), file=has)
            return Finding(file, "", name, str(types[name]), expected)
        if pa.types.is_null(common):
            has = file
        common = both
    return common


def _common(one: pa.DataType, other: pa.DataType) -> pa.DataType | None:
    if pa.types.is_null(one):
        return other
    one, other = _plain(one), _plain(other)
    schemas = [pa.schema([("column", kind)]) for kind in (one, other)]
    try:
        both = pa.unify_schemas(schemas, promote_options="permissive").field(0).type
    except pa.ArrowTypeError:
        return None
    # It would make bytes of text.
    return None if _binary(both) and not (_binary(one) and _binary(other)) else both


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _binary(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))
