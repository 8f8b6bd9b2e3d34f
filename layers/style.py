"""Signs of the map: which colour, hatch and shape stands for what. No geometry, no texts.

Colours of the fill rate are ColorBrewer's YlGnBu, a sequential ramp that stays readable with
the usual kinds of colour blindness; parks and clusters have the land-use colour of SKK and SKN
(250,170,160). Colour is never alone: hatch, shape and filling say the same.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping

RAMP: Final = ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494")
# The same ramp where it stands on white: the first class would vanish.
BAR: Final = ("#c9c45a", *RAMP[1:])
TICKS: Final = ("0", "20", "40", "60", "80", "100 %")
CLASS_WIDTH: Final = 20.0
EMPTY_FILL: Final = "#fdfdfb"
UNKNOWN_FILL: Final = "#dfe3e7"
UNKNOWN_STRIPE: Final = "#8a949e"
PARTLY_STRIPE: Final = "#3a444e"
LAND_USE: Final = "#faaaa0"
EDGE: Final = "#6d2018"
ECONOMIC_ZONE: Final = "#7a3db8"
OPACITY: Final = 0.82
# Rates that were only reported look paler than known ones.
REPORTED_OPACITY: Final = 0.45
REPORTED_STRIPE: Final = "#ffffff"
HALF_PCT: Final = 50.0


class ZoneSign(TypedDict):
    """Fill of a zone: a ground, and stripes where not all is known."""

    fill: str
    stripe: str
    wide: bool
    opacity: float


class AreaSign(TypedDict):
    """Symbol of an area; `filling` is full, half or none, `least` the least radius in pixels."""

    shape: str
    filling: str
    colour: str
    edge: str
    dash: str
    least: float


def rate_class(rate_pct: float) -> int | None:
    """Give the class of a fill rate: five of 20 points, the last with 100; None for unknown.

    Examples
    --------
    >>> [rate_class(value) for value in (0, 19.99, 20, 80, 100, float("nan"))]
    [0, 0, 1, 4, 4, None]
    """
    if not math.isfinite(rate_pct):
        return None
    return min(max(int(rate_pct // CLASS_WIDTH), 0), len(RAMP) - 1)


def unknown_sign() -> ZoneSign:
    """Give the sign of "no data": its own grey with its own hatch."""
    return {"fill": UNKNOWN_FILL, "stripe": UNKNOWN_STRIPE, "wide": False, "opacity": OPACITY}


def empty_sign() -> ZoneSign:
    """Give the sign of a zone without parks and clusters: nothing to fill, and nothing unknown."""
    return {"fill": EMPTY_FILL, "stripe": "", "wide": False, "opacity": OPACITY}


def known_sign(rate_pct: float, *, partly: bool) -> ZoneSign:
    """Give the sign of a known rate; thin stripes where less than half of the land is known."""
    index = rate_class(rate_pct)
    if index is None:
        return unknown_sign()
    stripe = PARTLY_STRIPE if partly else ""
    return {"fill": RAMP[index], "stripe": stripe, "wide": False, "opacity": OPACITY}


def range_sign(low_pct: float, high_pct: float) -> ZoneSign:
    """Give the sign of an interval of reported rates: pale, with wide stripes.

    Within one class the stripes are white; else the ground has the colour of the lowest and the
    stripes that of the highest class. An interval from 0 to 100 says nothing and is unknown.
    """
    low, high = rate_class(low_pct), rate_class(high_pct)
    if low is None or high is None or (low_pct <= 0.0 and high_pct >= 100.0):  # noqa: PLR2004
        return unknown_sign()
    stripe = REPORTED_STRIPE if low == high else RAMP[high]
    return {"fill": RAMP[low], "stripe": stripe, "wide": True, "opacity": REPORTED_OPACITY}


def zone_sign(zone: Mapping[str, Any]) -> ZoneSign:
    """Give the sign of a zone from its account.

    Parameters
    ----------
    zone
        With `areas_count`, `fill_rate_pct`, its bounds `fill_rate_min_pct` and `fill_rate_max_pct`,
        `coverage_land_pct`, `reported_min_pct`, `reported_max_pct`, in percent, NaN where
        unknown. A rate is "partly known" where less than half of the land is known, and where
        its bounds are unknown or wider than half of the scale.
    """
    if math.isfinite(zone["fill_rate_pct"]):
        # A comparison with NaN is false, so what is unknown counts as not enough.
        covered = zone["coverage_land_pct"] >= HALF_PCT
        close = zone["fill_rate_max_pct"] - zone["fill_rate_min_pct"] <= HALF_PCT
        return known_sign(zone["fill_rate_pct"], partly=not (covered and close))
    if zone["areas_count"] == 0:
        return empty_sign()
    return range_sign(zone["reported_min_pct"], zone["reported_max_pct"])


_SHAPES: Final = {
    "industrial_park": "square",
    "industrial_cluster": "disc",
    "high_tech_park": "diamond",
    "economic_zone": "diamond",
}
_FILLINGS: Final = {"operating": "full", "under_construction": "half"}
_DASHES: Final = {"planned": "3 2", "removed": "1 3", "unknown": "1 2"}


def area_sign(kind: str, status: str) -> AreaSign:
    """Give the symbol of an area by kind and status.

    Operating is filled, under construction half, established and planned are hollow (planned
    with a broken edge), "unknown" has a dotted edge.
    """
    economic = kind == "economic_zone"
    return {
        "shape": _SHAPES.get(kind, "square"),
        "filling": "none" if economic else _FILLINGS.get(status, "none"),
        "colour": LAND_USE,
        "edge": ECONOMIC_ZONE if economic else EDGE,
        "dash": "4 3" if economic else _DASHES.get(status, ""),
        "least": 4.5 if kind == "industrial_cluster" else 5.5,
    }


# Outlines by zone group. Overlays have no fill, so the colours of the zones stay readable.
OUTLINES: Final[dict[str, dict[str, object]]] = {
    # White below a dark line (`BORDER`), so that neighbours of one class stay apart.
    "base_partition": {"color": "#ffffff", "weight": 3.6, "opacity": 1},
    "economic_zone": {
        "color": ECONOMIC_ZONE,
        "weight": 2.2,
        "dashArray": "7 4",
        "fill": False,
        "opacity": 0.95,
    },
    "corridor": {
        "color": "#1d6b52",
        "weight": 2,
        "dashArray": "10 3 2 3",
        "fill": False,
        "opacity": 0.9,
    },
    "regional_link": {
        "color": "#8a5a00",
        "weight": 2,
        "dashArray": "2 4",
        "fill": False,
        "opacity": 0.9,
    },
}

BORDER: Final[dict[str, object]] = {"color": "#2f3942", "weight": 1.1, "opacity": 1}

_ROADS: Final[dict[str, dict[str, object]]] = {
    "expressway": {"color": "#4a545e", "weight": 3.2},
    "national_road": {"color": "#7b858f", "weight": 1.8},
    "ho_chi_minh_road": {"color": "#5d6771", "weight": 2.6},
    "coastal_road": {"color": "#8d97a1", "weight": 1.6},
}


def road_style(road_class: str, status: str) -> dict[str, object]:
    """Give the line of a road: grey by class, broken where it isn't in use yet."""
    style = dict(_ROADS.get(road_class, _ROADS["national_road"]))
    if status != "in_use":
        style["dashArray"] = "5 5"
    return style | {"opacity": 0.9}
