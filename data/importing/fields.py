"""Fields that rows of a table may have, by what the rows are: the vocabulary `headers.yaml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from data import _yaml
from data._errors import DataError
from data._metric_words import METRIC_WORDS

if TYPE_CHECKING:
    from data._message import Lang

VOCABULARY = Path(__file__).parent / "headers.yaml"

Kind = Literal["parks", "plots", "leases", "observations", "boundaries", "nodes"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Unit = Literal["", "ha", "m2", "km2", "pct", "fraction"]


@cache
def vocabulary() -> dict[str, Any]:
    """Return the content of `headers.yaml`."""
    content, _, findings = _yaml.read(VOCABULARY)
    if findings:
        raise DataError(findings)
    found: dict[str, Any] = content
    return found


def fields() -> dict[str, dict[str, Any]]:
    """Fields by name: `type`, `headers`, and `words` where its cells are words."""
    found: dict[str, dict[str, Any]] = vocabulary()["fields"]
    return found


def field_word(field: str, lang: Lang) -> str:
    """Name a field in words, with the name that a mapping gives it.

    Examples
    --------
    >>> field_word("leased_ha", "vi"), field_word("ends_on", "vi"), field_word("ends_on", "en")
    ('đất đã cho thuê (leased_ha)', 'ngày hết hạn (ends_on)', 'ends_on')
    """
    if field in METRIC_WORDS:
        return f"{METRIC_WORDS[field][lang == 'en']} ({field})"
    headers = fields()[field]["headers"]
    word = next((header for header in headers if not header.isascii()), field)
    return f"{word} ({field})" if lang == "vi" and word != field else field


def fields_of(kind: Kind) -> tuple[str, ...]:
    """Fields that the rows of a kind may have."""
    return tuple(vocabulary()["kinds"][kind]["fields"])


def required(kind: Kind) -> tuple[str, ...]:
    """Fields of which a table must have a column, to be of a kind."""
    return tuple(vocabulary()["kinds"][kind]["required"])


def needed(kind: Kind) -> tuple[str, ...]:
    """Fields that every row of a kind must have, from a column or as a constant."""
    also = vocabulary()["kinds"][kind].get("needed", ())
    return (*required(kind), *also)
