"""What was brought in so far: revisions with undo and redo, and the workspace as a file."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from data._errors import DataError
from data.dates import printed_date
from data.workspace.copying import copy_workspace
from data.workspace.store import open_workspace
from layers import access, store, workspace
from layers.downloads.button import download
from layers.errors import findings_html
from layers.imports.words import ROWS, field_word
from layers.numbers import exact
from layers.safe_html import element
from layers.words import mark

if TYPE_CHECKING:
    from data.workspace.change import Revision
    from data.workspace.store import Workspace
    from layers.safe_html import Html
    from layers.words import Words

_VIET_NAM: Final = dt.timezone(dt.timedelta(hours=7))
_SHOWN: Final = 20
_TOLD: Final = "workspace_told"
_FAILED: Final = "workspace_failed"


def tell(text: str, revision: int | None = None) -> None:
    """Keep a message for the next run of the page, with a revision that it lets undo."""
    st.session_state[_TOLD] = (text, revision)


def heading(text: str) -> Html:
    """Head a part of the section."""
    return element("div", element("h2", text), class_="atlas-data")


def fail(message: Html) -> None:
    """Keep what couldn't be done for the next run of the page."""
    st.session_state[_FAILED] = message


def told(w: Words) -> None:
    """Show what was done last, with its undo; and what couldn't be done."""
    # Always there, so that what stands below keeps its place.
    slot = st.container()
    if failed := st.session_state.pop(_FAILED, None):
        slot.html(failed)
    text, revision = st.session_state.get(_TOLD, ("", None))
    if not text:
        return
    with slot.container(key="told", border=True):
        left, right, close = st.columns([70, 18, 12], vertical_alignment="center")
        left.html(element("p", text, role="status", class_="atlas-told"))
        if revision is not None and access.may_write():
            right.button(
                w("Undo"),
                key="undo_last",
                icon=":material/undo:",
                on_click=switch,
                args=(revision, False, w),
            )
        close.button(w("Close"), key="told_close", type="tertiary", on_click=lambda: tell(""))


def switch(revision: int, active: bool, w: Words) -> None:  # noqa: FBT001 (arguments of a button)
    """Undo a revision, or take it back; says so, or why it can't be."""
    try:
        access.check()
        kept = workspace.opened()
        if kept is None:
            return
        change = kept.redo if active else kept.undo
        item = change(revision, who=access.who(), facts=store.bundled())
    except DataError as error:
        fail(findings_html(w("This can't be undone or taken back now"), error.findings, w))
    else:
        text = w("Back again: {title}") if active else w("Undone: {title}")
        tell(text.format(title=title_text(item, w)))


def title_text(item: Revision, w: Words) -> str:
    """Name a revision; a correction by the words of its figure."""
    found = re.fullmatch(r"(\S+): (\w+) (\S+) \((.*)\)", item.title)
    if item.kind != "correction" or found is None:
        return item.title
    area_id, metric, value, date = found.groups()
    areas = store.bundled().areas
    name = area_id
    if area_id in areas.index:
        name = w.pick(str(areas.loc[area_id, "name_vi"]), str(areas.loc[area_id, "name_en"]))
    return f"{name}: {field_word(metric, w)} {exact(float(value), w.lang)} ({printed_date(date)})"


def show(w: Words) -> None:
    """List the revisions, newest first, each with its undo or redo; offer the file."""
    kept = workspace.opened()
    revisions = () if kept is None else kept.revisions()
    st.html(heading(w("Brought in so far")))
    if kept is None or not revisions:
        st.html(
            element("p", w("Nothing yet: all figures are the bundled ones."), class_="atlas-hint")
        )
        return
    newest = revisions[::-1]
    for item in newest[:_SHOWN]:
        _line(kept, item, w)
    if older := newest[_SHOWN:]:
        with st.expander(w("{count} older ones", count=len(older))):
            for item in older:
                _line(kept, item, w)
    # It holds names of tenants, which the map doesn't show to who only reads.
    if access.may_write():
        download(
            w("Everything brought in, as one file (GeoPackage)"),
            lambda: _copy(kept),
            "workspace.gpkg",
            key="workspace_file",
        )


def _line(kept: Workspace, item: Revision, w: Words) -> None:
    with st.container(key=f"revision_{item.id}"):
        left, right = st.columns([84, 16], vertical_alignment="center")
        left.html(_described(item, _rows(kept.where, item.id, item.digest, kept), w))
        if access.may_write():
            right.button(
                w("Undo") if item.active else w("Take back"),
                key=f"{'undo' if item.active else 'redo'}_{item.id}",
                icon=":material/undo:" if item.active else ":material/redo:",
                on_click=switch,
                args=(item.id, not item.active, w),
            )


def _described(item: Revision, rows: dict[str, int], w: Words) -> Html:
    made = dt.datetime.fromisoformat(item.made_at).astimezone(_VIET_NAM)
    counted = ", ".join(f"{w.of(_TABLES, name)}: {count}" for name, count in rows.items())
    parts = [w.of(ROWS, item.kind), counted, item.who, "" if item.active else w("undone")]
    return element(
        "div",
        element("b", f"{item.id}. {title_text(item, w)}"),
        element("small", f"{made:%d/%m/%Y %H:%M}; {'; '.join(part for part in parts if part)}"),
        class_="atlas-revision" if item.active else "atlas-revision undone",
    )


_TABLES: Final = {
    "areas": mark("parks and clusters"),
    "observations": mark("figures"),
    "nodes": mark("places"),
    "communes": mark("communes"),
    "outlines": mark("outlines"),
    "plots": mark("plots"),
    "leases": mark("leases"),
}


@st.cache_data(show_spinner=False, max_entries=500)
def _rows(where: str, revision: int, digest: str, _kept: Workspace) -> dict[str, int]:  # noqa: ARG001
    """Count the rows of a revision by table, but for its sources."""
    try:
        change = _kept.change(revision)
    except DataError:
        return {}
    return {name: len(rows) for name, rows in change.tables() if len(rows) and name in _TABLES}


def _copy(kept: Workspace) -> bytes:
    """Copy a workspace, from a server too, to one file of one moment."""
    with tempfile.TemporaryDirectory(prefix="industrial-land-") as folder:
        path = Path(folder) / "workspace.gpkg"
        with open_workspace(path) as copy:
            copy_workspace(kept, copy)
        return path.read_bytes()
