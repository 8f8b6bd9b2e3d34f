"""Measures of where a place is: in which zone, in an economic zone, and how far from what."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from data._frames import rows
from geo._measured import ANY, SCALE, Measured, measured
from geo._siting_rules import ACTIVE, Inside, Sentence, Verdict, hardest, judge
from geo.distances import STRAIGHT_LINE, to_points
from geo.distances import nearest as nearest_rows
from geo.membership import named_communes
from geo.tolerances import position_tolerance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from data.trades import Trade
    from geo.snapshot import Snapshot

IN_ZONE, IN_PROVINCE, NOT_NAMED, ELSEWHERE, HELD_BACK = 1.0, 0.75, 0.5, 0.25, 0.0
# What the documents say of a trade, what goes first standing first.
_POLICY: Final = {
    "trade_in_area": IN_ZONE,
    "trade_in_zone": IN_ZONE,
    "trade_elsewhere": ELSEWHERE,
    "trade_in_province": IN_PROVINCE,
    "trade_not_named": NOT_NAMED,
}
_HELD_BACK = ("conditional", "restricted")
_M_PER_KM = 1_000.0


class Anchor(NamedTuple):
    """A place to be near to: WGS 84 degrees and the class of its position."""

    lon: float
    lat: float
    position: str = "surveyed"
    area_id: str = ""
    name_vi: str = ""
    name_en: str = ""


def economic_zones(snapshot: Snapshot) -> dict[str, frozenset[str]]:
    """Give 2025 communes of which each established economic zone takes land, by its id."""
    areas = snapshot.areas
    zones = areas[(areas["kind"] == "economic_zone") & areas["status"].isin(ACTIVE)]
    return {str(zone.Index): _communes(snapshot, zone) for zone in rows(zones)}


def in_economic_zone(
    snapshot: Snapshot,
    area: Any,  # noqa: ANN401
    zones: Mapping[str, frozenset[str]],
) -> Measured:
    """Whether an area lies in an established economic zone.

    Stated by `within`. Where nothing is stated it may lie in one that takes land of a commune
    that the area names; outlines of economic zones aren't in the data.
    """
    measure = "in_economic_zone"
    if area.within:
        inside = float(area.within in zones)
        sources = area.source_ids
        params = {"area_id": area.within}
        return measured(measure, inside, basis="table", sources=sources, params=params)
    communes = _communes(snapshot, area)
    shared = [key for key, taken in zones.items() if communes & taken]
    if shared or not communes:
        code = "communes_shared" if shared else "position_unknown"
        return measured(measure, None, SCALE, code=code, params={"area_ids": shared})
    return measured(measure, 0.0, basis="table", sources=area.source_ids)


def _communes(snapshot: Snapshot, area: Any) -> frozenset[str]:  # noqa: ANN401
    """Give the 2025 communes that an area names."""
    _, units = named_communes(
        legacy_communes=area.legacy_communes,
        communes_2025=area.communes_2025,
        legacy_district=area.legacy_district,
        province=snapshot.resolution,
    )
    return frozenset(code for unit in units for code in unit)


def as_inside(snapshot: Snapshot) -> dict[str, Inside]:
    """Give each area as siting rules see it, by its id."""
    columns = ("kind", "status", "name_vi", "name_en")
    cells = [snapshot.areas[column] for column in columns]
    return {
        str(key): Inside(str(key), kind, status or None, name_vi, name_en)
        for key, kind, status, name_vi, name_en in zip(snapshot.areas.index, *cells, strict=True)
    }


def policy(
    snapshot: Snapshot,
    area: Any,  # noqa: ANN401
    areas: Mapping[str, Inside],
    trade: Trade | None,
) -> tuple[Measured, Verdict | None]:
    """Tell what the documents say of the trade there, and the verdict of the siting check.

    Where the land of an area may lie in several zones, from the least to the most that they
    say; the verdict is then as :func:`geo.siting.check_site` gives it.
    """
    measure = "policy"
    if trade is None:
        return measured(measure, None, SCALE, code="trade_missing"), None
    groups = snapshot.zones["group"]
    keys = [part["zone_key"] for part in area.zones]
    keys = [key for key in keys if groups[key] == "base_partition"]
    if not keys:
        return measured(measure, None, SCALE, code="zone_unknown"), "cannot_tell"
    here = areas[area.Index]
    wholes = [areas[area.within]] if area.within in areas else []
    resolution = snapshot.resolution
    levels: dict[str, float] = {}
    told: list[Sentence] = []
    verdicts: set[Verdict] = set()
    for key in keys:
        zone = resolution.zone(key)
        verdicts.add(judge(resolution, zone, [here, *wholes], trade, raw_material_area=False)[0])
        # Documents speak of an area whether it is founded yet or not.
        founded = [here._replace(status="operating"), *wholes]
        judged = judge(resolution, zone, founded, trade, raw_material_area=False)
        spoken = {sentence.code: sentence for sentence in reversed(judged.sentences)}
        first = next(spoken[code] for code in _POLICY if code in spoken)
        held_back = first.params.get("stance") in _HELD_BACK
        levels[key] = HELD_BACK if held_back else _POLICY[first.code]
        told.append(first)
    verdict = hardest(verdicts)
    if len(verdicts) > 1 and not verdicts <= {"fits", "conditional"}:
        verdict = "cannot_tell"
    low, high = min(levels.values()), max(levels.values())
    value = low if low == high else None
    params = {
        "sentences": [
            {
                "code": sentence.code,
                "zone_key": key,
                **{name: sentence.params.get(name) for name in ("stance", "text_vi", "text_en")},
                "citation_vi": sentence.citation_vi,
                "citation_en": sentence.citation_en,
            }
            for key, sentence in zip(keys, told, strict=True)
        ],
    }
    code = "known" if low == high else "zone_unknown"
    found = measured(measure, value, (low, high), basis="document", code=code, params=params)
    return found, verdict


def to_anchor(area: Any, point: Any, anchor: Anchor | None) -> Measured:  # noqa: ANN401
    measure = "km_to_anchor"
    if anchor is None or point is None:
        code = "anchor_missing" if anchor is None else "position_unknown"
        return measured(measure, None, ANY, code=code)
    if area.Index == anchor.area_id:
        km = off = 0.0
    else:
        km = float(to_points([(point.x, point.y)], [(anchor.lon, anchor.lat)])[0, 0])
        places = (position_tolerance(area.position), position_tolerance(anchor.position))
        off = math.hypot(*places) / _M_PER_KM
    return measured(
        measure,
        km,
        (max(0.0, km - off), km + off),
        basis=STRAIGHT_LINE,
        sources=area.source_ids,
        params={
            "target_id": anchor.area_id,
            "target_vi": anchor.name_vi,
            "target_en": anchor.name_en,
            "tolerance_km": off,
            "position": area.position,
        },
    )


def far(target: str, *, placed: bool) -> Measured:
    """Give the distance where there is nothing to measure from, or to."""
    code = "no_target" if placed else "position_unknown"
    return measured(f"km_to_{target}", None, ANY, code=code)


def nearest(distances: pd.DataFrame, snapshot: Snapshot) -> dict[tuple[str, str], Measured]:
    """Distance to the nearest target in use of each type, by area and type.

    Which target is nearest may itself not be sure: the true distance lies between the least of
    distance less tolerance, and the least of distance plus tolerance, of all targets. Where the
    tables hold one in the province without a position, that one may be nearer still.
    """
    facts = snapshot.facts
    unplaced = _unplaced(snapshot)
    used = distances[distances["status"] == "in_use"]
    ends = used.assign(
        low=np.maximum(used["distance_km"] - used["tolerance_km"], 0.0),
        high=used["distance_km"] + used["tolerance_km"],
    )
    bounds = ends.groupby(["area_id", "target_type"])[["low", "high"]].min()
    lows, highs = bounds["low"].to_dict(), bounds["high"].to_dict()
    names: dict[str, tuple[str, str, str, Sequence[str]]] = {
        **{row.Index: (row.name_vi, row.name_en, "", row.source_ids) for row in rows(facts.nodes)},
        **{
            row.Index: (row.road_name_vi, row.road_name_en, row.as_of, row.source_ids)
            for row in rows(facts.roads)
        },
    }
    found = {}
    for row in rows(nearest_rows(used)):
        key = (row.area_id, row.target_type)
        name_vi, name_en, as_of, sources = names[row.target_id]
        sure = row.target_type not in unplaced
        found[key] = measured(
            f"km_to_{row.target_type}",
            row.distance_km if sure else None,
            (lows[key] if sure else 0.0, highs[key]),
            code="known" if sure else "target_unplaced",
            as_of=as_of,
            basis=STRAIGHT_LINE,
            sources=tuple(sources),
            params={
                "target_id": row.target_id,
                "target_vi": name_vi,
                "target_en": name_en,
                "tolerance_km": row.tolerance_km,
                "position": row.position,
                "method": row.method,
            },
        )
    return found


def _unplaced(snapshot: Snapshot) -> frozenset[str]:
    """Types of targets of which one in use in the province has no position."""
    nodes = snapshot.facts.nodes
    lost = nodes[nodes[["lon", "lat"]].isna().any(axis=1) & (nodes["status"] == "in_use")]
    # The tables name provinces without "Tỉnh", as units are spelt there.
    names = [
        name.removeprefix("Tỉnh ").removeprefix("Thành phố ")
        for name in snapshot.resolution.legacy_provinces
    ]
    here = lost["province_legacy"].isin(names)
    return frozenset(lost.loc[here, "type"])
