"""Choices that several files share: the state they are of, and their language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import streamlit as st

from data._errors import DataError
from layers.downloads import state as export_state
from layers.errors import findings_html
from layers.safe_html import element
from layers.words import LANGS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from data._message import Lang
    from data.scenarios import Scenario
    from layers.downloads.orders import View
    from layers.store import Stamp
    from layers.words import Words

# Each language in its own words, whatever the page speaks.
LANGUAGE: Final = {"vi": "Tiếng Việt", "en": "English"}
_PRESENT: Final = ""


class Here(NamedTuple):
    """What the header says: province, date, and the stamp of the data."""

    province: str
    as_of: dt.date
    stamp: Stamp


def language(key: str, w: Words) -> Lang:
    """Let the language of a file be chosen; that of the page to begin with."""
    if key not in st.session_state:
        st.session_state[key] = w.lang
    return st.radio(
        w("Language of the file"),
        LANGS,
        key=key,
        format_func=LANGUAGE.__getitem__,
        horizontal=True,
    )


def one_of(label: str, names: Mapping[str, str], *, key: str) -> str:
    """Let one be chosen by its name; what was chosen before and is gone is forgotten."""
    if st.session_state.get(key) not in names:
        st.session_state[key] = next(iter(names))
    return st.selectbox(label, list(names), key=key, format_func=names.__getitem__)


def state_of(here: Here, w: Words) -> View | None:
    """Let the present or, where there are any, a scenario be chosen.

    Returns
    -------
    View or None
        None, with the reason on the page, where the scenario doesn't fit the data any more.
    """
    held = _held(here, w)
    name = _PRESENT
    if held:
        names = {one: w("Scenario: {name}", name=one) for one in held}
        name = one_of(w("State"), {_PRESENT: w("As it is")} | names, key="out_state")
    return _assumed(here, held[name], w) if name else export_state.present(*here)


def scenario_of(here: Here, w: Words) -> View | None:
    """Let a scenario be chosen; None, with the reason on the page, where there is none."""
    held = _held(here, w)
    if not held:
        text = w("No scenario of this province is kept in the workspace.")
        st.html(element("p", text, class_="atlas-notice", role="status"))
        return None
    name = one_of(w("Scenario"), {one: one for one in held}, key="out_scenario")
    return _assumed(here, held[name], w)


def _held(here: Here, w: Words) -> dict[str, Scenario]:
    held = export_state.scenarios(here.province)
    if held.broken:
        text = w("Scenarios that can't be read: {names}", names="; ".join(held.broken))
        st.html(element("p", text, class_="atlas-notice", role="status"))
    return held.usable


def _assumed(here: Here, scenario: Scenario, w: Words) -> View | None:
    try:
        return export_state.assumed(*here, scenario)
    except DataError as error:
        st.html(findings_html(w("The scenario doesn't fit the data any more"), error.findings, w))
        return None
