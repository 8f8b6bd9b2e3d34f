"""The page of scenarios as Streamlit runs it, without a browser."""

from __future__ import annotations

import datetime as dt
import io
import json
from functools import partial
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from data._errors import DataError
from data.resolutions import provinces
from data.scenarios import AddArea, AssumeLease, Edit, Scenario, parse_scenario, scenario_json
from data.workspace.store import open_workspace
from geo.differences import difference
from geo.scenarios import run
from geo.snapshot import load_province, snapshot
from layers import access
from layers.errors import findings_html
from layers.scenarios import export as scenario_export
from layers.scenarios import kept as scenario_kept
from layers.scenarios import map as scenario_map
from layers.scenarios import view as scenario_view
from layers.scenarios.state import Outcome, Work, renamed, with_edit
from layers.scenarios.text import change_text
from layers.scenarios.words import EDIT, TOUCHED, answer_text, changed_zones, edit_text, names_of
from layers.words import words
from tests.test_layers.app_page import opened, texts
from tests.vietnamese import refused

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from data._message import Lang
    from geo.snapshot import Province, Snapshot

pytestmark = pytest.mark.usefixtures("own")
DAY = dt.date(2026, 6, 30)
VSIP = "na-kcn-vsip-2"
LEASE = AssumeLease(area_id=VSIP, hectares=50.0)
NEW = AddArea(
    name="KCN <b>Thử</b>",
    kind="industrial_park",
    status="operating",
    communes_2025=("Xã Đô Lương",),
    total_area_ha=200.0,
    leasable_ha=140.0,
)
RING = [[105.30, 18.90], [105.32, 18.90], [105.32, 18.92], [105.30, 18.90]]
SQUARE = {"type": "Polygon", "coordinates": [RING]}


def scenario(*edits: Edit, name: str = "Thử nghiệm") -> Scenario:
    return Scenario(id="thu", name=name, province="nghe-an", as_of=DAY, edits=edits)


@pytest.fixture(scope="module")
def here() -> Province:
    return load_province("nghe-an")


@pytest.fixture(scope="module")
def base(here: Province) -> Snapshot:
    return snapshot(here, DAY)


@pytest.fixture(scope="module")
def found(here: Province, base: Snapshot) -> Outcome:
    after = run(here, scenario(NEW, LEASE), DAY)
    return Outcome(after, difference(base, after))


page = partial(opened, "scenarios", lang="en", as_of=DAY.isoformat())


def answer(app: AppTest) -> str:
    return next(body for body in texts(app).split("\n") if "scenario-answer" in body)


def lease(app: AppTest, hectares: float = 50.0, *, form: int = 0) -> AppTest:
    app.selectbox(key="scenario_edit_kind").set_value("assume_lease").run()
    app.selectbox(key=f"scenario_{form}_area").set_value(VSIP).run()
    app.number_input(key=f"scenario_{form}_lease").set_value(hectares).run()
    return app.button(key="scenario_add").click().run()


def zone_texts(app: AppTest) -> str:
    return next(body for body in texts(app).split("\n") if "scenario-zones" in body)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("province", provinces())
def test_every_province_begins_with_the_present(province: str, lang: Lang) -> None:
    app = page(province=province, lang=lang)
    shown = texts(app)
    w = words(lang)
    assert "atlas-error" not in shown
    assert w("Assumed, not facts.") in answer(app)
    assert "data-zone" not in zone_texts(app)
    assert app.button(key="scenario_undo").disabled
    assert app.button(key="scenario_add").disabled


def test_leases_change_what_the_library_says_they_change(here: Province, base: Snapshot) -> None:
    app = page()
    before = zone_texts(app)
    lease(app)
    after = run(here, scenario(LEASE), DAY)
    changes = difference(base, after)
    w = words("en")
    assert answer_text(base, after, changes, w) in answer(app)
    zones = changes[(changes["level"] == "zone") & changes["changed"]]
    for key in zones["key"].unique():
        assert f'data-zone="{key}"' in zone_texts(app)
    leased = next(changes[changes["field"] == "leased_ha"].itertuples())
    assert leased.change == pytest.approx(50.0)
    assert change_text(leased, w) in zone_texts(app)
    # Taken back, it is the present again.
    app.button(key="scenario_undo").click().run()
    assert zone_texts(app) == before


def test_any_edit_can_be_removed_and_that_be_undone() -> None:
    app = lease(lease(page(), 20.0), 30.0, form=1)
    assert "2 edits" in texts(app)
    both = zone_texts(app)
    app.button(key="scenario_remove_0").click().run()
    assert "1 edit<" in texts(app)
    assert "30 ha" in texts(app)
    assert zone_texts(app) != both
    app.button(key="scenario_undo").click().run()
    assert zone_texts(app) == both


def test_a_name_and_a_click_at_once_are_both_taken() -> None:
    app = lease(page())
    app.text_input(key="scenario_name_nghe-an").set_value("Hai")
    app.button(key="scenario_undo").click().run()
    assert "<b>Hai</b>" in answer(app)
    assert "0 edits" in texts(app)


def test_a_new_park_is_added_by_its_commune() -> None:
    app = page()
    app.text_input(key="scenario_0_name").set_value("${x}<b>Park</b>")
    app.selectbox(key="scenario_0_new_status").set_value("operating")
    app.multiselect(key="scenario_0_communes").set_value(["Xã Đô Lương"])
    app.number_input(key="scenario_0_total").set_value(200.0).run()
    app.button(key="scenario_add").click().run()
    shown = texts(app)
    assert "<b>Park" not in shown
    assert "${x}" not in shown
    assert "+200 ha" in zone_texts(app)
    # The form is empty again, and what was added can be edited.
    assert app.text_input(key="scenario_1_name").value == ""
    app.selectbox(key="scenario_edit_kind").set_value("close_area").run()
    assert "sc-kcn-x-b-park-b" in json.dumps(app.selectbox(key="scenario_1_area").options) or any(
        "Park" in option for option in app.selectbox(key="scenario_1_area").options
    )


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ["1 (add a park or cluster)", "leased land", "160", "the leasable land, 150 ha"]),
        (
            "vi",
            [
                "thêm khu, cụm công nghiệp",
                "đất đã cho thuê, cho thuê lại",
                "160",
                "có thể cho thuê, 150 ha",
            ],
        ),
    ],
)
def test_a_mistake_is_told_in_words(lang: Lang, said: list[str]) -> None:
    edit = NEW.model_dump(mode="json") | {"leasable_ha": 150, "leased_ha": 160}
    with refused(DataError) as error:
        with_edit(scenario(), edit)
    told = findings_html("", error.value.findings, words(lang))
    assert all(f"{part}<" in told or f"({part})<" in told for part in said[1:])
    assert said[0] in told
    assert "add_area" not in told


def test_an_edit_that_cannot_be_is_refused_and_nothing_changes() -> None:
    app = lease(page())
    before = zone_texts(app)
    app.selectbox(key="scenario_edit_kind").set_value("set_figure").run()
    app.selectbox(key="scenario_1_area").set_value(VSIP).run()
    app.selectbox(key="scenario_1_metric").set_value("leased_ha")
    app.number_input(key="scenario_1_value").set_value(90_000.0).run()
    app.button(key="scenario_add").click().run()
    shown = texts(app)
    assert "That can&#39;t be done; nothing was changed" in shown
    assert "edit 2 (assume a figure)" in shown
    assert "1 edit<" in shown
    assert zone_texts(app) == before
    # What was typed is still there.
    assert app.number_input(key="scenario_1_value").value == 90_000.0


def test_saved_opened_from_the_link_and_deleted(own: Path) -> None:
    app = lease(page())
    shown = zone_texts(app)
    app.text_input(key="scenario_name_nghe-an").set_value("VSIP đầy hơn").run()
    app.button(key="scenario_save").click().run()
    assert "not saved" not in answer(app)
    assert app.query_params["scenario"] in ("VSIP đầy hơn", ["VSIP đầy hơn"])
    with open_workspace(own, create=False) as kept:
        item = kept.scenarios()["VSIP đầy hơn"]
    assert parse_scenario(item.text).edits == (LEASE,)

    other = page(scenario="VSIP đầy hơn")
    assert zone_texts(other) == shown
    other.button(key="scenario_new").click().run()
    assert "0 edits" in texts(other)
    other.button(key="scenario_open").click().run()
    assert zone_texts(other) == shown
    other.checkbox(key="scenario_delete_sure").check().run()
    other.button(key="scenario_delete").click().run()
    with open_workspace(own, create=False) as kept:
        assert kept.scenarios() == {}
    assert "no saved scenario" in texts(page(scenario="VSIP đầy hơn"))


def test_two_windows_lose_nothing(own: Path) -> None:
    first = lease(page())
    first.button(key="scenario_save").click().run()
    second = page(scenario="Scenario")
    lease(second, 10.0)
    second.button(key="scenario_save").click().run()
    lease(first, 20.0, form=1)
    first.button(key="scenario_save").click().run()
    assert "another window has saved “Scenario”" in texts(first)
    assert "2 edits" in texts(first)
    first.button(key="scenario_save_as").click().run()
    assert "another window" not in texts(first)
    with open_workspace(own, create=False) as kept:
        found = {name: parse_scenario(item.text) for name, item in kept.scenarios().items()}
    assert [edit.hectares for edit in found["Scenario"].edits] == [50.0, 10.0]  # type: ignore[union-attr]
    assert [edit.hectares for edit in found["Scenario (2)"].edits] == [50.0, 20.0]  # type: ignore[union-attr]


def test_who_may_only_read_can_try_but_not_save(monkeypatch: pytest.MonkeyPatch, own: Path) -> None:
    monkeypatch.setattr(access, "may_write", lambda: False)
    app = lease(page())
    assert 'data-zone="total"' in zone_texts(app)
    assert app.button(key="scenario_save").disabled
    with refused(DataError):
        scenario_kept.save(Work(scenario(LEASE)))
    assert not own.exists()


def test_two_scenarios_stand_side_by_side(own: Path) -> None:
    with open_workspace(own) as kept:
        for name, hectares in (("One", 50.0), ("Two", 100.0)):
            edit = AssumeLease(area_id=VSIP, hectares=hectares)
            kept.save_scenario(name, scenario_json(scenario(edit, name=name)))
    app = page(scenario="One")
    app.segmented_control(key="scenario_view").set_value("compare").run()
    app.selectbox(key="scenario_second").set_value("Two").run()
    shown = zone_texts(app)
    assert "+50 ha" in shown
    assert "+100 ha" in shown
    assert "One" in shown
    assert texts(app).count("scenario-lists") == 1


def test_an_earlier_day_says_that_nothing_counts_yet(own: Path) -> None:
    with open_workspace(own) as kept:
        kept.save_scenario("One", scenario_json(scenario(LEASE, name="One")))
    app = page(scenario="One", as_of="2026-01-31")
    assert "The scenario begins on 30/06/2026" in texts(app)
    assert "change no figure" in answer(app)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_edits_have_words(lang: Lang) -> None:
    w = words(lang)
    names = {VSIP: "VSIP 2"}
    common = {"area_id": VSIP}
    edits = {
        "add_area": NEW.model_dump(mode="json"),
        "extend_area": {**common, "hectares": 20, "leasable_ha": 12.5},
        "close_area": {**common, "date": "2026-03-01"},
        "set_status": {**common, "status": "planned"},
        "set_date": {**common, "established_year": 2020, "operating_since": "2026-02-01"},
        "assume_lease": {**common, "hectares": 50},
        "set_figure": {**common, "metric": "industrial_land_ha", "value": 300},
    }
    assert edits.keys() == EDIT.keys() == TOUCHED.keys()
    made = scenario()
    for kind, fields in edits.items():
        made = with_edit(made, {"edit": kind, **fields})
    said = [edit_text(edit, names, w) for edit in made.edits]
    assert len(set(said)) == len(said)
    for text, number in zip(
        said, ["200", "20", "01/03/2026", "", "2020", "50", "300"], strict=True
    ):
        assert number in text
    assert all("VSIP 2" in text for text in said[1:])
    assert "_" not in "".join(said)


def test_the_map_is_marked(base: Snapshot, found: Outcome) -> None:
    w = words("vi")
    drawn = AddArea(name="Vẽ", kind="industrial_cluster", status="planned", polygon=SQUARE)
    made = scenario(NEW, LEASE, drawn)
    account = scenario_map.account_of(base, found.after, made, {}, w)
    assert account["scenario"]["title"] == "KỊCH BẢN: Thử nghiệm"
    assert [area["id"] for area in account["scenario"]["areas"]] == [NEW.area_id, VSIP]
    tips = {area["id"]: area["tip"] for area in account["areas"]}
    assert any("50 ha" in line for line in tips[VSIP])


def test_verdicts_of_new_areas_are_told(base: Snapshot, found: Outcome) -> None:
    w = words("en")
    told = scenario_view.new_verdicts_html(base, found.after, found.changes, w)
    assert "KCN &#60;b&#62;Thử" in told
    assert "repealed" not in told
    assert "At least 60 % of" not in told  # Decree 29/2008
    triple = [("A", found.after, found.changes)]
    assert changed_zones(found.changes) == scenario_view.zones_html(base, triple, w).count(
        'data-zone="na-'
    )


def test_the_workbook_holds_the_difference(base: Snapshot, found: Outcome) -> None:
    made = scenario(NEW, LEASE, name="=1+1")
    book = load_workbook(
        io.BytesIO(scenario_export.workbook(base, found, made, words("en"))), read_only=True
    )
    rows = list(book["What changes"].iter_rows(min_row=2, values_only=True))
    assert len(rows) == int(found.changes["changed"].sum())
    one = next(row for row in rows if row[0] == "total" and row[2] == "leased land")
    assert one[5] - one[4] == pytest.approx(one[6]) == pytest.approx(50.0)
    said = [row[0] for row in book["Scenario"].iter_rows(values_only=True)]
    names = names_of((base, found.after), words("en"))
    assert edit_text(LEASE, names, words("en")) in said


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"\xff\xfe", ""),
        (b"[" * 100_000, ""),
        (b'{"id": "x"}', "name"),
        (scenario_json(scenario()).replace("nghe-an", "ha-tinh").encode(), "province"),
    ],
)
def test_files_that_are_no_scenario_are_refused(content: bytes, field: str) -> None:
    with refused(DataError) as error:
        scenario_kept.read_upload("../../<b>.json", content, "nghe-an")
    assert field in {finding.field for finding in error.value.findings}


def test_a_file_is_read_back() -> None:
    made = scenario(NEW, LEASE)
    content = b"\xef\xbb\xbf" + scenario_json(made).encode()
    assert scenario_kept.read_upload("x.json", content, "nghe-an") == made


def test_a_name_that_cannot_be_one_changes_nothing() -> None:
    made = scenario(LEASE)
    assert renamed(made, "  ") == made
    assert renamed(made, " Hai ").name == "Hai"
    assert renamed(made, " Hai ").edits == made.edits
