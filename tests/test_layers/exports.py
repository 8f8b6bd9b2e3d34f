"""One set of exports for all tests of exported files, and ways to read them."""

from __future__ import annotations

import csv
import io
import zipfile
from functools import cache
from typing import TYPE_CHECKING, Any

from layers.exchange.tables import LAYERS
from layers.exchange.write import FORMATS, export_bytes, make_bundle, suffix_of

if TYPE_CHECKING:
    from pathlib import Path

    from geo.snapshot import Province, Snapshot
    from layers.exchange.bundle import Bundle
    from layers.exchange.write import Form


class Exports:
    """Exports of one state, written once to files."""

    def __init__(self, province: Province, state: Snapshot, folder: Path) -> None:
        self.province, self.state, self.folder = province, state, folder
        self.bundle = cache(self._bundle)
        self.path = cache(self._path)

    def _bundle(self, crs: str, keys: tuple[str, ...], lang: str) -> Bundle:
        return make_bundle(self.province, self.state, keys=keys, crs=crs, lang=lang)  # type: ignore[arg-type]

    def _path(
        self,
        form: Form,
        *,
        crs: str = "wgs84",
        keys: tuple[str, ...] = LAYERS,
        lang: str = "vi",
    ) -> Path:
        """Write an export, once, and tell where it is."""
        name = f"{form}-{crs}-{lang}-{'_'.join(keys)}{suffix_of(form, keys)}"
        path = self.folder / name.replace(":", "")
        path.write_bytes(export_bytes(self.bundle(crs, keys, lang), form))
        return path

    def member(self, form: Form, layer: str) -> Path:
        """Unpack one layer of a zip of several files."""
        path = self.folder / f"{form}-{layer}{FORMATS[form].suffix}"
        with zipfile.ZipFile(self.path(form)) as archive:
            path.write_bytes(archive.read(f"{layer}{FORMATS[form].suffix}"))
        return path


def rows_of(text: str, *, delimiter: str = ",") -> list[dict[str, str]]:
    """Read CSV with a byte order mark."""
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter))


def same_number(found: Any, expected: float | None, *, exact: float = 0.0) -> bool:  # noqa: ANN401
    """Whether two numbers are the same, an unknown one on both sides too."""
    if expected is None:
        return found is None or found != found  # noqa: PLR0124
    return found is not None and abs(float(found) - expected) <= exact
