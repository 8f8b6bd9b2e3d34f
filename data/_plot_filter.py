"""Which plots are meant: ``column op value [and column op value ...]``, and nothing more.

The same words mean the same in every format: what they say is applied to the columns read, with
one set of rules (text is compared by its characters; a row without a value never fits; a date
beside moments means its midnight, in the time zone of the column if it has one). A file that can
filter by itself the same way is told to, which saves reading.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import zoneinfo
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from data._errors import DataError, Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_TERM = re.compile(
    r"""\s*(?:"(?P<quoted>(?:[^"]|"")+)"|(?P<plain>[^\W\d]\w*))
        \s*(?P<op>!=|<=|>=|=|<|>)
        \s*(?:'(?P<text>(?:[^']|'')*)'|(?P<word>[^\s'"=<>!]+))\s*""",
    re.VERBOSE,
)
_AND = re.compile(r"\s*and\b", re.IGNORECASE)
_OPERATORS = {
    "=": pc.equal,
    "!=": pc.not_equal,
    "<": pc.less,
    "<=": pc.less_equal,
    ">": pc.greater,
    ">=": pc.greater_equal,
}
_NONE: Mapping[str, Finding] = MappingProxyType({})
_INT64 = 1 << 63
_KINDS = "text, numbers, dates, moments or true/false"
GRAMMAR = "column op value [and ...], op one of = != < <= > >=, text in '...'"


class Term(NamedTuple):
    """One comparison; the value as its column has it."""

    column: str
    op: str
    value: str | float | int | bool | dt.date


def parse_filter(
    text: str,
    types: Mapping[str, pa.DataType],
    *,
    file: str,
    lacking: Mapping[str, Finding] = _NONE,
) -> tuple[Term, ...]:
    """Read what `--where` says.

    Parameters
    ----------
    text
        Terms joined by "and"; a column whose name is no plain word in "...", text in '...'.
    types
        Columns of the file and their types.
    file
        Its name, for errors.
    lacking
        Why other columns can't be had.

    Raises
    ------
    DataError
        It can't be read, there is no such column, or the value doesn't suit it.

    Examples
    --------
    >>> types = {"use": pa.string(), "ha": pa.float64()}
    >>> for term in parse_filter("use = 'SKK' and ha >= 0.5", types, file="plots"):
    ...     print(*term)
    use = SKK
    ha >= 0.5
    """
    terms: list[Term] = []
    place = 0
    while True:
        found = _TERM.match(text, place)
        if found is None:
            raise _error(file, "", text[place:].strip() or "nothing", GRAMMAR)
        column = (found["quoted"] or "").replace('""', '"') or found["plain"]
        check_columns([column], types, file=file, lacking=lacking)
        quoted = found["text"]
        value = found["word"] if quoted is None else quoted.replace("''", "'")
        terms.append(Term(column, found["op"], _value(value, column, types[column], file)))
        place = found.end()
        if place == len(text):
            return tuple(terms)
        joined = _AND.match(text, place)
        if joined is None:
            raise _error(file, "", text[place:], "and")
        place = joined.end()


def check_columns(
    names: list[str],
    types: Mapping[str, pa.DataType],
    *,
    file: str,
    lacking: Mapping[str, Finding] = _NONE,
) -> None:
    """Refuse names that are no columns.

    Raises
    ------
    DataError
        Names the column, and why it can't be had or those that exist.
    """
    for name in names:
        if name in lacking:
            raise DataError([lacking[name]])
        if name not in types:
            there = ", ".join(sorted(types)) or "none"
            raise _error(file, name, "no such column", f"one of: {there}")


def _error(file: str, field: str, found: str, expected: str) -> DataError:
    return DataError([Finding(file, "", field, found, expected)])


def _value(text: str, column: str, kind: pa.DataType, file: str) -> Any:  # noqa: ANN401
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    try:
        for fits, read in _READ:
            if fits(kind):
                return read(text, kind)
    except (KeyError, ValueError):
        raise _error(file, column, repr(text), _expected(kind)) from None
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return text
    raise _error(file, column, f"a column of type {kind}", _KINDS)


def _expected(kind: pa.DataType) -> str:
    if pa.types.is_floating(kind):
        return "a finite number"
    if pa.types.is_timestamp(kind):
        zone = ", perhaps with an offset" if kind.tz else " without an offset"
        return f"a date or a time as in 2024-01-31T12:00:00{zone}"
    return f"a value of type {kind}"


def _whole(text: str) -> int:
    """Read what a column of any width can be compared with."""
    value = int(text)
    if not -_INT64 <= value < _INT64:
        raise ValueError(text)
    return value


def _moment(text: str, kind: pa.TimestampType) -> dt.datetime:
    """Read a moment; in UTC where the column has a time zone, which is that of a time without."""
    value = dt.datetime.fromisoformat(text)
    if kind.tz is None:
        if value.tzinfo is not None:
            raise ValueError(text)
    else:
        value = value if value.tzinfo else value.replace(tzinfo=_zone(kind.tz))
        try:
            value = value.astimezone(dt.UTC)
        except OverflowError:
            raise ValueError(text) from None
    # What the column can't hold can't be compared with it either.
    pa.scalar(value, pa.timestamp("us", kind.tz)).cast(pa.timestamp(_finer(kind), kind.tz))
    return value


def _zone(name: str) -> dt.tzinfo | None:
    if name[:1] in {"+", "-"}:
        return dt.datetime.fromisoformat(f"2000-01-01T00:00{name}").tzinfo
    return zoneinfo.ZoneInfo(name)


def _finer(kind: pa.TimestampType) -> str:
    """Name the unit in which a column and a microsecond can be compared."""
    return "ns" if kind.unit == "ns" else "us"


def _finite(text: str) -> float:
    """Read a number; what is none compares otherwise in every format."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _logical(text: str, _: pa.DataType) -> bool:
    return {"true": True, "false": False}[text.lower()]


_READ: tuple[tuple[Callable[[pa.DataType], bool], Callable[[str, Any], Any]], ...] = (
    (pa.types.is_boolean, _logical),
    (pa.types.is_integer, lambda text, _: _whole(text)),
    (pa.types.is_floating, lambda text, _: _finite(text)),
    (pa.types.is_date, lambda text, _: dt.date.fromisoformat(text)),
    (pa.types.is_timestamp, _moment),
)


def filtered(table: pa.Table, terms: tuple[Term, ...]) -> pa.Table:
    """Keep the rows that fit all terms."""
    for term in terms:
        column = table[term.column]
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        value = pa.scalar(term.value)
        if pa.types.is_timestamp(column.type):
            value = pa.scalar(term.value, pa.timestamp("us", column.type.tz))
        elif not pa.types.is_integer(column.type):
            value = value.cast(column.type)
        table = table.filter(_OPERATORS[term.op](column, value))
    return table


def sql(terms: tuple[Term, ...]) -> str:
    """Write the terms as SQL, for SQLite and PostgreSQL, which compare as :func:`filtered` does."""
    return " AND ".join(
        f"{name_sql(term.column)} {term.op} {_literal(term.value)}" for term in terms
    )


def name_sql(column: str) -> str:
    """Write the name of a column as SQL."""
    escaped = column.replace('"', '""')
    return f'"{escaped}"'


def _literal(value: Any) -> str:  # noqa: ANN401 (of a term)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return repr(value)
    escaped = str(value).replace("'", "''")
    return f"'{escaped}'"
