"""What a planner does on the map page, in a real browser."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from typer.testing import CliRunner

from geo.__main__ import app as command_line
from tests.e2e._acting import MAP, act, click, download, settled

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import FrameLocator, Locator, Page


def frame(page: Page) -> FrameLocator:
    return page.frame_locator(MAP)


def drawn(page: Page, *, unlike: str = "base") -> str:
    """Wait until the map is painted, and otherwise than before; give the stamp."""
    # While another base is being put in place, the old frame stands beside the new one.
    expect(page.locator(MAP)).to_have_count(1)
    chart = frame(page).locator(
        f'#map_div[data-drawn]:not([data-drawn="base"], [data-drawn="{unlike}"])'
    )
    chart.wait_for()
    return str(chart.get_attribute("data-drawn"))


def start(page: Page, app: str, query: str = "") -> str:
    page.goto(f"{app}/{query}")
    # Whichever comes first, so that a page that failed says so at once.
    page.locator(f"{MAP}, .atlas-error").first.wait_for()
    expect(page.locator(".atlas-error")).to_have_count(0)
    return drawn(page)


def area(page: Page, key: str) -> Locator:
    return frame(page).locator(f'path[data-kind="area"][data-id="{key}"]')


def zone(page: Page, key: str) -> Locator:
    return frame(page).locator(f'path[data-kind="zone"][data-id="{key}"]')


def card(page: Page) -> Locator:
    return page.locator(".atlas-card h3")


def click_label(page: Page, mark: str) -> None:
    """Click where the label of a zone stands; labels let clicks through."""
    settled(page)
    box = (
        frame(page)
        .locator(".atlas-zone-label", has=page.locator(f'span:text-is("{mark}")'))
        .bounding_box()
    )
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def press_enter(target: Locator, effect: Callable[[], object]) -> None:
    """Use a target by keyboard."""

    def use() -> None:
        target.focus()
        target.page.keyboard.press("Enter")

    act(target.page, use, effect)


def click_sea(page: Page) -> None:
    frame(page).locator(".atlas-home").click()
    box = page.locator(MAP).bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] - 25, box["y"] + box["height"] * 0.6)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("vi", ["Quỹ đất công nghiệp", "Tỷ lệ lấp đầy", "Chú giải", "Lớp bản đồ", "Toàn tỉnh"]),
        ("en", ["Industrial Land Atlas", "Fill rate", "Legend", "Layers", "Whole province"]),
    ],
)
def test_the_map_is_drawn_in_both_languages(
    page: Page,
    app: str,
    lang: str,
    words: list[str],
) -> None:
    start(page, app, f"?lang={lang}")
    assert frame(page).locator('path[data-kind="zone"]').count() >= 5
    assert frame(page).locator('path[data-kind="area"]').count() >= 30
    for key in ("na-a", "na-b", "na-c", "na-d"):
        box = zone(page, key).bounding_box()
        assert box
        assert box["width"] > 20
        assert zone(page, key).get_attribute("fill")
    seen = "".join(
        part.inner_text()
        for part in (page.locator("body"), page.locator("#zones"), frame(page).locator("body"))
    )
    for word in words:
        assert word in seen
    expect(page.locator(".atlas-error")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_everything_fits_a_small_screen(page: Page, app: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    start(page, app)
    box = page.locator(MAP).bounding_box()
    table = page.locator("#zones table").bounding_box()
    assert box
    assert table
    assert box["y"] + box["height"] <= 720
    assert box["x"] + box["width"] <= table["x"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_click_on_a_zone_opens_its_card_and_the_sea_closes_it(page: Page, app: str) -> None:
    stamp = start(page, app)
    width = zone(page, "na-d").bounding_box()
    act(
        page,
        lambda: click_label(page, "D"),
        lambda: expect(card(page)).to_have_text("Khu vực miền núi cao"),
    )
    stamp = drawn(page, unlike=stamp)
    wider = zone(page, "na-d").bounding_box()
    assert width
    assert wider
    assert wider["width"] > width["width"]
    expect(page.locator('tr[data-zone="na-d"]')).to_have_attribute("aria-selected", "true")
    page.wait_for_url("**zone=na-d**")
    act(page, lambda: click_sea(page), lambda: expect(card(page)).to_have_count(0))
    expect(page.locator('tr[data-zone="na-d"]')).not_to_have_attribute("aria-selected", "true")


def test_a_click_on_a_park_opens_its_card(page: Page, app: str) -> None:
    start(page, app)
    click(area(page, "na-kcn-tan-ky"), lambda: expect(card(page)).to_contain_text("Tân Kỳ"))
    expect(page.locator(".atlas-card .badge").first).to_have_text("khu công nghiệp")


def test_the_keyboard_opens_cards_on_map_and_table(page: Page, app: str) -> None:
    start(page, app)
    press_enter(area(page, "na-kcn-vsip-1"), lambda: expect(card(page)).to_contain_text("VSIP"))
    row = page.locator('tr[data-zone="na-c"]')
    press_enter(row, lambda: expect(card(page)).to_contain_text("Hồ Chí Minh"))


def test_a_click_in_the_table_does_the_same_as_on_the_map(page: Page, app: str) -> None:
    stamp = start(page, app)
    row = page.locator('tr[data-zone="na-b"]')
    click(row, lambda: expect(card(page)).to_contain_text("bán sơn địa"))
    stamp = drawn(page, unlike=stamp)
    expect(zone(page, "na-b")).to_have_attribute("stroke-width", "4")
    click(row, lambda: expect(card(page)).to_have_count(0))


def test_the_table_sorts_within_its_groups(page: Page, app: str) -> None:
    start(page, app)
    base = page.locator("#zones tbody.sortable").first.locator("tr")
    before = base.evaluate_all("rows => rows.map(r => r.dataset.zone)")

    def sorted_by_count() -> None:
        counts = base.evaluate_all("rows => rows.map(r => Number(r.cells[3].dataset.value))")
        assert counts == sorted(counts, reverse=True)

    click(page.locator('#zones button[data-sort="areas"]'), sorted_by_count)
    after = base.evaluate_all("rows => rows.map(r => r.dataset.zone)")
    assert sorted(before) == sorted(after)
    expect(page.locator("#zones tfoot tr")).to_have_count(1)


def test_another_date_gives_other_figures(page: Page, app: str) -> None:
    stamp = start(page, app, "?area=na-kcn-vsip-1")
    values = page.locator('.atlas-card tr[data-metric="leased_ha"] td.value')
    expect(values).to_contain_text("262,07 ha")

    def type_date() -> None:
        page.get_by_test_id("stDateInput").locator("[role=spinbutton]").first.click()
        page.keyboard.type("31122023")
        page.keyboard.press("Escape")  # closes the calendar, and the date holds

    act(page, type_date, lambda: expect(values).to_contain_text("237,94 ha"))
    drawn(page, unlike=stamp)
    page.wait_for_url("**as_of=2023-12-31**")


def test_filters_hide_symbols_and_layers_switch_them_off(page: Page, app: str) -> None:
    stamp = start(page, app)
    clusters = frame(page).locator('path[data-id^="na-ccn"]')
    everything = clusters.count()
    assert everything
    layer = frame(page).locator('input[data-layer="industrial_cluster"]')
    click(frame(page).locator(".atlas-layers summary"), layer.wait_for)
    act(page, layer.uncheck, lambda: expect(clusters).to_have_count(0))
    act(page, layer.check, lambda: expect(clusters).to_have_count(everything))
    open_sidebar(page)
    kinds = page.get_by_test_id("stSidebar").get_by_test_id("stMultiSelect").first.locator("input")
    parks = page.get_by_role("option", name=re.compile("Khu công nghiệp")).first
    click(kinds, parks.wait_for)
    click(parks, lambda: drawn(page, unlike=stamp))
    expect(clusters).to_have_count(0)
    assert frame(page).locator('path[data-id^="na-kcn"]').count()


def open_sidebar(page: Page) -> None:
    button = page.get_by_test_id("stExpandSidebarButton")
    click(button, lambda: expect(button).to_have_count(0))


def search_box(page: Page) -> Locator:
    return page.get_by_role("combobox", name=re.compile("Tìm khu|Find a park"))


def search(page: Page, text: str, found: str) -> None:
    """Type into the search box until its list shows what is looked for."""

    def type_text() -> None:
        search_box(page).fill("")
        search_box(page).press_sequentially(text, delay=30)

    first = page.get_by_role("option").first
    act(page, type_text, lambda: expect(first).to_contain_text(found))


def test_search_without_diacritics_opens_a_park_by_keyboard(page: Page, app: str) -> None:
    start(page, app)
    search(page, "nam cam", "Nam Cấm")
    press_enter(search_box(page), lambda: expect(card(page)).to_contain_text("Nam Cấm"))
    page.wait_for_url("**area=na-kcn-nam-cam**")


def test_search_shows_what_an_old_commune_became(page: Page, app: str) -> None:
    stamp = start(page, app)

    # Enter comes before the list, and waits for it.
    def ask() -> None:
        search_box(page).fill("nghi long")
        page.keyboard.press("Enter")

    act(page, ask, lambda: expect(card(page)).to_have_text("Xã Nghi Long"))
    expect(page.locator(".atlas-card .fate")).to_have_text("Xã Trung Lộc")
    drawn(page, unlike=stamp)
    expect(frame(page).locator(".leaflet-overlays-pane path:not([data-kind])")).to_have_count(1)
    page.wait_for_url("**unit=**")


def test_search_leads_to_another_province(page: Page, app: str) -> None:
    stamp = start(page, app)
    search(page, "vung ang", "Vũng Áng")

    def choose() -> None:
        search_box(page).focus()
        for key in ("ArrowDown", "ArrowUp", "Enter"):
            page.keyboard.press(key)

    act(page, choose, lambda: expect(card(page)).to_contain_text("Vũng Áng"))
    page.wait_for_url("**province=ha-tinh**")
    drawn(page, unlike=stamp)


def test_search_says_when_nothing_is_called_so(page: Page, app: str) -> None:
    start(page, app)
    none = page.locator("#found .none")
    act(page, lambda: search_box(page).fill("zzzzqq"), lambda: expect(none).to_be_visible())
    act(
        page,
        lambda: search_box(page).press("Escape"),
        lambda: expect(page.locator("#found")).to_be_hidden(),
    )


def test_downloads_are_those_of_the_command_line(page: Page, app: str, tmp_path: Path) -> None:
    start(page, app, "?as_of=2026-06-30")
    first = page.locator(".st-key-zones_geojson button")
    click(page.get_by_text("Văn bản và tải dữ liệu"), first.wait_for)
    for layer in ("zones", "areas"):
        path, same = tmp_path / f"{layer}.geojson", tmp_path / f"{layer}_of_command.geojson"
        download(page.locator(f".st-key-{layer}_geojson button")).save_as(path)
        asked = ["export", "--province", "nghe-an", "--layer", layer, "--as-of", "2026-06-30"]
        assert CliRunner().invoke(command_line, [*asked, "-o", str(same)]).exit_code == 0
        assert path.read_bytes() == same.read_bytes()
        collection = json.loads(path.read_text(encoding="utf-8"))
        assert collection["type"] == "FeatureCollection"
        assert collection["features"]


def test_base_tiles_fall_back_silently_without_internet(
    page: Page,
    app: str,
    asked_for: set[str],
) -> None:
    tiles: list[str] = []

    def refuse(route: object) -> None:
        tiles.append("asked")
        route.abort()  # type: ignore[attr-defined]

    # The only thing that may be asked for outside, and only on request; refused before it leaves.
    asked_for.add("tile.openstreetmap.org")
    page.context.route("https://tile.openstreetmap.org/**", refuse)
    stamp = start(page, app)
    open_sidebar(page)
    tiles_wanted = page.get_by_test_id("stSidebar").get_by_text("Bản đồ nền")
    click(tiles_wanted, lambda: drawn(page, unlike=stamp))
    expect(frame(page).locator(".leaflet-tile-container")).to_have_count(0)
    assert zone(page, "na-a").is_visible()
    assert tiles
