"""What differs between two snapshots of a province: totals, zones, areas, targets, conditions.

Both are worked out by the same code on their own facts, so that a difference is never an
estimate. Unknown before or after makes the change unknown, never zero.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo.conditions import conditions
from geo.records import plain
from geo.snapshot import PROVINCE_TOTAL
from geo.states import OCCUPANCY_METRICS
from geo.targets import targets

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    from geo.snapshot import Snapshot

COLUMNS: Final = (
    "level",
    "key",
    "name_vi",
    "name_en",
    "field",
    "unit",
    "before",
    "after",
    "change",
    "changed",
)
ACCOUNT_UNITS: Final = {
    "fill_rate_pct": "%",
    "fill_rate_min_pct": "%",
    "fill_rate_max_pct": "%",
    "leased_ha": "ha",
    "leasable_ha": "ha",
    "available_ha": "ha",
    "available_min_ha": "ha",
    "available_max_ha": "ha",
    "total_area_ha": "ha",
    "pipeline_ha": "ha",
    "areas_count": "count",
    "areas_with_figures": "count",
    "coverage_count_pct": "%",
    "coverage_land_pct": "%",
}
AREA_UNITS: Final = {
    "status": "",
    "supply": "",
    "position": "",
    "total_area_ha": "ha",
    **{metric: "%" if metric.endswith("_pct") else "ha" for metric in OCCUPANCY_METRICS},
}
# Far below what any source measures: the noise of binary fractions is no change.
_DECIMALS: Final = 9


def difference(base: Snapshot, other: Snapshot) -> pd.DataFrame:
    """Difference of two snapshots of one province, such as the present and a scenario.

    Parameters
    ----------
    base, other
        On the same day and boundaries, or the difference is theirs too.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`, one row for each field of the province's total, of each zone and of
        each area in either; then the verdict and the measured value of each target, and the
        verdict of each condition of the law on the province and on the areas that differ.
        `before` and `after` as they are, None where unknown or absent; `change` the second less
        the first of two numbers, else NaN; `changed` whether they differ.

    Raises
    ------
    ValueError
        The snapshots are of two provinces.
    """
    if base.resolution.province != other.resolution.province:
        msg = f"{base.resolution.province} and {other.resolution.province} are two provinces"
        raise ValueError(msg)
    found = [
        *_rows("total", {PROVINCE_TOTAL: base.total}, {PROVINCE_TOTAL: other.total}, ACCOUNT_UNITS),
        *_of_frames("zone", base.zones, other.zones, ACCOUNT_UNITS),
    ]
    areas = list(_of_frames("area", base.areas, other.areas, AREA_UNITS))
    touched = list(dict.fromkeys(row["key"] for row in areas if row["changed"]))
    found += areas
    found += _rows("target", _targets(base), _targets(other), {"verdict": "", "measured": None})
    found += _rows(
        "condition",
        _conditions(base, touched),
        _conditions(other, touched),
        {"verdict": "", "measured": None},
    )
    return pd.DataFrame(found, columns=list(COLUMNS))


def difference_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of :func:`difference` as plain records, unknown as None."""
    return [
        {str(field): plain(value) for field, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _of_frames(
    level: str,
    before: pd.DataFrame,
    after: pd.DataFrame,
    fields: Mapping[str, str],
) -> Iterator[dict[str, Any]]:
    named = ["name_vi", "name_en", *fields]
    one, two = (
        dict(zip(frame.index, frame[named].to_dict("records"), strict=True))
        for frame in (before, after)
    )
    return _rows(level, one, two, fields)


def _targets(snapshot: Snapshot) -> dict[Any, Mapping[Hashable, Any]]:
    return {row["key"]: row for row in targets(snapshot).to_dict("records")}


def _conditions(snapshot: Snapshot, area_ids: Iterable[str]) -> dict[Any, Mapping[Hashable, Any]]:
    """Conditions as a whole, or by rule where they have one; on the province, then on areas."""
    frames = [conditions(snapshot)]
    frames += [conditions(snapshot, area_id=area) for area in area_ids if area in snapshot.states]
    found: dict[Any, Mapping[Hashable, Any]] = {}
    for row in pd.concat(frames).to_dict("records"):
        on = row["area_id"] or row["place_vi"] or ""
        key = " ".join(str(part) for part in (row["condition"], row["rule_id"], on) if part)
        found[key] = row | {
            "name_vi": row["text_vi"],
            "name_en": row["text_en"],
            "measured": row["measured"],
            "unit": row["unit"],
        }
    return found


def _rows(
    level: str,
    before: Mapping[Any, Mapping[Hashable, Any] | pd.Series],
    after: Mapping[Any, Mapping[Hashable, Any] | pd.Series],
    fields: Mapping[str, str | None],
) -> Iterator[dict[str, Any]]:
    for key in dict.fromkeys((*before, *after)):
        one, two = before.get(key), after.get(key)
        named: Any = two if two is not None else one
        for field, unit in fields.items():
            values = [None if row is None else _value(row[field]) for row in (one, two)]
            yield {
                "level": level,
                "key": key,
                "name_vi": named["name_vi"],
                "name_en": named["name_en"],
                "field": field,
                "unit": named["unit"] if unit is None else unit,
                "before": values[0],
                "after": values[1],
                "change": _less(*values),
                "changed": values[0] != values[1],
            }


def _value(value: Any) -> Any:  # noqa: ANN401
    """Text as it is, numbers without the noise of binary fractions, unknown as None."""
    if value is None or isinstance(value, str):
        return value
    if pd.isna(value):
        return None
    return round(float(value), _DECIMALS)


def _less(before: object, after: object) -> float:
    if isinstance(before, float) and isinstance(after, float):
        return round(after - before, _DECIMALS)
    return math.nan
