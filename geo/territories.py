"""Territories on which clusters are averaged: a commune, an old district, or the province.

A cluster lies in a territory by the units that it names. Where it names several the split isn't
known, and its land there runs from none to all of it; one that names no unit may lie anywhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from data._errors import UnknownNameError
from data._frames import rows
from data.units import commune_2025, communes_of_district, predecessors
from data.units.gazetteer import communes_2025, legacy_communes
from geo.account import Part
from geo.membership import named_communes, shares_by_units
from geo.shortfalls import ESTABLISHED

if TYPE_CHECKING:
    from typing import Any

    from data.resolutions import Resolution
    from data.vocabulary import ClusterTerritory
    from geo.snapshot import Snapshot

HERE = "here"
_MOST_OF_IT = 0.5
_UNIT_WORDS = {
    "legacy_district": ("", "Huyện ", "Thị xã ", "Thành phố "),
    "commune": ("", "Xã ", "Phường ", "Đặc khu "),
}


class Place(NamedTuple):
    """One territory: its level, its name in Vietnamese, and the units it is made of.

    `units` are the keys of the communes of an old district, or the code of a 2025 commune or
    of the province.
    """

    level: ClusterTerritory
    name: str
    units: tuple[str, ...]


def _province(resolution: Resolution) -> Place:
    return Place("province", resolution.name.vi, (resolution.code,))


def _district(name: str, resolution: Resolution) -> Place | None:
    keys = communes_of_district(name, resolution.legacy_provinces)
    if not keys:
        return None
    return Place("legacy_district", str(legacy_communes().loc[keys[0], "district"]), keys)


def _commune(name: str, resolution: Resolution) -> Place | None:
    code = commune_2025(name, resolution.code)
    if code is None:
        return None
    return Place("commune", str(communes_2025().loc[code, "name"]), (code,))


def find_place(name: str | None, level: ClusterTerritory, resolution: Resolution) -> Place:
    """Territory of a level by its name, with or without the word for the unit.

    Raises
    ------
    data._errors.UnknownNameError
        The province has no such unit.

    Examples
    --------
    >>> from data.resolutions import load_resolution
    >>> nghe_an = load_resolution("nghe-an")
    >>> find_place("Diễn Châu", "legacy_district", nghe_an).name
    'Huyện Diễn Châu'
    >>> find_place("Trung Lộc", "commune", nghe_an).units
    ('17866',)
    """
    if level == "province":
        return _province(resolution)
    find = _district if level == "legacy_district" else _commune
    for word in _UNIT_WORDS[level]:
        if name and (place := find(word + name, resolution)):
            return place
    msg = f"no {level.replace('_', ' ')} {name!r} in {resolution.name.en}"
    raise UnknownNameError(msg)


def _communes_of(area: Any, resolution: Resolution) -> tuple[str, tuple[tuple[str, ...], ...]]:  # noqa: ANN401 (a row)
    return named_communes(
        legacy_communes=area.legacy_communes,
        communes_2025=area.communes_2025,
        legacy_district=area.legacy_district,
        province=resolution,
    )


def _districts_of(area: Any, resolution: Resolution) -> list[Place]:  # noqa: ANN401 (a row)
    """Old districts that an area names, or those of the communes that it names."""
    named = list(area.legacy_district)
    if not named:
        _, communes = _communes_of(area, resolution)
        keys = [key for codes in communes for code in codes for key in predecessors(code)]
        named = [str(name) for name in legacy_communes().loc[keys, "district"]]
    return [place for name in named if (place := _district(name, resolution))]


def places_of(area: Any, level: ClusterTerritory, resolution: Resolution) -> tuple[Place, ...]:  # noqa: ANN401 (a row)
    """Territories of a level in which an area lies; the province where its units don't tell.

    Parameters
    ----------
    area
        A row of `Snapshot.areas`.
    """
    found: list[Place] = []
    if level == "legacy_district":
        found = _districts_of(area, resolution)
    elif level == "commune":
        at, communes = _communes_of(area, resolution)
        names = communes_2025()["name"]
        if at in {"legacy", "2025"}:
            found = [
                Place("commune", str(names[code]), (code,)) for codes in communes for code in codes
            ]
    return tuple(dict.fromkeys(found)) or (_province(resolution),)


def _share(area: Any, place: Place, resolution: Resolution) -> float | None:  # noqa: ANN401 (a row)
    """Share of an area in a territory, None where it names no unit."""
    if place.level == "province":
        return 1.0
    if place.level == "legacy_district":
        districts = _districts_of(area, resolution)
        if not districts:
            return None
        return sum(district.units == place.units for district in districts) / len(districts)
    _, communes = _communes_of(area, resolution)
    if not communes:
        return None
    return shares_by_units(communes, {place.units[0]: [HERE]}).get(HERE, 0.0)


def clusters_of(snapshot: Snapshot, place: Place) -> list[Part]:
    """Clusters established in a territory as parts of an account, with their shares.

    Operating or not, all of them count as present here; one of unknown status without tenants
    on record may or may not be one, so that its land runs from none to all of it.
    """
    clusters = snapshot.areas[
        snapshot.areas["counted"] & (snapshot.areas["kind"] == "industrial_cluster")
    ]
    parts = []
    for area in rows(clusters):
        share = _share(area, place, snapshot.resolution)
        state = snapshot.states[str(area.Index)]
        established = state.status in ESTABLISHED or state.supply == "present"
        if share == 0.0 or not (established or state.status is None):
            continue
        parts.append(
            Part(
                replace(state, supply="present"),
                share or 0.0,
                assumed=share is None or share < 1.0 or not established,
                counts_here=established and (share or 0.0) >= _MOST_OF_IT,
            ),
        )
    return parts
