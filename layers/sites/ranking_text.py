"""Rankings in words: measures, limits and their reasons, notes, and records with their texts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from data.criteria import measures
from data.dates import printed_date
from geo.candidates import ELSEWHERE, HELD_BACK, IN_PROVINCE, IN_ZONE, NOT_NAMED
from geo.ranking_records import asked_measures, ranking_geojson, ranking_record
from layers.numbers import exact, hectares, number, rate
from layers.words import KIND, STATUS, UNIT, mark, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from data._message import Lang
    from data.criteria import CriteriaSet, Criterion
    from geo.candidates import Measured
    from geo.limits import Check
    from geo.ranking import Excluded, Ranked, Ranking
    from geo.snapshot import Snapshot
    from layers.words import Words

# What is asked, by limit.
LIMIT: Final = {
    "min_available_ha": mark("at least {asked} ha available"),
    "statuses": mark("status: {asked}"),
    "max_km": mark("{measure}: at most {asked} km"),
    "wastewater": mark("a central wastewater plant that works"),
    "in_economic_zone": mark("inside an established economic zone"),
    "encouraged": mark("the documents want the trade there"),
    "max_rent_usd_m2": mark("land rent of at most {asked} USD/m²"),
}

# What was found, by code of the check.
REASON: Final = {
    "met": mark("{limit}: met."),
    "land_too_small": mark("Available land: {found}; at least {asked} ha asked."),
    "land_unsure": mark("Available land: {found}; whether there are {asked} ha can't be told."),
    "status_not_allowed": mark("Status: {found}; asked: {asked}."),
    "status_unknown": mark("The status on this date isn't known; asked: {asked}."),
    "too_far": mark("{measure}: {found}; at most {asked} km asked."),
    "distance_unsure": mark("{measure}: {found}; whether it is at most {asked} km can't be told."),
    "no_wastewater_plant": mark("Central wastewater plant: {found}."),
    "wastewater_unknown": mark("Whether there is a central wastewater plant isn't known."),
    "outside_economic_zone": mark("Outside all established economic zones."),
    "economic_zone_unsure": mark(
        "Whether it lies inside an economic zone can't be told: the outline of the zone isn't in "
        "the data.",
    ),
    "trade_not_encouraged": mark("Trade: {found}."),
    "policy_unsure": mark("What the documents say of the trade there can't be told: {found}."),
    "rent_too_high": mark("Land rent: {found}; at most {asked} USD/m² asked."),
    "rent_unsure": mark("Land rent: {found}; whether it is at most {asked} USD/m² can't be told."),
}

POLICY: Final = {
    IN_ZONE: mark("wanted in the area or its zone"),
    IN_PROVINCE: mark("wanted in the province"),
    NOT_NAMED: mark("not named by the documents"),
    ELSEWHERE: mark("named for other zones, not for this one"),
    HELD_BACK: mark("restricted or on conditions"),
}
WASTEWATER: Final = {
    "yes": mark("yes"),
    "under_construction": mark("under construction"),
    "no": mark("no"),
}
# Why a measure isn't known, where "no data" doesn't say it.
UNKNOWN: Final = {
    "position_unknown": mark("position unknown"),
    "no_target": mark("none in use in the data"),
    "target_unplaced": mark("one without a position in the data may be nearer"),
    "trade_missing": mark("no trade given"),
    "anchor_missing": mark("no anchor given"),
    "zone_unknown": mark("its zone isn't sure"),
    "communes_shared": mark("perhaps: it names a commune of an economic zone"),
}

NOTE: Final = {
    "order": mark(
        "Order: places that meet all limits first, then those with a limit that can't be told; in "
        "both by the middle of the score, unknown values standing in the middle of their range.",
    ),
    "own_judgement": mark("Why these weights: {why}"),
    "straight_line": mark(
        "Distances are straight lines from where the data place the area, not from its land; the "
        "tolerance comes from how the area and the target are placed.",
    ),
    "nearest_listed": mark("Nearest means nearest of those in use in the data."),
    "land_not_one_plot": mark("Available land is that of the whole area, not of one plot."),
    "assumed_land": mark(
        "Where leased or leasable land isn't known, the range of available land assumes leasable "
        "land of 60-80 % of the total area, and 5-75 ha for a cluster of unknown area.",
    ),
    "trade_missing": mark("No trade was given: the policy isn't known for any place."),
    "anchor_missing": mark("No anchor was given: the distance to it isn't known for any place."),
    "stability": mark(
        "Keeps its rank: share of {draws} draws in which each weight varies by ±{spread} by "
        "itself, scaled to 100 again (seed {seed}).",
    ),
    "nothing_left": mark("No place passes the limits. What would bring places back:"),
}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def measure_name(measure: str, *, lang: Lang) -> str:
    """Give the name of a measure."""
    w = words(lang)
    entry = next(entry for key, entry in measures().items() if key == measure)
    return w.pick(entry.name.vi, entry.name.en)


def criterion_title(criterion: Criterion, *, lang: Lang) -> str:
    """Give the title of a criterion: its own, else the name of its measure."""
    if criterion.title is None:
        return measure_name(criterion.measure, lang=lang)
    return words(lang).pick(criterion.title.vi, criterion.title.en)


def _amount(value: float, unit: str, lang: Lang) -> str:
    if unit == "ha":
        return hectares(value, lang)
    if unit == "%":
        return number(value, lang, decimals=1, trim=True)
    if unit == "km":
        return number(value, lang, decimals=1, trim=True)
    return exact(value, lang)


def _range(low: float, high: float, unit: str, w: Words) -> str:
    """Write an interval with its unit; no text where it says nothing."""
    written = w(UNIT[unit]) if UNIT.get(unit) else unit
    if math.isinf(high):
        if low <= 0:
            return ""
        return w("at least {amount} {unit}", amount=_amount(low, unit, w.lang), unit=written)
    ends = [_amount(end, unit, w.lang) for end in (low, high)]
    return f"{ends[0] if ends[0] == ends[1] else '-'.join(ends)} {written}"


def _known_text(found: Mapping[str, Any], measure: str, w: Words) -> str:
    """Write what was found of a measure; "" where that is nothing."""
    value = found["value"]
    if measure == "policy":
        return _policy_text(found, w)
    if found["unit"] == "scale":
        cell = found.get("cell") or ("yes" if value else "no")
        known = w.of(STATUS if measure == "readiness" else WASTEWATER, cell)
        return "" if value is None else known
    if value is None:
        span = _range(found["low"], found["high"], found["unit"], w)
        if found["how"] == "target_unplaced":
            return f"{span}; {w(UNKNOWN['target_unplaced'])}"
        return "" if found["how"] == "unknown" else span
    amount = _amount(value, found["unit"], w.lang)
    if found["unit"] != "km":
        return f"{amount} {w(UNIT[found['unit']])}"
    name = w.pick(found["target_vi"], found["target_en"])
    off = number(found["tolerance_km"], w.lang, decimals=1, trim=True)
    return ", ".join(part for part in (name, f"{amount} km (±{off} km)") if part)


def _policy_text(found: Mapping[str, Any], w: Words) -> str:
    """Write what the documents say of the trade, with the citation."""
    if "sentences" not in found:
        return ""
    told = [w(POLICY[end]) for end in dict.fromkeys((found["low"], found["high"]))]
    cited = dict.fromkeys(
        w.pick(sentence["citation_vi"], sentence["citation_en"]) for sentence in found["sentences"]
    )
    sources = "; ".join(text for text in cited if text)
    return " / ".join(told) + (f" ({sources})" if sources else "")


def measured_text(measured: Measured, *, lang: Lang) -> str:
    """Write what is known of a measure: value or range, of a distance to what and how sure."""
    w = words(lang)
    found = {
        "value": measured.value,
        "low": measured.low,
        "high": measured.high,
        "unit": measured.unit,
        "how": measured.code,
        **measured.params,
    }
    known = _known_text(found, measured.measure, w)
    if known:
        return known
    return w.of(UNKNOWN, measured.code) if measured.code in UNKNOWN else w("no data")


def _measure_of(limit: str) -> str:
    field, _, target = limit.partition(".")
    if target:
        return f"km_to_{target}"
    return {
        "min_available_ha": "available_ha",
        "encouraged": "policy",
        "max_rent_usd_m2": "rent_usd_m2",
    }.get(field, field)


def limit_text(limit: str, asked: Any, *, lang: Lang) -> str:  # noqa: ANN401
    """Write what a limit asks for.

    Parameters
    ----------
    limit
        As in :class:`geo.limits.Check`.
    asked
        Its number, or statuses.
    """
    w = words(lang)
    field, _, target = limit.partition(".")
    fields = {"asked": _asked(asked, w)}
    if target:
        fields["measure"] = measure_name(f"km_to_{target}", lang=lang)
    return w(LIMIT[field], **fields)


def _asked(asked: Any, w: Words) -> str:  # noqa: ANN401
    if isinstance(asked, list | tuple):
        return ", ".join(w.of(STATUS, one) for one in asked)
    return exact(float(asked), w.lang)


def check_text(check: Check, *, lang: Lang) -> str:
    """Write what a limit found at a place: what was asked, what is there, and as of when."""
    w, params = words(lang), check.params
    measure = _measure_of(check.limit)
    if check.code == "met":
        return w(REASON["met"], limit=_capital(limit_text(check.limit, params["asked"], lang=lang)))
    if measure == "statuses":
        found = w.of(STATUS, params["value"] or "unknown")
    else:
        found = _known_text(params, measure, w)
        unknown = w.of(UNKNOWN, params["how"]) if params["how"] in UNKNOWN else w("no data")
        found = found or unknown
    fields = {"found": found, "asked": _asked(params["asked"], w)}
    if measure.startswith("km_to_"):
        fields["measure"] = _capital(measure_name(measure, lang=lang))
    text = w(REASON[check.code], **fields)
    if params.get("reported_pct") is not None:
        reported = rate(params["reported_pct"], lang)
        since = printed_date(params["reported_as_of"]) or w("no date")
        text += f" {w('Reported fill rate {rate} ({date}).', rate=reported, date=since)}"
    # The date of a total area is no date of the range that is assumed from it.
    if params["as_of"] and params["basis"] != "assumed":
        text += f" {w('As of')} {printed_date(params['as_of'])}."
    return text


def score_text(row: Ranked, *, lang: Lang) -> str:
    """Write a score: the number where all is known, and the range that it may have.

    One decimal; the range alone where something isn't known.
    """
    low, high = (number(end, lang, decimals=1) for end in (row.score_low, row.score_high))
    span = low if low == high else f"{low}-{high}"
    if row.score is None:
        return span
    score = number(row.score, lang, decimals=1)
    return score if score == span else f"{score} ({span})"


def note_text(code: str, ranking: Ranking, *, lang: Lang) -> str:
    """Write a note of a ranking."""
    w, why = words(lang), ranking.criteria.why
    fields: dict[str, object] = {}
    if code == "own_judgement" and why is not None:
        fields["why"] = w.pick(why.vi, why.en)
    if code == "stability":
        spread = rate(100 * ranking.spread, lang)
        draws = number(ranking.draws, lang)
        fields |= {"spread": spread, "draws": draws, "seed": ranking.seed}
    return w(NOTE[code], **fields)


def excluded_by_text(ranking: Ranking, *, lang: Lang) -> list[str]:
    """Write how many places each limit excludes, and how many would come back without it."""
    w = words(lang)
    asked = {check.limit: check.params["asked"] for row in ranking.excluded for check in row.checks}
    return [
        w(
            "{limit}: excludes {places}, {alone} of them by itself",
            limit=_capital(limit_text(limit, asked[limit], lang=lang)),
            places=count["places"],
            alone=count["alone"],
        )
        for limit, count in ranking.excluded_by.items()
    ]


def _texts(row: Ranked | Excluded, lang: Lang) -> dict[str, list[str]]:
    gone = [check for check in row.checks if check.met is False]
    return {
        "reason_texts": [check_text(check, lang=lang) for check in gone],
        "unsure_texts": [check_text(check, lang=lang) for check in row.unsure],
    }


def _all_texts(ranking: Ranking, lang: Lang) -> dict[str, dict[str, list[str]]]:
    rows: tuple[Ranked | Excluded, ...] = (*ranking.ranked, *ranking.excluded)
    return {row.place.area_id: _texts(row, lang) for row in rows}


def ranking_json(ranking: Ranking, snapshots: Sequence[Snapshot], *, lang: Lang) -> dict[str, Any]:
    """Give a ranking as a plain record, its reasons and notes with their text in one language."""
    record = ranking_record(ranking, snapshots)
    texts = _all_texts(ranking, lang)
    for row in record["ranked"]:
        row["unsure_texts"] = texts[row["id"]]["unsure_texts"]
    for row in record["excluded"]:
        row.update(texts[row["id"]])
    record["notes"] = [
        {"code": code, "text": note_text(code, ranking, lang=lang)}
        for code in ("stability", *record["notes"])
    ]
    return record


def ranking_geojson_in_words(
    ranking: Ranking, snapshots: Sequence[Snapshot], *, lang: Lang
) -> dict[str, Any]:
    """Give a ranking as GeoJSON, its reasons with their text in one language."""
    members = _all_texts(ranking, lang)
    return ranking_geojson(ranking, snapshots, lang=lang, members=members)


def ranking_rows(ranking: Ranking, *, lang: Lang) -> list[dict[str, Any]]:
    """Give a ranking as flat rows for a table: one a place, excluded ones last."""
    names = asked_measures(ranking.criteria)
    rows: tuple[Ranked | Excluded, ...] = (*ranking.ranked, *ranking.excluded)
    return [dict(_cells(row, ranking.criteria, names, lang)) for row in rows]


def _cells(
    row: Ranked | Excluded, criteria: CriteriaSet, names: Sequence[str], lang: Lang
) -> Iterator[tuple[str, Any]]:
    w, place = words(lang), row.place
    stays = None if row.checks and any(check.met is False for check in row.checks) else row
    yield from {
        "rank": getattr(stays, "rank", None),
        "id": place.area_id,
        "name": w.pick(place.name_vi, place.name_en),
        "province": place.province,
        "kind": w.of(KIND, place.kind),
        "status": w.of(STATUS, place.status or "unknown"),
    }.items()
    for field in ("score", "score_low", "score_high", "score_middle"):
        value = getattr(stays, field, None)
        yield field, None if value is None else round(value, 6)
    for field in ("rank_best", "rank_worst", "verified"):
        yield field, getattr(stays, field, None)
    holds = getattr(stays, "stability", None)
    yield "holds_rank", holds["holds_rank"] if holds else None
    yield "trade", criteria.trade
    for name in names:
        measured = place.measured[name]
        ends = {"": measured.value, "_low": measured.low, "_high": measured.high}
        for suffix, value in ends.items():
            known = value is not None and math.isfinite(value)
            yield f"{name}{suffix}", round(value, 6) if known and value is not None else None
        yield f"{name}_as_of", measured.as_of
        yield f"{name}_sources", ";".join(measured.sources)
    texts = _texts(row, lang)
    yield "reasons", " ".join(texts["reason_texts"])
    yield "not_verified", " ".join(texts["unsure_texts"])
