"""Where an area is, and how well that is known.

Best first: a surveyed polygon, a published point, the mean of its commune points, the mean of
its district's, unknown. A point of communes or a district is for drawing and for nothing else.
A polygon drawn in a scenario stands in place of a surveyed one, and is called so.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from data._frames import rows
from data.dates import last_day
from data.scenarios import is_assumed
from data.units import commune_2025, communes_of_district, legacy_commune
from data.units.gazetteer import communes_2025, legacy_communes
from geo.crs import WGS84, area_ha

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from data.resolutions import Resolution

POSITIONS = ("surveyed", "drawn", "point", "communes", "district", "unknown")


def _mean_point(points: pd.DataFrame) -> tuple[float, float] | None:
    """Longitude and latitude of the mean of gazetteer points, without those known as wrong."""
    known = points.dropna()
    if known.empty:
        return None
    lon, lat = known.mean()
    return float(lon), float(lat)


def _points(keys: Iterable[str | None], gazetteer: pd.DataFrame) -> pd.DataFrame:
    return gazetteer.loc[[key for key in keys if key is not None]]


def footprints(outlines: gpd.GeoDataFrame, areas: pd.DataFrame, crs: str) -> gpd.GeoDataFrame:
    """Newest outline of each area, valid and measured.

    Parameters
    ----------
    outlines
        `Facts.outlines`.
    areas
        `Facts.areas` of the province.
    crs
        Its VN-2000 zone.

    Returns
    -------
    GeoDataFrame
        EPSG:4326, indexed by `area_id`, columns `position` ("surveyed", or "drawn" in a
        scenario), `as_of`, `source_id`, `area_ha`, `note`, `geometry`. Where two are of one date
        the later row is taken.
    """
    mine = outlines[outlines["area_id"].isin(areas.index)]
    drawn = mine["source_id"].map(is_assumed).astype(bool)
    day = mine["as_of"].map(lambda text: last_day(text) or dt.date.min)
    newest = (
        mine.assign(drawn=drawn, day=day)
        .sort_values(["drawn", "day"], kind="stable")
        .drop_duplicates("area_id", keep="last")
        .set_index("area_id")
    )
    shapes = newest.geometry.to_crs(WGS84).make_valid(method="structure", keep_collapsed=False)
    return gpd.GeoDataFrame(
        {
            "position": ["drawn" if flag else "surveyed" for flag in newest["drawn"]],
            "as_of": newest["as_of"],
            "source_id": newest["source_id"],
            "area_ha": area_ha(shapes, crs),
            "note": newest["note"],
        },
        geometry=shapes,
        crs=WGS84,
    )


def no_footprints() -> gpd.GeoDataFrame:
    """Give what :func:`footprints` gives where no area has an outline."""
    columns = ["position", "as_of", "source_id", "area_ha", "note"]
    frame = pd.DataFrame(columns=columns, index=pd.Index([], name="area_id"))
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([], crs=WGS84))


def _inside(surveyed: gpd.GeoDataFrame) -> dict[str, tuple[str, tuple[float, float]]]:
    """Position and a point within the polygon, by area."""
    points = surveyed.geometry.representative_point()
    return {
        str(area): (str(position), (float(lon), float(lat)))
        for area, position, lon, lat in zip(
            surveyed.index, surveyed["position"], points.x, points.y, strict=True
        )
    }


def _candidates(
    area: Any,  # noqa: ANN401 (a row)
    province: Resolution,
    old: pd.DataFrame,
    new: pd.DataFrame,
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the points of the units that an area names, the closest description first."""
    legacy = [
        key
        for name in area.legacy_communes
        for key in legacy_commune(name, province.legacy_provinces, districts=area.legacy_district)
    ]
    yield "communes", _points(legacy, old)
    codes = (commune_2025(name, province.code) for name in area.communes_2025)
    yield "communes", _points(codes, new)
    districts = [
        key
        for name in area.legacy_district
        for key in communes_of_district(name, province.legacy_provinces)
    ]
    yield "district", _points(districts, old)


def locate(
    areas: pd.DataFrame,
    province: Resolution,
    surveyed: gpd.GeoDataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Position of each area of a province.

    Parameters
    ----------
    areas
        `Facts.areas` of the province.
    province
        Its resolution, which names the old provinces.
    surveyed
        From :func:`footprints`; none where None. Their point lies within the polygon.

    Returns
    -------
    GeoDataFrame
        EPSG:4326, on the index of `areas`, columns `position` (one of `POSITIONS`) and
        `geometry` (Point, None where unknown).
    """
    old, new = (units[["lon", "lat"]] for units in (legacy_communes(), communes_2025()))
    inside = {} if surveyed is None else _inside(surveyed)
    places: list[tuple[str, tuple[float, float] | None]] = []
    for area in rows(areas):
        if area.Index in inside:
            places.append(inside[area.Index])
            continue
        if not (math.isnan(area.lat) or math.isnan(area.lon)):
            places.append(("point", (area.lon, area.lat)))
            continue
        for position, points in _candidates(area, province, old, new):
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
