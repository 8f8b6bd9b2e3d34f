"""A scenario in the report: what it assumes, and what that changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data._frames import rows
from data.scenarios import (
    AddArea,
    AssumeLease,
    CloseArea,
    ExtendArea,
    SetDate,
    SetFigure,
    SetStatus,
)
from geo.differences import difference
from geo.figures import public_name
from layers.numbers import day, exact
from layers.scenarios.text import FIELD, change_text, value_text
from layers.words import KIND, METRIC, STATUS

if TYPE_CHECKING:
    from data.scenarios import Edit, Scenario
    from geo.snapshot import Snapshot
    from layers.words import Words


def scenario_part(
    scenario: Scenario,
    base: Snapshot,
    other: Snapshot,
    w: Words,
) -> dict[str, Any]:
    """Give the edits of a scenario and the rows that they change.

    Parameters
    ----------
    base, other
        The present and the scenario on one day.
    """
    found = difference(base, other)
    return {
        "edits": [_edit_text(edit, other, w) for edit in scenario.edits],
        "rows": [
            {
                "name": w.pick(row.name_vi, row.name_en),
                "field": w.of(FIELD, row.field),
                "before": value_text(row, row.before, w),
                "after": value_text(row, row.after, w),
                "change": change_text(row, w) or "-",
            }
            for row in rows(found[found["changed"]])
        ],
    }


def _edit_text(edit: Edit, state: Snapshot, w: Words) -> str:
    name = _name(edit.area_id, state, w)
    match edit:
        case AddArea():
            land = exact(edit.total_area_ha, w.lang)
            text = w(
                "New: {name} ({kind}, {status}), {land} ha.",
                name=edit.name,
                kind=w.of(KIND, edit.kind),
                status=w.of(STATUS, edit.status),
                land=land or w("land of the outline drawn"),
            )
        case ExtendArea():
            land = exact(edit.hectares, w.lang) or w("land of the outline drawn")
            text = w("{name}: extended by {land} ha.", name=name, land=land)
        case CloseArea():
            text = w("{name}: given up, removed from the plan.", name=name)
        case SetStatus():
            status = w.of(STATUS, edit.status)
            text = w("{name}: status {status}.", name=name, status=status)
        case SetDate():
            since = day(edit.operating_since) if edit.operating_since else ""
            text = w(
                "{name}: founded or in operation since {date}.",
                name=name,
                date=since or str(edit.established_year),
            )
        case AssumeLease():
            text = w(
                "{name}: {land} ha more are leased.",
                name=name,
                land=exact(edit.hectares, w.lang),
            )
        case SetFigure():
            text = w(
                "{name}: {figure} is {value}.",
                name=name,
                figure=w.of(METRIC, public_name(edit.metric)),
                value=exact(edit.value, w.lang),
            )
    since_when = f" ({w('from {date}', date=day(edit.date))})" if edit.date else ""
    return f"{text}{since_when}" + (f" {edit.note}" if edit.note else "")


def _name(area_id: str, state: Snapshot, w: Words) -> str:
    if area_id not in state.areas.index:
        return area_id
    area = state.areas.loc[area_id]
    return w.pick(str(area["name_vi"]), str(area["name_en"]))
