"""Two to five places side by side, of any provinces: figures, distances, policy, data quality.

Parks, clusters and economic zones are compared with each other, orientation zones with
orientation zones. Nothing is weighed: a row says whether the places differ, and which number is
the largest and the smallest, where that is sure.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from data.vocabulary import KINDS
from geo._comparison_areas import AREA_LINES, areas_cells
from geo._comparison_rows import SECTIONS, Bilingual, Cell, Row, make_row
from geo._comparison_zones import ZONE_LINES, zone_cells
from geo.records import plain, sources_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from data.facts import Facts
    from data.resolutions import Resolution
    from geo.snapshot import Snapshot

__all__ = [
    "LEAST",
    "MOST",
    "SECTIONS",
    "Bilingual",
    "Cell",
    "Comparison",
    "ComparisonError",
    "Place",
    "Row",
    "compare",
    "comparison_record",
    "flat_records",
    "homes",
    "places_of",
]

Kind = Literal["area", "zone"]
LEAST: Final = 2
MOST: Final = 5


class ComparisonError(ValueError):
    """Places that can't be compared: what was found, and what is expected.

    `code` names the reason: too_few | too_many | repeated | unknown | mixed | dates_differ;
    `named` are the ids (or dates) that it is about.
    """

    def __init__(self, *, code: str, named: Iterable[str], found: str, expected: str) -> None:
        self.code, self.named, self.found, self.expected = code, tuple(named), found, expected
        super().__init__(f"compare: found {found}; expected {expected}")


@dataclass(frozen=True)
class Place:
    """One of the places: `kind` of an area, or group of a zone."""

    id: str
    name: Bilingual
    kind: str
    province: str
    province_name: Bilingual


@dataclass(frozen=True)
class Comparison:
    """Places side by side.

    Attributes
    ----------
    kind
        "area" or "zone": what the places are.
    as_of
        Date of all figures.
    places
        In the order asked for; the cells of each row are in the same order.
    rows
        By section, in an order that doesn't depend on the places.
    sources
        Title, publisher, address and date of each source that a cell names, by id.
    boundaries
        Province key to name, accuracy and attribution of the boundaries in use, for each
        language.
    """

    kind: Kind
    as_of: dt.date
    places: tuple[Place, ...]
    rows: tuple[Row, ...]
    sources: Mapping[str, Mapping[str, Any]]
    boundaries: Mapping[str, Mapping[str, str]]


def places_of(facts: Facts, resolutions: Iterable[Resolution]) -> dict[str, str]:
    """Give all that can be compared: the key of the province of each area and zone, by id.

    Parameters
    ----------
    facts
        Fact tables with the areas.
    resolutions
        Of all provinces to search; ids are unique across them.
    """
    found: dict[str, str] = {}
    by_code = {}
    for resolution in resolutions:
        by_code[resolution.code] = resolution.province
        found |= dict.fromkeys((zone.key for zone in resolution.zones), resolution.province)
    areas = facts.areas["province_code"].map(by_code).dropna()
    return found | {str(key): str(province) for key, province in areas.items()}


def homes(ids: Iterable[str], places: Mapping[str, str]) -> dict[str, str]:
    """Find the province of each area or zone.

    Parameters
    ----------
    ids
        Area ids and zone keys.
    places
        From :func:`places_of`.

    Returns
    -------
    dict
        Id to the key of its province, in the order of `ids`.

    Raises
    ------
    ComparisonError
        With code unknown: there is no such area or zone anywhere.
    """
    asked = tuple(ids)
    if missing := [key for key in asked if key not in places]:
        raise _unknown(missing, dict.fromkeys(places.values()))
    return {key: places[key] for key in asked}


def _unknown(ids: Sequence[str], searched: Iterable[str]) -> ComparisonError:
    where = ", ".join(searched) or "no province"
    return ComparisonError(
        code="unknown",
        named=ids,
        found=", ".join(ids),
        expected=f"ids of parks, clusters, economic zones or orientation zones in {where}",
    )


def check_ids(ids: Sequence[str]) -> None:
    """Check that there are two to five different ids.

    Raises
    ------
    ComparisonError
        With code too_few, too_many or repeated.
    """
    expected = f"{LEAST} to {MOST} different places"
    repeated = [key for number, key in enumerate(ids) if key in ids[:number]]
    if repeated:
        raise ComparisonError(
            code="repeated",
            named=dict.fromkeys(repeated),
            found=f"{', '.join(dict.fromkeys(repeated))} more than once",
            expected=expected,
        )
    if not LEAST <= len(ids) <= MOST:
        raise ComparisonError(
            code="too_few" if len(ids) < LEAST else "too_many",
            named=ids,
            found=f"{len(ids)} ({', '.join(ids) or 'none'})",
            expected=expected,
        )


def compare(
    ids: Sequence[str],
    snapshots: Iterable[Snapshot],
    *,
    kind: Kind | None = None,
) -> Comparison:
    """Put places side by side.

    Parameters
    ----------
    ids
        Two to five ids of areas, or as many keys of zones.
    snapshots
        Of the provinces that the places are in, all on the same date.
    kind
        An economic zone has one id as an area and as a zone; where only such are asked for,
        this says which is meant, else they are areas.

    Raises
    ------
    ComparisonError
        Fewer than two places, more than five, one twice, one unknown, areas mixed with zones,
        or snapshots of several dates.
    """
    shots = tuple(snapshots)
    check_ids(ids)
    dates = sorted({shot.as_of for shot in shots})
    if len(dates) > 1:
        raise ComparisonError(
            code="dates_differ",
            named=[date.isoformat() for date in dates],
            found=", ".join(date.isoformat() for date in dates),
            expected="snapshots of one date",
        )
    asked = _kind(ids, shots, kind)
    lines = AREA_LINES if asked == "area" else ZONE_LINES
    of = {key: _shot_of(key, shots, asked) for key in ids}
    by_id: dict[str, dict[str, Cell]] = {}
    for shot in shots:
        here = [key for key in ids if of[key] is shot]
        if asked == "area":
            by_id |= areas_cells(shot, here)
        else:
            by_id |= {key: zone_cells(shot, key) for key in here}
    found = [by_id[key] for key in ids]
    rows = tuple(
        make_row(line, ids, [cells[line.key] for cells in found])
        for line in lines
        if line.always or any(_worth(line.key, cells[line.key]) for cells in found)
    )
    return Comparison(
        kind=asked,
        as_of=dates[0],
        places=tuple(_place(shot, key, asked) for key, shot in of.items()),
        rows=tuple(sorted(rows, key=lambda row: SECTIONS.index(row.section))),
        sources=_sources(rows, of),
        boundaries={
            shot.resolution.province: {
                field: getattr(shot.boundary_source, field)
                for field in (
                    "key",
                    "name_vi",
                    "name_en",
                    "accuracy_vi",
                    "accuracy_en",
                    "attribution",
                )
            }
            for shot in of.values()
        },
    )


def _worth(key: str, cell: Cell) -> bool:
    """Whether a cell is a reason to show a row that may be left out."""
    if key in KINDS:
        return cell.value != 0.0
    return cell.known or cell.reason == "position_unknown"


def _kind(ids: Sequence[str], shots: Sequence[Snapshot], kind: Kind | None) -> Kind:
    areas = {str(key) for shot in shots for key in shot.areas.index}
    zones = {str(key) for shot in shots for key in shot.zones.index}
    if missing := [key for key in ids if key not in areas | zones]:
        raise _unknown(missing, (shot.resolution.province for shot in shots))
    fitting: list[Kind] = []
    if areas.issuperset(ids):
        fitting.append("area")
    if zones.issuperset(ids):
        fitting.append("zone")
    if not fitting or (kind is not None and kind not in fitting):
        of_areas = [key for key in ids if key in areas and key not in zones]
        of_zones = [key for key in ids if key in zones and key not in areas]
        found = f"parks, clusters or economic zones: {', '.join(of_areas) or 'none'}"
        raise ComparisonError(
            code="mixed",
            named=ids,
            found=f"{found}; orientation zones: {', '.join(of_zones) or 'none'}",
            expected="parks with parks, or zones with zones",
        )
    return kind or fitting[0]


def _shot_of(key: str, shots: Sequence[Snapshot], kind: Kind) -> Snapshot:
    return next(
        shot for shot in shots if key in (shot.areas if kind == "area" else shot.zones).index
    )


def _place(shot: Snapshot, key: str, kind: Kind) -> Place:
    row = (shot.areas if kind == "area" else shot.zones).loc[key]
    name = shot.resolution.name
    return Place(
        id=key,
        name=Bilingual(str(row["name_vi"]), str(row["name_en"] or row["name_vi"])),
        kind=str(row["kind" if kind == "area" else "group"]),
        province=shot.resolution.province,
        province_name=Bilingual(name.vi, name.en),
    )


def _sources(rows: Iterable[Row], of: Mapping[str, Snapshot]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    shots = tuple(of.values())
    for row in rows:
        for shot, cell in zip(shots, row.cells, strict=True):
            known = [key for key in cell.sources if key in shot.facts.sources.index]
            found |= sources_of(shot, (key for key in known if key not in found))
    return dict(sorted(found.items()))


def comparison_record(comparison: Comparison) -> dict[str, Any]:
    """Give a comparison as a plain record: unknown is None, cells by the id of their place."""
    ids = [place.id for place in comparison.places]
    return {
        "kind": comparison.kind,
        "as_of": comparison.as_of.isoformat(),
        "places": [
            {
                "id": place.id,
                "name_vi": place.name.vi,
                "name_en": place.name.en,
                "kind": place.kind,
                "province": place.province,
            }
            for place in comparison.places
        ],
        "rows": [
            {
                "section": row.section,
                "row": row.key,
                "unit": row.unit or None,
                "differs": row.differs,
                "largest": list(row.largest),
                "smallest": list(row.smallest),
                "cautions": list(row.cautions),
                "cells": {
                    key: _cell_record(cell) for key, cell in zip(ids, row.cells, strict=True)
                },
            }
            for row in comparison.rows
        ],
        "boundaries": {key: dict(value) for key, value in comparison.boundaries.items()},
        "sources": {key: dict(value) for key, value in comparison.sources.items()},
    }


def _cell_record(cell: Cell) -> dict[str, Any]:
    record: dict[str, Any] = plain(
        {key: value for key, value in asdict(cell).items() if key not in _TEXTS},
    )
    value, texts = cell.value, [one for one in _tuple(cell.value) if isinstance(one, Bilingual)]
    return {
        "known": cell.known,
        "value": [one._asdict() for one in texts] if texts else plain(value),
        **{key: None if item == "" else item for key, item in record.items()},
        "citations": [one._asdict() for one in cell.citations],
        "name": cell.name and cell.name._asdict(),
    }


_TEXTS: Final = {"value", "citations", "name"}


def _tuple(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def flat_records(comparison: Comparison) -> list[dict[str, Any]]:
    """Give one plain record a row and place, for CSV."""
    record = comparison_record(comparison)
    names = {place["id"]: place for place in record["places"]}
    return [
        {
            "section": row["section"],
            "row": row["row"],
            "unit": row["unit"],
            "id": key,
            "province": names[key]["province"],
            "name_vi": names[key]["name_vi"],
            "name_en": names[key]["name_en"],
            **cell,
            "sources": ";".join(cell["sources"]),
            "differs": row["differs"],
            "is_largest": key in row["largest"],
            "is_smallest": key in row["smallest"],
        }
        for row in record["rows"]
        for key, cell in row["cells"].items()
    ]
