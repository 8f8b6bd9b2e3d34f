"""A comparison in words: names of its rows, and what stands in a cell, for all its forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from geo.comparison import Bilingual
from geo.conditions import CONDITIONS
from layers.numbers import exact, hectare_range, hectares, number, rate_range
from layers.policy.verdicts import STANDING, VERDICT
from layers.sources import source_date
from layers.words import (
    BASIS,
    BASIS_CODE,
    GROUP,
    HOW,
    INDUSTRY,
    KIND,
    KINDS,
    METRIC,
    NATURE,
    NODE,
    POSITION,
    STATUS,
    SUPPLY,
    UNIT,
    mark,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.comparison import Cell, Comparison, ComparisonError, Place, Row
    from layers.words import Words

SECTION: Final = {
    "land": mark("Land"),
    "business": mark("Projects, capital, workers, rent"),
    "status": mark("Status and identity"),
    "distance": mark("Straight-line distance to the nearest in use, of those in the tables"),
    "policy": mark("Policy of the zone"),
    "condition": mark("Conditions of the law"),
    "quality": mark("Data quality"),
}

_ROW: Final = {
    "zone_area_ha": mark("Area of the zone"),
    "pipeline_ha": mark("Pipeline"),
    "kind": mark("Kind"),
    "group": mark("Kind of zone"),
    "province": mark("Province"),
    "status": mark("Status"),
    "supply_reason": mark("In the account"),
    "established_year": mark("Established"),
    "developer": mark("Infrastructure investor"),
    "decision": mark("Decision"),
    "wastewater": mark("Wastewater"),
    "industries": mark("Industries there"),
    "part_of": mark("Part of"),
    "within": mark("Lies in"),
    "communes_2025": mark("Communes (2025)"),
    "legacy_district": mark("Former district"),
    "areas_count": mark("Parks and clusters present"),
    "communes_count": mark("Number of communes (2025)"),
    "expressway": mark("expressway"),
    "national_road": mark("national road"),
    "ho_chi_minh_road": mark("Hồ Chí Minh road"),
    "coastal_road": mark("coastal road"),
    "base_zones": mark("Spatial orientation zone"),
    "overlays": mark("Corridors and linked areas it lies in"),
    "named": mark("What the documents say of it by name"),
    "named_encouraged": mark("Encouraged there by name"),
    "purpose": mark("Orientation of the zone"),
    "encouraged": mark("Encouraged industries"),
    "held_back": mark("Restricted or conditional industries"),
    "encouraged_province": mark("Encouraged in the whole province"),
    "held_back_province": mark("Restricted or conditional in the whole province"),
    "siting_rules": mark("Rules on where industry may go"),
    "figures_known": mark("Main figures known, of 5"),
    "conflicts": mark("Conflicting figures"),
    "conflicting_metrics": mark("Figures with conflicts"),
    "position": mark("Position"),
    "position_tolerance_km": mark("Position sure to within"),
    "boundaries": mark("Boundaries"),
    "areas_with_figures": mark("Areas with figures"),
    "coverage_count_pct": mark("Share of areas with figures"),
    "coverage_land_pct": mark("Share of land with figures"),
    "newest_as_of": mark("Newest figure"),
    "mixed_communes": mark("Communes formed from several zones"),
}

_WASTEWATER: Final = {
    "yes": mark("has a central wastewater plant"),
    "no": mark("no central wastewater plant"),
    "under_construction": mark("central wastewater plant under construction"),
}

# What the keys in a row stand for.
_CODES: Final[dict[str, dict[str, str]]] = {
    "kind": KIND,
    "group": GROUP,
    "status": STATUS,
    "supply_reason": SUPPLY,
    "wastewater": _WASTEWATER,
    "position": POSITION,
    "conflicting_metrics": METRIC,
    "industries": INDUSTRY,
    "named_encouraged": INDUSTRY,
    "encouraged": INDUSTRY,
    "held_back": INDUSTRY,
    "encouraged_province": INDUSTRY,
    "held_back_province": INDUSTRY,
}

REASON: Final = {
    "no_data": mark("no data"),
    "position_unknown": mark("position unknown"),
    "none_in_tables": mark("none in the tables"),
    "no_areas": mark("no areas yet"),
    "none": mark("none"),
    "not_stated": mark("the documents don't say"),
    "other_kind": mark("not asked of this kind"),
}

CAUTION: Final = {
    "bases_differ": mark("counted on different bases"),
    "dates_apart": mark("dates over a year apart"),
    "undated": mark("some figures are undated"),
    "natures_differ": mark("a plan beside measured figures"),
}

DIFFERS: Final = {
    True: mark("differs"),
    False: mark("the same"),
    None: mark("can't be told"),
}

_HOW: Final = HOW | {
    "members": mark("sum of the areas in it"),
    "known_part": mark("known part; no bounds"),
    "reported_rates": mark("from reported rates"),
    "assumed_share": mark("shares assumed"),
    "indicator": STANDING["indicator"],
}

_BASIS: Final = BASIS | {"straight_line": mark("straight line")}

# By unit; "" for all others.
_LARGEST: Final = {"": mark("largest"), "km": mark("farthest"), "year": mark("latest")}
_SMALLEST: Final = {"": mark("smallest"), "km": mark("nearest"), "year": mark("earliest")}

_ERROR: Final = {
    "too_few": mark("Choose at least two places to compare."),
    "too_many": mark("At most five places can be compared at once; these are more: {places}."),
    "repeated": mark("Each place can be compared only once: {places}."),
    "unknown": mark("There is no park, cluster or zone called so: {places}."),
    "mixed": mark(
        "Parks and clusters can be compared with each other, and zones with each other, but not "
        "both at once: {places}.",
    ),
    "dates_differ": mark("All places must be of the same date: {places}."),
}

_QUALIFIER: Final = {"~": "≈ ", ">": "> ", "<": "< "}
_CLOSE: Final = 0.05


class Written(NamedTuple):
    """A cell in words: what it says, as items where it is a list, and a remark on it."""

    items: tuple[str, ...]
    remark: str = ""

    @property
    def text(self) -> str:
        """The items in one line."""
        return "; ".join(self.items)


def capital(text: str) -> str:
    """Begin a text with a capital."""
    return text[:1].upper() + text[1:]


def row_name(row: Row, kind: str, w: Words) -> str:
    """Name a row.

    Parameters
    ----------
    kind
        "area" or "zone": what is compared.
    """
    for condition in CONDITIONS:
        if condition.key == row.key:
            return w.pick(condition.vi, condition.en)
    if kind == "zone" and row.key == "total_area_ha":
        return w("Total area of existing parks and clusters")
    for vocabulary in (_ROW, METRIC, NODE, KINDS):
        if row.key in vocabulary:
            return capital(w(vocabulary[row.key]))
    return row.key


def unit_name(unit: str, w: Words) -> str:
    """Name a unit; "" for counts and years."""
    return "km" if unit == "km" else w.of(UNIT, unit if unit in UNIT else "")


def kind_name(place: Place, w: Words) -> str:
    """Name the kind of an area, or the group of a zone."""
    return w.of(KIND | GROUP if place.kind in KIND else GROUP, place.kind)


def about_text(place: Place, w: Words) -> str:
    """Say of what kind a place is and in which province."""
    return f"{kind_name(place, w)}, {pick(place.province_name, w)}"


def pick(text: Bilingual, w: Words) -> str:
    """Give the text in the language, else in the other."""
    return w.pick(text.vi, text.en)


def write(row: Row, cell: Cell, w: Words) -> Written:
    """Write what stands in a cell."""
    if not cell.known:
        return Written((w.of(REASON, cell.reason),))
    remarks = [w.of(_HOW, cell.how), w.of(NATURE, cell.nature), _beyond(cell, w)]
    if row.form == "number":
        text, remark = _number(row, cell, w)
        remarks = [remark, *remarks] if remark != remarks[0] else remarks
        items: tuple[str, ...] = (text,)
    else:
        items = _items(row, cell.value, w)
    return Written(items, ", ".join(dict.fromkeys(item for item in remarks if item)))


def _beyond(cell: Cell, w: Words) -> str:
    """Say that a number is more than the total area of its place."""
    if not cell.beyond:
        return ""
    total, *project = [f"{exact(area, w.lang)} {w('ha')}" for area in cell.beyond]
    if project:
        text = w(
            "more than the total area of {total} but within the project area of {project}: it "
            "speaks of the project and isn't compared",
            total=total,
            project=project[0],
        )
    else:
        text = w("more than the total area of {total}; not compared", total=total)
    return f"⚠ {text}"


def _items(row: Row, value: Any, w: Words) -> tuple[str, ...]:  # noqa: ANN401
    if row.form == "date":
        return (source_date(str(value)),)
    vocabulary = VERDICT if row.section == "condition" else _CODES.get(row.key, {})
    values = value if isinstance(value, tuple) else (value,)
    return tuple(
        pick(one, w) if isinstance(one, Bilingual) else w.of(vocabulary, one) for one in values
    )


def _number(row: Row, cell: Cell, w: Words) -> tuple[str, str]:
    """Write a number with its unit, and what of its interval isn't in it."""
    value, low, high = cell.value, cell.low, cell.high
    unit = unit_name(row.unit, w)
    if row.unit == "year" and isinstance(value, float):
        return f"{value:.0f}", ""
    if row.unit == "km" and isinstance(value, float):
        text = f"{number(value, w.lang, decimals=1, trim=True)} km"
        if high is None:
            return text, ""
        return text, f"±{number(high - value, w.lang, decimals=1, trim=True)} km"
    alone = isinstance(value, float)
    text = _plain(value, row, w) if isinstance(value, float) else ""
    if low is None or high is None or (alone and high - low < _CLOSE):
        return f"{_QUALIFIER.get(cell.qualifier, '')}{text} {unit}".strip(), ""
    if row.unit == "%":
        between = rate_range(low, high, w.lang)
    else:
        between = f"{hectare_range(low, high, w.lang)} {unit}"
    return between, w("known part {value}", value=f"{text} {unit}") if alone else ""


def _plain(value: float, row: Row, w: Words) -> str:
    if row.key == "zone_area_ha":
        # Measured on boundaries that are far less exact than a decimal.
        return hectares(value, w.lang)
    return exact(value, w.lang)


def dates_text(row: Row, cell: Cell, w: Words) -> str:
    """Write the date of a cell, or the oldest and newest of those it rests on."""
    if not cell.as_of:
        undated = cell.known and row.section in {"land", "business"} and cell.sources
        return w("undated") if undated else ""
    newest, oldest = source_date(cell.as_of), source_date(cell.oldest)
    return f"{oldest} - {newest}" if oldest else newest


def basis_text(cell: Cell, w: Words, *, short: bool = False) -> str:
    """Write how a figure was counted; `short` gives the decree alone."""
    vocabulary = _BASIS | BASIS_CODE if short else _BASIS
    return "; ".join(w.of(vocabulary, basis) for basis in cell.basis)


def citations_text(cell: Cell, w: Words) -> str:
    """Write the places in documents."""
    return "; ".join(pick(one, w) for one in cell.citations)


def source_text(source: Mapping[str, Any], w: Words) -> str:
    """Write publisher and date of a source."""
    parts = (source.get("publisher"), source_date(str(source.get("date") or "")) or w("undated"))
    return ", ".join(str(part) for part in parts if part)


def marks(row: Row, place: str, w: Words) -> str:
    """Say that a number is the largest or the smallest, of those known where some aren't."""
    if place in row.largest:
        sign, words = "▲", _LARGEST
    elif place in row.smallest:
        sign, words = "▼", _SMALLEST
    else:
        return ""
    word = w(words.get(row.unit, words[""]))
    if all(cell.known and not cell.beyond for cell in row.cells):
        return f"{sign} {word}"
    return f"{sign} {w('{word} of those known', word=word)}"


def differs_text(row: Row, w: Words) -> str:
    """Say whether the places differ in a row."""
    return w(DIFFERS[row.differs])


def cautions_text(row: Row, w: Words) -> str:
    """Say what makes the numbers of a row hard to compare."""
    return ", ".join(w.of(CAUTION, code) for code in row.cautions)


def error_text(error: ComparisonError, w: Words) -> str:
    """Say in words why places can't be compared."""
    return w(_ERROR[error.code], places=", ".join(error.named))


def reading_notes(comparison: Comparison, w: Words) -> list[str]:
    """Say how a comparison is to be read."""
    notes = [
        w(
            "Distances are straight lines along the ellipsoid, not road distances. ± is what the "
            "positions of both ends leave open; places count as different only beyond it.",
        ),
        w("Largest, smallest, nearest and farthest say nothing of better or worse."),
        w("Grey with hatching: unknown, which is never 0."),
    ]
    if comparison.kind == "zone":
        notes.insert(1, w("Distances of a zone run from its outline; 0 km is inside it."))
    return notes


def boundary_notes(comparison: Comparison, w: Words) -> list[str]:
    """Say for each province which boundaries are in use, and how accurate they are."""
    names = {place.province: pick(place.province_name, w) for place in comparison.places}
    return [
        f"{names[province]}: {source[f'name_{w.lang}']}. {source[f'accuracy_{w.lang}']} "
        f"{source['attribution']}"
        for province, source in sorted(comparison.boundaries.items())
    ]
