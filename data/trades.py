"""Trades: the industry tags by names, synonyms and divisions of the Vietnamese classification.

"Sản xuất linh kiện điện tử", "electronics" and "26" find the same tag. What fits several is
answered with all of them, nearest first. `data/trades.yaml` is the one place of the names.
"""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from pydantic import ValidationError

from data import _yaml
from data._errors import DataError, Finding, UnknownNameError
from data._trade_models import TradesFile
from data.units.spelling import normalise, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from data._trade_models import Judged
    from data.vocabulary import IndustryTag

TRADES = Path(__file__).parent / "trades.yaml"

How = Literal["code", "exact", "within", "partly", "division", "alike"]

# Words that say only that something is made.
_LEAD = (
    "công ty|nhà máy|dự án|xưởng|cơ sở|sản xuất|chế tạo|ngành nghề|ngành|hàng|"
    "manufacture of|manufacturing of|manufacture|manufacturing|production of|production|"
    "making|factory|plant|industry|project|vsic|isic"
)
_CUTOFF = 0.8
_SHORTEST = 4  # letters from which spelling may differ


@dataclass(frozen=True)
class Trade:
    """A tag with its names.

    Attributes
    ----------
    vsic
        2-digit divisions of Quyết định 27/2018/QĐ-TTg that hold it, those first of which it is
        the nearest trade; empty for trades that cut across the classification.
    raw_material
        Whether it processes what a farm, forest or fishery area yields ("yes", "unclear",
        "no"); our judgement.
    production
        Whether its projects are of industrial production, as siting rules have it; our
        judgement.
    """

    tag: IndustryTag
    name_vi: str
    name_en: str
    synonyms_vi: tuple[str, ...]
    synonyms_en: tuple[str, ...]
    vsic: tuple[str, ...]
    raw_material: Judged
    production: Judged


@dataclass(frozen=True)
class TradeMatch:
    """A trade that fits a text, and how.

    `how`, best first: "code" (tag or VSIC code), "exact" (a name or synonym), "within" (a name
    or synonym stands in the text), "partly" (the text stands in one), "division" (in the name
    of a VSIC division), "alike" (spelt much like one). `by` is the name that fits.
    """

    trade: Trade
    how: How
    by: str


class _Entry(NamedTuple):
    tag: IndustryTag
    name: str
    toned: tuple[str, ...]
    plain: tuple[str, ...]


def _load(path: Path) -> TradesFile:
    raw, lines, findings = _yaml.read(path)
    parsed = None
    try:
        parsed = TradesFile.model_validate_json(json.dumps(raw), strict=True)
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            row = _yaml.place(problem["loc"], lines)
            field = next((str(part) for part in problem["loc"][::-1] if isinstance(part, str)), "")
            found = json.dumps(problem["input"], ensure_ascii=False, default=str)[:80]
            expected = problem["msg"].removeprefix("Value error, ")
            findings.append(Finding(path.name, row, field, found, expected))
    if findings or parsed is None:
        raise DataError(findings)
    return parsed


@cache
def _file() -> TradesFile:
    return _load(TRADES)


@cache
def trades() -> dict[IndustryTag, Trade]:
    """All trades by tag, in the order of :data:`data.vocabulary.INDUSTRY_TAGS`.

    Raises
    ------
    DataError
        `data/trades.yaml` can't be used; holds every finding.

    Examples
    --------
    >>> trades()["electronics"].vsic
    ('26', '27')
    """
    divisions = _file().divisions
    return {
        entry.tag: Trade(
            tag=entry.tag,
            name_vi=entry.name.vi,
            name_en=entry.name.en,
            synonyms_vi=entry.synonyms.vi,
            synonyms_en=entry.synonyms.en,
            vsic=tuple(
                division.code
                for division in sorted(
                    (one for one in divisions if entry.tag in one.tags),
                    key=lambda one: (one.tags.index(entry.tag), one.code),
                )
            ),
            raw_material=entry.raw_material,
            production=entry.production,
        )
        for entry in _file().trades
    }


def trade(tag: str) -> Trade:
    """Trade of a tag.

    Raises
    ------
    UnknownNameError
        There is no such tag.
    """
    for known, found in trades().items():
        if known == tag:
            return found
    msg = f"no trade {tag!r}; there are {', '.join(trades())}"
    raise UnknownNameError(msg)


def divisions() -> dict[str, tuple[str, str]]:
    """VSIC 2-digit code -> Vietnamese and English name of the division."""
    return {one.code: (one.name.vi, one.name.en) for one in _file().divisions}


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.replace("_", " ")))


def _bare(toned: tuple[str, ...]) -> tuple[str, ...]:
    """Words without those that only say that something is made."""
    text = re.sub(rf"\b(?:{_LEADS_PLAIN if _is_plain(toned) else _LEADS})\b", " ", " ".join(toned))
    return tuple(text.split())


def _is_plain(words: tuple[str, ...]) -> bool:
    return all(word.isascii() for word in words)


_LEADS = "|".join(normalise(lead) for lead in _LEAD.split("|"))
_LEADS_PLAIN = "|".join(plain(lead) for lead in _LEAD.split("|"))


def _entry(tag: IndustryTag, name: str) -> _Entry:
    words = _words(normalise(name))
    toned = _bare(words) or words
    return _Entry(tag, name, toned, tuple(plain(word) for word in toned))


@cache
def _entries() -> tuple[_Entry, ...]:
    return tuple(
        _entry(one.tag, name)
        for one in trades().values()
        for name in (
            one.name_vi,
            one.name_en,
            one.tag.replace("_", " "),
            *one.synonyms_vi,
            *one.synonyms_en,
        )
    )


@cache
def _division_entries() -> tuple[_Entry, ...]:
    return tuple(
        _entry(tag, name)
        for division in _file().divisions
        for name in (division.name.vi, division.name.en)
        for tag in division.tags
    )


def _holds(long: tuple[str, ...], short: tuple[str, ...]) -> bool:
    """Whether the words of `short` stand in `long`, in their order and together."""
    width = len(short)
    return any(long[at : at + width] == short for at in range(len(long) - width + 1))


def find_trade(text: str) -> tuple[TradeMatch, ...]:
    """Trades that a text may mean, nearest first.

    Parameters
    ----------
    text
        A tag, a name or synonym in Vietnamese or English, a phrase that holds one, or a VSIC
        code (the first two digits count). Case doesn't matter, nor do diacritics where the
        text has none; a text that has them must have the right ones, "giấy" isn't "giày".

    Returns
    -------
    tuple
        One trade where there is no doubt, several where there is, those spelt alike only where
        nothing else fits; empty where nothing does.

    Examples
    --------
    >>> [find_trade(text)[0].trade.tag for text in ("Sản xuất linh kiện điện tử", "26", "dien tu")]
    ['electronics', 'electronics', 'electronics']
    >>> [match.trade.tag for match in find_trade("linh kiện")]
    ['support_industry']
    >>> find_trade("phi hành")
    ()
    """
    code = _by_code(text)
    if code:
        return code
    toned = _bare(_words(normalise(text)))
    if not toned:
        return ()
    bare = tuple(plain(word) for word in toned)
    if found := _by_words(toned, toned=not _is_plain(toned)):
        return found
    if found := () if _is_plain(toned) else _by_words(bare, toned=False):
        return tuple(replace(match, how="alike") for match in found)
    return _alike(" ".join(bare))


def pick_trade(text: str) -> Trade:
    """Find the one trade that a text means; for a VSIC code the nearest one of its division.

    Raises
    ------
    UnknownNameError
        No trade fits, or several do; they are named.

    Examples
    --------
    >>> pick_trade("26").tag
    'electronics'
    """
    found = find_trade(text)
    if found and (len(found) == 1 or found[0].how == "code") and found[0].how != "alike":
        return found[0].trade
    candidates = ", ".join(match.trade.tag for match in found) or ", ".join(trades())
    if not found:
        msg = f"no trade {text!r}; there are {candidates}"
    elif found[0].how == "alike":
        msg = f"no trade {text!r}; spelt alike: {candidates}"
    else:
        msg = f"{text!r} may be several trades: {candidates}"
    raise UnknownNameError(msg)


def _by_code(text: str) -> tuple[TradeMatch, ...]:
    typed = text.strip().casefold()
    tag = re.sub(r"[\s-]+", "_", typed)
    for known, found in trades().items():
        if known == tag:
            return (TradeMatch(found, "code", known),)
    match = re.fullmatch(r"(?:(?:vsic|isic|mã|ma)\s*)?[a-z]?\s?(\d{2})\d{0,3}", typed)
    for division in _file().divisions if match else ():
        if match and division.code == match[1]:
            by = f"VSIC {division.code}"
            return tuple(TradeMatch(trades()[one], "code", by) for one in division.tags)
    return ()


def _by_words(words: tuple[str, ...], *, toned: bool) -> tuple[TradeMatch, ...]:
    """Match whole names, else names within the text, else the text within names."""
    entries = [(entry, entry.toned if toned else entry.plain) for entry in _entries()]
    exact = [(entry, 0) for entry, name in entries if name == words]
    if exact:
        return _ranked(exact, "exact")
    within = [(entry, name) for entry, name in entries if _holds(words, name)]
    if within:
        whole = _outermost({name for _, name in within})
        return _ranked([(entry, -len(name)) for entry, name in within if name in whole], "within")
    partly = [(entry, len(name)) for entry, name in entries if _holds(name, words)]
    if partly:
        return _ranked(partly, "partly")
    named = [(entry, entry.toned if toned else entry.plain) for entry in _division_entries()]
    return _ranked([(entry, 0) for entry, name in named if _holds(name, words)], "division")


def _outermost(names: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Names that are no part of a longer one."""
    return {
        name for name in names if not any(name != other and _holds(other, name) for other in names)
    }


def _ranked(found: Iterable[tuple[_Entry, int]], how: How) -> tuple[TradeMatch, ...]:
    """One match a trade, the best first, then in the order of the vocabulary."""
    best: dict[IndustryTag, tuple[int, str]] = {}
    for entry, rank in found:
        if entry.tag not in best or rank < best[entry.tag][0]:
            best[entry.tag] = (rank, entry.name)
    order = list(trades())
    ordered = sorted(best, key=lambda tag: (best[tag][0], order.index(tag)))
    return tuple(TradeMatch(trades()[tag], how, best[tag][1]) for tag in ordered)


def _alike(text: str) -> tuple[TradeMatch, ...]:
    if len(text) < _SHORTEST:
        return ()
    names: dict[str, list[_Entry]] = {}
    for entry in _entries():
        names.setdefault(" ".join(entry.plain), []).append(entry)
    close = difflib.get_close_matches(text, names, n=5, cutoff=_CUTOFF)
    return _ranked(
        [(entry, rank) for rank, name in enumerate(close) for entry in names[name]], "alike"
    )
