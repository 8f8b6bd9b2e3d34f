"""What a map to send shows, as a picture and as a page: its title, and the map on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from layers.account_payload import account_payload
from layers.numbers import day
from layers.payload import base_payload, drawn_outlines, label_places

if TYPE_CHECKING:
    from collections.abc import Collection

    import geopandas as gpd

    from geo.snapshot import Province, Snapshot
    from layers.words import Words


class MapContent(NamedTuple):
    """Outlines of the zones as they are drawn, what doesn't change on the map, what does."""

    outlines: gpd.GeoDataFrame
    base: dict[str, Any]
    account: dict[str, Any]


def map_content(
    province: Province,
    state: Snapshot,
    w: Words,
    *,
    shown: Collection[str] | None = None,
    chosen: tuple[str, str] = ("", ""),
) -> MapContent:
    """Give what the map on the screen draws, without base tiles.

    Parameters
    ----------
    shown
        Ids of the areas that pass the filters of a view; all where None.
    chosen
        ("zone", key) or ("area", id) that is selected.
    """
    outlines = drawn_outlines(province.communes, province.zones)
    base = base_payload(province.resolution, province.boundary_source, outlines, province.facts, w)
    account = account_payload(
        state,
        w,
        places=label_places(outlines),
        shown=frozenset(map(str, state.areas.index)) if shown is None else shown,
        chosen=chosen,
        tiles=False,
    )
    return MapContent(outlines, base, account)


def map_title(state: Snapshot, w: Words) -> str:
    """Name the map."""
    name = w.pick(str(state.total["name_vi"]), str(state.total["name_en"]))
    return w("{province}: fill rate of industrial parks and clusters by zone", province=name)


def subtitle(state: Snapshot, w: Words) -> str:
    """Say for what day and on what boundaries a map speaks, and whether it is of a scenario."""
    source = state.boundary_source
    parts = [
        w("Figures known by {date}", date=day(state.as_of)),
        f"{w('Boundaries')}: {w.pick(source.name_vi, source.name_en)}",
    ]
    if any(one.assumed for one in state.states.values()):
        parts.append(w("Holds assumptions of a scenario: not facts"))
    return f"{'. '.join(parts)}."
