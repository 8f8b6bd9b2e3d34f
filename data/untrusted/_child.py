"""The process that reads one file from anyone, and nothing else.

``python -m data.untrusted._child FOLDER`` reads what ``FOLDER/job.json`` names and writes
``FOLDER/result.json`` (refusal, or sheets and findings) and one Arrow file of text columns and
WKB for each sheet. Exit code 0 says that the result is whole.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data._errors import DataError, Finding
from data._message import Message
from data.untrusted._findings import written
from data.untrusted._sandbox import confine
from data.untrusted._sheets import Job
from data.untrusted.limits import SHEETS, Limits

if TYPE_CHECKING:
    from data.untrusted._sheets import Raw

READERS = {
    "CSV": "_csv",
    "XLSX": "_xlsx",
    "GeoJSON": "_geojson",
    "GeoPackage": "_geopackage",
    "Shapefile": "_shapefile",
    "KML": "_kml",
    "KMZ": "_kml",
    "GeoParquet": "_geoparquet",
}
_FINDINGS = 1_000


def main(folder: Path) -> None:
    """Do the job in `folder`."""
    given = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    job = Job(folder / given["file"], given["name"], given["format"], Limits(**given["limits"]))
    confine(job.limits, folder)
    try:
        result = _read(job, folder)
    except DataError as error:
        result = {"refused": [written(finding) for finding in error.findings[:_FINDINGS]]}
    except (MemoryError, RecursionError) as error:
        found = (
            Message("more than fits into memory")
            if isinstance(error, MemoryError)
            else Message("deep nesting")
        )
        expected = Message(
            "a smaller file ({memory_bytes} bytes of memory)", memory_bytes=job.limits.memory_bytes
        )
        result = {"refused": [written(Finding(job.name, "", "", found, expected))]}
    with (folder / "result.json").open("w", encoding="utf-8", errors="replace") as stream:
        json.dump(result, stream, ensure_ascii=False)
    sys.stdout.flush()
    os._exit(0)  # no clean-up by libraries that a file may have put into disorder


def _read(job: Job, folder: Path) -> dict[str, Any]:
    # Each format has its own libraries, and their start is most of the time.
    raws = import_module(f"data.untrusted.{READERS[job.format]}").read(job)
    if not raws:
        raise DataError(
            [Finding(job.name, "", "", Message("no sheet with rows"), Message("at least one"))]
        )
    if len(raws) > SHEETS:
        raise DataError(
            [
                Finding(
                    job.name,
                    "",
                    "",
                    Message("{count} sheets", count=len(raws)),
                    Message("at most {most}", most=SHEETS),
                )
            ]
        )
    return {"sheets": [_write(raw, job, folder, number) for number, raw in enumerate(raws)]}


def _write(raw: Raw, job: Job, folder: Path, number: int) -> dict[str, Any]:
    import pyarrow as pa  # noqa: PLC0415 (after the limits)
    from pyarrow import ipc  # noqa: PLC0415

    from data.untrusted._clean import clean, clean_shapes  # noqa: PLC0415
    from data.untrusted._systems import stated  # noqa: PLC0415

    table = clean(raw, job)
    arrays = [pa.array(column, pa.large_string()) for column in table.values()]
    crs = None
    if raw.shapes is not None:
        crs = stated(raw)
        arrays.append(pa.array(clean_shapes(raw, job), pa.large_binary()))
    arrays.append(pa.array(raw.rows, pa.int64()))
    batch = pa.record_batch(arrays, names=[str(n) for n in range(len(arrays))])
    with ipc.new_file(folder / f"{number}.arrow", batch.schema) as sink:
        sink.write_batch(batch)
    return {
        "name": raw.name[:200],
        "columns": list(table),
        "geometry": raw.shapes is not None,
        "crs": crs,
        "encoding": raw.encoding,
        "header_row": raw.header_row,
        "findings": [written(finding) for finding in raw.notes.findings()],
    }


class _Lighter:
    """Import hook without what reading doesn't need: it takes most of the time."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        if name in ("pandas", "geopandas", "matplotlib", "PIL"):
            raise ModuleNotFoundError(name=name)


if __name__ == "__main__":
    sys.meta_path.insert(0, _Lighter)
    main(Path(sys.argv[1]))
