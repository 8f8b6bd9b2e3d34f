"""Coordinate systems that files from Viet Nam come in, told by name or by where they land.

VN-2000 is always taken by its EPSG code: the strings that programs write for it lose or misplace
the datum by up to some 200 m. Which zone a file without a system was drawn in shows only in
where its communes would lie.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_crs_info
from pyproj.enums import PJType
from pyproj.exceptions import CRSError

from data.units.gazetteer import communes_2025

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WGS84 = "EPSG:4326"
# Zones of VN-2000 lie at least a quarter of a degree apart, 26 km; communes lie within some 3 km
# of the gazetteer's points.
NEAR_M = 10_000.0
_DEGREE_M = 111_320.0
_VIET_NAM = AreaOfInterest(102.0, 7.0, 118.0, 24.0)
_SURE = 70  # per cent of PROJ's confidence that a system is the one of the code
_OTHER_NAMES = ("vietnam_2000", "vietnam 2000", "vn_2000", "vn-2000", "vn2000", "vn 2000")


@cache
def vn2000_zones() -> tuple[str, ...]:
    """EPSG codes of the projected systems of VN-2000.

    Examples
    --------
    >>> {"EPSG:9208", "EPSG:9209", "EPSG:5899", "EPSG:9211"} <= set(vn2000_zones())
    True
    """
    found = query_crs_info(
        auth_name="EPSG", pj_types=PJType.PROJECTED_CRS, area_of_interest=_VIET_NAM
    )
    return tuple(sorted({f"EPSG:{c.code}" for c in found if c.name.startswith("VN-2000 /")}))


def known_system(text: str) -> CRS | None:
    """Find the system that a file names, VN-2000 by its EPSG code.

    Returns
    -------
    CRS or None
        None where the file names none, or one whose datum isn't known for sure.

    Examples
    --------
    >>> known_system("urn:ogc:def:crs:EPSG::9208").to_epsg()
    9208
    >>> known_system("+proj=tmerc +lon_0=104.7 +k=1 +x_0=500000 +ellps=krass") is None
    True
    """
    try:
        crs = CRS.from_user_input(text)
    except CRSError:
        return None
    if crs.is_bound and crs.source_crs is not None:  # with a datum shift of its own
        crs = crs.source_crs
    if code := crs.to_epsg(min_confidence=_SURE):
        return CRS.from_epsg(code)
    datum = (crs.datum.name if crs.datum else "").casefold()
    if datum.startswith("world geodetic system 1984"):
        return crs
    if any(name in f"{datum} {crs.name.casefold()}" for name in _OTHER_NAMES):
        own = _parameters(crs)
        for zone in vn2000_zones():
            if own and _parameters(CRS.from_user_input(zone)) == own:
                return CRS.from_user_input(zone)
    return None


def _parameters(crs: CRS) -> dict[str, float]:
    operation = crs.coordinate_operation
    return {p.name: round(float(p.value), 9) for p in operation.params} if operation else {}


def in_degrees(xy: NDArray[np.float64], crs: str | CRS) -> NDArray[np.float64]:
    """Longitude and latitude (WGS 84) of points, east before north, shape (n, 2)."""
    to_wgs84 = Transformer.from_crs(crs, WGS84, always_xy=True)
    return np.column_stack(to_wgs84.transform(xy[:, 0], xy[:, 1]))


def distance_m(xy: NDArray[np.float64], codes: Sequence[str], crs: str | CRS) -> float:
    """Median distance of points from the gazetteer's points of the communes they are in.

    Parameters
    ----------
    xy
        Shape (n, 2), east before north, in `crs`.
    codes
        2025 commune of each point.
    crs
        System to be tried.

    Returns
    -------
    float
        Metres; infinite where the points are outside the system's reach.
    """
    places = communes_2025().loc[list(codes), ["lon", "lat"]].to_numpy()
    lon, lat = in_degrees(xy, crs).T
    east = (lon - places[:, 0]) * np.cos(np.radians(places[:, 1]))
    north = lat - places[:, 1]
    away = np.hypot(east, north) * _DEGREE_M
    return float(np.median(away)) if np.isfinite(away).all() else float("inf")


def candidates(xy: NDArray[np.float64], codes: Sequence[str]) -> tuple[str, ...]:
    """Systems under which points would lie in their communes, the nearest first.

    Returns
    -------
    tuple
        "WGS 84 (EPSG:4326)", "VN-2000 / TM-3 104-45 (EPSG:9208)"; empty where none would do.
    """
    degrees = bool((np.abs(xy) <= [180, 90]).all())
    tried = [WGS84] if degrees else vn2000_zones()
    away = {crs: distance_m(xy, codes, crs) for crs in tried}
    return tuple(
        f"{CRS.from_user_input(crs).name} ({crs})"
        for crs in sorted(away, key=lambda crs: away[crs])
        if away[crs] < NEAR_M
    )
