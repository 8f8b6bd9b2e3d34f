"""Whether a word is a Vietnamese syllable: what tells a right reading of old encodings."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TONES = "\u0300\u0301\u0303\u0309\u0323"  # grave, acute, tilde, hook above, dot below
_STOPPED = "\u0301\u0323"  # the tones of syllables that end in p, t, c or ch
_ONSETS = "ngh|ch|gh|gi|kh|ng|nh|ph|qu|th|tr|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x"
_RHYMES = (
    "a ai ao au ay am an ang anh ap at ac ach ă ăm ăn ăng ăp ăt ăc â âu ây âm ân âng âp ât âc "
    "e eo em en eng ep et ec ê êu êm ên ênh êp êt êch êng i ia iu im in inh ip it ich iêu iêm "
    "iên iêng iêp iêt iêc o oi om on ong op ot oc oa oai oao oay oam oan oang oanh oap oat oac "
    "oach oă oăm oăn oăng oăt oăc oe oeo oen oet oong ooc ô ôi ôm ôn ông ôp ôt ôc ơ ơi ơm ơn "
    "ơp ơt u ua ui um un ung up ut uc uâ uân uâng uât uây uê uên uênh uêch uơ uy uya uyu uyn "
    "uynh uyt uych uyp uyên uyêt uôi uôm uôn uông uôt uôc ư ưa ưi ưu ưm ưn ưng ưt ưc ươi ươu "
    "ươm ươn ương ươp ươt ươc y yêu yêm yên yêng yêt"
)
_PLAIN = re.compile(f"(?:{_ONSETS})?(?:{_RHYMES.replace(' ', '|')})")
_AFTER_QU = re.compile("qu(?:a|ai|ao|au|ay|am|an|ang|anh|ap|at|ac|ach|ă|ăm|ăn|ăng|ăp|ăt|ăc|âu?|"
    "ây|âm|ân|âng|âp|ât|âc|e|eo|em|en|et|ê|êu|ên|ênh|êt|êch|i|iu|in|inh|it|ich|o|ô|ôc|ơ|ơi|ơn|"
    "y|ynh|yt|yên|yêt|ych|yêu)")  # fmt: skip


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether a word is spelled as a Vietnamese syllable can be.

    Examples
    --------
    >>> [is_syllable(word) for word in ("Nghệ", "ĐƯỜNG", "hoà", "hòa", "nghiÖp", "âát", "ác")]
    [True, True, True, True, False, False, True]
    """
    parts = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in parts if mark in _TONES]
    if len(tones) > 1:
        return False
    plain = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
    if tones and plain.endswith(("p", "t", "c", "ch")) and tones[0] not in _STOPPED:
        return False
    return bool(_PLAIN.fullmatch(plain) or _AFTER_QU.fullmatch(plain))
