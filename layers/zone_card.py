"""The card of a zone: its account, its areas and its policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layers._records import record, records, status_of
from layers.account import (
    available_text,
    coverage_text,
    dates_text,
    kinds_text,
    part_remark,
    pipeline_remark,
    rate_text,
    reasons_text,
)
from layers.card import cite, definitions, policy, table, two_columns
from layers.numbers import hectares, known, rate
from layers.safe_html import Html, element, join
from layers.sources import sources_html
from layers.words import (
    BASIS,
    GROUP,
    KIND,
    STATUS,
)

if TYPE_CHECKING:
    from geo.snapshot import Snapshot
    from layers.words import Words


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
    right = join([policy(snapshot.resolution, key, w), _membership(snapshot, key, w)])
    return two_columns(name, [group], left, right)


def _account(row: dict[str, Any], w: Words) -> Html:
    rates = rate_text(row, w)
    available, remark = available_text(row, w)

    def land(column: str) -> str:
        value = row[column]
        return f"{hectares(value, w.lang)} {w('ha')}" if known(value) else w("no data")

    bases = "; ".join(w.of(BASIS, basis) for basis in row["fill_rate_bases"])
    unit = f" {w('ha')}" if any(map(str.isdigit, available)) else ""
    return definitions(
        [
            (w("Fill rate"), _with_remark(element("b", rates.headline), rates.remark)),
            (w("Available land"), _with_remark(element("b", f"{available}{unit}"), remark)),
            (w("Leased land, where known"), land("leased_ha")),
            (w("Leasable land, where known"), land("leasable_ha")),
            (
                w("Total area of existing parks and clusters"),
                _with_remark(
                    land("total_area_ha"),
                    part_remark(row["total_area_ha"], row["areas_without_total"], w),
                ),
            ),
            (w("Pipeline"), _with_remark(land("pipeline_ha"), pipeline_remark(row, w))),
            (w("Area of the zone"), land("zone_area_ha")),
            (w("Areas"), kinds_text(row, w)),
            (w("Coverage"), coverage_text(row, w)),
            (w("As of"), dates_text(row)),
            (w("Basis"), bases),
        ],
    )


def _with_remark(value: str | Html, remark: str) -> Html:
    return join([value, element("small", f" ({remark})") if remark else ""])


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
    return table(heads, rows, name="areas")


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
        element("p", w("Zone defined in"), " ", cite(snapshot.resolution, zone.citations, w)),
        element("ul", *items),
    )
