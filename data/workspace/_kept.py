"""Scenarios and mappings of a workspace: texts by name, none overwritten unseen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from data._errors import DataError, Finding
from data._message import Message
from data.workspace import _rows, _sql
from data.workspace._errors import Trouble, WorkspaceError
from data.workspace.change import Kept

if TYPE_CHECKING:
    from sqlalchemy import Connection


def read(connection: Connection, kind: str) -> dict[str, Kept]:
    """Give all texts of a kind by name."""
    columns = [_sql.kept.c[name] for name in ("name", "text", "made_at", "who")]
    found = connection.execute(select(*columns).where(_sql.kept.c.kind == kind))
    items = [Kept(**row) for row in found.mappings()]
    # Databases sort letters each in its own way.
    return {item.name: item for item in sorted(items, key=lambda item: item.name)}


def keep(connection: Connection, kind: str, item: Kept, *, version: str, where: str) -> Kept:
    """Keep a text, in place of the version that its writer saw; give what is kept."""
    known = read(connection, kind).get(item.name)
    if known is not None and known.text == item.text:
        return known
    _refuse_stale(known, kind, item.name, version=version, where=where)
    row = {**vars(item), "kind": kind}
    if known is None:
        row["id"] = _rows.next_number(connection, _sql.kept.c.id)
        connection.execute(insert(_sql.kept), row)
    else:
        connection.execute(
            update(_sql.kept)
            .where(_sql.kept.c.kind == kind, _sql.kept.c.name == item.name)
            .values(row),
        )
    return item


def drop(connection: Connection, kind: str, name: str, *, version: str, where: str) -> None:
    """Delete the version of a text that its reader saw."""
    known = read(connection, kind).get(name)
    _refuse_stale(known, kind, name, version=version, where=where)
    connection.execute(
        delete(_sql.kept).where(_sql.kept.c.kind == kind, _sql.kept.c.name == name),
    )


def _refuse_stale(known: Kept | None, kind: str, name: str, *, version: str, where: str) -> None:
    if (known.version if known else "") == version:
        return
    found = Message(
        "the {kind} {name!r} has been deleted by another window", kind=Message(kind), name=name
    )
    if known is not None:
        by = Message(" by {who}", who=known.who) if known.who else ""
        found = Message(
            "the {kind} {name!r} was saved by another window at {made_at}{by}",
            kind=Message(kind),
            name=name,
            made_at=known.made_at,
            by=by,
        )
    expected = Message("it opened anew, or another name; nothing was overwritten")
    raise WorkspaceError(Trouble.CHANGED, where, found, expected)


def check_json(item: Kept) -> None:
    """Refuse a text that isn't JSON."""
    try:
        json.loads(item.text)
        item.text.encode()
    except ValueError as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        found = Message("no JSON ({error})", error=Message(reason))
        finding = Finding(Message("workspace"), item.name, "text", found, "JSON")
        raise DataError([finding]) from None
    if "\x00" in item.text:
        raise DataError(
            [Finding(Message("workspace"), item.name, "text", Message("a null character"), "JSON")]
        )
