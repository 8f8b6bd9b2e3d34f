"""Parameters of a request: those that pygeoapi would pass over or stumble on are refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from data._message import Message, of_error
from layers.ogc.places import CRS84, read_box
from layers.words import LANGS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from layers.ogc.collections import Collection

FORMATS: Final = ("json", "html")
_COMMON: Final = frozenset({"f", "lang"})
_OWN: Final[dict[str, frozenset[str]]] = {
    "item": frozenset({"crs"}),
    "queryables": frozenset({"profile", "properties"}),
    "items": frozenset(
        {
            "bbox",
            "bbox-crs",
            "crs",
            "datetime",
            "limit",
            "offset",
            "properties",
            "resulttype",
            "skipGeometry",
            "sortby",
        },
    ),
}


def _one_of(*values: str) -> tuple[Callable[[str], bool], Message]:
    return values.__contains__, Message(
        "one of these is expected: {values}", values=", ".join(values)
    )


def _is_integer(value: str) -> bool:
    return re.fullmatch(r"[0-9]{1,18}", value) is not None


_MOMENT: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9:]+))?"


def _is_time(value: str) -> bool:
    return re.fullmatch(rf"{_MOMENT}|({_MOMENT}|\.\.|)/({_MOMENT}|\.\.|)", value) is not None


def _is_order(value: str) -> bool:
    return all(part.strip(" +-") for part in value.split(","))


_INTEGER: Final = (_is_integer, Message("an integer is expected"))
_FORMS: Final[dict[str, tuple[Callable[[str], bool], Message]]] = {
    "f": _one_of(*FORMATS),
    "lang": _one_of(*LANGS),
    # Layers are of one date and have no time of their own, so all objects match any.
    "datetime": (_is_time, Message("a date or two dates with a slash are expected")),
    "limit": _INTEGER,
    "offset": _INTEGER,
    "resulttype": _one_of("results", "hits"),
    "skipGeometry": _one_of("true", "false"),
    "profile": _one_of("actual-domain", "valid-domain"),
    "sortby": (_is_order, Message("names of fields are expected")),
}


def problem(
    given: Mapping[str, Sequence[str]],
    kind: str,
    collection: Collection | None,
) -> str | None:
    """Say what is wrong with the parameters of a request; None where nothing is found.

    Parameters
    ----------
    given
        Values of each parameter.
    kind
        What is asked for: "items", "item", "queryables" or another part of the interface.
    collection
        Of which it is asked, if any.

    Examples
    --------
    >>> problem({"limt": ["5"]}, "landing", None)
    'limt: there is no such parameter here'
    >>> problem({"f": ["csv"]}, "landing", None)
    'f: one of these is expected: json, html'
    """
    known = _COMMON | _OWN.get(kind, frozenset())
    if kind == "items" and collection is not None:
        known |= {field.name for field in collection.layers["vi"].about.fields}
    for name, values in given.items():
        if name not in known:
            return Message("{name}: there is no such parameter here", name=name)
        if wrong := _wrong(name, values, collection):
            return Message("{name}: {wrong}", name=name, wrong=wrong)
    if collection is not None and "bbox" in given:
        uri = given.get("bbox-crs", [CRS84])[0]
        try:
            box = read_box(given["bbox"][0])
            if uri in collection.places:
                collection.places[uri].inside(box)
        except ValueError as error:
            return of_error(error)
    return None


def _wrong(name: str, values: Sequence[str], collection: Collection | None) -> Message | None:
    """Say what is wrong with the values of one parameter."""
    if len(values) > 1:
        return Message("it is given more than once")
    if not values[0].strip():
        return Message("it has no value")
    served = collection.places if collection is not None else {}
    if name in {"crs", "bbox-crs"} and served and values[0] not in served:
        listed = ", ".join(served)
        return Message("not supported here; one of these is expected: {values}", values=listed)
    fits, expected = _FORMS.get(name, (bool, Message("")))
    return None if fits(values[0]) else expected
