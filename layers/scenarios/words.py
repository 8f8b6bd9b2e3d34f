"""A scenario in words: its edits, and in one sentence what it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from data.scenarios import (
    AddArea,
    AssumeLease,
    CloseArea,
    ExtendArea,
    SetDate,
    SetFigure,
    SetStatus,
)
from data.vocabulary import METRICS
from layers.account import available_text, rate_text
from layers.numbers import day, exact
from layers.words import KIND, METRIC, STATUS, UNIT, mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from data.scenarios import Edit
    from geo.snapshot import Snapshot
    from layers.words import Words

EDIT: Final = {
    "add_area": mark("Add a park or cluster"),
    "extend_area": mark("Extend one"),
    "close_area": mark("Close one"),
    "set_status": mark("Change a status"),
    "set_date": mark("Change a date"),
    "assume_lease": mark("Assume leases"),
    "set_figure": mark("Assume a figure"),
}
# What stands beside an area on the map.
TOUCHED: Final = {
    "add_area": mark("new"),
    "extend_area": mark("extended"),
    "close_area": mark("closed"),
    "set_status": mark("other status"),
    "set_date": mark("other date"),
    "assume_lease": mark("more leased"),
    "set_figure": mark("assumed figure"),
}
# What may be assumed as a figure of an area, by its key in the tables of observations.
FIGURES: Final = {
    "industrial_land_ha": METRIC["leasable_ha"],
    **{key: METRIC[key] for key in ("leased_ha", "fill_rate_pct", "total_area_ha", "cleared_ha")},
}
_CONDITION_LEVELS: Final = ("target", "condition")


def names_of(snapshots: tuple[Snapshot, ...], w: Words) -> dict[str, str]:
    """Name all areas of some snapshots by id."""
    return {
        str(key): w.pick(vi, en)
        for shot in snapshots
        for key, vi, en in zip(
            shot.areas.index, shot.areas["name_vi"], shot.areas["name_en"], strict=True
        )
    }


def edit_text(edit: Edit, names: Mapping[str, str], w: Words) -> str:
    """Write one edit as a line of a list.

    Parameters
    ----------
    names
        Of the areas by id; an area without one is named by its id.
    """
    name = names.get(edit.area_id, edit.area_id)
    match edit:
        case AddArea():
            text = _added(edit, w)
        case ExtendArea():
            text = _extended(edit, name, w)
        case CloseArea():
            text = w("Take {name} out of the plan", name=name)
        case SetStatus():
            text = w("{name}: status {status}", name=name, status=w.of(STATUS, edit.status))
        case SetDate():
            text = _redated(edit, name, w)
        case AssumeLease():
            land = exact(edit.hectares, w.lang)
            text = w("Assume {area} ha more leased in {name}", area=land, name=name)
        case SetFigure():
            unit = w.of(UNIT, METRICS.get(edit.metric, ""))
            value = f"{exact(edit.value, w.lang)} {unit}".strip()
            metric = w.of(FIGURES | METRIC, edit.metric)
            text = w("{name}: assume {metric} {value}", name=name, metric=metric, value=value)
    if edit.date is not None:
        text += ", " + w("since {day}", day=day(edit.date))
    return text


def _added(edit: AddArea, w: Words) -> str:
    parts = [f"{w.of(KIND, edit.kind)}, {w.of(STATUS, edit.status)}"]
    if edit.total_area_ha is not None:
        parts.append(f"{exact(edit.total_area_ha, w.lang)} ha")
    if edit.communes_2025:
        parts.append(", ".join(edit.communes_2025))
    else:
        parts.append(w("within the outline drawn"))
    if edit.leasable_ha is not None:
        land = exact(edit.leasable_ha, w.lang)
        parts.append(w("leasable land {area} ha", area=land))
        if edit.leased_ha:
            parts.append(w("{area} ha of it leased", area=exact(edit.leased_ha, w.lang)))
    return w("Add {name}: {what}", name=edit.name, what="; ".join(parts))


def _extended(edit: ExtendArea, name: str, w: Words) -> str:
    if edit.hectares is not None:
        text = w("Extend {name} by {area} ha", name=name, area=exact(edit.hectares, w.lang))
    else:
        text = w("Extend {name} by the outline drawn", name=name)
    if edit.leasable_ha is not None:
        land = exact(edit.leasable_ha, w.lang)
        text += ", " + w("{area} ha of it leasable", area=land)
    return text


def _redated(edit: SetDate, name: str, w: Words) -> str:
    parts = []
    if edit.established_year is not None:
        parts.append(w("founded in {year}", year=edit.established_year))
    if edit.operating_since is not None:
        parts.append(w("operating since {day}", day=day(edit.operating_since)))
    return f"{name}: {', '.join(parts)}"


def changed_zones(changes: pd.DataFrame) -> int:
    """Count the zones of which a figure changes."""
    return int(changes.loc[changes["changed"] & (changes["level"] == "zone"), "key"].nunique())


def changed_verdicts(changes: pd.DataFrame) -> pd.DataFrame:
    """Verdicts that were there before and are others now."""
    chosen = (
        changes["changed"]
        & changes["level"].isin(_CONDITION_LEVELS)
        & (changes["field"] == "verdict")
        & changes["before"].notna()
        & changes["after"].notna()
    )
    return changes[chosen]


def answer_text(base: Snapshot, after: Snapshot, changes: pd.DataFrame, w: Words) -> str:
    """Say in one sentence what a scenario changes in the province as a whole.

    Parameters
    ----------
    base, after
        The present and the scenario, on one day.
    changes
        Their difference.
    """
    if not changes["changed"].any():
        return w("The edits change no figure on {day}.", day=day(base.as_of))
    first: Mapping[Any, Any] = base.total.to_dict()
    last: Mapping[Any, Any] = after.total.to_dict()
    parts = []
    rates = [rate_text(dict(row), w).headline for row in (first, last)]
    if rates[0] != rates[1]:
        parts.append(w("fill rate {before} → {after}", before=rates[0], after=rates[1]))
    lands = [available_text(dict(row), w)[0] for row in (first, last)]
    if lands[0] != lands[1]:
        parts.append(w("available land {before} → {after} ha", before=lands[0], after=lands[1]))
    coming = changes[
        (changes["level"] == "total") & (changes["field"] == "pipeline_ha") & changes["changed"]
    ]
    for before, then in zip(coming["before"], coming["after"], strict=True):
        ends = [exact(value, w.lang) or w("no data") for value in (before, then)]
        parts.append(w("land to come {before} → {after} ha", before=ends[0], after=ends[1]))
    zones = changed_zones(changes)
    parts.append(
        w.plural("figures of {count} zone change", "figures of {count} zones change", zones)
    )
    verdicts = len(changed_verdicts(changes))
    parts.append(
        w.plural("{count} verdict changes", "{count} verdicts change", verdicts)
        if verdicts
        else w("no verdict changes")
    )
    return w("Whole province: {changes}.", changes="; ".join(parts))
