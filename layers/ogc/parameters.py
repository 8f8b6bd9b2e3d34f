"""Parameters of a request: those that pygeoapi would pass over or stumble on are refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from layers.ogc.places import CRS84, read_box

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


def _one_of(*values: str) -> tuple[Callable[[str], bool], str]:
    return values.__contains__, f"{' or '.join(values)} is expected"


def _is_integer(value: str) -> bool:
    return re.fullmatch(r"[0-9]{1,18}", value) is not None


_MOMENT: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9:]+))?"


def _is_time(value: str) -> bool:
    return re.fullmatch(rf"{_MOMENT}|({_MOMENT}|\.\.|)/({_MOMENT}|\.\.|)", value) is not None


def _is_order(value: str) -> bool:
    return all(part.strip(" +-") for part in value.split(","))


_INTEGER: Final = (_is_integer, "an integer is expected")
_FORMS: Final[dict[str, tuple[Callable[[str], bool], str]]] = {
    "f": _one_of(*FORMATS),
    # Layers are of one date and have no time of their own, so all objects match any.
    "datetime": (_is_time, "a date or two dates with a slash are expected"),
    "limit": _INTEGER,
    "offset": _INTEGER,
    "resulttype": _one_of("results", "hits"),
    "skipGeometry": _one_of("true", "false"),
    "profile": _one_of("actual-domain", "valid-domain"),
    "sortby": (_is_order, "names of fields are expected"),
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
    'f: json or html is expected'
    """
    known = _COMMON | _OWN.get(kind, frozenset())
    if kind == "items" and collection is not None:
        known |= {field.name for field in collection.layers["vi"].about.fields}
    for name, values in given.items():
        fits, expected = _FORMS.get(name, (bool, ""))
        if name not in known:
            return f"{name}: there is no such parameter here"
        if len(values) > 1:
            return f"{name}: it is given more than once"
        if not values[0].strip():
            return f"{name}: it has no value"
        if not fits(values[0]):
            return f"{name}: {expected}"
    if collection is not None and "bbox" in given:
        uri = given.get("bbox-crs", [CRS84])[0]
        try:
            box = read_box(given["bbox"][0])
            if uri in collection.places:
                collection.places[uri].inside(box)
        except ValueError as error:
            return str(error)
    return None
