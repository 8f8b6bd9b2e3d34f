"""The ground on which sites are checked, and which of its zones, communes and areas a site is in.

All of it in the province's VN-2000 zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import geopandas as gpd
import shapely

from data._frames import rows
from data._message import Message
from data.boundaries.outlines import load_outlines
from data.units import commune_2025, legacy_commune
from data.units.gazetteer import communes_2025, legacy_communes
from geo._outlines import THIN, least_land
from geo._sites import SiteError
from geo.crs import WGS84
from geo.membership import OUTSIDE, named_communes
from geo.overlay import ZoneIndex, index_zones, split
from geo.tolerances import boundary_tolerance

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from data.resolutions import Resolution
    from geo.snapshot import Snapshot

SLIVER = 1e-6  # share of a polygon that is rounding, not land
# Groups of outlines that a site has shares in, beside those of the zones.
BASE, COMMUNES, AREAS = "base_partition", "communes", "areas"
# Of each of these groups a point is in one at the most.
_PARTITIONS = (BASE, COMMUNES)
_KM, _MICRO = 1e3, 1e-6  # in metres


@dataclass(frozen=True)
class Ground:
    """A snapshot made ready for checking sites; use :func:`lay_ground`."""

    snapshot: Snapshot
    zones: gpd.GeoSeries
    communes: gpd.GeoSeries
    footprints: gpd.GeoSeries
    outlines: tuple[gpd.GeoDataFrame, ...]
    named: Mapping[str, tuple[str, ...]]
    points: Mapping[str, gpd.GeoSeries]
    tolerance_m: float

    @property
    def resolution(self) -> Resolution:
        """Documents of the province."""
        return self.snapshot.resolution

    @cached_property
    def indexes(self) -> tuple[ZoneIndex, ...]:
        """Zones, communes and surveyed areas to split polygons by; points do without them."""
        return tuple(index_zones(some, self.resolution.crs) for some in self.outlines if len(some))

    def of_group(self, *, base: bool) -> pd.Index:
        """Keys of the base zones, or of the overlays."""
        groups = self.snapshot.zones["group"]
        return groups.index[(groups == BASE) == base]


class PlacedSite(NamedTuple):
    """A site on the ground; from :func:`place_site`.

    Attributes
    ----------
    wgs84, metres
        In degrees and in the province's zone.
    shares
        By group of zones, "communes" and "areas" (surveyed ones): the share of the site in each
        that holds some of it, and in "outside", which is none of the group. Of a point 1.
    """

    wgs84: BaseGeometry
    metres: BaseGeometry
    shares: Mapping[str, Mapping[str, float]]

    @property
    def is_point(self) -> bool:
        """Whether it has no area."""
        return bool(self.metres.geom_type == "Point")


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
        Surveyed outlines by area id, valid polygons in any system; those of the snapshot where
        None.
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
        outlines=(
            snapshot.zones[["group", "geometry"]],
            gpd.GeoDataFrame({"group": COMMUNES}, geometry=communes.geometry, index=communes.index),
            gpd.GeoDataFrame({"group": AREAS}, geometry=footprints, index=footprints.index),
        ),
        named=named,
        points=points,
        tolerance_m=boundary_tolerance(snapshot.boundary_source.key, resolution.province),
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


def place_site(ground: Ground, wgs84: BaseGeometry) -> PlacedSite:
    """Put a point or a valid polygon in WGS 84 on the ground, and find what it is in.

    Raises
    ------
    SiteError
        A polygon reaches farther than the whole province, or is thinner than its corners are
        exact: too_large | too_thin.
    """
    site = gpd.GeoSeries([wgs84], crs=WGS84).to_crs(ground.resolution.crs)
    if wgs84.geom_type == "Point":
        return PlacedSite(wgs84, site.iloc[0], _holding(ground, site))
    _check_extent(ground, site)
    if not site.is_valid.all():  # corners next to an edge are rounded over it
        site = site.make_valid(method="structure", keep_collapsed=False)
    return PlacedSite(wgs84, site.iloc[0], _shares(ground, site))


def _check_extent(ground: Ground, site: gpd.GeoSeries) -> None:
    """Refuse what can't lie in the province, and would take minutes to lay over it."""
    extents = [_extent(shapes) for shapes in (site, ground.zones)]
    if any(here > most for here, most in zip(*extents, strict=True)):
        found, most = ({"across": x / _KM, "along": y / _KM} for x, y in extents)
        raise SiteError(
            code="too_large",
            field="geometry",
            found=Message("{across:,.0f} km wide and {along:,.0f} km high", **found),
            expected=Message("at most {across:,.0f} km wide and {along:,.0f} km high", **most),
        )


def _extent(shapes: gpd.GeoSeries) -> tuple[float, float]:
    west, south, east, north = shapes.total_bounds
    return float(east - west), float(north - south)


def _shares(ground: Ground, site: gpd.GeoSeries) -> dict[str, dict[str, float]]:
    shares: dict[str, dict[str, float]] = {AREAS: {}}
    for index in ground.indexes:
        found = split(site, index, threads=1)
        if found.area_m2.empty:  # left out
            raise _too_thin(site)
        for part in rows(found.parts):
            share = float(part.area_m2 / found.area_m2.iloc[0])
            shares.setdefault(part.group, {})[str(part.zone)] = share
    return shares


def _too_thin(site: gpd.GeoSeries) -> SiteError:
    longest = max(*_extent(site), _MICRO)
    width = float(site.area.iloc[0]) / longest
    least = THIN * float(least_land(site.total_bounds.reshape(4, 1))[0]) / longest
    return SiteError(
        code="too_thin",
        field="geometry",
        found=Message("about {width:,.2f} µm wide", width=width / _MICRO),
        expected=Message("more than {width:,.2f} µm", width=least / _MICRO),
    )


def _holding(ground: Ground, site: gpd.GeoSeries) -> dict[str, dict[str, float]]:
    """Find what holds a point; on the line between two of a partition it is the first one's."""
    groups = ground.snapshot.zones["group"]
    outlines = {group: ground.zones[groups == group] for group in groups.unique()}
    outlines |= {COMMUNES: ground.communes, AREAS: ground.footprints}
    shares = {}
    for group, shapes in outlines.items():
        hit = shapes.index[shapely.intersects(shapes.to_numpy(), site.iloc[0])]
        keys = [str(key) for key in (hit[:1] if group in _PARTITIONS else hit)]
        shares[group] = dict.fromkeys(keys or [OUTSIDE], 1.0)
    return shares
