"""Tables as delimited text."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import TYPE_CHECKING

from data._message import Message
from data.untrusted._headings import header_at
from data.untrusted._sheets import BLANKS, Notes, Raw, refuse, told
from data.untrusted.legacy_text import decode
from data.untrusted.limits import TEXT

if TYPE_CHECKING:
    from data.untrusted._sheets import Job

_DELIMITERS = (";", "\t", ",")
_SAMPLE = 50  # records that tell the delimiter


def read(job: Job) -> list[Raw]:
    """Read the one table of a CSV file; rows are counted as a spreadsheet counts them."""
    return [table(job.file.read_bytes(), job)]


def table(content: bytes, job: Job, name: str = "") -> Raw:
    """Read a table; `name` is the one of its sheet where it is one of several of a file."""
    notes = Notes(job.name)
    text, encoding = decode(content, job)
    skipped = 0
    delimiter = ""
    if text[:4].lower() == "sep=" and text[4:5] in _DELIMITERS:
        delimiter = text[4]
        text, skipped = text[5:].lstrip("\r").removeprefix("\n"), 1
    delimiter = delimiter or _delimiter(text)
    csv.field_size_limit(len(text) + 1)
    records: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = skipped
    try:
        for number, record in enumerate(reader, start=skipped + 1):
            cells = [cell.strip(BLANKS) for cell in record]
            if any(cells):
                records.append((number, cells))
            if len(records) > job.limits.features + 1:
                refuse(
                    job,
                    Message("more than {most} rows", most=job.limits.features),
                    Message("fewer; divide the file"),
                )
    except csv.Error as error:
        expected = Message('each " doubled within quotes, and quotes that end')
        refuse(
            job,
            Message("a table that breaks off ({error})", error=told(error)),
            expected,
            row=number + 1,
        )
    if not records:
        refuse(job, Message("blank text"), Message("a table with headings"))
    header_row, header, rest = header_at(records, notes)
    return Raw(
        name=name,
        header=header,
        rows=[row for row, _ in rest],
        cells=[cells for _, cells in rest],
        notes=notes,
        encoding=encoding,
        header_row=header_row,
    )


def _delimiter(text: str) -> str:
    """Choose the delimiter that divides the most records alike."""
    best, chosen = (0.0, 0), ","
    for delimiter in _DELIMITERS:
        widths: Counter[int] = Counter()
        csv.field_size_limit(max(len(text), TEXT))
        try:
            for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
                if any(record):
                    widths[len(record)] += 1
                if widths.total() == _SAMPLE:
                    break
        except csv.Error:
            continue
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[0] > 1, item[1], item[0]))
        alike = count / widths.total() if width > 1 else 0.0
        if (alike, width) > best:
            best, chosen = (alike, width), delimiter
    return chosen
