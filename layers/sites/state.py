"""What an investor has chosen on the page of sites: kept in the session, and in the link.

Everything here has a key that begins with :data:`layers.state.LASTING`, so that it outlives a
visit to another page. Of a link only what can be used is taken.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import streamlit as st

from data.criteria import TARGETS, Limits, presets
from data.trades import trades
from data.vocabulary import STATUSES
from layers import state as shared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.criteria import CriteriaSet

VIEWS: Final = ("find", "check", "compare")
SCOPES: Final = ("province", "all")
HECTARES: Final = 10.0  # asked for where nothing is
LARGEST_HA: Final = 10_000.0
WEIGHT: Final = "fit_w_"  # begins the keys of the sliders
FARTHEST_KM: Final = 500.0
NEAR_KM: Final = 60.0
LONGEST_LINK: Final = 40  # corners of a polygon
ANY: Final = "any"
SWITCHES: Final = ("wastewater", "in_economic_zone", "encouraged")
_NUMBER: Final = re.compile(r"-?\d{1,3}(\.\d{1,7})?")
_PAIR: Final = re.compile(r"([a-z0-9_]+):(\d{1,5}(?:\.\d{1,3})?)")


class Place(NamedTuple):
    """A place to be checked: its outline as "lon,lat;lon,lat;...", a point where it is one.

    `seen` says that it came from the map, which then needn't move.
    """

    corners: tuple[tuple[float, float], ...]
    seen: bool

    @property
    def geojson(self) -> dict[str, Any]:
        """The same as GeoJSON."""
        ring = [list(corner) for corner in self.corners]
        if len(ring) == 1:
            return {"type": "Point", "coordinates": ring[0]}
        return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def read_corners(text: str) -> tuple[tuple[float, float], ...]:
    """Read "lon,lat;lon,lat;..."; empty where it is no point and no polygon.

    Examples
    --------
    >>> read_corners("105.66,18.8"), read_corners("105.66,18.8;105.7,18.8"), read_corners("x")
    (((105.66, 18.8),), (), ())
    """
    pairs = [part.split(",") for part in text.split(";")] if text else []
    if not all(len(pair) == 2 and all(map(_NUMBER.fullmatch, pair)) for pair in pairs):  # noqa: PLR2004
        return ()
    corners = tuple((float(lon), float(lat)) for lon, lat in pairs)
    return () if len(corners) == 2 else corners  # noqa: PLR2004


def write_corners(corners: tuple[tuple[float, float], ...]) -> str:
    """Write what :func:`read_corners` reads.

    Examples
    --------
    >>> write_corners(((105.66, 18.8),)), write_corners(((105.66, 18.8000049),))
    ('105.66,18.8', '105.66,18.8000049')
    """
    return ";".join(
        f"{lon:.7f}".rstrip("0").rstrip(".") + f",{lat:.7f}".rstrip("0").rstrip(".")
        for lon, lat in corners
    )


def restore() -> None:
    """Take what the link says, when it is to be followed; the rest begins with defaults."""
    state, query = st.session_state, st.query_params
    if "fit_view" in state and not shared.follows_link():
        return
    forget_proposals()
    view, trade = query.get("view", ""), query.get("industry", "")
    state["fit_view"] = view if view in VIEWS else VIEWS[0]
    state["fit_trade"] = trade if trade in trades() else ""
    state["fit_scope"] = "all" if query.get("scope") == "all" else "province"
    state["fit_preset"] = query["preset"] if query.get("preset", "") in presets() else ""
    state["fit_min_ha"] = _within(query.get("min_area", ""), LARGEST_HA, HECTARES)
    state["fit_anchor"] = query.get("anchor", "")
    state["fit_raw"] = query.get("raw") == "1"
    text = query.get("point", "") or query.get("polygon", "")
    corners = read_corners(text)
    if corners or is_linked():  # one that no link can hold stays
        state["fit_place"] = Place(corners, seen=False) if corners else None
    if corners:
        state["site_file"] = None
    _restore_needs(query.get("need", ""), query.get("status", ""))
    state["fit_weights"] = {
        name: float(weight) for name, weight in _PAIR.findall(query.get("weights", ""))
    }


def _within(text: str, most: float, default: float | None) -> float | None:
    if text == "0":
        return None
    if not re.fullmatch(r"\d{1,5}(\.\d{1,3})?", text) or not 0 < float(text) <= most:
        return default
    return float(text)


def _restore_needs(needs: str, statuses: str) -> None:
    state = st.session_state
    parts = needs.split(",")
    for switch in SWITCHES:
        state[f"fit_{switch}"] = switch in parts
    near = {name: float(km) for name, km in _PAIR.findall(needs)}
    state["fit_rent"] = near.pop("rent", None) or None
    state["fit_near"] = [target for target in TARGETS if 0 < near.get(target, 0) <= FARTHEST_KM]
    for target in state["fit_near"]:
        state[f"fit_km_{target}"] = near[target]
    asked = [status for status in statuses.split(",") if status in STATUSES]
    if asked or statuses == ANY:
        state["fit_statuses"] = asked


def place() -> Place | None:
    """Give the point or polygon that is to be checked."""
    return cast("Place | None", st.session_state.get("fit_place"))


def set_place(corners: tuple[tuple[float, float], ...], *, seen: bool) -> None:
    """Check a point or a polygon, none where there are no corners."""
    st.session_state["fit_place"] = Place(corners, seen) if corners else None


def is_linked() -> bool:
    """Whether the link holds the point or polygon that is checked."""
    at = place()
    return at is not None and len(at.corners) <= LONGEST_LINK


def needs(preset: CriteriaSet) -> Limits:
    """Give the hard limits that are asked for; statuses are the preset's until they are chosen."""
    state = st.session_state
    statuses = state.get("fit_statuses", preset.limits.statuses)
    return Limits(
        min_available_ha=state["fit_min_ha"] or None,
        statuses=tuple(statuses) if statuses else None,
        max_km={target: state.get(f"fit_km_{target}") or NEAR_KM for target in state["fit_near"]},
        max_rent_usd_m2=state["fit_rent"] or None,
        **{switch: bool(state[f"fit_{switch}"]) for switch in SWITCHES},
    )


def forget_proposals() -> None:
    """Begin again with the statuses and weights that a set of criteria proposes."""
    state = st.session_state
    state["fit_weights"] = {}
    for key in [str(key) for key in state if str(key).startswith(WEIGHT)]:
        del state[key]
    state.pop("fit_statuses", None)


def link(preset: CriteriaSet, weights: Mapping[str, float]) -> dict[str, str]:
    """Give what belongs into the link.

    Parameters
    ----------
    preset
        The set of criteria in use.
    weights
        Those that the user changed.
    """
    state = st.session_state
    view = state["fit_view"]
    found = {"view": view if view != VIEWS[0] else "", "industry": state["fit_trade"]}
    found["raw"] = "1" if state["fit_raw"] else ""
    at = place()
    if at is not None and is_linked():
        found["point" if len(at.corners) == 1 else "polygon"] = write_corners(at.corners)
    asked = state["fit_min_ha"]
    found["min_area"] = "" if asked == HECTARES else f"{asked or 0:g}"
    found |= {"preset": state["fit_preset"], "anchor": state["fit_anchor"] or ""}
    found["scope"] = "all" if state["fit_scope"] == "all" else ""
    limits = needs(preset)
    parts = [f"{target}:{km:g}" for target, km in limits.max_km.items()]
    parts += [switch for switch in SWITCHES if getattr(limits, switch)]
    if limits.max_rent_usd_m2:
        parts.append(f"rent:{limits.max_rent_usd_m2:g}")
    found["need"] = ",".join(parts)
    if limits.statuses != preset.limits.statuses:
        found["status"] = ",".join(limits.statuses or (ANY,))
    if weights:
        found["weights"] = ",".join(f"{name}:{weight:g}" for name, weight in weights.items())
    return found
