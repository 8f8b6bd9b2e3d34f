"""Zones and plots of tests on accounts: two groups, one of them with zones that overlap."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import Point, box

CRS = "EPSG:9208"
EAST, NORTH = 500_000.0, 2_100_000.0


def zones_of_two_groups() -> gpd.GeoDataFrame:
    """Two that share a crooked border, and three that overlap, one with a hole."""
    south = shapely.Polygon(
        [(0, 0), (2000, 0), (2000, 1500), (2100, 3000), (1900, 4000), (0, 4000)]
    )
    shapes: list[Any] = [
        south,
        box(0, 0, 4000, 4000) - south,
        Point(1500, 2000).buffer(900) - Point(1500, 2000).buffer(300),
        Point(2500, 2000).buffer(900),
        box(3000, 3000, 5000, 5000),
    ]
    return gpd.GeoDataFrame(
        {"group": ["p", "p", "q", "q", "q"]},
        geometry=[affinity.translate(shape, EAST, NORTH) for shape in shapes],
        index=[f"z{place}" for place in range(len(shapes))],
        crs=CRS,
    )


def layer_of_plots(count: int, *, seed: int = 5) -> gpd.GeoDataFrame:
    """Turned rectangles of all sizes, some outside; columns `use`, `jobs`, `price` (gaps)."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(-300, 4300, (2, count)) + np.array([[EAST], [NORTH]])
    width, height = rng.lognormal(3.5, 1, (2, count))
    turn = rng.uniform(0, np.pi, count)
    corners = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
    across, along = corners[:, 0] * width[:, None], corners[:, 1] * height[:, None]
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    ring = np.stack(
        [x[:, None] + across * cos - along * sin, y[:, None] + across * sin + along * cos], axis=-1
    )
    return gpd.GeoDataFrame(
        {
            "use": rng.choice(np.array(["SKK", "SKN", "green", None], dtype=object), count),
            "jobs": rng.integers(0, 100, count).astype(float),
            "price": np.where(rng.random(count) < 0.1, np.nan, rng.uniform(0, 5, count)),
        },
        geometry=shapely.polygons(ring),
        crs=CRS,
    )
