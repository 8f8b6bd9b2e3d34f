"""Who may write: everyone alone, those named where log-in is set up."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from data._errors import DataError
from layers import access

LISTED = {"may_import": ["Planner@nghean.example"]}


class Account(dict[str, Any]):
    @property
    def is_logged_in(self) -> bool:
        return bool(self)


def user(monkeypatch: pytest.MonkeyPatch, *, roles: object, **claims: object) -> None:
    secrets: dict[str, object] = {"auth": {"redirect_uri": "https://atlas.example/oauth2callback"}}
    if roles is not None:
        secrets["roles"] = roles
    monkeypatch.setattr(st, "secrets", secrets)
    monkeypatch.setattr(st, "user", Account(claims))


def test_alone_on_a_machine_everyone_may(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoFile:
        def __contains__(self, _: object) -> bool:
            raise StreamlitSecretNotFoundError("none")  # noqa: EM101

    monkeypatch.setattr(st, "secrets", NoFile())
    assert access.may_write()
    assert access.who() == ""
    access.check()
    # Secrets of other things don't ask for a log-in.
    monkeypatch.setattr(st, "secrets", {"database": {}})
    assert access.may_write()


def test_who_is_listed_may_in_any_case_of_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    user(monkeypatch, roles=LISTED, email="planner@NGHEAN.example", email_verified=True)
    assert access.may_write()
    assert access.who() == "planner@NGHEAN.example"
    user(
        monkeypatch, roles={"may_import": "planner@nghean.example"}, email="planner@nghean.example"
    )
    assert access.may_write()


@pytest.mark.parametrize(
    ("roles", "claims"),
    [
        (LISTED, {}),
        (LISTED, {"email": "guest@nghean.example"}),
        (LISTED, {"name": "Planner@nghean.example"}),
        (LISTED, {"email": "planner@nghean.example", "email_verified": False}),
        (LISTED, {"email": ""}),
        ({"may_import": [""]}, {"name": "x"}),
        ({"may_import": []}, {"email": "planner@nghean.example"}),
        ({}, {"email": "planner@nghean.example"}),
        (None, {"email": "planner@nghean.example"}),
        ("planner@nghean.example", {"email": "planner@nghean.example"}),
    ],
)
def test_everyone_else_reads(
    monkeypatch: pytest.MonkeyPatch, roles: object, claims: dict[str, object]
) -> None:
    user(monkeypatch, roles=roles, **claims)
    assert not access.may_write()
    with pytest.raises(DataError, match="a user who may import"):
        access.check()
