"""Texts of ours for people: English, with what it takes to say them in another language.

Whoever shows a text may translate it (`layers.words`); here, and on the command line, it is a
`str` like any other. What a file or a user wrote is never one.
"""

from __future__ import annotations

import re
from functools import partial
from string import Formatter
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

# Vietnamese is what is shown where nothing else is asked for.
Lang = Literal["vi", "en"]
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_FORM = re.compile(r",?(\.\d)?[fg]?")
_FAULT = re.compile(r"(.+)\[(-?[\d.]+(?:e[-+]?\d+)?) (-?[\d.]+(?:e[-+]?\d+)?)\]")


class Message(str):
    """English text that keeps its template and what fills it in.

    Parameters
    ----------
    template
        English, with `{name}` or `{name:.2f}` for what is filled in.
    values
        By name; texts of users and files as they are, numbers as numbers, other messages.

    Raises
    ------
    ValueError
        The template reaches into what fills it in.

    Examples
    --------
    >>> said = Message("{count} rows, at most {most:,}", count=3, most=2000)
    >>> said, said.template, said.values["most"]
    ('3 rows, at most 2,000', '{count} rows, at most {most:,}', 2000)
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: object) -> Self:
        """Fill in the template."""
        if values:
            # A template may come back from a process that read a hostile file.
            for _, name, form, _ in Formatter().parse(template):
                if name is not None and not (_NAME.fullmatch(name) and _FORM.fullmatch(form or "")):
                    msg = f"{{{name}:{form}}} in a message"
                    raise ValueError(msg)
        self = super().__new__(cls, template.format(**values) if values else template)
        self.template, self.values = template, values
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(Message, self.template, **self.values), ()


def joined(separator: str, parts: Iterable[str]) -> Message:
    """Join texts into one that can still be translated, each by itself.

    Examples
    --------
    >>> joined("; ", [Message("a link"), "x"]).template
    '{part0}; {part1}'
    """
    values = {f"part{number}": part for number, part in enumerate(parts)}
    return Message(separator.join(f"{{{name}}}" for name in values), **values)


def fault(told: str) -> Message:
    """Divide what GEOS says of an invalid geometry into the reason and its place.

    Examples
    --------
    >>> fault("Self-intersection[105.6 18.8]")
    'Self-intersection [105.6 18.8]'
    """
    found = _FAULT.fullmatch(told)
    if found is None:
        return Message(told)
    reason, x, y = found.groups()
    return Message("{reason} [{x} {y}]", reason=Message(reason), x=float(x), y=float(y))


def of_error(error: Exception) -> Message:
    """Give what an error says; one of ours can still be translated.

    Examples
    --------
    >>> of_error(ValueError(Message("at most {most}", most=3))).template
    'at most {most}'
    """
    told = error.args[0] if error.args else ""
    return told if isinstance(told, Message) else Message(str(error))
