"""What the province reports as a whole, beside what the tables hold.

The lists of areas are incomplete; a planner should see by how much. Totals of the province are
never added to the account, and the account is never scaled to them.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

import pandas as pd

from data._frames import rows
from data.dates import last_day

if TYPE_CHECKING:
    from geo.snapshot import Snapshot

KIND_OF_SCOPE = {"kcn": "industrial_park", "ccn": "industrial_cluster"}
COMPARED = ("operating_count", "fill_rate_pct")
COLUMNS = ("scope", "metric", "reported", "as_of", "source", "note", "here", "listed")


def province_reports(snapshot: Snapshot) -> pd.DataFrame:
    """Newest report of the province on its parks and on its clusters, and our count.

    Returns
    -------
    DataFrame
        One row for each scope ("kcn", "ccn") and metric of `COMPARED` that was reported not
        after the date: `reported` value with `as_of`, `source` and `note`; `here` the same
        from the tables (number of operating areas, or fill rate in percent, NaN where no area
        has a pair); `listed` the number of areas of the kind in the tables.
    """
    figures = snapshot.facts.province_figures
    ours = figures[
        (figures["province_code"] == snapshot.resolution.code)
        & (figures["nature"] == "measured")
        & (figures["subset"] == "all")
    ]
    found = []
    for scope, kind in KIND_OF_SCOPE.items():
        for metric in COMPARED:
            known = [
                (until, row)
                for row in rows(ours[ours["metric"] == metric])
                if row.scope == (scope,)
                and (until := last_day(row.as_of)) is not None
                and until <= snapshot.as_of
            ]
            if not known:
                continue
            _, row = max(known, key=itemgetter(0))
            listed = snapshot.areas[snapshot.areas["counted"] & (snapshot.areas["kind"] == kind)]
            if metric == "operating_count":
                here = float((listed["status"] == "operating").sum())
            else:
                paired = listed[listed["paired"] & (listed["supply"] == "present")]
                land = paired["leasable_ha"].sum()
                here = float(paired["leased_ha"].sum() / land * 100.0) if land else float("nan")
            found.append(
                (scope, metric, row.value, row.as_of, row.source_id, row.note, here, len(listed)),
            )
    return pd.DataFrame(found, columns=list(COLUMNS))
