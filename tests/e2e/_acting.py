"""Acting on a page that may still be busy: at rest first, and again until it is answered.

A page of Streamlit runs anew for what its components tell, and what is clicked while it does so
can be lost: the newer of two requests that wait for the same run goes on. People click again.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

from playwright.sync_api import TimeoutError as NoAnswer
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Download, Locator, Page

MAP = 'iframe[title^="streamlit_folium"]'
WAIT_MS = 40_000  # for what comes at last, on a busy machine too
ANSWER_MS = 8_000  # for the answer of a page at rest
ATTEMPTS = 5

# Nothing runs, every map is painted, and so it stayed for a moment.
_AT_REST = """([call, map]) => {
    const app = document.querySelector('[data-testid="stApp"]')?.dataset;
    const rests = app?.testScriptState === 'notRunning'
        && app.testConnectionState === 'CONNECTED'
        && [...document.querySelectorAll(map)].every(frame =>
            !['base', undefined].includes(
                frame.contentDocument?.querySelector('#map_div')?.dataset.drawn));
    if (!rests || window.__rest?.call !== call) window.__rest = {call, since: undefined};
    if (rests) window.__rest.since ??= performance.now();
    return performance.now() - window.__rest.since > 150;
}"""
_calls = count()


def settled(page: Page) -> None:
    """Wait until the page has run to its end and its maps are painted."""
    page.wait_for_function(_AT_REST, arg=[next(_calls), MAP], polling=50, timeout=WAIT_MS)


def act(page: Page, action: Callable[[], object], effect: Callable[[], object]) -> None:
    """Act on a page at rest, and again while the effect isn't there.

    Parameters
    ----------
    action
        What is done. It isn't done again where its effect came late.
    effect
        Raises while what only this action brings isn't there: `expect(...)`, `page.wait_for_url`.
    """
    for attempt in range(1, ATTEMPTS + 1):
        settled(page)
        last = attempt == ATTEMPTS
        with _patience(page, WAIT_MS if last else ANSWER_MS):
            try:
                if attempt > 1 and _there(page, effect):
                    return
                action()
                effect()
            except (AssertionError, NoAnswer):
                if last:
                    raise
            else:
                return


def click(target: Locator, effect: Callable[[], object]) -> None:
    """Click on a page at rest, and again while the effect isn't there."""
    act(target.page, target.click, effect)


def download(button: Locator) -> Download:
    """Take the file that a button gives."""
    came: list[Download] = []

    def take() -> None:
        with button.page.expect_download() as started:
            button.click()
        came.append(started.value)

    act(button.page, take, lambda: None)
    return came[-1]


def _there(page: Page, effect: Callable[[], object]) -> bool:
    with _patience(page, ANSWER_MS // 8):
        try:
            effect()
        except (AssertionError, NoAnswer):
            return False
    return True


@contextmanager
def _patience(page: Page, ms: int) -> Iterator[None]:
    """Bound every wait in the block."""
    page.set_default_timeout(ms)
    expect.set_options(timeout=ms)
    try:
        yield
    finally:
        page.set_default_timeout(WAIT_MS)
        expect.set_options(timeout=WAIT_MS)
