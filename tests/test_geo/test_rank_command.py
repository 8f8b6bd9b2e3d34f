"""``python -m geo rank``: a contract that others script against."""

import csv
import io
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, get_args

import openpyxl
import pyogrio
import pytest
import yaml
from typer.testing import Result

from data.criteria import PRESETS
from data.resolutions import provinces
from geo.commands.rank import File

ELECTRONICS = (
    *("--province", "nghe-an", "--industry", "electronics", "--min-area-ha", "20"),
    *("--near", "port=60", "--as-of", "2026-06-30"),
)


@pytest.fixture
def run(run: Callable[..., Result]) -> Callable[..., Result]:
    return partial(run, "rank")


def parsed(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_json(run: Callable[..., Result]) -> None:
    found = parsed(run(*ELECTRONICS, "--format", "json", "--lang", "en"))
    assert list(found) == [
        "provinces",
        "as_of",
        "boundary_sources",
        "trade",
        "criteria",
        "limits",
        "ranked",
        "excluded",
        "excluded_by",
        "stability",
        "notes",
        "sources",
    ]
    assert found["as_of"] == "2026-06-30"
    assert (found["trade"], found["criteria"]["key"]) == ("electronics", "export-electronics")
    best = found["ranked"][0]
    assert (best["rank"], best["id"], best["verified"]) == (1, "na-kcn-vsip-2", True)
    assert best["score_low"] <= best["score_middle"] <= best["score_high"]
    [seaport] = [
        row["reason_texts"][0] for row in found["excluded"] if row["id"] == "na-ccn-chau-quang"
    ]
    assert seaport == (
        "Distance to a seaport: Nghi Sơn port, 69.7 km (±8.2 km); at most 60 km asked."
    )
    assert {note["code"] for note in found["notes"]} >= {"order", "straight_line", "stability"}


def test_the_same_request_gives_the_same_bytes(run: Callable[..., Result]) -> None:
    once, again = (run(*ELECTRONICS, "--format", "json").stdout for _ in range(2))
    assert once == again


def test_table_in_both_languages(run: Callable[..., Result]) -> None:
    vi, en = (run(*ELECTRONICS, "--lang", lang).stdout for lang in ("vi", "en"))
    assert "Bị loại" in vi
    assert "Excluded" in en
    assert "83,4 (78,6-84,9)" in vi
    assert "83.4 (78.6-84.9)" in en
    assert "Đánh giá của sản phẩm, không lấy từ văn bản nào" in vi


def test_csv(run: Callable[..., Result]) -> None:
    result = run(*ELECTRONICS, "--format", "csv", "--lang", "en")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    ranked = [row for row in rows if row["rank"]]
    assert [row["rank"] for row in ranked] == [str(at + 1) for at in range(len(ranked))]
    assert rows[: len(ranked)] == ranked
    assert all(row["reasons"] for row in rows[len(ranked) :])
    vsip = next(row for row in rows if row["id"] == "na-kcn-vsip-1")
    assert (vsip["available_ha"], vsip["available_ha_as_of"]) == ("24.56", "2026-01-06")
    unknown = next(row for row in rows if row["id"] == "na-kcn-wha-1")
    assert unknown["available_ha"] == ""
    assert float(unknown["available_ha_high"]) == pytest.approx(498 * 0.8)


def test_geojson_of_all_provinces(run: Callable[..., Result], tmp_path: Path) -> None:
    out = tmp_path / "ranking.geojson"
    arguments = ("--province", "all", *ELECTRONICS[2:], "--format", "geojson", "-o", str(out))
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    document = json.loads(out.read_text(encoding="utf-8"))
    features = document["features"]
    ranks = [one["properties"]["rank"] for one in features]
    count = sum(rank is not None for rank in ranks)
    assert ranks == [*range(1, count + 1), *[None] * (len(ranks) - count)]
    assert {one["properties"]["province"] for one in features} == set(provinces())
    assert [one["province"] for one in document["metadata"]["provinces"]] == list(provinces())
    # Position unknown: null, not dropped.
    assert sum(one["geometry"] is None for one in features) == sum(
        one["properties"]["position"] == "unknown" for one in features
    )
    for one in features:
        reasons = one["properties"]["reason_texts"]
        assert bool(reasons) == one["properties"]["excluded"]


@pytest.mark.parametrize("form", get_args(File))
def test_files_hold_every_place(form: str, run: Callable[..., Result], tmp_path: Path) -> None:
    path = tmp_path / f"ranking.{'zip' if form == 'shp' else form}"
    result = run(*ELECTRONICS, "--format", form, "-o", str(path))
    assert (result.exit_code, result.output) == (0, "")
    asked = parsed(run(*ELECTRONICS, "--format", "json"))
    names = {row["id"] for part in ("ranked", "excluded") for row in asked[part]}
    if form == "gpkg":
        assert set(pyogrio.read_dataframe(path, layer="ranking")["id"]) == names
    elif form == "xlsx":
        sheets = openpyxl.load_workbook(path).worksheets
        cells = {cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row}
        assert names <= cells
    else:
        assert path.stat().st_size > 1000


def test_files_need_a_name_and_one_province(run: Callable[..., Result], tmp_path: Path) -> None:
    assert run(*ELECTRONICS, "--format", "gpkg").exit_code == 2
    path = tmp_path / "all.gpkg"
    every = ("--province", "all", "--format", "gpkg", "-o", str(path))
    assert run(*every).exit_code == 2
    assert not path.exists()


def test_other_provinces_change_no_score(run: Callable[..., Result]) -> None:
    form = ("--format", "json")
    alone = parsed(run(*ELECTRONICS, *form))
    among = parsed(run("--province", "all", *ELECTRONICS[2:], *form))
    fields = ("score", "score_low", "score_middle", "score_high", "contributions")
    before = {row["id"]: [row[field] for field in fields] for row in alone["ranked"]}
    after = {row["id"]: [row[field] for field in fields] for row in among["ranked"]}
    assert {key: after[key] for key in before} == before
    assert len(after) > len(before)


def test_own_criteria(run: Callable[..., Result], tmp_path: Path) -> None:
    raw = yaml.safe_load(PRESETS.read_text(encoding="utf-8"))["presets"][3]
    raw["criteria"][0] |= {"direction": "ideal", "ideal": 10, "title": {"vi": "Gần", "en": "Near"}}
    file = tmp_path / "own.yaml"
    file.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    found = parsed(run("--province", "nghe-an", "--criteria", str(file), "--format", "json"))
    first = found["criteria"]["criteria"][0]
    assert (first["direction"], first["title"]["en"]) == ("ideal", "Near")
    raw["criteria"][0]["weight"] = 20
    file.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    refused = run("--province", "nghe-an", "--criteria", str(file))
    assert refused.exit_code == 1
    assert "field weight: found weights that sum to 95" in refused.stderr


def test_limits_by_options(run: Callable[..., Result]) -> None:
    found = parsed(
        run(
            *("--province", "nghe-an", "--industry", "26", "--preset", "general"),
            *("--wastewater", "--economic-zone", "--encouraged", "--max-rent", "70"),
            *("--status", "operating", "--near", "interchange=40", "--format", "json"),
        )
    )
    assert found["limits"] == {
        "min_available_ha": None,
        "statuses": ["operating"],
        "max_km": {"expressway_interchange": 40.0},
        "wastewater": True,
        "in_economic_zone": True,
        "encouraged": True,
        "max_rent_usd_m2": 70.0,
    }
    verified = [row["id"] for row in found["ranked"] if row["verified"]]
    # The one park of Nghệ An with a published rent.
    assert verified == ["na-kcn-vsip-1"]


def test_anchor(run: Callable[..., Result]) -> None:
    arguments = ("--province", "nghe-an", "--preset", "supplier")
    refused = run(*arguments)
    assert refused.exit_code == 2
    assert "--anchor" in refused.stderr
    for anchor in ("na-kcn-vsip-1", "105.626,18.675"):
        found = parsed(run(*arguments, "--anchor", anchor, "--format", "json"))
        assert found["ranked"][0]["id"] == "na-kcn-vsip-1"
    unknown = run(*arguments, "--anchor", "na-kcn-none")
    assert (unknown.exit_code, unknown.stderr) == (1, "no area 'na-kcn-none'\n")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--province", "nowhere"), 1, "no province 'nowhere'"),
        (("--province", "nghe-an", "--industry", "phi hành"), 1, "no trade 'phi hành'"),
        (("--province", "nghe-an", "--preset", "best"), 1, "no preset 'best'"),
        (("--province", "nghe-an", "--near", "port"), 2, "TYPE=KM"),
        (("--province", "nghe-an", "--near", "moon=5"), 2, "TYPE=KM"),
        (("--province", "nghe-an", "--status", "full"), 2, "one of operating"),
        (("--province", "nghe-an", "--criteria", "/none.yaml"), 1, "none.yaml"),
        (("--province", "nghe-an", "--min-area-ha", "0"), 2, "min-area-ha"),
        (("--province", "nghe-an", "--anchor", "east,west"), 2, "LON,LAT"),
        (("--province", "nghe-an", "--anchor", "18.8,105.66"), 2, "longitude first"),
        (("--province", "nghe-an", "--anchor", "nan,18.8"), 2, "longitude first"),
    ],
)
def test_wrong_requests(
    run: Callable[..., Result], arguments: tuple[str, ...], code: int, told: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == code, result.output
    assert told in " ".join(result.stderr.replace("│", " ").split())
    assert "Traceback" not in result.output


def test_an_empty_result_says_what_to_change(run: Callable[..., Result]) -> None:
    result = run("--province", "nghe-an", "--min-area-ha", "100000", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "No place passes the limits." in result.stdout
    assert "At least 100,000 ha available: excludes" in result.stdout
