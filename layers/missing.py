"""What is missing most: which park or cluster to ask first, and what its answer would settle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from data._frames import rows
from data.dates import printed_date
from geo.completeness import province_reports
from layers.account import zone_marks
from layers.numbers import hectares, known, number, rate
from layers.safe_html import Html, element, join
from layers.sources import sources_html
from layers.words import KIND, KINDS, mark

if TYPE_CHECKING:
    import pandas as pd

    from geo.snapshot import Snapshot
    from layers.words import Words

SHOWN: Final = 8
MISSING: Final = {
    "total": mark("total area"),
    "leasable": mark("leasable land"),
    "leased": mark("leased land"),
    "rate": mark("fill rate"),
    "date": mark("the date of its figures"),
    "recent": mark("recent figures"),
}
_KIND_OF: Final = {"kcn": "industrial_park", "ccn": "industrial_cluster"}
_REPORTED: Final = {
    "operating_count": mark("number in operation"),
    "fill_rate_pct": mark("fill rate"),
}


def missing_html(found: pd.DataFrame, snapshot: Snapshot, w: Words) -> Html:
    """Write the list of :func:`geo.quality.missing_most`, the longest part of it folded."""
    if found.empty:
        return element("p", w("Every existing park and cluster has recent figures."))
    lines = [_row(row, snapshot, w) for row in rows(found)]
    rest = lines[SHOWN:]
    more = element(
        "details",
        element("summary", w("{count} more", count=len(rest))),
        _table(rest, w),
    )
    return element(
        "div",
        element("h2", w("Whom to ask first")),
        element("p", answer_text(found, w), class_="atlas-hint"),
        _table(lines[:SHOWN], w),
        more if rest else "",
        class_="atlas-data missing",
    )


def answer_text(found: pd.DataFrame, w: Words) -> str:
    """Say in a sentence what the first of the list would settle."""
    first = next(rows(found))
    name = w.pick(first.name_vi, first.name_en)
    if first.blocks_bounds:
        return w(
            "{name} first: as long as the area of this park isn't known, its zone and the province "
            "have no bounds at all.",
            name=name,
        )
    if not known(first.shrink_pct):
        return w("{name} first: it has most land without figures.", name=name)
    return w(
        "{name} first: its figures alone would narrow the fill rate of its zone by {zone} points "
        "and that of the province by {province} points.",
        name=name,
        zone=number(first.shrink_pct, w.lang, decimals=1, trim=True),
        province=number(first.total_shrink_pct, w.lang, decimals=1, trim=True),
    )


def _table(lines: list[Html], w: Words) -> Html:
    heads = [
        w("Park or cluster"),
        w("Land (ha)"),
        w("To ask for"),
        w("Newest figure"),
        w("Zone"),
        w("Range of its rate now (points)"),
        w("It would shrink by (points)"),
        w("Whom to ask"),
    ]
    return element(
        "table",
        element("thead", element("tr", *[element("th", head, scope="col") for head in heads])),
        element("tbody", *lines),
    )


def card_link(snapshot: Snapshot, area_id: str, label: str, w: Words) -> Html:
    """Link the card of an area on the map."""
    query = {
        "province": snapshot.resolution.province,
        "lang": w.lang,
        "as_of": snapshot.as_of.isoformat(),
        "area": area_id,
    }
    return element("a", label, href=f"./?{urlencode(query)}", target="_self")


def _row(row: Any, snapshot: Snapshot, w: Words) -> Html:  # noqa: ANN401
    zones = snapshot.zones
    zone = ""
    if row.zone_key in zones.index:
        zone = w.pick(str(zones["name_vi"][row.zone_key]), str(zones["name_en"][row.zone_key]))
    width = number(row.width_pct, w.lang, decimals=1) if known(row.width_pct) else w("no bounds")
    shrink = number(row.shrink_pct, w.lang, decimals=1) if known(row.shrink_pct) else ""
    if row.blocks_bounds:
        shrink = w("gives it bounds")
    land = hectares(row.land_ha, w.lang) or w("no data")
    asked = ", ".join(w.of(MISSING, item) for item in row.missing)
    return element(
        "tr",
        element(
            "th",
            card_link(snapshot, row.area_id, w.pick(row.name_vi, row.name_en), w),
            element("small", w.of(KIND, row.kind)),
            scope="row",
        ),
        element(
            "td",
            land,
            element("small", w("assumed")) if row.land_assumed else "",
            class_="number",
        ),
        element("td", asked),
        element("td", printed_date(row.newest_as_of) or w("none dated"), class_="date"),
        element(
            "td",
            element("b", zone_marks(zones).get(row.zone_key, ""), class_="mark"),
            element("span", zone, title=zone),
            class_="zone",
        ),
        element("td", width, class_="number"),
        element(
            "td",
            element("b", shrink),
            element(
                "small",
                w("{area} ha available land", area=hectares(row.available_shrink_ha, w.lang)),
            )
            if known(row.available_shrink_ha)
            else "",
            class_="number",
        ),
        element("td", *_whom(row, w)),
        data_area=row.area_id,
    )


def _whom(row: Any, w: Words) -> list[Html | str]:  # noqa: ANN401
    places = ", ".join(row.communes_2025)
    if row.developer:
        return [row.developer, element("small", places)]
    if row.kind == "industrial_cluster":
        body = w("People's Committee of the commune")
    else:
        body = w("management board of the economic zone and industrial parks")
    return [w("no investor on record; {body}", body=body), element("small", places)]


def reports_html(snapshot: Snapshot, w: Words) -> Html:
    """Write what the province reports as a whole beside what the tables hold."""
    found = province_reports(snapshot)
    heading = element("h2", w("What the province reports, beside these tables"))
    if found.empty:
        return join([heading, element("p", w("No report of the whole province is held here."))])
    lines = []
    for row in rows(found):
        percent = row.metric == "fill_rate_pct"
        here = row.here
        shown = rate(here, w.lang) or w("no data") if percent else number(here, w.lang)
        reported = rate(row.reported, w.lang) if percent else number(row.reported, w.lang)
        lines.append(
            element(
                "tr",
                element(
                    "th",
                    f"{w(KINDS[_KIND_OF[row.scope]])}: {w(_REPORTED[row.metric])}",
                    scope="row",
                ),
                element("td", element("b", reported), class_="number"),
                element("td", printed_date(row.as_of), class_="date"),
                element(
                    "td",
                    element("b", shown),
                    element("small", w("{count} listed", count=row.listed)),
                    class_="number",
                ),
                element(
                    "td",
                    sources_html((row.source,), snapshot.facts.sources, w),
                    element("small", f" {row.note}") if row.note else "",
                ),
            ),
        )
    heads = [w("What"), w("The province"), w("As of"), w("These tables"), w("Source")]
    return element(
        "div",
        heading,
        element(
            "table",
            element("thead", element("tr", *[element("th", head, scope="col") for head in heads])),
            element("tbody", *lines),
        ),
        element(
            "p",
            w(
                "The lists of areas are incomplete where the province reports more of them. "
                "Reports of the whole province are shown beside the account, never added to it.",
            ),
            class_="atlas-hint",
        ),
        class_="atlas-data",
    )
