"""Index of all administrative units of both systems by codes and plain names."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from data._frames import rows
from data.units import communes_of_district, legacy_commune, successors
from data.units.gazetteer import aliases, communes_2025, former_names, legacy_communes
from data.units.spelling import UNIT_WORDS, normalise, plain, squeeze, unit_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Level = Literal["province", "district", "commune"]
System = Literal["legacy", "2025"]

# Provinces under other names; the city of Huế was the province of Thừa Thiên Huế until 2024.
PROVINCES_TOO = {
    "Thành phố Huế": ("Thừa Thiên Huế", "Tỉnh Thừa Thiên Huế"),
    "Thành phố Hồ Chí Minh": ("TP HCM", "HCM", "TPHCM"),
}


@dataclass(frozen=True)
class Unit:
    """An administrative unit of one of the two systems.

    Attributes
    ----------
    level, system, name
        "legacy" is the system until 30/06/2025; names are full, "Xã Nghi Long".
    district
        Old district of an old commune, else "".
    province
        Full name in the unit's own system; for a province its own name.
    code
        Official code in the unit's own system; "" for units that were lost before July 2025.
    province_code
        Code of the 2025 province that it lies in.
    note
        Why the unit is here where the last gazetteer before July 2025 lacks its name, else "".
    keys
        Old communes of an old unit below the province, as in
        :func:`data.units.gazetteer.legacy_communes`.
    """

    level: Level
    system: System
    name: str
    district: str
    province: str
    code: str
    province_code: str
    note: str = ""
    keys: tuple[str, ...] = field(default=(), repr=False, compare=False)

    @property
    def path(self) -> str:
        """Name with what it lies in, from small to large."""
        parts = (self.name, self.district, self.province)
        return ", ".join(dict.fromkeys(part for part in parts if part))


class Entry(NamedTuple):
    """A unit under one of its names: plain unit word, name in plain words, name with tones."""

    unit: Unit
    kind: str
    words: str
    tones: str


@cache
def bare(name: str) -> tuple[str, str, str]:
    """Plain unit word, plain words of the name, and the name with tones, without spaces."""
    words = plain(name).split()
    kind, count = unit_word(words)
    return kind, " ".join(words[count:]), squeeze("".join(normalise(name).split()[count:]))


def _entry(unit: Unit) -> Entry:
    return Entry(unit, *bare(unit.name))


@cache
def _new_provinces() -> dict[str, str]:
    """By name of an old province: code of the 2025 province that all of it went to."""
    new = communes_2025()["province_code"]
    firsts = legacy_communes().drop_duplicates("province")
    return {row.province: new[successors(row.Index)[0]] for row in rows(firsts)}


@cache
def _units() -> dict[tuple[str, str], Unit]:
    """All units by (kind of key, key): "legacy" key, "district" and "old" code, "2025", "new"."""
    found: dict[tuple[str, str], Unit] = {}
    for row in rows(communes_2025().drop_duplicates("province_code")):
        name, code = row.province, row.province_code
        found["new", code] = Unit("province", "2025", name, "", name, code, code)
    new = _new_provinces()
    for row in rows(legacy_communes().drop_duplicates("province_code")):
        name, code = row.province, row.province_code
        found["old", code] = Unit("province", "legacy", name, "", name, code, new[name])
    old = legacy_communes()
    columns = ("name", "district", "province", "code", "district_code")
    paths = list(
        zip(old.index.tolist(), *(old[column].tolist() for column in columns), strict=True)
    )
    communes: dict[str, list[str]] = {}
    for key, *_, district_code in paths:
        communes.setdefault(district_code, []).append(key)
    for key, name, district, province, code, district_code in paths:
        whole = found.get(("district", district_code))
        if not whole:
            whole = Unit(
                level="district",
                system="legacy",
                name=district,
                district="",
                province=province,
                code=district_code,
                province_code=new[province],
                keys=tuple(communes[district_code]),
            )
            found["district", district_code] = whole
        # Five islands were districts without communes; each is one unit.
        found["legacy", key] = whole
        if code:
            found["legacy", key] = Unit(
                level="commune",
                system="legacy",
                name=name,
                district=district,
                province=province,
                code=code,
                province_code=new[province],
                keys=(key,),
            )
    for row in rows(communes_2025().astype(object)):
        found["2025", row.Index] = Unit(
            "commune", "2025", row.name, "", row.province, row.Index, row.province_code
        )
    return found


def unit_of_key(key: str) -> Unit:
    """Old commune, or island district, by its key in the gazetteer."""
    return _units()["legacy", key]


def unit_of_commune(code: str) -> Unit:
    """Commune of 2025 by its code."""
    return _units()["2025", code]


def unit_of_province(code: str) -> Unit:
    """Province of 2025 by its code."""
    return _units()["new", code]


def _lost() -> Iterator[Unit]:
    """Units that documents name and the gazetteer lacks."""
    old = {plain(bare(unit.name)[1]): unit for unit in old_provinces()}
    for row in rows(aliases()):
        province = old[plain(row.province_legacy)]
        target, name = row.resolve_as, row.name.partition(" (")
        keys: tuple[str, ...] = ()
        if target and row.level == "district":
            keys = communes_of_district(target, [province.name])
        elif target:
            keys = legacy_commune(target, [province.name])
        yield Unit(
            row.level,
            "legacy",
            name[0],
            name[2].removesuffix(")"),
            province.name,
            "",
            province.province_code,
            note=row.what_happened,
            keys=keys,
        )


def old_provinces() -> Iterator[Unit]:
    return (unit for (kind, _), unit in _units().items() if kind == "old")


@cache
def entries() -> tuple[Entry, ...]:
    """All units under the names of the gazetteers and of the documents."""
    found = [_entry(unit) for unit in dict.fromkeys(_units().values())]
    found += [
        Entry(entry.unit, *bare(name))
        for entry in found
        if entry.unit.level == "province"
        for name in PROVINCES_TOO.get(entry.unit.name, ())
    ]
    return (*found, *(_entry(unit) for unit in _lost()))


def by_name(listed: Iterable[Entry]) -> dict[str, list[Entry]]:
    index: dict[str, list[Entry]] = {}
    for entry in listed:
        index.setdefault(squeeze(entry.words), []).append(entry)
    return index


@cache
def names() -> dict[str, list[Entry]]:
    return by_name(entries())


@cache
def former() -> dict[str, list[Entry]]:
    """Units under the names that the gazetteer knows besides: earlier and merged ones."""
    found = []
    for row in rows(former_names()):
        commune = unit_of_key(row.Index)
        unit = commune if row.level == "commune" else _district_of(commune)
        for name in row.names:
            kind = next((kind for kind in UNIT_WORDS if name.startswith(kind)), "")
            bare = name.removeprefix(kind)
            # Also listed without unit word ("phuongdo" beside "xaphuongdo").
            if kind and bare and not any(kind + name in row.names for kind in UNIT_WORDS):
                found.append(Entry(unit, kind, bare, ""))
    return by_name(found)


def _district_of(commune: Unit) -> Unit:
    if commune.level == "district":
        return commune
    code = legacy_communes().at[commune.keys[0], "district_code"]
    return _units()["district", str(code)]


@cache
def codes() -> dict[str, tuple[Unit, ...]]:
    codes: dict[str, list[Unit]] = {}
    for unit in dict.fromkeys(_units().values()):
        codes.setdefault(unit.code, []).append(unit)
    return {code: tuple(units) for code, units in codes.items()}
