"""What is drawn of a real province: payload of the map, table, cards, strip."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from data._errors import Finding
from data.boundaries import load_communes
from data.resolutions import provinces
from geo.snapshot import load_province, snapshot
from layers import payload, summary, table
from layers.account import rate_text, reasons_text
from layers.account_payload import account_payload
from layers.area_card import area_card
from layers.errors import data_error_html, failure_html
from layers.safe_html import script_json
from layers.words import LANGS, words
from layers.zone_card import zone_card
from tests.hostile import SCRIPT

if TYPE_CHECKING:
    from data._message import Lang
    from geo.snapshot import Province, Snapshot

MAX_PAYLOAD = 1_500_000
ALLOWED_TAGS = {
    "a",
    "b",
    "br",
    "button",
    "caption",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "i",
    "li",
    "p",
    "small",
    "span",
    "strong",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
}


class Shape(HTMLParser):
    """Elements and attributes of a piece of HTML, as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.depth = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links.update(value or "" for name, value in attrs if name == "href")
        self.depth += tag != "br"

    def handle_endtag(self, _tag: str) -> None:
        self.depth -= 1


def assert_harmless(html: str) -> None:
    shape = Shape(html)
    assert shape.tags <= ALLOWED_TAGS
    assert not [name for name in shape.attributes if name.startswith("on")]
    assert all(url.startswith(("http://", "https://")) for url in shape.links)
    assert shape.depth == 0
    assert "${" not in html
    assert "`" not in html


def base_of(province: Province, lang: Lang) -> dict[str, Any]:
    communes = load_communes(province.resolution.code, province.boundary_source.key)
    outlines = payload.drawn_outlines(communes, province.zones)
    return payload.base_payload(
        province.resolution,
        province.boundary_source,
        outlines,
        province.facts,
        words(lang),
    )


def account_of(shot: Snapshot, lang: Lang, chosen: tuple[str, str] = ("", "")) -> dict[str, Any]:
    return account_payload(
        shot,
        words(lang),
        places={},
        shown=frozenset(shot.areas.index),
        chosen=chosen,
        tiles=False,
    )


@pytest.mark.parametrize("key", provinces())
def test_every_province_can_be_drawn_within_its_budget(key: str) -> None:
    province = load_province(key)
    base = base_of(province, "vi")
    size = len(script_json(base).encode())
    shot = snapshot(province, dt.date(2026, 11, 21))
    size += len(script_json(account_of(shot, "vi")).encode())
    assert size < MAX_PAYLOAD
    (_, west), (_, east) = base["max_bounds"]
    # Hoàng Sa and Trường Sa begin at 111° E: no view of any province reaches them.
    assert west < east <= 110.0
    assert table.table_html(shot, words("en"), chosen="")
    for zone in shot.zones.index:
        assert_harmless(zone_card(shot, str(zone), words("vi")))
    for area in shot.areas.index:
        assert_harmless(area_card(shot, str(area), words("en")))


def test_outlines_are_simplified_with_shared_borders(province: Province) -> None:
    communes = load_communes(province.resolution.code, province.boundary_source.key)
    outlines = payload.drawn_outlines(communes, province.zones)
    base = outlines[outlines["group"] == "base_partition"].geometry
    assert shapely.coverage_is_valid(np.asarray(base))
    crs = province.resolution.crs
    full = province.zones.loc[base.index].to_crs(crs).area
    assert (base.to_crs(crs).area / full).between(0.98, 1.02).all()


def test_labels_stand_inside_their_zones(province: Province) -> None:
    places = payload.label_places(province.zones)
    for key, (lat, lon) in places.items():
        assert province.zones.geometry[key].contains(shapely.Point(lon, lat))


def test_every_area_is_drawn_or_listed(shot: Snapshot) -> None:
    account = account_of(shot, "vi")
    drawn = {area["id"] for area in account["areas"]}
    outlined = set(shot.zones["area_id"]) - {""}
    unknown = set(shot.areas.index[shot.areas["position"] == "unknown"])
    assert drawn | outlined | unknown == set(shot.areas.index)
    assert not drawn & unknown
    listed = summary.open_questions(shot, words("vi")).get(
        "Khu, cụm chưa xác định được vị trí (không có trên bản đồ)",
        [],
    )
    assert len(listed) == len(unknown)


def test_symbols_that_share_a_place_are_set_apart(shot: Snapshot) -> None:
    areas = account_of(shot, "vi")["areas"]
    seen: set[tuple[float, ...]] = set()
    for area in areas:
        place = (*(round(value, 2) for value in area["place"]), *area["shift"])
        assert place not in seen
        seen.add(place)


def test_filters_change_what_is_drawn_and_nothing_else(shot: Snapshot) -> None:
    everything = account_of(shot, "vi")
    clusters = frozenset(shot.areas.index[shot.areas["kind"] == "industrial_cluster"])
    some = account_payload(
        shot, words("vi"), places={}, shown=clusters, chosen=("", ""), tiles=False
    )
    assert {area["id"] for area in some["areas"]} <= clusters
    assert some["zones"] == everything["zones"]


def test_a_selection_has_bounds_and_an_unknown_one_has_none(shot: Snapshot) -> None:
    for chosen in (("zone", "na-d"), ("area", "na-kcn-vsip-1")):
        bounds = account_of(shot, "vi", chosen)["chosen"]["bounds"]
        (south, west), (north, east) = bounds
        assert south < north
        assert west < east
    for chosen in (("zone", "<script>"), ("area", "nowhere"), ("", "")):
        assert account_of(shot, "vi", chosen)["chosen"]["bounds"] is None


def test_no_base_zone_is_plain_unknown_where_anything_is_reported(shot: Snapshot) -> None:
    w = words("vi")
    base = shot.zones[shot.zones["group"] == "base_partition"]
    for _, row in base.iterrows():
        text = rate_text(row, w)
        reasons = reasons_text(row, shot.areas, w)
        assert text.headline
        if text.remark or not re.search(r"\d", text.headline):
            assert reasons
        if math.isnan(row["fill_rate_pct"]) and row["areas_count"]:
            assert text.headline != "chưa có số liệu"


@pytest.mark.parametrize("lang", LANGS)
def test_card_of_vsip_shows_its_figures_with_their_pedigree(shot: Snapshot, lang: Lang) -> None:
    html = area_card(shot, "na-kcn-vsip-1", words(lang))
    for text in {
        "vi": ["262,07 ha", "286,63 ha", "91,43 %", "35/2022/NĐ-CP, Điều 2.22", "khu công nghiệp"],
        "en": ["262.07 ha", "286.63 ha", "91.43 %", "35/2022/NĐ-CP, Article 2.22"],
    }[lang]:
        assert text in html
    assert 'href="https://' in html
    assert_harmless(html)


@pytest.mark.parametrize("lang", LANGS)
def test_card_of_a_zone_cites_the_resolution(shot: Snapshot, lang: Lang) -> None:
    html = zone_card(shot, "na-a", words(lang))
    assert "07-NQ/TU" in html
    assert {"vi": "Ngành, nghề khuyến khích đầu tư", "en": "Encouraged industries"}[lang] in html
    assert_harmless(html)


def test_table_keeps_groups_and_total_apart(shot: Snapshot) -> None:
    html = table.table_html(shot, words("vi"), chosen="na-b")
    assert html.count('data-zone="') == len(shot.zones)
    assert html.count("<tbody") == 3
    assert html.count('aria-selected="true"') == 1
    assert html.index('data-zone="na-d"') < html.index("Khu kinh tế, khu vực, hành lang")
    assert "<tfoot>" in html
    assert_harmless(html)


@pytest.mark.parametrize("lang", LANGS)
def test_hostile_values_stay_texts_everywhere(hostile_shot: Snapshot, lang: Lang) -> None:
    w = words(lang)
    pieces = [
        table.table_html(hostile_shot, w, chosen="na-a"),
        summary.strip_html(hostile_shot, w),
        summary.banner_html(hostile_shot, w),
        summary.documents_html(hostile_shot, w),
        summary.lists_html(summary.open_questions(hostile_shot, w)),
        *[zone_card(hostile_shot, str(key), w) for key in hostile_shot.zones.index],
        *[area_card(hostile_shot, str(key), w) for key in hostile_shot.areas.index],
    ]
    for html in pieces:
        assert_harmless(html)
    assert any(SCRIPT.replace("=", "=") in re.sub(r"&#\d+;", "", html) for html in pieces)
    written = script_json(account_of(hostile_shot, lang))
    assert not set(written) & set("<>`$'")
    assert SCRIPT in json.dumps(json.loads(written))


def test_errors_say_file_row_and_field() -> None:
    finding = Finding("areas.csv", "12", "status", "'<b>bad'", "one of operating, planned")
    html = data_error_html([finding, finding], words("vi"))
    for text in ("areas.csv", "12", "status", "Không dùng được dữ liệu", "2 lỗi"):
        assert text in html
    assert_harmless(html)
    assert_harmless(failure_html(words("en")))


def test_islets_too_small_to_see_are_not_drawn(province: Province) -> None:
    lone = shapely.box(105.0, 19.0, 105.0001, 19.0001)
    land = shapely.box(105.1, 19.0, 105.2, 19.1)
    islet = shapely.box(105.3, 19.0, 105.301, 19.001)
    communes = gpd.GeoDataFrame(
        geometry=[shapely.union(land, islet), lone],
        index=["1", "2"],
        crs="EPSG:4326",
    )
    zones = gpd.GeoDataFrame(
        {"group": ["base_partition"] * 2, "communes": [("1",), ("2",)]},
        geometry=list(communes.geometry),
        index=["a", "b"],
        crs=province.zones.crs,
    )
    drawn = payload.drawn_outlines(communes, zones)
    assert shapely.get_num_geometries(drawn.geometry["a"]) == 1
    assert drawn.geometry["a"].area == pytest.approx(land.area)
    assert not drawn.geometry["b"].is_empty
