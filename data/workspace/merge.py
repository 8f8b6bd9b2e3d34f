"""The facts as users see them: the bundled ones with the active revisions laid over them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import geopandas as gpd
import numpy as np
import pandas as pd

from data._cells import as_text, misfits, typed, with_shapes
from data._consistency import inconsistencies
from data._errors import DataError, Finding
from data._tables import Table, shown
from data.workspace.change import CHANGE_TABLES, no_shapes
from data.workspace.check import KEYS, PARTIAL, check_change

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from data.facts import Facts
    from data.workspace.change import Change, Revision
    from data.workspace.store import Workspace


@dataclass(frozen=True)
class _Place:
    """Where a row comes from, as `data._tables.Line`; rows of the facts are named by their id."""

    file: str
    number: str
    beneath: bool = False

    def seen_from(self, other: _Place) -> str:
        return f"row {self.number}" + ("" if self.file == other.file else f" of {self.file}")


def merged(
    facts: Facts,
    workspace: Workspace,
    *,
    plus: Change | None = None,
    file: str = "new rows",
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


def place(revision: Revision) -> str:
    """Name a revision in findings, and in the column `file` of observations."""
    return f"revision {revision.id} ({revision.file or revision.title})"


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
    findings: list[Finding] = []
    cells: dict[str, pd.DataFrame] = {}
    cells["sources"] = _with_new(facts.sources, changes, findings)
    for table in PARTIAL:
        cells[table] = _with_filled(table, getattr(facts, table), changes, findings)
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
    if not findings:
        findings += inconsistencies(cells, CHANGE_TABLES)
        findings += _dangling(cells, facts, changes)
    if findings:
        raise DataError(dict.fromkeys(findings))
    changed = {
        "plots": _replaced("plots", facts.plots, changes),
        "outlines": _replaced("outlines", facts.outlines, changes),
    }
    leases = [as_text("leases", facts.leases), *(change.leases for _, change in changes)]
    return replace(
        facts,
        sources=_typed("sources", facts.sources, cells["sources"]),
        areas=_typed("areas", facts.areas, cells["areas"]),
        nodes=_typed("nodes", facts.nodes, cells["nodes"]),
        observations=_observations(facts, changes),
        leases=typed("leases", _last(leases, KEYS["leases"])),
        **changed,
    )


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


def _with_new(
    sources: pd.DataFrame,
    changes: Sequence[tuple[str, Change]],
    findings: list[Finding],
) -> pd.DataFrame:
    """Add sources; one that is known must be the same."""
    rows = _beneath("sources", sources)
    for file, change in changes:
        for line, row in zip(
            change.sources.index,
            cast("list[dict[str, str]]", change.sources.to_dict("records")),
            strict=True,
        ):
            where, known = rows.setdefault(row["id"], (_Place(file, str(line)), row))
            for field in (field for field in row if row[field] != known[field]):
                expected = f"{shown(known[field])}, as in {where.file}, or another id"
                findings.append(Finding(file, str(line), field, shown(row[field]), expected))
    return _frame("sources", rows)


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


def _dangling(
    cells: dict[str, pd.DataFrame],
    facts: Facts,
    changes: Sequence[tuple[str, Change]],
) -> Iterator[Finding]:
    """Yield rows of plots, leases, outlines and communes that refer to what isn't there."""
    known = {"area_id": cells["areas"]["id"], "source_id": cells["sources"]["id"]}
    plots = pd.concat(
        [facts.plots[["area_id", "plot_id"]]]
        + [change.plots[["area_id", "plot_id"]] for _, change in changes],
    )
    labels = pd.MultiIndex.from_frame(plots)
    for file, change in changes:
        for table in KEYS:
            rows = getattr(change, table)
            for field in known:
                if field in rows:
                    for line, cell in rows.loc[~rows[field].isin(known[field]), field].items():
                        expected = f"an id in {'areas' if field == 'area_id' else 'sources'}"
                        yield Finding(file, str(line), field, shown(cell), expected)
        on_plots = change.leases[change.leases["plot_id"] != ""]
        pairs = pd.MultiIndex.from_frame(on_plots[["area_id", "plot_id"]])
        for line, cell in on_plots.loc[~pairs.isin(labels), "plot_id"].items():
            yield Finding(file, str(line), "plot_id", shown(cell), "a plot of the same area")


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
