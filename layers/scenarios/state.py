"""The scenario that is being worked on: its edits, what it was before, where it is kept.

One a province, in the session; nothing of it is stored until it is saved
(:mod:`layers.scenarios.kept`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import pandas as pd
import streamlit as st

from data._errors import DataError
from data.scenarios import Scenario, parse_scenario, scenario_json, slug
from geo.differences import COLUMNS, difference
from geo.scenarios import run
from layers import store

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from data._errors import Finding
    from geo.snapshot import Snapshot
    from layers.store import Stamp
    from layers.words import Words

_DRAFTS: Final = "scenario_drafts"
_REFUSED: Final = "scenario_refused"
_TRIED: Final = "scenario_tried"
_ROUND: Final = "scenario_round"
OUTLINE: Final = "scenario_outline"
_MOST_UNDO: Final = 100


@dataclass(frozen=True)
class Work:
    """A scenario in the making.

    Attributes
    ----------
    scenario
        As it is now.
    past
        As it was before each change, the oldest first.
    kept_name, version
        Under which it was opened or saved, and what `Kept.version` was then; "" where it wasn't.
    saved
        Its text then.
    """

    scenario: Scenario
    past: tuple[Scenario, ...] = ()
    kept_name: str = ""
    version: str = ""
    saved: str = ""

    @property
    def is_saved(self) -> bool:
        """Whether the workspace holds it as it is now."""
        return scenario_json(self.scenario) == self.saved

    def changed(self, scenario: Scenario) -> Work:
        """Give the work after a change that can be undone."""
        return replace(self, scenario=scenario, past=(*self.past, self.scenario)[-_MOST_UNDO:])


class Outcome(NamedTuple):
    """What follows from a scenario: its account, and what differs from the present."""

    after: Snapshot
    changes: pd.DataFrame


def work(province: str, as_of: dt.date, w: Words) -> Work:
    """Give the scenario of a province, the present of that day where nothing was begun.

    One without edits follows the day.
    """
    found = _drafts().get(province)
    if found is None:
        name = w("Scenario")
        scenario = Scenario(id=slug(name), name=name, province=province, as_of=as_of)
        found = Work(scenario)
    elif not found.scenario.edits and not found.kept_name and found.scenario.as_of != as_of:
        found = replace(found, scenario=found.scenario.model_copy(update={"as_of": as_of}))
    keep(found)
    return found


def keep(made: Work) -> None:
    """Work on with this one."""
    st.session_state[_DRAFTS] = {**_drafts(), made.scenario.province: made}


def may_open(province: str, name: str) -> bool:
    """Whether a kept scenario is another than that being worked on, of which nothing is lost."""
    made = _drafts().get(province)
    if made is None:
        return True
    return made.kept_name != name and (made.is_saved or not made.scenario.edits)


def latest(made: Work) -> Work:
    """Give what became of a scenario since the page was shown, where a click came in between."""
    return _drafts().get(made.scenario.province, made)


def begin_anew(province: str) -> None:
    """Begin again with the present."""
    st.session_state[_DRAFTS] = {key: value for key, value in _drafts().items() if key != province}
    st.session_state.pop(f"scenario_name_{province}", None)
    refuse(())


def _drafts() -> dict[str, Work]:
    return cast("dict[str, Work]", st.session_state.get(_DRAFTS, {}))


def refused() -> tuple[Finding, ...]:
    """Give what was wrong with the last edit, file or attempt to save."""
    return cast("tuple[Finding, ...]", st.session_state.get(_REFUSED, ()))


def refuse(findings: tuple[Finding, ...]) -> None:
    """Remember what was wrong, for the next run of the page."""
    st.session_state[_REFUSED] = findings


def with_edit(scenario: Scenario, edit: Mapping[str, Any]) -> Scenario:
    """Give a scenario with one more edit, written as in its JSON.

    Raises
    ------
    DataError
        It isn't one; each finding names the field, what was found and what is expected.
    """
    document = json.loads(scenario_json(scenario))
    document["edits"].append(dict(edit))
    return parse_scenario(json.dumps(document), file=scenario.name)


def renamed(scenario: Scenario, name: str) -> Scenario:
    """Give a scenario under another name; a name that can't be one leaves it as it is."""
    document = json.loads(scenario_json(scenario)) | {"name": name.strip(), "id": slug(name)}
    try:
        return parse_scenario(json.dumps(document), file=name)
    except DataError:
        return scenario


def take(made: Work, edit: Mapping[str, Any]) -> None:
    """Add an edit, or say why it is none; whether it can be applied turns out later.

    The page that works it out says so with :func:`settle`.
    """
    made = latest(made)
    try:
        scenario = with_edit(made.scenario, edit)
    except DataError as error:
        refuse(tuple(error.findings))
        return
    keep(made.changed(scenario))
    refuse(())
    st.session_state[_TRIED] = True


def settle(made: Work, wrong: tuple[Finding, ...]) -> bool:
    """Hold on to an edit that was added just now, or give back one that can't be applied.

    Parameters
    ----------
    made
        With the edit.
    wrong
        What was wrong when it was worked out; nothing where it could be.

    Returns
    -------
    bool
        Whether it was given back, so that the page is to run again.
    """
    if not st.session_state.pop(_TRIED, False):
        return False
    if not wrong:
        clear_form()
        return False
    keep(replace(made, scenario=made.past[-1], past=made.past[:-1]))
    refuse(wrong)
    return True


def undo(made: Work) -> None:
    """Take the last change back, else the last edit of a scenario that was opened."""
    made = latest(made)
    refuse(())
    if made.past:
        keep(replace(made, scenario=made.past[-1], past=made.past[:-1]))
    elif made.scenario.edits:
        keep(replace(made, scenario=made.scenario.undone()))


def remove(made: Work, row: int) -> None:
    """Take any edit out; it can be undone. What rests on it is then refused, and said so."""
    made = latest(made)
    refuse(())
    edits = made.scenario.edits[:row] + made.scenario.edits[row + 1 :]
    keep(made.changed(made.scenario.model_copy(update={"edits": edits})))


@st.cache_resource(show_spinner=False, max_entries=32)
def outcome(province: str, as_of: dt.date, stamp: Stamp, text: str) -> Outcome:
    """Work a scenario out, once; not to be changed by who receives it.

    Parameters
    ----------
    text
        The scenario as JSON.

    Raises
    ------
    DataError
        An edit can't be applied, with the number of each.
    """
    base = store.snapshot_of(province, as_of, stamp)
    after = run(store.province_of(province, stamp), parse_scenario(text), as_of)
    return Outcome(after, difference(base, after))


def no_changes() -> pd.DataFrame:
    """Give the difference of the present to itself."""
    return pd.DataFrame(columns=list(COLUMNS)).astype({"changed": bool})


def outline() -> dict[str, Any] | None:
    """Give the outline that was drawn or read for the next edit, as GeoJSON."""
    return cast("dict[str, Any] | None", st.session_state.get(OUTLINE))


def field(name: str) -> str:
    """Give the key of a field of the next edit; another one after each, so that it is empty."""
    return f"scenario_{st.session_state.get(_ROUND, 0)}_{name}"


def clear_form() -> None:
    """Empty the fields of the next edit."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.session_state.pop(OUTLINE, None)
