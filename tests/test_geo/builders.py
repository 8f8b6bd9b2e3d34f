"""Made-up observations and areas, for tests that state a rule rather than look at the data."""

import calendar
import datetime as dt
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import strategies as st

from data.units.gazetteer import communes_2025
from geo.figures import Figure, Observation
from geo.occupancy import Occupancy
from geo.states import AreaState

EXACTNESS = {10: 3, 7: 2, 4: 1, 0: 0}


def last_day(text: str) -> dt.date | None:
    """Say what design §3 does: a partial date means its last day."""
    if not text:
        return None
    year, month, day = ([int(part) for part in text.split("-")] + [0, 0])[:3]
    month = month or 12
    return dt.date(year, month, day or calendar.monthrange(year, month)[1])


def obs(metric: str, value: float, as_of: str = "", **other: Any) -> Observation:  # noqa: ANN401
    """Observation, measured of the whole and with basis `reported` unless told otherwise."""
    fields: dict[str, Any] = {
        "area_id": "x",
        "qualifier": "=",
        "basis": "reported",
        "scope": "whole",
        "nature": "measured",
        "source": "s1",
        "source_date": None,
        "note": "",
        "row": 2,
    } | other
    return Observation(
        metric=metric,
        value=float(value),
        as_of=as_of,
        until=last_day(as_of),
        exactness=EXACTNESS[len(as_of)],
        **fields,
    )


def leasable(value: float, as_of: str = "", basis: str = "reported", **other: Any) -> Observation:  # noqa: ANN401
    return obs("industrial_land_ha", value, as_of, **({"basis": basis, "row": 11} | other))


def leased(value: float, as_of: str = "", basis: str = "reported", **other: Any) -> Observation:  # noqa: ANN401
    return obs("leased_ha", value, as_of, **({"basis": basis, "row": 12} | other))


def rate(value: float, as_of: str = "", basis: str = "reported", **other: Any) -> Observation:  # noqa: ANN401
    return obs("fill_rate_pct", value, as_of, **({"basis": basis, "row": 13} | other))


def partial_dates(*, first: int = 2021, last: int = 2026) -> st.SearchStrategy[str]:
    days = st.dates(dt.date(first, 1, 1), dt.date(last, 12, 31)).map(dt.date.isoformat)
    return st.builds(lambda day, length: day[:length], days, st.sampled_from([10, 10, 7, 7, 4]))


def observations(*metrics: str) -> st.SearchStrategy[list[Observation]]:
    """Observations of one area; each has a source of its own, so that no two tie in all."""
    one = st.builds(
        obs,
        st.sampled_from(metrics),
        st.integers(0, 120).map(float),
        st.one_of(partial_dates(), st.just("")),
        basis=st.sampled_from(["reported", "kcn_2018", "kcn_2022"]),
        qualifier=st.sampled_from(["=", "~", ">", "<"]),
        scope=st.sampled_from(["whole", "whole", "whole", "phase"]),
        nature=st.sampled_from(["measured", "measured", "measured", "planned", "proposed"]),
        source_date=st.one_of(st.none(), st.dates(dt.date(2021, 1, 1), dt.date(2026, 12, 31))),
    )
    return st.lists(one, max_size=9).map(
        lambda items: [
            Observation(**(vars(item) | {"row": row, "source": f"s{row}"}))
            for row, item in enumerate(items, start=2)
        ],
    )


def renumbered(items: list[Observation]) -> list[Observation]:
    """Give the same observations as if the file had them in this order."""
    return [Observation(**(vars(item) | {"row": row})) for row, item in enumerate(items, start=2)]


def figure(metric: str, value: float, as_of: str = "2026-01-01", **other: Any) -> Figure:  # noqa: ANN401
    fields: dict[str, Any] = {"unit": "ha", "basis": "reported", "sources": ("s1",)} | other
    return Figure(metric=metric, value=value, as_of=as_of, until=last_day(as_of), **fields)


def pair(leased_ha: float, leasable_ha: float, as_of: str = "2026-01-01") -> Occupancy:
    """Paired occupancy of basis `reported`."""
    return Occupancy(
        leasable=figure("leasable_ha", leasable_ha, as_of),
        leased=figure("leased_ha", leased_ha, as_of),
        available=figure("available_ha", leasable_ha - leased_ha, as_of),
        rate=figure("fill_rate_pct", leased_ha / leasable_ha * 100.0, as_of),
        paired=True,
    )


def state(
    area_id: str = "x",
    *,
    total: float | None = None,
    occupancy: Occupancy | None = None,
    supply: str = "present",
    kind: str = "industrial_park",
) -> AreaState:
    known = None if total is None else figure("total_area_ha", total)
    return AreaState(
        area_id=area_id,
        kind=kind,
        status="operating",
        supply=supply,
        supply_reason="operating",
        total=known,
        pipeline_total=known,
        occupancy=occupancy or Occupancy(),
        figures={},
        conflicts=(),
    )


def boxes(province_code: str) -> gpd.GeoDataFrame:
    """Every 2025 commune of a province as a box of its own, for tests of what isn't outline."""
    table = communes_2025()
    codes = table.index[table["province_code"] == province_code]
    return gpd.GeoDataFrame(
        geometry=[shapely.box(at, 0, at + 0.01, 1) for at in np.linspace(104, 106, len(codes))],
        index=pd.Index(codes),
        crs="EPSG:4326",
    )
