"""Quality of the fact tables: what can't be right, what is contradicted, old or missing.

The loader refuses tables that contradict their schema; these rules look at what the numbers
say. An error can't be true. A warning is a contradiction or something old that someone should
look at. A note is what one should know when using the figure. Nothing is changed or left out
because of a finding; which figure speaks is decided elsewhere, by the same dates and bases.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

import pandas as pd

from data.quality import _identities as identities
from data.quality import _plausibility as plausibility
from data.quality import _totals as totals
from data.quality._findings import SEVERITIES, Evidence, QualityFinding, Severity, context
from data.quality._texts import RULES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator

    from data.facts import Facts
    from data.quality._findings import Context

__all__ = [
    "CHECKS",
    "RULES",
    "SEVERITIES",
    "Evidence",
    "QualityFinding",
    "Severity",
    "as_records",
    "check_quality",
    "quality_frame",
]

CHECKS: tuple[Callable[[Context], Iterator[QualityFinding]], ...] = (
    identities.held,
    identities.rates,
    identities.future,
    identities.over_full,
    totals.parts,
    totals.province_totals,
    plausibility.falls,
    plausibility.jumps,
    plausibility.bases,
    plausibility.conflicts,
    plausibility.undated,
    plausibility.old,
    plausibility.inexact,
    plausibility.after_source,
    plausibility.early,
    plausibility.wastewater,
    plausibility.unopened,
    identities.counts,
    plausibility.silent,
)


def check_quality(facts: Facts, *, today: dt.date) -> tuple[QualityFinding, ...]:
    """Give the findings of all rules, errors first.

    Parameters
    ----------
    facts
        From :func:`data.facts.load_facts`.
    today
        What is later is to come; what is more than three years older is old.

    Returns
    -------
    tuple of QualityFinding
        In the order of severity, province, area (totals of the province first), code, lines;
        the order of the rows in the tables doesn't matter.

    Examples
    --------
    >>> import datetime as dt
    >>> from data.facts import load_facts
    >>> findings = check_quality(load_facts(), today=dt.date(2026, 11, 21))
    >>> next((item.code, item.found) for item in findings if item.severity == "warning")
    ('F002', '45 % (2011, reported, tq-s05)')
    """
    arranged = context(facts, today)
    return tuple(sorted((item for check in CHECKS for item in check(arranged)), key=_order))


def _order(item: QualityFinding) -> tuple[int, str, str, str, tuple[int, ...], str, str]:
    rank = SEVERITIES.index(item.severity)
    place = (item.province_code, item.area_id)
    return rank, *place, item.code, item.rows, item.metric, item.message_en


def quality_frame(findings: Iterable[QualityFinding]) -> pd.DataFrame:
    """Give findings as a frame, one row each, columns as the fields of `QualityFinding`."""
    columns = [field.name for field in fields(QualityFinding)]
    found = [{name: getattr(item, name) for name in columns} for item in findings]
    return pd.DataFrame(found, columns=columns)


def as_records(findings: Iterable[QualityFinding]) -> list[dict[str, Any]]:
    """Give findings as plain records for JSON, with their rule in both languages."""
    return [
        {
            **asdict(item),
            "rule_vi": RULES[item.code][0],
            "rule_en": RULES[item.code][1],
        }
        for item in findings
    ]
