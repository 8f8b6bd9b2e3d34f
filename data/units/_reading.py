"""Reading of what people type as the name of a unit, followed by units that it lies in.

Names are compared without spaces; the unit words, where they are written, must be the right
ones, and so must the diacritics.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from data._frames import rows
from data.units._lookup import (
    PROVINCES_TOO,
    bare,
    by_name,
    codes,
    entries,
    former,
    names,
    old_provinces,
    unit_of_province,
)
from data.units.gazetteer import aliases
from data.units.spelling import APOSTROPHES, UNIT_WORDS, normalise, plain, squeeze, unit_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from data.units._lookup import Entry, System, Unit

_MOST_WORDS = 8
_LONGEST_QUERY = 30
_CUTOFF = 0.72
_LIKELY = 12
_SEPARATOR = re.compile(r"[,;|/\\><()\[\]→]+")
_DASHES = re.compile(r"[,;|/\\><()\[\]→\u2013\u2014]+|\s-+\s")
_HARD = ","
_OTHER_NAME = "listed by the gazetteer under this earlier or other name"


class Word(NamedTuple):
    """One word of a query, with its diacritics in normalised spelling, and without."""

    tones: str
    plain: str


def _written(name: str) -> frozenset[str]:
    """Ways to write the name of a higher unit, plain and without spaces."""
    kind, words, _ = bare(name)
    return frozenset(word + squeeze(words) for word in ("", *UNIT_WORDS.get(kind, ())))


@cache
def _above(system: System, district: str, province: str, province_code: str) -> frozenset[str]:
    """All that may stand behind the name of a unit, plain and without spaces."""
    provinces = {province, unit_of_province(province_code).name}
    if system == "2025":
        provinces |= {unit.name for unit in old_provinces() if unit.province_code == province_code}
    for name in tuple(provinces):
        provinces.update(PROVINCES_TOO.get(name, ()))
    tops = {way for name in provinces for way in _written(name)} | {""}
    if not district:
        return frozenset(tops)
    lost = [row.name for row in rows(aliases()) if row.resolve_as == district]
    middles = {way for name in (district, *lost) for way in _written(name)} | {""}
    return frozenset(middle + top for middle in middles for top in tops)


def _fits_above(unit: Unit, rest: str) -> bool:
    # An island district without communes is its own district.
    island = unit.level == "district" and len(unit.keys) == 1
    district = unit.name if island else unit.district
    return rest in _above(unit.system, district, unit.province, unit.province_code)


def parts_of(query: str, *, dashes: bool = False) -> list[list[Word]]:
    """Words of a query, in the parts that separators make of it; names may have dashes in them.

    A text with more words than any path has names nothing and has no parts.

    Examples
    --------
    >>> [[word.plain for word in part] for part in parts_of("TX. Hoàng Mai (Nghệ An)")]
    [['tx', 'hoang', 'mai'], ['nghe', 'an']]
    >>> [word.plain for word in parts_of("Phường 01; Q.3")[0]]
    ['phuong', '1']
    """
    text = APOSTROPHES.sub("", query.casefold().replace("\n", _HARD))
    text = re.sub(r"\b(q|p)(\d+)\b", r"\1 \2", text)
    parts = []
    for part in (_DASHES if dashes else _SEPARATOR).split(text):
        words = re.sub(r"[^\w\u0300-\u036f]|_", " ", part).split()
        words = [word.lstrip("0") or word if word.isdecimal() else word for word in words]
        if plain("".join(words[-2:])) == "vietnam":
            words = words[:-2]
        if words:
            parts.append([Word(normalise(word), plain(word)) for word in words])
    return parts if sum(map(len, parts)) <= _LONGEST_QUERY else []


def _read(
    words: Sequence[Word | None],
    index: dict[str, list[Entry]],
    *,
    toned: bool,
) -> Iterator[Unit]:
    """Yield the units that words name, None between parts.

    `toned` says whether a name without diacritics has none.
    """
    first = [word.plain if word else _HARD for word in words]
    kind, count = unit_word(first)
    for start, wanted in dict.fromkeys([(count, kind), (0, "")]):
        for end in range(start + 1, min(start + _MOST_WORDS, len(words)) + 1):
            name = [word for word in words[start:end] if word]
            if len(name) < end - start:
                break
            spelt = "".join(word.tones for word in name)
            free = spelt.isascii() and not toned
            rest = "".join(word.plain for word in words[end:] if word)
            for unit, its_kind, _, tones in index.get("".join(first[start:end]), ()):
                said = free or spelt == tones or not tones
                if said and wanted in ("", its_kind) and _fits_above(unit, rest):
                    yield unit if tones else replace(unit, note=_OTHER_NAME)


def _joined(parts: Sequence[Sequence[Word]]) -> list[Word | None]:
    """Words of all parts, None between parts."""
    return [word for part in parts for word in (None, *part)][1:]


def matching(query: str, *, earlier: bool = True) -> tuple[Unit, ...]:
    """All units that a text may name; by `earlier` or other names only where there is none.

    A text with diacritics anywhere is taken at its word everywhere; only where no unit is
    named so are the parts without diacritics read as plain.
    """
    if found := codes().get(query.strip()):
        return found
    parts = parts_of(query)
    orders = [_joined(parts), _joined(parts[::-1]), _joined(parts_of(query, dashes=True)[::-1])]
    toned = not all(word.tones.isascii() for part in parts for word in part)
    for index in (names, former) if earlier else (names,):
        for strict in dict.fromkeys((toned, False)):
            for words in orders:
                units = tuple(dict.fromkeys(_read(words, index(), toned=strict)))
                if units:
                    return units
    return ()


@cache
def _names_in(province_code: str | None) -> dict[str, list[Entry]]:
    return by_name(
        entry for entry in entries() if province_code in (None, entry.unit.province_code)
    )


def alike(query: str, province_code: str | None = None, *, limit: int = 8) -> tuple[Unit, ...]:
    """Units spelt much like what a text begins with, the most alike path first.

    Parameters
    ----------
    query
        As for :func:`matching`.
    province_code
        Only units in a province of 2025.
    limit
        How many at most.
    """
    parts = parts_of(query)
    if not parts:
        return ()
    words = [word.plain for word in parts[0]]
    words = words[unit_word(words)[1] :] or words
    heads = {"".join(words)}
    if len(parts) == 1:
        heads |= {"".join(words[:count]) for count in (2, 3) if len(words) > count}
    index = _names_in(province_code)
    names = {
        name
        for head in heads
        for name in difflib.get_close_matches(head, index, n=_LIKELY, cutoff=_CUTOFF)
    }
    typed = difflib.SequenceMatcher(b="".join(word.plain for part in parts for word in part))

    def likeness(unit: Unit) -> float:
        path, name = unit.path.split(", "), bare(unit.name)[1]
        best = 0.0
        for written in {name, unit.name, " ".join((name, *path[1:])), " ".join(path)}:
            typed.set_seq1(squeeze(plain(written)))
            best = max(best, typed.ratio())
        return best

    units = dict.fromkeys(entry.unit for name in names for entry in index[name])
    return tuple(sorted(units, key=lambda unit: (-likeness(unit), unit.path, unit.system))[:limit])
