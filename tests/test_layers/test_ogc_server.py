"""The real server as a process of its own, read by clients that are not ours."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyogrio
import pytest
import shapely
from owslib.ogcapi.features import Features
from pyproj import Transformer
from typer.testing import CliRunner

from data.facts import load_facts
from data.workspace.store import open_workspace
from geo.__main__ import app
from geo.commands import serve as _commands_serve
from layers.exchange.frames import frame
from layers.exchange.tables import province_layers
from tests.benchmarks.measure_server import PATHS, replies, serving
from tests.test_data.changes import SQUARE, change, plot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.snapshot import Province, Snapshot

ROOT = Path(__file__).resolve().parents[2]
VN_2000 = "http://www.opengis.net/def/crs/EPSG/0/9208"
# OWSLib and GDAL must not ask a proxy for this machine.
LOCAL = {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}


@pytest.fixture(scope="module", autouse=True)
def _no_proxy() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in LOCAL.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Make a workspace that holds a plot."""
    path = tmp_path_factory.mktemp("workspace") / "park.gpkg"
    with open_workspace(path) as kept:
        kept.add(change(plots=[plot()]), kind="plots", title="lô đất", facts=load_facts())
    return str(path)


@pytest.fixture(scope="module")
def address(workspace: str) -> Iterator[str]:
    with serving(
        "--as-of", "2026-06-30", "--boundaries", "bundled", "--workspace", workspace
    ) as at:
        yield at


@pytest.fixture(scope="module")
def tables(province: Province, shot: Snapshot) -> dict[str, Any]:
    return {item.key: frame(item) for item in province_layers(province, shot)}


def read(address: str, layer: str, **options: Any) -> Any:  # noqa: ANN401
    return pyogrio.read_dataframe(f"OAPIF:{address}", layer=layer, **options)


def test_owslib_reads_everything(address: str, tables: dict[str, Any]) -> None:
    service = Features(address)
    assert {link["rel"] for link in service.links} >= {
        "self",
        "service-desc",
        "conformance",
        "data",
    }
    classes = service.conformance()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in classes
    assert service.api()["openapi"].startswith("3.0")
    assert {"zones", "areas", "communes", "roads", "nodes", "plots"} <= set(
        service.feature_collections()
    )
    described = service.collection("areas")
    assert VN_2000 in described["crs"]
    assert "id" in service.collection_queryables("areas")["properties"]
    assert service.collection_schema("areas")["properties"]["kind"]["type"] == "string"
    operating = tables["areas"][tables["areas"]["status"] == "operating"]
    found = service.collection_items("areas", status="operating", limit=5, offset=5)
    assert found["numberMatched"] == len(operating)
    assert [item["id"] for item in found["features"]] == list(operating["id"])[5:10]
    west, south, east, north = 105.6, 18.6, 105.8, 18.9
    boxed = service.collection_items("areas", bbox=[west, south, east, north], limit=1000)
    inside = tables["areas"].cx[west:east, south:north]
    assert [item["id"] for item in boxed["features"]] == list(inside["id"])
    assert 0 < len(inside) < len(tables["areas"])
    item = service.collection_item("areas", "na-kcn-vsip-1")
    row = tables["areas"].set_index("id").loc["na-kcn-vsip-1"]
    assert item["properties"]["name"] == row["name"]
    assert item["geometry"]["coordinates"] == pytest.approx(
        [row.geometry.x, row.geometry.y], abs=1e-6
    )


def test_gdal_reads_every_layer(address: str, tables: dict[str, Any]) -> None:
    for key in ("zones", "areas", "communes", "roads", "nodes"):
        found, table = read(address, key), tables[key]
        name = str(table.columns[0])
        assert list(found[name]) == list(table[name])
        assert list(found.geometry.isna()) == list(table.geometry.isna())
        placed = table.geometry.notna()
        apart = shapely.hausdorff_distance(
            np.asarray(found.geometry[placed]), np.asarray(table.geometry[placed])
        )
        assert apart.max() < 2e-7
        assert found.geometry.dropna().geom_type.unique().size == 1
    assert len(read(address, "zones", PAGE_SIZE=3)) == len(tables["zones"])
    total = read(address, "areas")["total_area_ha"].to_numpy(dtype=float)
    expected = tables["areas"]["total_area_ha"].to_numpy(dtype=float)
    assert np.array_equal(total, expected, equal_nan=True)


def test_gdal_asks_for_vn_2000(address: str, tables: dict[str, Any]) -> None:
    found = read(address, "communes", CRS="EPSG:9208")
    assert found.crs.to_epsg() == 9208
    turn = Transformer.from_crs("OGC:CRS84", "EPSG:9208")
    for given, shape in zip(found.geometry, tables["communes"].geometry, strict=True):
        expected = shapely.transform(shape, lambda at: np.column_stack(turn.transform(*at.T)))
        assert shapely.hausdorff_distance(given, expected) < 0.002
    west, south, east, north = found.total_bounds
    box = (west, south, (west + east) / 2, (south + north) / 2)
    part = read(address, "communes", CRS="EPSG:9208", bbox=box)
    assert set(part["code"]) == set(found[found.intersects(shapely.box(*box))]["code"])


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="no program of GDAL")
def test_the_programs_of_gdal_read_it(address: str, tables: dict[str, Any]) -> None:
    command = ["ogrinfo", "-ro", "-so", f"OAPIF:{address}", "areas"]
    told = subprocess.run(
        command, capture_output=True, encoding="utf-8", check=True, env={**os.environ, **LOCAL}
    )
    assert "Geometry: Point" in told.stdout
    assert f"Feature Count: {len(tables['areas'])}" in told.stdout
    assert "total_area_ha: Real" in told.stdout


def test_what_users_brought_in_is_served(address: str) -> None:
    found = read(address, "plots")
    assert list(found["plot_id"]) == ["CN-01"]
    assert list(found["stated_ha"]) == [2.5]
    assert shapely.hausdorff_distance(found.geometry.iloc[0], SQUARE) < 2e-7


def test_a_burst_is_answered_without_an_error(address: str) -> None:
    found = replies(address, PATHS, rate=math.inf, count=150)
    assert [reply.status for reply in found] == [200] * 150


def keys_of(address: str) -> set[str]:
    with urllib.request.urlopen(f"{address}collections") as reply:  # noqa: S310
        return {item["id"] for item in json.load(reply)["collections"]}


def test_a_second_server_shares_nothing_and_its_workspace_is_followed(
    address: str, tmp_path: Path
) -> None:
    path = tmp_path / "other.gpkg"
    with (
        open_workspace(path) as kept,
        serving("--province", "ha-tinh", "--boundaries", "bundled", "--workspace", str(path)) as at,
    ):
        assert at != address
        with urllib.request.urlopen(at) as reply:  # noqa: S310
            assert "Hà Tĩnh" in json.load(reply)["title"]
        assert "plots" not in keys_of(at)
        assert "plots" in keys_of(address)
        area = "ht-kcn-vung-ang-i"
        kept.add(change(plots=[plot(area_id=area)]), kind="plots", title="lô đất")
        deadline = time.monotonic() + 180
        while "plots" not in keys_of(at):
            assert time.monotonic() < deadline
            time.sleep(0.5)


def refused(*arguments: str) -> str:
    """What is told to who starts a server that can't be."""
    told = CliRunner().invoke(app, ["serve", *arguments])
    assert told.exit_code == 1
    assert isinstance(told.exception, SystemExit)
    assert not told.stdout
    return told.stderr


def test_a_taken_port_is_told(address: str) -> None:
    port = address.rsplit(":", 1)[1].strip("/")
    assert f"127.0.0.1:{port} can't be listened on" in refused("--port", port)


def test_missing_programs_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_commands_serve, "find_spec", lambda name: None)  # noqa: ARG005
    told = refused()
    assert "pygeoapi and waitress" in told
    assert "pip install -r requirements-server.txt" in told


def test_other_commands_need_no_server() -> None:
    code = "import sys; import geo.__main__; sys.exit('pygeoapi' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_an_unknown_province_or_workspace_is_told(tmp_path: Path) -> None:
    assert "nowhere" in refused("--port", "0", "--province", "nowhere")
    assert "none.gpkg" in refused("--port", "0", "--workspace", str(tmp_path / "none.gpkg"))
