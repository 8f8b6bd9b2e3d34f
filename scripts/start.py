"""Start the application: environment, free port, Streamlit, browser.

`start.sh`, `start.bat` and `make app` run this as `python -m scripts.start`. It uses the standard
library alone and speaks Vietnamese, for a planner without a developer at hand.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser

from scripts.environment import ROOT, WHEELS, SetupError, prepare

FIRST_PORT = 8501
PORTS = 50
START_SECONDS = 120


def free_port(first: int = FIRST_PORT, *, count: int = PORTS) -> int | None:
    """Find a port of this machine that nothing listens on.

    Parameters
    ----------
    first
        The first port to try.
    count
        How many ports to try from there.

    Returns
    -------
    int or None
        None when all are taken.
    """
    return next((port for port in range(first, first + count) if _is_free(port)), None)


def _is_free(port: int) -> bool:
    for family, kind, protocol, _, address in socket.getaddrinfo(
        "localhost", port, type=socket.SOCK_STREAM
    ):
        # Windows lets two programs bind one port, so somebody listening is asked for first.
        with socket.socket(family, kind, protocol) as probe:
            probe.settimeout(0.3)
            if probe.connect_ex(address) == 0:
                return False
    with socket.socket() as server:
        try:
            server.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _answers(url: str) -> bool:
    # A proxy set for the machine must not be asked for a page of the machine itself.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url}/_stcore/health", timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _has_screen() -> bool:
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _wait(application: subprocess.Popen[bytes], url: str) -> int:
    """Open the browser once the application answers, then wait for its end."""
    deadline = time.monotonic() + START_SECONDS
    while application.poll() is None and not _answers(url):
        if time.monotonic() > deadline:
            application.terminate()
            print("Ứng dụng không trả lời sau 2 phút. Hãy đóng bớt chương trình rồi chạy lại.")
            return 1
        time.sleep(0.2)
    if application.poll() is None:
        print(f"\nỨng dụng đang chạy tại {url}")
        print("Giữ cửa sổ này mở khi làm việc; nhấn Ctrl+C hoặc đóng cửa sổ để dừng.\n", flush=True)
        if _has_screen():
            webbrowser.open(url)
    code = application.wait()
    if code != 0:
        print("Ứng dụng đã dừng vì lỗi; những dòng phía trên cho biết nguyên nhân.")
    return code


def main() -> int:
    """Start the application and stay until it ends.

    Returns
    -------
    int
        The exit code: 0 when it was stopped by the user, 1 when something is missing.
    """
    try:
        python = prepare(
            [ROOT / "requirements.txt"], wheels=WHEELS if any(WHEELS.glob("*.whl")) else None
        )
    except SetupError as error:
        print(f"\n{error}\n", file=sys.stderr)
        return 1
    port = free_port()
    if port is None:
        last = FIRST_PORT + PORTS - 1
        print(
            f"Các cổng {FIRST_PORT}-{last} trên máy này đều đang được dùng."
            " Hãy đóng các cửa sổ ứng dụng đang mở rồi chạy lại.",
            file=sys.stderr,
        )
        return 1
    print("Đang khởi động ứng dụng…", flush=True)
    options = ["--server.port", str(port), "--server.headless", "true"]
    with subprocess.Popen(
        [python, "-m", "streamlit", "run", ROOT / "app.py", *options], cwd=ROOT
    ) as application:
        try:
            return _wait(application, f"http://localhost:{port}")
        except KeyboardInterrupt:
            application.terminate()
            application.wait()
            return 0


if __name__ == "__main__":
    # Output that goes to a file or an old console must not fail on Vietnamese letters.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(0)
