import json
import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from data.__main__ import app
from data._frames import rows
from data.units._lookup import unit_of_commune, unit_of_key
from data.units.gazetteer import communes_2025, crosswalk, legacy_communes
from data.units.locate import (
    Unit,
    divisions_of,
    locate,
    predecessors_of,
    search,
    successors_of,
)
from data.units.spelling import normalise, plain

LONG = "Xã Nghi Long, Huyện Nghi Lộc, Tỉnh Nghệ An"


def the(query: str, **options: str) -> Unit:
    units = locate(query, **options).units  # type: ignore[arg-type]
    assert len(units) == 1, [unit.path for unit in units]
    return units[0]


def test_every_old_commune_is_found_by_its_path_and_back() -> None:
    pairs = set()
    for row in rows(legacy_communes().astype(object)):
        unit = the(f"{row.name}, {row.district}, {row.province}", system="legacy")
        assert unit.keys == (row.Index,)
        links = successors_of(unit)
        assert [link.main for link in links] == [True] + [False] * (len(links) - 1)
        assert {link.divided for link in links} == {len(links) > 1}
        for link in links:
            assert unit in {back.unit for back in predecessors_of(link.unit)}
            pairs.add((row.Index, link.unit.code, link.main))
    expected = crosswalk()
    assert pairs == set(expected.itertuples(index=False, name=None))


def test_every_commune_of_2025_is_found_by_its_path() -> None:
    for row in rows(communes_2025().astype(object)):
        unit = the(f"{row.name}, {row.province}", system="2025")
        assert unit.code == row.Index
        for link in predecessors_of(unit):
            back = {after.unit: after for after in successors_of(link.unit)}
            assert back[unit].main == link.main
            assert back[unit].divided == link.divided


@pytest.mark.parametrize(
    "query",
    [
        LONG,
        "Xã Nghi Long, Nghi Lộc, Nghệ An",
        "Nghi Long, Nghi Lộc",
        "nghi long",
        "x. Nghi Long, h. Nghi Lộc, t. Nghệ An",
        "xa nghi long huyen nghi loc tinh nghe an",
        "XÃ NGHI LONG - HUYỆN NGHI LỘC - TỈNH NGHỆ AN",
        "Nghệ An > Nghi Lộc > Nghi Long",
        "Tỉnh Nghệ An \u2013 Huyện Nghi Lộc \u2013 Xã Nghi Long",
        "Xã Nghi Long (Huyện Nghi Lộc)",
        "Xã Nghi Long; Nghi Lộc/Nghệ An | Việt Nam",
        "  Xã   Nghi\tLong,\nNghi Lộc ",
        unicodedata.normalize("NFD", LONG),
    ],
)
def test_a_path_may_be_written_in_many_ways(query: str) -> None:
    assert the(query).path == LONG
    assert [link.unit.name for link in successors_of(the(query))] == ["Xã Trung Lộc"]


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("Huyện Quì Hợp", "Huyện Quỳ Hợp, Tỉnh Nghệ An"),
        ("huyện Qùy Châu", "Huyện Quỳ Châu, Tỉnh Nghệ An"),
        ("Huyện Quình Lưu", "Huyện Quỳnh Lưu, Tỉnh Nghệ An"),
        ("xã Hoà Sơn, Đô Lương", "Xã Hòa Sơn, Huyện Đô Lương, Tỉnh Nghệ An"),
        ("Xã Mĩ Lí, Kì Sơn, Nghệ An", "Xã Mỹ Lý, Huyện Kỳ Sơn, Tỉnh Nghệ An"),
        ("TX Hoàng Mai, Nghệ An", "Thị xã Hoàng Mai, Tỉnh Nghệ An"),
        ("TP. Vinh", "Thành phố Vinh, Tỉnh Nghệ An"),
        ("tt Nam Đàn", "Thị trấn Nam Đàn, Huyện Nam Đàn, Tỉnh Nghệ An"),
        ("P1, Q.03, TP.HCM", "Phường 1, Quận 3, Thành phố Hồ Chí Minh"),
        ("Xã Ea H\u2019leo, Ea Hleo", "Xã Ea H'leo, Huyện Ea H'leo, Tỉnh Đắk Lắk"),
        ("Phan Rang Tháp Chàm", "Thành phố Phan Rang - Tháp Chàm, Tỉnh Ninh Thuận"),
        ("Huyện \u00d0ô Lương", "Huyện Đô Lương, Tỉnh Nghệ An"),
    ],
)
def test_spellings(query: str, path: str) -> None:
    assert the(query).path == path


def test_y_and_i_differ_where_they_sound_different() -> None:
    assert normalise("Tây") != normalise("Tâi")
    assert normalise("Thủy") != normalise("Thủi")
    assert normalise("Mỹ") == normalise("Mĩ")


def test_normalised_names_stay_different_within_a_district() -> None:
    old = legacy_communes()
    paths = {(row.province, normalise(row.district), normalise(row.name)) for row in rows(old)}
    assert len(paths) == len(old)


def test_diacritics_that_are_written_are_meant() -> None:
    assert the("Xã Châu Bính").name == "Xã Châu Bính"
    assert {unit.name for unit in locate("Xã Châu Bình").units} == {"Xã Châu Bình"}
    assert {unit.name for unit in locate("xa chau binh").units} >= {"Xã Châu Bình", "Xã Châu Bính"}


def test_unit_words_must_be_the_right_ones() -> None:
    assert the("Huyện Nghi Lộc").level == "district"
    assert the("Xã Nghi Lộc").system == "2025"
    assert {unit.level for unit in locate("Nghi Lộc").units} == {"district", "commune"}
    assert not locate("Phường Nghi Long").units
    assert LONG in {unit.path for unit in locate("Phường Nghi Long").alike}


def test_old_and_new_provinces() -> None:
    old = the("Tỉnh Hà Giang")
    assert [link.unit.name for link in successors_of(old)] == ["Tỉnh Tuyên Quang"]
    new = the("Tỉnh Tuyên Quang", system="2025")
    assert [link.unit.name for link in predecessors_of(new)] == [
        "Tỉnh Hà Giang",
        "Tỉnh Tuyên Quang",
    ]
    assert the("Nghệ An").system == "2025"  # as it was
    assert the("Nghệ An", system="legacy").code == "40"
    assert the("Tỉnh Thừa Thiên Huế").name == "Thành phố Huế"
    # An old commune may be written with its new province.
    mixed = the("Phường Quang Trung, TP Hà Giang, Tuyên Quang")
    assert mixed.province == "Tỉnh Hà Giang"


def test_divided_communes_are_named_with_their_parts() -> None:
    unit = the("Phường Quang Trung, Thành phố Hà Giang, Tỉnh Hà Giang")
    assert [(link.unit.name, link.main, link.divided) for link in successors_of(unit)] == [
        ("Phường Hà Giang 2", True, True),
        ("Phường Hà Giang 1", False, True),
    ]
    for among in (unit, the("Thành phố Hà Giang"), the("Phường Hà Giang 1")):
        divisions = divisions_of(among)
        assert [division.unit for division in divisions] == [unit]
        assert divisions[0].among == successors_of(unit)


def test_district_gives_its_communes_of_2025() -> None:
    links = successors_of(the("Thành phố Hà Giang"))
    assert {link.unit.name for link in links if link.main} >= {"Phường Hà Giang 2"}
    assert {link.unit.name for link in links if link.divided} == {
        "Phường Hà Giang 1",
        "Phường Hà Giang 2",
    }


def test_islands_that_were_districts_without_communes() -> None:
    unit = the("Huyện Bạch Long Vĩ")
    assert (unit.level, unit.code) == ("district", "318")
    assert [link.unit.name for link in successors_of(unit)] == ["Đặc khu Bạch Long Vĩ"]
    assert [link.unit for link in predecessors_of(the("Đặc khu Bạch Long Vĩ"))] == [unit]


def test_units_that_were_lost_before() -> None:
    lost = the("TX Cửa Lò")
    assert lost.note
    assert not lost.code
    assert "Phường Cửa Lò" in {link.unit.name for link in successors_of(lost)}
    assert the("Phường Nghi Tân, Thị xã Cửa Lò").district == "Thành phố Vinh"
    assert successors_of(the("Xã Nghi Hợp")) == successors_of(the("Xã Khánh Hợp, Nghi Lộc"))
    assert successors_of(the("Xã Võ Liệt")) == ()
    renamed = the("Huyện Đông Sơn, Thanh Hóa")
    assert (renamed.name, bool(renamed.note)) == ("Thành phố Thanh Hóa", True)


def test_codes() -> None:
    assert the("412").name == "Thành phố Vinh"
    assert {unit.system for unit in locate("17866").units} == {"legacy", "2025"}
    assert the("17866", system="2025").name == "Xã Trung Lộc"
    assert not locate("99999").units


def test_ambiguous_names_are_answered_with_all() -> None:
    units = locate("Xã Tân Lập").units
    assert len(units) > 10
    assert {unit.name for unit in units} == {"Xã Tân Lập"}
    assert locate("Xã Tân Lập").unit is None


def test_unchanged_communes_are_one_unit() -> None:
    unit = the("Xã Châu Bình, Nghệ An")
    assert unit.system == "2025"
    assert [link.unit.district for link in predecessors_of(unit)] == ["Huyện Quỳ Châu"]


@pytest.mark.parametrize("query", ["", " ", ",", "zzzz", "Xã", "'", "(((", "1" * 500, "a " * 2000])
def test_nonsense_is_answered_quietly(query: str) -> None:
    assert locate(query).units == ()
    search(query, "40")


def test_misspelt_names_are_answered_with_those_alike() -> None:
    assert locate("Xã Ngi Long, Nghi Lộc, Nghệ An").alike[0].path == LONG
    assert locate("Huyện Ngi Lộc").alike[0].name == "Huyện Nghi Lộc"


def stripped(name: str) -> str:
    parts = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in parts if not unicodedata.combining(char))


def wordless(name: str) -> str:
    return re.sub(
        r"^(Xã|Phường|Thị trấn|Thị xã|Huyện|Quận|Thành phố|Tỉnh|Đặc khu) (?=\D)", "", name
    )


@given(
    key=st.sampled_from(list(legacy_communes().index)),
    bare=st.lists(st.booleans(), min_size=3, max_size=3),
    marks=st.booleans(),
    separator=st.sampled_from([", ", " - ", "; ", "/", " ", " > "]),
    parts=st.integers(1, 3),
)
def test_the_right_one_stays_among_the_candidates(
    *, key: str, bare: list[bool], marks: bool, separator: str, parts: int
) -> None:
    unit = unit_of_key(key)
    names = [unit.name, unit.district or unit.name, unit.province][:parts]
    text = separator.join(
        wordless(name) if short else name for name, short in zip(names, bare, strict=False)
    )
    units = locate(text if marks else stripped(text), system="legacy").units
    assert unit in units


@given(code=st.sampled_from(list(communes_2025().index)), bare=st.booleans(), marks=st.booleans())
def test_the_right_commune_of_2025_stays_among_the_candidates(
    *, code: str, bare: bool, marks: bool
) -> None:
    unit = unit_of_commune(code)
    name = wordless(unit.name) if bare else unit.name
    text = name if marks else stripped(name)
    assert unit in locate(text, system="2025").units
    assert unit in {match.unit for match in search(text, unit.province_code)}


@given(st.text(max_size=60))
def test_any_text_has_an_answer(text: str) -> None:
    located = locate(text, province_code="40")
    assert not (located.units and located.alike)
    search(text, "40")


def test_search_while_typing() -> None:
    def names(query: str) -> list[str]:
        return [match.unit.path for match in search(query, "40")]

    assert names("nghi lo")[:3] == [
        LONG,
        "Huyện Nghi Lộc, Tỉnh Nghệ An",
        "Xã Nghi Lộc, Tỉnh Nghệ An",
    ]
    assert names("xã nghi lon") == [LONG]
    assert names("nghi long, nghi l") == [LONG]
    assert names("nghi long nghi") == [LONG]
    assert names("trung lộ") == ["Xã Trung Lộc, Tỉnh Nghệ An"]
    assert names("") == names("  ") == []
    assert {match.how for match in search("Nghi Lonk", "40")} == {"alike"}
    assert LONG in names("Nghi Lonk")
    assert {match.unit.province_code for match in search("tân", "40")} == {"40"}
    assert len(search("tân", None, limit=5)) == 5


def test_earlier_names_are_searched_last() -> None:
    (match,) = search("huyện đông sơn", "38")
    assert (match.unit.name, match.how) == ("Thành phố Thanh Hóa", "exact")
    assert not search("huyện đông sơn", "40") or search("huyện đông sơn", "40")[0].how == "alike"


def test_whole_names_come_first() -> None:
    matches = search("Vinh", "40")
    assert (matches[0].unit.name, matches[0].how) == ("Thành phố Vinh", "exact")
    assert search("thanh vinh", "40")[0].unit.name == "Phường Thành Vinh"


def test_search_keeps_up_with_typing() -> None:
    search("vinh", "40")
    times = []
    for text in ("n", "ng", "nghi l", "nghi lon, nghi", "xã tân", "Nghi Lonk", "zzz"):
        start = time.process_time()
        search(text, "40")
        times.append(time.process_time() - start)
    assert sorted(times)[len(times) // 2] < 0.02


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["locate", *arguments])
    return result.exit_code, result.output


def test_command_answers_in_words() -> None:
    code, output = run("Xã Nghi Long, Nghi Lộc, Nghệ An")
    assert code == 0
    assert output.splitlines() == [
        f"{LONG} (trước 01/07/2025, mã 17866)",
        "  nay thuộc: Xã Trung Lộc, Tỉnh Nghệ An (mã 17866)",
    ]
    code, output = run("Tỉnh Hà Giang", "--lang", "en")
    assert (code, output.splitlines()[1]) == (0, "  now: Tỉnh Tuyên Quang (code 08)")


def test_command_names_divisions_and_unknown_fates() -> None:
    assert "bị chia: Phường Hà Giang 1" in run("Phường Quang Trung, TP Hà Giang")[1]
    assert "bị chia: Phường Quang Trung" in run("Thành phố Hà Giang")[1]
    assert ", một phần)" in run("Phường Hà Giang 1")[1]
    assert "chưa rõ" in run("Xã Võ Liệt")[1]


def test_command_lists_candidates_and_fails() -> None:
    code, output = run("Nghi Lộc")
    assert code == 1
    assert "Huyện Nghi Lộc" in output
    assert "Xã Nghi Lộc" in output
    code, output = run("Ngi Lọng, Nghi Lộc")
    assert code == 1
    assert LONG in output
    assert run()[0] == 2
    assert run("Vinh", "--format", "xml")[0] == 2


def test_command_writes_json() -> None:
    code, output = run("Phường Hà Giang 1", "--format", "json")
    answer = json.loads(output)
    assert (code, answer["found"]) == (0, True)
    (unit,) = answer["units"]
    assert unit["system"] == "2025"
    assert {old["divided"] for old in unit["predecessors"]} == {True, False}
    assert unit["divisions"][0]["among"][0]["main"] is True
    code, output = run("zzzz", "--format", "json")
    assert (code, json.loads(output)["found"]) == (1, False)


def test_plain_has_no_diacritics() -> None:
    assert plain("Thị trấn Ea T'Ling, Đắk Nông") == "thi tran ea tling, dak nong"
