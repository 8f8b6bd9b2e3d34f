"""A siting check on the page: the verdict, each sentence with its citation, and what is near."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from data._frames import rows
from geo.distances import distances_from, nearest
from layers.numbers import hectares, known, number
from layers.safe_html import Html, element, join
from layers.sites.text import SITING_VERDICT, change_text, sentence_text
from layers.words import KIND, NODE, STATUS, mark

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.siting import Sentence, SitingResult
    from geo.snapshot import Snapshot
    from layers.words import Words

_SIGNS: Final = {
    "fits": ("yes", "✓"),
    "conditional": ("if", "!"),
    "does_not_fit": ("no", "✕"),
    "cannot_tell": ("open", "?"),
}
_EFFECTS: Final = {
    "against": ("no", "✕", mark("speaks against it")),
    "unknown": ("open", "?", mark("isn't known")),
    "condition": ("if", "!", mark("a condition")),
    "supports": ("yes", "✓", mark("speaks for it")),
}
_TARGETS: Final = {
    **NODE,
    "expressway": mark("expressway"),
    "national_road": mark("national road"),
    "ho_chi_minh_road": mark("Hồ Chí Minh road"),
    "coastal_road": mark("coastal road"),
}

_NAMED: Final = 2  # zones in the heading


class Answer(NamedTuple):
    """What a check came to: a result, or why there is none."""

    result: SitingResult | None
    name: str
    error: str = ""


def sign_html(verdict: str, w: Words) -> Html:
    """Write a verdict of a siting check with its sign."""
    name, sign = _SIGNS[verdict]
    return element(
        "span",
        element("i", sign, aria_hidden="true"),
        element("b", w(SITING_VERDICT[verdict])),
        class_=f"verdict {name}",
    )


def verdict_html(found: Answer, trade: str, w: Words) -> Html:
    """Write the answer above everything else.

    Parameters
    ----------
    trade
        Its name, as the page writes it.
    """
    if found.error:
        body = [element("b", w("This site can't be checked")), element("span", found.error)]
        return element("div", *body, class_="site-answer refused", role="alert")
    if found.result is None:
        text = w("Click a place on the map, draw its outline, or choose a park: may it go there?")
        return element("div", element("b", text), class_="site-answer", role="status")
    result = found.result
    where = [found.name]
    if known(result.place["area_ha"]):
        where.append(f"{hectares(result.place['area_ha'], w.lang)} {w('ha')}")
    where += _zones(result.place["zones"], w)
    return element(
        "div",
        sign_html(result.verdict, w),
        element("span", join([element("b", trade), *where], " · "), class_="of"),
        element("small", _decides(result, w)),
        class_="site-answer",
        role="status",
    )


def _zones(zones: Sequence[Mapping[str, Any]], w: Words) -> list[str]:
    """Name the zones with the largest shares, and count the others."""
    ordered = sorted(zones, key=lambda zone: -(zone["share"] or 0.0))
    named = [w.pick(zone["name_vi"], zone["name_en"]) for zone in ordered[:_NAMED]]
    others = len(ordered) - len(named)
    if others:
        named.append(w.plural("and {count} other zone", "and {count} other zones", others))
    return named


def _decides(result: SitingResult, w: Words) -> str:
    """Give the one sentence that decides the verdict."""
    wanted = {
        "does_not_fit": ("against",),
        "cannot_tell": ("unknown",),
        "conditional": ("condition",),
        "fits": ("supports",),
    }[result.verdict]
    for sentence in result.sentences:
        if sentence.effect in wanted:
            return sentence_text(sentence, result.province, lang=w.lang)
    return ""


def how_html(w: Words) -> Html:
    """Say how to give a place."""
    ways = [
        w("click anywhere on the map for a point, or on a symbol for a park or cluster"),
        w("draw the outline of a site with the button on the map"),
        w("type coordinates, in degrees or in metres of VN-2000"),
        w("hand in a file with a polygon"),
    ]
    return element(
        "div",
        element("p", w("Ways to say where:")),
        element("ul", *[element("li", way) for way in ways]),
        element(
            "p",
            w(
                "The check holds the place against the documents of the province: zones, parks "
                "and clusters, the rule on where industry may be, and the trades that are wanted. "
                "It is no permit and doesn't look at land-use plans.",
            ),
            class_="quiet",
        ),
        class_="site-reasons",
    )


def reasons_html(result: SitingResult, shot: Snapshot, w: Words) -> Html:
    """Write what was found: what would change it, what decides, where it lies, what is near."""
    province = shot.resolution.province
    changes = [change_text(change, province, lang=w.lang) for change in result.would_change]
    deciding = sorted(
        (one for one in result.sentences if one.effect in _EFFECTS),
        key=lambda one: list(_EFFECTS).index(one.effect),
    )
    notes = [one for one in result.sentences if one.effect not in _EFFECTS]
    parts: list[object] = []
    if deciding:
        parts += [element("h4", w("Why")), _sentences(deciding, province, w)]
    if changes:
        parts += [
            element("h4", w("What would change it")),
            element("ul", *[element("li", text) for text in changes]),
        ]
    if notes:
        parts += [
            element("h4", w("Where it lies and what holds there")),
            _sentences(notes, province, w),
        ]
    parts += [element("h4", w("Nearest areas, straight line")), _nearest(result, w)]
    if result.place["where"] == "province":
        parts += [
            element("h4", w("Ports, roads and stations, straight line")),
            _links(result, shot, w),
        ]
    return element("div", *parts, class_="site-reasons")


def _sentences(sentences: Sequence[Sentence], province: str, w: Words) -> Html:
    lines = []
    for sentence in sentences:
        text = sentence_text(sentence, province, lang=w.lang)
        cited = w.pick(sentence.citation_vi, sentence.citation_en)
        name, sign, meaning = _EFFECTS.get(sentence.effect, ("note", "·", ""))
        lines.append(
            element(
                "li",
                element(
                    "span",
                    element("i", sign, title=w(meaning) or None, aria_hidden="true"),
                    element("span", w(meaning), class_="hidden") if meaning else "",
                    class_=f"verdict {name}",
                ),
                element(
                    "span",
                    text,
                    join([" ", element("small", cited, class_="cite")]) if cited else "",
                ),
            ),
        )
    return element("ul", *lines, class_="sentences")


def _nearest(result: SitingResult, w: Words) -> Html:
    heads = (w("Area"), w("Status"), w("Distance"))
    body = []
    for area in result.nearest:
        km, off = area["distance_km"], area["tolerance_km"]
        inside = area["relation"] == "inside"
        far = _km(km, w) if known(km) else w("position unknown")
        tolerance = f"± {_km(off, w)}" if known(km) and known(off) else ""
        body.append(
            element(
                "tr",
                element(
                    "th",
                    w.pick(area["name_vi"], area["name_en"]),
                    element("small", w.of(KIND, area["kind"])),
                    scope="row",
                ),
                element("td", w.of(STATUS, area["status"] or "unknown")),
                element(
                    "td",
                    w("inside") if inside else far,
                    element("small", "" if inside else tolerance),
                    class_="number",
                ),
            ),
        )
    return _table(heads, body)


def _links(result: SitingResult, shot: Snapshot, w: Words) -> Html:
    """Write the nearest node and road of each type."""
    lon, lat = result.place["lon"], result.place["lat"]
    if lon is None:
        return element("p", w("The position of this area isn't known."), class_="quiet")
    facts = shot.facts
    found = nearest(distances_from(lon, lat, facts))
    names = {
        **{str(row.Index): w.pick(row.name_vi, row.name_en) for row in rows(facts.nodes)},
        **{str(row.Index): w.pick(row.road_name_vi, row.road_name_en) for row in rows(facts.roads)},
    }
    body = [
        element(
            "tr",
            element("th", w.of(_TARGETS, row.target_type), scope="row"),
            element("td", names[row.target_id]),
            element(
                "td",
                _km(row.distance_km, w),
                element("small", f"± {_km(row.tolerance_km, w)}"),
                class_="number",
            ),
        )
        for row in rows(found.sort_values("distance_km"))
    ]
    return _table((w("What"), w("Nearest in use, of those in the data"), w("Distance")), body)


def _km(value: float, w: Words) -> str:
    return f"{number(value, w.lang, decimals=1, trim=True)} km"


def _table(heads: tuple[str, ...], body: list[Html]) -> Html:
    return element(
        "table",
        element("thead", element("tr", *[element("th", head, scope="col") for head in heads])),
        element("tbody", *body),
    )
