"""The box that holds the trade: found by name, synonym or VSIC code, in either language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from data.trades import divisions, find_trade, trades
from layers.components import component
from layers.safe_html import Html, element
from layers.sites import state as site_state
from layers.words import mark

if TYPE_CHECKING:
    from data.trades import Trade, TradeMatch
    from layers.words import Words

CHOSEN: Final = "fit_trade"  # kept in the session: a tag, "" for none
_KEY: Final = "find_trade"
_NONE: Final = "-"

# Headings of the list, by how the text was found.
_HOW: Final = {
    "code": mark("By code"),
    "alike": mark("Spelt alike"),
}


def name_of(tag: str, w: Words) -> str:
    """Give the name of a trade with a capital, or say that none is chosen.

    Examples
    --------
    >>> from layers.words import words
    >>> name_of("electronics", words("en")), name_of("", words("en"))
    ('Electronics', 'No particular trade')
    """
    found = {str(key): trade for key, trade in trades().items()}.get(tag)
    if found is None:
        return w("No particular trade")
    name = w.pick(found.name_vi, found.name_en)
    return name[:1].upper() + name[1:]


def label_html(text: str) -> Html:
    """Write the label above a control that has its own for screen readers."""
    return element("div", text, class_="atlas-label", aria_hidden="true")


@st.fragment
def show(w: Words) -> None:
    """Put the box on the page; the trade chosen is in the session under :data:`CHOSEN`.

    A fragment, so that typing repaints the list alone.
    """
    query = str(getattr(st.session_state.get(_KEY), "query", None) or "")
    component("trades", files="search", root="search")(
        key=_KEY,
        data={
            "query": query,
            "value": name_of(st.session_state[CHOSEN], w),
            "groups": groups(query, w),
            "words": {
                "label": w("Trade: name, another name, or VSIC code"),
                "none": w("No trade is called so. Empty the box to see all of them."),
            },
        },
        on_query_change=_typed,
        on_pick_change=_picked,
    )
    if st.session_state.pop("trade_done", False):
        st.rerun()


def _typed() -> None:
    """Nothing to do: the fragment runs again with what was typed."""


def _picked() -> None:
    tag = str(getattr(st.session_state.get(_KEY), "pick", None) or "")
    if tag == _NONE or tag in trades():
        st.session_state[CHOSEN] = "" if tag == _NONE else tag
        if not st.session_state["fit_preset"]:  # the criteria follow the trade
            site_state.forget_proposals()
        st.session_state["trade_done"] = True


def groups(query: str, w: Words) -> list[dict[str, Any]]:
    """List the trades that a text may mean, all of them where it is empty.

    Examples
    --------
    >>> from layers.words import words
    >>> [item["id"] for group in groups("26", words("en")) for item in group["items"]][0]
    'electronics'
    """
    if not query:
        none = {"id": _NONE, "name": name_of("", w), "detail": ""}
        every = [_item(trade, "", w) for trade in trades().values()]
        return [{"title": w("All trades"), "items": [none, *every]}]
    found: dict[str, list[TradeMatch]] = {}
    for match in find_trade(query):
        found.setdefault(w.of(_HOW, match.how) if match.how in _HOW else w("By name"), []).append(
            match
        )
    return [
        {"title": title, "items": [_item(match.trade, match.by, w) for match in matches]}
        for title, matches in found.items()
    ]


def _item(trade: Trade, by: str, w: Words) -> dict[str, str]:
    name = w.pick(trade.name_vi, trade.name_en)
    codes = ", ".join(trade.vsic)
    fields = [f"VSIC {codes}" if codes else ""]
    if by and by not in {trade.name_vi, trade.name_en, trade.tag} and not by.startswith("VSIC"):
        fields.append(by)
    elif by.startswith("VSIC"):
        vi, en = divisions().get(by.removeprefix("VSIC ").strip(), ("", ""))
        fields.append(w.pick(vi, en))
    detail = " · ".join(field for field in fields if field)
    return {"id": trade.tag, "name": name[:1].upper() + name[1:], "detail": detail}
