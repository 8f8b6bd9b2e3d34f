"""Fields of the exported layers: names, types, units and texts, from `exchange_fields.yaml`.

Whatever writes or reads the application's own files takes their fields from here.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data._message import Lang

FIELDS = Path(__file__).parent / "exchange_fields.yaml"
Kind = Literal["text", "integer", "number", "boolean", "date", "partial_date", "list"]
GeometryKind = Literal["point", "line", "polygon", "none"]

# What stands beside a figure: end of the name, end of the short name, type, words, codes, titles.
PEDIGREE: tuple[tuple[str, str, Kind, str, tuple[str, ...], str, str], ...] = (
    ("as_of", "date", "partial_date", "", (), "ngày", "date"),
    ("basis", "base", "text", "BASIS", (), "cách tính", "basis"),
    ("qualifier", "qual", "text", "", ("~", "=", ">", "<"), "mức chính xác", "qualifier"),
    ("how", "how", "text", "HOW", (), "cách có được", "how it came about"),
    ("sources", "src", "list", "", (), "nguồn", "sources"),
)


class Texts(BaseModel):
    """A text in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    vi: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def of(self, lang: Lang) -> str:
        """Give the text in one language."""
        return self.vi if lang == "vi" else self.en


class ExchangeField(BaseModel):
    """One field of a layer.

    `short` is its name in a Shapefile, `words` the name of the vocabulary that its codes are
    from, `codes` the closed list of values of a field without words. `drawn` fields say only
    how the layer is drawn.
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

    def heading(self, lang: Lang) -> str:
        """Give the title with the unit."""
        title = self.title.of(lang)
        return f"{title} ({self.unit})" if self.unit else title


class FormatField(BaseModel):
    """A member or a column that one format alone has.

    `layers` are those that have it; all of them where empty.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    format: Literal["GeoJSON", "CSV"]
    layers: tuple[str, ...] = ()
    type: Literal["text", "number", "date", "list", "object"]
    title: Texts
    text: Texts


class ExchangeLayer(BaseModel):
    """What a layer is and which fields it has."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    geometry: GeometryKind
    identifier: str
    title: Texts
    abstract: Texts
    fields: tuple[ExchangeField, ...]


@cache
def exchange_layers() -> dict[str, ExchangeLayer]:
    """Read the fields of all layers, by key, in the order of the file."""
    document = yaml.safe_load(FIELDS.read_text(encoding="utf-8"))
    return {
        key: ExchangeLayer(key=key, **{**layer, "fields": tuple(_expanded(layer["fields"]))})
        for key, layer in document["layers"].items()
    }


@cache
def format_fields() -> tuple[FormatField, ...]:
    """Read what single formats hold besides, in the order of the file."""
    document = yaml.safe_load(FIELDS.read_text(encoding="utf-8"))
    return tuple(FormatField(**item) for item in document["beside"])


def _expanded(items: list[Any]) -> Iterator[ExchangeField]:
    for item in items:
        if isinstance(item, list):
            yield from _expanded(item)
        elif item["type"] == "figure":
            yield from _figure(dict(item))
        else:
            yield ExchangeField(**item)


def _figure(item: dict[str, Any]) -> Iterator[ExchangeField]:
    """Yield a figure and what it rests on."""
    stem = item.pop("stem")
    number = ExchangeField(**{**item, "type": "number"})
    yield number
    for name, short, kind, vocabulary, codes, vi, en in PEDIGREE:
        yield ExchangeField(
            name=f"{item['name']}_{name}",
            short=f"{stem}_{short}",
            type=kind,
            words=vocabulary,
            codes=codes,
            title=Texts(vi=f"{number.title.vi}: {vi}", en=f"{number.title.en}: {en}"),
            text=Texts(
                vi=f"Thuộc trường {item['name']}: {vi}.",
                en=f"Belongs to {item['name']}: {en}.",
            ),
        )
