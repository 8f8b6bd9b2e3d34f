"""An import in a process of its own that is killed on the way."""

from __future__ import annotations

import multiprocessing
import os
import signal
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from data.workspace import _rows
from data.workspace.store import open_workspace
from tests.test_data.changes import change, lease, plot

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

# Enough for many pages, so that a transaction is written in pieces.
LARGE = change(
    plots=[plot(plot_id=str(place), note="dài " * 200 + "x") for place in range(400)],
    leases=[lease(lease_id=str(place)) for place in range(400)],
)
POINTS = ("first table", "last table", "before commit", "after commit")

# A server that has the libraries already; each child is a fork of it.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__])


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _import(where: str, point: str, ready: Event) -> None:
    workspace = open_workspace(where)
    write: Any = _rows.write

    def write_and_die(connection: object, name: str, *rest: object) -> None:
        write(connection, name, *rest)
        if point == "first table" or (point == "last table" and name == "leases"):
            die()

    setattr(_rows, "write", write_and_die)  # noqa: B010 (mypy: another signature)
    if point == "before commit":
        event.listen(workspace._engine, "commit", die)
    ready.set()
    workspace.add(LARGE, kind="plots", title="large")
    if point == "after commit":
        die()


def killed_import(where: str, point: str, *, after_s: float | None = None) -> None:
    """Add `LARGE` in another process; it is killed at a point, or after a while."""
    ready = _CONTEXT.Event()
    child = _CONTEXT.Process(target=_import, args=(where, point, ready))
    child.start()
    assert ready.wait(60)
    if after_s is not None:
        child.join(after_s)
        child.kill()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL or (after_s is not None and child.exitcode == 0)
    child.close()
