"""The pages of the application, and the row of links to them below the header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from layers import state
from layers.words import mark

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

    from layers.words import Words


class Entry(NamedTuple):
    """A page: its file, its name, and where it is in the address ("" for the first one).

    The address differs from the name of the file: until `app.py` has run once, Streamlit takes
    the files in `pages/` for applications of their own and would open one without its frame.
    """

    file: str
    name: str
    path: str


TARGETS: Final = "targets-and-conditions"
SITES: Final = "find-a-site"
EXPORT: Final = "export-and-report"
EXPORT_FILE: Final = "pages/export.py"
PAGES: Final = (
    Entry("pages/map.py", mark("Map"), ""),
    Entry("pages/targets.py", mark("Targets and conditions"), TARGETS),
    Entry("pages/sites.py", mark("Find a site"), SITES),
    Entry("pages/scenarios.py", mark("Scenarios"), "what-if-scenarios"),
    Entry("pages/data.py", mark("Data"), "data-and-quality"),
    Entry(EXPORT_FILE, mark("Export and report"), EXPORT),
)


def register(w: Words) -> StreamlitPage:
    """Make the pages known and give the one that the address asks for."""
    pages = [
        st.Page(entry.file, title=w(entry.name), url_path=entry.path, default=not entry.path)
        for entry in PAGES
    ]
    page = st.navigation(pages, position="hidden")
    state.enter(page.url_path)
    return page


def ignore_files() -> None:
    """Tell the server, before anybody comes, that `pages/` holds no applications.

    It would believe so until `app.py` has run once, and tell who opens it first with a link to a
    page that there is no such page.
    """
    PagesManager.uses_pages_directory = False


def links(w: Words) -> None:
    """Put the links to the pages; what is chosen stays chosen on the other page."""
    with st.container(key="pages", horizontal=True, gap="small"):
        for entry in PAGES:
            query = state.link_to(entry.path)
            st.page_link(entry.file, label=w(entry.name), query_params=query)
