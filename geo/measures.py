"""What can be measured of a set of areas on a date, with the bounds that unknown data leave.

Each measure has the value over what is known, the lowest and highest value that any completion
of the unknowns gives, how many areas it rests on and of how many, and reasons as codes with
parameters. Land and rates come from :mod:`geo.account`; nothing is summed here a second time.

Lists are incomplete. Where the province itself reports more operating areas than the tables
hold, the areas that lack enter the bounds as areas of which nothing is known: all of them in
the bounds of the province, none to all of them in those of a territory in it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from data._frames import rows
from data.dates import last_day
from geo.account import Assumptions, Part, account, land_of
from geo.bounds import available_bounds, rate_bounds
from geo.figures import Figure
from geo.occupancy import Occupancy
from geo.shortfalls import COUNTS, province_counts, shortfalls
from geo.states import AreaState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from data.resolutions import Period
    from geo.bounds import Land
    from geo.snapshot import Snapshot


@dataclass(frozen=True)
class Measure:
    """A value with bounds.

    `value` speaks of the known part; `low` and `high` are None where there is no bound. `known`
    of `of` areas have what the value needs; `land_pct` is their share of the land whose size is
    known. `areas` are the ids behind it. Of a fill rate and of available land, `listed_low` and
    `listed_high` are the bounds over the areas in the tables alone; of a fill rate,
    `reported_low` and `reported_high` are those if every reported rate, however old, still held
    (only where no area has a pair).
    """

    unit: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    known: int = 0
    of: int = 0
    land_pct: float | None = None
    listed_low: float | None = None
    listed_high: float | None = None
    reported_low: float | None = None
    reported_high: float | None = None
    areas: tuple[str, ...] = ()
    reasons: tuple[dict[str, Any], ...] = ()


def parts_of(
    snapshot: Snapshot,
    kinds: Iterable[str],
    *,
    of_status: str | None = None,
) -> list[Part]:
    """Areas of some kinds (and of a status on the date) as whole parts of an account."""
    chosen = set(kinds)
    return [
        Part(state, 1.0, assumed=False, counts_here=True)
        for state in snapshot.states.values()
        if state.kind in chosen and (of_status is None or state.status == of_status)
    ]


def _unlisted(lacking: Sequence[Mapping[str, Any]], *, anywhere: bool) -> list[Part]:
    """Give the areas that the province counts and the tables lack: nothing is known of them.

    Those that may lie anywhere in the province have none to all of their land here.
    """
    return [
        Part(
            AreaState(
                area_id="",
                kind=one["kind"],
                status="operating",
                supply="present",
                supply_reason="operating",
                total=None,
                pipeline_total=None,
                occupancy=Occupancy(),
                figures={},
                conflicts=(),
            ),
            0.0 if anywhere else 1.0,
            assumed=anywhere,
            counts_here=not anywhere,
        )
        for one in lacking
        for _ in range(one["missing"])
    ]


def _lands(
    parts: Sequence[Part],
    as_of: dt.date,
    assume: Assumptions,
) -> tuple[list[Land], list[Land]]:
    """Land of present areas: of known or assumed size, and of unlimited size (rates alone)."""
    hectare = Figure("total_area_ha", 1.0, "ha", "", None, "reported", ())
    sized, unlimited = [], []
    for part in parts:
        if part.state.supply != "present":
            continue
        land = land_of(part, as_of, assume)
        if land is not None:
            sized.append(land)
            continue
        # The size doesn't matter to the rate: any will do.
        some = land_of(part._replace(state=replace(part.state, total=hectare)), as_of, assume)
        if some is not None:
            unlimited.append(some)
    return sized, unlimited


def _account_reasons(
    fields: Mapping[str, Any],
    parts: Sequence[Part],
    lacking: Sequence[Mapping[str, Any]],
) -> tuple[dict[str, Any], ...]:
    unknown = [part.state.area_id for part in parts if part.state.supply_reason == "status_unknown"]
    listed = [{"code": "status_unknown", "areas": unknown}] if unknown else []
    return (*fields["reasons"], *listed, *(dict(reason) for reason in lacking))


def fill_rate(
    parts: Sequence[Part],
    as_of: dt.date,
    assume: Assumptions | None = None,
    *,
    lacking: Sequence[Mapping[str, Any]] = (),
    anywhere: bool = False,
) -> Measure:
    """Fill rate (percent) of the present supply among areas.

    Parameters
    ----------
    parts
        The areas, of any supply.
    lacking
        From :func:`shortfalls`; as many areas of unknown size and rate enter the bounds.
    anywhere
        Those that lack may lie elsewhere: none to all of them enter.

    Notes
    -----
    A park of unknown size may be as large as it likes, so its own rate is a limit of the
    whole's, which the whole comes near and never reaches.
    """
    assume = assume or Assumptions()
    fields = account(parts, as_of, assume)
    missing = _unlisted(lacking, anywhere=anywhere)
    sized, unlimited = _lands([*parts, *missing], as_of, assume)
    ends = [(land.least_rate * 100.0, land.most_rate * 100.0) for land in unlimited]
    if bounds := rate_bounds(sized):
        ends.append(bounds)
    return Measure(
        unit="%",
        value=fields["fill_rate_pct"],
        low=min((low for low, _ in ends), default=None),
        high=max((high for _, high in ends), default=None),
        known=fields["areas_with_figures"],
        of=fields["areas_count"] + sum(part.counts_here for part in missing),
        land_pct=fields["coverage_land_pct"],
        listed_low=fields["fill_rate_min_pct"],
        listed_high=fields["fill_rate_max_pct"],
        reported_low=fields["reported_min_pct"],
        reported_high=fields["reported_max_pct"],
        areas=tuple(part.state.area_id for part in parts if part.state.supply == "present"),
        reasons=_account_reasons(fields, parts, lacking),
    )


def available(
    parts: Sequence[Part],
    as_of: dt.date,
    assume: Assumptions | None = None,
    *,
    lacking: Sequence[Mapping[str, Any]] = (),
    anywhere: bool = False,
) -> Measure:
    """Land (ha) not yet leased in the present supply among areas; no areas have none of it.

    Parameters
    ----------
    parts, lacking, anywhere
        As for :func:`fill_rate`.
    """
    assume = assume or Assumptions()
    fields = account(parts, as_of, assume)
    missing = _unlisted(lacking, anywhere=anywhere)
    sized, unlimited = _lands([*parts, *missing], as_of, assume)
    low, high = available_bounds(sized)
    open_ended = any(land.least_rate < 1.0 for land in unlimited)
    empty = not sized and not unlimited
    present = tuple(part.state.area_id for part in parts if part.state.supply == "present")
    return Measure(
        unit="ha",
        value=0.0 if empty else fields["available_ha"],
        low=low,
        high=None if open_ended else high,
        known=fields["areas_with_figures"],
        of=fields["areas_count"] + sum(part.counts_here for part in missing),
        land_pct=fields["coverage_land_pct"],
        listed_low=fields["available_min_ha"] if present else 0.0,
        listed_high=fields["available_max_ha"] if present else 0.0,
        areas=present,
        reasons=_account_reasons(fields, parts, lacking),
    )


def own_rate(state: AreaState, as_of: dt.date, assume: Assumptions | None = None) -> Measure:
    """Fill rate (percent) of one area, present supply or not."""
    present = replace(state, supply="present")
    return fill_rate([Part(present, 1.0, assumed=False, counts_here=True)], as_of, assume)


def total_area(state: AreaState) -> Measure:
    """Total area (ha) of one area, measured or else planned; nothing is assumed of it.

    A figure "over 200 ha" has no upper bound, one "nearly 42 ha" none but zero below; "about"
    is taken at its word and told in the reasons.
    """
    figure = state.total or state.pipeline_total
    areas = (state.area_id,)
    if figure is None:
        return Measure(unit="ha", of=1, areas=areas, reasons=({"code": "no_total"},))
    reasons: list[dict[str, Any]] = []
    if figure.nature != "measured":
        reasons.append({"code": "planned_figure", "as_of": figure.as_of})
    if figure.qualifier != "=":
        reasons.append({"code": "not_exact", "qualifier": figure.qualifier})
    return Measure(
        unit="ha",
        value=figure.value,
        low=0.0 if figure.qualifier == "<" else figure.value,
        high=None if figure.qualifier == ">" else figure.value,
        known=1,
        of=1,
        areas=areas,
        reasons=tuple(reasons),
    )


def wastewater_share(
    sure: Sequence[str],
    maybe: Sequence[str],
    wastewater: Mapping[str, str],
    *,
    lacking: Sequence[Mapping[str, Any]] = (),
) -> Measure:
    """Share (percent) of areas with central wastewater treatment.

    Parameters
    ----------
    sure, maybe
        Ids of the areas that are meant, and of those that may be: their status isn't known.
    wastewater
        By id: "yes", "no", "under_construction" (not treated yet, so no) or "" (unknown).
    lacking
        From :func:`shortfalls`; as many areas with unknown treatment enter the bounds.

    Examples
    --------
    Two have it, one hasn't, of one it isn't known:

    >>> share = wastewater_share("abcd", "", {"a": "yes", "b": "yes", "c": "no", "d": ""})
    >>> share.low, share.high, share.known, share.of
    (50.0, 75.0, 3, 4)
    """
    yes = [area for area in sure if wastewater[area] == "yes"]
    unknown = [area for area in sure if not wastewater[area]]
    unlisted = sum(one["missing"] for one in lacking)
    known, everything = len(sure) - len(unknown), len(sure) + unlisted
    # One that may be meant counts where that lowers, or raises, the share: without it where it
    # can't. Those that may have it and those that may lack it are different ends.
    may_have = [area for area in maybe if wastewater[area] in {"yes", ""}]
    may_lack = [area for area in maybe if wastewater[area] != "yes"]
    least, most = everything + len(may_lack), everything + len(may_have)
    low = len(yes) / least * 100.0 if least else None
    high = (len(yes) + len(unknown) + unlisted + len(may_have)) / most * 100.0 if most else None
    if not everything:  # all that may be meant: with or without any of them
        low = 100.0 if maybe and not may_lack else low
        high = 0.0 if maybe and not may_have else high
    reasons: list[dict[str, Any]] = []
    if unknown:
        reasons.append({"code": "wastewater_unknown", "areas": unknown})
    building = [area for area in sure if wastewater[area] == "under_construction"]
    if building:
        reasons.append({"code": "wastewater_under_construction", "areas": building})
    if maybe:
        reasons.append({"code": "status_unknown", "areas": list(maybe)})
    if not sure and not maybe:
        reasons.append({"code": "no_areas"})
    return Measure(
        unit="%",
        value=len(yes) / known * 100.0 if known else None,
        low=low,
        high=high,
        known=known,
        of=everything,
        areas=(*sure, *maybe),
        reasons=(*reasons, *(dict(reason) for reason in lacking)),
    )


def may_be_new(
    status: str,
    status_as_of: str,
    period: Period,
    as_of: dt.date,
) -> bool:
    """Whether an area without a year may have been established within a period, by the date.

    Not so where it was built or established before the period, where it was still planned at
    the end of it (or on the date), and where it was removed. A status later than the date isn't
    used.

    Examples
    --------
    >>> from data.resolutions import Period
    >>> day, years = dt.date(2026, 11, 21), Period(first=2021, last=2025)
    >>> may_be_new("operating", "2013", years, day), may_be_new("operating", "2025", years, day)
    (False, True)
    >>> may_be_new("planned", "2022-08", years, day), may_be_new("planned", "2026-01", years, day)
    (True, False)
    """
    since = last_day(status_as_of)
    if since is not None and since > as_of:
        return True
    if status == "removed":
        return False
    if since is None:
        return True
    if status == "planned":
        return since < min(dt.date(period.last, 12, 31), as_of)
    return not status or since.year >= period.first


def new_areas(snapshot: Snapshot, kinds: Iterable[str], period: Period) -> Measure:
    """Count areas established in a period, by the date.

    Counted areas whose `established_year` lies in the period and not after the year of the
    date are known to be new; those without a year may be (:func:`may_be_new`). The lists are
    incomplete, so the count is a lower bound. It has an upper one only where the province
    reports, in the last year of the period or later, no more areas of the kind than the tables
    hold; otherwise areas may be new that the tables lack.
    """
    kinds = tuple(dict.fromkeys(kinds))
    areas = snapshot.areas[snapshot.areas["counted"] & snapshot.areas["kind"].isin(kinds)]
    last = min(period.last, snapshot.as_of.year)
    new: list[str] = []
    maybe: list[str] = []
    # The frame of the snapshot has the status on its date; the tables have the newest.
    for row in rows(snapshot.facts.areas.loc[areas.index]):
        if not pd.isna(row.established_year):
            if period.first <= row.established_year <= last and row.status != "removed":
                new.append(row.Index)
        elif may_be_new(row.status, row.status_as_of, period, snapshot.as_of):
            maybe.append(row.Index)
    reasons: list[dict[str, Any]] = []
    if maybe:
        reasons.append({"code": "year_unknown", "areas": maybe})
    bounded = True
    for kind in kinds:
        lacks = shortfalls(snapshot, kind, COUNTS)
        reports = province_counts(snapshot, kind, COUNTS)
        checked = any(
            (until := last_day(report["as_of"])) is not None and until.year >= period.last
            for report in reports
        )
        reasons += lacks
        if not lacks and not checked:
            reasons.append({"code": "list_not_checked", "kind": kind})
        bounded = bounded and checked and not lacks
    return Measure(
        unit="areas",
        value=float(len(new)),
        low=float(len(new)),
        high=float(len(new) + len(maybe)) if bounded else None,
        known=len(areas) - len(maybe),
        of=len(areas),
        areas=(*new, *maybe),
        reasons=tuple(reasons),
    )
