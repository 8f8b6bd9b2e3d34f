"""The route that hands archives of plots out, byte range by byte range, to who was shown them.

Streamlit's static files are open to every web site and end at 200 MB; its media files live in
memory under addresses that everyone may ask for. So the application has a route of its own, by
`streamlit.App(routes=...)`, which `app.py` uses: a documented way, whose routes come before
Streamlit's. Started by a version or a server that doesn't take them, :func:`served` is False and
the page says so.

Who asks must show in a header (which no form and no other site's page can set) the token of a
session that is open now; it opens only the archives that this session's page offered, by key. No
text from a browser becomes a path.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route
from streamlit import runtime

from geo.plot_tiles import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from starlette.requests import Request

PATH: Final = "/plot-tiles"
HEADER: Final = "X-Plots-Token"
_HEADERS: Final = {
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class Grant(NamedTuple):
    """What one session may ask for.

    Attributes
    ----------
    session
        Its id.
    archives
        Path of each archive by key.
    tell
        Gives the card of a plot as lines of text, by key of the archive and id of the plot;
        none where there is no such plot.
    """

    session: str
    archives: Mapping[str, Path]
    tell: Callable[[str, str], list[str]]


class _Served:
    """Whether this process answers on the route, and to whom, by token."""

    yes = False
    grants: dict[str, Grant] = {}  # noqa: RUF012 (of the process)


def routes() -> list[Route]:
    """Give the routes for the server of the application, and remember that it has them."""
    _Served.yes = True
    return [
        Route(f"{PATH}/{{key}}", _archive, methods=["GET"]),
        Route(f"{PATH}/{{key}}/card", _card, methods=["GET"]),
    ]


def served() -> bool:
    """Tell whether this process was started so that it answers on the route."""
    return _Served.yes and runtime.exists()


def grant(token: str, given: Grant) -> str:
    """Let a session ask for archives, and for no others from now on.

    Parameters
    ----------
    token
        The one it has; "" where it has none yet.
    given
        What it may ask for.

    Returns
    -------
    str
        The token.
    """
    # Sessions that have ended; one that was only cut off is granted again when it is back.
    for old, other in list(_Served.grants.items()):
        if not _is_open(other.session):
            _Served.grants.pop(old, None)
    token = token or secrets.token_urlsafe(32)
    _Served.grants[token] = given
    return token


def _is_open(session: str) -> bool:
    return runtime.exists() and runtime.get_instance().is_active_session(session)


def _granted(request: Request) -> Grant:
    """Give what the session that asks may have.

    Raises
    ------
    HTTPException
        403: another site asks, or no open session.
    """
    found = _Served.grants.get(request.headers.get(HEADER, ""))
    if found is None or not _same_origin(request) or not _is_open(found.session):
        raise HTTPException(403, headers=_HEADERS)
    return found


def _same_origin(request: Request) -> bool:
    """Tell whether a page of ours asks, as far as the browser says who does."""
    site, origin = (request.headers.get(name) for name in ("sec-fetch-site", "origin"))
    if site is not None:
        return site == "same-origin"
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


class _Range(FileResponse):
    """A tile is read at once: each piece of a file waits for a thread of its own."""

    chunk_size = MOST_BYTES


async def _archive(request: Request) -> Response:
    key = request.path_params["key"]
    path = _granted(request).archives.get(key)
    try:
        found = path.stat() if path else None
    except OSError:
        found = None
    if path is None or found is None:
        raise HTTPException(404, headers=_HEADERS)
    if "range" not in request.headers:
        raise HTTPException(400, "a byte range must be asked for", headers=_HEADERS)
    # The key says what is in the file, so it is the tag too.
    headers = {**_HEADERS, "ETag": f'"{key}"'}
    return _Range(path, headers=headers, media_type="application/vnd.pmtiles", stat_result=found)


def _card(request: Request) -> Response:
    found = _granted(request)
    key = request.path_params["key"]
    lines = found.tell(key, request.query_params.get("plot", "")) if key in found.archives else []
    if not lines:
        raise HTTPException(404, headers=_HEADERS)
    return JSONResponse({"lines": lines}, headers=_HEADERS)
