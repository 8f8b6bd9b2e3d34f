"""All provinces in both languages, links that restore the view, and boundary sources."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from data.resolutions import load_resolution
from tests.e2e._acting import act, click, download
from tests.e2e.test_map import card, drawn, frame, open_sidebar, start, zone

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = Path(os.environ.get("INDUSTRIAL_LAND_REFERENCE", ROOT.parent / "shared" / "reference"))
COMMUNES = REFERENCE / "vn_communes_2025_60m.parquet"
PROVINCES = ("nghe-an", "ha-tinh", "quang-ninh", "tuyen-quang")
SIZES: tuple[ViewportSize, ViewportSize] = (
    {"width": 1440, "height": 900},
    {"width": 1280, "height": 720},
)


def legend_is_clear(page: Page) -> bool:
    """Whether no corner of a base zone lies under the legend."""
    return bool(
        frame(page)
        .locator(".atlas-legend")
        .evaluate(
            """box => {
                const { left, right, top, bottom } = box.getBoundingClientRect();
                return [...document.querySelectorAll('.leaflet-borders-pane path')].every(path => {
                    const step = Math.max(path.getTotalLength() / 400, 4);
                    const matrix = path.getScreenCTM();
                    for (let at = 0; at < path.getTotalLength(); at += step) {
                        const { x, y } = path.getPointAtLength(at).matrixTransform(matrix);
                        if (x > left && x < right && y > top && y < bottom) return false;
                    }
                    return true;
                });
            }""",
        ),
    )


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("province", PROVINCES)
def test_a_province_is_drawn_whole_beside_the_legend(
    page: Page,
    app: str,
    province: str,
    lang: str,
) -> None:
    page.set_viewport_size(SIZES[lang == "en"])
    start(page, app, f"?province={province}&lang={lang}")
    resolution = load_resolution(province)
    base = [zone.key for zone in resolution.zones if zone.group == "base_partition"]
    for key in base:
        assert zone(page, key).get_attribute("fill")
    expect(page.locator("#zones tr[data-zone]")).to_have_count(len(resolution.zones))
    expect(frame(page).locator(".atlas-zone-label")).to_have_count(len(base))
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.locator(".atlas-error")).to_have_count(0)
    assert legend_is_clear(page)


def test_a_link_restores_the_view(page: Page, app: str) -> None:
    start(page, app, "?province=quang-ninh&zone=qn-dong&as_of=2026-06-30&lang=en")
    name = load_resolution("quang-ninh").zone("qn-dong").name.en
    expect(card(page)).to_have_text(name)
    expect(page.locator('tr[data-zone="qn-dong"]')).to_have_attribute("aria-selected", "true")
    expect(zone(page, "qn-dong")).to_have_attribute("stroke-width", "4")
    expect(page.get_by_test_id("stDateInput")).to_contain_text("30")
    expect(page.get_by_role("heading", name="Industrial Land Atlas")).to_be_visible()
    expect(page.locator(".atlas-notice")).to_have_count(0)
    page.wait_for_url("**as_of=2026-06-30**")
    page.reload()
    drawn(page)
    expect(card(page)).to_have_text(name)


def test_a_wrong_link_says_what_it_left_out(page: Page, app: str) -> None:
    start(page, app, "?province=atlantis&zone=nowhere&as_of=soon&lang=en")
    notice = page.locator(".atlas-notice")
    for value in ("atlantis", "nowhere", "soon"):
        expect(notice).to_contain_text(value)
    expect(card(page)).to_have_count(0)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("chosen", ["zone=na-a", "area=na-kcn-vsip-1"])
def test_the_head_of_a_card_is_on_the_screen(
    page: Page,
    app: str,
    size: ViewportSize,
    chosen: str,
) -> None:
    page.set_viewport_size(size)
    start(page, app, f"?{chosen}")
    expect(card(page)).to_be_in_viewport(ratio=1)
    first = page.locator(".atlas-card .columns tr, .atlas-card .columns dt").first
    expect(first).to_be_in_viewport(ratio=1)


def open_sources(page: Page) -> None:
    open_sidebar(page)
    page.get_by_test_id("stSidebar").get_by_role("radiogroup").wait_for()


def choose_source(page: Page, name: str) -> None:
    bar = page.get_by_test_id("stSidebar")
    option = bar.locator("label", has_text=name).locator("input")
    click(bar.get_by_text(name), lambda: expect(option).to_be_checked())


def test_the_source_that_is_not_here_says_how_to_get_it(page: Page, app: str) -> None:
    start(page, app, "?lang=en")
    open_sources(page)
    choose_source(page, "2025 reference map")
    status = page.get_by_test_id("stSidebar").locator(".atlas-source")
    expect(status).to_contain_text("python -m data boundaries fetch --province nghe-an")
    expect(status).to_contain_text("131 files, about 22 MB")
    expect(page.locator(".atlas-banner")).to_contain_text("Approximate")


@pytest.mark.skipif(not COMMUNES.is_file(), reason="no reference communes here")
def test_an_own_file_redraws_the_map_and_is_named(page: Page, app: str, tmp_path: Path) -> None:
    stamp = start(page, app, "?lang=en")
    before = zone(page, "na-a").get_attribute("d")
    open_sources(page)
    choose_source(page, "File of my own")
    chooser = page.get_by_test_id("stFileUploaderDropzoneInput")
    broken = tmp_path / "broken.geojson"
    broken.write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    error = page.get_by_test_id("stSidebar").locator(".atlas-error")
    act(
        page,
        lambda: chooser.set_input_files(broken),
        lambda: expect(error).to_contain_text("broken"),
    )
    expect(page.locator(".atlas-banner")).to_contain_text("Approximate")
    act(
        page,
        lambda: chooser.set_input_files(COMMUNES),
        lambda: expect(page.locator(".atlas-banner")).to_contain_text(COMMUNES.name),
    )
    status = page.get_by_test_id("stSidebar").locator(".atlas-source")
    expect(status).to_contain_text("130 polygons matched by code")
    drawn(page, unlike=stamp)
    expect(zone(page, "na-a")).to_have_count(1)
    assert zone(page, "na-a").get_attribute("d") != before
    button = page.locator(".st-key-zones_geojson button")
    click(page.get_by_text("Documents and downloads"), button.wait_for)
    path = tmp_path / "zones.geojson"
    download(button).save_as(path)
    assert COMMUNES.name in path.read_text(encoding="utf-8")
