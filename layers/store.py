"""What is computed once and kept: provinces, snapshots and drawn outlines, by content.

The key of everything is a stamp of the data files, of the workspace and of the boundary source in
use, so a corrected file or a new import is seen at the next click, and nothing is read twice.
"""

from __future__ import annotations

import gc
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

import data
from data._errors import DataError
from data.boundaries import official
from data.boundaries.outlines import BUNDLED, OFFICIAL, OWN, default_source, load_outlines
from data.facts import load_facts
from data.quality import check_quality
from data.resolutions import load_resolution, provinces
from data.workspace._errors import WorkspaceError
from geo.history import timeline
from geo.plot_layer import province_plots
from geo.snapshot import load_province, snapshot, with_facts
from layers import state, workspace
from layers.payload import base_payload, drawn_outlines, label_places
from layers.plot_map import plots_payload, too_many
from layers.plot_tiles import making
from layers.safe_html import script_json
from layers.words import words

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd

    from data._errors import Finding
    from data._message import Lang
    from data.boundaries.outlines import Outlines
    from data.facts import Facts
    from data.quality import QualityFinding
    from data.resolutions import Resolution
    from geo.history import Timeline
    from geo.snapshot import Province, Snapshot

_SUFFIXES = {".csv", ".yaml", ".parquet", ".geojson", ".gpkg", ".json", ".fgb"}
_MORE = 1.25
_SEARCHED = [0]  # objects that were set aside when all of them were searched last


class Stamp(NamedTuple):
    """What a result rests on.

    Attributes
    ----------
    boundaries
        Source in use: "bundled", "official" or the path of a file: the user's own, or with the
        communes that the workspace holds.
    files
        Digest of name, size and time of change of each data file.
    own
        Stamp of the workspace; "" where there is none, or none that can be used.
    """

    boundaries: str
    files: str
    own: str = ""


def data_stamp(province: str) -> Stamp:
    """Stamp the boundary source that a province has in use, the data files and the workspace."""
    files = _files()
    own = _own(files)[0]
    return Stamp(_boundaries(province, files, own), files, own)


def workspace_findings() -> tuple[Finding, ...]:
    """Tell why the workspace isn't in use; nothing where it is, or where there is none."""
    return _own(_files())[1]


def _files() -> str:
    """Stamp the data files; short, as it is part of every key."""
    folder = Path(data.__file__).parent
    found = [
        (path.relative_to(folder).as_posix(), stat.st_size, stat.st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.suffix in _SUFFIXES
        for stat in [path.stat()]
    ]
    return hashlib.sha256(repr(found).encode()).hexdigest()


def _own(files: str) -> tuple[str, tuple[Finding, ...]]:
    """Stamp of the workspace where it can be used, else what is wrong with it."""
    try:
        own = workspace.stamp()
    except DataError as error:
        return "", tuple(error.findings)
    if not own:
        return "", ()
    bundled_facts(files)  # what is wrong with these isn't to be said of the workspace
    try:
        facts = _overlaid(files, own)
    except WorkspaceError as error:
        return "", tuple(error.findings)
    return ("", tuple(facts.findings)) if isinstance(facts, DataError) else (own, ())


@st.cache_resource(show_spinner=False, max_entries=4)
def bundled_facts(files: str) -> Facts:  # noqa: ARG001
    """Read the tables of the package, once for a state of the data files."""
    return load_facts()


@st.cache_resource(show_spinner=False, max_entries=4)
def _overlaid(files: str, own: str) -> Facts | DataError:
    """Lay the workspace over the facts; what doesn't fit stays so, and is kept as the answer."""
    try:
        return workspace.overlaid(bundled_facts(files), own)
    except WorkspaceError:
        raise
    except DataError as error:
        return error


def bundled() -> Facts:
    """Give the tables of the package, which changes of the workspace are held against."""
    return bundled_facts(_files())


def facts_of(stamp: Stamp) -> Facts:
    """Give the facts as users see them: bundled ones with the workspace laid over them.

    Raises
    ------
    data._errors.DataError
        A file is broken.
    """
    if not stamp.own:
        return bundled_facts(stamp.files)
    facts = _overlaid(stamp.files, stamp.own)
    if isinstance(facts, DataError):
        raise facts
    return facts


def _boundaries(province: str, files: str, own: str) -> str:
    """Give the source that was chosen where it is here, else the default."""
    code = code_of(province, files)
    asked = state.boundaries(province)
    if asked == BUNDLED or (asked == OFFICIAL and official.is_ready(code)):
        return asked
    if asked == OWN and (file := state.own_file(province)):
        return str(file)
    if asked == state.KEPT and own and (kept := workspace.communes_file(code, own)):
        return str(kept)
    return default_source(code)


def kept_communes(province: str, stamp: Stamp) -> Path | None:
    """Give a file with the communes of a province that the workspace holds, if it holds any."""
    return workspace.communes_file(code_of(province, stamp.files), stamp.own) if stamp.own else None


@st.cache_resource(show_spinner=False, max_entries=64)
def _resolution(province: str, files: str) -> Resolution:  # noqa: ARG001
    return load_resolution(province)


def resolutions() -> dict[str, Resolution]:
    """Read the resolutions of all provinces by key, once for a state of the data files.

    Raises
    ------
    data._errors.DataError
        A file is broken.
    """
    files = _files()
    return {key: _resolution(key, files) for key in provinces()}


def code_of(province: str, files: str) -> str:
    """Give the code of a province, once for a state of the data files."""
    return _resolution(province, files).code


@st.cache_resource(show_spinner=False, max_entries=8)
def own_of(province: str, path: str, stamp: Stamp) -> Outlines:
    """Read the user's own file for a province, once.

    Raises
    ------
    data._errors.DataError
        It can't be used, with all findings.
    """
    return load_outlines(code_of(province, stamp.files), path)


@st.cache_resource(show_spinner=False, max_entries=8)
def province_of(key: str, stamp: Stamp) -> Province:
    """Load a province, once for a state of the data and a boundary source.

    Raises
    ------
    data._errors.DataError
        A file is broken.
    data._errors.UnknownNameError
        There is no such province.
    """
    if stamp.own:
        bundled = stamp._replace(own="")
        latest = _latest(key, bundled)
        found = with_facts(latest.get(key) or province_of(key, bundled), facts_of(stamp))
        latest[key] = found
    else:
        found = load_province(key, facts=bundled_facts(stamp.files), boundaries=stamp.boundaries)
    _set_aside()
    return found


def _set_aside() -> None:
    """Leave what is loaded out of the search for garbage, which looks at every plot's polygon.

    Streamlit searches after each run of a page, and nothing else goes on meanwhile. What has been
    set aside is searched again once there is a quarter more of it: each time would take longer
    (0.1 s with four provinces) than the change of a lease.
    """
    again = gc.get_freeze_count() > _MORE * _SEARCHED[0]
    if again:
        gc.unfreeze()
    gc.collect()
    gc.freeze()
    if again:
        _SEARCHED[0] = gc.get_freeze_count()


@st.cache_resource(show_spinner=False, max_entries=8)
def _latest(key: str, bundled: Stamp) -> dict[str, Province]:  # noqa: ARG001
    """Hold a province with the workspace as it was last: the next is made from it, quicker.

    The outcome is the same whichever it is made from.
    """
    return {}


@st.cache_resource(show_spinner=False, max_entries=64)
def snapshot_of(key: str, as_of: dt.date, stamp: Stamp) -> Snapshot:
    """Account of a province on a date; not to be changed by who receives it."""
    return snapshot(province_of(key, stamp), as_of)


@st.cache_resource(show_spinner=False, max_entries=8)
def timeline_of(key: str, stamp: Stamp) -> Timeline:
    """States of all areas of a province on all dates."""
    return timeline(province_of(key, stamp))


@st.cache_resource(show_spinner=False, max_entries=16)
def plots_of(
    key: str, as_of: dt.date, lang: Lang, area_id: str, stamp: Stamp, *, tiled: bool
) -> dict[str, Any] | None:
    """Give the plots of a province for the map, those of one area where they are too many."""
    shot = snapshot_of(key, as_of, stamp)
    return plots_payload(shot, words(lang), area_id=area_id, tiled=tiled)


@st.cache_resource(show_spinner=False, max_entries=16)
def too_many_plots(key: str, as_of: dt.date, stamp: Stamp) -> int:
    """Count the plots of a province where they are too many to be drawn one by one, else 0."""
    return too_many(snapshot_of(key, as_of, stamp))


@st.cache_resource(show_spinner=False, max_entries=4)
def plot_tiles_of(key: str, as_of: dt.date, stamp: Stamp) -> making.Making:
    """Give the plots of a province as tiles, which are made while the page goes on."""
    shot = snapshot_of(key, as_of, stamp)
    return making.Making(lambda: province_plots(shot), making.folder())


@st.cache_resource(show_spinner=False, max_entries=16)
def findings_of(key: str, as_of: dt.date, stamp: Stamp) -> tuple[QualityFinding, ...]:
    """Give what is to be said of the tables on a date, of all provinces in them."""
    return check_quality(province_of(key, stamp).facts, today=as_of)


@st.cache_resource(show_spinner=False, max_entries=8)
def outlines_of(key: str, bundled: Stamp) -> gpd.GeoDataFrame:
    """Give the outlines as they are drawn; no workspace changes them but by its communes."""
    province = province_of(key, bundled)
    return drawn_outlines(province.communes, province.zones)


@st.cache_resource(show_spinner=False, max_entries=16)
def base_of(
    key: str,
    lang: Lang,
    stamp: Stamp,
) -> tuple[str, dict[str, tuple[float, float]]]:
    """Give the fixed part of the map as JSON, and the places of the zone labels."""
    province = province_of(key, stamp)
    outlines = outlines_of(key, stamp._replace(own=""))
    payload = base_payload(
        province.resolution,
        province.boundary_source,
        outlines,
        province.facts,
        words(lang),
    )
    return script_json(payload), label_places(outlines)
