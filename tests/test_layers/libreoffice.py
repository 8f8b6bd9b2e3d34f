"""Files as LibreOffice opens them."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def convert(form: str, folder: Path, *files: Path) -> None:
    """Convert files into a folder; skip where LibreOffice isn't installed, fail in CI."""
    program = shutil.which("soffice")
    if program is None:
        assert not os.environ.get("CI"), "soffice is not installed"
        pytest.skip("soffice is not installed")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [program, profile, "--headless", "--convert-to", form, "--outdir", folder, *files],
        capture_output=True,
        check=True,
        timeout=300,
    )
