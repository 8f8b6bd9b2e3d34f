"""How long the land that is left lasts at the pace it is leased, and what is to come.

The pace of an area is that of :mod:`geo.absorption`. Everything is a range, rests on stated
assumptions, and says by codes why it can't be told where it can't.
"""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.absorption import Absorption, OutlookAssumptions, absorption
from geo.account import Assumptions
from geo.records import plain

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from geo.account import Part
    from geo.figures import Observation
    from geo.history import Timeline
    from geo.states import AreaState

AREA_COLUMNS = (
    "area_id",
    "supply",
    "available_ha",
    "available_as_of",
    "points",
    "bases",
    "first_as_of",
    "last_as_of",
    "absorption_ha_year",
    "absorption_min_ha_year",
    "absorption_max_ha_year",
    "years_of_supply",
    "years_of_supply_min",
    "years_of_supply_max",
    "reasons",
)
ZONE_COLUMNS = (
    "zone_key",
    "available_ha",
    "areas_present",
    "areas_used",
    "available_used_ha",
    "absorption_ha_year",
    "absorption_min_ha_year",
    "absorption_max_ha_year",
    "years_of_supply",
    "years_of_supply_min",
    "years_of_supply_max",
    "pipeline_ha",
    "pipeline_leasable_min_ha",
    "pipeline_leasable_max_ha",
    "years_with_pipeline_min",
    "years_with_pipeline_max",
    "reasons",
)
PIPELINE_COLUMNS = (
    "area_id",
    "change",
    "land_ha",
    "nature",
    "as_of",
    "expected",
    "status",
    "established_year",
    "source",
    "source_dated",
    "note",
)


def _years(
    least_ha: float,
    most_ha: float,
    pace: tuple[float, float, float],
) -> tuple[float, float, float, list[dict[str, Any]]]:
    """Years that land lasts at the median, and the range; NaN where there is no end to them."""
    median, low, high = pace
    reasons: list[dict[str, Any]] = []
    if math.isnan(median) or math.isnan(least_ha):
        return math.nan, math.nan, math.nan, reasons
    if high == 0:
        reasons.append({"code": "nothing_leased"})
    elif low == 0:
        reasons.append({"code": "open_ended"})
    middle = (least_ha + most_ha) / 2.0
    return (
        middle / median if median > 0 else math.nan,
        least_ha / high if high > 0 else math.nan,
        most_ha / low if low > 0 else math.nan,
        reasons,
    )


def _available(state: AreaState) -> float:
    figure = state.occupancy.available
    return figure.value if figure is not None else math.nan


def area_outlook(
    times: Timeline,
    as_of: dt.date,
    *,
    options: OutlookAssumptions | None = None,
) -> pd.DataFrame:
    """Absorption and years of supply of each area that is present supply.

    Parameters
    ----------
    times
        From :func:`geo.history.timeline`.
    as_of
        No later observation is used.
    options
        What is assumed.

    Returns
    -------
    DataFrame
        Hectares, hectares a year, years; NaN where it can't be told, and why as codes in
        `reasons`: too_few_points, too_short, no_pair, leased_fell, bases_differ, inexact_points,
        nothing_leased, open_ended (the slowest pace is none, so the range has no upper end).
        `years_of_supply_min` is at the fastest pace.
    """
    found = []
    for area_id in times.states:
        state = times.state(area_id, as_of)
        if state.supply != "present":
            continue
        pace = absorption(times.province.observations.get(area_id, ()), as_of, options)
        land = _available(state)
        years, least, most, reasons = _years(land, land, (pace.median, pace.low, pace.high))
        if math.isnan(land):
            reasons.append({"code": "no_pair"})
        figure = state.occupancy.available
        found.append(
            (
                area_id,
                state.supply,
                land,
                figure.as_of if figure else "",
                pace.points,
                pace.bases,
                pace.first_as_of,
                pace.last_as_of,
                pace.median,
                pace.low,
                pace.high,
                years,
                least,
                most,
                [*pace.reasons, *reasons],
            ),
        )
    return pd.DataFrame(found, columns=list(AREA_COLUMNS))


def zone_outlook(
    times: Timeline,
    as_of: dt.date,
    *,
    options: OutlookAssumptions | None = None,
    assume: Assumptions | None = None,
) -> pd.DataFrame:
    """Years of supply of each zone and of the province.

    The pace is the sum over the areas whose absorption is known and that have a pair
    (`areas_used` of `areas_present`), and so is the land it is held against
    (`available_used_ha` of `available_ha`); the ends of the ranges are summed too, which is the
    widest that the areas together allow. With the pipeline, a `pipeline_share` of its land
    becomes leasable at 60 to 80 percent of its total area (`Assumptions`), and is leased at the
    same pace.

    Parameters
    ----------
    times
        From :func:`geo.history.timeline`.
    as_of
        No later observation is used.
    options, assume
        What is assumed.

    Returns
    -------
    DataFrame
        One row a zone, "province_total" last; hectares, hectares a year, years, NaN where it
        can't be told. `reasons`: no_absorption, part_of_areas{areas}, nothing_leased,
        open_ended, and leased_fell{areas}.
    """
    options, assume = options or OutlookAssumptions(), assume or Assumptions()
    paces = {
        area_id: absorption(times.province.observations.get(area_id, ()), as_of, options)
        for area_id in times.states
    }
    found = [
        _zone_row(key, times.parts_on(key, as_of), paces, options, assume) for key in times.parts
    ]
    return pd.DataFrame(found, columns=list(ZONE_COLUMNS))


def _sum(values: Iterable[float]) -> float:
    """Sum of what is known, NaN of nothing."""
    known = list(values)
    return math.fsum(known) if known else math.nan


def _zone_row(
    key: str,
    parts: Sequence[Part],
    paces: dict[str, Absorption],
    options: OutlookAssumptions,
    assume: Assumptions,
) -> tuple[Any, ...]:
    present = [part for part in parts if part.state.supply == "present"]
    paired = [part for part in present if part.state.occupancy.paired]
    used = [part for part in paired if paces[part.state.area_id].known]
    here = [(part.share, paces[part.state.area_id]) for part in used]
    pace = (
        _sum(share * each.median for share, each in here),
        _sum(share * each.low for share, each in here),
        _sum(share * each.high for share, each in here),
    )
    land = _sum(part.share * _available(part.state) for part in used)
    years, least, most, reasons = _years(land, land, pace)
    if not used:
        reasons.append({"code": "no_absorption"})
    elif len(used) < len(present):
        reasons.append({"code": "part_of_areas", "areas": [part.state.area_id for part in used]})
    fell = [
        part.state.area_id
        for part in used
        if any(reason["code"] == "leased_fell" for reason in paces[part.state.area_id].reasons)
    ]
    if fell:
        reasons.append({"code": "leased_fell", "areas": fell})
    pipeline = _sum(
        part.share * part.state.pipeline_total.value
        for part in parts
        if part.state.supply == "pipeline" and part.state.pipeline_total is not None
    )
    coming = 0.0 if math.isnan(pipeline) else pipeline * options.pipeline_share
    added = (coming * assume.least_leasable_share, coming * assume.most_leasable_share)
    _, least_with, most_with, _ = _years(land + added[0], land + added[1], pace)
    return (
        key,
        _sum(part.share * _available(part.state) for part in paired),
        len(present),
        len(used),
        land,
        *pace,
        years,
        least,
        most,
        pipeline,
        *added,
        least_with,
        most_with,
        reasons,
    )


def pipeline(times: Timeline, as_of: dt.date) -> pd.DataFrame:
    """Land to come, with the dates that are known of it.

    Parameters
    ----------
    times
        From :func:`geo.history.timeline`.
    as_of
        Plans that were published later are not in it.

    Returns
    -------
    DataFrame
        `change` "new": an area that isn't present supply yet, with its measured, planned or
        proposed total (NaN where unknown). "extension": what a plan adds to the measured total
        of an area; `expected` is the date the plan is made for, where it is to come. Nothing of
        it is in the pipeline of the account. `source_dated` is False where the source of such a
        plan has no date, so that it may be younger than `as_of`.
    """
    found: list[tuple[Any, ...]] = []
    years = times.province.areas["established_year"].to_dict()
    for area_id in times.states:
        state = times.state(area_id, as_of)
        about = (state.status or "", years.get(area_id))
        if state.supply == "pipeline":
            total = state.pipeline_total
            found.append(
                (
                    area_id,
                    "new",
                    total.value if total else math.nan,
                    total.nature if total else "",
                    total.as_of if total else "",
                    "",
                    *about,
                    ";".join(total.sources) if total else "",
                    True,
                    total.note if total else "",
                ),
            )
        plan = _extension(times, state, as_of)
        if plan is not None and state.total is not None:
            found.append(
                (
                    area_id,
                    "extension",
                    plan.value - state.total.value,
                    plan.nature,
                    plan.as_of,
                    plan.as_of if plan.until is not None and plan.until > as_of else "",
                    *about,
                    plan.source,
                    plan.until is not None and (plan.until <= as_of or bool(plan.source_date)),
                    plan.note,
                ),
            )
    frame = pd.DataFrame(found, columns=list(PIPELINE_COLUMNS))
    return frame.astype({"established_year": "Int64"})


def outlook_record(
    times: Timeline,
    as_of: dt.date,
    *,
    options: OutlookAssumptions | None = None,
    assume: Assumptions | None = None,
) -> dict[str, Any]:
    """Outlook as a plain record for exports: what is assumed, and all that follows from it.

    Parameters
    ----------
    times
        From :func:`geo.history.timeline`.
    as_of
        No later observation is used.
    options, assume
        What is assumed.

    Returns
    -------
    dict
        `as_of`, `assumptions`, and as lists of records `zones` (:func:`zone_outlook`), `areas`
        (:func:`area_outlook`) and `pipeline` (:func:`pipeline`); unknown is None.
    """
    options, assume = options or OutlookAssumptions(), assume or Assumptions()
    record = {
        "as_of": as_of,
        "assumptions": {
            **asdict(options),
            "least_leasable_share": assume.least_leasable_share,
            "most_leasable_share": assume.most_leasable_share,
        },
        "zones": zone_outlook(times, as_of, options=options, assume=assume).to_dict("records"),
        "areas": area_outlook(times, as_of, options=options).to_dict("records"),
        "pipeline": pipeline(times, as_of).to_dict("records"),
    }
    plain_record: dict[str, Any] = plain(record)
    return plain_record


def _extension(times: Timeline, state: AreaState, as_of: dt.date) -> Observation | None:
    """Newest plan for a larger area than was measured, made after that was."""
    if state.supply not in {"present", "pipeline"}:
        return None
    if state.total is None or state.total.until is None:
        return None
    plans = [
        item
        for item in times.province.observations.get(state.area_id, ())
        if item.metric == "total_area_ha"
        and item.scope == "whole"
        and item.nature in {"planned", "proposed"}
        and item.until is not None
        and item.until > state.total.until
        and (item.until <= as_of or item.source_date is None or item.source_date <= as_of)
    ]
    newest = max(plans, key=lambda item: (item.until or as_of, item.row), default=None)
    return newest if newest is not None and newest.value > state.total.value else None
