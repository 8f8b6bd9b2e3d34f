import itertools
import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.bounds import Land, available_bounds, rate_bounds

SHARES = st.floats(0, 1).map(lambda value: round(value, 6))
HECTARES = st.floats(0, 500).map(lambda value: round(value, 3))
CLOSE = 1e-6


def _land(hectares: tuple[float, float], rates: tuple[float, float]) -> Land:
    return Land(*sorted(hectares), *sorted(rates))


LANDS = st.builds(_land, st.tuples(HECTARES, HECTARES), st.tuples(SHARES, SHARES))


def _rate(land: np.ndarray, rates: np.ndarray) -> float:
    return float((land * rates).sum() / land.sum() * 100.0)


@given(st.lists(LANDS, max_size=12), st.data())
def test_bounds_hold_every_completion(lands: list[Land], data: st.DataObject) -> None:
    at = data.draw(st.lists(SHARES, min_size=2 * len(lands), max_size=2 * len(lands)))
    land = np.array(
        [item.least_ha + (item.most_ha - item.least_ha) * at[i] for i, item in enumerate(lands)]
    )
    rates = np.array(
        [
            item.least_rate + (item.most_rate - item.least_rate) * at[len(lands) + i]
            for i, item in enumerate(lands)
        ]
    )
    least, most = available_bounds(lands)
    assert least - CLOSE <= float((land * (1 - rates)).sum()) <= most + CLOSE
    bounds = rate_bounds(lands)
    if land.sum() > 1e-3:
        assert bounds is not None
        assert bounds[0] - CLOSE <= _rate(land, rates) <= bounds[1] + CLOSE


@given(st.lists(LANDS, min_size=1, max_size=8))
def test_bounds_are_attained_at_corners(lands: list[Land]) -> None:
    corners = np.array(list(itertools.product((0, 1), repeat=len(lands))))
    least_ha, most_ha, low, high = (np.array([land[field] for land in lands]) for field in range(4))
    land = np.where(corners, most_ha, least_ha)
    rates = np.where(corners, high, low)
    possible = land.sum(axis=1) > 0
    bounds = rate_bounds(lands)
    if not possible.any():
        assert bounds is None
        return
    assert bounds is not None
    # Every corner of land with every corner of rates.
    all_rates = land[possible] @ rates.T / land[possible].sum(axis=1)[:, None] * 100.0
    assert math.isclose(bounds[0], all_rates.min(), abs_tol=CLOSE)
    assert math.isclose(bounds[1], all_rates.max(), abs_tol=CLOSE)
    all_available = land @ (1.0 - rates).T
    least, most = available_bounds(lands)
    assert math.isclose(least, all_available.min(), abs_tol=CLOSE)
    assert math.isclose(most, all_available.max(), abs_tol=CLOSE)


@given(st.lists(LANDS, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_order_doesnt_matter(lands: list[Land], random: object) -> None:
    other = list(lands)
    random.shuffle(other)  # type: ignore[attr-defined]
    one, two = rate_bounds(lands), rate_bounds(other)
    assert (one is None) == (two is None)
    if one is not None and two is not None:
        assert np.allclose(one, two, rtol=0, atol=1e-9)
    assert np.allclose(available_bounds(lands), available_bounds(other), rtol=0, atol=1e-9)


def test_what_is_known_leaves_no_room() -> None:
    lands = [Land(100, 100, 0.8, 0.8), Land(50, 50, 0.2, 0.2)]
    # (80 + 10) / 150 = 60 %; 20 + 40 ha left
    bounds = rate_bounds(lands)
    assert bounds is not None
    assert np.allclose(bounds, (60, 60))
    assert np.allclose(available_bounds(lands), (60, 60))


def test_no_land_has_no_rate() -> None:
    assert rate_bounds([]) is None
    assert rate_bounds([Land(0, 0, 0, 1)]) is None
    assert available_bounds([]) == (0.0, 0.0)


def test_an_area_that_may_be_outside_can_be_all_or_nothing() -> None:
    # Only the second area surely lies here. Without the first the zone is full, with it at
    # least half.
    bounds = rate_bounds([Land(0, 100, 0, 0), Land(100, 100, 1, 1)])
    assert bounds is not None
    assert np.allclose(bounds, (50, 100))
    # Alone it is all there can be.
    alone = rate_bounds([Land(0, 100, 0.3, 0.3)])
    assert alone is not None
    assert np.allclose(alone, (30, 30))
