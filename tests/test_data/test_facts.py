import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from data._errors import DataError, Finding
from data._frames import rows
from data.facts import FACTS, Facts, load_facts
from data.schemas import TABLES
from data.units import commune_2025, communes_of_district, legacy_commune
from data.units.gazetteer import legacy_communes

Edit = Callable[[list[list[str]]], object]


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load_facts()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "facts"
    shutil.copytree(FACTS, copy)
    return copy


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def edit(folder: Path, table: str, change: Edit) -> None:
    path = folder / f"{table}.csv"
    rows = rows_of(path)
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def put(folder: Path, table: str, line: int, field: str, cell: str) -> None:
    """Write one cell; the real tables have one line per row (a test of its own)."""

    def change(rows: list[list[str]]) -> None:
        rows[line - 1][rows[0].index(field)] = cell

    edit(folder, table, change)


def line_of(table: str, **cells: str) -> int:
    rows = rows_of(FACTS / f"{table}.csv")
    for line, row in enumerate(rows[1:], start=2):
        named = dict(zip(rows[0], row, strict=True))
        if all(named[field] == cell for field, cell in cells.items()):
            return line
    raise LookupError(cells)


def findings(folder: Path) -> tuple[Finding, ...]:
    with pytest.raises(DataError) as caught:
        load_facts(folder)
    found = caught.value.findings
    assert str(caught.value) == "\n".join(map(str, found))
    assert len({(finding.file, finding.row, finding.field) for finding in found}) == len(found)
    return found


def test_real_tables_load_with_types(facts: Facts) -> None:
    assert facts.areas.index.name == "id"
    assert facts.areas["counted"].dtype == bool
    assert facts.areas["established_year"].dtype == "Int64"
    assert facts.observations["value"].dtype == "float64"
    assert facts.observations["row"].tolist() == list(range(2, len(facts.observations) + 2))
    assert all(isinstance(cell, tuple) for cell in facts.areas["source_ids"])
    assert facts.areas.loc["na-kcn-nam-cam", "within"] == "na-kkt-dong-nam"
    assert facts.areas["lat"].isna()["na-kcn-nam-cam"]
    for frame in vars(facts).values():
        texts = frame.select_dtypes("str")
        assert not texts.isna().to_numpy().any()


def test_real_figure_is_as_its_source_prints_it(facts: Facts) -> None:
    rows = facts.observations.query("area_id == 'na-kcn-vsip-1' and metric == 'leased_ha'")
    newest = rows.sort_values("as_of").iloc[-1]
    assert (newest["value"], newest["basis"]) == (262.07, "kcn_2022")
    assert newest["source_id"] in facts.sources.index


def test_lines_are_counted_through_quoted_line_breaks(folder: Path) -> None:
    put(folder, "sources", 3, "title", "one\ntwo\nthree")
    put(folder, "sources", 5, "date", "2024-13")
    (finding,) = findings(folder)
    assert (finding.file, finding.row, finding.field) == ("sources.csv", "7", "date")


def test_byte_order_mark_is_passed_over(folder: Path) -> None:
    path = folder / "roads.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_facts(folder).roads.index.name == "road_id"


BAD_CELLS = [
    ("areas", "id", "Nam Cấm", "an id: province"),
    ("areas", "id", "", "an id: province"),
    ("areas", "province_code", "41", "code of a province since July 2025"),
    ("areas", "kind", "park", "one of economic_zone, industrial_park"),
    ("areas", "name_vi", "", "a text"),
    ("areas", "name_vi", " Khu công nghiệp ", "no spaces around it"),
    ("areas", "name_vi", "Khu co\u0302ng nghiệp", "Unicode NFC"),
    ("areas", "status", "open", "one of operating"),
    ("areas", "status_as_of", "2023-02-29", "YYYY, YYYY-MM or YYYY-MM-DD"),
    ("areas", "counted", "", "yes or no"),
    ("areas", "legacy_communes", "Xã Nghi Long; Xã Nghi Xá", "a list of different texts"),
    ("areas", "industries", "logistics;cars", "electronics, information_technology"),
    ("areas", "established_year", "07", "a year from 1900 to 2099"),
    ("areas", "wastewater_m3_day", "-1", "a number of at least 0"),
    ("areas", "lat", "105.7", "from 6 to 24"),
    ("areas", "source_ids", "na-s54;na-s54", "a list of different ids"),
    ("observations", "metric", "area", "one of total_area_ha"),
    ("observations", "value", "1.234,5", "with a decimal point"),
    ("observations", "value", "nan", "with a decimal point"),
    ("observations", "value", "", "with a decimal point"),
    ("observations", "basis", "kcn", "one of kcn_2022"),
    ("observations", "nature", "", "one of measured"),
    ("sources", "url", "javascript:alert(1)", "http:// or https://"),
    ("province_figures", "scope", "kcn;park", "kkt, kcn, ccn"),
    ("road_waypoints", "seq", "0", "a whole number from 1"),
    ("nodes", "lon", "18.8", "from 102 to 118"),
    ("legal_rules", "verified", "yes", "one of clause"),
    ("gazetteer_bad_points", "legacy_ward_code", "2479", "five digits"),
]


def test_bad_cells_are_all_named(folder: Path) -> None:
    for line, (table, field, cell, _) in enumerate(BAD_CELLS, start=2):
        put(folder, table, line, field, cell)
    found = {(one.file, one.row, one.field): one for one in findings(folder)}
    for line, (table, field, cell, expected) in enumerate(BAD_CELLS, start=2):
        finding = found[f"{table}.csv", str(line), field]
        assert finding.found == (repr(cell) if cell else "an empty cell")
        assert expected in finding.expected


@pytest.mark.parametrize(
    ("table", "field", "cell", "expected"),
    [
        ("areas", "source_ids", "na-s54;na-s999", "an id in sources.csv"),
        ("areas", "part_of", "na-kcn-nowhere", "an id in areas.csv"),
        ("areas", "within", "na-kcn-nam-cam", "the id of an economic zone"),
        ("areas", "lat", "18.8", ""),
        ("observations", "area_id", "na-kcn-nowhere", "an id in areas.csv"),
        ("observations", "source_id", "na-s999", "an id in sources.csv"),
        ("province_figures", "source_id", "na-s999", "an id in sources.csv"),
        ("road_waypoints", "road_id", "na-nowhere", "an id in roads.csv"),
        ("nodes", "source_ids", "inf-999", "an id in sources.csv"),
        ("nodes", "method", "", "a value, because of lat, lon"),
        ("observations", "basis", "kcn_2022", "an empty cell; only"),
        ("observations", "value", "0", "more than 0 ha"),
    ],
)
def test_a_cell_that_contradicts_others_is_named(
    folder: Path, table: str, field: str, cell: str, expected: str
) -> None:
    put(folder, table, 2, field, cell)
    (finding,) = findings(folder)
    assert (finding.file, finding.row) == (f"{table}.csv", "2")
    if field == "lat":
        assert (finding.field, finding.expected) == ("lon", "a value, because of lat")
    else:
        assert finding.field == field
        assert expected in finding.expected


def test_an_economic_zone_lies_within_none(folder: Path) -> None:
    put(folder, "areas", 2, "within", "na-kkt-thanh-thuy")
    (finding,) = findings(folder)
    assert finding.expected == "an empty cell for an economic zone"


def test_a_circle_of_parts_is_found(folder: Path) -> None:
    whole, part = line_of("areas", id="na-kcn-nam-cam"), line_of("areas", id="na-kcn-nam-cam-a")
    put(folder, "areas", whole, "part_of", "na-kcn-nam-cam-a")
    found = findings(folder)
    circles = {int(one.row) for one in found if one.expected == "no circle of parts"}
    assert circles == {whole, part}


def test_a_part_is_not_counted_beside_its_whole(folder: Path) -> None:
    line = line_of("areas", id="na-kcn-nam-cam-a")
    put(folder, "areas", line, "counted", "yes")
    (finding,) = findings(folder)
    assert (finding.row, finding.field) == (str(line), "counted")
    assert "na-kcn-nam-cam" in finding.expected


def test_a_rate_needs_a_basis(folder: Path) -> None:
    line = line_of("observations", metric="fill_rate_pct")
    put(folder, "observations", line, "basis", "")
    (finding,) = findings(folder)
    assert "reported" in finding.expected


def test_a_date_of_an_unknown_status_is_found(folder: Path) -> None:
    line = line_of("areas", status="", status_as_of="")
    put(folder, "areas", line, "status_as_of", "2020")
    (finding,) = findings(folder)
    assert (finding.row, finding.field) == (str(line), "status_as_of")


@pytest.mark.parametrize(
    ("table", "field", "expected"),
    [
        ("areas", "id", "an id that no row above has"),
        ("sources", "id", "an id that no row above has"),
        ("observations", "value", "each figure of a source once"),
        ("road_waypoints", "seq", "each place in the order of a road once"),
    ],
)
def test_a_row_twice_is_found_once(folder: Path, table: str, field: str, expected: str) -> None:
    edit(folder, table, lambda rows: rows.append(list(rows[1])))
    last = str(len(rows_of(folder / f"{table}.csv")))
    (finding,) = findings(folder)
    assert (finding.row, finding.field, finding.expected) == (last, field, expected)


def test_missing_files_are_named(folder: Path) -> None:
    for table in TABLES:
        (folder / f"{table}.csv").unlink()
    assert [(one.file, one.row) for one in findings(folder)] == [
        (f"{table}.csv", "") for table in sorted(TABLES)
    ]


def test_a_missing_and_an_unknown_column_are_named(folder: Path) -> None:
    def rename(rows: list[list[str]]) -> None:
        rows[0][rows[0].index("status")] = "state"

    edit(folder, "areas", rename)
    missing, unknown = sorted(findings(folder), key=lambda one: one.found)
    assert (missing.file, missing.row, missing.field) == ("areas.csv", "1", "status")
    assert (unknown.file, unknown.row, unknown.field) == ("areas.csv", "1", "state")


def test_a_column_twice_is_named(folder: Path) -> None:
    def repeat(rows: list[list[str]]) -> None:
        for row in rows:
            row.append(row[-1])

    edit(folder, "roads", repeat)
    (finding,) = findings(folder)
    assert (finding.row, finding.field, finding.expected) == ("1", "note", "one")


@pytest.mark.parametrize("cells", [["only", "two"], ["x"] * 40, []])
def test_a_row_with_another_number_of_cells_is_named(folder: Path, cells: list[str]) -> None:
    edit(folder, "areas", lambda rows: rows.insert(4, cells))
    (finding,) = findings(folder)
    assert (finding.file, finding.row) == ("areas.csv", "5")
    assert finding.expected == "23 cells, as in the header"


def test_a_lost_row_doesnt_make_its_references_unknown(folder: Path) -> None:
    edit(folder, "areas", lambda rows: rows[1].pop())
    assert [finding.row for finding in findings(folder)] == ["2"]


def test_a_wrong_encoding_is_named_with_its_line(folder: Path) -> None:
    path = folder / "nodes.csv"
    lines = path.read_bytes().split(b"\n")
    lines[6] = lines[6].decode("utf-8").encode("cp1258", errors="replace") + b"\xe0"
    path.write_bytes(b"\n".join(lines))
    (finding,) = findings(folder)
    assert (finding.file, finding.row) == ("nodes.csv", "7")
    assert "UTF-8" in finding.expected


def test_an_open_quote_is_named_with_the_row_it_opens_in(folder: Path) -> None:
    path = folder / "unit_aliases.csv"
    path.write_text(path.read_text(encoding="utf-8") + '"open,quote\nto the end', encoding="utf-8")
    (finding,) = findings(folder)
    assert (finding.file, finding.row) == ("unit_aliases.csv", "5")
    assert "RFC 4180" in finding.expected


def test_an_empty_file_is_named(folder: Path) -> None:
    (folder / "roads.csv").write_bytes(b"")
    (finding,) = findings(folder)
    assert (finding.file, finding.found) == ("roads.csv", "no header")


def test_all_findings_of_all_tables_are_listed_in_order(folder: Path) -> None:
    put(folder, "observations", 300, "value", "many")
    put(folder, "observations", 20, "as_of", "yesterday")
    put(folder, "areas", 3, "kind", "park")
    put(folder, "areas", 3, "counted", "maybe")
    put(folder, "sources", 9, "url", "ftp://example.org")
    put(folder, "province_figures", 4, "source_id", "na-s999")
    (folder / "nodes.csv").unlink()
    edit(folder, "roads", lambda rows: rows[2].pop())
    assert [(one.file, one.row, one.field) for one in findings(folder)] == [
        ("areas.csv", "3", "counted"),
        ("areas.csv", "3", "kind"),
        ("nodes.csv", "", ""),
        ("observations.csv", "20", "as_of"),
        ("observations.csv", "300", "value"),
        ("province_figures.csv", "4", "source_id"),
        ("roads.csv", "3", ""),
        ("sources.csv", "9", "url"),
    ]


def test_units_that_the_tables_name_are_known_to_the_gazetteer(facts: Facts) -> None:
    provinces = {
        "40": ["Tỉnh Nghệ An"],
        "42": ["Tỉnh Hà Tĩnh"],
        "22": ["Tỉnh Quảng Ninh"],
        "08": ["Tỉnh Tuyên Quang", "Tỉnh Hà Giang"],
    }
    unknown = []
    for area in rows(facts.areas):
        code = area.province_code
        old = provinces[code]
        unknown += [name for name in area.legacy_district if not communes_of_district(name, old)]
        unknown += [
            name
            for name in area.legacy_communes
            if len(legacy_commune(name, old, districts=area.legacy_district)) != 1
        ]
        unknown += [name for name in area.communes_2025 if commune_2025(name, code) is None]
    assert unknown == ["Xã Võ Liệt"]  # in unit_aliases.csv, with no successor known
    assert set(facts.road_waypoints["legacy_ward_code"]) <= set(legacy_communes()["code"])


def begin(folder: Path, table: str, *rows: dict[str, str]) -> Path:
    """Write a table of a province's own folder."""
    path = folder / "thanh_hoa" / f"{table}.csv"
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(TABLES[table].columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


PARK = {
    "id": "th-kcn-a",
    "province_code": "38",
    "kind": "industrial_park",
    "name_vi": "Khu công nghiệp A",
    "name_en": "A park",
    "counted": "yes",
    "source_ids": "na-s01",
}
LAND = {
    "area_id": "th-kcn-a",
    "metric": "total_area_ha",
    "value": "100",
    "qualifier": "=",
    "scope": "whole",
    "nature": "measured",
    "source_id": "na-s01",
}


def test_tables_of_a_province_continue_those_of_the_package(folder: Path, facts: Facts) -> None:
    begin(folder, "areas", PARK)
    begin(folder, "observations", LAND)
    begin(folder, "sources")
    more = load_facts(folder)
    assert more.areas.index.tolist() == [*facts.areas.index, "th-kcn-a"]
    assert more.sources.equals(facts.sources)
    last = more.observations.iloc[-1]
    assert (last["file"], last["line"], last["value"]) == ("thanh_hoa/observations.csv", 2, 100.0)
    assert more.observations["row"].is_unique
    assert more.observations["row"][:-1].tolist() == facts.observations["row"].tolist()
    assert set(facts.observations["file"]) == {"observations.csv"}
    assert facts.observations["line"].tolist() == facts.observations["row"].tolist()


def test_findings_name_the_file_in_the_folder_of_the_province(folder: Path) -> None:
    begin(folder, "areas", PARK | {"kind": "park"}, PARK | {"id": "na-kcn-nam-cam-a"})
    begin(folder, "observations", LAND, LAND, LAND | {"source_id": "nowhere"})
    found = {(one.file, one.row, one.field): one for one in findings(folder)}
    assert found.keys() == {
        ("thanh_hoa/areas.csv", "2", "kind"),
        ("thanh_hoa/areas.csv", "3", "id"),
        ("thanh_hoa/observations.csv", "3", "value"),
        ("thanh_hoa/observations.csv", "4", "source_id"),
    }
    line = line_of("areas", id="na-kcn-nam-cam-a")
    twice = found["thanh_hoa/areas.csv", "3", "id"]
    assert twice.found == f"the same as in row {line} of areas.csv"
    assert found["thanh_hoa/observations.csv", "3", "value"].found == "the same as in row 2"


def test_a_file_that_is_no_table_of_a_province_is_named(folder: Path) -> None:
    path = begin(folder, "areas", PARK)
    path.rename(path.with_name("area.csv"))
    (finding,) = findings(folder)
    assert finding.file == "thanh_hoa/area.csv"
    assert "areas.csv" in finding.expected
