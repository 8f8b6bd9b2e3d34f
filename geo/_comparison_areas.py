"""What is known of a park, a cluster or an economic zone, as cells of a comparison."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.vocabulary import METRICS
from geo._comparison_policy import both, cited, trades_cell, zone_policy
from geo._comparison_rows import Bilingual, Cell, Line, span
from geo._comparison_zones import (
    DISTANCE_LINES,
    POLICY_LINES,
    account_cells,
    boundary_cell,
    distance_cell,
    province_cell,
)
from geo.conditions import conditions
from geo.distances import distance_table, nearest
from geo.figures import public_name
from geo.tolerances import position_tolerance

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from geo.snapshot import Snapshot

MAIN: Final = ("fill_rate_pct", "available_ha", "leased_ha", "leasable_ha", "total_area_ha")
_LAND: Final = ("cleared_ha", "infrastructure_ha", "project_area_ha")
# What no area has more of than its total area.
_PARTS: Final = ("available_ha", "leased_ha", "leasable_ha", "cleared_ha", "infrastructure_ha")
_ROUNDED: Final = 0.005  # share of a total by which what was rounded may exceed it
_UNITS: Final = {public_name(metric): unit for metric, unit in METRICS.items()} | {
    "available_ha": "ha",
}
# Those of the law that can be told without a change being asked for.
_CONDITIONS: Final = (
    "establish_cluster",
    "cluster_area",
    "expand_cluster",
    "park_phases",
    "expand_economic_zone",
)
_CONDITION_LINES: Final = tuple(Line("condition", key, "code", always=False) for key in _CONDITIONS)
AREA_LINES: Final = (
    *(Line("land", metric, "number", _UNITS[metric]) for metric in MAIN),
    *(Line("land", metric, "number", "ha", always=False) for metric in _LAND),
    *(
        Line("business", metric, "number", unit, always=False)
        for metric, unit in _UNITS.items()
        if metric not in MAIN + _LAND
    ),
    Line("status", "kind", "code"),
    Line("status", "province", "texts"),
    Line("status", "status", "code"),
    Line("status", "supply_reason", "code"),
    Line("status", "established_year", "number", "year"),
    Line("status", "developer", "texts"),
    Line("status", "decision", "texts"),
    Line("status", "wastewater", "code"),
    Line("status", "industries", "codes"),
    Line("status", "part_of", "texts", always=False),
    Line("status", "within", "texts", always=False),
    Line("status", "communes_2025", "texts"),
    Line("status", "legacy_district", "texts", always=False),
    *DISTANCE_LINES,
    Line("policy", "base_zones", "texts"),
    Line("policy", "overlays", "texts", always=False),
    Line("policy", "named", "texts", always=False),
    Line("policy", "named_encouraged", "codes", always=False),
    *POLICY_LINES,
    *_CONDITION_LINES,
    Line("quality", "figures_known", "number", "count"),
    Line("quality", "conflicts", "number", "count"),
    Line("quality", "conflicting_metrics", "codes", always=False),
    Line("quality", "position", "code"),
    Line("quality", "position_tolerance_km", "number", "km"),
    Line("quality", "boundaries", "texts"),
)


def areas_cells(shot: Snapshot, ids: Sequence[str]) -> dict[str, dict[str, Cell]]:
    """Give the cells of areas of one province, by id and by the keys of `AREA_LINES`."""
    distances = _distances(shot, ids)
    return {key: _area_cells(shot, key, distances.get(key, {})) for key in ids}


def _area_cells(shot: Snapshot, area_id: str, distances: Mapping[str, Cell]) -> dict[str, Cell]:
    lacking = Cell(reason="none_in_tables" if distances else "position_unknown")
    area = shot.areas.loc[[area_id]].drop(columns="geometry").to_dict("records")[0]
    return {
        **_figures(shot, area_id),
        **_identity(shot, area),
        **{line.key: distances.get(line.key, lacking) for line in DISTANCE_LINES},
        **_policy(shot, area_id, area),
        **_conditions(shot, area_id),
        **_quality(shot, area_id),
    }


def _figures(shot: Snapshot, area_id: str) -> dict[str, Cell]:
    """Give the figures of an area; those of an economic zone are of the areas in it."""
    found = {
        metric: Cell(
            float(figure.value),
            as_of=figure.as_of,
            basis=(figure.basis,) if figure.basis else (),
            sources=figure.sources,
            low=float(figure.value) if figure.how == "lower_bound" else None,
            qualifier=figure.qualifier,
            nature=figure.nature,
            how=figure.how,
            note=figure.note,
        )
        for metric, figure in shot.states[area_id].figures.items()
    }
    lacking = Cell(reason="no_data")
    result = {metric: found.get(metric, lacking) for metric in _UNITS}
    result |= {metric: _own(result[metric], result) for metric in _PARTS}
    zones = shot.zones.index[shot.zones["area_id"] == area_id]
    for zone in zones:
        cells = account_cells(shot, str(zone))
        for metric in MAIN[:4]:
            if not result[metric].known:
                result[metric] = _of_members(cells[metric])
    return result


def _own(part: Cell, figures: Mapping[str, Cell]) -> Cell:
    """Mark a number that is more than the total area: then it isn't of the area itself."""
    total, project = figures["total_area_ha"], figures["project_area_ha"]
    whole = span(total)[1] * (1 + _ROUNDED)
    if total.qualifier == "~" or span(part)[0] <= whole or not isinstance(total.value, float):
        return part
    if isinstance(project.value, float) and span(part)[0] <= project.value:
        return replace(part, beyond=(total.value, project.value))
    return replace(part, beyond=(total.value,))


def _of_members(cell: Cell) -> Cell:
    return replace(cell, how="members") if cell.known else cell


def _texts(values: Iterable[Any]) -> tuple[Bilingual, ...]:
    return tuple(Bilingual(str(value), str(value)) for value in values if value)


def _name(shot: Snapshot, key: str) -> tuple[Bilingual, ...]:
    if not key:
        return ()
    if key not in shot.areas.index:
        return _texts([key])
    area = shot.areas.loc[key]
    return (Bilingual(str(area["name_vi"]), str(area["name_en"] or area["name_vi"])),)


def _identity(shot: Snapshot, area: Mapping[Hashable, Any]) -> dict[str, Cell]:
    def stated(value: Any, *, without: str = "no_data", **more: Any) -> Cell:  # noqa: ANN401
        """Make a cell of what the tables say of the area itself."""
        if value in (None, "", ()):
            return Cell(reason=without)
        return Cell(value, **more)

    year = area["established_year"]
    status = area["status"]
    return {
        # What is stated of an area rests on the same sources; they are named once.
        "kind": Cell(str(area["kind"]), sources=tuple(area["source_ids"])),
        "province": province_cell(shot),
        "status": stated(
            status if isinstance(status, str) else None, as_of=str(area["status_as_of"])
        ),
        "supply_reason": Cell(str(area["supply_reason"])),
        "established_year": stated(None if pd.isna(year) else float(year)),
        "developer": stated(_texts([area["developer"]])),
        "decision": stated(_texts(area["decision"])),
        "wastewater": stated(area["wastewater"]),
        "industries": stated(tuple(sorted(area["industries"]))),
        "part_of": stated(_name(shot, area["part_of"]), without="none"),
        "within": stated(_name(shot, area["within"]), without="none"),
        "communes_2025": stated(_texts(area["communes_2025"])),
        "legacy_district": stated(_texts(area["legacy_district"])),
    }


def _distances(shot: Snapshot, ids: Sequence[str]) -> dict[str, dict[str, Cell]]:
    """Give the nearest of each type, by area; an area without position isn't in it."""
    placed = shot.areas.loc[list(ids)]
    placed = placed[placed.geometry.notna()]
    found: dict[str, dict[str, Cell]] = {}
    if not placed.empty:
        table = nearest(distance_table(placed, shot.facts)).rename(columns={"target_id": "id"})
        for row in table.to_dict("records"):
            cell = distance_cell(row, shot.facts)
            found.setdefault(row["area_id"], {})[row["target_type"]] = cell
    return found


def _policy(shot: Snapshot, area_id: str, area: Mapping[Hashable, Any]) -> dict[str, Cell]:
    resolution = shot.resolution
    keys = [str(item["zone_key"]) for item in area["zones"]]
    shares = {str(item["zone_key"]): item for item in area["zones"]}
    base = [key for key in keys if shot.zones.loc[key, "group"] == "base_partition"]
    over = [key for key in keys if key not in base]
    zones = {key: resolution.zone(key) for key in keys}
    named = [one for one in resolution.named_areas if one.area_id == area_id]

    def names(of: list[str], *, without: str = "no_data") -> Cell:
        if not of:
            return Cell(reason=without)
        return Cell(
            tuple(both(zones[key].name) for key in of),
            citations=cited(resolution, (one for key in of for one in zones[key].citations)),
            how="assumed_share" if any(shares[key]["assumed"] for key in of) else "",
        )

    wanted = [industry for one in named for industry in one.industries]
    return {
        "base_zones": names(base),
        "overlays": names(over, without="none"),
        "named": Cell(
            tuple(both(one.text) for one in named),
            citations=cited(resolution, (item for one in named for item in one.citations)),
            reason="" if named else "not_stated",
        ),
        "named_encouraged": trades_cell(resolution, wanted, wanted=True),
        **zone_policy(resolution, [zones[key] for key in base]),
    }


def _conditions(shot: Snapshot, area_id: str) -> dict[str, Cell]:
    """Give the verdict of each condition: of the whole where it has several rules."""
    found = dict.fromkeys(_CONDITIONS, Cell(reason="other_kind"))
    by_key: dict[str, list[dict[Hashable, Any]]] = {}
    for row in conditions(shot, area_id=area_id).to_dict("records"):
        if row["condition"] in found and row["in_force"]:
            by_key.setdefault(row["condition"], []).append(row)
    for key, rows in by_key.items():
        wholes = [row for row in rows if row["rule_id"] is None] or rows
        verdicts = {row["verdict"] for row in wholes}
        place = f"{wholes[0]['document']}, {wholes[0]['article']}"
        found[key] = Cell(
            # Territories of one cluster that differ allow no one answer.
            verdicts.pop() if len(verdicts) == 1 else "cannot_tell",
            as_of=shot.as_of.isoformat(),
            citations=(Bilingual(place, place),),
            how="indicator" if wholes[0]["standing"] == "indicator" else "",
        )
    return found


def _quality(shot: Snapshot, area_id: str) -> dict[str, Cell]:
    area, state = shot.areas.loc[area_id], shot.states[area_id]
    metrics = {public_name(item.observation.metric) for item in state.conflicts}
    tolerance = position_tolerance(str(area["position"]))
    return {
        "figures_known": Cell(float(sum(metric in state.figures for metric in MAIN))),
        "conflicts": Cell(float(len(state.conflicts))),
        "conflicting_metrics": Cell(tuple(sorted(metrics)), reason="" if metrics else "none"),
        "position": Cell(str(area["position"])),
        "position_tolerance_km": (
            Cell(reason="position_unknown") if pd.isna(tolerance) else Cell(tolerance / 1_000.0)
        ),
        "boundaries": boundary_cell(shot),
    }
