"""Data quality in the report: what is missing most, and what contradicts itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from data._frames import rows
from data.dates import printed_date
from data.quality import check_quality
from geo.history import timeline
from geo.quality import missing_most
from layers.missing import MISSING, answer_text
from layers.numbers import hectares, known, number
from layers.words import mark

if TYPE_CHECKING:
    from collections.abc import Collection

    from geo.snapshot import Province, Snapshot
    from layers.words import Words

SEVERITY: Final = {"error": mark("error"), "warning": mark("warning"), "note": mark("note")}
MOST_MISSING: Final = 10
MOST_FINDINGS: Final = 12


def quality_part(
    province: Province,
    state: Snapshot,
    w: Words,
    *,
    ids: Collection[str] | None = None,
) -> dict[str, Any]:
    """Say what is missing most and what should be looked at.

    Parameters
    ----------
    ids
        Areas that are spoken of; all, and the totals of the province, where None.
    """
    missing = missing_most(timeline(province), state.as_of)
    findings = [
        item
        for item in check_quality(province.facts, today=state.as_of)
        if item.province_code == state.resolution.code and (ids is None or item.area_id in ids)
    ]
    if ids is not None:
        missing = missing[missing["area_id"].isin(ids)]
    told = [
        f"{w(name)} {sum(item.severity == severity for item in findings)}"
        for severity, name in SEVERITY.items()
    ]
    summary = [
        w(
            "{missing} existing parks and clusters lack recent figures; the checks of the "
            "tables find: {findings}.",
            missing=len(missing),
            findings=", ".join(told),
        ),
    ]
    if len(missing):
        summary.append(answer_text(missing, w))
    more = len(findings) - MOST_FINDINGS
    return {
        "summary": summary,
        "missing": [
            {
                "name": w.pick(row.name_vi, row.name_en),
                "land": (hectares(row.land_ha, w.lang) or w("no data"))
                + (f" ({w('assumed')})" if row.land_assumed else ""),
                "missing": ", ".join(w.of(MISSING, item) for item in row.missing),
                "newest": printed_date(row.newest_as_of) or w("no data"),
                "shrink": number(row.shrink_pct, w.lang, decimals=1)
                if known(row.shrink_pct)
                else (w("gives it bounds") if row.blocks_bounds else "-"),
            }
            for row in rows(missing.head(MOST_MISSING))
        ],
        "findings": [
            f"{w.of(SEVERITY, item.severity)}: {w.pick(item.message_vi, item.message_en)}"
            for item in findings[:MOST_FINDINGS]
        ]
        + (
            [w("{count} further findings are on the page of the data.", count=more)]
            if more > 0
            else []
        ),
    }
