"""A figure for a date: which observation speaks, and which ones it sets aside.

Design: the newest observation not after the date is taken; a partial date means its last day;
undated ones speak only where no dated one exists. Ties go to the more exact date, then to the
later source; the others stay as conflicts. Of rates, one that equals leased over leasable goes
first in :mod:`geo.occupancy`: where both are known the rate is computed, and those that differ
are set aside. Only observations of the whole area that were measured speak of the present.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from data._frames import rows
from data.dates import parse_partial
from data.scenarios import SCENARIO, is_assumed
from data.vocabulary import METRICS, NATURES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

LEASABLE, LEASED, RATE = "industrial_land_ha", "leased_ha", "fill_rate_pct"
PRESENT = "measured"
# Areas of decisions and of surveys differ by less; a phase that isn't listed is more.
TOTALS_AGREE = 0.01
EXACTNESS = {"day": 3, "month": 2, "year": 1, "none": 0}


@dataclass(frozen=True)
class Observation:
    """One row of `observations.csv` with its date resolved.

    `until` is the last day of a partial date, None where undated; `source_date` the last day
    of the source's own date. `how` is observed where a source printed it, else what it was
    worked out of: from_plots, from_leases, from_outline, or scenario where it was assumed.
    """

    area_id: str
    metric: str
    value: float
    as_of: str
    until: dt.date | None
    exactness: int
    qualifier: str
    basis: str
    scope: str
    nature: str
    source: str
    source_date: dt.date | None
    note: str
    row: int
    how: str = "observed"


@dataclass(frozen=True)
class Figure:
    """A number with its pedigree.

    `metric` is the public name ("leasable_ha"), `as_of` the date as printed ("" = undated),
    `how` one of observed, computed, derived, sum_of_parts, lower_bound, from_plots, from_leases,
    from_outline, scenario; `rests_on` the rows of the observations.
    """

    metric: str
    value: float
    unit: str
    as_of: str
    until: dt.date | None
    basis: str
    sources: tuple[str, ...]
    note: str = ""
    qualifier: str = "="
    nature: str = PRESENT
    how: str = "observed"
    rests_on: tuple[int, ...] = ()


@dataclass(frozen=True)
class Conflict:
    """An observation that was set aside, and the rule that did it."""

    observation: Observation
    rule: str


def public_name(metric: str) -> str:
    """Name of a metric in results: leasable land may include service land."""
    return "leasable_ha" if metric == LEASABLE else metric


def read_observations(
    observations: pd.DataFrame,
    sources: pd.DataFrame,
) -> dict[str, tuple[Observation, ...]]:
    """Observations by area, with their dates and those of their sources resolved.

    Parameters
    ----------
    observations
        `Facts.observations`.
    sources
        `Facts.sources`, indexed by id, with the column `date`.

    Returns
    -------
    dict
        Area id -> observations in file order.
    """
    assumed = {str(key) for key in sources.index if is_assumed(str(key))}
    source_dates = {str(key): parse_partial(str(date))[0] for key, date in sources["date"].items()}
    found: dict[str, list[Observation]] = {}
    for row in rows(observations):
        until, exactness = parse_partial(row.as_of)
        found.setdefault(row.area_id, []).append(
            Observation(
                area_id=row.area_id,
                metric=row.metric,
                value=float(row.value),
                as_of=row.as_of,
                until=until,
                exactness=EXACTNESS[exactness],
                qualifier=row.qualifier,
                basis=row.basis,
                scope=row.scope,
                nature=row.nature,
                source=row.source_id,
                source_date=source_dates.get(row.source_id),
                note=row.note,
                row=int(row.row),
                how=SCENARIO if row.source_id in assumed else "observed",
            ),
        )
    return {area: tuple(items) for area, items in found.items()}


def select(
    observations: Iterable[Observation],
    metric: str,
    as_of: dt.date,
    *,
    nature: str = PRESENT,
) -> list[Observation]:
    """Observations of the whole area that may speak on a date, in file order.

    Dated ones not after the date; undated ones only where no dated one of the metric exists,
    at any date.
    """
    ours = [
        item
        for item in observations
        if item.metric == metric and item.scope == "whole" and item.nature == nature
    ]
    dated = [item for item in ours if item.until is not None]
    if not dated:
        return ours
    return [item for item in dated if item.until is not None and item.until <= as_of]


def rate_agrees(rate: Observation, expected_pct: float) -> bool:
    """Whether a printed rate is the expected one, to the last digit it was printed with.

    A rate printed with decimals is taken as rounded to the nearest; one printed without, or
    as "about", may also be rounded up or down: off by up to one unit of its last digit.
    """
    text = f"{rate.value:.6f}".rstrip("0")
    decimals = len(text.partition(".")[2])
    slack = 1.0 if rate.qualifier != "=" or decimals == 0 else 0.6
    return abs(rate.value - expected_pct) <= slack * 10.0**-decimals


def resolve(
    candidates: Sequence[Observation],
) -> tuple[Observation | None, tuple[Conflict, ...]]:
    """Newest of the candidates, and the ones of the same day that it contradicts.

    Parameters
    ----------
    candidates
        From :func:`select`; the order doesn't matter.
    """
    if not candidates:
        return None, ()
    newest = max((item.until for item in candidates if item.until is not None), default=None)
    tied = [item for item in candidates if item.until == newest]

    def preference(item: Observation) -> tuple[bool, int, int, str, int]:
        source_day = item.source_date.toordinal() if item.source_date else 0
        # What a scenario assumes for a day stands in place of what is known of that day.
        return item.how == SCENARIO, item.exactness, source_day, item.source, item.row

    chosen = max(tied, key=preference)
    return chosen, tuple(
        Conflict(
            item,
            _why_not(item, chosen),
        )
        for item in tied
        if item is not chosen and not math.isclose(item.value, chosen.value, rel_tol=1e-9)
    )


def _why_not(item: Observation, chosen: Observation) -> str:
    if chosen.how == SCENARIO != item.how:
        return "replaced_in_scenario"
    return "less_exact_date" if item.exactness != chosen.exactness else "earlier_source"


def observed(item: Observation, *, note: str = "") -> Figure:
    """Figure of one observation as its source printed it."""
    return Figure(
        metric=public_name(item.metric),
        value=item.value,
        unit=METRICS[item.metric],
        as_of=item.as_of,
        until=item.until,
        basis=item.basis,
        sources=(item.source,),
        note="; ".join(part for part in (item.note, note) if part),
        qualifier=item.qualifier,
        nature=item.nature,
        how=item.how,
        rests_on=(item.row,),
    )


def resolve_metric(
    observations: Sequence[Observation],
    metric: str,
    as_of: dt.date,
    *,
    natures: Sequence[str] = (PRESENT,),
) -> tuple[Figure | None, tuple[Conflict, ...]]:
    """Figure of one metric for a date: the first nature that has any observation.

    Examples
    --------
    Pipeline land is measured, else planned, else proposed:
    ``resolve_metric(rows, "total_area_ha", day, natures=("measured", "planned", "proposed"))``.
    """
    for nature in natures:
        chosen, conflicts = resolve(select(observations, metric, as_of, nature=nature))
        if chosen is not None:
            return observed(chosen), conflicts
    return None, ()


def make_the_whole(whole: Figure | None, parts: Mapping[str, Figure | None]) -> bool:
    """Whether the listed parts are all there are, as far as total areas tell.

    A single part is a phase of something larger. Of two or more the totals add up to the
    whole's within 1 %, or some of them aren't known.

    Parameters
    ----------
    whole, parts
        Total areas.
    """
    totals = [part.value for part in parts.values() if part is not None]
    if len(parts) < 2:  # noqa: PLR2004
        return False
    if whole is None or len(totals) < len(parts):
        return True
    return math.isclose(math.fsum(totals), whole.value, rel_tol=TOTALS_AGREE)


def from_parts(
    parts: Mapping[str, Figure | None],
    metric: str,
    *,
    all_listed: bool,
) -> Figure | None:
    """Figure of a whole from its parts, where the whole itself has none.

    The sum where every part has the figure; a lower bound (qualifier ">") where only some
    have it; None where none has. The date is the oldest of the parts', the qualifier and the
    nature those of the least sure part.

    Parameters
    ----------
    parts
        The figure of each part.
    metric
        Its public name.
    all_listed
        Whether these are all parts, from :func:`make_the_whole`; else a lower bound.
    """
    known = {part: figure for part, figure in parts.items() if figure is not None}
    if not known:
        return None
    oldest = min(known.values(), key=lambda item: item.until.toordinal() if item.until else 0)
    bases = {figure.basis for figure in known.values()}
    signs = {figure.qualifier for figure in known.values()} - {"="}
    complete = (
        all_listed
        and len(known) == len(parts)
        and all(figure.how != "lower_bound" for figure in known.values())
    )
    return replace(
        oldest,
        metric=metric,
        value=math.fsum(figure.value for figure in known.values()),
        basis=bases.pop() if len(bases) == 1 else "reported",
        sources=tuple(
            dict.fromkeys(source for figure in known.values() for source in figure.sources)
        ),
        note=" + ".join(known) if complete else " + ".join((*known, "...")),
        qualifier=(signs.pop() if len(signs) == 1 else "~" if signs else "=") if complete else ">",
        nature=max((figure.nature for figure in known.values()), key=NATURES.index),
        how="sum_of_parts" if complete else "lower_bound",
        rests_on=tuple(row for figure in known.values() for row in figure.rests_on),
    )
