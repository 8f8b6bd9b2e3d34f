"""Plots and outlines of a province as a layer: what a map draws and an export carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from geo._plot_observations import coverage
from geo.plot_register import PlotRegister
from geo.plots import add_up, plots_on

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.snapshot import Snapshot

COVER_FIELDS: Final = ("total_area_ha", "of_total_pct", "of_leasable_pct", "whole")


def register_of(snapshot: Snapshot) -> PlotRegister:
    """Give the register of plots of a snapshot: the one that it has, unless its facts are others.

    Parameters
    ----------
    snapshot
        From :func:`geo.snapshot.snapshot`.
    """
    ids, kept = snapshot.areas.index, snapshot.register
    if kept is not None and kept.fits(snapshot.facts, ids):
        return kept
    return PlotRegister(snapshot.facts, ids, snapshot.resolution.crs)


def province_plots(snapshot: Snapshot, *, area_id: str | None = None) -> gpd.GeoDataFrame:
    """Give the plots of a province as they are known on the date of a snapshot.

    Parameters
    ----------
    snapshot
        From :func:`geo.snapshot.snapshot`.
    area_id
        Only the plots of this area, quickly however many the province has; all where None.

    Returns
    -------
    GeoDataFrame
        As :func:`geo.plots.plots_on` gives them, EPSG:4326.
    """
    kept = register_of(snapshot)
    return plots_on(kept.whole if area_id is None else kept.of([area_id]), snapshot.as_of)


def plot_figures(snapshot: Snapshot, plots: gpd.GeoDataFrame | None = None) -> pd.DataFrame:
    """Figures of areas from their plots, by basis, and how much of the area the plots cover.

    Parameters
    ----------
    snapshot
        From :func:`geo.snapshot.snapshot`.
    plots
        From :func:`province_plots`, of one area or of all; worked out here where None.

    Returns
    -------
    DataFrame
        As :func:`geo.plots.add_up`, and `total_area_ha` (stated, else that of the outline),
        `of_total_pct`, `of_leasable_pct` (of the stated leasable land of the basis) and
        `whole`: whether one of them is at least 95 %. Where it isn't, the figures are lower
        bounds.
    """
    kinds = {area_id: state.kind for area_id, state in snapshot.states.items()}
    figures = add_up(province_plots(snapshot) if plots is None else plots, kinds)
    outlines = snapshot.footprints["area_ha"].to_dict()
    found = []
    for row in figures.to_dict("records"):
        area_id = row["area_id"]
        stated = snapshot.observations.get(area_id, ())
        total_ha, covered = coverage(row, stated, outlines.get(area_id))
        found.append((total_ha, *covered))
    return figures.join(pd.DataFrame(found, columns=list(COVER_FIELDS), index=figures.index))
