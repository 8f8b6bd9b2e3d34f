"""Choosing and ordering the records of a layer, as the parameters of a request say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from data._message import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from layers.exchange.fields import LayerField
    from layers.exchange.layer import Layer

_TRUTHS = {"true": True, "false": False}


def _matcher(field: LayerField, wanted: str) -> Callable[[Any], bool]:
    """Give what tells whether a value is the one that a request names.

    Raises
    ------
    ValueError
        A field of this type can't have such a value.
    """
    if field.type == "list":
        return lambda value: wanted in value
    if field.type in {"integer", "number"}:
        try:
            number = float(wanted)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            msg = Message("{name}: a number is expected", name=field.name)
            raise ValueError(msg)
        return lambda value: value is not None and float(value) == number
    if field.type == "boolean":
        if wanted not in _TRUTHS:
            msg = Message("{name}: true or false is expected", name=field.name)
            raise ValueError(msg)
        return lambda value: value is _TRUTHS[wanted]
    return lambda value: value == wanted


def selected(
    layer: Layer,
    numbers: Iterable[int],
    filters: Iterable[tuple[str, str]],
) -> list[int]:
    """Keep the rows that have all the values asked for; an unknown value is none of them.

    Parameters
    ----------
    numbers
        Rows to choose from.
    filters
        Name of a field and the value it must have; of a list, one that it must contain.

    Raises
    ------
    ValueError
        There is no such field, or it can't have such a value.
    """
    fields = {field.name: field for field in layer.about.fields}
    tests = []
    for name, wanted in filters:
        if name not in fields:
            msg = Message("{name}: there is no such field", name=name)
            raise ValueError(msg)
        tests.append((name, _matcher(fields[name], wanted)))
    return [
        number
        for number in numbers
        if all(test(layer.records[number][name]) for name, test in tests)
    ]


def ordered(layer: Layer, numbers: Sequence[int], keys: Sequence[tuple[str, bool]]) -> list[int]:
    """Sort rows by fields, the first one most important; unknown values always come last.

    Parameters
    ----------
    keys
        Name of a field, and whether greater values come first.
    """
    found = list(numbers)
    for name, descending in reversed(keys):
        known = [row for row in found if layer.records[row][name] is not None]
        unknown = [row for row in found if layer.records[row][name] is None]
        known.sort(key=lambda row, name=name: layer.records[row][name], reverse=descending)  # type: ignore[misc]
        found = known + unknown
    return found
