"""The same account from threads, from a cluster that loses a worker, and from PostGIS."""

from __future__ import annotations

import os
import re
import secrets
import signal
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import pytest
import shapely
from distributed import LocalCluster
from shapely.geometry import Point, Polygon
from sqlalchemy import create_engine

from data._errors import DataError
from data.plot_files import open_plots, read_chunks
from geo import plot_cluster
from geo.overlay import index_zones
from geo.plot_account import Account, account
from geo.plot_cluster import account_on_cluster
from geo.plot_server import account_on_server, open_table
from tests.test_data.conftest import postgis_server  # noqa: F401 (the same server)
from tests.test_geo.land import CRS, layer_of_plots, zones_of_two_groups

if TYPE_CHECKING:
    from pathlib import Path

    from tests.postgis import Server

COUNT = 4_000


@pytest.fixture(scope="module")
def plots() -> gpd.GeoDataFrame:
    """Sound ones, and some of each kind that isn't."""
    land = layer_of_plots(COUNT)
    bow = Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    shapes = land.geometry.to_numpy()
    shapes[[5, 3_000]] = shapely.transform(bow, lambda c: c + np.array([501_950, 2_101_000]))
    shapes[7], shapes[8], shapes[9] = None, Polygon(), Point(500_100, 2_100_100)
    shapes[10] = Polygon([(500_100, 2_100_100), (500_200, 2_100_200), (500_300, 2_100_300)])
    with np.errstate(invalid="ignore"):
        shapes[11] = Polygon([(500_100, 2_100_100), (500_200, np.nan), (500_300, 2_100_300)])
    return gpd.GeoDataFrame(land.drop(columns="geometry"), geometry=shapes, crs=CRS)


@pytest.fixture(scope="module")
def file(plots: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plots") / "plots.parquet"
    plots.to_parquet(path, row_group_size=500)
    return path


@pytest.fixture(scope="module")
def expected(file: Path) -> Account:
    layer = open_plots(file)
    chunks = read_chunks(layer, columns=["use", "price"], terms=layer.terms("jobs >= 10"))
    return account(chunks, index_zones(zones_of_two_groups(), CRS), by=["use"], weight="price")


def assert_same(found: Account, expected: Account, *, relative: float) -> None:
    pd.testing.assert_frame_equal(
        found.rows, expected.rows, rtol=relative, atol=0, check_exact=not relative
    )
    assert (found.plots, found.unweighted) == (expected.plots, expected.unweighted)
    assert found.area_ha == pytest.approx(expected.area_ha, rel=relative)
    assert found.problems.to_dict() == expected.problems.to_dict()


def test_a_cluster_that_loses_a_worker_gives_the_same_account(
    file: Path, expected: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plot_cluster, "TASK_ROWS", 500)
    layer = open_plots(file)
    killed: list[int] = []
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, local_directory=str(tmp_path), **plot_cluster.NO_PAGE
    ) as cluster:

        def kill_one(_: int) -> None:
            if not killed:
                killed.append(cluster.workers[0].pid)
                os.kill(killed[0], signal.SIGKILL)

        found = account_on_cluster(
            layer,
            zones_of_two_groups(),
            CRS,
            by=["use"],
            weight="price",
            terms=layer.terms("jobs >= 10"),
            address=cluster.scheduler_address,
            progress=kill_one,
        )
        assert killed
        assert_same(found, expected, relative=0)
    assert found.first_problems.equals(expected.first_problems)


@pytest.fixture(scope="module")
def url(
    plots: gpd.GeoDataFrame,
    postgis_server: Server,  # noqa: F811
) -> str:
    url = postgis_server.new_database()
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    plots.to_postgis("plots", engine)
    plots.iloc[20:].to_crs(4326).to_postgis("plots_wgs84", engine)
    engine.dispose()
    return url


def test_a_server_gives_the_same_account(url: str, expected: Account) -> None:
    table = open_table(url, "plots")
    index = index_zones(zones_of_two_groups(), CRS)
    try:
        for _ in range(2):  # nothing is left behind that would be in the way
            found = account_on_server(table, index, by=["use"], weight="price", where="jobs >= 10")
            assert_same(found, expected, relative=1e-9)
    finally:
        table.connection.close()


def test_a_server_transforms_plots_of_another_system(url: str, plots: gpd.GeoDataFrame) -> None:
    table = open_table(url, "public.plots_wgs84")
    index = index_zones(zones_of_two_groups(), CRS)
    try:
        found = account_on_server(table, index).rows
    finally:
        table.connection.close()
    here = account([plots.iloc[20:].to_crs(4326)], index).rows
    np.testing.assert_allclose(found["area_ha"], here["area_ha"], rtol=1e-6)


def test_a_date_beside_moments_is_its_midnight_on_a_server_too(
    url: str, plots: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    made = pd.date_range("2023-12-25", periods=len(plots), freq="h", unit="us")
    dated = plots.assign(made=made, sent=made.tz_localize("UTC"))
    dated.to_parquet(tmp_path / "dated.parquet")
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    dated.to_postgis("dated", engine)
    engine.dispose()
    layer, table = open_plots(tmp_path / "dated.parquet"), open_table(url, "dated")
    index = index_zones(zones_of_two_groups(), CRS)
    with table.connection:
        table.connection.execute("SET TIME ZONE 'Asia/Ho_Chi_Minh'")
        counts = set()
        for where in (
            "made >= 2024-01-01",
            "made < 2024-01-01T05:00",
            "sent >= 2024-01-01",
            "sent >= 2024-01-01T00:00+07:00",
        ):
            here = account(read_chunks(layer, terms=layer.terms(where)), index)
            found = account_on_server(table, index, where=where)
            pd.testing.assert_frame_equal(found.rows, here.rows, rtol=1e-9)
            counts.add(found.rows["plots"].sum())
        assert len(counts) > 1
        with pytest.raises(DataError, match="field made: found 'soon'; expected a date or a time"):
            account_on_server(table, index, where="made > soon")


def test_a_user_who_may_only_read_is_told_what_an_administrator_has_to_do(
    url: str, expected: Account
) -> None:
    """VN-2000's zones aren't among the systems of the server, and this user can't add them."""
    index = index_zones(zones_of_two_groups(), CRS)
    word = secrets.token_hex(8)
    with psycopg.connect(url, autocommit=True) as administrator:
        administrator.execute(f"CREATE ROLE r{word} LOGIN PASSWORD '{word}'".encode())
        administrator.execute(f"GRANT SELECT ON plots, plots_wgs84 TO r{word}".encode())
        place = f"postgresql://r{word}:{word}@{url.split('@')[1]}"
        table, other = open_table(place, "plots"), open_table(place, "plots_wgs84")
        with table.connection, other.connection:
            found = account_on_server(table, index, by=["use"], weight="price", where="jobs >= 10")
            assert_same(found, expected, relative=1e-9)
            with pytest.raises(DataError, match="no EPSG:9208, and no right") as refused:
                account_on_server(other, index)
            administrator.execute(re.findall(r"INSERT INTO .*;", str(refused.value))[0].encode())
            assert account_on_server(other, index).plots == COUNT - 20


def test_a_server_says_what_is_not_there(url: str) -> None:
    with pytest.raises(DataError, match="parcels, field geometry: found none"):
        open_table(url, "parcels")
    table = open_table(url, "plots")
    index = index_zones(zones_of_two_groups(), CRS)
    try:
        with pytest.raises(DataError, match="no such column; expected one of: jobs, price, use"):
            account_on_server(table, index, by=['use"; DROP TABLE plots; --'])
        with pytest.raises(DataError, match="field size"):
            account_on_server(table, index, where="size > 1")
        hostile = account_on_server(table, index, where="use = 'x''; DROP TABLE plots; --'")
        assert hostile.rows.empty
        assert account_on_server(table, index).plots == COUNT - 5
    finally:
        table.connection.close()
