"""Where an area is, and how well that is known.

Best first: a surveyed polygon, a published point, the mean of its commune points, the mean of
its district's, unknown. A point of communes or a district is for drawing and for nothing else.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from data._frames import rows
from data.units import commune_2025, communes_of_district, legacy_commune
from data.units.gazetteer import communes_2025, legacy_communes
from geo.crs import WGS84

if TYPE_CHECKING:
    from collections.abc import Iterable

    from data.resolutions import Resolution

POSITIONS = ("surveyed", "point", "communes", "district", "unknown")


def _mean_point(points: pd.DataFrame) -> tuple[float, float] | None:
    """Longitude and latitude of the mean of gazetteer points, without those known as wrong."""
    known = points[["lon", "lat"]].dropna()
    if known.empty:
        return None
    lon, lat = known.mean()
    return float(lon), float(lat)


def _points(keys: Iterable[str | None], gazetteer: pd.DataFrame) -> pd.DataFrame:
    return gazetteer.loc[[key for key in keys if key is not None]]


def locate(areas: pd.DataFrame, province: Resolution) -> gpd.GeoDataFrame:
    """Position of each area of a province.

    Parameters
    ----------
    areas
        `Facts.areas` of the province.
    province
        Its resolution, which names the old provinces.

    Returns
    -------
    GeoDataFrame
        EPSG:4326, on the index of `areas`, columns `position` (one of `POSITIONS`) and
        `geometry` (Point, None where unknown).
    """
    old, new = legacy_communes(), communes_2025()
    places: list[tuple[str, tuple[float, float] | None]] = []
    for area in rows(areas):
        if not (math.isnan(area.lat) or math.isnan(area.lon)):
            places.append(("point", (area.lon, area.lat)))
            continue
        legacy = [
            key
            for name in area.legacy_communes
            for key in legacy_commune(
                name, province.legacy_provinces, districts=area.legacy_district
            )
        ]
        districts = [
            key
            for name in area.legacy_district
            for key in communes_of_district(name, province.legacy_provinces)
        ]
        for position, points in (
            ("communes", _points(legacy, old)),
            (
                "communes",
                _points((commune_2025(name, province.code) for name in area.communes_2025), new),
            ),
            ("district", _points(districts, old)),
        ):
            place = _mean_point(points)
            if place is not None:
                places.append((position, place))
                break
        else:
            places.append(("unknown", None))
    return gpd.GeoDataFrame(
        {"position": [position for position, _ in places]},
        index=areas.index,
        geometry=gpd.GeoSeries.from_xy(
            [place[0] if place else math.nan for _, place in places],
            [place[1] if place else math.nan for _, place in places],
            index=areas.index,
            crs=WGS84,
        ).where(pd.Series([place is not None for _, place in places], index=areas.index), None),
        crs=WGS84,
    )
