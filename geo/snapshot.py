"""A province on a date: zones with their account, areas with their figures, all with pedigree."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from data._errors import DataError
from data._frames import rows
from data.boundaries.outlines import load_outlines
from data.facts import load_facts
from data.resolutions import check_references, load_resolution
from data.vocabulary import METRICS
from geo._registers import Known, observations
from geo.account import Assumptions, Part, account
from geo.figures import Figure, public_name
from geo.membership import NO_ZONE, allocate
from geo.plot_register import PlotRegister
from geo.positions import footprints, locate, no_footprints
from geo.states import OCCUPANCY_METRICS, area_states
from geo.zones import compile_zones

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from data.boundaries import BoundarySource
    from data.facts import Facts
    from data.resolutions import Resolution
    from geo.figures import Observation
    from geo.states import AreaState

PROVINCE_TOTAL = "province_total"


@dataclass(frozen=True)
class Province:
    """What doesn't depend on the date: facts, outlines, positions and shares of one province."""

    resolution: Resolution
    facts: Facts
    boundary_source: BoundarySource
    communes: gpd.GeoDataFrame
    zones: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame
    shares: pd.DataFrame
    observations: Mapping[str, tuple[Observation, ...]]
    footprints: gpd.GeoDataFrame = field(default_factory=no_footprints)
    register: PlotRegister | None = None


@dataclass(frozen=True)
class Snapshot:
    """A province on a date.

    Attributes
    ----------
    zones : GeoDataFrame
        EPSG:4326, indexed by `zone_key`, base partition first: names, `group`,
        `zone_area_ha`, the fields of :func:`geo.account.account`, `communes`,
        `mixed_communes`, outline.
    total : Series
        The same fields for the province; areas without a zone are in it.
    areas : GeoDataFrame
        EPSG:4326, indexed by id, Point or None: the facts of the area, `status` and `supply`
        on the date, `position`, `zones` (keys with shares) and the main figures as numbers;
        `total_area_ha` is measured where the area is present, else it may be planned.
    figures : DataFrame
        One row a figure: `area_id` and the fields of :class:`geo.figures.Figure`.
    conflicts : DataFrame
        Observations that were set aside for one of the figures, and the `rule` that did it.
    states, observations : dict
        What the frames are made of, by area id.
    footprints : GeoDataFrame
        Outlines of areas, from :func:`geo.positions.footprints`.
    register : PlotRegister
        Plots and leases of the province, looked through once for all dates.
    """

    resolution: Resolution
    facts: Facts
    boundary_source: BoundarySource
    as_of: dt.date
    zones: gpd.GeoDataFrame
    total: pd.Series
    areas: gpd.GeoDataFrame
    figures: pd.DataFrame
    conflicts: pd.DataFrame
    states: Mapping[str, AreaState]
    observations: Mapping[str, tuple[Observation, ...]]
    footprints: gpd.GeoDataFrame = field(default_factory=no_footprints)
    register: PlotRegister | None = None


def load_province(
    province: str,
    *,
    facts: Facts | None = None,
    boundaries: str | None = None,
) -> Province:
    """Load a province and compile what doesn't depend on the date.

    Parameters
    ----------
    province
        Key, "nghe-an".
    facts
        Fact tables; those of the package where None.
    boundaries
        "bundled", "official" or the path of a file with the communes; where None, official
        ones if they were fetched or imported, else bundled.

    Raises
    ------
    data._errors.DataError
        A table, resolution or boundary file is broken; all findings are in it.
    data._errors.UnknownNameError
        There is no such province.
    """
    resolution = load_resolution(province)
    facts = facts or load_facts()
    if findings := check_references(
        resolution,
        area_ids=facts.areas.index,
        source_ids=facts.sources.index,
    ):
        raise DataError(findings)
    outlines = load_outlines(resolution.code, boundaries)
    zones = compile_zones(resolution, outlines.communes)
    areas = facts.areas[facts.areas["province_code"] == resolution.code]
    surveyed = footprints(facts.outlines, areas, resolution.crs)
    register = PlotRegister(facts, areas.index, resolution.crs)
    return Province(
        resolution=resolution,
        facts=facts,
        boundary_source=outlines.source,
        communes=outlines.communes,
        zones=zones,
        areas=gpd.GeoDataFrame(
            areas.join(locate(areas, resolution, surveyed)),
            geometry="geometry",
        ),
        shares=allocate(areas, zones, resolution, surveyed),
        observations=observations(facts, areas, resolution.crs, register=register),
        footprints=surveyed,
        register=register,
    )


def with_facts(province: Province, facts: Facts) -> Province:
    """Give a province with other facts, by the same rules as :func:`load_province`, but quicker.

    Boundaries and zones are kept, positions and shares of the areas whose place is stated as
    before, and the observations of those of which the facts say nothing else.

    Parameters
    ----------
    province
        From :func:`load_province`.
    facts
        Such as those of a scenario, from :func:`geo.scenarios.apply`.
    """
    resolution = province.resolution
    areas = facts.areas[facts.areas["province_code"] == resolution.code]
    known = Known(province.facts, province.areas, province.observations)
    register = province.register
    if register is None or not register.fits(facts, areas.index):
        register = PlotRegister(facts, areas.index, resolution.crs, before=register)
    other = replace(
        province,
        facts=facts,
        observations=observations(facts, areas, resolution.crs, before=known, register=register),
        register=register,
    )
    same_outlines = facts.outlines is province.facts.outlines
    if facts.areas is province.facts.areas and same_outlines:
        return other
    same_areas = areas.index.equals(province.areas.index)
    surveyed = (
        province.footprints
        if same_areas and same_outlines
        else footprints(facts.outlines, areas, resolution.crs)
    )
    return _placed(other, areas, surveyed)


def _placed(province: Province, areas: pd.DataFrame, surveyed: gpd.GeoDataFrame) -> Province:
    """Give a province with other areas, located and allocated where they aren't as they were."""
    resolution = province.resolution
    moved = areas.loc[_moved(province, areas, surveyed)]
    if moved.empty and areas.index.equals(province.areas.index):
        places = province.areas[["position", "geometry"]]
        located = gpd.GeoDataFrame(areas.join(places), geometry="geometry", crs=places.crs)
        return replace(province, areas=located, footprints=surveyed)
    outlines = surveyed[surveyed.index.isin(moved.index)]
    kept = province.areas.loc[areas.index.difference(moved.index), ["position", "geometry"]]
    found = [places for places in (kept, locate(moved, resolution, outlines)) if len(places)]
    places = pd.concat(found).loc[areas.index]
    shares = pd.concat(
        [
            province.shares[province.shares["area_id"].isin(kept.index)],
            allocate(moved, province.zones, resolution, outlines),
        ],
    )
    rank = {key: at for at, key in enumerate(areas.index)}
    return replace(
        province,
        areas=gpd.GeoDataFrame(areas.join(places), geometry="geometry", crs=places.crs),
        shares=shares.sort_values("area_id", key=lambda ids: ids.map(rank), kind="stable")
        .reset_index(drop=True)
        .astype(province.shares.dtypes),
        footprints=surveyed,
    )


_PLACE = ("legacy_district", "legacy_communes", "communes_2025", "lat", "lon", "within")


def _moved(province: Province, areas: pd.DataFrame, surveyed: gpd.GeoDataFrame) -> list[str]:
    """Areas whose position or shares may differ from those that the province has."""
    before = {row.Index: row for row in rows(province.areas[list(_PLACE)].fillna(math.inf))}
    outlines, now = (
        {row.Index: (row.position, row.geometry) for row in rows(each[["position", "geometry"]])}
        for each in (province.footprints, surveyed)
    )
    return [
        row.Index
        for row in rows(areas[list(_PLACE)].fillna(math.inf))
        if before.get(row.Index) != row or outlines.get(row.Index) != now.get(row.Index)
    ]


def snapshot(
    province: Province,
    as_of: dt.date,
    *,
    assume: Assumptions | None = None,
) -> Snapshot:
    """Account of a province on a date.

    Parameters
    ----------
    province
        From :func:`load_province`.
    as_of
        No observation later than it is used.
    assume
        What unknown figures may be, for the bounds.
    """
    states = area_states(province.areas, province.observations, as_of)
    parts = parts_by_zone(province, states)
    accounts = {key: account(parts.get(key, ()), as_of, assume) for key in province.zones.index}
    everything = [Part(state, 1.0, assumed=False, counts_here=True) for state in states.values()]
    total = account(everything, as_of, assume)
    zone_area = _zone_areas(province, states)
    zones = province.zones.drop(columns="geometry_area_ha").copy()
    zones.insert(3, "zone_area_ha", zone_area)
    for name in total:
        zones[name] = _column([row[name] for row in accounts.values()], zones.index)
    base = province.zones["group"] == "base_partition"
    return Snapshot(
        resolution=province.resolution,
        facts=province.facts,
        boundary_source=province.boundary_source,
        as_of=as_of,
        zones=zones,
        total=pd.Series(
            {
                "name_vi": province.resolution.name.vi,
                "name_en": province.resolution.name.en,
                "group": "province",
                "zone_area_ha": float(province.zones.loc[base, "geometry_area_ha"].sum()),
                **{key: math.nan if value is None else value for key, value in total.items()},
            },
            name=PROVINCE_TOTAL,
        ),
        areas=_area_frame(province, states),
        figures=_figure_frame(states),
        conflicts=_conflict_frame(states),
        states=states,
        observations=province.observations,
        footprints=province.footprints,
        register=province.register,
    )


def parts_by_zone(
    province: Province,
    states: Mapping[str, AreaState],
) -> dict[str, list[Part]]:
    """Areas by zone, each with its state and its share there.

    In the base partition an area counts in the zone with most of it; of an overlay it counts
    where at least half of it lies there.

    Parameters
    ----------
    province
        From :func:`load_province`.
    states
        State of every area, by id.

    Returns
    -------
    dict
        Zone key to its areas; a zone without areas isn't in it.
    """
    parts: dict[str, list[Part]] = {}
    order = {key: rank for rank, key in enumerate(province.zones.index)}
    splits: dict[tuple[str, str], list[Any]] = {}
    for row in rows(province.shares):
        if row.zone_key not in NO_ZONE:
            splits.setdefault((row.area_id, row.group), []).append(row)
    for (area_id, group), split in splits.items():
        shares = sorted(split, key=lambda row: (-row.share, order[row.zone_key]))
        for rank, row in enumerate(shares):
            # Zones of a partition share an area; overlays each hold it by themselves.
            counts = rank == 0 if group == "base_partition" else row.share >= 0.5  # noqa: PLR2004
            parts.setdefault(row.zone_key, []).append(
                Part(states[area_id], row.share, assumed=row.assumed, counts_here=counts),
            )
    return parts


def _zone_areas(
    province: Province,
    states: Mapping[str, AreaState],
) -> pd.Series:
    """Area of each zone: measured from its outline, or as stated for an economic zone."""
    areas = province.zones["geometry_area_ha"].copy()
    for key, area_id in province.zones["area_id"].items():
        if area_id:
            stated = states[area_id].figures.get("total_area_ha")
            areas[str(key)] = stated.value if stated else math.nan
    return areas


def _column(values: list[Any], index: pd.Index) -> pd.Series:
    if any(isinstance(value, list | dict | str) for value in values):
        return pd.Series(values, index=index, dtype=object)
    if all(isinstance(value, int) for value in values):
        return pd.Series(values, index=index, dtype="int64")
    return pd.Series(
        [math.nan if value is None else value for value in values],
        index=index,
        dtype="float64",
    )


def _area_frame(
    province: Province,
    states: Mapping[str, AreaState],
) -> gpd.GeoDataFrame:
    areas = province.areas.copy()
    shares: dict[str, list[dict[str, Any]]] = {}
    for row in rows(province.shares[~province.shares["zone_key"].isin(NO_ZONE)]):
        shares.setdefault(row.area_id, []).append(
            {"zone_key": row.zone_key, "share": row.share, "assumed": bool(row.assumed)},
        )
    areas["status"] = pd.Series([state.status for state in states.values()], areas.index, object)
    areas["status_as_of"] = [state.status_as_of for state in states.values()]
    areas["supply"] = [state.supply for state in states.values()]
    areas["supply_reason"] = [state.supply_reason for state in states.values()]
    areas["zones"] = pd.Series([shares.get(key, []) for key in areas.index], index=areas.index)

    # A plan is the total of what isn't there yet; the account of present land leaves it out.
    totals = [
        state.total if state.supply == "present" else state.pipeline_total
        for state in states.values()
    ]
    areas["total_area_ha"] = [figure.value if figure else math.nan for figure in totals]
    for metric in OCCUPANCY_METRICS:
        areas[metric] = [
            figure.value if (figure := state.figures.get(metric)) else math.nan
            for state in states.values()
        ]
    areas["paired"] = [state.occupancy.paired for state in states.values()]
    return areas


def _figure_frame(states: Mapping[str, AreaState]) -> pd.DataFrame:
    columns = ["area_id", *Figure.__dataclass_fields__]
    return pd.DataFrame(
        [
            {"area_id": state.area_id, **vars(figure), "metric": metric}
            for state in states.values()
            for metric, figure in state.figures.items()
        ],
        columns=columns,
    )


def _conflict_frame(states: Mapping[str, AreaState]) -> pd.DataFrame:
    columns = ["area_id", "metric", "value", "unit", "as_of", "basis", "qualifier", "sources"]
    return pd.DataFrame(
        [
            {
                "area_id": state.area_id,
                "metric": public_name(item.observation.metric),
                "value": item.observation.value,
                "unit": METRICS[item.observation.metric],
                "as_of": item.observation.as_of,
                "basis": item.observation.basis,
                "qualifier": item.observation.qualifier,
                "sources": (item.observation.source,),
                "note": item.observation.note,
                "rule": item.rule,
            }
            for state in states.values()
            for item in state.conflicts
        ],
        columns=[*columns, "note", "rule"],
    )
