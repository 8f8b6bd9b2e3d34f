"""The workspace in use: where it is, and what is wrong when it can't be used.

Which one it is says whoever runs the application, never a text from a browser: the environment
variable INDUSTRIAL_LAND_WORKSPACE (a path, or the URL of a database), else the file in the user's
data folder. A file is made when something is first kept in it.
"""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from data.units.gazetteer import communes_2025
from data.workspace._engines import is_server
from data.workspace._errors import WorkspaceError
from data.workspace.merge import laid, own_communes
from data.workspace.store import default_workspace, open_workspace

if TYPE_CHECKING:
    import geopandas as gpd

    from data.facts import Facts
    from data.workspace.merge import Laid
    from data.workspace.store import Workspace

# A server that doesn't answer isn't asked again at every click.
_RETRY_S: Final = 10.0


def opened(*, create: bool = False) -> Workspace | None:
    """Open the workspace in use; the same one for all sessions, safe in several threads.

    Parameters
    ----------
    create
        Make the file where there is none.

    Returns
    -------
    Workspace or None
        None where there is none yet.

    Raises
    ------
    data.workspace.store.WorkspaceError
        It is there and can't be used.
    """
    place = default_workspace()
    if is_server(place):
        return _handle(place, 0)
    file = Path(place).expanduser()
    if not file.exists():
        if not create:
            return None
        file.parent.mkdir(parents=True, exist_ok=True)
        with open_workspace(file):
            pass
    return _handle(place, file.stat().st_ino)


@st.cache_resource(show_spinner=False, max_entries=4)
def _handle(place: str, inode: int) -> Workspace:  # noqa: ARG001 (another file by that name)
    return open_workspace(place, create=is_server(place))


@st.cache_resource(show_spinner=False)
def _failures() -> dict[str, tuple[float, WorkspaceError]]:
    """Failures by place, with the time of each."""
    return {}


def stamp() -> str:
    """Key of what the workspace says; "" where there is none.

    Raises
    ------
    data.workspace.store.WorkspaceError
        It can't be read; the same for some seconds, so that pages stay quick.
    """
    place = default_workspace()
    when, error = _failures().get(place, (0.0, None))
    if error is not None and time.monotonic() - when < _RETRY_S:
        raise error
    try:
        kept = opened()
        found = "" if kept is None else kept.stamp()
    except WorkspaceError as failure:
        _failures()[place] = time.monotonic(), failure
        raise
    _failures().pop(place, None)
    return found


def overlaid(facts: Facts, expected: str) -> Facts:
    """Lay the workspace over facts.

    Parameters
    ----------
    facts
        The bundled ones.
    expected
        Stamp that it had when it was looked at; the page starts anew where it has changed since,
        so that nothing is kept under a stamp that isn't its own.

    Raises
    ------
    data._errors.DataError
        A revision doesn't fit on the facts any more, or the workspace can't be read.
    """
    kept = opened()
    found = facts if kept is None else _overlaid(facts, kept)
    if (kept.stamp() if kept else "") != expected:
        st.rerun()
    return found


def _overlaid(facts: Facts, kept: Workspace) -> Facts:
    latest = _latest(kept.where)
    found = laid(facts, kept, before=latest[0] if latest else None)
    latest[:] = [found]
    return found.facts


@st.cache_resource(show_spinner=False, max_entries=4)
def _latest(where: str) -> list[Laid]:  # noqa: ARG001
    """Hold what was laid over the facts last, if anything was: the next is laid on it, quicker."""
    return []


def communes_file(province_code: str, expected: str) -> Path | None:
    """Give a file with the communes of a province that were brought in; None without any.

    Parameters
    ----------
    province_code
        "40".
    expected
        Stamp of the workspace, which the file is kept by.

    Raises
    ------
    data.workspace.store.WorkspaceError
        The workspace can't be read.
    """
    communes = _communes(expected)
    if communes.empty:
        return None
    known = communes_2025()
    here = communes[communes["code"].isin(known.index[known["province_code"] == province_code])]
    if here.empty:
        return None
    folder = _folder() / expected[:32]
    path = folder / f"workspace-{province_code}.parquet"
    if not path.is_file():
        folder.mkdir(exist_ok=True)
        here[["code", "name", "geometry"]].to_parquet(path)
    return path


@st.cache_resource(show_spinner=False, max_entries=2)
def _communes(expected: str) -> gpd.GeoDataFrame:  # noqa: ARG001
    kept = opened()
    assert kept is not None  # noqa: S101 (it has a stamp)
    return own_communes(kept)


@functools.cache
def _folder() -> Path:
    """Make a folder that goes with the process."""
    path = tempfile.mkdtemp(prefix="communes-")
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return Path(path)
