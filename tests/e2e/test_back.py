"""Back and Forward of the browser, between zones, dates, languages and pages."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e._acting import MAP, click, settled

if TYPE_CHECKING:
    from playwright.sync_api import Page


def stays(page: Page, query: str) -> None:
    """Wait until the address ends so, and see that the page leaves it so."""
    page.wait_for_url(re.compile(re.escape(query) + "$"))
    settled(page)
    page.wait_for_timeout(700)
    assert page.url.endswith(query)


def test_back_leads_to_what_was_chosen_before(page: Page, app: str) -> None:
    page.goto(f"{app}/?province=nghe-an&lang=vi&as_of=2023-12-31")
    page.locator(MAP).wait_for()
    heading = page.locator(".atlas-card h3")
    for key in ("na-b", "na-c"):
        shown = partial(page.wait_for_url, re.compile(f"zone={key}"))
        click(page.locator(f'tr[data-zone="{key}"]'), shown)
    there = heading.inner_text()
    page.go_back()
    stays(page, "&as_of=2023-12-31&zone=na-b")
    expect(heading).not_to_have_text(there)
    page.go_forward()
    stays(page, "&as_of=2023-12-31&zone=na-c")
    expect(heading).to_have_text(there)

    english = page.get_by_role("radio", name="EN")
    click(english, lambda: page.wait_for_url(re.compile("lang=en")))
    page.go_back()
    stays(page, "lang=vi&as_of=2023-12-31&zone=na-c")
    expect(page.get_by_role("radio", name="VI")).to_be_checked()
    expect(page).to_have_title(re.compile("Quỹ đất công nghiệp"))

    sites = page.get_by_role("link", name="Tìm địa điểm đầu tư")
    click(sites, lambda: page.wait_for_url(re.compile("find-a-site")))
    stays(page, "/find-a-site?province=nghe-an&lang=vi&as_of=2023-12-31&zone=na-c")
    page.go_back()
    stays(page, "/?province=nghe-an&lang=vi&as_of=2023-12-31&zone=na-c")
    expect(heading).to_have_text(there)
