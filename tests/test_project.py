"""The project holds together: start scripts, requirements, folders, and what setting up says."""

import ast
import importlib.metadata
import os
import re
import runpy
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from layers import assets
from scripts import environment, start
from scripts.environment import Problem, diagnose

ROOT = Path(__file__).resolve().parent.parent
OURS = ("app", "data", "geo", "layers", "pages", "scripts")
APPLICATION = "requirements.txt"
# What functions import when they are asked for it, and say if it is missing.
EXTRAS = ("requirements-postgis.txt", "requirements-dask.txt", "requirements-tiles.txt")
SERVER = "requirements-server.txt"
# Distributions whose modules are called otherwise.
MODULES_OF = {
    "django-js-lib-leaflet": "js_lib_leaflet",
    "xstatic-jquery": "xstatic",
    "pyyaml": "yaml",
    "python-dateutil": "dateutil",
}


def _requirements(name: str) -> dict[str, Requirement]:
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text("utf-8").splitlines()]
    parsed = [Requirement(line) for line in lines if line and not line.startswith("-")]
    return {requirement.name.lower(): requirement for requirement in parsed}


def _imported(folder: Path, *, at_once: bool = False) -> set[str]:
    """Top-level names imported by the modules of a folder, those for types alone left out.

    `at_once` leaves out what is imported only when a function is called.
    """
    names: set[str] = set()
    for path in folder.rglob("*.py") if folder.is_dir() else [folder]:
        tree = ast.parse(path.read_text("utf-8"))
        for_types = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
            for inner in ast.walk(node)
        }
        in_functions = {
            id(inner)
            for node in ast.walk(tree)
            if at_once and isinstance(node, ast.FunctionDef)
            for inner in ast.walk(node)
        }
        for node in ast.walk(tree):
            if id(node) in for_types | in_functions:
                continue
            if isinstance(node, ast.Import):
                names.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    return names


def test_requirements_have_floors_that_this_environment_meets() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", SERVER):
        for requirement in _requirements(name).values():
            floors = [s for s in requirement.specifier if s.operator in {">=", "~="}]
            assert floors, f"{name}: {requirement} has no floor"
            installed = importlib.metadata.version(requirement.name)
            assert requirement.specifier.contains(installed), f"{requirement}: {installed}"


def _reached() -> set[Path]:
    """Modules that the application and the command line use; builders are not among them."""
    todo = [ROOT / "app.py"]
    for folder in ("geo", "layers", "pages"):
        todo += (ROOT / folder).rglob("*.py")
    reached: set[Path] = set()
    while todo:
        path = todo.pop()
        if path in reached or not path.is_file():
            continue
        reached.add(path)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("data"):
                module = ROOT / str(node.module).replace(".", "/")
                todo += [module.with_suffix(".py"), module / "__init__.py"]
                todo += [module / f"{alias.name}.py" for alias in node.names]
    return reached


def test_everything_the_application_imports_is_required() -> None:
    required = {MODULES_OF.get(name, name.replace("-", "_")) for name in _requirements(APPLICATION)}
    known = required | set(sys.stdlib_module_names) | set(OURS)
    # Only `python -m geo serve` imports these modules, when it is called.
    server = {path for path in _reached() if path.parent == ROOT / "layers" / "ogc"}
    wanted = {name for path in server for name in _imported(path)}
    assert wanted - known <= set(_requirements(SERVER))
    reached = _reached() - server
    assert ROOT / "data" / "facts.py" in reached
    extras = {name for file in EXTRAS for name in _requirements(file)}
    unknown = {
        (path.name, name)
        for path in reached
        for name in _imported(path, at_once=True) | (_imported(path) - extras)
        if name not in known
    }
    assert unknown == set()


def test_what_runs_before_installing_needs_the_standard_library_alone() -> None:
    for name in ("environment", "start"):
        imported = _imported(ROOT / "scripts" / f"{name}.py")
        assert imported - set(sys.stdlib_module_names) <= {"scripts"}


def test_nothing_imports_pages_or_the_entry() -> None:
    for name in ("data", "geo", "layers", "pages"):
        assert not _imported(ROOT / name) & {"app", "pages", "tests"}


def test_every_start_looks_for_the_same_python() -> None:
    minimum = re.search(r'requires-python = ">=3\.(\d+)"', (ROOT / "pyproject.toml").read_text())
    assert minimum
    check = f"import sys; sys.exit(sys.version_info[:2] < (3, {minimum[1]}))"
    for name in ("start.sh", "start.bat", "Makefile", "scripts/environment.py"):
        assert check in (ROOT / name).read_text("utf-8"), name
    for name in ("start.sh", "start.bat"):
        text = (ROOT / name).read_text("utf-8")
        assert "-m scripts.start" in text
        assert "no_python.txt" in text
        versions = re.findall(r"3\.(\d+)\b", text)
        assert versions == ["13", "12", "11"], name


def test_start_bat_is_what_cmd_reads() -> None:
    text = (ROOT / "start.bat").read_bytes()
    assert text.isascii()
    assert text.count(b"\n") == text.count(b"\r\n")
    labels = set(re.findall(rb"(?m)^:(\w+)", text))
    assert set(re.findall(rb"goto (\w+)", text)) == labels


@pytest.mark.skipif(sys.platform == "win32", reason="start.sh is for other systems")
def test_start_sh_says_in_vietnamese_that_python_is_missing(tmp_path: Path) -> None:
    for tool in ("cat", "dirname"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or "")
    done = subprocess.run(
        ["/bin/sh", ROOT / "start.sh"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "Chưa tìm thấy Python 3.11" in done.stderr


@pytest.mark.parametrize(
    ("output", "offline", "problem"),
    [
        (
            "OSError: [Errno 28] No space left on device\nNewConnectionError",
            False,
            Problem.DISK_FULL,
        ),
        ("OSError: [WinError 112] Không đủ chỗ", True, Problem.DISK_FULL),
        ("ERROR: [Errno 13] Permission denied: 'x'", False, Problem.NOT_WRITABLE),
        ("PermissionError: [WinError 5] Access is denied", False, Problem.NOT_WRITABLE),
        (
            "Retrying after 'NewConnectionError'\nNo matching distribution",
            False,
            Problem.NO_NETWORK,
        ),
        ("No matching distribution found for pandas", True, Problem.WHEELS_DO_NOT_FIT),
        ("No matching distribution found for pandas", False, Problem.OTHER),
        ("error: metadata-generation-failed", False, Problem.OTHER),
    ],
)
def test_diagnose(output: str, problem: Problem, *, offline: bool) -> None:
    assert diagnose(output, offline=offline) is problem


def test_a_changed_requirement_file_is_installed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "ENVIRONMENT", tmp_path / ".venv")
    file = tmp_path / "requirements.txt"
    file.write_text("pandas\n")
    assert environment.missing([file]) == [file]
    stamp = tmp_path / ".venv" / "installed" / file.name
    stamp.parent.mkdir(parents=True)
    shutil.copyfile(file, stamp)
    assert environment.missing([file]) == []
    file.write_text("pandas>=3\n")
    assert environment.missing([file]) == [file]


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (OSError(28, "full"), Problem.DISK_FULL),
        (PermissionError(13, "no"), Problem.NOT_WRITABLE),
        (OSError(30, "read-only"), Problem.NOT_WRITABLE),
    ],
)
def test_what_the_system_refuses_is_told_in_words(
    error: OSError, problem: Problem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path | None) -> None:
        raise error

    monkeypatch.setattr(environment, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(environment, "_make_environment", refuse)
    with pytest.raises(environment.SetupError) as caught:
        environment.prepare([])
    assert caught.value.problem is problem


def test_a_port_in_use_is_passed_over() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        taken = server.getsockname()[1]
        assert start.free_port(taken, count=1) is None
        free = start.free_port(taken)
    assert free is not None
    assert free > taken


def test_tracked_files_name_no_machine() -> None:
    """No home folder or mount of a developer's machine, and no host of a package registry."""
    words: tuple[str, ...] = ("/ho" + "me/", "/ro" + "ot/", "/wo" + "rk/", "pythonhosted" + ".org")
    words += ("pypi" + ".org", "registry.npmjs" + ".org", "deb.debian" + ".org")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a clone")
    found = [
        (name, word)
        for name in listed.stdout.split("\0")
        if name and (ROOT / name).is_file()
        for word in words
        if word.encode() in (ROOT / name).read_bytes()
    ]
    assert found == []


def test_the_browser_of_the_tests_is_there() -> None:
    if shutil.which("chromium") is None and not os.environ.get("CI"):
        pytest.skip("Chromium is missing: the browser tests cannot run")
    assert shutil.which("chromium")


def test_licence_files_are_there() -> None:
    assert (ROOT / "LICENSE").read_text("utf-8").startswith("MIT License")
    assert (ROOT / "data" / "LICENSES.md").is_file()


def test_the_folder_of_scripts_is_there_before_the_server_looks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Streamlit imports the application, warns if there is no such folder, and then serves it."""
    made: list[bool] = []
    monkeypatch.setattr(assets, "use_local_scripts", lambda: made.append(True))
    runpy.run_path(str(ROOT / "app.py"), run_name="app")
    assert made == [True]
