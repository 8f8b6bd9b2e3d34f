"""Archives of the plots of a province: made by a process of its own, kept by what is in them.

Making a million plots into tiles takes a processor a minute, and the tiler lets no other thread
run meanwhile: pages would stand still. A process of its own leaves them alone, and what it takes
of memory goes with it.
"""

from __future__ import annotations

import contextlib
import logging
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import shapely

import geo
from data.boundaries.official import cache_folder
from geo.plot_register import places
from geo.plot_tiles import ENDING, FAILED, Archive, content_key, read_archive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import geopandas as gpd

ROOT: Final = Path(geo.__file__).resolve().parent.parent
PACKAGES: Final = ("freestiler", "pmtiles")
# Of one archive: the tiler takes some 3.5 kB of memory for each.
MOST_PLOTS: Final = 100_000
KEPT_DAYS: Final = 30
KEPT_BYTES: Final = 2_000_000_000
_DAY_S: Final = 86_400.0
# Nobody waits any more for what no page has asked for in this time.
_FORGOTTEN_S: Final = 10.0
_COLUMNS: Final = ["area_id", "plot_id", "status", "use", "area_ha", "geometry"]
# One process at a time: it uses all processors.
_turn = threading.Lock()
logger = logging.getLogger(__name__)

Phase = Literal["new", "waiting", "running", "done", "failed"]


def can_make() -> bool:
    """Tell whether the packages of `requirements-tiles.txt` are installed."""
    return all(find_spec(name) is not None for name in PACKAGES)


def folder() -> Path:
    """Folder of the archives, which can be deleted at any time."""
    return cache_folder() / "plot-tiles"


class Making:
    """The archives of some plots, one for each area that has any, or more for a very large one.

    Attributes
    ----------
    files
        Path of each part's archive (:func:`parts`), whether it is there yet or not; empty before
        that.
    phase
        new, waiting, running, done or failed.

    Parameters
    ----------
    find
        Gives the plots, with `area_id` and what :func:`geo.plot_tiles.write_archive` needs.
    place
        Folder of the archives.
    """

    def __init__(self, find: Callable[[], gpd.GeoDataFrame], place: Path) -> None:
        self.files: Mapping[str, Path] = {}
        self.phase: Phase = "new"
        self._find = find
        self._place = place
        self._asked = 0.0
        self._known: dict[Path, Archive] = {}
        self._lock = threading.Lock()

    @property
    def active(self) -> bool:
        """Whether more archives may still come."""
        return self.phase in {"waiting", "running"}

    def ready(self) -> dict[str, Archive]:
        """Give the archives that are whole, by part."""
        found = {}
        for part, path in self.files.items():
            if not path.is_file():
                continue
            try:
                if path not in self._known:
                    os.utime(path)  # in use: not to be tidied away
                    self._known[path] = read_archive(path)
            except Exception:
                # Whatever happened to it, it can be made again.
                logger.exception("%s can't be read", path.name)
                path.unlink(missing_ok=True)
            else:
                found[part] = self._known[path]
        return found

    def impossible(self) -> list[str]:
        """Give the parts whose plots can't be made into tiles."""
        return [key for key, path in self.files.items() if path.with_suffix(FAILED).is_file()]

    def lacking(self) -> list[str]:
        """Give the parts whose archive is neither there nor impossible."""
        there = {key for key, path in self.files.items() if path.is_file()}
        return sorted(set(self.files) - there - set(self.impossible()))

    def ask(self) -> None:
        """Have what is lacking made; to be called again and again by whoever waits for it."""
        with self._lock:
            self._asked = time.monotonic()
            if (
                self.active
                or self.phase == "failed"
                or (self.phase == "done" and not self.lacking())
            ):
                return
            self.phase = "waiting"
        # The application may end while something is made: what is whole is kept.
        threading.Thread(target=self._run, name="plot-tiles", daemon=True).start()

    def _run(self) -> None:
        with _turn:
            self._take_turn()

    def _take_turn(self) -> None:
        if time.monotonic() - self._asked > _FORGOTTEN_S:
            self.phase = "new"
            return
        self.phase = "running"
        try:
            self._place.mkdir(parents=True, exist_ok=True)
            drawn = parts(self._find())
            names = {key: f"{content_key(mine)}{ENDING}" for key, mine in drawn.items()}
            self.files = {key: self._place / name for key, name in names.items()}
            tidy(self._place, keep=self.files.values())
            self._make(drawn)
        except Exception:
            # The page says in plain words that there are no tiles; nothing else depends on them.
            logger.exception("plots could not be made into tiles")
            self.phase = "failed"
        else:
            self.phase = "done"

    def _make(self, drawn: Mapping[str, gpd.GeoDataFrame]) -> None:
        # Small ones first: most of the province can be seen soon.
        order = sorted(self.lacking(), key=lambda key: len(drawn[key]))
        if not order:
            return
        with tempfile.TemporaryDirectory(prefix="plots-") as own:
            for at, part in enumerate(order):
                name = f"{at:06}-{self.files[part].stem}.parquet"
                drawn[part][_COLUMNS].to_parquet(Path(own) / name)
            subprocess.run(  # noqa: S603 (our own module)
                [sys.executable, "-m", "geo.plot_tiles", own, self._place],
                cwd=ROOT,
                check=True,
                stdin=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )


def parts(plots: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Share plots out among archives: one an area, or one for `MOST_PLOTS` that lie together.

    Parameters
    ----------
    plots
        With `area_id` and what :func:`geo.plot_tiles.write_archive` needs; those without a polygon
        are in none.

    Returns
    -------
    dict
        By area id, and a number where the area has several: :func:`area_of` tells the area.
    """
    shapes = plots.geometry.to_numpy()
    drawn = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    plots = plots[_COLUMNS] if drawn.all() else plots.loc[drawn, _COLUMNS]
    found = {}
    for area_id, rows in sorted(places(plots).items()):
        mine = plots.iloc[rows]
        count = math.ceil(len(mine) / MOST_PLOTS)
        if count == 1:
            found[area_id] = mine
            continue
        order = np.argsort(mine.hilbert_distance().to_numpy(), kind="stable")
        for number, some in enumerate(np.array_split(order, count)):
            found[f"{area_id}/{number}"] = mine.iloc[some]
    return found


def area_of(part: str) -> str:
    """Give the area of a part.

    Examples
    --------
    >>> area_of("na-kcn-vsip-1/3"), area_of("na-kcn-vsip-1")
    ('na-kcn-vsip-1', 'na-kcn-vsip-1')
    """
    return part.partition("/")[0]


def tidy(place: Path, *, keep: Iterable[Path] = ()) -> None:
    """Delete archives that nobody has used for a month, and the oldest where they are too many.

    Parameters
    ----------
    place
        Folder of the archives.
    keep
        Those that are in use now.
    """
    kept = set(keep)
    now = time.time()
    left = 0
    found = []
    for path in place.iterdir():
        with contextlib.suppress(OSError):
            if path.suffix in {ENDING, FAILED} and path not in kept:
                stat = path.stat()
                found.append((stat.st_mtime, stat.st_size, path))
    for used, size, path in sorted(found, reverse=True):
        left += size
        if left > KEPT_BYTES or now - used > KEPT_DAYS * _DAY_S:
            with contextlib.suppress(OSError):
                path.unlink()
