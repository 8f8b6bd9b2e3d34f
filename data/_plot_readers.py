"""The rows of one file of plots, as Arrow tables: by pyarrow, or by GDAL, with its bounds."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio

from data._plot_filter import Term, name_sql, sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.plot_files import Bounds, PlotLayer, PlotPart

Numbered = tuple[pa.Table, np.ndarray[Any, np.dtype[np.int64]]]


def read_parquet(  # noqa: PLR0917 (the two readers are called alike)
    plots: PlotLayer,
    part: PlotPart,
    columns: list[str],
    terms: tuple[Term, ...],
    bounds: Bounds | None,
    rows: int,
) -> Iterator[Numbered]:
    """Read a row group, unless its bounds are away from those asked for."""
    del terms  # applied to the columns read
    with pq.ParquetFile(part.path) as file:
        if bounds and plots.covering and _apart(file.metadata.row_group(part.group), plots, bounds):
            return
        first = part.first
        names = [*columns, plots.geometry]
        for batch in file.iter_batches(rows, row_groups=[part.group], columns=names):
            yield pa.Table.from_batches([batch]), np.arange(first, first + len(batch)) + 1
            first += len(batch)


def _apart(group: pq.RowGroupMetaData, plots: PlotLayer, bounds: Bounds) -> bool:
    """Tell whether the statistics of a row group rule out that a plot meets the bounds."""
    statistics = {
        group.column(place).path_in_schema: group.column(place).statistics
        for place in range(group.num_columns)
    }
    sides = [statistics.get(".".join(names)) for names in plots.covering]
    known = [side for side in sides if side and side.has_min_max and not side.null_count]
    if len(known) < len(sides):
        return False
    west, south, east, north = known
    left, bottom, right, top = bounds
    return bool(west.min > right or east.max < left or south.min > top or north.max < bottom)


def read_ogr(  # noqa: PLR0917
    plots: PlotLayer,
    part: PlotPart,
    columns: list[str],
    terms: tuple[Term, ...],
    bounds: Bounds | None,
    rows: int,
) -> Iterator[Numbered]:
    """Read a stretch of a GeoPackage or FlatGeobuf, with what a whole file can leave out."""
    info = pyogrio.read_info(part.path, layer=plots.layer, force_feature_count=True)
    whole = part.first == 0 and part.rows == info["features"]
    searched = bounds if whole and info["capabilities"]["fast_spatial_filter"] else None
    # Rows are counted before what the file itself leaves out.
    # Moments are text there, which may be written in more than one way.
    told = tuple(term for term in terms if not isinstance(term.value, dt.datetime))
    where = sql(told) if whole and told and plots.format == "GeoPackage" else ""
    # Only a file without an index can have plots without geometry, and after one GDAL's quicker
    # way loses its place in it. The other way takes what is damaged for the end of the file.
    slow = plots.format == "FlatGeobuf" and not info["capabilities"]["fast_spatial_filter"]
    searches = [(where, searched)]
    if searched and plots.format == "GeoPackage":
        # An index has no plots without a place, which are for others to find.
        name = name_sql(plots.geometry)
        placeless = f"({name} IS NULL OR COALESCE(ST_IsEmpty({name}), 1))"
        both = [f"NOT {placeless}", placeless]
        both = [f"{where} AND {one}" if where else one for one in both]
        searches = [(both[0], searched), (both[1], None)]
    for chosen, box in searches:
        # Where a FlatGeobuf has no plot in the box, GDAL makes some up.
        if box and not len(
            pyogrio.read_bounds(part.path, plots.layer, bbox=box, max_features=1)[0]
        ):
            continue
        left = part.rows
        with (
            _gdal_option("OGR_FLATGEOBUF_STREAM_BASE_IMPL", "YES" if slow else None),
            pyogrio.open_arrow(
                part.path,
                layer=plots.layer,
                columns=columns,
                where=chosen or None,
                bbox=box,
                skip_features=part.first,
                return_fids=True,
                batch_size=max(min(rows, part.rows), 1),
                use_pyarrow=True,
            ) as (meta, reader),
        ):
            name = meta["fid_column"]
            for batch in reader:
                table = pa.Table.from_batches([batch]).slice(0, left)
                table[plots.geometry].validate(full=True)
                yield table, table[name if name in table.column_names else "OGC_FID"].to_numpy()
                left -= len(table)
                if left <= 0:  # the format reads on to the end
                    break
        if left and not chosen and not box:
            msg = f"{part.rows - left} plots from row {part.first + 1} on, not {part.rows}"
            raise pa.ArrowInvalid(msg)


@contextmanager
def _gdal_option(name: str, value: str | None) -> Iterator[None]:
    before = pyogrio.get_gdal_config_option(name)
    pyogrio.set_gdal_config_options({name: value})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({name: before})
