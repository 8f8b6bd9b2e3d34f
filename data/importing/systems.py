"""Coordinate systems under which points from a file would land in a province.

A file without a system isn't guessed at: neighbouring zones of VN-2000 put the same numbers 26 km
apart, still in the same province. The candidates come with where they land, so that they can be
drawn and one be chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import CRS, Transformer

from data.boundaries.outlines import BUNDLED, load_outlines
from data.boundaries.systems import in_degrees, known_system, vn2000_zones

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

WGS84 = "EPSG:4326"
VN2000_DEGREES = "EPSG:4756"
_DEGREE_M = 111_320.0
# How far outside the outline a point may lie and still count as inside: bundled outlines are
# approximate by up to some 2 km, official ones are generalised.
TOLERANCE_M = {BUNDLED: 2_000.0}
EXACT_M = 200.0
_LEAST = 0.5  # share of points inside from which a system is a candidate
_NORTH_LEAST = 900_000.0  # metres; eastings are smaller, northings of the country larger
_SAMPLE = 5_000
_DEGREES = 180.0
_WEST, _SOUTH, _EAST, _NORTH = 102.0, 6.0, 118.0, 24.0


@dataclass(frozen=True)
class Candidate:
    """A system under which coordinates would land in the province.

    Attributes
    ----------
    crs, name
        "EPSG:9208", "VN-2000 / TM-3 104-45".
    inside
        Share of the points that would lie in the province, 0 to 1.
    bounds
        West, south, east, north of the points in WGS 84 degrees.
    distance_km
        Mean distance of the points from where the rows' areas or communes are known to lie,
        NaN where that isn't known: of neighbouring zones the nearest is the likeliest.
    """

    crs: str
    name: str
    inside: float
    bounds: tuple[float, float, float, float]
    distance_km: float = float("nan")

    @property
    def shown(self) -> str:
        """Name and code for a message."""
        away = "" if np.isnan(self.distance_km) else f", {self.distance_km:.0f} km"
        return f"{self.name} ({self.crs}{away})"


@dataclass(frozen=True)
class Ground:
    """Outline of a province: WGS 84, and how far outside it a point is still taken as inside."""

    shape: BaseGeometry
    wide: BaseGeometry
    tolerance_m: float


@cache
def ground(province_code: str, boundaries: str | None = None) -> Ground:
    """Outline of a province, from the source in use.

    Raises
    ------
    data._errors.UnknownNameError
        No source has the province.
    """
    outlines = load_outlines(province_code, boundaries)
    shape = shapely.union_all(outlines.communes.geometry.to_numpy(), grid_size=1e-7)
    tolerance = TOLERANCE_M.get(outlines.source.key, EXACT_M)
    wide = shape.buffer(tolerance / _DEGREE_M)
    shapely.prepare(wide)
    return Ground(shape, wide, tolerance)


def is_degrees(xy: NDArray[np.float64]) -> bool:
    """Whether points may be longitude and latitude in degrees, in any order."""
    return bool(len(xy)) and bool((np.abs(xy) <= _DEGREES).all())


def east_north(xy: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Put points in the order east, north, by the size of their numbers.

    Parameters
    ----------
    xy
        Shape (n, 2), metres in VN-2000 or degrees, any order in each row.

    Returns
    -------
    points : array, shape (n, 2)
        East before north.
    swapped : array of bool, shape (n,)
        Rows whose first number was the north.

    Notes
    -----
    In Việt Nam northings are 0.9 to 2.6 million metres and eastings less; latitudes are 6 to 24
    degrees and longitudes 102 to 118. Rows that fit neither order stay as they are.

    Examples
    --------
    >>> east_north(np.array([[2456383.596, 439985.188], [105.6, 18.8]]))[1].tolist()
    [True, False]
    """
    first, second = xy[:, 0], xy[:, 1]
    metres = (first >= _NORTH_LEAST) & (np.abs(second) < _NORTH_LEAST)
    metres &= np.abs(second) > _DEGREES
    degrees = (first >= _SOUTH) & (first <= _NORTH) & (second >= _WEST) & (second <= _EAST)
    swapped = metres | degrees
    return np.where(swapped[:, None], xy[:, ::-1], xy), swapped


def inside_share(lonlat: NDArray[np.float64], province_code: str) -> float:
    """Share of points (WGS 84 degrees) that lie in a province, by the tolerance of its outline."""
    finite = np.isfinite(lonlat).all(axis=1)
    if not finite.all() or not len(lonlat):
        return 0.0
    return float(shapely.contains_xy(ground(province_code).wide, lonlat).mean())


def candidates(
    xy: NDArray[np.float64],
    province_code: str,
    *,
    places: NDArray[np.float64] | None = None,
) -> tuple[Candidate, ...]:
    """Find the systems under which points would land in a province.

    Parameters
    ----------
    xy
        Shape (n, 2), east before north, see :func:`east_north`.
    province_code
        "40".
    places
        Longitude and latitude where each point should roughly be, NaN where not known.

    Returns
    -------
    tuple
        Both widths of VN-2000 zones and degrees are tried. Best first: nearest to `places`, else
        by the share of points inside.
    """
    xy = xy[np.isfinite(xy).all(axis=1)] if places is None else xy
    if not len(xy):
        return ()
    step = max(1, len(xy) // _SAMPLE)
    xy, places = xy[::step], None if places is None else places[::step]
    found = []
    for code in (WGS84, VN2000_DEGREES) if is_degrees(xy) else vn2000_zones():
        lonlat = in_degrees(xy, code)
        share = inside_share(lonlat, province_code)
        if share < _LEAST:
            continue
        west, south = lonlat.min(axis=0)
        east, north = lonlat.max(axis=0)
        bounds = (float(west), float(south), float(east), float(north))
        away = _away_km(lonlat, places)
        found.append(Candidate(code, CRS.from_user_input(code).name, share, bounds, away))
    return tuple(
        sorted(
            found,
            key=lambda one: (
                0.0 if np.isnan(one.distance_km) else round(one.distance_km, 1),
                -one.inside,
                vn2000_zones().index(one.crs) if one.crs in vn2000_zones() else -1,
            ),
        )
    )


def _away_km(lonlat: NDArray[np.float64], places: NDArray[np.float64] | None) -> float:
    if places is None or not np.isfinite(places).all(axis=1).any():
        return float("nan")
    known = np.isfinite(places).all(axis=1)
    north = lonlat[known, 1] - places[known, 1]
    east = (lonlat[known, 0] - places[known, 0]) * np.cos(np.radians(places[known, 1]))
    return float(np.hypot(east, north).mean() * _DEGREE_M / 1000)


def system(text: str) -> CRS | None:
    """Find the system that a file or a user names, VN-2000 by its EPSG code.

    Examples
    --------
    >>> system("9208").to_epsg(), system("epsg:3405").to_epsg(), system("no such") is None
    (9208, 3405, True)
    """
    named = text.strip()
    return known_system(f"EPSG:{named}" if named.isdigit() else named) if named else None


def to_wgs84(xy: NDArray[np.float64], crs: CRS | str) -> NDArray[np.float64]:
    """Longitude and latitude (WGS 84) of points, east before north, shape (n, 2)."""
    turn = Transformer.from_crs(crs, WGS84, always_xy=True)
    return np.column_stack(turn.transform(xy[:, 0], xy[:, 1]))
