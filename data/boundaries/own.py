"""Boundaries from the user's own file: matched to communes, placed, cleaned.

What can't be told for sure is refused with what was found: a file that lacks communes, names no
coordinate system, or lies elsewhere. A base partition must be whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data._errors import DataError, Finding
from data._message import Message
from data.boundaries import _topology
from data.boundaries.matching import Match, match_communes
from data.boundaries.systems import NEAR_M, candidates, distance_m, in_degrees, known_system
from data.boundaries.vector_files import read_polygons
from data.units.gazetteer import communes_2025

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from pyproj import CRS

    from data.boundaries._topology import Repairs


@dataclass(frozen=True)
class OwnBoundaries:
    """Communes from a file, and how they came out of it.

    Attributes
    ----------
    communes
        EPSG:4326, indexed by 2025 commune code, columns `name`, `province_code`,
        `area_km2_official`, `geometry`: a valid coverage.
    match
        Which row is which commune, and what is unmatched.
    repairs
        What cleaning found.
    crs
        System that the file named.
    """

    communes: gpd.GeoDataFrame
    match: Match
    repairs: Repairs
    crs: str


def read_own(file: Path, province_code: str) -> OwnBoundaries:
    """Read the communes of a province from a polygon layer.

    Parameters
    ----------
    file
        GeoJSON, GeoPackage, zipped Shapefile or GeoParquet, with a code or name column of the
        communes of 2025 or of those before, which are joined through the crosswalk.
    province_code
        "40".

    Raises
    ------
    DataError
        The file can't be read or isn't safe, has no known coordinate system, lies elsewhere,
        or lacks communes; they are named.
    OSError
        There is no such file.
    """
    table, shapes, named = read_polygons(file)
    middles = _middles(file.name, shapes)
    named = "" if _not_degrees(named, middles) else named
    crs = known_system(named) if named else None
    places = None if crs is None else in_degrees(middles, crs)
    match = match_communes(table, province_code, file=file.name, places=places)
    rows = [row for row, code in enumerate(match.codes) if code is not None]
    codes = [code for code in match.codes if code is not None]
    shapes = shapes[rows]
    crs = _fitting(file.name, named, crs, middles[rows], codes)
    labels = (
        codes
        if len(set(codes)) == len(codes)
        else [f"{code}, row {row + 1}" for code, row in zip(codes, rows, strict=True)]
    )
    placed = gpd.GeoSeries(shapes, index=pd.Index(labels), crs=crs).to_crs(_topology.WGS84)
    cleaned, repairs = _topology.clean(placed, file=file.name)
    ordered = sorted(set(codes))
    owner = np.asarray(codes)
    parts = np.asarray(cleaned.to_numpy(), dtype=object)
    joined = [
        parts[owner == code][0]
        if (owner == code).sum() == 1
        else shapely.coverage_union_all(parts[owner == code])
        for code in ordered
    ]
    gazetteer = communes_2025().loc[ordered]
    communes = gpd.GeoDataFrame(
        {
            "name": gazetteer["name"],
            "province_code": gazetteer["province_code"],
            "area_km2_official": gazetteer["area_km2"],
        },
        geometry=gpd.GeoSeries(joined, index=gazetteer.index, crs=_topology.WGS84),
    )
    return OwnBoundaries(communes, match, repairs, crs.to_string())


def _middles(file: str, shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    middles = shapely.get_coordinates(shapely.centroid(shapes))
    if len(middles) != len(shapes):
        raise DataError(
            [
                Finding(
                    file,
                    "",
                    "geometry",
                    Message("empty polygons"),
                    Message("polygons with an area"),
                )
            ]
        )
    return middles


def _not_degrees(named: str, middles: NDArray[np.float64]) -> bool:
    """GeoJSON without a word on its system means degrees; whether these can't be."""
    crs = known_system(named) if named else None
    return crs is not None and crs.is_geographic and bool((np.abs(middles) > [180, 90]).any())


def _fitting(
    file: str,
    named: str,
    crs: CRS | None,
    middles: NDArray[np.float64],
    codes: Sequence[str],
) -> CRS:
    """Give the file's system; refuse one that is unknown or puts the communes elsewhere."""
    if crs is not None and distance_m(middles, codes, crs) < NEAR_M:
        return crs
    fitting = candidates(middles, codes)
    if crs is not None:
        found = Message("{name}, under which the communes lie elsewhere", name=crs.name)
    elif named:
        found = Message("{named!r}, which is in no register", named=named[:60])
    else:
        found = Message("no coordinate system")
    expected = (
        Message(
            "a file that names its system; its communes lie in the province under {names}",
            names=", ".join(fitting),
        )
        if fitting
        else Message(
            "a system under which the communes lie in the province; neither WGS 84 nor a "
            "zone of VN-2000 is one"
        )
    )
    raise DataError([Finding(file, "", "crs", found, expected)])
