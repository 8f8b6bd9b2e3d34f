"""What an import is held against: the known facts, the province, today; and rows it would write."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, cast

import geopandas as gpd
import pandas as pd

from data.dates import last_day
from data.importing.names import NEW_AREA, AreaNames, parted, slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from shapely.geometry.base import BaseGeometry

    from data.facts import Facts
    from data.importing.findings import ImportFinding
    from data.importing.names import AreaMatch
    from data.importing.values import Rows
    from data.resolutions import Resolution

KIND_CODES = {
    "economic_zone": "kkt",
    "industrial_park": "kcn",
    "industrial_cluster": "ccn",
    "high_tech_park": "cnc",
}


@dataclass(frozen=True)
class Context:
    """What the rows of a file are held against.

    Attributes
    ----------
    facts
        As they are before the import, earlier imports included.
    resolution
        Of the province.
    today
        Figures are not later than this.
    source_id
        Source that new rows name.
    """

    facts: Facts
    resolution: Resolution
    today: dt.date
    source_id: str
    names: AreaNames = field(init=False)

    def __post_init__(self) -> None:
        """Index the areas of the province once."""
        areas = self.facts.areas[self.facts.areas["province_code"] == self.code]
        object.__setattr__(self, "names", AreaNames(areas))

    @property
    def code(self) -> str:
        """Code of the province."""
        return self.resolution.code

    @property
    def crs(self) -> str:
        """VN-2000 zone of the province."""
        return self.resolution.crs

    @property
    def prefix(self) -> str:
        """What ids of areas in the province begin with."""
        ids = sorted(self.names.ids)
        words = self.resolution.province.split("-")
        return ids[0].split("-")[0] if ids else "".join(word[0] for word in words)


class Draft(NamedTuple):
    """A row that an import would write."""

    table: str
    row: int
    cells: Mapping[str, str]
    shape: BaseGeometry | None = None


@dataclass(frozen=True)
class Checked:
    """Rows of a sheet with everything that was found about them.

    Attributes
    ----------
    rows
        Cells by field; those of the kind of area, matched ids and the like are added to them.
    shapes
        Geometry by row, WGS 84; None where no row has any.
    findings
        All of them.
    """

    rows: Rows
    shapes: gpd.GeoSeries | None
    findings: tuple[ImportFinding, ...]

    @property
    def cells(self) -> pd.DataFrame:
        """Cells of the rows by field."""
        return self.rows.cells

    def with_cells(self, cells: pd.DataFrame) -> Checked:
        """Put other cells in place, with the geometries of the rows that are left."""
        shapes = None if self.shapes is None else gpd.GeoSeries(self.shapes[cells.index])
        return replace(self, rows=replace(self.rows, cells=cells), shapes=shapes)


def records(cells: pd.DataFrame) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row of a table of text with its cells by field."""
    for row, one in zip(cells.index, cells.to_dict("records"), strict=True):
        yield int(row), cast("dict[str, str]", one)


def shaped(shapes: gpd.GeoSeries) -> Iterator[tuple[int, BaseGeometry]]:
    """Yield the geometries that there are, with their rows."""
    for row, shape in zip(shapes.index, shapes.to_numpy(), strict=True):
        if shape is not None:
            yield int(row), shape


def column(cells: pd.DataFrame, name: str) -> pd.Series[str]:
    """Give a column of text, "" in all rows where there is none."""
    return cells[name] if name in cells else pd.Series("", index=cells.index, dtype=object)


def number(cells: pd.DataFrame, name: str) -> pd.Series[float]:
    """Give a column as float64, NaN where unknown."""
    texts = column(cells, name)
    return pd.to_numeric(texts.where(texts != "")).astype("float64")


def match_areas(
    rows: Rows,
    context: Context,
    *,
    may_be_new: bool = False,
) -> tuple[Rows, list[ImportFinding]]:
    """Add `area_id` to rows by the name of their area, and `new` for one that isn't known.

    Names that a mapping settles go as it says. A name much like a known one is an error until
    somebody says which it is: a misspelt park would count its land twice.
    """
    findings: list[ImportFinding] = []
    ids, kinds, new = {}, {}, {}
    told = rows.mapping.areas
    seen: dict[tuple[str, str], AreaMatch] = {}
    for row, name in column(rows.cells, "area").items():
        own_id = column(rows.cells, "area_id").get(row, "")
        stated = column(rows.cells, "area_kind").get(row, "")
        ids[row], kinds[row], new[row] = "", stated, ""
        settled = told.get(name, "")
        if own_id in context.names.ids or settled in context.names.ids:
            ids[row] = own_id if own_id in context.names.ids else settled
            continue
        if not name:
            continue
        key = (name, stated)
        if key not in seen:
            seen[key] = context.names.match(name, stated)
        found = seen[key]
        listed = ", ".join(context.names.shown(one) for one, _ in found.candidates) or "-"
        kinds[row] = found.kind or stated
        if found.area_id and settled != NEW_AREA:
            ids[row] = found.area_id
            if name not in (found.area_id, context.names.names[found.area_id]):
                shown = context.names.shown(found.area_id)
                findings.append(rows.at(row, "I303", "area", found=name, matched=shown))
        elif not may_be_new:
            findings.append(rows.at(row, "I305", "area", found=name, candidates=listed))
        elif found.doubtful and settled != NEW_AREA:
            findings.append(rows.at(row, "I301", "area", found=name, candidates=listed))
        elif not kinds[row]:
            findings.append(rows.at(row, "I307", "area", "area_kind", found=name))
        else:
            ids[row] = f"{context.prefix}-{KIND_CODES[kinds[row]]}-{_core(name)}"
            new[row] = "yes"
            findings.append(rows.at(row, "I302", "area", found=name, id=ids[row]))
    cells = rows.cells.assign(
        area_id=pd.Series(ids, dtype=object),
        area_kind=pd.Series(kinds, dtype=object),
        new=pd.Series(new, dtype=object),
    )
    return replace(rows, cells=cells), findings


def _core(name: str) -> str:
    return slug(parted(name)[1]) or slug(name)


def missing(rows: Rows, names: Iterable[str]) -> list[ImportFinding]:
    """Find rows without a value that they need, unless one stands there that can't be read."""
    unread = {
        (finding.row, name)
        for finding in rows.findings
        if finding.severity == "error"
        for name in finding.fields
    }
    return [
        rows.at(row, "I108", name, needed=name)
        for name in names
        for row, text in column(rows.cells, name).items()
        if not text and (str(row), name) not in unread
    ]


def future(rows: Rows, names: Iterable[str], context: Context) -> list[ImportFinding]:
    """Find dates after today, but for figures that are plans."""
    findings = []
    planned = column(rows.cells, "nature").isin(["planned", "proposed"])
    for name in names:
        for row, text in column(rows.cells, name).items():
            # A partial date means its last day, and a year may still run.
            day = last_day(text) if len(text) == len("2026-11-21") else None
            begins = dt.date(int(text[:4]), int(text[5:7] or 1), 1) if text else None
            late = (day or begins or context.today) > context.today
            if late and not (planned.get(row) and name == "as_of"):
                today = context.today.isoformat()
                findings.append(rows.at(row, "I201", name, found=text, today=today))
    return findings


def duplicates(
    rows: Rows,
    keys: list[str],
    shapes: gpd.GeoSeries | None = None,
) -> list[ImportFinding]:
    """Find rows on the same thing: alike in all cells, or contradicting each other."""
    cells = rows.cells
    keyed = pd.DataFrame({key: column(cells, key) for key in keys})
    whole = cells if shapes is None else cells.assign(_shape=shapes.to_wkb())
    findings = []
    groups: dict[tuple[str, ...], list[int]] = {}
    for row, one in records(keyed):
        if one[keys[0]]:
            groups.setdefault(tuple(one.values()), []).append(row)
    for members in groups.values():
        if len(members) == 1:
            continue
        ordered = sorted(members)
        same = len(whole.loc[ordered].fillna("").drop_duplicates()) == 1
        if same:
            first = str(ordered[0])
            findings += [rows.at(row, "I401", other=first) for row in ordered[1:]]
        else:
            findings += [
                rows.at(row, "I402", other=", ".join(str(o) for o in ordered if o != row))
                for row in ordered
            ]
    return findings
