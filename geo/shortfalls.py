"""What a province counts of its own areas, and how many of them the tables lack.

Lists are incomplete. A province's count says by how much, though not which areas, where they
lie or how large they are.
"""

from __future__ import annotations

import datetime as dt
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from data._frames import rows
from data.dates import last_day
from geo.completeness import KIND_OF_SCOPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo.snapshot import Snapshot

ESTABLISHED = frozenset({"operating", "under_construction", "established"})
# What a province counts, and the states in which the tables should hold as many.
COUNTS = {
    "operating_count": frozenset({"operating"}),
    "established_count": ESTABLISHED,
    "area_count": ESTABLISHED,
}


def province_counts(
    snapshot: Snapshot,
    kind: str,
    metrics: Iterable[str],
    *,
    all_subsets: bool = False,
) -> list[dict[str, Any]]:
    """List what the province reports of its areas of a kind, oldest first, undated ones before.

    Parameters
    ----------
    kind
        "industrial_park" or "industrial_cluster"; of other kinds nothing is reported.
    metrics
        Names of `province_figures.csv`.
    all_subsets
        Also figures of state-built or enterprise-built areas alone.

    Returns
    -------
    list
        `scope`, `subset`, `metric`, `value`, `as_of`, `source`, `note`; measured, and not after
        the date.
    """
    wanted, code = set(metrics), snapshot.resolution.code
    found = []
    for row in rows(snapshot.facts.province_figures):
        until = last_day(row.as_of)
        if (
            row.province_code == code
            and len(row.scope) == 1
            and KIND_OF_SCOPE.get(row.scope[0]) == kind
            and row.metric in wanted
            and row.nature == "measured"
            and (all_subsets or row.subset == "all")
            and (until is None or until <= snapshot.as_of)
        ):
            report = {
                "scope": row.scope[0],
                "subset": row.subset,
                "metric": row.metric,
                "value": float(row.value),
                "as_of": row.as_of,
                "source": row.source_id,
                "note": row.note,
            }
            found.append((until or dt.date.min, report))
    return [report for _, report in sorted(found, key=itemgetter(0))]


def shortfalls(
    snapshot: Snapshot,
    kind: str,
    metrics: Iterable[str] = ("operating_count",),
) -> list[dict[str, Any]]:
    """Where the province's newest counts exceed what the tables hold of a kind.

    Returns
    -------
    list
        One reason `list_lacks_areas` for each metric that does: `kind`, `metric`, `reported`,
        `here`, `missing`, `as_of`, `source`.
    """
    columns = [snapshot.areas[name].tolist() for name in ("counted", "kind", "status")]
    listed = [
        status for counted, of, status in zip(*columns, strict=True) if counted and of == kind
    ]
    found: list[dict[str, Any]] = []
    for metric in metrics:
        reports = province_counts(snapshot, kind, (metric,))
        here = sum(status in COUNTS[metric] for status in listed)
        if reports and reports[-1]["value"] > here:
            newest = reports[-1]
            found.append(
                {
                    "code": "list_lacks_areas",
                    "kind": kind,
                    "metric": metric,
                    "reported": int(newest["value"]),
                    "here": here,
                    "missing": int(newest["value"]) - here,
                    "as_of": newest["as_of"],
                    "source": newest["source"],
                },
            )
    return found
