"""The table of zones beside the map: one row a zone, the same colours, the same words.

A component of its own rather than a data frame: the second group and the total row stay where
they are when a column is sorted, and every cell is text that a screen reader reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from layers import style
from layers._records import records
from layers.account import (
    available_text,
    coverage_text,
    dates_of,
    dates_text,
    kinds_text,
    rate_text,
    reasons_text,
    zone_marks,
)
from layers.components import component
from layers.numbers import known
from layers.safe_html import Html, element
from layers.words import GROUP

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from geo.snapshot import Snapshot
    from layers.account import RateText
    from layers.words import Words

KEY: Final = "zone_table"
_NO_NUMBER: Final = -1.0


def show(snapshot: Snapshot, w: Words, *, chosen: str, on_pick: Callable[[], None]) -> None:
    """Put the table on the page.

    Parameters
    ----------
    chosen
        Key of the zone that is selected, or "".
    on_pick
        Called when a row was clicked; :func:`picked` says which.
    """
    component("zone_table", files="table", root="zones")(
        key=KEY,
        data={"html": str(table_html(snapshot, w, chosen=chosen))},
        on_pick_change=on_pick,
    )


def picked() -> str | None:
    """Give the key of the zone whose row was clicked in this run, "" for a row clicked again."""
    state = st.session_state.get(KEY)
    value = getattr(state, "pick", None) if state is not None else None
    return str(value) if value is not None else None


def table_html(snapshot: Snapshot, w: Words, *, chosen: str) -> Html:
    """Write the table: base zones, overlays below them, the province at the end."""
    zones = snapshot.zones
    marks = zone_marks(zones)
    heads = [
        (w("Zone"), "name", w("Name of the zone")),
        (w("Fill rate"), "rate", w("Leased land over leasable land")),
        (w("Available (ha)"), "available", w("Leasable land that isn't leased")),
        (w("Areas"), "areas", w("Areas with figures of all areas")),
        (w("As of"), "date", w("Dates of the figures used")),
    ]
    head = element(
        "thead",
        element(
            "tr",
            *[
                element(
                    "th",
                    element("button", label, type="button", title=hint, data_sort=key),
                    scope="col",
                    class_=f"col-{key}",
                )
                for label, key, hint in heads
            ],
        ),
    )
    bodies = []
    for title, part in (
        ("", zones[zones["group"] == "base_partition"]),
        (
            w("Overlays, each accounted by itself, not added up"),
            zones[zones["group"] != "base_partition"],
        ),
    ):
        if part.empty:
            continue
        rows = [
            _row(key, row, snapshot.areas, w, mark=marks[key], chosen=key == chosen)
            for key, row in records(part).items()
        ]
        if title:
            bodies.append(
                element("tbody", element("tr", element("th", title, colspan=5, class_="group"))),
            )
        bodies.append(element("tbody", *rows, class_="sortable"))
    total = _row("", dict(snapshot.total), snapshot.areas, w, mark="", chosen=False)
    return element(
        "table",
        element("caption", w("Fill rate and available land by zone")),
        head,
        *bodies,
        element("tfoot", total),
    )


def bar_html(text: RateText) -> Html:
    """Draw a rate as a bar from 0 to 100: solid to the lowest, hatched to the highest value."""
    if text.low is None or text.high is None:
        return element("div", class_="bar none", aria_hidden="true")
    middle = text.middle if text.middle is not None else (text.low + text.high) / 2
    colour = style.BAR[style.rate_class(middle) or 0]
    parts = [
        element("i", class_="low", style=f"width:{text.low:.1f}%;background:{colour}"),
        element(
            "i",
            class_="span",
            style=f"left:{text.low:.1f}%;width:{text.high - text.low:.1f}%;color:{colour}",
        ),
    ]
    if text.middle is not None:
        parts.append(element("i", class_="mid", style=f"left:{text.middle:.1f}%"))
    name = "bar reported" if text.middle is None else "bar"
    return element("div", *parts, class_=name, aria_hidden="true")


def _row(
    key: str,
    row: dict[str, Any],
    areas: pd.DataFrame,
    w: Words,
    *,
    mark: str,
    chosen: bool,
) -> Html:
    name = w.pick(row["name_vi"], row["name_en"])
    text = rate_text(row, w)
    available, available_remark = available_text(row, w)
    why = "\n".join([coverage_text(row, w), *reasons_text(row, areas, w)])
    base = row["group"] == "base_partition"
    label = [element("b", mark, class_="mark")] if mark else []
    label.append(
        element(
            "span",
            name if key else w("Whole province"),
            class_="name",
            title=name if base or not key else f"{w(GROUP[row['group']])}: {name}",
        ),
    )
    cells = [
        element("th", element("div", *label, class_="zone"), scope="row", data_value=mark),
        element(
            "td",
            element("span", text.headline, class_="value"),
            bar_html(text) if row["areas_count"] else "",
            element("small", text.remark) if text.remark else "",
            class_="rate",
            title=why,
            data_value=_order(text.middle if text.middle is not None else text.low),
        ),
        element(
            "td",
            element("span", available, class_="value"),
            element("small", available_remark) if available_remark else "",
            class_="available",
            data_value=_order(
                row["available_ha"] if known(row["available_ha"]) else row["available_min_ha"],
            ),
        ),
        element(
            "td",
            f"{row['areas_with_figures']}/{row['areas_count']}",
            class_="areas",
            title=kinds_text(row, w),
            data_value=row["areas_count"],
        ),
        element("td", dates_text(row) or "-", class_="date", data_value=dates_of(row)[1]),
    ]
    return element(
        "tr",
        *cells,
        data_zone=key or None,
        tabindex="0" if key else None,
        aria_selected="true" if chosen else None,
        class_="chosen" if chosen else None,
    )


def _order(value: float | None) -> float:
    return value if value is not None and known(value) else _NO_NUMBER
