"""The route of plots: who may ask, for what, and which bytes come."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import pytest
import uvicorn
from starlette.applications import Starlette
from streamlit import runtime

from layers.plot_tiles import route

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message
    from pathlib import Path

KEY = "a" * 64
OTHER = "b" * 64
CONTENT = bytes(range(256)) * 8
RANGE = {"Range": "bytes=10-19"}


class Sessions:
    """Streamlit's runtime, as far as the route asks it."""

    def __init__(self) -> None:
        self.open = {"first", "second"}

    def is_active_session(self, session: str) -> bool:
        return session in self.open


class Reply(NamedTuple):
    status_code: int
    headers: Message
    content: bytes


class Client:
    """Asks a server of this machine for paths as they are written, dots and all."""

    def __init__(self, port: int) -> None:
        self.host = f"127.0.0.1:{port}"

    def request(self, method: str, path: str, headers: dict[str, str]) -> Reply:
        connection = http.client.HTTPConnection(self.host, timeout=10)
        try:
            connection.request(method, path, headers=headers)
            reply = connection.getresponse()
            return Reply(reply.status, reply.headers, reply.read())
        finally:
            connection.close()

    def get(self, path: str, headers: dict[str, str]) -> Reply:
        return self.request("GET", path, headers)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with pytest.MonkeyPatch.context() as patch, socket.socket() as listening:
        patch.setattr(route._Served, "yes", False)
        assert not route.served()
        app = Starlette(routes=route.routes())
        assert route._Served.yes
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, ws="none", lifespan="off", log_level="error")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join()


@pytest.fixture
def sessions(monkeypatch: pytest.MonkeyPatch) -> Sessions:
    found = Sessions()
    monkeypatch.setattr(runtime, "exists", lambda: True)
    monkeypatch.setattr(runtime, "get_instance", lambda: found)
    monkeypatch.setattr(route._Served, "grants", {})
    return found


@pytest.fixture
def client(sessions: Sessions, port: int) -> Client:
    assert sessions.open
    assert route.served()
    return Client(port)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / f"{KEY}.pmtiles"
    path.write_bytes(CONTENT)
    (tmp_path / f"{OTHER}.pmtiles").write_bytes(b"of another session")
    return path


@pytest.fixture
def token(archive: Path, sessions: Sessions) -> str:
    assert sessions.open

    def tell(key: str, plot_id: str) -> list[str]:
        return [f"Plot {plot_id}", "free"] if (key, plot_id) == (KEY, "CN/01 <b>") else []

    return route.grant("", route.Grant("first", {KEY: archive}, tell))


def ask(client: Client, token: str, key: str = KEY, **headers: str) -> Reply:
    return client.get(f"/plot-tiles/{key}", {route.HEADER: token, **RANGE, **headers})


def test_a_range_comes_with_a_tag_and_is_kept_nowhere(client: Client, token: str) -> None:
    reply = ask(client, token)
    assert (reply.status_code, reply.content) == (206, CONTENT[10:20])
    assert reply.headers["content-range"] == f"bytes 10-19/{len(CONTENT)}"
    assert reply.headers["etag"] == f'"{KEY}"'
    assert reply.headers["cache-control"] == "private, no-store"
    assert reply.headers["cross-origin-resource-policy"] == "same-origin"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in reply.headers
    assert "content-encoding" not in reply.headers
    # Past the end is as much as there is; the library asks so for small archives.
    assert ask(client, token, Range="bytes=0-16383").content == CONTENT


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("bytes=2048-", 416),
        ("bytes=99999-100000", 416),
        ("bytes=20-10", 400),
        ("bytes=", 400),
        ("bytes=x-y", 400),
        ("lines=1-2", 400),
        ("1-2", 400),
    ],
)
def test_bad_ranges_are_refused(client: Client, token: str, asked: str, status: int) -> None:
    reply = ask(client, token, Range=asked)
    assert reply.status_code == status
    assert CONTENT[:8] not in reply.content
    if status == 416:
        assert reply.headers["content-range"] == f"bytes */{len(CONTENT)}"


def test_without_a_range_nothing_comes(client: Client, token: str) -> None:
    reply = client.get(f"/plot-tiles/{KEY}", headers={route.HEADER: token})
    assert reply.status_code == 400


def test_without_the_token_of_an_open_session_nothing_comes(
    client: Client, token: str, sessions: Sessions
) -> None:
    assert client.get(f"/plot-tiles/{KEY}", headers=RANGE).status_code == 403
    assert client.get(f"/plot-tiles/{KEY}?token={token}", headers=RANGE).status_code == 403
    for guess in ("", "x", token[:-1], token + "x", token.swapcase()):
        assert ask(client, guess).status_code == 403
    assert ask(client, token).status_code == 206
    sessions.open.discard("first")
    assert ask(client, token).status_code == 403
    assert (
        client.get(f"/plot-tiles/{KEY}/card?plot=1", headers={route.HEADER: token}).status_code
        == 403
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1.evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_other_origins_are_refused(client: Client, token: str, headers: dict[str, str]) -> None:
    assert ask(client, token, **headers).status_code == 403


def test_pages_of_ours_may_ask(client: Client, token: str) -> None:
    assert ask(client, token, Origin=f"http://{client.host}").status_code == 206
    # Behind a proxy the browser's word counts: the host isn't the one it knows.
    behind = {"Origin": "https://atlas.example", "Sec-Fetch-Site": "same-origin"}
    assert ask(client, token, **behind).status_code == 206


@pytest.mark.parametrize(
    "key",
    [
        OTHER,
        f"{KEY}.pmtiles",
        "..",
        "../" + KEY,
        "..%2f" + KEY,
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "%2fetc%2fpasswd",
        "..%5c" + KEY,
        KEY + "%00",
        KEY.upper(),
        "",
    ],
)
def test_no_text_becomes_a_path(client: Client, token: str, key: str) -> None:
    assert ask(client, token, key).status_code == 404


def test_only_get_is_answered(client: Client, token: str) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
        reply = client.request(method, f"/plot-tiles/{KEY}", headers={route.HEADER: token, **RANGE})
        assert reply.status_code == 405
    head = client.request("HEAD", f"/plot-tiles/{KEY}", {route.HEADER: token, **RANGE})
    assert (head.status_code, head.content) == (206, b"")


def test_a_session_may_ask_only_for_what_it_was_shown_last(
    client: Client, token: str, archive: Path
) -> None:
    second = archive.with_name(f"{OTHER}.pmtiles")
    own = route.grant("", route.Grant("second", {OTHER: second}, lambda *_: []))
    assert own != token
    assert ask(client, own, OTHER, Range="bytes=0-1").content == b"of"
    assert ask(client, own).status_code == 404
    assert route.grant(token, route.Grant("first", {OTHER: second}, lambda *_: [])) == token
    assert ask(client, token).status_code == 404
    assert ask(client, token, OTHER).status_code == 206


def test_archives_that_are_gone_are_not_found(client: Client, token: str, archive: Path) -> None:
    archive.unlink()
    assert ask(client, token).status_code == 404


def test_grants_of_closed_sessions_are_forgotten(token: str, sessions: Sessions) -> None:
    sessions.open.discard("first")
    route.grant("", route.Grant("second", {}, lambda *_: []))
    assert token not in route._Served.grants


def test_a_plot_tells_its_card_as_text(client: Client, token: str) -> None:
    def card(key: str, plot: str) -> Reply:
        return client.get(f"/plot-tiles/{key}/card?plot={quote(plot)}", {route.HEADER: token})

    reply = card(KEY, "CN/01 <b>")
    assert json.loads(reply.content) == {"lines": ["Plot CN/01 <b>", "free"]}
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["x-content-type-options"] == "nosniff"
    for key, plot in ((KEY, "no such"), (KEY, ""), (OTHER, "CN/01 <b>")):
        assert card(key, plot).status_code == 404


def test_a_card_is_told_of_archives_that_the_session_was_shown_alone(
    client: Client, token: str, archive: Path
) -> None:
    """Whatever could be told of others."""
    route.grant(token, route.Grant("first", {KEY: archive}, lambda key, plot: [f"{key} {plot}"]))
    for key, status in ((KEY, 200), (OTHER, 404)):
        reply = client.get(f"/plot-tiles/{key}/card?plot=P0", {route.HEADER: token})
        assert reply.status_code == status
