"""Plots and outlines of a province as a layer: what a map draws and an export carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo._plot_observations import coverage
from geo.export import feature_collection, metadata
from geo.plot_register import PlotRegister
from geo.plots import add_up, plots_on
from geo.records import plain, sources_of

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.snapshot import Snapshot

PLOT_FIELDS: Final = (
    "plot_id",
    "area_id",
    "use",
    "status",
    "status_from",
    "area_ha",
    "area_from",
    "measured_ha",
    "stated_ha",
    "differs_pct",
    "tenant_trade",
    "leased_on",
    "as_of",
    "source_id",
    "note",
)
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


def plots_geojson(
    snapshot: Snapshot,
    *,
    lang: str = "vi",
    area_id: str | None = None,
) -> dict[str, Any]:
    """Write plots as GeoJSON polygons; one of which only the area is known has a null geometry.

    Parameters
    ----------
    snapshot
        From :func:`geo.snapshot.snapshot`.
    lang
        "vi" or "en": language of the metadata.
    area_id
        Only the plots of this area; all where None.
    """
    plots = province_plots(snapshot, area_id=area_id)
    records = [
        {
            "id": f"{row['area_id']}/{row['plot_id']}",
            **{key: plain(row[key]) for key in PLOT_FIELDS},
        }
        for row in plots.to_dict("records")
    ]
    return feature_collection(
        plots,
        records,
        identifier="id",
        metadata={
            **metadata(snapshot, lang=lang),
            "sources": sources_of(snapshot, plots["source_id"]),
        },
    )


def footprints_geojson(snapshot: Snapshot, *, lang: str = "vi") -> dict[str, Any]:
    """Write outlines of areas as GeoJSON polygons; `position` says surveyed or drawn.

    Parameters
    ----------
    snapshot
        From :func:`geo.snapshot.snapshot`.
    lang
        "vi" or "en": language of `name` and of the metadata.
    """
    outlines = snapshot.footprints
    names = snapshot.areas.loc[outlines.index]
    records = [
        {
            "id": str(area_id),
            "name": names.loc[area_id, f"name_{lang}"] or names.loc[area_id, "name_vi"],
            **{str(key): plain(value) for key, value in row.items() if key != "geometry"},
        }
        for area_id, row in zip(outlines.index, outlines.to_dict("records"), strict=True)
    ]
    return feature_collection(
        outlines,
        records,
        identifier="id",
        metadata={
            **metadata(snapshot, lang=lang),
            "sources": sources_of(snapshot, outlines["source_id"]),
        },
    )
