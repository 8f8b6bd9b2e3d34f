"""The workbook of a comparison: numbers are numbers, texts are texts, other programs read it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from geo.comparison import Bilingual, Comparison, compare
from layers.comparison.words import row_name
from layers.comparison.workbook import comparison_xlsx
from layers.words import LANGS, words
from tests.test_layers.libreoffice import convert

if TYPE_CHECKING:
    from pathlib import Path

    from data._message import Lang
    from geo.snapshot import Snapshot

PARKS = ("na-kcn-vsip-1", "na-kcn-vsip-2", "na-ccn-nghi-phu")
FORMULAS = ('=HYPERLINK("http://127.0.0.1/","x")', "@SUM(1+1)", "+1+1", "-2+3", "\t=1+1")
HEAD, LABELS, COLUMNS = 4, 5, 7


@pytest.fixture(scope="module")
def parks(shot: Snapshot) -> Comparison:
    return compare(PARKS, [shot])


@pytest.fixture(scope="module")
def dangerous(parks: Comparison) -> Comparison:
    """The same with formulas for all texts that come from data."""
    texts = iter(FORMULAS * 10_000)
    return replace(
        parks,
        places=tuple(
            replace(place, name=Bilingual(next(texts), next(texts))) for place in parks.places
        ),
        rows=tuple(
            replace(
                row,
                cells=tuple(
                    replace(cell, note=next(texts), citations=(Bilingual(next(texts), "="),))
                    for cell in row.cells
                ),
            )
            for row in parks.rows
        ),
        sources={key: dict.fromkeys(source, next(texts)) for key, source in parks.sources.items()},
    )


def sheets(content: bytes) -> list[Any]:
    return list(openpyxl.load_workbook(io.BytesIO(content)).worksheets)


@pytest.mark.parametrize("lang", LANGS)
def test_numbers_are_numbers_with_date_and_basis_beside(lang: Lang, parks: Comparison) -> None:
    w = words(lang)
    main, sources = sheets(comparison_xlsx(parks, w))
    assert [main.title, sources.title] == [w("Comparison"), w("Sources")]
    assert main.freeze_panes == "C5"
    lines = {main.cell(line, 2).value: line for line in range(HEAD + 1, main.max_row + 1)}
    assert len(lines) == len(parks.rows)
    for row in parks.rows:
        line = lines[row_name(row, "area", w)]
        for number, cell in enumerate(row.cells):
            first = LABELS + number * COLUMNS + 1
            shown = main.cell(line, first)
            if isinstance(cell.value, float):
                assert shown.data_type == "n"
                assert shown.value == pytest.approx(cell.value, rel=1e-12)
            elif not cell.known:
                assert shown.data_type == "s"
            low, high = main.cell(line, first + 1), main.cell(line, first + 2)
            assert (low.value, high.value) == (
                None if cell.low is None else pytest.approx(cell.low),
                None if cell.high is None else pytest.approx(cell.high),
            )
            if cell.sources:
                assert cell.sources[0] in main.cell(line, first + 6).value
    leased = lines[w("leased land")[:1].upper() + w("leased land")[1:]]
    found = [main.cell(leased, LABELS + column).value for column in (1, 4, 5)]
    assert found[:2] == [262.07, "06/01/2026"]
    assert "35/2022" in found[2]
    ids = [sources.cell(line, 1).value for line in range(2, len(parks.sources) + 2)]
    assert ids == list(parks.sources)


def test_formulas_of_the_data_stay_texts(dangerous: Comparison) -> None:
    for sheet in sheets(comparison_xlsx(dangerous, words("vi"))):
        assert not sheet._hyperlinks
        for line in sheet.iter_rows():
            for cell in line:
                assert cell.data_type in {"n", "s"}
                if isinstance(cell.value, str):
                    assert not cell.value.lstrip().startswith(("=", "+", "-", "@"))


def test_libreoffice_opens_it(dangerous: Comparison, tmp_path: Path) -> None:
    book = tmp_path / "comparison.xlsx"
    book.write_bytes(comparison_xlsx(dangerous, words("vi")))
    # UTF-8, quotes around texts alone, cells as they are stored, the first sheet.
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,false,false,false,1"
    convert(form, tmp_path, book)
    (written,) = tmp_path.glob("comparison*.csv")
    lines = list(csv.reader(io.StringIO(written.read_text(encoding="utf-8"))))
    assert len(lines) == HEAD + len(dangerous.rows)
    leased = next(line for line in lines if line[1] == "Đất đã cho thuê, cho thuê lại")
    assert [float(leased[LABELS + number * COLUMNS]) for number in (0, 1)] == [262.07, 81.69]
    texts = [text for line in lines for text in line]
    assert any(text.startswith("'=HYPERLINK") for text in texts)
    # A formula that was run would show its result, or an error.
    assert not any(text.startswith(("#", "Err:")) for text in texts)
