"""The page of targets and conditions as Streamlit runs it, without a browser."""

from __future__ import annotations

import datetime as dt
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data.resolutions import provinces
from geo.conditions import conditions
from geo.snapshot import load_province, snapshot
from geo.targets import FILL_RATE, targets
from layers._records import records
from layers.navigation import PAGES
from layers.policy import reports
from layers.policy.reasons import missing_texts, reason_text
from layers.words import LANGS, words
from tests.test_layers.app_page import opened, texts

if TYPE_CHECKING:
    from data._message import Lang

pytestmark = pytest.mark.usefixtures("at_the_root")


page = partial(opened, "targets")


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("province", provinces())
def test_every_province_shows_its_targets(province: str, lang: Lang) -> None:
    app = page(province=province, lang=lang)
    assert not app.exception
    shown = texts(app)
    assert "atlas-error" not in shown
    for verdict in ("met", "not met", "cannot tell: unknown data decide"):
        assert words(lang)(verdict) in shown


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("province", provinces())
def test_every_province_shows_its_conditions_by_territory(province: str, lang: Lang) -> None:
    app = page(province=province, lang=lang, view="conditions")
    assert not app.exception
    shown = texts(app)
    assert "atlas-error" not in shown
    assert words(lang)("holds") in shown
    assert words(lang)("Whole province") in shown
    assert app.selectbox(key=f"territory_{province}").value == "legacy_district"
    assert app.query_params["view"] == "conditions"


@pytest.mark.parametrize(
    ("area", "said"),
    [
        ("na-kcn-vsip-1", ["91,4 %", "đã bị bãi bỏ", "chỉ số tham khảo"]),
        ("na-ccn-hung-loc", ["chỉ cần đáp ứng một", "phải đáp ứng tất cả", "Thành phố Vinh"]),
        ("na-kkt-dong-nam", ["Mở rộng khu kinh tế", "chưa đủ số liệu để kết luận"]),
    ],
)
def test_an_area_shows_its_conditions(area: str, said: list[str]) -> None:
    app = page(view="conditions", area=area)
    assert not app.exception
    shown = texts(app)
    for text in said:
        assert text in shown


def test_a_change_of_area_is_judged_and_a_threshold_of_an_indicator_may_be_changed() -> None:
    app = page(view="conditions", area="na-kcn-vsip-1", lang="en")
    assert "change of area not given" in texts(app)
    app.number_input(key="change_na-kcn-vsip-1").set_value(5.0).run()
    assert not app.exception
    assert "1.4 %, 5 ha" in texts(app)
    app.number_input(key="threshold_KCN-ADJ-2PCT").set_value(1.0).run()
    assert "threshold changed by the user" in texts(app)
    assert "does not hold" not in texts(app)


def test_a_place_of_a_link_is_tested() -> None:
    app = page(view="conditions", place="Huyện Diễn Châu")
    assert not app.exception
    shown = texts(app)
    assert "Huyện Diễn Châu" in shown
    assert (
        "theo các cụm trong bảng số liệu: đáp ứng; còn 11 cụm tỉnh có báo cáo mà bảng chưa có"
    ) in shown
    assert "theo các cụm trong bảng số liệu: 0-68 ha" in shown
    assert app.query_params["place"] == "Huyện Diễn Châu"


def test_a_wrong_link_falls_back() -> None:
    app = page(view="<b>", territory="moon", place="${x}")
    assert not app.exception
    assert app.session_state["view"] == "targets"


def test_what_is_chosen_stays_on_another_page() -> None:
    app = page(province="ha-tinh", lang="en", as_of="2025-06-30")
    app.switch_page("pages/map.py").run()
    assert app.selectbox(key="province").value == "ha-tinh"
    assert app.date_input(key="as_of").value == dt.date(2025, 6, 30)
    assert app.segmented_control(key="lang").value == "en"


def test_pages_are_not_named_as_their_files() -> None:
    assert all(entry.path != Path(entry.file).stem for entry in PAGES)


def test_the_reported_series_stands_beside_the_single_areas() -> None:
    shot = snapshot(load_province("ha-tinh"), dt.date(2026, 11, 21))
    row = records(targets(shot).set_index("key", drop=False))["ht-fill-rate"]
    assert row["metric"] == FILL_RATE
    w = words("vi")
    drawn = json.dumps(reports.chart(row, shot, w).to_dict())
    for value in (49.98, 55.56, 58.32, 59.74):
        assert f'"rate": {value}' in drawn
    assert '"rate": 70.0' in drawn
    assert "49,98 %" in reports.chart_words(row, w)
    told = " ".join(reports.explanation(row, w))
    assert "18 cụm công nghiệp đang hoạt động" in told
    assert "không cùng phạm vi" in told
    assert "56,02 %" in told


@pytest.mark.parametrize("province", provinces())
def test_every_reason_has_its_words(province: str) -> None:
    shot = snapshot(load_province(province), dt.date(2026, 11, 21))
    frames = [targets(shot), conditions(shot)]
    frames += [conditions(shot, area_id=str(area)) for area in shot.areas.index]
    for w in map(words, LANGS):
        for frame in frames:
            for reasons in frame["reasons"]:
                for reason in reasons:
                    assert reason_text(reason, shot, w) != reason["code"]
                missing_texts(reasons, (), shot, w)
