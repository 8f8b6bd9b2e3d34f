"""Official boundaries: fetched whole or not at all, from any state; imported; told apart."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from typer.testing import CliRunner

from data._errors import DataError, UnknownNameError
from data.boundaries import official
from data.boundaries._commands import app
from data.boundaries.download import fetch
from data.boundaries.local_copy import import_copy
from tests.test_data.outlines import (
    CODE,
    FOLDER,
    PROVINCE,
    Server,
    communes,
    repository,
    serving,
    write_sums,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = (
    Path(os.environ.get("INDUSTRIAL_LAND_REFERENCE", ROOT.parent / "shared" / "reference"))
    / "official_boundaries"
)
WARDS = f"json/geojson/{FOLDER}/wards"
needs_reference = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason=f"no official boundaries at {REFERENCE}"
)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv(official.CACHE_VARIABLE, str(folder))
    return folder


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    made = repository()
    monkeypatch.setattr(official, "SUMS", write_sums(made, tmp_path / "sums.txt"))
    return made


@pytest.fixture
def server(cache: Path, files: dict[str, bytes]) -> Iterator[Server]:
    del cache
    with serving(files) as running:
        yield running


def _fetch(server: Server, **options: Any) -> bool:  # noqa: ANN401
    return fetch(official.province_files(PROVINCE), base_url=server.url, pause=0.01, **options)


def _leftovers() -> list[str]:
    return [file.name for file in official.folder().rglob(".*") if file.is_file()]


def test_committed_sums_have_all_provinces_and_communes() -> None:
    provinces = official.repository()
    assert len(provinces) == 34
    assert sum(len(files.sums) - 1 for files in provinces.values()) == 3321
    assert official.province_files("40").key == "nghe-an"
    with pytest.raises(UnknownNameError, match="nghe-an"):
        official.province_files("nghe-tinh")


def test_a_province_is_fetched_compiled_and_read(server: Server) -> None:
    seen: list[tuple[int, int]] = []
    assert official.status(PROVINCE).state == "none"
    assert _fetch(server, progress=lambda done, of: seen.append((done, of)))
    assert seen[0] == (0, 70)
    assert seen[-1] == (70, 70)
    read = official.read_communes(CODE)
    assert list(read.index) == sorted(communes()["code"])
    assert read.crs == "EPSG:4326"
    assert shapely.coverage_is_valid(read.geometry.to_numpy())
    union = shapely.coverage_union_all(read.geometry.to_numpy())
    assert union.area == pytest.approx(shapely.union_all(communes().geometry).area, rel=1e-9)
    status = official.status(PROVINCE)
    assert (status.state, status.quality["communes"]) == ("ready", 69)
    assert abs(status.quality["outline_difference"]["area"]) < 1e-9
    assert not (official.folder() / "json" / "geojson" / FOLDER).exists()
    before = server.requests.total()
    assert not _fetch(server)
    assert server.requests.total() == before


def test_an_answer_that_breaks_off_is_asked_for_again(server: Server) -> None:
    path = f"{WARDS}/{communes()['code'][3]}_x.geojson"
    server.cut[path] = 1
    _fetch(server)
    assert server.requests[path] == 2
    assert official.is_ready(CODE)


def test_an_interrupted_fetch_is_not_usable_and_goes_on_where_it_was(server: Server) -> None:
    path = f"{WARDS}/{communes()['code'][3]}_x.geojson"
    server.cut[path] = 99
    with pytest.raises(DataError, match=f"{path}.*(ChunkedEncoding|Connection)Error") as raised:
        _fetch(server)
    assert len(raised.value.findings) == 1
    assert not official.is_ready(CODE)
    with pytest.raises(DataError, match="boundaries fetch --province ha-tinh"):
        official.read_communes(CODE)
    assert (official.status(PROVINCE).state, official.status(PROVINCE).files) == ("partly", 69)
    server.cut.clear()
    server.requests.clear()
    _fetch(server)
    assert dict(server.requests) == {path: 1}
    assert official.is_ready(CODE)
    assert _leftovers() == []


def test_a_file_that_was_spoilt_in_the_cache_is_fetched_again(server: Server) -> None:
    paths = [f"{WARDS}/{code}_x.geojson" for code in communes()["code"][:2]]
    server.cut[paths[0]] = 99
    with pytest.raises(DataError):
        _fetch(server)
    (official.folder() / paths[1]).write_bytes(b"{}")
    server.cut.clear()
    server.requests.clear()
    _fetch(server)
    assert set(server.requests) == set(paths)


def test_other_content_is_refused(server: Server) -> None:
    path = f"{WARDS}/{communes()['code'][3]}_x.geojson"
    server.files[path] = b"<html>please sign in</html>"
    with pytest.raises(DataError, match=f"{path}: found 27 bytes of other content at http"):
        _fetch(server)
    assert server.requests[path] == 1
    assert not official.is_ready(CODE)
    assert not (official.folder() / path).exists()


def test_a_wrong_address_is_given_up_soon(server: Server) -> None:
    server.files.clear()
    with pytest.raises(DataError, match="found 404 Not Found at http"):
        _fetch(server)
    assert server.requests.total() < 40
    assert not official.is_ready(CODE)


@pytest.mark.usefixtures("files", "cache")
@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "file:///etc", "no address"])
def test_an_address_that_does_not_answer_is_told(url: str) -> None:
    with pytest.raises(DataError, match=r"found [A-Za-z]+ at "):
        fetch(official.province_files(PROVINCE), base_url=url, pause=0.01)


def test_a_full_disk_leaves_nothing_half(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    written = 0
    opened = Path.open

    def full(path: Path, mode: str = "r", **options: Any) -> Any:  # noqa: ANN401
        nonlocal written
        file = opened(path, mode, **options)
        written += mode == "wb"
        if mode == "wb" and written > 20:
            file.write(b"half a fi")
            file.close()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return file

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        with pytest.raises(OSError, match="No space left"):
            _fetch(server)
    assert not official.is_ready(CODE)
    assert _leftovers() == []
    assert official.status(PROVINCE).files == 20
    _fetch(server)
    assert official.is_ready(CODE)


def test_a_disk_that_is_full_at_the_last_file(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        del handle
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            _fetch(server)
    assert official.status(PROVINCE).state == "partly"
    assert _leftovers() == []
    server.requests.clear()
    _fetch(server)
    assert server.requests.total() == 0
    assert official.is_ready(CODE)


def test_two_fetches_at_once_fetch_each_file_once(server: Server) -> None:
    results: list[bool] = []
    threads = [Thread(target=lambda: results.append(_fetch(server))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, True]
    assert set(server.requests.values()) == {1}
    assert len(official.read_communes(CODE)) == 69


def test_a_compiled_file_that_is_broken_counts_as_none(server: Server) -> None:
    _fetch(server)
    official.compiled_file(CODE).write_bytes(b"PAR1 not")
    assert official.status(PROVINCE).state == "none"
    assert _fetch(server)


def _copy(files: dict[str, bytes], folder: Path) -> Path:
    for path, body in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(body)
    return folder


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("begin", ["", "json", "json/geojson", f"json/geojson/{FOLDER}"])
def test_a_folder_is_imported(files: dict[str, bytes], tmp_path: Path, begin: str) -> None:
    place = _copy(files, tmp_path / "copy") / begin
    told: list[str] = []
    assert import_copy(place, done=told.append) == (PROVINCE,)
    assert told == [PROVINCE]
    assert len(official.read_communes(CODE)) == 69


@pytest.mark.usefixtures("cache")
def test_a_folder_that_lacks_or_spoils_files_is_not(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    place = _copy(files, tmp_path / "copy")
    path = f"{WARDS}/{communes()['code'][3]}_x.geojson"
    (place / path).write_bytes(b"{}")
    with pytest.raises(DataError, match=f"copy, row {path}: found 2 bytes of other content"):
        import_copy(place)
    (place / path).unlink()
    with pytest.raises(DataError, match=f"found 69 of 70 files, without {path}"):
        import_copy(place)
    assert official.status(PROVINCE).state == "none"
    with pytest.raises(DataError, match="no files of the repository"):
        import_copy(tmp_path / "cache")


def _zip(files: dict[str, bytes], place: Path, *, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(place, "w", compression) as archive:
        for path, body in files.items():
            archive.writestr(path, body)
    return place


@pytest.mark.usefixtures("cache")
def test_a_zip_file_is_imported(files: dict[str, bytes], tmp_path: Path) -> None:
    inside = {
        f"vietnamese-provinces-database-cd580632/{path}": body for path, body in files.items()
    }
    inside["vietnamese-provinces-database-cd580632/README.md"] = b"read me"
    assert import_copy(_zip(inside, tmp_path / "copy.zip")) == (PROVINCE,)
    assert official.is_ready(CODE)


def _link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("json/geojson/link.geojson")
    info.external_attr = 0o120777 << 16
    return info


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("../../outside.geojson", b"{}", "leads out"),
        ("json\\..\\..\\outside.geojson", b"{}", "leads out"),
        ("/etc/outside.geojson", b"{}", "leads out"),
        ("C:/outside.geojson", b"{}", "leads out"),
        ("json/more.zip", b"PK", "archive within"),
        ("json/bomb.geojson", b"0" * 2**25, "packed into"),
        (_link(), b"/etc/passwd", "a link"),
    ],
)
def test_a_hostile_zip_file_is_refused(
    files: dict[str, bytes],
    tmp_path: Path,
    name: str | zipfile.ZipInfo,
    body: bytes,
    message: str,
) -> None:
    place = _zip(files, tmp_path / "copy.zip")
    with zipfile.ZipFile(place, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
    with pytest.raises(DataError, match=message):
        import_copy(place)
    assert not official.is_ready(CODE)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy.zip", "sums.txt"]


@pytest.mark.usefixtures("cache")
def test_a_zip_file_with_too_many_members_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, bytes]
) -> None:
    monkeypatch.setattr("data.boundaries.local_copy._MEMBERS", 10)
    with pytest.raises(DataError, match="70 members"):
        import_copy(_zip(files, tmp_path / "copy.zip"))
    monkeypatch.setattr("data.boundaries.local_copy._MEMBERS", 100)
    monkeypatch.setattr("data.boundaries.local_copy._UNPACKED", 1000)
    with pytest.raises(DataError, match="bytes unpacked"):
        import_copy(tmp_path / "copy.zip")
    (tmp_path / "no.zip").write_bytes(b"PK\x03\x04 not a zip file")
    with pytest.raises(DataError, match="expected a zip file"):
        import_copy(tmp_path / "no.zip")


def test_the_commands(server: Server, tmp_path: Path) -> None:
    run = CliRunner().invoke
    done = run(app, ["fetch", "--province", PROVINCE, "--base-url", server.url])
    assert done.exit_code == 0, done.output
    assert "ha-tinh: ready, 69 communes" in done.stdout
    shown = run(app, ["status"])
    assert "ready" in shown.stdout
    assert "70/70" in shown.stdout
    wrong = run(app, ["fetch", "--province", "atlantis"])
    assert (wrong.exit_code, wrong.stdout) == (1, "")
    assert "there are ha-tinh" in wrong.stderr
    empty = run(app, ["import", str(tmp_path / "cache" / "official")])
    assert empty.exit_code == 1
    assert "no files of the repository" in empty.stderr


@needs_reference
def test_two_processes_fetch_a_real_province(cache: Path) -> None:
    real = {
        path: (REFERENCE / path).read_bytes() for path in official.province_files(PROVINCE).sums
    }
    with serving(real) as server:
        command = [sys.executable, "-m", "data", "boundaries", "fetch", "--province", PROVINCE]
        environment = {**os.environ, official.CACHE_VARIABLE: str(cache)}
        running = [
            subprocess.Popen(
                [*command, "--base-url", server.url],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        for process in running:
            out, err = process.communicate(timeout=180)
            assert process.returncode == 0, err
            assert "ha-tinh: ready, 69 communes; overlaps: 3 (3 m²)" in out
        assert set(server.requests.values()) == {1}
    read = official.read_communes(CODE)
    assert shapely.coverage_is_valid(read.geometry.to_numpy())
    found = official.quality(CODE)["outline_difference"]
    assert found["area"] == pytest.approx(0.0010, abs=1e-4)


@needs_reference
@pytest.mark.usefixtures("cache")
def test_real_provinces_are_imported_with_what_is_odd_about_them_told() -> None:
    assert import_copy(REFERENCE, provinces=["quang-ninh"]) == ("quang-ninh",)
    found = official.quality("22")
    assert found["by_name"] == [["06978", "06970"]]
    assert found["outline_difference"]["area"] == pytest.approx(0.032, abs=1e-3)
    assert "06970" in official.read_communes("22").index
