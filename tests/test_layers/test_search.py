"""What the search box finds, and the card of a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from data.units.locate import locate
from layers import search, units
from layers.words import words

if TYPE_CHECKING:
    from geo.snapshot import Province, Snapshot

VI, EN = words("vi"), words("en")


def keys(query: str, shot: Snapshot) -> list[str]:
    groups = search.find(query, shot, EN)
    return [found.key for items in groups.values() for found in items]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("nam cam", "na-kcn-nam-cam"),
        ("Nam Cấm", "na-kcn-nam-cam"),
        ("kcn nam cam", "na-kcn-nam-cam"),
        ("dong nam nghe an", "na-kkt-dong-nam"),
    ],
)
def test_parks_are_found_with_and_without_diacritics(
    query: str,
    first: str,
    shot: Snapshot,
) -> None:
    assert first in keys(query, shot)[:2]


def test_a_brand_finds_its_parks(shot: Snapshot) -> None:
    assert {"na-kcn-vsip-1", "na-kcn-vsip-2"} <= set(keys("vsip", shot))


def test_zones_are_found(shot: Snapshot) -> None:
    assert "na-d" in keys("mien nui cao", shot)


@pytest.mark.parametrize("query", ["nghi long", "Xã Nghi Long", "x. nghi long, nghi loc"])
def test_old_communes_are_found(query: str, shot: Snapshot) -> None:
    unit = locate("Xã Nghi Long, Nghi Lộc, Nghệ An").unit
    assert unit is not None
    assert units.unit_key(unit) in keys(query, shot)


def test_places_of_other_provinces_come_last_and_name_their_province(shot: Snapshot) -> None:
    groups = search.find("vung ang", shot, EN)
    assert list(groups) == ["In other provinces"]
    found = groups["In other provinces"]
    assert {item.province for item in found} == {"ha-tinh"}
    assert any(item.kind == "area" and "Hà Tĩnh" in item.detail for item in found)


def test_nonsense_finds_nothing(shot: Snapshot) -> None:
    assert search.find("zzzzqq", shot, EN) == {}
    assert search.find("  ,. ", shot, EN) == {}


def test_every_unit_has_a_key_of_its_own_and_is_found_by_it() -> None:
    unit = locate("Huyện Nghi Lộc, Nghệ An").unit
    assert unit is not None
    assert units.unit_of(units.unit_key(unit), "40") == unit
    assert units.unit_of(units.unit_key(unit), "42") is None
    assert units.unit_of("2025-commune-00000", "40") is None


def test_the_communes_of_a_unit(province: Province) -> None:
    communes = province.communes
    for query, expected in (
        ("Xã Trung Lộc, Nghệ An", {"17866"}),
        ("Xã Nghi Long, Nghi Lộc, Nghệ An", {"17866"}),
        ("Tỉnh Nghệ An", set(communes.index)),
    ):
        unit = locate(query, province_code="40").units[0]
        assert set(units.communes_of(unit, communes)) == expected
    district = locate("Huyện Nghi Lộc, Nghệ An").units[0]
    codes = units.communes_of(district, communes)
    assert "17866" in codes
    outline = units.outline_of(codes, communes)
    assert outline is not None
    assert outline.is_valid


def test_the_card_of_an_old_commune(shot: Snapshot, province: Province) -> None:
    unit = locate("Xã Nghi Long, Nghi Lộc, Nghệ An").units[0]
    html = str(units.unit_card(shot, unit, province.communes, VI))
    assert "Xã Trung Lộc" in html
    assert "Khu vực thành phố Vinh" in html
    assert "Khu kinh tế Đông Nam" in html


def test_the_card_of_a_district_names_divided_communes_and_areas(
    shot: Snapshot,
    province: Province,
) -> None:
    unit = locate("Huyện Nghi Lộc, Nghệ An").units[0]
    html = str(units.unit_card(shot, unit, province.communes, EN))
    assert "Nam Cấm" in html or "Nam Cam" in html
    assert "What it became in July 2025" in html


def test_hostile_names_stay_text(hostile_shot: Snapshot, province: Province) -> None:
    unit = locate("Huyện Nghi Lộc, Nghệ An").units[0]
    html = str(units.unit_card(hostile_shot, unit, province.communes, VI))
    assert "<script" not in html
