"""Rows of frames, typed by what the schemas say and not by what pandas can't know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd


def rows(frame: pd.DataFrame) -> Iterator[Any]:
    """Give the rows as named tuples, the index as `Index`."""
    return iter(frame.itertuples())
