"""The card of what was clicked: its figures with date, basis and source, and the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from layers._records import record, records, status_of
from layers.account import (
    available_text,
    coverage_text,
    dates_text,
    kinds_text,
    rate_text,
    reasons_text,
)
from layers.derivation import MAIN, trees_html, value_text
from layers.numbers import hectares, known, printed_date, rate
from layers.plot_card import plots_html
from layers.safe_html import Html, element, join
from layers.sources import note_html, sources_html
from layers.words import (
    BASIS,
    GROUP,
    HOW,
    INDUSTRY,
    KIND,
    METRIC,
    NATURE,
    POSITION,
    RULE,
    STANCE,
    STATUS,
    SUPPLY,
    mark,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from data.resolutions import Industry, Resolution
    from geo.snapshot import Snapshot
    from layers.words import Words

__all__ = ["area_card", "sources_html", "zone_card"]

_WASTEWATER: Final = {
    "yes": mark("has a central wastewater plant"),
    "no": mark("no central wastewater plant"),
    "under_construction": mark("central wastewater plant under construction"),
}


def area_card(snapshot: Snapshot, area_id: str, w: Words) -> Html:
    """Write the card of a park, a cluster or an economic zone."""
    area = record(snapshot.areas, area_id)
    name = w.pick(area["name_vi"], area["name_en"])
    status = w.of(STATUS, status_of(area))
    badges = [
        element("span", w.of(KIND, area["kind"]), class_="badge kind"),
        element("span", status, class_="badge"),
        element("span", w.of(POSITION, area["position"]), class_="badge quiet"),
    ]
    figures = snapshot.figures[snapshot.figures["area_id"] == area_id].set_index("metric")
    conflicts = snapshot.conflicts[snapshot.conflicts["area_id"] == area_id]
    left = join(
        [
            element("h4", w("Figures")),
            _figure_table(
                figures,
                snapshot.facts.sources,
                w,
                trees=trees_html(snapshot, area_id, w),
            ),
            _conflict_table(conflicts, records(figures), snapshot.facts.sources, w),
            plots_html(snapshot, area_id, w),
        ],
    )
    right = join(
        [
            element("h4", w("About this area")),
            _about(snapshot, area, w),
            *[
                _policy(snapshot.resolution, str(item["zone_key"]), w, share=item)
                for item in area["zones"]
                if _group(snapshot, str(item["zone_key"])) == "base_partition"
            ],
        ],
    )
    return _card(name, badges, left, right)


def zone_card(snapshot: Snapshot, key: str, w: Words) -> Html:
    """Write the card of a zone: account, what it lacks, its areas, its policy."""
    row = record(snapshot.zones, key)
    name = w.pick(row["name_vi"], row["name_en"])
    group = element("span", w.of(GROUP, row["group"]), class_="badge kind")
    left = join(
        [
            element("h4", w("Account")),
            _account(row, w),
            element(
                "ul",
                *[element("li", item) for item in reasons_text(row, snapshot.areas, w)],
                class_="reasons",
            ),
            element("h4", w("Areas in this zone")),
            _areas_of(snapshot, key, w),
        ],
    )
    right = join([_policy(snapshot.resolution, key, w), _membership(snapshot, key, w)])
    return _card(name, [group], left, right)


def _card(name: str, badges: list[Html], left: Html, right: Html) -> Html:
    return element(
        "div",
        element("div", element("h3", name), *badges, class_="head"),
        element("div", element("div", left), element("div", right), class_="columns"),
        class_="atlas-card",
    )


def _figure_table(
    figures: pd.DataFrame,
    sources: pd.DataFrame,
    w: Words,
    *,
    trees: Mapping[str, Html],
) -> Html:
    found = records(figures)
    # The main ones are shown without a figure too: that it is unknown is part of the answer.
    metrics = [*MAIN, *[m for m in METRIC if m not in MAIN and m in found]]
    rows = []
    for metric in metrics:
        label = element("th", w(METRIC[metric]), scope="row")
        if metric not in found:
            rows.append(element("tr", label, element("td", w("no data"), colspan=4), class_="none"))
            continue
        figure = found[metric]
        how = [w.of(HOW, figure["how"]), w.of(NATURE, figure["nature"])]
        remark = ", ".join(item for item in how if item)
        notes = element("details", element("summary", w("note")), note_html(figure["note"], w))
        rows.append(
            element(
                "tr",
                label,
                element(
                    "td",
                    element(
                        "b",
                        value_text(figure["value"], figure["unit"], figure["qualifier"], w),
                    ),
                    element("small", remark) if remark else "",
                    class_="value",
                ),
                element("td", printed_date(figure["as_of"]) or w("undated"), class_="date"),
                element("td", w.of(BASIS, figure["basis"]), class_="basis"),
                element(
                    "td",
                    sources_html(figure["sources"], sources, w),
                    notes if figure["note"] else "",
                    class_="source",
                ),
                data_metric=metric,
            ),
        )
        if metric in trees:
            rows.append(
                element(
                    "tr",
                    element("td"),
                    element(
                        "td",
                        element(
                            "details",
                            element("summary", w("how this figure came about")),
                            trees[metric],
                        ),
                        colspan=4,
                    ),
                    class_="derivation",
                    data_derivation=metric,
                ),
            )
    return _table([w("Figure"), w("Value"), w("As of"), w("Basis"), w("Source")], rows)


def _conflict_table(
    conflicts: pd.DataFrame,
    used: Mapping[str, dict[str, Any]],
    sources: pd.DataFrame,
    w: Words,
) -> Html:
    if conflicts.empty:
        return Html()
    rows = [
        element(
            "tr",
            element("th", w.of(METRIC, item["metric"]), scope="row"),
            element(
                "td",
                value_text(item["value"], item["unit"], item["qualifier"], w),
                class_="value",
            ),
            element("td", printed_date(item["as_of"]) or w("undated"), class_="date"),
            element("td", _in_use(used.get(item["metric"]), w), class_="value"),
            element("td", w.of(RULE, item["rule"]), class_="basis"),
            element("td", sources_html(item["sources"], sources, w), class_="source"),
        )
        for item in conflicts.to_dict("records")
    ]
    heads = [
        w("Figure"),
        w("Set aside"),
        w("As of"),
        w("In use"),
        w("Set aside because"),
        w("Source"),
    ]
    return join([element("h4", w("Conflicting figures")), _table(heads, rows)])


def _in_use(figure: dict[str, Any] | None, w: Words) -> Html:
    if figure is None:
        return Html()
    value = value_text(figure["value"], figure["unit"], figure["qualifier"], w)
    date = printed_date(figure["as_of"]) or w("undated")
    return join([element("b", value), element("small", date)])


def _table(heads: list[str], rows: list[Html], *, name: str = "figures") -> Html:
    return element(
        "table",
        element("thead", element("tr", *[element("th", head, scope="col") for head in heads])),
        element("tbody", *rows),
        class_=name,
    )


def _definitions(items: list[tuple[str, object]]) -> Html:
    return element(
        "dl",
        *[
            join([element("dt", label), element("dd", value)])
            for label, value in items
            if value not in ("", None)
        ],
        class_="facts",
    )


def _about(snapshot: Snapshot, area: dict[str, Any], w: Words) -> Html:
    year = area["established_year"]
    areas = snapshot.areas

    def named(key: str) -> str:
        if key not in areas.index:
            return key
        return w.pick(str(areas["name_vi"][key]), str(areas["name_en"][key]))

    industries = ", ".join(w.of(INDUSTRY, tag) for tag in area["industries"])
    note = element("details", element("summary", w("note")), note_html(area["note"], w))
    return join(
        [
            _definitions(
                [
                    (w("In the account"), w.of(SUPPLY, area["supply_reason"])),
                    (w("Infrastructure investor"), area["developer"]),
                    (w("Decision"), "; ".join(area["decision"])),
                    (w("Established"), "" if pd.isna(year) else str(year)),
                    (w("Part of"), named(area["part_of"]) if area["part_of"] else ""),
                    (w("Lies in"), named(area["within"]) if area["within"] else ""),
                    (w("Communes (2025)"), ", ".join(area["communes_2025"])),
                    (w("Former communes"), ", ".join(area["legacy_communes"])),
                    (w("Former district"), ", ".join(area["legacy_district"])),
                    (w("Wastewater"), w.of(_WASTEWATER, area["wastewater"])),
                    (w("Industries there"), industries),
                    (
                        w("Sources"),
                        element(
                            "details",
                            element(
                                "summary",
                                w.plural(
                                    "{count} source", "{count} sources", len(area["source_ids"])
                                ),
                            ),
                            sources_html(area["source_ids"], snapshot.facts.sources, w),
                        )
                        if area["source_ids"]
                        else "",
                    ),
                ],
            ),
            note if area["note"] else "",
        ],
    )


def _account(row: dict[str, Any], w: Words) -> Html:
    rates = rate_text(row, w)
    available, remark = available_text(row, w)

    def land(column: str) -> str:
        value = row[column]
        return f"{hectares(value, w.lang)} {w('ha')}" if known(value) else w("no data")

    bases = "; ".join(w.of(BASIS, basis) for basis in row["fill_rate_bases"])
    unit = f" {w('ha')}" if any(map(str.isdigit, available)) else ""
    return _definitions(
        [
            (w("Fill rate"), _with_remark(rates.headline, rates.remark)),
            (w("Available land"), _with_remark(f"{available}{unit}", remark)),
            (w("Leased land, where known"), land("leased_ha")),
            (w("Leasable land, where known"), land("leasable_ha")),
            (w("Total area of parks and clusters"), land("total_area_ha")),
            (w("Pipeline"), land("pipeline_ha")),
            (w("Area of the zone"), land("zone_area_ha")),
            (w("Areas"), kinds_text(row, w)),
            (w("Coverage"), coverage_text(row, w)),
            (w("As of"), dates_text(row)),
            (w("Basis"), bases),
        ],
    )


def _with_remark(value: str, remark: str) -> Html:
    return join([element("b", value), element("small", f" ({remark})") if remark else ""])


def _areas_of(snapshot: Snapshot, key: str, w: Words) -> Html:
    rows = []
    for area in records(snapshot.areas).values():
        shares = [item for item in area["zones"] if item["zone_key"] == key]
        if not shares:
            continue
        share = shares[0]["share"]
        part = ""
        if share < 1.0:
            part = rate(share * 100.0, w.lang)
            part = w("{share} here, assumed", share=part) if shares[0]["assumed"] else part
        name = w.pick(area["name_vi"], area["name_en"])
        filled = area["fill_rate_pct"]
        rows.append(
            element(
                "tr",
                element("th", name, element("small", f" ({part})") if part else "", scope="row"),
                element("td", w.of(KIND, area["kind"])),
                element("td", w.of(STATUS, status_of(area))),
                element("td", hectares(area["total_area_ha"], w.lang) or "-", class_="number"),
                element("td", rate(filled, w.lang) or w("no data"), class_="number"),
            ),
        )
    if not rows:
        return element("p", w("The tables hold no park or cluster here."))
    heads = [w("Name"), w("Kind"), w("Status"), w("Total (ha)"), w("Fill rate")]
    return _table(heads, rows, name="areas")


def _group(snapshot: Snapshot, key: str) -> str:
    return str(snapshot.zones.loc[key, "group"]) if key in snapshot.zones.index else ""


def _cite(resolution: Resolution, citations: Iterable[Any], w: Words) -> Html:
    places = [resolution.cite(citation) for citation in citations]
    return element("small", "; ".join(w.pick(item.vi, item.en) for item in places), class_="cite")


def _policy(
    resolution: Resolution,
    key: str,
    w: Words,
    *,
    share: dict[str, Any] | None = None,
) -> Html:
    zone = resolution.zone(key)
    title = w("Policy of the zone")
    parts = [element("h4", title)]
    if share is not None:
        name = w.pick(zone.name.vi, zone.name.en)
        if share["share"] < 1.0:
            part = rate(share["share"] * 100.0, w.lang)
            part = w("{share} here, assumed", share=part) if share["assumed"] else part
            name += f" ({part})"
        parts.append(element("p", element("b", name)))
    if zone.purpose is not None:
        purpose = zone.purpose
        parts.append(
            element(
                "p",
                w.pick(purpose.text.vi, purpose.text.en),
                " ",
                _cite(resolution, purpose.citations, w),
            ),
        )
    if zone.industries:
        parts += _industries(resolution, zone.industries, w)
    if zone.remark is not None:
        parts.append(element("p", w.pick(zone.remark.vi, zone.remark.en), class_="quiet"))
    if len(parts) == 1:
        parts.append(element("p", w("The documents say nothing of their own about this zone.")))
    return join(parts)


def _industries(resolution: Resolution, industries: Sequence[Industry], w: Words) -> list[Html]:
    """Write what a zone wants; a citation that all share stands once, in the heading."""
    shared = len({industry.citations for industry in industries}) == 1
    heading = element(
        "h5",
        w("Encouraged industries"),
        " ",
        _cite(resolution, industries[0].citations, w) if shared else "",
    )
    items = []
    for industry in industries:
        label = w.of(INDUSTRY, industry.tag)
        detail = w.pick(industry.text.vi, industry.text.en) if industry.text else ""
        words_ = detail or label
        stance = "" if industry.stance == "encouraged" else f" ({w.of(STANCE, industry.stance)})"
        items.append(
            element(
                "li",
                words_[:1].upper() + words_[1:] + stance,
                "" if shared else join([" ", _cite(resolution, industry.citations, w)]),
            ),
        )
    return [heading, element("ul", *items)]


def _membership(snapshot: Snapshot, key: str, w: Words) -> Html:
    zone = snapshot.resolution.zone(key)
    sources = snapshot.facts.sources
    items = []
    for group in zone.membership:
        names = ", ".join(group.names)
        if group.district:
            names += f" ({group.district})"
        judged = w("inferred") if group.confidence == "inferred" else w("stated")
        reason = w.pick(group.reason.vi, group.reason.en) if group.reason else ""
        items.append(
            element(
                "li",
                element("b", names),
                f" - {judged}" + (f": {reason}" if reason else ""),
                " ",
                element("small", sources_html(group.source_ids, sources, w), class_="cite"),
            ),
        )
    return element(
        "details",
        element("summary", w("What belongs to this zone, and on what ground")),
        element("p", w("Zone defined in"), " ", _cite(snapshot.resolution, zone.citations, w)),
        element("ul", *items),
    )
