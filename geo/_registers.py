"""Observations of all areas: what sources state, and what users brought in says of its areas.

Where a province with other facts is at hand, only the areas of which the facts say something
else are worked out anew; the result is the same. Tables that nothing was added to are the same
object, and aren't looked at.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from data.dates import last_day
from geo._plot_observations import COLUMNS, STATED, TOTAL, nearest, of_area, of_outlines
from geo.figures import read_observations
from geo.plot_register import PlotRegister, places
from geo.plots import BASES_OF_KIND, Register

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    import pandas as pd

    from data.facts import Facts
    from geo.figures import Observation

# Numbers between two that observations which nobody stated may begin with.
_ROOM = 100_000
# What users brought in of an area, from which figures are worked out.
_OWN = ("plots", "leases", "outlines")


class Known(NamedTuple):
    """Observations that were worked out before, and what from."""

    facts: Facts
    areas: pd.DataFrame
    observations: Mapping[str, tuple[Observation, ...]]


def observations(
    facts: Facts,
    areas: pd.DataFrame,
    crs: str,
    *,
    before: Known | None = None,
    register: PlotRegister | None = None,
) -> dict[str, tuple[Observation, ...]]:
    """Observations by area, with those that follow from plots, leases and outlines.

    Parameters
    ----------
    facts
        Of all provinces.
    areas
        `Facts.areas` of the province.
    crs
        Its VN-2000 zone.
    before
        Of the same province with other facts; what is as it was is taken from there.
    register
        Of these facts and areas, to be used by others too.
    """
    if before is None:
        stated = read_observations(facts.observations, facts.sources)
        return with_registers(stated, facts, areas, crs, register=register)
    redated = _redated(before.facts.sources, facts.sources)
    stated_before = {
        area_id: tuple(item for item in items if item.how in STATED)
        for area_id, items in before.observations.items()
    }
    if facts.observations is before.facts.observations and not (
        redated and redated & set(facts.observations["source_id"])
    ):
        stated = {area_id: items for area_id, items in stated_before.items() if items}
    else:
        stated = read_observations(facts.observations, facts.sources)
    if _first(facts) != _first(before.facts) or not areas["kind"].equals(before.areas["kind"]):
        return with_registers(stated, facts, areas, crs, register=register)
    changed = touched(before.facts, facts, stated_before, stated, redated)
    known = {
        area_id: before.observations[area_id]
        for area_id in areas.index
        if area_id in before.observations and area_id not in changed
    }
    return with_registers(stated, facts, areas, crs, known=known, register=register)


def with_registers(
    stated: Mapping[str, tuple[Observation, ...]],
    facts: Facts,
    areas: pd.DataFrame,
    crs: str,
    *,
    known: Mapping[str, tuple[Observation, ...]] | None = None,
    register: PlotRegister | None = None,
) -> dict[str, tuple[Observation, ...]]:
    """Observations with those that follow from plots, leases and outlines.

    Plots of a whole area give its leasable and leased land on the basis in force for its kind;
    plots of less speak as a phase, a lower bound. Leases that name no known plot give leased
    land as their sum. An outline gives the total area where no source states it.

    Parameters
    ----------
    stated
        From :func:`geo.figures.read_observations`.
    facts
        With `plots`, `leases` and `outlines`.
    areas
        `Facts.areas` of the province.
    crs
        Its VN-2000 zone.
    known
        Results of areas for which nothing of all that has changed; they are taken as they are.
    register
        Of these facts and areas; made here where None.
    """
    known = known or {}
    changed = areas[~areas.index.isin(list(known))]
    register = register or PlotRegister(facts, areas.index, crs)
    worked_out = _of_areas(stated, facts, changed, crs, register)
    said = {str(key): last_day(str(date)) for key, date in facts.sources["date"].items()}
    first = _first(facts)
    merged = dict(stated)
    for rank, area_id in enumerate(areas.index):
        if area_id in known:
            merged[area_id] = known[area_id]
        elif area_id in worked_out:
            # Numbered in turns, so that what one area has doesn't number another's anew.
            numbered = (
                replace(item, row=row, source_date=said.get(item.source))
                for row, item in zip(
                    itertools.count(first + rank, len(areas)), worked_out[area_id], strict=False
                )
            )
            merged[area_id] = (*merged.get(area_id, ()), *numbered)
    return merged


def _first(facts: Facts) -> int:
    """Give a number beyond those of stated observations, the same for some more of them."""
    last = int(facts.observations["row"].max()) if len(facts.observations) else 0
    return (last // _ROOM + 1) * _ROOM


def _of_areas(
    stated: Mapping[str, tuple[Observation, ...]],
    facts: Facts,
    areas: pd.DataFrame,
    crs: str,
    register: PlotRegister,
) -> dict[str, list[Observation]]:
    """Observations that follow from what users brought in, by area; not yet numbered."""
    outlines = facts.outlines[facts.outlines["area_id"].isin(areas.index)]
    found: dict[str, list[Observation]] = {}
    totals: dict[str, float] = {}
    for item in of_outlines(outlines, crs):
        totals[item.area_id] = item.value
        if not nearest(stated.get(item.area_id, ()), TOTAL, None):
            found.setdefault(item.area_id, []).append(item)
    if facts.plots.empty and facts.leases.empty:
        return found
    kept = register.of(areas.index)
    plots, nowhere = kept.plots[list(COLUMNS)], np.zeros(0, dtype="int64")
    plots_at, leases_at = places(kept.plots), places(kept.leases)
    for area_id, kind in areas["kind"].items():
        here = plots_at.get(str(area_id), nowhere), leases_at.get(str(area_id), nowhere)
        if kind in BASES_OF_KIND and any(map(len, here)):
            own = Register(plots.iloc[here[0]], kept.leases.iloc[here[1]])
            items, total = stated.get(str(area_id), ()), totals.get(str(area_id))
            worked_out = of_area(own, kind, items, total, facts.sources)
            found.setdefault(str(area_id), []).extend(worked_out)
    return found


def touched(
    before: Facts,
    after: Facts,
    stated_before: Mapping[str, tuple[Observation, ...]],
    stated_after: Mapping[str, tuple[Observation, ...]],
    redated: set[str],
) -> set[str]:
    """Areas of which plots, leases, outlines, stated figures or the dates of their sources differ.

    Parameters
    ----------
    before, after
        The two states.
    stated_before, stated_after
        Their observations by area, without those that follow from plots, leases and outlines.
    redated
        Sources that have another date.
    """
    found = {
        area_id
        for area_id in stated_before.keys() | stated_after.keys()
        if stated_before.get(area_id) != stated_after.get(area_id)
    }
    for name in _OWN:
        table = getattr(after, name)
        found |= differing(getattr(before, name), table)
        if redated:
            found |= set(table.loc[table["source_id"].isin(list(redated)), "area_id"].unique())
    return found


def _redated(before: pd.DataFrame, after: pd.DataFrame) -> set[str]:
    """Give the sources that have another date, or are in one of the tables alone."""
    if before is after:
        return set()
    dates = [set(table["date"].items()) for table in (before, after)]
    return {str(source) for source, _ in dates[0] ^ dates[1]}


def differing(before: pd.DataFrame, after: pd.DataFrame) -> set[str]:
    """Areas that have other rows in one table than in another, or in another order.

    Parameters
    ----------
    before, after
        Tables with a column `area_id` and the same columns; indices don't count.

    Examples
    --------
    >>> import pandas as pd
    >>> one = pd.DataFrame({"area_id": ["a", "b", "b"], "x": [1.0, 2.0, None]})
    >>> other = pd.DataFrame({"area_id": ["b", "c", "a", "b"], "x": [2.0, 4.0, 1.5, None]})
    >>> sorted(differing(one, other))
    ['a', 'c']
    """
    if before is after:
        return set()
    at = [places(table) for table in (before, after)]
    areas = at[0].keys() | at[1].keys()
    same_size = [area for area in at[0] if area in at[1] and len(at[0][area]) == len(at[1][area])]
    found = areas - set(same_size)
    if not same_size:
        return found
    one, two = (
        table.iloc[np.concatenate([rows[area] for area in same_size])]
        for table, rows in zip((before, after), at, strict=True)
    )
    other = np.zeros(len(one), dtype=bool)
    for column in one.columns:
        other |= ~_equal(one[column], two[column])
    return found | set(one["area_id"].to_numpy(dtype=object)[other])


def _equal(one: pd.Series, two: pd.Series) -> npt.NDArray[np.bool_]:
    """Compare cells one by one; missing ones are equal."""
    missing = one.isna().to_numpy() & two.isna().to_numpy()
    if isinstance(one, gpd.GeoSeries):
        return shapely.equals_identical(one.to_numpy(), two.to_numpy()) | missing
    cells = [column.to_numpy(dtype=object) for column in (one, two)]
    return np.asarray(cells[0] == cells[1], dtype=bool) | missing
