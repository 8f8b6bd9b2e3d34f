"""A ranking as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from data.resolutions import load_resolution
from data.trades import trades
from geo.ranking_records import notes
from layers.numbers import day, rate
from layers.sites.ranking_text import check_text, excluded_by_text, note_text, score_text
from layers.text_table import as_text
from layers.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from data._message import Lang
    from geo.ranking import Excluded, Ranked, Ranking
    from geo.snapshot import Snapshot
    from layers.words import Words


def _title(ranking: Ranking, snapshots: Sequence[Snapshot], w: Words) -> str:
    names = [w.pick(one.resolution.name.vi, one.resolution.name.en) for one in snapshots]
    criteria = ranking.criteria
    parts = [", ".join(names), day(snapshots[0].as_of)]
    parts.append(w.pick(criteria.name.vi, criteria.name.en))
    if criteria.trade is not None:
        trade = trades()[criteria.trade]
        parts.append(w.pick(trade.name_vi, trade.name_en))
    return "; ".join(part[:1].upper() + part[1:] for part in parts)


def ranking_text(ranking: Ranking, snapshots: Sequence[Snapshot], *, lang: Lang) -> str:
    """Write a ranking as text for a terminal: the ranked, the excluded with reasons, notes."""
    w = words(lang)
    several = len(snapshots) > 1
    table = Table(title=_title(ranking, snapshots, w), title_justify="left", box=None)
    table.add_column(w("Rank"), justify="right")
    ranks = (w("Possible ranks"), w("Keeps its rank"))
    for heading in (w("Name"), w("Score"), *ranks, w("Not verified")):
        table.add_column(heading)
    for row in ranking.ranked:
        table.add_row(
            str(row.rank),
            _name(row, w, several=several),
            score_text(row, lang=lang),
            f"{row.rank_best}-{row.rank_worst}",
            rate(100 * row.stability["holds_rank"], lang),
            "\n".join(check_text(check, lang=lang) for check in row.unsure),
        )
    out = Table(title=w("Excluded"), title_justify="left", box=None)
    for heading in (w("Name"), w("Reason")):
        out.add_column(heading)
    for gone in ranking.excluded:
        reasons = "\n".join(check_text(check, lang=lang) for check in gone.reasons)
        out.add_row(_name(gone, w, several=several), reasons)
    ends = [f"- {text}" for text in excluded_by_text(ranking, lang=lang)]
    told = ["stability", *notes(ranking.criteria)]
    if not ranking.ranked:
        ends.insert(0, note_text("nothing_left", ranking, lang=lang))
    text = as_text(table) if ranking.ranked else f"{_title(ranking, snapshots, w)}\n"
    text += "\n" + as_text(out, *ends) if ranking.excluded else ""
    return text + "\n" + "".join(f"{note_text(code, ranking, lang=lang)}\n" for code in told)


def _name(row: Ranked | Excluded, w: Words, *, several: bool) -> str:
    name = w.pick(row.place.name_vi, row.place.name_en)
    province = load_resolution(row.place.province).name
    return f"{name} ({w.pick(province.vi, province.en)})" if several else name
