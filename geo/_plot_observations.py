"""Figures of plots, leases and outlines as observations, which compete with those of sources.

They obey the rules that all observations obey (:mod:`geo.figures`, :mod:`geo.occupancy`): a
newer reported rate still goes before them, and what differs stays as a conflict. Each date on
which a plot or a lease changes has its own, so that figures over time follow the register.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from data._frames import rows
from data.dates import last_day, parse_partial
from data.scenarios import SCENARIO
from geo._plot_states import STATED_AGREES, arrays, states_on
from geo._plot_sums import plot_rows, sums
from geo.crs import area_ha
from geo.figures import EXACTNESS, LEASABLE, LEASED, Observation
from geo.occupancy import ANY_BASIS
from geo.plots import BASES_OF_KIND, LEASED_STATUSES, WHOLE_LAYER, Register

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

    from geo._plot_states import Integers, PlotStates
    from geo._plot_sums import PlotRows, Sums

TOTAL = "total_area_ha"
# Said by a source or assumed by a scenario, and not worked out here.
STATED = frozenset({"observed", SCENARIO})
# Of plots, that figures are made of.
COLUMNS = (
    "area_id",
    "plot_id",
    "use",
    "status",
    "area_ha",
    "area_from",
    "differs_pct",
    "day",
    "as_of",
    "source_id",
)
_ENDLESS = dt.date.max.toordinal()


class Cover(NamedTuple):
    """How much of an area its plots cover, and whether that counts as all of it."""

    of_total_pct: float | None
    of_leasable_pct: float | None
    whole: bool


def cover(
    plots_ha: float,
    leasable_ha: float,
    total_ha: float | None,
    stated_leasable_ha: float | None,
) -> Cover:
    """Tell whether plots cover an area: 95 % of its total or of its stated leasable land.

    Where neither is known the plots can't be compared and don't count as all of it.

    Examples
    --------
    >>> cover(360.0, 286.0, 367.6, None).whole, cover(200.0, 180.0, 367.6, 286.63).whole
    (True, False)
    """
    of_total = plots_ha / total_ha * 100.0 if total_ha else None
    of_leasable = leasable_ha / stated_leasable_ha * 100.0 if stated_leasable_ha else None
    least = WHOLE_LAYER * 100.0
    whole = any(share is not None and share >= least for share in (of_total, of_leasable))
    return Cover(of_total, of_leasable, whole)


def coverage(
    figures: Mapping[Any, Any],
    observations: Sequence[Observation],
    outline_ha: float | None,
) -> tuple[float | None, Cover]:
    """Total area that plots are compared with, and how much of the area they cover.

    Parameters
    ----------
    figures
        A row of :func:`geo.plots.add_up`.
    observations
        Of the area; what follows from plots themselves isn't compared with.
    outline_ha
        Land of its outline, for want of a stated total.
    """
    on = last_day(figures["newest_as_of"])
    stated = [item for item in observations if item.how in STATED]
    total = nearest(stated, TOTAL, on)
    leasable = nearest(stated, LEASABLE, on, (figures["basis"], ANY_BASIS))
    whole_ha = total.value if total else outline_ha
    stated_ha = leasable.value if leasable else None
    return whole_ha, cover(figures["plots_ha"], figures["leasable_ha"], whole_ha, stated_ha)


def _observation(area_id: str, metric: str, value: float, as_of: str, **fields: Any) -> Observation:  # noqa: ANN401
    until, exactness = parse_partial(as_of)
    given: dict[str, Any] = {
        "qualifier": "=",
        "basis": "",
        "scope": "whole",
        "nature": "measured",
        "source_date": None,
        "row": 0,
    } | fields
    return Observation(
        area_id=area_id,
        metric=metric,
        value=value,
        as_of=as_of,
        until=until,
        exactness=EXACTNESS[exactness],
        **given,
    )


def of_outlines(outlines: gpd.GeoDataFrame, crs: str) -> Iterator[Observation]:
    if outlines.empty:
        return
    land = area_ha(outlines.geometry, crs)
    for outline, hectares in zip(rows(outlines), land, strict=True):
        yield _observation(
            outline.area_id,
            TOTAL,
            float(hectares),
            outline.as_of,
            source=outline.source_id,
            note="measured from the outline",
            how="from_outline",
        )


def nearest(
    items: Iterable[Observation],
    metric: str,
    day: dt.date | None,
    bases: Sequence[str] = ("",),
) -> Observation | None:
    """Stated figure of the whole that is nearest to a day; an undated one where there is no other.

    It only tells whether plots cover an area, so a later one serves as well as an earlier one.
    """
    known = [
        item
        for item in items
        if item.metric == metric
        and item.scope == "whole"
        and item.nature == "measured"
        and item.basis in bases
    ]

    def distance(item: Observation) -> tuple[bool, int, int]:
        apart = abs((item.until - day).days) if item.until and day else 0
        return item.until is None, apart, -item.row

    return min(known, key=distance, default=None)


def _events(plots: pd.DataFrame, leases: pd.DataFrame, sources: pd.DataFrame) -> dict[int, str]:
    """Days on which a register changes, with the date as printed; 0 where it is undated."""
    found: dict[int, str] = {}

    def put(day: int, text: str) -> None:
        known = last_day(text) if text else None
        text = text if known and known.toordinal() == day else _iso(day)
        if day <= _ENDLESS and len(text) >= len(found.get(day, "")):
            found[day] = text

    dates = plots[["day", "as_of"]].drop_duplicates()
    for day, text in zip(dates["day"].tolist(), dates["as_of"].tolist(), strict=True):
        put(day, str(text))
    term = (leases[name].tolist() for name in ("first", "last", "signed_on"))
    for first, last, text in zip(*term, strict=True):
        put(first, text)
        if first:
            put(last + 1, "")
    # A list of leases says on its own date that these, and no others, are in force.
    last = max(found, default=0)
    for source in dict.fromkeys(leases["source_id"]):
        text = str(sources["date"].get(source, ""))
        day = last_day(text)
        if day is not None and day.toordinal() > last:
            put(day.toordinal(), text)
    return dict(sorted(found.items()))


def _iso(day: int) -> str:
    return dt.date.fromordinal(day).isoformat() if 0 < day <= _ENDLESS else ""


def of_area(
    own: Register,
    kind: str,
    stated: Sequence[Observation],
    outline_ha: float | None,
    sources: pd.DataFrame,
) -> Iterator[Observation]:
    """Observations that follow from the plots and leases of an area, on each date of a change.

    Parameters
    ----------
    own
        Of the area; of its plots `COLUMNS` are enough.
    kind
        Of the area.
    stated
        What sources say of it.
    outline_ha
        Land of its outline.
    sources
        `Facts.sources`.
    """
    basis = BASES_OF_KIND[kind][0]
    kept = arrays(own.plots, own.leases)
    plots = plot_rows(own.plots, basis)
    for day, text in _events(own.plots, own.leases, sources).items():
        on = dt.date.fromordinal(max(day, 1))
        states = states_on(kept, on)
        if len(states.row):
            yield from _of_plots(plots, states, basis, text, stated=stated, outline_ha=outline_ha)
        begun = kept.begins <= on.toordinal()
        now = begun & (kept.ends >= on.toordinal())
        if begun.any() and not (len(states.row) and np.isin(kept.let_on[now], states.plot).all()):
            yield from _of_leases(own.leases[now], own.leases[begun], basis, text)


def _of_plots(
    plots: PlotRows,
    states: PlotStates,
    basis: str,
    as_of: str,
    *,
    stated: Sequence[Observation],
    outline_ha: float | None,
) -> Iterator[Observation]:
    figures = sums(plots, states, basis)
    if not figures.leasable_ha > 0:
        return
    whole_ha, covered = coverage(figures._asdict(), stated, outline_ha)
    known = 1.0 - figures.unknown_ha / figures.leasable_ha
    common = {
        "basis": figures.basis,
        "source": figures.source,
        "note": "; ".join(_words(plots, states.row, figures, whole_ha, covered)),
        "how": "from_plots",
    }
    lacking = figures.plots_without_area > 0
    yield _observation(
        plots.area_id,
        LEASABLE,
        figures.leasable_ha,
        as_of,
        qualifier=">" if lacking else "=",
        scope="whole" if covered.whole else "phase",
        **common,
    )
    if known > 0:
        yield _observation(
            plots.area_id,
            LEASED,
            figures.leased_ha,
            as_of,
            qualifier=">" if lacking or figures.unknown_ha > 0 else "=",
            scope="whole" if covered.whole and known >= WHOLE_LAYER else "phase",
            **common,
        )


def _words(
    plots: PlotRows,
    row: Integers,
    figures: Sums,
    whole_ha: float | None,
    covered: Cover,
) -> Iterator[str]:
    """Say what a figure of plots rests on, and what it lacks."""
    yield f"{len(row)} plots of {figures.plots_ha:.2f} ha"
    if covered.of_total_pct is not None and whole_ha is not None:
        yield f"{covered.of_total_pct:.1f} % of the total area of {whole_ha:.2f} ha"
    if covered.of_leasable_pct is not None:
        yield f"{covered.of_leasable_pct:.1f} % of the stated leasable land"
    if not covered.whole:
        known = covered.of_total_pct is not None or covered.of_leasable_pct is not None
        yield "a part of the area, so at least this" if known else "the area's land is unknown"
    if figures.oldest_as_of != figures.newest_as_of:
        yield f"plots dated {figures.oldest_as_of} to {figures.newest_as_of}"
    if figures.unknown_ha > 0:
        yield f"{figures.unknown_ha:.2f} ha of unknown status"
    if figures.plots_without_area:
        yield f"{figures.plots_without_area} plots without an area"
    stated_only = int(plots.stated_only[row].sum())
    if stated_only:
        yield f"areas of {stated_only} plots as stated, the others measured"
    differ = int((np.abs(plots.differs_pct[row]) > STATED_AGREES * 100.0).sum())
    if differ:
        yield f"{differ} plots measure over {STATED_AGREES:.1%} more or less than stated"
    others = sorted({plots.source.names[code] for code in np.unique(plots.source.codes[row])})
    if len(others) > 1:
        yield "sources " + ", ".join(others)


def _of_leases(
    leases: pd.DataFrame,
    begun: pd.DataFrame,
    basis: str,
    as_of: str,
) -> Iterator[Observation]:
    counted = leases[leases["status"].isin(LEASED_STATUSES[basis])]
    lacking = int(counted["area_ha"].isna().sum())
    if lacking and lacking == len(counted):
        return
    note = f"sum of {len(counted)} leases in force"
    yield _observation(
        str(begun["area_id"].iloc[0]),
        LEASED,
        math.fsum(counted["area_ha"].dropna()),
        as_of,
        qualifier=">" if lacking else "=",
        basis=basis,
        source=str(begun.sort_values("first", kind="stable")["source_id"].iloc[-1]),
        note=f"{note}; {lacking} of them without an area" if lacking else note,
        how="from_leases",
    )
