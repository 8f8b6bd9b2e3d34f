"""Plots and surveyed outlines on the map: signs by status, and what a click on one tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from data._frames import rows
from data.dates import printed_date
from geo.plot_layer import province_plots
from geo.plots import SHARED_USES
from layers import style
from layers.numbers import exact, known, number
from layers.sources import source_name
from layers.words import INDUSTRY, mark

if TYPE_CHECKING:
    from geo.snapshot import Snapshot
    from layers.words import Words

PLOT_STATUS: Final = {
    "leased": mark("leased"),
    "approved": mark("approved for a project"),
    "available": mark("free to lease"),
    "reserved": mark("reserved"),
    "not_cleared": mark("not cleared"),
    "unknown": mark("status unknown"),
}
PLOT_USE: Final = {
    "SKK": mark("industrial land (SKK)"),
    "SKN": mark("land of an industrial cluster (SKN)"),
    "service": mark("service land"),
    "green": mark("green land"),
    "traffic": mark("traffic land"),
    "technical": mark("technical infrastructure"),
    "social": mark("social infrastructure"),
}
# ColorBrewer's BrBG, which the usual kinds of colour blindness keep apart; stripes say more.
_STATUS_FILL: Final = {
    "leased": ("#a6611a", ""),
    "approved": ("#dfc27d", ""),
    "available": ("#018571", ""),
    "reserved": ("#80cdc1", "#01665e"),
    "not_cleared": ("#f0ece4", "#a6611a"),
    "unknown": (style.UNKNOWN_FILL, style.UNKNOWN_STRIPE),
}
_SHARED_FILL: Final = "#cfe8c2"
_OPACITY: Final = 0.9
# Above this number plots aren't drawn one by one (GeoJSON) but as tiles.
MOST: Final = 3000
_DECIMALS: Final = 6  # 0.1 m


def status_sign(status: str, use: str = "") -> dict[str, Any]:
    """Give the fill of a plot; green, traffic, technical and social land has one of its own."""
    fill, stripe = _STATUS_FILL[status]
    if use in SHARED_USES:
        fill, stripe = _SHARED_FILL, ""
    return {"fill": fill, "stripe": stripe, "wide": False, "opacity": _OPACITY}


def legend_rows(w: Words) -> list[dict[str, Any]]:
    """Explain the fills of plots, for the legend of the map."""
    found = [
        {"sign": status_sign(status), "text": w("plot: {status}", status=w(word)), "wide": False}
        for status, word in PLOT_STATUS.items()
    ]
    shared = w("plot: green, traffic, technical or social land")
    return [*found, {"sign": status_sign("unknown", "green"), "text": shared, "wide": True}]


def signs() -> dict[str, dict[str, Any]]:
    """Give the fills of plots by status, and of land that all share by its use."""
    by_status = {status: status_sign(status) for status in PLOT_STATUS}
    return by_status | {use: status_sign("unknown", use) for use in SHARED_USES}


def too_many(snapshot: Snapshot) -> int:
    """Count the plots of a province that have a polygon where they are too many for one by one.

    Returns
    -------
    int
        0 up to `MOST`.
    """
    plots = snapshot.facts.plots
    plots = plots[plots["area_id"].isin(snapshot.areas.index) & plots.geometry.notna()]
    if len(plots) <= MOST:
        return 0
    count = int((~plots.duplicated(["area_id", "plot_id"])).sum())
    return count if count > MOST else 0


def plots_payload(
    snapshot: Snapshot,
    w: Words,
    *,
    area_id: str = "",
    tiled: bool = False,
) -> dict[str, Any] | None:
    """Give plots and surveyed outlines of a province for the map; None where there are none.

    Parameters
    ----------
    snapshot
        On the date shown.
    area_id
        Of the area that is selected: of more than `MOST` plots only its own are drawn, and not
        more than that.
    tiled
        Outlines alone: the plots come as tiles.
    """
    features = [] if tiled else _plots(snapshot, area_id, w)
    features += [
        {
            "type": "Feature",
            "id": str(row.Index),
            "properties": {"outline": True},
            "geometry": _drawn(row.geometry),
        }
        for row in rows(snapshot.footprints)
    ]
    return {"type": "FeatureCollection", "features": features} if features else None


def plot_lines(snapshot: Snapshot, w: Words, *, area_id: str, plot_id: str) -> list[str]:
    """Give the card of a plot as lines of text; none where there is no such plot.

    Parameters
    ----------
    snapshot
        On the date shown.
    """
    plots = province_plots(snapshot, area_id=area_id)
    found = plots[plots["plot_id"] == plot_id]
    return [line for row in rows(found) for line in _tip(row, _names(snapshot, w), snapshot, w)]


def _names(snapshot: Snapshot, w: Words) -> dict[str, str]:
    names = snapshot.areas
    return {
        str(key): w.pick(str(vi), str(en))
        for key, vi, en in zip(names.index, names["name_vi"], names["name_en"], strict=True)
    }


def _plots(snapshot: Snapshot, area_id: str, w: Words) -> list[dict[str, Any]]:
    if snapshot.facts.plots.empty:
        return []
    plots = province_plots(snapshot, area_id=area_id if too_many(snapshot) else None)
    drawn = plots[~(plots.geometry.isna() | plots.geometry.is_empty)].head(MOST)
    names = _names(snapshot, w)
    return [
        {
            "type": "Feature",
            "id": f"{row.area_id}/{row.plot_id}",
            "properties": {
                "sign": status_sign(str(row.status), str(row.use)),
                "tip": _tip(row, names, snapshot, w),
            },
            "geometry": _drawn(row.geometry),
        }
        for row in rows(drawn)
    ]


def _tip(
    row: Any,  # noqa: ANN401
    names: dict[str, str],
    snapshot: Snapshot,
    w: Words,
) -> list[str]:
    lines = [
        w("Plot {number}", number=row.plot_id),
        names.get(str(row.area_id), ""),
        f"{w.of(PLOT_USE, row.use)}; {w.of(PLOT_STATUS, row.status)}",
    ]
    if known(row.area_ha):
        how = w("measured") if row.area_from == "measured" else w("as stated")
        lines.append(f"{exact(row.area_ha, w.lang)} {w('ha')} ({how})")
    if known(row.differs_pct) and abs(row.differs_pct) > 0.2:  # noqa: PLR2004 (the tolerance)
        off = number(row.differs_pct, w.lang, decimals=1)
        stated = exact(row.stated_ha, w.lang)
        lines.append(w("stated {area} ha, {off} % off", area=stated, off=off))
    if row.tenant_trade:
        lines.append(w.of(INDUSTRY, row.tenant_trade))
    if row.leased_on:
        lines.append(w("leased on {date}", date=_date(row.leased_on)))
    lines.append(w("as of {date}", date=_date(row.as_of)) if row.as_of else w("undated"))
    lines.append(w("Source: {name}", name=source_name(row.source_id, snapshot.facts.sources)))
    return [line for line in lines if line]


def _date(text: str) -> str:
    try:
        return printed_date(text)
    except ValueError:
        return text


def _drawn(shape: Any) -> Any:  # noqa: ANN401
    # Rounding coordinates and not snapping to a grid: shared borders stay shared.
    rounded = shapely.transform(shape, lambda xy: np.round(xy, _DECIMALS))
    return shapely.geometry.mapping(rounded)
