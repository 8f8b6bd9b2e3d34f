"""What is known of an orientation zone, as cells of a comparison."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.vocabulary import KINDS, NODE_TYPES, ROAD_CLASSES
from geo._comparison_policy import zone_policy
from geo._comparison_rows import Bilingual, Cell, Line
from geo.crs import WGS84
from geo.distances import STRAIGHT_LINE
from geo.records import rate_sources
from geo.tolerances import NODE_M, ROAD_M, boundary_tolerance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.facts import Facts
    from geo.snapshot import Snapshot

DISTANCE_LINES: Final = tuple(
    Line("distance", key, "number", "km", always=False) for key in (*ROAD_CLASSES, *NODE_TYPES)
)
POLICY_LINES: Final = (
    Line("policy", "purpose", "texts"),
    Line("policy", "encouraged", "codes"),
    Line("policy", "held_back", "codes", always=False),
    Line("policy", "encouraged_province", "codes"),
    Line("policy", "held_back_province", "codes", always=False),
    Line("policy", "siting_rules", "texts"),
)
ZONE_LINES: Final = (
    Line("land", "fill_rate_pct", "number", "%"),
    Line("land", "available_ha", "number", "ha"),
    Line("land", "leased_ha", "number", "ha"),
    Line("land", "leasable_ha", "number", "ha"),
    Line("land", "total_area_ha", "number", "ha"),
    Line("land", "pipeline_ha", "number", "ha"),
    Line("land", "zone_area_ha", "number", "ha"),
    Line("status", "group", "code"),
    Line("status", "province", "texts"),
    Line("status", "areas_count", "number", "count"),
    *(Line("status", kind, "number", "count", always=False) for kind in KINDS),
    Line("status", "communes_count", "number", "count"),
    *DISTANCE_LINES,
    *POLICY_LINES,
    Line("quality", "areas_with_figures", "number", "count"),
    Line("quality", "coverage_count_pct", "number", "%"),
    Line("quality", "coverage_land_pct", "number", "%"),
    Line("quality", "newest_as_of", "date"),
    Line("quality", "conflicts", "number", "count"),
    Line("quality", "mixed_communes", "number", "count"),
    Line("quality", "boundaries", "texts"),
)
_KM: Final = 1_000.0


def zone_cells(shot: Snapshot, key: str) -> dict[str, Cell]:
    """Give the cells of a zone, by the keys of `ZONE_LINES`."""
    zone = shot.zones.loc[key]
    return {
        **account_cells(shot, key),
        "zone_area_ha": _number(zone["zone_area_ha"], reason="no_data"),
        "group": Cell(str(zone["group"])),
        "province": province_cell(shot),
        "areas_count": _number(zone["areas_count"]),
        **{kind: _number(zone["areas_by_kind"].get(kind, 0)) for kind in KINDS},
        "communes_count": _number(len(zone["communes"])),
        **_distances(shot, key),
        **zone_policy(shot.resolution, [shot.resolution.zone(key)]),
        "areas_with_figures": _number(zone["areas_with_figures"]),
        "coverage_count_pct": _number(zone["coverage_count_pct"], reason="no_areas"),
        "coverage_land_pct": _number(
            zone["coverage_land_pct"],
            reason="no_data" if zone["areas_count"] else "no_areas",
        ),
        "newest_as_of": Cell(
            zone["newest_as_of"] or None,
            reason="" if zone["newest_as_of"] else "no_data",
        ),
        "conflicts": _number(_conflicts(shot, key)),
        "mixed_communes": _number(len(zone["mixed_communes"])),
        "boundaries": boundary_cell(shot),
    }


def province_cell(shot: Snapshot) -> Cell:
    """Give the name of the province."""
    name = shot.resolution.name
    return Cell((Bilingual(name.vi, name.en),))


def boundary_cell(shot: Snapshot) -> Cell:
    """Give the boundaries in use."""
    source = shot.boundary_source
    return Cell((Bilingual(source.name_vi, source.name_en),), as_of=source.as_of)


def account_cells(shot: Snapshot, key: str) -> dict[str, Cell]:
    """Give the figures of a zone's account: known part and the interval it is sure to lie in."""
    zone = shot.zones.loc[[key]].to_dict("records")[0]
    unknown = "no_data" if zone["areas_count"] else "no_areas"
    pedigree: dict[str, Any] = {
        "as_of": zone["newest_as_of"],
        "oldest": "" if zone["oldest_as_of"] == zone["newest_as_of"] else zone["oldest_as_of"],
        "basis": tuple(zone["fill_rate_bases"]),
        "sources": tuple(rate_sources(shot)[key]),
    }
    assumed = any(reason["code"] == "assumed_share" for reason in zone["reasons"])
    complete = zone["areas_with_figures"] == zone["areas_count"]
    rate = _interval(zone, "fill_rate_pct", "fill_rate_min_pct", "fill_rate_max_pct")
    if rate["value"] is None:
        reported = _interval(zone, "fill_rate_pct", "reported_min_pct", "reported_max_pct")
        rate = reported | {"how": "reported_rates"} if reported["low"] is not None else _NOTHING
    available = _interval(zone, "available_ha", "available_min_ha", "available_max_ha")
    found = {"fill_rate_pct": pedigree | rate, "available_ha": pedigree | available}
    for field in ("leased_ha", "leasable_ha"):
        found[field] = pedigree | _sum(zone[field], complete=complete, assumed=assumed)
    found["total_area_ha"] = _sum(
        zone["total_area_ha"],
        complete=zone["areas_without_total"] == 0,
        assumed=assumed,
    )
    # Areas of the pipeline whose size isn't known aren't counted by the account.
    planned = zone["pipeline_ha"]
    found["pipeline_ha"] = _sum(planned, complete=planned == 0.0, assumed=assumed)
    return {
        field: cell if cell.known else Cell(reason=unknown)
        for field, values in found.items()
        for cell in [Cell(**values)]
    }


_NOTHING: Final[dict[str, Any]] = {"value": None, "low": None, "high": None}


def _finite(value: Any) -> float | None:  # noqa: ANN401
    return float(value) if value is not None and math.isfinite(value) else None


def _number(value: Any, *, reason: str = "") -> Cell:  # noqa: ANN401
    found = _finite(value)
    return Cell(found, reason=reason if found is None else "")


def _interval(zone: Mapping[Any, Any], value: str, low: str, high: str) -> dict[str, Any]:
    """Value with its bounds; without them it is the known part of an open interval."""
    found = {"value": _finite(zone[value]), "low": _finite(zone[low]), "high": _finite(zone[high])}
    if found["value"] is not None and found["low"] is None:
        return found | {"low": 0.0, "how": "known_part"}
    return found


def _sum(value: Any, *, complete: bool, assumed: bool) -> dict[str, Any]:  # noqa: ANN401
    """Sum of what is known: at least it, and nothing sure where shares are assumed."""
    found = _finite(value)
    if found is None or (complete and not assumed):
        return {"value": found}
    return {"value": found, "low": 0.0 if assumed else found, "how": "known_part"}


def _conflicts(shot: Snapshot, key: str) -> int:
    inside = {
        str(area)
        for area, zones in shot.areas["zones"].items()
        if any(zone["zone_key"] == key for zone in zones)
    }
    return int(shot.conflicts["area_id"].isin(inside).sum())


def _distances(shot: Snapshot, key: str) -> dict[str, Cell]:
    """Straight lines from the outline of a zone, 0 inside it.

    They are measured in the province's own zone of VN-2000, whose scale is off by less than
    0.1 % within 150 km of it, far below the tolerances.
    """
    outline = shot.zones.loc[[key]].geometry.to_crs(shot.resolution.crs).iloc[0]
    if outline is None or outline.is_empty:
        return {line.key: Cell(reason="position_unknown") for line in DISTANCE_LINES}
    targets = _targets(shot.facts)
    metres = shapely.distance(outline, targets.geometry.to_crs(shot.resolution.crs).to_numpy())
    edge = boundary_tolerance(shot.boundary_source.key, shot.resolution.province)
    targets = targets.assign(
        distance_km=np.asarray(metres) / _KM,
        tolerance_km=np.hypot(targets["off"], edge) / _KM,
    )
    nearest = targets.sort_values(["distance_km", "id"], kind="stable").drop_duplicates("type")
    found = {row["type"]: distance_cell(row, shot.facts) for row in nearest.to_dict("records")}
    lacking = Cell(reason="none_in_tables")
    return {line.key: found.get(line.key, lacking) for line in DISTANCE_LINES}


def _targets(facts: Facts) -> gpd.GeoDataFrame:
    """Nodes and roads in use as points and lines."""
    nodes = facts.nodes[
        facts.nodes[["lon", "lat"]].notna().all(axis=1) & (facts.nodes["status"] == "in_use")
    ]
    points = facts.road_waypoints.dropna(subset=["lon", "lat"])
    lines = {
        str(road): part[["lon", "lat"]].to_numpy()
        for road, part in points.groupby("road_id", sort=False)
    }
    in_use = facts.roads.index[facts.roads["status"] == "in_use"]
    roads = facts.roads.loc[[road for road in in_use if len(lines.get(str(road), ())) > 1]]
    geometry = [
        *gpd.points_from_xy(nodes["lon"], nodes["lat"]),
        *(shapely.linestrings(lines[str(road)]) for road in roads.index),
    ]
    frame = pd.DataFrame(
        {
            "id": [*nodes.index, *roads.index],
            "type": [*nodes["type"], *roads["class"]],
            "off": [*nodes["method"].map(NODE_M), *([ROAD_M] * len(roads))],
        },
    )
    return gpd.GeoDataFrame(frame, geometry=geometry, crs=WGS84)


def distance_cell(row: Mapping[Any, Any], facts: Facts) -> Cell:
    """Make the cell of a distance to a node or a road.

    Parameters
    ----------
    row
        With `id` of the target, `distance_km` and `tolerance_km`.
    """
    target, distance = row["id"], float(row["distance_km"])
    tolerance = float(row["tolerance_km"])
    road = target in facts.roads.index
    of = (facts.roads if road else facts.nodes).loc[target]
    names = ("road_name_vi", "road_name_en") if road else ("name_vi", "name_en")
    return Cell(
        distance,
        low=max(distance - tolerance, 0.0),
        high=distance + tolerance,
        as_of=str(of["as_of"]) if road else "",
        basis=(STRAIGHT_LINE,),
        sources=tuple(of["source_ids"]),
        name=Bilingual(str(of[names[0]]), str(of[names[1]])),
        note=str(of["note"] if road else of["capacity_note"]),
    )
