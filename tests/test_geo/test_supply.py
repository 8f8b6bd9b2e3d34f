import datetime as dt

import pandas as pd
import pytest

from data.facts import Facts, load_facts
from geo.figures import Observation, read_observations
from geo.states import AreaState, area_states
from geo.supply import status_on, supply_on
from tests.test_geo.builders import leasable, leased, obs, rate


@pytest.mark.parametrize(
    ("status", "status_as_of", "established", "day", "expected"),
    [
        # before the year it was established: planned, whatever it is now
        ("operating", "2026-01", 2015, "2014-12-31", "planned"),
        ("operating", "", 2015, "2014-12-31", "planned"),
        ("", "", 2015, "2014-12-31", "planned"),
        # between that and the day its status is known for: unknown
        ("operating", "2026-01", 2015, "2015-01-01", None),
        ("operating", "2026-01", 2015, "2026-01-30", None),
        # from then on
        ("operating", "2026-01", 2015, "2026-01-31", "operating"),
        ("removed", "2020", 2015, "2020-12-31", "removed"),
        ("removed", "2020", 2015, "2020-12-30", None),
        # never established, or nobody knows when
        ("operating", "2022-06", None, "2022-06-29", None),
        ("operating", "2022-06", None, "2022-06-30", "operating"),
        ("operating", "", None, "1990-01-01", "operating"),
        ("", "", None, "2026-01-01", None),
        ("", "", 2015, "2026-01-01", None),
    ],
)
def test_status_by_date(
    status: str, status_as_of: str, established: int | None, day: str, expected: str | None
) -> None:
    assert status_on(status, status_as_of, established, dt.date.fromisoformat(day)) == expected


@pytest.mark.parametrize(
    ("status", "total", "cleared", "tenants", "expected"),
    [
        ("operating", None, None, False, ("present", "operating")),
        ("under_construction", 100, 50, False, ("present", "cleared")),
        ("under_construction", 100, 49.9, False, ("pipeline", "not_cleared")),
        ("under_construction", 100, None, False, ("pipeline", "not_cleared")),
        ("under_construction", None, 50, False, ("pipeline", "not_cleared")),
        ("established", 100, 100, False, ("pipeline", "established")),
        ("planned", 100, 100, False, ("pipeline", "planned")),
        ("removed", 100, 100, True, ("none", "removed")),
        (None, 100, 100, False, ("none", "status_unknown")),
        (None, 100, None, True, ("present", "tenants_on_record")),
    ],
)
def test_present_supply_and_pipeline(
    status: str | None,
    total: float | None,
    cleared: float | None,
    tenants: bool,  # noqa: FBT001
    expected: tuple[str, str],
) -> None:
    found = supply_on(
        kind="industrial_park",
        counted=True,
        status=status,
        total_ha=total,
        cleared_ha=cleared,
        has_tenants=tenants,
    )
    assert found == expected


@pytest.mark.parametrize("status", ["operating", "planned", None])
def test_parts_and_economic_zones_are_never_supply(status: str | None) -> None:
    for kind, counted in (("industrial_park", False), ("economic_zone", True)):
        found = supply_on(
            kind=kind,
            counted=counted,
            status=status,
            total_ha=100,
            cleared_ha=100,
            has_tenants=True,
        )
        assert found.supply == "none"


def table(*changes: dict[str, object]) -> pd.DataFrame:
    """Areas that operate, under what `changes` say."""
    fields: dict[str, object] = {
        "kind": "industrial_park",
        "status": "operating",
        "status_as_of": "2025",
        "established_year": pd.NA,
        "part_of": "",
        "counted": True,
        "source_ids": (),
    }
    return pd.DataFrame([fields | change for change in changes]).set_index("id")


def on(day: str, areas: pd.DataFrame, **observations: list[Observation]) -> dict[str, AreaState]:
    return area_states(areas, observations, dt.date.fromisoformat(day))


def test_land_to_be_cleared_is_not_cleared() -> None:
    areas = table({"id": "a", "status": "under_construction"})
    total = obs("total_area_ha", 100, "2024")
    for nature, supply in (
        ("measured", "present"),
        ("planned", "pipeline"),
        ("proposed", "pipeline"),
    ):
        cleared = obs("cleared_ha", 60, "2024", nature=nature, row=3)
        assert on("2026-01-01", areas, a=[total, cleared])["a"].supply == supply


def test_the_present_rests_on_what_was_measured_and_the_pipeline_on_plans_too() -> None:
    areas = table({"id": "a", "status": "planned"})
    found = on("2026-01-01", areas, a=[obs("total_area_ha", 100, "2024", nature="planned")])["a"]
    assert found.total is None
    assert found.pipeline_total is not None
    assert (found.supply, found.pipeline_total.value) == ("pipeline", 100)


@pytest.mark.parametrize(
    ("tenant", "supply"),
    [
        (leased(5, "2024-01"), "present"),
        (rate(5, "2024-01"), "present"),
        (leased(5, "2024-01", scope="phase"), "present"),
        (rate(5, "2024-01", scope="phase"), "present"),
        (leased(5, "2024-07"), "none"),  # later than the date
        (leased(0, "2024-01"), "none"),
        (leased(5), "none"),  # undated
        (leased(5, "2024-01", nature="planned"), "none"),
        (leasable(5, "2024-01"), "none"),
    ],
)
def test_tenants_on_record_are_supply_where_the_status_is_unknown(
    tenant: Observation, supply: str
) -> None:
    assert on("2024-06-30", table({"id": "a"}), a=[tenant])["a"].supply == supply


def test_tenants_of_a_part_are_tenants_of_the_whole() -> None:
    areas = table({"id": "a"}, {"id": "b", "part_of": "a", "counted": False})
    found = on("2024-06-30", areas, b=[leased(5, "2024-01")])
    assert (found["a"].supply, found["b"].supply) == ("present", "none")


def test_a_whole_is_summed_from_its_parts_whatever_their_order() -> None:
    part = {"part_of": "a", "counted": False}
    areas = table({"id": "b", **part}, {"id": "a"}, {"id": "c", **part})
    found = on(
        "2026-01-01",
        areas,
        b=[obs("total_area_ha", 30, "2024"), leased(10, "2024"), leasable(20, "2024")],
        c=[obs("total_area_ha", 12, "2025"), leased(10, "2025"), leasable(10, "2025")],
    )
    assert list(found) == ["b", "a", "c"]
    whole = found["a"]
    assert whole.total is not None
    assert (whole.total.value, whole.total.how, whole.total.as_of) == (42, "sum_of_parts", "2024")
    assert whole.occupancy.paired
    assert whole.figures["fill_rate_pct"].value == pytest.approx(20 / 30 * 100)


@pytest.mark.parametrize("nature", ["measured", "planned"])
def test_a_phase_is_not_the_whole(nature: str) -> None:
    # 20 of 30 ha in the one phase on record, of a park of 500 ha.
    areas = table({"id": "a"}, {"id": "b", "part_of": "a", "counted": False})
    phase = [obs("total_area_ha", 42, "2024"), leased(20, "2024"), leasable(30, "2024")]
    whole = obs("total_area_ha", 500, "2024", nature=nature)
    more = table({"id": "c", "part_of": "a", "counted": False})
    for listed, others in (
        (areas, {}),
        (pd.concat([areas, more]), {"c": [obs("total_area_ha", 8, "2024"), *phase[1:]]}),
    ):
        found = on("2026-01-01", listed, a=[whole], b=phase, **others)["a"]
        assert not found.occupancy.paired
        assert found.occupancy.leased is not None
        assert found.occupancy.leased.how == "lower_bound"
        assert found.figures["total_area_ha"].value == 500


def test_a_plan_for_the_whole_is_not_replaced_by_a_few_parts() -> None:
    part = {"part_of": "a", "counted": False, "status": "planned"}
    areas = table({"id": "a", "status": "planned"}, {"id": "b", **part}, {"id": "c", **part})
    found = on(
        "2026-01-01",
        areas,
        a=[obs("total_area_ha", 500, "2024", nature="planned")],
        b=[obs("total_area_ha", 30, "2024", nature="proposed")],
    )
    total = found["a"].pipeline_total
    assert total is not None
    assert total.value == 500


# The real tables.


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load_facts()


def real(facts: Facts, day: str) -> dict[str, AreaState]:
    observations = read_observations(facts.observations, facts.sources)
    return area_states(facts.areas, observations, dt.date.fromisoformat(day))


def test_real_areas_now(facts: Facts) -> None:
    states = real(facts, "2026-06-30")
    expected = {
        "na-kcn-vsip-1": ("present", "operating"),
        "na-kcn-vsip-2": ("present", "cleared"),  # 499.81 of 500 ha
        "na-kcn-vsip-3": ("pipeline", "established"),
        "na-kcn-wha-1-phase-1": ("none", "part"),
        "na-kkt-dong-nam": ("none", "economic_zone"),
        "na-ccn-nam-giang": ("none", "status_unknown"),
        "na-ccn-nghia-long": ("pipeline", "not_cleared"),
        "qn-kcn-nam-tien-phong": ("present", "cleared"),  # 340.3 of 487.4 ha
    }
    assert {key: (states[key].supply, states[key].supply_reason) for key in expected} == expected


def test_real_areas_before_their_status_is_known(facts: Facts) -> None:
    states = real(facts, "2023-12-31")
    vsip, wha = states["na-kcn-vsip-1"], states["na-kcn-wha-1"]
    assert (vsip.status, vsip.supply, vsip.supply_reason) == (None, "present", "tenants_on_record")
    # 78 % of phase 1 was leased in February 2023 (row 112).
    assert (wha.status, wha.supply, wha.supply_reason) == (None, "present", "tenants_on_record")
    assert states["na-kcn-vsip-3"].status == "planned"  # established in 2025


def test_wha_1_has_its_own_total_and_at_least_the_leased_land_of_phase_1(facts: Facts) -> None:
    wha = real(facts, "2026-06-30")["na-kcn-wha-1"]
    assert wha.total is not None
    assert (wha.total.value, wha.total.how) == (498, "observed")
    assert not wha.occupancy.paired
    assert wha.occupancy.rate is None  # 78 % is of phase 1 alone
    assert wha.occupancy.leased is not None
    assert (wha.occupancy.leased.value, wha.occupancy.leased.how) == (54.89, "lower_bound")
    # 142.12 ha (row 107) + 343.95 ha (row 397)
    assert wha.figures["cleared_ha"].value == pytest.approx(486.07)
