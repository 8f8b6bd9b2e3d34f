"""The ground on which sites are checked: zones, communes and areas in the province's VN-2000 zone.

How sure a place is follows from :mod:`geo.tolerances`. Only a surveyed outline is evidence that
a place is inside an area. Without one a place may be inside where a commune that the area names
may hold it, and where it isn't farther from that commune's point than places of a commune are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from data._frames import rows
from data.boundaries.outlines import load_outlines
from data.boundaries.surroundings import land_within
from data.units import commune_2025, legacy_commune
from data.units.gazetteer import communes_2025, legacy_communes
from geo.crs import GEOD, WGS84
from geo.membership import OUTSIDE, named_communes
from geo.tolerances import COAST_M, POSITION_M, boundary_tolerance, reach

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from data.resolutions import Resolution
    from geo.snapshot import Snapshot

ACTIVE = ("operating", "under_construction", "established")
SEA = "sea"
BEYOND = (OUTSIDE, SEA)
_WINDOW = 3  # tolerances around a site that are looked at
SLIVER = 1e-6  # share of a polygon that is rounding, not land

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


class ZonePlace(NamedTuple):
    """A zone that holds a site, wholly, in part or perhaps.

    `certain` says that part of the site is farther from every other zone than the tolerance.
    """

    zone_key: str
    share: float
    certain: bool
    distance_m: float


class BasePlace(NamedTuple):
    """Zones that hold a site, their shares making 1, and the nearest line to another zone."""

    zones: tuple[ZonePlace, ...]
    line_to: str
    line_m: float


@dataclass(frozen=True)
class Ground:
    """A snapshot made ready for checking sites; use :func:`lay_ground`."""

    snapshot: Snapshot
    zones: gpd.GeoSeries
    communes: gpd.GeoSeries
    footprints: gpd.GeoSeries
    named: Mapping[str, tuple[str, ...]]
    points: Mapping[str, gpd.GeoSeries]
    tolerance_m: float

    @property
    def resolution(self) -> Resolution:
        """Documents of the province."""
        return self.snapshot.resolution

    def of_group(self, *, base: bool) -> pd.Index:
        """Keys of the base zones, or of the overlays."""
        groups = self.snapshot.zones["group"]
        return groups.index[(groups == "base_partition") == base]


def lay_ground(
    snapshot: Snapshot,
    *,
    footprints: gpd.GeoSeries | None = None,
    communes: gpd.GeoDataFrame | None = None,
) -> Ground:
    """Make a snapshot ready for checking sites.

    Parameters
    ----------
    snapshot
        Province on a date.
    footprints
        Surveyed outlines by area id, any system; those of the snapshot where None.
    communes
        Outlines by code, from which the zones were made; those of the snapshot's boundary
        source where None.
    """
    resolution = snapshot.resolution
    if communes is None:
        communes = load_outlines(resolution.code, snapshot.boundary_source.key).communes
    if footprints is None:
        footprints = snapshot.footprints.geometry
    zones = snapshot.zones.geometry.to_crs(resolution.crs)
    outlines = communes.geometry.to_crs(resolution.crs)
    for shapes in (zones, outlines):
        shapely.prepare(shapes.to_numpy())
    named, points = {}, {}
    for area in rows(snapshot.areas):
        _, units = named_communes(
            legacy_communes=area.legacy_communes,
            communes_2025=area.communes_2025,
            legacy_district=area.legacy_district,
            province=resolution,
        )
        codes = dict.fromkeys(code for unit in units for code in unit)
        named[area.Index] = tuple(code for code in codes if code in outlines.index)
        points[area.Index] = _commune_points(area, resolution)
    return Ground(
        snapshot=snapshot,
        zones=zones,
        communes=outlines,
        footprints=footprints.to_crs(resolution.crs),
        named=named,
        points=points,
        tolerance_m=boundary_tolerance(snapshot.boundary_source.key),
    )


def _commune_points(area: Any, resolution: Resolution) -> gpd.GeoSeries:  # noqa: ANN401
    """Gazetteer points of the communes that an area names, in the province's zone."""
    keys = [
        key
        for name in area.legacy_communes
        for key in legacy_commune(name, resolution.legacy_provinces, districts=area.legacy_district)
    ]
    codes = [commune_2025(name, resolution.code) for name in area.communes_2025]
    table = legacy_communes().loc[keys]
    if table[["lon", "lat"]].dropna().empty:
        table = communes_2025().loc[[code for code in codes if code is not None]]
    table = table.dropna(subset=["lon", "lat"])
    return gpd.GeoSeries.from_xy(table["lon"], table["lat"], crs=WGS84).to_crs(resolution.crs)


def to_ground(ground: Ground, geometry: BaseGeometry) -> BaseGeometry:
    """Project a WGS 84 geometry to the province's zone."""
    return gpd.GeoSeries([geometry], crs=WGS84).to_crs(ground.resolution.crs).iloc[0]


def share_in(site: BaseGeometry, shape: BaseGeometry) -> float:
    """Share of a site in a shape; of a point 1 or 0."""
    if site.geom_type == "Point":
        return float(shapely.intersects(shape, site))
    return float(shapely.intersection(shape, site).area / site.area)


def base_zones(ground: Ground, site: BaseGeometry) -> BasePlace:
    """Find the base zones, "outside" and "sea" that hold a site or may do so.

    Only the window around the site is looked at. "Outside" is land beyond the province.
    """
    tolerance = ground.tolerance_m
    window = shapely.box(*site.buffer(_WINDOW * tolerance).bounds)
    keys = [str(key) for key in ground.of_group(base=True)]
    pieces = {key: shapely.intersection(ground.zones[key], window) for key in keys}
    rest = shapely.difference(window, shapely.union_all(list(pieces.values())))
    pieces[OUTSIDE] = _land(ground, rest)
    pieces[SEA] = shapely.difference(rest, pieces[OUTSIDE])
    shares = _shares(site, pieces)
    if shares[SEA] >= 1 - SLIVER:
        tolerance = COAST_M
    away = {key: float(shapely.distance(piece, site)) for key, piece in pieces.items()}
    found = []
    for key, piece in pieces.items():
        if shares[key] <= SLIVER and (key == SEA or not away[key] <= tolerance):
            continue
        # The sea isn't governed by other documents: a coast makes no zone unsure.
        others = [other for name, other in pieces.items() if name not in {key, SEA}]
        near = shapely.union_all(others).buffer(tolerance)
        core = shapely.difference(shapely.intersection(piece, site), near)
        found.append(ZonePlace(key, shares[key], not core.is_empty, away[key]))
    main = max(shares, key=lambda key: shares[key])
    lines = {key: away[key] for key in (*keys, OUTSIDE) if key != main}
    for key, metres in lines.items():
        if math.isnan(metres) and key != OUTSIDE:
            lines[key] = float(shapely.distance(ground.zones[key], site))
    nearest = min(lines, key=lambda key: np.nan_to_num(lines[key], nan=np.inf))
    return BasePlace(tuple(found), nearest, lines[nearest])


def _land(ground: Ground, rest: BaseGeometry) -> BaseGeometry:
    """Land in what is left of a window; strips along the coast are rounding of the land."""
    if rest.is_empty:
        return rest
    crs = ground.resolution.crs
    degrees = gpd.GeoSeries([rest], crs=crs).to_crs(WGS84)
    land = gpd.GeoSeries([land_within(*degrees.total_bounds)], crs=WGS84).to_crs(crs)
    beyond = shapely.intersection(rest, shapely.make_valid(land.iloc[0]))
    kept: BaseGeometry = shapely.intersection(beyond.buffer(-COAST_M).buffer(COAST_M), rest)
    return kept


def _shares(site: BaseGeometry, pieces: Mapping[str, BaseGeometry]) -> dict[str, float]:
    """Share of the site in each piece, 1 in all; a point on a line is the first one's."""
    if site.geom_type == "Point":
        first = next((key for key, piece in pieces.items() if share_in(site, piece)), SEA)
        return {key: float(key == first) for key in pieces}
    shares = {key: share_in(site, piece) for key, piece in pieces.items()}
    total = sum(shares.values())
    return {key: share / total for key, share in shares.items()}


def overlay_zones(ground: Ground, site: BaseGeometry) -> tuple[ZonePlace, ...]:
    """Overlays that hold a site or may do so; an economic zone's outline is never certain."""
    found = []
    groups = ground.snapshot.zones["group"]
    for key in ground.of_group(base=False):
        shape = ground.zones[key]
        distance = float(shapely.distance(shape, site))
        if distance > ground.tolerance_m:
            continue
        to_line = float(shapely.distance(shapely.boundary(shape), site))
        share = share_in(site, shape)
        whole = share >= 1 - SLIVER and to_line > ground.tolerance_m
        certain = whole and groups[key] != "economic_zone"
        found.append(ZonePlace(str(key), share, certain, to_line))
    return tuple(found)


def communes_of(ground: Ground, site: BaseGeometry) -> dict[str, float]:
    """2025 communes that hold a site, with its share in each, the largest first."""
    hits = ground.communes.index[shapely.intersects(ground.communes.to_numpy(), site)]
    shares = {str(code): share_in(site, ground.communes[code]) for code in hits}
    if site.geom_type == "Point":
        shares = dict(list(shares.items())[:1])
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


def areas_around(ground: Ground, site: BaseGeometry, wgs84: BaseGeometry) -> list[AreaPlace]:
    """All areas as seen from a site, the nearest first; removed ones and parts are left out.

    Parameters
    ----------
    ground
        From :func:`lay_ground`.
    site, wgs84
        The same geometry in the province's zone and in degrees.
    """
    to_commune = dict(
        zip(ground.communes.index, shapely.distance(ground.communes.to_numpy(), site), strict=True),
    )
    found = []
    for area in rows(ground.snapshot.areas):
        surveyed = area.Index in ground.footprints.index
        part = not area.counted and area.kind != "economic_zone"
        if area.status == "removed" or (part and not surveyed):
            continue
        if surveyed:
            place = _surveyed(ground, site, wgs84, area)
        else:
            place = _unsurveyed(ground, site, wgs84, area, to_commune)
        found.append(place)
    return sorted(found, key=lambda place: (np.nan_to_num(place.distance_m, nan=np.inf), place[0]))


def _surveyed(ground: Ground, site: BaseGeometry, wgs84: BaseGeometry, area: Any) -> AreaPlace:  # noqa: ANN401
    outline = ground.footprints[area.Index]
    tolerance = POSITION_M["surveyed"]
    share = share_in(site, outline)
    to_line = float(shapely.distance(shapely.boundary(outline), site))
    relation: Relation = "outside"
    if site.geom_type == "Point":
        if to_line <= tolerance:
            relation = "maybe_inside"
        elif share:
            relation = "inside"
    elif share >= 1 - SLIVER:
        relation = "inside"
    elif share > SLIVER:
        relation = "partly"
    degrees = gpd.GeoSeries([outline], crs=ground.resolution.crs).to_crs(WGS84)
    distance = _geodesic(wgs84, degrees.iloc[0])
    status = area.status
    return AreaPlace(
        area.Index, area.kind, status, relation, share, distance, tolerance, "surveyed"
    )


def _unsurveyed(
    ground: Ground,
    site: BaseGeometry,
    wgs84: BaseGeometry,
    area: Any,  # noqa: ANN401
    to_commune: Mapping[Any, float],
) -> AreaPlace:
    outline = min((to_commune[code] for code in ground.named[area.Index]), default=np.nan)
    maybe = bool(outline <= ground.tolerance_m)
    if area.kind == "economic_zone":
        # Drawn as the communes that contain it.
        distance, tolerance, seen_as = float(outline), ground.tolerance_m, "communes_outline"
    else:
        tolerance, seen_as = POSITION_M.get(area.position, np.nan), area.position
        distance = np.nan if area.geometry is None else _geodesic(wgs84, area.geometry)
        if area.position == "point":
            maybe = distance <= tolerance + reach(area.kind, area.total_area_ha)
        elif area.position == "communes" and len(ground.points[area.Index]):
            to_point = shapely.distance(ground.points[area.Index].to_numpy(), site).min()
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
