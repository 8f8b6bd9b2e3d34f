"""Surveyed outlines: position, exact shares, and land where no source states it (issue 6, 3)."""

import datetime as dt
import math
from collections.abc import Callable

import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.facts import Facts, load_facts
from geo.membership import OUTSIDE
from geo.plot_layer import footprints_geojson
from geo.snapshot import Province, load_province, snapshot, with_facts
from tests.test_geo.plots import outlines, with_own

DAY = dt.date(2026, 6, 30)


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load_facts()


def test_an_outline_places_an_area(loaded: Callable[[str], Province], facts: Facts) -> None:
    shape = shapely.box(105.60, 18.66, 105.63, 18.68)
    own = with_own(facts, outlines=outlines(na_kcn_vsip_1=shape))
    state = snapshot(with_facts(loaded("nghe-an"), own), DAY)
    area = state.areas.loc["na-kcn-vsip-1"]
    assert area["position"] == "surveyed"
    assert shape.contains(area.geometry)
    assert not any(part["assumed"] for part in area["zones"])
    # The stated total stays the figure; the survey is beside it.
    assert state.states["na-kcn-vsip-1"].figures["total_area_ha"].how == "observed"
    feature = footprints_geojson(state)["features"][0]
    assert feature["geometry"]["type"] == "Polygon"
    assert feature["properties"]["position"] == "surveyed"


def test_an_outline_gives_the_land_that_no_source_states(
    loaded: Callable[[str], Province], facts: Facts
) -> None:
    base = snapshot(loaded("nghe-an"), DAY)
    area_id = next(
        key for key, state in base.states.items() if "total_area_ha" not in state.figures
    )
    shape = shapely.box(105.60, 18.66, 105.605, 18.665)
    own = with_own(facts, outlines=outlines(**{area_id.replace("-", "_"): shape}))
    figure = snapshot(with_facts(loaded("nghe-an"), own), DAY).states[area_id].total
    assert figure is not None
    assert figure.how == "from_outline"
    # 0.005 degrees at 18.66 degrees north: 527 by 553 metres.
    assert figure.value == pytest.approx(52.7 * 0.553, rel=0.01)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.floats(104.0, 106.0), st.floats(18.5, 19.8), st.floats(0.002, 0.4))
def test_parts_and_outside_make_the_area(
    loaded: Callable[[str], Province], facts: Facts, west: float, south: float, size: float
) -> None:
    shape = shapely.box(west, south, west + size, south + size)
    own = with_own(facts, outlines=outlines(na_kcn_vsip_1=shape))
    province = with_facts(loaded("nghe-an"), own)
    hectares = float(province.footprints["area_ha"]["na-kcn-vsip-1"])
    shares = province.shares[province.shares["area_id"] == "na-kcn-vsip-1"]
    base = shares[shares["group"] == "base_partition"]
    land = dict(zip(base["zone_key"], base["share"] * hectares, strict=True))
    outside = float(land.pop(OUTSIDE, 0.0))
    assert math.isclose(math.fsum(land.values()) + outside, hectares, abs_tol=1e-6)
    assert not base["assumed"].any()


def test_other_facts_for_a_loaded_province_are_those_of_a_fresh_one(
    loaded: Callable[[str], Province], facts: Facts
) -> None:
    own = with_own(
        facts, outlines=outlines(na_kcn_vsip_1=shapely.box(105.60, 18.66, 105.63, 18.68))
    )
    one, two = with_facts(loaded("nghe-an"), own), load_province("nghe-an", facts=own)
    pd.testing.assert_frame_equal(one.shares, two.shares)
    pd.testing.assert_frame_equal(pd.DataFrame(one.areas), pd.DataFrame(two.areas))
    assert one.observations == two.observations
