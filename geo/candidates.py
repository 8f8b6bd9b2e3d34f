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

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from data._errors import UnknownNameError
from data._frames import rows
from data.criteria import TARGETS
from data.trades import trade as trade_of
from geo._measured import READINESS, WASTEWATER, Measured, fact, land, rent
from geo._measured_where import (
    ELSEWHERE,
    HELD_BACK,
    IN_PROVINCE,
    IN_ZONE,
    NOT_NAMED,
    Anchor,
    as_inside,
    economic_zones,
    far,
    in_economic_zone,
    nearest,
    policy,
    to_anchor,
)
from geo.account import Assumptions
from geo.distances import distance_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from data.criteria import Place
    from geo._siting_rules import Verdict
    from geo.snapshot import Snapshot

__all__ = [
    "ELSEWHERE",
    "HELD_BACK",
    "IN_PROVINCE",
    "IN_ZONE",
    "NOT_NAMED",
    "Anchor",
    "Candidate",
    "Measured",
    "candidates",
    "find_anchor",
]

KINDS: Final = ("industrial_park", "industrial_cluster", "high_tech_park")


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
    data._errors.DataError
        The status or the wastewater plant of an area is outside the vocabulary.
    """
    wanted = trade_of(trade) if trade else None
    if distances is None:
        distances = distance_table(snapshot.areas, snapshot.facts)
    near = nearest(distances, snapshot)
    areas = snapshot.areas
    zones, seen = economic_zones(snapshot), as_inside(snapshot)
    chosen = areas[areas["kind"].isin(KINDS) & areas["counted"] & (areas["status"] != "removed")]
    parts: dict[str, list[str]] = {}
    for area_id, whole in areas["part_of"].items():
        if whole:
            parts.setdefault(str(whole), []).append(str(area_id))
    found = []
    for area in rows(chosen):
        point = None if area.geometry is None else area.geometry.representative_point()
        stance, siting = policy(snapshot, area, seen, wanted)
        known = (
            *land(snapshot.states[area.Index], snapshot.as_of, assume or Assumptions()),
            rent(snapshot.states[area.Index]),
            fact(
                "readiness",
                READINESS,
                area.status,
                area.status_as_of,
                area.source_ids,
                area_id=str(area.Index),
                column="status",
            ),
            fact(
                "wastewater",
                WASTEWATER,
                area.wastewater,
                "",
                area.source_ids,
                area_id=str(area.Index),
                column="wastewater",
            ),
            in_economic_zone(snapshot, area, zones),
            stance,
            to_anchor(area, point, anchor),
            *(
                near.get((area.Index, target), far(target, placed=point is not None))
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
                measured={one.measure: one for one in known},
                siting=siting,
            ),
        )
    return tuple(found)
