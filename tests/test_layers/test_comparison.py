"""Places side by side on the screen and in print: words, signs, pedigree, nothing harmful."""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from geo.comparison import Bilingual, Cell, Comparison, ComparisonError, Row, compare
from layers.comparison.print_page import print_html
from layers.comparison.table import comparison_html
from layers.comparison.text import comparison_text
from layers.comparison.words import REASON, error_text, marks, row_name, write
from layers.words import LANGS, words
from tests.hostile import ATTACK, SCRIPT
from tests.test_layers.test_drawn import Shape, assert_harmless

if TYPE_CHECKING:
    from data._message import Lang
    from geo.snapshot import Snapshot

PARKS = ("na-kcn-vsip-1", "na-kcn-vsip-2", "na-ccn-nghi-phu")
ZONES = ("na-a", "na-b", "na-d")
MADE = dt.date(2026, 11, 21)


@pytest.fixture(scope="module")
def parks(shot: Snapshot) -> Comparison:
    return compare(PARKS, [shot])


@pytest.fixture(scope="module")
def zones(shot: Snapshot) -> Comparison:
    return compare(ZONES, [shot])


@pytest.fixture(scope="module")
def hostile(hostile_shot: Snapshot) -> Comparison:
    """All texts attacked, those too that come with the figures."""
    found = compare(PARKS, [hostile_shot])
    bad = Bilingual(f"vi {ATTACK}", f"en {ATTACK}")

    def attacked(cell: Cell) -> Cell:
        return replace(
            cell,
            note=ATTACK,
            name=bad,
            citations=(bad,),
            sources=(*cell.sources, ATTACK),
            basis=(*cell.basis, ATTACK),
            how=ATTACK,
        )

    return replace(
        found,
        rows=tuple(
            replace(row, cells=tuple(attacked(cell) for cell in row.cells)) for row in found.rows
        ),
        boundaries={
            key: {field: f"{field} {ATTACK}" for field in value}
            for key, value in found.boundaries.items()
        },
    )


def visible(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def row_html(markup: str, key: str) -> str:
    return markup.split(f'data-row="{key}"', 1)[1].split("</tr>", 1)[0]


@pytest.mark.parametrize("lang", LANGS)
def test_each_figure_opens_its_date_basis_and_source(lang: Lang, parks: Comparison) -> None:
    w = words(lang)
    line = row_html(comparison_html(parks, w), "fill_rate_pct")
    first = line.split("<td", 2)[1]
    assert {"vi": "91,43 %", "en": "91.43 %"}[lang] in visible(first)
    opened = first.split("<dl>")[1]
    assert "06/01/2026" in opened
    assert "35/2022" in opened
    assert parks.sources["na-s03"]["title"] in html.unescape(opened)
    hover = html.unescape(re.findall(r'title="([^"]*)"', first)[0])
    assert "06/01/2026" in hover
    assert "35/2022" in hover


@pytest.mark.parametrize("lang", LANGS)
def test_differences_and_unknowns_are_said_in_words_and_signs(
    lang: Lang, parks: Comparison
) -> None:
    w = words(lang)
    markup = comparison_html(parks, w)
    line = row_html(markup, "available_ha")
    assert w("differs") in line
    assert "≠" in line
    assert "▲" in line
    assert "▼" in line
    unknown = line.split("<td")[3]
    assert 'class="number none"' in unknown
    assert w("no data") in unknown
    assert not re.search(r"\d", visible(f"<td{unknown}"))
    assert w("counted on different bases") in line


def test_a_figure_of_the_project_is_warned_of_and_none_of_the_extremes(parks: Comparison) -> None:
    (row,) = [row for row in parks.rows if row.key == "cleared_ha"]
    w = words("vi")
    told = write(row, row.cells[0], w).remark
    assert "lớn hơn tổng diện tích 367,6 ha nhưng không quá diện tích dự án 750 ha" in told
    assert marks(row, PARKS[0], w) == ""


def test_only_differences_leaves_out_what_is_the_same(parks: Comparison) -> None:
    w = words("en")
    short = comparison_html(parks, w, only_differences=True)
    shown = set(re.findall(r'data-row="([^"]+)"', short))
    assert shown == {row.key for row in parks.rows if row.differs is not False}
    assert shown < {row.key for row in parks.rows}


@pytest.mark.parametrize("lang", LANGS)
def test_every_row_and_cell_has_words(lang: Lang, parks: Comparison, zones: Comparison) -> None:
    w = words(lang)
    for found in (parks, zones):
        for row in found.rows:
            assert row_name(row, found.kind, w) != row.key
            for cell in row.cells:
                assert write(row, cell, w).text
                assert cell.known or cell.reason in REASON


def test_an_interval_is_written_as_one_with_its_known_part(zones: Comparison) -> None:
    (rate,) = [row for row in zones.rows if row.key == "fill_rate_pct"]
    assert write(rate, rate.cells[0], words("vi")).text == "12-85 %"
    assert "47,87 %" in write(rate, rate.cells[0], words("vi")).remark


@pytest.mark.parametrize("lang", LANGS)
def test_the_printed_page_stands_alone(lang: Lang, parks: Comparison) -> None:
    w = words(lang)
    page = print_html(parks, w, made=MADE)
    text = visible(page)
    assert page.startswith("<!DOCTYPE html>")
    assert f'lang="{lang}"' in page
    assert "A4 landscape" in page
    assert "%PAGE%" not in page
    assert not re.search(r"""(src|@import|url\(|<link|<script)""", page)
    for place in parks.places:
        assert (place.name.vi if lang == "vi" else place.name.en) in text
    assert (
        w("Figures known by {date}; made on {made}", date="30/06/2026", made="21/11/2026") in text
    )
    assert parks.boundaries["nghe-an"][f"accuracy_{lang}"] in text
    for source in parks.sources.values():
        assert " ".join(source["title"].split()) in text
    # Each number in a cell is that of the source in the list.
    number = list(parks.sources).index("na-s03") + 1
    assert f"[{number}]" in text


@pytest.mark.parametrize("lang", LANGS)
def test_hostile_texts_stay_texts(lang: Lang, hostile: Comparison) -> None:
    w = words(lang)
    markup = comparison_html(hostile, w)
    assert_harmless(markup)
    assert SCRIPT in html.unescape(markup)
    page = print_html(hostile, w)
    body = Shape(page.split("</style>")[1])
    assert not body.tags & {"script", "img", "svg"}
    assert not [name for name in body.attributes if name.startswith("on")]
    assert all(url.startswith(("http://", "https://")) for url in body.links)
    assert SCRIPT in comparison_text(hostile, lang=lang)


@pytest.mark.parametrize(
    ("ids", "vi"),
    [
        (["na-a"], "ít nhất hai"),
        (["na-a", "na-a"], "một lần: na-a"),
        (["na-a", "nowhere"], "nowhere"),
        (["na-a", "na-kcn-vsip-1"], "không trộn lẫn"),
        (["na-a", "na-b", "na-c", "na-d", "na-link-kkt", "na-growth-vinh"], "tối đa năm"),
    ],
)
def test_errors_in_words(ids: list[str], vi: str, shot: Snapshot) -> None:
    with pytest.raises(ComparisonError) as caught:
        compare(ids, [shot])
    assert vi in error_text(caught.value, words("vi"))
    assert error_text(caught.value, words("en")) != error_text(caught.value, words("vi"))


def test_a_plain_number_keeps_its_qualifier() -> None:
    row = Row("business", "workers", "number", "people", (), None)
    assert write(row, Cell(20_000.0, qualifier=">"), words("vi")).text == "> 20.000 người"
