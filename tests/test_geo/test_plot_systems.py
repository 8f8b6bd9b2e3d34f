"""Areas are true in the system that plots are measured in, wherever the zones reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS
from shapely.geometry import box

from data.resolutions import provinces
from geo.crs import GEOD
from geo.plot_systems import STRETCH, measuring_system, stretch, stretch_within

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.snapshot import Province

SYSTEMS = [9205, 9208, 5899, 3405, 3406, 6933]


def zones(*bounds: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[box(*each) for each in bounds], crs=4326)


COUNTRY = zones((102.1, 8.5, 109.5, 23.4))


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(SYSTEMS), st.floats(102, 109), st.floats(8, 23), st.floats(0.05, 3),
    st.floats(0, 1), st.floats(0, 1),
)  # fmt: skip
def test_no_plot_in_the_zones_is_stretched_more(  # noqa: PLR0917
    code: int, west: float, south: float, size: float, across: float, along: float
) -> None:
    drawn = zones((west, south, west + size, south + size))
    side = 0.0005
    lon, lat = west + across * (size - side), south + along * (size - side)
    plot = gpd.GeoSeries([box(lon, lat, lon + side, lat + side)], crs=4326)
    true = abs(GEOD.geometry_area_perimeter(plot.iloc[0])[0])
    found = abs(plot.to_crs(code).area.iloc[0] / true - 1)
    assert found <= stretch(CRS(code), drawn) * 1.02 + 2e-5


def test_all_zones_count_and_not_the_middle_of_them() -> None:
    """Along 104 degrees 45 minutes areas are true; the country reaches 4 degrees from there."""
    assert stretch(CRS(9208), COUNTRY) > 2 * STRETCH
    with pytest.raises(ValueError, match=r"EPSG:9208, in which areas aren't true .*--crs"):
        measuring_system(CRS(9208), COUNTRY)
    for chosen, fallback in (("EPSG:9208", None), (None, "EPSG:9208")):
        with pytest.raises(ValueError, match=r"areas aren't true in EPSG:9208, .*EPSG:6933"):
            measuring_system(CRS(4326), COUNTRY, chosen=chosen, fallback=fallback)
    assert measuring_system(CRS(9208), COUNTRY, chosen="EPSG:6933").to_epsg() == 6933
    two = zones((104.5, 18, 105, 19), (109, 12, 109.2, 13))
    assert stretch(CRS(9208), two) > 2 * STRETCH > 0.1 * STRETCH > stretch(CRS(9208), two.iloc[:1])


@pytest.mark.parametrize("key", provinces())
def test_every_province_is_true_in_its_own_system(
    loaded: Callable[[str], Province], key: str
) -> None:
    province = loaded(key)
    system = CRS(province.resolution.crs)
    assert stretch(system, province.zones) < STRETCH / 2
    assert measuring_system(system, province.zones) == system


@pytest.mark.parametrize("text", ["foo", "EPSG:999999", ""])
def test_what_is_no_system_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=f"--crs: expected a system .* found '{text}'"):
        measuring_system(CRS(9208), zones((104, 18, 105, 19)), chosen=text)
    with pytest.raises(ValueError, match=f"^crs of the province: expected .* found '{text}'"):
        measuring_system(CRS(4326), zones((104, 18, 105, 19)), fallback=text)


def test_plots_beyond_measure_are_not_true() -> None:
    far = (1e9, 1e9, 2e9, 2e9)
    assert not stretch_within(CRS(9208), far, CRS(9208)) < STRETCH
