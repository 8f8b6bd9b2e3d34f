"""Sheets that the application itself exported: told by their columns, read as they were written.

The columns have the names of :mod:`data.exchange_fields`, their short names (Shapefile), those
that GDAL cuts for a Shapefile of its own, or headings in either language (XLSX). Nothing is
guessed: each column is the field that it was written as.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from data.exchange_fields import PEDIGREE, exchange_layers
from data.importing.dates import read_date
from data.importing.tables import records
from data.vocabulary import BASES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from data.exchange_fields import ExchangeField
    from data.importing.fields import Kind
    from data.untrusted import Sheet

_FIGURES = {
    "total_area_ha": "total_area_ha",
    "cleared_ha": "cleared_ha",
    "leasable_ha": "industrial_land_ha",
    "leased_ha": "leased_ha",
    "fill_rate_pct": "fill_rate_pct",
}
# Names of figures in results that have another name in the fact tables.
METRIC_OF = {"leasable_ha": "industrial_land_ha"}
# By layer that can be taken: what its rows are, and our field of each of its fields.
TAKEN: dict[str, tuple[Kind, dict[str, str]]] = {
    "areas": (
        "parks",
        {
            "id": "area_id",
            "name_vi": "area",
            "name_en": "name_en",
            "kind": "area_kind",
            "status": "area_status",
            "status_as_of": "status_as_of",
            "counted": "counted",
            "part_of": "part_of",
            "within": "within",
            "area_nature": "area_nature",
            "documents": "decision",
            "established_year": "established_year",
            "developer": "developer",
            "wastewater": "wastewater",
            "industries": "industries",
            "communes": "communes",
            **{
                f"{theirs}{end}": f"{ours}{end}"
                for theirs, ours in _FIGURES.items()
                for end in ("", *(f"_{name}" for name, *_ in PEDIGREE))
            },
        },
    ),
    "figures": (
        "observations",
        {
            "area_id": "area",
            "metric": "metric",
            "value": "value",
            "unit": "value_unit",
            "figure_as_of": "as_of",
            "basis": "basis",
            "qualifier": "qualifier",
            "nature": "nature",
            "how": "how",
            "note": "note",
            "sources": "source",
        },
    ),
    "plots": (
        "plots",
        {
            "plot_id": "plot_id",
            "area_id": "area",
            "use": "use",
            "status": "plot_status",
            "stated_ha": "area_ha",
            "tenant_trade": "tenant_trade",
            "leased_on": "leased_on",
            "plot_as_of": "as_of",
            "note": "note",
        },
    ),
    "outlines": (
        "boundaries",
        {"area_id": "area", "outline_as_of": "as_of", "note": "note"},
    ),
}
# Further properties of a GeoJSON, and tables that explain the others.
_MORE = {"areas": {"figures": "figures"}}
_EXPLAINING = ("about", "fields", "layer_styles")
# Columns by which a layer is known however many of the others somebody took out.
_MARKS = {
    "areas": {"id", "total_area_ha", "total_area_ha_as_of", "total_area_ha_how"},
    "figures": {"area_id", "metric", "value", "how", "sources"},
    "sources": {"source_id", "title", "publisher", "url"},
}
_MOST = 0.6  # share of its fields by which any other layer is known
_SHORTEST, _WIDE = 8, 10  # letters of a name that GDAL keeps before a number, and in all
_TENS = 10
_LONGEST = 251  # bytes from which a text of a Shapefile may have been cut (254 less a letter)
_LISTED = re.compile(r"\(\d+:(.*)\)", re.DOTALL)
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_NUMBER = re.compile(r"-?\d+([.,]\d+)?([eE][-+]?\d+)?")
_FALSE = ("false", "0", "no", "không", "không có")


@dataclass(frozen=True)
class Export:
    """What a sheet of the application's own is.

    Attributes
    ----------
    layer
        Key of the layer.
    columns
        By header: name of its field.
    """

    layer: str
    columns: Mapping[str, str]

    def fields(self) -> dict[str, str]:
        """Our field of each column that can be taken; of two columns for one, the first."""
        names = {**TAKEN.get(self.layer, ("", {}))[1], **_MORE.get(self.layer, {})}
        found: dict[str, str] = {}
        for header, name in self.columns.items():
            if name in names and names[name] not in found.values():
                found[header] = names[name]
        return found


@dataclass(frozen=True)
class Beside:
    """What other sheets of the same file say: words of codes, long texts, sources."""

    codes: Mapping[tuple[str, str], Mapping[str, str]]
    long_texts: Mapping[tuple[str, str, str], str]
    sources: Mapping[str, Mapping[str, str]]


def cut_names(names: Sequence[str]) -> list[str]:
    """Cut names to the 10 letters of a Shapefile as GDAL does.

    Examples
    --------
    >>> cut_names(["total_area_ha", "total_area_ha_as_of", "leased_ha"])
    ['total_area', 'total_ar_1', 'leased_ha']
    """
    found: list[str] = []
    for name in names:
        cut, number = name[:_WIDE], 0
        while cut in found:
            number += 1
            between = "_" if number < _TENS else ""
            cut = f"{name[:_SHORTEST]}{between}{number}"
        found.append(cut)
    return found


@cache
def _spellings(layer: str) -> tuple[dict[str, str], ...]:
    """Ways to spell the fields of a layer: each by header."""
    fields = exchange_layers()[layer].fields
    names = [field.name for field in fields]
    return tuple(
        dict(zip(map(_folded, headers), names, strict=True))
        for headers in (
            names,
            [field.short for field in fields],
            cut_names(names),
            [field.heading("vi") for field in fields],
            [field.heading("en") for field in fields],
        )
    )


@cache
def headings() -> dict[str, tuple[str, ...]]:
    """By field of ours: what the application writes over its columns, in both languages.

    For tables that hold too few of them to be known as a layer. A single word, such as "Id",
    says too little by itself.
    """
    found: dict[str, dict[str, None]] = {}
    for layer, (_, names) in TAKEN.items():
        for field in exchange_layers()[layer].fields:
            if field.name in names:
                some = found.setdefault(names[field.name], {})
                both = field.heading("vi"), field.heading("en")
                some |= dict.fromkeys(heading for heading in both if " " in heading)
    return {field: tuple(some) for field, some in found.items()}


def _folded(header: str) -> str:
    return " ".join(header.casefold().split())


def recognise(sheet: Sheet) -> Export | None:
    """Tell which layer of the application a sheet is, None where it is none.

    All of a layer's telling columns must be there, and each column that is one of a figure must
    hold what it was written with.
    """
    headers = [str(header) for header in sheet.cells.columns]
    found: list[tuple[int, int, Export]] = []
    for layer, about in exchange_layers().items():
        fields = {field.name: field for field in about.fields}
        for spelling in _spellings(layer):
            columns = {
                header: spelling[_folded(header)]
                for header in headers
                if _folded(header) in spelling
            }
            more = _MORE.get(layer, {})
            columns |= {header: header for header in headers if header in more}
            known = set(columns.values())
            needed = _MARKS.get(layer, set())
            enough = needed or sum(name in known for name in fields) >= _MOST * len(fields)
            if (
                needed | {about.identifier} - ({"figure_id"} if needed else set()) <= known
                and enough
                and _as_written(sheet, columns, fields)
            ):
                found.append((len(columns), -len(fields), Export(layer, columns)))
    return max(found, key=lambda one: one[:2])[2] if found else None


def _as_written(
    sheet: Sheet,
    columns: Mapping[str, str],
    fields: Mapping[str, ExchangeField],
) -> bool:
    """Whether dates are dates, and numbers numbers."""
    for header, name in columns.items():
        field = fields.get(name)
        cells = [text for text in sheet.cells[header].astype(str) if text.strip()]
        if field is None or field.type == "list" or not cells:
            continue
        if field.type == "partial_date" and not any(read_date(text).text for text in cells):
            return False
        if field.type == "number" and not any(_NUMBER.fullmatch(text) for text in cells):
            return False
        stated = (*field.codes, *BASES) if field.words == "BASIS" else field.codes
        wordy = sheet.format.casefold() == "xlsx"
        if stated and not wordy and not any(_plain(text) in stated for text in cells):
            return False
    return True


def explains(sheet: Sheet) -> bool:
    """Whether a sheet beside layers of the application only explains them."""
    return sheet.name in _EXPLAINING or sheet.name.endswith("_long_texts")


def _plain(text: str) -> str:
    """Give a text as it was before it was made harmless for a spreadsheet."""
    return text[1:] if re.match(r"'\s*[=+\-@]", text) else text


def beside(sheets: Iterable[Sheet], exports: Iterable[Export | None]) -> Beside:
    """Collect what the sheets of one file say on each other."""
    codes: dict[tuple[str, str], dict[str, str]] = {}
    long_texts: dict[tuple[str, str, str], str] = {}
    sources: dict[str, dict[str, str]] = {}
    for sheet, export in zip(sheets, exports, strict=True):
        if export is not None and export.layer == "sources":
            for _, row in records(sheet.cells):
                cells = {name: _plain(str(row[header])) for header, name in export.columns.items()}
                if key := cells.pop("source_id", ""):
                    sources[key] = {"id": key, **cells}
        elif sheet.name == "fields" and {"layer", "field"} <= set(sheet.cells.columns):
            for _, row in records(sheet.cells):
                texts = [text for name, text in row.items() if name.startswith("values_")]
                pairs = [pair for text in texts for pair in _pairs(text)]
                codes[row["layer"], row["field"]] = {label: code for code, label in pairs}
        elif sheet.name.endswith("_long_texts") and {"field", "text"} <= set(sheet.cells.columns):
            layer = sheet.name.removesuffix("_long_texts")
            for _, row in records(sheet.cells):
                key = next(iter(row.values()))
                long_texts[layer, key, row["field"]] = _plain(row["text"])
    return Beside(codes, long_texts, sources)


def _pairs(text: str) -> list[tuple[str, str]]:
    """Codes and words of "measured = hiện trạng; planned = quy hoạch"."""
    parts = re.split(r";\s+(?=[\w%./]+ = )", text)
    return [
        (code, label) for part in parts if " = " in part for code, label in [part.split(" = ", 1)]
    ]


def as_exported(sheet: Sheet, export: Export, known: Beside) -> Sheet:
    """Give the cells as other formats have them: codes for words, lists joined by semicolons.

    The geometry of areas is left out: most of their points are those of communes, and only say
    where the area is about.
    """
    layer = exchange_layers()[export.layer]
    fields = {field.name: field for field in layer.fields}
    named = {name: header for header, name in export.columns.items()}
    cells = sheet.cells.astype(str).copy()
    keys = cells[named[layer.identifier]] if layer.identifier in named else None
    for header, name in export.columns.items():
        field = fields.get(name)
        if field is None:
            continue
        codes = known.codes.get((layer.key, name), {})
        texts = cells[header].map(_plain)
        if sheet.format == "Shapefile" and keys is not None and field.type in ("text", "list"):
            whole = [
                known.long_texts.get((layer.key, key, field.short), _if_whole(text))
                for key, text in zip(keys, texts, strict=True)
            ]
            texts = pd.Series(whole, index=texts.index, dtype=object)
        if field.type == "list":
            texts = texts.map(lambda text, codes=codes: ";".join(_listed(text, codes)))
        elif field.type == "boolean":
            texts = texts.map(lambda text: text and ("no" if text.casefold() in _FALSE else "yes"))
        elif field.words or field.codes:
            texts = texts.map(lambda text, codes=codes: codes.get(text, text))
        if name == "metric":
            texts = texts.map(lambda text: METRIC_OF.get(text, text))
        cells[header] = texts
    bare = replace(sheet, cells=cells)
    return replace(bare, geometry=None, crs=None) if layer.key == "areas" else bare


def _if_whole(text: str) -> str:
    """Give a text of a Shapefile, "" where its end may have been cut off."""
    return "" if len(text.encode()) >= _LONGEST else text


def _listed(text: str, codes: Mapping[str, str]) -> list[str]:
    """Split a list as GeoJSON, GDAL or a cell writes it."""
    try:
        read = json.loads(text) if text.startswith("[") else None
    except ValueError:
        read = None
    if isinstance(read, list):
        parts = [str(part) for part in read]
    elif text.startswith("["):  # as Python prints one
        parts = [one or other for one, other in _QUOTED.findall(text)]
    elif match := _LISTED.fullmatch(text):
        parts = match[1].split(",")
    else:
        parts = text.split(";")
    clean = [part.strip() for part in parts]
    return [codes.get(part, part) for part in clean if part]
