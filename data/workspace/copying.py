"""A workspace copied whole: from a file to a server, back, or to another file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from data._message import Message
from data.workspace import _rows, _sql
from data.workspace._errors import Trouble, WorkspaceError, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from sqlalchemy import Connection, Table

    from data.workspace.store import Workspace

_CHUNK = 10_000


def copy_workspace(source: Workspace, target: Workspace) -> None:
    """Copy everything that a workspace holds into an empty one: all of it or nothing.

    Revisions keep their numbers, those that were undone too; scenarios and mappings their
    versions. Both are read back from the target before it is kept.

    Parameters
    ----------
    source
        Is read as of one moment.
    target
        Has no revisions, scenarios and mappings.

    Raises
    ------
    WorkspaceError
        The target isn't empty, or a store failed.
    """
    with source.reading() as here, target.writing() as there:
        for table in (_sql.revisions, _sql.kept):
            if count := there.scalar(select(func.count()).select_from(table)):
                found = Message("{count} rows in {name}", count=count, name=table.name)
                raise WorkspaceError(
                    Trouble.NOT_EMPTY, target.where, found, Message("an empty workspace")
                )
        for table in _sql.metadata.sorted_tables:
            if table is not _sql.workspace:
                for rows in _chunks(here, table, source.where):
                    there.execute(insert(table), rows)
        columns = (_sql.revisions.c.id, _sql.revisions.c.digest)
        for revision, digest in there.execute(select(*columns)).all():
            if _rows.digest(_rows.read(there, revision)) != digest:
                found = Message(
                    "other rows of revision {revision} than were imported", revision=revision
                )
                raise WorkspaceError(
                    Trouble.CORRUPT, source.where, found, Message("a sound workspace")
                )


def _chunks(
    connection: Connection,
    table: Table,
    where: str,
) -> Iterator[Sequence[Mapping[str, Any]]]:
    with told(where):
        found = connection.execute(
            select(table).order_by(*table.primary_key).execution_options(yield_per=_CHUNK),
        )
        for rows in found.mappings().partitions():
            yield [dict(row) for row in rows]
