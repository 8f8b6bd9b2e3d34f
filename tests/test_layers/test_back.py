"""Back and Forward of the browser bring back what the link of then says."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from layers import state
from tests.test_layers.app_page import opened, texts

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

pytestmark = pytest.mark.usefixtures("at_the_root")


def back(app: AppTest, monkeypatch: pytest.MonkeyPatch, **query: str) -> AppTest:
    """Go back to a query on the same page, as the browser tells Streamlit."""
    app.query_params.clear()
    for key, value in query.items():
        app.query_params[key] = value
    run = SimpleNamespace(is_history_navigation=True)
    with monkeypatch.context() as patch:
        patch.setattr(state, "get_script_run_ctx", lambda: run)
        return app.run()


def link(app: AppTest) -> dict[str, str]:
    """Give the query that a page wrote."""
    query = app.query_params.items()
    return {key: value[0] if isinstance(value, list) else value for key, value in query}


def test_back_brings_back_zone_date_and_language(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {"province": "nghe-an", "lang": "vi", "zone": "na-b", "as_of": "2023-12-31"}
    app = opened(province="nghe-an", lang="en", zone="na-c")
    app.multiselect(key="kinds").set_value(["industrial_cluster"]).run()
    back(app, monkeypatch, **before)
    assert link(app) == before
    assert app.session_state["chosen"] == ("zone", "na-b")
    assert app.date_input(key="as_of").value == dt.date(2023, 12, 31)
    assert "Quỹ đất công nghiệp" in texts(app)
    assert app.multiselect(key="kinds").value == ["industrial_cluster"]


def test_a_link_from_before_the_last_answer_changes_nothing() -> None:
    app = opened(province="nghe-an", lang="vi", zone="na-c")
    app.query_params["zone"] = "na-b"  # as a click does that came too early
    app.run()
    assert link(app)["zone"] == "na-c"


@pytest.mark.parametrize(
    ("name", "now", "before"),
    [
        ("targets", {"view": "conditions", "place": "Huyện Diễn Châu"}, {}),
        ("targets", {}, {"view": "conditions", "place": "Huyện Diễn Châu"}),
        ("data", {"view": "own"}, {}),
        ("export", {"view": "map"}, {"view": "form04"}),
        ("sites", {"view": "compare", "compare": "na-kcn-vsip-1"}, {"min_area": "20"}),
        ("sites", {"industry": "electronics"}, {"view": "check", "point": "105.66,18.8"}),
    ],
)
def test_back_brings_back_what_a_page_keeps_itself(
    name: str, now: dict[str, str], before: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    every = {"province": "nghe-an", "lang": "vi"}
    app = opened(name, **every, **now)
    assert link(app) == every | now
    back(app, monkeypatch, **every, **before)
    assert not app.exception
    assert link(app) == every | before


def test_the_links_to_pages_hold_what_is_chosen() -> None:
    app = opened(province="nghe-an", lang="vi", zone="na-c")
    queries = [one.proto.query_string for one in app.get("page_link")]
    assert queries[:6] == ["province=nghe-an&lang=vi&zone=na-c"] * 6
