"""Signs of the layers: one list of classes, drawn by QGIS, by SLD and by KML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from layers import style
from layers.words import GROUP, KIND, LINK_STATUS, NODE, STATUS, mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.exchange.layer import Layer
    from layers.style import ZoneSign
    from layers.words import Words

# What tells the classes of a layer apart, in this order.
CLASSED_BY: Final[dict[str, tuple[str, ...]]] = {
    "zones": ("group", "map_sign"),
    "areas": ("kind", "status"),
    "communes": (),
    "roads": ("class", "status"),
    "nodes": ("type", "status"),
    "outlines": ("kind", "status"),
    "plots": ("status",),
    "ranking": ("outcome",),
}
ROAD: Final = {
    "expressway": mark("Expressway"),
    "national_road": mark("National road"),
    "ho_chi_minh_road": mark("Hồ Chí Minh road"),
    "coastal_road": mark("Coastal road"),
}
PLOT: Final = {
    "leased": mark("leased"),
    "approved": mark("approved"),
    "available": mark("available"),
    "reserved": mark("reserved"),
    "not_cleared": mark("not cleared"),
}
_PLOTS: Final = {
    "leased": "#253494",
    "approved": "#2c7fb8",
    "available": "#a1dab4",
    "reserved": "#e0c878",
    "not_cleared": "#b99a83",
}
OUTCOME: Final = {
    "verified": mark("meets every limit"),
    "unsure": mark("a limit can't be told"),
    "excluded": mark("fails a limit"),
}
_OUTCOMES: Final = {"verified": "#2c7fb8", "unsure": "#a1dab4"}
_NODE: Final = "#3d4f60"
_OTHER: Final = "#6b7680"
_SIGNS_OF_PARTS: Final = 2


@dataclass(frozen=True)
class Sign:
    """How one class of a layer is drawn.

    Attributes
    ----------
    values
        Of the fields in `CLASSED_BY`; None where the field is empty.
    fill, stripe
        Colours as "#rrggbb"; "" for none. `wide` stripes are those of an interval.
    dash
        Lengths in pixels, "7 4"; "" for a full line.
    shape
        Of a point: square, disc, diamond or triangle.
    """

    values: tuple[str | None, ...]
    label: str
    fill: str = ""
    opacity: float = 1.0
    stripe: str = ""
    wide: bool = False
    stroke: str = "#2f3942"
    width: float = 1.1
    dash: str = ""
    shape: str = "disc"
    size: float = 10.0


def zone_code(zone: Mapping[str, Any]) -> str:
    """Name the sign of a zone: "rate-2", "rate-2-partly", "range-1-3", "unknown" or "empty".

    Numbers are classes of 20 points, as :func:`layers.style.rate_class` gives them.

    Examples
    --------
    >>> zone = dict.fromkeys(("fill_rate_pct", "coverage_land_pct"), float("nan"))
    >>> zone_code(zone | {"areas_count": 0})
    'empty'
    """
    sign = style.zone_sign(zone)
    if sign == style.unknown_sign():
        return "unknown"
    if sign == style.empty_sign():
        return "empty"
    low = style.RAMP.index(sign["fill"])
    if sign["wide"]:
        high = style.RAMP.index(sign["stripe"]) if sign["stripe"] in style.RAMP else low
        return f"range-{low}-{high}"
    return f"rate-{low}-partly" if sign["stripe"] else f"rate-{low}"


def _zone_sign(code: str) -> ZoneSign:
    form, *rest = code.split("-")
    middles = [style.CLASS_WIDTH * (int(part) + 0.5) for part in rest if part.isdigit()]
    if form == "rate":
        return style.known_sign(middles[0], partly=len(rest) == _SIGNS_OF_PARTS)
    if form == "range":
        return style.range_sign(*middles)
    return style.empty_sign() if form == "empty" else style.unknown_sign()


def _zone_label(code: str, w: Words) -> str:
    form, *rest = code.split("-")
    if form == "empty":
        return w("no areas in operation")
    if form == "unknown":
        return w("no data")
    ends = [int(part) for part in rest if part.isdigit()]
    width = int(style.CLASS_WIDTH)
    label = f"{w('Fill rate')} {ends[0] * width}-{(ends[-1] + 1) * width} %"
    if form == "range":
        return f"{label}, {w('only reported, not from land figures')}"
    partly = w("less than half known, or a range over 50 points")
    return f"{label}, {partly}" if len(rest) == _SIGNS_OF_PARTS else label


def _zone(values: tuple[str | None, ...], w: Words) -> Sign:
    group, code = values[0] or "", values[1] or "unknown"
    if group != "base_partition":
        line = style.OUTLINES[group]
        return Sign(
            values,
            w.of(GROUP, group),
            stroke=str(line["color"]),
            width=float(str(line["weight"])),
            dash=str(line["dashArray"]),
        )
    sign = _zone_sign(code)
    return Sign(
        values,
        _zone_label(code, w),
        fill=sign["fill"],
        opacity=sign["opacity"],
        stripe=sign["stripe"],
        wide=sign["wide"],
    )


def _area(values: tuple[str | None, ...], w: Words) -> Sign:
    kind, status = values[0] or "", values[1] or "unknown"
    sign = style.area_sign(kind, status)
    return Sign(
        values,
        f"{w.of(KIND, kind)}, {w.of(STATUS, status)}",
        fill="" if sign["filling"] == "none" else sign["colour"],
        opacity=0.5 if sign["filling"] == "half" else 1.0,
        stroke=sign["edge"],
        dash=sign["dash"],
        shape=sign["shape"],
        size=2 * sign["least"],
    )


def _road(values: tuple[str | None, ...], w: Words) -> Sign:
    road, status = values[0] or "", values[1] or ""
    line = style.road_style(road, status)
    return Sign(
        values,
        f"{w.of(ROAD, road)}, {w.of(LINK_STATUS, status)}",
        stroke=str(line["color"]),
        width=float(str(line["weight"])),
        dash=str(line.get("dashArray", "")),
    )


def _node(values: tuple[str | None, ...], w: Words) -> Sign:
    node, status = values[0] or "", values[1] or ""
    return Sign(
        values,
        f"{w.of(NODE, node)}, {w.of(LINK_STATUS, status)}",
        fill=_NODE if status == "in_use" else "",
        stroke=_NODE,
        shape="triangle",
    )


def _plot(values: tuple[str | None, ...], w: Words) -> Sign:
    status = values[0] or ""
    if status not in _PLOTS:
        return Sign(
            values,
            w("status unknown"),
            fill=style.UNKNOWN_FILL,
            stripe=style.UNKNOWN_STRIPE,
        )
    return Sign(values, w.of(PLOT, status), fill=_PLOTS[status], opacity=style.OPACITY)


def _outcome(values: tuple[str | None, ...], w: Words) -> Sign:
    outcome = values[0] or ""
    fill = _OUTCOMES.get(outcome, "")
    return Sign(values, w.of(OUTCOME, outcome), fill=fill, shape="square")


def _commune(values: tuple[str | None, ...], w: Words) -> Sign:
    return Sign(values, w("Commune"), stroke="#8a949e", width=0.6)


_MAKERS: Final = {
    "zones": _zone,
    "areas": _area,
    "communes": _commune,
    "roads": _road,
    "nodes": _node,
    "outlines": _area,
    "plots": _plot,
    "ranking": _outcome,
}


def other_sign(layer: Layer, w: Words) -> Sign | None:
    """Give the sign of what is of no class that the layer has; None where there are no classes.

    Somebody may draw or change features in a file whose style knows only what was in it.
    """
    if not CLASSED_BY[layer.key]:
        return None
    ground = layer.about.geometry == "polygon"
    return Sign(
        (),
        w("other"),
        fill=style.UNKNOWN_FILL,
        stripe=style.UNKNOWN_STRIPE if ground else "",
        stroke=_OTHER,
    )


def class_of(layer: Layer, record: Mapping[str, Any]) -> tuple[str | None, ...]:
    """Give the values that a record is classed by."""
    return tuple(record[field] for field in CLASSED_BY[layer.key])


def signs(layer: Layer, w: Words) -> tuple[Sign, ...]:
    """Give the signs of the classes that a layer has, in the order of its records."""
    classes = dict.fromkeys(class_of(layer, record) for record in layer.records)
    return tuple(_MAKERS[layer.key](values, w) for values in classes)
