"""Facts in the making: the edits of a scenario, applied one after the other."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely
import shapely.geometry

from data._errors import Finding
from data._message import Message
from data.scenarios import (
    AddArea,
    AssumeLease,
    CloseArea,
    ExtendArea,
    SetDate,
    SetFigure,
    SetStatus,
    edit_place,
)
from data.units import commune_2025
from geo._registers import with_registers
from geo.crs import WGS84, area_ha
from geo.figures import LEASABLE, LEASED, RATE, read_observations
from geo.occupancy import FULL_PCT
from geo.plots import BASES_OF_KIND
from geo.positions import footprints
from geo.states import area_states

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry

    from data.facts import Facts
    from data.resolutions import Resolution
    from data.scenarios import Edit, Scenario
    from geo.figures import Figure, Observation
    from geo.states import AreaState

TOTAL = "total_area_ha"
_SLACK = 1e-9
# What is missing of the pair.
_LACKS = {
    (): Message("matching leased and leasable"),
    ("leasable",): Message("leasable"),
    ("leased",): Message("leased"),
    ("leasable", "leased"): Message("leasable and leased"),
}


@dataclass
class Draft:
    """Facts in the making: what the edits so far have changed, and what was wrong with them."""

    base: Facts
    scenario: Scenario
    resolution: Resolution
    as_of: dt.date
    areas: pd.DataFrame = field(init=False)
    figures: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    outlines: dict[str, BaseGeometry] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    observations_before: Mapping[str, tuple[Observation, ...]] = field(default_factory=dict)
    """Of the base by area, where they are known; they serve where no edit has touched an area."""
    number: int = 0
    kind: str = ""

    def __post_init__(self) -> None:
        self.areas = self.base.areas.copy()

    def refuse(self, name: str, found: str, expected: str) -> None:
        row = edit_place(self.number, self.kind)
        self.findings.append(Finding(self.scenario.id, row, name, found, expected))

    def take(self, edit: Edit) -> None:
        """Apply one edit, or note what is wrong with it."""
        if isinstance(edit, AddArea):
            self.add(edit)
            return
        known = self.areas["province_code"] == self.resolution.code
        if edit.area_id not in self.areas.index[known]:
            self.refuse("area_id", edit.area_id, Message("an area of the province"))
            return
        counted = self.counted_instead(edit.area_id)
        if counted is not None and not isinstance(edit, SetFigure):
            found = Message("{area_id}, whose land is counted with others", area_id=edit.area_id)
            self.refuse(
                "area_id",
                found,
                Message(
                    "one that is counted: {areas}",
                    areas=", ".join(counted) or Message("none"),
                ),
            )
            return
        match edit:
            case ExtendArea():
                self.extend(edit)
            case CloseArea():
                self.change(edit.area_id, status="removed", status_as_of=self.since(edit))
            case SetStatus():
                self.change(edit.area_id, status=edit.status, status_as_of=self.since(edit))
                self.founded_by(edit)
            case SetDate():
                self.redate(edit)
            case AssumeLease():
                self.lease(edit)
            case SetFigure():
                self.set_figure(edit)

    def counted_instead(self, area_id: str) -> list[str] | None:
        """Areas with which the land of an area is counted; None where it is counted itself."""
        areas: Any = self.areas
        if areas.loc[area_id, "counted"]:
            return None
        whole = areas.loc[area_id, "part_of"]
        while whole and not areas.loc[whole, "counted"]:
            whole = areas.loc[whole, "part_of"]
        parts = areas.index[(areas["part_of"] == area_id) & areas["counted"]]
        return [whole] if whole else list(parts)

    def since(self, edit: Edit) -> str:
        return (edit.date or self.scenario.as_of).isoformat()

    def change(self, area_id: str, **cells: object) -> None:
        """Change cells of an area, and say that a scenario did."""
        row: Any = self.areas.loc[area_id]
        cited = [*row["source_ids"], self.scenario.source_id]
        for name, value in (*cells.items(), ("source_ids", tuple(dict.fromkeys(cited)))):
            column = self.areas[name].astype(object).to_dict() | {area_id: value}
            values = pd.Series(list(column.values()), self.areas.index, object)
            self.areas[name] = values.astype(self.areas[name].dtype)

    def founded_by(self, edit: SetStatus) -> None:
        """Let an area be founded by the day on which it has a status that says so."""
        row: Any = self.areas.loc[edit.area_id]
        year, day = row["established_year"], edit.date or self.scenario.as_of
        if edit.status in {"operating", "under_construction", "established"} and (
            not pd.isna(year) and int(year) > day.year
        ):
            self.change(edit.area_id, established_year=day.year)

    def redate(self, edit: SetDate) -> None:
        if edit.established_year is not None:
            self.change(edit.area_id, established_year=edit.established_year)
        if edit.operating_since is not None:
            begun = edit.operating_since <= self.as_of
            status = "operating" if begun else "under_construction"
            since = edit.operating_since.isoformat() if begun else self.since(edit)
            self.change(edit.area_id, status=status, status_as_of=since)

    def put(
        self,
        area_id: str,
        metric: str,
        value: float,
        *,
        basis: str = "",
        nature: str = "measured",
        qualifier: str = "=",
        note: str,
    ) -> None:
        """Assume a figure; a later edit of the same figure goes before an earlier one."""
        self.figures[area_id, metric] = {
            "area_id": area_id,
            "as_of": self.as_of.isoformat(),
            "metric": metric,
            "value": float(value),
            "qualifier": qualifier,
            "basis": basis,
            "scope": "whole",
            "nature": nature,
            "source_id": self.scenario.source_id,
            "note": f"scenario: {note}",
            "file": self.scenario.source_id,
            "line": self.number,
        }

    def carry(self, area_id: str, metric: str, figure: Figure, basis: str) -> None:
        """Restate a figure of the present on the day of the scenario, beside its new partner."""
        if (area_id, metric) not in self.figures:
            cited = ", ".join(figure.sources)
            note = f"as of {figure.as_of or 'no date'} ({cited}), carried to the scenario's day"
            self.put(
                area_id,
                metric,
                figure.value,
                basis=basis,
                qualifier=figure.qualifier,
                note=note,
            )

    def state(self, area_id: str) -> AreaState:
        """State of an area with the edits so far."""
        family = [area_id]
        for whole in family:
            family += [str(key) for key in self.areas.index[self.areas["part_of"] == whole]]
        areas = self.areas.loc[family]
        if self.observations_before and not {area for area, _ in self.figures} & set(family):
            return area_states(areas, self.observations_before, self.as_of)[area_id]
        own = self.base.observations
        given = replace(
            self.base,
            observations=self.observations(own[own["area_id"].isin(family)]),
            sources=self.sources(),
        )
        stated = read_observations(given.observations, given.sources)
        items = with_registers(stated, given, areas, self.resolution.crs)
        return area_states(areas, items, self.as_of)[area_id]

    def observations(self, base: pd.DataFrame) -> pd.DataFrame:
        if not self.figures:
            return base
        first = int(self.base.observations["row"].max()) + 1
        rows = [
            {**figure, "row": row} for row, figure in enumerate(self.figures.values(), start=first)
        ]
        added = pd.DataFrame(rows, columns=list(base.columns)).astype(base.dtypes.to_dict())
        return pd.concat([base, added], ignore_index=True)

    def sources(self) -> pd.DataFrame:
        row = {
            "title": self.scenario.name,
            "publisher": "scenario (assumed)",
            "url": "",
            "date": self.as_of.isoformat(),
            "date_note": "the day that the scenario is looked at",
        }
        base = self.base.sources
        added = pd.DataFrame([row], index=pd.Index([self.scenario.source_id], name=base.index.name))
        added = added.reindex(columns=base.columns, fill_value="").astype(base.dtypes.to_dict())
        return pd.concat([base.drop(self.scenario.source_id, errors="ignore"), added])

    def add(self, edit: AddArea) -> None:
        if edit.area_id in self.areas.index:
            self.refuse("id", edit.area_id, Message("an id that no area has"))
            return
        if edit.within is not None and (
            edit.within not in self.areas.index
            or self.areas.loc[edit.within, "kind"] != "economic_zone"
        ):
            self.refuse("within", edit.within, Message("the id of an economic zone"))
        for name in edit.communes_2025:
            if commune_2025(name, self.resolution.code) is None:
                self.refuse(
                    "communes_2025",
                    name,
                    Message("a commune of the province"),
                )
        total = edit.total_area_ha
        if edit.polygon is not None:
            shape = shapely.geometry.shape(edit.polygon)
            self.outlines[edit.area_id] = shape
            total = total or self.hectares(shape)
            if edit.leasable_ha is not None and edit.leasable_ha > total * (1.0 + _SLACK):
                expected = Message("at most the {total:.2f} ha of the polygon", total=total)
                self.refuse(
                    "leasable_ha",
                    Message("{leasable_ha:g}", leasable_ha=edit.leasable_ha),
                    expected,
                )
        self.areas = pd.concat([self.areas, self.row(edit)])
        # The status says whether the land is supply yet, so that a later edit may change it.
        note = "of an added area"
        if total is not None:
            self.put(edit.area_id, TOTAL, total, note=note)
        if edit.leasable_ha is not None:
            basis = BASES_OF_KIND[edit.kind][0]
            self.put(edit.area_id, LEASABLE, edit.leasable_ha, basis=basis, note=note)
            self.put(edit.area_id, LEASED, edit.leased_ha, basis=basis, note=note)

    def row(self, edit: AddArea) -> pd.DataFrame:
        empty: dict[str, Any] = {
            "established_year": pd.NA,
            "wastewater_m3_day": math.nan,
            "lat": math.nan,
            "lon": math.nan,
            "legacy_district": (),
            "legacy_communes": (),
            "decision": (),
            "industries": (),
        }
        cells = dict.fromkeys(self.areas.columns, "") | empty
        cells |= {
            "province_code": self.resolution.code,
            "kind": edit.kind,
            "name_vi": edit.name,
            "name_en": edit.name,
            "status": edit.status,
            "status_as_of": self.since(edit),
            "counted": True,
            "within": edit.within or "",
            "communes_2025": edit.communes_2025,
            "source_ids": (self.scenario.source_id,),
            "note": "; ".join(part for part in ("scenario: added, not a fact", edit.note) if part),
        }
        index = pd.Index([edit.area_id], name=self.areas.index.name)
        columns = {name: pd.Series([cells[name]], index, object) for name in self.areas.columns}
        return pd.DataFrame(columns).astype(self.areas.dtypes.to_dict())

    def hectares(self, shape: BaseGeometry) -> float:
        return float(area_ha(gpd.GeoSeries([shape], crs=WGS84), self.resolution.crs).iloc[0])

    def extend(self, edit: ExtendArea) -> None:
        state = self.state(edit.area_id)
        total = state.pipeline_total
        if total is None:
            self.refuse(
                "area_id",
                Message("no total area of {area_id}", area_id=edit.area_id),
                Message("a set_figure of it before"),
            )
            return
        more = edit.hectares or 0.0
        if edit.polygon is not None:
            shape = shapely.geometry.shape(edit.polygon)
            more = self.added_land(edit.area_id, shape)
        land = total.value + more
        note = f"{total.value:g} ha and {more:.2f} ha more"
        self.change(edit.area_id)
        self.put(edit.area_id, TOTAL, land, nature=total.nature, note=note)
        if edit.leasable_ha is None:
            return
        if edit.leasable_ha > more * (1.0 + _SLACK):
            expected = Message("at most the added {more:.2f} ha", more=more)
            self.refuse(
                "leasable_ha", Message("{leasable_ha:g}", leasable_ha=edit.leasable_ha), expected
            )
            return
        pair = self.pair(state)
        if pair is None:
            return
        leased, leasable, basis = pair
        note = f"{leasable.value:g} ha and {edit.leasable_ha:g} ha more"
        self.put(edit.area_id, LEASABLE, leasable.value + edit.leasable_ha, basis=basis, note=note)
        self.carry(edit.area_id, LEASED, leased, basis)

    def added_land(self, area_id: str, shape: BaseGeometry) -> float:
        """Land of an extension outside of the area's outline, which grows by it."""
        known = self.outlines.get(area_id)
        if known is None:
            surveyed = footprints(
                self.base.outlines, self.areas.loc[[area_id]], self.resolution.crs
            )
            known = surveyed.geometry.iloc[0] if len(surveyed) else None
        if known is None:
            return self.hectares(shape)
        whole = shapely.union(known, shape)
        self.outlines[area_id] = whole
        return max(self.hectares(whole) - self.hectares(known), 0.0)

    def pair(self, state: AreaState) -> tuple[Figure, Figure, str] | None:
        """Leased and leasable land of an area with their basis, or say what lacks."""
        known = state.occupancy
        if known.paired and known.leased and known.leasable and known.rate:
            return known.leased, known.leasable, known.rate.basis
        lacks = [name for name in ("leasable", "leased") if getattr(known, name) is None]
        lack = _LACKS[tuple(lacks)]
        found = Message(
            "no {lack} land of {area_id} on {as_of}",
            lack=lack,
            area_id=state.area_id,
            as_of=self.as_of,
        )
        self.refuse(
            "area_id",
            found,
            Message(
                "set_figure of {leasable} and {leased} before", leasable=LEASABLE, leased=LEASED
            ),
        )
        return None

    def lease(self, edit: AssumeLease) -> None:
        pair = self.pair(self.state(edit.area_id))
        if pair is None:
            return
        leased, leasable, basis = pair
        free = leasable.value - leased.value
        if edit.hectares > free * (1.0 + _SLACK) + _SLACK:
            expected = Message(
                "at most the {free:.2f} ha that are leasable and not leased", free=free
            )
            self.refuse("hectares", Message("{hectares:g}", hectares=edit.hectares), expected)
            return
        self.change(edit.area_id)
        value = min(leased.value + edit.hectares, leasable.value)
        note = f"{leased.value:g} ha and {edit.hectares:g} ha more"
        self.put(edit.area_id, LEASED, value, basis=basis, note=note)
        self.carry(edit.area_id, LEASABLE, leasable, basis)

    def set_figure(self, edit: SetFigure) -> None:
        area_id, metric, value, note = edit.area_id, edit.metric, edit.value, edit.note or "set"
        self.change(area_id)
        if metric not in {LEASABLE, LEASED, RATE}:
            if edit.basis is not None:
                self.refuse(
                    "basis", edit.basis, Message("nothing; {metric} has no basis", metric=metric)
                )
            self.put(area_id, metric, value, note=note)
            return
        state = self.state(area_id)
        known = state.occupancy
        own = known.rate.basis if known.paired and known.rate else None
        basis = edit.basis or own or BASES_OF_KIND.get(state.kind, ("reported",))[0]
        if metric == RATE:
            if value > FULL_PCT:
                self.refuse("value", Message("{value:g}", value=value), Message("at most 100 %"))
                return
            if not known.paired or known.leasable is None:
                self.put(area_id, RATE, value, basis=basis, note=note)
                return
            metric, value = LEASED, known.leasable.value * value / FULL_PCT
            note = f"{note}: {edit.value:g} % of {known.leasable.value:g} ha"
        partner = known.leased if metric == LEASABLE else known.leasable
        other = LEASED if metric == LEASABLE else LEASABLE
        if partner is not None and (known.paired or (area_id, other) in self.figures):
            ends = {metric: value, other: partner.value}
            if ends[LEASED] > ends[LEASABLE] * (1.0 + _SLACK):
                expected = Message(
                    "leased land of at most the leasable; {other} is {value:g}",
                    other=other,
                    value=partner.value,
                )
                self.refuse("value", Message("{value:g}", value=value), expected)
                return
            self.carry(area_id, other, partner, basis)
            self.figures[area_id, other]["basis"] = basis
        self.put(area_id, metric, value, basis=basis, note=note)

    def facts(self) -> Facts:
        drawn = self.base.outlines
        if self.outlines:
            keys = list(self.outlines)
            rows = gpd.GeoDataFrame(
                {
                    "area_id": keys,
                    "as_of": self.as_of.isoformat(),
                    "source_id": self.scenario.source_id,
                    "note": "scenario: drawn, not surveyed",
                },
                geometry=gpd.GeoSeries(list(self.outlines.values()), crs=WGS84),
            )
            drawn = pd.concat([drawn, rows], ignore_index=True) if len(drawn) else rows
        return replace(
            self.base,
            areas=self.areas,
            observations=self.observations(self.base.observations),
            sources=self.sources(),
            outlines=drawn,
        )
