"""Every text that the code asks for has its Vietnamese, and the other way round."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from data import vocabulary
from layers import words
from layers.words import Words, mark

ROOT = Path(__file__).resolve().parents[2]
# How many of the first arguments are messages.
CALLS = {"w": 1, "mark": 1, "plural": 2}


def messages_in_code() -> dict[str, str]:
    """Message ids of the code: the id to the plural, or to nothing."""
    found: dict[str, str] = {}
    for path in [*(ROOT / "layers").rglob("*.py"), *(ROOT / "pages").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            texts = [
                argument.value
                for argument in node.args[: CALLS.get(name, 0)]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            ]
            if texts:
                found[texts[0]] = texts[1] if len(texts) > 1 else ""
    return found


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.fixture(scope="module")
def translated() -> dict[str, str]:
    with words.CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="vi", abort_invalid=True)
    found = {}
    for message in catalogue:
        if not message.id:
            continue
        key = message.id[0] if isinstance(message.id, tuple | list) else message.id
        text = message.string
        found[key] = text if isinstance(text, str) else (text or [""])[0]
        assert not message.fuzzy, key
    return found


def test_no_message_lacks_its_vietnamese(translated: dict[str, str]) -> None:
    missing = [text for text in messages_in_code() if not translated.get(text)]
    assert not missing


def test_no_translation_is_left_over(translated: dict[str, str]) -> None:
    assert not set(translated) - set(messages_in_code())


def test_translations_have_the_same_fields(translated: dict[str, str]) -> None:
    for english, vietnamese in translated.items():
        assert fields(english) == fields(vietnamese), english


def test_vietnamese_is_composed_and_has_no_double_spaces(translated: dict[str, str]) -> None:
    import unicodedata  # noqa: PLC0415

    for text in translated.values():
        assert unicodedata.is_normalized("NFC", text), text
        assert not re.search(r"  |\s$|^\s", text), text


@pytest.mark.parametrize(
    ("vocabulary_words", "keys"),
    [
        (words.KIND, vocabulary.KINDS),
        (words.KINDS, vocabulary.KINDS),
        (words.STATUS, vocabulary.STATUSES),
        (words.BASIS, vocabulary.BASES),
        (words.NATURE, vocabulary.NATURES),
        (words.NODE, vocabulary.NODE_TYPES),
        (words.LINK_STATUS, vocabulary.LINK_STATUSES),
        (words.INDUSTRY, vocabulary.INDUSTRY_TAGS),
        (words.STANCE, vocabulary.STANCES),
        (words.GROUP, vocabulary.ZONE_GROUPS),
        (words.UNIT, tuple(set(vocabulary.METRICS.values()))),
        (
            words.METRIC,
            tuple("leasable_ha" if m == "industrial_land_ha" else m for m in vocabulary.METRICS),
        ),
    ],
)
def test_each_vocabulary_has_its_words(
    vocabulary_words: dict[str, str],
    keys: tuple[str, ...],
) -> None:
    assert set(keys) <= set(vocabulary_words)


@pytest.mark.parametrize(
    ("key", "vocabulary_words", "vi", "en"),
    [
        ("industrial_park", words.KIND, "khu công nghiệp", "industrial park"),
        ("industrial_cluster", words.KIND, "cụm công nghiệp", "industrial cluster"),
        ("economic_zone", words.KIND, "khu kinh tế", "economic zone"),
        ("high_tech_park", words.KIND, "khu công nghệ cao", "high-tech park"),
        ("fill_rate_pct", words.METRIC, "tỷ lệ lấp đầy", "fill rate"),
        ("available_ha", words.METRIC, "quỹ đất công nghiệp chưa cho thuê", "available land"),
        ("cleared_ha", words.METRIC, "đất đã giải phóng mặt bằng", "cleared land"),
        ("operating", words.STATUS, "đang hoạt động", "operating"),
        ("under_construction", words.STATUS, "đang xây dựng hạ tầng", "under construction"),
        ("planned", words.STATUS, "có trong quy hoạch, chưa thành lập", "planned"),
        ("removed", words.STATUS, "đã rút khỏi quy hoạch", "removed from the plan"),
    ],
)
def test_words_are_the_official_ones(
    key: str,
    vocabulary_words: dict[str, str],
    vi: str,
    en: str,
) -> None:
    assert words.words("vi").of(vocabulary_words, key) == vi
    assert words.words("en").of(vocabulary_words, key) == en


def test_words_of_both_languages() -> None:
    vi, en = Words("vi"), Words("en")
    assert vi("Fill rate") == "Tỷ lệ lấp đầy"
    assert en("Fill rate") == "Fill rate"
    assert vi("no data") == "chưa có số liệu"
    assert vi("figures known: {known} of {all} areas", known=19, all=28) == (
        "có số liệu: 19/28 khu, cụm"
    )
    assert en.plural("{count} source", "{count} sources", 1) == "1 source"
    assert en.plural("{count} source", "{count} sources", 2) == "2 sources"
    assert vi.plural("{count} source", "{count} sources", 2) == "2 nguồn"


def test_an_empty_message_is_not_the_head_of_the_catalogue() -> None:
    assert Words("vi")("") == ""
    assert Words("vi").of(words.HOW, "observed") == ""


def test_unknown_keys_and_missing_texts_are_shown_as_they_are() -> None:
    vi = Words("vi")
    assert vi.of(words.KIND, "spaceport") == "spaceport"
    assert vi.of(words.KIND, None) == ""
    assert vi.pick("", "only English") == "only English"
    assert Words("en").pick("chỉ có tiếng Việt", "") == "chỉ có tiếng Việt"
    assert mark("x") == "x"
