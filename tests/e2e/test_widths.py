"""Pages on a phone and on a tablet: nothing runs over its frame or is cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e._acting import settled

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PHONE, TABLET = {"width": 390, "height": 844}, {"width": 1024, "height": 768}
SCENARIOS = "/what-if-scenarios"


def opened(page: Page, address: str, at: str, size: dict[str, int]) -> None:
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    page.goto(address)
    page.locator(at).first.wait_for()
    settled(page)


def cut(found: Locator) -> list[str]:
    """Give the texts that are larger than the boxes that hold them."""
    told: list[str] = found.evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1"
        " || e.scrollHeight > e.clientHeight + 1).map(e => e.textContent)"
    )
    return told


@pytest.mark.parametrize(("path", "tiles"), [("/", 5), ("/data-and-quality", 4)])
def test_tiles_stand_in_two_columns_on_a_phone(path: str, tiles: int, page: Page, app: str) -> None:
    opened(page, f"{app}{path}?lang=vi", ".atlas-strip", PHONE)
    found = page.locator(".atlas-strip > div")
    lefts = found.evaluate_all("all => all.map(e => Math.round(e.getBoundingClientRect().x))")
    assert len(lefts) == tiles
    assert len(set(lefts)) == 2
    assert not cut(found)
    assert not cut(page.locator(".atlas-strip"))
    wide = page.get_by_test_id("stMain").evaluate("e => e.scrollWidth - e.clientWidth")
    assert wide <= 0


def test_zones_are_told_apart_on_a_tablet(page: Page, app: str) -> None:
    opened(page, f"{app}/?lang=vi", "#zones tr[data-zone]", TABLET)
    names = page.locator("#zones tbody.sortable").first.locator(".name")
    assert names.count() == 4
    assert not cut(names)
    assert not cut(page.locator("#zones td.date"))
    frame = page.locator("#zones").evaluate("e => e.scrollWidth - e.clientWidth")
    assert frame <= 0


def test_the_controls_of_a_scenario_can_be_read_on_a_tablet(page: Page, app: str) -> None:
    opened(page, f"{app}{SCENARIOS}?lang=vi", ".st-key-scenario_new button", TABLET)
    assert not cut(page.locator(".st-key-scenario_new button p"))
    views = page.locator(".st-key-scenario_view")
    second = views.get_by_role("radio").nth(1).bounding_box()
    frame = views.bounding_box()
    assert second
    assert frame
    assert second["x"] + second["width"] <= frame["x"] + frame["width"] + 1
    chosen = page.locator('.st-key-scenario_edits [data-testid="stSelectbox"] input')
    assert chosen.count() >= 3
    assert not cut(chosen)
