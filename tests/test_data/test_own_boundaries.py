"""The user's own boundaries: every format, both systems, wrong places, missing communes."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from typer.testing import CliRunner

from data._errors import DataError
from data.boundaries._commands import app
from data.boundaries.own import read_own
from tests.test_data.outlines import CODE, CRS, communes, old_communes
from tests.vietnamese import refused

if TYPE_CHECKING:
    from collections.abc import Callable

COUNTRY = (
    Path(
        os.environ.get(
            "INDUSTRIAL_LAND_REFERENCE",
            Path(__file__).resolve().parents[2].parent / "shared" / "reference",
        )
    )
    / "vn_communes_2025_60m.parquet"
)


def _geojson(frame: gpd.GeoDataFrame, file: Path, **members: Any) -> Path:  # noqa: ANN401
    features = [
        {
            "type": "Feature",
            "properties": {key: value for key, value in row.items() if key != "geometry"},
            "geometry": json.loads(shapely.to_geojson(row["geometry"])),
        }
        for row in frame.to_dict("records")
    ]
    document = {"type": "FeatureCollection", "features": features, **members}
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return file


def _gpkg(frame: gpd.GeoDataFrame, file: Path) -> Path:
    frame.to_file(file, driver="GPKG", layer="xã")
    return file


def _shapefile(frame: gpd.GeoDataFrame, file: Path, *, without: str = "") -> Path:
    folder = file.with_suffix("")
    folder.mkdir()
    frame.to_file(folder / "ranh giới xã.shp", encoding="UTF-8")
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(folder.iterdir()):
            if part.suffix != without:
                archive.write(part, f"bản đồ/{part.name}")
    return file


def _geoparquet(frame: gpd.GeoDataFrame, file: Path) -> Path:
    frame.to_parquet(file)
    return file


def _named() -> gpd.GeoDataFrame:
    """Names without unit words, one with a spelling of its own, beside columns of no use."""
    frame = communes().rename(columns={"name": "TEN_XA"}).drop(columns="code")
    frame["TEN_XA"] = [name.split(" ", 1)[1] for name in frame["TEN_XA"]]
    frame.insert(0, "fid_1", range(len(frame)))
    frame.insert(1, "note", None)
    return frame


def _numbered() -> gpd.GeoDataFrame:
    """Codes as a spreadsheet leaves them: numbers."""
    frame = communes().drop(columns="name")
    return frame.assign(code=frame["code"].astype(int))


def _check(file: Path, *, by_code: int, by_name: int) -> None:
    read = read_own(file, CODE)
    assert (read.match.system, read.match.by_code, read.match.by_name) == ("2025", by_code, by_name)
    expected = communes().set_index("code").sort_index()
    assert list(read.communes.index) == list(expected.index)
    assert list(read.communes["name"]) == list(expected["name"])
    assert read.communes.crs == "EPSG:4326"
    shapes = read.communes.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    off = shapely.symmetric_difference(shapes, expected.geometry.to_numpy())
    assert shapely.area(off).max() < 1e-6 * shapely.area(shapes).max()


@pytest.mark.parametrize(
    ("write", "name"),
    [
        (_geojson, "own.geojson"),
        (_gpkg, "own.gpkg"),
        (_shapefile, "own.zip"),
        (_geoparquet, "own.parquet"),
    ],
)
def test_each_format_by_name_and_by_code(
    write: Callable[[gpd.GeoDataFrame, Path], Path], name: str, tmp_path: Path
) -> None:
    _check(write(_named(), tmp_path / name), by_code=0, by_name=69)
    _check(write(_numbered(), tmp_path / f"codes {name}"), by_code=69, by_name=0)


@pytest.mark.parametrize(
    ("write", "name"), [(_gpkg, "own.gpkg"), (_shapefile, "own.zip"), (_geoparquet, "own.parquet")]
)
def test_a_file_in_vn_2000(
    write: Callable[[gpd.GeoDataFrame, Path], Path], name: str, tmp_path: Path
) -> None:
    file = write(communes().to_crs(CRS), tmp_path / name)
    _check(file, by_code=69, by_name=0)
    assert read_own(file, CODE).crs == CRS


def test_geojson_that_names_its_system(tmp_path: Path) -> None:
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::9209"}}
    _check(
        _geojson(communes().to_crs(CRS), tmp_path / "own.json", crs=named), by_code=69, by_name=0
    )


def test_a_file_without_a_system_is_refused_with_the_candidates(tmp_path: Path) -> None:
    vn_2000 = r"no coordinate system; expected .*VN-2000 / TM-3 105-30 \(EPSG:9209\)$"
    file = _shapefile(communes().to_crs(CRS), tmp_path / "own.zip", without=".prj")
    with refused(DataError, match=vn_2000):
        read_own(file, CODE)
    with refused(DataError, match=vn_2000):
        read_own(_geojson(communes().to_crs(CRS), tmp_path / "own.json"), CODE)
    frame = communes()
    frame = gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=frame.geometry.to_numpy())
    with refused(DataError, match=r"no coordinate system; .*under WGS 84 \(EPSG:4326\)$"):
        read_own(_geoparquet(frame, tmp_path / "own.parquet"), CODE)


def test_a_file_with_the_wrong_system_is_refused(tmp_path: Path) -> None:
    wrong = communes().to_crs(CRS).set_crs("EPSG:9208", allow_override=True)
    elsewhere = r"104-45, under which the communes lie elsewhere; .*\(EPSG:9209\)"
    with refused(DataError, match=elsewhere):
        read_own(_gpkg(wrong, tmp_path / "own.gpkg"), CODE)
    moved = communes().assign(geometry=communes().translate(5.0))
    with refused(DataError, match="neither WGS 84 nor a zone of VN-2000"):
        read_own(_geojson(moved, tmp_path / "own.json"), CODE)


def test_missing_communes_are_named(tmp_path: Path) -> None:
    frame = communes()
    names = [f"{row.name} ({row.code})" for row in frame.sort_values("code")[:2].itertuples()]
    file = _geojson(frame.sort_values("code")[2:], tmp_path / "own.json")
    with refused(DataError) as raised:
        read_own(file, CODE)
    assert f"67 communes of 2025, but not {', '.join(names)}" in str(raised.value)
    with refused(DataError, match=r"found 0 communes of 2025, but not .* and 110 more"):
        read_own(file, "40")


@pytest.mark.skipif(not COUNTRY.is_file(), reason=f"no outlines of the country at {COUNTRY}")
@pytest.mark.parametrize("column", ["code", "fullName", "name"])
def test_a_file_of_the_whole_country(column: str, tmp_path: Path) -> None:
    country = gpd.read_parquet(COUNTRY)[[column, "geometry"]]
    file = _geoparquet(country, tmp_path / "own.parquet")
    for province, count in (("40", 130), ("31", 114), ("79", 168)):
        read = read_own(file, province)
        assert (read.match.system, len(read.communes)) == ("2025", count)
        assert len(read.match.unmatched) == len(country) - count


def test_rows_that_are_no_commune_and_contrary_ones_are_told(tmp_path: Path) -> None:
    frame = communes()
    first, second = frame["name"][0], frame["name"][1]
    swapped = frame.assign(name=frame["name"].replace({first: second, second: first}))
    sea = gpd.GeoDataFrame(
        {"code": [""], "name": ["Biển"]}, geometry=[shapely.box(106.9, 18, 107, 18.1)], crs=4326
    )
    file = _geojson(pd.concat([swapped, sea], ignore_index=True), tmp_path / "own.json")
    read = read_own(file, CODE)
    assert read.match.unmatched == ("Biển",)
    assert len(read.match.contrary) == 2
    assert (read.match.by_code, len(read.communes)) == (69, 69)


@pytest.mark.parametrize("columns", [["ma"], ["ten", "huyen"], ["ma", "ten", "huyen"]])
def test_old_communes_are_joined_to_those_of_2025(columns: list[str], tmp_path: Path) -> None:
    file = _gpkg(old_communes()[[*columns, "geometry"]], tmp_path / "own.gpkg")
    read = read_own(file, CODE)
    assert read.match.system == "legacy"
    assert read.match.unmatched == ()
    assert len(read.communes) == 69
    shapes = read.communes.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    whole = shapely.coverage_union_all(old_communes().geometry.to_numpy())
    assert shapely.area(shapes).sum() == pytest.approx(whole.area, rel=1e-9)


def test_a_missing_old_commune_is_named(tmp_path: Path) -> None:
    frame = old_communes()
    lost = frame["ten"][5]
    with refused(DataError, match=rf"communes before July 2025, but not {lost} \("):
        read_own(_geojson(frame.drop(index=5), tmp_path / "own.json"), CODE)


def test_overlaps_are_parted_and_told(tmp_path: Path) -> None:
    frame = communes()
    shapes = frame.geometry.to_numpy().copy()
    shapes[0] = shapely.buffer(shapes[0], 0.001)
    read = read_own(_geojson(frame.assign(geometry=shapes), tmp_path / "own.json"), CODE)
    assert shapely.coverage_is_valid(read.communes.geometry.to_numpy())
    assert read.repairs.overlaps
    assert {code for pair in read.repairs.overlaps for code in pair[:2]} >= {frame["code"][0]}


VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource>'
    "</OGRVRTLayer></OGRVRTDataSource>"
)
POLYGON = (
    b'{"features": [{"geometry": {"type": "Polygon", "coordinates":'
    b"[[[0, 1], [1, 2], [2, 2], [%s, 3], [0, 1]]]}}]}"
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (VRT.encode(), "none of the formats"),
        (b"<WFSCapabilities url='http://127.0.0.1:9'/>", "none of the formats"),
        (b'{"type": "FeatureCollection"}', "no GeoJSON"),
        (b'{"a":' * 100_000, "nesting deeper"),
        (b'{"features": [{"geometry": {"type": "Point", "coordinates": [1, 2]}}]}', "a Point"),
        (b'{"features": [{"geometry": null}]}', "no geometry"),
        (b'{"features": [{"geometry": {"type": "Polygon", "coordinates": 1}}]}', "can't be read"),
        (POLYGON % b"NaN", "no number of JSON"),
        (POLYGON % b"1e999", "coordinates that are no numbers"),
        (b'{"features": []}', "no polygon"),
        (b"PAR1 but not Parquet", "content of GeoParquet"),
        (b"SQLite format 3\0 but no database", "content of GeoPackage"),
        (b"PK\x03\x04 but no zip file", "content of a zip file"),
        (b"", "an empty file"),
    ],
)
def test_what_is_no_layer_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    file = tmp_path / "own.geojson"
    file.write_bytes(content)
    with refused(DataError, match=message):
        read_own(file, CODE)


def test_a_zip_file_with_two_layers_is_refused(tmp_path: Path) -> None:
    for name in ("one", "two"):
        communes().to_file(tmp_path / f"{name}.shp", encoding="UTF-8")
    file = tmp_path / "own.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for part in sorted(tmp_path.glob("*.[spd]*")):
            archive.write(part, part.name)
    with refused(DataError, match=r"2 polygon layers \(one, two\)"):
        read_own(file, CODE)


def test_a_database_with_several_layers_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "own.gpkg"
    communes().to_file(file, driver="GPKG", layer="one")
    communes().to_file(file, driver="GPKG", layer="two")
    with refused(DataError, match=r"2 polygon layers \(one, two\)"):
        read_own(file, CODE)


def test_a_file_that_takes_too_long_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INDUSTRIAL_LAND_LIMIT_SECONDS", "0.01")
    with refused(DataError, match="no end of reading"):
        read_own(_geojson(communes(), tmp_path / "own.json"), CODE)


def test_the_command_tells_how_a_file_fits(tmp_path: Path) -> None:
    file = _geojson(communes(), tmp_path / "own.json")
    shown = CliRunner().invoke(app, ["check", str(file), "--province", "ha-tinh"])
    assert shown.exit_code == 0
    assert "communes: 69\n" in shown.stdout
    assert "not matched: none" in shown.stdout
    wrong = CliRunner().invoke(app, ["check", str(file), "--province", "nghe-an"])
    assert wrong.exit_code == 1
    assert "but not" in wrong.stderr
