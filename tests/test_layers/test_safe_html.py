"""Nothing that comes from data may end a text, an attribute, a script or a template."""

from __future__ import annotations

import html
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.safe_html import Html, element, join, link, script_json, text

HOSTILE = [
    "<script>window.__hit=1</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "${alert(1)}",
    "`;alert(1);`",
    "${",
    "`",
    "</script><script>alert(1)</script>",
    "\\",
    "\\u003cscript\\u003e",
    "{{7*7}}{% raw %}",
    "line\nline\r\u2028\u2029\0",
    "{{ 'alert' }}",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_text_leaves_nothing_alive(value: str) -> None:
    escaped = text(value)
    assert not set(escaped) & set("<>\"'`${}\\\n\r\0\u2028\u2029")
    assert re.sub(r"&#\d+;", "", escaped).count("&") == 0
    assert html.unescape(escaped).replace("\ufffd", "\0") == value


@given(st.text())
def test_text_round_trips_and_stays_dead(value: str) -> None:
    escaped = text(value)
    assert not set(escaped) & set("<>\"'`${}\\\n\r\0\u2028\u2029")
    # html.unescape drops or replaces control characters by the rules of HTML; ours are decimal.
    restored = re.sub(r"&#(\d+);", lambda found: chr(int(found.group(1))), escaped)
    assert restored == value.replace("\0", "\ufffd")


def test_text_of_nothing_and_of_html() -> None:
    assert text(None) == ""
    assert text(0) == "0"
    assert text(Html("<b>")) == "<b>"
    assert not isinstance(Html("<b>") + "<i>", Html)


def test_element_escapes_children_and_attributes() -> None:
    built = element("td", "<b>", Html("<i>x</i>"), class_="a", data_zone='"onclick=`', title=None)
    assert built == '<td class="a" data-zone="&#34;onclick=&#96;">&#60;b&#62;<i>x</i></td>'
    assert element("br") == "<br>"
    assert element("input", checked=True, disabled=False) == "<input checked></input>"


def test_join_escapes_its_separator() -> None:
    assert join(["a", "b"], "<") == "a&#60;b"
    assert isinstance(join([]), Html)


@pytest.mark.parametrize("url", ["http://a.vn/x?y=1", "https://báo.vn/tin", " https://a.vn "])
def test_link_takes_web_addresses(url: str) -> None:
    built = link(url, "nguồn")
    assert built.startswith("<a href=")
    assert 'rel="noopener noreferrer"' in built


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//a.vn",
        "",
        "https://",
        "http://[",
        "JaVaScRiPt:x",
    ],
)
def test_link_refuses_the_rest(url: str) -> None:
    assert link(url, "<nguồn>") == "&#60;nguồn&#62;"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(json_values)
def test_script_json_is_json_and_has_no_way_out(value: object) -> None:
    written = script_json(value)  # type: ignore[arg-type]
    restored = json.loads(written)
    expected = json.loads(json.dumps(value), parse_constant=lambda _: None)
    assert restored == expected
    assert not set(written) & set("<>&'`$\u2028\u2029")
    strings = re.findall(r'"(?:[^"\\]|\\.)*"', written)
    assert not any(set(string) & set("{}") for string in strings)


@pytest.mark.parametrize("value", HOSTILE)
def test_script_json_of_hostile_values(value: str) -> None:
    written = script_json({value: [value]})
    assert json.loads(written) == {value: [value]}
    assert "script>" not in written
    assert "${" not in written
    assert "{{" not in written


def test_script_json_writes_unknown_as_null() -> None:
    assert script_json({"a": float("nan"), "b": float("inf"), "c": (1, 2.5)}) == (
        '{"a":null,"b":null,"c":[1,2.5]}'
    )
