"""Running the server, and following what it serves: a new day, a change of the workspace."""

from __future__ import annotations

import ipaddress
import logging
import socket
import threading
import time
from typing import TYPE_CHECKING, Final

import waitress

from layers.ogc.server import LOOPBACK, View, make_app, make_view

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from layers.ogc.collections import Collection
    from layers.ogc.config import Contact

LOG: Final = logging.getLogger(__name__)
THREADS: Final = 8
CHECK_SECONDS: Final = 5.0
# Nothing is taken in; waitress would keep a gigabyte of what is sent.
MOST_BODY: Final = 65_536


def following(
    load: Callable[[], Sequence[Collection]],
    stamp: Callable[[], str],
    *,
    contact: Contact,
    every: float = CHECK_SECONDS,
) -> Callable[[], View]:
    """Give what gives the view, made anew when the stamp has changed.

    While one request makes the new view, the others are answered from the old one; where it
    can't be made, the old one stays and the log says why.

    Parameters
    ----------
    load
        Makes the collections.
    stamp
        Changes when they do.
    every
        Seconds between two looks at the stamp.
    """
    lock = threading.Lock()
    seen = stamp()
    view = make_view(load(), contact=contact)
    due = time.monotonic() + every

    def current() -> View:
        nonlocal seen, view, due
        if time.monotonic() >= due and lock.acquire(blocking=False):
            try:
                now = stamp()
                if now != seen:
                    view = make_view(load(), contact=contact)
                    seen = now
            except Exception:
                LOG.exception("what is served could not be made anew")
            finally:
                due = time.monotonic() + every
                lock.release()
        return view

    return current


def listen(host: str, port: int) -> socket.socket:
    """Take an address, so that nobody else can while the data are read.

    Parameters
    ----------
    port
        0 takes any free one.

    Raises
    ------
    OSError
        It is taken, or isn't of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def run(
    bound: socket.socket,
    load: Callable[[], Sequence[Collection]],
    stamp: Callable[[], str],
    *,
    contact: Contact,
    told: Callable[[str], object],
) -> None:
    """Answer requests until stopped.

    Parameters
    ----------
    bound
        From :func:`listen`.
    load, stamp
        As in :func:`following`.
    told
        Given the address once requests are answered.
    """
    # pygeoapi logs each refused request as an error, with a traceback.
    logging.getLogger("pygeoapi").setLevel(logging.CRITICAL)
    host, port = bound.getsockname()[:2]
    local = ipaddress.ip_address(host).is_loopback
    current = following(load, stamp, contact=contact)
    app = make_app(current, hosts=LOOPBACK if local else None)
    server = waitress.create_server(
        app,
        sockets=[bound],
        threads=THREADS,
        ident=None,
        max_request_body_size=MOST_BODY,
    )
    told(f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/")
    try:
        server.run()
    finally:
        server.close()
