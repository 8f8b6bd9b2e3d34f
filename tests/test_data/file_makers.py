"""Small files of every format, written byte by byte: what libraries would not write."""

from __future__ import annotations

import io
import json
import sqlite3
import struct
import zipfile
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

SQUARE = shapely.box(105.0, 18.5, 105.1, 18.6)
_DATE = (2026, 1, 1, 0, 0, 0)


def geojson(*geometries: object, **properties: object) -> bytes:
    """Features with these geometries (as JSON) and the same properties."""
    features = [
        {"type": "Feature", "properties": properties, "geometry": geometry}
        for geometry in geometries or [json.loads(shapely.to_geojson(SQUARE))]
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def raw_geojson(coordinates: str, kind: str = "Polygon") -> bytes:
    """One feature with coordinates as they stand."""
    geometry = f'{{"type": "{kind}", "coordinates": {coordinates}}}'
    feature = f'{{"type": "Feature", "properties": {{"a": 1}}, "geometry": {geometry}}}'
    return f'{{"type": "FeatureCollection", "features": [{feature}]}}'.encode()


def zipped(members: Mapping[Any, bytes], *, deflated: bool = True) -> bytes:
    """Put members into a zip file, under whatever names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            info = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
            archive.writestr(info, content)
    return buffer.getvalue()


def kml(inside: str = "", *, before: str = "", placemark: str = "") -> bytes:
    """Write a document with one placemark and whatever else."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}'
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{inside}<Placemark>'
        f"<name>A</name>{placemark}<Point><coordinates>105,18.5,0</coordinates></Point>"
        "</Placemark></Document></kml>"
    ).encode()


_TYPES = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def sheet_xml(rows: str, *, before: str = "") -> str:
    return f'{before}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def workbook(
    sheet: str,
    *,
    more: Mapping[Any, bytes] | None = None,
    state: str = "visible",
    without: str = "",
    book: str = "",
) -> bytes:
    """Write a workbook of one sheet."""
    part = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts: dict[Any, bytes] = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_TYPES}/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{part}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{part}.worksheet+xml"/>'
            "</Types>"
        ).encode(),
        "_rels/.rels": (
            f'<Relationships xmlns="{_TYPES}/relationships"><Relationship Id="rId1" '
            f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ).encode(),
        "xl/workbook.xml": (
            f'{book}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>'
            f'<sheet name="S" sheetId="1" state="{state}" r:id="rId1"/></sheets></workbook>'
        ).encode(),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_TYPES}/relationships"><Relationship Id="rId1" '
            f'Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
        ).encode(),
        "xl/worksheets/sheet1.xml": sheet.encode(),
        **(more or {}),
    }
    parts.pop(without, None)
    return zipped(parts)


def blob(wkb: bytes, *, flags: int = 1) -> bytes:
    """Put the head of GeoPackage before WKB."""
    return struct.pack("<2sBBi", b"GP", 0, flags, 4326) + wkb


def geopackage(
    path: Path,
    shapes: Sequence[object] = (blob(shapely.to_wkb(SQUARE)),),
    *,
    more: Iterable[str] = (),
    srs: tuple[str, int, str] = ("EPSG", 4326, ""),
    name: object = "A",
) -> None:
    """Write a GeoPackage of one layer, and whatever SQL adds."""
    database = sqlite3.connect(path)
    database.executescript(
        """
        PRAGMA application_id = 1196444487;
        CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER, organization TEXT,
            organization_coordsys_id INTEGER, definition TEXT);
        CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT, srs_id INTEGER);
        CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);
        CREATE TABLE plots (fid INTEGER PRIMARY KEY, geom BLOB, name TEXT);
        INSERT INTO gpkg_contents VALUES ('plots', 'features', 4326);
        INSERT INTO gpkg_geometry_columns VALUES ('plots', 'geom', 4326);
        """
    )
    database.execute("INSERT INTO gpkg_spatial_ref_sys VALUES ('s', 4326, ?, ?, ?)", srs)
    database.executemany(
        "INSERT INTO plots (geom, name) VALUES (?, ?)", [(shape, name) for shape in shapes]
    )
    for statement in more:
        database.execute(statement)
    database.commit()
    database.close()


def dbf(texts: Sequence[bytes], *, count: int | None = None, width: int = 40) -> bytes:
    """Write a table of one column, TEN; `count` is what the head says."""
    said = len(texts) if count is None else count
    head = struct.pack("<BBBBIHH20x", 3, 126, 1, 1, said, 65, width + 1)
    column = struct.pack("<11sc4xBB14x", b"TEN", b"C", width, 0)
    rows = b"".join(b" " + text[:width].ljust(width) for text in texts)
    return head + column + b"\r" + rows + b"\x1a"


def _shp_head(size: int) -> bytes:
    return (
        struct.pack(">i20xi", 9994, size // 2)
        + struct.pack("<ii", 1000, 1)
        + struct.pack("<8d", 105, 18, 106, 19, 0, 0, 0, 0)
    )


def shapefile(
    texts: Sequence[bytes] = (b"A", b"B"),
    *,
    without: str = "",
    points: Sequence[tuple[float, float]] = ((105.1, 18.1), (105.2, 18.2)),
    **other: bytes,
) -> dict[Any, bytes]:
    """Write the parts of a Shapefile of points; `shp=`, `dbf=`, ... replace them."""
    records = [
        struct.pack(">ii", number, 10) + struct.pack("<idd", 1, *point)
        for number, point in enumerate(points, start=1)
    ]
    index = [struct.pack(">ii", 50 + 14 * number, 10) for number in range(len(points))]
    parts = {
        "shp": _shp_head(100 + 28 * len(points)) + b"".join(records),
        "shx": _shp_head(100 + 8 * len(points)) + b"".join(index),
        "dbf": dbf(texts),
        "prj": b'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
        b'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]',
        **other,
    }
    return {f"plots.{name}": part for name, part in parts.items() if name != without}


GEO: dict[str, Any] = {
    "version": "1.0.0",
    "primary_column": "geometry",
    "columns": {"geometry": {"encoding": "WKB", "geometry_types": []}},
}


def geoparquet(
    path: Path,
    shapes: Sequence[bytes | None] = (shapely.to_wkb(SQUARE),),
    *,
    geo: bytes | None = json.dumps(GEO).encode(),
    **columns: object,
) -> None:
    """Write a Parquet file with these columns and the metadata that make it GeoParquet."""
    table = pa.table({**columns, "geometry": pa.array(shapes, pa.binary())})
    pq.write_table(table.replace_schema_metadata({"geo": geo} if geo else {}), path)
