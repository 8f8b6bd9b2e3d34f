"""Pages of the application as Streamlit runs them, without a browser."""

from __future__ import annotations

import html
import re
from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
WAIT_S = 180


def opened(name: str = "", **query: str) -> AppTest:
    """Open a page, the map where no name is given, with what its address says."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=WAIT_S)
    for key, value in query.items():
        app.query_params[key] = value
    if name:
        app.switch_page(f"pages/{name}.py")
    return app.run()


def texts(app: AppTest) -> str:
    """Give the HTML on a page that met no exception."""
    assert not app.exception
    bodies = [element.proto.body for element in app.get("html")]
    return "\n".join(body for body in bodies if not body.startswith("<style>"))


def plain(text: str) -> str:
    """Give HTML as a reader sees it."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))
