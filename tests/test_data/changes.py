"""Changes as a user's file would give them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from data._cells import with_shapes
from data.workspace.change import Change
from data.workspace.sources import as_table

if TYPE_CHECKING:
    from collections.abc import Iterable

AREA = "na-kcn-vsip-1"
SOURCE = {"id": "ws-1", "title": "sổ theo dõi.xlsx", "publisher": "Ban Quản lý", "date": "2026-07"}
SQUARE = shapely.box(105.6, 18.7, 105.6 + 1 / 3, 18.7 + 0.1)


def observation(**cells: str) -> dict[str, Any]:
    return {
        "area_id": AREA,
        "as_of": "2026-06-30",
        "metric": "leased_ha",
        "value": "270",
        "qualifier": "=",
        "basis": "kcn_2022",
        "scope": "whole",
        "nature": "measured",
        "source_id": SOURCE["id"],
        **cells,
    }


def plot(**cells: str) -> dict[str, Any]:
    return {
        "plot_id": "CN-01",
        "area_id": AREA,
        "use": "SKK",
        "status": "leased",
        "area_ha": "2.5",
        "as_of": "2026-06",
        "source_id": SOURCE["id"],
        **cells,
    }


def lease(**cells: str) -> dict[str, Any]:
    return {
        "lease_id": "12/2026",
        "area_id": AREA,
        "tenant": "Công ty A",
        "status": "leased",
        "source_id": SOURCE["id"],
        **cells,
    }


def change(**tables: Iterable[dict[str, Any]]) -> Change:
    """Change of these rows, with the source that they name; `geometry` apart from the cells."""
    frames: dict[str, Any] = {}
    for name, rows in ({"sources": [SOURCE]} | tables).items():
        cells = as_table(name, list(rows), first=2)
        if name in ("plots", "outlines", "communes"):
            frames[name] = with_shapes(cells, [row.get("geometry", SQUARE) for row in rows])
        else:
            frames[name] = cells
    return Change(**frames)


def same(one: Change, other: Change) -> bool:
    """Whether two changes are equal, types and bits of coordinates too."""
    return all(
        rows.equals(others)
        and rows.dtypes.equals(others.dtypes)
        and (
            "geometry" not in rows
            or shapely.to_wkb(rows["geometry"].array).tolist()
            == shapely.to_wkb(others["geometry"].array).tolist()
        )
        for (_, rows), (_, others) in zip(one.tables(), other.tables(), strict=True)
    )
