"""Papers to take away: the report, the map to send, and the statutory form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from geo.comparison import MOST, ComparisonError, compare, homes
from layers import controls, state, store
from layers._records import records
from layers.comparison.words import error_text
from layers.downloads import slot as export_slot
from layers.downloads import state as export_state
from layers.downloads.choice import language, one_of, scenario_of
from layers.downloads.orders import (
    MAP_FORMS,
    comparison_order,
    form04_order,
    map_order,
    report_order,
)
from layers.form04 import blank_texts, caveat_texts, period_text, title_text
from layers.numbers import day
from layers.safe_html import Html, element
from layers.sites import compare as site_compare
from layers.words import mark

if TYPE_CHECKING:
    from data._message import Lang
    from geo.form04 import Form04
    from layers.downloads.choice import Here
    from layers.downloads.jobs import Order
    from layers.downloads.orders import MapForm, View
    from layers.words import Words

SUBJECTS: Final = {
    "province": mark("The whole province"),
    "zone": mark("A zone"),
    "scenario": mark("A scenario"),
    "comparison": mark("A comparison"),
}
CONTENTS: Final = {
    "province": mark(
        "account of each zone, targets of the documents, conditions of the law, quality of the "
        "data, Form 04, all parks and clusters, a map and charts, sources."
    ),
    "zone": mark(
        "account of the zone, conditions of the law for its parks and clusters, quality of the "
        "data, its parks and clusters, a map and charts, sources."
    ),
    "scenario": mark(
        "what is assumed, what that changes, the account of each zone in the scenario, a map and "
        "charts, sources. It says that it holds assumptions, not facts."
    ),
    "comparison": mark(
        "the places side by side, row by row, with charts and the source of each figure."
    ),
}
MAP_NAMES: Final[dict[MapForm, str]] = {
    "png": mark("Picture (PNG)"),
    "pdf": mark("Sheet (PDF)"),
    "html": mark("Page (HTML)"),
}
MAP_NOTES: Final[dict[MapForm, str]] = {
    "png": mark("A4 sheet of the whole province, for slides and texts."),
    "pdf": mark("The same sheet for print; its texts can be searched."),
    "html": mark("One file to send: a map to click, in any browser, without internet."),
}


def show_report(here: Here, w: Words) -> None:
    """Put the choice of what a report is on."""
    left, right = st.columns([40, 60], gap="medium")
    with left:
        subject = st.radio(
            w("Report on"),
            list(SUBJECTS),
            key="out_subject",
            format_func=lambda one: w(SUBJECTS[one]),
        )
        lang = language("out_report_lang", w)
    with right, st.container(border=True):
        if (order := _report(here, subject, lang, w)) is None:
            return
        st.html(_contents(w("Word document"), [w(CONTENTS[subject])]))
        text = w(
            "Laid out by Decree 30/2020/NĐ-CP. Number, place and date, signer and recipients are "
            "left open for the office."
        )
        st.html(element("p", text, class_="atlas-hint"))
        export_slot.show("report", order, w)


def _report(here: Here, subject: str, lang: Lang, w: Words) -> Order | None:
    """Let the subject be chosen and order its report; None where there is none, and why."""
    if subject == "comparison":
        return _comparison(here, lang, w)
    base = export_state.present(*here)
    if subject == "scenario":
        view = scenario_of(here, w)
        return None if view is None else report_order(view, base, lang=lang)
    zone = ""
    if subject == "zone":
        names = {
            str(key): w.pick(row["name_vi"], row["name_en"])
            for key, row in records(base.state.zones).items()
        }
        zone = one_of(w("Zone"), names, key="out_zone")
    return report_order(base, base, zone=zone, lang=lang)


def _comparison(here: Here, lang: Lang, w: Words) -> Order | None:
    known = site_compare.places()
    # Places that the link names and that aren't anywhere can't be shown in the box.
    st.session_state["out_compared"] = [key for key in state.compared() if key in known.homes]
    order = sorted(known.homes, key=lambda key: known.homes[key] != here.province)
    ids = st.multiselect(
        w("Parks, clusters or zones to compare, two to five"),
        order,
        key="out_compared",
        format_func=lambda key: w.pick(*known.names[key]),
        max_selections=MOST,
        placeholder=w("Type a name"),
        on_change=lambda: state.compare(st.session_state["out_compared"]),
    )
    try:
        where = homes(ids, known.homes)
        stamps = {key: store.data_stamp(key) for key in dict.fromkeys(where.values())}
        shots = [store.snapshot_of(key, here.as_of, stamp) for key, stamp in stamps.items()]
        found = compare(ids, shots)
    except ComparisonError as error:
        st.html(element("p", error_text(error, w), class_="atlas-notice", role="status"))
        return None
    key = (tuple(ids), here.as_of, tuple(stamps.items()))
    return comparison_order(found, key, lang=lang)


def show_map(here: Here, w: Words) -> None:
    """Put the choice of a map."""
    view = export_state.present(*here)
    left, right = st.columns([40, 60], gap="medium")
    with left:
        form = st.radio(
            w("Map as"),
            MAP_FORMS,
            key="out_map",
            format_func=lambda one: w(MAP_NAMES[one]),
            captions=[w(MAP_NOTES[one]) for one in MAP_FORMS],
        )
        lang = language("out_map_lang", w)
    with right, st.container(border=True):
        st.html(_contents(w("On the map"), _map_lines(view, form, w)))
        shown, chosen = controls.passing(view.state), state.chosen()
        if chosen[0] == "unit" or not controls.exists(view.state):
            chosen = state.NOTHING
        order = map_order(view, form, lang=lang, shown=shown, chosen=chosen)
        export_slot.show("map", order, w)


def _map_lines(view: View, form: MapForm, w: Words) -> list[str]:
    source = view.state.boundary_source
    lines = [
        w("zones by fill rate, parks, clusters, economic zones, roads and nodes, with a legend."),
        w("Figures known on {date}.", date=day(view.state.as_of)),
        w("Boundaries: {name}.", name=w.pick(source.name_vi, source.name_en)),
    ]
    if form == "html":
        lines.append(
            w(
                "What is chosen on the map page is open in the file, and the filters set there "
                "hold in it."
            )
        )
    else:
        lines.append(w("With title, scale bar, north arrow, date and sources."))
    return lines


def show_form(here: Here, w: Words) -> None:
    """Put the statutory form, and what of it stays blank."""
    view = export_state.present(*here)
    form = export_state.form_of(view)
    left, right = st.columns([60, 40], gap="medium")
    with left:
        st.html(form_html(form, w))
    with right, st.container(border=True):
        lang = language("out_form_lang", w)
        export_slot.show("form04", form04_order(view, lang=lang), w)


def form_html(form: Form04, w: Words) -> Html:
    """Say of which periods the form is, which cells stay blank, and what isn't verified."""
    periods = [
        w("This period: {period}", period=period_text(form.now.period, w)),
        w("The one before: {period}", period=period_text(form.before.period, w)),
    ]
    blank = blank_texts(form, w) or [w("none")]
    return element(
        "div",
        element("h2", title_text(w)),
        _list(periods),
        element("h3", w("Cells that stay blank, because figures are missing")),
        _list(blank),
        element("h3", w("To be checked before it is sent")),
        _list(caveat_texts(form, w)),
        class_="export-contents",
    )


def _list(lines: list[str]) -> Html:
    return element("ul", *[element("li", line) for line in lines])


def _contents(heading: str, lines: list[str]) -> Html:
    first, *rest = lines
    lead = element("p", element("b", heading), ": ", first)
    return element("div", lead, *[element("p", line) for line in rest], class_="export-contents")
