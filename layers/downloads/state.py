"""What the export page rests on: the present or a scenario, and the layers that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from data._errors import DataError
from data.scenarios import parse_scenario
from geo.form04 import form04
from geo.scenarios import run
from geo.snapshot import with_facts
from layers import store, workspace
from layers.downloads.orders import View, data_bundle
from layers.exchange.tables import LAYERS

if TYPE_CHECKING:
    import datetime as dt

    from data._message import Lang
    from data.scenarios import Scenario
    from geo.form04 import Form04
    from layers.exchange.bundle import Bundle, Numbers
    from layers.store import Stamp


class KeptScenarios(NamedTuple):
    """Scenarios of a province by name, and the names of those that can't be read."""

    usable: dict[str, Scenario]
    broken: tuple[str, ...]


def scenarios(province: str) -> KeptScenarios:
    """Give the scenarios of a province that the workspace holds."""
    try:
        opened = workspace.opened()
        held = {} if opened is None else opened.scenarios()
    except DataError:  # the page says above what is wrong with the workspace
        return KeptScenarios({}, ())
    usable, broken = {}, []
    for name, item in held.items():
        try:
            found = _parsed(item.text)
        except DataError:
            broken.append(name)
            continue
        if found.province == province:
            usable[name] = found
    return KeptScenarios(usable, tuple(broken))


@st.cache_resource(show_spinner=False, max_entries=64)
def _parsed(text: str) -> Scenario:
    return parse_scenario(text)


def present(province: str, as_of: dt.date, stamp: Stamp) -> View:
    """Give a province as it is on a date."""
    return View(
        (province, as_of, stamp),
        store.province_of(province, stamp),
        store.snapshot_of(province, as_of, stamp),
    )


def assumed(province: str, as_of: dt.date, stamp: Stamp, scenario: Scenario) -> View:
    """Give a province as a scenario has it on a date.

    Raises
    ------
    data._errors.DataError
        The scenario doesn't fit on the facts any more.
    """
    return _assumed(province, as_of, stamp, scenario.model_dump_json())


@st.cache_resource(show_spinner=False, max_entries=8)
def _assumed(province: str, as_of: dt.date, stamp: Stamp, text: str) -> View:
    scenario, base = parse_scenario(text), store.province_of(province, stamp)
    state = run(base, scenario, as_of)
    key = (province, as_of, stamp, text)
    return View(key, with_facts(base, state.facts), state, scenario)


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs={View: lambda one: one.key})
def bundle_of(
    view: View,
    keys: tuple[str, ...],
    crs: str,
    lang: Lang,
    numbers: Numbers | None,
) -> Bundle:
    """Put layers together, once for what they rest on."""
    return data_bundle(view, keys=keys, crs=crs, lang=lang, numbers=numbers)


def counts_of(view: View, lang: Lang) -> dict[str, int]:
    """Count the rows of each layer."""
    every = bundle_of(view, LAYERS, "wgs84", lang, None)
    return {layer.key: len(layer.records) for layer in every.layers}


@st.cache_resource(show_spinner=False, max_entries=8, hash_funcs={View: lambda one: one.key})
def form_of(view: View) -> Form04:
    """Fill Form 04 for the newest cut-off not after a date."""
    return form04(view.province, view.state.as_of)
