"""Errors in plain words: what is wrong with the data, where, and what to do. No traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.safe_html import Html, element

if TYPE_CHECKING:
    from collections.abc import Sequence

    from data._errors import Finding
    from layers.words import Words


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
    """Write findings as a table below a heading; what they say is in English."""
    heads = [w("File"), w("Row"), w("Field"), w("Found"), w("Expected")]
    rows = [
        element(
            "tr",
            *[element("td", value) for value in (item.file, item.row, item.field)],
            *[element("td", value, lang="en") for value in (item.found, item.expected)],
        )
        for item in findings
    ]
    if w.lang != "en":
        advice = f"{advice} {w('What was found and expected is in English.')}".strip()
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
