"""One figure of an area corrected on the spot: a form below its card."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import streamlit as st

from data._errors import DataError, Finding
from data._message import Message
from data.dates import printed_date
from data.importing.dates import read_date
from data.importing.numbers import read_column
from data.vocabulary import BASES, METRICS
from data.workspace.correction import correct_figure
from layers import access, store, workspace
from layers.errors import findings_html
from layers.imports import revisions as import_revisions
from layers.numbers import day, exact
from layers.words import BASIS, METRIC, UNIT

if TYPE_CHECKING:
    from geo.snapshot import Snapshot
    from layers.words import Words

_WITH_BASIS: Final = ("leased_ha", "industrial_land_ha", "fill_rate_pct")
_OF_KIND: Final = {"industrial_cluster": "ccn_2024"}
_PARKS: Final = "kcn_2022"
_ORDER: Final = (*_WITH_BASIS, *[name for name in METRICS if name not in _WITH_BASIS])
# The tables call leasable land by the word of the law on parks.
_SHOWN_AS: Final = {"industrial_land_ha": "leasable_ha"}


def show(shot: Snapshot, area_id: str, w: Words) -> None:
    """Put the form below the card of an area, for those who may change something."""
    if not access.may_write() or store.workspace_findings():
        return
    with (
        st.container(key="correction"),
        st.expander(w("Correct a figure"), icon=":material/edit:"),
        st.form(f"correction_{area_id}", border=False),
    ):
        left, middle, right = st.columns([34, 33, 33], gap="small")
        metric = left.selectbox(
            w("Figure"),
            _ORDER,
            key=f"correct_metric_{area_id}",
            format_func=lambda name: _metric_text(name, w),
        )
        value = middle.text_input(w("Value"), key=f"correct_value_{area_id}")
        as_of = right.text_input(w("As of"), day(shot.as_of), key=f"correct_as_of_{area_id}")
        basis_at, source_at, button_at = st.columns([34, 48, 18], vertical_alignment="bottom")
        usual = _OF_KIND.get(str(shot.areas.loc[area_id, "kind"]), _PARKS)
        basis = basis_at.selectbox(
            w("Basis (of land and fill rate)"),
            BASES,
            index=BASES.index(usual),
            key=f"correct_basis_{area_id}",
            format_func=lambda name: w.of(BASIS, name),
        )
        source = source_at.text_input(
            w("Source: file or document number"), key=f"correct_source_{area_id}"
        )
        st.caption(
            w(
                "The figure is kept beside the others and undone with one click. Where leased and "
                "leasable land are known, correct those: the fill rate follows from them.",
            ),
        )
        if button_at.form_submit_button(w("Enter the figure"), type="primary"):
            try:
                number = _number(value, w)
                _keep(shot, area_id, metric, number, _date(as_of), basis, source, w)
            except DataError as error:
                heading = w("This figure can't be entered")
                st.html(findings_html(heading, error.findings, w))
            else:
                st.rerun()


def _metric_text(name: str, w: Words) -> str:
    unit = w.of(UNIT, METRICS[name])
    word = w.of(METRIC, _SHOWN_AS.get(name, name))
    return f"{word} ({unit})" if unit and unit not in word else word


def _number(text: str, w: Words) -> float:
    """Read a number as it is written here, with a comma or a point.

    Raises
    ------
    DataError
        It is none, or may be two.
    """
    reading = read_column({0: text}).get(0) if text.strip() else None
    if reading is not None and reading.options:
        both = " / ".join(exact(one, w.lang) for one in reading.options)
        raise DataError(
            [
                Finding(
                    Message("correction"),
                    "",
                    "value",
                    repr(text),
                    Message("one of {names}", names=both),
                )
            ]
        )
    if reading is None or math.isnan(reading.value):
        raise DataError(
            [Finding(Message("correction"), "", "value", repr(text), Message("a number"))]
        )
    return reading.value


def _date(text: str) -> str:
    return read_date(text).text or text.strip()


def _keep(  # noqa: PLR0917 (the fields of one figure)
    shot: Snapshot,
    area_id: str,
    metric: str,
    value: float,
    as_of: str,
    basis: str,
    source: str,
    w: Words,
) -> None:
    access.check()
    kept = workspace.opened(create=True)
    assert kept is not None  # noqa: S101 (it was made)
    revision = correct_figure(
        kept,
        area_id,
        metric,
        value,
        as_of=as_of,
        basis=basis if metric in _WITH_BASIS else "",
        source=source,
        facts=store.bundled(),
        who=access.who(),
    )
    own = set(kept.change(revision.id).sources["id"])
    province = shot.resolution.province
    now = store.snapshot_of(province, shot.as_of, store.data_stamp(province))
    speaks = now.figures.loc[now.figures["area_id"] == area_id, "sources"].map(own.intersection)
    name = w.pick(str(shot.areas.loc[area_id, "name_vi"]), str(shot.areas.loc[area_id, "name_en"]))
    figure = f"{w.of(METRIC, _SHOWN_AS.get(metric, metric))} {exact(value, w.lang)}"
    text = (
        w("{name}: {figure} ({date}) was entered; the zone counts with it now.")
        if speaks.any()
        else w("{name}: {figure} ({date}) was entered; another figure speaks on the date shown.")
    )
    date = printed_date(as_of)
    import_revisions.tell(text.format(name=name, figure=figure, date=date), revision.id)
