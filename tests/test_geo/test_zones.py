import json
from fractions import Fraction
from typing import Any

import pytest
import shapely

from data._errors import DataError
from data.boundaries import load_communes
from data.resolutions import Member, Resolution, Zone, load_resolution, provinces
from data.units import predecessors, successors
from data.units.gazetteer import communes_2025, legacy_communes
from geo.crs import area_ha
from geo.zones import assign_base, commune_parts, compile_zones, member_keys
from tests.test_geo.builders import boxes


def member(level: str, name: str, **other: Any) -> Member:  # noqa: ANN401
    fields: dict[str, Any] = {
        "level": level,
        "name": name,
        "district": None,
        "province_legacy": None,
        "confidence": "stated",
        "reason": None,
        "source_ids": ("s1",),
    }
    return Member(**(fields | other))


def with_zone(province: Resolution, group: str, **membership: Any) -> Resolution:  # noqa: ANN401
    """Province with one more zone, whose members are these."""
    like = province.zones[0].model_dump(mode="json")
    like |= {"key": "new", "group": group, "area_id": "new" if group == "economic_zone" else None}
    units = like["membership"][0] | {"district": None, "province_legacy": None}
    zone = Zone.model_validate_json(
        json.dumps(like | {"membership": [units | membership]}), strict=True
    )
    return province.model_copy(update={"zones": (*province.zones, zone)})


# Who has a commune.


def test_the_zone_with_more_of_it_has_a_commune_and_it_is_mixed() -> None:
    one, two, three = Fraction(1), Fraction(2), Fraction(3)
    parts = {
        "one": {"a": one, "b": two, "c": three},
        "two": {"b": three, "c": one, "d": one / 2},
    }
    assert assign_base(parts) == {
        "a": ("one", False),
        "b": ("two", True),
        "c": ("one", True),
        "d": ("two", False),
    }


def test_on_equal_parts_the_name_then_the_document_decides() -> None:
    one = Fraction(1)
    parts = {"one": {"a": one, "b": one}, "two": {"a": one, "b": one}}
    assert assign_base(parts) == {"a": ("one", True), "b": ("one", True)}
    assert assign_base(parts, {"two": {"b"}}) == {"a": ("one", True), "b": ("two", True)}
    # The name weighs less than the land.
    assert assign_base({"one": {"a": 2 * one}, "two": {"a": one}}, {"two": {"a"}})["a"][0] == "one"


def test_thirds_and_sixths_that_make_the_same_tie(monkeypatch: pytest.MonkeyPatch) -> None:
    # In floating point six sixths are less than one.
    after = {"whole": ("a",)} | {f"sixth{n}": ("a", *"bcdef") for n in range(6)}
    monkeypatch.setattr("geo.zones.successors", after.__getitem__)
    one, two = commune_parts(["whole"]), commune_parts(f"sixth{n}" for n in range(6))
    assert one["a"] == two["a"] == 1
    for first, second in (("one", "two"), ("two", "one")):
        parts = {"one": one, "two": two}
        ordered = {first: parts[first], second: parts[second]}
        assert assign_base(ordered)["a"] == (first, True)
        assert assign_base(ordered, {second: {"a"}})["a"] == (second, True)


def test_a_divided_commune_counts_in_equal_parts() -> None:
    # Xã Kỳ Lợi became parts of three communes.
    (key,) = member_keys(
        member("commune", "Xã Kỳ Lợi", district="Thị xã Kỳ Anh"), load_resolution("ha-tinh")
    )
    parts = commune_parts([key])
    assert len(parts) == 3
    assert set(parts.values()) == {Fraction(1, 3)}


def test_members_are_found_at_each_level() -> None:
    nghe_an = load_resolution("nghe-an")
    district = member_keys(member("district", "Thị xã Hoàng Mai"), nghe_an)
    assert len(district) == 10
    old = member("commune", "Xã Quỳnh Lộc", district="Thị xã Hoàng Mai")
    assert set(member_keys(old, nghe_an)) < set(district)
    new = member_keys(member("commune_2025", "Xã Trung Lộc"), nghe_an)
    assert {successors(key) for key in new} == {("17866",)}


@pytest.mark.parametrize("level", ["district", "commune", "commune_2025"])
def test_unknown_units_have_no_communes(level: str) -> None:
    unit = member(level, "Xã Không Có", district="Huyện Nghi Lộc" if level == "commune" else None)
    assert member_keys(unit, load_resolution("nghe-an")) == ()


@pytest.mark.parametrize("group", ["economic_zone", "corridor", "regional_link"])
def test_a_2025_commune_doesnt_bring_its_neighbours(group: str) -> None:
    # Phường Trưng Vương was divided between 06811 and 06820; a zone that names 06820 alone
    # must not reach into the other.
    province = load_resolution("quang-ninh")
    name = str(communes_2025().loc["06820", "name"])
    extended = with_zone(province, group, level="commune_2025", names=[name])
    assert compile_zones(extended, boxes("22")).loc["new", "communes"] == ("06820",)


def test_overlays_hold_what_lies_more_than_half_in_them() -> None:
    province = load_resolution("nghe-an")
    # One of several old communes of 2025 Xã Trung Lộc.
    names = ["Xã Nghi Long"]
    like = {"level": "commune", "names": names, "district": "Huyện Nghi Lộc"}
    assert len(predecessors("17866")) > 2
    found = compile_zones(with_zone(province, "corridor", **like), boxes("40"))
    assert found.loc["new", "communes"] == ()
    # An economic zone is drawn as the communes that contain it.
    found = compile_zones(with_zone(province, "economic_zone", **like), boxes("40"))
    assert found.loc["new", "communes"] == ("17866",)


def test_a_commune_in_no_base_zone_stops_the_load() -> None:
    province = load_resolution("nghe-an")
    without = tuple(zone for zone in province.zones if zone.key != "na-d")
    with pytest.raises(DataError, match=r"nghe_an.yaml.*in no base zone") as error:
        compile_zones(province.model_copy(update={"zones": without}), boxes("40"))
    assert len(error.value.findings) == 1
    lost = {
        code
        for district in ("Kỳ Sơn", "Tương Dương", "Quế Phong", "Quỳ Châu")
        for key in member_keys(member("district", f"Huyện {district}"), province)
        for code in successors(key)
    }
    assert all(code in str(error.value) for code in lost)


# The real provinces.


@pytest.mark.parametrize("key", provinces())
def test_base_zones_are_exclusive_and_exhaustive(key: str) -> None:
    province = load_resolution(key)
    communes = load_communes(province.code)
    zones = compile_zones(province, communes)
    base = zones[zones["group"] == "base_partition"]
    held = [code for codes in base["communes"] for code in codes]
    assert len(held) == len(set(held))
    table = communes_2025()
    assert set(held) == set(table.index[table["province_code"] == province.code])
    assert list(zones["group"]).index("base_partition") == 0
    assert list(zones.index[: len(base)]) == list(base.index)
    # Areas sum to those of the communes, and to that of their union.
    measured = base["geometry_area_ha"].sum()
    of_communes = area_ha(communes.geometry, province.crs).sum()
    assert measured == pytest.approx(of_communes, rel=1e-6)
    whole = communes.geometry.to_crs(province.crs).union_all().area / 10_000
    assert measured == pytest.approx(whole, rel=1e-6)
    assert shapely.is_valid(zones.geometry.to_numpy()).all()


@pytest.mark.parametrize("key", provinces())
def test_every_member_of_a_base_zone_reaches_it(key: str) -> None:
    province = load_resolution(key)
    zones = compile_zones(province, boxes(province.code))
    for zone in province.zones:
        if zone.group != "base_partition":
            continue
        held = set(zones["communes"][zone.key])
        for unit in zone.members:
            reached = {code for key in member_keys(unit, province) for code in successors(key)}
            assert reached & held, (zone.key, unit.name)


@pytest.mark.parametrize("key", provinces())
def test_mixed_communes_are_those_with_land_of_two_zones(key: str) -> None:
    province = load_resolution(key)
    zones = compile_zones(province, boxes(province.code))
    base = [zone for zone in province.zones if zone.group == "base_partition"]
    claims: dict[str, set[str]] = {}
    for zone in base:
        for unit in zone.members:
            for old in member_keys(unit, province):
                for code in successors(old):
                    claims.setdefault(code, set()).add(zone.key)
    expected = {code for code, of in claims.items() if len(of) > 1}
    found = {code for codes in zones["mixed_communes"] for code in codes}
    assert found == expected
    for zone in base:
        assert set(zones["mixed_communes"][zone.key]) == {
            code for code in expected if zone.key in claims[code]
        }


def test_zones_of_nghe_an_by_hand() -> None:
    zones = compile_zones(load_resolution("nghe-an"), boxes("40"))
    assert list(zones.index[:4]) == ["na-a", "na-b", "na-c", "na-d"]
    table = communes_2025()
    of = {
        name: [zone for zone in zones.index[:4] if code in zones.loc[zone, "communes"]]
        for code, name in table.loc[table["province_code"] == "40", "name"].items()
    }
    assert of["Phường Thành Vinh"] == ["na-a"]
    assert of["Xã Trung Lộc"] == ["na-a"]  # Nghi Lộc
    assert of["Phường Cửa Lò"] == ["na-a"]
    assert of["Xã Đô Lương"] == ["na-b"]
    assert of["Xã Kim Liên"] == ["na-b"]  # Nam Đàn
    assert of["Xã Con Cuông"] == ["na-c"]
    assert of["Xã Quế Phong"] == ["na-d"]
    assert zones.loc["na-kkt-dong-nam", "area_id"] == "na-kkt-dong-nam"
    # Every old commune of Nghệ An went to a commune of Nghệ An.
    old = legacy_communes()
    keys = old.index[old["province"] == "Tỉnh Nghệ An"]
    reached = {code for key in keys for code in successors(str(key))}
    assert reached == {code for codes in zones["communes"][:4] for code in codes}
