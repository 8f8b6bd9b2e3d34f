"""Made-up plots by the thousand, side by side as in a register: borders are shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.vocabulary import PLOT_STATUSES, PLOT_USES
from tests.test_geo.plots import SOURCE, with_own

if TYPE_CHECKING:
    from collections.abc import Sequence

    from data.facts import Facts

DEGREE_M = 111_320.0


def parcels(
    count: int,
    *,
    area_id: str = "na-kcn-vsip-1",
    lon: float = 105.7,
    lat: float = 18.75,
    side_m: float = 35.0,
    seed: int = 7,
) -> gpd.GeoDataFrame:
    """Crooked quadrilaterals of about `side_m` in rows, every status and use among them."""
    rng = np.random.default_rng(seed)
    wide = int(np.ceil(np.sqrt(count)))
    high = int(np.ceil(count / wide))
    x, y = np.meshgrid(
        np.concatenate([[0.0], np.cumsum(rng.lognormal(0.0, 0.3, wide))]),
        np.concatenate([[0.0], np.cumsum(rng.lognormal(0.0, 0.3, high))]),
    )
    shift = rng.uniform(-0.12, 0.12, (2, *x.shape))
    x = lon + (x + shift[0]) * side_m / (DEGREE_M * np.cos(np.radians(lat)))
    y = lat + (y + shift[1]) * side_m / DEGREE_M
    row, column = np.divmod(np.arange(count), wide)
    corners = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
    rings = np.stack([np.stack([x[at], y[at]], axis=-1) for at in corners], axis=1)
    frame = pd.DataFrame(
        {
            "plot_id": [f"CN-{number:06}" for number in range(count)],
            "area_id": area_id,
            "use": rng.choice(np.array(PLOT_USES), count, p=_shares(len(PLOT_USES))),
            "status": rng.choice(np.array([*PLOT_STATUSES, ""]), count),
            "area_ha": np.nan,
            "tenant_trade": "",
            "leased_on": "",
            "as_of": "2026-03-01",
            "source_id": SOURCE,
            "note": "",
        },
    )
    return gpd.GeoDataFrame(frame, geometry=shapely.polygons(rings), crs="EPSG:4326")


def _shares(count: int) -> list[float]:
    rest = 0.4 / (count - 1)
    return [0.6, *[rest] * (count - 1)]


def with_parcels(facts: Facts, count: int, places: Sequence[tuple[str, float, float]]) -> Facts:
    """Facts with a register of `count` plots, shared out evenly among areas at lon, lat."""
    parts = np.full(len(places), count // len(places))
    parts[: count % len(places)] += 1
    frames = [
        parcels(int(part), area_id=area_id, lon=lon, lat=lat, seed=at)
        for at, (part, (area_id, lon, lat)) in enumerate(zip(parts, places, strict=True))
        if part
    ]
    plots = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs="EPSG:4326")
    return with_own(facts, plots=plots)
