"""History of an area or a zone: its charts, and below them why the fill rate changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
import streamlit as st

from data.dates import printed_date
from geo.history import area_points, area_series, zone_history
from geo.snapshot import PROVINCE_TOTAL
from layers import charts
from layers.change import Turn, change_html, turns_of
from layers.charts import Threshold
from layers.derivation import value_text
from layers.numbers import day, hectares, known, rate, rate_range
from layers.safe_html import element
from layers.sources import source_name
from layers.words import BASIS_CODE, BASIS_SHORT, METRIC, NATURE, mark

if TYPE_CHECKING:
    import datetime as dt

    from data.resolutions import Resolution
    from geo.history import Timeline
    from layers.words import Words

MOST_TURNS = 4
_ALL_PCT = 100.0
_SCOPE = {"phase": mark("a phase, not the whole")}


class Chart(NamedTuple):
    """A chart and what it is called."""

    title: str
    chart: Any


def show(times: Timeline, kind: str, key: str, until: dt.date, w: Words) -> None:
    """Put the charts and explanations of an area ("area") or a zone ("zone") on the page."""
    if kind == "area":
        left, right, turns = _of_area(times, key, until, w)
    else:
        left, right, turns = _of_zone(times, key, until, w)
    if not left:
        st.html(element("p", nothing_text(kind, w), class_="atlas-hint"))
        return
    for column, found in zip(st.columns(2, gap="medium"), (left, right), strict=True):
        with column:
            for item in found:
                st.html(element("h5", item.title, class_="atlas-chart-title"))
                st.altair_chart(item.chart, width="stretch", theme=None)
    st.html(element("p", legend_text(kind, w), class_="atlas-chart-legend"))
    explained = [change_html(times, key, turn, w) for turn in reversed(turns[-MOST_TURNS:])]
    if explained:
        st.html(
            element(
                "div",
                element("h4", w("Why the fill rate changed")),
                element("ul", *[element("li", text) for text in explained]),
                class_="atlas-card",
            ),
        )


def nothing_text(kind: str, w: Words) -> str:
    """Say that there is nothing to draw."""
    if kind == "area":
        return w(
            "No source gives a dated fill rate, leased or leasable land for this area, so there is "
            "no history to draw.",
        )
    return w(
        "No source gives a dated fill rate, leased or leasable land for an area in this zone, so "
        "there is no history to draw.",
    )


def legend_text(kind: str, w: Words) -> str:
    """Say what points, lines and bands are."""
    if kind == "area":
        return w(
            "Points: figures as sources give them; shape and colour tell the basis. Lines: the "
            "figure in use from each date on. Broken upright lines: the basis changes, and the "
            "rates before and after don't compare. Point at a mark for date, basis and source.",
        )
    return w(
        "Line: the rate over the areas with figures. Band: the bounds within which the rate of "
        "all areas lies. Points: dates on which a figure changed; upright strokes where only the "
        "bounds are known. Broken upright lines: the basis of an area changes.",
    )


def thresholds(resolution: Resolution, kind: str | None, w: Words) -> list[Threshold]:
    """Fill rates that the documents of the province ask for of a kind of area.

    Parameters
    ----------
    kind
        Of an area; None for all that the documents ask for, as on the chart of a zone.
    """
    signs = {">=": "≥ ", ">": "> "}
    return [
        Threshold(
            target.value,
            w(
                "target {value}: {name}",
                value=f"{signs.get(target.operator or '', '')}{rate(target.value, w.lang)}",
                name=w.pick(target.name.vi, target.name.en).lower(),
            ),
        )
        for target in resolution.targets
        if target.metric == "fill_rate_pct"
        and target.value is not None
        and (kind is None or kind in target.scope)
    ]


def _of_area(
    times: Timeline,
    area_id: str,
    until: dt.date,
    w: Words,
) -> tuple[list[Chart], list[Chart], list[Turn]]:
    province = times.province
    points = area_points(province, area_id)
    points = points[points["date"].notna() & (points["date"] <= pd.Timestamp(until))]
    series = area_series(times, area_id, until=until)
    series = series[series["date"].notna()]
    if points.empty or series.empty:
        return [], [], []
    points = point_texts(points, province.facts.sources, w)
    area = province.areas.loc[area_id]
    name = w.pick(str(area["name_vi"]), str(area["name_en"]))
    tooltips = {
        "metric_text": w("Figure"),
        "value_text": w("Value"),
        "as_of_text": w("As of"),
        "basis_text": w("Basis"),
        "source_text": w("Source"),
    }
    left, right = [], []
    rates = points[points["metric"] == "fill_rate_pct"]
    if not rates.empty:
        left.append(
            Chart(
                w("Fill rate over time"),
                charts.rate_chart(
                    rates,
                    _held(series[["date", "fill_rate_pct"]], until, "fill_rate_pct"),
                    basis_changes(series, w),
                    until=until,
                    tooltips=tooltips,
                    thresholds=thresholds(province.resolution, str(area["kind"]), w),
                    description=_description(name, series, w),
                    w=w,
                ),
            ),
        )
    lands = points[points["metric"] != "fill_rate_pct"]
    if not lands.empty:
        steps = pd.concat(
            [
                _held(series[["date", column]], until, column).assign(what=w.of(METRIC, column))
                for column in ("leasable_ha", "leased_ha")
            ],
        )
        right.append(
            Chart(
                w("Leased and leasable land over time"),
                charts.land_chart(
                    lands.assign(what=lands["metric_text"]),
                    steps,
                    until=until,
                    tooltips=tooltips,
                    description=w("{name}: leased and leasable land over time", name=name),
                    w=w,
                ),
            ),
        )
    dated = series[series["fill_rate_pct"].notna()]
    turns = turns_of(
        [item.date() for item in dated["date"]],
        [float(item) for item in dated["fill_rate_pct"]],
        [printed_date(item) for item in dated["as_of"]],
        [str(item) for item in dated["basis"]],
    )
    return left or right, right if left else [], turns


def point_texts(points: pd.DataFrame, sources: pd.DataFrame, w: Words) -> pd.DataFrame:
    """Add what a tooltip says of each point of :func:`geo.history.area_points`."""
    found = points.to_dict("records")
    return points.assign(
        metric_text=[w.of(METRIC, item["metric"]) for item in found],
        value_text=[_value(item, w) for item in found],
        as_of_text=[printed_date(item["as_of"]) for item in found],
        basis_text=[w.of(BASIS_SHORT, item["basis"]) for item in found],
        source_text=[source_name(item["source"], sources) for item in found],
    )


def _value(item: dict[Any, Any], w: Words) -> str:
    text = value_text(item["value"], item["unit"], item["qualifier"], w)
    remarks = [w.of(NATURE, item["nature"]), w.of(_SCOPE, item["scope"])]
    remark = ", ".join(part for part in remarks if part and part != "whole")
    return f"{text} ({remark})" if remark else text


def _held(frame: pd.DataFrame, until: dt.date, column: str) -> pd.DataFrame:
    """Values from each date on, the last one up to the end of the chart."""
    steps = frame.rename(columns={column: "value"})[["date", "value"]]
    last = steps.iloc[[-1]].assign(date=pd.Timestamp(until))
    return pd.concat([steps, last], ignore_index=True)


def basis_changes(series: pd.DataFrame, w: Words) -> pd.DataFrame:
    """Dates where the basis of a rate changes, each with the new one."""
    changed = series[series["basis_changed"]]
    return pd.DataFrame(
        {
            "date": changed["date"],
            "label": [
                w("basis: {basis}", basis=w.of(BASIS_CODE, basis)) for basis in changed["basis"]
            ],
        },
    )


def _description(name: str, series: pd.DataFrame, w: Words) -> str:
    rates = series[series["fill_rate_pct"].notna()]
    if rates.empty:
        return name
    first, last = rates.iloc[0], rates.iloc[-1]
    return w(
        "{name}: fill rate from {before} ({first}) to {after} ({last})",
        name=name,
        before=rate(first["fill_rate_pct"], w.lang),
        first=printed_date(first["as_of"]),
        after=rate(last["fill_rate_pct"], w.lang),
        last=printed_date(last["as_of"]),
    )


def first_telling(history: pd.DataFrame) -> pd.Timestamp | None:
    """Find the day from which dated figures say something of the rate of a zone."""
    width = history["fill_rate_max_pct"] - history["fill_rate_min_pct"]
    telling = history[history["fill_rate_pct"].notna() | (width < _ALL_PCT)]
    return None if telling.empty else telling["date"].iloc[0]


def zone_steps(times: Timeline, key: str, until: dt.date, w: Words) -> pd.DataFrame:
    """Give the account of a zone on each date from which something is dated, with its texts."""
    history = zone_history(times, until=until, zones=[key])
    start = first_telling(history)
    history = history[history["date"] >= start] if start is not None else history.iloc[:0]
    history = history.reset_index(drop=True)
    rows = history.to_dict("records")
    areas = times.province.areas

    def named(ids: tuple[str, ...]) -> str:
        return "; ".join(
            w.pick(str(areas["name_vi"][item]), str(areas["name_en"][item])) for item in ids
        )

    return history.assign(
        value=history["fill_rate_pct"],
        low=history["fill_rate_min_pct"],
        high=history["fill_rate_max_pct"],
        event=[bool(row["changed"]) for row in rows],
        date_text=[day(row["date"].date()) for row in rows],
        value_text=[rate(row["fill_rate_pct"], w.lang) or w("no data") for row in rows],
        range_text=[
            rate_range(row["fill_rate_min_pct"], row["fill_rate_max_pct"], w.lang)
            or w("no bounds: the area of a park is unknown")
            for row in rows
        ],
        coverage_text=[
            w("{known} of {all}", known=row["areas_with_figures"], all=row["areas_count"])
            for row in rows
        ],
        changed_text=[named(row["changed"]) for row in rows],
        bases_text=[
            "; ".join(w.of(BASIS_SHORT, item) for item in row["fill_rate_bases"]) for row in rows
        ],
        label=[w("basis of {areas}", areas=named(row["basis_changed"])) for row in rows],
    )


def _of_zone(
    times: Timeline,
    key: str,
    until: dt.date,
    w: Words,
) -> tuple[list[Chart], list[Chart], list[Turn]]:
    steps = zone_steps(times, key, until, w)
    if steps.empty or steps[["value", "low"]].isna().all(axis=None):
        return [], [], []
    province = times.province
    if key == PROVINCE_TOTAL:
        text = province.resolution.name
        name = w.pick(text.vi, text.en)
    else:
        row = province.zones.loc[key]
        name = w.pick(str(row["name_vi"]), str(row["name_en"]))
    changes = steps[[bool(ids) for ids in steps["basis_changed"]]]
    left = [
        Chart(
            w("Fill rate over time"),
            charts.zone_rate_chart(
                steps[["date", "value", "low", "high", "event", *_ZONE_TEXTS]],
                changes[["date", "label"]],
                until=until,
                tooltips={column: w(title) for column, title in _ZONE_TEXTS.items()},
                thresholds=thresholds(province.resolution, None, w),
                description=w("{name}: fill rate and its bounds over time", name=name),
                w=w,
            ),
        ),
    ]
    lands = pd.concat(
        [
            steps[["date", "event", "date_text"]].assign(
                value=steps[column],
                what=w.of(METRIC, column),
                value_text=[
                    f"{hectares(value, w.lang)} {w('ha')}" if known(value) else ""
                    for value in steps[column]
                ],
            )
            for column in ("leasable_ha", "leased_ha")
        ],
    )
    right = [
        Chart(
            w("Leased and leasable land over time, where known"),
            charts.land_chart(
                lands[lands["event"] & lands["value"].notna()],
                lands,
                until=until,
                tooltips={
                    "date_text": w("Date"),
                    "what": w("Figure"),
                    "value_text": w("Value"),
                },
                description=w("{name}: leased and leasable land over time", name=name),
                height=charts.HEIGHT - charts.LOW_HEIGHT - 40,
                w=w,
            ),
        ),
        Chart(
            w("Share of the land whose figures are known"),
            charts.coverage_chart(
                steps[["date"]].assign(value=steps["coverage_land_pct"]),
                until=until,
                description=w("{name}: share of the land whose figures are known", name=name),
                w=w,
            ),
        ),
    ]
    dated = steps[steps["value"].notna()]
    # From the day on which a rate was reached, not the last one on which it still held.
    dated = dated[dated["value"].diff().abs().ne(0.0)]
    bases = ["; ".join(sorted(items)) for items in dated["fill_rate_bases"]]
    turns = turns_of(
        [item.date() for item in dated["date"]],
        [float(item) for item in dated["value"]],
        list(dated["date_text"]),
        bases,
    )
    return left, right, turns


_ZONE_TEXTS = {
    "date_text": mark("Date"),
    "value_text": mark("Fill rate, known part"),
    "range_text": mark("Bounds"),
    "coverage_text": mark("Areas with figures"),
    "changed_text": mark("Changed"),
    "bases_text": mark("Basis"),
}
