"""The page of sites as Streamlit runs it, without a browser."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import pytest

from data.criteria import presets
from data.resolutions import provinces
from data.trades import trades
from layers.safe_html import text
from layers.sites.text import SITING_VERDICT
from layers.words import words
from tests.test_layers import app_page
from tests.test_layers.app_page import opened

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from data._message import Lang

pytestmark = pytest.mark.usefixtures("at_the_root")
# A point outside all areas in a zone that wants electronics, and one of the sea.
PLAIN, SEA = "105.45,18.98", "106.6,18.9"


page = partial(opened, "sites")


def texts(app: AppTest) -> str:
    shown = app_page.texts(app)
    assert "atlas-error" not in shown
    return shown


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("province", provinces())
def test_every_province_ranks_its_places(province: str, lang: Lang) -> None:
    shown = texts(page(province=province, lang=lang, industry="electronics"))
    first = words(lang)("First")
    assert 'class="site-answer"' in shown
    assert f"{first}:" in shown
    name = trades()["electronics"].name_vi if lang == "vi" else "Electronics"
    assert name.casefold() in shown.casefold()


def test_all_provinces_at_once() -> None:
    one, every = page(lang="en"), page(lang="en", scope="all")
    assert texts(one) != texts(every)
    assert every.query_params["scope"] == "all"


def test_a_need_that_nothing_meets_says_so() -> None:
    app = page(lang="en", min_area="9000")
    assert "No place meets all needs" in texts(app)
    assert "0 places fit" in texts(app)


@pytest.mark.parametrize(
    ("trade", "point", "verdict", "why"),
    [
        ("electronics", PLAIN, "does_not_fit", "07-NQ/TU"),
        ("electronics", SEA, "does_not_fit", ""),
        ("", PLAIN, "does_not_fit", "07-NQ/TU"),
    ],
)
def test_a_point_of_a_link_gets_its_verdict(trade: str, point: str, verdict: str, why: str) -> None:
    app = page(view="check", industry=trade, point=point)
    shown = texts(app)
    assert f"<b>{words('vi')(SITING_VERDICT[verdict])}</b>" in shown
    assert why in shown
    assert app.query_params["point"] == point


def test_raw_material_and_a_polygon_stay_in_the_link() -> None:
    ring = "105.11,18.79;105.13,18.79;105.13,18.81;105.11,18.81"
    app = page(view="check", industry="wood_processing", polygon=ring, raw="1", lang="en")
    assert "fits on a condition" in texts(app)
    assert app.query_params["polygon"] == ring
    app.checkbox(key="fit_raw").uncheck().run()
    assert "raw" not in app.query_params
    # Without it the rule forbids the part outside all areas.
    assert "<b>doesn&#39;t fit</b>" in texts(app)


def answer(app: AppTest) -> str:
    return next(body for body in texts(app).split("\n") if "site-answer" in body)


def test_the_zones_with_most_of_the_site_head_the_answer() -> None:
    # C and D have 32 and 38 % of it, A and B less.
    ring = "104.2,18.9;105.8,18.9;105.8,19.6;104.2,19.6"
    told = answer(page(view="check", industry="electronics", polygon=ring))
    high = told.index("Khu vực miền núi cao")
    assert high < told.index("Hồ Chí Minh") < told.index("và 2 vùng khác")


def test_a_narrow_strip_stays_what_it_is_in_its_link() -> None:
    ring = "105.6,18.8;105.7,18.8;105.7,18.800005;105.6,18.800005"
    app = page(view="check", industry="electronics", polygon=ring, lang="en")
    assert "site-answer refused" not in texts(app)
    assert app.query_params["polygon"] == ring


def test_a_crossing_outline_is_refused_in_the_words_of_the_language() -> None:
    ring = "105.6,18.7;105.65,18.71;105.65,18.7;105.6,18.71"
    told = answer(page(view="check", industry="electronics", polygon=ring))
    assert "tự cắt [105,625 18,705]" in told


def test_an_area_is_checked_and_leaves_with_its_choice() -> None:
    app = page(view="check", industry="electronics", area="na-kcn-vsip-1", lang="en")
    shown = texts(app)
    assert "VSIP" in shown
    assert "Nearest areas, straight line" in shown
    app.selectbox(key="area").set_value(None).run()
    assert "Ways to say where" in texts(app)
    assert "area" not in app.query_params


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("18.98, 105.45", "105.45,18.98"),
        ("105,45 18,98", "105.45,18.98"),
    ],
)
def test_typed_coordinates_are_read_in_either_order(typed: str, at: str) -> None:
    app = page(view="check", industry="electronics", lang="en")
    app.text_input(key="site_typed").set_value(typed).run()
    assert "doesn&#39;t fit" in texts(app)
    assert app.query_params["point"] == at


def test_what_is_no_point_says_what_is_expected() -> None:
    app = page(view="check", lang="en")
    app.text_input(key="site_typed").set_value("Vinh <b>").run()
    shown = texts(app)
    assert "is no point" in shown
    assert "<b>'" not in shown
    assert text("<b>") in shown


def test_weights_are_scaled_and_kept_in_the_link() -> None:
    app = page(lang="en", industry="electronics")
    assert "The weights sum to 100." in texts(app)
    assert "weights" not in app.query_params
    app.slider(key="fit_w_export-electronics_km_to_airport").set_value(60.0).run()
    shown = texts(app)
    assert "The weights sum to 145, not 100" in shown
    assert "km_to_airport:60" in app.query_params["weights"]
    again = page(lang="en", industry="electronics", weights=app.query_params["weights"])
    assert "The weights sum to 145, not 100" in texts(again)
    again.button(key="weights_back").click().run()
    assert "The weights sum to 100." in texts(again)
    assert "weights" not in again.query_params


def test_no_weight_at_all_says_what_is_used() -> None:
    app = page(lang="en")
    for one in presets()["general"].criteria:
        app.slider(key=f"fit_w_general_{one.measure}").set_value(0.0)
    app.run()
    assert "All weights are 0" in texts(app)


def test_needs_are_kept_in_the_link() -> None:
    needs = "seaport:60,wastewater"
    app = page(industry="electronics", min_area="20", need=needs, status="operating")
    assert app.number_input(key="fit_km_seaport").value == 60.0
    assert app.checkbox(key="fit_wastewater").value
    assert app.multiselect(key="fit_statuses").value == ["operating"]
    assert app.query_params["need"] == needs
    assert app.query_params["min_area"] == "20"
    assert app.query_params["status"] == "operating"
    app.multiselect(key="fit_statuses").set_value([]).run()
    assert app.query_params["status"] == "any"


@pytest.mark.parametrize("preset", list(presets()))
def test_every_preset_ranks(preset: str) -> None:
    app = page(preset=preset, lang="en", need="seaport:80")
    assert presets()[preset].name.en in texts(app)
    assert app.query_params["preset"] == preset


def test_an_anchor_is_asked_for_where_it_counts() -> None:
    app = page(preset="supplier", lang="en")
    app.selectbox(key="fit_anchor").set_value("na-kcn-vsip-1").run()
    assert app.query_params["anchor"] == "na-kcn-vsip-1"
    texts(app)


def test_places_of_a_link_are_compared_and_changed() -> None:
    app = page(view="compare", compare="na-kcn-vsip-1,na-kcn-wha-1", lang="en")
    assert "WHA" in texts(app)
    assert app.multiselect(key="compare_pick").value == ["na-kcn-vsip-1", "na-kcn-wha-1"]
    app.multiselect(key="compare_pick").set_value(["na-kcn-vsip-1"]).run()
    assert "Choose two to five" in texts(app)
    assert app.query_params["compare"] == "na-kcn-vsip-1"


def test_what_is_asked_stays_while_other_views_and_pages_are_open() -> None:
    app = page(industry="electronics", min_area="20", need="seaport:60", lang="en")
    app.slider(key="fit_w_export-electronics_policy").set_value(30.0).run()
    app.segmented_control(key="fit_view").set_value("compare").run()
    app.switch_page("pages/map.py").run()
    texts(app)
    app.switch_page("pages/sites.py").run()
    app.segmented_control(key="fit_view").set_value("find").run()
    texts(app)
    assert app.number_input(key="fit_min_ha").value == 20.0
    assert app.number_input(key="fit_km_seaport").value == 60.0
    assert "policy:30" in app.query_params["weights"]
    assert app.query_params["industry"] == "electronics"


@pytest.mark.parametrize(
    "query",
    [
        {"view": "<b>", "industry": "x", "preset": "none", "min_area": "-3", "scope": "moon"},
        {"view": "check", "point": "105.4", "polygon": "1,2;3,4"},
        {"view": "check", "point": "18.9,105.4"},
        {"need": "seaport:0,rent:x,${a}", "weights": "policy:0", "status": "x", "anchor": "x"},
        {"view": "compare", "compare": "moon,<b>", "preset": "supplier"},
    ],
)
def test_a_wrong_link_falls_back(query: dict[str, str]) -> None:
    app = page(**query)
    texts(app)
    written = json.dumps(app.query_params.to_dict() if hasattr(app.query_params, "to_dict") else {})
    assert "<b>" not in written


def test_a_point_of_another_province_leads_there() -> None:
    app = page(view="check", industry="electronics", point="105.90,18.34", lang="en")
    assert "can&#39;t tell" in texts(app)
    app.button(key="site_other").click().run()
    shown = texts(app)
    assert app.selectbox(key="province").value == "ha-tinh"
    assert "lies in the zone" in shown
    assert app.query_params["point"] == "105.9,18.34"


def test_the_boundaries_are_called_approximate_once() -> None:
    for view in ("find", "check"):
        shown = texts(page(view=view, scope="all", lang="en"))
        assert shown.count('class="atlas-banner"') == 1
        assert "Approximate boundaries" in shown
