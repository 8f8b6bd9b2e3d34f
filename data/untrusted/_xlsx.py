"""Tables of a workbook: values, never formulas; nothing that it links to or runs."""

from __future__ import annotations

import mimetypes
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException

from data._message import Message
from data.untrusted._headings import header_at
from data.untrusted._sheets import Notes, Raw, as_text, quoted, refuse, told
from data.untrusted.limits import COLUMNS, SHEETS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from data.untrusted._sheets import Job

_LAST_ROW = 1_048_576  # of a sheet
_LEFT_OUT = (
    ("xl/externalLinks/", Message("links to other files")),
    ("xl/vbaProject.bin", Message("macros")),
    ("xl/embeddings/", Message("embedded files")),
    ("xl/connections.xml", Message("connections to databases")),
    ("xl/activeX/", Message("controls")),
)
_PARTS = ("[Content_Types].xml", "xl/workbook.xml")


def read(job: Job) -> list[Raw]:
    """Read every sheet with rows; hidden ones too, with a finding."""
    notes = Notes(job.name)
    with job.unzipped() as (archive, members):
        if missing := [part for part in _PARTS if part not in members]:
            refuse(
                job,
                Message("a zip file without {missing}", missing=missing[0]),
                Message("a workbook (.xlsx)"),
            )
        for beginning, what in _LEFT_OUT:
            if any(name.startswith(beginning) for name in members):
                notes.add(None, "", what, Message("a workbook without; they were left out"))
        formulas = any(
            name.startswith("xl/worksheets/") and _has(archive, info, b"<f")
            for name, info in members.items()
        )
    # After the members were found harmless: openpyxl opens the copy by itself.
    try:
        return _sheets(job, notes, formulas=formulas)
    except ParseError as error:
        refuse(job, Message("broken XML ({error})", error=told(error)), Message("a sound workbook"))
    except (
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        OSError,
        zipfile.BadZipFile,
        EOFError,
        OverflowError,
    ) as error:
        _refuse_entities(error, job)
        refuse(
            job,
            Message("a broken workbook ({name})", name=type(error).__name__),
            Message("a sound workbook"),
        )


def _refuse_entities(error: BaseException | None, job: Job) -> None:
    """Say so where entities were the reason; openpyxl wraps it."""
    while error is not None:
        if isinstance(error, DefusedXmlException):
            refuse(
                job,
                Message("entities in its XML ({name})", name=type(error).__name__),
                Message("a workbook without"),
            )
        error = error.__cause__ or error.__context__


def _has(archive: zipfile.ZipFile, info: zipfile.ZipInfo, mark: bytes) -> bool:
    """Whether a part has a mark; parts are read in pieces."""
    try:
        with archive.open(info) as stream:
            tail = b""
            while chunk := stream.read(2**20):
                if mark in tail + chunk:
                    return True
                tail = chunk[-len(mark) :]
    except (zipfile.BadZipFile, EOFError, RuntimeError, OSError, NotImplementedError):
        return False  # openpyxl will say so
    return False


def _sheets(job: Job, notes: Notes, *, formulas: bool) -> list[Raw]:
    values = _workbook(job.file, values=True)
    if len(values.worksheets) > SHEETS:
        refuse(
            job,
            Message("{count} sheets", count=len(values.worksheets)),
            Message("at most {most}", most=SHEETS),
        )
    typed = _workbook(job.file, values=False) if formulas else None
    sheets: list[Raw] = []
    for place, sheet in enumerate(values.worksheets):
        own = Notes(job.name)
        if not sheets:
            own = notes
        records = list(_records(sheet, job))
        if typed is not None:
            _note_formulas(typed.worksheets[place], dict(records), own, job)
        if not records:
            continue
        if sheet.sheet_state != "visible":
            found = Message("the hidden sheet {title}", title=quoted(sheet.title))
            own.add(None, "", found, Message("visible ones; read too"))
        header_row, header, rest = header_at(records, own)
        sheets.append(
            Raw(
                name=sheet.title,
                header=header,
                rows=[row for row, _ in rest],
                cells=[cells for _, cells in rest],
                notes=own,
                header_row=header_row,
            )
        )
    return sheets


def _workbook(file: Path, *, values: bool) -> Any:  # noqa: ANN401
    mimetypes.knownfiles.clear()  # openpyxl would look into /etc for them
    from openpyxl import load_workbook  # noqa: PLC0415 (after the limits)

    # By a stream: it judges files by suffix, and ours has none.
    stream = file.open("rb")  # left open: rows are read on demand
    return load_workbook(stream, read_only=True, data_only=values, keep_links=False)


def _rows(sheet: Any, job: Job) -> Iterator[tuple[int, Any]]:  # noqa: ANN401
    """Give rows with cells, whatever the sheet says on its size."""
    sheet.reset_dimensions()
    for row, cells in enumerate(sheet.iter_rows(), start=1):
        if row > _LAST_ROW:
            refuse(
                job,
                Message("more than {most} rows", most=_LAST_ROW),
                Message("a sheet of a workbook"),
            )
        if cells:
            yield row, cells


def _records(sheet: Any, job: Job) -> Iterator[tuple[int, list[str]]]:  # noqa: ANN401
    found = 0
    for row, cells in _rows(sheet, job):
        texts = [_text(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if not texts:
            continue
        if len(texts) > COLUMNS:
            refuse(
                job,
                Message("{count} columns", count=len(texts)),
                Message("at most {most}", most=COLUMNS),
                row=row,
            )
        found += 1
        if found > job.limits.features + 1:
            refuse(
                job,
                Message("more than {most} rows", most=job.limits.features),
                Message("fewer; divide the file"),
            )
        yield row, texts


def _text(cell: Any) -> str:  # noqa: ANN401
    """Write a value; a percentage as it is printed, 85.5% for 0.855."""
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        text = as_text(value)
        if text and "%" in str(getattr(cell, "number_format", "")):
            return f"{(Decimal(text) * 100).normalize():f}%"
        return text
    return as_text(value)


def _note_formulas(sheet: Any, stored: dict[int, list[str]], notes: Notes, job: Job) -> None:  # noqa: ANN401
    """Tell formulas, and those whose value the workbook doesn't hold."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    for row, cells in _rows(sheet, job):
        for place, cell in enumerate(cells):
            if cell.data_type != "f":
                continue
            column = Message("column {place}", place=get_column_letter(place + 1))
            kept = stored.get(row, [])
            if place < len(kept) and kept[place]:
                notes.add(
                    row,
                    column,
                    Message("formulas"),
                    Message("values; those stored with them were taken"),
                )
            else:
                expected = Message("a value; open and save the workbook in a spreadsheet program")
                notes.add(row, column, Message("formulas without a stored value"), expected)
