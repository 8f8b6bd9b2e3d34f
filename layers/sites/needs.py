"""What an investor asks for: trade, land, kind of project, needs and weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from data.criteria import TARGETS, changed, measures, preset_for, presets, reweighted
from data.vocabulary import STATUSES
from layers._records import records
from layers.numbers import number
from layers.safe_html import Html, element
from layers.sites import state as site_state
from layers.sites import trade_box
from layers.sites.ranking_text import criterion_title
from layers.words import KIND, NODE, STATUS, mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from data.criteria import CriteriaSet, Limits
    from geo.snapshot import Snapshot
    from layers.words import Words

TARGET: Final = {
    **NODE,
    "expressway": mark("expressway"),
    "national_road": mark("national road"),
    "ho_chi_minh_road": mark("Hồ Chí Minh road"),
    "coastal_road": mark("coastal road"),
}
_SWITCH: Final = {
    "wastewater": mark("central wastewater plant"),
    "in_economic_zone": mark("inside an economic zone"),
    "encouraged": mark("the documents want the trade there"),
}
_AUTO: Final = ""
_WHOLE: Final = 100.0
_SUM_AGREES: Final = 0.05
_ALLOWED: Final = tuple(status for status in STATUSES if status != "removed")


def preset_in_use() -> CriteriaSet:
    """Give the set of criteria that is chosen, else the one proposed for the trade."""
    key = st.session_state["fit_preset"]
    tag = st.session_state[trade_box.CHOSEN] or None
    return presets()[key] if key in presets() else preset_for(tag)


def anchor_in_use(base: CriteriaSet, shots: Sequence[Snapshot]) -> str:
    """Give the area to be near to, "" where none is asked for or there is no such one."""
    asked = st.session_state["fit_anchor"] or ""
    if not any(one.measure == "km_to_anchor" for one in base.criteria):
        return ""
    placed = any(
        asked in shot.areas.index and shot.areas.at[asked, "position"] != "unknown"
        for shot in shots
    )
    return asked if placed else ""


def spec_in_use(shots: Sequence[Snapshot]) -> CriteriaSet:
    """Give limits and weights as they are asked for.

    Parameters
    ----------
    shots
        The provinces searched.

    Raises
    ------
    data._errors.DataError
        No weight is above zero.
    """
    base = preset_in_use()
    limits = site_state.needs(base)
    weights = weights_in_use(base)
    asked = changed(
        base,
        trade=st.session_state[trade_box.CHOSEN] or None,
        anchor=anchor_in_use(base, shots) or None,
        **limits.model_dump(mode="json"),
    )
    return reweighted(asked, weights) if changed_weights(base) else asked


def _key(base: CriteriaSet, measure: str) -> str:
    return f"{site_state.WEIGHT}{base.key}_{measure}"


def weights_in_use(base: CriteriaSet) -> dict[str, float]:
    """Give the weights as the sliders stand; those of a link or of the preset at first."""
    linked = st.session_state["fit_weights"]
    own = {str(one.measure) for one in base.criteria}
    usable = linked if set(linked) <= own and any(linked.values()) else {}
    found = {}
    for one in base.criteria:
        weight = usable.get(one.measure, 0.0) if usable else one.weight
        found[str(one.measure)] = st.session_state.get(_key(base, one.measure), weight)
    return found


def changed_weights(base: CriteriaSet) -> dict[str, float]:
    """Give the weights where they differ from those of the preset; empty where they don't."""
    found = weights_in_use(base)
    given = {str(one.measure): one.weight for one in base.criteria}
    return {} if found == given else found


def controls(shots: Sequence[Snapshot], w: Words) -> None:
    """Put the few controls in one row: trade, land, kind of project, where, needs."""
    trade, land, kind, where, needs = st.columns(
        [27, 12, 25, 18, 18], gap="small", vertical_alignment="bottom"
    )
    with trade:
        st.html(trade_box.label_html(w("Trade")))
        trade_box.show(w)
    with land:
        st.number_input(
            w("Land, at least (ha)"),
            min_value=0.0,
            max_value=site_state.LARGEST_HA,
            step=5.0,
            format="%g",
            key="fit_min_ha",
            placeholder=w("any"),
        )
    base = preset_in_use()
    with kind:
        proposed = preset_for(st.session_state[trade_box.CHOSEN] or None)
        names = {key: w.pick(one.name.vi, one.name.en) for key, one in presets().items()}
        name = names[proposed.key]
        st.selectbox(
            w("Kind of project"),
            [_AUTO, *names],
            key="fit_preset",
            format_func=lambda key: names.get(key) or w("By the trade: {name}", name=name),
            on_change=site_state.forget_proposals,
        )
    with where:
        st.selectbox(
            w("Where"),
            site_state.SCOPES,
            key="fit_scope",
            format_func={
                "province": w("This province"),
                "all": w("All provinces"),
            }.__getitem__,
        )
    with (
        needs,
        st.popover(needs_text(site_state.needs(base), w), width="stretch", icon=":material/tune:"),
    ):
        _needs(base, w)
    if any(one.measure == "km_to_anchor" for one in base.criteria):
        _anchor(shots, w)


def needs_text(limits: Limits, w: Words) -> str:
    """Head the needs: the first of them, and how many more there are."""
    parts = [
        w("{what} within {km} km", what=w.of(TARGET, target), km=number(km, w.lang))
        for target, km in limits.max_km.items()
    ]
    parts += [w(_SWITCH[switch]) for switch in site_state.SWITCHES if getattr(limits, switch)]
    if limits.max_rent_usd_m2:
        parts.append(w("rent up to {usd} USD/m²", usd=number(limits.max_rent_usd_m2, w.lang)))
    if not parts:
        return w("Needs")
    first = parts[0][:1].upper() + parts[0][1:]
    return first if len(parts) == 1 else f"{first} +{len(parts) - 1}"


def _needs(base: CriteriaSet, w: Words) -> None:
    """Put the hard limits: what a place must have."""
    state = st.session_state
    st.html(element("p", w("A place that lacks one of these falls out."), class_="atlas-hint"))
    st.multiselect(
        w("Near to (straight line)"),
        TARGETS,
        key="fit_near",
        format_func=lambda target: w.of(TARGET, target),
        placeholder=w("port, airport, road ..."),
    )
    for target in state["fit_near"]:
        key = f"fit_km_{target}"
        if not state.get(key):
            state[key] = site_state.NEAR_KM
        st.number_input(
            w("{what}, at most (km)", what=w.of(TARGET, target)),
            min_value=1.0,
            max_value=site_state.FARTHEST_KM,
            step=5.0,
            format="%g",
            key=key,
        )
    for switch in site_state.SWITCHES:
        label = w(_SWITCH[switch])
        st.checkbox(label[:1].upper() + label[1:], key=f"fit_{switch}")
    st.number_input(
        w("Land rent, at most (USD/m² for the term)"),
        min_value=0.0,
        step=5.0,
        format="%g",
        key="fit_rent",
        placeholder=w("any"),
        help=w("Few parks publish their rent; the others stay, marked as not known."),
    )
    if "fit_statuses" not in state:
        state["fit_statuses"] = list(base.limits.statuses or ())
    st.multiselect(
        w("Status"),
        _ALLOWED,
        key="fit_statuses",
        format_func=lambda status: w.of(STATUS, status),
        placeholder=w("any"),
    )


def _anchor(shots: Sequence[Snapshot], w: Words) -> None:
    """Put the choice of the place to be near to."""
    names = {
        key: f"{w.pick(area['name_vi'], area['name_en'])} ({w.of(KIND, area['kind'])})"
        for shot in shots
        for key, area in records(shot.areas).items()
        if area["position"] != "unknown"
    }
    if st.session_state["fit_anchor"] not in names:
        st.session_state["fit_anchor"] = None
    st.selectbox(
        w("The anchor: near to which park, cluster or economic zone?"),
        list(names),
        key="fit_anchor",
        index=None,
        format_func=names.__getitem__,
        placeholder=w("none: the distance to it stays unknown"),
    )


def weights(w: Words) -> None:
    """Put a slider for each weight, and say plainly what their sum does."""
    base = preset_in_use()
    found = weights_in_use(base)
    with st.expander(w("Weights of the criteria: {name}", name=w.pick(base.name.vi, base.name.en))):
        if base.why is not None:
            st.html(element("p", w.pick(base.why.vi, base.why.en), class_="atlas-hint"))
        columns = st.columns(4, gap="medium")
        entries = {str(key): entry for key, entry in measures().items()}
        for at, one in enumerate(base.criteria):
            title = criterion_title(one, lang=w.lang)
            how = entries[one.measure].how
            with columns[at % len(columns)]:
                st.session_state.setdefault(_key(base, one.measure), found[str(one.measure)])
                st.slider(
                    title[:1].upper() + title[1:],
                    min_value=0.0,
                    max_value=_WHOLE,
                    step=1.0,
                    format="%g",
                    key=_key(base, one.measure),
                    help=w.pick(how.vi, how.en),
                )
        st.html(sum_html(base, weights_in_use(base), w))
        if changed_weights(base):
            st.button(w("Back to the weights proposed"), key="weights_back", on_click=_back)


def _back() -> None:
    base = preset_in_use()
    st.session_state["fit_weights"] = {}
    for one in base.criteria:
        st.session_state[_key(base, one.measure)] = one.weight


def sum_html(base: CriteriaSet, found: dict[str, float], w: Words) -> Html:
    """Say what the weights sum to, and what each counts where that isn't 100."""
    total = sum(found.values())
    if not total:
        text = w("All weights are 0: at least one must be above 0. The proposed ones are used.")
        return element("p", text, class_="atlas-notice", role="alert")
    if abs(total - _WHOLE) < _SUM_AGREES:
        return element("p", w("The weights sum to 100."), class_="atlas-hint", role="status")
    shares = "; ".join(
        f"{criterion_title(one, lang=w.lang)} "
        f"{number(_WHOLE * found[str(one.measure)] / total, w.lang, decimals=1, trim=True)}"
        for one in base.criteria
    )
    text = w(
        "The weights sum to {total}, not 100. Each is scaled so that they make 100: {shares}.",
        total=number(total, w.lang, decimals=1, trim=True),
        shares=shares,
    )
    return element("p", text, class_="atlas-hint", role="status")
