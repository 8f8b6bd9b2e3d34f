"""Exported files, read back and checked by programs that aren't ours."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args
from xml.etree import ElementTree as ET

import geojson_validator
import geopandas as gpd
import geoparquet_validator
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from jsonschema import Draft202012Validator
from pyproj import Transformer

from data.criteria import changed, preset_for
from data.resolutions import provinces
from data.vocabulary import Status
from geo.ranking import rank_provinces
from geo.snapshot import load_province, snapshot
from layers.exchange.delimited import csv_text
from layers.exchange.fields import dictionary, json_schema, layer_fields
from layers.exchange.layer import make_layer
from layers.exchange.package import SUMS, package_bytes
from layers.exchange.rankings import ranking_layers
from layers.exchange.shapefile import LONGEST
from layers.exchange.signs import CLASSED_BY, signs
from layers.exchange.styles import qml, sld
from layers.exchange.tables import LAYERS
from layers.exchange.write import FORMATS, crs_of, export_bytes, layer_bytes, make_bundle
from layers.words import STATUS, words
from tests.test_layers.exports import Exports, rows_of, same_number
from tests.test_layers.libreoffice import convert

if TYPE_CHECKING:
    from geo.snapshot import Province, Snapshot
    from layers.exchange.bundle import Numbers
    from layers.exchange.layer import Layer
    from layers.exchange.write import Form

ROOT = Path(__file__).resolve().parents[2]
VALIDATE_GPKG = Path("/usr/lib/python3/dist-packages/osgeo_utils/samples/validate_gpkg.py")
ISO = {
    "gmd": "http://www.isotc211.org/2005/gmd",
    "gco": "http://www.isotc211.org/2005/gco",
}
VN2000 = "EPSG:9208"
DRAWN = LAYERS
PACKED = (*LAYERS, "province", "figures", "sources")
POLYGONS = ("zones", "communes")


def needs(program: str | Path) -> None:
    """Skip where a program of Debian isn't installed; fail in CI."""
    if shutil.which(str(program)) or Path(program).exists():
        return
    if os.environ.get("CI"):
        pytest.fail(f"{program} is not installed")
    pytest.skip(f"{program} is not installed")


@pytest.fixture(scope="module")
def exports(
    province: Province, shot: Snapshot, tmp_path_factory: pytest.TempPathFactory
) -> Exports:
    return Exports(province, shot, tmp_path_factory.mktemp("exports"))


def layer_of(exports: Exports, key: str, *, lang: str = "vi") -> Layer:
    layers = exports.bundle("wgs84", LAYERS, lang).layers
    return next(layer for layer in layers if layer.key == key)


def hectares(shapes: gpd.GeoSeries) -> np.ndarray[Any, Any]:
    return np.asarray(shapes.to_crs(VN2000).area) / 10_000


# Layers and their fields.


@pytest.mark.parametrize("key", layer_fields())
def test_short_names_are_ascii_and_differ(key: str) -> None:
    fields = layer_fields()[key].fields
    for names in ([field.short for field in fields], [field.name for field in fields]):
        assert len(set(names)) == len(names)
    assert all(field.short.isascii() and 0 < len(field.short) <= 10 for field in fields)
    assert layer_fields()[key].identifier in {field.name for field in fields}


@pytest.mark.parametrize("key", layer_fields())
def test_the_dictionary_has_both_languages(key: str) -> None:
    for row in dictionary(layer_fields()[key]):
        assert row["title_vi"]
        assert row["title_en"]
        assert row["description_vi"] != row["description_en"]
        assert bool(row["values_vi"]) == bool(row["values_en"])


def test_the_planning_table_names_fields_that_there_are() -> None:
    text = (ROOT / "docs/planning-fields.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"(\| use \| layer `areas`.*?)\n\n", text, re.DOTALL)
    known = {key: {field.name for field in about.fields} for key, about in layer_fields().items()}
    for line in table.splitlines()[2:]:
        cells = [set(re.findall(r"`([a-z_]+)`", cell)) for cell in line.split("|")[2:5]]
        for key, names in zip(("areas", "zones", "plots"), cells, strict=True):
            assert names <= known[key] | {"communes", "sources"}, (key, names)
    (statuses,) = re.findall(r"The statuses are ours: (.*)", text)
    w = words("vi")
    said = {status: w(STATUS[status]) for status in get_args(Status)}
    assert dict(re.findall(r"`(\w+)` \((.+?)\)", statuses)) == said


def test_a_record_with_other_fields_is_refused() -> None:
    about = layer_fields()["sources"]
    record = dict.fromkeys((field.name for field in about.fields), "x")
    assert make_layer(about, [record]).records == (record,)
    with pytest.raises(ValueError, match="shoe_size"):
        make_layer(about, [{**record, "shoe_size": 44}])
    del record["url"]
    with pytest.raises(ValueError, match="url"):
        make_layer(about, [record])
    with pytest.raises(ValueError, match="0 records and 1 geometries"):
        make_layer(layer_fields()["roads"], [], [shapely.Point(0, 0)])


def test_layers_hold_everything(exports: Exports, province: Province, shot: Snapshot) -> None:
    assert len(layer_of(exports, "zones").records) == len(shot.zones)
    assert len(layer_of(exports, "communes").records) == len(province.communes)
    areas = layer_of(exports, "areas")
    assert [record["id"] for record in areas.records] == list(shot.areas.index)
    for record, (_, row) in zip(areas.records, shot.areas.iterrows(), strict=True):
        for metric in ("total_area_ha", "leasable_ha", "leased_ha", "fill_rate_pct"):
            assert same_number(row[metric], record[metric], exact=1e-6)
            # A figure never stands without its sources, and no source without a figure.
            assert (record[metric] is None) == (not record[f"{metric}_sources"])
        codes = {"industrial_park": "SKK", "industrial_cluster": "SKN"}
        assert record["land_use"] == codes.get(record["kind"])
    named = {record["source_id"] for record in layer_of(exports, "sources").records}
    for layer in exports.bundle("wgs84", LAYERS, "vi").layers:
        for record in layer.records:
            assert set(record.get("sources", ())) <= named


def test_documents_and_periods_are_those_of_the_texts(exports: Exports) -> None:
    zones = {record["zone_key"]: record for record in layer_of(exports, "zones").records}
    assert zones["na-a"]["plan_period"] == "2021-2030"
    assert zones["na-a"]["documents"][0].startswith("07-NQ/TU")
    areas = layer_of(exports, "areas").records
    # No deciding document of an area in Nghệ An states a period of its own.
    assert {record["plan_period"] for record in areas} == {None}


# Validity.


@pytest.mark.parametrize("key", DRAWN)
def test_geojson_is_valid(exports: Exports, key: str) -> None:
    document = json.loads(exports.member("geojson", key).read_text(encoding="utf-8"))
    assert geojson_validator.validate_structure(document) == {}
    assert geojson_validator.validate_geometries(document)["invalid"] == {}
    layer = layer_of(exports, key)
    Draft202012Validator(json_schema(layer.about)).validate(document)
    assert len(document["features"]) == len(layer.records)
    about = document["metadata"]
    for member in ("title", "abstract", "date", "boundary_source", "sources", "licence"):
        assert member in about


@pytest.mark.parametrize("key", sorted(set(provinces()) - {"nghe-an"}))
def test_every_province_fits_the_schemas(key: str) -> None:
    loaded = load_province(key, boundaries="bundled")
    bundle = make_bundle(loaded, snapshot(loaded, dt.date(2026, 6, 30)), keys=LAYERS, lang="en")
    for layer in bundle.drawn:
        document = json.loads(layer_bytes(bundle, layer, "geojson"))
        Draft202012Validator(json_schema(layer.about)).validate(document)
        assert geojson_validator.validate_geometries(document)["invalid"] == {}
        assert signs(layer, words("vi")) or not layer.records


def test_the_schema_refuses_what_is_wrong(exports: Exports) -> None:
    document = json.loads(exports.member("geojson", "areas").read_text(encoding="utf-8"))
    check = Draft202012Validator(json_schema(layer_fields()["areas"]))
    assert check.is_valid(document)
    for name, value in (("leased_ha", "12"), ("land_use", "ABC"), ("zone_keys", "na-a")):
        wrong = json.loads(json.dumps(document))
        wrong["features"][0]["properties"][name] = value
        assert not check.is_valid(wrong)
    del document["features"][0]["properties"]["land_use"]
    assert not check.is_valid(document)


@pytest.mark.parametrize("crs", ["wgs84", "vn2000"])
def test_geopackage_is_valid(exports: Exports, crs: str) -> None:
    needs(VALIDATE_GPKG)
    done = subprocess.run(
        ["/usr/bin/python3", VALIDATE_GPKG, exports.path("gpkg", crs=crs)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")


@pytest.mark.parametrize("key", DRAWN)
def test_geoparquet_is_valid(exports: Exports, key: str) -> None:
    path = exports.member("parquet", key)
    report = geoparquet_validator.check(str(path))
    assert geoparquet_validator.conformant(report, "core")
    failed = [item["id"] for item in report["outcomes"] if item["status"] == "fail"]
    # No statistics of boxes without a box.
    empty = not layer_of(exports, key).records
    assert failed == ["/conf/distribution/geospatial-statistics"] * empty
    assert report["version"].startswith("1.1")
    head = pq.read_schema(path).metadata
    assert json.loads(head[b"industrial_land"])["licence"]
    assert json.loads(head[b"geo"])["version"] == "1.1.0"


# What the files hold.


def read(exports: Exports, form: str, key: str) -> gpd.GeoDataFrame:
    """Read a layer back in its order, with the names that our fields have."""
    identifier = layer_fields()[key].identifier
    order = [record[identifier] for record in layer_of(exports, key).records]
    found = _read(exports, form, key).set_index(identifier, drop=False)
    # The index of FlatGeobuf sorts by place.
    return found.loc[order] if form == "fgb" else found


def _read(exports: Exports, form: str, key: str) -> gpd.GeoDataFrame:
    about = layer_fields()[key]
    places: dict[str, tuple[str | Path, str | None]] = {
        "gpkg": (exports.path("gpkg"), key),
        "kml": (exports.path("kml"), about.title.vi),
        "shp": (f"/vsizip/{exports.path('shp')}/{key}.shp", None),
    }
    if form == "parquet":
        return gpd.read_parquet(exports.member("parquet", key))
    path, layer = places.get(form) or (exports.member(form, key), None)  # type: ignore[arg-type]
    frame: gpd.GeoDataFrame = pyogrio.read_dataframe(path, layer=layer)
    names = {field.short: field.name for field in about.fields} if form == "shp" else {}
    return frame.rename(columns={"Name": "name", **names})


@pytest.mark.parametrize("form", ["gpkg", "shp", "fgb", "parquet", "geojson", "kml"])
@pytest.mark.parametrize("key", POLYGONS)
def test_outlines_keep_their_area(exports: Exports, form: str, key: str) -> None:
    layer = layer_of(exports, key)
    assert layer.geometry is not None
    expected = hectares(layer.geometry)
    found = read(exports, form, key)
    assert found.crs is not None
    assert found.crs.to_epsg() == 4326
    # Seven decimals are about a centimetre along every border; the others are float64.
    tolerance = 1e-3 if form in {"geojson", "kml"} else 1e-6
    assert hectares(found.geometry) == pytest.approx(expected, rel=tolerance, abs=tolerance)


@pytest.mark.parametrize("form", ["gpkg", "shp", "fgb", "parquet", "geojson", "kml"])
@pytest.mark.parametrize("key", ["zones", "areas", "communes", "roads", "nodes"])
def test_values_come_back(exports: Exports, form: str, key: str) -> None:
    layer = layer_of(exports, key)
    assert layer.geometry is not None
    identifier = layer.about.identifier
    found = read(exports, form, key)
    assert list(found.index) == [record[identifier] for record in layer.records]
    # What has no place is there all the same.
    missing = found.geometry.isna() | found.geometry.is_empty
    assert missing.tolist() == layer.geometry.isna().tolist()
    for field in layer.about.fields:
        if field.name == identifier or field.drawn:
            continue
        values = [record[field.name] for record in layer.records]
        column = found[field.name]
        if field.type in {"number", "integer"}:
            for value, expected in zip(column, values, strict=True):
                assert same_number(None if pd.isna(value) else value, expected, exact=1e-9)
        elif field.type == "text" and form != "shp":
            assert [None if pd.isna(value) else value for value in column] == values


def test_some_places_are_unknown(exports: Exports) -> None:
    """Else the tests above would say nothing of them."""
    for key in ("nodes", "roads"):
        geometry = layer_of(exports, key).geometry
        assert geometry is not None
        assert geometry.isna().any()


def test_vn_2000_is_what_epsg_says(exports: Exports) -> None:
    transform = Transformer.from_crs("EPSG:4326", VN2000, always_xy=True)
    path = exports.path("gpkg", crs="vn2000")
    for key in ("areas", "zones"):
        found = pyogrio.read_dataframe(path, layer=key)
        assert found.crs.to_epsg() == 9208
        geometry = layer_of(exports, key).geometry
        assert geometry is not None
        degrees = shapely.get_coordinates(np.asarray(geometry))
        expected = np.column_stack(transform.transform(*degrees.T))
        assert shapely.get_coordinates(np.asarray(found.geometry)) == pytest.approx(
            expected, abs=1e-6
        )


def test_a_geopackage_has_styles_and_metadata(exports: Exports) -> None:
    with closing(sqlite3.connect(exports.path("gpkg"))) as connection:
        styles = connection.execute(
            "SELECT f_table_name, styleQML, styleSLD, useAsDefault FROM layer_styles"
        ).fetchall()
        texts = connection.execute(
            "SELECT r.reference_scope, r.table_name, m.md_standard_uri, m.metadata"
            " FROM gpkg_metadata m JOIN gpkg_metadata_reference r ON m.id = r.md_file_id"
        ).fetchall()
    assert [style[0] for style in styles] == list(DRAWN)
    for key, as_qml, as_sld, default in styles:
        rules = ET.fromstring(as_qml).findall(".//rules/rule")  # noqa: S314
        others = [rule for rule in rules if rule.get("filter") == "ELSE"]
        assert len(others) == bool(CLASSED_BY[key])
        assert len(rules) - len(others) == len(signs(layer_of(exports, key), words("vi")))
        # A cell of a workbook holds no more, and the table of styles is read like any other.
        assert len(as_qml) < 30_000
        assert ET.fromstring(as_sld).tag.endswith("StyledLayerDescriptor")  # noqa: S314
        assert default == 1
    assert [text[:2] for text in texts] == [("geopackage", None), *(("table", k) for k in DRAWN)]
    root = ET.fromstring(texts[0][3])  # noqa: S314
    said = [node.text for node in root.iterfind(".//gco:CharacterString", ISO)]
    about = exports.bundle("wgs84", LAYERS, "vi").about
    assert {about.title, about.abstract, about.licence, "EPSG:4326"} <= set(said)
    assert any("© OpenStreetMap contributors" in (text or "") for text in said)
    assert root.findtext(".//gmd:dateStamp/gco:Date", namespaces=ISO) == "2026-06-30"
    assert len(root.findall(".//gmd:source", ISO)) == len(about.record["sources"])


@pytest.mark.parametrize("key", DRAWN)
def test_every_record_has_one_rule(exports: Exports, key: str) -> None:
    """Evaluate QGIS's filters, which are comparisons that SQLite understands too."""
    layer, w = layer_of(exports, key), words("en")
    filters = [
        rule.get("filter")
        for rule in ET.fromstring(qml(layer, w)).iterfind(".//rules/rule")  # noqa: S314
    ]
    if not CLASSED_BY[key]:
        assert filters == [None]
        return
    assert filters.pop() == "ELSE"
    assert sld(layer, w).count("<ElseFilter") == 1
    assert sld(layer, w).count("<Rule>") == len(filters) + 1
    with closing(sqlite3.connect(exports.path("gpkg"))) as connection:
        counts = [
            connection.execute(f'SELECT count(*) FROM "{key}" WHERE {text}').fetchone()[0]  # noqa: S608
            for text in filters
        ]
    assert all(counts)
    assert sum(counts) == len(layer.records)


@pytest.mark.parametrize("key", ["roads", "nodes"])
def test_planned_roads_and_ports_are_no_parks(exports: Exports, key: str) -> None:
    found = signs(layer_of(exports, key), words("vi"))
    planned = [sign.label for sign in found if "planned" in dataclasses.astuple(sign)[0]]
    assert planned
    assert all(label.endswith(", theo quy hoạch") for label in planned)


# Shapefile.


def test_a_shapefile_says_how_it_is_written(exports: Exports) -> None:
    with zipfile.ZipFile(exports.path("shp")) as archive:
        names = set(archive.namelist())
        for key in DRAWN:
            parts = {f"{key}.{part}" for part in ("shp", "shx", "dbf", "prj", "cpg", "shp.xml")}
            assert parts | {f"{key}_fields.csv"} <= names
            assert archive.read(f"{key}.cpg") == b"UTF-8"
            listed = rows_of(archive.read(f"{key}_fields.csv").decode())
            path = f"/vsizip/{exports.path('shp')}/{key}.shp"
            fields = pyogrio.read_info(path)["fields"].tolist()
            assert [row["short_name"] for row in listed] == fields
        assert {"province.csv", "figures.csv", "sources.csv", "README.txt"} <= names


def test_no_text_of_a_shapefile_is_lost(exports: Exports) -> None:
    layer = layer_of(exports, "areas")
    with zipfile.ZipFile(exports.path("shp")) as archive:
        longer = {
            (row["id"], row["field"]): row["text"]
            for row in rows_of(archive.read("areas_long_texts.csv").decode())
        }
    found = pyogrio.read_dataframe(f"/vsizip/{exports.path('shp')}/areas.shp").set_index("id")
    shortened = 0
    for record in layer.records:
        for field in layer.about.fields:
            value = record[field.name]
            if field.type not in {"text", "list"} or field.name == "id" or not value:
                continue
            text = value if field.type == "text" else ";".join(value)
            stored = found.loc[record["id"], field.short]
            assert len(stored.encode()) <= LONGEST
            if stored != text:
                shortened += 1
                assert stored.endswith("…")
                assert text.startswith(stored[:-1])
                assert longer[record["id"], field.short] == text
    assert shortened == len(longer) > 0


# CSV and XLSX.


@pytest.mark.parametrize(("numbers", "delimiter"), [("vi", ";"), ("international", ",")])
def test_csv_has_numbers_of_the_reader(
    province: Province, shot: Snapshot, numbers: Numbers, delimiter: str
) -> None:
    bundle = make_bundle(province, shot, keys=("areas",), numbers=numbers)
    layer = bundle.layers[0]
    rows = rows_of(csv_text(bundle, layer), delimiter=delimiter)
    assert len(rows) == len(layer.records)
    for row, record in zip(rows, layer.records, strict=True):
        for name in ("leased_ha", "fill_rate_pct", "total_area_ha"):
            text = row[name].replace(",", ".") if numbers == "vi" else row[name]
            assert same_number(float(text) if text else None, record[name])
            assert not (numbers == "vi" and "." in row[name])
        assert row["name"] == record["name"]
        assert row["licence"]
        assert row["dataset_as_of"] == "2026-06-30"
        if record["sources"]:
            assert row["source_titles"]
    assert layer.geometry is not None
    places = [float(row["lon"].replace(",", ".")) for row in rows if row["lon"]]
    assert len(places) == int(layer.geometry.notna().sum())
    assert all(103 < lon < 107 for lon in places)


def test_csv_has_coordinates_of_the_system(province: Province, shot: Snapshot) -> None:
    bundle = make_bundle(province, shot, keys=("areas",), crs="vn2000", numbers="international")
    row = rows_of(csv_text(bundle, bundle.layers[0]))[0]
    assert row["crs"] == VN2000
    assert 400_000 < float(row["easting"]) < 700_000
    assert 2_000_000 < float(row["northing"]) < 2_300_000


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_workbook_has_sheets_headings_and_numbers(exports: Exports, lang: str) -> None:
    book = openpyxl.load_workbook(exports.path("xlsx", lang=lang))
    layers = exports.bundle("wgs84", LAYERS, lang).layers
    assert book.sheetnames == ["about", *(layer.key for layer in layers), "fields"]
    for layer in layers:
        sheet = book[layer.key]
        assert sheet.freeze_panes == "C2"
        headings = [field.heading(lang) for field in layer.about.fields]  # type: ignore[arg-type]
        assert [cell.value for cell in sheet[1]][: len(headings)] == headings
        assert sheet.max_row == len(layer.records) + 1
    areas = layer_of(exports, "areas", lang=lang)
    at = {field.name: number for number, field in enumerate(areas.about.fields)}
    w = words(lang)
    for record, row in zip(areas.records, book["areas"].iter_rows(min_row=2), strict=True):
        assert same_number(row[at["leased_ha"]].value, record["leased_ha"])
        assert record["leased_ha"] is None or row[at["leased_ha"]].number_format == "#,##0.00"
        assert row[at["kind"]].value == w(record["kind"].replace("_", " "))
    said = [cell.value for cell in book["about"]["B"]]
    assert exports.bundle("wgs84", LAYERS, lang).about.licence in said
    sources = [cell.value for cell in book["sources"]["A"]][1:]
    assert sources == [record["source_id"] for record in layers[-1].records]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_workbook_writes_codes_in_words_and_explains_them(exports: Exports, lang: str) -> None:
    book = openpyxl.load_workbook(exports.path("xlsx", lang=lang))
    head, *explained = book["fields"].iter_rows(values_only=True)
    values = head.index(f"values_{lang}")
    for layer in exports.bundle("wgs84", LAYERS, lang).layers:
        cells = [*book[layer.key].iter_rows(min_row=2, values_only=True)]
        for number, field in enumerate(layer.about.fields):
            if not (field.words or field.codes) or field.type != "text":
                continue
            labels = field.read_as(lang)  # type: ignore[arg-type]
            told = next(row[values] for row in explained if row[:2] == (layer.key, field.name))
            for record, row in zip(layer.records, cells, strict=True):
                code = record[field.name]
                assert row[number] == (labels.get(code, code) or None), field.name
                assert not code or code in str(told).replace(";", "").split(), field.name
                assert "_" not in str(row[number]), (field.name, code)
    words_of = {
        (layer.key, field.name): field.labels(lang)  # type: ignore[arg-type]
        for layer in exports.bundle("wgs84", LAYERS, lang).layers
        for field in layer.about.fields
    }
    observed, count = {
        "vi": ("theo nguồn", "số lượng"),
        "en": ("as the source has it", "number"),
    }[lang]
    assert words_of["figures", "how"]["observed"] == observed
    assert words_of["areas", "leased_ha_how"]["observed"] == observed
    assert words_of["figures", "unit"]["count"] == count


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_sign_of_a_zone_is_explained(exports: Exports, lang: str) -> None:
    text = {field.name: field.text for field in layer_fields()["zones"].fields}["map_sign"]
    for record in layer_of(exports, "zones").records:
        form, _, more = record["map_sign"].partition("-")
        assert form in text.of(lang)  # type: ignore[arg-type]
        assert "partly" not in more or "-partly" in text.of(lang)  # type: ignore[arg-type]


def test_libreoffice_opens_the_workbook(exports: Exports, tmp_path: Path) -> None:
    path = exports.path("xlsx")
    convert("xlsx:Calc MS Excel 2007 XML", tmp_path, path)
    ours, theirs = (openpyxl.load_workbook(file) for file in (path, tmp_path / path.name))
    assert theirs.sheetnames == ours.sheetnames
    for sheet in ours:
        expected = [[cell.value for cell in row] for row in sheet.iter_rows()]
        found = [[cell.value for cell in row] for row in theirs[sheet.title].iter_rows()]
        assert [row[: len(expected[0])] for row in found] == expected


# Same data, same file.


def test_two_exports_are_the_same_bytes(exports: Exports) -> None:
    """The other one is made by a process of its own: elsewhere, later, hashing differently."""
    code = (
        "import datetime, hashlib\n"
        "from geo.snapshot import load_province, snapshot\n"
        "from layers.exchange.tables import LAYERS\n"
        "from layers.exchange.write import FORMATS, export_bytes, make_bundle\n"
        "province = load_province('nghe-an', boundaries='bundled')\n"
        "state = snapshot(province, datetime.date(2026, 6, 30))\n"
        "bundle = make_bundle(province, state, keys=LAYERS)\n"
        "for form in FORMATS: print(form, hashlib.sha256(export_bytes(bundle, form)).hexdigest())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    import hashlib  # noqa: PLC0415

    other = dict(line.split() for line in done.stdout.splitlines())
    mine = {form: hashlib.sha256(exports.path(form).read_bytes()).hexdigest() for form in FORMATS}
    assert mine == other


# The data package.


@pytest.fixture(scope="module")
def package(exports: Exports, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    with zipfile.ZipFile(io.BytesIO(package_bytes(exports.province, exports.state))) as archive:
        archive.extractall(folder)
    return folder


def test_checksums_of_the_package_are_right(package: Path) -> None:
    needs("sha256sum")
    done = subprocess.run(["sha256sum", "--strict", "-c", SUMS], cwd=package, check=False)
    assert done.returncode == 0
    listed = [line.split("  ")[1] for line in (package / SUMS).read_text().splitlines()]
    there = {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()}
    assert there == {*listed, SUMS}


@pytest.mark.parametrize("key", PACKED)
def test_schemas_of_the_package_fit_its_files(package: Path, key: str) -> None:
    schema = json.loads((package / f"schema/{key}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    (path,) = (package / "json").glob(f"{key}.*")
    Draft202012Validator(schema).validate(json.loads(path.read_text(encoding="utf-8")))


def test_the_package_explains_itself(package: Path) -> None:
    readme = (package / "README.md").read_text(encoding="utf-8")
    for path in package.iterdir():
        assert path.name in readme or path.name == "README.md"
    listed = rows_of((package / "dictionary.csv").read_text(encoding="utf-8"))
    described = {(row["layer"], row["field"]) for row in listed}
    assert all(row["description_vi"] and row["description_en"] for row in listed)
    for form, named in (("CSV", _columns(package)), ("GeoJSON", _members(package))):
        told = {(row["layer"], row["field"]) for row in listed if row["format"] in {"", form}}
        only = {(row["layer"], row["field"]) for row in listed if row["format"] == form}
        empty = {"outlines", "plots"}
        assert named <= told
        assert {pair for pair in only if pair[0] not in empty} <= named
    for key in PACKED:
        rows = rows_of((package / f"csv/{key}.csv").read_text(encoding="utf-8"))
        for field in layer_fields()[key].fields:
            assert (key, field.name) in described
            assert not rows or field.name in rows[0]
    both = json.loads((package / "metadata.json").read_text(encoding="utf-8"))
    assert {both[lang]["lang"] for lang in both} == {"vi", "en"}
    assert (package / "LICENSES.md").read_bytes() == (ROOT / "data/LICENSES.md").read_bytes()


def _columns(package: Path) -> set[tuple[str, str]]:
    return {
        (path.stem, name)
        for path in (package / "csv").glob("*.csv")
        for name in path.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    }


def _members(package: Path) -> set[tuple[str, str]]:
    standard = {"type", "id", "geometry", "bbox", "properties"}
    return {
        (path.stem, name)
        for path in (package / "json").glob("*.geojson")
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]
        for name in {*feature["properties"]} | ({*feature} - standard)
    }


# Requests that can't be met.


@pytest.mark.parametrize("name", ["mars", "EPSG:1", "EPSG:", "4326", "EPSG:5773", "epsg:9208; x"])
def test_an_unknown_system_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="wgs84, vn2000 or EPSG:n"):
        crs_of(name, VN2000)


@pytest.mark.parametrize("form", ["geojson", "kml"])
def test_formats_of_wgs_84_refuse_others(exports: Exports, form: Form) -> None:
    with pytest.raises(ValueError, match="WGS 84 only"):
        export_bytes(exports.bundle("vn2000", ("areas",), "vi"), form)


def test_progress_ends_where_it_should(province: Province, shot: Snapshot) -> None:
    steps: list[tuple[str, int, int]] = []
    bundle = make_bundle(
        province,
        shot,
        keys=("areas", "nodes"),
        on_step=lambda what, done, total: steps.append((what, done, total)),
    )
    export_bytes(bundle, "gpkg")
    assert [step[0] for step in steps] == ["areas", "nodes", "figures", "sources", ""]
    assert [step[1] / step[2] for step in steps] == [0, 0.25, 0.5, 0.75, 1]


# What isn't of one province's present.


def test_a_ranking_is_a_layer(province: Province, shot: Snapshot, tmp_path: Path) -> None:
    ranking = rank_provinces([shot], changed(preset_for(None), min_available_ha=50.0))
    layers = ranking_layers(ranking, lang="en")
    places, points = layers
    assert len(places.records) == len(ranking.ranked) + len(ranking.excluded) > 10
    for record in places.records:
        excluded = record["outcome"] == "excluded"
        assert (record["rank"] is None) == excluded == bool(record["reasons"])
    assert len(points.records) == sum(len(row.contributions) for row in ranking.ranked)
    bundle = make_bundle(province, shot, keys=(), more=layers, lang="en")
    assert "Ranking of places" in bundle.about.title
    for form in FORMATS:
        assert export_bytes(bundle, form)
    path = tmp_path / "ranking.gpkg"
    path.write_bytes(export_bytes(bundle, "gpkg"))
    found = pyogrio.read_dataframe(path, layer="ranking")
    assert found["id"].tolist() == [record["id"] for record in places.records]
    assert set(pyogrio.list_layers(path)[:, 0]) >= {"ranking", "contributions", "sources"}


def test_plots_and_outlines_are_layers(province: Province, shot: Snapshot) -> None:
    square = shapely.box(105.60, 18.80, 105.61, 18.81)
    facts = shot.facts
    source = str(facts.sources.index[0])
    plots = gpd.GeoDataFrame(
        {
            "plot_id": ["CN-01", "CN-01", "CN-02", "CN-01"],
            "area_id": ["na-kcn-vsip-1", "na-kcn-vsip-1", "na-kcn-vsip-1", "na-kcn-vsip-2"],
            "use": ["SKK", "SKK", "green", "SKK"],
            "status": ["available", "leased", "", "available"],
            "area_ha": ["", "", "2.5", "1"],
            "tenant_trade": "",
            "leased_on": "",
            "as_of": ["2024", "2025-03", "2025", "2027"],
            "source_id": source,
            "note": "=1+1",
        },
        geometry=np.array([square, square, None, square], dtype=object),
        crs="EPSG:4326",
    )
    state = dataclasses.replace(shot, facts=dataclasses.replace(facts, plots=plots))
    layer = make_bundle(province, state, keys=("plots",)).layers[0]
    records = {record["plot_key"]: record for record in layer.records}
    # The newest row of each plot that isn't later than the date.
    assert list(records) == ["na-kcn-vsip-1/CN-01", "na-kcn-vsip-1/CN-02"]
    first, second = records.values()
    assert (first["status"], first["area_from"]) == ("leased", "measured")
    assert first["area_ha"] == pytest.approx(hectares(gpd.GeoSeries([square], crs=4326))[0])
    assert (second["status"], second["area_ha"]) == (None, 2.5)
    bundle = make_bundle(province, state, keys=("plots",))
    for form in FORMATS:
        assert export_bytes(bundle, form)
    document = json.loads(export_bytes(bundle, "geojson"))
    Draft202012Validator(json_schema(layer.about)).validate(document)
    assert [feature["geometry"] is None for feature in document["features"]] == [False, True]
    outlines = gpd.GeoDataFrame(
        {
            "position": ["surveyed"],
            "as_of": ["2025"],
            "source_id": [source],
            "area_ha": [117.0],
            "note": [""],
        },
        index=["na-kcn-vsip-1"],
        geometry=[square],
        crs="EPSG:4326",
    )
    measured = dataclasses.replace(shot, footprints=outlines)
    layer = make_bundle(province, measured, keys=("outlines",)).layers[0]
    assert layer.records[0]["land_use"] == "SKK"
    assert layer.records[0]["sources"] == [source]
