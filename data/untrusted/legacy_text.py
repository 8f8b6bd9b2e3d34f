"""Vietnamese text in other encodings: TCVN3, VNI, Windows-1258, and misread UTF-8.

Files in TCVN3 (fonts .VnTime, .VnArial) and VNI (VNI-Times) look like Western text: "Khu c«ng
nghiÖp", "Khu coâng nghieäp". They reach us as bytes, or as Unicode text of those very letters.
Either way they are recognised by their words: read rightly, they are Vietnamese syllables.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import product
from typing import TYPE_CHECKING, Final

from data._message import Message
from data.untrusted._formats import utf_16
from data.untrusted._sheets import refuse
from data.untrusted.syllables import is_syllable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from data.untrusted._sheets import Job

TCVN3 = "TCVN3"
VNI = "VNI"
WINDOWS_1258 = "Windows-1258"
MISREAD = "UTF-8 that was read as Windows-1252"

# TCVN 5712:1993, VN3, from 0xA1 on: the one-byte characters. A blank has no letter in VN3.
_VN3 = (
    "ĂÂÊÔƠƯĐăâêôơưđ "  # A1 to AF
    "     àảãáạ ằẳẵắ "  # B0 to BF
    "      ặầẩẫấậè ẻẽ"  # C0 to CF
    "éẹềểễếệìỉ   ĩíịò"  # D0 to DF
    " ỏõóọồổỗốộờởỡớợù"  # E0 to EF
    " ủũúụừửữứựỳỷỹýỵ"  # F0 to FE
)
TCVN3_LETTERS: Final = {
    code: letter for code, letter in enumerate(_VN3, start=0xA1) if letter != " "
}

# VNI for Windows: a vowel and a sign for its mark and tone, both of Windows-1252. The columns
# are no tone, acute, grave, hook above, tilde and dot below.
_TONES = ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323")
_VNI_SIGNS = {
    ("aeoô uyö", ""): ["", "ù", "ø", "û", "õ", "ï"],
    ("aeo", "\u0302"): ["â", "á", "à", "å", "ã", "ä"],
    ("a", "\u0306"): ["ê", "é", "è", "ú", "ü", "ë"],
}
_VNI_BASES = {"ô": "ơ", "ö": "ư"}
_VNI_SINGLE = dict(zip("íìæóòîñôö", "íìỉĩịỵđơư", strict=True))


def _vni_letters() -> dict[str, str]:
    letters = dict(_VNI_SINGLE)
    for (bases, mark), signs in _VNI_SIGNS.items():
        for base, (sign, tone) in product(bases.replace(" ", ""), zip(signs, _TONES, strict=True)):
            # î is the whole of ỵ.
            if sign and (base, tone) != ("y", "\u0323"):
                whole = _VNI_BASES.get(base, base) + mark + tone
                letters[base + sign] = unicodedata.normalize("NFC", whole)
    capital = {typed.upper(): letter.upper() for typed, letter in letters.items()}
    # Signs are small or capital by the key that was pressed, not by the vowel before them.
    mixed = {
        typed[0].upper() + typed[1:]: letter.upper()
        for typed, letter in letters.items()
        if len(typed) > 1
    }
    return {**letters, **mixed, **capital}


VNI_LETTERS: Final = _vni_letters()
_VNI_TYPED = re.compile("|".join(sorted(VNI_LETTERS, key=len, reverse=True)))
# What Windows-1252 makes of bytes above 0x7F; a program may have used Latin-1 instead.
_WESTERN = {
    bytes([code]).decode("cp1252", errors="ignore") or chr(code): code for code in range(128, 256)
}
_WESTERN |= {chr(code): code for code in range(128, 256)}
_TCVN3_TYPED = {
    ord(letter): TCVN3_LETTERS[code] for letter, code in _WESTERN.items() if code in TCVN3_LETTERS
}
_SURE = 0.7  # share of words with letters beyond ASCII that must be syllables
_PLAIN = 0.5  # share of syllables above which a text is taken as it is
_LEAST = 2  # words that tell anything
_SAMPLE = 2_000  # words looked at


def to_unicode(text: str, coding: str) -> str:
    """Turn text typed in TCVN3 or VNI, read as Western, into Unicode.

    Text that has Vietnamese letters already stays as it is.

    Examples
    --------
    >>> to_unicode("Khu c«ng nghiÖp V©n Trung, HUYÖN Nam §µn", "TCVN3")
    'Khu công nghiệp Vân Trung, HUYỆN Nam Đàn'
    >>> to_unicode("« t« · © C«ng ty", "TCVN3")
    'ô tô · © Công ty'
    >>> to_unicode("Khu coâng nghieäp ÑOÂNG NAM", "VNI")
    'Khu công nghiệp ĐÔNG NAM'
    """
    if text.isascii() or not _western(text):
        return text
    if coding == MISREAD:
        return _read_again(text)
    if coding == VNI:
        return _VNI_TYPED.sub(lambda typed: VNI_LETTERS[typed[0]], text)
    return _WORD_OF_TCVN3.sub(lambda word: _from_tcvn3(word[0]), text)


def _read_again(text: str) -> str:
    for whole in (text, f"{text}\xa0"):  # the end of à is a blank, and may have been stripped
        try:
            return bytes(_WESTERN.get(letter, ord(letter)) for letter in whole).decode()
        except UnicodeDecodeError:
            continue
    return text


# In a word of TCVN3 signs such as « and ¬ are letters.
_WORD_OF_TCVN3 = re.compile(r"[A-Za-z\u00a1-\u00ff\u0080-\u009f\u0152-\u2122]+")


# Signs of plain texts; the letters that they are in TCVN3 are no words by themselves.
_LONE_SIGNS = frozenset("¡¢£¦§¨©\xad®·»¼½¾\xd7÷")


def _from_tcvn3(word: str) -> str:
    if word in _LONE_SIGNS:
        return word
    read = word.translate(_TCVN3_TYPED)
    # Fonts of capitals show small letters with tones as capitals: NGHIÖP.
    plain = [letter for letter in word if letter.isascii()]
    capitals = len(plain) > 1 and all(letter.isupper() for letter in plain)
    return read.upper() if capitals else read


def _western(text: str) -> bool:
    return all(letter.isascii() or letter in _WESTERN for letter in text)


def recognised(columns: Iterable[Iterable[str]]) -> str | None:
    """Tell whether texts were typed in TCVN3 or VNI or misread, None for plain text.

    One column that is sure is enough: tables are put together from several files.

    Examples
    --------
    >>> recognised([["Khu c«ng nghiÖp", "DiÖn tÝch"]]), recognised([["Coâng nghieäp", "Ñoâng"]])
    ('TCVN3', 'VNI')
    >>> recognised([["Khu công nghiệp", "Café"]]), recognised([["Café crème", "naïve façade"]])
    (None, None)
    >>> recognised([["© OpenStreetMap contributors", "Trade · use", "1 ÷ 2, ± 0.5"]])
    """
    western = [
        [text for text in column if not text.isascii() and _western(text)][:_SAMPLE]
        for column in columns
    ]
    everything = [text for column in western for text in column][:_SAMPLE]
    for texts in (everything, *western):
        as_typed, count = _share(texts)
        if count < _LEAST or as_typed > _PLAIN:
            continue
        for coding in (MISREAD, TCVN3, VNI):
            if _share([to_unicode(text, coding) for text in texts])[0] >= _SURE:
                return coding
    return None


def converted(text: str, coding: str) -> str:
    """Turn a text into Unicode where that makes more of its words Vietnamese.

    Examples
    --------
    >>> converted("C«ng ty", "TCVN3"), converted("Công ty", "TCVN3")
    ('Công ty', 'Công ty')
    """
    read = to_unicode(text, coding)
    return read if read != text and _share([read]) > _share([text]) else text


def _share(texts: list[str]) -> tuple[float, int]:
    """Share of the words with letters beyond ASCII that are syllables, and their number."""
    words = [word for text in texts for word in _words(text) if not word.isascii()][:_SAMPLE]
    return sum(map(is_syllable, words)) / max(len(words), 1), len(words)


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s\d\x00-\x40\x5b-\x60\x7b-\x7f]+", text) if word]


def decode(content: bytes, job: Job, *, hint: str = "") -> tuple[str, str]:
    """Read text of an unknown encoding: Unicode, Windows-1258, TCVN3 or VNI.

    Parameters
    ----------
    content
        Bytes.
    job
        Names the file in messages.
    hint
        Name of an encoding that the file states, tried before guesses.

    Returns
    -------
    text, encoding
        TCVN3 and VNI come as Western text, for :func:`recognised`.

    Raises
    ------
    DataError
        It is in none of them.
    """
    coding = utf_16(content[:65_536])
    if coding:
        try:
            return content.decode(coding).removeprefix("\ufeff"), "UTF-16"
        except UnicodeDecodeError as error:
            refuse(
                job,
                Message("UTF-16 text that breaks off at byte {start}", start=error.start),
                Message("whole text"),
            )
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as error:
        at = error.start
    return _legacy(content, at, job, hint)


def _legacy(content: bytes, at: int, job: Job, hint: str) -> tuple[str, str]:
    western = content.decode("latin-1")
    lines = western.splitlines()
    sample = [line for line in lines if not line.isascii()][:_SAMPLE]
    readings = {TCVN3: _share([to_unicode(line, TCVN3) for line in sample])[0]}
    readings[VNI] = _share([to_unicode(line, VNI) for line in sample])[0]
    readings[WINDOWS_1258] = _share([_windows_1258(line) for line in sample])[0]
    if hint:
        readings[WINDOWS_1258] += hint in ("1258", "cp1258", "windows-1258", "ansi 1258")
    best = max(readings, key=readings.__getitem__)
    if readings[best] < _SURE:
        found = Message("text that is not UTF-8 (byte {at}) nor Windows-1258, TCVN3 or VNI", at=at)
        refuse(job, found, Message("a file saved as UTF-8"))
    if best == WINDOWS_1258:
        return _windows_1258(western), WINDOWS_1258
    return western, best


def _windows_1258(western: str) -> str:
    read = western.encode("latin-1").decode("cp1258", errors="replace")
    return unicodedata.normalize("NFC", read)
