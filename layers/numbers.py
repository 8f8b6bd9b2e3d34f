"""Numbers and dates as each language writes them: 12.345,67 and 21/11/2026 in Vietnamese.

Unknown (None, NaN) has no number: the functions give an empty text and the caller says so in
words.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data._message import Lang

_WHOLE_FROM_HA = 10.0
_WIDE_RANGE = 2.0


def known(value: float | None) -> bool:
    """Whether there is a number at all."""
    return value is not None and math.isfinite(value)


def number(value: float, lang: Lang, *, decimals: int = 0, trim: bool = False) -> str:
    """Write a number with the separators of a language.

    Parameters
    ----------
    decimals
        Digits after the decimal sign.
    trim
        Leave zeros at the end out.

    Examples
    --------
    >>> number(12345.67, "vi", decimals=2), number(12345.67, "en", decimals=2)
    ('12.345,67', '12,345.67')
    """
    written = f"{value:,.{decimals}f}"
    if trim and "." in written:
        written = written.rstrip("0").rstrip(".")
    if float(written.replace(",", "")) == 0.0:
        written = written.lstrip("-")
    return written.translate(str.maketrans(",.", ".,")) if lang == "vi" else written


def rate(value: float | None, lang: Lang) -> str:
    """Write a rate in percent with one decimal.

    Examples
    --------
    >>> rate(91.43, "vi"), rate(100.0, "en")
    ('91,4 %', '100 %')
    """
    if value is None or not math.isfinite(value):
        return ""
    return f"{number(value, lang, decimals=1, trim=True)} %"


def rate_range(low: float | None, high: float | None, lang: Lang) -> str:
    """Write a range of rates, wide ones in whole percent and rounded outwards.

    Examples
    --------
    >>> rate_range(74.6, 85.2, "vi"), rate_range(91.43, 91.43, "vi"), rate_range(90.2, 91.4, "en")
    ('74-86 %', '91,4 %', '90.2-91.4 %')
    """
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return ""
    if high - low >= _WIDE_RANGE:
        return f"{math.floor(low + 1e-9)}-{math.ceil(high - 1e-9)} %"
    first = number(low, lang, decimals=1, trim=True)
    last = number(high, lang, decimals=1, trim=True)
    return f"{first} %" if first == last else f"{first}-{last} %"


def hectares(value: float | None, lang: Lang) -> str:
    """Write an area: whole hectares from 10 on, one decimal below; no unit.

    Examples
    --------
    >>> hectares(1234.56, "vi"), hectares(9.96, "vi"), hectares(0.0, "en")
    ('1.235', '10', '0')
    """
    if value is None or not math.isfinite(value):
        return ""
    if abs(value) >= _WHOLE_FROM_HA:
        return number(value, lang)
    return number(value, lang, decimals=1, trim=True)


def hectare_range(low: float | None, high: float | None, lang: Lang) -> str:
    """Write a range of areas, rounded outwards; no unit.

    Examples
    --------
    >>> hectare_range(312.4, 539.2, "vi")
    '312-540'
    """
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return ""
    if high - low < 1.0:
        return hectares((low + high) / 2, lang)
    first = hectares(math.floor(low) if low >= _WHOLE_FROM_HA else low, lang)
    last = hectares(math.ceil(high) if high >= _WHOLE_FROM_HA else high, lang)
    return f"{first}-{last}"


def exact(value: float | None, lang: Lang) -> str:
    """Write a figure as its source gave it, with up to two decimals.

    Examples
    --------
    >>> exact(262.07, "vi"), exact(1500.0, "vi")
    ('262,07', '1.500')
    """
    if value is None or not math.isfinite(value):
        return ""
    return number(value, lang, decimals=2, trim=True)


def day(value: dt.date) -> str:
    """Write a day, in both languages as 21/11/2026."""
    return f"{value:%d/%m/%Y}"


def from_iso(text: str | None) -> dt.date | None:
    """Read a day that a link holds; None where it isn't one."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None
