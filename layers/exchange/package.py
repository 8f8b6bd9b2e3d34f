"""Data package: all layers of a province with dictionary, schemas, licences and checksums."""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import data
from data._replace import whole_file
from geo.export import to_json
from layers.exchange.about import iso_xml
from layers.exchange.bundle import of_layer, write_zip
from layers.exchange.delimited import csv_text
from layers.exchange.fields import json_schema, whole_dictionary
from layers.exchange.geopackage import write_geopackage
from layers.exchange.shapefile import rows_text
from layers.exchange.tables import LAYERS
from layers.exchange.workbook import write_workbook
from layers.exchange.write import layer_bytes, make_bundle
from layers.words import LANGS, mark, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from data._message import Lang
    from geo.snapshot import Province, Snapshot
    from layers.exchange.bundle import Bundle, OnStep

SUMS: Final = "SHA256SUMS"
_LICENSES: Final = Path(data.__file__).parent / "LICENSES.md"
_CONTENTS: Final = {
    "NAME.gpkg": mark("all layers and tables in WGS 84, with styles for QGIS"),
    "NAME_vn2000.gpkg": mark("the same in the province's VN-2000 zone"),
    "NAME_vi.xlsx, NAME_en.xlsx": mark("all layers and tables as sheets, codes in words"),
    "json/": mark("each layer as GeoJSON, each table as JSON"),
    "schema/": mark("JSON Schema of the files in json/"),
    "csv/": mark("each layer and table as CSV, international numbers"),
    "dictionary.csv": mark("data dictionary: every field in both languages"),
    "metadata.xml, metadata.json": mark("metadata after ISO 19115, and as JSON"),
    "LICENSES.md": mark("sources of the data and their terms"),
    SUMS: mark("checksums; check them with: sha256sum -c SHA256SUMS"),
}


def _silent(what: str, done: int, total: int) -> None:
    del what, done, total


def _readme(bundles: dict[Lang, Bundle], name: str) -> str:
    parts = []
    for lang in LANGS:
        bundle, w = bundles[lang], words(lang)
        parts.append(f"# {bundle.about.title}\n")
        parts += [f"- **{heading}**: {text}" for heading, text in bundle.about.lines()[1:]]
        parts.append(f"\n## {w('Files')}\n")
        parts += [
            f"- `{file.replace('NAME', name)}`: {w(text)}" for file, text in _CONTENTS.items()
        ]
        parts.append(f"\n## {w('Layers')}\n")
        parts += [
            f"- `{layer.key}` ({len(layer.records)}): {layer.about.title.of(lang)}. "
            f"{layer.about.abstract.of(lang)}"
            for layer in bundle.layers
        ]
        parts.append("")
    return "\n".join(parts)


def _written(writer: Callable[[Bundle, Path], None], bundle: Bundle, name: str) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        writer(bundle, path)
        return path.read_bytes()


def _members(province: Province, state: Snapshot, on_step: OnStep) -> Iterator[tuple[str, bytes]]:
    name = state.resolution.province
    bundles = {lang: make_bundle(province, state, keys=LAYERS, lang=lang) for lang in LANGS}
    vi, en = bundles["vi"], bundles["en"]
    plain = make_bundle(province, state, keys=LAYERS, lang="vi", numbers="international")
    total = len(vi.layers) + 4
    yield "README.md", _readme(bundles, name).encode()
    on_step("gpkg", 0, total)
    yield f"{name}.gpkg", _written(write_geopackage, vi, f"{name}.gpkg")
    on_step("gpkg", 1, total)
    metric = make_bundle(province, state, keys=LAYERS, crs="vn2000", lang="vi")
    yield f"{name}_vn2000.gpkg", _written(write_geopackage, metric, f"{name}_vn2000.gpkg")
    for step, (lang, bundle) in enumerate(bundles.items(), start=2):
        on_step("xlsx", step, total)
        yield f"{name}_{lang}.xlsx", _written(write_workbook, bundle, "tables.xlsx")
    for step, layer in enumerate(plain.layers, start=4):
        on_step(layer.key, step, total)
        if layer.geometry is None:
            yield f"json/{layer.key}.json", to_json(list(layer.records)).encode()
        else:
            yield f"json/{layer.key}.geojson", layer_bytes(of_layer(plain, layer), layer, "geojson")
        yield f"schema/{layer.key}.schema.json", to_json(json_schema(layer.about)).encode()
        yield f"csv/{layer.key}.csv", csv_text(of_layer(plain, layer), layer).encode()
    rows = [row for layer in vi.layers for row in whole_dictionary(layer.about)]
    yield "dictionary.csv", rows_text(rows).encode()
    yield "metadata.json", to_json({"vi": vi.about.record, "en": en.about.record}).encode()
    yield "metadata.xml", iso_xml(vi.about, vi.layers).encode()
    yield "LICENSES.md", _LICENSES.read_bytes()


def write_package(
    province: Province,
    state: Snapshot,
    path: Path,
    *,
    on_step: OnStep = _silent,
) -> None:
    """Write the data package of a province as a zip that is complete or not there.

    Parameters
    ----------
    province, state
        From :func:`geo.snapshot.load_province` and :func:`geo.snapshot.snapshot`.
    on_step
        Told of each step.

    Raises
    ------
    OSError
        The file can't be written; an older one stays as it was.
    """

    def members() -> Iterator[tuple[str, bytes]]:
        sums = []
        for name, content in _members(province, state, on_step):
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
            yield name, content
        yield SUMS, "".join(sums).encode()
        on_step("", 1, 1)

    with whole_file(path) as neighbour:
        write_zip(neighbour, members(), date=state.as_of.isoformat())


def package_bytes(province: Province, state: Snapshot, *, on_step: OnStep = _silent) -> bytes:
    """Give what :func:`write_package` writes, for a download."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "package.zip")
        write_package(province, state, path, on_step=on_step)
        return path.read_bytes()
