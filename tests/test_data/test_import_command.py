"""``python -m data import``: its files are whole, replace nothing, and show no password."""

from __future__ import annotations

import csv
import errno
import os
import re
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from data.__main__ import app
from data.importing.findings import ImportFinding, catalogue
from data.workspace.store import WORKSPACE_VARIABLE, open_workspace


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def _register(file: Path) -> None:
    rows = (
        ["Tên KCN", "Tổng diện tích (ha)", "Đã cho thuê (ha)", "Số liệu tính đến"],
        ["KCN Bắc Vinh", "60,16", "43,73", "30/06/2026"],
    )
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)


def _contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def _sound(tmp_path: Path) -> tuple[Path, list[object]]:
    file, where = tmp_path / "r.csv", tmp_path / "w.gpkg"
    _register(file)
    return where, ["import", file, "--accept", "sound", "--workspace", where]


@pytest.mark.parametrize("through", ["name", "link"])
@pytest.mark.parametrize("option", ["--report", "--save-mapping"])
@pytest.mark.parametrize(
    "source", ["file", "mapping", "workspace", "new workspace", "default workspace"]
)
def test_no_output_replaces_what_an_import_reads(
    source: str, option: str, through: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = tmp_path / "same.json"
    places = {"file": tmp_path / "r.csv", "mapping": tmp_path / "m.yaml"} | {source: same}
    _register(places["file"])
    places["mapping"].write_text("mappings: []")
    arguments = ["import", places["file"], "--mapping", places["mapping"], "--accept", "sound"]
    if source == "default workspace":
        monkeypatch.setenv(WORKSPACE_VARIABLE, str(same))
    else:
        where = same if "workspace" in source else tmp_path / "w.gpkg"
        arguments += ["--workspace", where]
    if source in {"workspace", "default workspace"}:
        open_workspace(same).close()
    output = same
    if through == "link":
        output = tmp_path / "link.json"
        output.symlink_to(same)
    before = _contents(tmp_path)
    refused = run(*arguments, option, output)
    assert (refused.exit_code, _contents(tmp_path)) == (2, before), refused.output
    assert "name another file" in " ".join(refused.stderr.replace("│", " ").split())


def test_report_and_mapping_are_two_files(tmp_path: Path) -> None:
    where, arguments = _sound(tmp_path)
    both = tmp_path / "one.json"
    refused = run(*arguments, "--report", both, "--save-mapping", both)
    assert refused.exit_code == 2
    assert not where.exists()


@pytest.mark.parametrize("option", ["--report", "--save-mapping"])
def test_no_rows_are_taken_where_an_output_cannot_be_written(
    option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, arguments = _sound(tmp_path)
    missing = tmp_path / "none" / "r.json"
    refused = run(*arguments, option, missing)
    assert (refused.exit_code, where.exists()) == (1, False)
    assert str(missing) in refused.stderr

    def full(path: Path, _: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        report = tmp_path / "r.json"
        refused = run(*arguments, option, report)
    assert refused.exit_code == 1
    assert f"{report}: No space left" in refused.stderr
    assert open_workspace(where).revisions() == ()
    taken = run(*arguments, option, report)
    assert (taken.exit_code, report.is_file()) == (0, True), taken.output


def test_rows_that_were_taken_are_told_where_a_file_cannot_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, arguments = _sound(tmp_path)
    replace = Path.replace

    def gone(path: Path, target: Path) -> Path:
        if target.name == "r.json":
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(target))
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", gone)
        result = run(*arguments, "--report", tmp_path / "r.json")
    assert result.exit_code == 1
    assert "rows taken all the same: " in result.stderr
    assert len(open_workspace(where).revisions()) == 1


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["import"],
        ["import", "r.csv", "--province"],
        ["import", "r.csv", "--workspace"],
        ["check", "--province"],
        ["new-province"],
        ["boundaries", "check", "--province", "nghe-an"],
        ["boundaries", "fetch", "--province"],
        ["workspace", "list", "--workspace"],
        ["workspace", "undo"],
        ["workspace", "copy", "a.gpkg", "b.gpkg"],
        ["workspace", "new"],
    ],
)
def test_no_command_shows_the_password_of_an_address(words: list[str]) -> None:
    for address in (
        "postgresql://planner:s3cret@db.invalid/land",
        "postgres+x://planner:s3c/re@s3cret@db.invalid/land",
        "http://planner:s3cret@mirror.invalid/land",
    ):
        result = run(*words, address)
        assert result.exit_code in {1, 2}, result.output
        assert isinstance(result.exception, SystemExit)
        assert "s3cret" not in "".join(result.output.split("│\n│"))


def test_the_report_says_in_words_what_is_what(tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    rows = (
        ["Tên KCN", "Đất công nghiệp (ha)", "Vốn đăng ký (tỷ đồng)", "Ngày cấp phép"],
        ["KCN Bắc Vinh", "43,5", "1250,5", "x"],
    )
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)
    arguments = ["import", file, "--accept", "all", "--workspace"]
    said = {
        lang: run(*arguments, tmp_path / f"{lang}.gpkg", "--lang", lang).stdout
        for lang in ("vi", "en")
    }
    assert "đọc là khu, cụm công nghiệp và số liệu, 1 dòng" in said["vi"]
    assert "read as parks and clusters with their figures, 1 rows" in said["en"]
    land = "Khu công nghiệp Bắc Vinh, đất công nghiệp có thể cho thuê: "
    (line,) = (line for line in said["vi"].splitlines() if land in line)
    assert line.endswith(" -> 43,5 ha (không ghi ngày)")
    assert "leasable land: " in said["en"]
    assert " -> 43.5 ha (undated)" in said["en"]
    assert "vốn đăng ký: chưa có số liệu -> 1250,5 tỷ đồng (không ghi ngày)" in said["vi"]
    for text in said.values():
        assert not re.search(r": -$|\(-\)| -[,;)]|\[|\]", text, re.MULTILINE), text


@given(code=st.sampled_from(sorted(catalogue())), data=st.data())
def test_what_is_not_known_leaves_no_gap(code: str, data: st.DataObject) -> None:
    for lang in ("vi", "en"):
        template = catalogue()[code]["expected"][lang]
        names = {name for _, name, *_ in Formatter().parse(template) if name}
        may_lack = {
            name
            for part in re.findall(r"\[(.*?)\]", template)
            for name in names
            if f"{{{name}}}" in part
        }
        values = tuple(
            (name, "" if name in may_lack and data.draw(st.booleans()) else "leased_ha")
            for name in sorted(names)
        )
        told = ImportFinding("s", "1", code, values=values).expected(lang)
        assert not re.search(r"[\[\]{}]|[:,;] ?$|: [;,)]", told), told


@pytest.mark.parametrize(("key", "said"), [("start", "11/2026"), ("known", "2026-11")])
def test_a_partial_date_is_written_as_one_and_a_name_is_left_alone(key: str, said: str) -> None:
    code = {"start": "I205", "known": "I405"}[key]
    for lang in ("vi", "en"):
        told = ImportFinding("s", "1", code, values=((key, "2026-11"),)).expected(lang)
        assert told.endswith(f" {said}")
