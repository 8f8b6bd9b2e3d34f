"""Places compared travel in the link; what isn't there is left out and said."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st  # noqa: PLC0415

    from data.resolutions import provinces  # noqa: PLC0415
    from layers import state, summary  # noqa: PLC0415
    from layers.words import words  # noqa: PLC0415

    state.restore(provinces())
    state.check_compared({"na-a", "na-b", "na-c", "na-d", "ht-x", "qn-x", "tq-x"})
    st.text(",".join(state.compared()))
    if state.ignored():
        st.text(summary.ignored_html(state.ignored(), words(state.language())))
    if st.button("more"):
        state.compare([*state.compared(), "tq-x", "na-a"])
    if st.button("none"):
        state.compare([])
    state.keep()


def opened(compare: str | None = None) -> AppTest:
    app = AppTest.from_function(page)
    app.query_params["lang"] = "vi"
    if compare is not None:
        app.query_params["compare"] = compare
    return app.run()


def link(app: AppTest) -> str | None:
    value = app.query_params.get("compare")
    return value[0] if isinstance(value, list) else value


def test_a_link_brings_back_the_places_in_their_order() -> None:
    app = opened("ht-x,na-a")
    assert app.text[0].value == "ht-x,na-a"
    assert len(app.text) == 1
    assert link(app) == "ht-x,na-a"


def test_without_places_the_link_has_no_key() -> None:
    app = opened()
    assert app.text[0].value == ""
    assert link(app) is None


def test_unknown_places_and_those_beyond_five_are_left_out_and_said() -> None:
    app = opened("na-a,nowhere,na-a,,na-b,<b>,na-c,na-d,ht-x,qn-x,tq-x")
    assert app.text[0].value == "na-a,na-b,na-c,na-d,ht-x"
    said = app.text[1].value
    assert all(key in said for key in ("nowhere", "&#60;b&#62;", "qn-x", "tq-x"))
    assert "địa điểm so sánh" in said
    assert link(app) == "na-a,na-b,na-c,na-d,ht-x"


def test_places_are_added_once_and_taken_away() -> None:
    app = opened("na-a,na-b")
    app.button[0].click().run()
    assert link(app) == "na-a,na-b,tq-x"
    app.button[1].click().run()
    assert link(app) is None
