"""The map of a scenario: its zones, and what is new or changed, never mistakable for a fact."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import shapely.geometry
import streamlit as st

from layers import map as atlas_map
from layers import store
from layers.account import rate_text
from layers.account_payload import account_payload
from layers.scenarios import form as scenario_form
from layers.scenarios import state as scenario_state
from layers.scenarios.words import TOUCHED, edit_text, names_of
from layers.sites.map import drawing_words
from layers.words import mark

if TYPE_CHECKING:
    from data.scenarios import Scenario
    from geo.snapshot import Snapshot
    from layers.store import Stamp
    from layers.words import Words

COLOUR: Final = "#c2410c"
_DASH: Final = "6 4"
_HEIGHT: Final = 560
_LEGEND: Final = (
    mark("no data"),
    mark("less than half known, or a range over 50 points"),
    mark("only reported, not from land figures"),
    mark("park"),
    mark("cluster"),
    mark("planned"),
)


def show(base: Snapshot, after: Snapshot, scenario: Scenario, w: Words, *, stamp: Stamp) -> None:
    """Put the map on the page."""
    fixed, places = store.base_of(scenario.province, w.lang, stamp)
    account = account_of(base, after, scenario, places, w)
    account["legend"] = _legend(fixed, w)
    polygon = scenario_state.outline()
    if scenario_form.asks_for_place():
        account["tools"] = drawing_words(w)
        account["site"] = {"place": None, "shape": polygon}
    communes = store.province_of(scenario.province, stamp).communes
    atlas_map.show(fixed, account, height=_HEIGHT, on_pick=lambda: _on_map(communes))


def _on_map(communes: Any) -> None:  # noqa: ANN401 (a frame)
    """Follow a click on the map, or an outline drawn there."""
    kind, text = atlas_map.picked() or ("", "")
    if kind == "polygon":
        scenario_form.take_outline(text)
    elif kind == "point":
        scenario_form.take_point(text, communes)
    elif kind == "area":
        scenario_form.take_area(text)


def account_of(
    base: Snapshot,
    after: Snapshot,
    scenario: Scenario,
    places: dict[str, tuple[float, float]],
    w: Words,
) -> dict[str, Any]:
    """Give what the map paints: the account of the scenario, and what it touches.

    Parameters
    ----------
    base, after
        The present and the scenario.
    places
        Where the label of each base zone stands.
    """
    names = names_of((base, after), w)
    touched: dict[str, list[Any]] = {}
    for edit in scenario.edits:
        if edit.area_id in after.areas.index:
            touched.setdefault(edit.area_id, []).append(edit)
    shown = frozenset(after.areas.index[after.areas["status"] != "removed"]) | touched.keys()
    account = account_payload(
        after, w, places=places, shown=shown, chosen=("", ""), tiles=False, outline=None
    )
    for key, zone in account["zones"].items():
        before, then = (
            rate_text(shot.zones.loc[key].to_dict(), w).headline for shot in (base, after)
        )
        if before != then:
            zone["tip"].insert(1, f"{w('present')}: {before}")
            if zone["label"]:
                letter = zone["label"]["texts"][0]
                zone["label"]["texts"] = [letter, f"{before} → {then}"]
    at = {area["id"]: area["place"] for area in account["areas"]}
    for area in account["areas"]:
        if area["id"] in touched:
            area["tip"] += [edit_text(edit, names, w) for edit in touched[area["id"]]]
    account["scenario"] = {
        "title": w("SCENARIO: {name}", name=scenario.name),
        "note": w("Assumed, not facts."),
        "colour": COLOUR,
        "dash": _DASH,
        "areas": [
            {"id": key, "place": at[key], "text": _label(names[key], edits, w)}
            for key, edits in touched.items()
            if key in at
        ],
        "shapes": [shapely.geometry.mapping(shape) for shape in _shapes(after, touched)],
    }
    return account


def _label(name: str, edits: list[Any], w: Words) -> str:
    """Say what happens to an area; only new ones are named, the others have their symbol."""
    said = ", ".join(dict.fromkeys(w(TOUCHED[edit.edit]) for edit in edits))
    return f"{name}: {said}" if edits[0].edit == "add_area" else said


def _shapes(after: Snapshot, touched: dict[str, list[Any]]) -> list[Any]:
    """Outlines of what is touched, where there are any."""
    return [shape for key, shape in after.footprints.geometry.items() if key in touched]


@st.cache_data(show_spinner=False, max_entries=8)
def _drawn_legend(fixed: str) -> dict[str, Any]:
    legend: dict[str, Any] = json.loads(fixed)["legend"]
    return legend


def _legend(fixed: str, w: Words) -> dict[str, Any]:
    """Explain the signs of the map page, as assumed, and those of a scenario."""
    legend = dict(_drawn_legend(fixed))
    legend["heading"] = w("Fill rate in the scenario")
    changed = {
        "sign": {"line": COLOUR, "dash": _DASH},
        "text": w("new or changed in the scenario"),
        "wide": True,
    }
    # The map is narrower here, so the legend is shorter; the map page has all of it.
    kept = {w(text) for text in _LEGEND}
    legend["rows"] = [changed, *(row for row in legend["rows"] if row["text"] in kept)]
    return legend
