"""Workspaces: revisions, mappings and scenarios, kept in a GeoPackage file or in PostGIS.

Whatever happens in between (the process killed, the disk full, the server gone), a workspace is
as before or as after. Writers come one after the other; who builds on something that another
window has changed since is told, and overwrites nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

import platformdirs
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError

from data._errors import DataError, Finding
from data._message import Message
from data._passwords import is_address, without_passwords
from data.workspace import _engines, _kept, _rows, _sql
from data.workspace._errors import Trouble, WorkspaceError, told
from data.workspace.change import KINDS, Change, Kept, Revision
from data.workspace.check import check_change
from data.workspace.merge import overlaid, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from data.facts import Facts
    from data.workspace.change import Kind

WORKSPACE_VARIABLE = "INDUSTRIAL_LAND_WORKSPACE"


def default_workspace() -> str:
    """Path or URL of the user's workspace.

    The environment variable INDUSTRIAL_LAND_WORKSPACE names another one; else it is
    `workspace.gpkg` in the system's folder for the user's data.
    """
    named = os.environ.get(WORKSPACE_VARIABLE)
    folder = platformdirs.user_data_path("industrial-land-atlas")
    return named or str(folder / "workspace.gpkg")


def open_workspace(where: Path | str | None = None, *, create: bool = True) -> Workspace:
    """Open a workspace.

    Parameters
    ----------
    where
        Path of a file (.gpkg), or the URL of a PostGIS database, as
        "postgresql://user:password@host/database"; :func:`default_workspace` where None.
    create
        Make an empty one where there is none.

    Raises
    ------
    WorkspaceError
        It can't be opened; `code` and the finding say why. Passwords aren't in it.
    """
    place = str(default_workspace() if where is None else where)
    if _engines.is_server(place):
        engine = _engines.server_engine(place, create=create)
        return Workspace(_engines.shown_url(place), engine)
    if is_address(place):
        found = Message("an address that can't be read")
        expected = Message("{address}", address="postgresql://user:password@host:5432/database")
        shown = without_passwords(place)
        raise WorkspaceError(Trouble.ABSENT, shown, found, expected)
    path = Path(place).expanduser()
    if where is None and create:
        path.parent.mkdir(parents=True, exist_ok=True)
    return Workspace(str(path), _engines.file_engine(path, create=create))


class Workspace:
    """An open workspace; from :func:`open_workspace`. May be used by several threads.

    As a context manager it closes at the end.

    Attributes
    ----------
    where
        Path, or URL without password.
    """

    def __init__(self, where: str, engine: Engine) -> None:
        self.where = where
        self._engine = engine

    def __repr__(self) -> str:
        return f"Workspace({self.where!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close connections; the workspace opens them anew when it is used again."""
        self._engine.dispose()

    # --- revisions ----------------------------------------------------------------------------

    def add(
        self,
        change: Change,
        *,
        kind: Kind,
        title: str,
        file: str = "",
        sha256: str = "",
        who: str = "",
        base: int | None = None,
        again: bool = False,
        facts: Facts | None = None,
    ) -> Revision:
        """Keep a change as a new revision, all of it or nothing.

        Parameters
        ----------
        change
            Rows to add.
        kind, title, file, sha256, who
            As in :class:`data.workspace.change.Revision`.
        base
            Id of the newest revision that the change was prepared on, 0 where there was none;
            refused where newer ones have come since. None: not asked.
        again
            Take a file that an active revision of this kind came from already.
        facts
            The bundled facts; where given, the change is refused if it doesn't fit on top.

        Raises
        ------
        DataError
            The change is unsound or doesn't fit.
        WorkspaceError
            code "same_file" or "changed", or the store failed.
        """
        check_change(change, file or title)
        texts = {"kind": kind, "title": title, "file": file, "sha256": sha256, "who": who}
        _check_texts(texts)
        rows = {name: _rows.as_rows(frame) for name, frame in change.tables()}
        with self.writing() as connection:
            known = _revisions(connection)
            newest = known[-1].id if known else 0
            if base is not None and base != newest:
                found = Message(
                    "revision {newest} is newer than {base}",
                    newest=newest,
                    base=base or Message("the empty workspace"),
                )
                raise WorkspaceError(
                    Trouble.CHANGED, self.where, found, Message("a look at what it changed")
                )
            self._refuse_twice(known, kind, sha256, again=again)
            if facts is not None:
                beneath = [(place(item), self._change(connection, item)) for item in _on(known)]
                overlaid(facts, [*beneath, (file or title, change)])
            revision = Revision(
                id=newest + 1,
                made_at=_engines.now(),
                base=newest or None,
                active=True,
                digest=_rows.digest(rows),
                **texts,  # type: ignore[arg-type]
            )
            connection.execute(insert(_sql.revisions), vars(revision))
            for name, records in rows.items():
                _rows.write(connection, name, revision.id, records)
        return revision

    def revisions(self) -> tuple[Revision, ...]:
        """All revisions in the order of arrival, those that were undone too."""
        with self.reading() as connection:
            return _revisions(connection)

    def change(self, revision: int) -> Change:
        """Rows of a revision as they were added.

        Raises
        ------
        WorkspaceError
            There is no such revision ("absent"), or another program has changed its rows
            ("corrupt").
        """
        with self.reading() as connection:
            return self._change(connection, self._known(connection, revision))

    def active(self) -> tuple[tuple[Revision, Change], ...]:
        """Active revisions with their rows, in the order of arrival, all of one moment."""
        with self.reading() as connection:
            return tuple(
                (item, self._change(connection, item)) for item in _on(_revisions(connection))
            )

    def undo(self, revision: int, *, who: str = "", facts: Facts | None = None) -> Revision:
        """Switch a revision off; its rows stay. Nothing happens where it is off.

        Parameters
        ----------
        revision
            Its id.
        who
            Who does it.
        facts
            The bundled facts; where given, refused if later revisions rest on this one.

        Raises
        ------
        DataError
            What is left wouldn't fit.
        WorkspaceError
            There is no such revision, or the store failed.
        """
        return self._switch(revision, active=False, who=who, facts=facts)

    def redo(self, revision: int, *, who: str = "", facts: Facts | None = None) -> Revision:
        """Switch a revision on again; as :meth:`undo`."""
        return self._switch(revision, active=True, who=who, facts=facts)

    def stamp(self) -> str:
        """Key of what the active revisions say: two workspaces with the same stamp merge alike.

        After an undo and a redo it is as it was; scenarios and mappings don't enter.
        """
        parts = [[item.id, item.title, item.file, item.digest] for item in _on(self.revisions())]
        return _sha256(json.dumps([_sql.FORMAT, parts]))

    # --- scenarios and mappings ---------------------------------------------------------------

    def scenarios(self) -> dict[str, Kept]:
        """Scenarios by name."""
        return self._all_kept("scenario")

    def save_scenario(self, name: str, text: str, *, version: str = "", who: str = "") -> Kept:
        """Keep a scenario.

        Parameters
        ----------
        name, text
            Name and JSON.
        version
            `Kept.version` of what this one replaces; "" for a new name.
        who
            Who saves it.

        Raises
        ------
        WorkspaceError
            code "changed": another window has saved or deleted it since, or has this name.
        """
        return self._keep("scenario", Kept(name, text, _engines.now(), who), version)

    def delete_scenario(self, name: str, *, version: str) -> None:
        """Delete a scenario; refused like :meth:`save_scenario` where it has changed since."""
        with self.writing() as connection:
            _kept.drop(connection, "scenario", name, version=version, where=self.where)

    def mappings(self) -> dict[str, Kept]:
        """Column mappings by name."""
        return self._all_kept("mapping")

    def save_mapping(self, name: str, text: str, *, version: str = "", who: str = "") -> Kept:
        """Keep a column mapping; as :meth:`save_scenario`."""
        return self._keep("mapping", Kept(name, text, _engines.now(), who), version)

    # --- inside -------------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that sees one moment; for modules of this package."""
        options = _engines.reader_options(self._engine)
        with (
            told(self.where),
            self._engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open the one transaction that may write; for modules of this package."""
        with (
            told(self.where),
            self._engine.connect().execution_options(writes=True) as connection,
        ):
            transaction = connection.begin()
            try:
                _engines.lock(connection)
                yield connection
            except BaseException:
                transaction.rollback()
                raise
            try:
                transaction.commit()
            except DBAPIError as error:
                if error.connection_invalidated:
                    raise WorkspaceError(
                        Trouble.UNKNOWN_OUTCOME,
                        self.where,
                        Message("the connection was lost while the change was being kept"),
                        Message("a look at the list of revisions: it is there, or it isn't"),
                    ) from None
                raise

    def _known(self, connection: Connection, revision: int) -> Revision:
        for item in _revisions(connection):
            if item.id == revision:
                return item
        raise WorkspaceError(
            Trouble.ABSENT,
            self.where,
            Message("no revision {revision}", revision=revision),
            Message("one of the list"),
        )

    def _change(self, connection: Connection, revision: Revision) -> Change:
        rows = _rows.read(connection, revision.id)
        if _rows.digest(rows) != revision.digest:
            found = Message(
                "rows of revision {id} that another program has changed", id=revision.id
            )
            raise WorkspaceError(
                Trouble.CORRUPT, self.where, found, Message("rows as they were imported")
            )
        return _rows.as_change(rows)

    def _refuse_twice(
        self,
        known: tuple[Revision, ...],
        kind: str,
        sha256: str,
        *,
        again: bool,
    ) -> None:
        for item in known:
            same = item.active and item.kind == kind and item.sha256 == sha256
            if sha256 and same and not again:
                raise WorkspaceError(
                    Trouble.SAME_FILE,
                    self.where,
                    Message(
                        "the same file as in revision {id} of {made_at} ({file})",
                        id=item.id,
                        made_at=item.made_at,
                        file=item.file,
                    ),
                    Message("another file; or undo that revision first, or ask for it again"),
                )

    def _switch(self, revision: int, *, active: bool, who: str, facts: Facts | None) -> Revision:
        _check_texts({"who": who})
        with self.writing() as connection:
            item = self._known(connection, revision)
            if item.active == active:
                return item
            if facts is not None:
                after = [
                    replace(other, active=active) if other.id == revision else other
                    for other in _revisions(connection)
                ]
                changes = [(place(one), self._change(connection, one)) for one in _on(after)]
                overlaid(facts, changes)
            connection.execute(
                update(_sql.revisions).where(_sql.revisions.c.id == revision).values(active=active),
            )
            row = {"revision": revision, "active": active, "made_at": _engines.now(), "who": who}
            row["id"] = _rows.next_number(connection, _sql.switches.c.id)
            connection.execute(insert(_sql.switches), row)
        return replace(item, active=active)

    def _all_kept(self, kind: str) -> dict[str, Kept]:
        with self.reading() as connection:
            return _kept.read(connection, kind)

    def _keep(self, kind: str, item: Kept, version: str) -> Kept:
        _check_texts({"name": item.name, "who": item.who})
        _kept.check_json(item)
        with self.writing() as connection:
            return _kept.keep(connection, kind, item, version=version, where=self.where)


def _on(known: tuple[Revision, ...] | list[Revision]) -> list[Revision]:
    return [item for item in known if item.active]


def _revisions(connection: Connection) -> tuple[Revision, ...]:
    found = connection.execute(select(_sql.revisions).order_by(_sql.revisions.c.id))
    return tuple(Revision(**row) for row in found.mappings())


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _check_texts(texts: dict[str, str]) -> None:
    findings = [
        Finding(Message("workspace"), "", field, repr(text), Message("a printable text"))
        for field, text in texts.items()
        if not text.isprintable() or (field in ("title", "name") and not text.strip())
    ]
    if "kind" in texts and texts["kind"] not in KINDS:
        expected = Message("one of {names}", names=", ".join(KINDS))
        findings.append(Finding(Message("workspace"), "", "kind", repr(texts["kind"]), expected))
    if findings:
        raise DataError(findings)
