"""Fetching the official boundaries: several files at once, checked, resumed, never half usable."""

from __future__ import annotations

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING

import requests
from filelock import FileLock
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from data._errors import DataError, Finding
from data._replace import replace_whole
from data.boundaries import official

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from data.boundaries.official import ProvinceFiles

BASE_URL = (
    f"https://raw.githubusercontent.com/thanglequoc/vietnamese-provinces-database/{official.COMMIT}"
)
WORKERS = 8
TIMEOUT = (10.0, 30.0)  # seconds to connect, and between two pieces of an answer
TRIES = 3  # of a file: connections and answers that break off, and, apart, busy servers
LARGEST = 64 * 2**20  # bytes of one file; the largest of the four provinces has 1.7 MB
_PIECE = 2**16
_ENOUGH = 5  # findings after which a province is given up


def lock(code: str) -> FileLock:
    """Lock of a province in the cache; a second fetch or import waits for the first."""
    folder = official.folder()
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / f"{code}.lock")


def fetch(
    files: ProvinceFiles,
    *,
    base_url: str = BASE_URL,
    progress: Callable[[int, int], None] | None = None,
    pause: float = 0.5,
) -> bool:
    """Fetch the communes of a province, check and clean them, and make them usable.

    Files that the cache has with the right sum aren't fetched again. While another process
    fetches the province, this waits for it.

    Parameters
    ----------
    files
        From :func:`data.boundaries.official.province_files`.
    base_url
        Address below which the repository's files are.
    progress
        Called with the number of files that are there and of all, from one thread.
    pause
        Seconds before the second try of a file; doubled for the next.

    Returns
    -------
    bool
        False where the province was ready before.

    Raises
    ------
    DataError
        Files are missing at the address, have other content, or the address doesn't answer.
        What was fetched until then is kept for the next try.
    OSError
        The cache can't be written.
    """
    with lock(files.code):
        if official.is_ready(files.code):
            return False
        there = set(official.fetched(files))
        say = progress or (lambda _done, _of: None)
        say(len(there), len(files.sums))
        wanted = [path for path in files.sums if path not in there]
        for done, _ in enumerate(_fetch_all(files, wanted, base_url.rstrip("/"), pause), start=1):
            say(len(there) + done, len(files.sums))
        folder = official.folder()
        contents = {path: (folder / path).read_bytes() for path in files.sums}
        official.compile_province(files, contents)
        shutil.rmtree((folder / files.outline).parent, ignore_errors=True)
    return True


def _fetch_all(
    files: ProvinceFiles,
    paths: Iterable[str],
    base_url: str,
    pause: float,
) -> Iterable[str]:
    """Yield the path of each file that came."""
    findings: list[Finding] = []
    sessions = _Sessions()
    with ThreadPoolExecutor(WORKERS) as pool:
        tasks = [
            pool.submit(_fetch_one, sessions, base_url, path, files.sums[path], pause)
            for path in paths
        ]
        try:
            for task in as_completed(tasks):
                try:
                    yield task.result()
                except DataError as error:
                    findings += error.findings
                    if len(findings) >= _ENOUGH:
                        break
        finally:
            for task in tasks:
                task.cancel()
            sessions.stopped.set()
    sessions.close()
    if findings:
        raise DataError(sorted(findings))


class _Sessions:
    """A session for each thread: they aren't safe to share."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self._local = threading.local()
        self._all: list[requests.Session] = []

    def get(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            session = requests.Session()
            retries = Retry(
                total=None,
                connect=0,
                read=0,
                status=TRIES,
                backoff_factor=0.2,
                status_forcelist=(429, 500, 502, 503, 504),
                raise_on_status=False,
            )
            for scheme in ("https://", "http://"):
                session.mount(scheme, HTTPAdapter(max_retries=retries))
            self._local.session = session
            self._all.append(session)
        session = self._local.session
        assert isinstance(session, requests.Session)  # noqa: S101 (for the type checker)
        return session

    def close(self) -> None:
        for session in self._all:
            session.close()


def _fetch_one(sessions: _Sessions, base_url: str, path: str, digest: str, pause: float) -> str:
    url = f"{base_url}/{path}"
    for attempt in range(TRIES):
        if attempt:
            sessions.stopped.wait(pause * 2 ** (attempt - 1))
        if sessions.stopped.is_set():
            break
        try:
            content = _get(sessions.get(), url, path)
        except requests.RequestException as error:
            problem = f"{type(error).__name__} at {url}"
            continue
        if not official.checked(content, digest):
            # A proxy may have answered with a page of its own: another try wouldn't help.
            found = f"{len(content)} bytes of other content at {url}"
            raise DataError([Finding(path, "", "", found, f"SHA-256 {digest}")])
        file = official.folder() / path
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_whole(file, content, for_all=True)
        return path
    else:
        raise DataError([Finding(path, "", "", problem, "an answer; run the command again")])
    raise DataError([Finding(path, "", "", "an interruption", "run the command again")])


def _get(session: requests.Session, url: str, path: str) -> bytes:
    with session.get(url, timeout=TIMEOUT, stream=True) as answer:
        if answer.status_code != requests.codes.ok:
            found = f"{answer.status_code} {answer.reason} at {url}"
            raise DataError([Finding(path, "", "", found, "the file")])
        content = bytearray()
        for piece in answer.iter_content(_PIECE):
            content += piece
            if len(content) > LARGEST:
                found = f"more than {LARGEST} bytes at {url}"
                raise DataError([Finding(path, "", "", found, "a smaller file")])
        return bytes(content)
