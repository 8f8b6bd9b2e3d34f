"""Layers of plots read in chunks: the same plots from every format, and what is refused."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from data._errors import DataError
from data.plot_files import FORMATS, open_plots, plot_parts, read_chunks

if TYPE_CHECKING:
    from pathlib import Path

    from data.plot_files import PlotLayer

CRS = "EPSG:9208"
ROWS = 1_000


@pytest.fixture(scope="module")
def plots() -> gpd.GeoDataFrame:
    rng = np.random.default_rng(3)
    x = 500_000 + np.sort(rng.uniform(0, 10_000, ROWS))
    y = 2_100_000 + rng.uniform(0, 10_000, ROWS)
    return gpd.GeoDataFrame(
        {
            "use": rng.choice(np.array(["SKK", "SKN", "skk", None], dtype=object), ROWS),
            "jobs": rng.integers(0, 100, ROWS),
            "price": np.where(rng.random(ROWS) < 0.1, np.nan, rng.uniform(0, 5, ROWS)),
            "as of": pd.to_datetime("2026-01-01").date(),
        },
        geometry=shapely.box(x, y, x + 30, y + 40),
        crs=CRS,
    )


@pytest.fixture(scope="module")
def folder(plots: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("plots")
    plots.to_parquet(place / "plots.parquet", row_group_size=150, write_covering_bbox=True)
    plots.to_file(place / "plots.gpkg")
    plots.to_file(place / "plots.fgb")
    return place


@pytest.fixture(params=sorted(FORMATS))
def layer(folder: Path, request: pytest.FixtureRequest) -> PlotLayer:
    return open_plots(folder / f"plots{request.param}")


def shapes(frames: list[gpd.GeoDataFrame]) -> list[bytes]:
    return sorted(shape for frame in frames for shape in wkb(frame))


def wkb(frame: gpd.GeoDataFrame) -> list[bytes]:
    return sorted(shapely.to_wkb(shapely.normalize(frame.geometry.to_numpy())))


def test_every_plot_is_read_once_in_bounded_chunks(
    layer: PlotLayer, plots: gpd.GeoDataFrame
) -> None:
    chunks = list(read_chunks(layer, columns=["use"], rows=70))
    assert max(len(chunk.table) for chunk in chunks) <= 70
    frames = [chunk.frame() for chunk in chunks]
    assert all(list(frame.columns) == ["use", "geometry"] for frame in frames)
    assert all(frame.crs == CRS for frame in frames)
    assert shapes(frames) == wkb(plots)
    assert pd.concat(frames).index.is_unique
    assert (layer.rows, layer.crs.to_string()) == (ROWS, CRS)


def test_parts_are_read_by_themselves(layer: PlotLayer, plots: gpd.GeoDataFrame) -> None:
    parts = plot_parts(layer, rows=150)
    assert len(parts) == 7
    found = [
        chunk.frame() for part in reversed(parts) for chunk in read_chunks(layer, parts=[part])
    ]
    assert shapes(found) == wkb(plots)
    assert pd.concat(found).index.is_unique


@pytest.mark.parametrize(
    ("where", "query"),
    [
        ("use = SKK", "use == 'SKK'"),
        ("use != 'SKK'", "use != 'SKK' and use.notna()"),
        ("jobs >= 50 and price < 2.5", "jobs >= 50 and price < 2.5"),
        ("price != 1 AND use > 'SKM'", "price.notna() and use > 'SKM'"),
        ('"as of" > 2025-12-31 and jobs<10', "jobs < 10"),
        ('"as of" < 2025-12-31', "jobs < 0"),
    ],
)
def test_a_filter_means_the_same_in_every_format(
    layer: PlotLayer, plots: gpd.GeoDataFrame, where: str, query: str
) -> None:
    terms = layer.terms(where)
    expected = wkb(plots.query(query))
    whole = [chunk.frame() for chunk in read_chunks(layer, terms=terms, rows=64)]
    assert shapes(whole) == expected
    parts = plot_parts(layer, rows=300)
    assert shapes([c.frame() for c in read_chunks(layer, terms=terms, parts=parts)]) == expected


def test_only_plots_by_the_bounds_are_read(layer: PlotLayer, plots: gpd.GeoDataFrame) -> None:
    bounds = (501_000.0, 2_101_000.0, 502_000.0, 2_104_000.0)
    expected = wkb(plots.cx[bounds[0] : bounds[2], bounds[1] : bounds[3]])
    chunks = list(read_chunks(layer, bounds=bounds, rows=50))
    assert shapes([chunk.frame() for chunk in chunks]) == expected
    parts = plot_parts(layer, rows=200)
    again = [chunk.frame() for chunk in read_chunks(layer, bounds=bounds, parts=parts)]
    assert shapes(again) == expected
    # Sorted from west to east, most row groups are far away and not read.
    assert sum(chunk.read for chunk in chunks) < ROWS / 2


@pytest.mark.parametrize(
    ("where", "words"),
    [
        (
            "size > 3",
            "field size: found no such column; expected one of: as of, .*jobs, price, use",
        ),
        ("jobs > many", "field jobs: found 'many'; expected a value of type int"),
        ("jobs > 3 or 1=1", "found or 1=1; expected and"),
        ("jobs > 3 and", "expected column op value"),
        ("jobs", "expected column op value"),
        ("use = 'it''s' ; DROP TABLE plots", "found ; DROP TABLE plots"),
    ],
)
def test_filters_that_cannot_be_read_say_why(layer: PlotLayer, where: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        layer.terms(where)


def test_dates_are_dates(folder: Path) -> None:
    layer = open_plots(folder / "plots.parquet")
    assert layer.terms('"as of" = 2026-01-01')[0].value == dt.date(2026, 1, 1)
    with pytest.raises(DataError, match="field as of: found '1/1/2026'; expected a value of type"):
        layer.terms('"as of" = 1/1/2026')


def test_text_of_a_filter_is_only_text(layer: PlotLayer) -> None:
    assert layer.terms("use = 'it''s'")[0].value == "it's"
    terms = layer.terms("use = 'x'' OR ''1''=''1'")
    assert not any(len(chunk.frame()) for chunk in read_chunks(layer, terms=terms))


def test_missing_columns_are_named(layer: PlotLayer) -> None:
    with pytest.raises(DataError, match="field tenant: found no such column"):
        next(read_chunks(layer, columns=["tenant"]))


def test_a_folder_of_files_is_one_layer(plots: gpd.GeoDataFrame, tmp_path: Path) -> None:
    for number, start in enumerate(range(0, ROWS, 250)):
        plots.iloc[start : start + 250].to_parquet(tmp_path / f"commune_{number}.parquet")
    layer = open_plots(tmp_path)
    assert (layer.rows, len(layer.paths)) == (ROWS, 4)
    chunks = list(read_chunks(layer, columns=["use"]))
    assert shapes([chunk.frame() for chunk in chunks]) == wkb(plots)
    assert [chunk.file for chunk in chunks] == [path.name for path in layer.paths]
    plots.iloc[:10].to_crs(4326).to_parquet(tmp_path / "other.parquet")
    with pytest.raises(DataError, match=r"other\.parquet, field crs: found EPSG:4326"):
        open_plots(tmp_path)


def test_files_of_another_kind_are_refused(plots: gpd.GeoDataFrame, tmp_path: Path) -> None:
    redirect = tmp_path / "plots.fgb"
    redirect.write_text("<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>")
    with pytest.raises(DataError, match="a file of another kind"):
        open_plots(redirect)
    plots.iloc[:5].to_file(tmp_path / "plots.gpkg")
    (tmp_path / "plots.gpkg").rename(tmp_path / "plots.vrt")
    with pytest.raises(DataError, match="a file of another kind"):
        open_plots(tmp_path / "plots.vrt")
    pq.write_table(pa.table({"a": [1]}), tmp_path / "plain.parquet")
    with pytest.raises(DataError, match="GeoParquet's `geo` metadata"):
        open_plots(tmp_path / "plain.parquet")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(DataError, match="a sound GeoParquet file"):
        open_plots(tmp_path / "broken.parquet")
    gpd.GeoDataFrame(geometry=plots.geometry.to_numpy()).to_parquet(tmp_path / "nowhere.parquet")
    with pytest.raises(DataError, match="field crs: found none"):
        open_plots(tmp_path / "nowhere.parquet")
    plots.iloc[:5].to_file(tmp_path / "two.gpkg", layer="a")
    plots.iloc[:5].to_file(tmp_path / "two.gpkg", layer="b")
    with pytest.raises(DataError, match="expected the name of one"):
        open_plots(tmp_path / "two.gpkg")
    assert open_plots(tmp_path / "two.gpkg", layer="b").rows == 5
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="no plots"):
        open_plots(tmp_path / "empty")


def test_what_is_no_geometry_is_missing(tmp_path: Path, plots: gpd.GeoDataFrame) -> None:
    path = tmp_path / "plots.parquet"
    plots.iloc[:3].to_parquet(path)
    table = pq.read_table(path)
    bad = pa.array([table["geometry"][0].as_py(), b"\x01\x03", None])
    pq.write_table(table.set_column(table.column_names.index("geometry"), "geometry", bad), path)
    (chunk,) = read_chunks(open_plots(path), bounds=tuple(map(float, plots.total_bounds)))  # type: ignore[arg-type]
    assert chunk.frame().geometry.isna().tolist() == [False, True, True]
