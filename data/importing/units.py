"""Administrative units that a register names, by old and new names; and where its areas lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.importing.tables import column
from data.units import commune_2025
from data.units.gazetteer import communes_2025
from data.units.locate import locate, successors_of

if TYPE_CHECKING:
    from data.importing.context import Context
    from data.importing.findings import ImportFinding
    from data.importing.values import Rows

_FIELDS = ("legacy_district", "legacy_communes", "communes_2025")


def fill_units(rows: Rows, context: Context) -> tuple[pd.DataFrame, list[ImportFinding]]:
    """Sort the places that rows name into old districts, old communes and 2025 communes.

    Returns
    -------
    cells : DataFrame
        With `legacy_district`, `legacy_communes`, `communes_2025` as lists of full names; an
        old commune adds the 2025 ones that it went to.
    findings : list
        Places that aren't one unit of the province for sure.
    """
    findings: list[ImportFinding] = []
    filled: dict[str, dict[int, str]] = {name: {} for name in _FIELDS}
    districts, communes = column(rows.cells, "district"), column(rows.cells, "communes")
    for row in rows.cells.index:
        named: dict[str, list[str]] = {name: [] for name in _FIELDS}
        district = districts[row].split(";")[0]
        parts = [("communes", part) for part in communes[row].split(";") if part]
        parts += [("district", part) for part in districts[row].split(";") if part]
        for field, part in parts:
            near = f"{part}, {district}" if field == "communes" and district else part
            if not _sort(near, context, named) and not _sort(part, context, named):
                located = locate(part, province_code=context.code)
                some = [unit.path for unit in (*located.units, *located.alike)][:5]
                listed = "; ".join(some)
                findings.append(rows.at(row, "I306", field, found=part, candidates=listed))
        for name, units in named.items():
            filled[name][row] = ";".join(dict.fromkeys(units))
    cells = rows.cells.assign(
        **{name: pd.Series(texts, dtype=object) for name, texts in filled.items()}
    )
    return cells, findings


def _sort(text: str, context: Context, named: dict[str, list[str]]) -> bool:
    unit = locate(text, province_code=context.code).unit
    if unit is None or unit.level == "province":
        return unit is not None
    if unit.system == "2025":
        named["communes_2025"].append(unit.name)
    elif unit.level == "district":
        named["legacy_district"].append(unit.name)
    else:
        named["legacy_communes"].append(unit.name)
        if unit.district:
            named["legacy_district"].append(unit.district)
        named["communes_2025"] += [link.unit.name for link in successors_of(unit)[:1]]
    return True


def known_places(cells: pd.DataFrame, context: Context) -> pd.DataFrame:
    """Longitude and latitude near which each row's area is known to lie, NaN where not."""
    areas = context.facts.areas
    points: dict[str, tuple[float, float]] = {}
    wanted = areas[areas.index.isin(set(column(cells, "area_id")))]
    for area_id, lon, lat, communes in zip(
        wanted.index, wanted["lon"], wanted["lat"], wanted["communes_2025"], strict=True
    ):
        if not np.isnan(lon):
            points[area_id] = (float(lon), float(lat))
            continue
        codes = [commune_2025(name, context.code) for name in communes]
        known = communes_2025().reindex([code for code in codes if code])[["lon", "lat"]].dropna()
        if len(known):
            points[area_id] = (float(known["lon"].mean()), float(known["lat"].mean()))
    nowhere = (float("nan"), float("nan"))
    at = [points.get(area_id, nowhere) for area_id in column(cells, "area_id")]
    return pd.DataFrame(at, index=cells.index, columns=["lon", "lat"], dtype=float)
