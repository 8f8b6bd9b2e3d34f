"""Run every check, name each, and say at the end which failed.

`make test` runs this with the environment's interpreter: `python -m scripts.checks`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

from scripts.environment import ROOT

CHECKS = {
    "ruff check": ["-m", "ruff", "check"],
    "ruff format": ["-m", "ruff", "format", "--check"],
    "mypy": ["-m", "mypy", "--num-workers", "auto"],
    "import rules": ["-c", "from importlinter.cli import lint_imports_command as c; c()"],
    # In the order of collection, which begins with the browser tests: the longest group.
    "pytest": [
        *("-m", "pytest", "--numprocesses", "auto"),
        *("--dist", "loadfile", "--no-loadscope-reorder"),
    ],
}


def main() -> int:
    """Run all checks.

    Returns
    -------
    int
        1 when any failed, else 0.
    """
    outcomes = []
    # Tests start some hundred processes: none should compile all modules anew.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    for name, command in CHECKS.items():
        print(f"\n== {name}", flush=True)
        start = time.monotonic()
        arguments = [sys.executable, *command]
        code = subprocess.run(arguments, cwd=ROOT, env=environment, check=False).returncode
        outcomes.append((name, code, time.monotonic() - start))
    print("\n== summary")
    for name, code, seconds in outcomes:
        print(f"{'passed' if code == 0 else 'FAILED':8}{name:14}{seconds:7.1f} s")
    return int(any(code for _, code, _ in outcomes))


if __name__ == "__main__":
    sys.exit(main())
