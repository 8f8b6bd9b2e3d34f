"""What the cards of areas and zones have in common: their form, and the policy of a zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layers.numbers import rate
from layers.safe_html import Html, element, join
from layers.words import (
    INDUSTRY,
    STANCE,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from data.resolutions import Industry, Resolution
    from layers.words import Words


def two_columns(name: str, badges: list[Html], left: Html, right: Html) -> Html:
    """Write a card: its head, and two columns below."""
    return element(
        "div",
        element("div", element("h3", name), *badges, class_="head"),
        element("div", element("div", left), element("div", right), class_="columns"),
        class_="atlas-card",
    )


def table(heads: list[str], rows: list[Html], *, name: str = "figures") -> Html:
    """Write a table of a card."""
    return element(
        "table",
        element("thead", element("tr", *[element("th", head, scope="col") for head in heads])),
        element("tbody", *rows),
        class_=name,
    )


def definitions(items: list[tuple[str, object]]) -> Html:
    """Write what is known of a thing, each with its label; what is empty is left out."""
    return element(
        "dl",
        *[
            join([element("dt", label), element("dd", value)])
            for label, value in items
            if value not in ("", None)
        ],
        class_="facts",
    )


def policy(
    resolution: Resolution,
    key: str,
    w: Words,
    *,
    share: dict[str, Any] | None = None,
) -> Html:
    """Write what the documents say of a zone.

    Parameters
    ----------
    share
        Of an area in it, with `assumed`; the zone is named then.
    """
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
                cite(resolution, purpose.citations, w),
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
        cite(resolution, industries[0].citations, w) if shared else "",
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
                "" if shared else join([" ", cite(resolution, industry.citations, w)]),
            ),
        )
    return [heading, element("ul", *items)]


def cite(resolution: Resolution, citations: Iterable[Any], w: Words) -> Html:
    """Write where documents say so."""
    places = [resolution.cite(citation) for citation in citations]
    return element("small", "; ".join(w.pick(item.vi, item.en) for item in places), class_="cite")
