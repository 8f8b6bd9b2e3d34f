"""A reader of Mapbox vector tiles 2.1, written from the specification, to test what was written."""

from __future__ import annotations

import gzip
import struct
from functools import reduce
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely
from pmtiles.reader import MmapSource, all_tiles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOVE, CLOSE = 1, 7


class Feature(NamedTuple):
    zoom: int
    layer: str
    properties: dict[str, Any]
    shape: shapely.Geometry  # degrees


def features(path: Path) -> Iterator[Feature]:
    """Every feature of every tile of an archive."""
    with path.open("rb") as file:
        for (zoom, x, y), tile in all_tiles(MmapSource(file)):  # type: ignore[no-untyped-call]
            for number, layer in _fields(gzip.decompress(tile)):
                assert number == 3
                yield from _layer(layer, zoom, x, y)


def _layer(layer: bytes, zoom: int, x: int, y: int) -> Iterator[Feature]:
    fields = list(_fields(layer))
    keys = [value.decode() for number, value in fields if number == 3]
    values = [_value(value) for number, value in fields if number == 4]
    (name,) = [value.decode() for number, value in fields if number == 1]
    (extent,) = [value for number, value in fields if number == 5] or [4096]
    for number, value in fields:
        if number != 2:
            continue
        parts = dict(_fields(value))
        assert parts[3] == 3  # polygons
        tags = _varints(parts.get(2, b""))
        said = {keys[a]: values[b] for a, b in zip(tags[::2], tags[1::2], strict=True)}
        yield Feature(zoom, name, said, _shape(_varints(parts[4]), extent, zoom, x, y))


def _fields(content: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(content):
        tag, at = _varint(content, at)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            value, at = _varint(content, at)
            yield number, value
            continue
        size = {1: 8, 5: 4}.get(wire, 0)
        if wire == 2:
            size, at = _varint(content, at)
        yield number, content[at : at + size]
        at += size


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def _varints(content: bytes) -> list[int]:
    found, at = [], 0
    while at < len(content):
        value, at = _varint(content, at)
        found.append(value)
    return found


def _value(content: bytes) -> Any:  # noqa: ANN401
    ((number, value),) = _fields(content)
    if number == 1:
        return value.decode()
    return struct.unpack("<d", value)[0] if number == 3 else value


def _shape(commands: list[int], extent: int, zoom: int, x: int, y: int) -> shapely.Geometry:
    rings: list[list[tuple[int, int]]] = []
    at, here = 0, (0, 0)
    while at < len(commands):
        command, count = commands[at] & 7, commands[at] >> 3
        at += 1
        if command == CLOSE:
            continue
        for _ in range(count):
            dx, dy = ((value >> 1) ^ -(value & 1) for value in commands[at : at + 2])
            at += 2
            here = here[0] + dx, here[1] + dy
            if command == MOVE:
                rings.append([])
            rings[-1].append(here)
    world = [np.array(ring, dtype=float) / extent / 2**zoom for ring in rings]
    polygons = [shapely.Polygon(_degrees(ring + np.array([x, y]) / 2**zoom)) for ring in world]
    # What lies in a ring is a hole of it, so each of them turns what is inside round.
    return reduce(shapely.symmetric_difference, map(shapely.make_valid, polygons))


def _degrees(flat: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    north = np.degrees(2.0 * np.arctan(np.exp((0.5 - flat[:, 1]) * 2.0 * np.pi)) - np.pi / 2.0)
    return np.column_stack([(flat[:, 0] - 0.5) * 360.0, north])
