"""Data: what is known, how good it is, whom to ask, where it is from; and bringing in one's own."""

from __future__ import annotations

import streamlit as st

from data.resolutions import provinces
from geo.quality import missing_most
from layers import controls, findings, missing, shell, sources, state, store, summary
from layers.imports import page as import_page
from layers.words import words

VIEWS = ("quality", "own")

state.restore(provinces())
w = words(state.language())
controls.header(w)
shell.style("data")
province, as_of = st.session_state["province"], st.session_state["as_of"]
stamp = store.data_stamp(province)
names = {"quality": w("What is known, and how well"), "own": w("Data of my own")}
state.restore_view("data_view", VIEWS)
view = st.segmented_control(
    w("Data"),
    VIEWS,
    key="data_view",
    format_func=names.__getitem__,
    label_visibility="collapsed",
    required=True,
)
if view == "own":
    import_page.show(province, as_of, stamp, w)
else:
    with st.spinner(w("Computing the account ..."), show_time=False):
        shot = store.snapshot_of(province, as_of, stamp)
        every = store.findings_of(province, as_of, stamp)
        gaps = missing_most(store.timeline_of(province, stamp), as_of)
    here = findings.of_province(every, shot.resolution.code)
    st.html(findings.strip_html(here, shot, w))
    st.html(missing.missing_html(gaps, shot, w))
    st.html(missing.reports_html(shot, w))
    st.html(findings.heading_html(w))
    scope = findings.scope(here, every, w)
    shown = findings.narrowed(scope, findings.filters(scope, shot, w))
    st.html(findings.table_html(shown, shot, w))
    findings.downloads(shown, f"{province}_{as_of.isoformat()}", w)
    with st.expander(w("Sources and documents")):
        st.html(summary.documents_html(shot, w))
        st.html(sources.sources_table(shot, w))
    st.html(sources.licences_html(shot, w))
state.keep(view="own" if view == "own" else "")
