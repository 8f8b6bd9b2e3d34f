"""What the documents say where a place lies, as cells of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo._comparison_rows import Bilingual, Cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from data.resolutions import Citation, Industry, Resolution, SitingRule, Text, Zone

_HELD_BACK = ("conditional", "restricted")
_SUBJECT = "industrial_project"


def both(text: Text) -> Bilingual:
    """Give a text of a resolution as a pair."""
    return Bilingual(text.vi, text.en)


def cited(resolution: Resolution, citations: Iterable[Citation]) -> tuple[Bilingual, ...]:
    """Write citations out, each once."""
    return tuple(dict.fromkeys(both(resolution.cite(citation)) for citation in citations))


def trades_cell(resolution: Resolution, industries: Sequence[Industry], *, wanted: bool) -> Cell:
    """Give the tags of the trades that a document wants, or holds back."""
    found = [one for one in industries if (one.stance not in _HELD_BACK) == wanted]
    if not found:
        return Cell(reason="not_stated")
    return Cell(
        tuple(sorted({one.tag for one in found})),
        citations=cited(resolution, (citation for one in found for citation in one.citations)),
    )


def zone_policy(resolution: Resolution, zones: Sequence[Zone]) -> dict[str, Cell]:
    """Purpose and trades of zones, the siting rules and trades of their province.

    Parameters
    ----------
    zones
        The base zones of an area, or one zone.
    """
    purposes = [zone.purpose for zone in zones if zone.purpose is not None]
    purpose = Cell(
        tuple(both(one.text) for one in purposes),
        citations=cited(resolution, (item for one in purposes for item in one.citations)),
        reason="" if purposes else "not_stated",
    )
    trades = [one for zone in zones for one in zone.industries]
    rules = [rule for rule in resolution.siting_rules if rule.applies_to == _SUBJECT]
    return {
        "purpose": purpose,
        "encouraged": trades_cell(resolution, trades, wanted=True),
        "held_back": trades_cell(resolution, trades, wanted=False),
        "encouraged_province": trades_cell(resolution, resolution.industries, wanted=True),
        "held_back_province": trades_cell(resolution, resolution.industries, wanted=False),
        "siting_rules": Cell(
            tuple(_rule(rule) for rule in rules),
            citations=cited(resolution, (item for rule in rules for item in rule.citations)),
            reason="" if rules else "not_stated",
        ),
    }


def _rule(rule: SitingRule) -> Bilingual:
    """Write a rule with its exception."""
    if rule.exception is None:
        return both(rule.text)
    return Bilingual(
        f"{rule.text.vi} Ngoại lệ: {rule.exception.vi}",
        f"{rule.text.en} Exception: {rule.exception.en}",
    )
