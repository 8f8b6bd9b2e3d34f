"""A user's file that stays the same while it is read."""

from __future__ import annotations

import hashlib
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from data._errors import DataError, Finding
from data._message import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 1 << 20


class Steady(NamedTuple):
    """A private copy of a file, and what it is known by."""

    path: Path
    sha256: str


@contextmanager
def steady(path: Path, *, limit: int | None = None) -> Iterator[Steady]:
    """Copy a file and prove that the copy is of one moment; gone when the work is done.

    What reads the copy and keeps its SHA-256 knows that both are of the same bytes, whatever
    another program does to the file.

    Parameters
    ----------
    path
        The user's file.
    limit
        Most bytes that are copied.

    Raises
    ------
    DataError
        The file changed while it was copied, is larger than `limit`, or can't be read.
    """
    with tempfile.TemporaryDirectory(prefix="industrial-land-") as folder:
        copy = Path(folder) / f"copy{path.suffix}"
        try:
            sha256 = _copied(path, copy, limit)
            with path.open("rb") as file:
                unchanged = hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except OSError as error:
            found = Message(error.strerror or "a file that can't be read")
            raise DataError([Finding(path.name, "", "", found, Message("a file"))]) from None
        if not unchanged:
            found = Message("a file that changes while it is read")
            expected = Message("one that is saved and closed; nothing was taken")
            raise DataError([Finding(path.name, "", "", found, expected)])
        yield Steady(copy, sha256)


def _copied(path: Path, copy: Path, limit: int | None) -> str:
    total = hashlib.sha256()
    size = 0
    with path.open("rb") as source, copy.open("wb") as target:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if limit is not None and size > limit:
                found = Message("more than {most:,} bytes", most=limit)
                finding = Finding(path.name, "", "", found, Message("at most {most:,}", most=limit))
                raise DataError([finding])
            total.update(chunk)
            target.write(chunk)
    return total.hexdigest()
