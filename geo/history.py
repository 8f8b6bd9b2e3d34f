"""Figures over time: points as sources print them, and what follows from them on each date.

Between two dates on which something becomes known or an area changes its standing nothing
changes, so an area's states are found once for each such date and zones are put together from
them. Every value is that of :func:`geo.snapshot.snapshot` on its date: it uses no later
observation.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from data.dates import last_day
from data.vocabulary import METRICS
from geo.account import Assumptions, Part, account
from geo.figures import LEASABLE, LEASED, RATE, public_name
from geo.snapshot import PROVINCE_TOTAL, parts_by_zone
from geo.states import OCCUPANCY_METRICS, area_states

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geo.snapshot import Province
    from geo.states import AreaState

LAND_METRICS = (RATE, LEASED, LEASABLE)
# What an account rests on; other metrics change no zone.
ACCOUNT_METRICS = frozenset({*LAND_METRICS, "total_area_ha", "cleared_ha"})
MOST_DATES = 60

POINT_COLUMNS = (
    "metric",
    "value",
    "unit",
    "as_of",
    "date",
    "exactness",
    "basis",
    "qualifier",
    "scope",
    "nature",
    "source",
    "note",
    "row",
)
SERIES_COLUMNS = (
    "date",
    *OCCUPANCY_METRICS,
    "basis",
    "how",
    "qualifier",
    "as_of",
    "paired",
    "basis_changed",
    "sources",
    "rests_on",
)
ZONE_COLUMNS = (
    "zone_key",
    "date",
    "fill_rate_pct",
    "fill_rate_min_pct",
    "fill_rate_max_pct",
    "leased_ha",
    "leasable_ha",
    "available_ha",
    "available_min_ha",
    "available_max_ha",
    "coverage_count_pct",
    "coverage_land_pct",
    "areas_count",
    "areas_with_figures",
    "total_area_ha",
    "pipeline_ha",
    "fill_rate_bases",
    "year_end",
    "changed",
    "basis_changed",
)


@dataclass(frozen=True)
class Timeline:
    """States of all areas of a province on all dates.

    `days` holds the dates from which a state holds, by area, the first of them the beginning
    of time; `states` the state from each of them on.
    """

    province: Province
    days: Mapping[str, tuple[dt.date, ...]]
    states: Mapping[str, tuple[AreaState, ...]]
    parts: Mapping[str, tuple[Part, ...]]

    def state(self, area_id: str, as_of: dt.date) -> AreaState:
        """State of an area on a date."""
        return self.states[area_id][bisect_right(self.days[area_id], as_of) - 1]

    def parts_on(self, zone_key: str, as_of: dt.date) -> list[Part]:
        """Areas of a zone, or of the province, with their states on a date.

        Raises
        ------
        KeyError
            There is no such zone.
        """
        return [
            part._replace(state=self.state(part.state.area_id, as_of))
            for part in self.parts[zone_key]
        ]


def timeline(province: Province) -> Timeline:
    """States of all areas of a province on all dates, from :func:`geo.snapshot.load_province`.

    Only what an account rests on makes a new state: leased and leasable land, rates, total and
    cleared area, status and founding.
    """
    areas = province.areas
    days: dict[str, tuple[dt.date, ...]] = {str(key): (dt.date.min,) for key in areas.index}
    states: dict[str, tuple[AreaState, ...]] = dict.fromkeys(days, ())
    changing: dict[dt.date, list[str]] = {dt.date.min: list(days)}
    for family in _families(areas["part_of"].to_dict()):
        for day in _breaks(areas.loc[family], province):
            changing.setdefault(day, []).extend(family)
    for day in sorted(changing):
        found = area_states(areas.loc[changing[day]], province.observations, day)
        for area_id, state in found.items():
            states[area_id] += (state,)
            if day > dt.date.min:
                days[area_id] += (day,)
    first = {area_id: each[0] for area_id, each in states.items()}
    zones = parts_by_zone(province, first)
    parts = {str(key): tuple(zones.get(str(key), ())) for key in province.zones.index}
    parts[PROVINCE_TOTAL] = tuple(
        Part(state, 1.0, assumed=False, counts_here=True) for state in first.values()
    )
    return Timeline(province, days, states, parts)


def _families(part_of: Mapping[Any, Any]) -> list[list[str]]:
    """Areas together with all their parts: what one state may rest on."""
    families: dict[str, list[str]] = {}
    for area_id in part_of:
        root = str(area_id)
        while (whole := str(part_of.get(root, ""))) and whole in part_of:
            root = whole
        families.setdefault(root, []).append(str(area_id))
    return list(families.values())


def _breaks(areas: pd.DataFrame, province: Province) -> set[dt.date]:
    """Dates on which a state of one of the areas may begin."""
    found = {
        item.until
        for area_id in areas.index
        for item in province.observations.get(str(area_id), ())
        if item.until is not None and item.metric in ACCOUNT_METRICS
    }
    found |= {day for text in areas["status_as_of"] if (day := last_day(text)) is not None}
    return found | {dt.date(int(year), 1, 1) for year in areas["established_year"].dropna()}


def area_points(province: Province, area_id: str) -> pd.DataFrame:
    """Rates, leased and leasable land of an area as its sources print them.

    Returns
    -------
    DataFrame
        One row for each observation, oldest first, undated ones last. `metric` is the public
        name, `date` (datetime64) the last day that `as_of` means, `exactness` "day", "month",
        "year" or "none"; `scope` is "phase" where it isn't the figure of the whole.
    """
    words = {3: "day", 2: "month", 1: "year", 0: "none"}
    items = sorted(
        (item for item in province.observations.get(area_id, ()) if item.metric in LAND_METRICS),
        key=lambda item: (item.until is None, item.until or dt.date.min, item.row),
    )
    found = [
        (
            public_name(item.metric),
            item.value,
            METRICS[item.metric],
            item.as_of,
            item.until,
            words[item.exactness],
            item.basis,
            item.qualifier,
            item.scope,
            item.nature,
            item.source,
            item.note,
            item.row,
        )
        for item in items
    ]
    return _dated(pd.DataFrame(found, columns=list(POINT_COLUMNS)))


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    frame["date"] = pd.to_datetime(frame["date"])
    return frame


def area_series(
    times: Timeline,
    area_id: str,
    *,
    until: dt.date,
) -> pd.DataFrame:
    """Give the resolved figures of an area on each date where one of them changes.

    Parameters
    ----------
    times
        From :func:`timeline`.
    area_id
        A park, a cluster or a part of one.
    until
        No later date is in the series.

    Returns
    -------
    DataFrame
        `leasable_ha`, `leased_ha`, `available_ha`, `fill_rate_pct` (NaN where unknown), and of
        the rate `basis`, `how` (computed, observed, derived, sum_of_parts, ...), `qualifier`
        and `as_of` ("" where there is none); `paired`; `basis_changed` marks a rate that is
        counted otherwise than the one before, so that the two don't compare; `rests_on` are
        the lines of `observations.csv`.
    """
    found: list[tuple[Any, ...]] = []
    before: tuple[Any, ...] | None = None
    basis = ""
    for day, state in zip(times.days[area_id], times.states[area_id], strict=True):
        if day > until:
            break
        pair = state.occupancy
        figures = (pair.leasable, pair.leased, pair.available, pair.rate)
        now = (*figures, pair.paired)
        if now == before or (before is None and not any(figures)):
            before = now
            continue
        before = now
        rate = pair.rate
        known = [figure for figure in figures if figure is not None]
        found.append(
            (
                # What was never dated holds from the oldest date that can be shown.
                None if day == dt.date.min else day,
                *(figure.value if figure else math.nan for figure in figures),
                rate.basis if rate else "",
                rate.how if rate else "",
                rate.qualifier if rate else "",
                rate.as_of if rate else "",
                pair.paired,
                bool(rate and basis and rate.basis != basis),
                tuple(dict.fromkeys(source for figure in known for source in figure.sources)),
                tuple(sorted({row for figure in known for row in figure.rests_on})),
            ),
        )
        basis = rate.basis if rate else basis
    return _dated(pd.DataFrame(found, columns=list(SERIES_COLUMNS)))


def change_dates(
    times: Timeline,
    area_ids: Iterable[str],
    *,
    until: dt.date,
    most: int = MOST_DATES,
) -> list[dt.date]:
    """Dates, oldest first, on which the account of some areas may change.

    Where there are more than `most` of them only the last of each month is kept, then of each
    quarter, then of each year.
    """
    days = sorted(
        {
            day
            for area_id in area_ids
            for (_, before), (day, now) in itertools.pairwise(
                zip(times.days[area_id], times.states[area_id], strict=True)
            )
            if day <= until and _differs(before, now)
        },
    )
    for months in (1, 3, 12):
        if len(days) <= most:
            break
        kept = {(day.year, (day.month - 1) // months): day for day in days}
        days = sorted(kept.values())
    return days[-most:]


def zone_history(
    times: Timeline,
    *,
    until: dt.date,
    zones: Sequence[str] | None = None,
    assume: Assumptions | None = None,
) -> pd.DataFrame:
    """Account of zones and of the province on a series of dates.

    Parameters
    ----------
    times
        From :func:`timeline`.
    until
        The last date of every series.
    zones
        Keys of zones, and "province_total"; all where None.
    assume
        What unknown figures may be, for the bounds.

    Returns
    -------
    DataFrame
        Long: for each `zone_key` the dates of :func:`change_dates`, the ends of the years in
        between (`year_end` where nothing else happened) and `until`. Hectares and percent, NaN
        where unknown. `changed` are the areas whose figures differ from the date before,
        `basis_changed` those of them whose pair is counted otherwise.
    """
    keys = list(times.parts) if zones is None else list(zones)
    found: list[dict[str, Any]] = []
    for key in keys:
        members = [part.state.area_id for part in times.parts[key]]
        changes = change_dates(times, members, until=until)
        years = range(changes[0].year, until.year) if changes else range(0)
        ends = {dt.date(year, 12, 31) for year in years}
        before: dict[str, AreaState] = {}
        for day in sorted({*changes, *ends, until}):
            parts = times.parts_on(key, day)
            now = {part.state.area_id: part.state for part in parts}
            fields = account(parts, day, assume)
            found.append(
                {
                    "zone_key": key,
                    "date": day,
                    **{name: fields[name] for name in ZONE_COLUMNS if name in fields},
                    "year_end": day in ends and day not in changes,
                    "changed": _changed(before, now),
                    "basis_changed": _basis_changed(before, now),
                },
            )
            before = now
    frame = pd.DataFrame(found, columns=list(ZONE_COLUMNS))
    numbers = [name for name in ZONE_COLUMNS if name.endswith(("_pct", "_ha"))]
    frame[numbers] = frame[numbers].astype("float64")
    return _dated(frame)


def _differs(before: AreaState, now: AreaState) -> bool:
    """Whether an account of supply or pipeline may tell two states of an area apart."""

    def said(state: AreaState) -> tuple[Any, ...]:
        pair = state.occupancy
        land = (pair.leasable, pair.leased, pair.rate, pair.paired)
        return (*land, state.supply, state.total, state.pipeline_total)

    return (
        before is not now and {before.supply, now.supply} != {"none"} and said(before) != said(now)
    )


def _changed(before: Mapping[str, AreaState], now: Mapping[str, AreaState]) -> tuple[str, ...]:
    return tuple(
        area_id
        for area_id, state in now.items()
        if area_id in before and _differs(before[area_id], state)
    )


def _basis_changed(
    before: Mapping[str, AreaState], now: Mapping[str, AreaState]
) -> tuple[str, ...]:
    def basis(state: AreaState) -> str:
        rate = state.occupancy.rate
        return rate.basis if rate is not None and state.occupancy.paired else ""

    return tuple(
        area_id
        for area_id, state in now.items()
        if area_id in before
        and basis(before[area_id])
        and basis(state)
        and basis(before[area_id]) != basis(state)
    )
