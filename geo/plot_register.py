"""The register of plots of a province: looked through once, taken whole or area by area."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from geo.plots import MEASURED_COLUMNS, Register, register

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import geopandas as gpd
    import numpy.typing as npt

    from data.facts import Facts

    Places = Mapping[str, npt.NDArray[np.int64]]


class PlotRegister:
    """Plots and leases of some areas, made ready for any date when somebody asks for them.

    A million plots take seconds to be measured and dated. Whoever asks for all of them, or for
    those of every area that has any, has it done for everybody; whoever asks for one area before
    that waits for its own rows alone.

    Parameters
    ----------
    facts
        Of all provinces.
    area_ids
        Of the province.
    crs
        Its VN-2000 zone.
    before
        Of other facts; the same table of plots isn't looked through and measured again.
    """

    def __init__(
        self,
        facts: Facts,
        area_ids: Collection[str],
        crs: str,
        *,
        before: PlotRegister | None = None,
    ) -> None:
        self.plots, self.leases, self.sources = facts.plots, facts.leases, facts.sources
        self._ids = frozenset(area_ids)
        self._crs = crs
        self._land: pd.DataFrame | None = None
        if before is not None and before.plots is facts.plots:
            self.plots_at = before.plots_at
            if (before._ids, before._crs) == (self._ids, crs):  # noqa: SLF001 (its own kind)
                self._land = before.land()

    def fits(self, facts: Facts, area_ids: Collection[str]) -> bool:
        """Tell whether these are the tables and areas that the register is of."""
        same = self.plots is facts.plots and self.leases is facts.leases
        return same and self.sources is facts.sources and self._ids == frozenset(area_ids)

    def shapes_of(self, area_id: str) -> gpd.GeoSeries:
        """Give the polygons that the plots of an area have, of all dates."""
        shapes = _taken(self.plots.geometry, _rows(self.plots_at, [area_id]))
        return cast("gpd.GeoSeries", shapes[shapes.notna()])

    @cached_property
    def whole(self) -> Register:
        """Give the plots and leases of all areas, from :func:`geo.plots.register`."""
        return self._made(self._ids, measured=self._land)

    def land(self) -> pd.DataFrame | None:
        """Give the land of all plots, from :func:`geo.plots.measure`, if it was measured."""
        known = "whole" in vars(self)
        return pd.DataFrame(self.whole.plots[list(MEASURED_COLUMNS)]) if known else self._land

    def of(self, area_ids: Collection[str]) -> Register:
        """Give the plots and leases of some areas, from :func:`geo.plots.register`."""
        if "whole" not in vars(self):
            with_any = (self.plots_at.keys() | self.leases_at.keys()) & self._ids
            if not with_any <= set(area_ids):
                return self._made(self._ids.intersection(area_ids))
        kept = self.whole
        if self._ids <= set(area_ids):
            return kept
        wanted = self._ids.intersection(area_ids)
        plots_at, leases_at = self._whole_at
        return Register(
            _taken(kept.plots, _rows(plots_at, wanted)).reset_index(drop=True),
            _taken(kept.leases, _rows(leases_at, wanted)).reset_index(drop=True),
        )

    def _made(self, area_ids: Collection[str], *, measured: pd.DataFrame | None = None) -> Register:
        return register(
            _taken(self.plots, _rows(self.plots_at, area_ids)),
            _taken(self.leases, _rows(self.leases_at, area_ids)),
            self.sources,
            self._crs,
            measured=measured,
        )

    @cached_property
    def plots_at(self) -> Places:
        """Positions of the rows of each area in the table of plots."""
        return places(self.plots)

    @cached_property
    def leases_at(self) -> Places:
        """Positions of the rows of each area in the table of leases."""
        return places(self.leases)

    @cached_property
    def _whole_at(self) -> tuple[Places, Places]:
        return places(self.whole.plots), places(self.whole.leases)


def places(table: pd.DataFrame) -> Places:
    """Give the positions of the rows of each area, in their order.

    Examples
    --------
    >>> import pandas as pd
    >>> found = places(pd.DataFrame({"area_id": ["b", "a", "b"]}))
    >>> {area_id: rows.tolist() for area_id, rows in found.items()}
    {'b': [0, 2], 'a': [1]}
    """
    codes, names = pd.factorize(table["area_id"])
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(names)))
    rows = np.split(order, ends[:-1]) if len(names) else []
    return dict(zip(map(str, names), rows, strict=True))


def _rows(places_: Places, area_ids: Collection[str]) -> npt.NDArray[np.int64]:
    found = [places_[area_id] for area_id in area_ids if area_id in places_]
    return np.sort(np.concatenate(found)) if found else np.zeros(0, dtype="int64")


def _taken(table: Any, rows: npt.NDArray[np.int64]) -> Any:  # noqa: ANN401
    """Take rows that are in order; those that follow on each other without a copy."""
    if len(rows) and rows[-1] - rows[0] + 1 == len(rows):
        return table.iloc[rows[0] : rows[-1] + 1]
    return table.iloc[rows]
