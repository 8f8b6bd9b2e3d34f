"""How fast land is leased: hectares a year by the dated figures of leased land of one area.

Absorption is the median of the slopes between every two figures (Theil 1950; Sen 1968, Journal
of the American Statistical Association 63), each between two figures of one basis, since
figures of two bases count different land. It is robust to one wrong figure, and with few points
it is a wide range, which is what is known. Nothing is said of an area with fewer than three
dated figures of one basis, or with less than a year between them.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from dateutil.relativedelta import relativedelta

from geo.figures import LEASED, resolve, select

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from geo.figures import Observation

DAYS_A_YEAR = 365.25
# From four points of one basis on there are slopes enough for quartiles.
SLOPES_FOR_QUARTILES = 6


@dataclass(frozen=True)
class OutlookAssumptions:
    """What the outlook assumes; exported with it.

    `minimum_points` dated figures of leased land of one basis are needed, none older than
    `window_years` before the date, and `minimum_months` between the first and the last: a few
    months with one large tenant are no yearly pace. Of the pipeline `pipeline_share` (0 to 1)
    comes to the market; 0 leaves it out.
    """

    minimum_points: int = 3
    minimum_months: int = 12
    window_years: int = 5
    pipeline_share: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what would let a slope rest on less than three points."""
        if self.minimum_points < 3:  # noqa: PLR2004
            msg = f"minimum_points {self.minimum_points}; expected 3 or more"
            raise ValueError(msg)
        if self.window_years < 1 or self.minimum_months < 1:
            msg = f"{self.window_years} y, {self.minimum_months} months; expected 1 or more"
            raise ValueError(msg)
        if not 0.0 <= self.pipeline_share <= 1.0:
            msg = f"pipeline_share {self.pipeline_share}; expected 0 to 1"
            raise ValueError(msg)


@dataclass(frozen=True)
class Absorption:
    """Land leased a year, ha: median and range of the slopes; NaN where it can't be told.

    The range is from the lower to the upper quartile where there are at least six slopes,
    else from the least to the most. None of the three is below zero; where slopes are, the
    reason "leased_fell" says how low the range would reach.
    """

    median: float = math.nan
    low: float = math.nan
    high: float = math.nan
    points: int = 0
    bases: tuple[str, ...] = ()
    first_as_of: str = ""
    last_as_of: str = ""
    reasons: tuple[dict[str, Any], ...] = field(default=())

    @property
    def known(self) -> bool:
        """Whether anything can be said."""
        return not math.isnan(self.median)


def absorption(
    observations: Sequence[Observation],
    as_of: dt.date,
    options: OutlookAssumptions | None = None,
) -> Absorption:
    """Land leased a year by the dated figures of one area.

    Parameters
    ----------
    observations
        Of this area, in any order.
    as_of
        No later observation is used.
    options
        Minimum of points and window.
    """
    options = options or OutlookAssumptions()
    points = _points(observations, as_of, options)
    count = sum(map(len, points.values()))
    used = {basis: items for basis, items in points.items() if len(items) >= options.minimum_points}
    if not used:
        most = max(map(len, points.values()), default=0)
        reason = {"code": "too_few_points", "points": most, "needed": options.minimum_points}
        return Absorption(points=count, reasons=(reason,))
    items = sorted(itertools.chain.from_iterable(used.values()), key=_day)
    first, last = items[0].until, items[-1].until
    if first is None or last is None or last < first + relativedelta(months=options.minimum_months):
        days = (last - first).days if first and last else 0
        reason = {"code": "too_short", "days": days, "months_needed": options.minimum_months}
        return Absorption(points=count, reasons=(reason,))
    slopes = sorted(slope for series in used.values() for slope in _slopes(series))
    if len(slopes) >= SLOPES_FOR_QUARTILES:
        low, median, high = (float(value) for value in np.percentile(slopes, (25, 50, 75)))
    else:
        low, median, high = slopes[0], float(np.median(slopes)), slopes[-1]
    reasons: list[dict[str, Any]] = []
    if low < 0:
        reasons.append({"code": "leased_fell", "slope_ha_year": low})
    if len(points) > 1:
        reasons.append({"code": "bases_differ", "bases": sorted(points)})
    inexact = sum(item.qualifier != "=" or item.exactness < 2 for item in items)  # noqa: PLR2004
    if inexact:
        reasons.append({"code": "inexact_points", "count": inexact})
    return Absorption(
        median=max(median, 0.0),
        low=max(low, 0.0),
        high=max(high, 0.0),
        points=len(items),
        bases=tuple(sorted(used)),
        first_as_of=items[0].as_of,
        last_as_of=items[-1].as_of,
        reasons=tuple(reasons),
    )


def _day(item: Observation) -> tuple[int, int]:
    return (item.until.toordinal() if item.until else 0), item.row


def _points(
    observations: Sequence[Observation],
    as_of: dt.date,
    options: OutlookAssumptions,
) -> dict[str, list[Observation]]:
    """Leased land by basis, one figure a day, oldest first, in the window."""
    since = as_of - relativedelta(years=options.window_years)
    by_day: dict[tuple[str, dt.date], list[Observation]] = {}
    for item in select(observations, LEASED, as_of):
        if item.until is not None and item.until >= since:
            by_day.setdefault((item.basis, item.until), []).append(item)
    points: dict[str, list[Observation]] = {}
    for basis, day in sorted(by_day):
        chosen, _ = resolve(by_day[basis, day])
        if chosen is not None:
            points.setdefault(basis, []).append(chosen)
    return points


def _slopes(items: Sequence[Observation]) -> list[float]:
    """Hectares a year between every two figures."""
    return [
        (later.value - earlier.value) / (later.until - earlier.until).days * DAYS_A_YEAR
        for earlier, later in itertools.combinations(items, 2)
        if earlier.until is not None and later.until is not None
    ]
