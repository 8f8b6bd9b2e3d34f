"""Fact tables: areas, their dated figures and sources, roads, nodes and legal rules.

One call reads all tables of a folder, checks them against `data.schemas` and against each
other, and gives frames with types; or it raises one error with everything that is wrong. A
sub-folder holds the tables of one province; they are read as if they continued those above.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from data._cells import empty, misfits, typed, with_shapes
from data._consistency import inconsistencies
from data._errors import DataError, Finding
from data._tables import read_table
from data.schemas import PROVINCE_TABLES, TABLES

if TYPE_CHECKING:
    import geopandas as gpd

    from data._tables import Table

FACTS = Path(__file__).parent / "facts"


@dataclass(frozen=True)
class Facts:
    """The fact tables with types.

    Texts, dates too, are as printed, "" where unknown; numbers are float64 and missing (NaN)
    where unknown; lists are tuples; `counted` is bool; `established_year` is Int64. The last three
    are empty but for what a user brought in (`data.workspace`); geometries are EPSG:4326.
    """

    areas: pd.DataFrame
    """One row per park, cluster or economic zone, indexed by `id`."""
    observations: pd.DataFrame
    """One row per dated figure of an area, in the order of the files: `file` and `line`.

    `row` is the line too, but continued from file to file, so that no two have the same.
    """
    sources: pd.DataFrame
    """Indexed by `id`."""
    province_figures: pd.DataFrame
    """Totals that sources state for a province, for cross-checking."""
    roads: pd.DataFrame
    """Indexed by `road_id`."""
    road_waypoints: pd.DataFrame
    """Points a road passes, WGS 84 degrees, in the order of `seq` for each road."""
    nodes: pd.DataFrame
    """Ports, airports, stations, gates, substations, indexed by `node_id`, WGS 84 degrees."""
    legal_rules: pd.DataFrame
    """Definitions and thresholds with their clause, indexed by `id`."""
    plots: gpd.GeoDataFrame = field(default_factory=lambda: _no_shapes("plots"))
    """One row per plot and date: `area_id`, `plot_id` and `as_of` together are different.

    A label such as "CN-01" means a plot only within its area. Geometry is None where only the
    area of the plot is known.
    """
    leases: pd.DataFrame = field(default_factory=lambda: empty("leases"))
    """One row per lease; `area_id` and `lease_id` together are different."""
    outlines: gpd.GeoDataFrame = field(default_factory=lambda: _no_shapes("outlines"))
    """Surveyed polygons, one row per area and date: `area_id` and `as_of` are different."""


def _no_shapes(table: str) -> gpd.GeoDataFrame:
    return with_shapes(empty(table), [])


def load_facts(folder: Path = FACTS) -> Facts:
    """Read, check and type all fact tables of a folder.

    Parameters
    ----------
    folder
        Holds the CSV files (UTF-8, RFC 4180) that `data.schemas.TABLES` names, and any number
        of sub-folders with some of `data.schemas.PROVINCE_TABLES`.

    Returns
    -------
    Facts
        The tables with types.

    Raises
    ------
    DataError
        When anything is wrong, with all findings of all tables: file, line, field, what was
        found and what is expected.

    Examples
    --------
    >>> facts = load_facts()
    >>> facts.areas.at["na-kcn-nam-cam-a", "part_of"]
    'na-kcn-nam-cam'
    """
    files, findings = _files(folder)
    tables: dict[str, list[Table]] = {name: [] for name in TABLES}
    for name, path in files:
        table = read_table(path, path.relative_to(folder).as_posix())
        findings += table.findings
        if len(table.cells.columns):
            findings += misfits(name, table)
        tables[name].append(table)
    complete = {
        name: pd.concat([table.placed for table in parts])
        for name, parts in tables.items()
        if all(set(TABLES[name].columns) <= set(table.cells.columns) for table in parts)
    }
    known = {(finding.file, finding.row, finding.field) for finding in findings}
    whole = {name for name, parts in tables.items() if all(table.whole for table in parts)}
    findings += [
        finding
        for finding in inconsistencies(complete, whole)
        if (finding.file, finding.row, finding.field) not in known
    ]
    if findings:
        raise DataError(sorted(findings, key=_place))
    frames = {name: typed(name, cells) for name, cells in complete.items()}
    lines = complete["observations"].index
    return Facts(
        areas=frames["areas"].set_index("id"),
        observations=frames["observations"]
        .assign(
            row=_rows(tables["observations"]),
            file=[line.file for line in lines],
            line=[line.number for line in lines],
        )
        .reset_index(drop=True),
        sources=frames["sources"].set_index("id"),
        province_figures=frames["province_figures"].reset_index(drop=True),
        roads=frames["roads"].set_index("road_id"),
        road_waypoints=frames["road_waypoints"]
        .sort_values(["road_id", "seq"], kind="stable")
        .reset_index(drop=True),
        nodes=frames["nodes"].set_index("node_id"),
        legal_rules=frames["legal_rules"].set_index("id"),
    )


def _files(folder: Path) -> tuple[list[tuple[str, Path]], list[Finding]]:
    """List the files by the table that they belong to; those of sub-folders that aren't tables.

    The folder itself has all tables, a sub-folder only those that it needs.
    """
    found = [(name, folder / f"{name}.csv") for name in TABLES]
    findings = []
    for path in sorted(folder.glob("[!._]*/*.csv")):
        if path.stem in PROVINCE_TABLES:
            found.append((path.stem, path))
        else:
            expected = f"one of {', '.join(f'{name}.csv' for name in PROVINCE_TABLES)}"
            file = path.relative_to(folder).as_posix()
            findings.append(Finding(file, "", "", "a file that isn't a province's table", expected))
    return found, findings


def _rows(tables: list[Table]) -> list[int]:
    """Give each row its line, continued from file to file."""
    numbers: list[int] = []
    for table in tables:
        last = numbers[-1] if numbers else 0
        numbers += [last + int(line) for line in table.cells.index]
    return numbers


def _place(finding: Finding) -> tuple[str, int, str]:
    return finding.file, int(finding.row or 0), finding.field
