"""Make the virtual environment and install requirements into it.

Uses the standard library alone, since it runs before anything is installed:
`python -m scripts.environment requirements.txt [more.txt ...]`. Nothing is done when the
environment already holds exactly these files.
"""

from __future__ import annotations

import errno
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import venv
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
WHEELS = ROOT / "wheels"

# The environment of the application takes 0.9 GB (with what all checks need, 1.6 GB); pip needs
# room for the downloads beside it.
NEEDED_BYTES = 1_500_000_000


class Problem(Enum):
    """What can stop the set-up: what to do about it, in Vietnamese and in English."""

    PYTHON_32_BIT = (
        "Python đang dùng là bản 32-bit. Hãy cài Python 3.13 bản 64-bit rồi chạy lại.",
        "This Python is a 32-bit build; install a 64-bit one.",
    )
    NOT_WRITABLE = (
        (
            "Không ghi được vào thư mục của ứng dụng. Hãy chép cả thư mục này sang nơi có quyền"
            " ghi (ví dụ Documents hoặc Desktop), đóng các cửa sổ đang chạy ứng dụng, rồi chạy"
            " lại."
        ),
        "The folder of the application cannot be written to; copy it to one that can.",
    )
    DISK_FULL = (
        (
            "Ổ đĩa không còn đủ chỗ: cần khoảng 1,5 GB trống. Hãy dọn bớt ổ đĩa, hoặc chép cả thư"
            " mục này sang ổ đĩa khác, rồi chạy lại."
        ),
        "The disk is full; about 1.5 GB is needed.",
    )
    NO_VENV = (
        (
            "Python trên máy này thiếu phần tạo môi trường (venv). Trên Ubuntu, Debian hãy chạy:"
            " sudo apt install python3-venv; nếu không có quyền quản trị, hãy chép thư mục wheels"
            " do lệnh make bundle tạo ra vào cạnh tệp khởi động, rồi chạy lại."
        ),
        "This Python cannot make environments: install python3-venv, or bring a wheels folder.",
    )
    NO_NETWORK = (
        (
            "Không tải được thư viện vì không có mạng hoặc mạng bị chặn. Hãy nối mạng rồi chạy"
            " lại; nếu máy không được nối mạng, hãy chép thư mục wheels (lệnh make bundle tạo ra"
            " trên máy có mạng) vào cạnh tệp khởi động."
        ),
        "No network, and no wheels folder beside the start script.",
    )
    WHEELS_DO_NOT_FIT = (
        (
            "Thư mục wheels không có đủ thư viện cho hệ điều hành và bản Python của máy này. Hãy"
            " tạo lại thư mục wheels cho đúng hệ điều hành và bản Python, hoặc xóa thư mục wheels"
            " để tải thư viện từ mạng."
        ),
        "The wheels folder lacks files for this system and Python; make it again, or remove it.",
    )
    OTHER = (
        "Không cài đặt được thư viện. Hãy gửi những dòng phía trên cho người hỗ trợ kỹ thuật.",
        "The installation failed; the lines above say why.",
    )


class SetupError(Exception):
    """The environment could not be made.

    Parameters
    ----------
    problem
        What stopped it.
    detail
        What the system said, if that helps.
    """

    def __init__(self, problem: Problem, detail: str = "") -> None:
        self.problem = problem
        vietnamese, english = problem.value
        super().__init__("\n".join(filter(None, [vietnamese, f"({english})", detail])))


# pip and the system tell the cause in words and numbers only; the first that fits wins.
_CAUSES = (
    (Problem.DISK_FULL, r"\[Errno 28\]|WinError 112\b|No space left on device"),
    (
        Problem.NOT_WRITABLE,
        r"\[Errno (13|30)\]|WinError (5|32)\b|Permission denied|Read-only file system",
    ),
)
_NETWORK = (
    r"NewConnectionError|ConnectTimeout|ReadTimeout|ConnectionResetError|ProxyError|SSLError"
    r"|ConnectionError|Max retries exceeded|Name or service not known|getaddrinfo failed"
    r"|name resolution|Connection (refused|broken|aborted)|Network is unreachable|timed out"
    r"|Could not fetch URL"
)


def diagnose(output: str, *, offline: bool) -> Problem:
    """Tell from what pip printed why it failed.

    Parameters
    ----------
    output
        Everything that pip printed.
    offline
        Whether it installed from the wheels folder alone.

    Returns
    -------
    Problem

    Examples
    --------
    >>> diagnose("ERROR: [Errno 28] No space left on device", offline=False).name
    'DISK_FULL'
    >>> diagnose("ERROR: No matching distribution found for numpy>=2.4", offline=True).name
    'WHEELS_DO_NOT_FIT'
    """
    for problem, pattern in _CAUSES:
        if re.search(pattern, output):
            return problem
    if offline:
        missing = "No matching distribution" in output or "is not a supported wheel" in output
        return Problem.WHEELS_DO_NOT_FIT if missing else Problem.OTHER
    return Problem.NO_NETWORK if re.search(_NETWORK, output) else Problem.OTHER


def environment_python() -> Path:
    """Give the path of the environment's interpreter, whether it exists or not."""
    if sys.platform == "win32":
        return ENVIRONMENT / "Scripts" / "python.exe"
    return ENVIRONMENT / "bin" / "python"


def missing(requirements: Iterable[Path]) -> list[Path]:
    """List the requirement files whose present content was not installed yet.

    A copy of each installed file is kept in the environment; times of change would not survive
    a copy of the folder.
    """
    return [
        path
        for path in requirements
        if not _stamp(path).is_file() or _stamp(path).read_bytes() != path.read_bytes()
    ]


def prepare(requirements: Sequence[Path], *, wheels: Path | None = None) -> Path:
    """Make the environment when it is missing and install what is not installed yet.

    Parameters
    ----------
    requirements
        The requirement files.
    wheels
        A folder to install from instead of the network; None: the network.

    Returns
    -------
    Path
        The environment's interpreter.

    Raises
    ------
    SetupError
        With the problem and what to do about it.
    """
    try:
        if not _works(environment_python()):
            _make_environment(wheels)
        if missing(requirements):
            _install(requirements, wheels)
    except OSError as error:
        raise SetupError(_of_os_error(error), str(error)) from error
    return environment_python()


def _stamp(requirement: Path) -> Path:
    return ENVIRONMENT / "installed" / requirement.name


def _works(python: Path) -> bool:
    if not python.is_file():
        return False
    code = "import sys; sys.exit(sys.version_info[:2] < (3, 11))"
    return subprocess.run([python, "-c", code], capture_output=True, check=False).returncode == 0


def _of_os_error(error: OSError) -> Problem:
    if error.errno == errno.ENOSPC:
        return Problem.DISK_FULL
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return Problem.NOT_WRITABLE
    return Problem.OTHER


def _make_environment(wheels: Path | None) -> None:
    if sys.maxsize < 2**32:
        raise SetupError(Problem.PYTHON_32_BIT)
    if shutil.disk_usage(ROOT).free < NEEDED_BYTES:
        raise SetupError(Problem.DISK_FULL)
    print("Đang tạo môi trường Python (.venv)…", flush=True)
    if importlib.util.find_spec("ensurepip") is None:
        _install_debian_venv()
        importlib.invalidate_caches()
    if importlib.util.find_spec("ensurepip") is not None:
        try:
            venv.create(ENVIRONMENT, clear=True, with_pip=True)
        except subprocess.CalledProcessError as error:
            output = (error.output or b"").decode(errors="replace")
            problem = diagnose(output, offline=True)
            raise SetupError(problem, output) from error
        return
    pip = sorted(wheels.glob("pip-*.whl")) if wheels else []
    if not pip:
        raise SetupError(Problem.NO_VENV)
    venv.create(ENVIRONMENT, clear=True, with_pip=False)
    # A wheel of pip runs as it is and so installs itself.
    _run_pip([environment_python(), pip[-1] / "pip"], ["pip"], wheels)


def _install_debian_venv() -> None:
    """Install Debian's half of the standard library that it ships apart, if root may."""
    if sys.platform == "win32" or shutil.which("apt-get") is None or os.geteuid() != 0:
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    subprocess.run(["apt-get", "update", "-q"], check=False)
    subprocess.run(
        ["apt-get", "install", "-q", "-y", "--no-install-recommends", package], check=False
    )


def _install(requirements: Sequence[Path], wheels: Path | None) -> None:
    print("Đang cài đặt thư viện; lần đầu mất vài phút…", flush=True)
    files = [argument for path in requirements for argument in ("-r", str(path))]
    _run_pip([environment_python(), "-m", "pip"], files, wheels)
    for path in requirements:
        _stamp(path).parent.mkdir(exist_ok=True)
        shutil.copyfile(path, _stamp(path))


def _run_pip(pip: Sequence[Path | str], what: Sequence[str], wheels: Path | None) -> None:
    """Run pip, showing what it prints as it comes."""
    source = ["--no-index", "--find-links", str(wheels)] if wheels else []
    with subprocess.Popen(
        [*pip, "install", "--no-input", "--disable-pip-version-check", *source, *what],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PYTHONUTF8": "1"},
    ) as process:
        lines: list[str] = []
        for line in process.stdout or ():
            lines.append(line)
            if not line.startswith("Requirement already satisfied"):
                print(line, end="", flush=True)
    if process.returncode != 0:
        raise SetupError(diagnose("".join(lines), offline=wheels is not None))


def main() -> None:
    """Prepare the environment with the requirement files named on the command line."""
    try:
        prepare([ROOT / name for name in sys.argv[1:]])
    except SetupError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
