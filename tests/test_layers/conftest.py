"""A real province on a date, as the page shows it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from geo.snapshot import load_province, snapshot
from tests.hostile import attack_province, attack_snapshot

if TYPE_CHECKING:
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
