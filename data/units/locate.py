"""Looking units up as people write them: what was it, what did it become, what was it before.

Provinces, districts and communes of both systems are found by full path or a part of it, with
or without unit words and diacritics, by code, and by names from before a merger. A name that
fits several units is answered with all of them, one that fits none with those spelt alike:
nothing is guessed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from data.units import predecessors, successors
from data.units._lookup import (
    Unit,
    entries,
    old_provinces,
    unit_of_commune,
    unit_of_key,
    unit_of_province,
)
from data.units._reading import alike, matching, parts_of
from data.units.spelling import plain, squeeze, unit_word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from data.units._lookup import System

__all__ = [
    "Division",
    "Link",
    "Located",
    "Match",
    "Unit",
    "divisions_of",
    "locate",
    "predecessors_of",
    "search",
    "successors_of",
]

How = Literal["exact", "prefix", "word", "inside", "alike"]
_HOWS: tuple[How, ...] = ("exact", "prefix", "word", "inside", "alike")
_LEVELS = ("province", "district", "commune")
_INSIDE = 3  # letters from which a part of a word is searched for


@dataclass(frozen=True)
class Link:
    """A unit that another one went to or came from.

    Attributes
    ----------
    unit
        The unit at the other end.
    main
        Whether an old commune has its only or default successor at this end; for a district,
        whether one of its communes has.
    divided
        Whether an old commune that was divided is behind this link.
    """

    unit: Unit
    main: bool
    divided: bool


@dataclass(frozen=True)
class Division:
    """An old commune that was divided, and the 2025 communes among which it was."""

    unit: Unit
    among: tuple[Link, ...]


@dataclass(frozen=True)
class Located:
    """Answer to a query: the unit where `units` holds one, candidates where several.

    `alike` holds units spelt alike where `units` is empty.
    """

    query: str
    units: tuple[Unit, ...]
    alike: tuple[Unit, ...]

    @property
    def unit(self) -> Unit | None:
        """The unit, if there is no doubt about it."""
        return self.units[0] if len(self.units) == 1 else None


@dataclass(frozen=True)
class Match:
    """A unit for the search box, and how it fits what was typed, best first in `How`."""

    unit: Unit
    how: How


def locate(
    query: str,
    *,
    system: System | None = None,
    province_code: str | None = None,
) -> Located:
    """Find the unit that a text names.

    Parameters
    ----------
    query
        Name with or without unit word ("Xã", "x.") and what it lies in, from small to large or
        from large to small: "Xã Nghi Long, Nghi Lộc, Nghệ An", "nghi long nghi loc"; or a code.
        A name that is written with diacritics must have the right ones.
    system
        Only units before July 2025 ("legacy") or since ("2025").
    province_code
        Only units in a province of 2025, "40".

    Returns
    -------
    Located
        One unit, or all that fit, or those spelt alike. A commune that July 2025 left as it was
        is one unit, of 2025.

    Examples
    --------
    >>> [link.unit.name for link in successors_of(locate("x. nghi long, nghi loc").units[0])]
    ['Xã Trung Lộc']
    >>> len(locate("Xã Nghi Lâm, Nghệ An").units), len(locate("Nghi Lộc").units)
    (1, 2)
    """
    units = _unchanged_once(_chosen(matching(query), system, province_code))
    near = () if units else _chosen(alike(query, province_code), system, province_code)
    return Located(query, units, near)


def _chosen(
    units: Iterable[Unit],
    system: System | None,
    province_code: str | None,
) -> tuple[Unit, ...]:
    chosen = [
        unit
        for unit in units
        if system in (None, unit.system) and province_code in (None, unit.province_code)
    ]
    return tuple(chosen)


def _unchanged_once(units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """Leave out old units that are the same in the new system, and that one is there too."""

    def unchanged(unit: Unit) -> bool:
        new = [link.unit for link in successors_of(unit)]
        return (
            len(new) == 1
            and new[0] in units
            and new[0].name == unit.name
            and [link.unit for link in predecessors_of(new[0])] == [unit]
        )

    return tuple(unit for unit in units if not unchanged(unit))


def successors_of(unit: Unit) -> tuple[Link, ...]:
    """Give what became of an old unit: communes of a commune or district, or a province.

    The main ones come first. Empty for a unit of 2025, and for one whose fate isn't known
    (`data/facts/unit_aliases.csv`).
    """
    if unit.system == "2025":
        return ()
    if unit.level == "province":
        return (Link(unit_of_province(unit.province_code), main=True, divided=False),)
    main: Counter[str] = Counter()
    parts: Counter[str] = Counter()
    for key in unit.keys:
        for rank, code in enumerate(codes := successors(key)):
            main[code] += rank == 0
            parts[code] += len(codes) > 1
    links = (Link(unit_of_commune(code), main[code] > 0, parts[code] > 0) for code in main)
    return tuple(sorted(links, key=lambda link: (not link.main, link.unit.code)))


def predecessors_of(unit: Unit) -> tuple[Link, ...]:
    """Old communes that a 2025 commune was formed from, or old provinces of a province.

    Empty for an old unit.
    """
    if unit.system == "legacy":
        return ()
    if unit.level == "province":
        return tuple(
            Link(province, main=True, divided=False)
            for province in old_provinces()
            if province.province_code == unit.code
        )
    links = []
    for key in predecessors(unit.code):
        codes = successors(key)
        links.append(Link(unit_of_key(key), codes[0] == unit.code, len(codes) > 1))
    return tuple(sorted(links, key=lambda link: (not link.main, link.unit.code)))


def divisions_of(unit: Unit) -> tuple[Division, ...]:
    """Which old communes behind a commune or district were divided, and among which new ones.

    Empty where none was, and for provinces, of which none was divided.

    Examples
    --------
    >>> divisions_of(locate("Xã Nghi Long, Nghi Lộc, Nghệ An").units[0])
    ()
    """
    if unit.level == "province":
        return ()
    old = unit.keys or [key for link in predecessors_of(unit) for key in link.unit.keys]
    return tuple(
        Division(unit_of_key(key), successors_of(unit_of_key(key)))
        for key in old
        if len(successors(key)) > 1
    )


@cache
def _searchable(province_code: str | None) -> tuple[tuple[str, str, Unit], ...]:
    """Plain unit word, plain name in words, unit."""
    return tuple(
        (entry.kind, entry.words, entry.unit)
        for entry in entries()
        if province_code in (None, entry.unit.province_code)
    )


def _fit(typed: str, words: str) -> How | None:
    """Tell how what was typed fits the words of a name."""
    if words.startswith(typed):
        return "prefix"
    if f" {typed}" in words:
        return "word"
    if len(typed) >= _INSIDE and squeeze(typed) in squeeze(words):
        return "inside"
    return None


def _partly(query: str, province_code: str | None) -> dict[Unit, How]:
    """Units of which a part of the name was typed, and maybe what they lie in."""
    parts = [[word.plain for word in part] for part in parts_of(query)]
    if not parts:
        return {}
    head, above = parts[0], ["".join(part[unit_word(part)[1] :]) for part in parts[1:]]
    kind, count = unit_word(head)
    if count < len(head):
        head = head[count:]
    else:
        kind = ""
    # Without separators the name may end after any word.
    for end in range(len(head), 0, -1) if len(parts) == 1 else [len(head)]:
        typed, inside = " ".join(head[:end]), ["".join(head[end:]), *above]
        found = {
            unit: how
            for its_kind, words, unit in _searchable(province_code)
            if kind in ("", its_kind)
            and (how := _fit(typed, words))
            and all(part in squeeze(plain(unit.path)) for part in inside)
        }
        if found:
            return found
    return {}


def search(query: str, province_code: str | None = None, *, limit: int = 10) -> tuple[Match, ...]:
    """Units for a search box, while a name is being typed.

    Parameters
    ----------
    query
        As for :func:`locate`; the last word may be unfinished.
    province_code
        Only units in a province of 2025, "40"; the whole country where None.
    limit
        How many at most.

    Returns
    -------
    tuple
        Best first: whole names, names that begin so, words that do, letters within; units
        spelt alike only where there is nothing else, and only within a province.

    Examples
    --------
    >>> [match.unit.name for match in search("nghi lộ", "40")][:2]
    ['Huyện Nghi Lộc', 'Xã Nghi Lộc']
    """
    if not query.strip():
        return ()
    whole = _chosen(matching(query, earlier=False), None, province_code)
    found: dict[Unit, How] = _partly(query, province_code) | dict.fromkeys(whole, "exact")
    if not found:
        found = dict.fromkeys(_chosen(matching(query), None, province_code), "exact")
    if not found and province_code:
        found = dict.fromkeys(_chosen(alike(query, province_code), None, province_code), "alike")
    written = query.casefold().strip()
    order = sorted(
        found,
        key=lambda unit: (
            _HOWS.index(found[unit]),
            written not in unit.name.casefold(),
            _LEVELS.index(unit.level),
            unit.system == "legacy",
            unit.name,
        ),
    )
    return tuple(Match(unit, found[unit]) for unit in order[:limit])
