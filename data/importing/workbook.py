"""The report as a workbook, to send back to who made the file.

Its first sheet lists the findings; then comes each sheet of the file as it was, with the findings
beside each row and the cells at fault marked. Text stays text: nothing in it is a formula.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import xlsxwriter

from data.importing.findings import SEVERITIES
from data.importing.report import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from data._message import Lang
    from data.importing.findings import ImportFinding, Severity
    from data.importing.parts import Import, Part

_HEADS: dict[Lang, dict[str, str]] = {
    "vi": {
        "sheet_name": "Phát hiện",
        "severity": "Mức độ",
        "code": "Mã",
        "sheet": "Bảng",
        "row": "Dòng",
        "column": "Cột",
        "problem": "Vấn đề",
        "found": "Thấy",
        "expected": "Cần",
        "findings": "Phát hiện ở dòng này",
    },
    "en": {
        "sheet_name": "Findings",
        "severity": "Severity",
        "code": "Code",
        "sheet": "Sheet",
        "row": "Row",
        "column": "Column",
        "problem": "Problem",
        "found": "Found",
        "expected": "Expected",
        "findings": "Found in this row",
    },
}
_COLUMNS = ("severity", "code", "sheet", "row", "column", "problem", "found", "expected")
_WIDTHS = (10, 7, 16, 7, 26, 44, 24, 60)
_COLOURS: dict[Severity, str] = {"error": "#F8CBAD", "warning": "#FFE699", "info": "#DDEBF7"}
_LONGEST = 32_000  # characters that a cell of a workbook holds
_NAME = 31
_WIDE = 60
_POINTS = 15.0  # of a line
_TALLEST = 400.0
_MOST_ROWS = 1_000_000


def _safe(text: str) -> str:
    """Text that no program takes for a formula, nor one that it is copied to as CSV."""
    text = text[:_LONGEST]
    return f"'{text}" if re.match(r"[=+@\t\r]|-(?![\d.,]+$)", text) else text


def workbook(found: Import, lang: Lang = "vi") -> bytes:
    """Write the report on an import as an XLSX file.

    Parameters
    ----------
    found
        The import.
    lang
        Of headings and findings.
    """
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        formats = {
            rank: book.add_format({"bg_color": _COLOURS[rank], "valign": "top", "text_wrap": True})
            for rank in SEVERITIES
        } | {
            "head": book.add_format(
                {"bold": True, "valign": "top", "text_wrap": True, "bottom": 1}
            ),
            "": book.add_format({"valign": "top"}),
        }
        heads = _HEADS[lang]
        taken = {heads["sheet_name"].casefold()}
        _findings(book.add_worksheet(heads["sheet_name"]), found, lang, formats)
        for part in found.parts:
            name = _sheet_name(part.sheet.name, taken)
            taken.add(name.casefold())
            _original(book.add_worksheet(name), part, lang, formats)
    return out.getvalue()


def _sheet_name(name: str, taken: set[str]) -> str:
    """Give a name that a sheet of a workbook may have and none has yet."""
    bare = re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:_NAME] or "1"
    number = 2
    given = bare
    while given.casefold() in taken or given.casefold() == "history":
        ending = f" ({number})"
        given = bare[: _NAME - len(ending)] + ending
        number += 1
    return given


def _findings(
    sheet: Worksheet,
    found: Import,
    lang: Lang,
    formats: dict[str, Format],
) -> None:
    sheet.freeze_panes(1, 0)
    _for_print(sheet)
    for at, (name, width) in enumerate(zip(_COLUMNS, _WIDTHS, strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, _HEADS[lang][name], formats["head"])
    for line, one in enumerate(found.findings[:_MOST_ROWS], start=1):
        cells: dict[str, Any] = one.record(lang) | {"severity": words(lang)[one.severity]}
        sheet.set_row(line, _height([cells[name] for name in _COLUMNS], _WIDTHS))
        for at, name in enumerate(_COLUMNS):
            if name == "row" and one.row.isdigit():
                sheet.write_number(line, at, int(one.row), formats[one.severity])
            else:
                sheet.write_string(line, at, _safe(cells[name]), formats[one.severity])
    sheet.autofilter(0, 0, max(len(found.findings), 1), len(_COLUMNS) - 1)


def _original(
    sheet: Worksheet,
    part: Part,
    lang: Lang,
    formats: dict[str, Format],
) -> None:
    """Rows as the file has them, with what was found on each."""
    headers = [str(header) for header in part.sheet.cells.columns]
    sheet.freeze_panes(1, 2)
    _for_print(sheet)
    sheet.set_column(0, 0, 7)
    sheet.set_column(1, 1, _WIDE)
    sheet.set_column(2, len(headers) + 1, 18)
    for at, text in enumerate((_HEADS[lang]["row"], _HEADS[lang]["findings"], *headers)):
        sheet.write_string(0, at, _safe(text), formats["head"])
    by_row: dict[str, list[ImportFinding]] = {}
    for one in part.findings:
        by_row.setdefault(one.row, []).append(one)
    for line, (row, cells) in enumerate(
        zip(
            part.sheet.cells.index[:_MOST_ROWS],
            part.sheet.cells.itertuples(index=False),
            strict=False,
        ),
        start=1,
    ):
        here = by_row.get(str(row), [])
        sheet.write_number(line, 0, int(row), formats[""])
        told = "\n".join(_line(one, lang) for one in here)
        worst = _worst(here)
        sheet.write_string(line, 1, _safe(told), formats[worst or ""])
        sheet.set_row(line, _height([told], [_WIDE]))
        for at, (header, text) in enumerate(zip(headers, cells, strict=True), start=2):
            marked = _worst([one for one in here if header in _columns(one, part)])
            sheet.write_string(line, at, _safe(str(text)), formats[marked or ""])


def _columns(one: ImportFinding, part: Part) -> set[str]:
    """Headers over the cells at fault."""
    headers = part.checked.rows.headers if part.checked else {}
    return {one.column, *(headers.get(name, "") for name in one.fields)} - {""}


def _for_print(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _height(texts: Sequence[str], widths: Sequence[int]) -> float:
    """Points that wrapped texts need, for programs that don't work it out themselves."""
    lines = max(
        sum(1 + len(line) // width for line in text.split("\n"))
        for text, width in zip(texts, widths, strict=True)
    )
    return min(_POINTS * lines, _TALLEST)


def _line(one: ImportFinding, lang: Lang) -> str:
    column = f"{one.column}: " if one.column else ""
    return f"{one.code} {column}{one.title(lang)}; {words(lang)['expected']}: {one.expected(lang)}"


def _worst(found: Iterable[ImportFinding]) -> Severity | None:
    ranks = {one.severity for one in found}
    return next((rank for rank in SEVERITIES if rank in ranks), None)
