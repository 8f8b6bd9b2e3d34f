"""Zones and areas of the report: land, rates with bounds, dates, basis, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.dates import printed_date
from geo.records import zone_sources
from layers._records import records, status_of
from layers.account import (
    available_text,
    coverage_text,
    dates_text,
    kinds_text,
    rate_text,
    reasons_text,
    zone_marks,
)
from layers.numbers import day, exact, known
from layers.words import BASIS, BASIS_CODE, GROUP, HOW, KIND, NATURE, STATUS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from geo.figures import Figure
    from geo.snapshot import Snapshot
    from layers.report.citations import Citations
    from layers.words import Words

_PAIR = ("leasable_ha", "leased_ha", "fill_rate_pct")


def headline(row: Mapping[str, Any] | pd.Series, w: Words) -> str:
    """Write the fill rate of an account with what is known of it."""
    said = rate_text(row, w)
    return said.headline + (f" ({said.remark})" if said.remark else "")


def summary(state: Snapshot, w: Words) -> list[str]:
    """Tell the account of the province in sentences."""
    total = state.total
    available, remark = available_text(total, w)
    name = w.pick(str(total["name_vi"]), str(total["name_en"]))
    lines = [
        w(
            "{name}, as of {date}: fill rate {rate}; {coverage}.",
            name=name,
            date=day(state.as_of),
            rate=headline(total, w),
            coverage=coverage_text(total, w),
        ),
        w(
            "Land still available (ha): {available}. Existing: {kinds}. Planned, established or "
            "being built: {pipeline} ha of total area.",
            available=available + (f" ({remark})" if remark else ""),
            kinds=kinds_text(total, w) or w("none"),
            pipeline=exact(total["pipeline_ha"], w.lang) or w("no data"),
        ),
    ]
    return [*lines, *reasons_text(total, state.areas, w)]


def zone_rows(state: Snapshot, keys: Sequence[str], w: Words) -> list[dict[str, str]]:
    """Give the rows of the table of zones; "no data" where a figure isn't known."""
    marks = zone_marks(state.zones)
    zones = records(state.zones)
    return [
        _zone_row(
            f"{marks[key]}. {w.pick(zones[key]['name_vi'], zones[key]['name_en'])}", zones[key], w
        )
        for key in keys
    ]


def total_row(state: Snapshot, w: Words) -> dict[str, str]:
    """Give the row of the whole province."""
    return _zone_row(w("Whole province"), dict(state.total), w)


def _zone_row(name: str, row: Mapping[str, Any], w: Words) -> dict[str, str]:
    available, remark = available_text(row, w)
    none = row["areas_count"] == 0
    return {
        "name": name,
        "coverage": w("{known} of {all}", known=row["areas_with_figures"], all=row["areas_count"]),
        "total": "-" if none else exact(row["total_area_ha"], w.lang) or w("no data"),
        "leasable": "-" if none else exact(row["leasable_ha"], w.lang) or w("no data"),
        "leased": "-" if none else exact(row["leased_ha"], w.lang) or w("no data"),
        "available": available + (f" ({remark})" if remark else ""),
        "rate": headline(row, w),
    }


def zones_told(
    state: Snapshot,
    keys: Sequence[str],
    citations: Citations,
    w: Words,
) -> list[dict[str, Any]]:
    """Tell of each zone what its account rests on: dates, basis, sources, and what lacks."""
    cited, zones = zone_sources(state), records(state.zones)
    told = []
    for key in keys:
        row = zones[key]
        lines = [f"{w.of(GROUP, row['group'])}. {coverage_text(row, w)}."]
        refs = citations.cite(cited[key])
        basis = "; ".join(w.of(BASIS, one) for one in row["fill_rate_bases"])
        pairs = (
            (w("Figures as of"), dates_text(row)),
            (w("Basis"), basis),
            (w("Sources"), refs),
        )
        if grounds := ". ".join(f"{name}: {text}" for name, text in pairs if text):
            lines.append(f"{grounds}.")
        lines += reasons_text(row, state.areas, w)
        told.append({"name": w.pick(row["name_vi"], row["name_en"]), "lines": lines})
    return told


def area_rows(
    state: Snapshot,
    ids: Sequence[str],
    citations: Citations,
    w: Words,
) -> list[dict[str, str]]:
    """Give the rows of the list of areas, each figure with date, basis and sources."""
    marks, areas = zone_marks(state.zones), records(state.areas)
    base = set(state.zones.index[state.zones["group"] == "base_partition"])
    found = []
    for number, key in enumerate(ids, start=1):
        area, figures = areas[key], state.states[key].figures
        total = figures.get("total_area_ha") or state.states[key].pipeline_total
        used = [one for one in (total, *map(figures.get, _PAIR)) if one is not None]
        zones = [marks[one["zone_key"]] for one in area["zones"] if one["zone_key"] in base]
        found.append(
            {
                "number": str(number),
                "name": f"{w.pick(area['name_vi'], area['name_en'])} ({w.of(KIND, area['kind'])})",
                "zone": ", ".join(zones) or "-",
                "status": w.of(STATUS, status_of(area)),
                "total": _figure_text(total, w),
                **{
                    name: _figure_text(figures.get(metric), w)
                    for name, metric in zip(("leasable", "leased", "rate"), _PAIR, strict=True)
                },
                "as_of": _dates(used, w),
                "basis": "; ".join(
                    dict.fromkeys(
                        text
                        for one in used
                        for text in (
                            w.of(BASIS_CODE, one.basis) if one.basis else "",
                            w.of(HOW, one.how),
                        )
                        if text
                    ),
                ),
                "refs": citations.cite(key for one in used for key in one.sources),
            },
        )
    return found


def _figure_text(figure: Figure | None, w: Words) -> str:
    if figure is None or not known(figure.value):
        return w("no data")
    sign = {"~": "≈ ", ">": "> ", "<": "< "}.get(figure.qualifier, "")
    nature = w.of(NATURE, figure.nature)
    return sign + exact(figure.value, w.lang) + (f" ({nature})" if nature else "")


def _dates(figures: Sequence[Figure], w: Words) -> str:
    return "; ".join(dict.fromkeys(printed_date(one.as_of) or w("undated") for one in figures))


def scope_lines(state: Snapshot, w: Words) -> list[str]:
    """Say for what day, on what boundaries and by which documents the report speaks."""
    source = state.boundary_source
    documents = [
        ", ".join(part for part in (item.number, w.pick(item.title.vi, item.title.en)) if part)
        for item in state.resolution.documents
    ]
    boundaries = w.pick(source.name_vi, source.name_en)
    accuracy = w.pick(source.accuracy_vi, source.accuracy_en)
    return [
        w("Figures known by {date}: no later observation is used.", date=day(state.as_of)),
        " ".join((f"{w('Boundaries')}: {boundaries}.", accuracy, source.attribution)),
        *([f"{w('Documents')}: {'; '.join(documents)}."] if documents else []),
        w(
            "A rate is leased over leasable land of the areas where both are known; a range is the "
            "lowest and highest value that any completion of the unknowns allows. What isn't known "
            "is written so, never as 0.",
        ),
        w(
            "The lists are incomplete; figures come from public sources and are as old as their "
            "dates."
        ),
    ]
