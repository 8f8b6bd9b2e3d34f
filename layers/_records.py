"""Rows of frames as plain dictionaries, typed by what the tables hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def records(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Give the rows by index, in order, without the geometry."""
    columns = {str(name): cells.tolist() for name, cells in frame.items() if name != "geometry"}
    return {
        str(key): dict(zip(columns, values, strict=True))
        for key, values in zip(frame.index, zip(*columns.values(), strict=True), strict=True)
    }


def record(frame: pd.DataFrame, key: str) -> dict[str, Any]:
    """Give one row by its index, without the geometry."""
    at = frame.index.get_loc(key)
    assert isinstance(at, int)  # noqa: S101 (ids are unique)
    return records(frame.iloc[at : at + 1])[key]


def status_of(area: dict[str, Any]) -> str:
    """Give the status of an area, "unknown" where there is none."""
    status = area["status"]
    return status if isinstance(status, str) and status else "unknown"
