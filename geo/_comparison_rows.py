"""Cells and rows of a comparison: what one place has, and whether the places differ in it.

A difference is told only where it is sure: of intervals, and of distances within the tolerance
of the positions, where they don't overlap.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from data.dates import parse_partial

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Section = Literal["land", "business", "status", "distance", "policy", "condition", "quality"]
SECTIONS: tuple[Section, ...] = (
    "land",
    "business",
    "status",
    "distance",
    "policy",
    "condition",
    "quality",
)
Form = Literal["number", "code", "codes", "texts", "date"]
# Nothing to be known is missing where there is none.
_SETTLED = frozenset({"none", "not_stated"})
_ASKED_OF_OTHERS = "other_kind"
_CLOSE = 1e-9
_APART_DAYS = 366
_OF_FIGURES: tuple[Section, ...] = ("land", "business")


class Bilingual(NamedTuple):
    """A text of the data in both languages."""

    vi: str
    en: str


@dataclass(frozen=True)
class Cell:
    """What is known of one place in one row.

    Attributes
    ----------
    value
        A number; a key of a vocabulary; several of them; texts; or a partial date, as the form
        of the row says. None where unknown, and where only an interval is known.
    low, high
        Interval of a number; None where it has none, or no end on that side.
    as_of, oldest
        Partial date as printed, "" where undated; `oldest` where a sum rests on several dates.
    basis
        Keys of how it was counted.
    sources
        Ids of sources.
    citations
        Places in documents.
    name
        What a distance leads to.
    note
        Note of the tables, in English.
    reason
        Why there is no value, as a code: no_data | position_unknown | none_in_tables | no_areas
        (unknown); none | not_stated (there is none, the documents don't say) | other_kind (asked
        of other kinds of places alone).
    beyond
        Total area of the place where the number is more than that, so that it speaks of something
        else; and the area of the project around it where that holds the number.
    """

    value: float | str | tuple[str, ...] | tuple[Bilingual, ...] | None = None
    low: float | None = None
    high: float | None = None
    as_of: str = ""
    oldest: str = ""
    basis: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    citations: tuple[Bilingual, ...] = ()
    name: Bilingual | None = None
    qualifier: str = "="
    nature: str = ""
    how: str = ""
    note: str = ""
    reason: str = ""
    beyond: tuple[float, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there is a value, or an interval that says something."""
        return self.value not in (None, "", ()) or self.low is not None or self.high is not None


class Line(NamedTuple):
    """Plan of a row: an `always` one stays where all places lack it."""

    section: Section
    key: str
    form: Form
    unit: str = ""
    always: bool = True


@dataclass(frozen=True)
class Row:
    """One row of a comparison, with a cell a place.

    Attributes
    ----------
    differs
        Whether two places are sure to differ; None where what is unknown may decide.
    largest, smallest
        Ids of the places whose number is sure to be the largest, or the smallest, of those that
        are known; empty where it isn't sure or where they don't differ. Neither is "best". A
        number that speaks of something else (`Cell.beyond`) is none of them.
    cautions
        What makes the numbers hard to compare: bases_differ | dates_apart (over a year) |
        undated | natures_differ (a plan beside what was measured).
    """

    section: Section
    key: str
    form: Form
    unit: str
    cells: tuple[Cell, ...]
    differs: bool | None
    largest: tuple[str, ...] = ()
    smallest: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


def make_row(line: Line, ids: Sequence[str], cells: Sequence[Cell]) -> Row:
    """Make a row of its cells, in the order of the ids.

    Examples
    --------
    >>> row = make_row(Line("land", "leased_ha", "number", "ha"), "ab", [Cell(3.0), Cell(5.0)])
    >>> row.differs, row.largest, row.smallest
    (True, ('b',), ('a',))
    """
    numbers = line.form == "number"
    own = [
        replace(cell, value=None, low=None, high=None) if cell.beyond else cell for cell in cells
    ]
    differs = _numbers_differ(own) if numbers else _texts_differ(cells)
    largest, smallest = _extremes(ids, own) if numbers and differs else ((), ())
    return Row(
        section=line.section,
        key=line.key,
        form=line.form,
        unit=line.unit,
        cells=tuple(cells),
        differs=differs,
        largest=largest,
        smallest=smallest,
        cautions=tuple(_cautions(cells)) if line.section in _OF_FIGURES else (),
    )


def span(cell: Cell) -> tuple[float, float]:
    """Interval in which the number of a cell is sure to be; without ends where unknown."""
    least, most = -math.inf, math.inf
    if cell.low is not None or cell.high is not None:
        return (
            least if cell.low is None else cell.low,
            most if cell.high is None else cell.high,
        )
    if not isinstance(cell.value, float):
        return least, most
    if cell.qualifier == ">":
        return cell.value, most
    if cell.qualifier == "<":
        return least, cell.value
    return cell.value, cell.value


def _above(one: float, other: float) -> bool:
    """Whether a number is larger by more than the noise of binary fractions."""
    return one > other and not math.isclose(one, other, rel_tol=_CLOSE, abs_tol=_CLOSE)


def _exact(cell: Cell) -> bool:
    low, high = span(cell)
    return math.isfinite(low) and math.isfinite(high) and not _above(high, low)


def _numbers_differ(cells: Sequence[Cell]) -> bool | None:
    spans = [span(cell) for cell in cells]
    if _above(max(low for low, _ in spans), min(high for _, high in spans)):
        return True
    return False if all(_exact(cell) for cell in cells) else None


def _texts_differ(cells: Sequence[Cell]) -> bool | None:
    asked = [cell for cell in cells if cell.reason != _ASKED_OF_OTHERS]
    told = [cell for cell in asked if cell.known or cell.reason in _SETTLED]
    found = {
        frozenset(cell.value) if isinstance(cell.value, tuple) else cell.value or frozenset()
        for cell in told
    }
    if len(found) > 1:
        return True
    return False if len(told) == len(asked) > 1 else None


def _extremes(ids: Sequence[str], cells: Sequence[Cell]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    spans = {key: span(cell) for key, cell in zip(ids, cells, strict=True) if cell.known}
    if not spans:
        return (), ()
    top = {
        key
        for key, (low, _) in spans.items()
        if not any(_above(high, low) for other, (_, high) in spans.items() if other != key)
    }
    bottom = {
        key
        for key, (_, high) in spans.items()
        if not any(_above(high, low) for other, (low, _) in spans.items() if other != key)
    }
    if top & bottom:
        return (), ()
    return tuple(key for key in ids if key in top), tuple(key for key in ids if key in bottom)


def _cautions(cells: Iterable[Cell]) -> Iterable[str]:
    known = [cell for cell in cells if cell.known]
    if len({cell.basis for cell in known if cell.basis}) > 1:
        yield "bases_differ"
    days = [
        day
        for cell in known
        for text in (cell.as_of, cell.oldest)
        for day in [parse_partial(text)[0]]
        if day is not None
    ]
    if days and (max(days) - min(days)).days > _APART_DAYS:
        yield "dates_apart"
    # A figure of an area without date says so; counts of our own have the date of the account.
    if any(not cell.as_of and cell.sources for cell in known):
        yield "undated"
    if len({cell.nature for cell in known if cell.nature}) > 1:
        yield "natures_differ"
