"""One siting check: the ground, the trade, and what is said about areas and zones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from data.units import predecessors
from geo._siting_rules import Inside, Judgement, Sentence, Verdict, hardest, judge, say
from geo._siting_zones import BEYOND, SEA
from geo.crs import M2_PER_HA
from geo.membership import OUTSIDE
from geo.zones import member_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from data.resolutions import Member
    from data.trades import Trade
    from geo._ground import Ground, PlacedSite
    from geo._siting_areas import AreaPlace
    from geo._siting_zones import BasePlace, ZonePlace

NEAREST = 3  # areas of each kind that are listed
_KM = 1_000.0


@dataclass(frozen=True)
class Case:
    """What is the same for all places of one check."""

    ground: Ground
    trade: Trade | None
    raw_material_area: bool

    def judge(self, key: str, inside: Sequence[Inside], *, raw: bool | None = None) -> Judgement:
        """Judge the trade in a base zone, inside of some areas."""
        resolution = self.ground.resolution
        return judge(
            resolution,
            resolution.zone(key),
            inside,
            self.trade,
            raw_material_area=self.raw_material_area if raw is None else raw,
        )

    def verdict(
        self,
        keys: Iterable[str],
        inside: Sequence[Inside],
        *,
        raw: bool | None = None,
    ) -> Verdict:
        """Give the hardest verdict of several base zones."""
        return hardest(self.judge(key, inside, raw=raw).verdict for key in keys)

    def area(self, area_id: str) -> Inside:
        """Give an area as the rules see it."""
        areas: Any = self.ground.snapshot.areas
        row = areas.loc[area_id]
        return Inside(area_id, row["kind"], row["status"] or None, row["name_vi"], row["name_en"])

    def with_whole(self, area_id: str) -> tuple[Inside, ...]:
        """Give the area, and the economic zone that it is stated to lie in."""
        areas = self.ground.snapshot.areas
        within = str(areas.at[area_id, "within"])
        return (self.area(area_id), *((self.area(within),) if within in areas.index else ()))

    def params(self, area: AreaPlace) -> dict[str, Any]:
        """Name an area and its distance."""
        return self.area(area.area_id)._asdict() | {
            "distance_km": area.distance_m / _KM,
            "tolerance_km": area.tolerance_m / _KM,
            "seen_as": area.seen_as,
        }


def members_of(case: Case, code: str, zone_key: str) -> tuple[Member, ...]:
    """Units of a zone through which it holds a 2025 commune."""
    resolution = case.ground.resolution
    old = set(predecessors(code))
    return tuple(
        member
        for member in resolution.zone(zone_key).members
        if old & set(member_keys(member, resolution))
    )


def zone_sentences(
    case: Case, shares: Mapping[str, float], communes: Iterable[str]
) -> list[Sentence]:
    """Say in which base zones the site lies, by what, and what these are for."""
    resolution = case.ground.resolution
    found = []
    for key, share in shares.items():
        zone = resolution.zone(key)
        names: dict[str, Any] = {"zone_key": key, "zone_vi": zone.name.vi, "zone_en": zone.name.en}
        found.append(say(resolution, "in_zone", "note", zone.citations, share=share, **names))
        judged = {
            member.name: member
            for code in communes
            for member in members_of(case, code, key)
            if member.confidence == "inferred"
        }
        found += [
            say(resolution, "zone_by_judgement", "note", text=member.reason, unit=name, **names)
            for name, member in judged.items()
        ]
        if zone.purpose is not None:
            cited, text = zone.purpose.citations, zone.purpose.text
            found.append(say(resolution, "zone_purpose", "note", cited, text=text, **names))
    return found


def overlay_sentences(case: Case, overlays: Iterable[ZonePlace]) -> list[Sentence]:
    """Say in which overlays the site lies; economic zones are told among the areas."""
    resolution = case.ground.resolution
    return [
        say(
            resolution,
            "in_overlay" if place.certain else "near_overlay",
            "note",
            zone.citations,
            zone_key=zone.key,
            zone_vi=zone.name.vi,
            zone_en=zone.name.en,
            share=place.share,
            distance_m=place.distance_m,
        )
        for place in overlays
        if (zone := resolution.zone(place.zone_key)).group != "economic_zone"
    ]


def area_sentences(
    case: Case, areas: Sequence[AreaPlace], inside: Sequence[Inside]
) -> list[Sentence]:
    """Say which areas the site is inside of, and which is nearest of each other kind.

    Areas that are only planned are nothing to go to yet.
    """
    found = [Sentence("inside_area", "note", one._asdict()) for one in inside]
    told = {one.kind for one in inside} | {one.kind for one in areas if one.relation != "outside"}
    for area in areas:
        if area.kind not in told and area.status != "planned":
            told.add(area.kind)
            found.append(Sentence("nearest_area", "note", case.params(area)))
    return found


def near_line(case: Case, base: BasePlace, doubtful: Iterable[str]) -> Sentence:
    """Say that a line nearby isn't sure enough."""
    resolution = case.ground.resolution
    keys = [zone.zone_key for zone in base.zones]
    if SEA in keys and OUTSIDE not in keys and len(keys) <= len({SEA, OUTSIDE}):
        code = "near_coast"
    else:
        code = "near_border" if set(doubtful) & set(BEYOND) else "near_zone_line"
    names = [key for key in keys if key not in BEYOND]
    return Sentence(
        code,
        "unknown",
        {
            "zone_keys": names,
            "zones_vi": [resolution.zone(key).name.vi for key in names],
            "zones_en": [resolution.zone(key).name.en for key in names],
            "distance_m": base.line_m,
            "tolerance_m": case.ground.tolerance_m,
        },
    )


def approximate_lines(case: Case, base: BasePlace) -> Sentence:
    """Say that a zone was read from approximate boundaries, though no line is near."""
    tolerance = case.ground.tolerance_m
    distances = {"distance_m": base.line_m, "tolerance_m": tolerance}
    return Sentence("approximate_lines", "note", distances)


def describe(case: Case, kind: str, site: PlacedSite, base: BasePlace) -> dict[str, Any]:
    """Make the `place` of a result."""
    point = site.wgs84.representative_point()
    return {
        "kind": kind,
        "where": "province",
        "lon": point.x,
        "lat": point.y,
        "area_ha": None if site.is_point else site.metres.area / M2_PER_HA,
        "communes": [],
        "zones": [_zone(case, zone) for zone in base.zones if zone.zone_key not in BEYOND],
        "outside_share": sum(zone.share for zone in base.zones if zone.zone_key in BEYOND),
        "overlays": [],
        "line": {"to": base.line_to, "distance_m": base.line_m},
        "tolerance_m": case.ground.tolerance_m,
    }


def _zone(case: Case, place: ZonePlace) -> dict[str, Any]:
    names: Any = case.ground.snapshot.zones.loc[place.zone_key]
    return {"name_vi": names["name_vi"], "name_en": names["name_en"], **place._asdict()}


def overlay_records(case: Case, overlays: Iterable[ZonePlace]) -> list[dict[str, Any]]:
    """Overlays of a `place`; `distance_m` is that to their line."""
    groups = case.ground.snapshot.zones["group"]
    return [_zone(case, place) | {"group": groups[place.zone_key]} for place in overlays]


def nearest_records(case: Case, areas: Sequence[AreaPlace]) -> list[dict[str, Any]]:
    """List the nearest areas of each kind, and all that may hold the site."""
    listed: list[dict[str, Any]] = []
    count: dict[str, int] = {}
    for area in areas:
        count[area.kind] = count.get(area.kind, 0) + 1
        if count[area.kind] <= NEAREST or area.relation != "outside":
            listed.append(case.params(area) | {"relation": area.relation, "share": area.share})
    return listed
