"""Compare: two to five places chosen here, on the map or in the list, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from data.resolutions import load_resolution, provinces
from geo.comparison import MOST, places_of
from layers import state, store
from layers.comparison import view as comparison_view
from layers.safe_html import element

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.snapshot import Snapshot
    from layers.store import Stamp
    from layers.words import Words


class Known(NamedTuple):
    """All that can be compared, by id: province, and names in both languages."""

    homes: Mapping[str, str]
    names: Mapping[str, tuple[str, str]]
    provinces: Mapping[str, tuple[str, str]]


@st.cache_resource(show_spinner=False, max_entries=2)
def _known(stamp: Stamp) -> Known:
    facts = store.facts_of(stamp)
    resolutions = [load_resolution(key) for key in provinces()]
    names = {
        str(key): (str(vi), str(en or ""))
        for key, vi, en in zip(
            facts.areas.index, facts.areas["name_vi"], facts.areas["name_en"], strict=True
        )
    }
    names |= {zone.key: (zone.name.vi, zone.name.en) for one in resolutions for zone in one.zones}
    own = {one.province: (one.name.vi, one.name.en) for one in resolutions}
    return Known(places_of(facts, resolutions), names, own)


def places() -> Known:
    """Give all that can be compared, what was brought in too, once for a state of the data."""
    return _known(store.data_stamp(st.session_state["province"]))


def show(shot: Snapshot, known: Known, w: Words) -> None:
    """Put the choice and the comparison on the page."""
    here = shot.resolution.province
    # Those of the province at hand first.
    order = sorted(known.homes, key=lambda key: known.homes[key] != here)

    def name(key: str) -> str:
        text = w.pick(*known.names[key])
        other = known.homes[key]
        return text if other == here else f"{text} ({w.pick(*known.provinces[other])})"

    st.session_state["compare_pick"] = list(state.compared())
    st.multiselect(
        w("Parks, clusters or zones to compare, two to five"),
        order,
        key="compare_pick",
        format_func=name,
        max_selections=MOST,
        placeholder=w("Type a name"),
        on_change=_picked,
    )
    comparison_view.show(
        state.compared(),
        w,
        places=known.homes,
        take=lambda key: store.snapshot_of(key, shot.as_of, store.data_stamp(key)),
    )
    if state.compared():
        st.html(
            element(
                "p",
                w("The address of this page holds the comparison: copy it to share."),
                class_="atlas-hint",
            ),
        )


def _picked() -> None:
    state.compare(st.session_state["compare_pick"])
