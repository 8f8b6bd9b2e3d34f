"""What the province itself reports of a target, beside what the single areas give."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final, cast

import altair as alt

from data.dates import last_day, printed_date
from geo.completeness import KIND_OF_SCOPE
from geo.verdicts import satisfies
from layers.numbers import day, exact, rate, rate_range
from layers.policy.reasons import lacking_text
from layers.safe_html import Html, element, join
from layers.sources import note_html, sources_html
from layers.words import KINDS, mark

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.snapshot import Snapshot
    from layers.words import Words

    Report = Mapping[str, Any]
    Row = Mapping[str, Any]

FILL_RATE: Final = "fill_rate_pct"
SUBSET: Final = {
    "all": mark("all of them"),
    "state_built": mark("state-built only"),
    "enterprise_built": mark("enterprise-built only"),
}
_REPORTED: Final = {
    FILL_RATE: mark("fill rate"),
    "operating_count": mark("number in operation"),
    "established_count": mark("number established"),
    "area_count": mark("number of areas"),
    "wastewater_central_count": mark("number with a central wastewater plant"),
}
_COLOURS: Final = ("#0b5a8a", "#a35400", "#5b3a8c")
_SHAPES: Final = ("circle", "square", "triangle-up")
_INK: Final = "#1c2733"
_HEIGHT: Final = 260
_SERIES: Final = 2
# Nearer than this, two numbers in the chart would cover one another.
_CLOSE_DAYS: Final = 200
_CLOSE_RATE: Final = 12.0
_MARGIN: Final = 0.08
# Where a number stands beside its point: name, and pixels right and down of it.
_SIDES: Final = (("above", 0, -11), ("below", 0, 14), ("right", 30, 0))


def rates(row: Row) -> list[Report]:
    """Give the reports of the rate that a target asks for, oldest first, undated ones before."""
    if row["metric"] != FILL_RATE:
        return []
    return [report for report in row["reports"] if report["metric"] == FILL_RATE]


def has_series(row: Row) -> bool:
    """Whether there are enough dated rates to draw."""
    return sum(bool(report["as_of"]) for report in rates(row)) >= _SERIES


def _percent(value: float, w: Words) -> str:
    return f"{exact(value, w.lang)} %"


def _source(key: str, snapshot: Snapshot) -> str:
    sources = snapshot.facts.sources
    return str(sources.loc[key, "title"]) if key in sources.index else key


def _kinds(row: Row, w: Words) -> dict[str, str]:
    """Label what the reports speak of: the subset, and the kind where there are several."""
    kinds = {KIND_OF_SCOPE[report["scope"]] for report in rates(row)}
    return {
        f"{report['scope']}.{report['subset']}": w.of(SUBSET, report["subset"])
        if len(kinds) == 1
        else f"{w.of(KINDS, KIND_OF_SCOPE[report['scope']])}: {w.of(SUBSET, report['subset'])}"
        for report in rates(row)
        if report["as_of"]
    }


def _side(report: Report, dated: Sequence[Report], threshold: float) -> str:
    """Where the number of a point stands: above, below what is close, right of the newest.

    Only figures of all areas are written out; the others are told by a touch.
    """
    if report["subset"] != "all":
        return "none"
    if report is [other for other in dated if other["subset"] == "all"][-1]:
        return "right"
    at = _moment(report)
    if 0.0 <= threshold - report["value"] < _CLOSE_RATE:
        return "below"
    return (
        "below"
        if any(
            other is not report
            and abs((_moment(other) - at).days) < _CLOSE_DAYS
            and 0.0 <= other["value"] - report["value"] < _CLOSE_RATE
            for other in dated
        )
        else "above"
    )


def _moment(report: Report) -> dt.date:
    return last_day(report["as_of"]) or dt.date.min


def _on_axis(moment: dt.date) -> alt.DateTime:
    return alt.DateTime(year=moment.year, month=moment.month, date=moment.day)


def chart(row: Row, snapshot: Snapshot, w: Words) -> alt.LayerChart:
    """Draw the reported rates over time, the threshold, and what the single areas give."""
    labels = _kinds(row, w)
    dated = [report for report in rates(row) if report["as_of"]]
    points = [
        {
            "day": _moment(report).isoformat(),
            "rate": report["value"],
            "of": labels[f"{report['scope']}.{report['subset']}"],
            "shown": _percent(report["value"], w),
            "written": exact(report["value"], w.lang),
            "when": printed_date(report["as_of"]),
            "source": _source(report["source"], snapshot),
            "side": _side(report, dated, row["value"]),
        }
        for report in dated
    ]
    order = list(dict.fromkeys(labels.values()))
    first, last = _moment(dated[0]), _moment(dated[-1])
    room = (last - first) * _MARGIN
    span = [_on_axis(first - room / 3), _on_axis(last + room)]
    x = alt.X(
        "day:T",
        title=None,
        scale=alt.Scale(domain=span),
        axis=alt.Axis(format="%Y", tickCount="year", grid=False, labelOverlap=True),
    )
    y = alt.Y(
        "rate:Q",
        title=None,
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(labelExpr="datum.value + ' %'", tickCount=5),
    )
    legend = alt.Legend(title=None, orient="top", labelLimit=400, columns=3)
    base = alt.Chart(alt.InlineData(values=points))
    tooltip = [
        alt.Tooltip("shown:N", title=w("Fill rate")),
        alt.Tooltip("when:N", title=w("As of")),
        alt.Tooltip("of:N", title=w("Scope")),
        alt.Tooltip("source:N", title=w("Source")),
    ]
    colour = alt.Color("of:N", sort=order, scale=alt.Scale(domain=order, range=list(_COLOURS)))
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(
        x=x,
        y=y,
        color=colour.legend(legend),
        shape=alt.Shape(
            "of:N",
            sort=order,
            scale=alt.Scale(domain=order, range=list(_SHAPES)),
            legend=legend,
        ),
        tooltip=tooltip,
    )
    written = [
        base.transform_filter(alt.datum.side == side)
        .mark_text(dx=dx, dy=dy, fontSize=11, color=_INK)
        .encode(x=x, y=y, text="written:N")
        for side, dx, dy in _SIDES
    ]
    threshold = (
        alt.Chart(alt.InlineData(values=[{"rate": row["value"]}]))
        .mark_rule(strokeDash=[6, 3], color=_INK, strokeWidth=1.5)
        .encode(y=y)
    )
    asked = (
        alt.Chart(
            alt.InlineData(
                values=[
                    {
                        "rate": row["value"],
                        "label": w("asked: {value}", value=rate(row["value"], w.lang)),
                    }
                ]
            )
        )
        .mark_text(align="left", dx=4, dy=-7, fontSize=11, fontWeight="bold", color=_INK)
        .encode(x=alt.value(0), y=y, text="label:N")
    )
    drawn = alt.layer(threshold, asked, dots, *written).properties(height=_HEIGHT)
    return cast("alt.LayerChart", drawn.configure_view(stroke=None))


def chart_words(row: Row, w: Words) -> str:
    """Tell the chart to who can't see it."""
    dated = [report for report in rates(row) if report["as_of"]]
    told = "; ".join(
        f"{printed_date(report['as_of'])}: {_percent(report['value'], w)} "
        f"({w.of(SUBSET, report['subset'])})"
        for report in dated
    )
    return w("Fill rates that the province reported: {rates}", rates=told)


def explanation(row: Row, w: Words) -> list[str]:
    """Say how the province's own rate and that of the single areas differ, and why."""
    lines: list[str] = []
    for scope, kind in KIND_OF_SCOPE.items():
        reports = [report for report in rates(row) if report["scope"] == scope]
        if not reports:
            continue
        fields = row["by_kind"].get(kind, row)
        lines += [_reported(kind, reports, row, w), _from_areas(kind, fields, w)]
        lines += [
            lacking_text(reason, w)
            for reason in fields["reasons"]
            if reason["code"] == "list_lacks_areas"
        ]
        lines += _bases(reports, w)
    if lines:
        lines.append(
            w(
                "The verdict rests on the single areas: what the province reports comes without "
                "the leased and leasable land behind it, and can't be recomputed.",
            ),
        )
    return lines


def _reported(kind: str, reports: Sequence[Report], row: Row, w: Words) -> str:
    whole = [report for report in reports if report["subset"] == "all"] or list(reports)
    newest = whole[-1]
    fits = satisfies(newest["value"], _comparison(row), row["value"])
    when = printed_date(newest["as_of"]) or w("undated")
    kinds, value = w.of(KINDS, kind), _percent(newest["value"], w)
    asked = rate(row["value"], w.lang)
    if fits:
        return w(
            "{kinds}: the province's newest figure is {rate} ({date}); {asked} is reached.",
            kinds=kinds,
            rate=value,
            date=when,
            asked=asked,
        )
    return w(
        "{kinds}: the province's newest figure is {rate} ({date}); {asked} isn't reached.",
        kinds=kinds,
        rate=value,
        date=when,
        asked=asked,
    )


def _comparison(row: Row) -> str:
    operator = str(row["operator"])
    return operator if operator in {">", "<", "<="} else ">="


def _from_areas(kind: str, fields: Row, w: Words) -> str:
    kinds = w.of(KINDS, kind)
    known, everything = fields["coverage_known"], len(fields["areas"])
    text = w(
        "{kinds} in the tables: {known} of {all} have leased land with matching leasable land",
        kinds=kinds,
        known=known,
        all=everything,
    )
    if fields["listed_min"] is not None:
        bounds = rate_range(fields["listed_min"], fields["listed_max"], w.lang)
        text += "; " + w("together they may be at {range}", range=bounds)
    else:
        text += "; " + w("together they have no bounds")
    if fields["reported_min"] is not None:
        bounds = rate_range(fields["reported_min"], fields["reported_max"], w.lang)
        text += "; " + w(
            "if every rate reported of a single area still held, {range}", range=bounds
        )
    return text + "."


def _bases(reports: Sequence[Report], w: Words) -> list[str]:
    lines = []
    if len({report["subset"] for report in reports}) > 1:
        lines.append(
            w(
                "The reports don't all speak of the same areas (all of them, operating ones, "
                "state-built or enterprise-built ones) and don't say how they average, so their "
                "points aren't one series.",
            ),
        )
    undated = [report for report in reports if not report["as_of"]]
    if undated:
        values = ", ".join(_percent(report["value"], w) for report in undated)
        lines.append(w("Reported without a date, so not drawn: {rates}.", rates=values))
    return lines


def reports_html(row: Row, snapshot: Snapshot, w: Words) -> Html:
    """List everything that the province reports of the same thing, with its sources."""
    rows = [
        element(
            "tr",
            element("th", w.of(KINDS, KIND_OF_SCOPE[report["scope"]]), scope="row"),
            element(
                "td",
                w.of(_REPORTED, report["metric"]),
                element("small", f" ({w.of(SUBSET, report['subset'])})")
                if report["subset"] != "all"
                else "",
            ),
            element(
                "td",
                _percent(report["value"], w)
                if report["metric"] == FILL_RATE
                else exact(report["value"], w.lang),
                class_="value",
            ),
            element("td", printed_date(report["as_of"]) or w("undated"), class_="date"),
            element(
                "td",
                sources_html([report["source"]], snapshot.facts.sources, w),
                element("details", element("summary", w("note")), note_html(report["note"], w))
                if report["note"]
                else "",
            ),
        )
        for report in row["reports"]
    ]
    heads = [w("Kind"), w("Figure"), w("Value"), w("As of"), w("Source")]
    head = element("tr", *[element("th", text, scope="col") for text in heads])
    return element("table", element("thead", head), element("tbody", *rows))


def explanation_html(row: Row, snapshot: Snapshot, w: Words) -> Html:
    """Write the explanation under its heading."""
    lines = explanation(row, w)
    return join(
        [
            element("h5", w("The province's own figure, and why it differs from the single areas")),
            element("ul", *[element("li", line) for line in lines]),
            element(
                "p",
                w("Figures known by {day}.", day=day(snapshot.as_of)),
                class_="quiet",
            ),
        ],
    )
