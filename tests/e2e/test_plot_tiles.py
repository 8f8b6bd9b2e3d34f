"""Thousands of plots: seen from near, by status, each with its card; their bytes are nobody's."""

from __future__ import annotations

import importlib.util
import re
import time
import urllib.error
import urllib.request
from functools import partial
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e._acting import MAP, act, click
from tests.e2e.conftest import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page, Response

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
    page.mouse.click(x + 60, y - 60)
    popup = frame.locator(".leaflet-popup-content")
    expect(popup).to_contain_text(re.compile(r"Plot CN-\d{6}"))
    expect(popup).to_contain_text("VSIP")
    expect(popup).to_contain_text(re.compile(r"ha \(measured\)"))
    # The park stays selected: a click on a plot isn't one on what lies under it.
    assert f"area={AREA}" in page.url

    # Land that is drawn together belongs to its park: the same place, three zooms further away.
    for _ in range(6):
        frame.locator(".leaflet-control-zoom-out").click()
        page.wait_for_timeout(400)
    expect(frame.locator(".atlas-hint")).to_contain_text("drawn together")
    close = page.get_by_role("button", name="Close", exact=True)
    click(close, lambda: page.wait_for_url(lambda url: "area=" not in url))
    park = partial(page.mouse.click, x + 7, y - 7)
    act(page, park, lambda: page.wait_for_url(lambda url: f"area={AREA}" in url))

    for _ in range(14):
        frame.locator(".leaflet-control-zoom-out").click()
        if frame.locator(".atlas-hint", has_text="Zoom in to see the 4,000 plots").is_visible():
            break
        page.wait_for_timeout(300)
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
