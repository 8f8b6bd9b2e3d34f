"""Geometry of imported rows: from the file, from X and Y columns or from tables of corner points.

Vietnamese tables give X = north and Y = east. What is read lands in WGS 84 degrees; a file whose
system isn't known is refused with the systems under which it would land in the province.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.importing.systems import (
    WGS84,
    candidates,
    east_north,
    inside_share,
    is_degrees,
    system,
    to_wgs84,
)
from data.importing.tables import column

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from pyproj import CRS

    from data.importing.findings import ImportFinding
    from data.importing.systems import Candidate
    from data.importing.values import Rows

# What tells the parcels of a table of corner points apart, by kind.
_KEYS = {
    "plots": ("area", "plot_id"),
    "boundaries": ("area", "commune", "commune_code"),
}
_CORNERS = 3
_AXES = {"lat": "lon", "x": "y"}
_LISTED = 5
_MOST = 0.5


@dataclass(frozen=True)
class Placed:
    """Rows with their geometry.

    Attributes
    ----------
    rows
        As read; a table of corner points has become one row a parcel, under its first row.
    shapes
        WGS 84 degrees, on the index of `rows.cells`; None where a row has none. None where no
        row has any, or the system isn't known.
    owner
        By row of the file: the row under which it went on, where that is another one.
    candidates
        Systems to choose from, where the file's isn't known or wrong.
    crs
        System that was used, "" for none.
    findings
        What was found on the way; an error without a row means that nothing can be taken.
    """

    rows: Rows
    shapes: gpd.GeoSeries | None
    owner: Mapping[int, int]
    candidates: tuple[Candidate, ...]
    crs: str
    findings: tuple[ImportFinding, ...]


def place(
    rows: Rows,
    province_code: str,
    *,
    known: pd.DataFrame | None = None,
) -> Placed:
    """Give rows their geometry.

    Parameters
    ----------
    rows
        Of one sheet.
    province_code
        "40".
    known
        Longitude and latitude (`lon`, `lat`) near which a row should lie, on the index of the
        rows, where it is known: ranks the candidates.
    """
    findings: list[ImportFinding] = []
    sheet = rows.sheet
    if sheet.geometry is not None and sheet.geometry.notna().any():
        drawn = list(sheet.geometry[rows.cells.index])
        array = np.full(len(drawn), None, dtype=object)
        array[:] = drawn
        return _placed(rows, array, findings, province_code=province_code, known=known)
    pair = next(
        ((b, a) if a == "lat" else (a, b) for a, b in _AXES.items() if {a, b} <= set(rows.cells)),
        None,
    )
    if pair is None:
        return Placed(rows, None, {}, (), "", ())
    xy = np.column_stack(
        [pd.to_numeric(rows.cells[axis].where(rows.cells[axis] != "")).to_numpy() for axis in pair]
    ).astype(float)
    if rows.mapping.kind in _KEYS:
        return _corners(rows, xy, pair, province_code=province_code, known=known)
    points = np.full(len(xy), None, dtype=object)
    whole = np.isfinite(xy).all(axis=1)
    points[whole] = shapely.points(xy[whole])
    return _placed(rows, points, findings, province_code=province_code, known=known)


def names_below(rows: Rows) -> Rows:
    """Let names stand for the rows below too, where a table has corner points.

    Merged cells leave all but the first row of a parcel or park empty.
    """
    drawn = rows.sheet.geometry is not None and rows.sheet.geometry.notna().any()
    if drawn or not any({a, b} <= set(rows.cells) for a, b in _AXES.items()):
        return rows
    cells = rows.cells.copy()
    keys = [key for key in _KEYS[rows.mapping.kind] if key in cells]
    if rows.mapping.kind == "plots":
        cells[keys] = cells[keys].where(cells[keys] != "").ffill().fillna("")
    else:  # of a name and a code either may be missing for good
        blank = (cells[keys] == "").all(axis=1)
        cells[keys] = cells[keys].mask(blank).ffill().fillna("")
    return replace(rows, cells=cells)


def _corners(
    rows: Rows,
    xy: NDArray[np.float64],
    pair: tuple[str, str],
    *,
    province_code: str,
    known: pd.DataFrame | None,
) -> Placed:
    """Make a polygon of the points of each parcel."""
    findings: list[ImportFinding] = []
    cells = rows.cells.copy()
    keys = [key for key in _KEYS[rows.mapping.kind] if key in cells]
    numbers = cells.groupby(keys, sort=False).ngroup().to_numpy()
    parcels: dict[int, list[int]] = {}
    for at, parcel in enumerate(numbers):
        parcels.setdefault(int(parcel), []).append(at)
    index = [int(row) for row in cells.index]
    owner: dict[int, int] = {}
    shapes: list[object] = []
    for members in parcels.values():
        named = sorted(index[at] for at in members)
        owner |= dict.fromkeys(named, named[0])
        shapes.append(_ring(rows, [index[at] for at in members], xy[members], findings))
    # Of each parcel the first cell that is filled.
    stated = cells.where(cells != "").groupby(numbers, sort=False).first().fillna("")
    cells = stated.set_axis(list(dict.fromkeys(owner[row] for row in index)), axis=0)
    merged = replace(rows, cells=cells.drop(columns=[*pair]))
    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    placed = _placed(merged, array, findings, province_code=province_code, known=known)
    return replace(placed, owner={row: at for row, at in owner.items() if row != at})


def _ring(
    rows: Rows,
    members: list[int],
    xy: NDArray[np.float64],
    findings: list[ImportFinding],
) -> shapely.Polygon | None:
    """Polygon of corner points, in the order of their numbers where each has one."""
    missing = [row for row, point in zip(members, xy, strict=True) if not np.isfinite(point).all()]
    if missing:
        known = {(f.row, f.code) for f in rows.findings}
        findings += [
            rows.at(row, "I108", "x", "y", needed="X, Y")
            for row in missing
            if not any((str(row), code) in known for code in ("I101", "I102", "I109"))
        ]
        return None
    order = list(range(len(members)))
    labels = [str(label) for label in column(rows.cells, "point")[members]]
    if labels and all(label.isdigit() for label in labels):
        twice = sorted({label for label in labels if labels.count(label) > 1}, key=int)
        closing = labels[-1] == labels[0] and labels.count(labels[0]) == _CORNERS - 1
        if twice and not (closing and twice == [labels[0]]):
            findings.append(
                rows.at(members[0], "I515", "geometry", points=", ".join(twice[:_LISTED]))
            )
            return None
        order = sorted(order, key=lambda at: int(labels[at]))
    ring = xy[order]
    if len(np.unique(ring, axis=0)) < _CORNERS:
        count = float(len(np.unique(ring, axis=0)))
        findings.append(rows.at(members[0], "I514", "geometry", count=count))
        return None
    return shapely.Polygon(ring)


def _placed(
    rows: Rows,
    shapes: NDArray[np.object_],
    findings: list[ImportFinding],
    *,
    province_code: str,
    known: pd.DataFrame | None,
) -> Placed:
    """Turn coordinates into degrees by the system that was stated, or refuse them."""
    given = ~shapely.is_missing(shapes)
    if not given.any():
        return Placed(rows, None, {}, (), "", tuple(findings))
    turned, swapped = _turned(shapes[given])
    xy, index = shapely.get_coordinates(turned, return_index=True)
    crs = _stated(rows, xy)
    code = "" if crs is None else f"EPSG:{crs.to_epsg()}" if crs.to_epsg() else crs.name
    lonlat = xy if crs is None else to_wgs84(xy, crs)
    if crs is None or inside_share(lonlat, province_code) == 0.0:
        places = None
        if known is not None:
            near = known.reindex(rows.cells.index)[["lon", "lat"]].to_numpy(dtype=float)
            places = near[given][index]
        found = candidates(xy, province_code, places=places)
        listed = ", ".join(one.shown for one in found[:_LISTED])
        stated = code or (rows.mapping.crs or rows.sheet.crs or "")[:80]
        finding = rows.at("", "I502" if code else "I501", "crs", found=stated, candidates=listed)
        return Placed(rows, None, {}, found, code, (*findings, finding))
    own = _stated(replace(rows, mapping=rows.mapping.model_copy(update={"crs": ""})), xy)
    if rows.mapping.crs and own is not None and own != crs:
        findings.append(rows.at("", "I504", "crs", found=own.to_string(), taken=code))
    north_first = "x" in rows.headers and not crs.is_geographic
    findings += _swaps(rows, rows.cells.index[given], swapped, north_first=north_first)
    array = np.full(len(shapes), None, dtype=object)
    array[given] = shapely.set_coordinates(turned.copy(), lonlat)
    series = gpd.GeoSeries(array, index=rows.cells.index, crs=WGS84)
    return Placed(rows, series, {}, (), code, tuple(findings))


def _stated(rows: Rows, xy: NDArray[np.float64]) -> CRS | None:
    """System that the user, the file or the names of its columns state."""
    if rows.mapping.crs:
        return system(rows.mapping.crs)
    crs = system(rows.sheet.crs or _plain_degrees(rows, xy))
    # GeoJSON without a word on its system only means degrees.
    return None if crs is not None and crs.is_geographic and not is_degrees(xy) else crs


def _swaps(
    rows: Rows,
    named: pd.Index,
    swapped: NDArray[np.bool_],
    *,
    north_first: bool,
) -> list[ImportFinding]:
    """Say where north and east were read the other way round than they were written.

    A table with X and Y has the north first, as Vietnamese tables do; a drawn geometry the east.
    """
    wrong = ~swapped if north_first else swapped
    if wrong.all():
        return [rows.at("", "I503", "x" if north_first else "geometry", "y")]
    return [rows.at(row, "I503", "x" if north_first else "geometry", "y") for row in named[wrong]]


def _turned(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Put the coordinates of each geometry east before north; tell which were the other way."""
    xy, index = shapely.get_coordinates(shapes, return_index=True)
    right, swapped = east_north(xy)
    share = np.bincount(index, weights=swapped, minlength=len(shapes))
    count = np.maximum(np.bincount(index, minlength=len(shapes)), 1)
    flat = shapely.force_2d(shapes)
    return shapely.set_coordinates(flat.copy(), right), share / count > _MOST


def _plain_degrees(rows: Rows, xy: NDArray[np.float64]) -> str:
    """Columns called latitude and longitude are WGS 84 where nothing else is said."""
    return WGS84 if {"lat", "lon"} <= rows.headers.keys() and is_degrees(xy) else ""
