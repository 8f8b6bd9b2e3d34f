"""Places as an investor gives them: coordinates typed in, or polygons in a file."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely
import streamlit as st

from data._errors import DataError, Finding
from data._message import Message
from data.boundaries.systems import in_degrees, known_system
from data.boundaries.vector_files import read_polygons
from geo.crs import WGS84

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

TYPES: Final = ["geojson", "json", "gpkg", "zip", "kml", "kmz", "parquet"]
MEGABYTES: Final = 50
MOST_POLYGONS: Final = 500
_LON, _LAT = (100.0, 120.0), (5.0, 25.0)
_NORTH, _EAST = (700_000.0, 2_800_000.0), (100_000.0, 900_000.0)
_DECIMALS: Final = 6
# A comma between digits is a decimal comma only where a semicolon or a space parts the numbers.
_NUMBER: Final = r"[-+]?\d+(?:\.\d+)?"


class Typed(NamedTuple):
    """A point that was typed: degrees, and the code of the system that it was read in."""

    lon: float
    lat: float
    crs: str


class Outline(NamedTuple):
    """A polygon of a file: what the file calls it, and its geometry in WGS 84."""

    name: str
    geometry: BaseGeometry


def _numbers(text: str) -> list[float]:
    written = text.strip().strip("()[]").replace("°", " ")
    written = re.sub(r"(?<=\d)\s*[NEBĐneb]\b|\b[A-Za-zĐđ]+\s*[=:]\s*", " ", written)
    parts = [part for part in re.split(r"[;\s]+", written) if part.strip(",")]
    if len(parts) == 1:  # "105.66,18.8"
        parts = parts[0].split(",")
    decimal = [part.strip(",").replace(",", ".") for part in parts]
    if not all(re.fullmatch(_NUMBER, part) for part in decimal):
        return []
    return [float(part) for part in decimal]


def _in(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def read_typed(text: str, crs: str) -> Typed | None:
    """Read a point in either order: degrees, or metres of the province's VN-2000 zone.

    Longitude and latitude of Viet Nam can't be mistaken for each other, nor can north (X) and
    east (Y) of VN-2000.

    Parameters
    ----------
    text
        "18.80, 105.66", "105,66; 18,80", "X=2079500 Y=595000"...
    crs
        VN-2000 zone of the province.

    Returns
    -------
    Typed or None
        None where the text is no such point.

    Examples
    --------
    >>> read_typed("18,80; 105,66", "EPSG:9208"), read_typed("x", "EPSG:9208")
    (Typed(lon=105.66, lat=18.8, crs='EPSG:4326'), None)
    >>> point = read_typed("2079500 595000", "EPSG:9208")
    >>> round(point.lon, 2), round(point.lat, 2), point.crs
    (105.65, 18.8, 'EPSG:9208')
    """
    values = _numbers(text)
    if len(values) != 2:  # noqa: PLR2004
        return None
    for one, other in (values, values[::-1]):
        if _in(one, _LON) and _in(other, _LAT):
            return Typed(one, other, WGS84)
        if _in(one, _NORTH) and _in(other, _EAST):
            [[lon, lat]] = in_degrees(np.array([[other, one]]), crs).round(_DECIMALS).tolist()
            return Typed(lon, lat, crs)
    return None


@st.cache_data(show_spinner=False, max_entries=8)
def read_upload(name: str, content: bytes) -> tuple[Outline, ...]:
    """Read the polygons of a file that may be hostile.

    Parameters
    ----------
    name
        As the user calls it; never a path.

    Raises
    ------
    DataError
        It can't be read, names no system, or has too many polygons.
    """
    shown = re.sub(r"[^\w.-]", "_", name)[-80:].lstrip(".") or "file"
    with tempfile.TemporaryDirectory(prefix="site-") as folder:
        path = Path(folder) / shown
        path.write_bytes(content)
        table, shapes, named = read_polygons(path)
    crs = known_system(named) if named else None
    if crs is None:
        expected = Message("a file that names its coordinate system: WGS 84 or a zone of VN-2000")
        found = repr(named[:60]) if named else Message("no coordinate system")
        raise DataError([Finding(shown, "", "crs", found, expected)])
    if len(shapes) > MOST_POLYGONS:
        found = Message("{count} polygons", count=len(shapes))
        raise DataError(
            [
                Finding(
                    shown,
                    "",
                    "",
                    found,
                    Message("at most {most}", most=MOST_POLYGONS),
                )
            ]
        )
    if not len(shapes):
        raise DataError(
            [Finding(shown, "", "", Message("no polygon"), Message("at least one polygon"))]
        )
    placed = shapely.transform(shapes, lambda xy: in_degrees(xy, crs))
    texts = table.fillna("").astype(str)
    named_by = [
        column for column in texts.columns if re.search(r"name|t[eê]n|id", column, re.IGNORECASE)
    ]
    names = texts[named_by[0]] if named_by else [""] * len(placed)
    return tuple(
        Outline(str(name)[:60], shapely.force_2d(shape))
        for name, shape in zip(names, placed, strict=True)
    )
