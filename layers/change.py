"""Why a fill rate changed, in words: from the leased land, its base, its basis or the areas."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from data._frames import rows
from data.dates import printed_date
from geo.change import explain_change
from layers.numbers import exact, hectares, known, number, rate
from layers.safe_html import Html, element, join
from layers.words import BASIS_SHORT, mark

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from geo.figures import Figure
    from geo.history import Timeline
    from layers.words import Words

# Changes of less than this many percentage points aren't explained.
LEAST_TURN: Final = 1.0
MOST_CAUSES: Final = 3
LAND: Final = ("leased", "leasable")
_GREW: Final = {
    "leased": mark("leased land, which grew{values}"),
    "leasable": mark("leasable land, which grew{values}"),
}
_SHRANK: Final = {
    "leased": mark("leased land, which fell{values}"),
    "leasable": mark("leasable land, which fell{values}"),
}
_NOT_GREW: Final = {
    "leased": mark("{change}, not from leased land, which grew{values}"),
    "leasable": mark("{change}, not from leasable land, which grew{values}"),
}
_NOT_SHRANK: Final = {
    "leased": mark("{change}, not from leased land, which fell{values}"),
    "leasable": mark("{change}, not from leasable land, which fell{values}"),
}
_UNSURE: Final = {
    "leased": mark("what leased land did in between isn't known well enough to say"),
    "leasable": mark("what leasable land did in between isn't known well enough to say"),
}
_OF_ZONE: Final = {
    "leased": mark("{area}: leased land{values}"),
    "leasable": mark("{area}: leasable land{values}"),
    "entered": mark("{area}: comes into the account{values}"),
    "left": mark("{area}: leaves the account{values}"),
}


class Turn(NamedTuple):
    """A change of a fill rate from one date to another, percent."""

    first: dt.date
    last: dt.date
    before: float
    after: float
    printed_before: str
    printed_after: str
    basis_before: str
    basis_after: str


def turns_of(
    dates: list[dt.date],
    rates: list[float],
    printed: list[str],
    bases: list[str],
    *,
    least: float = LEAST_TURN,
) -> list[Turn]:
    """Find the stretches in which a rate moved by `least` points or more, oldest first.

    What follows a move and is smaller belongs to it, so that a rate rounded differently a
    month later is no move of its own.

    Examples
    --------
    >>> import datetime as dt
    >>> days = [dt.date(2024, month, 1) for month in (1, 2, 3, 4)]
    >>> found = turns_of(days, [50.0, 60.0, 60.2, 60.2], [""] * 4, [""] * 4)
    >>> [(turn.first.month, turn.last.month) for turn in found]
    [(1, 3)]
    """
    found: list[Turn] = []
    start = 0
    for at in range(1, len(dates)):
        if at <= start or abs(rates[at] - rates[start]) < least:
            continue
        end = at
        while end + 1 < len(dates) and 0 < abs(rates[end + 1] - rates[end]) < least:
            end += 1
        found.append(
            Turn(
                first=dates[at - 1],
                last=dates[end],
                before=rates[at - 1],
                after=rates[end],
                printed_before=printed[at - 1],
                printed_after=printed[end],
                basis_before=bases[at - 1],
                basis_after=bases[end],
            ),
        )
        start = end
    return found


def change_html(times: Timeline, key: str, turn: Turn, w: Words) -> Html:
    """Explain one change of an area, a zone or the province."""
    changes = explain_change(times, key, turn.first, turn.last)
    if key in times.states:
        parts: list[Any] = [area_text(times, key, turn, changes, w)]
        if turn.basis_before != turn.basis_after and turn.basis_before:
            parts.append(
                w(
                    "The basis changed too ({before}; then {after}), so part of the change is a "
                    "matter of counting and can't be told from the rest.",
                    before=w.of(BASIS_SHORT, turn.basis_before),
                    after=w.of(BASIS_SHORT, turn.basis_after),
                ),
            )
        return join(parts, " ")
    return zone_html(times, key, turn, changes, w)


def head_text(turn: Turn, w: Words) -> str:
    """Say from what to what the rate changed, and when."""
    fields = {
        "before": rate(turn.before, w.lang),
        "first": turn.printed_before,
        "after": rate(turn.after, w.lang),
        "last": turn.printed_after,
    }
    if turn.after < turn.before:
        return w("The fall from {before} ({first}) to {after} ({last})", **fields)
    return w("The rise from {before} ({first}) to {after} ({last})", **fields)


def points_text(low: float, high: float, w: Words) -> str:
    """Write an effect in percentage points, as a range where it is one.

    Examples
    --------
    >>> from layers.words import words
    >>> points_text(-14.66, -5.7, words("en"))
    '-14.7 to -5.7 points'
    """
    first, last = (
        ("+" if value > 0 else "") + number(value, w.lang, decimals=1, trim=True)
        for value in (low, high)
    )
    if first == last:
        return w("{effect} points", effect=first)
    return w("{low} to {high} points", low=first, high=last)


def area_text(
    times: Timeline,
    area_id: str,
    turn: Turn,
    changes: pd.DataFrame,
    w: Words,
) -> str:
    """Say what changed the rate of one area: leased land, leasable land, or neither for sure.

    Parameters
    ----------
    changes
        From :func:`geo.change.explain_change`.
    """
    head = head_text(turn, w)
    effects = {row.cause: row for row in rows(changes) if row.cause in LAND}
    if not effects:
        return w(
            "{change} can't be explained: leased or leasable land isn't known on one of the "
            "two dates.",
            change=head,
        )
    sign = math.copysign(1.0, turn.after - turn.before)
    drove: list[str] = []
    against: list[tuple[str, str]] = []
    unsure: list[str] = []
    for cause, row in effects.items():
        if row.effect_min_pct * row.effect_max_pct <= 0:
            unsure.append(w(_UNSURE[cause]))
            continue
        # More leased land lifts the rate, more leasable land lowers it.
        grew = (row.effect_min_pct > 0) == (cause == "leased")
        values = _values(times, area_id, turn, row, w)
        if row.effect_min_pct * sign > 0:
            drove.append(w((_GREW if grew else _SHRANK)[cause], values=values))
        else:
            against.append(((_NOT_GREW if grew else _NOT_SHRANK)[cause], values))
    if not drove:
        sentence = w("{change} can't be put down to one cause", change=head)
    else:
        causes = drove[0]
        if len(drove) > 1:
            causes = w("{first}, and from {second}", first=drove[0], second=drove[1])
        sentence = w("{change} comes from {causes}", change=head, causes=causes)
        for message, values in against:
            sentence = w(message, change=sentence, values=values)
    return "; ".join([sentence, *unsure]) + "."


def _values(times: Timeline, area_id: str, turn: Turn, row: Any, w: Words) -> str:  # noqa: ANN401
    """Land before and after with the effect; the newest known figure where it is bracketed."""
    pairs = [times.state(area_id, day).occupancy for day in (turn.first, turn.last)]
    figures = [pair.leased if row.cause == "leased" else pair.leasable for pair in pairs]
    ends = [
        _land(value, figure, w)
        for value, figure in zip((row.before, row.after), figures, strict=True)
    ]
    effect = points_text(row.effect_min_pct, row.effect_max_pct, w)
    land = f"{ends[0]} → {ends[1]} {w('ha')}; " if all(ends) else ""
    return f" ({land}{effect})"


def _land(value: float, figure: Figure | None, w: Words) -> str:
    if known(value):
        return exact(value, w.lang)
    if figure is None:
        return ""
    return f"{exact(figure.value, w.lang)} [{printed_date(figure.as_of)}]"


def zone_html(times: Timeline, key: str, turn: Turn, changes: pd.DataFrame, w: Words) -> Html:
    """Say which areas changed the rate of a zone most, and how."""
    found = [row for row in rows(changes) if row.cause in _OF_ZONE]
    head = head_text(turn, w)
    if not found:
        return join([w("{change}: no area is known to have caused it.", change=head)])
    found.sort(key=lambda row: -abs(row.effect_min_pct + row.effect_max_pct))
    areas = times.province.areas
    shares = {part.state.area_id: part.share for part in times.parts[key]}
    items = []
    for row in found[:MOST_CAUSES]:
        name = w.pick(str(areas["name_vi"][row.area_id]), str(areas["name_en"][row.area_id]))
        if (share := shares[row.area_id]) < 1.0:
            name = w("{area}, {share} of it here", area=name, share=rate(share * 100.0, w.lang))
        effect = points_text(row.effect_min_pct, row.effect_max_pct, w)
        text = w(_OF_ZONE[row.cause], area=name, values=_moved(row, w))
        items.append(element("li", f"{text}: {effect}"))
    if len(found) > MOST_CAUSES:
        rest = found[MOST_CAUSES:]
        low = sum(row.effect_min_pct for row in rest)
        high = sum(row.effect_max_pct for row in rest)
        text = w.plural("{count} more cause", "{count} more causes", len(rest))
        items.append(element("li", f"{text}: {points_text(low, high, w)}"))
    return join([w("{change} comes from:", change=head), element("ul", *items)])


def _moved(row: Any, w: Words) -> str:  # noqa: ANN401
    before, after = hectares(row.before, w.lang), hectares(row.after, w.lang)
    if row.cause == "entered":
        return f" ({w('{area} ha leasable', area=after)})"
    if row.cause == "left":
        return f" ({w('{area} ha leasable', area=before)})"
    return f" ({before} → {after} {w('ha')})" if before and after else ""
