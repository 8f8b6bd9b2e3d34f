"""A ranking in words: every code has its text, in both languages."""

import datetime as dt
import math

import pytest

from data._message import Lang
from data.criteria import MEASURES, TARGETS, Limits, changed, measures, preset
from data.vocabulary import STATUSES
from geo.candidates import Candidate, Measured, candidates
from geo.limits import CODES, Check, check_limits
from geo.ranking import Ranking, rank
from geo.ranking_records import notes
from geo.snapshot import Snapshot, load_province, snapshot
from layers.sites.ranking_text import (
    LIMIT,
    NOTE,
    POLICY,
    REASON,
    UNKNOWN,
    check_text,
    excluded_by_text,
    limit_text,
    measure_name,
    measured_text,
    note_text,
    ranking_json,
    ranking_rows,
    score_text,
)
from layers.words import LANGS

EVERYTHING = Limits(
    min_available_ha=20,
    statuses=("operating",),
    max_km=dict.fromkeys(TARGETS, 30.0),
    wastewater=True,
    in_economic_zone=True,
    encouraged=True,
    max_rent_usd_m2=60,
)


@pytest.fixture(scope="module")
def nghe_an() -> Snapshot:
    return snapshot(load_province("nghe-an"), dt.date(2026, 6, 30))


@pytest.fixture(scope="module")
def places(nghe_an: Snapshot) -> tuple[Candidate, ...]:
    return candidates(nghe_an, trade="electronics")


@pytest.fixture(scope="module")
def found(places: tuple[Candidate, ...]) -> Ranking:
    asked = changed(preset("export-electronics"), min_available_ha=20, max_km={"seaport": 60})
    return rank(places, asked, draws=50)


def test_every_limit_and_code_has_words() -> None:
    assert set(LIMIT) == set(CODES)
    assert set(REASON) == {"met", *(code for codes in CODES.values() for code in codes)}
    assert set(POLICY) == {1.0, 0.75, 0.5, 0.25, 0.0}


@pytest.mark.parametrize("lang", LANGS)
def test_every_check_and_measure_of_real_places_is_written(
    places: tuple[Candidate, ...], lang: Lang
) -> None:
    seen = set()
    for place in places:
        for check in check_limits(place, EVERYTHING):
            seen.add(check.code)
            text = check_text(check, lang=lang)
            assert text.endswith(".")
            for word in ("{", "None", "nan", "inf ", "_"):
                assert word not in text, text
        for measured in place.measured.values():
            text = measured_text(measured, lang=lang)
            assert text
            assert measured.code in {"known", "range", "lower_bound", "assumed", "unknown"} or (
                measured.code in {"rate_too_old", *UNKNOWN}
            )
    # Real data give nearly all of them.
    assert len(seen) >= 12


@pytest.mark.parametrize("lang", LANGS)
def test_notes(found: Ranking, lang: Lang) -> None:
    codes = ["stability", "nothing_left", *notes(found.criteria)]
    for code in codes:
        assert "{" not in note_text(code, found, lang=lang)
    assert set(codes) <= set(NOTE)


def test_a_distance_says_to_what_and_how_sure(places: tuple[Candidate, ...]) -> None:
    vsip = next(one for one in places if one.area_id == "na-kcn-vsip-1")
    port = vsip.measured["km_to_seaport"]
    assert measured_text(port, lang="vi") == "Cảng Bến Thủy, 9 km (±8,2 km)"
    power = vsip.measured["km_to_power_substation_220_500"]
    assert measured_text(power, lang="en") == (
        "0-298.7 km; one without a position in the data may be nearer"
    )


def test_measures_by_hand(places: tuple[Candidate, ...]) -> None:
    cells = {one.area_id: one.measured for one in places}
    vsip = cells["na-kcn-vsip-1"]
    assert measured_text(vsip["available_ha"], lang="vi") == "25 ha"
    assert measured_text(vsip["rent_usd_m2"], lang="en") == "55-65 USD/m²"
    assert measured_text(vsip["readiness"], lang="vi") == "đang hoạt động"
    assert measured_text(vsip["fill_rate_pct"], lang="vi") == "91,4 %"
    assert measured_text(vsip["in_economic_zone"], lang="en") == "yes"
    assert measured_text(vsip["km_to_anchor"], lang="en") == "no anchor given"
    assert measured_text(vsip["policy"], lang="en").startswith("wanted in the area or its zone (")
    wha = cells["na-kcn-wha-1"]
    assert measured_text(wha["available_ha"], lang="en") == "0-398 ha"
    assert measured_text(wha["fill_rate_pct"], lang="vi") == "chưa có số liệu"
    bound = Measured("available_ha", None, 12.0, math.inf, "ha", code="lower_bound")
    assert measured_text(bound, lang="en") == "at least 12 ha"


def test_a_reason_names_what_was_reported_and_when(found: Ranking) -> None:
    full = next(row for row in found.ranked if row.place.area_id == "na-kcn-bac-vinh")
    [check] = full.unsure
    assert check_text(check, lang="en") == (
        "Available land: 0-48 ha; whether there are 20 ha can't be told. "
        "Reported fill rate 100 % (12/2013)."
    )


@pytest.mark.parametrize("lang", LANGS)
def test_limits_in_words(lang: Lang) -> None:
    for status in STATUSES:
        assert limit_text("statuses", (status,), lang=lang)
    for target in TARGETS:
        assert measure_name(f"km_to_{target}", lang=lang) in limit_text(
            f"max_km.{target}", 60, lang=lang
        )
    assert len({measure_name(key, lang=lang) for key in MEASURES}) == len(measures())


def test_a_met_limit_is_written(places: tuple[Candidate, ...]) -> None:
    check: Check = check_limits(places[0], Limits(statuses=("operating",)))[0]
    assert check_text(check, lang="en") == "Status: operating: met."


def test_scores(found: Ranking) -> None:
    texts = {row.place.area_id: score_text(row, lang="vi") for row in found.ranked}
    assert texts["na-kcn-vsip-1"] == "83,4 (78,6-84,9)"
    assert texts["na-kcn-vsip-2"] == "74,4-91,8"


def test_what_limits_exclude(found: Ranking) -> None:
    assert (
        "Distance to a seaport: at most 60 km: excludes 1, 1 of them by itself"
        in excluded_by_text(found, lang="en")
    )


def test_records_carry_the_texts(found: Ranking, nghe_an: Snapshot) -> None:
    record = ranking_json(found, [nghe_an], lang="vi")
    assert all(row["reason_texts"] for row in record["excluded"])
    assert all(bool(row["unsure_texts"]) != row["verified"] for row in record["ranked"])
    rows = ranking_rows(found, lang="vi")
    assert len(rows) == len(found.ranked) + len(found.excluded)
    assert len({tuple(row) for row in rows}) == 1
