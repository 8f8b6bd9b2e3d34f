"""Conditions of the law on industrial land, tested on an area or a territory.

What is tested is in `legal_rules.csv`, with thresholds, article and how it was verified; this
module says which rules make one condition, and what of the account each one measures. A rule
whose clause was read, in Vietnamese or in translation, is a `legal_condition`; one known from
summaries alone is an `indicator`, whose threshold may be changed; one no longer in force is
`repealed`. A condition joins its rules by three-valued logic: it `holds`, `fails`, or it can't
be told (`cannot_tell`) because unknown data decide or the tables have no such data at all.

Holding says that this one test is passed, not that the law's other requirements are met (the
provincial plan, a developer, capital, environment): the tables have no data on those.

The territory of the test for a new cluster (Nghị định 32/2024/NĐ-CP Điều 8 khoản 1 điểm c) was
the district. Since 01/07/2025 the province's People's Committee decides (Nghị định
139/2025/NĐ-CP Điều 12): `cluster_territory` of the resolution file, or the argument. Where the
province counts more clusters than the tables hold, those that lack may lie in any territory of
it and enter its bounds; the verdict by the clusters in the tables alone stands beside.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from data._errors import UnknownNameError
from data.dates import last_day
from data.vocabulary import CLUSTER_TERRITORIES
from geo.account import Assumptions
from geo.records import plain
from geo.rules import CLUSTER, TESTS, Case, Finding
from geo.territories import Place, find_place, places_of
from geo.verdicts import AND, OR, Formula, Truth, evaluate, names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from data.vocabulary import ClusterTerritory
    from geo.snapshot import Snapshot

VERDICTS: Final[dict[Truth, str]] = {True: "holds", False: "fails", None: "cannot_tell"}
STANDINGS: Final = {
    "clause": "legal_condition",
    "translation": "legal_condition",
    "secondary": "indicator",
    "no": "indicator",
    "repealed": "repealed",
}
# Reasons that say that areas lack in the tables; a condition as a whole has them too.
UNLISTED: Final = {"list_lacks_areas", "unlisted_may_lie_here"}
TERRITORY, PARK, ECONOMIC_ZONE = "territory", "industrial_park", "economic_zone"
CONDITION_COLUMNS: Final = (
    "condition",
    "condition_vi",
    "condition_en",
    "rule_id",
    "text_vi",
    "text_en",
    "area_id",
    "territory",
    "place_vi",
    "measured",
    "min",
    "max",
    "unit",
    "measured_2",
    "unit_2",
    "operator",
    "threshold",
    "threshold_unit",
    "threshold_2",
    "threshold_2_unit",
    "room_ha",
    "verdict",
    "listed_verdict",
    "listed_min",
    "listed_max",
    "standing",
    "verified",
    "in_force",
    "document",
    "article",
    "effective_from",
    "legal_status",
    "url",
    "coverage_known",
    "coverage_all",
    "coverage_land_pct",
    "areas",
    "formula",
    "reasons",
)


class Condition(NamedTuple):
    """A condition made of rules: what it is about, its name, and how its rules are joined.

    Names in the formula that are no rules stand for facts that the tables don't have.
    """

    key: str
    subject: str
    vi: str
    en: str
    formula: Formula


CONDITIONS: Final = (
    Condition(
        "establish_cluster",
        TERRITORY,
        "Thành lập cụm công nghiệp: điều kiện về tỷ lệ lấp đầy hoặc quỹ đất chưa cho thuê",
        "Establish a cluster: condition on fill rate or un-leased land",
        (OR, "CCN-NEW-50", "CCN-NEW-100HA"),
    ),
    Condition(
        "cluster_area",
        CLUSTER,
        "Diện tích cụm công nghiệp",
        "Area of a cluster",
        (
            AND,
            (OR, "CCN-AREA-MIN", (AND, "CCN-AREA-MIN-MOUNTAIN", "mountain_or_craft_village")),
            "CCN-AREA-MAX",
        ),
    ),
    Condition(
        "expand_cluster",
        CLUSTER,
        "Mở rộng cụm công nghiệp: tỷ lệ lấp đầy, diện tích và hạ tầng dùng chung",
        "Expand a cluster: fill rate, area and shared utilities",
        (AND, "CCN-EXP-60", "CCN-EXP-75HA", "CCN-EXP-WASTEWATER"),
    ),
    Condition(
        "cluster_small_change",
        CLUSTER,
        "Điều chỉnh nhỏ diện tích cụm công nghiệp",
        "Small change of a cluster's area",
        "CCN-ADJ-5HA",
    ),
    Condition(
        "park_phases",
        PARK,
        "Phân kỳ đầu tư khu công nghiệp trên 500 ha",
        "Phases of a park over 500 ha",
        "KCN-PHASE-500",
    ),
    Condition(
        "park_small_change",
        PARK,
        "Điều chỉnh nhỏ diện tích khu công nghiệp",
        "Small change of a park's area",
        "KCN-ADJ-2PCT",
    ),
    Condition(
        "park_larger_change",
        PARK,
        "Điều chỉnh diện tích khu công nghiệp sau khi có ý kiến các Bộ",
        "Change of a park's area after opinions of the ministries",
        "KCN-ADJ-10PCT",
    ),
    Condition(
        "expand_park",
        PARK,
        "Mở rộng khu công nghiệp: điều kiện cũ về tỷ lệ lấp đầy",
        "Expand a park: former condition on fill rate",
        "KCN-EXT-60-OLD",
    ),
    Condition(
        "expand_economic_zone",
        ECONOMIC_ZONE,
        "Mở rộng khu kinh tế",
        "Expand an economic zone",
        "KKT-EXPAND-70",
    ),
)


def conditions(
    snapshot: Snapshot,
    *,
    area_id: str | None = None,
    place: str | None = None,
    territory: ClusterTerritory | None = None,
    change_ha: float | None = None,
    thresholds: Mapping[str, float] | None = None,
    assume: Assumptions | None = None,
) -> pd.DataFrame:
    """Test the conditions of the law on an area, or on a territory.

    Parameters
    ----------
    snapshot
        From :func:`geo.snapshot.snapshot`.
    area_id
        An area: the conditions for its kind, and for a cluster that of its territory (each of
        them where it lies in several).
    place
        Without an area: a commune or old district by name; the whole province if not given.
    territory
        "commune", "legacy_district" or "province"; else what the resolution file says, and for
        no place the province.
    change_ha
        By how much the area is to grow or shrink, for the rules on expansions and changes.
    thresholds
        First threshold by rule id, for indicators alone: the law's own aren't for changing.
    assume
        What unknown figures may be, for the bounds.

    Returns
    -------
    DataFrame
        One row a rule, and after the rules of a condition that has several a row for the
        condition as a whole (`rule_id` None, `formula` set), columns `CONDITION_COLUMNS`.
        `measured` with `min` and `max` (None: no bound), `room_ha` the land that may still be
        added, `reasons` codes with parameters, `areas` the ids behind it. `listed_verdict`,
        `listed_min` and `listed_max` speak of the areas in the tables alone; None where the
        condition isn't one of a territory.

    Raises
    ------
    data._errors.UnknownNameError
        There is no such area, place or rule.
    ValueError
        A threshold of the law was to be changed, or an area and a place were given.
    """
    rules = _with_thresholds(snapshot.facts.legal_rules, thresholds or {})
    if area_id is not None and place is not None:
        msg = "an area or a place, not both"
        raise ValueError(msg)
    if territory is not None and territory not in CLUSTER_TERRITORIES:
        msg = f"no territory {territory!r}; there are {', '.join(CLUSTER_TERRITORIES)}"
        raise UnknownNameError(msg)
    if area_id is not None and area_id not in snapshot.states:
        msg = f"no area {area_id!r} in {snapshot.resolution.name.en}"
        raise UnknownNameError(msg)
    if area_id is None and place is None:
        territory = "province"
    level = territory or snapshot.resolution.cluster_territory
    kind: str | None = None
    places: tuple[Place, ...]
    if area_id is None:
        places = (find_place(place, level, snapshot.resolution),)
    else:
        kind = snapshot.states[area_id].kind
        places = places_of(snapshot.areas.loc[area_id], level, snapshot.resolution)
    found = []
    for condition in CONDITIONS:
        on_territory = condition.subject == TERRITORY
        if condition.subject == kind or (on_territory and kind in {CLUSTER, None}):
            for at in places if on_territory else places[:1]:
                case = Case(snapshot, area_id or "", at, change_ha, assume or Assumptions())
                found += list(_rows(condition, case, rules))
    return pd.DataFrame(found, columns=list(CONDITION_COLUMNS), dtype=object)


def condition_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of :func:`conditions` as plain records, unknown as None."""
    return [
        {str(field): plain(value) for field, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _with_thresholds(rules: pd.DataFrame, thresholds: Mapping[str, float]) -> pd.DataFrame:
    rules = rules.copy()
    for rule_id, value in thresholds.items():
        if rule_id not in rules.index:
            msg = f"no rule {rule_id!r}"
            raise UnknownNameError(msg)
        if STANDINGS[str(rules.loc[rule_id, "verified"])] != "indicator":
            msg = f"{rule_id} is a condition of the law; only thresholds of indicators can be set"
            raise ValueError(msg)
        rules.loc[rule_id, "threshold_1"] = value
    return rules


def _rows(condition: Condition, case: Case, rules: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the rows of one condition: its rules, and itself where it has several."""
    used = [name for name in names(condition.formula) if name in TESTS]
    by_rule = rules.T
    found = {name: by_rule[name] for name in used}
    findings = {name: TESTS[name](case, rule) for name, rule in found.items()}
    on_territory = condition.subject == TERRITORY
    head = {
        "condition": condition.key,
        "condition_vi": condition.vi,
        "condition_en": condition.en,
        "area_id": case.area_id or None,
        "territory": case.place.level if on_territory else None,
        "place_vi": case.place.name if on_territory else None,
    }
    rows = [
        {
            **head,
            **_rule_row(found[name], findings[name], case),
            **_listed(findings[name] if on_territory else None),
        }
        for name in used
    ]
    yield from rows
    if len(used) == 1:
        return
    truths = {name: finding.truth for name, finding in findings.items()}
    verdict = evaluate(condition.formula, truths)
    listed = evaluate(
        condition.formula,
        {name: finding.listed for name, finding in findings.items()},
    )
    lawful = {
        row["rule_id"]: truths[row["rule_id"]]
        for row in rows
        if row["standing"] == "legal_condition"
    }
    # Where the law's own rules decide, the indicators beside them don't matter.
    decided = evaluate(condition.formula, lawful) is verdict
    facts = [name for name in names(condition.formula) if name not in TESTS]
    lacking = [reason for reason in rows[0]["reasons"] if reason["code"] in UNLISTED]
    yield {
        **dict.fromkeys(CONDITION_COLUMNS),
        **head,
        "text_vi": condition.vi,
        "text_en": condition.en,
        "verdict": VERDICTS[verdict],
        "listed_verdict": VERDICTS[listed] if on_territory else None,
        "standing": "legal_condition" if decided else "indicator",
        "in_force": all(row["in_force"] for row in rows),
        "document": rows[0]["document"],
        "article": "; ".join(dict.fromkeys(row["article"] for row in rows)),
        "areas": tuple(dict.fromkeys(area for row in rows for area in row["areas"])),
        "formula": condition.formula,
        "reasons": (*lacking, *({"code": "not_in_data", "fact": fact} for fact in facts)),
    }


def _rule_row(rule: pd.Series, finding: Finding, case: Case) -> dict[str, Any]:
    measure, since = finding.measure, last_day(rule["effective_from"])
    standing = STANDINGS[rule["verified"]]
    early = since is not None and case.snapshot.as_of < since
    second = finding.second or (None, None)
    return {
        "rule_id": rule.name,
        "text_vi": rule["rule_vi"],
        "text_en": rule["rule_en"],
        "measured": measure.value,
        "min": measure.low,
        "max": measure.high,
        "unit": measure.unit,
        "measured_2": second[0],
        "unit_2": second[1],
        "operator": rule["operator"] or None,
        "threshold": _number(rule["threshold_1"]),
        "threshold_unit": rule["unit_1"] or None,
        "threshold_2": _number(rule["threshold_2"]),
        "threshold_2_unit": rule["unit_2"] or None,
        "room_ha": finding.room_ha,
        "verdict": VERDICTS[finding.truth],
        "standing": standing,
        "verified": rule["verified"],
        "in_force": standing != "repealed" and not early,
        "document": rule["legal_basis"],
        "article": rule["article"],
        "effective_from": rule["effective_from"] or None,
        "legal_status": rule["status_in_2026"],
        "url": rule["source_url"] or None,
        "coverage_known": measure.known,
        "coverage_all": measure.of,
        "coverage_land_pct": measure.land_pct,
        "areas": measure.areas,
        "formula": None,
        "reasons": (
            *measure.reasons,
            *finding.reasons,
            *([{"code": "not_yet_in_force", "since": rule["effective_from"]}] if early else ()),
        ),
    }


def _listed(finding: Finding | None) -> dict[str, Any]:
    """Fields of what a rule comes to by the areas in the tables alone."""
    return {
        "listed_verdict": finding and VERDICTS[finding.listed],
        "listed_min": finding and finding.measure.listed_low,
        "listed_max": finding and finding.measure.listed_high,
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
