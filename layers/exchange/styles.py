"""Signs as QGIS (QML) and other programs (SLD 1.0) read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from layers.exchange._xml import add, document
from layers.exchange.signs import CLASSED_BY, other_sign, signs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.exchange.layer import Layer
    from layers.exchange.signs import Sign
    from layers.words import Words

_QGIS_TYPES: Final = {"polygon": "fill", "line": "line", "point": "marker"}
_QGIS_SHAPES: Final = {
    "square": "square",
    "disc": "circle",
    "diamond": "diamond",
    "triangle": "triangle",
}
_SLD_SHAPES: Final = {
    "square": "square",
    "disc": "circle",
    "diamond": "square",
    "triangle": "triangle",
}
_OGC: Final = "http://www.opengis.net/ogc"
_SLD: Final = "http://www.opengis.net/sld"


def _rgba(colour: str, opacity: float = 1.0) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _expression(layer: Layer, sign: Sign) -> str:
    """Write the class of a sign as an expression of QGIS."""
    return " AND ".join(
        f'"{field}" IS NULL' if value is None else f'"{field}" = {_quoted(value)}'
        for field, value in zip(CLASSED_BY[layer.key], sign.values, strict=True)
    )


def _options(parent: ET.Element, values: Mapping[str, object]) -> None:
    box = add(parent, "Option", attributes={"type": "Map"})
    for name, value in values.items():
        add(box, "Option", attributes={"type": "QString", "name": name, "value": value})


def _symbol_layer(symbol: ET.Element, kind: str, values: Mapping[str, object]) -> ET.Element:
    part = add(
        symbol,
        "layer",
        attributes={"class": kind, "enabled": 1, "pass": 0, "locked": 0},
    )
    _options(part, values)
    return part


def _dashes(sign: Sign) -> dict[str, object]:
    if not sign.dash:
        return {"use_custom_dash": 0}
    return {
        "use_custom_dash": 1,
        "customdash": sign.dash.replace(" ", ";"),
        "customdash_unit": "Pixel",
    }


def _qml_symbol(parent: ET.Element, name: str, kind: str, sign: Sign) -> None:
    symbol = add(
        parent,
        "symbol",
        attributes={
            "type": _QGIS_TYPES[kind],
            "name": name,
            "alpha": 1,
            "clip_to_extent": 1,
            "force_rhr": 0,
        },
    )
    stroke = {
        "outline_color": _rgba(sign.stroke),
        "outline_style": "dash" if sign.dash else "solid",
        "outline_width": sign.width,
        "outline_width_unit": "Pixel",
    }
    fill = _rgba(sign.fill, sign.opacity) if sign.fill else "0,0,0,0"
    if kind == "line":
        _symbol_layer(
            symbol,
            "SimpleLine",
            {
                "line_color": _rgba(sign.stroke),
                "line_width": sign.width,
                "line_width_unit": "Pixel",
                "line_style": "solid",
                **_dashes(sign),
            },
        )
    elif kind == "point":
        _symbol_layer(
            symbol,
            "SimpleMarker",
            {
                "color": fill,
                "name": _QGIS_SHAPES[sign.shape],
                "size": sign.size,
                "size_unit": "Pixel",
                **stroke,
            },
        )
    else:
        _symbol_layer(
            symbol,
            "SimpleFill",
            {"color": fill, "style": "solid" if sign.fill else "no", **stroke},
        )
        if sign.stripe:
            _stripes(symbol, name, sign)


def _stripes(symbol: ET.Element, name: str, sign: Sign) -> None:
    pattern = _symbol_layer(
        symbol,
        "LinePatternFill",
        {
            "angle": 45,
            "distance": 10 if sign.wide else 6,
            "distance_unit": "Pixel",
            "line_width": 4 if sign.wide else 1,
            "line_width_unit": "Pixel",
        },
    )
    line = add(
        pattern,
        "symbol",
        attributes={"type": "line", "name": f"@{name}@1", "alpha": 1, "clip_to_extent": 1},
    )
    _symbol_layer(
        line,
        "SimpleLine",
        {
            "line_color": _rgba(sign.stripe),
            "line_width": 4 if sign.wide else 1,
            "line_width_unit": "Pixel",
            "line_style": "solid",
        },
    )


def qml(layer: Layer, w: Words) -> str:
    """Write the style of a layer for QGIS: a rule a sign, field names and words of codes.

    A last rule, ELSE, draws what none of the others does. There are no spaces between the
    elements: a style must fit into a cell of a workbook, or the file can't be read as tables.
    """
    root = ET.Element("qgis", {"version": "3.28.0", "styleCategories": "Symbology|Fields|Forms"})
    renderer = add(root, "renderer-v2", attributes={"type": "RuleRenderer", "symbollevels": 0})
    rules = add(renderer, "rules", attributes={"key": layer.key})
    symbols = add(renderer, "symbols")
    drawn = signs(layer, w)
    for number, sign in enumerate(drawn):
        rule = {"key": f"{layer.key}-{number}", "symbol": number, "label": sign.label}
        if sign.values:
            rule["filter"] = _expression(layer, sign)
        add(rules, "rule", attributes=rule)
        _qml_symbol(symbols, str(number), layer.about.geometry, sign)
    if other := other_sign(layer, w):
        rule = {"key": f"{layer.key}-else", "symbol": len(drawn), "label": other.label}
        add(rules, "rule", attributes={**rule, "filter": "ELSE"})
        _qml_symbol(symbols, str(len(drawn)), layer.about.geometry, other)
    forms = add(root, "fieldConfiguration")
    aliases = add(root, "aliases")
    for index, field in enumerate(layer.about.fields):
        add(
            aliases,
            "alias",
            attributes={"index": index, "field": field.name, "name": field.heading(w.lang)},
        )
        if field.type == "text" and (labels := field.labels(w.lang)):
            widget = add(
                add(forms, "field", attributes={"name": field.name}),
                "editWidget",
                attributes={"type": "ValueMap"},
            )
            box = add(add(widget, "config"), "Option", attributes={"type": "Map"})
            listed = add(box, "Option", attributes={"type": "List", "name": "map"})
            for code, label in labels.items():
                item = add(listed, "Option", attributes={"type": "Map"})
                add(item, "Option", attributes={"type": "QString", "name": label, "value": code})
    return document(root, close=True)


def sld(layer: Layer, w: Words) -> str:
    """Write the style of a layer as SLD 1.0.0, a rule a sign.

    A diamond is drawn as a square, and a broken edge of a point as a full one: the standard
    has neither.
    """
    root = ET.Element(
        "StyledLayerDescriptor",
        {"version": "1.0.0", "xmlns": _SLD, "xmlns:ogc": _OGC},
    )
    named = add(root, "NamedLayer")
    add(named, "Name", layer.key)
    style = add(named, "UserStyle")
    add(style, "Title", layer.about.title.of(w.lang))
    kind = add(style, "FeatureTypeStyle")
    for number, sign in enumerate(signs(layer, w)):
        rule = add(kind, "Rule")
        add(rule, "Name", f"{layer.key}-{number}")
        add(rule, "Title", sign.label)
        if sign.values:
            _filter(rule, layer, sign)
        _symbolizer(rule, layer.about.geometry, sign)
    if other := other_sign(layer, w):
        rule = add(kind, "Rule")
        add(rule, "Name", f"{layer.key}-else")
        add(rule, "Title", other.label)
        add(rule, "ElseFilter")
        _symbolizer(rule, layer.about.geometry, other)
    return document(root)


def _filter(rule: ET.Element, layer: Layer, sign: Sign) -> None:
    box = add(rule, "ogc:Filter")
    fields = CLASSED_BY[layer.key]
    if len(fields) > 1:
        box = add(box, "ogc:And")
    for field, value in zip(fields, sign.values, strict=True):
        if value is None:
            test = add(box, "ogc:PropertyIsNull")
            add(test, "ogc:PropertyName", field)
        else:
            test = add(box, "ogc:PropertyIsEqualTo")
            add(test, "ogc:PropertyName", field)
            add(test, "ogc:Literal", value)


def _css(parent: ET.Element, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        add(parent, "CssParameter", value, {"name": name})


def _stroke(parent: ET.Element, sign: Sign) -> None:
    values: dict[str, object] = {"stroke": sign.stroke, "stroke-width": sign.width}
    if sign.dash:
        values["stroke-dasharray"] = sign.dash
    _css(add(parent, "Stroke"), values)


def _symbolizer(rule: ET.Element, kind: str, sign: Sign) -> None:
    if kind == "line":
        _stroke(add(rule, "LineSymbolizer"), sign)
        return
    if kind == "point":
        graphic = add(add(rule, "PointSymbolizer"), "Graphic")
        shape = add(graphic, "Mark")
        add(shape, "WellKnownName", _SLD_SHAPES[sign.shape])
        if sign.fill:
            _css(add(shape, "Fill"), {"fill": sign.fill, "fill-opacity": sign.opacity})
        _css(add(shape, "Stroke"), {"stroke": sign.stroke, "stroke-width": sign.width})
        add(graphic, "Size", sign.size)
        return
    ground = add(rule, "PolygonSymbolizer")
    if sign.fill:
        _css(add(ground, "Fill"), {"fill": sign.fill, "fill-opacity": sign.opacity})
    _stroke(ground, sign)
    if sign.stripe:
        hatch = add(add(add(rule, "PolygonSymbolizer"), "Fill"), "GraphicFill")
        graphic = add(hatch, "Graphic")
        shape = add(graphic, "Mark")
        add(shape, "WellKnownName", "shape://slash")
        _css(
            add(shape, "Stroke"),
            {"stroke": sign.stripe, "stroke-width": 4 if sign.wide else 1},
        )
        add(graphic, "Size", 10 if sign.wide else 6)
