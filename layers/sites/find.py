"""Find places: the answer in a line, few controls, the map with ranks, and the list."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from data._errors import DataError
from data.resolutions import provinces
from geo.candidates import candidates, find_anchor
from geo.comparison import MOST
from geo.distances import distance_table
from geo.export import to_csv, to_json
from geo.ranking import Ranked, rank
from geo.ranking_records import notes
from layers import map as atlas_map
from layers import state, store
from layers.downloads.button import download
from layers.exchange.rankings import ranking_bundle
from layers.exchange.write import export_bytes
from layers.safe_html import Html, element
from layers.sites import map as site_map
from layers.sites import needs as site_needs
from layers.sites import short_list, trade_box
from layers.sites.ranking_text import (
    check_text,
    note_text,
    ranking_geojson_in_words,
    ranking_json,
    ranking_rows,
)
from layers.sites.workbook import ranking_xlsx
from layers.sources import sources_table
from layers.summary import banner_html
from layers.words import KIND, STATUS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    import pandas as pd

    from data.criteria import CriteriaSet
    from geo.candidates import Candidate
    from geo.ranking import Excluded, Ranking
    from geo.snapshot import Snapshot
    from layers.store import Stamp
    from layers.words import Words

_HEIGHT: Final = 560
# Of several provinces the map is so small that more numbers would cover each other.
_NUMBERED: Final = {False: 50, True: 12}
# Places of one commune stand at one point; each begins a little off, in another direction.
_SEED_PX: Final = 6.0
_TURN: Final = math.pi * (3 - math.sqrt(5))


@st.cache_resource(show_spinner=False, max_entries=8)
def distances_of(key: str, stamp: Stamp) -> pd.DataFrame:
    """Give the distances of all areas of a province, once; they don't depend on the date."""
    province = store.province_of(key, stamp)
    return distance_table(province.areas, province.facts)


@st.cache_resource(show_spinner=False, max_entries=64)
def candidates_of(
    keys: tuple[str, ...],
    as_of: dt.date,
    stamps: tuple[Stamp, ...],
    trade: str,
    anchor: str,
) -> tuple[Candidate, ...]:
    """Give the places of some provinces with their measures, once for a trade and an anchor."""
    shots = [store.snapshot_of(key, as_of, stamp) for key, stamp in zip(keys, stamps, strict=True)]
    near = find_anchor(shots, anchor or None)
    return tuple(
        place
        for shot, key, stamp in zip(shots, keys, stamps, strict=True)
        for place in candidates(
            shot, trade=trade or None, anchor=near, distances=distances_of(key, stamp)
        )
    )


def scope(province: str) -> tuple[str, ...]:
    """Provinces in which is searched, the chosen one first."""
    if st.session_state["fit_scope"] != "all":
        return (province,)
    return (province, *(key for key in provinces() if key != province))


def show(shots: Sequence[Snapshot], w: Words, *, stamps: tuple[Stamp, ...]) -> None:
    """Put the search on the page: answer, controls, map and list, weights, downloads."""
    head = st.container()
    site_needs.controls(shots, w)
    spec = _spec(shots)
    keys = tuple(shot.resolution.province for shot in shots)
    anchor = spec.anchor if isinstance(spec.anchor, str) else ""
    with st.spinner(w("Comparing the places with the needs ..."), show_time=False):
        places = candidates_of(keys, shots[0].as_of, stamps, spec.trade or "", anchor)
        ranking = rank(places, spec)
    chosen = state.chosen()[1] if state.chosen()[0] == "area" else ""
    with head:
        st.html(answer_html(ranking, w))
    left, right = st.columns([58, 42], gap="small")
    with left:
        base, labels = site_map.base_of(keys, w.lang, stamps)
        account = {
            "zones": site_map.zones_account(shots, spec.trade or "", labels, w, brief=True),
            "areas": marks(ranking, chosen, w, last=_NUMBERED[len(shots) > 1]),
            "chosen": {"kind": "area", "id": chosen, "bounds": None, "shape": None},
            "legend": site_map.legend(ranked=True, tag=spec.trade or "", w=w),
            "tiles": None,
            "tools": None,
            "site": None,
        }
        atlas_map.show(base, account, height=_HEIGHT, on_pick=_on_map)
    with right:
        shown = short_list.Shown(
            chosen=chosen,
            compared=state.compared(),
            most=MOST,
            provinces=_names(shots, w) if len(shots) > 1 else {},
        )
        short_list.show(ranking, shown, w, on_act=_on_list)
    for banner in dict.fromkeys(banner_html(shot, w) for shot in shots):
        st.html(banner)
    site_needs.weights(w)
    with st.expander(w("How this is ranked")):
        st.html(notes_html(ranking, w))
        for shot in shots:
            st.html(sources_table(shot, w))
    _downloads(ranking, shots, w)


def _spec(shots: Sequence[Snapshot]) -> CriteriaSet:
    try:
        return site_needs.spec_in_use(shots)
    except DataError:  # all weights are 0, and the page says so
        return site_needs.preset_in_use()


def answer_html(ranking: Ranking, w: Words) -> Html:
    """Write the answer in a line: how many fit, which is first and how surely."""
    sure = sum(row.verified for row in ranking.ranked)
    unsure = len(ranking.ranked) - sure
    counts = [
        w.plural("{count} place fits", "{count} places fit", sure),
        w.plural("{count} can't be told", "{count} can't be told", unsure) if unsure else "",
        w.plural("{count} doesn't fit", "{count} don't fit", len(ranking.excluded)),
    ]
    criteria = ranking.criteria
    of = [
        trade_box.name_of(criteria.trade or "", w),
        w.pick(criteria.name.vi, criteria.name.en),
    ]
    body: list[object] = [
        element("b", ", ".join(text for text in counts if text), class_="count"),
        element("span", " · ".join(of), class_="of"),
    ]
    if ranking.ranked:
        first = ranking.ranked[0]
        name = element("b", w.pick(first.place.name_vi, first.place.name_en))
        about = [
            w("{score} of 100", score=short_list.score_text(first, w)),
            short_list.land_text(first.place, w),
            short_list.rank_text(first, ranking, w),
        ]
        body.append(
            element("small", f"{w('First')}: ", name, ": ", ", ".join(about[:2]), ". ", about[2])
        )
    else:
        text_none = w("No place meets all needs; the list says which of them costs most.")
        body.append(element("small", text_none))
    return element("div", *body, class_="site-answer", role="status")


def _names(shots: Sequence[Snapshot], w: Words) -> dict[str, str]:
    names = {shot.resolution.province: shot.resolution.name for shot in shots}
    return {key: w.pick(name.vi, name.en) for key, name in names.items()}


def marks(ranking: Ranking, chosen: str, w: Words, *, last: int) -> list[dict[str, Any]]:
    """Give the symbols of the map: ranks on top, the first uppermost, those that fall out grey.

    Parameters
    ----------
    last
        Rank up to which symbols have their number; the others are small.
    """
    rows: list[Ranked | Excluded] = [*ranking.excluded, *reversed(ranking.ranked)]
    found = []
    for at, row in enumerate(rows):
        place = row.place
        if place.lon is None or place.lat is None:
            continue
        found.append(
            {
                "id": place.area_id,
                "layer": "industrial_cluster"
                if place.kind == "industrial_cluster"
                else "industrial_park",
                "place": [round(place.lat, 5), round(place.lon, 5)],
                "ha": 0.0,
                "sign": _sign(row, chosen=place.area_id == chosen, last=last),
                "shift": [
                    round(_SEED_PX * math.cos(_TURN * at), 1),
                    round(_SEED_PX * math.sin(_TURN * at), 1),
                ],
                "tip": _tip(row, w),
            },
        )
    return found


def _sign(row: Ranked | Excluded, *, chosen: bool, last: int) -> dict[str, Any]:
    if isinstance(row, Ranked):
        numbered = row.rank <= last or chosen
        return site_map.rank_sign(row.rank, sure=row.verified, chosen=chosen, numbered=numbered)
    return site_map.out_sign(row.place.kind, chosen=chosen)


def _tip(row: Ranked | Excluded, w: Words) -> list[str]:
    place = row.place
    tip = [
        w.pick(place.name_vi, place.name_en),
        f"{w.of(KIND, place.kind)}, {w.of(STATUS, place.status or 'unknown')}",
    ]
    if isinstance(row, Ranked):
        tip.append(
            w("Rank {rank}: {score} of 100", rank=row.rank, score=short_list.score_text(row, w))
        )
        tip.append(short_list.land_text(place, w))
        tip += [check_text(check, lang=w.lang) for check in row.unsure]
    else:
        reasons = short_list.reasons_text(row, w)
        tip.append(w("Falls out: {reason}", reason=reasons[0]))
        tip += reasons[1:]
    return tip


def notes_html(ranking: Ranking, w: Words) -> Html:
    """Write what the ranking rests on."""
    codes = ["stability", *notes(ranking.criteria)]
    lines = [element("li", note_text(code, ranking, lang=w.lang)) for code in codes]
    return element("ul", *lines)


def _on_map() -> None:
    """Follow a click on the map: a place opens in the list, the ground closes it."""
    kind, key = atlas_map.picked() or ("", "")
    state.choose(*((kind, key) if kind == "area" else state.NOTHING))


def _on_list() -> None:
    """Follow a click in the list."""
    act, key = short_list.acted()
    if act == "open":
        state.choose("area", "" if state.chosen() == ("area", key) else key)
    elif act == "add":
        inside = state.compared()
        kept = [one for one in inside if one != key]
        state.compare(kept if key in inside else [*inside, key][:MOST])
    elif act == "check":
        province, _, area = key.partition("/")
        state.choose_in(province, "area", area)
        st.session_state["fit_view"] = "check"
    elif act == "go":
        st.session_state["fit_view"] = "compare"


def _downloads(ranking: Ranking, shots: Sequence[Snapshot], w: Words) -> None:
    where = "all" if len(shots) > 1 else shots[0].resolution.province
    stem = f"{where}_{shots[0].as_of.isoformat()}_ranking"
    makers: dict[str, tuple[str, Callable[[], bytes]]] = {
        "xlsx": (w("Ranking (XLSX)"), lambda: ranking_xlsx(ranking, shots, w)),
        "csv": (
            w("Ranking (CSV)"),
            lambda: to_csv(ranking_rows(ranking, lang=w.lang)).encode("utf-8-sig"),
        ),
        "geojson": (
            w("Ranking (GeoJSON)"),
            lambda: to_json(ranking_geojson_in_words(ranking, shots, lang=w.lang)).encode(),
        ),
        "json": (
            w("Ranking (JSON)"),
            lambda: to_json(ranking_json(ranking, shots, lang=w.lang)).encode(),
        ),
    }
    if len(shots) == 1:
        province = store.province_of(where, store.data_stamp(where))
        geopackage = partial(ranking_bundle, ranking, province, shots[0], lang=w.lang)
        makers["gpkg"] = (w("Ranking (GeoPackage)"), lambda: export_bytes(geopackage(), "gpkg"))
    with st.container(horizontal=True, key="ranking_downloads"):
        for suffix, (label, make) in makers.items():
            download(label, make, f"{stem}.{suffix}", key=f"ranking_{suffix}")
