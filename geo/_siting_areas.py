"""Parks, clusters and economic zones as seen from a site, and how sure that is.

Only a surveyed outline is evidence that a place is inside an area. Without one a place may be
inside where a commune that the area names may hold it, and where it isn't farther from that
commune's point than places of a commune are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from data._frames import rows
from geo._ground import AREAS, SLIVER
from geo.crs import GEOD, WGS84
from geo.tolerances import POSITION_M, reach

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry

    from geo._ground import Ground, PlacedSite

Relation = Literal["inside", "partly", "maybe_inside", "outside"]


class AreaPlace(NamedTuple):
    """One park, cluster or economic zone as seen from a site.

    `share` is that of the site's polygon in it, where the area is surveyed. `tolerance_m` is
    the uncertainty of its position; `seen_as` says from what the distance was measured:
    surveyed | point | communes | district | communes_outline.
    """

    area_id: str
    kind: str
    status: str | None
    relation: Relation
    share: float
    distance_m: float
    tolerance_m: float
    seen_as: str


def areas_around(ground: Ground, site: PlacedSite) -> list[AreaPlace]:
    """All areas as seen from a site, the nearest first; removed ones and parts are left out."""
    away = shapely.distance(ground.communes.to_numpy(), site.metres)
    to_commune = dict(zip(ground.communes.index, away, strict=True))
    found = []
    for area in rows(ground.snapshot.areas):
        surveyed = area.Index in ground.footprints.index
        part = not area.counted and area.kind != "economic_zone"
        if area.status == "removed" or (part and not surveyed):
            continue
        if surveyed:
            place = _surveyed(ground, site, area)
        else:
            place = _unsurveyed(ground, site, area, to_commune)
        found.append(place)
    return sorted(found, key=lambda place: (np.nan_to_num(place.distance_m, nan=np.inf), place[0]))


def _surveyed(ground: Ground, site: PlacedSite, area: Any) -> AreaPlace:  # noqa: ANN401 (a row)
    outline = ground.footprints[area.Index]
    tolerance = POSITION_M["surveyed"]
    share = site.shares[AREAS].get(area.Index, 0.0)
    to_line = float(shapely.distance(shapely.boundary(outline), site.metres))
    relation: Relation = "outside"
    if site.is_point:
        if to_line <= tolerance:
            relation = "maybe_inside"
        elif share:
            relation = "inside"
    elif share >= 1 - SLIVER:
        relation = "inside"
    elif share > SLIVER:
        relation = "partly"
    degrees = gpd.GeoSeries([outline], crs=ground.resolution.crs).to_crs(WGS84)
    distance = _geodesic(site.wgs84, degrees.iloc[0])
    status = area.status
    return AreaPlace(
        area.Index, area.kind, status, relation, share, distance, tolerance, "surveyed"
    )


def _unsurveyed(
    ground: Ground,
    site: PlacedSite,
    area: Any,  # noqa: ANN401 (a row)
    to_commune: Mapping[Any, float],
) -> AreaPlace:
    outline = min((to_commune[code] for code in ground.named[area.Index]), default=np.nan)
    maybe = bool(outline <= ground.tolerance_m)
    if area.kind == "economic_zone":
        # Drawn as the communes that contain it.
        distance, tolerance, seen_as = float(outline), ground.tolerance_m, "communes_outline"
    else:
        tolerance, seen_as = POSITION_M.get(area.position, np.nan), area.position
        distance = np.nan if area.geometry is None else _geodesic(site.wgs84, area.geometry)
        if area.position == "point":
            maybe = distance <= tolerance + reach(area.kind, area.total_area_ha)
        elif area.position == "communes" and len(ground.points[area.Index]):
            to_point = shapely.distance(ground.points[area.Index].to_numpy(), site.metres).min()
            maybe = maybe and bool(to_point <= tolerance)
    relation: Relation = "maybe_inside" if maybe else "outside"
    status = area.status
    return AreaPlace(
        area.Index, area.kind, status, relation, 0.0, distance, float(tolerance), seen_as
    )


def _geodesic(one: BaseGeometry, other: BaseGeometry) -> float:
    """Metres along the ellipsoid between the nearest places of two WGS 84 geometries."""
    if shapely.intersects(one, other):
        return 0.0
    # Nearest in degrees stretched to the scale of the place, then measured.
    squeeze = np.array([np.cos(np.radians(one.centroid.y)), 1.0])
    line = shapely.shortest_line(
        shapely.transform(one, lambda xy: xy * squeeze),
        shapely.transform(other, lambda xy: xy * squeeze),
    )
    (lon, lat), (to_lon, to_lat) = shapely.get_coordinates(line) / squeeze
    return float(GEOD.inv(lon, lat, to_lon, to_lat)[2])
