"""Outlook of an area or a zone: pace of leasing, years of supply, what is to come.

Everything is a range under assumptions, most of which the user can change; where too little is
known the page says what is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from data._frames import rows
from data.dates import printed_date
from geo.absorption import OutlookAssumptions
from geo.account import Assumptions
from geo.outlook import area_outlook, pipeline, zone_outlook
from layers._records import record
from layers.numbers import hectare_range, hectares, known, number, rate
from layers.safe_html import Html, element, join
from layers.sources import sources_html
from layers.words import NATURE, STATUS, mark

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from geo.history import Timeline
    from layers.words import Words

_DEFAULT: Final = OutlookAssumptions()
_MOST_POINTS: Final = 10
_MOST_YEARS: Final = 20
_FULL_PCT: Final = 100.0
_PLACE: Final = "outlook_assumptions"
_WHY: Final = {
    "too_few_points": mark(
        "No pace can be given: {points} dated figures of leased land on one basis, and {needed} "
        "are needed.",
    ),
    "too_short": mark(
        "No pace can be given: the dated figures are {days} days apart, and {months_needed} "
        "months are needed.",
    ),
    "no_pair": mark("How much land is left isn't known, so neither is how long it lasts."),
    "leased_fell": mark(
        "Between some figures leased land fell; the slowest pace is taken as none.",
    ),
    "bases_differ": mark(
        "The figures are counted on several bases; each is compared with its own."
    ),
    "inexact_points": mark("{count} of the figures are approximate or dated by year only."),
    "nothing_leased": mark("No land was leased between the figures, so the supply has no end."),
    "open_ended": mark("At the slowest pace nothing is leased, so the range has no upper end."),
    "no_absorption": mark("No area here has enough dated figures of leased land for a pace."),
    "part_of_areas": mark(
        "Pace and land are those of the areas with enough dated figures: {names}.",
    ),
}
_CHANGE: Final = {
    "new": mark("new area"),
    "extension": mark("extension"),
}


def assumptions() -> OutlookAssumptions:
    """Give what the user assumes, in this session."""
    found = st.session_state.get(_PLACE)
    return found if isinstance(found, OutlookAssumptions) else _DEFAULT


def show(times: Timeline, kind: str, key: str, as_of: dt.date, w: Words) -> None:
    """Put the outlook of an area ("area") or a zone ("zone") on the page, with its form."""
    _form(w)
    options = assumptions()
    st.html(
        element(
            "div", outlook_html(times, kind, key, as_of, options=options, w=w), class_="atlas-card"
        ),
    )


def _form(w: Words) -> None:
    now = assumptions()
    with st.form("outlook", border=False):
        points, years, share, months, button = st.columns(
            [22, 22, 22, 22, 12],
            vertical_alignment="bottom",
        )
        with points:
            least = st.number_input(
                w("Dated figures needed, at least"),
                min_value=_DEFAULT.minimum_points,
                max_value=_MOST_POINTS,
                value=now.minimum_points,
                key="outlook_points",
            )
        with years:
            window = st.number_input(
                w("Figures of the last ... years"),
                min_value=1,
                max_value=_MOST_YEARS,
                value=now.window_years,
                key="outlook_years",
            )
        with months:
            apart = st.number_input(
                w("First and last apart, months"),
                min_value=1,
                max_value=12 * _MOST_YEARS,
                value=now.minimum_months,
                key="outlook_months",
            )
        with share:
            coming = st.number_input(
                w("Share of the pipeline that comes, %"),
                min_value=0,
                max_value=100,
                value=round(now.pipeline_share * _FULL_PCT),
                step=10,
                key="outlook_share",
            )
        with button:
            if st.form_submit_button(w("Apply"), key="outlook_apply"):
                st.session_state[_PLACE] = OutlookAssumptions(
                    minimum_points=int(least),
                    minimum_months=int(apart),
                    window_years=int(window),
                    pipeline_share=coming / _FULL_PCT,
                )


def outlook_html(
    times: Timeline,
    kind: str,
    key: str,
    as_of: dt.date,
    *,
    options: OutlookAssumptions,
    w: Words,
) -> Html:
    """Write pace, years of supply, assumptions and pipeline of an area or a zone."""
    coming = pipeline(times, as_of)
    if kind == "area":
        found = area_outlook(times, as_of, options=options)
        coming = coming[coming["area_id"] == key]
        if key not in set(found["area_id"]):
            lines = [element("p", w("The area is no present supply, so nothing is leased yet."))]
        else:
            row = record(found.set_index("area_id"), key)
            lines = [*_answer(row, w), _why(times, row["reasons"], w)]
    else:
        found = zone_outlook(times, as_of, options=options).set_index("zone_key")
        row = record(found, key)
        here = {part.state.area_id for part in times.parts_on(key, as_of)}
        coming = coming[coming["area_id"].isin(here)]
        lines = [*_answer(row, w), _of_areas(row, w), _why(times, row["reasons"], w)]
    return join(
        [
            *lines,
            element("p", stated_text(options, w), class_="quiet"),
            pipeline_html(times, coming, w),
        ]
    )


def pace_text(row: dict[str, Any], w: Words) -> str:
    """Write the pace as a range, hectares a year, with its median."""
    if not known(row["absorption_ha_year"]):
        return w("no data")
    least, most = row["absorption_min_ha_year"], row["absorption_max_ha_year"]
    return w(
        "{range} ha a year (median {median})",
        range=f"{number(least, w.lang, decimals=1, trim=True)}-"
        f"{number(most, w.lang, decimals=1, trim=True)}",
        median=number(row["absorption_ha_year"], w.lang, decimals=1, trim=True),
    )


def years_text(low: float, high: float, w: Words) -> str:
    """Write years of supply as a range; without an upper end where the slowest pace is none."""
    if not known(low):
        return w("no data")
    first = number(low, w.lang, decimals=1, trim=True)
    if not known(high):
        return w("{years} years or more", years=first)
    last = number(high, w.lang, decimals=1, trim=True)
    return w("{years} years", years=first if first == last else f"{first}-{last}")


def _answer(row: dict[str, Any], w: Words) -> list[Html]:
    items = [(w("Pace of leasing"), pace_text(row, w))]
    if known(row["absorption_ha_year"]):
        if row.get("points"):
            first, last = printed_date(row["first_as_of"]), printed_date(row["last_as_of"])
            items.append(
                (
                    w("Rests on"),
                    w(
                        "{count} dated figures of leased land, {first} to {last}",
                        count=row["points"],
                        first=first,
                        last=last,
                    ),
                ),
            )
        land = row.get("available_used_ha", row["available_ha"])
        if known(land):
            items.append((w("Land that is left"), f"{hectares(land, w.lang)} {w('ha')}"))
    items.append(
        (w("It lasts"), years_text(row["years_of_supply_min"], row["years_of_supply_max"], w)),
    )
    if row.get("pipeline_leasable_max_ha"):
        more = hectare_range(
            row["pipeline_leasable_min_ha"], row["pipeline_leasable_max_ha"], w.lang
        )
        lasts = years_text(row["years_with_pipeline_min"], row["years_with_pipeline_max"], w)
        items.append(
            (w("With the pipeline"), w("{years}, with {area} ha more", years=lasts, area=more)),
        )
    return [
        element(
            "dl",
            *[join([element("dt", name), element("dd", value)]) for name, value in items],
            class_="facts",
        ),
    ]


def _of_areas(row: dict[str, Any], w: Words) -> Html:
    if not row["areas_used"]:
        return Html()
    text = w(
        "From {used} of {all} existing areas, with {here} of {total} ha of the land known to "
        "be left.",
        used=row["areas_used"],
        all=row["areas_present"],
        here=hectares(row["available_used_ha"], w.lang),
        total=hectares(row["available_ha"], w.lang),
    )
    return element("p", text)


def _why(times: Timeline, reasons: list[dict[str, Any]], w: Words) -> Html:
    areas = times.province.areas
    lines = []
    for reason in reasons:
        if reason["code"] not in _WHY:
            continue
        names = ", ".join(
            w.pick(str(areas["name_vi"][key]), str(areas["name_en"][key]))
            for key in reason.get("areas", ())
        )
        fields = {key: value for key, value in reason.items() if key not in {"code", "areas"}}
        lines.append(element("li", w(_WHY[reason["code"]], **fields, names=names)))
    return element("ul", *lines, class_="reasons") if lines else Html()


def stated_text(options: OutlookAssumptions, w: Words) -> str:
    """Write what is assumed."""
    assume = Assumptions()
    return w(
        "Assumed: the pace is the median of all slopes between two dated figures of one basis, "
        "from the lower to the upper quarter; at least {points} figures of the last {years} "
        "years, {months} months apart; {share} of the pipeline comes, {least} to {most} of it "
        "leasable. The export carries these assumptions.",
        points=options.minimum_points,
        years=options.window_years,
        months=options.minimum_months,
        share=rate(options.pipeline_share * _FULL_PCT, w.lang),
        least=rate(assume.least_leasable_share * _FULL_PCT, w.lang),
        most=rate(assume.most_leasable_share * _FULL_PCT, w.lang),
    )


def pipeline_html(times: Timeline, coming: pd.DataFrame, w: Words) -> Html:
    """Write what is to come, with the dates that are known of it."""
    if coming.empty:
        return element("p", w("No land that is planned, established or being built is known here."))
    areas, sources = times.province.areas, times.province.facts.sources
    body = []
    for row in rows(coming):
        land = f"{hectares(row.land_ha, w.lang)} {w('ha')}" if known(row.land_ha) else w("no data")
        dated = printed_date(row.as_of)
        expected = printed_date(row.expected)
        body.append(
            element(
                "tr",
                element(
                    "th",
                    w.pick(str(areas["name_vi"][row.area_id]), str(areas["name_en"][row.area_id])),
                    scope="row",
                ),
                element("td", w.of(_CHANGE, row.change)),
                element("td", land, element("small", w.of(NATURE, row.nature)), class_="number"),
                element("td", expected or w("no date"), class_="date"),
                element("td", w.of(STATUS, row.status or "unknown")),
                element(
                    "td",
                    sources_html([key for key in row.source.split(";") if key], sources, w),
                    element("small", f" {w('as of {dates}', dates=dated)}") if dated else "",
                    class_="source",
                ),
            ),
        )
    heads = [w("Name"), w("What"), w("Land"), w("Expected by"), w("Status"), w("Source")]
    return join(
        [
            element("h4", w("What is to come")),
            element(
                "table",
                element("thead", element("tr", *[element("th", h, scope="col") for h in heads])),
                element("tbody", *body),
                class_="areas pipeline",
            ),
        ],
    )
