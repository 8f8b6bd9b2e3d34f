"""An account in words: how the row of a zone, or of the province, is written everywhere.

The first screen says a range where parts are unknown, the known part beside it, and why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from data.dates import printed_date
from layers.numbers import hectare_range, hectares, known, rate, rate_range
from layers.words import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from layers.words import Words

    Row = Mapping[str, Any] | pd.Series

_CLOSE_PCT = 0.05
_ALL_PCT = 100.0
_NAMES_SHOWN = 4


class RateText(NamedTuple):
    """A fill rate in words: headline, what it is, and the ends of its bar in percent."""

    headline: str
    remark: str
    low: float | None
    high: float | None
    middle: float | None


def rate_text(row: Row, w: Words) -> RateText:
    """Write the fill rate of an account.

    Parameters
    ----------
    row
        Fields of :func:`geo.account.account`, NaN where unknown.
    """
    value = row["fill_rate_pct"]
    if known(value):
        return _known_rate(value, row["fill_rate_min_pct"], row["fill_rate_max_pct"], w)
    low, high = row["reported_min_pct"], row["reported_max_pct"]
    if known(low):
        return RateText(rate_range(low, high, w.lang), w("from reported rates"), low, high, None)
    return RateText(nothing_text(row, w), "", None, None, None)


def nothing_text(row: Row, w: Words) -> str:
    """Say why an account has no figure: no areas at all, none in operation yet, or no data."""
    if row["areas_count"] > 0:
        return w("no data")
    planned = any(reason["code"] == "only_pipeline" for reason in row["reasons"])
    return w("no areas in operation") if planned else w("no areas yet")


def _known_rate(value: float, low: float, high: float, w: Words) -> RateText:
    if not known(low):
        return RateText(rate(value, w.lang), w("known part; no bounds"), value, value, value)
    if high - low < _CLOSE_PCT:
        return RateText(rate(value, w.lang), "", value, value, value)
    if low <= 0.0 and high >= _ALL_PCT:
        # "0-100 %" says nothing; the known part does, with its limits beside it.
        remark = w("known part; range {range}", range=rate_range(low, high, w.lang))
        return RateText(rate(value, w.lang), remark, low, high, value)
    remark = w("known part {rate}", rate=rate(value, w.lang))
    return RateText(rate_range(low, high, w.lang), remark, low, high, value)


def available_text(row: Row, w: Words) -> tuple[str, str]:
    """Write the land still available, hectares without unit, and a remark."""
    low, high, value = row["available_min_ha"], row["available_max_ha"], row["available_ha"]
    if known(low):
        text = hectare_range(low, high, w.lang)
        if known(value) and high - low >= 1.0:
            return text, w("known part {area} ha", area=hectares(value, w.lang))
        return text, "" if known(value) else w("estimated")
    if known(value):
        return hectares(value, w.lang), w("known part; no bounds")
    # Without areas there is nothing to be available; 0 would say that it is all leased.
    return ("-", "") if row["areas_count"] == 0 else (w("no data"), "")


def coverage_text(row: Row, w: Words) -> str:
    """Say how much of a zone the figures cover: areas, and land where it is known."""
    if row["areas_count"] == 0:
        return w("no areas in operation")
    text = known_text(row["areas_with_figures"], row["areas_count"], row["coverage_land_pct"], w)
    if shares := row["shares_with_figures"]:
        text += ", " + w.plural(
            "with its share of {count} area that is counted in another zone",
            "with its shares of {count} areas that are counted in other zones",
            int(shares),
        )
    return text


def known_text(with_figures: int, areas: int, land_pct: float | None, w: Words) -> str:
    """Say of how many areas figures are known, and of what part of their land (percent)."""
    text = w("figures known: {known} of {all} areas", known=with_figures, all=areas)
    if known(land_pct):
        covered = rate(land_pct, w.lang)
        text += ", " + w("{share} of the land whose area is known", share=covered)
    return text


def dates_of(row: Row) -> tuple[str, str]:
    """Give the oldest and the newest date of the figures used, "" for none.

    Where there is no pair they are those of the reported rates.
    """
    if not row["newest_as_of"]:
        for reason in row["reasons"]:
            if reason["code"] == "reported_rates":
                return reason["oldest"], reason["newest"]
    return row["oldest_as_of"], row["newest_as_of"]


def dates_text(row: Row) -> str:
    """Write the dates of the figures used, one or the oldest and the newest; "" for none."""
    return _span(*dates_of(row))


def part_remark(sum_ha: float | None, without: int, w: Words) -> str:
    """Say that a sum is of the known areas alone; "" where all are known or none is.

    Parameters
    ----------
    without
        How many areas have no known area.
    """
    return w("known part") if without and known(sum_ha) else ""


def pipeline_remark(row: Row, w: Words) -> str:
    """Say that land to come is that of the areas whose area is known, and of when."""
    part = part_remark(row["pipeline_ha"], row["pipeline_without_total"], w)
    dates = _span(row["pipeline_oldest_as_of"], row["pipeline_newest_as_of"])
    remarks = (part, w("figures of {dates}", dates=dates) if dates else "")
    return "; ".join(remark for remark in remarks if remark)


def _span(oldest: str, newest: str) -> str:
    """Write the first and the last of some dates, or the only one."""
    oldest, newest = printed_date(oldest), printed_date(newest)
    return newest if oldest == newest else f"{oldest} - {newest}"


def kinds_text(row: Row, w: Words) -> str:
    """Count the areas of an account by kind."""
    return ", ".join(f"{w(KINDS[kind])}: {n}" for kind, n in row["areas_by_kind"].items())


def _names(ids: Sequence[str], areas: pd.DataFrame, w: Words) -> str:
    pairs = zip(areas.index, areas["name_vi"], areas["name_en"], strict=True)
    known = {key: (vi, en) for key, vi, en in pairs}
    names = [w.pick(*known[key]) for key in dict.fromkeys(ids)]
    if len(names) <= _NAMES_SHOWN:
        return "; ".join(names)
    more = w("and {count} more", count=len(names) - _NAMES_SHOWN)
    return "; ".join(names[:_NAMES_SHOWN]) + f" {more}"


def reason_text(reason: Mapping[str, Any], areas: pd.DataFrame, w: Words) -> str:
    """Write one reason of an account.

    Parameters
    ----------
    reason
        From `reasons` of the account: `code` with its parameters.
    areas
        Indexed by id, with `name_vi` and `name_en`.
    """
    code = reason["code"]
    if code == "reported_rates":
        return _reported(reason, w)
    ids = reason.get("areas", ())
    count = reason.get("count", len(ids))
    # Each text is a literal of its own, so that the catalogue can be checked against the code.
    texts = {
        "scenario": lambda: w.plural(
            "Assumed in a scenario, not a fact: {count} area, {names}.",
            "Assumed in a scenario, not facts: {count} areas, {names}.",
            count,
            names=_names(ids, areas, w),
        ),
        "no_areas": lambda: w("No park or cluster lies in this zone on this date."),
        "only_pipeline": lambda: w.plural(
            "Only {count} area that is planned, established or being built lies here: {names}.",
            "Only {count} areas that are planned, established or being built lie here: {names}.",
            count,
            names=_names(ids, areas, w),
        ),
        "no_pair": lambda: w.plural(
            "The {count} area here has no leased land with matching leasable land.",
            "None of the {count} areas here has leased land with matching leasable land.",
            count,
        ),
        "no_figures": lambda: w.plural(
            "{count} area has no figure at all: {names}.",
            "{count} areas have no figure at all: {names}.",
            count,
            names=_names(ids, areas, w),
        ),
        "park_without_total": lambda: w.plural(
            "{count} park has no known area: no strict bounds, a range leaves it out: {names}.",
            "{count} parks have no known area: no strict bounds, a range leaves them out: {names}.",
            count,
            names=_names(ids, areas, w),
        ),
        "assumed_share": lambda: w.plural(
            "{count} area lies in several zones; its split is assumed: {names}.",
            "{count} areas lie in several zones; their split is assumed: {names}.",
            count,
            names=_names(ids, areas, w),
        ),
        "assumed_leasable": lambda: w.plural(
            "For {count} area the bounds assume leasable land of 60-80 % of its total: {names}.",
            "For {count} areas the bounds assume leasable land of 60-80 % of the total: {names}.",
            count,
            names=_names(ids, areas, w),
        ),
        "assumed_total": lambda: w.plural(
            "For {count} cluster of unknown area the bounds assume 5-75 ha: {names}.",
            "For {count} clusters of unknown area the bounds assume 5-75 ha each: {names}.",
            count,
            names=_names(ids, areas, w),
        ),
    }
    return texts[code]() if code in texts else str(code)


def _reported(reason: Mapping[str, Any], w: Words) -> str:
    low, high = rate(reason["min_pct"], w.lang), rate(reason["max_pct"], w.lang)
    text = w.plural(
        "{count} area has only a reported rate ({rates})",
        "{count} areas have only reported rates ({rates})",
        reason["count"],
        rates=low if low == high else f"{low} - {high}",
    )
    oldest, newest = printed_date(reason["oldest"]), printed_date(reason["newest"])
    if newest:
        text += ", " + w(
            "as of {dates}", dates=newest if oldest == newest else f"{oldest}-{newest}"
        )
    if reason["undated"]:
        text += ", " + w("{count} undated", count=reason["undated"])
    if reason["without_total"]:
        text += ", " + w("{count} without an area", count=reason["without_total"])
    return text + "."


def reasons_text(row: Row, areas: pd.DataFrame, w: Words) -> list[str]:
    """Write all reasons of an account."""
    return [reason_text(reason, areas, w) for reason in row["reasons"]]


def zone_marks(zones: pd.DataFrame) -> dict[str, str]:
    """Give each zone the short mark that ties map and table together: A, B ... and 1, 2 ...

    Parameters
    ----------
    zones
        Indexed by zone key in the order of display, with `group`.
    """
    marks: dict[str, str] = {}
    base = others = 0
    for key, group in zones["group"].items():
        if group == "base_partition":
            marks[str(key)] = chr(ord("A") + base)
            base += 1
        else:
            others += 1
            marks[str(key)] = str(others)
    return marks
