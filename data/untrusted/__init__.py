"""The one way in for files from anyone: read in a child process, within limits, as text cells.

`read_file` gives the :class:`Sheet` objects of a file, or refuses it with every reason. What a
hostile file could reach is kept small: the child has no network, little memory and time, and no
reader that opens what a content names.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data.untrusted.files import Sheet, read_file
    from data.untrusted.limits import Limits

__all__ = ["Limits", "Sheet", "read_file"]


def __getattr__(name: str) -> object:
    # The child process imports this package too, and has no use for frames and their start-up.
    if name == "Limits":
        return import_module("data.untrusted.limits").Limits
    if name in __all__:
        return getattr(import_module("data.untrusted.files"), name)
    raise AttributeError(name)
