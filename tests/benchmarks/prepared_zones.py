"""What a hand-tuned query joins plots with in the place of whole zones: pieces and clear cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from geo._zone_grid import zone_grid

if TYPE_CHECKING:
    import geopandas as gpd


class Cells(NamedTuple):
    """Squares that are clear of zone lines, each `margin` farther to the north and the east too.

    A plot no larger than the margin whose south-western corner is in such a square has all of
    its land in the square's zone.
    """

    west: float
    south: float
    side: float
    margin: float
    table: pd.DataFrame  # x, y, zone_key


def pieces(zones: gpd.GeoDataFrame, vertices: int) -> pd.DataFrame:
    """Halve zones until no piece has more vertices: columns `zone_key`, `wkb`."""
    found: list[Any] = []
    owners: list[Any] = []
    waiting = list(zones.geometry.items())
    while waiting:
        key, shape = waiting.pop()
        if shapely.get_num_coordinates(shape) <= vertices:
            found.append(shape)
            owners.append(str(key))
            continue
        west, south, east, north = shapely.bounds(shape)
        x, y = (west + east) / 2, (south + north) / 2
        halves = (
            [(west, south, x, north), (x, south, east, north)]
            if east - west > north - south
            else [(west, south, east, y), (west, y, east, north)]
        )
        for box in halves:
            parts = shapely.get_parts(shapely.clip_by_rect(shape, *box))
            parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
            if len(parts):
                waiting.append((key, shapely.multipolygons(parts)))
    return pd.DataFrame({"zone_key": owners, "wkb": shapely.to_wkb(np.array(found, dtype=object))})


def clear_cells(zones: gpd.GeoDataFrame, *, margin: float, margins: int) -> Cells:
    """Lay squares of some margins over the zones and keep those that are clear of zone lines."""
    west, south, east, north = zones.total_bounds
    fine = zone_grid(list(zones.geometry), cells=int((east - west) * (north - south) / margin**2))
    # Numbers of the squares, and of the cells that begin and end each with its margin.
    rows, columns = (np.arange((count - 1) // margins) for count in fine.kinds.shape)
    row, column = (number.ravel() for number in np.meshgrid(rows, columns, indexing="ij"))
    bottom, left = row * margins, column * margins
    top, right = bottom + margins + 1, left + margins + 1
    marks = fine.marks
    clear = marks[top, right] - marks[bottom, right] == marks[top, left] - marks[bottom, left]
    kind = fine.kinds[bottom, left] * clear  # the first set is that of no zones
    sizes = np.diff(fine.begins)[kind]
    square = np.repeat(np.arange(len(kind)), sizes)
    within = np.arange(len(square)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    zone = fine.members[fine.begins[kind[square]] + within]
    table = pd.DataFrame(
        {
            "x": column[square].astype("int32"),
            "y": row[square].astype("int32"),
            "zone_key": np.asarray(zones.index.astype(str))[zone],
        }
    )
    return Cells(fine.west, fine.south, fine.side * margins, fine.side, table)
