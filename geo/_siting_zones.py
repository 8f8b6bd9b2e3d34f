"""Zones that hold a site or may do so, and how sure that is by :mod:`geo.tolerances`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from data.boundaries.surroundings import land_within
from geo._ground import BASE, COMMUNES, SLIVER
from geo.crs import WGS84
from geo.membership import OUTSIDE
from geo.tolerances import COAST_M

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geo._ground import Ground, PlacedSite

SEA = "sea"
BEYOND = (OUTSIDE, SEA)
_WINDOW = 3  # tolerances around a site that are looked at


class ZonePlace(NamedTuple):
    """A zone that holds a site, wholly, in part or perhaps.

    `certain` says that part of the site is farther from every other zone than the tolerance.
    """

    zone_key: str
    share: float
    certain: bool
    distance_m: float


class BasePlace(NamedTuple):
    """Zones that hold a site, their shares making 1, and the nearest line to another zone."""

    zones: tuple[ZonePlace, ...]
    line_to: str
    line_m: float


def base_zones(ground: Ground, site: PlacedSite) -> BasePlace:
    """Find the base zones, "outside" and "sea" that hold a site or may do so.

    Only the window around the site is looked at. "Outside" is land beyond the province.
    """
    tolerance, shape = ground.tolerance_m, site.metres
    window = shapely.box(*shape.buffer(_WINDOW * tolerance).bounds)
    keys = [str(key) for key in ground.of_group(base=True)]
    pieces = {key: shapely.intersection(ground.zones[key], window) for key in keys}
    rest = shapely.difference(window, shapely.union_all(list(pieces.values())))
    pieces[OUTSIDE] = _land(ground, rest)
    pieces[SEA] = shapely.difference(rest, pieces[OUTSIDE])
    shares = _with_sea(site, pieces[OUTSIDE])
    if shares.get(SEA, 0.0) >= 1 - SLIVER:
        tolerance = COAST_M
    away = {key: float(shapely.distance(piece, shape)) for key, piece in pieces.items()}
    found = []
    for key, piece in pieces.items():
        share = shares.get(key, 0.0)
        if share <= SLIVER and (key == SEA or not away[key] <= tolerance):
            continue
        # The sea isn't governed by other documents: a coast makes no zone unsure.
        others = [other for name, other in pieces.items() if name not in {key, SEA}]
        near = shapely.union_all(others).buffer(tolerance)
        core = shapely.difference(shapely.intersection(piece, shape), near)
        found.append(ZonePlace(key, share, not core.is_empty, away[key]))
    main = max(shares, key=lambda key: shares[key])
    lines = {key: away[key] for key in (*keys, OUTSIDE) if key != main}
    for key, metres in lines.items():
        if math.isnan(metres) and key != OUTSIDE:
            lines[key] = float(shapely.distance(ground.zones[key], shape))
    nearest = min(lines, key=lambda key: np.nan_to_num(lines[key], nan=np.inf))
    return BasePlace(tuple(found), nearest, lines[nearest])


def _land(ground: Ground, rest: BaseGeometry) -> BaseGeometry:
    """Land in what is left of a window; strips along the coast are rounding of the land."""
    if rest.is_empty:
        return rest
    crs = ground.resolution.crs
    degrees = gpd.GeoSeries([rest], crs=crs).to_crs(WGS84)
    land = gpd.GeoSeries([land_within(*degrees.total_bounds)], crs=WGS84).to_crs(crs)
    beyond = shapely.intersection(rest, shapely.make_valid(land.iloc[0]))
    kept: BaseGeometry = shapely.intersection(beyond.buffer(-COAST_M).buffer(COAST_M), rest)
    return kept


def _with_sea(site: PlacedSite, land: BaseGeometry) -> dict[str, float]:
    """Shares of the base zones, and what is outside of them as land beyond and as sea, 1 in all."""
    shares = dict(site.shares[BASE])
    outside = shares.pop(OUTSIDE, 0.0)
    if site.is_point:
        on_land = float(shapely.intersects(land, site.metres))
    else:
        on_land = float(shapely.intersection(land, site.metres).area / site.metres.area)
    shares[OUTSIDE] = min(on_land, outside)
    shares[SEA] = outside - shares[OUTSIDE]
    total = sum(shares.values())  # more than 1 where communes overlap
    return {key: share / total for key, share in shares.items()}


def overlay_zones(ground: Ground, site: PlacedSite) -> tuple[ZonePlace, ...]:
    """Overlays that hold a site or may do so; an economic zone's outline is never certain."""
    found = []
    groups = ground.snapshot.zones["group"]
    for key in ground.of_group(base=False):
        shape = ground.zones[key]
        if float(shapely.distance(shape, site.metres)) > ground.tolerance_m:
            continue
        to_line = float(shapely.distance(shapely.boundary(shape), site.metres))
        share = site.shares[groups[key]].get(str(key), 0.0)
        whole = share >= 1 - SLIVER and to_line > ground.tolerance_m
        certain = whole and groups[key] != "economic_zone"
        found.append(ZonePlace(str(key), share, certain, to_line))
    return tuple(found)


def communes_of(site: PlacedSite) -> dict[str, float]:
    """2025 communes that hold a site, with its share in each, the largest first."""
    shares = {code: share for code, share in site.shares[COMMUNES].items() if code != OUTSIDE}
    return dict(sorted(shares.items(), key=lambda item: -item[1]))
