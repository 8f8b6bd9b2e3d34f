"""What the documents of a province say of a trade at a place: sentences, and what follows.

The place is given: one base zone, and the areas that it is inside of. Sentences are codes with
parameters and the citation; `layers/sites/text.py` has the words.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from data.resolutions import Citation, Industry, Resolution, SitingRule, Text, Zone
    from data.trades import Trade

Verdict = Literal["fits", "conditional", "does_not_fit", "cannot_tell"]
# From the hardest: a site whose parts differ gets the first of theirs.
VERDICTS: tuple[Verdict, ...] = ("does_not_fit", "cannot_tell", "conditional", "fits")

Effect = Literal["supports", "against", "condition", "unknown", "note"]

# Statuses of areas that the rules on areas hold for.
ACTIVE = ("operating", "under_construction", "established")
# Stances that hold a trade back.
_HELD_BACK = ("conditional", "restricted")
_RULE_MET: tuple[str, Effect] = ("rule_met", "supports")
_RULE_MET_IF_FOUNDED: tuple[str, Effect] = ("rule_met_if_founded", "condition")
# Rules that bind a project wherever it is; shown, not judged.
_EVERYWHERE = ("polluting_industry", "licensing")


@dataclass(frozen=True)
class Sentence:
    """One statement of a siting check.

    Attributes
    ----------
    code, params
        What is said; texts of the data come as `text_vi` and `text_en`.
    effect
        What it does to the verdict.
    citation_vi, citation_en
        Document and place, "" for what is no document's.
    """

    code: str
    effect: Effect
    params: dict[str, Any] = field(default_factory=dict)
    citation_vi: str = ""
    citation_en: str = ""


class Inside(NamedTuple):
    """An area that a place is inside of."""

    area_id: str
    kind: str
    status: str | None
    name_vi: str
    name_en: str


class Judgement(NamedTuple):
    """Verdict for one place, and the sentences it follows from."""

    verdict: Verdict
    sentences: tuple[Sentence, ...]


def hardest(verdicts: Iterable[Verdict]) -> Verdict:
    """First of the verdicts in the order of :data:`VERDICTS`.

    Examples
    --------
    >>> hardest(["fits", "cannot_tell"])
    'cannot_tell'
    """
    return min(verdicts, key=VERDICTS.index)


def say(
    resolution: Resolution,
    code: str,
    effect: Effect,
    citations: Sequence[Citation] = (),
    *,
    text: Text | None = None,
    **params: Any,  # noqa: ANN401
) -> Sentence:
    """Make a sentence, with its citations written out."""
    cited = [resolution.cite(citation) for citation in citations]
    if text is not None:
        params |= {"text_vi": text.vi, "text_en": text.en}
    return Sentence(
        code=code,
        effect=effect,
        params=params,
        citation_vi="; ".join(one.vi for one in cited),
        citation_en="; ".join(one.en for one in cited),
    )


def judge(
    resolution: Resolution,
    zone: Zone,
    inside: Sequence[Inside],
    trade: Trade | None,
    *,
    raw_material_area: bool,
) -> Judgement:
    """Judge a trade at a place.

    Parameters
    ----------
    resolution
        Documents of the province.
    zone
        The base zone.
    inside
        Areas that the place is inside of, whatever their status; removed ones left out.
    trade
        None where the trade isn't known.
    raw_material_area
        Whether the project is tied to a concentrated raw-material area, as the user says.
    """
    active = [area for area in inside if area.status in ACTIVE]
    sentences = [*_areas(resolution, zone, inside)]
    rules = list(_rules(resolution, inside, trade, raw_material_area=raw_material_area))
    policy = list(_policy(resolution, zone, active, trade))
    sentences += [*rules, *policy, *_general(resolution, active, trade)]
    effects = {sentence.effect for sentence in sentences}
    spoken_of = any(sentence.effect in {"supports", "condition"} for sentence in policy)
    verdict: Verdict
    if "against" in effects:
        verdict = "does_not_fit"
    elif "unknown" in effects or not (active or spoken_of):
        # Outside all areas documents that are silent on a trade allow no conclusion.
        verdict = "cannot_tell"
    elif "condition" in effects:
        verdict = "conditional"
    else:
        verdict = "fits"
    return Judgement(verdict, tuple(sentences))


def _named(area: Inside) -> dict[str, Any]:
    return {
        "area_id": area.area_id,
        "name_vi": area.name_vi,
        "name_en": area.name_en,
        "kind": area.kind,
        "status": area.status,
    }


def _areas(resolution: Resolution, zone: Zone, inside: Sequence[Inside]) -> Iterable[Sentence]:
    """State of the areas that the place is in."""
    for area in inside:
        named = _named(area)
        if area.status == "established":
            yield say(resolution, "area_not_built", "condition", **named)
        elif area.status == "under_construction":
            yield say(resolution, "area_under_construction", "note", **named)
        elif area.status == "planned":
            yield say(resolution, "area_planned", "note", **named)
        elif area.status is None:
            yield say(resolution, "area_status_unknown", "condition", **named)
        if zone.foresees is not None and area.kind not in zone.foresees and zone.purpose:
            cited = zone.purpose.citations
            yield say(resolution, "kind_not_foreseen", "note", cited, zone_key=zone.key, **named)
    kinds = {area.kind for area in inside if area.status in ACTIVE}
    if kinds == {"economic_zone"}:
        yield say(resolution, "economic_zone_plan", "note")
    if not kinds:
        if zone.foresees == () and zone.purpose:
            cited = zone.purpose.citations
            yield say(resolution, "zone_foresees_none", "note", cited, zone_key=zone.key)
        yield say(resolution, "land_use_not_checked", "note")


def _rules(
    resolution: Resolution,
    inside: Sequence[Inside],
    trade: Trade | None,
    *,
    raw_material_area: bool,
) -> Iterable[Sentence]:
    """Rules on where a project of industrial production may be."""
    rules = [rule for rule in resolution.siting_rules if rule.applies_to == "industrial_project"]
    if not rules:
        active = any(area.status in ACTIVE for area in inside)
        cited = resolution.documents[0].label
        yield Sentence(
            "no_siting_rule",
            "note" if active else "condition",
            {"province_vi": resolution.name.vi, "province_en": resolution.name.en},
            cited.vi,
            cited.en,
        )
    for rule in rules:
        yield _apply(resolution, rule, inside, trade, raw_material_area=raw_material_area)


def _apply(
    resolution: Resolution,
    rule: SitingRule,
    inside: Sequence[Inside],
    trade: Trade | None,
    *,
    raw_material_area: bool,
) -> Sentence:
    allowed = [area for area in inside if area.kind in rule.allowed_in]
    params: dict[str, Any] = {"rule": rule.key, "strength": rule.strength}
    if rule.exception is not None:
        params |= {"exception_vi": rule.exception.vi, "exception_en": rule.exception.en}
    if rule.remark is not None:
        params |= {"remark_vi": rule.remark.vi, "remark_en": rule.remark.en}

    if any(area.status in ACTIVE for area in allowed):
        code, effect = _RULE_MET
    elif any(area.status is None for area in allowed):
        code, effect = _RULE_MET_IF_FOUNDED
    else:
        code, effect = _outside(rule, trade, raw_material_area=raw_material_area)
    return say(resolution, code, effect, rule.citations, text=rule.text, **params)


def _outside(
    rule: SitingRule, trade: Trade | None, *, raw_material_area: bool
) -> tuple[str, Effect]:
    """Apply a rule to a place outside all areas in which it would allow the project."""
    production = trade.production if trade else "yes"
    if production == "no":
        return "rule_not_for_trade", "note"
    if rule.strength != "forbid":
        return "rule_limits", "condition"
    raw = trade.raw_material if trade else "unclear"
    if raw_material_area and rule.exception is not None and raw != "no":
        if raw == "yes":
            return "rule_exception", "condition"
        return "rule_exception_unclear", "unknown"
    if production == "unclear":
        return "rule_unclear_for_trade", "unknown"
    return "rule_forbids", "against"


def _match(industries: Sequence[Industry], tag: str) -> Industry | None:
    return next((industry for industry in industries if industry.tag == tag), None)


def _policy(
    resolution: Resolution,
    zone: Zone,
    active: Sequence[Inside],
    trade: Trade | None,
) -> Iterable[Sentence]:
    """Stance towards the trade: of the area by name, of the zone, of the province."""
    if trade is None:
        yield say(resolution, "trade_not_given", "condition" if active else "note")
        return
    tag = trade.tag
    wanted = {named.area_id: _match(named.industries, tag) for named in resolution.named_areas}
    for area in active:
        if match := wanted.get(area.area_id):
            yield _stance(resolution, "trade_in_area", match, **_named(area))
    here, wide = _match(zone.industries, tag), _match(resolution.industries, tag)
    if here is not None:
        yield _stance(resolution, "trade_in_zone", here, zone_key=zone.key)
    if wide is not None:
        sentence = _stance(resolution, "trade_in_province", wide)
        # What a zone says goes before what the province says.
        yield sentence if here is None else replace(sentence, effect="note")
    elsewhere = [
        other
        for other in resolution.zones
        if other.group == "base_partition" and _match(other.industries, tag)
    ]
    if here is None and elsewhere and zone.industries:
        # The documents place this trade, and not here.
        cited = [citation for other in elsewhere for citation in other.citations]
        keys = [other.key for other in elsewhere]
        yield say(resolution, "trade_elsewhere", "condition", cited, tag=tag, zone_keys=keys)
    elif here is None and wide is None:
        yield say(resolution, "trade_not_named", "condition" if active else "note", tag=tag)


def _stance(
    resolution: Resolution,
    code: str,
    industry: Industry,
    **params: Any,  # noqa: ANN401
) -> Sentence:
    effect: Effect = "condition" if industry.stance in _HELD_BACK else "supports"
    params |= {"tag": industry.tag, "stance": industry.stance}
    return say(resolution, code, effect, industry.citations, text=industry.text, **params)


def _general(
    resolution: Resolution,
    active: Sequence[Inside],
    trade: Trade | None,
) -> Iterable[Sentence]:
    """Rules that hold wherever a project is."""
    subjects = set(_EVERYWHERE)
    if any(area.kind != "economic_zone" for area in active):
        subjects.add("park_or_cluster")
    if trade is not None and trade.tag == "mineral_processing":
        subjects.add("mining")
    for rule in resolution.siting_rules:
        if rule.applies_to in subjects:
            yield say(
                resolution,
                "general_rule",
                "note",
                rule.citations,
                text=rule.text,
                rule=rule.key,
                strength=rule.strength,
            )
