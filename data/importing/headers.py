"""Columns of anyone's table told by their headers.

`headers.yaml` holds what people write over columns; what is agreed on becomes a mapping
(:mod:`data.importing.mappings`).
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from data.importing.dates import date_in
from data.importing.exports import headings
from data.importing.fields import KINDS, Kind, Unit, fields, fields_of, required, vocabulary
from data.importing.mappings import Column
from data.importing.numbers import UNITS
from data.units.spelling import normalise, plain
from data.vocabulary import METRICS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

SURE = 0.8  # from which a header is taken without a word
LIKELY = 0.6  # from which it is proposed at all
_SHORT = 10  # characters that a Shapefile leaves of a name
_EXACT, _PLAIN, _CUT, _NEAR = 1.0, 0.95, 0.85, 0.9
_LISTED = 3
_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")
_NUMBERING = re.compile(r"^\s*(?:[ivx]+|\d+)[.)]\s+", re.IGNORECASE)


# Names of what stands beside a figure, and cells that are no numbers although they hold some.
_BESIDE = re.compile(
    r"[a-z0-9]_(as_of|date|basis|base|how|sources?|src|qualifier|qual|nature|note)$"
)
_DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{1,2}[/.]\d{4}")
_NUMERIC = re.compile(r"^[^\w]*\d")


@dataclass(frozen=True)
class Proposal:
    """What a header may mean.

    `confidence` is from 0 to 1, 0 with an empty `column.field`; `alternatives` are other
    fields with theirs, best first.
    """

    header: str
    column: Column
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()


def unit_in(header: str) -> Unit:
    """Give the unit that a header states.

    Examples
    --------
    >>> unit_in("Diện tích đất CN (ha)"), unit_in("Diện tích m²"), unit_in("Tỷ lệ lấp đầy (%)")
    ('ha', 'm2', 'pct')
    """
    parts = [*_BRACKETS.findall(header), *re.split(r"[\s,_;/]+", _BRACKETS.sub(" ", header))[-1:]]
    for part in parts:
        for word in (part.strip().casefold(), *re.split(r"[\s,;:/]+", part.strip().casefold())):
            match UNITS.get(word):
                case "ha":
                    return "ha"
                case "m2":
                    return "m2"
                case "km2":
                    return "km2"
                case "pct":
                    return "pct"
    return "pct" if "%" in header else ""


@cache
def _abbreviations() -> dict[str, str]:
    return {
        normalise(short): normalise(long) for short, long in vocabulary()["abbreviations"].items()
    }


def _words(header: str) -> str:
    """Normalised words of a header, without numbering, brackets, dates and units."""
    text = _BRACKETS.sub(" ", _NUMBERING.sub("", header)) or header
    text = re.sub(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{1,2}/\d{4}|\b(19|20)\d{2}\b", " ", text)
    text = re.sub(r"[^\w\s=~<>]|_", " ", unicodedata.normalize("NFC", text))
    words = normalise(text).split()
    long = [_abbreviations().get(word, word) for word in words]
    while len(long) > 1 and long[-1] in UNITS and long[-1] != "m":
        long.pop()
    return " ".join(" ".join(long).split())


@cache
def _phrases() -> dict[str, tuple[tuple[str, str, str], ...]]:
    """By field: each header of the vocabulary normalised, plain, and as a file shortens it."""
    return {
        field: tuple(
            (_words(header), plain(_words(header)), header[:_SHORT] if header == field else "")
            for header in (*entry["headers"], field, *headings().get(field, ()))
        )
        for field, entry in fields().items()
    }


def score(header: str, field: str) -> float:
    """Tell how well a header fits a field, from 0 to 1.

    Examples
    --------
    >>> score("Tỷ lệ lấp đầy (%)", "fill_rate_pct"), score("TY LE LAP DAY", "fill_rate_pct")
    (1.0, 0.95)
    """
    whole, brackets = _words(header), " ".join(_BRACKETS.findall(header))
    best = _likeness(whole, header, field)
    if brackets and not unit_in(header):  # "Vốn đăng ký (tỷ đồng)", "Hướng bắc (X)"
        best = max(best, _likeness(_words(f"{whole} {brackets}"), header, field))
    return best


@cache
def _likeness(words: str, header: str, field: str) -> float:
    best = 0.0
    bare = plain(words)
    for exact, simple, short in _phrases()[field]:
        if words == exact:
            return _EXACT
        if bare == simple and words.isascii():
            best = max(best, _PLAIN)
        elif bare == simple:
            best = max(best, _NEAR)
        elif header.isascii() and len(header) == _SHORT and header.casefold() == short:
            best = max(best, _CUT)
        elif len(simple) > _LISTED:
            mine, theirs = set(bare.split()), set(simple.split())
            shared = len(mine & theirs) / len(mine | theirs)
            spelt = difflib.SequenceMatcher(None, bare, simple).ratio()
            best = max(best, _NEAR * max(shared, spelt if spelt > SURE else 0.0))
    return best


def _fits(header: str, field: str, likeness: float, cells: pd.DataFrame | None) -> bool:
    """Whether a column may be a figure; what is only like one must hold numbers."""
    if likeness >= _PLAIN:
        return True
    if field not in METRICS and field.startswith(tuple(f"{metric}_" for metric in METRICS)):
        return False  # only the application itself writes these
    if fields()[field]["type"] not in _FIGURES:
        return True
    if _BESIDE.search(header.casefold()):
        return False
    texts = [] if cells is None else [text for text in cells[header].astype(str) if text.strip()]
    dates = sum(bool(_DATE.fullmatch(text.strip())) for text in texts)
    numbers = sum(bool(_NUMERIC.search(text)) for text in texts) - dates
    return not texts or 2 * numbers >= len(texts)


def misfits(proposal: Proposal, kind: Kind, cells: pd.DataFrame) -> str:
    """Give the figure that a header is like, where its column holds something else; else ""."""
    if proposal.column.field or not proposal.header.strip():
        return ""
    likeness = {field: score(proposal.header, field) for field in fields_of(kind)}
    best = max(likeness, key=lambda field: likeness[field])
    fits = _fits(proposal.header, best, likeness[best], cells)
    return best if likeness[best] >= LIKELY and not fits else ""


def propose(
    headers: Sequence[str],
    kind: Kind,
    cells: pd.DataFrame | None = None,
) -> tuple[Proposal, ...]:
    """Propose what each column means.

    Parameters
    ----------
    headers
        As printed.
    kind
        What the rows are.
    cells
        By header: what stands below; a header that is only like a figure's is none where the
        cells aren't numbers.

    Returns
    -------
    tuple
        One proposal a header, in their order. No field is given to two columns: the better one
        has it, and the other shows it among its alternatives.

    Examples
    --------
    >>> found = propose(["TT", "Tên KCN", "Diện tích đất CN (ha)", "Tỷ lệ lấp đầy"], "parks")
    >>> [proposal.column.field for proposal in found]
    ['', 'area', 'industrial_land_ha', 'fill_rate_pct']
    """
    scores = {
        (place, field): value
        for place, header in enumerate(headers)
        for field in fields_of(kind)
        if header.strip()
        and (value := round(score(header, field), 2)) >= LIKELY
        and _fits(header, field, value, cells)
    }
    order = fields_of(kind)
    given: dict[int, str] = {}
    for place, field in sorted(scores, key=lambda one: (-scores[one], order.index(one[1]), one[0])):
        if place not in given and field not in given.values():
            given[place] = field
    found = []
    for place, header in enumerate(headers):
        field = given.get(place, "")
        others = sorted(
            (
                (other, value)
                for (at, other), value in scores.items()
                if at == place and other != field
            ),
            key=lambda one: (-one[1], order.index(one[0])),
        )
        dated = date_in(header) if field and fields()[field]["type"] in _FIGURES else ""
        unit = unit_in(header) if field and fields()[field]["type"] in _UNITED else ""
        column = Column(field=field, unit=unit, as_of=dated)
        confidence = scores[place, field] if field else 0.0
        found.append(Proposal(header, column, confidence, tuple(others[:_LISTED])))
    return tuple(found)


_FIGURES = ("area", "percent", "count", "number")
_UNITED = ("area", "percent")


def guess_kind(headers: Sequence[str], shapes: Iterable[str] = ()) -> Kind | None:
    """Tell what the rows of a table are, by its headers and kinds of geometry.

    Parameters
    ----------
    headers
        As printed.
    shapes
        Kinds of geometry in the file: "Polygon", "Point".

    Returns
    -------
    Kind or None
        None where no kind, or several ones alike, fit.

    Examples
    --------
    >>> guess_kind(["Bên thuê", "Số hợp đồng", "Diện tích (m2)"])
    'leases'
    """
    areal = bool(set(shapes) & {"Polygon", "MultiPolygon"})
    scores: dict[Kind, float] = {}
    for kind in KINDS:
        taken = {p.column.field: p.confidence for p in propose(headers, kind) if p.column.field}
        telling = [field for field in vocabulary()["kinds"][kind]["telling"] if field in taken]
        whole = all(field in taken for field in required(kind))
        corners = {"x", "y"} <= taken.keys() and bool(
            taken.keys() & {"area", "commune", "commune_code"}
        )
        if kind == "boundaries":
            # An outline and a name, and nothing that says more.
            whole = (areal or corners) and bool(taken.keys() & {"area", "commune", "commune_code"})
        if whole and (telling or kind == "boundaries"):
            scores[kind] = sum(taken.values()) + sum(taken[field] for field in telling)
    best = sorted(scores, key=lambda kind: -scores[kind])
    if not best or (len(best) > 1 and scores[best[0]] == scores[best[1]]):
        return None
    return best[0]
