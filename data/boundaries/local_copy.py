"""Official boundaries from a copy of the repository: a folder or a zip file of it."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from data._errors import DataError, Finding
from data.boundaries import official
from data.boundaries.download import LARGEST, lock
from data.untrusted import safe_zip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from data.boundaries.official import ProvinceFiles

_MISSING = 5  # files named in one message
# A copy of the whole repository: what counts of it is checked by its SHA-256.
_MEMBERS = 20_000
_UNPACKED = 4 * 2**30  # bytes, all members
_RATIO = 200


def import_copy(
    place: Path,
    *,
    provinces: Iterable[str] = (),
    done: Callable[[str], None] | None = None,
) -> tuple[str, ...]:
    """Read official boundaries from a folder or zip file in the layout of the repository.

    The layout may begin at the repository, at its `json`, at `geojson` or at the folder of a
    province, or lie anywhere below. Every file must have the content of the pinned commit.

    Parameters
    ----------
    place
        Folder or zip file.
    provinces
        Keys or codes; every province of which there is a file where empty.
    done
        Called with the key of each province that has become usable.

    Returns
    -------
    tuple
        Keys of the provinces that are usable now.

    Raises
    ------
    DataError
        Files are missing, have other content, or the zip file isn't safe. Provinces without
        such findings were read all the same.
    OSError
        The folder can't be read or the cache not written.
    """
    wanted = [official.province_files(name) for name in provinces]
    with _opened(place) as read:
        return _import_all(place.name, wanted, read, done)


def _import_all(
    place: str,
    wanted: list[ProvinceFiles],
    read: Mapping[str, Callable[[], bytes]],
    done: Callable[[str], None] | None,
) -> tuple[str, ...]:
    there = _tails(read)
    if not wanted:
        wanted = [
            files
            for files in official.repository().values()
            if any(_tail(path) in there for path in files.sums)
        ]
    if not wanted:
        expected = "json/geojson/40_nghe_an/wards/*.geojson and the like"
        raise DataError([Finding(place, "", "", "no files of the repository", expected)])
    findings: list[Finding] = []
    usable = []
    for files in wanted:
        try:
            _import_one(place, files, {p: there.get(_tail(p)) for p in files.sums}, read)
        except DataError as error:
            findings += error.findings
            continue
        usable.append(files.key)
        if done:
            done(files.key)
    if findings:
        raise DataError(findings)
    return tuple(usable)


def _tail(path: str) -> str:
    """Part of a path from the province's folder on: "40_nghe_an/wards/16681_vinh.geojson"."""
    parts = path.split("/")
    return "/".join(parts[-3:] if parts[-2] == "wards" else parts[-2:])


def _tails(read: Mapping[str, Callable[[], bytes]]) -> dict[str, str]:
    return {_tail(path): path for path in read if "/" in path}


@contextmanager
def _opened(place: Path) -> Iterator[dict[str, Callable[[], bytes]]]:
    """Give what reads each GeoJSON file, by its path with slashes."""
    if place.is_dir():
        root = place.resolve()
        # The folder of a province given as the place itself keeps its name in the paths.
        yield {
            file.relative_to(root.parent).as_posix(): _limited(file)
            for file in sorted(root.rglob("*.geojson"))
        }
        return
    with safe_zip.opened(
        place, name=place.name, members=_MEMBERS, unpacked_bytes=_UNPACKED, ratio=_RATIO
    ) as (archive, members):
        yield {
            name: partial(safe_zip.read, archive, info, name=place.name, limit=LARGEST)
            for name, info in members.items()
            if name.endswith(".geojson")
        }


def _limited(file: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        if file.stat().st_size > LARGEST:
            expected = f"at most {LARGEST} bytes"
            raise DataError([Finding(file.name, "", "", "a larger file", expected)])
        return file.read_bytes()

    return read


def _import_one(
    place: str,
    files: ProvinceFiles,
    paths: Mapping[str, str | None],
    read: Mapping[str, Callable[[], bytes]],
) -> None:
    if missing := [path for path, own in paths.items() if own is None]:
        shown = ", ".join(missing[:_MISSING])
        found = f"{len(files.sums) - len(missing)} of {len(files.sums)} files, without {shown}"
        raise DataError([Finding(place, files.key, "", found, "all files of the province")])
    with lock(files.code):
        if official.is_ready(files.code):
            return
        contents = {path: read[own]() for path, own in paths.items() if own is not None}
        findings = [
            Finding(place, path, "", f"{len(content)} bytes of other content", f"SHA-256 {digest}")
            for (path, content), digest in zip(contents.items(), files.sums.values(), strict=True)
            if not official.checked(content, digest)
        ]
        if findings:
            raise DataError(findings)
        official.compile_province(files, contents)
