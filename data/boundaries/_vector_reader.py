"""Child process that reads one polygon layer of a file from anyone, and nothing else.

``python -m data.boundaries._vector_reader KIND FILE OUT`` writes the polygons (`geometry`, WKB)
and the columns of text and whole numbers as text into a Parquet file; its metadata hold `crs`
("" where the file names none). A message for the user goes to stderr with exit code 3. GDAL
reads only GeoPackage and Shapefile: it chooses its driver by content, and others would open
further files or addresses that the content names. GDAL_SKIP must be set before pyogrio is
imported.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

REFUSED = 3
MEMORY = 6 * 2**30  # bytes of addresses; Arrow reserves much more than it uses
SECONDS = 120
ROWS = 100_000
ALLOWED = {"GPKG": "GPKG", "shapefile": "ESRI Shapefile"}
_POLYGONS = {"Polygon", "MultiPolygon"}
_CRS84 = "OGC:CRS84"


def refuse(message: str) -> NoReturn:
    """End with a message for the user."""
    sys.stderr.write(message)
    raise SystemExit(REFUSED)


def limit() -> None:
    """Limit memory and time of this process, where the system can."""
    try:
        import resource  # noqa: PLC0415 (not on Windows)
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_geojson(file: Path) -> tuple[list[dict[str, Any]], list[bytes], str]:
    """Read properties, WKB and system of a FeatureCollection, without GDAL."""
    import shapely  # noqa: PLC0415 (after the limits)
    from shapely.geometry import shape  # noqa: PLC0415

    try:
        document = json.loads(file.read_text(encoding="utf-8-sig"))
        features = document["features"]
        crs = (document.get("crs") or {}).get("properties", {}).get("name", _CRS84)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        refuse(f"no GeoJSON FeatureCollection ({type(error).__name__})")
    properties, shapes = [], []
    for number, feature in enumerate(features[: ROWS + 1]):
        try:
            kind = feature["geometry"]["type"]
            if kind not in _POLYGONS:
                refuse(f"feature {number} is a {kind}, not a polygon")
            shapes.append(shapely.to_wkb(shapely.force_2d(shape(feature["geometry"]))))
            properties.append(dict(feature.get("properties") or {}))
        except (ValueError, KeyError, TypeError, AttributeError, shapely.GEOSException) as error:
            refuse(f"feature {number} has no readable polygon ({type(error).__name__})")
    return properties, shapes, str(crs)


def read_geoparquet(file: Path) -> tuple[list[dict[str, Any]], list[bytes], str]:
    """Read columns, WKB and system of a GeoParquet file."""
    import pyarrow as pa  # noqa: PLC0415 (after the limits)
    import pyarrow.parquet as pq  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    try:
        schema = pq.read_schema(file)
        geo = json.loads((schema.metadata or {})[b"geo"])
        primary = geo["primary_column"]
        column = geo["columns"][primary]
        crs = column.get("crs", _CRS84)
        if column["encoding"] != "WKB":
            refuse(f"geometries encoded as {str(column['encoding'])[:20]}, not as WKB")
        if pq.read_metadata(file).num_rows > ROWS:
            refuse(f"more than {ROWS} rows")
        kept = [f.name for f in schema if pa.types.is_string(f.type) or _is_number(f.type)]
        table = pq.read_table(file, columns=[*kept, primary], use_threads=False)
        wkb = table.column(primary).to_pylist()
        shapes = shapely.from_wkb(wkb)
    except (KeyError, TypeError, ValueError, AttributeError, OSError, pa.ArrowException) as error:
        refuse(f"no GeoParquet file ({type(error).__name__})")
    except shapely.GEOSException as error:
        refuse(f"a row without a readable polygon ({type(error).__name__})")
    kinds = {shape.geom_type if shape is not None else "nothing" for shape in shapes}
    if not kinds <= _POLYGONS:
        refuse(f"not only polygons: {', '.join(sorted(kinds))}")
    flat = shapely.to_wkb(shapely.force_2d(shapes)).tolist()
    # A dictionary is PROJJSON; null says that nobody knows.
    text = json.dumps(crs) if isinstance(crs, dict) else str(crs or "")
    return table.select(kept).to_pylist(), flat, text


def _is_number(kind: Any) -> bool:  # noqa: ANN401
    import pyarrow as pa  # noqa: PLC0415 (after the limits)

    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_large_string(kind)
    )


def read_gdal(file: Path, driver: str) -> tuple[list[dict[str, Any]], list[bytes], str]:
    """Read columns, WKB and system of the one polygon layer of a file, by one driver of GDAL."""
    import pyogrio  # noqa: PLC0415 (after GDAL_SKIP)
    import shapely  # noqa: PLC0415
    from pyogrio.raw import read  # noqa: PLC0415

    if set(pyogrio.list_drivers()) != {driver}:
        refuse("GDAL has more drivers than are safe")
    try:
        layers = [str(name) for name, kind in pyogrio.list_layers(file) if "Polygon" in str(kind)]
        if len(layers) != 1:
            listed = ", ".join(layers) or "none"
            refuse(f"{len(layers)} polygon layers ({listed}) where one is needed")
        meta, _, shapes, values = read(file, layer=layers[0], max_features=ROWS + 1, force_2d=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        refuse(f"no readable layer ({type(error).__name__})")
    if any(shape is None for shape in shapes):
        refuse("a row without a polygon")
    kinds = {shape.geom_type for shape in shapely.from_wkb(shapes)}
    if not kinds <= _POLYGONS:
        refuse(f"not only polygons: {', '.join(sorted(kinds))}")
    names = [str(name) for name in meta["fields"]]
    rows = [
        dict(zip(names, row, strict=True))
        for row in zip(*(column.tolist() for column in values), strict=True)
    ] or [{} for _ in shapes]
    return rows, [bytes(shape) for shape in shapes], meta["crs"] or ""


def as_text(value: object) -> str:
    """Write a value as text: whole numbers without a point, nothing for the rest."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() if isinstance(value, str | int) else ""


def write(rows: list[dict[str, Any]], shapes: list[bytes], crs: str, out: Path) -> None:
    """Write what was read for the parent process."""
    import pyarrow as pa  # noqa: PLC0415 (after the limits)
    import pyarrow.parquet as pq  # noqa: PLC0415

    if len(rows) > ROWS:
        refuse(f"more than {ROWS} rows")
    if not rows:
        refuse("no polygon")
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {f"column_{name}": [as_text(row.get(name)) for row in rows] for name in names}
    table = pa.table({**columns, "geometry": pa.array(shapes, pa.binary())})
    pq.write_table(table.replace_schema_metadata({"crs": crs}), out)


def main(kind: str, file: Path, out: Path) -> None:
    """Read `file` and write `out`."""
    limit()
    try:
        if kind == "GeoJSON":
            read = read_geojson(file)
        elif kind == "GeoParquet":
            read = read_geoparquet(file)
        else:
            read = read_gdal(file, ALLOWED[kind])
        write(*read, out)
    except MemoryError:
        refuse("more than fits into memory")


class _Lighter:
    """Import hook without what reading doesn't need: it takes most of the time."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        if name in ("pandas", "geopandas"):
            raise ModuleNotFoundError(name=name)


def drivers() -> None:
    """Print the vector drivers of GDAL, for GDAL_SKIP."""
    import pyogrio  # noqa: PLC0415

    sys.stdout.write(json.dumps(sorted(pyogrio.list_drivers())))


if __name__ == "__main__":
    # What a hostile file may still make GDAL open must not be on the network.
    os.environ["CPL_VSIL_CURL_ALLOWED_EXTENSIONS"] = ".none"
    sys.meta_path.insert(0, _Lighter)
    if sys.argv[1] == "drivers":
        drivers()
    else:
        main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
