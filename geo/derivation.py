"""How each figure came about: what it rests on, what agrees with it, what was set aside and why.

The tree has two levels: a figure, and under it the observations. It says what
:mod:`geo.figures` and :mod:`geo.occupancy` did; it decides nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.figures import (
    LEASABLE,
    LEASED,
    RATE,
    Figure,
    Observation,
    public_name,
    rate_agrees,
    select,
)
from geo.occupancy import ANY_BASIS, FULL_PCT, is_history, within_pairing

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from geo.snapshot import Snapshot
    from geo.states import AreaState

OBSERVED_AS = {"leasable_ha": {LEASABLE}, "leased_ha": {LEASED}, "fill_rate_pct": {RATE, LEASED}}


def _leaf(item: Observation, **more: str) -> dict[str, Any]:
    return {
        "row": item.row,
        "area_id": item.area_id,
        "metric": public_name(item.metric),
        "value": item.value,
        "qualifier": item.qualifier,
        "as_of": item.as_of,
        "basis": item.basis,
        "nature": item.nature,
        "source": item.source,
        "note": item.note,
        "how": item.how,
        **more,
    }


def _not_admitted(
    item: Observation,
    figure: Figure,
    observations: Sequence[Observation],
    as_of: dt.date,
) -> str | None:
    """Rule by which an observation can't speak of this figure on this date at all."""
    tests = (
        ("after_date", item.until is not None and item.until > as_of),
        (item.scope, item.scope != "whole"),
        (item.nature, item.nature != figure.nature),
        ("undated", item not in select(observations, item.metric, as_of, nature=item.nature)),
        ("over_100", item.metric == RATE and item.value > FULL_PCT),
    )
    return next((rule for rule, broken in tests if broken), None)


def _outranked(
    item: Observation,
    figure: Figure,
    state: AreaState,
    by_row: Mapping[int, Observation],
) -> str:
    """Rule by which an observation that may speak gives way to those the figure rests on."""
    for conflict in state.conflicts:
        if conflict.observation == item:
            return conflict.rule
    if item.metric == LEASED:
        rate = by_row.get(figure.rests_on[0])
        newer = rate is not None and rate.metric == RATE and is_history(item, rate)
        return "rate_is_newer" if newer else "older"
    leased = state.occupancy.leased
    anchor = by_row.get(leased.rests_on[0]) if leased and state.occupancy.paired else None
    if item.metric != LEASABLE or anchor is None:
        return "older"
    if not within_pairing(anchor, item):
        return "over_12_months"
    bases = {item.basis, anchor.basis}
    return "other_basis" if len(bases) > 1 and ANY_BASIS not in bases else "not_nearest"


def derivation(
    state: AreaState,
    observations: Mapping[str, Sequence[Observation]],
    as_of: dt.date,
) -> dict[str, dict[str, Any]]:
    """Derive every figure of an area.

    Parameters
    ----------
    state
        The area on the date.
    observations
        Of all areas, by area: a whole may rest on its parts'.
    as_of
        The date of `state`.

    Returns
    -------
    dict
        Metric -> `how`, `basis`, `note`, `rests_on`, `agrees` and `set_aside`: lists of
        observations with row, value, date, basis, source and `how` (observed, from_plots,
        from_leases, from_outline, scenario: what isn't observed is in no file); those set
        aside with `why`: `after_date`, `phase`, `planned`, `proposed`, `undated`, `over_100`, a
        rule of :class:`geo.figures.Conflict`, `rate_is_newer` (leased land more than 12 months
        older than a reported rate), `over_12_months`, `other_basis`, `not_nearest` or `older`.
    """
    by_row = {item.row: item for items in observations.values() for item in items}
    mine = observations.get(state.area_id, ())
    tree = {}
    for metric, figure in state.figures.items():
        names = OBSERVED_AS.get(metric, {metric})
        names = names | {by_row[row].metric for row in figure.rests_on}
        others = [item for item in mine if item.metric in names and item.row not in figure.rests_on]
        agrees = [item for item in others if _agrees(item, figure, state, as_of)]
        tree[metric] = {
            "how": figure.how,
            "basis": figure.basis,
            "note": figure.note,
            "rests_on": [_leaf(by_row[row]) for row in figure.rests_on],
            "agrees": [_leaf(item) for item in agrees],
            "set_aside": [
                _leaf(
                    item,
                    why=_not_admitted(item, figure, mine, as_of)
                    or _outranked(item, figure, state, by_row),
                )
                for item in others
                if item not in agrees
            ],
        }
    return tree


def _agrees(item: Observation, figure: Figure, state: AreaState, as_of: dt.date) -> bool:
    """Whether an observation of the same day or later says the same as the figure."""
    if item.scope != "whole" or item.nature != figure.nature or item.until is None:
        return False
    if item.until > as_of or figure.until is None or item.until < figure.until:
        return False
    if public_name(item.metric) != figure.metric:
        return False
    if item.metric == RATE and state.occupancy.paired:
        return rate_agrees(item, figure.value)
    return item.value == figure.value


def derivations(snapshot: Snapshot) -> dict[str, dict[str, dict[str, Any]]]:
    """Derive all figures of all areas of a province: area -> metric -> tree."""
    return {
        area_id: derivation(state, snapshot.observations, snapshot.as_of)
        for area_id, state in snapshot.states.items()
    }
