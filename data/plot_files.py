"""Layers of plots that may be far larger than memory, read in chunks.

GeoParquet, GeoPackage and FlatGeobuf: only the columns and the places asked for, as Arrow
tables, whose geometry stays bytes until :meth:`PlotChunk.frame`, which threads can do at once.
For files of one's own on the command line; what anybody uploads passes :mod:`data.untrusted`.
What a file is its first bytes decide, so that GDAL reads nothing but these two formats.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from data._errors import DataError, Finding
from data._plot_columns import Columns, columns_of, columns_together
from data._plot_filter import Term, check_columns, filtered, parse_filter
from data._plot_readers import read_ogr, read_parquet
from data.wkb_column import WkbColumn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

Bounds = tuple[float, float, float, float]

CHUNK_ROWS = 50_000
MOST_SAID = 200  # characters of what a library says
FORMATS = {".parquet": "GeoParquet", ".gpkg": "GeoPackage", ".fgb": "FlatGeobuf"}
_SQLITE, _GPKG, _FLATGEOBUF, _PARQUET = b"SQLite format 3\0", b"GPKG", b"fgb\x03fgb", b"PAR1"
_PART = "__part__"  # columns of our own beside those of the file


class PlotPart(NamedTuple):
    """A stretch of rows of one file: what one machine of a cluster reads at a time."""

    path: Path
    group: int  # row group; -1 where the format has none
    first: int
    rows: int


@dataclass(frozen=True)
class PlotLayer:
    """A layer of plots, opened by :func:`open_plots`.

    Attributes
    ----------
    paths
        Its files, of one format and one system.
    types
        Columns other than geometry, with Arrow types that the values of all files have.
    lacking
        Why a column that some files have isn't one of the layer.
    geometry
        Name of the geometry column.
    rows, bytes
        How many, and about how large uncompressed.
    """

    paths: tuple[Path, ...]
    format: str
    layer: str | None
    types: dict[str, pa.DataType]
    geometry: str
    crs: CRS
    rows: int
    bytes: int
    covering: tuple[tuple[str, str], ...] = ()
    lacking: dict[str, Finding] = field(default_factory=dict)

    def terms(self, where: str | None) -> tuple[Term, ...]:
        """Read what `--where` says; raises DataError."""
        if not where:
            return ()
        return parse_filter(where, self.types, file=self.paths[0].name, lacking=self.lacking)


@dataclass(frozen=True)
class PlotChunk:
    """Some rows of a layer, not yet geometry."""

    table: pa.Table
    rows: np.ndarray[Any, np.dtype[np.int64]]
    file: str
    geometry: str
    crs: CRS
    bounds: Bounds | None
    read: int

    def frame(self) -> gpd.GeoDataFrame:
        """Give the plots, indexed by row in the file (the first is 1) or by its own number.

        What isn't well-known binary becomes no geometry, which is a missing one to those who
        count.
        """
        column = self.column()
        rows = np.arange(len(self.rows))
        shapes = column.shapes(rows)
        if self.bounds is not None:
            rows = np.flatnonzero(~apart(shapely.bounds(shapes).T, self.bounds))
        return gpd.GeoDataFrame(self.values(rows), geometry=shapes[rows], crs=self.crs)

    def column(self) -> WkbColumn:
        """Give the geometry as the file has it, of all rows, whatever their bounds."""
        return WkbColumn(self.table[self.geometry])

    def values(self, places: np.ndarray[Any, np.dtype[np.int64]]) -> pd.DataFrame:
        """Give the other columns of some rows, indexed as the plots are."""
        columns = self.table.drop_columns(self.geometry)
        if not columns.column_names:
            return pd.DataFrame(index=self.rows[places])
        chosen = columns if len(places) == len(self.rows) else columns.take(pa.array(places))
        values: pd.DataFrame = chosen.to_pandas()
        return values.set_axis(self.rows[places])


def apart(bounds: npt.NDArray[np.float64], near: Bounds) -> npt.NDArray[np.bool_]:
    """Tell of (4, n) bounds which don't meet some; those without any may."""
    west, south, east, north = bounds
    left, bottom, right, top = near
    away: npt.NDArray[np.bool_] = (west > right) | (east < left) | (south > top) | (north < bottom)
    return away


def _refuse(path: Path, field: str, found: str, expected: str) -> DataError:
    return DataError([Finding(path.name, "", field, found, expected)])


def open_plots(where: Path, *, layer: str | None = None) -> PlotLayer:
    """Open a layer of plots.

    Parameters
    ----------
    where
        A file, or a folder with files of one format and one system, such as one a commune. The
        layer has the columns that all of them have, where their types go together; `lacking`
        says why it hasn't the others.
    layer
        Of a GeoPackage with several.

    Raises
    ------
    DataError
        It is no such file, is damaged, or has no geometry or no system.
    OSError
        It can't be read.
    """
    if not where.is_dir():
        return _open(where, layer)
    paths = sorted(path for path in where.rglob("*") if path.suffix.lower() in FORMATS)
    if not paths:
        raise _refuse(where, "", "no plots", f"files that end in {', '.join(FORMATS)}")
    layers = [_open(path, layer) for path in paths]
    first = layers[0]
    for path, other in zip(paths, layers, strict=True):
        if other.format != first.format:
            raise _refuse(path, "", other.format, f"{first.format}, as {paths[0].name}")
        if other.crs != first.crs:
            expected = f"{first.crs.to_string()}, as {paths[0].name}"
            raise _refuse(path, "crs", other.crs.to_string(), expected)
        if other.geometry != first.geometry or other.layer != first.layer:
            found = f"{other.layer or ''} {other.geometry}".strip()
            raise _refuse(path, "geometry", found, f"the same as in {paths[0].name}")
    columns = columns_together(
        [
            (path.name, Columns(one.types, one.lacking))
            for path, one in zip(paths, layers, strict=True)
        ]
    )
    return PlotLayer(
        paths=tuple(paths),
        format=first.format,
        layer=first.layer,
        types=columns.types,
        lacking=columns.lacking,
        geometry=first.geometry,
        crs=first.crs,
        rows=sum(other.rows for other in layers),
        bytes=sum(other.bytes for other in layers),
        covering=first.covering
        if all(other.covering == first.covering for other in layers)
        else (),
    )


def _open(path: Path, layer: str | None) -> PlotLayer:
    with path.open("rb") as file:
        head = file.read(72)
    if head.startswith(_PARQUET):
        return _open_parquet(path)
    if head.startswith(_SQLITE) and head[68:72] == _GPKG and path.suffix.lower() == ".gpkg":
        return _open_ogr(path, "GeoPackage", layer)
    if head.startswith(_FLATGEOBUF) and path.suffix.lower() == ".fgb":
        return _open_ogr(path, "FlatGeobuf", layer)
    named = ", ".join(f"{name} ({ending})" for ending, name in FORMATS.items())
    raise _refuse(path, "", "a file of another kind", named)


def _open_parquet(path: Path) -> PlotLayer:
    try:
        with pq.ParquetFile(path) as file:
            schema, metadata = file.schema_arrow, file.metadata
            geo = json.loads((schema.metadata or {}).get(b"geo", b"null"))
    except (pa.ArrowException, ValueError) as error:
        raise _refuse(path, "", str(error).splitlines()[0], "a sound GeoParquet file") from None
    try:
        name = geo["primary_column"]
        column = geo["columns"][name]
        encoding, system = column["encoding"], column.get("crs", "OGC:CRS84")
        boxes = column.get("covering", {}).get("bbox", {})
        covering = tuple(tuple(boxes[side]) for side in ("xmin", "ymin", "xmax", "ymax") if boxes)
        kind = schema.field(name).type
    except (AttributeError, KeyError, TypeError):
        expected = "GeoParquet's `geo` metadata with a geometry column that is there"
        raise _refuse(path, "geometry", "none", expected) from None
    if encoding != "WKB":
        raise _refuse(path, name, f"encoding {encoding}", "WKB")
    if not (pa.types.is_binary(kind) or pa.types.is_large_binary(kind)):
        raise _refuse(path, name, f"a column of type {kind}", "WKB")
    columns = columns_of(path.name, (one for one in schema if one.name not in geo["columns"]))
    return PlotLayer(
        paths=(path,),
        format="GeoParquet",
        layer=None,
        types=columns.types,
        lacking=columns.lacking,
        geometry=name,
        crs=_system(path, system),
        rows=metadata.num_rows,
        bytes=sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups)),
        covering=covering,
    )


def _system(path: Path, said: object) -> CRS:
    expected = "a coordinate reference system"
    if said is None:
        raise _refuse(path, "crs", "none", expected)
    try:
        return CRS.from_user_input(said)
    except CRSError as error:
        found = " ".join(str(error).split())
        raise _refuse(path, "crs", f"{found[:MOST_SAID]}", expected) from None


def _open_ogr(path: Path, kind: str, layer: str | None) -> PlotLayer:
    try:
        spatial = [name for name, shape in pyogrio.list_layers(path) if shape is not None]
        if layer is None and len(spatial) == 1:
            layer = spatial[0]
        if layer not in spatial:
            found = f"layers {', '.join(spatial) or 'without geometry'}"
            raise _refuse(path, "layer", found, "the name of one of them")
        info = pyogrio.read_info(path, layer=layer, force_feature_count=True)
        with pyogrio.open_arrow(path, layer=layer, use_pyarrow=True) as (_, rows):
            fields = {field.name: field.type for field in rows.schema}
    except (pa.ArrowException, pyogrio.errors.DataSourceError) as error:
        raise _refuse(path, "", str(error).splitlines()[0], f"a sound {kind}") from None
    return PlotLayer(
        paths=(path,),
        format=kind,
        layer=layer,
        types={name: fields[name] for name in info["fields"]},
        geometry=info["geometry_name"] or "wkb_geometry",
        crs=_system(path, info["crs"]),
        rows=info["features"],
        bytes=path.stat().st_size,
    )


def plot_parts(plots: PlotLayer, *, rows: int = 10 * CHUNK_ROWS) -> list[PlotPart]:
    """Divide a layer into stretches that can be read by themselves.

    Parameters
    ----------
    plots
        From :func:`open_plots`.
    rows
        At most so many a part, of formats that aren't divided by themselves.
    """
    found: list[PlotPart] = []
    for path in plots.paths:
        if plots.format == "GeoParquet":
            with pq.ParquetFile(path) as file:
                first = 0
                for group in range(file.metadata.num_row_groups):
                    count = file.metadata.row_group(group).num_rows
                    found.append(PlotPart(path, group, first, count))
                    first += count
        else:
            total = _open_ogr(path, plots.format, plots.layer).rows
            found += [
                PlotPart(path, -1, first, min(rows, total - first))
                for first in range(0, total, rows)
            ]
    return found


def read_chunks(
    plots: PlotLayer,
    *,
    columns: Sequence[str] = (),
    terms: tuple[Term, ...] = (),
    bounds: Bounds | None = None,
    parts: Sequence[PlotPart] | None = None,
    rows: int = CHUNK_ROWS,
) -> Iterator[PlotChunk]:
    """Read plots in chunks.

    Parameters
    ----------
    plots
        From :func:`open_plots`.
    columns
        Those to read beside the geometry.
    terms
        Which rows, from :meth:`PlotLayer.terms`.
    bounds
        Only those whose bounds meet these, in the system of the plots. Row groups and stretches
        that don't are not read, where the format tells.
    parts
        From :func:`plot_parts`; all where None.
    rows
        At most so many a chunk.

    Raises
    ------
    DataError
        There is no such column, or the file is damaged.
    """
    check_columns(list(columns), plots.types, file=plots.paths[0].name, lacking=plots.lacking)
    wanted = list(dict.fromkeys([*columns, *(term.column for term in terms)]))
    reader = read_parquet if plots.format == "GeoParquet" else read_ogr
    for part in plot_parts(plots) if parts is None else parts:
        try:
            for table, numbers in reader(plots, part, wanted, terms, bounds, rows):
                typed = _typed(table, wanted, plots.types)
                kept = filtered(typed.append_column(_PART, pa.array(numbers)), terms)
                yield PlotChunk(
                    table=kept.select([*columns, plots.geometry]),
                    rows=kept[_PART].to_numpy(),
                    file=part.path.name,
                    geometry=plots.geometry,
                    crs=plots.crs,
                    bounds=bounds,
                    read=len(table),
                )
        except (pa.ArrowException, pyogrio.errors.DataSourceError, OSError) as error:
            if getattr(error, "errno", None) is not None:  # of the system, not of what is read
                raise
            found = str(error).splitlines()[0]
            raise _refuse(part.path, "", found, f"a sound {plots.format}") from None


def _typed(table: pa.Table, names: list[str], types: dict[str, pa.DataType]) -> pa.Table:
    """Give columns the types that they have in all files."""
    for name in names:
        place = table.schema.get_field_index(name)
        if table.schema.field(place).type != types[name]:
            table = table.set_column(place, name, table.column(place).cast(types[name]))
    return table
