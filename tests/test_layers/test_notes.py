"""Notes of our own are known again and said in Vietnamese; those of the tables stay."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from data.facts import load_facts
from layers.notes import own_note
from layers.words import words
from tests.vietnamese import english

ROOT = Path(__file__).resolve().parents[2]
WRITERS = ("geo/_scenario_draft.py", "geo/_plot_observations.py", "data/workspace/correction.py")
NAMES = ("note", "date_note", "publisher")


def filled(node: ast.expr) -> list[str]:
    """What an expression in the code may write, with 7 for each value."""
    match node:
        case ast.Constant(value=str() as text):
            return [text] if text else []
        case ast.JoinedStr(values=parts):
            return [
                "".join(
                    str(part.value) if isinstance(part, ast.Constant) else value(part)
                    for part in parts
                )
            ]
        case ast.BoolOp(values=values):
            return [text for value in values for text in filled(value)]
        case ast.IfExp(body=one, orelse=other):
            return filled(one) + filled(other)
    return []


def value(part: ast.expr) -> str:
    """Write what stands for a value: a note for one that begins another."""
    inner = part.value if isinstance(part, ast.FormattedValue) else part
    return "set" if isinstance(inner, ast.Name) and inner.id == "note" else "7"


def written(path: Path) -> list[str]:
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in NAMES:
                found += filled(value)
            case ast.keyword(arg=str() as name, value=value) if name in NAMES:
                found += filled(value)
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and key.value in NAMES:
                        found += filled(value)
            case ast.FunctionDef(name="_words"):
                yields = [part for part in ast.walk(node) if isinstance(part, ast.Yield)]
                found += [text for one in yields if one.value for text in filled(one.value)]
    return found


@pytest.mark.parametrize("file", WRITERS)
def test_every_note_of_ours_has_its_vietnamese(file: str) -> None:
    notes = written(ROOT / file)
    assert notes
    for note in notes:
        said = own_note(note, words("vi"))
        assert said, note
        assert not english(said), said
        assert own_note(note, words("en")) == note


def test_notes_of_the_tables_stay_as_they_are() -> None:
    facts = load_facts()
    notes = {*facts.areas["note"], *facts.observations["note"], *facts.sources["date_note"]}
    said = {note: own_note(note, words("vi")) for note in notes if re.search("[a-z]{3}", note)}
    assert len(said) > 100
    assert not {note: own for note, own in said.items() if own}


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("262.07 / 286.63 ha", "262,07 / 286,63 ha"),
        ("21.5 % x 380 ha", "21,5 % × 380 ha"),  # noqa: RUF001
        ("entered by hand on 2026-11-21", "nhập tay ngày 21/11/2026"),
        ("scenario: set: 50 % of 286.63 ha", "kịch bản: đặt giả định: 50 % của 286,63 ha"),
        (
            "scenario: added, not a fact; đề xuất của huyện",
            "kịch bản: khu, cụm thêm vào, không phải số liệu thực; đề xuất của huyện",
        ),
        (
            "sum of 3 leases in force; 1 of them without an area",
            "tổng của 3 hợp đồng thuê còn hiệu lực; 1 hợp đồng chưa ghi diện tích",
        ),
    ],
)
def test_notes_are_said(note: str, said: str) -> None:
    assert own_note(note, words("vi")) == said
