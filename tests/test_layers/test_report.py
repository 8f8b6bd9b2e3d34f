"""Reports in Word: figures, layout, hostile names, and LibreOffice's own reading of them."""

from __future__ import annotations

import dataclasses
import io
import os
import re
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from data.scenarios import AddArea, AssumeLease, Scenario
from geo.comparison import compare
from geo.scenarios import run
from layers.account import rate_text
from layers.numbers import exact
from layers.report.citations import Citations, harmless
from layers.report.write import (
    comparison_report,
    province_report,
    scenario_report,
    zone_report,
)
from layers.words import words
from scripts.report_template import FOLDER, make_template
from tests.hostile import attack_province, attack_snapshot
from tests.test_layers.libreoffice import convert

if TYPE_CHECKING:
    from pathlib import Path

    from docx.document import Document

    from geo.snapshot import Province, Snapshot

VSIP = "na-kcn-vsip-1"
NASTY = "{{ 7*7 }} {% raw %} {_{ x }_} <w:p/> &amp; ]]> ${x} {#"
UNKNOWN = "chưa có số liệu"


def opened(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


def text_of(document: Document) -> str:
    body = document.element.body
    return "\n".join(
        "".join(part.text or "" for part in line.iter(qn("w:t"))) for line in body.iter(qn("w:p"))
    )


def table_with(document: Document, head: str) -> list[list[str]]:
    """Rows of the table that has a column of this name."""
    for table in document.tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        if head in rows[0]:
            return rows
    pytest.fail(f"no table with a column {head}")


@pytest.fixture(scope="module")
def hostile(shot: Snapshot) -> Snapshot:
    areas = shot.areas.copy()
    areas["name_vi"] = [f"{NASTY} {key}" for key in areas.index]
    return dataclasses.replace(shot, areas=areas)


@pytest.fixture(scope="module")
def reports(province: Province, shot: Snapshot, hostile: Snapshot) -> dict[str, bytes]:
    scenario = Scenario(
        id="thu",
        name=f"Kịch bản {NASTY}",
        province="nghe-an",
        as_of=shot.as_of,
        edits=(
            AddArea(
                name="KCN Thử nghiệm",
                kind="industrial_park",
                status="operating",
                communes_2025=("Xã Hưng Nguyên",),
                total_area_ha=200.0,
                leasable_ha=150.0,
                leased_ha=20.0,
            ),
            AssumeLease(area_id=VSIP, hectares=10.0),
        ),
    )
    other = run(province, scenario)
    compared = compare([VSIP, "na-kcn-wha-1", "na-ccn-lac-son"], [shot])
    return {
        "province_vi": province_report(province, shot, lang="vi"),
        "zone_en": zone_report(province, shot, "na-d", lang="en"),
        "zone_vi": zone_report(province, shot, "na-b", lang="vi"),
        "scenario_vi": scenario_report(province, scenario, shot, other, lang="vi"),
        "comparison_en": comparison_report(compared, lang="en"),
        "hostile_vi": zone_report(province, hostile, "na-b", lang="vi"),
    }


@pytest.fixture(scope="module")
def pages(reports: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Text of every report as LibreOffice lays it out, a form feed at the end of each page."""
    if not shutil.which("pdftotext"):
        assert not os.environ.get("CI"), "pdftotext is not installed"
        pytest.skip("pdftotext is not installed")
    folder = tmp_path_factory.mktemp("reports")
    for name, content in reports.items():
        (folder / f"{name}.docx").write_bytes(content)
    files = sorted(folder.glob("*.docx"))
    convert("pdf", folder, *files)
    return {path.stem: pdf_text(path.with_suffix(".pdf")) for path in files}


def pdf_text(path: Path) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", path, "-"],
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    return done.stdout


def test_libreoffice_turns_every_report_into_pages(pages: dict[str, str]) -> None:
    expected = {
        "province_vi": ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Phụ lục IV", 12, 26),
        "zone_en": ("SOCIALIST REPUBLIC OF VIET NAM", "Annex II", 4, 12),
        "zone_vi": ("Độc lập - Tự do - Hạnh phúc", "Phụ lục III", 5, 14),
        "scenario_vi": ("Giả định của kịch bản", "Phụ lục III", 8, 20),
        "comparison_en": ("The comparison", "Annex II", 6, 16),
        "hostile_vi": ("BÁO CÁO", "Phụ lục III", 5, 20),
    }
    for name, (head, annex, least, most) in expected.items():
        assert head in pages[name]
        assert annex in pages[name]
        assert least <= pages[name].count("\f") <= most, (name, pages[name].count("\f"))
        # "None of the 3 areas ..." is a sentence.
        assert not re.search(r"\bnan\b|NaN|\bNone\b(?! of the)", pages[name]), name


def test_pages_are_numbered_but_not_the_first(pages: dict[str, str]) -> None:
    first, second, *_ = pages["province_vi"].split("\f")
    assert first.strip().startswith("[TÊN CƠ QUAN CHỦ QUẢN]")
    assert second.split()[0] == "2"


def test_figures_of_an_area_are_those_of_the_snapshot(
    reports: dict[str, bytes],
    shot: Snapshot,
) -> None:
    rows = table_with(opened(reports["province_vi"]), "TT")
    area = shot.areas.loc[VSIP]
    name = str(area["name_vi"])
    [row] = [row for row in rows if row[1].startswith(name)]
    assert row[5:8] == ["286,63", "262,07", "91,43"]
    assert row[5:8] == [
        exact(float(str(area[field])), "vi")
        for field in ("leasable_ha", "leased_ha", "fill_rate_pct")
    ]
    assert len(rows) == 1 + len(shot.areas)


def test_figures_of_the_zones_are_those_of_the_snapshot(
    reports: dict[str, bytes],
    shot: Snapshot,
) -> None:
    w = words("vi")
    _, *rows = table_with(opened(reports["province_vi"]), "Đất CN có thể cho thuê")
    assert len(rows) == len(shot.zones) + 1
    for row, (_, zone) in zip(rows, [*shot.zones.iterrows(), ("", shot.total)], strict=True):
        if zone["areas_count"]:
            assert row[3] == (exact(zone["leasable_ha"], "vi") or UNKNOWN)
            assert row[4] == (exact(zone["leased_ha"], "vi") or UNKNOWN)
            assert row[1] == f"{zone['areas_with_figures']}/{zone['areas_count']}"
        assert row[6].startswith(rate_text(zone, w).headline)


def test_what_is_unknown_is_written_so(reports: dict[str, bytes], shot: Snapshot) -> None:
    rows = table_with(opened(reports["province_vi"]), "TT")
    lacking = shot.areas["leased_ha"].isna().sum()
    assert sum(row[6] == UNKNOWN for row in rows) == lacking > 0


def test_every_source_that_is_cited_is_listed(reports: dict[str, bytes]) -> None:
    for name in ("province_vi", "zone_vi", "comparison_en", "scenario_vi"):
        text = text_of(opened(reports[name]))
        cited = {int(found) for found in re.findall(r"\[(\d+)\]", text)}
        listed = [int(found) for found in re.findall(r"^\[(\d+)\] ", text, re.MULTILINE)]
        assert listed == list(range(1, len(listed) + 1))
        assert cited == set(listed), name


def test_a_scenario_says_that_it_is_assumed(reports: dict[str, bytes]) -> None:
    document = opened(reports["scenario_vi"])
    text = text_of(document)
    assert "Không phải số liệu thực tế" in text
    assert "KCN Thử nghiệm" in text
    rows = table_with(document, "Kịch bản")
    [row] = [row for row in rows if row[1] == "đất đã cho thuê, cho thuê lại" and "VSIP" in row[0]]
    assert row[2:5] == ["262,07 ha", "272,07 ha", "+10 ha"]


def test_a_comparison_has_a_column_a_place(reports: dict[str, bytes]) -> None:
    rows = table_with(opened(reports["comparison_en"]), "Criterion")
    assert {len(row) for row in rows} == {4}
    [rate] = [row for row in rows if row[0].startswith("Fill rate")]
    assert rate[1].startswith("91.43 %")
    assert rate[2].startswith("no data")


def test_a_zone_report_lists_its_own_areas_alone(
    reports: dict[str, bytes],
    shot: Snapshot,
) -> None:
    inside = [
        name
        for name, zones in zip(shot.areas["name_vi"], shot.areas["zones"], strict=True)
        if any(zone["zone_key"] == "na-b" for zone in zones)
    ]
    _, *rows = table_with(opened(reports["zone_vi"]), "TT")
    assert [row[1].rsplit(" (", 1)[0] for row in rows] == inside


def test_an_unknown_zone_is_an_error(province: Province, shot: Snapshot) -> None:
    with pytest.raises(KeyError):
        zone_report(province, shot, "na-z", lang="vi")


def test_hostile_names_stay_text(reports: dict[str, bytes], hostile: Snapshot) -> None:
    rows = table_with(opened(reports["hostile_vi"]), "TT")
    shown = [row[1].rsplit(" (", 1)[0] for row in rows[1:]]
    assert shown
    assert set(shown) < {f"{NASTY} {key}" for key in hostile.areas.index}
    text = text_of(opened(reports["scenario_vi"]))
    assert f"Kịch bản {NASTY}" in text


def test_attacks_everywhere_leave_a_file_that_opens(province: Province, shot: Snapshot) -> None:
    hit = attack_snapshot(shot)
    content = zone_report(attack_province(province), hit, "na-b", lang="en")
    text = text_of(opened(content))
    assert "<script>" in text
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<script" not in archive.read("word/document.xml")


@given(st.text())
def test_harmless_texts_say_the_same_in_xml(text: str) -> None:
    found = harmless({"a": [text]})["a"][0]
    assert isinstance(found, Markup)
    assert not set(found) & set("<>{}%\n\t\x00")
    clean = " ".join(text.split())
    if clean.isprintable():
        assert found.unescape() == clean


@given(st.lists(st.sampled_from("abcdef")))
def test_sources_are_numbered_as_they_are_first_cited(ids: list[str]) -> None:
    citations = Citations({key: {"title": key.upper()} for key in "abcde"})
    for key in ids:
        citations.cite([key])
    order = list(dict.fromkeys(ids))
    assert citations.cite(order) == ", ".join(f"[{i}]" for i in range(1, len(order) + 1))
    lines = citations.lines(words("en"))
    assert [line.split("(")[-1].strip(")") for line in lines if not line.endswith("] f")] == [
        key for key in order if key != "f"
    ]


def test_two_reports_of_the_same_data_are_the_same(
    reports: dict[str, bytes],
    province: Province,
    shot: Snapshot,
) -> None:
    assert zone_report(province, shot, "na-b", lang="vi") == reports["zone_vi"]


def _numbers(text: str) -> list[list[float]]:
    return [[float(part) for part in one.split("-")] for one in text.split(";")]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_template_keeps_the_rules_of_layout(lang: str, shot: Snapshot) -> None:
    rules = shot.facts.legal_rules["value_text"]
    document = docx.Document(str(FOLDER / f"template_{lang}.docx"))
    upright, left, right = _numbers(rules["DOC-MARGIN"])
    short, long = (float(part) for part in rules["DOC-PAPER"].split(" x "))
    for section in document.sections:
        size = sorted(length or 0 for length in (section.page_width, section.page_height))
        assert size == pytest.approx([Mm(short), Mm(long)], abs=Mm(0.1))
        for margin, (least, most) in (
            (section.top_margin, upright),
            (section.bottom_margin, upright),
            (section.left_margin, left),
            (section.right_margin, right),
        ):
            assert margin is not None
            assert Mm(least - 0.1) <= margin <= Mm(most + 0.1)
        assert "PAGE" in section.header._element.xml
    first = document.sections[0]
    assert first.different_first_page_header_footer
    assert first.page_width == pytest.approx(Mm(short), abs=Mm(0.1))
    least, most = _numbers(rules["DOC-BODY"])[0]
    for name in ("Normal", "Report Body", "Report Item", "Heading 1", "Heading 2"):
        style: Any = document.styles[name]
        assert style.font.name == "Times New Roman"
        assert Pt(least) <= style.font.size <= Pt(most)
    motto = document.tables[0].rows[0].cells[1].paragraphs
    (title_least, title_most), (motto_least, motto_most) = _numbers(rules["DOC-HEADER"])
    for line, least, most in (
        (motto[0], title_least, title_most),
        (motto[1], motto_least, motto_most),
    ):
        assert line.runs[0].bold
        assert line.runs[0].font.size is not None
        assert Pt(least) <= line.runs[0].font.size <= Pt(most)


def test_number_date_signer_and_recipients_are_left_open(reports: dict[str, bytes]) -> None:
    text = text_of(opened(reports["province_vi"]))
    for field in (
        "Số: ......../BC-........",
        "............, ngày ...... tháng ...... năm ..........",
        "Nơi nhận:",
        "[QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ]",
        "[Họ và tên]",
    ):
        assert field in text


def test_parts_of_a_section_stand_in_the_order_that_word_asks_for() -> None:
    order = ["headerReference", "type", "pgSz", "pgMar", "pgNumType", "cols", "titlePg", "docGrid"]
    document = docx.Document(str(FOLDER / "template_vi.docx"))
    for section in document.sections:
        names = [part.tag.rsplit("}", 1)[1] for part in section._sectPr]
        assert names == sorted(names, key=order.index)
        assert len(names) == len(set(names))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_script_makes_the_templates_that_are_kept(lang: str) -> None:
    with (
        zipfile.ZipFile(FOLDER / f"template_{lang}.docx") as kept,
        zipfile.ZipFile(io.BytesIO(make_template(lang))) as made,
    ):
        assert kept.namelist() == made.namelist()
        for name in kept.namelist():
            assert kept.read(name) == made.read(name), name


def test_form_04_stands_in_the_report_with_what_is_not_verified(reports: dict[str, bytes]) -> None:
    document = opened(reports["province_vi"])
    _, *rows = table_with(document, "Kỳ này")
    assert [row[0] for row in rows] == ["17", "18", "19"]
    assert all(row[3:] == ["", "", ""] for row in rows)
    assert "Chưa kiểm chứng" in text_of(document)
