"""Fields of the exported layers, of `data.exchange_fields`, with words for their codes.

The data dictionary, the JSON Schema, the headings of tables and the short names of Shapefiles
are all made from what is read here.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from data.exchange_fields import ExchangeField, ExchangeLayer, exchange_layers, format_fields
from layers import words as vocabularies
from layers.words import words

if TYPE_CHECKING:
    from data._message import Lang

# How the text of a field tells its codes: "stated: theo nguồn".
_TOLD = re.compile(r"(\w+): ([^;.]+)")
_JSON_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": ["string", "null"]},
    "integer": {"type": ["integer", "null"]},
    "number": {"type": ["number", "null"]},
    "boolean": {"type": ["boolean", "null"]},
    "date": {"type": "string", "format": "date"},
    "partial_date": {
        "type": ["string", "null"],
        "pattern": r"^([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?$",
    },
    "list": {"type": "array", "items": {"type": "string"}},
}
_GEOMETRIES: dict[str, list[str]] = {
    "point": ["Point"],
    "line": ["LineString"],
    "polygon": ["Polygon", "MultiPolygon"],
}


class LayerField(ExchangeField):
    """One field of a layer, with the words of :mod:`layers.words` for its codes."""

    def vocabulary(self) -> dict[str, str]:
        """Give the message ids of the codes; empty where the values are their own words."""
        known = dict(getattr(vocabularies, self.words)) if self.words else {}
        return known | vocabularies.SILENT.get(self.words, {})

    def labels(self, lang: Lang) -> dict[str, str]:
        """Give the words of the codes in one language."""
        w = words(lang)
        return {code: w(message) for code, message in self.vocabulary().items() if message}

    def read_as(self, lang: Lang) -> dict[str, str]:
        """Give what a reader sees for the codes; of a closed list, as its text tells them.

        Examples
        --------
        >>> plots = {field.name: field for field in layer_fields()["plots"].fields}
        >>> plots["area_from"].read_as("vi")
        {'measured': 'đo theo ranh giới', 'stated': 'theo nguồn'}
        """
        told = dict(_TOLD.findall(self.text.of(lang)))
        return {code: told[code] for code in self.codes if code in told} | self.labels(lang)


class LayerFields(ExchangeLayer):
    """What a layer is and which fields it has."""

    fields: tuple[LayerField, ...]


@cache
def layer_fields() -> dict[str, LayerFields]:
    """Give the fields of all layers, by key, in the order of the file."""
    return {
        key: LayerFields.model_validate(layer.model_dump())
        for key, layer in exchange_layers().items()
    }


def json_schema(layer: LayerFields) -> dict[str, Any]:
    """Describe the GeoJSON of a layer, or the records of a table, as JSON Schema (2020-12).

    Fields that only say how a layer is drawn may be missing, further ones may be there.
    """
    properties: dict[str, Any] = {}
    for field in layer.fields:
        schema: dict[str, Any] = {
            "title": field.title.en,
            "description": field.text.en,
            **_JSON_TYPES[field.type],
        }
        if field.codes and field.type == "text":
            schema["enum"] = [*field.codes, None]
        properties[field.name] = schema
    record = {
        "type": "object",
        "required": [field.name for field in layer.fields if not field.drawn],
        "properties": properties,
    }
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": layer.title.en,
        "description": layer.abstract.en,
    }
    if layer.geometry == "none":
        return {**head, "type": "array", "items": record}
    geometry = {
        "anyOf": [
            {"type": "null"},
            {
                "type": "object",
                "required": ["type", "coordinates"],
                "properties": {
                    "type": {"enum": _GEOMETRIES[layer.geometry]},
                    "coordinates": {"type": "array"},
                },
            },
        ],
    }
    feature = {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"const": "Feature"},
            "id": {"type": "string"},
            "geometry": geometry,
            "properties": record,
        },
    }
    return {
        **head,
        "type": "object",
        "required": ["type", "metadata", "features"],
        "properties": {
            "type": {"const": "FeatureCollection"},
            "metadata": {"type": "object"},
            "features": {"type": "array", "items": feature},
        },
    }


def dictionary(layer: LayerFields) -> list[dict[str, str]]:
    """List the fields of a layer with titles, meanings and values in both languages."""
    return [
        {
            "layer": layer.key,
            "field": field.name,
            "short_name": field.short,
            "type": field.type,
            "unit": field.unit,
            "title_vi": field.title.vi,
            "title_en": field.title.en,
            "description_vi": field.text.vi,
            "description_en": field.text.en,
            "values_vi": _values(field, "vi"),
            "values_en": _values(field, "en"),
        }
        for field in layer.fields
    ]


def whole_dictionary(layer: LayerFields) -> list[dict[str, str]]:
    """List the fields of a layer, and after them what GeoJSON or CSV alone have.

    `format` names that format; it is empty where all formats have the field.
    """
    everywhere = [{**row, "format": ""} for row in dictionary(layer)]
    alone = [
        {
            **dict.fromkeys(everywhere[0], ""),
            "layer": layer.key,
            "field": field.name,
            "type": field.type,
            "title_vi": field.title.vi,
            "title_en": field.title.en,
            "description_vi": field.text.vi,
            "description_en": field.text.en,
            "format": field.format,
        }
        for field in format_fields()
        if not field.layers or layer.key in field.layers
        if field.format == "CSV" or layer.geometry != "none"
    ]
    return everywhere + alone


def _values(field: LayerField, lang: Lang) -> str:
    labels = field.read_as(lang)
    bare = [code for code in field.codes if code not in labels]
    return "; ".join([*bare, *(f"{code} = {label}" for code, label in labels.items())])
