"""Hard limits: what a place must have, and what is said where it hasn't.

A limit is met only where all that a measure may be meets it, and not met only where nothing
does; in between it can't be told, the place stays and is called unverified. A distance within
the tolerance of positions around a limit is in between.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from geo.candidates import IN_PROVINCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from data.criteria import Limits
    from geo.candidates import Candidate, Measured
    from geo.verdicts import Truth

AT_LEAST, AT_MOST = ">=", "<="

# Code of the reason by limit: where it isn't met, and where that can't be told.
CODES: Final = {
    "min_available_ha": ("land_too_small", "land_unsure"),
    "statuses": ("status_not_allowed", "status_unknown"),
    "max_km": ("too_far", "distance_unsure"),
    "wastewater": ("no_wastewater_plant", "wastewater_unknown"),
    "in_economic_zone": ("outside_economic_zone", "economic_zone_unsure"),
    "encouraged": ("trade_not_encouraged", "policy_unsure"),
    "max_rent_usd_m2": ("rent_too_high", "rent_unsure"),
}


@dataclass(frozen=True)
class Check:
    """One limit at one place.

    Attributes
    ----------
    limit
        Field of :class:`data.criteria.Limits`, for a distance with its target:
        "max_km.seaport".
    met
        True, False, or None where it can't be told.
    code
        "met", or one of :data:`CODES`.
    params
        `operator`, `asked`, `unit`, and of what was found `value`, `low`, `high`, `as_of`,
        `basis`, `sources`, `how` (the `code` of the measure) and what else the measure knows,
        such as `target_id`, `tolerance_km` or `sentences` with their citations.
    """

    limit: str
    met: Truth
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


def check_limits(place: Candidate, limits: Limits) -> tuple[Check, ...]:
    """Check a place against all limits that ask for something, in the order of their fields."""
    return tuple(_checks(place, limits))


def _checks(place: Candidate, limits: Limits) -> Iterator[Check]:
    if limits.min_available_ha is not None:
        land = place.measured["available_ha"]
        yield _compare("min_available_ha", land, AT_LEAST, limits.min_available_ha)
    if limits.statuses is not None:
        yield _status(place, limits.statuses)
    for target, most in limits.max_km.items():
        distance = place.measured[f"km_to_{target}"]
        yield _compare("max_km", distance, AT_MOST, most, target=target)
    if limits.wastewater:
        yield _compare("wastewater", place.measured["wastewater"], AT_LEAST, 1.0)
    if limits.in_economic_zone:
        yield _compare("in_economic_zone", place.measured["in_economic_zone"], AT_LEAST, 1.0)
    if limits.encouraged:
        yield _compare("encouraged", place.measured["policy"], AT_LEAST, IN_PROVINCE)
    if limits.max_rent_usd_m2 is not None:
        rent = place.measured["rent_usd_m2"]
        yield _compare("max_rent_usd_m2", rent, AT_MOST, limits.max_rent_usd_m2)


def _compare(
    limit: str, found: Measured, operator: str, asked: float, *, target: str = ""
) -> Check:
    if operator == AT_LEAST:
        sure, possible = found.low >= asked, found.high >= asked
    else:
        sure, possible = found.high <= asked, found.low <= asked
    met = True if sure else None if possible else False
    params = {
        "operator": operator,
        "asked": asked,
        "unit": found.unit,
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "as_of": found.as_of,
        "basis": found.basis,
        "sources": found.sources,
        "how": found.code,
        **found.params,
    }
    if target:
        params["target"] = target
    return _check(limit, met, params, key=f"{limit}.{target}" if target else limit)


def _check(limit: str, met: Truth, params: dict[str, Any], *, key: str) -> Check:
    failed, unsure = CODES[limit]
    return Check(key, met, "met" if met else unsure if met is None else failed, params)


def _status(place: Candidate, allowed: tuple[str, ...]) -> Check:
    met = None if place.status is None else place.status in allowed
    params = {
        "asked": list(allowed),
        "value": place.status,
        "as_of": place.status_as_of,
        "basis": "table",
        "sources": place.sources,
    }
    return _check("statuses", met, params, key="statuses")
