"""An administrative unit of either system: what became of it, its zones, the areas in it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely

from data.units import successors
from data.units._lookup import entries
from data.units.locate import divisions_of, predecessors_of, successors_of
from geo.membership import named_communes
from layers._records import records, status_of
from layers.numbers import hectares, rate
from layers.safe_html import Html, element, join
from layers.sources import note_html
from layers.words import GROUP, KIND, STATUS, mark

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from data.resolutions import Resolution
    from data.units.locate import Link, Unit
    from geo.snapshot import Snapshot
    from layers.words import Words

_SIMPLIFY_DEG: Final = 0.001  # for drawing only
_LEVEL: Final = {
    ("province", "legacy"): mark("province until June 2025"),
    ("district", "legacy"): mark("district until June 2025"),
    ("commune", "legacy"): mark("commune until June 2025"),
    ("province", "2025"): mark("province since July 2025"),
    ("commune", "2025"): mark("commune since July 2025"),
}


class Lying(NamedTuple):
    """An area that names communes of a unit; `sure` where all that it names lie in it."""

    key: str
    sure: bool


def unit_key(unit: Unit) -> str:
    """Name a unit in a link: system, level and code, or its path where it has no code."""
    return f"{unit.system}-{unit.level}-{unit.code or unit.path}"


@cache
def _by_key() -> dict[str, Unit]:
    return {unit_key(entry.unit): entry.unit for entry in entries()}


def unit_of(key: str, province_code: str) -> Unit | None:
    """Give the unit that a link names; None where the province has no such unit."""
    unit = _by_key().get(key)
    return unit if unit is not None and unit.province_code == province_code else None


def communes_of(unit: Unit, communes: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Give the 2025 communes that a unit is, or went to, as codes.

    Parameters
    ----------
    communes
        Of the province in view, indexed by code; only these are given.
    """
    if unit.level == "province":
        if unit.system == "2025":
            return tuple(str(code) for code in communes.index)
        keys = [entry.unit.keys for entry in entries() if _is_old_commune(entry.unit, unit)]
        found = {code for group in keys for key in group for code in successors(key)}
    elif unit.system == "2025":
        found = {unit.code}
    else:
        found = {link.unit.code for link in successors_of(unit)}
    return tuple(str(code) for code in communes.index if code in found)


def _is_old_commune(unit: Unit, province: Unit) -> bool:
    return (unit.system, unit.level) == ("legacy", "commune") and unit.province == province.name


def outline_of(codes: Sequence[str], communes: gpd.GeoDataFrame) -> BaseGeometry | None:
    """Give the joint outline of communes for drawing, EPSG:4326; None where there is none."""
    if not codes:
        return None
    whole = shapely.union_all(np.asarray(communes.geometry[list(codes)]))
    return shapely.simplify(whole, _SIMPLIFY_DEG)


def outline_of_key(
    key: str,
    snapshot: Snapshot,
    communes: gpd.GeoDataFrame,
) -> BaseGeometry | None:
    """Give the outline of the unit that a link names; None where there is no such unit."""
    unit = unit_of(key, snapshot.resolution.code)
    return None if unit is None else outline_of(communes_of(unit, communes), communes)


def areas_in(
    codes: Collection[str],
    areas: gpd.GeoDataFrame,
    communes: gpd.GeoDataFrame,
    resolution: Resolution,
) -> list[Lying]:
    """Find the areas in some 2025 communes: by published point, else by the units they name.

    Parameters
    ----------
    codes
        2025 communes.
    areas
        `Snapshot.areas`.
    communes
        Outlines by code, EPSG:4326.
    """
    inside = set(codes)
    here = shapely.union_all(np.asarray(communes.geometry[list(codes)])) if codes else None
    found = []
    for (key, area), place in zip(records(areas).items(), areas.geometry, strict=True):
        if area["position"] in ("surveyed", "point"):
            if here is not None and here.intersects(place):
                found.append(Lying(key, sure=True))
            continue
        _, named = named_communes(
            legacy_communes=area["legacy_communes"],
            communes_2025=area["communes_2025"],
            legacy_district=area["legacy_district"],
            province=resolution,
        )
        touched = {code for group in named for code in group}
        if touched & inside:
            found.append(Lying(key, sure=touched <= inside))
    return found


def unit_card(
    snapshot: Snapshot,
    unit: Unit,
    communes: gpd.GeoDataFrame,
    w: Words,
) -> Html:
    """Write the card of a unit."""
    codes = communes_of(unit, communes)
    above = unit.path.removeprefix(unit.name).lstrip(", ")
    head = element(
        "div",
        element("h3", unit.name),
        element("span", w(_LEVEL[unit.level, unit.system]), class_="badge kind"),
        element("span", above, class_="badge quiet") if above else "",
        class_="head",
    )
    left = join(
        [
            _fate(unit, w),
            note_html(unit.note, w) if unit.note else "",
            element("h4", w("Zones")),
            _zones(snapshot, codes, w),
        ],
    )
    lying = areas_in(codes, snapshot.areas, communes, snapshot.resolution)
    right = join([element("h4", w("Areas in it")), _areas(snapshot, lying, w)])
    return element(
        "div",
        head,
        element("div", element("div", left), element("div", right), class_="columns even"),
        class_="atlas-card",
    )


def _fate(unit: Unit, w: Words) -> Html:
    """Say what an old unit became, or what a new one was formed from."""
    old = unit.system == "legacy"
    links = successors_of(unit) if old else predecessors_of(unit)
    heading = element("h4", w("What it became in July 2025") if old else w("Formed in 2025 from"))
    if not links:
        return join([heading, element("p", w("What became of it isn't known."))])
    names = element(
        "p", join([_linked(link, unit, w) for link in links], Html("; ")), class_="fate"
    )
    divided = [
        element(
            "li",
            w(
                "{name} was divided: most of it went to {main}, parts to {others}.",
                name=division.unit.name,
                main=division.among[0].unit.name,
                others=", ".join(link.unit.name for link in division.among[1:]),
            ),
        )
        for division in divisions_of(unit)
    ]
    return join([heading, names, element("ul", *divided) if divided else ""])


def _linked(link: Link, unit: Unit, w: Words) -> Html:
    name = link.unit.name
    if unit.system == "2025" and link.unit.district:
        name += f" ({link.unit.district})"
    part = element("small", f" ({w('a part')})") if link.divided else ""
    return join([element("b" if link.main else "span", name), part])


def _zones(snapshot: Snapshot, codes: Sequence[str], w: Words) -> Html:
    lines = []
    for zone in records(snapshot.zones).values():
        count = len(set(zone["communes"]) & set(codes))
        if not count:
            continue
        name = w.pick(zone["name_vi"], zone["name_en"])
        share = w("{count} of its {all} communes", count=count, all=len(codes))
        if zone["group"] == "economic_zone":
            share = w("the zone has land there") if len(codes) == 1 else share
        elif count == len(codes):
            share = ""
        lines.append(
            element(
                "li",
                element("b", name),
                element(
                    "small", f" ({', '.join(x for x in (w(GROUP[zone['group']]), share) if x)})"
                ),
            ),
        )
    return element("ul", *lines) if lines else element("p", w("It lies in none."))


def _areas(snapshot: Snapshot, lying: Iterable[Lying], w: Words) -> Html:
    areas = records(snapshot.areas)
    rows = []
    for key, sure in lying:
        area = areas[key]
        remark = "" if sure else w("only partly, or only its former district is known")
        rows.append(
            element(
                "tr",
                element(
                    "th",
                    w.pick(area["name_vi"], area["name_en"]),
                    element("small", f" ({remark})") if remark else "",
                    scope="row",
                ),
                element("td", w.of(KIND, area["kind"])),
                element("td", w.of(STATUS, status_of(area))),
                element("td", hectares(area["total_area_ha"], w.lang) or "-", class_="number"),
                element("td", rate(area["fill_rate_pct"], w.lang) or w("no data"), class_="number"),
            ),
        )
    if not rows:
        return element("p", w("The tables hold no park or cluster here."))
    heads = [w("Name"), w("Kind"), w("Status"), w("Total (ha)"), w("Fill rate")]
    return element(
        "table",
        element("thead", element("tr", *[element("th", head, scope="col") for head in heads])),
        element("tbody", *rows),
        class_="areas",
    )
