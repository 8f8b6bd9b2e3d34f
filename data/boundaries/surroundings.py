"""What lies around a province: the sea, another province, a neighbouring country.

The land polygons (OpenStreetMap, ODbL) are simplified to about 300 m; they tell what a point far
from any border is and nothing finer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import shapely

from data._errors import DataError, Finding
from data.units.gazetteer import communes_2025

PRODUCT = Path(__file__).parent / "surroundings.parquet"
VIETNAM = "VNM"
COUNTRIES = {
    "VNM": ("Việt Nam", "Viet Nam"),
    "LAO": ("Lào", "Laos"),
    "CHN": ("Trung Quốc", "China"),
    "KHM": ("Campuchia", "Cambodia"),
}

Where = Literal["viet_nam", "neighbour", "sea"]


@dataclass(frozen=True)
class Surroundings:
    """Where a point lies.

    Attributes
    ----------
    where
        "viet_nam", "neighbour" (another country of the mainland) or "sea".
    country_vi, country_en
        Of land, "" at sea.
    province, province_code
        Of the commune whose point is nearest, for land of Viet Nam; else "".
    """

    where: Where
    country_vi: str
    country_en: str
    province: str
    province_code: str


@cache
def _lands() -> gpd.GeoSeries:
    try:
        lands = gpd.read_parquet(PRODUCT).geometry
    except (OSError, ValueError) as error:
        file = f"data/boundaries/{PRODUCT.name}"
        raise DataError([Finding(file, "", "", str(error), "the committed file")]) from error
    shapely.prepare(lands.to_numpy())
    return lands


def land_within(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    """Land of Viet Nam and its neighbours in a window, WGS 84."""
    inside = shapely.clip_by_rect(_lands().to_numpy(), west, south, east, north)
    return shapely.union_all(shapely.make_valid(inside))


def surroundings(lon: float, lat: float) -> Surroundings:
    """Tell where a point lies.

    Parameters
    ----------
    lon, lat
        WGS 84 degrees, in or near Viet Nam; land of other countries than its neighbours is
        taken for sea.

    Examples
    --------
    >>> surroundings(102.63, 17.97).country_en, surroundings(106.6, 18.9).where
    ('Laos', 'sea')
    >>> surroundings(105.84, 21.03).province
    'Thành phố Hà Nội'
    """
    lands = _lands()
    at = shapely.points(lon, lat)
    for country in lands.index[shapely.intersects(lands.to_numpy(), at)]:
        vi, en = COUNTRIES[country]
        if country != VIETNAM:
            return Surroundings("neighbour", vi, en, "", "")
        known = communes_2025()
        squeeze = np.cos(np.radians(lat))
        nearest = np.hypot((known["lon"] - lon) * squeeze, known["lat"] - lat).idxmin()
        province, code = known.loc[nearest, ["province", "province_code"]]
        return Surroundings("viet_nam", vi, en, str(province), str(code))
    return Surroundings("sea", "", "", "", "")
