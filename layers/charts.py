"""Charts over time: points as sources print them, and what was known on each date as a step line.

All texts of a tooltip are written in Python, with the numbers and partial dates of the language;
the axes take theirs from a locale in the chart. Nothing is loaded from anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import altair as alt
import pandas as pd

from layers.words import BASIS_SHORT

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from data._message import Lang
    from layers.words import Words

HEIGHT: Final = 250
LOW_HEIGHT: Final = 96
INK: Final = "#1c2733"
QUIET: Final = "#55616d"
LINE: Final = "#0b5a8a"
SECOND: Final = "#a4561a"
TARGET: Final = "#7a3db8"
FONT: Final = "'Segoe UI', 'Noto Sans', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"

# Shape and colour say the same.
_SIGNS: Final = {
    "kcn_2022": ("#0b5a8a", "circle"),
    "kcn_2018": ("#b5651d", "square"),
    "ccn_2024": ("#1d6b52", "triangle-up"),
    "reported": ("#55616d", "diamond"),
}


class Threshold(NamedTuple):
    """A value that a document asks for, drawn across a chart."""

    value: float
    label: str


def locale(lang: Lang) -> dict[str, Any]:
    """Give the separators of a language as Vega wants them; dates are digits in both.

    Examples
    --------
    >>> locale("vi")["number"]["decimal"]
    ','
    """
    decimal, thousands = (",", ".") if lang == "vi" else (".", ",")
    separators = {"decimal": decimal, "thousands": thousands}
    return {"number": {**separators, "grouping": [3], "currency": ["", ""]}}


def finished(chart: alt.LayerChart, w: Words, *, description: str, height: int) -> alt.LayerChart:
    """Give a chart its size, its fonts and the numbers of the language."""
    settings = alt.Config(
        font=FONT,
        locale=locale(w.lang),
        customFormatTypes=False,
        axis=alt.AxisConfig(
            labelColor=QUIET,
            titleColor=QUIET,
            labelFontSize=11,
            titleFontSize=11,
            titleFontWeight="normal",
            gridColor="#e6eaee",
            domainColor="#c3cbd3",
            tickColor="#c3cbd3",
            labelLimit=0,
        ),
        legend=alt.LegendConfig(
            orient="top",
            direction="horizontal",
            labelLimit=0,
            labelFontSize=11,
            titleFontSize=11,
            labelColor=INK,
            title=None,
            columns=2,
            symbolSize=70,
            offset=4,
        ),
        view=alt.ViewConfig(stroke=None),
    )
    return chart.properties(
        description=description,
        height=height,
        config=settings,
        padding={"left": 2, "right": 8, "top": 4, "bottom": 2},
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
    )


def _time(first: pd.Timestamp, until: dt.date) -> alt.X:
    end = pd.Timestamp(until)
    years = end.year - first.year
    # Room on the left for the first point.
    start = first - max((end - first) * 0.03, pd.Timedelta(days=20))
    step = max(1, round(years / 8)) if years > 2 else None  # noqa: PLR2004
    axis = alt.Axis(
        title=None,
        format="%Y" if step else "%m/%Y",
        tickCount={"interval": "year", "step": step} if step else 6,
        grid=True,
        labelOverlap=True,
    )
    domain = [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in (start, end)]
    return alt.X("date:T", axis=axis, scale=alt.Scale(domain=domain, nice=False))


def _rate_axis(title: str) -> alt.Y:
    return alt.Y(
        "value:Q",
        title=title,
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(tickCount=5, format=",.0f"),
    )


def _land_axis(title: str) -> alt.Y:
    return alt.Y(
        "value:Q",
        title=title,
        scale=alt.Scale(zero=True, nice=True),
        axis=alt.Axis(tickCount=5, format=",~f"),
    )


def _tooltips(texts: Mapping[str, str]) -> list[alt.Tooltip]:
    """Columns of texts with their headings."""
    return [alt.Tooltip(f"{column}:N", title=title) for column, title in texts.items()]


def _basis_scales(bases: Sequence[str], w: Words) -> tuple[alt.Color, alt.Shape]:
    names = [w.of(BASIS_SHORT, basis) for basis in bases]
    signs = [_SIGNS.get(basis, ("#55616d", "cross")) for basis in bases]
    colour = alt.Color(
        "basis_text:N",
        scale=alt.Scale(domain=names, range=[sign[0] for sign in signs]),
        legend=alt.Legend(title=None, symbolOpacity=1),
    )
    shape = alt.Shape(
        "basis_text:N",
        scale=alt.Scale(domain=names, range=[sign[1] for sign in signs]),
        legend=alt.Legend(title=None),
    )
    return colour, shape


def _changes_of_basis(changes: pd.DataFrame, x: alt.X) -> list[alt.Chart]:
    """Broken rules with a label at the foot, at the dates where the basis changes."""
    if changes.empty:
        return []
    chart = alt.Chart(changes)
    return [
        chart.mark_rule(strokeDash=[2, 3], color=QUIET, strokeWidth=1).encode(x=x),
        chart.mark_text(
            align="left",
            baseline="bottom",
            angle=270,
            dy=-3,
            fontSize=10,
            color=QUIET,
            font=FONT,
        ).encode(x=x, y=alt.value(HEIGHT - 6), text="label:N"),
    ]


def _thresholds(found: Sequence[Threshold]) -> list[alt.Chart]:
    if not found:
        return []
    frame = pd.DataFrame(found, columns=list(Threshold._fields))
    chart = alt.Chart(frame)
    y = alt.Y("value:Q")
    return [
        chart.mark_rule(color=TARGET, strokeDash=[7, 3], strokeWidth=1.4).encode(y=y),
        chart.mark_text(
            align="left",
            baseline="bottom",
            dx=3,
            dy=-2,
            fontSize=10.5,
            color=TARGET,
            font=FONT,
        ).encode(y=y, x=alt.value(0), text="label:N"),
    ]


def _steps(frame: pd.DataFrame, x: alt.X, y: alt.Y, **how: Any) -> alt.Chart:  # noqa: ANN401
    line: alt.Chart = alt.Chart(frame).mark_line(interpolate="step-after", **how).encode(x=x, y=y)
    return line


def rate_chart(
    points: pd.DataFrame,
    steps: pd.DataFrame,
    changes: pd.DataFrame,
    *,
    until: dt.date,
    tooltips: Mapping[str, str],
    thresholds: Sequence[Threshold],
    description: str,
    w: Words,
) -> alt.LayerChart:
    """Draw the fill rate of one area.

    Parameters
    ----------
    points
        `date`, `value` (percent), `basis`, `basis_text` and the columns of `tooltips`.
    steps
        `date`, `value`: the rate that holds from each date on; NaN breaks the line.
    changes
        `date`, `label`: where the basis of the rate changes.
    until
        End of the axis.
    tooltips
        Columns of texts in `points`, with their headings.
    thresholds
        What documents ask for.
    description
        What a screen reader says of the chart.
    """
    x = _time(min(points["date"].min(), steps["date"].min()), until)
    y = _rate_axis(w("Fill rate (%)"))
    colour, shape = _basis_scales(list(dict.fromkeys(points["basis"])), w)
    marks = (
        alt.Chart(points)
        .mark_point(filled=True, size=75, opacity=0.9, stroke="#fff", strokeWidth=0.8)
        .encode(x=x, y=y, color=colour, shape=shape, tooltip=_tooltips(tooltips))
    )
    layers = [
        *_changes_of_basis(changes, x),
        *_thresholds(thresholds),
        _steps(steps, x, y, color=INK, strokeWidth=1.6),
        marks,
    ]
    return finished(alt.LayerChart(layer=layers), w, description=description, height=HEIGHT)


def land_chart(
    points: pd.DataFrame,
    steps: pd.DataFrame,
    *,
    until: dt.date,
    tooltips: Mapping[str, str],
    description: str,
    height: int = HEIGHT,
    w: Words,
) -> alt.LayerChart:
    """Draw leased and leasable land.

    Parameters
    ----------
    points
        `date`, `value` (ha), `what` (the name of the line) and the columns of `tooltips`.
    steps
        `date`, `value`, `what`; NaN breaks a line.
    until
        End of the axis.
    tooltips
        Columns of texts in `points`, with their headings.
    """
    x = _time(min(points["date"].min(), steps["date"].min()), until)
    y = _land_axis(w("Land (ha)"))
    names = [w("leasable land"), w("leased land")]
    colour = alt.Color("what:N", scale=alt.Scale(domain=names, range=[SECOND, LINE]))
    dash = alt.StrokeDash("what:N", scale=alt.Scale(domain=names, range=[[6, 3], [1, 0]]))
    shape = alt.Shape("what:N", scale=alt.Scale(domain=names, range=["square", "circle"]))
    lines = _steps(steps, x, y, strokeWidth=1.8).encode(color=colour, strokeDash=dash)
    marks = (
        alt.Chart(points)
        .mark_point(filled=True, size=60, opacity=0.9, stroke="#fff", strokeWidth=0.8)
        .encode(x=x, y=y, color=colour, shape=shape, tooltip=_tooltips(tooltips))
    )
    return finished(alt.LayerChart(layer=[lines, marks]), w, description=description, height=height)


def zone_rate_chart(
    steps: pd.DataFrame,
    changes: pd.DataFrame,
    *,
    until: dt.date,
    tooltips: Mapping[str, str],
    thresholds: Sequence[Threshold],
    description: str,
    w: Words,
) -> alt.LayerChart:
    """Draw the fill rate of a zone: the known part as a line, its bounds as a band.

    Parameters
    ----------
    steps
        `date`, `value`, `low`, `high` (percent, NaN where unknown), `event` (whether a figure
        changed on the date) and the columns of `tooltips`.
    changes
        `date`, `label`: where the basis of an area changes.
    """
    x = _time(steps["date"].min(), until)
    y = _rate_axis(w("Fill rate (%)"))
    what = [w("bounds: lowest to highest that is possible"), w("known part")]
    colour = alt.Color("what:N", scale=alt.Scale(domain=what, range=["#a9c6dc", INK]))
    band = (
        alt.Chart(steps.assign(what=what[0]))
        .mark_area(interpolate="step-after", opacity=0.55)
        .encode(x=x, y=alt.Y("low:Q", title=w("Fill rate (%)")), y2="high:Q", color=colour)
    )
    line = _steps(steps.assign(what=what[1]), x, y, strokeWidth=1.8).encode(color=colour)
    events = steps[steps["event"] & steps["value"].notna()]
    # Somewhere to point at where nothing but the bounds is known.
    bare = steps[steps["event"] & steps["value"].isna()]
    layers = [
        band,
        *_changes_of_basis(changes, x),
        *_thresholds(thresholds),
        line,
        alt.Chart(events)
        .mark_point(filled=True, size=55, color=INK, stroke="#fff", strokeWidth=0.8, opacity=1)
        .encode(x=x, y=y, tooltip=_tooltips(tooltips)),
        alt.Chart(bare)
        .mark_rule(strokeWidth=2, color=QUIET, opacity=0.4)
        .encode(x=x, y=alt.Y("low:Q"), y2="high:Q", tooltip=_tooltips(tooltips)),
    ]
    return finished(alt.LayerChart(layer=layers), w, description=description, height=HEIGHT)


def coverage_chart(
    steps: pd.DataFrame,
    *,
    until: dt.date,
    description: str,
    w: Words,
) -> alt.LayerChart:
    """Draw how much of the land the known figures cover: `date`, `value` (percent)."""
    x = _time(steps["date"].min(), until)
    y = _rate_axis(w("Land known (%)"))
    area = (
        alt.Chart(steps)
        .mark_area(interpolate="step-after", color="#c3cbd3", line={"color": QUIET, "size": 1})
        .encode(x=x, y=y)
    )
    return finished(alt.LayerChart(layer=[area]), w, description=description, height=LOW_HEIGHT)
