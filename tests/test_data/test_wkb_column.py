"""Geometry as files have it, of kinds that can be made and of those that can't."""

from __future__ import annotations

import struct

import numpy as np
import pyarrow as pa
import pytest
import shapely

from data.wkb_column import WkbColumn

ARC = struct.pack("<BII", 1, 8, 3) + struct.pack("<6d", 0, 0, 1, 1, 2, 0)
BOX = shapely.to_wkb(shapely.box(0, 0, 1, 1))
TRIANGLE = struct.pack("<BIII", 1, 17, 1, 4) + struct.pack("<8d", 0, 0, 1, 0, 0, 1, 0, 0)


def kinds(*shapes: bytes | None) -> list[str | None]:
    column = WkbColumn(pa.chunked_array([pa.array(shapes, pa.binary())]))
    made = column.shapes(np.arange(len(shapes)))
    return [one and one.geom_type for one in made]


@pytest.mark.parametrize(
    "other",
    [
        ARC,
        struct.pack("<BII", 1, 10, 1) + ARC,  # a polygon whose ring is an arc
        struct.pack("<BII", 1, 12, 1) + struct.pack("<BII", 1, 10, 1) + ARC,  # several of them
        struct.pack("<BII", 1, 7, 1) + ARC,  # one in a collection
        struct.pack("<BII", 1, 1008, 3) + struct.pack("<9d", *range(9)),  # with heights
        struct.pack("<BII", 1, 0x80000008, 3) + struct.pack("<9d", *range(9)),
        struct.pack(">BII", 0, 8, 3) + struct.pack(">6d", 0, 0, 1, 1, 2, 0),
        TRIANGLE,
        struct.pack("<BII", 1, 16, 1) + TRIANGLE,
    ],
)
def test_kinds_that_cannot_be_made_are_no_polygons_and_not_missing(other: bytes) -> None:
    found = kinds(BOX, other, None, BOX)
    assert found[0] == found[3] == "Polygon"
    assert found[1] not in {None, "Polygon", "MultiPolygon"}
    assert found[2] is None


def test_what_is_no_well_known_binary_is_missing() -> None:
    assert kinds(BOX[:1] + b"\x11" + BOX[2:]) == [None]  # a triangle of five points
    assert (
        kinds(b"", b"\x01", b"\x01\x08\x00", BOX[:-3], b"\x01\xff\x00\x00\x00" + BOX) == [None] * 5
    )
    assert kinds() == []
