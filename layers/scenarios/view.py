"""What a scenario changes, as tables: zone by zone, the verdicts that change first, all figures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from data._frames import rows
from layers._records import records
from layers.account import available_text, rate_text, zone_marks
from layers.numbers import known
from layers.policy.gauge import standing_html, verdict_html
from layers.safe_html import Html, element, join
from layers.scenarios.text import FIELD, change_text, value_text
from layers.scenarios.words import changed_verdicts, names_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from geo.snapshot import Snapshot
    from layers.words import Words

    Row = Mapping[str, Any]

_TOTAL: Final = ""
# Below the rate and the available land, which have bounds and are written as the map page does.
_MORE: Final = ("leased_ha", "leasable_ha", "total_area_ha", "pipeline_ha", "areas_count")
_RATES: Final = frozenset({"fill_rate_pct", "fill_rate_min_pct", "fill_rate_max_pct"})
_LANDS: Final = frozenset({"available_ha", "available_min_ha", "available_max_ha"})


def badge_html(name: str, answer: str, w: Words, *, unsaved: bool) -> Html:
    """Write the answer, marked as a scenario."""
    return element(
        "div",
        element("span", w("Scenario"), class_="scenario-badge"),
        element("b", name),
        element("span", w("not saved"), class_="scenario-unsaved") if unsaved else "",
        element("p", answer),
        element("small", w("Assumed, not facts.")),
        class_="scenario-answer",
        role="status",
    )


def _accounts(shot: Snapshot) -> dict[str, Row]:
    return {_TOTAL: dict(shot.total), **records(shot.zones)}


def _rate(row: Row, w: Words) -> str:
    return rate_text(dict(row), w).headline


def _land(row: Row, w: Words) -> str:
    text = available_text(dict(row), w)[0]
    return f"{text} ha" if any(map(str.isdigit, text)) else text


def _lines(
    accounts: Sequence[Row],
    changes: Sequence[pd.DataFrame],
    w: Words,
) -> list[tuple[str, list[str], list[str]]]:
    """Figures of a zone that change in any of some scenarios.

    Parameters
    ----------
    accounts
        The present, then each scenario.
    changes
        Rows of the zone in the difference of each scenario to the present.

    Returns
    -------
    list of tuple
        The word for the figure, its value in each account, its change in each scenario.
    """
    found = []
    for fields, field, write in (
        (_RATES, "fill_rate_pct", _rate),
        (_LANDS, "available_ha", _land),
    ):
        if any((frame["changed"] & frame["field"].isin(fields)).any() for frame in changes):
            values = [write(row, w) for row in accounts]
            moves = [_moved(one, field, w) for one in changes]
            moves = [
                w("known part {rate}", rate=move) if move and _is_range(row, field) else move
                for row, move in zip(accounts[1:], moves, strict=True)
            ]
            found.append((w.of(FIELD, field), values, moves))
    for field in _MORE:
        if any((frame["changed"] & (frame["field"] == field)).any() for frame in changes):
            ends = [next(rows(frame[frame["field"] == field])) for frame in changes]
            values = [value_text(ends[0], ends[0].before, w)]
            values += [value_text(end, end.after, w) for end in ends]
            found.append((w.of(FIELD, field), values, [_moved(one, field, w) for one in changes]))
    return found


def _is_range(row: Row, field: str) -> bool:
    """Whether a figure is written as a range, so that its change is that of the known part."""
    least = row["fill_rate_min_pct" if field == "fill_rate_pct" else "available_min_ha"]
    return known(least) and known(row[field]) and abs(row[field] - least) >= 1.0


def _moved(frame: pd.DataFrame, field: str, w: Words) -> str:
    """Write the change of a figure: of its known part where it is a range."""
    row = next(rows(frame[frame["field"] == field]))
    if not math.isnan(row.change):
        return change_text(row, w) if row.changed else ""
    if row.before is None and row.after is not None:
        return w("known now")
    if row.before is not None and row.after is None:
        return w("unknown now")
    return ""


def zones_html(
    base: Snapshot,
    others: Sequence[tuple[str, Snapshot, pd.DataFrame]],
    w: Words,
) -> Html:
    """Write what changes in each zone: before, after, change; the province first.

    Parameters
    ----------
    others
        Name, account and difference to the present of each scenario, one or two.
    """
    marks = zone_marks(base.zones)
    accounts = [_accounts(shot) for shot in (base, *(shot for _, shot, _ in others))]
    single = len(others) == 1
    heads = [w("Figure"), w("before") if single else w("present")]
    for name, _, _ in others:
        heads += [w("after") if single else name, w("change")]
    width = len(heads)
    changed, same = [], []
    for key in accounts[0]:
        parts = [
            frame[
                (frame["level"] == ("zone" if key else "total"))
                & ((frame["key"] == key) if key else True)
            ]
            for _, _, frame in others
        ]
        given = [account[key] for account in accounts]
        lines = _lines(given, parts, w)
        title = _zone_title(key, given[0], marks, w)
        if not lines:
            rate, land = _rate(given[0], w), _land(given[0], w)
            cell = element("td", f"{rate}; {land}", colspan=width - 1)
            same.append(element("tr", element("th", title, scope="row"), cell))
            continue
        head = element("th", title, colspan=width, scope="rowgroup", class_="zone")
        body = [element("tr", head)]
        for figure, values, moves in lines:
            cells = [element("td", values[0], class_="number")]
            for value, move in zip(values[1:], moves, strict=True):
                cells.append(element("td", element("b", value), class_="number"))
                cells.append(element("td", move, class_="number change"))
            body.append(element("tr", element("th", figure, scope="row"), *cells))
        changed.append(element("tbody", *body, data_zone=key or "total"))
    if same:
        text = w("Without a change: fill rate; available land")
        head = element("th", text, colspan=width, scope="rowgroup", class_="quiet")
        changed.append(element("tbody", element("tr", head), *same, class_="same"))
    return element(
        "table",
        element("caption", w("What changes in each zone")),
        element("thead", element("tr", *[element("th", head, scope="col") for head in heads])),
        *changed,
        class_="scenario-zones",
    )


def _zone_title(key: str, row: Row, marks: Mapping[str, str], w: Words) -> Html:
    if not key:
        return element("span", w("Whole province"))
    name = w.pick(row["name_vi"], row["name_en"])
    return join([element("b", marks[key], class_="mark"), element("span", name)])


def _place_of(key: str, names: Mapping[str, str]) -> str:
    """Name the area that a condition is judged on; its id is the last part of the key."""
    return names.get(key.rsplit(" ", 1)[-1], "")


def verdicts_html(
    base: Snapshot,
    others: Sequence[tuple[str, Snapshot, pd.DataFrame]],
    w: Words,
) -> Html:
    """Write the verdicts that change, targets first, then what is judged on new areas."""
    names = names_of((base, *(shot for _, shot, _ in others)), w)
    single = len(others) == 1
    heads = [w("Target or condition"), w("before") if single else w("present")]
    heads += [w("after")] if single else [name for name, _, _ in others]
    keys: dict[tuple[str, str], Any] = {}
    for _, _, frame in others:
        for row in rows(changed_verdicts(frame)):
            keys.setdefault((row.level, row.key), row)
    lines = []
    for (level, key), row in keys.items():
        cells = [_verdict(row.before, w)]
        for _, _, frame in others:
            here = frame[
                (frame["level"] == level) & (frame["key"] == key) & (frame["field"] == "verdict")
            ]
            ends = [one.after for one in rows(here)]
            # A scenario that doesn't touch the area leaves its verdict as it is.
            cells.append(_verdict(ends[0] if ends else row.before, w))
        lines.append(element("tr", _what(row, names, base, w), *cells))
    if not lines:
        text = w("No verdict of a target or of a condition of the law changes.")
        return element("p", text, class_="atlas-hint")
    head = element("thead", element("tr", *[element("th", text, scope="col") for text in heads]))
    return element("table", head, element("tbody", *lines), class_="scenario-verdicts")


def new_verdicts_html(base: Snapshot, after: Snapshot, changes: pd.DataFrame, w: Words) -> Html:
    """Write what the law in force says of areas that the scenario adds; "" where it adds none."""
    names = names_of((base, after), w)
    found = changes[
        (changes["level"] == "condition")
        & (changes["field"] == "verdict")
        & changes["before"].isna()
        & changes["after"].notna()
    ]
    lines = [
        element("tr", _what(row, names, base, w), _verdict(row.after, w))
        for row in rows(found)
        if not _is_repealed(row, base)
    ]
    if not lines:
        return Html()
    heads = [w("Condition on what is new"), w("Verdict")]
    head = element("thead", element("tr", *[element("th", text, scope="col") for text in heads]))
    return element("table", head, element("tbody", *lines), class_="scenario-verdicts")


def _is_repealed(row: Any, base: Snapshot) -> bool:  # noqa: ANN401
    """Whether the rule that a key names is no longer in force."""
    rules = base.facts.legal_rules
    rule = next((part for part in row.key.split() if part in rules.index), "")
    return bool(rule) and str(rules.loc[rule, "verified"]) == "repealed"


def _what(row: Any, names: Mapping[str, str], base: Snapshot, w: Words) -> Html:  # noqa: ANN401
    place = _place_of(row.key, names) if row.level == "condition" else ""
    repealed = standing_html("repealed", w) if _is_repealed(row, base) else ""
    text = w.pick(row.name_vi, row.name_en)
    return element(
        "th",
        element("span", text),
        " ",
        repealed,
        element("small", place) if place else "",
        scope="row",
    )


def _verdict(verdict: str | None, w: Words) -> Html:
    if not verdict:
        return element("td", "-")
    return element("td", verdict_html(verdict, w))


def all_html(changes: pd.DataFrame, names: Mapping[str, str], w: Words) -> Html:
    """Write every figure that changes, of zones, areas, targets and conditions."""
    heads = (w("Place"), w("Figure"), w("before"), w("after"), w("change"))
    lines, last = [], ""
    for row in rows(changes[changes["changed"]]):
        key = f"{row.level} {row.key}"
        name = w("Whole province") if row.level == "total" else w.pick(row.name_vi, row.name_en)
        place = _place_of(row.key, names) if row.level == "condition" else ""
        title = f"{name} ({place})" if place else name
        lines.append(
            element(
                "tr",
                element("th", title if key != last else "", scope="row"),
                element("td", w.of(FIELD, row.field)),
                element("td", value_text(row, row.before, w), class_="number"),
                element("td", value_text(row, row.after, w), class_="number"),
                element("td", change_text(row, w), class_="number change"),
            ),
        )
        last = key
    head = element("thead", element("tr", *[element("th", text, scope="col") for text in heads]))
    return element("table", head, element("tbody", *lines), class_="scenario-zones all")
