"""Layers of zipped Shapefiles: the only format that GDAL reads here, with no other driver."""

from __future__ import annotations

import codecs
import re
import struct
from typing import TYPE_CHECKING, Any

from data._message import Message
from data.untrusted import _csv, safe_zip
from data.untrusted._formats import DRIVER
from data.untrusted._sheets import Notes, Raw, as_text, quoted, refuse
from data.untrusted._wkb import shape_of
from data.untrusted.legacy_text import decode

if TYPE_CHECKING:
    from pathlib import Path

    from data.untrusted._sheets import Job

_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_MAGIC = b"\x00\x00\x27\x0a"
_HEAD = 32  # bytes of a .dbf before its columns
# Tables that the application puts beside its layers.
_TABLES = re.compile(r"(^|/)(figures|sources|\w+_long_texts)\.csv$")
_WHOLE = Message(".shp, .shx, .dbf, .prj and .cpg of one layer together")
_UNZIPPED = Message("a zipped Shapefile; unzip other files and give one layer of them")


def read(job: Job) -> list[Raw]:
    """Read every Shapefile of a zip file, and the tables of an export of our own."""
    limits = job.limits
    layers = []
    with job.unzipped() as (archive, members):
        stems = [name[: -len(".shp")] for name in members if name.lower().endswith(".shp")]
        if not stems:
            refuse(job, Message("a zip file without .shp"), _UNZIPPED)
        for number, stem in enumerate(stems):
            parts = {
                name[len(stem) :].lower(): safe_zip.read(
                    archive, info, name=job.name, limit=limits.unpacked_bytes
                )
                for name, info in members.items()
                if name[: len(stem)].lower() == stem.lower() and name[len(stem) :].lower() in _PARTS
            }
            folder = job.file.parent / f"layer-{number}"
            layers.append(_layer(safe_zip.stem(f"{stem}.shp"), parts, folder, job))
        for name, info in members.items():
            if _TABLES.search(name):
                content = safe_zip.read(archive, info, name=job.name, limit=limits.unpacked_bytes)
                layers.append(_csv.table(content, job, safe_zip.stem(name)))
    return layers


def _layer(name: str, parts: dict[str, bytes], folder: Path, job: Job) -> Raw:
    notes = Notes(job.name)
    if ".dbf" not in parts:
        refuse(job, Message("no .dbf of {name}", name=quoted(name)), _WHOLE)
    if not parts[".shp"].startswith(_MAGIC):
        refuse(job, Message("no readable layer: {name} is no Shapefile", name=quoted(name)), _WHOLE)
    _check_dbf(parts[".dbf"], name, job)
    if ".shx" not in parts:
        notes.add(
            None,
            "",
            Message("no .shx of {name}", name=quoted(name)),
            Message("{whole}; it was made anew", whole=_WHOLE),
        )
    folder.mkdir()
    for suffix in (".shp", ".shx", ".dbf"):
        if suffix in parts:
            (folder / f"layer{suffix}").write_bytes(parts[suffix])
    header, columns, shapes = _read(folder / "layer.shp", job)
    hint = parts.get(".cpg", b"")[:40].decode("latin-1").strip().lower()
    raw = Raw(name, header, list(range(1, len(shapes) + 1)), [], notes, [])
    raw.shapes = [shape_of(shape, raw, row) for row, shape in zip(raw.rows, shapes, strict=True)]
    # Bytes that read as blanks may be parts of letters: only what is decoded is stripped.
    texts = [[v if isinstance(v, str) else as_text(v) for v in column] for column in columns]
    raw.header, texts, raw.encoding = _decoded(header, texts, hint, raw, job)
    raw.cells = [list(row) for row in zip(*texts, strict=True)] or [[] for _ in raw.rows]
    raw.crs = parts.get(".prj", b"").decode("utf-8", "replace").strip("\ufeff\0 \r\n")
    return raw


def _check_dbf(content: bytes, name: str, job: Job) -> None:
    """Refuse a table that says it has more records than it holds."""
    if len(content) < _HEAD:
        refuse(
            job,
            Message("a .dbf of {count} bytes in {name}", count=len(content), name=quoted(name)),
            Message("a whole table"),
        )
    count, head, length = struct.unpack_from("<IHH", content, 4)
    held = (len(content) - head) // length if length else 0
    if count > held or head < _HEAD:
        found = Message(
            "a .dbf that says {count} records and holds {held}", count=count, held=max(held, 0)
        )
        refuse(job, found, Message("a whole table"))
    if count > job.limits.features:
        refuse(
            job,
            Message("{count} rows", count=count),
            Message("at most {most}; divide the file", most=job.limits.features),
        )


def _read(file: Path, job: Job) -> tuple[list[str], list[list[Any]], list[bytes | None]]:
    """Read a layer by the one driver; text as its bytes, one letter each."""
    import pyogrio  # noqa: PLC0415 (after GDAL_SKIP)
    from pyogrio.raw import read  # noqa: PLC0415

    if set(pyogrio.list_drivers()) != {DRIVER}:
        refuse(job, Message("more drivers of GDAL than are safe"), Message("one"))
    try:
        pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": True})
        most = job.limits.features + 1
        meta, _, shapes, values = read(file, encoding="ISO-8859-1", max_features=most)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        refuse(job, Message("no readable layer ({name})", name=type(error).__name__), _WHOLE)
    if len(shapes) >= most:
        refuse(
            job,
            Message("more than {most} rows", most=most - 1),
            Message("fewer; divide the file"),
        )
    header = [str(name) for name in meta["fields"]]
    blobs = [None if shape is None else bytes(shape) for shape in shapes]
    return header, [column.tolist() for column in values], blobs


def _decoded(
    header: list[str], texts: list[list[str]], hint: str, raw: Raw, job: Job
) -> tuple[list[str], list[list[str]], str | None]:
    """Read the text of a table, bytes as letters, in the one encoding that all of it is in."""
    everything = [header, *texts]
    if all(text.isascii() for column in everything for text in column):
        return header, texts, None
    try:
        names = [_utf_8(name)[0] for name in header]
        read = [[_utf_8(text) for text in column] for column in texts]
    except UnicodeDecodeError:
        pass
    else:
        for name, column in zip(names, read, strict=True):
            for row, (_, cut) in zip(raw.rows, column, strict=True):
                if cut:
                    expected = Message("whole letters; Shapefile holds 254 bytes of a text")
                    raw.notes.add(row, name, Message("a text cut off within a letter"), expected)
        return names, [[text.strip() for text, _ in column] for column in read], "UTF-8"
    joined = "\n".join(text.replace("\n", "\r") for column in everything for text in column)
    text, encoding = decode(joined.encode("latin-1", "replace"), job, hint=hint)
    lines = iter(text.split("\n"))
    first, *rest = [[next(lines).strip() for _ in column] for column in everything]
    return first, rest, encoding


def _utf_8(text: str) -> tuple[str, bool]:
    """Read a text that may have been cut off within its last letter; tell whether it was."""
    content = text.encode("latin-1", "replace")
    read, used = codecs.utf_8_decode(content, "strict", False)  # noqa: FBT003 (takes no keywords)
    return read, used < len(content)
