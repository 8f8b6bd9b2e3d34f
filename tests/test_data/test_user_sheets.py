"""Sound files of every format come whole: cells, rows, shapes, systems, old encodings."""

from __future__ import annotations

import csv
import datetime as dt
import io
import unicodedata
import zipfile
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.units.gazetteer import communes_2025
from data.untrusted import read_file
from data.untrusted.legacy_text import (
    MISREAD,
    TCVN3,
    TCVN3_LETTERS,
    VNI,
    VNI_LETTERS,
    recognised,
    to_unicode,
)
from data.untrusted.syllables import is_syllable
from tests.test_data import file_makers as make

if TYPE_CHECKING:
    from pathlib import Path

NAMES = sorted(set(communes_2025()["name"]))
_TO_VNI = {letter: typed for typed, letter in reversed(VNI_LETTERS.items())}
_TO_TCVN3 = {letter: code for code, letter in TCVN3_LETTERS.items()}


def as_tcvn3(text: str) -> bytes:
    return b"".join(
        bytes([_TO_TCVN3[letter]]) if letter in _TO_TCVN3 else letter.encode("ascii")
        for letter in text
    )


def as_vni(text: str) -> bytes:
    return "".join(_TO_VNI.get(letter, letter) for letter in text).encode("cp1252")


def as_windows_1258(text: str) -> bytes:
    """Vowels with their marks as one letter, tones after them."""
    found = b""
    for letter in text:
        base, *marks = list(unicodedata.normalize("NFD", letter))
        tones = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
        marked = [mark for mark in marks if mark not in tones]
        whole = unicodedata.normalize("NFC", base + "".join(marked))
        found += (whole + "".join(tones)).encode("cp1258")
    return found


def _table(encode: object) -> bytes:
    lines = ["Tên xã,Ghi chú", *(f"{name},x" for name in NAMES)]
    return b"\n".join(encode(line) for line in lines)  # type: ignore[operator]


def test_the_gazetteer_is_made_of_syllables() -> None:
    words = {word for name in NAMES for word in name.replace("-", " ").split() if word.isalpha()}
    strange = {word for word in words if not is_syllable(word)}
    # Names of other languages: Đắk Lắk, Krông, Ia ...
    assert len(strange) < 0.15 * len(words)
    assert not {"Nghĩa", "Quỳnh", "Đường", "Thuỷ", "Thủy", "Huyện", "Giang"} & strange


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=20))
def test_old_encodings_there_and_back(names: list[str]) -> None:
    for name in names:
        assert to_unicode(as_vni(name).decode("cp1252"), VNI) == name
        small = name.lower()
        assert to_unicode(as_tcvn3(small).decode("cp1252"), TCVN3) == small
        capitals = to_unicode(as_vni(name.upper()).decode("cp1252"), VNI)
        assert capitals == name.upper()
    assert recognised([names]) is None


def test_capital_letters_of_tcvn3() -> None:
    # Fonts of capitals: small letters with tones within capitals.
    typed = "KHU C¤NG NGHIÖP THÞNH MINH, X· Nam §µn, H¹ Long"
    assert to_unicode(typed, TCVN3) == "KHU CÔNG NGHIỆP THỊNH MINH, Xã Nam Đàn, Hạ Long"


@pytest.mark.parametrize(
    ("encode", "encoding"),
    [
        (lambda text: text.encode("utf-8-sig"), "UTF-8"),
        (lambda text: unicodedata.normalize("NFD", text).encode(), "UTF-8"),
        (as_windows_1258, "Windows-1258"),
        (as_vni, VNI),
        (lambda text: as_tcvn3(text.lower()), TCVN3),
        (lambda text: as_tcvn3(text.lower()).decode("cp1252").encode(), TCVN3),
        (lambda text: text.encode().decode("latin-1").encode(), MISREAD),
    ],
)
def test_a_table_in_each_encoding(encode: object, encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    content = _table(encode)
    file.write_bytes(content.replace(b"\n\xef\xbb\xbf", b"\n"))
    (sheet,) = read_file(file)
    assert sheet.encoding == encoding
    expected = [name.lower() for name in NAMES] if encoding == TCVN3 else NAMES
    assert list(sheet.cells.iloc[:, 0]) == expected
    assert str(sheet.cells.columns[0]).casefold() == "tên xã"


def test_plain_text_is_left_alone() -> None:
    western = [name for name in NAMES if all(ord(letter) < 256 for letter in name)]
    assert len(western) > 20
    assert recognised([western]) is None
    assert recognised([["Škoda", "Müller GmbH", "José Peña", "Société Générale"]]) is None


def test_a_table_put_together_from_two_files(tmp_path: Path) -> None:
    lines = ["Tên,Ghi chú", "Công ty A,Khu c«ng nghiÖp", "Bà Triệu,V¨n phßng", "Hà Nam,®Êt"]
    file = tmp_path / "own.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    (sheet,) = read_file(file)
    assert sheet.cells.to_dict("list") == {
        "Tên": ["Công ty A", "Bà Triệu", "Hà Nam"],
        "Ghi chú": ["Khu công nghiệp", "Văn phòng", "đất"],
    }


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_table_in_utf_16(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "own.txt"
    file.write_bytes("Tên\tDiện tích\nNam Cấm\t1.234,5\n".encode(encoding))
    (sheet,) = read_file(file)
    assert sheet.encoding == "UTF-16"
    assert sheet.cells.to_dict("list") == {"Tên": ["Nam Cấm"], "Diện tích": ["1.234,5"]}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_and_rows_as_a_spreadsheet_counts_them(delimiter: str, tmp_path: Path) -> None:
    rows = [
        ["DANH SÁCH KHU CÔNG NGHIỆP"],
        [],
        ["Tên", "Diện tích (ha)", "Ghi chú"],
        ["Nam Cấm", "1.234,5", 'hai\ndòng, và "ngoặc"; hết'],
        [],
        ["Hoàng Mai", "264,77", ""],
    ]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    file = tmp_path / "own.csv"
    file.write_text(text.getvalue(), encoding="utf-8", newline="")
    (sheet,) = read_file(file)
    assert (sheet.header_row, list(sheet.cells.index)) == (3, [4, 6])
    assert list(sheet.cells.columns) == rows[2]
    assert sheet.cells.to_numpy().tolist() == [rows[3], rows[5]]
    assert [finding.row for finding in sheet.findings] == ["1"]


def test_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "Lô đất"
    for row in (["Sổ đăng ký"], [], ["Mã", "Diện tích", "Ngày", "Có", "Lúc", "Tỷ lệ"]):
        first.append(row)
    first.append(
        [
            "A-1",
            12.345678901234,
            dt.date(2024, 2, 29),
            True,
            pd.Timestamp("2024-01-01 08:30").to_pydatetime(),
        ]
    )
    first.append(["007", 1234567890123456, 40.0, None, "29/02/2024"])
    for place, value in (("F4", 0.855), ("F5", 1)):
        first[place] = value
        first[place].number_format = "0.0%"
    second = book.create_sheet("Hợp đồng")
    second.append(["Bên thuê"])
    second.append(["Công ty A"])
    book.create_sheet("Trống")
    file = tmp_path / "own.xlsx"
    book.save(file)
    plots, leases = read_file(file)
    assert (plots.name, plots.header_row, list(plots.cells.index)) == ("Lô đất", 3, [4, 5])
    assert plots.cells.to_numpy().tolist() == [
        ["A-1", "12.345678901234", "2024-02-29", "true", "2024-01-01T08:30:00", "85.5%"],
        ["007", "1234567890123456", "40", "", "29/02/2024", "100%"],
    ]
    assert (leases.name, leases.cells.to_dict("list")) == ("Hợp đồng", {"Bên thuê": ["Công ty A"]})
    assert plots.geometry is None
    assert plots.crs is None


def _layer() -> gpd.GeoDataFrame:
    rng = np.random.default_rng(7)
    corners = rng.uniform([105, 18], [106, 19], size=(50, 2))
    return gpd.GeoDataFrame(
        {
            "Tên lô": [f"Lô {number}, Đông Hồi" for number in range(50)],
            "dien_tich": rng.uniform(0, 100, 50),
            "so": range(50),
            "trong": [None, "x"] * 25,
        },
        geometry=[shapely.box(x, y, x + 0.01, y + 0.01) for x, y in corners],
        crs="EPSG:4326",
    )


def _write(layer: gpd.GeoDataFrame, file: Path) -> None:
    if file.suffix == ".zip":
        layer.to_file(file.with_suffix(".shp"), encoding="UTF-8")
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(file.parent.glob("own.[!z]*")):
                archive.write(part, f"bản đồ/{part.name}")
    elif file.suffix == ".parquet":
        layer.to_parquet(file)
    else:
        layer.to_file(file)


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "zip", "parquet"])
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:9208"])
def test_a_layer_there_and_back(suffix: str, crs: str, tmp_path: Path) -> None:
    layer = _layer().to_crs(crs)
    file = tmp_path / f"own.{suffix}"
    _write(layer, file)
    (sheet,) = read_file(file)
    assert sheet.crs == crs
    assert sheet.geometry is not None
    assert sheet.geometry.crs == crs
    assert list(sheet.cells.index) == list(sheet.geometry.index) == list(range(1, 51))
    found = sheet.geometry.normalize().to_numpy()
    assert shapely.equals_exact(found, layer.normalize().to_numpy(), 1e-6).all()
    assert list(sheet.cells.iloc[:, 0]) == list(layer["Tên lô"])
    assert np.allclose(sheet.cells.iloc[:, 1].astype(float), layer["dien_tich"], rtol=1e-12)
    assert list(sheet.cells.iloc[:, 2]) == [str(number) for number in range(50)]
    assert list(sheet.cells.iloc[:, 3]) == ["", "x"] * 25
    assert sheet.findings == ()
    assert all(isinstance(value, str) for value in sheet.cells.to_numpy().ravel())


def test_several_layers_of_one_file(tmp_path: Path) -> None:
    file = tmp_path / "own.gpkg"
    _layer().to_file(file, layer="Lô đất")
    _layer().set_geometry(_layer().representative_point()).to_file(file, layer="Điểm")
    plots, points = read_file(file)
    assert (plots.name, points.name) == ("Lô đất", "Điểm")
    assert points.geometry is not None
    assert set(points.geometry.geom_type) == {"Point"}


@pytest.mark.parametrize("suffix", ["kml", "kmz"])
def test_placemarks(suffix: str, tmp_path: Path) -> None:
    ring = "105,18 105.1,18 , 105.1,18.1 105,18"
    more = (
        "<ExtendedData><Data name='Diện tích'><value>12,5</value></Data>"
        "<SchemaData><SimpleData name='Mã'>A-1</SimpleData></SchemaData></ExtendedData>"
    )
    polygon = (
        "<Folder><name>KCN Nam Cấm</name><Placemark><name>Lô 1</name>"
        "<MultiGeometry><Polygon><outerBoundaryIs><LinearRing><coordinates>"
        f"{ring.replace(' , ', ' ')}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
        "</MultiGeometry></Placemark></Folder>"
    )
    content = make.kml(polygon, placemark=more)
    file = tmp_path / f"own.{suffix}"
    file.write_bytes(make.zipped({"doc.kml": content}) if suffix == "kmz" else content)
    (sheet,) = read_file(file)
    assert sheet.crs == "EPSG:4326"
    assert sheet.cells.to_dict("list") == {
        "Folder": ["KCN Nam Cấm", ""],
        "name": ["Lô 1", "A"],
        "Diện tích": ["", "12,5"],
        "Mã": ["", "A-1"],
    }
    assert sheet.geometry is not None
    assert list(sheet.geometry.geom_type) == ["Polygon", "Point"]
    assert sheet.geometry.iloc[0].equals(shapely.Polygon([(105, 18), (105.1, 18), (105.1, 18.1)]))


def test_geojson_of_one_shape_and_of_projected_coordinates(tmp_path: Path) -> None:
    file = tmp_path / "own.json"
    file.write_text(shapely.to_geojson(make.SQUARE), encoding="utf-8")
    (sheet,) = read_file(file)
    assert sheet.geometry is not None
    assert sheet.geometry.iloc[0].equals(make.SQUARE)
    # Metres in a file that is silent on its system: unknown, not WGS 84.
    file.write_bytes(make.raw_geojson("[588000, 2075000]", "Point"))
    (sheet,) = read_file(file)
    assert sheet.crs is None
    assert sheet.geometry is not None
    assert sheet.geometry.crs is None


def test_dates_of_a_layer(tmp_path: Path) -> None:
    layer = (
        _layer()
        .iloc[:2]
        .assign(ngay=pd.to_datetime(["2024-02-29", "2026-11-21"]), so=[0.5, np.nan])
    )
    file = tmp_path / "own.parquet"
    layer.to_parquet(file)
    (sheet,) = read_file(file)
    assert list(sheet.cells["ngay"]) == ["2024-02-29", "2026-11-21"]
    assert list(sheet.cells["so"]) == ["0.5", ""]
