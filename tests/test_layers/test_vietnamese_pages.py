"""What goes wrong on a page in Vietnamese is said in Vietnamese, one of each kind."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING

import openpyxl
import pytest
import streamlit as st

from data.facts import load_facts
from data.importing.intake import prepare
from data.importing.workbook import workbook
from data.untrusted.files import read_file
from tests.test_layers.app_page import opened, plain
from tests.vietnamese import english

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

pytestmark = pytest.mark.usefixtures("own")
VSIP = "na-kcn-vsip-1"
REGISTER = """Tên KCN;Diện tích đất CN có thể cho thuê (ha);Đã cho thuê (ha);Số liệu đến ngày
KCN Bắc Vihn;45,6;40;30/06/2026
KCN Nam Cấm;250;300;30/06/2026
KCN VSIP Nghệ An 1;nhiều;150,5;30/02/2026
"""


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    yield
    st.cache_resource.clear()


page = partial(opened, lang="vi")


def told(app: AppTest, of: str = "atlas-error") -> str:
    """Give what blocks of a kind say; nothing of it is English."""
    assert not app.exception
    bodies = [element.proto.body for element in app.get("html") if of in element.proto.body]
    bodies = [body for body in bodies if not body.startswith("<style>")]
    text = plain(" | ".join(bodies))
    assert text
    assert 'lang="en"' not in "".join(bodies)
    assert not english(text), text
    return text


def hand_in(app: AppTest, content: bytes, name: str) -> AppTest:
    app.file_uploader[0].set_value((name, content, "text/plain"))
    return app.run()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("lo-dat.geojson", b"<OGRVRTDataSource></OGRVRTDataSource>", "không thuộc các định dạng"),
        ("lo-dat.csv", b'a,b\n"1', "bảng bị đứt giữa chừng"),
        ("lo-dat.kml", b"<kml><Document>", "XML bị lỗi (không có phần tử nào: dòng 1"),
        ("lo-dat.zip", b"PK\x03\x04", "tệp nén zip"),
        ("lo-dat.xlsx", b"%PDF-1.4", "tệp PDF"),
        ("lo-dat.csv", b"", "tệp rỗng"),
    ],
)
def test_a_file_that_cannot_be_read(name: str, content: bytes, says: str) -> None:
    app = hand_in(page("data", view="own"), content, name)
    shown = told(app)
    assert "Không dùng được tệp này" in shown
    assert says in shown


def test_a_report_with_errors_on_the_page_and_as_a_workbook(tmp_path: Path) -> None:
    app = hand_in(page("data", view="own"), REGISTER.encode(), "so.csv")
    shown = told(app, "import-findings")
    assert "I202" in shown
    path = tmp_path / "so.csv"
    path.write_bytes(REGISTER.encode())
    sheets = read_file(path)
    found = prepare(sheets, file="so.csv", sha256="0", facts=load_facts(), province="nghe-an")
    book = openpyxl.load_workbook(io.BytesIO(workbook(found, "vi")))
    texts = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [text for text in texts if isinstance(text, str) and english(text)]


def test_a_workspace_that_is_none(own: Path) -> None:
    own.write_bytes(b"not a workspace" * 100)
    assert "đây không phải GeoPackage" in told(page("data", view="own"))


@pytest.mark.parametrize(
    ("value", "as_of", "source", "says"),
    [
        ("1.234", "30/06/2026", "12/BC", "một trong: 1.234 / 1,23"),
        ("nhiều", "30/06/2026", "12/BC", "một số"),
        ("150,5", "30/06/2026", "", "tên tệp hoặc số hiệu văn bản"),
        ("150,5", "mai", "12/BC", "thời điểm có trong lịch"),
        ("150,5", "2099", "12/BC", "thời điểm kết thúc không sau ngày"),
    ],
)
def test_a_correction_that_is_refused(value: str, as_of: str, source: str, says: str) -> None:
    app = page("map", area=VSIP)
    app.text_input(key=f"correct_value_{VSIP}").set_value(value)
    app.text_input(key=f"correct_as_of_{VSIP}").set_value(as_of)
    app.text_input(key=f"correct_source_{VSIP}").set_value(source)
    next(button for button in app.button if button.label == "Nhập số liệu").click().run()
    shown = told(app)
    assert "hiệu chỉnh số liệu" in shown
    assert says in shown


def test_an_edit_that_is_refused_and_notes_of_one_that_is_not() -> None:
    app = page("scenarios", as_of="2026-06-30")
    app.selectbox(key="scenario_edit_kind").set_value("set_figure").run()
    app.selectbox(key="scenario_0_area").set_value(VSIP).run()
    app.selectbox(key="scenario_0_metric").set_value("leased_ha")
    app.number_input(key="scenario_0_value").set_value(90_000.0).run()
    app.button(key="scenario_add").click().run()
    shown = told(app)
    assert "thay đổi 1 (giả định số liệu)" in shown
    assert "đất đã cho thuê không quá đất có thể cho thuê" in shown


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "đối tượng kết thúc giữa chừng tại dòng 1 cột 1"),
        (b"\xff", "không phải UTF-8"),
        (b'{"id": "x", "name": "x", "province": "nghe-an", "as_of": "2026"}', "một ngày"),
    ],
)
def test_a_file_that_is_no_scenario(content: bytes, says: str) -> None:
    app = page("scenarios", as_of="2026-06-30")
    uploader = next(one for one in app.file_uploader if "json" in str(one.proto.type))
    uploader.set_value(("kich-ban.json", content, "application/json"))
    assert says in told(app.run())


def test_what_is_no_point() -> None:
    app = page("sites", view="check")
    app.text_input(key="site_typed").set_value("Thành phố Vinh").run()
    assert "Thành phố Vinh" in told(app, "atlas-notice")


def test_a_link_with_parts_that_are_none() -> None:
    app = page("map", province="atlantis", as_of="2026-13-01", area="na-kcn-none", zone="x")
    assert "2026-13-01" in told(app, "atlas-notice")
