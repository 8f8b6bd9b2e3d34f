"""Components of our own on a page, from the files in `layers/web`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import streamlit as st

_WEB: Final = Path(__file__).resolve().parent / "web"


@cache
def component(name: str, files: str, root: str) -> Any:  # noqa: ANN401 (a function of Streamlit)
    """Make a component known, once.

    Parameters
    ----------
    name
        Of the component, after "atlas.".
    files
        Name of its style sheet and script, without their endings.
    root
        Id of the element that the script fills.
    """
    return st.components.v2.component(
        f"atlas.{name}",
        html=f'<div id="{root}"></div>',
        css=(_WEB / f"{files}.css").read_text(encoding="utf-8"),
        js=(_WEB / f"{files}.js").read_text(encoding="utf-8"),
    )
