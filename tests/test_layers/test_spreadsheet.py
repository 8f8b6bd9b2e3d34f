from __future__ import annotations

import io

import openpyxl
from hypothesis import example, given
from hypothesis import strategies as st

from layers.spreadsheet import neutral, open_workbook
from tests.hostile import ATTACK

STARTS = tuple("=+-@\t\r\n|\uff1d\uff0b\uff0d\uff20")


def read_back(*texts: str) -> list[tuple[object, str]]:
    """Value and type of each text after a round trip through a file."""
    buffer = io.BytesIO()
    with open_workbook(buffer) as book:
        sheet = book.add_worksheet("t")
        for row, text in enumerate(texts):
            assert sheet.write_string(row, 0, neutral(text)) == 0
    sheet_read = openpyxl.load_workbook(buffer)["t"]
    return [(cell.value, cell.data_type) for (cell,) in sheet_read.iter_rows(max_col=1)]


@given(st.text(st.characters(), max_size=60))
@example("=1+1")
@example(" \t=1+1")
@example("\u3000\uff1d1")
@example("\ud800=")
@example("\x00=cmd|'/C calc'!A0")
def test_no_text_begins_a_formula_or_leaves_what_xml_cannot_hold(text: str) -> None:
    harmless = neutral(text)
    if text == "=":
        return
    assert not harmless.startswith(STARTS)
    assert not harmless.lstrip().startswith(STARTS)
    harmless.encode("utf-8")
    kept = harmless if len(harmless) == len(text) else harmless.removeprefix("'")
    assert len(kept) == len(text)
    assert all(one in (other, "\ufffd") for one, other in zip(kept, text, strict=True))


@given(st.text(st.characters(min_codepoint=32, codec="utf-8"), min_size=1, max_size=60))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    plain = f"Khu công nghiệp {text}"
    if not any(0x7F <= ord(char) < 0xA0 or char in "￾￿" for char in plain):
        assert neutral(plain) == plain


def test_texts_stay_texts_in_the_file() -> None:
    texts = ["=1+1", "@SUM(A1)", "12.5", "http://127.0.0.1/", "TRUE", ATTACK, "-", "x\x00\x0by"]
    found = read_back(*texts)
    assert all(kind == "s" for _, kind in found)
    assert [value for value, _ in found[:4]] == ["'=1+1", "'@SUM(A1)", "12.5", "http://127.0.0.1/"]


def test_a_sign_alone_is_no_formula() -> None:
    signs = ["=", "~", ">", "<"]
    assert read_back(*signs) == [(sign, "s") for sign in signs]
    assert [neutral(text) for text in ("==", "= ", "=~", "+", "@")] == [
        "'==",
        "'= ",
        "'=~",
        "'+",
        "'@",
    ]


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    ((value, _),) = read_back("=" * 40_000)
    assert isinstance(value, str)
    assert len(value) == 32_767
    assert value.startswith("'=")
    assert value.endswith("…")
