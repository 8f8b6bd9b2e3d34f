"""Files taken away in a real browser, each read back by a program that isn't ours."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING

import pyogrio
import pytest
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import TimeoutError as NoAnswer
from playwright.sync_api import expect

from tests.e2e._acting import click, download, settled
from tests.e2e.test_map import drawn

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

DAY = "2026-06-30"
LONG_MS = 300_000  # a file is made in the time that a busy machine leaves
STEM = f"nghe-an_{DAY}"


def start(page: Page, app: str, view: str = "", *, lang: str = "en", more: str = "") -> None:
    page.goto(f"{app}/export-and-report?lang={lang}&as_of={DAY}&view={view}{more}")
    prepare(page).first.wait_for()
    expect(page.locator(".atlas-error")).to_have_count(0)


def place(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-export_{name}")


def prepare(where: Page | Locator) -> Locator:
    return where.get_by_role("button", name=re.compile("Prepare the file|Chuẩn bị tệp"))


def choose(page: Page, label: str) -> None:
    option = page.locator("label", has_text=re.compile(f"^{re.escape(label)}")).first
    click(option, lambda: expect(option.locator("input")).to_be_checked())


def taken(page: Page, name: str, folder: Path) -> Path:
    """Prepare a file, download it, and give where it is."""
    wanted = prepare(place(page, name))
    button = place(page, name).get_by_role("button", name="Download")
    settled(page)
    if not button.is_visible():  # no other session asked for the same
        click(wanted, lambda: expect(wanted).to_have_count(0))
    button.wait_for(timeout=LONG_MS)
    # The words beside the button name the file that comes.
    said = place(page, name).locator(".export-ready").inner_text()
    started = download(button)
    assert started.suggested_filename in said
    path = folder / started.suggested_filename
    started.save_as(path)
    return path


def test_a_geopackage_in_the_system_of_the_province(page: Page, app: str, tmp_path: Path) -> None:
    start(page, app)
    choose(page, "VN-2000 / TM-3 104-45")
    choose(page, "Transport and energy nodes")
    expect(page.locator(".export-contents").first).to_contain_text("nodes: 33 rows")
    path = taken(page, "data", tmp_path)
    assert path.name == f"{STEM}_zones_areas_nodes.gpkg"
    layers = {str(name): kind for name, kind in pyogrio.list_layers(path)}
    assert {"zones", "areas", "nodes"} <= set(layers)
    zones = pyogrio.read_dataframe(path, layer="zones")
    assert zones.crs.to_epsg() == 9208
    assert len(zones) == 10
    assert len(pyogrio.read_dataframe(path, layer="nodes")) == 33


def test_a_workbook(page: Page, app: str, tmp_path: Path) -> None:
    start(page, app)
    choose(page, "Excel workbook")
    path = taken(page, "data", tmp_path)
    book = load_workbook(path)
    rows = {sheet.title: sheet.max_row for sheet in book}
    assert len(rows) >= 5
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]


def test_the_package_and_its_checksums(page: Page, app: str, tmp_path: Path) -> None:
    start(page, app)
    path = taken(page, "package", tmp_path)
    assert path.name == f"{STEM}.zip"
    with zipfile.ZipFile(path) as archive:
        sums = archive.read("SHA256SUMS").decode().splitlines()
        for line in sums:
            digest, name = line.split("  ")
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
        assert len(sums) == len(archive.namelist()) - 1 > 20


def cancelled(page: Page, app: str, day: str) -> bool:
    """Begin a file and stop it; False where it was whole before it was told to stop."""
    page.goto(f"{app}/export-and-report?lang=en&as_of={day}")
    package = place(page, "package")
    ready = package.get_by_role("button", name="Download")
    bar = package.get_by_test_id("stProgress")
    click(prepare(package), lambda: expect(bar.or_(ready)).to_be_visible())
    if bar.is_visible():
        expect(bar.or_(ready)).to_contain_text(re.compile("Putting|Writing|Waiting|Download"))
    stopped = package.get_by_text("Stopped. Nothing was kept of the file.")
    cancel = package.get_by_role("button", name="Cancel")
    # The page is never at rest while it tells how far the file is.
    for _ in range(LONG_MS // 1000):
        if stopped.or_(ready).is_visible():
            break
        with suppress(NoAnswer):
            cancel.click(timeout=1000)
    return stopped.is_visible()


def test_what_is_cancelled_is_not_offered(page: Page, app: str) -> None:
    # Other dates than in the other tests, of which nothing is kept.
    assert any(cancelled(page, app, day) for day in ("2024-03-01", "2024-05-01", "2024-07-01"))
    button = prepare(place(page, "package"))
    expect(place(page, "package").get_by_test_id("stProgress")).to_have_count(0)
    # Nor later, when the thread has come to its end.
    page.wait_for_timeout(5000)
    choose(page, "Excel workbook")
    expect(page.locator(".export-contents").first).to_be_visible()
    expect(place(page, "package").get_by_role("button", name="Download")).to_have_count(0)
    expect(button).to_be_visible()


def test_a_report_opens(page: Page, app: str, tmp_path: Path) -> None:
    start(page, app, "report")
    path = taken(page, "report", tmp_path)
    assert path.name == f"{STEM}_report.docx"
    document = Document(str(path))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "30/06/2026" in text
    assert document.tables
    assert document.inline_shapes


def test_the_map_to_send_works_without_a_server(
    page: Page,
    browser: Browser,
    app: str,
    tmp_path: Path,
) -> None:
    start(page, app, "map", more="&zone=na-d")
    choose(page, "Page (HTML)")
    path = taken(page, "map", tmp_path)
    assert path.stat().st_size < 3_000_000
    asked: list[str] = []
    # A window without the application.
    sent = browser.new_page()
    sent.on("request", lambda request: asked.append(request.url))
    sent.goto(path.as_uri())
    sent.locator("path[data-id='na-d']").wait_for(state="attached")
    assert sent.locator("path[data-kind='area']").count() >= 30
    # The zone that was chosen on the map page is open.
    expect(sent.locator("#zones tr.chosen")).to_have_attribute("data-id", "na-d")
    sent.close()
    assert {url.split(":")[0] for url in asked} <= {"file", "data", "blob"}


def test_the_sheet_of_the_map_and_the_form(page: Page, app: str, tmp_path: Path) -> None:
    start(page, app, "map")
    choose(page, "Sheet (PDF)")
    assert taken(page, "map", tmp_path).read_bytes().startswith(b"%PDF")
    form = page.get_by_role("radio", name="Form 04 (clusters)").or_(
        page.get_by_role("button", name="Form 04 (clusters)")
    )
    click(form.first, place(page, "form04").wait_for)
    book = load_workbook(io.BytesIO(taken(page, "form04", tmp_path).read_bytes()))
    assert len(book.sheetnames) >= 3


@pytest.mark.parametrize(
    ("lang", "text"),
    [("vi", "Xuất dữ liệu và báo cáo"), ("en", "Export and report")],
)
def test_it_fits_the_window_in_both_languages(page: Page, app: str, lang: str, text: str) -> None:
    start(page, app, lang=lang)
    # A day of which no file is kept, so that the buttons to prepare one are there.
    for view in ("data", "report", "map", "form04"):
        page.goto(f"{app}/export-and-report?lang={lang}&as_of=2025-12-31&view={view}")
        prepare(page).first.wait_for()
        expect(page.locator("body")).to_contain_text(text)
        for width, height in ((1440, 900), (1280, 720)):
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            box = prepare(page).first.bounding_box()
            assert box
            assert box["y"] + box["height"] <= height


def test_the_map_page_leads_here(page: Page, app: str) -> None:
    page.goto(f"{app}/?lang=en")
    drawn(page)
    link = page.get_by_role("link", name="Other layers and formats, report, map")
    click(page.get_by_text("Documents and downloads"), link.wait_for)
    click(link, prepare(page).first.wait_for)
    page.wait_for_url("**/export-and-report**")
