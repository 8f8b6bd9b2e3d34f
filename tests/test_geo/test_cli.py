"""The command line is a contract that others script against."""

import csv
import inspect
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.markup import render
from typer.testing import CliRunner, Result

import data.facts
from data import _command
from data.__main__ import app as data_line
from geo.__main__ import app
from geo.commands import _options
from geo.export import today
from geo.snapshot import Province, load_province
from tests.test_geo.contract import ZONE_KEYS

ROOT = Path(__file__).parents[2]
NGHE_AN = ("--province", "nghe-an", "--as-of", "2026-06-30")


def no_constant(name: str) -> None:
    raise AssertionError(name)


def parsed(text: str) -> Any:  # noqa: ANN401
    return json.loads(text, parse_constant=no_constant)


def test_zones_as_json(run: Callable[..., Result]) -> None:
    result = run("zones", *NGHE_AN, "--format", "json")
    assert result.exit_code == 0
    document = parsed(result.stdout)
    about = ["province", "as_of", "boundary_source", "boundary_accuracy"]
    assert list(document) == [*about, "zones", "province_total"]
    assert (document["province"], document["as_of"]) == ("nghe-an", "2026-06-30")
    assert document["boundary_source"] == "bundled"
    for zone in (*document["zones"], document["province_total"]):
        assert list(zone)[: len(ZONE_KEYS)] == ZONE_KEYS
        assert isinstance(zone["areas_count"], int)
        assert isinstance(zone["areas_by_kind"], dict)
        assert isinstance(zone["fill_rate_bases"], list)
    zones = {zone["zone_key"]: zone for zone in document["zones"]}
    assert list(zones)[:4] == ["na-a", "na-b", "na-c", "na-d"]
    # By hand in test_account.py.
    assert zones["na-a"]["leased_ha"] == 302.8245
    assert zones["na-a"]["pipeline_ha"] == pytest.approx(1365.66)
    for field in ("total_area_ha", "leasable_ha", "leased_ha", "available_ha", "fill_rate_pct"):
        assert zones["na-c"][field] is None
    assert zones["na-d"]["fill_rate_min_pct"] is None


@pytest.mark.parametrize("form", ["json", "geojson"])
def test_the_outlook_names_its_assumptions(form: str, run: Callable[..., Result]) -> None:
    asked = ("zones", "--province", "nghe-an", "--as-of", "2026-11-21", "--format", form)
    plain = parsed(run(*asked).stdout)
    document = parsed(run(*asked, "--outlook").stdout)
    place = document["metadata"] if form == "geojson" else document
    outlook = place.pop("outlook")
    assert document == plain
    assert outlook["as_of"] == "2026-11-21"
    assert outlook["assumptions"]["minimum_points"] == 3
    assert outlook["assumptions"]["pipeline_share"] == 0.0
    assert outlook["zones"][-1]["zone_key"] == "province_total"
    known = [area for area in outlook["areas"] if area["absorption_ha_year"] is not None]
    assert [area["area_id"] for area in known] == ["na-kcn-vsip-1"]
    assert {row["established_year"] for row in outlook["pipeline"]} >= {2025, None}


def test_one_group_and_the_whole_province(run: Callable[..., Result]) -> None:
    result = run("zones", *NGHE_AN, "--group", "base_partition", "--format", "json")
    document = parsed(result.stdout)
    assert [zone["zone_key"] for zone in document["zones"]] == ["na-a", "na-b", "na-c", "na-d"]
    assert document["province_total"]["areas_count"] == 16


def test_the_date_is_today_where_none_is_given(run: Callable[..., Result]) -> None:
    before = today()
    document = parsed(run("zones", "--province", "nghe-an", "--format", "json").stdout)
    assert document["as_of"] in {before.isoformat(), today().isoformat()}


def test_the_date_matters(run: Callable[..., Result]) -> None:
    arguments = ("areas", "--province", "nghe-an", "--format", "json", "--as-of")
    for day, leased, leasable in (("2026-06-30", 262.07, 286.63), ("2023-12-31", 237.94, 250.63)):
        areas = {area["id"]: area for area in parsed(run(*arguments, day).stdout)["areas"]}
        figures = areas["na-kcn-vsip-1"]["figures"]
        assert figures["leased_ha"]["value"] == leased
        assert figures["leasable_ha"]["value"] == leasable


def test_areas_as_json(run: Callable[..., Result]) -> None:
    result = run("areas", *NGHE_AN, "--format", "json")
    assert result.exit_code == 0
    document = parsed(result.stdout)
    assert {"province", "as_of", "areas"} <= set(document)
    areas = {area["id"]: area for area in document["areas"]}
    expected = {key for key in data.facts.load_facts().areas.index if key.startswith("na-")}
    assert set(areas) == expected
    for area in areas.values():
        assert {"id", "name_vi", "kind", "status", "position", "zones", "figures"} <= set(area)
        for metric in ("leasable_ha", "leased_ha", "fill_rate_pct"):
            assert metric in area["figures"]
        for figure in area["figures"].values():
            if figure is not None:
                assert {"value", "unit", "as_of", "basis", "source", "note"} <= set(figure)
                assert isinstance(figure["value"], float)
                assert figure["source"]
        # Nothing listed is an empty list, nothing known is null.
        for field in ("industries", "decision", "zones", "conflicts", "sources"):
            assert isinstance(area[field], list)
        assert "" not in area.values()
        assert isinstance(area["counted"], bool)
    assert any(area["industries"] == [] for area in areas.values())
    assert any(area["status"] is None for area in areas.values())
    rate = areas["na-kcn-vsip-1"]["figures"]["fill_rate_pct"]
    assert round(rate["value"], 2) == 91.43
    assert rate["basis"] == "kcn_2022"
    assert areas["na-ccn-nam-giang"]["status"] is None


def test_land_without_a_rate_has_its_date_basis_source_and_sign(run: Callable[..., Result]) -> None:
    text = run("areas", *NGHE_AN, "--lang", "en").stdout
    cells = " ".join(text.split())
    assert "> 55 / ?" in cells
    (start,) = (at for at, line in enumerate(text.splitlines()) if "> 55 / ?" in line)
    row = " ".join(text.splitlines()[start : start + 3])
    assert "03/2021" in row
    assert "na-s22" in row
    assert "≈ 380" in text
    areas = parsed(run("areas", *NGHE_AN, "--format", "json").stdout)["areas"]
    (only,) = (
        area["figures"]["leased_ha"]
        for area in areas
        if (leased := area["figures"]["leased_ha"])
        and round(leased["value"], 2) == 54.89
        and area["figures"]["fill_rate_pct"] is None
    )
    assert (only["qualifier"], only["as_of"], only["source"]) == (">", "2021-03", "na-s22")


@pytest.mark.parametrize("command", ["zones", "areas"])
def test_geojson(command: str, run: Callable[..., Result]) -> None:
    document = parsed(run(command, *NGHE_AN, "--format", "geojson", "--lang", "en").stdout)
    assert document["type"] == "FeatureCollection"
    assert document["metadata"]["lang"] == "en"


@pytest.mark.parametrize(("command", "key"), [("zones", "zone_key"), ("areas", "id")])
def test_csv(command: str, key: str, run: Callable[..., Result]) -> None:
    text = run(command, *NGHE_AN, "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    records = parsed(run(command, *NGHE_AN, "--format", "json").stdout)
    expected = [record[key] for record in records[command]]
    assert [row[key] for row in rows][: len(expected)] == expected
    assert {row["as_of"] for row in rows} == {"2026-06-30"}
    if command == "zones":
        assert rows[-1][key] == "province_total"
        by_key = {row[key]: row for row in rows}
        assert by_key["na-c"]["fill_rate_pct"] == ""
        assert float(by_key["na-a"]["leased_ha"]) == 302.8245


@pytest.mark.parametrize(("lang", "expected"), [("vi", "Nghệ An"), ("en", "Southeast")])
@pytest.mark.parametrize("command", ["zones", "areas"])
def test_table(command: str, lang: str, expected: str, run: Callable[..., Result]) -> None:
    result = run(command, *NGHE_AN, "--lang", lang)
    assert result.exit_code == 0
    assert expected in result.stdout
    assert "nan" not in result.stdout.lower().split()
    # 302.8245 / 632.560988 = 47.9 %; VSIP 1: 91.43 %
    decimal = "," if lang == "vi" else "."
    assert (f"47{decimal}9" if command == "zones" else f"91{decimal}4") in result.stdout


@pytest.mark.parametrize("layer", ["zones", "areas"])
def test_export_writes_what_the_screen_shows(
    layer: str, tmp_path: Path, run: Callable[..., Result]
) -> None:
    path = tmp_path / f"{layer}.geojson"
    result = run("export", *NGHE_AN, "--layer", layer, "--format", "geojson", "-o", path)
    assert (result.exit_code, result.stdout) == (0, "")
    assert path.read_text(encoding="utf-8") == run(layer, *NGHE_AN, "--format", "geojson").stdout


@pytest.mark.parametrize("form", ["json", "csv", "geojson", "table"])
def test_a_file_instead_of_the_screen(
    form: str, tmp_path: Path, run: Callable[..., Result]
) -> None:
    path = tmp_path / "out"
    result = run("zones", *NGHE_AN, "--format", form, "-o", path)
    assert (result.exit_code, result.stdout) == (0, "")
    assert path.read_text(encoding="utf-8") == run("zones", *NGHE_AN, "--format", form).stdout


# What goes wrong.


def test_an_unknown_province(run: Callable[..., Result]) -> None:
    result = run("zones", "--province", "atlantis", "--format", "json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "atlantis" in result.stderr
    assert result.stderr.count("nghe-an") == 1
    assert "nghe-an" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("zones",),
        ("zones", "--province", "nghe-an", "--as-of", "30/06/2026"),
        ("zones", "--province", "nghe-an", "--as-of", "2026-02-30"),
        ("zones", "--province", "nghe-an", "--as-of", "2026"),
        ("zones", "--province", "nghe-an", "--group", "planets"),
        ("zones", "--province", "nghe-an", "--format", "xlsx"),
        ("zones", "--province", "nghe-an", "--lang", "fr"),
        ("zones", "--province", "nghe-an", "--bogus"),
        ("zones", "--province", "nghe-an", "--outlook"),
        ("areas", "--province", "nghe-an", "--group", "base_partition"),
        ("areas", "--province", "nghe-an", "--explain", "--format", "csv"),
        ("export", "--province", "nghe-an", "--layer", "zones"),
        ("export", "--province", "nghe-an", "--layer", "rivers", "-o", "x"),
        ("export", "--province", "nghe-an", "--layer", "zones", "--crs", "vn2000", "-o", "x"),
        ("export", "--province", "nghe-an", "--layer", "zones", "--crs", "EPSG:1", "-o", "x"),
        ("export", "--province", "nghe-an", "--layer", "all", "--format", "csv", "-o", "x"),
        ("fly",),
    ],
)
def test_wrong_usage_is_2(arguments: tuple[str, ...], run: Callable[..., Result]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.output
    assert result.stdout == "" or not arguments  # help, where nothing was asked
    assert not (ROOT / "x").exists()


def test_a_folder_that_is_not_there_is_1(tmp_path: Path, run: Callable[..., Result]) -> None:
    path = tmp_path / "none" / "zones.json"
    result = run("zones", *NGHE_AN, "--format", "json", "-o", path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert str(path) in result.stderr
    assert "Traceback" not in result.stderr


def test_broken_tables_are_1_with_all_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "facts"
    shutil.copytree(data.facts.FACTS, folder)
    (folder / "areas.csv").write_text(
        (folder / "areas.csv").read_text(encoding="utf-8").replace(",operating,", ",open,", 3),
        encoding="utf-8",
    )
    (folder / "observations.csv").write_text(
        (folder / "observations.csv").read_text(encoding="utf-8").replace(",262.07,", ",much,"),
        encoding="utf-8",
    )
    broken = data.facts.load_facts

    def load(key: str, **_: object) -> Province:
        return load_province(key, facts=broken(folder))

    monkeypatch.setattr(_options, "load_province", load)
    result = CliRunner().invoke(app, ["zones", "--province", "nghe-an", "--format", "json"])
    assert (result.exit_code, result.stdout) == (1, "")
    lines = result.stderr.splitlines()
    assert sum("areas.csv" in line and "open" in line for line in lines) == 3
    assert sum("observations.csv" in line and "much" in line for line in lines) == 2
    assert all("row" in line and "field" in line for line in lines)
    assert "Traceback" not in result.stderr


# One process, as it is used.


def used_by_children() -> float:
    """Seconds of processor time of all processes that have ended."""
    used = os.times()
    return used.children_user + used.children_system


def test_a_process_of_its_own_is_quick_and_clean() -> None:
    command = [sys.executable, "-m", "geo", "zones", *NGHE_AN, "--format", "json"]
    began = used_by_children()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONWARNINGS": "error::UserWarning"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    seconds = used_by_children() - began
    assert (done.returncode, done.stderr) == (0, "")
    assert parsed(done.stdout)["province_total"]["areas_count"] == 16
    # Of a processor, so that it doesn't matter who works beside it: 2 s; a slower one may be here.
    assert seconds < 8
    missing = subprocess.run(
        [sys.executable, "-m", "geo", "zones", "--province", "atlantis"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert missing.returncode == 1


def test_starting_loads_nothing_that_only_a_page_or_one_command_needs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, geo.__main__; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    heavy = {"altair", "babel", "folium", "rich", "sqlalchemy", "streamlit"}
    heavy |= {"data.trades", "geo.siting"}
    assert not heavy & set(done.stdout.split())


def texts_of_help(command: Any) -> Iterator[str]:  # noqa: ANN401 (typer keeps its classes)
    """All texts that --help shows of a command and of those below it."""
    yield from (command.help or "", command.epilog or "")
    for param in command.params:
        yield from (getattr(param, "help", None) or "", str(param.metavar or ""))
    for below in getattr(command, "commands", {}).values():
        yield from texts_of_help(below)


@pytest.mark.parametrize("line", [app, data_line], ids=["geo", "data"])
def test_help_loses_no_brackets(line: typer.Typer) -> None:
    """Rich takes some for its own markup and shows nothing of them."""
    texts = list(texts_of_help(typer.main.get_command(line)))
    assert len(texts) > 40
    for text in texts:
        assert render(text).plain == text


def test_the_readme_says_which_options_all_commands_take() -> None:
    taken: dict[str, set[str]] = {}
    for command in app.registered_commands:
        names = inspect.signature(command.callback or app).parameters
        word = str(command.name or getattr(command.callback, "__name__", ""))
        taken[word] = {"o" if name == "output" else name.replace("_", "-") for name in names}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    said = next(line for line in readme.splitlines() if line.startswith("All of `python -m geo`"))
    for option in ("boundaries", "as-of", "lang", "o"):
        before = re.split(rf"`-+{option} ", said.partition(". ")[0])[0].split("take ")[-1]
        without = re.findall(r"`(\w+)`", before.rpartition(", all but ")[2])
        lacking = {name for name, options in taken.items() if option not in options}
        assert lacking == (set(without) if "all but" in before else set()), option


@pytest.mark.parametrize("place", ["data/facts/areas.csv", "layers/report/template_vi.docx"])
def test_a_file_of_the_program_is_no_file_to_write(
    place: str, tmp_path: Path, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (ROOT / place).is_file()
    monkeypatch.setattr(_command, "PROGRAM", tmp_path)
    theirs = tmp_path / place
    theirs.parent.mkdir(parents=True)
    theirs.write_text("kept")
    command = "report" if place.endswith("docx") else "areas"
    form = () if command == "report" else ("--format", "csv")
    result = run(command, *NGHE_AN, *form, "-o", theirs)
    assert result.exit_code == 2
    assert "program" in result.stderr
    assert theirs.read_text() == "kept"
    own = tmp_path / "areas.csv"
    own.write_text("old")
    assert run("areas", *NGHE_AN, "--format", "csv", "-o", own).exit_code == 0
    assert own.read_text() != "old"
