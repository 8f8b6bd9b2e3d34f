"""Siting check: may this trade go here, by the documents of the province, and what would change it.

A site is a point, a polygon or an area. Where it lies and how sure that is comes from
:mod:`geo._siting_zones` and :mod:`geo._siting_areas`, what the documents say from
:mod:`geo._siting_rules`. A verdict stands only where it doesn't rest on a line or a position that
isn't sure: near a line between zones, or where land of a park that was never surveyed may hold
the site, it is `cannot_tell`, and `would_change` says what it would be on either side. Of a
polygon whose parts differ the hardest verdict is given.
"""

from __future__ import annotations

import functools
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from data.boundaries.surroundings import surroundings
from data.resolutions import load_resolution, provinces
from data.trades import trade as trade_of
from geo._ground import SLIVER, Ground, lay_ground, place_site
from geo._sites import Site, SiteError, read_site
from geo._siting_areas import areas_around
from geo._siting_case import (
    Case,
    approximate_lines,
    area_sentences,
    describe,
    near_line,
    nearest_records,
    overlay_records,
    overlay_sentences,
    zone_sentences,
)
from geo._siting_rules import VERDICTS, Effect, Inside, Sentence, Verdict, hardest
from geo._siting_zones import BEYOND, SEA, base_zones, communes_of, overlay_zones
from geo.crs import WGS84
from geo.records import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from data.trades import Trade
    from geo._siting_areas import AreaPlace
    from geo._siting_rules import Judgement
    from geo._siting_zones import BasePlace

__all__ = [
    "VERDICTS",
    "Ground",
    "Sentence",
    "SiteError",
    "SitingResult",
    "Verdict",
    "check_site",
    "lay_ground",
    "siting_record",
]

_KM = 1_000.0
_GOOD = frozenset({"fits", "conditional"})


@dataclass
class SitingResult:
    """Answer of a siting check.

    Attributes
    ----------
    place : dict
        `kind` (point | polygon | area), `where` (province | sea | neighbour | other_province),
        `lon`, `lat` (a point of the site; None for an area without position), `area_ha` (of a
        polygon), `communes` and `zones` (each with its `share`; zones also `certain` and
        `distance_m`), `outside_share` (shares of zones and this make 1), `overlays`, `line`
        (`distance_m` to the nearest other base zone or land outside), `tolerance_m` (of lines).
    nearest : list of dict
        The nearest areas of each kind and all that the site is or may be inside of:
        `area_id`, names, `kind`, `status`, `relation` (inside | partly | maybe_inside |
        outside), `share`, `distance_km` (straight line: to the surveyed outline, to the
        communes of an economic zone, else to the drawn position), `tolerance_km`, `seen_as`.
    sentences : list of Sentence
        What was found and what the documents say, each with its citation.
    verdict
        fits | conditional | does_not_fit | cannot_tell.
    would_change : list of dict
        `code`, `params` and the `verdict` that would follow (None where it isn't known).
    """

    province: str
    as_of: str
    boundary_source: str
    trade: Trade | None
    raw_material_area: bool
    place: dict[str, Any]
    nearest: list[dict[str, Any]]
    verdict: Verdict
    sentences: list[Sentence] = field(default_factory=list)
    would_change: list[dict[str, Any]] = field(default_factory=list)


def check_site(
    ground: Ground,
    site: BaseGeometry | Mapping[str, Any] | str,
    *,
    trade: str | None = None,
    raw_material_area: bool = False,
) -> SitingResult:
    """Check a site against the documents of the province.

    Parameters
    ----------
    ground
        From :func:`lay_ground`.
    site
        Point, Polygon or MultiPolygon in WGS 84, the same as GeoJSON, or the id of an area.
    trade
        Industry tag; where None only the place is checked.
    raw_material_area
        Whether the project is tied to a concentrated raw-material area.

    Raises
    ------
    SiteError
        The site can't be checked: swapped or projected coordinates, an outline that crosses
        itself, an unknown area...
    data._errors.UnknownNameError
        There is no such trade.
    """
    found = read_site(site, ground.snapshot.areas.index)
    case = Case(ground, trade_of(trade) if trade else None, raw_material_area)
    if found.kind == "area" and found.area_id in ground.footprints.index:
        outlines = ground.footprints.to_crs(WGS84)
        found = Site("area", outlines[found.area_id], found.area_id)
    if found.geometry is None:
        return _check_area(case, found.area_id)
    return _check_geometry(case, found, found.geometry)


def siting_record(result: SitingResult) -> dict[str, Any]:
    """Give a result as a plain record: None for unknown, numbers rounded as in all exports."""
    record: dict[str, Any] = plain(asdict(result))
    if result.trade is not None:
        names = ("tag", "name_vi", "name_en", "vsic")
        record["trade"] = {name: record["trade"][name] for name in names}
    return record


def _start(case: Case, place: dict[str, Any], areas: Sequence[AreaPlace]) -> SitingResult:
    snapshot = case.ground.snapshot
    return SitingResult(
        province=snapshot.resolution.province,
        as_of=snapshot.as_of.isoformat(),
        boundary_source=snapshot.boundary_source.key,
        trade=case.trade,
        raw_material_area=case.raw_material_area,
        place=place,
        nearest=nearest_records(case, areas),
        verdict="cannot_tell",
    )


def _change(
    code: str, verdict: Verdict | None, params: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {"code": code, "params": params or {}, "verdict": verdict}


def _check_area(case: Case, area_id: str) -> SitingResult:
    """Check an area without surveyed outline: it is where the tables say."""
    ground = case.ground
    table: Any = ground.snapshot.areas
    row, names = table.loc[area_id], ground.snapshot.zones
    parts = [
        {
            "zone_key": part["zone_key"],
            "name_vi": names.at[part["zone_key"], "name_vi"],
            "name_en": names.at[part["zone_key"], "name_en"],
            "group": names.at[part["zone_key"], "group"],
            "share": part["share"],
            "certain": not part["assumed"],
        }
        for part in row["zones"]
    ]
    base = [part for part in parts if part["group"] == "base_partition"]
    point = row["geometry"]
    place = {
        "kind": "area",
        "where": "province",
        "area_id": area_id,
        "lon": None if point is None else point.x,
        "lat": None if point is None else point.y,
        "area_ha": row["total_area_ha"],
        "communes": [{"code": code, "share": None} for code in ground.named[area_id]],
        "zones": base,
        "outside_share": max(0.0, 1.0 - sum(part["share"] for part in base)),
        "overlays": [part for part in parts if part not in base],
        "line": None,
        "tolerance_m": ground.tolerance_m,
    }
    areas = [] if point is None else areas_around(ground, place_site(ground, point))
    result = _start(case, place, areas)
    if not base:
        result.sentences.append(Sentence("area_unplaced", "unknown", {"area_id": area_id}))
        return result
    inside = case.with_whole(area_id)
    shares = {part["zone_key"]: part["share"] for part in base}
    told = {key: case.judge(key, inside) for key in shares}
    verdicts = {one.verdict for one in told.values()}
    result.sentences = zone_sentences(case, shares, ground.named[area_id])
    result.sentences += [*area_sentences(case, (), inside), *_together(told.values())]
    result.verdict = hardest(verdicts)
    if not verdicts <= _GOOD and len(verdicts) > 1:
        result.verdict = "cannot_tell"
        result.sentences.append(
            Sentence("zones_assumed", "unknown", {"zone_keys": list(shares)}),
        )
        result.would_change += [_side(key, one.verdict) for key, one in told.items()]
    result.would_change += _ways(case, list(shares), inside, result.verdict, areas)
    return result


def _check_geometry(case: Case, site: Site, wgs84: BaseGeometry) -> SitingResult:
    ground = case.ground
    placed = place_site(ground, wgs84)
    base = base_zones(ground, placed)
    areas = areas_around(ground, placed)
    result = _start(case, describe(case, site.kind, placed, base), areas)
    here = {zone.zone_key: zone for zone in base.zones if zone.zone_key not in BEYOND}
    if not here:
        return _answer_outside(case, result, base)
    communes, overlays = communes_of(placed), overlay_zones(ground, placed)
    result.place["communes"] = [{"code": code, "share": share} for code, share in communes.items()]
    result.place["overlays"] = overlay_records(case, overlays)
    keys = [key for key, zone in here.items() if zone.certain] or list(here)
    inside = [
        one for area in areas if area.relation == "inside" for one in case.with_whole(area[0])
    ]
    if site.area_id:
        inside = [*case.with_whole(site.area_id), *inside]
    inside = list(dict.fromkeys(inside))
    told = {key: case.judge(key, inside) for key in keys}
    result.verdict = hardest(one.verdict for one in told.values())

    shares = {key: zone.share for key, zone in here.items() if key in keys}
    result.sentences = zone_sentences(case, shares, communes)
    doubtful = [zone.zone_key for zone in base.zones if not zone.certain]
    if result.boundary_source == "bundled" and not doubtful:
        result.sentences.append(approximate_lines(case, base))
    result.sentences += overlay_sentences(case, overlays)
    result.sentences += area_sentences(case, areas, inside)
    judged = _together(told.values())
    _cut_off(case, result, keys, inside, areas, base=base)
    others = [area for area in areas if area.area_id != site.area_id]
    if _may_be_inside(case, result, keys, inside, others):
        judged = [_if_outside(sentence) for sentence in judged]
    if doubtful:
        result.sentences.insert(0, near_line(case, base, doubtful))
        result.would_change = [
            *(_side(key, case.judge(key, inside).verdict) for key in here),
            *result.would_change,
        ]
        result.verdict = "cannot_tell"
    if result.boundary_source == "bundled" and result.verdict == "cannot_tell":
        result.would_change.append(_change("official_boundaries", None))
    result.sentences += judged
    result.would_change += _ways(case, keys, inside, result.verdict, areas)
    return result


def _cut_off(
    case: Case,
    result: SitingResult,
    keys: Sequence[str],
    inside: Sequence[Inside],
    areas: Sequence[AreaPlace],
    *,
    base: BasePlace,
) -> None:
    """Take account of a polygon that reaches out of an area or out of the province."""
    for area in areas:
        if area.relation == "partly":
            params = case.params(area) | {"share": area.share}
            result.sentences.append(Sentence("partly_inside", "note", params))
            within = case.verdict(keys, _and(case, inside, area))
            result.verdict = hardest([result.verdict, within])
            if within != result.verdict:
                result.would_change.append(_change("keep_inside_area", within, params))
    if any(zone.certain for zone in base.zones if zone.zone_key in BEYOND):
        params = {"share": result.place["outside_share"]}
        result.sentences.append(Sentence("partly_outside_province", "unknown", params))
        result.would_change.append(_change("keep_inside_province", result.verdict, params))
        result.verdict = hardest([result.verdict, "cannot_tell"])


def _may_be_inside(
    case: Case,
    result: SitingResult,
    keys: Sequence[str],
    inside: Sequence[Inside],
    areas: Iterable[AreaPlace],
) -> bool:
    """Take account of areas that may hold the site; tell whether the verdict rests on it."""
    outside, verdicts = result.verdict, {result.verdict}
    changes = []
    # Parks and clusters don't overlap: inside of one is outside of the others.
    settled = any(one.kind != "economic_zone" for one in inside)
    for area in areas:
        if area.relation != "maybe_inside" or (settled and area.kind != "economic_zone"):
            continue
        within, params = case.verdict(keys, _and(case, inside, area)), case.params(area)
        code = "on_outline" if area.seen_as == "surveyed" else "maybe_inside"
        effect: Effect = "note" if within == outside else "unknown"
        result.sentences.append(Sentence(code, effect, params))
        if within != outside:
            verdicts.add(within)
            changes.append(_change("inside_area", within, params))
    if not changes:
        return False
    result.would_change += [*changes, _change("outside_all_areas", outside)]
    # Where it is good either way, the lesser good is sure.
    result.verdict = hardest(verdicts) if verdicts <= _GOOD else "cannot_tell"
    return result.verdict == "cannot_tell"


def _and(case: Case, inside: Sequence[Inside], area: AreaPlace) -> tuple[Inside, ...]:
    return tuple(dict.fromkeys((*inside, *case.with_whole(area.area_id))))


def _if_outside(sentence: Sentence) -> Sentence:
    """Turn what speaks against the site into something open: it holds outside all areas."""
    return replace(sentence, effect="unknown") if sentence.effect == "against" else sentence


def _side(key: str, verdict: Verdict) -> dict[str, Any]:
    return _change("in_zone_for_sure", verdict, {"zone_key": key})


def _together(judgements: Iterable[Judgement]) -> list[Sentence]:
    """Sentences of several judgements, each once."""
    found: list[Sentence] = []
    for judgement in judgements:
        found += [sentence for sentence in judgement.sentences if sentence not in found]
    return found


def _ways(
    case: Case,
    keys: Sequence[str],
    inside: Sequence[Inside],
    verdict: Verdict,
    areas: Sequence[AreaPlace],
) -> list[dict[str, Any]]:
    """Find what would better the verdict: a raw-material area, the nearest park or cluster."""
    if verdict == "fits":
        return []
    found = []
    told = case.verdict(keys, inside)
    if case.trade is not None and not case.raw_material_area:
        tied = case.verdict(keys, inside, raw=True)
        if tied != told:
            found.append(_change("raw_material_area", tied))
    for area in areas if not inside else ():
        if area.relation != "outside" or area.kind == "economic_zone":
            continue
        moved = case.verdict(_zones_of(case, area.area_id) or keys, _and(case, (), area))
        if moved in _GOOD and VERDICTS.index(moved) > VERDICTS.index(told):
            found.append(_change("move_into_area", moved, case.params(area)))
            break
    found += [
        _change("area_founded", None, one._asdict())
        for one in inside
        if one.status in {"planned", None}
    ]
    return found


def _zones_of(case: Case, area_id: str) -> list[str]:
    parts: Any = case.ground.snapshot.areas.at[area_id, "zones"]
    base = set(case.ground.of_group(base=True))
    return [part["zone_key"] for part in parts if part["zone_key"] in base]


@functools.cache
def _province_keys() -> dict[str, str]:
    """By code: key of each province that has a resolution."""
    return {load_resolution(key).code: key for key in provinces()}


def _answer_outside(case: Case, result: SitingResult, base: BasePlace) -> SitingResult:
    """Answer for a site beyond the province."""
    resolution = case.ground.resolution
    around = surroundings(result.place["lon"], result.place["lat"])
    params: dict[str, Any] = {
        "province_vi": resolution.name.vi,
        "province_en": resolution.name.en,
        "distance_km": base.line_m / _KM,
    }
    at_sea = any(zone.zone_key == SEA and zone.share >= 1 - SLIVER for zone in base.zones)
    if around.where == "neighbour":
        result.place["where"], result.verdict = "neighbour", "does_not_fit"
        params |= {"country_vi": around.country_vi, "country_en": around.country_en}
        result.sentences.append(Sentence("in_neighbour", "against", params))
    elif around.where == "sea" or at_sea:
        result.place["where"], result.verdict = "sea", "does_not_fit"
        result.sentences.append(Sentence("at_sea", "against", params))
    else:
        result.place["where"] = "other_province"
        key = _province_keys().get(around.province_code)
        params |= {"other": around.province, "other_key": key}
        result.sentences.append(Sentence("in_other_province", "unknown", params))
        if key is not None:
            change = _change("check_other_province", None, {"province": key})
            result.would_change.append(change)
    return result
