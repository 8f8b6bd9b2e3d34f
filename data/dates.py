"""Partial dates, as sources print them: a year, a month or a day.

A partial date means its last day: a figure "of 2024" is the figure of 31/12/2024.
"""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import re
from typing import Literal

from data._message import Message

Precision = Literal["day", "month", "year", "none"]

EXPECTED = Message("a date YYYY, YYYY-MM or YYYY-MM-DD that the calendar has")

_PARTIAL = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)


@functools.lru_cache(maxsize=4096)
def parse_partial(text: str) -> tuple[dt.date | None, Precision]:
    """Read a partial date.

    Parameters
    ----------
    text
        ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``, or empty for unknown.

    Returns
    -------
    tuple
        The last day that the text may mean, and how exact the text is. An empty text is
        ``(None, "none")``.

    Raises
    ------
    ValueError
        When the text has another form, or the calendar doesn't have that day.

    Examples
    --------
    >>> parse_partial("2024")
    (datetime.date(2024, 12, 31), 'year')
    >>> parse_partial("2024-02")
    (datetime.date(2024, 2, 29), 'month')
    >>> parse_partial("2024-02-01")
    (datetime.date(2024, 2, 1), 'day')
    >>> parse_partial("")
    (None, 'none')
    >>> parse_partial("2023-02-29")
    Traceback (most recent call last):
    ...
    ValueError: '2023-02-29' is not a date YYYY, YYYY-MM or YYYY-MM-DD that the calendar has
    """
    if not text:
        return None, "none"
    match = _PARTIAL.fullmatch(text)
    if match is None:
        raise ValueError(_message(text))
    year, month, day = match.groups()
    try:
        if day:
            return dt.date(int(year), int(month), int(day)), "day"
        if month:
            days = calendar.monthrange(int(year), int(month))[1]
            return dt.date(int(year), int(month), days), "month"
        return dt.date(int(year), 12, 31), "year"
    except ValueError:
        raise ValueError(_message(text)) from None


def last_day(text: str) -> dt.date | None:
    """Give the last day that a partial date may mean, None for an empty text.

    Raises
    ------
    ValueError
        As `parse_partial`.

    Examples
    --------
    >>> last_day("2024")
    datetime.date(2024, 12, 31)
    >>> last_day("") is None
    True
    """
    return parse_partial(text)[0]


def printed_date(text: str) -> str:
    """Write a partial date as people read it, in Vietnamese and English; "" for an empty text.

    Raises
    ------
    ValueError
        As `parse_partial`.

    Examples
    --------
    >>> printed_date("2026-01"), printed_date("2025-09-10"), printed_date("2024")
    ('01/2026', '10/09/2025', '2024')
    """
    until, precision = parse_partial(text)
    if until is None:
        return ""
    return {"day": f"{until:%d/%m/%Y}", "month": f"{until:%m/%Y}"}.get(precision, f"{until:%Y}")


def _message(text: str) -> str:
    return f"{text!r} is not {EXPECTED}"
