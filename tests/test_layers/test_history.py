"""What stands below a card: charts, why a rate changed, how a figure came about, the outlook."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from geo.absorption import OutlookAssumptions
from geo.figures import read_observations
from geo.history import timeline, zone_history
from geo.snapshot import PROVINCE_TOTAL, load_province, snapshot
from layers import change, charts, derivation, history, outlook
from layers.area_card import area_card
from layers.change import Turn
from layers.words import LANGS, RULE, words
from tests.hostile import SCRIPT, attack_frame, attack_province
from tests.test_layers.test_drawn import assert_harmless

if TYPE_CHECKING:
    from data._message import Lang
    from geo.history import Timeline
    from geo.snapshot import Province, Snapshot

VSIP = "na-kcn-vsip-1"
TODAY = dt.date(2026, 11, 21)


@pytest.fixture(scope="module")
def times(province: Province) -> Timeline:
    return timeline(province)


@pytest.fixture(scope="module")
def today_shot(province: Province) -> Snapshot:
    return snapshot(province, TODAY)


def said(text: str) -> str:
    """Text that a reader sees."""
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def explained(times: Timeline, kind: str, key: str, lang: Lang) -> list[str]:
    find = history._of_area if kind == "area" else history._of_zone
    _, _, turns = find(times, key, TODAY, words(lang))
    return [said(change.change_html(times, key, turn, words(lang))) for turn in turns]


def test_the_fall_of_vsip_1_is_put_down_to_its_base(times: Timeline) -> None:
    last = explained(times, "area", VSIP, "en")[-1]
    assert last.startswith("The fall from 97 % (05/2025) to 91.4 % (09/2025) comes from leasable")
    assert "which grew (250.63 [11/2023] → 286.63 ha" in last
    assert "not from leased land, which grew (237.94 [11/2023] → 262.07 ha" in last
    assert "The basis changed too" in last
    last = explained(times, "area", VSIP, "vi")[-1]
    assert "Mức giảm từ 97 % (05/2025) xuống 91,4 % (09/2025) là do đất có thể cho thuê" in last
    assert "250,63" in last
    assert "không phải do đất đã cho thuê; đất này tăng (237,94" in last


def test_the_fall_of_its_zone_is_put_down_to_the_park_that_came(times: Timeline) -> None:
    last = explained(times, "zone", "na-a", "en")[-1]
    assert "VSIP Nghe An 2" in last
    assert "comes into the account (380 ha leasable)" in last


@pytest.mark.parametrize(
    ("effects", "expected"),
    [
        ([("leased", -5.0, -5.0), ("leasable", 1.0, 1.0)], "comes from leased land, which fell"),
        ([("leased", -9.0, 4.0), ("leasable", -8.0, -1.0)], "isn't known well enough"),
        ([("leased", -9.0, 4.0)], "can't be put down to one cause"),
        ([], "can't be explained"),
    ],
)
def test_a_cause_is_named_only_where_it_is_sure(
    times: Timeline,
    effects: list[tuple[str, float, float]],
    expected: str,
) -> None:
    import pandas as pd  # noqa: PLC0415

    day = dt.date(2026, 1, 6)
    turn = Turn(day, day, 90.0, 86.0, "2025", "2026", "kcn_2022", "kcn_2022")
    changes = pd.DataFrame(
        [
            {
                "cause": cause,
                "before": 1.0,
                "after": 2.0,
                "effect_min_pct": low,
                "effect_max_pct": high,
            }
            for cause, low, high in effects
        ],
        columns=["cause", "before", "after", "effect_min_pct", "effect_max_pct"],
    )
    text = change.area_text(times, VSIP, turn, changes, words("en"))
    assert text.startswith("The fall from 90 % (2025) to 86 % (2026)")
    assert expected in text


def specs(times: Timeline, kind: str, key: str, lang: Lang) -> list[dict[str, Any]]:
    find = history._of_area if kind == "area" else history._of_zone
    left, right, _ = find(times, key, TODAY, words(lang))
    return [json.loads(item.chart.to_json()) for item in (*left, *right)]


def test_points_carry_date_basis_source_and_qualifier(times: Timeline) -> None:
    rates, lands = specs(times, "area", VSIP, "vi")
    rows = [row for rows in rates["datasets"].values() for row in rows]
    about = [row for row in rows if row.get("value_text") == "≈ 95 %"]
    assert [row["as_of_text"] for row in about] == ["09/2025"]
    assert about[0]["basis_text"] == "theo nguồn, không nêu cách tính"
    assert about[0]["source_text"]
    assert "91,43 %" in {row.get("value_text") for row in rows}
    assert "cách tính: NĐ 35/2022" in {row.get("label") for row in rows}
    assert any("286,63 ha" in json.dumps(row) for row in lands["datasets"].values())


@pytest.mark.parametrize("lang", LANGS)
def test_charts_load_nothing_and_have_the_numbers_of_the_language(
    times: Timeline,
    lang: Lang,
) -> None:
    for spec in (*specs(times, "area", VSIP, lang), *specs(times, "zone", "na-a", lang)):
        assert spec["config"]["locale"]["number"]["decimal"] == {"vi": ",", "en": "."}[lang]
        assert spec["description"]
        text = json.dumps({key: value for key, value in spec.items() if key != "datasets"})
        assert re.findall(r"https?://[^\"]*", text) == [spec["$schema"]]


def test_nothing_later_than_the_date_is_drawn(times: Timeline) -> None:
    until = dt.date(2023, 6, 30)
    left, right, _ = history._of_area(times, VSIP, until, words("en"))
    for item in (*left, *right):
        rows = [row for rows in item.chart.to_dict()["datasets"].values() for row in rows]
        assert max(row["date"] for row in rows if "date" in row)[:10] == "2023-06-30"


def test_the_chart_of_a_zone_begins_where_something_is_known(times: Timeline) -> None:
    whole = zone_history(times, until=TODAY, zones=["na-a"])
    steps = history.zone_steps(times, "na-a", TODAY, words("en"))
    assert whole["date"].min().year < 2005
    assert steps["date"].min().year == 2013


def test_an_area_without_dated_figures_has_no_chart_and_says_so(times: Timeline) -> None:
    assert history._of_area(times, "na-ccn-hung-loc", TODAY, words("vi")) == ([], [], [])
    assert history._of_zone(times, "na-d", TODAY, words("vi")) == ([], [], [])
    for lang in LANGS:
        for kind in ("area", "zone"):
            assert history.nothing_text(kind, words(lang))
            assert history.legend_text(kind, words(lang))


def test_a_target_is_drawn_for_the_kinds_it_is_for() -> None:
    resolution = load_province("tuyen-quang").resolution
    found = history.thresholds(resolution, "industrial_park", words("en"))
    assert [item.value for item in found] == [70.0]
    assert "> 70 %" in found[0].label
    assert history.thresholds(resolution, "industrial_cluster", words("en")) == []
    assert len(history.thresholds(resolution, None, words("en"))) == 1


def test_all_provinces_can_be_drawn() -> None:
    for key in ("ha-tinh", "quang-ninh", "tuyen-quang"):
        times = timeline(load_province(key))
        for area in times.states:
            history._of_area(times, area, TODAY, words("vi"))
        zones = times.province.zones
        for zone in [*zones.index[zones["group"] == "base_partition"], PROVINCE_TOTAL]:
            left, right, turns = history._of_zone(times, zone, TODAY, words("en"))
            for turn in turns:
                assert_harmless(change.change_html(times, zone, turn, words("en")))
            for item in (*left, *right):
                item.chart.to_dict()
            assert outlook.outlook_html(
                times, "zone", zone, TODAY, options=OutlookAssumptions(), w=words("vi")
            )


# How a figure came about.


def test_the_tree_shows_what_it_rests_on_and_what_was_set_aside(today_shot: Snapshot) -> None:
    tree = said(derivation.trees_html(today_shot, VSIP, words("en"))["fill_rate_pct"])
    assert "262.07 / 286.63 = 91.4 %" in tree
    for text in ("Rests on", "Agrees with it", "Set aside", "row 26", "91.43 %", "older figures"):
        assert text in tree
    assert "over 12 months away from the leased land" in tree
    assert "286,63 - 262,07 = 24,56 ha" in said(
        derivation.trees_html(today_shot, VSIP, words("vi"))["available_ha"],
    )


def test_a_derived_figure_says_from_what(today_shot: Snapshot) -> None:
    trees = derivation.trees_html(today_shot, "na-kcn-vsip-2", words("en"))
    assert "81.69 / 21.5 % ≈ 380 ha" in said(trees["leasable_ha"])


@pytest.mark.parametrize("lang", LANGS)
def test_every_reason_for_setting_aside_has_words(lang: Lang) -> None:
    rules = {"less_exact_date", "not_leased_over_leasable", "earlier_source", "over_leasable"}
    tests = {"after_date", "phase", "planned", "proposed", "undated", "over_100"}
    pairs = {"rate_is_newer", "over_12_months", "other_basis", "not_nearest", "older"}
    codes = rules | tests | pairs
    assert codes <= set(RULE)
    for code in codes:
        assert words(lang).of(RULE, code) != code


def test_a_conflict_shows_both_values_and_the_rule(province: Province) -> None:
    shot = snapshot(province, dt.date(2025, 10, 31))
    conflict = shot.conflicts[shot.conflicts["area_id"] == VSIP].iloc[0]
    page = said(area_card(shot, VSIP, words("en")))
    part = page[page.index("Conflicting figures") :]
    assert "≈ 95 %" in part
    assert "91.4" in part
    assert words("en").of(RULE, conflict["rule"]) in part


# Outlook.


def shown(times: Timeline, kind: str, key: str, lang: Lang, **options: Any) -> str:  # noqa: ANN401
    return said(
        outlook.outlook_html(
            times,
            kind,
            key,
            TODAY,
            options=OutlookAssumptions(**options),
            w=words(lang),
        ),
    )


def test_the_pace_is_a_range_with_its_points(times: Timeline) -> None:
    text = shown(times, "area", VSIP, "en")
    assert "1.1-57.8 ha a year (median 6.4)" in text
    assert "6 dated figures of leased land, 08/2022 to 06/01/2026" in text
    assert "0.4-23.1 years" in text
    assert "1,1-57,8 ha/năm" in shown(times, "area", VSIP, "vi")


def test_too_few_points_give_no_pace_and_say_so(times: Timeline) -> None:
    text = shown(times, "area", "na-kcn-hoang-mai-1", "en")
    assert "Pace of leasingno data" in text
    assert "1 dated figures" in text or "1 dated figure" in text
    assert "No pace can be given" in shown(times, "area", VSIP, "en", minimum_points=9)


def test_assumptions_are_written_and_change_the_answer(times: Timeline) -> None:
    plain = shown(times, "zone", "na-a", "en")
    assert "0 % of the pipeline comes, 60 % to 80 % of it leasable" in plain
    assert "From 1 of " in plain
    more = shown(times, "zone", "na-a", "en", pipeline_share=0.5)
    assert "With the pipeline" in more
    assert "With the pipeline" not in plain
    assert "WHA Industrial Zone 2" in plain


def test_what_is_not_supply_has_no_pace(times: Timeline) -> None:
    text = shown(times, "area", "na-kcn-vsip-3", "en")
    assert "no present supply" in text
    assert "181 ha" in text


# Hostile data.


def test_no_data_runs_as_script(province: Province) -> None:
    attacked = attack_province(province)
    observations = attack_frame(province.facts.observations)
    hostile = attacked.__class__(
        **(
            vars(attacked)
            | {"observations": read_observations(observations, province.facts.sources)}
        )
    )
    times, shot = timeline(hostile), snapshot(hostile, TODAY)
    for tree in derivation.trees_html(shot, VSIP, words("vi")).values():
        assert_harmless(tree)
        assert SCRIPT not in html.unescape("".join(re.findall(r"<[^>]*>", tree)))
    _, _, turns = history._of_zone(times, "na-a", TODAY, words("vi"))
    for turn in turns:
        assert_harmless(change.change_html(times, "na-a", turn, words("vi")))
    for kind, key in (("area", VSIP), ("zone", "na-a")):
        assert_harmless(
            outlook.outlook_html(
                times, kind, key, TODAY, options=OutlookAssumptions(), w=words("vi")
            ),
        )


def test_separators_of_the_axes() -> None:
    assert charts.locale("vi")["number"]["thousands"] == "."
    assert charts.locale("en")["number"]["thousands"] == ","
