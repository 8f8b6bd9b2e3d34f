"""Whatever breaks in between: a workspace is as before or as after, and the message says what."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from data._errors import DataError
from data.workspace import _engines, _rows
from data.workspace import steady as steady_file
from data.workspace._errors import Trouble, WorkspaceError
from data.workspace.steady import steady
from data.workspace.store import Workspace, open_workspace
from tests import postgis
from tests.test_data.changes import change, observation, same
from tests.test_data.dying import LARGE, POINTS, killed_import
from tests.vietnamese import refused

SMALL = change(observations=[observation()])


@pytest.mark.parametrize("point", POINTS)
def test_killed_import_leaves_before_or_after(
    workspace: Workspace,
    request: pytest.FixtureRequest,
    point: str,
) -> None:
    workspace.add(SMALL, kind="observations", title="small")
    before = workspace.stamp()
    server = not workspace.where.endswith(".gpkg")
    where = request.getfixturevalue("database") if server else workspace.where
    killed_import(where, point)
    again = open_workspace(where)
    if point == "after commit":
        assert [item.title for item in again.revisions()] == ["small", "large"]
        assert same(again.change(2), LARGE)
    else:
        assert again.stamp() == before
        assert again.add(LARGE, kind="plots", title="large").id == 2  # no lock is left
    again.close()


def test_import_killed_at_any_moment_leaves_before_or_after(tmp_path: Path) -> None:
    path = tmp_path / "workspace.gpkg"
    open_workspace(path).add(SMALL, kind="observations", title="small")
    for after_s in (0.0, 0.02, 0.05, 0.1, 0.2):
        known = open_workspace(path).revisions()
        killed_import(str(path), "any", after_s=after_s)
        now = open_workspace(path)
        assert now.revisions()[: len(known)] == known
        for revision, rows in now.active()[len(known) :]:
            assert (revision.title, same(rows, LARGE)) == ("large", True)


def test_file_cut_off_while_it_is_written_rolls_back(tmp_path: Path) -> None:
    """As after a power cut: the journal is there and the pages of the file half new."""
    path, torn = tmp_path / "workspace.gpkg", tmp_path / "torn.gpkg"
    workspace = open_workspace(path)
    workspace.add(SMALL, kind="observations", title="small")
    before = workspace.stamp()

    def spill(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA cache_size = 5")  # pages go to the file before the commit

    def copy(*_: object) -> None:
        shutil.copyfile(path, torn)
        shutil.copyfile(f"{path}-journal", f"{torn}-journal")

    event.listen(workspace._engine, "connect", spill)
    event.listen(workspace._engine, "commit", copy)
    size = path.stat().st_size
    workspace.add(LARGE, kind="plots", title="large")
    assert torn.stat().st_size > size
    again = open_workspace(torn)
    assert again.stamp() == before
    assert len(again.revisions()) == 1


@contextlib.contextmanager
def small_disk() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp())
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    try:
        if os.getuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.skip("only root may mount a small disk")
        try:
            yield folder
        finally:
            subprocess.run(["umount", folder], check=True)
    finally:
        folder.rmdir()


def test_full_disk_leaves_the_workspace_as_it_was() -> None:
    with small_disk() as folder:
        workspace = open_workspace(folder / "workspace.gpkg")
        workspace.add(SMALL, kind="observations", title="small")
        before = workspace.stamp()
        with refused(WorkspaceError, match=r"disk .*full.*nothing was changed") as error:
            workspace.add(LARGE, kind="plots", title="large")
        assert error.value.code == Trouble.FULL
        assert open_workspace(folder / "workspace.gpkg").stamp() == before
        assert workspace.add(SMALL, kind="observations", title="again").id == 2


def test_full_file_leaves_the_workspace_as_it_was(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "workspace.gpkg")
    workspace.add(SMALL, kind="observations", title="small")
    before = workspace.stamp()

    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 60")

    event.listen(workspace._engine, "connect", limit)
    with refused(WorkspaceError, match="the disk is full") as error:
        workspace.add(LARGE, kind="plots", title="large")
    assert error.value.code == Trouble.FULL
    assert open_workspace(tmp_path / "workspace.gpkg").stamp() == before


def test_server_gone_in_mid_transaction_leaves_the_workspace_as_it_was(
    postgis_server: postgis.Server,
    database: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workspace = open_workspace(database)
    workspace.add(SMALL, kind="observations", title="small")
    before = workspace.stamp()
    write: Callable[..., None] = _rows.write

    def write_and_end(*arguments: object) -> None:
        write(*arguments)
        name = database.rpartition("/")[2]
        postgis_server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            name,
        )

    with monkeypatch.context() as patch:
        patch.setattr(_rows, "write", write_and_end)
        with refused(WorkspaceError, match="the connection was lost") as error:
            workspace.add(LARGE, kind="plots", title="large")
    assert error.value.code == Trouble.GONE
    assert postgis_server.password not in str(error.value)
    assert workspace.stamp() == before
    assert workspace.add(LARGE, kind="plots", title="large").id == 2
    workspace.close()


def test_connection_lost_at_the_commit_is_said_to_be_unknown(
    postgis_server: postgis.Server,
    database: str,
) -> None:
    workspace = open_workspace(database)

    def end(_: object) -> None:
        postgis_server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            database.rpartition("/")[2],
        )

    event.listen(workspace._engine, "commit", end)
    with refused(WorkspaceError, match="it is there, or it isn't") as error:
        workspace.add(SMALL, kind="observations", title="small")
    assert error.value.code == Trouble.UNKNOWN_OUTCOME
    event.remove(workspace._engine, "commit", end)
    assert workspace.revisions() == ()
    workspace.close()


def test_server_that_stops_is_told() -> None:
    programs = postgis.programs()
    if programs is None:
        pytest.skip("PostgreSQL with PostGIS isn't here")
    with postgis.running(programs) as server:
        workspace = open_workspace(server.new_database())
        workspace.add(SMALL, kind="observations", title="small")
    with refused(WorkspaceError, match="the server doesn't answer") as error:
        workspace.add(SMALL, kind="observations", title="again")
    assert error.value.code == Trouble.GONE
    assert server.password not in str(error.value)
    workspace.close()


def test_no_password_is_shown(database: str, postgis_server: postgis.Server) -> None:
    wrong = database.replace(postgis_server.password, "very-secret")
    addresses = [
        wrong,
        "postgresql://postgres:very-secret@127.0.0.1:1/x",
        f"postgresql://127.0.0.1:{postgis_server.port}/x?user=postgres&password=very-secret",
        "postgresql://postgres:very-secret@127.0.0.1:port/x",
        database.replace(postgis_server.password, "very-secret") + "?sslmode=nonsense",
    ]
    for address in addresses:
        with refused(WorkspaceError) as error:
            open_workspace(address)
        shown = f"{error.value} {error.value!r} {error.value.__cause__!r}"
        assert "very-secret" not in shown
    workspace = open_workspace(database)
    assert postgis_server.password not in f"{workspace!r} {workspace.where}"
    workspace.close()


@pytest.mark.parametrize(
    "address",
    [
        "mysql://u:very-secret@127.0.0.1/x",
        "postgresql:/u:very-secret@127.0.0.1/x",
        "postgresql://u:half@very-secret@127.0.0.1:1/x",
    ],
)
def test_no_password_is_shown_of_what_is_no_address(address: str) -> None:
    with refused(WorkspaceError) as error:
        open_workspace(address, create=False)
    assert "very-secret" not in f"{error.value} {error.value!r} {error.value.__cause__!r}"


def test_locked_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "workspace.gpkg"
    monkeypatch.setattr(_engines, "WAIT_S", 0.1)
    workspace = open_workspace(path)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for work in (workspace.revisions, lambda: workspace.save_scenario("a", "{}")):
            with refused(WorkspaceError, match="locked by another program") as error:
                work()
            assert error.value.code == Trouble.LOCKED
        with refused(WorkspaceError, match="locked by another program"):
            open_workspace(path)
    assert workspace.revisions() == ()


def test_locked_server_is_told(
    database: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_engines, "WAIT_S", 0.2)
    workspace, other = open_workspace(database), open_workspace(database)
    with other.writing():
        assert workspace.revisions() == ()  # readers go on
        with refused(WorkspaceError, match="locked by another program") as error:
            workspace.save_scenario("a", "{}")
    assert error.value.code == Trouble.LOCKED
    workspace.close()
    other.close()


def test_writer_waits_for_another_to_finish(tmp_path: Path) -> None:
    path = tmp_path / "workspace.gpkg"
    workspace = open_workspace(path)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writer = threading.Thread(target=workspace.save_scenario, args=("a", "{}"))
        writer.start()
        time.sleep(0.2)
        assert writer.is_alive()
        other.execute("COMMIT")
        writer.join(60)
    assert list(workspace.scenarios()) == ["a"]


@contextlib.contextmanager
def nobody() -> Iterator[None]:
    """Lay root's rights down, who may write anything."""
    if os.getuid():
        yield
        return
    os.setegid(65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


def test_file_that_may_only_be_read_is_read_and_not_written() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "workspace.gpkg"
        open_workspace(path).add(SMALL, kind="observations", title="small")
        path.chmod(0o444)
        folder.chmod(0o555)
        with nobody():
            workspace = open_workspace(path)
            assert len(workspace.revisions()) == 1
            with refused(WorkspaceError, match="can only be read") as error:
                workspace.undo(1)
            assert error.value.code == Trouble.READ_ONLY
            with refused(WorkspaceError, match="the folder can't be written"):
                open_workspace(folder / "new.gpkg")
        assert workspace.revisions()[0].active
        folder.chmod(0o755)


def overwrite(path: Path, start: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(content)


def sql(*statements: str) -> Callable[[Path], None]:
    def run(path: Path) -> None:
        with contextlib.closing(sqlite3.connect(path)) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    return run


SPOILT: dict[str, tuple[Callable[[Path], object], Trouble, str]] = {
    "text": (lambda path: path.write_text("id,name\n"), Trouble.NOT_ONE, "no GeoPackage"),
    "empty": (lambda path: path.write_bytes(b""), Trouble.NOT_ONE, "no GeoPackage"),
    "SQLite": (sql("PRAGMA application_id = 0"), Trouble.NOT_ONE, "no GeoPackage"),
    "GeoPackage": (sql("DROP TABLE workspace"), Trouble.NOT_ONE, "none of a workspace"),
    "newer": (sql("UPDATE workspace SET format = 2"), Trouble.NEWER, "found format 2"),
    "no table": (sql("DROP TABLE switches"), Trouble.CORRUPT, "in switches"),
    "no column": (
        sql("ALTER TABLE plots DROP COLUMN note"),
        Trouble.CORRUPT,
        "no column note in plots",
    ),
    "trigger": (
        sql("CREATE TRIGGER t AFTER INSERT ON plots BEGIN DELETE FROM revisions; END"),
        Trouble.NOT_ONE,
        "the trigger t",
    ),
    "view": (sql("CREATE VIEW v AS SELECT 1"), Trouble.NOT_ONE, "the view v"),
    "cut off": (lambda path: os.truncate(path, 20_000), Trouble.CORRUPT, "damaged"),
    "overwritten": (
        lambda path: overwrite(path, 4096, b"\xff" * 40_000),
        Trouble.CORRUPT,
        "damaged",
    ),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_file_that_is_no_sound_workspace_is_refused(tmp_path: Path, fault: str) -> None:
    spoil, code, message = SPOILT[fault]
    path = tmp_path / "workspace.gpkg"
    open_workspace(path).add(LARGE, kind="plots", title="large")
    spoil(path)
    content = path.read_bytes()
    with refused(WorkspaceError, match=message) as error:
        open_workspace(path)
    assert error.value.code == code
    assert path.read_bytes() == content


def test_workspace_that_is_not_there_is_told(tmp_path: Path) -> None:
    with refused(WorkspaceError, match="No such file") as error:
        open_workspace(tmp_path / "w.gpkg", create=False)
    assert error.value.code == Trouble.ABSENT
    with refused(WorkspaceError, match="the folder can't be written"):
        open_workspace(tmp_path / "nowhere" / "w.gpkg")
    assert list(tmp_path.iterdir()) == []


def test_many_that_make_the_same_workspace_share_it(tmp_path: Path) -> None:
    threads = [
        threading.Thread(target=lambda: open_workspace(tmp_path / "w.gpkg").save_mapping("a", "{}"))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.name for path in tmp_path.iterdir()] == ["w.gpkg"]
    assert list(open_workspace(tmp_path / "w.gpkg").mappings()) == ["a"]


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_engines, "find_spec", lambda name: None if name == "psycopg" else True)
    with refused(WorkspaceError, match=r"psycopg .*requirements-postgis\.txt") as error:
        open_workspace("postgresql://localhost/x")
    assert error.value.code == Trouble.PACKAGES


def test_copy_of_a_file_is_of_one_moment(tmp_path: Path) -> None:
    path = tmp_path / "sổ.csv"
    path.write_bytes(b"a,b\n")
    with steady(path) as copy:
        path.write_bytes(b"other")
        assert copy.path.read_bytes() == b"a,b\n"
        assert len(copy.sha256) == 64
    assert not copy.path.exists()
    with refused(DataError, match="at most 3"), steady(path, limit=3):
        pass
    with refused(DataError, match="No such file"), steady(tmp_path / "x.csv"):
        pass


def test_file_that_changes_while_it_is_copied_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(b"x" * 100)
    monkeypatch.setattr(steady_file, "_CHUNK", 10)

    copied = steady_file._copied

    def change_after(*arguments: object) -> str:
        found = copied(*arguments)  # type: ignore[arg-type]
        path.write_bytes(b"x" * 99 + b"y")
        return found

    monkeypatch.setattr(steady_file, "_copied", change_after)
    with refused(DataError, match="changes while it is read"), steady(path):
        pass
