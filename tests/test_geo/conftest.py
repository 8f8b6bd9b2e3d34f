import datetime as dt
from collections.abc import Callable
from functools import cache

import pytest

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
