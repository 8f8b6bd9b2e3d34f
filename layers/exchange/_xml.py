"""XML that holds any text: markup is escaped, and what XML can't hold is replaced."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Mapping

# Everything outside production 2 of XML 1.0, lone halves of surrogate pairs too.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(value: object) -> str:
    r"""Write a value as text that XML can hold.

    Examples
    --------
    >>> clean("a\x00<b>")
    'a\ufffd<b>'
    """
    return _UNWRITABLE.sub("\ufffd", str(value))


def add(
    parent: ET.Element,
    tag: str,
    text: object = None,
    attributes: Mapping[str, object] | None = None,
) -> ET.Element:
    """Add an element with a text and attributes; both may be any text."""
    child = ET.SubElement(
        parent,
        tag,
        {key: clean(value) for key, value in (attributes or {}).items()},
    )
    if text is not None:
        child.text = clean(text)
    return child


def document(root: ET.Element, *, close: bool = False) -> str:
    """Write a document with its declaration, `close` without spaces between the elements."""
    if not close:
        ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
