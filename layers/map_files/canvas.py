"""A sheet to draw on without a browser: pictures (PNG) and pages (PDF), twice the same.

The letters are those of DejaVu Sans, which Matplotlib carries and which has all of Vietnamese,
so that a picture looks alike on every machine. A text is never read as a formula.
"""

from __future__ import annotations

import functools
import io
import textwrap
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.text import Text

INK: Final = "#1c2733"
QUIET: Final = "#55616d"
MM: Final = 1 / 25.4
DPI: Final = 200
_FONT: Final = f"{mpl.get_data_path()}/fonts/ttf/DejaVuSans.ttf"
_BOLD: Final = f"{mpl.get_data_path()}/fonts/ttf/DejaVuSans-Bold.ttf"
_POINT_MM: Final = 25.4 / 72
_MISSING: Final = "\N{WHITE SQUARE}"

# Letters as letters and not as drawings, so that a PDF can be searched.
mpl.rcParams["pdf.fonttype"] = 42


def new_sheet(wide_mm: float, high_mm: float) -> Figure:
    """Open a white sheet."""
    return Figure(figsize=(wide_mm * MM, high_mm * MM), facecolor="white")


def png_bytes(figure: Figure, dpi: int = DPI) -> bytes:
    """Draw a sheet as PNG; nothing in the file tells when or by what it was made."""
    out = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(out, format="png", dpi=dpi, metadata={"Software": None})
    return out.getvalue()


def pdf_bytes(figure: Figure, title: str) -> bytes:
    """Draw a sheet as a page of PDF, whose letters can be searched; no date is in the file."""
    out = io.BytesIO()
    FigureCanvasPdf(figure)
    about = {"Title": printable(title), "CreationDate": None, "Producer": None, "Creator": None}
    figure.savefig(out, format="pdf", metadata=about)
    return out.getvalue()


@functools.cache
def _letters() -> frozenset[int]:
    return frozenset(FT2Font(_FONT).get_charmap())


@functools.cache
def _font(*, bold: bool) -> FT2Font:
    return FT2Font(_BOLD if bold else _FONT)


def printable(text: str) -> str:
    r"""Make a text one line of letters that the font has.

    Examples
    --------
    >>> printable("Khu công nghiệp\n\x07Nghĩa Đàn")
    'Khu công nghiệp □Nghĩa Đàn'
    """
    line = " ".join(text.split())
    return "".join(letter if ord(letter) in _letters() else _MISSING for letter in line)


def width_mm(text: str, size: float, *, bold: bool = False) -> float:
    """Measure a line of text: millimetres at a size in points."""
    font = _font(bold=bold)
    # At ten times the size: the grid of small letters would make them narrower than drawn.
    font.set_size(size, 720.0)
    font.set_text(text)
    return float(font.get_width_height()[0]) / 640.0 * _POINT_MM


def wrapped(text: str, wide_mm: float, size: float, *, most: int = 0) -> list[str]:
    """Break a text into lines of a width; `most` lines, the last with "…" where it is longer."""
    clean = printable(text)
    if not clean:
        return []
    letters = max(4, int(wide_mm / (width_mm(clean, size) / len(clean))))
    lines = textwrap.wrap(clean, letters, break_long_words=True)
    while any(width_mm(line, size) > wide_mm for line in lines) and letters > 4:  # noqa: PLR2004
        letters -= 1
        lines = textwrap.wrap(clean, letters, break_long_words=True)
    if most and len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1][: letters - 1].rstrip()}…"]
    return lines


def write(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    *,
    size: float = 7.0,
    bold: bool = False,
    **how: Any,  # noqa: ANN401 (of Axes.text)
) -> Text:
    """Write one line; it is text, whatever stands in it."""
    font = FontProperties(fname=_BOLD if bold else _FONT, size=size)
    how = {"color": INK, "va": "baseline", **how}
    return axes.text(x, y, printable(text), fontproperties=font, parse_math=False, **how)


def write_lines(
    axes: Axes,
    x: float,
    y: float,
    lines: Sequence[str],
    *,
    size: float = 7.0,
    step_mm: float = 3.2,
    **how: Any,  # noqa: ANN401 (of write)
) -> float:
    """Write lines one below the other on axes in millimetres; gives the height of the next."""
    for line in lines:
        write(axes, x, y, line, size=size, **how)
        y -= step_mm
    return y


def page_axes(figure: Figure) -> Axes:
    """Lay axes over the whole sheet, in millimetres from its lower left corner."""
    wide, high = (float(length) / MM for length in figure.get_size_inches())
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(0.0, wide), ylim=(0.0, high))
    axes.set_axis_off()
    axes.set_zorder(2)
    return axes
