"""A layer: one structure for every format.

A record has one value a field: None where unknown, lists of texts where several. What a field
means is in `data/exchange_fields.yaml`; a record with other fields than those is an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np

from geo.crs import WGS84
from geo.records import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from shapely.geometry.base import BaseGeometry

    from layers.exchange.fields import LayerFields

    Record = dict[str, Any]


@dataclass(frozen=True)
class Layer:
    """A table with its fields, its records and, unless it has none, a geometry a record.

    `geometry` is in EPSG:4326, None where a position is unknown, and in the order of `records`.
    """

    about: LayerFields
    records: tuple[Record, ...]
    geometry: gpd.GeoSeries | None = None

    @property
    def key(self) -> str:
        """Name of the layer in files."""
        return self.about.key


def make_layer(
    about: LayerFields,
    records: Iterable[Mapping[str, Any]],
    geometry: Iterable[BaseGeometry | None] = (),
) -> Layer:
    """Make a layer of records; each must have the fields that the layer is described with.

    Parameters
    ----------
    about
        Key, texts and fields.
    records
        With a value for every field; numbers may be NaN where unknown.
    geometry
        EPSG:4326, one a record.

    Raises
    ------
    ValueError
        A record has other fields, or there are more or fewer geometries than records.
    """
    names = [field.name for field in about.fields]
    made = []
    for record in records:
        if set(record) != set(names):
            odd = sorted(set(record) ^ set(names))
            msg = f"layer {about.key}: fields {', '.join(odd)} are described or there, not both"
            raise ValueError(msg)
        clean = {name: plain(record[name]) for name in names}
        made.append({name: None if value == "" else value for name, value in clean.items()})
    if about.geometry == "none":
        return Layer(about, tuple(made))
    shapes = [None if shape is None or shape.is_empty else shape for shape in geometry]
    if len(shapes) != len(made):
        msg = f"layer {about.key}: {len(made)} records and {len(shapes)} geometries"
        raise ValueError(msg)
    return Layer(about, tuple(made), gpd.GeoSeries(np.array(shapes, dtype=object), crs=WGS84))


def cited(layers: Iterable[Layer]) -> set[str]:
    """Collect the ids of the sources that layers name."""
    found: set[str] = set()
    for layer in layers:
        names = [
            field.name
            for field in layer.about.fields
            if field.name == "sources" or field.name.endswith("_sources")
        ]
        for record in layer.records:
            for name in names:
                found.update(record[name])
    return found
