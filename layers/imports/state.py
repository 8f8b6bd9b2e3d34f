"""An import between two clicks: the file as read, how it is to be read, what was found.

Kept in the session and never stored: the file is read once, checked anew only where something
that it rests on has changed.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import streamlit as st
from pydantic import ValidationError

from data.importing.acceptance import accept
from data.importing.intake import prepare
from data.importing.mappings import Mapping
from data.untrusted.files import read_file
from geo.import_effect import import_effect
from layers import access, state, store, workspace

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Hashable

    import pandas as pd
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from data.importing.acceptance import Accepted
    from data.importing.fields import Kind
    from data.importing.parts import Accept, Import
    from data.untrusted.files import Sheet
    from data.workspace.change import Revision
    from layers.store import Stamp

_KEY: Final = "import_pending"
# Of one file alone, so that they aren't reused with a kept mapping.
_OF_ONE_FILE: Final = frozenset({"document", "document_date", "as_of", "area"})


@dataclass
class Pending:
    """A file that was handed in, and what its user has said of it.

    Attributes
    ----------
    upload
        Id of the upload, to know it again.
    file, sha256
        Its name as the user calls it, and its digest.
    sheets
        As read.
    kind, crs
        What the user said that rows and coordinates are; None and "" where it is told from them.
    mappings
        How sheets are read, where the user has edited that.
    results
        What was worked out, by what it rests on.
    """

    upload: str
    file: str
    sha256: str
    sheets: tuple[Sheet, ...]
    kind: Kind | None = None
    crs: str = ""
    mappings: tuple[Mapping, ...] = ()
    results: dict[Hashable, Any] = field(default_factory=dict)


def pending() -> Pending | None:
    """Give the file that is being looked at."""
    return cast("Pending | None", st.session_state.get(_KEY))


def forget() -> None:
    """Put the file aside, and empty the box that it was dropped into."""
    st.session_state.pop(_KEY, None)
    st.session_state["import_turn"] = turn() + 1


def turn() -> int:
    """Count the files put aside; a box with another number is an empty one."""
    return int(st.session_state.get("import_turn", 0))


def take_up(upload: UploadedFile) -> Pending:
    """Read a file that was dropped, once.

    Raises
    ------
    DataError
        It is refused, with all findings.
    """
    known = pending()
    if known is not None and known.upload == upload.file_id:
        return known
    st.session_state.pop(_KEY, None)
    content = upload.getvalue()
    with tempfile.TemporaryDirectory(prefix="industrial-land-") as folder:
        # The user's name of it is never a path; the suffix is checked against the content.
        path = Path(folder) / "upload"
        path.write_bytes(content)
        sheets = read_file(path, name=upload.name)
    found = Pending(upload.file_id, upload.name, hashlib.sha256(content).hexdigest(), sheets)
    st.session_state[_KEY] = found
    return found


def checked(held: Pending, province: str, stamp: Stamp) -> Import:
    """Check a file against what is known.

    Raises
    ------
    DataError
        The workspace can't be read.
    """
    kept = kept_mappings()
    told = tuple(one.model_dump_json() for one in (*held.mappings, *kept))
    key = ("checked", province, stamp, held.kind, held.crs, told)
    if key not in held.results:
        base = newest()
        if workspace.stamp() != stamp.own:  # another window was quicker
            st.rerun()
        held.results = {
            key: prepare(
                held.sheets,
                file=held.file,
                sha256=held.sha256,
                facts=store.facts_of(stamp),
                province=province,
                today=state.today(),
                kind=held.kind,
                mappings=(*held.mappings, *kept),
                crs=held.crs,
            ),
            "base": base,
        }
    return cast("Import", held.results[key])


def newest() -> int:
    """Give the id of the newest revision, 0 where there is none."""
    kept = workspace.opened()
    known = () if kept is None else kept.revisions()
    return known[-1].id if known else 0


def kept_mappings() -> tuple[Mapping, ...]:
    """Give the mappings that the workspace keeps, the newest first."""
    kept = workspace.opened()
    items = [] if kept is None else list(kept.mappings().values())
    found = []
    for item in sorted(items, key=lambda item: item.made_at, reverse=True):
        try:
            found.append(Mapping.model_validate_json(item.text))
        except ValidationError:  # of another version of the application
            continue
    return tuple(found)


def answer_of(held: Pending, found: Import, answer: Accept) -> Accepted:
    """Give what an answer would take, worked out once."""
    key = ("answer", id(found), answer)
    if key not in held.results:
        held.results[key] = accept(found, answer)
    return cast("Accepted", held.results[key])


def effect_of(
    held: Pending,
    found: Import,
    answer: Accept,
    as_of: dt.date,
    stamp: Stamp,
) -> pd.DataFrame:
    """Difference that an answer would make to the account, worked out once."""
    key = ("effect", id(found), answer, as_of, stamp)
    if key not in held.results:
        province = store.province_of(found.province, stamp)
        change = answer_of(held, found, answer).change
        held.results[key] = import_effect(province, change, as_of)
    return cast("pd.DataFrame", held.results[key])


def take(
    held: Pending,
    found: Import,
    answer: Accept,
    stamp: Stamp,
    *,
    again: bool = False,
) -> Revision:
    """Keep what an answer takes, and how the columns were read.

    Raises
    ------
    DataError
        This user may not; the same file is in already; another window has changed the workspace
        since the file was checked; or it can't be stored.
    """
    access.check()
    kept = workspace.opened(create=True)
    assert kept is not None  # noqa: S101 (it was made)
    accepted = answer_of(held, found, answer)
    revision = kept.add(
        accepted.change,
        kind=found.kind or "parks",
        title=found.file,
        file=found.file,
        sha256=found.sha256,
        who=access.who(),
        base=int(held.results["base"]),
        again=again,
        facts=store.bundled_facts(stamp.files),
    )
    versions = {name: item.version for name, item in kept.mappings().items()}
    for mapping in found.mappings:
        name = mapping_name(mapping)
        text = reusable(mapping).model_dump_json()
        kept.save_mapping(name, text, version=versions.get(name, ""), who=access.who())
    if len(accepted.change.communes):
        state.use_boundaries(found.province, state.KEPT)
    return revision


def mapping_name(mapping: Mapping) -> str:
    """Name a mapping by its kind and headers, so that the same table has the same name."""
    headers = "|".join(sorted(mapping.signature))
    return f"{mapping.kind}-{hashlib.sha256(headers.encode()).hexdigest()[:12]}"


def reusable(mapping: Mapping) -> Mapping:
    """Give a mapping without what speaks of one file alone, such as its coordinate system."""
    constants = {key: text for key, text in mapping.constants.items() if key not in _OF_ONE_FILE}
    return mapping.model_copy(update={"constants": constants, "crs": ""})


def say(held: Pending, **what: Any) -> None:  # noqa: ANN401
    """Take in what the user says of a file; it is checked anew."""
    st.session_state[_KEY] = replace(held, **what, results={})
