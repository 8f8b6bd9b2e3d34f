"""FlatGeobuf and GeoParquet 1.1: one layer a file, with what the data set is in its head."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq

from layers.exchange.frames import frame, write_frame

if TYPE_CHECKING:
    from pathlib import Path

    from layers.exchange.bundle import Bundle
    from layers.exchange.layer import Layer

_KEY = b"industrial_land"


def _all_placed(layer: Layer) -> bool:
    places = layer.geometry
    return places is not None and len(places) > 0 and bool(places.notna().all())


def write_flatgeobuf(bundle: Bundle, layer: Layer, path: Path) -> None:
    """Write a layer as FlatGeobuf, with a spatial index unless a place is unknown."""
    table = frame(layer, crs=bundle.about.crs)
    write_frame(
        table,
        layer,
        path,
        driver="FlatGeobuf",
        date=bundle.about.as_of,
        options={
            # The index of the format has no place for a feature without a geometry.
            "SPATIAL_INDEX": "YES" if _all_placed(layer) else "NO",
            "TITLE": bundle.about.title,
            "DESCRIPTION": bundle.about.text(),
        },
    )


def _without_empty_boxes(arrow: pa.Table) -> pa.Table:
    """Leave the box out where there is no geometry, as the specification wants it."""
    at = arrow.schema.get_field_index("bbox")
    column = arrow.column(at).combine_chunks()
    missing = arrow.column("geometry").combine_chunks().is_null()
    box = pa.StructArray.from_arrays(column.flatten(), fields=list(column.type), mask=missing)
    return arrow.set_column(at, arrow.schema.field(at), box)


def parquet_bytes(bundle: Bundle, layer: Layer) -> bytes:
    """Give a layer as GeoParquet 1.1, or a table without geometry as plain Parquet.

    The description of the data set stands in the file's metadata as JSON, under
    "industrial_land".
    """
    table = frame(layer, crs=bundle.about.crs)
    if isinstance(table, gpd.GeoDataFrame):
        out = io.BytesIO()
        boxes = len(table) > 0
        table.to_parquet(out, index=False, schema_version="1.1.0", write_covering_bbox=boxes)
        arrow = pq.read_table(io.BytesIO(out.getvalue()))
        if boxes:
            arrow = _without_empty_boxes(arrow)
    else:
        arrow = pa.Table.from_pandas(table, preserve_index=False)
    about = json.dumps(bundle.about.record, ensure_ascii=False).encode()
    arrow = arrow.replace_schema_metadata({**(arrow.schema.metadata or {}), _KEY: about})
    out = io.BytesIO()
    pq.write_table(arrow, out)
    return out.getvalue()
