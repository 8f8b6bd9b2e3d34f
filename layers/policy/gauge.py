"""A measured value with its bounds as a bar, and the threshold that it is held against.

Solid up to the lowest possible value, hatched from there to the highest one, a line where the
threshold lies. The same stands beside it in words; nothing is told by colour alone.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from layers.numbers import exact, known
from layers.policy.verdicts import STANDING, VERDICT, range_text
from layers.safe_html import Html, element

if TYPE_CHECKING:
    from layers.words import Words

_OPERATORS: Final = {">=": "≥ ", ">": "> ", "<=": "≤ ", "<": "< "}
_FULL: Final = 100.0
# Room to the right of the last thing drawn.
_ROOM: Final = 1.15
# How far a range may outgrow its threshold before the bar is cut.
_LONGEST: Final = 2.5
# Right of here the label of the threshold stands left of its line, so as to stay inside.
_LABEL_TURNS: Final = 75.0
_SIGNS: Final = {
    "met": "✓",
    "holds": "✓",
    "not_met": "✕",
    "fails": "✕",
    "cannot_tell": "?",
    "not_measurable": "-",
}
_CLASSES: Final = {
    "met": "yes",
    "holds": "yes",
    "not_met": "no",
    "fails": "no",
    "cannot_tell": "open",
    "not_measurable": "none",
}


class Measured(NamedTuple):
    """What a bar shows: value of the known part, bounds (None: none), unit, threshold."""

    value: float | None
    low: float | None
    high: float | None
    unit: str
    operator: str
    threshold: float | None
    threshold_max: float | None = None


def verdict_html(verdict: str, w: Words) -> Html:
    """Write a verdict with its sign: a disc, a square, a lozenge, or a dash."""
    return element(
        "span",
        element("i", _SIGNS[verdict], aria_hidden="true"),
        element("b", w.of(VERDICT, verdict)),
        class_=f"verdict {_CLASSES[verdict]}",
    )


def sign_html(verdict: str) -> Html:
    """Draw the sign of a verdict alone; the word stands beside it."""
    sign = element("i", _SIGNS[verdict], aria_hidden="true")
    return element("span", sign, class_=f"verdict {_CLASSES[verdict]}")


def standing_html(standing: str, w: Words) -> Html:
    """Write how far a condition is law."""
    return element("span", w.of(STANDING, standing), class_=f"standing {standing}")


def threshold_text(measured: Measured, unit: str, w: Words) -> str:
    """Write the threshold with its sign: "> 70 %"."""
    if measured.threshold is None:
        return ""
    sign = _OPERATORS.get(measured.operator, "")
    value = exact(measured.threshold, w.lang)
    if measured.threshold_max is not None:
        value = f"{value}-{exact(measured.threshold_max, w.lang)}"
    return f"{sign}{value} {unit}".strip()


def end_of_scale(measured: Measured) -> float:
    """Where the bar ends: 100 for a rate, else beyond threshold and bounds, within reason."""
    if measured.unit.startswith("%"):
        return _FULL
    marks = [measured.threshold or 0.0, measured.threshold_max or 0.0]
    reach = [end for end in (measured.value, measured.low, measured.high) if end is not None]
    longest = max(marks) * _LONGEST or max(reach, default=1.0)
    end = min(max([*marks, *reach]), longest) * _ROOM or 1.0
    step = 10.0 ** math.floor(math.log10(end)) / 2
    return math.ceil(end / step) * step


def bar_html(measured: Measured, unit: str, w: Words) -> Html:
    """Draw the bar.

    Parameters
    ----------
    unit
        The word for the unit.
    """
    end = end_of_scale(measured)

    def at(value: float) -> float:
        return min(100.0, max(0.0, value / end * 100.0))

    parts: list[Html] = []
    low, high, value = measured.low, measured.high, measured.value
    if low is None and high is None:
        parts.append(element("i", class_="unknown"))
    else:
        first, last = at(low or 0.0), 100.0 if high is None else at(high)
        cut = high is None or high > end
        parts.append(element("i", class_="sure", style=f"width:{first:.2f}%"))
        width = max(last - first, 0.0)
        parts.append(
            element(
                "i",
                class_="span endless" if cut else "span",
                style=f"left:{first:.2f}%;width:{width:.2f}%",
            ),
        )
    if value is not None and known(value):
        parts.append(element("i", class_="known", style=f"left:{at(value):.2f}%"))
    label: Html | str = ""
    if measured.threshold is not None:
        left = at(measured.threshold)
        parts += [
            element("i", class_="threshold", style=f"left:{at(mark):.2f}%")
            for mark in (measured.threshold, measured.threshold_max)
            if mark is not None
        ]
        side = "right" if left > _LABEL_TURNS else "left"
        place = f"right:{100.0 - left:.2f}%" if side == "right" else f"left:{left:.2f}%"
        label = element("span", threshold_text(measured, unit, w), class_=side, style=place)
    return element(
        "div",
        element("div", label, class_="above", aria_hidden="true"),
        element("div", *parts, class_="scale", aria_hidden="true"),
        element(
            "div",
            element("span", "0"),
            element("span", f"{exact(end, w.lang)} {unit}".strip()),
            class_="ends",
            aria_hidden="true",
        ),
        class_="gauge",
        role="img",
        aria_label=_told(measured, unit, w),
    )


def _told(measured: Measured, unit: str, w: Words) -> str:
    bounds = range_text(measured.low, measured.high, measured.unit, w) or w("no data")
    return w(
        "measured {value}, threshold {threshold}",
        value=bounds,
        threshold=threshold_text(measured, unit, w) or "-",
    )


def headline(measured: Measured, *, known_areas: int | None, w: Words) -> tuple[str, str]:
    """Write the measured value and a remark; bounds that say nothing give way to words."""
    bounds = range_text(measured.low, measured.high, measured.unit, w)
    value = range_text(measured.value, measured.value, measured.unit, w)
    if not bounds and not value:
        return w("no data"), ""
    if not value and not known_areas:
        return w("no data"), w("possible: {range}", range=bounds) if bounds else ""
    if not bounds:
        return value, w("known part; no bounds")
    if not value or value == bounds:
        return bounds, ""
    return bounds, w("known part {rate}", rate=value)
