"""The account from a server beside that of this machine, and over several connections."""

from __future__ import annotations

import secrets
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import psycopg
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import affinity
from shapely.geometry import Point, Polygon, box
from sqlalchemy import create_engine

from data._errors import DataError
from geo import _server_parts
from geo._server_parts import BEYOND, Part, connect, parts_of, work_off
from geo.overlay import index_zones
from geo.plot_account import Account, account
from geo.plot_server import account_on_server, open_table
from tests.test_data.conftest import postgis_server  # noqa: F401 (the same server)
from tests.test_geo.land import CRS, EAST, NORTH, layer_of_plots, zones_of_two_groups

if TYPE_CHECKING:
    from psycopg import Connection

    from tests.postgis import Server

COUNT, ROWS = 3_000, 20_000

# A server prepares itself anew for each example.
few = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])

# On a grid of 100 m, which makes touching edges and shared corners common.
steps = st.integers(-3, 43)
plots = st.one_of(
    st.builds(
        lambda x, y, w, h: box(x * 100, y * 100, x * 100 + w, y * 100 + h),
        steps,
        steps,
        st.sampled_from([0.01, 5, 100, 700, 3000]),
        st.sampled_from([1e-9, 5, 100, 900]),
    ),
    st.builds(
        lambda x, y, r, turn: affinity.rotate(Point(x * 100, y * 100).buffer(r * 37.3, 3), turn),
        steps,
        steps,
        st.integers(1, 20),
        st.floats(0, 90),
    ),
    st.builds(  # a bow, with itself crossed
        lambda x, y, w: Polygon([(x, y), (x + w, y + w), (x + w, y), (x, y + w)]),
        st.integers(0, 4000),
        st.integers(0, 4000),
        st.sampled_from([10, 400]),
    ),
    st.builds(  # in two parts
        lambda x, y: box(x, y, x + 90, y + 90) - box(x + 9, y + 9, x + 20, y + 99)
        | box(x + 800, y, x + 900, y + 30),
        st.integers(0, 4000),
        st.integers(0, 4000),
    ),
    st.builds(  # as thin as corners are exact, or nearly
        lambda x, y, wide, high: box(x, y, x + wide, y + high),
        st.integers(0, 4000),
        st.integers(0, 4000),
        st.sampled_from([0.01, 3000.0]),
        st.sampled_from([1e-9, 1e-7, 1e-5]),
    ),
    st.sampled_from([box(0, 0, 2e6, 2e6), box(-1e200, 0, 1e200, 1e200)]),
    st.just(Polygon()),
    st.just(Point(100, 100)),
    st.just(Polygon([(100, 100), (200, 200), (300, 300)])),
    st.none(),
)  # fmt: skip


@pytest.fixture(scope="module")
def url(postgis_server: Server) -> str:  # noqa: F811
    """Database with `plots` over more pages than one, a view of them, and `numbers`."""
    url = postgis_server.new_database()
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    layer_of_plots(COUNT).assign(name=np.arange(COUNT)).to_postgis("plots", engine)
    engine.dispose()
    with psycopg.connect(url) as database:
        database.execute("CREATE VIEW seen AS SELECT * FROM plots")
        database.execute(
            "CREATE TABLE drawn (use text, price float8, geom geometry(Geometry, 9208))"
        )
        database.execute(
            f"CREATE TABLE numbers AS SELECT generate_series(1, {ROWS}) AS number".encode()
        )
    return url


@pytest.fixture
def few_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_server_parts, "PART_PAGES", 7)


def on_server(url: str, table: str = "plots", **options: Any) -> Account:  # noqa: ANN401
    with closing((opened := open_table(url, table)).connection):
        return account_on_server(opened, index_zones(zones_of_two_groups(), CRS), **options)


def assert_close(found: Account, expected: Account) -> None:
    names = [name for name in expected.rows if name not in {"area_ha", "weighted"}]
    assert found.rows[names].to_numpy().tolist() == expected.rows[names].to_numpy().tolist()
    np.testing.assert_allclose(found.rows["area_ha"], expected.rows["area_ha"], rtol=1e-9, atol=0)
    assert (found.plots, found.unweighted) == (expected.plots, expected.unweighted)
    assert found.area_ha == pytest.approx(expected.area_ha, rel=1e-12)
    assert found.problems.to_dict() == expected.problems.to_dict()


@few
@given(
    st.lists(
        st.tuples(plots, st.sampled_from(["SKK", "SKN"]), st.sampled_from([0.0, 2.5, None])),
        min_size=1,
        max_size=30,
    )
)
def test_any_plots_are_split_as_they_are_here(
    url: str, layer: list[tuple[Any, str, float | None]]
) -> None:
    shapes = [shape and affinity.translate(shape, EAST, NORTH) for shape, _, _ in layer]
    columns: dict[str, list[Any]] = {
        "use": [use for _, use, _ in layer],
        "price": [price for *_, price in layer],
    }
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS).astype({"price": float})
    known = shapely.set_srid(frame.geometry.to_numpy(), int(CRS.removeprefix("EPSG:")))
    written = shapely.to_wkb(known, hex=True, include_srid=True).tolist()
    with psycopg.connect(url) as database:
        database.execute("TRUNCATE drawn")
        rows = list(zip(columns["use"], columns["price"], written, strict=True))
        database.cursor().executemany("INSERT INTO drawn VALUES (%s, %s, %s)", rows)
    index = index_zones(zones_of_two_groups(), CRS)
    expected = account([frame], index, by=["use"], weight="price")
    found = on_server(url, "drawn", by=["use"], weight="price")
    assert_close(found, expected)
    np.testing.assert_allclose(found.rows["weighted"], expected.rows["weighted"], rtol=1e-9)


@pytest.mark.usefixtures("few_pages")
def test_neither_workers_nor_parts_change_a_digit(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    asked: dict[str, Any] = {"by": ["use"], "weight": "price", "label": "name"}
    found = [on_server(url, workers=n, progress=told.append, **asked) for n in (1, 3, None)]
    assert sum(told) == 3 * COUNT
    assert len(told) > 3 * 3
    found.append(on_server(url, "seen", **asked))  # a view has no pages
    found.append(on_server(url, "seen", **{**asked, "label": None}))  # nor places on disk
    monkeypatch.setattr(_server_parts, "PARTS_SINCE", 10**9)  # as on an older server
    found.append(on_server(url, **asked))
    for other in found:
        assert other.rows.equals(found[0].rows)
        assert (other.plots, other.area_ha) == (COUNT, found[0].area_ha)
    index = index_zones(zones_of_two_groups(), CRS)
    assert_close(found[0], account([layer_of_plots(COUNT)], index, by=["use"], weight="price"))


@pytest.mark.usefixtures("few_pages")
def test_partitions_are_taken_in_parts_together(url: str) -> None:
    with psycopg.connect(url) as database:
        database.execute("CREATE TABLE cut (LIKE plots INCLUDING ALL) PARTITION BY LIST (use)")
        database.execute("CREATE TABLE cut_a PARTITION OF cut FOR VALUES IN ('SKK')")
        # One partition has partitions itself; another has its columns in another order.
        database.execute(
            "CREATE TABLE cut_b PARTITION OF cut FOR VALUES IN ('SKN') PARTITION BY RANGE (name)"
        )
        database.execute("CREATE TABLE cut_ba PARTITION OF cut_b FOR VALUES FROM (0) TO (500)")
        database.execute("CREATE TABLE cut_bb PARTITION OF cut_b DEFAULT")
        database.execute(
            "CREATE TABLE cut_c AS SELECT name, price, jobs, use, geometry FROM plots LIMIT 0"
        )
        database.execute("ALTER TABLE cut ATTACH PARTITION cut_c DEFAULT")
        database.execute(
            "INSERT INTO cut (geometry, use, jobs, price, name) "
            "SELECT geometry, use, jobs, price, name FROM plots"
        )
    with closing(connect(url)) as connection:
        parts = parts_of(connection, "cut")
        rows = [
            connection.execute(
                "SELECT name FROM cut WHERE ctid >= %s::tid AND ctid < %s::tid", part
            ).fetchall()
            for part in parts
        ]
        last = "SELECT '(4294967294,65535)'::tid < %s::tid"  # no row of a table is farther on
        assert connection.execute(last.encode(), [BEYOND]).fetchone() == (True,)
    names = [name for found in rows for (name,) in found]
    assert sorted(names) == list(range(COUNT))
    sizes = [len(found) for found in rows if found]
    assert len(sizes) > 3
    assert max(sizes) < COUNT / 2
    told: list[int] = []
    asked: dict[str, Any] = {"by": ["use"], "weight": "price", "label": "name"}
    found = on_server(url, "cut", workers=2, progress=told.append, **asked)
    assert found.rows.equals(on_server(url, **asked).rows)
    assert len(told) == len(parts)


def test_a_table_elsewhere_is_not_taken_apart(url: str) -> None:
    with psycopg.connect(url) as database:
        database.execute("CREATE EXTENSION IF NOT EXISTS file_fdw")
        database.execute("CREATE SERVER elsewhere FOREIGN DATA WRAPPER file_fdw")
        file = "SERVER elsewhere OPTIONS (filename '/dev/null')"
        database.execute(f"CREATE FOREIGN TABLE far (number int) {file}".encode())
        database.execute("CREATE TABLE mixed (number int) PARTITION BY LIST (number)")
        database.execute("CREATE TABLE mixed_a PARTITION OF mixed FOR VALUES IN (1)")
        assert parts_of(database, "mixed") == [("(0,0)", BEYOND)]
        database.execute(
            f"CREATE FOREIGN TABLE mixed_b PARTITION OF mixed FOR VALUES IN (2) {file}".encode()
        )
        database.execute("CREATE TABLE bare (number int) PARTITION BY LIST (number)")
        for table in ("far", "mixed", "seen", "bare"):
            assert parts_of(database, table) == [()]
        database.rollback()


@pytest.mark.usefixtures("few_pages")
def test_nothing_is_left_behind(url: str) -> None:
    on_server(url, workers=3)
    with psycopg.connect(url) as database:
        left = "SELECT count(*) FROM pg_class WHERE relname LIKE 'account%'"
        assert database.execute(left).fetchall() == [(0,)]
        database.execute("SET lock_timeout = '5s'")
        database.execute("LOCK TABLE plots")  # nobody else's transaction goes on


def test_a_weight_below_zero_is_refused_wherever_its_plot_lies(url: str) -> None:
    with psycopg.connect(url) as database:
        database.execute("CREATE TABLE debts AS SELECT geometry AS geom, -jobs AS price FROM plots")
    with pytest.raises(DataError, match=r"debts, field price: found -99; expected a number from 0"):
        on_server(url, "debts", weight="price")


def numbers(connection: Connection[Any], part: Part) -> list[int]:
    within = "SELECT number FROM numbers WHERE ctid >= %s::tid AND ctid < %s::tid"
    return [number for (number,) in connection.execute(within, part).fetchall()]


def nothing(_: object) -> None:
    """Do nothing."""


@pytest.mark.usefixtures("few_pages")
def test_connections_share_the_parts_of_one_state_of_a_table(url: str) -> None:
    both, lock, processes = threading.Barrier(2, timeout=30), threading.Lock(), set[int]()

    def work(connection: Connection[Any], part: Part) -> list[int]:
        with lock:
            new = connection.info.backend_pid not in processes
            processes.add(connection.info.backend_pid)
        if new:  # wait for the other, and then for a change
            both.wait()
        if new and connection is first:
            with psycopg.connect(url) as other:
                other.execute("DELETE FROM numbers WHERE number % 2 = 0")
                other.execute("INSERT INTO numbers VALUES (-1)")
        if new:
            both.wait()
        return numbers(connection, part)

    with closing(connect(url)) as first:
        first.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        parts = parts_of(first, "numbers")
        found = work_off(first, url, parts, 2, nothing, work, nothing)
    assert len(processes) == 2
    assert len(parts) > 5
    assert [number for part in found for number in part] == list(range(1, ROWS + 1))


@pytest.mark.usefixtures("few_pages")
def test_a_connection_that_is_not_let_in_is_done_without(url: str) -> None:
    word = secrets.token_hex(8)
    with psycopg.connect(url, autocommit=True) as administrator:
        administrator.execute(
            f"CREATE ROLE r{word} LOGIN PASSWORD '{word}' CONNECTION LIMIT 1".encode()
        )
        administrator.execute(f"GRANT SELECT ON plots TO r{word}".encode())
    alone = on_server(f"postgresql://r{word}:{word}@{url.split('@')[1]}", workers=3)
    assert alone.rows.equals(on_server(url).rows)


def test_what_fails_in_one_connection_stops_the_others(url: str) -> None:
    both, stopped = threading.Barrier(2, timeout=30), []

    def work(connection: Connection[Any], part: Part) -> None:
        both.wait()
        try:
            connection.execute("SELECT pg_sleep(300)" if part == parts[1] else "SELECT 1 / 0")
        except psycopg.errors.QueryCanceled as error:
            stopped.append(error)
            raise

    parts: list[Part] = [("(0,0)", "(9,0)"), ("(9,0)", BEYOND)]
    with closing(connect(url)) as first:
        first.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with pytest.raises(psycopg.errors.DivisionByZero):
            work_off(first, url, parts, 2, nothing, work, nothing)
        first.rollback()
        assert first.execute("SELECT 1").fetchall() == [(1,)]
    assert len(stopped) == 1
