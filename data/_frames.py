"""Rows of frames, typed by what the schemas say and not by what pandas can't know."""

from __future__ import annotations

from collections import namedtuple
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd


def rows(frame: pd.DataFrame) -> Iterator[Any]:
    """Give the rows as named tuples, the index as `Index`.

    As `DataFrame.itertuples`, but ten times as quick on columns of text: it takes them whole.

    Examples
    --------
    >>> import pandas as pd
    >>> [row.x for row in rows(pd.DataFrame({"x": [1, 2]}, index=["a", "b"]))]
    [1, 2]
    """
    columns = [column.tolist() for _, column in frame.items()]
    make = _row_type(tuple(map(str, frame.columns)))._make
    return map(make, zip(frame.index.tolist(), *columns, strict=True))


@lru_cache(maxsize=256)
def _row_type(names: tuple[str, ...]) -> Any:  # noqa: ANN401
    return namedtuple("Row", ("Index", *names), rename=True)  # noqa: PYI024
