"""Files made in the background: how far they are, and how they are stopped.

A file is offered when it is whole, and not otherwise: one that was stopped or failed leaves
nothing behind. Files that are whole are kept by what they were made of, so that nothing is
made twice.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from layers.exchange.bundle import OnStep

MOST_BYTES: Final = 200_000_000
_AGAIN_S: Final = 0.05
# One file at a time: the drawing of maps isn't made for threads, and two aren't done sooner.
_turn = threading.Lock()
logger = logging.getLogger(__name__)

Phase = Literal["waiting", "running", "done", "failed", "cancelled"]


class Order(NamedTuple):
    """A file to be made.

    Attributes
    ----------
    key
        What it is made of; equal keys give equal files.
    name
        Of the file.
    make
        Gives the content; told where to report its steps, which is where it can be stopped.
    """

    key: Hashable
    name: str
    make: Callable[[OnStep], bytes]


class Step(NamedTuple):
    """What is being written, how many steps are done, and of how many."""

    what: str = ""
    done: int = 0
    total: int = 1


class Kept:
    """Files that are whole, by the key of their order; the oldest go where they are too many.

    Examples
    --------
    >>> kept = Kept(most_bytes=5)
    >>> kept.put("a", b"123"); kept.put("b", b"4567")
    >>> kept.get("a"), kept.get("b")
    (None, b'4567')
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._files: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> bytes | None:
        """Give a file, or None where it hasn't been made."""
        with self._lock:
            if key in self._files:
                self._files.move_to_end(key)
            return self._files.get(key)

    def put(self, key: Hashable, content: bytes) -> None:
        """Keep a file; the newest one whatever its size."""
        with self._lock:
            self._files[key] = content
            self._files.move_to_end(key)
            while len(self._files) > 1 and sum(map(len, self._files.values())) > self._most:
                self._files.popitem(last=False)


class Job:
    """One file being made in a thread of its own.

    Attributes
    ----------
    order
        What is made.
    phase
        waiting, running, done, failed or cancelled.
    step
        What is being written.
    began
        Time at which its turn came, by the monotonic clock; None before.
    error
        Why it failed.
    """

    def __init__(self, order: Order, kept: Kept) -> None:
        self.order = order
        self.phase: Phase = "waiting"
        self.step = Step()
        self.began: float | None = None
        self.error: Exception | None = None
        self._kept = kept
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="export", daemon=True)

    def start(self) -> Job:
        """Begin, after those that were begun before."""
        self._thread.start()
        return self

    @property
    def active(self) -> bool:
        """Whether a file may still come of it."""
        return self.phase in {"waiting", "running"}

    def cancel(self) -> None:
        """Stop: from now on no file comes of it, and the thread ends at its next step."""
        with self._lock:
            if self.active:
                self.phase = "cancelled"
                self._stop.set()

    def join(self, timeout: float | None = None) -> None:
        """Wait until the thread has ended."""
        self._thread.join(timeout)

    def _on_step(self, what: str, done: int, total: int) -> None:
        if self._stop.is_set():
            raise CancelledError
        self.step = Step(what, done, total)

    def _run(self) -> None:
        while not _turn.acquire(timeout=_AGAIN_S):
            if self._stop.is_set():
                return
        try:
            self.began = time.monotonic()
            self._move("running")
            content = self.order.make(self._on_step)
            with self._lock:
                if self.phase == "running":
                    self._kept.put(self.order.key, content)
                    self.phase = "done"
        except CancelledError:
            pass
        except Exception as error:
            # Whatever it is, the page says so in plain words; nothing else hears of it.
            logger.exception("export failed")
            self.error = error
            self._move("failed")
        finally:
            _turn.release()

    def _move(self, phase: Phase) -> None:
        with self._lock:
            if self.active:
                self.phase = phase
