"""How a figure came about, as a small tree: what it rests on, what agrees, what was set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from data.dates import printed_date
from geo.derivation import derivation
from layers.numbers import exact, hectares, rate
from layers.safe_html import Html, element, join
from layers.sources import note_inline, sources_html
from layers.words import BASIS_SHORT, METRIC, NATURE, RULE, UNIT, mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.snapshot import Snapshot
    from layers.words import Words

MAIN: Final = ("fill_rate_pct", "leased_ha", "leasable_ha", "available_ha", "total_area_ha")
QUALIFIER: Final = {"~": "≈ ", ">": "> ", "<": "< "}
_FULL_PCT: Final = 100.0
_OLDER_SHOWN: Final = 2

_OBSERVED: Final = mark("The newest figure that a source gives for this date or before.")
_WAYS: Final = {
    ("fill_rate_pct", "computed"): mark("Leased land divided by leasable land."),
    ("available_ha", "computed"): mark("Leasable land less leased land."),
    ("available_ha", "derived"): mark(
        "Leasable land less leased land, one of the two derived from a reported fill rate.",
    ),
    ("leasable_ha", "derived"): mark("Leased land divided by the reported fill rate."),
    ("leased_ha", "derived"): mark("Leasable land times the reported fill rate."),
}
_HOW: Final = {
    "sum_of_parts": mark("The sum of its parts, each of which has a figure."),
    "lower_bound": mark("The sum of the parts that have a figure; the others are unknown."),
    "from_plots": mark("The sum of the plots that the basis counts."),
    "from_leases": mark("The sum of the leases in force on this date."),
    "from_outline": mark("Measured from the outline; no source states the area."),
    "scenario": mark("Assumed in a scenario, not a fact."),
}
_PARTS: Final = {
    "rests_on": mark("Rests on"),
    "agrees": mark("Agrees with it"),
    "set_aside": mark("Set aside"),
}


def value_text(value: float, unit: str, qualifier: str, w: Words) -> str:
    """Write a figure as its source has it, with unit and with "about", "over" or "nearly"."""
    word = w(UNIT[unit]) if UNIT.get(unit) else ""
    return f"{QUALIFIER.get(qualifier, '')}{exact(value, w.lang)} {word}".strip()


def trees_html(snapshot: Snapshot, area_id: str, w: Words) -> dict[str, Html]:
    """Write the tree of each main figure of an area.

    Returns
    -------
    dict
        Metric of `MAIN` to its tree; a metric without a figure isn't in it.
    """
    state = snapshot.states[area_id]
    found = derivation(state, snapshot.observations, snapshot.as_of)
    return {
        metric: tree_html(snapshot, area_id, metric, found[metric], w)
        for metric in MAIN
        if metric in found
    }


def tree_html(
    snapshot: Snapshot,
    area_id: str,
    metric: str,
    tree: Mapping[str, Any],
    w: Words,
) -> Html:
    """Write one tree of :func:`geo.derivation.derivation`."""
    branches = []
    for part, heading in _PARTS.items():
        leaves = tree[part]
        # Where the history is long, what is merely older would hide what was judged.
        older = [leaf for leaf in leaves if leaf.get("why") == "older"]
        folded = older if len(older) > _OLDER_SHOWN else []
        shown = [_leaf(snapshot, area_id, leaf, w) for leaf in leaves if leaf not in folded]
        if folded:
            shown.append(_folded(snapshot, area_id, folded, w))
        if shown:
            branches.append(element("li", element("b", w(heading)), element("ul", *shown)))
    return join(
        [
            element("p", way_text(metric, tree, w)),
            element("ul", *branches, class_="tree"),
        ],
    )


def _folded(
    snapshot: Snapshot,
    area_id: str,
    leaves: list[dict[str, Any]],
    w: Words,
) -> Html:
    title = w.plural("{count} older figure", "{count} older figures", len(leaves))
    return element(
        "li",
        element(
            "details",
            element("summary", title),
            element("ul", *[_leaf(snapshot, area_id, leaf, w) for leaf in leaves]),
        ),
    )


def way_text(metric: str, tree: Mapping[str, Any], w: Words) -> str:
    """Say how a figure follows from what it rests on, with the numbers where there are two."""
    how = str(tree["how"])
    way = _WAYS.get((metric, how)) or _HOW.get(how) or _OBSERVED
    return " ".join(part for part in (w(way), _formula(metric, how, tree["rests_on"], w)) if part)


def _formula(metric: str, how: str, leaves: list[dict[str, Any]], w: Words) -> str:
    given = {leaf["metric"]: leaf["value"] for leaf in leaves}
    leased, leasable = given.get("leased_ha"), given.get("leasable_ha")
    filled = given.get("fill_rate_pct")
    if metric == "fill_rate_pct" and how == "computed" and leased is not None and leasable:
        result = rate(leased / leasable * _FULL_PCT, w.lang)
        return f"{exact(leased, w.lang)} / {exact(leasable, w.lang)} = {result}"
    if metric == "available_ha" and leased is not None and leasable is not None:
        left = exact(leasable - leased, w.lang)
        return f"{exact(leasable, w.lang)} - {exact(leased, w.lang)} = {left} {w('ha')}"
    if metric == "leasable_ha" and how == "derived" and leased is not None and filled:
        result = hectares(leased / filled * _FULL_PCT, w.lang)
        return f"{exact(leased, w.lang)} / {exact(filled, w.lang)} % ≈ {result} {w('ha')}"
    if metric == "leased_ha" and how == "derived" and leasable is not None and filled:
        result = hectares(leasable * filled / _FULL_PCT, w.lang)
        return f"{exact(leasable, w.lang)} x {exact(filled, w.lang)} % ≈ {result} {w('ha')}"
    return ""


def _leaf(snapshot: Snapshot, area_id: str, leaf: Mapping[str, Any], w: Words) -> Html:
    unit = "%" if leaf["metric"] == "fill_rate_pct" else "ha"
    about = [printed_date(leaf["as_of"]) or w("undated"), w.of(BASIS_SHORT, leaf["basis"])]
    if leaf["nature"] != "measured":
        about.append(w.of(NATURE, leaf["nature"]))
    if leaf["area_id"] != area_id and leaf["area_id"] in snapshot.areas.index:
        part = snapshot.areas.loc[leaf["area_id"]]
        about.insert(0, w.pick(str(part["name_vi"]), str(part["name_en"])))
    why = w.of(RULE, leaf["why"]) if "why" in leaf else ""
    return element(
        "li",
        f"{w.of(METRIC, leaf['metric'])} ",
        element("span", value_text(leaf["value"], unit, leaf["qualifier"], w), class_="figure"),
        f" ({'; '.join(part for part in about if part)})",
        element("em", f": {why}", class_="why") if why else "",
        element(
            "small",
            sources_html((leaf["source"],), snapshot.facts.sources, w),
            f", {w('row {row}', row=leaf['row'])}" if leaf["how"] == "observed" else "",
            join([": ", note_inline(leaf["note"], w)]) if leaf["note"] else "",
            class_="from",
        ),
    )
