"""The account of industrial land by zone: fill rate, available land, coverage and bounds.

A zone's fill rate is the sum of leased over the sum of leasable land of the areas where both
are known; there is no mean of percentages. Beside it stand the coverage and the bounds that
any completion of the unknowns allows. `Assumptions` is the space of completions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from dateutil.relativedelta import relativedelta

from geo.bounds import Land, available_bounds, rate_bounds

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from geo.figures import Figure
    from geo.states import AreaState


@dataclass(frozen=True)
class Assumptions:
    """What unknown figures may be; used for bounds alone, never for a figure.

    The share of leasable in total land is around the national mean of 10/2023 (87,700 of
    120,000 ha = 0.73). A cluster has 5 to 75 ha (Nghị định 32/2024/NĐ-CP Điều 2
    khoản 1 sets 10 to 75, from 5 in mountain districts and craft villages); a park of unknown
    size has no bounds.
    """

    least_leasable_share: float = 0.60
    most_leasable_share: float = 0.80
    least_cluster_ha: float = 5.0
    most_cluster_ha: float = 75.0
    rate_years: int = 5


class Part(NamedTuple):
    """An area in a zone: its share, whether the split is assumed, and whether it counts here."""

    state: AreaState
    share: float
    assumed: bool
    counts_here: bool


ACCOUNT_FIELDS = (
    "areas_count",
    "areas_by_kind",
    "total_area_ha",
    "leasable_ha",
    "leased_ha",
    "available_ha",
    "fill_rate_pct",
    "fill_rate_min_pct",
    "fill_rate_max_pct",
    "fill_rate_bases",
    "coverage_count_pct",
    "coverage_land_pct",
    "pipeline_ha",
)


def land_of(
    part: Part,
    as_of: dt.date,
    assume: Assumptions,
    *,
    any_age: bool = False,
) -> Land | None:
    """Intervals of an area's leasable land and rate in a zone; None for a park of unknown size.

    Parameters
    ----------
    part
        The area and its share; where the split is assumed, none to all of it may be here.
    as_of
        A reported rate fixes the rate where it isn't older than `assume.rate_years`.
    any_age
        Let reported rates of any age, and undated ones, fix the rate.
    """
    state, occupancy = part.state, part.state.occupancy
    if occupancy.leasable is not None and occupancy.leasable.how != "lower_bound":
        least = most = occupancy.leasable.value
    elif state.total is not None and state.total.how != "lower_bound":
        least = state.total.value * assume.least_leasable_share
        most = state.total.value * assume.most_leasable_share
    elif state.kind == "industrial_cluster":
        least = assume.least_cluster_ha * assume.least_leasable_share
        most = assume.most_cluster_ha * assume.most_leasable_share
    else:
        return None
    low, high = 0.0, 1.0
    rate = occupancy.rate
    if rate is not None:
        recent = rate.until is not None and rate.until >= as_of - relativedelta(
            years=assume.rate_years,
        )
        if occupancy.paired or recent or any_age:
            low = high = rate.value / 100.0
    if part.assumed:
        return Land(0.0, most, low, high)
    return Land(least * part.share, most * part.share, low, high)


def _sum(values: Iterable[float]) -> float | None:
    """Sum of what is known, None of nothing."""
    known = list(values)
    return math.fsum(known) if known else None


def _dated(figures: Iterable[Figure | None]) -> list[tuple[dt.date, str]]:
    """Last days and dates as printed of the figures that are dated, the oldest first."""
    return sorted(
        (figure.until, figure.as_of)
        for figure in figures
        if figure is not None and figure.until is not None
    )


def account(
    parts: Sequence[Part],
    as_of: dt.date,
    assume: Assumptions | None = None,
) -> dict[str, Any]:
    """Account of one zone (or of the province, with shares of 1).

    Parameters
    ----------
    parts
        The areas that lie in the zone with a share above zero.
    as_of
        Date of the account.
    assume
        Space of completions for the bounds.

    Returns
    -------
    dict
        `ACCOUNT_FIELDS` (hectares, percent; None where unknown), and `available_min_ha`,
        `available_max_ha`, `reported_min_pct`, `reported_max_pct` (the interval from reported
        rates of any age and assumed land, only where no pair exists; the land of parks of
        unknown size isn't in it, as their reason says), `areas_with_figures`,
        `shares_with_figures` (areas with figures whose share is in the sums, and which another
        zone counts), `areas_without_total`, `oldest_as_of`, `newest_as_of` (of leased and
        leasable land of the pairs, as printed), `pipeline_without_total`,
        `pipeline_oldest_as_of`, `pipeline_newest_as_of` (of the areas whose sum `pipeline_ha`
        is) and `reasons` (codes with parameters that say what the figures rest on).
    """
    assume = assume or Assumptions()
    present = [part for part in parts if part.state.supply == "present"]
    here = [part for part in present if part.counts_here]
    paired = [part for part in present if part.state.occupancy.paired]
    leasable = _sum(part.share * part.state.occupancy.leasable.value for part in paired)  # type: ignore[union-attr]
    leased = _sum(part.share * part.state.occupancy.leased.value for part in paired)  # type: ignore[union-attr]
    with_figures = [part for part in here if part.state.occupancy.paired]
    known_land = [part for part in present if part.state.total is not None]
    land = math.fsum(part.share * part.state.total.value for part in known_land)  # type: ignore[union-attr]
    paired_land = math.fsum(
        part.share * part.state.total.value  # type: ignore[union-attr]
        for part in known_land
        if part.state.occupancy.paired
    )
    pipeline = [part for part in parts if part.state.supply == "pipeline"]
    pipeline_known = _sum(
        part.share * part.state.pipeline_total.value
        for part in pipeline
        if part.state.pipeline_total is not None
    )
    pipeline_dated = _dated(part.state.pipeline_total for part in pipeline)
    by_kind: dict[str, int] = {}
    for part in here:
        by_kind[part.state.kind] = by_kind.get(part.state.kind, 0) + 1
    dated = _dated(
        figure
        for part in paired
        for figure in (part.state.occupancy.leased, part.state.occupancy.leasable)
    )
    bases = {part.state.occupancy.rate.basis for part in paired}  # type: ignore[union-attr]
    return {
        "areas_count": len(here),
        "areas_by_kind": dict(sorted(by_kind.items())),
        "total_area_ha": land if known_land or not present else None,
        "leasable_ha": leasable,
        "leased_ha": leased,
        "available_ha": leasable - leased if leasable is not None and leased is not None else None,
        "fill_rate_pct": leased / leasable * 100.0 if leased is not None and leasable else None,
        "fill_rate_bases": sorted(bases),
        "coverage_count_pct": len(with_figures) / len(here) * 100.0 if here else None,
        "coverage_land_pct": paired_land / land * 100.0 if land else None,
        "pipeline_ha": pipeline_known if pipeline else 0.0,
        "areas_with_figures": len(with_figures),
        "shares_with_figures": len(paired) - len(with_figures),
        "areas_without_total": sum(part.state.total is None for part in here),
        "oldest_as_of": dated[0][1] if dated else "",
        "newest_as_of": dated[-1][1] if dated else "",
        "pipeline_without_total": sum(
            part.counts_here and part.state.pipeline_total is None for part in pipeline
        ),
        "pipeline_oldest_as_of": pipeline_dated[0][1] if pipeline_dated else "",
        "pipeline_newest_as_of": pipeline_dated[-1][1] if pipeline_dated else "",
        **_bounds(present, bool(paired), as_of, assume),
        "reasons": reasons(parts, as_of, assume),
    }


def _bounds(
    present: Sequence[Part],
    has_pair: bool,  # noqa: FBT001
    as_of: dt.date,
    assume: Assumptions,
) -> dict[str, float | None]:
    fields = dict.fromkeys(
        (
            "fill_rate_min_pct",
            "fill_rate_max_pct",
            "available_min_ha",
            "available_max_ha",
            "reported_min_pct",
            "reported_max_pct",
        ),
    )
    result: dict[str, float | None] = dict(fields)
    lands = [land_of(part, as_of, assume) for part in present]
    known = [land for land in lands if land is not None]
    if len(known) == len(lands) and (bounds := rate_bounds(known)):
        result["fill_rate_min_pct"], result["fill_rate_max_pct"] = bounds
        result["available_min_ha"], result["available_max_ha"] = available_bounds(known)
    if not has_pair and (bounds := _reported_bounds(present, as_of, assume)):
        result["reported_min_pct"], result["reported_max_pct"] = bounds
    return result


def _reported_bounds(
    present: Sequence[Part],
    as_of: dt.date,
    assume: Assumptions,
) -> tuple[float, float] | None:
    """Interval from reported rates of any age; None where no area has one.

    A park of unknown size may weigh anything, so its own rate is an end; without a rate it is
    left out.
    """
    rates = [part.state.occupancy.rate for part in present]
    if not any(rates):
        return None
    lands = [land_of(part, as_of, assume, any_age=True) for part in present]
    ends = [
        rate.value
        for rate, land in zip(rates, lands, strict=True)
        if rate is not None and land is None
    ]
    ends += rate_bounds([land for land in lands if land is not None]) or ()
    return (min(ends), max(ends)) if ends else None


def _in_scenario(part: Part) -> bool:
    return part.state.assumed and part.state.supply in {"present", "pipeline"}


def reasons(
    parts: Sequence[Part],
    as_of: dt.date,
    assume: Assumptions,
) -> list[dict[str, Any]]:
    """Say what a zone's figures rest on and what they lack, as codes with parameters."""
    present = [part.state for part in parts if part.state.supply == "present"]
    assumed = [part.state.area_id for part in parts if _in_scenario(part)]
    found: list[dict[str, Any]] = [{"code": "scenario", "areas": assumed}] if assumed else []
    if not present:
        only = [part.state.area_id for part in parts if part.state.supply == "pipeline"]
        return [*found, {"code": "only_pipeline", "areas": only} if only else {"code": "no_areas"}]
    unpaired = [state for state in present if not state.occupancy.paired]
    if len(unpaired) == len(present):
        found.append({"code": "no_pair", "count": len(present)})
    reported = [
        (state, state.occupancy.rate) for state in unpaired if state.occupancy.rate is not None
    ]
    if reported:
        dates = sorted((rate.until, rate.as_of) for _, rate in reported if rate.until is not None)
        found.append(
            {
                "code": "reported_rates",
                "count": len(reported),
                "min_pct": min(rate.value for _, rate in reported),
                "max_pct": max(rate.value for _, rate in reported),
                "undated": sum(rate.until is None for _, rate in reported),
                "without_total": sum(state.total is None for state, _ in reported),
                "oldest": dates[0][1] if dates else "",
                "newest": dates[-1][1] if dates else "",
                "kinds": sorted({state.kind for state, _ in reported}),
                "areas": [state.area_id for state, _ in reported],
            },
        )
    silent = [state.area_id for state in unpaired if state.occupancy.rate is None]
    if silent:
        found.append({"code": "no_figures", "areas": silent})
    lost = [
        part.state.area_id
        for part in parts
        if part.state.supply == "present" and land_of(part, as_of, assume) is None
    ]
    if lost:
        found.append({"code": "park_without_total", "areas": lost})
    split = [
        part.state.area_id for part in parts if part.assumed and part.state.supply == "present"
    ]
    if split:
        found.append({"code": "assumed_share", "areas": split})
    guessed = [
        state
        for state in present
        if state.occupancy.leasable is None or state.occupancy.leasable.how == "lower_bound"
    ]
    for code, states in (
        ("assumed_leasable", [state for state in guessed if state.total is not None]),
        (
            "assumed_total",
            [
                state
                for state in guessed
                if state.total is None and state.kind == "industrial_cluster"
            ],
        ),
    ):
        if states:
            found.append({"code": code, "areas": [state.area_id for state in states]})
    return found
