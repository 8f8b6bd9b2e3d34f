"""Plots of parks and clusters on a date: their land, their status, and what they add up to.

A register of plots is kept row by row: a row that didn't change keeps its date. Its figures are
therefore dated with the newest date of its plots; the oldest stands beside. A plot that is
listed again later is a newer state of the same plot. A lease in force sets the status of the
land it covers; what it doesn't cover keeps the plot's own status.

Land is measured from the polygon in the province's VN-2000 zone; the area that the register
states is compared with it, and speaks where there is no polygon.

What counts: for `kcn_2022` industrial and service land (Nghị định 35/2022/NĐ-CP Điều 2 khoản
22), for `kcn_2018` industrial land (Nghị định 82/2018/NĐ-CP Điều 2 khoản 12), for `ccn_2024`
industrial land, leased or with an approved project (Nghị định 32/2024/NĐ-CP Điều 2 khoản 7).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from data.dates import last_day
from geo._plot_states import LET, STATUSES, arrays, each, says, states_on
from geo.crs import area_ha

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from geo._plot_states import Flags, Floats, Integers

INDUSTRIAL: Final = frozenset({"SKK", "SKN"})
SHARED_USES: Final = ("green", "traffic", "technical", "social")
COUNTED_USES: Final[Mapping[str, frozenset[str]]] = {
    "kcn_2022": INDUSTRIAL | {"service"},
    "kcn_2018": INDUSTRIAL,
    "ccn_2024": INDUSTRIAL,
}
LEASED_STATUSES: Final[Mapping[str, tuple[str, ...]]] = {
    "kcn_2022": ("leased",),
    "kcn_2018": ("leased",),
    "ccn_2024": LET,
}
# The first is the basis in force, in which plots enter the figures of an area.
BASES_OF_KIND: Final[Mapping[str, tuple[str, ...]]] = {
    "industrial_park": ("kcn_2022", "kcn_2018"),
    "high_tech_park": ("kcn_2022", "kcn_2018"),
    "industrial_cluster": ("ccn_2024",),
}
# Plots of a detailed plan fill the park; gaps such as canals and margins stay below.
WHOLE_LAYER: Final = 0.95
STATUS_FIELDS: Final = tuple(f"{status}_ha" for status in STATUSES)
MEASURED_COLUMNS: Final = ("measured_ha", "stated_ha", "area_ha", "area_from", "differs_pct")
FIGURE_COLUMNS: Final = (
    "area_id",
    "basis",
    "leasable_ha",
    "leased_ha",
    *(f"{status}_land_ha" for status in STATUSES),
    "fill_rate_pct",
    "plots_count",
    "plots_without_area",
    "plots_ha",
    "oldest_as_of",
    "newest_as_of",
)


class Register(NamedTuple):
    """Plots and leases of some areas, made ready for any date.

    `plots` has the columns of :func:`measure` and `day`, from which a row is known; `leases` has
    `first` and `last`, the days of its term. Days are proleptic ordinals, 0 where undated.
    """

    plots: gpd.GeoDataFrame
    leases: pd.DataFrame


def measure(plots: gpd.GeoDataFrame, crs: str) -> pd.DataFrame:
    """Land of each plot, measured and as stated.

    Parameters
    ----------
    plots
        With `area_ha` as stated (missing or "" where it isn't) and polygons in any system.
    crs
        The province's VN-2000 zone.

    Returns
    -------
    DataFrame
        On the index of `plots`, columns `MEASURED_COLUMNS`: hectares; `area_ha` is measured,
        else stated, else NaN, as `area_from` says ("measured", "stated", ""); `differs_pct` by
        how much the stated area differs from the measured one.
    """
    stated = pd.to_numeric(plots["area_ha"], errors="coerce").astype("float64")
    if plots.empty:
        measured = stated.copy()
    else:
        shapes = plots.geometry
        land = area_ha(shapes, crs)
        measured = land.where(shapes.notna() & ~shapes.is_empty & (land > 0))
    known = measured.where(measured.notna(), stated)
    return pd.DataFrame(
        {
            "measured_ha": measured,
            "stated_ha": stated,
            "area_ha": known,
            "area_from": np.select([measured.notna(), stated.notna()], ["measured", "stated"], ""),
            "differs_pct": (stated - measured) / measured * 100.0,
        },
        index=plots.index,
    )


def register(
    plots: gpd.GeoDataFrame,
    leases: pd.DataFrame,
    sources: pd.DataFrame,
    crs: str,
    *,
    measured: pd.DataFrame | None = None,
) -> Register:
    """Make plots and leases ready for any date.

    A row without a date is known from the date of its source; where the source has none, from
    the newest date in the register of its area, which was surely written after all its rows.

    Parameters
    ----------
    plots, leases
        `Facts.plots`, `Facts.leases`, or some of their rows.
    sources
        `Facts.sources`, indexed by id.
    crs
        The province's VN-2000 zone.
    measured
        Land of these plots, row by row, from :func:`measure`; measured here where None.
    """
    plots, leases = plots.reset_index(drop=True), leases.reset_index(drop=True)
    said = {str(key): _day(str(text)) for key, text in sources["date"].items()}
    land = measure(plots, crs) if measured is None else measured
    ready = plots.drop(columns="area_ha").join(land)
    tables = (plots, "as_of"), (leases, "signed_on")
    days = np.concatenate(
        [_days(table[field], table["source_id"], said) for table, field in tables]
    )
    codes, names = pd.factorize(
        pd.concat([table["area_id"] for table, _ in tables], ignore_index=True)
    )
    newest = np.zeros(len(names), dtype="int64")
    np.maximum.at(newest, codes, days)
    known = np.where(days > 0, days, newest[codes])
    last = each(leases["ends_on"], lambda text: _day(text) or dt.date.max.toordinal())
    return Register(
        ready.assign(day=known[: len(plots)]),
        leases.assign(
            area_ha=pd.to_numeric(leases["area_ha"], errors="coerce").astype("float64"),
            first=known[len(plots) :],
            last=last,
        ),
    )


def _days(texts: pd.Series, source_ids: pd.Series, said: Mapping[str, int]) -> Integers:
    """Give the day of each row, else that of its source, else 0."""
    own = each(texts, _day)
    return np.where(own > 0, own, each(source_ids, lambda source: said.get(source, 0)))


def _day(text: str) -> int:
    day = last_day(text)
    return day.toordinal() if day is not None else 0


def in_force(leases: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Leases of `Register.leases` that are in force on a date, both ends of the term included."""
    day = as_of.toordinal()
    return leases[(leases["first"] <= day) & (leases["last"] >= day)]


def plots_on(kept: Register, as_of: dt.date) -> gpd.GeoDataFrame:
    """Give the plots as they are known on a date, each with its land by status.

    Parameters
    ----------
    kept
        From :func:`register`.
    as_of
        No row later than it is used.

    Returns
    -------
    GeoDataFrame
        The newest row of each plot, with the columns of :func:`measure`, `stated_status` (the
        plot's own), `status` on the date ("unknown" where neither plot nor lease says it; the
        one with most land where a lease covers a part), `status_from` ("lease" | "plot" | "")
        and the land by status `STATUS_FIELDS`, which sums to `area_ha`.
    """
    states = states_on(arrays(kept.plots, kept.leases), as_of)
    # The rows are in order, so as many as there are are all of them: no copy is made.
    all_of_them = len(states.row) == len(kept.plots)
    newest = kept.plots if all_of_them else kept.plots.iloc[states.row]
    return newest.rename(columns={"status": "stated_status"}).assign(
        status=pd.array(STATUSES, dtype="str").take(states.status),
        status_from=says(states),
        **dict(zip(STATUS_FIELDS, states.land.T, strict=True)),
    )


def add_up(plots: gpd.GeoDataFrame, kinds: Mapping[str, str]) -> pd.DataFrame:
    """Figures of areas from their plots, by basis.

    Parameters
    ----------
    plots
        From :func:`plots_on`.
    kinds
        Kind by area id; economic zones and areas that aren't here have no figures.

    Returns
    -------
    DataFrame
        One row an area and basis, the basis in force first, columns `FIGURE_COLUMNS`:
        hectares of the uses that the basis counts, NaN where no such plot has an area;
        `leased_ha` as the basis counts it; `<status>_land_ha` sums of the same land by status,
        which make `leasable_ha` together; `plots_ha` the land of all plots of the area,
        whatever their use.
    """
    ids = plots["area_id"]
    use, as_of, day = (plots[name].to_numpy() for name in ("use", "as_of", "day"))
    land = plots["area_ha"].to_numpy(dtype="float64")
    by_status = plots[list(STATUS_FIELDS)].to_numpy(dtype="float64")
    found = []
    for area_id, mine in ids.groupby(ids, sort=False).indices.items():
        dated = mine[as_of[mine] != ""]
        oldest, newest = (
            str(as_of[dated[at]]) if len(dated) else "" for at in first_and_last(day[dated])
        )
        for basis in BASES_OF_KIND.get(kinds.get(str(area_id), ""), ()):
            counted = np.isin(use[mine], list(COUNTED_USES[basis]))
            sums = land_sums(land[mine], by_status[mine], counted, basis)
            known = counted.sum() > sums.plots_without_area
            leasable = sums.leasable_ha if known else np.nan
            leased = sums.leased_ha if known else np.nan
            found.append(
                (
                    area_id,
                    basis,
                    leasable,
                    leased,
                    *sums.by_status.tolist(),
                    leased / leasable * 100.0 if leasable else np.nan,
                    int(counted.sum()),
                    sums.plots_without_area,
                    sums.plots_ha,
                    oldest,
                    newest,
                ),
            )
    return pd.DataFrame(found, columns=list(FIGURE_COLUMNS))


class LandSums(NamedTuple):
    """Hectares of plots: of those a basis counts, by `STATUSES` of these, and of all."""

    leasable_ha: float
    leased_ha: float
    by_status: Floats
    plots_ha: float
    plots_without_area: int


def land_sums(land: Floats, by_status: Floats, counted: Flags, basis: str) -> LandSums:
    """Add up the land of n plots.

    Parameters
    ----------
    land
        (n,) hectares, NaN where unknown.
    by_status
        (n, k): the same by `STATUSES`.
    counted
        (n,) whether the basis counts the use.
    """
    sized = counted & ~np.isnan(land)
    statuses = by_status[sized].sum(axis=0)
    return LandSums(
        leasable_ha=float(land[sized].sum()),
        leased_ha=float(sum(statuses[STATUSES.index(one)] for one in LEASED_STATUSES[basis])),
        by_status=statuses,
        plots_ha=float(np.nansum(land)),
        plots_without_area=int(counted.sum() - sized.sum()),
    )


def first_and_last(days: Integers) -> tuple[int, int]:
    """Give the first place of the earliest day and the last of the latest; 0 where there is none.

    Examples
    --------
    >>> first_and_last(np.array([5, 3, 3, 9, 9, 7]))
    (1, 4)
    """
    if not len(days):
        return 0, 0
    return int(np.argmin(days)), int(len(days) - 1 - np.argmax(days[::-1]))
