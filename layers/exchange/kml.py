"""KML 2.2 with the signs of the layers; what data holds stays text in names and balloons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import shapely

from layers.exchange._xml import add, document
from layers.exchange.signs import class_of, signs
from layers.exchange.workbook import shown
from layers.numbers import exact
from layers.safe_html import element, join
from layers.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from data._message import Lang
    from layers.exchange.bundle import Bundle
    from layers.exchange.fields import LayerField
    from layers.exchange.layer import Layer
    from layers.exchange.signs import Sign

_NAMESPACE: Final = "http://www.opengis.net/kml/2.2"
_DIGITS: Final = 7
_XML_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_TYPES: Final = {"integer": "int", "number": "double", "boolean": "bool"}


def _colour(colour: str, opacity: float = 1.0) -> str:
    """Write "#rrggbb" as KML's aabbggrr."""
    return f"{round(255 * opacity):02x}{colour[5:7]}{colour[3:5]}{colour[1:3]}"


def _style(parent: ET.Element, name: str, sign: Sign) -> None:
    style = add(parent, "Style", attributes={"id": name})
    icon = add(style, "IconStyle")
    add(icon, "color", _colour(sign.fill or sign.stroke))
    line = add(style, "LineStyle")
    add(line, "color", _colour(sign.stroke))
    add(line, "width", sign.width)
    area = add(style, "PolyStyle")
    add(area, "color", _colour(sign.fill or "#ffffff", sign.opacity))
    add(area, "fill", int(bool(sign.fill)))
    # Without it a program puts every value into the balloon as it is, markup too.
    add(add(style, "BalloonStyle"), "text", "$[description]")


def _coordinates(points: Iterable[Iterable[float]]) -> str:
    return " ".join(",".join(f"{round(value, _DIGITS):.7f}" for value in xy) for xy in points)


def _ring(parent: ET.Element, tag: str, ring: BaseGeometry) -> None:
    line = add(add(parent, tag), "LinearRing")
    add(line, "coordinates", _coordinates(shapely.get_coordinates(ring).tolist()))


def _geometry(parent: ET.Element, shape: BaseGeometry) -> None:
    parts = shapely.get_parts(shape)
    box = add(parent, "MultiGeometry") if len(parts) > 1 else parent
    for part in shapely.orient_polygons(parts):
        if isinstance(part, shapely.Polygon):
            polygon = add(box, "Polygon")
            _ring(polygon, "outerBoundaryIs", part.exterior)
            for ring in part.interiors:
                _ring(polygon, "innerBoundaryIs", ring)
        else:
            made = add(box, "Point" if isinstance(part, shapely.Point) else "LineString")
            add(made, "coordinates", _coordinates(shapely.get_coordinates(part).tolist()))


def _text(field: LayerField, value: Any, lang: Lang) -> str:  # noqa: ANN401
    if isinstance(value, float):
        return f"{exact(value, lang)} {field.unit}".strip()
    return str(shown(field, value, lang))


def balloon(layer: Layer, record: Mapping[str, Any], lang: Lang) -> str:
    """Write the known values of a record as a table of HTML in which all of them are text."""
    rows = [
        element("tr", element("th", field.title.of(lang)), element("td", text))
        for field in layer.about.fields
        if not field.drawn
        and record[field.name] not in (None, [])
        and (text := _text(field, record[field.name], lang))
    ]
    return str(element("table", join(rows)))


def _placemark(parent: ET.Element, layer: Layer, number: int, style: str, lang: Lang) -> None:
    record = layer.records[number]
    # GDAL reads a field of the name "id" from the attribute.
    own = {"id": record["id"]} if _XML_NAME.fullmatch(str(record.get("id", ""))) else None
    mark = add(parent, "Placemark", attributes=own)
    add(mark, "name", record.get("name") or record[layer.about.identifier])
    add(mark, "Snippet", "", {"maxLines": 0})
    add(mark, "description", balloon(layer, record, lang))
    add(mark, "styleUrl", f"#{style}")
    data = add(
        add(mark, "ExtendedData"),
        "SchemaData",
        attributes={"schemaUrl": f"#{layer.key}"},
    )
    for field in layer.about.fields:
        value = record[field.name]
        if value in (None, []):
            continue
        if field.type == "list":
            value = ";".join(value)
        elif isinstance(value, bool):
            value = int(value)
        add(data, "SimpleData", value, {"name": field.name})
    shape = None if layer.geometry is None else layer.geometry.iloc[number]
    if shape is not None:
        _geometry(mark, shape)


def kml_text(bundle: Bundle) -> str:
    """Write the layers that have a geometry as folders of one document.

    A place that is unknown is a placemark without a geometry. Coordinates are WGS 84.
    """
    w = words(bundle.lang)
    root = ET.Element("kml", {"xmlns": _NAMESPACE})
    box = add(root, "Document")
    add(box, "name", bundle.about.title)
    lines = [element("p", f"{heading}: {text}") for heading, text in bundle.about.lines()]
    named = [element("p", f"{w('Source')} {key}: {title}") for key, title in bundle.sources.items()]
    add(box, "description", join([*lines, *named]))
    styles: dict[tuple[str, tuple[str | None, ...]], str] = {}
    for layer in bundle.drawn:
        for number, sign in enumerate(signs(layer, w)):
            styles[layer.key, sign.values] = f"{layer.key}-sign-{number}"
            _style(box, f"{layer.key}-sign-{number}", sign)
    for layer in bundle.drawn:
        schema = add(box, "Schema", attributes={"id": layer.key, "name": layer.key})
        for field in layer.about.fields:
            kind = _TYPES.get(field.type, "string")
            add(schema, "SimpleField", attributes={"name": field.name, "type": kind})
    for step, layer in enumerate(bundle.drawn):
        bundle.on_step(layer.key, step, len(bundle.drawn))
        folder = add(box, "Folder", attributes={"id": f"folder-{layer.key}"})
        add(folder, "name", layer.about.title.of(bundle.lang))
        for number, record in enumerate(layer.records):
            style = styles[layer.key, class_of(layer, record)]
            _placemark(folder, layer, number, style, bundle.lang)
    return document(root)


def write_kml(bundle: Bundle, path: Path) -> None:
    """Write KML as :func:`kml_text` gives it."""
    path.write_text(kml_text(bundle), encoding="utf-8", newline="")
