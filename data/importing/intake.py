"""From the sheets of a file to a checked import; nothing is stored.

Every sheet is read by a mapping, its rows are checked against themselves and the known facts, and
what is sound is held against the rules of the fact tables. `data.importing.acceptance` makes a
change of it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from functools import cache
from pathlib import PurePath
from typing import TYPE_CHECKING

from data._errors import DataError
from data.importing.acceptance import change_of
from data.importing.cells import clean
from data.importing.context import Context
from data.importing.dates import read_date
from data.importing.exports import TAKEN, as_exported, beside, explains, recognise
from data.importing.fields import KINDS, needed
from data.importing.findings import ImportFinding, row_order
from data.importing.headers import SURE, Proposal, guess_kind, misfits, propose
from data.importing.mappings import Column, Mapping, mapping_of
from data.importing.names import slug
from data.importing.parts import WAYS, Import, Part
from data.importing.values import read_rows
from data.resolutions import load_resolution
from data.workspace.check import check_change
from data.workspace.merge import overlaid

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingOf
    from collections.abc import Sequence

    from data.facts import Facts
    from data.importing.exports import Beside, Export
    from data.importing.fields import Kind
    from data.resolutions import Resolution
    from data.untrusted import Sheet

# Sheets that others of the same file may refer to come first.
_ORDER: tuple[Kind, ...] = ("parks", "boundaries", "plots", "leases", "observations", "nodes")
_TRIES = 5
_SHORT_ID = 40
_BESIDE = "about"  # of sheets that explain others


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
    resolution = _resolution(province)
    exports = [recognise(sheet) for sheet in sheets]
    around = beside(sheets, exports)
    own = any(exports)
    chosen = [
        _exported(sheet, export, around, mappings, crs)
        if export is not None
        else Part(sheet, None, None, layer=_BESIDE)
        if own and explains(sheet)
        else _mapped(sheet, kind, mappings, crs)
        for sheet, export in zip(sheets, exports, strict=True)
    ]
    source = _source(file, sha256, [part.mapping for part in chosen if part.mapping], today)
    some = any(part.kind for part in chosen)
    order = sorted(
        range(len(chosen)),
        key=lambda at: (
            not _only_known(chosen[at], facts),
            _ORDER.index(chosen[at].kind or _ORDER[-1]),
        ),
    )
    brought = {key: row for key, row in around.sources.items() if key not in facts.sources.index}
    contexts: dict[int, Context] = {}
    parts: dict[int, Part] = {}
    for at in order:
        contexts[at] = Context(facts, resolution, today, source["id"], brought)
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


@cache
def _resolution(province: str) -> Resolution:
    return load_resolution(province)


def _source(
    file: str,
    sha256: str,
    mappings: list[Mapping],
    today: dt.date,
) -> dict[str, str]:
    """Row of sources that names a file.

    Of figures for one date the one of the later source goes, so that a file without a date of its
    own is dated by the day that it came in.
    """
    constants = {key: text for mapping in mappings for key, text in mapping.constants.items()}
    publisher, document, stated = (
        clean(constants.get(key, "")) for key in ("publisher", "document", "document_date")
    )
    name = clean(PurePath(file).name) or "file"
    date = read_date(stated).text or today.isoformat()
    told = f"{sha256}|{name}|{publisher}|{document}|{date}"
    digest = hashlib.sha256(told.encode()).hexdigest()[:8]
    stem = slug(PurePath(name).stem)[:_SHORT_ID].strip("-")
    return {
        "id": "-".join(filter(None, ("own", stem, digest))),
        "title": f"{document} ({name})" if document else name,
        "publisher": publisher,
        "url": "",
        "date": date,
        "date_note": "" if read_date(stated).text else "the day it was brought in",
    }


def _only_known(part: Part, facts: Facts) -> bool:
    """Whether a sheet holds all figures of areas that are known.

    They then go before the sheet of the areas, which has some of them without their notes.
    """
    if part.layer != "figures" or part.mapping is None:
        return False
    header = next(name for name, one in part.mapping.columns.items() if one.field == "area")
    return bool(part.sheet.cells[header].isin(facts.areas.index).all())


def _exported(
    sheet: Sheet,
    export: Export,
    around: Beside,
    mappings: Sequence[Mapping],
    crs: str,
) -> Part:
    """Choose how a sheet of the application itself is read: as it was written."""
    if export.layer not in TAKEN or sheet.cells.empty:
        return Part(sheet, None, None, layer=export.layer)
    kind, _ = TAKEN[export.layer]
    read = as_exported(sheet, export, around)
    part = _kept(sheet, kind, mappings)
    if part is None:
        found = export.fields()
        proposals = tuple(
            Proposal(header, Column(field=found.get(header, "")), float(header in found))
            for header in map(str, sheet.cells.columns)
        )
        part = Part(sheet, kind, mapping_of(proposals, kind), proposals)
    return replace(_with_crs(part, crs), layer=export.layer, read=read)


def _with_crs(part: Part, crs: str) -> Part:
    if not crs or part.mapping is None:
        return part
    return replace(part, mapping=part.mapping.model_copy(update={"crs": crs}))


def _kept(sheet: Sheet, kind: Kind | None, mappings: Sequence[Mapping]) -> Part | None:
    """Read a sheet by a mapping that was kept, where one fits."""
    headers = [str(header) for header in sheet.cells.columns]
    kept = next((one for one in mappings if one.fits(headers) and kind in (None, one.kind)), None)
    if kept is None:
        return None
    # A mapping fits whatever the case and spaces of the headers are.
    own = {" ".join(name.casefold().split()): column for name, column in kept.columns.items()}
    columns = {name: own[" ".join(name.casefold().split())] for name in headers}
    return Part(sheet, kept.kind, kept.model_copy(update={"columns": columns}))


def _mapped(sheet: Sheet, kind: Kind | None, mappings: Sequence[Mapping], crs: str) -> Part:
    """Choose how a sheet is read."""
    part = _kept(sheet, kind, mappings)
    if part is None:
        headers = [str(header) for header in sheet.cells.columns]
        shapes = set() if sheet.geometry is None else set(sheet.geometry.geom_type.dropna())
        kind = kind or guess_kind(headers, shapes)
        if kind is None:
            return Part(sheet, None, None)
        proposals = propose(headers, kind, sheet.cells)
        part = Part(sheet, kind, mapping_of(proposals, kind), proposals)
    return _with_crs(part, crs)


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
        if not (part.layer and _is_usual(one.field, part))
    ]
    if part.layer:
        return _checked_export(part, context, source, file, findings)
    if part.mapping is None or part.kind is None:
        headers = ", ".join(map(str, sheet.cells.columns))[:200]
        values = (("choices", ", ".join(KINDS)),)
        code = "I008" if others else "I001"
        findings.append(ImportFinding(sheet.name, "", code, found=headers, values=values))
        return replace(part, findings=tuple(findings)), context.facts
    findings += _about_headers(part)
    return _read(part, context, source, file, findings)


def _is_usual(header: str, part: Part) -> bool:
    """Whether a finding is on what isn't taken, or on "=" that only looks like a formula."""
    if header == "geometry":
        return part.mapping is None or part.layer == "areas"
    if not header:
        return False
    taken = {} if part.mapping is None else part.mapping.columns
    field = taken[header].field if header in taken else ""
    return not field or field == "qualifier" or field.endswith("_qualifier")


def _checked_export(
    part: Part,
    context: Context,
    source: MappingOf[str, str],
    file: str,
    findings: list[ImportFinding],
) -> tuple[Part, Facts]:
    """Check a sheet of the application itself, or leave aside what it worked out."""
    aside = part.mapping is None
    values = (("layer", part.layer),)
    findings.append(ImportFinding(part.sheet.name, "", "I013" if aside else "I012", values=values))
    if aside:
        return replace(part, findings=tuple(findings)), context.facts
    return _read(part, context, source, file, findings)


def _read(
    part: Part,
    context: Context,
    source: MappingOf[str, str],
    file: str,
    findings: list[ImportFinding],
) -> tuple[Part, Facts]:
    """Read the rows of a sheet and check them."""
    sheet = part.sheet
    assert part.mapping is not None  # noqa: S101 (the caller looked)
    assert part.kind is not None  # noqa: S101
    if any(one.severity == "error" for one in findings):
        return replace(part, findings=tuple(findings)), context.facts
    rows = read_rows(part.read or sheet, part.mapping, part.layer)
    if rows.cells.empty:
        findings.append(ImportFinding(sheet.name, "", "I007"))
        return replace(part, findings=tuple(findings)), context.facts
    checked, placed = WAYS[part.kind].check(rows, context)
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
        others = ", ".join(other for other, _ in proposal.alternatives)
        values: tuple[tuple[str, str | float], ...] = (("alternatives", others),)
        if misfit := misfits(proposal, part.kind, part.sheet.cells):
            values = (("taken", misfit),)
            findings.append(
                ImportFinding(name, "", "I014", (), proposal.header, proposal.header, values)
            )
        elif not proposal.column.field:
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
        change = change_of([(part, context)], "sound", source)
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
