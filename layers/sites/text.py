"""Siting checks in words: each sentence, what would change the verdict, and errors of a site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich.table import Table

from data.resolutions import load_resolution
from data.trades import trades
from geo.siting import siting_record
from layers.numbers import day, from_iso, number, rate
from layers.text_table import as_text
from layers.words import KIND, STANCE, STATUS, mark, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data._message import Lang
    from geo.siting import Sentence, SiteError, SitingResult
    from layers.words import Words

SITING_VERDICT: Final = {
    "fits": mark("fits"),
    "conditional": mark("fits on a condition"),
    "does_not_fit": mark("doesn't fit"),
    "cannot_tell": mark("can't tell"),
}

# A share of a site that is rounding, not land.
SLIVER: Final = 1e-6
SENTENCE: Final = {
    # Where the site lies.
    "in_zone": mark("The site lies in the zone: {zone}."),
    "in_zone_part": mark("{share} of the site lies in the zone: {zone}."),
    "in_zone_maybe": mark("Its line is so near that the site may lie in the zone: {zone}."),
    "zone_by_judgement": mark("That {unit} belongs to this zone is a judgement. {text}"),
    "zone_purpose": mark("What the zone is for: {text}"),
    "in_overlay": mark("It also lies in: {zone}."),
    "near_overlay": mark("It lies on or near the line of: {zone}."),
    "inside_area": mark("It lies inside {name}."),
    "nearest_area": mark(
        "Outside. Nearest {kind}: {name}, {distance} km in a straight line (±{tolerance} km).",
    ),
    "partly_inside": mark("{share} of the site lies inside {name}."),
    "maybe_inside": mark(
        "It may lie inside {name}, whose outline isn't in the data: {distance} km from where it is "
        "drawn, which is sure to ±{tolerance} km only.",
    ),
    "maybe_inside_zone": mark(
        "It lies in or beside a commune that {name} takes land of; the outline of the economic "
        "zone isn't in the data.",
    ),
    "on_outline": mark("It lies on the outline of {name}, {distance} km off it."),
    "near_zone_line": mark(
        "It is {distance} km from the line between zones ({zones}); where that line runs is sure "
        "to ±{tolerance} km only.",
    ),
    "approximate_lines": mark(
        "The boundaries are approximate: 95 % of the lines between zones run within {tolerance} km "
        "of where they are drawn; the nearest is {distance} km away.",
    ),
    "near_border": mark(
        "It is {distance} km from the border of the province; where that border runs is sure to "
        "±{tolerance} km only.",
    ),
    "near_coast": mark("It lies at the coast: whether it is land isn't sure from the data."),
    "partly_outside_province": mark("{share} of the site lies outside the province."),
    "at_sea": mark(
        "The site lies at sea, {distance} km from the land of {province}: no land to build on.",
    ),
    "in_neighbour": mark(
        "The site lies in {country}, {distance} km from {province}: not in Viet Nam.",
    ),
    "in_other_province": mark(
        "The site lies outside {province}, {distance} km away, by its nearest commune in {other}: "
        "other documents hold there.",
    ),
    "area_unplaced": mark("In which zone this area lies isn't known."),
    "zones_assumed": mark(
        "The area names communes of several zones; how its land is divided among them isn't known.",
    ),
    # The areas that it is inside of.
    "area_not_built": mark("{name} is established and not yet built."),
    "area_under_construction": mark("The infrastructure of {name} is under construction."),
    "area_planned": mark("{name} is only planned: until it is established the land is outside."),
    "area_status_unknown": mark("The status of {name} on this date isn't known."),
    "kind_not_foreseen": mark("The zone's orientation doesn't name this kind: {kind}."),
    "economic_zone_plan": mark(
        "Which land of the economic zone is for industry is settled by its general plan, which "
        "isn't in the data.",
    ),
    "zone_foresees_none": mark("No industrial park or cluster is foreseen in this zone."),
    "land_use_not_checked": mark(
        "Not checked: land-use plan, rice land and forest; only the documents named here.",
    ),
    # Rules.
    "no_siting_rule": mark(
        "The document of {province} has no rule on industry outside zones, parks and clusters.",
    ),
    "rule_met": mark("Rule: {text} It is met inside the area."),
    "rule_met_if_founded": mark("Rule: {text} It is met if the area is established."),
    "rule_not_for_trade": mark(
        "Rule: {text} It speaks of industrial production, which this trade isn't (our reading).",
    ),
    "rule_limits": mark("Rule: {text} It limits the project and doesn't forbid it."),
    "rule_exception": mark(
        "Rule: {text} Exception: {exception} It may hold here: a concentrated raw-material area "
        "is to be shown, and the authority decides.",
    ),
    "rule_exception_unclear": mark(
        "Rule: {text} Exception: {exception} Whether this trade is meant isn't clear.",
    ),
    "rule_unclear_for_trade": mark(
        "Rule: {text} Whether this trade is industrial production in its sense isn't clear.",
    ),
    "rule_forbids": mark("Rule: {text} The site is outside them."),
    "rule_if_outside": mark("Rule: {text} It applies if the site is outside them."),
    "rule_excepts": mark("Exception: {exception}"),
    "general_rule": mark("Holds everywhere: {text}"),
    # The trade.
    "trade_not_given": mark("No trade was given: the verdict also depends on it."),
    "trade_in_area": mark("{trade}: {stance} in {name} ({text})."),
    "trade_in_zone": mark("{trade}: {stance} in this zone ({text})."),
    "trade_in_province": mark("{trade}: {stance} in the province ({text})."),
    "trade_elsewhere": mark(
        "{trade}: allowed, but the orientation names it for other zones ({zones}), not for this "
        "one.",
    ),
    "trade_not_named": mark(
        "{trade}: allowed; the documents name it neither for this zone nor for the province.",
    ),
}

CHANGE: Final = {
    "in_zone_for_sure": mark("If it is shown to lie in the zone {zone}"),
    "inside_area": mark("If it lies inside {name}"),
    "outside_all_areas": mark("If it lies outside all of them"),
    "official_boundaries": mark("Use official boundaries and the surveyed outline of the area"),
    "raw_material_area": mark("If the project is tied to a concentrated raw-material area"),
    "move_into_area": mark("If it moves into {name}, {distance} km away"),
    "area_founded": mark("If {name} is established"),
    "keep_inside_area": mark("If it keeps to the part inside {name}"),
    "keep_inside_province": mark("If it keeps to the part inside the province"),
    "check_other_province": mark("Check it with the documents of {other}"),
}

SITE_ERROR: Final = {
    "swapped": mark("Longitude and latitude seem to be swapped: found {found}."),
    "projected": mark(
        "These look like metres of a projected system ({found}), not degrees of WGS 84.",
    ),
    "not_finite": mark("The coordinates aren't numbers: {found}."),
    "out_of_range": mark("The place is not in or near Viet Nam: {found}."),
    "empty": mark("The geometry is empty or has no area."),
    "crossing": mark("The outline crosses or touches itself: {found}."),
    "geometry_type": mark("A point or a polygon is needed, found {found}."),
    "not_geojson": mark("This is no GeoJSON of one point or polygon: {found}."),
    "unknown_area": mark("There is no area {found} in this province."),
    "too_large": mark(
        "The polygon reaches farther than the province: found {found}, expected {expected}."
    ),
    "too_thin": mark(
        "The polygon is thinner than its corners are exact: found {found}, expected {expected}."
    ),
}


def _zone_name(key: str, province: str, w: Words) -> str:
    name = load_resolution(province).zone(key).name
    return w.pick(name.vi, name.en)


def _numbers(params: Mapping[str, Any], w: Words) -> dict[str, str]:
    fields = {}
    if params.get("share") is not None:
        fields["share"] = rate(100 * params["share"], w.lang)
    for name in ("distance", "tolerance"):
        for unit, per_km in (("m", 1000.0), ("km", 1.0)):
            value = params.get(f"{name}_{unit}")
            if value is not None:
                fields[name] = number(value / per_km, w.lang, decimals=1, trim=True)
    return fields


def _fields(params: Mapping[str, Any], province: str, w: Words) -> dict[str, str]:
    """Write the parameters of a sentence in a language."""
    fields = {name: str(params[name]) for name in ("unit", "other") if name in params}
    fields |= _numbers(params, w)
    for key, value in params.items():
        if key.endswith("_vi") and isinstance(value, str):
            name = key.removesuffix("_vi")
            fields[name] = w.pick(value, params[f"{name}_en"] or "")
    if "zone_keys" in params:
        fields["zones"] = "; ".join(_zone_name(key, province, w) for key in params["zone_keys"])
    if "zone_key" in params:
        fields["zone"] = _zone_name(params["zone_key"], province, w)
    if "tag" in params:
        trade = trades()[params["tag"]]
        written = w.pick(trade.name_vi, trade.name_en)
        fields["trade"] = written[:1].upper() + written[1:]
    for name, vocabulary in (("kind", KIND), ("stance", STANCE)):
        if name in params:
            fields[name] = w.of(vocabulary, params[name])
    return fields


def sentence_text(sentence: Sentence, province: str, *, lang: Lang) -> str:
    """Write a sentence of a siting check, without its citation.

    Parameters
    ----------
    province
        Key of the province whose documents speak.
    """
    w, params, code = words(lang), sentence.params, sentence.code
    if code == "in_zone" and params["share"] < 1 - SLIVER:
        code = "in_zone_part" if params["share"] > SLIVER else "in_zone_maybe"
    if code == "maybe_inside" and params["kind"] == "economic_zone":
        code = "maybe_inside_zone"
    if code == "rule_forbids" and sentence.effect == "unknown":
        code = "rule_if_outside"
    fields = {"exception": "", "text": ""} | _fields(params, province, w)
    text = w(SENTENCE[code], **fields).replace(" ()", "")
    if code in {"rule_forbids", "rule_if_outside"} and fields["exception"]:
        text = f"{text} {w(SENTENCE['rule_excepts'], **fields)}"
    return text


def change_text(change: Mapping[str, Any], province: str, *, lang: Lang) -> str:
    """Write what would change a verdict, and the verdict that would follow."""
    w = words(lang)
    fields = _fields(change["params"], province, w)
    if change["code"] == "check_other_province":
        name = load_resolution(change["params"]["province"]).name
        fields["other"] = w.pick(name.vi, name.en)
    text = w(CHANGE[change["code"]], **fields) if fields else w(CHANGE[change["code"]])
    return f"{text}: {w(SITING_VERDICT[change['verdict']])}" if change["verdict"] else text


def site_error_text(error: SiteError, *, lang: Lang) -> str:
    """Write why a site can't be checked."""
    w = words(lang)
    return w(SITE_ERROR[error.code], found=w.said(error.found), expected=w.said(error.expected))


def siting_text(result: SitingResult, *, lang: Lang) -> str:
    """Write a siting check as text for a terminal."""
    w = words(lang)
    name = load_resolution(result.province).name
    date = from_iso(result.as_of)
    title = f"{w.pick(name.vi, name.en)}, {day(date) if date else ''}"
    table = Table(title=title, title_justify="left", box=None)
    table.add_column(w("What is found"))
    table.add_column(w("Citation"))
    for sentence in result.sentences:
        cited = w.pick(sentence.citation_vi, sentence.citation_en)
        table.add_row(sentence_text(sentence, result.province, lang=lang), cited)
    lines = [f"{w('Conclusion')}: {w(SITING_VERDICT[result.verdict])}"]
    changes = [change_text(change, result.province, lang=lang) for change in result.would_change]
    if changes:
        lines += [w("What would change it:"), *(f"- {text}" for text in changes)]
    lines.append(w("Nearest (straight line):"))
    lines += [f"- {nearest_text(place, lang=lang)}" for place in result.nearest]
    return as_text(table, *lines)


def siting_json(result: SitingResult, *, lang: Lang) -> dict[str, Any]:
    """Give a siting check as a plain record, its sentences with their text in one language."""
    record = siting_record(result)
    for row, sentence in zip(record["sentences"], result.sentences, strict=True):
        row["text"] = sentence_text(sentence, result.province, lang=lang)
    for row, change in zip(record["would_change"], result.would_change, strict=True):
        row["text"] = change_text(change, result.province, lang=lang)
    return record


def nearest_text(place: Mapping[str, Any], *, lang: Lang) -> str:
    """Write one of the nearest areas: kind, name, distance, status."""
    w = words(lang)
    parts = [
        w.of(KIND, place["kind"]),
        w.pick(place["name_vi"], place["name_en"]),
        f"{number(place['distance_km'], lang, decimals=1, trim=True)} km"
        if place["distance_km"] is not None and place["distance_km"] == place["distance_km"]
        else w("position unknown"),
        w.of(STATUS, place["status"] or "unknown"),
    ]
    return ", ".join(parts)
