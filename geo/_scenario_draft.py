"""Facts in the making: what the edits of a scenario have changed so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from data._errors import Finding
from data.scenarios import edit_place
from geo._registers import with_registers
from geo.crs import WGS84, area_ha
from geo.figures import read_observations
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

    def hectares(self, shape: BaseGeometry) -> float:
        return float(area_ha(gpd.GeoSeries([shape], crs=WGS84), self.resolution.crs).iloc[0])

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
