"""Zones compiled: from the units that the documents name, through the crosswalk, to outlines.

What a zone is doesn't change with the boundary source; its outline does. Base zones are
exclusive and exhaustive over the 2025 communes: a commune formed from two zones goes to the one
with more of it and is reported as mixed. Overlays hold every commune with more than half in
them; an economic zone is drawn as the communes that contain it.
"""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from data._errors import DataError, Finding
from data._message import Message
from data.units import (
    commune_2025,
    communes_of_district,
    legacy_commune,
    predecessors,
    successors,
)
from data.units.gazetteer import communes_2025, legacy_communes
from data.units.spelling import normalise
from geo.crs import area_ha

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from data.resolutions import Member, Resolution, Zone

HALF = Fraction(1, 2)


def member_keys(member: Member, province: Resolution) -> tuple[str, ...]:
    """Old communes of one member of a zone; empty where the unit isn't known."""
    provinces = [member.province_legacy] if member.province_legacy else province.legacy_provinces
    if member.level == "commune_2025":
        code = commune_2025(member.name, province.code)
        return predecessors(code) if code else ()
    if member.level == "district":
        return communes_of_district(member.name, provinces)
    districts = [member.district] if member.district else []
    return legacy_commune(member.name, provinces, districts=districts)


def commune_parts(keys: Iterable[str]) -> dict[str, Fraction]:
    """Count old communes by the 2025 commune they went to; a divided one counts in equal parts.

    In fractions, so that equal parts are equal: three thirds of divided communes are one whole.

    Examples
    --------
    >>> commune_parts(["tinhnghean_huyennghiloc_xanghilong", "tinhnghean_huyennghiloc_xanghixa"])
    {'17866': Fraction(2, 1)}
    """
    parts: defaultdict[str, Fraction] = defaultdict(Fraction)
    for key in keys:
        codes = successors(key)
        for code in codes:
            parts[code] += Fraction(1, len(codes))
    return dict(parts)


def zone_parts(zone: Zone, province: Resolution) -> dict[str, Fraction]:
    """Parts of the 2025 communes in a zone, as :func:`commune_parts` counts them.

    A 2025 commune that is named itself is in it whole, and brings nothing of the neighbours
    that old communes of its were divided with.
    """
    new = [unit for unit in zone.members if unit.level == "commune_2025"]
    old = [unit for unit in zone.members if unit.level != "commune_2025"]
    parts = commune_parts(sorted({key for unit in old for key in member_keys(unit, province)}))
    for unit in new:
        code = commune_2025(unit.name, province.code)
        if code is not None:
            parts[code] = commune_parts(predecessors(code))[code]
    return parts


def named_after(keys: Iterable[str]) -> frozenset[str]:
    """Find the 2025 communes that bear the name of one of these old communes.

    Examples
    --------
    >>> named_after(["tinhquangninh_huyenbache_xaluongminh"])
    frozenset({'06985'})
    """
    old, new = legacy_communes()["name"], communes_2025()["name"]
    return frozenset(
        code
        for key in keys
        for code in successors(key)
        if normalise(old[key]) == normalise(new[code])
    )


def assign_base(
    parts: Mapping[str, Mapping[str, Fraction]],
    named: Mapping[str, Collection[str]] | None = None,
) -> dict[str, tuple[str, bool]]:
    """Give each 2025 commune to the base zone with more of it.

    The areas of old communes are in no source of ours, so their number decides. On equal
    numbers the zone has it whose old commune gave the name, else the earlier zone.

    Parameters
    ----------
    parts
        Zone key -> 2025 code -> parts, from :func:`commune_parts`, in document order.
    named
        Zone key -> 2025 codes, from :func:`named_after`.

    Returns
    -------
    dict
        2025 code -> (zone key, whether it is mixed).
    """
    claims: dict[str, dict[str, Fraction]] = {}
    for zone, communes in parts.items():
        for code, part in communes.items():
            claims.setdefault(code, {})[zone] = part
    named = named or {}

    def owner(code: str) -> str:
        zones = claims[code]
        return max(zones, key=lambda zone: (zones[zone], code in named.get(zone, ())))

    return {code: (owner(code), len(zones) > 1) for code, zones in claims.items()}


def _orphaned(province: Resolution, codes: Iterable[str]) -> Finding:
    names = communes_2025()["name"]
    return Finding(
        file=f"{province.province.replace('-', '_')}.yaml",
        row="zones",
        field="membership",
        found=Message(
            "{names} in no base zone",
            names=", ".join(f"{names.get(code, '?')} ({code})" for code in codes),
        ),
        expected=Message("every 2025 commune of the province in one zone of group base_partition"),
    )


def compile_zones(province: Resolution, communes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Zones of a province with their communes and outlines.

    Parameters
    ----------
    province
        Its resolution.
    communes
        2025 communes of the province indexed by code, polygons in WGS 84, from any boundary
        source.

    Returns
    -------
    GeoDataFrame
        EPSG:4326, indexed by `zone_key` in document order (base partition first), columns
        `name_vi`, `name_en`, `group`, `area_id` ("" but for economic zones), `communes` and
        `mixed_communes` (tuples of codes), `geometry_area_ha` (measured in the province's
        VN-2000 zone), `geometry`.

    Raises
    ------
    DataError
        A commune of the province is in no base zone.
    """
    keys = {
        zone.key: sorted({key for unit in zone.members for key in member_keys(unit, province)})
        for zone in province.zones
    }
    parts = {zone.key: zone_parts(zone, province) for zone in province.zones}
    base = [zone.key for zone in province.zones if zone.group == "base_partition"]
    owner = assign_base(
        {zone: parts[zone] for zone in base},
        {zone: named_after(keys[zone]) for zone in base},
    )
    orphans = [code for code in communes.index if code not in owner]
    if base and orphans:
        raise DataError([_orphaned(province, orphans)])
    whole = commune_parts(key for code in communes.index for key in predecessors(code))
    rows = []
    for zone in sorted(province.zones, key=lambda zone: zone.group != "base_partition"):
        mixed: tuple[str, ...] = ()
        if zone.group == "base_partition":
            codes = tuple(code for code in communes.index if owner[code][0] == zone.key)
            mixed = tuple(
                code for code in communes.index if owner[code][1] and code in parts[zone.key]
            )
        else:
            least = Fraction(0) if zone.group == "economic_zone" else HALF
            codes = tuple(
                code
                for code in communes.index
                if parts[zone.key].get(code, 0) > least * whole[code]
            )
        rows.append(
            {
                "zone_key": zone.key,
                "name_vi": zone.name.vi,
                "name_en": zone.name.en,
                "group": zone.group,
                "area_id": zone.area_id or "",
                "communes": codes,
                "mixed_communes": mixed,
            },
        )
    frame = pd.DataFrame(rows).set_index("zone_key")
    # The communes are a coverage, so their areas add up; measured once for all zones.
    each = area_ha(communes.geometry, province.crs)
    frame["geometry_area_ha"] = [float(each[list(codes)].sum()) for codes in frame["communes"]]
    shapes = pd.Series(communes.geometry.to_numpy(), index=communes.index)
    with ThreadPoolExecutor() as pool:  # GEOS works outside Python's lock
        outlines = pool.map(
            lambda codes: shapely.coverage_union_all(shapes[list(codes)].to_numpy()),
            frame["communes"],
        )
        return gpd.GeoDataFrame(frame, geometry=list(outlines), crs=communes.crs)
