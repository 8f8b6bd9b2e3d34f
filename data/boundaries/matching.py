"""Rows of someone's table matched to the communes of a province, by code or by name.

The columns are found by what is in them, not by how they are called. A table of the communes
before July 2025 is matched through the crosswalk: a divided commune goes whole to the commune
that has most of it.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from data._errors import DataError, Finding
from data._frames import rows
from data._message import Message
from data.units import predecessors, successors
from data.units.gazetteer import communes_2025, legacy_communes
from data.units.spelling import normalise, plain, unit_word

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

System = Literal["2025", "legacy"]
_SYSTEMS: tuple[System, System] = ("2025", "legacy")
_LEVELS = 4  # of exactness, see _spellings
_NEARLY_ALL = 0.8  # of a column of codes
_JUNK = 0.05  # of the rows may be no commune at all
_NEAR = 0.3  # degrees; communes lie within some 0.1 of their points
_LISTED = 20  # names in one message
_LABEL = 60  # characters of a row in a report


@dataclass(frozen=True)
class Match:
    """Which commune each row of a table is.

    Attributes
    ----------
    codes
        Code of the 2025 commune of each row, None where it is none of the province.
    system
        Whether the table has the communes since July 2025 or those before.
    by_code, by_name
        Rows matched so.
    unmatched
        Rows that are no commune of the province, as the file names them.
    contrary
        Rows whose code is one commune and whose name another; the code was taken.
    divided
        Names of old communes that were divided and are counted whole at their main successor.
    """

    codes: tuple[str | None, ...]
    system: System
    by_code: int
    by_name: int
    unmatched: tuple[str, ...]
    contrary: tuple[str, ...]
    divided: tuple[str, ...]


@dataclass(frozen=True)
class _Register:
    """Communes of a province in one system: identifiers by code and by spelling of the name."""

    system: System
    codes: Mapping[str, str]
    names: Mapping[str, str]
    districts: frozenset[str]
    required: tuple[str, ...]


def _spellings(name: str) -> tuple[str, ...]:
    """Ways in which a full name may be written, the most exact first."""
    words = plain(name).split()
    bare = unit_word(words)[1]
    return (
        normalise(name),
        normalise(" ".join(name.split()[bare:])),
        plain(name),
        " ".join(words[bare:]),
    )


def _by_spelling(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give identifiers by spelling; of the same exactness it must be of one unit only."""
    given = [(key, _spellings(name)) for name, key in names]
    found: dict[str, str] = {}
    for level in range(_LEVELS):
        count = Counter(spellings[level] for _, spellings in given)
        once = {s[level]: key for key, s in given if count[s[level]] == 1}
        found = once | found
    return found


@cache
def _register(province_code: str, system: System) -> _Register:
    new = communes_2025()
    new = new[new["province_code"] == province_code]
    if system == "2025":
        names = _by_spelling((row.name, row.Index) for row in rows(new))
        return _Register(
            system, {code: code for code in new.index}, names, frozenset(), tuple(new.index)
        )
    old = legacy_communes().loc[sorted({key for code in new.index for key in predecessors(code)})]
    names = _by_spelling((row.name, row.Index) for row in rows(old))
    # With the district before it a name is always one commune.
    for district, communes in old.groupby("district"):
        inside = _by_spelling((row.name, row.Index) for row in rows(communes))
        for at in _spellings(str(district)):
            names |= {f"{at}|{spelling}": key for spelling, key in inside.items()}
    # An old commune that went mostly to another province isn't needed for this one.
    required = tuple(key for key in old.index if successors(key)[0] in new.index)
    return _Register(
        system,
        {row.code: row.Index for row in rows(old) if row.code},
        names,
        frozenset(at for district in set(old["district"]) for at in _spellings(district)),
        required,
    )


def _as_code(value: str) -> str:
    """Write a commune code with its five digits, which spreadsheets cut."""
    return value.zfill(5) if value.isdigit() else value


def _texts(table: pd.DataFrame) -> dict[str, list[str]]:
    """Columns as text, missing values as ""."""
    texts = {}
    for column in table.columns:
        values = table[column].astype(object).where(table[column].notna(), "")
        texts[str(column)] = [_text(value) for value in values]
    return texts


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _best(hits: Mapping[str, int]) -> str | None:
    """Column with most hits, the earlier on equal numbers; None where there is no hit."""
    best = max(hits, key=lambda column: hits[column], default=None)
    return best if best is not None and hits[best] else None


@cache
def _codes(system: System) -> frozenset[str]:
    """Codes of all communes of the country."""
    if system == "2025":
        return frozenset(communes_2025().index)
    return frozenset(legacy_communes()["code"]) - {""}


@cache
def _namesakes(system: System) -> dict[str, tuple[str, ...]]:
    """Communes of the country by each spelling of their names."""
    frame = communes_2025() if system == "2025" else legacy_communes()
    found: dict[str, list[str]] = {}
    for name, communes in frame.groupby("name"):
        for spelling in set(_spellings(str(name))):
            found.setdefault(spelling, []).extend(communes.index)
    return {spelling: tuple(communes) for spelling, communes in found.items()}


def _share(values: Iterable[str], known: Collection[str]) -> float:
    """Share of the values, empty ones apart, that are known."""
    given = [value for value in values if value]
    return sum(value in known for value in given) / len(given) if given else 0.0


def _code_column(coded: Mapping[str, list[str]], registers: Iterable[_Register]) -> str | None:
    """Find the column with most codes of the province, if nearly all of it are codes.

    Running numbers are codes of Hà Nội by chance, but not nearly all of them.
    """
    inside = {code for register in registers for code in register.codes}
    anywhere = _codes("2025") | _codes("legacy")
    return _best(
        {
            column: len(inside.intersection(values))
            for column, values in coded.items()
            if _share(values, anywhere) >= _NEARLY_ALL
        }
    )


def _system(texts: Mapping[str, list[str]], code_column: str | None) -> System:
    """Tell the system by the country's codes, else names, of which the file has more.

    Most codes and many names of 2025 were those of one of the old communes; so a table of 2025
    fits both systems, an old one only its own.
    """
    if code_column is not None:
        values = [_as_code(value) for value in texts[code_column]]
        new, old = (_share(values, _codes(system)) for system in _SYSTEMS)
    else:
        new, old = (
            max((_share(map(plain, v), _namesakes(system)) for v in texts.values()), default=0.0)
            for system in _SYSTEMS
        )
    return "2025" if new >= old - _JUNK else "legacy"


@dataclass(frozen=True)
class _Found:
    """Units of the rows, by code and by name; None where there is none."""

    register: _Register
    by_code: list[str | None]
    by_name: list[str | None]

    @property
    def units(self) -> list[str | None]:
        """By code, else by name: codes are never spelt differently."""
        return [code or name for code, name in zip(self.by_code, self.by_name, strict=True)]

    @property
    def contrary(self) -> list[int]:
        """Rows whose code and name are two units."""
        return [
            row
            for row, (code, name) in enumerate(zip(self.by_code, self.by_name, strict=True))
            if code and name and code != name
        ]


def _find(
    texts: Mapping[str, list[str]],
    register: _Register,
    code_column: str | None,
    places: NDArray[np.float64] | None,
) -> _Found:
    size = len(next(iter(texts.values()), []))
    nothing: list[str | None] = [None] * size
    codes = [_as_code(v) for v in texts[code_column]] if code_column is not None else [""] * size
    by_code = [register.codes.get(code) for code in codes]
    district = _best(
        {
            column: len({plain(v) for v in values} & register.districts)
            for column, values in texts.items()
        }
    )
    at = texts[district] if district else [""] * size
    named = {
        column: [_unit(register, where, v) for where, v in zip(at, values, strict=True)]
        for column, values in texts.items()
        if column != district
    }
    column = _best({column: len(set(units) - {None}) for column, units in named.items()})
    # A row with the code of another province, or far from where it should be, has only the name
    # of a commune of this one.
    elsewhere = _codes(register.system) - register.codes.keys()
    by_name = [
        unit
        if unit and code not in elsewhere and _is_there(unit, name, register.system, place)
        else None
        for unit, name, code, place in zip(
            named[column] if column else nothing,
            texts[column] if column else codes,
            codes,
            places if places is not None else nothing,
            strict=True,
        )
    ]
    return _Found(register, by_code, by_name)


def _is_there(
    unit: str,
    name: str,
    system: System,
    place: NDArray[np.float64] | None,
) -> bool:
    """Whether a row lies near the commune that it names, and no namesake is nearer."""
    if place is None:
        return True
    away = _distance(unit, system, place)
    others = _namesakes(system).get(plain(name), ())
    return math.isnan(away) or (
        away < _NEAR
        and not any(_distance(other, system, place) < away for other in others if other != unit)
    )


def _distance(unit: str, system: System, place: NDArray[np.float64]) -> float:
    """Degrees between a place and the point of a commune; NaN where that isn't known."""
    points = communes_2025() if system == "2025" else legacy_communes()
    lat, lon = (float(points[axis][unit]) for axis in ("lat", "lon"))
    return math.hypot((place[0] - lon) * math.cos(math.radians(place[1])), place[1] - lat)


def _unit(register: _Register, district: str, name: str) -> str | None:
    spellings = [normalise(name), plain(name)]
    if district:
        spellings = [
            *(
                f"{at}|{spelling}"
                for at in (normalise(district), plain(district))
                for spelling in spellings
            ),
            *spellings,
        ]
    return next((register.names[s] for s in spellings if s in register.names), None)


def match_communes(
    table: pd.DataFrame,
    province_code: str,
    *,
    file: str,
    places: NDArray[np.float64] | None = None,
) -> Match:
    """Match the rows of a table to the 2025 communes of a province.

    Parameters
    ----------
    table
        Columns with a commune code or a commune's name in any spelling; with the district
        beside the name, old communes of one name are told apart. Other columns don't matter.
    province_code
        "40".
    file
        Name for findings.
    places
        Longitude and latitude of each row, shape (n, 2), where known: a name counts only near
        its commune and where no namesake is nearer, as many occur in several provinces.

    Raises
    ------
    DataError
        Communes of the province are in no row; they are named.

    Examples
    --------
    >>> table = communes_2025().query("province_code == '42'")[["name"]]
    >>> match_communes(table, "42", file="own").by_name
    69
    """
    texts = _texts(table)
    coded = {column: [_as_code(v) for v in values] for column, values in texts.items()}
    registers = {system: _register(province_code, system) for system in _SYSTEMS}
    code_column = _code_column(coded, registers.values())
    system = _system(texts, code_column)
    found = _find(texts, registers[system], code_column, places)
    legacy = system == "legacy"
    absent = sorted(set(found.register.required) - set(found.units))
    if absent:
        raise DataError([_absent(found, absent, file)])
    contrary = set(found.contrary)
    labels = [" ".join(v for v in row if v)[:_LABEL] for row in zip(*texts.values(), strict=True)]
    return Match(
        codes=tuple(unit and (successors(unit)[0] if legacy else unit) for unit in found.units),
        system=found.register.system,
        by_code=sum(code is not None for code in found.by_code),
        by_name=sum(
            code is None and name is not None
            for code, name in zip(found.by_code, found.by_name, strict=True)
        ),
        unmatched=tuple(label for label, unit in zip(labels, found.units, strict=True) if not unit),
        contrary=tuple(label for row, label in enumerate(labels) if row in contrary),
        divided=tuple(
            legacy_communes()["name"][unit]
            for unit in found.units
            if legacy and unit and len(successors(unit)) > 1
        ),
    )


def _absent(found: _Found, absent: list[str], file: str) -> Finding:
    names = (legacy_communes() if found.register.system == "legacy" else communes_2025())["name"]
    listed = ", ".join(f"{names[unit]} ({unit})" for unit in absent[:_LISTED])
    more = len(absent) - _LISTED
    named = Message("{names} and {more} more", names=listed, more=more) if more > 0 else listed
    matched = len(set(found.units) - {None})
    system = {"2025": Message("of 2025"), "legacy": Message("before July 2025")}
    return Finding(
        file,
        "",
        "commune",
        Message(
            "{count} communes {system}, but not {names}",
            count=matched,
            system=system[found.register.system],
            names=named,
        ),
        Message(
            "a polygon for each of the {count} communes of the province, with its code or name",
            count=len(found.register.required),
        ),
    )
