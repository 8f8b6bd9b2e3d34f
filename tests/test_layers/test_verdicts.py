from types import SimpleNamespace

import pytest

from data.vocabulary import TARGET_UNITS
from geo import conditions, targets
from layers.policy.verdicts import STANDING, TARGET_UNIT, VERDICT, asked_text, measured_text
from layers.words import words


def test_every_verdict_standing_and_unit_has_its_words() -> None:
    verdicts = {*targets.VERDICTS.values(), targets.NOT_MEASURABLE, *conditions.VERDICTS.values()}
    assert set(VERDICT) == verdicts
    assert set(STANDING) == set(conditions.STANDINGS.values())
    assert set(TARGET_UNITS) <= set(TARGET_UNIT)


def target(**fields: object) -> SimpleNamespace:
    blank = {"value": None, "value_max": None, "operator": "=", "unit": "%", "about": False}
    return SimpleNamespace(**blank | {"as_printed_vi": None, "as_printed_en": None} | fields)


@pytest.mark.parametrize(
    ("row", "vi", "en"),
    [
        (target(value=70.0, operator=">"), "> 70 %", "> 70 %"),
        (
            target(value=16.5, value_max=17.5, operator="between", unit="%/year", about=True),
            "khoảng 16,5-17,5 %/năm",
            "about 16.5-17.5 %/year",
        ),
        (target(value=165000.0, unit="bn_vnd"), "165.000 tỷ đồng", "165,000 bn VND"),
        (
            target(as_printed_vi="các cụm lớn", as_printed_en="large ones"),
            "các cụm lớn",
            "large ones",
        ),
    ],
)
def test_what_is_asked_is_written_as_printed(row: SimpleNamespace, vi: str, en: str) -> None:
    assert asked_text(row, words("vi")) == vi
    assert asked_text(row, words("en")) == en


def test_bounds_come_before_the_known_part_and_unknown_is_empty() -> None:
    row = SimpleNamespace(min=83.333, max=100.0, measured=100.0, unit="%")
    assert measured_text(row, words("vi")) == "83,3-100 %\nphần đã biết 100 %"
    exact = SimpleNamespace(min=5.0, max=5.0, measured=5.0, unit="areas")
    assert measured_text(exact, words("en")) == "5 parks, clusters"
    unknown = SimpleNamespace(min=None, max=None, measured=None, unit="ha")
    assert measured_text(unknown, words("vi")) == ""
