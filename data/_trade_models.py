"""The models of `data/trades.yaml`."""

# Annotations are evaluated here, as pydantic needs them.
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data._resolution_models import Text, Words
from data.vocabulary import INDUSTRY_TAGS, IndustryTag

Judged = Literal["yes", "unclear", "no"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Synonyms(_Model):
    """Other names, lower case."""

    vi: tuple[Words, ...]
    en: tuple[Words, ...]


class TradeEntry(_Model):
    """One tag with its names."""

    tag: IndustryTag
    name: Text
    raw_material: Judged
    production: Judged
    synonyms: Synonyms


class Division(_Model):
    """One VSIC division and the tags that it holds, nearest first."""

    code: Annotated[str, Field(pattern=r"^\d{2}$")]
    name: Text
    tags: Annotated[tuple[IndustryTag, ...], Field(min_length=1)]


class TradesFile(_Model):
    """All tags once, in the order of the vocabulary, and divisions in the order of codes."""

    trades: tuple[TradeEntry, ...]
    divisions: tuple[Division, ...]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if tuple(entry.tag for entry in self.trades) != INDUSTRY_TAGS:
            msg = f"each tag once, in the order {', '.join(INDUSTRY_TAGS)}"
            raise ValueError(msg)
        codes = [division.code for division in self.divisions]
        if codes != sorted(set(codes)):
            msg = "each division once, in the order of codes"
            raise ValueError(msg)
        return self
