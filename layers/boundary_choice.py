"""The choice of the boundary source: approximate, official, or the user's own."""

from __future__ import annotations

import hashlib
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from data._errors import DataError
from data.boundaries import official
from data.boundaries.outlines import BUNDLED, OFFICIAL, OWN
from layers import state, store
from layers.errors import findings_html
from layers.safe_html import Html, element, join

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from data.boundaries.own import OwnBoundaries
    from layers.words import Words

MEGABYTES: Final = 50  # as server.maxUploadSize in .streamlit/config.toml
TYPES: Final = ["geojson", "json", "gpkg", "zip", "parquet"]
# Of the files at the pinned commit that `data/facts/boundary_sha256.txt` names.
_OFFICIAL_MB: Final = {"nghe-an": 22, "ha-tinh": 9, "quang-ninh": 18, "tuyen-quang": 33}
_NAMES_SHOWN: Final = 8


def show(province: str, w: Words) -> None:
    """Put the choice into the sidebar and keep what is chosen, before anything is computed."""
    stamp = store.data_stamp(province)
    code = store.code_of(province, stamp.files)
    kept = store.kept_communes(province, stamp)
    in_use = stamp.boundaries if stamp.boundaries in (BUNDLED, OFFICIAL) else OWN
    names = {
        BUNDLED: w("Approximate, comes with the application"),
        OFFICIAL: w("2025 reference map"),
        **({state.KEPT: w("Brought in, kept in the workspace")} if kept else {}),
        OWN: w("File of my own"),
    }
    key = f"boundaries_{province}"
    asked = state.boundaries(province)
    st.session_state[key] = asked if asked in names else in_use
    with st.sidebar:
        st.html(element("h2", w("Boundaries")))
        choice = st.radio(
            w("Boundaries of the communes"),
            list(names),
            key=key,
            format_func=names.__getitem__,
            on_change=lambda: state.use_boundaries(province, st.session_state[key]),
            label_visibility="collapsed",
        )
        if choice == OFFICIAL and not official.is_ready(code):
            st.html(_how_to_fetch(province, w))
        elif choice == OWN:
            _own(province, w)
        elif choice == state.KEPT:
            _report(province, str(kept), w("Boundaries in the workspace"), w)


def _how_to_fetch(province: str, w: Words) -> Html:
    """Say the one command that fetches official boundaries, and how large they are."""
    count = len(official.province_files(province).sums)
    size = w("{count} files", count=count)
    if province in _OFFICIAL_MB:
        size = w("{count} files, about {size} MB", count=count, size=_OFFICIAL_MB[province])
    return element(
        "div",
        element("p", w("Not fetched yet; the approximate ones stay in use. One command fetches:")),
        element("code", f"python -m data boundaries fetch --province {province}"),
        element("p", element("small", f"{size}. {w('Then load this page again.')}")),
        class_="atlas-source",
        role="status",
    )


def _own(province: str, w: Words) -> None:
    upload = st.file_uploader(
        w("Polygons of the communes, since July 2025 or before"),
        TYPES,
        key=f"own_{province}",
        max_upload_size=MEGABYTES,
        on_change=lambda: _changed(province),
        help=w("GeoJSON, GeoPackage, zipped Shapefile or GeoParquet, with a code or a name."),
    )
    if upload is not None:
        path = _kept(upload)
        if path != state.own_file(province):
            with st.spinner(w("Reading the file ..."), show_time=False):
                _take(province, path, w)
    in_use = state.own_file(province)
    if in_use is None:
        refused = st.session_state.get("own_refused", {}).get(province)
        if upload is not None and refused:
            st.html(refused)
        return
    _report(province, str(in_use), in_use.name, w)


def _report(province: str, path: str, name: str, w: Words) -> None:
    own = store.own_of(province, path, store.data_stamp(province)).own
    if own is not None:
        st.html(report_html(name, own, w))


def _changed(province: str) -> None:
    """Stop using a file that was taken away."""
    if st.session_state.get(f"own_{province}") is None:
        state.use_own_file(province, None)


def _take(province: str, path: Path, w: Words) -> None:
    """Use a file if it can be used, else say what is wrong with it."""
    refused = st.session_state.setdefault("own_refused", {})
    try:
        store.own_of(province, str(path), store.data_stamp(province))
    except DataError as error:
        state.use_own_file(province, None)
        refused[province] = findings_html(w("This file can't be used"), error.findings, w)
    else:
        refused.pop(province, None)
        state.use_own_file(province, path)


def _kept(upload: UploadedFile) -> Path:
    """Put an upload under a name of ours, in a folder that goes with the session."""
    if "own_folder" not in st.session_state:
        st.session_state["own_folder"] = tempfile.TemporaryDirectory(prefix="boundaries-")
    content = upload.getvalue()
    digest = hashlib.sha256(content).hexdigest()[:16]
    stem, dot, suffix = upload.name.rpartition(".")
    name = re.sub(r"[^\w-]", "_", stem)[:60] + dot + re.sub(r"\W", "", suffix)[:10]
    folder = Path(st.session_state["own_folder"].name) / digest
    path = folder / (name.lstrip(".") or "file")
    if not path.is_file():
        folder.mkdir(exist_ok=True)
        path.write_bytes(content)
    return path


def report_html(name: str, own: OwnBoundaries, w: Words) -> Html:
    """Say in plain words how a file was matched, and what was repaired."""
    match, repairs = own.match, own.repairs
    lines = [
        w(
            "{count} communes of 2025, all of the province; coordinates in {crs}",
            count=len(own.communes),
            crs=own.crs,
        ),
        w(
            "{code} polygons matched by code, {name} by name",
            code=match.by_code,
            name=match.by_name,
        ),
    ]
    if match.unmatched:
        lines.append(
            w.plural(
                "{count} polygon is no commune of the province and was left out: {names}",
                "{count} polygons are no communes of the province and were left out: {names}",
                len(match.unmatched),
                names=_listed(match.unmatched, w),
            ),
        )
    if match.contrary:
        lines.append(
            w(
                "code and name contradict each other, the code was taken: {names}",
                names=_listed(match.contrary, w),
            ),
        )
    if match.system == "legacy":
        lines.append(w("joined from the communes before July 2025"))
    if match.divided:
        lines.append(
            w(
                "divided communes, each counted whole where most of it went: {names}",
                names=_listed(match.divided, w),
            ),
        )
    if repairs.overlaps or repairs.gaps_closed or repairs.invalid:
        lines.append(
            w(
                "repaired: {overlaps} overlaps, {gaps} gaps, {invalid} invalid polygons",
                overlaps=len(repairs.overlaps),
                gaps=repairs.gaps_closed,
                invalid=len(repairs.invalid),
            ),
        )
    if repairs.gaps_left:
        lines.append(w("wider gaps left as they are: {count}", count=repairs.gaps_left))
    return element(
        "div",
        element("p", element("b", w("In use: {name}", name=name))),
        element("ul", join([element("li", line) for line in lines])),
        class_="atlas-source",
        role="status",
    )


def _listed(names: tuple[str, ...], w: Words) -> str:
    shown = "; ".join(names[:_NAMES_SHOWN])
    more = len(names) - _NAMES_SHOWN
    return f"{shown} {w('and {count} more', count=more)}" if more > 0 else shown
