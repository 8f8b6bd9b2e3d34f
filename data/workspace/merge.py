"""The facts as users see them: the bundled ones with the active revisions laid over them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd

from data._cells import as_text, misfits, typed, with_shapes
from data._consistency import inconsistencies
from data._errors import DataError, Finding
from data._message import Message
from data._tables import Table, shown
from data.workspace.change import CHANGE_TABLES, no_shapes
from data.workspace.check import KEYS, PARTIAL, check_change

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from data.facts import Facts
    from data.workspace.change import Change, Revision
    from data.workspace.store import Workspace


NEW_ROWS = Message("new rows")


@dataclass(frozen=True)
class _Place:
    """Where a row comes from, as `data._tables.Line`; rows of the facts are named by their id."""

    file: str
    number: str
    beneath: bool = False

    def seen_from(self, other: _Place) -> str:
        if self.file == other.file:
            return Message("row {row}", row=self.number)
        return Message("row {row} of {file}", row=self.number, file=self.file)


def merged(
    facts: Facts,
    workspace: Workspace,
    *,
    plus: Change | None = None,
    file: str = NEW_ROWS,
    without: Collection[int] = (),
) -> Facts:
    """Lay the active revisions of a workspace over the facts, in their order.

    Parameters
    ----------
    facts
        The bundled facts; returned as they are where no revision is active.
    workspace
        From :func:`data.workspace.store.open_workspace`.
    plus
        What would be added next: gives the facts as they would be.
    file
        Name of `plus` in findings.
    without
        Ids of revisions to leave out: gives the facts as they would be once those are undone.

    Raises
    ------
    DataError
        The sum doesn't fit: a revision refers to what isn't there any more, or contradicts
        the facts. Findings name revision and row.
    """
    changes = [
        (place(revision), change)
        for revision, change in workspace.active()
        if revision.id not in without
    ]
    if plus is not None:
        check_change(plus, file)
        changes.append((file, plus))
    return overlaid(facts, changes)


@dataclass(frozen=True)
class Laid:
    """Facts with the active revisions of a workspace laid over them.

    Attributes
    ----------
    beneath
        The facts without.
    revisions
        Those that are active, in their order.
    facts
        What they come to together.
    """

    beneath: Facts
    revisions: tuple[Revision, ...]
    facts: Facts


def laid(facts: Facts, workspace: Workspace, *, before: Laid | None = None) -> Laid:
    """Lay the active revisions of a workspace over the facts, as :func:`merged`.

    Parameters
    ----------
    facts
        The bundled facts.
    workspace
        From :func:`data.workspace.store.open_workspace`.
    before
        What it was like before. Where revisions have only come since then, those alone are read
        and laid over it; the result is the same.

    Raises
    ------
    DataError
        As :func:`merged`.
    """
    active = tuple(revision for revision in workspace.revisions() if revision.active)
    known = before.revisions if before else ()
    if before and before.beneath is facts and known and active[: len(known)] == known:
        since = [
            (place(revision), workspace.change(revision.id)) for revision in active[len(known) :]
        ]
        try:
            return Laid(facts, active, overlaid(before.facts, since))
        except DataError:
            pass  # told below, by the names of the files beneath
    changes = [(place(revision), change) for revision, change in workspace.active()]
    return Laid(facts, active, overlaid(facts, changes))


def place(revision: Revision) -> str:
    """Name a revision in findings, and in the column `file` of observations."""
    return Message("revision {id} ({file})", id=revision.id, file=revision.file or revision.title)


def own_communes(workspace: Workspace) -> gpd.GeoDataFrame:
    """Communes that users brought in: columns of the schema, EPSG:4326, one row a code.

    The latest revision of each code is taken.
    """
    return _latest("communes", [change.communes for _, change in workspace.active()])


def overlaid(facts: Facts, changes: Sequence[tuple[str, Change]]) -> Facts:
    """Lay checked changes over the facts; a later one goes before an earlier one.

    Parameters
    ----------
    facts
        Facts that are sound by themselves.
    changes
        Each with its name in findings.

    Raises
    ------
    DataError
        With all findings.
    """
    if all(rows.empty for _, change in changes for _, rows in change.tables()):
        return facts
    given = {name for _, change in changes for name, rows in change.tables() if not rows.empty}
    findings: list[Finding] = []
    new = _new_sources(facts.sources, changes, findings)
    cells = _cells(facts, changes, given, new, findings)
    if not findings:
        findings += inconsistencies(cells, CHANGE_TABLES)
        findings += _dangling(facts, changes)
    if findings:
        raise DataError(dict.fromkeys(findings))
    tables: dict[str, Any] = {
        name: _typed(name, getattr(facts, name), cells[name]) for name in PARTIAL if name in cells
    }
    tables |= {
        name: _replaced(name, getattr(facts, name), changes)
        for name in ("plots", "outlines")
        if name in given
    }
    if not new.empty:
        added = typed("sources", new).set_index("id")
        tables["sources"] = pd.concat([facts.sources, added])
    tables["observations"] = _observations(facts, changes)
    if "leases" in given:
        tables["leases"] = _leases(facts, changes)
    return replace(facts, **tables)


# Tables that the rows of a table refer to.
_MEANT = {"areas": ("sources",), "nodes": ("sources",), "observations": ("areas", "sources")}


def _cells(
    facts: Facts,
    changes: Sequence[tuple[str, Change]],
    given: Collection[str],
    new: pd.DataFrame,
    findings: list[Finding],
) -> dict[str, pd.DataFrame]:
    """Text of the tables that changes add to, and of those that these refer to.

    The others are sound, and stay so: nothing that they refer to is ever taken away.
    """
    needed = {*given, *(name for table in given for name in _MEANT.get(table, ()))}
    cells: dict[str, pd.DataFrame] = {}
    if "sources" in needed:
        known = pd.DataFrame({"id": facts.sources.index}, dtype="str")
        cells["sources"] = pd.concat([_placed(known, "sources.csv", known["id"]), new])
    for table in PARTIAL:
        if table in needed:
            cells[table] = _with_filled(table, getattr(facts, table), changes, findings)
    if "observations" in needed:
        cells["observations"] = pd.concat(
            [
                _placed(
                    as_text("observations", facts.observations[list(_columns("observations"))]),
                    facts.observations["file"],
                    facts.observations["line"],
                ),
                *(_placed(change.observations, file) for file, change in changes),
            ],
        )
    return cells


def _columns(table: str) -> Collection[str]:
    return CHANGE_TABLES[table].columns


def _placed(
    rows: pd.DataFrame,
    file: str | pd.Series,
    numbers: pd.Series | pd.Index | None = None,
) -> pd.DataFrame:
    """Index rows by their place."""
    files = [file] * len(rows) if isinstance(file, str) else list(file)
    lines = list(rows.index if numbers is None else numbers)
    places = [_Place(name, str(line)) for name, line in zip(files, lines, strict=True)]
    return rows.set_axis(pd.Index(places, dtype="object"), axis=0)


def _beneath(table: str, frame: pd.DataFrame) -> dict[str, tuple[_Place, dict[str, str]]]:
    """Rows of the facts as text, by their id."""
    cells = as_text(table, frame.reset_index())
    key = str(frame.index.name)
    return {
        row[key]: (_Place(f"{table}.csv", row[key], beneath=True), row)
        for row in cast("list[dict[str, str]]", cells.to_dict("records"))
    }


def _frame(table: str, rows: dict[str, tuple[_Place, dict[str, str]]]) -> pd.DataFrame:
    return pd.DataFrame(
        [row for _, row in rows.values()],
        index=pd.Index([where for where, _ in rows.values()], dtype="object"),
        columns=list(_columns(table)),
        dtype="str",
    )


def _new_sources(
    sources: pd.DataFrame,
    changes: Sequence[tuple[str, Change]],
    findings: list[Finding],
) -> pd.DataFrame:
    """Give the sources that aren't known yet; one that is must be the same."""
    named = {name for _, change in changes for name in change.sources["id"]}
    rows = _beneath("sources", sources[sources.index.isin(list(named))])
    for file, change in changes:
        for line, row in zip(
            change.sources.index,
            cast("list[dict[str, str]]", change.sources.to_dict("records")),
            strict=True,
        ):
            where, known = rows.setdefault(row["id"], (_Place(file, str(line)), row))
            for field in (field for field in row if row[field] != known[field]):
                expected = Message(
                    "{known}, as in {file}, or another id",
                    known=shown(known[field]),
                    file=where.file,
                )
                findings.append(Finding(file, str(line), field, shown(row[field]), expected))
    return _frame("sources", {key: row for key, row in rows.items() if not row[0].beneath})


def _with_filled(
    table: str,
    frame: pd.DataFrame,
    changes: Sequence[tuple[str, Change]],
    findings: list[Finding],
) -> pd.DataFrame:
    """Add rows, and fill or replace fields of those that are known."""
    rows = _beneath(table, frame)
    for file, change in changes:
        added = getattr(change, table)
        whole = []
        for line, row in zip(added.index, added.to_dict("records"), strict=True):
            _, known = rows.get(row[PARTIAL[table]], (None, row))
            filled = known | {field: cell for field, cell in row.items() if cell}
            rows[row[PARTIAL[table]]] = (_Place(file, str(line)), filled)
            whole.append(filled)
        if whole:
            cells = pd.DataFrame(whole, index=added.index, columns=added.columns, dtype="str")
            findings += misfits(table, Table(file, cells, ()))
    return _frame(table, rows)


def _dangling(facts: Facts, changes: Sequence[tuple[str, Change]]) -> Iterator[Finding]:
    """Yield rows of plots, leases, outlines and communes that refer to what isn't there."""
    known = {
        "area_id": {
            *facts.areas.index,
            *(key for _, change in changes for key in change.areas["id"]),
        },
        "source_id": {
            *facts.sources.index,
            *(key for _, change in changes for key in change.sources["id"]),
        },
    }
    labels: set[tuple[str, str]] | None = None
    for file, change in changes:
        for table in KEYS:
            rows = getattr(change, table)
            for field in known if len(rows) else ():
                if field in rows:
                    for line, cell in rows.loc[~rows[field].isin(known[field]), field].items():
                        expected = Message(
                            "an id in {table}", table="areas" if field == "area_id" else "sources"
                        )
                        yield Finding(file, str(line), field, shown(cell), expected)
        on_plots = change.leases[change.leases["plot_id"] != ""]
        if on_plots.empty:
            continue
        if labels is None:
            tables = (facts.plots, *(each.plots for _, each in changes))
            labels = {pair for table in tables for pair in _labels(table)}
        for line, cell in on_plots.loc[
            [pair not in labels for pair in _labels(on_plots)], "plot_id"
        ].items():
            yield Finding(
                file, str(line), "plot_id", shown(cell), Message("a plot of the same area")
            )


def _labels(table: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Area and plot of each row."""
    return zip(table["area_id"].tolist(), table["plot_id"].tolist(), strict=True)


def _typed(table: str, beneath: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Give the rows that a change touched their types; the others stay as they are."""
    key = str(beneath.index.name)
    own = np.array([where.beneath for where in cells.index], dtype=bool)
    if own.all():
        return beneath
    added = typed(table, cells[~own]).set_index(key)
    rows: pd.DataFrame = pd.concat([beneath.loc[cells.loc[own, key]], added])
    return rows.loc[cells[key].to_list()].rename_axis(key)


def _observations(facts: Facts, changes: Sequence[tuple[str, Change]]) -> pd.DataFrame:
    """Append observations, with `file`, `line`, and `row` continued from those beneath."""
    added = [
        typed("observations", change.observations).assign(
            file=file,
            line=change.observations.index.to_numpy(),
        )
        for file, change in changes
        if len(change.observations)
    ]
    if not added:
        return facts.observations
    rows = pd.concat(added, ignore_index=True)
    last = int(facts.observations["row"].max()) if len(facts.observations) else 0
    rows["row"] = range(last + 1, last + 1 + len(rows))
    return pd.concat([facts.observations, rows[facts.observations.columns]], ignore_index=True)


def _leases(facts: Facts, changes: Sequence[tuple[str, Change]]) -> pd.DataFrame:
    """Leases, those of a later revision in place of an earlier one's."""
    added = [typed("leases", change.leases) for _, change in changes if len(change.leases)]
    return _last([facts.leases, *added], KEYS["leases"])


def _last(frames: Sequence[pd.DataFrame], key: list[str]) -> pd.DataFrame:
    rows = pd.concat(frames, ignore_index=True)
    return rows[~rows.duplicated(key, keep="last")].reset_index(drop=True)


def _latest(table: str, frames: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Rows of the latest revision with each key, as text with their geometries."""
    rows = _last([no_shapes(table), *frames], KEYS[table])
    return with_shapes(rows.drop(columns="geometry"), gpd.GeoSeries(rows["geometry"]))


def _replaced(
    table: str,
    beneath: gpd.GeoDataFrame,
    changes: Sequence[tuple[str, Change]],
) -> gpd.GeoDataFrame:
    """Rows with a geometry, those of a later revision in place of an earlier one's."""
    below = with_shapes(as_text(table, beneath.drop(columns="geometry")), beneath.geometry)
    rows = _latest(table, [below, *(getattr(change, table) for _, change in changes)])
    return with_shapes(typed(table, rows.drop(columns="geometry")), rows.geometry)
