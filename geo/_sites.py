"""Sites as people give them: a point, a polygon, or an area of the fact tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import shapely
from shapely.geometry import shape
from shapely.validation import explain_validity

from data._message import Message, fault

if TYPE_CHECKING:
    from collections.abc import Container

    from shapely.geometry.base import BaseGeometry

LON, LAT = (102.0, 118.0), (7.0, 24.0)  # Viet Nam with its archipelagos
_KINDS = ("Point", "Polygon", "MultiPolygon")
_DEGREES = 360.0
_UNREADABLE = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    shapely.GEOSException,
)


class SiteError(ValueError):
    """A site that can't be checked: which field, what was found, what is expected.

    `code` names the reason: swapped | projected | not_finite | out_of_range | empty | crossing |
    geometry_type | not_geojson | unknown_area | too_large | too_thin.
    """

    def __init__(self, *, code: str, field: str, found: str, expected: str) -> None:
        self.code, self.field, self.found, self.expected = code, field, found, expected
        super().__init__(f"{field}: found {found}; expected {expected}")


@dataclass(frozen=True)
class Site:
    """A site in WGS 84; `geometry` is None for an area without surveyed outline."""

    kind: Literal["point", "polygon", "area"]
    geometry: BaseGeometry | None
    area_id: str = ""


def read_site(
    site: BaseGeometry | Mapping[str, Any] | str,
    area_ids: Container[str] = (),
) -> Site:
    """Read and check a site.

    Parameters
    ----------
    site
        Point, Polygon or MultiPolygon in WGS 84 (longitude first), the same as GeoJSON (a
        Feature or a FeatureCollection of one is unwrapped), or the id of an area.
    area_ids
        Ids that there are.

    Raises
    ------
    SiteError
        It can't be checked.
    """
    if isinstance(site, str):
        if site not in area_ids:
            raise SiteError(
                code="unknown_area",
                field="area",
                found=repr(site),
                expected=Message("the id of an area of the province"),
            )
        return Site("area", None, site)
    geometry = _from_geojson(site) if isinstance(site, Mapping) else site
    return Site("point" if geometry.geom_type == "Point" else "polygon", _checked(geometry))


def _from_geojson(site: Mapping[str, Any]) -> BaseGeometry:
    kind = site.get("type")
    if kind == "FeatureCollection":
        features = site.get("features")
        if not isinstance(features, list) or len(features) != 1:
            found = Message(
                "{count} features", count=len(features) if isinstance(features, list) else 0
            )
            raise SiteError(
                code="not_geojson", field="features", found=found, expected=Message("one feature")
            )
        return _from_geojson(features[0] if isinstance(features[0], Mapping) else {})
    if kind == "Feature":
        geometry = site.get("geometry")
        return _from_geojson(geometry if isinstance(geometry, Mapping) else {})
    if kind not in _KINDS:
        raise SiteError(
            code="geometry_type", field="type", found=repr(kind), expected=" or ".join(_KINDS)
        )
    try:
        return shape(dict(site))
    except _UNREADABLE as error:
        found = Message(
            "coordinates that make no {kind} ({error})", kind=kind, error=Message(str(error))
        )
        expected = Message("GeoJSON coordinates")
        raise SiteError(
            code="not_geojson", field="coordinates", found=found, expected=expected
        ) from error


def _checked(geometry: BaseGeometry) -> BaseGeometry:
    if geometry.geom_type not in _KINDS:
        raise SiteError(
            code="geometry_type",
            field="type",
            found=geometry.geom_type,
            expected=" or ".join(_KINDS),
        )
    if geometry.is_empty:
        raise SiteError(
            code="empty",
            field="geometry",
            found=Message("an empty geometry"),
            expected=Message("a point or a polygon"),
        )
    geometry = shapely.force_2d(geometry)
    _check_coordinates(geometry)
    if not geometry.is_valid:
        found = fault(explain_validity(geometry))
        expected = Message("a polygon whose outline doesn't cross or touch itself")
        raise SiteError(code="crossing", field="geometry", found=found, expected=expected)
    if geometry.geom_type != "Point" and geometry.area == 0:
        raise SiteError(
            code="empty",
            field="geometry",
            found=Message("a polygon without area"),
            expected=Message("a point or a polygon"),
        )
    return geometry


def _check_coordinates(geometry: BaseGeometry) -> None:
    lon, lat = shapely.get_coordinates(geometry).T
    at = f"{lon[0]:.5f}, {lat[0]:.5f}"
    if not shapely.is_valid(shapely.multipoints(shapely.get_coordinates(geometry))):
        raise SiteError(
            code="not_finite", field="coordinates", found=at, expected=Message("finite numbers")
        )
    if _within(lat, LON) and _within(lon, LAT):
        expected = Message(
            "longitude first: {lat:.5f}, {lon:.5f} (they seem swapped)", lat=lat[0], lon=lon[0]
        )
        raise SiteError(code="swapped", field="coordinates", found=at, expected=expected)
    if max(abs(lon).max(), abs(lat).max()) > _DEGREES:
        expected = Message(
            "WGS 84 degrees; these look like metres of a projected system such as VN-2000"
        )
        raise SiteError(code="projected", field="coordinates", found=at, expected=expected)
    if not (_within(lon, (-180.0, 180.0)) and _within(lat, (-90.0, 90.0))):
        expected = Message("longitude of -180 to 180 and latitude of -90 to 90")
        raise SiteError(code="out_of_range", field="coordinates", found=at, expected=expected)
    if not (_within(lon, LON) and _within(lat, LAT)):
        expected = Message(
            "a place in or near Viet Nam: longitude {west:g} to {east:g}, "
            "latitude {south:g} to {north:g}",
            west=LON[0],
            east=LON[1],
            south=LAT[0],
            north=LAT[1],
        )
        raise SiteError(code="out_of_range", field="coordinates", found=at, expected=expected)


def _within(values: Any, limits: tuple[float, float]) -> bool:  # noqa: ANN401
    return bool(((values >= limits[0]) & (values <= limits[1])).all())
