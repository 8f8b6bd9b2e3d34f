"""Layers of a province on a date, with the tables that explain them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from layers.exchange._ground import communes_layer, nodes_layer, roads_layer
from layers.exchange._land import (
    areas_layer,
    figures_layer,
    outlines_layer,
    plots_layer,
    province_layer,
    zones_layer,
)
from layers.exchange.fields import layer_fields
from layers.exchange.layer import cited, make_layer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from data._message import Lang
    from geo.snapshot import Province, Snapshot
    from layers.exchange.layer import Layer

LAYERS: Final = ("zones", "areas", "communes", "roads", "nodes", "outlines", "plots")


def sources_layer(state: Snapshot, layers: Iterable[Layer]) -> Layer:
    """List the sources that other layers name."""
    wanted = cited(layers)
    table = state.facts.sources
    names = ("title", "publisher", "url", "date", "date_note")
    records = [
        {"source_id": key, **{name: row[name] for name in names}}
        for key, row in table[table.index.isin(wanted)].sort_index().iterrows()
    ]
    return make_layer(layer_fields()["sources"], records)


_MAKERS: Final[dict[str, Callable[[Province, Snapshot, Lang], Layer]]] = {
    "zones": zones_layer,
    "areas": areas_layer,
    "communes": communes_layer,
    "roads": roads_layer,
    "nodes": nodes_layer,
    "outlines": outlines_layer,
    "plots": plots_layer,
    "province": province_layer,
    "figures": figures_layer,
}


def province_layers(
    province: Province,
    state: Snapshot,
    *,
    keys: Sequence[str] = LAYERS,
    lang: Lang = "vi",
    more: Sequence[Layer] = (),
) -> tuple[Layer, ...]:
    """Layers of a province on a date, the tables that explain them at the end.

    Parameters
    ----------
    province, state
        From :func:`geo.snapshot.load_province` and :func:`geo.snapshot.snapshot`.
    keys
        Layers asked for. Zones bring the table of the province, areas that of all figures, and
        every one the table of the sources that it names.
    lang
        Language of `name` and of citations.
    more
        Further layers, after those asked for.
    """
    explaining = ["province"] * ("zones" in keys) + ["figures"] * ("areas" in keys)
    made = [_MAKERS[key](province, state, lang) for key in keys]
    made += more
    made += [_MAKERS[key](province, state, lang) for key in explaining]
    return (*made, sources_layer(state, made))
