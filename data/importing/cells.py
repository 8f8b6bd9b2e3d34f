"""One cell of anyone's file: its text without noise, its word, its number as the tables have it."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal as Exact
from functools import cache

from data.importing.fields import vocabulary
from data.trades import find_trade
from data.units.spelling import normalise, plain

_NOTHING = frozenset(
    (
        "-",
        "--",
        "\u2013",
        "\u2014",
        "...",
        "\u2026",
        "n/a",
        "na",
        "nan",
        "none",
        "null",
        "không rõ",
        "chưa rõ",
    )
)
_NOTHING_BEGINS = ("chưa có số liệu", "không có số liệu", "chưa xác định", "no data", "unknown")


def clean(text: str) -> str:
    r"""Text composed, printable, on one line, without spaces around it.

    Examples
    --------
    >>> clean("  Khu công\nnghiệp\x00 ")
    'Khu công nghiệp'
    """
    composed = unicodedata.normalize("NFC", text)
    printable = "".join(char if char.isprintable() else " " for char in composed)
    return " ".join(printable.split())


def is_nothing(text: str) -> bool:
    """Whether a cell says that nothing is known."""
    folded = text.casefold()
    return not text or folded in _NOTHING or folded.startswith(_NOTHING_BEGINS)


def as_text(value: float | Exact) -> str:
    """Write a number as the fact tables have it: all its digits, a decimal point, no exponent.

    Examples
    --------
    >>> as_text(1234.5), as_text(12.0), as_text(1e-07)
    ('1234.5', '12', '0.0000001')
    """
    exact = value if isinstance(value, Exact) else Exact(repr(float(value)))
    text = format(exact, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


@cache
def _words(kind: str) -> dict[str, str]:
    """By normalised and by plain word: the word of the vocabulary; plain ones only if unique."""
    found: dict[str, str] = {}
    simple: dict[str, set[str]] = {}
    for word, written in vocabulary()["words"][kind].items():
        for text in (word, *written):
            found[normalise(text)] = word
            simple.setdefault(plain(text), set()).add(word)
    return {text: min(words) for text, words in simple.items() if len(words) == 1} | found


def read_word(text: str, kind: str) -> str | None:
    """Find the word of a vocabulary that a cell means, None where none does.

    Examples
    --------
    >>> read_word("Đang xây dựng", "area_statuses"), read_word("HTKT", "uses")
    ('under_construction', 'technical')
    """
    words = _words(kind)
    for spelt in (normalise(text), plain(text)):
        if spelt in words:
            return words[spelt]
        stripped = re.sub(r"\s*\([^)]*\)", "", spelt).strip(" .")
        if stripped in words:
            return words[stripped]
    return None


def words_of(kind: str) -> tuple[str, ...]:
    """Words of a vocabulary, each with its first way to write it."""
    return tuple(f"{word} ({written[0]})" for word, written in vocabulary()["words"][kind].items())


def sure_trade(text: str) -> tuple[str, str]:
    """Tag of the one trade that a text means, "" where it isn't sure; and those it may mean."""
    found = find_trade(text)
    sure = len(found) == 1 or (
        found and found[0].how in ("code", "exact") and found[0].how != found[1].how
    )
    if found and found[0].how != "alike" and (sure or found[0].how == "code"):
        return found[0].trade.tag, ""
    return "", ", ".join(match.trade.tag for match in found[:5])
