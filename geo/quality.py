"""What is missing most: which park to ask first, and what its answer would settle.

The findings on single figures are in :mod:`data.quality`; here the account says what the gaps
cost.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
from dateutil.relativedelta import relativedelta

from geo.account import Assumptions, account, land_of
from geo.figures import Figure
from geo.occupancy import Occupancy
from geo.snapshot import PROVINCE_TOTAL

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from geo.account import Part
    from geo.bounds import Land
    from geo.history import Timeline
    from geo.states import AreaState

STALE_YEARS = 3
BASE = "base_partition"
MISSING_COLUMNS = (
    "area_id",
    "name_vi",
    "name_en",
    "kind",
    "land_ha",
    "land_assumed",
    "missing",
    "newest_as_of",
    "zone_key",
    "width_pct",
    "shrink_pct",
    "available_shrink_ha",
    "total_width_pct",
    "total_shrink_pct",
    "blocks_bounds",
    "developer",
    "decision",
    "communes_2025",
)


def missing_most(
    times: Timeline,
    as_of: dt.date,
    *,
    stale_years: int = STALE_YEARS,
    assume: Assumptions | None = None,
) -> pd.DataFrame:
    """Areas of present supply whose occupancy isn't known, those with most land first.

    Parameters
    ----------
    times
        From :func:`geo.history.timeline`.
    as_of
        No later observation is used.
    stale_years
        A pair older than this counts as missing too.
    assume
        What unknown figures may be, for the bounds.

    Returns
    -------
    DataFrame
        `land_ha` is the total area, for a cluster of unknown size the middle of what is
        assumed (`land_assumed`), NaN for a park: such a park `blocks_bounds` of every zone it
        is in and comes first. `missing` holds what to ask for: total, leasable, leased, rate,
        date (only undated figures), recent (a pair, but an old one). `width_pct` is the width
        of the bounds of its base zone in points, `shrink_pct` how much narrower they would be,
        and `available_shrink_ha` those of available land, if the area were known and had the
        middle of its own interval; `total_...` the same for the province. `developer`,
        `decision` and `communes_2025` say whom to ask.
    """
    assume = assume or Assumptions()
    facts = times.province.areas
    since = as_of - relativedelta(years=stale_years)
    base = [key for key, group in times.province.zones["group"].items() if group == BASE]
    zone_parts = {str(key): times.parts_on(str(key), as_of) for key in base}
    zone_parts[PROVINCE_TOTAL] = times.parts_on(PROVINCE_TOTAL, as_of)
    widths = {key: _widths(parts, as_of, assume) for key, parts in zone_parts.items()}
    found: list[tuple[Any, ...]] = []
    for whole in zone_parts[PROVINCE_TOTAL]:
        state = whole.state
        if state.supply != "present":
            continue
        missing = _missing(state, since)
        if not missing:
            continue
        zone = _zone_of(state.area_id, zone_parts)
        interval = land_of(whole, as_of, assume)
        known = _known(state, interval) if interval is not None else None
        about = facts.loc[state.area_id]
        after = {
            key: _widths(_with(zone_parts[key], known), as_of, assume)
            for key in (zone, PROVINCE_TOTAL)
            if key and known is not None
        }
        nothing = (math.nan, math.nan)
        before, later = widths.get(zone, nothing), after.get(zone, nothing)
        total, total_later = widths[PROVINCE_TOTAL], after.get(PROVINCE_TOTAL, nothing)
        land, assumed = _land(state, assume)
        found.append(
            (
                state.area_id,
                about["name_vi"],
                about["name_en"],
                state.kind,
                land,
                assumed,
                missing,
                _newest(state),
                zone,
                before[0],
                _less(before[0], later[0]),
                _less(before[1], later[1]),
                total[0],
                _less(total[0], total_later[0]),
                interval is None,
                about["developer"],
                about["decision"],
                about["communes_2025"],
            ),
        )
    frame = pd.DataFrame(found, columns=list(MISSING_COLUMNS))
    frame = frame.astype({"blocks_bounds": bool, "land_assumed": bool, "land_ha": float})
    order = frame.sort_values(
        ["blocks_bounds", "land_ha", "area_id"],
        ascending=[False, False, True],
        kind="stable",
    )
    return order.reset_index(drop=True)


def _missing(state: AreaState, since: dt.date) -> tuple[str, ...]:
    """Name what an area lacks for a pair of today."""
    pair = state.occupancy
    if pair.paired:
        day = pair.leased.until if pair.leased else None
        if day is None:
            return ("date",)
        return ("recent",) if day < since else ()
    found = ["total"] if state.total is None else []
    for name, figure in (("leasable", pair.leasable), ("leased", pair.leased)):
        if figure is None or figure.how == "lower_bound":
            found.append(name)
    if pair.rate is None:
        found.append("rate")
    elif pair.rate.until is None:
        found.append("date")
    elif pair.rate.until < since:
        found.append("recent")
    return tuple(found)


def _newest(state: AreaState) -> str:
    """Date, as printed, of the newest figure on the land of an area."""
    pair = state.occupancy
    dated = [
        (figure.until, figure.as_of)
        for figure in (pair.leasable, pair.leased, pair.rate)
        if figure is not None and figure.until is not None
    ]
    return max(dated)[1] if dated else ""


def _land(state: AreaState, assume: Assumptions) -> tuple[float, bool]:
    if state.total is not None:
        return state.total.value, False
    if state.kind == "industrial_cluster":
        return (assume.least_cluster_ha + assume.most_cluster_ha) / 2.0, True
    return math.nan, False


def _zone_of(area_id: str, zone_parts: Mapping[str, Sequence[Part]]) -> str:
    """Find the base zone that an area counts in, "" where it is in none."""
    return next(
        (
            key
            for key, parts in zone_parts.items()
            if key != PROVINCE_TOTAL
            and any(part.state.area_id == area_id and part.counts_here for part in parts)
        ),
        "",
    )


def _widths(parts: Sequence[Part], as_of: dt.date, assume: Assumptions) -> tuple[float, float]:
    """Width of the bounds of the rate (points) and of available land (ha); NaN without any."""
    fields = account(parts, as_of, assume)
    return (
        _less(fields["fill_rate_max_pct"], fields["fill_rate_min_pct"]),
        _less(fields["available_max_ha"], fields["available_min_ha"]),
    )


def _less(one: float | None, other: float | None) -> float:
    return math.nan if one is None or other is None else one - other


def _known(state: AreaState, interval: Land) -> AreaState:
    """Area as it would be if its pair were known and in the middle of what is possible."""
    leasable = (interval.least_ha + interval.most_ha) / 2.0
    rate = (interval.least_rate + interval.most_rate) / 2.0

    def figure(metric: str, value: float, unit: str) -> Figure:
        return Figure(metric, value, unit, "", None, "", (), how="assumed")

    pair = Occupancy(
        leasable=figure("leasable_ha", leasable, "ha"),
        leased=figure("leased_ha", leasable * rate, "ha"),
        available=figure("available_ha", leasable * (1.0 - rate), "ha"),
        rate=figure("fill_rate_pct", rate * 100.0, "%"),
        paired=True,
    )
    return replace(state, occupancy=pair)


def _with(parts: Sequence[Part], known: AreaState | None) -> list[Part]:
    return [
        part._replace(state=known)
        if known is not None and part.state.area_id == known.area_id
        else part
        for part in parts
    ]
