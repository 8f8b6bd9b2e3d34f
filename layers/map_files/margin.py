"""What stands around the map on a sheet: title, scale, north, sources, legend, list of zones."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import shapely
from matplotlib.patches import PathPatch, Rectangle
from pyproj import CRS

from layers._records import records
from layers.account import coverage_text, rate_text, zone_marks
from layers.map_files.canvas import INK, QUIET, wrapped, write, write_lines
from layers.map_files.content import map_title, subtitle
from layers.map_files.ground import FRAME, HIGH, WIDE
from layers.map_files.signs import dashes, draw_symbol, fill_patch, outline_path
from layers.numbers import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from geo.snapshot import Snapshot
    from layers.map_files.ground import View
    from layers.words import Words

_PANEL: Final = (207.0, 291.0)
_BAR_SHARE: Final = 0.27


def nice_length(metres: float) -> float:
    """Give the longest round length, 1, 2 or 5 times a power of ten, that isn't longer.

    Examples
    --------
    >>> nice_length(74_000.0), nice_length(20_000.0), nice_length(199.0)
    (50000.0, 20000.0, 100.0)
    """
    power = 10.0 ** math.floor(math.log10(metres))
    # The logarithm of a number just below a power of ten is rounded up to it.
    steps = (0.5, 1.0, 2.0, 5.0)
    return max(step * power for step in steps if step * power <= metres)


def draw_margin(page: Axes, view: View, base: dict[str, Any], state: Snapshot, w: Words) -> None:
    """Write on a sheet all that stands around its map.

    Parameters
    ----------
    page
        The whole sheet, in millimetres.
    base
        From :func:`layers.map_files.content.map_content`.
    """
    _draw_frame(page, view, state, w)
    _draw_panel(page, base, state, w)


def _draw_frame(page: Axes, view: View, state: Snapshot, w: Words) -> None:
    left, bottom, right, _ = FRAME
    write_lines(
        page,
        left,
        HIGH - 11.0,
        wrapped(map_title(state, w), WIDE - 2.0 * left, 13.0, most=1),
        size=13.0,
        bold=True,
    )
    write_lines(
        page,
        left,
        HIGH - 16.5,
        wrapped(subtitle(state, w), WIDE - 2.0 * left, 8.0, most=1),
        size=8.0,
    )
    length = nice_length(_BAR_SHARE * (right - left) * view.scale)
    wide = length / view.scale
    x, y = right - wide - 9.0, bottom + 6.0
    page.add_patch(
        Rectangle(
            (x - 6.0, y - 4.0),
            wide + 13.0,
            11.5,
            facecolor=(1.0, 1.0, 1.0, 0.85),
            edgecolor="none",
            zorder=9,
        ),
    )
    for part, colour in enumerate((INK, "white", INK, "white")):
        page.add_patch(
            Rectangle(
                (x + part * wide / 4.0, y),
                wide / 4.0,
                1.3,
                facecolor=colour,
                edgecolor=INK,
                linewidth=0.5,
                zorder=10,
            ),
        )
    for share in (0.0, 0.5, 1.0):
        text = number(share * length / 1000.0, w.lang, decimals=1, trim=True)
        text += " km" if share == 1.0 else ""
        write(page, x + share * wide, y + 2.2, text, size=6.0, ha="center", zorder=10)
    ratio = round(view.scale * 1000.0, -4)
    about = w("about 1:{scale} on A4", scale=number(ratio, w.lang))
    write(page, x + wide / 2.0, y - 2.8, about, size=6.0, ha="center", zorder=10)
    _draw_north(page, w)
    _draw_foot(page, state, w)


def _draw_north(page: Axes, w: Words) -> None:
    _, _, right, top = FRAME
    x, y = right - 8.0, top - 15.0
    for side, colour in ((-1.0, INK), (1.0, "white")):
        page.fill(
            [x, x + side * 2.4, x],
            [y + 8.5, y, y + 1.8],
            facecolor=colour,
            edgecolor=INK,
            linewidth=0.5,
            zorder=10,
        )
    write(page, x, y + 9.4, w("N"), size=8.0, bold=True, ha="center", zorder=10)


def _draw_foot(page: Axes, state: Snapshot, w: Words) -> None:
    source = state.boundary_source
    documents = "; ".join(
        item.number or w.pick(item.title.vi, item.title.en)
        for item in state.resolution.documents[:3]
    )
    lines = [
        *wrapped(
            f"{w('Boundaries')}: {w.pick(source.accuracy_vi, source.accuracy_en)} "
            f"{source.attribution}",
            WIDE - 16.0,
            6.2,
            most=2,
        ),
        *wrapped(
            w(
                "Figures: from the sources that the tables name for each of them. Zones: "
                "{documents}. Coordinates: {crs}.",
                documents=documents,
                crs=f"{CRS(state.resolution.crs).name}, {state.resolution.crs}",
            ),
            WIDE - 16.0,
            6.2,
            most=2,
        ),
        *wrapped(
            w("Drawn by the Industrial Land Atlas; figures don't replace the registers."),
            WIDE - 16.0,
            6.2,
            most=1,
        ),
    ]
    write_lines(page, FRAME[0], FRAME[1] - 4.0, lines, size=6.2, step_mm=2.9, color=QUIET)


def _draw_panel(page: Axes, base: dict[str, Any], state: Snapshot, w: Words) -> None:
    left, right = _PANEL
    legend, y = base["legend"], FRAME[3] - 3.0
    write(page, left, y, legend["heading"], size=8.5, bold=True)
    y -= 6.2
    wide = (right - left - 6.0) / len(legend["ramp"])
    for i, sign in enumerate(legend["ramp"]):
        _swatch(page, sign, left + 2.0 + i * wide, y, wide)
    y -= 2.8
    for i, tick in enumerate(legend["ticks"]):
        write(page, left + 2.0 + i * wide, y, tick, size=6.0, ha="center")
    y -= 5.2
    for row in legend["rows"]:
        _swatch(page, row["sign"], left + 1.0, y - 0.7, 7.5)
        y = write_lines(
            page,
            left + 11.0,
            y,
            wrapped(row["text"], right - left - 11.0, 6.8, most=2),
            size=6.8,
        )
        y -= 1.0
    y = write_lines(
        page,
        left,
        y - 0.5,
        wrapped(legend["note"], right - left, 6.2),
        size=6.2,
        step_mm=2.9,
        color=QUIET,
    )
    _draw_list(page, state, y - 3.0, w)


def _draw_list(page: Axes, state: Snapshot, y: float, w: Words) -> None:
    left, right = _PANEL
    zones = state.zones[state.zones["group"].isin(("base_partition", "economic_zone"))]
    marks = zone_marks(state.zones)
    write(page, left, y, w("Zones on the map"), size=8.5, bold=True)
    y -= 4.2
    for key, row in records(zones).items():
        said = rate_text(row, w)
        rate = said.headline + (f" ({said.remark})" if said.remark else "")
        name = wrapped(w.pick(row["name_vi"], row["name_en"]), right - left - 6.0, 6.6, most=2)
        told = wrapped(f"{rate}; {coverage_text(row, w)}", right - left - 6.0, 6.2, most=2)
        if y - 3.0 * len(name) - 2.9 * len(told) < FRAME[1] - 2.0:
            write(page, left, y, "…", size=7.0)
            return
        write(page, left, y, marks[key], size=7.0, bold=True)
        y = write_lines(page, left + 6.0, y, name, size=6.6, step_mm=3.0, bold=False)
        y = write_lines(page, left + 6.0, y, told, size=6.2, step_mm=2.9, color=QUIET)
        y -= 1.1


def _swatch(page: Axes, sign: dict[str, Any], x: float, y: float, wide: float) -> None:
    high = 3.2
    if "shape" in sign:
        draw_symbol(page, sign, x + wide / 2.0, y + high / 2.0, 1.35)  # type: ignore[arg-type]
        return
    box = shapely.box(x, y, x + wide, y + high)
    path = outline_path(box)
    if path is None:
        return
    if "line" in sign:
        page.add_patch(
            PathPatch(
                path,
                fill=False,
                edgecolor=sign["line"],
                linewidth=1.3,
                linestyle=dashes(sign["dash"]),
            ),
        )
        return
    page.add_patch(fill_patch(path, sign, edgecolor="none", linewidth=0.0))  # type: ignore[arg-type]
    page.add_patch(PathPatch(path, fill=False, edgecolor="#5b6773", linewidth=0.4))
