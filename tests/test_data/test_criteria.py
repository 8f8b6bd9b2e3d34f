"""Presets and criteria files."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from data._errors import DataError, UnknownNameError
from data.criteria import (
    MEASURES,
    PRESETS,
    SCHEMA,
    TARGETS,
    changed,
    json_schema,
    load_criteria,
    measures,
    preset,
    preset_for,
    presets,
    reweighted,
)
from data.vocabulary import INDUSTRY_TAGS, NODE_TYPES, ROAD_CLASSES

CRITERION = {"measure": "available_ha", "weight": 100, "direction": "positive", "min": 0, "max": 9}


def write(tmp_path: Path, document: object) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return path


def refusal(tmp_path: Path, document: object) -> list[tuple[str, str, str]]:
    with pytest.raises(DataError) as caught:
        load_criteria(write(tmp_path, document))
    return [(one.field, one.found, one.expected) for one in caught.value.findings]


def test_presets_that_were_asked_for() -> None:
    assert list(presets()) == [
        "export-electronics",
        "agro-processing",
        "heavy-industry",
        "logistics",
        "supplier",
        "general",
    ]


@pytest.mark.parametrize("key", list(presets()))
def test_a_preset_says_why_and_that_it_is_our_judgement(key: str) -> None:
    found = preset(key)
    assert sum(one.weight for one in found.enabled) == pytest.approx(100)
    assert found.why is not None
    assert "Đánh giá của sản phẩm, không lấy từ văn bản nào" in found.why.vi
    assert "own judgement, from no document" in found.why.en


def test_each_measure_has_a_name_and_each_target_a_measure() -> None:
    assert tuple(measures()) == MEASURES
    assert set(TARGETS) == {*NODE_TYPES, *ROAD_CLASSES}
    assert {f"km_to_{target}" for target in TARGETS} <= set(MEASURES)


@pytest.mark.parametrize("tag", INDUSTRY_TAGS)
def test_a_trade_is_proposed_in_one_preset_at_most(tag: str) -> None:
    proposing = [key for key, one in presets().items() if tag in one.trades]
    assert len(proposing) <= 1
    assert preset_for(tag).key == (proposing or ["general"])[0]


def test_a_preset_is_a_criteria_file_of_its_own(tmp_path: Path) -> None:
    raw = yaml.safe_load(PRESETS.read_text(encoding="utf-8"))["presets"]
    for document in raw:
        assert load_criteria(write(tmp_path, document)) == preset(document["key"])


def test_the_least_file(tmp_path: Path) -> None:
    found = load_criteria(write(tmp_path, {"criteria": [CRITERION]}))
    assert (found.key, found.limits.min_available_ha, found.why) == ("own", None, None)


def test_weights_must_sum_to_100(tmp_path: Path) -> None:
    other = CRITERION | {"measure": "policy", "max": 1}
    off = [CRITERION | {"weight": 50}, other | {"weight": 45}]
    assert refusal(tmp_path, {"criteria": off}) == [
        ("weight", "weights that sum to 95", "weights of the enabled criteria that sum to 100")
    ]
    # Those that aren't enabled don't count.
    load_criteria(write(tmp_path, {"criteria": [CRITERION, other | {"enabled": False}]}))


@pytest.mark.parametrize(
    ("change", "field", "found"),
    [
        ({"max": 0}, "min", "min 0, max 0"),
        ({"direction": "ideal"}, "ideal", "direction ideal, ideal None"),
        ({"ideal": 3}, "ideal", "direction positive, ideal 3.0"),
        ({"direction": "ideal", "ideal": 9}, "ideal", "9"),
        ({"direction": "up"}, "direction", "up"),
        ({"measure": "km_to_moon"}, "measure", "km_to_moon"),
        ({"weight": -1}, "weight", "-1"),
        ({"waight": 3}, "waight", "3"),
    ],
)
def test_a_wrong_criterion(
    change: dict[str, object], field: str, found: str, tmp_path: Path
) -> None:
    [(at, value, _)] = refusal(tmp_path, {"criteria": [CRITERION | change]})
    assert (at, value) == (field, found)


def test_a_criterion_twice(tmp_path: Path) -> None:
    twice = [CRITERION | {"weight": 50}] * 2
    document = json.loads(json.dumps({"criteria": twice}))
    [(field, found, _)] = refusal(tmp_path, document)
    assert (field, found) == ("measure", "available_ha")


def test_every_finding_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        "limits:\n"
        "  max_km: {port: 60}\n"
        "  min_available_ha: 0\n"
        "criteria:\n"
        "  - {measure: policy, weight: heavy, direction: positive, min: 0, max: 1}\n",
        encoding="utf-8",
    )
    with pytest.raises(DataError) as caught:
        load_criteria(path)
    told = {(one.field, one.row, one.found) for one in caught.value.findings}
    assert told == {
        ("port", "limits.max_km.port (line 2)", "port"),
        ("min_available_ha", "limits.min_available_ha (line 3)", "0"),
        ("weight", "criteria[0].weight (line 5)", "heavy"),
    }


def test_changes_are_checked() -> None:
    found = changed(preset("logistics"), min_available_ha=5, max_km={"airport": 40}, trade=None)
    assert found.limits.max_km == {"airport": 40.0}
    assert found.limits.statuses == preset("logistics").limits.statuses
    with pytest.raises(DataError, match="min_available_ha"):
        changed(preset("logistics"), min_available_ha=-5)
    with pytest.raises(UnknownNameError, match="export-electronics"):
        preset("best")


@given(st.lists(st.floats(0, 1e6), min_size=8, max_size=8).filter(lambda parts: sum(parts) > 1e-3))
def test_weights_are_scaled_and_keep_their_proportion(parts: list[float]) -> None:
    base = preset("logistics")
    names = [one.measure for one in base.criteria]
    found = reweighted(base, dict(zip(names, parts, strict=True)))
    assert sum(one.weight for one in found.enabled) == pytest.approx(100)
    for one, part in zip(found.criteria, parts, strict=True):
        assert one.weight == pytest.approx(part / sum(parts) * 100)
        assert one.enabled == (part > 0)


def test_no_weight_at_all() -> None:
    with pytest.raises(DataError, match="a weight above 0"):
        reweighted(preset("logistics"), {})


def test_schema_file_is_in_step() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == json_schema()
