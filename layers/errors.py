"""Errors in plain words: what is wrong with the data, where, and what to do. No traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from data._message import Message
from layers.imports import words as imports
from layers.safe_html import Html, element
from layers.words import METRIC, mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from data._errors import Finding
    from layers.words import Words

FIELD: Final = imports.FIELD | {
    "boundaries": mark("boundaries"),
    "code": imports.FIELD["commune_code"],
    "communes_2025": imports.FIELD["communes"],
    "coordinates": mark("coordinates"),
    "date": mark("date"),
    "edit": mark("kind of change"),
    "edits": mark("changes"),
    "hectares": mark("hectares"),
    "id": mark("id"),
    "kind": imports.FIELD["area_kind"],
    "leasable_ha": METRIC["leasable_ha"],
    "name": mark("name"),
    "name_vi": mark("Vietnamese name"),
    "operating_since": mark("operating since"),
    "polygon": mark("polygon"),
    "province": mark("Province"),
    "source_id": imports.FIELD["source"],
    "source_ids": imports.FIELD["source"],
    "status": mark("status"),
    "text": mark("content"),
    "title": mark("Title"),
    "type": mark("Kind"),
    "who": mark("who"),
}


def data_error_html(findings: Sequence[Finding], w: Words) -> Html:
    """Write all findings of a load that failed, as a table.

    Parameters
    ----------
    findings
        Of a :class:`data._errors.DataError`.
    """
    return findings_html(
        w("The data can't be used"),
        findings,
        w,
        advice=w.plural(
            "{count} thing is wrong. Correct the file and load the page again.",
            "{count} things are wrong. Correct the files and load the page again.",
            len(findings),
        ),
    )


def findings_html(
    heading: str,
    findings: Sequence[Finding],
    w: Words,
    *,
    advice: str = "",
) -> Html:
    """Write findings as a table below a heading.

    What is wrong with the bundled data itself may be said in English alone; a page in Vietnamese
    says so.
    """
    heads = [w("File"), w("Row"), w("Field"), w("Found"), w("Expected")]
    rows = [
        element(
            "tr",
            *[element("td", w.said(value)) for value in (item.file, item.row)],
            element("td", field_text(item.field, w), title=item.field or None),
            element("td", w.said(item.found)),
            element("td", w.said(item.expected), lang="en" if _in_english(item) else None),
        )
        for item in findings
    ]
    if w.lang != "en" and any(map(_in_english, findings)):
        advice = f"{advice} {w('What is expected is in English.')}".strip()
    return element(
        "div",
        element("h3", heading),
        element("p", advice) if advice else "",
        element(
            "table",
            element("thead", element("tr", *[element("th", head, scope="col") for head in heads])),
            element("tbody", *rows),
        ),
        class_="atlas-error",
        role="alert",
    )


def field_text(field: str, w: Words) -> str:
    """Name a field of a finding; one that only the file has by its own name."""
    return w(FIELD[field]) if field and field in FIELD else w.said(field)


def _in_english(item: Finding) -> bool:
    return not isinstance(item.expected, Message) and any(map(str.islower, item.expected))


def failure_html(w: Words) -> Html:
    """Say that something failed that is no error of the data."""
    return element(
        "div",
        element("h3", w("This page can't be shown")),
        element(
            "p",
            w(
                "The application has a fault here. Load the page again; if it stays, send the "
                "last lines of the terminal window to whoever looks after the application.",
            ),
        ),
        class_="atlas-error",
        role="alert",
    )
