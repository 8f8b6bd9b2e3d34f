"""Layers as frames with plain columns, and their writing by GDAL."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from geo.crs import WGS84

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from layers.exchange.fields import LayerField
    from layers.exchange.layer import Layer

LIST_SEPARATOR = ";"
_ONE_DATE = threading.Lock()
_DTYPES = {"integer": "Int64", "number": "float64", "boolean": "boolean"}


def cell(field: LayerField, value: Any) -> Any:  # noqa: ANN401
    """Give a value as one cell holds it: lists joined by semicolons, an empty one as None."""
    if field.type == "list":
        return LIST_SEPARATOR.join(value) or None
    return value


def projected(layer: Layer, crs: str) -> gpd.GeoSeries:
    """Give the geometry of a layer in a system.

    Raises
    ------
    ValueError
        The layer has none, or a place can't be given in that system.
    """
    if layer.geometry is None:
        msg = f"layer {layer.key} has no geometry"
        raise ValueError(msg)
    shapes = layer.geometry if crs == WGS84 else layer.geometry.to_crs(crs)
    placed = shapes.dropna()
    if len(placed) and not np.isfinite(shapely.total_bounds(np.asarray(placed))).all():
        msg = f"layer {layer.key} lies outside of where {crs} is defined"
        raise ValueError(msg)
    return shapes


def frame(layer: Layer, *, crs: str = WGS84) -> pd.DataFrame:
    """Give a layer as a frame, a column a field, lists joined by semicolons.

    Parameters
    ----------
    crs
        System of the geometry.

    Returns
    -------
    GeoDataFrame or DataFrame
        Without a geometry for a table.
    """
    columns = {
        field.name: pd.Series(
            [cell(field, record[field.name]) for record in layer.records],
            dtype=_DTYPES.get(field.type, "object"),
        )
        for field in layer.about.fields
    }
    if layer.geometry is None:
        return pd.DataFrame(columns)
    return gpd.GeoDataFrame(columns, geometry=projected(layer, crs))


@contextmanager
def _fixed_date(date: str) -> Iterator[None]:
    """Let GDAL write a date instead of the clock's, so that equal data makes equal files."""
    # The setting is one for all threads.
    with _ONE_DATE:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{date}T00:00:00.000Z"})
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


# Programs with an older GDAL (QGIS 3.28, Debian 12) don't know what GeoPackage 1.4 changed.
_FILE_OPTIONS = {"GPKG": {"VERSION": "1.3"}}
_OGR_TYPES = {"point": "Point", "line": "LineString", "polygon": "MultiPolygon"}


def write_frame(
    table: pd.DataFrame,
    layer: Layer,
    path: Path,
    *,
    driver: str,
    date: str,
    options: Mapping[str, str],
    append: bool = False,
) -> None:
    """Write a frame of a layer with GDAL.

    Parameters
    ----------
    table
        From :func:`frame`, perhaps with other names.
    driver, options
        GDAL's driver, and its layer creation options.
    date
        Day that the file says it was made on, "2026-06-30".
    append
        Add to the file.
    """
    with _fixed_date(date):
        pyogrio.write_dataframe(
            table,
            path,
            layer=layer.key,
            driver=driver,
            append=append,
            use_arrow=True,
            geometry_type=_OGR_TYPES.get(layer.about.geometry),
            promote_to_multi=layer.about.geometry == "polygon",
            dataset_options={} if append else _FILE_OPTIONS.get(driver, {}),
            layer_options=dict(options),
        )
