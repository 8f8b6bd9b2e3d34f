"""Outlines made for tests from the gazetteer's points, and a repository that serves them."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from data.units import predecessors, successors
from data.units.gazetteer import communes_2025, legacy_communes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pandas as pd

PROVINCE, CODE, CRS = "ha-tinh", "42", "EPSG:9209"
FOLDER = "42_ha_tinh"


def _cells(lon: pd.Series, lat: pd.Series) -> np.ndarray[Any, Any]:
    """Voronoi cells of the points, in their order, rounded as the repository's files are."""
    points = np.asarray(shapely.points(lon, lat), dtype=object)
    box = shapely.box(*shapely.total_bounds(points)).buffer(0.05, join_style="mitre")
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=box, ordered=True)
    )
    clipped = shapely.intersection(cells, box)
    return np.asarray(
        shapely.coverage_clean(  # type: ignore[attr-defined]
            shapely.set_precision(clipped, 1e-6)
        )
    )


@cache
def communes() -> gpd.GeoDataFrame:
    """A coverage of the 2025 communes of Hà Tĩnh: `code`, `name`."""
    new = communes_2025()
    new = new[new["province_code"] == CODE]
    return gpd.GeoDataFrame(
        {"code": new.index, "name": new["name"].to_numpy()},
        geometry=_cells(new["lon"], new["lat"]),
        crs="EPSG:4326",
    )


@cache
def old_communes() -> gpd.GeoDataFrame:
    """A coverage of the old communes of Hà Tĩnh: `ma`, `ten`, `huyen`."""
    codes = communes()["code"]
    keys = sorted({key for code in codes for key in predecessors(code)})
    old = legacy_communes().loc[keys]
    # Without a point of its own, a commune is put beside its successor's.
    main = communes_2025().loc[[successors(key)[0] for key in keys], ["lat", "lon"]]
    beside = main.set_axis(old.index) + np.linspace(0.001, 0.002, len(old))[:, None]
    places = old[["lat", "lon"]].fillna(beside)
    return gpd.GeoDataFrame(
        {
            "ma": old["code"].to_numpy(),
            "ten": old["name"].to_numpy(),
            "huyen": old["district"].to_numpy(),
        },
        geometry=_cells(places["lon"], places["lat"]),
        crs="EPSG:4326",
    )


def repository() -> dict[str, bytes]:
    """Files of a province as the repository lays them out."""
    files = {}
    for row in communes().itertuples():
        properties = {"code": row.code, "fullName": row.name}
        path = f"json/geojson/{FOLDER}/wards/{row.code}_x.geojson"
        files[path] = _collection(properties, row.geometry)
    whole = shapely.coverage_union_all(communes().geometry.to_numpy())
    files[f"json/geojson/{FOLDER}/{FOLDER}.geojson"] = _collection({"code": CODE}, whole)
    return files


def _collection(properties: Mapping[str, Any], shape: Any) -> bytes:  # noqa: ANN401
    feature = {
        "type": "Feature",
        "properties": dict(properties),
        "geometry": json.loads(shapely.to_geojson(shape)),
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def write_sums(files: Mapping[str, bytes], place: Path) -> Path:
    """Write the sums of files as the project holds them."""
    lines = [f"{hashlib.sha256(body).hexdigest()}  {path}\n" for path, body in files.items()]
    place.write_text("".join(lines), encoding="utf-8")
    return place


class Server:
    """A repository on loopback that counts requests and fails where it is told to."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = dict(files)
        self.requests: Counter[str] = Counter()
        self.cut: dict[str, int] = {}  # path -> how many answers break off
        self.url = ""
        self._lock = Lock()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        path = handler.path.lstrip("/")
        with self._lock:
            self.requests[path] += 1
            cut = self.cut.get(path, 0) > 0
            if cut:
                self.cut[path] -= 1
        body = self.files.get(path)
        handler.send_response(200 if body is not None else 404)
        handler.send_header("Content-Length", str(len(body or b"")))
        handler.end_headers()
        handler.wfile.write((body or b"")[: len(body or b"") // 2 if cut else None])
        handler.close_connection = cut


@contextmanager
def serving(files: Mapping[str, bytes]) -> Iterator[Server]:
    """Serve files on loopback while the block runs."""
    server = Server(files)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            server.answer(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server.url = f"http://127.0.0.1:{http.server_port}"
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
