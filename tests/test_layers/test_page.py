"""The map page as Streamlit runs it, without a browser."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest
import streamlit as st

import data
from data._errors import DataError, Finding
from layers import state, store
from layers.safe_html import text
from tests.test_layers.app_page import opened as page
from tests.test_layers.app_page import texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("at_the_root")


@pytest.fixture
def nothing_kept() -> Iterator[None]:
    """Let the page load anew, and let nothing of what the test puts in its place stay."""
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def test_first_screen_answers_in_vietnamese() -> None:
    app = page()
    assert not app.exception
    shown = texts(app)
    for word in ("Quỹ đất công nghiệp", "Tỷ lệ lấp đầy", "Quỹ đất chưa cho thuê", "gần đúng"):
        assert word in shown
    assert app.date_input(key="as_of").value == state.today()
    assert app.selectbox(key="province").value == "nghe-an"


def test_english_by_the_switch_and_in_the_link() -> None:
    app = page()
    app.segmented_control(key="lang").set_value("en").run()
    assert not app.exception
    assert "Industrial Land Atlas" in texts(app)
    assert app.query_params["lang"] == "en"
    assert "Quỹ đất công nghiệp" not in texts(page(lang="en"))


def test_the_link_keeps_province_date_language_and_selection() -> None:
    app = page(as_of="2023-12-31", lang="en", area="na-kcn-vsip-1")
    assert app.date_input(key="as_of").value == dt.date(2023, 12, 31)
    shown = texts(app)
    assert "237.94 ha" in shown
    assert "250.63 ha" in shown
    assert app.query_params["as_of"] == "2023-12-31"
    assert app.query_params["area"] == "na-kcn-vsip-1"


@pytest.mark.parametrize(
    "query",
    [
        {"province": "<script>", "as_of": "tomorrow", "lang": "xx", "area": "nowhere"},
        {"as_of": "9999-12-31", "zone": "qn-dong"},
        {"as_of": "0001-01-01", "unit": "${alert(1)}", "boundaries": "/etc/passwd"},
    ],
)
def test_a_wrong_link_falls_back(query: dict[str, str]) -> None:
    app = page(**query)
    assert not app.exception
    assert app.date_input(key="as_of").value == state.today()
    shown = texts(app)
    assert "atlas-hint" in shown
    assert "atlas-notice" in shown
    for value in query.values():
        assert str(text(value)) in shown
    assert set(app.query_params) == {"province", "lang"}


def test_a_selection_opens_the_card_and_closing_it_clears() -> None:
    app = page(area="na-kcn-vsip-1")
    assert "atlas-notice" not in texts(app)
    assert "286,63 ha" in texts(app)
    app.button(key="clear").click().run()
    assert "286,63 ha" not in texts(app)
    assert "area" not in app.query_params


def test_a_change_of_date_keeps_the_selection() -> None:
    app = page(area="na-kcn-vsip-1")
    app.date_input(key="as_of").set_value(dt.date(2023, 12, 31)).run()
    assert "237,94 ha" in texts(app)


def test_filters_leave_the_account_alone() -> None:
    app = page()
    before = texts(app)
    app.multiselect(key="kinds").set_value(["industrial_cluster"]).run()
    app.multiselect(key="statuses").set_value(["operating"]).run()
    assert not app.exception
    assert texts(app) == before


def test_another_province_drops_the_selection() -> None:
    app = page(zone="na-a")
    others = [key for key in app.selectbox(key="province").options if key != "Nghệ An"]
    if not others:
        pytest.skip("there is one province only")
    app.selectbox(key="province").select("ha-tinh").run()
    assert not app.exception
    assert app.session_state["chosen"] == state.NOTHING
    assert "07-NQ/TU" not in texts(app)


@pytest.mark.usefixtures("nothing_kept")
def test_broken_data_is_said_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_key: str, **_options: object) -> None:
        raise DataError(
            [
                Finding("data/facts/areas.csv", "12", "status", "'<b>opened'", "one of operating"),
                Finding("data/facts/observations.csv", "7", "value", "'x'", "a number"),
            ],
        )

    monkeypatch.setattr(store, "load_province", broken)
    app = page()
    assert not app.exception
    shown = texts(app)
    for word in ("areas.csv", "12", "status", "observations.csv", "2 lỗi"):
        assert word in shown
    assert "Traceback" not in shown
    assert "<b>opened" not in shown


@pytest.mark.usefixtures("nothing_kept")
def test_a_fault_of_ours_shows_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def faulty(_key: str, **_options: object) -> None:
        msg = "secret detail"
        raise RuntimeError(msg)

    monkeypatch.setattr(store, "load_province", faulty)
    app = page()
    assert "secret detail" not in texts(app)
    assert "Không hiển thị được trang này" in texts(app)
    assert "secret detail" in caplog.text


def test_data_stamp_changes_with_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "__init__.py"
    package.touch()
    table = tmp_path / "facts.csv"
    table.write_text("a", encoding="utf-8")
    monkeypatch.setattr(data, "__file__", str(package))
    before = store.data_stamp("nghe-an")
    table.write_text("ab", encoding="utf-8")
    assert store.data_stamp("nghe-an") != before
    assert json.dumps(before)
