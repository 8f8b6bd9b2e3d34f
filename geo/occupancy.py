"""Occupancy of one area on a date: leased and leasable land as a pair, and the fill rate.

Fill rate = leased / leasable land of one basis (Nghị định 35/2022/NĐ-CP Điều 2 khoản 22 for
parks since 15/07/2022; Nghị định 82/2018/NĐ-CP Điều 2 khoản 12 before; Nghị định 32/2024/NĐ-CP
Điều 2 khoản 7 for clusters). Land counts as available where it is leasable and not leased.

The pair starts from the newest leased observation L. Its leasable land is the one of the same
basis nearest to L, at most 12 months away and not after the date; where there is none, a rate
of that basis within 12 months of L gives it. Without L, leasable land and a rate within 12
months give the leased land. A reported rate more than 12 months newer than L makes L history.
A pair over 100 % is a finding and no value; a rate within 12 months of L then speaks as if there
were no L.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from geo.figures import (
    LEASABLE,
    LEASED,
    RATE,
    Conflict,
    Figure,
    Observation,
    from_parts,
    observed,
    rate_agrees,
    resolve,
    select,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PAIRING = relativedelta(months=12)
ANY_BASIS = "reported"
FULL_PCT = 100.0
_OPPOSITE = {">": "<", "<": ">"}


@dataclass(frozen=True)
class Occupancy:
    """Land leased and to lease of one area on a date; None where unknown.

    `paired` tells whether leased and leasable belong together. Without a pair the figures are
    each the newest known and don't make a rate: `rate` is then a reported one.
    """

    leasable: Figure | None = None
    leased: Figure | None = None
    available: Figure | None = None
    rate: Figure | None = None
    paired: bool = False
    conflicts: tuple[Conflict, ...] = ()


def within_pairing(one: Observation, other: Observation) -> bool:
    """Whether two observations are at most 12 months apart.

    Undated ones only go together where they come from one source.
    """
    if one.until is None or other.until is None:
        return one.until is other.until and one.source == other.source
    early, late = sorted((one.until, other.until))
    return late <= early + PAIRING


def is_history(leased: Observation, rate: Observation) -> bool:
    """Whether a reported rate is more than 12 months newer than the leased land."""
    if rate.until is None:
        return False
    return leased.until is None or rate.until > leased.until + PAIRING


def nearest(
    to: Observation,
    candidates: Sequence[Observation],
) -> tuple[Observation | None, tuple[Conflict, ...]]:
    """Partner of an observation: same basis, at most 12 months away, nearest in time.

    "reported" pairs with any basis; for an observation with a stated basis, partners of that
    basis go before "reported" ones.
    """
    close = [item for item in candidates if within_pairing(to, item)]
    if to.basis != ANY_BASIS:
        same = [item for item in close if item.basis == to.basis]
        close = same or [item for item in close if item.basis == ANY_BASIS]

    def distance(item: Observation) -> int:
        if item.until is None or to.until is None:
            return 0
        return abs((item.until - to.until).days)

    least = min(map(distance, close), default=0)
    # Two at the same distance, before and after: resolve() takes the later one.
    return resolve([item for item in close if distance(item) == least])


def _basis(*observations: Observation) -> str:
    bases = {item.basis for item in observations}
    return bases.pop() if len(bases) == 1 else ANY_BASIS


def _sign(rising: Iterable[str], falling: Iterable[str] = ()) -> str:
    """Qualifier of what rises with some figures and falls with others."""
    signs = {*rising, *(_OPPOSITE.get(sign, sign) for sign in falling)} - {"="}
    return signs.pop() if len(signs) == 1 else "~" if signs else "="


def _derived(
    metric: str,
    value: float,
    unit: str,
    at: Observation,
    other: Observation,
    *,
    how: str,
    note: str,
    falling: bool = True,
) -> Figure:
    """Figure worked out of two observations, dated like the first; it falls with the other."""
    signs = ([at.qualifier], [other.qualifier]) if falling else ([at.qualifier, other.qualifier],)
    return Figure(
        metric=metric,
        value=value,
        unit=unit,
        as_of=at.as_of,
        until=at.until,
        basis=_basis(at, other),
        sources=tuple(dict.fromkeys((at.source, other.source))),
        note=note,
        qualifier=_sign(*signs),
        how=how,
        rests_on=(at.row, other.row),
    )


def occupancy(observations: Sequence[Observation], as_of: dt.date) -> Occupancy:
    """Occupancy of one area from its own observations.

    Parameters
    ----------
    observations
        Of this area only, in any order.
    as_of
        The date; no observation later than it is used.
    """
    leasables, leaseds, printed = (
        select(observations, metric, as_of) for metric in (LEASABLE, LEASED, RATE)
    )
    rates = [item for item in printed if item.value <= FULL_PCT]
    found = _occupancy(leasables, leaseds, rates)
    over = [Conflict(item, "over_leasable") for item in printed if item.value > FULL_PCT]
    return replace(found, conflicts=(*found.conflicts, *over))


def _occupancy(
    leasables: Sequence[Observation],
    leaseds: Sequence[Observation],
    rates: Sequence[Observation],
) -> Occupancy:
    leased, leased_conflicts = resolve(leaseds)
    newest_rate, rate_conflicts = resolve(rates)
    if leased is not None and newest_rate is not None and is_history(leased, newest_rate):
        leased, leased_conflicts = None, ()
    if leased is not None:
        return _from_leased(leased, leased_conflicts, leasables, rates)
    if newest_rate is not None:
        leasable, conflicts = nearest(newest_rate, leasables)
        if leasable is not None:
            return _leased_from_rate(newest_rate, leasable, (*rate_conflicts, *conflicts))
    newest_leasable, conflicts = resolve(leasables)
    newest_leased, _ = resolve(leaseds)
    return Occupancy(
        leasable=observed(newest_leasable) if newest_leasable else None,
        leased=observed(newest_leased) if newest_leased else None,
        rate=observed(newest_rate) if newest_rate else None,
        conflicts=(*rate_conflicts, *conflicts),
    )


def _from_leased(
    leased: Observation,
    conflicts: tuple[Conflict, ...],
    leasables: Sequence[Observation],
    rates: Sequence[Observation],
) -> Occupancy:
    """Pair that starts from leased land L."""
    leasable, leasable_conflicts = nearest(leased, leasables)
    conflicts = (*conflicts, *leasable_conflicts)
    if leasable is not None and (leasable.value <= 0 or leased.value > leasable.value):
        then = [item for item in rates if within_pairing(leased, item)]
        found = _occupancy(leasables if then else [leasable], [], then)
        return replace(
            found,
            leased=found.leased or observed(leased),
            conflicts=(*conflicts, Conflict(leased, "over_leasable"), *found.conflicts),
        )
    if leasable is not None:
        return _computed(leased, leasable, rates, conflicts)
    rate, rate_conflicts = nearest(leased, [item for item in rates if item.value > 0])
    conflicts = (*conflicts, *rate_conflicts)
    newest_rate, _ = resolve(rates)
    if rate is None:
        newest_leasable, _ = resolve(leasables)
        return Occupancy(
            leasable=observed(newest_leasable) if newest_leasable else None,
            leased=observed(leased),
            rate=observed(newest_rate) if newest_rate else None,
            conflicts=conflicts,
        )
    whole = _derived(
        "leasable_ha",
        leased.value / rate.value * FULL_PCT,
        "ha",
        leased,
        rate,
        how="derived",
        note=f"{leased.value:g} ha / {rate.value:g} %",
    )
    return _paired(replace(observed(leased), basis=whole.basis), whole, observed(rate), conflicts)


def _computed(
    leased: Observation,
    leasable: Observation,
    rates: Sequence[Observation],
    conflicts: tuple[Conflict, ...],
) -> Occupancy:
    """Pair of two observations; rates not older than it that differ are conflicts."""
    pct = leased.value / leasable.value * FULL_PCT
    rate = _derived(
        "fill_rate_pct",
        pct,
        "%",
        leased,
        leasable,
        how="computed",
        note=f"{leased.value:g} / {leasable.value:g} ha",
    )
    since = leased.until or dt.date.min
    conflicts += tuple(
        Conflict(item, "not_leased_over_leasable")
        for item in rates
        if (item.until or dt.date.min) >= since and not rate_agrees(item, pct)
    )
    return _paired(observed(leased), observed(leasable), rate, conflicts)


def _leased_from_rate(
    rate: Observation,
    leasable: Observation,
    conflicts: tuple[Conflict, ...],
) -> Occupancy:
    leased = _derived(
        "leased_ha",
        leasable.value * rate.value / FULL_PCT,
        "ha",
        rate,
        leasable,
        how="derived",
        note=f"{rate.value:g} % x {leasable.value:g} ha",
        falling=False,
    )
    return _paired(leased, observed(leasable), observed(rate), conflicts)


def _paired(
    leased: Figure,
    leasable: Figure,
    rate: Figure,
    conflicts: tuple[Conflict, ...],
) -> Occupancy:
    bases = {leased.basis, leasable.basis}
    basis = bases.pop() if len(bases) == 1 else ANY_BASIS
    available = replace(
        leased,
        metric="available_ha",
        value=leasable.value - leased.value,
        basis=basis,
        sources=tuple(dict.fromkeys((*leased.sources, *leasable.sources))),
        qualifier=_sign([leasable.qualifier], [leased.qualifier]),
        how="computed" if "derived" not in {leased.how, leasable.how} else "derived",
        note=f"{leasable.value:g} - {leased.value:g} ha",
        rests_on=tuple(dict.fromkeys((*leased.rests_on, *leasable.rests_on))),
    )
    return Occupancy(
        leasable=leasable,
        leased=leased,
        available=available,
        rate=replace(rate, basis=basis),
        paired=True,
        conflicts=conflicts,
    )


def with_lower_bounds(
    pair: Occupancy,
    observations: Sequence[Observation],
    as_of: dt.date,
) -> Occupancy:
    """Occupancy with what plots of a part of the area show at least, where nothing else is known.

    Parameters
    ----------
    pair
        Of the area; one that is paired stays as it is.
    observations
        Of the area; those of plots of a part have scope phase.
    as_of
        No observation later than it is used.
    """
    if pair.paired:
        return pair
    of_plots = [
        replace(item, scope="whole")
        for item in observations
        if item.scope == "phase" and item.how == "from_plots"
    ]

    def least(metric: str) -> Figure | None:
        newest, _ = resolve(select(of_plots, metric, as_of))
        if newest is None:
            return None
        return replace(observed(newest), qualifier=">", how="lower_bound")

    return replace(
        pair,
        leasable=pair.leasable or least(LEASABLE),
        leased=pair.leased or least(LEASED),
    )


def whole_from_parts(
    whole: Occupancy,
    parts: Mapping[str, Occupancy],
    *,
    all_listed: bool,
) -> Occupancy:
    """Occupancy of a whole that has no figure of its own, from that of its parts.

    All parts listed and paired: the pair is their sum, unless a rate of the whole is more than
    12 months newer. Otherwise each figure is the sum or, where some parts lack it or aren't
    listed (`all_listed`, from :func:`geo.figures.make_the_whole`), a lower bound, and there is
    no pair.
    """
    if whole.paired or not parts:
        return whole
    leasable, leased = (
        from_parts(
            {key: getattr(item, name) for key, item in parts.items()},
            f"{name}_ha",
            all_listed=all_listed,
        )
        for name in ("leasable", "leased")
    )
    paired = all_listed and all(item.paired for item in parts.values())
    if not paired or leasable is None or leased is None:
        return replace(
            whole,
            leasable=whole.leasable or leasable,
            leased=whole.leased or leased,
        )
    own = whole.rate.until if whole.rate else None
    if own is not None and (leased.until is None or own > leased.until + PAIRING):
        return whole
    rate = replace(
        leased,
        metric="fill_rate_pct",
        value=leased.value / leasable.value * FULL_PCT,
        unit="%",
        note=f"{leased.value:g} / {leasable.value:g} ha",
        qualifier=_sign([leased.qualifier], [leasable.qualifier]),
    )
    return _paired(leased, leasable, rate, whole.conflicts)
