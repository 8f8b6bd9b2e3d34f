"""Texts and sources of the report: every text stays a text, every source has a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from layers.sources import source_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from layers.words import Words


def harmless(value: Any) -> Any:  # noqa: ANN401
    r"""Make all texts in a value ones that a template shows as they are.

    Braces become entities too: docxtpl gives some of them a meaning after filling in. What XML
    can't hold becomes "\ufffd", line ends and tabs become spaces.

    Examples
    --------
    >>> harmless({"name": "{{ 7*7 }} <w:p/>"})
    {'name': Markup('&#123;&#123; 7*7 &#125;&#125; &lt;w:p/&gt;')}
    """
    if isinstance(value, str):
        clean = " ".join(value.split())
        clean = "".join(letter if _writable(letter) else "\ufffd" for letter in clean)
        told = str(escape(clean)).replace("{", "&#123;").replace("}", "&#125;")
        return Markup(told.replace("%", "&#37;"))  # noqa: S704 (escaped just here)
    if isinstance(value, dict):
        return {key: harmless(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [harmless(item) for item in value]
    return value


def _writable(letter: str) -> bool:
    # The characters of XML 1.0 without the control characters that it advises against.
    code = ord(letter)
    return (
        0x20 <= code < 0x7F  # noqa: PLR2004
        or 0xA0 <= code < 0xD800  # noqa: PLR2004
        or 0xE000 <= code < 0xFFFE  # noqa: PLR2004
        or code >= 0x1_0000  # noqa: PLR2004
    )


class Citations:
    """Numbers of sources, given in the order in which they are first cited.

    Parameters
    ----------
    table
        Source id to its record: title, publisher, date, url.
    """

    def __init__(self, table: Mapping[str, Mapping[str, Any]]) -> None:
        self._table = table
        self._numbers: dict[str, int] = {}

    def cite(self, ids: Iterable[str]) -> str:
        """Give the numbers of sources: "[1], [4]"."""
        numbers = [self._numbers.setdefault(key, len(self._numbers) + 1) for key in ids if key]
        return ", ".join(f"[{number}]" for number in dict.fromkeys(numbers))

    def lines(self, w: Words) -> list[str]:
        """Write the sources cited, in the order of their numbers."""
        return [f"[{number}] {self._line(key, w)}" for key, number in self._numbers.items()]

    def _line(self, key: str, w: Words) -> str:
        if key not in self._table:
            return key
        source = self._table[key]
        date = source_date(str(source.get("date") or "")) or w("undated")
        parts = (source.get("title"), source.get("publisher"), date, source.get("url"))
        return f"{'. '.join(str(part) for part in parts if part)} ({key})"
