"""Names of files: the ending of one mustn't say another format than what is written."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from data._command import Command
from data._replace import is_special

# Of a table for the screen there is none that is usual.
ENDINGS = {
    "csv": (".csv",),
    "docx": (".docx",),
    "fgb": (".fgb",),
    "geojson": (".geojson", ".json"),
    "gpkg": (".gpkg",),
    "html": (".html", ".htm"),
    "json": (".json",),
    "kml": (".kml",),
    "parquet": (".parquet", ".geoparquet"),
    "pdf": (".pdf",),
    "png": (".png",),
    "shp": (".zip",),
    "xlsx": (".xlsx",),
    "zip": (".zip",),
}
# A Shapefile is written as a zip of its parts.
_KNOWN = {ending for endings in ENDINGS.values() for ending in endings} | {".shp"}
# What commands and options without a choice of formats write.
_ALWAYS = {"report": "docx", "form04": "xlsx", "package": "zip"}
_TABLES = {"problems": "csv"}


class FileCommand(Command):
    """A command that writes no file whose name says another format than it has."""

    def _check(self, ctx: Any) -> None:  # noqa: ANN401 (typer keeps its class to itself)
        super()._check(ctx)
        for name, form in _forms(ctx.info_name, ctx.params):
            _check_ending(ctx.params[name], form, option=f"--{name}")


def _forms(command: str, params: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the options that name a file to write, with its format."""
    form: Any = _ALWAYS.get(command) or params.get("output_format", "")
    if "layer" in params and form:
        from layers.exchange.tables import LAYERS  # noqa: PLC0415 (slow, and `export` alone needs it)
        from layers.exchange.write import suffix_of  # noqa: PLC0415

        keys = LAYERS if params["layer"] == "all" else (params["layer"],)
        form = "zip" if suffix_of(form, keys) == ".zip" else form
    for name, kind in ("output", form), *_TABLES.items():
        if kind in ENDINGS and params.get(name) is not None:
            yield name, kind


def _check_ending(file: Path, form: str, *, option: str) -> None:
    """Refuse a name that ends as those of another format do; others are the user's choice."""
    ending, fitting = file.suffix.lower(), ENDINGS[form]
    if ending in _KNOWN and ending not in fitting and not is_special(file):
        message = f"{file.name}: {form} is written, not {ending}; name it {file.stem}{fitting[0]}"
        raise typer.BadParameter(message, param_hint=option)
