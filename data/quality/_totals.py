"""Totals: parts against their whole, a province against its areas (F005, F006)."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING, Any

from data._frames import rows
from data.dates import last_day
from data.quality._findings import (
    LEASABLE,
    LEASED,
    TOTAL,
    QualityFinding,
    certain,
    digit,
    near,
    province_evidence,
    same_basis,
    unit_of,
    whole,
)
from data.quality._telling import told

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from data.quality._findings import AreaFacts, Context
    from data.quality._telling import Param

_SUMMED = (TOTAL, LEASABLE, LEASED)
# Share by which a sum of rounded parts may differ from its whole.
SUM_TOLERANCE = 0.01
_KIND_OF_SCOPE = {
    "kcn": "industrial_park",
    "ccn": "industrial_cluster",
    "kkt": "economic_zone",
}
_ESTABLISHED = ("established", "under_construction", "operating")
_COMPARED = ("area_count", "operating_count", TOTAL, LEASED)


def parts(seen: Context) -> Iterator[QualityFinding]:
    """F005: parts sum to no more than their whole, and to it where every part is known.

    A total area holds until the next one; leasable and leased land are compared within 12
    months and on one basis. Less than the whole is a note: the tables may lack a part.
    """
    for whole_id, group in groupby(
        sorted(
            (area for area in seen.areas.values() if area.part_of),
            key=lambda area: area.part_of,
        ),
        key=lambda area: area.part_of,
    ):
        members = list(group)
        for metric in _SUMMED:
            yield from _parts_of(seen, whole_id, members, metric)


def _parts_of(
    seen: Context,
    whole_id: str,
    members: Sequence[AreaFacts],
    metric: str,
) -> Iterator[QualityFinding]:
    """Compare the newest figures of the parts with the whole's figure of that time."""
    wholes = whole(seen.seen.get(whole_id, ()), metric)
    newest = [
        items[-1]
        for member in members
        if (items := whole(seen.seen.get(member.area_id, ()), metric))
    ]
    if not wholes or not newest:
        return
    day = max(item.last for item in newest if item.last is not None)
    if metric == TOTAL:
        in_force = [item for item in wholes if item.last is not None and item.last <= day]
        holds = in_force[-1] if in_force else wholes[0]
    else:
        near_all = [
            item
            for item in wholes
            if all(near(item, part) and same_basis(item, part) for part in newest)
        ]
        if not near_all:
            return
        holds = near_all[-1]
    total = math.fsum(item.value for item in newest)
    slack = max(SUM_TOLERANCE * holds.value, math.fsum(map(digit, (*newest, holds))))
    over = total > holds.value + slack and holds.qualifier != ">"
    under = len(newest) == len(members) and total < holds.value - slack
    if not (over or under):
        return
    sure = over and all(certain(part, holds) for part in newest)
    yield seen.about(
        "F005",
        "error" if sure else "warning" if over else "note",
        (holds, *newest),
        found=" + ".join(f"{item.value:.12g}" for item in newest) + f" = {total:.12g} ha",
        template="F005.over" if over else "F005.under",
        metric=metric,
        value_sum=(total, unit_of(metric), "="),
        value_whole=holds.amount,
        date=holds.as_of,
    )


def province_totals(seen: Context) -> Iterator[QualityFinding]:
    """F006: what the province states for all its parks or clusters, and the sum of ours.

    Compared are the newest measured, dated figures of one kind of area and of the whole of a
    present province: number of established areas, number of operating areas, their total
    area and their leased land. Means of rates, mixed scopes, subsets and former provinces
    aren't comparable. More than the province states is a warning, less a note: the lists are
    incomplete. Where a status is younger than the figure, the area may or may not be in it.
    """
    figures = seen.facts.province_figures
    usable = figures[
        (figures["nature"] == "measured")
        & (figures["subset"] == "all")
        & (figures["as_of"] != "")
        & ~figures["province"].str.contains("(former)", regex=False)
    ]
    newest: dict[tuple[str, str, str], tuple[dt.date, Any]] = {}
    for row in rows(usable):
        day = last_day(row.as_of)
        if len(row.scope) != 1 or row.metric not in _COMPARED or day is None:
            continue
        key = (row.province_code, row.scope[0], row.metric)
        if day <= seen.today and (key not in newest or newest[key][0] <= day):
            newest[key] = (day, row)
    for (code, scope, metric), (day, row) in newest.items():
        if metric == TOTAL and scope == "kkt":
            continue
        ours = [
            area
            for area in seen.areas.values()
            if area.province_code == code and area.counted and area.kind == _KIND_OF_SCOPE[scope]
        ]
        yield from _against(seen, row, scope, day, ours)


def _certainty(area: AreaFacts, day: dt.date, statuses: Sequence[str]) -> tuple[bool, bool]:
    """Whether an area surely had, and whether it may have had, one of the statuses on a day."""
    if area.status not in statuses:
        # Without a status on record an area may have had any.
        return False, not area.status
    if area.established_year is not None and area.established_year > day.year:
        return False, False
    since = last_day(area.status_as_of)
    surely = since is not None and since <= day
    if "established" in statuses and area.established_year is not None:
        surely = surely or area.established_year < day.year
    return surely, True


def _against(
    seen: Context,
    row: Any,  # noqa: ANN401
    scope: str,
    day: dt.date,
    ours: Sequence[AreaFacts],
) -> Iterator[QualityFinding]:
    metric, reported = str(row.metric), float(row.value)
    statuses = ("operating",) if metric == "operating_count" else _ESTABLISHED
    known = [(area, *_certainty(area, day, statuses)) for area in ours]
    evidence = [province_evidence(row)]
    if metric in {TOTAL, LEASED}:
        newest = {
            area.area_id: items[-1]
            for area, _, maybe in known
            if maybe
            and (
                items := [
                    item
                    for item in whole(seen.seen.get(area.area_id, ()), metric)
                    if item.last is not None and item.last <= day
                ]
            )
        }
        least = math.fsum(
            newest[area.area_id].value
            for area, surely, _ in known
            if area.area_id in newest and (surely or metric == LEASED)
        )
        most = math.fsum(item.value for item in newest.values())
        evidence += [item.evidence for item in newest.values()]
    else:
        least = float(sum(surely for _, surely, _ in known))
        most = float(sum(maybe for _, _, maybe in known))
    slack = SUM_TOLERANCE * reported if metric in {TOTAL, LEASED} else 0.0
    over, under = least > reported + slack, most < reported - slack
    if not (over or under):
        return
    here = least if over else most
    params: dict[str, Param | tuple[Param, ...]] = {
        "province": str(row.province),
        "kinds": scope,
        "metric": metric,
        "value_here": (here, unit_of(metric), "="),
        "value_reported": (reported, unit_of(metric), "="),
        "date": str(row.as_of),
    }
    yield QualityFinding(
        code="F006",
        severity="warning" if over else "note",
        area_id="",
        province_code=str(row.province_code),
        metric=metric,
        found=f"{here:.12g}",
        **told("F006.over" if over else "F006.under", params),
        rows=tuple(sorted(item.row for item in evidence if item.row is not None)),
        evidence=tuple(evidence),
    )
