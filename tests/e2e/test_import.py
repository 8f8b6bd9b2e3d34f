"""A register with mistakes brought in, and a figure corrected: the zone changes, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e._acting import act, click, download
from tests.e2e.conftest import serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

REGISTER = """Tên khu;Đất công nghiệp có thể cho thuê (ha);Đã cho thuê (ha);Số liệu đến ngày
KCN VSIP Nghệ An 1;286,63;150,5;30/06/2026
KCN Bắc Vihn;45,6;40;30/06/2026
KCN Nam Cấm;250;300;30/06/2026
"""
VSIP = "na-kcn-vsip-1"


@pytest.fixture(scope="module")
def own_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    own = tmp_path_factory.mktemp("own") / "workspace.gpkg"
    yield from serve("-m", "streamlit", "run", "app.py", workspace=own)


def open_map(page: Page) -> str:
    row = page.locator('tr[data-zone="na-b"]')
    click(page.locator('[data-testid="stPageLink"] a').first, row.wait_for)
    return row.inner_text()


def open_own_data(page: Page) -> None:
    view = page.get_by_text("Dữ liệu của tôi")
    click(page.get_by_role("link", name="Dữ liệu", exact=True), view.wait_for)
    chooser = page.get_by_test_id("stFileUploaderDropzoneInput")
    click(view, lambda: chooser.wait_for(state="attached"))


def test_a_register_with_mistakes_changes_its_zone_and_is_undone(
    page: Page, own_app: str, tmp_path: Path
) -> None:
    page.goto(f"{own_app}/?lang=vi")
    before = open_map(page)
    assert "91,4 %" in before
    open_own_data(page)
    path = tmp_path / "bieu-kcn.csv"
    path.write_text(REGISTER, encoding="utf-8")
    chooser = page.get_by_test_id("stFileUploaderDropzoneInput")
    report = page.locator("#import-findings")
    act(page, lambda: chooser.set_input_files(path), report.wait_for)
    expect(report.locator('tr[data-code="I301"]')).to_contain_text("KCN Bắc Vihn")
    expect(report.locator('tr[data-code="I301"]')).to_contain_text("Bắc Vinh (na-kcn-bac-vinh)")
    expect(report.locator('tr[data-code="I202"]')).to_contain_text("dòng 4")
    changed = page.locator('#import-effect tr[data-key="na-b"][data-field="fill_rate_pct"]')
    expect(changed).to_contain_text("91,43 %")
    taken = download(page.get_by_role("button", name="Báo cáo dạng bảng tính"))
    assert taken.suggested_filename == "report.xlsx"

    told = page.locator(".atlas-told")
    click(
        page.get_by_role("button", name="Nhận 1 dòng đạt"),
        lambda: expect(told).to_contain_text("Đã nhận 1 dòng của bieu-kcn.csv"),
    )
    after = open_map(page)
    assert after != before
    assert "52,5 %" in after

    open_own_data(page)
    undo = page.locator(".st-key-undo_1 button").first
    click(undo, lambda: expect(told).to_contain_text("Đã hoàn tác"))
    assert open_map(page) == before


def test_a_figure_corrected_on_its_card_is_undone_with_one_click(page: Page, own_app: str) -> None:
    page.goto(f"{own_app}/?lang=en&area={VSIP}")
    row = page.locator('tr[data-zone="na-b"]')
    row.wait_for()
    before = row.inner_text()
    value = page.get_by_label("Value", exact=True)
    click(page.locator(".st-key-correction summary"), value.wait_for)
    told = page.locator(".atlas-told")

    def enter() -> None:
        value.fill("150.5")
        page.get_by_label("As of", exact=True).fill("30/06/2026")
        page.get_by_label("Source: file or document number").fill("12/BC-BQL")
        page.get_by_role("button", name="Enter the figure").click()

    act(page, enter, lambda: expect(told).to_contain_text("the zone counts with it now"))
    expect(page.locator(".atlas-card")).to_have_count(1)
    leased = page.locator('.atlas-card tr[data-metric="leased_ha"]')
    expect(leased).to_contain_text("150.5 ha")
    expect(leased.locator(".badge.own")).to_have_text("brought in")
    expect(leased).to_contain_text("12/BC-BQL")
    expect(row).to_contain_text("52.5 %")
    undo = page.locator(".st-key-undo_last button").first
    click(undo, lambda: expect(told).to_contain_text("Undone"))
    expect(page.locator(".atlas-card")).to_have_count(1)
    expect(leased).to_contain_text("262.07 ha")
    expect(row).to_contain_text("91.4 %")
    assert row.inner_text() == before
