"""The map: a folium map whose drawing is done by `layers/web/atlas.js`.

streamlit-folium rebuilds a map, with its frame, whenever the script of the map changes. So the
script holds only what a province and a language fix, and all that date, filters and selection
change travels in a feature group, which streamlit-folium swaps in the living map.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import folium
import streamlit as st
from branca.element import MacroElement
from folium.template import Template
from streamlit_folium import st_folium

from layers.assets import use_local_scripts
from layers.safe_html import script_json

if TYPE_CHECKING:
    from collections.abc import Callable

KEY: Final = "atlas_map"


class _Script(MacroElement):
    """One call of `atlas.js`; the arguments are JSON that can't leave its script."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        atlas.{{ this.call }}({{ this.map_name }}, {{ this.payload }});
        {% endmacro %}
        """,
    )

    def __init__(self, call: str, map_name: str, payload: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "AtlasScript"
        self.call = call
        self.map_name = map_name
        self.payload = payload


def show(
    base: str,
    account: dict[str, Any],
    *,
    height: int,
    on_pick: Callable[[], None],
) -> None:
    """Put the map on the page.

    Parameters
    ----------
    base
        :func:`layers.payload.base_payload` as JSON from `script_json`, made once.
    account
        From :func:`layers.account_payload.account_payload`.
    height
        Pixels, before the style sheet fits it to the window.
    on_pick
        Called when something was clicked; :func:`picked` says what.
    """
    use_local_scripts()
    chart = folium.Map(
        tiles=None,
        prefer_canvas=False,
        zoom_control=True,
        attribution_control=True,
        zoom_snap=0.25,
        zoom_delta=0.5,
        max_zoom=15,
    )
    # The names of the map in Python and in the frame differ; streamlit-folium calls it map_div.
    chart.add_child(_Script("start", "map_div", base))
    text = script_json(account)
    stamp = hashlib.sha256(text.encode()).hexdigest()[:12]
    group = folium.FeatureGroup(name="atlas", control=False)
    group.add_child(_Script("paint", "map_div", f'{text[:-1]},"stamp":"{stamp}"}}'))
    st_folium(
        chart,
        key=KEY,
        height=height,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=group,
        on_change=on_pick,
    )


def picked() -> tuple[str, str] | None:
    """Give what was clicked last: ("zone", key), ("area", id), ("", "") for the background."""
    value = st.session_state.get(KEY)
    if isinstance(value, dict) and {"kind", "id"} <= value.keys():
        return str(value["kind"]), str(value["id"])
    return None
