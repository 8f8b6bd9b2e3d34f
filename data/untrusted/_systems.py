"""The coordinate system that a file states, as "EPSG:n" or WKT."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from data._message import Message
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
_SURE = 70  # per cent of PROJ's confidence that a system is the one of the code
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
    named, in_degrees = (WGS84, True) if text == WGS84 else _named(text)
    if not named:
        raw.notes.add(
            None,
            "crs",
            Message("{text}, which is in no register", text=quoted(text)),
            Message("a known system"),
        )
    elif in_degrees and (row := _beyond_degrees(raw)):
        expected = Message("degrees, as its system has; the system is taken as unknown")
        raw.notes.add(row, "crs", Message("coordinates beyond 180 and 90"), expected)
        return None
    return named or None


def _named(text: str) -> tuple[str, bool]:
    """Name a system, "" where it can't be told; say whether it has degrees."""
    crs = _crs(text)
    if crs is None:
        return "", False
    if crs.name == "WGS 84 (CRS84)":  # the same in the order that files have: x, y
        return WGS84, True
    code = crs.to_epsg(min_confidence=_SURE)
    return f"EPSG:{code}" if code else crs.to_wkt(), crs.is_geographic


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
