"""Thousands of plots: seen from near, by status, each with its card; their bytes are nobody's."""

from __future__ import annotations

import base64
import gzip
import importlib.util
import re
import time
import urllib.error
import urllib.request
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from playwright.sync_api import expect

from geo.plot_tiles import USUAL_LAST_ZOOM as LAST
from geo.plot_tiles import write_archive
from tests.e2e._acting import MAP, act, click
from tests.e2e.conftest import ROOT, serve
from tests.test_geo.parcels import parcels

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import geopandas as gpd
    import numpy.typing as npt
    from playwright.sync_api import FrameLocator, Locator, Page, Response

COUNT = 4000
AREA = "na-kcn-vsip-1"
# The fill of plots that are leased; nothing else on the map has it.
COLOURED = """map => [...map.querySelectorAll("canvas.leaflet-tile")].reduce((sum, tile) => {
  const { data } = tile.getContext("2d").getImageData(0, 0, tile.width, tile.height);
  for (let i = 0; i < data.length; i += 4) {
    const near = (a, b) => Math.abs(data[i + a] - b) < 3;
    sum += near(0, 0xa6) && near(1, 0x61) && near(2, 0x1a) && data[i + 3] > 200;
  }
  return sum;
}, 0)"""

if importlib.util.find_spec("freestiler") is None:
    pytest.skip("requirements-tiles.txt isn't installed", allow_module_level=True)

WEB = ROOT / "layers" / "web"


@pytest.fixture(scope="module")
def tiled() -> Iterator[str]:
    yield from serve("-m", "tests.e2e.parcel_server", str(COUNT), AREA)


def test_plots_come_as_tiles_and_tell_their_card(page: Page, tiled: str) -> None:
    replies: list[Response] = []
    page.on(
        "response", lambda reply: replies.append(reply) if "/plot-tiles/" in reply.url else None
    )
    page.goto(f"{tiled}/?area={AREA}&lang=en")
    frame = page.frame_locator(MAP)
    chart = frame.locator("#map_div")
    expect(chart).to_have_attribute("data-plots", "1")
    expect(frame.locator("canvas.leaflet-tile").first).to_be_visible()
    expect(frame.locator(".atlas-hint")).to_be_hidden()
    coloured(page, chart)
    assert {reply.status for reply in replies} == {206}
    assert all(int(reply.headers["content-length"]) <= 500_000 for reply in replies)

    box = chart.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    popup = frame.locator(".leaflet-popup-content")
    named = re.compile(r"Plot CN-\d{6}")
    plot = partial(page.mouse.click, x + 60, y - 60)
    act(page, plot, lambda: expect(popup).to_contain_text(named))
    expect(popup).to_contain_text("VSIP")
    expect(popup).to_contain_text(re.compile(r"ha \(measured\)"))
    # The park stays selected: a click on a plot isn't one on what lies under it.
    assert f"area={AREA}" in page.url

    # Land that is drawn together belongs to its park: the same place, three zooms further away.
    for _ in range(6):
        zoom_out(frame)
    expect(frame.locator(".atlas-hint")).to_contain_text("drawn together")
    close = page.get_by_role("button", name="Close", exact=True)
    click(close, lambda: page.wait_for_url(lambda url: "area=" not in url))
    park = partial(page.mouse.click, x + 7, y - 7)
    act(page, park, lambda: page.wait_for_url(lambda url: f"area={AREA}" in url))

    for _ in range(14):
        zoom_out(frame)
        if frame.locator(".atlas-hint", has_text="Zoom in to see the 4,000 plots").is_visible():
            break
    expect(frame.locator(".atlas-hint")).to_have_text("Zoom in to see the 4,000 plots")
    expect(frame.locator("canvas.leaflet-tile")).to_have_count(0)

    url = replies[0].url
    assert url.startswith(tiled)
    token = replies[0].request.headers["x-plots-token"]
    assert status(url, {}) == status(url, {"X-Plots-Token": "x"}) == 403
    assert status(url, {"X-Plots-Token": token}) == 206
    page.close()
    end = time.monotonic() + 20
    while status(url, {"X-Plots-Token": token}) != 403 and time.monotonic() < end:
        time.sleep(0.1)  # until the server knows that it is closed
    assert status(url, {"X-Plots-Token": token}) == 403


# What each of the two readers makes of a tile, and of places in it.
READ = """async ([text, places]) => {
  const data = Uint8Array.from(atob(text), (one) => one.charCodeAt(0)).buffer;
  const file = { getZxy: async () => ({ data }) };
  const theirs = await new protomapsL.PmtilesSource(file, false).get({ z: 0, x: 0, y: 0 }, 512);
  const ours = atlasTile.read(data, 512);
  const own = ({ props, rings, scale, bbox }) =>
    [props, bbox, rings.map((ring) => ring.map((value) => value * scale))];
  const known = ({ props, bbox, geom }) =>
    [props, bbox, geom.map((ring) => ring.flatMap(({ x, y }) => [x, y]))];
  const said = (layers, of) =>
    JSON.stringify([...layers].map(([name, all]) => [name, all.map(of)]));
  const all = [...ours.values()].flat();
  const inside = ([x, y]) =>
    all.filter((one) => atlasTile.holds(one, x, y)).map(({ props }) => props.plot);
  return {
    same: said(ours, own) === said(theirs, known),
    length: said(ours, own).length,
    inside: places.map(inside),
  };
}"""


def test_a_tile_is_read_as_the_library_reads_it(page: Page, tmp_path: Path) -> None:
    from pmtiles.reader import MmapSource, all_tiles  # noqa: PLC0415 (an extra)

    plots = parcels(3000)
    hole = plots.geometry[0].centroid.buffer(3e-5)
    holed: Any = plots.geometry[0].difference(hole)
    other: Any = plots.geometry[1]
    apart: Any = shapely.MultiPolygon([holed, other])
    plots = plots.set_geometry([holed, apart, *plots.geometry[2:]], crs=plots.crs)
    places = plots.geometry.representative_point()
    places[3000] = hole.centroid
    plots["plot_id"] = ["lô số 1/Đ", *plots["plot_id"][1:]]
    plots["area_ha"] = [float("nan"), 300.0, *np.linspace(0.1, 3.0, 2998)]
    write_archive(plots, tmp_path / "plots.pmtiles")
    page.goto("about:blank")
    for name in ("vector_tile.js", "vendor/protomaps-leaflet.js"):
        page.add_script_tag(path=WEB / name)
    with (tmp_path / "plots.pmtiles").open("rb") as file:
        tiles = list(all_tiles(MmapSource(file)))  # type: ignore[no-untyped-call]
    assert len({zoom for (zoom, _, _), _ in tiles}) == 5
    names = [*plots["plot_id"], ""][::6]  # 3001 places, the last one in a hole
    seen: set[str] = set()
    for place, tile in tiles:
        zoom, x, y = place
        corner = pixels(places, zoom) - 512 * np.array([x, y])
        text = base64.b64encode(gzip.decompress(tile)).decode()
        found = page.evaluate(READ, [text, corner[::6].tolist()])
        assert found["same"], place
        assert found["length"] > 100
        for plot, at, told in zip(names, corner[::6], found["inside"], strict=True):
            if zoom == LAST and (at > 0).all() and (at < 512).all():
                seen.add(plot)
                assert plot in told if plot else not told
                assert {plot, "CN-000001", "lô số 1/Đ"} >= set(told)
    assert seen == set(names)


def zoom_out(frame: FrameLocator) -> None:
    """Go one step away, and wait until the map is there: it takes no click on its way."""
    scale = frame.locator(".leaflet-control-scale-line")
    before = scale.get_attribute("style") or ""
    button = frame.locator(".leaflet-control-zoom-out")
    click(button, lambda: expect(scale).not_to_have_attribute("style", before))


def pixels(degrees: gpd.GeoSeries, zoom: int) -> npt.NDArray[np.float64]:
    """Give places in pixels of tiles of 512 from the corner of the world."""
    places = degrees.to_crs("EPSG:3857")
    world = 2.0 * np.pi * 6_378_137.0
    shares = np.column_stack([0.5 + places.x / world, 0.5 - places.y / world])
    return np.asarray(512.0 * 2**zoom * shares, dtype="float64")


def coloured(page: Page, chart: Locator) -> None:
    for _ in range(100):
        if chart.evaluate(COLOURED) > 500:
            return
        page.wait_for_timeout(100)
    pytest.fail("no plot is seen")


def status(url: str, headers: dict[str, str]) -> int:
    asked = urllib.request.Request(url, headers={"Range": "bytes=0-9", **headers})  # noqa: S310
    try:
        with urllib.request.urlopen(asked) as reply:  # noqa: S310
            return int(reply.status)
    except urllib.error.HTTPError as error:
        return error.code
