"""Headers, numbers, dates, words and names of anyone's tables."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data._errors import DataError
from data.dates import parse_partial
from data.exchange_fields import exchange_layers
from data.facts import load_facts
from data.importing import headers
from data.importing.cells import as_text, read_word
from data.importing.dates import read_date
from data.importing.exports import TAKEN
from data.importing.fields import KINDS, fields, fields_of, needed, vocabulary
from data.importing.findings import catalogue
from data.importing.headers import guess_kind, propose, score
from data.importing.mappings import Column, Mapping, mapping_of, read_mappings, to_yaml
from data.importing.names import AreaNames
from data.importing.numbers import read_column
from data.schemas import OWN_TABLES, TABLES
from data.units.spelling import plain
from data.vocabulary import METRICS

HUNDREDTHS = st.integers(0, 10**9).map(lambda n: n / 100)


def _vietnamese(value: float, decimals: int = 2) -> str:
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def _english(value: float, decimals: int = 2) -> str:
    return f"{value:,.{decimals}f}"


# --- numbers --------------------------------------------------------------------------------------


@given(st.lists(HUNDREDTHS, min_size=1))
def test_numbers_of_either_spelling_come_back(values: list[float]) -> None:
    for written in (_vietnamese, _english):
        cells = {row: written(value) for row, value in enumerate(values)}
        assert [one.value for one in read_column(cells).values()] == values


@given(st.lists(st.integers(1000, 999_999), min_size=1), st.randoms())
def test_a_column_tells_its_sign_whatever_the_order(values: list[int], random: object) -> None:
    """Thousands with a point are read right where one cell has a decimal comma."""
    cells = {row: _vietnamese(value, 0) for row, value in enumerate(values)} | {-1: "12,5"}
    shuffled = list(cells.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    read = read_column(dict(shuffled))
    assert [read[row].value for row in range(len(values))] == values
    assert read == read_column(cells)


@given(st.lists(st.integers(1000, 999_999), min_size=1))
def test_thousands_alone_are_asked_about(values: list[int]) -> None:
    """A column of "1.234" says nothing; both readings are given, and a stated sign settles it."""
    cells = {row: _vietnamese(value, 0) for row, value in enumerate(values)}
    for reading, value in zip(read_column(cells).values(), values, strict=True):
        assert math.isnan(reading.value)
        assert reading.options == (value, value / 1000)
    assert [one.value for one in read_column(cells, decimal=",").values()] == values
    assert [one.value for one in read_column(cells, decimal=".").values()] == pytest.approx(
        [value / 1000 for value in values]
    )


def test_a_column_that_contradicts_itself_leaves_open_only_what_is() -> None:
    read = read_column({1: "1.234,5", 2: "1,234.5", 3: "1.234", 4: "7"})
    assert [read[row].value for row in (1, 2, 4)] == [1234.5, 1234.5, 7]
    assert read[3].options == (1234, 1.234)


@pytest.mark.parametrize(
    "text", ["", "x", "12,5,1", "1.23.456", "1..2", "12-5", "nan", "inf", "1e999", "٣", "12 a"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    reading = read_column({1: text})[1]
    assert math.isnan(reading.value)
    assert reading.options is None


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("125.000,0 m²", 125_000, "m2"),
        ("12,5 ha", 12.5, "ha"),
        ("85,5%", 85.5, "pct"),
        ("1\u00a0234,5", 1234.5, ""),
        ("\u221212,5", -12.5, ""),
        ("0,123", 0.123, ""),
        ("0.123", 0.123, ""),
        ("-0.250 ha", -0.25, "ha"),
        ("2.498.697,55", 2_498_697.55, ""),
    ],
)
def test_units_and_spaces(text: str, value: float, unit: str) -> None:
    reading = read_column({1: text})[1]
    assert (reading.value, reading.unit) == (value, unit)


@pytest.mark.parametrize("sign", [",", "."])
def test_a_zero_before_the_sign_tells_it(sign: str) -> None:
    """No thousands begin with a zero, so that "0.250" tells how to read "1.234" below it."""
    read = read_column({1: f"0{sign}250", 2: f"1{sign}234"})
    assert [one.value for one in read.values()] == [0.25, 1.234]


def test_coordinates_are_told_by_their_size() -> None:
    """An easting has six digits: 498.697 can only be 498,697 m."""
    read = read_column({1: "498.697", 2: "2.498.697"}, plausible=(100_000.0, 2_700_000.0))
    assert [one.value for one in read.values()] == [498_697, 2_498_697]


@given(st.floats(0, 1e12, allow_nan=False).filter(lambda value: value == 0 or value > 1e-12))
def test_numbers_are_written_without_loss(value: float) -> None:
    assert float(as_text(value)) == value
    assert "e" not in as_text(value).lower()


# --- dates ----------------------------------------------------------------------------------------

DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31))


@given(DAYS)
def test_every_way_to_write_a_day_is_that_day(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    for text in (
        f"{day:%d/%m/%Y}",
        f"{day.day}-{day.month}-{day.year}",
        f"{day:%d.%m.%Y}",
        day.isoformat(),
        f"{day.isoformat()}T00:00:00",
        f"{day.isoformat()} 00:00:00",
        f"ngày {day.day} tháng {day.month} năm {day.year}",
        str(serial),
        f"{serial}.0",
    ):
        assert read_date(text).text == day.isoformat(), text


@given(DAYS)
def test_quarters_are_their_last_month(day: dt.date) -> None:
    quarter = (day.month + 2) // 3
    for written in (str(quarter), ("I", "II", "III", "IV")[quarter - 1]):
        assert read_date(f"Quý {written}/{day.year}").text == f"{day.year}-{quarter * 3:02d}"


@given(DAYS)
def test_months_and_years_stay_partial(day: dt.date) -> None:
    for text in (f"{day:%m/%Y}", f"tháng {day.month}/{day.year}", f"{day:%Y-%m}", f"T{day:%m/%Y}"):
        read = read_date(text).text
        assert read in ("", f"{day:%Y-%m}")
        assert read or text.startswith("T")
    assert read_date(f"năm {day.year}").text == str(day.year)


@given(st.text(max_size=20))
def test_a_date_is_one_of_the_calendar_or_none(text: str) -> None:
    read = read_date(text).text
    assert parse_partial(read)[0] is not None or read == ""


@pytest.mark.parametrize(
    ("text", "candidate"),
    [("11/21/2026", "2026-11-21"), ("21/11/26", "2026-11-21"), ("31/02/2026", ""), ("abc", "")],
)
def test_dates_that_are_not_sure_are_refused(text: str, candidate: str) -> None:
    read = read_date(text)
    assert (read.text, read.candidate) == ("", candidate)


# --- headers --------------------------------------------------------------------------------------


def _variants(header: str) -> list[str]:
    return [
        header,
        header.upper(),
        f"  {header} ",
        unicodedata.normalize("NFD", header),
        f"1. {header}",
        header.replace(" ", "  "),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_header_of_the_vocabulary_means_its_field(kind: str) -> None:
    """In all spellings; where two fields of a kind share a header, it is among the alternatives."""
    for field in fields_of(kind):  # type: ignore[arg-type]
        for header in fields()[field]["headers"]:
            for variant in _variants(header):
                assert score(variant, field) == 1.0, (variant, field)
            assert score(plain(header), field) >= 0.9, (plain(header), field)


@pytest.mark.parametrize(
    ("vi", "en", "field"),
    [
        ("Khu công nghiệp (KCN)", "Industrial park", "area"),
        ("KCN", "Park", "area"),
        ("Cụm công nghiệp (CCN)", "Industrial cluster", "area"),
        ("Tỷ lệ lấp đầy", "Fill rate", "fill_rate_pct"),
        ("Đất công nghiệp có thể cho thuê", "Leasable land", "industrial_land_ha"),
        ("Đất công nghiệp và đất dịch vụ", "Leasable land", "industrial_land_ha"),
        ("Đất đã cho thuê, cho thuê lại", "Leased land", "leased_ha"),
        (
            (
                "Đất đã cho thuê, cho thuê lại hoặc đã được chấp thuận chủ trương đầu tư, "
                "cấp giấy chứng nhận đăng ký đầu tư"
            ),
            "Leased land",
            "leased_ha",
        ),
        ("Đất đã giải phóng mặt bằng", "Cleared land", "cleared_ha"),
        (
            "Đất công nghiệp đã xây dựng hạ tầng kỹ thuật",
            "Land with infrastructure",
            "infrastructure_ha",
        ),
        ("Số liệu tính đến", "As of", "as_of"),
        ("Cách tính", "Basis", "basis"),
        ("Tình trạng", "Status", "area_status"),
    ],
)
def test_the_official_words_are_known(vi: str, en: str, field: str) -> None:
    """Those of the decrees and of our own cards and tables, alone and with a unit."""
    for header in (vi, en):
        for variant in (header, header.upper(), f"{header} (ha)"):
            (found,) = propose([variant], "parks")
            assert (found.column.field, found.confidence) == (field, 1.0), variant


@pytest.mark.parametrize("layer", TAKEN)
def test_the_headings_of_our_own_tables_are_known_one_by_one(layer: str) -> None:
    kind, names = TAKEN[layer]
    for column in exchange_layers()[layer].fields:
        for heading in (column.heading("vi"), column.heading("en")):
            if column.name in names and heading != "Id":
                (found,) = propose([heading], kind)
                others = {name for name, confidence in found.alternatives if confidence == 1.0}
                assert names[column.name] in {found.column.field, *others}, heading
                assert found.confidence == 1.0, heading


@pytest.mark.parametrize(
    ("header", "field", "unit"),
    [
        ("Diện tích đất CN (ha)", "industrial_land_ha", "ha"),
        ("Diện tích đất công nghiệp [m²]", "industrial_land_ha", "m2"),
        ("DT ĐẤT CN", "industrial_land_ha", ""),
        ("Tỷ lệ lấp đầy (%)", "fill_rate_pct", "pct"),
        ("Tỉ lệ lấp đầy", "fill_rate_pct", ""),
        ("ty le lap day", "fill_rate_pct", ""),
        ("Tên KCN", "area", ""),
        ("leased", "leased_ha", ""),
        ("leased_ha", "leased_ha", "ha"),
        ("industrial", "industrial_land_ha", ""),
        ("fill_rate_", "fill_rate_pct", ""),
    ],
)
def test_headers_of_registers(header: str, field: str, unit: str) -> None:
    (found,) = propose([header], "parks")
    assert (found.column.field, found.column.unit) == (field, unit)


def test_a_date_in_a_header_dates_its_figures() -> None:
    (found,) = propose(["Diện tích đã cho thuê (đến 30/6/2026)"], "parks")
    assert (found.column.field, found.column.as_of) == ("leased_ha", "2026-06-30")


def test_no_field_is_given_twice_and_order_does_not_matter() -> None:
    headers = ["Diện tích (ha)", "Tổng diện tích (ha)", "Đã cho thuê", "Diện tích đã cho thuê"]
    for kind in KINDS:
        given_fields = [one.column.field for one in propose(headers, kind) if one.column.field]
        assert len(given_fields) == len(set(given_fields))
        back = {one.header: one.column for one in propose(headers[::-1], kind)}
        assert {
            one.header: one.column.field for one in propose(headers, kind)
        }.keys() == back.keys()


@pytest.mark.parametrize(
    ("headers", "shapes", "kind"),
    [
        (["Tên KCN", "Diện tích đất CN (ha)", "Tỷ lệ lấp đầy"], [], "parks"),
        (["Số hiệu lô", "Loại đất", "Hiện trạng"], ["Polygon"], "plots"),
        (["Bên thuê", "Số hợp đồng", "Ngày ký"], [], "leases"),
        (["KCN", "Chỉ tiêu", "Giá trị"], [], "observations"),
        (["Tên xã", "Mã xã"], ["MultiPolygon"], "boundaries"),
        (["Tên khu", "Điểm", "X", "Y"], [], "boundaries"),
        (["Tên", "Loại", "Vĩ độ", "Kinh độ"], [], "nodes"),
        (["a", "b"], [], None),
    ],
)
def test_kinds_are_told(headers: list[str], shapes: list[str], kind: str | None) -> None:
    assert guess_kind(headers, shapes) == kind


def test_a_mapping_comes_back_from_yaml(tmp_path_factory: pytest.TempPathFactory) -> None:
    headers = ["TT", "Tên KCN", "Diện tích đất CN (m2)"]
    mapping = mapping_of(propose(headers, "parks"), "parks", crs="EPSG:9208").model_copy(
        update={"constants": {"as_of": "2026-06-30", "publisher": "Ban Quản lý"}, "decimal": ","}
    )
    file = tmp_path_factory.mktemp("mapping") / "m.yaml"
    file.write_text(to_yaml([mapping]), encoding="utf-8")
    assert read_mappings(file) == (mapping,)
    assert mapping.fits(["diện tích đất cn  (M2)", "tt", "TÊN KCN"])
    assert not mapping.fits(["TT", "Tên KCN"])


def test_a_wrong_mapping_file_is_refused_with_its_place(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    file = tmp_path_factory.mktemp("mapping") / "m.yaml"
    file.write_text(
        "mappings:\n- kind: parks\n  columns:\n    A: {field: colour}\n  decimal: ';'\n"
    )
    with pytest.raises(DataError) as caught:
        read_mappings(file)
    assert {finding.field for finding in caught.value.findings} == {"field", "decimal"}


def test_the_mapping_in_the_readme_is_one(tmp_path_factory: pytest.TempPathFactory) -> None:
    readme = (Path(__file__).resolve().parents[2] / "data" / "README.md").read_text("utf-8")
    example = readme.split("## Importing your own data")[1].split("```yaml\n")[1].split("```")[0]
    file = tmp_path_factory.mktemp("mapping") / "m.yaml"
    file.write_text(example, encoding="utf-8")
    (mapping,) = read_mappings(file)
    assert mapping.columns["Đã cho thuê (m2)"] == Column(field="leased_ha", unit="m2")


@pytest.mark.parametrize("field", ["plot_id", "area"])
def test_a_mapping_drops_nothing_without_a_word(field: str) -> None:
    """A field of another kind, or a field given to two columns, is refused."""
    with pytest.raises(ValueError, match=field):
        Mapping(kind="parks", columns={"A": Column(field="area"), "B": Column(field=field)})


def test_constants_are_fields() -> None:
    with pytest.raises(ValueError, match="colour"):
        Mapping(kind="parks", columns={"A": Column()}, constants={"colour": "red"})


def test_the_vocabulary_is_whole() -> None:
    """Every field of a kind is described, every metric can be imported, words are the schemas'."""
    for kind in KINDS:
        assert set(fields_of(kind)) <= fields().keys()
        assert set(needed(kind)) <= set(fields_of(kind))
    assert set(METRICS) <= set(fields_of("parks"))
    choices = {
        "area_statuses": TABLES["areas"].columns["status"],
        "uses": OWN_TABLES["plots"].columns["use"],
        "plot_statuses": OWN_TABLES["plots"].columns["status"],
        "lease_statuses": OWN_TABLES["leases"].columns["status"],
        "node_types": TABLES["nodes"].columns["type"],
        "bases": TABLES["observations"].columns["basis"],
    }
    for words, column in choices.items():
        for word in vocabulary()["words"][words]:
            assert column.checks[0].error, word
            assert all(check(pd.Series([word])).check_passed for check in column.checks), word


def test_every_way_to_write_a_word_is_one_word() -> None:
    for kind, words in vocabulary()["words"].items():
        for word, written in words.items():
            for text in (word, *written):
                assert read_word(text, kind) == word, (kind, text)
                assert read_word(text.upper(), kind) == word, (kind, text)


def test_every_code_is_in_the_catalogue_and_used() -> None:
    sources = Path(headers.__file__).parent.glob("*.py")
    used = {code for file in sources for code in re.findall(r'"(I\d{3})"', file.read_text("utf-8"))}
    assert used == catalogue().keys()


def test_findings_speak_both_languages() -> None:
    for code, entry in catalogue().items():
        assert entry["severity"] in ("error", "warning", "info"), code
        for part in ("title", "expected"):
            assert entry[part]["vi"], code
            assert entry[part]["en"], code
            holes = [
                set(pd.Series([entry[part][lang]]).str.findall(r"{(\w+)}")[0])
                for lang in ("vi", "en")
            ]
            assert holes[0] == holes[1], code


# --- names ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def names() -> dict[str, AreaNames]:
    areas = load_facts().areas
    return {str(code): AreaNames(rows) for code, rows in areas.groupby("province_code")}


def test_every_known_name_is_itself(names: dict[str, AreaNames]) -> None:
    for index in names.values():
        for area_id, name in index.names.items():
            for written in (name, name.upper(), unicodedata.normalize("NFD", name), area_id):
                assert index.match(written).area_id == area_id, written


@pytest.mark.parametrize(
    ("name", "area_id"),
    [
        ("KCN Hoàng Mai 2", "na-kcn-hoang-mai-2"),
        ("Hoang Mai II", "na-kcn-hoang-mai-2"),
        ("Bắc Vinh (KCN)", "na-kcn-bac-vinh"),
        ("CCN Nghi Phú", "na-ccn-nghi-phu"),
        ("KCN Nam Cấm khu A", "na-kcn-nam-cam-a"),
        ("VSIP Nghệ An 1", "na-kcn-vsip-1"),
    ],
)
def test_short_names(names: dict[str, AreaNames], name: str, area_id: str) -> None:
    assert names["40"].match(name).area_id == area_id


@pytest.mark.parametrize(
    ("name", "candidate"),
    [
        ("KCN Bắc Vihn", "na-kcn-bac-vinh"),
        ("KCN Nghi Phú", "na-ccn-nghi-phu"),
        ("KCN VSIP Nghệ An", "na-kcn-vsip-2"),
        ("KCN Nghĩa Đản", "na-kcn-nghia-dan"),
    ],
)
def test_names_that_are_not_sure_have_candidates(
    names: dict[str, AreaNames], name: str, candidate: str
) -> None:
    match = names["40"].match(name)
    assert match.area_id == ""
    assert match.doubtful
    assert candidate in [one for one, _ in match.candidates]


def test_a_new_name_is_no_other(names: dict[str, AreaNames]) -> None:
    match = names["40"].match("Cụm công nghiệp Mường Lống")
    assert (match.area_id, match.doubtful, match.kind) == ("", False, "industrial_cluster")
    assert not names["40"].match("KCN Hoàng Mai 7").doubtful
