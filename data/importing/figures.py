"""Figures of areas in rows of a register: as observations, and held against the known ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from data.importing.cells import as_text
from data.importing.exports import METRIC_OF
from data.importing.tables import records
from data.vocabulary import METRICS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from data.importing.context import Checked, Context
    from data.importing.findings import ImportFinding
    from data.importing.values import Rows

WITH_BASIS = ("industrial_land_ha", "leased_ha", "fill_rate_pct")
# How a figure came about, as the application says: what it worked out isn't observed anew.
OBSERVED = ("", "observed", "theo nguồn", "as the source has it")
# What makes two observations the same but for their value and source.
SAME = ("area_id", "as_of", "metric", "basis", "scope", "nature")
Known = Mapping[tuple[str, ...], Mapping[str, list[str]]]


def dated(rows: Rows, metric: str) -> str:
    """Give the date that the header over a figure states, "" for none."""
    mapped = rows.mapping.columns.get(rows.headers.get(metric, ""))
    return mapped.as_of if mapped is not None else ""


def observation_cells(
    cells: dict[str, str],
    context: Context,
    metric: str,
    value: str,
    **more: str,
) -> dict[str, str]:
    """Cells of a row of observations.

    Parameters
    ----------
    cells
        Row of the file with `area_id`, and as_of, basis, qualifier, scope, nature where known.
    context
        Names the source.
    metric, value
        What is observed.
    more
        Cells that go before those of the row.
    """
    basis = (cells.get("basis") or "reported") if metric in WITH_BASIS else ""
    own = {
        "area_id": cells["area_id"],
        "as_of": cells.get("as_of", ""),
        "metric": metric,
        "value": value,
        "qualifier": cells.get("qualifier") or "=",
        "basis": basis,
        "scope": cells.get("scope") or "whole",
        "nature": cells.get("nature") or "measured",
        "source_id": context.source_id,
        "note": "",
    }
    return own | {key: text for key, text in more.items() if text}


def known_source(text: str, context: Context) -> str:
    """Id of the one source that a cell names, "" where none is known."""
    return text if text in context.facts.sources.index or text in context.sources else ""


def credited(cells: dict[str, str], known: Known, context: Context) -> dict[str, str]:
    """Name the file as source of a value that its own source has otherwise."""
    others = known.get(tuple(cells[name] for name in SAME), {})
    if cells["value"] not in others and any(cells["source_id"] in by for by in others.values()):
        return cells | {"source_id": context.source_id}
    return cells


def unknown_sources(
    checked: Checked,
    cited: Iterable[tuple[str, str]],
    context: Context,
) -> list[ImportFinding]:
    """Find sources that a file names and nobody knows; once each, with the header's field."""
    unknown: dict[str, list[str]] = {}
    for field, text in cited:
        for key in filter(None, text.split(";")):
            if not known_source(key, context):
                unknown.setdefault(field, []).append(key)
    return [
        checked.rows.at("", "I011", field, found=", ".join(dict.fromkeys(keys)))
        for field, keys in unknown.items()
    ]


def _exported(cells: dict[str, str], context: Context) -> Iterator[dict[str, str]]:
    """Yield the observed figures of a file that the application itself exported."""
    try:
        figures = json.loads(cells.get("figures") or "{}")
    except ValueError:
        return
    if not isinstance(figures, dict):
        return
    for name, figure in figures.items():
        metric = METRIC_OF.get(name, name)
        if metric in METRICS and isinstance(figure, dict) and figure.get("how") == "observed":
            texts: dict[str, Any] = {
                key: str(figure.get(key) or "")
                for key in ("as_of", "qualifier", "basis", "nature", "note")
            }
            texts["source_id"] = known_source(str(figure.get("source", "")), context)
            yield observation_cells(cells, context, metric, as_text(figure["value"]), **texts)


def observations(checked: Checked, context: Context) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Yield row, field and cells of each figure of a register, each once."""
    known = known_values(context)
    for row, cells in records(checked.cells):
        if not cells["area_id"]:
            continue
        told = set()
        for field, figure in _figures(cells, checked, context):
            key = (*(figure[name] for name in SAME), figure["value"])
            if key not in told:
                told.add(key)
                yield row, field, credited(figure, known, context)


def _figures(
    cells: dict[str, str],
    checked: Checked,
    context: Context,
) -> Iterator[tuple[str, dict[str, str]]]:
    for figure in _exported(cells, context):
        yield "figures", figure
    if cells["area_id"]:
        for metric in METRICS:
            value = cells.get(metric, "")
            if value and cells.get(f"{metric}_how", "") in OBSERVED:
                told = {
                    "as_of": cells.get(f"{metric}_as_of") or dated(checked.rows, metric),
                    "basis": cells.get(f"{metric}_basis", "") if metric in WITH_BASIS else "",
                    "nature": cells.get("area_nature", "") if metric == "total_area_ha" else "",
                    "qualifier": cells.get(f"{metric}_qualifier", ""),
                    "source_id": known_source(cells.get(f"{metric}_sources", ""), context),
                }
                yield metric, observation_cells(cells, context, metric, value, **told)


def known_figures(checked: Checked, context: Context) -> list[ImportFinding]:
    """Find figures that the facts have already, or have otherwise, for the same date."""
    known = known_values(context)
    cited = [
        (f"{metric}_sources", text)
        for _, cells in records(checked.cells)
        for metric in METRICS
        if (text := cells.get(f"{metric}_sources", ""))
    ]
    findings = unknown_sources(checked, cited, context)
    for row, field, cells in observations(checked, context):
        others = known.get(tuple(cells[name] for name in SAME), {})
        sources = others.get(as_text(float(cells["value"])))
        if sources:
            findings.append(
                checked.rows.at(row, "I403", field, found=cells["value"], source=", ".join(sources))
            )
        elif others and cells["as_of"]:
            value, by = next(iter(others.items()))
            findings.append(
                checked.rows.at(
                    row, "I404", field, found=cells["value"], known=value, source=", ".join(by)
                )
            )
    return findings


def known_values(context: Context) -> dict[tuple[str, ...], dict[str, list[str]]]:
    """By what makes an observation the same: values as text, with their sources."""
    found: dict[tuple[str, ...], dict[str, list[str]]] = {}
    frame = context.facts.observations
    for one in frame[frame["area_id"].isin(context.names.ids)].to_dict("records"):
        values = found.setdefault(tuple(str(one[name]) for name in SAME), {})
        values.setdefault(as_text(float(one["value"])), []).append(str(one["source_id"]))
    return found
