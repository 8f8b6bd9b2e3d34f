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
            "made": pd.date_range("2023-12-25", periods=ROWS, freq="h").astype("datetime64[ms]"),
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
        ("made >= 2024-01-01", "made >= '2024-01-01'"),
        ("made < 2024-01-01 and jobs < 10", "made < '2024-01-01' and jobs < 10"),
        (
            "made = '2024-01-01 05:00' and price < 9",
            "'2024-01-01 05' <= made <= '2024-01-01 05' and price < 9",
        ),
        (
            "made > 2024-01-01T05:00:00 and made <= 2024-01-02",
            "'2024-01-01 05' < made <= '2024-01-02'",
        ),
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
    nowhere = (bounds[0], bounds[1] + 1e6, bounds[2], bounds[3] + 1e6)
    assert not sum(len(chunk.frame()) for chunk in read_chunks(layer, bounds=nowhere))


@pytest.mark.parametrize(
    ("where", "words"),
    [
        (
            "size > 3",
            "field size: found no such column; expected one of: as of, .*jobs, made, price, use",
        ),
        ("jobs > many", "field jobs: found 'many'; expected a value of type int"),
        ("jobs = 99999999999999999999", "field jobs: found '9{20}'; expected a value of type int"),
        ("price < nan", "field price: found 'nan'; expected a finite number"),
        ("price > 1e999", "field price: found '1e999'; expected a finite number"),
        ("made > soon", "field made: found 'soon'; expected a date or a time as in 2024-01-31T12"),
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


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize(
    ("zone", "value", "kept"),
    [
        (None, "2024-01-01", 2),
        (None, "2024-01-01T00:00:00.5", 1),
        ("UTC", "2024-01-01", 2),
        ("UTC", "2024-01-01T00:00+07:00", 3),
        ("+07:00", "2024-01-01", 3),
        ("Asia/Ho_Chi_Minh", "2024-01-01", 3),
        ("Asia/Ho_Chi_Minh", "2024-01-01T00:00Z", 2),
    ],
)
def test_a_date_beside_moments_is_its_midnight(
    tmp_path: Path, unit: str, zone: str | None, value: str, kept: int
) -> None:
    hours, days = ["2023-12-31T16", "2023-12-31T17"], ["2024-01-01T00", "2024-01-02T00"]
    for number, moments in enumerate((hours, days)):
        naive = pa.array(np.array(moments, dtype=f"datetime64[{unit}]"))
        commune(tmp_path, number, made=naive.cast(pa.timestamp(unit, zone)))
    layer = open_plots(tmp_path)
    terms = layer.terms(f"made >= {value}")
    found = read_chunks(layer, columns=["made"], terms=terms)
    assert sum(len(chunk.table) for chunk in found) == kept


def test_a_moment_that_a_column_cannot_have_is_refused(tmp_path: Path) -> None:
    moment = pa.array(np.array(["2024-01-01"] * 2, dtype="datetime64[ns]"))
    commune(tmp_path, 1, made=moment)
    layer = open_plots(tmp_path)
    for value in ("1600-01-01", "2024-01-01T00:00+07:00", "2024-13-01", "2024"):
        with pytest.raises(DataError, match=r"field made: found .*; expected a date or a time"):
            layer.terms(f"made > {value}")


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


def commune(folder: Path, number: int, **columns: pa.Array) -> None:
    """Write a file of two plots with columns of given types."""
    path = folder / f"{number}.parquet"
    gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)] * 2, crs=CRS).to_parquet(path)
    table = pq.read_table(path)
    for name, values in columns.items():
        table = table.append_column(name, values)
    pq.write_table(table, path)


@pytest.mark.parametrize(
    ("kinds", "common", "where"),
    [
        ((pa.string(), pa.null()), pa.string(), "use = '7'"),
        ((pa.null(), pa.null(), pa.large_string()), pa.large_string(), "use = '7'"),
        ((pa.large_string(), pa.string()), pa.large_string(), "use = '7'"),
        ((pa.dictionary(pa.int8(), pa.string()), pa.string()), pa.string(), "use = '7'"),
        ((pa.int8(), pa.int64(), pa.null()), pa.int64(), "use = 7"),
        ((pa.int32(), pa.float64()), pa.float64(), "use = 7"),
        ((pa.date32(), pa.null()), pa.date32(), "use = 1970-01-08"),
    ],
)
def test_columns_of_a_folder_have_a_type_for_the_values_of_all(
    tmp_path: Path, kinds: tuple[pa.DataType, ...], common: pa.DataType, where: str
) -> None:
    there = 0
    for number, kind in enumerate(kinds):
        text = pa.types.is_dictionary(kind) or "string" in str(kind)
        values: list[object] = ["7", None] if text else [7, None]
        if pa.types.is_null(kind):
            values = [None, None]
        there += values[0] is not None
        commune(tmp_path, number, use=pa.array(values, kind))
    layer = open_plots(tmp_path)
    assert layer.types == {"use": common}
    tables = [chunk.table for chunk in read_chunks(layer, columns=["use"])]
    assert {table.schema.field("use").type for table in tables} == {common}
    assert sum(table["use"].null_count for table in tables) == 2 * len(kinds) - there
    found = read_chunks(layer, columns=["use"], terms=layer.terms(where))
    assert sum(len(chunk.table) for chunk in found) == there


def test_the_file_is_named_that_lacks_or_contradicts(tmp_path: Path) -> None:
    one = pa.array([1, 2])
    commune(tmp_path, 1, use=pa.nulls(2), area=one, late=one.cast(pa.string()))
    commune(tmp_path, 2, use=pa.array(["a", "b"]), area=one, late=pa.nulls(2))
    commune(tmp_path, 3, use=one, late=pa.array([b"a", b"b"]), new=one)
    layer = open_plots(tmp_path)
    assert layer.types == {}
    for name, said in {
        "area": "3.parquet, field area: found no such column; expected one, as in 1.parquet",
        "use": "3.parquet, field use: found int64; expected string, as in 2.parquet",
        "late": "3.parquet, field late: found binary; expected string, as in 1.parquet",
        "new": "1.parquet, field new: found no such column; expected one, as in 3.parquet",
    }.items():
        with pytest.raises(DataError) as told:
            list(read_chunks(layer, columns=[name]))
        assert str(told.value) == said
        with pytest.raises(DataError) as told:
            layer.terms(f"{name} = 1")
        assert str(told.value) == said
    assert sum(len(chunk.table) for chunk in read_chunks(layer)) == 6


def test_a_column_that_is_there_twice_is_named(tmp_path: Path) -> None:
    commune(tmp_path, 1, use=pa.array(["a", "b"]), jobs=pa.array([1, 2]))
    path = tmp_path / "1.parquet"
    table = pq.read_table(path)
    pq.write_table(table.append_column("use", table["use"]), path)
    layer = open_plots(path)
    said = "^1.parquet, field use: found 2 columns of that name; expected one$"
    for names, where in ((["use"], None), ([], "use = 'a'")):
        with pytest.raises(DataError, match=said):
            list(read_chunks(layer, columns=names, terms=layer.terms(where)))
    (chunk,) = read_chunks(layer, columns=["jobs"])
    assert len(chunk.table) == 2


@pytest.fixture(scope="module")
def placeless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows 1 and 8 have no geometry; 4, in the files that can have such, is empty."""
    place = tmp_path_factory.mktemp("placeless")
    land = gpd.GeoDataFrame(
        {"use": list("abababab")}, geometry=[shapely.box(x, 0, x + 1, 1) for x in range(8)], crs=CRS
    )
    land.loc[[0, 7], "geometry"] = None
    land.to_file(place / "plots.fgb", SPATIAL_INDEX="NO")
    land.geometry = [*land.geometry[:3], shapely.Polygon(), *land.geometry[4:]]
    land.to_parquet(place / "plots.parquet", write_covering_bbox=True)
    land.to_file(place / "plots.gpkg")
    return place


@pytest.mark.parametrize("ending", sorted(FORMATS))
@pytest.mark.parametrize("bounds", [None, (4.5, 0.0, 5.5, 0.5), (-9.0, -9.0, 99.0, 99.0)])
@pytest.mark.parametrize("where", [None, "use = b"])
@pytest.mark.parametrize("rows", [3, 50])
def test_plots_without_a_place_are_read_whatever_the_bounds(
    placeless: Path,
    ending: str,
    bounds: tuple[float, float, float, float] | None,
    where: str | None,
    rows: int,
) -> None:
    layer = open_plots(placeless / f"plots{ending}")
    chunks = read_chunks(layer, bounds=bounds, terms=layer.terms(where), rows=rows)
    read = np.concatenate([chunk.frame().geometry.to_numpy() for chunk in chunks])
    empty = set() if ending == ".fgb" else {3}
    missing = {0, 7}
    near = {4, 5} if bounds == (4.5, 0.0, 5.5, 0.5) else set(range(8)) - empty - missing
    chosen = set(range(8)) if where is None else {1, 3, 5, 7}
    west = shapely.bounds(read)[:, 0]
    assert sorted(west[~np.isnan(west)]) == sorted(near & chosen)
    assert int(shapely.is_missing(read).sum()) == len(missing & chosen)
    assert int(shapely.is_empty(read).sum()) == len(empty & chosen)


def test_what_a_file_says_wrongly_is_said_with_its_name(
    tmp_path: Path, plots: gpd.GeoDataFrame
) -> None:
    path = tmp_path / "plots.parquet"
    plots.iloc[:3].to_parquet(path)
    table = pq.read_table(path)
    for change, said in {
        '"crs": {"foo": 1}': "field crs: found .*foo.*; expected a coordinate reference system",
        '"crs": 7': "field crs: found .*; expected a coordinate reference system",
        '"covering": []': "field geometry: found none; expected GeoParquet's `geo` metadata",
    }.items():
        column = f'"geometry": {{"encoding": "WKB", {change}}}'
        geo = f'{{"primary_column": "geometry", "columns": {{{column}}}}}'
        pq.write_table(table.replace_schema_metadata({"geo": geo}), path)
        with pytest.raises(DataError, match=rf"^plots\.parquet, {said}"):
            open_plots(path)
    place = table.column_names.index("geometry")
    text = table.set_column(place, "geometry", pa.array(["POINT (1 2)"] * 3))
    geo = '{"primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}'
    pq.write_table(text.replace_schema_metadata({"geo": geo}), path)
    with pytest.raises(DataError, match="field geometry: found a column of type string"):
        open_plots(path)


@pytest.mark.parametrize("ending", sorted(FORMATS))
def test_half_a_file_is_told_with_its_name(folder: Path, tmp_path: Path, ending: str) -> None:
    whole = (folder / f"plots{ending}").read_bytes()
    path = tmp_path / f"half{ending}"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=rf"^half\{ending}: found .*; expected a sound"):
        [chunk.frame() for chunk in read_chunks(open_plots(path))]


def test_half_a_file_without_an_index_is_no_shorter_one(
    plots: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "half.fgb"
    plots.to_file(path, SPATIAL_INDEX="NO")
    whole = path.read_bytes()
    layer = open_plots(path)
    assert sum(len(chunk.table) for chunk in read_chunks(layer)) == ROWS
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"^half\.fgb: found"):
        list(read_chunks(layer))
