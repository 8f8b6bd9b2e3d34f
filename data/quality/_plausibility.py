"""Plausibility: what is unlikely, contradicted, old, inexact or missing (F007 to F015, F017)."""

from __future__ import annotations

import itertools
import math
import re
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from data.dates import last_day
from data.quality._findings import (
    LAND,
    LEASABLE,
    LEASED,
    RATE,
    TOTAL,
    QualityFinding,
    Seen,
    digit,
    loose,
    near,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from data.quality._findings import AreaFacts, Context, Severity

OLD_YEARS = 3
# Share of the leasable land that is seldom leased within a year; twice as much is a warning.
PACE = 0.30
# Days below which a rise isn't extrapolated to a year.
LEAST_DAYS = 90
FALL_POINTS = 5.0
BASE_CHANGE = 0.01
SIZE_CHANGE = 0.10
# The notes of the tables say so where a date isn't printed in the source.
_GUESSED = re.compile(r"\b(inferred|estimated|undated)\b")
_USED = (LEASABLE, LEASED, RATE)


def _steps(items: Sequence[Seen]) -> Iterator[tuple[list[Seen], list[Seen]]]:
    """Neighbouring days of a series, with all observations of each."""
    days = [list(group) for _, group in itertools.groupby(items, key=lambda item: item.last)]
    return itertools.pairwise(days)


def _by_basis(items: Sequence[Seen]) -> Iterator[list[Seen]]:
    for basis in dict.fromkeys(item.basis for item in items):
        yield [item for item in items if item.basis == basis]


def falls(seen: Context) -> Iterator[QualityFinding]:
    """F007: leased land, its rate and cleared land seldom fall on one basis."""
    for items in seen.seen.values():
        for metric in (LEASED, RATE, "cleared_ha"):
            for series in _by_basis(whole(items, metric)):
                for before, after in _steps(series):
                    least = min(before, key=lambda item: (item.value, item.row))
                    most = max(after, key=lambda item: (item.value, item.row))
                    fall = least.value - most.value
                    exact = least.qualifier == most.qualifier == "="
                    if fall <= digit(least) + digit(most) + (0.0 if exact else loose(least)):
                        continue
                    small = metric == RATE and fall <= FALL_POINTS
                    yield _change(seen, "fall", "note" if small else "warning", least, most)


def _change(
    seen: Context,
    how: str,
    severity: Severity,
    before: Seen,
    after: Seen,
    **params: str | tuple[str | float, ...],
) -> QualityFinding:
    return seen.about(
        "F007",
        severity,
        (before, after),
        found=str(after),
        template=f"F007.{how}",
        metric=after.metric,
        value_before=before.amount,
        date_before=before.as_of,
        value_after=after.amount,
        date_after=after.as_of,
        **params,
    )


def jumps(seen: Context) -> Iterator[QualityFinding]:
    """F007: leased land rises by more than `PACE` of the leasable land a year.

    The rate stands for the land where leased land has no series on that basis.
    """
    for items in seen.seen.values():
        leased = whole(items, LEASED)
        series = {item.basis for item in leased}
        series = {basis for basis in series if sum(item.basis == basis for item in leased) > 1}
        rates = [item for item in whole(items, RATE) if item.basis not in series]
        for basis_items in (*_by_basis(leased), *_by_basis(rates)):
            for before, after in _steps(basis_items):
                most = max(before, key=lambda item: (item.value, item.row))
                least = min(after, key=lambda item: (item.value, item.row))
                pace = _pace(most, least, items)
                if pace is not None and pace > PACE:
                    yield _change(
                        seen,
                        "jump",
                        "warning" if pace > 2.0 * PACE else "note",
                        most,
                        least,
                        value_pace=(pace * 100.0, "%", "="),
                    )


def _pace(before: Seen, after: Seen, items: Sequence[Seen]) -> float | None:
    """Share of the leasable land that was leased a year; None where there is no base."""
    if before.last is None or after.last is None:
        return None
    years = max((after.last - before.last).days, LEAST_DAYS) / 365.25
    rise = after.value - before.value
    if before.metric == RATE:
        return rise / 100.0 / years
    bases = [
        item
        for item in whole(items, LEASABLE)
        if item.basis == after.basis and (near(item, before) or near(item, after))
    ]
    return rise / max(item.value for item in bases) / years if bases else None


def bases(seen: Context) -> Iterator[QualityFinding]:
    """F007: leasable land that changes, or is counted otherwise; a park that changes its size."""
    for items in seen.seen.values():
        for before, after in itertools.pairwise(whole(items, LEASABLE)):
            if before.last == after.last or not _differs(before, after, BASE_CHANGE):
                continue
            if before.basis == after.basis:
                yield _change(seen, "base", "note", before, after)
            else:
                yield _change(
                    seen,
                    "basis",
                    "note",
                    before,
                    after,
                    basis_before=before.basis,
                    basis_after=after.basis,
                )
        for before, after in itertools.pairwise(whole(items, TOTAL)):
            if before.last != after.last and _differs(before, after, SIZE_CHANGE):
                yield _change(seen, "size", "note", before, after)


def _differs(before: Seen, after: Seen, share: float) -> bool:
    return abs(after.value - before.value) > share * before.value + digit(before) + digit(after)


def agrees(one: Seen, other: Seen) -> bool:
    """Whether two numbers of one day may both be true, by their digits and their "about"."""
    slack = digit(one) + digit(other)
    if "~" in {one.qualifier, other.qualifier}:
        slack += max(loose(one), loose(other))
    low, high = sorted((one, other), key=lambda item: item.value)
    if low.qualifier == ">" or high.qualifier == "<":
        return True
    return high.value - low.value <= slack


def conflicts(seen: Context) -> Iterator[QualityFinding]:
    """F008: figures of one day that can't all be true.

    Counts, capital and jobs depend on what a source counts, and so do figures of different
    bases: a note. Land and rates of one basis, or of one that isn't stated: a warning.
    """
    for items in seen.seen.values():
        told = sorted(
            (item for item in items if item.nature == "measured" or item.last is not None),
            key=lambda item: (item.metric, item.scope, item.nature, item.as_of, item.row),
        )
        groups: dict[tuple[object, ...], list[Seen]] = {}
        for item in told:
            groups.setdefault((item.metric, item.scope, item.nature, item.last), []).append(item)
        for group in groups.values():
            apart = [item for item in group if any(not agrees(item, other) for other in group)]
            if not apart:
                continue
            land = apart[0].metric.endswith(("_ha", "_pct"))
            one_basis = len({item.basis for item in apart} - {"reported"}) <= 1
            yield seen.about(
                "F008",
                "warning" if land and one_basis and apart[0].last else "note",
                apart,
                found=" / ".join(str(item) for item in apart),
                template="F008" if apart[0].last else "F008.undated",
                metric=apart[0].metric,
                date=apart[0].as_of,
                values=tuple(itertools.chain.from_iterable(item.amount for item in apart)),
            )


def undated(seen: Context) -> Iterator[QualityFinding]:
    """F009: a figure without a date, and whether it can be used."""
    for items in seen.seen.values():
        for item in items:
            if item.last is not None:
                continue
            dated = bool(whole(items, item.metric, nature=item.nature))
            yield seen.about(
                "F009",
                "note",
                (item,),
                found=str(item),
                template="F009.unused" if dated else "F009",
                metric=item.metric,
                value=item.amount,
            )


def _present(seen: Context) -> list[AreaFacts]:
    """Areas whose land is on the market: operating, counted, no economic zone."""
    return [
        area
        for area in seen.areas.values()
        if area.status == "operating" and area.counted and area.kind != "economic_zone"
    ]


def _on_land(seen: Context, area: AreaFacts, *, dated: bool) -> list[Seen]:
    """Figures on the land to lease of an area and of its parts, oldest first."""
    ids = [
        area.area_id,
        *(part.area_id for part in seen.areas.values() if part.part_of == area.area_id),
    ]
    found = [
        item
        for area_id in ids
        for metric in _USED
        for item in whole(seen.seen.get(area_id, ()), metric, dated=dated)
        if item.last is None or item.last <= seen.today
    ]
    return sorted(found, key=lambda item: (item.last is not None, item.last or seen.today))


def old(seen: Context) -> Iterator[QualityFinding]:
    """F010: the newest figure on the land of an operating area is more than three years old."""
    since = seen.today - relativedelta(years=OLD_YEARS)
    for area in _present(seen):
        figures = _on_land(seen, area, dated=True)
        if not figures or (figures[-1].last or seen.today) >= since:
            continue
        newest = figures[-1]
        yield seen.about(
            "F010",
            "warning",
            (newest,),
            found=str(newest),
            metric=newest.metric,
            value=newest.amount,
            date=newest.as_of,
            date_since=since.isoformat(),
            years=OLD_YEARS,
        )


def silent(seen: Context) -> Iterator[QualityFinding]:
    """F017: an operating area of which no figure on its land to lease is known."""
    for area in _present(seen):
        if not _on_land(seen, area, dated=False):
            yield seen.of_area(
                "F017",
                "note",
                area,
                metric=RATE,
                found="-",
            )


def inexact(seen: Context) -> Iterator[QualityFinding]:
    """F011: a figure in use is "about", "over" or "nearly", or its date was inferred."""
    for items in seen.seen.values():
        for metric in LAND:
            used = [item for item in whole(items, metric) if item.last and item.last <= seen.today]
            if not used:
                continue
            item = used[-1]
            if item.qualifier != "=":
                yield seen.about(
                    "F011",
                    "note",
                    (item,),
                    found=str(item),
                    metric=metric,
                    value=item.amount,
                    date=item.as_of,
                )
            if _GUESSED.search(item.note):
                yield seen.about(
                    "F011",
                    "note",
                    (item,),
                    found=f"{item.as_of} ({item.source})",
                    template="F011.date",
                    metric=metric,
                    value=item.amount,
                    date=item.as_of,
                )


def after_source(seen: Context) -> Iterator[QualityFinding]:
    """F012: a source can't have measured what is later than itself.

    Only where even the first day of the figure is after the last day of the source.
    """
    for items in seen.seen.values():
        for item in items:
            published = last_day(item.source_as_of)
            if item.nature != "measured" or item.first is None or published is None:
                continue
            if item.first > published:
                yield seen.about(
                    "F012",
                    "warning",
                    (item,),
                    found=item.as_of,
                    metric=item.metric,
                    value=item.amount,
                    date=item.as_of,
                    date_source=item.source_as_of,
                    source=item.source,
                )


def _tenants(items: Sequence[Seen]) -> list[Seen]:
    """Observations that show tenants, oldest first."""
    shown = [
        item
        for item in items
        if item.metric in {LEASED, RATE}
        and item.nature == "measured"
        and item.value > 0
        and item.last is not None
    ]
    return sorted(shown, key=lambda item: (item.last is None, item.last, item.row))


def early(seen: Context) -> Iterator[QualityFinding]:
    """F013: an area has tenants before the year in which it was founded."""
    for area in seen.areas.values():
        tenants = _tenants(seen.seen.get(area.area_id, ()))
        if not tenants or area.established_year is None:
            continue
        first = tenants[0]
        if first.last is not None and first.last.year < area.established_year:
            yield seen.about(
                "F013",
                "warning",
                (first,),
                found=first.as_of,
                metric=first.metric,
                value=first.amount,
                date=first.as_of,
                year=area.established_year,
            )


def wastewater(seen: Context) -> Iterator[QualityFinding]:
    """F014: a treatment capacity without a plant that exists or is being built."""
    for area in seen.areas.values():
        capacity = area.wastewater_m3_day
        if not math.isnan(capacity) and area.wastewater not in {"yes", "under_construction"}:
            yield seen.of_area(
                "F014",
                "warning",
                area,
                metric="wastewater_m3_day",
                found=area.wastewater or "-",
                value=(capacity, "m3_day", "="),
            )


def unopened(seen: Context) -> Iterator[QualityFinding]:
    """F015: an area has tenants, though it is called planned or established only."""
    for area in seen.areas.values():
        tenants = _tenants(seen.seen.get(area.area_id, ()))
        if tenants and area.status in {"planned", "established"}:
            newest = tenants[-1]
            yield seen.about(
                "F015",
                "warning",
                (newest,),
                found=area.status,
                metric=newest.metric,
                value=newest.amount,
                date=newest.as_of,
            )
