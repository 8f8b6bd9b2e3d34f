"""The commands that write files: what they write, refuse, and leave behind when ended."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data.facts import load_facts
from layers.exchange.tables import LAYERS
from layers.exchange.write import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.testing import Result

    from layers.exchange.write import Form

ROOT = Path(__file__).parents[2]
NGHE_AN = ("--province", "nghe-an", "--as-of", "2026-06-30")
# Begins to write, says so, and waits to be ended.
SLOW = """
import signal, sys, time
# A process that a script starts in the background is told to ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)
from layers.exchange import write
def slow(bundle, path):
    path.write_bytes(b"half")
    print("writing", flush=True)
    time.sleep(200)
write._CONTAINERS["gpkg"] = slow
from geo.__main__ import app
app(sys.argv[1:])
"""


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_written(form: Form, tmp_path: Path, run: Callable[..., Result]) -> None:
    path = tmp_path / f"areas{FORMATS[form].suffix}"
    result = run("export", *NGHE_AN, "--layer", "areas", "--format", form, "-o", path)
    assert (result.exit_code, result.output) == (0, "")
    assert path.stat().st_size > 1000
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("output", ["nodes", "/dev/stdout"])
def test_a_name_without_an_ending_brings_no_warning(output: str, tmp_path: Path) -> None:
    asked = ("export", *NGHE_AN, "--layer", "nodes", "--format", "gpkg", "-o", tmp_path / output)
    done = subprocess.run(
        [sys.executable, "-m", "geo", *asked],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    written = done.stdout if output.startswith("/") else (tmp_path / output).read_bytes()
    assert written.startswith(b"SQLite format 3")
    assert {item.name for item in tmp_path.iterdir()} <= {output}


def test_all_layers_of_a_one_layer_format_are_a_zip(
    tmp_path: Path, run: Callable[..., Result]
) -> None:
    asked = ("export", *NGHE_AN, "--layer", "all", "--format", "fgb", "--crs", "vn2000", "-o")
    result = run(*asked, tmp_path / "all.fgb")
    assert result.exit_code == 2
    assert ".zip" in result.output
    assert run(*asked, tmp_path / "all.zip").exit_code == 0
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert {f"{key}.fgb" for key in LAYERS} <= set(archive.namelist())
    assert [item.name for item in tmp_path.iterdir()] == ["all.zip"]


@pytest.mark.parametrize(
    ("command", "name", "fitting"),
    [
        ("map --format pdf", "x.png", "x.pdf"),
        ("map", "x.html", "x.png"),
        ("export --layer areas --format gpkg", "y.geojson", "y.gpkg"),
        ("export --layer areas --format csv", "y.zip", "y.csv"),
        ("export --layer areas --format shp", "y.shp", "y.zip"),
        ("export --layer all --format csv", "y.csv", "y.zip"),
        ("areas --format csv", "y.JSON", "y.csv"),
        ("zones --format json", "y.geojson", "y.json"),
        ("rank --format xlsx", "y.csv", "y.xlsx"),
        ("rank --format shp", "y.shp", "y.zip"),
        ("compare a b --format html", "y.docx", "y.html"),
        ("scenario --file s.json --format geojson", "y.csv", "y.geojson"),
        ("check-site --area a --format json", "y.pdf", "y.json"),
        ("account --plots p.parquet --format parquet", "y.gpkg", "y.parquet"),
        ("form04", "y.csv", "y.xlsx"),
        ("report", "y.pdf", "y.docx"),
        ("package", "y.gpkg", "y.zip"),
    ],
)
def test_no_file_is_called_what_it_is_not(
    command: str, name: str, fitting: str, tmp_path: Path, run: Callable[..., Result]
) -> None:
    asked = command.split()
    province = () if asked[0] == "compare" else ("--province", "nghe-an")
    result = run(*asked, *province, "-o", tmp_path / name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert name in result.stderr
    assert fitting in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["areas.json", "areas", "areas.v2", "areas.GeoJSON"])
def test_other_names_are_free(name: str, tmp_path: Path, run: Callable[..., Result]) -> None:
    path = tmp_path / name
    asked = ("export", *NGHE_AN, "--layer", "areas", "--format", "geojson", "-o", path)
    assert run(*asked).exit_code == 0
    assert json.loads(path.read_text(encoding="utf-8"))["type"] == "FeatureCollection"


@pytest.mark.parametrize("form", ["geojson", "kml"])
def test_a_format_of_wgs_84_says_so(form: Form, tmp_path: Path, run: Callable[..., Result]) -> None:
    path = tmp_path / "x"
    asked = ("export", *NGHE_AN, "--layer", "areas", "--format", form, "--crs", "vn2000")
    result = run(*asked, "-o", path)
    assert result.exit_code == 2
    assert "WGS 84" in result.output
    assert not path.exists()


def test_the_numbers_of_csv_are_a_choice(tmp_path: Path, run: Callable[..., Result]) -> None:
    heads = {}
    for numbers in ("vi", "international"):
        path = tmp_path / f"{numbers}.csv"
        asked = ("export", *NGHE_AN, "--layer", "areas", "--format", "csv", "--lang", "en")
        assert run(*asked, "--numbers", numbers, "-o", path).exit_code == 0
        heads[numbers] = path.read_text(encoding="utf-8-sig").splitlines()[0]
    assert heads["vi"].replace(";", ",") == heads["international"]


def test_a_scenario_says_that_it_is_assumed(tmp_path: Path, run: Callable[..., Result]) -> None:
    scenario = {
        "id": "leases",
        "name": "Leases",
        "province": "nghe-an",
        "as_of": "2026-06-30",
        "edits": [{"edit": "assume_lease", "area_id": "na-kcn-vsip-1", "hectares": 10}],
    }
    file, path = tmp_path / "scenario.json", tmp_path / "areas.geojson"
    file.write_text(json.dumps(scenario), encoding="utf-8")
    asked = ("export", *NGHE_AN, "--layer", "areas", "--lang", "en", "--scenario", file)
    result = run(*asked, "-o", path)
    assert (result.exit_code, result.output) == (0, "")
    document = json.loads(path.read_text(encoding="utf-8"))
    assert "scenario Leases" in document["metadata"]["title"]
    assert "Not facts" in document["metadata"]["abstract"]
    areas = {feature["id"]: feature["properties"] for feature in document["features"]}
    (source,) = set(areas["na-kcn-vsip-1"]["leased_ha_sources"]) - set(load_facts().sources.index)
    assert source in document["metadata"]["sources"]
    file.write_text("{}", encoding="utf-8")
    result = run(*asked, "-o", path)
    assert result.exit_code == 1
    assert "scenario" in result.stderr


def test_the_package_is_written(tmp_path: Path, run: Callable[..., Result]) -> None:
    path = tmp_path / "nghe-an.zip"
    result = run("package", *NGHE_AN, "-o", path)
    assert (result.exit_code, result.output) == (0, "")
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert "SHA256SUMS" in archive.namelist()


@pytest.mark.parametrize(
    "command", [("export", "--layer", "zones", "--format", "xlsx"), ("package",)]
)
def test_a_folder_that_is_not_there_is_1(
    command: tuple[str, ...], tmp_path: Path, run: Callable[..., Result]
) -> None:
    path = tmp_path / "none" / "x"
    result = run(*command, *NGHE_AN, "-o", path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert str(path) in result.stderr


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_an_export_that_is_ended_leaves_the_old_file(end: signal.Signals, tmp_path: Path) -> None:
    path = tmp_path / "areas.gpkg"
    path.write_bytes(b"old")
    arguments = ("export", *NGHE_AN, "--layer", "areas", "--format", "gpkg", "-o", str(path))
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        process.send_signal(end)
        process.communicate(timeout=120)
    assert process.returncode != 0
    assert path.read_bytes() == b"old"
    left = [item.name for item in tmp_path.iterdir() if item != path]
    # Who is killed can't clean up; what is left is hidden and has another name.
    assert left == [] if end == signal.SIGINT else all(name.startswith(".") for name in left)
