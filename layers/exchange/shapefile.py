"""Zipped Shapefiles: names of at most 10 ASCII characters, UTF-8, and no text lost.

A text field of a Shapefile holds 254 bytes. A longer text ends with "…" there and stands whole
in `<layer>_long_texts.csv` beside it. Tables without a geometry are CSV files in the same zip,
since a table of a Shapefile is too narrow for them.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from layers.exchange.about import iso_xml
from layers.exchange.bundle import of_layer, write_zip
from layers.exchange.delimited import BOM, csv_text, written
from layers.exchange.fields import dictionary
from layers.exchange.frames import frame, write_frame

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from layers.exchange.bundle import Bundle
    from layers.exchange.layer import Layer

LONGEST: Final = 254
_CUT: Final = "…"
_PARTS: Final = ("shp", "shx", "dbf", "prj", "cpg")


def cut(text: str) -> str:
    """Shorten a text to 254 bytes of UTF-8, with "…" at the end where something is left out.

    Examples
    --------
    >>> cut("Nghệ An"), len(cut("ệ" * 200).encode()), cut("ệ" * 200)[-1]
    ('Nghệ An', 252, '…')
    """
    data = text.encode()
    if len(data) <= LONGEST:
        return text
    return data[: LONGEST - len(_CUT.encode())].decode(errors="ignore") + _CUT


def rows_text(rows: Sequence[dict[str, Any]]) -> str:
    """Write rows as CSV in UTF-8 with a byte order mark."""
    lines = [",".join(rows[0])] if rows else []
    for row in rows:
        cells = (written(value, "international") for value in row.values())
        lines.append(",".join('"' + text.replace('"', '""') + '"' for text in cells))
    return BOM + "\r\n".join(lines) + "\r\n"


def _shapefile(bundle: Bundle, layer: Layer, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of one layer."""
    table = frame(layer, crs=bundle.about.crs)
    long_texts = []
    for field in layer.about.fields:
        if field.type in {"integer", "number"}:
            continue
        if field.type == "boolean":
            table[field.name] = table[field.name].map({True: "true", False: "false"}).astype(object)
            continue
        texts = table[field.name]
        long_texts += [
            {
                layer.about.identifier: record[layer.about.identifier],
                "field": field.short,
                "text": text,
            }
            for record, text in zip(layer.records, texts, strict=True)
            if text is not None and cut(text) != text
        ]
        table[field.name] = texts.map(lambda text: text if text is None else cut(text))
    names = {field.name: field.short for field in layer.about.fields}
    path = folder / f"{layer.key}.shp"
    write_frame(
        table.rename(columns=names),
        layer,
        path,
        driver="ESRI Shapefile",
        date=bundle.about.as_of,
        options={"ENCODING": "UTF-8", "DBF_DATE_LAST_UPDATE": bundle.about.as_of},
    )
    for part in _PARTS:
        yield f"{layer.key}.{part}", path.with_suffix(f".{part}").read_bytes()
    about = of_layer(bundle, layer).about
    yield f"{layer.key}.shp.xml", iso_xml(about, [layer]).encode()
    yield f"{layer.key}_fields.csv", rows_text(dictionary(layer.about)).encode()
    if long_texts:
        yield f"{layer.key}_long_texts.csv", rows_text(long_texts).encode()


def write_shapefile(bundle: Bundle, path: Path) -> None:
    """Write layers as Shapefiles into one zip, with field lists, metadata and tables."""

    def members() -> Iterator[tuple[str, bytes]]:
        yield "README.txt", bundle.about.text().encode()
        for number, layer in enumerate(bundle.layers):
            bundle.on_step(layer.key, number, len(bundle.layers))
            if layer.geometry is None:
                yield f"{layer.key}.csv", csv_text(of_layer(bundle, layer), layer).encode()
                continue
            with tempfile.TemporaryDirectory(dir=path.parent) as folder:
                yield from _shapefile(bundle, layer, Path(folder))

    write_zip(path, members(), date=bundle.about.as_of)
