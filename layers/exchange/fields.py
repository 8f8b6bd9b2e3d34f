"""Fields of the exported layers: names, types, units and words, from `fields.yaml`.

The data dictionary, the JSON Schema, the headings of tables and the short names of Shapefiles
are all made from what is read here.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from layers import words as vocabularies
from layers.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layers.words import Lang

FIELDS = Path(__file__).parent / "fields.yaml"
Kind = Literal["text", "integer", "number", "boolean", "date", "partial_date", "list"]
GeometryKind = Literal["point", "line", "polygon", "none"]

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
# What stands beside a figure: end of the name, end of the short name, type, words, titles.
_PEDIGREE: tuple[tuple[str, str, Kind, str, str, str], ...] = (
    ("as_of", "date", "partial_date", "", "ngày", "date"),
    ("basis", "base", "text", "BASIS", "căn cứ", "basis"),
    ("how", "how", "text", "HOW", "cách có được", "how it came about"),
    ("sources", "src", "list", "", "nguồn", "sources"),
)


class Texts(BaseModel):
    """A text in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    vi: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def of(self, lang: Lang) -> str:
        """Give the text in one language."""
        return self.vi if lang == "vi" else self.en


class LayerField(BaseModel):
    """One field of a layer.

    `short` is its name in a Shapefile, `words` the vocabulary of `layers.words` that its codes
    are from, `codes` the closed list of values of a field without words. `drawn` fields say
    only how the layer is drawn.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    short: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,9}$")]
    type: Kind
    title: Texts
    text: Texts
    unit: str = ""
    words: str = ""
    codes: tuple[str, ...] = ()
    drawn: bool = False

    def vocabulary(self) -> dict[str, str]:
        """Give the message ids of the codes; empty where the values are their own words."""
        return dict(getattr(vocabularies, self.words)) if self.words else {}

    def labels(self, lang: Lang) -> dict[str, str]:
        """Give the words of the codes in one language."""
        w = words(lang)
        return {code: w(message) for code, message in self.vocabulary().items() if message}

    def heading(self, lang: Lang) -> str:
        """Give the title with the unit."""
        title = self.title.of(lang)
        return f"{title} ({self.unit})" if self.unit else title


class LayerFields(BaseModel):
    """What a layer is and which fields it has."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    geometry: GeometryKind
    identifier: str
    title: Texts
    abstract: Texts
    fields: tuple[LayerField, ...]


@cache
def layer_fields() -> dict[str, LayerFields]:
    """Read the fields of all layers, by key, in the order of the file."""
    document = yaml.safe_load(FIELDS.read_text(encoding="utf-8"))
    return {
        key: LayerFields(key=key, **{**layer, "fields": tuple(_expanded(layer["fields"]))})
        for key, layer in document["layers"].items()
    }


def _expanded(items: list[Any]) -> Iterator[LayerField]:
    for item in items:
        if isinstance(item, list):
            yield from _expanded(item)
        elif item["type"] == "figure":
            yield from _figure(dict(item))
        else:
            yield LayerField(**item)


def _figure(item: dict[str, Any]) -> Iterator[LayerField]:
    """Yield a figure and what it rests on."""
    stem = item.pop("stem")
    number = LayerField(**{**item, "type": "number"})
    yield number
    for name, short, kind, vocabulary, vi, en in _PEDIGREE:
        yield LayerField(
            name=f"{item['name']}_{name}",
            short=f"{stem}_{short}",
            type=kind,
            words=vocabulary,
            title=Texts(vi=f"{number.title.vi}: {vi}", en=f"{number.title.en}: {en}"),
            text=Texts(
                vi=f"Thuộc trường {item['name']}: {vi}.",
                en=f"Belongs to {item['name']}: {en}.",
            ),
        )


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


def _values(field: LayerField, lang: Lang) -> str:
    labels = field.labels(lang)
    return "; ".join(f"{code} = {label}" for code, label in labels.items()) or "; ".join(
        field.codes,
    )
