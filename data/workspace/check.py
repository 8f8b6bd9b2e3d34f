"""Whether a change by itself is sound: cells by schema, keys, geometries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from data._cells import WGS84, misfits
from data._errors import DataError, Finding
from data._message import Message, fault
from data._tables import Table, shown
from data.schemas import GEO_TABLES
from data.workspace.change import CHANGE_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from data.workspace.change import Change

# A later revision takes the place of an earlier one with the same key; within one it is a mistake.
KEYS: dict[str, list[str]] = {
    "communes": ["code"],
    "outlines": ["area_id", "as_of"],
    "plots": ["area_id", "plot_id", "as_of"],
    "leases": ["area_id", "lease_id"],
}
# Tables of which a row may fill only some fields, where its id is known already.
PARTIAL = {"areas": "id", "nodes": "node_id"}

_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
# All of Viet Nam with its islands: west, south, east, north.
_BOX = (102.0, 6.0, 118.0, 24.0)


def check_change(change: Change, file: str) -> None:
    """Check cells, keys and geometries of a change; what they refer to is checked by merging.

    Parameters
    ----------
    change
        What is to be added.
    file
        Its name in findings.

    Raises
    ------
    DataError
        With all findings.
    """
    findings = [finding for name, rows in change.tables() for finding in _table(name, rows, file)]
    if findings:
        raise DataError(findings)


def _table(name: str, rows: pd.DataFrame, file: str) -> Iterator[Finding]:
    cells = rows.drop(columns="geometry", errors="ignore") if name in GEO_TABLES else rows
    columns = list(CHANGE_TABLES[name].columns)
    if list(cells.columns) != columns:
        found = Message("columns {names}", names=", ".join(map(str, cells.columns)))
        expected = Message("columns {names}", names=", ".join(columns))
        yield Finding(file, "", name, found, expected)
        return
    if cells.empty:
        return
    for column in columns:
        strange = [cell for cell in cells[column] if not isinstance(cell, str)]
        if strange:
            yield Finding(
                file, "", f"{name}.{column}", repr(strange[0]), Message("text in every cell")
            )
            return
    if rows.index.dtype != np.int64:
        found = Message("rows numbered by {dtype}", dtype=rows.index.dtype)
        yield Finding(file, "", name, found, Message("whole numbers, the rows in the file"))
        return
    for finding in misfits(name, Table(file, cells, ())):
        blank = finding.found == shown("") and finding.field != PARTIAL.get(name)
        if not (name in PARTIAL and blank):
            yield finding
    if name in KEYS:
        yield from _repeated(cells, KEYS[name], file)
    if name in GEO_TABLES:
        yield from _shapes(name, rows, file)


def _repeated(cells: pd.DataFrame, key: list[str], file: str) -> Iterator[Finding]:
    for row, cell in cells.loc[cells.duplicated(key), key[-1]].items():
        others = ", ".join(key)
        yield Finding(
            file, str(row), key[-1], shown(cell), Message("each {others} once", others=others)
        )


def _shapes(name: str, rows: pd.DataFrame, file: str) -> Iterator[Finding]:
    if "geometry" not in rows or getattr(rows["geometry"], "crs", None) != WGS84:
        found = str(getattr(rows.get("geometry"), "crs", None) or "") or Message(
            "no coordinate system"
        )
        yield Finding(
            file, "", f"{name}.geometry", found, Message("geometries in {wgs84}", wgs84=WGS84)
        )
        return
    shapes = np.asarray(rows["geometry"].array, dtype=object)
    missing = np.array([shape is None for shape in shapes], dtype=bool)
    west, south, east, north = shapely.bounds(shapes).T if len(shapes) else np.empty((4, 0))
    inside = (west >= _BOX[0]) & (south >= _BOX[1]) & (east <= _BOX[2]) & (north <= _BOX[3])
    box = Message(
        "degrees within {west:g}-{east:g} E and {south:g}-{north:g} N",
        west=_BOX[0],
        east=_BOX[2],
        south=_BOX[1],
        north=_BOX[3],
    )
    faults = [
        (missing & (name != "plots"), Message("no geometry"), Message("a polygon")),
        (
            ~missing & ~np.isin(shapely.get_type_id(shapes), _POLYGONS),
            Message("no polygon"),
            Message("a polygon"),
        ),
        (shapely.is_empty(shapes), Message("an empty geometry"), Message("a polygon")),
        (shapely.has_z(shapes), Message("heights"), Message("coordinates without heights")),
        (~missing & ~shapely.is_empty(shapes) & ~inside, Message("coordinates elsewhere"), box),
    ]
    bad = np.zeros(len(rows), dtype=bool)
    for where, found, expected in faults:
        for row in rows.index[where & ~bad]:
            yield Finding(file, str(row), "geometry", found, expected)
        bad |= where
    for row, shape in zip(rows.index[~bad & ~missing], shapes[~bad & ~missing], strict=True):
        if not shapely.is_valid(shape):
            found = fault(shapely.is_valid_reason(shape))
            yield Finding(file, str(row), "geometry", found, Message("a valid polygon"))
