"""The export page as Streamlit runs it: choices, what will be in the file, and the file."""

from __future__ import annotations

import datetime as dt
import html
import io
import json
import re
import zipfile
from functools import partial
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from data.scenarios import AssumeLease, Scenario, scenario_json
from data.workspace.store import open_workspace
from layers.downloads import slot as export_slot
from layers.downloads.jobs import Job, Kept, Order
from tests.test_layers.app_page import opened, plain, texts

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from layers.exchange.bundle import OnStep

pytestmark = pytest.mark.usefixtures("own")
WAIT_S = 180
DAY = "2026-06-30"


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    export_slot.kept.clear()


page = partial(opened, "export", as_of=DAY, lang="en")


def said(app: AppTest) -> str:
    shown = texts(app)
    assert "atlas-error" not in shown
    return plain(shown)


def prepared(app: AppTest, place: str) -> tuple[str, bytes]:
    """Prepare a file, wait for it, and give its name and content once the page offers it."""
    app.button(key=f"export_{place}_prepare").click().run()
    job = app.session_state[export_slot.JOBS][place]
    job.join(WAIT_S)
    app.run()
    assert job.order.name in said(app)
    assert [one.proto.label for one in app.get("download_button")] == ["Download"]
    content = export_slot.kept().get(job.order.key)
    assert content
    return job.order.name, content


def test_what_is_chosen_is_what_the_file_holds() -> None:
    app = page()
    shown = said(app)
    assert "Spatial orientation zones: 10 rows" in shown
    assert "figures known on 30/06/2026" in shown
    assert "approximate boundaries" in shown
    assert "IoU" in shown
    app.checkbox(key="out_layer_zones").uncheck().run()
    app.radio(key="out_format").set_value("geojson").run()
    name, content = prepared(app, "data")
    assert name == f"nghe-an_{DAY}_areas.geojson"
    found = json.loads(content)
    rows = re.search(r"economic zones: (\d+) rows", said(app))
    assert rows
    assert len(found["features"]) == int(rows[1])
    assert found["metadata"]["date"] == DAY


def test_a_format_of_one_system_says_so_and_gives_the_other_back() -> None:
    app = page()
    app.radio(key="out_crs").set_value("vn2000").run()
    app.radio(key="out_format").set_value("kml").run()
    assert app.radio(key="export_crs_fixed").disabled
    assert "KML knows WGS 84 only." in said(app)
    app.radio(key="out_format").set_value("gpkg").run()
    assert app.radio(key="out_crs").value == "vn2000"


def test_numbers_of_csv_are_those_of_the_reader() -> None:
    app = page(lang="vi")
    app.radio(key="out_format").set_value("csv").run()
    assert app.radio(key="out_numbers_vi").value == "vi"
    app.radio(key="out_lang").set_value("en").run()
    assert app.radio(key="out_numbers_en").value == "international"


def test_no_layer_gives_no_file() -> None:
    app = page()
    for key in ("zones", "areas"):
        app.checkbox(key=f"out_layer_{key}").uncheck().run()
    assert "Choose at least one layer." in said(app)
    assert "export_data_prepare" not in [one.key for one in app.button]


def test_layers_without_a_row_are_not_offered() -> None:
    keys = {str(one.key) for one in page().checkbox}
    assert "out_layer_roads" in keys
    assert not {"out_layer_plots", "out_layer_outlines"} & keys


def test_another_choice_stops_what_is_being_made() -> None:
    app = page()
    halted = Job(Order("another choice", "x", lambda _: b""), Kept())
    app.session_state[export_slot.JOBS] = {"data": halted}
    app.run()
    assert halted.phase == "cancelled"
    assert "data" not in app.session_state[export_slot.JOBS]


def test_while_a_file_is_made_it_can_be_stopped_and_nothing_is_offered() -> None:
    app = page(view="form04")
    app.button(key="export_form04_prepare").click().run()
    done = app.session_state[export_slot.JOBS]["form04"]
    done.join(WAIT_S)
    # The same order again, not begun: it waits until it is stopped.
    export_slot.kept.clear()
    waiting = Job(done.order, export_slot.kept())
    app.session_state[export_slot.JOBS] = {"form04": waiting}
    app.run()
    assert not app.get("download_button")
    assert "Waiting until another file is finished" in str(app.get("progress")[0].proto)
    app.button(key="export_form04_cancel").click().run()
    assert waiting.phase == "cancelled"
    assert "Nothing was kept of the file" in said(app)
    assert not app.get("download_button")


def test_a_failure_is_told_in_plain_words() -> None:
    def fails(on_step: OnStep) -> bytes:
        on_step("zones", 0, 1)
        msg = "secret of the machine"
        raise OSError(msg)

    app = page(view="form04")
    app.button(key="export_form04_prepare").click().run()
    order = app.session_state[export_slot.JOBS]["form04"].order
    app.session_state[export_slot.JOBS]["form04"].join(WAIT_S)
    export_slot.kept.clear()
    job = Job(order._replace(make=fails), export_slot.kept()).start()
    job.join(WAIT_S)
    app.session_state[export_slot.JOBS] = {"form04": job}
    app.run()
    assert not app.exception
    bodies = "".join(element.proto.body for element in app.get("html"))
    assert "atlas-error" in bodies
    assert "secret" not in bodies
    assert app.button(key="export_form04_prepare")


def test_the_form_lists_what_stays_blank_and_is_a_workbook() -> None:
    app = page(view="form04")
    shown = said(app)
    assert "Cells that stay blank" in shown
    assert "Not verified" in shown
    name, content = prepared(app, "form04")
    assert name == f"nghe-an_{DAY}_form04.xlsx"
    assert load_workbook(io.BytesIO(content)).sheetnames


def test_the_map_opens_as_the_map_page_stands() -> None:
    app = page(view="map", zone="na-d")
    app.radio(key="out_map").set_value("html").run()
    name, content = prepared(app, "map")
    assert name == f"nghe-an_{DAY}_map.html"
    assert b"na-d" in content
    assert b"<script src=" not in content


def text_of(docx: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return html.unescape(re.sub(r"<[^>]+>", "", archive.read("word/document.xml").decode()))


def test_the_report_of_a_zone() -> None:
    app = page(view="report")
    app.radio(key="out_subject").set_value("zone").run()
    app.selectbox(key="out_zone").set_value("na-d").run()
    name, content = prepared(app, "report")
    assert name == f"nghe-an_{DAY}_na-d_report.docx"
    assert "as of 30/06/2026" in text_of(content)


def test_a_comparison_of_two_provinces_is_a_report() -> None:
    app = page(view="report")
    app.radio(key="out_subject").set_value("comparison").run()
    assert "export_report_prepare" not in [one.key for one in app.button]
    app.multiselect(key="out_compared").set_value(["na-kcn-vsip-1", "ht-kcn-vung-ang-i"]).run()
    assert app.query_params["compare"] == "na-kcn-vsip-1,ht-kcn-vung-ang-i"
    text = text_of(prepared(app, "report")[1])
    assert "VSIP" in text
    assert "Vung Ang" in text


def test_without_a_scenario_the_page_says_so() -> None:
    app = page(view="report")
    app.radio(key="out_subject").set_value("scenario").run()
    assert "No scenario of this province" in said(app)
    assert "export_report_prepare" not in [one.key for one in app.button]


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    """Keep a scenario of Nghệ An, one of Hà Tĩnh and one that can't be read."""
    lease = AssumeLease(area_id="na-kcn-vsip-1", hectares=5)
    kept = Scenario(
        id="busy",
        name="Busy years <b>",
        province="nghe-an",
        as_of=dt.date(2026, 6, 30),
        edits=(lease,),
    )
    other = kept.model_copy(update={"province": "ha-tinh", "edits": ()})
    with open_workspace(tmp_path / "workspace.gpkg") as workspace:
        workspace.save_scenario(kept.name, scenario_json(kept))
        workspace.save_scenario("Elsewhere", scenario_json(other))
        workspace.save_scenario("Broken", "{}")
    return kept


def test_a_scenario_is_exported_and_says_that_it_is_assumed(scenario: Scenario) -> None:
    app = page()
    assert "Scenarios that can't be read: Broken" in said(app)
    box = app.selectbox(key="out_state")
    assert box.options == ["As it is", f"Scenario: {scenario.name}"]
    app.radio(key="out_format").set_value("geojson")
    app.checkbox(key="out_layer_zones").uncheck()
    box.set_value(scenario.name).run()
    assert "Not facts" in said(app)
    name, content = prepared(app, "data")
    assert name == f"nghe-an_{DAY}_busy_areas.geojson"
    found = json.loads(content)
    assert "Not facts" in found["metadata"]["abstract"]
    vsip = next(one for one in found["features"] if one["id"] == "na-kcn-vsip-1")
    assert scenario.source_id in json.dumps(vsip)


def test_the_report_of_a_scenario(scenario: Scenario) -> None:
    app = page(view="report")
    app.radio(key="out_subject").set_value("scenario").run()
    name, content = prepared(app, "report")
    assert name == f"nghe-an_{DAY}_busy_report.docx"
    assert scenario.name in text_of(content)


def test_the_choice_outlives_a_visit_to_another_page() -> None:
    app = page(view="data")
    app.radio(key="out_format").set_value("shp").run()
    app.switch_page("pages/targets.py").run()
    app.switch_page("pages/export.py").run()
    assert not app.exception
    assert app.radio(key="out_format").value == "shp"


@pytest.mark.parametrize("province", ["ha-tinh", "quang-ninh", "tuyen-quang"])
def test_the_page_in_vietnamese_for_every_province(province: str) -> None:
    for view in ("data", "report", "map", "form04"):
        app = page(province=province, lang="vi", view=view)
        shown = said(app)
        assert "Prepare" not in shown
        assert any(one.label == "Chuẩn bị tệp" for one in app.button)
