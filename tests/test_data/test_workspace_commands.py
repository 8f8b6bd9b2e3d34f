"""``python -m data workspace``."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from data.__main__ import app
from data.workspace.store import WORKSPACE_VARIABLE, open_workspace
from tests import postgis
from tests.test_data.changes import change, lease, observation, plot

ROOT = Path(__file__).parents[2]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["workspace", *map(str, arguments)])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "workspace.gpkg"
    workspace = open_workspace(path)
    workspace.add(change(plots=[plot()]), kind="plots", title="Bản đồ lô", file="lô.gpkg")
    workspace.add(change(leases=[lease(plot_id="CN-01")]), kind="leases", title="Hợp đồng")
    workspace.save_scenario("KCN mới", "{}")
    return path


def test_list_tells_what_there_is(path: Path) -> None:
    lines = run("list", "--workspace", path).stdout.splitlines()
    assert lines[0] == str(path)
    assert lines[1].split()[:2] == ["1", "on"]
    assert lines[1].endswith("Bản đồ lô  lô.gpkg")
    assert lines[-2:] == ["revisions: 2", "scenarios: KCN mới"]
    found = json.loads(run("list", "--workspace", path, "--format", "json").stdout)
    assert [item["title"] for item in found["revisions"]] == ["Bản đồ lô", "Hợp đồng"]
    assert found["stamp"] == open_workspace(path).stamp()


def test_a_default_workspace_that_has_not_begun_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "data" / "workspace.gpkg"
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(path))
    told = run("list")
    assert (told.exit_code, told.stdout) == (0, f"{path}\nnothing has been brought in yet\n")
    found = json.loads(run("list", "--format", "json").stdout)
    assert (found["workspace"], found["revisions"]) == (str(path), [])
    assert not path.parent.exists()
    for asked in (("list", "--workspace", path), ("undo", 1)):
        refused = run(*asked)
        assert (refused.exit_code, "No such file" in refused.stderr) == (1, True)
    run("new")
    assert run("list").stdout == f"{path}\nrevisions: 0\n"
    assert json.loads(run("list", "--format", "json").stdout).keys() == found.keys()


def test_undo_and_redo_are_checked(path: Path) -> None:
    refused = run("undo", 1, "--workspace", path)
    assert refused.exit_code == 1
    assert "revision 2 (Hợp đồng), row 2, field plot_id" in refused.stderr
    assert "undone" in run("undo", 2, "--workspace", path).stdout
    assert "undone" in run("undo", 1, "--workspace", path).stdout
    assert run("redo", 2, "--workspace", path).exit_code == 1
    assert [item.active for item in open_workspace(path).revisions()] == [False, False]
    assert "on" in run("redo", 1, "--workspace", path).stdout.split()


def test_copy_needs_a_source_and_an_empty_target(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.gpkg"
    assert run("copy", path, target).stdout == f"{target}: revisions copied: 2\n"
    again = run("copy", path, target)
    assert (again.exit_code, "an empty workspace" in again.stderr) == (1, True)
    missing = run("copy", tmp_path / "none.gpkg", target)
    assert (missing.exit_code, "No such file" in missing.stderr) == (1, True)
    assert not (tmp_path / "none.gpkg").exists()


def test_new_leaves_what_is_there(path: Path, tmp_path: Path) -> None:
    assert run("new", path).stdout == f"{path}: revisions: 2\n"
    assert run("new", tmp_path / "new.gpkg").stdout == f"{tmp_path / 'new.gpkg'}: revisions: 0\n"


def test_server_in_a_process_of_its_own_shows_no_password_and_no_warning(
    database: str,
    postgis_server: postgis.Server,
) -> None:
    with open_workspace(database) as workspace:
        workspace.add(change(observations=[observation()]), kind="observations", title="x")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "data", "workspace", "list", "--workspace", database],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert "revisions: 1" in done.stdout
    assert postgis_server.password not in done.stdout
