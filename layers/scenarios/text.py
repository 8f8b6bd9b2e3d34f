"""What a scenario changes, as text for a terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from data._frames import rows
from layers.numbers import exact, number
from layers.policy.verdicts import VERDICT
from layers.text_table import as_text, headed_table
from layers.words import METRIC, POSITION, STATUS, UNIT, mark, words

if TYPE_CHECKING:
    import pandas as pd

    from data._message import Lang
    from geo.snapshot import Snapshot
    from layers.words import Words

FIELD: Final = METRIC | {
    "fill_rate_min_pct": mark("fill rate, at least"),
    "fill_rate_max_pct": mark("fill rate, at most"),
    "available_min_ha": mark("available land, at least"),
    "available_max_ha": mark("available land, at most"),
    "pipeline_ha": mark("land to come"),
    "areas_count": mark("existing areas"),
    "areas_with_figures": mark("areas with figures"),
    "coverage_count_pct": mark("areas with figures, share"),
    "coverage_land_pct": mark("land with figures, share"),
    "status": mark("status"),
    "supply": mark("counted as"),
    "position": mark("position"),
    "verdict": mark("verdict"),
    "measured": mark("measured"),
}
SUPPLY_KIND: Final = {
    "present": mark("present supply"),
    "pipeline": mark("to come"),
    "none": mark("not counted"),
}
_WORDS_OF: Final = {
    "status": STATUS,
    "supply": SUPPLY_KIND,
    "position": POSITION,
    "verdict": VERDICT,
}


def value_text(row: Any, value: float | str | None, w: Words) -> str:  # noqa: ANN401 (a row)
    """Write one end of a difference; what isn't known, or isn't there, has a word."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return w("no data")
    if isinstance(value, str):
        return w.of(_WORDS_OF.get(row.field, {}), value)
    return f"{exact(round(value, 2), w.lang)} {w.of(UNIT, row.unit)}".strip()


def change_text(row: Any, w: Words) -> str:  # noqa: ANN401 (a row)
    """Write a change with its sign; of percentages in points."""
    if math.isnan(row.change):
        return ""
    sign = "+" if row.change > 0 else "-" if row.change < 0 else ""
    unit = w("points") if row.unit == "%" else w.of(UNIT, row.unit)
    size = number(abs(row.change), w.lang, decimals=2, trim=True)
    return f"{sign}{size} {unit}".strip()


def difference_text(base: Snapshot, frame: pd.DataFrame, title: str, *, lang: Lang) -> str:
    """Write what changed of a difference.

    Parameters
    ----------
    base
        What it starts from, for the head.
    frame
        From :func:`geo.differences.difference`.
    title
        Names of the scenarios.
    """
    w = words(lang)
    heads = (w("Place"), w("Figure"), w("before"), w("after"), w("change"))
    table = headed_table(base, w, heads)
    last = ""
    for row in rows(frame[frame["changed"]]):
        name = w.pick(row.name_vi, row.name_en)
        table.add_row(
            name if row.key != last else "",
            w.of(FIELD, row.field),
            value_text(row, row.before, w),
            value_text(row, row.after, w),
            change_text(row, w),
        )
        last = row.key
    lines = [w("Scenario: {names}. Assumed, not facts.", names=title)]
    if not frame["changed"].any():
        lines.append(w("Nothing changes."))
    return as_text(table, "", *lines)
