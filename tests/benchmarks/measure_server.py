"""Load on the server of the layers: 50 requests a second for 30 seconds on this machine.

`python -m tests.benchmarks.measure_server` starts the server, asks it in turn for the landing
page, the collections and ten areas, and prints failures and latencies. A latency counts from the
moment when the request was due, so that a server which falls behind shows it.
"""

from __future__ import annotations

import http.client
import math
import queue
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PATHS = ("/", "/collections", "/collections/areas/items?limit=10")
RATE = 50
SECONDS = 30
CLIENTS = 8
OK = 200


class Reply(NamedTuple):
    """What became of a request; `seconds` is from when it was due to its last byte."""

    path: str
    status: int
    size: int
    seconds: float


@contextmanager
def serving(*arguments: str) -> Iterator[str]:
    """Start the server on a free port, give its address, and stop it."""
    command = [sys.executable, "-m", "geo", "serve", "--port", "0", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as server:
        try:
            assert server.stdout is not None
            assert server.stderr is not None
            address = server.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:"), server.stderr.read()
            yield address
        finally:
            server.terminate()


def replies(address: str, paths: Sequence[str], *, rate: float, count: int) -> list[Reply]:
    """Send requests at a steady rate, whatever becomes of those before.

    Parameters
    ----------
    address
        Of the server, "http://127.0.0.1:5000/".
    paths
        Asked for in turn.
    rate
        Requests a second; infinite: all at once.
    count
        Number of requests.
    """
    todo: queue.SimpleQueue[tuple[float, str] | None] = queue.SimpleQueue()
    done: list[Reply] = []
    host = urlsplit(address).netloc

    def client() -> None:
        connection = http.client.HTTPConnection(host, timeout=30)
        while (job := todo.get()) is not None:
            due, path = job
            try:
                connection.request("GET", path)
                response = connection.getresponse()
                status, size = response.status, len(response.read())
            except (OSError, http.client.HTTPException):
                status, size = 0, 0
                connection.close()
            done.append(Reply(path, status, size, time.perf_counter() - due))
        connection.close()

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in clients:
        thread.start()
    start = time.perf_counter()
    for number in range(count):
        due = start + (0.0 if math.isinf(rate) else number / rate)
        time.sleep(max(0.0, due - time.perf_counter()))
        todo.put((due, paths[number % len(paths)]))
    for _ in clients:
        todo.put(None)
    for thread in clients:
        thread.join()
    return done


def main() -> None:
    """Measure and print."""
    with serving("--province", "nghe-an", "--as-of", "2026-06-30") as address:
        replies(address, PATHS, rate=math.inf, count=len(PATHS))
        start = time.perf_counter()
        got = replies(address, PATHS, rate=RATE, count=RATE * SECONDS)
        took = time.perf_counter() - start
    failed = [reply for reply in got if reply.status != OK]
    print(f"{len(got)} requests in {took:.1f} s, {len(failed)} failed")  # noqa: T201
    for path in PATHS:
        waits = sorted(1000 * reply.seconds for reply in got if reply.path == path)
        shown = ", ".join(
            f"{name} {waits[min(len(waits) - 1, int(len(waits) * part))]:.0f} ms"
            for name, part in (("median", 0.5), ("95 %", 0.95), ("99 %", 0.99), ("worst", 1.0))
        )
        size = max(reply.size for reply in got if reply.path == path)
        print(f"{path}: {shown}, {size / 1000:.1f} kB")  # noqa: T201
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
