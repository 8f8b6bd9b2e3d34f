"""The targets of a province on the page: the answer in one line, then each target with why."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import streamlit as st

from geo.export import to_csv, to_json
from geo.records import plain
from geo.targets import FILL_RATE, NEW_AREAS, NOT_MEASURABLE, target_records, targets
from layers._records import records, status_of
from layers.account import known_text
from layers.downloads.button import download
from layers.numbers import day, known, rate
from layers.policy import reports
from layers.policy.gauge import Measured, bar_html, headline, sign_html, verdict_html
from layers.policy.reasons import missing_texts, reason_texts
from layers.policy.verdicts import TARGET_UNIT, VERDICT, asked_text
from layers.safe_html import Html, element, join, link
from layers.words import KIND, KINDS, STATUS, mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from data.resolutions import Citation, Resolution
    from geo.snapshot import Snapshot
    from layers.words import Words

    Row = dict[str, Any]

_ORDER: Final = ("met", "not_met", "cannot_tell", NOT_MEASURABLE)
_TIMING: Final = {
    "due": mark("due"),
    "not_yet_due": mark("not yet due"),
    "no_date": "",
}
_WASTEWATER: Final = {
    "yes": mark("yes"),
    "no": mark("no"),
    "under_construction": mark("under construction"),
}


def show(shot: Snapshot, w: Words) -> None:
    """Put the targets on the page."""
    frame = targets(shot)
    if frame.empty:
        st.html(element("p", w("The documents set no targets."), class_="atlas-hint"))
        return
    st.html(summary_html(frame, w))
    rows = list(records(frame).values())
    measured = [row for row in rows if row["verdict"] != NOT_MEASURABLE]
    if not measured:
        st.html(
            element(
                "p",
                w("None of the targets of this province can be measured from land data."),
                class_="atlas-hint",
            ),
        )
    for row in measured:
        with st.container(border=True, key=f"target_{row['key'].replace('-', '_')}"):
            st.html(target_html(row, shot, w))
            if reports.has_series(row):
                _series(row, shot, w)
            elif reports.rates(row):
                st.html(element("div", reports.explanation_html(row, shot, w), class_="target"))
            st.html(element("div", behind_html(row, shot, w), class_="target"))
    others = [row for row in rows if row["verdict"] == NOT_MEASURABLE]
    if others:
        label = w("Not measurable from land data ({count})", count=len(others))
        with st.expander(label, expanded=not measured):
            st.html(others_html(others, shot, w))
    _downloads(frame, shot, w)


def _series(row: Row, shot: Snapshot, w: Words) -> None:
    left, right = st.columns([52, 48], gap="medium")
    with left:
        st.html(element("div", reports.explanation_html(row, shot, w), class_="target"))
    with right:
        st.altair_chart(
            reports.chart(row, shot, w),
            width="stretch",
            key=f"chart_{row['key']}",
            alt=reports.chart_words(row, w),
        )


def summary_html(frame: pd.DataFrame, w: Words) -> Html:
    """Answer in one line: how many targets are met, not met, can't be told, aren't measured."""
    counts = Counter(frame["verdict"])
    cells = [
        element(
            "div",
            sign_html(verdict),
            element("b", str(counts[verdict])),
            element("span", w.of(VERDICT, verdict), class_="label"),
        )
        for verdict in _ORDER
    ]
    total = w.plural(
        "{count} target of the documents:", "{count} targets of the documents:", len(frame)
    )
    return element("div", element("div", total, class_="total"), *cells, class_="atlas-verdicts")


def _measured(fields: Row, row: Row) -> Measured:
    return Measured(
        value=fields["measured"],
        low=fields["min"],
        high=fields["max"],
        unit=row["unit"],
        operator=row["operator"] or "",
        threshold=row["value"],
        threshold_max=row["value_max"],
    )


def _coverage(fields: Row, w: Words) -> str:
    if fields["coverage_all"] is None:
        return ""
    return known_text(
        fields["coverage_known"], fields["coverage_all"], fields["coverage_land_pct"], w
    )


def _measure_html(fields: Row, row: Row, w: Words) -> Html:
    measured = _measured(fields, row)
    value, remark = headline(measured, known_areas=fields["coverage_known"], w=w)
    return join(
        [
            element("b", value, class_="value"),
            element("small", f" {remark}") if remark else "",
            bar_html(measured, w.of(TARGET_UNIT, row["unit"]), w),
            element("small", _coverage(fields, w)),
        ],
    )


def target_html(row: Row, shot: Snapshot, w: Words) -> Html:
    """Write a measured target: what is asked, what is measured, the verdict, and why."""
    resolution = shot.resolution
    asked = asked_text(SimpleNamespace(**row), w)
    printed = w.pick(row["as_printed_vi"] or "", row["as_printed_en"] or "")
    remark = w.pick(row["remark_vi"] or "", row["remark_en"] or "")
    what = element(
        "div",
        element("h4", w.pick(row["name_vi"], row["name_en"])),
        element("p", f"{w('Asked')}: ", element("b", asked), f" · {due_text(row, w)}"),
        element("p", w("As printed: “{text}”", text=printed)) if printed else "",
        element("p", remark, class_="quiet") if remark else "",
        element("p", _citations(row, resolution, shot, w), class_="quiet"),
        class_="what",
    )
    measure = element("div", _measure_html(row, row, w), class_="measure")
    answer = element(
        "div",
        verdict_html(row["verdict"], w),
        element("small", w.of(_TIMING, row["timing"])),
        class_="answer",
    )
    return element(
        "div",
        element("div", what, measure, answer, class_="row"),
        *[_kind_html(kind, fields, row, w) for kind, fields in row["by_kind"].items()],
        element("div", *_why(row, shot, w), class_="why"),
        class_="target",
    )


def due_text(row: Row, w: Words) -> str:
    """Write by when a target asks for it."""
    if row["period_first"] is not None:
        return w("{first}-{last}", first=row["period_first"], last=row["period_last"])
    return w("by {day}", day=day(row["due"])) if row["due"] else w("no year given")


def _citations(row: Row, resolution: Resolution, shot: Snapshot, w: Words) -> Html:
    target = next(target for target in resolution.targets if target.key == row["key"])
    return join(
        [citation_html(citation, resolution, shot, w) for citation in target.citations], "; "
    )


def citation_html(
    citation: Citation,
    resolution: Resolution,
    shot: Snapshot,
    w: Words,
) -> Html:
    """Write a citation with the title of its document, linked where its address is known."""
    written, document = resolution.cite(citation), resolution.document(citation.document)
    sources = shot.facts.sources
    urls = [str(sources.loc[key, "url"]) for key in document.source_ids if key in sources.index]
    label = w.pick(written.vi, written.en)
    title = w.pick(document.title.vi, document.title.en)
    linked = link(urls[0], label) if urls else label
    return element("span", linked, class_="cite", title=title)


def _kind_html(kind: str, fields: Row, row: Row, w: Words) -> Html:
    return element(
        "div",
        element("div", w.of(KINDS, kind), class_="what"),
        element("div", _measure_html(fields, row, w), class_="measure"),
        element("div", verdict_html(fields["verdict"], w), class_="answer"),
        class_="row kind",
    )


def _why(row: Row, shot: Snapshot, w: Words) -> list[Html]:
    found = []
    reasons = reason_texts(row["reasons"], shot, w)
    if reasons:
        found.append(
            element(
                "div",
                element("h5", w("Why")),
                element("ul", *[element("li", text) for text in reasons]),
            ),
        )
    rated = row["areas"] if row["metric"] == FILL_RATE else ()
    missing = missing_texts(row["reasons"], rated, shot, w)
    if missing:
        items = [element("li", element("b", f"{what}: "), names) for what, names in missing]
        found.append(
            element("div", element("h5", w("Figures that would settle it")), element("ul", *items)),
        )
    return found


def behind_html(row: Row, shot: Snapshot, w: Words) -> Html:
    """Fold the areas behind a number, and what the province reports, behind one click."""
    parts = []
    if row["areas"]:
        label = w("Areas behind the number ({count})", count=len(row["areas"]))
        table = areas_html(row["areas"], row["metric"], shot, w)
        parts.append(element("details", element("summary", label), table))
    if row["reports"]:
        label = w("What the province itself reports ({count})", count=len(row["reports"]))
        table = reports.reports_html(row, shot, w)
        parts.append(element("details", element("summary", label), table))
    return join(parts)


def areas_html(ids: Sequence[str], metric: str, shot: Snapshot, w: Words) -> Html:
    """List areas with what counts for a measure, each linked to its card on the map."""
    head = {FILL_RATE: w("Fill rate"), NEW_AREAS: w("Established")}.get(metric, w("Wastewater"))
    rows = []
    for key, area in records(shot.areas.loc[list(ids)]).items():
        year = area["established_year"]
        value = {
            FILL_RATE: rate(area["fill_rate_pct"], w.lang),
            NEW_AREAS: str(year) if known(_float(year)) else "",
        }.get(metric, w.of(_WASTEWATER, area["wastewater"]))
        name = w.pick(area["name_vi"], area["name_en"])
        rows.append(
            element(
                "tr",
                element("th", map_link(key, name, shot, w), scope="row"),
                element("td", w.of(KIND, area["kind"])),
                element("td", w.of(STATUS, status_of(area))),
                element("td", value or w("no data")),
            ),
        )
    heads = [w("Name"), w("Kind"), w("Status"), head]
    return element(
        "table",
        element("thead", element("tr", *[element("th", text, scope="col") for text in heads])),
        element("tbody", *rows),
    )


def _float(value: Any) -> float | None:  # noqa: ANN401 (a number or pandas' missing value)
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def map_link(area_id: str, label: str, shot: Snapshot, w: Words) -> Html:
    """Link an area to its card on the map, for the same province, date and language."""
    query = urlencode(
        {
            "province": shot.resolution.province,
            "as_of": shot.as_of.isoformat(),
            "lang": w.lang,
            "area": area_id,
        },
    )
    return element("a", label, href=f"./?{query}", target="_self")


def others_html(rows: Sequence[Row], shot: Snapshot, w: Words) -> Html:
    """List the targets that land data don't measure, by the year in which they are due."""
    groups: dict[str, list[Html]] = {}
    for row in sorted(rows, key=lambda row: (row["due"] is None, row["due"] or shot.as_of)):
        printed = w.pick(row["as_printed_vi"] or "", row["as_printed_en"] or "")
        remark = w.pick(row["remark_vi"] or "", row["remark_en"] or "")
        notes = [w("As printed: “{text}”", text=printed)] if printed and row["value"] else []
        notes += [remark] if remark else []
        reasons = [reason for reason in row["reasons"] if reason["code"] != "not_land_data"]
        notes += reason_texts(reasons, shot, w)
        groups.setdefault(due_text(row, w), []).append(
            element(
                "tr",
                element(
                    "th",
                    w.pick(row["name_vi"], row["name_en"]),
                    *[element("small", note, class_="note") for note in notes],
                    scope="row",
                ),
                element("td", asked_text(SimpleNamespace(**row), w)),
                element("td", _citations(row, shot.resolution, shot, w)),
            ),
        )
    heads = [w("Target"), w("Asked"), w("Document, place")]
    bodies = [
        element(
            "tbody",
            element("tr", element("th", due[:1].upper() + due[1:], colspan=3, class_="group")),
            *items,
        )
        for due, items in groups.items()
    ]
    table = element(
        "table",
        element("thead", element("tr", *[element("th", text, scope="col") for text in heads])),
        *bodies,
        class_="others",
    )
    return element("div", table, class_="target")


def document_head(shot: Snapshot) -> dict[str, Any]:
    """Head of what is downloaded: of what province, for what day, with what boundaries."""
    return {
        "province": shot.resolution.province,
        "as_of": shot.as_of.isoformat(),
        "boundary_source": shot.boundary_source.key,
    }


def _downloads(frame: pd.DataFrame, shot: Snapshot, w: Words) -> None:
    head, found = document_head(shot), target_records(frame)
    stem = f"{shot.resolution.province}_{shot.as_of.isoformat()}_targets"
    with st.container(horizontal=True, key="target_downloads"):
        download(
            w("Targets (JSON)"),
            lambda: to_json({**head, "targets": plain(found)}).encode(),
            f"{stem}.json",
            key="targets_json",
        )
        download(
            w("Targets (CSV)"),
            lambda: to_csv([{**head, **record} for record in found]).encode("utf-8-sig"),
            f"{stem}.csv",
            key="targets_csv",
        )
