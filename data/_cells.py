"""Cells of tables: where they don't fit their schema, and the types that they become."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
from pandera.errors import SchemaErrors

from data._columns import LIST_SEPARATOR, as_number_text, split_list
from data._errors import Finding
from data._message import Message
from data._tables import shown
from data.schemas import OWN_TABLES, TABLES, becomes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from data._columns import Becomes
    from data._tables import Table

WGS84 = "EPSG:4326"


def misfits(name: str, table: Table) -> Iterator[Finding]:
    """Yield where a table doesn't fit its schema."""
    schema = (TABLES | OWN_TABLES)[name]
    try:
        schema.validate(table.cells, lazy=True)
    except SchemaErrors as error:
        # Of a check pandera's report keeps the text alone.
        checks = (check for column in schema.columns.values() for check in column.checks)
        told = {str(check.error): check.error for check in checks}
        for case in error.failure_cases.to_dict("records"):
            if case["check"] == "column_in_dataframe":
                expected = Message("the column {case}", case=str(case["failure_case"]))
                yield Finding(
                    table.file, "1", str(case["failure_case"]), Message("no such column"), expected
                )
            elif case["check"] == "column_in_schema":
                expected = Message("only {names}", names=", ".join(schema.columns))
                yield Finding(
                    table.file, "1", str(case["failure_case"]), Message("this column"), expected
                )
            else:
                row, field = str(int(case["index"])), str(case["column"])
                found = shown(str(case["failure_case"]))
                expected = told.get(str(case["check"]), str(case["check"]))
                yield Finding(table.file, row, field, found, expected)


def typed(name: str, cells: pd.DataFrame) -> pd.DataFrame:
    """Give the cells of a checked table the types that they become."""
    return pd.DataFrame(
        {column: _as(kind, cells[column]) for column, kind in becomes(name).items()},
        columns=cells.columns,
    )


def _as(kind: Becomes, cells: pd.Series[str]) -> pd.Series:
    """Give the cells of one checked column the type that they become."""
    match kind:
        case "number":
            return pd.to_numeric(cells.where(cells != "")).astype("float64")
        case "year":
            return pd.to_numeric(cells.where(cells != "")).astype("Int64")
        case "count":
            return cells.astype("int64")
        case "flag":
            return cells == "yes"
        case "list":
            return cells.astype("object").map(split_list)
        case "text":
            return cells


def empty(name: str) -> pd.DataFrame:
    """Give a table without rows, with types."""
    return typed(name, pd.DataFrame(columns=list(becomes(name)), dtype="str"))


def with_shapes(cells: pd.DataFrame, shapes: Sequence[Any] | gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Give a table its geometries (WGS 84 degrees) in the order of its rows."""
    return gpd.GeoDataFrame(
        cells,
        geometry=gpd.GeoSeries(list(shapes), index=cells.index, crs=WGS84),
    )


def as_text(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Give the cells of a typed table back as text; inverse of `typed`.

    Examples
    --------
    >>> table = pd.DataFrame({"area_id": ["na-kcn-a"], "value": [262.07]})
    >>> as_text("observations", table)
        area_id   value
    0  na-kcn-a  262.07
    """
    kinds = becomes(name)
    return pd.DataFrame(
        {column: frame[column].map(partial(_text, kinds[column])) for column in frame.columns},
        index=frame.index,
        dtype="str",
    )


def _text(kind: Becomes, value: Any) -> str:  # noqa: ANN401
    if kind == "list":
        return LIST_SEPARATOR.join(value)
    if pd.isna(value):
        return ""
    match kind:
        case "number":
            return as_number_text(value)
        case "flag":
            return "yes" if value else "no"
    return str(value)
