"""Plots of an area on its card: land by status, and shared land against the eco-park indicator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geo.eco_parks import eco_shares
from geo.plot_layer import plot_figures, province_plots
from layers._records import records
from layers.numbers import exact, known, rate, rate_range
from layers.plot_map import PLOT_STATUS, PLOT_USE
from layers.policy.verdicts import VERDICT
from layers.safe_html import Html, element, join, link
from layers.words import BASIS

if TYPE_CHECKING:
    from geo.snapshot import Snapshot
    from layers.words import Words

_SHARED: Final = ("green", "traffic", "technical", "social")


def plots_html(snapshot: Snapshot, area_id: str, w: Words) -> Html:
    """Write what the plots of an area add up to; nothing where it has none."""
    mine = province_plots(snapshot, area_id=area_id)
    if mine.empty:
        return Html()
    figures = plot_figures(snapshot, mine)
    shares = eco_shares(snapshot, mine)
    return join(
        [
            element("h4", w("From its plots")),
            *[_account(row, w) for row in records(figures.head(1)).values()],
            *[
                element("details", element("summary", w("on another basis")), _account(row, w))
                for row in records(figures.tail(-1)).values()
            ],
            *[_eco(row, w) for row in records(shares).values()],
        ],
    )


def _account(row: dict[str, Any], w: Words) -> Html:
    cells = [
        (w(word), row[f"{status}_land_ha"])
        for status, word in PLOT_STATUS.items()
        if row.get(f"{status}_land_ha")
    ]
    lines = [element("tr", element("th", name, scope="row"), _ha(land, w)) for name, land in cells]
    lines.append(
        element("tr", element("th", w("leasable land"), scope="row"), _ha(row["leasable_ha"], w))
    )
    lines.append(
        element(
            "tr",
            element("th", w("fill rate"), scope="row"),
            element("td", element("b", rate(row["fill_rate_pct"], w.lang) or w("no data"))),
        ),
    )
    said = [w.plural("{count} plot", "{count} plots", row["plots_count"])]
    if row["plots_without_area"]:
        said.append(w("{count} of unknown area", count=row["plots_without_area"]))
    if known(row["of_total_pct"]):
        said.append(w("{share} of the total area", share=rate(row["of_total_pct"], w.lang)))
    if not row["whole"]:
        said.append(w("not the whole area: lower bounds"))
    return join(
        [
            element("p", element("small", f"{w.of(BASIS, row['basis'])}. {'; '.join(said)}")),
            element("table", element("tbody", *lines), class_="figures plots"),
        ],
    )


def _ha(land: float, w: Words) -> Html:
    text = f"{exact(land, w.lang)} {w('ha')}" if known(land) else w("no data")
    return element("td", text, class_="value")


def _eco(row: dict[str, Any], w: Words) -> Html:
    lines = [
        element("tr", element("th", w(PLOT_USE[use]), scope="row"), _ha(row[f"{use}_ha"], w))
        for use in _SHARED
        if row[f"{use}_ha"]
    ]
    shown = rate_range(row["min_pct"], row["max_pct"], w.lang) or w("no data")
    threshold = rate(row["threshold_pct"], w.lang)
    article = ", ".join(part for part in (row["document"], row["article"]) if part)
    return join(
        [
            element("h4", w("Shared land (eco-industrial park indicator)")),
            element(
                "p",
                element("b", shown),
                f" {w('of the total area; at least {threshold}', threshold=threshold)}: ",
                element("b", w.of(VERDICT, row["verdict"])),
                data_verdict=row["verdict"],
            ),
            element("table", element("tbody", *lines), class_="figures plots") if lines else "",
            element(
                "small",
                w("An indicator for reporting, not a condition."),
                " ",
                link(row["url"], article) if row["url"] else article,
                class_="cite",
            ),
        ],
    )
