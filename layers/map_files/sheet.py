"""The map of a province as a picture or a page: title, legend, scale, north, date and sources.

It has the signs of the map on the screen, drawn in the province's VN-2000 zone. It shows the
province and nothing beyond `layers.payload.EAST_LIMIT`, so never the East Sea.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.patches import PathPatch, Rectangle
from pyproj import CRS, Transformer

from geo.crs import WGS84
from layers import style
from layers._records import records
from layers.account import coverage_text, rate_text, zone_marks
from layers.map_files.canvas import (
    INK,
    QUIET,
    new_sheet,
    page_axes,
    pdf_bytes,
    png_bytes,
    printable,
    wrapped,
    write,
    write_lines,
)
from layers.map_files.signs import (
    dashes,
    draw_node,
    draw_symbol,
    fill_patch,
    outline_path,
    spread,
)
from layers.numbers import day, number
from layers.payload import (
    EAST_LIMIT,
    account_payload,
    base_payload,
    drawn_outlines,
    label_places,
)
from layers.words import words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from geo.snapshot import Province, Snapshot
    from layers.words import Lang, Words

    Points = NDArray[np.float64]

WIDE, HIGH = 297.0, 210.0  # A4 across, millimetres
_FRAME: Final = (8.0, 21.0, 203.0, 191.0)  # left, bottom, right, top of the map
_PANEL: Final = (207.0, 291.0)
_ROOM: Final = 0.045
_PIXEL_MM: Final = 0.2
_GROWTH: Final = 0.27  # as on the screen, of the root of the hectares, in pixels
_REACH_MM: Final = 7.0
_LEADER_MM: Final = 1.6
_BAR_SHARE: Final = 0.27
_LATITUDES: Final = (8.0, 24.0)  # of Viet Nam


class _View(NamedTuple):
    """What part of the ground the frame shows: lower left corner in metres, metres a millimetre."""

    west: float
    south: float
    scale: float
    to_plane: Transformer

    def at(self, lonlat: Any) -> Points:  # noqa: ANN401
        """Place points (longitude, latitude) on the sheet, in millimetres."""
        lon, lat = np.asarray(lonlat, dtype=float).reshape(-1, 2).T
        east, north = self.to_plane.transform(lon, lat)
        return self.on_sheet(np.column_stack([east, north]))

    def on_sheet(self, metres: Points) -> Points:
        """Place points in metres on the sheet, in millimetres."""
        left, bottom, _, _ = _FRAME
        return (metres - (self.west, self.south)) / self.scale + (left, bottom)


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


def map_title(state: Snapshot, w: Words) -> str:
    """Name the map."""
    name = w.pick(str(state.total["name_vi"]), str(state.total["name_en"]))
    return w("{province}: fill rate of industrial parks and clusters by zone", province=name)


def subtitle(state: Snapshot, w: Words) -> str:
    """Say for what day and on what boundaries a map speaks, and whether it is of a scenario."""
    source = state.boundary_source
    parts = [
        w("Figures as of {date}", date=day(state.as_of)),
        f"{w('Boundaries')}: {w.pick(source.name_vi, source.name_en)}",
    ]
    if any(one.assumed for one in state.states.values()):
        parts.append(w("Holds assumptions of a scenario: not facts"))
    return f"{'. '.join(parts)}."


def map_figure(province: Province, state: Snapshot, *, lang: Lang) -> Figure:
    """Draw the map of a province on a sheet."""
    w = words(lang)
    outlines = drawn_outlines(province.communes, province.zones)
    places = label_places(outlines)
    base = base_payload(
        province.resolution,
        province.boundary_source,
        outlines,
        province.facts,
        w,
    )
    account = account_payload(
        state,
        w,
        places=places,
        shown=frozenset(str(key) for key in state.areas.index),
        chosen=("", ""),
        tiles=False,
    )
    crs = province.resolution.crs
    plane = outlines.to_crs(crs)
    view = _view(plane, crs)
    figure = new_sheet(WIDE, HIGH)
    page = page_axes(figure)
    ground = _ground_axes(figure)
    _draw_zones(ground, plane, account, view)
    _draw_roads(ground, base, view)
    _draw_areas(ground, base, account, view)
    _draw_labels(ground, plane, account, zone_marks(state.zones), view)
    _draw_frame(page, view, state, w)
    _draw_panel(page, base, state, w)
    return figure


def map_extent(province: Province) -> tuple[float, float, float, float]:
    """Give west, south, east, north of what a map shows, in degrees."""
    crs = province.resolution.crs
    plane = drawn_outlines(province.communes, province.zones).to_crs(crs)
    view = _view(plane, crs)
    left, bottom, right, top = _FRAME
    frame = shapely.box(
        view.west,
        view.south,
        view.west + (right - left) * view.scale,
        view.south + (top - bottom) * view.scale,
    )
    corners = gpd.GeoSeries([shapely.segmentize(frame, 10_000)], crs=crs).to_crs(WGS84)
    west, south, east, north = (float(value) for value in corners.total_bounds)
    return west, south, east, north


def _view(plane: gpd.GeoDataFrame, crs: str) -> _View:
    west, south, east, north = (float(value) for value in plane.total_bounds)
    left, bottom, right, top = _FRAME
    wide, high = right - left, top - bottom
    scale = (1.0 + 2.0 * _ROOM) * max((east - west) / wide, (north - south) / high)
    to_plane = Transformer.from_crs(WGS84, crs, always_xy=True)
    middle = (west + east) / 2.0
    # A narrow province moves to the right of the sheet rather than showing more of the sea.
    limit = min(float(to_plane.transform(EAST_LIMIT, lat)[0]) for lat in _LATITUDES)
    first = min(middle - wide * scale / 2.0, limit - wide * scale)
    return _View(first, (south + north) / 2.0 - high * scale / 2.0, scale, to_plane)


def _ground_axes(figure: Figure) -> Axes:
    left, bottom, right, top = _FRAME
    axes = figure.add_axes(
        (left / WIDE, bottom / HIGH, (right - left) / WIDE, (top - bottom) / HIGH),
    )
    axes.set(xlim=(left, right), ylim=(bottom, top))
    axes.set_facecolor("#eef1f4")
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color("#55616d")
        spine.set_linewidth(0.8)
    return axes


def _draw_zones(
    axes: Axes,
    plane: gpd.GeoDataFrame,
    account: dict[str, Any],
    view: _View,
) -> None:
    for key, group, shape in zip(plane.index, plane["group"], plane.geometry, strict=True):
        path = outline_path(shapely.transform(shape, view.on_sheet))
        if path is None:
            continue
        if group == "base_partition":
            sign = account["zones"][str(key)]["sign"]
            axes.add_patch(fill_patch(path, sign, edgecolor="none", linewidth=0.0, zorder=1))
            axes.add_patch(
                PathPatch(path, fill=False, edgecolor=INK, linewidth=0.7, zorder=2),
            )
        elif group == "economic_zone":
            line = style.OUTLINES["economic_zone"]
            axes.add_patch(
                PathPatch(
                    path,
                    fill=False,
                    edgecolor=str(line["color"]),
                    linewidth=1.3,
                    linestyle=dashes(line["dashArray"]),
                    zorder=3,
                ),
            )


def _draw_roads(axes: Axes, base: dict[str, Any], view: _View) -> None:
    left, bottom, right, top = _FRAME
    inside = shapely.box(left + 4.0, bottom + 3.0, right - 4.0, top - 3.0)
    named: list[Points] = []
    for road in base["roads"]:
        points = view.at([(lon, lat) for lat, lon in road["line"]])
        line = road["style"]
        axes.plot(
            *points.T,
            color=str(line["color"]),
            linewidth=0.45 * float(line["weight"]),
            linestyle=dashes(line.get("dashArray")),
            zorder=3,
            solid_capstyle="round",
        )
        if not road["shield"]:
            continue
        for share in (0.5, 0.35, 0.65, 0.2, 0.8):
            place = points[round(share * (len(points) - 1))]
            clear = all(np.hypot(*(place - other)) > 11.0 for other in named)  # noqa: PLR2004
            if clear and inside.contains(shapely.Point(place)):
                named.append(place)
                box = {"boxstyle": "round,pad=0.18", "fc": "white", "ec": "#6b7480", "lw": 0.4}
                write(
                    axes,
                    float(place[0]),
                    float(place[1]),
                    road["shield"],
                    size=4.8,
                    ha="center",
                    va="center",
                    bbox=box,
                    zorder=4,
                    color="#3c4650",
                )
                break


def _draw_areas(
    axes: Axes,
    base: dict[str, Any],
    account: dict[str, Any],
    view: _View,
) -> None:
    left, bottom, right, top = _FRAME
    for node in base["nodes"]:
        lat, lon = node["place"]
        [[x, y]] = view.at([(lon, lat)])
        if left + 2.0 < x < right - 2.0 and bottom + 2.0 < y < top - 2.0:
            draw_node(axes, node["type"], x, y, planned=node["planned"], radius=1.7)
    areas = account["areas"]
    if not areas:
        return
    homes = view.at([(area["place"][1], area["place"][0]) for area in areas])
    radii = [_radius(area) for area in areas]
    for area, home, (x, y), radius in zip(
        areas,
        homes,
        spread(homes, radii, _REACH_MM),
        radii,
        strict=True,
    ):
        if math.hypot(x - home[0], y - home[1]) > _LEADER_MM:
            axes.plot([home[0], x], [home[1], y], color=area["sign"]["edge"], lw=0.5, zorder=5)
        draw_symbol(axes, area["sign"], x, y, radius)


def _radius(area: dict[str, Any]) -> float:
    hectares = area["ha"] if math.isfinite(area["ha"]) else 0.0
    pixels = max(area["sign"]["least"], _GROWTH * math.sqrt(max(hectares, 0.0)))
    return float(_PIXEL_MM * pixels)


def _draw_labels(
    axes: Axes,
    plane: gpd.GeoDataFrame,
    account: dict[str, Any],
    marks: dict[str, str],
    view: _View,
) -> None:
    box = {"boxstyle": "round,pad=0.25", "fc": (1.0, 1.0, 1.0, 0.8), "ec": "none"}
    for zone in account["zones"].values():
        if zone["label"] is None:
            continue
        lat, lon = zone["label"]["place"]
        [[x, y]] = view.at([(lon, lat)])
        mark, rate = (printable(text) for text in zone["label"]["texts"])
        write(
            axes,
            x,
            y,
            f"{mark}: {rate}",
            size=8.5,
            bold=True,
            ha="center",
            va="center",
            zorder=8,
            bbox=box,
        )
    economic = plane[plane["group"] == "economic_zone"]
    for key, shape in economic.geometry.items():
        largest = max(shapely.get_parts(shape), key=shapely.area)
        corners = view.on_sheet(shapely.get_coordinates(largest))
        x, y = corners[np.argmax(corners[:, 1])]
        write(
            axes,
            x,
            y + 1.0,
            marks[str(key)],
            size=7.0,
            bold=True,
            color=style.ECONOMIC_ZONE,
            ha="center",
            zorder=8,
            bbox=box,
        )


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


def _draw_frame(page: Axes, view: _View, state: Snapshot, w: Words) -> None:
    left, bottom, right, _ = _FRAME
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
    _, _, right, top = _FRAME
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
    write_lines(page, _FRAME[0], _FRAME[1] - 4.0, lines, size=6.2, step_mm=2.9, color=QUIET)


def _draw_panel(page: Axes, base: dict[str, Any], state: Snapshot, w: Words) -> None:
    left, right = _PANEL
    legend, y = base["legend"], _FRAME[3] - 3.0
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
        if y - 3.0 * len(name) - 2.9 * len(told) < _FRAME[1] - 2.0:
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
