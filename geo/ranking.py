"""Ranking of places for a project: hard limits first, then scores, ranks and how they hold.

Places that fail a limit are excluded, each with all of its reasons. Of the rest those that meet
every limit for sure come first, then those where a limit can't be told (`verified` false), so
that what isn't known outranks nothing that is. Within both the order is by the middle of the
score: known values as they are, unknown ones in the middle of their interval; equal ones go by
the higher low end, then by id. Beside the rank stand the ranks that the unknowns allow, and how
often it holds when weights vary.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.candidates import candidates, find_anchor
from geo.limits import check_limits
from geo.stability import DRAWS, SEED, SPREAD, ranks, stability
from geo.suitability import scores, values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    from data.criteria import CriteriaSet, Criterion
    from geo.candidates import Candidate
    from geo.limits import Check
    from geo.snapshot import Snapshot
    from geo.suitability import Values


@dataclass(frozen=True)
class Contribution:
    """What one criterion gives to a score: values of 0 to 1, and points of the score.

    `value` is None where the measure isn't known.
    """

    measure: str
    weight: float
    value: float | None
    value_low: float
    value_high: float
    points_low: float
    points_middle: float
    points_high: float


@dataclass(frozen=True)
class Ranked:
    """A place that stays.

    Attributes
    ----------
    rank, rank_best, rank_worst
        From 1; the last two from :func:`possible_ranks`.
    score, score_low, score_high, score_middle, complete
        From :func:`geo.suitability.scores`; `score` is None unless complete.
    contributions
        In the order of the criteria.
    stability
        From :func:`geo.stability.stability`.
    checks
        Of all limits; `verified` where all are met.
    """

    place: Candidate
    rank: int
    rank_best: int
    rank_worst: int
    score: float | None
    score_low: float
    score_high: float
    score_middle: float
    complete: bool
    contributions: tuple[Contribution, ...]
    stability: Mapping[str, float]
    checks: tuple[Check, ...]

    @property
    def verified(self) -> bool:
        """Whether every limit is known to be met."""
        return not self.unsure

    @property
    def unsure(self) -> tuple[Check, ...]:
        """The limits that can't be told."""
        return tuple(check for check in self.checks if check.met is None)


@dataclass(frozen=True)
class Excluded:
    """A place that fails at least one limit."""

    place: Candidate
    checks: tuple[Check, ...]

    @property
    def reasons(self) -> tuple[Check, ...]:
        """All limits that it fails."""
        return tuple(check for check in self.checks if check.met is False)

    @property
    def unsure(self) -> tuple[Check, ...]:
        """The limits that can't be told besides."""
        return tuple(check for check in self.checks if check.met is None)


@dataclass(frozen=True)
class Ranking:
    """Answer to where a project fits.

    Attributes
    ----------
    ranked, excluded
        By rank; by province and name as the tables have them.
    excluded_by
        By limit: how many places fail it, and how many fail it alone, so that they would come
        back without it.
    spread, draws, seed
        Of the stability.
    """

    criteria: CriteriaSet
    ranked: tuple[Ranked, ...]
    excluded: tuple[Excluded, ...]
    excluded_by: Mapping[str, Mapping[str, int]]
    spread: float
    draws: int
    seed: int


def possible_ranks(
    low: ArrayLike, high: ArrayLike, behind: ArrayLike | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Best and worst rank that intervals of scores and untold limits allow.

    A place is surely behind the verified ones whose low end is above its high end: an
    unverified one may still drop out. It is surely before those whose high end is below its low
    end; an unverified place, as long as it is one, is behind every verified one.

    Parameters
    ----------
    low, high
        Scores, shape (n,).
    behind
        Which places are unverified; none where None.

    Examples
    --------
    >>> best, worst = possible_ranks([60, 40, 10], [80, 70, 30])
    >>> best.tolist(), worst.tolist()
    ([1, 1, 3], [2, 2, 3])
    """
    least, most = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    unsure = np.zeros(len(least), dtype=bool) if behind is None else np.asarray(behind, dtype=bool)
    sure_low, sure_high = np.sort(least[~unsure]), np.sort(most[~unsure])
    best = 1 + len(sure_low) - np.searchsorted(sure_low, most, side="right")
    ahead = len(sure_low) - np.searchsorted(sure_high, least, side="left")
    # Both counts hold the place itself, once.
    others = np.sum(unsure) - np.searchsorted(np.sort(most[unsure]), least, side="left")
    worst = np.where(unsure, len(sure_low), ahead) + others
    return best, worst


def rank(
    places: Iterable[Candidate],
    criteria: CriteriaSet,
    *,
    spread: float = SPREAD,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Ranking:
    """Rank places of one or several provinces.

    Parameters
    ----------
    places
        From :func:`geo.candidates.candidates`; their order doesn't matter for ranks.
    criteria
        Limits and criteria.
    spread, draws, seed
        Of :func:`geo.stability.stability`.
    """
    checked = [(place, check_limits(place, criteria.limits)) for place in places]
    stays = [pair for pair in checked if all(check.met is not False for check in pair[1])]
    excluded = tuple(
        Excluded(place, checks)
        for place, checks in checked
        if any(check.met is False for check in checks)
    )
    enabled = criteria.enabled
    weights = np.array([criterion.weight for criterion in enabled])
    found = values([place for place, _ in stays], enabled)
    scored = scores(found, weights)
    behind = np.array([any(check.met is None for check in checks) for _, checks in stays], bool)
    order = ranks(scored["score_middle"], scored["score_low"], _ids(found), behind)
    best, worst = possible_ranks(scored["score_low"], scored["score_high"], behind)
    holds = stability(found, weights, behind, spread=spread, draws=draws, seed=seed)
    ranked = [
        Ranked(
            place=place,
            rank=int(order[at]),
            rank_best=int(best[at]),
            rank_worst=int(worst[at]),
            score=float(scored["score"].iloc[at]) if scored["complete"].iloc[at] else None,
            score_low=float(scored["score_low"].iloc[at]),
            score_high=float(scored["score_high"].iloc[at]),
            score_middle=float(scored["score_middle"].iloc[at]),
            complete=bool(scored["complete"].iloc[at]),
            contributions=_contributions(found, enabled, at),
            stability={str(name): float(cell) for name, cell in holds.iloc[at].items()},
            checks=checks,
        )
        for at, (place, checks) in enumerate(stays)
    ]
    return Ranking(
        criteria=criteria,
        ranked=tuple(sorted(ranked, key=lambda row: row.rank)),
        excluded=excluded,
        excluded_by=_excluded_by(excluded),
        spread=spread,
        draws=draws,
        seed=seed,
    )


def rank_provinces(
    snapshots: Sequence[Snapshot],
    criteria: CriteriaSet,
    *,
    distances: Mapping[str, pd.DataFrame] | None = None,
    spread: float = SPREAD,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Ranking:
    """Rank the places of several provinces for the trade and the anchor of the criteria.

    Parameters
    ----------
    snapshots
        Of one date.
    distances
        From :func:`geo.distances.distance_table`, by province key; made where missing.

    Raises
    ------
    data._errors.UnknownNameError
        There is no such anchor.
    """
    anchor = find_anchor(snapshots, criteria.anchor)
    places = [
        place
        for snapshot in snapshots
        for place in candidates(
            snapshot,
            trade=criteria.trade,
            anchor=anchor,
            distances=(distances or {}).get(snapshot.resolution.province),
        )
    ]
    return rank(places, criteria, spread=spread, draws=draws, seed=seed)


def _ids(found: Values) -> NDArray[np.str_]:
    return found.middle.index.to_numpy().astype(str)


def _contributions(
    found: Values, criteria: Sequence[Criterion], at: int
) -> tuple[Contribution, ...]:
    """Give what each criterion adds to the score of the place in a row."""
    known, low, middle, high = (cells.to_numpy(dtype=float)[at] for cells in found)
    return tuple(
        Contribution(
            measure=criterion.measure,
            weight=criterion.weight,
            value=None if np.isnan(known[column]) else float(known[column]),
            value_low=float(low[column]),
            value_high=float(high[column]),
            points_low=float(low[column] * criterion.weight),
            points_middle=float(middle[column] * criterion.weight),
            points_high=float(high[column] * criterion.weight),
        )
        for column, criterion in enumerate(criteria)
    )


def _excluded_by(excluded: Sequence[Excluded]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for row in excluded:
        for check in row.reasons:
            count = counts.setdefault(check.limit, {"places": 0, "alone": 0})
            count["places"] += 1
            count["alone"] += len(row.reasons) == 1
    return counts
