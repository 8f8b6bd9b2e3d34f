"""An outline from a file of the user's: handed in, read, and one of its polygons chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from data._errors import DataError
from layers.errors import findings_html
from layers.sites.input import MEGABYTES, TYPES, read_upload

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from layers.words import Words


def chosen_outline(label: str, w: Words, *, keys: tuple[str, str]) -> BaseGeometry | None:
    """Ask for a file and, where it has several polygons, for one of them.

    Parameters
    ----------
    label
        Of the field for the file.
    keys
        Widget keys of the file and of the polygon.

    Returns
    -------
    BaseGeometry or None
        In WGS 84; None where nothing was handed in, or what was is wrong, which is said.
    """
    upload = st.file_uploader(
        label,
        TYPES,
        key=keys[0],
        max_upload_size=MEGABYTES,
        help=w("GeoJSON, GeoPackage, zipped Shapefile, KML or GeoParquet; WGS 84 or VN-2000."),
    )
    if upload is None:
        return None
    try:
        with st.spinner(w("Reading the file ..."), show_time=False):
            outlines = read_upload(upload.name, upload.getvalue())
    except DataError as error:
        st.html(findings_html(w("This file can't be used"), error.findings, w))
        return None
    row = 0
    if len(outlines) > 1:
        row = st.selectbox(
            w("Polygon of the file ({count} there)", count=len(outlines)),
            range(len(outlines)),
            format_func=lambda row: f"{row + 1}. {outlines[row].name}".strip(),
            key=keys[1],
        )
    return outlines[row].geometry
