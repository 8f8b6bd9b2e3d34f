"""Numbers as people write them in Việt Nam and elsewhere, read by the column and not by the cell.

"1.234" is one thousand two hundred and thirty-four where the comma is decimal, and a little more
than one where the point is. Only the other cells of the column can tell.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Decimal = Literal["", ",", "."]

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_POINT = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?([eE][+-]?\d+)?")
_COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)?(,\d+)?")
_LEADING_ZERO = re.compile(r"[+-]?0[.,]\d{3}([.,].*)?")

# What may stand behind a number, and the unit that it means.
UNITS: dict[str, str] = {
    "ha": "ha",
    "hecta": "ha",
    "héc ta": "ha",
    "m2": "m2",
    "m²": "m2",
    "km2": "km2",
    "km²": "km2",
    "%": "pct",
    "phần trăm": "pct",
    "m": "m",
}
_UNIT = re.compile(
    r"\s*(" + "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True)) + r")\.?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reading:
    """A cell read as a number.

    `value` is NaN where it isn't one or can't be told; `options` then holds the readings with a
    decimal comma and a decimal point. `unit` is what stood behind the number, "" for nothing.
    """

    value: float
    unit: str = ""
    options: tuple[float, float] | None = None


def _as_float(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _with_comma(text: str) -> float | None:
    if not _COMMA.fullmatch(text) or (_LEADING_ZERO.fullmatch(text) and "." in text):
        return None
    return _as_float(text.replace(".", "").replace(",", "."))


def _with_point(text: str) -> float | None:
    if not _POINT.fullmatch(text) or (_LEADING_ZERO.fullmatch(text) and "," in text):
        return None
    return _as_float(text.replace(",", ""))


def split_unit(text: str) -> tuple[str, str]:
    """Part a number from the unit behind it.

    Examples
    --------
    >>> split_unit("125.000 m²"), split_unit("85%"), split_unit("12,5")
    (('125.000', 'm2'), ('85', 'pct'), ('12,5', ''))
    """
    match = _UNIT.search(text)
    if not match:
        return text.strip(), ""
    return text[: match.start()].strip(), UNITS[match[1].casefold()]


def readings(text: str) -> tuple[float | None, float | None]:
    """Value of a number without unit under a decimal comma and under a decimal point.

    Examples
    --------
    >>> readings("1.234,5"), readings("1,234.5"), readings("1.234"), readings("12,5")
    ((1234.5, None), (None, 1234.5), (1234.0, 1.234), (12.5, None))
    """
    bare = _SPACES.sub("", text).replace("\u2212", "-")
    if not any(char.isdigit() for char in bare) or not bare.isascii():
        return None, None
    return _with_comma(bare), _with_point(bare)


def read_column(
    cells: Mapping[int, str] | Iterable[tuple[int, str]],
    *,
    decimal: Decimal = "",
    plausible: tuple[float, float] | None = None,
    numeric: bool = False,
) -> dict[int, Reading]:
    """Read the cells of one column, each by what the column as a whole tells.

    Parameters
    ----------
    cells
        Row and text of the cells that aren't empty.
    decimal
        Decimal sign of the column where it was stated; then nothing is left open.
    plausible
        Lowest and highest value that the column may hold, in its own unit: of two readings
        the one within goes.
    numeric
        Whether the cells come from numbers of the file, whose decimal sign is a point.

    Returns
    -------
    dict
        A reading for each row. Cells that read in one way only tell the sign of the others,
        if they agree among each other; the order of the rows doesn't matter.

    Examples
    --------
    >>> [reading.value for reading in read_column({2: "1.234", 3: "12,5"}).values()]
    [1234.0, 12.5]
    >>> read_column({2: "1.234"})[2].options
    (1234.0, 1.234)
    """
    parted = {row: split_unit(text) for row, text in dict(cells).items()}
    both = {row: readings(text) for row, (text, _) in parted.items()}
    commas = any(c is not None and p is None for c, p in both.values())
    points = any(c is None and p is not None for c, p in both.values())
    sign = decimal or ("," if commas and not points else "." if points and not commas else "")
    if not sign and numeric and not commas:
        sign = "."
    return {
        row: _chosen(*both[row], unit, sign, stated=bool(decimal), plausible=plausible)
        for row, (_, unit) in parted.items()
    }


def _chosen(
    comma: float | None,
    point: float | None,
    unit: str,
    sign: str,
    *,
    stated: bool,
    plausible: tuple[float, float] | None,
) -> Reading:
    if stated:
        value = comma if sign == "," else point
        return Reading(math.nan if value is None else value, unit)
    if comma is None or point is None or comma == point:
        value = point if comma is None else comma
        return Reading(math.nan if value is None else value, unit)
    if sign:
        return Reading(comma if sign == "," else point, unit)
    if plausible:
        fit = [value for value in (comma, point) if plausible[0] <= value <= plausible[1]]
        if len(fit) == 1:
            return Reading(fit[0], unit)
    return Reading(math.nan, unit, (comma, point))
