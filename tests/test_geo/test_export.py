import csv
import datetime as dt
import io
import json
import math
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data._replace import replace_whole
from data.facts import load_facts
from data.resolutions import provinces
from geo import __version__
from geo.export import (
    areas_geojson,
    feature_collection,
    to_csv,
    to_json,
    today,
    write_whole,
    zones_geojson,
)
from geo.records import ZONE_FIELDS, area_records, plain, total_record, zone_records
from geo.snapshot import Snapshot
from tests.test_geo.contract import ZONE_KEYS

Snapshots = Callable[[str, str], Snapshot]


def positions(coordinates: Any) -> Iterator[list[float]]:  # noqa: ANN401
    if coordinates and isinstance(coordinates[0], float):
        yield coordinates
    else:
        for item in coordinates:
            yield from positions(item)


def check_rfc_7946(document: dict[str, Any]) -> None:
    """Check what RFC 7946 says."""
    assert document["type"] == "FeatureCollection"
    assert "crs" not in document
    corners = []
    for feature in document["features"]:
        assert feature["type"] == "Feature"
        assert {"id", "geometry", "properties"} <= set(feature)
        geometry = feature["geometry"]
        if geometry is None:
            assert "bbox" not in feature
            continue
        found = list(positions(geometry["coordinates"]))
        assert found
        for lon, lat in found:
            assert -180 <= lon <= 180
            assert -90 <= lat <= 90
            assert (round(lon, 7), round(lat, 7)) == (lon, lat)
        west, south = (min(axis) for axis in zip(*found, strict=True))
        east, north = (max(axis) for axis in zip(*found, strict=True))
        assert feature["bbox"] == [west, south, east, north]
        corners.append(feature["bbox"])
        shape = shapely.geometry.shape(geometry)
        assert shape.is_valid
        for polygon in getattr(shape, "geoms", [shape]):
            if polygon.geom_type == "Polygon":  # right-hand rule
                assert polygon.exterior.is_ccw
                assert not any(ring.is_ccw for ring in polygon.interiors)
    if corners:
        wests, souths, easts, norths = zip(*corners, strict=True)
        assert document["bbox"] == pytest.approx(
            [min(wests), min(souths), max(easts), max(norths)], abs=1.1e-7
        )


@pytest.mark.parametrize("key", provinces())
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_zones_are_geojson(key: str, lang: str, on: Snapshots) -> None:
    state = on(key, "2026-06-30")
    document = json.loads(to_json(zones_geojson(state, lang=lang)))
    check_rfc_7946(document)
    features = document["features"]
    assert [feature["id"] for feature in features] == list(state.zones.index)
    for feature in features:
        assert feature["geometry"]["type"] in {"Polygon", "MultiPolygon"}
        assert set(ZONE_KEYS) <= set(feature["properties"])
        assert feature["properties"]["name"] == feature["properties"][f"name_{lang}"]
    about = document["metadata"]
    assert (about["province"], about["as_of"], about["lang"]) == (key, "2026-06-30", lang)
    assert about["documents"]
    assert all(item["title"] for item in about["documents"])
    source = about["boundary_source"]
    assert source["key"] == "bundled"
    assert source["accuracy"]
    assert source["attribution"]
    assert __version__ in about["generator"]
    cited = {key for feature in features for key in feature["properties"]["sources"]}
    assert cited == set(about["sources"])


@pytest.mark.parametrize("key", provinces())
def test_areas_are_geojson(key: str, on: Snapshots) -> None:
    state = on(key, "2026-06-30")
    document = json.loads(to_json(areas_geojson(state, lang="en")))
    check_rfc_7946(document)
    assert len(document["features"]) == len(state.areas)
    for feature in document["features"]:
        found = feature["properties"]
        assert (feature["geometry"] is None) == (found["position"] == "unknown")
        assert found["name"]
        for figure in found["figures"].values():
            if figure is not None:
                assert set(figure["source"].split(";")) <= set(document["metadata"]["sources"])


def test_one_group_of_zones(on: Snapshots) -> None:
    document = zones_geojson(on("nghe-an", "2026-06-30"), group="base_partition")
    assert [feature["id"] for feature in document["features"]] == ["na-a", "na-b", "na-c", "na-d"]


def collection(*shapes: Any, crs: str = "EPSG:4326") -> dict[str, Any]:  # noqa: ANN401
    frame = gpd.GeoDataFrame(geometry=gpd.GeoSeries(shapes, crs=crs))
    records = [{"key": str(number)} for number in range(len(shapes))]
    document = feature_collection(frame, records, identifier="key", metadata={"by": "test"})
    read: dict[str, Any] = json.loads(to_json(document))
    return read


def test_rings_are_turned_and_coordinates_cut() -> None:
    clockwise = shapely.Polygon(
        [(105, 18), (105, 19), (106.123456789, 19), (106, 18)],
        [[(105.2, 18.2), (105.4, 18.2), (105.4, 18.4), (105.2, 18.4)]],
    )
    document = collection(clockwise, shapely.MultiPolygon([clockwise]))
    check_rfc_7946(document)
    assert document["bbox"] == [105, 18, 106.1234568, 19]


def test_other_systems_become_wgs_84() -> None:
    # The central meridian of EPSG:9208 is 104°45'; VN-2000 lies some 200 m from WGS 84.
    document = collection(shapely.Point(500_000, 2_100_000), crs="EPSG:9208")
    check_rfc_7946(document)
    lon, lat = document["features"][0]["geometry"]["coordinates"]
    assert lon == pytest.approx(104.75, abs=0.004)
    assert lat == pytest.approx(18.99, abs=0.02)


def test_an_unknown_place_is_null_and_kept() -> None:
    document = collection(shapely.Point(105, 18), None, shapely.Polygon())
    check_rfc_7946(document)
    assert [item["geometry"] for item in document["features"]][1:] == [None, None]
    assert document["bbox"] == [105, 18, 105, 18]
    assert "bbox" not in collection(None)
    assert "bbox" not in collection(shapely.Polygon())


# Records.


@pytest.mark.parametrize("key", provinces())
@pytest.mark.parametrize("day", ["2026-06-30", "2011-06-30", "1990-01-01"])
def test_records_have_null_and_no_nan(key: str, day: str, on: Snapshots) -> None:
    state = on(key, day)
    text = to_json([zone_records(state), total_record(state), area_records(state)])
    assert "NaN" not in text
    for record in (*zone_records(state), total_record(state)):
        assert list(record)[: len(ZONE_KEYS)] == ZONE_KEYS
        assert set(record) == {"zone_key", *ZONE_FIELDS}
        if record["areas_with_figures"] == 0 and record["fill_rate_bases"] == []:
            for field in ("leasable_ha", "leased_ha", "available_ha", "fill_rate_pct"):
                assert record[field] is None


def test_figures_have_their_pedigree(on: Snapshots) -> None:
    (vsip,) = (
        item for item in area_records(on("nghe-an", "2026-06-30")) if item["id"] == "na-kcn-vsip-1"
    )
    rate = vsip["figures"]["fill_rate_pct"]
    assert rate["value"] == pytest.approx(91.431462, abs=1e-6)
    assert {key: rate[key] for key in ("unit", "as_of", "basis", "how")} == {
        "unit": "%",
        "as_of": "2026-01-06",
        "basis": "kcn_2022",
        "how": "computed",
    }
    assert set(rate["source"].split(";")) == {"na-s01", "na-s03"}
    sources = load_facts().sources
    assert set(rate["source"].split(";")) <= set(sources.index)
    assert {(zone["zone_key"], zone["share"]) for zone in vsip["zones"]} >= {
        ("na-a", 0.25),
        ("na-b", 0.75),
        ("na-kkt-dong-nam", 1.0),
    }
    for metric in ("leasable_ha", "leased_ha", "available_ha", "fill_rate_pct"):
        assert metric in vsip["figures"]


def test_metrics_of_occupancy_are_null_where_unknown(on: Snapshots) -> None:
    records = {item["id"]: item for item in area_records(on("nghe-an", "2026-06-30"))}
    figures = records["na-ccn-nam-giang"]["figures"]
    for metric in ("leasable_ha", "leased_ha", "available_ha", "fill_rate_pct"):
        assert figures[metric] is None
    assert records["na-ccn-nam-giang"]["status"] is None
    assert records["na-kcn-wha-1-phase-1"]["counted"] is False


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (math.nan, None),
        (math.inf, None),
        (np.float64("nan"), None),
        (pd.NA, None),
        (pd.NaT, None),
        (np.int64(3), 3),
        (np.float64(0.1) + np.float64(0.2), 0.3),
        (np.bool_(True), True),  # noqa: FBT003
        (True, True),
        (0, 0),
        (0.0, 0.0),
        ("", ""),
        (dt.date(2026, 6, 30), "2026-06-30"),
        ((1, (math.nan,)), [1, [None]]),
        ({"a": np.float64(1), "b": [pd.NA]}, {"a": 1.0, "b": [None]}),
        (pd.Series([2015, None], dtype="Int64")[0], 2015),
        (pd.Series([2015, None], dtype="Int64")[1], None),
    ],
)
def test_values_become_plain(value: Any, expected: Any) -> None:  # noqa: ANN401
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)
    json.dumps(found, allow_nan=False)


def test_json_refuses_nan_and_keeps_vietnamese_readable() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json({"a": math.nan})
    assert "Nghệ An" in to_json({"a": "Nghệ An"})


# CSV.


def read_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_formulas_in_text_are_neutralised(start: str) -> None:
    text = f'{start}HYPERLINK("http://x","y")'
    (row,) = read_csv(to_csv([{"name": text, "value": -5.5, "list": [text]}]))
    assert row["name"] == f"'{text}"
    assert row["value"] == "-5.5"  # numbers stay numbers
    assert json.loads(row["list"]) == [text]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), min_size=1))
def test_no_text_begins_like_a_formula(text: str) -> None:
    (row,) = read_csv(to_csv([{"name": text}]))
    assert row["name"].removeprefix("'") == text.removeprefix("'")
    assert row["name"][0] not in "=+-@\t\r"


def test_unknown_is_an_empty_cell() -> None:
    assert read_csv(to_csv([{"a": None, "b": 0.0, "c": "x"}])) == [{"a": "", "b": "0.0", "c": "x"}]
    assert to_csv([]) == ""


# Files.


Writer = Callable[[Path, str], None]


def _replace(path: Path, text: str) -> None:
    replace_whole(path, text.encode())


WRITERS = (write_whole, _replace)


@pytest.mark.parametrize("mask", [0o022, 0o077])
@pytest.mark.parametrize("write", WRITERS)
def test_a_file_is_written_whole_with_ordinary_rights(
    write: Writer, mask: int, tmp_path: Path
) -> None:
    path = tmp_path / "zones.geojson"
    before = os.umask(mask)
    try:
        _check_rights(write, path)
    finally:
        os.umask(before)


def test_a_file_for_all_users_is_readable_whatever_new_files_are(tmp_path: Path) -> None:
    path = tmp_path / "map.js"
    before = os.umask(0o077)
    try:
        replace_whole(path, b"1", for_all=True)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def _check_rights(write: Writer, path: Path) -> None:
    tmp_path = path.parent
    write(path, "Nghệ An\n")
    assert path.read_bytes() == "Nghệ An\n".encode()
    write(path, "b")
    assert path.read_text(encoding="utf-8") == "b"
    plain_file = tmp_path / "plain"
    plain_file.touch()
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(plain_file.stat().st_mode)
    assert sorted(item.name for item in tmp_path.iterdir()) == ["plain", "zones.geojson"]


def _fails(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("step", ["write_text", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "zones.geojson"
    path.write_text("old", encoding="utf-8")
    monkeypatch.setattr(Path, step, _fails)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_text_that_cant_be_encoded_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "zones.geojson"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "x" * 100_000 + "\ud800")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("write", WRITERS)
def test_a_link_is_followed_and_stays(write: Writer, tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    target, link = folder / "zones.geojson", tmp_path / "link.geojson"
    target.write_text("old", encoding="utf-8")
    link.symlink_to(target)
    write(link, "new")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize("write", WRITERS)
def test_a_pipe_is_written_to_and_stays(write: Writer, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write(pipe, "text")
        assert os.read(reader, 100) == b"text"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "none" / "zones.geojson", "x")


def test_today_is_the_day_in_viet_nam() -> None:
    assert abs((today() - dt.datetime.now(tz=dt.UTC).date()).days) <= 1


def test_the_date_is_in_the_file_even_where_nothing_is_known(on: Snapshots) -> None:
    state = replace(on("nghe-an", "2026-06-30"), as_of=dt.date(2001, 2, 3))
    assert zones_geojson(state)["metadata"]["as_of"] == "2001-02-03"


@pytest.mark.parametrize("write", WRITERS)
def test_errors_name_the_file_that_was_asked_for(tmp_path: Path, write: Writer) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder" / "b.csv").mkdir(parents=True)
    for name, kind in (
        ("none/p.csv", FileNotFoundError),
        ("file/p.csv", NotADirectoryError),
        ("folder/b.csv", IsADirectoryError),
    ):
        with pytest.raises(kind) as error:
            write(tmp_path / name, "text")
        assert error.value.filename == str(tmp_path / name)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["b.csv", "file", "folder"]
