"""An investor's first minute, and a place checked, in a real browser without internet."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.e2e._acting import MAP, act, click, download, settled
from tests.e2e.test_map import area, drawn, frame, press_enter

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Download, Locator, Page

NAMES = {"vi": "Tìm địa điểm đầu tư", "en": "Find a site"}


def start(page: Page, app: str, query: str, *, lang: str = "en") -> str:
    """Open a link, or come to the page from the first one, as one does."""
    shown = page.locator(".site-answer, .atlas-error").first
    if query:
        page.goto(f"{app}/find-a-site?lang={lang}&{query}")
    else:
        page.goto(f"{app}/?lang={lang}")
        click(page.get_by_role("link", name=NAMES[lang], exact=True), shown.wait_for)
    shown.wait_for()
    expect(page.locator(".atlas-error")).to_have_count(0)
    stamp = drawn(page)
    page.locator(".site-answer").wait_for()
    return stamp


def answer(page: Page) -> Locator:
    return page.locator(".site-answer")


def items(page: Page) -> Locator:
    return page.locator("#ranking li[data-id]:has(.rank)")


def saved(download: Download, folder: Path) -> Path:
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


def fits(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    chart, listed = page.locator(MAP).bounding_box(), page.locator("#ranking").bounding_box()
    assert chart
    assert listed
    assert chart["x"] + chart["width"] <= listed["x"]
    assert chart["y"] < page.viewport_size["height"] / 2 if page.viewport_size else False


def ask(page: Page, stamp: str) -> None:
    """Ask for electronics, 20 ha and a port within 60 km."""
    # Choose electronics, found by another name.
    box = page.get_by_role("combobox", name=re.compile("VSIC code"))

    def type_trade() -> None:
        box.fill("")
        box.press_sequentially("linh kiện điện tử", delay=20)

    first = page.get_by_role("option").first
    act(page, type_trade, lambda: expect(first).to_contain_text("Electronics"))
    press_enter(box, lambda: expect(answer(page)).to_contain_text("Electronics"))
    stamp = drawn(page, unlike=stamp)
    # 20 ha.
    land = page.get_by_label("Land, at least (ha)")

    def type_land() -> None:
        land.fill("20")
        land.press("Enter")

    act(page, type_land, lambda: page.wait_for_url("**min_area=20**"))
    # A port within 60 km.
    near = page.get_by_test_id("stPopoverBody").get_by_test_id("stMultiSelect").first
    click(page.get_by_role("button", name="Needs"), near.wait_for)
    port = page.get_by_role("option", name="seaport")
    click(near.locator("input"), port.wait_for)
    click(port, lambda: page.wait_for_url("**need=seaport**"))
    expect(page.get_by_label("seaport, at most (km)")).to_have_value("60")
    settled(page)
    page.keyboard.press("Escape")
    page.locator(".site-answer").click()
    drawn(page, unlike=stamp)


def ranking_downloads(page: Page, folder: Path) -> list[dict[str, str]]:
    """Download the ranking in two forms, and read what came."""
    table = saved(download(page.get_by_role("button", name="Ranking (CSV)")), folder)
    rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8-sig"))))
    assert any(row["reasons"] for row in rows)
    places = saved(download(page.get_by_role("button", name="Ranking (GeoJSON)")), folder)
    collection = json.loads(places.read_text("utf-8"))
    assert collection["features"][0]["properties"]["rank"] == 1
    assert len(collection["features"]) == len(rows)
    return rows


def test_the_first_minute_of_an_investor(page: Page, app: str, tmp_path: Path) -> None:
    ask(page, start(page, app, ""))
    # Read the list: ranked places, and those that fall out with reasons.
    expect(items(page).first.locator(".rank")).to_have_text("1")
    first, second = (items(page).nth(at).get_attribute("data-id") for at in (0, 1))
    assert first
    assert second
    expect(frame(page).locator(".atlas-rank span").first).to_be_attached()
    numbers = frame(page).locator(".atlas-rank span").all_inner_texts()
    assert {"1", "2"} <= set(numbers)
    reasons = page.locator("#ranking .out .why")
    click(page.locator("#ranking summary"), reasons.first.wait_for)
    assert reasons.count() >= page.locator("#ranking .out li").count()
    # Those that fall out are grey, with the reason on hover.
    gone = page.locator("#ranking .out li").first.get_attribute("data-id")
    assert gone
    tooltip = frame(page).locator(".leaflet-tooltip")
    act(
        page,
        lambda: area(page, gone).dispatch_event("mouseover"),
        lambda: expect(tooltip).to_contain_text("Falls out"),
    )

    # Open the first.
    more = items(page).first.locator(".more")
    click(items(page).first.locator(".open"), more.wait_for)
    expect(more).to_contain_text("Where the points come from")
    expect(more).to_contain_text("in 1,000 weightings", ignore_case=True)
    page.wait_for_url(f"**area={first}**")
    # The link holds it all.
    page.reload()
    expect(items(page).first.locator(".more")).to_be_visible()
    expect(page.get_by_label("Land, at least (ha)")).to_have_value("20")

    rows = ranking_downloads(page, tmp_path)
    assert [row["id"] for row in rows[:2]] == [first, second]

    # Compare with the second.
    one, other = (items(page).nth(at).locator(".add") for at in (0, 1))
    click(one, lambda: expect(one).to_have_attribute("aria-pressed", "true"))
    click(other, lambda: expect(page.locator("#ranking .go")).to_contain_text("2 places"))
    table = page.locator(".atlas-compare table").first
    click(page.locator("#ranking .go button"), table.wait_for)
    page.wait_for_url(f"**compare={first}%2C{second}**")
    workbook = download(page.get_by_role("button", name="Comparison (XLSX)"))
    book = load_workbook(saved(workbook, tmp_path), read_only=True)
    cells = [str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row]
    assert any(rows[0]["name"] in cell for cell in cells)


@pytest.mark.parametrize(
    ("lang", "size", "words"),
    [
        ("vi", (1440, 900), ["nơi phù hợp", "Đứng đầu", "Yêu cầu", "khuyến khích tại vùng"]),
        ("en", (1280, 720), ["places fit", "First", "Needs", "wanted here"]),
    ],
)
def test_the_short_list_stands_beside_the_map(
    page: Page, app: str, lang: str, size: tuple[int, int], words: list[str]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    start(page, app, "industry=electronics&min_area=20", lang=lang)
    items(page).first.wait_for()
    fits(page, size[0])
    seen = page.locator("body").inner_text() + frame(page).locator("body").inner_text()
    for word in words:
        assert word in seen
    legend = frame(page).locator(".atlas-legend").bounding_box()
    chart = page.locator(MAP).bounding_box()
    assert legend
    assert chart
    assert legend["y"] >= chart["y"]


def test_all_provinces_are_searched_at_once(page: Page, app: str) -> None:
    start(page, app, "industry=electronics&min_area=20&scope=all")
    items(page).first.wait_for()
    provinces = {
        text.split(" · ")[0]
        for text in page.locator("#ranking .open small:nth-of-type(1)").all_inner_texts()
        if " · " in text
    }
    assert len(provinces) >= 3
    labels = frame(page).locator(".atlas-zone-label")
    expect(labels).to_have_count(4)


def test_the_legend_covers_no_province(page: Page, app: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    start(page, app, "industry=electronics&min_area=20&scope=all", lang="vi")
    items(page).first.wait_for()
    expect(frame(page).locator(".atlas-zone-label")).to_have_count(4)
    zones = (
        frame(page)
        .locator(".leaflet-zones-pane path")
        .evaluate_all("paths => paths.map((path) => path.getBoundingClientRect().left)")
    )
    edge = frame(page).locator(".atlas-legend").evaluate("box => box.getBoundingClientRect().right")
    assert zones
    assert min(zones) >= edge


def test_a_click_on_the_map_gets_a_verdict(page: Page, app: str) -> None:
    stamp = start(page, app, "view=check&industry=electronics")

    def click_zone() -> None:
        box = frame(page).locator(".leaflet-zones-pane path").nth(1).bounding_box()
        assert box
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    act(page, click_zone, lambda: page.wait_for_url("**point=**"))
    expect(answer(page).locator(".verdict")).to_be_visible()
    drawn(page, unlike=stamp)
    expect(frame(page).locator(".atlas-pin")).to_have_count(1)
    expect(page.locator(".site-reasons .cite").first).to_be_visible()
    expect(page.locator(".site-reasons")).to_contain_text("straight line")
    # A park instead of the point.
    press_enter(area(page, "na-kcn-vsip-1"), lambda: expect(answer(page)).to_contain_text("VSIP"))
    page.wait_for_url("**area=na-kcn-vsip-1**")
    expect(frame(page).locator(".atlas-pin")).to_have_count(0)


def test_an_outline_is_drawn_and_judged(page: Page, app: str, tmp_path: Path) -> None:
    stamp = start(page, app, "view=check&industry=electronics&point=105.45,18.98", lang="vi")
    chart = page.locator(MAP).bounding_box()
    assert chart
    x, y = chart["x"] + chart["width"] / 2, chart["y"] + chart["height"] / 2
    finish = frame(page).get_by_role("button", name="Xong")
    click(frame(page).get_by_role("button", name="Vẽ ranh giới"), finish.wait_for)
    expect(finish).to_be_disabled()
    for dx, dy in ((-60, -60), (60, -60), (60, 60)):
        page.mouse.click(x + dx, y + dy)
    frame(page).get_by_role("button", name="Lùi lại").click()
    expect(finish).to_be_disabled()
    page.mouse.click(x + 60, y + 60)
    page.mouse.dblclick(x - 60, y + 60)
    page.wait_for_url("**polygon=**")
    expect(answer(page)).to_contain_text("ha")
    expect(answer(page).locator(".verdict")).to_be_visible()
    drawn(page, unlike=stamp)
    expect(frame(page).locator(".leaflet-labels-pane path")).to_have_count(1)
    taken = saved(download(page.locator(".st-key-site_json button")), tmp_path)
    record = json.loads(taken.read_text("utf-8"))
    assert record["place"]["kind"] == "polygon"
    assert record["place"]["area_ha"] > 0
    assert record["sentences"]
    assert record["trade"]["tag"] == "electronics"
    # The outline comes back from the link.
    page.reload()
    expect(answer(page).locator(".verdict")).to_be_visible()
    drawn(page)
    expect(frame(page).locator(".leaflet-labels-pane path")).to_have_count(1)


def test_a_file_with_an_outline_is_judged(page: Page, app: str, tmp_path: Path) -> None:
    start(page, app, "view=check&industry=electronics")
    ring = [[105.445, 18.975], [105.455, 18.975], [105.455, 18.985], [105.445, 18.975]]
    feature = {
        "type": "Feature",
        "properties": {"name": "<img src=x onerror=alert(1)>"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path = tmp_path / "site.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    chooser = page.get_by_test_id("stFileUploaderDropzoneInput")
    click(
        page.get_by_role("button", name="Polygon file"),
        lambda: chooser.wait_for(state="attached"),
    )
    check = page.get_by_role("button", name="Check this polygon")
    act(page, lambda: chooser.set_input_files(path), check.wait_for)
    verdict = answer(page).locator(".verdict")
    click(check, lambda: expect(verdict).to_contain_text("doesn't fit"))
