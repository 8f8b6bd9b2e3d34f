"""The data page as Streamlit runs it, and its tables and files."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

import pandas as pd
import pytest

from data.quality import RULES, check_quality
from geo.history import timeline
from geo.quality import MISSING_COLUMNS, missing_most
from layers import findings, missing, sources
from layers.findings import Filters
from layers.words import words
from tests.hostile import attack_frame
from tests.test_layers.app_page import opened, plain, texts
from tests.test_layers.test_drawn import Shape, assert_harmless

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from data.quality import QualityFinding
    from geo.snapshot import Province, Snapshot

TODAY = dt.date(2026, 11, 21)


@pytest.fixture(scope="module")
def every(province: Province) -> tuple[QualityFinding, ...]:
    return check_quality(province.facts, today=TODAY)


page = partial(opened, "data")


def codes(app: AppTest) -> list[str]:
    return re.findall(r'data-code="(F\d+)"', texts(app))


@pytest.mark.usefixtures("at_the_root")
def test_the_answer_comes_first_and_the_call_before_the_findings() -> None:
    app = page()
    assert not app.exception
    shown = plain(texts(app))
    answer, call, table = (
        shown.index(text) for text in ("cảnh báo", "Cần hỏi nơi nào trước", "Phát hiện về số liệu")
    )
    assert answer < call < table
    assert "Trước hết là Khu công nghiệp WHA Industrial Zone 1" in shown
    assert "Số liệu tỉnh công bố" in shown
    assert re.search(r"\d ghi chú", shown)  # as its rows are labelled
    assert not re.search(r"\d lưu ý", shown)
    assert codes(app)


@pytest.mark.usefixtures("at_the_root")
def test_the_page_in_english() -> None:
    app = page(lang="en")
    assert not app.exception
    shown = plain(texts(app))
    for text in ("Whom to ask first", "Findings", "What the province reports", "Publisher"):
        assert text in shown
    assert "Cần hỏi" not in shown


@pytest.mark.usefixtures("at_the_root")
def test_filters_narrow_the_table() -> None:
    app = page()
    everything = codes(app)
    app.multiselect(key="data_severity").set_value(["warning"]).run()
    warnings = codes(app)
    assert 0 < len(warnings) < len(everything)
    app.multiselect(key="data_rule").set_value([warnings[0]]).run()
    assert set(codes(app)) == {warnings[0]}
    app.segmented_control(key="data_scope").set_value("every").run()
    assert not app.exception


@pytest.mark.usefixtures("at_the_root")
def test_province_and_date_are_those_of_the_map() -> None:
    app = page(province="ha-tinh", as_of="2025-12-31", lang="en")
    assert not app.exception
    assert app.query_params["province"] == "ha-tinh"
    assert app.query_params["as_of"] == "2025-12-31"
    assert "Hà Tĩnh" in plain(texts(app))


def test_counts_and_filters(every: tuple[QualityFinding, ...]) -> None:
    here = findings.of_province(every, "40")
    assert 0 < len(here) < len(every)
    assert sum(findings.counts(here).values()) == len(here)
    some = findings.narrowed(here, Filters(areas=("na-kcn-vsip-1",)))
    assert {item.area_id for item in some} == {"na-kcn-vsip-1"}
    assert findings.narrowed(here, Filters()) == here


def test_a_row_has_rule_area_what_was_found_and_its_evidence(
    every: tuple[QualityFinding, ...],
    shot: Snapshot,
) -> None:
    some = findings.narrowed(every, Filters(codes=("F002",), areas=("na-kcn-vsip-1",)))
    table = findings.table_html(some, shot, words("en"))
    assert_harmless(table)
    text = plain(table)
    for part in ("F002", RULES["F002"][1], "VSIP Nghe An 1", "91.43 %", "row 35", "≈ 95 %"):
        assert part in text
    assert Shape(table).links


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_findings_show_no_number_or_date_as_the_tables_have_it(
    every: tuple[QualityFinding, ...], shot: Snapshot, lang: Literal["vi", "en"]
) -> None:
    cells = re.findall(r"<td[^>]*>(.*?)</td>", findings.table_html(every, shot, words(lang)))
    found, expected = "\n".join(cells[1::4]), "\n".join(cells[2::4])
    raw = r"\d{4}-\d\d|\d{5}|\d\.\d{1,2}\b(?!\.)" if lang == "vi" else r"\d{4}-\d\d|\d{5}"
    for column in (found, expected):
        assert re.search(r"\d", column)
        assert not re.search(raw, plain(column))


def test_no_finding_says_what_to_do(shot: Snapshot) -> None:
    assert "bộ lọc" in findings.table_html((), shot, words("vi"))


def test_the_files_carry_all_fields(every: tuple[QualityFinding, ...]) -> None:
    rows = list(csv.DictReader(io.StringIO(findings.csv_text(every))))
    assert len(rows) == len(every)
    assert rows[0]["code"] == every[0].code
    assert rows[0]["rule_vi"]
    records = json.loads(findings.json_text(every))
    assert [record["message_vi"] for record in records] == [item.message_vi for item in every]


def test_a_formula_in_a_finding_stays_text(every: tuple[QualityFinding, ...]) -> None:
    item = replace(every[0], found="=1+1")
    row = next(csv.DictReader(io.StringIO(findings.csv_text([item]))))
    assert row["found"] == "'=1+1"


def test_whom_to_ask(province: Province, shot: Snapshot) -> None:
    found = missing_most(timeline(province), shot.as_of)
    table = missing.missing_html(found, shot, words("en"))
    text = plain(table)
    assert "WHA Industrial Zone 1" in text
    assert "leasable land, leased land" in text
    assert "area=na-kcn-wha-1" in table
    nothing = pd.DataFrame(columns=list(MISSING_COLUMNS))
    assert "recent figures" in missing.missing_html(nothing, shot, words("en"))


def test_a_park_of_unknown_size_comes_first_and_says_why(
    province: Province,
    shot: Snapshot,
) -> None:
    found = missing_most(timeline(province), shot.as_of)
    found.loc[0, ["blocks_bounds", "shrink_pct"]] = [True, float("nan")]
    assert "no bounds at all" in missing.answer_text(found, words("en"))
    assert "gives it bounds" in missing.missing_html(found, shot, words("en"))
    found.loc[0, "blocks_bounds"] = False
    assert "most land without figures" in missing.answer_text(found, words("en"))


def test_what_the_province_reports_stands_beside_the_tables(shot: Snapshot) -> None:
    text = plain(missing.reports_html(shot, words("en")))
    assert "Industrial clusters: number in operation" in text
    assert "20" in text
    assert "2018" in text
    assert "listed" in text


def test_sources_count_what_rests_on_them(shot: Snapshot) -> None:
    counts = sources.source_counts(shot)
    assert counts["in_use"].is_monotonic_decreasing
    used = shot.figures["sources"].explode().dropna()
    assert counts["in_use"].sum() == len(used)
    assert {"na-s01", "na-s03"} <= set(counts.index)
    table = sources.sources_table(shot, words("vi"))
    assert_harmless(table)
    assert "baonghean.vn" in table
    assert "OpenStreetMap" in sources.licences_html(shot, words("en"))


def test_hostile_texts_stay_texts(
    hostile_shot: Snapshot,
    every: tuple[QualityFinding, ...],
    province: Province,
) -> None:
    w = words("vi")
    found = attack_frame(
        missing_most(timeline(province), TODAY), kept=frozenset({"zone_key", "newest_as_of"})
    )
    attacked = [
        replace(item, message_vi=f"<img src=x onerror=x>{item.message_vi}", found="`${x}`")
        for item in every
    ]
    for text in (
        missing.missing_html(found, hostile_shot, w),
        missing.reports_html(hostile_shot, w),
        findings.table_html(attacked, hostile_shot, w),
        sources.sources_table(hostile_shot, w),
    ):
        shape = Shape(text)
        assert not {"script", "img", "svg"} & shape.tags
        assert not [name for name in shape.attributes if name.startswith("on")]
        assert all(url.startswith(("http://", "https://", "./?")) for url in shape.links)
