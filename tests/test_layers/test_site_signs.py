"""List and map of a ranking: what they say, in whole sentences, and never as HTML of the data."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from data.criteria import changed, preset
from data.resolutions import load_resolution, provinces
from data.trades import trades
from geo.candidates import candidates
from geo.ranking import Ranking, rank
from geo.siting import check_site, lay_ground
from layers.safe_html import script_json
from layers.sites import map as site_map
from layers.sites.find import answer_html, marks, notes_html
from layers.sites.short_list import Shown, list_html, score_text
from layers.sites.state import Place
from layers.sites.verdict import Answer, reasons_html, verdict_html
from layers.sites.workbook import ranking_xlsx
from layers.words import LANGS, words
from tests.hostile import ATTACK

if TYPE_CHECKING:
    from data._message import Lang
    from geo.candidates import Candidate
    from geo.ranking import Excluded, Ranked
    from geo.snapshot import Snapshot

NOTHING_OPEN = Shown("", (), 5, {})


def ranking_of(shot: Snapshot, **limits: object) -> Ranking:
    spec = changed(preset("export-electronics"), trade="electronics", **limits)
    return rank(candidates(shot, trade="electronics"), spec)


def attacked(place: Candidate) -> Candidate:
    """Give a place whose texts attack."""
    measured = {
        key: replace(
            one,
            sources=(ATTACK,),
            params={**one.params, "target_vi": ATTACK, "target_en": ATTACK},
        )
        for key, one in place.measured.items()
    }
    return replace(place, name_vi=ATTACK, name_en=ATTACK, measured=measured)


@pytest.fixture(scope="module")
def ranking(shot: Snapshot) -> Ranking:
    return ranking_of(shot, min_available_ha=20, max_km={"seaport": 60})


def rows_of(ranking: Ranking) -> list[Ranked | Excluded]:
    return [*ranking.ranked, *ranking.excluded]


def text_of(html: str) -> str:
    return re.sub(r"<[^>]*>", " ", html)


@pytest.mark.parametrize("lang", LANGS)
def test_every_place_is_in_the_list_once(ranking: Ranking, lang: Lang) -> None:
    html = list_html(ranking, NOTHING_OPEN, words(lang))
    listed = re.findall(r'data-id="([^"]+)"', html)
    places = [row.place.area_id for row in rows_of(ranking)]
    assert sorted(listed) == sorted(places)
    ranks = [int(found) for found in re.findall(r'class="rank">(\d+)<', html)]
    assert ranks == list(range(1, len(ranking.ranked) + 1))


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_written_is_whole(ranking: Ranking, lang: Lang) -> None:
    w = words(lang)
    parts = [str(answer_html(ranking, w)), notes_html(ranking, w)]
    parts += [
        list_html(ranking, NOTHING_OPEN._replace(chosen=row.place.area_id), w)
        for row in ranking.ranked
    ]
    assert not re.findall(r".{40}(?:\{|\}|\bNone\b|\bnan\b).{20}", text_of("".join(parts)))


def test_each_place_that_falls_out_says_why(ranking: Ranking) -> None:
    html = list_html(ranking, NOTHING_OPEN, words("en"))
    out = re.findall(r"<li data-id=[^>]*><button.*?</li>", html.split('class="out"')[1])
    assert len(out) == len(ranking.excluded)
    for line, row in zip(out, ranking.excluded, strict=True):
        assert line.count('class="why no"') == len(row.reasons) > 0


def test_scores_are_rounded_outwards(ranking: Ranking) -> None:
    for row in ranking.ranked:
        ends = [float(end) for end in score_text(row, words("en")).split("-")]
        assert ends[0] <= row.score_low + 0.5
        assert ends[-1] >= row.score_high - 0.5
        assert len(ends) == (1 if row.score_high - row.score_low < 0.5 else 2)


def test_one_place_is_too_few_to_compare(ranking: Ranking) -> None:
    first = ranking.ranked[0].place.area_id
    one = list_html(ranking, NOTHING_OPEN._replace(compared=(first,)), words("en"))
    assert 'data-act="go:" disabled' in one
    full = NOTHING_OPEN._replace(compared=("a", "b", "c", "d", first))
    assert list_html(ranking, full, words("en")).count("At most 5 places") == (
        len(ranking.ranked) - 1
    )


def test_symbols_are_numbered_and_the_first_lies_on_top(ranking: Ranking) -> None:
    drawn = marks(ranking, "", words("vi"), last=3)
    numbers = [mark["sign"].get("number", "") for mark in drawn]
    assert [number for number in numbers if number] == ["3", "2", "1"]
    placed = [row for row in rows_of(ranking) if row.place.lon is not None]
    assert len(drawn) == len(placed)
    assert len({tuple(mark["shift"]) for mark in drawn}) == len(drawn)
    for mark in drawn:
        assert len(mark["tip"]) >= 3


@pytest.mark.parametrize("province", provinces())
def test_documents_say_something_of_each_trade_and_zone(province: str) -> None:
    resolution = load_resolution(province)
    base = [zone.key for zone in resolution.zones if zone.group == "base_partition"]
    told = {tag: {key: site_map.says(resolution, key, tag) for key in base} for tag in trades()}
    for tag, by_zone in told.items():
        assert set(by_zone.values()) <= set(site_map.SAYS)
        for key, says in by_zone.items():
            named = any(one.tag == tag for one in resolution.zone(key).industries)
            wide = any(one.tag == tag for one in resolution.industries)
            if named:
                assert says in {"wanted", "held_back"}
            elif wide:
                assert says in {"elsewhere", "held_back", "province"}
            else:
                assert says in {"elsewhere", "silent"}


def test_a_place_moves_the_map_unless_it_came_from_there() -> None:
    point = Place(((105.66, 18.8),), seen=False)
    [[south, west], [north, east]] = site_map.site_bounds(point) or [[0, 0], [0, 0]]
    assert south < 18.8 < north
    assert west < 105.66 < east
    assert site_map.site_bounds(point._replace(seen=True)) is None
    assert site_map.site_bounds(None) is None


@pytest.mark.parametrize("lang", LANGS)
def test_the_workbook_holds_what_the_list_shows(
    ranking: Ranking, shot: Snapshot, lang: Lang
) -> None:
    book = load_workbook(io.BytesIO(ranking_xlsx(ranking, [shot], words(lang))))
    head, *rows = book.worksheets[0].iter_rows(values_only=True)
    at = {name: column for column, name in enumerate(head)}
    assert [row[at["id"]] for row in rows] == [row.place.area_id for row in rows_of(ranking)]
    for row, ranked in zip(rows, ranking.ranked, strict=False):
        assert row[at["rank"]] == ranked.rank
        assert row[at["score_low"]] == pytest.approx(ranked.score_low, abs=1e-5)
        assert (row[at["score"]] is None) == (not ranked.complete)
    assert len(list(book.worksheets[1].iter_rows())) > 5


def test_texts_in_the_workbook_are_no_formulas(shot: Snapshot) -> None:
    places = [replace(place, name_vi="=1+1") for place in candidates(shot, trade="electronics")]
    spec = changed(preset("export-electronics"), trade="electronics")
    book = load_workbook(io.BytesIO(ranking_xlsx(rank(places, spec), [shot], words("vi"))))
    cells = [cell for row in book.worksheets[0].iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b"}
    assert "'=1+1" in {cell.value for cell in cells}


@pytest.mark.parametrize("lang", LANGS)
def test_texts_of_the_data_stay_texts(shot: Snapshot, hostile_shot: Snapshot, lang: Lang) -> None:
    w = words(lang)
    places = [attacked(place) for place in candidates(shot, trade="electronics")]
    spec = changed(preset("export-electronics"), trade="electronics", min_available_ha=20)
    ranking = rank(places, spec)
    parts = [str(answer_html(ranking, w))]
    for row in ranking.ranked[:3]:
        shown = NOTHING_OPEN._replace(chosen=row.place.area_id)
        parts.append(list_html(ranking, shown, w))
    area_id = str(hostile_shot.areas.index[0])
    result = check_site(lay_ground(hostile_shot), area_id, trade="electronics")
    parts.append(verdict_html(Answer(result, ATTACK), ATTACK, w))
    parts.append(reasons_html(result, hostile_shot, w))
    html = "".join(parts)
    assert "script" in html
    for dangerous in ("<script", "<img", 'onerror="', "${", "`"):
        assert dangerous not in html
    sent = script_json(
        {
            "areas": marks(ranking, "", w, last=50),
            "zones": site_map.zones_account([hostile_shot], "electronics", {}, w),
        }
    )
    assert "</script" not in sent
    assert "${" not in sent
