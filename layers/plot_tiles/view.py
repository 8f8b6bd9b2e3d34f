"""What the map page does about plots by the thousand: it offers tiles, or says why it can't."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geo.plot_tiles import FIRST_ZOOM
from layers import plot_map
from layers.numbers import number
from layers.plot_tiles import route
from layers.plot_tiles.making import area_of, can_make
from layers.safe_html import element

if TYPE_CHECKING:
    from geo.snapshot import Snapshot
    from layers.plot_tiles.making import Making
    from layers.words import Words

TOKEN: Final = "plots_token"  # noqa: S105 (a name)
_OFFERED: Final = "plots_offered"
# On the map, whose tiles take their data one zoom below.
FROM: Final = FIRST_ZOOM + 1
_EVERY_S: Final = 1.0


def can_serve() -> bool:
    """Tell whether tiles can be made here and handed out."""
    return can_make() and route.served()


def payload(making: Making, shot: Snapshot, count: int, w: Words) -> dict[str, Any]:
    """Give what the map needs for the tiles that are ready, and let this session ask for them.

    Parameters
    ----------
    making
        Of the plots of `shot`; what is lacking is begun.
    shot
        On the date shown.
    count
        How many plots there are.
    """
    making.ask()
    ready = making.ready()
    keys = {part: making.files[part].stem for part in ready}
    areas = {key: area_of(part) for part, key in keys.items()}

    def tell(key: str, plot_id: str) -> list[str]:
        return plot_map.plot_lines(shot, w, area_id=areas[key], plot_id=plot_id)

    context = get_script_run_ctx()
    st.session_state[TOKEN] = route.grant(
        st.session_state.get(TOKEN, ""),
        route.Grant(
            context.session_id if context else "",
            {keys[part]: making.files[part] for part in ready},
            tell,
        ),
    )
    st.session_state[_OFFERED] = len(ready)
    return {
        "path": route.PATH,
        "header": route.HEADER,
        "token": st.session_state[TOKEN],
        "from": FROM,
        "archives": [
            {
                "key": keys[part],
                "area": area_of(part),
                "bounds": [list(archive.bounds[1::-1]), list(archive.bounds[:1:-1])],
                "last": archive.last_zoom,
            }
            for part, archive in ready.items()
        ],
        "signs": plot_map.signs(),
        "words": {
            "from": w("Zoom in to see the {count} plots", count=number(count, w.lang)),
            "merged": w("Small plots are drawn together by their main status: zoom in"),
            "gone": w("The plot can't be shown now: load the page again"),
        },
    }


def status(making: Making | None, count: int, w: Words) -> None:
    """Say under the map how far its tiles are, or why it has none.

    Parameters
    ----------
    making
        None where tiles can't be made or handed out.
    count
        How many plots there are.
    """
    if making is None:
        _refusal(count, w)
    elif making.active:
        st.fragment(_watch, run_every=_EVERY_S)(making, w)
    elif making.phase == "failed" or making.impossible():
        _say(w("Some plots could not be drawn; the log of the application says why."))


def _refusal(count: int, w: Words) -> None:
    shown = w("{count} plots are too many to draw one by one", count=number(count, w.lang))
    drawn = w("only those of the park that is selected are drawn")
    if can_make():
        why = w("Start the application with `streamlit run app.py` to see all.")
    else:
        why = w("To see all: pip install -r requirements-tiles.txt, then start again.")
    _say(f"{shown}: {drawn}. {why}")


def _watch(making: Making, w: Words) -> None:
    making.ask()
    done, total = len(making.ready()), len(making.files)
    # Not at each archive: a page that is drawn anew all the time is of no use.
    if not making.active or done >= 2 * max(1, st.session_state.get(_OFFERED, 0)):
        st.rerun()
    said = w("Plots are being made ready for the map")
    areas = w("{done} of {total} parks and clusters", done=done, total=total) if total else ""
    st.progress(done / total if total else 0.0, text=f"{said}: {areas}" if areas else said)


def _say(text: str) -> None:
    st.html(element("p", text, class_="plots-note quiet"))
