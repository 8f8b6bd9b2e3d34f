"""Zip files from anyone: listed and read within limits, never unpacked where they say."""

from __future__ import annotations

import struct
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from data._errors import DataError, Finding
from data._message import Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SMALL = 2**20  # bytes below which the ratio doesn't matter
_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".kmz")
_LINK = 0o120000
_BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    EOFError,
    RuntimeError,
    UnicodeDecodeError,
    ValueError,
    struct.error,
    zlib.error,
)


@contextmanager
def opened(
    file: Path,
    *,
    name: str,
    members: int,
    unpacked_bytes: int,
    ratio: int,
) -> Iterator[tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]]:
    """Open a zip file and give its members by name once all of them were found harmless.

    Parameters
    ----------
    file
        Where it lies.
    name
        What messages call it.
    members
        How many it may have.
    unpacked_bytes
        How large all of them may be together.
    ratio
        How many times larger than packed a member may be; text is some 5 to 20 times.

    Raises
    ------
    DataError
        It isn't a zip file, or has too many or too large members, members packed beyond any
        sense, nested archives, links, encryption, or names that lead out of a folder.
    """
    try:
        archive = zipfile.ZipFile(file)
    except _BROKEN as error:
        raise DataError(
            [Finding(name, "", "", Message(str(error)), Message("a zip file"))]
        ) from error
    with archive:
        inside = [info for info in archive.infolist() if not info.is_dir()]
        if len(inside) > members:
            found = Message("{count} members", count=len(inside))
            raise DataError([Finding(name, "", "", found, Message("at most {most}", most=members))])
        if findings := list(_refused(name, inside, unpacked_bytes, ratio)):
            raise DataError(findings)
        yield archive, {info.filename: info for info in inside if not _of_macos(info.filename)}


def read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, name: str, limit: int) -> bytes:
    """Read the content of one member, at most `limit` bytes whatever the directory says.

    Raises
    ------
    DataError
        It is larger, or damaged.
    """
    try:
        with archive.open(member) as stream:
            content = stream.read(limit + 1)
    except (*_BROKEN, OSError) as error:
        found = Message("{kind}: {error}", kind=type(error).__name__, error=_told(error, member))
        raise DataError(
            [Finding(name, member.filename, "", found, Message("a sound file"))]
        ) from error
    if len(content) > limit:
        found = Message("more than {most} bytes", most=limit)
        raise DataError([Finding(name, member.filename, "", found, Message("a smaller file"))])
    return content


def _told(error: Exception, member: zipfile.ZipInfo) -> str:
    """Give what the library says of a member, whose name it may repeat."""
    reason = str(error)
    known = reason.removesuffix(f" for file {member.filename!r}")
    if known == reason:
        return Message(reason)
    return Message("{reason} for file {name!r}", reason=Message(known), name=member.filename)


def _refused(
    name: str, inside: list[zipfile.ZipInfo], unpacked_bytes: int, ratio: int
) -> Iterator[Finding]:
    total = sum(info.file_size for info in inside)
    if total > unpacked_bytes:
        yield Finding(
            name,
            "",
            "",
            Message("{count} bytes unpacked", count=total),
            Message("at most {most}", most=unpacked_bytes),
        )
    if len({info.filename for info in inside}) != len(inside):
        yield Finding(name, "", "", Message("members of the same name"), Message("each name once"))
    for info in inside:
        if problem := _problem(info, ratio):
            yield Finding(name, info.filename[:200], "", problem, Message("plain files in folders"))


def _of_macos(name: str) -> bool:
    """Whether a member only keeps what macOS notes on another."""
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or path.name.startswith("._")


def _problem(info: zipfile.ZipInfo, ratio: int) -> str:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in info.filename:
        return Message("a name that leads out of the folder")
    if (info.external_attr >> 16) & 0o170000 == _LINK:
        return Message("a link")
    if info.flag_bits & 0x1:
        return Message("an encrypted file")
    if path.suffix.lower() in _ARCHIVES:
        return Message("an archive within the archive")
    if info.file_size > _SMALL and info.file_size > ratio * max(info.compress_size, 1):
        return Message(
            "{count} bytes packed into {packed}", count=info.file_size, packed=info.compress_size
        )
    return ""


def stem(path: str) -> str:
    """Name of a member without folders and suffix.

    Examples
    --------
    >>> stem("bản đồ/lô đất.shp")
    'lô đất'
    """
    return PurePosixPath(path.replace("\\", "/")).stem
