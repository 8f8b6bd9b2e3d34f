"""Sheets of a file from anyone: copied, recognised by content, read by a process of its own.

The parent never parses the file: it copies it under a name of ours into a folder of its own,
looks at the first bytes, and reads the text columns and WKB that the child wrote.
"""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from pyarrow import ipc

from data._errors import DataError, Finding
from data._message import Message
from data.untrusted._findings import read
from data.untrusted._formats import DRIVER, check_name, format_of
from data.untrusted.limits import limits_set

if TYPE_CHECKING:
    from data.untrusted.limits import Limits

_ROOT = Path(__file__).resolve().parent.parent.parent
_HEAD = 65_536  # bytes that tell the format
_CHUNK = 2**20
_COPY = "file"
_DRIVERS = "import json, pyogrio; print(json.dumps(list(pyogrio.list_drivers())))"
_START = 60  # seconds
_BREAKS = (Message("a file that breaks its reader"), Message("a sound file"))
_RESULT = 2**26  # bytes of findings and headings
_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "PROJ_DATA")
_SETTINGS = {
    "PYTHONPATH": str(_ROOT),
    "PYTHONDONTWRITEBYTECODE": "1",
    # What a hostile file may still make GDAL or PROJ open must not be on the network.
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GDAL_DRIVER_PATH": "disable",
    "PROJ_NETWORK": "OFF",
    # These reserve addresses by the gigabyte, which count against the limit.
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    # defusedxml instead of lxml, which would follow entities.
    "OPENPYXL_LXML": "False",
}


@dataclass(frozen=True)
class Sheet:
    """One sheet or layer of a file.

    Attributes
    ----------
    name
        Of the sheet or layer; the file's where it has none of its own.
    cells
        Columns are the headings as printed (a second one of the same name gets " (2)", an empty
        one is "column n"), all values text, "" where there is none: numbers without loss,
        dates as ISO 8601. The index is the row as a person counts it: the row of the sheet for
        CSV and XLSX, else the number of the feature from 1.
    geometry
        In the file's own coordinates, flat, with the same index; None where a row has none,
        perhaps invalid. None for a table.
    crs
        What the file states, "EPSG:n" or WKT; None where it states none that can be.
    encoding
        Of its text, where that isn't plainly Unicode.
    format
        "CSV", "XLSX", "GeoJSON", "GeoPackage", "Shapefile", "KML", "KMZ" or "GeoParquet".
    header_row
        Row of the headings; 0 where columns have names of their own.
    findings
        What was cleaned or left out.
    """

    name: str
    cells: pd.DataFrame
    geometry: gpd.GeoSeries | None
    crs: str | None
    encoding: str | None
    format: str
    header_row: int
    findings: tuple[Finding, ...]


def read_file(
    path: Path, *, name: str | None = None, limits: Limits | None = None
) -> tuple[Sheet, ...]:
    """Read every sheet or layer of a file that may be hostile.

    Parameters
    ----------
    path
        Where it lies.
    name
        What the user called it; content decides what it is, and the suffix must agree.
    limits
        As the environment sets them where not given.

    Returns
    -------
    tuple of Sheet
        At least one, each perhaps without rows.

    Raises
    ------
    DataError
        The file isn't what its name says, is broken, hostile or beyond the limits; it was
        changed while it was read; or it is no plain file.
    OSError
        There is no such file, or it can't be read.
    """
    called = Path(name or path.name).name[:200] or "file"
    limits = limits or limits_set()
    with tempfile.TemporaryDirectory(prefix="file-") as folder:
        place = Path(folder)
        head = _copy(path, place / _COPY, called, limits.file_bytes)
        kind = format_of(head, called)
        check_name(kind, called)
        job = {"file": _COPY, "name": called, "format": kind, "limits": asdict(limits)}
        (place / "job.json").write_text(json.dumps(job), encoding="utf-8")
        _run(place, called, limits, kind)
        result = _result(place, called)
        return tuple(
            _sheet(sheet, place / f"{number}.arrow", kind, called)
            for number, sheet in enumerate(result["sheets"])
        )


def _refuse(name: str, found: str, expected: str) -> NoReturn:
    raise DataError([Finding(name, "", "", found, expected)])


def _copy(path: Path, copy: Path, name: str, most: int) -> bytes:
    """Copy a plain file that nobody changes meanwhile; give its first bytes."""
    # Opening a pipe waits for its writer, if not told otherwise.
    opened = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    before = os.fstat(opened)
    if not stat.S_ISREG(before.st_mode):
        os.close(opened)
        _refuse(name, Message("a folder, device or pipe"), Message("a plain file"))
    with os.fdopen(opened, "rb") as source:
        if before.st_size > most:
            _refuse(
                name,
                Message("{count} bytes", count=before.st_size),
                Message("at most {most}", most=most),
            )
        copied, head = 0, b""
        with copy.open("wb") as target:
            while copied <= most and (chunk := source.read(_CHUNK)):
                head = head or chunk[:_HEAD]
                copied += len(chunk)
                target.write(chunk)
        after = os.fstat(source.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or (
        copied != before.st_size
    ):
        _refuse(
            name,
            Message("a file that was changed while it was read"),
            Message("one that stays as it is"),
        )
    if not copied:
        _refuse(name, Message("an empty file"), Message("a file with content"))
    return head


@cache
def _skipped() -> str:
    """Name the drivers of GDAL that must not be there."""
    answer = subprocess.run(  # noqa: S603 (a line of ours)
        [sys.executable, "-P", "-c", _DRIVERS],
        env=_environment(),
        capture_output=True,
        check=True,
        timeout=_START,
    )
    return ",".join(sorted(set(json.loads(answer.stdout)) - {DRIVER}))


def _environment() -> dict[str, str]:
    return {**{key: os.environ[key] for key in _KEPT if key in os.environ}, **_SETTINGS}


def _run(place: Path, name: str, limits: Limits, kind: str) -> None:
    """Let the child read; say why where it came to no end of its own."""
    environment = _environment()
    if kind == "Shapefile":  # before pyogrio is imported, or they are there
        environment["GDAL_SKIP"] = environment["OGR_SKIP"] = _skipped()
    try:
        answer = subprocess.run(  # noqa: S603 (our own module, a path of ours)
            [sys.executable, "-P", "-m", "data.untrusted._child", str(place)],
            env=environment,
            cwd=place,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=limits.seconds,
        )
    except subprocess.TimeoutExpired as error:
        found = Message("no end of reading after {seconds:g} s", seconds=limits.seconds)
        raise DataError([Finding(name, "", "", found, Message("a smaller file"))]) from error
    if answer.returncode and answer.returncode == -getattr(signal, "SIGXCPU", 0):
        _refuse(
            name,
            Message("no end of reading after {seconds:g} s", seconds=limits.seconds),
            Message("a smaller file"),
        )
    if answer.returncode:
        _refuse(
            name,
            Message("a file that breaks its reader, or needs more memory or time"),
            Message("a sound file"),
        )


def _result(place: Path, name: str) -> dict[str, Any]:
    written = place / "result.json"
    if not _is_plain(written) or written.stat().st_size > _RESULT:
        _refuse(name, *_BREAKS)
    try:
        result: dict[str, Any] = json.loads(written.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        _refuse(name, *_BREAKS)
    if "refused" in result:
        raise DataError(_findings(result["refused"], name))
    return result


def _findings(given: object, name: str) -> tuple[Finding, ...]:
    try:
        return read(given)
    except ValueError:
        _refuse(name, *_BREAKS)


def _is_plain(file: Path) -> bool:
    return file.is_file() and not file.is_symlink()


def _sheet(given: dict[str, Any], file: Path, kind: str, name: str) -> Sheet:
    """Read what the child wrote on one sheet: text and WKB, nothing that runs."""
    if not _is_plain(file):
        _refuse(name, *_BREAKS)
    try:
        with ipc.open_file(file) as source:
            table = source.read_all()
        table.validate(full=True)
    except (pa.ArrowException, OSError):
        _refuse(name, *_BREAKS)
    *columns, index = table.columns
    shapes = columns.pop() if given["geometry"] else None
    types = [*(column.type for column in columns), index.type]
    if types != [*[pa.large_string()] * len(given["columns"]), pa.int64()]:
        _refuse(name, *_BREAKS)
    rows = pd.Index(index.to_numpy(), dtype="int64", name="row")
    cells = pd.DataFrame(
        {
            heading: pd.Series(column.to_pylist(), index=rows, dtype="str")
            for heading, column in zip(given["columns"], columns, strict=True)
        },
        index=rows,
    )
    geometry = None
    if shapes is not None:
        parsed = shapely.from_wkb(np.array(shapes.to_pylist(), dtype=object))
        geometry = gpd.GeoSeries(parsed, index=rows, crs=given["crs"], name="geometry")
    return Sheet(
        name=given["name"] or Path(name).stem,
        cells=cells,
        geometry=geometry,
        crs=given["crs"],
        encoding=given["encoding"],
        format=kind,
        header_row=given["header_row"],
        findings=_findings(given["findings"], name),
    )
