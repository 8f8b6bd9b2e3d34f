"""Polygon layers from anyone's files: GeoJSON, GeoPackage, zipped Shapefile, GeoParquet.

Any such file may be hostile. A child process with limits of memory and time reads it
(:mod:`data.boundaries._vector_reader`), under a name of ours in a folder of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import shapely

from data._errors import DataError, Finding
from data.boundaries._vector_reader import ALLOWED, REFUSED, SECONDS
from data.untrusted import safe_zip

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST = 512 * 2**20  # bytes
_ROOT = Path(__file__).resolve().parent.parent.parent
_FORMATS = "GeoJSON, GeoPackage (.gpkg), zipped Shapefile (.zip) or GeoParquet"
_SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_NEEDED = {".shp", ".shx", ".dbf"}
_KEPT = (
    "PATH",
    "LANG",
    "LC_ALL",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "TMPDIR",
    "PROJ_DATA",
    "VIRTUAL_ENV",
)


def read_polygons(file: Path) -> tuple[pd.DataFrame, NDArray[np.object_], str]:
    """Read the polygon layer of a file that may be hostile.

    Parameters
    ----------
    file
        What it is is told by its content, not by its name.

    Returns
    -------
    table : DataFrame
        Columns of text and whole numbers, as text.
    shapes : array of Polygon or MultiPolygon, shape (n,)
        In the file's own coordinates, finite, perhaps invalid.
    crs : str
        As the file names it; "" where it doesn't.

    Raises
    ------
    DataError
        The file can't be read, is none of the formats, or has no single polygon layer.
    OSError
        There is no such file.
    """
    if file.stat().st_size > LARGEST:
        raise _error(file, f"{file.stat().st_size} bytes", f"at most {LARGEST}")
    kind = _kind(file)
    with tempfile.TemporaryDirectory(prefix="layer-") as name:
        folder = Path(name)
        if kind == "shapefile":
            source = _unpack(file, folder)
        else:
            source = folder / {"GPKG": "layer.gpkg"}.get(kind, "layer")
            shutil.copyfile(file, source)
        out = folder / "out.parquet"
        _run(file, kind, source, out)
        table = pq.read_table(out)
    crs = (table.schema.metadata or {}).get(b"crs", b"").decode()
    with np.errstate(invalid="ignore"):  # coordinates that are no numbers: see below
        shapes = shapely.from_wkb(table.column("geometry").to_numpy(), on_invalid="ignore")
    # Not to_pandas: its extension types aren't wanted for a file of anyone.
    columns = {
        column.removeprefix("column_"): table.column(column).to_pylist()
        for column in table.column_names
        if column != "geometry"
    }
    if shapely.is_missing(shapes).any() or not np.isfinite(shapely.get_coordinates(shapes)).all():
        raise _error(file, "coordinates that are no numbers", "finite coordinates")
    return pd.DataFrame(columns, index=range(len(shapes)), dtype=object), shapes, crs


def _error(file: Path, found: str, expected: str) -> DataError:
    return DataError([Finding(file.name, "", "", found, expected)])


def _kind(file: Path) -> str:
    with file.open("rb") as stream:
        head = stream.read(64)
    if head.startswith(b"SQLite format 3\0"):
        return "GPKG"
    if head.startswith(b"PAR1"):
        return "GeoParquet"
    if head.startswith(b"PK\x03\x04"):
        return "shapefile"
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return "GeoJSON"
    raise _error(file, "none of the formats that can be read", _FORMATS)


def _unpack(file: Path, folder: Path) -> Path:
    """Put the one Shapefile of a zip file under a name of ours."""
    with safe_zip.opened(
        file, name=file.name, members=1000, unpacked_bytes=4 * LARGEST, ratio=200
    ) as (archive, members):
        layers = [name for name in members if name.lower().endswith(".shp")]
        if len(layers) != 1:
            raise _error(file, f"{len(layers)} .shp files", "a zip file with one Shapefile")
        stem = layers[0][: -len(".shp")]
        parts = {
            name[len(stem) :].lower(): info
            for name, info in members.items()
            if name.startswith(stem) and name[len(stem) :].lower() in _SHAPEFILE
        }
        if missing := _NEEDED - parts.keys():
            raise _error(file, f"no {', '.join(sorted(missing))}", ".shp, .shx and .dbf together")
        for suffix, info in parts.items():
            (folder / f"layer{suffix}").write_bytes(
                safe_zip.read(archive, info, name=file.name, limit=LARGEST)
            )
    return folder / "layer.shp"


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, "PYTHONPATH": str(_ROOT), "GDAL_DRIVER_PATH": "disable"}


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "data.boundaries._vector_reader", *arguments]


@cache
def _drivers() -> frozenset[str]:
    answer = subprocess.run(  # noqa: S603 (our own module)
        _command("drivers"),
        env=_environment(),
        capture_output=True,
        check=True,
        timeout=SECONDS,
    )
    return frozenset(json.loads(answer.stdout))


def _run(file: Path, kind: str, source: Path, out: Path) -> None:
    environment = _environment()
    if kind in ALLOWED:
        environment["GDAL_SKIP"] = ",".join(sorted(_drivers() - {ALLOWED[kind]}))
        environment["OGR_SKIP"] = environment["GDAL_SKIP"]
    try:
        answer = subprocess.run(  # noqa: S603 (our own module, paths of ours)
            _command(kind, str(source), str(out)),
            env=environment,
            cwd=source.parent,
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise _error(file, f"no end of reading after {SECONDS} s", "a smaller file") from error
    if answer.returncode == REFUSED:
        raise _error(file, answer.stderr.decode(errors="replace"), f"polygons as {_FORMATS}")
    if answer.returncode:
        raise _error(file, "a file that breaks its reader", f"polygons as {_FORMATS}")
