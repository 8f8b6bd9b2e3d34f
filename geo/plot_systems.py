"""In which system plots are measured, and where to look for them in their own."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Proj, Transformer
from pyproj.exceptions import CRSError

from geo.crs import WGS84

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

    from data.plot_files import Bounds

# By how much areas may be stretched anywhere in the zones: UTM's 0.08 % and any zone of VN-2000
# near by, not one of them 4 degrees away (0.5 %), nor Web Mercator's 12 %.
STRETCH = 0.002
STEPS = 5  # positions along a side of the zones' bounds
SUITED = (
    "a zone of VN-2000 or UTM near by, or for all of the country one that keeps areas (EPSG:6933)"
)
MARGIN = 0.01  # of the width of the zones, for edges that bend when they are brought over


def measuring_system(
    plots: CRS, zones: gpd.GeoDataFrame, *, chosen: str | None = None, fallback: str | None = None
) -> CRS:
    """Choose the system to measure in: that of the plots if areas are true in it by all zones.

    Parameters
    ----------
    plots
        System of the plots.
    zones
        In any system.
    chosen
        Taken whatever the plots have.
    fallback
        Taken where areas aren't true in that of the plots, such as the province's.

    Raises
    ------
    ValueError
        Areas aren't true in the plots' system, and there is no other; or not in the chosen one,
        which may be no system at all, or not in the province's.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> zones = gpd.GeoDataFrame(geometry=[box(105, 18, 106, 19)], crs=4326)
    >>> measuring_system(CRS(9208), zones).to_string()
    'EPSG:9208'
    >>> measuring_system(CRS(3857), zones, fallback="EPSG:9208").to_string()
    'EPSG:9208'
    """
    if chosen is not None:
        target, name = _system(chosen, "--crs"), "the one of --crs"
    elif stretch(plots, zones) < STRETCH:
        return plots
    elif fallback is None:
        msg = (
            f"the plots are in {plots.to_string()}, in which areas aren't true"
            f"{_by(stretch(plots, zones))}: name a province (--province) or a system to measure "
            f"in (--crs), {SUITED}"
        )
        raise ValueError(msg)
    else:
        target, name = _system(fallback, "crs of the province"), "the province's"
    if not (largest := stretch(target, zones)) < STRETCH:
        msg = (
            f"areas aren't true in {target.to_string()}, {name}{_by(largest)}, where the zones "
            f"lie; expected a system in metres (--crs) that stretches none by "
            f"{STRETCH:.1%}: {SUITED}"
        )
        raise ValueError(msg)
    return target


def _by(largest: float) -> str:
    return f" (stretched by up to {largest:.2%})" if math.isfinite(largest) else ""


def _system(text: str, named: str) -> CRS:
    try:
        return CRS.from_user_input(text)
    except CRSError:
        msg = f"{named}: expected a system such as EPSG:9208, found {text!r}"
        raise ValueError(msg) from None


def stretch(system: CRS, zones: gpd.GeoDataFrame) -> float:
    """Give by what part areas are stretched or shrunk in a system, at most, within the zones.

    Found within the bounds of each, at corners, along the sides and between.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> province, country = box(104, 18, 106, 20), box(102, 8, 110, 23.5)
    >>> zones = gpd.GeoDataFrame(geometry=[province, country], crs=4326)
    >>> [round(stretch(CRS(9208), zones.iloc[[zone]]), 4) for zone in (0, 1)]
    [0.0002, 0.0081]
    """
    return _stretch(system, zones.to_crs(WGS84).geometry.bounds.dropna().to_numpy())


def stretch_within(system: CRS, bounds: Bounds, crs: CRS) -> float:
    """Do the same for bounds of plots in a system of their own."""
    over = Transformer.from_crs(crs, WGS84, always_xy=True)
    return _stretch(system, np.array([over.transform_bounds(*bounds, densify_pts=21)]))


def _stretch(system: CRS, bounds: npt.NDArray[np.float64]) -> float:
    if not system.is_projected or {axis.unit_name for axis in system.axis_info} != {"metre"}:
        return math.inf
    if not np.isfinite(bounds).all():  # beyond what can be told of the other system
        return math.inf
    west, south, east, north = bounds.T[:, :, None, None]
    steps = np.linspace(0, 1, STEPS)
    lon = west + (east - west) * steps[:, None] + 0 * steps
    lat = south + (north - south) * steps + 0 * steps[:, None]
    scale = Proj(system).get_factors(lon.ravel(), lat.ravel()).areal_scale
    largest = float(np.abs(np.asarray(scale) - 1).max(initial=0))
    return largest if math.isfinite(largest) else math.inf


def search_bounds(zones: gpd.GeoDataFrame, plots: CRS) -> Bounds:
    """Give bounds in the system of the plots that hold all the zones."""
    over = Transformer.from_crs(zones.crs, plots, always_xy=True)
    left, bottom, right, top = zones.total_bounds
    west, south, east, north = over.transform_bounds(left, bottom, right, top, densify_pts=101)
    margin = MARGIN * max(east - west, north - south)
    return (west - margin, south - margin, east + margin, north + margin)
