"""Checks of imported polygons: valid, as large as stated, apart from each other, in their place.

Areas and distances are measured in the province's VN-2000 zone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from data._message import Message
from data.importing.systems import WGS84, ground
from data.importing.tables import shaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from data.importing.findings import ImportFinding
    from data.importing.values import Rows

AREA_TOLERANCE = 0.002
_REPAIRED = 0.001  # share by which a repair may change an area
_OVERLAP_M2 = 1.0
_OVERLAP_MUCH = 0.01  # share of the smaller plot
_OUTSIDE = 0.01
_WHOLLY = 0.99
_M2 = 10_000.0
_POLYGONS = ("Polygon", "MultiPolygon")
_FACTORS = {"m²": 1e4, "km²": 1e-2}
_PLACE = re.compile(r"^([^\[]*)\[([-\d.e+]+) ([-\d.e+]+)")


def mended(
    rows: Rows,
    shapes: gpd.GeoSeries,
) -> tuple[gpd.GeoSeries, list[ImportFinding]]:
    """Repair invalid polygons where that hardly changes them; refuse the others.

    Parameters
    ----------
    rows
        Of the sheet, for findings.
    shapes
        Polygons in any projected system.

    Returns
    -------
    shapes : GeoSeries
        Valid polygons, None where refused or missing.
    findings : list
        With the place of each fault, north and east in metres.
    """
    out: dict[int, BaseGeometry | None] = {int(row): None for row in shapes.index}
    findings = []
    for row, shape in shaped(shapes):
        if shape.is_empty or shape.geom_type not in _POLYGONS:
            found = Message("an empty geometry") if shape.is_empty else shape.geom_type
            findings.append(rows.at(row, "I505", "geometry", found=found, needed="Polygon"))
            continue
        if shapely.is_valid(shape):
            if shape.area > 0:
                out[row] = shape
                continue
            findings.append(rows.at(row, "I505", "geometry", found="0 m²", needed="Polygon"))
            continue
        reason, at = _fault(shape)
        repaired = _polygons(shapely.make_valid(shape, method="structure", keep_collapsed=False))
        before = _ring_area(shape)
        change = abs(repaired.area - before) / before if before else np.inf
        if repaired.is_empty or change > _REPAIRED:
            findings.append(rows.at(row, "I506", "geometry", found=reason, place=at))
        else:
            findings.append(
                rows.at(row, "I507", "geometry", found=reason, place=at, change=float(change * 100))
            )
            out[row] = repaired
    return gpd.GeoSeries(
        np.array([*out.values(), None], dtype=object)[:-1], index=shapes.index, crs=shapes.crs
    ), findings


def _ring_area(shape: BaseGeometry) -> float:
    """Area by the shoelace, which counts loops twice and crossings against each other."""
    return float(
        sum(
            shapely.area(shapely.Polygon(part.exterior))
            - sum(shapely.Polygon(ring).area for ring in part.interiors)
            for part in shapely.get_parts(shape)
        )
    )


def _polygons(shape: BaseGeometry) -> BaseGeometry:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    parts += [
        part
        for whole in shapely.get_parts(shape)
        if whole.geom_type == "MultiPolygon"
        for part in shapely.get_parts(whole)
    ]
    return shapely.union_all(parts) if parts else shapely.Polygon()


def _fault(shape: BaseGeometry) -> tuple[str, str]:
    match = _PLACE.match(shapely.is_valid_reason(shape))
    if not match:
        return Message(shapely.is_valid_reason(shape)), ""
    return Message(match[1]), f"X {float(match[3]):.2f}, Y {float(match[2]):.2f}"


def wrong_areas(
    rows: Rows,
    shapes: gpd.GeoSeries,
    stated_ha: pd.Series,
    *,
    field: str,
    crs: str,
) -> list[ImportFinding]:
    """Compare stated with measured areas.

    Parameters
    ----------
    rows
        Of the sheet, for findings.
    shapes
        Valid polygons in the province's zone.
    stated_ha
        Hectares, NaN where not stated.
    field
        That states them.
    crs
        Code of the zone, for the message.
    """
    findings = []
    for row, shape in shaped(shapes):
        stated = float(stated_ha.get(row, np.nan))
        measured = shape.area / _M2
        if np.isnan(stated) or stated == 0:
            continue
        off = measured / stated - 1
        if abs(off) > AREA_TOLERANCE:
            hint = next(
                (
                    f"; {unit}?"
                    for unit, factor in _FACTORS.items()
                    if abs(measured * factor / stated - 1) <= AREA_TOLERANCE * 5
                ),
                "",
            )
            findings.append(
                rows.at(
                    row,
                    "I508",
                    field,
                    found=f"{stated:g} ha",
                    measured=round(measured, 4),
                    crs=crs,
                    change=round(off * 100, 2),
                    hint=hint,
                )
            )
    return findings


def overlaps(
    rows: Rows,
    shapes: gpd.GeoSeries,
    labels: Mapping[int, str],
    others: Iterable[tuple[str, BaseGeometry]] = (),
) -> list[ImportFinding]:
    """Find plots that share land, with each other or with known ones.

    Parameters
    ----------
    rows
        Of the sheet, for findings.
    shapes
        Valid polygons in the province's zone.
    labels
        By row: what a plot is called in a message.
    others
        Name and polygon of known plots that the file doesn't replace.
    """
    drawn = dict(shaped(shapes))
    more = list(others)
    everything = np.array([*drawn.values(), *(shape for _, shape in more), None], dtype=object)[:-1]
    names = [labels[row] for row in drawn] + [name for name, _ in more]
    index = list(drawn)
    findings: list[ImportFinding] = []
    if not drawn:
        return findings
    tree = shapely.STRtree(everything)
    first, second = tree.query(everything[: len(drawn)], predicate="intersects")
    # Each pair of the file's own comes twice; it is cut once.
    pairs = (first < second) | (second >= len(drawn))
    first, second = first[pairs], second[pairs]
    shared = shapely.area(shapely.intersection(everything[first], everything[second]))
    areas = shapely.area(everything)
    smaller = np.minimum(areas[first], areas[second])
    cut = shared > _OVERLAP_M2
    both = [
        (int(one), int(other), float(area), bool(area > _OVERLAP_MUCH * least))
        for one, other, area, least in zip(
            first[cut], second[cut], shared[cut], smaller[cut], strict=True
        )
    ]
    both += [(b, a, area, much) for a, b, area, much in both if b < len(drawn)]
    for one, other, area, much in both:
        findings.append(
            rows.at(
                index[one],
                "I510" if much else "I509",
                "geometry",
                found=names[one],
                overlap=round(area, 1),
                other=names[other],
            )
        )
    return findings


def out_of_area(
    rows: Rows,
    shapes: gpd.GeoSeries,
    area_ids: pd.Series,
    outlines: Mapping[str, BaseGeometry],
) -> list[ImportFinding]:
    """Find plots that reach out of the outline of their park, where it has one."""
    findings = []
    for row, shape in shaped(shapes):
        area = area_ids.get(row, "")
        if area not in outlines:
            continue
        outside = 1 - shapely.area(shapely.intersection(shape, outlines[area])) / shape.area
        if outside > _WHOLLY:
            findings.append(rows.at(row, "I512", "geometry", area=area))
        elif outside > _OUTSIDE:
            share = round(float(outside * 100), 1)
            findings.append(rows.at(row, "I511", "geometry", outside=share))
    return findings


def out_of_province(
    rows: Rows,
    shapes: gpd.GeoSeries,
    province_code: str,
    crs: str,
) -> list[ImportFinding]:
    """Find geometries (WGS 84) that lie outside the province by more than its outline's error."""
    land = ground(province_code)
    far = {row: shape for row, shape in shaped(shapes) if not land.wide.intersects(shape)}
    if not far:
        return []
    middle = gpd.GeoSeries([land.shape], crs=WGS84).to_crs(crs).iloc[0]
    away = gpd.GeoSeries(list(far.values()), crs=WGS84).to_crs(crs).distance(middle) / 1000
    return [
        rows.at(row, "I513", "geometry", distance=round(float(km), 1))
        for row, km in zip(far, away, strict=True)
    ]
