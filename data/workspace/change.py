"""A change: rows that one import or correction adds to the facts; and the revision that keeps it.

Cells are text, as in the CSV files of `data/facts`; geometries are WGS 84 degrees. A row's index
is its row in the user's file, as a person counts it, so that a finding can name it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields
from functools import cache, partial
from typing import TYPE_CHECKING, Literal, get_args

import pandas as pd

from data._cells import with_shapes
from data.schemas import OWN_TABLES, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    import pandera.pandas as pa

Kind = Literal[
    "parks",
    "plots",
    "leases",
    "observations",
    "boundaries",
    "nodes",
    "correction",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

# Tables of a change, each after those that it refers to.
CHANGE_TABLES: dict[str, pa.DataFrameSchema] = {
    name: (TABLES | OWN_TABLES)[name]
    for name in (
        "sources",
        "areas",
        "observations",
        "nodes",
        "communes",
        "outlines",
        "plots",
        "leases",
    )
}


def no_rows(table: str) -> pd.DataFrame:
    """Give a table of a change without rows, but for its geometries."""
    return _no_rows(table).copy(deep=False)  # of its own: pandas copies it when it is written to


def no_shapes(table: str) -> gpd.GeoDataFrame:
    """Give one of `GEO_TABLES` without rows."""
    return _no_shapes(table).copy(deep=False)


@cache
def _no_rows(table: str) -> pd.DataFrame:
    return pd.DataFrame(
        columns=list(CHANGE_TABLES[table].columns),
        index=pd.Index([], dtype="int64"),
        dtype="str",
    )


@cache
def _no_shapes(table: str) -> gpd.GeoDataFrame:
    return with_shapes(_no_rows(table), [])


@dataclass(frozen=True, eq=False)
class Change:
    """Rows to add; each table has the columns of its schema in `CHANGE_TABLES`, all of them.

    A later revision goes before an earlier one with the same key.
    """

    sources: pd.DataFrame = field(default_factory=partial(no_rows, "sources"))
    """New ids only; a known id with the same cells is passed over."""
    areas: pd.DataFrame = field(default_factory=partial(no_rows, "areas"))
    """A known id replaces that area's fields where a cell is filled; a new one adds an area."""
    observations: pd.DataFrame = field(default_factory=partial(no_rows, "observations"))
    """Always added, never replaced."""
    nodes: pd.DataFrame = field(default_factory=partial(no_rows, "nodes"))
    """As `areas`."""
    communes: gpd.GeoDataFrame = field(default_factory=partial(no_shapes, "communes"))
    """Own boundaries, Polygon or MultiPolygon; key: `code`."""
    outlines: gpd.GeoDataFrame = field(default_factory=partial(no_shapes, "outlines"))
    """Surveyed outlines of areas, Polygon or MultiPolygon; key: `area_id`, `as_of`."""
    plots: gpd.GeoDataFrame = field(default_factory=partial(no_shapes, "plots"))
    """Polygon, MultiPolygon, or None where unknown; key: `area_id`, `plot_id`, `as_of`."""
    leases: pd.DataFrame = field(default_factory=partial(no_rows, "leases"))
    """Key: `area_id`, `lease_id`."""

    def tables(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Yield each table with its name, in the order of `CHANGE_TABLES`."""
        for name in fields(self):
            yield name.name, getattr(self, name.name)


@dataclass(frozen=True)
class Revision:
    """One import or correction, as the workspace keeps it.

    Attributes
    ----------
    id
        1, 2, 3 ... in the order of arrival; a later one goes before an earlier one.
    made_at
        ISO 8601, UTC, to the second.
    kind
        One of `KINDS`.
    title
        What the user is shown, in words of who made it.
    file, sha256
        Name and digest of the file that it came from; "" where there is none.
    who
        Who made it; "" where unknown.
    base
        The revision that was the newest when it was made; None for the first.
    active
        False once it was undone.
    digest
        SHA-256 of its rows.
    """

    id: int
    made_at: str
    kind: Kind
    title: str
    file: str
    sha256: str
    who: str
    base: int | None
    active: bool
    digest: str


@dataclass(frozen=True)
class Kept:
    """A scenario or a mapping as the workspace keeps it, JSON by name."""

    name: str
    text: str
    made_at: str
    who: str

    @property
    def version(self) -> str:
        """What a window hands back when it saves, to prove that it saw this text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]
