"""Cells of a sheet as the fields of a mapping, in the forms of the fact tables.

Each field has a type (`headers.yaml`); what can't be read is a finding and becomes "".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal as Exact
from typing import TYPE_CHECKING

import pandas as pd

from data.dates import printed_date
from data.importing.cells import as_text, clean, is_nothing, read_word, sure_trade, words_of
from data.importing.dates import read_date
from data.importing.fields import fields
from data.importing.findings import ImportFinding
from data.importing.headers import score
from data.importing.names import parted
from data.importing.numbers import Reading, read_column
from data.importing.tables import records
from data.units.spelling import plain
from data.vocabulary import METRICS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from data.importing.fields import Kind, Unit
    from data.importing.mappings import Mapping
    from data.untrusted import Sheet

# Formats whose numbers are numbers, written out with a decimal point.
_NUMERIC = ("geojson", "geopackage", "geoparquet", "shapefile")
_DMS = re.compile(
    r"(\d{1,3})\s*[°ºd]\s*(\d{1,2})\s*['\u2019\u2032m]\s*(\d{1,2}(?:[.,]\d+)?)"
    r"\s*(?:\"|\u201d|\u2033|''|s)?\s*[NEBĐ]?",
    re.IGNORECASE,
)

RANGES: dict[str, tuple[float, float]] = {
    "area": (0.0, 1e6),
    "percent": (0.0, 100.0),
    "count": (0.0, 1e9),
    "number": (0.0, 1e12),
    "latitude": (6.0, 24.0),
    "longitude": (102.0, 118.0),
    "year": (1900.0, 2099.0),
}
# Coordinates in metres or degrees; the largest northing of Việt Nam is some 2,600 km.
_COORDINATES = (100_000.0, 2_700_000.0)
EXTENTS = ("total_area_ha", "project_area_ha", "industrial_land_ha")


@dataclass(frozen=True)
class Rows:
    """Rows of one sheet by our fields.

    Attributes
    ----------
    sheet
        Where they are from.
    mapping
        How they were read.
    cells
        Text in the forms of the fact tables, "" where unknown or unreadable; the index is the
        row in the file.
    headers
        By field: the header over it, as printed.
    findings
        What couldn't be read.
    layer
        Of the application itself, where it wrote the sheet.
    """

    sheet: Sheet
    mapping: Mapping
    cells: pd.DataFrame
    headers: dict[str, str]
    findings: tuple[ImportFinding, ...]
    layer: str = ""

    def at(
        self,
        row: object,
        code: str,
        *names: str,
        found: str = "",
        **values: str | float,
    ) -> ImportFinding:
        """Write a finding on fields of a row; an empty row means the sheet."""
        column = next((self.headers[name] for name in names if name in self.headers), "")
        return ImportFinding(
            self.sheet.name, str(row), code, names, column, found, tuple(values.items())
        )

    def printed(self, row: int, field: str) -> str:
        """Cell as the file has it; of a constant, its text."""
        header = self.headers.get(field)
        cells = self.cells if header is None else self.sheet.cells
        return str(cells.loc[row, field if header is None else header])


_TO_HECTARES = {"ha": Exact(1), "m2": Exact("0.0001"), "km2": Exact(100)}


_TOTALS = ("tong", "tong cong", "tong so", "cong", "total", "grand total", "sum")
_NAMES = ("area", "plot_id", "tenant", "node_name", "commune")


def _is_aside(cells: dict[str, str], kind: Kind) -> bool:
    """Whether a row is a total, or a heading above a group of parks."""
    if any(_bare_words(cells.get(name, "")) in _TOTALS for name in _NAMES):
        return True
    filled = [name for name, text in cells.items() if text]
    if kind != "parks" or filled != ["area"]:
        return False
    said, rest = parted(cells["area"])
    return not said or not rest.strip("0123456789 ")


def _bare_words(text: str) -> str:
    return " ".join(re.findall(r"[a-z]+", plain(text)))


def read_rows(sheet: Sheet, mapping: Mapping, layer: str = "") -> Rows:
    """Read a sheet by a mapping.

    Parameters
    ----------
    sheet, mapping
        A mapping for its headers.
    layer
        Of the application itself, where it wrote the sheet.

    Returns
    -------
    Rows
        All fields of the mapping, constants where a column is missing or a cell empty. Rows
        without any content are left out.
    """
    headers = {column.field: header for header, column in mapping.columns.items() if column.field}
    texts = {field: sheet.cells[header].astype(str).map(clean) for field, header in headers.items()}
    cells = pd.DataFrame(texts, index=sheet.cells.index, dtype=object)
    held = (cells != "").any(axis=1)
    if sheet.geometry is not None:
        held |= sheet.geometry.notna().to_numpy()
    cells = cells[held]
    aside = [row for row, one in records(cells) if _is_aside(one, mapping.kind)]
    cells = cells.drop(index=aside)
    for field, constant in mapping.constants.items():
        if field in fields():
            given = cells[field] if field in cells else pd.Series("", index=cells.index)
            cells[field] = given.where(given != "", clean(constant))
    rows = Rows(sheet, mapping, cells, headers, (), layer)
    findings = [rows.at(row, "I009") for row in aside]
    read = {}
    for field in cells.columns:
        kind = fields()[field]["type"]
        read[field] = _READERS[kind](rows, field, findings)
    columns = pd.DataFrame(read, index=cells.index, dtype=object)
    return Rows(sheet, mapping, columns, headers, tuple(findings), layer)


def _labels(rows: Rows) -> list[int]:
    return [int(row) for row in rows.cells.index]


def _texts(rows: Rows, field: str) -> Iterator[tuple[int, str]]:
    """Rows and cells of one field."""
    return zip(_labels(rows), map(str, rows.cells[field]), strict=True)


def _text(rows: Rows, field: str, _: list[ImportFinding]) -> pd.Series[str]:
    texts = rows.cells[field]
    # Spreadsheets hold numbers of plots and contracts as numbers: 12.0.
    return texts.map(lambda text: re.sub(r"^(\d+)\.0$", r"\1", text))


def _list(rows: Rows, field: str, _: list[ImportFinding]) -> pd.Series[str]:
    def listed(text: str) -> str:
        parts = [clean(part) for part in re.split(r"[;,\n]", text)]
        return ";".join(dict.fromkeys(part for part in parts if part and not is_nothing(part)))

    return rows.cells[field].map(listed)


def _numeric(rows: Rows, cells: Iterable[str]) -> bool:
    """Whether cells are numbers of the file itself; those of a workbook may be texts too."""
    kind = rows.sheet.format.casefold()
    return kind in _NUMERIC or (kind == "xlsx" and any(re.fullmatch(r"\d{4,}", c) for c in cells))


def _readings(rows: Rows, field: str, kind: str) -> dict[int, Reading]:
    column = rows.mapping.columns.get(rows.headers.get(field, ""))
    plausible = {
        "coordinate": _COORDINATES,
        "latitude": RANGES["latitude"],
        "longitude": RANGES["longitude"],
        "percent": RANGES["percent"],
    }.get(kind)
    if kind == "percent" and column is not None and column.unit == "fraction":
        plausible = (0.0, 1.0)
    filled = {row: text for row, text in _texts(rows, field) if not is_nothing(text)}
    return read_column(
        filled,
        decimal=rows.mapping.decimal,
        plausible=plausible,
        numeric=_numeric(rows, filled.values()),
    )


def _number(rows: Rows, field: str, findings: list[ImportFinding]) -> pd.Series[str]:
    kind = fields()[field]["type"]
    column = rows.mapping.columns.get(rows.headers.get(field, ""))
    stated: Unit = column.unit if column is not None else ""
    out = dict.fromkeys(_labels(rows), "")
    converted: set[str] = set()
    own = {"area": "ha", "percent": "pct"}.get(kind, "")
    printed = dict(_texts(rows, field))
    for row, reading in _readings(rows, field, kind).items():
        found = printed[row]
        unit = reading.unit or stated or own
        if reading.options:
            comma, point = reading.options
            findings.append(rows.at(row, "I102", field, found=found, comma=comma, point=point))
            continue
        fits = {"area": _TO_HECTARES.keys(), "percent": ("pct", "fraction")}.get(kind, ("", "m"))
        if reading.value != reading.value or unit not in fits:
            findings.append(rows.at(row, "I101", field, found=found, unit=_OWN.get(kind, "")))
            continue
        exact = Exact(repr(reading.value))
        if kind == "area":
            exact *= _TO_HECTARES[unit]
        elif unit == "fraction":
            exact *= 100
        if unit in ("m2", "km2", "fraction"):
            converted.add(unit)
        low, high = RANGES.get(kind, (-1e12, 1e12))
        if not low <= exact <= high or (field in EXTENTS and exact == 0):
            findings.append(rows.at(row, "I109", field, found=found, low=low, high=high))
            continue
        out[row] = as_text(exact)
    findings += [
        rows.at("", "I103", field, found=rows.headers.get(field, ""), unit=unit, target=own)
        for unit in sorted(converted)
    ]
    return pd.Series(out, index=rows.cells.index, dtype=object)


_OWN = {"area": "ha, m², km²", "percent": "%"}


def _degrees(rows: Rows, field: str, findings: list[ImportFinding]) -> pd.Series[str]:
    """Read degrees, also in minutes and seconds."""

    def decimal(text: str) -> str:
        if match := _DMS.fullmatch(text.strip()):
            degrees, minutes, seconds = (float(part.replace(",", ".")) for part in match.groups())
            return as_text(round(degrees + minutes / 60 + seconds / 3600, 9))
        return text

    plain_cells = rows.cells.assign(**{field: rows.cells[field].map(decimal)})
    return _number(Rows(rows.sheet, rows.mapping, plain_cells, rows.headers, ()), field, findings)


def _date(rows: Rows, field: str, findings: list[ImportFinding]) -> pd.Series[str]:
    out = dict.fromkeys(_labels(rows), "")
    for row, text in _texts(rows, field):
        if is_nothing(text):
            continue
        read = read_date(text)
        out[row] = read.text
        if not read.text:
            candidate = f" ({printed_date(read.candidate)}?)" if read.candidate else ""
            findings.append(rows.at(row, "I104", field, found=text, candidate=candidate))
        elif read.serial:
            findings.append(rows.at(row, "I105", field, found=text, taken=read.text))
    return pd.Series(out, index=rows.cells.index, dtype=object)


def _word(rows: Rows, field: str, findings: list[ImportFinding]) -> pd.Series[str]:
    kind = fields()[field]["words"]
    out = dict.fromkeys(_labels(rows), "")
    for row, text in _texts(rows, field):
        word = read_word(text, kind) if text else None
        if word is not None:
            out[row] = word
        elif not is_nothing(text):
            choices = ", ".join(words_of(kind))
            findings.append(rows.at(row, "I106", field, found=text, choices=choices))
    return pd.Series(out, index=rows.cells.index, dtype=object)


def _trade(rows: Rows, field: str, findings: list[ImportFinding]) -> pd.Series[str]:
    out = dict.fromkeys(_labels(rows), "")
    for row, text in _texts(rows, field):
        if is_nothing(text):
            continue
        tag, near = sure_trade(text)
        out[row] = tag
        if not tag:
            findings.append(rows.at(row, "I107", field, found=text, choices=near))
    return pd.Series(out, index=rows.cells.index, dtype=object)


def _metric(rows: Rows, field: str, findings: list[ImportFinding]) -> pd.Series[str]:
    out = dict.fromkeys(_labels(rows), "")
    for row, text in _texts(rows, field):
        if not text:
            continue
        fit = {metric: score(text, metric) for metric in METRICS}
        ranked = sorted(fit, key=lambda metric: (-fit[metric], list(METRICS).index(metric)))
        if fit[ranked[0]] > fit[ranked[1]] and fit[ranked[0]] >= _METRIC_SURE:
            out[row] = ranked[0]
        else:
            choices = ", ".join(ranked[:3])
            findings.append(rows.at(row, "I106", field, found=text, choices=choices))
    return pd.Series(out, index=rows.cells.index, dtype=object)


_METRIC_SURE = 0.85

_READERS: dict[str, Callable[[Rows, str, list[ImportFinding]], pd.Series[str]]] = {
    "text": _text,
    "list": _list,
    "number": _number,
    "area": _number,
    "percent": _number,
    "count": _number,
    "year": _number,
    "coordinate": _number,
    "latitude": _degrees,
    "longitude": _degrees,
    "date": _date,
    "word": _word,
    "trade": _trade,
    "metric": _metric,
}
