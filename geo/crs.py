"""Coordinate reference systems: VN-2000 for measuring, WGS 84 for exchange.

Areas are measured in the province's 3-degree Transverse Mercator zone of VN-2000, named by its
EPSG code; never in Web Mercator, never in degrees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyproj import CRS, Geod

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

WGS84 = "EPSG:4326"
GEOD = Geod(ellps="WGS84")
M2_PER_HA = 10_000.0


def area_ha(geometries: gpd.GeoSeries, crs: str) -> pd.Series:
    """Area of each geometry in hectares, measured in a projected system.

    Parameters
    ----------
    geometries
        Polygons in any system.
    crs
        The province's VN-2000 zone, "EPSG:9208" for Nghệ An.

    Returns
    -------
    Series
        Hectares, float64, on the index of `geometries`.

    Raises
    ------
    ValueError
        The geometries have no system, or `crs` isn't projected in metres.
    """
    if geometries.crs is None:
        msg = "geometries without a coordinate reference system can't be measured"
        raise ValueError(msg)
    target = CRS.from_user_input(crs)
    if not target.is_projected or {axis.unit_name for axis in target.axis_info} != {"metre"}:
        msg = f"areas need a projected system in metres, found {crs}"
        raise ValueError(msg)
    return geometries.to_crs(target).area / M2_PER_HA
