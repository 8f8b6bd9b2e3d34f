"""A PostgreSQL server with PostGIS of the tests' own, from Debian's packages, without a trace."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TEMPLATE = "template_postgis"
_QUIET = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=16MB")


class Server(NamedTuple):
    """A server on a free port of this machine; its user must give a password."""

    port: int
    password: str

    def url(self, database: str) -> str:
        return f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str | bytes | sql.Composable, *parameters: object) -> list[Any]:
        """Run a statement outside of any database of a test."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            found = connection.execute(statement, parameters)  # type: ignore[arg-type]
            return found.fetchall() if found.description else []

    def new_database(self) -> str:
        """Make an empty database with PostGIS and give its URL."""
        name = f"test_{secrets.token_hex(6)}"
        names = sql.Identifier(name), sql.Identifier(_TEMPLATE)
        self.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        return self.url(name)


def programs() -> Path | None:
    """Folder of the newest PostgreSQL that has PostGIS; None where there is none."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True):
        extension = Path("/usr/share/postgresql", folder.parent.name, "extension")
        if (folder / "initdb").exists() and (extension / "postgis.control").exists():
            return folder
    return None


def _version(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdecimal() else 0


def _user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.getuid():
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    message = "no user postgres or nobody"
    raise LookupError(message)


@contextmanager
def running(bin_folder: Path, *, settings: Sequence[str] = ()) -> Iterator[Server]:
    """Start a server with a template database that has PostGIS; stop it and leave nothing.

    `settings` go before the small ones of tests: "shared_buffers=1GB".
    """
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="industrial-land-postgis-"))
    try:
        if user:
            os.chown(folder, user["user"], user["group"])
        server = Server(_free_port(), secrets.token_hex(16))
        secret = folder / "password"
        secret.write_text(server.password)
        secret.chmod(0o644)
        common: dict[str, Any] = {"cwd": folder, "env": {"LC_ALL": "C.UTF-8", "TZ": "UTC"}, **user}
        data = folder / "data"
        subprocess.run(
            [bin_folder / "initdb", "--pgdata", data, "--username=postgres", "--auth=scram-sha-256",
             "--pwfile", secret, "--encoding=UTF8", "--no-sync"],
            check=True, capture_output=True, timeout=120, **common,
        )  # fmt: skip
        options = ["listen_addresses=127.0.0.1", f"port={server.port}", *_QUIET, *settings]
        options.append(f"unix_socket_directories={folder}")
        arguments = [part for option in options for part in ("-c", option)]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [bin_folder / "postgres", "-D", data, *arguments],
                stdout=log, stderr=log, **common,
            )  # fmt: skip
        try:
            _wait(server, process, folder / "log")
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_TEMPLATE)))
            with psycopg.connect(server.url(_TEMPLATE)) as connection:
                connection.execute("CREATE EXTENSION postgis")
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
            process.wait(timeout=60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            server.execute("SELECT 1")
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(log.read_text(errors="replace"))
