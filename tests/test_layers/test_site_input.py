"""Coordinates as people type them, files as they hand them in, links as they are cut off."""

from __future__ import annotations

import functools
import io
import json
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from data._errors import DataError
from data.resolutions import load_resolution, provinces
from layers.sites.input import read_typed, read_upload
from layers.sites.state import read_corners, write_corners
from layers.sites.trade_box import groups
from layers.words import words
from tests.vietnamese import refused

if TYPE_CHECKING:
    from pathlib import Path

CRS = "EPSG:9208"
LON = st.floats(102.2, 109.5)
LAT = st.floats(8.2, 23.4)
SYSTEMS = {key: load_resolution(key).crs for key in provinces()}
BOX = shapely.box(105.3, 18.8, 105.6, 19.0)


@functools.cache
def transformer(crs: str) -> Transformer:
    return Transformer.from_crs("EPSG:4326", crs, always_xy=True)


@given(LON, LAT, st.sampled_from([" ", "; ", ", "]), st.booleans())
def test_degrees_are_read_in_either_order(lon: float, lat: float, gap: str, swap: bool) -> None:  # noqa: FBT001
    pair = [f"{lon:.5f}", f"{lat:.5f}"]
    found = read_typed(gap.join(pair[::-1] if swap else pair), CRS)
    assert found is not None
    assert (found.lon, found.lat) == (float(pair[0]), float(pair[1]))
    with_commas = [part.replace(".", ",") for part in pair]
    assert read_typed("; ".join(with_commas), CRS) == found


@pytest.mark.parametrize("province", provinces())
@settings(max_examples=8)
@given(st.floats(-0.8, 0.8), st.floats(18.0, 23.0), st.booleans())
def test_metres_of_vn_2000_come_back(
    province: str,
    aside: float,
    lat: float,
    swap: bool,  # noqa: FBT001
) -> None:
    crs = SYSTEMS[province]
    to_metres = transformer(crs)
    lon = to_metres.transform(500_000, 2_200_000, direction="INVERSE")[0] + aside
    east, north = to_metres.transform(lon, lat)
    pair = [f"X={north:.2f}", f"Y={east:.2f}"]
    found = read_typed(" ".join(pair[::-1] if swap else pair), crs)
    assert found is not None
    assert found.crs == crs
    assert (found.lon, found.lat) == pytest.approx((lon, lat), abs=2e-6)


@given(st.text())
@example("1,2,3")
@example("105.66")
@example("105.66, 105.66")
@example("0, 0")
@example("nan, inf")
def test_what_is_no_point_of_viet_nam_is_none(typed: str) -> None:
    found = read_typed(typed, CRS)
    assert found is None or (100 <= found.lon <= 120 and 5 <= found.lat <= 25)


@given(st.lists(st.tuples(LON, LAT), min_size=1, max_size=40).filter(lambda ring: len(ring) != 2))
def test_corners_of_a_link_come_back(ring: list[tuple[float, float]]) -> None:
    corners = tuple((round(lon, 5), round(lat, 5)) for lon, lat in ring)
    assert read_corners(write_corners(corners)) == corners


@given(st.text())
@example("105.6,18.8;x")
@example("${a},1")
def test_a_link_that_is_cut_off_gives_no_corners(text: str) -> None:
    corners = read_corners(text)
    assert len(corners) != 2
    assert all(len(corner) == 2 for corner in corners)


def test_a_polygon_of_vn_2000_is_read_as_one_of_wgs_84(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"name": ["Khu A", "Khu B"]}, geometry=[BOX, BOX], crs="EPSG:4326")
    path = tmp_path / "site.gpkg"
    frame.to_crs(CRS).to_file(path, driver="GPKG")
    found = read_upload("khu đất.gpkg", path.read_bytes())
    assert [one.name for one in found] == ["Khu A", "Khu B"]
    assert found[0].geometry.symmetric_difference(BOX).area < 1e-6 * BOX.area


def test_a_geojson_is_read() -> None:
    feature = {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(BOX)}
    document = json.dumps({"type": "FeatureCollection", "features": [feature]})
    [found] = read_upload("site.geojson", document.encode())
    assert found.geometry.equals(BOX)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("../../etc/passwd", b"x"),
        ("site.geojson", b"<OGRVRTDataSource></OGRVRTDataSource>"),
        ("site.geojson", b'{"type": "FeatureCollection", "features": []}'),
        ("site.zip", b"PK\x03\x04"),
    ],
)
def test_other_files_are_refused_by_their_name(name: str, content: bytes) -> None:
    with refused(DataError) as error:
        read_upload(name, io.BytesIO(content).getvalue())
    assert "/" not in error.value.findings[0].file


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("sản xuất linh kiện điện tử", "electronics"),
        ("dien tu", "electronics"),
        ("26", "electronics"),
        ("electronics", "electronics"),
        ("thép", "steel_metallurgy"),
    ],
)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_trades_are_listed_by_name_synonym_and_code(query: str, first: str, lang: str) -> None:
    w = words("vi" if lang == "vi" else "en")
    listed = [item["id"] for group in groups(query, w) for item in group["items"]]
    assert listed[0] == first


def test_an_empty_box_lists_all_trades_and_none() -> None:
    listed = [item["id"] for group in groups("", words("vi")) for item in group["items"]]
    assert listed[0] == "-"
    assert len(listed) == len(set(listed)) > 20
    assert groups("zzzzqqq", words("vi")) == []
