"""The official Vietnamese words, everywhere the same: what is said instead of them is found."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.messages.pofile import read_po

from data import _metric_words
from data.quality import _texts

ROOT = Path(__file__).resolve().parents[2]
# Each with the word to use (Nghị định 35/2022/NĐ-CP and 32/2024/NĐ-CP).
INSTEAD = {
    r"(?<!có thể )cho thuê được": "đất công nghiệp có thể cho thuê",
    r"đất (?:công nghiệp )?còn (?:trống|cho thuê)": "quỹ đất công nghiệp chưa cho thuê",
    r"căn cứ tính|cơ sở tính": "cách tính",
    r"trạng thái": "tình trạng",
    r"đất sắp có": "quỹ đất dự kiến phát triển",
    r"số liệu đến ngày": "số liệu tính đến",
    r"(?<!công nghiệp )đã xây dựng hạ tầng kỹ": "đất công nghiệp đã xây dựng hạ tầng kỹ thuật",
    r"đất đã giải tỏa|đất sạch": "đất đã giải phóng mặt bằng",
    r"tỉ lệ|tỷ lệ cho thuê|độ lấp đầy": "tỷ lệ lấp đầy",
    r"(?<!tỷ lệ )lấp đầy": "tỷ lệ lấp đầy",
}
# What people write over columns is read in any words.
OWN_WORDS = {"headers.yaml", "trades.yaml"}


def _strings(content: Any) -> Iterator[str]:  # noqa: ANN401
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from _strings(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from _strings(value)


def texts() -> Iterator[tuple[str, str]]:
    """What the application says, each text with the file that has it."""
    for place, content in _contents():
        for text in _strings(content):
            yield place, text


def _contents() -> Iterator[tuple[str, Any]]:
    for path in sorted((ROOT / "locale").rglob("*.po")):
        with path.open("rb") as file:
            yield path.name, [message.string for message in read_po(file, locale="vi")]
    for path in sorted((ROOT / "data").rglob("*.yaml")):
        if path.name not in OWN_WORDS and path.parent.name != "resolutions":
            yield path.name, yaml.safe_load(path.read_text(encoding="utf-8"))
    for module in (_texts, _metric_words):
        yield module.__name__, {name: vars(module)[name] for name in dir(module) if name.isupper()}


@pytest.mark.parametrize("variant", INSTEAD)
def test_no_word_stands_in_for_an_official_one(variant: str) -> None:
    found = [
        (place, text)
        for place, text in texts()
        if re.search(variant, " ".join(text.casefold().split()))
    ]
    assert found == [], INSTEAD[variant]


def test_the_variants_are_ones() -> None:
    for variant, word in INSTEAD.items():
        assert not re.search(variant, word)
    assert len({place for place, _ in texts()}) > 5
