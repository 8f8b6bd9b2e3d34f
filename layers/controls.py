"""The controls around the map: header, search, filters, card, quiet lines, downloads."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from data._errors import DataError
from data.resolutions import load_resolution, provinces
from data.vocabulary import KINDS, STATUSES
from geo.absorption import OutlookAssumptions
from geo.export import to_json
from geo.outlook import outlook_record
from layers import corrections, navigation, outlook, state, store, summary, table, units
from layers import map as atlas_map
from layers._records import records
from layers.area_card import area_card
from layers.downloads.button import download
from layers.errors import findings_html
from layers.exchange.geojson import collection
from layers.exchange.write import export_bytes, make_bundle
from layers.imports import revisions as import_revisions
from layers.words import KIND, STATUS
from layers.words import KINDS as KIND_HEADINGS
from layers.zone_card import zone_card

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    from streamlit.delta_generator import DeltaGenerator

    from data._message import Lang
    from geo.history import Timeline
    from geo.snapshot import Province, Snapshot
    from layers.words import Words

_UNKNOWN = "unknown"
_REMOVED = "removed"


def header(w: Words) -> DeltaGenerator:
    """Put product name, province, date and language at the head of the page.

    Returns
    -------
    DeltaGenerator
        Where the search box goes; it needs the data, which may turn out to be broken.
    """
    name, province, day, search, lang = st.columns(
        [27, 14, 14, 34, 11],
        gap="small",
        vertical_alignment="center",
    )
    with name:
        st.html(summary.title_html(w))
    with province:
        st.selectbox(
            w("Province"),
            provinces(),
            key="province",
            format_func=lambda key: _province_name(key, w),
            label_visibility="collapsed",
            on_change=state.clear,
        )
    with day:
        st.date_input(
            w("Figures as of"),
            key="as_of",
            min_value=state.FIRST_DAY,
            max_value=state.today(),
            format="DD/MM/YYYY",
            label_visibility="collapsed",
            required=True,
        )
    with lang:
        st.segmented_control(
            w("Language"),
            ["vi", "en"],
            key="lang",
            format_func=str.upper,
            label_visibility="collapsed",
            required=True,
        )
    navigation.links(w)
    if found := store.workspace_findings():
        heading = w("What was brought in can't be used; these are the bundled figures alone")
        st.html(findings_html(heading, found, w))
    return search


def _province_name(key: str, w: Words) -> str:
    try:
        name = load_resolution(key).name
    except DataError:
        return key
    return w.pick(name.vi, name.en)


def notice(w: Words) -> None:
    """Say which parts of the link were left out, if any."""
    parts = state.ignored()
    if parts:
        st.html(summary.ignored_html(parts, w))


def pick_area(shot: Snapshot, w: Words) -> None:
    """Put a box to select one of the parks, clusters and economic zones of the province."""
    names = {
        key: f"{w.pick(area['name_vi'], area['name_en'])} ({w.of(KIND, area['kind'])})"
        for key, area in records(shot.areas).items()
    }
    kind, key = state.chosen()
    st.session_state["area"] = key if kind == "area" and key in names else None
    st.selectbox(
        w("Find a park or cluster"),
        list(names),
        key="area",
        index=None,
        placeholder=w("Find a park or cluster"),
        format_func=names.__getitem__,
        label_visibility="collapsed",
        on_change=lambda: state.choose("area", st.session_state["area"] or ""),
    )


def sidebar(shot: Snapshot, w: Words) -> tuple[frozenset[str], bool]:
    """Put the filters of what is drawn.

    Returns
    -------
    tuple
        Ids of the areas that pass (without a filter all but those removed from the plan), and
        whether base tiles are asked for.
    """
    with st.sidebar:
        st.html(summary.sidebar_html(w))
        st.multiselect(
            w("Kinds shown"),
            [kind for kind in KINDS if kind in set(shot.areas["kind"])],
            default=None,
            key="kinds",
            format_func=lambda kind: w.of(KIND_HEADINGS, kind),
            placeholder=w("all"),
        )
        st.multiselect(
            w("Statuses shown"),
            [*STATUSES, _UNKNOWN],
            default=None,
            key="statuses",
            format_func=lambda status: w.of(STATUS, status),
            placeholder=w("all"),
        )
        tiles = st.toggle(
            w("Base map (needs internet)"),
            key="tiles",
            help=w("Tiles of OpenStreetMap. Without internet the plain background stays."),
        )
    return passing(shot), tiles


def passing(shot: Snapshot) -> frozenset[str]:
    """Give the ids of the areas that pass the filters of the map page."""
    kinds, statuses = (st.session_state.get(key) for key in ("kinds", "statuses"))
    areas = shot.areas
    status = areas["status"].where(areas["status"].notna(), _UNKNOWN)
    passes = status.isin(statuses) if statuses else status != _REMOVED
    if kinds:
        passes &= areas["kind"].isin(kinds)
    return frozenset(areas.index[passes])


def selection(shot: Snapshot, communes: gpd.GeoDataFrame, w: Words) -> None:
    """Show the card of what is selected, or say how to select.

    Parameters
    ----------
    communes
        Outlines by code, which tell what lies in a unit.
    """
    kind, key = state.chosen()
    import_revisions.told(w)
    with st.container(key="card", border=True):
        if kind == "zone":
            body = zone_card(shot, key, w)
        elif kind == "area":
            body = area_card(shot, key, w)
        elif unit := units.unit_of(key, shot.resolution.code):
            body = units.unit_card(shot, unit, communes, w)
        else:
            st.html(summary.hint_html(w))
            return
        st.button(
            w("Close"),
            key="clear",
            icon=":material/close:",
            type="tertiary",
            on_click=state.clear,
        )
        st.html(body)
        if kind == "area":
            corrections.show(shot, key, w)


def on_map() -> None:
    """Follow a click on the map."""
    picked = atlas_map.picked()
    if picked is not None:
        state.choose(*picked)


def on_table() -> None:
    """Follow a click in the table; a click on the selected row clears."""
    key = table.picked()
    if key is not None:
        state.choose("zone", key)


def exists(shot: Snapshot) -> bool:
    """Tell whether what is selected is in the province."""
    kind, key = state.chosen()
    if kind == "unit":
        return units.unit_of(key, shot.resolution.code) is not None
    return key in (shot.zones if kind == "zone" else shot.areas).index


def foot(province: Province, shot: Snapshot, w: Words, *, times: Callable[[], Timeline]) -> None:
    """Show the quality of the boundaries, what isn't known, documents, downloads.

    Parameters
    ----------
    province, shot
        Of one province.
    times
        Gives the figures over time, for zones with an outlook; called when they are taken.
    """
    st.html(summary.banner_html(shot, w))
    unknown = summary.open_questions(shot, w)
    left, right = st.columns([62, 38], gap="small")
    with left:
        count = sum(len(lines) for lines in unknown.values())
        with st.expander(w("What is not known ({count})", count=count)):
            st.html(summary.lists_html(unknown))
    with right, st.expander(w("Documents and downloads")):
        st.html(summary.documents_html(shot, w))
        names = {
            "zones": w("Zones with their account (GeoJSON)"),
            "areas": w("Parks and clusters with their figures (GeoJSON)"),
        }
        takers = {
            "zones": partial(_zones_geojson, province, shot, w.lang, outlook.assumptions(), times),
            "areas": partial(_geojson, province, shot, "areas", w.lang),
        }
        for key, label in names.items():
            download(
                label,
                takers[key],
                f"{shot.resolution.province}_{shot.as_of.isoformat()}_{key}.geojson",
                key=f"{key}_geojson",
            )
        st.page_link(
            navigation.EXPORT_FILE,
            label=w("Other layers and formats, report, map"),
            query_params=state.link_to(navigation.EXPORT),
        )


def _geojson(province: Province, shot: Snapshot, key: str, lang: Lang) -> bytes:
    """Give a layer as the command line writes it."""
    return export_bytes(make_bundle(province, shot, keys=(key,), lang=lang), "geojson")


def _zones_geojson(
    province: Province,
    shot: Snapshot,
    lang: Lang,
    options: OutlookAssumptions,
    times: Callable[[], Timeline],
) -> bytes:
    """Give the zones as the command line writes them, with the outlook where the user set it."""
    if options == OutlookAssumptions():
        return _geojson(province, shot, "zones", lang)
    bundle = make_bundle(province, shot, keys=("zones",), lang=lang)
    ahead = outlook_record(times(), shot.as_of, options=options)
    return to_json(collection(bundle.layers[0], bundle, outlook=ahead)).encode()
