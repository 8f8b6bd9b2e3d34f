"""Hostile values in every text of every zone and park: no script runs, the map is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e._acting import act, click, settled
from tests.e2e.test_map import area, card, drawn, frame, press_enter, search_box, start, zone

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_hostile_values_run_no_script(page: Page, hostile_app: str, lang: str) -> None:
    dialogs: list[str] = []

    def dismiss(dialog: object) -> None:
        dialogs.append("opened")
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", dismiss)
    stamp = start(page, hostile_app, f"?lang={lang}")
    assert zone(page, "na-a").is_visible()
    assert frame(page).locator('path[data-kind="area"]').count() >= 30
    tooltip = frame(page).locator(".leaflet-tooltip")
    act(
        page,
        area(page, "na-kcn-tan-ky").hover,
        lambda: expect(tooltip).to_contain_text("<script>"),
    )
    press_enter(area(page, "na-kcn-vsip-1"), lambda: expect(card(page)).to_contain_text("<script>"))
    stamp = drawn(page, unlike=stamp)
    click(page.locator('tr[data-zone="na-a"]'), lambda: drawn(page, unlike=stamp))
    expect(card(page)).to_contain_text("<script>")
    page.locator(".atlas-card").evaluate(
        "card => card.querySelectorAll('details').forEach(part => (part.open = true))",
    )
    for summary in page.get_by_test_id("stExpander").locator("summary").all():
        if summary.is_visible():
            summary.click()
    act(
        page,
        lambda: search_box(page).fill("script"),
        page.get_by_role("option").first.wait_for,
    )
    settled(page)
    page.wait_for_timeout(300)
    assert page.evaluate("window.__hit") is None
    assert dialogs == []
    assert page.locator(".stMain img[src='x'], .stMain svg[onload]").count() == 0
    assert frame(page).locator("img[src='x'], svg[onload]").count() == 0
