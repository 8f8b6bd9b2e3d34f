"""Words of an import: what rows are, what columns mean, units, and places in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from data.importing.fields import fields
from layers.words import METRIC, mark

if TYPE_CHECKING:
    from data.importing.findings import ImportFinding
    from layers.words import Words

ROWS: Final = {
    "parks": mark("Parks and clusters with their figures"),
    "plots": mark("Plots"),
    "leases": mark("Leases"),
    "observations": mark("Figures, one a row"),
    "boundaries": mark("Outlines of parks, or boundaries of communes"),
    "nodes": mark("Ports, stations, gates"),
    "correction": mark("One figure corrected"),
}

UNITS: Final = {
    "": mark("as the field has it"),
    "ha": mark("hectares"),
    "m2": mark("square metres"),
    "km2": mark("square kilometres"),
    "pct": mark("percent"),
    "fraction": mark("fraction of 1"),
}

FIELD: Final = METRIC | {
    "": mark("(not taken)"),
    "area_id": mark("id of the park or cluster"),
    "area": mark("park or cluster"),
    "name_en": mark("English name"),
    "area_kind": mark("kind of area"),
    "area_status": mark("status of the area"),
    "area_nature": mark("nature of the total area"),
    "status_as_of": mark("date of the status"),
    "established_year": mark("year established"),
    "developer": mark("developer"),
    "decision": mark("decision"),
    "district": mark("former district"),
    "communes": mark("communes"),
    "wastewater": mark("wastewater treatment"),
    "wastewater_m3_day": mark("wastewater capacity (m³ a day)"),
    "industries": mark("industries"),
    "within": mark("economic zone around it"),
    "part_of": mark("area that it is a part of"),
    "counted": mark("counted by itself"),
    "industrial_land_ha": mark("leasable land"),
    "figures": mark("figures in words"),
    "as_of": mark("date of the figures"),
    "basis": mark("basis"),
    "qualifier": mark("exactness of the figure"),
    "scope": mark("whole or phase"),
    "nature": mark("measured, planned or proposed"),
    "lat": mark("latitude"),
    "lon": mark("longitude"),
    "x": mark("X, north"),
    "y": mark("Y, east"),
    "crs": mark("coordinate system"),
    "geometry": mark("geometry"),
    "point": mark("number of the corner point"),
    "plot_id": mark("plot"),
    "use": mark("use of the plot"),
    "plot_status": mark("status of the plot"),
    "area_ha": mark("area"),
    "tenant": mark("tenant"),
    "tenant_trade": mark("trade of the tenant"),
    "trade": mark("trade"),
    "leased_on": mark("leased on"),
    "lease_id": mark("number of the lease"),
    "signed_on": mark("signed on"),
    "ends_on": mark("ends on"),
    "lease_status": mark("status of the lease"),
    "metric": mark("which figure"),
    "value": mark("value"),
    "value_unit": mark("unit"),
    "commune": mark("commune"),
    "commune_code": mark("code of the commune"),
    "node_id": mark("id of the place"),
    "node_name": mark("name of the place"),
    "node_type": mark("kind of place"),
    "node_status": mark("status of the place"),
    "capacity_note": mark("capacity"),
    "how": mark("how the figure came about"),
    "source": mark("source"),
    "note": mark("note"),
}
_ABOUT: Final = {
    "_as_of": mark("date of: {field}"),
    "_basis": mark("basis of: {field}"),
    "_qualifier": mark("exactness of: {field}"),
    "_how": mark("how it came about: {field}"),
    "_sources": mark("sources of: {field}"),
}


def field_word(field: str, w: Words) -> str:
    """Name a field; one that speaks of another one by that, one without a word by its header.

    Examples
    --------
    >>> from layers.words import words
    >>> field_word("leased_ha_as_of", words("en"))
    'date of: leased land'
    """
    if field in FIELD:
        return w(FIELD[field])
    for ending, text in _ABOUT.items():
        of = field.removesuffix(ending)
        if of != field and of in fields():
            return w(text, field=field_word(of, w))
    headers = fields()[field]["headers"] if field in fields() else ()
    return str(headers[0]) if headers else field


def place_text(one: ImportFinding, w: Words, *, sheets: int) -> str:
    """Say where in a file something was found."""
    row = w("row {row}", row=one.row) if one.row else w("whole sheet")
    return f"{one.sheet}, {row}" if sheets > 1 else row
