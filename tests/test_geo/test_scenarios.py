"""Scenarios: a clone of the present, by the same code, labelled as assumed."""

import copy
import datetime as dt
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from data._errors import DataError
from data.facts import Facts
from data.scenarios import (
    AddArea,
    AssumeLease,
    CloseArea,
    Edit,
    ExtendArea,
    Scenario,
    SetDate,
    SetFigure,
    SetStatus,
    scenario_json,
)
from geo import snapshot as snapshots
from geo.__main__ import app
from geo.commands import _options
from geo.derivation import derivation
from geo.differences import ACCOUNT_UNITS, difference
from geo.export import areas_geojson, zones_geojson
from geo.scenarios import apply, run, scenario_geojson
from geo.snapshot import Province, Snapshot, load_province, snapshot
from tests.vietnamese import refused

DAY = dt.date(2026, 6, 30)
VSIP = "na-kcn-vsip-1"
Loaded = Callable[[str], Province]
quick = settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def square(west: float, south: float, size: float = 0.02) -> dict[str, Any]:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def park(**changes: Any) -> AddArea:  # noqa: ANN401
    """Park of about 470 ha in Yên Thành, 100 of 300 leasable ha leased."""
    given_fields: dict[str, Any] = {
        "name": "Khu công nghiệp Thử",
        "kind": "industrial_park",
        "status": "operating",
        "polygon": square(105.50, 18.95),
        "leasable_ha": 300.0,
        "leased_ha": 100.0,
    }
    return AddArea(**(given_fields | changes))


def scenario(*edits: Edit, **changes: Any) -> Scenario:  # noqa: ANN401
    head: dict[str, Any] = {
        "id": "thu",
        "name": "Kịch bản thử",
        "province": "nghe-an",
        "as_of": DAY,
    }
    return Scenario(**(head | changes), edits=edits)


def changed(base: Snapshot, other: Snapshot, *levels: str) -> pd.DataFrame:
    found = difference(base, other)
    return found[found["changed"] & found["level"].isin(levels)]


def account(state: Snapshot) -> pd.DataFrame:
    """Total and zones with their numbers, without the noise of binary fractions."""
    rows = pd.concat([pd.DataFrame([state.total]), pd.DataFrame(state.zones)])
    return rows[list(ACCOUNT_UNITS)].astype("float64").round(9)


def test_a_lease_by_hand(loaded: Loaded, on: Callable[[str, str], Snapshot]) -> None:
    province = loaded("nghe-an")
    base, other = (
        on("nghe-an", "2026-06-30"),
        run(province, scenario(AssumeLease(area_id=VSIP, hectares=20.0))),
    )
    found = other.states[VSIP].figures
    assert found["leased_ha"].value == pytest.approx(282.07)
    assert found["fill_rate_pct"].value == pytest.approx(282.07 / 286.63 * 100)
    assert found["available_ha"].value == pytest.approx(4.56)
    total = changed(base, other, "total").set_index("field")["change"]
    assert total["leased_ha"] == pytest.approx(20.0)
    assert total["available_ha"] == pytest.approx(-20.0)
    assert "leasable_ha" not in total
    # The share of the park in each base zone is assumed, 0.75 and 0.25; so is that of the lease.
    zones = changed(base, other, "zone")
    leased = zones[zones["field"] == "leased_ha"].set_index("key")["change"]
    assert leased["na-b"] == pytest.approx(15.0)
    assert leased["na-a"] == pytest.approx(5.0)
    with refused(DataError, match=r"found 25; expected at most the 24\.56 ha"):
        run(province, scenario(AssumeLease(area_id=VSIP, hectares=25.0)))


def test_a_new_park_changes_only_the_zones_that_it_touches(
    loaded: Loaded, on: Callable[[str, str], Snapshot]
) -> None:
    base = on("nghe-an", "2026-06-30")
    other = run(loaded("nghe-an"), scenario(park()))
    (new_id,) = set(other.areas.index) - set(base.areas.index)
    assert new_id == "sc-kcn-khu-cong-nghiep-thu"
    touched = {part["zone_key"]: part["share"] for part in other.areas.loc[new_id, "zones"]}
    found = changed(base, other, "zone")
    assert set(found["key"]) == set(touched)
    total = changed(base, other, "total").set_index("field")["change"]
    assert total["leasable_ha"] == pytest.approx(300.0)
    assert total["areas_count"] == 1
    base_zones = set(other.zones.index[other.zones["group"] == "base_partition"])
    leasable = found[(found["field"] == "leasable_ha") & found["key"].isin(base_zones)]
    more = leasable["after"].fillna(0.0) - leasable["before"].fillna(0.0)
    assert more.sum() == pytest.approx(300.0)
    assert set(changed(base, other, "area")["key"]) == {new_id}


def test_a_park_in_named_communes(loaded: Loaded) -> None:
    edit = park(
        polygon=None, communes_2025=("Xã Hưng Nguyên",), total_area_ha=200.0, leasable_ha=150.0
    )
    area = run(loaded("nghe-an"), scenario(edit)).areas.loc["sc-kcn-khu-cong-nghiep-thu"]
    assert area["position"] == "communes"
    assert "na-b" in {part["zone_key"] for part in area["zones"]}


def test_closing_an_added_area_gives_the_present_again(
    loaded: Loaded, on: Callable[[str, str], Snapshot]
) -> None:
    new = park()
    other = run(loaded("nghe-an"), scenario(new, CloseArea(area_id=new.area_id)))
    base = on("nghe-an", "2026-06-30")
    assert changed(base, other, "total", "zone", "target").empty
    assert other.zones["reasons"].tolist() == base.zones["reasons"].tolist()


def test_a_planned_park_becomes_supply_once_it_operates(
    loaded: Loaded, on: Callable[[str, str], Snapshot]
) -> None:
    base, province = on("nghe-an", "2026-06-30"), loaded("nghe-an")
    new = park(status="planned")
    planned = run(province, scenario(new))
    built = run(province, scenario(new, SetStatus(area_id=new.area_id, status="operating")))
    assert planned.total["leasable_ha"] == base.total["leasable_ha"]
    assert planned.total["pipeline_ha"] > base.total["pipeline_ha"]
    assert built.total["leasable_ha"] == pytest.approx(base.total["leasable_ha"] + 300.0)
    assert built.total["pipeline_ha"] == base.total["pipeline_ha"]


def test_an_extension_adds_land_and_keeps_what_is_leased(
    loaded: Loaded, on: Callable[[str, str], Snapshot]
) -> None:
    base = on("nghe-an", "2026-06-30").states[VSIP].figures
    edit = ExtendArea(area_id=VSIP, hectares=100.0, leasable_ha=70.0)
    found = run(loaded("nghe-an"), scenario(edit)).states[VSIP].figures
    assert found["total_area_ha"].value == pytest.approx(base["total_area_ha"].value + 100.0)
    assert found["leasable_ha"].value == pytest.approx(356.63)
    assert found["leased_ha"].value == base["leased_ha"].value
    grown = run(loaded("nghe-an"), scenario(ExtendArea(area_id=VSIP, polygon=square(105.6, 18.7))))
    more = grown.states[VSIP].figures["total_area_ha"].value - base["total_area_ha"].value
    # 0.02 degrees at 18.71 degrees north: 2,108 by 2,213 metres.
    assert more == pytest.approx(210.8 * 2.213, rel=0.01)


def test_an_extension_of_drawn_land_counts_overlap_once(loaded: Loaded) -> None:
    new = park()
    again = ExtendArea(area_id=new.area_id, polygon=square(105.51, 18.95))
    state = run(loaded("nghe-an"), scenario(new, again))
    total = state.states[new.area_id].figures["total_area_ha"].value
    assert total == pytest.approx(state.footprints.loc[new.area_id, "area_ha"], rel=1e-9)
    alone = run(loaded("nghe-an"), scenario(new)).states[new.area_id].figures["total_area_ha"]
    assert total == pytest.approx(1.5 * alone.value, rel=1e-3)


def test_dates_decide_what_has_happened(loaded: Loaded) -> None:
    province = loaded("nghe-an")
    later = scenario(
        AssumeLease(area_id=VSIP, hectares=20.0, date=dt.date(2027, 1, 1)),
        SetDate(area_id="na-kcn-vsip-3", operating_since=dt.date(2027, 6, 1)),
    )
    now, then = run(province, later), run(province, later, dt.date(2027, 6, 1))
    assert now.states[VSIP].figures["leased_ha"].value == pytest.approx(262.07)
    assert then.states[VSIP].figures["leased_ha"].value == pytest.approx(282.07)
    assert now.states["na-kcn-vsip-3"].status == "under_construction"
    assert then.states["na-kcn-vsip-3"].status == "operating"


@pytest.mark.parametrize(
    ("metric", "value", "rate"),
    [
        ("fill_rate_pct", 50.0, 50.0),
        ("leased_ha", 100.0, 100.0 / 286.63 * 100),
        ("industrial_land_ha", 300.0, 262.07 / 300.0 * 100),
    ],
)
def test_a_set_figure_moves_its_pair(
    loaded: Loaded, metric: str, value: float, rate: float
) -> None:
    edit = SetFigure(area_id=VSIP, metric=metric, value=value)
    found = run(loaded("nghe-an"), scenario(edit)).states[VSIP].figures["fill_rate_pct"]
    assert found.value == pytest.approx(rate)
    assert found.basis == "kcn_2022"


def test_a_pair_set_for_an_area_without_figures_can_be_leased(loaded: Loaded) -> None:
    province, area_id = loaded("nghe-an"), "na-kcn-vsip-3"
    lease = AssumeLease(area_id=area_id, hectares=30.0)
    with refused(DataError, match="set_figure of industrial_land_ha and leased_ha before"):
        run(province, scenario(lease))
    pair = (
        SetFigure(area_id=area_id, metric="industrial_land_ha", value=117.59),
        SetFigure(area_id=area_id, metric="leased_ha", value=10.0),
    )
    found = run(province, scenario(*pair, lease)).states[area_id].figures
    assert found["fill_rate_pct"].value == pytest.approx(40.0 / 117.59 * 100)


def test_all_that_is_left_can_be_leased(loaded: Loaded) -> None:
    """0.1 and 0.2 ha make a little over 0.3, which must not be more than all of it."""
    pair = (
        SetFigure(area_id=VSIP, metric="leased_ha", value=0.1),
        SetFigure(area_id=VSIP, metric="industrial_land_ha", value=0.3),
    )
    lease = AssumeLease(area_id=VSIP, hectares=0.2)
    state = run(loaded("nghe-an"), scenario(*pair, lease)).states[VSIP]
    assert state.occupancy.paired
    assert state.figures["fill_rate_pct"].value == 100.0
    assert state.figures["available_ha"].value == 0.0


def test_a_lease_of_what_is_over_its_number_stays_over_it(loaded: Loaded) -> None:
    lease = AssumeLease(area_id="na-kcn-hoang-mai-1", hectares=10.0)
    found = run(loaded("nghe-an"), scenario(lease)).states["na-kcn-hoang-mai-1"].figures
    signs = [found[name].qualifier for name in ("leased_ha", "fill_rate_pct", "available_ha")]
    assert signs == [">", ">", "<"]


def test_a_pair_that_is_set_has_the_basis_that_was_said_last(loaded: Loaded) -> None:
    area_id = "na-kcn-vsip-3"
    edits = (
        SetFigure(area_id=area_id, metric="industrial_land_ha", value=100.0, basis="kcn_2018"),
        SetFigure(area_id=area_id, metric="leased_ha", value=40.0, basis="kcn_2022"),
    )
    rate = run(loaded("nghe-an"), scenario(*edits)).states[area_id].figures["fill_rate_pct"]
    assert (rate.value, rate.basis) == (40.0, "kcn_2022")


def test_an_extension_of_a_plan_is_a_plan_and_what_is_about_stays_about(loaded: Loaded) -> None:
    """Cửa Lò is planned with 50 ha; of Hoàng Mai I over 155.617 ha are leased."""
    edits = (
        ExtendArea(area_id="na-kcn-cua-lo", hectares=10.0),
        ExtendArea(area_id="na-kcn-hoang-mai-1", hectares=10.0, leasable_ha=5.0),
    )
    states = run(loaded("nghe-an"), scenario(*edits)).states
    total = states["na-kcn-cua-lo"].pipeline_total
    assert total is not None
    assert (total.value, total.nature) == (60.0, "planned")
    found = states["na-kcn-hoang-mai-1"].figures
    assert found["leasable_ha"].value == pytest.approx(185.95)
    assert (found["leased_ha"].qualifier, found["fill_rate_pct"].qualifier) == (">", ">")


@pytest.mark.parametrize("year", [2026, 2027, 2040])
def test_an_area_is_founded_by_the_day_it_operates(loaded: Loaded, year: int) -> None:
    edits = (
        SetDate(area_id=VSIP, established_year=year),
        SetStatus(area_id=VSIP, status="operating"),
    )
    state = run(loaded("nghe-an"), scenario(*edits)).states[VSIP]
    assert (state.status, state.supply) == ("operating", "present")


AREAS = {"na-kcn-vsip-1": 24.56, "na-kcn-vsip-2": 298.26}
some_edits = st.lists(
    st.one_of(
        st.builds(AssumeLease, area_id=st.sampled_from(list(AREAS)), hectares=st.floats(0.1, 3.0)),
        st.builds(ExtendArea, area_id=st.just("na-kcn-wha-1"), hectares=st.floats(1.0, 50.0)),
        st.builds(
            park,
            name=st.sampled_from(["Khu A", "Khu B"]),
            polygon=st.builds(square, st.floats(104.8, 105.7), st.floats(18.8, 19.5)),
        ),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda edit: (edit.edit, getattr(edit, "area_id", "")),
)


@quick
@given(some_edits, st.randoms())
def test_the_order_of_edits_of_different_areas_does_not_matter(
    loaded: Loaded,
    edits: list[Edit],
    random: Any,  # noqa: ANN401
) -> None:
    shuffled = copy.copy(edits)
    random.shuffle(shuffled)
    one, two = (run(loaded("nghe-an"), scenario(*each)) for each in (edits, shuffled))
    pd.testing.assert_frame_equal(account(one), account(two))


@quick
@given(some_edits)
def test_undone_edits_leave_the_present_and_sums_add_up(
    loaded: Loaded, on: Callable[[str, str], Snapshot], edits: list[Edit]
) -> None:
    province, base = loaded("nghe-an"), on("nghe-an", "2026-06-30")
    tried = scenario(*edits)
    other = run(province, tried)
    leases = [edit.hectares for edit in edits if isinstance(edit, AssumeLease)]
    added = [edit for edit in edits if isinstance(edit, AddArea)]
    expected = math.fsum(leases) + math.fsum(edit.leased_ha for edit in added)
    assert other.total["leased_ha"] - base.total["leased_ha"] == pytest.approx(expected, abs=1e-6)
    more = other.total["leasable_ha"] - base.total["leasable_ha"]
    assert more == pytest.approx(300.0 * len(added), abs=1e-6)
    for _ in edits:
        tried = tried.undone()
    pd.testing.assert_frame_equal(account(base), account(run(province, tried)))


def test_the_difference_of_a_scenario_with_itself_is_nothing(loaded: Loaded) -> None:
    tried = scenario(park(), AssumeLease(area_id=VSIP, hectares=5.0))
    one, two = run(loaded("nghe-an"), tried), run(loaded("nghe-an"), tried)
    found = difference(one, two)
    assert not found["changed"].any()
    assert found["change"].abs().sum() == 0.0
    assert {"total", "zone", "area", "target", "condition"} == set(found["level"])


def test_two_scenarios_differ_by_what_only_one_has(loaded: Loaded) -> None:
    province = loaded("nghe-an")
    less = scenario(park())
    more = less.with_edit(AssumeLease(area_id=VSIP, hectares=5.0))
    there, back = (
        changed(run(province, one), run(province, two), "total").set_index("field")["change"]
        for one, two in ((less, more), (more, less))
    )
    assert there["leased_ha"] == pytest.approx(5.0)
    pd.testing.assert_series_equal(there, -back)


def test_targets_and_conditions_are_judged_again(
    loaded: Loaded, on: Callable[[str, str], Snapshot]
) -> None:
    base = on("nghe-an", "2026-06-30")
    other = run(
        loaded("nghe-an"),
        scenario(
            park(
                kind="industrial_cluster",
                polygon=square(105.6, 18.95, 0.005),
                leasable_ha=20.0,
                leased_ha=0.0,
            )
        ),
    )
    found = changed(base, other, "condition")
    assert {"verdict", "measured"} >= set(found["field"])
    new = found[found["key"].str.contains("sc-ccn-")]
    assert "cluster_area CCN-AREA-MAX sc-ccn-khu-cong-nghiep-thu" in set(new["key"])


def test_everything_assumed_says_so(loaded: Loaded) -> None:
    tried = scenario(park(), AssumeLease(area_id=VSIP, hectares=20.0))
    state = run(loaded("nghe-an"), tried)
    for metric in ("leased_ha", "leasable_ha"):
        figure = state.states[VSIP].figures[metric]
        assert (figure.how, figure.sources) == ("scenario", ("scenario-thu",))
        assert figure.note.startswith("scenario: ")
    tree = derivation(state.states[VSIP], state.observations, DAY)
    assert {leaf["how"] for leaf in tree["fill_rate_pct"]["rests_on"]} == {"scenario"}
    zone = {reason["code"]: reason for reason in state.zones["reasons"]["na-a"]}
    assert set(zone["scenario"]["areas"]) == {VSIP, "sc-kcn-khu-cong-nghiep-thu"}
    assert state.areas.loc["sc-kcn-khu-cong-nghiep-thu", "position"] == "drawn"
    # Every way out names the scenario as the source.
    document = zones_geojson(state)
    assert document["metadata"]["scenarios"] == ["scenario-thu"]
    zones = {item["id"]: item["properties"] for item in document["features"]}
    assert "scenario-thu" in zones["na-a"]["sources"]
    areas = areas_geojson(state)
    assert areas["metadata"]["sources"]["scenario-thu"]["publisher"] == "scenario (assumed)"


def test_the_facts_stay_as_they_were(loaded: Loaded) -> None:
    facts = loaded("nghe-an").facts
    before = copy.deepcopy(facts)
    assumed = apply(facts, scenario(park(), SetStatus(area_id=VSIP, status="removed")))
    for field in fields(Facts):
        pd.testing.assert_frame_equal(
            pd.DataFrame(getattr(facts, field.name)), pd.DataFrame(getattr(before, field.name))
        )
        old, new = getattr(before, field.name), getattr(assumed, field.name)
        assert old.dtypes.to_dict() == new.dtypes.to_dict() or isinstance(new, gpd.GeoDataFrame)
    assert set(assumed.sources.index) - set(facts.sources.index) == {"scenario-thu"}


def test_facts_of_a_scenario_load_as_any_facts_do(loaded: Loaded) -> None:
    tried = scenario(park(), AssumeLease(area_id=VSIP, hectares=20.0))
    assumed = apply(loaded("nghe-an").facts, tried)
    fresh = snapshot(load_province("nghe-an", facts=assumed), DAY)
    assert changed(fresh, run(loaded("nghe-an"), tried), "total", "zone", "area").empty


def test_no_boundary_is_read_again(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    province = loaded("nghe-an")

    def refuse(*_: object) -> None:
        pytest.fail("a boundary was read")

    monkeypatch.setattr(snapshots, "load_outlines", refuse)
    monkeypatch.setattr(snapshots, "compile_zones", refuse)
    run(province, scenario(park()))


@pytest.mark.parametrize(
    ("edits", "row", "field", "found"),
    [
        ([CloseArea(area_id="na-kcn-none")], "edit 1 (close one)", "area_id", "na-kcn-none"),
        ([CloseArea(area_id="ht-kcn-gia-lach")], "edit 1 (close one)", "area_id", "ht-kcn"),
        ([CloseArea(area_id="na-kcn-nam-cam-a")], "edit 1 (close one)", "area_id", "with others"),
        ([park(), park()], "edit 2 (add a park or cluster)", "id", "sc-kcn-khu-cong-nghiep-thu"),
        ([park(within=VSIP)], "edit 1 (add a park or cluster)", "within", VSIP),
        ([park(leasable_ha=5000.0)], "edit 1 (add a park or cluster)", "leasable_ha", "5000"),
        (
            [park(polygon=None, communes_2025=("Xã Không Có",), total_area_ha=400.0)],
            "edit 1 (add a park or cluster)",
            "communes_2025",
            "Xã Không Có",
        ),
        (
            [SetFigure(area_id=VSIP, metric="leased_ha", value=300.0)],
            "edit 1 (assume a figure)",
            "value",
            "300",
        ),
        (
            [SetFigure(area_id=VSIP, metric="fill_rate_pct", value=101.0)],
            "edit 1 (assume a figure)",
            "value",
            "101",
        ),
        (
            [SetFigure(area_id=VSIP, metric="workers", value=5.0, basis="kcn_2022")],
            "edit 1 (assume a figure)",
            "basis",
            "kcn_2022",
        ),
    ],
)
def test_an_edit_that_cannot_be_applied_is_named(
    loaded: Loaded, edits: Sequence[Edit], row: str, field: str, found: str
) -> None:
    with refused(DataError) as error:
        run(loaded("nghe-an"), scenario(*edits))
    finding = error.value.findings[0]
    assert (finding.row, finding.field) == (row, field)
    assert found in finding.found


def test_a_scenario_of_another_province_is_refused(loaded: Loaded) -> None:
    with refused(DataError, match="found ha-tinh; expected nghe-an"):
        run(loaded("nghe-an"), scenario(province="ha-tinh"))


def test_a_scenario_as_geojson(loaded: Loaded, on: Callable[[str, str], Snapshot]) -> None:
    tried = scenario(park(), AssumeLease(area_id=VSIP, hectares=20.0))
    base = on("nghe-an", "2026-06-30")
    document = json.loads(
        json.dumps(scenario_geojson(tried, base, run(loaded("nghe-an"), tried)), allow_nan=False)
    )
    found = {item["id"]: item for item in document["features"]}
    assert found["sc-kcn-khu-cong-nghiep-thu"]["geometry"]["type"] == "Polygon"
    assert found["sc-kcn-khu-cong-nghiep-thu"]["properties"]["before"] is None
    leased = found[VSIP]["properties"]
    assert leased["before"]["figures"]["leased_ha"]["value"] == 262.07
    assert leased["figures"]["leased_ha"]["how"] == "scenario"
    assert all(item["properties"]["assumed"] for item in document["features"])
    assert Scenario.model_validate_json(json.dumps(document["metadata"]["scenario"])) == tried
    assert document["metadata"]["difference"]


def test_the_command(loaded: Loaded, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(_options, "load_province", lambda key, **_: loaded(key))
    file, other = tmp_path / "a.json", tmp_path / "b.json"
    file.write_text(scenario_json(scenario(AssumeLease(area_id=VSIP, hectares=20.0))))
    other.write_text(scenario_json(scenario(AssumeLease(area_id=VSIP, hectares=50.0))))
    command = ["scenario", "--province", "nghe-an", "--file", str(file)]
    shown = CliRunner().invoke(app, [*command, "--lang", "en"])
    assert shown.exit_code == 0
    assert "+20 ha" in shown.output
    assert "Assumed, not facts." in shown.output
    record = json.loads(CliRunner().invoke(app, [*command, "--format", "json"]).output)
    assert record["assumed"]
    assert record["difference"][0]["level"] == "total"
    same = CliRunner().invoke(app, [*command, "--against", str(file), "--lang", "en"])
    assert "Nothing changes." in same.output
    refused = CliRunner().invoke(app, [*command, "--against", str(other)])
    assert refused.exit_code == 1
    assert "expected at most the 24.56 ha" in refused.stderr
