"""Identities: what must hold among figures of an area (F001 to F004, F016)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data._frames import rows
from data.quality._findings import (
    LEASABLE,
    LEASED,
    RATE,
    TOTAL,
    QualityFinding,
    certain,
    digit,
    exceeds,
    first_day,
    near,
    province_evidence,
    same_basis,
    unit_of,
    whole,
)
from data.quality._telling import told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from data.quality._findings import Context, Seen

FULL_PCT = 100.0

# Part, what holds it, whether both count by a basis.
_HELD = (
    (LEASED, LEASABLE, True),
    (LEASABLE, TOTAL, False),
    (LEASED, TOTAL, False),
    ("cleared_ha", TOTAL, False),
    ("infrastructure_ha", TOTAL, False),
)
_COUNTED = (
    ("fdi_project_count", "project_count"),
    ("rent_min_usd_m2", "rent_max_usd_m2"),
)


def _nearest(to: Seen, candidates: Sequence[Seen]) -> Seen | None:
    """Observation nearest in time, at most 12 months away; of several, the greatest."""
    close = [item for item in candidates if near(to, item)]
    if not close:
        return None

    def distance(item: Seen) -> int:
        return abs((item.last - to.last).days) if item.last and to.last else 0

    least = min(map(distance, close))
    return max(
        (item for item in close if distance(item) == least),
        key=lambda item: (item.value, item.row),
    )


def held(seen: Context) -> Iterator[QualityFinding]:
    """F001: leased <= leasable <= total area; no more is cleared or serviced than there is."""
    for items in seen.seen.values():
        for metric, holds_metric, by_basis in _HELD:
            holders = whole(items, holds_metric)
            for part in whole(items, metric):
                possible = [item for item in holders if not by_basis or same_basis(part, item)]
                holds = _nearest(part, possible)
                if holds is None or not exceeds(part, holds):
                    continue
                project = _nearest_project(part, items)
                yield seen.about(
                    "F001",
                    "note" if project else "error" if certain(part, holds) else "warning",
                    (part, holds, *((project,) if project else ())),
                    found=str(part),
                    template="F001.project" if project else "F001",
                    metric_part=metric,
                    value_part=part.amount,
                    date_part=part.as_of,
                    metric_whole=holds_metric,
                    value_whole=holds.amount,
                    date_whole=holds.as_of,
                    **({"value_project": project.amount} if project else {}),
                )


def _nearest_project(part: Seen, items: Sequence[Seen]) -> Seen | None:
    """Area of the project around a park, where cleared land may be that of the project."""
    if part.metric in {LEASABLE, LEASED}:
        return None
    projects = [
        item for item in whole(items, "project_area_ha") if item.value + digit(item) >= part.value
    ]
    return projects[-1] if projects else None


def rates(seen: Context) -> Iterator[QualityFinding]:
    """F002: a reported rate equals leased over leasable land of its day and basis.

    What the printed digits of the three numbers allow is no finding.
    """
    for items in seen.seen.values():
        leaseds, leasables = whole(items, LEASED), whole(items, LEASABLE)
        for rate in whole(items, RATE):
            pair = _pair_of_day(rate, leaseds, leasables)
            if pair is None:
                continue
            leased, leasable = pair
            least = (leased.value - digit(leased)) / (leasable.value + digit(leasable)) * FULL_PCT
            most = (leased.value + digit(leased)) / (leasable.value - digit(leasable)) * FULL_PCT
            slack = _rate_slack(rate)
            if rate.value + slack >= least and rate.value - slack <= most:
                continue
            expected = leased.value / leasable.value * FULL_PCT
            yield seen.about(
                "F002",
                "warning",
                (rate, leased, leasable),
                found=str(rate),
                value_rate=rate.amount,
                date_rate=rate.as_of,
                value_leased=leased.amount,
                value_leasable=leasable.amount,
                value_expected=(expected, "%", "="),
            )


def _rate_slack(rate: Seen) -> float:
    """Tell by how much a printed rate may be off: rounded, or cut where printed without decimals.

    "About", "over" and "nearly" are off by up to two units of the last digit.
    """
    unit = 2.0 * digit(rate)
    if rate.qualifier != "=":
        return 2.0 * unit
    return unit if rate.value == int(rate.value) else 0.6 * unit


def _pair_of_day(
    rate: Seen,
    leaseds: Sequence[Seen],
    leasables: Sequence[Seen],
) -> tuple[Seen, Seen] | None:
    """Leased and leasable land of the day of a rate, those of its basis first."""

    def of_day(items: Sequence[Seen]) -> list[Seen]:
        same = [item for item in items if item.last == rate.last and same_basis(rate, item)]
        return [item for item in same if item.basis == rate.basis] or same

    one, other = of_day(leaseds), of_day(leasables)
    pairs = [
        (leased, leasable)
        for leased in one
        for leasable in other
        if leasable.value > digit(leasable) and same_basis(leased, leasable)
    ]
    if not pairs:
        return None
    return min(
        pairs,
        key=lambda pair: abs(pair[0].value / pair[1].value * FULL_PCT - rate.value),
    )


def future(seen: Context) -> Iterator[QualityFinding]:
    """F003: what was measured can't be of a day to come.

    Certain where even the first day of a partial date is to come; a year that has begun is a
    note, because the figure counts from its last day on.
    """
    for items in seen.seen.values():
        for item in items:
            if item.nature != "measured" or item.last is None or item.last <= seen.today:
                continue
            certainly = item.first is not None and item.first > seen.today
            yield seen.about(
                "F003",
                "error" if certainly else "note",
                (item,),
                found=item.as_of,
                template="F003" if certainly else "F003.open",
                metric=item.metric,
                value=item.amount,
                date=item.as_of,
                date_today=seen.today.isoformat(),
            )
    for row in rows(seen.facts.province_figures):
        first = first_day(row.as_of)
        if row.nature == "measured" and first is not None and first > seen.today:
            params = {
                "area": row.province,
                "metric": row.metric,
                "value": (row.value, unit_of(row.metric), "="),
                "date": row.as_of,
                "date_today": seen.today.isoformat(),
            }
            yield QualityFinding(
                code="F003",
                severity="error",
                area_id="",
                province_code=row.province_code,
                metric=row.metric,
                found=row.as_of,
                **told("F003", params),
                evidence=(province_evidence(row),),
            )


def over_full(seen: Context) -> Iterator[QualityFinding]:
    """F004: no more than all land is leased."""
    for items in seen.seen.values():
        for item in items:
            if item.metric == RATE and item.value > FULL_PCT:
                yield seen.about(
                    "F004",
                    "error" if item.qualifier in {"=", ">"} else "warning",
                    (item,),
                    found=str(item),
                    value=item.amount,
                    date=item.as_of,
                )
    for row in rows(seen.facts.province_figures):
        if row.metric == RATE and row.value > FULL_PCT:
            params = {"area": row.province, "value": (row.value, "%", "="), "date": row.as_of}
            yield QualityFinding(
                code="F004",
                severity="error",
                area_id="",
                province_code=row.province_code,
                metric=RATE,
                found=f"{row.value:.12g} %",
                **told("F004", params),
                evidence=(province_evidence(row),),
            )


def counts(seen: Context) -> Iterator[QualityFinding]:
    """F016: a part of a count isn't over the count, nor the lowest rent over the highest.

    Only of one day and one source, since sources count differently.
    """
    for items in seen.seen.values():
        for metric, holds_metric in _COUNTED:
            for part in whole(items, metric):
                for holds in whole(items, holds_metric):
                    if (
                        part.last == holds.last
                        and part.source == holds.source
                        and exceeds(part, holds)
                    ):
                        yield seen.about(
                            "F016",
                            "error" if certain(part, holds) else "warning",
                            (part, holds),
                            found=str(part),
                            metric_part=metric,
                            value_part=part.amount,
                            metric_whole=holds_metric,
                            value_whole=holds.amount,
                            date=part.as_of,
                        )
