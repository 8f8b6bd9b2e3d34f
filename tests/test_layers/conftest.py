"""A real province on a date, as the page shows it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from data.workspace.store import WORKSPACE_VARIABLE
from geo.snapshot import load_province, snapshot
from tests.hostile import attack_province, attack_snapshot
from tests.test_layers.app_page import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from geo.snapshot import Province, Snapshot


@pytest.fixture(scope="session")
def province() -> Province:
    return load_province("nghe-an")


@pytest.fixture(scope="session")
def shot(province: Province) -> Snapshot:
    return snapshot(province, dt.date(2026, 6, 30))


@pytest.fixture(scope="session")
def hostile_shot(province: Province) -> Snapshot:
    return attack_snapshot(snapshot(attack_province(province), dt.date(2026, 6, 30)))


@pytest.fixture
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run where the application is started."""
    monkeypatch.chdir(ROOT)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run the application with a workspace of its own, which isn't there yet."""
    path = tmp_path / "workspace.gpkg"
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(path))
    monkeypatch.chdir(ROOT)
    return path
