"""What processes take: memory and processor time of one and of all that it started (Linux)."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TICKS = os.sysconf("SC_CLK_TCK")
INTERVAL_S = 0.05


def parent(pid: int) -> int:
    """Give the process that started one."""
    return int(_stat(pid)[1])


def _stat(pid: int) -> list[str]:
    """Fields from the state on; a name may have blanks and brackets."""
    return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()


def _status(pid: int) -> dict[str, int]:
    """Sizes in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    pairs = (line.split(":\t", 1) for line in lines if line.endswith(" kB"))
    return {name: int(value.split()[0]) * 1024 for name, value in pairs}


def _threads(pid: int) -> list[Path]:
    try:
        return list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:  # the process has ended
        return []


def _family(roots: Sequence[int]) -> list[int]:
    found: list[int] = []
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        for thread in _threads(pid):
            try:
                waiting += map(int, (thread / "children").read_text("utf-8").split())
            except OSError:  # it has ended
                continue
    return found


def processor_seconds(roots: Sequence[int]) -> float:
    """Add up the processor time of processes and of all that they started, ended ones too."""
    ticks = 0
    for pid in _family(roots):
        try:
            ticks += sum(map(int, _stat(pid)[11:15]))
        except OSError:
            continue
    return ticks / TICKS


def memory(roots: Sequence[int]) -> int:
    """Give the memory of processes and of all that they started; shared parts count once."""
    own, shared, files = 0, 0, 0
    for pid in _family(roots):
        try:
            sizes = _status(pid)
        except OSError:
            continue
        own += sizes.get("RssAnon", 0)
        shared = max(shared, sizes.get("RssShmem", 0))
        files = max(files, sizes.get("RssFile", 0))
    return own + shared + files


@contextmanager
def peak_memory(roots: Sequence[int], *, alone: bool) -> Iterator[list[int]]:
    """Give a list whose one entry is, afterwards, the most memory that was taken.

    The system keeps count for this process where it works `alone`. Otherwise all are asked 20
    times a second.
    """
    found = [memory(roots)]
    if alone:
        Path("/proc/self/clear_refs").write_text("5", "utf-8")  # forgets the peak so far
        yield found
        found[0] = _status(os.getpid())["VmHWM"]
        return
    done = threading.Event()

    def watch() -> None:
        while not done.wait(INTERVAL_S):
            found[0] = max(found[0], memory(roots))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield found
    finally:
        done.set()
        watcher.join()
