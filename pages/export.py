"""Export and report: take the data, a report, a map or the statutory form away."""

from __future__ import annotations

import streamlit as st

from data.resolutions import provinces
from layers import controls, shell, state, store
from layers.downloads import data as export_data
from layers.downloads import papers as export_papers
from layers.downloads.choice import Here
from layers.words import words

VIEWS = ("data", "report", "map", "form04")

state.restore(provinces())
w = words(state.language())
controls.header(w)
shell.style("export")
province, as_of = st.session_state["province"], st.session_state["as_of"]
stamp = store.data_stamp(province)
names = {
    "data": w("Data"),
    "report": w("Report (Word)"),
    "map": w("Map to send"),
    "form04": w("Form 04 (clusters)"),
}
state.restore_view("out_view", VIEWS)
view = st.segmented_control(
    w("Export and report"),
    VIEWS,
    key="out_view",
    format_func=names.__getitem__,
    label_visibility="collapsed",
    required=True,
)
with st.spinner(w("Computing the account ..."), show_time=False):
    shot = store.snapshot_of(province, as_of, stamp)
state.check(controls.exists(shot))
here = Here(province, as_of, stamp)
if view == "report":
    export_papers.show_report(here, w)
elif view == "map":
    export_papers.show_map(here, w)
elif view == "form04":
    export_papers.show_form(here, w)
else:
    export_data.show(here, w)
state.keep(view="" if view in {None, VIEWS[0]} else str(view))
