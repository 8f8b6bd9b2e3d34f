"""Writing of files that are complete or not there."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def is_special(path: Path) -> bool:
    """Tell whether a path is a device, a pipe or a folder, such as /dev/stdout."""
    return path.exists() and not path.is_file()


@contextmanager
def _named_as_asked(asked: Path, prefix: str) -> Iterator[None]:
    """Let errors name the file that was asked for, not the neighbour that is written first.

    Parameters
    ----------
    prefix
        What the name of the neighbour's folder begins with.
    """
    try:
        yield
    except OSError as error:
        name = error.filename
        if isinstance(name, str | os.PathLike) and any(
            part.startswith(prefix) for part in Path(name).parts
        ):
            raise OSError(error.errno, error.strerror, str(asked)) from error
        raise


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a path to write to; what is written there becomes the file once all went well.

    It has the same name in a new hidden folder beside the file, so that a program that goes by
    the ending works and the last step is a rename. A link is followed; to a device or a pipe,
    such as ``/dev/stdout``, the bytes are copied.

    Raises
    ------
    OSError
        The folder is missing, not writable or full; an older file stays as it was.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with whole_file(Path(folder, "a.txt")) as neighbour:
    ...         _ = neighbour.write_text("whole")
    ...     Path(folder, "a.txt").read_text()
    'whole'
    """
    asked = path
    special = is_special(path)
    path = path if special else path.resolve()
    beside = Path(tempfile.gettempdir()) if special else path.parent
    with ExitStack() as stack:
        stack.enter_context(_named_as_asked(asked, prefix := f".{path.name}."))
        folder = Path(tempfile.mkdtemp(dir=beside, prefix=prefix))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        neighbour = folder / path.name
        yield neighbour
        if special:
            with neighbour.open("rb") as file, path.open("wb") as out:
                shutil.copyfileobj(file, out)
        else:
            neighbour.replace(path)


def replace_whole(
    file: Path,
    content: bytes,
    *,
    durable: bool = False,
    for_all: bool = False,
) -> None:
    """Write a file, anew or in place of an older one, as :func:`whole_file` does.

    Parameters
    ----------
    file
        Where, in a folder that is there.
    content
        What.
    durable
        Whether it must outlive a power failure; files that are checked when read needn't.
    for_all
        Whether other users read it, such as a server's, whatever the rights of new files are.

    Raises
    ------
    OSError
        The folder isn't writable or the disk is full; what was there before stays.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     replace_whole(Path(folder, "a.txt"), b"whole")
    ...     [(each.name, each.read_bytes()) for each in Path(folder).iterdir()]
    [('a.txt', b'whole')]
    """
    with whole_file(file) as neighbour:
        with neighbour.open("wb") as out:
            out.write(content)
            if durable:
                out.flush()
                os.fsync(out.fileno())
        if for_all:
            neighbour.chmod(0o644)


def replaces(output: Path, source: Path) -> bool:
    """Tell whether writing one would replace the other, or lay a file in a folder that is read.

    Links are followed, and names of files that are there may differ in case where the disk
    doesn't tell them apart. A file that isn't there yet counts too: it may be written first.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     plots = Path(folder, "plots.gpkg")
    ...     _ = plots.write_text("plots")
    ...     others = plots, Path(folder, "account.csv")
    ...     [[replaces(one, source) for one in others] for source in (plots, Path(folder))]
    [[True, False], [True, True]]
    """
    try:
        if source.is_dir():
            return source.resolve() in output.resolve().parents
        if output.exists() and source.exists():
            return output.is_file() and output.samefile(source)
        return output.resolve() == source.resolve()
    except OSError:  # whoever opens it says what is wrong with it
        return False
