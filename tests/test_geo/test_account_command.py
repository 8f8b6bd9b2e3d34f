"""``python -m geo account``: formats, engines' options, and what is wrong."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from typer.testing import CliRunner

from data.plot_files import open_plots
from geo.__main__ import app
from geo.commands.plots import chunk_rows
from tests.test_geo.land import layer_of_plots, zones_of_two_groups

if TYPE_CHECKING:
    from pathlib import Path


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
    for other in (pd.read_csv(csv), pd.read_parquet(parquet)):
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
    assert "Western districts" in str(lines.set_index("zone").loc["na-c", "zone_name"])
    code, out, _ = run(*plots, "--where", "use = 'SKK'", "--no-outside")
    inside = [row for row in whole["rows"] if row["zone"] != "outside"]
    assert (code, json.loads(out)["rows"]) == (0, inside)


SOUND = ["--plots", "plots.parquet", "--zones", "zones.parquet"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--plots", "plots.gpkg", "--zones", "zones.parquet"], 1, "name a province"),
        ([*SOUND, "--crs", "EPSG:3857"], 1, "true"),
        (["--plots", "plots.parquet"], 2, "--zones, --province"),
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


def test_chunks_shrink_with_the_memory(folder: Path) -> None:
    layer = open_plots(folder / "plots.parquet")
    sizes = [chunk_rows(layer, memory, 2) for memory in (10**9, 380_000_000, 375_000_000)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == 50_000
    assert sizes[1] > 1.5 * sizes[2]
