"""Each rule finds what is planted, keeps quiet without it, and doesn't mind the order of rows."""

import dataclasses
import datetime as dt
import json
import re
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from data import __main__ as command
from data.facts import Facts, load_facts
from data.quality import QualityFinding, as_records, check_quality, quality_frame
from data.quality._texts import EXPECTED, RULES, TEXTS
from data.vocabulary import METRICS

TODAY = dt.date(2026, 11, 21)
AREA = "na-kcn-vsip-3"  # no leased land, no rate in the tables


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load_facts()


@pytest.fixture(scope="module")
def real(facts: Facts) -> tuple[QualityFinding, ...]:
    return check_quality(facts, today=TODAY)


def planted(facts: Facts, *rows: dict[str, Any], areas: pd.DataFrame | None = None) -> Facts:
    """Tables with further observations of `AREA`."""
    empty = {"qualifier": "=", "basis": "", "scope": "whole", "nature": "measured", "note": ""}
    new = pd.DataFrame(
        [
            {"area_id": AREA, "source_id": "na-s01", **empty, "row": 1000 + number, **row}
            for number, row in enumerate(rows)
        ]
    )
    observations = pd.concat([facts.observations, new], ignore_index=True)
    return dataclasses.replace(
        facts, observations=observations, areas=facts.areas if areas is None else areas
    )


def land(metric: str, value: float, as_of: str = "2025-06-30", **more: str) -> dict[str, Any]:
    basis = "" if metric in {"total_area_ha", "cleared_ha"} else "kcn_2022"
    return {"metric": metric, "value": float(value), "as_of": as_of, "basis": basis} | more


def codes(facts: Facts, area: str = AREA, today: dt.date = TODAY) -> set[tuple[str, str]]:
    return {
        (item.code, item.severity)
        for item in check_quality(facts, today=today)
        if item.area_id == area
    }


def test_real_tables_hold_no_error(real: tuple[QualityFinding, ...]) -> None:
    assert [item for item in real if item.severity == "error"] == []
    assert {item.code for item in real} <= set(RULES)
    for item in real:
        assert item.message_vi != item.message_en
        assert item.found
        told = (item.message_vi, item.message_en, item.expected_vi, item.expected_en)
        assert all(told)
        assert not re.search(r"[{}]|\d{4}-\d\d", " ".join(told))
        assert item.rows == tuple(
            sorted(piece.row for piece in item.evidence if piece.row is not None)
        )


def test_evidence_cites_lines_of_the_table(facts: Facts, real: tuple[QualityFinding, ...]) -> None:
    by_row = facts.observations.set_index("row")
    pieces = [piece for item in real for piece in item.evidence if piece.row is not None]
    assert pieces
    for piece in pieces:
        assert by_row["value"].to_dict()[piece.row] == piece.value
        assert by_row["source_id"].to_dict()[piece.row] == piece.source


@pytest.mark.parametrize(
    ("area", "code", "severity", "rows"),
    [
        # Line numbers are those of the table; the sources say so themselves in their notes.
        ("tq-kcn-long-binh-an", "F002", "warning", {"2011"}),
        ("na-kcn-vsip-1", "F002", "warning", {"2025-09"}),
        ("na-kcn-vsip-1", "F008", "warning", {"2025-09"}),
        ("na-kcn-vsip-1", "F007", "note", {"2023-11", "2025-09"}),
        ("na-kcn-vsip-1", "F001", "note", {"2021-09-05", "2022-08", "2025-12"}),
        ("na-kcn-hoang-mai-1", "F013", "warning", {"2013-12"}),
        ("na-kcn-tri-le", "F015", "warning", {"2013-12"}),
        ("na-kcn-bac-vinh", "F010", "warning", {"2013-12"}),
        ("na-ccn-hung-loc", "F009", "note", {""}),
        ("ht-kcn-formosa", "F003", "note", {"2026"}),
        ("na-kcn-dong-hoi", "F017", "note", set()),
        ("qn-kcn-bach-dang", "F014", "warning", set()),
    ],
)
def test_what_the_real_tables_hold(
    real: tuple[QualityFinding, ...], area: str, code: str, severity: str, rows: set[str]
) -> None:
    assert any(
        {piece.as_of for piece in item.evidence} == rows
        for item in real
        if (item.area_id, item.code, item.severity) == (area, code, severity)
    )


def test_province_totals(real: tuple[QualityFinding, ...]) -> None:
    found = {
        (item.province_code, item.metric, item.severity): item.found
        for item in real
        if item.code == "F006"
    }
    # The seven established parks of Nghệ An against those that the tables call so.
    assert found["40", "area_count", "warning"] == "10"
    # Leased land of the parks of Quảng Ninh (705.2 ha) is known for two of them.
    assert found["22", "leased_ha", "note"] == "151.6"


@pytest.mark.parametrize(
    ("area", "code", "vi", "en"),
    [
        ("", "F006", "không quá 2.300 ha (02/2025)", "no more than 2,300 ha (02/2025)"),
        (
            "na-kcn-bac-vinh",
            "F010",
            "số liệu từ 21/11/2023 trở lại đây",
            "a figure of 21/11/2023 or later",
        ),
        (
            "na-kcn-vsip-1",
            "F002",
            "91,43 % = 262,07 ha / 286,63 ha",
            "91.43 % = 262.07 ha / 286.63 ha",
        ),
        ("na-kcn-tri-le", "F013", "từ năm 2019 trở đi", "the year 2019 or later"),
    ],
)
def test_what_is_expected_is_in_the_words_of_each_language(
    real: tuple[QualityFinding, ...], area: str, code: str, vi: str, en: str
) -> None:
    said = {
        (item.expected_vi, item.expected_en)
        for item in real
        if (item.province_code, item.area_id, item.code) == ("40", area, code)
    }
    assert (vi, en) in said


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([land("leased_ha", 101.2), land("industrial_land_ha", 100)], ("F001", "error")),
        (
            [land("leased_ha", 101.2), land("industrial_land_ha", 100, "2025-03")],
            ("F001", "warning"),
        ),
        (
            [land("leased_ha", 120), land("industrial_land_ha", 100, basis="reported")],
            ("F001", "warning"),
        ),
        ([land("industrial_land_ha", 190), land("total_area_ha", 182)], ("F001", "error")),
        (
            [
                land("leased_ha", 50),
                land("industrial_land_ha", 100),
                land("fill_rate_pct", 53.1),
            ],
            ("F002", "warning"),
        ),
        (
            [
                land("leased_ha", 5500),
                land("industrial_land_ha", 10000),
                land("fill_rate_pct", 55.1),
            ],
            ("F002", "warning"),  # 55.0 %: a printed decimal is rounded, not cut
        ),
        ([land("leased_ha", 50, "2027")], ("F003", "error")),
        ([land("leased_ha", 50, "2026")], ("F003", "note")),
        ([land("fill_rate_pct", 100.5)], ("F004", "error")),
        (
            [land("leased_ha", 50, "2024-01"), land("leased_ha", 40, "2024-09")],
            ("F007", "warning"),
        ),
        (
            [
                land("industrial_land_ha", 100, "2024-01"),
                land("industrial_land_ha", 90, "2024-09"),
            ],
            ("F007", "note"),
        ),
        ([land("leased_ha", 50), land("leased_ha", 52)], ("F008", "warning")),
        (
            [
                land("leased_ha", 50),
                land("leased_ha", 55, basis="kcn_2018"),
            ],
            ("F008", "note"),
        ),
        ([land("leased_ha", 50, "")], ("F009", "note")),
        ([land("leased_ha", 50, qualifier="~")], ("F011", "note")),
        ([land("leased_ha", 50, "2026-10-30")], ("F012", "warning")),
        ([land("fill_rate_pct", 20, "2020-06")], ("F013", "warning")),
        ([land("fill_rate_pct", 20)], ("F015", "warning")),
        (
            [
                land("project_count", 5) | {"basis": ""},
                land("fdi_project_count", 6) | {"basis": ""},
            ],
            ("F016", "error"),
        ),
    ],
)
def test_planted(facts: Facts, rows: list[dict[str, Any]], expected: tuple[str, str]) -> None:
    assert expected not in codes(facts)
    assert expected in codes(planted(facts, *rows))


@pytest.mark.parametrize(
    "rows",
    [
        # What rounding, "about" and "over" allow is no finding.
        [land("leased_ha", 50), land("industrial_land_ha", 90), land("fill_rate_pct", 55.6)],
        [land("leased_ha", 50), land("industrial_land_ha", 90), land("fill_rate_pct", 55)],
        [land("leased_ha", 100.3), land("industrial_land_ha", 100)],
        # Counts of two days say nothing of each other.
        [land("project_count", 5, "2024-06", basis=""), land("fdi_project_count", 6, basis="")],
        [land("total_area_ha", 181, qualifier=">"), land("total_area_ha", 181.12)],
        # Twelve months is the limit of what goes together.
        [land("leased_ha", 120, "2024-06-29"), land("industrial_land_ha", 100, "2025-06-30")],
    ],
)
def test_what_digits_allow(facts: Facts, rows: list[dict[str, Any]]) -> None:
    found = {code for code, _ in codes(planted(facts, *rows))}
    assert found.isdisjoint({"F001", "F002", "F008", "F016"})


RISE = (land("industrial_land_ha", 100), land("leased_ha", 10, "2024-06-30"))


@pytest.mark.parametrize(
    ("rows", "severity"),
    [
        # Of 100 ha to lease, in a year: 29, 31 and 61 ha.
        ([*RISE, land("leased_ha", 39)], None),
        ([*RISE, land("leased_ha", 41)], "note"),
        ([*RISE, land("leased_ha", 71)], "warning"),
        # A rise within weeks isn't extrapolated from fewer than 90 days: 5 ha are 20 a year.
        ([*RISE, land("leased_ha", 15, "2024-07-05")], None),
        ([*RISE, land("leased_ha", 18, "2024-07-05")], "note"),
        # Of the land of another basis nothing can be said; of a rate alone it can.
        ([land("industrial_land_ha", 20, basis="kcn_2018"), RISE[1], land("leased_ha", 41)], None),
        ([land("fill_rate_pct", 10, "2024-06-30"), land("fill_rate_pct", 41)], "note"),
    ],
)
def test_land_leased_at_an_unlikely_pace(
    facts: Facts, rows: list[dict[str, Any]], severity: str | None
) -> None:
    told = [
        item.severity
        for item in check_quality(planted(facts, *rows), today=TODAY)
        if (item.area_id, item.code) == (AREA, "F007") and "a year" in item.message_en
    ]
    assert told == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("before", "after", "severity"),
    [
        ((50, "="), (45, "="), "note"),
        ((50, "="), (44, "="), "warning"),
        ((50, "="), (49, "="), None),
        ((50, "~"), (48, "="), None),
    ],
)
def test_a_rate_that_falls_by_a_few_points_is_a_note(
    facts: Facts, before: tuple[float, str], after: tuple[float, str], severity: str | None
) -> None:
    days = zip((before, after), ("2024-01", "2024-09"), strict=True)
    rows = [land("fill_rate_pct", value, day, qualifier=sign) for (value, sign), day in days]
    found = {item for item in codes(planted(facts, *rows)) if item[0] == "F007"}
    assert found == ({("F007", severity)} if severity else set())


@pytest.mark.parametrize(("low", "high"), [(">", "="), ("=", "<"), (">", "<")])
def test_over_and_nearly_may_both_be_true(facts: Facts, low: str, high: str) -> None:
    rows = [land("leased_ha", 50, qualifier=low), land("leased_ha", 60, qualifier=high)]
    assert "F008" not in {code for code, _ in codes(planted(facts, *rows))}
    turned = [land("leased_ha", 50, qualifier="<"), land("leased_ha", 60, qualifier=">")]
    assert ("F008", "warning") in codes(planted(facts, *turned))


def test_limits_are_within(facts: Facts) -> None:
    """Three years to the day aren't old, and the year of founding isn't before it."""
    areas = facts.areas.copy()
    areas.loc[AREA, "status"] = "operating"
    areas.loc[AREA, "established_year"] = 2023
    new = planted(facts, land("leased_ha", 50, "2023-11-21"), areas=areas)
    assert codes(new).isdisjoint({("F010", "warning"), ("F013", "warning")})
    assert ("F010", "warning") in codes(new, today=TODAY + dt.timedelta(days=1))
    areas.loc[AREA, "established_year"] = 2024
    assert ("F013", "warning") in codes(dataclasses.replace(new, areas=areas))


def test_parts_over_their_whole(facts: Facts) -> None:
    row = land("total_area_ha", 400, "2026-01") | {"area_id": "na-kcn-wha-1-phase-1"}
    found = codes(planted(facts, row), "na-kcn-wha-1")
    assert ("F005", "warning") in found
    assert ("F005", "warning") not in codes(facts, "na-kcn-wha-1")


def test_parts_may_exceed_a_whole_that_is_over_its_number(facts: Facts) -> None:
    part = land("total_area_ha", 400, "2026-01") | {"area_id": "na-kcn-wha-1-phase-1"}
    whole = land("total_area_ha", 498, "2026-01", qualifier=">") | {"area_id": "na-kcn-wha-1"}
    found = codes(planted(facts, part, whole), "na-kcn-wha-1")
    assert "F005" not in {code for code, _ in found}


@pytest.mark.parametrize(("scope", "told"), [("kcn", True), ("kkt", False)])
def test_an_economic_zone_has_no_total_to_compare(facts: Facts, scope: str, *, told: bool) -> None:
    """Their boundaries take in sea and towns, and are counted in several ways."""
    row = facts.province_figures[facts.province_figures["metric"] == "area_count"].iloc[[0]]
    row = row.assign(metric="total_area_ha", value=1.0, as_of="2026-06")
    row["scope"] = pd.Series([(scope,)], row.index, dtype=object)
    tables = dataclasses.replace(
        facts, province_figures=pd.concat([facts.province_figures, row], ignore_index=True)
    )
    found = [
        item.severity
        for item in check_quality(tables, today=TODAY)
        if (item.code, item.province_code, item.metric) == ("F006", "40", "total_area_ha")
        and "1 ha" in item.message_en
    ]
    assert bool(found) is told


# Said within brackets, "undated" reads well; elsewhere a text must be of a date.
BESIDE = re.compile(r"\([^()]*\)")
DATED = {  # keys of rules that only look at dated figures
    *("F003", "F003.open", "F006.over", "F006.under", "F010", "F011.date", "F012", "F013"),
    "F008",  # of undated figures: F008.undated
}


def test_no_text_needs_a_date_where_there_may_be_none() -> None:
    for texts in (TEXTS, EXPECTED):
        for key, both in texts.items():
            outside = [BESIDE.sub("", text) for text in both]
            assert key in DATED or not any("{date" in text for text in outside), key


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("metric", [metric for metric in METRICS if metric.endswith(("_ha", "ct"))])
def test_undated_figures_are_told_as_such(facts: Facts, metric: str, lang: str) -> None:
    ways = [("=", 40), ("=", 120), ("~", 150), ("=", 200)]
    rows = [land(metric, value, "", qualifier=sign) for sign, value in ways]
    rows += [land(other, 90, day) for other in METRICS for day in ("", "2024-05", "2026")]
    rows = [row for row in rows if row["metric"].endswith(("_ha", "_pct"))]
    found = [
        item for item in check_quality(planted(facts, *rows), today=TODAY) if item.area_id == AREA
    ]
    assert {"F008", "F009"} <= {item.code for item in found if item.metric == metric}
    undated = {"vi": "không ghi ngày", "en": "undated"}[lang]
    for item in found:
        for text in (getattr(item, f"message_{lang}"), getattr(item, f"expected_{lang}")):
            bare = BESIDE.sub("", text)
            assert undated not in bare or re.search(rf" {undated} (và|;)", bare), text
            assert not re.search(r"\(\s*[,)]|, ,|  ", text), text


def test_rules_and_texts_go_together() -> None:
    assert {key.partition(".")[0] for key in TEXTS} == set(RULES)
    assert set(EXPECTED) == set(TEXTS)


def test_frame_and_records(real: tuple[QualityFinding, ...]) -> None:
    frame = quality_frame(real)
    assert len(frame) == len(real)
    assert list(quality_frame(())) == list(frame)
    assert json.loads(json.dumps(as_records(real[:1])))[0]["code"] == real[0].code


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_order_of_rows_does_not_matter(seed: int) -> None:
    facts = load_facts_once()
    shuffled = dataclasses.replace(
        facts,
        observations=facts.observations.sample(frac=1, random_state=seed),
        areas=facts.areas.sample(frac=1, random_state=seed),
    )
    one = check_quality(facts, today=TODAY)
    other = check_quality(shuffled, today=TODAY)
    assert [(item.code, item.rows, item.found) for item in one] == [
        (item.code, item.rows, item.found) for item in other
    ]


_FACTS: list[Facts] = []


def load_facts_once() -> Facts:
    if not _FACTS:
        _FACTS.append(load_facts())
    return _FACTS[0]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_command_line(lang: str) -> None:
    result = CliRunner().invoke(command.app, ["check", "--province", "nghe-an", "--lang", lang])
    assert result.exit_code == 0, result.output
    assert "na-kcn-vsip-1" in result.output
    assert "tq-kcn" not in result.output


def test_command_line_json() -> None:
    result = CliRunner().invoke(command.app, ["check", "--format", "json"])
    document = json.loads(result.output)
    assert document["counts"]["error"] == 0
    assert {item["province"] for item in document["findings"]} == {
        "nghe-an",
        "ha-tinh",
        "quang-ninh",
        "tuyen-quang",
    }


def test_command_line_fails_on_errors(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = planted(facts, land("fill_rate_pct", 150))
    monkeypatch.setattr(command, "load_facts", lambda: broken)
    result = CliRunner().invoke(command.app, ["check", "--province", "nghe-an"])
    assert result.exit_code == 1
    assert "F004" in result.output


def test_command_line_knows_its_provinces() -> None:
    assert CliRunner().invoke(command.app, ["check", "--province", "ha-noi"]).exit_code == 1
