"""Rows of frames as plain dictionaries, typed by what the tables hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def records(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Give the rows by index, in order, without the geometry."""
    plain = frame.drop(columns="geometry", errors="ignore")
    return {
        str(key): dict(zip(plain.columns, values, strict=True))
        for key, values in zip(plain.index, plain.itertuples(index=False, name=None), strict=True)
    }


def record(frame: pd.DataFrame, key: str) -> dict[str, Any]:
    """Give one row by its index, without the geometry."""
    return records(frame.loc[[key]])[key]


def status_of(area: dict[str, Any]) -> str:
    """Give the status of an area, "unknown" where there is none."""
    status = area["status"]
    return status if isinstance(status, str) and status else "unknown"
