"""What a planner does on the page of targets and conditions, in a real browser."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e._acting import click, download, settled

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page


def start(page: Page, app: str, query: str, *, name: str) -> None:
    # Through the first page, as one comes there.
    page.goto(f"{app}/?{query}")
    click(
        page.get_by_role("link", name=name),
        page.locator(".atlas-verdicts, .atlas-error").first.wait_for,
    )
    expect(page.locator(".atlas-error")).to_have_count(0)


@pytest.mark.parametrize(
    ("lang", "name", "said"),
    [
        ("vi", "Chỉ tiêu và điều kiện", ["chưa đủ số liệu để kết luận", "Số liệu của tỉnh"]),
        ("en", "Targets and conditions", ["cannot tell", "The province's own figure"]),
    ],
)
def test_targets_are_judged_and_the_series_is_drawn(
    page: Page,
    app: str,
    lang: str,
    name: str,
    said: list[str],
) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    start(page, app, f"province=ha-tinh&lang={lang}", name=name)
    chart = page.get_by_test_id("stVegaLiteChart")
    chart.locator("canvas, svg").first.wait_for()
    settled(page)
    shown = page.locator("body").inner_text()
    for text in said:
        assert text in shown
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    page.wait_for_function("location.search.includes('province=ha-tinh')")
    for row in page.locator(".target > .row").all():
        boxes = [part.bounding_box() for part in row.locator("> div").all()]
        for left, right in pairwise(boxes):
            assert left
            assert right
            assert left["x"] + left["width"] <= right["x"]


def test_from_a_territory_to_its_clusters_and_to_the_map(page: Page, app: str) -> None:
    start(page, app, "province=nghe-an", name="Chỉ tiêu và điều kiện")
    territory = page.get_by_role("link", name="Huyện Diễn Châu")
    click(page.get_by_text("Điều kiện của pháp luật"), territory.wait_for)
    tree = page.locator(".condition .branch.or").first
    click(territory, tree.wait_for)
    expect(tree).to_contain_text("chỉ cần đáp ứng một")
    expect(tree.locator(".row")).to_have_count(2)
    cluster = tree.locator("table a").first
    click(tree.locator("summary").first, cluster.wait_for)
    click(cluster, page.locator(".atlas-card h3").wait_for)
    expect(page.locator(".atlas-card h3")).to_contain_text("Cụm công nghiệp")


def test_downloads_are_what_the_page_shows(page: Page, app: str, tmp_path: Path) -> None:
    start(page, app, "province=ha-tinh&lang=en", name="Targets and conditions")
    for key, count in (("targets_json", 18), ("targets_csv", 19)):
        path = tmp_path / key
        download(page.locator(f".st-key-{key} button")).save_as(path)
        text = path.read_text(encoding="utf-8-sig")
        rows = json.loads(text)["targets"] if key.endswith("json") else text.splitlines()
        assert len(rows) == count
