"""What an import is held against: the known facts, the province, today; and rows it would write."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import pandas as pd

from data.dates import last_day
from data.importing.names import NEW_AREA, AreaNames, parted, slug
from data.importing.tables import column, records
from data.units._lookup import unit_of_province

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from shapely.geometry.base import BaseGeometry

    from data.facts import Facts
    from data.importing.findings import ImportFinding
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
    sources
        By id: rows of sources that the file brings with it.
    """

    facts: Facts
    resolution: Resolution
    today: dt.date
    source_id: str
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
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


class _Named(NamedTuple):
    """What the name of an area in a file is, and what has to be said about it."""

    area_id: str = ""
    kind: str = ""
    new: str = ""
    code: str = ""
    said: tuple[tuple[str, str], ...] = ()


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
    named: dict[tuple[str, str, str], _Named] = {}
    found: list[_Named] = []
    once: set[str] = set()
    for row, cells in records(rows.cells):
        key = (cells.get("area", ""), cells.get("area_id", ""), cells.get("area_kind", ""))
        if key not in named:
            settled = rows.mapping.areas.get(key[0], "")
            named[key] = _named(key, settled, context, may_be_new=may_be_new)
        one = named[key]
        found.append(one)
        if one.code in ("I302", "I303") and key[0] in once:
            continue
        if one.code:
            once.add(key[0])
            names = ("area", "area_kind") if one.code == "I307" else ("area",)
            findings.append(rows.at(row, one.code, *names, found=key[0], **dict(one.said)))
    index = rows.cells.index
    cells_too = rows.cells.assign(
        area_id=pd.Series([one.area_id for one in found], index=index, dtype=object),
        area_kind=pd.Series([one.kind for one in found], index=index, dtype=object),
        new=pd.Series([one.new for one in found], index=index, dtype=object),
    )
    return replace(rows, cells=cells_too), findings


def _named(
    cells: tuple[str, str, str],
    settled: str,
    context: Context,
    *,
    may_be_new: bool,
) -> _Named:
    name, own_id, stated = cells
    known = [one for one in (own_id, settled) if one in context.names.ids]
    if known or not name:
        return _Named(known[0] if known else "", stated)
    if own_id in context.facts.areas.index:  # one's own export, brought in for another province
        province = unit_of_province(str(context.facts.areas.loc[own_id, "province_code"])).name
        return _Named("", stated, "", "I308", (("province", province),))
    match = context.names.match(name, stated)
    kind = match.kind or stated
    if match.area_id and settled != NEW_AREA:
        shown = context.names.shown(match.area_id)
        same = name in (match.area_id, context.names.names[match.area_id])
        return _Named(match.area_id, kind, "", "" if same else "I303", (("matched", shown),))
    listed = ", ".join(context.names.shown(one) for one, _ in match.candidates)
    if not may_be_new or (match.doubtful and settled != NEW_AREA):
        code = "I301" if may_be_new else "I305"
        return _Named("", kind, "", code, (("candidates", listed),))
    if not kind:
        return _Named("", kind, "", "I307")
    area_id = _new_id(f"{context.prefix}-{KIND_CODES[kind]}-{_core(name)}", context)
    return _Named(area_id, kind, "yes", "I302", (("id", area_id),))


def _core(name: str) -> str:
    return slug(parted(name)[1]) or slug(name) or "moi"


def _new_id(wanted: str, context: Context) -> str:
    """Give an id that no area has."""
    number, area_id = 2, wanted
    while area_id in context.facts.areas.index:
        area_id, number = f"{wanted}-{number}", number + 1
    return area_id


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
    """Find dates after today, and months and years that aren't over; but for plans."""
    findings = []
    planned = column(rows.cells, "nature").isin(["planned", "proposed"])
    for name in names:
        for row, cells in records(rows.cells):
            text = cells.get(name, "")
            ends = last_day(text)
            if ends is None or (planned.get(row) and name == "as_of"):
                continue
            found = rows.printed(row, name)
            day = int(text[8:10] or 1)
            begins = ends.replace(month=int(text[5:7] or 1), day=day)
            if begins > context.today:
                today = context.today.isoformat()
                findings.append(rows.at(row, "I201", name, found=found, today=today))
            elif ends > context.today:  # a partial date means its last day
                start = ends.isoformat()
                findings.append(rows.at(row, "I208", name, found=found, start=start))
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
