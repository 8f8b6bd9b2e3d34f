"""The application in a real Chromium, on real data, with an eye on what it asks for."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

from data.boundaries.official import CACHE_VARIABLE
from data.workspace.store import WORKSPACE_VARIABLE
from tests.e2e._acting import MAP, WAIT_MS, settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
LOCAL = {"localhost", "127.0.0.1"}
START_SECONDS = 90


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # What was waited for in vain may come on a machine that is less busy; what is wrong
            # stays wrong.
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=["TimeoutError", "Call log:"]))
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip("no Chromium found; name one in CHROMIUM"))


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def serve(
    *launcher: str,
    cache: Path | None = None,
    workspace: Path | None = None,
) -> Iterator[str]:
    """Run the application and give its address.

    Parameters
    ----------
    cache
        Folder of fetched boundaries; an empty one where None, whatever this machine has.
    workspace
        File of what is brought in; one of this server alone where None.
    """
    port = free_port()
    command = [
        sys.executable,
        *launcher,
        "--server.headless=true",
        "--server.fileWatcherType=none",
        f"--server.port={port}",
    ]
    with (
        tempfile.TemporaryDirectory() as empty,
        subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            env={
                **os.environ,
                CACHE_VARIABLE: str(cache or empty),
                WORKSPACE_VARIABLE: str(workspace or Path(empty) / "workspace.gpkg"),
            },
        ) as server,
    ):
        address = f"http://localhost:{port}"
        try:
            wait_for(f"{address}/_stcore/health", server)
            yield address
        finally:
            server.terminate()


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310
                return
        except OSError:
            time.sleep(0.1)
    msg = f"no answer from {url}"
    raise TimeoutError(msg)


@pytest.fixture(scope="session")
def app(browser: Browser) -> Iterator[str]:
    """Address of the application, which somebody has opened before."""
    for address in serve("-m", "streamlit", "run", "app.py"):
        first = browser.new_page()
        first.set_default_timeout(WAIT_MS)
        first.goto(address)
        first.locator(MAP).wait_for()
        settled(first)
        first.close()
        yield address


@pytest.fixture(scope="session")
def hostile_app() -> Iterator[str]:
    yield from serve("-m", "tests.e2e.hostile_server")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def asked_for() -> set[str]:
    """Hosts that a test lets the page ask for; none, unless the test adds one."""
    return set()


@pytest.fixture
def page(browser: Browser, asked_for: set[str]) -> Iterator[Page]:
    """Page whose every request must stay on this machine, and that may have no script error."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    opened = context.new_page()
    opened.set_default_timeout(WAIT_MS)
    asked: list[str] = []
    errors: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    opened.on("websocket", lambda socket_: asked.append(socket_.url))
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert [url for url in asked if leaves_the_machine(url, asked_for)] == []
    assert errors == []


def leaves_the_machine(url: str, asked_for: set[str]) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in {"data", "blob"} and parts.hostname not in LOCAL | asked_for
