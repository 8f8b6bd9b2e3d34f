import csv
import datetime as dt
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from typer.testing import CliRunner

import data.new_province
from data.__main__ import app
from data._errors import UnknownNameError
from data.boundaries import BoundarySource
from data.boundaries.own import read_own
from data.facts import Facts, load_facts
from data.meridians import meridians, registered_system
from data.new_province import DATA, province_key, write_province
from data.resolutions import check_references, load_resolution, provinces
from data.schemas import PROVINCE_TABLES, TABLES
from data.units.gazetteer import communes_2025, legacy_communes
from geo.export import areas_geojson, zones_geojson
from geo.figures import read_observations
from geo.membership import allocate
from geo.positions import locate
from geo.records import total_record, zone_records
from geo.snapshot import Province, snapshot
from geo.zones import compile_zones

ROOT = DATA.parent
OUTLINES = (
    Path(os.environ.get("INDUSTRIAL_LAND_REFERENCE", ROOT.parent / "shared" / "reference"))
    / "vn_communes_2025_60m.parquet"
)
TODAY = dt.date(2026, 11, 21)
BY_HAND = BoundarySource("own", "tệp riêng", "own file", "-", "-", "-", "2025-07-01")
DESCRIBED = provinces()
NEW = [
    row
    for row in communes_2025()
    .drop_duplicates("province_code")[["province_code", "province"]]
    .itertuples(index=False, name=None)
    if province_key(row[1]) not in DESCRIBED
]


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load_facts()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "data"
    for part in ("facts", "resolutions"):
        shutil.copytree(DATA / part, copy / part)
    return copy


def put_together(key: str, folder: Path, communes: gpd.GeoDataFrame) -> Province:
    """Do what load_province does, with another data folder."""
    resolution = load_resolution(key, folder=folder / "resolutions")
    facts = load_facts(folder / "facts")
    assert not check_references(
        resolution, area_ids=facts.areas.index, source_ids=facts.sources.index
    )
    zones = compile_zones(resolution, communes)
    areas = facts.areas[facts.areas["province_code"] == resolution.code]
    return Province(
        resolution=resolution,
        facts=facts,
        boundary_source=BY_HAND,
        communes=communes,
        zones=zones,
        areas=gpd.GeoDataFrame(areas.join(locate(areas, resolution)), geometry="geometry"),
        shares=allocate(areas, zones, resolution),
        observations=read_observations(facts.observations, facts.sources),
    )


def chequered(code: str) -> gpd.GeoDataFrame:
    """Squares in a row for the communes of a province."""
    communes = communes_2025()
    communes = communes[communes["province_code"] == code]
    squares = [
        shapely.box(105 + 0.01 * n, 18, 105.01 + 0.01 * n, 18.01) for n in range(len(communes))
    ]
    return gpd.GeoDataFrame(communes, geometry=squares, crs="EPSG:4326")


def append(path: Path, **cells: str) -> None:
    with path.open("a", encoding="utf-8", newline="") as file:
        columns = list(TABLES[path.stem].columns)
        csv.DictWriter(file, columns, lineterminator="\n").writerow(cells)


@pytest.mark.parametrize(("code", "name"), NEW)
def test_every_other_province_can_be_begun(
    code: str, name: str, tmp_path: Path, facts: Facts
) -> None:
    (tmp_path / "resolutions").mkdir()
    (tmp_path / "facts").mkdir()
    write_province(code, folder=tmp_path)
    resolution = load_resolution(province_key(name), folder=tmp_path / "resolutions")
    assert resolution.code == code
    assert resolution.crs == registered_system(name)
    zones = compile_zones(resolution, chequered(code))
    assert len(zones) == 1
    assert set(zones["communes"].iloc[0]) == set(
        communes_2025().query("province_code == @code").index
    )
    assert not check_references(
        resolution, area_ids=facts.areas.index, source_ids=facts.sources.index
    )


@pytest.mark.skipif(not OUTLINES.exists(), reason="outlines of all communes aren't here")
def test_a_new_province_has_a_map_and_an_account(folder: Path, tmp_path: Path) -> None:
    write_province("38", folder=folder)
    outlines = gpd.read_parquet(OUTLINES)
    codes = communes_2025().query("province_code == '38'").index
    own = tmp_path / "communes.parquet"
    outlines[outlines["code"].isin(codes)][["code", "geometry"]].to_parquet(own)
    communes = read_own(own, "38").communes
    empty = snapshot(put_together("thanh-hoa", folder, communes), TODAY)
    (zone,) = zone_records(empty)
    assert zone["areas_count"] == 0
    assert [zone[field] for field in ("leasable_ha", "available_ha", "fill_rate_pct")] == [None] * 3
    assert zone["zone_area_ha"] == pytest.approx(1_111_000, rel=0.01)
    assert total_record(empty)["fill_rate_pct"] is None
    (drawn,) = zones_geojson(empty, lang="vi")["features"]
    assert drawn["geometry"]["type"] in {"Polygon", "MultiPolygon"}
    assert drawn["properties"]["fill_rate_pct"] is None

    tables = folder / "facts" / "thanh_hoa"
    append(tables / "sources.csv", id="th-s01", title="Một nguồn")
    append(
        tables / "areas.csv",
        id="th-kcn-a",
        province_code="38",
        kind="industrial_park",
        name_vi="Khu công nghiệp A",
        name_en="A park",
        status="operating",
        status_as_of="2025",
        counted="yes",
        legacy_district="Thị xã Bỉm Sơn",
        source_ids="th-s01",
    )
    for metric, value, basis in (
        ("total_area_ha", "150", ""),
        ("industrial_land_ha", "100", "kcn_2022"),
        ("leased_ha", "40", "kcn_2022"),
    ):
        append(
            tables / "observations.csv",
            area_id="th-kcn-a",
            as_of="2025-12",
            metric=metric,
            value=value,
            qualifier="=",
            basis=basis,
            scope="whole",
            nature="measured",
            source_id="th-s01",
        )
    filled = snapshot(put_together("thanh-hoa", folder, communes), TODAY)
    (zone,) = zone_records(filled)
    assert (zone["areas_count"], zone["available_ha"], zone["fill_rate_pct"]) == (1, 60.0, 40.0)
    (point,) = areas_geojson(filled, lang="vi")["features"]
    assert communes.union_all().contains(shapely.Point(point["geometry"]["coordinates"]))


@pytest.mark.parametrize("code", ["38", "25", "46"])
def test_the_examples_in_the_file_load_too(code: str, folder: Path) -> None:
    file = write_province(code, folder=folder)[0]
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"(?m)^#(?![# ]? ?yaml|#)", "", text), encoding="utf-8")
    key = file.stem.replace("_", "-")
    resolution = load_resolution(key, folder=folder / "resolutions")
    assert len(resolution.documents) == 2
    assert [zone.group for zone in resolution.zones] == ["base_partition", "corridor"]
    assert len(resolution.targets) == len(resolution.siting_rules) == 1
    assert compile_zones(resolution, chequered(code))["communes"].map(len).min() > 0


def test_merged_provinces_name_all_their_old_ones(folder: Path) -> None:
    file = write_province("phu-tho", folder=folder)[0]
    resolution = load_resolution("phu-tho", folder=folder / "resolutions")
    assert resolution.legacy_provinces == ("Tỉnh Hòa Bình", "Tỉnh Phú Thọ", "Tỉnh Vĩnh Phúc")
    assert resolution.crs == "EPSG:9208"
    assert len({member.province_legacy for member in resolution.zones[0].members}) == 3
    text = file.read_text(encoding="utf-8")
    assert "EPSG:9211 for Hòa Bình, EPSG:9208 for Phú Thọ, EPSG:5897 for Vĩnh Phúc" in text


def test_another_system_may_be_given(folder: Path) -> None:
    write_province("38", crs="epsg:9209", folder=folder)
    assert load_resolution("thanh-hoa", folder=folder / "resolutions").crs == "EPSG:9209"
    with pytest.raises(UnknownNameError, match="EPSG:9208"):
        write_province("46", crs="EPSG:32648", folder=folder)


def test_the_register_names_every_old_province_and_agrees_with_the_described() -> None:
    assert len(meridians()) == 18
    assert all(map(registered_system, legacy_communes()["province"].unique()))
    for key in DESCRIBED:
        resolution = load_resolution(key)
        assert resolution.crs == registered_system(f"Tỉnh {resolution.name.vi}")


def test_tables_have_their_headers_and_nothing_else(folder: Path, facts: Facts) -> None:
    _, *tables = write_province("38", folder=folder)
    assert [table.stem for table in tables] == list(PROVINCE_TABLES)
    for table in tables:
        assert table.read_text(encoding="utf-8") == ",".join(TABLES[table.stem].columns) + "\n"
    more = load_facts(folder / "facts")
    assert more.areas.equals(facts.areas)
    assert more.observations.equals(facts.observations)


def everything(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize("there", ["resolutions/thanh_hoa.yaml", "facts/thanh_hoa"])
def test_nothing_is_overwritten(folder: Path, there: str) -> None:
    path = folder / there
    if path.suffix:
        path.write_text("mine", encoding="utf-8")
    else:
        path.mkdir()
    before = everything(folder)
    with pytest.raises(FileExistsError, match="is there already"):
        write_province("38", folder=folder)
    assert everything(folder) == before


def test_nothing_half_written_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything(folder)
    rename = Path.rename

    def full(self: Path, target: Path) -> Path:
        if self.suffix == ".yaml":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="No space"):
        write_province("38", folder=folder)
    assert everything(folder) == before


def test_command_reports_what_is_wrong() -> None:
    run = CliRunner()
    there = run.invoke(app, ["new-province", "nghe-an"])
    assert (there.exit_code, "nghe_an.yaml is there already" in there.output) == (1, True)
    unknown = run.invoke(app, ["new-province", "36"])
    assert (unknown.exit_code, "38 thanh-hoa" in unknown.output) == (1, True)
    assert run.invoke(app, ["new-province"]).exit_code == 2
    # The real folder is as it was.
    assert provinces() == DESCRIBED
    assert data.new_province.DATA == DATA


def test_a_new_province_breaks_nothing_else(tmp_path: Path) -> None:
    for package in ("data", "geo", "layers"):
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    before = run("geo", "zones", "--province", "nghe-an", "--format", "json")
    assert before.returncode == 0, before.stderr
    begun = run("data", "new-province", "38")
    assert begun.returncode == 0, begun.stderr
    assert "thanh_hoa.yaml is written" in begun.stdout
    assert run("data", "check", "--province", "thanh-hoa").returncode == 0
    after = run("geo", "zones", "--province", "nghe-an", "--format", "json")
    assert (after.returncode, after.stdout) == (before.returncode, before.stdout)
    assert run("data", "new-province", "38").returncode == 1
