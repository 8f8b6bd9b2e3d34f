import datetime as dt
import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from data.facts import load_facts
from data.resolutions import provinces
from geo.__main__ import app
from geo.snapshot import Province, Snapshot, load_province, snapshot
from geo.targets import TARGET_COLUMNS, target_records, targets

Snapshots = Callable[[str, str], Snapshot]
TODAY = "2026-11-21"
MEASURABLE = {"fill_rate_pct", "central_wastewater_share_pct", "new_area_count"}


def row(state: Snapshot, key: str) -> dict[str, Any]:
    return next(record for record in target_records(targets(state)) if record["key"] == key)


def codes(record: dict[str, Any]) -> set[str]:
    return {reason["code"] for reason in record["reasons"]}


def reason(record: dict[str, Any], code: str) -> dict[str, Any]:
    return next(found for found in record["reasons"] if found["code"] == code)


@pytest.mark.parametrize("province", provinces())
@pytest.mark.parametrize("day", ["2019-12-31", "2025-12-31", TODAY])
def test_every_target_is_listed_and_only_land_data_are_judged(
    on: Snapshots, province: str, day: str
) -> None:
    state = on(province, day)
    frame = targets(state)
    assert list(frame["key"]) == [target.key for target in state.resolution.targets]
    assert tuple(frame.columns) == TARGET_COLUMNS
    json.dumps(target_records(frame), allow_nan=False)
    for record in target_records(frame):
        assert record["citations_vi"]
        assert record["citations_en"]
        judged = record["verdict"] in {"met", "not_met", "cannot_tell"}
        assert judged == (record["metric"] in MEASURABLE)
        if not judged:
            assert record["verdict"] == "not_measurable"
            assert codes(record) == {"not_land_data"}
            assert record["measured"] is record["min"] is record["coverage_all"] is None
            assert record["areas"] == []
        elif None not in (record["min"], record["max"], record["measured"]):
            assert record["min"] <= record["max"]
        if record["timing"] == "not_yet_due":
            assert record["due"] > day
        # Nothing reported after the date is used.
        assert all(report["as_of"][:10] <= day for report in record["reports"])


def test_what_is_absent_has_no_row(on: Snapshots) -> None:
    assert "fill_rate_pct" not in set(targets(on("nghe-an", TODAY))["metric"])
    assert not MEASURABLE & set(targets(on("quang-ninh", TODAY))["metric"])


# Hà Tĩnh, parks and clusters over 70 %. Present clusters, 21/11/2026, total area by row of
# observations.csv (ht-s07: area of 2020): Nam Hồng 42.92, Bắc Cẩm Xuyên 51.05, Thạch Kim 5.33,
# all with undated rates; Yên Huy 11 ha, "about 20 %" (2022, so younger than 5 years); Can Lộc
# 24.45 ha with over 24 ha cleared. The province counts 18 operating clusters (gap-s20, 2024).
HT_UNKNOWN = 42.92 + 51.05 + 5.33 + 24.45


def test_fill_rate_of_ha_tinh_clusters_by_hand(on: Snapshots) -> None:
    record = row(on("ha-tinh", TODAY), "ht-fill-rate")
    clusters = record["by_kind"]["industrial_cluster"]
    most, full = 0.8 * HT_UNKNOWN, 0.2 * 0.6 * 11
    assert clusters["listed_min"] == pytest.approx(full / (most + 0.6 * 11) * 100, abs=1e-5)
    assert clusters["listed_max"] == pytest.approx(
        (most + full) / (most + 0.6 * 11) * 100, abs=1e-5
    )
    # 14 more that nobody lists, 60 ha of land to lease each at the most.
    land = most + 0.6 * 11 + 14 * 60
    assert clusters["min"] == pytest.approx(full / land * 100, abs=1e-5)
    assert clusters["max"] == pytest.approx((most + 14 * 60 + full) / land * 100, abs=1e-5)
    assert (clusters["coverage_known"], clusters["coverage_all"]) == (0, 5 + 14)
    assert clusters["measured"] is None
    assert clusters["verdict"] == record["verdict"] == "cannot_tell"
    lacking = reason(clusters, "list_lacks_areas")
    assert (lacking["reported"], lacking["here"], lacking["missing"]) == (18, 4, 14)
    assert (lacking["as_of"], lacking["source"]) == ("2024", "gap-s20")


def test_reported_rates_of_ha_tinh_clusters_if_they_still_held(on: Snapshots) -> None:
    clusters = row(on("ha-tinh", TODAY), "ht-fill-rate")["by_kind"]["industrial_cluster"]
    rates = {42.92: 0.82, 51.05: 0.762, 5.33: 0.95, 11.0: 0.2}
    found = []
    for shares in itertools.product((0.6, 0.8), repeat=5):
        for can_loc in (0.0, 1.0):
            lands = [total * share for total, share in zip([*rates, 24.45], shares, strict=True)]
            filled = [
                land * rate for land, rate in zip(lands, [*rates.values(), can_loc], strict=True)
            ]
            found.append(sum(filled) / sum(lands) * 100)
    assert clusters["reported_min"] == pytest.approx(min(found), abs=1e-5)
    assert clusters["reported_max"] == pytest.approx(max(found), abs=1e-5)
    assert min(found) < 70 < max(found)


def test_the_series_of_the_province_stands_beside_the_areas(on: Snapshots) -> None:
    record = row(on("ha-tinh", TODAY), "ht-fill-rate")
    series = {
        (report["as_of"], report["value"])
        for report in record["reports"]
        if report["metric"] == "fill_rate_pct" and report["scope"] == "ccn"
    }
    assert {("2023-12", 49.98), ("2024-12", 55.56), ("2025", 58.32), ("2026-01", 59.74)} <= series
    before = row(on("ha-tinh", "2024-06-30"), "ht-fill-rate")["reports"]
    assert "2024-12" not in {report["as_of"] for report in before}


# Nghệ An: na-s53 says that all 6 operating parks have a wastewater plant. In areas.csv five of
# them have (VSIP 1, WHA 1, Nam Cấm, Hoàng Mai I, Bắc Vinh); of Đông Hồi nothing is known.
def test_wastewater_of_nghe_an_parks_by_hand(on: Snapshots) -> None:
    record = row(on("nghe-an", TODAY), "na-2025-wastewater-parks")
    assert reason(record, "wastewater_unknown")["areas"] == ["na-kcn-dong-hoi"]
    assert (record["coverage_known"], record["coverage_all"]) == (5, 6)
    assert (record["min"], record["max"]) == (pytest.approx(5 / 6 * 100, abs=1e-5), 100.0)
    assert record["verdict"] == "cannot_tell"
    assert record["timing"] == "due"
    assert "list_lacks_areas" not in codes(record)


def test_wastewater_of_nghe_an_clusters_by_hand(on: Snapshots) -> None:
    # 9 operating clusters, Tháp - Hồng - Kỷ with a plant; 20 operated by the province's count
    # of 2018 (nac-s05); whether Nam Giang operates is not known.
    record = row(on("nghe-an", TODAY), "na-2025-wastewater-clusters")
    assert record["min"] == pytest.approx(1 / 21 * 100, abs=1e-5)
    assert record["max"] == 100.0
    assert reason(record, "status_unknown")["areas"] == ["na-ccn-nam-giang"]
    assert record["verdict"] == "cannot_tell"
    one_of_20 = {report["metric"]: report["value"] for report in record["reports"]}
    assert one_of_20 == {"operating_count": 20.0, "wastewater_central_count": 1.0}


NEW_PARKS = [
    "na-kcn-vsip-2",  # 2023
    "na-kcn-vsip-3",  # 2025
    "na-kcn-wha-2",  # 2024
    "na-kcn-hoang-mai-1",  # 2021
    "na-kcn-hoang-mai-2",  # 2023
]


def test_new_parks_in_nghe_an_by_hand(on: Snapshots) -> None:
    record = row(on("nghe-an", TODAY), "na-2025-new-parks")
    # Seven parks without a year were last seen in the plan before the period ended; VSIP 4
    # still was in January 2026. WHA 1 phase 2 (2021) is a part and isn't counted.
    maybe = reason(record, "year_unknown")["areas"]
    assert len(maybe) == 7
    assert "na-kcn-vsip-4" not in maybe
    assert record["areas"] == [*NEW_PARKS, *maybe]
    assert (record["measured"], record["min"], record["max"]) == (5.0, 5.0, 12.0)
    assert (record["value"], record["value_max"]) == (10.0, 12.0)
    assert record["verdict"] == "cannot_tell"


def test_new_clusters_in_nghe_an_have_no_upper_bound(on: Snapshots) -> None:
    record = row(on("nghe-an", TODAY), "na-2025-new-clusters")
    assert record["areas"][0] == "na-ccn-lac-son"  # 2022
    assert (record["min"], record["max"], record["verdict"]) == (1.0, None, "cannot_tell")
    assert "list_lacks_areas" in codes(record)


def test_while_a_period_runs_a_count_is_not_judged_as_failed(on: Snapshots) -> None:
    record = row(on("nghe-an", "2023-12-31"), "na-2025-new-parks")
    assert record["measured"] == 3.0
    assert (record["verdict"], record["timing"]) == ("cannot_tell", "not_yet_due")
    assert "period_not_over" in codes(record)


@pytest.fixture(scope="module")
def dated() -> Province:
    """Nghệ An, as if every planned park had still been planned in 2026."""
    facts = load_facts()
    areas = facts.areas.copy()
    planned = (areas["status"] == "planned") & (areas["kind"] == "industrial_park")
    areas.loc[planned, "status_as_of"] = "2026-01"
    return load_province("nghe-an", facts=replace(facts, areas=areas))


def judged(province: Province, day: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Target of new parks, changed, for a day."""
    target = next(one for one in province.resolution.targets if one.key == "na-2025-new-parks")
    resolution = province.resolution.model_copy(
        update={"targets": (target.model_copy(update=changes),)},
    )
    state = snapshot(replace(province, resolution=resolution), dt.date.fromisoformat(day))
    return target_records(targets(state))[0]


def test_a_count_fails_once_the_period_is_over_and_no_area_can_be_missing(dated: Province) -> None:
    record = judged(dated, TODAY)
    assert (record["min"], record["max"], record["verdict"]) == (5.0, 5.0, "not_met")
    assert codes(record) == set()


@pytest.mark.parametrize(("asked", "verdict"), [(4.0, "met"), (5.0, "met"), (6.0, "not_met")])
def test_at_least_the_lower_number_is_asked_for(
    dated: Province, asked: float, verdict: str
) -> None:
    assert judged(dated, TODAY, value=asked)["verdict"] == verdict


def test_a_count_does_not_fail_where_the_province_counts_more(dated: Province) -> None:
    figures = dated.facts.province_figures.copy()
    counted = (figures["source_id"] == "na-s53") & (figures["metric"] == "operating_count")
    assert counted.sum() == 1
    figures.loc[counted, "value"] = 9.0
    more = replace(dated, facts=replace(dated.facts, province_figures=figures))
    record = judged(more, TODAY)
    assert (record["max"], record["verdict"]) == (None, "cannot_tell")
    # Nor where nobody counted after the period.
    none = replace(dated, facts=replace(dated.facts, province_figures=figures[~counted]))
    parks = none.facts.province_figures
    earlier = parks[parks["as_of"] < "2025"]
    record = judged(replace(none, facts=replace(none.facts, province_figures=earlier)), TODAY)
    assert (record["max"], record["verdict"]) == (None, "cannot_tell")
    assert codes(record) == {"list_not_checked"}


def test_command_writes_json(tmp_path: Any) -> None:  # noqa: ANN401
    file = tmp_path / "targets.json"
    arguments = ["targets", "--province", "ha-tinh", "--as-of", TODAY, "--format", "json"]
    done = CliRunner().invoke(app, [*arguments, "-o", str(file)])
    assert done.exit_code == 0, done.output
    found = json.loads(file.read_text(encoding="utf-8"))
    head = {"province", "as_of", "boundary_source", "boundary_accuracy"}
    assert {*head, "targets"} == set(found)
    assert (found["province"], found["as_of"]) == ("ha-tinh", TODAY)
    assert set(found["targets"][0]) == set(TARGET_COLUMNS)


def test_command_writes_csv_and_text() -> None:
    arguments = ["targets", "--province", "nghe-an", "--as-of", TODAY]
    done = CliRunner().invoke(app, [*arguments, "--format", "csv"])
    assert done.exit_code == 0
    lines = pd.Series(done.stdout.splitlines())
    assert lines[0].startswith("province,as_of,boundary_source,key,name_vi")
    text = CliRunner().invoke(app, arguments).stdout
    assert "chưa đủ số liệu để kết luận" in text
    assert "not measurable from land data" in (
        CliRunner().invoke(app, [*arguments, "--lang", "en"]).stdout.replace("\n", " ")
    )


def test_command_refuses_an_unknown_province() -> None:
    done = CliRunner().invoke(app, ["targets", "--province", "ha-noi"])
    assert done.exit_code == 1
    assert "ha-noi" in done.stderr
