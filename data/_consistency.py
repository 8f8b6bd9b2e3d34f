"""Rules of the fact tables across columns, rows and tables.

Each function looks at the text of the cells (frames indexed by `Line`) and
yields what contradicts itself. What a single cell may hold is in `data.schemas`. A table may
consist of several files; its ids are different across all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pandas as pd

from data._columns import split_list
from data._errors import Finding
from data._message import Message
from data._tables import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from data._tables import Line

# References to a row of another table: table, field, the table meant, its id.
_REFERENCES = (
    ("areas", "part_of", "areas", "id"),
    ("areas", "within", "areas", "id"),
    ("areas", "source_ids", "sources", "id"),
    ("observations", "area_id", "areas", "id"),
    ("observations", "source_id", "sources", "id"),
    ("province_figures", "source_id", "sources", "id"),
    ("roads", "source_ids", "sources", "id"),
    ("road_waypoints", "road_id", "roads", "road_id"),
    ("nodes", "source_ids", "sources", "id"),
)

# Fields that say something only together.
_TOGETHER = (
    ("areas", ("lat", "lon")),
    ("nodes", ("lat", "lon", "method")),
    ("legal_rules", ("operator", "threshold_1", "unit_1")),
    ("legal_rules", ("threshold_2", "unit_2")),
)

_EXTENTS = ("total_area_ha", "project_area_ha", "industrial_land_ha")
_SAID = [
    "area_id",
    "as_of",
    "metric",
    "qualifier",
    "basis",
    "scope",
    "nature",
    "source_id",
    "value",
]
_WITH_BASIS = ("industrial_land_ha", "leased_ha", "fill_rate_pct")


def inconsistencies(
    tables: Mapping[str, pd.DataFrame],
    whole: Collection[str],
) -> Iterator[Finding]:
    """Yield all findings across columns, rows and tables.

    Parameters
    ----------
    tables
        Text of the cells by name of the table, each with all its columns; a table that
        lacks one is left out, and what needs it is not checked.
    whole
        Names of the tables of which every row could be read. A reference into another one
        is not called unknown.
    """
    for table, field, target, key in _REFERENCES:
        if table in tables and target in tables and target in whole:
            yield from _unknown(tables[table][field], set(tables[target][key]), target)
    for table, fields in _TOGETHER:
        if table in tables:
            yield from _apart(tables[table][list(fields)])
    for table, rule in _RULES:
        if table in tables:
            yield from rule(tables[table])


def _finding(label: object, field: str, found: str, expected: str) -> Finding:
    line = cast("Line", label)
    return Finding(line.file, str(line.number), field, found, expected)


def _unknown(cells: pd.Series[str], known: set[str], target: str) -> Iterator[Finding]:
    for line, cell in cells.items():
        for name in split_list(cell):
            if name and name not in known:
                yield _finding(
                    line,
                    str(cells.name),
                    shown(name),
                    Message("an id in {target}.csv", target=target),
                )


def _apart(cells: pd.DataFrame) -> Iterator[Finding]:
    fields = list(cells.columns)
    filled = cells != ""
    for line, row in filled[filled.any(axis=1) & ~filled.all(axis=1)].iterrows():
        for field in fields:
            if not row[field]:
                others = ", ".join(name for name in fields if row[name])
                yield _finding(
                    line,
                    field,
                    Message("an empty cell"),
                    Message("a value, because of {others}", others=others),
                )


def _kinds(areas: pd.DataFrame) -> Iterator[Finding]:
    """Areas lie within an economic zone, which itself lies within none."""
    kinds = dict(zip(areas["id"], areas["kind"], strict=True))
    for line, area in areas[areas["within"] != ""].iterrows():
        if kinds.get(area["within"], "economic_zone") != "economic_zone":
            found = Message(
                "{area}, {kinds}", area=shown(area["within"]), kinds=shown(kinds[area["within"]])
            )
            yield _finding(line, "within", found, Message("the id of an economic zone"))
        elif area["kind"] == "economic_zone":
            expected = Message("an empty cell for an economic zone")
            yield _finding(line, "within", shown(area["within"]), expected)


def _wholes(areas: pd.DataFrame) -> Iterator[Finding]:
    """No area is part of itself, and none is counted beside the whole that it is part of."""
    parents = dict(zip(areas["id"], areas["part_of"], strict=True))
    counted = dict(zip(areas["id"], areas["counted"], strict=True))
    for line, area in areas[areas["part_of"] != ""].iterrows():
        above: list[str] = []
        whole = area["part_of"]
        while whole and whole not in above:
            above.append(whole)
            whole = parents.get(whole, "")
        if area["id"] in above:
            found = " > ".join([area["id"], *above])
            yield _finding(line, "part_of", found, Message("no circle of parts"))
        elif area["counted"] == "yes":
            for name in above:
                if counted.get(name) == "yes":
                    expected = Message(
                        "no, because {name} that it is part of is counted", name=name
                    )
                    yield _finding(line, "counted", "'yes'", expected)


def _status_dates(areas: pd.DataFrame) -> Iterator[Finding]:
    rows = areas[(areas["status"] == "") & (areas["status_as_of"] != "")]
    for line, cell in rows["status_as_of"].items():
        expected = Message("an empty cell where the status is empty")
        yield _finding(line, "status_as_of", shown(cell), expected)


def _bases(observations: pd.DataFrame) -> Iterator[Finding]:
    """Leasable land, leased land and their rate have a basis, and nothing else has."""
    needed = observations["metric"].isin(_WITH_BASIS)
    for line, cell in observations.loc[needed & (observations["basis"] == ""), "basis"].items():
        expected = Message("a basis; where the source states none, reported")
        yield _finding(line, "basis", shown(cell), expected)
    for line, cell in observations.loc[~needed & (observations["basis"] != ""), "basis"].items():
        expected = Message("an empty cell; only {names} have a basis", names=", ".join(_WITH_BASIS))
        yield _finding(line, "basis", shown(cell), expected)


def _extents(observations: pd.DataFrame) -> Iterator[Finding]:
    """Unknown land is not zero: an extent of 0 ha isn't one."""
    values = pd.to_numeric(observations["value"], errors="coerce")
    zero = observations["metric"].isin(_EXTENTS) & (values == 0)
    for line, cell in observations.loc[zero, "value"].items():
        expected = Message("more than 0 ha, or no row where it is unknown")
        yield _finding(line, "value", shown(cell), expected)


def _repeated(fields: list[str], meant: str) -> Callable[..., Iterator[Finding]]:
    def rule(frame: pd.DataFrame) -> Iterator[Finding]:
        first: dict[tuple[str, ...], Line] = {}
        for line, *cells in frame[fields].itertuples(name=None):
            key = tuple(cells)
            if key in first:
                found = Message("the same as in {first}", first=first[key].seen_from(line))
                yield _finding(line, fields[-1], found, meant)
            first.setdefault(key, line)

    return rule


_RULES: tuple[tuple[str, Callable[[pd.DataFrame], Iterator[Finding]]], ...] = (
    ("areas", _kinds),
    ("areas", _wholes),
    ("areas", _status_dates),
    ("observations", _bases),
    ("observations", _extents),
    ("observations", _repeated(_SAID, Message("each figure of a source once"))),
    (
        "road_waypoints",
        _repeated(["road_id", "seq"], Message("each place in the order of a road once")),
    ),
    *(
        (table, _repeated([key], Message("an id that no row above has")))
        for table, key in (
            ("areas", "id"),
            ("sources", "id"),
            ("roads", "road_id"),
            ("nodes", "node_id"),
        )
    ),
)
