"""The edits of a scenario, each applied to facts in the making."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely
import shapely.geometry

from data._message import Message
from data.scenarios import (
    AddArea,
    AssumeLease,
    CloseArea,
    ExtendArea,
    SetDate,
    SetFigure,
    SetStatus,
)
from data.units import commune_2025
from geo.figures import LEASABLE, LEASED, RATE
from geo.occupancy import FULL_PCT
from geo.plots import BASES_OF_KIND
from geo.positions import footprints

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from data.scenarios import Edit
    from geo._scenario_draft import Draft
    from geo.figures import Figure
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


def take(draft: Draft, edit: Edit) -> None:
    """Apply one edit, or note what is wrong with it."""
    if isinstance(edit, AddArea):
        _add(draft, edit)
        return
    known = draft.areas["province_code"] == draft.resolution.code
    if edit.area_id not in draft.areas.index[known]:
        draft.refuse("area_id", edit.area_id, Message("an area of the province"))
        return
    counted = _counted_instead(draft, edit.area_id)
    if counted is not None and not isinstance(edit, SetFigure):
        found = Message("{area_id}, whose land is counted with others", area_id=edit.area_id)
        draft.refuse(
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
            _extend(draft, edit)
        case CloseArea():
            draft.change(edit.area_id, status="removed", status_as_of=draft.since(edit))
        case SetStatus():
            draft.change(edit.area_id, status=edit.status, status_as_of=draft.since(edit))
            _founded_by(draft, edit)
        case SetDate():
            _redate(draft, edit)
        case AssumeLease():
            _lease(draft, edit)
        case SetFigure():
            _set_figure(draft, edit)


def _counted_instead(draft: Draft, area_id: str) -> list[str] | None:
    """Areas with which the land of an area is counted; None where it is counted itself."""
    areas: Any = draft.areas
    if areas.loc[area_id, "counted"]:
        return None
    whole = areas.loc[area_id, "part_of"]
    while whole and not areas.loc[whole, "counted"]:
        whole = areas.loc[whole, "part_of"]
    parts = areas.index[(areas["part_of"] == area_id) & areas["counted"]]
    return [whole] if whole else list(parts)


def _founded_by(draft: Draft, edit: SetStatus) -> None:
    """Let an area be founded by the day on which it has a status that says so."""
    row: Any = draft.areas.loc[edit.area_id]
    year, day = row["established_year"], edit.date or draft.scenario.as_of
    if edit.status in {"operating", "under_construction", "established"} and (
        not pd.isna(year) and int(year) > day.year
    ):
        draft.change(edit.area_id, established_year=day.year)


def _redate(draft: Draft, edit: SetDate) -> None:
    if edit.established_year is not None:
        draft.change(edit.area_id, established_year=edit.established_year)
    if edit.operating_since is not None:
        begun = edit.operating_since <= draft.as_of
        status = "operating" if begun else "under_construction"
        since = edit.operating_since.isoformat() if begun else draft.since(edit)
        draft.change(edit.area_id, status=status, status_as_of=since)


def _add(draft: Draft, edit: AddArea) -> None:
    if edit.area_id in draft.areas.index:
        draft.refuse("id", edit.area_id, Message("an id that no area has"))
        return
    if edit.within is not None and (
        edit.within not in draft.areas.index
        or draft.areas.loc[edit.within, "kind"] != "economic_zone"
    ):
        draft.refuse("within", edit.within, Message("the id of an economic zone"))
    for name in edit.communes_2025:
        if commune_2025(name, draft.resolution.code) is None:
            draft.refuse(
                "communes_2025",
                name,
                Message("a commune of the province"),
            )
    total = edit.total_area_ha
    if edit.polygon is not None:
        shape = shapely.geometry.shape(edit.polygon)
        draft.outlines[edit.area_id] = shape
        total = total or draft.hectares(shape)
        if edit.leasable_ha is not None and edit.leasable_ha > total * (1.0 + _SLACK):
            expected = Message("at most the {total:.2f} ha of the polygon", total=total)
            draft.refuse(
                "leasable_ha",
                Message("{leasable_ha:g}", leasable_ha=edit.leasable_ha),
                expected,
            )
    draft.areas = pd.concat([draft.areas, _added_row(draft, edit)])
    # The status says whether the land is supply yet, so that a later edit may change it.
    note = "of an added area"
    if total is not None:
        draft.put(edit.area_id, TOTAL, total, note=note)
    if edit.leasable_ha is not None:
        basis = BASES_OF_KIND[edit.kind][0]
        draft.put(edit.area_id, LEASABLE, edit.leasable_ha, basis=basis, note=note)
        draft.put(edit.area_id, LEASED, edit.leased_ha, basis=basis, note=note)


def _added_row(draft: Draft, edit: AddArea) -> pd.DataFrame:
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
    cells = dict.fromkeys(draft.areas.columns, "") | empty
    cells |= {
        "province_code": draft.resolution.code,
        "kind": edit.kind,
        "name_vi": edit.name,
        "name_en": edit.name,
        "status": edit.status,
        "status_as_of": draft.since(edit),
        "counted": True,
        "within": edit.within or "",
        "communes_2025": edit.communes_2025,
        "source_ids": (draft.scenario.source_id,),
        "note": "; ".join(part for part in ("scenario: added, not a fact", edit.note) if part),
    }
    index = pd.Index([edit.area_id], name=draft.areas.index.name)
    columns = {name: pd.Series([cells[name]], index, object) for name in draft.areas.columns}
    return pd.DataFrame(columns).astype(draft.areas.dtypes.to_dict())


def _extend(draft: Draft, edit: ExtendArea) -> None:
    state = draft.state(edit.area_id)
    total = state.pipeline_total
    if total is None:
        draft.refuse(
            "area_id",
            Message("no total area of {area_id}", area_id=edit.area_id),
            Message("a set_figure of it before"),
        )
        return
    more = edit.hectares or 0.0
    if edit.polygon is not None:
        shape = shapely.geometry.shape(edit.polygon)
        more = _added_land(draft, edit.area_id, shape)
    land = total.value + more
    note = f"{total.value:g} ha and {more:.2f} ha more"
    draft.change(edit.area_id)
    sign = total.qualifier
    draft.put(edit.area_id, TOTAL, land, nature=total.nature, qualifier=sign, note=note)
    if edit.leasable_ha is None:
        return
    if edit.leasable_ha > more * (1.0 + _SLACK):
        expected = Message("at most the added {more:.2f} ha", more=more)
        draft.refuse(
            "leasable_ha", Message("{leasable_ha:g}", leasable_ha=edit.leasable_ha), expected
        )
        return
    pair = _pair(draft, state)
    if pair is None:
        return
    leased, leasable, basis = pair
    more, sign = leasable.value + edit.leasable_ha, leasable.qualifier
    note = f"{leasable.value:g} ha and {edit.leasable_ha:g} ha more"
    draft.put(edit.area_id, LEASABLE, more, basis=basis, qualifier=sign, note=note)
    draft.carry(edit.area_id, LEASED, leased, basis)


def _added_land(draft: Draft, area_id: str, shape: BaseGeometry) -> float:
    """Land of an extension outside of the area's outline, which grows by it."""
    known = draft.outlines.get(area_id)
    if known is None:
        surveyed = footprints(draft.base.outlines, draft.areas.loc[[area_id]], draft.resolution.crs)
        known = surveyed.geometry.iloc[0] if len(surveyed) else None
    if known is None:
        return draft.hectares(shape)
    whole = shapely.union(known, shape)
    draft.outlines[area_id] = whole
    return max(draft.hectares(whole) - draft.hectares(known), 0.0)


def _pair(draft: Draft, state: AreaState) -> tuple[Figure, Figure, str] | None:
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
        as_of=draft.as_of,
    )
    draft.refuse(
        "area_id",
        found,
        Message("set_figure of {leasable} and {leased} before", leasable=LEASABLE, leased=LEASED),
    )
    return None


def _lease(draft: Draft, edit: AssumeLease) -> None:
    pair = _pair(draft, draft.state(edit.area_id))
    if pair is None:
        return
    leased, leasable, basis = pair
    free = leasable.value - leased.value
    if edit.hectares > free * (1.0 + _SLACK) + _SLACK:
        expected = Message("at most the {free:.2f} ha that are leasable and not leased", free=free)
        draft.refuse("hectares", Message("{hectares:g}", hectares=edit.hectares), expected)
        return
    draft.change(edit.area_id)
    value = min(leased.value + edit.hectares, leasable.value)
    note = f"{leased.value:g} ha and {edit.hectares:g} ha more"
    # "Over 155 ha" and ten more are over 165 ha; all of the land is exactly that.
    sign = leased.qualifier if value < leasable.value else "="
    draft.put(edit.area_id, LEASED, value, basis=basis, qualifier=sign, note=note)
    draft.carry(edit.area_id, LEASABLE, leasable, basis)


def _set_figure(draft: Draft, edit: SetFigure) -> None:
    area_id, metric, value, note = edit.area_id, edit.metric, edit.value, edit.note or "set"
    draft.change(area_id)
    if metric not in {LEASABLE, LEASED, RATE}:
        if edit.basis is not None:
            draft.refuse(
                "basis", edit.basis, Message("nothing; {metric} has no basis", metric=metric)
            )
        draft.put(area_id, metric, value, note=note)
        return
    state = draft.state(area_id)
    known = state.occupancy
    own = known.rate.basis if known.paired and known.rate else None
    basis = edit.basis or own or BASES_OF_KIND.get(state.kind, ("reported",))[0]
    if metric == RATE:
        if value > FULL_PCT:
            draft.refuse("value", Message("{value:g}", value=value), Message("at most 100 %"))
            return
        if not known.paired or known.leasable is None:
            draft.put(area_id, RATE, value, basis=basis, note=note)
            return
        metric, value = LEASED, known.leasable.value * value / FULL_PCT
        note = f"{note}: {edit.value:g} % of {known.leasable.value:g} ha"
    partner = known.leased if metric == LEASABLE else known.leasable
    other = LEASED if metric == LEASABLE else LEASABLE
    if partner is not None and (known.paired or (area_id, other) in draft.figures):
        ends = {metric: value, other: partner.value}
        if ends[LEASED] > ends[LEASABLE] * (1.0 + _SLACK):
            expected = Message(
                "leased land of at most the leasable; {other} is {value:g}",
                other=other,
                value=partner.value,
            )
            draft.refuse("value", Message("{value:g}", value=value), expected)
            return
        draft.carry(area_id, other, partner, basis)
        draft.figures[area_id, other]["basis"] = basis
    draft.put(area_id, metric, value, basis=basis, note=note)
