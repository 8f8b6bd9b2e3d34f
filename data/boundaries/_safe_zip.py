"""Zip files from anyone: listed and read within limits, never unpacked where they say."""

from __future__ import annotations

import zipfile
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from data._errors import DataError, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMBERS = 20_000
TOTAL = 4 * 2**30  # bytes unpacked, all members
RATIO = 200  # of a member unpacked to packed; text compresses some 5 to 20 times
_SMALL = 2**20  # bytes below which the ratio doesn't matter
_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".kmz")
_LINK = 0o120000


@contextmanager
def opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]]:
    """Open a zip file and give its members by name once all of them were found harmless.

    Raises
    ------
    DataError
        It isn't a zip file, or has too many or too large members, members packed beyond any
        sense, nested archives, links, encryption, or names that lead out of a folder.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            if findings := list(_refused(file.name, members)):
                raise DataError(findings)
            yield archive, {info.filename: info for info in members}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, UnicodeDecodeError) as error:
        raise DataError([Finding(file.name, "", "", str(error), "a zip file")]) from error


def read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, limit: int) -> bytes:
    """Read the content of one member, at most `limit` bytes whatever the directory says.

    Raises
    ------
    DataError
        It is larger, or damaged.
    """
    file = Path(archive.filename or "").name
    try:
        with archive.open(member) as stream:
            content = stream.read(limit + 1)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, OSError) as error:
        found = f"{type(error).__name__}: {error}"
        raise DataError([Finding(file, member.filename, "", found, "a sound file")]) from error
    if len(content) > limit:
        found = f"more than {limit} bytes"
        raise DataError([Finding(file, member.filename, "", found, "a smaller file")])
    return content


def _refused(file: str, members: list[zipfile.ZipInfo]) -> Iterator[Finding]:
    if len(members) > MEMBERS:
        yield Finding(file, "", "", f"{len(members)} members", f"at most {MEMBERS}")
        return
    total = sum(info.file_size for info in members)
    if total > TOTAL:
        yield Finding(file, "", "", f"{total} bytes unpacked", f"at most {TOTAL}")
    if len({info.filename for info in members}) != len(members):
        yield Finding(file, "", "", "members of the same name", "each name once")
    for info in members:
        if problem := _problem(info):
            yield Finding(file, info.filename, "", problem, "plain files in folders")


def _problem(info: zipfile.ZipInfo) -> str:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in info.filename:
        return "a name that leads out of the folder"
    if (info.external_attr >> 16) & 0o170000 == _LINK:
        return "a link"
    if info.flag_bits & 0x1:
        return "an encrypted file"
    if path.suffix.lower() in _ARCHIVES:
        return "an archive within the archive"
    if info.file_size > _SMALL and info.file_size > RATIO * max(info.compress_size, 1):
        return f"{info.file_size} bytes packed into {info.compress_size}"
    return ""
