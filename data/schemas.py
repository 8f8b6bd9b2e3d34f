"""Schemas of the fact tables: their columns, and what each cell may hold.

The schemas look at the text of the cells, so that a finding can show what stands in the file.
What a column becomes once it is read (number, year, count, flag, list, text) is written in its
metadata under ``becomes``. Rules across columns, rows and tables are in `data._consistency`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data import _columns, vocabulary
from data._columns import AREA_ID
from data._message import Message

if TYPE_CHECKING:
    import pandera.pandas as pa

    from data._columns import Becomes

TABLES: dict[str, pa.DataFrameSchema] = {
    "areas": _columns.table(
        id=_columns.key(
            AREA_ID, Message("province, kkt|kcn|ccn|cnc and name, as in na-kcn-nam-cam-a")
        ),
        province_code=_columns.province_code(),
        kind=_columns.choice(vocabulary.KINDS),
        name_vi=_columns.text(required=True),
        name_en=_columns.text(required=True),
        status=_columns.choice(vocabulary.STATUSES, required=False),
        status_as_of=_columns.date(),
        part_of=_columns.pattern(AREA_ID, Message("the id of an area")),
        counted=_columns.flag(),
        within=_columns.pattern(AREA_ID, Message("the id of an economic zone")),
        legacy_district=_columns.list_of(),
        legacy_communes=_columns.list_of(),
        communes_2025=_columns.list_of(),
        developer=_columns.text(),
        decision=_columns.list_of(),
        established_year=_columns.year(),
        wastewater=_columns.choice(vocabulary.WASTEWATER, required=False),
        wastewater_m3_day=_columns.number(),
        industries=_columns.choices(vocabulary.INDUSTRY_TAGS),
        lat=_columns.latitude(),
        lon=_columns.longitude(),
        source_ids=_columns.references(required=True),
        note=_columns.text(),
    ),
    "observations": _columns.table(
        area_id=_columns.pattern(AREA_ID, Message("the id of an area"), required=True),
        as_of=_columns.date(),
        metric=_columns.choice(vocabulary.METRICS),
        value=_columns.number(required=True),
        qualifier=_columns.choice(vocabulary.QUALIFIERS),
        basis=_columns.choice(vocabulary.BASES, required=False),
        scope=_columns.choice(vocabulary.SCOPES),
        nature=_columns.choice(vocabulary.NATURES),
        source_id=_columns.reference(),
        note=_columns.text(),
    ),
    "sources": _columns.table(
        id=_columns.key(),
        title=_columns.text(required=True),
        publisher=_columns.text(),
        url=_columns.url(),
        date=_columns.date(),
        date_note=_columns.text(),
    ),
    "province_figures": _columns.table(
        province_code=_columns.province_code(),
        province=_columns.text(required=True),
        as_of=_columns.date(),
        metric=_columns.choice(vocabulary.PROVINCE_METRICS),
        value=_columns.number(required=True),
        scope=_columns.choices(vocabulary.PROVINCE_SCOPES, required=True),
        source_id=_columns.reference(),
        note=_columns.text(),
        nature=_columns.choice(vocabulary.NATURES),
        subset=_columns.choice(vocabulary.SUBSETS),
    ),
    "roads": _columns.table(
        road_id=_columns.key(),
        road_name_vi=_columns.text(required=True),
        road_name_en=_columns.text(required=True),
        **{"class": _columns.choice(vocabulary.ROAD_CLASSES)},
        province_legacy=_columns.text(required=True),
        status=_columns.choice(vocabulary.LINK_STATUSES),
        as_of=_columns.date(),
        source_ids=_columns.references(),
        note=_columns.text(),
    ),
    "road_waypoints": _columns.table(
        road_id=_columns.reference(),
        seq=_columns.count(),
        place=_columns.text(required=True),
        legacy_district=_columns.text(required=True),
        province_legacy=_columns.text(required=True),
        legacy_ward_code=_columns.commune_code(),
        lat=_columns.latitude(required=True),
        lon=_columns.longitude(required=True),
    ),
    "nodes": _columns.table(
        node_id=_columns.key(),
        name_vi=_columns.text(required=True),
        name_en=_columns.text(required=True),
        type=_columns.choice(vocabulary.NODE_TYPES),
        province_legacy=_columns.text(required=True),
        lat=_columns.latitude(),
        lon=_columns.longitude(),
        method=_columns.choice(vocabulary.NODE_METHODS, required=False),
        status=_columns.choice(vocabulary.LINK_STATUSES),
        capacity_note=_columns.text(),
        source_ids=_columns.references(required=True),
    ),
    "legal_rules": _columns.table(
        id=_columns.key(r"[A-Z0-9]+(-[A-Z0-9]+)*", Message("capital letters, digits and dashes")),
        subject=_columns.text(required=True),
        rule_vi=_columns.text(required=True),
        rule_en=_columns.text(required=True),
        operator=_columns.choice(vocabulary.OPERATORS, required=False),
        threshold_1=_columns.number(),
        unit_1=_columns.text(),
        threshold_2=_columns.number(),
        unit_2=_columns.text(),
        value_text=_columns.text(),
        value_unit=_columns.text(),
        verified=_columns.choice(vocabulary.VERIFIED),
        applies_to=_columns.text(required=True),
        legal_basis=_columns.text(required=True),
        article=_columns.text(),
        effective_from=_columns.date(),
        issued_on=_columns.date(),
        status_in_2026=_columns.text(required=True),
        source_url=_columns.url(),
    ),
    "unit_aliases": _columns.table(
        level=_columns.choice(("district", "commune")),
        name=_columns.key(r"\S.*\S", Message("the full name of a unit")),
        province_legacy=_columns.text(required=True),
        what_happened=_columns.text(required=True),
        resolve_as=_columns.text(),
        note=_columns.text(),
    ),
    "gazetteer_bad_points": _columns.table(
        legacy_ward_code=_columns.key(
            r"[0-9]{5}", Message("the five digits of a commune before July 2025")
        ),
        ward=_columns.text(required=True),
        district=_columns.text(required=True),
        province=_columns.text(required=True),
        lat=_columns.latitude(required=True),
        lon=_columns.longitude(required=True),
        commune_2025=_columns.text(required=True),
    ),
}

# What only a user brings, beside rows of the tables above. Those in GEO_TABLES have a geometry.
OWN_TABLES: dict[str, pa.DataFrameSchema] = {
    "plots": _columns.table(
        plot_id=_columns.text(required=True),
        area_id=_columns.pattern(AREA_ID, Message("the id of an area"), required=True),
        use=_columns.choice(vocabulary.PLOT_USES),
        status=_columns.choice(vocabulary.PLOT_STATUSES, required=False),
        area_ha=_columns.number(),
        tenant_trade=_columns.choice(vocabulary.INDUSTRY_TAGS, required=False),
        leased_on=_columns.date(),
        as_of=_columns.date(),
        source_id=_columns.reference(),
        note=_columns.text(),
    ),
    "leases": _columns.table(
        lease_id=_columns.text(required=True),
        area_id=_columns.pattern(AREA_ID, Message("the id of an area"), required=True),
        plot_id=_columns.text(),
        tenant=_columns.text(),
        trade=_columns.choice(vocabulary.INDUSTRY_TAGS, required=False),
        area_ha=_columns.number(),
        signed_on=_columns.date(),
        ends_on=_columns.date(),
        status=_columns.choice(vocabulary.LEASE_STATUSES),
        source_id=_columns.reference(),
        note=_columns.text(),
    ),
    "outlines": _columns.table(
        area_id=_columns.pattern(AREA_ID, Message("the id of an area"), required=True),
        as_of=_columns.date(),
        source_id=_columns.reference(),
        note=_columns.text(),
    ),
    "communes": _columns.table(
        code=_columns.pattern(
            r"[0-9]{5}", Message("the five digits of a commune since July 2025"), required=True
        ),
        name=_columns.text(required=True),
        source_id=_columns.reference(),
    ),
}

GEO_TABLES = ("plots", "outlines", "communes")

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
    columns: dict[str, Any] = (TABLES | OWN_TABLES)[table].columns
    return {name: column.metadata["becomes"] for name, column in columns.items()}
