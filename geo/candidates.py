"""Places that may be ranked, each with what is known of it, as intervals where it isn't sure.

Parks and clusters that are counted are candidates, whatever their status, but for those removed
from the plan. Economic zones are containers: what lies in them is a candidate and knows that it
does. Parts of an area (`part_of`, not counted) are no candidates by themselves: their land is
land of the whole, which names them; where the parts are counted and the whole isn't, it is the
other way round.

Each measure has a value where one is known, and the interval of all that it may be: the same
point for a known figure, what the account assumes for unknown land
(:class:`geo.account.Assumptions`), the tolerance of both positions for a distance, everything
for what isn't known at all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from data._errors import UnknownNameError
from data._frames import rows
from data.criteria import MEASURES, TARGETS
from data.criteria import measures as measure_entries
from data.trades import trade as trade_of
from geo._ground import ACTIVE
from geo._siting_rules import Inside, Sentence, Verdict, hardest, judge
from geo.account import Assumptions, Part, land_of
from geo.distances import STRAIGHT_LINE, distance_table, nearest, to_points
from geo.membership import named_communes
from geo.tolerances import position_tolerance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from data.criteria import Place
    from data.trades import Trade
    from geo.figures import Figure
    from geo.snapshot import Snapshot
    from geo.states import AreaState

KINDS: Final = ("industrial_park", "industrial_cluster", "high_tech_park")
# Scales of 0 to 1 are the product's own judgement; `data/presets.yaml` tells them to the user.
READINESS: Final = {"operating": 1.0, "under_construction": 0.6, "established": 0.3, "planned": 0.0}
WASTEWATER: Final = {"yes": 1.0, "under_construction": 0.5, "no": 0.0}
IN_ZONE, IN_PROVINCE, NOT_NAMED, ELSEWHERE, HELD_BACK = 1.0, 0.75, 0.5, 0.25, 0.0
# What the documents say of a trade, what goes first standing first.
_POLICY: Final = {
    "trade_in_area": IN_ZONE,
    "trade_in_zone": IN_ZONE,
    "trade_elsewhere": ELSEWHERE,
    "trade_in_province": IN_PROVINCE,
    "trade_not_named": NOT_NAMED,
}
_SCALE = (0.0, 1.0)
_ANY = (0.0, math.inf)
_M_PER_KM = 1_000.0


@dataclass(frozen=True)
class Measured:
    """One measure of a place.

    Attributes
    ----------
    value
        None where it isn't known, or only an interval is.
    low, high
        Between what it lies; infinite where it has no bound.
    as_of, basis, sources
        Of the figure it rests on: `basis` is one of :data:`data.vocabulary.BASES`,
        "straight_line", "assumed" (an interval from assumed land), "table" (a fact of the area)
        or "document"; `sources` are ids of `sources.csv`.
    code
        How it came about, or why it isn't known: known | range | lower_bound | assumed |
        unknown | rate_too_old | position_unknown | no_target | trade_missing | anchor_missing |
        zone_unknown | communes_shared.
    params
        Of a distance `target_id`, `target_vi`, `target_en`, `tolerance_km`, `position`; of the
        policy `sentences`; of assumed land `total_ha`, `nature`, `rate_pct`, and
        `reported_pct`, `reported_as_of` of a rate that is too old to fix it.
    """

    measure: str
    value: float | None
    low: float
    high: float
    unit: str
    as_of: str = ""
    basis: str = ""
    sources: tuple[str, ...] = ()
    code: str = "known"
    params: Mapping[str, Any] = field(default_factory=dict)


class Anchor(NamedTuple):
    """A place to be near to: WGS 84 degrees and the class of its position."""

    lon: float
    lat: float
    position: str = "surveyed"
    area_id: str = ""
    name_vi: str = ""
    name_en: str = ""


@dataclass(frozen=True)
class Candidate:
    """A park or cluster with its measures, by key; `siting` is the verdict for the trade."""

    area_id: str
    province: str
    name_vi: str
    name_en: str
    kind: str
    status: str | None
    status_as_of: str
    supply: str
    zones: tuple[str, ...]
    within: str
    parts: tuple[str, ...]
    position: str
    lon: float | None
    lat: float | None
    sources: tuple[str, ...]
    measured: Mapping[str, Measured]
    siting: Verdict | None = None


def find_anchor(snapshots: Iterable[Snapshot], anchor: str | Place | None) -> Anchor | None:
    """Place of an anchor; None where none is given.

    Parameters
    ----------
    snapshots
        Provinces in one of which an area of that id lies.
    anchor
        Id of an area, or a place.

    Raises
    ------
    data._errors.UnknownNameError
        There is no such area, or its position isn't known.
    """
    if anchor is None:
        return None
    if not isinstance(anchor, str):
        return Anchor(anchor.lon, anchor.lat)
    for snapshot in snapshots:
        if anchor in snapshot.areas.index:
            row: Any = snapshot.areas.loc[anchor]
            if row["geometry"] is None:
                msg = f"the position of {anchor!r} isn't known"
                raise UnknownNameError(msg)
            at = row["geometry"].representative_point()
            return Anchor(at.x, at.y, row["position"], anchor, row["name_vi"], row["name_en"] or "")
    msg = f"no area {anchor!r}"
    raise UnknownNameError(msg)


def candidates(
    snapshot: Snapshot,
    *,
    trade: str | None = None,
    anchor: Anchor | None = None,
    distances: pd.DataFrame | None = None,
    assume: Assumptions | None = None,
) -> tuple[Candidate, ...]:
    """Give the places of a province that may be ranked, with all their measures.

    Parameters
    ----------
    snapshot
        Province on a date.
    trade
        Industry tag for the policy; unknown where None.
    anchor
        From :func:`find_anchor`.
    distances
        From :func:`geo.distances.distance_table`, which doesn't depend on the date; made here
        where None.
    assume
        What unknown land may be.

    Raises
    ------
    data._errors.UnknownNameError
        There is no such trade.
    """
    wanted = trade_of(trade) if trade else None
    if distances is None:
        distances = distance_table(snapshot.areas, snapshot.facts)
    near = _nearest(distances, snapshot)
    areas = snapshot.areas
    zones = _economic_zones(snapshot)
    chosen = areas[areas["kind"].isin(KINDS) & areas["counted"] & (areas["status"] != "removed")]
    parts: dict[str, list[str]] = {}
    for area_id, whole in areas["part_of"].items():
        if whole:
            parts.setdefault(str(whole), []).append(str(area_id))
    found = []
    for area in rows(chosen):
        point = None if area.geometry is None else area.geometry.representative_point()
        policy, siting = _policy(snapshot, area, wanted)
        measured = (
            *_land(snapshot, snapshot.states[area.Index], assume or Assumptions()),
            _rent(snapshot.states[area.Index]),
            _fact("readiness", READINESS, area.status, area.status_as_of, area.source_ids),
            _fact("wastewater", WASTEWATER, area.wastewater, "", area.source_ids),
            _in_economic_zone(snapshot, area, zones),
            policy,
            _to_anchor(area, point, anchor),
            *(
                near.get((area.Index, target), _far(target, placed=point is not None))
                for target in TARGETS
            ),
        )
        found.append(
            Candidate(
                area_id=str(area.Index),
                province=snapshot.resolution.province,
                name_vi=area.name_vi,
                name_en=area.name_en or "",
                kind=area.kind,
                status=area.status or None,
                status_as_of=area.status_as_of,
                supply=area.supply,
                zones=tuple(part["zone_key"] for part in area.zones),
                within=area.within,
                parts=tuple(parts.get(area.Index, ())),
                position=area.position,
                lon=None if point is None else point.x,
                lat=None if point is None else point.y,
                sources=area.source_ids,
                measured={one.measure: one for one in measured},
                siting=siting,
            ),
        )
    return tuple(found)


def _unit(measure: str) -> str:
    return next(entry.unit for key, entry in measure_entries().items() if key == measure)


def _measured(
    measure: str,
    value: float | None,
    bounds: tuple[float, float] | None = None,
    /,
    **fields: Any,  # noqa: ANN401
) -> Measured:
    at = math.nan if value is None else value
    low, high = bounds or (at, at)
    return Measured(measure, value, low, high, _unit(measure), **fields)


def _of_figure(measure: str, figure: Figure, **fields: Any) -> Measured:  # noqa: ANN401
    """Give a figure as a measure: the number as printed, as the account takes it.

    Only a sum of some parts is a lower bound and no value; "over", "nearly" and "about" say how
    the source rounded, and stand in `params`.
    """
    known = figure.how != "lower_bound"
    given: dict[str, Any] = {
        "as_of": figure.as_of,
        "basis": figure.basis,
        "sources": figure.sources,
        "code": "known" if known else "lower_bound",
        "params": {
            "how": figure.how,
            "nature": figure.nature,
            "note": figure.note,
            "qualifier": figure.qualifier,
        },
    }
    bounds = (figure.value, figure.value if known else math.inf)
    return _measured(measure, figure.value if known else None, bounds, **(given | fields))


def _land(snapshot: Snapshot, state: AreaState, assume: Assumptions) -> tuple[Measured, ...]:
    """Available land, total area and fill rate; of the pipeline as it is planned."""
    total, occupancy = state.pipeline_total, state.occupancy
    # Land to come is bounded by the plan, as land that is there by its survey.
    land = land_of(
        Part(replace(state, total=total), 1.0, assumed=False, counts_here=True),
        snapshot.as_of,
        assume,
    )
    rate = occupancy.rate
    fixed = rate is not None and land is not None and land.least_rate == land.most_rate
    if occupancy.available is not None:
        available = _of_figure("available_ha", occupancy.available)
    elif land is None:
        available = _measured("available_ha", None, _ANY, code="unknown")
    else:
        rests = [
            figure
            for figure in (occupancy.leasable or total, rate if fixed else None)
            if figure is not None
        ]
        available = _measured(
            "available_ha",
            None,
            (land.least_ha * (1 - land.most_rate), land.most_ha * (1 - land.least_rate)),
            as_of=rests[0].as_of if rests else "",
            basis="assumed",
            sources=tuple(dict.fromkeys(source for figure in rests for source in figure.sources)),
            code="assumed",
            params={
                "total_ha": total.value if total else None,
                "nature": total.nature if total else "",
                "rate_pct": rate.value if rate is not None and fixed else None,
                "reported_pct": rate.value if rate is not None and not fixed else None,
                "reported_as_of": rate.as_of if rate is not None and not fixed else "",
            },
        )
    if total is not None:
        size = _of_figure("total_area_ha", total)
    elif state.kind == "industrial_cluster":
        bounds = (assume.least_cluster_ha, assume.most_cluster_ha)
        size = _measured("total_area_ha", None, bounds, basis="assumed", code="assumed")
    else:
        size = _measured("total_area_ha", None, _ANY, code="unknown")
    full = (0.0, 100.0)
    if rate is None:
        filled = _measured("fill_rate_pct", None, full, code="unknown")
    elif fixed or occupancy.paired:
        filled = _of_figure("fill_rate_pct", rate)
    else:
        filled = replace(
            _of_figure("fill_rate_pct", rate, code="rate_too_old"),
            value=None,
            low=full[0],
            high=full[1],
            params={"reported_pct": rate.value, "reported_as_of": rate.as_of},
        )
    return available, size, filled


def _rent(state: AreaState) -> Measured:
    figure = state.figures.get("rent_usd_m2")
    if figure is not None:
        return _of_figure("rent_usd_m2", figure)
    least, most = (state.figures.get(f"rent_{end}_usd_m2") for end in ("min", "max"))
    given = least or most
    if given is None:
        return _measured("rent_usd_m2", None, _ANY, code="unknown")
    ends = [figure for figure in (least, most) if figure is not None]
    return _measured(
        "rent_usd_m2",
        None,
        (least.value if least else 0.0, most.value if most else math.inf),
        as_of=given.as_of,
        sources=tuple(dict.fromkeys(source for figure in ends for source in figure.sources)),
        basis=given.basis,
        code="range",
    )


def _fact(
    measure: str,
    scale: Mapping[str, float],
    cell: str | None,
    as_of: str,
    sources: tuple[str, ...],
) -> Measured:
    """Give a fact of the area on its scale."""
    if not cell:
        return _measured(measure, None, _SCALE, code="unknown")
    return _measured(
        measure, scale[cell], as_of=as_of, basis="table", sources=sources, params={"cell": cell}
    )


def _economic_zones(snapshot: Snapshot) -> dict[str, frozenset[str]]:
    """Give 2025 communes of which each established economic zone takes land, by its id."""
    areas = snapshot.areas
    zones = areas[(areas["kind"] == "economic_zone") & areas["status"].isin(ACTIVE)]
    return {str(zone.Index): _communes(snapshot, zone) for zone in rows(zones)}


def _in_economic_zone(
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
        return _measured(measure, inside, basis="table", sources=sources, params=params)
    communes = _communes(snapshot, area)
    shared = [key for key, taken in zones.items() if communes & taken]
    if shared or not communes:
        code = "communes_shared" if shared else "position_unknown"
        return _measured(measure, None, _SCALE, code=code, params={"area_ids": shared})
    return _measured(measure, 0.0, basis="table", sources=area.source_ids)


def _communes(snapshot: Snapshot, area: Any) -> frozenset[str]:  # noqa: ANN401
    """Give the 2025 communes that an area names."""
    _, units = named_communes(
        legacy_communes=area.legacy_communes,
        communes_2025=area.communes_2025,
        legacy_district=area.legacy_district,
        province=snapshot.resolution,
    )
    return frozenset(code for unit in units for code in unit)


def _policy(
    snapshot: Snapshot,
    area: Any,  # noqa: ANN401
    trade: Trade | None,
) -> tuple[Measured, Verdict | None]:
    """Tell what the documents say of the trade there, and the verdict of the siting check.

    Where the land of an area may lie in several zones, from the least to the most that they
    say; the verdict is then as :func:`geo.siting.check_site` gives it.
    """
    measure = "policy"
    if trade is None:
        return _measured(measure, None, _SCALE, code="trade_missing"), None
    groups = snapshot.zones["group"]
    keys = [part["zone_key"] for part in area.zones]
    keys = [key for key in keys if groups[key] == "base_partition"]
    if not keys:
        return _measured(measure, None, _SCALE, code="zone_unknown"), "cannot_tell"
    here = Inside(area.Index, area.kind, area.status or None, area.name_vi, area.name_en)
    around: Any = snapshot.areas.loc[[area.within]] if area.within else snapshot.areas.iloc[:0]
    wholes = [
        Inside(zone.Index, zone.kind, zone.status or None, zone.name_vi, zone.name_en)
        for zone in rows(around)
    ]
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
        held_back = first.code != "trade_elsewhere" and first.effect == "condition"
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
    found = _measured(measure, value, (low, high), basis="document", code=code, params=params)
    return found, verdict


def _to_anchor(area: Any, point: Any, anchor: Anchor | None) -> Measured:  # noqa: ANN401
    measure = "km_to_anchor"
    if anchor is None or point is None:
        code = "anchor_missing" if anchor is None else "position_unknown"
        return _measured(measure, None, _ANY, code=code)
    if area.Index == anchor.area_id:
        km = off = 0.0
    else:
        km = float(to_points([(point.x, point.y)], [(anchor.lon, anchor.lat)])[0, 0])
        places = (position_tolerance(area.position), position_tolerance(anchor.position))
        off = math.hypot(*places) / _M_PER_KM
    return _measured(
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


def _far(target: str, *, placed: bool) -> Measured:
    """Give the distance where there is nothing to measure from, or to."""
    code = "no_target" if placed else "position_unknown"
    return _measured(f"km_to_{target}", None, _ANY, code=code)


def _nearest(distances: pd.DataFrame, snapshot: Snapshot) -> dict[tuple[str, str], Measured]:
    """Distance to the nearest target in use of each type, by area and type.

    Which target is nearest may itself not be sure: the true distance lies between the least of
    distance less tolerance, and the least of distance plus tolerance, of all targets.
    """
    facts = snapshot.facts
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
    for row in rows(nearest(used)):
        key = (row.area_id, row.target_type)
        name_vi, name_en, as_of, sources = names[row.target_id]
        found[key] = _measured(
            f"km_to_{row.target_type}",
            row.distance_km,
            (lows[key], highs[key]),
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


def unknown_measures() -> dict[str, Measured]:
    """Give every measure as unknown: what a place of which nothing is known has."""
    bounds = {"scale": _SCALE, "%": (0.0, 100.0)}
    return {
        key: _measured(key, None, bounds.get(_unit(key), _ANY), code="unknown") for key in MEASURES
    }
