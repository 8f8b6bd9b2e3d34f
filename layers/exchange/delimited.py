"""CSV in UTF-8 with a byte order mark, with Vietnamese or international numbers."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import shapely

from geo.crs import WGS84
from layers.exchange.frames import cell, projected
from layers.spreadsheet import neutral

if TYPE_CHECKING:
    from layers.exchange.bundle import Bundle, Numbers
    from layers.exchange.layer import Layer

BOM = "\ufeff"
_DEGREES = 7
_METRES = 3


def coordinates(layer: Layer, crs: str) -> list[dict[str, float | None]]:
    """Give the coordinates of points, a record each; nothing for other layers.

    Returns
    -------
    list
        `lon` and `lat` in WGS 84, else `easting` and `northing`.
    """
    if layer.geometry is None or layer.about.geometry != "point":
        return [{} for _ in layer.records]
    names = ("lon", "lat") if crs == WGS84 else ("easting", "northing")
    digits = _DEGREES if crs == WGS84 else _METRES
    shapes = projected(layer, crs)
    return [
        dict.fromkeys(names)
        if shape is None
        else dict(zip(names, shapely.get_coordinates(shape)[0].round(digits).tolist(), strict=True))
        for shape in shapes
    ]


def written(value: Any, numbers: Numbers) -> str:  # noqa: ANN401
    """Write a value for a cell: numbers without thousands, unknown empty, text harmless.

    Examples
    --------
    >>> written(1234.5, "vi"), written(-0.25, "international"), written("=1+1", "vi")
    ('1234,5', '-0.25', "'=1+1")
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        text = str(value)
        return text.replace(".", ",") if numbers == "vi" else text
    return neutral(str(value))


def csv_text(bundle: Bundle, layer: Layer) -> str:
    """Write a layer as CSV with its field names as header.

    Points have their coordinates; lines and outlines have none, since a cell of a spreadsheet
    is too small for them. The last columns say, in every row, what the data set is. Vietnamese
    numbers have a decimal comma, and then cells are separated by semicolons.
    """
    about = bundle.about
    head = {
        "dataset": about.title,
        "abstract": layer.about.abstract.of(about.lang),
        "dataset_as_of": about.as_of,
        "boundaries": f"{about.boundaries}. {about.accuracy} {about.attribution}".strip(),
        "crs": about.crs,
        "licence": about.licence,
    }
    titles = bundle.sources
    rows = []
    for record, place in zip(layer.records, coordinates(layer, about.crs), strict=True):
        row = {field.name: cell(field, record[field.name]) for field in layer.about.fields}
        if "sources" in record:
            row["source_titles"] = " | ".join(titles.get(key, key) for key in record["sources"])
        rows.append({**row, **place, **head})
    out = io.StringIO()
    names = list(rows[0]) if rows else [field.name for field in layer.about.fields]
    delimiter = ";" if bundle.numbers == "vi" else ","
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([written(value, bundle.numbers) for value in row.values()] for row in rows)
    return BOM + out.getvalue()
