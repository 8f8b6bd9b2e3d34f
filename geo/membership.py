"""Which zones an area lies in, and with what share of its land.

With a surveyed polygon the share is that of the polygon. Without one it follows the named
administrative units: its old communes, else its 2025 communes, else its district. All in one
zone: share 1. Otherwise equal shares per named commune, marked assumed. Members of an economic
zone are the areas whose `within` names it. What lies in no zone of a group is "outside"; a
named commune that can't be found keeps its equal share as "unknown", which is in no zone either.
The shares of a group, "outside" and "unknown" sum to 1.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from data._frames import rows
from data.units import commune_2025, communes_of_district, legacy_commune, successors
from geo import overlay

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from data.resolutions import Resolution

OUTSIDE = overlay.OUTSIDE
UNKNOWN = "unknown"
NO_ZONE = frozenset({OUTSIDE, UNKNOWN})


def named_communes(
    *,
    legacy_communes: Sequence[str],
    communes_2025: Sequence[str],
    legacy_district: Sequence[str],
    province: Resolution,
) -> tuple[str, tuple[tuple[str, ...], ...]]:
    """Communes that an area names, as 2025 codes.

    Returns
    -------
    tuple
        The first level of which a unit is found ("legacy", "2025", "district", else "none")
        and one tuple of 2025 codes for each named commune: several where an old commune was
        divided, none where it can't be found.
    """
    old = [
        legacy_commune(name, province.legacy_provinces, districts=legacy_district)
        for name in dict.fromkeys(legacy_communes)
    ]
    if any(old):
        known = dict.fromkeys(key for keys in old for key in keys)
        lost = ((),) * old.count(())
        return "legacy", (*map(successors, known), *lost)
    new = [commune_2025(name, province.code) for name in dict.fromkeys(communes_2025)]
    if any(new):
        codes = dict.fromkeys(code for code in new if code is not None)
        lost = ((),) * new.count(None)
        return "2025", (*((code,) for code in codes), *lost)
    keys = [
        key
        for name in legacy_district
        for key in communes_of_district(name, province.legacy_provinces)
    ]
    if keys:
        return "district", tuple(successors(key) for key in dict.fromkeys(keys))
    return "none", ()


def shares_by_units(
    communes: Sequence[Sequence[str]],
    zone_of: Mapping[str, Sequence[str]],
) -> dict[str, float]:
    """Share of an area in each zone of one group, by its named communes.

    Parameters
    ----------
    communes
        From :func:`named_communes`; not empty.
    zone_of
        2025 code -> keys of the zones of the group that hold it (none or one in a partition).

    Returns
    -------
    dict
        Zone key, "outside" or "unknown" (communes without codes) -> share. In a partition the
        shares sum to 1; where zones of a group overlap each is accounted by itself, and
        "outside" is what lies in none.

    Examples
    --------
    >>> shares_by_units([("1",), ("2",), ("3",), ("4",)], {"1": ["a"], "2": ["b"], "3": ["b"]})
    {'a': 0.25, 'b': 0.5, 'outside': 0.25}
    >>> shares_by_units([("1",), ()], {"1": ["a"]})
    {'a': 0.5, 'unknown': 0.5}
    """
    # In fractions, or three thirds of a divided commune make less than all of it.
    parts: defaultdict[str, Fraction] = defaultdict(Fraction)
    for codes in communes:
        for code in codes:
            for zone in zone_of.get(code) or (OUTSIDE,):
                parts[zone] += Fraction(1, len(codes))
        if not codes:
            parts[UNKNOWN] += 1
    return {zone: float(part / len(communes)) for zone, part in parts.items()}


def shares_by_polygon(
    footprints: gpd.GeoSeries,
    zones: gpd.GeoSeries,
    crs: str,
) -> pd.DataFrame:
    """Share of each surveyed polygon in each zone of one group.

    Parameters
    ----------
    footprints, zones
        Polygons indexed by area id and by zone key, each in its own system.
    crs
        Projected system to measure in, the province's VN-2000 zone.

    Returns
    -------
    DataFrame
        Columns `area_id`, `zone_key`, `share`; "outside" is the rest of the polygon. An invalid
        one is measured as repaired; what is no polygon has no rows.
    """
    index = overlay.index_zones(gpd.GeoDataFrame(geometry=zones), crs)
    result = overlay.split(footprints.to_crs(crs), index, threads=1)
    parts = result.parts
    return pd.DataFrame(
        {
            "area_id": parts["plot"].to_numpy(),
            "zone_key": parts["zone"].astype(object).to_numpy(),
            "share": parts["area_m2"].to_numpy() / result.area_m2[parts["plot"]].to_numpy(),
        }
    )


def allocate(
    areas: pd.DataFrame,
    zones: gpd.GeoDataFrame,
    province: Resolution,
    footprints: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """Shares of all areas in all zones.

    Parameters
    ----------
    areas
        `Facts.areas` of the province.
    zones
        From :func:`geo.zones.compile_zones`: index `zone_key`, columns `group`, `communes`,
        `area_id`.
    province
        Its resolution, which names the old provinces.
    footprints
        From :func:`geo.positions.footprints`; none where None. Their shares are those of the
        polygon, never assumed.

    Returns
    -------
    DataFrame
        Columns `area_id`, `group`, `zone_key` (or one of `NO_ZONE`), `share` (0 to 1), `assumed`
        (True where the split among zones isn't known). An area that names no unit has no rows
        but those of economic zones.
    """
    found: list[tuple[Any, Any, str, float, bool]] = []
    overlays = zones[zones["group"] == "economic_zone"]
    by_area = {str(area): str(key) for key, area in overlays["area_id"].items()}
    polygons = {} if footprints is None else _by_polygons(footprints, zones, province.crs)
    zones_of: dict[str, dict[str, list[str]]] = {}
    for zone in rows(zones[zones["group"] != "economic_zone"][["group", "communes"]]):
        by_commune = zones_of.setdefault(zone.group, {})
        for code in zone.communes:
            by_commune.setdefault(code, []).append(zone.Index)
    for area in rows(areas):
        inside = by_area.get(area.within) or by_area.get(area.Index)
        found.append((area.Index, "economic_zone", inside or OUTSIDE, 1.0, False))
        if area.Index in polygons:
            found += polygons[area.Index]
            continue
        _, communes = named_communes(
            legacy_communes=area.legacy_communes,
            communes_2025=area.communes_2025,
            legacy_district=area.legacy_district,
            province=province,
        )
        if not communes:
            continue
        for group, zone_of in zones_of.items():
            shares = shares_by_units(communes, zone_of)
            found += [
                (area.Index, group, zone, share, share < 1.0) for zone, share in shares.items()
            ]
    return pd.DataFrame(found, columns=["area_id", "group", "zone_key", "share", "assumed"])


def _by_polygons(
    footprints: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    crs: str,
) -> dict[str, list[tuple[Any, Any, str, float, bool]]]:
    """Rows of :func:`allocate` of the areas that have a polygon."""
    found: dict[str, list[tuple[Any, Any, str, float, bool]]] = {
        str(area): [] for area in footprints.index
    }
    if footprints.empty:
        return found
    for group, members in zones[zones["group"] != "economic_zone"].groupby("group", sort=False):
        for row in rows(
            shares_by_polygon(footprints.geometry, zones.loc[members.index].geometry, crs)
        ):
            found[row.area_id].append((row.area_id, group, row.zone_key, row.share, False))
    return found
