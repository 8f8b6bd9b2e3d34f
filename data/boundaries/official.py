"""Official outlines of the 2025 communes, fetched or read from a copy, kept in a cache folder.

GeoJSON a commune from `thanglequoc/vietnamese-provinces-database` (MIT), made by its author
from the state publisher's reference map of administrative units, at one commit. Every file is
checked against `data/facts/boundary_sha256.txt`. A province is usable when its one compiled
file is there, and that appears by a single rename after everything was checked and cleaned.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import platformdirs
import pyarrow.parquet as pq
import shapely
from pyarrow import ArrowInvalid

from data._errors import DataError, Finding, UnknownNameError
from data._message import Message
from data._replace import replace_whole
from data.boundaries import _topology
from data.boundaries.matching import match_communes
from data.units.gazetteer import communes_2025

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shapely.geometry.base import BaseGeometry

COMMIT = "cd580632"
SUMS = Path(__file__).parent.parent / "facts" / "boundary_sha256.txt"
CACHE_VARIABLE = "INDUSTRIAL_LAND_CACHE"
_METADATA = b"industrial_land"
_FORMAT = 1  # of the compiled file; another number is as good as none


@dataclass(frozen=True)
class ProvinceFiles:
    """The files of one province in the repository.

    Attributes
    ----------
    key, code
        "nghe-an", "40".
    outline
        Path of the province's own outline.
    sums
        SHA-256 by path, the outline's too.
    """

    key: str
    code: str
    outline: str
    sums: Mapping[str, str]


@dataclass(frozen=True)
class Status:
    """What the cache has of a province.

    Attributes
    ----------
    state
        "ready", "partly" (an interrupted fetch, not usable) or "none".
    files, of
        Files fetched and checked, and how many there are.
    quality
        What compiling found: see :func:`quality`; empty unless ready.
    """

    key: str
    code: str
    state: str
    files: int
    of: int
    quality: Mapping[str, Any]


def cache_folder() -> Path:
    """Folder of the user for what can be fetched or computed again.

    The environment variable INDUSTRIAL_LAND_CACHE names another one.
    """
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else platformdirs.user_cache_path("industrial-land-atlas")


def folder() -> Path:
    """Folder of the official boundaries of the pinned commit."""
    return cache_folder() / "official" / COMMIT


def repository() -> dict[str, ProvinceFiles]:
    """Give the files of all provinces by key, from the committed sums."""
    return _read_sums(SUMS)


@cache
def _read_sums(sums: Path) -> dict[str, ProvinceFiles]:
    by_folder: dict[str, dict[str, str]] = {}
    for line in sums.read_text(encoding="utf-8").splitlines():
        digest, path = line.split(maxsplit=1)
        by_folder.setdefault(path.split("/")[2], {})[path] = digest
    found = {}
    for name, files in by_folder.items():
        code, _, slug = name.partition("_")
        key = slug.replace("_", "-")
        found[key] = ProvinceFiles(key, code, f"json/geojson/{name}/{name}.geojson", files)
    return found


def province_files(province: str) -> ProvinceFiles:
    """Files of a province by key ("nghe-an") or code ("40").

    Raises
    ------
    UnknownNameError
        There is no such province.
    """
    for files in repository().values():
        if province in (files.key, files.code):
            return files
    msg = f"no province {province!r}; there are {', '.join(sorted(repository()))}"
    raise UnknownNameError(msg)


def compiled_file(code: str) -> Path:
    """Path of the compiled communes of a province; it exists only when they are usable."""
    return folder() / f"{code}.parquet"


def checked(content: bytes, digest: str) -> bool:
    """Whether a file's content has the committed sum."""
    return hashlib.sha256(content).hexdigest() == digest


def fetched(files: ProvinceFiles) -> Iterator[str]:
    """Paths of a province that the cache has with the right content."""
    for path, digest in files.sums.items():
        file = folder() / path
        if file.is_file() and checked(file.read_bytes(), digest):
            yield path


def read_feature(content: bytes, *, file: str) -> tuple[dict[str, Any], BaseGeometry]:
    """Read the one feature of a file of the repository.

    Raises
    ------
    DataError
        It isn't GeoJSON with one polygon feature.
    """
    try:
        (feature,) = json.loads(content)["features"]
        properties = dict(feature["properties"])
        # Much faster than building it from the coordinates as Python has them.
        shape = shapely.get_geometry(shapely.from_geojson(content), 0)
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        shapely.GEOSException,
    ) as error:
        found = f"{type(error).__name__}: {error}"
        raise DataError(
            [Finding(file, "", "", found, Message("GeoJSON with one feature"))]
        ) from error
    if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon"):
        found = Message("nothing") if shape is None else shape.geom_type
        raise DataError([Finding(file, "", "geometry", found, Message("a polygon"))])
    return properties, shape


def compile_province(files: ProvinceFiles, contents: Mapping[str, bytes]) -> None:
    """Clean the communes of a province once and put them into the cache.

    Parameters
    ----------
    files
        From :func:`province_files`.
    contents
        Content of every file by path, checked against its sum.

    Raises
    ------
    DataError
        A file can't be read, or the communes aren't those of the province.
    OSError
        The cache can't be written.
    """
    source = Path(files.outline).parent.name
    read = {
        path: read_feature(content, file=path)
        for path, content in contents.items()
        if path != files.outline
    }
    table = pd.DataFrame(
        {"code": attributes["code"], "name": attributes["fullName"]}
        for attributes, _ in read.values()
    )
    matched = match_communes(table, files.code, file=source)
    shapes = np.asarray([shape for _, shape in read.values()], dtype=object)
    raw = gpd.GeoSeries(shapes, index=pd.Index(matched.codes, name="code"), crs=_topology.WGS84)
    communes, repairs = _topology.clean(raw.sort_index(), file=source)
    _, outline = read_feature(contents[files.outline], file=files.outline)
    gazetteer = communes_2025().loc[communes.index]
    frame = gpd.GeoDataFrame(
        {
            "name": gazetteer["name"],
            "province_code": gazetteer["province_code"],
            "area_km2_official": gazetteer["area_km2"],
        },
        geometry=communes,
        crs=_topology.WGS84,
    )
    quality = {
        "format": _FORMAT,
        "commit": COMMIT,
        "communes": len(frame),
        "repairs": dataclasses.asdict(repairs),
        "outline_difference": _topology.difference(communes, outline),
        "by_name": [
            [given, own]
            for given, own in zip(table["code"], matched.codes, strict=True)
            if given != own
        ],
    }
    file = compiled_file(files.code)
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_whole(file, _parquet(frame, quality), durable=True, for_all=True)


def _parquet(frame: gpd.GeoDataFrame, metadata: Mapping[str, Any]) -> bytes:
    """GeoParquet with metadata of ours beside that of the format."""
    plain = io.BytesIO()
    frame.to_parquet(plain)
    table = pq.read_table(plain)
    extra = {**(table.schema.metadata or {}), _METADATA: json.dumps(metadata).encode()}
    out = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(extra), out, compression="zstd")
    return out.getvalue()


def quality(code: str) -> dict[str, Any]:
    """Tell what compiling a province found; empty where it isn't usable.

    Returns
    -------
    dict
        `communes` (number), `repairs` (fields of :class:`data.boundaries._topology.Repairs`),
        `outline_difference` (of `_topology.difference`), `by_name` (code in the file and code
        in the gazetteer, where they differ and the name decided).
    """
    file = compiled_file(code)
    if not file.is_file():
        return {}
    try:
        metadata = pq.read_metadata(file).metadata or {}
    except ArrowInvalid:  # a disk that lost what it had confirmed
        return {}
    found: dict[str, Any] = json.loads(metadata.get(_METADATA, b"{}"))
    return found if found.get("format") == _FORMAT else {}


def is_ready(code: str) -> bool:
    """Whether the official communes of a province can be used."""
    return bool(quality(code))


def read_communes(code: str) -> gpd.GeoDataFrame:
    """Official communes of a province from the cache.

    Returns
    -------
    GeoDataFrame
        EPSG:4326, indexed by 2025 commune code, columns `name`, `province_code`,
        `area_km2_official`, `geometry`: a valid coverage.

    Raises
    ------
    DataError
        They were neither fetched nor imported.
    """
    if not is_ready(code):
        key = next((files.key for files in repository().values() if files.code == code), code)
        expected = Message(
            "`python -m data boundaries fetch --province {key}` or "
            "`python -m data boundaries import FOLDER` first",
            key=key,
        )
        raise DataError(
            [
                Finding(
                    compiled_file(code).name, "", "", Message("no official boundaries"), expected
                )
            ],
        )
    frame = gpd.read_parquet(compiled_file(code))
    return frame.set_crs(_topology.WGS84, allow_override=True)


def status(province: str) -> Status:
    """Tell what the cache has of a province."""
    files = province_files(province)
    found = quality(files.code)
    if found:
        return Status(files.key, files.code, "ready", len(files.sums), len(files.sums), found)
    count = sum(1 for _ in fetched(files))
    state = "partly" if count else "none"
    return Status(files.key, files.code, state, count, len(files.sums), {})
