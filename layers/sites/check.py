"""Check a place: a point, an outline or an area, chosen on the map, typed in or handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import shapely
import streamlit as st

from data.boundaries.outlines import load_outlines
from data.resolutions import provinces
from geo.export import to_json
from geo.siting import SiteError, check_site, lay_ground
from layers import controls, state, store
from layers import map as atlas_map
from layers.account_payload import account_payload
from layers.downloads.button import download
from layers.numbers import number
from layers.policy.targets import document_head
from layers.safe_html import element
from layers.sites import input as site_input
from layers.sites import map as site_map
from layers.sites import state as site_state
from layers.sites import trade_box
from layers.sites.text import change_text, site_error_text, siting_json
from layers.sites.upload import chosen_outline
from layers.sites.verdict import Answer, how_html, reasons_html, verdict_html
from layers.summary import banner_html

if TYPE_CHECKING:
    import datetime as dt

    from shapely.geometry.base import BaseGeometry

    from geo.siting import Ground, SitingResult
    from geo.snapshot import Snapshot
    from layers.store import Stamp
    from layers.words import Words

_HEIGHT: Final = 560


@st.cache_resource(show_spinner=False, max_entries=16)
def ground_of(province: str, as_of: dt.date, stamp: Stamp) -> Ground:
    """Make a province ready for checks, once."""
    shot = store.snapshot_of(province, as_of, stamp)
    communes = load_outlines(shot.resolution.code, stamp.boundaries).communes
    return lay_ground(shot, communes=communes)


def show(shot: Snapshot, w: Words, *, stamp: Stamp) -> None:
    """Put the check on the page: verdict, controls, map and reasons."""
    head = st.container()
    _controls(shot, w)
    with st.spinner(w("Checking the place ..."), show_time=False):
        found = answer(shot, stamp, w)
    with head:
        trade = trade_box.name_of(st.session_state[trade_box.CHOSEN], w)
        st.html(verdict_html(found, trade, w))
    left, right = st.columns([58, 42], gap="small")
    with left:
        _map(shot, w, stamp)
    with right, st.container(key="site_reasons", border=True):
        if found.result is None:
            st.html(how_html(w))
        else:
            _actions(found.result, w)
            st.html(reasons_html(found.result, shot, w))
    st.html(banner_html(shot, w))
    if found.result is not None:
        _downloads(found.result, shot, w)
        if not site_state.is_linked() and not isinstance(site(), str):
            text = w("The outline is too long for the address of this page: keep its file.")
            st.html(element("p", text, class_="atlas-hint", role="status"))


def _controls(shot: Snapshot, w: Words) -> None:
    """Put trade, place and file; a click on the map does the same."""
    trade, area, typed, file, raw = st.columns(
        [26, 26, 22, 13, 13], gap="small", vertical_alignment="bottom"
    )
    with trade:
        st.html(trade_box.label_html(w("Trade")))
        trade_box.show(w)
    with area:
        st.html(trade_box.label_html(w("Park, cluster or economic zone")))
        controls.pick_area(shot, w)
    with typed:
        st.html(trade_box.label_html(w("or coordinates (WGS 84 or VN-2000)")))
        st.text_input(
            w("Coordinates"),
            key="site_typed",
            placeholder="18.80, 105.66",
            label_visibility="collapsed",
            on_change=_on_typed,
            args=(shot.resolution.crs,),
        )
    with file, st.popover(w("Polygon file"), icon=":material/upload:", width="stretch"):
        _upload(w)
    with raw:
        st.checkbox(
            w("Tied to raw material"),
            key="fit_raw",
            help=w("The project is tied to a concentrated raw-material area."),
        )
    refused = st.session_state.get("site_refused", "")
    if refused:
        text = w(
            "{text!r} is no point. Type longitude and latitude in degrees, such as 18.80, 105.66, "
            "or X and Y in metres of VN-2000.",
            text=refused,
        )
        st.html(element("div", text, class_="atlas-notice", role="alert"))


def _on_typed(crs: str) -> None:
    text = st.session_state["site_typed"].strip()
    found = site_input.read_typed(text, crs)
    st.session_state["site_refused"] = text if text and found is None else ""
    if found is not None:
        _take(((found.lon, found.lat),), seen=False)


def _take(corners: tuple[tuple[float, float], ...], *, seen: bool) -> None:
    """Check a point or polygon instead of an area."""
    state.clear()
    st.session_state["site_file"] = None
    site_state.set_place(corners, seen=seen)


def _upload(w: Words) -> None:
    chosen = chosen_outline(w("Outline of the site"), w, keys=("site_upload", "site_polygon"))
    if chosen is None:
        return
    if st.button(w("Check this polygon"), key="site_take", type="primary"):
        state.clear()
        site_state.set_place((), seen=False)
        st.session_state["site_file"] = chosen
        st.rerun()


def site() -> BaseGeometry | dict[str, Any] | str | None:
    """Give what is to be checked: an area, a polygon of a file, a point or a drawn polygon."""
    kind, key = state.chosen()
    if kind == "area":
        return key
    file: BaseGeometry | None = st.session_state.get("site_file")
    if file is not None:
        return file
    place = site_state.place()
    return None if place is None else place.geojson


def answer(shot: Snapshot, stamp: Stamp, w: Words) -> Answer:
    """Check the site that is chosen."""
    asked = site()
    if asked is None:
        return Answer(None, "")
    name = _name(asked, shot, w)
    ground = ground_of(shot.resolution.province, shot.as_of, stamp)
    trade = st.session_state[trade_box.CHOSEN] or None
    try:
        result = check_site(
            ground, asked, trade=trade, raw_material_area=st.session_state["fit_raw"]
        )
    except SiteError as error:
        return Answer(None, name, site_error_text(error, lang=w.lang))
    return Answer(result, name)


def _name(asked: object, shot: Snapshot, w: Words) -> str:
    if isinstance(asked, str):
        if asked not in shot.areas.index:
            return asked
        area: Any = shot.areas.loc[asked]
        return w.pick(area["name_vi"], area["name_en"])
    place = site_state.place()
    if place is not None and len(place.corners) == 1:
        lon, lat = place.corners[0]
        written = [number(value, w.lang, decimals=5, trim=True) for value in (lat, lon)]
        return w("point {lat} N, {lon} E", lat=written[0], lon=written[1])
    return w("polygon")


def _actions(result: SitingResult, w: Words) -> None:
    """Offer the province whose documents hold at the place, if it is another one."""
    for change in result.would_change:
        other = change["params"].get("province", "")
        if change["code"] == "check_other_province" and other in provinces():
            st.button(
                change_text(change, result.province, lang=w.lang),
                key="site_other",
                icon=":material/arrow_forward:",
                on_click=_go_to,
                args=(other,),
            )


def _go_to(province: str) -> None:
    st.session_state["province"] = province
    place = site_state.place()
    if place is not None:
        site_state.set_place(place.corners, seen=False)


def _map(shot: Snapshot, w: Words, stamp: Stamp) -> None:
    base, places = site_map.base_of((shot.resolution.province,), w.lang, (stamp,))
    tag = st.session_state[trade_box.CHOSEN]
    shown = frozenset(shot.areas.index[shot.areas["status"] != "removed"])
    chosen = state.chosen()
    account = account_payload(
        shot, w, places=places, shown=shown, chosen=chosen, tiles=False, outline=None
    )
    place = site_state.place() if chosen[0] != "area" else None
    account["zones"] = site_map.zones_account([shot], tag, places, w)
    account["legend"] = site_map.legend(ranked=False, tag=tag, w=w)
    account["tools"] = site_map.drawing_words(w)
    account["site"] = site_map.site_account(place)
    file = st.session_state.get("site_file") if chosen[0] != "area" else None
    if file is not None:
        account["site"] = {"place": None, "shape": shapely.geometry.mapping(file)}
        west, south, east, north = file.buffer(site_map.NEAR_DEG).bounds
        box: Any = [[south, west], [north, east]]
        account["chosen"] = {"kind": "site", "id": str(hash(file)), "bounds": box, "shape": None}
    elif place is not None:
        account["chosen"] = {
            "kind": "site",
            "id": site_state.write_corners(place.corners),
            "bounds": site_map.site_bounds(place),
            "shape": None,
        }
    atlas_map.show(base, account, height=_HEIGHT, on_pick=_on_map)


def _on_map() -> None:
    """Follow a click on the map, or an outline drawn there."""
    kind, text = atlas_map.picked() or ("", "")
    if kind == "area":
        site_state.set_place((), seen=True)
        st.session_state["site_file"] = None
        state.choose("area", text)
    elif kind in {"point", "polygon"} and (corners := site_state.read_corners(text)):
        st.session_state["site_typed"] = ""
        st.session_state["site_refused"] = ""
        _take(corners, seen=True)


def _downloads(result: SitingResult, shot: Snapshot, w: Words) -> None:
    record = document_head(shot) | siting_json(result, lang=w.lang)
    download(
        w("This check with its citations (JSON)"),
        lambda: to_json(record).encode(),
        f"{shot.resolution.province}_{shot.as_of.isoformat()}_site.json",
        key="site_json",
    )
