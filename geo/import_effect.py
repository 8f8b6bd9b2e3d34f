"""What an import would change in the account, before anything is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.workspace.merge import overlaid
from geo.differences import difference
from geo.snapshot import snapshot, with_facts

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from data.workspace.change import Change
    from geo.snapshot import Province


def import_effect(province: Province, change: Change, as_of: dt.date) -> pd.DataFrame:
    """Difference that a change makes to totals, zones, areas, targets and conditions.

    Parameters
    ----------
    province
        With the facts as they are before the import.
    change
        From `data.importing.acceptance.accept`. Its communes leave the zones as they are drawn
        here: whose boundaries are used is chosen apart.
    as_of
        Day of both accounts.

    Returns
    -------
    DataFrame
        As :func:`geo.differences.difference`: `before`, `after`, `change`, `changed`.

    Raises
    ------
    data._errors.DataError
        The change doesn't fit on the facts.
    """
    facts = overlaid(province.facts, [("import", change)])
    return difference(snapshot(province, as_of), snapshot(with_facts(province, facts), as_of))
