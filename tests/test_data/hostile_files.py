"""Hostile and broken files of every format, made by code, and what must become of each."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import struct
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from data.untrusted.limits import Limits
from tests.test_data import file_makers as make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SUFFIXES = "csv tsv txt xlsx xlsm geojson json gpkg zip kml kmz parquet geoparquet".split()  # noqa: SIM905


@dataclass(frozen=True)
class Case:
    """One file: `write` gets its path and an address that nobody may call.

    `says` is a pattern in the message (refused) or in a finding (cleaned); "" says that the
    file is taken as it is. `keeps` must be among the cells or the headings.
    """

    id: str
    suffix: str
    write: Callable[[Path, str], object]
    says: str
    refused: bool = True
    keeps: str = ""
    limits: Limits | None = None


def cases() -> list[Case]:
    """Give all of them."""
    return [
        *_posing(),
        *_zips(),
        *_workbooks(),
        *_keyhole(),
        *_geojson(),
        *_csv(),
        *_databases(),
        *_shapefiles(),
        *_parquet(),
    ]


def _bytes(content: bytes) -> Callable[[Path, str], object]:
    return lambda path, _: path.write_bytes(content)


def _refused(id_: str, suffix: str, content: bytes, says: str, **more: Any) -> Case:  # noqa: ANN401
    return Case(id_, suffix, _bytes(content), says, **more)


def _cleaned(id_: str, suffix: str, content: bytes, says: str, **more: Any) -> Case:  # noqa: ANN401
    return Case(id_, suffix, _bytes(content), says, refused=False, **more)


def _calling(template: str) -> Callable[[Path, str], object]:
    return lambda path, url: path.write_text(template.replace("URL", url), encoding="utf-8")


_VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/vsicurl/URL/x.geojson'
    "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
)
_WFS = "<OGRWFSDataSource><URL>URL/wfs?SERVICE=WFS</URL></OGRWFSDataSource>"


def _posing() -> Iterator[Case]:
    """Text that makes GDAL open other files or addresses, and content under a wrong name."""
    for suffix in SUFFIXES:
        says = "XML that begins with <OGR" if suffix == "kml" else "none of the formats"
        yield Case(f"vrt.{suffix}", suffix, _calling(_VRT), says)
        yield Case(f"wfs.{suffix}", suffix, _calling(_WFS), says)
    path = _calling("/vsicurl/URL/x.geojson")
    yield Case("vsicurl.geojson", "geojson", path, "none of the formats")
    yield Case("vsicurl.csv", "csv", path, "", refused=False)
    vrt = _VRT.encode()
    parts = make.shapefile(shp=vrt, dbf=vrt, shx=vrt)
    yield _refused("vrt-as-shp", "zip", make.zipped(parts), "no readable layer")
    yield _refused("vrt-in-kmz", "kmz", make.zipped({"doc.kml": vrt}), "begins with <OGR")
    for magic, suffix, says in (
        (b"SQLite format 3\0", "geojson", "content of GeoPackage"),
        (b"PAR1", "csv", "content of GeoParquet"),
        (b"PK\x03\x04", "csv", "content of a zip file"),
        (b'{"type": 1}', "csv", "content of GeoJSON"),
        (b'{"type": 1}', "gpkg", "content of GeoJSON"),
        (b"%PDF-1.7", "csv", "a PDF file"),
        (b"\xd0\xcf\x11\xe0", "xlsx", "an old Excel"),
        (b"\x7fELF", "csv", "a program"),
        (b"MZ\x90\0", "txt", "a program"),
        (b"\x1f\x8b\x08", "csv", "an archive"),
        (b"\x00\x00\x27\x0a", "zip", "without its other parts"),
        (b"a,b\n1,2\n", "xlsx", "none of the formats"),
        (b"a,b\n1,2\n", "shp", "none of the formats"),
        (b"\0\1\2\3\0\0\0", "csv", "binary content"),
    ):
        yield _refused(f"{says.replace(' ', '-')}.{suffix}", suffix, magic, says)
    for suffix in SUFFIXES:
        yield _refused(f"empty.{suffix}", suffix, b"", "an empty file")
    big = Limits(file_bytes=1000)
    yield _refused("larger-than-allowed", "csv", b"a,b\n" * 300, "at most 1000", limits=big)


def _info(name: str, *, mode: int = 0o100644) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
    info.external_attr = mode << 16
    info.create_system = 3
    return info


def _zips() -> Iterator[Case]:
    good = make.shapefile()
    few = Limits(members=10)
    for id_, member, body, says in (
        ("zip-slip", "../../etc/cron.d/x", b"x", "leads out of the folder"),
        ("zip-slip-windows", "..\\..\\x.txt", b"x", "leads out of the folder"),
        ("zip-absolute", "/etc/passwd", b"x", "leads out of the folder"),
        ("zip-drive", "C:x.txt", b"x", "leads out of the folder"),
        ("zip-link", _info("plots.txt", mode=stat.S_IFLNK | 0o777), b"/etc/passwd", "a link"),
        ("zip-nested", "more.zip", make.zipped({"a": b"b"}), "an archive within"),
        ("zip-nested-7z", "more/data.7Z", b"7z", "an archive within"),
        ("zip-bomb", "bomb.txt", b"\0" * 5_000_000, "5000000 bytes packed into"),
    ):
        yield _refused(id_, "zip", make.zipped({**good, member: body}), says)
    total = Limits(unpacked_bytes=3_000)
    noise = np.random.default_rng(1).bytes(4_000)
    packed = make.zipped({**good, "a.txt": noise})
    yield _refused("zip-too-large", "zip", packed, "bytes unpacked", limits=total)
    many = {**good, **{f"{number}.txt": b"" for number in range(20)}}
    yield _refused("zip-many-members", "zip", make.zipped(many), "24 members", limits=few)
    yield _refused("zip-of-others", "zip", make.zipped({"a.txt": b"b"}), r"without \.shp")
    layers = make.zipped({"zones.geojson": b"{}", "areas.geojson": b"{}"})
    yield _refused("zip-of-layers", "zip", layers, "unzip other files and give one layer")
    yield _refused("zip-without-members", "zip", make.zipped({}), r"without \.shp")
    yield _refused("zip-cut-off", "zip", make.zipped(good)[:-30], "a zip file")
    yield _refused("zip-no-zip", "zip", b"PK\x03\x04 no zip file", "a zip file")
    secret = bytearray(make.zipped(good))
    secret[6] |= 1
    secret[secret.find(b"PK\x01\x02") + 8] |= 1
    yield _refused("zip-encrypted", "zip", bytes(secret), "an encrypted file")
    damaged = bytearray(make.zipped(good))
    damaged[60] ^= 0xFF
    yield _refused("zip-damaged", "zip", bytes(damaged), "a sound file")
    lying = bytearray(make.zipped(good))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = lying.find(mark) + at
        lying[start : start + 4] = struct.pack("<I", 100)
    yield _refused("zip-lying-size", "zip", bytes(lying), "a sound file")


_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{("&a" + (str(n - 1) if n else "") + ";") * 10}">' for n in range(9))
    + "]>"
)
_OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a8 SYSTEM "file:///etc/passwd">]>'
_HEADINGS = "<row r='1'>" + make.text_cell("A1", "Ten") + make.text_cell("B1", "Ha") + "</row>"


def _row(*cells: str, number: int = 2) -> str:
    return _HEADINGS + f"<row r='{number}'>{''.join(cells)}</row>"


def _workbooks() -> Iterator[Case]:
    plain = make.sheet_xml(_row(make.text_cell("A2", "x"), '<c r="B2"><v>12.50</v></c>'))

    def cell(formula: str, value: str) -> str:
        stored = f"<v>{value}</v>" if value else ""
        inside = f'<c r="B2" t="str"><f>{formula}</f>{stored}</c>'
        return make.sheet_xml(_row(make.text_cell("A2", "x"), inside))

    yield _cleaned("xlsx-plain", "xlsx", make.workbook(plain), "", keeps="12.5")
    stored = "those stored with them were taken"
    yield _cleaned("xlsx-formula", "xlsx", make.workbook(cell("1+1", "2")), stored, keeps="2")
    dde = cell("cmd|'/C calc'!A0", "#REF!")
    yield _cleaned("xlsx-dde", "xlsx", make.workbook(dde), stored, keeps="#REF!")
    link = cell('HYPERLINK("http://127.0.0.1/")', "")
    yield _cleaned("xlsx-no-value", "xlsx", make.workbook(link), "without a stored value")
    typed = make.sheet_xml(_row(make.text_cell("A2", "=1+1"), '<c r="B2"><v>1</v></c>'))
    yield _cleaned("xlsx-typed-formula", "xlsx", make.workbook(typed), "like a formula")
    for part, says in (
        ("xl/externalLinks/externalLink1.xml", "links to other files"),
        ("xl/vbaProject.bin", "macros"),
        ("xl/embeddings/oleObject1.bin", "embedded files"),
        ("xl/connections.xml", "connections to databases"),
    ):
        more: dict[Any, bytes] = {part: b"<x/>"}
        suffix = "xlsm" if "vba" in part else "xlsx"
        yield _cleaned(f"xlsx-{says.split()[0]}", suffix, make.workbook(plain, more=more), says)
    hidden = make.workbook(plain, state="veryHidden")
    yield _cleaned("xlsx-hidden", "xlsx", hidden, "the hidden sheet")
    for id_, before in (("bomb", _BOMB), ("outside", _OUTSIDE)):
        sheet = make.sheet_xml(_row(make.text_cell("A2", "&a8;")), before=before)
        yield _refused(f"xlsx-entity-{id_}", "xlsx", make.workbook(sheet), "entities in its XML")
        book = make.workbook(plain, book=before)
        yield _refused(f"xlsx-book-entity-{id_}", "xlsx", book, "entities in its XML")
    entity = make.zipped(
        {"[Content_Types].xml": _BOMB.encode() + b"<Types/>", "xl/workbook.xml": b""}
    )
    yield _refused("xlsx-types-entity", "xlsx", entity, "entities in its XML")
    yield _refused("xlsx-cut-off", "xlsx", make.workbook(plain)[:-40], "a zip file")
    yield _refused("xlsx-cut-xml", "xlsx", make.workbook(plain[:-30]), "broken XML")
    missing = make.workbook(plain, without="xl/worksheets/sheet1.xml")
    yield _refused("xlsx-no-sheet", "xlsx", missing, "broken workbook|no sheet")
    missing = make.workbook(plain, without="xl/workbook.xml")
    yield _refused("xlsx-no-book", "xlsx", missing, r"without xl/workbook\.xml")
    nested: dict[Any, bytes] = {"xl/media/x.zip": b"PK"}
    yield _refused("xlsx-nested", "xlsx", make.workbook(plain, more=nested), "an archive within")
    blanks = make.sheet_xml("<row r='1'>" + " " * 3_000_000 + "</row>")
    yield _refused("xlsx-bomb", "xlsx", make.workbook(blanks), "bytes packed into")
    far = make.sheet_xml(_row('<c r="A1000000000"><v>1</v></c>', number=1_000_000_000))
    yield _refused("xlsx-far-row", "xlsx", make.workbook(far), "more than 1048576 rows|broken")
    wide = make.sheet_xml(_row('<c r="XFD2"><v>1</v></c>'))
    yield _refused("xlsx-wide", "xlsx", make.workbook(wide), "16384 columns")
    text = make.sheet_xml(_row(make.text_cell("A2", "x" * 40_000)))
    says = "row 2, field Ten: found a text of 40000 characters"
    yield _refused("xlsx-long-text", "xlsx", make.workbook(text), says)
    empty = make.workbook(make.sheet_xml(""))
    yield _refused("xlsx-empty", "xlsx", empty, "no sheet with rows")
    zero = make.sheet_xml(_row(make.text_cell("A2", "a&#x9d;b&#x202e;c")))
    yield _cleaned("xlsx-controls", "xlsx", make.workbook(zero), "control characters", keeps="abc")
    broken = make.sheet_xml(_row('<c r="A2"><v>twelve</v></c>'))
    yield _refused("xlsx-no-number", "xlsx", make.workbook(broken), "a broken workbook")


def _keyhole() -> Iterator[Case]:
    """KML and KMZ."""
    for id_, before in (("bomb", _BOMB), ("outside", _OUTSIDE)):
        text = make.kml(
            before=before.partition("?>")[2], placemark="<description>&a8;</description>"
        )
        yield _refused(f"kml-entity-{id_}", "kml", text, "entities in its XML")
        yield _refused(f"kmz-entity-{id_}", "kmz", make.zipped({"doc.kml": text}), "entities")
    link = "<NetworkLink><Link><href>URL/x.kml</href></Link></NetworkLink>"
    overlay = "<GroundOverlay><Icon><href>URL/x.png</href></Icon></GroundOverlay>"
    for id_, inside in (("a NetworkLink", link), ("a GroundOverlay", overlay)):
        write = _calling(make.kml(inside).decode())
        yield Case(f"kml-{id_[2:]}", "kml", write, id_, refused=False, keeps="A")
    script = "<description><![CDATA[<script>alert(1)</script>]]></description>"
    yield _cleaned(
        "kml-script", "kml", make.kml(placemark=script), "", keeps="<script>alert(1)</script>"
    )
    deep = make.kml("<Folder>" * 20_000 + "</Folder>" * 20_000)
    yield _refused("kml-deep", "kml", deep, "nesting deeper")
    yield _refused("kml-cut-off", "kml", make.kml()[:-20], "broken XML")
    yield _refused("kml-other-xml", "kml", b"<html><body/></html>", "begins with <html>")
    bad = make.kml().replace(b"105,18.5,0", b"105;18")
    yield _cleaned("kml-coordinates", "kml", bad, "a Point that can't be read", keeps="A")
    bad = make.kml().replace(b"105,18.5,0", b"nan,inf")
    yield _cleaned("kml-nan", "kml", bad, "coordinates that are no numbers")
    track = "<gx:Track xmlns:gx='http://www.google.com/kml/ext/2.2'/>"
    yield _cleaned("kml-track", "kml", make.kml(placemark=track), "a Track")
    latin = make.kml().replace(b"UTF-8", b"no-such")
    yield _refused("kml-encoding", "kml", latin, "broken XML")
    yield _cleaned("kmz-sound", "kmz", make.zipped({"doc.kml": make.kml()}), "", keeps="A")
    yield _refused("kmz-without", "kmz", make.zipped({"a.png": b"x"}), r"without \.kml")
    nested = make.zipped({"doc.kml": make.kml(), "more.kmz": b"PK"})
    yield _refused("kmz-nested", "kmz", nested, "an archive within")
    slip = make.zipped({"../doc.kml": make.kml()})
    yield _refused("kmz-slip", "kmz", slip, "leads out of the folder")


_SQUARE = "[[[105,18],[105.1,18],[105.1,18.1],[105,18]]]"


def _ring(count: int) -> Callable[[Path, str], object]:
    """Write a polygon of many vertices; only when asked for."""
    return lambda path, _: path.write_bytes(
        make.raw_geojson(f"[[{'[0,0],' * count}[1,1],[0,0]]]"),
    )


def _geojson() -> Iterator[Case]:
    lost = "the row is kept without"
    for id_, content, says in (
        ("deep", b'{"a":' * 100_000, "nesting deeper than 200"),
        ("deep-lists", b'{"features": ' + b"[" * 5_000 + b"]" * 5_000 + b"}", "nesting deeper"),
        ("twice", make.geojson()[:-1] + b', "type": "x"}', 'the name "type" twice'),
        ("nan", make.raw_geojson(_SQUARE.replace("105.1,18]", "NaN,18]")), "NaN, which is no"),
        ("infinity", make.raw_geojson("[-Infinity, 1]", "Point"), "-Infinity, which is no"),
        ("digits", make.raw_geojson(f"[{'9' * 10_000}, 1]", "Point"), "thousands of digits"),
        ("far", make.raw_geojson("[1e300, 1]", "Point"), "beyond any system"),
        ("cut-off", make.geojson()[:-40], "no JSON"),
        ("no-object", b"[1, 2]", "no object"),
        ("topojson", b'{"type": "Topology", "objects": {}}', "no GeoJSON"),
        ("esri", b'{"geometryType": "esriGeometryPolygon", "features": 1}', "no GeoJSON"),
        ("feature", b'{"type": "FeatureCollection", "features": [1]}', "row 1: found no Feature"),
        ("properties", b'{"features": [{"properties": [1], "geometry": null}]}', "no object"),
        ("encoding", b'{"features": [], "a": "\xff\xfe\xc3"}', "not UTF-8"),
        ("long-text", make.geojson(note="x" * 40_000), "row 1, field note: found a text of 40000"),
        ("long-name", make.geojson(**{"x" * 300: 1}), "a heading of 300"),
        ("wide", make.geojson(**{f"c{n}": n for n in range(1_001)}), "1001 columns"),
    ):
        yield _refused(f"geojson-{id_}", "geojson", content, says)
    for count, says in (
        (1_000_001, "more than 1000000 vertices"),
        (10_000_000, "at most 50000000"),
    ):
        yield Case(f"geojson-{count}-vertices", "geojson", _ring(count), says)
    four = make.geojson(*[None] * 4)
    yield _refused("geojson-rows", "geojson", four, "more than 3", limits=Limits(features=3))
    bow = "[[[105,18],[105.1,18.1],[105.1,18],[105,18.1],[105,18]]]"
    for id_, content, says, keeps in (
        ("infinite", make.raw_geojson("[1e999, 18]", "Point"), f"no numbers.*{lost}", "1"),
        ("exponent", make.raw_geojson("[1e1000000000, 18]", "Point"), "no numbers", "1"),
        ("not-degrees", make.raw_geojson("[588000, 2075000]", "Point"), "beyond 180 and 90", "1"),
        ("bow-tie", make.raw_geojson(bow), "an invalid shape .Self-intersection", "1"),
        ("null", make.geojson(None, a="b"), f"no geometry.*{lost}", "b"),
        ("empty-shape", make.raw_geojson("[]"), f"no geometry.*{lost}", "1"),
        ("texts", make.raw_geojson('["a", "b"]', "Point"), f"can't be read.*{lost}", "1"),
        ("numbers", make.raw_geojson("7"), f"can't be read.*{lost}", "1"),
        ("two-vertices", make.raw_geojson("[[[1,2],[3,4]]]"), f"can't be read.*{lost}", "1"),
        ("kind", make.raw_geojson("[1,2]", "Circle"), "type .Circle. that can't", "1"),
        (
            "script",
            make.geojson(a="<script>alert(1)</script>${x}"),
            "",
            "<script>alert(1)</script>${x}",
        ),
        ("surrogate", make.geojson(a="x\ud800y"), "control characters", "xy"),
        ("controls", make.geojson(a="x\x00\x1b[31my\u202ez"), "control characters", "x[31myz"),
        ("nested", make.geojson(a={"b": [1, {"c": "d"}]}), "", '{"b": [1, {"c": "d"}]}'),
        ("formula", make.geojson(a="=1+1"), "like a formula", "=1+1"),
        (
            "vsicurl",
            make.geojson(a="/vsicurl/http://127.0.0.1/x"),
            "",
            "/vsicurl/http://127.0.0.1/x",
        ),
        ("utf-16", make.geojson(a="x").decode().encode("utf-16"), "", "x"),
        ("bom", b"\xef\xbb\xbf" + make.geojson(a="x"), "", "x"),
        ("empty", b'{"type": "FeatureCollection", "features": []}', "", ""),
    ):
        yield _cleaned(f"geojson-{id_}", "geojson", content, says, keeps=keeps)
    mixed = [json.loads(shapely.to_geojson(s)) for s in (make.SQUARE, make.SQUARE.centroid)]
    yield _cleaned(
        "geojson-mixed", "geojson", make.geojson(*mixed), "points, polygons in one layer"
    )
    system = make.geojson()[:-1] + b', "crs": {"properties": {"name": "+init=/etc/passwd:x"}}}'
    yield _cleaned("geojson-system", "geojson", system, "which is in no register")


def _csv() -> Iterator[Case]:
    for id_, content, says in (
        ("quote", b'a,b\n"never ends,1\n2,3\n', "a table that breaks off"),
        ("unknown", b"a,b\nxin ch\xe0o \xff\xfe\x90,2\n", "not UTF-8"),
        ("long-text", b"a,b\n1," + b"x" * 40_000 + b"\n", "row 2, field b: found a text of 40000"),
        ("wide", b",".join(b"c" * 9 for _ in range(1_500)) + b"\n", "1500 columns"),
        ("utf-16-cut", "a,b\n1,\u1ea1\n".encode("utf-16") + b"\n", "UTF-16 text that breaks off"),
    ):
        yield _refused(f"csv-{id_}", "csv", content, says)
    rows = b"a,b\n" + b"1,2\n" * 11
    yield _refused("csv-rows", "csv", rows, "more than 10 rows", limits=Limits(features=10))
    for id_, content, says, keeps in (
        ("dde", b"a,b\n=cmd|' /C calc'!A0,2\n", "like a formula", "=cmd|' /C calc'!A0"),
        ("at", b"a,b\n@SUM(1+1),2\n", "like a formula", "@SUM(1+1)"),
        ("plus", b"a,b\n+84 912 345 678,-12.5\n", "", "+84 912 345 678"),
        ("script", b"a,b\n<script>alert(1)</script>,2\n", "", "<script>alert(1)</script>"),
        ("controls", b"a,b\nx\x07y,2\n", "control characters", "xy"),
        ("twice", b"a,a\n1,2\n", "the heading of two columns", "a (2)"),
        ("no-heading", b"a,,c\n1,2,3\n", "values under no heading", "column 2"),
        ("ragged", b"a,b\n1,2,3\n", "values under no heading", "column 3"),
        ("headings-only", b"a,b\n", "", "a"),
        ("directive", b"sep=;\na;b\n1,5;2\n", "", "1,5"),
        ("tcvn3", "Ten,Ghi chú\nx,Khu c«ng nghiÖp\n".encode("latin-1").replace(b"\xfa", b"\xf3"),
         "text in TCVN3", "Khu công nghiệp"),
        ("vni", "Ten,Ghi chuù\nx,Khu coâng nghieäp\n".encode("cp1252"),
         "text in VNI", "Khu công nghiệp"),
        ("mojibake", "Ten,Ghi chó\nx,Khu c«ng nghiÖp\n".encode(),
         "text in TCVN3", "Khu công nghiệp"),
    ):  # fmt: skip
        yield _cleaned(f"csv-{id_}", "csv", content, says, keeps=keeps)
    yield _cleaned("csv-sound", "csv", "Tên,Ha\nNam Cấm,12.5\n".encode(), "", keeps="Nam Cấm")
    yield _refused("csv-blank", "csv", b"\n\n \n", "blank text")


_NAN = shapely.to_wkb(shapely.Point(float("nan"), float("nan")))
_LYING = struct.pack("<BIII", 1, 3, 1, 2_000_000_000)
_CURVE = struct.pack("<BII6d", 1, 8, 3, 0, 0, 1, 1, 2, 0)  # CIRCULARSTRING
_DEEP = struct.pack("<BII", 1, 7, 1) * 200_000 + shapely.to_wkb(shapely.Point(1, 2))


def _gpkg(**content: Any) -> Callable[[Path, str], None]:  # noqa: ANN401
    return lambda path, _: make.geopackage(path, **content)


def _databases() -> Iterator[Case]:
    """GeoPackages: what they define must not run."""
    trigger = "CREATE TRIGGER run AFTER UPDATE ON plots BEGIN SELECT load_extension('/tmp/x'); END"
    view = "CREATE VIEW seen AS SELECT fid, geom, name FROM plots"
    listed = "INSERT INTO gpkg_contents VALUES ('seen', 'features', 4326)"
    heavy = (
        "CREATE VIEW seen AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
        "SELECT count(*) FROM n"
    )
    alone = "DELETE FROM gpkg_contents WHERE table_name = 'plots'"
    contents = "CREATE VIEW gpkg_contents AS SELECT 'plots' AS table_name, 'features' AS data_type"
    virtual = "CREATE VIRTUAL TABLE seen USING fts5(name)"
    for id_, more, says in (
        ("trigger", [trigger], "the trigger .run."),
        ("view", [view, listed], "the view .seen."),
        ("heavy-view", [heavy, listed], "the view .seen."),
        ("virtual", [virtual, listed], "without a table of its own"),
        ("computed", ["ALTER TABLE plots ADD x TEXT AS (hex(zeroblob(9)))"], "a computed column"),
        ("tiles", ["INSERT INTO gpkg_contents VALUES ('t', 'tiles', 1)"], "a layer of .tiles."),
        ("no-table", [listed], "the layer .seen. without a table"),
    ):
        yield Case(f"gpkg-{id_}", "gpkg", _gpkg(more=more), says, refused=False, keeps="A")
    for id_, more, says in (
        ("only-view", [view, listed, alone], "no readable layer: .*the view"),
        ("no-contents", ["DROP TABLE gpkg_contents"], "without gpkg_contents"),
        ("no-column", ["UPDATE gpkg_geometry_columns SET column_name = 'x'"], "without its column"),
        ("contents-view", ["DROP TABLE gpkg_contents", contents], "without gpkg_contents"),
    ):
        yield Case(f"gpkg-{id_}", "gpkg", _gpkg(more=more), says)
    for id_, shape, says in (
        ("no-blob", b"not a geometry", "can't be read"),
        ("text-blob", "text", "can't be read"),
        ("cut-blob", make.blob(shapely.to_wkb(make.SQUARE)[:40]), "can't be read"),
        ("lying-blob", make.blob(_LYING), "can't be read"),
        ("nan", make.blob(_NAN), "no numbers|no geometry"),
        ("null", None, "no geometry"),
        ("curve", make.blob(_CURVE),
         "a curve"),
    ):  # fmt: skip
        yield Case(f"gpkg-{id_}", "gpkg", _gpkg(shapes=[shape]), says, refused=False, keeps="A")
    deep = _gpkg(shapes=[make.blob(_DEEP)])
    yield Case("gpkg-deep-collections", "gpkg", deep, "breaks its reader|nested")
    binary = _gpkg(name=b"\x00\x01")
    yield Case("gpkg-binary-cell", "gpkg", binary, "binary content", refused=False)
    system = _gpkg(srs=("NONE", 1, "+proj=pipeline +step +nadgrids=/etc/passwd"))
    yield Case("gpkg-system", "gpkg", system, "which is in no register", refused=False)
    metres = _gpkg(shapes=[make.blob(shapely.to_wkb(shapely.Point(588000, 2075000)))])
    yield Case("gpkg-not-degrees", "gpkg", metres, "beyond 180 and 90", refused=False)
    empty = _gpkg(shapes=[])
    yield Case("gpkg-empty-layer", "gpkg", empty, "", refused=False, keeps="name")
    yield _refused("gpkg-no-database", "gpkg", b"SQLite format 3\0 but none", "a broken database")

    def cut(path: Path, _: str) -> None:
        make.geopackage(path)
        os.truncate(path, path.stat().st_size // 2)

    def damaged(path: Path, _: str) -> None:
        make.geopackage(path)
        content = bytearray(path.read_bytes())
        content[100:4096] = b"\xff" * 3996
        path.write_bytes(content)

    def unfinished(path: Path, _: str) -> None:
        make.geopackage(path)
        database = sqlite3.connect(path)
        database.execute("PRAGMA journal_mode = WAL")
        database.close()

    yield Case("gpkg-wal", "gpkg", unfinished, "", refused=False, keeps="A")
    yield Case("gpkg-cut-off", "gpkg", cut, "a broken database")
    yield Case("gpkg-damaged", "gpkg", damaged, "a broken database")


def _shapefiles() -> Iterator[Case]:
    def layer(**content: Any) -> bytes:  # noqa: ANN401
        return make.zipped(make.shapefile(**content))

    yield _cleaned("shp-plain", "zip", layer(), "", keeps="A")
    yield _cleaned("shp-no-shx", "zip", layer(without="shx"), r"no \.shx of", keeps="A")
    yield _cleaned("shp-no-prj", "zip", layer(without="prj"), "", keeps="A")
    yield _cleaned("shp-prj", "zip", layer(prj=b"+init=/etc/passwd"), "in no register", keeps="A")
    noted = {f"__MACOSX/._{name}": b"\0\5\x16\7" for name in make.shapefile()}
    mac = make.zipped({**make.shapefile(), **noted})
    yield _cleaned("shp-macos", "zip", mac, "", keeps="A")
    loud = {name.upper() if "dbf" in name else name: p for name, p in make.shapefile().items()}
    yield _cleaned("shp-capitals", "zip", make.zipped(loud), "", keeps="A")
    yield _refused("shp-no-dbf", "zip", layer(without="dbf"), r"no \.dbf of")
    yield _refused("shp-no-shp", "zip", layer(without="shp"), r"without \.shp")
    yield _refused("shp-short-dbf", "zip", layer(dbf=b"\x03"), r"a \.dbf of 1 bytes")
    lying = make.dbf([b"A"], count=4_000_000_000)
    yield _refused("shp-lying-dbf", "zip", layer(dbf=lying), "says 4000000000 records and holds 1")
    yield _refused("shp-no-shapefile", "zip", layer(shp=b"x" * 200), "no readable layer")
    shp = make.shapefile()["plots.shp"]
    yield _refused("shp-head-only", "zip", layer(shp=shp[:50]), "no readable layer")
    yield _refused("shp-cut-off", "zip", layer(shp=shp[:-10]), "no readable layer")
    nan = float("nan")
    points = layer(points=((nan, nan), (float("inf"), 1.0)))
    yield _cleaned("shp-nan", "zip", points, "no numbers", keeps="A")
    yield _cleaned("shp-empty", "zip", layer(texts=[], points=[]), "", keeps="TEN")
    names = ["Khu c«ng nghiÖp".encode("latin-1"), "V¨n phßng".encode("latin-1")]
    yield _cleaned("shp-tcvn3", "zip", layer(texts=names), "text in TCVN3", keeps="Khu công nghiệp")
    utf = ["Khu công nghiệp à".encode(), b"B"]
    yield _cleaned(
        "shp-cpg-lies", "zip", layer(texts=utf, cpg=b"1258"), "", keeps="Khu công nghiệp à"
    )
    long = make.dbf(["Khu công nghiệp ấ".encode()] * 2, width=21)
    yield _cleaned("shp-cut-letter", "zip", layer(dbf=long), "cut off within a letter")
    unknown = layer(texts=[b"\xff\xfe\x90\xe0", b"B"])
    yield _refused("shp-encoding", "zip", unknown, "not UTF-8")


def _parquet_file(**content: Any) -> Callable[[Path, str], None]:  # noqa: ANN401
    return lambda path, _: make.geoparquet(path, **content)


def _geo(**changes: object) -> bytes:
    column = {**make.GEO["columns"]["geometry"], **changes}
    return json.dumps({**make.GEO, "columns": {"geometry": column}}).encode()


def _parquet() -> Iterator[Case]:
    for id_, geo, says in (
        ("no-geo", None, "without geo metadata"),
        ("geo-text", b"{", "broken geo metadata"),
        ("geo-list", b"[]", "broken geo metadata"),
        (
            "geo-column",
            b'{"primary_column": "x", "columns": {"x": {"encoding": "WKB"}}}',
            "broken geo",
        ),
        ("geoarrow", _geo(encoding="point"), "encoded as .point."),
    ):
        yield Case(f"parquet-{id_}", "parquet", _parquet_file(geo=geo), says)
    for id_, content, says in (
        ("bad-wkb", {"shapes": [b"no WKB"]}, "can't be read"),
        ("nan", {"shapes": [_NAN]}, "no numbers|no geometry"),
        ("null", {"shapes": [None]}, "no geometry"),
        ("list-column", {"parts": [[1, 2]]}, "values of type list"),
        ("crs-null", {"geo": _geo(crs=None)}, ""),
        ("crs-unknown", {"geo": _geo(crs={"type": "x"})}, "which is in no register"),
        ("formula", {"a": ["=1+1"]}, "like a formula"),
    ):
        yield Case(f"parquet-{id_}", "parquet", _parquet_file(**content), says, refused=False)
    deep = _parquet_file(shapes=[_DEEP])
    yield Case("parquet-deep-collections", "parquet", deep, "breaks its reader|nested")
    rows = _parquet_file(shapes=[None] * 11)
    yield Case("parquet-rows", "parquet", rows, "11 rows", limits=Limits(features=10))

    def vertices(path: Path, _: str) -> None:
        line = struct.pack("<BII", 1, 2, 10_000_000) + b"\0" * 160_000_000
        make.geoparquet(path, [line])

    yield Case("parquet-ten-million-vertices", "parquet", vertices, "more than 1000000 vertices")
    small = Limits(unpacked_bytes=1_000_000)
    packed = _parquet_file(shapes=[b"\0" * 2_000_000])
    yield Case("parquet-bomb", "parquet", packed, "bytes unpacked", limits=small)
    yield _refused("parquet-no-parquet", "parquet", b"PAR1 but not Parquet", "broken Parquet")

    def footer(path: Path, _: str) -> None:
        make.geoparquet(path, a=["x"])
        content = bytearray(path.read_bytes())
        content[-60:-20] = b"\xff" * 40
        path.write_bytes(content)

    def cut(path: Path, _: str) -> None:
        make.geoparquet(path)
        os.truncate(path, path.stat().st_size - 10)

    yield Case("parquet-footer", "parquet", footer, "broken Parquet|broken geo")
    yield Case("parquet-cut-off", "parquet", cut, "broken Parquet")
