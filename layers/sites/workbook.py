"""A ranking as a workbook: one row a place, and what it rests on."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from geo.ranking_records import notes
from layers.sites.ranking_text import limit_text, note_text, ranking_rows
from layers.spreadsheet import neutral, open_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.worksheet import Worksheet

    from geo.ranking import Excluded, Ranked, Ranking
    from geo.snapshot import Snapshot
    from layers.words import Words

_WIDE: Final = {"name": 48, "reasons": 60, "not_verified": 60, "kind": 20, "status": 24}
_NARROW: Final = 13


def ranking_xlsx(ranking: Ranking, shots: Sequence[Snapshot], w: Words) -> bytes:
    """Write a ranking as a workbook.

    Parameters
    ----------
    shots
        The provinces searched, all on one date.

    Returns
    -------
    bytes
        XLSX with the sheets of places, columns as in the CSV, and of notes; numbers are
        numbers, unknown ones empty cells, and no text is a formula.
    """
    buffer = io.BytesIO()
    book = open_workbook(buffer)
    head = book.add_format({"bold": True, "bg_color": "#e3eff7", "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(w("Ranking"))
    rows = ranking_rows(ranking, lang=w.lang)
    names = list(rows[0]) if rows else []
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, head)
        sheet.set_column(column, column, _WIDE.get(name, _NARROW), wrapped)
    for at, row in enumerate(rows, start=1):
        for column, cell in enumerate(row.values()):
            _write(sheet, at, column, cell)
    sheet.freeze_panes(1, names.index("name") + 1 if names else 0)
    about = book.add_worksheet(w("How this is ranked"))
    about.set_column(0, 0, 120, wrapped)
    for at, line in enumerate(_about(ranking, shots, w)):
        about.write_string(at, 0, neutral(line))
    book.close()
    return buffer.getvalue()


def _write(sheet: Worksheet, row: int, column: int, cell: object) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
    elif cell is not None and cell != "":
        sheet.write_string(row, column, neutral(str(cell)))


def _about(ranking: Ranking, shots: Sequence[Snapshot], w: Words) -> list[str]:
    names = [w.pick(one.resolution.name.vi, one.resolution.name.en) for one in shots]
    criteria = ranking.criteria
    rows: list[Ranked | Excluded] = [*ranking.ranked, *ranking.excluded]
    asked = {check.limit: check.params["asked"] for row in rows for check in row.checks}
    return [
        f"{', '.join(names)}, {shots[0].as_of.isoformat()}",
        w.pick(criteria.name.vi, criteria.name.en),
        *(limit_text(limit, value, lang=w.lang) for limit, value in asked.items()),
        *(
            note_text(code, ranking, lang=w.lang)
            for code in ("stability", *notes(ranking.criteria))
        ),
    ]
