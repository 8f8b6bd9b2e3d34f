"""How far a layer of plots reaches, as its files say of themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq
import pyogrio

if TYPE_CHECKING:
    from pathlib import Path

    from data.plot_files import Bounds, PlotLayer


def plot_bounds(plots: PlotLayer) -> tuple[Bounds | None, list[str]]:
    """Give the bounds of a layer in its own system, without reading plots.

    Returns
    -------
    tuple
        The bounds of the files that tell theirs, None where none does; and the names of those
        with plots that don't.
    """
    told = {path: _told(path, plots) for path in plots.paths}
    silent = [path.name for path, (bounds, rows) in told.items() if bounds is None and rows]
    found = [bounds for bounds, _ in told.values() if bounds is not None]
    if not found:
        return None, silent
    west, south, east, north = np.array(found).T
    return (west.min(), south.min(), east.max(), north.max()), silent


def _told(path: Path, plots: PlotLayer) -> tuple[Bounds | None, int]:
    """Give the bounds that a file says it has, and its number of rows."""
    if plots.format == "GeoParquet":
        metadata = pq.read_metadata(path)
        rows = metadata.num_rows
        geo = json.loads((metadata.metadata or {}).get(b"geo", b"{}"))
        sides = geo.get("columns", {}).get(plots.geometry, {}).get("bbox")
        if sides and len(sides) == 6:  # noqa: PLR2004 (with heights)
            sides = [*sides[:2], *sides[3:5]]
    else:
        info = pyogrio.read_info(path, layer=plots.layer)
        sides, rows = info["total_bounds"], info["features"]
    if not sides or len(sides) != 4 or not np.isfinite(sides).all():  # noqa: PLR2004
        return None, rows
    west, south, east, north = map(float, sides)
    return (west, south, east, north), rows
