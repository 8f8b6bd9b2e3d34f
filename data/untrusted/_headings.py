"""Which row of a table holds its headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data._message import Message
from data.untrusted._sheets import quoted

if TYPE_CHECKING:
    from data.untrusted._sheets import Notes

_LOOKED_AT = 30  # rows with content among which the headings are
_HALF = 0.5  # of the widest row


def header_at(
    records: list[tuple[int, list[str]]], notes: Notes
) -> tuple[int, list[str], list[tuple[int, list[str]]]]:
    """Find the headings: the first row that is no title.

    A title is a row above with fewer than two cells, or fewer than half of the widest row.

    Parameters
    ----------
    records
        Rows with content: number and cells.
    notes
        Told of what stands above the headings.

    Returns
    -------
    tuple
        Row number (0 where there is no row), headings, rows below. Headings are as many as the
        cells of the longest row.
    """
    if not records:
        return 0, [], []
    widths = [sum(map(bool, cells)) for _, cells in records[:_LOOKED_AT]]
    least = min(max(2, _HALF * max(widths)), max(widths))
    at = next(place for place, width in enumerate(widths) if width >= least)
    for row, cells in records[:at]:
        title = next(filter(None, cells))
        notes.add(
            row,
            "",
            Message("{title} above the headings", title=quoted(title)),
            Message("a table; the row was left out"),
        )
    row, header = records[at]
    below = records[at + 1 :]
    longest = max((len(cells) for _, cells in below), default=0)
    return row, header + [""] * (longest - len(header)), below
