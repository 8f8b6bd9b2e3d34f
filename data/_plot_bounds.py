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


def plot_bounds(plots: PlotLayer) -> Bounds | None:
    """Give the bounds of a layer in its own system, without reading plots.

    None where no file tells.
    """
    found = [bounds for path in plots.paths if (bounds := _told(path, plots)) is not None]
    if not found:
        return None
    west, south, east, north = np.array(found).T
    return (west.min(), south.min(), east.max(), north.max())


def _told(path: Path, plots: PlotLayer) -> Bounds | None:
    if plots.format == "GeoParquet":
        geo = json.loads((pq.read_schema(path).metadata or {}).get(b"geo", b"{}"))
        sides = geo.get("columns", {}).get(plots.geometry, {}).get("bbox")
        if sides and len(sides) == 6:  # noqa: PLR2004 (with heights)
            sides = [*sides[:2], *sides[3:5]]
    else:
        sides = pyogrio.read_info(path, layer=plots.layer)["total_bounds"]
    if not sides or len(sides) != 4 or not np.isfinite(sides).all():  # noqa: PLR2004
        return None
    west, south, east, north = map(float, sides)
    return (west, south, east, north)
