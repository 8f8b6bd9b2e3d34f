"""A scenario is a document: it survives being written and read, and says what is wrong with it."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data._errors import DataError
from data._translation import said
from data.scenarios import (
    AddArea,
    AssumeLease,
    CloseArea,
    ExtendArea,
    Scenario,
    SetDate,
    SetFigure,
    SetStatus,
    load_scenario,
    parse_scenario,
    scenario_json,
    slug,
)
from data.vocabulary import METRICS, STATUSES
from tests.vietnamese import refused

SQUARE = {"type": "Polygon", "coordinates": [[[105, 19], [105.1, 19], [105.1, 19.1], [105, 19]]]}
PARK = {"edit": "add_area", "name": "KCN A", "kind": "industrial_park", "status": "planned"}
days = st.none() | st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1))
areas = st.sampled_from(["na-kcn-vsip-1", "na-ccn-a", "ht-kkt-vung-ang"])
land = st.floats(0.01, 5000.0)
edits = st.one_of(
    st.builds(
        AddArea,
        name=st.sampled_from(["Khu công nghiệp Đô Lương", "A"]),
        kind=st.sampled_from(["industrial_park", "industrial_cluster"]),
        status=st.sampled_from(STATUSES),
        polygon=st.just(SQUARE),
        total_area_ha=st.none() | land,
        date=days,
    ),
    st.builds(ExtendArea, area_id=areas, hectares=land, date=days),
    st.builds(CloseArea, area_id=areas, date=days),
    st.builds(SetStatus, area_id=areas, status=st.sampled_from(STATUSES)),
    st.builds(SetDate, area_id=areas, established_year=st.integers(1990, 2100)),
    st.builds(AssumeLease, area_id=areas, hectares=land),
    st.builds(SetFigure, area_id=areas, metric=st.sampled_from(list(METRICS)), value=land),
)
scenarios = st.builds(
    Scenario,
    id=st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True),
    name=st.just("Kịch bản: mở rộng"),
    province=st.just("nghe-an"),
    as_of=st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)),
    edits=st.lists(edits, max_size=5).map(tuple),
)


def document(*items: dict[str, Any], **fields: Any) -> str:  # noqa: ANN401
    head = {"id": "x", "name": "X", "province": "nghe-an", "as_of": "2026-06-30"}
    return json.dumps({**head, "edits": list(items), **fields})


@given(scenarios)
def test_what_is_written_is_read_back(scenario: Scenario) -> None:
    assert parse_scenario(scenario_json(scenario)) == scenario


@given(scenarios, edits)
def test_an_edit_undone_leaves_the_scenario_as_it_was(scenario: Scenario, edit: Any) -> None:  # noqa: ANN401
    assert scenario.with_edit(edit).undone() == scenario


def test_nothing_to_undo_is_no_error() -> None:
    empty = parse_scenario(document())
    assert empty.undone() == empty


@pytest.mark.parametrize(
    ("text", "row", "field", "found", "expected"),
    [
        ("{", "", "", "", "JSON"),
        (document(as_of="30/06/2026"), "", "as_of", "30/06/2026", "date"),
        (document(id="Kịch bản"), "", "id", "Kịch bản", "pattern"),
        (document(extra=1), "", "extra", "1", "not permitted"),
        (document({"edit": "sell_area"}), "edit 1", "", "sell_area", "assume_lease"),
        (
            document(PARK),
            "edit 1 (add a park or cluster)",
            "communes_2025",
            "nothing",
            "a polygon or communes",
        ),
        (
            document(
                {"edit": "close_area", "area_id": "na-kcn-a"},
                PARK | {"polygon": SQUARE, "status": "x"},
            ),
            "edit 2 (add a park or cluster)",
            "status",
            "x",
            "operating",
        ),
        (
            document(PARK | {"communes_2025": ["Xã Nghi Lộc"]}),
            "edit 1 (add a park or cluster)",
            "total_area_ha",
            "nothing",
            "a total area where there is no polygon",
        ),
        (
            document(PARK | {"polygon": SQUARE, "total_area_ha": 10, "leasable_ha": 11}),
            "edit 1 (add a park or cluster)",
            "leasable_ha",
            "11",
            "at most the total area, 10 ha",
        ),
        (
            document(PARK | {"polygon": SQUARE, "leasable_ha": 150, "leased_ha": 160.5}),
            "edit 1 (add a park or cluster)",
            "leased_ha",
            "160.5",
            "at most the leasable land, 150 ha",
        ),
        (
            document(PARK | {"polygon": {"type": "Point", "coordinates": [105, 19]}}),
            "edit 1 (add a park or cluster)",
            "polygon",
            "Point",
            "Polygon or MultiPolygon",
        ),
        (
            document(
                PARK
                | {
                    "polygon": {
                        "type": "Polygon",
                        "coordinates": [
                            [[105, 19], [105.1, 19.1], [105.1, 19], [105, 19.1], [105, 19]]
                        ],
                    },
                },
            ),
            "edit 1 (add a park or cluster)",
            "polygon",
            "105.1",
            "Self-intersection",
        ),
        (
            document(
                PARK
                | {
                    "polygon": {
                        "type": "Polygon",
                        "coordinates": [[[19, 105], [20, 105], [20, 106], [19, 105]]],
                    }
                },
            ),
            "edit 1 (add a park or cluster)",
            "polygon",
            "105",
            "within Viet Nam",
        ),
        (
            document(PARK | {"polygon": {"type": "Polygon", "coordinates": "abc"}}),
            "edit 1 (add a park or cluster)",
            "polygon",
            "abc",
            "RFC 7946",
        ),
        (
            document({"edit": "assume_lease", "area_id": "na-kcn-a", "hectares": -1}),
            "edit 1 (assume leases)",
            "hectares",
            "-1",
            "greater than 0",
        ),
        (
            document({"edit": "assume_lease", "area_id": "../../etc", "hectares": 1}),
            "edit 1 (assume leases)",
            "area_id",
            "../../etc",
            "pattern",
        ),
        (
            document({"edit": "extend_area", "area_id": "na-kcn-a"}),
            "edit 1 (extend one)",
            "hectares",
            "nothing",
            "hectares or a polygon",
        ),
        (
            document({"edit": "set_date", "area_id": "na-kcn-a"}),
            "edit 1 (change a date)",
            "established_year",
            "nothing",
            "a founding year, or the day since which it operates",
        ),
        (
            document({"edit": "set_figure", "area_id": "na-kcn-a", "metric": "x", "value": 1}),
            "edit 1 (assume a figure)",
            "metric",
            "x",
            "fill_rate_pct",
        ),
    ],
)
def test_what_is_wrong_is_named(text: str, row: str, field: str, found: str, expected: str) -> None:
    with refused(DataError) as error:
        parse_scenario(text, file="s.json")
    finding = error.value.findings[0]
    assert (finding.file, finding.row, finding.field) == ("s.json", row, field)
    assert found in finding.found
    assert expected in finding.expected


def test_a_missing_field_is_named() -> None:
    with refused(DataError, match=r"row edit 1 \(close one\), field area_id: found nothing"):
        parse_scenario(document({"edit": "close_area"}))


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_file_is_said_to_be_one(text: str) -> None:
    with refused(
        DataError, match=r"^e\.json: found an empty file; expected a scenario as JSON$"
    ) as error:
        parse_scenario(text, file="e.json")
    (finding,) = error.value.findings
    told = [said(text, "vi") for text in (finding.found, finding.expected)]
    assert told == ["tệp rỗng", "một kịch bản dạng JSON"]


def test_what_is_no_json_is_told_with_its_line() -> None:
    with refused(DataError, match=r"found no JSON \(trailing comma at line 3 column 1\)"):
        parse_scenario('{\n "id": "x",\n}', file="e.json")


def test_files_that_are_no_scenario(tmp_path: Path) -> None:
    with refused(DataError, match="No such file"):
        load_scenario(tmp_path / "none.json")
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe{}")
    with refused(DataError, match="not UTF-8"):
        load_scenario(tmp_path / "bytes.json")


def test_ids_of_vietnamese_names() -> None:
    assert slug("Cụm công nghiệp Đô Lương, Giai đoạn 2") == "cum-cong-nghiep-do-luong-giai-doan-2"
    assert slug("中文") == "x"
