"""Made-up plots, leases and outlines, laid side by side in a province's VN-2000 zone."""

from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from data._cells import empty, typed, with_shapes
from data.facts import Facts
from data.schemas import OWN_TABLES

CRS = "EPSG:9208"
# Level land in the plain of Nghệ An, metres of its VN-2000 zone.
EAST, NORTH = 590_000.0, 2_070_000.0
SOURCE = "own-register"


def box(hectares: float, *, at: float = 0.0) -> shapely.Geometry:
    """Rectangle 100 m wide in WGS 84 degrees; `at` shifts it to the east, metres."""
    west = EAST + at
    shape = shapely.box(west, NORTH, west + 100.0, NORTH + hectares * 100.0)
    return gpd.GeoSeries([shape], crs=CRS).to_crs("EPSG:4326").iloc[0]


def table(name: str, rows: list[dict[str, str]]) -> pd.DataFrame:
    columns = list(OWN_TABLES[name].columns)
    if not rows:
        return empty(name)
    cells = pd.DataFrame([dict.fromkeys(columns, "") | row for row in rows], dtype="str")
    return typed(name, cells[columns])


def plots(*rows: dict[str, Any], area_id: str = "na-kcn-vsip-1", as_of: str = "2026-03-01") -> Any:  # noqa: ANN401
    """Plots; `land` is the measured land in hectares, None for a plot without polygon."""
    given, shapes = [], []
    for number, row in enumerate(rows):
        cells = {
            "plot_id": f"P{number}",
            "area_id": area_id,
            "use": "SKK",
            "as_of": as_of,
            "source_id": SOURCE,
        } | row
        land = cells.pop("land", None)
        shapes.append(None if land is None else box(land, at=200.0 * number))
        given.append({key: str(value) for key, value in cells.items()})
    return with_shapes(table("plots", given), shapes)


def leases(*rows: dict[str, Any], area_id: str = "na-kcn-vsip-1") -> pd.DataFrame:
    return table(
        "leases",
        [
            {
                "lease_id": f"L{number}",
                "area_id": area_id,
                "status": "leased",
                "source_id": SOURCE,
            }
            | {key: str(value) for key, value in row.items()}
            for number, row in enumerate(rows)
        ],
    )


def outlines(**shapes: shapely.Geometry) -> gpd.GeoDataFrame:
    rows = [
        {"area_id": name.replace("_", "-"), "as_of": "2026-02-01", "source_id": SOURCE}
        for name in shapes
    ]
    return with_shapes(table("outlines", rows), list(shapes.values()))


def with_own(facts: Facts, **tables: Any) -> Facts:  # noqa: ANN401
    """Facts with tables of a user, and with the source that these name."""
    row = dict.fromkeys(facts.sources.columns, "") | {"title": "Own register"}
    own = pd.DataFrame([row], index=pd.Index([SOURCE], name="id"))
    return replace(facts, sources=pd.concat([facts.sources, own]), **tables)
