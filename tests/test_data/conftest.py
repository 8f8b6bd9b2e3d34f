import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.facts import Facts, load_facts
from data.workspace.store import Workspace, open_workspace
from tests import postgis


@pytest.fixture(scope="session")
def postgis_server() -> Iterator[postgis.Server]:
    """Start one server a session; where Debian's packages are missing, skip (in CI: fail)."""
    programs = postgis.programs()
    if programs is None:
        message = "PostgreSQL with PostGIS isn't here: apt install postgresql-postgis"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with postgis.running(programs) as server:
        yield server


@pytest.fixture
def database(postgis_server: postgis.Server) -> str:
    """URL of an empty database with PostGIS."""
    return postgis_server.new_database()


@pytest.fixture(scope="session")
def facts() -> Facts:
    return load_facts()


@pytest.fixture(params=["file", "server"])
def workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workspace]:
    """Empty workspace, once in a file and once in PostGIS."""
    server = request.param == "server"
    where = request.getfixturevalue("database") if server else tmp_path / "workspace.gpkg"
    opened = open_workspace(where)
    yield opened
    opened.close()


@pytest.fixture
def second_window(workspace: Workspace, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """Open the same workspace another time."""
    server = not workspace.where.endswith(".gpkg")
    opened = open_workspace(request.getfixturevalue("database") if server else workspace.where)
    yield opened
    opened.close()
