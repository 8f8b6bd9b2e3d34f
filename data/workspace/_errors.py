"""What can go wrong with a workspace, in words; passwords never show."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from data._errors import DataError, Finding
from data._message import Message

if TYPE_CHECKING:
    from collections.abc import Iterator


class Trouble(StrEnum):
    """What went wrong, for programs."""

    ABSENT = "absent"
    NOT_ONE = "not_one"
    NEWER = "newer"
    CORRUPT = "corrupt"
    LOCKED = "locked"
    FULL = "full"
    READ_ONLY = "read_only"
    GONE = "gone"
    UNKNOWN_OUTCOME = "unknown_outcome"
    REFUSED = "refused"
    PACKAGES = "packages"
    SAME_FILE = "same_file"
    CHANGED = "changed"
    NOT_EMPTY = "not_empty"


_SQLITE: dict[int, tuple[Trouble, str, str]] = {
    sqlite3.SQLITE_BUSY: (
        Trouble.LOCKED,
        Message("it is locked by another program"),
        Message("that program to be closed, or to finish; nothing was changed"),
    ),
    sqlite3.SQLITE_LOCKED: (
        Trouble.LOCKED,
        Message("it is locked by another program"),
        Message("that program to be closed, or to finish; nothing was changed"),
    ),
    sqlite3.SQLITE_FULL: (
        Trouble.FULL,
        Message("the disk is full"),
        Message("free space; nothing was changed"),
    ),
    sqlite3.SQLITE_IOERR: (
        Trouble.FULL,
        Message("the disk can't be read or written, or is full"),
        Message("a disk with free space; nothing was changed"),
    ),
    sqlite3.SQLITE_READONLY: (
        Trouble.READ_ONLY,
        Message("it can only be read"),
        Message("a file and folder that may be written; nothing was changed"),
    ),
    sqlite3.SQLITE_PERM: (
        Trouble.REFUSED,
        Message("access is refused"),
        Message("a file that may be opened"),
    ),
    sqlite3.SQLITE_CANTOPEN: (
        Trouble.ABSENT,
        Message("it can't be opened"),
        Message("a file that is there and may be opened, in a folder that may be written"),
    ),
    sqlite3.SQLITE_CORRUPT: (
        Trouble.CORRUPT,
        Message("the file is damaged"),
        Message("a copy from before"),
    ),
    sqlite3.SQLITE_NOTADB: (
        Trouble.NOT_ONE,
        Message("this is no GeoPackage"),
        Message("a workspace"),
    ),
}

_GONE = (
    Trouble.GONE,
    Message("the server doesn't answer, or the connection was lost"),
    Message("a server that answers; nothing was changed"),
)
# By SQLSTATE, or by its class (the first two characters).
_POSTGRES: dict[str, tuple[Trouble, str, str]] = {
    "08": _GONE,
    "57": _GONE,
    "28": (
        Trouble.REFUSED,
        Message("the server refuses user or password"),
        Message("a user who may connect"),
    ),
    "3D": (
        Trouble.ABSENT,
        Message("there is no such database"),
        Message("a database that is there"),
    ),
    "42501": (
        Trouble.REFUSED,
        Message("this user may not do that"),
        Message("a user with the right to"),
    ),
    "25006": (
        Trouble.READ_ONLY,
        Message("it can only be read"),
        Message("a database that may be written"),
    ),
    "53": (
        Trouble.FULL,
        Message("the server is out of space or connections"),
        Message("space; nothing was changed"),
    ),
    "55P03": (
        Trouble.LOCKED,
        Message("it is locked by another program"),
        Message("that program to finish; nothing was changed"),
    ),
    "40": (
        Trouble.LOCKED,
        Message("another program got in between"),
        Message("another attempt; nothing was changed"),
    ),
}


class WorkspaceError(DataError):
    """The workspace can't be opened, read or changed; it is as it was, but where `code` says so.

    Attributes
    ----------
    code
        What went wrong; `UNKNOWN_OUTCOME` is the only one after which a change may have been kept.
    """

    def __init__(self, code: Trouble, where: str, found: str, expected: str) -> None:
        self.code = code
        super().__init__([Finding(where, "", "", found, expected)])


@contextmanager
def told(where: str) -> Iterator[None]:
    """Turn errors of the database into words.

    Parameters
    ----------
    where
        The workspace as it may be shown.
    """
    try:
        yield
    except DBAPIError as error:
        raise _worded(error.orig, where) from None
    except sqlite3.Error as error:
        raise _worded(error, where) from None
    except SQLAlchemyError as error:
        found = type(error).__name__
        raise WorkspaceError(
            Trouble.REFUSED, where, found, Message("a database that answers")
        ) from None


def _worded(error: BaseException | None, where: str) -> WorkspaceError:
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in _SQLITE:
            return WorkspaceError(_SQLITE[code][0], where, *_SQLITE[code][1:])
        return WorkspaceError(
            Trouble.CORRUPT, where, str(error), Message("a workspace of this application")
        )
    state = getattr(error, "sqlstate", None)
    if state is None:  # psycopg: the connection failed or broke off
        if "authentication" in str(error) or "password" in str(error):
            return WorkspaceError(_POSTGRES["28"][0], where, *_POSTGRES["28"][1:])
        return WorkspaceError(_GONE[0], where, *_GONE[1:])
    for key in (state, state[:2]):
        if key in _POSTGRES:
            return WorkspaceError(_POSTGRES[key][0], where, *_POSTGRES[key][1:])
    # Messages of the server may quote rows, never the password; one line is enough.
    told = str(error).splitlines()[0]
    found = Message("{error} (SQLSTATE {state})", error=told, state=state)
    return WorkspaceError(Trouble.CORRUPT, where, found, Message("a workspace of this application"))
