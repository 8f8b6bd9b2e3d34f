"""Formats of user's files: told by the first bytes, and the suffixes that go with each."""

from __future__ import annotations

from pathlib import PurePath

from data._errors import DataError, Finding
from data._message import Message

SUFFIXES = {
    "CSV": (".csv", ".tsv", ".txt"),
    "XLSX": (".xlsx", ".xlsm"),
    "GeoJSON": (".geojson", ".json"),
    "GeoPackage": (".gpkg",),
    "Shapefile": (".zip",),
    "KML": (".kml",),
    "KMZ": (".kmz",),
    "GeoParquet": (".parquet", ".geoparquet"),
}
FORMATS = Message("CSV, XLSX, GeoJSON, GeoPackage, zipped Shapefile, KML, KMZ or GeoParquet")
DRIVER = "ESRI Shapefile"  # the one of GDAL that may read
_ZIPPED = ("XLSX", "Shapefile", "KMZ")
_MAGIC = {
    b"SQLite format 3\0": "GeoPackage",
    b"PAR1": "GeoParquet",
    b"PK\x03\x04": "Shapefile",
    b"PK\x05\x06": "Shapefile",
}
_OTHERS = {
    b"\xd0\xcf\x11\xe0": Message("an old Excel or Word file (.xls, .doc), or one with a password"),
    b"%PDF": Message("a PDF file"),
    b"\x89PNG": Message("a picture"),
    b"\xff\xd8\xff": Message("a picture"),
    b"GIF8": Message("a picture"),
    b"\x1f\x8b": Message("an archive"),
    b"7z\xbc\xaf": Message("an archive"),
    b"Rar!": Message("an archive"),
    b"\x7fELF": Message("a program"),
    b"MZ": Message("a program"),
    b"\x00\x00\x27\x0a": Message("a Shapefile without its other parts"),
}
_BLANK = 0.1  # share of NUL bytes above which a text is none, or UTF-16


def format_of(head: bytes, name: str) -> str:
    """Tell the format of a file by its first bytes.

    Zip files of all kinds look alike: for them, and for text of no other format, the suffix
    says which the reader must find.

    Raises
    ------
    DataError
        It is none of the formats.
    """
    suffix = PurePath(name).suffix.lower()
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            zips = (zipped for zipped in _ZIPPED if suffix in SUFFIXES[zipped])
            return next(zips, "Shapefile") if kind == "Shapefile" else kind
    for magic, what in _OTHERS.items():
        if head.startswith(magic) and (magic != b"MZ" or b"\0" in head):
            raise _error(name, what)
    return _of_text(_start(head), suffix, name)


def _of_text(text: str, suffix: str, name: str) -> str:
    if text.startswith("{") or (text.startswith("[") and suffix in SUFFIXES["GeoJSON"]):
        return "GeoJSON"
    if text.startswith("<") and suffix in SUFFIXES["KML"]:
        return "KML"
    if text.startswith("<"):
        raise _error(name, Message("XML or HTML text"))
    if "\0" in text:
        raise _error(name, Message("binary content"))
    if suffix not in SUFFIXES["CSV"]:
        raise _error(name, Message("text") if text else Message("blank text"))
    return "CSV"


def check_name(kind: str, name: str) -> None:
    """Refuse a file whose suffix isn't one of its format.

    Raises
    ------
    DataError
        It isn't.
    """
    if PurePath(name).suffix.lower() not in SUFFIXES[kind]:
        expected = Message("a name that ends in {names}", names=", ".join(SUFFIXES[kind]))
        found = Message(
            "content of {kind}", kind=Message("a zip file") if kind == "Shapefile" else kind
        )
        raise DataError([Finding(name, "", "", found, expected)])


def utf_16(head: bytes) -> str | None:
    """Name the byte order of UTF-16 text, None for other text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    even, odd = head[::2].count(0), head[1::2].count(0)
    if even + odd > _BLANK * len(head):
        if not even:
            return "utf-16-le"
        if not odd:
            return "utf-16-be"
    return None


def _start(head: bytes) -> str:
    coding = utf_16(head)
    if coding:
        text = head[: len(head) // 2 * 2].decode(coding, errors="replace")
    else:
        text = head.decode("latin-1").removeprefix("\xef\xbb\xbf")
    return text.lstrip()


def _error(name: str, what: str) -> DataError:
    found = Message("{what}, none of the formats that can be read", what=what)
    return DataError([Finding(name, "", "", found, FORMATS)])
