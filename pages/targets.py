"""Targets and conditions: are the targets of the documents met, may a cluster be founded here."""

from __future__ import annotations

import streamlit as st

from data.resolutions import provinces
from layers import controls, shell, state, store
from layers.policy import conditions as condition_page
from layers.policy import targets as target_page
from layers.words import words

VIEWS = ("targets", "conditions")

state.restore(provinces())
w = words(state.language())
search_box = controls.header(w)
shell.style("targets")
province, as_of = st.session_state["province"], st.session_state["as_of"]
stamp = store.data_stamp(province)
with st.spinner(w("Computing the account ..."), show_time=False):
    shot = store.snapshot_of(province, as_of, stamp)
names = {"targets": w("Targets of the documents"), "conditions": w("Conditions of the law")}
state.restore_view("view", VIEWS)
view = st.segmented_control(
    w("Targets and conditions"),
    VIEWS,
    key="view",
    format_func=names.__getitem__,
    label_visibility="collapsed",
    required=True,
)
link: dict[str, str] = {}
if view == "conditions":
    link = {"view": view, **condition_page.show(shot, w, stamp=stamp)}
else:
    target_page.show(shot, w)
state.keep(**link)
