"""The frame around every page: set-up, style sheet, and errors in plain words."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from data._errors import DataError
from layers.errors import data_error_html, failure_html
from layers.state import language
from layers.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layers.words import Words

_STYLE: Final = Path(__file__).resolve().parent / "web" / "page.css"
_ICON: Final = _STYLE.with_name("icon.svg")
logger = logging.getLogger(__name__)


def set_up() -> None:
    """Set up the page: title, width, our style sheet."""
    w = words(language())
    st.set_page_config(
        page_title=w("Industrial Land Atlas"),
        page_icon=str(_ICON),
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    st.html(_STYLE)
    if w.lang != "en":
        st.html(_uploader_style(w))


def _uploader_style(w: Words) -> str:
    """Give Streamlit's box for files, which knows English alone, words of ours."""
    box = '[data-testid="stFileUploaderDropzone"]'
    button = f'{box} > span button [data-testid="stMarkdownContainer"]'
    told = f'{box} [data-testid="stFileUploaderDropzoneInstructions"] > div'
    return (
        f"<style>{button} > p, {told} > span {{ display: none; }}"
        f'{button}::after {{ content: "{w("Choose a file")}"; }}'
        f'{told}::after {{ content: "{w("or drop it here")}"; font-size: 0.875rem; '
        "color: #55616d; }</style>"
    )


def style(name: str) -> None:
    """Add the style sheet of a page."""
    st.html(_STYLE.with_name(f"{name}.css"))


@contextmanager
def guarded() -> Iterator[None]:
    """Show an error of the data, or a fault of ours, in the user's language."""
    try:
        yield
    except DataError as error:
        st.html(data_error_html(error.findings, words(language())))
    except Exception:
        logger.exception("page failed")
        st.html(failure_html(words(language())))
