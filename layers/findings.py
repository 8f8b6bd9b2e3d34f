"""Findings on the quality of the data: how many, of what, and the table of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import streamlit as st

from data.dates import printed_date
from data.quality import RULES, SEVERITIES, as_records
from data.resolutions import load_resolution, provinces
from geo.export import to_csv, to_json
from layers.derivation import value_text
from layers.downloads.button import download
from layers.safe_html import Html, element, join
from layers.sources import sources_html
from layers.words import BASIS, METRIC, mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from data.quality import Evidence, QualityFinding
    from geo.snapshot import Snapshot
    from layers.words import Words

# The sign says the same as the colour.
SEVERITY: Final = {
    "error": (mark("error"), "✕"),
    "warning": (mark("warning"), "▲"),
    "note": (mark("note"), "●"),
}
_MEANING: Final = {
    "error": mark("can't be true"),
    "warning": mark("contradicted or old: someone should look at it"),
    "note": mark("to be known when the figure is used"),
}
PLACE: Final = {
    "operating_count": mark("number in operation"),
    "area_count": mark("number of areas"),
    "established_count": mark("number established"),
}
_EVIDENCE_SHOWN: Final = 3


class Filters(NamedTuple):
    """What the table is narrowed to; an empty choice narrows nothing."""

    severities: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


def of_province(
    findings: Sequence[QualityFinding],
    province_code: str,
) -> tuple[QualityFinding, ...]:
    """Give the findings of one province."""
    return tuple(item for item in findings if item.province_code == province_code)


def narrowed(findings: Sequence[QualityFinding], by: Filters) -> tuple[QualityFinding, ...]:
    """Give the findings that pass the filters."""
    return tuple(
        item
        for item in findings
        if (not by.severities or item.severity in by.severities)
        and (not by.codes or item.code in by.codes)
        and (not by.areas or item.area_id in by.areas)
    )


def counts(findings: Sequence[QualityFinding]) -> dict[str, int]:
    """Count findings by severity, errors first."""
    return {
        severity: sum(item.severity == severity for item in findings) for severity in SEVERITIES
    }


def count_text(severity: str, count: int, w: Words) -> str:
    """Write how many findings of a severity there are."""
    if severity == "error":
        return w.plural("{count} error", "{count} errors", count)
    if severity == "warning":
        return w.plural("{count} warning", "{count} warnings", count)
    return w.plural("{count} note", "{count} notes", count)


def count_html(severity: str, meaning: str, count: int, w: Words) -> Html:
    """Write how many findings of a severity there are, and what it means."""
    return element(
        "div",
        element("span", meaning, class_="label"),
        element(
            "b",
            element("i", SEVERITY[severity][1], class_=f"sign {severity}"),
            f" {count_text(severity, count, w)}",
        ),
    )


def strip_html(findings: Sequence[QualityFinding], snapshot: Snapshot, w: Words) -> Html:
    """Write the answer: errors, warnings, notes, and for how much of the land figures are known."""
    total = snapshot.total
    cells = [
        count_html(severity, w(_MEANING[severity]), count, w)
        for severity, count in counts(findings).items()
    ]
    known, everything = total["areas_with_figures"], total["areas_count"]
    cells.append(
        element(
            "div",
            element("span", w("Figures on the land to lease"), class_="label"),
            element("b", w("{known} of {all} areas", known=known, all=everything)),
            element("small", w("existing parks and clusters")),
        ),
    )
    return element("div", *cells, class_="atlas-strip atlas-strip-4")


def heading_html(w: Words) -> Html:
    """Head the table of findings."""
    return element(
        "div",
        element("h2", w("Findings")),
        element(
            "p",
            w(
                "Rules look at what the numbers say. Nothing is changed or left out because of a "
                "finding; which figure speaks is decided by dates and bases alone.",
            ),
            class_="atlas-hint",
        ),
        class_="atlas-data",
    )


def scope(
    here: Sequence[QualityFinding],
    every: Sequence[QualityFinding],
    w: Words,
) -> Sequence[QualityFinding]:
    """Put the choice between this province and all of them; give the findings of the chosen."""
    counted = {"here": len(here), "every": len(every)}
    labels = {"here": w("this province"), "every": w("all provinces")}
    chosen = st.segmented_control(
        w("Findings of"),
        list(counted),
        key="data_scope",
        default="here",
        format_func=lambda key: f"{labels[key]} ({counted[key]})",
        label_visibility="collapsed",
        required=True,
    )
    return every if chosen == "every" else here


def _province_names(w: Words) -> dict[str, str]:
    found = [load_resolution(key) for key in provinces()]
    return {item.code: w.pick(item.name.vi, item.name.en) for item in found}


def filters(findings: Sequence[QualityFinding], snapshot: Snapshot, w: Words) -> Filters:
    """Put the filters on the page and give what is chosen."""
    names = _names(snapshot, w)
    which = w.lang == "en"
    severity, rule, area = st.columns([26, 37, 37], gap="small")
    with severity:
        severities = st.multiselect(
            w("Severity"),
            [key for key, count in counts(findings).items() if count],
            key="data_severity",
            format_func=lambda key: f"{SEVERITY[key][1]} {w(SEVERITY[key][0])}",
            placeholder=w("all"),
        )
    with rule:
        codes = st.multiselect(
            w("Rule"),
            sorted({item.code for item in findings}),
            key="data_rule",
            format_func=lambda code: f"{code} {RULES[code][which]}",
            placeholder=w("all"),
        )
    with area:
        areas = st.multiselect(
            w("Park or cluster"),
            sorted({item.area_id for item in findings}, key=lambda key: names.get(key, key)),
            key="data_area",
            format_func=lambda key: names.get(key, key) if key else w("whole province"),
            placeholder=w("all"),
        )
    return Filters(tuple(severities), tuple(codes), tuple(areas))


def _names(snapshot: Snapshot, w: Words) -> dict[str, str]:
    areas = snapshot.facts.areas
    return {
        str(key): w.pick(str(vi), str(en))
        for key, vi, en in zip(areas.index, areas["name_vi"], areas["name_en"], strict=True)
    }


def table_html(findings: Sequence[QualityFinding], snapshot: Snapshot, w: Words) -> Html:
    """Write the findings: rule, area, what was found and expected, evidence with sources."""
    if not findings:
        return element(
            "p",
            w("No finding passes these filters. Take one of them away to see more."),
            class_="atlas-hint",
        )
    names = _names(snapshot, w)
    places = _province_names(w)
    heads = [w("Rule"), w("Park or cluster"), w("Found"), w("Expected"), w("Evidence")]
    return element(
        "div",
        element(
            "table",
            element("thead", element("tr", *[element("th", h, scope="col") for h in heads])),
            element("tbody", *[_row(item, names, places, snapshot, w) for item in findings]),
            class_="findings",
        ),
        class_="atlas-data scroll",
        tabindex="0",
        role="region",
        aria_label=w("Findings"),
    )


def _row(
    item: QualityFinding,
    names: dict[str, str],
    places: dict[str, str],
    snapshot: Snapshot,
    w: Words,
) -> Html:
    severity, sign = SEVERITY[item.severity]
    rule_vi, rule_en = RULES[item.code]
    province = places.get(item.province_code, item.province_code)
    name = names.get(item.area_id) or w("whole province")
    message = w.pick(item.message_vi, item.message_en)
    # The area has a column of its own.
    message = message.removeprefix(f"{name}: ").removeprefix(f"{province}, ")
    return element(
        "tr",
        element(
            "th",
            element("i", sign, class_=f"sign {item.severity}", title=w(severity)),
            element("b", f" {item.code}"),
            element("span", f" {w(severity)}", class_="severity"),
            element("small", w.pick(rule_vi, rule_en)),
            scope="row",
        ),
        element("td", name, element("small", f"{province}; {metric_text(item.metric, w)}")),
        element("td", message[:1].upper() + message[1:]),
        element("td", w.pick(item.expected_vi, item.expected_en), class_="expected"),
        element("td", _evidence(item, snapshot, w), class_="evidence"),
        data_code=item.code,
        data_severity=item.severity,
    )


def metric_text(metric: str, w: Words) -> str:
    """Name a metric of an area or of a province; one without a word is shown as it is."""
    public = "leasable_ha" if metric == "industrial_land_ha" else metric
    return w.of(METRIC | PLACE, public)


def _evidence(item: QualityFinding, snapshot: Snapshot, w: Words) -> Html:
    lines = [element("li", _evidence_line(each, snapshot, w)) for each in item.evidence]
    if not lines:
        return element("span", w("the tables themselves"), class_="quiet")
    shown, rest = lines[:_EVIDENCE_SHOWN], lines[_EVIDENCE_SHOWN:]
    more = element(
        "details",
        element("summary", w("{count} more", count=len(rest))),
        element("ul", *rest),
    )
    return join([element("ul", *shown), more if rest else ""])


def _evidence_line(each: Evidence, snapshot: Snapshot, w: Words) -> Html:
    about = [printed_date(each.as_of) or w("undated")]
    if each.basis:
        about.append(w.of(BASIS, each.basis))
    row = f"; {w('row {row}', row=each.row)}" if each.row is not None else ""
    return join(
        [
            element("b", value_text(each.value, each.unit, each.qualifier, w)),
            f" ({'; '.join(about)}{row}) ",
            sources_html((each.source,), snapshot.facts.sources, w),
        ],
    )


def csv_text(findings: Sequence[QualityFinding]) -> str:
    """Write findings as CSV, evidence as JSON in its cell."""
    return to_csv(_plain(findings))


def json_text(findings: Sequence[QualityFinding]) -> str:
    """Write findings as JSON."""
    return to_json(_plain(findings))


def _plain(findings: Sequence[QualityFinding]) -> list[dict[str, Any]]:
    # Tuples become lists, as JSON has them.
    found: list[dict[str, Any]] = json.loads(json.dumps(as_records(findings)))
    return found


def downloads(findings: Sequence[QualityFinding], stem: str, w: Words) -> None:
    """Put the two downloads of the findings that are shown."""
    with st.container(horizontal=True, gap="small"):
        download(
            w("Findings (CSV)"),
            lambda: csv_text(findings).encode("utf-8-sig"),
            f"{stem}_findings.csv",
            key="findings_csv",
        )
        download(
            w("Findings (JSON)"),
            lambda: json_text(findings).encode(),
            f"{stem}_findings.json",
            key="findings_json",
        )
