"""Map: how full is each zone, where is land left, how sure are we."""

from __future__ import annotations

import streamlit as st

from data.resolutions import provinces
from layers import (
    boundary_choice,
    controls,
    pedigree,
    search,
    state,
    store,
    summary,
    table,
    units,
)
from layers import map as atlas_map
from layers.account_payload import account_payload
from layers.plot_tiles import view as plot_tiles
from layers.words import words

state.restore(provinces())
w = words(state.language())
search_box = controls.header(w)
province, as_of = st.session_state["province"], st.session_state["as_of"]
boundary_choice.show(province, w)
stamp = store.data_stamp(province)
with st.spinner(w("Computing the account ..."), show_time=False):
    shot = store.snapshot_of(province, as_of, stamp)
    base, places = store.base_of(province, w.lang, stamp)
    communes = store.province_of(province, stamp).communes
with search_box:
    search.show(shot, w)
state.check(controls.exists(shot))
controls.notice(w)
shown, tiles = controls.sidebar(shot, w)
kind, key = chosen = state.chosen()

st.html(summary.strip_html(shot, w))
left, right = st.columns([62, 38], gap="small")
many = store.too_many_plots(province, as_of, stamp)
tiled = store.plot_tiles_of(province, as_of, stamp) if many and plot_tiles.can_serve() else None
with left:
    account = account_payload(
        shot,
        w,
        places=places,
        shown=shown,
        chosen=chosen,
        outline=units.outline_of_key(key, shot, communes) if kind == "unit" else None,
        tiles=tiles,
        plots=store.plots_of(
            province,
            as_of,
            w.lang,
            key if kind == "area" else "",
            stamp,
            tiled=tiled is not None,
        ),
        plot_tiles=plot_tiles.payload(tiled, shot, many, w) if tiled else None,
    )
    atlas_map.show(base, account, height=560, on_pick=controls.on_map)
    if many:
        plot_tiles.status(tiled, many, w)
with right:
    table.show(shot, w, chosen=key if kind == "zone" else "", on_pick=controls.on_table)
controls.selection(shot, communes, w)
pedigree.show(shot, kind, key, w, times=lambda: store.timeline_of(province, stamp))
controls.foot(
    store.province_of(province, stamp),
    shot,
    w,
    times=lambda: store.timeline_of(province, stamp),
)
state.keep()
