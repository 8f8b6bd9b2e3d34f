"""Sources of what users bring in: a file with its date and who gave it, or words."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

import pandas as pd

from data.workspace.change import CHANGE_TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence


def own_source(
    title: str,
    *,
    publisher: str = "",
    date: str = "",
    date_note: str = "",
    now: dt.datetime | None = None,
) -> dict[str, str]:
    """Make a row of `sources` for what a user brings in.

    The id tells the moment, so that of two sources of one day the later one sorts last.

    Parameters
    ----------
    title
        What it is: a file, or file or document number in the user's words.
    publisher
        Who gave it.
    date
        Its own date, partial or "" where unknown.
    date_note
        What the date rests on.
    now
        The moment; this one where None.

    Examples
    --------
    >>> moment = dt.datetime(2026, 11, 21, 6, 30, tzinfo=dt.UTC)
    >>> own_source("register.xlsx", publisher="Ban Quản lý KKT Đông Nam", now=moment)["id"]
    'ws-20261121t063000000000-e24306'
    """
    moment = (now or dt.datetime.now(tz=dt.UTC)).astimezone(dt.UTC)
    ending = hashlib.sha256(f"{title}\n{publisher}\n{date}".encode()).hexdigest()[:6]
    return {
        "id": f"ws-{moment:%Y%m%dt%H%M%S%f}-{ending}",
        "title": title,
        "publisher": publisher,
        "url": "",
        "date": date,
        "date_note": date_note,
    }


def as_table(table: str, rows: Sequence[dict[str, str]], *, first: int = 1) -> pd.DataFrame:
    """Give rows the columns of a table of a change; what a row lacks is empty.

    Parameters
    ----------
    table
        Name in `data.workspace.change.CHANGE_TABLES`.
    rows
        Cells as text by column.
    first
        Row of the first one in the user's file.
    """
    columns = list(CHANGE_TABLES[table].columns)
    return pd.DataFrame(
        [[row.get(column, "") for column in columns] for row in rows],
        index=pd.Index(range(first, first + len(rows)), dtype="int64"),
        columns=columns,
        dtype="str",
    )
