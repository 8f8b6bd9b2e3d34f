"""Messages of `data` and `geo` as pages say them: in Vietnamese, by a catalogue, or in English."""

from __future__ import annotations

import datetime as dt
import gettext
import io
import re
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from data._message import Lang, Message
from data.dates import printed_date

CATALOGUE: Final = Path(__file__).resolve().parent.parent / "locale/vi/LC_MESSAGES/data.po"
# What is filled in by these names is a date of the tables, which may be a month or a year.
DATED: Final = frozenset({"date", "rival", "start", "today"})
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d\S*)?")
_VIET_NAM: Final = dt.timezone(dt.timedelta(hours=7))


@cache
def catalogue(path: Path) -> gettext.GNUTranslations:
    """Read the translations of a .po file; no binary is kept beside it."""
    with path.open("rb") as file:
        texts = read_po(file, locale="vi", abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, texts)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


class _Filling(Formatter):
    """Fills in with messages of a language and its decimal sign, and with days first."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:  # noqa: ANN401
        value = super().get_value(key, args, kwargs)
        if key in DATED and isinstance(value, str):
            return dated(value)
        return day_first(said(value, self.lang)) if isinstance(value, str) else value

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401
        text = str(super().format_field(value, format_spec))
        number = self.lang == "vi" and isinstance(value, int | float)
        return text.translate(str.maketrans(",.", ".,")) if number else text


def said(text: str, lang: Lang) -> str:
    """Say a message in a language.

    Parameters
    ----------
    text
        A :class:`data._message.Message`; any other text is of a file or user and stays as it is.

    Examples
    --------
    >>> said(Message("at most {most:,}", most=1500), "vi"), said("at most 3", "vi")
    ('không quá 1.500', 'at most 3')
    >>> said(Message("none after {today}", today="2026-11-21"), "en")
    'none after 21/11/2026'
    >>> said(Message("a known source of {date}", date="2026-11"), "en")
    'a known source of 11/2026'
    """
    if not isinstance(text, Message):
        return text
    template = text.template
    if lang == "vi" and template:
        template = catalogue(CATALOGUE).gettext(template)
    return _Filling(lang).vformat(template, (), text.values) if text.values else template


def dated(text: str) -> str:
    """Write a full or partial date of the tables as pages do; any other text stays as it is.

    Examples
    --------
    >>> dated("2026-11"), dated("2026-11-21"), dated("2026-13")
    ('11/2026', '21/11/2026', '2026-13')
    """
    try:
        return printed_date(text)
    except ValueError:
        return text


def day_first(text: str) -> str:
    """Write a day or a moment as pages do; any other text stays as it is.

    A text of a file or a user may look like a month without being one; a partial date of the
    tables is written by :func:`dated`.

    Examples
    --------
    >>> day_first("2026-11-21"), day_first("2026-11-21T08:30:00+00:00"), day_first("2026-11")
    ('21/11/2026', '15:30 21/11/2026', '2026-11')
    """
    found = _DAY.fullmatch(text)
    try:
        moment = dt.datetime.fromisoformat(text) if found else None
    except ValueError:
        return text
    if found is None or moment is None:
        return text
    return f"{moment.astimezone(_VIET_NAM):%H:%M %d/%m/%Y}" if found[1] else f"{moment:%d/%m/%Y}"
