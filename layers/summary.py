"""The strip above the map, and the quiet lines below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from data.dates import printed_date
from geo.completeness import province_reports
from layers._records import records, status_of
from layers.account import (
    available_text,
    coverage_text,
    dates_text,
    part_remark,
    pipeline_remark,
    rate_text,
)
from layers.numbers import hectares, known, number, rate
from layers.safe_html import Html, element, join, link
from layers.words import KIND, STATUS, mark

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from geo.snapshot import Snapshot
    from layers.words import Words

_REPORTED = {
    ("kcn", "operating_count"): mark(
        "The province reports {reported} operating parks ({date}); the tables hold {here}.",
    ),
    ("ccn", "operating_count"): mark(
        "The province reports {reported} operating clusters ({date}); the tables hold {here}.",
    ),
    ("kcn", "fill_rate_pct"): mark(
        "The province reports {reported} as the fill rate of its parks ({date}); "
        "the parks with figures here give {here}.",
    ),
    ("ccn", "fill_rate_pct"): mark(
        "The province reports {reported} as the fill rate of its clusters ({date}); "
        "the clusters with figures here give {here}.",
    ),
}


def strip_html(snapshot: Snapshot, w: Words) -> Html:
    """Write the answer for the whole province: rate, land left, coverage, date."""
    total = dict(snapshot.total)
    rates = rate_text(total, w)
    available, remark = available_text(total, w)
    unit = f" {w('ha')}" if any(map(str.isdigit, available)) else ""
    pipeline = total["pipeline_ha"]
    return element(
        "div",
        _cell(w("Fill rate"), rates.headline, rates.remark, coverage_text(total, w)),
        _cell(w("Still available"), available + unit, remark, ""),
        _cell(
            w("Existing areas"),
            w(
                "{all}, of them {known} with figures",
                all=total["areas_count"],
                known=total["areas_with_figures"],
            ),
            _total_text(total, w),
            "",
        ),
        _cell(
            w("Pipeline"),
            f"{hectares(pipeline, w.lang)} {w('ha')}" if known(pipeline) else w("no data"),
            _pipeline_text(total, w),
            pipeline_remark(total, w),
        ),
        _dates(total, w),
        class_="atlas-strip",
    )


def _dates(total: Mapping[str, Any], w: Words) -> Html:
    dates = dates_text(total)
    remark = w("from reported rates") if dates and not total["newest_as_of"] else ""
    return _cell(w("Figures as of"), dates or w("no data"), remark, "")


def _pipeline_text(total: Mapping[str, Any], w: Words) -> str:
    text = w("planned, established or being built")
    part = part_remark(total["pipeline_ha"], total["pipeline_without_total"], w)
    return f"{text} ({part})" if part else text


def _total_text(total: Mapping[str, Any], w: Words) -> str:
    land = total["total_area_ha"]
    if not known(land):
        return ""
    text = w("total {area} ha", area=hectares(land, w.lang))
    part = part_remark(land, total["areas_without_total"], w)
    return f"{text} ({part})" if part else text


def _cell(label: str, value: str, remark: str, hint: str) -> Html:
    return element(
        "div",
        element("span", label, class_="label"),
        element("b", value),
        element("small", remark) if remark else "",
        title=hint or None,
    )


def title_html(w: Words) -> Html:
    """Write the name of the product."""
    return element("div", element("h1", w("Industrial Land Atlas")), class_="atlas-title")


_LINK: Final = {
    "province": mark("province"),
    "as_of": mark("date"),
    "lang": mark("language"),
    "zone": mark("zone"),
    "area": mark("park or cluster"),
    "unit": mark("administrative unit"),
    "boundaries": mark("boundaries"),
    "compare": mark("places compared"),
}


def ignored_html(parts: Sequence[tuple[str, str]], w: Words) -> Html:
    """Say which parts of a link were left out because nothing here is called so."""
    listed = "; ".join(f"{w.of(_LINK, key)}: {value[:40]}" for key, value in parts)
    return element(
        "div",
        w("The link asks for what isn't here, so it was left out ({parts}).", parts=listed),
        class_="atlas-notice",
        role="status",
    )


def hint_html(w: Words) -> Html:
    """Say how to open a card."""
    return element(
        "p",
        w(
            "Click a zone, a park or a cluster on the map, or a row of the table: its figures "
            "with dates and sources appear here. The search box also finds communes and "
            "districts, of today and before July 2025.",
        ),
        class_="atlas-hint",
    )


def sidebar_html(w: Words) -> Html:
    """Head the filters, and say what they change."""
    return element(
        "div",
        element("h2", w("Filters")),
        element("p", w("They change what the map draws, never the account of the zones.")),
    )


def banner_html(snapshot: Snapshot, w: Words) -> Html:
    """Say how good the boundaries are."""
    source = snapshot.boundary_source
    name = w.pick(source.name_vi, source.name_en)
    return element(
        "div",
        element("b", name[:1].upper() + name[1:]),
        f". {w.pick(source.accuracy_vi, source.accuracy_en)}",
        class_="atlas-banner",
        role="note",
    )


def open_questions(snapshot: Snapshot, w: Words) -> dict[str, list[str]]:
    """List what isn't known: positions, statuses, areas that the tables lack.

    Returns
    -------
    dict
        Heading to its lines; headings without lines are left out.
    """
    areas = snapshot.areas
    lists = {
        w("Areas without a position (not on the map)"): _named(
            areas[areas["position"] == "unknown"],
            w,
        ),
        w("Areas whose status on this date isn't known (in no total unless they had tenants)"): (
            _named(areas[areas["status"].isna() & areas["counted"]], w)
        ),
        w("What the province reports beside these tables"): _missing(snapshot, w),
    }
    return {heading: lines for heading, lines in lists.items() if lines}


def _named(areas: pd.DataFrame, w: Words) -> list[str]:
    lines = []
    for area in records(areas).values():
        what = [w.of(KIND, area["kind"]), w.of(STATUS, status_of(area))]
        if known(area["total_area_ha"]):
            what.append(f"{hectares(area['total_area_ha'], w.lang)} {w('ha')}")
        lines.append(f"{w.pick(area['name_vi'], area['name_en'])} ({', '.join(what)})")
    return lines


def _missing(snapshot: Snapshot, w: Words) -> list[str]:
    """Say where the province itself reports more than the tables hold."""
    lines = []
    for report in province_reports(snapshot).to_dict("records"):
        key = (report["scope"], report["metric"])
        if key not in _REPORTED:
            continue
        percent = report["metric"] == "fill_rate_pct"
        here = report["here"]
        if not percent and report["reported"] <= here:
            continue
        lines.append(
            w(
                _REPORTED[key],
                reported=rate(report["reported"], w.lang)
                if percent
                else number(report["reported"], w.lang),
                date=printed_date(report["as_of"]),
                here=(rate(here, w.lang) or w("no data")) if percent else number(here, w.lang),
            ),
        )
    return lines


def documents_html(snapshot: Snapshot, w: Words) -> Html:
    """List the documents of the province and the count of sources, with links."""
    sources = snapshot.facts.sources
    items = []
    for document in snapshot.resolution.documents:
        title = w.pick(document.title.vi, document.title.en)
        number_ = f"{document.number}: " if document.number else ""
        urls = [str(sources["url"][key]) for key in document.source_ids if key in sources.index]
        label = f"{number_}{title}"
        items.append(element("li", link(urls[0], label) if urls else label))
    return element("ul", *items)


def lists_html(lists: dict[str, list[str]]) -> Html:
    """Write headings with their lines."""
    return join(
        [
            join([element("h5", heading), element("ul", *[element("li", line) for line in lines])])
            for heading, lines in lists.items()
        ],
    )
