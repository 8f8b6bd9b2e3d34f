"""What opens below a card: the history of what was chosen, and its outlook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from layers import outlook

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.history import Timeline
    from geo.snapshot import Snapshot
    from layers.words import Words


def show(shot: Snapshot, kind: str, key: str, w: Words, *, times: Callable[[], Timeline]) -> None:
    """Put the two sections below the card; what is closed costs nothing.

    Parameters
    ----------
    kind, key
        What is selected, from :func:`layers.state.chosen`.
    times
        Gives the timeline of the province; asked for when a section is open.
    """
    if not _here(shot, kind, key):
        return
    past = st.expander(w("History: how the figures changed"), key="history", on_change="rerun")
    if past.open:
        from layers import history  # noqa: PLC0415 (charts are slow to load)

        with past:
            history.show(times(), kind, key, shot.as_of, w)
    ahead = st.expander(
        w("Outlook: how long the land lasts, and what is to come"),
        key="ahead",
        on_change="rerun",
    )
    if ahead.open:
        with ahead:
            outlook.show(times(), kind, key, shot.as_of, w)


def _here(shot: Snapshot, kind: str, key: str) -> bool:
    if kind == "zone":
        return key in shot.zones.index
    # A history belongs to land that is leased; an economic zone is accounted as a zone.
    return (
        kind == "area"
        and key in shot.areas.index
        and str(shot.areas.loc[key, "kind"]) != "economic_zone"
    )
