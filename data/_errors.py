"""Errors of the data: every finding names its place, what was found and what is expected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong with a file.

    `row` is the line of a CSV file (the header is line 1) or the path inside a YAML file;
    it is empty where the file as a whole is meant.
    """

    file: str
    row: str
    field: str
    found: str
    expected: str

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                self.file,
                f"row {self.row}" if self.row else "",
                f"field {self.field}" if self.field else "",
            )
            if part
        )
        return f"{place}: found {self.found}; expected {self.expected}"


class DataError(Exception):
    """The data can't be used. Holds all findings, not only the first."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class UnknownNameError(LookupError):
    """A province, zone, area or administrative unit that the data doesn't have."""
