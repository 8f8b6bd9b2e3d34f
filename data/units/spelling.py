"""Spelling of the names of administrative units: variants that don't count, and unit words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TONES = "\u0300\u0301\u0303\u0309\u0323"

APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")

# How each kind of unit may be written, without diacritics and spaces.
UNIT_WORDS: dict[str, tuple[str, ...]] = {
    "tinh": ("tinh", "t"),
    "thanhpho": ("thanhpho", "tp"),
    "thixa": ("thixa", "tx"),
    "huyen": ("huyen", "h"),
    "quan": ("quan", "q"),
    "thitran": ("thitran", "tt"),
    "phuong": ("phuong", "p", "ph"),
    "xa": ("xa", "x"),
    "dackhu": ("dackhu", "dk"),
}
_KINDS = {word: kind for kind, words in UNIT_WORDS.items() for word in words}
_LONGEST = 2  # words of a unit word: "thị trấn"


@lru_cache(maxsize=65536)
def _word(word: str) -> str:
    """Spell one word: tone mark at its end, y as i where they stand for the same sound."""
    parts = unicodedata.normalize("NFD", word.replace("ð", "đ"))
    tones = "".join(char for char in parts if char in _TONES)
    letters = "".join(char for char in parts if char not in _TONES)
    # Mỹ and Mĩ, Lý and Lí, Quỳ and Quì, Quỳnh and Quình; but Tây and Tai, Thủy and Thủi differ.
    letters = re.sub(r"^([^\Waeiouy]*)y$", r"\1i", letters)
    letters = re.sub(r"^quy", "qui", letters)
    return unicodedata.normalize("NFC", letters + tones)


@lru_cache(maxsize=65536)
def normalise(name: str) -> str:
    """Spelling of a unit's name without its variants.

    Case, spacing, apostrophes, Unicode composition, the place of the tone mark within a
    syllable, and y for i where both are written don't count; the tone itself does.

    Examples
    --------
    >>> normalise("Xã  Hoà Sơn") == normalise("xã Hòa Sơn")
    True
    >>> normalise("Huyện Quì Hợp") == normalise("Huyện Quỳ Hợp")
    True
    >>> normalise("Xã Châu Bính") == normalise("Xã Châu Bình")
    False
    """
    words = unicodedata.normalize("NFC", APOSTROPHES.sub("", name.casefold())).split()
    return " ".join(_word(word) for word in words)


@lru_cache(maxsize=65536)
def _plain(word: str) -> str:
    parts = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(char for char in parts if not unicodedata.combining(char))


def plain(name: str) -> str:
    """Normalised spelling without diacritics.

    Examples
    --------
    >>> plain("Xã Ea H'đing")
    'xa ea hding'
    """
    return " ".join(_plain(word) for word in normalise(name).split())


def squeeze(name: str) -> str:
    """Leave out spaces and dashes, which vary in names.

    Examples
    --------
    >>> squeeze("bà rịa - vũng tàu")
    'bàrịavũngtàu'
    """
    return name.replace(" ", "").replace("-", "")


def unit_word(words: tuple[str, ...] | list[str]) -> tuple[str, int]:
    """Kind of unit that plain words begin with, and how many words say it.

    Examples
    --------
    >>> unit_word(["thi", "tran", "nam", "dan"])
    ('thitran', 2)
    >>> unit_word(["tp", "vinh"])
    ('thanhpho', 1)
    >>> unit_word(["nghi", "long"])
    ('', 0)
    """
    for count in range(min(_LONGEST, len(words)), 0, -1):
        kind = _KINDS.get("".join(words[:count]))
        if kind:
            return kind, count
    return "", 0
