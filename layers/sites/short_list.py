"""The short list: ranked places with scores as bars, those that fall out with their reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import streamlit as st

from data.dates import printed_date
from layers.components import component
from layers.numbers import number
from layers.safe_html import Html, element, join
from layers.sites.ranking_text import check_text, criterion_title, excluded_by_text, measured_text
from layers.sites.text import SITING_VERDICT
from layers.words import KIND, STATUS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from geo.candidates import Candidate
    from geo.ranking import Excluded, Ranked, Ranking
    from layers.words import Words

KEY: Final = "ranking"
Act = Literal["open", "add", "go", "check"]
_SIGNS: Final = {True: "yes", False: "no", None: "maybe"}
_WHOLE: Final = 100.0
_SAME: Final = 0.5


class Shown(NamedTuple):
    """What the list shows besides the ranking: what is open, what is to be compared.

    `most` is how many may be compared; `provinces` names each where there are several.
    """

    chosen: str
    compared: Collection[str]
    most: int
    provinces: Mapping[str, str]


def show(ranking: Ranking, shown: Shown, w: Words, *, on_act: Callable[[], None]) -> None:
    """Put the list on the page; :func:`acted` says what was clicked."""
    component("ranking", files="ranking", root="ranking")(
        key=KEY,
        data={"html": list_html(ranking, shown, w), "chosen": shown.chosen},
        on_act_change=on_act,
        height="content",
    )


def acted() -> tuple[str, str]:
    """Give what was clicked: ("open", id), ("add", id), ("check", id), ("go", "") or ("", "")."""
    value = str(getattr(st.session_state.get(KEY), "act", None) or "")
    act, _, key = value.partition(":")
    return act, key


def land_text(place: Candidate, w: Words) -> str:
    """Write the land available, as an interval where it isn't known."""
    land = place.measured["available_ha"]
    found = measured_text(land, lang=w.lang)
    if land.code == "assumed":
        return w("available land: {found}, assumed", found=found)
    return w("available land: {found}", found=found)


def score_text(row: Ranked, w: Words) -> str:
    """Write a score of 0 to 100, as an interval where it isn't complete.

    The ends are rounded outwards, so that what is possible isn't left out.
    """
    if row.score_high - row.score_low < _SAME:
        return number(row.score_middle, w.lang)
    low, high = int(row.score_low), -int(-row.score_high // 1)
    return f"{low}-{high}"


def list_html(ranking: Ranking, shown: Shown, w: Words) -> Html:
    """Write the list: those that fit, those of which it isn't known, those that fall out."""
    sure = [row for row in ranking.ranked if row.verified]
    unsure = [row for row in ranking.ranked if not row.verified]
    parts: list[object] = []
    if shown.compared:
        parts.append(_go(shown, w))
    if not ranking.ranked:
        parts.append(nothing_html(ranking, w))
    if sure:
        text = w.plural("{count} place meets all needs", "{count} places meet all needs", len(sure))
        parts.append(element("section", element("h4", text), _ranked(sure, ranking, shown, w)))
    if unsure:
        text = w.plural(
            "{count} place: figures are missing to tell whether it meets all needs",
            "{count} places: figures are missing to tell whether they meet all needs",
            len(unsure),
        )
        parts.append(element("section", element("h4", text), _ranked(unsure, ranking, shown, w)))
    if ranking.excluded:
        text = w.plural(
            "{count} place falls out, with its reasons",
            "{count} places fall out, with their reasons",
            len(ranking.excluded),
        )
        parts.append(
            element(
                "details",
                element("summary", text),
                element("ol", *[_out(row, shown, w) for row in ranking.excluded], class_="out"),
                data_keep="out",
                open=not ranking.ranked,
            ),
        )
    return join(parts)


def _go(shown: Shown, w: Words) -> Html:
    count = len(shown.compared)
    text = w.plural("{count} place to compare", "{count} places to compare", count)
    if count == 1:
        text = f"{text}. {w('Choose a second one.')}"
    button = element(
        "button",
        w("Compare"),
        type="button",
        data_act="go:",
        disabled=count < 2,  # noqa: PLR2004
    )
    return element("div", element("span", text), button, class_="go")


def _ranked(rows: Sequence[Ranked], ranking: Ranking, shown: Shown, w: Words) -> Html:
    return element("ol", *[_item(row, ranking, shown, w) for row in rows])


def _item(row: Ranked, ranking: Ranking, shown: Shown, w: Words) -> Html:
    place = row.place
    chosen = place.area_id == shown.chosen
    about = [w.of(KIND, place.kind), w.of(STATUS, place.status or "unknown")]
    if shown.provinces:
        about.insert(0, shown.provinces[place.province])
    held = number(_WHOLE * row.stability["holds_rank"], w.lang)
    opening = element(
        "button",
        element("span", str(row.rank), class_="rank"),
        element(
            "span",
            element("span", w.pick(place.name_vi, place.name_en), class_="name"),
            element("small", " · ".join(about)),
            element("small", land_text(place, w)),
            *[
                element("small", check_text(check, lang=w.lang), class_="why open-question maybe")
                for check in row.unsure
            ],
        ),
        element(
            "span",
            element("b", score_text(row, w)),
            element("small", " " + w("of 100")),
            _bar(row),
            element(
                "small",
                w("rank held: {share} %", share=held),
                title=w(
                    "Share of {draws} weightings, each weight changed by up to {spread} %, in "
                    "which the place keeps this rank",
                    draws=number(ranking.draws, w.lang),
                    spread=number(_WHOLE * ranking.spread, w.lang),
                ),
            ),
            class_="score",
        ),
        type="button",
        class_="open",
        data_act=f"open:{place.area_id}",
        aria_expanded="true" if chosen else "false",
    )
    classes = " ".join(
        name for name, on in (("chosen", chosen), ("unsure", not row.verified)) if on
    )
    return element(
        "li",
        element("div", opening, _add(place.area_id, shown, w), class_="row"),
        _more(row, ranking, w) if chosen else "",
        data_id=place.area_id,
        class_=classes or None,
    )


def _add(area_id: str, shown: Shown, w: Words) -> Html:
    inside = area_id in shown.compared
    full = len(shown.compared) >= shown.most and not inside
    return element(
        "button",
        "✓" if inside else "+",
        " ",
        w("compare"),
        type="button",
        class_="add",
        data_act=f"add:{area_id}",
        aria_pressed="true" if inside else "false",
        disabled=full,
        title=w("At most {count} places can be compared", count=shown.most) if full else None,
    )


def _bar(row: Ranked) -> Html:
    """Draw a score: solid to its low end, hatched to its high end, a line in the middle."""
    span = row.score_high - row.score_low
    return element(
        "span",
        element("i", class_="low", style=f"width:{row.score_low:.1f}%"),
        element("i", class_="span", style=f"left:{row.score_low:.1f}%;width:{span:.1f}%"),
        element("i", class_="mid", style=f"left:{row.score_middle:.1f}%"),
        class_="bar",
        style="display:block",
        aria_hidden="true",
    )


def _more(row: Ranked, ranking: Ranking, w: Words) -> Html:
    """Write where the score comes from, the needs one by one, and what to do next."""
    place = row.place
    titles = {
        str(one.measure): criterion_title(one, lang=w.lang) for one in ranking.criteria.enabled
    }
    lines = [
        element(
            "tr",
            element("th", titles[one.measure], scope="row"),
            element("td", *_measured(place, one.measure, w)),
            element("td", _points(one.points_low, one.points_high, w), class_="number"),
            element("td", number(one.weight, w.lang, decimals=1, trim=True), class_="number"),
        )
        for one in row.contributions
    ]
    heads = (w("Criterion"), w("Here"), w("Points"), w("of"))
    parts: list[object] = []
    if row.checks:
        checks = [
            element("li", check_text(check, lang=w.lang), class_=_SIGNS[check.met])
            for check in row.checks
        ]
        parts += [element("h5", w("Needs")), element("ul", *checks, style="list-style:none")]
    parts += [
        element("h5", w("Where the points come from")),
        element(
            "table",
            element(
                "thead",
                element(
                    "tr",
                    *[
                        element("th", head, scope="col", class_="number" if i > 1 else None)
                        for i, head in enumerate(heads)
                    ],
                ),
            ),
            element("tbody", *lines),
        ),
        element("p", element("small", rank_text(row, ranking, w))),
    ]
    if place.siting is not None:
        verdict = w(SITING_VERDICT[place.siting])
        parts.append(
            element("p", w("By the documents of the province: {verdict}", verdict=verdict))
        )
    parts.append(element("div", _see_why(place, w), class_="acts"))
    return element("div", *parts, class_="more")


def _see_why(place: Candidate, w: Words) -> Html:
    act = f"check:{place.province}/{place.area_id}"
    text = w("See why, with citations")
    return element("button", text, type="button", class_="see", data_act=act)


def _measured(place: Candidate, measure: str, w: Words) -> list[object]:
    found = place.measured[measure]
    rests = [printed_date(found.as_of) if found.as_of else "", "; ".join(found.sources)]
    written = " · ".join(text for text in rests if text)
    return [measured_text(found, lang=w.lang), element("small", written) if written else ""]


def _points(low: float, high: float, w: Words) -> str:
    first, last = (number(value, w.lang, decimals=1, trim=True) for value in (low, high))
    return first if first == last else f"{first}-{last}"


def rank_text(row: Ranked, ranking: Ranking, w: Words) -> str:
    """Write which ranks a place may have, and how its rank holds when weights vary."""
    ranks = w(
        "With the unknown figures its rank may be {best} to {worst}.",
        best=row.rank_best,
        worst=row.rank_worst,
    )
    held = w(
        "In {draws} weightings, each weight changed by up to {spread} %, it keeps this rank in "
        "{held} % and is among the first three in {first} %.",
        draws=number(ranking.draws, w.lang),
        spread=number(_WHOLE * ranking.spread, w.lang),
        held=number(_WHOLE * row.stability["holds_rank"], w.lang),
        first=number(_WHOLE * row.stability["in_first"], w.lang),
    )
    return held if row.rank_best == row.rank_worst else f"{ranks} {held}"


def reasons_text(row: Excluded, w: Words) -> list[str]:
    """Write why a place falls out, each reason in words."""
    return [check_text(check, lang=w.lang) for check in row.reasons]


def _out(row: Excluded, shown: Shown, w: Words) -> Html:
    place = row.place
    name = w.pick(place.name_vi, place.name_en)
    if shown.provinces:
        name = f"{name} ({shown.provinces[place.province]})"
    chosen = place.area_id == shown.chosen
    return element(
        "li",
        element("button", name, type="button", data_act=f"open:{place.area_id}"),
        element("small", w.of(KIND, place.kind)),
        *[element("span", text, class_="why no") for text in reasons_text(row, w)],
        element("div", _see_why(place, w), _add(place.area_id, shown, w), class_="acts")
        if chosen
        else "",
        data_id=place.area_id,
        class_="chosen" if chosen else None,
    )


def nothing_html(ranking: Ranking, w: Words) -> Html:
    """Say why no place is left, and which need costs most."""
    if not ranking.excluded:
        text = w("The tables hold no park or cluster here. Search in all provinces.")
        return element("div", element("h3", w("No place fits")), element("p", text), class_="none")
    costs = dict(zip(ranking.excluded_by, excluded_by_text(ranking, lang=w.lang), strict=True))
    order = sorted(costs, key=lambda limit: -ranking.excluded_by[limit]["alone"])
    lines = [element("li", costs[limit]) for limit in order]
    return element(
        "div",
        element("h3", w("No place fits")),
        element("p", w("What excludes them; change the need that costs most:")),
        element("ul", *lines),
        class_="none",
    )
