"""XLSX: a sheet a layer, headings in words, codes in words, numbers as numbers."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any, Final

from layers.exchange.delimited import coordinates
from layers.exchange.fields import dictionary
from layers.spreadsheet import neutral, open_workbook
from layers.words import words

if TYPE_CHECKING:
    from pathlib import Path

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from data._message import Lang
    from layers.exchange.bundle import Bundle
    from layers.exchange.fields import LayerField
    from layers.exchange.layer import Layer

_WIDTHS: Final = {"number": 14, "integer": 12, "boolean": 10, "date": 12, "partial_date": 12}
_TEXT_WIDTHS: Final = (10, 48)
_HEAD_HEIGHT: Final = 45
_ABOUT_WIDTHS: Final = (24, 110)
_LINE_LENGTH: Final = 100
_LINE_HEIGHT: Final = 16
# Excel writes separators as the reader's own settings have them.
_FORMATS: Final = {"number": "#,##0.00", "integer": "0", "coordinate": "0.0000000"}


def shown(field: LayerField, value: Any, lang: Lang) -> Any:  # noqa: ANN401
    """Give a value as an office reads it: words for codes, lists joined by semicolons."""
    labels = field.read_as(lang)
    if field.type == "list":
        return "; ".join(labels.get(item, item) for item in value) or None
    if field.type == "boolean" and value is not None:
        w = words(lang)
        return w("yes") if value else w("no")
    return labels.get(value, value) if isinstance(value, str) else value


def _put(sheet: Worksheet, row: int, column: int, value: Any, cells: Format | None) -> None:  # noqa: ANN401
    if value is None:
        return
    if isinstance(value, int | float):
        sheet.write_number(row, column, value, cells)
    else:
        sheet.write_string(row, column, neutral(str(value)), cells)


def _sheet(workbook: Workbook, bundle: Bundle, layer: Layer, formats: dict[str, Format]) -> None:
    lang = bundle.lang
    sheet = workbook.add_worksheet(layer.key)
    places = coordinates(layer, bundle.about.crs)
    sides = list(places[0]) if places else []
    fields = layer.about.fields
    sheet.set_row(0, _HEAD_HEIGHT)
    for column, heading in enumerate([*(field.heading(lang) for field in fields), *sides]):
        sheet.write_string(0, column, heading, formats["head"])
    widest = [0] * len(fields)
    for row, (record, place) in enumerate(zip(layer.records, places, strict=True), start=1):
        for column, field in enumerate(fields):
            value = shown(field, record[field.name], lang)
            widest[column] = max(widest[column], len(str(value or "")))
            _put(sheet, row, column, value, formats.get(field.type))
        for column, value in enumerate(place.values(), start=len(fields)):
            _put(sheet, row, column, value, formats["coordinate"])
    least, most = _TEXT_WIDTHS
    for column, field in enumerate(fields):
        width = _WIDTHS.get(field.type) or min(max(widest[column] + 2, least), most)
        sheet.set_column(column, column, width)
    if sides:
        sheet.set_column(len(fields), len(fields) + len(sides) - 1, _WIDTHS["number"])
    last = max(len(layer.records), 1)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, last, len(fields) + len(sides) - 1)


def _about_sheet(workbook: Workbook, bundle: Bundle, formats: dict[str, Format]) -> None:
    sheet = workbook.add_worksheet("about")
    for column, width in enumerate(_ABOUT_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    for row, (heading, text) in enumerate(bundle.about.lines()):
        # A program that opens the file doesn't fit the height to the text by itself.
        sheet.set_row(row, _LINE_HEIGHT * math.ceil(len(text) / _LINE_LENGTH))
        sheet.write_string(row, 0, heading, formats["head"])
        sheet.write_string(row, 1, neutral(text), formats["wrapped"])


def _fields_sheet(workbook: Workbook, bundle: Bundle, formats: dict[str, Format]) -> None:
    sheet = workbook.add_worksheet("fields")
    rows = [row for layer in bundle.layers for row in dictionary(layer.about)]
    other = "en" if bundle.lang == "vi" else "vi"
    names = [name for name in rows[0] if not name.endswith(f"_{other}")]
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, formats["head"])
        sheet.set_column(column, column, _TEXT_WIDTHS[1] if "_" in name else 16)
    for row, item in enumerate(rows, start=1):
        for column, name in enumerate(names):
            _put(sheet, row, column, item[name] or None, None)
    sheet.freeze_panes(1, 2)


def write_workbook(bundle: Bundle, path: Path) -> None:
    """Write layers as sheets of one workbook, then what it is, its fields and its sources.

    The codes of a vocabulary are written in words; the sheet of the fields lists the codes that
    other formats have. Points have their coordinates, other layers none.
    """
    workbook = open_workbook(path)
    about = bundle.about
    made = dt.datetime.fromisoformat(about.as_of)
    workbook.set_properties(
        {
            "title": neutral(about.title),
            "subject": neutral(about.abstract),
            "comments": neutral(about.text()),
            "created": made,
        },
    )
    formats = {
        "head": workbook.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#eef1f4"},
        ),
        "wrapped": workbook.add_format({"text_wrap": True, "valign": "top"}),
        **{
            name: workbook.add_format({"num_format": pattern}) for name, pattern in _FORMATS.items()
        },
    }
    _about_sheet(workbook, bundle, formats)
    for layer in bundle.layers:
        bundle.on_step(layer.key, bundle.layers.index(layer), len(bundle.layers))
        _sheet(workbook, bundle, layer, formats)
    _fields_sheet(workbook, bundle, formats)
    workbook.close()
