"""In which system plots are measured, and where to look for them in their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyproj import CRS, Proj, Transformer

from geo.crs import WGS84

if TYPE_CHECKING:
    import geopandas as gpd

    from data.plot_files import Bounds

# By how much areas may be stretched: UTM's 0.08 % and any zone of VN-2000, not Web Mercator's 12 %.
STRETCH = 0.002
MARGIN = 0.01  # of the width of the zones, for edges that bend when they are brought over


def measuring_system(
    plots: CRS, zones: gpd.GeoDataFrame, *, chosen: str | None = None, fallback: str | None = None
) -> CRS:
    """Choose the system to measure in: that of the plots if areas are true in it.

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
        Areas aren't true in the plots' system, and there is no other; or not in the chosen one.

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
        target = CRS.from_user_input(chosen)
        if not _true_to_area(target, zones):
            msg = f"areas aren't true in {target.to_string()}; expected a VN-2000 zone or UTM"
            raise ValueError(msg)
        return target
    if _true_to_area(plots, zones):
        return plots
    if fallback is None:
        msg = (
            f"the plots are in {plots.to_string()}, in which areas aren't true: "
            "name a province (--province) or a system to measure in (--crs)"
        )
        raise ValueError(msg)
    return CRS.from_user_input(fallback)


def _true_to_area(system: CRS, zones: gpd.GeoDataFrame) -> bool:
    if not system.is_projected or {axis.unit_name for axis in system.axis_info} != {"metre"}:
        return False
    west, south, east, north = zones.to_crs(WGS84).total_bounds
    scale = Proj(system).get_factors((west + east) / 2, (south + north) / 2).areal_scale
    return bool(abs(scale - 1) < STRETCH)


def search_bounds(zones: gpd.GeoDataFrame, plots: CRS) -> Bounds:
    """Give bounds in the system of the plots that hold all the zones."""
    over = Transformer.from_crs(zones.crs, plots, always_xy=True)
    left, bottom, right, top = zones.total_bounds
    west, south, east, north = over.transform_bounds(left, bottom, right, top, densify_pts=101)
    margin = MARGIN * max(east - west, north - south)
    return (west - margin, south - margin, east + margin, north + margin)
