"""The map of the page of sites: zones by what they say of a trade, places by their rank.

The ground is that of the map page without its rates; what a page asks changes, and travels in
the account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import shapely
import streamlit as st

from layers import store, style
from layers._records import records
from layers.account import zone_marks
from layers.payload import EAST_LIMIT, base_payload, label_places
from layers.safe_html import script_json
from layers.words import GROUP, mark, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from data._message import Lang
    from data.resolutions import Resolution
    from geo.snapshot import Snapshot
    from layers.sites.state import Place
    from layers.store import Stamp
    from layers.words import Words

Says = Literal["wanted", "held_back", "province", "elsewhere", "silent", ""]
SAYS: Final = {
    "wanted": mark("wanted here"),
    "held_back": mark("held back here"),
    "province": mark("wanted in the province"),
    "elsewhere": mark("named for other zones"),
    "silent": mark("not named"),
}
# Pale grounds with dark text on them; stripes so that colour isn't alone.
_GROUND: Final[dict[str, tuple[str, str]]] = {
    "wanted": ("#a9d8b0", ""),
    "province": ("#dcefdc", ""),
    "silent": ("#f2f2ea", ""),
    "elsewhere": ("#ece4d4", "#b9a67c"),
    "held_back": ("#f3cdb4", "#c07a4c"),
    "": ("#f2f2ea", ""),
}
_OPACITY: Final = 0.85
_HELD_BACK: Final = {"conditional", "restricted"}
RANKED: Final = {"colour": "#0b4f7a", "ink": "#ffffff"}
CHOSEN: Final = "#b3124f"
FALLS_OUT: Final = {"colour": "#c9ced4", "edge": "#7a858f"}
RANK_PX: Final = 11.0
OUT_PX: Final = 4.5
NEAR_DEG: Final = 0.08


def says(resolution: Resolution, zone_key: str, tag: str) -> Says:
    """Tell what the documents say of a trade in a zone; "" where no trade is given.

    Examples
    --------
    >>> from data.resolutions import load_resolution
    >>> nghe_an = load_resolution("nghe-an")
    >>> says(nghe_an, "na-a", "electronics"), says(nghe_an, "na-a", "")
    ('wanted', '')
    """
    if not tag:
        return ""
    zone = resolution.zone(zone_key)
    here = next((one for one in zone.industries if one.tag == tag), None)
    if here is not None:
        return "held_back" if here.stance in _HELD_BACK else "wanted"
    others = [other for other in resolution.zones if other.group == "base_partition"]
    if zone.industries and any(one.tag == tag for other in others for one in other.industries):
        return "elsewhere"
    wide = next((one for one in resolution.industries if one.tag == tag), None)
    if wide is not None:
        return "held_back" if wide.stance in _HELD_BACK else "province"
    return "silent"


def ground_sign(told: str) -> dict[str, Any]:
    """Give the fill of a zone."""
    fill, stripe = _GROUND[told]
    return {"fill": fill, "stripe": stripe, "wide": False, "opacity": _OPACITY}


def rank_sign(
    rank: int, *, sure: bool, chosen: bool = False, numbered: bool = True
) -> dict[str, Any]:
    """Give the symbol of a ranked place: a numbered disc, hollow where a need isn't sure."""
    colour, ink = CHOSEN if chosen else RANKED["colour"], RANKED["ink"]
    return {
        "shape": "disc",
        "filling": "full" if sure else "none",
        "colour": colour,
        "edge": "#ffffff" if sure else colour,
        "dash": "" if sure else "3 2",
        "least": RANK_PX if numbered else OUT_PX,
        "number": str(rank) if numbered else "",
        "ink": ink if sure else colour,
    }


def out_sign(kind: str, *, chosen: bool = False) -> dict[str, Any]:
    """Give the symbol of a place that falls out: small and grey, its reason on hover."""
    return {
        **style.area_sign(kind, "operating"),
        "colour": FALLS_OUT["colour"],
        "edge": CHOSEN if chosen else FALLS_OUT["edge"],
        "dash": "",
        "least": OUT_PX,
    }


@st.cache_resource(show_spinner=False, max_entries=16)
def base_of(
    keys: tuple[str, ...],
    lang: Lang,
    stamps: tuple[Stamp, ...],
) -> tuple[str, dict[str, tuple[float, float]]]:
    """Give the fixed part of the map of some provinces as JSON, and places of zone labels."""
    w = words(lang)
    payloads: list[dict[str, Any]] = []
    places: dict[str, tuple[float, float]] = {}
    for key, stamp in zip(keys, stamps, strict=True):
        province = store.province_of(key, stamp)
        outlines = store.outlines_of(key, stamp._replace(own=""))
        payloads.append(
            base_payload(province.resolution, province.boundary_source, outlines, province.facts, w)
        )
        places |= label_places(outlines)
    joined = _joined(payloads)
    joined["layers"] = [
        layer
        | ({"name": w("What the documents say of the trade")} if layer["key"] == "zones" else {})
        for layer in joined["layers"]
    ]
    return script_json(joined), places


def _joined(payloads: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Lay the maps of several provinces side by side."""
    first = dict(payloads[0])
    if len(payloads) == 1:
        return first
    souths, wests, norths, easts = zip(
        *((*one["bounds"][0], *one["bounds"][1]) for one in payloads), strict=True
    )
    south, west, north, east = min(souths), min(wests), max(norths), max(easts)
    reach = max(east - west, north - south)
    nodes = {tuple(node["place"]): node for one in payloads for node in one["nodes"]}
    return first | {
        "zones": {
            "type": "FeatureCollection",
            "features": [zone for one in payloads for zone in one["zones"]["features"]],
        },
        "roads": [road for one in payloads for road in one["roads"]],
        "nodes": list(nodes.values()),
        "bounds": [[south, west], [north, east]],
        # To the west there is room for the legend beside them: to the east the view ends.
        "max_bounds": [
            [south - reach, west - 2 * reach],
            [north + reach, min(east + reach, EAST_LIMIT)],
        ],
        "attribution": " | ".join(dict.fromkeys(one["attribution"] for one in payloads)),
    }


def zones_account(
    shots: Sequence[Snapshot],
    tag: str,
    places: Mapping[str, tuple[float, float]],
    w: Words,
    *,
    brief: bool = False,
) -> dict[str, Any]:
    """Give colour, label and text of each zone.

    Parameters
    ----------
    shots
        The provinces shown; of several each has its own name as a label, not those of its zones.
    tag
        Trade, "" for none.
    places
        From :func:`base_of`.
    brief
        Leave what the documents say out of the labels, where symbols need the room.
    """
    found: dict[str, Any] = {}
    for shot in shots:
        marks = zone_marks(shot.zones)
        sizes = dict(zip(shot.zones.index, shapely.area(shot.zones.geometry), strict=True))
        base = [key for key in records(shot.zones) if key in places]
        widest = max(base, key=sizes.__getitem__, default="")
        for key, row in records(shot.zones).items():
            told = says(shot.resolution, key, tag) if key in places else ""
            tip = [f"{marks[key]}. {w.pick(row['name_vi'], row['name_en'])}"]
            if key not in places:
                tip.append(w(GROUP[row["group"]]))
            if told:
                tip.append(w.of(SAYS, told))
            texts = [marks[key], *([w.of(SAYS, told)] if told and not brief else [])]
            if len(shots) > 1:
                province = shot.resolution.name
                texts = [w.pick(province.vi, province.en)]
            labelled = key in places and (len(shots) == 1 or key == widest)
            found[key] = {
                "sign": ground_sign(told) if key in places else None,
                "tip": tip,
                "label": {"place": places[key], "texts": texts} if labelled else None,
            }
    return found


def drawing_words(w: Words) -> dict[str, str]:
    """Say what the buttons for drawing an outline do."""
    return {
        "draw": w("Draw an outline"),
        "hint": w("Click the corners; the last one twice"),
        "finish": w("Done"),
        "undo": w("Back"),
        "cancel": w("Cancel"),
    }


def legend(*, ranked: bool, tag: str, w: Words) -> dict[str, Any]:
    """Explain the signs of the view in use."""
    rows: list[dict[str, Any]] = []
    if tag:
        rows += [{"sign": ground_sign(key), "text": w(SAYS[key]), "wide": False} for key in SAYS]
    if ranked:
        rows += [
            {"sign": rank_sign(1, sure=True), "text": w("rank of a place"), "wide": False},
            {
                "sign": rank_sign(2, sure=False),
                "text": w("rank; whether it meets all needs isn't known"),
                "wide": True,
            },
            {
                "sign": out_sign("industrial_park"),
                "text": w("falls out; the reason is on hover"),
                "wide": True,
            },
        ]
    else:
        park, cluster = (
            {"sign": dict(style.area_sign(kind, "operating")), "text": text, "wide": False}
            for kind, text in (
                ("industrial_park", w("park")),
                ("industrial_cluster", w("cluster")),
            )
        )
        hollow = dict(style.area_sign("industrial_park", "established"))
        rows += [
            park,
            cluster,
            {"sign": hollow, "text": w("not built yet, or planned"), "wide": True},
        ]
    economic = style.OUTLINES["economic_zone"]
    rows.append(
        {
            "sign": {"line": economic["color"], "dash": economic["dashArray"]},
            "text": w("economic zone: communes that contain it"),
            "wide": True,
        },
    )
    return {
        "heading": w("What the documents say of the trade") if tag else w("No trade chosen"),
        "ramp": [],
        "ticks": [],
        "rows": rows,
        "note": w("Symbols are places, not boundaries."),
    }


def site_account(place: Place | None) -> dict[str, Any] | None:
    """Give the point or polygon that is checked."""
    if place is None:
        return None
    lon, lat = place.corners[0]
    if len(place.corners) == 1:
        return {"place": [lat, lon], "shape": None}
    return {"place": None, "shape": place.geojson}


def site_bounds(place: Place | None) -> list[list[float]] | None:
    """Give the box that the map goes to; None where it shows the place already."""
    if place is None or place.seen:
        return None
    box = shapely.multipoints(list(place.corners)).buffer(NEAR_DEG).bounds
    west, south, east, north = box
    return [[south, west], [north, east]]
