"""The button that hands a file over; its type follows from the ending of its name."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Final, Literal

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable

MEDIA_TYPES: Final = {
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".fgb": "application/octet-stream",
    ".geojson": "application/geo+json",
    ".gpkg": "application/geopackage+sqlite3",
    ".html": "text/html",
    ".json": "application/json",
    ".kml": "application/vnd.google-earth.kml+xml",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}


def download(
    label: str,
    content: bytes | Callable[[], bytes],
    name: str,
    *,
    key: str,
    icon: str = ":material/download:",
    kind: Literal["primary", "secondary"] = "secondary",
) -> None:
    """Put a button that hands a file over and leaves the page as it is.

    Parameters
    ----------
    content
        The file, or what makes it when it is asked for.
    name
        Of the file, with an ending of `MEDIA_TYPES`.
    """
    st.download_button(
        label,
        content,
        file_name=name,
        mime=MEDIA_TYPES[PurePath(name).suffix],
        key=key,
        on_click="ignore",
        icon=icon,
        type=kind,
    )
