"""What a data-quality finding is, and the observations as the rules look at them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from dateutil.relativedelta import relativedelta

from data._frames import rows
from data.dates import parse_partial
from data.quality._telling import told
from data.vocabulary import METRICS, PROVINCE_METRICS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from data.facts import Facts
    from data.quality._telling import Param

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")

PAIRING = relativedelta(months=12)
# How far from its number a figure may be that is "about", "over" or "nearly" it: a share of
# land, counts and capital, percentage points of a rate.
LOOSE = 0.05
LOOSE_POINTS = 2.0
LEASABLE, LEASED, RATE, TOTAL = (
    "industrial_land_ha",
    "leased_ha",
    "fill_rate_pct",
    "total_area_ha",
)
ANY_BASIS = "reported"
LAND = (TOTAL, LEASABLE, LEASED, RATE)


@dataclass(frozen=True)
class Evidence:
    """A printed number that a finding rests on.

    `row` is the line of `observations.csv`, None where the number is from `province_figures`
    or `areas`.
    """

    area_id: str
    metric: str
    value: float
    unit: str
    as_of: str
    qualifier: str
    basis: str
    source: str
    row: int | None
    note: str


@dataclass(frozen=True)
class QualityFinding:
    """One figure, or several together, that can't be right or should be known with care.

    `code` names the rule, `area_id` is "" where a total of the province is meant, `found` is
    numbers and signs as the tables have them, `rows` the lines of `observations.csv`. What the
    finding says and what the rule expects are in the words of each language.
    """

    code: str
    severity: Severity
    area_id: str
    province_code: str
    metric: str
    found: str
    message_vi: str
    message_en: str
    expected_vi: str
    expected_en: str
    rows: tuple[int, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Seen:
    """An observation with the first and the last day that it may speak of."""

    area_id: str
    metric: str
    value: float
    as_of: str
    first: dt.date | None
    last: dt.date | None
    qualifier: str
    basis: str
    scope: str
    nature: str
    source: str
    source_as_of: str
    note: str
    row: int

    @property
    def unit(self) -> str:
        return METRICS[self.metric]

    @property
    def amount(self) -> tuple[Param, ...]:
        return (self.value, self.unit, self.qualifier)

    @property
    def evidence(self) -> Evidence:
        return Evidence(
            area_id=self.area_id,
            metric=self.metric,
            value=self.value,
            unit=self.unit,
            as_of=self.as_of,
            qualifier=self.qualifier,
            basis=self.basis,
            source=self.source,
            row=self.row,
            note=self.note,
        )

    def __str__(self) -> str:
        sign = "" if self.qualifier == "=" else f"{self.qualifier} "
        unit = " %" if self.unit == "%" else f" {self.unit}"
        where = ", ".join(part for part in (self.as_of, self.basis, self.source) if part)
        return f"{sign}{self.value:.12g}{unit} ({where})"


@dataclass(frozen=True)
class AreaFacts:
    """What the rules need of an area."""

    area_id: str
    province_code: str
    kind: str
    name_vi: str
    name_en: str
    status: str
    status_as_of: str
    part_of: str
    counted: bool
    established_year: int | None
    wastewater: str
    wastewater_m3_day: float
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Context:
    """Areas with their observations, and the day of the check."""

    facts: Facts
    today: dt.date
    areas: Mapping[str, AreaFacts]
    seen: Mapping[str, tuple[Seen, ...]] = field(repr=False)

    def of_area(
        self,
        code: str,
        severity: Severity,
        area: AreaFacts,
        *,
        metric: str,
        found: str,
        **params: Param | tuple[Param, ...],
    ) -> QualityFinding:
        """Make a finding about an area that rests on no observation."""
        return QualityFinding(
            code=code,
            severity=severity,
            area_id=area.area_id,
            province_code=area.province_code,
            metric=metric,
            found=found,
            **told(code, {**params, "area_vi": area.name_vi, "area_en": area.name_en}),
        )

    def about(
        self,
        code: str,
        severity: Severity,
        rests_on: Iterable[Seen],
        *,
        found: str,
        template: str = "",
        **params: Param | tuple[Param, ...],
    ) -> QualityFinding:
        """Make a finding about the area of its observations, the first of which names it."""
        items = tuple(rests_on)
        area = self.areas[items[0].area_id]
        return QualityFinding(
            code=code,
            severity=severity,
            area_id=area.area_id,
            province_code=area.province_code,
            metric=items[0].metric,
            found=found,
            **told(template or code, {**params, "area_vi": area.name_vi, "area_en": area.name_en}),
            rows=tuple(sorted(item.row for item in items)),
            evidence=tuple(item.evidence for item in items),
        )


def first_day(printed: str) -> dt.date | None:
    """Give the first day that a partial date may mean, None for an empty text.

    Examples
    --------
    >>> first_day("2024-02")
    datetime.date(2024, 2, 1)
    """
    last, exactness = parse_partial(printed)
    if last is None or exactness == "day":
        return last
    return last.replace(day=1) if exactness == "month" else dt.date(last.year, 1, 1)


def context(facts: Facts, today: dt.date) -> Context:
    """Arrange the tables for the rules."""
    source_dates = facts.sources["date"].to_dict()
    seen: dict[str, list[Seen]] = {}
    for row in rows(facts.observations):
        seen.setdefault(row.area_id, []).append(
            Seen(
                area_id=row.area_id,
                metric=row.metric,
                value=float(row.value),
                as_of=row.as_of,
                first=first_day(row.as_of),
                last=parse_partial(row.as_of)[0],
                qualifier=row.qualifier,
                basis=row.basis,
                scope=row.scope,
                nature=row.nature,
                source=row.source_id,
                source_as_of=str(source_dates.get(row.source_id, "")),
                note=row.note,
                row=int(row.row),
            ),
        )
    years = facts.areas["established_year"]
    areas = {
        area.Index: AreaFacts(
            area_id=area.Index,
            province_code=area.province_code,
            kind=area.kind,
            name_vi=area.name_vi,
            name_en=area.name_en,
            status=area.status,
            status_as_of=area.status_as_of,
            part_of=area.part_of,
            counted=bool(area.counted),
            established_year=int(year) if known else None,
            wastewater=area.wastewater,
            wastewater_m3_day=float(area.wastewater_m3_day),
            sources=tuple(area.source_ids),
        )
        for area, year, known in zip(rows(facts.areas), years, years.notna(), strict=True)
    }
    return Context(facts, today, areas, {key: tuple(items) for key, items in seen.items()})


def whole(
    items: Iterable[Seen],
    metric: str,
    *,
    nature: str = "measured",
    dated: bool = True,
) -> list[Seen]:
    """Observations of one metric of the whole area, oldest first."""
    found = [
        item
        for item in items
        if item.metric == metric
        and item.scope == "whole"
        and item.nature == nature
        and (item.last is not None or not dated)
    ]
    return sorted(found, key=lambda item: (item.last or dt.date.min, item.row))


def near(one: Seen, other: Seen) -> bool:
    """Whether two dated observations are at most 12 months apart (the rule for pairs)."""
    if one.last is None or other.last is None:
        return False
    early, late = sorted((one.last, other.last))
    return late <= early + PAIRING


def digit(item: Seen) -> float:
    """Half a unit of the last digit that a number was printed with.

    Whole numbers count as printed to the unit; what is counted isn't rounded.
    """
    if item.unit in {"count", "people"}:
        return 0.0
    decimals = len(f"{item.value:.6f}".rstrip("0").partition(".")[2])
    return float(0.5 * 10.0**-decimals)


def loose(item: Seen) -> float:
    """Tell how far from its number a figure may be that isn't exactly it."""
    return LOOSE_POINTS if item.unit == "%" else LOOSE * item.value


def exceeds(part: Seen, holds: Seen) -> bool:
    """Whether a number is greater than another, beyond what rounding and "about" explain."""
    slack = digit(part) + digit(holds)
    if part.qualifier in {"<", "~"} or holds.qualifier in {">", "~"}:
        slack += loose(holds)
    return part.value > holds.value + slack


def certain(part: Seen, holds: Seen) -> bool:
    """Whether both numbers are stated so that the greater one is greater in truth.

    They speak of one day, of one basis, and neither is rounded away from the other.
    """
    return (
        part.last == holds.last
        and (part.basis == holds.basis or not part.basis or not holds.basis)
        and part.qualifier in {"=", ">"}
        and holds.qualifier in {"=", "<"}
    )


def unit_of(metric: str) -> str:
    """Give the unit of a metric of an area or a province."""
    return PROVINCE_METRICS[metric]


def same_basis(one: Seen, other: Seen) -> bool:
    return one.basis == other.basis or ANY_BASIS in {one.basis, other.basis}


def province_evidence(row: Any) -> Evidence:  # noqa: ANN401
    """Give a row of `province_figures` as evidence."""
    metric = str(row.metric)
    return Evidence(
        area_id="",
        metric=metric,
        value=float(row.value),
        unit=unit_of(metric),
        as_of=str(row.as_of),
        qualifier="=",
        basis="",
        source=str(row.source_id),
        row=None,
        note=str(row.note),
    )
