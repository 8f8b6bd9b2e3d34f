"""Siting checks: ten cases worked by hand on Nghệ An, and what holds for any site."""

import datetime as dt
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from data._errors import UnknownNameError
from data.trades import trades
from geo._ground import SLIVER, place_site
from geo._siting_areas import areas_around
from geo._siting_zones import base_zones, communes_of, overlay_zones
from geo.siting import (
    Ground,
    Sentence,
    SiteError,
    SitingResult,
    check_site,
    lay_ground,
    siting_record,
)
from geo.snapshot import Snapshot, load_province, snapshot

TODAY = dt.date(2026, 11, 21)
OUTSIDE_RULE = "07-NQ/TU, mục III.8, gạch đầu dòng thứ hai"
SOFTER_RULE = "174/KH-UBND, mục II.9"
ZONE_A, ZONE_B, ZONE_C, ZONE_D = (
    f"07-NQ/TU, mục II.3.2, gạch đầu dòng thứ {nth}" for nth in ("nhất", "hai", "ba", "tư")
)
SECTORS = "07-NQ/TU, mục II.3.1"

NAM_CAM = (105.66, 18.80)  # Xã Trung Lộc, in the Southeast economic zone by Quyết định 93/QĐ-TTg
RICE_LAND = (105.45, 18.98)  # Yên Thành
HIGH_MOUNTAINS = (104.30, 19.40)  # Kỳ Sơn, Tương Dương
THANH_CHUONG = (105.12, 18.80)


@pytest.fixture(scope="module")
def nghe_an() -> Snapshot:
    return snapshot(load_province("nghe-an", boundaries="bundled"), TODAY)


@pytest.fixture(scope="module")
def ground(nghe_an: Snapshot) -> Ground:
    return lay_ground(nghe_an)


def square(lon: float, lat: float, metres: float) -> BaseGeometry:
    """Make a square of so many metres on a side, in degrees."""
    point = gpd.GeoSeries.from_xy([lon], [lat], crs="EPSG:4326").to_crs("EPSG:9208")
    return point.buffer(metres / 2, cap_style="square").to_crs("EPSG:4326").iloc[0]


def surveyed(state: Snapshot, **outlines: BaseGeometry) -> Ground:
    series = gpd.GeoSeries(
        list(outlines.values()),
        index=[key.replace("_", "-") for key in outlines],
        crs="EPSG:4326",
    )
    return lay_ground(state, footprints=series)


def said(result: SitingResult, code: str) -> Sentence:
    found = [sentence for sentence in result.sentences if sentence.code == code]
    assert found, (code, [sentence.code for sentence in result.sentences])
    return found[0]


def changes(result: SitingResult) -> dict[str, Any]:
    return {change["code"]: change["verdict"] for change in result.would_change}


# Ten cases worked by hand.


def test_inside_a_park(nghe_an: Snapshot) -> None:
    ground = surveyed(nghe_an, na_kcn_nam_cam=square(*NAM_CAM, 2000))
    result = check_site(ground, shapely.Point(NAM_CAM), trade="electronics")
    assert result.verdict == "fits"
    assert [zone["zone_key"] for zone in result.place["zones"]] == ["na-a"]
    assert said(result, "inside_area").params["area_id"] == "na-kcn-nam-cam"
    assert said(result, "rule_met").citation_vi == OUTSIDE_RULE
    here = said(result, "trade_in_zone")
    assert (here.params["stance"], here.citation_vi) == ("encouraged", ZONE_A)
    wide = said(result, "trade_in_province")
    assert (wide.params["stance"], wide.citation_vi) == ("first_priority", SECTORS)
    # Parks must have central wastewater treatment from the start of operation.
    wastewater = [s for s in result.sentences if s.params.get("rule") == "na-wastewater-from-start"]
    assert wastewater[0].citation_vi == "07-NQ/TU, mục III.8, gạch đầu dòng thứ nhất"


def test_inside_the_economic_zone_outside_a_park(nghe_an: Snapshot) -> None:
    ground = surveyed(
        nghe_an,
        na_kkt_dong_nam=square(*NAM_CAM, 20_000),
        na_kcn_nam_cam=square(105.63, 18.83, 1000),
        na_kcn_wha_1=square(105.60, 18.88, 1000),
    )
    result = check_site(ground, shapely.Point(NAM_CAM), trade="electronics")
    assert result.verdict == "fits"
    inside = [s.params["area_id"] for s in result.sentences if s.code == "inside_area"]
    assert inside == ["na-kkt-dong-nam"]
    assert said(result, "rule_met").citation_vi == OUTSIDE_RULE
    # The general plan says which of its land is for industry.
    assert said(result, "economic_zone_plan").effect == "note"
    park = next(row for row in result.nearest if row["area_id"] == "na-kcn-nam-cam")
    assert (park["relation"], park["seen_as"]) == ("outside", "surveyed")
    assert park["distance_km"] == pytest.approx(3.9, abs=0.3)


@pytest.mark.parametrize(
    ("province", "place", "tolerance_m"),
    [
        # By the reference map the first is in na-c and the second in Hạ Long city.
        ("nghe-an", (104.562, 19.0208), 3000),
        ("quang-ninh", (107.2799, 20.8395), 6000),
    ],
)
def test_a_zone_read_from_approximate_boundaries_is_said_to_be(
    province: str, place: tuple[float, float], tolerance_m: float
) -> None:
    ground = lay_ground(snapshot(load_province(province, boundaries="bundled"), TODAY))
    told = said(check_site(ground, shapely.Point(place)), "approximate_lines")
    assert told.effect == "note"
    assert told.params["tolerance_m"] == tolerance_m
    assert told.params["distance_m"] > tolerance_m


def test_rice_land_in_the_plain(ground: Ground) -> None:
    result = check_site(ground, shapely.Point(RICE_LAND), trade="electronics")
    assert result.verdict == "does_not_fit"
    rule = said(result, "rule_forbids")
    assert (rule.effect, rule.citation_vi) == ("against", OUTSIDE_RULE)
    assert rule.params["exception_vi"].startswith("Một số dự án chế biến")
    # The plan that carries the resolution out is softer; it is shown and doesn't decide.
    softer = said(result, "rule_limits")
    assert (softer.effect, softer.citation_vi) == ("condition", SOFTER_RULE)
    assert said(result, "trade_in_zone").citation_vi == ZONE_B
    # Electronics isn't processing of raw material, so a raw-material area doesn't help.
    assert "raw_material_area" not in changes(result)
    assert changes(result)["move_into_area"] == "fits"
    tied = check_site(ground, shapely.Point(RICE_LAND), trade="electronics", raw_material_area=True)
    assert tied.verdict == "does_not_fit"


def test_craft_village_in_the_high_mountains(ground: Ground) -> None:
    result = check_site(ground, shapely.Point(HIGH_MOUNTAINS), trade="handicraft")
    assert result.verdict == "fits"
    # The zone is for crafts and craft villages; the rule speaks of industrial production.
    assert said(result, "zone_purpose").citation_vi == ZONE_D
    assert said(result, "trade_in_zone").citation_vi == ZONE_D
    assert said(result, "rule_not_for_trade").citation_vi == OUTSIDE_RULE
    assert said(result, "zone_foresees_none").citation_vi == ZONE_D
    industry = check_site(ground, shapely.Point(HIGH_MOUNTAINS), trade="electronics")
    assert industry.verdict == "does_not_fit"


def test_wood_mill_beside_raw_material_in_the_west(ground: Ground) -> None:
    site = shapely.Point(THANH_CHUONG)
    result = check_site(ground, site, trade="wood_processing", raw_material_area=True)
    assert result.verdict == "conditional"
    assert said(result, "in_zone").citation_vi == ZONE_C
    # "Some" processing is excepted: the authority decides, so it never simply fits.
    exception = said(result, "rule_exception")
    assert (exception.effect, exception.citation_vi) == ("condition", OUTSIDE_RULE)
    assert said(result, "rule_limits").citation_vi == SOFTER_RULE
    assert said(result, "trade_in_zone").citation_vi == ZONE_C
    without = check_site(ground, site, trade="wood_processing")
    assert without.verdict == "does_not_fit"
    assert changes(without)["raw_material_area"] == "conditional"


def test_point_in_the_sea(ground: Ground) -> None:
    result = check_site(ground, shapely.Point(106.6, 18.9), trade="electronics")
    assert (result.verdict, result.place["where"]) == ("does_not_fit", "sea")
    assert said(result, "at_sea").params["distance_km"] == pytest.approx(87, abs=3)
    assert result.place["zones"] == []
    assert result.place["outside_share"] == 1


def test_point_in_laos(ground: Ground) -> None:
    result = check_site(ground, shapely.Point(103.2, 19.45), trade="electronics")
    assert (result.verdict, result.place["where"]) == ("does_not_fit", "neighbour")
    assert said(result, "in_neighbour").params["country_en"] == "Laos"


def border(ground: Ground) -> Any:  # noqa: ANN401 (shapely has no types for it)
    """Find a place on the line between zones A and B."""
    line = shapely.intersection(ground.zones["na-a"].boundary, ground.zones["na-b"].boundary)
    longest = max(shapely.get_parts(shapely.line_merge(line)), key=lambda part: part.length)
    point = gpd.GeoSeries([longest.interpolate(0.5, normalized=True)], crs="EPSG:9208")
    return point.to_crs("EPSG:4326").iloc[0]


def test_on_a_zone_border(ground: Ground) -> None:
    result = check_site(ground, border(ground), trade="garment_footwear")
    assert result.verdict == "cannot_tell"
    line = said(result, "near_zone_line")
    assert {"na-a", "na-b"} <= set(line.params["zone_keys"])
    assert line.params["distance_m"] < 1
    assert line.params["tolerance_m"] == 3000
    sides = [c for c in result.would_change if c["code"] == "in_zone_for_sure"]
    assert {"na-a", "na-b"} <= {c["params"]["zone_key"] for c in sides}
    assert "official_boundaries" in changes(result)


def test_in_another_province(ground: Ground) -> None:
    result = check_site(ground, shapely.Point(105.90, 18.34), trade="electronics")
    assert (result.verdict, result.place["where"]) == ("cannot_tell", "other_province")
    assert said(result, "in_other_province").params["other"] == "Tỉnh Hà Tĩnh"
    assert result.would_change == [
        {"code": "check_other_province", "params": {"province": "ha-tinh"}, "verdict": None}
    ]


def test_polygon_over_two_zones(nghe_an: Snapshot, ground: Ground) -> None:
    at = border(ground)
    plot = square(at.x, at.y, 12_000)
    park = surveyed(nghe_an, na_kcn_nam_cam=square(at.x, at.y, 13_000))
    result = check_site(park, plot, trade="garment_footwear")
    shares = {zone["zone_key"]: zone["share"] for zone in result.place["zones"]}
    assert min(shares["na-a"], shares["na-b"]) > 0.2
    assert sum(shares.values()) + result.place["outside_share"] == pytest.approx(1, abs=1e-9)
    # Zone B wants garments (II.3.2, second dash); zone A's list hasn't them, so on a condition.
    assert result.verdict == "conditional"
    cited = {s.citation_vi for s in result.sentences if s.code == "in_zone"}
    assert {ZONE_A, ZONE_B} <= cited
    assert ZONE_B in said(result, "trade_elsewhere").citation_vi
    electronics = check_site(park, plot, trade="electronics")
    assert electronics.verdict == "fits"


# What else a site may be.


def test_area_by_its_id(ground: Ground) -> None:
    result = check_site(ground, "na-kcn-wha-1", trade="electronics")
    assert (result.verdict, result.place["kind"]) == ("fits", "area")
    assert [zone["zone_key"] for zone in result.place["zones"]] == ["na-a"]
    planned = check_site(ground, "na-kcn-song-dinh", trade="wood_processing")
    assert planned.verdict == "does_not_fit"
    assert said(planned, "area_planned").params["area_id"] == "na-kcn-song-dinh"
    assert "area_founded" in changes(planned)
    established = check_site(ground, "na-kcn-wha-2", trade="electronics")
    assert established.verdict == "conditional"
    assert said(established, "area_not_built").effect == "condition"


def test_area_with_its_surveyed_outline(nghe_an: Snapshot) -> None:
    ground = surveyed(nghe_an, na_kcn_nam_cam=square(*NAM_CAM, 2000))
    result = check_site(ground, "na-kcn-nam-cam", trade="electronics")
    assert (result.verdict, result.place["kind"]) == ("fits", "area")
    assert result.place["area_ha"] == pytest.approx(400, rel=1e-3)


def test_a_disc_is_no_evidence(ground: Ground) -> None:
    result = check_site(ground, shapely.Point(NAM_CAM), trade="electronics")
    assert result.verdict == "cannot_tell"
    maybe = said(result, "maybe_inside")
    assert maybe.effect == "unknown"
    assert said(result, "rule_forbids").effect == "unknown"
    park = next(row for row in result.nearest if row["area_id"] == "na-kcn-nam-cam")
    assert park["relation"] == "maybe_inside"
    assert 0 < park["distance_km"] < park["tolerance_km"] == 7.6
    assert changes(result)["outside_all_areas"] == "does_not_fit"
    assert changes(result)["inside_area"] == "fits"


def test_polygon_partly_in_a_park(nghe_an: Snapshot) -> None:
    west = square(RICE_LAND[0], RICE_LAND[1], 1000)
    ground = surveyed(nghe_an, na_kcn_nam_cam=square(RICE_LAND[0] + 0.0047, RICE_LAND[1], 1000))
    result = check_site(ground, west, trade="electronics")
    assert result.verdict == "does_not_fit"
    assert said(result, "partly_inside").params["share"] == pytest.approx(0.505, abs=0.01)
    assert changes(result)["keep_inside_area"] == "fits"


def test_outline_of_a_surveyed_park(nghe_an: Snapshot) -> None:
    outline: Any = square(*RICE_LAND, 1000)
    ground = surveyed(nghe_an, na_kcn_nam_cam=outline)
    corner = shapely.Point(outline.exterior.coords[0])
    result = check_site(ground, corner, trade="electronics")
    assert result.verdict == "cannot_tell"
    assert said(result, "on_outline").params["tolerance_km"] == 0.02


def test_polygon_that_leaves_the_province(ground: Ground) -> None:
    west = ground.zones["na-d"].bounds[0]
    point = gpd.GeoSeries.from_xy([west], [2_150_000], crs="EPSG:9208").to_crs("EPSG:4326")
    wide = square(point.x.iloc[0], point.y.iloc[0], 60_000)
    result = check_site(ground, wide, trade="handicraft")
    share = result.place["outside_share"]
    assert 0.1 < share < 0.9
    assert result.verdict == "cannot_tell"
    assert said(result, "partly_outside_province").params["share"] == share
    assert changes(result)["keep_inside_province"] == "fits"


def test_trade_unknown_or_not_given(ground: Ground) -> None:
    with pytest.raises(UnknownNameError):
        check_site(ground, shapely.Point(RICE_LAND), trade="alchemy")
    result = check_site(ground, "na-kcn-wha-1")
    assert (result.verdict, result.trade) == ("conditional", None)
    assert said(result, "trade_not_given").effect == "condition"


@pytest.mark.parametrize(
    ("trade", "raw", "verdict"),
    [
        ("energy", False, "cannot_tell"),  # is a power plant industrial production here?
        ("mineral_processing", False, "cannot_tell"),
        ("logistics", False, "cannot_tell"),  # no rule and no word on it
        ("beverages", True, "cannot_tell"),  # is it processing of raw material?
        ("beverages", False, "does_not_fit"),
        ("wood_processing", True, "conditional"),
    ],
)
def test_trades_outside_all_areas(ground: Ground, trade: str, raw: bool, verdict: str) -> None:  # noqa: FBT001
    site = shapely.Point(RICE_LAND)
    assert check_site(ground, site, trade=trade, raw_material_area=raw).verdict == verdict


def test_restricted_trade_in_a_park(ground: Ground) -> None:
    result = check_site(ground, "na-kcn-wha-1", trade="mineral_processing")
    assert result.verdict == "conditional"
    wide = said(result, "trade_in_province")
    assert (wide.params["stance"], wide.effect) == ("restricted", "condition")
    assert wide.citation_vi == SECTORS


@pytest.mark.parametrize(
    ("province", "lon", "lat"),
    [("ha-tinh", 105.75, 18.30), ("quang-ninh", 107.45, 21.35), ("tuyen-quang", 105.3, 22.1)],
)
def test_provinces_without_a_siting_rule(province: str, lon: float, lat: float) -> None:
    ground = lay_ground(snapshot(load_province(province, boundaries="bundled"), TODAY))
    for trade in trades():
        result = check_site(ground, shapely.Point(lon, lat), trade=trade)
        assert result.place["where"] == "province"
        assert result.verdict != "does_not_fit"
        assert said(result, "no_siting_rule").citation_vi


# Sites that can't be checked.


@pytest.mark.parametrize(
    ("site", "code", "field"),
    [
        (shapely.Point(18.8, 105.66), "swapped", "coordinates"),
        (shapely.Point(596_000, 2_080_000), "projected", "coordinates"),
        (shapely.Point(2.35, 48.85), "out_of_range", "coordinates"),
        (shapely.Point(200, 10), "out_of_range", "coordinates"),
        (shapely.Point(float("nan"), 19), "not_finite", "coordinates"),
        (shapely.Point(float("inf"), 19), "not_finite", "coordinates"),
        (shapely.Point(), "empty", "geometry"),
        (shapely.LineString([(105, 19), (105.1, 19)]), "geometry_type", "type"),
        (
            shapely.Polygon([(105, 19), (105.1, 19.1), (105.1, 19), (105, 19.1)]),
            "crossing",
            "geometry",
        ),
        (shapely.Polygon([(105, 19), (105.1, 19), (105.2, 19)]), "crossing", "geometry"),
        (shapely.box(102.5, 8, 116.5, 23), "too_large", "geometry"),
        (  # as long as the country, and of little land
            shapely.Polygon([(102.5, 8), (116.5, 23), (116.5, 22.999)]),
            "too_large",
            "geometry",
        ),
        (
            shapely.Polygon([(105.2, 18.8), (105.21, 18.8), (105.21, 18.80000000001)]),
            "too_thin",
            "geometry",
        ),
        ("na-kcn-none", "unknown_area", "area"),
        ({"type": "Point", "coordinates": ["a", 1]}, "not_geojson", "coordinates"),
        ({"type": "Polygon", "coordinates": [[[105, 19]]]}, "not_geojson", "coordinates"),
        ({"type": "FeatureCollection", "features": []}, "not_geojson", "features"),
        ({"type": "Feature", "geometry": None}, "geometry_type", "type"),
        ({}, "geometry_type", "type"),
    ],
)
def test_sites_that_cannot_be_checked(ground: Ground, site: Any, code: str, field: str) -> None:  # noqa: ANN401
    with pytest.raises(SiteError) as caught:
        check_site(ground, site, trade="electronics")
    assert isinstance(caught.value, ValueError)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert caught.value.found
    assert caught.value.expected


@pytest.mark.parametrize("beside", [-1e-12, -1e-11, -1e-10])
def test_a_corner_next_to_an_edge(ground: Ground, beside: float) -> None:
    """Valid in degrees; in metres rounding may put the corner on the other side of the edge."""
    rng = np.random.default_rng(7)
    for west, south in rng.uniform((104.6, 18.9), (105.4, 19.3), (25, 2)):
        a, b, c = rng.uniform((west, south), (west + 1e-3, south + 1e-3), (3, 2))
        inner = a + 0.3 * (b - a) + beside * np.sign(a - c)
        site = shapely.Polygon([a, b, c, inner])
        if site.is_valid:
            assert check_site(ground, site).place["area_ha"] > 0


def test_the_province_itself_is_not_too_large(ground: Ground) -> None:
    whole = gpd.GeoSeries([shapely.box(*ground.zones.total_bounds)], crs=ground.resolution.crs)
    inner = whole.to_crs("EPSG:4326").iloc[0].buffer(-0.02)
    assert check_site(ground, inner).place["outside_share"] > 0


def test_geojson_is_unwrapped(ground: Ground) -> None:
    point = {"type": "Point", "coordinates": [*RICE_LAND, 12.0]}
    feature = {"type": "Feature", "geometry": point, "properties": {}}
    collection = {"type": "FeatureCollection", "features": [feature]}
    records = [
        siting_record(check_site(ground, site, trade="electronics"))
        for site in (point, feature, collection, shapely.Point(RICE_LAND))
    ]
    assert all(record == records[0] for record in records)


# What holds for any site.

where = st.tuples(st.floats(103.9, 106.0), st.floats(18.5, 20.0))


@settings(max_examples=25, deadline=None)
@given(where, st.floats(50, 30_000))
def test_shares_of_a_polygon_and_outside_make_one(
    nghe_an_ground: Ground, at: tuple[float, float], metres: float
) -> None:
    site = place_site(nghe_an_ground, square(*at, metres))
    places = base_zones(nghe_an_ground, site).zones
    assert sum(place.share for place in places) == pytest.approx(1, abs=5 * SLIVER)
    assert all(0 <= place.share <= 1 + 1e-9 for place in places)


@settings(max_examples=25, deadline=None)
@given(where, st.sampled_from(sorted(trades())), st.booleans())
def test_any_point_gets_an_answer(
    nghe_an_ground: Ground,
    at: tuple[float, float],
    trade: str,
    raw: bool,  # noqa: FBT001
) -> None:
    result = check_site(nghe_an_ground, shapely.Point(at), trade=trade, raw_material_area=raw)
    effects = {sentence.effect for sentence in result.sentences}
    if result.verdict == "does_not_fit":
        assert "against" in effects
    if result.verdict == "fits":
        assert not effects & {"against", "unknown"}
    places = result.place["zones"]
    assert sum(p["share"] for p in places) + result.place["outside_share"] == pytest.approx(1)
    if any(not place["certain"] for place in places):
        assert result.verdict == "cannot_tell"
        assert result.place["line"]["distance_m"] <= result.place["tolerance_m"]
    siting_record(result)


def shares_by_shapely(shapes: gpd.GeoSeries, site: BaseGeometry) -> dict[str, float]:
    """Intersect a site with each whole outline, as nothing in the product does."""
    parts = shapely.area(shapely.intersection(shapes.to_numpy(), site)) / site.area
    return {str(key): part for key, part in zip(shapes.index, parts, strict=True) if part > 0}


def nearly(shares: dict[str, float]) -> Any:  # noqa: ANN401 (pytest has no name for it)
    return pytest.approx(shares, abs=5 * SLIVER)


@given(
    lon=st.floats(104.9, 105.9),
    lat=st.floats(18.7, 19.3),
    metres=st.floats(500.0, 40_000.0),
    turned=st.floats(0.0, 90.0),
)
def test_shares_of_a_drawn_site_are_those_of_plain_intersections(
    *, drawn_parks: Ground, lon: float, lat: float, metres: float, turned: float
) -> None:
    ground = drawn_parks
    outline = shapely.affinity.rotate(square(lon, lat, metres), turned)
    site = place_site(ground, outline)
    base = ground.of_group(base=True)
    expected = shares_by_shapely(gpd.GeoSeries(ground.zones[base]), site.metres)
    found = {place.zone_key: place.share for place in base_zones(ground, site).zones}
    beyond = sum(found.pop(key, 0.0) for key in ("outside", "sea"))
    assert beyond == pytest.approx(1 - sum(expected.values()), abs=5 * SLIVER)
    held = {key: share for key, share in found.items() if share > 0}
    assert held == nearly({key: expected.get(key, 0.0) for key in {*held, *expected}})

    communes = shares_by_shapely(ground.communes, site.metres)
    codes = communes_of(site)
    assert list(codes.values()) == sorted(codes.values(), reverse=True)
    assert all(communes.pop(code) == pytest.approx(codes[code], abs=SLIVER) for code in codes)
    assert sum(communes.values()) < SLIVER

    others = gpd.GeoSeries(ground.zones[ground.of_group(base=False)])
    overlays = shares_by_shapely(others, site.metres)
    for place in overlay_zones(ground, site):
        expected_share = overlays.pop(place.zone_key, 0.0)
        assert place.share == pytest.approx(expected_share, abs=SLIVER)
    assert not overlays

    parks = shares_by_shapely(ground.footprints, site.metres)
    for area in areas_around(ground, site):
        assert area.share == pytest.approx(parks.pop(area.area_id, 0.0), abs=SLIVER)
    assert not parks


@pytest.fixture(scope="module")
def drawn_parks(nghe_an: Snapshot) -> Ground:
    """Give a ground with surveyed outlines, two of which overlap."""
    return surveyed(
        nghe_an,
        na_kkt_dong_nam=square(*NAM_CAM, 20_000),
        na_kcn_nam_cam=square(105.63, 18.83, 1000),
        na_kcn_wha_1=square(105.40, 18.95, 8000),
    )


@pytest.fixture(scope="module")
def nghe_an_ground(ground: Ground) -> Ground:
    return ground


def test_order_of_areas_changes_nothing(nghe_an: Snapshot, ground: Ground) -> None:
    from dataclasses import replace  # noqa: PLC0415

    turned = lay_ground(replace(nghe_an, areas=nghe_an.areas.iloc[::-1]))
    for at in (NAM_CAM, RICE_LAND, HIGH_MOUNTAINS, THANH_CHUONG):
        one = check_site(ground, shapely.Point(at), trade="electronics")
        two = check_site(turned, shapely.Point(at), trade="electronics")
        assert siting_record(one) == siting_record(two)


def test_areas_are_sorted_by_distance(ground: Ground) -> None:
    point = shapely.Point(NAM_CAM)
    found = areas_around(ground, place_site(ground, point))
    known = [place.distance_m for place in found if not np.isnan(place.distance_m)]
    assert known == sorted(known)
    assert not {place.area_id for place in found} & {"na-kcn-nam-cam-a", "na-kcn-wha-1-phase-1"}


def test_exact_boundaries_need_less_tolerance(nghe_an: Snapshot) -> None:
    from dataclasses import replace  # noqa: PLC0415

    source = replace(nghe_an.boundary_source, key="own")
    communes = gpd.GeoDataFrame(
        geometry=gpd.GeoSeries(
            {
                code: zone
                for codes, zone in zip(
                    nghe_an.zones["communes"], nghe_an.zones.geometry, strict=True
                )
                for code in codes[:1]
            },
            crs="EPSG:4326",
        )
    )
    ground = lay_ground(replace(nghe_an, boundary_source=source), communes=communes)
    assert ground.tolerance_m == 100
