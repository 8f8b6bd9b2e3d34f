"""Schemas of the fact tables: their columns, and what each cell may hold.

The schemas look at the text of the cells, so that a finding can show what stands in the file.
What a column becomes once it is read (number, year, count, flag, list, text) is written in its
metadata under ``becomes``. Rules across columns, rows and tables are in `data._consistency`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import pandera.pandas as pa

from data import dates, vocabulary
from data.units import gazetteer

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import pandas as pd

Becomes = Literal["text", "number", "year", "count", "flag", "list"]

LIST_SEPARATOR = ";"

_SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
_SLUG_IN_WORDS = "lower-case letters, digits and dashes"
_AREA_ID = rf"[a-z]{{2,4}}-(kkt|kcn|ccn|cnc)-{_SLUG}"
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
        expected += ", or an empty cell"

    def check(cell: str) -> bool:
        return accepts(cell) if cell else not required

    return pa.Column(
        checks=pa.Check(check, element_wise=True, error=expected),
        metadata={"becomes": becomes},
    )


def _text(*, required: bool = False) -> pa.Column:
    return _column(_is_clean, "a text in Unicode NFC, no spaces around it", required=required)


def _pattern(
    pattern: str,
    expected: str,
    *,
    required: bool = False,
    becomes: Becomes = "text",
) -> pa.Column:
    compiled = re.compile(pattern)
    return _column(
        lambda cell: bool(compiled.fullmatch(cell)),
        expected,
        required=required,
        becomes=becomes,
    )


def _key(
    pattern: str = _SLUG, expected: str = "lower-case letters, digits and dashes"
) -> pa.Column:
    """Column of unique ids."""
    column = _pattern(pattern, f"an id: {expected}", required=True)
    column.checks.append(pa.Check(_is_first, error="an id that no row above has"))
    return column


def _is_first(cells: pd.Series[str]) -> pd.Series[bool]:
    return ~cells.duplicated() | (cells == "")


def _reference() -> pa.Column:
    return _pattern(_SLUG, f"an id: {_SLUG_IN_WORDS}", required=True)


def _choice(values: Collection[str], *, required: bool = True) -> pa.Column:
    return _column(values.__contains__, "one of " + ", ".join(values), required=required)


def _date() -> pa.Column:
    return _column(_is_date, dates.EXPECTED)


def _number(low: float = 0.0, high: float = float("inf"), *, required: bool = False) -> pa.Column:
    bounds = f"from {low:g} to {high:g}" if high < float("inf") else f"of at least {low:g}"
    return _column(
        lambda cell: bool(_NUMBER.fullmatch(cell)) and low <= float(cell) <= high,
        f"a number {bounds}, with a decimal point and no separators",
        required=required,
        becomes="number",
    )


def _latitude(*, required: bool = False) -> pa.Column:
    return _number(*_LATITUDES, required=required)


def _longitude(*, required: bool = False) -> pa.Column:
    return _number(*_LONGITUDES, required=required)


def _list(
    accepts: Callable[[str], bool] = _is_clean,
    item: str = "texts",
    *,
    required: bool = False,
) -> pa.Column:
    def check(cell: str) -> bool:
        parts = split_list(cell)
        return len(set(parts)) == len(parts) and all(part and accepts(part) for part in parts)

    return _column(
        check,
        f"a list of different {item}, separated by '{LIST_SEPARATOR}' without spaces",
        required=required,
        becomes="list",
    )


def _references(*, required: bool = False) -> pa.Column:
    slug = re.compile(_SLUG)
    return _list(lambda part: bool(slug.fullmatch(part)), "ids", required=required)


def _choices(values: Collection[str], *, required: bool = False) -> pa.Column:
    return _list(values.__contains__, "words of " + ", ".join(values), required=required)


def _year() -> pa.Column:
    return _pattern(r"(19|20)[0-9]{2}", "a year from 1900 to 2099", becomes="year")


def _count() -> pa.Column:
    return _pattern(r"[1-9][0-9]*", "a whole number from 1", required=True, becomes="count")


def _flag() -> pa.Column:
    return _pattern("yes|no", "yes or no", required=True, becomes="flag")


def _url() -> pa.Column:
    return _pattern(r"https?://[^\s/]+\S*", "an address that starts with http:// or https://")


@cache
def _province_codes() -> frozenset[str]:
    return frozenset(gazetteer.communes_2025()["province_code"])


def _province_code() -> pa.Column:
    return _column(
        lambda cell: cell in _province_codes(),
        "the code of a province since July 2025, as 40",
        required=True,
    )


def _commune_code() -> pa.Column:
    return _pattern(r"[0-9]{5}", "the five digits of a commune before July 2025", required=True)


def _table(**columns: pa.Column) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(dict(columns), strict=True)


TABLES: dict[str, pa.DataFrameSchema] = {
    "areas": _table(
        id=_key(_AREA_ID, "province, kkt|kcn|ccn|cnc and name, as in na-kcn-nam-cam-a"),
        province_code=_province_code(),
        kind=_choice(vocabulary.KINDS),
        name_vi=_text(required=True),
        name_en=_text(required=True),
        status=_choice(vocabulary.STATUSES, required=False),
        status_as_of=_date(),
        part_of=_pattern(_AREA_ID, "the id of an area"),
        counted=_flag(),
        within=_pattern(_AREA_ID, "the id of an economic zone"),
        legacy_district=_list(),
        legacy_communes=_list(),
        communes_2025=_list(),
        developer=_text(),
        decision=_list(),
        established_year=_year(),
        wastewater=_choice(vocabulary.WASTEWATER, required=False),
        wastewater_m3_day=_number(),
        industries=_choices(vocabulary.INDUSTRY_TAGS),
        lat=_latitude(),
        lon=_longitude(),
        source_ids=_references(required=True),
        note=_text(),
    ),
    "observations": _table(
        area_id=_pattern(_AREA_ID, "the id of an area", required=True),
        as_of=_date(),
        metric=_choice(vocabulary.METRICS),
        value=_number(required=True),
        qualifier=_choice(vocabulary.QUALIFIERS),
        basis=_choice(vocabulary.BASES, required=False),
        scope=_choice(vocabulary.SCOPES),
        nature=_choice(vocabulary.NATURES),
        source_id=_reference(),
        note=_text(),
    ),
    "sources": _table(
        id=_key(),
        title=_text(required=True),
        publisher=_text(),
        url=_url(),
        date=_date(),
        date_note=_text(),
    ),
    "province_figures": _table(
        province_code=_province_code(),
        province=_text(required=True),
        as_of=_date(),
        metric=_choice(vocabulary.PROVINCE_METRICS),
        value=_number(required=True),
        scope=_choices(vocabulary.PROVINCE_SCOPES, required=True),
        source_id=_reference(),
        note=_text(),
        nature=_choice(vocabulary.NATURES),
        subset=_choice(vocabulary.SUBSETS),
    ),
    "roads": _table(
        road_id=_key(),
        road_name_vi=_text(required=True),
        road_name_en=_text(required=True),
        **{"class": _choice(vocabulary.ROAD_CLASSES)},
        province_legacy=_text(required=True),
        status=_choice(vocabulary.LINK_STATUSES),
        as_of=_date(),
        source_ids=_references(),
        note=_text(),
    ),
    "road_waypoints": _table(
        road_id=_reference(),
        seq=_count(),
        place=_text(required=True),
        legacy_district=_text(required=True),
        province_legacy=_text(required=True),
        legacy_ward_code=_commune_code(),
        lat=_latitude(required=True),
        lon=_longitude(required=True),
    ),
    "nodes": _table(
        node_id=_key(),
        name_vi=_text(required=True),
        name_en=_text(required=True),
        type=_choice(vocabulary.NODE_TYPES),
        province_legacy=_text(required=True),
        lat=_latitude(),
        lon=_longitude(),
        method=_choice(vocabulary.NODE_METHODS, required=False),
        status=_choice(vocabulary.LINK_STATUSES),
        capacity_note=_text(),
        source_ids=_references(required=True),
    ),
    "legal_rules": _table(
        id=_key(r"[A-Z0-9]+(-[A-Z0-9]+)*", "capital letters, digits and dashes"),
        subject=_text(required=True),
        rule_vi=_text(required=True),
        rule_en=_text(required=True),
        operator=_choice(vocabulary.OPERATORS, required=False),
        threshold_1=_number(),
        unit_1=_text(),
        threshold_2=_number(),
        unit_2=_text(),
        value_text=_text(),
        value_unit=_text(),
        verified=_choice(vocabulary.VERIFIED),
        applies_to=_text(required=True),
        legal_basis=_text(required=True),
        article=_text(),
        effective_from=_date(),
        issued_on=_date(),
        status_in_2026=_text(required=True),
        source_url=_url(),
    ),
    "unit_aliases": _table(
        level=_choice(("district", "commune")),
        name=_key(r"\S.*\S", "the full name of a unit"),
        province_legacy=_text(required=True),
        what_happened=_text(required=True),
        resolve_as=_text(),
        note=_text(),
    ),
    "gazetteer_bad_points": _table(
        legacy_ward_code=_key(r"[0-9]{5}", "the five digits of a commune before July 2025"),
        ward=_text(required=True),
        district=_text(required=True),
        province=_text(required=True),
        lat=_latitude(required=True),
        lon=_longitude(required=True),
        commune_2025=_text(required=True),
    ),
}

# The tables that a province may have in a folder of its own.
PROVINCE_TABLES = (
    "areas",
    "observations",
    "sources",
    "province_figures",
    "roads",
    "road_waypoints",
    "nodes",
)


def becomes(table: str) -> dict[str, Becomes]:
    """Tell what each column of a table becomes once its cells are read."""
    columns: dict[str, Any] = TABLES[table].columns
    return {name: column.metadata["becomes"] for name, column in columns.items()}
