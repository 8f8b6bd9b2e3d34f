"""Whether what a page in Vietnamese says of an error is Vietnamese."""

from __future__ import annotations

import html
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import pytest

from data._errors import DataError
from layers.errors import findings_html
from layers.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from data._errors import Finding

Refusal = TypeVar("Refusal", bound=DataError)

# Words that hardly a sentence in English does without, and no Vietnamese one has.
_ENGLISH = re.compile(
    r"\b(the|an|of|or|and|is|are|isn't|was|were|that|which|with|without|from|than|more|most|"
    r"least|at|once|not|nothing|none|should|input|found|expected|field|row|rows|column|file|"
    r"text|value|values|edit|valid|number|other|another|each|every|only|can't)\b",
)
# What stands in marks is quoted; codes, names of files and addresses are no sentences.
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”|`[^`]*`|\[[^]]*\]|\S*[/_.=:@<>-]\S*")


def english(text: str) -> list[str]:
    """Words of English in a text, but for what it quotes.

    Examples
    --------
    >>> english("không quá 5 dòng: at most 5 rows"), english("tệp 'the file.csv' rỗng")
    (['at', 'most', 'rows'], [])
    """
    return [str(word) for word in _ENGLISH.findall(_QUOTED.sub(" ", text))]


def assert_vietnamese(findings: Iterable[Finding]) -> None:
    """Findings leave no English on a page in Vietnamese."""
    findings = tuple(findings)
    page = findings_html("", findings, words("vi"))
    assert 'lang="en"' not in page, [str(one) for one in findings]
    for row in page.split("<tr>")[2:]:
        _, _, *cells = (html.unescape(re.sub(r"<[^>]*>", "", cell)) for cell in row.split("<td"))
        told = " | ".join(cell.partition(">")[2] for cell in cells)
        assert not english(told), told


@contextmanager
def refused(
    kind: type[Refusal],
    match: str | None = None,
) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """As `pytest.raises`, of what a page can show: it is told in Vietnamese too."""
    with pytest.raises(kind, match=match) as error:
        yield error
    assert_vietnamese(error.value.findings)
