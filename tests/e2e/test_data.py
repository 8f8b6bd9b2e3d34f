"""What a planner does with the pedigree of a figure, in a real browser without internet."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e._acting import act, click, download, settled
from tests.e2e.conftest import serve

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

VSIP = "na-kcn-vsip-1"


def open_page(page: Page, app: str, path: str) -> None:
    page.goto(f"{app}/{path}")
    page.locator(".atlas-strip, .atlas-error").first.wait_for()
    expect(page.locator(".atlas-error")).to_have_count(0)


@pytest.mark.parametrize(
    ("lang", "name", "heading"),
    [("vi", "Dữ liệu", "Cần hỏi nơi nào trước"), ("en", "Data", "Whom to ask first")],
)
def test_the_data_page_opens_from_the_map(
    page: Page,
    app: str,
    lang: str,
    name: str,
    heading: str,
) -> None:
    open_page(page, app, f"?lang={lang}")
    title = page.get_by_role("heading", name=heading)
    click(page.get_by_role("link", name=name, exact=True), title.wait_for)
    rows = page.locator("table.findings tbody tr")
    rows.nth(5).wait_for()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 1440


def test_who_opens_a_server_first_may_come_by_a_link(page: Page) -> None:
    for address in serve("-m", "streamlit", "run", "app.py"):
        page.goto(f"{address}/data-and-quality?lang=en")
        page.get_by_role("heading", name="Whom to ask first").wait_for()
        settled(page)
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_park_to_ask_leads_to_its_card(page: Page, app: str) -> None:
    open_page(page, app, "?lang=en")
    park = page.locator('tr[data-area="na-kcn-wha-1"] th a')
    click(page.get_by_role("link", name="Data", exact=True), park.wait_for)
    click(park, page.locator(".atlas-card h3").wait_for)
    expect(page.locator(".atlas-card h3")).to_have_text("WHA Industrial Zone 1 - Nghe An")


def test_findings_can_be_taken_away(page: Page, app: str, tmp_path: Path) -> None:
    open_page(page, app, "?lang=en")
    button = page.get_by_role("button", name="Findings (JSON)")
    click(page.get_by_role("link", name="Data", exact=True), button.wait_for)
    path = tmp_path / "findings.json"
    download(button).save_as(path)
    records = json.loads(path.read_text(encoding="utf-8"))
    assert len(records) == page.locator("table.findings tbody tr").count()


@pytest.mark.parametrize(
    ("lang", "summary", "words"),
    [
        (
            "vi",
            "cách có số liệu này",
            ["Mức giảm từ 97 % (05/2025) xuống 91,4 % (09/2025)", "không phải do đất đã cho thuê"],
        ),
        (
            "en",
            "how this figure came about",
            ["The fall from 97 % (05/2025) to 91.4 % (09/2025)", "not from leased land"],
        ),
    ],
)
def test_history_and_derivation_of_a_park(
    page: Page,
    app: str,
    lang: str,
    summary: str,
    words: list[str],
) -> None:
    open_page(page, app, f"?lang={lang}&area={VSIP}")
    tree = page.locator('tr[data-derivation="fill_rate_pct"]')
    expect(tree.locator(".tree").first).to_be_hidden()
    click(tree.locator("summary", has_text=summary).first, tree.locator(".tree").first.wait_for)
    chart = page.locator(".st-key-history [data-testid=stVegaLiteChart]").first
    picture = chart.locator("canvas, svg").first
    click(page.locator(".st-key-history summary"), picture.wait_for)
    assert page.locator(".st-key-history [data-testid=stVegaLiteChart]").count() == 2
    text = page.locator(".st-key-history").inner_text()
    for part in words:
        assert part in text
    # Every point of the chart has its source, and tells it.
    source = {"vi": "Nguồn", "en": "Source"}[lang]
    points = chart.locator(".mark-symbol path[aria-label]").all()
    assert points
    assert all(f"{source}: " in (point.get_attribute("aria-label") or "") for point in points)
    chart.scroll_into_view_if_needed()
    box = points[0].bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#vg-tooltip-element.visible")).to_contain_text(source)


def test_the_outlook_takes_assumptions_into_the_export(
    page: Page,
    app: str,
    tmp_path: Path,
) -> None:
    open_page(page, app, "?lang=en&zone=na-a")
    share = page.get_by_label("Share of the pipeline that comes, %")
    click(page.locator(".st-key-ahead summary"), share.wait_for)
    ahead = page.locator(".st-key-ahead")

    def apply() -> None:
        share.fill("50")
        share.press("Tab")
        page.get_by_role("button", name="Apply").click()

    act(page, apply, lambda: expect(ahead).to_contain_text("With the pipeline"))
    button = page.get_by_role("button", name="Zones with their account (GeoJSON)")
    click(page.locator("summary", has_text="Documents and downloads"), button.wait_for)
    path = tmp_path / "zones.geojson"
    download(button).save_as(path)
    outlook = json.loads(path.read_text(encoding="utf-8"))["metadata"]["outlook"]
    assert outlook["assumptions"]["pipeline_share"] == 0.5
