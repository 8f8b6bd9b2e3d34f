"""Who may change the workspace: everyone on a machine of their own, those named on a server.

Where log-in is set up (a section `[auth]` in Streamlit's secrets), only who has logged in with an
address that `[roles] may_import` lists may write; the others read. Without it the application is
one person's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from data._errors import DataError, Finding
from data._message import Message

if TYPE_CHECKING:
    from layers.words import Words


def has_login() -> bool:
    """Tell whether log-in is set up."""
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return False


def who() -> str:
    """Give the address of who has logged in; "" where nobody has."""
    if not has_login() or not st.user.is_logged_in:
        return ""
    # A provider may say that nobody has proved to own the address.
    if st.user.get("email_verified") is False:
        return ""
    return str(st.user.get("email") or "")


def may_write() -> bool:
    """Tell whether this user may bring data in, correct, undo and keep scenarios."""
    if not has_login():
        return True
    roles = st.secrets.get("roles", {})
    allowed = roles.get("may_import", ()) if hasattr(roles, "get") else ()
    if isinstance(allowed, str):
        allowed = [allowed]
    return bool(who()) and who().casefold() in {str(one).casefold() for one in allowed}


def check() -> None:
    """Refuse a change by who may not make one; each writer asks, whatever the page shows.

    Raises
    ------
    DataError
        This user may only read.
    """
    if not may_write():
        found = who() or Message("nobody logged in")
        raise DataError(
            [Finding(Message("workspace"), "", "who", found, Message("a user who may import"))]
        )


def line(w: Words) -> None:
    """Put log-in and log-out on the page where log-in is set up."""
    if not has_login():
        return
    if st.user.is_logged_in:
        name = who() or w("address not verified")
        text = w("logged in as {name}", name=name)
        rights = w("may bring data in") if may_write() else w("may only read")
        left, right = st.columns([80, 20], vertical_alignment="center")
        left.caption(f"{text}, {rights}".replace("[", r"\["))
        right.button(w("Log out"), key="logout", on_click=st.logout, type="tertiary")
    else:
        left, right = st.columns([80, 20], vertical_alignment="center")
        left.caption(w("Who brings data in has to log in first."))
        right.button(w("Log in"), key="login", on_click=st.login, type="tertiary")
