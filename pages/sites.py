"""Find a site: where does a trade fit, may it go there, how do places compare."""

from __future__ import annotations

import streamlit as st

from data.resolutions import provinces
from layers import controls, shell, state, store
from layers.sites import check as site_check
from layers.sites import compare as site_compare
from layers.sites import find as site_search
from layers.sites import needs as site_needs
from layers.sites import state as site_state
from layers.words import words

state.restore(provinces())
site_state.restore()
w = words(state.language())
controls.header(w)
for sheet in ("targets", "data", "sites", "comparison"):
    shell.style(sheet)
province, as_of = st.session_state["province"], st.session_state["as_of"]
names = {"find": w("Find places"), "check": w("Check a place"), "compare": w("Compare")}
view = st.segmented_control(
    w("Find a site"),
    site_state.VIEWS,
    key="fit_view",
    format_func=names.__getitem__,
    label_visibility="collapsed",
    required=True,
)
keys = site_search.scope(province) if view == "find" else (province,)
stamps = tuple(store.data_stamp(key) for key in keys)
with st.spinner(w("Computing the account ..."), show_time=False):
    shots = [store.snapshot_of(key, as_of, stamp) for key, stamp in zip(keys, stamps, strict=True)]
places = site_compare.places()
state.check(any(controls.exists(shot) for shot in shots))
state.check_compared(places.homes)
controls.notice(w)
if view == "find":
    site_search.show(shots, w, stamps=stamps)
elif view == "check":
    site_check.show(shots[0], w, stamp=stamps[0])
else:
    site_compare.show(shots[0], places, w)
preset = site_needs.preset_in_use()
state.keep(**site_state.link(preset, site_needs.changed_weights(preset)))
