"""Form 04 on clusters as an annex of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.form04 import UNITS, change, form04
from layers.form04 import (
    ITEMS,
    blank_texts,
    caveat_texts,
    period_text,
    title_text,
)
from layers.numbers import exact

if TYPE_CHECKING:
    import datetime as dt

    from geo.snapshot import Province
    from layers.words import Words


def form_part(province: Province, as_of: dt.date, w: Words) -> dict[str, Any]:
    """Give the rows of the form; a cell that isn't known is blank and listed."""
    form = form04(province, as_of)
    return {
        "lead": [
            f"{title_text(w)}.",
            w(
                "This period: {now}. Period before: {before}.",
                now=period_text(form.now.period, w),
                before=period_text(form.before.period, w),
            ),
        ],
        "rows": [
            {
                "number": str(now.number),
                "name": w(ITEMS[now.number]),
                "unit": UNITS[now.number],
                "now": exact(now.value, w.lang),
                "before": exact(before.value, w.lang),
                "change": exact(change(now, before), w.lang),
            }
            for now, before in zip(form.now.items, form.before.items, strict=True)
        ],
        "blanks": blank_texts(form, w),
        "caveats": caveat_texts(form, w),
    }
