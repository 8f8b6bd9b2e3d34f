"""What an import found: place in the file, code, what stands there and what is expected."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any, Literal, get_args

from data import _yaml
from data._errors import DataError
from data._translation import DATED, dated, day_first, said
from data.importing.fields import field_word, fields

if TYPE_CHECKING:
    from data._message import Lang

# What is filled in by these names is fields, or kinds of geometry.
_FIELDS = frozenset({"alternatives", "needed", "taken"})
_SHAPES = {"Polygon": ("đa giác", "a polygon"), "Point": ("điểm", "a point")}
_WHERE_KNOWN = re.compile(r"\[([^\[\]]*)\]")
CATALOGUE = Path(__file__).parent / "findings.yaml"

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)


@cache
def catalogue() -> dict[str, dict[str, Any]]:
    """Codes of findings with severity, `title` and `expected` in both languages."""
    content, _, findings = _yaml.read(CATALOGUE)
    if findings:
        raise DataError(findings)
    found: dict[str, dict[str, Any]] = content
    return found


@dataclass(frozen=True, order=True)
class ImportFinding:
    """One thing that an import found.

    Attributes
    ----------
    sheet, row
        Name of the sheet, and the row as the file counts it; an empty row means all of it.
    code
        Of :func:`catalogue`.
    fields
        Our names of the fields that are at fault, which `accept="all"` leaves out.
    column
        Header as the file prints it, "" where no single column is meant.
    found
        What stands there.
    values
        What the words of the catalogue are filled in with; numbers as float.
    """

    sheet: str
    row: str
    code: str
    fields: tuple[str, ...] = ()
    column: str = ""
    found: str = ""
    values: tuple[tuple[str, str | float], ...] = ()

    @property
    def severity(self) -> Severity:
        """How grave it is: a row with an error isn't taken as it is."""
        severity: Severity = catalogue()[self.code]["severity"]
        return severity

    def title(self, lang: Lang = "vi") -> str:
        """Tell what is wrong, in words."""
        return str(catalogue()[self.code]["title"][lang])

    def expected(self, lang: Lang = "vi") -> str:
        """Tell what should stand there, in words."""
        values = {key: _shown(key, value, lang) for key, value in self.values}

        def known(part: re.Match[str]) -> str:
            names = [name for _, name, *_ in Formatter().parse(part[1]) if name]
            return part[1] if all(values[name] for name in names) else ""

        template = str(catalogue()[self.code]["expected"][lang])
        return _WHERE_KNOWN.sub(known, template).format(**values)

    def record(self, lang: Lang = "vi") -> dict[str, str]:
        """Plain fields, in the order of a report."""
        return {
            "code": self.code,
            "severity": self.severity,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "fields": ", ".join(self.fields),
            "problem": self.title(lang),
            "found": said(self.found, lang),
            "expected": self.expected(lang),
        }


def _shown(key: str, value: str | float, lang: Lang) -> str:
    if isinstance(value, str) and key in _FIELDS:
        return ", ".join(_field(one, lang) for one in value.split(", "))
    if isinstance(value, str) and key in DATED:
        return dated(value)
    if isinstance(value, str):
        return day_first(said(value, lang))
    text = f"{value:,.10g}" if abs(value) >= 1 else f"{value:.4g}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text


def _field(name: str, lang: Lang) -> str:
    if name in fields():
        return field_word(name, lang)
    return _SHAPES[name][lang == "en"] if name in _SHAPES else day_first(name)


def row_order(finding: ImportFinding) -> tuple[str, int, str, str]:
    """Key that sorts findings as a reader goes through the file."""
    row = int(finding.row) if finding.row.isdigit() else 0
    return finding.sheet, row, finding.code, finding.column
