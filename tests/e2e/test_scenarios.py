"""What a planner tries out, in a real browser: a new park, leases, undo, save, open, take away."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from data._frames import rows
from data.scenarios import AddArea, AssumeLease, Scenario
from geo.differences import difference
from geo.scenarios import run
from geo.snapshot import load_province, snapshot
from layers.scenarios.text import change_text
from layers.words import words
from tests.e2e._acting import MAP, act, click, download, settled
from tests.e2e.conftest import serve
from tests.e2e.test_map import area, drawn, frame, press_enter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

NAMES = {"vi": "Kịch bản", "en": "Scenarios"}
DAY = dt.date(2026, 6, 30)
VSIP = "na-kcn-vsip-2"
LEASE = AssumeLease(area_id=VSIP, hectares=50.0)


@pytest.fixture(scope="module")
def own_app() -> Iterator[str]:
    """A server with a workspace of its own."""
    yield from serve("-m", "streamlit", "run", "app.py")


def start(page: Page, app: str, *, lang: str = "en") -> str:
    """Come to the page from the first one, as one does."""
    page.goto(f"{app}/?lang={lang}&as_of={DAY.isoformat()}")
    shown = page.locator(".scenario-answer, .atlas-error").first
    click(page.get_by_role("link", name=NAMES[lang], exact=True), shown.wait_for)
    expect(page.locator(".atlas-error")).to_have_count(0)
    return drawn(page)


def choose(page: Page, key: str, text: str) -> None:
    """Choose what a select box has, by what is typed into it."""
    box = page.locator(f".st-key-{key}")
    option = page.get_by_role("option", name=text).first

    def type_text() -> None:
        box.locator("input").first.click()
        box.locator("input").first.fill("")
        box.locator("input").first.press_sequentially(text, delay=20)

    # One choice stands in the box itself, several stand before it.
    chosen = box.locator(f'input[value="{text}"], span[title="{text}"]').first
    act(page, type_text, option.wait_for)
    click(option, chosen.wait_for)


def put(page: Page, label: str, value: str) -> None:
    box = page.get_by_label(label, exact=True)

    def type_value() -> None:
        box.fill(value)
        box.press("Tab")

    def holds() -> None:
        settled(page)
        expect(box).to_have_value(re.compile(rf"^{value}([.,]0+)?$"))

    act(page, type_value, holds)


def add(page: Page, edits: int) -> None:
    button = page.get_by_role("button", name="Add to the scenario")
    expect(button).to_be_enabled()
    click(button, lambda: expect(page.locator(".scenario-edit")).to_have_count(edits))


def changes_of(page: Page, zone: str) -> Locator:
    return page.locator(f'.scenario-zones tbody[data-zone="{zone}"]')


def lease(page: Page, edits: int) -> None:
    """Assume 50 ha leased in a park that is chosen on the map."""
    stamp = drawn(page)
    choose(page, "scenario_edit_kind", "Assume leases")
    drawn(page, unlike=stamp)
    land = page.get_by_label("Leased besides (ha)", exact=True)
    press_enter(area(page, VSIP), land.wait_for)
    put(page, "Leased besides (ha)", "50")
    add(page, edits)


def test_a_park_and_leases_are_tried_out_and_undone(page: Page, own_app: str) -> None:
    province = load_province("nghe-an")
    base = snapshot(province, DAY)
    new = AddArea(
        name="KCN Thử",
        kind="industrial_park",
        status="planned",
        communes_2025=("Xã Đô Lương",),
        total_area_ha=200.0,
    )
    scenario = Scenario(id="t", name="T", province="nghe-an", as_of=DAY, edits=(new, LEASE))
    expected = difference(base, run(province, scenario, DAY))

    stamp = start(page, own_app)
    put(page, "Name", "KCN Thử")
    choose(page, "scenario_0_communes", "Xã Đô Lương")
    page.keyboard.press("Escape")
    put(page, "Total area (ha)", "200")
    add(page, 1)
    expect(changes_of(page, "total")).to_contain_text("+200 ha")
    drawn(page, unlike=stamp)
    expect(frame(page).locator(".atlas-scenario-name")).to_have_text("KCN Thử: new")
    expect(frame(page).locator(".atlas-scenario-title")).to_contain_text("SCENARIO")

    lease(page, 2)
    zones = expected[expected["changed"] & (expected["level"] == "zone")]
    for key in zones["key"].unique():
        expect(changes_of(page, str(key))).to_be_visible()
    for row in rows(zones[zones["field"].isin(["leased_ha", "pipeline_ha"])]):
        expect(changes_of(page, row.key)).to_contain_text(change_text(row, words("en")))
    expect(area(page, VSIP)).to_have_class(re.compile("atlas-assumed"))

    # Undo gives the present back.
    undo = page.get_by_role("button", name="Undo")
    edits = page.locator(".scenario-edit")
    click(undo, lambda: expect(edits).to_have_count(1))
    click(undo, lambda: expect(edits).to_have_count(0))
    expect(page.locator(".scenario-zones tbody[data-zone]")).to_have_count(0)
    expect(page.locator(".scenario-answer")).to_contain_text("this is the present")


def test_a_scenario_is_kept_and_taken_away(page: Page, own_app: str, tmp_path: Path) -> None:
    start(page, own_app)
    lease(page, 1)
    put(page, "Name of the scenario", "VSIP fuller")
    expect(page.locator(".scenario-answer b")).to_have_text("VSIP fuller")
    save = page.locator(".st-key-scenario_save button")
    click(save, lambda: page.wait_for_url("**scenario=VSIP+fuller**"))
    expect(page.locator(".scenario-unsaved")).to_have_count(0)
    page.reload()
    expect(page.locator(".scenario-edit")).to_have_count(1)
    edits = page.locator(".scenario-edit")
    new = page.get_by_role("button", name="New", exact=True)
    click(new, lambda: expect(edits).to_have_count(0))
    kept = page.locator(".st-key-scenario_open button")
    click(page.get_by_role("button", name="Saved (1)"), kept.wait_for)
    click(kept, lambda: expect(edits).to_have_count(1))
    page.keyboard.press("Escape")

    # Take it away.
    taken = download(page.get_by_role("button", name="Scenario on the map (GeoJSON)"))
    path = tmp_path / taken.suggested_filename
    taken.save_as(path)
    collection = json.loads(path.read_text("utf-8"))
    assert collection["metadata"]["assumed"] is True
    assert collection["metadata"]["scenario"]["name"] == "VSIP fuller"
    [feature] = collection["features"]
    assert feature["properties"]["id"] == VSIP
    assert feature["properties"]["assumed"] is True
    leased = {
        row["key"]: row["change"]
        for row in collection["metadata"]["difference"]
        if row["field"] == "leased_ha"
    }
    assert leased["province_total"] == pytest.approx(50.0)


def test_an_outline_drawn_on_the_map_becomes_a_park(page: Page, own_app: str) -> None:
    stamp = start(page, own_app, lang="vi")
    chart = page.locator(MAP).bounding_box()
    assert chart
    x, y = chart["x"] + chart["width"] * 0.72, chart["y"] + chart["height"] * 0.5
    put(page, "Tên", "CCN Thử")
    finish = frame(page).get_by_role("button", name="Xong")
    click(frame(page).get_by_role("button", name="Vẽ ranh giới"), finish.wait_for)
    expect(finish).to_be_disabled()
    for dx, dy in ((-20, -20), (20, -20), (20, 20)):
        page.mouse.click(x + dx, y + dy)
    finish.click()
    drawn(page, unlike=stamp)
    expect(page.get_by_text(re.compile(r"^Ranh giới: [\d.,]+ ha$"))).to_be_visible()
    added = page.locator(".scenario-edit")
    click(
        page.get_by_role("button", name="Đưa vào kịch bản"),
        lambda: expect(added).to_contain_text("theo ranh giới đã vẽ"),
    )
    expect(frame(page).locator(".leaflet-scenario-pane path")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
