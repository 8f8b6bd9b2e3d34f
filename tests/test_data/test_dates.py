import calendar
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.dates import last_day, parse_partial, printed_date


@given(st.dates())
def test_each_precision_of_a_day_ends_on_or_after_it(day: dt.date) -> None:
    text = day.isoformat()
    days = calendar.monthrange(day.year, day.month)[1]
    assert parse_partial(text) == (day, "day")
    assert parse_partial(text[:7]) == (day.replace(day=days), "month")
    assert parse_partial(text[:4]) == (dt.date(day.year, 12, 31), "year")
    assert parse_partial("") == (None, "none")


@given(
    st.from_regex(r"[0-9]{4}(-[0-9]{2}){0,2}", fullmatch=True)
    | st.text(alphabet="0123456789- /٢T", max_size=12)
)
def test_a_text_is_a_date_in_full_or_an_error(text: str) -> None:
    try:
        day, precision = parse_partial(text)
    except ValueError:
        return
    if day is None:
        assert (text, precision) == ("", "none")
    else:
        assert day.isoformat().startswith(text)
        assert len(text) == {"year": 4, "month": 7, "day": 10}[precision]


@pytest.mark.parametrize(
    "text",
    ["2023-02-29", "2024-13", "2024-00", "2024-1", "24", "0000", "31/12/2024", " 2024", "2024\n"],
)
def test_what_the_calendar_or_the_form_lacks_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        last_day(text)


def test_dates_are_printed_as_exactly_as_they_are_known() -> None:
    printed = [printed_date(text) for text in ("2024", "2024-02", "2024-02-29", "")]
    assert printed == ["2024", "02/2024", "29/02/2024", ""]
