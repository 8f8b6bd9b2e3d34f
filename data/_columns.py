"""Columns of the tables, by what a cell may hold; a finding says it in words."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Literal

import pandera.pandas as pa

from data import dates
from data._message import Message
from data.units import gazetteer

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import pandas as pd

Becomes = Literal["text", "number", "year", "count", "flag", "list"]

LIST_SEPARATOR = ";"

_SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
_SLUG_IN_WORDS = Message("lower-case letters, digits and dashes")
AREA_ID = rf"[a-z]{{2,4}}-(kkt|kcn|ccn|cnc)-{_SLUG}"
_TEXTS = Message("texts")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")

# All of Viet Nam with its islands; latitudes and longitudes don't overlap, so that a swap shows.
_LATITUDES = (6.0, 24.0)
_LONGITUDES = (102.0, 118.0)


def split_list(cell: str) -> tuple[str, ...]:
    """Split a list cell into its parts; an empty cell is an empty list.

    Examples
    --------
    >>> split_list("Huyện Nghi Lộc;Huyện Diễn Châu")
    ('Huyện Nghi Lộc', 'Huyện Diễn Châu')
    >>> split_list("")
    ()
    """
    return tuple(cell.split(LIST_SEPARATOR)) if cell else ()


def as_number_text(value: float) -> str:
    """Write a number as a cell has it: no digit lost, none added.

    Examples
    --------
    >>> as_number_text(262.07), as_number_text(270.0), as_number_text(1e-05)
    ('262.07', '270', '0.00001')
    """
    return format(Decimal(repr(float(value))), "f").removesuffix(".0")


def _is_clean(cell: str) -> bool:
    """Tell whether a text is composed (NFC), printable and without spaces around it."""
    return (
        cell == cell.strip()
        and unicodedata.is_normalized("NFC", cell)
        and cell.replace("\n", "").isprintable()
    )


def _is_date(cell: str) -> bool:
    try:
        dates.parse_partial(cell)
    except ValueError:
        return False
    return True


def _column(
    accepts: Callable[[str], bool],
    expected: str,
    *,
    required: bool = False,
    becomes: Becomes = "text",
) -> pa.Column:
    """Column whose filled cells are accepted by a function, in words: `expected`."""
    if not required:
        expected = Message("{expected}, or an empty cell", expected=expected)

    def check(cell: str) -> bool:
        return accepts(cell) if cell else not required

    return pa.Column(
        checks=pa.Check(check, element_wise=True, error=expected),
        metadata={"becomes": becomes},
    )


def text(*, required: bool = False) -> pa.Column:
    """Text of any words."""
    return _column(
        _is_clean, Message("a text in Unicode NFC, no spaces around it"), required=required
    )


def pattern(
    form: str,
    expected: str,
    *,
    required: bool = False,
    becomes: Becomes = "text",
) -> pa.Column:
    """Text of one pattern; in words: `expected`."""
    compiled = re.compile(form)
    return _column(
        lambda cell: bool(compiled.fullmatch(cell)),
        expected,
        required=required,
        becomes=becomes,
    )


def key(form: str = _SLUG, expected: str = _SLUG_IN_WORDS) -> pa.Column:
    """Column of unique ids."""
    column = pattern(form, Message("an id: {expected}", expected=expected), required=True)
    column.checks.append(pa.Check(_is_first, error=Message("an id that no row above has")))
    return column


def _is_first(cells: pd.Series[str]) -> pd.Series[bool]:
    return ~cells.duplicated() | (cells == "")


def reference() -> pa.Column:
    """Id of a row of another table."""
    return pattern(_SLUG, Message("an id: {expected}", expected=_SLUG_IN_WORDS), required=True)


def choice(values: Collection[str], *, required: bool = True) -> pa.Column:
    """One word of a closed vocabulary."""
    return _column(
        values.__contains__, Message("one of {names}", names=", ".join(values)), required=required
    )


def date() -> pa.Column:
    """Partial date."""
    return _column(_is_date, dates.EXPECTED)


def number(low: float = 0.0, high: float = float("inf"), *, required: bool = False) -> pa.Column:
    """Decimal number within bounds."""
    bounds = (
        Message("from {low:g} to {high:g}", low=low, high=high)
        if high < float("inf")
        else Message("of at least {low:g}", low=low)
    )
    return _column(
        lambda cell: bool(_NUMBER.fullmatch(cell)) and low <= float(cell) <= high,
        Message("a number {bounds}, with a decimal point and no separators", bounds=bounds),
        required=required,
        becomes="number",
    )


def latitude(*, required: bool = False) -> pa.Column:
    """Degrees north, WGS 84."""
    return number(*_LATITUDES, required=required)


def longitude(*, required: bool = False) -> pa.Column:
    """Degrees east, WGS 84."""
    return number(*_LONGITUDES, required=required)


def list_of(
    accepts: Callable[[str], bool] = _is_clean,
    item: str = _TEXTS,
    *,
    required: bool = False,
) -> pa.Column:
    """List of different parts."""

    def check(cell: str) -> bool:
        parts = split_list(cell)
        return len(set(parts)) == len(parts) and all(part and accepts(part) for part in parts)

    return _column(
        check,
        Message(
            "a list of different {item}, separated by '{separator}' without spaces",
            item=item,
            separator=LIST_SEPARATOR,
        ),
        required=required,
        becomes="list",
    )


def references(*, required: bool = False) -> pa.Column:
    """Ids of rows of another table."""
    slug = re.compile(_SLUG)
    return list_of(lambda part: bool(slug.fullmatch(part)), Message("ids"), required=required)


def choices(values: Collection[str], *, required: bool = False) -> pa.Column:
    """Words of a closed vocabulary."""
    return list_of(
        values.__contains__, Message("words of {names}", names=", ".join(values)), required=required
    )


def year() -> pa.Column:
    """Year."""
    return pattern(r"(19|20)[0-9]{2}", Message("a year from 1900 to 2099"), becomes="year")


def count() -> pa.Column:
    """Whole number from 1."""
    return pattern(r"[1-9][0-9]*", Message("a whole number from 1"), required=True, becomes="count")


def flag() -> pa.Column:
    """Yes or no."""
    return pattern("yes|no", Message("yes or no"), required=True, becomes="flag")


def url() -> pa.Column:
    """Web address."""
    return pattern(
        r"https?://[^\s/]+\S*", Message("an address that starts with http:// or https://")
    )


@cache
def _province_codes() -> frozenset[str]:
    return frozenset(gazetteer.communes_2025()["province_code"])


def province_code() -> pa.Column:
    """Code of a province since July 2025."""
    return _column(
        lambda cell: cell in _province_codes(),
        Message("the code of a province since July 2025, as 40"),
        required=True,
    )


def commune_code() -> pa.Column:
    """Code of a commune before July 2025."""
    return pattern(
        r"[0-9]{5}", Message("the five digits of a commune before July 2025"), required=True
    )


def table(**columns: pa.Column) -> pa.DataFrameSchema:
    """Table of these columns and no others."""
    return pa.DataFrameSchema(dict(columns), strict=True)
