"""Plots as vector tiles: PMTiles archives whose tiles stay small, however many plots there are.

A map of 256-pixel tiles takes its data one zoom below in tiles of 512 pixels, so what is seen
from zoom 11 on begins with data of zoom 10. At the last zoom every plot is drawn by itself. At
the others plots of less than 4 by 4 pixels are drawn together: each cell of that size has the
status and use of most of the land in it. No tile can then hold more than some 16,000 plots and
as many cells, wherever plots don't lie on each other; each archive is read again all the same,
and drawn coarser or deeper where a tile is too large.

Tiles carry ids, codes and hectares, and no other text.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data._replace import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt
    from freestiler import FreestileLayer

FIRST_ZOOM: Final = 10
# Every plot by itself from here on, unless they are so dense that it must be later.
USUAL_LAST_ZOOM: Final = 14
_LAST_ZOOM: Final = 18
MOST_BYTES: Final = 500_000
_HEADER_BYTES: Final = 127
TILE_PX: Final = 512
CELL_PX: Final = 4
ENDING: Final = ".pmtiles"
FAILED: Final = ".failed"
# Part of the keys: another way of drawing makes other archives.
_VERSION: Final = 2
_TEXTS: Final = ("area_id", "plot_id", "status", "use")
# What a plot and a corner of it take in a compressed tile, a little more than measured.
_PLOT_BYTES, _CORNER_BYTES = 14.0, 2.5


class Archive(NamedTuple):
    """What an archive holds.

    Attributes
    ----------
    bounds
        West, south, east, north in degrees.
    first_zoom, last_zoom
        Of its tiles; every plot is by itself at the last.
    largest
        Bytes of the largest tile, as it is stored and sent, by zoom.
    """

    bounds: tuple[float, float, float, float]
    first_zoom: int
    last_zoom: int
    largest: dict[int, int]


def layer_name(zoom: int) -> str:
    """Name of the layer of a zoom: what is drawn differs from zoom to zoom.

    Examples
    --------
    >>> layer_name(10)
    'z10'
    """
    return f"z{zoom}"


def drawable(plots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep the plots that have a polygon, and mend a broken one.

    Parameters
    ----------
    plots
        With polygons, EPSG:4326.
    """
    shapes = plots.geometry.to_numpy().copy()
    solid = shapely.has_z(shapes)
    shapes[solid] = shapely.force_2d(shapes[solid])
    broken = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    shapes[broken] = [_polygons(shape) for shape in shapely.make_valid(shapes[broken])]
    found = plots.set_geometry(gpd.GeoSeries(shapes, index=plots.index, crs=plots.crs))
    return found[~(found.geometry.isna() | found.geometry.is_empty)]


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])  # noqa: PLR2004


def content_key(plots: gpd.GeoDataFrame) -> str:
    """Key of what is drawn of plots: equal for equal plots in the same order, and for no others.

    Parameters
    ----------
    plots
        With `area_id`, `plot_id`, `status`, `use`, `area_ha` and polygons.

    Returns
    -------
    str
        64 hexadecimal digits, which may name a file.
    """
    found = hashlib.sha256(f"{_VERSION} {len(plots)} ".encode())
    for name in _TEXTS:
        texts = "\0".join(plots[name].astype(str).tolist()).encode()
        found.update(f"{len(texts)} ".encode())
        found.update(texts)
    land = plots["area_ha"].to_numpy(dtype="<f8")
    found.update(np.where(np.isnan(land), np.nan, land).tobytes())
    # Each says itself where it ends.
    found.update(b"".join(shape or b"" for shape in shapely.to_wkb(plots.geometry.to_numpy())))
    return found.hexdigest()


def write_archive(
    plots: gpd.GeoDataFrame,
    path: Path,
    *,
    most_bytes: int = MOST_BYTES,
) -> Archive:
    """Write plots as a PMTiles archive of Mapbox vector tiles that is whole or not there.

    Parameters
    ----------
    plots
        With `plot_id`, `status`, `use`, `area_ha` (hectares, NaN where unknown) and polygons,
        EPSG:4326.
    path
        Of the archive.
    most_bytes
        That a tile may have, as it is stored and sent.

    Returns
    -------
    Archive
        As :func:`read_archive` gives it. A layer of a zoom is called :func:`layer_name`; its
        features have `status` and `use`, those of a plot also `plot` and, where known, `ha`.

    Raises
    ------
    ImportError
        freestiler or pmtiles isn't installed (`requirements-tiles.txt`).
    OSError
        The folder isn't there, not writable or full.
    ValueError
        No plot has a polygon, or thousands of them lie on each other so that no tile of any
        zoom could hold them.
    """
    from freestiler import freestile, freestile_layer  # noqa: PLC0415 (an extra)

    drawn = drawable(plots)
    if drawn.empty:
        msg = "no plot has a polygon"
        raise ValueError(msg)
    table = _table(drawn)
    flat = _flat(drawn)
    last = _last_zoom(flat, most_bytes)
    cells = dict.fromkeys(range(FIRST_ZOOM, _LAST_ZOOM + 1), CELL_PX)
    with whole_file(path) as target:
        while True:
            if last > _LAST_ZOOM or max(cells.values()) > TILE_PX:
                msg = f"plots lie on each other: a tile would have more than {most_bytes} bytes"
                raise ValueError(msg)
            layers: dict[str, gpd.GeoDataFrame | FreestileLayer] = {
                layer_name(zoom): freestile_layer(
                    table if zoom == last else _merged(table, flat, zoom, cells[zoom]),
                    min_zoom=zoom,
                    max_zoom=zoom,
                )
                for zoom in range(FIRST_ZOOM, last + 1)
            }
            freestile(
                layers,
                target,
                min_zoom=FIRST_ZOOM,
                max_zoom=last,
                coalesce=True,  # of cells; no two plots are alike
                quiet=True,
            )
            archive = read_archive(target)
            large = [zoom for zoom, size in archive.largest.items() if size > most_bytes]
            if not large:
                return archive
            for zoom in large:
                cells[zoom] *= 2 if zoom < last else 1
            last += last in large


def read_archive(path: Path) -> Archive:
    """Tell what a PMTiles archive holds.

    Parameters
    ----------
    path
        Of the archive.

    Raises
    ------
    ImportError
        pmtiles isn't installed (`requirements-tiles.txt`).
    OSError
        It can't be read.
    """
    from pmtiles.tile import deserialize_header  # noqa: PLC0415 (an extra)

    largest: dict[int, int] = {}
    with path.open("rb") as file:
        header = deserialize_header(file.read(_HEADER_BYTES))
        for zoom, size in _tiles(file, header, header["root_offset"], header["root_length"]):
            largest[zoom] = max(largest.get(zoom, 0), size)
    return Archive(
        (
            header["min_lon_e7"] / 1e7,
            header["min_lat_e7"] / 1e7,
            header["max_lon_e7"] / 1e7,
            header["max_lat_e7"] / 1e7,
        ),
        header["min_zoom"],
        header["max_zoom"],
        dict(sorted(largest.items())),
    )


def _tiles(
    file: BinaryIO,
    header: Mapping[str, Any],
    offset: int,
    length: int,
) -> Iterator[tuple[int, int]]:
    """Give zoom and size of the tiles that a directory and those below it name."""
    from pmtiles.tile import deserialize_directory, tileid_to_zxy  # noqa: PLC0415 (an extra)

    file.seek(offset)
    for entry in deserialize_directory(file.read(length)):
        if entry.run_length:
            yield tileid_to_zxy(entry.tile_id)[0], entry.length
        else:
            at = header["leaf_directory_offset"] + entry.offset
            yield from _tiles(file, header, at, entry.length)


class _Flat(NamedTuple):
    """Plots in Web Mercator, the world's side being 1: middle and size."""

    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    size: npt.NDArray[np.float64]
    corners: npt.NDArray[np.int64]


def _flat(plots: gpd.GeoDataFrame) -> _Flat:
    shapes = shapely.transform(plots.geometry.to_numpy(), _to_mercator)
    middles = shapely.centroid(shapes)
    return _Flat(
        shapely.get_x(middles),
        shapely.get_y(middles),
        shapely.area(shapes),
        shapely.get_num_coordinates(shapes).astype(np.int64),
    )


def _to_mercator(degrees: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    lat = np.radians(degrees[:, 1])
    north = np.arcsinh(np.tan(lat)) / (2.0 * np.pi)
    return np.column_stack([degrees[:, 0] / 360.0 + 0.5, 0.5 - north])


def _to_degrees(flat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    lat = np.arctan(np.sinh((0.5 - flat[:, 1]) * 2.0 * np.pi))
    return np.column_stack([(flat[:, 0] - 0.5) * 360.0, np.degrees(lat)])


def _table(plots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "plot": plots["plot_id"].astype(object).to_numpy(),
            "status": plots["status"].astype(object).to_numpy(),
            "use": plots["use"].astype(object).to_numpy(),
            "ha": plots["area_ha"].to_numpy(dtype="float64").round(4),
        },
        geometry=plots.geometry.to_numpy(),
        crs="EPSG:4326",
    )


def _last_zoom(flat: _Flat, most_bytes: int) -> int:
    """Find the first zoom at which tiles of all plots may be small enough."""
    size = _PLOT_BYTES + _CORNER_BYTES * flat.corners
    for zoom in range(USUAL_LAST_ZOOM, _LAST_ZOOM):
        tile = (flat.y * 2**zoom).astype(np.int64) * 2**zoom + (flat.x * 2**zoom).astype(np.int64)
        _, number = np.unique(tile, return_inverse=True)
        if np.bincount(number, size).max() <= most_bytes:
            return zoom
    return _LAST_ZOOM


def _merged(table: gpd.GeoDataFrame, flat: _Flat, zoom: int, cell_px: int) -> gpd.GeoDataFrame:
    """Keep the plots that are large enough to be seen at a zoom, and make cells of the others."""
    side = TILE_PX * 2**zoom / cell_px  # cells along the world
    small = flat.size * side**2 < 1.0
    land = pd.DataFrame(
        {
            "y": np.floor(flat.y[small] * side).astype(np.int64),
            "x": np.floor(flat.x[small] * side).astype(np.int64),
            "status": table["status"].to_numpy()[small],
            "use": table["use"].to_numpy()[small],
            "size": flat.size[small],
        },
    )
    sums = land.groupby(["y", "x", "status", "use"])["size"].sum().reset_index()
    most = sums.sort_values(["y", "x", "size"], ascending=[True, True, False], kind="stable")
    cells = most.drop_duplicates(["y", "x"]).sort_values(["status", "use", "y", "x"])
    # Cells beside each other that are alike are one: fewer corners, the same picture.
    new = cells[["status", "use", "y"]].ne(cells[["status", "use", "y"]].shift()).any(axis=1)
    new |= cells["x"].diff() != 1
    first, end = cells[new], cells[new.shift(-1, fill_value=True)]
    boxes = shapely.box(
        first["x"].to_numpy() / side,
        first["y"].to_numpy() / side,
        (end["x"].to_numpy() + 1) / side,
        (first["y"].to_numpy() + 1) / side,
    )
    merged = gpd.GeoDataFrame(
        {"plot": None, "status": first["status"].to_numpy(), "use": first["use"].to_numpy()},
        geometry=shapely.transform(boxes, _to_degrees),
        crs=table.crs,
    )
    merged["ha"] = np.nan
    kept = [frame for frame in (merged[table.columns], table[~small]) if len(frame)]
    return gpd.GeoDataFrame(pd.concat(kept, ignore_index=True), crs=table.crs)


def main(source: Path, folder: Path) -> int:
    """Write archives one after the other; this is what a process of its own does.

    Parameters
    ----------
    source
        Folder of GeoParquet files with the columns of :func:`write_archive`, called
        ``<number>-<key>.parquet``.
    folder
        Where the archives go, each under its key once it is whole. One that can never be made
        leaves an empty file with the ending `FAILED`.

    Returns
    -------
    int
        Code to end with: 1 where an archive lacks that might be made another time.
    """
    code = 0
    for file in sorted(source.glob("*.parquet")):
        path = folder / file.with_suffix(ENDING).name.partition("-")[2]
        try:
            write_archive(gpd.read_parquet(file), path)
        except ValueError as error:
            print(f"{path.name}: {error}", file=sys.stderr)  # noqa: T201
            path.with_suffix(FAILED).touch()
        except (OSError, RuntimeError) as error:  # the tiler says so of a full disk
            print(f"{path.name}: {error}", file=sys.stderr)  # noqa: T201
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
