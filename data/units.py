"""Administrative units by name: old communes and districts, 2025 communes, and what became of them.

Documents name units of the system of their time. These functions find them whatever the
placing of the tone mark (hòa, hoà), within the old provinces a province was made of.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from data._frames import rows
from data.gazetteer import aliases, communes_2025, crosswalk, legacy_communes

if TYPE_CHECKING:
    from collections.abc import Iterable

_TONES = "\u0300\u0301\u0303\u0309\u0323"


def normalise(name: str) -> str:
    """Spelling of a unit's name without its variants.

    Case, spacing, Unicode composition and the place of the tone mark within a syllable don't
    count; the tone itself does.

    Examples
    --------
    >>> normalise("Xã  Hoà Sơn") == normalise("xã Hòa Sơn")
    True
    >>> normalise("Xã Châu Bính") == normalise("Xã Châu Bình")
    False
    """
    words = []
    for word in unicodedata.normalize("NFD", name.casefold()).split():
        tones = "".join(char for char in word if char in _TONES)
        words.append("".join(char for char in word if char not in _TONES) + tones)
    return unicodedata.normalize("NFC", " ".join(words))


def _split(name: str) -> tuple[str, str]:
    """Split "Xã Nghi Long (Huyện Nghi Lộc)" into unit and district."""
    unit, _, rest = name.partition(" (")
    return normalise(unit), normalise(rest.removesuffix(")"))


@cache
def _legacy_names() -> dict[tuple[str, str], dict[str, str]]:
    """By old province and normalised commune name: normalised district -> key."""
    names: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows(legacy_communes()):
        at = names.setdefault((row.province, normalise(row.name)), {})
        at[normalise(row.district)] = row.Index
    return names


@cache
def _district_names() -> dict[tuple[str, str], tuple[str, ...]]:
    """By old province and normalised district name: the keys of its communes."""
    frame = legacy_communes()
    return {
        (str(province), normalise(str(district))): tuple(map(str, group.index))
        for (province, district), group in frame.groupby(["province", "district"], sort=False)
    }


@cache
def _names_2025() -> dict[tuple[str, str], str]:
    return {(row.province_code, normalise(row.name)): row.Index for row in rows(communes_2025())}


@cache
def _aliases(level: str) -> dict[tuple[str, str], tuple[str, str]]:
    """By normalised name and district: what a lost unit is resolved as ("" = not known)."""
    table = aliases()
    return {
        _split(row.name): _split(row.resolve_as) for row in rows(table[table["level"] == level])
    }


@cache
def _successors() -> dict[str, tuple[str, ...]]:
    """By key of an old commune: codes of its 2025 communes, the main one first."""
    ordered = crosswalk().sort_values(["key", "main", "commune"], ascending=[True, False, True])
    return {str(key): tuple(group) for key, group in ordered.groupby("key")["commune"]}


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
    return tuple(
        key for province in provinces for key in _district_names().get((province, wanted), ())
    )


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
        for at, key in _legacy_names().get((province, unit), {}).items()
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
    return _names_2025().get((province_code, normalise(name)))


def successors(key: str) -> tuple[str, ...]:
    """Codes of the 2025 communes that an old commune went to, the main one first."""
    return _successors()[key]


@cache
def _predecessors() -> dict[str, tuple[str, ...]]:
    ordered = crosswalk().sort_values(["commune", "key"])
    return {str(code): tuple(group) for code, group in ordered.groupby("commune")["key"]}


def predecessors(code: str) -> tuple[str, ...]:
    """Keys of the old communes that a 2025 commune was formed from, divided ones included."""
    return _predecessors()[code]
