"""Dates as people write them in Việt Nam, in the partial form of the fact tables."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from data.dates import parse_partial
from data.units.spelling import plain

_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?)?")
_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})(?:\s+\d{1,2}:\d{2}.*)?")
_MONTH = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{4})")
_QUARTER = re.compile(r"qu[iy] ([1-4]|i{1,3}|iv)(?: nam |\s*[/,-]\s*| )(\d{4})")
_ENDS = {"1": "3", "2": "6", "3": "9", "4": "12", "i": "3", "ii": "6", "iii": "9", "iv": "12"}
_YEAR = re.compile(r"(\d{4})(?:\.0)?")
_SERIAL = re.compile(r"(\d{5})(?:\.0+)?")
_WORDS = re.compile(r"(?:ngay (\d{1,2}) )?thang (\d{1,2})(?: nam |\s*[/,-]\s*| )(\d{4})")
_LEAD = re.compile(r"^(?:den|tinh den|ngay|thang|nam|het|cuoi|as of|until)\s+")
_EPOCH = dt.date(1899, 12, 30)
_SERIALS = (18264, 73050)  # 1950 to 2099
_YEARS = (1900, 2099)
_CENTURY = 2000


class DateReading(NamedTuple):
    """A date in partial form, "" where it can't be read; whether it was a day number; a guess."""

    text: str
    serial: bool = False
    candidate: str = ""


def read_date(text: str) -> DateReading:
    """Read a date that puts the day before the month.

    Returns
    -------
    DateReading
        `YYYY-MM-DD`, `YYYY-MM` or `YYYY`. A day number of a spreadsheet is read as its day and
        marked; a quarter is its last month. A date with a two-digit year, or with the month
        first, is refused with a candidate.

    Examples
    --------
    >>> [read_date(text).text for text in ("21/11/2026", "11/2026", "tháng 11 năm 2026", "2026")]
    ['2026-11-21', '2026-11', '2026-11', '2026']
    >>> read_date("46347"), read_date("11/21/2026").candidate
    (DateReading(text='2026-11-21', serial=True, candidate=''), '2026-11-21')
    """
    words = " ".join(text.split())
    if match := _SERIAL.fullmatch(words):
        days = int(match[1])
        known = _SERIALS[0] <= days <= _SERIALS[1]
        day = (_EPOCH + dt.timedelta(days=days)).isoformat() if known else ""
        return DateReading(day, serial=known)
    bare = plain(words)
    if match := _WORDS.fullmatch(bare):
        return DateReading(_date(match[3], match[2], match[1]))
    if match := _QUARTER.fullmatch(bare):
        return DateReading(_date(match[2], _ENDS[match[1]]))
    while lead := _LEAD.match(bare):
        bare = bare[lead.end() :]
    if match := _DAY.fullmatch(bare):
        return _day_first(*match.groups())
    for pattern, order in ((_ISO, (1, 2, 3)), (_MONTH, (2, 1)), (_YEAR, (1,))):
        if match := pattern.fullmatch(bare.upper()):
            return DateReading(_date(*(match[at] for at in order)))
    return DateReading("")


def _day_first(day: str, month: str, year: str) -> DateReading:
    """Read day, month and year; a guess where the year is short or the month comes first."""
    whole = year if len(year) == len("2026") else str(_CENTURY + int(year))
    read, turned = _date(whole, month, day), _date(whole, day, month)
    if whole == year and read:
        return DateReading(read)
    return DateReading("", candidate=read or turned)


def _date(year: str, month: str | None = None, day: str | None = None) -> str:
    if not _YEARS[0] <= int(year) <= _YEARS[1]:
        return ""
    text = year + (f"-{int(month):02d}" if month else "") + (f"-{int(day):02d}" if day else "")
    try:
        parse_partial(text)
    except ValueError:
        return ""
    return text


def date_in(text: str) -> str:
    """Find a date within a text, as headers have it; "" where there is none.

    Examples
    --------
    >>> date_in("Diện tích đã cho thuê (đến 30/6/2026)")
    '2026-06-30'
    """
    for pattern in (
        r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}",
        r"\d{4}-\d{1,2}-\d{1,2}",
        r"\b\d{1,2}/\d{4}\b",
        r"\b(?:19|20)\d{2}\b",
    ):
        if match := re.search(pattern, text):
            return read_date(match[0]).text
    return ""
