"""Findings as JSON between the child and its parent, with what it takes to translate them."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from data._errors import Finding
from data._message import Message

_PARTS = tuple(field.name for field in fields(Finding))


def written(finding: Finding) -> dict[str, Any]:
    """Write a finding as JSON has it: texts, and messages as a list of template and values."""
    return {name: _written(getattr(finding, name)) for name in _PARTS}


def _written(part: object) -> object:
    if isinstance(part, Message):
        return [part.template, {name: _written(value) for name, value in part.values.items()}]
    return part if isinstance(part, int | float) else str(part)


def read(given: Any) -> tuple[Finding, ...]:  # noqa: ANN401
    """Read findings; the child may have been taken over by what it read.

    Raises
    ------
    ValueError
        They are none.
    """
    try:
        return tuple(Finding(**{name: _text(one[name]) for name in _PARTS}) for one in given)
    except (TypeError, AttributeError, LookupError, RecursionError) as error:
        raise ValueError(type(error).__name__) from None


def _text(part: object) -> str:
    text = _read(part)
    if not isinstance(text, str):
        raise TypeError(type(part).__name__)
    return text


def _read(part: Any) -> str | float:  # noqa: ANN401
    if isinstance(part, list):
        template, values = part
        return Message(str(template), **{name: _read(value) for name, value in values.items()})
    if not isinstance(part, str | int | float):
        raise TypeError(type(part).__name__)
    return part
