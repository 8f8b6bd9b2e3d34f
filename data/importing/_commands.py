"""Command ``python -m data import FILE``."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import ExitStack
from pathlib import Path  # noqa: TC003 (typer reads it at run time)
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from data._command import complain
from data._errors import DataError, UnknownNameError
from data._message import Lang  # noqa: TC001 (typer reads it at run time)
from data._replace import whole_file
from data.facts import load_facts
from data.importing.acceptance import accept
from data.importing.fields import Kind  # noqa: TC001 (typer reads it at run time)
from data.importing.intake import prepare
from data.importing.mappings import read_mappings, to_yaml
from data.importing.parts import Accept  # noqa: TC001 (typer reads it at run time)
from data.importing.report import record, text
from data.importing.systems import system
from data.importing.workbook import workbook
from data.untrusted import read_file
from data.untrusted.limits import limits_set
from data.workspace.merge import merged
from data.workspace.steady import steady
from data.workspace.store import open_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.importing.parts import Import


def import_file(
    *,
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV, XLSX, GeoJSON, GeoPackage, zipped Shapefile, KML, KMZ or GeoParquet.",
        ),
    ],
    province: Annotated[str, typer.Option("--province", help="Key, such as nghe-an.")] = "nghe-an",
    kind: Annotated[
        Kind | None,
        typer.Option(
            "--as", help="What the rows are; told from headers and geometry if not given."
        ),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", help="YAML file that says what the columns mean."),
    ] = None,
    save_mapping: Annotated[
        Path | None,
        typer.Option(
            "--save-mapping",
            help="Write how the columns were read, to edit and reuse.",
            dir_okay=False,
        ),
    ] = None,
    crs: Annotated[
        str,
        typer.Option("--crs", help="Coordinate system of the file, such as EPSG:9208."),
    ] = "",
    answer: Annotated[
        Accept,
        typer.Option(
            "--accept",
            help="none: nothing of a file with errors. sound: rows without errors. all: the others "
            "too, without the fields at fault.",
        ),
    ] = "none",
    workspace: Annotated[
        str | None,
        typer.Option(
            "--workspace",
            help="File (.gpkg) or URL (postgresql://...). If not given: INDUSTRIAL_LAND_WORKSPACE, "
            "else the one in the user's data folder.",
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report", help="Write the report there too, .xlsx or .json.", dir_okay=False
        ),
    ] = None,
    output_format: Annotated[
        Literal["text", "json"],
        typer.Option("--format", help="Form of the result."),
    ] = "text",
    lang: Annotated[Lang, typer.Option("--lang", help="Language of the findings.")] = "vi",
) -> None:
    """Bring own data in: what is wrong with it, and what of it is taken.

    Exit 0 where rows were taken, 1 where none was. Without --accept sound or all a file with
    errors takes nothing; it is only reported on.
    """
    if crs and system(crs) is None:
        raise typer.BadParameter(crs, param_hint="--crs")
    if report is not None and report.suffix.lower() not in {".xlsx", ".json"}:
        raise typer.BadParameter(report.name, param_hint="--report")
    today = dt.datetime.now(tz=dt.timezone(dt.timedelta(hours=7), "ICT")).date()
    taken = 0
    try:
        with steady(file, limit=limits_set().file_bytes) as copy:
            sheets, sha256 = read_file(copy.path, name=file.name), copy.sha256
        kept = open_workspace(workspace)
        revisions = kept.revisions()
        facts = merged(load_facts(), kept)
        found = prepare(
            sheets,
            file=file.name,
            sha256=sha256,
            facts=facts,
            province=province,
            today=today,
            kind=kind,
            mappings=read_mappings(mapping) if mapping else (),
            crs=crs,
        )
        accepted = accept(found, answer)
        whole = json.dumps(record(found, accepted, lang), ensure_ascii=False, indent=2)
        # Written first and named last: rows are taken only where both files could be written.
        with ExitStack() as files:
            for path, content in _outputs(found, whole, save_mapping, report, lang):
                files.enter_context(whole_file(path)).write_bytes(content)
            if accepted.count:
                kept.add(
                    accepted.change,
                    kind=found.kind or "parks",
                    title=file.name,
                    file=file.name,
                    sha256=found.sha256,
                    base=revisions[-1].id if revisions else 0,
                    facts=load_facts(),
                )
                taken = accepted.count
    except (DataError, UnknownNameError) as error:
        complain(str(error.args[0]))
        raise typer.Exit(1) from error
    except OSError as error:
        complain(f"{error.filename or file}: {error.strerror or error}")
        if taken:
            complain(f"rows taken all the same: {taken}")
        raise typer.Exit(1) from error
    if output_format == "json":
        typer.echo(whole)
    else:
        typer.echo(text(found, facts=facts, today=today, answer=answer, lang=lang), nl=False)
    if not accepted.count:
        raise typer.Exit(1)


def _outputs(
    found: Import,
    whole: str,
    save_mapping: Path | None,
    report: Path | None,
    lang: Lang,
) -> Iterator[tuple[Path, bytes]]:
    """Files that were asked for, with what they are to hold."""
    if save_mapping is not None:
        yield save_mapping, to_yaml(found.mappings).encode()
    if report is not None:
        xlsx = report.suffix.lower() == ".xlsx"
        yield report, workbook(found, lang) if xlsx else whole.encode()
