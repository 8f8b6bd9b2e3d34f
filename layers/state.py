"""What the user has chosen: province, date, language and selection, kept in the link too."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, cast

import streamlit as st

from layers import map as atlas_map
from layers import table
from layers.numbers import from_iso
from layers.words import LANGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.words import Lang

# No daylight saving time in Viet Nam; a fixed offset needs no time zone tables on Windows.
_VIET_NAM: Final = dt.timezone(dt.timedelta(hours=7))
FIRST_DAY: Final = dt.date(2007, 1, 1)
NOTHING: Final = ("", "")
_KINDS: Final = ("zone", "area")
_LASTING: Final = ("province", "as_of", "lang", "kinds", "statuses", "tiles")


def today() -> dt.date:
    """Give today's date in Viet Nam."""
    return dt.datetime.now(_VIET_NAM).date()


def restore(provinces: Sequence[str]) -> None:
    """Take province, date, language and selection from the link, once a session."""
    if "chosen" in st.session_state:
        _carry_over()
        return
    query = st.query_params
    province = query.get("province", "")
    st.session_state["province"] = province if province in provinces else provinces[0]
    day = from_iso(query.get("date"))
    st.session_state["as_of"] = day if day and FIRST_DAY <= day <= today() else today()
    lang = query.get("lang", "")
    st.session_state["lang"] = lang if lang in LANGS else LANGS[0]
    kind, _, key = query.get("selected", "").partition(":")
    st.session_state["chosen"] = (kind, key) if kind in _KINDS and key else NOTHING
    _follow()


def language() -> Lang:
    """Give the language in use, before the page is restored too."""
    lang = st.session_state.get("lang") or st.query_params.get("lang", "")
    return cast("Lang", lang) if lang in LANGS else LANGS[0]


def _carry_over() -> None:
    """Keep what was chosen on another page: Streamlit forgets widgets that a page lacks."""
    for key in _LASTING:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]
    if "search" not in st.session_state:
        _follow()


def keep(**own: str) -> None:
    """Write what is chosen into the link, so that it can be sent to somebody.

    Parameters
    ----------
    **own
        What the page itself keeps there; empty texts are left out.
    """
    state = st.session_state
    query = {"province": state["province"], "lang": state["lang"]}
    query |= {key: value for key, value in own.items() if value}
    if state["as_of"] != today():
        query["date"] = state["as_of"].isoformat()
    if state["chosen"] != NOTHING:
        query["selected"] = ":".join(state["chosen"])
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)


def chosen() -> tuple[str, str]:
    """Give what is selected: ("zone", key), ("area", id) or ("", "")."""
    return cast("tuple[str, str]", st.session_state["chosen"])


def choose(kind: str, key: str) -> None:
    """Select a zone or an area; ("", "") clears."""
    st.session_state["chosen"] = (kind, key) if kind in _KINDS and key else NOTHING
    _follow()


def clear() -> None:
    """Select nothing."""
    choose(*NOTHING)


def on_map() -> None:
    """Follow a click on the map."""
    picked = atlas_map.picked()
    if picked is not None:
        choose(*picked)


def on_table() -> None:
    """Follow a click in the table; a click on the selected row clears."""
    key = table.picked()
    if key is not None:
        choose("zone", key)


def on_search() -> None:
    """Follow the search box."""
    key = st.session_state.get("search")
    choose("area", key) if key else clear()


def on_province() -> None:
    """Drop what was selected in another province."""
    clear()


def _follow() -> None:
    """Keep the search box with the selection."""
    kind, key = st.session_state["chosen"]
    st.session_state["search"] = key if kind == "area" else None
