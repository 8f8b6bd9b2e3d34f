"""Users' files: hostile ones are refused or cleaned, and the process that reads is confined."""

from __future__ import annotations

import json
import os
import platform
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from data._errors import DataError
from data.untrusted import Limits, read_file
from data.untrusted.limits import limits_set
from tests.test_data import file_makers as make
from tests.test_data.hostile_files import Case, cases
from tests.vietnamese import assert_vietnamese, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

ALL = cases()
_SOUND = {
    "csv": "csv-sound",
    "xlsx": "xlsx-plain",
    "geojson": "geojson-script",
    "gpkg": "gpkg-trigger",
    "zip": "shp-plain",
    "kml": "kml-script",
    "kmz": "kmz-sound",
    "parquet": "parquet-formula",
}
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[int, list[object]]]:
    """A port on this machine, and whoever called it."""
    called: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    connection, address = server.accept()
                except OSError:
                    return
                called.append(address)
                connection.close()

        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1], called
        server.shutdown(socket.SHUT_RDWR)


def test_the_corpus_names_each_file_once() -> None:
    assert len({case.id for case in ALL}) == len(ALL) >= 60


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_a_hostile_or_broken_file(
    case: Case, tmp_path: Path, listener: tuple[int, list[object]]
) -> None:
    port, called = listener
    file = tmp_path / f"own.{case.suffix}"
    case.write(file, f"http://127.0.0.1:{port}")
    if case.refused:
        with refused(DataError) as raised:
            read_file(file, limits=case.limits)
        assert re.search(case.says, str(raised.value), re.DOTALL)
        assert all(finding.file == file.name for finding in raised.value.findings)
    else:
        sheets = read_file(file, limits=case.limits)
        told = [str(finding) for sheet in sheets for finding in sheet.findings]
        found = [finding for finding in told if re.search(case.says, finding)]
        assert found if case.says else not told
        assert_vietnamese(finding for sheet in sheets for finding in sheet.findings)
        kept = {str(value) for sheet in sheets for value in sheet.cells.to_numpy().ravel()}
        kept |= {heading for sheet in sheets for heading in sheet.cells.columns}
        assert not case.keeps or case.keeps in kept
    assert called == []


_ATTEMPTS = """
import ctypes, json, os, socket, sys
from pathlib import Path
from data.untrusted._sandbox import confine
from data.untrusted.limits import Limits

folder, secret, port = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
libc = ctypes.CDLL(None, use_errno=True)
confine(Limits(), folder)
found = {}

def attempt(name, action):
    try:
        found[name] = repr(action())
    except OSError as error:
        found[name] = type(error).__name__

def by_library():
    descriptor = libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0)
    if descriptor < 0:
        raise PermissionError
    target = b"\\2\\0" + port.to_bytes(2, "big") + bytes([127, 0, 0, 1]) + bytes(8)
    return libc.connect(descriptor, target, 16)

def forked():
    child = libc.fork()
    if child == 0:
        os._exit(0)
    if child < 0:
        raise PermissionError
    return child

def program():
    arguments = (ctypes.c_char_p * 2)(b"true", None)
    if libc.execv(b"/bin/true", arguments) < 0:
        raise PermissionError

attempt("python", lambda: socket.create_connection(("127.0.0.1", port), timeout=2))
attempt("library", by_library)
attempt("fork", forked)
attempt("program", program)
attempt("system", lambda: os.system("true"))
attempt("password", lambda: open("/etc/passwd").read())
attempt("secret", lambda: open(secret).read())
attempt("write", lambda: open(secret + ".new", "w"))
attempt("own", lambda: (folder / "own.txt").write_text("x"))
(folder / "found.json").write_text(json.dumps(found))
"""


def _landlock() -> bool:
    """Whether the kernel can keep a process from files."""
    code = "import ctypes; print(ctypes.CDLL(None).syscall(444, None, 0, 1))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    return int(said.stdout) > 0


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in {"x86_64", "aarch64"},
    reason="calls can be filtered on Linux only",
)
def test_the_process_that_reads_is_confined(
    tmp_path: Path, listener: tuple[int, list[object]]
) -> None:
    port, called = listener
    folder = tmp_path / "own"
    folder.mkdir()
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    subprocess.run(
        [sys.executable, "-c", _ATTEMPTS, str(folder), str(secret), str(port)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    found = json.loads((folder / "found.json").read_text())
    denied = {"python", "library", "fork", "program", "system"}
    if _landlock():
        denied |= {"password", "secret", "write"}
    assert {name for name, what in found.items() if what == "PermissionError"} >= denied
    assert found["own"] == "1"
    assert called == []


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "own.csv"
    os.mkfifo(pipe)
    for place in (tmp_path, pipe, Path("/dev/zero")):
        with refused(DataError, match="a folder, device or pipe"):
            read_file(place, name="own.csv")
    with pytest.raises(FileNotFoundError):
        read_file(tmp_path / "none.csv")


def test_a_file_that_grows_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "own.csv"
    file.write_bytes(b"a,b\n1,2\n")
    seen = os.fstat

    def growing(descriptor: int) -> os.stat_result:
        state = seen(descriptor)
        with file.open("ab") as stream:
            stream.write(b"3,4\n")
        return state

    monkeypatch.setattr("data.untrusted.files.os.fstat", growing)
    with refused(DataError, match="changed while it was read"):
        read_file(file)


def test_a_name_is_no_path(tmp_path: Path) -> None:
    file = tmp_path / "upload"
    file.write_bytes(make.geojson(a="b"))
    (sheet,) = read_file(file, name="/vsizip/../../etc/Khu A.geojson")
    assert sheet.name == "Khu A"
    with refused(DataError, match="content of GeoJSON; expected a name"):
        read_file(file, name="/etc/passwd")
    with refused(DataError, match="content of GeoJSON; expected a name"):
        read_file(file)


def test_the_limits_of_memory_and_time_hold(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_bytes(b"a,b\n" + b"1,2\n" * 490_000)
    memory = Limits(memory_bytes=330_000_000)
    with refused(DataError, match=r"more than fits into memory|more memory"):
        read_file(file, limits=memory)
    with refused(DataError, match=r"no end of reading after 0\.05 s"):
        read_file(file, limits=Limits(seconds=0.05))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("suffix", _SOUND)
def test_damage_anywhere_is_refused_or_told(suffix: str, seed: int, tmp_path: Path) -> None:
    file = tmp_path / f"own.{suffix}"
    sound = next(case for case in ALL if case.id == _SOUND[suffix])
    sound.write(file, "")
    content = bytearray(file.read_bytes())
    rng = np.random.default_rng(seed)
    for place in rng.integers(4, len(content), size=1 + len(content) // 200):
        content[place] = rng.integers(256)
    file.write_bytes(content)
    try:
        sheets = read_file(file)
    except DataError as error:
        assert error.findings  # noqa: PT017 (either is right)
    else:
        assert sheets


def test_limits_are_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits_set() == Limits()
    monkeypatch.setenv("INDUSTRIAL_LAND_LIMIT_FEATURES", "2")
    monkeypatch.setenv("INDUSTRIAL_LAND_LIMIT_SECONDS", "7.5")
    assert limits_set() == Limits(features=2, seconds=7.5)
    file = tmp_path / "own.csv"
    file.write_text("a\n1\n2\n3\n")
    with refused(DataError, match="more than 2 rows"):
        read_file(file)
    for wrong in ("-1", "many", "0", "inf", "nan"):
        monkeypatch.setenv("INDUSTRIAL_LAND_LIMIT_SECONDS", wrong)
        with refused(DataError, match=r"SECONDS: .* a positive number"):
            limits_set()
