"""What each rule of the law measures of the account, and whether it is satisfied.

One function a rule of `legal_rules.csv`; the thresholds and the operator come from the table.
Facts that the tables don't hold (demand, roads, phases) are unknown, and the reasons name them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from geo.account import Assumptions, Part
from geo.measures import Measure, available, fill_rate, own_rate, total_area
from geo.shortfalls import shortfalls
from geo.territories import clusters_of
from geo.verdicts import Truth, all_of, any_of, judge

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from geo.snapshot import Snapshot
    from geo.states import AreaState
    from geo.territories import Place

CLUSTER: Final = "industrial_cluster"


class Finding(NamedTuple):
    """What a rule comes to: its truth, what was measured, a second value, room left in ha.

    `listed` is the truth of a rule on a territory by the areas in the tables alone.
    """

    truth: Truth
    measure: Measure
    reasons: tuple[dict[str, Any], ...] = ()
    listed: Truth = None
    second: tuple[float | None, str] | None = None
    room_ha: float | None = None


class Case(NamedTuple):
    """What a test looks at: an area ("" for a territory alone), a territory, a change of area."""

    snapshot: Snapshot
    area_id: str
    place: Place
    change_ha: float | None
    assume: Assumptions

    @property
    def state(self) -> AreaState:
        """State of the area that is tested."""
        return self.snapshot.states[self.area_id]


def _missing(fact: str) -> dict[str, Any]:
    return {"code": "not_in_data", "fact": fact}


def _on_territory(case: Case, rule: pd.Series, measured: Callable[..., Measure]) -> Finding:
    """Measure the clusters of a territory, those in the tables and those that the tables lack.

    The clause speaks of the clusters established there, operating or not. The province counts
    its clusters as a whole, so those that the tables lack are in it, and in any territory below
    it may be none to all of them.
    """
    level, lacking = case.place.level, shortfalls(case.snapshot, CLUSTER)
    below = level != "province"
    measure = measured(
        clusters_of(case.snapshot, case.place),
        case.snapshot.as_of,
        case.assume,
        lacking=lacking,
        anywhere=below,
    )
    reasons: list[dict[str, Any]] = [{"code": "territory_is_a_setting", "territory": level}]
    if below and lacking:
        count = sum(one["missing"] for one in lacking)
        reasons.append({"code": "unlisted_may_lie_here", "missing": count})
    listed = replace(measure, low=measure.listed_low, high=measure.listed_high)
    truth = _judge(measure, rule)
    return Finding(truth, measure, tuple(reasons), listed=_judge(listed, rule))


def _average_fill(case: Case, rule: pd.Series) -> Finding:
    return _on_territory(case, rule, fill_rate)


def _unleased(case: Case, rule: pd.Series) -> Finding:
    return _on_territory(case, rule, available)


def _area(case: Case, rule: pd.Series) -> Finding:
    measure = total_area(case.state)
    return Finding(_judge(measure, rule), measure)


def _mountain_area(case: Case, rule: pd.Series) -> Finding:
    measure = total_area(case.state)
    return Finding(_judge(measure, rule), measure, (_missing("mountain_or_craft_village"),))


def _own_fill_or_demand(case: Case, rule: pd.Series) -> Finding:
    """Rate of the cluster, or demand for more land than it has, which no table holds."""
    measure = own_rate(case.state, case.snapshot.as_of, case.assume)
    return Finding(any_of([_judge(measure, rule), None]), measure, (_missing("demand"),))


def _own_fill_and_wastewater(case: Case, rule: pd.Series) -> Finding:
    measure = own_rate(case.state, case.snapshot.as_of, case.assume)
    treated, reasons = _treatment(case)
    return Finding(all_of([_judge(measure, rule), treated]), measure, reasons)


def _area_after(case: Case, rule: pd.Series) -> Finding:
    """Area after the expansion; without one given, whether there is room for any."""
    measure, most = total_area(case.state), float(rule["threshold_1"])
    room = None if measure.value is None else max(0.0, most - measure.value)
    if case.change_ha is None:
        full = measure.low is not None and measure.low >= most
        reason = {"code": "change_not_given"}
        return Finding(False if full else None, measure, (reason,), room_ha=room)
    after = _shifted(measure, case.change_ha)
    return Finding(_judge(after, rule), after, ({"code": "after_change", "ha": case.change_ha},))


def _shifted(measure: Measure, by: float) -> Measure:
    value, low, high = (
        None if end is None else end + by for end in (measure.value, measure.low, measure.high)
    )
    return replace(measure, value=value, low=low, high=high)


def _utilities(case: Case, rule: pd.Series) -> Finding:
    """Wastewater treatment is in the tables; roads and water supply aren't."""
    del rule
    treated, reasons = _treatment(case)
    measure = Measure(unit="", known=int(treated is not None), of=1, areas=(case.area_id,))
    return Finding(
        all_of([treated, None]),
        measure,
        (*reasons, _missing("internal_roads"), _missing("water_supply")),
    )


def _treatment(case: Case) -> tuple[Truth, tuple[dict[str, Any], ...]]:
    found = str(case.snapshot.areas["wastewater"][case.area_id])
    truth: Truth = None if not found else found == "yes"
    return truth, ({"code": "wastewater", "state": found or "unknown"},)


def _phases(case: Case, rule: pd.Series) -> Finding:
    """Pass a park up to 500 ha, which needs no phases; of larger ones none are in the tables."""
    measure = total_area(case.state)
    if _judge(measure, rule) is False:
        return Finding(True, measure, ({"code": "no_phases_needed"},))  # noqa: FBT003
    return Finding(None, measure, (_missing("phases"),))


def _small_change(case: Case, rule: pd.Series) -> Finding:
    """Change of at most so many percent, and at most so many hectares."""
    total, most_pct, most_ha = total_area(case.state), rule["threshold_1"], rule["threshold_2"]
    area = total.value
    room = None if area is None else min(most_pct / 100.0 * area, most_ha)
    if case.change_ha is None:
        empty = Measure(unit="%", of=1, areas=total.areas, reasons=total.reasons)
        return Finding(None, empty, ({"code": "change_not_given"},), room_ha=room)
    change = abs(case.change_ha)
    share = Measure(unit="%", of=1, areas=total.areas, reasons=total.reasons)
    if area:
        # The larger the area, the smaller the share.
        value, low, high = (
            change / end * 100.0 if end else None for end in (area, total.high, total.low)
        )
        share = replace(share, value=value, low=low or 0.0, high=high, known=1)
    truth = all_of(
        [_judge(share, rule), judge(change, change, rule["operator"], float(most_ha))],
    )
    return Finding(truth, share, second=(change, "ha"), room_ha=room)


def _change_in_ha(case: Case, rule: pd.Series) -> Finding:
    change, most = case.change_ha, float(rule["threshold_1"])
    areas = (case.area_id,)
    if change is None:
        reason = {"code": "change_not_given"}
        return Finding(None, Measure(unit="ha", of=1, areas=areas), (reason,), room_ha=most)
    measure = Measure("ha", change, change, change, 1, 1, areas=areas)
    return Finding(_judge(measure, rule), measure, room_ha=most)


def _functional_land(case: Case, rule: pd.Series) -> Finding:
    """Fill rate of the parks and clusters in the zone, a part of its functional land alone.

    The rest of that land (ports, towns, tourism) and the state of the infrastructure aren't in
    the tables, so this is never told.
    """
    del rule
    inside = case.snapshot.areas["within"] == case.area_id
    parts = [
        Part(case.snapshot.states[str(area)], 1.0, assumed=False, counts_here=True)
        for area in case.snapshot.areas.index[inside]
    ]
    measure = fill_rate(parts, case.snapshot.as_of, case.assume)
    lacks = (_missing("functional_land"), _missing("infrastructure"))
    return Finding(None, measure, ({"code": "industrial_land_alone"}, *lacks))


def _judge(measure: Measure, rule: pd.Series) -> Truth:
    if measure.low is None and measure.high is None:
        return None
    return judge(measure.low, measure.high, rule["operator"], float(rule["threshold_1"]))


TESTS: Final[dict[str, Callable[[Case, pd.Series], Finding]]] = {
    "CCN-NEW-50": _average_fill,
    "CCN-NEW-100HA": _unleased,
    "CCN-AREA-MIN": _area,
    "CCN-AREA-MIN-MOUNTAIN": _mountain_area,
    "CCN-AREA-MAX": _area,
    "CCN-EXP-60": _own_fill_or_demand,
    "CCN-EXP-75HA": _area_after,
    "CCN-EXP-WASTEWATER": _utilities,
    "CCN-ADJ-5HA": _change_in_ha,
    "KCN-PHASE-500": _phases,
    "KCN-ADJ-2PCT": _small_change,
    "KCN-ADJ-10PCT": _small_change,
    "KCN-EXT-60-OLD": _own_fill_and_wastewater,
    "KKT-EXPAND-70": _functional_land,
}
