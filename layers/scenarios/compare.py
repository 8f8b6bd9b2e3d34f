"""Two scenarios side by side, each against the present."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from data._errors import DataError
from data.scenarios import Scenario, scenario_json
from layers.errors import findings_html
from layers.safe_html import Html, element
from layers.scenarios import state as scenario_state
from layers.scenarios.view import verdicts_html, zones_html
from layers.scenarios.words import answer_text, edit_text, names_of

if TYPE_CHECKING:
    import datetime as dt

    from geo.snapshot import Snapshot
    from layers.scenarios.state import Outcome, Work
    from layers.store import Stamp
    from layers.words import Words


def show(
    base: Snapshot,
    made: Work,
    listed: dict[str, Scenario],
    w: Words,
    *,
    stamp: Stamp,
    as_of: dt.date,
) -> None:
    """Put the comparison on the page.

    Parameters
    ----------
    made
        The scenario that is worked on; the first of the two unless another is chosen.
    listed
        Those that are saved, by name.
    """
    mine = w("{name} (as it is now)", name=made.scenario.name)
    choices = {mine: made.scenario, **listed}
    if len(choices) < 2 or (len(listed) == 1 and made.is_saved):  # noqa: PLR2004
        text = w(
            "There is nothing to compare with yet: save this scenario, then begin another one "
            "with “New”."
        )
        st.html(element("p", text, class_="atlas-hint"))
        return
    left, right = st.columns(2)
    others = [name for name in choices if name != made.kept_name or not made.is_saved]
    with left:
        first = st.selectbox(w("First scenario"), list(choices), key="scenario_first")
    with right:
        second = st.selectbox(
            w("Second scenario"),
            list(choices),
            index=list(choices).index(others[1]) if len(others) > 1 else 0,
            key="scenario_second",
        )
    results: list[tuple[str, Scenario, Outcome]] = []
    for name in (first, second):
        scenario = choices[name]
        try:
            with st.spinner(w("Working the scenario out ..."), show_time=False):
                found = scenario_state.outcome(
                    scenario.province, as_of, stamp, scenario_json(scenario)
                )
        except DataError as error:
            st.html(findings_html(w("“{name}” can't be worked out", name=name), error.findings, w))
            return
        results.append((name, scenario, found))
    st.html(lists_html(base, results, w))
    pair = [(name, found.after, found.changes) for name, _, found in results]
    with st.container(border=True, key="scenario_pair"):
        st.html(zones_html(base, pair, w))
    st.html(
        element("h4", w("Targets and conditions whose verdict changes"), class_="scenario-head")
    )
    st.html(verdicts_html(base, pair, w))


def lists_html(
    base: Snapshot,
    results: list[tuple[str, Scenario, Outcome]],
    w: Words,
) -> Html:
    """Write the edits of both, and in a sentence what each changes."""
    boxes = []
    for name, scenario, found in results:
        names = names_of((base, found.after), w)
        lines = [element("li", edit_text(edit, names, w)) for edit in scenario.edits]
        boxes.append(
            element(
                "div",
                element("h4", f"{w('Scenario')}: {name}"),
                element("p", answer_text(base, found.after, found.changes, w)),
                element("ol", *lines) if lines else element("p", w("no edits")),
            ),
        )
    return element("div", *boxes, class_="scenario-lists")
