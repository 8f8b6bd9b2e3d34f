"""Results to take away: GeoJSON after RFC 7946, CSV, and files that are whole or not there.

WGS 84, right-hand rule, `bbox`, at most 7 decimals, no `crs` member. A `metadata` member says
for which province and date the file speaks, from which boundaries and documents, and how
accurate they are.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
import shapely.geometry

from data._replace import whole_file
from data.scenarios import is_assumed
from geo import __version__
from geo.crs import WGS84
from geo.derivation import derivations
from geo.records import area_records, plain, sources_of, total_record, zone_records, zone_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from geo.snapshot import Snapshot

GENERATOR = f"Industrial Land Atlas {__version__}"
DECIMALS = 7
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def _bbox(bounds: Iterable[float]) -> list[float]:
    return [round(float(value), DECIMALS) for value in bounds]


def _geometries(frame: gpd.GeoDataFrame) -> list[BaseGeometry | None]:
    """Geometries as RFC 7946 wants them: WGS 84, exterior rings counter-clockwise, 7 decimals."""
    values = np.asarray(frame.geometry.to_crs(WGS84), dtype=object)
    return list(shapely.orient_polygons(shapely.set_precision(values, 10.0**-DECIMALS)))


def _rounded(coordinates: Any) -> Any:  # noqa: ANN401
    if isinstance(coordinates, float | int):
        return round(float(coordinates), DECIMALS)
    return [_rounded(item) for item in coordinates]


def _member(geometry: BaseGeometry | None) -> dict[str, Any] | None:
    if geometry is None or geometry.is_empty:
        return None
    mapping = shapely.geometry.mapping(geometry)
    return {"type": mapping["type"], "coordinates": _rounded(mapping["coordinates"])}


def feature_collection(
    frame: gpd.GeoDataFrame,
    records: Sequence[Mapping[str, Any]],
    *,
    identifier: str,
    metadata: Mapping[str, Any],
    members: Sequence[Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """GeoJSON FeatureCollection of a frame, a record a row.

    Parameters
    ----------
    frame
        Geometries in any system; None where a position is unknown.
    records
        Properties of the features, in the order of `frame`.
    identifier
        The field of the records that becomes the feature's `id`.
    metadata
        Foreign member of the collection.
    members
        Foreign members of the features, in the order of `frame`.
    """
    features = []
    extras = members or [{}] * len(records)
    for geometry, record, extra in zip(_geometries(frame), records, extras, strict=True):
        feature: dict[str, Any] = {
            "type": "Feature",
            "id": record[identifier],
            "geometry": _member(geometry),
            "properties": dict(record),
            **extra,
        }
        if feature["geometry"] is not None and geometry is not None:
            feature["bbox"] = _bbox(geometry.bounds)
        features.append(feature)
    collection: dict[str, Any] = {"type": "FeatureCollection"}
    corners = [feature["bbox"] for feature in features if "bbox" in feature]
    if corners:
        wests, souths, easts, norths = zip(*corners, strict=True)
        collection["bbox"] = [min(wests), min(souths), max(easts), max(norths)]
    return {**collection, "metadata": dict(metadata), "features": features}


def metadata(snapshot: Snapshot, *, lang: str) -> dict[str, Any]:
    """Say for what, when and on what grounds a file speaks."""
    source = snapshot.boundary_source
    assumed = [str(key) for key in snapshot.facts.sources.index if is_assumed(str(key))]
    return {
        **({"assumed": True, "scenarios": assumed} if assumed else {}),
        "title": getattr(snapshot.resolution.name, lang),
        "province": snapshot.resolution.province,
        "province_code": snapshot.resolution.code,
        "as_of": snapshot.as_of.isoformat(),
        "lang": lang,
        "boundary_source": {
            "key": source.key,
            "name": getattr(source, f"name_{lang}"),
            "accuracy": getattr(source, f"accuracy_{lang}"),
            "attribution": source.attribution,
        },
        "documents": [
            {
                "id": document.id,
                "number": document.number,
                "title": getattr(document.title, lang),
                "issuer": getattr(document.issuer, lang),
                "date": plain(document.date),
            }
            for document in snapshot.resolution.documents
        ],
        "generator": GENERATOR,
    }


def zones_geojson(
    snapshot: Snapshot,
    *,
    lang: str = "vi",
    group: str | None = None,
    outlook: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Zones with their account as GeoJSON.

    Parameters
    ----------
    snapshot
        From :func:`geo.snapshot.snapshot`.
    lang
        "vi" or "en": language of `name` and of the metadata.
    group
        One zone group; all where None.
    outlook
        From :func:`geo.outlook.outlook_record`; becomes a member of the metadata.
    """
    frame = snapshot.zones if group is None else snapshot.zones[snapshot.zones["group"] == group]
    cited = zone_sources(snapshot)
    records = [
        {"name": record[f"name_{lang}"], **record, "sources": cited[record["zone_key"]]}
        for record in zone_records(snapshot, group=group)
    ]
    return feature_collection(
        frame,
        records,
        identifier="zone_key",
        metadata={
            **metadata(snapshot, lang=lang),
            "province_total": total_record(snapshot),
            "sources": sources_of(
                snapshot,
                (source for record in records for source in record["sources"]),
            ),
            **({} if outlook is None else {"outlook": dict(outlook)}),
        },
    )


def areas_geojson(snapshot: Snapshot, *, lang: str = "vi") -> dict[str, Any]:
    """Write parks, clusters and economic zones with their figures as GeoJSON points.

    Each feature has a `provenance` member: how its figures came about. An area whose position
    is unknown has a null geometry. `position` says how a point was
    found: only "surveyed" and "point" are the area's own.
    """
    records = [
        {"name": record[f"name_{lang}"] or record["name_vi"], **record}
        for record in area_records(snapshot)
    ]
    provenance = plain(derivations(snapshot))
    return feature_collection(
        snapshot.areas,
        records,
        identifier="id",
        members=[{"provenance": provenance[record["id"]]} for record in records],
        metadata={
            **metadata(snapshot, lang=lang),
            "sources": sources_of(snapshot, _cited(records)),
        },
    )


def _cited(records: Iterable[Mapping[str, Any]]) -> set[str]:
    ids: set[str] = set()
    for record in records:
        ids.update(record["sources"])
        for figure in (*record["figures"].values(), *record["conflicts"]):
            if figure is not None:
                ids.update(figure["source"].split(";"))
    return ids


def to_json(document: Any) -> str:  # noqa: ANN401
    """JSON text with readable Vietnamese; NaN is an error, not a value."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def to_csv(records: Sequence[Mapping[str, Any]], *, columns: Sequence[str] | None = None) -> str:
    """Write records as CSV with a header, nested values as JSON.

    Text that a spreadsheet would take for a formula is preceded by an apostrophe.

    Parameters
    ----------
    columns
        Those of the header; those of the first record, so none without records, where None.
    """
    out = io.StringIO()
    names = list(records[0]) if columns is None and records else list(columns or ())
    if names:
        writer = csv.DictWriter(out, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: _cell(value) for key, value in row.items()} for row in records)
    return out.getvalue()


def _cell(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def write_whole(path: Path, text: str) -> None:
    """Write a text file (UTF-8) that is complete or not there, as :func:`whole_file` does.

    Raises
    ------
    OSError
        The folder is missing, not writable or full; an older file stays as it was.
    """
    with whole_file(path) as neighbour:
        neighbour.write_text(text, encoding="utf-8", newline="")


def today() -> dt.date:
    """Give the date in Viet Nam, which a request without one means."""
    return dt.datetime.now(tz=dt.timezone(dt.timedelta(hours=7), "ICT")).date()
