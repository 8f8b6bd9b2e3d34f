"""Prepare, watch and stop, download: the place on the page where one file is to be had."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, cast

import streamlit as st

from data._errors import DataError
from layers.downloads.button import download
from layers.downloads.jobs import Job, Kept
from layers.errors import failure_html, findings_html
from layers.exchange.fields import layer_fields
from layers.exchange.write import FORMATS
from layers.numbers import number
from layers.safe_html import element
from layers.words import mark

if TYPE_CHECKING:
    from layers.downloads.jobs import Order, Step
    from layers.words import Words

JOBS: Final = "export_jobs"
_EVERY_S: Final = 0.4
_KB, _MB = 1e3, 1e6
STEPS: Final = {
    "gpkg": mark("GeoPackage with all layers"),
    "xlsx": mark("Excel workbook"),
    "map": mark("the map"),
    "form04": mark("Form 04 on industrial clusters"),
    "report": mark("the report"),
}


@st.cache_resource(show_spinner=False)
def kept() -> Kept:
    """Give the files that are whole, of all sessions."""
    return Kept()


def jobs() -> dict[str, Job]:
    """Give the files being made for this session, by their place on the page."""
    return cast("dict[str, Job]", st.session_state.setdefault(JOBS, {}))


def show(place: str, order: Order, w: Words) -> None:
    """Put what can be done about a file: prepare it, see how far it is and stop it, take it.

    Parameters
    ----------
    place
        Short name that no other file on the page has.
    order
        What the choices ask for at present. Where they have changed since a file was begun,
        that one is stopped, so that what is offered is always what is chosen.
    """
    job = jobs().get(place)
    if job is not None and job.order.key != order.key:
        job.cancel()
        job = jobs().pop(place)
        job = None
    with st.container(key=f"export_{place}"):
        content = kept().get(order.key)
        if content is not None:
            _download(place, order, content, w)
        elif job is not None and job.active:
            st.fragment(_watch, run_every=_EVERY_S)(place, w)
        else:
            if job is not None:
                _outcome(job, w)
            st.button(
                w("Prepare the file"),
                key=f"export_{place}_prepare",
                type="primary",
                icon=":material/play_arrow:",
                on_click=_begin,
                args=(place, order),
            )


def _begin(place: str, order: Order) -> None:
    jobs()[place] = Job(order, kept()).start()


def _stop(place: str) -> None:
    if job := jobs().get(place):
        job.cancel()


def _watch(place: str, w: Words) -> None:
    job = jobs().get(place)
    if job is None or not job.active:
        st.rerun()
    step = job.step
    text = step_text(job.phase, step, w)
    if job.began is not None and (seconds := int(time.monotonic() - job.began)):
        # What has one step only shows that it goes on.
        text += " " + w("{seconds} s", seconds=seconds)
    st.progress(min(step.done / max(step.total, 1), 1.0), text=text)
    st.button(
        w("Cancel"),
        key=f"export_{place}_cancel",
        icon=":material/stop:",
        on_click=_stop,
        args=(place,),
    )


def _outcome(job: Job, w: Words) -> None:
    if job.phase == "cancelled":
        text = w("Stopped. Nothing was kept of the file.")
        st.html(element("p", text, class_="atlas-hint", role="status"))
    elif isinstance(job.error, DataError):
        st.html(findings_html(w("The file can't be made from these data"), job.error.findings, w))
    elif job.phase == "failed":
        st.html(failure_html(w))


def _download(place: str, order: Order, content: bytes, w: Words) -> None:
    ready = w("Ready: {name}, {size}", name=order.name, size=size_text(len(content), w))
    st.html(element("p", ready, class_="export-ready", role="status"))
    download(
        w("Download"),
        content,
        order.name,
        key=f"export_{place}_download",
        kind="primary",
    )


def step_text(phase: str, step: Step, w: Words) -> str:
    """Say in words what is being written."""
    if phase == "waiting":
        return w("Waiting until another file is finished ...")
    if step.done >= step.total:
        return w("Finishing the file ...")
    if not step.what:
        return w("Putting the layers together ...")
    fields = layer_fields().get(step.what)
    what = w.of(STEPS, step.what) if step.what in STEPS else ""
    if fields is not None:
        what = fields.title.of(w.lang)
    elif not what and step.what in FORMATS:
        what = w(FORMATS[step.what].name)
    return w("Writing: {what} ...", what=what or step.what)


def size_text(size: int, w: Words) -> str:
    """Write the size of a file.

    Examples
    --------
    >>> from layers.words import words
    >>> size_text(913_408, words("en")), size_text(3_240_000, words("vi"))
    ('913 kB', '3,2 MB')
    """
    if size < _MB:
        return f"{number(max(size / _KB, 1), w.lang)} kB"
    return f"{number(size / _MB, w.lang, decimals=1)} MB"
