"""Scenarios: what if this park is added, extended, closed or leased."""

from __future__ import annotations

import streamlit as st

from data._errors import DataError, Finding
from data.resolutions import provinces
from data.scenarios import scenario_json
from layers import controls, shell, state, store, summary
from layers.errors import findings_html
from layers.safe_html import element
from layers.scenarios import compare as scenario_compare
from layers.scenarios import export as scenario_export
from layers.scenarios import form as scenario_form
from layers.scenarios import kept as scenario_kept
from layers.scenarios import map as scenario_map
from layers.scenarios import state as scenario_state
from layers.scenarios import view as scenario_view
from layers.scenarios.words import answer_text, names_of
from layers.words import words

VIEWS = ("build", "compare")

state.restore(provinces())
w = words(state.language())
controls.header(w)
for sheet in ("targets", "scenario"):
    shell.style(sheet)
province, as_of = st.session_state["province"], st.session_state["as_of"]
stamp = store.data_stamp(province)
with st.spinner(w("Computing the account ..."), show_time=False):
    base = store.snapshot_of(province, as_of, stamp)
    communes = store.province_of(province, stamp).communes
missing = scenario_kept.restore(province)
made = scenario_state.work(province, as_of, w)
scenario = made.scenario
changes, after = None, base
wrong: tuple[Finding, ...] = ()
try:
    if scenario.edits:
        with st.spinner(w("Working the scenario out ..."), show_time=False):
            found = scenario_state.outcome(province, as_of, stamp, scenario_json(scenario))
        after, changes = found
except DataError as error:
    wrong = tuple(error.findings)
if scenario_state.settle(made, wrong):
    st.rerun()

if changes is None:
    answer = w(
        "Nothing is assumed yet: this is the present. Add a park, extend or close one, change a "
        "status or date, or assume leases."
    )
else:
    answer = answer_text(base, after, changes, w)
unsaved = bool(scenario.edits) and not made.is_saved
st.html(scenario_view.badge_html(scenario.name, answer, w, unsaved=unsaved))
if as_of < scenario.as_of:
    text = w(
        "The scenario begins on {day}; on the day that is chosen above its edits don't count yet.",
        day=f"{scenario.as_of:%d/%m/%Y}",
    )
    st.html(element("div", text, class_="atlas-notice", role="status"))
if missing:
    text = w("There is no saved scenario “{name}” in this province.", name=missing)
    st.html(element("div", text, class_="atlas-notice", role="status"))
if wrong:
    heading = w("The scenario can't be worked out: undo, or remove the edit that is named")
    st.html(findings_html(heading, wrong, w))
if refused := scenario_state.refused():
    st.html(findings_html(w("That can't be done; nothing was changed"), refused, w))

names = {"build": w("Build"), "compare": w("Compare two")}
left, right = st.columns([24, 76], gap="small", vertical_alignment="bottom")
with left:
    view = st.segmented_control(
        w("Scenarios"),
        VIEWS,
        default=VIEWS[0],
        key="scenario_view",
        format_func=names.__getitem__,
        label_visibility="collapsed",
        required=True,
    )
with right:
    listed = scenario_kept.show(made, w)
if view == "compare":
    scenario_compare.show(base, made, listed, w, stamp=stamp, as_of=as_of)
else:
    left, middle, right = st.columns([28, 42, 30], gap="small")
    with left, st.container(key="scenario_edits", border=True):
        scenario_form.edits(made, names_of((base, after), w), w)
        scenario_form.show(made, after, communes, w)
    with middle:
        scenario_map.show(base, after, scenario, w, stamp=stamp)
    if changes is None:
        changes = scenario_state.no_changes()
    triple = [(scenario.name, after, changes)]
    with right, st.container(key="scenario_zones", border=True):
        st.html(scenario_view.zones_html(base, triple, w))
    if scenario.edits and not wrong:
        title = w("Targets and conditions whose verdict changes")
        st.html(element("h4", title, class_="scenario-head"))
        st.html(scenario_view.verdicts_html(base, triple, w))
        if told := scenario_view.new_verdicts_html(base, after, changes, w):
            st.html(told)
        with st.expander(w("All figures that change")):
            st.html(scenario_view.all_html(changes, names_of((base, after), w), w))
        scenario_export.downloads(base, found, scenario, w)
    st.html(summary.banner_html(base, w))
state.keep(scenario=made.kept_name if made.kept_name == scenario.name else "")
