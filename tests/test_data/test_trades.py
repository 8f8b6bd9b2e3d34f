"""Trades by name, synonym and VSIC code."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import trades as module
from data._errors import DataError, UnknownNameError
from data.facts import load_facts
from data.trades import divisions, find_trade, pick_trade, trade, trades
from data.units.spelling import plain
from data.vocabulary import INDUSTRY_TAGS


def tags(text: str) -> list[str]:
    return [match.trade.tag for match in find_trade(text)]


@pytest.mark.parametrize(
    "text",
    [
        "sản xuất linh kiện điện tử",
        "SẢN XUẤT LINH KIỆN ĐIỆN TỬ",
        "san xuat linh kien dien tu",
        "electronics",
        "Electronics",
        "manufacture of electronic components",
        "26",
        "C26",
        "VSIC 26",
        "2610",
    ],
)
def test_ways_to_say_electronics(text: str) -> None:
    assert tags(text)[0] == "electronics"
    assert pick_trade(text).tag == "electronics"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("xưởng chế biến gỗ", ["wood_processing"]),
        ("làng nghề", ["handicraft"]),
        ("52", ["logistics"]),
        ("35", ["energy"]),
        ("may mặc", ["garment_footwear"]),
        ("thép", ["steel_metallurgy"]),
        ("giày", ["garment_footwear"]),
        ("giấy", ["wood_processing"]),
        ("giay", ["wood_processing", "garment_footwear"]),
        ("electroncs", ["electronics"]),
        ("phi hành", []),
        ("99", []),
        ("dự án", []),
        ("", []),
    ],
)
def test_find_trade(text: str, expected: list[str]) -> None:
    assert tags(text) == expected


def test_wrong_tones_are_only_alike() -> None:
    assert {match.how for match in find_trade("thân")} == {"alike"}


def test_ambiguity_is_answered_with_candidates() -> None:
    assert len(tags("chế biến")) > 3
    with pytest.raises(UnknownNameError, match=r"several trades: .*wood_processing"):
        pick_trade("chế biến")
    with pytest.raises(UnknownNameError, match="spelt alike: electronics"):
        pick_trade("electroncs")
    with pytest.raises(UnknownNameError, match="no trade 'phi hành'"):
        pick_trade("phi hành")
    with pytest.raises(UnknownNameError, match="no trade 'x'"):
        trade("x")


@pytest.mark.parametrize("tag", INDUSTRY_TAGS)
def test_every_name_finds_its_trade(tag: str) -> None:
    one = trade(tag)
    assert tags(tag) == [tag]
    for name in (one.name_vi, one.name_en, *one.synonyms_vi, *one.synonyms_en):
        assert tag in tags(name), name
        assert tag in tags(plain(name)), name
        assert tag in tags(name.upper()), name


def test_divisions_find_their_trades() -> None:
    for code, names in divisions().items():
        assert code in trade(tags(code)[0]).vsic
        for name in names:
            assert find_trade(name), name
    manufacturing = {f"{code:02}" for code in range(10, 34)}
    assert manufacturing <= set(divisions())


def test_tags_of_the_tables_are_trades() -> None:
    assert {tag for row in load_facts().areas["industries"] for tag in row} <= set(trades())


@given(st.text(max_size=30))
def test_any_text_is_answered(text: str) -> None:
    found = tags(text)
    assert len(found) == len(set(found))


def test_broken_file_names_the_place(tmp_path: Path) -> None:
    text = module.TRADES.read_text(encoding="utf-8")
    broken = tmp_path / "trades.yaml"
    broken.write_text(text.replace("tags: [beverages]", "tags: [beverage]"), encoding="utf-8")
    with pytest.raises(DataError, match=r"divisions\[6\].tags\[0\] \(line \d+\)"):
        module._load(broken)
