"""A map sent as a file opens from the disk, asks for nothing and shows hostile names as text."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest

from geo.snapshot import load_province, snapshot
from layers.map_files.page import map_html
from tests.hostile import attack_province, attack_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Route

    from geo.snapshot import Province, Snapshot

MOST_BYTES = 3_000_000


@pytest.fixture(scope="module")
def province() -> Province:
    return load_province("nghe-an")


@pytest.fixture(scope="module")
def shot(province: Province) -> Snapshot:
    return snapshot(province, dt.date(2026, 6, 30))


@pytest.fixture
def sheet(browser: Browser) -> Iterator[Page]:
    """Page for which every request but the file itself is refused, and no script may fail."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    asked: list[str] = []
    errors: list[str] = []

    def refuse(route: Route) -> None:
        if route.request.is_navigation_request():
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    opened.route("**/*", refuse)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield opened
    context.close()
    assert asked == []
    assert errors == []


def opened(sheet: Page, text: str, folder: Path) -> Page:
    path = folder / "map.html"
    path.write_text(text, encoding="utf-8")
    assert path.stat().st_size < MOST_BYTES
    sheet.goto(path.as_uri())
    sheet.wait_for_function("document.querySelector('#map_div').dataset.drawn.length === 12")
    return sheet


def test_the_file_shows_zones_areas_and_what_is_clicked(
    sheet: Page,
    province: Province,
    shot: Snapshot,
    tmp_path: Path,
) -> None:
    text = map_html(province, shot, lang="vi")
    assert text == map_html(province, shot, lang="vi")
    page = opened(sheet, text, tmp_path)
    assert "Nghệ An" in page.inner_text("h1")
    assert "địa giới gần đúng" in page.inner_text("header")
    assert "OpenStreetMap" in page.inner_text("footer")
    assert page.locator("#zones tbody tr").count() == len(shot.zones)
    assert page.locator("path[data-kind='area']").count() > 30
    page.locator("path[data-id='na-kcn-vsip-1']").dispatch_event("click")
    card = page.inner_text("#card")
    assert "262,07 ha" in card
    assert "91,43 %" in card
    page.get_by_role("button", name="Vùng đồng bằng và khu vực bán sơn địa", exact=True).click()
    assert "91,4 %" in page.inner_text("#card")
    assert page.locator("#zones tr.chosen").get_attribute("data-id") == "na-b"


def test_a_view_keeps_its_choice_and_its_filters(
    sheet: Page,
    province: Province,
    shot: Snapshot,
    tmp_path: Path,
) -> None:
    text = map_html(
        province,
        shot,
        lang="en",
        shown=frozenset({"na-kcn-vsip-1", "na-kcn-vsip-2"}),
        chosen=("area", "na-kcn-vsip-1"),
    )
    page = opened(sheet, text, tmp_path)
    assert page.locator("path[data-kind='area']").count() == 2
    assert "VSIP" in page.inner_text("#card h2")


def test_hostile_names_run_nothing(
    sheet: Page,
    province: Province,
    shot: Snapshot,
    tmp_path: Path,
) -> None:
    text = map_html(attack_province(province), attack_snapshot(shot), lang="vi")
    page = opened(sheet, text, tmp_path)
    for path in page.locator("path[data-kind='area']").all()[:3]:
        path.dispatch_event("click")
        path.dispatch_event("mouseover")
    assert "<script>" in page.inner_text("#card")
    assert page.evaluate("window.__hit") is None
    assert page.locator("img, #card script, aside script").count() == 0


def test_no_address_is_left_in_the_file_that_a_browser_would_load(
    province: Province,
    shot: Snapshot,
) -> None:
    text = map_html(province, shot, lang="vi")
    assert not re.search(r"<(?:script|img|link|iframe)[^>]+(?:src|href)=", text)
    assert not re.search(r"url\((?!#)|@import|sourceMappingURL", text)
