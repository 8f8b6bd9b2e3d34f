"""Zones of one's own, from a file."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from data._errors import DataError, Finding
from data.boundaries.vector_files import read_polygons
from data.plot_files import FORMATS, open_plots, read_chunks
from geo.overlay import OUTSIDE

KEYS = ("zone_key", "key", "code", "id", "name")
POLYGONS = "a valid polygon"


def read_zones(file: Path, key: str | None) -> gpd.GeoDataFrame:
    """Read zones.

    Parameters
    ----------
    key
        Column that names them; the first of `KEYS` that is there where None.

    Returns
    -------
    GeoDataFrame
        Indexed by key, with `group` where the file has it; all valid polygons.

    Raises
    ------
    DataError
        Names file, row and field of all that is wrong: no zones, a key that is missing, comes
        twice or means what is in no zone, no group where others may have one, a geometry that
        is no valid polygon.
    OSError
        There is no such file.
    """
    frame, columns = _frame(file, key)
    chosen = key or next((name for name in KEYS if name in columns), None)
    if chosen is None or chosen not in columns:
        expected = f"one of: {', '.join(columns)} (--zone-key)"
        raise DataError([Finding(file.name, "", chosen or "zone_key", "no such column", expected)])
    if frame.empty:
        raise DataError([Finding(file.name, "", "", "no zones", "one a row")])
    rows = frame.index.astype(str)
    missing = frame[chosen].isna().to_numpy()
    keys = frame[chosen].astype(str).where(~missing, "").tolist()
    findings = _wrong_keys(file, rows, chosen, keys)
    findings += [*_without_group(file, rows, frame), *_wrong_shapes(file, rows, frame)]
    if findings:
        raise DataError(findings)
    frame.index = pd.Index(keys, name="zone_key")
    return gpd.GeoDataFrame(frame[[name for name in ("group", "geometry") if name in frame]])


def _frame(file: Path, key: str | None) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Read what may be needed, indexed by row in the file, and give all its columns."""
    if file.suffix.lower() in FORMATS:
        layer = open_plots(file)
        names = [name for name in layer.types if name in {*KEYS, "group", key}]
        frames = [chunk.frame() for chunk in read_chunks(layer, columns=names)]
        if not frames:
            nothing = gpd.GeoDataFrame({name: [] for name in names}, geometry=[], crs=layer.crs)
            return nothing, list(layer.types)
        return gpd.GeoDataFrame(pd.concat(frames), crs=layer.crs), list(layer.types)
    table, shapes, system = read_polygons(file)
    if not system:
        expected = "a coordinate reference system"
        raise DataError([Finding(file.name, "", "crs", "none", expected)])
    frame = gpd.GeoDataFrame(table, geometry=shapes, crs=system)
    return frame.set_axis(range(1, len(frame) + 1)), list(table.columns)


def _wrong_keys(
    file: Path,
    rows: "pd.Index[str]",
    column: str,
    keys: Sequence[str],
) -> list[Finding]:
    findings = []
    first: dict[str, str] = {}
    for row, key in zip(rows, keys, strict=True):
        found = ""
        if not key.strip():
            found = "none"
        elif key == OUTSIDE:
            found = f"{key!r}, which is what is in no zone"
        elif key in first:
            found = f"{key!r}, as in row {first[key]}"
        if found:
            expected = "a key that no other zone has"
            findings.append(Finding(file.name, row, column, found, expected))
        first.setdefault(key, row)
    return findings


def _without_group(file: Path, rows: "pd.Index[str]", frame: gpd.GeoDataFrame) -> Iterator[Finding]:
    if "group" in frame:
        groups = frame["group"]
        blank = groups.isna() | (groups.astype(str).str.strip() == "")
        for row in rows[blank]:
            yield Finding(file.name, row, "group", "none", "the group of each zone, or no column")


def _wrong_shapes(file: Path, rows: "pd.Index[str]", frame: gpd.GeoDataFrame) -> list[Finding]:
    findings = []
    for row, shape in zip(rows, frame.geometry, strict=True):
        if shape is None:
            found = "none"
        elif shape.geom_type not in {"Polygon", "MultiPolygon"}:
            found = f"a {shape.geom_type}"
        elif shape.is_empty:
            found = "an empty one"
        elif not shapely.is_valid(shape):
            found = f"an invalid one ({shapely.is_valid_reason(shape)})"
        else:
            continue
        findings.append(Finding(file.name, row, "geometry", found, POLYGONS))
    return findings
