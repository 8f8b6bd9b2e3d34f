"""Parts of a table worked on over several connections, which all see it in the same state.

A server uses one process for a connection, and won't share the reading of a table between
several where temporary tables are in play. So other connections join in the snapshot of the
first and take the parts that come next. One that can't join (the server has no more room, a pool
leads it to another server) is left out: the account is the same from those there are.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, as_completed
from contextlib import closing, suppress
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psycopg import Connection

T = TypeVar("T")
# The first place on disk and that after the last; nothing: the whole table.
Part: TypeAlias = tuple[()] | tuple[str, str]

CONNECT_S = 10
# 16 MB: a hundred thousand plots of few corners.
PART_PAGES = 2_048
# A server takes 0.1 s to plan the reading of ten times as many: parts are larger then.
PARTITIONS = 100
# Before this version a server finds a part by reading the whole table.
PARTS_SINCE = 140_000
BEYOND = "(4294967295,0)"


def connect(url: str) -> Connection[Any]:
    import psycopg  # noqa: PLC0415 (an extra)

    # A pool hands a server's session on, and a prepared statement would stay with it.
    return psycopg.connect(url, connect_timeout=CONNECT_S, prepare_threshold=None)


def parts_of(connection: Connection[Any], table: str) -> list[Part]:
    """Take a table apart by its pages; not a view, nor where the server is too old.

    Of a table with partitions a part is the pages from one number to another of each of them, so
    that together they are about as many. Where one of them is a table elsewhere (a foreign one),
    whose pages nobody knows here, it isn't taken apart.

    Parameters
    ----------
    table
        Its name as SQL has it.
    """
    if connection.info.server_version < PARTS_SINCE:
        return [()]
    stored = (
        "SELECT relkind::text, pg_relation_size(oid) / current_setting('block_size')::int "
        "FROM pg_class WHERE oid = %(table)s::regclass AND relkind <> 'p' OR oid IN "
        "(SELECT relid FROM pg_partition_tree(%(table)s::regclass) WHERE isleaf)"
    )
    found = connection.execute(stored, {"table": table}).fetchall()
    if not found or not {kind for kind, _ in found} <= {"r", "m"}:
        return [()]
    pages = [count for _, count in found]
    together = PART_PAGES * (1 + len(pages) // PARTITIONS)
    step = max(1, together * max(pages) // max(sum(pages), 1))
    firsts = [f"({page},0)" for page in range(0, max(pages) or 1, step)]
    return list(zip(firsts, [*firsts[1:], BEYOND], strict=True))


def processes(connection: Connection[Any]) -> int:
    """Give how many processes the server lets a single query have."""
    text = "SELECT current_setting('max_parallel_workers_per_gather')::int + 1"
    return int(connection.execute(text).fetchall()[0][0])


def work_off(  # noqa: PLR0917
    connection: Connection[Any],
    url: str,
    parts: Sequence[Part],
    workers: int,
    ready: Callable[[Connection[Any]], None],
    work: Callable[[Connection[Any], Part], T],
    told: Callable[[T], None],
) -> list[T]:
    """Do work on every part, over as many connections as there are workers.

    Parameters
    ----------
    connection
        Its transaction is of the level REPEATABLE READ.
    url
        Where other connections lead; their transactions are rolled back.
    ready
        Is called with each connection once.
    work
        Is called with a connection and a part, in a thread of the connection's own.
    told
        Is called with what came of each part as it comes.

    Returns
    -------
    list
        What came of the parts, in their order.
    """
    outcomes: list[Future[T]] = [Future() for _ in parts]
    todo = deque(zip(parts, outcomes, strict=True))
    joined = [connection]
    ready(connection)
    threads = [Thread(target=_serve, args=(connection, todo, work))]
    if (others := min(workers, len(parts)) - 1) > 0:
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchall()[0][0]

        def join() -> None:
            with suppress(*_refusals()), closing(connect(url)) as other:
                other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                other.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'".encode())
                ready(other)
                joined.append(other)
                _serve(other, todo, work)

        threads += [Thread(target=join, daemon=True) for _ in range(others)]
    for thread in threads:
        thread.start()
    try:
        for outcome in as_completed(outcomes):
            told(outcome.result())
    except BaseException:
        todo.clear()
        for one in joined:
            with suppress(*_refusals()):
                one.cancel_safe(timeout=CONNECT_S)
        raise
    finally:
        threads[0].join()
        for thread in threads[1:]:
            thread.join(CONNECT_S)  # one that still waits to be let in has done nothing
    return [outcome.result() for outcome in outcomes]


def _serve(
    connection: Connection[Any],
    todo: deque[tuple[Part, Future[T]]],
    work: Callable[[Connection[Any], Part], T],
) -> None:
    """Take the part that comes next, until there is none or one fails."""
    while todo:
        try:
            part, outcome = todo.popleft()
        except IndexError:  # another took the last one
            return
        try:
            outcome.set_result(work(connection, part))
        except BaseException as error:  # noqa: BLE001 (raised where it is waited for)
            outcome.set_exception(error)
            return


def _refusals() -> tuple[type[Exception], ...]:
    import psycopg  # noqa: PLC0415 (an extra)

    return (psycopg.Error,)
