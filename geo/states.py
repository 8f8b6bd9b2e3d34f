"""What is known of each area on a date: status, supply, occupancy and all other figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from data._frames import rows
from data.dates import last_day
from data.scenarios import is_assumed
from data.vocabulary import METRICS
from geo.figures import (
    LEASABLE,
    LEASED,
    RATE,
    from_parts,
    make_the_whole,
    public_name,
    resolve_metric,
)
from geo.occupancy import occupancy, whole_from_parts, with_lower_bounds
from geo.supply import status_on, supply_on

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from geo.figures import Conflict, Figure, Observation
    from geo.occupancy import Occupancy

ALL_NATURES = ("measured", "planned", "proposed")
OCCUPANCY_METRICS = ("leasable_ha", "leased_ha", "available_ha", "fill_rate_pct")
SUMMABLE = ("total_area_ha", "cleared_ha", "infrastructure_ha")


@dataclass(frozen=True)
class AreaState:
    """One area on a date.

    `status_as_of` is "" where the status on the date isn't the one that was recorded.
    `total` is its measured total area; `pipeline_total` may also be a planned or proposed one.
    `figures` holds every figure by its public name, those of `occupancy` among them. `assumed`
    where the area or one of its figures comes from a scenario.
    """

    area_id: str
    kind: str
    status: str | None
    supply: str
    supply_reason: str
    total: Figure | None
    pipeline_total: Figure | None
    occupancy: Occupancy
    figures: Mapping[str, Figure]
    conflicts: tuple[Conflict, ...]
    assumed: bool = False
    status_as_of: str = ""


def area_states(
    areas: pd.DataFrame,
    observations: Mapping[str, Sequence[Observation]],
    as_of: dt.date,
) -> dict[str, AreaState]:
    """State of every area on a date, in the order of `areas`.

    Parameters
    ----------
    areas
        `Facts.areas`, indexed by id.
    observations
        From :func:`geo.figures.read_observations`.
    as_of
        No observation later than it is used.
    """
    parts_of: dict[str, list[str]] = {}
    for area_id, whole in areas["part_of"].items():
        if whole:
            parts_of.setdefault(str(whole), []).append(str(area_id))
    part_of = areas["part_of"].to_dict()

    def depth(area_id: str) -> int:
        whole = part_of.get(area_id)
        return 1 + depth(whole) if whole else 0

    states: dict[str, AreaState] = {}
    tenants: dict[str, bool] = {}
    # Parts come before their whole, which may be summed from them.
    for area in sorted(rows(areas), key=lambda area: -depth(area.Index)):
        own, parts = observations.get(area.Index, ()), parts_of.get(area.Index, ())
        tenants[area.Index] = _has_tenants(own, as_of) or any(tenants[part] for part in parts)
        states[area.Index] = _state(
            area,
            own,
            [states[part] for part in parts],
            as_of,
            has_tenants=tenants[area.Index],
        )
    return {area_id: states[area_id] for area_id in areas.index}


def _state(
    area: pd.Series,
    observations: Sequence[Observation],
    parts: Sequence[AreaState],
    as_of: dt.date,
    *,
    has_tenants: bool,
) -> AreaState:
    figures, conflicts = _plain_figures(observations, as_of)
    by_part = {
        metric: {part.area_id: part.figures.get(metric) for part in parts} for metric in SUMMABLE
    }
    all_listed = make_the_whole(figures.get("total_area_ha"), by_part["total_area_ha"])
    for metric in SUMMABLE:
        summed = from_parts(by_part[metric], metric, all_listed=all_listed)
        if summed is not None and _goes_before(summed, figures.get(metric)):
            figures[metric] = summed
    pair = whole_from_parts(
        occupancy(observations, as_of),
        {part.area_id: part.occupancy for part in parts},
        all_listed=all_listed,
    )
    pair = with_lower_bounds(pair, observations, as_of)
    pair_figures = (pair.leasable, pair.leased, pair.available, pair.rate)
    for metric, figure in zip(OCCUPANCY_METRICS, pair_figures, strict=True):
        if figure is not None:
            figures[metric] = figure
    total, cleared = figures.get("total_area_ha"), figures.get("cleared_ha")
    measured = total if total is not None and total.nature == "measured" else None
    if cleared is not None and cleared.nature != "measured":
        cleared = None
    status = status_on(
        area.status,
        area.status_as_of,
        None if pd.isna(area.established_year) else int(area.established_year),
        as_of,
    )
    since = last_day(area.status_as_of)
    recorded = status == area.status and (since is None or since <= as_of)
    supply = supply_on(
        kind=area.kind,
        counted=bool(area.counted),
        status=status,
        total_ha=measured.value if measured else None,
        cleared_ha=cleared.value if cleared else None,
        has_tenants=has_tenants,
    )
    return AreaState(
        area_id=str(area.Index),
        kind=area.kind,
        status=status,
        supply=supply.supply,
        supply_reason=supply.reason,
        total=measured,
        pipeline_total=total,
        occupancy=pair,
        figures=figures,
        conflicts=(*pair.conflicts, *conflicts),
        assumed=any(
            is_assumed(source)
            for sources in (area.source_ids, *(figure.sources for figure in figures.values()))
            for source in sources
        ),
        status_as_of=area.status_as_of if recorded else "",
    )


def _goes_before(summed: Figure, own: Figure | None) -> bool:
    """Whether the sum of the parts says more than the whole's own figure."""
    if own is None:
        return True
    firmer = ALL_NATURES.index(summed.nature) < ALL_NATURES.index(own.nature)
    return firmer and summed.how == "sum_of_parts"


def _plain_figures(
    observations: Sequence[Observation],
    as_of: dt.date,
) -> tuple[dict[str, Figure], tuple[Conflict, ...]]:
    """Figures of all metrics but those of occupancy; plans only where nothing is measured."""
    figures: dict[str, Figure] = {}
    conflicts: tuple[Conflict, ...] = ()
    of_metric: dict[str, list[Observation]] = {}
    for item in observations:
        of_metric.setdefault(item.metric, []).append(item)
    for metric in METRICS:
        if metric in {LEASABLE, LEASED, RATE} or metric not in of_metric:
            continue
        found = of_metric[metric]
        figure, set_aside = resolve_metric(found, metric, as_of, natures=ALL_NATURES)
        if figure is not None:
            figures[public_name(metric)] = figure
            conflicts += set_aside
    return figures, conflicts


def _has_tenants(observations: Sequence[Observation], as_of: dt.date) -> bool:
    """Whether land was leased by the date; a phase that is leased proves tenants too."""
    return any(
        item.metric in {LEASED, RATE}
        and item.nature == "measured"
        and item.value > 0
        and item.until is not None
        and item.until <= as_of
        for item in observations
    )
