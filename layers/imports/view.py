"""The report on an import as the page shows it: counts, findings, and what would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from data._frames import rows
from data.importing.findings import SEVERITIES
from data.importing.report import counts
from layers.findings import SEVERITY, count_html, count_text
from layers.imports.words import field_word, place_text
from layers.safe_html import Html, element, join
from layers.scenarios.text import FIELD, change_text, value_text
from layers.words import mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from data.importing.acceptance import Accepted
    from data.importing.findings import ImportFinding
    from data.importing.parts import Import
    from layers.words import Words


_MEANING: Final = {
    "error": mark("the row can't be taken as it is"),
    "warning": mark("the row is taken; please look at it"),
    "info": mark("what was done with the row"),
}
# What `layers.findings` calls a note is an info here.
_SAME: Final = {"error": "error", "warning": "warning", "info": "note"}
_MOST: Final = 200
_OPEN: Final = ("error", "warning")
# What a planner looks at first; the rest is behind a fold.
_FIRST: Final = ("fill_rate_pct", "leased_ha", "leasable_ha", "available_ha", "total_area_ha")


def counts_html(found: Import, w: Words) -> Html:
    """Write how many rows the file has, and how much was found."""
    number = sum(len(part.sheet.cells) for part in found.parts)
    cells = [
        element(
            "div",
            element("span", found.file, class_="label"),
            element("b", w.plural("{count} row", "{count} rows", number)),
        ),
    ]
    cells += [
        count_html(_SAME[severity], w(_MEANING[severity]), count, w)
        for severity, count in counts(found).items()
    ]
    return element("div", *cells, class_="atlas-strip atlas-strip-4", id="import-counts")


def findings_html(found: Import, w: Words) -> Html:
    """Write the findings by severity: where, what, found, expected, code."""
    groups = []
    for severity in SEVERITIES:
        mine = [one for one in found.findings if one.severity == severity]
        if not mine:
            continue
        same = _SAME[severity]
        groups.append(
            element(
                "details",
                element(
                    "summary",
                    element("i", SEVERITY[same][1], class_=f"sign {same}"),
                    f" {count_text(same, len(mine), w)}: {w(_MEANING[severity])}",
                ),
                _table(mine, len(found.parts), w),
                open=severity in _OPEN,
                data_severity=severity,
            ),
        )
    if not groups:
        groups = [element("p", w("Nothing was found: every row is sound."))]
    return element(
        "div",
        *groups,
        class_="atlas-data scroll",
        tabindex="0",
        role="region",
        id="import-findings",
    )


def _table(found: Sequence[ImportFinding], sheets: int, w: Words) -> Html:
    heads = [
        w("Place in the file"),
        w("Column"),
        w("Problem"),
        w("Found"),
        w("Expected"),
        w("Code"),
    ]
    lines = [
        element(
            "tr",
            element("th", place_text(one, w, sheets=sheets), scope="row"),
            element("td", one.column or ", ".join(field_word(name, w) for name in one.fields)),
            element("td", one.title(w.lang)),
            element("td", w.said(one.found)),
            element("td", one.expected(w.lang)),
            element("td", one.code),
            data_code=one.code,
            data_row=one.row,
        )
        for one in found[:_MOST]
    ]
    more = len(found) - _MOST
    return join(
        [
            element(
                "table",
                element("thead", element("tr", *[element("th", h, scope="col") for h in heads])),
                element("tbody", *lines),
            ),
            element("p", w("and {count} more, all of them in the report", count=more))
            if more > 0
            else "",
        ],
    )


def effect_html(effect: pd.DataFrame, w: Words) -> Html:
    """Write what would change in the account: province and zones first, then areas."""
    changed = effect[effect["changed"]]
    if changed.empty:
        return element(
            "p",
            w("Nothing in the account changes on this date."),
            class_="atlas-hint",
            id="import-effect",
        )
    zones = changed[changed["level"].isin(["total", "zone"]) & changed["field"].isin(_FIRST)]
    others = changed.drop(zones.index)
    return element(
        "div",
        _changes(zones, w)
        if len(zones)
        else element("p", w("No zone changes its fill rate or its land.")),
        element(
            "details",
            element(
                "summary",
                w.plural("{count} other change", "{count} other changes", len(others)),
            ),
            _changes(others.head(_MOST), w),
        )
        if len(others)
        else "",
        class_="atlas-data scroll",
        tabindex="0",
        role="region",
        id="import-effect",
    )


def _changes(frame: pd.DataFrame, w: Words) -> Html:
    lines = []
    last = ""
    for row in rows(frame):
        name = w.pick(row.name_vi, row.name_en)
        lines.append(
            element(
                "tr",
                element("th", name if row.key != last else "", scope="row"),
                element("td", w.of(FIELD, row.field)),
                element("td", value_text(row, row.before, w), class_="number"),
                element("td", element("b", value_text(row, row.after, w)), class_="number"),
                element("td", change_text(row, w), class_="number"),
                data_key=row.key,
                data_field=row.field,
            ),
        )
        last = row.key
    heads = [w("Place"), w("Figure"), w("before"), w("after"), w("change")]
    return element(
        "table",
        element("thead", element("tr", *[element("th", head, scope="col") for head in heads])),
        element("tbody", *lines),
    )


def left_html(accepted: Accepted, w: Words) -> Html:
    """Say which rows stay out and which lose fields, with what an answer takes."""
    lines = []
    left = [(sheet, row) for sheet, numbers in accepted.left_out.items() for row in numbers]
    if left:
        lines.append(
            w.plural(
                "{count} row stays out: {rows}",
                "{count} rows stay out: {rows}",
                len(left),
                rows=_listed([str(row) for _, row in left], w),
            ),
        )
    lines += [
        w(
            "row {row} without: {fields}",
            row=row,
            fields=", ".join(field_word(name, w) for name in names),
        )
        for (_, row), names in list(accepted.without.items())[:_MOST]
    ]
    return (
        element("ul", *[element("li", line) for line in lines], class_="quiet") if lines else Html()
    )


_LISTED: Final = 30


def _listed(numbers: list[str], w: Words) -> str:
    shown = ", ".join(numbers[:_LISTED])
    more = len(numbers) - _LISTED
    return f"{shown} {w('and {count} more', count=more)}" if more > 0 else shown
