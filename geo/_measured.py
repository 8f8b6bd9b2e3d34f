"""Measures of a place: a value where one is known, and the interval of all that it may be."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from data._errors import DataError, Finding
from data._message import Message
from data.criteria import measures as measure_entries
from geo.account import Assumptions, Part, land_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from geo.figures import Figure
    from geo.states import AreaState

# Scales of 0 to 1 are the product's own judgement; `data/presets.yaml` tells them to the user.
READINESS: Final = {"operating": 1.0, "under_construction": 0.6, "established": 0.3, "planned": 0.0}
WASTEWATER: Final = {"yes": 1.0, "under_construction": 0.5, "no": 0.0}
SCALE = (0.0, 1.0)
ANY = (0.0, math.inf)


@dataclass(frozen=True)
class Measured:
    """One measure of a place.

    Attributes
    ----------
    value
        None where it isn't known, or only an interval is.
    low, high
        Between what it lies; infinite where it has no bound.
    as_of, basis, sources
        Of the figure it rests on: `basis` is one of :data:`data.vocabulary.BASES`,
        "straight_line", "assumed" (an interval from assumed land), "table" (a fact of the area)
        or "document"; `sources` are ids of `sources.csv`.
    code
        How it came about, or why it isn't known: known | range | lower_bound | assumed |
        unknown | rate_too_old | position_unknown | no_target | target_unplaced | trade_missing |
        anchor_missing | zone_unknown | communes_shared.
    params
        Of a distance `target_id`, `target_vi`, `target_en`, `tolerance_km`, `position`; of the
        policy `sentences`; of assumed land `total_ha`, `nature`, `rate_pct`, and
        `reported_pct`, `reported_as_of` of a rate that is too old to fix it.
    """

    measure: str
    value: float | None
    low: float
    high: float
    unit: str
    as_of: str = ""
    basis: str = ""
    sources: tuple[str, ...] = ()
    code: str = "known"
    params: Mapping[str, Any] = field(default_factory=dict)


def _unit(measure: str) -> str:
    return next(entry.unit for key, entry in measure_entries().items() if key == measure)


def measured(
    measure: str,
    value: float | None,
    bounds: tuple[float, float] | None = None,
    /,
    **fields: Any,  # noqa: ANN401
) -> Measured:
    at = math.nan if value is None else value
    low, high = bounds or (at, at)
    return Measured(measure, value, low, high, _unit(measure), **fields)


def of_figure(measure: str, figure: Figure, **fields: Any) -> Measured:  # noqa: ANN401
    """Give a figure as a measure: the number as printed, as the account takes it.

    Only a sum of some parts is a lower bound and no value; "over", "nearly" and "about" say how
    the source rounded, and stand in `params`.
    """
    known = figure.how != "lower_bound"
    given: dict[str, Any] = {
        "as_of": figure.as_of,
        "basis": figure.basis,
        "sources": figure.sources,
        "code": "known" if known else "lower_bound",
        "params": {
            "how": figure.how,
            "nature": figure.nature,
            "note": figure.note,
            "qualifier": figure.qualifier,
        },
    }
    bounds = (figure.value, figure.value if known else math.inf)
    return measured(measure, figure.value if known else None, bounds, **(given | fields))


def land(state: AreaState, as_of: dt.date, assume: Assumptions) -> tuple[Measured, ...]:
    """Available land, total area and fill rate; of the pipeline as it is planned."""
    total, occupancy = state.pipeline_total, state.occupancy
    # Land to come is bounded by the plan, as land that is there by its survey.
    land = land_of(
        Part(replace(state, total=total), 1.0, assumed=False, counts_here=True),
        as_of,
        assume,
    )
    rate = occupancy.rate
    fixed = rate is not None and land is not None and land.least_rate == land.most_rate
    if occupancy.available is not None:
        available = of_figure("available_ha", occupancy.available)
    elif land is None:
        available = measured("available_ha", None, ANY, code="unknown")
    else:
        rests = [
            figure
            for figure in (occupancy.leasable or total, rate if fixed else None)
            if figure is not None
        ]
        available = measured(
            "available_ha",
            None,
            (land.least_ha * (1 - land.most_rate), land.most_ha * (1 - land.least_rate)),
            as_of=rests[0].as_of if rests else "",
            basis="assumed",
            sources=tuple(dict.fromkeys(source for figure in rests for source in figure.sources)),
            code="assumed",
            params={
                "total_ha": total.value if total else None,
                "nature": total.nature if total else "",
                "rate_pct": rate.value if rate is not None and fixed else None,
                "reported_pct": rate.value if rate is not None and not fixed else None,
                "reported_as_of": rate.as_of if rate is not None and not fixed else "",
            },
        )
    if total is not None:
        size = of_figure("total_area_ha", total)
    elif state.kind == "industrial_cluster":
        bounds = (assume.least_cluster_ha, assume.most_cluster_ha)
        size = measured("total_area_ha", None, bounds, basis="assumed", code="assumed")
    else:
        size = measured("total_area_ha", None, ANY, code="unknown")
    full = (0.0, 100.0)
    if rate is None:
        filled = measured("fill_rate_pct", None, full, code="unknown")
    elif fixed or occupancy.paired:
        filled = of_figure("fill_rate_pct", rate)
    else:
        filled = replace(
            of_figure("fill_rate_pct", rate, code="rate_too_old"),
            value=None,
            low=full[0],
            high=full[1],
            params={"reported_pct": rate.value, "reported_as_of": rate.as_of},
        )
    return available, size, filled


def rent(state: AreaState) -> Measured:
    figure = state.figures.get("rent_usd_m2")
    if figure is not None:
        return of_figure("rent_usd_m2", figure)
    least, most = (state.figures.get(f"rent_{end}_usd_m2") for end in ("min", "max"))
    given = least or most
    if given is None:
        return measured("rent_usd_m2", None, ANY, code="unknown")
    ends = [figure for figure in (least, most) if figure is not None]
    return measured(
        "rent_usd_m2",
        None,
        (least.value if least else 0.0, most.value if most else math.inf),
        as_of=given.as_of,
        sources=tuple(dict.fromkeys(source for figure in ends for source in figure.sources)),
        basis=given.basis,
        code="range",
    )


def fact(
    measure: str,
    scale: Mapping[str, float],
    cell: str | None,
    as_of: str,
    sources: tuple[str, ...],
    *,
    area_id: str,
    column: str,
) -> Measured:
    """Give a fact of the area on its scale.

    Raises
    ------
    data._errors.DataError
        The cell isn't on the scale.
    """
    if not cell:
        return measured(measure, None, SCALE, code="unknown")
    if cell not in scale:
        expected = Message("one of {names}, or nothing", names=", ".join(scale))
        raise DataError([Finding("areas", area_id, column, cell, expected)])
    return measured(
        measure, scale[cell], as_of=as_of, basis="table", sources=sources, params={"cell": cell}
    )
