"""The polygon layer of anyone's file, by way of :mod:`data.untrusted`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from data._errors import DataError, Finding
from data._message import Message
from data.untrusted import read_file

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from data.untrusted import Sheet

_POLYGONS = (3, 6)  # types of GEOS: Polygon, MultiPolygon


def read_polygons(file: Path) -> tuple[pd.DataFrame, NDArray[np.object_], str]:
    """Read the one polygon layer of a file that may be hostile.

    Parameters
    ----------
    file
        GeoJSON, GeoPackage, zipped Shapefile, KML, KMZ or GeoParquet.

    Returns
    -------
    table : DataFrame
        All values as text; rows from 0.
    shapes : array of Polygon or MultiPolygon, shape (n,)
        In the file's own coordinates, finite, perhaps invalid.
    crs : str
        As the file names it; "" where it doesn't.

    Raises
    ------
    DataError
        The file can't be read, or has no single layer of polygons and nothing else.
    OSError
        There is no such file.
    """
    sheets = read_file(file)
    layers = [sheet for sheet in sheets if len(sheets) == 1 or _kinds(sheet) & {*_POLYGONS}]
    if len(layers) != 1:
        listed = ", ".join(sheet.name for sheet in layers) or Message("none")
        raise _error(
            file,
            Message(
                "{count} polygon layers ({listed}) where one is needed",
                count=len(layers),
                listed=listed,
            ),
        )
    layer = layers[0]
    if layer.geometry is None or layer.geometry.empty:
        raise _error(file, Message("no polygon"))
    shapes = np.asarray(layer.geometry.to_numpy(), dtype=object)
    lost = shapely.is_missing(shapes)
    if lost.any():
        told = [finding for finding in layer.findings if finding.field == "geometry"]
        raise DataError(
            told
            or [Finding(file.name, "", "geometry", Message("no polygon"), Message("one a row"))]
        )
    other = ~np.isin(shapely.get_type_id(shapes), _POLYGONS)
    if other.any():
        at = int(other.argmax())
        row = str(layer.geometry.index[at])
        found = Message("a {what}", what=shapes[at].geom_type)
        raise DataError([Finding(file.name, row, "geometry", found, Message("polygons only"))])
    return layer.cells.reset_index(drop=True).astype(object), shapes, layer.crs or ""


def _kinds(sheet: Sheet) -> set[int]:
    if sheet.geometry is None:
        return set()
    return set(shapely.get_type_id(sheet.geometry.to_numpy()).tolist())


def _error(file: Path, found: str) -> DataError:
    return DataError([Finding(file.name, "", "", found, Message("one layer of polygons"))])
