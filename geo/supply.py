"""What an area is on a date: its status, and whether its land is supply now or to come.

Present supply is land that an investor could find there: operating areas, and those under
construction where cleared land is known and makes at least half of the total. The rest that is
planned, established or being built is the pipeline. An empty status is neither, and is listed.

Tenants on record count as present supply where the status is unknown. That is our definition, of
no law: where leased land or a fill rate above zero was measured by the date, of the whole or of a
phase, there were tenants, so the land was supply whatever the tables don't know of the status.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from data.dates import last_day

if TYPE_CHECKING:
    import datetime as dt

CLEARED_SHARE = 0.5


class Supply(NamedTuple):
    """`present`, `pipeline` or `none`, and the reason."""

    supply: str
    reason: str


def status_on(
    status: str,
    status_as_of: str,
    established_year: int | None,
    as_of: dt.date,
) -> str | None:
    """Status of an area on a date, None where it isn't known.

    Before `established_year` an area is planned; between that and `status_as_of` its status is
    unknown. An undated status holds from `established_year` on.

    Examples
    --------
    >>> import datetime as dt
    >>> status_on("operating", "2026-01", 2015, dt.date(2014, 6, 30))
    'planned'
    >>> status_on("operating", "2026-01", 2015, dt.date(2020, 6, 30)) is None
    True
    >>> status_on("operating", "2026-01", 2015, dt.date(2026, 6, 30))
    'operating'
    """
    if established_year is not None and as_of.year < established_year:
        return "planned"
    since = last_day(status_as_of)
    if not status or (since is not None and as_of < since):
        return None
    return status


def supply_on(
    *,
    kind: str,
    counted: bool,
    status: str | None,
    total_ha: float | None,
    cleared_ha: float | None,
    has_tenants: bool,
) -> Supply:
    """Whether an area's land is present supply, pipeline or neither on a date.

    Parameters
    ----------
    kind, counted
        Of the area; an economic zone and a part of another area are never supply themselves.
    status
        On the date, from :func:`status_on`.
    total_ha, cleared_ha
        Known on the date, hectares; None where unknown.
    has_tenants
        Leased land or a fill rate above zero was measured, dated and not after the date.
    """
    if kind == "economic_zone" or not counted:
        return Supply("none", "economic_zone" if kind == "economic_zone" else "part")
    match status:
        case None:
            known = ("present", "tenants_on_record") if has_tenants else ("none", "status_unknown")
        case "operating":
            known = ("present", "operating")
        case "under_construction":
            least = CLEARED_SHARE * total_ha if total_ha else math.inf
            cleared = cleared_ha is not None and cleared_ha >= least
            known = ("present", "cleared") if cleared else ("pipeline", "not_cleared")
        case "removed":
            known = ("none", "removed")
        case _:
            known = ("pipeline", status)
    return Supply(*known)
