"""``python -m geo account``: formats, engines' options, and what is wrong."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pytest
from shapely.geometry import LineString, Point, Polygon, box
from typer.testing import CliRunner

from data.plot_files import open_plots
from geo.__main__ import app
from geo.commands import plots as command
from geo.commands._account_output import PROBLEMS
from geo.commands.plots import chunk_rows
from geo.crs import GEOD
from tests.test_geo.land import layer_of_plots, zones_of_two_groups


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("account")
    layer_of_plots(800).to_parquet(place / "plots.parquet")
    layer_of_plots(800).to_crs(4326).to_file(place / "plots.gpkg")
    zones = zones_of_two_groups().rename_axis("key").reset_index()
    zones.to_parquet(place / "zones.parquet")
    zones.to_crs(4326).to_file(place / "zones.geojson", driver="GeoJSON")
    return place


def run(*words: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["account", *map(str, words)])
    return result.exit_code, result.stdout, result.stderr


def test_the_same_from_all_files_in_all_forms(folder: Path) -> None:
    plots, zones = folder / "plots.parquet", folder / "zones.parquet"
    code, out, err = run("--plots", plots, "--zones", zones, "--by", "use", "--weight", "jobs")
    assert (code, err) == (0, "")
    document = json.loads(out)
    assert (document["plots"], document["crs"]) == (800, "EPSG:9208")
    rows = pd.DataFrame(document["rows"])
    assert rows.loc[rows["group"] == "p", "area_ha"].sum() == pytest.approx(document["area_ha"])
    csv, parquet = folder / "a.csv", folder / "a.parquet"
    common = ["--zones", folder / "zones.geojson", "--by", "use", "--weight", "jobs"]
    gpkg = ["--plots", folder / "plots.gpkg", "--crs", "EPSG:9208"]
    assert run(*gpkg, *common, "--format", "csv", "-o", csv)[0] == 0
    assert run("--plots", plots, *common, "--format", "parquet", "-o", parquet)[0] == 0
    sources = [("plots.gpkg", "zones.geojson"), ("plots.parquet", "zones.geojson")]
    for other, of in zip((pd.read_csv(csv), pd.read_parquet(parquet)), sources, strict=True):
        told = other[["plots_layer", "zones_file", "crs"]].drop_duplicates().to_numpy().tolist()
        assert told == [[*of, "EPSG:9208"]]
        assert other["zone"].tolist() == rows["zone"].tolist()
        # GeoJSON keeps 1 cm.
        assert other["area_ha"].tolist() == pytest.approx(rows["area_ha"].tolist(), rel=1e-5)
        assert other["plots"].sum() == pytest.approx(rows["plots"].sum(), abs=3)


def test_zones_of_a_province_and_only_plots_by_them(folder: Path) -> None:
    plots = ["--plots", folder / "plots.gpkg", "--province", "nghe-an", "--group", "base_partition"]
    code, out, err = run(*plots, "--where", "use = 'SKK'")
    assert (code, err) == (0, "")
    whole = json.loads(out)
    assert whole["crs"] == "EPSG:9208"  # the plots are in degrees
    assert {row["group"] for row in whole["rows"]} == {"base_partition"}
    assert (whole["province"], whole["boundary_source"]) == ("nghe-an", "bundled")
    assert "Không dùng để xác định địa giới" in whole["boundary_accuracy"]
    names = {row["zone"]: row["zone_name"] for row in whole["rows"]}
    assert (names["na-c"], names.get("outside")) == (
        "Các huyện miền Tây dọc tuyến đường Hồ Chí Minh và vùng phụ cận",
        None,
    )
    code, out, _ = run(*plots, "--where", "use = 'SKK'", "--lang", "en", "--format", "csv")
    lines = pd.read_csv(io.StringIO(out))
    assert set(lines["boundary_source"]) == {"bundled"}
    assert set(lines["where"]) == {"use = 'SKK'"}
    assert "Western districts" in str(lines.set_index("zone").loc["na-c", "zone_name"])
    code, out, _ = run(*plots, "--where", "use = 'SKK'", "--no-outside")
    inside = [row for row in whole["rows"] if row["zone"] != "outside"]
    near = json.loads(out)
    assert (code, near["rows"]) == (0, inside)
    # Totals would be those of what lies around the zones too.
    assert {*whole} - {*near} == {"plots", "area_ha", "plots_without_weight", "problems"}


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_columns_of_plots_stay_where_the_account_has_one_of_the_name(
    tmp_path: Path, form: str
) -> None:
    plots, file = tmp_path / "plots.parquet", tmp_path / f"a.{form}"
    layer = layer_of_plots(40).to_crs(4326)
    layer.rename(columns={"use": "province"}).to_parquet(plots)
    given = ["--plots", plots, "--province", "nghe-an", "--by", "province"]
    assert run(*given, "--format", form, "-o", file)[0] == 0
    found = pd.read_csv(file) if form == "csv" else pd.read_parquet(file)
    assert {"SKK", "SKN", "green"} <= set(found["province"])
    assert set(found["account_province"]) == {"nghe-an"}


def test_problems_are_told_in_words(folder: Path, tmp_path: Path) -> None:
    plots = tmp_path / "plots.parquet"
    layer = layer_of_plots(20).assign(price=1.0)
    x, y = layer.geometry.iloc[0].centroid.coords[0]
    shapes: list[Any] = [
        Polygon([(x, y), (x + 9, y + 9), (x + 9, y), (x, y + 9)]),
        None,
        None,
        Point(x, y),
    ]
    shapes += layer.geometry.iloc[len(shapes) :].tolist()
    layer = layer.set_geometry(gpd.GeoSeries(shapes, crs=layer.crs))
    layer.loc[10, "price"] = float("nan")
    layer.to_parquet(plots)
    given = ["--plots", plots, "--zones", folder / "zones.parquet", "--weight", "price"]
    code, out, err = run(*given)
    assert (code, json.loads(out)["problems"]["missing"]) == (0, 2)
    assert {
        "2 plots without geometry, left out",
        "1 plot with an invalid outline, repaired",
        "1 plot with a geometry that is no polygon, left out",
        "1 plot without weight",
        "  plots.parquet 2: without geometry, left out",
    } < {*err.splitlines()}
    assert re.search(r"^  plots.parquet 1: .*repaired \(Self-inter.*\)$", err, re.MULTILINE)
    assert run(*given, "--no-outside")[2].startswith("of the plots that were read")


def test_every_problem_has_its_words() -> None:
    root = Path(command.__file__).parents[1]
    here = (root / "_outlines.py").read_text("utf-8")
    there = (root / "_server_sql.py").read_text("utf-8")
    known = set(re.findall(r"(?:THEN|ELSE)\s+'([a-z_]+)'", there))
    assert {problem for problem in PROBLEMS if f'"{problem}"' in here} == {*PROBLEMS} == known


SOUND = ["--plots", "plots.parquet", "--zones", "zones.parquet"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--plots", "plots.gpkg", "--zones", "zones.parquet"], 1, "name a province"),
        ([*SOUND, "--crs", "EPSG:3857"], 1, "true"),
        ([*SOUND, "--crs", "foo"], 1, "'foo'"),
        ([*SOUND, "--crs", "EPSG:999999"], 1, "EPSG:999999"),
        (["--plots", "plots.parquet"], 2, "--zones, --province"),
        ([*SOUND, "--group", "base_partition"], 2, "--group"),
        ([*SOUND, "--province", "nghe-an", "--group", "base_partition"], 2, "--group"),
        ([*SOUND[:2], "--province", "nghe-an", "--zone-key", "key"], 2, "--zone-key"),
        ([*SOUND, "--boundaries", "bundled"], 2, "--boundaries"),
        ([*SOUND, "--cluster", "tcp://127.0.0.1:1"], 2, "--cluster"),
        ([*SOUND, "--engine", "postgis", "--cluster", "tcp://127.0.0.1:1"], 2, "--cluster"),
        (
            [*SOUND, "--engine", "dask", "--cluster", "tcp://127.0.0.1:1", "--workers", "2"],
            2,
            "--workers",
        ),
        ([*SOUND, "--table", "parcels"], 1, "--table"),
        ([*SOUND, "--by", "x"], 1, "jobs, price"),
        ([*SOUND, "--where", "x=1"], 1, "field x"),
        (["--plots", "none.parquet", "--zones", "zones.parquet"], 1, "none.parquet"),
        ([*SOUND, "--zone-key", "k"], 1, "field k"),
        ([*SOUND, "--max-memory", "x"], 2, "500MB"),
        (
            ["--plots", "plots.parquet", "--zones", "zones.parquet", "--max-memory", "9MB"],
            1,
            "9 MB",
        ),
        ([*SOUND, "--weight", "use"], 1, "numbers"),
    ],
)
def test_what_is_wrong_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int, said: str
) -> None:
    monkeypatch.chdir(folder)
    found, out, err = run(*words)
    assert (found, out) == (code, "")
    assert said in err


@pytest.mark.parametrize("option", ["-o", "--problems"])
@pytest.mark.parametrize(
    ("output", "source"),
    [
        ("plots.gpkg", "--plots"),
        ("./inner/../plots.gpkg", "--plots"),
        ("link.gpkg", "--plots"),
        ("zones.geojson", "--zones"),
    ],
)
def test_no_file_that_is_read_is_replaced(
    folder: Path, tmp_path: Path, output: str, source: str, option: str
) -> None:
    for name in ("plots.gpkg", "zones.geojson"):
        shutil.copy(folder / name, tmp_path)
    (tmp_path / "inner").mkdir()
    (tmp_path / "link.gpkg").symlink_to(tmp_path / "plots.gpkg")
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.g*")}
    found = run(
        "--plots", tmp_path / "plots.gpkg", "--zones", tmp_path / "zones.geojson",
        "--crs", "EPSG:9208", option, f"{tmp_path}/{output}",
    )  # fmt: skip
    assert found[:2] == (2, "")
    assert source in found[2]
    assert before == {path.name: path.read_bytes() for path in tmp_path.glob("*.g*")}


def test_nothing_is_written_among_the_plots_nor_twice_to_one_file(
    folder: Path, tmp_path: Path
) -> None:
    inner = tmp_path / "plots" / "north"
    inner.mkdir(parents=True)
    shutil.copy(folder / "plots.parquet", inner)
    given = ["--plots", tmp_path / "plots", "--zones", folder / "zones.parquet"]
    for place in (inner / "plots.parquet", inner / "account.parquet", tmp_path / "plots/a.csv"):
        assert run(*given, "-o", place)[0] == 2
    assert [path.name for path in (tmp_path / "plots").rglob("*.*")] == ["plots.parquet"]
    both = tmp_path / "a.csv"
    assert run(*given, "-o", both, "--problems", both)[0] == 2
    assert run(*given, "--format", "csv", "-o", both, "--problems", tmp_path / "b.csv")[0] == 0


@pytest.mark.parametrize("option", ["-o", "--problems"])
def test_a_file_that_cannot_be_written_is_told_before_the_work(
    folder: Path, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.commands.plots.open_plots", None)
    given = ["--plots", folder / "plots.parquet", "--zones", folder / "zones.parquet"]
    code, out, err = run(*given, option, folder / "none" / "p.csv")
    assert (code, out) == (1, "")
    assert err == f"{folder}/none/p.csv can't be written: {os.strerror(2)}\n"


BOW = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])


@pytest.mark.parametrize(
    ("zones", "said"),
    [
        ({"a": box(0, 0, 1, 1), "b": BOW}, ["row 2, field geometry", "Self-intersection[0.5 0.5]"]),
        ({"a": None, "b": LineString([(0, 0), (1, 1)])}, ["row 1", "none", "row 2", "LineString"]),
        ({"a": Polygon(), "b": box(0, 0, 1, 1)}, ["row 1", "empty", "a valid polygon"]),
        ({"a": box(0, 0, 1, 1), None: box(1, 0, 2, 1)}, ["row 2, field key", "none"]),
        ({"a": box(0, 0, 1, 1), " ": box(1, 0, 2, 1)}, ["row 2, field key", "none"]),
        ({"outside": box(0, 0, 1, 1)}, ["row 1, field key", "in no zone"]),
        ({}, ["no zones"]),
    ],
)
@pytest.mark.parametrize("ending", ["parquet", "gpkg"])
def test_each_wrong_zone_is_named(
    folder: Path, tmp_path: Path, zones: dict[str, Any], said: list[str], ending: str
) -> None:
    file = tmp_path / f"zones.{ending}"
    keys = pd.array([*zones], dtype="str")
    frame = gpd.GeoDataFrame({"key": keys}, geometry=[*zones.values()], crs="EPSG:9208")
    frame.to_parquet(file) if ending == "parquet" else frame.to_file(file)
    code, out, err = run("--plots", folder / "plots.parquet", "--zones", file)
    assert (code, out) == (1, "")
    assert err.startswith(file.name)
    assert all(part in err for part in said)


def test_keys_that_come_twice_are_named(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "zones.parquet"
    zones_of_two_groups().assign(key=["a", "b", "a", "c", "d"]).to_parquet(file)
    code, _, err = run("--plots", folder / "plots.parquet", "--zones", file)
    assert code == 1
    assert "zones.parquet, row 3, field key: found 'a', as in row 1; expected" in err


@pytest.mark.parametrize("ending", ["parquet", "gpkg", "geojson"])
def test_a_zone_without_group_is_named(folder: Path, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"zones.{ending}"
    groups = pd.array(["p", None, "p", " ", "q"], dtype="str")
    zones = zones_of_two_groups().assign(key=[*"abcde"], group=groups).reset_index(drop=True)
    zones.to_parquet(file) if ending == "parquet" else zones.to_file(file)
    code, out, err = run("--plots", folder / "plots.parquet", "--zones", file)
    assert (code, out) == (1, "")
    lines = [line for line in err.splitlines() if "field group: found none" in line]
    assert [line.split(",")[1] for line in lines] == [" row 2", " row 4"]


@pytest.mark.parametrize("ending", ["parquet", "gpkg", "fgb"])
def test_areas_far_from_the_system_are_not_given_silently(tmp_path: Path, ending: str) -> None:
    """At 109.3 degrees EPSG:9208, whose meridian is 104.75, gives 0.6 % too much."""
    path, zones = tmp_path / f"plots.{ending}", tmp_path / "zones.parquet"
    shapes = [box(lon, 12, lon + 0.01, 12.01) for lon in (104.7, 109.3)]
    plots = gpd.GeoDataFrame({"use": ["a", "b"]}, geometry=shapes, crs=4326).to_crs(9208)
    plots.to_parquet(path) if ending == "parquet" else plots.to_file(path)
    country = [box(102, 8, 110, 23.5)]
    gpd.GeoDataFrame({"key": ["vn"]}, geometry=country, crs=4326).to_parquet(zones)
    given = ["--plots", path, "--zones", zones]
    code, out, err = run(*given)
    assert (code, out) == (1, "")
    assert "EPSG:6933" in err
    code, out, err = run(*given, "--crs", "EPSG:6933")
    document = json.loads(out)
    assert (code, err) == (0, "")
    assert document["zones_stretched_at_most"] < 1e-6
    true = sum(abs(GEOD.geometry_area_perimeter(shape)[0]) for shape in shapes) / 1e4
    assert document["area_ha"] == pytest.approx(true, rel=1e-5)
    near = ["--plots", path, "--province", "nghe-an", "--group", "base_partition"]
    code, out, err = run(*near)
    assert (code, json.loads(out)["zones_stretched_at_most"] < 0.001) == (0, True)
    assert "warning: plots reach to where EPSG:9208 stretches areas by up to 0.59%" in err
    assert "warning" not in run(*near, "--no-outside")[2]


def test_a_file_that_does_not_tell_its_bounds_is_unknown(folder: Path, tmp_path: Path) -> None:
    parts = tmp_path / "plots"
    parts.mkdir()
    layer_of_plots(40).to_parquet(parts / "a.parquet")
    layer_of_plots(0).to_parquet(parts / "empty.parquet")
    given = ["--plots", parts, "--zones", folder / "zones.parquet"]
    assert "warning" not in run(*given)[2]
    for name in ("b", "c"):
        table = pq.read_table(parts / "a.parquet")
        geo = json.loads(table.schema.metadata[b"geo"])
        del geo["columns"]["geometry"]["bbox"]
        pq.write_table(
            table.replace_schema_metadata({"geo": json.dumps(geo)}), parts / f"{name}.parquet"
        )
    assert "warning: b.parquet and 1 more don't say how far" in run(*given)[2]
    assert "warning" not in run(*given, "--no-outside")[2]


ADDRESSES = [
    "postgresql://reader:very-secret@127.0.0.1:1",
    "postgrsql://reader:very-secret@127.0.0.1:1/land",
    "postgresql:/reader:very-secret@127.0.0.1:1/land",
    "postgresql://reader:very%secret@127.0.0.1:1/land",
    "postgresql://reader:half@very-secret@127.0.0.1:1/land",
    "postgresql://reader:half/very-secret@127.0.0.1:1/land",
    "postgresql://reader:very secret@127.0.0.1:1/land",
    "host=127.0.0.1 port=1 password=very-secret",
    "host=127.0.0.1 port=1 password='half very-secret'",
    "postgresql://127.0.0.1:1/land?user=reader&password=very-secret",
]
PLACES = [
    ["--plots", "{}", "--engine", "dask"],
    ["--plots", "plots.parquet", "--zones", "{}"],
    ["--plots", "plots.parquet", "--province", "nghe-an", "--boundaries", "{}"],
    ["--plots", "plots.parquet", "--province", "{}"],
    ["--plots", "plots.parquet", "{}"],
    ["--plots", "plots.parquet", "--workers", "{}"],
    ["--plots", "plots.parquet", "-o", "{}"],
]


@pytest.mark.parametrize(
    ("words", "address"),
    [
        *((words, ADDRESSES[0]) for words in PLACES),
        *((["--plots", "{}", "--table", "t"], address) for address in ADDRESSES),
        *(
            (["--plots", "{}", "--table", "t", "--engine", "postgis"], address)
            for address in ADDRESSES
        ),
    ],
)
def test_no_password_is_shown(
    folder: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], address: str
) -> None:
    monkeypatch.chdir(folder)
    zones = [] if {"--zones", "--province"} & {*words} else ["--zones", "zones.parquet"]
    code, out, err = run(*(word.replace("{}", address) for word in words), *zones)
    assert code in {1, 2}
    assert "secret" not in out + err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--plots", "postgresql://reader:p@h/land"], "--engine postgis"),
        (["--plots", "postgresql://r:p@q@h/l", "--table", "t", "--engine", "postgis"], "%40"),
        (["--plots", "plots.parquet", "--table", "t", "--engine", "postgis"], "user:password@host"),
    ],
)
def test_what_an_address_needs_is_said(folder: Path, words: list[str], said: str) -> None:
    code, _, err = run(*words, "--zones", folder / "zones.parquet")
    assert code == 2
    assert said in " ".join(err.replace("│", " ").split())


@pytest.mark.parametrize("more", [[], ["--by", "use", "--weight", "jobs"]])
def test_an_account_without_rows_has_its_header(folder: Path, more: list[str]) -> None:
    given = ["--plots", folder / "plots.parquet", "--province", "nghe-an", *more]
    heads = []
    for where in ("jobs < 0", "jobs < 10"):
        code, out, _ = run(*given, "--where", where, "--format", "csv")
        assert code == 0
        heads.append(out.splitlines()[0])
    assert heads[0] == heads[1]
    assert run(*given, "--where", "jobs < 0", "--format", "csv")[1] == f"{heads[0]}\n"


def test_no_command_replaces_what_it_reads(tmp_path: Path) -> None:
    for words in (
        ["scenario", "--province", "nghe-an", "--file"],
        ["scenario", "--province", "nghe-an", "--file", "other.json", "--against"],
        ["zones", "--province", "nghe-an", "--boundaries"],
        ["rank", "--province", "nghe-an", "--criteria"],
        ["check-site", "--province", "nghe-an", "--polygon"],
        ["report", "--province", "nghe-an", "--scenario"],
    ):
        file = tmp_path / "given.json"
        file.write_text("{}")
        result = CliRunner().invoke(app, [*words, str(file), "-o", str(file)])
        assert (result.exit_code, file.read_text()) == (2, "{}"), words
        assert words[-1] in result.stderr


def test_chunks_shrink_with_the_memory(folder: Path) -> None:
    layer = open_plots(folder / "plots.parquet")
    sizes = [chunk_rows(layer, memory, 2) for memory in (10**9, 380_000_000, 375_000_000)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == 50_000
    assert sizes[1] > 1.5 * sizes[2]
