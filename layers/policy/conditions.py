"""The conditions of the law on the page: for an area, a territory, or one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlencode

import streamlit as st

from data._errors import UnknownNameError
from data._frames import rows as frame_rows
from data.units.gazetteer import communes_2025, legacy_communes
from data.vocabulary import CLUSTER_TERRITORIES
from geo.conditions import STANDINGS, condition_records, conditions
from geo.export import to_json
from geo.territories import places_of
from layers import controls, state, store
from layers._records import records
from layers.downloads.button import download
from layers.navigation import TARGETS
from layers.numbers import exact
from layers.policy.condition_tree import condition_html
from layers.policy.gauge import verdict_html
from layers.policy.reasons import TERRITORY, lacking_text
from layers.policy.targets import document_head
from layers.policy.verdicts import listed_range_text, listed_verdict_text, range_text
from layers.safe_html import Html, element
from layers.words import KIND

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    import pandas as pd

    from data.resolutions import Resolution
    from data.vocabulary import ClusterTerritory
    from geo.snapshot import Snapshot
    from layers.store import Stamp
    from layers.words import Words

_CHANGING: Final = {"industrial_park", "industrial_cluster"}
_CLUSTER: Final = "industrial_cluster"


class Chosen(NamedTuple):
    """What is tested: an area ("" for none), else a place ("" for all) of a level."""

    area: str
    level: ClusterTerritory
    place: str
    change_ha: float | None


def show(shot: Snapshot, w: Words, *, stamp: Stamp) -> dict[str, str]:
    """Put the conditions on the page.

    Returns
    -------
    dict
        What belongs into the link: `territory`, `place`.
    """
    chosen = _choose(shot, w)
    if not chosen.area or str(shot.areas.loc[chosen.area, "kind"]) == _CLUSTER:
        st.html(setting_html(shot.resolution, chosen.level, w))
    if not chosen.area and not chosen.place and chosen.level != "province":
        found = overview(shot.resolution.province, shot.as_of, chosen.level, stamp)
        st.html(overview_html(found, shot, chosen.level, w))
        return _link(chosen, shot.resolution)
    thresholds = _changed_thresholds(shot)
    frame = conditions(
        shot,
        area_id=chosen.area or None,
        place=chosen.place or None,
        territory=chosen.level,
        change_ha=chosen.change_ha,
        thresholds=thresholds,
    )
    if frame.empty:
        kind = w.of(KIND, str(shot.areas.loc[chosen.area, "kind"]))
        text = w("The law as held here sets no condition of land for this kind: {kind}.", kind=kind)
        st.html(element("p", text, class_="atlas-hint"))
        return _link(chosen, shot.resolution)
    caution = caution_text(frame, chosen, w)
    if caution:
        st.html(element("div", caution, class_="atlas-banner", role="note"))
    for _, part in frame.groupby(["condition", "place_vi"], sort=False, dropna=False):
        with st.container(border=True):
            st.html(condition_html(list(records(part).values()), shot, w, changed=thresholds))
    _thresholds(frame, shot, w)
    _download(frame, shot, chosen, thresholds, w)
    return _link(chosen, shot.resolution)


def _choose(shot: Snapshot, w: Words) -> Chosen:
    """Put the choices above the conditions."""
    who, level_at, place_at, change_at = st.columns([34, 20, 28, 18], gap="small")
    kind, key = state.chosen()
    area = key if kind == "area" and key in shot.areas.index else ""
    area_kind = str(shot.areas.loc[area, "kind"]) if area else ""
    with who:
        st.html(_label(w("Park, cluster or economic zone (none: a territory)")))
        controls.pick_area(shot, w)
    level, place, change = shot.resolution.cluster_territory, "", None
    if area_kind in {"", _CLUSTER}:
        with level_at:
            level = _level(shot.resolution, w)
    if not area and level != "province":
        with place_at:
            place = _place(shot.resolution, level, w)
    if area_kind in _CHANGING:
        with change_at:
            st.html(_label(w("Change of area (ha)")))
            change = st.number_input(
                w("Change of area (ha)"),
                value=None,
                step=1.0,
                key=f"change_{area}",
                placeholder=w("not given"),
                label_visibility="collapsed",
            )
    return Chosen(area, level, place, change)


def _label(text: str) -> Html:
    return element("div", text, class_="atlas-label", aria_hidden="true")


def _level(resolution: Resolution, w: Words) -> ClusterTerritory:
    key = f"territory_{resolution.province}"
    asked = st.query_params.get("territory", "")
    if state.follows_link() or key not in st.session_state:
        st.session_state[key] = (
            asked if asked in CLUSTER_TERRITORIES else resolution.cluster_territory
        )
    st.html(_label(w("Territory of the test")))
    return st.selectbox(
        w("Territory of the test"),
        CLUSTER_TERRITORIES,
        key=key,
        format_func=lambda level: w.of(TERRITORY, level),
        label_visibility="collapsed",
    )


def _place(resolution: Resolution, level: ClusterTerritory, w: Words) -> str:
    key = f"place_{resolution.province}_{level}"
    names = place_names(resolution, level)
    asked = st.query_params.get("place", "")
    if state.follows_link() or key not in st.session_state:
        st.session_state[key] = asked if asked in names else None
    st.html(_label(w("Place")))
    found = st.selectbox(
        w("Place"),
        names,
        index=None,
        key=key,
        placeholder=w("all with clusters"),
        label_visibility="collapsed",
    )
    return found or ""


def place_names(resolution: Resolution, level: ClusterTerritory) -> tuple[str, ...]:
    """Names of the old districts, or of the 2025 communes, of a province."""
    if level == "legacy_district":
        table = legacy_communes()
        names = table.loc[table["province"].isin(resolution.legacy_provinces), "district"]
    else:
        table = communes_2025()
        names = table.loc[table["province_code"] == resolution.code, "name"]
    return tuple(sorted(dict.fromkeys(str(name) for name in names)))


def _link(chosen: Chosen, resolution: Resolution) -> dict[str, str]:
    level = chosen.level if chosen.level != resolution.cluster_territory else ""
    return {"territory": level, "place": chosen.place}


def setting_html(resolution: Resolution, level: ClusterTerritory, w: Words) -> Html:
    """Say on which territory clusters are averaged here, and who decides it."""
    setting = w.of(TERRITORY, resolution.cluster_territory)
    text = w(
        "The test for a new cluster averages the clusters of one territory. Setting of this "
        "province: {territory}. Since 01/07/2025 districts are gone, and the People's Committee "
        "of the province decides (Decree 139/2025/NĐ-CP, Article 12).",
        territory=setting,
    )
    if level != resolution.cluster_territory:
        text += " " + w("Chosen here: {territory}.", territory=w.of(TERRITORY, level))
    return element("p", text, class_="atlas-hint")


def caution_text(frame: pd.DataFrame, chosen: Chosen, w: Words) -> str:
    """Say that clusters lack that may lie in any territory, where a test is below a province."""
    lacking = [
        reason
        for row in frame_rows(frame)
        if row.territory not in {None, "province"}
        for reason in row.reasons
        if reason["code"] == "list_lacks_areas"
    ]
    if not lacking or chosen.level == "province":
        return ""
    where = w(
        "Where they lie isn't known, so any territory below may hold none to all of them, and "
        "its bounds allow for that; the verdict by the clusters in the tables stands beside.",
    )
    return f"{lacking_text(lacking[0], w)} {where}"


@st.cache_data(show_spinner=False, max_entries=32)
def overview(
    province: str,
    as_of: dt.date,
    level: ClusterTerritory,
    stamp: Stamp,
) -> pd.DataFrame:
    """Test the condition for a new cluster in every territory with clusters, and the province."""
    import pandas as pd  # noqa: PLC0415

    shot = store.snapshot_of(province, as_of, stamp)
    clusters = shot.areas[shot.areas["counted"] & (shot.areas["kind"] == _CLUSTER)]
    places = {
        place.name: None
        for area in frame_rows(clusters)
        for place in places_of(area, level, shot.resolution)
        if place.level == level
    }
    found = []
    for name in sorted(places):
        try:
            found.append(conditions(shot, place=name, territory=level))
        except UnknownNameError:  # two units of that name
            continue
    found.append(conditions(shot, territory="province"))
    return pd.concat(found, ignore_index=True)


def overview_html(
    frame: pd.DataFrame,
    shot: Snapshot,
    level: ClusterTerritory,
    w: Words,
) -> Html:
    """Write the territories as a table: what is measured, and the verdict."""
    body = []
    caution = caution_text(frame, Chosen("", level, "", None), w)
    for (at, place), part in frame.groupby(["territory", "place_vi"], sort=False):
        rate, land, whole = records(part).values()
        whole_province = at == "province"
        query = {
            "province": shot.resolution.province,
            "date": shot.as_of.isoformat(),
            "lang": w.lang,
            "view": "conditions",
            "territory": at,
            "place": "" if whole_province else place,
        }
        name = w("Whole province") if whole_province else place
        body.append(
            element(
                "tr",
                element(
                    "th",
                    element("a", name, href=f"./{TARGETS}?{urlencode(query)}", target="_self"),
                    scope="row",
                ),
                element("td", f"{rate['coverage_known']}/{rate['coverage_all']}", class_="number"),
                element("td", *_range(rate, w), class_="number"),
                element("td", *_range(land, w), class_="number"),
                element(
                    "td",
                    verdict_html(whole["verdict"], w),
                    element("small", listed_verdict_text(whole, w)),
                ),
                class_="whole" if whole_province else None,
            ),
        )
    heads = [
        w.of(TERRITORY, level)[:1].upper() + w.of(TERRITORY, level)[1:],
        w("Clusters (with figures/established)"),
        w("Fill rate (> 50 %)"),
        w("or un-leased land (≤ 100 ha)"),
        w("May a cluster be established here?"),
    ]
    return element(
        "div",
        element("h4", w("Establish a cluster: the test in every territory that has clusters")),
        element("div", caution, class_="atlas-banner", role="note") if caution else "",
        element(
            "table",
            element("thead", element("tr", *[element("th", text, scope="col") for text in heads])),
            element("tbody", *body),
        ),
        element(
            "p",
            w(
                "Holding says that this one test is passed, not that the law's other "
                "requirements are met (provincial plan, developer, capital, environment). "
                "Choose a place for the details.",
            ),
            class_="quiet",
        ),
        class_="target overview",
    )


def _range(row: Mapping[str, Any], w: Words) -> tuple[str | Html, ...]:
    bounds = range_text(row["min"], row["max"], row["unit"], w)
    if not bounds:
        return ("-" if row["coverage_all"] == 0 else w("no data"),)
    return bounds, element("small", listed_range_text(row, w))


def _key(rule: str) -> str:
    return f"threshold_{rule}"


def _indicators(shot: Snapshot) -> pd.DataFrame:
    rules = shot.facts.legal_rules
    return rules[rules["verified"].map(STANDINGS) == "indicator"]


def _changed_thresholds(shot: Snapshot) -> dict[str, float]:
    """Read the thresholds of indicators that the user changed."""
    found = {}
    for rule, threshold in _indicators(shot)["threshold_1"].items():
        value = st.session_state.get(_key(str(rule)))
        if value is not None and value != threshold:
            found[str(rule)] = float(value)
    return found


def _thresholds(frame: pd.DataFrame, shot: Snapshot, w: Words) -> None:
    """Let thresholds of indicators be changed; those of the law can't be."""
    shown = [row for row in frame_rows(frame) if row.rule_id and row.standing == "indicator"]
    shown = [row for row in shown if row.threshold is not None]
    if not shown:
        return
    with st.expander(w("Thresholds of the indicators ({count})", count=len(shown))):
        st.html(
            element(
                "p",
                w("Their clauses were not read, so their thresholds may be changed here."),
                class_="atlas-hint",
            ),
        )
        for column, row in zip(st.columns(len(shown)), shown, strict=True):
            given = float(shot.facts.legal_rules.loc[row.rule_id, "threshold_1"])
            unit = row.threshold_unit or ""
            column.number_input(
                f"{row.rule_id}: {exact(given, w.lang)} {unit}",
                value=given,
                min_value=0.0,
                step=1.0,
                key=_key(row.rule_id),
                help=w.pick(row.text_vi, row.text_en),
            )


def _download(
    frame: pd.DataFrame,
    shot: Snapshot,
    chosen: Chosen,
    thresholds: dict[str, float],
    w: Words,
) -> None:
    asked = {
        "area": chosen.area or None,
        "place": chosen.place or None,
        "territory": chosen.level,
        "change_ha": chosen.change_ha,
        "thresholds": thresholds,
    }
    found = condition_records(frame)
    about = chosen.area or chosen.level
    download(
        w("Conditions (JSON)"),
        lambda: to_json({**document_head(shot), **asked, "conditions": found}).encode(),
        f"{shot.resolution.province}_{shot.as_of.isoformat()}_conditions_{about}.json",
        key="conditions_json",
    )
