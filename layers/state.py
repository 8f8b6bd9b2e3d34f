"""What the user has chosen: province, date, language and selection, kept in the link too."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, cast

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geo.comparison import MOST
from layers.numbers import from_iso
from layers.words import LANGS

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from pathlib import Path

    from data._message import Lang

# No daylight saving time in Viet Nam; a fixed offset needs no time zone tables on Windows.
_VIET_NAM: Final = dt.timezone(dt.timedelta(hours=7))
FIRST_DAY: Final = dt.date(2007, 1, 1)
NOTHING: Final = ("", "")
KINDS: Final = ("zone", "area", "unit")
# A file of one's own is on one's own machine, so no link can name it.
LINKED_SOURCES: Final = ("bundled", "official")
KEPT: Final = "kept"  # boundaries that were brought into the workspace
_LASTING: Final = ("province", "as_of", "lang", "kinds", "statuses", "tiles")
# Keys that begin so hold values that widgets of a page may lack for a while: what is asked of a
# site, and what is to be exported.
LASTING: Final = ("fit_", "out_")
_PAGE: Final = "page"  # the page that is open: the end of its address
_AT: Final = "at"  # page and query as they were last read or written
_LINKED: Final = "linked"  # whether this run takes from the link what is chosen
_OWN: Final = "own_parts"  # what each page keeps in its link, with the province


def today() -> dt.date:
    """Give today's date in Viet Nam."""
    return dt.datetime.now(_VIET_NAM).date()


def restore(provinces: Sequence[str]) -> None:
    """Take province, date, language and selection from the link.

    That is done once a session, and when the browser goes back or forward. What the link says
    wrongly is left out and remembered, so that the page can say so (:func:`ignored`). Whether
    the zone, area or unit exists is known later (:func:`check`).
    """
    begins = "chosen" not in st.session_state
    linked = begins or _went_back()
    st.session_state[_LINKED] = linked
    st.session_state[_AT] = _address()
    if not begins:
        _carry_over()
    if linked:
        _follow_link(provinces)


def _follow_link(provinces: Sequence[str]) -> None:
    query = st.query_params
    day = from_iso(query.get("as_of"))
    right = {
        "province": query.get("province", "") in provinces,
        "as_of": day is not None and FIRST_DAY <= day <= today(),
        "lang": query.get("lang", "") in LANGS,
    }
    province = query["province"] if right["province"] else provinces[0]
    st.session_state["province"] = province
    st.session_state["as_of"] = day if right["as_of"] else today()
    st.session_state["lang"] = query["lang"] if right["lang"] else LANGS[0]
    asked = [(kind, query[kind]) for kind in KINDS if query.get(kind)]
    st.session_state["chosen"] = asked[0] if asked else NOTHING
    compared = dict.fromkeys(key for key in query.get("compare", "").split(",") if key)
    st.session_state["compared"] = tuple(compared)
    source = query.get("boundaries", "")
    right["boundaries"] = source in LINKED_SOURCES
    if right["boundaries"] or boundaries(province) in LINKED_SOURCES:
        use_boundaries(province, source if right["boundaries"] else "")
    st.session_state["ignored"] = [
        (key, query[key]) for key, fits in right.items() if key in query and not fits
    ]


def follows_link() -> bool:
    """Whether this run takes from the link what is chosen, as :func:`restore` found."""
    return bool(st.session_state.get(_LINKED))


def restore_view(key: str, views: Sequence[str]) -> None:
    """Take from the link which view of a page is open, the first one where it says none.

    Parameters
    ----------
    key
        Of the widget that switches between the views.
    """
    if follows_link() or key not in st.session_state:
        asked = st.query_params.get("view", "")
        st.session_state[key] = asked if asked in views else views[0]


def _address() -> tuple[str, dict[str, str]]:
    return str(st.session_state.get(_PAGE, "")), st.query_params.to_dict()


def _went_back() -> bool:
    """Whether the browser went back or forward to another address.

    The query alone doesn't tell: what is clicked before the browser has the newest link comes
    with the one before.
    """
    run = get_script_run_ctx()
    moved = run is not None and getattr(run, "is_history_navigation", False)
    return moved and st.session_state.get(_AT) != _address()


def check(exists: bool) -> None:  # noqa: FBT001 (the one thing that is asked)
    """Drop what the link selects where there is no such thing, and remember that."""
    if chosen() != NOTHING and not exists:
        st.session_state["ignored"] = [*ignored(), chosen()]
        st.session_state["chosen"] = NOTHING


def check_compared(places: Container[str]) -> None:
    """Drop places to be compared that aren't anywhere, or are too many, and remember that."""
    asked = cast("tuple[str, ...]", st.session_state.get("compared", ()))
    kept = tuple(key for key in asked if key in places)[:MOST]
    if kept != asked:
        left_out = [("compare", key) for key in asked if key not in kept]
        st.session_state["ignored"] = [*ignored(), *left_out]
        st.session_state["compared"] = kept


def ignored() -> list[tuple[str, str]]:
    """Give the parts of the link that were left out, as (key, value)."""
    return cast("list[tuple[str, str]]", st.session_state.get("ignored", []))


def language() -> Lang:
    """Give the language in use, before the page is restored too."""
    kept = "" if _went_back() else st.session_state.get("lang", "")
    lang = kept or st.query_params.get("lang", "")
    return cast("Lang", lang) if lang in LANGS else LANGS[0]


def _carry_over() -> None:
    """Keep what was chosen on another page: Streamlit forgets widgets that a page lacks."""
    kept = [str(key) for key in st.session_state if str(key).startswith(LASTING)]
    for key in (*_LASTING, *kept):
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def keep(**own: str) -> None:
    """Write what is chosen into the link, so that it can be sent to somebody.

    Parameters
    ----------
    **own
        What the page itself keeps there; empty texts are left out.
    """
    parts = {key: value for key, value in own.items() if value}
    state = st.session_state
    pages = {**state.get(_OWN, {}), state.get(_PAGE, ""): (state["province"], parts)}
    state[_OWN] = pages
    query = _shared() | parts
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)
    state[_AT] = _address()


def enter(page: str) -> None:
    """Remember which page is open, by the end of its address."""
    st.session_state[_PAGE] = page


def link_to(page: str) -> dict[str, str]:
    """Give the query with which a page opens: what is chosen, and what it kept there before.

    A page that opened without it would write it, and Back would then lead to the same page.
    """
    province, parts = st.session_state.get(_OWN, {}).get(page, ("", {}))
    return _shared() | (parts if province == st.session_state["province"] else {})


def _shared() -> dict[str, str]:
    """Give what the link of any page says."""
    state = st.session_state
    query = {"province": state["province"], "lang": state["lang"]}
    if (source := boundaries(state["province"])) in LINKED_SOURCES:
        query["boundaries"] = source
    if state["as_of"] != today():
        query["as_of"] = state["as_of"].isoformat()
    if state["chosen"] != NOTHING:
        kind, key = state["chosen"]
        query[kind] = key
    if compared():
        query["compare"] = ",".join(compared())
    return query


def chosen() -> tuple[str, str]:
    """Give what is selected: ("zone", key), ("area", id), ("unit", key) or ("", "")."""
    return cast("tuple[str, str]", st.session_state["chosen"])


def choose(kind: str, key: str) -> None:
    """Select a zone, an area or a unit; ("", "") clears."""
    st.session_state["chosen"] = (kind, key) if kind in KINDS and key else NOTHING
    st.session_state["ignored"] = []


def choose_in(province: str, kind: str, key: str) -> None:
    """Select something, perhaps in another province."""
    st.session_state["province"] = province
    choose(kind, key)


def compared() -> tuple[str, ...]:
    """Give the areas or zones that are put side by side, of any provinces."""
    return cast("tuple[str, ...]", st.session_state.get("compared", ()))[:MOST]


def compare(places: Sequence[str]) -> None:
    """Put areas or zones side by side, the first five of them; none ends the comparison."""
    st.session_state["compared"] = tuple(dict.fromkeys(places))[:MOST]
    st.session_state["ignored"] = []


def boundaries(province: str) -> str:
    """Give the boundary source that was chosen for a province; "" where none was."""
    sources = cast("dict[str, str]", st.session_state.get("sources", {}))
    return sources.get(province, "")


def use_boundaries(province: str, source: str) -> None:
    """Choose a boundary source: "bundled", "official", "own" or `KEPT`."""
    st.session_state["sources"] = {**st.session_state.get("sources", {}), province: source}


def own_file(province: str) -> Path | None:
    """Give the file with the user's own boundaries of a province, if there is one in use."""
    path = st.session_state.get("own_files", {}).get(province)
    return path if path is not None and path.is_file() else None


def use_own_file(province: str, path: Path | None) -> None:
    """Use a file with the user's own boundaries of a province, or none any more."""
    st.session_state["own_files"] = {**st.session_state.get("own_files", {}), province: path}


def clear() -> None:
    """Select nothing."""
    choose(*NOTHING)
