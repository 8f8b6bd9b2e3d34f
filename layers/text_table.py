"""Results as text for a terminal: the same words as on the page."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from data._frames import rows
from data.dates import printed_date
from geo.derivation import derivations
from layers.account import available_text, coverage_text, dates_text, rate_text
from layers.derivation import QUALIFIER
from layers.numbers import day, exact, hectares, rate
from layers.words import BASIS, KIND, METRIC, RULE, STATUS, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from data._message import Lang
    from geo.figures import Figure
    from geo.snapshot import Snapshot
    from layers.words import Words

WIDTH = 150
_LAND = ("leased_ha", "leasable_ha")


def as_text(table: Table, *lines: str) -> str:
    """Write a table, and lines below it."""
    out = io.StringIO()
    console = Console(file=out, width=WIDTH, color_system=None)
    console.print(table)
    for line in lines:
        console.print(line, markup=False, highlight=False)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def headed_table(snapshot: Snapshot, w: Words, headings: Sequence[str]) -> Table:
    """Begin a table with the province and the date over it."""
    name = w.pick(snapshot.resolution.name.vi, snapshot.resolution.name.en)
    table = Table(title=f"{name}, {day(snapshot.as_of)}", title_justify="left", box=None)
    for heading in headings:
        table.add_column(heading)
    return table


def _boundaries(snapshot: Snapshot, w: Words) -> str:
    source = snapshot.boundary_source
    name = w.pick(source.name_vi, source.name_en)
    return f"{name}. {w.pick(source.accuracy_vi, source.accuracy_en)}"


def zones_text(snapshot: Snapshot, *, group: str | None, lang: Lang) -> str:
    """Write the zones with their account, and a line for the province.

    Parameters
    ----------
    group
        Only the zones of this group; all where None.
    """
    w = words(lang)
    headings = (w("Zone"), w("Fill rate"), w("Available, ha"), w("Coverage"), w("As of"))
    table = headed_table(snapshot, w, headings)
    chosen = snapshot.zones
    if group is not None:
        chosen = chosen[chosen["group"] == group]
    for row in (*(row for _, row in chosen.iterrows()), snapshot.total):
        shown, available = rate_text(row, w), available_text(row, w)
        table.add_row(
            w.pick(row["name_vi"], row["name_en"]),
            "\n".join(part for part in (shown.headline, shown.remark) if part),
            "\n".join(part for part in available if part),
            coverage_text(row, w),
            dates_text(row),
        )
    return as_text(table, "", _boundaries(snapshot, w))


def areas_text(snapshot: Snapshot, *, lang: Lang, explain: bool = False) -> str:
    """Write the areas with status, land, fill rate, its date, basis and source.

    Parameters
    ----------
    explain
        Add a tree for each fill rate: what it rests on, what agrees, what was set aside.
    """
    w = words(lang)
    who = (w("Name"), w("Kind"), w("Status"))
    figure = (w("Leased / leasable, ha"), w("Fill rate"), w("As of"), w("Basis"), w("Source"))
    table = headed_table(snapshot, w, (*who, *figure))
    for area in rows(snapshot.areas):
        figures = snapshot.states[area.Index].figures
        filled = figures.get("fill_rate_pct")
        leased, leasable = (figures.get(metric) for metric in _LAND)
        land = [
            _signed(one, hectares(one.value, lang)) if one else "?" for one in (leased, leasable)
        ]
        # Where there is no rate, date, basis and sources are those of the land.
        told = [one for one in ((filled,) if filled else (leased, leasable)) if one]
        table.add_row(
            w.pick(area.name_vi, area.name_en),
            w.of(KIND, area.kind),
            w.of(STATUS, area.status or "unknown"),
            " / ".join(land) if leased or leasable else w("no data"),
            _signed(filled, rate(filled.value, lang)) if filled else w("no data"),
            _each(printed_date(one.as_of) or w("undated") for one in told),
            _each(w.of(BASIS, one.basis) for one in told),
            _each(source for one in told for source in one.sources),
        )
    trees = _trees(snapshot, w) if explain else []
    return as_text(table, *trees, "", _boundaries(snapshot, w))


def _signed(figure: Figure, text: str) -> str:
    """Put the sign of how exact a figure is before it; one that was derived is about right."""
    about = figure.how == "derived" and figure.qualifier == "="
    return QUALIFIER.get("~" if about else figure.qualifier, "") + text


def _each(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(text for text in texts if text))


def _trees(snapshot: Snapshot, w: Words) -> list[str]:
    lines = []
    trees = derivations(snapshot)
    for area in rows(snapshot.areas):
        rate_tree = trees[area.Index].get("fill_rate_pct")
        if rate_tree is None:
            continue
        value = rate(area.fill_rate_pct, w.lang)
        lines += ["", f"{w.pick(area.name_vi, area.name_en)}: {value}"]
        for part, heading in (
            ("rests_on", w("rests on")),
            ("agrees", w("agrees")),
            ("set_aside", w("set aside")),
        ):
            for leaf in rate_tree[part]:
                why = f" [{w.of(RULE, leaf['why'])}]" if part == "set_aside" else ""
                lines.append(
                    f"  {heading}: {w.of(METRIC, leaf['metric'])} "
                    f"{leaf['qualifier'] if leaf['qualifier'] != '=' else ''}"
                    f"{exact(leaf['value'], w.lang)}, {printed_date(leaf['as_of'])}, "
                    f"{w.of(BASIS, leaf['basis'])}, {leaf['source']}{why}",
                )
    return lines
