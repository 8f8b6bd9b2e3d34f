"""Results as plain records: what the command line prints and the exports carry.

Unknown is None, never 0 and never NaN. Numbers are rounded to six decimals, far below what any
source measures, so that results don't carry the noise of binary fractions.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.account import ACCOUNT_FIELDS
from geo.snapshot import PROVINCE_TOTAL

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    import pandas as pd

    from geo.snapshot import Snapshot

ZONE_FIELDS = (
    "name_vi",
    "name_en",
    "group",
    "zone_area_ha",
    *ACCOUNT_FIELDS,
    "available_min_ha",
    "available_max_ha",
    "reported_min_pct",
    "reported_max_pct",
    "areas_with_figures",
    "shares_with_figures",
    "areas_without_total",
    "oldest_as_of",
    "newest_as_of",
    "pipeline_without_total",
    "pipeline_oldest_as_of",
    "pipeline_newest_as_of",
    "reasons",
)
FIGURE_FIELDS = ("value", "unit", "as_of", "basis", "source", "note", "qualifier", "nature", "how")
AREA_FACTS = (
    "name_en",
    "kind",
    "status",
    "supply",
    "supply_reason",
    "position",
    "counted",
    "part_of",
    "within",
    "developer",
    "decision",
    "established_year",
    "wastewater",
    "industries",
    "note",
)


def plain(value: Any) -> Any:  # noqa: ANN401
    """Value as JSON has it: None for unknown, lists for tuples, ISO dates, rounded floats."""
    match value:
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case None | bool() | str() | int():
            result: Any = value
        case float():
            result = round(float(value), 6) if math.isfinite(value) else None
        case dt.date() if value == value:  # noqa: PLR0124 (NaT is a date that isn't itself)
            result = value.isoformat()
        case np.generic():
            result = plain(value.item())
        case _:  # pandas' own sign for a missing value
            result = None
    return result


def _known(value: Any) -> Any:  # noqa: ANN401
    """Value as JSON has it; an empty cell of a table is null, an empty list stays one."""
    return None if (found := plain(value)) == "" else found


def _zone(key: Hashable, row: Mapping[Hashable, Any] | pd.Series) -> dict[str, Any]:
    return {"zone_key": key, **{field: plain(row[field]) for field in ZONE_FIELDS}}


def zone_records(snapshot: Snapshot, *, group: str | None = None) -> list[dict[str, Any]]:
    """Zones with their account, all groups or one, base partition first."""
    zones = snapshot.zones
    if group is not None:
        zones = zones[zones["group"] == group]
    return [_zone(key, row) for key, row in zones.iterrows()]


def total_record(snapshot: Snapshot) -> dict[str, Any]:
    """Account of the province; areas without a zone are in it."""
    return _zone(PROVINCE_TOTAL, snapshot.total)


def _figure(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    return {field: plain(row.get(field)) for field in FIGURE_FIELDS if field != "source"} | {
        "source": ";".join(row["sources"]),
    }


def figures_by_area(snapshot: Snapshot) -> dict[str, dict[str, dict[str, Any]]]:
    """Figures of each area: metric -> value, unit, as_of, basis, source, note, ..."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in snapshot.figures.to_dict("records"):
        found.setdefault(row["area_id"], {})[row["metric"]] = _figure(row)
    return found


def conflicts_by_area(snapshot: Snapshot) -> dict[str, list[dict[str, Any]]]:
    """Observations set aside for a figure of each area, with the rule that did it."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in snapshot.conflicts.to_dict("records"):
        found.setdefault(row["area_id"], []).append(
            {"metric": row["metric"], **_figure(row), "rule": row["rule"]},
        )
    return found


def area_records(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Areas with their facts and figures; parts of other areas are in it, `counted` false.

    The three figures of occupancy are always there, null where unknown.
    """
    figures, conflicts = figures_by_area(snapshot), conflicts_by_area(snapshot)
    main = dict.fromkeys(("leasable_ha", "leased_ha", "available_ha", "fill_rate_pct"))
    return [
        {
            "id": key,
            "name_vi": row["name_vi"],
            **{field: _known(row[field]) for field in AREA_FACTS},
            "zones": plain(row["zones"]),
            "figures": main | figures.get(str(key), {}),
            "conflicts": conflicts.get(str(key), []),
            "sources": plain(row["source_ids"]),
        }
        for key, row in snapshot.areas.iterrows()
    ]


def sources_of(snapshot: Snapshot, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Title, publisher, address and date of sources."""
    table = snapshot.facts.sources
    return {
        key: {str(field): _known(value) for field, value in table.loc[key].items()}
        for key in sorted(set(ids))
    }


def rate_sources(snapshot: Snapshot) -> dict[str, list[str]]:
    """List the sources that leased and leasable land and the rate of each zone rest on, by key."""
    figures = snapshot.figures
    pairs = figures[figures["metric"].isin(("leasable_ha", "leased_ha", "fill_rate_pct"))]
    by_area = {
        str(area): {source for row in rows for source in row}
        for area, rows in pairs.groupby("area_id")["sources"]
    }
    present = snapshot.areas.index[snapshot.areas["supply"] == "present"]
    return _by_zone(snapshot, {str(key): by_area.get(str(key), set()) for key in present})


def zone_sources(snapshot: Snapshot) -> dict[str, list[str]]:
    """List the sources that the account of each zone rests on, by zone key.

    Those of the rate and its land, of the total areas and of the pipeline.
    """
    totals = {
        key: state.total if state.supply == "present" else state.pipeline_total
        for key, state in snapshot.states.items()
        if state.supply in {"present", "pipeline"}
    }
    areal = _by_zone(
        snapshot,
        {key: set(figure.sources) for key, figure in totals.items() if figure is not None},
    )
    return {key: sorted({*ids, *areal[key]}) for key, ids in rate_sources(snapshot).items()}


def _by_zone(snapshot: Snapshot, by_area: Mapping[str, set[str]]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {str(key): set() for key in snapshot.zones.index}
    for area_id, zones in snapshot.areas["zones"].items():
        for zone in zones:
            found[zone["zone_key"]].update(by_area.get(str(area_id), ()))
    return {key: sorted(ids) for key, ids in found.items()}
