"""Rows of a revision: from frames to tables of the store and back, and their digest."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import func, insert, select

from data._cells import with_shapes
from data.schemas import GEO_TABLES
from data.workspace import _sql
from data.workspace.change import CHANGE_TABLES, Change, no_rows, no_shapes

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from sqlalchemy import Connection

# A row as it is kept: line, cells, and the geometry as little-endian WKB or None.
Row = tuple[Any, ...]

_CHUNK = 10_000


def next_number(connection: Connection, column: Any) -> int:  # noqa: ANN401
    """Give the next number of a column; only within a writing transaction."""
    highest = connection.execute(select(func.coalesce(func.max(column), 0))).scalar_one()
    return int(highest) + 1


def as_rows(frame: pd.DataFrame) -> list[Row]:
    """Give the rows of one table of a change."""
    cells = frame.columns.drop("geometry", errors="ignore")
    columns: list[Any] = [frame.index.to_list(), *(frame[name].to_list() for name in cells)]
    if "geometry" in frame:
        shapes = np.asarray(frame["geometry"].array, dtype=object)
        columns.append(list(shapely.to_wkb(shapes, byte_order=1)))
    return list(zip(*columns, strict=True))


def as_change(rows: Mapping[str, list[Row]]) -> Change:
    """Give the rows of all tables as a change."""
    tables: dict[str, Any] = {name: _frame(name, found) for name, found in rows.items()}
    return Change(**tables)


def _frame(name: str, rows: list[Row]) -> pd.DataFrame | gpd.GeoDataFrame:
    if not rows:
        return no_shapes(name) if name in GEO_TABLES else no_rows(name)
    columns = list(CHANGE_TABLES[name].columns)
    cells = pd.DataFrame(
        [row[1 : 1 + len(columns)] for row in rows],
        index=pd.Index([row[0] for row in rows], dtype="int64"),
        columns=columns,
        dtype="str",
    )
    if name not in GEO_TABLES:
        return cells
    return with_shapes(cells, list(shapely.from_wkb([row[-1] for row in rows])))


def write(connection: Connection, name: str, revision: int, rows: list[Row]) -> None:
    """Add the rows of one table of a revision."""
    table = _sql.content[name]
    names = table.columns.keys()
    first = next_number(connection, table.c.fid)
    for start in range(0, len(rows), _CHUNK):
        connection.execute(
            insert(table),
            [
                dict(zip(names, (first + start + place, revision, *row), strict=True))
                for place, row in enumerate(rows[start : start + _CHUNK])
            ],
        )


def read(connection: Connection, revision: int) -> dict[str, list[Row]]:
    """Read the rows of all tables of a revision."""
    rows = {}
    for name, table in _sql.content.items():
        columns = [column for column in table.columns if column.name not in ("fid", "revision")]
        found = connection.execute(
            select(*columns).where(table.c.revision == revision).order_by(table.c.fid),
        )
        rows[name] = [tuple(row) for row in found]
    return rows


def digest(rows: Mapping[str, list[Row]]) -> str:
    """SHA-256 of the rows of a revision, the same in a file and on a server."""
    total = hashlib.sha256()
    for name in CHANGE_TABLES:
        total.update(json.dumps([name, len(rows[name])]).encode())
        for row in rows[name]:
            total.update(json.dumps(row, default=bytes.hex, ensure_ascii=False).encode())
    return total.hexdigest()
