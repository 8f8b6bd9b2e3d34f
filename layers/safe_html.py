"""The only way from data to HTML or JavaScript.

Streamlit, folium and streamlit-folium put strings into HTML, and folium 0.20 puts them into
JavaScript template literals too, where `html.escape` alone leaves `${...}`, back-ticks and
backslashes alive. Whatever comes from data is made harmless here, once, for both.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]

# Everything that ends or opens something in HTML text, in a quoted attribute, or in a
# JavaScript string of any kind; line ends too, since they end a quoted string.
_DANGEROUS = "&<>\"'`${}\\\n\r\t\0\u2028\u2029"
_ENTITIES = str.maketrans({char: f"&#{ord(char)};" for char in _DANGEROUS if char != "\0"})
_ENTITIES[0] = "&#65533;"

_JSON_ESCAPES = str.maketrans(
    {char: f"\\u{ord(char):04x}" for char in "<>&'`${}\u2028\u2029\x7f"},
)

_VOID = frozenset({"br", "hr", "img", "wbr"})


class Html(str):
    """Text that is HTML already, because this module made it."""

    __slots__ = ()


def text(value: object) -> Html:
    r"""Escape a value for HTML text, a quoted attribute and a JavaScript template literal.

    Parameters
    ----------
    value
        Anything; None gives an empty text. `Html` is passed through.

    Returns
    -------
    Html
        Without any of ``& < > " ' ` $ { } \`` (``&`` only at the head of an entity) and
        without line ends.

    Examples
    --------
    >>> text("<b>${alert(1)}`")
    '&#60;b&#62;&#36;&#123;alert(1)&#125;&#96;'
    """
    if isinstance(value, Html):
        return value
    if value is None:
        return Html()
    return Html(str(value).translate(_ENTITIES))


def element(name: str, *children: object, **attributes: object) -> Html:
    """Build one HTML element; children and attribute values are escaped unless `Html`.

    Parameters
    ----------
    name
        Name of the element, from code, never from data.
    *children
        Texts, or `Html` of other calls.
    **attributes
        Attributes; a trailing underscore is dropped (``class_``) and other underscores become
        hyphens (``data_zone``). None and False leave the attribute out.

    Examples
    --------
    >>> element("td", "a < b", class_="rate")
    '<td class="rate">a &#60; b</td>'
    """
    parts = [name]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        attribute = key.rstrip("_").replace("_", "-")
        parts.append(attribute if value is True else f'{attribute}="{text(value)}"')
    opening = f"<{' '.join(parts)}>"
    if name in _VOID:
        return Html(opening)
    return Html(f"{opening}{join(children)}</{name}>")


def join(children: Sequence[object], separator: object = "") -> Html:
    """Put texts and `Html` one after the other, each escaped as needed.

    Examples
    --------
    >>> join(["a", Html("<br>"), "&"])
    'a<br>&#38;'
    """
    return Html(str(text(separator)).join(text(child) for child in children))


def link(url: str, label: object) -> Html:
    """Build a link that opens outside; anything but http and https is a text without a link.

    Examples
    --------
    >>> link("javascript:alert(1)", "source")
    'source'
    """
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        return text(label)
    return element("a", label, href=url.strip(), target="_blank", rel="noopener noreferrer")


def script_json(value: Json) -> str:
    r"""Write a value as JSON that can stand in a script and in a template of another program.

    Quotes around strings are the only quotes in it; ``< > & ' ` $ { }`` inside strings and
    the two line separators of JavaScript become ``\u`` escapes. Infinite numbers and NaN
    become null.

    Examples
    --------
    >>> script_json({"a": "</script>${x}"})
    '{"a":"\\u003c/script\\u003e\\u0024\\u007bx\\u007d"}'
    """
    return _dump(value)


def _dump(value: Json) -> str:
    # Braces must be escaped in strings and kept outside of them, so the structure is
    # written here and only the scalars by `json`.
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).translate(_JSON_ESCAPES)
    if isinstance(value, float) and not math.isfinite(value):
        return "null"
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)
    if hasattr(value, "items"):
        return "{" + ",".join(f"{_dump(str(k))}:{_dump(v)}" for k, v in value.items()) + "}"
    return "[" + ",".join(_dump(item) for item in value) + "]"
