"""Charts of the report as pictures: rates with their ranges, land that is leased and not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import matplotlib as mpl
from matplotlib.patches import Rectangle

from layers import style
from layers.map_files.canvas import (
    INK,
    QUIET,
    new_sheet,
    page_axes,
    png_bytes,
    printable,
    width_mm,
    wrapped,
    write,
    write_lines,
)
from layers.numbers import hectares, known
from layers.words import mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from layers.words import Words

WIDE_MM: Final = 165.0
_LEFT, _RIGHT = 62.0, 118.0  # millimetres: where bars begin and end
_ROW_MM: Final = 9.0
_HEAD_MM: Final = 13.0
_SCALE: Final = 100.0
_LEAST: Final = 0.8  # a bar that can be seen
_LEASED, _AVAILABLE = style.RAMP[3], "#ffffff"
_SHORT_LEASED, _SHORT_AVAILABLE = mark("leased"), mark("available")
_GRID: Final = (0.0, 20.0, 40.0, 60.0, 80.0, 100.0)

# Lines of hatching are thin; the width is the same in all files.
mpl.rcParams["hatch.linewidth"] = 0.6


class RateBar(NamedTuple):
    """A rate in percent: its range, the known part, and how it is written; None unknown.

    `empty` where there is nothing to fill.
    """

    name: str
    text: str
    low: float | None
    high: float | None
    middle: float | None
    empty: bool = False


class LandBar(NamedTuple):
    """Land in hectares: leased, available, and of areas without figures; None unknown."""

    name: str
    text: str
    leased: float | None
    available: float | None
    without: float | None

    @property
    def parts(self) -> tuple[float | None, float | None, float | None]:
        """The three parts, in the order of drawing."""
        return self.leased, self.available, self.without


def rate_picture(bars: Sequence[RateBar], w: Words) -> bytes:
    """Draw rates: the range as a bar, the known part as a mark; hatched grey where unknown."""
    page = _sheet(len(bars))
    high = _HEAD_MM + _ROW_MM * len(bars) + 8.0
    _rate_key(page, high, w)
    for tick in _GRID:
        x = _at(tick)
        page.plot([x, x], [6.0, high - _HEAD_MM], color="#d5dbe0", lw=0.5, zorder=0)
        write(page, x, 1.5, f"{tick:.0f} %", size=6.5, ha="center", color=QUIET)
    for row, bar in enumerate(bars):
        y = high - _HEAD_MM - _ROW_MM * (row + 1) + 2.0
        _name(page, bar.name, y)
        if bar.empty:
            _box(page, 0.0, _SCALE, y, style.EMPTY_FILL)
        elif bar.low is None or bar.high is None or not (known(bar.low) and known(bar.high)):
            _box(page, 0.0, _SCALE, y, style.UNKNOWN_FILL, hatch=style.UNKNOWN_STRIPE)
        else:
            low = min(bar.low, _SCALE - _LEAST)
            _box(page, low, max(bar.high, low + _LEAST), y, style.RAMP[1])
        if bar.middle is not None and known(bar.middle):
            x = _at(bar.middle)
            page.plot([x, x], [y - 0.8, y + 5.3], color=INK, lw=1.8, zorder=3)
        text = wrapped(bar.text, WIDE_MM - _RIGHT - 3.0, 7.0, most=2)
        write_lines(page, _RIGHT + 3.0, y + (2.6 if len(text) > 1 else 1.0), text, size=7.0)
    return _drawn(page)


def land_picture(bars: Sequence[LandBar], w: Words) -> bytes:
    """Draw land in hectares: leased, available, and hatched that of areas without figures."""
    page = _sheet(len(bars))
    high = _HEAD_MM + _ROW_MM * len(bars) + 8.0
    most = max((sum(map(_some, bar.parts)) for bar in bars), default=0.0) or 1.0
    keys = (
        (w("leased land"), _LEASED, ""),
        (w("available land"), _AVAILABLE, ""),
        (w("total area of areas without figures"), style.UNKNOWN_FILL, style.UNKNOWN_STRIPE),
    )
    x = 2.0
    for name, fill, hatch in keys:
        _mark(page, x, high - 6.0, fill, hatch)
        write(page, x + 8.0, high - 5.4, name, size=6.5)
        x += 12.0 + width_mm(printable(name), 6.5)
    for row, bar in enumerate(bars):
        y = high - _HEAD_MM - _ROW_MM * (row + 1) + 2.0
        _name(page, bar.name, y)
        at = 0.0
        for part, (_, fill, hatch) in zip(bar.parts, keys, strict=True):
            size = _some(part) / most * _SCALE
            if size > 0.0:
                _box(page, at, at + size, y, fill, hatch=hatch)
            at += size
        text = wrapped(bar.text, WIDE_MM - _RIGHT - 3.0, 7.0, most=2)
        write_lines(page, _RIGHT + 3.0, y + (2.6 if len(text) > 1 else 1.0), text, size=7.0)
    return _drawn(page)


def land_text(leased: float | None, available: float | None, w: Words) -> str:
    """Write leased and available land beside its bar."""
    texts = [
        f"{w(name)} {hectares(value, w.lang) or w('no data')}"
        for name, value in ((_SHORT_LEASED, leased), (_SHORT_AVAILABLE, available))
    ]
    return "; ".join(texts)


def _some(value: float | None) -> float:
    """Length of a bar; what isn't known has none and is written."""
    return value if value is not None and known(value) else 0.0


def _sheet(count: int) -> Axes:
    figure = new_sheet(WIDE_MM, _HEAD_MM + _ROW_MM * count + 8.0)
    return page_axes(figure)


def _drawn(page: Axes) -> bytes:
    figure: Any = page.figure
    return png_bytes(figure)


def _at(percent: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * percent / _SCALE


def _name(page: Axes, name: str, y: float) -> None:
    lines = wrapped(name, _LEFT - 4.0, 7.0, most=2)
    write_lines(page, 1.0, y + (2.6 if len(lines) > 1 else 1.0), lines, size=7.0)


def _box(page: Axes, low: float, high: float, y: float, fill: str, *, hatch: str = "") -> None:
    patch = Rectangle(
        (_at(low), y),
        _at(high) - _at(low),
        4.5,
        facecolor=fill,
        edgecolor="#46525e",
        linewidth=0.5,
        zorder=2,
    )
    if hatch:
        patch.set_hatch("////")
        patch.set_hatchcolor(hatch)
    page.add_patch(patch)


def _mark(page: Axes, x: float, y: float, fill: str, hatch: str) -> None:
    patch = Rectangle((x, y), 6.5, 3.2, facecolor=fill, edgecolor="#46525e", linewidth=0.5)
    if hatch:
        patch.set_hatch("////")
        patch.set_hatchcolor(hatch)
    page.add_patch(patch)


def _rate_key(page: Axes, high: float, w: Words) -> None:
    y = high - 6.0
    _mark(page, 2.0, y, style.RAMP[1], "")
    write(page, 10.0, y + 0.6, w("bounds: lowest to highest that is possible"), size=7.0)
    page.plot([84.0, 84.0], [y - 0.3, y + 3.5], color=INK, lw=1.8)
    write(page, 86.5, y + 0.6, w("known part"), size=7.0)
    _mark(page, 116.0, y, style.UNKNOWN_FILL, style.UNKNOWN_STRIPE)
    write(page, 124.0, y + 0.6, w("no data"), size=7.0)
