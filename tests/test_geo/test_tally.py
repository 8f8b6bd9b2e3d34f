"""Sums are exact: whatever the order and the chunks, the float nearest to the true sum."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.tally import LARGEST, tally, together, totals

# Square metres: small ones with all the bits that a float has, and up to a commune's.
SMALL = st.integers(2**52, 2**53).map(lambda bits: bits * 2.0**-52)
AREAS = st.lists(SMALL | st.floats(1.0, 2.0**34), max_size=30)


def _table(values: list[float]) -> pd.DataFrame:
    groups = np.zeros(len(values), dtype=np.int64)
    coarse, fine = tally(groups, np.array(values), count=1)
    return pd.DataFrame({"land_coarse": coarse, "land_fine": fine}, index=pd.Index(["a"], name="z"))


@given(AREAS, AREAS)
def test_sums_of_tables_are_the_nearest_to_the_true_ones(
    one: list[float], two: list[float]
) -> None:
    found = together([_table(one), _table(two)])
    assert totals(found, "land").tolist() == [math.fsum([*one, *two])]


def test_sums_that_cannot_be_kept_are_refused() -> None:
    large = _table([LARGEST, LARGEST])
    assert totals(together([large, large]), "land").tolist() == [4 * LARGEST]
    with pytest.raises(ValueError, match="beyond"):
        together([large, large, large])
    with pytest.raises(ValueError, match="beyond"):
        _table([LARGEST] * 5)
