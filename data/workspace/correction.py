"""One figure corrected on the spot: a new observation with its own source."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, NoReturn

import pandas as pd

from data._columns import as_number_text
from data._errors import DataError, Finding
from data._message import Message
from data._tables import shown
from data.dates import EXPECTED, parse_partial
from data.vocabulary import METRICS
from data.workspace.change import Change
from data.workspace.merge import merged
from data.workspace.sources import as_table, own_source

if TYPE_CHECKING:
    from data.dates import Precision
    from data.facts import Facts
    from data.workspace.change import Revision
    from data.workspace.store import Workspace

_VIET_NAM = dt.timezone(dt.timedelta(hours=7), "ICT")
_FILE = Message("correction")
_EXACTNESS: dict[Precision, int] = {"day": 3, "month": 2, "year": 1, "none": 0}


def correct_figure(
    workspace: Workspace,
    area_id: str,
    metric: str,
    value: float,
    *,
    as_of: str,
    basis: str,
    source: str,
    facts: Facts,
    who: str = "",
    now: dt.datetime | None = None,
) -> Revision:
    """Keep one figure of an area as an observation of its own; undone by `workspace.undo`.

    The newest observation speaks; of those of one day the more exact date, then the later
    source (`geo.figures`). The correction's source is dated the day of its entry, so that it goes
    before what it corrects; a date that couldn't is refused. A rate is a figure of its own only
    where leased and leasable land aren't both known: else those are to be corrected.

    Parameters
    ----------
    workspace
        Where it is kept.
    area_id, metric
        What the figure is of; a key of `data.vocabulary.METRICS`.
    value
        In the metric's unit.
    as_of
        The date that the figure speaks of, partial, past.
    basis
        Of `data.vocabulary.BASES`; "" for metrics without one.
    source
        Where it stands: file or document number.
    facts
        The bundled facts.
    who
        Who corrects.
    now
        The moment; this one where None.

    Raises
    ------
    DataError
        A cell is unsound, or the figure wouldn't speak for its date.
    WorkspaceError
        Another window has changed the workspace in between, or the store failed.
    """
    moment = now or dt.datetime.now(tz=dt.UTC)
    today = moment.astimezone(_VIET_NAM).date()
    until = _checked(metric, value, as_of, source, today)
    known = workspace.revisions()
    rivals = _rivals(merged(facts, workspace), area_id, metric, until)
    date = _source_date(rivals, as_of, today)
    own = own_source(
        source,
        publisher=who,
        date=date,
        date_note=f"entered by hand on {today.isoformat()}",
        now=moment,
    )
    day = parse_partial(date)[0]
    later = [
        rival
        for rival, source_day in zip(rivals["source_id"], rivals["source_day"], strict=True)
        if source_day == day and str(rival) >= own["id"]
    ]
    if later:
        _refuse(
            "source",
            Message("{later} of the same day", later=later[0]),
            Message("a later moment; see the clock"),
        )
    observation = {
        "area_id": area_id,
        "as_of": as_of,
        "metric": metric,
        "value": as_number_text(value),
        "qualifier": "=",
        "basis": basis,
        "scope": "whole",
        "nature": "measured",
        "source_id": own["id"],
    }
    change = Change(
        sources=as_table("sources", [own]),
        observations=as_table("observations", [observation]),
    )
    return workspace.add(
        change,
        kind="correction",
        title=f"{area_id}: {metric} {observation['value']} ({as_of})",
        who=who,
        base=known[-1].id if known else 0,
        facts=facts,
    )


def _refuse(field: str, found: str, expected: str) -> NoReturn:
    raise DataError([Finding(_FILE, "", field, found, expected)])


def _checked(metric: str, value: float, as_of: str, source: str, today: dt.date) -> dt.date:
    """Check what no schema does; give the last day that `as_of` means."""
    if metric not in METRICS:
        _refuse("metric", shown(metric), Message("one of {names}", names=", ".join(METRICS)))
    if not math.isfinite(value):
        _refuse("value", str(value), Message("a number"))
    if METRICS[metric] == "%" and value > 100:  # noqa: PLR2004
        _refuse("value", Message("{value:g} %", value=value), Message("at most 100 %"))
    if not source.strip():
        _refuse("source", shown(""), Message("a file or document number"))
    try:
        until, _ = parse_partial(as_of)
    except ValueError:
        _refuse("as_of", shown(as_of), EXPECTED)
    if until is None or until > today:
        expected = Message("a date whose last day isn't after {today}", today=today.isoformat())
        _refuse("as_of", shown(as_of), expected)
    return until


def _rivals(facts: Facts, area_id: str, metric: str, until: dt.date) -> pd.DataFrame:
    """Observations of the same figure and day, with exactness and the day of their source."""
    rows = facts.observations
    rows = rows[
        (rows["area_id"] == area_id)
        & (rows["metric"] == metric)
        & (rows["scope"] == "whole")
        & (rows["nature"] == "measured")
    ]
    rows = rows[rows["as_of"].map(lambda cell: parse_partial(cell)[0] == until).astype(bool)]
    dates = facts.sources["date"].reindex(rows["source_id"]).to_list()
    return rows.assign(
        exactness=[_EXACTNESS[parse_partial(cell)[1]] for cell in rows["as_of"]],
        source_date=dates,
        source_day=pd.Series(
            [parse_partial(cell)[0] for cell in dates],
            index=rows.index,
            dtype="object",
        ),
    )


def _source_date(rivals: pd.DataFrame, as_of: str, today: dt.date) -> str:
    """Give the date of the correction's source: today, or the month or year of today.

    A rival whose source is dated "2026" counts as of the year's last day; the correction is of
    that year too, and is then dated as exactly.
    """
    exactness = _EXACTNESS[parse_partial(as_of)[1]]
    for rival, exact in zip(rivals["as_of"], rivals["exactness"], strict=True):
        if exact > exactness:
            found = Message(
                "{as_of}, less exact than {rival} which is known", as_of=shown(as_of), rival=rival
            )
            _refuse("as_of", found, Message("{rival}, or a later date", rival=rival))
    tied = rivals[rivals["exactness"] == exactness]
    ahead = [
        (day, date)
        for day, date in zip(tied["source_day"], tied["source_date"], strict=True)
        if day is not None and day > today
    ]
    if not ahead:
        return today.isoformat()
    date = str(max(ahead)[1])
    if not today.isoformat().startswith(date):
        _refuse(
            "source",
            Message("a known source of {date}", date=date),
            Message("none after {today}", today=today.isoformat()),
        )
    return date
