"""A scenario taken away: GeoJSON with its difference, the scenario itself, a table of changes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import streamlit as st

from data._frames import rows
from data.scenarios import Scenario, scenario_json
from geo.export import to_json
from geo.scenarios import scenario_geojson
from layers.downloads.button import download
from layers.scenarios.text import FIELD
from layers.scenarios.words import edit_text, names_of
from layers.spreadsheet import neutral, open_workbook

if TYPE_CHECKING:
    from geo.snapshot import Snapshot
    from layers.scenarios.state import Outcome
    from layers.words import Words

_WIDTHS = (12, 60, 28, 10, 18, 18, 14)


def downloads(base: Snapshot, found: Outcome, scenario: Scenario, w: Words) -> None:
    """Put the buttons that hand a scenario over."""
    stem = f"{scenario.province}_{base.as_of.isoformat()}_{scenario.source_id}"
    with st.container(horizontal=True, key="scenario_downloads"):
        download(
            w("Scenario on the map (GeoJSON)"),
            lambda: to_json(scenario_geojson(scenario, base, found.after, lang=w.lang)).encode(),
            f"{stem}.geojson",
            key="scenario_geojson",
        )
        download(
            w("What changes (XLSX)"),
            lambda: workbook(base, found, scenario, w),
            f"{stem}.xlsx",
            key="scenario_xlsx",
        )
        download(
            w("Scenario (JSON)"),
            lambda: scenario_json(scenario).encode(),
            f"{stem}.json",
            key="scenario_json",
        )


def workbook(base: Snapshot, found: Outcome, scenario: Scenario, w: Words) -> bytes:
    """Write edits and changed figures as a workbook; numbers are numbers, unknown is empty."""
    names = names_of((base, found.after), w)
    target = io.BytesIO()
    book = open_workbook(target)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(w("Scenario"))
    sheet.set_column(0, 0, 100)
    head = [
        w("Scenario: {names}. Assumed, not facts.", names=scenario.name),
        f"{w('as of')} {base.as_of:%d/%m/%Y}",
        *(edit_text(edit, names, w) for edit in scenario.edits),
    ]
    for row, text in enumerate(head):
        sheet.write_string(row, 0, neutral(text), bold if row == 0 else None)
    sheet = book.add_worksheet(w("What changes"))
    titles = (
        w("Level"), w("Place"), w("Figure"), w("Unit"), w("before"), w("after"), w("change")
    )  # fmt: skip
    for column, (title, width) in enumerate(zip(titles, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, bold)
    changed = found.changes[found.changes["changed"]]
    for row, one in enumerate(rows(changed), start=1):
        name = w("Whole province") if one.level == "total" else w.pick(one.name_vi, one.name_en)
        texts = (one.level, name, w.of(FIELD, one.field), one.unit or "")
        for column, text in enumerate(texts):
            sheet.write_string(row, column, neutral(text))
        for column, value in enumerate((one.before, one.after, one.change), start=len(texts)):
            if isinstance(value, str):
                sheet.write_string(row, column, neutral(value))
            elif value is not None and value == value:  # noqa: PLR0124 (not NaN)
                sheet.write_number(row, column, value)
    sheet.freeze_panes(1, 0)
    book.close()
    return target.getvalue()
