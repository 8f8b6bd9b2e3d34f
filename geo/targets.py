"""Targets of a province's documents, held against the account of its land.

Every target is listed. Those that land data measure (fill rate, central wastewater treatment,
new areas in a period) are measured for the date, with coverage and bounds, and judged:

- ``met``: the lowest possible value satisfies the target;
- ``not_met``: the highest possible value doesn't;
- ``cannot_tell``: a completion of the unknowns lies on each side;
- ``not_measurable``: land data don't measure it; never judged.

How a target is read. More is better for all that is measured here, so "10-12 new parks" and
"= 100 %" ask for at least the lower number. A target over parks and clusters is one rate over
both; `by_kind` has each by itself. Lists are incomplete: areas that the province reports and
the tables lack enter the bounds as areas of which nothing is known.

The verdict says whether a target is met on the date, whether or not it is due; `due` is the
last day of its year or period, `timing` whether that day has come. A count over a period is the
exception: while the period runs more areas may come, so that it is met or `cannot_tell`, and
`not_met` only once the period is over.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo.measures import (
    Measure,
    fill_rate,
    new_areas,
    parts_of,
    wastewater_share,
)
from geo.records import plain
from geo.shortfalls import province_counts, shortfalls
from geo.verdicts import judge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from data.resolutions import Target
    from geo.account import Assumptions
    from geo.snapshot import Snapshot
    from geo.verdicts import Truth

FILL_RATE, WASTEWATER, NEW_AREAS = (
    "fill_rate_pct",
    "central_wastewater_share_pct",
    "new_area_count",
)
# What the province itself reports of the same thing.
REPORTED: Final = {
    FILL_RATE: ("fill_rate_pct", "operating_count"),
    WASTEWATER: ("wastewater_central_count", "operating_count"),
    NEW_AREAS: ("area_count", "established_count", "operating_count"),
}
ALL_KINDS: Final = ("industrial_park", "industrial_cluster", "high_tech_park")
VERDICTS: Final[dict[Truth, str]] = {True: "met", False: "not_met", None: "cannot_tell"}
NOT_MEASURABLE: Final = "not_measurable"
TARGET_COLUMNS: Final = (
    "key",
    "name_vi",
    "name_en",
    "metric",
    "scope",
    "of_status",
    "operator",
    "value",
    "value_max",
    "about",
    "unit",
    "year",
    "period_first",
    "period_last",
    "due",
    "timing",
    "measured",
    "min",
    "max",
    "coverage_known",
    "coverage_all",
    "coverage_land_pct",
    "listed_min",
    "listed_max",
    "reported_min",
    "reported_max",
    "verdict",
    "reasons",
    "by_kind",
    "areas",
    "reports",
    "citations_vi",
    "citations_en",
    "as_printed_vi",
    "as_printed_en",
    "remark_vi",
    "remark_en",
)


def targets(snapshot: Snapshot, *, assume: Assumptions | None = None) -> pd.DataFrame:
    """All targets of a province, measured and judged for the date of a snapshot.

    Parameters
    ----------
    snapshot
        From :func:`geo.snapshot.snapshot`.
    assume
        What unknown figures may be, for the bounds.

    Returns
    -------
    DataFrame
        One row a target, in the order of the documents, columns `TARGET_COLUMNS`; None where
        unknown or not said. `measured` is the value over what is known, `min` and `max` what
        any completion allows (None: no bound); of a fill rate, `listed_min` and `listed_max`
        are the bounds over the areas in the tables alone, `reported_min` and `reported_max`
        those if every reported rate still held. `coverage_known` of `coverage_all` areas have
        the data, `reasons` say what decides (codes with parameters), `areas` are the ids behind
        it, `reports` the province's own figures of the same thing, oldest first, `by_kind` the
        measure and verdict of each kind where the scope has several.
    """
    meant: set[str] = {
        kind for one in snapshot.resolution.targets for kind in one.scope or ALL_KINDS
    }
    lacking = {kind: shortfalls(snapshot, kind) for kind in meant}
    found = [_row(one, snapshot, lacking, assume) for one in snapshot.resolution.targets]
    return pd.DataFrame(found, columns=list(TARGET_COLUMNS), dtype=object)


def target_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of :func:`targets` as plain records, unknown as None."""
    return [
        {str(field): plain(value) for field, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _row(
    target: Target,
    snapshot: Snapshot,
    lacking: Mapping[str, Sequence[Mapping[str, Any]]],
    assume: Assumptions | None,
) -> dict[str, Any]:
    due = _due(target)
    cited = [snapshot.resolution.cite(citation) for citation in target.citations]
    return {
        "key": target.key,
        "name_vi": target.name.vi,
        "name_en": target.name.en,
        "metric": target.metric,
        "scope": target.scope,
        "of_status": target.of_status,
        "operator": target.operator,
        "value": target.value,
        "value_max": target.value_max,
        "about": target.about,
        "unit": target.unit,
        "year": target.year,
        "period_first": target.period and target.period.first,
        "period_last": target.period and target.period.last,
        "due": due,
        "timing": _timing(due, snapshot.as_of),
        **_judged(target, snapshot, lacking, assume),
        "citations_vi": tuple(citation.vi for citation in cited),
        "citations_en": tuple(citation.en for citation in cited),
        "as_printed_vi": target.as_printed and target.as_printed.vi,
        "as_printed_en": target.as_printed and target.as_printed.en,
        "remark_vi": target.remark and target.remark.vi,
        "remark_en": target.remark and target.remark.en,
    }


def _due(target: Target) -> dt.date | None:
    last = target.period.last if target.period else target.year
    return dt.date(last, 12, 31) if last is not None else None


def _timing(due: dt.date | None, as_of: dt.date) -> str:
    if due is None:
        return "no_date"
    return "due" if due <= as_of else "not_yet_due"


def _judged(
    target: Target,
    snapshot: Snapshot,
    lacking: Mapping[str, Sequence[Mapping[str, Any]]],
    assume: Assumptions | None,
) -> dict[str, Any]:
    kinds = target.scope or ALL_KINDS
    measure = _measure(target, kinds, snapshot, lacking, assume)
    if measure is None:
        return {
            **_fields(Measure(unit=target.unit)),
            "verdict": NOT_MEASURABLE,
            "reasons": ({"code": _why_not(target)},),
            "by_kind": {},
            "reports": (),
        }
    by_kind = {
        kind: {**_fields(one), **_verdict(target, one, snapshot.as_of)}
        for kind in (kinds if len(kinds) > 1 else ())
        if (one := _measure(target, (kind,), snapshot, lacking, assume)) is not None
    }
    reports = [
        report
        for kind in kinds
        for report in province_counts(snapshot, kind, REPORTED[target.metric], all_subsets=True)
    ]
    return {
        **_fields(measure),
        **_verdict(target, measure, snapshot.as_of),
        "by_kind": by_kind,
        "reports": tuple(reports),
    }


def _fields(measure: Measure) -> dict[str, Any]:
    return {
        "measured": measure.value,
        "min": measure.low,
        "max": measure.high,
        "coverage_known": measure.known if measure.areas or measure.of else None,
        "coverage_all": measure.of if measure.areas or measure.of else None,
        "coverage_land_pct": measure.land_pct,
        "listed_min": measure.listed_low,
        "listed_max": measure.listed_high,
        "reported_min": measure.reported_low,
        "reported_max": measure.reported_high,
        "areas": measure.areas,
    }


def _why_not(target: Target) -> str:
    if target.metric not in REPORTED:
        return "not_land_data"
    return "no_number" if target.value is None else "no_period"


def _measure(
    target: Target,
    kinds: Sequence[str],
    snapshot: Snapshot,
    lacking_of: Mapping[str, Sequence[Mapping[str, Any]]],
    assume: Assumptions | None,
) -> Measure | None:
    """Measure what a target asks for; None where land data can't."""
    if target.value is None:
        return None
    lacking = [reason for kind in kinds for reason in lacking_of[kind]]
    if target.metric == FILL_RATE:
        parts = parts_of(snapshot, kinds, of_status=target.of_status)
        return fill_rate(parts, snapshot.as_of, assume, lacking=lacking)
    if target.metric == WASTEWATER:
        areas = snapshot.areas
        meant = areas[areas["counted"] & areas["kind"].isin(kinds)]
        sure = meant.index[meant["status"] == (target.of_status or "operating")]
        maybe = meant.index[meant["status"].isna()]
        treated = {str(area): str(state) for area, state in meant["wastewater"].items()}
        share = wastewater_share(list(sure), list(maybe), treated, lacking=lacking)
        return replace(share, reasons=(*share.reasons, {"code": "wastewater_undated"}))
    if target.metric == NEW_AREAS and target.period is not None:
        return new_areas(snapshot, kinds, target.period)
    return None


def _verdict(target: Target, measure: Measure, as_of: dt.date) -> dict[str, Any]:
    """Verdict with its reasons."""
    if target.value is None:
        return {"verdict": NOT_MEASURABLE, "reasons": measure.reasons}
    operator = target.operator if target.operator in {">", "<", "<="} else ">="
    nothing = measure.low is None and measure.high is None
    truth = None if nothing else judge(measure.low, measure.high, operator, target.value)
    reasons = measure.reasons
    if target.metric == NEW_AREAS and _timing(_due(target), as_of) != "due":
        reasons = (*reasons, {"code": "period_not_over"})
        truth = truth or None
    return {"verdict": VERDICTS[truth], "reasons": reasons}
