"""The comparison on the page: table, switch, downloads; and what is wrong with what was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.comparison import LEAST, ComparisonError, compare, comparison_record, homes
from geo.export import to_json
from layers.comparison.print_page import print_html
from layers.comparison.table import comparison_html
from layers.comparison.words import error_text
from layers.comparison.workbook import comparison_xlsx
from layers.downloads.button import download
from layers.safe_html import element

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from geo.comparison import Comparison
    from geo.snapshot import Snapshot
    from layers.words import Words


def show(
    ids: Sequence[str],
    w: Words,
    *,
    places: Mapping[str, str],
    take: Callable[[str], Snapshot],
) -> None:
    """Put the comparison of some places on the page, or say why there is none.

    Parameters
    ----------
    ids
        Area ids or zone keys, of any provinces.
    places
        All that can be compared, from :func:`geo.comparison.places_of`.
    take
        Gives the snapshot of a province by its key, all on one date.
    """
    if len(ids) < LEAST:
        st.html(
            element(
                "p",
                w("Choose two to five parks, clusters or zones to see them side by side."),
                class_="atlas-hint",
            ),
        )
        return
    try:
        where = homes(ids, places)
        found = compare(ids, [take(key) for key in dict.fromkeys(where.values())])
    except ComparisonError as error:
        st.html(element("div", error_text(error, w), class_="atlas-notice", role="status"))
        return
    only = st.toggle(w("Only what differs or can't be told"), key="compare_only")
    st.html(comparison_html(found, w, only_differences=only))
    _downloads(found, w)


def _downloads(found: Comparison, w: Words) -> None:
    stem = "_".join(("comparison", *(place.id for place in found.places), found.as_of.isoformat()))
    with st.container(horizontal=True, gap="small"):
        download(
            w("Comparison (XLSX)"),
            lambda: comparison_xlsx(found, w),
            f"{stem}.xlsx",
            key="compare_xlsx",
        )
        download(
            w("Page to print or save as PDF (HTML)"),
            lambda: print_html(found, w).encode(),
            f"{stem}.html",
            key="compare_html",
            icon=":material/print:",
        )
        download(
            w("Comparison (JSON)"),
            lambda: to_json(comparison_record(found)).encode(),
            f"{stem}.json",
            key="compare_json",
        )
