"""The form of the next edit of a scenario, and the list of those that are in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import shapely.geometry
import streamlit as st

from data.scenarios import AddedKind
from data.vocabulary import METRICS, STATUSES
from geo.crs import WGS84, area_ha
from layers._records import records
from layers.numbers import exact, known
from layers.safe_html import element
from layers.scenarios import state as scenario_state
from layers.scenarios.state import field
from layers.scenarios.words import EDIT, FIGURES, edit_text
from layers.sites import state as site_state
from layers.sites.upload import chosen_outline
from layers.words import KIND, STATUS, UNIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.snapshot import Snapshot
    from layers.scenarios.state import Work
    from layers.words import Words

Fields = dict[str, Any]

_ADDED_KINDS: Final = AddedKind.__args__  # type: ignore[attr-defined]
_ADDED_STATUSES: Final = tuple(status for status in STATUSES if status != "removed")
_MOST_HA: Final = 100_000.0
_PLACE, _AREA, _COMMUNES = "place", "area", "communes"
KIND_KEY: Final = "scenario_edit_kind"


def asks_for_place() -> bool:
    """Whether the next edit has a place that can be drawn on the map."""
    return st.session_state.get(KIND_KEY, "add_area") in {"add_area", "extend_area"}


def take_outline(text: str) -> None:
    """Take an outline that was drawn on the map for the next edit."""
    corners = site_state.read_corners(text)
    if len(corners) > 2:  # noqa: PLR2004 (a ring)
        ring = [list(corner) for corner in (*corners, corners[0])]
        polygon = {"type": "Polygon", "coordinates": [ring]}
        st.session_state[scenario_state.OUTLINE] = polygon
        st.session_state[field(_PLACE)] = "drawn"


def take_point(text: str, communes: gpd.GeoDataFrame) -> None:
    """Take the commune in which the map was clicked for the next edit, or leave it out again."""
    corners = site_state.read_corners(text)
    if len(corners) != 1 or st.session_state.get(KIND_KEY, "add_area") != "add_area":
        return
    inside = communes.geometry.contains(shapely.geometry.Point(corners[0]))
    for name in communes.loc[inside, "name"]:
        chosen = list(st.session_state.get(field(_COMMUNES), []))
        st.session_state[field(_COMMUNES)] = (
            [one for one in chosen if one != name] if name in chosen else [*chosen, name]
        )
        st.session_state[field(_PLACE)] = "commune"


def take_area(area_id: str) -> None:
    """Take the area that was clicked on the map for the next edit."""
    if st.session_state.get(KIND_KEY, "add_area") != "add_area":
        st.session_state[field(_AREA)] = area_id


def show(
    made: Work,
    after: Snapshot,
    communes: gpd.GeoDataFrame,
    w: Words,
) -> None:
    """Put the form of the next edit on the page.

    Parameters
    ----------
    after
        The scenario so far: what it added can be edited too.
    communes
        2025 communes of the province, with `name`.
    """
    kind = st.selectbox(
        w("What is assumed"),
        list(EDIT),
        key=KIND_KEY,
        format_func=lambda key: w(EDIT[key]),
    )
    if kind == "add_area":
        edit = _added(after, communes, w)
    else:
        areas = editable(after, kind)
        area_id = _area(areas, w)
        if area_id is None:
            return
        edit = {"area_id": area_id} | _about(kind, areas[area_id], after, w)
    ready = bool(edit.pop("ready", True))
    st.button(
        w("Add to the scenario"),
        key="scenario_add",
        type="primary",
        width="stretch",
        disabled=not ready,
        on_click=scenario_state.take,
        args=(made, {"edit": kind, **edit}),
    )


def editable(after: Snapshot, kind: str) -> dict[str, dict[str, Any]]:
    """Areas that an edit may be about: those counted themselves, by id."""
    areas = after.areas[after.areas["counted"].astype(bool)]
    if kind in {"extend_area", "close_area", "assume_lease"}:
        areas = areas[areas["status"] != "removed"]
    if kind in {"assume_lease", "set_figure", "extend_area"}:
        areas = areas[areas["kind"] != "economic_zone"]
    return records(areas)


def _area(areas: Mapping[str, Mapping[str, Any]], w: Words) -> str | None:
    if st.session_state.get(field(_AREA)) not in areas:
        st.session_state[field(_AREA)] = None
    return st.selectbox(
        w("Park, cluster or economic zone"),
        list(areas),
        key=field(_AREA),
        index=None,
        placeholder=w("Choose here or on the map"),
        format_func=lambda key: (
            f"{w.pick(areas[key]['name_vi'], areas[key]['name_en'])} "
            f"({w.of(KIND, areas[key]['kind'])})"
        ),
    )


def _about(kind: str, area: Mapping[str, Any], after: Snapshot, w: Words) -> Fields:
    if kind == "extend_area":
        return _extended(area, after, w)
    if kind == "set_status":
        status = st.selectbox(
            w("New status"),
            [status for status in STATUSES if status != area["status"]],
            key=field("status"),
            format_func=lambda key: w.of(STATUS, key),
        )
        return {"status": status}
    if kind == "set_date":
        return _dates(area, w)
    if kind == "assume_lease":
        return _lease(area, w)
    if kind == "set_figure":
        return _figure(w)
    return {}


def _hectares(label: str, name: str, *, most: float = _MOST_HA, help_: str = "") -> float | None:
    value = st.number_input(
        label,
        min_value=0.0,
        max_value=max(most, 0.0),
        value=None,
        step=10.0 if most > 10.0 else None,  # noqa: PLR2004
        key=field(name),
        help=help_ or None,
        placeholder="ha",
    )
    return float(value) if value is not None else None


def _added(after: Snapshot, communes: gpd.GeoDataFrame, w: Words) -> Fields:
    name = st.text_input(
        w("Name"),
        key=field("name"),
        max_chars=200,
        placeholder=w("Name of the new park or cluster"),
    ).strip()
    left, right = st.columns(2)
    with left:
        kind = st.selectbox(
            w("Kind"),
            _ADDED_KINDS,
            key=field("new_kind"),
            format_func=lambda key: w.of(KIND, key),
        )
    with right:
        status = st.selectbox(
            w("Status"),
            _ADDED_STATUSES,
            index=_ADDED_STATUSES.index("planned"),
            key=field("new_status"),
            format_func=lambda key: w.of(STATUS, key),
        )
    place = _place({"commune": w("Commune"), "drawn": w("On the map"), "file": w("File")}, w)
    edit: Fields = {"name": name, "kind": kind, "status": status}
    if place == "commune":
        edit["communes_2025"] = st.multiselect(
            w("Communes that it lies in"),
            sorted(communes["name"]),
            key=field(_COMMUNES),
            placeholder=w("Choose here or click on the map"),
        )
        placed = bool(edit["communes_2025"])
    else:
        edit["polygon"] = _outline(place, after, w)
        placed = edit["polygon"] is not None
    total, leasable, leased = st.columns(3)
    with total:
        edit["total_area_ha"] = _hectares(w("Total area (ha)"), "total") or None
    most = edit["total_area_ha"] or _MOST_HA
    with leasable:
        edit["leasable_ha"] = _hectares(
            w("Leasable (ha)"), "leasable", help_=w("Left empty it stays unknown.")
        )
    with leased:
        edit["leased_ha"] = _hectares(w("Leased (ha)"), "leased", most=most) or 0.0
    edit["leasable_ha"] = edit["leasable_ha"] or None
    edit["ready"] = bool(name and placed and (edit["total_area_ha"] or edit.get("polygon")))
    return edit


def _extended(area: Mapping[str, Any], after: Snapshot, w: Words) -> Fields:
    place = _place({"hectares": w("Hectares"), "drawn": w("On the map"), "file": w("File")}, w)
    edit: Fields = {}
    if place == "hectares":
        edit["hectares"] = _hectares(w("Land that is added (ha)"), "hectares") or None
        edit["ready"] = edit["hectares"] is not None
    else:
        edit["polygon"] = _outline(place, after, w)
        edit["ready"] = edit["polygon"] is not None
    if area["paired"]:
        edit["leasable_ha"] = _hectares(w("Leasable (ha)"), "more_leasable") or None
    else:
        _hint(w("Its leased or leasable land isn't known: only its total area grows."))
    if not known(area["total_area_ha"]):
        _hint(w("Its total area isn't known: assume one first, as a figure."))
        edit["ready"] = False
    return edit


def _place(ways: dict[str, str], w: Words) -> str:
    if st.session_state.get(field(_PLACE)) not in ways:
        st.session_state[field(_PLACE)] = next(iter(ways))
    return str(
        st.segmented_control(
            w("Where"), list(ways), key=field(_PLACE), format_func=ways.__getitem__, required=True
        )
    )


def _outline(place: str, after: Snapshot, w: Words) -> Fields | None:
    """Outline that was drawn, or that a file holds."""
    if place == "file":
        _upload(w)
    polygon = scenario_state.outline()
    if polygon is None:
        if place == "drawn":
            _hint(w("Press “Draw an outline” on the map and click its corners."))
        return None
    shape = gpd.GeoSeries([shapely.geometry.shape(polygon)], crs=WGS84)
    land = float(area_ha(shape, after.resolution.crs).iloc[0])
    left, right = st.columns([60, 40], vertical_alignment="center")
    left.markdown(w("Outline: {area} ha", area=exact(land, w.lang)))
    right.button(
        w("Discard"),
        key="scenario_discard",
        type="tertiary",
        on_click=lambda: st.session_state.pop(scenario_state.OUTLINE, None),
    )
    return polygon


def _upload(w: Words) -> None:
    keys = field("upload"), field("polygon")
    chosen = chosen_outline(w("Outline in a file"), w, keys=keys)
    if chosen is None:
        if st.session_state.get(keys[0]) is not None:
            st.session_state.pop(scenario_state.OUTLINE, None)
        return
    polygon = shapely.geometry.mapping(chosen)
    if scenario_state.outline() != polygon:
        st.session_state[scenario_state.OUTLINE] = polygon
        # The map above was drawn without it.
        st.rerun()


def _dates(area: Mapping[str, Any], w: Words) -> Fields:
    left, right = st.columns(2)
    year = area["established_year"]
    with left:
        founded = st.number_input(
            w("Founded in"),
            min_value=1990,
            max_value=2100,
            value=None,
            step=1,
            key=field("year"),
            placeholder=str(int(year)) if known(year) else w("no data"),
        )
    with right:
        since = st.date_input(
            w("Operating since"),
            value=None,
            key=field("since"),
            format="DD/MM/YYYY",
        )
    edit: Fields = {"ready": founded is not None or since is not None}
    if founded is not None:
        edit["established_year"] = int(founded)
    if since is not None:
        edit["operating_since"] = since.isoformat()
    return edit


def _lease(area: Mapping[str, Any], w: Words) -> Fields:
    if not area["paired"]:
        _hint(
            w(
                "Its leased and leasable land isn't known for one date. Assume both first, as "
                "figures: leasable land, then leased land."
            )
        )
        return {"ready": False}
    free = float(area["available_ha"])
    text = w("{area} ha of leasable land aren't leased.", area=exact(free, w.lang))
    _hint(text)
    land = _hectares(w("Leased besides (ha)"), "lease", most=free)
    return {"hectares": land or None, "ready": bool(land)}


def _figure(w: Words) -> Fields:
    left, right = st.columns(2)
    with left:
        metric = st.selectbox(
            w("Figure"),
            list(FIGURES),
            key=field("metric"),
            format_func=lambda key: w.of(FIGURES, key),
        )
    with right:
        unit = w.of(UNIT, METRICS[metric])
        value = st.number_input(
            w("Value ({unit})", unit=unit),
            min_value=0.0,
            max_value=100.0 if METRICS[metric] == "%" else _MOST_HA,
            value=None,
            key=field("value"),
        )
    return {
        "metric": metric,
        "value": None if value is None else float(value),
        "ready": value is not None,
    }


def _hint(text: str) -> None:
    st.html(element("p", text, class_="atlas-hint"))


def edits(made: Work, names: Mapping[str, str], w: Words) -> None:
    """Put the list of edits: each can be removed, the last change undone."""
    listed = made.scenario.edits
    with st.container(horizontal=True, vertical_alignment="center", key="scenario_edits_head"):
        text = w.plural("{count} edit", "{count} edits", len(listed))
        st.html(element("h4", text, class_="scenario-head"))
        st.button(
            w("Undo"),
            key="scenario_undo",
            icon=":material/undo:",
            type="tertiary",
            disabled=not (made.past or listed),
            on_click=scenario_state.undo,
            args=(made,),
        )
    with st.container(key="scenario_listed"):
        for row, edit in enumerate(listed):
            text = edit_text(edit, names, w)
            with st.container(key=f"scenario_edit_{row}"):
                left, right = st.columns([88, 12], vertical_alignment="top", gap="small")
                left.html(element("p", f"{row + 1}. {text}", class_="scenario-edit"))
                right.button(
                    "",
                    key=f"scenario_remove_{row}",
                    icon=":material/close:",
                    type="tertiary",
                    help=w("Remove: {edit}", edit=text).replace("[", r"\[").replace("$", r"\$"),
                    on_click=scenario_state.remove,
                    args=(made, row),
                )
