"""``python -m geo report``, ``map`` and ``form04``: files that are whole, and errors."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest

from layers.map_files import page as map_html

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result


@pytest.fixture
def run(run: Callable[..., Result]) -> Callable[..., Result]:
    return lambda *arguments: run(*arguments, "--as-of", "2026-06-30")


@pytest.mark.parametrize(
    "asked",
    [
        ("report", "--province", "nghe-an", "--zone", "na-d", "--lang", "en"),
        ("report", "--compare", "na-kcn-vsip-1", "ht-kkt-vung-ang"),
    ],
)
def test_a_report_is_a_word_file(
    run: Callable[..., Result],
    tmp_path: Path,
    asked: tuple[str, ...],
) -> None:
    path = tmp_path / "report.docx"
    done = run(*asked, "-o", str(path))
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert "word/document.xml" in archive.namelist()
    assert list(tmp_path.iterdir()) == [path]


def test_a_report_of_a_scenario(run: Callable[..., Result], tmp_path: Path) -> None:
    scenario = tmp_path / "scenario.json"
    scenario.write_text(
        '{"id": "x", "name": "X", "province": "nghe-an", "as_of": "2026-06-30", "edits": '
        '[{"edit": "assume_lease", "area_id": "na-kcn-vsip-1", "hectares": 10}]}',
        encoding="utf-8",
    )
    path = tmp_path / "report.docx"
    done = run("report", "--province", "nghe-an", "--scenario", str(scenario), "-o", str(path))
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(path) as archive:
        assert "272,07 ha" in archive.read("word/document.xml").decode()


@pytest.mark.parametrize(
    ("form", "head"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("html", b"<!D")]
)
def test_a_map_in_each_form(
    run: Callable[..., Result],
    tmp_path: Path,
    form: str,
    head: bytes,
) -> None:
    path = tmp_path / f"map.{form}"
    done = run("map", "--province", "ha-tinh", "--format", form, "-o", str(path))
    assert done.exit_code == 0, done.output
    assert path.read_bytes().startswith(head)


def test_the_form_as_a_workbook(run: Callable[..., Result], tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    assert run("form04", "--province", "nghe-an", "-o", str(path)).exit_code == 0
    assert openpyxl.load_workbook(io.BytesIO(path.read_bytes())).sheetnames[0] == "Biểu 04"


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (("report", "--province", "nghe-an", "--zone", "na-z"), 1, "na-kkt-dong-nam"),
        (("report", "--compare", "na-kcn-vsip-1", "nowhere"), 1, "nowhere"),
        (("report", "--province", "nghe-an", "--scenario", "missing.json"), 1, "missing.json"),
        (("report", "--province", "nowhere"), 1, "nowhere"),
        (("report",), 2, "--province"),
        (("report", "--province", "nghe-an", "--compare", "na-a", "na-b"), 2, "--compare"),
        (("map", "--province", "nghe-an", "--format", "gif"), 2, "gif"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    run: Callable[..., Result],
    tmp_path: Path,
    asked: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    path = tmp_path / "file"
    done = run(*asked, "-o", str(path))
    assert done.exit_code == code
    assert said in done.output
    assert not path.exists()


def test_a_map_that_fails_leaves_the_old_file(
    run: Callable[..., Result],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "map.html"
    path.write_text("old")

    def fail(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(map_html, "map_html", fail)
    done = run("map", "--province", "nghe-an", "--format", "html", "-o", str(path))
    assert done.exit_code == 1
    assert "No space left" in done.output
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
