"""Form 04 on clusters in words, and as a workbook."""

from __future__ import annotations

import dataclasses
import io
from typing import TYPE_CHECKING

import openpyxl
import pytest

from geo.form04 import form04
from geo.snapshot import load_province, with_facts
from layers.form04 import blank_texts, caveat_texts, cluster_rows, form04_xlsx
from layers.words import words
from tests.clusters import AS_OF, known_clusters

if TYPE_CHECKING:
    from data._message import Lang
    from geo.snapshot import Province


@pytest.fixture(scope="module")
def known() -> Province:
    return known_clusters(load_province("tuyen-quang"))


def test_a_blank_cell_says_what_is_known_of_it(known: Province) -> None:
    table = known.facts.observations
    gone = str(form04(known, AS_OF).now.clusters[0])
    fewer = table[~((table["area_id"] == gone) & (table["metric"] == "leased_ha"))]
    facts = dataclasses.replace(known.facts, observations=fewer.reset_index(drop=True))
    form = form04(with_facts(known, facts), AS_OF)
    assert any("45 ha" in text for text in blank_texts(form, words("en")))


def test_blank_cells_name_the_clusters_that_the_tables_lack(province: Province) -> None:
    [now, before] = blank_texts(form04(province, AS_OF), words("vi"))
    assert "17, 18, 19" in now
    assert "20 cụm" in now
    assert "14/12/2025" in before


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_workbook_has_both_periods_and_says_what_is_not_verified(
    known: Province,
    lang: Lang,
) -> None:
    w = words(lang)
    content = form04_xlsx(known, AS_OF, lang=w.lang)
    assert form04_xlsx(known, AS_OF, lang=w.lang) == content
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    rows = {row[0]: row for row in sheet.iter_rows(values_only=True) if row[0] in {17, 18, 19}}
    assert [rows[number][3] for number in (17, 18, 19)] == [100.0, 65.0, 65.0]
    assert [rows[number][4] for number in (17, 18, 19)] == [None, None, None]
    column = [str(value) for (value, *_) in sheet.iter_rows(values_only=True)]
    form = form04(known, AS_OF)
    for text in (*blank_texts(form, w), *caveat_texts(form, w)):
        assert text in column
    clusters = book.worksheets[1]
    assert clusters.max_row == 1 + len(form.now.clusters)
    listed = [row[0] for row in clusters.iter_rows(min_row=2, values_only=True)]
    assert listed == [line["name"] for line in cluster_rows(form.now, w)]


def test_formulas_in_names_stay_text(known: Province) -> None:
    areas = known.areas.copy()
    areas["name_vi"] = "=HYPERLINK(1)"
    content = form04_xlsx(dataclasses.replace(known, areas=areas), AS_OF, lang="vi")
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(cell.value == "'=HYPERLINK(1)" for cell in cells)
