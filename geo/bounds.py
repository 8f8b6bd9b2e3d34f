"""Bounds of a zone's fill rate: what any completion of the unknowns allows.

A zone's rate is the sum of leased over the sum of leasable land. Each area enters with an
interval of leasable land and an interval of its own rate; the extremes of the ratio are found
exactly (a linear-fractional programme over a box has its extremes at corners).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence


class Land(NamedTuple):
    """Leasable land of one area in a zone (ha, from-to) and its own rate (0 to 1, from-to)."""

    least_ha: float
    most_ha: float
    least_rate: float
    most_rate: float


def _highest_mean(least: np.ndarray, most: np.ndarray, rates: np.ndarray) -> float | None:
    """Highest mean of rates, weighted by land between least and most."""
    order = np.argsort(-rates, kind="stable")
    least, most, rates = least[order], most[order], rates[order]
    gain = most - least
    land = least.sum() + np.concatenate([[0.0], np.cumsum(gain)])
    leased = (least * rates).sum() + np.concatenate([[0.0], np.cumsum(gain * rates)])
    possible = land > 0
    return float((leased[possible] / land[possible]).max()) if possible.any() else None


def rate_bounds(lands: Sequence[Land]) -> tuple[float, float] | None:
    """Lowest and highest fill rate (percent) of a zone; None where no land is in it.

    Examples
    --------
    80 of 100 ha are leased in one area; of another only its size is known, 50 ha to lease:

    >>> low, high = rate_bounds([Land(100, 100, 0.8, 0.8), Land(50, 50, 0, 1)])
    >>> round(low, 2), round(high, 2)
    (53.33, 86.67)
    """
    least, most, low, high = (
        np.array([land[field] for land in lands], dtype=float) for field in range(4)
    )
    top = _highest_mean(least, most, high)
    bottom = _highest_mean(least, most, 1.0 - low)
    if top is None or bottom is None:
        return None
    return (1.0 - bottom) * 100.0, top * 100.0


def available_bounds(lands: Sequence[Land]) -> tuple[float, float]:
    """Least and most land (ha) that may still be available in a zone.

    Examples
    --------
    >>> low, high = available_bounds([Land(100, 100, 0.8, 0.8), Land(30, 40, 0, 1)])
    >>> round(low, 6), round(high, 6)
    (20.0, 60.0)
    """
    return (
        float(sum(land.least_ha * (1.0 - land.most_rate) for land in lands)),
        float(sum(land.most_ha * (1.0 - land.least_rate) for land in lands)),
    )
