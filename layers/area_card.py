"""The card of a park, a cluster or an economic zone: its figures with date, basis and source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.dates import printed_date
from layers._records import record, records, status_of
from layers.card import definitions, policy, table, two_columns
from layers.derivation import MAIN, trees_html, value_text
from layers.plot_card import plots_html
from layers.safe_html import Html, element, join
from layers.sources import note_html, sources_html
from layers.words import (
    BASIS,
    HOW,
    INDUSTRY,
    KIND,
    METRIC,
    NATURE,
    POSITION,
    RULE,
    STATUS,
    SUPPLY,
    mark,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.snapshot import Snapshot
    from layers.words import Words


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
                policy(snapshot.resolution, str(item["zone_key"]), w, share=item)
                for item in area["zones"]
                if _group(snapshot, str(item["zone_key"])) == "base_partition"
            ],
        ],
    )
    return two_columns(name, badges, left, right)


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
    return table([w("Figure"), w("Value"), w("As of"), w("Basis"), w("Source")], rows)


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
    return join([element("h4", w("Conflicting figures")), table(heads, rows)])


def _in_use(figure: dict[str, Any] | None, w: Words) -> Html:
    if figure is None:
        return Html()
    value = value_text(figure["value"], figure["unit"], figure["qualifier"], w)
    date = printed_date(figure["as_of"]) or w("undated")
    return join([element("b", value), element("small", date)])


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
            definitions(
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


def _group(snapshot: Snapshot, key: str) -> str:
    return str(snapshot.zones.loc[key, "group"]) if key in snapshot.zones.index else ""
