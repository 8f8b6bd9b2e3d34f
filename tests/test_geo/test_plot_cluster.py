"""Plots accounted for by machines as they are started by hand, and what a task is there."""

from __future__ import annotations

import json
import os
import pickle
import re
import shlex
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import distributed
import pandas as pd
import pytest
from distributed import Client

from data._errors import DataError
from data.plot_files import open_plots, read_chunks
from geo.overlay import index_zones
from geo.plot_account import account
from geo.plot_cluster import account_on_cluster
from tests.test_geo.land import CRS, layer_of_plots, zones_of_two_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from data.plot_files import PlotLayer

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/account-at-scale.md"
WAIT_S = 60.0


def folder_of(count: int, place: Path) -> PlotLayer:
    place.mkdir()
    for number in range(count):
        layer_of_plots(40, seed=number).to_parquet(place / f"{number:03}.parquet")
    return open_plots(place)


def recipe(program: str) -> list[str]:
    """Give the command of the page that starts a part of the cluster."""
    (line,) = re.findall(rf"^dask {program}.*$", PAGE.read_text("utf-8"), re.MULTILINE)
    _, *words = shlex.split(line, comments=True)
    return [str(Path(sys.executable).parent / "dask"), *words]


@contextmanager
def started(words: list[str], folder: Path, *, path: bool) -> Iterator[None]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if path:
        environment["PYTHONPATH"] = str(ROOT)
    with (
        (folder / f"{words[1]}.log").open("ab") as log,
        subprocess.Popen(words, cwd=folder, env=environment, stdout=log, stderr=log) as process,
    ):
        try:
            yield
        finally:
            process.terminate()


def told(file: Path) -> str:
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        if file.exists() and file.stat().st_size:
            return str(json.loads(file.read_text("utf-8"))["address"])
        time.sleep(0.05)
    pytest.fail(f"{file} wasn't written")


def test_the_page_says_how_to_start_a_cluster(tmp_path: Path) -> None:
    """Elsewhere than in the folder of the program, as on a machine of a cluster."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    layer = folder_of(3, tmp_path / "plots")
    zones = zones_of_two_groups()
    assert "export PYTHONPATH=" in PAGE.read_text("utf-8")
    with ExitStack() as stack:
        file = elsewhere / "scheduler.json"
        # Any free port, no page: others may run a cluster on this machine.
        options = ["--port", "0", "--host", "127.0.0.1", "--no-dashboard", "--scheduler-file"]
        words = [*recipe("scheduler"), *options, str(file)]
        stack.enter_context(started(words, elsewhere, path=True))
        address = told(file)
        words = [
            address if word.startswith("tcp:") else "1" if word == "-1" else word
            for word in [*recipe("worker"), "--no-dashboard"]
        ]
        stack.enter_context(started(words, elsewhere, path=True))
        client = stack.enter_context(Client(address))  # type: ignore[no-untyped-call]
        client.wait_for_workers(1, timeout=WAIT_S)
        found = account_on_cluster(layer, zones, CRS, by=["use"], address=address)
        index = index_zones(zones, CRS)
        expected = account(read_chunks(layer, columns=["use"]), index, by=["use"])
        pd.testing.assert_frame_equal(found.rows, expected.rows, check_exact=True)
        with pytest.raises(DataError, match="field tenant: found no such column; expected one of"):
            account_on_cluster(layer, zones, CRS, by=["tenant"], address=address)
        # One that was started without the path is told of, not waited for.
        stack.enter_context(started(words, elsewhere, path=False))
        client.wait_for_workers(2, timeout=WAIT_S)
        with pytest.raises(ValueError, match=r"^tcp://[^,]*: can't import geo.*PYTHONPATH"):
            account_on_cluster(layer, zones, CRS, address=address)


class Here:
    """A cluster without processes, which pickles all that it is given and tries again."""

    def __init__(self, *_: object, **__: object) -> None:
        self.scheduler_address = "here"
        self.sent: list[int] = []
        self.tries = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def submit(
        self, call: Callable[..., Any], *given: object, pure: bool = True, retries: int = 0
    ) -> Here.Future:
        del pure
        if call is not bytes:
            self.sent.append(len(pickle.dumps((call, given))))
        return Here.Future(self, call, given, retries)

    def map(
        self,
        call: Callable[..., Any],
        tasks: list[Any],
        *,
        work: Here.Future,
        pure: bool,
        retries: int,
    ) -> list[Here.Future]:
        shared = work.result()
        return [self.submit(call, task, shared, pure=pure, retries=retries) for task in tasks]

    class Future:
        def __init__(
            self, cluster: Here, call: Callable[..., Any], given: tuple[Any, ...], retries: int
        ) -> None:
            self.cluster, self.call, self.given, self.left = cluster, call, given, retries

        def result(self) -> object:
            self.given = tuple(
                one.result() if isinstance(one, Here.Future) else one for one in self.given
            )
            self.cluster.tries += self.call is not bytes
            try:
                return self.call(*self.given)
            except Exception:
                if not self.left:
                    raise
                self.left -= 1
                return self.result()


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    cluster = Here()
    monkeypatch.setattr(distributed, "LocalCluster", Here)
    monkeypatch.setattr(distributed, "Client", lambda *_: cluster)
    return cluster


def test_a_task_carries_what_is_its_own(here: Here, tmp_path: Path) -> None:
    zones = zones_of_two_groups()
    few, many = folder_of(3, tmp_path / "few"), folder_of(30, tmp_path / "many")
    account_on_cluster(few, zones, CRS)
    (first,) = here.sent
    here.sent.clear()
    read: list[int] = []
    found = account_on_cluster(many, zones, CRS, progress=read.append)
    # Small files are one task; each adds its path, and nothing of the layer is said twice.
    (sent,) = here.sent
    assert (sent - first) / 27 < 200
    assert sum(read) == many.rows
    expected = account(read_chunks(many), index_zones(zones, CRS))
    pd.testing.assert_frame_equal(found.rows, expected.rows, check_exact=True)


def test_what_is_wrong_with_the_data_is_not_tried_again(here: Here, tmp_path: Path) -> None:
    layer = folder_of(2, tmp_path / "plots")
    with pytest.raises(DataError, match=r"^000\.parquet, field tenant: found no such column"):
        account_on_cluster(layer, zones_of_two_groups(), CRS, by=["tenant"])
    assert here.tries == 1
    with pytest.raises((DataError, ValueError), match="numbers"):
        account_on_cluster(layer, zones_of_two_groups(), CRS, weight="use")
    assert here.tries == 2
