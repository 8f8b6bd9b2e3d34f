"""Bringing data in, as Streamlit runs it: report, answers, undo, and what a broken file does."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import openpyxl
import pytest
import streamlit as st

from data.boundaries import load_communes
from data.facts import load_facts
from data.importing.fields import KINDS, fields, fields_of
from data.importing.intake import prepare
from data.importing.workbook import workbook
from data.untrusted.files import read_file
from data.workspace.correction import correct_figure
from data.workspace.store import open_workspace
from layers import access
from layers.imports import state as import_state
from layers.imports.view import counts_html, findings_html
from layers.imports.words import FIELD, ROWS, field_word
from layers.words import words
from tests.test_layers.app_page import opened, plain, texts
from tests.test_layers.test_drawn import assert_harmless

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from data.importing.parts import Import
    from data.workspace.change import Revision

pytestmark = pytest.mark.usefixtures("own")
REGISTER = """Tên KCN;Diện tích đất CN có thể cho thuê (ha);Đã cho thuê (ha);Số liệu đến ngày
KCN VSIP Nghệ An 1;286,63;150,5;30/06/2026
KCN Bắc Vihn;45,6;40;30/06/2026
KCN Nam Cấm;250;300;30/06/2026
"""
VSIP = "na-kcn-vsip-1"


def page() -> AppTest:
    app = opened(lang="en", view="own")
    app.switch_page("pages/data.py")
    app.session_state["data_view"] = "own"
    return app.run()


def hand_in(app: AppTest, text: str = REGISTER, name: str = "register.csv") -> AppTest:
    app.file_uploader[0].set_value((name, text.encode(), "text/csv"))
    return app.run()


def said(app: AppTest) -> str:
    return plain(texts(app))


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def corrected(own: Path) -> Revision:
    with open_workspace(own) as kept:
        return correct_figure(
            kept,
            VSIP,
            "leased_ha",
            100.0,
            as_of="2026-06-30",
            basis="kcn_2022",
            source="12/BC",
            facts=load_facts(),
        )


def test_report_sound_rows_undo_and_redo(own: Path) -> None:
    app = hand_in(page())
    assert not app.exception
    shown = said(app)
    for part in ("3 rows", "2 errors", "I301", "I202", "more leased than leasable land", "row 4"):
        assert part in shown
    assert "2 rows stay out: 3, 4" in shown
    assert not own.exists()  # looking at a report keeps nothing

    app.button(key="import_sound").click().run()
    assert "1 row of register.csv was taken" in said(app)
    with open_workspace(own) as kept:
        (revision,) = kept.revisions()
        change = kept.change(revision.id)
        assert set(change.observations["area_id"]) == {VSIP}
        assert change.observations.set_index("metric").loc["leased_ha", "value"] == "150.5"
        assert len(kept.mappings()) == 1
    # The box is empty again; of the same file nothing is left to take.
    assert app.file_uploader[0].value is None
    assert app.button(key="undo_1").label == "Undo"
    hand_in(app)
    assert app.button(key="import_sound").disabled
    app.button(key="import_cancel").click().run()
    assert not app.exception

    app.button(key="undo_1").click().run()
    assert "Undone: register.csv" in said(app)
    with open_workspace(own) as kept:
        assert not kept.revisions()[0].active
    app.button(key="redo_1").click().run()
    with open_workspace(own) as kept:
        assert kept.revisions()[0].active


def test_a_kept_mapping_is_reused_without_what_speaks_of_one_file() -> None:
    app = hand_in(page())
    boxes = {box.label: box for box in app.text_input}
    boxes["Source: document number"].set_value("12/BC-BQL")
    boxes["Who gave it"].set_value("Ban Quản lý")
    name = next(box for box in app.selectbox if box.label == "KCN Bắc Vihn")
    name.set_value("na-kcn-bac-vinh")
    next(button for button in app.button if button.label == "Read the file so").click().run()
    assert "1 error" in said(app)
    app.button(key="import_sound").click().run()
    assert "2 rows of register.csv were taken" in said(app)
    mapping = import_state.kept_mappings()[0]
    assert mapping.areas == {"KCN Bắc Vihn": "na-kcn-bac-vinh"}
    assert mapping.constants == {"publisher": "Ban Quản lý"}
    hand_in(app, REGISTER.replace("40", "41"), "next.csv")
    assert "I301" not in said(app)


def test_the_same_file_is_taken_again_only_when_asked_for_twice(own: Path) -> None:
    app = hand_in(page())
    app.button(key="import_sound").click().run()
    hand_in(app)
    name = next(box for box in app.selectbox if box.label == "KCN Bắc Vihn")
    name.set_value("na-kcn-bac-vinh")
    next(button for button in app.button if button.label == "Read the file so").click().run()
    app.button(key="import_sound").click().run()
    assert "This same file is in already" in said(app)
    with open_workspace(own) as kept:
        assert len(kept.revisions()) == 1
    app.button(key="import_sound").click().run()
    assert "1 row of register.csv was taken" in said(app)
    with open_workspace(own) as kept:
        assert len(kept.revisions()) == 2


def test_another_window_that_was_quicker_is_said(own: Path) -> None:
    app = hand_in(page())
    corrected(own)
    app.button(key="import_sound").click().run()
    assert "Another window has changed the data" in said(app)
    with open_workspace(own) as kept:
        assert len(kept.revisions()) == 1
    assert "Report: nothing is taken yet" in said(app)
    app.button(key="import_sound").click().run()
    assert "1 row of register.csv was taken" in said(app)


def test_who_only_reads_sees_but_can_do_nothing(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    revision = corrected(own)
    monkeypatch.setattr(access, "may_write", lambda: False)
    app = page()
    assert not app.exception
    assert "leased land 100" in said(app)
    assert not app.file_uploader
    assert not {"Undo", "Take back"} & set(labels(app))
    app.session_state["chosen"] = ("area", VSIP)
    app.switch_page("pages/map.py")
    app.run()
    assert "Enter the figure" not in labels(app)
    with open_workspace(own) as kept:
        assert kept.revisions() == (revision,)


def test_a_broken_workspace_leaves_the_bundled_figures(own: Path) -> None:
    own.write_bytes(b"not a workspace" * 100)
    app = page()
    assert not app.exception
    shown = said(app)
    assert "What was brought in can't be used" in shown
    assert "this is no GeoPackage" in shown
    assert not app.file_uploader
    app.switch_page("pages/map.py")
    app.run()
    assert not app.exception
    assert "Fill rate" in said(app)
    # Mended, it is used again, and no failure stays.
    own.unlink()
    st.cache_resource.clear()
    app.run()
    assert "can't be used" not in said(app)


def test_a_hostile_file_is_refused_in_words() -> None:
    app = hand_in(page(), "<OGRVRTDataSource></OGRVRTDataSource>", "plots.geojson")
    assert not app.exception
    assert "This file can't be used" in said(app)


def test_a_figure_is_corrected_on_the_card_and_undone() -> None:
    app = opened(lang="en", area=VSIP)
    before = said(app)
    app.text_input(key=f"correct_value_{VSIP}").set_value("1.234")
    enter = next(button for button in app.button if button.label == "Enter the figure")
    enter.click().run()
    assert "one of 1,234 / 1.23" in said(app)  # two readings: asked, not guessed
    app.text_input(key=f"correct_value_{VSIP}").set_value("150,5")
    app.text_input(key=f"correct_as_of_{VSIP}").set_value("30/06/2026")
    app.text_input(key=f"correct_source_{VSIP}").set_value("12/BC-BQL <b>")
    next(button for button in app.button if button.label == "Enter the figure").click().run()
    after = said(app)
    assert "the zone counts with it now" in after
    assert "brought in 12/BC-BQL <b>" in after
    assert strip(after) != strip(before)
    app.button(key="undo_last").click().run()
    assert strip(said(app)) == strip(before)


def strip(text: str) -> str:
    found = re.search(r"Fill rate .*? Pipeline", text)
    assert found
    return found[0]


def test_every_field_and_kind_has_a_word() -> None:
    w = words("vi")
    for kind in KINDS:
        assert kind in ROWS
        for name in fields_of(kind):
            assert field_word(name, w) != name
    assert FIELD.keys() >= {"area", "leased_ha"}
    assert all(field_word(name, w) != name for name in fields())


@pytest.fixture
def hostile(tmp_path: Path) -> Import:
    evil = "<img src=x onerror=alert(1)>`${x}"
    path = tmp_path / "upload"
    text = REGISTER.replace("KCN Bắc Vihn", evil).replace("Số liệu đến ngày", evil)
    path.write_text(text, encoding="utf-8")
    sheets = read_file(path, name="register.csv")
    return prepare(sheets, file=evil, sha256="0", facts=load_facts(), province="nghe-an")


def test_hostile_texts_stay_texts(hostile: Import) -> None:
    w = words("vi")
    assert_harmless(counts_html(hostile, w))
    assert_harmless(findings_html(hostile, w))
    book = openpyxl.load_workbook(io.BytesIO(workbook(hostile)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_communes_that_were_brought_in_are_the_boundaries_until_undone(own: Path) -> None:
    communes = load_communes("40")[["name", "geometry"]].rename_axis("code").reset_index()
    app = hand_in(page(), communes.to_json(), "communes.geojson")
    app.button(key="import_all").click().run()
    assert not app.exception
    with open_workspace(own) as kept:
        assert len(kept.change(kept.revisions()[0].id).communes) == len(communes)
    app.switch_page("pages/map.py").run()
    assert app.sidebar.radio[0].value == "kept"
    assert "workspace-40.parquet" in said(app)
    with open_workspace(own) as kept:
        kept.undo(kept.revisions()[0].id)
    app.run()
    assert not app.exception
    assert app.sidebar.radio[0].value == "bundled"
    assert "workspace-40.parquet" not in said(app)


def test_a_file_without_a_fault_is_reported_and_taken(own: Path) -> None:
    app = hand_in(page(), "\n".join(REGISTER.splitlines()[:2]), "sound.csv")
    assert not app.exception
    assert "0 errors" in said(app)
    app.button(key="import_all").click().run()
    assert "1 row of sound.csv was taken" in said(app)
    with open_workspace(own) as kept:
        assert kept.revisions()[0].active
