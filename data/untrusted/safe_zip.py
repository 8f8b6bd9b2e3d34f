"""Zip files from anyone: listed and read within limits, never unpacked where they say."""

from __future__ import annotations

import struct
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from data._errors import DataError, Finding

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
        raise DataError([Finding(name, "", "", str(error), "a zip file")]) from error
    with archive:
        inside = [info for info in archive.infolist() if not info.is_dir()]
        if len(inside) > members:
            found = f"{len(inside)} members"
            raise DataError([Finding(name, "", "", found, f"at most {members}")])
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
        found = f"{type(error).__name__}: {error}"
        raise DataError([Finding(name, member.filename, "", found, "a sound file")]) from error
    if len(content) > limit:
        found = f"more than {limit} bytes"
        raise DataError([Finding(name, member.filename, "", found, "a smaller file")])
    return content


def _refused(
    name: str, inside: list[zipfile.ZipInfo], unpacked_bytes: int, ratio: int
) -> Iterator[Finding]:
    total = sum(info.file_size for info in inside)
    if total > unpacked_bytes:
        yield Finding(name, "", "", f"{total} bytes unpacked", f"at most {unpacked_bytes}")
    if len({info.filename for info in inside}) != len(inside):
        yield Finding(name, "", "", "members of the same name", "each name once")
    for info in inside:
        if problem := _problem(info, ratio):
            yield Finding(name, info.filename[:200], "", problem, "plain files in folders")


def _of_macos(name: str) -> bool:
    """Whether a member only keeps what macOS notes on another."""
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or path.name.startswith("._")


def _problem(info: zipfile.ZipInfo, ratio: int) -> str:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in info.filename:
        return "a name that leads out of the folder"
    if (info.external_attr >> 16) & 0o170000 == _LINK:
        return "a link"
    if info.flag_bits & 0x1:
        return "an encrypted file"
    if path.suffix.lower() in _ARCHIVES:
        return "an archive within the archive"
    if info.file_size > _SMALL and info.file_size > ratio * max(info.compress_size, 1):
        return f"{info.file_size} bytes packed into {info.compress_size}"
    return ""


def stem(path: str) -> str:
    """Name of a member without folders and suffix.

    Examples
    --------
    >>> stem("bản đồ/lô đất.shp")
    'lô đất'
    """
    return PurePosixPath(path.replace("\\", "/")).stem
