"""Why a fill rate changed between two dates: leased land, its base, its basis, or the areas.

The rate is the sum of leased over the sum of leasable land, so its change splits without rest
into an effect of each change of leased land and one of each change of leasable land, at the
mean of before and after (the two-factor Shapley value, Shorrocks 2013, Journal of Economic
Inequality 11): the order in which the factors are changed doesn't matter, and the way back has
the opposite sign.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.figures import LEASED, select

if TYPE_CHECKING:
    import datetime as dt

    from geo.history import Timeline
    from geo.states import AreaState

CHANGE_COLUMNS = (
    "cause",
    "area_id",
    "before",
    "after",
    "unit",
    "effect_pct",
    "effect_min_pct",
    "effect_max_pct",
    "basis_before",
    "basis_after",
    "reason",
)
FULL_PCT = 100.0


@dataclass(frozen=True)
class Holding:
    """Land of one area in an account, ha: leased from-to where it is only known so.

    Leasable land follows from the leased land and `rate` where it isn't known itself.
    """

    leased_min: float
    leased_max: float
    leasable: float | None
    rate: float
    basis: str
    reason: str = ""

    def at(self, weight: float) -> tuple[float, float]:
        """Leased and leasable land at a point between the least and the most leased."""
        leased = self.leased_min + weight * (self.leased_max - self.leased_min)
        if self.leasable is not None:
            return leased, self.leasable
        return leased, leased / self.rate * FULL_PCT


def explain_change(
    times: Timeline,
    key: str,
    before: dt.date,
    after: dt.date,
) -> pd.DataFrame:
    """Split the change of a fill rate between two dates into its causes.

    Parameters
    ----------
    times
        From :func:`geo.history.timeline`.
    key
        An area, a zone or "province_total".
    before, after
        The two dates, in this order; no observation after the second is used.

    Returns
    -------
    DataFrame
        First the row of cause "total": the rate before and after (percent, NaN where unknown)
        and its change in percentage points. Then, with `effect_pct` in points, for every area
        whose land changed: "leased" and "leasable" (hectares before and after), "entered" or
        "left" (leasable land of an area that comes into the account or leaves it). "basis"
        says that an area is counted otherwise than before; its effect is part of that of the
        land and can't be told from it (NaN).

        Where an area has a rate but no land on the first date, its leased land lies between
        the newest figure not after that date and the next one, as leased land seldom falls:
        then `effect_min_pct` and `effect_max_pct` are the ends, `effect_pct` is NaN and the
        `reason` "leased_bracketed". "land_unknown": not even that is known.

    Raises
    ------
    ValueError
        The dates are not in order.
    KeyError
        There is no such area or zone.
    """
    if before > after:
        msg = f"{before} is after {after}"
        raise ValueError(msg)
    if key in times.states:
        states = times.state(key, before), times.state(key, after)
        rates = tuple(_rate(state) for state in states)
        old = _area_holding(times, key, states[0], before, after)
        new = _area_holding(times, key, states[1], after, after)
        holdings = ({key: old} if old else {}, {key: new} if new else {})
        unknown = old is None or new is None
    else:
        holdings = _zone_holdings(times, key, before), _zone_holdings(times, key, after)
        rates = tuple(_joint(each, 0.0) for each in holdings)
        unknown = not all(holdings)
    change = rates[1] - rates[0]
    reason = "land_unknown" if unknown and not math.isnan(change) else ""
    found = [_row("total", "", rates, "%", (change, change), reason=reason)]
    if not unknown:
        found += _effects(*holdings)
    return pd.DataFrame(found, columns=list(CHANGE_COLUMNS))


def _rate(state: AreaState) -> float:
    return state.occupancy.rate.value if state.occupancy.rate else math.nan


def _joint(holdings: dict[str, Holding], weight: float) -> float:
    """Fill rate of several areas together, percent."""
    lands = [holding.at(weight) for holding in holdings.values()]
    leasable = math.fsum(land for _, land in lands)
    return math.fsum(leased for leased, _ in lands) / leasable * FULL_PCT if leasable else math.nan


def _paired(state: AreaState, share: float = 1.0) -> Holding | None:
    pair = state.occupancy
    if not pair.paired or pair.leased is None or pair.leasable is None or pair.rate is None:
        return None
    leased = pair.leased.value * share
    return Holding(leased, leased, pair.leasable.value * share, pair.rate.value, pair.rate.basis)


def _zone_holdings(times: Timeline, key: str, day: dt.date) -> dict[str, Holding]:
    """Areas that the zone's rate rests on."""
    return {
        part.state.area_id: holding
        for part in times.parts_on(key, day)
        if part.state.supply == "present" and (holding := _paired(part.state, part.share))
    }


def _area_holding(
    times: Timeline,
    area_id: str,
    state: AreaState,
    day: dt.date,
    latest: dt.date,
) -> Holding | None:
    """Land of one area, bracketed where only its rate is known on the day."""
    if (holding := _paired(state)) is not None:
        return holding
    rate = state.occupancy.rate
    if rate is None or rate.value <= 0:
        return None
    known = select(times.province.observations.get(area_id, ()), LEASED, latest)
    dated = [(item.until, item.value) for item in known if item.until is not None]
    earlier = [each for each in dated if each[0] <= day]
    later = [each for each in dated if each[0] > day]
    if not earlier or not later:
        return None
    ends = sorted((max(earlier)[1], min(later)[1]))
    return Holding(ends[0], ends[1], None, rate.value, rate.basis, "leased_bracketed")


def _effects(old: dict[str, Holding], new: dict[str, Holding]) -> list[tuple[Any, ...]]:
    """Effects of all areas, at both ends of what is known of the land before and after."""
    found: list[tuple[Any, ...]] = []
    for area_id in dict.fromkeys((*old, *new)):
        one, other = old.get(area_id), new.get(area_id)
        bases = (one.basis if one else "", other.basis if other else "")
        reason = next((each.reason for each in (one, other) if each and each.reason), "")
        effects = [_at_ends(old, new, area_id, weight) for weight in (0.0, 1.0)]
        leased, leasable = ([each[index] for each in effects] for index in (0, 1))
        before, after = (each.at(0.0) if each else (0.0, 0.0) for each in (one, other))
        if one is None or other is None:
            cause = "entered" if one is None else "left"
            both = [sum(each) for each in effects]
            found.append(_row(cause, area_id, (before[1], after[1]), "ha", both, bases=bases))
            continue
        if any(leased):
            found.append(
                _row(
                    "leased",
                    area_id,
                    _known(one, other, 0),
                    "ha",
                    leased,
                    bases=bases,
                    reason=reason,
                )
            )
        if any(leasable):
            found.append(
                _row(
                    "leasable",
                    area_id,
                    _known(one, other, 1),
                    "ha",
                    leasable,
                    bases=bases,
                    reason=reason,
                )
            )
        if bases[0] != bases[1]:
            nothing = (math.nan, math.nan)
            found.append(
                _row(
                    "basis",
                    area_id,
                    nothing,
                    "",
                    nothing,
                    bases=bases,
                    reason="part_of_land_effects",
                )
            )
    return found


def _known(one: Holding, other: Holding, index: int) -> tuple[float, float]:
    """Land before and after, NaN where it is only known from-to."""
    return tuple(
        each.at(0.0)[index] if math.isclose(each.at(0.0)[index], each.at(1.0)[index]) else math.nan
        for each in (one, other)
    )  # type: ignore[return-value]


def _at_ends(
    old: dict[str, Holding],
    new: dict[str, Holding],
    area_id: str,
    weight: float,
) -> tuple[float, float]:
    """Effect of an area's leased and of its leasable land, percentage points."""
    leased, leasable = (
        [math.fsum(each.at(weight)[index] for each in side.values()) for side in (old, new)]
        for index in (0, 1)
    )
    nothing = (0.0, 0.0)
    one = old[area_id].at(weight) if area_id in old else nothing
    other = new[area_id].at(weight) if area_id in new else nothing
    per_leased = (1.0 / leasable[0] + 1.0 / leasable[1]) / 2.0
    per_leasable = -(leased[0] + leased[1]) / 2.0 / (leasable[0] * leasable[1])
    return (
        (other[0] - one[0]) * per_leased * FULL_PCT,
        (other[1] - one[1]) * per_leasable * FULL_PCT,
    )


def _row(
    cause: str,
    area_id: str,
    values: tuple[float, float] | tuple[float, ...],
    unit: str,
    effects: list[float] | tuple[float, ...],
    *,
    bases: tuple[str, str] = ("", ""),
    reason: str = "",
) -> tuple[Any, ...]:
    low, high = min(effects), max(effects)
    effect = low if math.isclose(low, high, abs_tol=1e-9) else math.nan
    return cause, area_id, *values, unit, effect, low, high, *bases, reason
