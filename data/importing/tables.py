"""Tables of text, row by row and column by column."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry


def records(cells: pd.DataFrame) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row of a table of text with its cells by field."""
    for row, one in zip(cells.index, cells.to_dict("records"), strict=True):
        yield int(row), cast("dict[str, str]", one)


def shaped(shapes: gpd.GeoSeries) -> Iterator[tuple[int, BaseGeometry]]:
    """Yield the geometries that there are, with their rows."""
    for row, shape in zip(shapes.index, shapes.to_numpy(), strict=True):
        if shape is not None:
            yield int(row), shape


def column(cells: pd.DataFrame, name: str) -> pd.Series[str]:
    """Give a column of text, "" in all rows where there is none."""
    return cells[name] if name in cells else pd.Series("", index=cells.index, dtype=object)


def number(cells: pd.DataFrame, name: str) -> pd.Series[float]:
    """Give a column as float64, NaN where unknown."""
    texts = column(cells, name)
    return pd.to_numeric(texts.where(texts != "")).astype("float64")
