"""Form 04 on clusters: periods, sums that are whole or blank, and the workbook."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.snapshot import load_province, with_facts
from layers.form04 import (
    blank_texts,
    caveat_texts,
    change,
    cluster_rows,
    form04,
    form04_xlsx,
    period_of,
)
from layers.words import words

if TYPE_CHECKING:
    from geo.snapshot import Province
    from layers.words import Lang

AS_OF = dt.date(2026, 6, 30)


@pytest.fixture(scope="module")
def small() -> Province:
    return load_province("tuyen-quang")


@pytest.fixture(scope="module")
def known(small: Province) -> Province:
    """Every operating cluster with land of May 2026: 100 ha industrial, 65 ha leased."""
    clusters = form04(small, AS_OF).now.clusters
    land = dict(zip(clusters, ((40.0, 20.0), (30.0, 15.0), (30.0, 30.0)), strict=True))
    pattern: dict[Any, Any] = small.facts.observations.iloc[0].to_dict()
    rows: list[dict[Any, Any]] = [
        {
            **pattern,
            "area_id": key,
            "as_of": "2026-05-31",
            "metric": metric,
            "value": value,
            "qualifier": "=",
            "basis": "ccn_2024",
            "scope": "whole",
            "nature": "measured",
            "source_id": str(small.facts.sources.index[0]),
        }
        for key, pair in land.items()
        for metric, value in zip(("industrial_land_ha", "leased_ha"), pair, strict=True)
    ]
    observations = pd.concat(
        [small.facts.observations, pd.DataFrame(rows)],
        ignore_index=True,
    ).astype(small.facts.observations.dtypes)
    return with_facts(small, dataclasses.replace(small.facts, observations=observations))


@given(st.dates(dt.date(2024, 10, 1), dt.date(2060, 1, 1)))
def test_a_period_ends_on_the_newest_cut_off(as_of: dt.date) -> None:
    period = period_of(as_of)
    assert (period.cut_off.month, period.cut_off.day) in {(6, 14), (12, 14)}
    assert period.cut_off <= as_of < period.cut_off + dt.timedelta(days=184)
    assert period.first == dt.date(period.cut_off.year - 1, 12, 15)
    assert period.half == (period.cut_off.month == 6)
    before = period_of(period.cut_off - dt.timedelta(days=1))
    assert before.cut_off < period.cut_off
    assert before.half != period.half


def test_cut_offs_are_those_of_the_rule(small: Province) -> None:
    rule = small.facts.legal_rules.loc["CCN-REPORT-CUTOFF"]
    assert "14/6" in rule["rule_vi"]
    assert "14/12" in rule["rule_vi"]
    assert "17, 18, 19" in small.facts.legal_rules.loc["CCN-REPORT-FILL"]["rule_vi"]


def test_cells_are_filled_where_every_cluster_is_known(known: Province) -> None:
    form = form04(known, AS_OF)
    assert [item.value for item in form.now.items] == [100.0, 65.0, 65.0]
    assert [item.value for item in form.before.items] == [None, None, None]
    assert [change(*pair) for pair in zip(form.now.items, form.before.items, strict=True)] == [
        None,
        None,
        None,
    ]
    assert all(item.known == item.of == 3 for item in form.now.items)
    assert form.now.items[0].newest == "2026-05-31"


def test_one_unknown_cluster_leaves_the_cells_blank(known: Province) -> None:
    table = known.facts.observations
    gone = str(form04(known, AS_OF).now.clusters[0])
    fewer = table[~((table["area_id"] == gone) & (table["metric"] == "leased_ha"))]
    facts = dataclasses.replace(known.facts, observations=fewer.reset_index(drop=True))
    form = form04(with_facts(known, facts), AS_OF)
    land, leased, rate = form.now.items
    assert land.value == 100.0
    assert leased.value is None
    assert leased.known_part == 45.0
    assert leased.missing == (gone,)
    assert rate.value is None
    assert rate.known_part == pytest.approx(75.0)
    assert any("45 ha" in text for text in blank_texts(form, words("en")))


def test_clusters_that_the_tables_lack_leave_the_cells_blank(province: Province) -> None:
    form = form04(province, AS_OF)
    assert all(item.value is None for item in form.now.items)
    assert form.now.items[0].of == len(form.now.clusters) + 11
    [now, before] = blank_texts(form, words("vi"))
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
