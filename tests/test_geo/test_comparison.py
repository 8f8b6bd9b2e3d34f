"""Places side by side: figures of the snapshots, honest differences, no order among them."""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.facts import load_facts
from data.resolutions import load_resolution, provinces
from data.vocabulary import METRICS
from geo._comparison_rows import Cell, Line, make_row, span
from geo.comparison import (
    SECTIONS,
    Comparison,
    ComparisonError,
    Row,
    compare,
    comparison_record,
    flat_records,
    homes,
    places_of,
)
from geo.distances import distance_table, nearest

if TYPE_CHECKING:
    from geo.snapshot import Snapshot
    from tests.test_geo.conftest import Snapshots

DAY = "2026-06-30"
VSIP = ("na-kcn-vsip-1", "na-kcn-vsip-2")
MANY = (*VSIP, "na-ccn-nghi-phu", "na-kkt-dong-nam", "ht-kkt-vung-ang")


@pytest.fixture(scope="module")
def shots(on: Snapshots) -> tuple[Snapshot, ...]:
    return on("nghe-an", DAY), on("ha-tinh", DAY)


@pytest.fixture(scope="module")
def zone_ids(shots: tuple[Snapshot, ...]) -> tuple[str, ...]:
    return "na-a", "na-b", "na-d", str(shots[1].zones.index[0])


def row_of(comparison: Comparison, key: str) -> Row:
    (row,) = [row for row in comparison.rows if row.key == key]
    return row


def test_vsip_1_and_2_by_hand(shots: tuple[Snapshot, ...]) -> None:
    # 262.07 of 286.63 ha are leased; 81.69 ha and 21.5 % give about 380 ha.
    found = compare(VSIP, shots)
    rate, leased, leasable, available = (
        row_of(found, key) for key in ("fill_rate_pct", "leased_ha", "leasable_ha", "available_ha")
    )
    assert [cell.value for cell in leased.cells] == [262.07, 81.69]
    assert leasable.cells[0].value == 286.63
    assert leasable.cells[1].value == pytest.approx(379.95, abs=0.01)
    assert leasable.cells[1].how == "derived"
    assert rate.cells[0].value == pytest.approx(91.43, abs=0.005)
    assert available.cells[0].value == pytest.approx(24.56)
    assert rate.cells[0].as_of == "2026-01-06"
    assert rate.cells[0].basis == ("kcn_2022",)
    assert rate.cells[0].sources == ("na-s03", "na-s01")
    assert rate.differs is True
    assert (rate.largest, rate.smallest) == (VSIP[:1], VSIP[1:])
    assert (available.largest, available.smallest) == (VSIP[1:], VSIP[:1])
    assert rate.cautions == ("bases_differ",)
    assert found.sources["na-s03"]["publisher"]
    assert row_of(found, "province").differs is False
    assert row_of(found, "status").differs is True


def test_land_of_the_project_around_a_park_is_no_extreme(shots: tuple[Snapshot, ...]) -> None:
    # 549.11 ha are cleared, of the project of 750 ha; the park itself has 367.6 ha.
    cleared = row_of(compare(VSIP, shots), "cleared_ha")
    assert [cell.value for cell in cleared.cells] == [549.11, 499.81]
    assert cleared.cells[0].beyond == (367.6, 750.0)
    assert cleared.cells[1].beyond == ()
    assert (cleared.differs, cleared.largest, cleared.smallest) == (None, (), ())


def test_a_number_beyond_its_total_leaves_the_others_comparable() -> None:
    line = Line("land", "cleared_ha", "number", "ha")
    row = make_row(line, "abc", [Cell(9.0, beyond=(5.0,)), Cell(3.0), Cell(4.0)])
    assert (row.differs, row.largest, row.smallest) == (True, ("c",), ("b",))


def test_distances_differ_only_beyond_their_tolerance(shots: tuple[Snapshot, ...]) -> None:
    # Both parks lie a few kilometres from the expressway, and neither is placed that well.
    found = row_of(compare(VSIP, shots), "expressway")
    assert found.differs is None
    assert found.largest == found.smallest == ()
    far = row_of(compare((VSIP[0], "ht-kkt-vung-ang"), shots), "ho_chi_minh_road")
    assert far.differs is True
    assert far.largest == ("ht-kkt-vung-ang",)
    assert all(cell.basis == ("straight_line",) for cell in found.cells)


@pytest.mark.parametrize("which", ["areas", "zones"])
def test_a_permutation_of_places_permutes_the_cells_and_nothing_else(
    which: str, shots: tuple[Snapshot, ...], zone_ids: tuple[str, ...]
) -> None:
    ids = MANY[:4] if which == "areas" else zone_ids
    straight = compare(ids, shots)
    for order in itertools.islice(itertools.permutations(range(len(ids))), 1, None, 5):
        turned = compare([ids[i] for i in order], tuple(reversed(shots)))
        assert turned.sources == straight.sources
        assert turned.boundaries == straight.boundaries
        assert turned.places == tuple(straight.places[i] for i in order)
        for row, was in zip(turned.rows, straight.rows, strict=True):
            assert row.cells == tuple(was.cells[i] for i in order)
            assert set(row.largest) == set(was.largest)
            assert set(row.smallest) == set(was.smallest)
            bare, before = (replace(one, cells=(), largest=(), smallest=()) for one in (row, was))
            assert bare == before


def test_cells_are_the_figures_of_the_snapshot(shots: tuple[Snapshot, ...]) -> None:
    for shot in shots:
        ids = [key for key in shot.areas.index if shot.areas.loc[key, "kind"] != "economic_zone"]
        for few in (ids[i : i + 5] for i in range(0, min(len(ids) - 1, 20), 5)):
            found = compare(few, [shot])
            shown = {
                (place.id, row.key): cell.value
                for row in found.rows
                if row.section in {"land", "business"}
                for place, cell in zip(found.places, row.cells, strict=True)
                if cell.known
            }
            figures = shot.figures[shot.figures["area_id"].isin(few)]
            assert shown == {
                (row["area_id"], row["metric"]): row["value"] for row in figures.to_dict("records")
            }


def test_distances_are_those_of_the_distance_table(shots: tuple[Snapshot, ...]) -> None:
    found = compare(MANY[:3], shots)
    table = nearest(distance_table(shots[0].areas.loc[list(MANY[:3])], shots[0].facts))
    expected = {
        (row["area_id"], row["target_type"]): row["distance_km"] for row in table.to_dict("records")
    }
    shown = {
        (place.id, row.key): cell.value
        for row in found.rows
        if row.section == "distance"
        for place, cell in zip(found.places, row.cells, strict=True)
        if cell.known
    }
    assert shown == expected


@pytest.mark.parametrize("unplaced", [VSIP[1:], VSIP])
def test_without_a_position_there_is_no_distance(
    unplaced: tuple[str, ...], shots: tuple[Snapshot, ...]
) -> None:
    areas = shots[0].areas.copy()
    areas.loc[list(unplaced), "geometry"] = None
    areas.loc[list(unplaced), "position"] = "unknown"
    found = compare(VSIP, [replace(shots[0], areas=areas)])
    for key in ("seaport", "national_road", "position_tolerance_km"):
        row = row_of(found, key)
        reasons = {
            place.id: cell.reason for place, cell in zip(found.places, row.cells, strict=True)
        }
        assert all(reasons[key] == "position_unknown" for key in unplaced)
        assert row.cells[0].known is (VSIP[0] not in unplaced)
        assert row.differs is None


def test_zones_show_their_account(shots: tuple[Snapshot, ...], zone_ids: tuple[str, ...]) -> None:
    found = compare(zone_ids, shots)
    zones = {key: shot.zones.loc[key] for shot in shots for key in shot.zones.index}
    for place in range(len(zone_ids)):
        zone = zones[zone_ids[place]]
        for key in ("fill_rate_pct", "leased_ha", "leasable_ha", "available_ha", "total_area_ha"):
            cell = row_of(found, key).cells[place]
            if math.isnan(zone[key]):
                assert cell.value is None
            else:
                assert cell.value == zone[key]
        rate = row_of(found, "fill_rate_pct").cells[place]
        if rate.value is not None and not math.isnan(zone["fill_rate_min_pct"]):
            assert (rate.low, rate.high) == (zone["fill_rate_min_pct"], zone["fill_rate_max_pct"])
    # Intervals overlap: whether A is fuller than B can't be told. D has no areas at all.
    assert row_of(found, "fill_rate_pct").cells[2].reason == "no_areas"
    assert row_of(compare(("na-a", "na-b"), shots), "fill_rate_pct").differs is None


def test_a_zone_with_a_port_in_it_is_at_no_distance(shots: tuple[Snapshot, ...]) -> None:
    ports = row_of(compare(("na-a", "na-d"), shots), "seaport")
    assert ports.cells[0].value == 0.0
    assert isinstance(ports.cells[1].value, float)
    assert ports.cells[1].value > 40.0


def test_an_economic_zone_has_the_account_of_the_areas_in_it(shots: tuple[Snapshot, ...]) -> None:
    found = row_of(compare((VSIP[0], "na-kkt-dong-nam"), shots), "leased_ha").cells[1]
    assert found.value == shots[0].zones.loc["na-kkt-dong-nam", "leased_ha"]
    assert found.how == "members"


def test_what_is_unknown_is_not_zero(shots: tuple[Snapshot, ...]) -> None:
    row = row_of(compare((VSIP[0], "na-ccn-nghi-phu"), shots), "leased_ha")
    cell = row.cells[1]
    assert (cell.known, cell.value, cell.reason) == (False, None, "no_data")
    assert row.differs is None
    record = comparison_record(compare((VSIP[0], "na-ccn-nghi-phu"), shots))
    (shown,) = [item for item in record["rows"] if item["row"] == "leased_ha"]
    assert shown["cells"]["na-ccn-nghi-phu"]["value"] is None
    assert shown["cells"]["na-ccn-nghi-phu"]["known"] is False


def test_every_known_figure_has_its_source(shots: tuple[Snapshot, ...]) -> None:
    found = compare(MANY, shots)
    for row in found.rows:
        for cell in row.cells:
            if row.section in {"land", "business"} and cell.known:
                assert cell.sources
            if row.section in {"policy", "condition"} and cell.known:
                assert cell.citations
            assert cell.known or cell.reason
            assert not (cell.known and cell.reason)
            assert set(cell.sources) <= set(found.sources)


def test_records_are_plain(shots: tuple[Snapshot, ...], zone_ids: tuple[str, ...]) -> None:
    for ids in (MANY, zone_ids):
        found = compare(ids, shots)
        again = json.loads(json.dumps(comparison_record(found), allow_nan=False))
        assert again == comparison_record(found)
        flat = flat_records(found)
        assert len(flat) == len(found.rows) * len(ids)
        assert len({tuple(row) for row in flat}) == 1


def test_sections_and_metrics_are_complete(shots: tuple[Snapshot, ...]) -> None:
    found = compare(MANY, shots)
    order = [SECTIONS.index(row.section) for row in found.rows]
    assert order == sorted(order)
    assert set(order) == set(range(len(SECTIONS)))
    units = {row.key: row.unit for row in found.rows}
    assert all(units.get(metric, unit) == unit for metric, unit in METRICS.items())


@pytest.mark.parametrize(
    ("ids", "code", "named"),
    [
        ([], "too_few", "none"),
        (["na-kcn-vsip-1"], "too_few", "na-kcn-vsip-1"),
        ([*MANY, "na-kcn-wha-1"], "too_many", "6"),
        (["na-kcn-vsip-1", "na-kcn-vsip-1"], "repeated", "na-kcn-vsip-1"),
        (["na-kcn-vsip-1", "na-kcn-nowhere"], "unknown", "na-kcn-nowhere"),
        (["na-kcn-vsip-1", "na-a"], "mixed", "na-a"),
        (["na-a", "na-kkt-thanh-thuy"], "mixed", "na-kkt-thanh-thuy"),
    ],
)
def test_what_cannot_be_compared(
    ids: list[str], code: str, named: str, shots: tuple[Snapshot, ...]
) -> None:
    with pytest.raises(ComparisonError) as caught:
        compare(ids, shots)
    assert caught.value.code == code
    assert named in caught.value.found
    assert caught.value.expected in str(caught.value)


def test_dates_must_be_the_same(on: Snapshots) -> None:
    with pytest.raises(ComparisonError, match="2025-01-01, 2026-06-30"):
        compare(("na-a", "na-b"), [on("nghe-an", DAY), on("ha-tinh", "2025-01-01")])


def test_an_economic_zone_is_an_area_unless_a_zone_is_asked_for(
    shots: tuple[Snapshot, ...],
) -> None:
    assert compare(("na-kkt-dong-nam", "na-kcn-vsip-1"), shots).kind == "area"
    assert compare(("na-kkt-dong-nam", "na-a"), shots).kind == "zone"
    with pytest.raises(ComparisonError, match="zones with zones"):
        compare(("na-kkt-dong-nam", "na-kcn-vsip-1"), shots, kind="zone")


def test_homes_are_found_in_all_provinces() -> None:
    every = places_of(load_facts(), map(load_resolution, provinces()))
    assert homes(("ht-kkt-vung-ang", "na-a", "na-kcn-vsip-1"), every) == {
        "ht-kkt-vung-ang": "ha-tinh",
        "na-a": "nghe-an",
        "na-kcn-vsip-1": "nghe-an",
    }
    with pytest.raises(ComparisonError, match="found nowhere; expected") as caught:
        homes(("na-a", "nowhere"), every)
    assert all(key in caught.value.expected for key in provinces())


NUMBERS = st.floats(-1e6, 1e6, allow_nan=False)
CELLS = st.one_of(
    st.builds(Cell, NUMBERS),
    st.just(Cell(reason="no_data")),
    st.tuples(NUMBERS, NUMBERS).map(lambda pair: Cell(pair[0], low=min(pair), high=max(pair))),
    st.builds(Cell, NUMBERS, qualifier=st.sampled_from(("~", ">", "<"))),
)


@given(st.lists(CELLS, min_size=2, max_size=5), st.lists(st.floats(0.0, 1.0), min_size=5))
def test_what_is_said_of_numbers_holds_for_any_value_they_may_have(
    cells: list[Cell], parts: list[float]
) -> None:
    ids = [str(number) for number in range(len(cells))]
    row = make_row(Line("land", "leased_ha", "number", "ha"), ids, cells)
    values = {}
    for key, cell, part in zip(ids, cells, itertools.cycle(parts), strict=False):
        low, high = (max(min(end, 2e6), -2e6) for end in span(cell))
        values[key] = low + part * (high - low)
    slack = 1e-2
    if row.differs:
        assert len(set(values.values())) > 1
    if row.differs is False:
        assert max(values.values()) - min(values.values()) <= slack
    known = {key: values[key] for key, cell in zip(ids, cells, strict=True) if cell.known}
    if row.largest:
        assert all(known[key] >= max(known.values()) - slack for key in row.largest)
    if row.smallest:
        assert all(known[key] <= min(known.values()) + slack for key in row.smallest)
    assert not set(row.largest) & set(row.smallest)


@pytest.mark.parametrize(
    ("one", "other", "differs", "largest"),
    [
        ((200.0, ">"), (250.0, "="), None, ()),
        ((200.0, ">"), (150.0, "="), True, ("a",)),
        ((200.0, "<"), (150.0, "="), None, ()),
        ((200.0, "<"), (250.0, "="), True, ("b",)),
        ((200.0, "<"), (250.0, ">"), True, ("b",)),
    ],
)
def test_over_and_nearly_differ_only_where_they_are_sure_to(
    one: tuple[float, str],
    other: tuple[float, str],
    *,
    differs: bool | None,
    largest: tuple[str, ...],
) -> None:
    cells = [Cell(value, qualifier=sign) for value, sign in (one, other)]
    row = make_row(Line("land", "leased_ha", "number", "ha"), "ab", cells)
    assert (row.differs, row.largest) == (differs, largest)


@pytest.mark.parametrize(
    ("reason", "differs"),
    [("none", True), ("not_stated", True), ("no_data", None), ("other_kind", None)],
)
def test_what_there_is_none_of_differs_from_what_there_is(
    reason: str, *, differs: bool | None
) -> None:
    cells = [Cell(("textiles",)), Cell(reason=reason)]
    row = make_row(Line("policy", "industries", "codes"), "ab", cells)
    assert row.differs is differs
    assert make_row(Line("policy", "industries", "codes"), "ab", [cells[1]] * 2).differs is (
        False if differs else None
    )


@pytest.mark.parametrize(
    ("cells", "cautions"),
    [
        ([Cell(1.0, as_of="2024-06-30"), Cell(2.0, as_of="2025-06-30")], ()),
        ([Cell(1.0, as_of="2024-06-30"), Cell(2.0, as_of="2025-12-31")], ("dates_apart",)),
        # A sum rests on its oldest figure too.
        (
            [Cell(1.0, as_of="2025-06-30", oldest="2013-12"), Cell(2.0, as_of="2025-06-30")],
            ("dates_apart",),
        ),
        ([Cell(1.0, sources=("s1",)), Cell(2.0, as_of="2025", sources=("s1",))], ("undated",)),
        # Counts of our own have no source, and the date of the account.
        ([Cell(1.0), Cell(2.0)], ()),
    ],
)
def test_cautions_are_of_dates_that_are_a_year_apart_or_missing(
    cells: list[Cell], cautions: tuple[str, ...]
) -> None:
    assert make_row(Line("land", "leased_ha", "number", "ha"), "ab", cells).cautions == cautions
