"""Names of parks, clusters and economic zones in anyone's files, matched to the known areas."""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from data._frames import rows
from data.units.spelling import normalise, plain

if TYPE_CHECKING:
    import pandas as pd

# How kinds of areas begin a name, longest first.
_KIND_WORDS = {
    "khu công nghiệp đô thị và dịch vụ": "industrial_park",
    "khu công nghiệp": "industrial_park",
    "kcn": "industrial_park",
    "industrial park": "industrial_park",
    "khu cn": "industrial_park",
    "cụm cn": "industrial_cluster",
    "cụm công nghiệp": "industrial_cluster",
    "ccn": "industrial_cluster",
    "industrial cluster": "industrial_cluster",
    "khu kinh tế": "economic_zone",
    "kkt": "economic_zone",
    "economic zone": "economic_zone",
    "khu công nghệ cao": "high_tech_park",
    "cnc": "high_tech_park",
}
_KINDS = {way: kind for word, kind in _KIND_WORDS.items() for way in (normalise(word), plain(word))}
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}
_LIKE = 0.72
_VERY_LIKE = 0.86
_OTHER_KIND = 0.9
NEW_AREA = "new"
_MOST = 5


@dataclass(frozen=True)
class AreaMatch:
    """Which known area a name means.

    Attributes
    ----------
    area_id
        "" where none does for sure.
    candidates
        Ids and likeness (0 to 1) of others spelt alike, best first.
    kind
        Kind of area that the name itself states, "" for none.
    """

    area_id: str
    candidates: tuple[tuple[str, float], ...] = ()
    kind: str = ""

    @property
    def doubtful(self) -> bool:
        """Whether the name is so much like a known one that it may be a misspelling of it."""
        return not self.area_id and bool(self.candidates) and self.candidates[0][1] >= _VERY_LIKE


def parted(name: str) -> tuple[str, str]:
    """Kind of area that a name begins with, and the normalised rest.

    Examples
    --------
    >>> parted("KCN Hoàng Mai II") == parted("Khu công nghiệp Hoàng Mai 2")
    True
    """
    text = re.sub(r"[^\w\s]|_", " ", unicodedata.normalize("NFC", name))
    words = [_ROMAN.get(word, word) for word in normalise(text).split()]
    for count in range(min(len(words) - 1, 8), 0, -1):
        if kind := _KINDS.get(" ".join(words[:count])):
            return kind, " ".join(words[count:])
        if kind := _KINDS.get(" ".join(words[-count:])):
            return kind, " ".join(words[:-count])
    return "", " ".join(words)


def _ways(name: str) -> set[str]:
    """Rests under which a name is known: whole, without brackets, what is in them."""
    ways = {parted(name)[1]}
    for inside in re.findall(r"\(([^)]*)\)", name):
        ways.add(parted(inside)[1])
    outside = re.sub(r"\([^)]*\)", " ", name)
    if outside.strip():
        ways.add(parted(outside)[1])
    return {way for way in ways if way}


class AreaNames:
    """Index of the known areas of a province by their names.

    Parameters
    ----------
    areas
        Facts' areas of the province, indexed by id.
    """

    def __init__(self, areas: pd.DataFrame) -> None:
        self.ids = frozenset(areas.index)
        self.names = dict(zip(areas.index, areas["name_vi"], strict=True))
        self._kinds = dict(zip(areas.index, areas["kind"], strict=True))
        self._toned: dict[str, set[str]] = {}
        self._plain: dict[str, set[str]] = {}
        for area in rows(areas):
            for way in _ways(area.name_vi) | _ways(area.name_en):
                self._toned.setdefault(way, set()).add(area.Index)
                self._plain.setdefault(plain(way), set()).add(area.Index)

    def shown(self, area_id: str) -> str:
        """Name and id of an area, for messages."""
        return f"{self.names[area_id]} ({area_id})"

    def match(self, name: str, kind: str = "") -> AreaMatch:
        """Find the area that a name means.

        Parameters
        ----------
        name
            Id or name, with or without "KCN", "Cụm công nghiệp" and diacritics; a name with
            diacritics must have the right ones.
        kind
            Kind of area where a column tells it; one that the name itself tells goes before.
        """
        if name in self.ids:
            return AreaMatch(name)
        said, rest = parted(name)
        wanted = said or kind
        simple = plain(rest)
        index, key = (self._plain, simple) if rest.isascii() else (self._toned, rest)
        found = self._of_kind(index.get(key, set()), wanted)
        if found and normalise(name) not in {normalise(self.names[one]) for one in found}:
            found |= self._of_kind(self._numbered(simple), wanted)
        if len(found) == 1:
            return AreaMatch(min(found), kind=said)
        if found:
            return AreaMatch("", tuple((one, 1.0) for one in sorted(found)), said)
        if others := index.get(key):  # of another kind: a cluster that someone calls a park
            return AreaMatch("", tuple((one, _OTHER_KIND) for one in sorted(others)), said)
        return AreaMatch("", self._alike(simple, wanted), said)

    def _numbered(self, simple: str) -> set[str]:
        """Areas called so with a number behind: "VSIP Nghệ An" may be any of four."""
        pattern = re.compile(re.escape(simple) + r" \d+")
        return {one for way, ids in self._plain.items() if pattern.fullmatch(way) for one in ids}

    def _of_kind(self, ids: set[str], kind: str) -> set[str]:
        return {one for one in ids if not kind or self._kinds[one] == kind}

    def _alike(self, simple: str, kind: str) -> tuple[tuple[str, float], ...]:
        best: dict[str, float] = {}
        for way, ids in self._plain.items():
            like = _likeness(simple, way)
            if like >= _LIKE:
                for one in self._of_kind(ids, kind):
                    best[one] = max(best.get(one, 0.0), like)
        ranked = sorted(best.items(), key=lambda one: (-one[1], one[0]))
        return tuple((one, round(like, 2)) for one, like in ranked[:_MOST])


@lru_cache(maxsize=65536)
def _likeness(one: str, other: str) -> float:
    """Likeness of two plain names; names that differ in a number only aren't alike at all."""
    if re.sub(r"\d+", "", one) == re.sub(r"\d+", "", other) and one != other:
        return 0.0
    # The ratio depends on the order of its arguments.
    first, second = sorted((one.replace(" ", ""), other.replace(" ", "")))
    return difflib.SequenceMatcher(None, first, second).ratio()


def slug(name: str) -> str:
    """Part of an id made of a name.

    Examples
    --------
    >>> slug("Nghĩa Đàn 2 (mở rộng)")
    'nghia-dan-2-mo-rong'
    """
    return "-".join(re.findall(r"[a-z0-9]+", plain(name)))
