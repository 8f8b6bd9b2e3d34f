"""Geometries of a collection in every system that it is offered in, each with its own index."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from data._message import Message
from geo.crs import WGS84
from geo.export import feature_collection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.exchange.layer import Layer

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG: Final = "http://www.opengis.net/def/crs/EPSG/0/"
_HALF_TURN: Final = 180.0
MILLIMETRES: Final = 3


def crs_uri(crs: str) -> str:
    """Name a system as OGC API does.

    Examples
    --------
    >>> crs_uri("EPSG:9208")
    'http://www.opengis.net/def/crs/EPSG/0/9208'
    """
    return _EPSG + crs.removeprefix("EPSG:")


@dataclass(frozen=True)
class Places:
    """Geometries in one system.

    Attributes
    ----------
    shapes
        East before north; None where unknown.
    members
        GeoJSON geometries, the axes in the order of the system.
    swapped
        Whether the system has north before east.
    """

    shapes: Sequence[shapely.Geometry | None]
    members: Sequence[dict[str, Any] | None]
    swapped: bool
    projected: bool

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(np.array(self.shapes, dtype=object))

    def inside(self, box: tuple[float, float, float, float]) -> list[int]:
        """Give the numbers of the geometries that a box touches, in ascending order.

        Parameters
        ----------
        box
            Lower corner, upper corner, the axes in the order of the system. In degrees the west
            may be greater than the east: the box then crosses the 180th meridian.

        Raises
        ------
        ValueError
            A side is the wrong way round.
        """
        west, south, east, north = box
        if self.swapped:
            west, south, east, north = south, west, north, east
        if south > north or (self.projected and west > east):
            msg = Message("bbox: the lower corner must come first")
            raise ValueError(msg)
        if west <= east:
            boxes = [shapely.box(west, south, east, north)]
        else:
            boxes = [
                shapely.box(west, south, _HALF_TURN, north),
                shapely.box(-_HALF_TURN, south, east, north),
            ]
        found = self._tree.query(boxes, predicate="intersects")[1]
        return sorted({int(number) for number in found})


def places_of(layer: Layer, systems: Sequence[str]) -> dict[str, Places]:
    """Give the places of a layer by the URI of each system.

    Parameters
    ----------
    systems
        "EPSG:n"; WGS 84 with longitude first is always there, as CRS84.
    """
    count = len(layer.records)
    if layer.geometry is None:
        nowhere = [None] * count
        return {
            uri: Places(nowhere, nowhere, swapped=False, projected=False)
            for uri in (CRS84, *(crs_uri(crs) for crs in systems))
        }
    features = feature_collection(
        gpd.GeoDataFrame(geometry=layer.geometry),
        layer.records,
        identifier=layer.about.identifier,
        metadata={},
    )["features"]
    lonlat = [_member(feature["geometry"], swapped=False) for feature in features]
    shapes = list(layer.geometry)
    found = {CRS84: Places(shapes, lonlat, swapped=False, projected=False)}
    for crs in systems:
        system = CRS(crs)
        swapped = system.axis_info[0].direction == "north"
        if crs == WGS84:
            members = [_member(member, swapped=True) for member in lonlat]
            found[crs_uri(crs)] = Places(shapes, members, swapped=True, projected=False)
            continue
        moved = list(layer.geometry.to_crs(system))
        members = [
            None
            if shape is None
            else _member(shapely.geometry.mapping(shape), swapped=swapped, digits=MILLIMETRES)
            for shape in moved
        ]
        found[crs_uri(crs)] = Places(moved, members, swapped=swapped, projected=system.is_projected)
    return found


def _member(
    member: dict[str, Any] | None, *, swapped: bool, digits: int | None = None
) -> dict[str, Any] | None:
    if member is None:
        return None
    coordinates = _turned(member["coordinates"], swapped=swapped, digits=digits)
    if member["type"] == "Polygon":
        # Programs that take the kind of a layer from its first object then read all of them.
        return {"type": "MultiPolygon", "coordinates": [coordinates]}
    return {"type": member["type"], "coordinates": coordinates}


def _turned(coordinates: Any, *, swapped: bool, digits: int | None) -> Any:  # noqa: ANN401
    if isinstance(coordinates[0], float | int):
        pair = coordinates[::-1] if swapped else coordinates
        return [float(value) if digits is None else round(float(value), digits) for value in pair]
    return [_turned(item, swapped=swapped, digits=digits) for item in coordinates]


def read_box(text: str) -> tuple[float, float, float, float]:
    """Read the parameter bbox; of six numbers the heights are left out.

    Raises
    ------
    ValueError
        It isn't four or six finite numbers.

    Examples
    --------
    >>> read_box("104.5,18.5,0,106,20,100")
    (104.5, 18.5, 106.0, 20.0)
    """
    parts = text.split(",")
    try:
        values = [float(part) for part in parts]
    except ValueError:
        values = []
    if len(values) not in {4, 6} or not all(math.isfinite(value) for value in values):
        msg = Message("bbox: four or six numbers are expected")
        raise ValueError(msg)
    half = len(values) // 2
    return (*values[:2], *values[half : half + 2])  # type: ignore[return-value]


def extent(places: Places) -> tuple[float, float, float, float] | None:
    """Give lower and upper corner of all geometries, east first; None where there is none."""
    known = [shape for shape in places.shapes if shape is not None]
    if not known:
        return None
    west, south, east, north = shapely.total_bounds(np.array(known, dtype=object)).tolist()
    return west, south, east, north
