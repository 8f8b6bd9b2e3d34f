"""Numbers and dates in both languages."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

import pytest

from layers import numbers

if TYPE_CHECKING:
    from data._message import Lang


@pytest.mark.parametrize(
    ("value", "lang", "expected"),
    [
        (0.0, "vi", "0 %"),
        (100.0, "vi", "100 %"),
        (91.43, "vi", "91,4 %"),
        (91.43, "en", "91.4 %"),
        (99.96, "vi", "100 %"),
        (-0.01, "vi", "0 %"),
        (math.nan, "vi", ""),
        (None, "en", ""),
    ],
)
def test_rate(value: float | None, lang: Lang, expected: str) -> None:
    assert numbers.rate(value, lang) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (74.0, 86.0, "74-86 %"),
        (74.2, 85.9, "74-86 %"),
        (0.0, 100.0, "0-100 %"),
        (90.2, 91.4, "90,2-91,4 %"),
        (50.0, 50.04, "50 %"),
        # What 0.29 and 0.55 come to in percent: 28.999999999999996 and 55.00000000000001.
        (0.29 * 100.0, 0.55 * 100.0, "29-55 %"),
        (math.nan, 50.0, ""),
        (None, None, ""),
    ],
)
def test_rate_range_rounds_outwards(low: float, high: float, expected: str) -> None:
    assert numbers.rate_range(low, high, "vi") == expected


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (12345.67, "12.346", "12,346"),
        (10.0, "10", "10"),
        (9.94, "9,9", "9.9"),
        (5.0, "5", "5"),
        (0.0, "0", "0"),
        (math.nan, "", ""),
    ],
)
def test_hectares(value: float, vi: str, en: str) -> None:
    assert numbers.hectares(value, "vi") == vi
    assert numbers.hectares(value, "en") == en


def test_hectare_range() -> None:
    assert numbers.hectare_range(312.4, 539.2, "vi") == "312-540"
    assert numbers.hectare_range(1000.2, 1946.1, "vi") == "1.000-1.947"
    assert numbers.hectare_range(24.56, 24.56, "vi") == "25"
    assert numbers.hectare_range(0.0, 180.0, "vi") == "0-180"
    assert numbers.hectare_range(20.4, 27.2, "vi") == "20-28"
    assert numbers.hectare_range(3.25, 7.5, "vi") == "3,2-7,5"
    assert numbers.hectare_range(math.nan, 1.0, "vi") == ""


def test_exact_keeps_what_the_source_printed() -> None:
    assert numbers.exact(262.07, "vi") == "262,07"
    assert numbers.exact(20776.47, "vi") == "20.776,47"
    assert numbers.exact(None, "vi") == ""


def test_dates() -> None:
    assert numbers.day(dt.date(2026, 11, 21)) == "21/11/2026"
    assert numbers.from_iso("2026-02-30") is None
    assert numbers.from_iso("<script>") is None
    assert numbers.from_iso(None) is None
    assert numbers.from_iso("2026-06-30") == dt.date(2026, 6, 30)
