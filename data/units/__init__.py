"""Administrative units by name: old communes and districts, 2025 communes, and what became of them.

Documents name units of the system of their time. These functions find them by their full
names, whatever the variant of spelling (hòa, hoà), within the old provinces a province was made
of. What people type is looked up by `data.units.locate`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from data._frames import rows
from data.units.gazetteer import aliases, communes_2025, crosswalk, legacy_communes
from data.units.spelling import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd


def _split(name: str) -> tuple[str, str]:
    """Split "Xã Nghi Long (Huyện Nghi Lộc)" into unit and district."""
    unit, _, rest = name.partition(" (")
    return normalise(unit), normalise(rest.removesuffix(")"))


@cache
def _legacy_names(province: str) -> dict[str, dict[str, str]]:
    """By normalised name of the communes of an old province: normalised district -> key."""
    names: dict[str, dict[str, str]] = {}
    for key, name, district in _of_province(province):
        names.setdefault(normalise(name), {})[normalise(district)] = key
    return names


@cache
def _district_names(province: str) -> dict[str, tuple[str, ...]]:
    """By normalised name of the districts of an old province: the keys of their communes."""
    names: dict[str, list[str]] = {}
    for key, _, district in _of_province(province):
        names.setdefault(normalise(district), []).append(key)
    return {name: tuple(keys) for name, keys in names.items()}


def _of_province(province: str) -> Iterator[tuple[str, str, str]]:
    """Key, name and district of each commune of an old province."""
    frame = legacy_communes()
    here = frame[frame["province"] == province]
    return zip(here.index.tolist(), here["name"].tolist(), here["district"].tolist(), strict=True)


@cache
def _names_2025(province_code: str) -> dict[str, str]:
    """By normalised name of the 2025 communes of a province: their code."""
    frame = communes_2025()
    names = frame.loc[frame["province_code"] == province_code, "name"]
    return {normalise(name): str(code) for code, name in names.items()}


@cache
def _aliases(level: str) -> dict[tuple[str, str], tuple[str, str]]:
    """By normalised name and district: what a lost unit is resolved as ("" = not known)."""
    table = aliases()
    return {
        _split(row.name): _split(row.resolve_as) for row in rows(table[table["level"] == level])
    }


def _grouped(keys: pd.Series[str], values: pd.Series[str]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for key, value in zip(keys.tolist(), values.tolist(), strict=True):
        groups.setdefault(key, []).append(value)
    return {key: tuple(group) for key, group in groups.items()}


@cache
def _successors() -> dict[str, tuple[str, ...]]:
    """By key of an old commune: codes of its 2025 communes, the main one first."""
    ordered = crosswalk().sort_values(["key", "main", "commune"], ascending=[True, False, True])
    return _grouped(ordered["key"], ordered["commune"])


def communes_of_district(name: str, provinces: Iterable[str]) -> tuple[str, ...]:
    """Keys of the old communes of an old district; empty where it isn't known.

    A district that the last gazetteer no longer has (`unit_aliases.csv`) gives the communes
    of the one that it was merged into.

    Examples
    --------
    >>> len(communes_of_district("Thị xã Hoàng Mai", ["Tỉnh Nghệ An"]))
    10
    """
    wanted = normalise(name)
    wanted = _aliases("district").get((wanted, ""), (wanted, ""))[0]
    return tuple(key for province in provinces for key in _district_names(province).get(wanted, ()))


def legacy_commune(
    name: str,
    provinces: Iterable[str],
    *,
    districts: Iterable[str] = (),
) -> tuple[str, ...]:
    """Keys of the old communes with this name; empty where there is none.

    Parameters
    ----------
    name
        Full name, "Xã Nghi Long"; a district may follow in brackets.
    provinces
        Old provinces to look in, "Tỉnh Nghệ An".
    districts
        Old districts to look in first. Where none of them has the name, the provinces as a
        whole are searched, and a name that occurs once is taken.

    Examples
    --------
    >>> legacy_commune("Xã Nghi Hợp", ["Tỉnh Nghệ An"], districts=["Huyện Nghi Lộc"])
    ('tinhnghean_huyennghiloc_xakhanhhop',)
    """
    unit, district = _split(name)
    lost = _aliases("district")
    wanted = {district} if district else {normalise(name) for name in districts}
    wanted |= {lost[name, ""][0] for name in wanted if (name, "") in lost}
    for at in wanted:
        if (unit, at) in _aliases("commune"):
            unit, resolved = _aliases("commune")[unit, at]
            wanted = {resolved}
            break
    found = {
        at: key
        for province in provinces
        for at, key in _legacy_names(province).get(unit, {}).items()
    }
    inside = tuple(key for at, key in found.items() if at in wanted)
    if inside or len(found) != 1 or district:
        return inside
    return tuple(found.values())


def commune_2025(name: str, province_code: str) -> str | None:
    """Code of a 2025 commune by its full name, None where the province has none such.

    Examples
    --------
    >>> commune_2025("Xã Trung Lộc", "40")
    '17866'
    """
    return _names_2025(province_code).get(normalise(name))


def successors(key: str) -> tuple[str, ...]:
    """Codes of the 2025 communes that an old commune went to, the main one first."""
    return _successors()[key]


@cache
def _predecessors() -> dict[str, tuple[str, ...]]:
    ordered = crosswalk().sort_values(["commune", "key"])
    return _grouped(ordered["commune"], ordered["key"])


def predecessors(code: str) -> tuple[str, ...]:
    """Keys of the old communes that a 2025 commune was formed from, divided ones included."""
    return _predecessors()[code]
