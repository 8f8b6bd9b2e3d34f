"""What is exported and imported back: the account is the same to the last digit."""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

from data.exchange_fields import exchange_layers
from data.importing.acceptance import accept
from data.importing.exports import TAKEN, cut_names, recognise
from data.importing.fields import fields_of
from data.importing.headers import propose
from data.importing.intake import prepare
from data.importing.report import text
from data.untrusted import Sheet, read_file
from data.vocabulary import METRICS
from data.workspace.merge import overlaid
from geo.records import total_record, zone_records
from geo.snapshot import load_province, snapshot, with_facts
from layers.exchange.write import export_bytes, make_bundle
from tests.test_layers.exports import Exports

if TYPE_CHECKING:
    from pathlib import Path

    from data.facts import Facts
    from data.importing.parts import Import
    from geo.snapshot import Province, Snapshot

TODAY = dt.date(2026, 11, 21)
FORMS: dict[str, dict[str, Any]] = {
    "geojson": {},
    "shp": {},
    "gpkg": {"crs": "vn2000", "keys": ("areas", "nodes", "plots", "outlines")},
    "csv": {},
    "xlsx": {},
    "kml": {},
    "parquet": {"crs": "EPSG:3405"},
}
WAYS = (*FORMS, "shp of geojson", "shp of gpkg", "xlsx in english", "csv in english")
WITH_ALL_FIGURES = ("geojson", "shp", "gpkg", "xlsx", "xlsx in english")
MAIN = ("total_area_ha", "cleared_ha", "leasable_ha", "leased_ha", "available_ha", "fill_rate_pct")
PEDIGREE = ["value", "unit", "as_of", "basis", "qualifier", "nature", "how", "sources"]


@pytest.fixture(scope="session")
def quang_ninh() -> Province:
    """Give the province whose figures are of the most kinds: sums, bounds and rates."""
    return load_province("quang-ninh")


@pytest.fixture(scope="session")
def taken(quang_ninh: Province) -> Snapshot:
    return snapshot(quang_ninh, TODAY)


@pytest.fixture(scope="session")
def exports(
    quang_ninh: Province,
    taken: Snapshot,
    tmp_path_factory: pytest.TempPathFactory,
) -> Exports:
    return Exports(quang_ninh, taken, tmp_path_factory.mktemp("round"))


@pytest.fixture(scope="session")
def read(exports: Exports) -> dict[str, tuple[Sheet, ...]]:
    """Read each export once."""
    files = {
        form: exports.path(form, **{"keys": ("areas",)} | more) for form, more in FORMS.items()
    }
    for form in ("xlsx", "csv"):
        files[f"{form} in english"] = exports.path(form, keys=("areas",), lang="en")
    for form in ("geojson", "gpkg"):
        files[f"shp of {form}"] = _by_gdal(files[form], exports.folder / f"of-{form}")
    return {way: read_file(file) for way, file in files.items()}


def _by_gdal(file: Path, folder: Path) -> Path:
    """Save a layer as QGIS does: GDAL cuts the names."""
    folder.mkdir()
    layer = gpd.read_file(file, layer=None if file.suffix == ".geojson" else "areas")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that names and texts are cut
        layer.to_file(folder / "areas.shp", encoding="UTF-8")
    packed = folder / "areas.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for part in folder.glob("areas.[!z]*"):
            archive.write(part, part.name)
    return packed


def _import(sheets: tuple[Sheet, ...], facts: Facts, key: str = "quang-ninh") -> Import:
    return prepare(sheets, file="f", sha256="ab" * 32, facts=facts, province=key, today=TODAY)


def _account(state: Snapshot) -> list[dict[str, Any]]:
    return [*zone_records(state), total_record(state)]


def _figures(state: Snapshot, metrics: tuple[str, ...]) -> dict[tuple[str, str], tuple[Any, ...]]:
    rows = state.figures.set_index(["area_id", "metric"])[PEDIGREE]
    some = rows[rows.index.get_level_values("metric").isin(metrics)] if metrics else rows
    return dict(zip(some.index.to_list(), some.itertuples(index=False, name=None), strict=True))


def _without_figures(province: Province) -> Facts:
    known = province.facts.observations
    return replace(province.facts, observations=known[~known["area_id"].isin(province.areas.index)])


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_new_where_all_is_known(
    way: str, read: dict[str, tuple[Sheet, ...]], quang_ninh: Province
) -> None:
    found = _import(read[way], quang_ninh.facts)
    assert [one for one in found.findings if one.severity != "info"] == []
    accepted = accept(found, "all")
    assert accepted.count == 0
    assert not any(len(rows) for _, rows in accepted.change.tables())


@pytest.mark.parametrize("way", WAYS)
def test_an_export_of_another_province_is_refused(
    way: str, read: dict[str, tuple[Sheet, ...]], quang_ninh: Province
) -> None:
    found = _import(read[way], quang_ninh.facts, "nghe-an")
    told = [one for one in found.findings if one.code == "I308"]
    assert told
    assert {one.expected("en") for one in told} == {"the file brought in for Tỉnh Quảng Ninh"}
    change = accept(found, "sound").change
    assert not any(len(rows) for _, rows in change.tables())


@pytest.mark.parametrize("way", WAYS)
def test_the_account_comes_back_to_the_last_digit(
    way: str, read: dict[str, tuple[Sheet, ...]], quang_ninh: Province, taken: Snapshot
) -> None:
    bare = _without_figures(quang_ninh)
    assert _account(snapshot(with_facts(quang_ninh, bare), TODAY)) != _account(taken)
    found = _import(read[way], bare)
    assert not found.has_errors
    change = accept(found, "none").change
    assert change.areas.empty
    back = snapshot(with_facts(quang_ninh, overlaid(bare, [("f", change)])), TODAY)
    assert _account(back) == _account(taken)
    metrics = () if way in WITH_ALL_FIGURES else MAIN
    assert _figures(back, metrics) == _figures(taken, metrics)


def test_an_export_for_an_earlier_day_with_decimal_commas(
    province: Province, shot: Snapshot, tmp_path: Path
) -> None:
    bare = _without_figures(province)
    bundle = make_bundle(province, shot, keys=("areas",), numbers="vi")
    file = tmp_path / "areas.csv"
    file.write_bytes(export_bytes(bundle, "csv"))
    sheets = read_file(file)
    whole = _import(sheets, province.facts, "nghe-an")
    assert [one for one in whole.findings if one.severity != "info"] == []
    assert accept(whole, "none").count == 0
    change = accept(_import(sheets, bare, "nghe-an"), "none").change
    assert change.areas.empty
    facts = overlaid(bare, [("f", change)])
    assert _account(snapshot(with_facts(province, facts), shot.as_of)) == _account(shot)


def _with_a_figure(facts: Facts, area_id: str) -> Facts:
    """Facts with one more figure, of a source of one's own."""
    source = facts.sources.iloc[[0]].rename(index={facts.sources.index[0]: "own-register-1"})
    figure = facts.observations
    figure = figure[(figure["area_id"] == area_id) & (figure["metric"] == "total_area_ha")].head(1)
    figure = figure.assign(
        value=123.4567, as_of="2026-05-04", source_id="own-register-1", row=10**6, qualifier="~"
    )
    return replace(
        facts,
        sources=pd.concat([facts.sources, source]),
        observations=pd.concat([facts.observations, figure], ignore_index=True),
    )


def test_a_sign_is_written_alone_and_read_with_an_apostrophe_too(
    exports: Exports, quang_ninh: Province, tmp_path: Path
) -> None:
    facts = _without_figures(quang_ninh)
    now = exports.path("csv", keys=("areas",)).read_text(encoding="utf-8")
    assert ";=;" in now
    assert "'=" not in now
    before = tmp_path / "areas.csv"
    before.write_text(now.replace(";=;", ";'=;"), encoding="utf-8")
    found = [
        accept(_import(read_file(file), facts), "all").change.observations
        for file in (exports.path("csv", keys=("areas",)), before)
    ]
    assert set(found[0]["qualifier"]) >= {"=", ">"}
    pd.testing.assert_frame_equal(found[0], found[1])


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_observed_figures_are_known_without_the_sheet_of_fields(
    lang: str, exports: Exports, quang_ninh: Province, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(exports.path("xlsx", keys=("areas",), lang=lang))
    book.remove(book["fields"])
    book.save(tmp_path / "areas.xlsx")
    found = _import(read_file(tmp_path / "areas.xlsx"), _without_figures(quang_ninh))
    metrics = set(accept(found, "all").change.observations["metric"])
    assert {"total_area_ha", "project_count"} <= metrics


@pytest.mark.parametrize("form", ["gpkg", "csv"])
def test_sources_come_along_or_are_named(form: str, province: Province, tmp_path: Path) -> None:
    area_id = "na-kcn-bac-vinh"
    facts = _with_a_figure(province.facts, area_id)
    state = snapshot(with_facts(province, facts), TODAY)
    bundle = make_bundle(province, state, keys=("areas",))
    file = tmp_path / f"own.{form}"
    file.write_bytes(export_bytes(bundle, form))  # type: ignore[arg-type]
    found = _import(read_file(file), province.facts, "nghe-an")
    change = accept(found, "none").change
    columns = ["area_id", "metric", "value", "as_of", "qualifier"]
    assert change.observations[columns].to_numpy().tolist() == [
        [area_id, "total_area_ha", "123.4567", "2026-05-04", "~"]
    ]
    cited = change.observations["source_id"].tolist()
    named = [one.found for one in found.findings if one.code == "I011"]
    if form == "gpkg":
        assert cited == ["own-register-1"]
        assert named == []
        brought = change.sources.set_index("id").loc["own-register-1"]
        assert brought["title"] == facts.sources["title"].iloc[0]
    else:
        assert cited == [found.source["id"]]
        assert named == ["own-register-1"]


def test_a_value_that_somebody_changed_is_not_put_on_its_source(
    read: dict[str, tuple[Sheet, ...]], quang_ninh: Province
) -> None:
    (sheet,) = read["csv"]
    row = sheet.cells.index[sheet.cells["total_area_ha_how"] == "observed"][0]
    cells = sheet.cells.copy()
    cells.loc[row, "total_area_ha"] = "7654.32"
    found = _import((replace(sheet, cells=cells),), quang_ninh.facts)
    change = accept(found, "none").change
    assert change.observations[["value", "source_id"]].to_numpy().tolist() == [
        ["7654.32", found.source["id"]]
    ]
    assert "I404" in {one.code for one in found.findings}


def test_fields_that_are_taken_are_fields() -> None:
    for layer, (kind, names) in TAKEN.items():
        assert set(names) <= {field.name for field in exchange_layers()[layer].fields}
        assert set(names.values()) <= set(fields_of(kind))


@pytest.mark.parametrize("layer", exchange_layers())
def test_each_layer_is_known_by_its_columns(layer: str) -> None:
    fields = exchange_layers()[layer].fields
    names = [field.name for field in fields]
    for headers in (
        names,
        [name.upper() for name in names],
        [field.short for field in fields],
        cut_names(names),
        [field.heading("vi") for field in fields],
        [field.heading("en") for field in fields],
    ):
        cells = pd.DataFrame(columns=headers, dtype=object)
        export = recognise(Sheet(layer, cells, None, None, None, "CSV", 1, ()))
        assert export is not None
        assert (export.layer, list(export.columns.values())) == (layer, names)


def test_columns_that_hold_something_else_make_no_export(
    read: dict[str, tuple[Sheet, ...]],
) -> None:
    """Names that GDAL numbered otherwise would put a date where a number was."""
    (sheet,) = read["shp of gpkg"]
    assert recognise(sheet) is not None
    swapped = {"total_area": "total_ar_1", "total_ar_1": "total_area"}
    assert recognise(replace(sheet, cells=sheet.cells.rename(columns=swapped))) is None


@pytest.mark.parametrize("header", ["fil_date", "fill_rate_date", "leased_base", "total_area_src"])
def test_what_stands_beside_a_figure_is_none(header: str) -> None:
    (proposal,) = propose([header], "parks")
    assert proposal.column.field not in METRICS


def test_a_header_like_a_figure_over_dates_is_left_and_said(
    quang_ninh: Province,
) -> None:
    cells = pd.DataFrame(
        {
            "Tên KCN": ["KCN Cái Lân"],
            "Tổng diện tích (ha)": ["305"],
            "Tỷ lệ lấp đầy khu": ["2025-06-30"],
        },
        index=[2],
    )
    sheet = Sheet("s", cells, None, None, None, "CSV", 1, ())
    found = _import((sheet,), quang_ninh.facts)
    assert [one.column for one in found.findings if one.code == "I014"] == ["Tỷ lệ lấp đầy khu"]
    assert set(accept(found, "sound").change.observations["metric"]) <= {"total_area_ha"}


def test_known_figures_are_counted_in_one_line(
    read: dict[str, tuple[Sheet, ...]], quang_ninh: Province
) -> None:
    found = _import(read["csv"], quang_ninh.facts)
    known = sum(one.code == "I403" for one in found.findings)
    lines = [
        line
        for line in text(found, facts=quang_ninh.facts, today=TODAY).splitlines()
        if "I403" in line
    ]
    assert len(lines) == 1
    assert f"({known})" in lines[0]
