"""Writing of files that are complete or not there."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def named_as_asked(asked: Path, prefix: str) -> Iterator[None]:
    """Let errors name the file that was asked for, not the neighbour that is written first.

    Parameters
    ----------
    prefix
        What the name of the neighbour, or of its folder, begins with.
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


def replace_whole(file: Path, content: bytes, *, durable: bool = False) -> None:
    """Write a file, anew or in place of an older one: a neighbour first, then renamed.

    Parameters
    ----------
    file
        Where, in a folder that is there.
    content
        What.
    durable
        Whether it must outlive a power failure; files that are checked when read needn't.

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
    prefix = f".{file.name}."
    with named_as_asked(file, prefix):
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=prefix)
        neighbour = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content)
                if durable:
                    out.flush()
                    os.fsync(out.fileno())
            neighbour.chmod(0o644)
            neighbour.replace(file)
        except BaseException:
            neighbour.unlink(missing_ok=True)
            raise


def replaces(output: Path, source: Path) -> bool:
    """Tell whether writing one would replace the other, or lay a file in a folder that is read.

    Links are followed, and names may differ in case where the disk doesn't tell them apart.

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
        return output.is_file() and source.is_file() and output.samefile(source)
    except OSError:  # whoever opens it says what is wrong with it
        return False
