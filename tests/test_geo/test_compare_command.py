"""``python -m geo compare``: forms, files and errors."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import openpyxl
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

PARKS = ("na-kcn-vsip-1", "na-kcn-vsip-2", "ht-kkt-vung-ang")


@pytest.fixture
def run(run: Callable[..., Result]) -> Callable[..., Result]:
    return lambda *arguments: run("compare", *arguments, "--as-of", "2026-06-30")


def test_json_has_the_figures_of_all_places(run: Callable[..., Result]) -> None:
    document = json.loads(run(*PARKS, "--format", "json").stdout)
    assert [place["id"] for place in document["places"]] == list(PARKS)
    assert [place["province"] for place in document["places"]] == ["nghe-an", "nghe-an", "ha-tinh"]
    (leased,) = [row for row in document["rows"] if row["row"] == "leased_ha"]
    assert [leased["cells"][key]["value"] for key in PARKS[:2]] == [262.07, 81.69]
    assert document["as_of"] == "2026-06-30"
    assert set(document["boundaries"]) == {"nghe-an", "ha-tinh"}


def test_csv_has_a_line_a_row_and_place(run: Callable[..., Result]) -> None:
    lines = list(csv.DictReader(io.StringIO(run(*PARKS, "--format", "csv").stdout)))
    found = {(line["row"], line["id"]): line for line in lines}
    assert len(found) == len(lines)
    assert float(found["leased_ha", "na-kcn-vsip-2"]["value"]) == 81.69
    assert found["leased_ha", "na-kcn-vsip-2"]["sources"] == "na-s03"


@pytest.mark.parametrize(
    ("lang", "words"),
    [("vi", ("Tỷ lệ lấp đầy", "91,43 %")), ("en", ("Fill rate", "91.43 %"))],
)
def test_table_in_both_languages(
    lang: str, words: tuple[str, str], run: Callable[..., Result]
) -> None:
    text = run("na-kcn-vsip-1", "na-kcn-vsip-2", "--lang", lang).stdout
    assert all(word in text for word in words)


def test_files_are_written_whole(run: Callable[..., Result], tmp_path: Path) -> None:
    for form in ("xlsx", "html"):
        target = tmp_path / f"parks.{form}"
        assert run(*PARKS, "--format", form, "-o", str(target)).exit_code == 0
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["parks.html", "parks.xlsx"]
    assert len(openpyxl.load_workbook(tmp_path / "parks.xlsx").sheetnames) == 2
    assert "VSIP" in (tmp_path / "parks.html").read_text(encoding="utf-8")
    refused = run(*PARKS, "--format", "xlsx", "-o", str(tmp_path / "nowhere" / "parks.xlsx"))
    assert refused.exit_code == 1
    assert "can't be written" in refused.stderr


@pytest.mark.parametrize(
    ("ids", "code", "said"),
    [
        (["na-kcn-vsip-1"], 1, "found 1 (na-kcn-vsip-1); expected 2 to 5"),
        (["na-kcn-vsip-1", "nowhere"], 1, "found nowhere; expected ids"),
        (["na-kcn-vsip-1", "na-a"], 1, "parks with parks, or zones with zones"),
        (["na-a", "na-a"], 1, "na-a more than once"),
        ([*PARKS, "--format", "xlsx"], 2, "-o"),
    ],
)
def test_errors_say_what_is_expected(
    ids: list[str], code: int, said: str, run: Callable[..., Result]
) -> None:
    result = run(*ids)
    assert result.exit_code == code
    assert said in result.stderr
    assert not result.stdout
