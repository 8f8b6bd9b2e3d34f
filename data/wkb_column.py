"""A column of geometry as files have it: well-known binary, read where it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pyarrow as pa
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt

Number = TypeVar("Number", bound=np.generic)

# Curves, and surfaces of several faces: well-known binary that GEOS has no polygon for.
FIRST_OTHER, TRIANGLE = 8, 17
# One has a ring of four points in two to four dimensions, with or without the number of a system.
TRIANGLE_BYTES = [13 + 4 * 8 * numbers + system for numbers in (2, 3, 4) for system in (0, 4)]
KIND_BYTES, LITTLE_ENDIAN = 5, 1
EWKB_FLAGS, ISO_DIMENSIONS = 0xE0000000, 1_000


class WkbColumn:
    """Shapes in well-known binary, one after the other in one buffer.

    Attributes
    ----------
    begins, sizes
        Of each in bytes; a missing one has none.
    """

    def __init__(self, column: pa.ChunkedArray) -> None:
        self._column: pa.LargeBinaryArray = column.cast(pa.large_binary()).combine_chunks()
        _, offsets, self._buffer = self._column.buffers()
        first, count = self._column.offset, len(self._column)
        ends = np.frombuffer(offsets or b"", dtype=np.int64)[first : first + count + 1]
        self.begins: npt.NDArray[np.int64] = ends[:-1]
        self.sizes: npt.NDArray[np.int64] = np.diff(ends)

    def shapes(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
        """Make geometry of some; what isn't well-known binary becomes none.

        What is, but of a kind that can't be made, becomes a line without a place.
        """
        made = self._column.take(pa.array(rows)).to_numpy(zero_copy_only=False)
        shapes: npt.NDArray[np.object_]
        with np.errstate(invalid="ignore"):  # numbers that aren't finite are for others to find
            try:
                shapes = shapely.from_wkb(made, on_invalid="ignore")
            except NotImplementedError:  # says not of which
                shapes = np.array([_shape(one) for one in made], dtype=object)
            missing = np.flatnonzero(shapely.is_missing(shapes))
            shapes[missing[self._other(rows[missing])]] = _line()
        return shapes

    def _other(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Tell which are of a kind that can't be made."""
        found = np.zeros(len(rows), dtype=np.bool_)
        told = np.flatnonzero(self.sizes[rows] >= KIND_BYTES)
        kind = self.whole_numbers(rows[told], 1)
        big = self.bytes(rows[told], 0) != LITTLE_ENDIAN
        kind[big] = kind[big].astype(np.uint32).byteswap()
        kind = (kind & ~EWKB_FLAGS) % ISO_DIMENSIONS
        found[told] = (kind >= FIRST_OTHER) & (kind < TRIANGLE)
        found[told] |= (kind == TRIANGLE) & np.isin(self.sizes[rows[told]], TRIANGLE_BYTES)
        return found

    def bytes(self, rows: npt.NDArray[np.int64], place: int) -> npt.NDArray[np.uint8]:
        """Read a byte at a place of some shapes."""
        return self._read(np.dtype("u1"), rows, place)

    def whole_numbers(self, rows: npt.NDArray[np.int64], place: int) -> npt.NDArray[np.int64]:
        """Read a little-endian unsigned number of four bytes at a place of some shapes."""
        return self._read(np.dtype("<u4"), rows, place).astype(np.int64)

    def numbers(
        self, rows: npt.NDArray[np.int64], place: int, count: int
    ) -> npt.NDArray[np.float64]:
        """Read little-endian floats from a place of some shapes on; (count, rows)."""
        found = np.empty((count, len(rows)))
        for number in range(count):
            found[number] = self._read(np.dtype("<f8"), rows, place + 8 * number)
        return found

    def _read(
        self, kind: np.dtype[Number], rows: npt.NDArray[np.int64], place: int
    ) -> npt.NDArray[Number]:
        if not len(rows):
            return np.empty(0, dtype=kind)
        # A number may begin at any byte: one view has them all.
        count = self._buffer.size - kind.itemsize + 1
        everywhere: npt.NDArray[Number] = np.ndarray(
            (count,), dtype=kind, buffer=self._buffer, strides=(1,)
        )
        return everywhere[self.begins[rows] + place]


def _shape(one: bytes | None) -> shapely.Geometry | None:
    try:
        return shapely.from_wkb(one, on_invalid="ignore")
    except NotImplementedError:
        return _line()


def _line() -> shapely.Geometry:
    nowhere: shapely.Geometry = shapely.linestrings([[np.nan, np.nan], [np.nan, np.nan]])
    return nowhere
