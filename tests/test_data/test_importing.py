"""Whole imports: files of every format to a change of the facts, and what is refused."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from typer.testing import CliRunner

from data.__main__ import app
from data.facts import load_facts
from data.importing import shapes
from data.importing.acceptance import accept
from data.importing.headers import propose
from data.importing.intake import prepare
from data.importing.mappings import Column, Mapping, mapping_of
from data.importing.report import new_figures, record, text
from data.importing.systems import candidates, east_north
from data.importing.values import read_rows
from data.importing.workbook import workbook
from data.units.gazetteer import communes_2025
from data.untrusted import Sheet, read_file
from data.workspace.check import check_change
from data.workspace.merge import merged, overlaid
from data.workspace.store import open_workspace
from tests.test_data.outlines import communes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from data.importing.parts import Accept, Import

TODAY = dt.date(2026, 11, 21)
FACTS = load_facts()
ZONE = "EPSG:9208"  # of Nghệ An
POINTS = (
    Path(
        os.environ.get(
            "INDUSTRIAL_LAND_REFERENCE",
            Path(__file__).resolve().parents[2].parent / "shared" / "reference",
        )
    )
    / "vn2000_check_points.csv"
)
REGISTER = [
    ["Tên KCN", "Tổng diện tích (ha)", "Diện tích đất CN (ha)", "Đã cho thuê (ha)", "Thời điểm"],
    ["KCN Nam Cấm", "371,06", "262,01", "229,5", "30/6/2026"],
    ["KCN Bắc Vinh", "60,16", "41,85", "41,85", "30/6/2026"],
    ["KCN Hoàng Mai I", "264,77", "196,01", "145", "30/6/2026"],
    ["Cụm công nghiệp Mường Lống", "50", "30", "", "30/6/2026"],
]


def _sheet(rows: list[list[str]], **more: Any) -> Sheet:  # noqa: ANN401
    cells = pd.DataFrame(rows[1:], columns=rows[0], index=range(2, len(rows) + 1))
    parts: dict[str, Any] = {
        "geometry": None,
        "crs": None,
        "encoding": None,
        "format": "CSV",
        "header_row": 1,
        "findings": (),
    }
    return Sheet(name="bảng", cells=cells, **(parts | more))


def _import(*sheets: Sheet, **more: Any) -> Import:  # noqa: ANN401
    options: dict[str, Any] = {"facts": FACTS, "province": "nghe-an", "today": TODAY}
    return prepare(sheets, file="sổ.csv", sha256="ab" * 32, **(options | more))


def _file(path: Path, **more: Any) -> Import:  # noqa: ANN401
    return _import(*read_file(path), **more)


def _codes(found: Import, row: object = None) -> set[str]:
    return {one.code for one in found.findings if row is None or one.row == str(row)}


def _errors(found: Import) -> list[str]:
    return [str(one.record("en")) for one in found.findings if one.severity == "error"]


def _values(found: Import, answer: Accept = "none") -> set[tuple[str, ...]]:
    rows = accept(found, answer).change.observations
    return set(rows[["area_id", "metric", "value", "as_of"]].itertuples(index=False, name=None))


# --- registers ------------------------------------------------------------------------------------


def _csv(rows: list[list[str]], path: Path, encoding: str = "utf-8") -> Path:
    lines = [";".join(cells) for cells in rows]
    path.write_text("\r\n".join(lines), encoding=encoding)
    return path


def _xlsx(rows: list[list[str]], path: Path) -> Path:
    """Write numbers as numbers and dates as dates, below a title."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Biểu tổng hợp các khu công nghiệp"])
    sheet.append(rows[0])
    for cells in rows[1:]:
        typed: list[object] = [cells[0]]
        typed += [float(cell.replace(",", ".")) if cell else None for cell in cells[1:-1]]
        sheet.append(
            [*typed, dt.datetime.strptime(cells[-1], "%d/%m/%Y").astimezone(dt.UTC).date()]
        )
    book.save(path)
    return path


def _geojson(rows: list[list[str]], path: Path) -> Path:
    features = [
        {"type": "Feature", "geometry": None, "properties": dict(zip(rows[0], cells, strict=True))}
        for cells in rows[1:]
    ]
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False),
        encoding="utf-8",
    )
    return path


EXPECTED = {
    ("na-kcn-nam-cam", "total_area_ha", "371.06", "2026-06-30"),
    ("na-kcn-nam-cam", "industrial_land_ha", "262.01", "2026-06-30"),
    ("na-kcn-nam-cam", "leased_ha", "229.5", "2026-06-30"),
    ("na-kcn-bac-vinh", "total_area_ha", "60.16", "2026-06-30"),
    ("na-kcn-bac-vinh", "industrial_land_ha", "41.85", "2026-06-30"),
    ("na-kcn-bac-vinh", "leased_ha", "41.85", "2026-06-30"),
    ("na-kcn-hoang-mai-1", "total_area_ha", "264.77", "2026-06-30"),
    ("na-kcn-hoang-mai-1", "industrial_land_ha", "196.01", "2026-06-30"),
    ("na-kcn-hoang-mai-1", "leased_ha", "145", "2026-06-30"),
    ("na-ccn-muong-long", "total_area_ha", "50", "2026-06-30"),
    ("na-ccn-muong-long", "industrial_land_ha", "30", "2026-06-30"),
}


@pytest.mark.parametrize(
    ("write", "name"), [(_csv, "r.csv"), (_xlsx, "r.xlsx"), (_geojson, "r.geojson")]
)
def test_a_register_in_any_format_is_the_same_figures(
    write: Callable[[list[list[str]], Path], Path], name: str, tmp_path: Path
) -> None:
    found = _file(write(REGISTER, tmp_path / name))
    assert _errors(found) == []
    assert found.kind == "parks"
    assert _values(found) == EXPECTED
    change = accept(found, "none").change
    check_change(change, "r")
    facts = overlaid(FACTS, [("r", change)])
    assert facts.areas.loc["na-ccn-muong-long", "kind"] == "industrial_cluster"
    # What the file doesn't say of a known area stays.
    same = ["name_vi", "status", "developer", "within"]
    for field in same:
        assert facts.areas[field]["na-kcn-nam-cam"] == FACTS.areas[field]["na-kcn-nam-cam"]
    assert change.sources["title"].tolist() == ["sổ.csv"]


@settings(max_examples=8)
@given(st.permutations(range(1, len(REGISTER))), st.permutations(range(len(REGISTER[0]))))
def test_rows_and_columns_in_any_order(rows: list[int], columns: list[int]) -> None:
    shuffled = [[REGISTER[row][column] for column in columns] for row in (0, *rows)]
    assert _values(_import(_sheet(shuffled))) == EXPECTED


def test_units_are_converted_and_said() -> None:
    rows = [
        ["Tên KCN", "Diện tích đất CN (m²)", "Đã cho thuê", "Tỷ lệ lấp đầy (%)"],
        ["KCN Nam Cấm", "2.620.100,0", "229,5 ha", "87,6%"],
    ]
    found = _import(_sheet(rows), mappings=())
    assert {value for _, _, value, _ in _values(found)} == {"262.01", "229.5", "87.6"}
    assert {"I103", "I206", "I207"} <= _codes(found)


def test_every_unit_of_land_comes_to_the_same_hectares() -> None:
    """262.01 ha of Nam Cấm, as the header or the cell names the unit."""
    head = ["Tên KCN", "Diện tích đất CN", "Thời điểm"]
    for cell in ("262,01 ha", "2.620.100,0 m²", "2,6201 km²"):
        found = _import(_sheet([head, ["KCN Nam Cấm", cell, "30/6/2026"]]), mappings=())
        assert [value for _, _, value, _ in _values(found)] == ["262.01"], cell


def test_one_date_for_the_whole_file() -> None:
    rows = [["Tên KCN", "Đã cho thuê (ha)"], ["KCN Nam Cấm", "229,5"]]
    mapping = mapping_of(
        propose(rows[0], "parks"),
        "parks",
        constants={"as_of": "30/6/2026", "basis": "35/2022/NĐ-CP", "document": "BC 12/BQL"},
    )
    found = _import(_sheet(rows), mappings=[mapping])
    change = accept(found, "none").change
    dated = change.observations[["as_of", "basis"]].to_numpy().tolist()
    assert dated == [["2026-06-30", "kcn_2022"]]
    assert change.sources["title"].tolist() == ["BC 12/BQL (sổ.csv)"]
    assert "I206" not in _codes(found)


MISTAKES = [
    [*REGISTER[0], "Tỷ lệ lấp đầy (%)", "Tình trạng"],
    ["KCN Nam Cấm", "371,06", "262,01", "229,5", "30/6/2026", "50", "đang hoạt động"],  # 2: I204
    ["KCN Bắc Vihn", "60,16", "41,85", "41,85", "30/6/2026", "", ""],  # 3: I301
    ["KCN Hoàng Mai I", "264,77", "196,01", "210", "30/6/2026", "", ""],  # 4: I202
    ["KCN Đông Hồi", "600", "x", "", "30/6/2026", "", "ngừng"],  # 5: I101, I106
    ["KCN Hoàng Mai II", "343,69", "", "", "30/6/2027", "", ""],  # 6: I201
    ["CCN Nghi Phú", "10", "12,5", "", "30/6/2026", "", ""],  # 7: I203
    ["CCN Diễn Hồng", "0", "", "", "30/6/2026", "", ""],  # 8: I109
    ["", "10", "", "", "30/6/2026", "", ""],  # 9: I108
    ["CCN Lạc Sơn", "19,9", "", "", "31/2/2026", "120", ""],  # 10: I104, I109
    ["CCN Nam Giang", "9,5", "", "", "30/6/2026", "", ""],  # 11: I402 with 12
    ["Cụm CN Nam Giang", "9,7", "", "", "30/6/2026", "", ""],
    ["CCN Hưng Lộc", "9,5", "", "", "30/6/2026", "", ""],  # 13, 14: the same row
    ["CCN Hưng Lộc", "9,5", "", "", "30/6/2026", "", ""],
]


def test_every_mistake_is_found_where_it_is() -> None:
    found = _import(_sheet(MISTAKES))
    expected = {
        2: {"I204", "I303"},
        3: {"I301"},
        4: {"I202", "I303"},
        5: {"I101", "I106", "I303"},
        6: {"I201", "I303"},
        7: {"I203", "I303"},
        8: {"I109", "I303"},
        9: {"I108"},
        10: {"I104", "I109", "I303"},
        11: {"I402", "I303"},
        12: {"I402", "I303"},
        13: {"I303"},
        14: {"I401"},
    }
    for row, codes in expected.items():
        assert _codes(found, row) - {"I403", "I404"} == codes, row
    assert accept(found, "none").count == 0
    assert set(accept(found, "sound").rows["bảng"]) == {2, 13}


@pytest.mark.parametrize(
    ("date", "code"),
    [
        ("2025", None),
        ("2026", "I208"),
        ("11/2026", "I208"),
        ("10/2026", None),
        ("12/2026", "I201"),
        ("2027", "I201"),
        ("21/11/2026", None),
        ("22/11/2026", "I201"),
    ],
)
def test_a_month_or_year_that_is_not_over_is_told(date: str, code: str | None) -> None:
    table = [MISTAKES[0], ["KCN Hoàng Mai II", "343,69", "", "", date, "", ""]]
    found = {one.code: one for one in _import(_sheet(table)).findings}
    assert {"I201", "I208"} & set(found) == ({code} if code else set())
    if code == "I208":
        month = "30/11" if date == "11/2026" else "31/12"
        assert f"{month}/2026" in found[code].expected("vi")


def test_all_takes_the_other_rows_without_what_is_at_fault() -> None:
    found = _import(_sheet(MISTAKES))
    accepted = accept(found, "all")
    check_change(accepted.change, "f")
    overlaid(FACTS, [("f", accepted.change)])
    rows = set(accepted.rows["bảng"])
    assert rows >= {2, 5, 6, 13}
    assert not rows & {3, 9, 11, 12}  # not stored without a name, or contradicting each other
    told = accepted.change.observations
    assert told.loc[[6], "as_of"].tolist() == [""]
    assert told.loc[[5], "metric"].tolist() == ["total_area_ha"]
    assert accepted.without["bảng", 5] == ("area_status", "industrial_land_ha")
    assert rows | set(accepted.left_out["bảng"]) == set(range(2, 15))


def test_a_known_name_with_nothing_beside_it_says_why_it_is_not_taken() -> None:
    rows = [*REGISTER, ["CCN Hưng Lộc", "", "", "", ""], ["CCN Hưng Lộc", "?", "", "", ""]]
    found = _import(_sheet(rows))
    assert "I209" in _codes(found, 6)
    assert "I209" not in _codes(found, 7)  # what can't be read has its own
    assert not any("I209" in _codes(found, row) for row in range(2, 6))
    (said,) = [one for one in found.findings if one.code == "I209"]
    assert "không có số liệu nào để lấy" in str(said.record("vi"))
    assert accept(found, "all").left_out["bảng"] == (6, 7)


@pytest.mark.parametrize("field", ["Tính chất", "Phạm vi", "Dấu"])
def test_a_figure_is_not_taken_without_what_makes_it_another(field: str) -> None:
    """A plan whose nature can't be read would become a measurement."""
    rows = [[*REGISTER[0], field], [*REGISTER[1], "???"]]
    found = _import(_sheet(rows))
    assert "I106" in _codes(found, 2)
    assert accept(found, "all").count == 0


def test_a_name_is_settled_by_the_mapping() -> None:
    rows = [REGISTER[0], ["KCN Bắc Vihn", "60,16", "41,85", "41,85", "30/6/2026"]]
    mapping = mapping_of(propose(rows[0], "parks"), "parks")
    for answer, area in (("na-kcn-bac-vinh", "na-kcn-bac-vinh"), ("new", "na-kcn-bac-vihn")):
        told = mapping.model_copy(update={"areas": {"KCN Bắc Vihn": answer}})
        found = _import(_sheet(rows), mappings=[told])
        assert {row[0] for row in _values(found)} == {area}


def test_numbers_that_nothing_tells_are_asked_about() -> None:
    rows = [["Tên KCN", "Đã cho thuê (ha)", "Thời điểm"], ["KCN Nam Cấm", "1.234", "2025"]]
    found = _import(_sheet(rows))
    (asked,) = [one for one in found.findings if one.code == "I102"]
    assert dict(asked.values) == {"comma": 1234, "point": 1.234}
    mapping = found.mappings[0].model_copy(update={"decimal": "."})
    assert [row[2] for row in _values(_import(_sheet(rows), mappings=[mapping]))] == ["1.234"]


@pytest.mark.parametrize(("more", "asked"), [([], {"I102"}), (["12345"], set())])
def test_texts_of_a_workbook_are_asked_about_unless_numbers_stand_beside(
    more: list[str], asked: set[str]
) -> None:
    """A workbook's own numbers have no thousands, typed texts may: "1.234" is one or the other."""
    names = ("KCN Nam Cấm", "KCN Bắc Vinh", "KCN Hoàng Mai I")
    values = ["1.234", "2.345", *more]
    rows = [["Tên KCN", "Đã cho thuê (ha)", "Thời điểm"]]
    rows += [[name, value, "2025"] for name, value in zip(names, values, strict=False)]
    found = _import(_sheet(rows, format="XLSX"))
    assert _codes(found) & {"I102"} == asked


@pytest.mark.parametrize("column", ["Lô", "Bên thuê"])
def test_a_total_below_leases_is_none_whatever_column_names_it(column: str) -> None:
    head = ["Khu công nghiệp", "Lô", "Bên thuê", "Diện tích thuê (m2)", "Ngày ký", "Hết hạn"]
    rows = [
        head,
        ["KCN Nam Cấm", "", "Công ty A", "20000", "1/1/2024", "1/1/2060"],
        ["KCN Nam Cấm", "", "Công ty B", "30000", "1/1/2024", "1/1/2060"],
        ["Tổng cộng" if name == column else "" for name in head[:3]] + ["50000", "", ""],
    ]
    found = _import(_sheet(rows))
    assert [one.row for one in found.findings if one.code == "I009"] == ["4"]
    assert accept(found, "none").count == 2


def test_fractions_are_told_by_the_land_or_asked_about() -> None:
    rows = [
        ["Tên KCN", "Đất công nghiệp (ha)", "Đã cho thuê (ha)", "Tỷ lệ lấp đầy"],
        ["KCN Nam Cấm", "200", "150", "0.75"],
    ]
    found = _import(_sheet(rows, format="XLSX"))
    assert ("na-kcn-nam-cam", "fill_rate_pct", "75", "") in _values(found)
    assert "I111" in _codes(found)
    alone = [[cells[0], cells[3]] for cells in rows]
    asked = _import(_sheet(alone, format="XLSX"))
    assert "I110" in _codes(asked, 2)
    mapping = Mapping(
        kind="parks",
        columns={
            "Tên KCN": Column(field="area"),
            "Tỷ lệ lấp đầy": Column(field="fill_rate_pct", unit="fraction"),
        },
    )
    told = _import(_sheet(alone, format="XLSX"), mappings=[mapping])
    assert {row[2] for row in _values(told)} == {"75"}


def test_what_is_known_is_not_stored_again() -> None:
    known = FACTS.observations.query("area_id == 'na-kcn-bac-vinh' and as_of != ''").iloc[0]
    rows = [
        ["KCN", "Chỉ tiêu", "Giá trị", "Thời điểm", "basis", "scope", "nature"],
        [
            "KCN Bắc Vinh",
            known["metric"],
            f"{known['value']:g}",
            known["as_of"],
            *(str(known[name]) for name in ("basis", "scope", "nature")),
        ],
    ]
    found = _import(_sheet(rows))
    assert "I403" in _codes(found, 2)
    assert accept(found, "none").count == 0
    assert accept(found, "none").change.observations.empty
    rows[1][2] = f"{known['value'] + 1:g}"
    other = _import(_sheet(rows))
    assert "I404" in _codes(other, 2)
    assert len(accept(other, "none").change.observations) == 1


def test_what_the_application_worked_out_is_not_stored_as_observed() -> None:
    """An export has the date, the basis and the way of each figure beside it."""
    head = ["id", "name_vi", "total_area_ha", "total_area_ha_as_of", "total_area_ha_how"]
    head += ["area_nature", "leasable_ha", "leasable_ha_as_of", "leasable_ha_how", "as_of"]
    rows = [
        head,
        [
            "na-kcn-song-dinh",
            "KCN Sông Dinh",
            "301.65",
            "2024-03",
            "observed",
            "planned",
            "200.5",
            "2025-01",
            "derived",
            "2026-11-21",
        ],
    ]
    change = accept(_import(_sheet(rows)), "none").change
    told = change.observations[["metric", "value", "as_of", "nature"]].to_numpy().tolist()
    assert told == [["total_area_ha", "301.65", "2024-03", "planned"]]
    long = [
        ["area_id", "metric", "value", "unit", "figure_as_of", "how"],
        ["na-kcn-song-dinh", "leasable_ha", "200.5", "ha", "2025-01", "derived"],
        ["na-kcn-song-dinh", "available_ha", "100", "ha", "2025-01", "computed"],
        ["na-kcn-song-dinh", "leased_ha", "100.5", "ha", "2025-01", "observed"],
    ]
    found = _import(_sheet(long))
    assert _errors(found) == []
    assert _values(found) == {("na-kcn-song-dinh", "leased_ha", "100.5", "2025-01")}


def test_places_are_sorted_into_old_and_new_units() -> None:
    rows = [
        ["Tên CCN", "Địa điểm", "Huyện", "Tổng diện tích (ha)"],
        ["Cụm công nghiệp Mường Lống", "Xã Nghi Long", "Huyện Nghi Lộc", "20"],
        ["Cụm công nghiệp Mường Xén", "Xã Không Có", "", "20"],
    ]
    found = _import(_sheet(rows))
    areas = accept(found, "none").change.areas.set_index("id")
    assert areas.loc["na-ccn-muong-long", "legacy_communes"] == "Xã Nghi Long"
    assert areas.loc["na-ccn-muong-long", "legacy_district"] == "Huyện Nghi Lộc"
    assert areas.loc["na-ccn-muong-long", "communes_2025"] == "Xã Trung Lộc"
    assert "I306" in _codes(found, 3)


def test_sheets_of_one_file_know_each_other() -> None:
    """Plots of a park that another sheet of the same file adds."""
    plots = [
        ["Tên CCN", "Số hiệu lô", "Loại đất", "Diện tích (ha)", "Hiện trạng"],
        ["CCN Mường Lống", "CN-01", "SKN", "12,5", "đã cho thuê"],
    ]
    leases = [
        ["Cụm công nghiệp", "Lô", "Bên thuê", "Diện tích thuê (m2)", "Ngày ký", "Hết hạn"],
        ["CCN Mường Lống", "CN-01", "Công ty A", "125.000,0", "1/2/2020", "1/2/2070"],
        ["CCN Mường Lống", "CN-01", "Công ty B", "1.000,5", "1/2/2020", "1/2/2019"],
        ["CCN Mường Lống", "CN-99", "Công ty C", "1.000,5", "1/2/2020", ""],
    ]
    found = _import(_sheet(leases), _sheet(plots), _sheet(REGISTER), _sheet([["Ghi chú"], ["a"]]))
    assert {part.kind for part in found.parts} == {"leases", "plots", "parks", None}
    assert [one.code for one in found.findings if one.severity == "error"] == ["I205", "I601"]
    change = accept(found, "sound").change
    assert change.plots[["area_id", "use", "status"]].to_numpy().tolist() == [
        ["na-ccn-muong-long", "SKN", "leased"]
    ]
    assert change.leases["area_ha"].tolist() == ["12.5"]
    assert len(overlaid(FACTS, [("f", change)]).leases) == 1


# --- coordinates ----------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.floats(900_000, 2_600_000), st.floats(200_000, 899_000)), min_size=1))
def test_north_and_east_are_told_by_their_size(points: list[tuple[float, float]]) -> None:
    xy = np.array(points)
    for turned in (xy, xy[:, ::-1]):
        assert np.array_equal(east_north(turned)[0], xy[:, ::-1])


def _near_vinh(metres: float = 400.0) -> tuple[shapely.Polygon, shapely.Polygon]:
    """Two plots side by side in Nghệ An, in its zone."""
    east, north = Transformer.from_crs("EPSG:4326", ZONE, always_xy=True).transform(105.62, 18.75)
    one = shapely.box(east, north, east + metres, north + metres)
    return one, shapely.box(east + metres, north, east + 2 * metres, north + metres)


def _corners(*, comma: bool = True, swap: bool = False, order: Iterable[int] = range(4)) -> Sheet:
    head = ["Tên KCN", "Số hiệu lô", "Loại đất", "Diện tích (m2)", "Điểm", "X (m)", "Y (m)"]
    rows = [head]
    for name, shape in zip(("CN-01", "CN-02"), _near_vinh(), strict=True):
        corners = shapely.get_coordinates(shape)[:-1]
        for at in order:
            east, north = corners[at]
            numbers = [f"{value:.3f}" for value in ((east, north) if swap else (north, east))]
            numbers = [n.replace(".", ",") if comma else n for n in numbers]
            rows.append(["KCN Nam Cấm", name, "SKK", "160.000,0", str(at + 1), *numbers])
    return _sheet(rows)


def test_corner_points_become_polygons() -> None:
    found = _import(_corners(), crs=ZONE)
    assert _errors(found) == []
    plots = accept(found, "none").change.plots
    assert plots["plot_id"].tolist() == ["CN-01", "CN-02"]
    assert plots["area_ha"].tolist() == ["16", "16"]
    drawn = plots.to_crs(ZONE).geometry
    assert drawn.area.to_numpy() == pytest.approx(160_000, abs=0.01)
    for got, want in zip(drawn, _near_vinh(), strict=True):
        assert got.hausdorff_distance(want) < 0.002
    assert accept(found, "none").rows["bảng"] == tuple(range(2, 10))


@given(st.permutations(range(4)), st.booleans(), st.booleans())
@settings(max_examples=6)
def test_corner_points_in_any_order_and_spelling(
    order: list[int],
    comma: bool,  # noqa: FBT001 (drawn)
    swap: bool,  # noqa: FBT001 (drawn)
) -> None:
    found = _import(_corners(comma=comma, swap=swap, order=order), crs=ZONE)
    drawn = accept(found, "none").change.plots.to_crs(ZONE).geometry
    assert drawn.area.to_numpy() == pytest.approx(160_000, abs=0.01)
    assert ("I503" in _codes(found)) == swap


def test_names_that_stand_on_the_first_row_only() -> None:
    sheet = _corners()
    cells = sheet.cells.copy()
    repeated = cells.duplicated(["Tên KCN", "Số hiệu lô"])
    cells.loc[repeated, ["Tên KCN", "Số hiệu lô", "Loại đất", "Diện tích (m2)"]] = ""
    found = _import(_sheet([list(cells.columns), *cells.to_numpy().tolist()]), crs=ZONE)
    assert _errors(found) == []
    assert len(accept(found, "none").change.plots) == 2


def test_headings_and_totals_are_no_parks() -> None:
    rows = [
        REGISTER[0],
        ["Các KCN đang hoạt động", "", "", "", ""],
        REGISTER[1],
        ["II. Cụm công nghiệp", "", "", "", ""],
        REGISTER[4],
        ["Tổng cộng:", "421,06", "292,01", "229,5", ""],
    ]
    found = _import(_sheet(rows))
    assert _errors(found) == []
    assert [one.row for one in found.findings if one.code == "I009"] == ["2", "4", "6"]
    assert accept(found, "none").rows["bảng"] == (3, 5)


def test_a_corner_that_is_missing_keeps_only_its_plot_out() -> None:
    sheet = _corners()
    sheet.cells.loc[3, "X (m)"] = "?"
    found = _import(sheet, crs=ZONE)
    assert "I101" in _codes(found, 3)
    assert accept(found, "sound").change.plots["plot_id"].tolist() == ["CN-02"]
    sheet = _corners()
    sheet.cells.loc[3, "Điểm"] = "1"
    assert "I515" in _codes(_import(sheet, crs=ZONE), 2)
    few = _sheet([list(sheet.cells.columns), *sheet.cells.iloc[[0, 1]].to_numpy().tolist()])
    few.cells["Điểm"] = ["1", "2"]
    assert "I514" in _codes(_import(few, crs=ZONE), 2)


def test_a_missing_system_is_refused_with_where_it_would_land() -> None:
    found = _import(_corners())
    (finding,) = [one for one in found.findings if one.severity == "error"]
    assert finding.code == "I501"
    assert accept(found, "all").count == 0
    given_candidates = found.parts[0].candidates
    assert ZONE in [one.crs for one in given_candidates]
    # Nam Cấm's communes are known: the nearest zone is the right one.
    assert given_candidates[0].crs == ZONE
    west, south, east, north = next(one.bounds for one in given_candidates if one.crs == ZONE)
    assert west == pytest.approx(105.62, abs=0.01)
    assert south == pytest.approx(18.75, abs=0.01)
    assert east > west
    assert north > south
    assert all(0.5 <= one.inside <= 1 for one in given_candidates)


def test_a_wrong_system_is_refused_with_the_right_one() -> None:
    found = _import(_corners(), crs="EPSG:3406")
    assert "I502" in _codes(found)
    assert ZONE in [one.crs for one in found.parts[0].candidates]
    assert accept(found, "all").count == 0


@pytest.mark.parametrize("crs", [ZONE, "EPSG:9209", "EPSG:3405", "EPSG:4756", "EPSG:4326"])
def test_all_widths_of_zones_and_degrees_are_candidates(crs: str) -> None:
    """Both widths of VN-2000 zones, and degrees in both data, with either number first."""
    points = np.array([[105.6, 18.75], [105.0, 19.2]])
    turn = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    xy = np.column_stack(turn.transform(points[:, 0], points[:, 1]))
    for written in (xy, xy[:, ::-1]):
        found = {one.crs: one for one in candidates(east_north(written)[0], "40", places=points)}
        assert crs in found
        assert found[crs].inside == 1.0
        assert found[crs].distance_km == pytest.approx(0, abs=0.3)


@pytest.mark.skipif(
    not POINTS.is_file(), reason="../shared/reference/vn2000_check_points.csv is absent"
)
def test_published_points_in_both_widths_coincide(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same boundary in the province's 3-degree and in the country's 6-degree zone."""
    points = pd.read_csv(POINTS)
    # Both parks lie in Lào Cai, of which no outline is bundled.
    monkeypatch.setattr(shapes, "inside_share", lambda *_: 1.0)
    outlines = {}
    for crs in ("9208", "3405"):
        table = points[["document", "point", f"north_{crs}", f"east_{crs}"]].astype(str)
        # Published tables have a decimal comma.
        table = table.map(lambda cell: cell.replace(".", ",") if cell[:1].isdigit() else cell)
        rows = [["Tên KCN", "Số hiệu lô", "Loại đất", "Số hiệu điểm", "X", "Y"]]
        rows += [
            ["KCN Nam Cấm", name[:12], "SKK", *numbers]
            for name, *numbers in table.itertuples(index=False)
        ]
        sheet = _sheet(rows)
        mapping = mapping_of(propose(rows[0], "plots"), "plots", crs=f"EPSG:{crs}")
        placed = shapes.place(read_rows(sheet, mapping), "15")
        assert placed.shapes is not None, placed.findings
        outlines[crs] = placed.shapes.to_crs("EPSG:9208")
    narrow, wide = (
        shapely.get_coordinates(np.asarray(outlines[crs].to_list())) for crs in ("9208", "3405")
    )
    assert len(narrow) == len(points) + 2
    assert np.hypot(*(narrow - wide).T).max() < 0.02


# --- polygons -------------------------------------------------------------------------------------


def _plots(drawn: list[shapely.Geometry], **cells: Any) -> Sheet:  # noqa: ANN401
    size = len(drawn)
    table = {
        "Tên KCN": ["KCN Nam Cấm"] * size,
        "Số hiệu lô": [f"CN-{at:02}" for at in range(size)],
        "Loại đất": ["SKK"] * size,
        "Diện tích (ha)": [f"{shapely.area(shape) / 1e4:.4f}" for shape in drawn],
        **cells,
    }
    frame = pd.DataFrame(table, index=range(1, size + 1))
    geometry = gpd.GeoSeries(drawn, index=frame.index, crs=ZONE)
    return Sheet("lô", frame, geometry, ZONE, None, "GeoPackage", 0, ())


def test_faults_of_polygons_are_found_with_their_place() -> None:
    one, two = _near_vinh()
    x, y = one.bounds[:2]
    bowtie = shapely.Polygon([(x, y), (x + 100, y + 100), (x + 100, y), (x, y + 100)])
    spike = shapely.Polygon(
        [
            (x + 2000, y),
            (x + 2400, y),
            (x + 2400, y + 400),
            (x + 2400.5, y + 400.5),
            (x + 2400, y + 400),
            (x + 2000, y + 400),
        ]
    )
    overlapping = shapely.transform(two, lambda xy: np.subtract(xy, [200, 0]))
    slightly = shapely.transform(two, lambda xy: np.add(xy, [399.9, 0]))
    far = shapely.transform(one, lambda xy: np.add(xy, [300_000, 0]))
    sheet = _plots([one, two, bowtie, spike, overlapping, slightly, far])
    found = _import(sheet)
    assert _codes(found, 3) & {"I506"}
    (crossing,) = [item for item in found.findings if item.code == "I506"]
    assert dict(crossing.values)["place"] == f"X {y + 50:.2f}, Y {x + 50:.2f}"
    assert "I507" in _codes(found, 4)
    assert "I510" in _codes(found, 5)
    assert "I509" in _codes(found, 6)
    assert "I509" in _codes(found, 2)
    assert "I513" in _codes(found, 7)
    assert set(accept(found, "sound").rows["lô"]) == {4, 6}


def test_the_stated_area_is_compared_in_the_zone() -> None:
    one, two = _near_vinh()
    stated: dict[str, Any] = {"Diện tích (ha)": ["16.03", "16.04"]}
    assert "I508" not in _codes(_import(_plots([one, two], **stated)), 1)
    found = _import(_plots([one, two], **stated))
    (off,) = [item for item in found.findings if item.code == "I508"]
    assert off.row == "2"
    assert dict(off.values)["measured"] == pytest.approx(16, abs=1e-3)
    square_metres: dict[str, Any] = {"Diện tích (ha)": ["160000.0", "160000.0"]}
    in_metres = _import(_plots([one, two], **square_metres))
    (first, _) = [item for item in in_metres.findings if item.code == "I508"]
    assert "m²" in dict(first.values)["hint"]  # type: ignore[operator]
    assert accept(found, "none").count == 2


def test_plots_are_held_against_the_outline_of_their_park() -> None:
    one, two = _near_vinh()
    outline = gpd.GeoDataFrame(
        {"Tên khu": ["KCN Nam Cấm"]}, geometry=[one.buffer(1)], crs=ZONE, index=[1]
    )
    sheet = Sheet("ranh", outline[["Tên khu"]], outline.geometry, ZONE, None, "Shapefile", 0, ())
    found = _import(sheet, _plots([one, two]))
    assert [part.kind for part in found.parts] == ["boundaries", "plots"]
    assert "I512" in {item.code for item in found.parts[1].findings if item.row == "2"}
    change = accept(found, "sound").change
    assert change.outlines["area_id"].tolist() == ["na-kcn-nam-cam"]
    assert change.outlines.to_crs(ZONE).area.iloc[0] == pytest.approx(one.buffer(1).area, rel=1e-6)
    assert change.plots["plot_id"].tolist() == ["CN-00"]


def _gpkg(frame: gpd.GeoDataFrame, path: Path) -> Path:
    frame.to_file(path, driver="GPKG")
    return path


def _parquet(frame: gpd.GeoDataFrame, path: Path) -> Path:
    frame.to_parquet(path)
    return path


def _shapefile(frame: gpd.GeoDataFrame, path: Path) -> Path:
    folder = path.with_suffix("")
    folder.mkdir()
    short = frame.rename(columns={name: name[:10] for name in frame.columns if name != "geometry"})
    short.to_file(folder / "lo.shp", encoding="UTF-8")
    with zipfile.ZipFile(path, "w") as archive:
        for member in sorted(folder.iterdir()):
            archive.write(member, member.name)
    return path


def _kml(frame: gpd.GeoDataFrame, path: Path) -> Path:
    marks = []
    for row in frame.to_crs("EPSG:4326").to_dict("records"):
        data = "".join(
            f'<Data name="{key}"><value>{value}</value></Data>'
            for key, value in row.items()
            if key != "geometry"
        )
        ring = " ".join(
            f"{x!r},{y!r}" for x, y in shapely.get_coordinates(row["geometry"]).tolist()
        )
        marks.append(
            f"<Placemark><ExtendedData>{data}</ExtendedData><Polygon><outerBoundaryIs><LinearRing>"
            f"<coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
        )
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
        f"<Document>{''.join(marks)}</Document></kml>",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("write", "name"),
    [(_gpkg, "l.gpkg"), (_parquet, "l.parquet"), (_shapefile, "l.zip"), (_kml, "l.kml")],
)
def test_plots_in_every_format_of_maps(
    write: Callable[[gpd.GeoDataFrame, Path], Path], name: str, tmp_path: Path
) -> None:
    drawn = list(_near_vinh())
    frame = gpd.GeoDataFrame(
        {
            "area_id": ["na-kcn-nam-cam"] * 2,
            "plot_id": ["CN-01", "CN-02"],
            "land_use": ["SKK", "green"],
            "area_ha": [16.0, 16.0],
            "leased_on": ["2020-01-31", ""],
        },
        geometry=drawn,
        crs=ZONE,
    )
    found = _file(write(frame, tmp_path / name), kind="plots")
    assert _errors(found) == []
    plots = accept(found, "none").change.plots
    assert plots[["plot_id", "use", "area_ha", "leased_on"]].to_numpy().tolist() == [
        ["CN-01", "SKK", "16", "2020-01-31"],
        ["CN-02", "green", "16", ""],
    ]
    for got, want in zip(plots.to_crs(ZONE).geometry, drawn, strict=True):
        assert got.hausdorff_distance(want) < 0.002


def test_communes_must_be_whole() -> None:
    new = communes_2025().query("province_code == '42'")
    frame = communes()
    cells = pd.DataFrame({"Mã xã": frame["code"], "Tên xã": frame["name"]}, dtype=object).set_axis(
        range(1, len(frame) + 1)
    )
    drawn = gpd.GeoSeries(frame.geometry.to_list(), index=cells.index, crs=frame.crs)
    sheet = Sheet("xã", cells, drawn, "EPSG:4326", None, "GeoPackage", 0, ())
    found = _import(sheet, province="ha-tinh")
    assert _errors(found) == []
    change = accept(found, "none").change
    assert set(change.communes["code"]) == set(new.index)
    part = Sheet("xã", cells[:5], gpd.GeoSeries(drawn[:5]), "EPSG:4326", None, "GeoPackage", 0, ())
    assert "I518" in _codes(_import(part, province="ha-tinh"))


def test_nodes() -> None:
    rows = [
        ["Tên", "Loại", "Vĩ độ", "Kinh độ", "Tình trạng"],
        ["Cảng Mới", "cảng biển", "18°49'12\"N", "105°42'36\"E", "quy hoạch"],
        ["Cảng Cửa Lò", "cảng", "18,826", "105,711", "đang khai thác"],
        ["Ga Lạ", "ga", "21,0", "105,8", ""],
    ]
    found = _import(_sheet(rows))
    assert found.kind == "nodes"
    assert [(one.code, one.row) for one in found.findings if one.severity == "error"] == [
        ("I513", "4")
    ]
    nodes = accept(found, "sound").change.nodes.set_index("node_id")
    new = [nodes[name]["na-own-cang-moi"] for name in ("lat", "lon", "status")]
    assert new == ["18.82", "105.71", "planned"]
    assert "inf-18" in nodes["source_ids"]["sp-cua-lo"]
    assert (
        overlaid(FACTS, [("f", accept(found, "sound").change)]).nodes.loc[
            "na-own-cang-moi", "province_legacy"
        ]
        == "Nghệ An"
    )


# --- what nobody can read -------------------------------------------------------------------------


def test_a_table_of_something_else_is_refused() -> None:
    found = _import(_sheet([["Món ăn", "Giá"], ["Cháo lươn", "40.000"]]))
    assert _codes(found) == {"I001"}
    assert accept(found, "all").count == 0
    forced = _import(_sheet([["Món ăn", "Giá"], ["Cháo lươn", "40.000"]]), kind="parks")
    assert "I002" in _codes(forced)


def test_an_empty_table_is_refused() -> None:
    assert "I007" in _codes(_import(_sheet([REGISTER[0]])))
    blank = [REGISTER[0], ["", "", "", "", ""]]
    assert "I007" in _codes(_import(_sheet(blank)))


@given(st.lists(st.lists(st.text(max_size=12), min_size=5, max_size=5), min_size=1, max_size=4))
@settings(max_examples=12)
def test_whatever_stands_in_the_cells_never_breaks_the_facts(rows: list[list[str]]) -> None:
    found = _import(_sheet([REGISTER[0], *rows]))
    for answer in ("none", "sound", "all"):
        change = accept(found, answer).change
        check_change(change, "f")
        overlaid(FACTS, [("f", change)])
    workbook(found)


# --- report and command line ----------------------------------------------------------------------


def test_the_report_can_be_sent_back(tmp_path: Path) -> None:
    rows = [[*cells] for cells in MISTAKES]
    rows[1][0] = '=HYPERLINK("http://x","KCN")'
    found = _import(_sheet(rows))
    path = tmp_path / "report.xlsx"
    for lang in ("vi", "en"):
        path.write_bytes(workbook(found, lang))
        book = openpyxl.load_workbook(path)
        listed, original = book.worksheets
        assert listed.max_row == len(found.findings) + 1
        assert [cell.value for cell in original[1]][2:] == rows[0]
        for line, cells in enumerate(rows[1:], start=2):
            values = [cell.value or "" for cell in original[line]]
            assert values[0] == line
            assert [str(value).removeprefix("'") for value in values[2:]] == cells
            for one in found.findings:
                if one.row == str(line):
                    assert one.code in values[1]
        assert all(
            cell.data_type != "f" for sheet in book for line in sheet.iter_rows() for cell in line
        )


def test_records_and_text_say_the_same() -> None:
    found = _import(_sheet(MISTAKES))
    accepted = accept(found, "sound")
    told = record(found, accepted, "en")
    assert json.loads(json.dumps(told)) == told
    assert told["counts"]["error"] == sum(one["severity"] == "error" for one in told["findings"])
    assert told["taken"] == {"bảng": [2, 13]}
    lines = text(found, facts=FACTS, today=TODAY, lang="vi")
    assert all(one.code in lines for one in found.findings)
    figures = new_figures(FACTS, accepted, TODAY)
    nam_cam = figures.query("area_id == 'na-kcn-nam-cam' and metric == 'total_area_ha'").iloc[0]
    assert (nam_cam["known"], nam_cam["new"]) == ("371.06", "371.06")


def test_the_command_takes_nothing_of_a_file_with_errors_unless_told(tmp_path: Path) -> None:
    file = _csv(MISTAKES, tmp_path / "sổ.csv")
    where = str(tmp_path / "w.gpkg")
    run = CliRunner().invoke
    arguments = ["import", str(file), "--workspace", where]
    report = tmp_path / "r.xlsx"
    refused = run(
        app, [*arguments, "--report", str(report), "--save-mapping", str(tmp_path / "m.yaml")]
    )
    assert refused.exit_code == 1
    assert "I301" in refused.output
    assert openpyxl.load_workbook(report).sheetnames[0] == "Phát hiện"
    assert open_workspace(where).revisions() == ()
    taken = run(
        app,
        [
            *arguments,
            "--accept",
            "sound",
            "--mapping",
            str(tmp_path / "m.yaml"),
            "--format",
            "json",
        ],
    )
    assert taken.exit_code == 0, taken.output
    assert json.loads(taken.stdout)["taken"] == {"sổ": [2, 13]}
    workspace = open_workspace(where)
    (revision,) = workspace.revisions()
    assert revision.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    facts = merged(FACTS, workspace)
    assert len(facts.observations) > len(FACTS.observations)
    again = run(app, [*arguments, "--accept", "sound"])
    assert again.exit_code == 1
    assert len(workspace.revisions()) == 1


@pytest.mark.parametrize(
    "arguments", [["--crs", "EPSG:1"], ["--report", "r.txt"], ["--as", "parcs"]]
)
def test_wrong_use_is_2(arguments: list[str], tmp_path: Path) -> None:
    file = _csv(REGISTER, tmp_path / "r.csv")
    assert CliRunner().invoke(app, ["import", str(file), *arguments]).exit_code == 2


def test_a_file_that_is_none_is_1(tmp_path: Path) -> None:
    arguments = ["import", str(tmp_path / "none.csv"), "--workspace", str(tmp_path / "w.gpkg")]
    assert CliRunner().invoke(app, arguments).exit_code == 1
