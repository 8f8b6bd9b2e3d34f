"""From the sheets of a file to a checked change of the facts.

`prepare` reads and checks everything and writes nothing; `accept` gives the change that a user
agreed to. What a finding's severity means:

- *error*: the row can't be taken as it is;
- *warning*: the row is taken, and somebody should look at it;
- *info*: what was done with the row.

`accept` knows three answers. "none" takes the file where it has no error, else nothing.
"sound" takes the rows without errors. "all" takes the others too, each without the fields that
are at fault; a row that can't be stored without them (no name, no outline and no area, the same
plot twice with different values) stays out. An error on a sheet as a whole (no coordinate
system, no kind) keeps all of its rows out in every case.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import pandas as pd

from data._cells import with_shapes
from data._errors import DataError
from data.importing import boundaries, nodes, observations, parks, plots
from data.importing.context import Checked, Context
from data.importing.findings import ImportFinding, row_order
from data.importing.headers import (
    KINDS,
    SURE,
    guess_kind,
    mapping_of,
    needed,
    propose,
)
from data.importing.names import slug
from data.importing.values import clean, read_rows
from data.resolutions import load_resolution
from data.schemas import GEO_TABLES
from data.workspace.change import CHANGE_TABLES, Change
from data.workspace.check import PARTIAL, check_change
from data.workspace.merge import overlaid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from collections.abc import Mapping as MappingOf

    import geopandas as gpd

    from data.facts import Facts
    from data.importing.context import Draft
    from data.importing.headers import Kind, Mapping, Proposal
    from data.importing.shapes import Placed
    from data.importing.systems import Candidate
    from data.untrusted import Sheet

Accept = Literal["none", "sound", "all"]
ACCEPTS: tuple[Accept, ...] = get_args(Accept)

# Sheets that others of the same file may refer to come first.
_ORDER: tuple[Kind, ...] = ("parks", "boundaries", "plots", "leases", "observations", "nodes")
_TRIES = 5
_SHORT_ID = 40


class _Ways(NamedTuple):
    check: Callable[..., tuple[Checked, Placed | None]]
    drafts: Callable[..., Iterable[Draft]]


_KINDS: dict[Kind, _Ways] = {
    "parks": _Ways(parks.check, parks.drafts),
    "plots": _Ways(plots.check_plots, plots.plot_drafts),
    "leases": _Ways(plots.check_leases, plots.lease_drafts),
    "observations": _Ways(observations.check, observations.drafts),
    "boundaries": _Ways(boundaries.check, boundaries.drafts),
    "nodes": _Ways(nodes.check, nodes.drafts),
}


@dataclass(frozen=True)
class Part:
    """One sheet of a file, read and checked.

    Attributes
    ----------
    sheet
        As read.
    kind
        What its rows are, None where that can't be told.
    mapping
        How it was read, None without a kind.
    proposals
        What its headers may mean; empty where a mapping was given.
    checked
        Rows by field with their geometry, None where nothing could be read.
    findings
        On this sheet, in the order of its rows.
    owner
        By row of the file: the row of `checked` under which it went on, where that is another
        one (corner points of a parcel).
    candidates
        Coordinate systems to choose from, where one must be chosen.
    crs
        Coordinate system that was used, "" for none.
    """

    sheet: Sheet
    kind: Kind | None
    mapping: Mapping | None
    proposals: tuple[Proposal, ...] = ()
    checked: Checked | None = None
    findings: tuple[ImportFinding, ...] = ()
    owner: MappingOf[int, int] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    crs: str = ""

    @property
    def blocked(self) -> bool:
        """Whether an error on the sheet as a whole keeps all of its rows out."""
        return self.checked is None or any(
            one.severity == "error" and not one.row for one in self.findings
        )

    @property
    def faults(self) -> dict[int, frozenset[str]]:
        """By row with errors: the fields at fault; none where the whole row is."""
        found: dict[int, frozenset[str]] = {}
        whole: set[int] = set()
        for one in self.findings:
            if one.severity == "error" and one.row:
                row = self.owner.get(int(one.row), int(one.row))
                found[row] = found.get(row, frozenset()) | frozenset(one.fields)
                if not one.fields:
                    whole.add(row)
        return found | dict.fromkeys(whole, frozenset())


@dataclass(frozen=True)
class Import:
    """A file, read and checked, of which nothing is stored yet.

    Attributes
    ----------
    file, sha256
        Its name as the user calls it, and its digest.
    province
        Key of the province that it was held against.
    source
        Row of sources that new rows name.
    parts
        Its sheets.
    """

    file: str
    sha256: str
    province: str
    source: MappingOf[str, str]
    contexts: tuple[Context, ...]
    parts: tuple[Part, ...]

    @property
    def findings(self) -> tuple[ImportFinding, ...]:
        """All findings, sheet by sheet in the order of the rows."""
        return tuple(one for part in self.parts for one in part.findings)

    @property
    def has_errors(self) -> bool:
        """Whether any row or sheet can't be taken as it is."""
        return any(one.severity == "error" for one in self.findings)

    @property
    def kind(self) -> Kind | None:
        """What the file holds, by its first sheet that could be read."""
        return next((part.kind for part in self.parts if part.checked is not None), None)

    @property
    def mappings(self) -> tuple[Mapping, ...]:
        """How its sheets were read, to be edited or kept."""
        return tuple(part.mapping for part in self.parts if part.mapping is not None)


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
        By name of the sheet: rows that aren't taken.
    """

    change: Change
    rows: MappingOf[str, tuple[int, ...]]
    without: MappingOf[tuple[str, int], tuple[str, ...]]
    left_out: MappingOf[str, tuple[int, ...]]

    @property
    def count(self) -> int:
        """How many rows are taken."""
        return sum(len(rows) for rows in self.rows.values())


def prepare(
    sheets: Sequence[Sheet],
    *,
    file: str,
    sha256: str,
    facts: Facts,
    province: str,
    today: dt.date | None = None,
    kind: Kind | None = None,
    mappings: Sequence[Mapping] = (),
    crs: str = "",
) -> Import:
    """Read and check the sheets of a file; nothing is stored.

    Parameters
    ----------
    sheets
        From `data.untrusted.read_file`.
    file, sha256
        Its name as the user calls it, and its digest: the source of its figures.
    facts
        What is known, earlier imports included.
    province
        Key, "nghe-an".
    today
        No figure is later than this; the present day in Việt Nam where None.
    kind
        What the rows are; guessed from headers and geometry where None.
    mappings
        Kept ones: each goes for the sheets with the same headers. Others get a proposal.
    crs
        Coordinate system that the user states, "EPSG:9208"; goes before the file's own.

    Raises
    ------
    data._errors.UnknownNameError
        There is no such province.
    """
    today = today or dt.datetime.now(tz=dt.timezone(dt.timedelta(hours=7), "ICT")).date()
    resolution = load_resolution(province)
    chosen = [_mapped(sheet, kind, mappings, crs) for sheet in sheets]
    source = _source(file, sha256, [part.mapping for part in chosen if part.mapping])
    some = any(part.kind for part in chosen)
    order = sorted(
        range(len(chosen)),
        key=lambda at: _ORDER.index(chosen[at].kind or _ORDER[-1]),
    )
    contexts: dict[int, Context] = {}
    parts: dict[int, Part] = {}
    for at in order:
        contexts[at] = Context(facts, resolution, today, source["id"])
        parts[at], facts = _checked(chosen[at], contexts[at], source, file, others=some)
    places = range(len(chosen))
    return Import(
        file,
        sha256,
        province,
        source,
        tuple(contexts[at] for at in places),
        tuple(parts[at] for at in places),
    )


def _source(file: str, sha256: str, mappings: list[Mapping]) -> dict[str, str]:
    """Row of sources that names a file; the same whenever that file is read in the same way."""
    constants = {key: text for mapping in mappings for key, text in mapping.constants.items()}
    publisher = clean(constants.get("publisher", ""))
    document = clean(constants.get("document", ""))
    name = clean(PurePath(file).name) or "file"
    told = hashlib.sha256(f"{sha256}|{name}|{publisher}|{document}".encode()).hexdigest()[:8]
    stem = slug(PurePath(name).stem)[:_SHORT_ID].strip("-")
    cells = dict.fromkeys(CHANGE_TABLES["sources"].columns, "")
    title = f"{document} ({name})" if document else name
    return cells | {
        "id": "-".join(filter(None, ("own", stem, told))),
        "title": title,
        "publisher": publisher,
    }


def _mapped(sheet: Sheet, kind: Kind | None, mappings: Sequence[Mapping], crs: str) -> Part:
    """Choose how a sheet is read."""
    headers = [str(header) for header in sheet.cells.columns]
    kept = next((one for one in mappings if one.fits(headers) and kind in (None, one.kind)), None)
    proposals: tuple[Proposal, ...] = ()
    if kept is not None:
        # A mapping fits whatever the case and spaces of the headers are.
        own = {" ".join(name.casefold().split()): column for name, column in kept.columns.items()}
        columns = {name: own[" ".join(name.casefold().split())] for name in headers}
        mapping = kept.model_copy(update={"columns": columns})
    else:
        shapes = set() if sheet.geometry is None else set(sheet.geometry.geom_type.dropna())
        kind = kind or guess_kind(headers, shapes)
        if kind is None:
            return Part(sheet, None, None)
        proposals = propose(headers, kind)
        mapping = mapping_of(proposals, kind)
    if crs:
        mapping = mapping.model_copy(update={"crs": crs})
    return Part(sheet, mapping.kind, mapping, proposals)


def _checked(
    part: Part,
    context: Context,
    source: MappingOf[str, str],
    file: str,
    *,
    others: bool,
) -> tuple[Part, Facts]:
    """Check one sheet, and give the facts with its sound rows for the sheets after it."""
    sheet = part.sheet
    findings = [
        ImportFinding(
            sheet.name,
            one.row,
            "I006",
            column=one.field,
            found=one.found,
            values=(("expected", one.expected),),
        )
        for one in sheet.findings
    ]
    if part.mapping is None or part.kind is None:
        headers = ", ".join(map(str, sheet.cells.columns))[:200]
        values = (("choices", ", ".join(KINDS)),)
        code = "I008" if others else "I001"
        findings.append(ImportFinding(sheet.name, "", code, found=headers, values=values))
        return replace(part, findings=tuple(findings)), context.facts
    findings += _about_headers(part)
    if any(one.severity == "error" for one in findings):
        return replace(part, findings=tuple(findings)), context.facts
    rows = read_rows(sheet, part.mapping)
    if rows.cells.empty:
        findings.append(ImportFinding(sheet.name, "", "I007"))
        return replace(part, findings=tuple(findings)), context.facts
    checked, placed = _KINDS[part.kind].check(rows, context)
    found = [*findings, *checked.findings]
    part = replace(
        part,
        checked=checked,
        findings=tuple(sorted(dict.fromkeys(found), key=row_order)),
        owner=placed.owner if placed else {},
        candidates=placed.candidates if placed else (),
        crs=placed.crs if placed else "",
    )
    return _by_the_rules(part, context, source, file)


def _about_headers(part: Part) -> list[ImportFinding]:
    """Tell what a sheet lacks, and what was understood only by likeness."""
    assert part.mapping is not None  # noqa: S101 (the caller looked)
    assert part.kind is not None  # noqa: S101
    name = part.sheet.name
    taken = {column.field for column in part.mapping.columns.values()} - {""}
    stated = taken | {key for key, text in part.mapping.constants.items() if text}
    findings = [
        ImportFinding(
            name,
            "",
            "I002",
            (missing,),
            found=", ".join(map(str, part.sheet.cells.columns))[:200],
            values=(("needed", missing),),
        )
        for missing in needed(part.kind)
        if missing not in stated and not (missing == "area" and "area_id" in stated)
    ]
    for proposal in part.proposals:
        others = ", ".join(other for other, _ in proposal.alternatives) or "-"
        values: tuple[tuple[str, str | float], ...] = (("alternatives", others),)
        if not proposal.column.field:
            findings.append(
                ImportFinding(name, "", "I003", (), proposal.header, proposal.header, values)
            )
        elif proposal.confidence < SURE:
            field = proposal.column.field
            values += (("taken", field),)
            findings.append(
                ImportFinding(name, "", "I004", (field,), proposal.header, proposal.header, values)
            )
    return findings


def _by_the_rules(
    part: Part,
    context: Context,
    source: MappingOf[str, str],
    file: str,
) -> tuple[Part, Facts]:
    """Hold the sound rows against the rules of the fact tables; what breaks one is an error."""
    for _ in range(_TRIES):
        change = _change([(part, context)], "sound", source)
        try:
            check_change(change, file)
            return part, overlaid(context.facts, [(file, change)])
        except DataError as error:
            found = [
                ImportFinding(
                    part.sheet.name,
                    one.row if one.row.isdigit() else "",
                    "I601",
                    _fields_of(one.field, part),
                    found=one.found,
                    values=(("expected", one.expected),),
                )
                for one in error.findings
            ]
            part = replace(
                part,
                findings=tuple(sorted(dict.fromkeys((*part.findings, *found)), key=row_order)),
            )
    return part, context.facts


def _fields_of(name: str, part: Part) -> tuple[str, ...]:
    """Our field behind a column of a table; none, so that the whole row is meant, if unsure."""
    assert part.checked is not None  # noqa: S101 (the caller looked)
    return (name,) if name in part.checked.cells and name not in ("area_id", "value") else ()


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
    change = _change(pairs, answer, found.source)
    rows: dict[str, tuple[int, ...]] = {}
    without: dict[tuple[str, int], tuple[str, ...]] = {}
    for part, context in pairs:
        kept = _kept(part, answer)
        if kept is None or part.kind is None:
            continue
        wrote = {draft.row for draft in _KINDS[part.kind].drafts(kept, context)}
        known = {int(one.row) for one in part.findings if one.code == "I403"}
        taken = [row for row in kept.cells.index if row in wrote or row in known]
        points = {row for row, owner in part.owner.items() if owner in taken}
        rows[part.sheet.name] = tuple(sorted({*map(int, taken), *points}))
        without |= {
            (part.sheet.name, row): tuple(sorted(fields))
            for row, fields in part.faults.items()
            if row in taken
        }
    left = {
        name: tuple(row for row in all_rows if row not in rows.get(name, ()))
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


def _change(
    pairs: Iterable[tuple[Part, Context]],
    answer: Accept,
    source: MappingOf[str, str],
) -> Change:
    """Tables of the rows that an answer takes."""
    drafts: dict[str, list[Draft]] = {}
    for part, context in pairs:
        kept = _kept(part, answer)
        if kept is not None and part.kind is not None:
            for draft in _KINDS[part.kind].drafts(kept, context):
                drafts.setdefault(draft.table, []).append(draft)
    if not drafts:
        return Change()
    for table, key in PARTIAL.items():
        if table in drafts:
            drafts[table] = _joined(drafts[table], key)
    tables: dict[str, Any] = {name: _table(name, items) for name, items in drafts.items()}
    first = min(draft.row for items in drafts.values() for draft in items)
    tables["sources"] = pd.DataFrame(
        [dict(source)], index=pd.Index([first], dtype="int64"), dtype="str"
    )
    return Change(**tables)


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
