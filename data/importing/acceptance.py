"""What of an import is taken, by the answer of a user to what was found.

A finding's severity means:

- *error*: the row can't be taken as it is;
- *warning*: the row is taken, and somebody should look at it;
- *info*: what was done with the row.

There are three answers. "none" takes the file where it has no error, else nothing. "sound" takes
the rows without errors. "all" takes the others too, each without the fields that are at fault; a
row that can't be stored without them (no name, no outline and no area, the same plot twice with
different values), or would say something else without them (`ESSENTIAL`), stays out. An error on
a sheet as a whole (no coordinate system, no kind) keeps all of its rows out in every case.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from data._cells import with_shapes
from data.importing.parts import WAYS
from data.schemas import GEO_TABLES
from data.workspace.change import CHANGE_TABLES, Change
from data.workspace.check import PARTIAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Mapping as MappingOf

    import geopandas as gpd

    from data.importing.context import Checked, Context, Draft
    from data.importing.parts import Accept, Import, Part


@dataclass(frozen=True)
class Accepted:
    """What of an import is taken.

    Attributes
    ----------
    change
        To be stored.
    rows
        By name of the sheet: rows of the file that are taken.
    without
        By name of the sheet and row: fields that were left out of a row that is taken.
    left_out
        By name of the sheet: rows that aren't taken, among them those of which all is known.
    """

    change: Change
    rows: MappingOf[str, tuple[int, ...]]
    without: MappingOf[tuple[str, int], tuple[str, ...]]
    left_out: MappingOf[str, tuple[int, ...]]

    @property
    def count(self) -> int:
        """How many rows are taken."""
        return sum(len(rows) for rows in self.rows.values())


def accept(found: Import, answer: Accept) -> Accepted:
    """Give the change that an answer to the findings makes.

    Parameters
    ----------
    found
        From :func:`prepare`.
    answer
        "none": the file as it is, or nothing of it where it has errors; "sound": rows without
        errors; "all": the others too, without the fields at fault.
    """
    everything = {
        part.sheet.name: tuple(int(row) for row in part.sheet.cells.index) for part in found.parts
    }
    if answer == "none" and found.has_errors:
        return Accepted(Change(), {}, {}, everything)
    pairs = list(zip(found.parts, found.contexts, strict=True))
    change = change_of(pairs, answer, found.source)
    rows: dict[str, tuple[int, ...]] = {}
    without: dict[tuple[str, int], tuple[str, ...]] = {}
    for part, context in pairs:
        kept = _kept(part, answer)
        if kept is None or part.kind is None:
            continue
        wrote = {draft.row for draft in WAYS[part.kind].drafts(kept, context)}
        points = {row for row, owner in part.owner.items() if owner in wrote}
        rows[part.sheet.name] = tuple(sorted(wrote | points))
        without |= {
            (part.sheet.name, row): tuple(sorted(fields))
            for row, fields in part.faults.items()
            if row in wrote
        }
    left = {
        name: tuple(sorted(set(all_rows).difference(rows.get(name, ()))))
        for name, all_rows in everything.items()
    }
    return Accepted(change, rows, without, left)


def _kept(part: Part, answer: Accept) -> Checked | None:
    """Rows of a sheet that an answer takes, without what is at fault in them."""
    if part.blocked or part.checked is None:
        return None
    cells, faults = part.checked.cells, part.faults
    repeated = {int(one.row) for one in part.findings if one.code == "I401"}
    whole = {row for row, fields in faults.items() if not fields}
    out = repeated | (whole if answer == "all" else set(faults))
    kept = part.checked.with_cells(cells[~cells.index.isin(out)].copy())
    if answer != "all":
        return kept
    shapes = None if kept.shapes is None else kept.shapes.copy()
    left = kept.cells
    for row, fields in faults.items():
        if row in left.index:
            for name in fields & set(left.columns):
                left.loc[row, name] = ""
            if "geometry" in fields and shapes is not None:
                shapes[row] = None
    return replace(kept, shapes=shapes)


def change_of(
    pairs: Sequence[tuple[Part, Context]],
    answer: Accept,
    source: MappingOf[str, str],
) -> Change:
    """Tables of the rows that an answer takes."""
    drafts: dict[str, list[Draft]] = {}
    for part, context in pairs:
        kept = _kept(part, answer)
        if kept is not None and part.kind is not None:
            for draft in WAYS[part.kind].drafts(kept, context):
                drafts.setdefault(draft.table, []).append(draft)
    if not drafts:
        return Change()
    for table, key in PARTIAL.items():
        if table in drafts:
            drafts[table] = _joined(drafts[table], key)
    tables: dict[str, Any] = {name: _table(name, items) for name, items in drafts.items()}
    first = min(draft.row for items in drafts.values() for draft in items)
    own = [dict(source), *_brought(drafts, [context for _, context in pairs])]
    index = pd.RangeIndex(first, first + len(own))
    tables["sources"] = pd.DataFrame(own, index=index.astype("int64"), dtype="str")
    return Change(**tables)


def _brought(
    drafts: MappingOf[str, list[Draft]],
    contexts: Iterable[Context],
) -> list[dict[str, str]]:
    """Rows of sources that came with the file, of those that new rows cite."""
    cited = {
        key
        for items in drafts.values()
        for draft in items
        for name in ("source_id", "source_ids")
        for key in draft.cells.get(name, "").split(";")
    }
    return [
        dict(row)
        for key, row in {
            key: row for context in contexts for key, row in context.sources.items()
        }.items()
        if key in cited
    ]


def _joined(drafts: list[Draft], key: str) -> list[Draft]:
    """One row for each area: what is dated later goes before what is dated earlier."""
    joined: dict[str, Draft] = {}
    ordered = sorted(
        drafts, key=lambda one: (one.cells.get("status_as_of", ""), sorted(one.cells.items()))
    )
    for draft in ordered:
        before = joined.get(draft.cells[key])
        if before is None:
            joined[draft.cells[key]] = draft
        else:
            filled = {name: text for name, text in draft.cells.items() if text}
            joined[draft.cells[key]] = before._replace(
                row=min(before.row, draft.row), cells={**before.cells, **filled}
            )
    return list(joined.values())


def _table(name: str, drafts: list[Draft]) -> pd.DataFrame | gpd.GeoDataFrame:
    ordered = sorted(drafts, key=lambda draft: draft.row)
    columns = list(CHANGE_TABLES[name].columns)
    frame = pd.DataFrame(
        [{column: draft.cells.get(column, "") for column in columns} for draft in ordered],
        index=pd.Index([draft.row for draft in ordered], dtype="int64"),
        columns=columns,
        dtype="str",
    )
    return with_shapes(frame, [draft.shape for draft in ordered]) if name in GEO_TABLES else frame
