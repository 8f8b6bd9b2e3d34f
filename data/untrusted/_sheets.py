"""What a reader hands on: one sheet or layer as it found it, and findings gathered by place."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ErrorString

from data._errors import DataError, Finding
from data._message import Message
from data.untrusted import safe_zip

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path
    from zipfile import ZipFile, ZipInfo

    from data.untrusted.limits import Limits

# Not all that Unicode calls blank: within bytes read as letters it may be part of one.
BLANKS = " \t\r\n\f\v"
_SHOWN = 5  # rows named in one finding
_QUOTED = 60  # characters of a file that a message repeats
_KINDS = 100  # findings of one sheet, each of many rows
_WHOLE = 2**53  # beyond it a float64 doesn't hold every whole number


@dataclass(frozen=True)
class Job:
    """What the child is to read: a copy under a name of ours, and what the user called it."""

    file: Path
    name: str
    format: str
    limits: Limits

    def unzipped(self) -> AbstractContextManager[tuple[ZipFile, dict[str, ZipInfo]]]:
        """Open it as a zip file with :func:`data.untrusted.safe_zip.opened`, in its limits."""
        return safe_zip.opened(
            self.file,
            name=self.name,
            members=self.limits.members,
            unpacked_bytes=self.limits.unpacked_bytes,
            ratio=self.limits.ratio,
        )


@dataclass
class Notes:
    """Findings on what was cleaned or left out, one for each kind and field with its rows."""

    file: str
    places: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)

    def add(self, row: int | None, column: str, found: str, expected: str) -> None:
        """Note one place; None for the sheet as a whole."""
        key = (column, found, expected)
        if key not in self.places and len(self.places) == _KINDS:
            return
        rows = self.places.setdefault(key, [])
        if row is not None:
            rows.append(row)

    def findings(self) -> tuple[Finding, ...]:
        """Give all of them, in the order of their first places."""
        return tuple(
            Finding(self.file, _rows(rows), column, found, expected)
            for (column, found, expected), rows in self.places.items()
        )


def _rows(rows: list[int]) -> str:
    shown = ", ".join(map(str, rows[:_SHOWN]))
    more = len(rows) - _SHOWN
    return Message("{rows} and {more} more", rows=shown, more=more) if more > 0 else shown


@dataclass
class Raw:
    """One sheet or layer with cells as text, before it is cleaned.

    `rows` are the numbers of the rows as a person counts them; `shapes` the geometries (None
    where a row has none), or None for a table without; `crs` what the file says on its system,
    in whatever way; `told` the rows whose lost geometry has a finding.
    """

    name: str
    header: list[str]
    rows: list[int]
    cells: list[list[str]]
    notes: Notes
    shapes: list[Any] | None = None
    crs: str | None = None
    encoding: str | None = None
    header_row: int = 0
    told: set[int] = field(default_factory=set)

    def broken(self, row: int, found: str, expected: str) -> None:
        """Tell of a geometry that can't be used; its row is kept without."""
        self.notes.add(
            row,
            "geometry",
            found,
            Message("{expected}; the row is kept without", expected=expected),
        )
        self.told.add(row)


def refuse(
    job: Job, found: str, expected: str, *, row: int | str = "", column: str = ""
) -> NoReturn:
    """Refuse the file as a whole.

    Raises
    ------
    DataError
        Always.
    """
    raise DataError(
        [Finding(job.name, str(row) if isinstance(row, int) else row, column, found, expected)]
    )


def told(error: Exception) -> Message:
    """Give what a library says of a file; where it says the place apart, both by themselves."""
    if isinstance(error, ParseError):
        line, column = error.position
        what = Message(ErrorString(error.code))
        return Message(
            "{reason}: line {line}, column {column}", reason=what, line=line, column=column
        )
    reason, colon, about = str(error).partition(": ")
    if colon:
        return Message("{reason}: {about}", reason=Message(reason), about=about)
    return Message(reason)


def quoted(text: str) -> str:
    """Repeat the beginning of a text of the file, for a message."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text[:_QUOTED])
    return f'"{shown}{"..." if len(text) > _QUOTED else ""}"'


def as_text(value: object) -> str:
    """Write a value as text without loss; "" for what is no value.

    Examples
    --------
    >>> [as_text(value) for value in (12.50, 40.0, True, None, float("nan"), " ô ")]
    ['12.5', '40', 'true', '', '', 'ô']
    >>> as_text(datetime(2026, 11, 21))
    '2026-11-21'
    """
    match value:
        case str():
            text = value.strip(BLANKS)
        case bool():
            text = str(value).lower()
        case float() | Decimal() if not math.isfinite(value):
            text = ""
        case float() if value.is_integer() and abs(value) < _WHOLE:
            text = str(int(value))
        case Decimal():
            text = format(value, "f")
        case datetime() if value.time() == time(0) and value.tzinfo is None:
            text = value.date().isoformat()
        case date() | time():  # with datetime
            text = value.isoformat()
        case int() | float():
            text = repr(value)
        case _:
            text = ""
    return text


def by_column(header: list[str], cells: list[list[str]]) -> list[list[str]]:
    """Turn rows, perhaps shorter than the header, into columns."""
    width = len(header)
    padded = (row if len(row) == width else [*row, *[""] * (width - len(row))] for row in cells)
    columns = [list(column) for column in zip(*padded, strict=True)]
    return columns or [[] for _ in header]
