"""How large a user's file may be, and how long and in how much memory it may be read."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields

from data._errors import DataError, Finding
from data._message import Message

PREFIX = "INDUSTRIAL_LAND_LIMIT_"
# A spreadsheet program keeps no more in a cell.
TEXT = 32_767  # characters of one cell
COLUMNS = 1_000  # of one sheet
SHEETS = 100  # of one file
VERTICES = 1_000_000  # of one geometry


@dataclass(frozen=True)
class Limits:
    """Limits on one file; the operator's settings go before the defaults.

    Each is set by the variable ``INDUSTRIAL_LAND_LIMIT_`` and its name in capitals, such as
    ``INDUSTRIAL_LAND_LIMIT_FILE_BYTES``.
    """

    file_bytes: int = 50_000_000
    """Size of the file."""
    unpacked_bytes: int = 200_000_000
    """Size of what is packed in it, all members together."""
    ratio: int = 100
    """Of a member unpacked to packed."""
    members: int = 1_000
    """Members of a zip file."""
    seconds: float = 60.0
    """Time of reading."""
    memory_bytes: int = 2_000_000_000
    """Addresses of the process that reads."""
    features: int = 500_000
    """Rows of one sheet."""


def limits_set() -> Limits:
    """Give the limits as the environment sets them.

    Raises
    ------
    DataError
        A setting is no positive number.
    """
    given: dict[str, float] = {}
    findings = []
    for field in fields(Limits):
        variable = PREFIX + field.name.upper()
        text = os.environ.get(variable, "")
        if not text:
            continue
        kind = float if field.name == "seconds" else int
        try:
            given[field.name] = kind(text)
        except ValueError:
            given[field.name] = 0
        if not 0 < given[field.name] < float("inf"):
            findings.append(
                Finding("environment", "", variable, text[:60], Message("a positive number"))
            )
    if findings:
        raise DataError(findings)
    return Limits(**given)  # type: ignore[arg-type]
