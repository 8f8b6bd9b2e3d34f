"""What a hand-tuned query joins plots with in the place of whole zones: pieces and clear cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

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


def clear_cells(zones: gpd.GeoDataFrame, *, side: float, margin: float) -> Cells:
    """Lay squares over the zones and keep those that are clear of zone lines."""
    west, south, east, north = (float(value) for value in zones.total_bounds)
    x, y = (
        values.ravel()
        for values in np.meshgrid(
            np.arange((east - west) // side + 1), np.arange((north - south) // side + 1)
        )
    )
    corner_x, corner_y = west + x * side, south + y * side
    boxes: Any = shapely.box(corner_x, corner_y, corner_x + side + margin, corner_y + side + margin)
    ends, line = shapely.get_coordinates(
        shapely.get_parts(shapely.boundary(zones.geometry.to_numpy())), return_index=True
    )
    steps = shapely.linestrings(np.stack([ends[:-1], ends[1:]], axis=1)[line[1:] == line[:-1]])
    clear = np.ones(len(boxes), dtype=np.bool_)
    clear[shapely.STRtree(boxes).query(steps, predicate="intersects")[1]] = False
    cut = pieces(zones, 100)
    tree = shapely.STRtree(shapely.from_wkb(cut["wkb"].to_numpy()))
    places = np.flatnonzero(clear)
    box, piece = tree.query(shapely.centroid(boxes[places]), predicate="intersects")
    table = pd.DataFrame(
        {
            "x": x[places[box]].astype("int32"),
            "y": y[places[box]].astype("int32"),
            "zone_key": cut["zone_key"].to_numpy()[piece],
        }
    )  # a centre on the line between two pieces is in both
    return Cells(west, south, side, margin, table.drop_duplicates(ignore_index=True))
