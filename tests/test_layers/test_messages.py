"""What `data` and `geo` say has its Vietnamese, and nothing is said past the catalogue."""

from __future__ import annotations

import ast
import re
import string
import unicodedata
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from data import vocabulary
from data._message import Message, joined
from data._translation import CATALOGUE, said

ROOT = Path(__file__).resolve().parents[2]
FILES = [path for folder in ("data", "geo", "layers") for path in (ROOT / folder).rglob("*.py")]
KEY, LIBRARY = "key of the data", "said by a library"
# What is found and what is expected, by the place of the argument.
PLACES = {
    "Finding": (3, 4),
    "WorkspaceError": (2, 3),
    "SiteError": (),
    "refuse": (1, 2),
    "_refuse": (1, 2),
    "broken": (1, 2),
    "_finding": (2, 3),
}
# Nobody gets these from a page: commands, and files that come with the application.
ELSEWHERE = re.compile(
    r"data/(_yaml|_trade_models|_criteria_models|criteria|facts|plot_files|resolutions|trades|_plot_filter"
    r"|boundaries/(download|local_copy|surroundings|official)|importing/mappings).py"
    r"|geo/(commands/.*|chunk_sums|comparison|plot_account|plot_server).py",
)


def templates() -> dict[str, str]:
    """Templates in the code, each with a file that has it."""
    found = {}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message":
                (text, *_) = node.args
                if isinstance(text, ast.Constant):
                    found[str(text.value)] = path.relative_to(ROOT).as_posix()
    return found


def fields(text: str) -> set[tuple[str, str, str]]:
    parts = string.Formatter().parse(text)
    return {(name, form or "", turn or "") for _, name, form, turn in parts if name is not None}


def letters(text: str) -> bool:
    return any(map(str.isalpha, "".join(part for part, *_ in string.Formatter().parse(text))))


@pytest.fixture(scope="module")
def catalogue() -> dict[str, tuple[str, str]]:
    with CATALOGUE.open("rb") as file:
        texts = read_po(file, locale="vi", abort_invalid=True)
    return {
        str(text.id): (str(text.string), " ".join(text.auto_comments)) for text in texts if text.id
    }


def test_every_message_has_its_vietnamese(catalogue: dict[str, tuple[str, str]]) -> None:
    missing = {text: path for text, path in templates().items() if letters(text)}
    assert not {text: path for text, path in missing.items() if text not in catalogue}


def test_no_translation_is_left_over(catalogue: dict[str, tuple[str, str]]) -> None:
    keys = {*vocabulary.METRICS, "scenario", "mapping"}
    known = {**templates(), **dict.fromkeys(keys, "")}
    assert not [
        text for text, (_, why) in catalogue.items() if text not in known and why != LIBRARY
    ]
    assert not [text for text, (_, why) in catalogue.items() if why == KEY and text not in keys]


def test_translations_take_the_same_values(catalogue: dict[str, tuple[str, str]]) -> None:
    for english, (vietnamese, why) in catalogue.items():
        assert vietnamese, english
        assert why == LIBRARY or fields(english) == fields(vietnamese), english
        assert unicodedata.is_normalized("NFC", vietnamese), vietnamese


def sentences(node: ast.expr) -> list[str]:
    """Texts with a word that an expression may give, as they stand in the code."""
    match node:
        case ast.Constant(value=str() as text):
            return [text] if re.search(r"[a-z]{2,} |^[a-z]+$", text) else []
        case ast.JoinedStr(values=parts):
            return [text for part in parts for text in sentences(part)]
        case ast.IfExp(body=one, orelse=other):
            return sentences(one) + sentences(other)
        case ast.BoolOp(values=parts):
            return [text for part in parts for text in sentences(part)]
        case ast.BinOp(left=one, right=other):
            return sentences(one) + sentences(other)
    return []


def test_nothing_is_said_past_the_catalogue() -> None:
    past = []
    for path in FILES:
        place = path.relative_to(ROOT).as_posix()
        if ELSEWHERE.fullmatch(place):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            given: list[ast.expr] = []
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
                given = [node.args[at] for at in PLACES.get(name, ()) if at < len(node.args)]
                if name in PLACES:
                    given += [k.value for k in node.keywords if k.arg in ("found", "expected")]
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                given = [node.value] if node.targets[0].id in ("found", "expected") else []
            past += [(place, one.lineno, text) for one in given for text in sentences(one)]
    assert not past


def test_numbers_dates_and_parts_are_vietnamese() -> None:
    told = Message(
        "leased land of at most the leasable; {other} is {value:g}",
        other=Message("leased_ha"),
        value=12.5,
    )
    assert said(told, "vi") == (
        "đất đã cho thuê không quá đất có thể cho thuê; đất đã cho thuê là 12,5 ha"
    )
    assert said(told, "en") == told
    assert said(Message("none after {today}", today="2026-11-21"), "vi").endswith("21/11/2026")
    points = joined(", ", [Message("points"), "x"])
    assert said(points, "vi") == "điểm, x"
    assert said("points", "vi") == "points"


@pytest.mark.parametrize("template", ["{x.y}", "{x[0]}", "{x:>9999999}", "{}", "{x:{y}}"])
def test_a_template_reaches_into_nothing(template: str) -> None:
    with pytest.raises(ValueError, match="in a message"):
        Message(template, x="", y="")
