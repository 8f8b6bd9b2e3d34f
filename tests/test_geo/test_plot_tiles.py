"""Archives of plots: every plot is in them, as it is, and no tile is large."""

from __future__ import annotations

import importlib.util
import math
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import area_ha
from geo.plot_tiles import (
    CELL_PX,
    ENDING,
    FAILED,
    FIRST_ZOOM,
    TILE_PX,
    Archive,
    content_key,
    drawable,
    layer_name,
    main,
    read_archive,
    write_archive,
)
from tests.test_geo.parcels import parcels
from tests.test_geo.plots import CRS

if TYPE_CHECKING:
    from tests.test_geo.vector_tiles import Feature

if importlib.util.find_spec("freestiler") is None:
    pytest.skip("requirements-tiles.txt isn't installed", allow_module_level=True)

COUNT = 1500


def read(path: Path) -> list[Feature]:
    from tests.test_geo.vector_tiles import features  # noqa: PLC0415 (needs pmtiles)

    return list(features(path))


def one_shape(found: list[Feature]) -> dict[str, Any]:
    """Plots by id, put together again from the tiles that they are in."""
    pieces: dict[str, list[shapely.Geometry]] = {}
    for feature in found:
        if "plot" in feature.properties:
            pieces.setdefault(feature.properties["plot"], []).append(feature.shape)
    return {key: shapely.union_all(shapes) for key, shapes in pieces.items()}


@pytest.fixture(scope="module")
def plots() -> gpd.GeoDataFrame:
    frame = parcels(COUNT)
    return frame.assign(area_ha=area_ha(frame.geometry, CRS))


@pytest.fixture(scope="module")
def written(
    plots: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Archive, list[Feature]]:
    path = tmp_path_factory.mktemp("tiles") / "a.pmtiles"
    archive = write_archive(plots, path)
    assert read_archive(path) == archive
    assert [path.name] == [one.name for one in path.parent.iterdir()]
    return archive, read(path)


def test_every_plot_is_at_the_last_zoom_as_it_is(
    plots: gpd.GeoDataFrame, written: tuple[Archive, list[Feature]]
) -> None:
    archive, found = written
    last = [feature for feature in found if feature.zoom == archive.last_zoom]
    said = {feature.properties["plot"]: feature.properties for feature in last}
    assert set(said) == set(plots["plot_id"])
    for row in plots.itertuples():
        properties = said[row.plot_id]
        assert (properties["status"], properties["use"]) == (row.status, row.use)
        assert properties["ha"] == pytest.approx(row.area_ha, abs=1e-4)
    drawn = gpd.GeoSeries(one_shape(last), crs="EPSG:4326")
    off = area_ha(drawn, CRS) / plots.set_index("plot_id")["area_ha"]
    assert off.between(0.9, 1.1).all()
    assert off.mean() == pytest.approx(1.0, abs=1e-3)


def test_small_plots_are_drawn_together_by_most_of_their_land(
    plots: gpd.GeoDataFrame, written: tuple[Archive, list[Feature]]
) -> None:
    archive, found = written
    metres = 40_075_016.686 * math.cos(math.radians(18.75)) / TILE_PX
    land = area_ha(plots.geometry, CRS).set_axis(plots["plot_id"])
    whole = shapely.union_all(plots.geometry.to_numpy())
    assert archive.first_zoom == FIRST_ZOOM
    for zoom in range(FIRST_ZOOM, archive.last_zoom):
        here = [feature for feature in found if feature.zoom == zoom]
        assert {feature.layer for feature in here} == {layer_name(zoom)}
        cell_ha = (CELL_PX * metres / 2**zoom) ** 2 / 1e4
        alone = {feature.properties["plot"] for feature in here if "plot" in feature.properties}
        assert alone >= set(land.index[land > 1.02 * cell_ha])
        assert alone.isdisjoint(land.index[land < 0.98 * cell_ha])
        # Together they cover the land, but for parts of plots whose middle is in the next cell,
        # and no more than a cell around it.
        drawn = shapely.union_all([shapely.make_valid(feature.shape) for feature in here])
        cell = math.sqrt(cell_ha * 1e4) / 100_000
        assert whole.buffer(-2 * cell).difference(drawn).area <= 0.08 * whole.area
        assert drawn.difference(whole.buffer(2 * cell)).is_empty


def test_the_prevailing_status_is_drawn(tmp_path: Path) -> None:
    frame = parcels(900, side_m=20.0).assign(use="SKK", status="available")
    frame.loc[np.arange(900) % 5 == 0, "status"] = "leased"
    write_archive(frame, tmp_path / "a.pmtiles")
    coarse = [feature for feature in read(tmp_path / "a.pmtiles") if feature.zoom == FIRST_ZOOM]
    shapes = shapely.union_all([one.shape for one in coarse])
    free = [one.shape for one in coarse if one.properties["status"] == "available"]
    assert shapely.area(shapely.union_all(free)) > 0.85 * shapely.area(shapes)


def test_no_tile_is_larger_than_allowed(plots: gpd.GeoDataFrame, tmp_path: Path) -> None:
    dense = parcels(2_000, side_m=8.0).assign(area_ha=0.01)
    archive = write_archive(dense, tmp_path / "a.pmtiles", most_bytes=20_000)
    assert archive.last_zoom > 14
    assert max(archive.largest.values()) <= 20_000
    last = [one for one in read(tmp_path / "a.pmtiles") if one.zoom == archive.last_zoom]
    assert {one.properties["plot"] for one in last} == set(dense["plot_id"])
    # Where plots that are seen are too many for a zoom, it becomes coarser.
    tight = write_archive(plots[:400], tmp_path / "b.pmtiles", most_bytes=5_000)
    assert max(tight.largest.values()) <= 5_000


def test_plots_on_each_other_without_end_are_refused(tmp_path: Path) -> None:
    one = parcels(1)
    many = one.loc[[0] * 400].assign(plot_id=[f"x{number}" for number in range(400)])
    with pytest.raises(ValueError, match="lie on each other"):
        write_archive(many, tmp_path / "a.pmtiles", most_bytes=1_000)
    with pytest.raises(ValueError, match="no plot"):
        write_archive(one.assign(geometry=None), tmp_path / "a.pmtiles")
    assert list(tmp_path.iterdir()) == []


def test_strange_plots_are_drawn_too(tmp_path: Path) -> None:
    metre = 1e-5
    shapes: dict[str, Any] = {
        "sliver": shapely.box(105.6, 18.7, 105.6 + 200 * metre, 18.7 + 0.1 * metre),
        "bow": shapely.Polygon([(105.61, 18.7), (105.62, 18.71), (105.62, 18.7), (105.61, 18.71)]),
        "ring": shapely.box(105.63, 18.7, 105.65, 18.72)
        - shapely.box(105.635, 18.705, 105.64, 18.71),
        "two": shapely.union(
            shapely.box(105.66, 18.7, 105.661, 18.701), shapely.box(105.67, 18.7, 105.671, 18.701)
        ),
        "high": shapely.force_3d(shapely.box(105.68, 18.7, 105.681, 18.701), 5.0),
        "<img src=x onerror=alert(1)>": shapely.box(105.69, 18.7, 105.691, 18.701),
        "none": None,
        "empty": shapely.Polygon(),
    }
    frame = gpd.GeoDataFrame(
        {"plot_id": list(shapes), "status": "leased", "use": "SKK", "area_ha": np.nan},
        geometry=list(shapes.values()),
        crs="EPSG:4326",
    )
    archive = write_archive(frame, tmp_path / "a.pmtiles")
    last = [one for one in read(tmp_path / "a.pmtiles") if one.zoom == archive.last_zoom]
    drawn = one_shape(last)
    assert set(drawn) == set(shapes) - {"none", "empty"}
    assert all("ha" not in one.properties for one in last)
    for key in ("bow", "ring", "two"):
        expected = shapely.make_valid(shapes[key]).area
        assert drawn[key].area == pytest.approx(expected, rel=0.02)


@settings(max_examples=10)
@given(st.lists(st.floats(1e-6, 5e-3), min_size=1, max_size=12), st.integers(0, 2**16))
def test_any_size_of_plot_is_found_again(sizes: list[float], seed: int) -> None:
    rng = np.random.default_rng(seed)
    west, south = rng.uniform(105.0, 105.1, len(sizes)), rng.uniform(18.0, 18.1, len(sizes))
    frame = gpd.GeoDataFrame(
        {
            "plot_id": [str(number) for number in range(len(sizes))],
            "status": "leased",
            "use": "SKK",
            "area_ha": np.nan,
        },
        geometry=shapely.box(west, south, west + sizes, south + sizes),
        crs="EPSG:4326",
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.pmtiles"
        archive = write_archive(frame, path)
        found = {one.properties["plot"] for one in read(path) if one.zoom == archive.last_zoom}
    assert found == set(frame["plot_id"])
    assert max(archive.largest.values()) <= 500_000


def test_keys_follow_what_is_drawn(plots: gpd.GeoDataFrame) -> None:
    key = content_key(plots)
    assert content_key(plots.copy()) == key
    changes: list[Any] = [
        plots.assign(status=plots["status"].where(plots.index != 5, "reserved")),
        plots.assign(area_id="na-kcn-vsip-2"),
        plots.iloc[:-1],
        plots.set_geometry(plots.geometry.translate(1e-9)),
    ]
    assert key not in {content_key(changed) for changed in changes}
    assert content_key(plots.assign(note="other words")) == key


def test_broken_plots_are_mended_and_the_others_left_alone() -> None:
    frame = parcels(3)
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    shapes: Any = [frame.geometry[0], bow, None]
    frame = frame.set_geometry(gpd.GeoSeries(shapes, crs=frame.crs))
    kept = drawable(frame)
    assert list(kept.index) == [0, 1]
    assert kept.geometry.is_valid.all()
    assert kept.geometry[0].equals_exact(frame.geometry[0])
    assert not frame.geometry[1].is_valid


def test_a_process_writes_what_is_lacking(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, folder = tmp_path / "source", tmp_path / "tiles"
    source.mkdir()
    folder.mkdir()
    parcels(20).to_parquet(source / "000000-abc.parquet")
    nothing = parcels(1).assign(geometry=None).set_geometry("geometry", crs="EPSG:4326")
    nothing.to_parquet(source / "000001-def.parquet")
    assert main(source, folder) == 0
    assert {path.name for path in folder.iterdir()} == {f"abc{ENDING}", f"def{FAILED}"}
    assert "no plot has a polygon" in capsys.readouterr().err
    # What may be possible another time leaves no mark.
    (source / "000001-def.parquet").unlink()
    assert main(source, tmp_path / "nowhere") == 1
    assert not (tmp_path / "nowhere").exists()
