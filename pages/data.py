"""Data: what is known, how good it is, whom to ask, and where it is from."""

from __future__ import annotations

import streamlit as st

from data.resolutions import provinces
from geo.quality import missing_most
from layers import controls, findings, missing, shell, sources, state, store, summary
from layers.words import words

state.restore(provinces())
w = words(state.language())
controls.header(w)
shell.style("data")
province, as_of = st.session_state["province"], st.session_state["as_of"]
stamp = store.data_stamp(province)
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
state.keep()
