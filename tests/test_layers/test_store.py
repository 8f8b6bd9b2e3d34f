"""What is kept between runs follows the files it was read from."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING

import data
from data import resolutions
from layers import store

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


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
