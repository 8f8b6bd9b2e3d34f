"""Form 04 of Thông tư 14/2024/TT-BCT on industrial clusters: what the account can fill of it.

Data are cut off on 14/06 (half-year) and 14/12 (year), Điều 3 khoản 2. Of the form's text the
tables know items 17 to 19 (`CCN-REPORT-FILL` of `legal_rules.csv`), from a secondary source;
the others are left out, not guessed. A cell is filled only where it is known of every operating
cluster, those among them that the province counts and the tables lack; else it is blank and
listed with what is missing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from geo.shortfalls import shortfalls
from geo.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geo.figures import Figure
    from geo.snapshot import Province, Snapshot
    from geo.states import AreaState

CLUSTER: Final = "industrial_cluster"
_HALF, _YEAR = (6, 14), (12, 14)
UNITS: Final = {17: "ha", 18: "ha", 19: "%"}
_LEASABLE, _LEASED, _RATE = UNITS
_ALL_PCT: Final = 100.0


@dataclass(frozen=True)
class Period:
    """A reporting period: from 15/12 of the year before to its cut-off."""

    first: dt.date
    cut_off: dt.date

    @property
    def half(self) -> bool:
        """Whether it is the half-year's."""
        return (self.cut_off.month, self.cut_off.day) == _HALF


@dataclass(frozen=True)
class Item:
    """One cell of the form.

    `value` is None where a cluster lacks it; `known_part` sums those that have it, `known` of
    `of`, the clusters that the province counts and the tables lack among the latter. `oldest`
    and `newest` are the dates of the figures, `missing` the clusters without.
    """

    number: int
    value: float | None
    known_part: float | None
    known: int
    of: int
    oldest: str
    newest: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Filled:
    """The form at one cut-off, and the account that it rests on."""

    period: Period
    state: Snapshot
    items: tuple[Item, ...]
    lacking: tuple[Mapping[str, Any], ...]
    clusters: tuple[str, ...]


@dataclass(frozen=True)
class Form04:
    """The form at the newest cut-off not after a date, and at the one before."""

    now: Filled
    before: Filled


def period_of(as_of: dt.date) -> Period:
    """Give the period whose cut-off is the newest not after a date.

    Examples
    --------
    >>> period_of(dt.date(2026, 6, 30)).cut_off, period_of(dt.date(2026, 6, 13)).cut_off
    (datetime.date(2026, 6, 14), datetime.date(2025, 12, 14))
    """
    ends = [
        dt.date(year, *end)
        for year in (as_of.year - 1, as_of.year)
        for end in (_HALF, _YEAR)
        if dt.date(year, *end) <= as_of
    ]
    return Period(first=dt.date(ends[-1].year - 1, 12, 15), cut_off=ends[-1])


def form04(province: Province, as_of: dt.date) -> Form04:
    """Fill the form from the account of a province.

    Parameters
    ----------
    province
        From :func:`geo.snapshot.load_province`.
    as_of
        A day on or after the cut-off.
    """
    now = period_of(as_of)
    before = period_of(now.cut_off - dt.timedelta(days=1))
    return Form04(_filled(province, now), _filled(province, before))


def _filled(province: Province, period: Period) -> Filled:
    state = snapshot(province, period.cut_off)
    counted = state.areas["counted"]
    operating = [
        one
        for one in state.states.values()
        if one.kind == CLUSTER and one.status == "operating" and counted[one.area_id]
    ]
    lacking = tuple(shortfalls(state, CLUSTER))
    land = _sum(_LEASABLE, operating, [one.occupancy.leasable for one in operating], lacking)
    leased = _sum(_LEASED, operating, [one.occupancy.leased for one in operating], lacking)
    return Filled(
        period=period,
        state=state,
        items=(land, leased, _rate(land, leased, operating, lacking)),
        lacking=lacking,
        clusters=tuple(one.area_id for one in operating),
    )


def _sum(
    number: int,
    operating: Sequence[AreaState],
    figures: Sequence[Figure | None],
    lacking: Iterable[Mapping[str, Any]],
) -> Item:
    pairs = zip(operating, figures, strict=True)
    whole = {
        state.area_id: figure
        for state, figure in pairs
        if figure is not None and figure.how != "lower_bound" and figure.qualifier == "="
    }
    absent = sum(int(one["missing"]) for one in lacking)
    total = sum(figure.value for figure in whole.values()) if whole else None
    dated = sorted((one.until, one.as_of) for one in whole.values() if one.until is not None)
    return Item(
        number=number,
        value=total if whole and len(whole) == len(operating) and not absent else None,
        known_part=total,
        known=len(whole),
        of=len(operating) + absent,
        oldest=dated[0][1] if dated else "",
        newest=dated[-1][1] if dated else "",
        missing=tuple(one.area_id for one in operating if one.area_id not in whole),
    )


def _rate(
    land: Item,
    leased: Item,
    operating: Sequence[AreaState],
    lacking: Iterable[Mapping[str, Any]],
) -> Item:
    """Leased over industrial land, of clusters that have a pair of both."""
    pairs = [one for one in operating if one.occupancy.paired]
    parts = [
        (one.occupancy.leased.value, one.occupancy.leasable.value)
        for one in pairs
        if one.occupancy.leased and one.occupancy.leasable
    ]
    over = sum(part[1] for part in parts)
    known_part = sum(part[0] for part in parts) / over * _ALL_PCT if over else None
    absent = sum(int(one["missing"]) for one in lacking)
    complete = land.value is not None and leased.value is not None and len(pairs) == len(operating)
    return Item(
        number=_RATE,
        value=known_part if complete else None,
        known_part=known_part,
        known=len(pairs),
        of=len(operating) + absent,
        oldest=leased.oldest,
        newest=leased.newest,
        missing=tuple(one.area_id for one in operating if not one.occupancy.paired),
    )


def change(now: Item, before: Item) -> float | None:
    """Give this period less the one before; None where either isn't known."""
    if now.value is None or before.value is None:
        return None
    return now.value - before.value
