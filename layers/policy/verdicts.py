"""Targets and legal conditions in words, and as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from data._frames import rows
from layers.numbers import day, exact, known, number
from layers.text_table import as_text, headed_table
from layers.words import mark, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from data._message import Lang
    from geo.snapshot import Snapshot
    from layers.words import Words

VERDICT: Final = {
    "met": mark("met"),
    "not_met": mark("not met"),
    "holds": mark("holds"),
    "fails": mark("fails"),
    "cannot_tell": mark("cannot tell: unknown data decide"),
    "not_measurable": mark("not measurable from land data"),
}

STANDING: Final = {
    "legal_condition": mark("condition of the law"),
    "indicator": mark("indicator: its clause was not read"),
    "repealed": mark("repealed"),
}

TARGET_UNIT: Final = {
    "%": "%",
    "%/year": mark("%/year"),
    "bn_vnd": mark("bn VND"),
    "bn_vnd/year": mark("bn VND/year"),
    "jobs": mark("jobs"),
    "jobs/year": mark("jobs/year"),
    "firms": mark("firms"),
    "areas": mark("parks, clusters"),
    "villages": mark("craft villages"),
    "ha": mark("ha"),
}

_OPERATORS: Final = {">=": "≥ ", ">": "> ", "<=": "≤ ", "<": "< "}
_DECIMALS: Final = 1


def _with_unit(text: str, unit: str | None, w: Words) -> str:
    return " ".join(part for part in (text, w.of(TARGET_UNIT, unit)) if part)


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def asked_text(row: Any, w: Words) -> str:  # noqa: ANN401 (a row)
    """Write what a target asks for, as its document prints it where there is no number."""
    if not known(row.value):
        return w.pick(row.as_printed_vi or "", row.as_printed_en or "")
    value = exact(row.value, w.lang)
    if known(row.value_max):
        value = f"{value}-{exact(row.value_max, w.lang)}"
    text = _with_unit(_OPERATORS.get(row.operator, "") + value, row.unit, w)
    return w("about {value}", value=text) if row.about else text


def range_text(low: float | None, high: float | None, unit: str, w: Words) -> str:
    """Write the bounds of a measured value; "" where there are none.

    Examples
    --------
    >>> range_text(1.0, None, "ha", words("en")), range_text(0.0, 68.04, "ha", words("vi"))
    ('at least 1 ha', '0-68 ha')
    """
    if low is None or not known(low):
        return ""
    first = number(low, w.lang, decimals=_DECIMALS, trim=True)
    if high is None or not known(high):
        return w("at least {value}", value=_with_unit(first, unit, w))
    last = number(high, w.lang, decimals=_DECIMALS, trim=True)
    return _with_unit(first if first == last else f"{first}-{last}", unit, w)


def measured_text(row: Any, w: Words) -> str:  # noqa: ANN401 (a row)
    """Write a measured value: its bounds, and below them the part that is known."""
    bounds = range_text(row.min, row.max, row.unit, w)
    value = range_text(row.measured, row.measured, row.unit, w)
    if not value or value == bounds:
        return bounds
    return _lines(bounds, w("known part {rate}", rate=value))


def listed_range_text(row: Mapping[str, Any], w: Words) -> str:
    """Write the bounds by the clusters in the tables alone, "" where they are the same."""
    if (row["listed_min"], row["listed_max"]) == (row["min"], row["max"]):
        return ""
    bounds = range_text(row["listed_min"], row["listed_max"], row["unit"], w)
    return w("by the clusters in the tables: {value}", value=bounds) if bounds else ""


def listed_verdict_text(row: Mapping[str, Any], w: Words) -> str:
    """Write the verdict by the clusters in the tables alone, "" where it is the same.

    Parameters
    ----------
    row
        A row of :func:`geo.conditions.conditions`.
    """
    missing = sum(one["missing"] for one in row["reasons"] if one["code"] == "list_lacks_areas")
    if not missing or row["listed_verdict"] in {None, row["verdict"]}:
        return ""
    return w(
        "by the clusters in the tables: {verdict}; the province reports {count} more that the "
        "tables lack",
        verdict=w.of(VERDICT, row["listed_verdict"]),
        count=missing,
    )


def _coverage(row: Any, w: Words) -> str:  # noqa: ANN401 (a row)
    if row.coverage_all is None:
        return ""
    return w("{known} of {all}", known=row.coverage_known, all=row.coverage_all)


def targets_text(snapshot: Snapshot, frame: pd.DataFrame, *, lang: Lang) -> str:
    """Write the targets with what is measured of them.

    Parameters
    ----------
    frame
        From :func:`geo.targets.targets`.
    """
    w = words(lang)
    table = headed_table(
        snapshot, w, (w("Target"), w("Asked"), w("Due"), w("Measured"), w("Known"), w("Verdict"))
    )
    for row in rows(frame):
        table.add_row(
            w.pick(row.name_vi, row.name_en),
            asked_text(row, w),
            day(row.due) if row.due else w("no year given"),
            measured_text(row, w),
            _coverage(row, w),
            w.of(VERDICT, row.verdict),
        )
    return as_text(table)


def conditions_text(snapshot: Snapshot, frame: pd.DataFrame, *, lang: Lang) -> str:
    """Write the conditions of the law with what is measured of them.

    Parameters
    ----------
    frame
        From :func:`geo.conditions.conditions`.
    """
    w = words(lang)
    table = headed_table(
        snapshot, w, (w("Condition"), w("Measured"), w("Verdict"), w("Standing"), w("Article"))
    )
    for row in rows(frame):
        text = w.pick(row.text_vi, row.text_en)
        if row.place_vi and row.formula:
            text = f"{text} ({row.place_vi})"
        table.add_row(
            f"= {text}" if row.formula else text,
            _lines(measured_text(row, w), listed_range_text(row._asdict(), w)),
            _lines(w.of(VERDICT, row.verdict), listed_verdict_text(row._asdict(), w)),
            w.of(STANDING, row.standing),
            f"{row.document}, {row.article}",
        )
    return as_text(table)
