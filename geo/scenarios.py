"""Scenarios applied: the present with what is assumed, as facts that say that they are assumed.

A scenario is a clone: the facts that it starts from stay as they are. What it assumes enters as
rows whose source is the scenario, dated with the day that it is looked at, and everything else,
zones, targets, conditions of the law, is worked out by the code that works on facts. An edit
whose own date is later than that day hasn't happened yet.

Where an edit changes one figure of a pair, the other is carried to the same day, so that the
pair stays one (design: leased and leasable land belong together within 12 months).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd

from data._errors import DataError, Finding
from data._message import Message
from data.resolutions import load_resolution
from geo._scenario_draft import Draft
from geo._scenario_edits import take
from geo.crs import WGS84
from geo.differences import difference, difference_records
from geo.export import feature_collection, metadata
from geo.records import area_records, plain
from geo.snapshot import snapshot, with_facts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from data.facts import Facts
    from data.resolutions import Resolution
    from data.scenarios import Scenario
    from geo.figures import Observation
    from geo.snapshot import Province, Snapshot


def apply(
    facts: Facts,
    scenario: Scenario,
    *,
    resolution: Resolution | None = None,
    as_of: dt.date | None = None,
    observations: Mapping[str, tuple[Observation, ...]] | None = None,
) -> Facts:
    """Facts as they would be in a scenario.

    Parameters
    ----------
    facts
        The present; not changed.
    scenario
        Its edits, applied in order.
    resolution
        Of the scenario's province; loaded where None.
    as_of
        The day that is looked at; the scenario's own where None.
    observations
        `Province.observations` of these facts where they are at hand; the same without, slower.

    Returns
    -------
    Facts
        With the rows that the scenario assumes, all with the source `scenario.source_id`.

    Raises
    ------
    DataError
        An edit can't be applied; each finding names the edit, its field, what was found and what
        is expected.
    """
    draft = Draft(
        facts,
        scenario,
        resolution or load_resolution(scenario.province),
        as_of or scenario.as_of,
        observations_before=observations or {},
    )
    for number, edit in enumerate(scenario.edits, start=1):
        if (edit.date or scenario.as_of) <= draft.as_of:
            draft.number, draft.kind = number, edit.edit
            take(draft, edit)
    if draft.findings:
        raise DataError(draft.findings)
    return draft.facts()


def run(province: Province, scenario: Scenario, as_of: dt.date | None = None) -> Snapshot:
    """Account of a province in a scenario; no boundary is read again.

    Parameters
    ----------
    province
        The present, from :func:`geo.snapshot.load_province`.
    scenario
        Of this province.
    as_of
        The day that is looked at; the scenario's own where None.

    Raises
    ------
    DataError
        As :func:`apply`.
    """
    day = as_of or scenario.as_of
    if scenario.province != province.resolution.province:
        found = scenario.province
        expected = Message("{province}", province=province.resolution.province)
        raise DataError([Finding(scenario.id, "", "province", found, expected)])
    assumed = apply(
        province.facts,
        scenario,
        resolution=province.resolution,
        as_of=day,
        observations=province.observations,
    )
    return snapshot(with_facts(province, assumed), day)


def scenario_geojson(
    scenario: Scenario,
    base: Snapshot,
    other: Snapshot,
    *,
    lang: str = "vi",
) -> dict[str, Any]:
    """Areas that a scenario touches as GeoJSON, with its edits and what they change.

    Parameters
    ----------
    scenario
        What is assumed.
    base, other
        The present and the scenario on one day, from :func:`geo.snapshot.snapshot` and
        :func:`run`.
    lang
        "vi" or "en": language of `name` and of the metadata.

    Returns
    -------
    dict
        A FeatureCollection: a feature for each area that an edit names, a polygon where one is
        drawn or surveyed, else its point or null, with its record in the scenario (`assumed`
        true) and `before`, its record without. `metadata` has the scenario itself with its
        edits, and `difference`, the rows of :func:`geo.differences.difference` that changed.
    """
    named = dict.fromkeys(edit.area_id for edit in scenario.edits)
    touched = [area_id for area_id in named if area_id in other.areas.index]
    before = {record["id"]: record for record in area_records(base)}
    records = [
        {
            "name": record[f"name_{lang}"] or record["name_vi"],
            "assumed": True,
            "scenario": scenario.id,
            **record,
            "before": before.get(record["id"]),
        }
        for record in area_records(other)
        if record["id"] in touched
    ]
    order = [str(record["id"]) for record in records]
    shapes = other.areas.geometry.to_dict() | other.footprints.geometry.to_dict()
    frame = gpd.GeoDataFrame(
        geometry=gpd.GeoSeries([shapes[key] for key in order], index=order, crs=WGS84),
    )
    changed = difference(base, other)
    return feature_collection(
        frame,
        records,
        identifier="id",
        metadata={
            **metadata(other, lang=lang),
            "assumed": True,
            "scenario": scenario.model_dump(mode="json"),
            "difference": plain(difference_records(changed[changed["changed"]])),
        },
    )
