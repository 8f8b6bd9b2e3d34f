import datetime as dt
from collections.abc import Callable
from functools import cache

import pytest
from typer.testing import CliRunner, Result

from geo.__main__ import app
from geo.commands import _options
from geo.snapshot import Province, Snapshot, load_province, snapshot

Snapshots = Callable[[str, str], Snapshot]


@cache
def _province(key: str) -> Province:
    return load_province(key)


@cache
def _snapshot(key: str, as_of: str) -> Snapshot:
    return snapshot(_province(key), dt.date.fromisoformat(as_of))


@pytest.fixture(scope="session")
def loaded() -> Callable[[str], Province]:
    """Province by key, loaded once."""
    return _province


@pytest.fixture(scope="session")
def on() -> Snapshots:
    """Snapshot by province and date, made once."""
    return _snapshot


@pytest.fixture
def run(
    loaded: Callable[[str], Province], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Run the command line in this process, on provinces that are loaded once."""

    @cache
    def known(key: str, *, boundaries: str | None) -> Province:
        return load_province(key, boundaries=boundaries) if boundaries else loaded(key)

    monkeypatch.setattr(_options, "load_province", known)

    def invoke(*arguments: object) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return invoke
