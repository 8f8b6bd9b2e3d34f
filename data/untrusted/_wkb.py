"""Geometries in the binary form of a file, one by one: a bad one costs its row only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from data._errors import DataError, Finding
from data._message import Message
from data.untrusted.limits import VERTICES

if TYPE_CHECKING:
    from data.untrusted._sheets import Raw

_VERTEX = 40  # bytes: four coordinates, and heads of parts


def shape_of(wkb: object, raw: Raw, row: int) -> Any:  # noqa: ANN401
    """Read WKB; None with a finding where it can't be read or has curves.

    Raises
    ------
    DataError
        It is longer than any geometry within the limits.
    """
    if wkb is None:
        return None
    found = Message("a geometry that can't be read")
    if isinstance(wkb, bytes):
        if len(wkb) > _VERTEX * VERTICES:
            found = Message("more than {most} vertices", most=VERTICES)
            raise DataError(
                [Finding(raw.notes.file, str(row), "geometry", found, Message("fewer"))]
            )
        try:
            with np.errstate(invalid="ignore"):  # coordinates that are no numbers are told later
                return shapely.from_wkb(wkb)
        except NotImplementedError:
            found = Message("a curve")
        except shapely.GEOSException:
            pass
    return raw.broken(row, found, Message("points, lines or polygons"))
