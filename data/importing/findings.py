"""What an import found: place in the file, code, what stands there and what is expected."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from data import _yaml
from data._errors import DataError, Finding
from data._translation import Lang, day_first, said

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
        values = {key: _shown(value, lang) for key, value in self.values}
        return str(catalogue()[self.code]["expected"][lang]).format(**values)

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

    def as_finding(self, file: str, lang: Lang = "en") -> Finding:
        """Write it in the form that all of `data` raises."""
        place = f"{self.sheet} {self.row}".strip()
        found = self.title(lang)
        if self.found:
            found = f"{found}: {said(self.found, lang)}"
        return Finding(
            file,
            place,
            self.column or ", ".join(self.fields),
            found,
            f"{self.expected(lang)} ({self.code})",
        )


def _shown(value: str | float, lang: Lang) -> str:
    if isinstance(value, str):
        return day_first(said(value, lang))
    text = f"{value:,.10g}" if abs(value) >= 1 else f"{value:.4g}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text


def row_order(finding: ImportFinding) -> tuple[str, int, str, str]:
    """Key that sorts findings as a reader goes through the file."""
    row = int(finding.row) if finding.row.isdigit() else 0
    return finding.sheet, row, finding.code, finding.column
