"""What importing a module does: it defines things, and reads nothing."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("data", "geo", "layers")

_IMPORT_ALL = """
import importlib, os, sys, warnings
from pathlib import Path

root, packages = Path(sys.argv[1]), sys.argv[2:]
module = "?"

def watch(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)):
        path = Path(os.fsdecode(args[0])).absolute()
        ours = any(path.is_relative_to(root / name) for name in (*packages, "locale"))
        if ours and path.suffix not in {".py", ".pyc"} and "__pycache__" not in path.parts:
            print(module, "opens", path.relative_to(root))
    elif event in {"subprocess.Popen", "socket.connect", "sqlite3.connect"}:
        print(module, "raises", event)

sys.addaudithook(watch)
warnings.simplefilter("ignore")
for package in packages:
    for file in sorted((root / package).rglob("*.py")):
        names = file.relative_to(root).with_suffix("").parts
        if names[-1] != "__main__":
            module = ".".join(names).removesuffix(".__init__")
            importlib.import_module(module)
"""

_FIRST_PAGE = """
import sys
import layers.navigation, layers.shell
from layers import boundary_choice, controls, map, pedigree, search, state, store, summary, table
late = {"altair", "matplotlib", "docx", "docxtpl", "openpyxl", "pygeoapi"}
print(*sorted(late & set(sys.modules)))
"""


def run(program: str, *arguments: str) -> str:
    """Run a program in a process of its own and give what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def test_no_module_reads_a_file_or_opens_a_connection_when_it_is_imported() -> None:
    assert run(_IMPORT_ALL, str(ROOT), *PACKAGES) == ""


def test_the_first_page_loads_no_library_that_only_other_pages_need() -> None:
    assert run(_FIRST_PAGE) == ""
