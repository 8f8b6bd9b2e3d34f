"""Rankings as plain records: what the command line prints, the exports carry and the page shows."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from data.criteria import measures
from geo.crs import WGS84
from geo.export import feature_collection, metadata
from geo.records import plain, sources_of
from geo.stability import FIRST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from data.criteria import CriteriaSet
    from geo.candidates import Candidate, Measured
    from geo.limits import Check
    from geo.ranking import Excluded, Ranked, Ranking
    from geo.snapshot import Snapshot

_PLACE = (
    "province",
    "name_vi",
    "name_en",
    "kind",
    "status",
    "status_as_of",
    "supply",
    "zones",
    "within",
    "parts",
    "position",
    "lon",
    "lat",
    "sources",
    "siting",
)


def _place(place: Candidate) -> dict[str, Any]:
    cells = {name: getattr(place, name) for name in _PLACE}
    return {"id": place.area_id} | {
        name: None if cell == "" else cell for name, cell in cells.items()
    }


def _measured(place: Candidate, names: Sequence[str]) -> dict[str, Any]:
    found: Mapping[str, Measured] = place.measured
    return {
        name: {key: cell for key, cell in asdict(found[name]).items() if key != "measure"}
        for name in names
    }


def asked_measures(criteria: CriteriaSet) -> tuple[str, ...]:
    """Measures that a set looks at: of its enabled criteria, then of its limits."""
    limits = criteria.limits
    of_limits = {
        "available_ha": limits.min_available_ha is not None,
        "wastewater": limits.wastewater,
        "in_economic_zone": limits.in_economic_zone,
        "policy": limits.encouraged,
        "rent_usd_m2": limits.max_rent_usd_m2 is not None,
    } | {f"km_to_{target}": True for target in limits.max_km}
    return tuple(
        dict.fromkeys(
            (
                *(one.measure for one in criteria.enabled),
                *(name for name, asked in of_limits.items() if asked),
            )
        )
    )


def ranked_record(row: Ranked, criteria: CriteriaSet) -> dict[str, Any]:
    """Give a ranked place as a plain record; None for unknown and for no bound."""
    record: dict[str, Any] = plain(
        {
            "rank": row.rank,
            **_place(row.place),
            "score": row.score,
            "score_low": row.score_low,
            "score_high": row.score_high,
            "score_middle": row.score_middle,
            "complete": row.complete,
            "rank_best": row.rank_best,
            "rank_worst": row.rank_worst,
            "stability": dict(row.stability),
            "verified": row.verified,
            "unsure": [asdict(check) for check in row.unsure],
            "contributions": [asdict(one) for one in row.contributions],
            "measured": _measured(row.place, asked_measures(criteria)),
        }
    )
    return record


def excluded_record(row: Excluded, criteria: CriteriaSet) -> dict[str, Any]:
    """Give an excluded place as a plain record, with all its reasons."""
    record: dict[str, Any] = plain(
        {
            "rank": None,
            **_place(row.place),
            "reasons": [asdict(check) for check in row.reasons],
            "unsure": [asdict(check) for check in row.unsure],
            "measured": _measured(row.place, asked_measures(criteria)),
        }
    )
    return record


def notes(criteria: CriteriaSet) -> list[str]:
    """Codes of what a ranking rests on; `layers/sites/ranking_text.py` has the words."""
    asked = asked_measures(criteria)
    near = any(name.startswith("km_to_") for name in asked)
    told = {
        "order": True,
        "own_judgement": criteria.why is not None,
        "straight_line": near,
        "nearest_listed": near,
        "land_not_one_plot": "available_ha" in asked,
        "assumed_land": "available_ha" in asked,
        "trade_missing": criteria.trade is None and "policy" in asked,
        "anchor_missing": criteria.anchor is None and "km_to_anchor" in asked,
    }
    return [code for code, here in told.items() if here]


def _criteria(criteria: CriteriaSet) -> dict[str, Any]:
    entries = {str(key): entry for key, entry in measures().items()}
    record = criteria.model_dump(mode="json", exclude={"trades", "limits"})
    for row in record["criteria"]:
        entry = entries[row["measure"]]
        row["title"] = row["title"] or entry.name.model_dump()
        row["unit"] = entry.unit
    return record


def _cited(ranking: Ranking) -> Iterator[str]:
    names = asked_measures(ranking.criteria)
    checks: list[Check] = []
    rows: tuple[Ranked | Excluded, ...] = (*ranking.ranked, *ranking.excluded)
    for row in rows:
        yield from row.place.sources
        checks += row.checks
        for name in names:
            yield from row.place.measured[name].sources
    for check in checks:
        yield from check.params["sources"]


def _head(ranking: Ranking, snapshots: Sequence[Snapshot]) -> dict[str, Any]:
    criteria = ranking.criteria
    cited = set(_cited(ranking))
    return {
        "trade": criteria.trade,
        "criteria": _criteria(criteria),
        "limits": criteria.limits.model_dump(mode="json"),
        "excluded_by": {key: dict(count) for key, count in ranking.excluded_by.items()},
        "stability": {
            "varied": "weights",
            "spread": ranking.spread,
            "draws": ranking.draws,
            "seed": ranking.seed,
            "first": FIRST,
        },
        "notes": notes(criteria),
        "sources": sources_of(snapshots[0], cited) if snapshots else {},
    }


def ranking_record(ranking: Ranking, snapshots: Sequence[Snapshot]) -> dict[str, Any]:
    """Give a ranking as a plain record.

    Parameters
    ----------
    ranking
        From :func:`geo.ranking.rank_provinces`.
    snapshots
        Of the same provinces.

    Returns
    -------
    dict
        `provinces`, `as_of`, `boundary_sources`, `trade`, `criteria`, `limits`, `ranked`,
        `excluded`, `excluded_by`, `stability`, `notes`, `sources`.
    """
    head = _head(ranking, snapshots)
    ends = {name: head.pop(name) for name in ("excluded_by", "stability", "notes", "sources")}
    return {
        "provinces": [snapshot.resolution.province for snapshot in snapshots],
        "as_of": snapshots[0].as_of.isoformat() if snapshots else None,
        "boundary_sources": {
            snapshot.resolution.province: snapshot.boundary_source.key for snapshot in snapshots
        },
        **head,
        "ranked": [ranked_record(row, ranking.criteria) for row in ranking.ranked],
        "excluded": [excluded_record(row, ranking.criteria) for row in ranking.excluded],
        **ends,
    }


def ranking_geojson(
    ranking: Ranking,
    snapshots: Sequence[Snapshot],
    *,
    lang: str = "vi",
    members: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Give a ranking as GeoJSON points, ranked places first, excluded ones with their reasons.

    A place whose position isn't known has a null geometry. `position` says how a point was
    found: only "surveyed" and "point" are the place's own.

    Parameters
    ----------
    lang
        "vi" or "en": language of `name` and of the metadata.
    members
        Properties to add, by id, such as reasons in words.
    """
    rows: tuple[Ranked | Excluded, ...] = (*ranking.ranked, *ranking.excluded)
    records = [
        *(ranked_record(row, ranking.criteria) for row in ranking.ranked),
        *(excluded_record(row, ranking.criteria) for row in ranking.excluded),
    ]
    points = gpd.GeoSeries.from_xy(
        [math.nan if row.place.lon is None else row.place.lon for row in rows],
        [math.nan if row.place.lat is None else row.place.lat for row in rows],
        crs=WGS84,
    )
    placed = pd.Series([row.place.lon is not None for row in rows], dtype=bool)
    frame = gpd.GeoDataFrame(geometry=points.where(placed, None), crs=WGS84)
    return feature_collection(
        frame,
        [
            {
                "name": record[f"name_{lang}"] or record["name_vi"],
                "excluded": record["rank"] is None,
                **record,
                **(members or {}).get(record["id"], {}),
            }
            for record in records
        ],
        identifier="id",
        metadata={
            "as_of": snapshots[0].as_of.isoformat() if snapshots else None,
            "lang": lang,
            "provinces": [metadata(snapshot, lang=lang) for snapshot in snapshots],
            **_head(ranking, snapshots),
        },
    )
