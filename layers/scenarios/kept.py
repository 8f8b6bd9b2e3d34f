"""Scenarios that are kept in the workspace: save, open, delete, and a file of one's own.

A scenario that another window has saved meanwhile is never overwritten; what was worked on stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from data._errors import DataError, Finding
from data._message import Message
from data.scenarios import MOST_BYTES, Scenario, parse_scenario, scenario_json
from data.workspace._errors import Trouble, WorkspaceError
from layers import access, state, workspace
from layers.errors import findings_html
from layers.safe_html import element
from layers.scenarios import state as scenario_state
from layers.scenarios.state import Work

if TYPE_CHECKING:
    from data.workspace.change import Kept
    from layers.words import Words

_CONFLICT: Final = "scenario_conflict"
_RESTORED: Final = "scenario_restored"
_MEGABYTES: Final = MOST_BYTES // 1_000_000


def all_kept() -> dict[str, Kept]:
    """Give the scenarios of the workspace by name, of all provinces.

    Raises
    ------
    WorkspaceError
        It can't be read.
    """
    kept = workspace.opened()
    return {} if kept is None else kept.scenarios()


def of_province(kept: dict[str, Kept], province: str) -> dict[str, Scenario]:
    """Scenarios of a province by the name under which they are kept; others are left out."""
    found = {}
    for name, item in kept.items():
        try:
            scenario = parse_scenario(item.text, file=name)
        except DataError:
            continue
        if scenario.province == province:
            found[name] = scenario
    return found


def opened(item: Kept) -> Work:
    """Make a kept scenario the one that is worked on.

    Raises
    ------
    DataError
        Its text isn't a scenario.
    """
    scenario = parse_scenario(item.text, file=item.name)
    return Work(scenario, kept_name=item.name, version=item.version, saved=scenario_json(scenario))


def save(made: Work) -> Work:
    """Keep a scenario under its name.

    Raises
    ------
    DataError
        This user may only read, or the workspace refuses; code "changed" where another window
        has saved or deleted it, or has used its name.
    """
    access.check()
    name, text = made.scenario.name, scenario_json(made.scenario)
    place = workspace.opened(create=True)
    if place is None:
        raise DataError(
            [Finding(Message("workspace"), "", "", Message("none"), Message("a workspace"))]
        )
    version = made.version if name == made.kept_name else ""
    item = place.save_scenario(name, text, version=version, who=access.who())
    return Work(made.scenario, made.past, item.name, item.version, text)


def delete(item: Kept) -> None:
    """Delete a kept scenario; refused where it has changed since it was listed.

    Raises
    ------
    DataError
        This user may only read, or the workspace refuses.
    """
    access.check()
    place = workspace.opened()
    if place is not None:
        place.delete_scenario(item.name, version=item.version)


def show(made: Work, w: Words) -> dict[str, Scenario]:
    """Put name, save, open, delete and new on the page.

    Returns
    -------
    dict
        What the workspace holds of this province, by name.
    """
    province = made.scenario.province
    try:
        kept = all_kept()
    except WorkspaceError as error:
        st.html(findings_html(w("Saved scenarios can't be read"), error.findings, w))
        kept = {}
    listed = of_province(kept, province)
    key = f"scenario_name_{province}"
    if key not in st.session_state:
        st.session_state[key] = made.scenario.name
    name, save_, open_, more, new = st.columns(
        [36, 14, 22, 14, 14], gap="small", vertical_alignment="bottom"
    )
    with name:
        st.text_input(
            w("Name of the scenario"),
            key=key,
            max_chars=200,
            label_visibility="collapsed",
            on_change=_rename,
            args=(made,),
        )
    with save_:
        allowed = access.may_write()
        st.button(
            w("Save"),
            key="scenario_save",
            icon=":material/save:",
            width="stretch",
            disabled=not allowed or (made.is_saved and made.kept_name == made.scenario.name),
            help=None if allowed else w("You may read and try; who may bring data in can save."),
            on_click=lambda: _save(scenario_state.latest(made)),
        )
    with open_, st.popover(w("Saved ({count})", count=len(listed)), width="stretch"):
        _saved(kept, listed, made, w)
    with more, st.popover(w("From a file"), width="stretch"):
        _file(province, w)
    with new:
        st.button(
            w("New"),
            key="scenario_new",
            icon=":material/restart_alt:",
            width="stretch",
            help=w("Begin again with the present; what isn't saved is lost."),
            on_click=scenario_state.begin_anew,
            args=(province,),
        )
    _conflict(kept, made, w)
    return listed


def _rename(made: Work) -> None:
    made = scenario_state.latest(made)
    key = f"scenario_name_{made.scenario.province}"
    scenario = scenario_state.renamed(made.scenario, st.session_state[key])
    st.session_state[key] = scenario.name
    if scenario.name != made.scenario.name:
        # A name isn't an edit: undo leaves it.
        past = tuple(scenario_state.renamed(one, scenario.name) for one in made.past)
        scenario_state.keep(
            Work(scenario, past, made.kept_name, made.version, made.saved),
        )


def _save(made: Work) -> None:
    """Save what is worked on; a name that came with the same click is in it already."""
    scenario_state.refuse(())
    st.session_state.pop(_CONFLICT, None)
    try:
        scenario_state.keep(save(made))
    except WorkspaceError as error:
        if error.code is Trouble.CHANGED:
            st.session_state[_CONFLICT] = made.scenario.name
        else:
            scenario_state.refuse(tuple(error.findings))
    except DataError as error:
        scenario_state.refuse(tuple(error.findings))


def _conflict(kept: dict[str, Kept], made: Work, w: Words) -> None:
    """Say that another window was faster, and what can be done."""
    name = st.session_state.get(_CONFLICT)
    if name is None:
        return
    if name != made.scenario.name:
        st.session_state.pop(_CONFLICT)
        return
    item = kept.get(name)
    if item is None:
        text = w(
            "Not saved: another window has deleted “{name}” meanwhile. Your work is still here; "
            "save it under another name.",
            name=name,
        )
    else:
        text = w(
            "Not saved: another window has saved “{name}” at {time}. Nothing was overwritten and "
            "your work is still here. Save it under another name, or open the other one.",
            name=name,
            time=f"{item.made_at} {item.who}".strip(),
        )
    with st.container(horizontal=True, vertical_alignment="center", key="scenario_conflict"):
        st.html(element("div", text, class_="atlas-notice", role="alert"))
        other = next_name(name, kept)
        st.button(
            w("Save as “{name}”", name=other),
            key="scenario_save_as",
            on_click=_save_as,
            args=(made, other),
        )
        if item is not None:
            st.button(
                w("Open the other one"),
                key="scenario_open_other",
                on_click=_open,
                args=(item,),
            )


def next_name(name: str, kept: dict[str, Kept]) -> str:
    """Find a name that isn't used yet.

    Examples
    --------
    >>> next_name("A", {}), next_name("A (2)", {"A (2)": None})
    ('A (2)', 'A (2) (2)')
    """
    number = 2
    while f"{name} ({number})" in kept:
        number += 1
    return f"{name} ({number})"


def _save_as(made: Work, name: str) -> None:
    scenario = scenario_state.renamed(made.scenario, name)
    st.session_state[f"scenario_name_{scenario.province}"] = scenario.name
    _save(Work(scenario, made.past))


def _open(item: Kept) -> None:
    st.session_state.pop(_CONFLICT, None)
    scenario_state.refuse(())
    try:
        made = opened(item)
    except DataError as error:
        scenario_state.refuse(tuple(error.findings))
        return
    scenario_state.keep(made)
    st.session_state[f"scenario_name_{made.scenario.province}"] = made.scenario.name


def _saved(kept: dict[str, Kept], listed: dict[str, Scenario], made: Work, w: Words) -> None:
    if not listed:
        text = w("Nothing is saved for this province yet.")
        st.html(element("p", text, class_="atlas-hint"))
        return
    chosen = st.selectbox(
        w("Saved scenario"),
        list(listed),
        key="scenario_chosen",
        label_visibility="collapsed",
    )
    item = kept[chosen]
    edits = len(listed[chosen].edits)
    said = w.plural("{count} edit", "{count} edits", edits)
    time = f"{item.made_at} {item.who}".strip()
    st.html(element("p", w("saved {time}, {edits}", time=time, edits=said), class_="atlas-hint"))
    if not made.is_saved and made.scenario.edits:
        st.html(element("p", w("What isn't saved is lost."), class_="atlas-hint"))
    left, right = st.columns(2)
    left.button(
        w("Open"),
        key="scenario_open",
        type="primary",
        width="stretch",
        on_click=_open,
        args=(item,),
    )
    with right:
        st.button(
            w("Delete"),
            key="scenario_delete",
            width="stretch",
            disabled=not access.may_write()
            or not st.session_state.get("scenario_delete_sure", False),
            on_click=_delete,
            args=(item,),
        )
        st.checkbox(w("for good"), key="scenario_delete_sure", disabled=not access.may_write())


def _delete(item: Kept) -> None:
    st.session_state["scenario_delete_sure"] = False
    try:
        delete(item)
    except DataError as error:
        scenario_state.refuse(tuple(error.findings))


def _file(province: str, w: Words) -> None:
    upload = st.file_uploader(
        w("Scenario (JSON)"),
        ["json"],
        key="scenario_file",
        max_upload_size=_MEGABYTES,
        help=w("As it was saved here under “Scenario (JSON)”."),
    )
    if upload is None:
        return
    try:
        scenario = read_upload(upload.name, upload.getvalue(), province)
    except DataError as error:
        st.html(findings_html(w("This file can't be used"), error.findings, w))
        return
    st.button(
        w("Open “{name}”", name=scenario.name),
        key="scenario_open_file",
        type="primary",
        on_click=_open_file,
        args=(scenario,),
    )


def _open_file(scenario: Scenario) -> None:
    scenario_state.refuse(())
    scenario_state.keep(Work(scenario))
    st.session_state[f"scenario_name_{scenario.province}"] = scenario.name


def read_upload(name: str, content: bytes, province: str) -> Scenario:
    """Read a scenario that somebody handed in; it may be anything.

    Parameters
    ----------
    name
        As the user calls the file; never a path.

    Raises
    ------
    DataError
        It isn't one, or is of another province.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = Message("byte {start} that is not UTF-8", start=error.start)
        raise DataError([Finding(name, "", "", found, Message("UTF-8 text"))]) from None
    scenario = parse_scenario(text, file=name)
    if scenario.province != province:
        expected = Message("{province}", province=province)
        raise DataError([Finding(name, "", "province", scenario.province, expected)])
    return scenario


def restore(province: str) -> str:
    """Open the scenario that the link names, once a session and when the browser went back.

    What isn't saved stays: no link could bring it back.

    Returns
    -------
    str
        Its name where there is none of that name, else "".
    """
    again = bool(st.session_state.get(_RESTORED))
    st.session_state[_RESTORED] = True
    asked = st.query_params.get("scenario", "") if state.follows_link() or not again else ""
    if not asked or (again and not scenario_state.may_open(province, asked)):
        return ""
    try:
        kept = all_kept()
    except WorkspaceError:
        return asked
    if asked not in of_province(kept, province):
        return asked
    _open(kept[asked])
    return ""
