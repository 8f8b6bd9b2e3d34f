"""Strict reading of CSV tables: every cell as its text, every row with its line in the file."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from data._errors import Finding
from data._message import Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SHOWN = 80


@dataclass(frozen=True)
class Line:
    """Where a row stands: its file, and the line that it starts on."""

    file: str
    number: int

    def seen_from(self, other: Line) -> str:
        """Name the row to a reader who looks at another one."""
        if self.file == other.file:
            return Message("row {row}", row=self.number)
        return Message("row {row} of {file}", row=self.number, file=self.file)


@dataclass(frozen=True)
class Table:
    """Cells of one file as text, indexed by line, and what was wrong with its form.

    `whole` is False when lines or columns are missing, so that a reference to this table
    can't be called unknown.
    """

    file: str
    cells: pd.DataFrame
    findings: tuple[Finding, ...]

    @property
    def whole(self) -> bool:
        return not self.findings

    @property
    def placed(self) -> pd.DataFrame:
        """The cells, indexed by `Line`."""
        lines = [Line(self.file, int(number)) for number in self.cells.index]
        return self.cells.set_axis(pd.Index(lines, dtype="object"), axis=0)


def shown(cell: str) -> str:
    """Give a cell as a message shows it.

    Examples
    --------
    >>> shown("2024-13")
    "'2024-13'"
    >>> shown("")
    'an empty cell'
    """
    if not cell:
        return Message("an empty cell")
    return repr(cell if len(cell) <= _SHOWN else cell[: _SHOWN - 1] + "…")


def read_table(path: Path, file: str) -> Table:
    """Read a CSV file (UTF-8, RFC 4180, with a header).

    Parameters
    ----------
    path
        The file.
    file
        Its name in findings.

    Returns
    -------
    Table
        The rows that could be read, and all findings on the form of the file: a missing
        file, a wrong encoding, a header with a name twice, a row with too few or too many
        cells, a quote that isn't closed. The line of a row is the one that it starts on.
    """
    text, finding = _decoded(path, file)
    if finding:
        return Table(file, pd.DataFrame(), (finding,))
    findings: list[Finding] = []
    records = _records(text)
    header = next(((cells, problem) for _, cells, problem in records), ([], Message("no header")))
    if header[1]:
        finding = Finding(
            file, "1", "", header[1], Message("a header with the names of the columns")
        )
        return Table(file, pd.DataFrame(), (finding,))
    names = header[0]
    for name, times in Counter(names).items():
        if times > 1:
            found = Message("{times} columns of this name", times=times)
            findings.append(Finding(file, "1", name, found, Message("one")))
    lines: list[int] = []
    rows: list[list[str]] = []
    for line, cells, problem in records:
        if problem:
            expected = Message("a row by RFC 4180 (quotes closed, quotes inside doubled)")
            findings.append(Finding(file, str(line), "", problem, expected))
        elif len(cells) != len(names):
            found = (
                Message("{count} cells", count=len(cells)) if cells else Message("an empty line")
            )
            expected = Message("{count} cells, as in the header", count=len(names))
            findings.append(Finding(file, str(line), "", found, expected))
        else:
            lines.append(line)
            rows.append(cells)
    frame = pd.DataFrame(rows, index=pd.Index(lines, dtype="int64"), columns=names, dtype="str")
    return Table(file, frame.loc[:, ~frame.columns.duplicated()], tuple(findings))


def _decoded(path: Path, file: str) -> tuple[str, Finding | None]:
    """Read a file as text; a byte order mark, as spreadsheets write it, is passed over."""
    try:
        content = path.read_bytes()
    except OSError:
        return "", Finding(
            file, "", "", Message("no such file that can be read"), Message("the table")
        )
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        found = Message("byte {byte}, which isn't UTF-8", byte=f"0x{content[error.start]:02X}")
        return "", Finding(file, str(row), "", found, Message("a text in UTF-8"))


def _records(text: str) -> Iterator[tuple[int, list[str], str]]:
    """Yield first line, cells and problem of each record; a problem is the last."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, [], Message(str(error))
            return
        yield line, cells, ""
