"""The search box: parks, clusters, zones and administrative units in one, as it is typed.

A component of its own: a select box filters by the letters of its labels, and knows neither old
units nor how people spell them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import streamlit as st

from data.resolutions import provinces
from data.units.locate import search as search_units
from data.units.locate import successors_of
from data.units.spelling import plain, squeeze
from layers import state, store
from layers._records import records
from layers.components import component
from layers.units import unit_key
from layers.words import GROUP, KIND

if TYPE_CHECKING:
    from data.units.locate import Unit
    from geo.snapshot import Snapshot
    from layers.words import Words

KEY: Final = "find"
LIMIT: Final = 6  # of each kind
_INSIDE: Final = 3  # letters from which a part of a word is searched for
_HOWS: Final = ("exact", "prefix", "word", "inside", "alike")
_SHORT: Final = {
    "industrial_park": "kcn khu cong nghiep",
    "industrial_cluster": "ccn cum cong nghiep",
    "economic_zone": "kkt khu kinh te",
    "high_tech_park": "kcnc khu cong nghe cao",
}


class Found(NamedTuple):
    """Something that fits what was typed; the smaller `rank`, the better."""

    rank: int
    province: str
    kind: str
    key: str
    name: str
    detail: str


@st.fragment
def show(shot: Snapshot, w: Words) -> None:
    """Put the search box on the page; what is chosen there is selected.

    A fragment, so that typing repaints the list alone.
    """
    query = _value("query")
    groups = find(query, shot, w) if query else {}
    component("search", files="search", root="search")(
        key=KEY,
        data={
            "query": query,
            "groups": [
                {
                    "title": title,
                    "items": [
                        {
                            "id": f"{item.province}|{item.kind}|{item.key}",
                            "name": item.name,
                            "detail": item.detail,
                        }
                        for item in items
                    ],
                }
                for title, items in groups.items()
            ],
            "words": {
                "label": w("Find a park, a zone, a commune or a district"),
                "none": w("Nothing is called so. Try a part of the name, or its earlier name."),
            },
        },
        on_query_change=_typed,
        on_pick_change=_picked,
    )
    if st.session_state.pop("search_done", False):
        st.rerun()


def _value(name: str) -> str:
    return str(getattr(st.session_state.get(KEY), name, None) or "")


def _typed() -> None:
    """Nothing to do: the fragment runs again with what was typed."""


def _picked() -> None:
    province, _, rest = _value("pick").partition("|")
    kind, _, key = rest.partition("|")
    if province in provinces():
        state.choose_in(province, kind, key)
        st.session_state["search_done"] = True


def find(query: str, shot: Snapshot, w: Words) -> dict[str, list[Found]]:
    """Find what fits a query, by heading, best heading first.

    Parameters
    ----------
    query
        Names or parts of them, with or without diacritics, perhaps unfinished.

    Returns
    -------
    dict
        Parks, clusters and economic zones; zones; administrative units of the province; and,
        where they fit well, areas and units of the other provinces.
    """
    here = shot.resolution.province
    others = w("In other provinces")
    groups = {
        w("Parks, clusters, economic zones"): _areas(query, records(shot.areas), here, w),
        w("Zones, areas and corridors"): _zones(query, shot, w),
        w("Administrative units"): _units(query, {shot.resolution.code: here}, w),
        others: _elsewhere(query, shot, w),
    }
    listed = [(title, sorted(items)[:LIMIT]) for title, items in groups.items() if items]
    return dict(sorted(listed, key=lambda group: (group[0] == others, group[1][0].rank)))


def rank(query: str, name: str, more: str = "") -> int | None:
    """Tell how well a name fits a query, 0 best; None where it doesn't.

    Parameters
    ----------
    query
        As it was typed.
    name
        Name with diacritics.
    more
        Plain words by which it may also be called.

    Examples
    --------
    >>> rank("nam cam", "Khu công nghiệp Nam Cấm"), rank("vsip", "Nam Cấm")
    (2, None)
    >>> rank("kcn nam", "Khu công nghiệp Nam Cấm", "kcn"), rank("khu", "Khu công nghiệp")
    (2, 1)
    """
    typed, words = plain(query), plain(f"{name} {more}")
    if not typed:
        return None
    if plain(name) == typed:
        return 0
    if words.startswith(typed):
        return 1
    if all(f" {word}" in f" {words}" for word in typed.split()):
        return 2
    if len(squeeze(typed)) >= _INSIDE and squeeze(typed) in squeeze(words):
        return 3
    return None


def _areas(
    query: str,
    areas: dict[str, dict[str, Any]],
    province: str,
    w: Words,
) -> list[Found]:
    found = []
    for key, area in areas.items():
        more = f"{area['name_en']} {_SHORT.get(area['kind'], '')}"
        fit = rank(query, area["name_vi"], more)
        if fit is not None:
            name = w.pick(area["name_vi"], area["name_en"])
            found.append(Found(fit, province, "area", key, name, w.of(KIND, area["kind"])))
    return found


def _zones(query: str, shot: Snapshot, w: Words) -> list[Found]:
    found = []
    for key, zone in records(shot.zones).items():
        fit = rank(query, zone["name_vi"], zone["name_en"])
        if fit is not None:
            name = w.pick(zone["name_vi"], zone["name_en"])
            province = shot.resolution.province
            found.append(Found(fit, province, "zone", key, name, w(GROUP[zone["group"]])))
    return found


def _units(query: str, keys: dict[str, str], w: Words) -> list[Found]:
    """Units in the provinces of these codes, in the order of the search."""
    only = next(iter(keys)) if len(keys) == 1 else None
    matches = search_units(query, only, limit=LIMIT if only else 8 * LIMIT)
    return [
        Found(
            _HOWS.index(match.how),
            keys[match.unit.province_code],
            "unit",
            unit_key(match.unit),
            match.unit.name,
            unit_detail(match.unit, w),
        )
        for match in matches
        if match.unit.province_code in keys
    ]


def unit_detail(unit: Unit, w: Words) -> str:
    """Say what a unit lies in, of which system it is and what it became."""
    above = ", ".join(dict.fromkeys(part for part in (unit.district, unit.province) if part))
    above = above if above != unit.name else ""
    if unit.system == "2025":
        return ", ".join(part for part in (w("since July 2025"), above) if part)
    parts = [w("until June 2025"), above]
    links = successors_of(unit)
    if len(links) == 1 and unit.level == "commune":
        parts.append(w("now {name}", name=links[0].unit.name))
    return ", ".join(part for part in parts if part)


def _elsewhere(query: str, shot: Snapshot, w: Words) -> list[Found]:
    here = shot.resolution.province
    known = {key: one for key, one in store.resolutions().items() if key != here}
    others = {one.code: key for key, one in known.items()}
    found: list[Found] = []
    areas = shot.facts.areas
    for code, province in others.items():
        listed = records(areas[areas["province_code"] == code])
        found += [item for item in _areas(query, listed, province, w) if item.rank < 3]  # noqa: PLR2004
    found += [item for item in _units(query, others, w) if item.rank <= 1]
    names = {key: w.pick(one.name.vi, one.name.en) for key, one in known.items()}
    return [
        item
        if item.kind == "unit"
        else item._replace(detail=f"{item.detail}, {names[item.province]}")
        for item in found
    ]
