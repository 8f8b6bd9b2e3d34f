"""The comparison printed by a real Chromium: sheets of A4 across, all places, all sources."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from geo.comparison import Comparison, compare
from geo.snapshot import load_province, snapshot
from layers.comparison.print_page import print_html
from layers.words import LANGS, words

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from data._message import Lang

PARKS = ("na-kcn-vsip-1", "na-kcn-vsip-2", "na-ccn-nghi-phu", "ht-kkt-vung-ang", "na-kcn-wha-1")
PDFTOTEXT = shutil.which("pdftotext")


@pytest.fixture(scope="module")
def parks() -> Comparison:
    day = dt.date(2026, 6, 30)
    return compare(PARKS, [snapshot(load_province(key), day) for key in ("nghe-an", "ha-tinh")])


def words_of(text: str) -> str:
    return "".join(text.split())


@pytest.mark.skipif(not PDFTOTEXT, reason="no pdftotext of poppler-utils")
@pytest.mark.parametrize("lang", LANGS)
def test_five_places_print_on_a4_across(
    lang: Lang, parks: Comparison, browser: Browser, tmp_path: Path
) -> None:
    w = words(lang)
    source = tmp_path / "comparison.html"
    source.write_text(print_html(parks, w), encoding="utf-8")
    pdf = tmp_path / "comparison.pdf"
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(source.as_uri())
    page.pdf(path=str(pdf), prefer_css_page_size=True, print_background=True)
    assert asked == [source.as_uri()]
    # No line is wider than the sheet, and nothing in a cell is cut.
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1047, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()

    text = subprocess.run(
        [str(PDFTOTEXT), "-layout", str(pdf), "-"], check=True, capture_output=True, text=True
    ).stdout
    sheets = text.split("\f")[:-1]
    box = re.findall(rb"/MediaBox ?\[([^\]]*)\]", pdf.read_bytes())
    sizes = {tuple(round(float(side)) for side in one.split()[2:]) for one in box}
    assert sizes == {(842, 595)}
    raw = subprocess.run(
        [str(PDFTOTEXT), "-raw", str(pdf), "-"], check=True, capture_output=True, text=True
    ).stdout
    every = words_of(raw)
    for place in parks.places:
        name = words_of(place.name.vi if lang == "vi" else place.name.en)
        # The head of the table comes again on each sheet that the table reaches.
        assert every.count(name) >= 3
    for number, sheet in enumerate(sheets, 1):
        assert f"{w('Page')} {number} / {len(sheets)}" in sheet
    assert words_of(w("Sources")) in every
    assert every.index(words_of(parks.boundaries["nghe-an"][f"accuracy_{lang}"])[:40]) > 0
    assert words_of({"vi": "91,43 %", "en": "91.43 %"}[lang]) in every
