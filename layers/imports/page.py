"""Own data: a file handed in, read, reported on, and taken where its user says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from data._errors import DataError
from data.importing.workbook import workbook
from data.untrusted.limits import limits_set
from data.workspace._errors import Trouble, WorkspaceError
from layers import access, store
from layers.downloads.button import download
from layers.errors import findings_html as errors_html
from layers.imports import columns as import_columns
from layers.imports import revisions as import_revisions
from layers.imports import state as import_state
from layers.imports.view import counts_html, effect_html, findings_html, left_html
from layers.safe_html import element

if TYPE_CHECKING:
    import datetime as dt

    from data.importing.parts import Accept, Import
    from layers.imports.state import Pending
    from layers.store import Stamp
    from layers.words import Words

TYPES: Final = ["csv", "xlsx", "geojson", "json", "gpkg", "zip", "kml", "kmz", "parquet"]
ANSWERS: Final[tuple[Accept, ...]] = ("sound", "all")
_MB: Final = 1_000_000


def show(province: str, as_of: dt.date, stamp: Stamp, w: Words) -> None:
    """Put the whole section: what was done, the file, its report, what was brought in."""
    access.line(w)
    import_revisions.told(w)
    if store.workspace_findings():
        return  # the head of the page says what is wrong
    if access.may_write():
        _file(province, as_of, stamp, w)
    else:
        st.html(
            element(
                "p",
                w("You can look at what was brought in; bringing in is for those with the right."),
                class_="atlas-hint",
            ),
        )
    import_revisions.show(w)


def _file(province: str, as_of: dt.date, stamp: Stamp, w: Words) -> None:
    upload = st.file_uploader(
        w("A register, a plot map, lease records, outlines or figures of your own"),
        TYPES,
        key=f"import_file_{import_state.turn()}",
        max_upload_size=max(1, limits_set().file_bytes // _MB),
        help=w(
            "CSV, XLSX, GeoJSON, GeoPackage, zipped Shapefile, KML, KMZ or GeoParquet. Nothing is "
            "taken before you have seen the report.",
        ),
    )
    if upload is None:
        return
    try:
        with st.spinner(w("Reading the file ..."), show_time=False):
            held = import_state.take_up(upload)
        with st.spinner(w("Checking the rows ..."), show_time=False):
            found = import_state.checked(held, province, stamp)
    except DataError as error:
        st.html(errors_html(w("This file can't be used"), error.findings, w))
        return
    import_columns.kind_choice(held, found, w)
    import_columns.crs_choice(held, found, store.province_of(province, stamp).communes, w)
    import_columns.columns_form(held, found, w)
    _report(held, found, as_of, stamp, w)


def _report(held: Pending, found: Import, as_of: dt.date, stamp: Stamp, w: Words) -> None:
    st.html(import_revisions.heading(w("Report: nothing is taken yet")))
    st.html(counts_html(found, w))
    st.html(findings_html(found, w))
    download(
        w("The report as a workbook (XLSX), to send back"),
        lambda: workbook(found, w.lang),
        "report.xlsx",
        key="import_report",
    )
    sound = import_state.answer_of(held, found, "sound")
    every = import_state.answer_of(held, found, "all") if found.has_errors else sound
    st.html(import_revisions.heading(w("What would change in the account")))
    answer: Accept = "sound"
    if found.has_errors and every.count != sound.count:
        names: dict[Accept, str] = {"sound": w("with the sound rows"), "all": w("with all rows")}
        answer = st.segmented_control(
            w("Shown"),
            ANSWERS,
            default="sound",
            key="import_shown",
            format_func=names.__getitem__,
            label_visibility="collapsed",
            required=True,
        )
    accepted = every if answer == "all" else sound
    if accepted.count:
        try:
            with st.spinner(w("Computing the account ..."), show_time=False):
                effect = import_state.effect_of(held, found, answer, as_of, stamp)
        except DataError as error:
            st.html(errors_html(w("These rows don't fit on what is known"), error.findings, w))
        else:
            st.html(effect_html(effect, w))
    if left := left_html(accepted, w):
        st.html(left)
    _answers(held, found, stamp, w)


def _answers(
    held: Pending,
    found: Import,
    stamp: Stamp,
    w: Words,
) -> None:
    """Put the three answers; what can't be stored without its faulty fields stays out in each."""
    sound = import_state.answer_of(held, found, "sound").count
    every = import_state.answer_of(held, found, "all").count
    if st.session_state.get("import_again") == held.sha256:
        st.html(
            element(
                "p",
                w("This same file is in already. Take it once more only if that is meant."),
                class_="atlas-hint",
                role="alert",
            ),
        )
    with st.container(key="import_answers", horizontal=True, gap="small"):
        if found.has_errors:
            st.button(
                w.plural("Take the {count} sound row", "Take the {count} sound rows", sound),
                key="import_sound",
                type="primary",
                disabled=not sound,
                help=w("Rows with an error stay out"),
                on_click=_take,
                args=(held, found, "sound", stamp, w),
            )
        st.button(
            w.plural("Take all: {count} row", "Take all: {count} rows", every),
            key="import_all",
            type="secondary" if found.has_errors else "primary",
            disabled=not every or (found.has_errors and every == sound),
            help=w(
                "Rows with an error too, each without the fields at fault; a row that can't be "
                "stored without them stays out",
            )
            if found.has_errors
            else None,
            on_click=_take,
            args=(held, found, "all" if found.has_errors else "sound", stamp, w),
        )
        st.button(w("Cancel"), key="import_cancel", on_click=import_state.forget)


def _take(held: Pending, found: Import, answer: Accept, stamp: Stamp, w: Words) -> None:
    again = st.session_state.pop("import_again", "") == held.sha256
    try:
        revision = import_state.take(held, found, answer, stamp, again=again)
    except WorkspaceError as error:
        if error.code == Trouble.SAME_FILE:
            st.session_state["import_again"] = held.sha256
        if error.code == Trouble.CHANGED:
            held.results = {}
            import_revisions.tell(
                w("Another window has changed the data in between; please read the report again."),
            )
            return
        _refused(error, w)
    except DataError as error:
        _refused(error, w)
    else:
        count = import_state.answer_of(held, found, answer).count
        text = w.plural(
            "{count} row of {file} was taken; the account counts with it now.",
            "{count} rows of {file} were taken; the account counts with them now.",
            count,
            file=found.file,
        )
        import_revisions.tell(text, revision.id)
        import_state.forget()


def _refused(error: DataError, w: Words) -> None:
    import_revisions.fail(errors_html(w("Nothing was taken"), error.findings, w))
