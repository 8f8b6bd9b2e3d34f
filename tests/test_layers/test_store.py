"""What is kept between runs follows the files it was read from."""

from __future__ import annotations

import gc
import shutil
import weakref
from functools import partial
from typing import TYPE_CHECKING

import pytest

import data
from data import resolutions
from layers import store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def nothing_set_aside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    gc.unfreeze()
    monkeypatch.setattr(store, "_SEARCHED", [0])
    yield
    gc.unfreeze()


class Knot:
    """What only the search for garbage frees, with all that it holds."""

    def __init__(self, size: int) -> None:
        self.itself = self
        self.held: list[list[int]] = [[] for _ in range(size)]


def test_resolutions_are_read_once_for_a_state_of_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "resolutions"
    shutil.copytree(resolutions.RESOLUTIONS, folder)
    monkeypatch.setattr(data, "__file__", str(tmp_path / "__init__.py"))
    copied = partial(resolutions.load_resolution, folder=folder)
    monkeypatch.setattr(store, "load_resolution", copied)
    first = store.resolutions()
    assert list(first) == list(resolutions.provinces())
    assert all(store.resolutions()[key] is one for key, one in first.items())
    file = folder / "ha_tinh.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    again = store.resolutions()
    assert again["ha-tinh"] is not first["ha-tinh"]
    assert again["ha-tinh"] == first["ha-tinh"]


@pytest.mark.usefixtures("nothing_set_aside")
def test_what_was_set_aside_and_dropped_goes() -> None:
    knot = Knot(1)
    gone = weakref.ref(knot)
    store._set_aside()
    del knot
    assert gone() is not None
    store._set_aside()
    assert gone() is None


@pytest.mark.usefixtures("nothing_set_aside")
def test_what_is_set_aside_grows_by_no_more_than_its_share() -> None:
    store._set_aside()
    store._set_aside()  # all of it was searched
    least = gc.get_freeze_count()
    size = least // 10
    for _ in range(8):
        Knot(size)
        knot = Knot(size)  # noqa: F841 (alive while the others are set aside)
        store._set_aside()
        assert gc.get_freeze_count() < least * store._MORE + 3 * size
