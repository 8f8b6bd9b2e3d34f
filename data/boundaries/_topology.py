"""Communes made one clean coverage: valid polygons, no overlaps, no slivers, shared borders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from data._errors import DataError, Finding
from data._message import Message

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

WGS84 = "EPSG:4326"
_EQUAL_AREA = "EPSG:6933"
# Gaps up to this width are slivers and closed; wider ones may be meant. Degrees, about 1 m.
SLIVER = 1e-5
_ROUNDING = 1e-3  # m²


@dataclass(frozen=True)
class Repairs:
    """What cleaning a set of communes found and changed; areas in m².

    Attributes
    ----------
    invalid
        Codes of the communes whose polygon was not valid.
    overlaps
        Pairs of codes that overlapped, with the area that they shared.
    gaps_closed, gaps_closed_m2
        Slivers between communes that were closed, and their area.
    gaps_left
        Wider holes inside the union, left as they are.
    changed
        Codes of the communes whose area changed, with the change.
    """

    invalid: tuple[str, ...]
    overlaps: tuple[tuple[str, str, float], ...]
    gaps_closed: int
    gaps_closed_m2: float
    gaps_left: int
    changed: tuple[tuple[str, float], ...]


def area_m2(shapes: Any) -> NDArray[np.float64]:  # noqa: ANN401
    """Measure WGS 84 polygons on an equal-area projection, for proportions of areas.

    The account measures in VN-2000 (:mod:`geo.crs`); this serves provinces without a
    resolution, whose zone isn't known here.
    """
    return np.asarray(gpd.GeoSeries(shapes, crs=WGS84).to_crs(_EQUAL_AREA).area)


def clean(communes: pd.Series, *, file: str) -> tuple[gpd.GeoSeries, Repairs]:
    """Make valid, part overlaps, close slivers and share borders.

    Parameters
    ----------
    communes
        GeoSeries of polygons in WGS 84 indexed by code.
    file
        Name for findings.

    Returns
    -------
    tuple
        Polygons that form a valid coverage, and what was repaired.

    Raises
    ------
    DataError
        A commune has no polygon left or the polygons can't be made a coverage.
    """
    codes = np.asarray(communes.index, dtype=str)
    raw = np.asarray(communes.to_numpy(), dtype=object)
    invalid = ~shapely.is_valid(raw)
    # Valid polygons too: a ring may touch itself in ways that only cleaning brings to light.
    valid = raw.copy()
    valid[invalid] = [_polygons(shape) for shape in shapely.make_valid(raw[invalid])]
    _refuse_empty(codes, valid, file)
    edges = shapely.coverage_invalid_edges(valid, gap_width=SLIVER)
    broken = ~shapely.is_empty(edges)
    if not broken.any():
        repairs = Repairs(
            tuple(codes[invalid]), (), 0, 0.0, _holes(shapely.coverage_union_all(valid)), ()
        )
        return gpd.GeoSeries(valid, index=communes.index, crs=WGS84), repairs
    cleaned = shapely.coverage_clean(valid, gap_width=SLIVER)  # type: ignore[attr-defined]
    _refuse_empty(codes, cleaned, file)
    if not (shapely.coverage_is_valid(cleaned) and shapely.is_valid(cleaned).all()):
        found = Message("communes that overlap in ways that can't be repaired")
        raise DataError(
            [Finding(file, "", "geometry", found, Message("polygons that share borders only"))]
        )
    after = shapely.coverage_union_all(cleaned)
    before_m2, after_m2 = area_m2(valid), area_m2(cleaned)
    moved = after_m2 - before_m2
    changed = np.abs(moved) > 1e-4 * np.sqrt(before_m2)  # beyond rounding
    closed = _closed(valid[broken], cleaned[broken])
    return gpd.GeoSeries(cleaned, index=communes.index, crs=WGS84), Repairs(
        invalid=tuple(codes[invalid]),
        overlaps=_overlaps(codes[broken], valid[broken]),
        gaps_closed=len(closed),
        gaps_closed_m2=round(sum(closed), 2),
        gaps_left=_holes(after),
        changed=tuple(
            (str(code), round(float(change), 2))
            for code, change in zip(codes[changed], moved[changed], strict=True)
        ),
    )


def _polygons(shape: BaseGeometry) -> BaseGeometry:
    """Leave the polygons of a geometry that was made valid, without its lines and points."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    polygons: BaseGeometry = shapely.multipolygons(
        parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    )
    return polygons


def _refuse_empty(codes: NDArray[np.str_], shapes: NDArray[np.object_], file: str) -> None:
    empty = shapely.is_empty(shapes) | shapely.is_missing(shapes)
    if empty.any():
        raise DataError(
            Finding(
                file, str(code), "geometry", Message("no area of its own"), Message("a polygon")
            )
            for code in codes[empty]
        )


def _holes(union: BaseGeometry) -> int:
    return int(shapely.get_num_interior_rings(shapely.get_parts(union)).sum())


def _closed(before: NDArray[np.object_], after: NDArray[np.object_]) -> list[float]:
    """Areas of the slivers between polygons that their cleaned shapes cover."""
    gained = shapely.difference(shapely.union_all(after), shapely.union_all(before))
    areas = area_m2(shapely.get_parts(gained))
    return [float(area) for area in areas if area > _ROUNDING]


def _overlaps(
    codes: NDArray[np.str_],
    shapes: NDArray[np.object_],
) -> tuple[tuple[str, str, float], ...]:
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    shared = area_m2(shapely.intersection(shapes[one], shapes[other]))
    return tuple(
        (str(codes[a]), str(codes[b]), round(float(area), 4))
        for a, b, area in zip(one, other, shared, strict=True)
        if area > 0
    )


def difference(communes: pd.Series, outline: BaseGeometry) -> dict[str, float]:
    """Set the union of the communes beside another outline of their province.

    Returns
    -------
    dict
        `union_m2`, `outline_m2`; `area`: difference of the two areas as a share of the
        outline's; `symmetric`: area in only one of the two, as the same share.
    """
    union = shapely.coverage_union_all(np.asarray(communes.to_numpy(), dtype=object))
    outline = outline if outline.is_valid else _polygons(shapely.make_valid(outline))
    both = np.asarray([union, outline, shapely.symmetric_difference(union, outline)], dtype=object)
    union_m2, outline_m2, either_m2 = (float(area) for area in area_m2(both))
    return {
        "union_m2": union_m2,
        "outline_m2": outline_m2,
        "area": (union_m2 - outline_m2) / outline_m2,
        "symmetric": either_m2 / outline_m2,
    }
