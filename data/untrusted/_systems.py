"""The coordinate system that a file states, as "EPSG:n" or WKT."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from data.untrusted._sheets import quoted

if TYPE_CHECKING:
    from pyproj import CRS

    from data.untrusted._sheets import Raw

WGS84 = "EPSG:4326"
# What PROJ may be given: names of registers, WKT and PROJJSON. Strings of parameters may name
# files, and lose the datum of VN-2000.
_REGISTER = re.compile(
    r"(?:urn:ogc:def:crs:|https?://www\.opengis\.net/(?:def/crs|gml/srs)/|EPSG:|ESRI:|OGC:|IGNF:)"
    r"[\w:/.#\-]{1,80}",
    re.IGNORECASE,
)
_WKT = re.compile(r"\s*[A-Z]+(?:_?[A-Z]+)*\s*\[")
_LONGEST = 20_000  # characters
_TURN = 360.0


def stated(raw: Raw) -> str | None:
    """Give the system that a layer states, if it can be one of its coordinates.

    Returns
    -------
    str or None
        None where it states none, where no register or WKT has it, or where it has degrees and
        the coordinates are none; the last two with a finding.
    """
    text = raw.crs
    if not text:
        return None
    crs = _crs(text)
    if crs is None:
        raw.notes.add(None, "crs", f"{quoted(text)}, which is in no register", "a known system")
        return None
    code = crs.to_epsg(min_confidence=70)
    named = f"EPSG:{code}" if code else crs.to_wkt()
    if named == "EPSG:4326" or crs.is_geographic:
        named = WGS84 if crs.name == "WGS 84 (CRS84)" else named
        if row := _beyond_degrees(raw):
            expected = f"degrees, as {quoted(crs.name)} says; the system is taken as unknown"
            raw.notes.add(row, "crs", "coordinates beyond 180 and 90", expected)
            return None
    return named


def _crs(text: str) -> CRS | None:
    from pyproj import CRS  # noqa: PLC0415 (after the limits)
    from pyproj.exceptions import CRSError  # noqa: PLC0415

    if len(text) > _LONGEST:
        return None
    if text.startswith("{"):
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            return None
    elif not (_REGISTER.fullmatch(text) or _WKT.match(text)):
        return None
    try:
        return CRS.from_user_input(text)
    except CRSError:
        return None


def _beyond_degrees(raw: Raw) -> int | None:
    """Row of the first geometry that can't be in degrees."""
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    bounds = shapely.bounds(np.array(raw.shapes, dtype=object))
    with np.errstate(invalid="ignore"):
        beyond = (np.abs(bounds[:, [0, 2]]) > _TURN).any(axis=1)
        beyond |= (np.abs(bounds[:, [1, 3]]) > _TURN / 4).any(axis=1)
    return raw.rows[int(beyond.argmax())] if beyond.any() else None
