"""The map of a province as a picture or a page: title, legend, scale, north, date and sources.

It has the signs of the map on the screen, drawn in the province's VN-2000 zone. It shows the
province and nothing beyond `layers.payload.EAST_LIMIT`, so never the East Sea.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.account import zone_marks
from layers.map_files.canvas import new_sheet, page_axes, pdf_bytes, png_bytes
from layers.map_files.content import map_content, map_title
from layers.map_files.ground import HIGH, WIDE, draw_ground, view_of
from layers.map_files.margin import draw_margin
from layers.words import words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from data._message import Lang
    from geo.snapshot import Province, Snapshot


def map_png(province: Province, state: Snapshot, *, lang: Lang) -> bytes:
    """Draw the map of a province as PNG, A4 across at 200 dots an inch.

    Parameters
    ----------
    province, state
        Of one province; the snapshot says the date.
    lang
        "vi" or "en".

    Returns
    -------
    bytes
        The same for the same data.
    """
    return png_bytes(map_figure(province, state, lang=lang))


def map_pdf(province: Province, state: Snapshot, *, lang: Lang) -> bytes:
    """Draw the map of a province as a page of PDF, A4 across, as :func:`map_png` does."""
    return pdf_bytes(map_figure(province, state, lang=lang), map_title(state, words(lang)))


def map_figure(province: Province, state: Snapshot, *, lang: Lang) -> Figure:
    """Draw the map of a province on a sheet."""
    w = words(lang)
    outlines, base, account = map_content(province, state, w)
    crs = province.resolution.crs
    plane = outlines.to_crs(crs)
    view = view_of(plane, crs)
    figure = new_sheet(WIDE, HIGH)
    page = page_axes(figure)
    marks = zone_marks(state.zones)
    draw_ground(figure, plane, view, base=base, account=account, marks=marks)
    draw_margin(page, view, base, state, w)
    return figure
