"""What the account of a zone says in words, on the tables of the provinces."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from geo.snapshot import load_province, snapshot
from layers.account import coverage_text, dates_text, part_remark, pipeline_remark, rate_text
from layers.summary import strip_html
from layers.words import Words
from layers.zone_card import zone_card

TODAY = dt.date(2026, 11, 22)


def zone(province: str, key: str, day: dt.date = TODAY) -> dict[str, Any]:
    return dict(snapshot(load_province(province), day).zones.loc[key])


def test_a_share_with_figures_is_named_where_another_zone_counts_the_area() -> None:
    # The rate of the extended city rests on a quarter of VSIP 1 alone, which the coast counts.
    key = "na-growth-vinh"
    row = zone("nghe-an", key)
    assert row["areas_with_figures"] == 0
    assert row["fill_rate_pct"] == pytest.approx(262.07 / 286.63 * 100)
    assert "gồm cả phần của 1 khu, cụm được đếm ở vùng khác" in coverage_text(row, Words("vi"))
    elsewhere = zone("nghe-an", "na-c")
    assert "vùng khác" not in coverage_text(elsewhere, Words("vi"))


def test_where_clusters_are_only_founded_none_is_said_to_be_missing() -> None:
    row = zone("ha-tinh", "ht-tay")
    assert row["areas_count"] == 0
    assert row["pipeline_ha"] > 0
    assert rate_text(row, Words("vi")).headline == "chưa có khu, cụm hoạt động"
    assert rate_text(zone("nghe-an", "na-d"), Words("vi")).headline == "chưa có khu, cụm"


def test_dates_of_reported_rates_are_as_exact_as_printed() -> None:
    row = zone("nghe-an", "na-a", dt.date(2013, 12, 31))
    assert row["newest_as_of"] == ""
    assert dates_text(row) == "12/2013"
    shot = snapshot(load_province("nghe-an"), dt.date(2013, 12, 31))
    strip = str(strip_html(shot, Words("vi")))
    assert "12/2013" in strip
    assert "31/12/2013" not in strip


def test_land_to_come_says_of_when_it_is_and_that_it_is_a_part() -> None:
    # Tân Kỳ and Sông Dinh 12/2013, Tri Lễ and Nghĩa Đàn later; two have no known area.
    said = pipeline_remark(zone("nghe-an", "na-c"), Words("vi"))
    assert said == "phần đã biết; số liệu 12/2013 - 07/2021"
    assert pipeline_remark(zone("nghe-an", "na-d"), Words("vi")) == ""


def test_nothing_known_is_no_known_part() -> None:
    # Three clusters of the west, none with a known area: no data, and no part of it.
    row = zone("nghe-an", "na-c")
    assert row["areas_without_total"] == 3
    assert part_remark(row["total_area_ha"], row["areas_without_total"], Words("vi")) == ""
    shot = snapshot(load_province("nghe-an"), TODAY)
    card = re.sub(r"<[^>]+>", " ", str(zone_card(shot, "na-c", Words("vi"))))
    assert re.search(r"khu, cụm hiện có\s+chưa có số liệu\s+Quỹ đất dự kiến", card)


def test_a_total_with_unknown_areas_is_the_known_part() -> None:
    shot = snapshot(load_province("nghe-an"), TODAY)
    for w, said in ((Words("vi"), "phần đã biết"), (Words("en"), "known part")):
        assert shot.total["areas_without_total"] > 0
        assert f"ha ({said})" in str(strip_html(shot, w))
