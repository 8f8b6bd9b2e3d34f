"""Resolutions: the files of the provinces, the models, and what a broken file is told."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from data import vocabulary
from data._errors import DataError, UnknownNameError
from data.facts import load_facts
from data.resolutions import (
    RESOLUTIONS,
    Citation,
    Resolution,
    Target,
    Text,
    check_references,
    json_schema,
    load_resolution,
    provinces,
)
from data.units import communes_of_district, legacy_commune
from data.units.gazetteer import legacy_communes

if TYPE_CHECKING:
    from pathlib import Path

    from data.resolutions import Member

WHOLE = """
province: an-giang
code: "91"
name: {vi: An Giang, en: An Giang}
crs: EPSG:9210
legacy_provinces: [Tỉnh An Giang, Tỉnh Kiên Giang]
documents:
  - id: ag-nq
    kind: resolution
    number: 1-NQ/TU
    title: {vi: Nghị quyết, en: Resolution}
    issuer: {vi: Tỉnh ủy, en: Party Committee}
    date: 2025-01-31
zones:
  - key: ag-a
    name: {vi: Vùng A, en: Zone A}
    group: base_partition
    membership:
      - level: district
        names: [Huyện Thoại Sơn]
        province_legacy: Tỉnh An Giang
        confidence: inferred
        reason: {vi: Gần, en: Near}
        source_ids: [ag]
    citations: [{document: ag-nq, section: I, dash: 3}]
  - key: ag-b
    name: {vi: Vùng B, en: Zone B}
    group: base_partition
    membership:
      - level: commune
        district: Huyện Hòn Đất
        names: [Xã Sơn Kiên, Xã Sơn Bình]
        province_legacy: Tỉnh Kiên Giang
        confidence: stated
        source_ids: [ag]
    citations: [{document: ag-nq, section: I, point: b}]
"""


def _write(folder: Path, text: str, name: str = "an_giang.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def _findings(folder: Path, text: str) -> list[tuple[str, str, str, str]]:
    with pytest.raises(DataError) as caught:
        load_resolution("an-giang", folder=_write(folder, text))
    assert {finding.file for finding in caught.value.findings} == {"an_giang.yaml"}
    return [(f.row, f.field, f.found, f.expected) for f in caught.value.findings]


def _keys(member: Member, resolution: Resolution) -> tuple[str, ...]:
    within = [member.province_legacy] if member.province_legacy else resolution.legacy_provinces
    if member.level == "district":
        return communes_of_district(member.name, within)
    return legacy_commune(f"{member.name} ({member.district})", within)


def test_provinces_begin_with_nghe_an() -> None:
    assert provinces()[0] == "nghe-an"
    assert provinces() == ("nghe-an", *sorted(provinces()[1:]))


@pytest.mark.parametrize("province", provinces())
def test_every_member_is_an_old_unit(province: str) -> None:
    resolution = load_resolution(province)
    unknown = [
        (zone.key, member.name)
        for zone in resolution.zones
        for member in zone.members
        if not _keys(member, resolution)
    ]
    assert unknown == []


@pytest.mark.parametrize("province", provinces())
def test_base_zones_hold_every_old_commune_once(province: str) -> None:
    resolution = load_resolution(province)
    frame = legacy_communes()
    wanted = set(frame.index[frame["province"].isin(resolution.legacy_provinces)])
    zones = [
        {key for member in zone.members for key in _keys(member, resolution)}
        for zone in resolution.zones
        if zone.group == "base_partition"
    ]
    assert wanted
    assert Counter(key for zone in zones for key in zone) == Counter(wanted)


@pytest.mark.parametrize("province", provinces())
def test_ids_are_those_of_the_fact_tables(province: str) -> None:
    facts = load_facts()
    findings = check_references(
        load_resolution(province), area_ids=facts.areas.index, source_ids=facts.sources.index
    )
    assert findings == ()


def test_unknown_ids_are_found() -> None:
    findings = check_references(load_resolution("nghe-an"), area_ids=(), source_ids=["na-nq07"])
    assert ("area_id", "na-kkt-dong-nam") in {(f.field, f.found) for f in findings}
    assert ("source_ids", "inf-70") in {(f.field, f.found) for f in findings}
    assert "na-nq07" not in {f.found for f in findings}


@pytest.mark.parametrize("province", provinces())
def test_round_trip(province: str) -> None:
    resolution = load_resolution(province)
    assert Resolution.model_validate_json(resolution.model_dump_json()) == resolution


@pytest.mark.parametrize("province", provinces())
def test_every_citation_can_be_written(province: str) -> None:
    resolution = load_resolution(province)
    cited = [
        citation
        for table in ("zones", "industries", "targets", "siting_rules", "statements")
        for row in getattr(resolution, table)
        for citation in row.citations
    ]
    assert all(resolution.cite(citation).vi for citation in cited)


def test_schema_file_is_in_step() -> None:
    written = (RESOLUTIONS / "schema.json").read_text(encoding="utf-8")
    assert json.loads(written) == json_schema()


def test_citation_in_words() -> None:
    resolution = load_resolution("nghe-an")
    assert resolution.cite(Citation(document="na-nq07", section="II.3.2", dash=1)) == Text(
        vi="07-NQ/TU, mục II.3.2, gạch đầu dòng thứ nhất",
        en="07-NQ/TU, section II.3.2, first dash",
    )
    assert Citation(document="x", section="IV.2", point="e").place == Text(
        vi="mục IV.2, điểm e", en="section IV.2, point e"
    )
    assert resolution.cite(Citation(document="na-kh174", annex=True)).vi == "174/KH-UBND, phụ lục"
    assert Citation(document="x").place is None


def test_nghe_an_as_the_documents_say() -> None:
    resolution = load_resolution("nghe-an")
    assert resolution.zone("na-d").foresees == ()
    assert resolution.zone("na-growth-vinh").foresees is None
    assert resolution.zone("na-kkt-dong-nam").area_id == "na-kkt-dong-nam"
    parks = next(target for target in resolution.targets if target.key == "na-2025-new-parks")
    assert (parks.value, parks.value_max, parks.scope) == (10, 12, ("industrial_park",))
    assert [citation.document for citation in parks.citations] == ["na-nq07", "na-kh174"]
    strict, soft = resolution.siting_rules[:2]
    assert (strict.strength, soft.strength) == ("forbid", "limit")
    assert strict.exception is not None
    assert soft.exception is None
    assert not [t for t in resolution.targets if t.metric == "fill_rate_pct"]


def test_only_two_provinces_set_a_fill_rate() -> None:
    targets = {
        province: [t for t in load_resolution(province).targets if t.metric == "fill_rate_pct"]
        for province in provinces()
    }
    assert {province: len(found) for province, found in targets.items()} == {
        "nghe-an": 0,
        "ha-tinh": 1,
        "quang-ninh": 0,
        "tuyen-quang": 1,
    }
    ((ha_tinh,), (tuyen_quang,)) = targets["ha-tinh"], targets["tuyen-quang"]
    assert (ha_tinh.operator, ha_tinh.value, ha_tinh.year) == (">", 70, None)
    assert ha_tinh.scope == ("industrial_park", "industrial_cluster")
    assert (tuyen_quang.operator, tuyen_quang.value, tuyen_quang.year) == (">", 70, 2030)
    assert tuyen_quang.scope == ("industrial_park",)


def test_only_nghe_an_has_siting_rules() -> None:
    assert [p for p in provinces() if load_resolution(p).siting_rules] == ["nghe-an"]


def test_quang_ninh_names_parks_and_localities() -> None:
    resolution = load_resolution("quang-ninh")
    named = {area.area_id: {i.tag for i in area.industries} for area in resolution.named_areas}
    assert "support_industry" in named["qn-kcn-viet-hung"]
    assert named["qn-kcn-cai-lan"] == {"high_tech"}
    places = resolution.zone("qn-link-new-parks").members
    assert len({member.district or member.name for member in places}) == 9
    assert [row.key for row in resolution.open_lists] == ["qn-project-list"]
    assert not [t for t in resolution.targets if t.metric == "central_wastewater_share_pct"]


def test_tuyen_quang_shows_the_odd_target_as_printed() -> None:
    target = load_resolution("tuyen-quang").targets[0]
    assert target.value == 117.84
    assert target.as_printed == Text(vi="khoảng 117,84 %", en="about 117.84 %")
    assert target.remark is not None


@pytest.mark.parametrize("province", provinces())
def test_zones_of_the_provincial_plan_say_so(province: str) -> None:
    resolution = load_resolution(province)
    own = {"resolution", "conclusion", "implementation_plan"}
    silent = [
        zone.key
        for zone in resolution.zones
        if zone.group != "economic_zone"
        and zone.remark is None
        and not {resolution.document(c.document).kind for c in zone.citations} & own
    ]
    assert silent == []
    assert resolution.partition_remark is not None


def test_unknown_names_are_answered_with_what_there_is() -> None:
    with pytest.raises(UnknownNameError, match="nghe-an"):
        load_resolution("nghe_an")
    resolution = load_resolution("nghe-an")
    with pytest.raises(UnknownNameError, match="na-a, na-b"):
        resolution.zone("na-z")
    with pytest.raises(UnknownNameError, match="na-kh174"):
        resolution.document("na-nq08")


def test_whole_file_loads(tmp_path: Path) -> None:
    resolution = load_resolution("an-giang", folder=_write(tmp_path, WHOLE))
    assert provinces(folder=tmp_path) == ("an-giang",)
    assert [member.name for member in resolution.zone("ag-b").members] == [
        "Xã Sơn Kiên",
        "Xã Sơn Bình",
    ]
    assert resolution.zone("ag-a").foresees is None


def test_all_findings_come_at_once(tmp_path: Path) -> None:
    text = (
        WHOLE.replace("group: base_partition", "group: region", 1)
        .replace("key: ag-b", "key: ag-a")
        .replace("section: I, point: b", "section: I, point: bb")
        .replace("[{document: ag-nq, section: I, dash: 3}]", "[{document: ag-nx, section: I}]")
        .replace("        reason: {vi: Gần, en: Near}\n", "")
        .replace("crs: EPSG:9210", "crs: 9210")
        .replace("kind: resolution", "kind: resolution\n    colour: red")
    )
    found = {(row, field, found) for row, field, found, _ in _findings(tmp_path, text)}
    assert found >= {
        ("zones[0].group (line 18)", "group", "region"),
        ("zones[1].key (line 26)", "key", "ag-a"),
        ("zones[1].citations[0].point (line 36)", "point", "bb"),
        ("zones[0].citations[0].document (line 25)", "document", "ag-nx"),
        ("crs (line 5)", "crs", "9210"),
        ("documents[0].colour (line 10)", "colour", "red"),
    }
    assert any("reason" in expected for *_, expected in _findings(tmp_path, text))


def test_unknown_tag_names_the_known_ones(tmp_path: Path) -> None:
    text = WHOLE + "industries: [{tag: steel, citations: [{document: ag-nq}]}]\n"
    ((row, field, found, expected),) = _findings(tmp_path, text)
    assert (row.split(" ")[0], field, found) == ("industries[0].tag", "tag", "steel")
    assert "'steel_metallurgy'" in expected


def test_member_twice_in_the_partition(tmp_path: Path) -> None:
    text = WHOLE.replace("[Xã Sơn Kiên, Xã Sơn Bình]", "[Xã Sơn Kiên, Xã Sơn Kiên]")
    ((row, _, found, expected),) = _findings(tmp_path, text)
    assert row.startswith("zones[1].membership[0].names[1]")
    assert (found, expected) == ("Xã Sơn Kiên", "each only once")


def test_several_old_provinces_need_one_named(tmp_path: Path) -> None:
    text = WHOLE.replace("        province_legacy: Tỉnh An Giang\n", "")
    ((_, field, found, expected),) = _findings(tmp_path, text)
    assert (field, found, expected) == ("province_legacy", "nothing", "one of legacy_provinces")


def test_repeated_keys_are_all_found(tmp_path: Path) -> None:
    text = WHOLE.replace('code: "91"', 'code: "91"\ncode: "92"').replace(
        "number: 1-NQ/TU", "number: 1-NQ/TU\n    number: 2-NQ/TU"
    )
    found = [(row, field) for row, field, *_ in _findings(tmp_path, text)]
    assert found == [("code (line 4)", "code"), ("documents[0].number (line 12)", "number")]


def test_file_of_another_province(tmp_path: Path) -> None:
    ((_, field, found, _),) = _findings(tmp_path, WHOLE.replace("an-giang", "kien-giang"))
    assert (field, found) == ("province", "kien-giang")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "a mapping"),
        ("- 1\n", "object"),
        ("province: [a\n", "YAML"),
        ("province: !!python/name:os.system\n", "YAML"),
        ("province: &a [*a]\n", "the value itself"),
        ("province: a\n---\nprovince: b\n", "YAML"),
        ("? [a, b]\n: 1\n", "YAML"),
        ("province: \x07\n", "YAML"),
        ("[" * 5000, "YAML"),
    ],
)
def test_what_is_not_a_resolution(tmp_path: Path, text: str, expected: str) -> None:
    assert any(expected in finding[-1] for finding in _findings(tmp_path, text))


def test_text_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "an_giang.yaml").write_bytes("name: Nghệ".encode("utf-16"))
    with pytest.raises(DataError, match="UTF-8"):
        load_resolution("an-giang", folder=tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"year": 2030, "period": {"first": 2026, "last": 2030}},
        {"operator": "between"},
        {"value_max": 80},
        {"operator": "between", "value_max": 60},
        {"value": None},
        {"value": "70"},
        {"period": {"first": 2030, "last": 2026}},
    ],
)
def test_target_that_contradicts_itself(change: dict[str, object]) -> None:
    target = {
        "key": "t",
        "name": {"vi": "a", "en": "a"},
        "metric": "fill_rate_pct",
        "operator": ">",
        "value": 70,
        "unit": "%",
        "citations": [{"document": "d"}],
    }
    assert Target.model_validate_json(json.dumps(target)).value == 70
    with pytest.raises(ValidationError):
        Target.model_validate_json(json.dumps(target | change))


def test_vocabulary_has_no_repeats() -> None:
    closed = {name: value for name, value in vars(vocabulary).items() if name.isupper()}
    assert closed
    assert [name for name, value in closed.items() if len(set(value)) != len(value)] == []
    assert set(vocabulary.METRICS) < set(vocabulary.PROVINCE_METRICS)
