"""Files made in the background: offered when whole, and never after they were stopped."""

from __future__ import annotations

import tempfile
import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.downloads.button import MEDIA_TYPES
from layers.downloads.jobs import Job, Kept, Order, Step
from layers.downloads.orders import MAP_FORMS, View, data_bundle, data_order, package_order
from layers.downloads.slot import step_text
from layers.exchange.tables import LAYERS
from layers.exchange.write import FORMATS
from layers.words import LANGS, words

if TYPE_CHECKING:
    from pathlib import Path

    from geo.snapshot import Province, Snapshot
    from layers.exchange.bundle import OnStep
    from layers.exchange.write import Form

WAIT_S = 180


class Halted:
    """An order that reports one step, halts there until told to go on, and reports another."""

    def __init__(self, key: str = "halted") -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()
        self.order = Order(key, "x.txt", self._make)

    def _make(self, on_step: OnStep) -> bytes:
        on_step("zones", 1, 3)
        self.reached.set()
        assert self.go_on.wait(WAIT_S)
        on_step("areas", 2, 3)
        return b"whole"


def test_a_whole_file_is_kept() -> None:
    kept, halted = Kept(), Halted()
    job = Job(halted.order, kept).start()
    assert halted.reached.wait(WAIT_S)
    assert (job.phase, job.step) == ("running", Step("zones", 1, 3))
    assert kept.get("halted") is None
    halted.go_on.set()
    job.join(WAIT_S)
    assert (job.phase, job.step) == ("done", Step("areas", 2, 3))
    assert kept.get("halted") == b"whole"


def test_what_was_stopped_ends_at_its_next_step_and_leaves_nothing() -> None:
    kept, halted = Kept(), Halted()
    job = Job(halted.order, kept).start()
    assert halted.reached.wait(WAIT_S)
    job.cancel()
    assert not job.active
    halted.go_on.set()
    job.join(WAIT_S)
    assert (job.phase, job.step) == ("cancelled", Step("zones", 1, 3))
    assert kept.get("halted") is None


def test_what_is_stopped_too_late_for_a_step_leaves_nothing_either() -> None:
    kept, last = Kept(), threading.Event()
    go_on = threading.Event()

    def make(on_step: OnStep) -> bytes:
        on_step("", 1, 1)
        last.set()
        assert go_on.wait(WAIT_S)
        return b"whole"

    job = Job(Order("late", "x", make), kept).start()
    assert last.wait(WAIT_S)
    job.cancel()
    go_on.set()
    job.join(WAIT_S)
    assert job.phase == "cancelled"
    assert kept.get("late") is None


def test_one_file_at_a_time_and_one_that_waits_can_be_stopped() -> None:
    kept, first, second = Kept(), Halted("first"), Halted("second")
    one = Job(first.order, kept).start()
    assert first.reached.wait(WAIT_S)
    two = Job(second.order, kept).start()
    assert two.phase == "waiting"
    two.cancel()
    two.join(WAIT_S)
    assert not second.reached.is_set()
    first.go_on.set()
    one.join(WAIT_S)
    assert (one.phase, two.phase) == ("done", "cancelled")


def test_a_failure_is_told_and_the_next_file_is_made() -> None:
    kept = Kept()

    def fails(on_step: OnStep) -> bytes:
        on_step("zones", 0, 2)
        msg = "disk full"
        raise OSError(msg)

    job = Job(Order("fails", "x", fails), kept).start()
    job.join(WAIT_S)
    assert job.phase == "failed"
    assert isinstance(job.error, OSError)
    assert kept.get("fails") is None
    after = Halted()
    after.go_on.set()
    last = Job(after.order, kept).start()
    last.join(WAIT_S)
    assert last.phase == "done"


@given(sizes=st.lists(st.integers(0, 40), max_size=12))
def test_what_is_kept_stays_within_its_limit(sizes: list[int]) -> None:
    kept = Kept(most_bytes=100)
    for key, size in enumerate(sizes):
        kept.put(key, bytes(size))
        assert kept.get(key) == bytes(size)
    found = [kept.get(key) for key in range(len(sizes))]
    assert sum(len(one) for one in found if one is not None) <= 100
    # What is left is the newest, without a gap.
    here = [one is not None for one in found]
    assert here == sorted(here)


@pytest.fixture
def view(province: Province, shot: Snapshot) -> View:
    return View("test", province, shot)


@pytest.mark.parametrize("form", FORMATS)
def test_stopping_a_real_export_leaves_no_file_behind(
    form: Form,
    view: View,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    order = data_order(view, data_bundle(view, keys=LAYERS, crs="wgs84", lang="vi"), form)
    _stopped_at_its_second_step(order)
    assert not list(tmp_path.rglob("*"))


def test_stopping_the_package_leaves_no_file_behind(
    view: View,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    _stopped_at_its_second_step(package_order(view))
    assert not list(tmp_path.rglob("*"))


def _stopped_at_its_second_step(order: Order) -> None:
    kept, steps = Kept(), []

    def make(on_step: OnStep) -> bytes:
        def counted(what: str, done: int, total: int) -> None:
            steps.append(what)
            if len(steps) == 2:
                job.cancel()
            on_step(what, done, total)

        return order.make(counted)

    job = Job(order._replace(make=make), kept)
    job.start()
    job.join(WAIT_S)
    assert job.phase == "cancelled"
    assert len(steps) == 2
    assert kept.get(order.key) is None


@pytest.mark.parametrize("lang", LANGS)
def test_every_step_of_the_package_has_words(view: View, lang: str) -> None:
    w = words(lang)
    told = []
    package_order(view).make(
        lambda what, done, total: told.append(step_text("running", Step(what, done, total), w))
    )
    assert len(set(told)) > 10
    assert not [text for text in told if "_" in text or not text.endswith("...")]
    assert told[-1] == w("Finishing the file ...")


def test_every_file_that_is_offered_has_a_type() -> None:
    endings = {form.suffix for form in FORMATS.values()} | {f".{form}" for form in MAP_FORMS}
    assert endings | {".docx", ".json", ".zip"} <= MEDIA_TYPES.keys()
